"""The XML of sheets and shared strings, one pass of the parser over each.

This gives what libraries for values alone hide from us: a blank, an error and a formula never calculated are three
different things.
"""

import re
from xml.parsers import expat

from workbook_tools.cells import MAXIMUM_COLUMN, MAXIMUM_ROW, Position, parse_position
from workbook_tools.errors import WorkbookReadError
from workbook_tools.excel_package import local_name
from workbook_tools.number_formats import is_date_format, iso_moment, serial_moment
from workbook_tools.workbook_contents import CellContent, Scalar

MAXIMUM_CELLS = 1_000_000
MAXIMUM_SHARED_FORMULA_CHARACTERS = 1_000_000
"""Caps on the sheets of a received file; honest forms stay below a tenth of each."""

_ESCAPED_CHARACTER = re.compile(r"_x([0-9A-Fa-f]{4})_")


def shared_strings(data: bytes) -> list[str]:
    """The shared strings; phonetic hints are no text."""
    strings: list[str] = []
    pieces: list[str] = []
    state = {"text": False, "phonetic": False}

    def start(name: str, _: dict[str, str]) -> None:
        tag = local_name(name)
        if tag == "si":
            pieces.clear()
        elif tag == "rPh":
            state["phonetic"] = True
        state["text"] = tag == "t" and not state["phonetic"]

    def end(name: str) -> None:
        tag = local_name(name)
        state["text"] = False
        if tag == "si":
            strings.append(_unescape("".join(pieces)))
        elif tag == "rPh":
            state["phonetic"] = False

    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: pieces.append(text) if state["text"] else None
    parser.Parse(data, True)
    return strings


def _unescape(text: str) -> str:
    if "_x" not in text:
        return text
    plain = _ESCAPED_CHARACTER.sub(lambda match: chr(int(match[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # pairs joined, halves replaced


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise ValueError("entity")

    parser.EntityDeclHandler = refuse
    parser.StartDoctypeDeclHandler = refuse
    return parser


def parse_sheet(
    data: bytes, strings: list[str], formats: list[str], epoch: int, count_before: int
) -> dict[Position, CellContent]:
    """The filled cells of a sheet; ``count_before`` is how many the sheets before it have."""
    return _SheetParser(strings, formats, epoch, count_before).parse(data)


class _SheetParser:
    """One pass over the XML of a sheet."""

    def __init__(self, strings: list[str], formats: list[str], epoch: int, count_before: int) -> None:
        self.strings = strings
        self.formats = formats
        self.epoch = epoch
        self.count_before = count_before
        self.cells: dict[Position, CellContent] = {}
        self.shared: dict[str, tuple[str, str]] = {}
        self.row = self.column = 0
        self.inside = self.phonetic = False
        self.shared_characters = 0
        self.text: list[str] = []
        self.begin({})

    def begin(self, attributes: dict[str, str]) -> None:
        self.type = attributes.get("t", "n")
        self.style = int(attributes.get("s", 0))
        self.value: str | None = None
        self.inline: list[str] = []
        self.formula: str | None = None
        self.formula_attributes: dict[str, str] = {}

    def parse(self, data: bytes) -> dict[Position, CellContent]:
        parser = _parser()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.Parse(data, True)
        return self.cells

    def characters(self, text: str) -> None:
        if self.inside:
            self.text.append(text)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local_name(name)
        if tag == "c":
            self.begin(attributes)
            position = parse_position(attributes["r"]) if "r" in attributes else Position(self.row, self.column + 1)
            self.row, self.column = position
            if not (1 <= self.row <= MAXIMUM_ROW and self.column <= MAXIMUM_COLUMN):
                raise ValueError(f"past the grid: {position.name!r}")
        elif tag == "rPh":
            self.phonetic = True
        elif tag in ("v", "t", "f"):
            self.inside = True
            self.text = []
            if tag == "f":
                self.formula_attributes = attributes
        elif tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0

    def end(self, name: str) -> None:
        tag = local_name(name)
        if tag in ("v", "t", "f"):
            self.inside = False
            text = "".join(self.text)
            if tag == "v":
                self.value = text
            elif tag == "t":
                self.inline += [] if self.phonetic else [text]
            else:
                self.formula = text
        elif tag == "rPh":
            self.phonetic = False
        elif tag == "c":
            self.finish()

    def finish(self) -> None:
        number_format = self.formats[self.style] if self.style < len(self.formats) else "General"
        value = self.scalar(number_format)
        formula = self.formula_text()
        if value is None and not formula:
            return
        if self.count_before + len(self.cells) >= MAXIMUM_CELLS:
            raise WorkbookReadError("file.too_large", {"limit": f"{MAXIMUM_CELLS:,} ô".replace(",", ".")})
        self.cells[Position(self.row, self.column)] = CellContent(value, formula, number_format, self.type == "e")

    def scalar(self, number_format: str) -> Scalar:
        if self.type == "inlineStr":
            return _unescape("".join(self.inline)) or None
        if self.value is None or (self.value == "" and self.type != "str"):
            return None
        if self.type == "s":
            return self.strings[int(self.value)] or None
        if self.type in ("str", "e"):
            return _unescape(self.value)
        if self.type == "b":
            return self.value.strip() in ("1", "true")
        if self.type == "d":
            return iso_moment(self.value)
        number = float(self.value)
        if is_date_format(number_format):
            return serial_moment(number, self.epoch)
        return int(number) if number.is_integer() and abs(number) < 2**53 else number

    def formula_text(self) -> str:
        """Formula with ``=``. Followers of a shared formula get the text of the first, moved to their place."""
        if self.formula is None:
            return ""
        index = self.formula_attributes.get("si", "")
        here = Position(self.row, self.column).name
        if self.formula_attributes.get("t") != "shared":
            return "=" + self.formula
        if self.formula:
            self.shared[index] = ("=" + self.formula, here)
            return "=" + self.formula
        from openpyxl.formula.tokenizer import TokenizerError
        from openpyxl.formula.translate import Translator

        text, origin = self.shared.get(index, ("=", here))
        self.shared_characters += len(text)
        if self.shared_characters > MAXIMUM_SHARED_FORMULA_CHARACTERS:
            raise WorkbookReadError("file.too_large", {"limit": "công thức dùng chung"})
        try:
            return str(Translator(text, origin=origin).translate_formula(here)) or "="
        except TokenizerError as error:
            raise ValueError(str(error)) from error
