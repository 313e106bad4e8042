"""Whether a template is sound: every row says what it needs, every reference resolves, nothing runs in a circle.

Each check takes the template and yields findings at the template's own cells; its name is what should be true.
Adding it to :data:`CHECKS` is the whole registration.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

import numpy as np

from workbook_tools.catalogue import (
    Aggregation,
    Indicator,
    IndicatorBlock,
    Kind,
    ListBlock,
    ListField,
    Role,
    Rule,
    list_columns_of,
)
from workbook_tools.cells import MEASURES, Position, full_address
from workbook_tools.evaluation import Items, Vector, evaluate, vector
from workbook_tools.findings import Finding
from workbook_tools.formulas import (
    Call,
    Expression,
    Figure,
    ListColumn,
    Operation,
    Truth,
    figures_of,
    references,
)
from workbook_tools.periods import PeriodKind
from workbook_tools.template_reading import CODE_COLUMN, Template
from workbook_tools.text import matching_key
from workbook_tools.unit_conversion import Fit, conversion
from workbook_tools.unit_names import HAMLET, LEVELS

DIRECTIONS = ("", "cao", "thấp")
FLOWS = ("kỳ", "thời điểm")
SCOPES = ("đơn vị", "tổng")
TYPED_MEASURES = ("prior", "plan", "actual", "next_plan")
SETTINGS = (
    "title", "form", "period_kind",
    *(f"heading.{measure}" for measure in TYPED_MEASURES),
    *(f"synonyms.{column}" for column in ("number", "label", "unit", *MEASURES, "note")),
)  # fmt: skip
"""Settings that forms and their reading need."""

BLANK = "(trống)"
MAXIMUM_SHEET_NAME = 31
"""Excel's own limit."""

_TESTS = ("=", "<>", "<", "<=", ">", ">=")
Node = TypeVar("Node", bound=Hashable)


def check_template(template: Template) -> list[Finding]:
    """What was not understood when reading the template, then what every check finds."""
    return [*template.findings, *(finding for check in CHECKS for finding in check(template))]


def _at(
    template: Template, code: str, row: Indicator, fact: str = "", cells: Iterable[str] = (), **details: object
) -> Finding:
    """A finding at the cell of a fact of a row, or at its code."""
    return Finding(
        code,
        file=template.file,
        sheet=row.sheet,
        cell=template.cell_of(row, fact),
        cells=tuple(cells),
        indicator=row.code,
        details={"label": row.label, "code": row.code, **details},
    )


def _at_column(template: Template, code: str, block: ListBlock, column: ListField, **details: object) -> Finding:
    """A finding at the first item of a list column."""
    return Finding(
        code,
        file=template.file,
        sheet=block.sheet,
        cell=Position(block.first, column.column).name,
        indicator=block.code,
        measure=column.code,
        details={"label": f"{block.title}, {column.heading}", "code": f"{block.code}.{column.code}", **details},
    )


def _at_rule(template: Template, code: str, rule: Rule, **details: object) -> Finding:
    """A finding at the formula of a rule."""
    facts = {"code": rule.code, **details}
    return Finding(code, template.file, template.sheets.get("#rules", ""), rule.address, rule=rule.code, details=facts)


def _at_settings(template: Template, code: str, **details: object) -> Finding:
    """A finding about the settings."""
    return Finding(code, template.file, template.sheets.get("#settings", ""), details=details)


def _rows(template: Template) -> Iterator[Indicator]:
    """All rows, those with the same code too."""
    return (row for field in template.catalogue.fields for row in field.indicators)


def _list_columns(template: Template) -> Iterator[tuple[ListBlock, ListField]]:
    """Columns of all lists."""
    blocks = (block for field in template.catalogue.fields for block in field.lists)
    return ((block, column) for block in blocks for column in block.columns)


# --- codes, sheets, blocks ---------------------------------------------------------------------------------


def codes_are_used_once(template: Template) -> Iterator[Finding]:
    """Every field, row, list and rule has a code of its own."""
    first: dict[tuple[str, str], str] = {}
    for family, code, sheet, cell in _coded(template):
        place = full_address(sheet, cell)
        if first.setdefault((family, code), place) != place:
            details = {"code": code, "first": first[family, code]}
            yield Finding("template.code_twice", template.file, sheet, cell, indicator=code, details=details)


