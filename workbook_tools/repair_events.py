"""Mistakes that put several numbers wrong at once: two cells exchanged, rows shifted, a figure in the wrong column."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from workbook_tools.cell_neighbours import Neighbourhood
from workbook_tools.cells import FigureName
from workbook_tools.exact_figures import Changes, ExactFigures
from workbook_tools.number_slips import SHARES, Slip
from workbook_tools.repair_values import present
from workbook_tools.rules import FILLED_MEASURES


@dataclass(frozen=True, slots=True)
class Event:
    """What the cells should say if it happened; the number of ``open_cell`` was lost and is not known."""

    kind: Slip
    cells: Changes
    open_cell: FigureName | None
    share: float


def events_around(figures: ExactFigures, neighbours: Neighbourhood, names: Iterable[FigureName]) -> Iterator[Event]:
    """The mistakes that may have put some cells wrong."""
    columns: dict[FigureName, None] = {}
    for name in names:
        if name in neighbours.places:
            yield from _exchanges(figures, neighbours, name)
            yield from _wrong_columns(figures, neighbours, name)
            columns[neighbours.column_of(name)[0]] = None
    for first in columns:
        yield from _shifts(figures, neighbours, neighbours.column_of(first))


def _is_number(figures: ExactFigures, name: FigureName) -> bool:
    return figures.typed(name) is not None and not isinstance(figures.typed(name), str)


def _exchanges(figures: ExactFigures, neighbours: Neighbourhood, name: FigureName) -> Iterator[Event]:
    for other in (*neighbours.above_and_below(name), *neighbours.beside(name)):
        one, two = present(figures, name), present(figures, other)
        if one != two and _is_number(figures, name) and _is_number(figures, other):
            share = SHARES[Slip.SWAPPED_CELLS] / (5 if _adjoin(name, other) else 50)
            yield Event(Slip.SWAPPED_CELLS, {name: two, other: one}, None, share)


def _adjoin(one: FigureName, other: FigureName) -> bool:
    """Whether no other column to be typed lies between two cells."""
    places = [FILLED_MEASURES.index(name.measure) for name in (one, other)]
    return abs(places[0] - places[1]) <= 1


def _wrong_columns(figures: ExactFigures, neighbours: Neighbourhood, name: FigureName) -> Iterator[Event]:
    for other in neighbours.beside(name):
        for full, blank in ((name, other), (other, name)):
            if figures.typed(blank) is None and _is_number(figures, full):
                cells = {blank: present(figures, full), full: None}
                yield Event(Slip.WRONG_COLUMN, cells, full, SHARES[Slip.WRONG_COLUMN] / 3)


def _shifts(figures: ExactFigures, neighbours: Neighbourhood, column: list[FigureName]) -> Iterator[Event]:
    """Rows pasted one row too low leave the first blank, and the last number in the place of another."""
    for blank in column:
        if figures.typed(blank) is not None:
            continue
        for direction in (1, -1):
            for run in neighbours.runs(blank, direction):
                if figures.typed(run[-1]) is None:
                    break
                cells = {one: present(figures, following) for one, following in pairwise(run)}
                yield Event(Slip.SHIFTED_ROWS, {**cells, run[-1]: None}, run[-1], SHARES[Slip.SHIFTED_ROWS] / 10)
