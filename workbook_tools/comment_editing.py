"""Adds notes to the cells of a sheet, and takes them away again; what the sender wrote in notes stays as it is.

A note is an entry of a comments part and a shape of a VML drawing, the form that every version of Excel, LibreOffice
and WPS shows. Threaded comments keep their own part; the note that goes with them is treated like any other.
"""

from collections.abc import Mapping

from lxml import etree

from workbook_tools.annotation import NOTE_TITLE, own_part
from workbook_tools.cell_editing import SheetEdit
from workbook_tools.cells import Position, parse_position
from workbook_tools.inert import in_cell
from workbook_tools.note_shapes import add_shapes, new_drawing, parse_drawing, remove_shapes, shaped_cells
from workbook_tools.package_editing import (
    Element,
    PackageEdit,
    child,
    like,
    named,
    parse,
    place,
    relation_kind,
)

AUTHOR = "workbook-tools"
SEPARATOR = "\n\n"
MAXIMUM_NOTE = 30_000

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_BEFORE_DRAWING = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing",
)  # fmt: skip


def remove_notes(edit: PackageEdit, sheet: str) -> None:
    """Take our notes off a sheet; of a note that is partly the sender's, their part stays."""
    for name in edit.related(sheet, "comments"):
        entries = _entries(edit.tree(name))
        ours = {at: entry for at, entry in entries.items() if NOTE_TITLE in _text(entry)}
        gone = [at for at, entry in ours.items() if not _cut_own_part(entry)]
        if ours:
            edit.edit(name)
        for at in gone:
            _listing(edit.edit(name)).remove(ours[at])
        drawings = edit.related(sheet, "vmlDrawing") if gone else []
        drawn = [remove_shapes(_drawing(edit, drawing), gone) for drawing in drawings]
        if gone and len(gone) == len(entries) and not any(drawn):
            _drop(edit, sheet, [name, *drawings])


def add_notes(edit: PackageEdit, name: str, sheet: SheetEdit, notes: Mapping[Position, str], block: int) -> None:
    """Put a note on each cell; where the sender has one, ours stands below it in the same box."""
    existing = edit.related(name, "comments")
    comments = existing[0] if existing else _new_comments(edit, name)
    root = edit.edit(comments)
    author = str(_author(root))
    entries = _entries(root)
    for at, text in sorted(notes.items()):
        entry = entries.get(at)
        if entry is None:
            entry = root.makeelement(like(root, "comment"), {"ref": at.name, "authorId": author})
            etree.SubElement(entry, like(root, "text"))
            _listing(root).append(entry)
            entries[at] = entry
        _append(entry, in_cell(text)[:MAXIMUM_NOTE])
    drawing = _drawing(edit, _legacy_drawing(edit, name, sheet.root, block))
    shaped = shaped_cells(drawing)
    wanted = {at: _text(entry) for at, entry in entries.items() if at in notes or at not in shaped}
    add_shapes(drawing, wanted, sheet)


def _new_comments(edit: PackageEdit, sheet: str) -> str:
    name = edit.new_name("xl/comments{}.xml")
    namespace = etree.QName(edit.tree(sheet)).namespace
    root = parse(f'<comments xmlns="{namespace}"><authors/><commentList/></comments>'.encode())
    edit.add(name, root, _COMMENTS_TYPE)
    edit.relate(sheet, "comments", name)
    return name


def _legacy_drawing(edit: PackageEdit, name: str, sheet: Element, block: int) -> str:
    """The drawing of a sheet that holds the boxes of its notes; made if there is none."""
    reference = child(sheet, "legacyDrawing")
    identifiers = set() if reference is None else set(reference.attrib.values())
    for relation in edit.relations(name):
        if relation_kind(relation) == "vmlDrawing" and relation.get("Id") in identifiers:
            return edit.target(name, relation)
    drawing = edit.new_name("xl/drawings/vmlDrawing{}.vml")
    edit.name_endings("vml", _VML_TYPE)
    edit.add(drawing, new_drawing(block))
    identifier = edit.relate(name, "vmlDrawing", drawing)
    if reference is None:
        reference = sheet.makeelement(like(sheet, "legacyDrawing"), nsmap={"r": edit.base})
        place(sheet, reference, _BEFORE_DRAWING)
    reference.set(f"{{{edit.base}}}id", identifier)
    return drawing


