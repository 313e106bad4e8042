"""The records of an old workbook (xls; BIFF5 and BIFF8, MS-XLS): its formulas, and a copy without what is not read.

A library gives the values (:mod:`workbook_tools.xls_reading`) but hides which cells are formulas, and stumbles over
pictures, links and names that do not matter for numbers.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, count, islice
from typing import NamedTuple

from workbook_tools.cell_collection import BookCollector
from workbook_tools.cell_texts import MAXIMUM_STRINGS, too_many_strings
from workbook_tools.cells import Position
from workbook_tools.errors import WorkbookReadError
from workbook_tools.failure_reasons import ContentError, too_many
from workbook_tools.formula_tokens import formula_text, may_give_text
from workbook_tools.number_formats import MAXIMUM_STYLES, STYLES

_STRINGS = 0xFC
_BEGIN, _END, _CONTINUE, _PASSWORD, _SHEET, _FORMULA, _FILTERED = 0x0809, 0x0A, 0x3C, 0x2F, 0x85, 0x06, 0x9B
_STRING_FOLLOWERS = frozenset((0x0207, 0x0221, 0x04BC, 0x0236))
"""Text of a formula, array and shared formulas, tables of operations: they stand between a formula and its text."""

_NUMBERS_IN_A_ROW = 0xBD
_CELLS = frozenset((0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6, 0x0205, _FORMULA))
_OTHERS = frozenset((_BEGIN, _END, 0x42, 0x22, 0x041E, 0x31, 0xE0, _SHEET, _STRINGS, 0x0200, 0x0208, 0x7D, 0xE5))
_READ = _CELLS | _STRING_FOLLOWERS | _OTHERS | {_NUMBERS_IN_A_ROW}
"""Records that say something about numbers and texts: cells, their place, formats and fonts, sheets, the encoding."""

_STYLES = frozenset((0x31, 0x041E, 0xE0))
MAXIMUM_RECORDS = 1_000_000
"""Of a workbook; blank cells are records of their own, or many of a row are one."""

_UNREAD = 0xFFFF
_HEADER = 4
_TEXTS_START = 8
_WORKSHEET = 0


class _Record(NamedTuple):
    at: int
    kind: int
    data: bytes


@dataclass
class SheetRecords:
    """What the records of a sheet say beyond its values: the text of each formula, and those never calculated."""

    formulas: dict[Position, str] = field(default_factory=dict)
    textless: set[Position] = field(default_factory=set)
    """Formulas that hold no text: where they show an empty one, nobody has calculated them."""

    is_filtered: bool = False


@dataclass
class WorkbookRecords:
    """The worksheets in their order, and the stream with everything else blanked out."""

    sheets: list[SheetRecords]
    stream: bytes


def read_records(stream: bytes, book: BookCollector) -> WorkbookRecords:
    """Walk the records of a workbook stream once; raises WorkbookReadError if it is encrypted, too large or cut."""
    plain = bytearray(stream)
    places: list[int] = []
    strings = _Strings()
    counter = count(1)
    styles = 0
    for record in _substream(stream, 0, plain, counter):
        styles += record.kind in _STYLES
        if styles > 3 * MAXIMUM_STYLES:
            raise too_many(MAXIMUM_STYLES, *STYLES)
        if record.kind == _PASSWORD:
            raise WorkbookReadError("file.protected")
        if record.kind == _SHEET:
            place, kind = struct.unpack_from("<IxB", record.data)
            places += [place] if kind == _WORKSHEET else []
        strings.take(record)
    if len(set(places)) != len(places):
        raise ContentError("hai trang tính ở một chỗ", "two sheets at one place")
    strings.correct_count(plain)
    strings.move_blank_pieces(plain)
    return WorkbookRecords([_sheet(stream, place, plain, book, counter) for place in places], bytes(plain))


class _Strings:
    """The pieces of the table of texts; some programs count other texts in it than there are."""

    def __init__(self) -> None:
        self.at = -1
        self.pieces: list[bytes] = []
        self.is_open = False
        self.end = 0
        self.blank: list[int] = []
        """Where pieces without anything stand; the library stumbles over them."""

    def take(self, record: _Record) -> None:
        """Keep a record if it is a piece of the table."""
        if record.kind == _STRINGS and not self.pieces:
            self.at, self.is_open = record.at, True
        elif record.kind != _CONTINUE:
            self.is_open = False
        if self.is_open and record.data:
            self.pieces.append(record.data)
        elif self.is_open:
            self.blank.append(record.at)
        if self.is_open:
            self.end = record.at + _HEADER + len(record.data)

    def correct_count(self, plain: bytearray) -> None:
        """Write the number of texts into the stream."""
        if self.pieces and len(self.pieces[0]) >= _TEXTS_START:
            number = sum(1 for _ in islice(self._ends(), MAXIMUM_STRINGS + 1))
            if number > MAXIMUM_STRINGS:
                raise too_many_strings()
            struct.pack_into("<I", plain, self.at + 8, number)

    def move_blank_pieces(self, plain: bytearray) -> None:
        """Put pieces without anything behind the table, as records of no meaning: all else stays where it is."""
        for at in reversed(self.blank):
            plain[at : self.end] = plain[at + _HEADER : self.end] + struct.pack("<HH", _UNREAD, 0)

    def _ends(self) -> Iterator[int]:
        """One for each text that is whole."""
        number, at = 0, _TEXTS_START
        left = list(accumulate(map(len, reversed(self.pieces))))[::-1]
        while True:
            while number < len(self.pieces) and at >= len(self.pieces[number]):
                at -= len(self.pieces[number])
                number += 1
            if number == len(self.pieces) or at + 3 > len(self.pieces[number]):
                return
            letters, flags = struct.unpack_from("<HB", self.pieces[number], at)
            at += 3
            extra = 0
            for flag, form, width in ((8, "<H", 4), (4, "<I", 1)):  # runs of fonts, phonetic hints
                if flags & flag:
                    extra += struct.unpack_from(form, self.pieces[number], at)[0] * width
                    at += struct.calcsize(form)
            while letters:
                width = 1 + (flags & 1)
                here = min((len(self.pieces[number]) - at) // width, letters)
                letters -= here
                at += here * width
                if letters:
                    number, at = number + 1, 1
                    if number == len(self.pieces) or not self.pieces[number]:
                        return
                    flags = self.pieces[number][0]
            if at + extra > left[number]:
                return
            at += extra
            yield at


def _sheet(stream: bytes, place: int, plain: bytearray, book: BookCollector, counter: Iterator[int]) -> SheetRecords:
    sheet = SheetRecords()
    for record in _substream(stream, place, plain, counter):
        if record.kind in _CELLS:
            book.count_cells(1)
        elif record.kind == _NUMBERS_IN_A_ROW:
            book.count_cells(len(record.data) // 6)
        if record.kind == _FORMULA:
            row, column = struct.unpack_from("<HH", record.data)
            (length,) = struct.unpack_from("<H", record.data, 20)
            tokens = record.data[22 : 22 + length]
            position = Position(row + 1, column + 1)
            sheet.formulas[position] = formula_text(tokens)
            if not may_give_text(tokens):
                sheet.textless.add(position)
        sheet.is_filtered = sheet.is_filtered or record.kind == _FILTERED
    return sheet


def _substream(stream: bytes, start: int, plain: bytearray, counter: Iterator[int]) -> Iterator[_Record]:
    """The records from the beginning of a sheet (or of the workbook) to its end, charts inside it left out.

    Those not read are blanked out in ``plain``. Raises struct.error or ValueError where the end is missing.
    """
    depth, kept = 0, True
    at = start
    while True:
        kind, length = struct.unpack_from("<HH", stream, at)
        if next(counter) > MAXIMUM_RECORDS:
            raise too_many(MAXIMUM_RECORDS, "bản ghi", "records")
        if at + 4 + length > len(stream):
            raise ContentError("tệp bị cắt cụt", "it is cut short")
        depth += kind == _BEGIN
        if depth == 0:
            raise ContentError("trang tính không có phần đầu", "a sheet without a beginning")
        if kind != _CONTINUE:
            kept = depth == 1 and kind in _READ
        if kind == _BEGIN and length >= 2:
            plain[at + _HEADER] = (
                0  # Only the first byte of the version tells how to read; some programs fill the other.
            )
        if not kept:
            struct.pack_into("<H", plain, at, _UNREAD)
        if depth == 1:
            yield _Record(at, kind, stream[at + 4 : at + 4 + length])
        depth -= kind == _END
        if depth == 0:
            return
        at += 4 + length
