"""Opens a workbook safely and gives its cells: values, formulas, errors and formats, each at its true address.

The only reader of Excel files. A package is inspected before it is unpacked; then one pass of the XML parser over
each sheet gives what libraries for values alone hide from us: a blank, an error and a formula never calculated are
three different things. Nothing of the sender's file is run, followed or changed.
"""

import datetime
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element, ParseError
from xml.parsers import expat

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from workbook_tools.cells import MAXIMUM_COLUMN, MAXIMUM_ROW, Position, parse_position
from workbook_tools.errors import WorkbookReadError

MAXIMUM_FILE_BYTES = 50_000_000
MAXIMUM_UNPACKED_BYTES = 100_000_000
MAXIMUM_PARTS = 1_000
MAXIMUM_RATIO = 100
RATIO_APPLIES_FROM_BYTES = 1_000_000
MAXIMUM_CELLS = 1_000_000
MAXIMUM_SHARED_FORMULA_CHARACTERS = 1_000_000
"""Caps on what a received file may contain; honest forms stay below a tenth of each."""

Scalar = str | int | float | bool | datetime.datetime | datetime.time | None

_OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_ESCAPED_CHARACTER = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_DATE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_BUILT_IN_FORMATS = {
    9: "0%", 10: "0.00%", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0",
}  # fmt: skip
"""Formats that files name by number only (ECMA-376, part 1, 18.8.30), as far as they change what a number means."""


@dataclass(frozen=True, slots=True)
class CellContent:
    """What stands in a cell. For a formula ``value`` is the cached result and ``formula`` its text with ``=``."""

    value: Scalar
    formula: str = ""
    number_format: str = "General"
    is_error: bool = False

    @property
    def is_calculated(self) -> bool:
        """False for a formula that was never calculated."""
        return not self.formula or self.value is not None


EMPTY = CellContent(None)


@dataclass(frozen=True)
class SheetContent:
    """The filled cells of a sheet, and whether it is ``visible``, ``hidden`` or ``veryHidden``."""

    name: str
    state: str
    cells: Mapping[Position, CellContent]

    def at(self, row: int, column: int) -> CellContent:
        """Content of a cell, empty where nothing stands."""
        return self.cells.get(Position(row, column), EMPTY)

    def text(self, row: int, column: int) -> str:
        """Text of a cell, outer blanks removed; empty for nothing."""
        value = self.at(row, column).value
        return "" if value is None else str(value).strip()

    @cached_property
    def last_row(self) -> int:
        """Number of the last row with content."""
        return max((position.row for position in self.cells), default=0)

    @cached_property
    def last_column(self) -> int:
        """Number of the last column with content."""
        return max((position.column for position in self.cells), default=0)


@dataclass(frozen=True)
class WorkbookContent:
    """A workbook by sheets, in their order."""

    name: str
    sheets: tuple[SheetContent, ...]

    def sheet(self, name: str) -> SheetContent | None:
        """A sheet by its exact name."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def read_workbook(path: Path) -> WorkbookContent:
    """All cells of a workbook; raises WorkbookReadError with the code of a finding."""
    _inspect_file(path)
    try:
        with zipfile.ZipFile(path) as package:
            _inspect_package(package)
            return WorkbookContent(path.name, tuple(_Package(package).sheets()))
    except (zipfile.BadZipFile, struct.error, NotImplementedError, RuntimeError, OSError) as error:
        raise WorkbookReadError("file.not_a_workbook") from error
    except (expat.ExpatError, ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise WorkbookReadError("file.damaged", {"reason": str(error) or type(error).__name__}) from error


def _inspect_file(path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise WorkbookReadError("file.unreadable", {"reason": error.strerror or str(error)}) from error
    if size == 0:
        raise WorkbookReadError("file.empty")
    if size > MAXIMUM_FILE_BYTES:
        raise WorkbookReadError("file.too_large", {"limit": f"{MAXIMUM_FILE_BYTES // 1_000_000} MB"})
    if start == _OLE_SIGNATURE:
        raise WorkbookReadError("file.old_or_protected")


def _inspect_package(package: zipfile.ZipFile) -> None:
    """Refuse a package that is damaged or would unpack to more than the caps allow."""
    parts = package.infolist()
    if len(parts) > MAXIMUM_PARTS:
        raise WorkbookReadError("file.too_large", {"limit": f"{MAXIMUM_PARTS} phần"})
    if sum(part.file_size for part in parts) > MAXIMUM_UNPACKED_BYTES:
        raise WorkbookReadError("file.too_large", {"limit": f"{MAXIMUM_UNPACKED_BYTES // 1_000_000} MB giải nén"})
    for part in parts:
        if part.file_size > RATIO_APPLIES_FROM_BYTES and part.file_size > MAXIMUM_RATIO * max(part.compress_size, 1):
            raise WorkbookReadError("file.too_large", {"limit": f"tỷ lệ nén {MAXIMUM_RATIO}:1"})


def _local(name: str) -> str:
    """A name without its namespace: transitional and strict files differ only there."""
    return name.rsplit("}", 1)[-1]


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if _local(key) == name), "")


class _Package:
    """The parts of one workbook. Reading a part checks its CRC and unpacks no more than its declared size."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.names = {name.lower().lstrip("/"): name for name in package.namelist()}
        root = self.relations("_rels/.rels")
        self.workbook = next((target for kind, target in root.values() if kind == "officeDocument"), "xl/workbook.xml")
        if self.workbook.lower() not in self.names:
            raise WorkbookReadError("file.not_a_workbook")

    def read(self, name: str) -> bytes:
        part = self.package.getinfo(self.names[name.lower()])
        try:
            with self.package.open(part) as stream:
                return stream.read(part.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError) as error:
            raise WorkbookReadError("file.damaged", {"reason": str(error) or type(error).__name__}) from error

    def tree(self, name: str) -> Element:
        tree: Element = defusedxml.ElementTree.fromstring(self.read(name), forbid_dtd=True)
        return tree

    def relations(self, name: str, base: str = "") -> dict[str, tuple[str, str]]:
        """Kind and target of each relation by its id; links to outside are left out."""
        if name.lower() not in self.names:
            return {}
        inside = (one for one in self.tree(name) if _attribute(one, "TargetMode") != "External")
        return {_attribute(one, "Id"): (_kind(one), _target(base, _attribute(one, "Target"))) for one in inside}

    def sheets(self) -> Iterator[SheetContent]:
        folder = str(PurePosixPath(self.workbook).parent)
        relations = self.relations(_target(folder, f"_rels/{PurePosixPath(self.workbook).name}.rels"), folder)
        parts = dict(relations.values())
        workbook = self.tree(self.workbook)
        if _local(workbook.tag) != "workbook":
            raise WorkbookReadError("file.not_a_workbook")
        formats = _formats(self.tree(parts["styles"])) if parts.get("styles", "").lower() in self.names else []
        strings = _strings(self.read(parts["sharedStrings"])) if "sharedStrings" in parts else []
        epoch = 1904 if any(_attribute(one, "date1904") in ("1", "true") for one in workbook) else 1900
        budget = MAXIMUM_CELLS
        seen: set[str] = set()
        for one in workbook.iter():
            if _local(one.tag) != "sheet":
                continue
            kind, target = relations[_attribute_of_relation(one)]
            if kind != "worksheet":
                continue
            if target.lower() in seen:
                raise ValueError(f"{target}: hai trang tính")
            seen.add(target.lower())
            cells = _SheetParser(strings, formats, epoch, budget).parse(self.read(target))
            budget -= len(cells)
            yield SheetContent(_attribute(one, "name"), _attribute(one, "state") or "visible", cells)


