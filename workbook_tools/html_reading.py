"""Reads web pages with tables, as many office systems export them under the name of an Excel file."""

import email
import email.policy
import re
from collections.abc import Iterator
from pathlib import Path

from workbook_tools.cell_collection import BookCollector, SheetCollector
from workbook_tools.errors import WorkbookReadError
from workbook_tools.failure_reasons import damaged_by, too_large, unreadable
from workbook_tools.file_kinds import HTML, MHTML
from workbook_tools.html_tables import Table, TableCell, read_page
from workbook_tools.text_decoding import decode_text
from workbook_tools.values import ERROR_TEXTS
from workbook_tools.workbook_contents import UNKNOWN_FORMULA, CellContent, Scalar, WorkbookContent

MAXIMUM_PAGE_BYTES = 20_000_000
"""A page of a form is a fifth of it."""

_DECLARED = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_NUMBER_FORMAT = re.compile(r"mso-number-format\s*:\s*(\"[^\"]*\"|'[^']*'|[^;]*)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([0-9A-Fa-f]{4}) ?|\\(.)")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_NAMED_FORMATS = {
    "percent": "0.00%", "fixed": "0.00", "standard": "#,##0.00", "short date": "dd/mm/yyyy", "medium date": "d-mmm-yy",
    "long date": "d mmmm yyyy", "short time": "h:mm", "long time": "h:mm:ss",
}  # fmt: skip


def read_html(path: Path) -> WorkbookContent:
    """The tables of a page, a sheet each; raises WorkbookReadError if it has none."""
    data = _bytes(path)
    book = BookCollector()
    _take_page(book, data, path.stem)
    if not book.sheets:
        raise WorkbookReadError("file.not_a_workbook", {"kind": HTML.name})
    return book.workbook(path.name)


def read_mhtml(path: Path) -> WorkbookContent:
    """The tables of the pages in a single-file web page; raises WorkbookReadError if there are none."""
    message = email.message_from_bytes(_bytes(path).lstrip(), policy=email.policy.compat32)
    book = BookCollector()
    for part in message.walk():
        if part.get_content_type() == "text/html":
            data = part.get_payload(decode=True)
            _take_page(book, data if isinstance(data, bytes) else b"", path.stem)
    if not book.sheets:
        raise WorkbookReadError("file.not_a_workbook", {"kind": MHTML.name})
    return book.workbook(path.name)


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(error) from error
    if len(data) > MAXIMUM_PAGE_BYTES:
        raise too_large(*[f"{MAXIMUM_PAGE_BYTES // 1_000_000} MB"] * 2)
    return data


def _take_page(book: BookCollector, data: bytes, name: str) -> None:
    """Add the tables of a page that hold something."""
    declared = _DECLARED.search(data[:4096])
    try:
        page = read_page(decode_text(data, declared[1].decode("ascii") if declared else "")[0])
        tables = [table for table in page.tables if any(cell.text for cell in table.cells)]
        for table, title in zip(tables, _names(tables, page.sheet_names, name), strict=True):
            _take_table(book.sheet(title), table, page.styles)
    except (ValueError, AssertionError) as error:  # AssertionError: what the parser raises on odd markup
        raise damaged_by(error) from error


def _names(tables: list[Table], sheets: list[str], page: str) -> Iterator[str]:
    """Names of the sheets the tables came from, else their titles."""
    for number, table in enumerate(tables, 1):
        if len(sheets) == len(tables):
            yield sheets[number - 1]
        else:
            yield table.title or (page if len(tables) == 1 else f"{page} {number}")


def _take_table(sheet: SheetCollector, table: Table, styles: dict[str, str]) -> None:
    for cell in table.cells:
        if _HIDDEN.search(cell.row_attributes.get("style", "")):
            sheet.hidden_rows.add(cell.row)
        sheet.put(cell.row, cell.column, _content(sheet, cell, styles))


def _content(sheet: SheetCollector, cell: TableCell, styles: dict[str, str]) -> CellContent:
    """What a cell holds: the number Excel or LibreOffice noted beside it, else its text."""
    attributes, text = cell.attributes, cell.text
    number_format = _number_format(attributes, styles)
    formula = attributes.get("x:fmla", "")
    formula = formula if formula.startswith("=") or not formula else UNKNOWN_FORMULA
    error = attributes.get("x:err", "") or (text if text.upper() in ERROR_TEXTS else "")
    if error:
        return CellContent(error, formula, number_format, is_error=True)
    if attributes.get("x:bool", "").upper() in ("TRUE", "FALSE"):
        return CellContent(attributes["x:bool"].upper() == "TRUE", formula, number_format)
    noted = attributes.get("x:num", attributes.get("sdval")) if "x:str" not in attributes else None
    noted = text if noted == "" else noted
    value: Scalar = sheet.shown(cell.row, cell.column, [(text, "")]) or None
    if noted is not None and _NUMBER.fullmatch(noted.strip()):
        value = sheet.book.number(float(noted), number_format)
    return CellContent(value, formula, number_format)


def _number_format(attributes: dict[str, str], styles: dict[str, str]) -> str:
    if "sdnum" in attributes:  # LibreOffice: language of the text, language of the format, format
        *_, office_format = attributes["sdnum"].split(";", 2)
        return office_format if attributes["sdnum"].count(";") == 2 and office_format else "General"
    rules = [attributes.get("style", ""), *(styles.get(name, "") for name in attributes.get("class", "").split())]
    match = next(filter(None, map(_NUMBER_FORMAT.search, rules)), None)
    if match is None:
        return "General"
    plain = _ESCAPED.sub(lambda one: chr(int(one[1], 16)) if one[1] else one[2], match[1].strip().strip("\"'"))
    return _NAMED_FORMATS.get(plain.lower(), plain)
