"""What stands out in a consolidation: the changes against last year, and the divisions whose parts are known.

Facts only; the sheets that show them write live formulas over the same figures.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from workbook_tools.consolidated import Consolidation, assessment, ratio_to_prior, share_of_whole
from workbook_tools.figure_cube import CellFigure
from workbook_tools.formulas import Expression, Figure
from workbook_tools.indicators import Indicator, Kind
from workbook_tools.live_cells import is_live

SMALL_COUNT = 20
"""A count that stays below is no news when it doubles."""

FEWEST_PARTS = 2


class Change(NamedTuple):
    """An indicator and this year's figure in percent of last year's."""

    indicator: Indicator
    ratio: float


class Division(NamedTuple):
    """A whole, and those of its parts that have a share, in the order of the template."""

    whole: Indicator
    parts: tuple[Indicator, ...]


def headline_indicators(result: Consolidation) -> list[Indicator]:
    """The headline indicators that are numbers, in the order of the template."""
    return [one for one in result.catalogue.indicators.values() if one.headline and one.kind.is_numeric]


def headline_verdicts(result: Consolidation) -> dict[str, str]:
    """The assessment of each headline indicator that has one, by code."""
    verdicts = {}
    for one in headline_indicators(result):
        expression = assessment(result, one)
        if expression is not None and is_live(result, expression) and (verdict := result.evaluate(expression)):
            verdicts[one.code] = str(verdict)
    return verdicts


def largest_changes(result: Consolidation, count: int) -> list[Change]:
    """The indicators that changed most against last year, in proportion; headline ones first among equals."""
    found = [change for indicator in result.catalogue.indicators.values() if (change := _change(result, indicator))]
    return sorted(found, key=lambda one: (-abs(math.log(one.ratio)), not one.indicator.headline))[:count]


def _change(result: Consolidation, indicator: Indicator) -> Change | None:
    if not indicator.kind.is_numeric or indicator.kind is Kind.PERCENT:
        return None
    ratio = number_of(result, ratio_to_prior(indicator))
    if ratio is None or ratio <= 0 or math.isclose(ratio, 100):
        return None
    figures = [result.value(Figure(indicator.code, measure)) for measure in ("prior", "actual")]
    largest = max(float(value) for value in figures if isinstance(value, int | float))
    small = indicator.kind is Kind.COUNT and largest < SMALL_COUNT
    return None if small else Change(indicator, ratio)


def shown_divisions(result: Consolidation) -> Iterator[Division]:
    """The divided headline indicators, and the first division of each field without one, where shares are known."""
    catalogue = result.catalogue
    known = [division for whole in catalogue.divisions if (division := _division(result, catalogue.indicators[whole]))]
    headline_fields = {catalogue.field_of[one.whole.code].code for one in known if one.whole.headline}
    drawn: set[str] = set()
    for division in sorted(known, key=lambda one: not one.whole.headline):
        field = catalogue.field_of[division.whole.code].code
        if division.whole.headline or (field not in headline_fields and field not in drawn):
            drawn.add(field)
            yield division


def _division(result: Consolidation, whole: Indicator) -> Division | None:
    parts = []
    for part in result.catalogue.divisions[whole.code]:
        share = number_of(result, share_of_whole(part))
        if share:
            parts.append(part)
    return Division(whole, tuple(parts)) if len(parts) >= FEWEST_PARTS else None


def number_of(result: Consolidation, expression: Expression | None) -> float | None:
    """The number of an expression that may be shown: its parts are open and come from the same units."""
    if expression is None or not is_live(result, expression):
        return None
    return as_number(result.evaluate(expression))


def as_number(value: CellFigure) -> float | None:
    """A figure that is a number, else None."""
    return float(value) if isinstance(value, int | float) else None
