"""The names at the top of a compound file (OLE2, MS-CFB): they tell an old workbook from an old letter."""

import struct

from workbook_tools.errors import WorkbookReadError

OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")

_HEADER_ENTRIES = 109
_ENTRY_BYTES = 128
_NONE = 0xFFFFFFFA
"""Sector and entry numbers from here on mean: no further one."""


def root_entries(data: bytes) -> frozenset[str]:
    """Names of the streams and storages at the top of a compound file, in lower case.

    Raises WorkbookReadError if the directory is damaged.
    """
    try:
        return frozenset(_root_entries(data))
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise WorkbookReadError("file.damaged", {"reason": "thư mục bên trong tệp không đọc được"}) from error


def _root_entries(data: bytes) -> set[str]:
    (power,) = struct.unpack_from("<H", data, 30)
    size = 1 << (power if 7 <= power <= 20 else 9)
    (first,) = struct.unpack_from("<I", data, 48)
    table = _sector_table(data, size)
    directory = b"".join(_sector(data, size, number) for number in _chain(table, first))
    entries = [directory[at : at + _ENTRY_BYTES] for at in range(0, len(directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES)]
    names: set[str] = set()
    waiting, seen = [_links(entries[0])[2]], set[int]()
    while waiting:
        number = waiting.pop()
        if number >= _NONE or number in seen:
            continue
        seen.add(number)
        left, right, _ = _links(entries[number])
        names.add(_name(entries[number]))
        waiting += [left, right]
    return names


def _sector(data: bytes, size: int, number: int) -> bytes:
    start = max(size, 512) + number * size
    return data[start : start + size]


def _sector_table(data: bytes, size: int) -> list[int]:
    """The number of the sector that follows each sector."""
    numbers = list(struct.unpack_from(f"<{_HEADER_ENTRIES}I", data, 76))
    further, seen = struct.unpack_from("<I", data, 68)[0], set[int]()
    while further < _NONE and further not in seen:
        seen.add(further)
        *more, further = struct.unpack(f"<{size // 4}I", _sector(data, size, further))
        numbers += more
    table: list[int] = []
    for number in numbers:
        if number < _NONE:
            table += struct.unpack(f"<{size // 4}I", _sector(data, size, number).ljust(size, b"\xff"))
    return table


def _chain(table: list[int], first: int) -> list[int]:
    chain: dict[int, None] = {}
    while first < _NONE and first not in chain:
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
