"""Checks of what rows of a template say of other rows: weights, wholes, formulas and rules.

Each takes the template and yields findings at the template's own cells; its name is what should be true.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

import numpy as np

from workbook_tools.cells import full_address
from workbook_tools.evaluation import evaluate
from workbook_tools.findings import Finding
from workbook_tools.formulas import (
    Call,
    Expression,
    Figure,
    ListColumn,
    Operation,
    Truth,
    figures_of,
    list_columns_of,
    references,
)
from workbook_tools.indicators import Aggregation, Role
from workbook_tools.template_findings import BLANK, at_row, at_rule, listed, rows_of
from workbook_tools.template_reading import Template
from workbook_tools.unit_conversion import Fit, conversion
from workbook_tools.unit_names import HAMLET
from workbook_tools.vectors import Items, Vector, vector

SCOPES = ("đơn vị", "tổng")

_TESTS = ("=", "<>", "<", "<=", ">", ">=")
Node = TypeVar("Node", bound=Hashable)


def weights_resolve(template: Template) -> Iterator[Finding]:
    """The weight of a mean is another row, with numbers, filled wherever the mean is."""
    for row in rows_of(template):
        if row.aggregation is not Aggregation.WEIGHTED_MEAN:
            continue
        weight = template.catalogue.indicators.get(row.weight)
        if weight is None or not weight.kind.is_numeric or weight.code == row.code:
            yield at_row(template, "template.weight_unknown", row, "aggregation", weight=row.weight)
            continue
        if absent := [level for level in row.levels if level not in weight.levels]:
            facts = {"weight": row.weight, "levels": listed(absent)}
            yield at_row(template, "template.weight_not_filled", row, "aggregation", **facts)


def wholes_resolve(template: Template) -> Iterator[Finding]:
    """The whole of a part is a row whose figures can be compared with it as they stand."""
    for row in rows_of(template):
        if row.relation is None:
            continue
        whole = template.catalogue.indicators.get(row.whole)
        if whole is None:
            yield at_row(template, "template.whole_unknown", row, "relation", whole=row.whole)
        elif (fit := conversion(row.unit, whole.unit)) and fit.fit in (Fit.CONVERTED, Fit.MISMATCH):
            facts = {"unit": row.unit, "whole": whole.label, "whole_unit": whole.unit}
            yield at_row(template, "template.part_unit_differs", row, "relation", **facts)


def wholes_have_no_circle(template: Template) -> Iterator[Finding]:
    """No row is a part of itself, however far round."""
    rows = template.catalogue.indicators
    for circle in _circles({row.code: [row.whole] for row in rows.values() if row.relation and row.whole in rows}):
        cells = [full_address(rows[code].sheet, template.cell_of(rows[code], "relation")) for code in circle]
        yield at_row(template, "template.whole_circle", rows[circle[0]], "relation", cells, circle=_arrows(circle))


def formulas_have_no_circle(template: Template) -> Iterator[Finding]:
    """No figure is computed from itself, however far round."""
    rows = template.catalogue.indicators
    needs = {
        Figure(row.code, measure): list(figures_of(rule.expression))
        for row in rows.values()
        for measure, rule in row.cells.items()
        if rule.expression is not None
    }
    for circle in _circles(needs):
        first = circle[0]
        row = rows[first.indicator]
        cells = [
            full_address(rows[one.indicator].sheet, rows[one.indicator].rule(one.measure).address) for one in circle
        ]
        yield at_row(template, "template.formula_circle", row, first.measure, cells, circle=_arrows(map(_name, circle)))


def _circles(needs: Mapping[Node, Iterable[Node]]) -> Iterator[list[Node]]:
    """Circles that share no node, each once, beginning with the node that comes first."""
    left = {node: list(needed) for node, needed in needs.items()}
    order = {node: number for number, node in enumerate(left)}
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            circle: list[Node] = error.args[1][:0:-1]
            start = circle.index(min(circle, key=order.__getitem__))
            yield circle[start:] + circle[:start]
            for node in circle:
                del left[node]
        else:
            return


def _arrows(names: Iterable[str]) -> str:
    first, *others = names
    return " → ".join([first, *others, first])


def _name(figure: Figure) -> str:
    return f"{figure.indicator}@{figure.measure}"


def formulas_find_their_parts(template: Template) -> Iterator[Finding]:
    """A level that fills a row also has the rows its formulas name; they are closed, or short of a part, otherwise."""
    for row in rows_of(template):
        absent: dict[str, str] = {}
        cells: dict[str, list[str]] = defaultdict(list)
        for rule in row.cells.values():
            if rule.expression is not None:
                for level in row.levels:
                    if missing := _missing_parts(template, rule.expression, level):
                        absent.setdefault(level, missing)
                        cells[level].append(rule.address)
        for level, missing in absent.items():
            places = [full_address(row.sheet, cell) for cell in cells[level]]
            yield at_row(template, "template.parts_not_filled", row, "levels", places, level=level, parts=missing)


def _missing_parts(template: Template, expression: Expression, level: str) -> str:
    rows = template.catalogue.indicators
    codes = [figure.indicator for figure in figures_of(expression) if level not in rows[figure.indicator].levels]
    if level == HAMLET:
        codes += [column.list for column in list_columns_of(expression)]
    return listed(dict.fromkeys(codes))


def formulas_use_open_cells(template: Template) -> Iterator[Finding]:
    """No formula names a cell that nobody may fill."""
    rows = template.catalogue.indicators
    for row in rows_of(template):
        for measure, rule in row.cells.items():
            closed = [
                _name(one)
                for one in (references(rule.expression) if rule.expression is not None else ())
                if isinstance(one, Figure) and rows[one.indicator].rule(one.measure).role is Role.CLOSED
            ]
            if closed:
                yield at_row(template, "template.part_closed", row, measure, parts=listed(dict.fromkeys(closed)))


def formulas_bear_zeros(template: Template) -> Iterator[Finding]:
    """No formula shows an Excel error where all figures are 0."""
    for row in rows_of(template):
        for measure, rule in row.cells.items():
            if rule.expression is not None and evaluate(rule.expression, _Zeros()).error[0]:
                yield at_row(template, "template.error_on_zero", row, measure)


def rules_can_be_told(template: Template) -> Iterator[Finding]:
    """Every rule is a question about figures, says where it applies, what is wrong and what to do."""
    for rule in template.catalogue.rules:
        unknown = [scope for scope in map(str.strip, rule.scope.split(";")) if scope not in SCOPES]
        if unknown:
            value = listed(unknown).strip(", ") or BLANK
            yield at_rule(template, "template.unknown_scope", rule, value=value, known=listed(SCOPES))
        if not rule.message or not rule.advice:
            yield at_rule(template, "template.rule_without_words", rule)
        if not any(references(rule.expression)):
            yield at_rule(template, "template.rule_without_figures", rule)
        elif not _is_question(rule.expression):
            yield at_rule(template, "template.rule_not_a_question", rule)
        elif evaluate(rule.expression, _Zeros()).error[0]:
            yield at_rule(template, "template.rule_error_on_zero", rule)


def _is_question(expression: Expression) -> bool:
    match expression:
        case Truth():
            return True
        case Operation(operator):
            return operator in _TESTS
        case Call("AND" | "OR" | "NOT"):
            return True
        case Call("IF", (_, *answers)) | Call("IFERROR", answers):
            return all(map(_is_question, answers))
    return False


class _Zeros:
    """One unit whose every figure is 0 and whose lists have one row of zeros."""

    size = 1

    def figure(self, name: Figure) -> Vector:
        return vector(np.zeros(1))

    def items(self, name: ListColumn) -> Items:
        return Items(np.zeros(1, dtype=np.intp), np.zeros(1), np.full(1, None, dtype=object))
