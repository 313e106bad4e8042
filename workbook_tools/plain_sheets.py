"""The cells of workbooks whose XML is as plain as that of most programs: one regular expression over each sheet.

What the expression does not know is not guessed: there is no result then, and the file is read by the XML parser
(:mod:`workbook_tools.ooxml_reading`). Plain cells are taken out of a sheet; what is left of it, its rows, columns and
merged areas, goes through the parser all the same. So whatever is no well-formed XML is noticed here as there.
"""

import re
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from xml.parsers.expat import ExpatError

from workbook_tools import file_kinds
from workbook_tools.cell_texts import SharedStrings
from workbook_tools.cells import Position, parse_position
from workbook_tools.errors import WorkbookReadError
from workbook_tools.excel_package import Package, inspect_file, inspect_package
from workbook_tools.excel_sheets import SheetPart
from workbook_tools.file_kinds import kind_of
from workbook_tools.number_formats import CellStyle, StylesPart, serial_moment
from workbook_tools.ooxml_reading import _WorkbookPart
from workbook_tools.sheet_areas import Area, areas_of
from workbook_tools.workbook_contents import CellContent, Scalar, SheetContent
from workbook_tools.xml_parts import Budget, unescaped

MAXIMUM_BYTES = 6_000_000
"""Larger workbooks are left to the parser, which holds no part of them whole; a form is a quarter of it."""

CELL = re.compile(
    rb'<c r="([A-Z]{1,3}[1-9][0-9]{0,6})"((?: [st]="[A-Za-z0-9]{1,9}")*)'
    rb'(?:/>|>(?:<f(?: aca="(?:true|false|0|1)")?>([^<]*)</f>)?'
    rb'(?:<v>([^<]*)</v>|<v ?/>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
)
_GROUPS = 5
_ATTRIBUTES = re.compile(rb'(?: s="([0-9]{1,6})")?(?: t="([A-Za-z]{1,9})")?(?: s="([0-9]{1,6})")?')
_STRING = re.compile(rb'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>|<si><t ?/></si>')
_PROLOGUE = rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="(?i:utf-8)")?(?: standalone="[a-z]+")? ?\?>)?\s*'
_SHEET_START = re.compile(_PROLOGUE + rb"<worksheet[\s>]")
_STRINGS_START = re.compile(_PROLOGUE + rb"<sst[\s>]")
_UNUSUAL = (b"<!", b"AlternateContent", b"extLst")
_NUMBER = re.compile(rb"-?[0-9]{1,20}(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,3})?")
_FIRST_INEXACT = 2**53
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos));")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_NO_TEXT = re.compile("[\0-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|]]>")
"""What cannot stand in XML, and line ends that a parser changes."""

_PLAIN_PART = re.compile(
    r"\[content_types\]\.xml|(?:.*/)?_rels/[^/]*\.rels|docprops/[a-z]+\.xml|docmetadata/[a-z]+\.xml"
    r"|xl/(?:workbook|styles|sharedstrings|calcchain|metadata)\.xml|xl/theme/theme\d\.xml"
    r"|xl/worksheets/sheet\d{1,3}\.xml|xl/drawings/drawing\d{1,3}\.xml"
    r"|xl/printersettings/printersettings\d{1,3}\.bin|customxml/[a-z]+\d\.xml"
)
_PLAIN_RELATIONS = frozenset({
    "worksheet", "theme", "styles", "sharedStrings", "calcChain", "sheetMetadata", "hyperlink", "printerSettings",
    "customXml", "drawing",
})  # fmt: skip
"""What a workbook may consist of if nothing else came along with its figures."""

_WRONG = (
    WorkbookReadError, ExpatError, zipfile.BadZipFile, struct.error, NotImplementedError, RuntimeError, OSError,
    ValueError, LookupError,
)  # fmt: skip


class NotPlainError(ValueError):
    """Something that the expressions here do not know."""


@dataclass(frozen=True)
class Frame:
    """What a sheet has besides its cells."""

    areas: frozenset[Area]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]


class Look(NamedTuple):
    """What the attributes of a cell say: its type, and its style."""

    kind: bytes
    style: CellStyle


@dataclass(frozen=True)
class PlainSheet:
    """A sheet by addresses: its texts, and whatever else stands in cells. ``looks`` are in the order of the file.

    Nothing is taken away yet of what merged areas hide.
    """

    name: str
    state: str
    frame: Frame
    texts: Mapping[bytes, str]
    cells: Mapping[bytes, CellContent]
    looks: Mapping[bytes, Look]

    def content(self, address: bytes) -> CellContent:
        """What stands in a cell that holds something."""
        if address in self.texts:
            return CellContent(self.texts[address], number_format=self.looks[address].style.number_format)
        return self.cells[address]

    def as_content(self) -> SheetContent:
        """The sheet as the parser gives it."""
        filled = (address for address in self.looks if address in self.texts or address in self.cells)
        cells = {_position(address): self.content(address) for address in filled}
        return SheetContent(self.name, self.state, cells)


@dataclass(frozen=True)
class WrittenSheet:
    """A sheet as it stands in the file."""

    name: str
    state: str
    data: bytes


