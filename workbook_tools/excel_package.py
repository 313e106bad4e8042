"""The package of an Excel file: inspected before it is unpacked, then read part by part.

Nothing of the sender's file is run, followed or changed.
"""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple
from urllib.parse import unquote
from xml.parsers import expat

from workbook_tools.errors import WorkbookReadError
from workbook_tools.failure_reasons import damaged, reason_of, too_large, too_many, unreadable
from workbook_tools.wording import Words
from workbook_tools.xml_parts import Budget, XmlPart, attribute

MAXIMUM_FILE_BYTES = 50_000_000
MAXIMUM_UNPACKED_BYTES = 100_000_000
STREAMED_FACTOR = 3
MAXIMUM_PARTS = 1_000
MAXIMUM_RATIO = 100
MAXIMUM_RELATIONS = 70_000
RATIO_APPLIES_FROM_BYTES = 1_000_000
"""Caps on what a received file may contain; honest forms stay below a tenth of each."""

_ENTRY_SIGNATURE = b"PK\1\2"
_ENCRYPTED = 1
_FAILURES = (
    NotImplementedError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, struct.error,
    expat.ExpatError, LookupError, ValueError,
)  # fmt: skip


def inspect_file(path: Path) -> None:
    """Refuse a file that cannot be opened, is too large or of another kind."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
            entries = _listed_entries(file) if start.startswith(b"PK") and size <= MAXIMUM_FILE_BYTES else 0
    except OSError as error:
        raise unreadable(error) from error
    if size == 0:
        raise WorkbookReadError("file.empty")
    if size > MAXIMUM_FILE_BYTES:
        raise too_large(*[f"{MAXIMUM_FILE_BYTES // 1_000_000} MB"] * 2)
    if entries > 10 * MAXIMUM_PARTS:
        raise too_many(MAXIMUM_PARTS, "phần", "parts")


def _listed_entries(file: IO[bytes]) -> int:
    """About how many parts a package lists, those of packages inside it included: opening it would make them all."""
    count = 0
    while chunk := file.read(1 << 20):
        count += chunk.count(_ENTRY_SIGNATURE)
    return count


def inspect_package(package: zipfile.ZipFile, streamed: bool = False) -> None:
    """Refuse a package that would unpack to more than the caps allow; more is allowed if no part is held whole."""
    parts = package.infolist()
    unpacked = MAXIMUM_UNPACKED_BYTES * (STREAMED_FACTOR if streamed else 1)
    if len(parts) > MAXIMUM_PARTS:
        raise too_many(MAXIMUM_PARTS, "phần", "parts")
    if sum(part.file_size for part in parts) > unpacked:
        size = f"{unpacked // 1_000_000} MB"
        raise too_large(f"{size} giải nén", f"{size} unpacked")
    for part in parts:
        if part.file_size > RATIO_APPLIES_FROM_BYTES and part.file_size > MAXIMUM_RATIO * max(part.compress_size, 1):
            raise too_large(f"tỷ lệ nén {MAXIMUM_RATIO}:1", f"packed {MAXIMUM_RATIO}:1")


class Relation(NamedTuple):
    """What kind of part a part leads to, and its name; no name for what lies outside."""

    kind: str
    target: str


class Package:
    """The parts of one workbook. Reading a part checks its CRC and unpacks no more than its declared size."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.budget = Budget()
        self.names = _names(package)
        root = self.relations("")
        self.workbook = next((one.target for one in root.values() if one.kind == "officeDocument"), "xl/workbook.xml")
        if not self.has(self.workbook):
            raise WorkbookReadError("file.not_a_workbook")

    def has(self, name: str) -> bool:
        """Whether there is a part of a name, however its letters are cased."""
        return self._key(name) in self.names

    def read(self, name: str) -> bytes:
        """The bytes of a part."""
        with self._opened(name) as stream:
            return stream.read()

    def parse(self, name: str, part: XmlPart) -> None:
        """Let ``part`` take the XML of a part."""
        with self._opened(name) as stream:
            part.read(stream, self.budget)

    def relations(self, owner: str) -> dict[str, Relation]:
        """Where a part leads to, by id; the package itself for no name."""
        path = PurePosixPath(owner)
        folder = "" if str(path.parent) == "." else str(path.parent)
        name = part_name(folder, f"_rels/{path.name}.rels")
        if not self.has(name):
            return {}
        relations = _Relations(folder)
        self.parse(name, relations)
        return relations.found

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        key = self._key(name)
        if key not in self.names:
            raise damaged(Words(f"thiếu {name or 'phần bên trong'}", f"without {name or 'one of its parts'}"))
        part = self.package.getinfo(self.names[key])
        if part.flag_bits & _ENCRYPTED:
            raise WorkbookReadError("file.protected")
        try:
            with self.package.open(part) as stream:
                yield stream
        except _FAILURES as error:
            reason = reason_of(error)
            raise damaged(Words(f"{name}: {reason.vietnamese}", f"{name}: {reason.english}")) from error

    def _key(self, name: str) -> str:
        key = name.lower()
        return key if key in self.names else unquote(key)


class _Relations(XmlPart):
    """The relations of a part that lies in a folder."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder
        self.found: dict[str, Relation] = {}

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._tags[name]
        if tag == "Relationship":
            outside = attribute(attributes, "TargetMode") == "External"
            target = "" if outside else part_name(self.folder, attribute(attributes, "Target"))
            if len(self.found) >= MAXIMUM_RELATIONS:
                raise too_many(MAXIMUM_RELATIONS, "liên kết giữa các phần", "relations of one part")
            kind = attribute(attributes, "Type").rpartition("/")[2]
            self.found[attribute(attributes, "Id")] = Relation(kind, target)
        else:
            self._other(name)


def _names(package: zipfile.ZipFile) -> dict[str, str]:
    """The name of each part by its name in small letters with slashes; two different parts of one name are damage."""
    names: dict[str, str] = {}
    checksums: dict[str, int] = {}
    for part in package.infolist():
        key = part.filename.replace("\\", "/").lstrip("/").lower()
        if checksums.setdefault(key, part.CRC) != part.CRC:
            raise damaged(Words(f"hai phần cùng tên {key}", f"two parts called {key}"))
        names[key] = part.filename
    return names


def part_name(base: str, target: str) -> str:
    """Name of the part that a relation of a folder points to.

    >>> part_name("xl/worksheets", "../styles.xml"), part_name("xl", "/xl/styles.xml")
    ('xl/styles.xml', 'xl/styles.xml')
    """
    path = target.replace("\\", "/")
    parts: list[str] = []
    for part in (path if path.startswith("/") else f"{base}/{path}").split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