def _kind(relation: Element) -> str:
    return _attribute(relation, "Type").rsplit("/", 1)[-1]


def _attribute_of_relation(element: Element) -> str:
    return next(value for key, value in element.attrib.items() if key.startswith("{") and _local(key) == "id")


def _target(base: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    parts: list[str] = []
    for part in f"{base}/{target}".split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _formats(styles: Element) -> list[str]:
    """Number format of each cell style."""
    custom, formats = {}, []
    for group in styles:
        if _local(group.tag) == "numFmts":
            custom = {int(_attribute(one, "numFmtId")): _attribute(one, "formatCode") for one in group}
        elif _local(group.tag) == "cellXfs":
            numbers = [int(_attribute(one, "numFmtId") or 0) for one in group]
            formats = [custom.get(number) or _BUILT_IN_FORMATS.get(number, "General") for number in numbers]
    return formats


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise ValueError("entity")

    parser.EntityDeclHandler = refuse
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _strings(data: bytes) -> list[str]:
    """The shared strings; phonetic hints are no text."""
    strings: list[str] = []
    pieces: list[str] = []
    state = {"text": False, "phonetic": False}

    def start(name: str, _: dict[str, str]) -> None:
        tag = _local(name)
        if tag == "si":
            pieces.clear()
        elif tag == "rPh":
            state["phonetic"] = True
        state["text"] = tag == "t" and not state["phonetic"]

    def end(name: str) -> None:
        tag = _local(name)
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


class _SheetParser:
    """One pass over the XML of a sheet."""

    def __init__(self, strings: list[str], formats: list[str], epoch: int, budget: int) -> None:
        self.strings = strings
        self.formats = formats
        self.epoch = epoch
        self.budget = budget
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
        tag = _local(name)
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
        tag = _local(name)
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
        if len(self.cells) >= self.budget:
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
            return _iso_moment(self.value)
        number = float(self.value)
        if is_date_format(number_format):
            return _date(number, self.epoch)
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


def is_date_format(number_format: str) -> bool:
    """Whether a number format shows dates or times.

    >>> is_date_format("dd/mm/yyyy"), is_date_format('#,##0 "hộ/ngày"')
    (True, False)
    """
    if number_format == "General":
        return False
    return any(letter in "dmyhs" for letter in _NOT_DATE.sub("", number_format).split(";", 1)[0].lower())


def _iso_moment(text: str) -> Scalar:
    """Date or time of a cell that holds it in ISO 8601; any time zone is left out, as Excel knows none."""
    try:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return datetime.time.fromisoformat(text).replace(tzinfo=None)


def _date(number: float, epoch: int) -> Scalar:
    start = datetime.datetime(1904, 1, 1) if epoch == 1904 else datetime.datetime(1899, 12, 30)
    try:
        moment = start + datetime.timedelta(milliseconds=round(number * 86_400_000))
    except (OverflowError, ValueError):
        return number
    return moment.time() if 0 <= number < 1 and number else moment
