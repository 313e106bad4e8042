"""The cells of a return by the names of their figures, each made when it is asked for."""

from collections.abc import ItemsView, Iterator, Mapping
from functools import cached_property
from itertools import compress

from workbook_tools.cell_columns import Cells
from workbook_tools.cells import FigureName
from workbook_tools.read_cells import ReadCell


class CellsByName(Mapping[FigureName, ReadCell]):
    """The cells of a return by the names of their figures, in reading order; the last one of each name."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        places = cells.frame.places
        self._made: dict[FigureName, ReadCell] = {}
        self._is_each_once = len(places) == len(cells.frame)

    @cached_property
    def _all(self) -> dict[FigureName, ReadCell]:
        return {cell.name: cell for cell in self.cells}

    def __getitem__(self, name: FigureName) -> ReadCell:
        if not self._is_each_once:
            return self._all[name]
        found = self._made.get(name)
        if found is None:
            place = self.cells.frame.places[name]
            if not self.cells.are_here[place]:
                raise KeyError(name)
            found = self._made[name] = self.cells.cell(place)
        return found

    def __contains__(self, name: object) -> bool:
        if not self._is_each_once:
            return name in self._all
        places: Mapping[object, int] = self.cells.frame.places  # type: ignore[assignment]
        place = places.get(name)
        return place is not None and bool(self.cells.are_here[place])

    def __iter__(self) -> Iterator[FigureName]:
        if not self._is_each_once:
            return iter(self._all)
        return compress(self.cells.frame.places, self.cells.are_here.tolist())

    def items(self) -> ItemsView[FigureName, ReadCell]:
        """All of them, made at once."""
        return self._all.items()

    def __len__(self) -> int:
        return len(self.cells) if self._is_each_once else len(self._all)
