"""Which cells stand beside each other in the form: where fingers and pastes go astray."""

from collections.abc import Iterator
from functools import cached_property

from workbook_tools.cells import FigureName, Position, parse_position
from workbook_tools.indicators import Role
from workbook_tools.rules import FILLED_MEASURES
from workbook_tools.subject import Subject

NEAR_ROWS = 3
"""Rows between two cells of a column that are still taken for neighbours: headings and formulas stand between."""


class Neighbourhood:
    """The typed cells of the indicator blocks of one return, by place; blank ones included."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject

    @cached_property
    def places(self) -> dict[FigureName, tuple[str, Position]]:
        """Sheet and position of the cells that are to be typed."""
        found = {}
        for name, cell in self.subject.cells.items():
            indicator = self.subject.catalogue.indicators.get(name.indicator)
            numeric = indicator is not None and indicator.kind.is_numeric and name.measure in FILLED_MEASURES
            if numeric and not name.item and cell.role is Role.INPUT and cell.observation.cell:
                found[name] = cell.observation.sheet, parse_position(cell.observation.cell)
        return found

    @cached_property
    def columns(self) -> dict[tuple[str, int], list[FigureName]]:
        """Cells of each column of each sheet from top to bottom."""
        columns: dict[tuple[str, int], list[FigureName]] = {}
        for name, (sheet, position) in sorted(self.places.items(), key=lambda one: one[1]):
            columns.setdefault((sheet, position.column), []).append(name)
        return columns

    def column_of(self, name: FigureName) -> list[FigureName]:
        """The column a cell stands in."""
        sheet, position = self.places[name]
        return self.columns[sheet, position.column]

    def above_and_below(self, name: FigureName) -> Iterator[FigureName]:
        """The cells next to it in its column."""
        if name in self.places:
            column, row = self.column_of(name), self.places[name][1].row
            place = column.index(name)
            for other in column[max(0, place - 1) : place] + column[place + 1 : place + 2]:
                if abs(self.places[other][1].row - row) <= NEAR_ROWS:
                    yield other

    def beside(self, name: FigureName) -> Iterator[FigureName]:
        """The cells of the same row under other measures."""
        if name in self.places:
            others = (FigureName(name.indicator, measure) for measure in FILLED_MEASURES if measure != name.measure)
            yield from (other for other in others if other in self.places)

    def runs(self, start: FigureName, direction: int) -> Iterator[list[FigureName]]:
        """Runs of cells of a column that begin with one and go on without a gap, shortest first."""
        column = self.column_of(start)[:: 1 if direction > 0 else -1]
        run = column[column.index(start) :]
        for count in range(1, len(run)):
            rows = [self.places[one][1].row for one in run[count - 1 : count + 1]]
            if abs(rows[1] - rows[0]) > NEAR_ROWS:
                return
            yield run[: count + 1]
