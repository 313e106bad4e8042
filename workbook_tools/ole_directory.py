"""Compound files (OLE2, MS-CFB): the names at the top, which tell an old workbook from an old letter, and streams."""

import struct
from collections.abc import Iterator

from workbook_tools.failure_reasons import damaged
from workbook_tools.wording import Words

OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")

_BROKEN = Words("thư mục bên trong tệp không đọc được", "the directory inside it cannot be read")
_HEADER_ENTRIES = 109
_ENTRY_BYTES = 128
_SMALL_SECTOR = 64
_NONE = 0xFFFFFFFA
"""Sector and entry numbers from here on mean: no further one."""


def root_entries(data: bytes) -> frozenset[str]:
    """Names of the streams and storages at the top of a compound file, in lower case.

    Raises WorkbookReadError if the directory is damaged.
    """
    try:
        return frozenset(_Compound(data).entries)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise damaged(_BROKEN) from error


def read_stream(data: bytes, *names: str) -> bytes:
    """The stream at the top of a compound file that has the first of these names, given in lower case.

    One whose last sectors are missing comes back without them. Raises struct.error, LookupError or ValueError.
    """
    compound = _Compound(data)
    for name in names:
        if name in compound.entries:
            return compound.stream(compound.entries[name])
    raise LookupError(names[0])


class _Compound:
    """The sectors of a file, and its entries at the top by their names in lower case."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        (power,) = struct.unpack_from("<H", data, 30)
        self.size = 1 << (power if 7 <= power <= 20 else 9)
        self.table = self._sector_table()
        (first,) = struct.unpack_from("<I", data, 48)
        directory = self._chained(first)
        starts = range(0, len(directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES)
        self._listed = [directory[at : at + _ENTRY_BYTES] for at in starts]
        self.entries = {_name(entry): entry for entry in self._at_the_top()}

    def stream(self, entry: bytes) -> bytes:
        """What an entry holds; short streams stand in small sectors of their own."""
        first, size = struct.unpack_from("<II", entry, 116)
        least, small_table = struct.unpack_from("<II", self.data, 56)
        if size >= least:
            return self._chained(first)[:size]
        numbers = self._chained(small_table)
        following = list(struct.unpack(f"<{len(numbers) // 4}I", numbers[: len(numbers) // 4 * 4]))
        small = self._chained(struct.unpack_from("<I", self._listed[0], 116)[0])
        pieces = (small[at * _SMALL_SECTOR : (at + 1) * _SMALL_SECTOR] for at in _chain(following, first))
        return b"".join(pieces)[:size]

    def _at_the_top(self) -> Iterator[bytes]:
        waiting, seen = [_links(self._listed[0])[2]], set[int]()
        while waiting:
            number = waiting.pop()
            if number >= min(_NONE, len(self._listed)) or number in seen:
                continue
            seen.add(number)
            left, right, _ = _links(self._listed[number])
            yield self._listed[number]
            waiting += [left, right]

    def _sector_table(self) -> list[int]:
        """The number of the sector that follows each sector."""
        numbers = list(struct.unpack_from(f"<{_HEADER_ENTRIES}I", self.data, 76))
        further, seen = struct.unpack_from("<I", self.data, 68)[0], set[int]()
        while further < _NONE and further not in seen:
            seen.add(further)
            *more, further = struct.unpack(f"<{self.size // 4}I", self._sector(further))
            numbers += more
        table: list[int] = []
        for number in numbers:
            if number < _NONE:
                table += struct.unpack(f"<{self.size // 4}I", self._sector(number).ljust(self.size, b"\xff"))
        return table

    def _chained(self, first: int) -> bytes:
        return b"".join(map(self._sector, _chain(self.table, first)))

    def _sector(self, number: int) -> bytes:
        start = max(self.size, 512) + number * self.size
        return self.data[start : start + self.size]


def _chain(table: list[int], first: int) -> list[int]:
    """The numbers of the sectors that follow each other, until the last one, or one that was there before."""
    chain: dict[int, None] = {}
    while first < len(table) and first not in chain:
        chain[first] = None
        first = table[first]
    return list(chain)


def _links(entry: bytes) -> tuple[int, int, int]:
    """Left neighbour, right neighbour and first child."""
    left, right, child = struct.unpack_from("<III", entry, 68)
    return left, right, child


def _name(entry: bytes) -> str:
    (length,) = struct.unpack_from("<H", entry, 64)
    return entry[: max(0, min(length, 64) - 2)].decode("utf-16-le").lower()