@dataclass(frozen=True)
class PlainBook:
    """A workbook in which nothing has to be bridged or told of when it is opened, its sheets not yet taken apart."""

    written: tuple[WrittenSheet, ...]
    shared: Mapping[bytes, str]
    styles: Mapping[bytes, CellStyle]
    _taken: dict[int, PlainSheet] = field(default_factory=dict)

    def sheet(self, number: int) -> PlainSheet:
        """A sheet by its number from 0. Raises NotPlainError if its XML is not plain."""
        if number not in self._taken:
            one = self.written[number]
            try:
                self._taken[number] = _sheet(one.name, one.state, one.data, self.shared, self.styles)
            except _WRONG as error:
                raise NotPlainError from error
        return self._taken[number]

    def sheets(self) -> tuple[PlainSheet, ...] | None:
        """All sheets; None if one of them is not plain."""
        try:
            return tuple(map(self.sheet, range(len(self.written))))
        except NotPlainError:
            return None


def read_plain(path: Path) -> PlainBook | None:
    """A workbook of plain parts; None for any other, as for one that cannot be opened."""
    try:
        inspect_file(path)
        if kind_of(path) is not file_kinds.OOXML or path.suffix.lower() not in file_kinds.OOXML.endings:
            return None
        with zipfile.ZipFile(path) as archive:
            inspect_package(archive, streamed=True)
            if sum(part.file_size for part in archive.infolist()) > MAXIMUM_BYTES:
                return None
            return _book(Package(archive))
    except _WRONG:
        return None


def _book(package: Package) -> PlainBook:
    if not all(map(_PLAIN_PART.fullmatch, package.names)):
        raise NotPlainError
    relations = package.relations(package.workbook)
    listed = _workbook(package.read(package.workbook))
    targets = {relation.kind: relation.target for relation in relations.values()}
    styles = _styles(package.read(targets["styles"])) if "styles" in targets else {}
    shared = _shared_strings(package.read(targets["sharedStrings"])) if "sharedStrings" in targets else {}
    if listed.epoch != 1900 or len({entry.name.lower() for entry in listed.sheets}) != len(listed.sheets):
        raise NotPlainError
    seen: set[str] = set()
    written: list[WrittenSheet] = []
    kinds = {relation.kind for relation in relations.values()}
    for entry in listed.sheets:
        kind, target = relations[entry.relation]
        if target.lower() in seen or kind != "worksheet":
            raise NotPlainError
        seen.add(target.lower())
        kinds |= {relation.kind for relation in package.relations(target).values()}
        written.append(WrittenSheet(entry.name, entry.state, package.read(target)))
    if not kinds <= _PLAIN_RELATIONS:
        raise NotPlainError
    return PlainBook(tuple(written), shared, styles)


@lru_cache(maxsize=10_000)
def _position(address: bytes) -> Position:
    return parse_position(address.decode("ascii"))


@lru_cache(maxsize=8)
def _workbook(data: bytes) -> _WorkbookPart:
    part = _WorkbookPart()
    part.read(BytesIO(data), Budget())
    return part


@lru_cache(maxsize=8)
def _styles(data: bytes) -> dict[bytes, CellStyle]:
    """The styles by number; a legacy font makes other letters of a text than those stored."""
    part = StylesPart()
    part.read(BytesIO(data), Budget())
    styles = part.styles()
    if any(style.font for style in styles):
        raise NotPlainError
    return {b"%d" % number: style for number, style in enumerate(styles)}


@lru_cache(maxsize=2)
def _shared_strings(data: bytes) -> dict[bytes, str]:
    """The shared strings by number."""
    pieces = _STRING.split(data)
    rest = b"".join(pieces[::2])
    if not _STRINGS_START.match(rest) or b"<!" in rest or rest.count(b"<") != rest.count(b"<?") + 2:
        return _rich_strings(data)
    _check_well_formed(rest)
    texts = pieces[1::2]
    return dict(zip(_numbers(len(texts).bit_length()), map(cell_text, texts), strict=False))


@lru_cache(maxsize=2)
def _numbers(bits: int) -> tuple[bytes, ...]:
    """The numbers of so many bits as they are written."""
    return tuple(b"%d" % number for number in range(1 << bits))


def _rich_strings(data: bytes) -> dict[bytes, str]:
    """Shared strings of which some have runs in fonts of their own."""
    part = SharedStrings(Budget())
    part.read(BytesIO(data), Budget())
    texts: dict[bytes, str] = {}
    for number in range(data.count(b"<si>")):
        texts[b"%d" % number] = part.text(number)
        if part.shown(number, "") != part.text(number):
            raise NotPlainError
    return texts


@lru_cache(maxsize=64)
def _check_well_formed(rest: bytes) -> None:
    SharedStrings(Budget()).read(BytesIO(rest), Budget())


