"""Checks between the returns of one run: of one unit over time, and of units beside each other.

Every function takes the returns with their formulas computed and yields findings at the cells of one of them.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from statistics import median

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName, full_address
from workbook_tools.explanations import answered
from workbook_tools.findings import Finding, in_reading_order
from workbook_tools.indicators import Aggregation, Indicator, Kind
from workbook_tools.observations import REFUSED, ReadCell, Return
from workbook_tools.periods import Period, parse_period
from workbook_tools.precision import agrees
from workbook_tools.rules import FILLED_MEASURES
from workbook_tools.values import format_number
from workbook_tools.wording import Words

FLOW = "kỳ"
"""What the template says of an indicator that is counted over a period, not at a date."""

FEWEST_SIBLINGS = 8
"""Below so many units nothing is usual."""

UNUSUAL = 6.0
"""Robust standard deviations from the middle of the siblings: hardly ever reached by chance."""

LEAST_FACTOR = 5.0
"""However alike the others are, only a figure so many times larger or smaller is told of."""

DEVIATIONS = 1.4826
"""Standard deviations in a median absolute deviation of normally distributed figures."""

FACTORS = (10, 100, 1_000, 10_000, 1_000_000)

Comparison = Callable[[Catalogue, Sequence[Return]], Iterator[Finding]]


def compare_returns(catalogue: Catalogue, returns: Iterable[Return]) -> list[Finding]:
    """Findings of all comparisons between the returns of a run."""
    received = [one for one in returns if one.status != REFUSED]
    return [finding for comparison in COMPARISONS for finding in comparison(catalogue, received)]


def with_findings_about_it(returns: Iterable[Return], findings: Iterable[Finding]) -> Iterator[Return]:
    """The returns, each with the findings about its file, as far as the unit has not explained them, in order."""
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        by_file.setdefault(finding.file, []).append(finding)
    for one in returns:
        told = by_file.get(one.file)
        yield one.with_findings(in_reading_order([*one.findings, *answered(told, one)])) if told else one


def last_years_figures_agree(catalogue: Catalogue, returns: Sequence[Return]) -> Iterator[Finding]:
    """What a return says of last year is what the unit's return of last year said."""
    for earlier, later, before, after in _of_one_unit(returns):
        if before.code != after.last_year.code:
            continue
        reported = _figures(earlier, "actual")
        for code, cell in _figures(later, "prior").items():
            then = reported.get(code)
            if then is None or cell.is_live or _same(cell, then):
                continue
            details = {"period": before.label.lower(), **_details(catalogue, earlier, cell, then)}
            yield _finding("period.prior_differs", later, cell, then, details)


def cumulative_figures_do_not_fall(catalogue: Catalogue, returns: Sequence[Return]) -> Iterator[Finding]:
    """What is counted over six months is not more than over nine, or over the year."""
    for earlier, later, before, after in _of_one_unit(returns):
        if not before.is_within(after):
            continue
        reported = _figures(earlier, "actual")
        for code, cell in _figures(later, "actual").items():
            then, indicator = reported.get(code), catalogue.indicators[code]
            if then is None or not _accumulates(indicator) or _amount(cell) >= _amount(then):
                continue
            details = {
                "period": after.label.lower(),
                "earlier": before.label.lower(),
                **_details(catalogue, earlier, cell, then),
            }
            yield _finding("period.cumulative_falls", later, cell, then, details)


def _accumulates(indicator: Indicator) -> bool:
    summed = indicator.aggregation in (Aggregation.SUM, Aggregation.COUNT) and indicator.kind is not Kind.PERCENT
    return summed and indicator.flow == FLOW and (indicator.minimum or 0) >= 0


def _of_one_unit(returns: Sequence[Return]) -> Iterator[tuple[Return, Return, Period, Period]]:
    """Pairs of returns of one unit for different periods, in both orders."""
    periods = {one.period: parse_period(one.period) for one in returns}
    units: dict[str, list[Return]] = {}
    for one in returns:
        if one.unit and periods[one.period] is not None:
            units.setdefault(one.unit, []).append(one)
    for same in units.values():
        for pair in combinations(same, 2):
            for earlier, later in (pair, pair[::-1]):
                before, after = periods[earlier.period], periods[later.period]
                if before is not None and after is not None and before != after:
                    yield earlier, later, before, after


def _figures(one: Return, measure: str) -> dict[str, ReadCell]:
    """Cells with a number under a measure, by indicator; what is only said to be about so much is left out."""
    cells = (cell for cell in one.cells if cell.observation.measure == measure and not cell.observation.item)
    return {
        cell.observation.indicator: cell
        for cell in cells
        if cell.observation.value is not None and not cell.observation.qualifier
    }


