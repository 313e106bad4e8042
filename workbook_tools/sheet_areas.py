"""Areas of a sheet: what stands under merged cells and is not seen, and the members of array formulas."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from workbook_tools.cells import Position, parse_position
from workbook_tools.failure_reasons import too_many
from workbook_tools.readings import Note
from workbook_tools.workbook_contents import UNKNOWN_FORMULA, CellContent, Scalar

MAXIMUM_STEPS = 3_000_000
"""How many cells are looked at in the areas of one sheet; those of an honest form are a hundredth of it."""


class Area(NamedTuple):
    """A rectangle of cells by its first and its last."""

    first: Position
    last: Position

    @property
    def name(self) -> str:
        """``B2:C5``"""
        return f"{self.first.name}:{self.last.name}"


def parse_area(name: str) -> Area:
    """The area of ``B2:C5`` or ``B2``; ValueError if it is none."""
    start, _, end = name.partition(":")
    one, other = parse_position(start), parse_position(end or start)
    first = Position(min(one.row, other.row), min(one.column, other.column))
    return Area(first, Position(max(one.row, other.row), max(one.column, other.column)))


class FilledCells:
    """The cells of a sheet by row, to find those of an area however large it is."""

    def __init__(self, cells: Iterable[Position]) -> None:
        self._rows: dict[int, list[Position]] = {}
        for position in sorted(cells):
            self._rows.setdefault(position.row, []).append(position)
        self._steps = MAXIMUM_STEPS

    def within(self, area: Area) -> Iterator[Position]:
        """The filled cells of an area but its first."""
        (top, left), (bottom, right) = area
        wide = bottom - top >= len(self._rows)
        for row in list(self._rows) if wide else range(top, bottom + 1):
            found = self._rows.get(row, []) if top <= row <= bottom else []
            self._steps -= 1 + len(found)
            if self._steps < 0:
                raise too_many(MAXIMUM_STEPS, "ô trong các vùng gộp", "cells in merged areas")
            yield from (one for one in found if left <= one.column <= right and one != area.first)


def take_hidden_values(sheet: str, cells: dict[Position, CellContent], areas: Iterable[Area]) -> Iterator[Note]:
    """Remove what merged areas hide from ``cells``; a note for each area in which that is more than its first cell."""
    areas = list(areas)
    filled = FilledCells(cells if areas else ())
    for area in areas:
        shown = cells.get(area.first)
        hidden = {position: cells.pop(position) for position in filled.within(area) if position in cells}
        told = {position.name: _shown(one) for position, one in hidden.items() if not _is_repeated(one, shown)}
        if told:
            values = "; ".join(f"{name}: {value}" for name, value in list(told.items())[:20])
            more = "; …" if len(told) > 20 else ""
            details = {"sheet": sheet, "cell": next(iter(told)), "area": area.name, "values": values + more}
            yield Note("structure.value_under_merge", details)


def mark_members(cells: dict[Position, CellContent], areas: Iterable[Area]) -> None:
    """Members of an array formula or data table hold results: the formula stands in the first cell only."""
    areas = list(areas)
    filled = FilledCells(cells if areas else ())
    for area in areas:
        for position in filled.within(area):
            if not cells[position].formula:
                cells[position] = cells[position]._replace(formula=UNKNOWN_FORMULA)


def _is_repeated(hidden: CellContent, shown: CellContent | None) -> bool:
    """A text repeated under its merged cell tells nothing new, nor does an empty one."""
    if hidden.value is None or isinstance(hidden.value, str):
        return not (hidden.value or "").strip() or (shown is not None and hidden.value == shown.value)
    return False


def _shown(content: CellContent) -> Scalar:
    value = content.value
    return str(value).replace(".", ",") if isinstance(value, float) else value


def covered(intervals: Iterable[tuple[int, int]]) -> frozenset[int]:
    """The numbers of all intervals.

    >>> sorted(covered([(2, 3), (1, 2)]))
    [1, 2, 3]
    """
    numbers: set[int] = set()
    end = 0
    for first, last in sorted(intervals):
        numbers.update(range(max(first, end + 1), last + 1))
        end = max(end, last)
    return frozenset(numbers)


def areas_of(names: Mapping[str, None]) -> Iterator[Area]:
    """The areas of more than one cell; a name that is none covers nothing."""
    for name in names:
        try:
            area = parse_area(name)
        except ValueError:
            continue
        if area.first != area.last:
            yield area
