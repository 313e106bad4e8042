"""Checks between the returns of one run: of one unit over time, and of units beside each other.

Every function takes the returns with their formulas computed and yields findings at the cells of one of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName, full_address
from workbook_tools.explanations import answered
from workbook_tools.figure_cube import CellFigure
from workbook_tools.findings import Finding, in_reading_order
from workbook_tools.indicators import Aggregation, Indicator, Kind
from workbook_tools.observations import REFUSED, Return
from workbook_tools.periods import Period, parse_period
from workbook_tools.precision import agrees
from workbook_tools.read_cells import ReadCell
from workbook_tools.sibling_comparison import siblings_are_alike
from workbook_tools.values import format_number

FLOW = "kỳ"
"""What the template says of an indicator that is counted over a period, not at a date."""

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
            yield _finding("period.prior_differs", later, cell, then.observation.value, details)


def typed_priors_agree(
    catalogue: Catalogue,
    returns: Iterable[Return],
    known: Mapping[str, Mapping[FigureName, CellFigure]],
    source: str,
    told: Iterable[Finding],
) -> Iterator[Finding]:
    """What a return says of last year is what last year's data, read from ``source``, say of the unit.

    Nothing is said twice, nor of units whose figures of last year are estimates themselves.
    """
    found = list(told)
    places = {(one.file, one.sheet, one.cell) for one in found if one.code == "period.prior_differs"}
    estimated = {one.details.get("unit") for one in found if one.code == "unit.base_estimated"}
    for one in returns:
        if known.get(one.unit) and estimated.isdisjoint((one.unit, one.unit_name)):
            differing = _differing_priors(catalogue, one, known[one.unit], source)
            new = [finding for finding in differing if (finding.file, finding.sheet, finding.cell) not in places]
            yield from answered(new, one)


def _differing_priors(
    catalogue: Catalogue, one: Return, known: Mapping[FigureName, CellFigure], source: str
) -> Iterator[Finding]:
    period = parse_period(one.period)
    for cell in _figures(one, "prior").values():
        value = known.get(cell.name)
        if cell.is_live or isinstance(value, str) or value is None or _is_as_printed(cell, value):
            continue
        indicator = catalogue.indicators[cell.observation.indicator]
        details: dict[str, object] = {
            "label": indicator.label,
            "period": period.last_year.label.lower() if period else "",
            "value": _shown(indicator, cell),
            "expected": format_number(value),
            "source": source,
        }
        yield _finding("period.prior_differs", one, cell, float(value), details)


def _is_as_printed(cell: ReadCell, value: float) -> bool:
    decimals = len(repr(float(value)).partition(".")[2]) if value % 1 else 0
    return agrees(_amount(cell), value, cell.decimals) or agrees(value, _amount(cell), decimals)


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
            yield _finding("period.cumulative_falls", later, cell, then.observation.value, details)


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
    frame = one.columns.frame
    cells = one.columns.where(frame.of_measure(measure) & ~frame.has_items & ~np.isnan(one.columns.values))
    return {cell.observation.indicator: cell for cell in cells if not cell.observation.qualifier}


def _amount(cell: ReadCell) -> float:
    return cell.observation.value or 0.0


def _same(one: ReadCell, other: ReadCell) -> bool:
    """Whether two figures are one at the coarser of their precisions."""
    return agrees(_amount(one), _amount(other), one.decimals) or agrees(_amount(other), _amount(one), other.decimals)


def _details(catalogue: Catalogue, source: Return, cell: ReadCell, then: ReadCell) -> dict[str, object]:
    indicator = catalogue.indicators[cell.observation.indicator]
    return {
        "label": indicator.label,
        "value": _shown(indicator, cell),
        "expected": _shown(indicator, then),
        "source": f"[{source.file}]{full_address(then.observation.sheet, then.observation.cell)}",
    }


def _shown(indicator: Indicator, cell: ReadCell) -> str:
    """A number typed as it is, the result of a formula with the decimals of its row, one more where it has none."""
    value = _amount(cell)
    return format_number(value, max(indicator.decimals, 1) if cell.is_live and value % 1 else None)


def _finding(code: str, later: Return, cell: ReadCell, then: float | None, details: dict[str, object]) -> Finding:
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
        expected=then,
        details=details,
    )


COMPARISONS: list[Comparison] = [
    last_years_figures_agree,
    cumulative_figures_do_not_fall,
    siblings_are_alike,
]
