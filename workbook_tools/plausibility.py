"""Checks of sizes: a figure beside the others of its row. What is far off is asked about, never altered."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from workbook_tools.catalogue import Catalogue
from workbook_tools.findings import Finding
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Indicator, Kind
from workbook_tools.precision import exact
from workbook_tools.rules import FILLED_MEASURES
from workbook_tools.subject import Subject
from workbook_tools.values import format_number
from workbook_tools.wording import Words

FACTORS = (1_000_000, 1_000, 100, 10)
"""Mistaken units of measure (tỷ for triệu, triệu for đồng, ha for m²) and a digit too many or too few."""

MONEY_FACTORS = (1_000, 1_000_000, 1_000_000_000)
"""Nghìn, triệu and tỷ đồng in a row of đồng."""

NEAR = 2.0
"""A figure divided by the factor must come so near to the others of its row for the factor to be likely."""

NEAR_FOR_TEN = 1.5
"""The same for ten: tenfold changes do happen, so two other figures must agree, and more closely."""

LEAST_ODD = 6.0
"""Figures of a row that are nearer to each other than so many times are of one size, whatever the factor."""

JUMP = 2.0
"""A figure more than so many times, or less than that part of, last year's asks for an explanation."""

_NOISE = 1e-9

FEWEST_COUNTED = 10
SPREADS = 4.0
"""Small counts vary by chance: a difference counts from ten on, and from four times the root of the larger count."""


def sizes_fit_their_row(subject: Subject) -> Iterator[Finding]:
    """No figure is a power of ten away from plan and last year."""
    for indicator, amounts in _uneven_rows(subject):
        odd = _odd_measure(amounts)
        if odd is not None:
            measure, factor, reference = odd
            yield _factor_finding(subject, indicator, measure, factor, reference)


def _uneven_rows(subject: Subject) -> Iterator[tuple[Indicator, dict[str, float]]]:
    """Rows of sizes with figures far enough from each other, or of two signs, and what they say."""
    indicators, columns = rows_of_sizes(subject.catalogue)
    numbers = np.append(subject.cube.number[0], np.nan)[columns]
    sizes = np.abs(np.where(numbers == 0, np.nan, numbers))
    apart = np.fmax.reduce(sizes, axis=1) > (1 - _NOISE) * JUMP * np.fmin.reduce(sizes, axis=1)
    apart |= (numbers < 0).any(axis=1) & (numbers > 0).any(axis=1)
    for row in np.flatnonzero(apart).tolist():
        yield indicators[row], _amounts(subject, indicators[row])


def rows_of_sizes(catalogue: Catalogue) -> tuple[list[Indicator], NDArray[np.intp]]:
    """The indicators whose figures are sizes, and [row, measure] the columns of these; one past the last for none."""
    kept: tuple[list[Indicator], NDArray[np.intp]] | None = catalogue.kept.get(rows_of_sizes)
    if kept is not None:
        return kept
    all_rows = catalogue.indicators.values()
    indicators = [one for one in all_rows if one.kind.is_numeric and one.kind is not Kind.PERCENT]
    none = len(catalogue.columns)
    figures = ([Figure(one.code, measure) for measure in FILLED_MEASURES] for one in indicators)
    places = [[catalogue.columns.get(figure, none) for figure in row] for row in figures]
    columns = np.array(places, dtype=np.intp).reshape(-1, len(FILLED_MEASURES))
    catalogue.kept[rows_of_sizes] = indicators, columns
    return indicators, columns


def _amounts(subject: Subject, indicator: Indicator) -> dict[str, float]:
    """What the row says under its measures, as far as it says something other than zero."""
    amounts = ((measure, subject.number(Figure(indicator.code, measure))) for measure in FILLED_MEASURES)
    return {measure: value for measure, value in amounts if value}


def _odd_measure(amounts: Mapping[str, float]) -> tuple[str, float, str] | None:
    """The measure out of size with all others, the likely factor, and the measure it is compared with."""
    sizes = [abs(amount) for amount in amounts.values()]
    if len(sizes) < 2 or max(sizes) < LEAST_ODD * min(sizes):
        return None
    for measure in ("actual", "plan", "prior", "next_plan"):
        others = [other for other in amounts if other != measure]
        if measure not in amounts or not others:
            continue
        for factor in (one for size in FACTORS for one in (size, 1 / size)):
            near = NEAR_FOR_TEN if factor in (10, 0.1) else NEAR
            enough = len(others) > 1 or factor not in (10, 0.1)
            if enough and all(_is_near(amounts[measure] / factor, amounts[other], near) for other in others):
                return measure, factor, others[0]
    return None


def _is_near(one: float, other: float, times: float) -> bool:
    return one * other > 0 and 1 / times <= one / other <= times


