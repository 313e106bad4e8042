"""Reads an old workbook (xls; Excel 5 to 2003, WPS), its cells with formats, fonts and formulas."""

import io
import struct
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.cell_collection import BookCollector, SheetCollector
from workbook_tools.cells import Position
from workbook_tools.failure_reasons import ContentError, damaged_by
from workbook_tools.formula_tokens import ERROR_TEXTS
from workbook_tools.ole_directory import OLE_SIGNATURE, read_stream
from workbook_tools.sheet_areas import Area
from workbook_tools.workbook_contents import CellContent, Scalar, WorkbookContent
from workbook_tools.xls_records import SheetRecords, WorkbookRecords, read_records

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet

_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = 1, 2, 3, 4, 5
_FILLED = frozenset((_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR))
_STATES = ("visible", "hidden", "veryHidden")


class _Nowhere(io.TextIOBase):
    """Takes what the library prints and keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)


def read_xls(path: Path) -> WorkbookContent:
    """All cells of a workbook; raises WorkbookReadError with the code of a finding."""
    from xlrd.biffh import XLRDError

    try:
        return _read(path)
    except (
        XLRDError,
        struct.error,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        AssertionError,
        ArithmeticError,
        RecursionError,
        MemoryError,
        NotImplementedError,
        OSError,
    ) as error:  # what the library raises on damaged files
        raise damaged_by(error) from error


def _read(path: Path) -> WorkbookContent:
    from xlrd.book import open_workbook_xls

    counted = BookCollector()
    records = read_records(_stream(path.read_bytes()), counted)
    library = open_workbook_xls(
        logfile=_Nowhere(), file_contents=records.stream, formatting_info=True, ragged_rows=True, on_demand=True
    )
    if library.biff_version < 50 or library.nsheets != len(records.sheets):
        raise ContentError("số trang tính không khớp", "another number of sheets than it lists")
    return _Reader(library, records).book.workbook(path.name)


def _stream(data: bytes) -> bytes:
    """The workbook inside a compound file, or the file itself if it is no compound file."""
    return read_stream(data, "workbook", "book") if data.startswith(OLE_SIGNATURE) else data


class _Reader:
    """Puts what the library knows and what the records tell together."""

    def __init__(self, library: "Book", records: WorkbookRecords) -> None:
        self.library = library
        self.book = BookCollector(epoch=1904 if library.datemode else 1900)
        self.format_and_font = cache(self._format_and_font)
        for number, told in enumerate(records.sheets):
            self._read_sheet(library.sheet_by_index(number), told)
            library.unload_sheet(number)

    def _read_sheet(self, sheet: "Sheet", told: SheetRecords) -> None:
        state = _STATES[sheet.visibility] if 0 <= sheet.visibility < len(_STATES) else "visible"
        target = self.book.sheet(sheet.name, state)
        target.is_filtered = told.is_filtered
        target.hidden_rows.update(row + 1 for row, one in sheet.rowinfo_map.items() if one.hidden)
        target.hidden_columns.update(column + 1 for column, one in sheet.colinfo_map.items() if one.hidden)
        for top, below, left, beyond in sheet.merged_cells:
            target.merge(Area(Position(top + 1, left + 1), Position(below, beyond)))
        for row in range(sheet.nrows):
            for column, kind in enumerate(sheet.row_types(row)):
                if kind not in _FILLED:
                    continue
                self._read_cell(sheet, target, told, row, column, kind)
        for position, formula in told.formulas.items():
            if position not in target.cells:
                target.put(*position, CellContent(None, formula))

    def _read_cell(
        self, sheet: "Sheet", target: SheetCollector, told: SheetRecords, row: int, column: int, kind: int
    ) -> None:
        position = Position(row + 1, column + 1)
        formula = told.formulas.get(position, "")
        number_format, font = self.format_and_font(sheet.cell_xf_index(row, column))
        value = sheet.cell_value(row, column)
        scalar: Scalar = None
        if kind == _TEXT and (value or formula):
            pieces = self._pieces(value, font, sheet.rich_text_runlist_map.get((row, column), ()))
            scalar = None if not value and position in told.textless else target.shown(*position, pieces)
        elif kind in (_NUMBER, _DATE):
            scalar = self.book.number(float(value), number_format)
        elif kind == _BOOLEAN:
            scalar = bool(value)
        elif kind == _ERROR:
            scalar = ERROR_TEXTS.get(int(value), "#N/A")
        target.put(*position, CellContent(scalar, formula, number_format, kind == _ERROR))

    def _format_and_font(self, style: int) -> tuple[str, str]:
        if not 0 <= style < len(self.library.xf_list):
            return "General", ""
        known = self.library.xf_list[style]
        listed = self.library.format_map.get(known.format_key)
        number_format = (listed and listed.format_str) or "General"
        return "General" if number_format.lower() == "general" else number_format, self._font(known.font_index)

    def _font(self, number: int) -> str:
        """Name of a font; some programs name one that is not there."""
        fonts = self.library.font_list
        return fonts[number].name if 0 <= number < len(fonts) else ""

    def _pieces(self, text: str, font: str, runs: Sequence[tuple[int, int]]) -> Iterable[tuple[str, str]]:
        """The pieces of a text; each run of letters has its own font."""
        if not runs:
            return ((text, font),)
        starts = [(0, font), *((start, self._font(number)) for start, number in runs)]
        ends = [start for start, _ in starts[1:]] + [len(text)]
        return ((text[start:end], one) for (start, one), end in zip(starts, ends, strict=True))