class _FramePart(SheetPart):
    """Takes what is left of a sheet without its plain cells."""

    def __init__(self) -> None:
        super().__init__("", SharedStrings(Budget()), (), 1900, 0, Budget())
        self.rows: set[int] = set()

    def _prepared(self, chunk: bytes) -> bytes:
        """Rows have no cells here and are looked at all the same."""
        return chunk

    def _begin_row(self, attributes: dict[str, str]) -> None:
        super()._begin_row(attributes)
        if self._is_hidden:
            self.rows.add(self._row)

    def frame(self) -> Frame:
        """What was found."""
        sheet, notes = self.content("visible")
        if notes or sheet.cells:
            raise NotPlainError
        return Frame(frozenset(areas_of(self._merged)), frozenset(self.rows), sheet.hidden_columns)


@lru_cache(maxsize=512)
def _frame(rest: bytes) -> Frame:
    part = _FramePart()
    part.read(BytesIO(rest), Budget())
    return part.frame()


def _sheet(
    name: str, state: str, data: bytes, shared: Mapping[bytes, str], styles: Mapping[bytes, CellStyle]
) -> PlainSheet:
    head, begin, body = data.partition(b"<sheetData>")
    body, end, foot = body.partition(b"</sheetData>")
    pieces = CELL.split(body)
    rest = b"".join(pieces[:: _GROUPS + 1])
    is_plain = end and _SHEET_START.match(head) and rest.count(b"<") == rest.count(b"<row ") + rest.count(b"</row>")
    if not is_plain or any(sign in head or sign in rest for sign in _UNUSUAL) or b"<!" in foot or b"<?" in foot:
        raise NotPlainError
    frame = _frame(b"".join((head, begin, rest, end, foot)))
    addresses, attributes, formulas, values, inline = (
        pieces[number :: _GROUPS + 1] for number in range(1, _GROUPS + 1)
    )
    known = {one: look_of(one, styles) for one in set(attributes)}
    looks = dict(zip(addresses, map(known.__getitem__, attributes), strict=True))
    if len(looks) != len(addresses):
        raise NotPlainError
    strings = {one for one, look in known.items() if look.kind == b"s"}
    texts = {
        address: text
        for address, one, value in zip(addresses, attributes, values, strict=True)
        if value and one in strings and (text := shared[value])
    }
    unseen = {one for one, look in known.items() if look.style.is_unseen}
    filled = zip(attributes, values, inline, strict=True)
    if unseen and any((value or typed) and one in unseen for one, value, typed in filled):
        raise NotPlainError
    cells: dict[bytes, CellContent] = {}
    for address, one, formula, value, typed in zip(addresses, attributes, formulas, values, inline, strict=True):
        if typed is not None:
            if known[one].kind != b"inlineStr" or formula is not None:
                raise NotPlainError
            if text := cell_text(typed):
                texts[address] = text
        elif one in strings:
            if formula is not None:
                raise NotPlainError
        elif value is not None or formula is not None:
            content = cell_content(known[one], formula, value)
            if content is not None:
                cells[address] = content
    return PlainSheet(name, state, frame, texts, cells, looks)


def look_of(attributes: bytes, styles: Mapping[bytes, CellStyle]) -> Look:
    """What the attributes of a cell say. Raises NotPlainError for others than its type and style, once each."""
    found = _ATTRIBUTES.fullmatch(attributes)
    if found is None or (found[1] and found[3]):
        raise NotPlainError
    return Look(found[2] or b"n", styles.get(found[1] or found[3] or b"0", CellStyle()))


def _stored(data: bytes) -> str:
    """The text that stands in the XML."""
    text = data.decode("utf-8")
    if "&" in text:
        if _REFERENCE.sub("", text).count("&"):
            raise NotPlainError
        text = _REFERENCE.sub(_character, text)
    if _NO_TEXT.search(text):
        raise NotPlainError
    return text


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _ENTITIES[name]
    return chr(int(decimal) if decimal else int(hexadecimal, 16))


@lru_cache(maxsize=50_000)
def cell_text(data: bytes | None) -> str:
    """A text of a cell; forms have most of their texts in common."""
    return unescaped(_stored(data)) if data else ""


@lru_cache(maxsize=50_000)
def cell_content(look: Look, formula: bytes | None, value: bytes | None) -> CellContent | None:
    """What stands in a cell that holds no shared string; None for nothing."""
    kind, style = look
    found = _scalar(kind, style, value)
    if formula is None:
        return None if found is None else CellContent(found, "", style.number_format, kind == b"e")
    text = _stored(formula)
    return CellContent(found, text if text.startswith("=") else "=" + text, style.number_format, kind == b"e")


def _scalar(kind: bytes, style: CellStyle, value: bytes | None) -> Scalar:
    if kind == b"n":
        return _number(value, style) if value else None
    if kind == b"str":
        return None if value is None else cell_text(value)
    if kind == b"b" and value in (b"0", b"1"):
        return value == b"1"
    if kind == b"e" and value:
        return cell_text(value)
    if value:
        raise NotPlainError
    return None


def _number(value: bytes, style: CellStyle) -> Scalar:
    if not _NUMBER.fullmatch(value):
        raise NotPlainError
    number = float(value)
    if abs(number) == float("inf"):
        raise NotPlainError
    if style.is_date:
        return serial_moment(number, 1900)
    return int(number) if number.is_integer() and abs(number) < _FIRST_INEXACT else number
