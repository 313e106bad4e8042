"""Reads a spreadsheet in the XML of Excel 2003 (SpreadsheetML), often sent under the name of an ``.xls``."""

import datetime
from bisect import bisect_left
from operator import itemgetter
from pathlib import Path
from xml.parsers import expat

from workbook_tools.cell_collection import BookCollector, SheetCollector
from workbook_tools.cells import MAXIMUM_COLUMN, Position
from workbook_tools.failure_reasons import ContentError, damaged_by
from workbook_tools.formula_notations import from_row_column
from workbook_tools.number_formats import iso_moment
from workbook_tools.sheet_areas import Area, parse_area
from workbook_tools.workbook_contents import CellContent, Scalar, WorkbookContent
from workbook_tools.xml_parsing import Attributes, parse_xml

_PREFIXES = {"http://www.w3.org/TR/REC-html40": "html"}
_STATES = {"SheetHidden": "hidden", "SheetVeryHidden": "veryHidden"}
_NAMED_FORMATS = {
    "Percent": "0.00%", "Fixed": "0.00", "Standard": "#,##0.00", "Currency": "#,##0.00", "Euro Currency": "#,##0.00",
    "Scientific": "0.00E+00", "General Number": "General", "General Date": "dd/mm/yyyy h:mm",
    "Long Date": "d mmmm yyyy", "Medium Date": "d-mmm-yy", "Short Date": "dd/mm/yyyy", "Long Time": "h:mm:ss",
    "Medium Time": "h:mm AM/PM", "Short Time": "h:mm", "Yes/No": "General", "True/False": "General",
    "On/Off": "General",
}  # fmt: skip
_MOST_PARENTS = 20
_FIRST_DAYS = (datetime.date(1899, 12, 30), datetime.date(1899, 12, 31), datetime.date(1904, 1, 1))
"""What stands for no day at all, where a cell holds a time of day."""


def read_spreadsheetml(path: Path) -> WorkbookContent:
    """All cells of a workbook; raises WorkbookReadError with the code of a finding."""
    reader = _Reader()
    try:
        data = path.read_bytes()
        reader.book.expect(data.count(b"<Data "))
        parse_xml(data, reader.start, reader.end, reader.characters, _PREFIXES)
    except (expat.ExpatError, LookupError, ValueError, OSError) as error:
        raise damaged_by(error) from error
    return reader.book.workbook(path.name)


