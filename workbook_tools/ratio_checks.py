"""Checks of ratios that were typed without all of their parts: what they say must still be possible.

A ratio whose parts are all there is compared with them by :mod:`workbook_tools.checks`. Where a part is blank, the
parts must at least be able to exist: a whole number of persons, a decrease of no more than everything, shares of one
whole that come to 100.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from workbook_tools.findings import Finding
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Indicator, Kind
from workbook_tools.precision import agrees, agrees_as_sum, exact
from workbook_tools.ratios import Ratio, ratio_of
from workbook_tools.read_cells import ReadCell
from workbook_tools.rules import FILLED_MEASURES
from workbook_tools.subject import Subject
from workbook_tools.values import format_number

HUNDRED = 100.0
MOST_WHOLE_NUMBERS_TRIED = 5
"""Whole numbers next to where a part must lie; a rate printed with any precision is met by one of them or by none."""


@dataclass(frozen=True)
class _TypedRatio:
    """A ratio typed over its formula, with what it divides."""

    figure: Figure
    cell: ReadCell
    ratio: Ratio

    @property
    def printed(self) -> float:
        """The ratio as typed."""
        return self.cell.observation.value or 0.0


def _typed_ratios(subject: Subject) -> Iterator[_TypedRatio]:
    """Ratios typed as exact numbers; one that is only said to be about so much says nothing of its parts."""
    for figure, expression in subject.catalogue.formulas.items():
        cell = subject.cell(figure)
        if cell is None or not cell.is_filled or cell.observation.value is None or cell.observation.qualifier:
            continue
        ratio = ratio_of(expression)
        if ratio is not None:
            yield _TypedRatio(figure, cell, ratio)


def decreases_are_possible(subject: Subject) -> Iterator[Finding]:
    """What cannot be negative falls by 100 % at most."""
    indicators = subject.catalogue.indicators
    for one in _typed_ratios(subject):
        whole = indicators[one.ratio.numerator.indicator]
        if one.ratio.offset and one.printed < -one.ratio.factor and (whole.minimum or 0) >= 0:
            details = {"label": indicators[one.figure.indicator].label, "value": format_number(one.printed)}
            yield subject.finding("rule.decrease_impossible", one.cell, value=one.printed, details=details)


def typed_rates_fit_whole_numbers(subject: Subject) -> Iterator[Finding]:
    """A rate of things that are counted fits some whole number of them: 20,9 % fewer than last year than which?"""
    indicators = subject.catalogue.indicators
    for one in _typed_ratios(subject):
        parts = one.ratio.numerator, one.ratio.denominator
        known, blank = (subject.number(part) for part in parts), [subject.amount(part) is None for part in parts]
        numerator, denominator = known
        if sum(blank) != 1 or any(indicators[part.indicator].kind is not Kind.COUNT for part in parts):
            continue
        given, missing = (parts[1], parts[0]) if blank[0] else parts
        near = _missing_part(one, numerator, denominator)
        if near is None or _fits(one, near, numerator, denominator):
            continue
        details = {
            "label": indicators[one.figure.indicator].label,
            "value": format_number(one.printed),
            "known": _named(subject, given, one.figure.indicator),
            "amount": format_number(numerator if numerator is not None else denominator or 0.0),
            "missing": _named(subject, missing, one.figure.indicator),
            "near": format_number(round(near, 2)),
        }
        cells = subject.addresses_of((one.figure, given))
        yield subject.finding("rule.no_whole_number", one.cell, cells=cells, value=one.printed, details=details)


def _missing_part(one: _TypedRatio, numerator: float | None, denominator: float | None) -> float | None:
    """The part that would give exactly the rate printed; None if any or none would."""
    quotient = one.printed / one.ratio.factor + one.ratio.offset
    if quotient <= 0 or not (numerator or denominator):
        return None
    return numerator / quotient if numerator is not None else (denominator or 0.0) * quotient


def _fits(one: _TypedRatio, near: float, numerator: float | None, denominator: float | None) -> bool:
    """Whether a whole number next to the one wanted gives the rate as printed."""
    first = max(0, math.floor(near) - MOST_WHOLE_NUMBERS_TRIED // 2)
    for whole in range(first, first + MOST_WHOLE_NUMBERS_TRIED + 1):
        top, bottom = (numerator, whole) if numerator is not None else (whole, denominator)
        if top is not None and bottom and agrees(one.printed, one.ratio.value(top, bottom), one.cell.decimals):
            return True
    return False


def _named(subject: Subject, figure: Figure, row: str) -> str:
    """A figure by its column, and by its label where it is of another row."""
    heading = subject.catalogue.headings.get(figure.measure, figure.measure)
    return heading if figure.indicator == row else f"{subject.catalogue.indicators[figure.indicator].label} ({heading})"


def changes_agree_with_growths(subject: Subject) -> Iterator[Finding]:
    """A change and a growth typed beside one figure, the other blank, speak of the same other figure."""
    for indicator in subject.catalogue.indicators.values():
        change, growth = (subject.cell(Figure(indicator.code, measure)) for measure in ("change", "growth"))
        if change is None or growth is None or not (_is_exact(change) and _is_exact(growth)):
            continue
        actual, prior = (subject.number(Figure(indicator.code, measure)) for measure in ("actual", "prior"))
        if (actual is None) == (prior is None):
            continue
        low, high = sorted(_growths(change, actual, prior))
        printed, half = growth.observation.value or 0.0, 10.0**-growth.decimals
        if printed + half >= low and printed - half <= high:
            continue
        details = {
            "label": indicator.label,
            "change": format_number(change.observation.value or 0.0),
            "growth": format_number(printed),
            "expected": format_number((low + high) / 2, growth.decimals),
        }
        figures = [Figure(indicator.code, measure) for measure in ("actual", "prior", "change", "growth")]
        cells = subject.addresses_of(figures)
        yield subject.finding(
            "rule.change_differs_from_growth",
            growth,
            cells=cells,
            value=printed,
            expected=(low + high) / 2,
            details=details,
        )


def _is_exact(cell: ReadCell) -> bool:
    return cell.is_filled and cell.observation.value is not None and not cell.observation.qualifier


def _growths(change: ReadCell, actual: float | None, prior: float | None) -> Iterator[float]:
    """The growths that a change can mean, given its printed precision."""
    half = 0.5 * 10.0**-change.decimals
    for amount in ((change.observation.value or 0.0) - half, (change.observation.value or 0.0) + half):
        base = prior if prior is not None else (actual or 0.0) - amount
        yield amount / base * HUNDRED if base else math.copysign(math.inf, amount)


def shares_of_one_whole_come_to_hundred(subject: Subject) -> Iterator[Finding]:
    """Shares typed for all parts of a whole add up to 100; those of some of them do not exceed it."""
    shares: dict[tuple[Figure, str], dict[str, _TypedRatio]] = {}
    for one in _typed_ratios(subject):
        top, bottom = one.ratio.numerator, one.ratio.denominator
        is_share = one.ratio.factor == HUNDRED and not one.ratio.offset and top.measure == bottom.measure
        if is_share and one.figure.measure in FILLED_MEASURES:
            shares.setdefault((bottom, one.figure.measure), {})[top.indicator] = one
    for (whole, _), typed in shares.items():
        parts = subject.catalogue.divisions.get(whole.indicator, ())
        found = [typed[part.code] for part in parts if part.code in typed]
        if len(found) > 1 and not subject.mixes_units(one.figure for one in found):
            yield from _share_finding(subject, subject.catalogue.indicators[whole.indicator], found, len(parts))


def _share_finding(subject: Subject, whole: Indicator, found: list[_TypedRatio], parts: int) -> Iterator[Finding]:
    total = float(sum(exact(one.printed) for one in found))
    decimals = max(one.cell.decimals for one in found)
    if agrees_as_sum(HUNDRED, total, decimals, len(found)) or (len(found) < parts and total < HUNDRED):
        return
    yield subject.finding(
        "rule.shares_differ",
        found[0].cell,
        cells=subject.addresses_of(one.figure for one in found),
        value=total,
        expected=HUNDRED,
        details={
            "whole": whole.label,
            "total": format_number(total),
            "parts": " + ".join(format_number(one.printed) for one in found),
        },
    )
