"""What can be wrong with one return: a list of checks, each a function whose name is the sentence that should hold.

A check yields findings and changes nothing. Adding it to :data:`CHECKS` is the whole registration.
"""

import math
from collections.abc import Callable, Iterator

from workbook_tools.agreement import is_result
from workbook_tools.calculation import sum_parts
from workbook_tools.cells import FigureName
from workbook_tools.evaluation import evaluate
from workbook_tools.findings import Finding, Severity
from workbook_tools.formulas import Expression, Figure, ListColumn, figures_of
from workbook_tools.growth_checks import notes_state_the_growth_of_their_row, target_growths_agree
from workbook_tools.indicators import Role, Rule
from workbook_tools.part_checks import (
    divisions_add_up,
    exclusive_parts_do_not_exceed_together,
    parts_do_not_exceed_their_whole,
)
from workbook_tools.plausibility import (
    large_changes_are_explained,
    money_has_no_fraction_of_its_smallest_unit,
    sizes_fit_their_row,
)
from workbook_tools.ratio_checks import (
    changes_agree_with_growths,
    decreases_are_possible,
    shares_of_one_whole_come_to_hundred,
    typed_rates_fit_whole_numbers,
)
from workbook_tools.read_cells import ReadCell
from workbook_tools.readings import Status
from workbook_tools.repair_sentences import cells_that_would_repair
from workbook_tools.rules import FAILED, FILLED_MEASURES, places_of, status_of
from workbook_tools.subject import Subject
from workbook_tools.values import format_number
from workbook_tools.wording import Words

RELATIVE_NOISE = 1e-9
"""Cached results of other programs may differ from ours in the last binary digits."""

ZERO_FOR_NOTHING = ".xls"
"""LibreOffice saves the empty result of a formula as 0 in workbooks of this kind."""

Check = Callable[[Subject], Iterator[Finding]]


def check_subject(subject: Subject) -> list[Finding]:
    """Findings of all checks about one return, the findings of its reading not repeated."""
    return [finding for check in CHECKS for finding in check(subject)]


def required_figures_are_filled(subject: Subject) -> Iterator[Finding]:
    """An indicator the template calls required has a figure for this period."""
    for indicator in (one for one in subject.catalogue.indicators.values() if one.required):
        cell = subject.cells.get(FigureName(indicator.code, "actual"))
        blank = cell is not None and cell.observation.status == Status.MISSING
        if blank and subject.amount(Figure(indicator.code, "actual")) is None:
            yield subject.finding("rule.required_missing", cell, details={"label": indicator.label})


def figures_are_in_range(subject: Subject) -> Iterator[Finding]:
    """A figure, typed or computed, lies within the plausible range of its row or list column."""
    for name, cell in subject.cells.items():
        if name.item:
            column = subject.catalogue.lists[name.indicator].column(name.measure)
            label, minimum, maximum = column.heading.split("\n")[0], column.minimum, column.maximum
            value = cell.observation.value
        elif name.measure in FILLED_MEASURES:
            indicator = subject.catalogue.indicators[name.indicator]
            label, minimum, maximum = indicator.label, indicator.minimum, indicator.maximum
            value = subject.number(Figure(name.indicator, name.measure))
        else:
            continue
        if value is None:
            continue
        if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
            heading = "" if name.item else subject.catalogue.headings.get(name.measure, name.measure)
            details = {
                "label": label,
                "column": Words(f", cột {heading},", f", {heading},") if heading else "",
                "value": format_number(value) if name.item else subject.shown(Figure(name.indicator, name.measure)),
                "usual": _usual(minimum, maximum),
            }
            yield subject.finding("rule.out_of_range", cell, value=value, details=details)


def _usual(minimum: float | None, maximum: float | None) -> Words:
    """A plausible range in words; one of its ends may be open."""
    low, high = (None if end is None else format_number(end) for end in (minimum, maximum))
    if high is None:
        return Words(f"từ {low} trở lên", f"from {low}")
    return (
        Words(f"không quá {high}", f"up to {high}")
        if low is None
        else Words(f"từ {low} đến {high}", f"from {low} to {high}")
    )


