"""The boxes of notes: shapes of a VML drawing, one for each cell that has a note."""

import re
from collections.abc import Callable, Collection, Mapping
from textwrap import wrap

from lxml import etree

from workbook_tools.cell_editing import SheetEdit
from workbook_tools.cells import Position
from workbook_tools.package_editing import Element, NotEditableError, local, parse

_V, _O, _X = (
    "urn:schemas-microsoft-com:vml",
    "urn:schemas-microsoft-com:office:office",
    "urn:schemas-microsoft-com:office:excel",
)
_SPACES = f'xmlns:v="{_V}" xmlns:o="{_O}" xmlns:x="{_X}"'
_DRAWING = (
    f"""<xml {_SPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{{block}}"/></o:shapelayout></xml>"""
)
_TYPE = f"""<v:shapetype {_SPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" \
path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/>\
</v:shapetype>"""
_SHAPE = f"""<v:shape {_SPACES} id="_x0000_s{{number}}" type="#_x0000_t202" style="position:absolute;\
margin-left:60pt;margin-top:2pt;width:{{width}}pt;height:{{height}}pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" \
o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>\
<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>\
<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{{anchor}}</x:Anchor>\
<x:AutoFill>False</x:AutoFill><x:Row>{{row}}</x:Row><x:Column>{{column}}</x:Column></x:ClientData></v:shape>"""
_IDENTIFIER = re.compile(rb"_x0000_s([0-9]{1,9})")

WIDTH = 330
LETTERS_IN_A_LINE = 46
LINE_HEIGHT = 20
"""Size of a box in pixels, for Times New Roman 11."""

DEFAULT_COLUMN, DEFAULT_ROW = 64.0, 20.0


def new_drawing(block: int) -> Element:
    """A drawing without shapes; ``block`` tells apart the numbers of shapes on different sheets."""
    return parse(_DRAWING.format(block=block).encode())


def parse_drawing(data: bytes) -> Element:
    """A drawing as received; Excel writes HTML into the text of controls that is no well-formed XML."""
    try:
        return parse(data)
    except NotEditableError:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        root = etree.fromstring(data, parser)
        if root is None or root.getroottree().docinfo.doctype:
            raise
        return root


def shaped_cells(drawing: Element) -> dict[Position, Element]:
    """The shapes of notes by the cell they belong to."""
    found: dict[Position, Element] = {}
    for shape in drawing.iter(f"{{{_V}}}shape"):
        for data in shape.iter(f"{{{_X}}}ClientData"):
            row, column = (data.findtext(f"{{{_X}}}{name}", "").strip() for name in ("Row", "Column"))
            if data.get("ObjectType") == "Note" and row.isdigit() and column.isdigit():
                found.setdefault(Position(int(row) + 1, int(column) + 1), shape)
    return found


def add_shapes(drawing: Element, notes: Mapping[Position, str], sheet: SheetEdit) -> None:
    """A box for each note; one that is there already becomes large enough for its text."""
    if not any(one.get("id") == "_x0000_t202" for one in drawing.iter(f"{{{_V}}}shapetype")):
        drawing.append(parse(_TYPE.encode()))
    existing = shaped_cells(drawing)
    numbers = (int(match) for match in _IDENTIFIER.findall(etree.tostring(drawing)))
    number = max([_first_number(drawing), *numbers])
    for at, text in notes.items():
        height = _height(text)
        if at in existing:
            for anchor in existing[at].iter(f"{{{_X}}}Anchor"):
                anchor.text = _anchor(sheet, at, height)
            continue
        number += 1
        facts = {"number": number, "row": at.row - 1, "column": at.column - 1, "anchor": _anchor(sheet, at, height)}
        shape = _SHAPE.format(width=WIDTH * 0.75, height=height * 0.75, **facts)
        drawing.append(parse(shape.encode()))


def remove_shapes(drawing: Element, cells: Collection[Position]) -> bool:
    """Take the boxes of some cells away; gives whether the drawing still has a shape."""
    for at, shape in shaped_cells(drawing).items():
        parent = shape.getparent()
        if at in cells and parent is not None:
            parent.remove(shape)
    return any(local(one) not in ("shapelayout", "shapetype") for one in drawing)


def _first_number(drawing: Element) -> int:
    maps = (one.get("data", "").split(",")[0] for one in drawing.iter(f"{{{_O}}}idmap"))
    return 1024 * next((int(one) for one in maps if one.strip().isdigit()), 1)


def _height(text: str) -> int:
    lines = sum(max(1, len(wrap(line, LETTERS_IN_A_LINE))) for line in text.split("\n"))
    return LINE_HEIGHT * min(lines, 30) + 10


def _anchor(sheet: SheetEdit, at: Position, height: int) -> str:
    """Where a box stands: to the right of its cell, from one row above it."""
    top = max(1, at.row - 1)
    right, right_offset = _reach(at.column + 1, 15 + WIDTH, lambda column: _column_width(sheet, column))
    bottom, bottom_offset = _reach(top, 4 + height, lambda row: _row_height(sheet, row))
    return ", ".join(map(str, (at.column, 15, top - 1, 4, right - 1, right_offset, bottom - 1, bottom_offset)))


def _reach(start: int, length: float, extent: Callable[[int], float]) -> tuple[int, int]:
    """The row or column in which a length ends, and how far into it."""
    number = start
    while length > extent(number) and number < start + 200:
        length -= extent(number)
        number += 1
    return number, int(length)


def _column_width(sheet: SheetEdit, number: int) -> float:
    column = sheet.column(number)
    if column is None or column.get("width") is None:
        return DEFAULT_COLUMN
    return 0.0 if column.get("hidden") in ("1", "true") else float(column.get("width", 9)) * 7 + 5


def _row_height(sheet: SheetEdit, number: int) -> float:
    row = sheet.rows.get(number)
    if row is None:
        return DEFAULT_ROW
    return 0.0 if row.get("hidden") in ("1", "true") else float(row.get("ht", 15)) * 4 / 3
