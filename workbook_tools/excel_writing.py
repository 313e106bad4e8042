"""Writes workbooks: strictly, whole or not at all, and the same bytes for the same input.

The only writer of Excel files. XlsxWriter reports many failures by a return value or a warning; here each one
raises WorkbookWriteError. Text is always written as text, so nothing that was typed turns into a formula or link.
"""

import datetime
import io
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from workbook_tools.bar_charts import BarChart
from workbook_tools.errors import WorkbookWriteError
from workbook_tools.inert import in_cell
from workbook_tools.print_pages import BOTTOM, LEFT, RIGHT, TOP
from workbook_tools.whole_files import write_whole

FONT = "Times New Roman"
CREATED = datetime.datetime(2000, 1, 1)
"""XlsxWriter writes the time of creation unless given one; a fixed one keeps equal workbooks equal."""

DEFAULT_HEIGHT = 15.0
"""Height of a row that was given none, in points."""

QUIET, STRONG = "#8FAADC", "#1F4E79"
"""Colours of small columns in cells: most of them, and the highest."""

MAXIMUM_LINKS = 60_000
"""Links in one sheet; Excel allows 65,530."""

MAXIMUM_TIP = 250
MAXIMUM_FORMULA = 8_192
MAXIMUM_TARGET = 2_000
MAXIMUM_SHEET_NAME = 31
MAXIMUM_PROPERTY = 255
Style = Mapping[str, object]
CellValue = str | int | float | bool | datetime.date | None