class _Reader:
    """Collects styles, then sheets."""

    def __init__(self) -> None:
        self.book = BookCollector()
        self.styles: dict[str, Attributes] = {}
        self.style: Attributes = {}
        self.sheet: SheetCollector | None = None
        self.row = self.row_span = self.column = self.next_column = self.table_column = 0
        self.table_style = self.row_style = ""
        self.column_styles: list[tuple[int, str]] = []
        self.cell: Attributes | None = None
        self.kind = ""
        self.text: list[str] = []
        self.is_data = self.is_comment = self.is_visibility = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Style":
            self.style = self.styles[attributes.get("ID", "")] = {"parent": attributes.get("Parent", "")}
        elif name == "NumberFormat":
            self.style["format"] = attributes.get("Format", "General")
        elif name == "Font" and self.sheet is None:
            self.style["font"] = attributes.get("FontName", "")
        elif name == "Worksheet":
            self.sheet = self.book.sheet(attributes.get("Name", ""))
            self.row = self.table_column = 0
        elif name == "Comment":
            self.is_comment = True
        elif self.sheet is not None and not self.is_comment:
            self._start_content(self.sheet, name, attributes)

    def _start_content(self, sheet: SheetCollector, name: str, attributes: Attributes) -> None:
        if name == "Table":
            self.table_style, self.column_styles = attributes.get("StyleID", ""), []
        elif name == "Column":
            first = int(attributes.get("Index", self.table_column + 1))
            if first > self.table_column + 1:
                self.column_styles.append((first - 1, ""))
            self.table_column = min(first + int(attributes.get("Span", 0)), MAXIMUM_COLUMN)
            self.column_styles.append((self.table_column, attributes.get("StyleID", "")))
            if attributes.get("Hidden") == "1":
                sheet.hidden_columns.update(range(max(first, 1), self.table_column + 1))
        elif name == "Row":
            self.row = int(attributes.get("Index", self.row + 1))
            self.row_span = int(attributes.get("Span", 0))
            self.row_style = attributes.get("StyleID", "")
            self.next_column = 1
            if attributes.get("Hidden") == "1":
                sheet.hidden_rows.add(self.row)
        elif name == "Cell":
            if self.cell is not None:
                raise ContentError("ô nằm trong ô", "a cell within a cell")
            self.cell = attributes
            self.column = int(attributes.get("Index", self.next_column))
            self.next_column = self.column + 1 + int(attributes.get("MergeAcross", 0))
            self.kind, self.text = "", []
        elif name == "Data" and self.cell is not None:
            self.kind, self.is_data = attributes.get("Type", "String"), True
        elif name == "html:Data" and self.cell is not None:
            self.kind, self.is_data = "String", True
        elif name == "Visible":
            self.text, self.is_visibility = [], True

    def end(self, name: str) -> None:
        if name == "Comment":
            self.is_comment = False
        elif name in ("Data", "html:Data"):
            self.is_data = False
        elif name == "Cell" and self.cell is not None and self.sheet is not None:
            self._finish_cell(self.sheet, self.cell)
            self.cell = None
        elif name == "Row":
            self.row += self.row_span
        elif name == "Visible" and self.sheet is not None:
            self.sheet.state = _STATES.get("".join(self.text).strip(), "visible")
            self.is_visibility = False
        elif name == "Worksheet":
            self.sheet = None

    def characters(self, text: str) -> None:
        if (self.is_data and not self.is_comment) or self.is_visibility:
            self.text.append(text)

    def _finish_cell(self, sheet: SheetCollector, cell: Attributes) -> None:
        across, down = (int(cell.get(name, 0)) for name in ("MergeAcross", "MergeDown"))
        if across > 0 or down > 0:
            sheet.merge(Area(Position(self.row, self.column), Position(self.row + down, self.column + across)))
        if "ArrayRange" in cell:
            sheet.mark_array(parse_area(from_row_column(cell["ArrayRange"], self.row, self.column).replace("$", "")))
        style = cell.get("StyleID") or self.row_style or self._column_style() or self.table_style or "Default"
        formula = cell.get("Formula", "")
        if formula:
            formula = from_row_column(formula, self.row, self.column)
        number_format = self._of_style(style, "format") or "General"
        number_format = _NAMED_FORMATS.get(number_format, number_format)
        value = self._scalar("".join(self.text), number_format)
        if isinstance(value, str) and self.kind != "Error":
            value = sheet.shown(self.row, self.column, [(value, self._of_style(style, "font"))])
        if value == "" and not (formula and self.kind):
            value = None
        sheet.put(self.row, self.column, CellContent(value, formula, number_format, self.kind == "Error"))

    def _column_style(self) -> str:
        place = bisect_left(self.column_styles, self.column, key=itemgetter(0))
        return self.column_styles[place][1] if place < len(self.column_styles) else ""

    def _of_style(self, style: str, what: str) -> str:
        for _ in range(_MOST_PARENTS):
            if style not in self.styles:
                break
            if self.styles[style].get(what):
                return self.styles[style][what]
            style = self.styles[style]["parent"] or "Default"
        return ""

    def _scalar(self, text: str, number_format: str) -> Scalar:
        if self.kind in ("Number", "Boolean", "DateTime") and not text.strip():
            return None
        if self.kind == "Number":
            return self.book.number(float(text), number_format)
        if self.kind == "Boolean":
            return text.strip() == "1"
        if self.kind == "DateTime":
            moment = iso_moment(text.strip())
            is_time = isinstance(moment, datetime.datetime) and moment.date() in _FIRST_DAYS
            return moment.time() if isinstance(moment, datetime.datetime) and is_time else moment
        return text
