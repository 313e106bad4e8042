"""Units beside each other: no figure is of quite another size than those of the other units of its kind.

Sizes are compared by their logarithms: the middle is the median, the spread the median absolute deviation, which a
few wrong figures do not move (Hampel identifier). What adds up is compared by the size of the unit, which is how far
its figures usually lie from the middle: a town has ten times the pupils of a village, and ten times the schools.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbook_tools.catalogue import Catalogue
from workbook_tools.figure_cube import figure_columns
from workbook_tools.findings import Finding
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Aggregation, Kind
from workbook_tools.observations import Return
from workbook_tools.precision import exact
from workbook_tools.read_cells import CellFrame, ReadCell
from workbook_tools.rules import FILLED_MEASURES
from workbook_tools.values import format_number
from workbook_tools.vectors import Numbers
from workbook_tools.wording import Words

FEWEST_SIBLINGS = 8
"""Below so many units nothing is usual; below so many figures a unit has no size."""

UNUSUAL = 6.0
"""Robust standard deviations from the middle of the siblings: hardly ever reached by chance."""

LEAST_FACTOR = 5.0
"""However alike the others are, only a figure so many times larger or smaller is told of."""

LARGEST_SIZE = 1.5
"""Units further apart than this power of ten are of different kinds, or one has mistaken the unit throughout."""

DEVIATIONS = 1.4826
"""Standard deviations in a median absolute deviation of normally distributed figures."""

LEAST_SPREAD = 0.05

FACTORS = (10, 100, 1_000, 10_000, 1_000_000)


def siblings_are_alike(catalogue: Catalogue, returns: Sequence[Return]) -> Iterator[Finding]:
    """No figure is of quite another size than those of the other units of its level for the same period."""
    groups: dict[tuple[str, frozenset[str]], list[Return]] = {}
    for one in returns:
        if not one.support:
            groups.setdefault((one.period, one.columns.frame.worked_out(_levels, catalogue)), []).append(one)
    for group in groups.values():
        if len(group) >= FEWEST_SIBLINGS:
            yield from _outliers(catalogue, group)


def _levels(catalogue: Catalogue, frame: CellFrame) -> frozenset[str]:
    """The levels of units that fill every row which a return has: a commune's return is no sibling of a hamlet's."""
    codes = dict.fromkeys(code for code, item in zip(frame.indicators, frame.items, strict=True) if not item)
    levels = [frozenset(catalogue.indicators[code].levels) for code in codes]
    return frozenset.intersection(*levels) if levels else frozenset()


def _outliers(catalogue: Catalogue, group: Sequence[Return]) -> Iterator[Finding]:
    """Findings figure by figure, each about the middle of those units that have it."""
    logs, places = _sizes(catalogue, group)
    adds_up = np.array([_adds_up(catalogue, figure) for figure in catalogue.columns], dtype=bool)
    units = _sizes_of_units(logs[:, adds_up])
    own = np.where(adds_up, units[:, np.newaxis], 0.0)
    sizes = logs - own
    middle = _medians(sizes)
    spread = DEVIATIONS * _medians(np.abs(sizes - middle))
    limit = np.fmax(UNUSUAL * spread, math.log10(LEAST_FACTOR))
    count = np.count_nonzero(~np.isnan(sizes), axis=0)
    for column, row in np.argwhere((np.abs(sizes - middle) > limit).T).tolist():
        one, place = group[row], int(places[row, column])
        if not one.columns.are_live[place]:
            size = float(own[row, column])
            usual = _Usual(
                int(count[column]) - 1,
                float(middle[column]) + size,
                max(float(spread[column]), LEAST_SPREAD),
                bool(size),
            )
            yield _outlier_finding(catalogue, one, one.columns.cell(place), float(logs[row, column]), usual)


def _sizes(catalogue: Catalogue, group: Sequence[Return]) -> tuple[Numbers, NDArray[np.int32]]:
    """[return, figure]: the logarithms of the figures that enough of the returns give, and where they stand."""
    logs = np.full((len(group), len(catalogue.columns)), np.nan)
    places = np.zeros(logs.shape, dtype=np.int32)
    comparable = np.array([_is_comparable(catalogue, figure) for figure in catalogue.columns], dtype=bool)
    for row, one in enumerate(group):
        columns, values = figure_columns(catalogue, one.columns.frame), one.columns.values
        chosen = np.flatnonzero((columns >= 0) & comparable[columns] & (values > 0))
        logs[row, columns[chosen]] = np.log10(values[chosen])
        places[row, columns[chosen]] = chosen
    logs[:, np.count_nonzero(~np.isnan(logs), axis=0) < FEWEST_SIBLINGS] = np.nan
    return logs, places


def _is_comparable(catalogue: Catalogue, figure: Figure) -> bool:
    return figure.measure in FILLED_MEASURES and catalogue.indicators[figure.indicator].kind.is_numeric


def _adds_up(catalogue: Catalogue, figure: Figure) -> bool:
    indicator = catalogue.indicators[figure.indicator]
    return indicator.aggregation in (Aggregation.SUM, Aggregation.COUNT) and indicator.kind is not Kind.PERCENT


def _sizes_of_units(logs: Numbers) -> Numbers:
    """How far the figures of each return that add up usually lie from the middle; none where that says nothing."""
    apart = logs - _medians(logs)
    usual = _medians(apart.T)
    given = np.count_nonzero(~np.isnan(apart), axis=1) >= FEWEST_SIBLINGS
    return np.where(given & (np.abs(usual) <= LARGEST_SIZE), usual, 0.0)


def _medians(sizes: Numbers) -> Numbers:
    """Of each column; NaN where there are no sizes."""
    if not sizes.size:
        return np.full(sizes.shape[1], np.nan)
    count = np.count_nonzero(~np.isnan(sizes), axis=0)
    ordered, columns = np.sort(sizes, axis=0), np.arange(sizes.shape[1])  # NaN come last
    lower, upper = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, len(sizes) - 1)
    return np.where(count > 0, (ordered[lower, columns] + ordered[upper, columns]) / 2, np.nan)


@dataclass(frozen=True, slots=True)
class _Usual:
    """What is usual for a figure: its logarithm in the middle, for a unit of this size, and the spread."""

    count: int
    middle: float
    spread: float
    by_size: bool

    def text(self, spreads: float) -> str:
        """A usual size, two significant digits: it is no figure."""
        return format_number(float(f"{10 ** (self.middle + spreads * self.spread):.2g}"))


def _outlier_finding(catalogue: Catalogue, one: Return, cell: ReadCell, log: float, usual: _Usual) -> Finding:
    observation = cell.observation
    indicator, value = catalogue.indicators[observation.indicator], observation.value or 0.0
    powers = (power for factor in FACTORS for power in (math.log10(factor), -math.log10(factor)))
    likely = next((power for power in powers if abs(log - power - usual.middle) <= 2 * usual.spread), None)
    proposal = None if likely is None else float(exact(value).scaleb(-round(likely)))
    if proposal is not None and indicator.kind is Kind.COUNT:
        proposal = float(round(proposal))
    details = {
        "label": indicator.label,
        "measure": catalogue.headings.get(observation.measure, observation.measure),
        "unit": one.unit_name or one.unit,
        "value": format_number(value),
        "count": usual.count,
        "size": _BY_SIZE if usual.by_size else Words("", ""),
        "low": usual.text(-2),
        "high": usual.text(2),
        "middle": usual.text(0),
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


_BY_SIZE = Words("đơn vị cỡ này ", "for a unit of its size ")


def _hint(proposal: str) -> Words:
    return Words(
        f"; có thể nhầm đơn vị tính hoặc thừa, thiếu số 0, số đúng khoảng {proposal}",
        f"; maybe a mistaken unit or zero for {proposal}",
    )