class _OfficialWorksheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose first page has no header, as in official papers: page numbers begin on the second."""

    def _write_header_footer(self) -> None:
        if self.header:
            self._xml_start_tag("headerFooter", [("differentFirst", 1)])
            self._write_odd_header()
            self._xml_end_tag("headerFooter")

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """The formula without ``=``; functions newer than Excel 2010, which need a prefix, are not looked for."""
        return formula.removeprefix("=")


class Sheet:
    """A worksheet; rows and columns count from 1, as in a cell's address."""

    def __init__(self, book: "Book", worksheet: Worksheet, name: str) -> None:
        self.book = book
        self.worksheet = worksheet
        self.name = name
        self.heights: dict[int, float] = {}
        """Heights of the rows that were given one, in points; nought for hidden ones."""

    def write(self, row: int, column: int, value: CellValue, style: Style | None = None) -> None:
        """A value, or only its style for None."""
        where, form = (row - 1, column - 1), self.book.format(style)
        match value:
            case None:
                result = self.worksheet.write_blank(*where, None, form) if form else 0
            case bool():
                result = self.worksheet.write_boolean(*where, value, form)
            case int() | float():
                result = self.worksheet.write_number(*where, value, form)
            case datetime.date():
                result = self.worksheet.write_datetime(*where, value, form)
            case _:
                result = self.worksheet.write_string(*where, in_cell(value), form)
        self._check(result, row, column)

    def write_formula(
        self, row: int, column: int, formula: str, cached: str | int | float | bool, style: Style | None = None
    ) -> None:
        """A formula with the result that readers without a calculator show."""
        if len(formula) > MAXIMUM_FORMULA:
            raise WorkbookWriteError(f"Công thức ở ô dòng {row} cột {column} của trang “{self.name}” quá dài.")
        result = self.worksheet.write_formula(row - 1, column - 1, formula, self.book.format(style), cached)
        self._check(result, row, column)

    def write_link(self, row: int, column: int, target: str, text: str, style: Style | None = None) -> None:
        """A link inside the workbook, ``'02 Nông nghiệp'!A1``."""
        result = self.worksheet.write_url(row - 1, column - 1, f"internal:{target}", self.book.format(style), text)
        self._check(result, row, column)

    def write_linked(
        self, row: int, column: int, value: CellValue, source: tuple[str, str, str], style: Style | None = None
    ) -> None:
        """A value with a link to the cell it came from: file, seen from this workbook's folder, sheet, cell."""
        file, sheet, cell = source
        target = f"external:{_escaped_file(file)}#'{sheet.replace(chr(39), 2 * chr(39))}'!{cell}"
        if not _is_plain_file(file) or not _is_plain_sheet(sheet) or len(target) > MAXIMUM_TARGET:
            self.write(row, column, value, style)
            return
        tip = f"[{file}]{sheet}!{cell}"
        where = (row - 1, column - 1)
        result = self.worksheet.write_url(*where, target, self.book.format(style), "", tip[-MAXIMUM_TIP:])
        self._check(result, row, column)
        self.write(row, column, value, style)

    def merge(
        self, row: int, first: int, last: int, value: CellValue, style: Style | None = None, rows: int = 1
    ) -> None:
        """One value over several columns (and rows)."""
        if first == last and rows == 1:
            self.write(row, first, value, style)
            return
        where = (row - 1, first - 1, row + rows - 2, last - 1)
        self._check(self.worksheet.merge_range(*where, "", self.book.format(style)), row, first)
        self.write(row, first, value, style)

    def set_columns(self, widths: Mapping[int, float], hidden: Iterable[int] = (), outline: Iterable[int] = ()) -> None:
        """Widths in characters by column number; hidden columns; columns folded away in an outline."""
        unseen, folded = set(hidden), set(outline)
        for column, width in sorted(widths.items()):
            options: dict[str, object] = {}
            if column in folded:
                options = {"level": 1, "hidden": True}
            elif column in unseen:
                options = {"hidden": True}
            self._check(self.worksheet.set_column(column - 1, column - 1, width, None, options), 1, column)

    def set_row(self, row: int, height: float | None = None, *, hidden: bool = False) -> None:
        """Height in points, or hidden."""
        self._check(self.worksheet.set_row(row - 1, height, None, {"hidden": hidden}), row, 1)
        self.heights[row] = 0.0 if hidden else height or DEFAULT_HEIGHT

    def fold_rows(self, rows: Iterable[int]) -> None:
        """Fold rows away in an outline that one click opens; a sign stands beside the row below each run of them."""
        folded = set(rows)
        heights = {row: self.heights.get(row, DEFAULT_HEIGHT) for row in folded | {row + 1 for row in folded}}
        for row, height in sorted(heights.items()):
            options = {"level": 1, "hidden": True} if row in folded else {"collapsed": True}
            self._check(self.worksheet.set_row(row - 1, height, None, options), row, 1)
            self.heights[row] = 0.0 if row in folded else height

    def add_bars(self, row: int, column: int, bars: BarChart) -> None:
        """A chart of lying bars with its upper left corner in a cell."""
        chart = self.book.workbook.add_chart({"type": "bar"})
        bars.draw(chart, FONT)
        options = {"description": in_cell(bars.description), "object_position": 2, "x_offset": 3, "y_offset": 3}
        self._check(self.worksheet.insert_chart(row - 1, column - 1, chart, options), row, column)

    def add_data_bars(self, first: tuple[int, int], last: tuple[int, int], colour: str, longest: float) -> None:
        """Bars behind the numbers of a range, from nought to the longest."""
        limits = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": longest}
        self.highlight(first, last, {"type": "data_bar", "bar_solid": True, "bar_color": colour, **limits})

    def add_sparkline(self, row: int, column: int, area: str) -> None:
        """Small columns in a cell that show the numbers of an area of the workbook."""
        options = {"range": area, "type": "column", "high_point": True, "series_color": QUIET, "high_color": STRONG}
        self._check(self.worksheet.add_sparkline(row - 1, column - 1, options), row, column)

    def validate(self, cells: Sequence[tuple[int, int]], options: Mapping[str, object]) -> None:
        """One data validation over many cells, given as (row, column)."""
        if not cells:
            return
        (row, column), *others = cells
        ranges = [(r - 1, c - 1, r - 1, c - 1) for r, c in others]
        settings: dict[str, object] = dict(options)
        if ranges:
            settings["other_cells"] = ranges
        self._check(self.worksheet.data_validation(row - 1, column - 1, row - 1, column - 1, settings), row, column)

    def highlight(self, first: tuple[int, int], last: tuple[int, int], options: Mapping[str, object]) -> None:
        """A conditional format over a range; ``format`` in options is a style."""
        settings = dict(options)
        if isinstance(settings.get("format"), Mapping):
            settings["format"] = self.book.format(settings["format"])  # type: ignore[arg-type]
        where = (first[0] - 1, first[1] - 1, last[0] - 1, last[1] - 1)
        self._check(self.worksheet.conditional_format(*where, settings), *first)

    def protect(self) -> None:
        """Against accidents: no password; filtering, sorting, inserting rows and formatting stay allowed."""
        self.worksheet.protect(
            "",
            {
                "insert_rows": True,
                "format_cells": True,
                "format_columns": True,
                "format_rows": True,
                "autofilter": True,
                "sort": True,
            },
        )

    def set_print(
        self,
        last_row: int,
        last_column: int,
        *,
        landscape: bool,
        repeat_rows: tuple[int, int] | None,
        first_row: int = 1,
    ) -> None:
        """A4, one page wide, page number on top from the second page, headings repeated."""
        sheet = self.worksheet
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(LEFT, RIGHT, TOP, BOTTOM)
        sheet.set_header(f'&C&"{FONT}"&13&P')
        sheet.print_area(first_row - 1, 0, last_row - 1, last_column - 1)
        if repeat_rows:
            sheet.repeat_rows(repeat_rows[0] - 1, repeat_rows[1] - 1)

    def _check(self, result: object, row: int, column: int) -> None:
        if isinstance(result, int) and result < 0:
            raise WorkbookWriteError(f"Không ghi được ô dòng {row} cột {column} của trang “{self.name}” (mã {result}).")