def _drawing(edit: PackageEdit, name: str) -> Element:
    return edit.edit(name, parse_drawing)


def _drop(edit: PackageEdit, sheet: str, parts: list[str]) -> None:
    edit.unrelate(sheet, [one for one in edit.relations(sheet) if edit.target(sheet, one) in parts])
    for part in parts:
        edit.drop(part)
    root = edit.edit(sheet)
    for reference in list(named(root, "legacyDrawing")):
        root.remove(reference)


def _listing(root: Element) -> Element:
    found = child(root, "commentList")
    return etree.SubElement(root, like(root, "commentList")) if found is None else found


def _entries(root: Element) -> dict[Position, Element]:
    """The notes of a sheet by their cell."""
    return {parse_position(one.get("ref", "")): one for one in named(_listing(root), "comment")}


def _author(root: Element) -> int:
    authors = child(root, "authors")
    if authors is None:
        authors = root.makeelement(like(root, "authors"))
        root.insert(0, authors)
    names = [one.text for one in authors]
    if AUTHOR not in names:
        etree.SubElement(authors, like(root, "author")).text = AUTHOR
    return [one.text for one in authors].index(AUTHOR)


def _pieces(entry: Element) -> list[Element]:
    """The elements that hold the text of a note, by themselves or in a run; phonetic hints are no text."""
    body = child(entry, "text")
    holders = () if body is None else (body, *named(body, "r"))
    return [piece for holder in holders for piece in named(holder, "t")]


def _text(entry: Element) -> str:
    return "".join(one.text or "" for one in _pieces(entry))


def _append(entry: Element, note: str) -> None:
    """Our text under whatever stands in a note, its first line bold."""
    body = child(entry, "text")
    if body is None:
        body = etree.SubElement(entry, like(entry, "text"))
    for plain in list(named(body, "t")):
        run = body.makeelement(like(body, "r"))
        body.replace(plain, run)
        run.append(plain)
    title, _, rest = note.partition("\n")
    separator = SEPARATOR if _text(entry) else ""
    for text, bold in ((separator + title, True), ("\n" + rest, False)):
        body.append(_run(body, text, bold))


def _run(body: Element, text: str, bold: bool) -> Element:
    run = body.makeelement(like(body, "r"))
    properties = etree.SubElement(run, like(body, "rPr"))
    if bold:
        etree.SubElement(properties, like(body, "b"))
    etree.SubElement(properties, like(body, "sz"), {"val": "11"})
    etree.SubElement(properties, like(body, "color"), {"indexed": "81"})
    etree.SubElement(properties, like(body, "rFont"), {"val": "Times New Roman"})
    piece = etree.SubElement(run, like(body, "t"))
    piece.text = text
    piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return run


def _cut_own_part(entry: Element) -> bool:
    """Cut our lines out of a note; gives whether anything of the sender is left in it."""
    whole = _text(entry)
    start, end = own_part(whole)
    if not (whole[:start] + whole[end:]).strip():
        return False
    start -= len(SEPARATOR) if whole[:start].endswith(SEPARATOR) else 0
    at = 0
    for piece in _pieces(entry):
        text = piece.text or ""
        piece.text = text[: max(0, start - at)] + text[max(0, end - at) :]
        at += len(text)
    body = child(entry, "text")
    for run in () if body is None else list(named(body, "r")):
        if body is not None and not any(piece.text for piece in named(run, "t")):
            body.remove(run)
    return True