def _factor_finding(subject: Subject, indicator: Indicator, measure: str, factor: float, reference: str) -> Finding:
    headings = subject.catalogue.headings
    value = subject.number(Figure(indicator.code, measure)) or 0.0
    cell = subject.cell(Figure(indicator.code, measure))
    is_typed = cell is not None and cell.is_filled
    proposal = float(exact(value) / exact(factor))
    known = subject.number(Figure(indicator.code, reference)) or 0.0
    if indicator.kind is Kind.COUNT:
        proposal = float(round(proposal))
    details = {
        "label": indicator.label,
        "measure": headings.get(measure, measure),
        "value": subject.shown(Figure(indicator.code, measure)),
        "unit": indicator.unit,
        "times": _times(value / known),
        "reference": headings.get(reference, reference),
        "known": subject.shown(Figure(indicator.code, reference)),
        "proposal": format_number(proposal, None if is_typed else max(indicator.decimals, 1)),
    }
    figures = [Figure(indicator.code, one) for one in (measure, reference)]
    return subject.finding(
        "rule.likely_factor",
        cell,
        cells=subject.addresses_of(figures),
        value=value,
        expected=proposal,
        details=details,
    )


def _times(ratio: float) -> Words:
    """How many times as large a figure is as another, two digits of it."""
    if ratio > 1:
        size = format_number(float(f"{ratio:.2g}"))
        return Words(f"gấp khoảng {size} lần", f"about {size} times")
    size = format_number(float(f"{1 / ratio:.2g}"), 0)
    return Words(f"chỉ bằng khoảng 1/{size}", f"about 1/{size} of")


def money_has_no_fraction_of_its_smallest_unit(subject: Subject) -> Iterator[Finding]:
    """In a row of whole đồng 2,5 is no amount: most likely it means tỷ or triệu."""
    for name, cell in subject.cells.items():
        indicator = subject.catalogue.indicators.get(name.indicator)
        value = cell.observation.value
        if indicator is None or name.measure not in FILLED_MEASURES or value is None or not cell.is_filled:
            continue
        if indicator.kind is Kind.MONEY and indicator.decimals == 0 and value % 1:
            proposal = _in_whole_units(
                value, [one for measure, one in _amounts(subject, indicator).items() if measure != name.measure]
            )
            details = {
                "label": indicator.label,
                "value": format_number(value),
                "unit": indicator.unit,
                "hint": Words("", "") if proposal is None else _money_hint(proposal, indicator.unit),
            }
            yield subject.finding("rule.fraction_of_money", cell, value=value, expected=proposal, details=details)


def _in_whole_units(value: float, others: Sequence[float]) -> float | None:
    """What the amount would be in thousands, millions or billions, if that is of the size of the others of its row."""
    sizes = (float(exact(value) * factor) for factor in MONEY_FACTORS)
    return next((one for one in sizes if others and all(_is_near(one, other, NEAR) for other in others)), None)


def _money_hint(proposal: float, unit: str) -> Words:
    shown = format_number(proposal)
    return Words(f"; so với các cột khác của dòng, số đúng khoảng {shown} {unit}", f"; by its row about {shown} {unit}")


def large_changes_are_explained(subject: Subject) -> Iterator[Finding]:
    """A figure more than double, or less than half, of last year's has a reason in the notes of its row."""
    for indicator, amounts in _uneven_rows(subject):
        actual, prior = amounts.get("actual"), amounts.get("prior")
        if actual is None or prior is None or not _has_jumped(indicator, actual, prior) or _odd_measure(amounts):
            continue
        cell = subject.cell(Figure(indicator.code, "actual"))
        details = {
            "label": indicator.label,
            "value": subject.shown(Figure(indicator.code, "actual")),
            "prior": subject.shown(Figure(indicator.code, "prior")),
            "growth": _growth(actual, prior),
        }
        figures = [Figure(indicator.code, one) for one in ("actual", "prior")]
        cells = subject.addresses_of(figures)
        yield subject.finding("rule.large_change", cell, cells=cells, value=actual, expected=prior, details=details)


def _growth(actual: float, prior: float) -> Words:
    if actual * prior < 0:
        return Words("đổi dấu", "of the other sign")
    percent = (actual / prior - 1) * 100
    size = format_number(abs(percent), 1)
    return Words(f"tăng {size} %", f"{size} % more") if percent > 0 else Words(f"giảm {size} %", f"{size} % less")


def _has_jumped(indicator: Indicator, actual: float, prior: float) -> bool:
    if _is_near(actual, prior, JUMP):
        return False
    difference = abs(actual - prior)
    chance = max(FEWEST_COUNTED, SPREADS * math.sqrt(max(abs(actual), abs(prior))))
    return indicator.kind is not Kind.COUNT or difference >= chance
