"""Units beside each other: no figure is of quite another size than those of the other units of its kind.

Sizes are compared by their logarithms: the middle is the median, the spread the median absolute deviation, which a
few wrong figures do not move (Hampel identifier). What adds up is compared by the size of the unit, which is how far
its figures usually lie from the middle: a town has ten times the pupils of a village, and ten times the schools.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.findings import Finding
from workbook_tools.indicators import Aggregation, Kind
from workbook_tools.observations import ReadCell, Return
from workbook_tools.precision import exact
from workbook_tools.rules import FILLED_MEASURES
from workbook_tools.values import format_number
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


@dataclass(frozen=True, slots=True)
class _Size:
    """One figure of one return, and the logarithm of what it says."""

    returned: Return
    cell: ReadCell
    log: float


Sizes = Mapping[FigureName, Sequence[_Size]]


def siblings_are_alike(catalogue: Catalogue, returns: Sequence[Return]) -> Iterator[Finding]:
    """No figure is of quite another size than those of the other units of its level for the same period."""
    groups: dict[tuple[str, frozenset[str]], list[Return]] = {}
    for one in returns:
        if not one.support:
            groups.setdefault((one.period, _levels(catalogue, one)), []).append(one)
    for group in groups.values():
        if len(group) >= FEWEST_SIBLINGS:
            sizes = _sizes(catalogue, group)
            units = _sizes_of_units(catalogue, sizes)
            for found in sizes.values():
                yield from _outliers(catalogue, found, units)


def _levels(catalogue: Catalogue, one: Return) -> frozenset[str]:
    """The levels of units that fill every row which the return has: a commune's return is no sibling of a hamlet's."""
    codes = dict.fromkeys(cell.observation.indicator for cell in one.cells if not cell.observation.item)
    levels = [frozenset(catalogue.indicators[code].levels) for code in codes]
    return frozenset.intersection(*levels) if levels else frozenset()


def _sizes(catalogue: Catalogue, group: Sequence[Return]) -> Sizes:
    """The figures that enough of the returns give, by their name."""
    sizes: dict[FigureName, list[_Size]] = {}
    for returned in group:
        for cell in returned.cells:
            one = cell.observation
            if one.item or not one.value or one.value < 0 or one.measure not in FILLED_MEASURES:
                continue
            if catalogue.indicators[one.indicator].kind.is_numeric:
                sizes.setdefault(cell.name, []).append(_Size(returned, cell, math.log10(one.value)))
    return {name: found for name, found in sizes.items() if len(found) >= FEWEST_SIBLINGS}


def _adds_up(catalogue: Catalogue, cell: ReadCell) -> bool:
    indicator = catalogue.indicators[cell.observation.indicator]
    return indicator.aggregation in (Aggregation.SUM, Aggregation.COUNT) and indicator.kind is not Kind.PERCENT


def _sizes_of_units(catalogue: Catalogue, sizes: Sizes) -> dict[str, float]:
    """How far the figures of each return that add up usually lie from the middle, by file."""
    apart: dict[str, list[float]] = {}
    for found in sizes.values():
        if _adds_up(catalogue, found[0].cell):
            middle = median(one.log for one in found)
            for one in found:
                apart.setdefault(one.returned.file, []).append(one.log - middle)
    usual = {file: median(found) for file, found in apart.items() if len(found) >= FEWEST_SIBLINGS}
    return {file: size for file, size in usual.items() if abs(size) <= LARGEST_SIZE}


def _outliers(catalogue: Catalogue, found: Sequence[_Size], units: Mapping[str, float]) -> Iterator[Finding]:
    by_size = _adds_up(catalogue, found[0].cell)
    own = [units.get(one.returned.file, 0.0) if by_size else 0.0 for one in found]
    sizes = [one.log - size for one, size in zip(found, own, strict=True)]
    middle = median(sizes)
    spread = DEVIATIONS * median(abs(size - middle) for size in sizes)
    limit = max(UNUSUAL * spread, math.log10(LEAST_FACTOR))
    for one, size, unit in zip(found, sizes, own, strict=True):
        if abs(size - middle) > limit and not one.cell.is_live:
            usual = _Usual(len(found) - 1, middle + unit, max(spread, LEAST_SPREAD), bool(unit))
            yield _outlier_finding(catalogue, one, usual)


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


def _outlier_finding(catalogue: Catalogue, one: _Size, usual: _Usual) -> Finding:
    observation = one.cell.observation
    indicator, value = catalogue.indicators[observation.indicator], observation.value or 0.0
    powers = (power for factor in FACTORS for power in (math.log10(factor), -math.log10(factor)))
    likely = next((power for power in powers if abs(one.log - power - usual.middle) <= 2 * usual.spread), None)
    proposal = None if likely is None else float(exact(value).scaleb(-round(likely)))
    if proposal is not None and indicator.kind is Kind.COUNT:
        proposal = float(round(proposal))
    details = {
        "label": indicator.label,
        "measure": catalogue.headings.get(observation.measure, observation.measure),
        "unit": one.returned.unit_name or one.returned.unit,
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
        file=one.returned.file,
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
