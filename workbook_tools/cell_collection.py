"""Collects the filled cells of a workbook while it is read: one set of limits, one kind of number for every format."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workbook_tools.cell_texts import looks_encoded
from workbook_tools.cells import MAXIMUM_COLUMN, MAXIMUM_ROW, Position
from workbook_tools.excel_sheets import AREAS, FILLED_CELLS, MAXIMUM_AREAS
from workbook_tools.failure_reasons import past_the_grid, too_many
from workbook_tools.legacy_encodings import unicode_text
from workbook_tools.number_formats import is_date_format, serial_moment
from workbook_tools.readings import Note
from workbook_tools.sheet_areas import Area, mark_members, take_hidden_values
from workbook_tools.workbook_contents import CellContent, Scalar, SheetContent, WorkbookContent

_FIRST_INEXACT = 2**53


MAXIMUM_CELLS = 200_000
"""Fewer than of an Office Open XML workbook: no consolidated workbook of thousands of units comes in other formats."""


@dataclass
class SheetCollector:
    """One sheet as it is being read."""

    book: "BookCollector"
    name: str
    state: str = "visible"
    cells: dict[Position, CellContent] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_filtered: bool = False
    _merged: list[Area] = field(default_factory=list)
    _arrays: list[Area] = field(default_factory=list)
    _encoded: dict[str, list[Position]] = field(default_factory=dict)

    def put(self, row: int, column: int, content: CellContent) -> None:
        """Keep a cell; one of nothing is left out. ValueError past the grid."""
        if content.value is None and not content.formula:
            return
        if not (1 <= row <= MAXIMUM_ROW and 1 <= column <= MAXIMUM_COLUMN):
            raise past_the_grid(row, column)
        if isinstance(content.value, float) and not math.isfinite(content.value):
            content = CellContent("#NUM!", content.formula, content.number_format, is_error=True)
        if self.book.count >= self.book.room:
            raise too_many(self.book.room, *FILLED_CELLS)
        self.book.count += 1
        self.cells[Position(row, column)] = content

    def merge(self, area: Area) -> None:
        """Remember a merged area; what stands in it is seen in its first cell only."""
        self._add_area(self._merged, area)

    def mark_array(self, area: Area) -> None:
        """Remember the area of an array formula; what stands in it are its results."""
        self._add_area(self._arrays, area)

    def _add_area(self, areas: list[Area], area: Area) -> None:
        if area.first != area.last:
            if len(areas) >= MAXIMUM_AREAS:
                raise too_many(MAXIMUM_AREAS, *AREAS)
            areas.append(area)

    def shown(self, row: int, column: int, pieces: Iterable[tuple[str, str]]) -> str:
        """The text of a cell as the official sees it; ``pieces`` of it with their fonts, empty where none is known."""
        pieces = list(pieces)
        stored = "".join([text for text, _ in pieces])
        if stored.isascii():
            return stored  # The same in every encoding.
        stored, shown = "", ""
        for text, font in pieces:
            stored += text
            shown += unicode_text(text, font) if font else text
        has_old_font = shown != stored
        if has_old_font or looks_encoded(stored):
            code = "structure.legacy_font" if has_old_font else "structure.maybe_legacy_font"
            self._encoded.setdefault(code, []).append(Position(row, column))
        return shown

    def content(self) -> tuple[SheetContent, list[Note]]:
        """The sheet, read to its end, and what is to be told about it."""
        mark_members(self.cells, self._arrays)
        notes = list(take_hidden_values(self.name, self.cells, self._merged))
        for code, positions in self._encoded.items():
            details = {"sheet": self.name, "cell": min(positions).name, "count": len(positions)}
            notes.append(Note(code, details))
        rows, columns = frozenset(self.hidden_rows), frozenset(self.hidden_columns)
        merged = tuple(self._merged)
        return SheetContent(self.name, self.state, self.cells, rows, columns, self.is_filtered, merged), notes


@dataclass
class BookCollector:
    """A workbook as it is being read; its sheets share one limit."""

    epoch: int = 1900
    sheets: list[SheetCollector] = field(default_factory=list)
    count: int = 0
    room: int = field(default_factory=lambda: MAXIMUM_CELLS)

    def sheet(self, name: str, state: str = "visible") -> SheetCollector:
        """A new sheet, the last one so far."""
        self.sheets.append(SheetCollector(self, name, state))
        return self.sheets[-1]

    def count_cells(self, number: int) -> None:
        """Count cells that are there now."""
        self.expect(number)
        self.count += number

    def expect(self, number: int) -> None:
        """Refuse a workbook of too many cells before they are made."""
        if self.count + number > self.room:
            raise too_many(self.room, *FILLED_CELLS)

    def number(self, number: float, number_format: str) -> Scalar:
        """What a number of a cell is: a whole number, any other, or the moment that its format shows."""
        if is_date_format(number_format):
            return serial_moment(number, self.epoch)
        return int(number) if number.is_integer() and abs(number) < _FIRST_INEXACT else number

    def workbook(self, name: str, notes: Sequence[Note] = ()) -> WorkbookContent:
        """The workbook, read to its end."""
        contents = [sheet.content() for sheet in self.sheets]
        told = (note for _, of_sheet in contents for note in of_sheet)
        return WorkbookContent(name, tuple(sheet for sheet, _ in contents), (*notes, *told))
