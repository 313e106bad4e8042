"""What can be wrong with one return: a list of checks, each a function whose name is the sentence that should hold.

A check yields findings and changes nothing. Adding it to :data:`CHECKS` is the whole registration.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workbook_tools.calculation import calculate, sum_parts
from workbook_tools.catalogue import Catalogue, Role, Rule, list_columns_of
from workbook_tools.cells import FigureName, full_address
from workbook_tools.evaluation import evaluate
from workbook_tools.figure_cube import FigureCube, empty_cube, fill_cube, fill_values
from workbook_tools.findings import Finding, Severity
from workbook_tools.formulas import Expression, Figure, ListColumn, figures_of
from workbook_tools.observations import ReadCell, Return
from workbook_tools.precision import agrees, agrees_as_sum, exact
from workbook_tools.readings import Status
from workbook_tools.rules import FAILED, FILLED_MEASURES, division_parts, implied_rules, places_of, status_of
from workbook_tools.values import format_number

RELATIVE_NOISE = 1e-9
"""Cached results of other programs may differ from ours in the last binary digits."""


@dataclass(frozen=True)
class Subject:
    """One return with its calculated figures: what a check looks at."""

    catalogue: Catalogue
    returned: Return
    cube: FigureCube

    @cached_property
    def cells(self) -> dict[FigureName, ReadCell]:
        """Cells by the name of their figure."""
        return {cell.name: cell for cell in self.returned.cells}

    def cell(self, figure: Figure) -> ReadCell | None:
        """The cell of an indicator's figure, if the return has it."""
        return self.cells.get(FigureName(figure.indicator, figure.measure))

    def number(self, figure: Figure) -> float | None:
        """The figure's value as calculated."""
        value = float(self.cube.number[0, self.cube.index[figure]])
        return None if np.isnan(value) else value

    @cached_property
    def as_spreadsheet(self) -> FigureCube:
        """The figures as a spreadsheet shows them: a number typed over a formula takes its place everywhere."""
        values = {
            name: cell.observation.raw if cell.is_text or cell.observation.value is None else cell.observation.value
            for name, cell in self.cells.items()
            if cell.is_filled and name.measure != "note"
        }
        cube = empty_cube(self.catalogue, self.cube.units)
        fill_values(cube, self.catalogue, 0, values)
        calculate(self.catalogue, cube)
        return cube

    def addresses(self, expression: Expression) -> tuple[str, ...]:
        """Cells of the figures an expression names, the filled ones."""
        figures = (self.cell(figure) for figure in dict.fromkeys(figures_of(expression)))
        lists = {(column.list, column.column) for column in list_columns_of(expression)}
        items = (cell for name, cell in self.cells.items() if (name.indicator, name.measure) in lists)
        found = [cell for cell in (*figures, *items) if cell is not None and (cell.is_filled or not cell.name.item)]
        return tuple(full_address(cell.observation.sheet, cell.observation.cell) for cell in found)

    def finding(self, code: str, cell: ReadCell | None, **facts: object) -> Finding:
        """A finding about a cell of this return."""
        observation = cell.observation if cell is not None else None
        return Finding(
            code,
            file=self.returned.file,
            sheet=observation.sheet if observation else "",
            cell=observation.cell if observation else "",
            indicator=observation.indicator if observation else "",
            measure=observation.measure if observation else "",
            **facts,  # type: ignore[arg-type]
        )


Check = Callable[[Subject], Iterator[Finding]]


def check_subject(subject: Subject) -> list[Finding]:
    """Findings of all checks about one return, the findings of its reading not repeated."""
    return [finding for check in CHECKS for finding in check(subject)]


def subject_of(catalogue: Catalogue, returned: Return) -> Subject:
    """The return with its formulas calculated."""
    cube = empty_cube(catalogue, [returned.unit])
    fill_cube(cube, catalogue, [returned])
    calculate(catalogue, cube)
    return Subject(catalogue, returned, cube)


def required_figures_are_filled(subject: Subject) -> Iterator[Finding]:
    """An indicator the template calls required has a figure for this period."""
    for indicator in subject.catalogue.indicators.values():
        cell = subject.cells.get(FigureName(indicator.code, "actual"))
        if indicator.required and cell is not None and cell.observation.status == Status.MISSING:
            if subject.number(Figure(indicator.code, "actual")) is None:
                yield subject.finding("rule.required_missing", cell, details={"label": indicator.label})


