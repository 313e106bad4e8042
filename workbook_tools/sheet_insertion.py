"""Puts a sheet of another workbook in front of the sheets of a package, or takes a sheet out of it.

Whatever counts sheets is counted anew: names that belong to a sheet, the active sheet, the list of titles.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from workbook_tools.package_editing import (
    Element,
    PackageEdit,
    child,
    like,
    local,
    named,
    parse,
    place,
    relation_kind,
)
from workbook_tools.style_editing import StyleEdit

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BEFORE_NAMES = (
    "fileVersion", "fileSharing", "workbookPr", "AlternateContent", "revisionPtr", "absPath", "workbookProtection",
    "bookViews", "sheets", "functionGroups", "externalReferences",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet of the workbook: its name and the part that holds it."""

    name: str
    part: str


def sheet_parts(edit: PackageEdit) -> list[SheetPart]:
    """The worksheets in their order; sheets of other kinds are left out."""
    relations = {one.get("Id"): one for one in edit.relations(edit.workbook)}
    found = []
    for sheet in _sheets(edit.tree(edit.workbook)):
        relation = relations.get(sheet.get(f"{{{edit.base}}}id"))
        if relation is not None and relation_kind(relation) == "worksheet":
            found.append(SheetPart(sheet.get("name", ""), edit.target(edit.workbook, relation)))
    return found


def free_name(edit: PackageEdit, name: str) -> str:
    """The name, or with a number behind it where a sheet has it already."""
    taken = {sheet.get("name", "").casefold() for sheet in _sheets(edit.tree(edit.workbook))}
    names = [name, *(f"{name} ({number})" for number in range(2, len(taken) + 3))]
    return next(one for one in names if one.casefold() not in taken)


def put_first(edit: PackageEdit, styles: StyleEdit, name: str, generated: bytes) -> None:
    """The only sheet of a generated workbook becomes the first and active sheet of the package, under a name.

    The sheet may use values, styles and links inside the workbook, and the print settings that stand in names.
    """
    workbook = edit.edit(edit.workbook)
    source = PackageEdit(generated)
    main, own = etree.QName(workbook).namespace or "", etree.QName(source.tree(source.workbook)).namespace or ""
    strings, looks, sheet = (
        parse(source.content(part).replace(own.encode(), main.encode()))
        for part in (
            source.related(source.workbook, "sharedStrings")[0],
            source.related(source.workbook, "styles")[0],
            source.related(source.workbook, "worksheet")[0],
        )
    )
    _adopt_strings(sheet, strings)
    _adopt_styles(sheet, styles, looks)
    part = edit.new_name("xl/worksheets/sheet{}.xml")
    edit.add(part, sheet, _SHEET_TYPE)
    identifier = edit.relate(edit.workbook, "worksheet", part)
    sheets = _listing(workbook)
    number = max([0, *(int(one.get("sheetId", 0)) for one in _sheets(workbook))]) + 1
    entry = sheets.makeelement(like(sheets, "sheet"), {"name": name, "sheetId": str(number)}, nsmap={"r": edit.base})
    entry.set(f"{{{edit.base}}}id", identifier)
    sheets.insert(0, entry)
    _shift(workbook, 0, 1)
    _adopt_names(workbook, source.tree(source.workbook), name)
    _show_first(edit, workbook, part)
    _retitle(edit, 1, lambda titles: titles.insert(0, _title(titles, name)))


def take_out(edit: PackageEdit, sheet: SheetPart) -> None:
    """Remove a sheet and everything that belongs to it alone."""
    workbook = edit.edit(edit.workbook)
    entries = _sheets(workbook)
    index = next(number for number, one in enumerate(entries) if one.get("name") == sheet.name)
    _listing(workbook).remove(entries[index])
    names = child(workbook, "definedNames")
    for one in [] if names is None else list(names):
        if one.get("localSheetId") == str(index) and names is not None:
            names.remove(one)
    _shift(workbook, index + 1, -1)
    relations = [one for one in edit.relations(edit.workbook) if edit.target(edit.workbook, one) == sheet.part]
    edit.unrelate(edit.workbook, relations)
    for relation in edit.relations(sheet.part):
        if relation.get("TargetMode") != "External":
            edit.drop(edit.target(sheet.part, relation))
    edit.drop(sheet.part)
    _retitle(edit, -1, lambda titles: _remove_title(titles, sheet.name))


