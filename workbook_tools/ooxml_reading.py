"""Reads a workbook in the XML format (xlsx, xlsm; ECMA-376, transitional and strict).

The package is inspected before it is unpacked (:mod:`workbook_tools.excel_package`); then one pass of the XML parser
over each sheet gives its cells (:mod:`workbook_tools.excel_sheets`).
"""

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element, ParseError
from xml.parsers import expat

from defusedxml.common import DefusedXmlException

from workbook_tools.errors import WorkbookReadError
from workbook_tools.excel_package import Package, attribute, inspect_package, local_name, part_name
from workbook_tools.excel_sheets import parse_sheet, shared_strings
from workbook_tools.number_formats import formats_of_styles
from workbook_tools.workbook_contents import SheetContent, WorkbookContent


def read_ooxml(path: Path) -> WorkbookContent:
    """All cells of a workbook; raises WorkbookReadError with the code of a finding."""
    try:
        with zipfile.ZipFile(path) as package:
            inspect_package(package)
            return WorkbookContent(path.name, tuple(_sheets(Package(package))))
    except (zipfile.BadZipFile, struct.error, NotImplementedError, RuntimeError, OSError) as error:
        raise WorkbookReadError("file.not_a_workbook") from error
    except (expat.ExpatError, ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise WorkbookReadError("file.damaged", {"reason": str(error) or type(error).__name__}) from error


def _sheets(package: Package) -> Iterator[SheetContent]:
    folder = str(PurePosixPath(package.workbook).parent)
    relations = package.relations(part_name(folder, f"_rels/{PurePosixPath(package.workbook).name}.rels"), folder)
    parts = dict(relations.values())
    workbook = package.tree(package.workbook)
    if local_name(workbook.tag) != "workbook":
        raise WorkbookReadError("file.not_a_workbook")
    has_styles = parts.get("styles", "").lower() in package.names
    formats = formats_of_styles(package.tree(parts["styles"])) if has_styles else []
    strings = shared_strings(package.read(parts["sharedStrings"])) if "sharedStrings" in parts else []
    epoch = 1904 if any(attribute(one, "date1904") in ("1", "true") for one in workbook) else 1900
    count = 0
    seen: set[str] = set()
    for one in workbook.iter():
        if local_name(one.tag) != "sheet":
            continue
        kind, target = relations[_attribute_of_relation(one)]
        if kind != "worksheet":
            continue
        if target.lower() in seen:
            raise ValueError(f"{target}: hai trang tính")
        seen.add(target.lower())
        cells = parse_sheet(package.read(target), strings, formats, epoch, count)
        count += len(cells)
        yield SheetContent(attribute(one, "name"), attribute(one, "state") or "visible", cells)


def _attribute_of_relation(element: Element) -> str:
    return next(value for key, value in element.attrib.items() if key.startswith("{") and local_name(key) == "id")
