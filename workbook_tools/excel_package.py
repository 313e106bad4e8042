"""The package of an Excel file: inspected before it is unpacked, then read part by part.

Nothing of the sender's file is run, followed or changed.
"""

import lzma
import zipfile
import zlib
from pathlib import Path
from xml.etree.ElementTree import Element

import defusedxml.ElementTree

from workbook_tools.errors import WorkbookReadError

MAXIMUM_FILE_BYTES = 50_000_000
MAXIMUM_UNPACKED_BYTES = 100_000_000
MAXIMUM_PARTS = 1_000
MAXIMUM_RATIO = 100
RATIO_APPLIES_FROM_BYTES = 1_000_000
"""Caps on what a received file may contain; honest forms stay below a tenth of each."""

_OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")


def inspect_file(path: Path) -> None:
    """Refuse a file that cannot be opened, is too large or of another kind."""
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


def inspect_package(package: zipfile.ZipFile) -> None:
    """Refuse a package that is damaged or would unpack to more than the caps allow."""
    parts = package.infolist()
    if len(parts) > MAXIMUM_PARTS:
        raise WorkbookReadError("file.too_large", {"limit": f"{MAXIMUM_PARTS} phần"})
    if sum(part.file_size for part in parts) > MAXIMUM_UNPACKED_BYTES:
        raise WorkbookReadError("file.too_large", {"limit": f"{MAXIMUM_UNPACKED_BYTES // 1_000_000} MB giải nén"})
    for part in parts:
        if part.file_size > RATIO_APPLIES_FROM_BYTES and part.file_size > MAXIMUM_RATIO * max(part.compress_size, 1):
            raise WorkbookReadError("file.too_large", {"limit": f"tỷ lệ nén {MAXIMUM_RATIO}:1"})


def local_name(name: str) -> str:
    """A name without its namespace: transitional and strict files differ only there."""
    return name.rsplit("}", 1)[-1]


def attribute(element: Element, name: str) -> str:
    """An attribute by its local name, empty if there is none."""
    return next((value for key, value in element.attrib.items() if local_name(key) == name), "")


class Package:
    """The parts of one workbook. Reading a part checks its CRC and unpacks no more than its declared size."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.names = {name.lower().lstrip("/"): name for name in package.namelist()}
        root = self.relations("_rels/.rels")
        self.workbook = next((target for kind, target in root.values() if kind == "officeDocument"), "xl/workbook.xml")
        if self.workbook.lower() not in self.names:
            raise WorkbookReadError("file.not_a_workbook")

    def read(self, name: str) -> bytes:
        """The bytes of a part."""
        part = self.package.getinfo(self.names[name.lower()])
        try:
            with self.package.open(part) as stream:
                return stream.read(part.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError) as error:
            raise WorkbookReadError("file.damaged", {"reason": str(error) or type(error).__name__}) from error

    def tree(self, name: str) -> Element:
        """The XML of a part."""
        tree: Element = defusedxml.ElementTree.fromstring(self.read(name), forbid_dtd=True)
        return tree

    def relations(self, name: str, base: str = "") -> dict[str, tuple[str, str]]:
        """Kind and target of each relation by its id; links to outside are left out."""
        if name.lower() not in self.names:
            return {}
        inside = (one for one in self.tree(name) if attribute(one, "TargetMode") != "External")
        return {attribute(one, "Id"): (_kind(one), part_name(base, attribute(one, "Target"))) for one in inside}


def _kind(relation: Element) -> str:
    return attribute(relation, "Type").rsplit("/", 1)[-1]


def part_name(base: str, target: str) -> str:
    """Name of the part that a relation of a folder points to.

    >>> part_name("xl/worksheets", "../styles.xml"), part_name("xl", "/xl/styles.xml")
    ('xl/styles.xml', 'xl/styles.xml')
    """
    if target.startswith("/"):
        return target.lstrip("/")
    parts: list[str] = []
    for part in f"{base}/{target}".split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