def cell_text(edit: PackageEdit, cell: Element) -> str:
    """The text of a cell, wherever it is stored; empty for anything but text."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell)
    value = child(cell, "v")
    if value is None or not value.text or kind not in ("s", "str"):
        return ""
    if kind == "str":
        return value.text
    strings = edit.related(edit.workbook, "sharedStrings")
    items = list(named(edit.tree(strings[0]), "si")) if strings else []
    return _text(items[int(value.text)]) if int(value.text) < len(items) else ""


def _text(item: Element) -> str:
    return "".join(one.text or "" for one in item.iter() if local(one) == "t")


def _listing(workbook: Element) -> Element:
    found = child(workbook, "sheets")
    return etree.SubElement(workbook, like(workbook, "sheets")) if found is None else found


def _sheets(workbook: Element) -> list[Element]:
    return list(named(_listing(workbook), "sheet"))


def _cells(sheet: Element) -> Iterator[Element]:
    return sheet.iter(like(sheet, "c"))


def _adopt_strings(sheet: Element, strings: Element) -> None:
    """Text moves from the shared strings of the other workbook into the cells."""
    for cell in _cells(sheet):
        value = child(cell, "v")
        if cell.get("t") == "s" and value is not None:
            cell.set("t", "inlineStr")
            item = deepcopy(strings[int(value.text or 0)])
            item.tag = like(cell, "is")
            cell.replace(value, item)


def _adopt_styles(sheet: Element, styles: StyleEdit, looks: Element) -> None:
    known: dict[str, str] = {}
    for element in sheet.iter():
        attribute = "style" if local(element) == "col" else "s"
        style = element.get(attribute) if local(element) in ("c", "row", "col") else None
        if style is not None:
            if style not in known:
                known[style] = str(styles.adopt(looks, int(style)))
            element.set(attribute, known[style])


def _adopt_names(workbook: Element, generated: Element, name: str) -> None:
    """The print area and the repeated rows, for the first sheet; the generated sheet has the same name."""
    source = child(generated, "definedNames")
    names = child(workbook, "definedNames")
    if source is None:
        return
    if names is None:
        names = workbook.makeelement(like(workbook, "definedNames"))
        place(workbook, names, _BEFORE_NAMES)
    own = next((one.get("name", "") for one in _sheets(generated)), "")
    quoted, wanted = (one.replace("'", "''") for one in (own, name))
    for number, one in enumerate(source):
        entry = names.makeelement(like(names, "definedName"), dict(one.attrib))
        entry.text = (one.text or "").replace(f"'{quoted}'", f"'{wanted}'")
        names.insert(number, entry)


def _shift(workbook: Element, first: int, by: int) -> None:
    """Count sheets from a place on one further, or one less."""
    names = child(workbook, "definedNames")
    for one in () if names is None else names:
        local_sheet = one.get("localSheetId")
        if local_sheet is not None and int(local_sheet) >= first:
            one.set("localSheetId", str(int(local_sheet) + by))
    views = child(workbook, "bookViews")
    for view in () if views is None else views:
        for attribute in ("activeTab", "firstSheet"):
            if int(view.get(attribute, 0)) >= max(first, 1 if by < 0 else 0):
                view.set(attribute, str(int(view.get(attribute, 0)) + by))


def _show_first(edit: PackageEdit, workbook: Element, part: str) -> None:
    """The first sheet is the one that opens; no other is selected with it, or typing would fill both."""
    views = child(workbook, "bookViews")
    for view in () if views is None else views:
        view.attrib.pop("activeTab", None)
        view.attrib.pop("firstSheet", None)
    for sheet in sheet_parts(edit):
        if sheet.part == part or b"tabSelected" not in edit.content(sheet.part):
            continue
        views = child(edit.tree(sheet.part), "sheetViews")
        for view in () if views is None else views:
            if view.get("tabSelected") is not None:
                edit.edit(sheet.part)
                view.attrib.pop("tabSelected")


def _retitle(edit: PackageEdit, by: int, change: Callable[[Element], None]) -> None:
    """Keep the list of titles in the document properties true, where it has the usual shape."""
    for name in edit.related("", "extended-properties"):
        root = edit.tree(name)
        pairs, titles = child(root, "HeadingPairs"), child(root, "TitlesOfParts")
        if pairs is None or titles is None or not len(pairs) or not len(titles):
            continue
        counts = [one for one in pairs.iter() if local(one) == "i4"]
        if not counts or not (counts[0].text or "").isdigit():
            continue
        edit.edit(name)
        counts[0].text = str(int(counts[0].text or 0) + by)
        change(titles[0])
        titles[0].set("size", str(len(titles[0])))


def _title(titles: Element, name: str) -> Element:
    title = titles.makeelement(titles[0].tag if len(titles) else like(titles, "lpstr"))
    title.text = name
    return title


def _remove_title(titles: Element, name: str) -> None:
    for one in list(titles):
        if one.text == name:
            titles.remove(one)
            return