def what_is_typed_over_formulas_agrees(subject: Subject) -> Iterator[Finding]:
    """A number, or nil, typed over a formula is what the formula gives, at the precision printed."""
    for figure, expression in subject.catalogue.formulas.items():
        cell = subject.cell(figure)
        if cell is None or cell.role is not Role.FORMULA or not cell.is_filled or cell.observation.text:
            continue
        indicator = subject.catalogue.indicators[figure.indicator]
        typed, computed = cell.observation.value, subject.number(figure)
        shown: float | str = "-" if typed is None else typed
        details = {
            "label": indicator.label,
            "measure": subject.catalogue.headings.get(figure.measure, figure.measure),
            "value": "-" if typed is None else format_number(typed),
        }
        if subject.cube.stands[0, subject.cube.index[figure]]:
            yield subject.finding("rule.typed_stands", cell, value=shown, details=details)
            continue
        if computed is None:
            computed = subject.amount(figure)
        if computed is None or _agrees(subject, figure, expression, cell, typed or 0.0, computed):
            continue
        digits = max(cell.decimals, min(indicator.decimals, 2))
        yield subject.finding(
            "rule.formula_typed_over",
            cell,
            cells=subject.addresses(expression),
            value=shown,
            expected=computed,
            details={**details, "expected": format_number(computed, max(digits, 1) if computed % 1 else 0)},
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
    decimals = max([cell.decimals, *(part.decimals for part in parts)])
    indicator, summed = subject.catalogue.indicators[figure.indicator], sum_parts(expression) or ()
    return is_result(indicator, typed, computed, cell.decimals, len(summed), decimals)


def formulas_show_their_result(subject: Subject) -> Iterator[Finding]:
    """A formula cell shows what its formula gives: neither altered nor left without recalculation."""
    for figure in subject.catalogue.formulas:
        cell = subject.cell(figure)
        if cell is None or cell.is_filled or cell.role is not Role.FORMULA:
            continue
        shown, computed = shown_number(cell), subject.number(figure)
        if shown is None or (computed is not None and is_close(shown, computed)):
            continue
        if computed is None and shown == 0 and subject.returned.file.casefold().endswith(ZERO_FOR_NOTHING):
            continue
        other = float(subject.as_spreadsheet.number[0, subject.as_spreadsheet.index[figure]])
        if is_close(shown, other):
            continue
        label = subject.catalogue.indicators[figure.indicator].label
        expected = "…" if computed is None else format_number(computed)
        details = {"label": label, "value": format_number(shown), "expected": expected}
        yield subject.finding("rule.formula_changed", cell, value=shown, expected=computed, details=details)


def shown_number(cell: ReadCell) -> float | None:
    """The number that a formula cell shows in the file, None for a text or none."""
    number = number_of(cell.observation.raw)
    return None if math.isnan(number) else number


def number_of(raw: str) -> float:
    """The number that a formula cell shows by what stands in it; NaN for a text or none."""
    try:
        number = float(raw)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def is_close(one: float, other: float) -> bool:
    """Whether two results are the same but for binary noise."""
    return abs(one - other) <= RELATIVE_NOISE * max(1.0, abs(one), abs(other))


def _fails(subject: Subject, rule: Rule) -> bool:
    places = places_of(rule)
    if not any(isinstance(one, ListColumn) or subject.cube.filled[0, subject.cube.index[one]] for one in places):
        return False
    if subject.mixes_units(figures_of(rule.expression)):
        return False
    return bool(evaluate(status_of(rule), subject.cube).text[0] == FAILED)


def rules_of_the_template_hold(subject: Subject) -> Iterator[Finding]:
    """Every rule written in the template is TRUE for the figures that are there."""
    for rule in subject.catalogue.rules:
        if "đơn vị" in rule.scope and _fails(subject, rule):
            yield subject.finding(
                "rule.failed",
                _first_cell(subject, rule),
                cells=subject.addresses(rule.expression),
                rule=rule.code,
                level=Severity(rule.severity),
                details={"message": rule.message, "advice": rule.advice},
            )


def _first_cell(subject: Subject, rule: Rule) -> ReadCell | None:
    """The first cell a rule speaks of; of one about lists alone, the first that is filled there."""
    places = list(places_of(rule))
    figures = (subject.cell(one) for one in places if isinstance(one, Figure))
    columns = {(one.list, one.column) for one in places if isinstance(one, ListColumn)}
    items = (cell for name, cell in subject.cells.items() if (name.indicator, name.measure) in columns)
    return next(filter(None, figures), None) or next((cell for cell in items if cell.is_filled), None)


CHECKS: list[Check] = [
    required_figures_are_filled,
    figures_are_in_range,
    money_has_no_fraction_of_its_smallest_unit,
    what_is_typed_over_formulas_agrees,
    formulas_show_their_result,
    parts_do_not_exceed_their_whole,
    exclusive_parts_do_not_exceed_together,
    divisions_add_up,
    decreases_are_possible,
    typed_rates_fit_whole_numbers,
    changes_agree_with_growths,
    notes_state_the_growth_of_their_row,
    target_growths_agree,
    shares_of_one_whole_come_to_hundred,
    sizes_fit_their_row,
    large_changes_are_explained,
    rules_of_the_template_hold,
    cells_that_would_repair,
]
