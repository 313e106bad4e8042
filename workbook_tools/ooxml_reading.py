"""Reads a workbook in the XML format (xlsx, xlsm; ECMA-376, transitional and strict).

The package is inspected before it is unpacked (:mod:`workbook_tools.excel_package`); then one pass of the XML parser
over each sheet gives its cells (:mod:`workbook_tools.excel_sheets`). What else came along is told and left alone.
"""

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from workbook_tools.cell_texts import SharedStrings
from workbook_tools.errors import WorkbookReadError
from workbook_tools.excel_package import MAXIMUM_PARTS, Package, inspect_package
from workbook_tools.excel_sheets import SheetPart
from workbook_tools.failure_reasons import damaged, too_many
from workbook_tools.number_formats import CellStyle, StylesPart
from workbook_tools.readings import Note
from workbook_tools.wording import Words
from workbook_tools.workbook_contents import SheetContent, WorkbookContent
from workbook_tools.xml_parts import XmlPart, attribute, is_true

_COMPANIONS = {
    "file.macros": ("vbaproject", "xlmacrosheet", "xlintlmacrosheet", "macrosheets/"),
    "file.external_links": ("externallink", "externallinkpath", "externallinks/"),
    "file.embedded": (
        "oleobject", "package", "control", "connections", "querytable", "embeddings/", "activex/", "querytables/",
    ),
}  # fmt: skip
"""What may come along with figures: kinds of relations, and folders where such parts stand."""

_STATES = ("hidden", "veryHidden")


def read_ooxml(path: Path) -> WorkbookContent:
    """All cells of a workbook; raises WorkbookReadError with the code of a finding."""
    try:
        with zipfile.ZipFile(path) as archive:
            inspect_package(archive, streamed=True)
            return _Reader(Package(archive)).workbook(path.name)
    except (zipfile.BadZipFile, struct.error, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise WorkbookReadError("file.not_a_workbook") from error


class _SheetEntry(NamedTuple):
    """A sheet as the workbook lists it."""

    name: str
    state: str
    relation: str


class _WorkbookPart(XmlPart):
    """Takes the part that lists the sheets."""

    def __init__(self) -> None:
        super().__init__()
        self.epoch = 1900
        self.sheets: list[_SheetEntry] = []
        self._root = ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._tags[name]
        self._root = self._root or tag
        if self._root != "workbook":
            raise WorkbookReadError("file.not_a_workbook")
        if tag == "workbookPr" and is_true(attribute(attributes, "date1904")):
            self.epoch = 1904
        elif tag == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            state = attributes.get("state", "")
            entry = _SheetEntry(attributes.get("name", ""), state if state in _STATES else "visible", relation)
            if len(self.sheets) >= MAXIMUM_PARTS:
                raise too_many(MAXIMUM_PARTS, "trang tính", "sheets")
            self.sheets.append(entry)
        else:
            self._other(name)


class _Reader:
    """Reads the parts of one package, each once."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.relations = package.relations(package.workbook)
        self.kinds = {relation.kind.lower() for relation in self.relations.values()}
        self.notes: list[Note] = []
        self.strings = SharedStrings(package.budget)
        self.styles: list[CellStyle] = []
        self.count = 0

    def workbook(self, name: str) -> WorkbookContent:
        """The whole workbook."""
        listed = _WorkbookPart()
        self.package.parse(self.package.workbook, listed)
        targets = {relation.kind: relation.target for relation in self.relations.values()}
        if "styles" in targets:
            styles = StylesPart()
            self.package.parse(targets["styles"], styles)
            self.styles = styles.styles()
        if "sharedStrings" in targets:
            self.package.parse(targets["sharedStrings"], self.strings)
        sheets = tuple(self._sheets(listed))
        return WorkbookContent(name, sheets, (*self._companions(), *self.notes))

    def _sheets(self, listed: _WorkbookPart) -> Iterator[SheetContent]:
        seen: set[str] = set()
        for entry in listed.sheets:
            if not entry.relation:
                continue  # What is left of a module of old macros: there is nothing to read.
            if entry.relation not in self.relations:
                raise damaged(Words(f"trang “{entry.name}” không có phần nào", f"sheet '{entry.name}' has no part"))
            kind, target = self.relations[entry.relation]
            if kind != "worksheet":
                continue
            if {target.lower(), entry.name.lower() + "\0"} & seen:
                raise damaged(
                    Words(
                        f"hai trang tính cùng tên hoặc cùng phần: “{entry.name}”",
                        f"two sheets of one name or one part: '{entry.name}'",
                    )
                )
            seen |= {target.lower(), entry.name.lower() + "\0"}
            yield self._sheet(entry, target, listed.epoch)

    def _sheet(self, entry: _SheetEntry, target: str, epoch: int) -> SheetContent:
        part = SheetPart(entry.name, self.strings, self.styles, epoch, self.count, self.package.budget)
        self.package.parse(target, part)
        relations = self.package.relations(target)
        self.kinds |= {relation.kind.lower() for relation in relations.values()}
        for relation in relations.values():
            if relation.kind == "table" and self.package.has(relation.target):
                table = _TablePart()
                self.package.parse(relation.target, table)
                part.is_filtered = part.is_filtered or table.is_filtered
        sheet, notes = part.content(entry.state)
        self.count += len(sheet.cells)
        self.notes += notes
        return sheet

    def _companions(self) -> Iterator[Note]:
        """One note for each kind of thing that came along and is neither run nor followed."""
        folders = {name.rpartition("/")[0].rpartition("/")[2] + "/" for name in self.package.names}
        files = {name.rpartition("/")[2].partition(".")[0] for name in self.package.names}
        for code, signs in _COMPANIONS.items():
            if not (self.kinds | folders | (files & {"vbaproject", "connections"})).isdisjoint(signs):
                yield Note(code)


class _TablePart(XmlPart):
    """Takes the part of a table; a filter left on in it hides rows."""

    def __init__(self) -> None:
        super().__init__()
        self.is_filtered = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._tags[name] == "filterColumn":
            self.is_filtered = True