def figures_are_in_range(subject: Subject) -> Iterator[Finding]:
    """A typed figure lies within the plausible range of its row or list column."""
    for name, cell in subject.cells.items():
        value = cell.observation.value
        if value is None or name.measure in ("plan_ratio", "change", "growth", "note"):
            continue
        if name.item:
            column = subject.catalogue.lists[name.indicator].column(name.measure)
            label, minimum, maximum = column.heading.split("\n")[0], column.minimum, column.maximum
        else:
            indicator = subject.catalogue.indicators[name.indicator]
            label, minimum, maximum = indicator.label, indicator.minimum, indicator.maximum
        if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
            details = {
                "label": label,
                "value": format_number(value),
                "minimum": "…" if minimum is None else format_number(minimum),
                "maximum": "…" if maximum is None else format_number(maximum),
            }
            yield subject.finding("rule.out_of_range", cell, value=value, details=details)


def numbers_typed_over_formulas_agree(subject: Subject) -> Iterator[Finding]:
    """A number typed over a formula is what the formula gives, at the precision printed."""
    for figure, expression in subject.catalogue.formulas.items():
        cell = subject.cell(figure)
        if cell is None or cell.role is not Role.FORMULA or cell.observation.value is None:
            continue
        typed, indicator = cell.observation.value, subject.catalogue.indicators[figure.indicator]
        details = {
            "label": indicator.label,
            "measure": subject.catalogue.headings.get(figure.measure, figure.measure),
            "value": format_number(typed),
        }
        if subject.cube.stands[0, subject.cube.index[figure]]:
            yield subject.finding("rule.typed_stands", cell, value=typed, details=details)
            continue
        computed = subject.number(figure)
        if computed is None or _agrees(subject, figure, expression, cell, typed, computed):
            continue
        shown = max(cell.decimals, min(indicator.decimals, 2))
        yield subject.finding(
            "rule.formula_typed_over",
            cell,
            cells=subject.addresses(expression),
            value=typed,
            expected=computed,
            details={**details, "expected": format_number(computed, max(shown, 1) if computed % 1 else 0)},
        )


def _agrees(
    subject: Subject, figure: Figure, expression: Expression, cell: ReadCell, typed: float, computed: float
) -> bool:
    parts = [part for one in figures_of(expression) if (part := subject.cell(one)) is not None]
    if any(part.observation.qualifier for part in parts):
        return True
    match cell.observation.qualifier:
        case ">" | "≥":
            return computed >= typed
        case "<" | "≤":
            return computed <= typed
        case "~":
            return abs(computed - typed) <= 0.1 * abs(typed)
    if agrees(typed, computed, cell.decimals):
        return True
    summed = sum_parts(expression)
    if summed is None:
        return False
    decimals = max([cell.decimals] + [part.decimals for part in parts])
    return agrees_as_sum(typed, computed, decimals, len(summed))


def formulas_show_their_result(subject: Subject) -> Iterator[Finding]:
    """A formula cell shows what its formula gives: neither altered nor left without recalculation."""
    for figure in subject.catalogue.formulas:
        cell = subject.cell(figure)
        if cell is None or cell.is_filled or cell.role is not Role.FORMULA:
            continue
        shown, computed = _shown_number(cell), subject.number(figure)
        if shown is None or (computed is not None and _close(shown, computed)):
            continue
        other = float(subject.as_spreadsheet.number[0, subject.as_spreadsheet.index[figure]])
        if _close(shown, other):
            continue
        label = subject.catalogue.indicators[figure.indicator].label
        expected = "…" if np.isnan(other) else format_number(other)
        details = {"label": label, "value": format_number(shown), "expected": expected}
        yield subject.finding("rule.formula_changed", cell, value=shown, expected=computed, details=details)


def _shown_number(cell: ReadCell) -> float | None:
    try:
        return float(cell.observation.raw)
    except ValueError:
        return None


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= RELATIVE_NOISE * max(1.0, abs(one), abs(other))


def parts_fit_their_whole(subject: Subject) -> Iterator[Finding]:
    """No part exceeds its whole, and the parts of a division add up to it, under every measure."""
    for measure in FILLED_MEASURES:
        for rule in implied_rules(subject.catalogue, (measure,)):
            if _fails(subject, rule):
                yield _part_finding(subject, rule, measure)