def _coded(template: Template) -> Iterator[tuple[str, str, str, str]]:
    for field in template.catalogue.fields:
        yield "field", field.code, field.sheet, "A1"
        for row in field.indicators:
            yield "row", row.code, row.sheet, Position(row.row, CODE_COLUMN).name
        for block in field.lists:
            yield "row", block.code, block.sheet, Position(block.first, CODE_COLUMN).name
    for rule in template.catalogue.rules:
        yield "rule", rule.code, template.sheets.get("#rules", ""), rule.address


def sheet_names_fit(template: Template) -> Iterator[Finding]:
    """No sheet has a name that Excel would refuse or cut."""
    for name in template.sheets.values():
        if len(name) > MAXIMUM_SHEET_NAME:
            details = {"name": name, "length": len(name), "limit": MAXIMUM_SHEET_NAME}
            yield Finding("template.sheet_name_too_long", template.file, name, "A1", details=details)


def blocks_have_headings(template: Template) -> Iterator[Finding]:
    """Every block of indicators has a label, a unit and all measures, each under a heading."""
    for field in template.catalogue.fields:
        for block in field.blocks:
            if not isinstance(block, IndicatorBlock) or not block.indicators:
                continue
            row = block.indicators[0]
            headings = {column.code: column.heading for column in block.columns}
            for column in ("label", "unit", *MEASURES):
                if not headings.get(column):
                    code = "template.heading_missing" if column in headings else "template.block_column_missing"
                    yield _at(template, code, row, column, block=block.title, column=column)


def labels_are_told_apart(template: Template) -> Iterator[Finding]:
    """No two rows of a field have the same label and unit: a row that lost its code is found by its label."""
    for field in template.catalogue.fields:
        first: dict[tuple[str, str], Indicator] = {}
        for row in field.indicators:
            other = first.setdefault((matching_key(row.label), matching_key(row.unit)), row)
            if other is not row:
                yield _at(template, "template.label_twice", row, "label", other=other.code, number=other.row)


# --- facts of a row ----------------------------------------------------------------------------------------


def numeric_rows_have_a_unit(template: Template) -> Iterator[Finding]:
    """Every row of numbers says what they count."""
    for row in _rows(template):
        if row.kind.is_numeric and not row.unit:
            yield _at(template, "template.unit_missing", row, "unit")


def words_are_known(template: Template) -> Iterator[Finding]:
    """Levels, directions and stock or flow are among the words that mean something here."""
    for row in _rows(template):
        unknown = [level for level in row.levels if level not in LEVELS]
        if unknown or not row.levels:
            value = _list(unknown) or BLANK
            yield _at(template, "template.unknown_level", row, "levels", value=value, known=_list(LEVELS))
        if row.direction not in DIRECTIONS:
            known = _list(DIRECTIONS[1:])
            yield _at(template, "template.unknown_direction", row, "direction", value=row.direction, known=known)
        if row.flow not in FLOWS:
            yield _at(template, "template.unknown_flow", row, "flow", value=row.flow or BLANK, known=_list(FLOWS))


def headlines_have_a_direction(template: Template) -> Iterator[Finding]:
    """A headline target says whether more or less is better; it cannot be assessed otherwise."""
    for row in _rows(template):
        if row.headline and not row.direction:
            yield _at(template, "template.direction_missing", row, "direction")


def ranges_are_ranges(template: Template) -> Iterator[Finding]:
    """No minimum is above its maximum."""
    for row in _rows(template):
        if facts := _crossed(row):
            yield _at(template, "template.range_reversed", row, "minimum", **facts)
    for block, column in _list_columns(template):
        if facts := _crossed(column):
            yield _at_column(template, "template.range_reversed", block, column, **facts)


def _crossed(one: Indicator | ListField) -> dict[str, str]:
    if one.minimum is None or one.maximum is None or one.minimum <= one.maximum:
        return {}
    return {"minimum": f"{one.minimum:g}", "maximum": f"{one.maximum:g}"}


