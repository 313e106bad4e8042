"""The XML of sheets, one pass of the parser over each.

This gives what libraries for values alone hide from us: a blank, an error and a formula never calculated are three
different things.
"""

import math
import re
from collections.abc import Sequence

from workbook_tools.cell_texts import RichText, SharedStrings, looks_encoded
from workbook_tools.cells import MAXIMUM_COLUMN, MAXIMUM_ROW, Position, column_letters, parse_position
from workbook_tools.failure_reasons import ContentError, past_the_grid, too_many
from workbook_tools.legacy_encodings import unicode_text
from workbook_tools.number_formats import CellStyle, StylesByNumber, iso_duration, iso_moment, serial_moment
from workbook_tools.readings import Note
from workbook_tools.sheet_areas import areas_of, covered, mark_members, take_hidden_values
from workbook_tools.wording import Words
from workbook_tools.workbook_contents import UNKNOWN_FORMULA, CellContent, Scalar, SheetContent
from workbook_tools.xml_parts import Budget, XmlPart, is_true, unescaped

MAXIMUM_CELLS = 320_000
MAXIMUM_AREAS = 60_000
MAXIMUM_FORMULA_CHARACTERS = 8_192
"""Caps on the sheets of a received file; honest forms stay below a tenth of each. 8,192 is Excel's own."""

SHARED_FORMULAS_SHOWN, SHARED_FORMULA_CHARACTERS_SHOWN = 10_000, 500_000
"""So many shared formulas are moved to their cells; of further ones it is known that they are formulas."""

FILLED_CELLS = Words("ô có nội dung", "filled cells")
AREAS = Words("vùng ô", "areas of cells")

_FIRST_INEXACT = 2**53
_COLUMNS = {column_letters(column): column for column in range(1, 257)}
_BLANK_CELL = rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,6}")?(?: ?/>|></c>)'
_BLANK_ROW = rb'<row r="[0-9]{1,7}"(?: [A-Za-z0-9:]{1,40}="[^"<>]{0,40}")*(?: ?/>|></row>)'
_BLANK_CELLS = re.compile(_BLANK_CELL + rb"(?:" + _BLANK_CELL + rb')*(?=<c r="|</row>)')
_BLANK_ROWS = re.compile(_BLANK_ROW + rb"(?:" + _BLANK_ROW + rb')*(?=<row r="|</sheetData>)')
"""Blank cells and rows with an address, before others with one: whatever they are, they change nothing."""

_ROW_START = b'<row r="'
_BLANK_TAGS = (_ROW_START, b"</row>", b'<c r="', b"</c>")
_WORTH_COUNTING = 500_000
_TRUTHS = {"1": True, "true": True, "0": False, "false": False}


