"""Comparisons over the units that have both figures: what is left of a ratio where some units lack one side.

Empty is not zero: a unit without last year's figure, or without this year's, is named and left out on both sides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbook_tools.cell_columns import Cells
from workbook_tools.cells import FigureName
from workbook_tools.consolidated import Consolidation, shown_units
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Indicator
from workbook_tools.live_cells import is_open
from workbook_tools.readings import Status
from workbook_tools.subtotals import Subtotal, subtotal
from workbook_tools.units import Unit
from workbook_tools.vectors import Flags

ACTUAL = "actual"
BASES = ("plan", "prior")
"""What this year is compared with, in the order of the columns."""

SILENT = "chưa nộp"
REASONS = {
    Status.NOT_APPLICABLE: "không áp dụng",
    Status.NOT_AVAILABLE: "ghi chưa có số liệu",
    Status.SEPARATE_REPORT: "ghi có báo cáo riêng",
    Status.UNREADABLE: "không đọc được",
}
"""Why a unit has no figure, by what stands in its cell; by default the cell is blank, or its formula has no result."""

SIDES = {"prior": "số năm trước", "plan": "số kế hoạch", ACTUAL: "số thực hiện"}
PARTIAL = "có phần chỉ có số ở một bên"
INSIDE = "hai số của các đơn vị bên trong không cùng đơn vị"
MOST_NAMES, MOST_REMARKED = 8, 3


class LeftOut(NamedTuple):
    """A unit that cannot be compared, and why."""

    unit: Unit
    reason: str


@dataclass(frozen=True)
class Units:
    """The units whose returns make up a total, and what they say of figures that they have not."""

    result: Consolidation

    @cached_property
    def all(self) -> tuple[Unit, ...]:
        """The units in the order of the tree."""
        return tuple(shown_units(self.result))

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """Their rows in the cube."""
        known = {code: row for row, code in enumerate(self.result.cube.units)}
        return np.array([known[unit.code] for unit in self.all], dtype=np.intp)

    def have(self, column: int) -> Flags:
        """Which of them have a number, or say that there is nothing."""
        cube = self.result.cube
        have: Flags = cube.filled[self.rows, column].copy()
        for place in np.flatnonzero(have & np.isnan(cube.number[self.rows, column])).tolist():
            have[place] = not cube.text.get((int(self.rows[place]), column))
        return have

    def partial(self, indicator: Indicator, base: str) -> Flags:
        """Which of them have a part of the figure on one side only: 3 parts of 5 against all of them are no change."""
        figures = Figure(indicator.code, base), Figure(indicator.code, ACTUAL)
        differ: Flags = np.zeros(len(self.rows), dtype=bool)
        first, second = (self._typed_parts(figure) for figure in figures)
        if first != second:
            return differ
        cube = self.result.cube
        for code in first:
            columns = [cube.index[Figure(code, measure)] for measure in (base, ACTUAL)]
            differ |= self.have(columns[0]) != self.have(columns[1])
        for figure in figures:
            differ &= ~cube.stands[self.rows, cube.index[figure]]
        return differ

    def _typed_parts(self, figure: Figure) -> frozenset[str]:
        """The typed figures of the same measure that a figure is made of; none for a typed one."""
        parts = self.result.catalogue.parts
        found: set[str] = set()
        waiting, seen = [figure], {figure}
        while waiting:
            one = waiting.pop()
            if one not in parts and one != figure:
                found.add(one.indicator)
            below = {part for part in parts.get(one, ((), ()))[0] if part.measure == figure.measure} - seen
            waiting.extend(below)
            seen |= below
        return frozenset(found)

    def reason(self, unit: Unit, figures: Sequence[Figure]) -> str:
        """Why a unit has none of some figures; empty for no figures."""
        if unit.code not in self._sent:
            return SILENT
        return "; ".join(self._reason(unit, figure) for figure in figures)

    def _reason(self, unit: Unit, figure: Figure) -> str:
        name, side = FigureName(figure.indicator, figure.measure), SIDES[figure.measure]
        for cells in self._cells.get(unit.code, ()):
            place = cells.frame.places.get(name)
            status = None if place is None else Status(cells.cell(place).observation.status)
            if status in REASONS:
                return f"{side} {REASONS[status]}"
        return f"chưa có {side}"

    @cached_property
    def _sent(self) -> frozenset[str]:
        return frozenset(one.unit for one in self.result.returns)

    @cached_property
    def _cells(self) -> Mapping[str, Sequence[Cells]]:
        """What each unit says."""
        found: dict[str, list[Cells]] = {}
        for one in self.result.returns:
            found.setdefault(one.unit, []).append(one.columns)
        return found

    def compared(self, indicator: Indicator, base: str) -> "Compared":
        """The units that have this year's figure and the one of the measure ``base``."""
        cube = self.result.cube
        figures = Figure(indicator.code, base), Figure(indicator.code, ACTUAL)
        columns = [cube.index[figure] for figure in figures]
        both: Flags = self.have(columns[0]) & self.have(columns[1])
        first, second = (cube.signature[self.rows, column] for column in columns)
        partial = self.partial(indicator, base)
        return Compared(self, *figures, both & (first == second) & ~partial, partial)