def _part_finding(subject: Subject, rule: Rule, measure: str) -> Finding:
    catalogue = subject.catalogue
    kind, code = rule.code.split(".", 1)
    if kind == "part":
        part = catalogue.indicators[code]
        whole = catalogue.indicators[part.whole]
        facts = {"part": part.label, "whole": whole.label}
        value, expected = subject.number(Figure(code, measure)), subject.number(Figure(whole.code, measure))
        finding_code, cell = "rule.part_exceeds_whole", subject.cell(Figure(code, measure))
    else:
        whole = catalogue.indicators[code]
        parts = [figure for figure in dict.fromkeys(figures_of(rule.expression)) if figure.indicator != code]
        numbers = [subject.number(figure) or 0.0 for figure in parts]
        facts = {"whole": whole.label, "parts": " + ".join(format_number(number) for number in numbers)}
        value, expected = subject.number(Figure(code, measure)), sum(numbers)
        finding_code, cell = "rule.parts_differ", subject.cell(Figure(code, measure))
    shown = {
        "value": "…" if value is None else format_number(value),
        "expected": "…" if expected is None else format_number(round(expected, 9)),
    }
    return subject.finding(
        finding_code,
        cell,
        cells=subject.addresses(rule.expression),
        value=value,
        expected=expected,
        rule=rule.code,
        details={**facts, **shown},
    )


def given_parts_explain_their_whole(subject: Subject) -> Iterator[Finding]:
    """Where only some parts of a typed total are given, they do not exceed it, nor fall short without a word."""
    for code in subject.catalogue.divisions:
        whole = subject.catalogue.indicators[code]
        for measure in FILLED_MEASURES:
            cell = subject.cell(Figure(code, measure))
            parts = division_parts(subject.catalogue, code, measure)
            given = [part for part in parts if subject.number(part) is not None]
            if cell is None or cell.observation.value is None or not 2 <= len(given) < len(parts):
                continue
            numbers = [subject.number(part) or 0.0 for part in given]
            decimals = [one.decimals for part in given if (one := subject.cell(part)) is not None]
            printed, total = cell.observation.value, float(sum(map(exact, numbers)))
            if agrees_as_sum(printed, total, max([cell.decimals, *decimals]), len(given)):
                continue
            exceeded = total > printed and (whole.minimum or 0) >= 0
            yield subject.finding(
                "rule.parts_differ" if exceeded else "rule.parts_incomplete",
                cell,
                cells=tuple(
                    full_address(one.observation.sheet, one.observation.cell)
                    for part in given
                    if (one := subject.cell(part)) is not None
                ),
                value=printed,
                expected=total,
                rule=f"division.{code}",
                details={
                    "whole": whole.label,
                    "value": format_number(printed),
                    "expected": format_number(total),
                    "parts": " + ".join(format_number(number) for number in numbers),
                    "difference": format_number(float(exact(printed) - exact(total))),
                },
            )


def _fails(subject: Subject, rule: Rule) -> bool:
    places = places_of(rule)
    if not any(isinstance(one, ListColumn) or subject.cube.filled[0, subject.cube.index[one]] for one in places):
        return False
    return bool(evaluate(status_of(rule), subject.cube).text[0] == FAILED)


def rules_of_the_template_hold(subject: Subject) -> Iterator[Finding]:
    """Every rule written in the template is TRUE for the figures that are there."""
    for rule in subject.catalogue.rules:
        if "đơn vị" in rule.scope and _fails(subject, rule):
            first = next((one for one in places_of(rule) if isinstance(one, Figure) and subject.cell(one)), None)
            yield subject.finding(
                "rule.failed",
                subject.cell(first) if first else None,
                cells=subject.addresses(rule.expression),
                rule=rule.code,
                level=Severity(rule.severity),
                details={"message": rule.message, "advice": rule.advice},
            )


CHECKS: list[Check] = [
    required_figures_are_filled,
    figures_are_in_range,
    numbers_typed_over_formulas_agree,
    formulas_show_their_result,
    parts_fit_their_whole,
    given_parts_explain_their_whole,
    rules_of_the_template_hold,
]
