"""The parts of a package as they are packed, and packages joined from such parts without packing them again.

The standard library's ``zipfile`` reads and writes members but does not copy them as packed; the three records of a
zip file that are needed for it are those of the PKWARE application note (APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.16).
"""

import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION, _FLAGS, _DEFLATED = 20, 0x800, 8
_TIME, _DATE = 0, 0x21  # 1 January 1980, the first day a zip file knows: equal content gives equal bytes


@dataclass(frozen=True, slots=True)
class PackedPart:
    """One part: its name, the deflated bytes, checksum and size of its content."""

    name: str
    packed: bytes
    checksum: int
    size: int

    def text(self) -> str:
        """The content as text."""
        return zlib.decompress(self.packed, -zlib.MAX_WBITS).decode("utf-8")


def pack(name: str, content: bytes, level: int = 6) -> PackedPart:
    """A part with the given content."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return PackedPart(name, packer.compress(content) + packer.flush(), zlib.crc32(content), len(content))


def packed_parts(path: Path) -> list[PackedPart]:
    """The parts of a package of ours, in their order."""
    with zipfile.ZipFile(path) as package:
        return [pack(one.filename, package.read(one)) for one in package.infolist()]


def join_parts(parts: Iterable[PackedPart]) -> bytes:
    """A package of parts, none of them packed again."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for part in parts:
        name = part.name.encode("utf-8")
        facts = (_TIME, _DATE, part.checksum, len(part.packed), part.size, len(name), 0)
        record = _LOCAL.pack(b"PK\x03\x04", _VERSION, _FLAGS, _DEFLATED, *facts) + name + part.packed
        pieces.append(record)
        entry = _CENTRAL.pack(b"PK\x01\x02", _VERSION, _VERSION, _FLAGS, _DEFLATED, *facts, 0, 0, 0, 0, offset)
        directory.append(entry + name)
        offset += len(record)
    size = sum(map(len, directory))
    end = _END.pack(b"PK\x05\x06", 0, 0, len(directory), len(directory), size, offset, 0)
    return b"".join((*pieces, *directory, end))