def _amount(cell: ReadCell) -> float:
    return cell.observation.value or 0.0


def _same(one: ReadCell, other: ReadCell) -> bool:
    """Whether two figures are one at the coarser of their precisions."""
    return agrees(_amount(one), _amount(other), one.decimals) or agrees(_amount(other), _amount(one), other.decimals)


def _details(catalogue: Catalogue, source: Return, cell: ReadCell, then: ReadCell) -> dict[str, object]:
    return {
        "label": catalogue.indicators[cell.observation.indicator].label,
        "value": format_number(_amount(cell)),
        "expected": format_number(_amount(then)),
        "source": f"[{source.file}]{full_address(then.observation.sheet, then.observation.cell)}",
    }


def _finding(code: str, later: Return, cell: ReadCell, then: ReadCell, details: dict[str, object]) -> Finding:
    observation = cell.observation
    return Finding(
        code,
        file=later.file,
        sheet=observation.sheet,
        cell=observation.cell,
        cells=(full_address(observation.sheet, observation.cell), str(details["source"])),
        indicator=observation.indicator,
        measure=observation.measure,
        value=observation.value,
        expected=then.observation.value,
        details=details,
    )


def siblings_are_alike(catalogue: Catalogue, returns: Sequence[Return]) -> Iterator[Finding]:
    """No figure is of quite another size than those of the other units of its kind for the same period.

    Sizes are compared by their logarithms: the middle is the median, the spread the median absolute deviation, which
    a few wrong figures do not move (Hampel identifier).
    """
    groups: dict[str, list[Return]] = {}
    for one in returns:
        if not one.support:
            groups.setdefault(one.period, []).append(one)
    for group in groups.values():
        if len(group) < FEWEST_SIBLINGS:
            continue
        figures: dict[FigureName, list[tuple[Return, ReadCell]]] = {}
        for one in group:
            for cell in one.cells:
                if _is_comparable(catalogue, cell):
                    figures.setdefault(cell.name, []).append((one, cell))
        for found in figures.values():
            yield from _outliers(catalogue, found)


def _is_comparable(catalogue: Catalogue, cell: ReadCell) -> bool:
    one = cell.observation
    if one.item or not one.value or one.value < 0 or one.measure not in FILLED_MEASURES:
        return False
    return catalogue.indicators[one.indicator].kind.is_numeric


def _outliers(catalogue: Catalogue, found: list[tuple[Return, ReadCell]]) -> Iterator[Finding]:
    if len(found) < FEWEST_SIBLINGS:
        return
    sizes = [math.log10(_amount(cell)) for _, cell in found]
    middle = median(sizes)
    spread = DEVIATIONS * median(abs(size - middle) for size in sizes)
    limit = max(UNUSUAL * spread, math.log10(LEAST_FACTOR))
    for (one, cell), size in zip(found, sizes, strict=True):
        if abs(size - middle) > limit and not cell.is_live:
            yield _outlier_finding(catalogue, one, cell, len(found) - 1, middle, max(spread, 0.05))


def _outlier_finding(
    catalogue: Catalogue, one: Return, cell: ReadCell, count: int, middle: float, spread: float
) -> Finding:
    value = _amount(cell)
    size = math.log10(value)
    powers = (power for factor in FACTORS for power in (math.log10(factor), -math.log10(factor)))
    likely = next((power for power in powers if abs(size - power - middle) <= 2 * spread), None)
    proposal = None if likely is None else value / 10**likely
    observation = cell.observation
    details = {
        "label": catalogue.indicators[observation.indicator].label,
        "measure": catalogue.headings.get(observation.measure, observation.measure),
        "unit": one.unit_name or one.unit,
        "value": format_number(value),
        "count": count,
        "low": format_number(_rounded(10 ** (middle - 2 * spread))),
        "high": format_number(_rounded(10 ** (middle + 2 * spread))),
        "middle": format_number(_rounded(10**middle)),
        "hint": Words("", "") if proposal is None else _hint(format_number(proposal)),
    }
    return Finding(
        "rule.unlike_siblings",
        file=one.file,
        sheet=observation.sheet,
        cell=observation.cell,
        indicator=observation.indicator,
        measure=observation.measure,
        value=value,
        expected=proposal,
        details=details,
    )


def _hint(proposal: str) -> Words:
    return Words(f"; có thể nhầm đơn vị tính, số đúng khoảng {proposal}", f"; maybe a mistaken unit for {proposal}")


def _rounded(value: float) -> float:
    """Two significant digits: a usual size, not a figure."""
    return float(f"{value:.2g}")


COMPARISONS: list[Comparison] = [
    last_years_figures_agree,
    cumulative_figures_do_not_fall,
    siblings_are_alike,
]
