"""Reads a binary workbook (xlsb; MS-XLSB): a package like xlsx whose parts are records instead of XML."""

import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from workbook_tools.cell_collection import BookCollector, SheetCollector
from workbook_tools.cell_texts import MAXIMUM_STRINGS, too_many_strings
from workbook_tools.cells import Position
from workbook_tools.excel_package import Package, Relation, inspect_package
from workbook_tools.failure_reasons import ContentError, damaged_by, too_many
from workbook_tools.formula_tokens import ERROR_TEXTS, formula_text, rk_number
from workbook_tools.number_formats import BUILT_IN_FORMATS, MAXIMUM_STYLES, STYLES
from workbook_tools.sheet_areas import Area
from workbook_tools.workbook_contents import CellContent, Scalar, WorkbookContent

_ROW, _STRING, _FONT, _FORMAT, _STYLE, _COLUMNS, _RICH_TEXT, _MERGED = 0, 19, 43, 44, 47, 60, 62, 176
_PROPERTIES, _SHEET, _STYLES_BEGIN, _STYLES_END = 153, 156, 617, 618
_FIRST_CELL, _LAST_CELL, _FIRST_FORMULA = 2, 11, 8
_SHORT_CELLS = range(12, 19)
"""Cells without a column of their own; Excel writes none, and one read at the wrong place would be worse than none."""

_BLANK = 1
_BLANKS = re.compile(rb"(?:\x01\x08.{8})+", re.DOTALL)
_STATES = ("visible", "hidden", "veryHidden")


