"""Checks of sizes: a figure beside the others of its row. What is far off is asked about, never altered."""

import math
from collections.abc import Iterator, Mapping

from workbook_tools.findings import Finding
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Indicator, Kind
from workbook_tools.rules import FILLED_MEASURES
from workbook_tools.subject import Subject
from workbook_tools.values import format_number
from workbook_tools.wording import Words

FACTORS = (1_000_000, 1_000, 100, 10)
"""Mistaken units of measure (tỷ for triệu, triệu for đồng, ha for m²) and a digit too many or too few."""

NEAR = 2.0
"""A figure divided by the factor must come so near to the others of its row for the factor to be likely."""

NEAR_FOR_TEN = 1.5
"""The same for ten: tenfold changes do happen, so two other figures must agree, and more closely."""

LEAST_ODD = 6.0
"""Figures of a row that are nearer to each other than so many times are of one size, whatever the factor."""

JUMP = 2.0
"""A figure more than so many times, or less than that part of, last year's asks for an explanation."""

FEWEST_COUNTED = 10
SPREADS = 4.0
"""Small counts vary by chance: a difference counts from ten on, and from four times the root of the larger count."""


def sizes_fit_their_row(subject: Subject) -> Iterator[Finding]:
    """No figure is a power of ten away from plan and last year."""
    for indicator in subject.catalogue.indicators.values():
        if not indicator.kind.is_numeric or indicator.kind is Kind.PERCENT:
            continue
        odd = _odd_measure(_amounts(subject, indicator))
        if odd is not None:
            measure, factor, reference = odd
            yield _factor_finding(subject, indicator, measure, factor, reference)


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
    proposal = value / factor
    details = {
        "label": indicator.label,
        "measure": headings.get(measure, measure),
        "value": format_number(value),
        "unit": indicator.unit,
        "times": _times(factor),
        "reference": headings.get(reference, reference),
        "known": format_number(subject.number(Figure(indicator.code, reference)) or 0.0),
        "proposal": format_number(proposal),
    }
    figures = [Figure(indicator.code, one) for one in (measure, reference)]
    return subject.finding(
        "rule.likely_factor",
        subject.cell(figures[0]),
        cells=subject.addresses_of(figures),
        value=value,
        expected=proposal,
        details=details,
    )


def _times(factor: float) -> Words:
    size = format_number(max(factor, round(1 / factor)))
    if factor > 1:
        return Words(f"gấp khoảng {size} lần", f"about {size} times")
    return Words(f"chỉ bằng khoảng một phần {size}", f"about one {size}th of")


def large_changes_are_explained(subject: Subject) -> Iterator[Finding]:
    """A figure more than double, or less than half, of last year's has a reason in the notes of its row."""
    for indicator in subject.catalogue.indicators.values():
        if not indicator.kind.is_numeric or indicator.kind is Kind.PERCENT:
            continue
        amounts = _amounts(subject, indicator)
        actual, prior = amounts.get("actual"), amounts.get("prior")
        if actual is None or prior is None or not _has_jumped(indicator, actual, prior) or _odd_measure(amounts):
            continue
        cell = subject.cell(Figure(indicator.code, "actual"))
        details = {
            "label": indicator.label,
            "value": format_number(actual),
            "prior": format_number(prior),
            "growth": format_number((actual / prior - 1) * 100, 1),
        }
        figures = [Figure(indicator.code, one) for one in ("actual", "prior")]
        cells = subject.addresses_of(figures)
        yield subject.finding("rule.large_change", cell, cells=cells, value=actual, expected=prior, details=details)


def _has_jumped(indicator: Indicator, actual: float, prior: float) -> bool:
    if _is_near(actual, prior, JUMP):
        return False
    difference = abs(actual - prior)
    chance = max(FEWEST_COUNTED, SPREADS * math.sqrt(max(abs(actual), abs(prior))))
    return indicator.kind is not Kind.COUNT or difference >= chance
