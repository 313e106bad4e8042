"""The tables of a web page, and what Excel and LibreOffice note in them beside the text that is shown."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from workbook_tools.failure_reasons import ContentError, too_many

_BLANKS = re.compile(r"[ \t\r\n\f]+")
_MARKED_SECTION = re.compile(r"<!\[[^\]<>]{0,200}\]{1,2}>")
_STYLE_RULE = re.compile(r"\.([\w-]{1,100})\s{0,100}\{([^{}]{0,5000})\}")
_SHEET_NAME = re.compile(r"<x:Name>([^<]*)</x:Name>")
_CELL_TAGS = frozenset({"td", "th"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "caption"})
_UNSEEN = frozenset({"script", "style", "comment", "title"})
_BREAKS = frozenset({"br", "p", "div", "li"})
MOST_SPANNED_ROWS, MOST_SPANNED_COLUMNS = 65_534, 1_000
"""What a web browser allows."""

MAXIMUM_CELLS = 100_000
MAXIMUM_MARKUP = 1_000_000
MAXIMUM_STEPS = 2_000_000
"""Caps on the cells of a page, empty ones included, on its tags and attributes, and on the columns that cells from
above take; honest forms stay below a tenth of each."""

Attributes = dict[str, str]


@dataclass
class TableCell:
    """A cell with its attributes and its text; which row and column it begins in."""

    row: int
    column: int
    attributes: Attributes
    row_attributes: Attributes
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text as a browser shows it, line by line."""
        lines = "".join(self.pieces).split("\n")
        return "\n".join(_BLANKS.sub(" ", line.replace("\xa0", " ")).strip() for line in lines).strip("\n")


@dataclass
class Table:
    """The cells of one table; one inside another stands on its own."""

    title: str
    cells: list[TableCell] = field(default_factory=list)
    row: int = 0
    column: int = 0
    row_attributes: Attributes = field(default_factory=dict)
    taken: dict[int, int] = field(default_factory=dict)
    """The last row that a cell from above reaches, by column."""

    open_cell: TableCell | None = None


@dataclass
class Page:
    """The tables of a page, its styles by class, and the names of the sheets it was made from."""

    tables: list[Table] = field(default_factory=list)
    styles: dict[str, str] = field(default_factory=dict)
    sheet_names: list[str] = field(default_factory=list)
    cells: int = 0
    steps: int = 0


def read_page(text: str) -> Page:
    """The tables of a page; ValueError if it ends within one."""
    parser = _Parser()
    parser.read(text)
    return parser.page


class _Parser(HTMLParser):
    """Collects the tables of one page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._is_ended = False
        self._open: list[Table] = []
        self._heading: list[str] | None = None
        self._title = ""
        self._unseen = ""

    def read(self, text: str) -> None:
        """Take a whole page. Constructs that are never closed are made harmless first: they cost time without end."""
        if text.count("<") + text.count("=") > MAXIMUM_MARKUP:
            raise too_many(MAXIMUM_MARKUP, "thẻ và thuộc tính trong một trang", "tags and attributes in one page")
        text = _MARKED_SECTION.sub("", text).replace("<![", "&lt;[")
        end = text.rfind(">") + 1
        comment_end = text.rfind("-->") + 3 if "-->" in text else 0
        body = text[:comment_end] + text[comment_end:end].replace("<!--", "&lt;!--")
        self.feed(body + text[end:].replace("<", " "))
        self.close()
        if self._open and not self._is_ended:
            raise ContentError("bảng chưa đóng, tệp dở dang", "a table is not closed, the file is not whole")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in _UNSEEN:
            self._unseen = tag
        elif tag == "table":
            self._open.append(Table(self._title))
            self.page.tables.append(self._open[-1])
            self._title = ""
        elif tag in _HEADINGS:
            self._heading = []
        elif tag == "em" and self._heading is not None:
            self._heading.clear()  # LibreOffice: Sheet 1: <em>name</em>
        elif self._open:
            self._start_in_table(self._open[-1], tag, attributes)

    def _start_in_table(self, table: Table, tag: str, attributes: Attributes) -> None:
        if tag == "tr":
            _begin_row(table, attributes)
        elif tag in _CELL_TAGS:
            if not table.row:
                _begin_row(table, {})
            _begin_cell(self.page, table, attributes)
        elif tag in _BREAKS and table.open_cell is not None and (tag == "br" or table.open_cell.pieces):
            table.open_cell.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""
        elif tag in ("html", "body"):
            self._is_ended = True
        elif tag in _HEADINGS and self._heading is not None:
            self._title, self._heading = _BLANKS.sub(" ", "".join(self._heading)).strip(), None
            if tag == "caption" and self._open:
                self._open[-1].title = self._title
        elif tag == "table" and self._open:
            self._open.pop()
        elif tag in _CELL_TAGS and self._open:
            self._open[-1].open_cell = None

    def handle_data(self, data: str) -> None:
        if self._unseen == "style":
            self.page.styles.update(_STYLE_RULE.findall(data))
        elif self._unseen:
            return
        elif self._heading is not None:
            self._heading.append(data)
        elif self._open and self._open[-1].open_cell is not None:
            self._open[-1].open_cell.pieces.append(data.replace("\n", " ").replace("\r", " "))

    def handle_comment(self, data: str) -> None:
        self.page.sheet_names += _SHEET_NAME.findall(data)
        self.page.styles.update(_STYLE_RULE.findall(data) if self._unseen == "style" else ())


def _begin_row(table: Table, attributes: Attributes) -> None:
    table.row += 1
    table.column = 0
    table.row_attributes = attributes
    table.open_cell = None


def _begin_cell(page: Page, table: Table, attributes: Attributes) -> None:
    column = table.column + 1
    while table.taken.get(column, 0) >= table.row:
        column += 1
    across = _span(attributes, "colspan", MOST_SPANNED_COLUMNS)
    down = _span(attributes, "rowspan", MOST_SPANNED_ROWS)
    page.cells += 1
    page.steps += column - table.column + (across if down > 1 else 0)
    if page.cells > MAXIMUM_CELLS or page.steps > MAXIMUM_STEPS:
        raise too_many(MAXIMUM_CELLS, "ô trong một trang", "cells in one page")
    table.column = column + across - 1
    if down > 1:
        table.taken.update(dict.fromkeys(range(column, column + across), table.row + down - 1))
    table.open_cell = TableCell(table.row, column, attributes, table.row_attributes)
    table.cells.append(table.open_cell)


def _span(attributes: Attributes, name: str, most: int) -> int:
    text = attributes.get(name, "1").strip()
    return min(max(int(text), 1), most) if text.isascii() and text.isdigit() and len(text) < 9 else 1