@dataclass(frozen=True)
class Compared:
    """This year's figure and another of the same indicator, and which units have both of them."""

    of: Units
    base: Figure
    actual: Figure
    both: Flags
    partial: Flags
    """Which units have a part of it on one side only."""

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The units that have both figures."""
        return tuple(unit for unit, both in zip(self.of.all, self.both, strict=True) if both)

    @cached_property
    def total(self) -> Subtotal:
        """What the units that have both come to."""
        return subtotal(self.of.result.catalogue, self.of.result.cube, self.of.rows[self.both].tolist())

    @cached_property
    def left_out(self) -> tuple[LeftOut, ...]:
        """The units that have not both, each with the reason."""
        index = self.of.result.cube.index
        lacking = {figure: ~self.of.have(index[figure]) for figure in (self.base, self.actual)}
        found = []
        for place in np.flatnonzero(~self.both).tolist():
            figures = [figure for figure, lacks in lacking.items() if lacks[place]]
            reason = self.of.reason(self.of.all[place], figures)
            found.append(LeftOut(self.of.all[place], reason or (PARTIAL if self.partial[place] else INSIDE)))
        return tuple(found)

    @property
    def one_sided(self) -> list[Unit]:
        """The units left out although they have one of the figures."""
        cube = self.of.result.cube
        columns = [cube.index[self.base], cube.index[self.actual]]
        some = cube.filled[self.of.rows][:, columns].any(axis=1) & ~self.both
        return [unit for unit, wanted in zip(self.of.all, some, strict=True) if wanted]

    @property
    def reported(self) -> int:
        """How many units are compared, those inside consolidated returns included."""
        return max(self.total.reported(self.actual), len(self.units))


class LikeForLike(NamedTuple):
    """This year's total and the one it is compared with, both of the units that have both."""

    base: float
    actual: float
    ratio: float
    compared: Compared

    @property
    def support(self) -> str:
        """How many units of how many are compared, ``11/12``."""
        expected = self.compared.of.result.support(self.compared.actual).expected
        return f"{self.compared.reported}/{expected}"

    @property
    def remark(self) -> str:
        """Who is left out for want of one of the figures, for the notes."""
        return listed([unit.name for unit in self.compared.one_sided], MOST_REMARKED)


def like_for_like(units: Units, indicator: Indicator, base: str) -> LikeForLike | None:
    """The comparison of the same units; None where the plain one is of the same units anyway, or there is none."""
    result = units.result
    figures = Figure(indicator.code, base), Figure(indicator.code, ACTUAL)
    shown = (*figures, Figure(indicator.code, "plan_ratio")) if base == "plan" else figures
    if not indicator.kind.is_numeric or not all(is_open(result, figure) for figure in shown):
        return None
    cube, columns = result.cube, [result.cube.index[figure] for figure in figures]
    first, second = (cube.signature[result.row, column] for column in columns)
    is_plain = first == second and cube.filled[result.row, columns].all()
    if is_plain and not units.partial(indicator, base).any():
        return None
    compared = units.compared(indicator, base)
    if not compared.both.any() or not compared.one_sided:
        return None
    before, after = (compared.total.number(figure) for figure in figures)
    if before is None or after is None or before == 0:
        return None
    return LikeForLike(before, after, after / before * 100, compared)


Ratios = Mapping[str, Mapping[str, LikeForLike]]
"""By measure that this year is compared with, and by code of indicator."""


def same_unit_ratios(result: Consolidation) -> Ratios:
    """All comparisons that stand beside plain ones."""
    units = Units(result)
    found: dict[str, dict[str, LikeForLike]] = {}
    for base in BASES:
        chosen = [one for one in result.catalogue.indicators.values() if {base, ACTUAL} <= one.cells.keys()]
        ratios = ((one.code, like_for_like(units, one, base)) for one in chosen)
        found[base] = {code: ratio for code, ratio in ratios if ratio is not None}
    return found


def names_of(left_out: Sequence[LeftOut]) -> str:
    """Who cannot be compared, by reason: ``chưa có số năm trước: TDP 5; chưa nộp: TDP 7, TDP 8``."""
    by_reason: dict[str, list[str]] = {}
    for one in left_out:
        by_reason.setdefault(one.reason, []).append(one.unit.name)
    return "; ".join(f"{reason}: {listed(names)}" for reason, names in by_reason.items())


def listed(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """Names after each other, no more than so many, then how many others.

    >>> listed(["TDP 1", "TDP 2", "TDP 3"], 1)
    'TDP 1 và 2 đơn vị khác'
    """
    rest = len(names) - most
    return f"{', '.join(names[:most])} và {rest} đơn vị khác" if rest > 0 else ", ".join(names)