class Book:
    """A workbook being written; formats are made once per style."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.sheets: dict[str, Sheet] = {}
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}

    def add_sheet(self, name: str) -> Sheet:
        """A new sheet at the end."""
        sheet = Sheet(self, self.workbook.add_worksheet(name, _OfficialWorksheet), name)
        sheet.worksheet.hide_gridlines(2)
        self.sheets[name] = sheet
        return sheet

    def format(self, style: Style | None) -> Format | None:
        """The format of a style, None for none."""
        if style is None:
            return None
        properties = {"font_name": FONT, "font_scheme": "none", "font_size": 11, "valign": "vcenter", **style}
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]


@contextmanager
def writing(path: Path, properties: Mapping[str, str] | None = None) -> Iterator[Book]:
    """A workbook that appears under its name whole when the block ends, or not at all.

    ``properties`` become custom document properties. Raises WorkbookWriteError.
    """
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "default_format_properties": {"font_name": FONT, "font_size": 11}},
    )
    workbook.set_properties({"created": CREATED, "author": "workbook-tools"})
    for name, value in (properties or {}).items():
        workbook.set_custom_property(name, in_cell(value)[:MAXIMUM_PROPERTY], "text")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            yield Book(workbook)
            workbook.close()
        except Warning as warning:
            raise WorkbookWriteError(f"{path.name}: {warning}") from warning
        except xlsxwriter.exceptions.XlsxWriterException as error:
            raise WorkbookWriteError(f"{path.name}: {error}") from error
    write_whole(path, buffer.getvalue())


def _is_plain_file(name: str) -> bool:
    """Whether a link may name the file: no drive, server or control character leads elsewhere."""
    return name.isprintable() and not name.startswith("/") and not set(name) & set('\\:"<>|') and ".." not in name


def _is_plain_sheet(name: str) -> bool:
    """Whether a link may name the sheet: what Excel itself allows as a name."""
    return name.isprintable() and 0 < len(name) <= MAXIMUM_SHEET_NAME and not set(name) & set("[]:*?/\\")


def _escaped_file(name: str) -> str:
    """A file name as a link writes it."""
    return "".join(f"%{ord(one):02x}" if one in "%#[]^`{} " else one for one in name)