def choices_are_given(template: Template) -> Iterator[Finding]:
    """Every row and list column of kind choice has something to choose from."""
    for row in _rows(template):
        if row.kind is Kind.CHOICE and not row.choices:
            yield _at(template, "template.choices_missing", row, "choices")
    for block, column in _list_columns(template):
        if column.kind is Kind.CHOICE and not column.choices:
            yield _at_column(template, "template.choices_missing", block, column)


def aggregations_fit_their_kind(template: Template) -> Iterator[Finding]:
    """Percentages are not summed, words are not averaged, numbers are not joined."""
    for row in _rows(template):
        if code := _misfit(row):
            yield _at(template, code, row, "aggregation", aggregation=str(row.aggregation), kind=str(row.kind))
    for block, column in _list_columns(template):
        if code := _misfit(column):
            facts = {"aggregation": str(column.aggregation), "kind": str(column.kind)}
            yield _at_column(template, code, block, column, **facts)


def _misfit(one: Indicator | ListField) -> str:
    if one.aggregation is Aggregation.SUM and (one.kind is Kind.PERCENT or one.unit.startswith(("%", "‰"))):
        return "template.percent_summed"
    words = (Aggregation.JOIN,) if one.kind.is_numeric else _NUMERIC_AGGREGATIONS
    return "template.aggregation_misfit" if one.aggregation in words else ""


_NUMERIC_AGGREGATIONS = (Aggregation.SUM, Aggregation.WEIGHTED_MEAN, Aggregation.MAXIMUM, Aggregation.MINIMUM)


# --- rows that name other rows -----------------------------------------------------------------------------


def weights_resolve(template: Template) -> Iterator[Finding]:
    """The weight of a mean is another row, with numbers, filled wherever the mean is."""
    for row in _rows(template):
        if row.aggregation is not Aggregation.WEIGHTED_MEAN:
            continue
        weight = template.catalogue.indicators.get(row.weight)
        if weight is None or not weight.kind.is_numeric or weight.code == row.code:
            yield _at(template, "template.weight_unknown", row, "aggregation", weight=row.weight)
            continue
        if absent := [level for level in row.levels if level not in weight.levels]:
            facts = {"weight": row.weight, "levels": _list(absent)}
            yield _at(template, "template.weight_not_filled", row, "aggregation", **facts)


def wholes_resolve(template: Template) -> Iterator[Finding]:
    """The whole of a part is a row whose figures can be compared with it as they stand."""
    for row in _rows(template):
        if row.relation is None:
            continue
        whole = template.catalogue.indicators.get(row.whole)
        if whole is None:
            yield _at(template, "template.whole_unknown", row, "relation", whole=row.whole)
        elif (fit := conversion(row.unit, whole.unit)) and fit.fit in (Fit.CONVERTED, Fit.MISMATCH):
            facts = {"unit": row.unit, "whole": whole.label, "whole_unit": whole.unit}
            yield _at(template, "template.part_unit_differs", row, "relation", **facts)


def wholes_have_no_circle(template: Template) -> Iterator[Finding]:
    """No row is a part of itself, however far round."""
    rows = template.catalogue.indicators
    for circle in _circles({row.code: [row.whole] for row in rows.values() if row.relation and row.whole in rows}):
        cells = [full_address(rows[code].sheet, template.cell_of(rows[code], "relation")) for code in circle]
        yield _at(template, "template.whole_circle", rows[circle[0]], "relation", cells, circle=_arrows(circle))


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
        yield _at(template, "template.formula_circle", row, first.measure, cells, circle=_arrows(map(_name, circle)))


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


def formulas_find_their_parts(template: Template) -> Iterator[Finding]:
    """A level that fills a row also has the rows its formulas name; they are closed, or short of a part, otherwise."""
    for row in _rows(template):
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
            yield _at(template, "template.parts_not_filled", row, "levels", places, level=level, parts=missing)


def _missing_parts(template: Template, expression: Expression, level: str) -> str:
    rows = template.catalogue.indicators
    codes = [figure.indicator for figure in figures_of(expression) if level not in rows[figure.indicator].levels]
    if level == HAMLET:
        codes += [column.list for column in list_columns_of(expression)]
    return _list(dict.fromkeys(codes))


