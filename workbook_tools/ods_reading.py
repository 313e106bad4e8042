"""Reads an OpenDocument spreadsheet (ods, fods; LibreOffice, Google Sheets): one pass over the XML of its content."""

import lzma
import re
import struct
import zipfile
import zlib
from bisect import bisect_left
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from xml.parsers import expat

from workbook_tools.cell_collection import BookCollector, SheetCollector
from workbook_tools.cells import MAXIMUM_COLUMN, MAXIMUM_ROW, Position
from workbook_tools.errors import WorkbookReadError
from workbook_tools.excel_package import inspect_package
from workbook_tools.failure_reasons import ContentError, damaged_by
from workbook_tools.formula_notations import from_open_formula
from workbook_tools.number_formats import iso_duration, iso_moment
from workbook_tools.ods_styles import Styles
from workbook_tools.sheet_areas import Area
from workbook_tools.workbook_contents import CellContent, Scalar, WorkbookContent
from workbook_tools.xml_parsing import Attributes, parse_xml

_PREFIXES = {
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
    "urn:oasis:names:tc:opendocument:xmlns:dr3d:1.0": "draw",
}
_PASSED_BY = frozenset(
    {"annotation", "tracked-changes", "shapes", "dde-links", "forms", "ruby-text", "meta", "settings"}
)
"""Elements whose tables and texts are no content of cells."""

_MANIFEST = "META-INF/manifest.xml"
_CELLS = frozenset({"table-cell", "covered-table-cell"})
_ERROR = re.compile(r"#[A-Z0-9/]+[!?]?|Err:[0-9]{3}")
_BLANKS = re.compile(r"[ \t\r\n]+")
_FORMATS_OF_TYPES = {"percentage": "0.00%", "date": "dd/mm/yyyy", "time": "h:mm"}


def read_ods(path: Path) -> WorkbookContent:
    """All cells of a spreadsheet; raises WorkbookReadError with the code of a finding."""
    reader = _Reader()
    try:
        with zipfile.ZipFile(path) as package:
            inspect_package(package)
            names = package.namelist()
            if _MANIFEST in names and b"encryption-data" in package.read(_MANIFEST):
                raise WorkbookReadError("file.protected")
            if "styles.xml" in names:
                reader.parse(package.read("styles.xml"))
            reader.parse(package.read("content.xml"))
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        struct.error,
        EOFError,
        expat.ExpatError,
        LookupError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise damaged_by(error) from error
    return reader.book.workbook(path.name)


def read_fods(path: Path) -> WorkbookContent:
    """All cells of a spreadsheet in a single XML file; raises WorkbookReadError with the code of a finding."""
    reader = _Reader()
    try:
        reader.parse(path.read_bytes())
    except (expat.ExpatError, LookupError, ValueError, OSError) as error:
        raise damaged_by(error) from error
    return reader.book.workbook(path.name)


@dataclass
class _Row:
    """A row as it is being read: its cells with the columns each stands in."""

    repeated: int = 1
    is_hidden: bool = False
    style: str = ""
    column: int = 0
    cells: list[tuple[int, int, CellContent]] = field(default_factory=list)