class SheetPart(XmlPart):
    """Takes the part of one sheet; ``count_before`` is how many filled cells the sheets before it have."""

    def __init__(
        self,
        name: str,
        strings: SharedStrings,
        styles: Sequence[CellStyle],
        epoch: int,
        count_before: int,
        budget: Budget,
    ) -> None:
        super().__init__()
        self.name = name
        self.cells: dict[Position, CellContent] = {}
        self.is_filtered = False
        self._strings = strings
        self._styles = StylesByNumber(styles)
        self._epoch = epoch
        self._room = MAXIMUM_CELLS - count_before
        self._budget = budget
        self._formulas = _SharedFormulas()
        self._texts: dict[tuple[str, str], tuple[CellContent | None, str]] = {}
        self._encoded: dict[str, list[Position]] = {}
        self._arrays: dict[str, None] = {}
        self._merged: dict[str, None] = {}
        self._hidden_rows: set[int] = set()
        self._hidden_columns: list[tuple[int, int]] = []
        self._row = self._column = 0
        self._row_name = "?"
        self._is_plain = True
        self._values = 0
        self._is_hidden = self._is_collecting = self._is_in_cell = False
        self._pieces: list[str] = []
        self._formula_attributes: dict[str, str] = {}
        self._cell: dict[str, str] = {}
        self._value: str | None = None
        self._formula: str | None = None
        self._inline: RichText | None = None
        self._encoding = ""

    def _prepared(self, chunk: bytes) -> bytes:
        """Without blanks, of which a stray format can make millions; comments and literal text are left as they are."""
        self._is_plain = self._is_plain and b"<!" not in chunk
        if self._is_plain:
            chunk = _BLANK_ROWS.sub(b"", _BLANK_CELLS.sub(b"", _without_blank_rows(chunk)))
        self._values += chunk.count(b"<v>") - chunk.count(b"<v></v>") + chunk.count(b"<is>")
        if self._values > self._room:
            raise too_many(MAXIMUM_CELLS, *FILLED_CELLS)
        return chunk

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._tags[name]
        if tag == "c":
            if self._is_in_cell:
                raise ContentError("ô nằm trong ô", "a cell within a cell")
            self._is_in_cell = True
            if "r" not in attributes:
                self._follow()
            self._cell = attributes
            self._value = self._formula = self._inline = None
        elif tag == "v":
            self._is_collecting = True
            self._pieces = []
        elif self._inline:
            self._inline.start(tag, attributes)
        elif tag == "f":
            self._is_collecting = True
            self._pieces = []
            self._formula_attributes = attributes
        elif tag == "row":
            self._begin_row(attributes)
        elif tag == "is":
            self._inline = RichText()
        else:
            self._start_other(tag or name, attributes)

    def _follow(self) -> None:
        """A cell without address stands right of its predecessor."""
        if "r" in self._cell:
            self._place(self._cell["r"])
        self._column += 1

    def _place(self, reference: str) -> None:
        """Take the address of a cell; its row is nearly always that of the row it stands in."""
        column = _COLUMNS.get(reference.removesuffix(self._row_name))
        if column:
            self._column = column
        else:
            self._row, self._column = parse_position(reference)
            self._row_name = str(self._row)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        if self._is_in_cell:
            raise ContentError("hàng nằm trong ô", "a row within a cell")
        number = attributes.get("r")
        self._row, self._column = int(number) if number else self._row + 1, 0
        self._row_name = number if number and 1 <= self._row <= MAXIMUM_ROW else "?"
        self._is_hidden = is_true(attributes.get("hidden")) or attributes.get("ht") == "0"
        self._cell = {}

    def _start_other(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("extLst", "customSheetViews"):
            self._skip()
        elif tag == "mergeCell":
            self._add_area(self._merged, attributes.get("ref", ""))
        elif tag == "col" and (is_true(attributes.get("hidden")) or attributes.get("width") == "0"):
            if len(self._hidden_columns) >= MAXIMUM_COLUMN:
                raise too_many(MAXIMUM_COLUMN, "nhóm cột", "groups of columns")
            first, last = (int(attributes.get(key, "0")) for key in ("min", "max"))
            self._hidden_columns.append((max(first, 1), min(last, MAXIMUM_COLUMN)))
        elif tag == "filterColumn" or (tag == "sheetPr" and is_true(attributes.get("filterMode"))):
            self.is_filtered = True
        else:
            self._other(tag)

    def _characters(self, text: str) -> None:
        if self._is_collecting:
            self._pieces.append(text)
        elif self._inline:
            self._inline.add(text)

    def _end(self, name: str) -> None:
        tag = self._tags[name]
        if tag == "c":
            self._is_in_cell = False
            if not (self._value is None and self._formula is None and self._inline is None):
                self._finish()
                self._inline = None
        elif tag == "v":
            self._is_collecting = False
            value = "".join(self._pieces)
            if self._value is not None and self._value != value:
                raise ContentError("hai giá trị khác nhau trong một ô", "two different values in one cell")
            self._value = value
        elif tag == "f":
            self._is_collecting = False
            self._formula = "".join(self._pieces)
        elif self._inline:
            self._inline.end(tag)

    def _finish(self) -> None:
        """Keep the cell that ends, unless it is blank. Cells of one shared string and style share their content."""
        cell = self._cell
        if "r" in cell:
            self._place(cell["r"])
        elif not (1 <= self._row <= MAXIMUM_ROW and self._column <= MAXIMUM_COLUMN):
            raise past_the_grid(self._row, self._column)
        self._encoding = ""
        position = Position(self._row, self._column)
        if self._formula is None and cell.get("t") == "s":
            key = (self._value or "", cell.get("s", "0"))
            known = self._texts.get(key)
            if known is None:
                known = self._texts[key] = (self._content(position), self._encoding)
            content, self._encoding = known
        else:
            content = self._content(position)
        if content is None:
            return
        if len(self.cells) >= self._room:
            raise too_many(MAXIMUM_CELLS, *FILLED_CELLS)
        kept = self.cells.setdefault(position, content)
        if kept is not content and kept != content:
            name = position.name
            raise ContentError(f"hai giá trị khác nhau ở ô {name}", f"two different values in cell {name}")
        if self._is_hidden:
            self._hidden_rows.add(position.row)
        if self._encoding:
            self._encoded.setdefault(self._encoding, []).append(position)

    def _content(self, position: Position) -> CellContent | None:
        style = self._styles[self._cell.get("s", "0")]
        kind = self._cell.get("t", "n")
        formula = "" if self._formula is None else self._formula_text(self._formula, position)
        if kind == "n" and self._value and self._inline is None:
            value, is_error = self._number(self._value, style)
        else:
            value, is_error = self._scalar(kind, style), kind == "e"
        if value is None and not formula:
            return None
        return CellContent(value, formula, style.number_format, is_error, style.is_unseen)

    def _scalar(self, kind: str, style: CellStyle) -> Scalar:
        """What stands in a cell that holds no plain number."""
        if self._inline and self._inline.pieces:
            text = self._inline.text
            self._budget.spend_characters(len(text))
            if text.isascii() and not self._inline.fonts:
                return text or None  # The same in every font and encoding.
            return self._shown(text, self._inline.shown(style.font), style) or None
        value = self._value
        if value is None or (value == "" and kind != "str"):
            return None
        if kind == "s":
            index = int(value)
            return self._shown(self._strings.text(index), self._strings.shown(index, style.font), style) or None
        if kind in ("str", "inlineStr"):
            text = unescaped(value)
            self._budget.spend_characters(len(text))
            return self._shown(text, unicode_text(text, style.font), style)
        if kind == "b":
            return _TRUTHS[value.strip().lower()]
        if kind == "e":
            return unescaped(value)
        if kind == "d":
            return iso_duration(value) if value.startswith(("P", "-P")) else iso_moment(value)
        return self._number(value, style)[0]

    def _shown(self, stored: str, shown: str, style: CellStyle) -> str:
        """The text as the official sees it, with a mark if its encoding is not Unicode or not for sure."""
        if shown != stored:
            self._encoding = "structure.legacy_font"
        elif not style.font and looks_encoded(stored):
            self._encoding = "structure.maybe_legacy_font"
        return shown

    def _number(self, text: str, style: CellStyle) -> tuple[Scalar, bool]:
        """A number or the moment it shows. What no number can be (``NaN``, ``1E400``) is an error of the cell."""
        number = float(text)
        if not math.isfinite(number):
            return text.strip(), True
        if "_" in text or not text.isascii():
            raise ValueError(text)
        if style.is_date:
            return serial_moment(number, self._epoch), False
        return int(number) if number.is_integer() and abs(number) < _FIRST_INEXACT else number, False

    def _formula_text(self, text: str, position: Position) -> str:
        """Formula with ``=``; of a member of a shared formula the text Excel shows there."""
        self._budget.spend_characters(len(text))
        text = text if text.startswith("=") else "=" + text
        kind = self._formula_attributes.get("t")
        if kind is None:
            return text
        if kind in ("array", "dataTable"):
            self._add_area(self._arrays, self._formula_attributes.get("ref", ""))
        if kind == "shared":
            return self._formulas.formula(self._formula_attributes.get("si", ""), text, position)
        return UNKNOWN_FORMULA if kind == "dataTable" else text

    def _add_area(self, areas: dict[str, None], name: str) -> None:
        if len(areas) >= MAXIMUM_AREAS:
            raise too_many(MAXIMUM_AREAS, *AREAS)
        areas[name] = None

    def content(self, state: str) -> tuple[SheetContent, list[Note]]:
        """The sheet, read to its end, and what is to be told about it."""
        notes: list[Note] = []
        if self._arrays:
            mark_members(self.cells, areas_of(self._arrays))
        merged = tuple(areas_of(self._merged))
        notes += take_hidden_values(self.name, self.cells, merged)
        for code, positions in self._encoded.items():
            notes.append(Note(code, {"sheet": self.name, "cell": min(positions).name, "count": len(positions)}))
        columns = covered(self._hidden_columns)
        rows = frozenset(self._hidden_rows)
        return SheetContent(self.name, state, self.cells, rows, columns, self.is_filtered, merged), notes


def _without_blank_rows(chunk: bytes) -> bytes:
    """A piece of a sheet without its whole rows if all of them are blank: millions of such are left out fastest."""
    first, last = chunk.find(_ROW_START), chunk.rfind(_ROW_START)
    if last - first < _WORTH_COUNTING:
        return chunk
    rows = chunk[first:last]
    is_blank = rows.count(b"<") == sum(map(rows.count, _BLANK_TAGS))
    return chunk[:first] + chunk[last:] if is_blank else chunk


class _SharedFormulas:
    """Formulas that are written once for many cells."""

    def __init__(self) -> None:
        self._firsts: dict[str, tuple[str, str]] = {}
        self._characters = self._shown = 0

    def formula(self, index: str, text: str, position: Position) -> str:
        """The formula of a member; the first tells the text, moved to the place of each follower."""
        if text != "=":
            self._firsts[index] = (text, position.name)
            return text
        if index not in self._firsts:
            return text
        first, origin = self._firsts[index]
        if len(first) > MAXIMUM_FORMULA_CHARACTERS:
            raise too_many(MAXIMUM_FORMULA_CHARACTERS, "ký tự trong một công thức", "characters in one formula")
        self._characters += len(first)
        self._shown += 1
        if self._characters > SHARED_FORMULA_CHARACTERS_SHOWN or self._shown > SHARED_FORMULAS_SHOWN:
            return UNKNOWN_FORMULA
        from openpyxl.formula.tokenizer import TokenizerError
        from openpyxl.formula.translate import Translator

        try:
            return str(Translator(first, origin=origin).translate_formula(position.name)) or "="
        except TokenizerError as error:
            raise ValueError(str(error)) from error