def read_xlsb(path: Path) -> WorkbookContent:
    """All cells of a workbook; raises WorkbookReadError with the code of a finding."""
    try:
        with zipfile.ZipFile(path) as package:
            inspect_package(package)
            return _Reader(Package(package)).read(path.name)
    except (
        zipfile.BadZipFile,
        struct.error,
        LookupError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise damaged_by(error) from error


@dataclass
class _Styles:
    """Number format and font of each cell style."""

    formats: dict[int, str] = field(default_factory=lambda: dict(BUILT_IN_FORMATS))
    fonts: list[str] = field(default_factory=list)
    styles: list[tuple[str, str]] = field(default_factory=list)

    def of(self, number: int) -> tuple[str, str]:
        return self.styles[number] if number < len(self.styles) else ("General", "")


class _Reader:
    """Reads the parts of one package."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.book = BookCollector()
        self.strings: list[str] = []
        self.styles = _Styles()

    def read(self, name: str) -> WorkbookContent:
        relations = self.package.relations(self.package.workbook)
        parts = {one.kind: one.target for one in relations.values()}
        if self.package.has(parts.get("styles", "")):
            self._read_styles(self.package.read(parts["styles"]))
        if "sharedStrings" in parts:
            records = _records(self.package.read(parts["sharedStrings"]))
            self.strings = [_text(data, 1) for kind, data in islice(records, 2 * MAXIMUM_STRINGS) if kind == _STRING]
            if len(self.strings) > MAXIMUM_STRINGS or next(records, None):
                raise too_many_strings()
        for kind, data in _records(self.package.read(self.package.workbook)):
            if kind == _PROPERTIES and data[0] & 1:
                self.book.epoch = 1904
            elif kind == _SHEET:
                self._read_sheet(data, relations)
        return self.book.workbook(name)

    def _read_styles(self, data: bytes) -> None:
        inside = False
        for kind, record in _records(data):
            if kind == _FORMAT:
                self.styles.formats[struct.unpack_from("<H", record)[0]] = _text(record, 2)
            elif kind == _FONT:
                self.styles.fonts.append(_text(record, 21))
            elif kind in (_STYLES_BEGIN, _STYLES_END):
                inside = kind == _STYLES_BEGIN
            elif len(self.styles.styles) > MAXIMUM_STYLES:
                raise too_many(MAXIMUM_STYLES, *STYLES)
            elif kind == _STYLE and inside:
                number_format, font = struct.unpack_from("<HH", record, 2)
                name = self.styles.fonts[font] if font < len(self.styles.fonts) else ""
                self.styles.styles.append((self.styles.formats.get(number_format, "General"), name))

    def _read_sheet(self, data: bytes, relations: Mapping[str, Relation]) -> None:
        (state,) = struct.unpack_from("<I", data)
        relation, after = _text_and_end(data, 8)
        kind, target = relations[relation]
        if kind != "worksheet":
            return
        sheet = self.book.sheet(_text(data, after), _STATES[state])
        row = 0
        for kind_of_record, record in _records(self.package.read(target)):
            if kind_of_record == _ROW:
                row = struct.unpack_from("<I", record)[0] + 1
                if record[11] & 0x10:
                    sheet.hidden_rows.add(row)
            elif _FIRST_CELL <= kind_of_record <= _LAST_CELL or kind_of_record == _RICH_TEXT:
                self._read_cell(sheet, row, kind_of_record, record)
            elif kind_of_record in _SHORT_CELLS:
                raise ValueError(f"record {kind_of_record}")
            elif kind_of_record == _MERGED:
                top, bottom, left, right = struct.unpack_from("<IIII", record)
                sheet.merge(Area(Position(top + 1, left + 1), Position(bottom + 1, right + 1)))
            elif kind_of_record == _COLUMNS and record[16] & 1:
                first, last = struct.unpack_from("<II", record)
                sheet.hidden_columns.update(range(first + 1, min(last, 16_383) + 2))

    def _read_cell(self, sheet: SheetCollector, row: int, kind: int, data: bytes) -> None:
        column, packed = struct.unpack_from("<II", data)
        number_format, font = self.styles.of(packed & 0xFFFFFF)
        value, end = self._value(kind, data, number_format)
        if isinstance(value, str) and not _is_error(kind):
            value = sheet.shown(row, column + 1, [(value, font)])
        formula = ""
        if _FIRST_FORMULA <= kind <= _LAST_CELL:
            (length,) = struct.unpack_from("<I", data, end + 2)
            formula = formula_text(data[end + 6 : end + 6 + length])
        elif value == "":
            value = None
        sheet.put(row, column + 1, CellContent(value, formula, number_format, _is_error(kind)))

    def _value(self, kind: int, data: bytes, number_format: str) -> tuple[Scalar, int]:
        """The value of a cell, and where it ends."""
        match kind:
            case 2:
                return self.book.number(rk_number(struct.unpack_from("<I", data, 8)[0]), number_format), 12
            case 3 | 11:
                return ERROR_TEXTS.get(data[8], "#N/A"), 9
            case 4 | 10:
                return bool(data[8]), 9
            case 5 | 9:
                return self.book.number(struct.unpack_from("<d", data, 8)[0], number_format), 16
            case 7:
                return self.strings[struct.unpack_from("<I", data, 8)[0]], 12
            case _:
                return _text_and_end(data, 9 if kind == _RICH_TEXT else 8)


def _is_error(kind: int) -> bool:
    return kind in (3, 11)


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record but blank cells; ValueError if the last one is cut."""
    at = 0
    while at < len(data):
        if data[at] == _BLANK and (blanks := _BLANKS.match(data, at)):
            at = blanks.end()
            continue
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | data[at] << 7
            at += 1
        length = shift = 0
        while shift < 28:
            part = data[at]
            at += 1
            length |= (part & 0x7F) << shift
            shift += 7
            if not part & 0x80:
                break
        if at + length > len(data):
            raise ContentError("tệp bị cắt cụt", "it is cut short")
        yield kind, data[at : at + length]
        at += length


def _text(data: bytes, start: int) -> str:
    return _text_and_end(data, start)[0]


def _text_and_end(data: bytes, start: int) -> tuple[str, int]:
    """A text with its length before it, and where it ends."""
    (length,) = struct.unpack_from("<I", data, start)
    if length == 0xFFFFFFFF:
        return "", start + 4
    end = start + 4 + 2 * length
    if end > len(data):
        raise ContentError("tệp bị cắt cụt", "it is cut short")
    return data[start + 4 : end].decode("utf-16-le", "replace"), end