class _Reader:
    """Collects styles, then sheets."""

    def __init__(self) -> None:
        self.book = BookCollector()
        self.styles = Styles()
        self.sheet: SheetCollector | None = None
        self.row = _Row()
        self.last_row = 0
        self.column_styles: list[tuple[int, str]] = []
        self.cell: Attributes | None = None
        self.passed_by = 0
        self.paragraphs: list[list[tuple[str, str]]] = []
        self.fonts: list[str] = []
        """Fonts of the letters being read, innermost last; empty outside of a paragraph."""

    def parse(self, data: bytes) -> None:
        """Take one part of the file."""
        self.book.expect(data.count(b"office:value-type="))
        parse_xml(data, self.start, self.end, self.characters, _PREFIXES)

    def start(self, name: str, attributes: Attributes) -> None:
        if self.passed_by or name in _PASSED_BY or name.startswith("draw:") or (name == "table" and self.cell):
            self.passed_by += 1
        elif self.sheet is None:
            if name == "table":
                self._start_sheet(attributes)
            else:
                self.styles.start(name, attributes)
        elif name == "table-column":
            self._take_columns(attributes)
        elif name == "table-row":
            visibility = attributes.get("visibility", "visible")
            self.sheet.is_filtered = self.sheet.is_filtered or visibility == "filter"
            hidden, style = visibility != "visible", attributes.get("default-cell-style-name", "")
            self.row = _Row(_repeated(attributes, "number-rows-repeated", MAXIMUM_ROW), hidden, style)
        elif name in _CELLS:
            if self.cell is not None:
                raise ContentError("ô nằm trong ô", "a cell within a cell")
            self.cell, self.paragraphs = attributes, []
        elif self.cell is not None:
            self._start_text(name, attributes)

    def end(self, name: str) -> None:
        if self.passed_by:
            self.passed_by -= 1
        elif self.sheet is None:
            self.styles.end(name)
        elif name == "table":
            self.sheet = None
        elif name == "table-row":
            self._finish_row(self.sheet)
        elif name in _CELLS and self.cell is not None:
            self._finish_cell(self.sheet, self.cell)
            self.cell = None
        elif name in ("p", "span") and self.fonts:
            self.fonts.pop()

    def characters(self, text: str) -> None:
        if self.fonts and not self.passed_by:
            self.paragraphs[-1].append((self.fonts[-1], _BLANKS.sub(" ", text)))

    def _start_sheet(self, attributes: Attributes) -> None:
        state = "hidden" if attributes.get("style-name", "") in self.styles.hidden else "visible"
        self.sheet = self.book.sheet(attributes.get("name", ""), state)
        self.last_row = 0
        self.column_styles = []

    def _take_columns(self, attributes: Attributes) -> None:
        first = self.column_styles[-1][0] + 1 if self.column_styles else 1
        last = min(first + _repeated(attributes, "number-columns-repeated", MAXIMUM_COLUMN) - 1, MAXIMUM_COLUMN)
        self.column_styles.append((last, attributes.get("default-cell-style-name", "")))
        if self.sheet is not None and attributes.get("visibility", "visible") != "visible":
            self.sheet.hidden_columns.update(range(first, last + 1))

    def _start_text(self, name: str, attributes: Attributes) -> None:
        if name == "p":
            self.paragraphs.append([])
            self.fonts.append("")
        elif self.fonts and name == "span":
            self.fonts.append(self.styles.font(attributes.get("style-name", ""), "text") or self.fonts[-1])
        elif self.fonts and name in ("s", "tab", "line-break"):
            blanks = {"tab": "\t", "line-break": "\n"}.get(name) or " " * _repeated(attributes, "c", 1000)
            self.paragraphs[-1].append((self.fonts[-1], blanks))

    def _finish_cell(self, sheet: SheetCollector, cell: Attributes) -> None:
        repeated = _repeated(cell, "number-columns-repeated", MAXIMUM_COLUMN)
        first = self.row.column + 1
        self.row.column += repeated
        for across_name, down_name, take in (
            ("number-columns-spanned", "number-rows-spanned", sheet.merge),
            ("number-matrix-columns-spanned", "number-matrix-rows-spanned", sheet.mark_array),
        ):
            if across_name in cell:
                across = _repeated(cell, across_name, MAXIMUM_COLUMN)
                down = _repeated(cell, down_name, MAXIMUM_ROW)
                take(Area(Position(self.last_row + 1, first), Position(self.last_row + down, first + across - 1)))
        if len(cell) > 1 or self.paragraphs:
            content = self._content(sheet, cell, first)
            if content.value is not None or content.formula:
                self.row.cells.append((first, self.row.column, content))

    def _content(self, sheet: SheetCollector, cell: Attributes, column: int) -> CellContent:
        style = cell.get("style-name") or self.row.style or self._column_style(column)
        kind = cell.get("value-type", "")
        text = sheet.shown(self.last_row + 1, column, self._pieces(style))
        formula = from_open_formula(cell["formula"]) if "formula" in cell else ""
        number_format = self.styles.number_format(style) or _FORMATS_OF_TYPES.get(kind, "General")
        if cell.get("calcext:value-type") == "error" or (formula and _ERROR.fullmatch(text)):
            return CellContent(text or "#N/A", formula, number_format, is_error=True)
        value = self._scalar(cell, kind, text)
        if value == "" and not (formula and self.paragraphs):
            value = None
        return CellContent(value, formula, number_format)

    def _column_style(self, column: int) -> str:
        place = bisect_left(self.column_styles, column, key=itemgetter(0))
        return self.column_styles[place][1] if place < len(self.column_styles) else ""

    def _scalar(self, cell: Attributes, kind: str, text: str) -> Scalar:
        if kind in ("float", "percentage", "currency") and "value" in cell:
            return self.book.number(float(cell["value"]), "General")
        if kind == "boolean":
            return cell.get("boolean-value", text).lower() == "true"
        if kind == "date" and "date-value" in cell:
            return _moment(cell["date-value"])
        if kind == "time" and "time-value" in cell:
            return iso_duration(cell["time-value"])
        return text or cell.get("string-value", "")

    def _pieces(self, style: str) -> list[tuple[str, str]]:
        """The pieces of the text of a cell with their fonts."""
        own = self.styles.font(style)
        pieces: list[tuple[str, str]] = []
        for number, paragraph in enumerate(self.paragraphs):
            if number:
                pieces.append(("\n", ""))
            pieces += [(text, font or own) for font, text in paragraph]
        return pieces

    def _finish_row(self, sheet: SheetCollector) -> None:
        row = self.row
        first, self.last_row = self.last_row + 1, self.last_row + row.repeated
        if not row.cells:
            return
        self.book.expect(row.repeated * sum(end - start + 1 for start, end, _ in row.cells))
        for number in range(first, self.last_row + 1):
            if row.is_hidden:
                sheet.hidden_rows.add(number)
            for start, end, content in row.cells:
                for column in range(start, end + 1):
                    sheet.put(number, column, content)


def _repeated(attributes: Attributes, name: str, most: int) -> int:
    if name not in attributes:
        return 1
    return min(max(int(attributes.get(name, 1)), 1), most)


def _moment(text: str) -> Scalar:
    """A date; a time of day where it stands on the first day of the calendar."""
    moment = iso_moment(text)
    return iso_moment(text[11:]) if text.startswith("1899-12-30T") else moment