def formulas_use_open_cells(template: Template) -> Iterator[Finding]:
    """No formula names a cell that nobody may fill."""
    rows = template.catalogue.indicators
    for row in _rows(template):
        for measure, rule in row.cells.items():
            closed = [
                _name(one)
                for one in (references(rule.expression) if rule.expression is not None else ())
                if isinstance(one, Figure) and rows[one.indicator].rule(one.measure).role is Role.CLOSED
            ]
            if closed:
                yield _at(template, "template.part_closed", row, measure, parts=_list(dict.fromkeys(closed)))


def formulas_bear_zeros(template: Template) -> Iterator[Finding]:
    """No formula shows an Excel error where all figures are 0."""
    for row in _rows(template):
        for measure, rule in row.cells.items():
            if rule.expression is not None and evaluate(rule.expression, _Zeros()).error[0]:
                yield _at(template, "template.error_on_zero", row, measure)


class _Zeros:
    """One unit whose every figure is 0 and whose lists have one row of zeros."""

    size = 1

    def figure(self, name: Figure) -> Vector:
        return vector(np.zeros(1))

    def items(self, name: ListColumn) -> Items:
        return Items(np.zeros(1, dtype=np.intp), np.zeros(1), np.full(1, None, dtype=object))


# --- rules and settings ------------------------------------------------------------------------------------


def rules_can_be_told(template: Template) -> Iterator[Finding]:
    """Every rule is a question about figures, says where it applies, what is wrong and what to do."""
    for rule in template.catalogue.rules:
        unknown = [scope for scope in map(str.strip, rule.scope.split(";")) if scope not in SCOPES]
        if unknown:
            value = _list(unknown).strip(", ") or BLANK
            yield _at_rule(template, "template.unknown_scope", rule, value=value, known=_list(SCOPES))
        if not rule.message or not rule.advice:
            yield _at_rule(template, "template.rule_without_words", rule)
        if not any(references(rule.expression)):
            yield _at_rule(template, "template.rule_without_figures", rule)
        elif not _is_question(rule.expression):
            yield _at_rule(template, "template.rule_not_a_question", rule)
        elif evaluate(rule.expression, _Zeros()).error[0]:
            yield _at_rule(template, "template.rule_error_on_zero", rule)


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


def settings_are_complete(template: Template) -> Iterator[Finding]:
    """Every setting that forms and their reading need is there, with a value that is known."""
    settings = template.catalogue.settings
    for key in SETTINGS:
        if not settings.get(key):
            yield _at_settings(template, "template.setting_missing", key=key)
    for key, known in (("period_kind", tuple(PeriodKind)), ("level", LEVELS)):
        value = settings.get(key, "")
        if value and value not in known:
            yield _at_settings(template, "template.setting_unknown", key=key, value=value, known=_list(known))


def synonyms_mean_one_column(template: Template) -> Iterator[Finding]:
    """No heading is listed as a synonym of two columns."""
    first: dict[str, str] = {}
    for key, text in template.catalogue.settings.items():
        for name in text.split(";") if key.startswith("synonyms.") else ():
            other = first.setdefault(matching_key(name), key)
            if matching_key(name) and other != key:
                yield _at_settings(template, "template.synonym_twice", name=name.strip(), key=key, other=other)


def _name(figure: Figure) -> str:
    return f"{figure.indicator}@{figure.measure}"


def _arrows(names: Iterable[str]) -> str:
    first, *others = names
    return " → ".join([first, *others, first])


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)


CHECKS: tuple[Callable[[Template], Iterator[Finding]], ...] = (
    codes_are_used_once,
    sheet_names_fit,
    blocks_have_headings,
    labels_are_told_apart,
    numeric_rows_have_a_unit,
    words_are_known,
    headlines_have_a_direction,
    ranges_are_ranges,
    choices_are_given,
    aggregations_fit_their_kind,
    weights_resolve,
    wholes_resolve,
    wholes_have_no_circle,
    formulas_have_no_circle,
    formulas_find_their_parts,
    formulas_use_open_cells,
    formulas_bear_zeros,
    rules_can_be_told,
    settings_are_complete,
    synonyms_mean_one_column,
)
"""All checks, in the order in which their findings are told."""
