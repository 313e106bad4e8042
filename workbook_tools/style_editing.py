"""Adds cell styles to those of a workbook; none that is there is changed or moved.

A style is a line of ``cellXfs`` that points to a font, a fill, a border and a number format. What is needed is looked
for first, so that marking a workbook again does not let its styles grow.
"""

from copy import deepcopy

from lxml import etree

from workbook_tools.package_editing import (
    Element,
    NotEditableError,
    PackageEdit,
    child,
    like,
    local,
    named,
    parse,
    place,
)

_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_SMALLEST = (
    '<styleSheet xmlns="{}"><fonts count="1"><font><sz val="11"/><name val="Times New Roman"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellXfs count="1">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellXfs></styleSheet>'
)
_FIRST_OWN_FORMAT = 164
"""Number formats below are Excel's own."""

Key = tuple[object, ...]


class StyleEdit:
    """The styles of a package."""

    def __init__(self, edit: PackageEdit) -> None:
        existing = edit.related(edit.workbook, "styles")
        if not existing:
            name = edit.new_name("xl/styles{}.xml")
            namespace = etree.QName(edit.tree(edit.workbook)).namespace
            edit.add(name, parse(_SMALLEST.format(namespace).encode()), _STYLES_TYPE)
            edit.relate(edit.workbook, "styles", name)
            existing = [name]
        self.root = edit.edit(existing[0])
        self._indexes: dict[str, dict[Key, int]] = {}
        self._colours: dict[int, str] = {}

    def fill_of(self, style: int) -> str:
        """The fill of a style as text; empty for none."""
        fills = list(named(self._table("fills"), "fill"))
        number = int(self._style(style).get("fillId", 0))
        inner = fills[number][0] if number < len(fills) and len(fills[number]) else None
        if inner is None or (local(inner) == "patternFill" and inner.get("patternType", "none") == "none"):
            return ""
        return etree.tostring(_copied(inner, ""), encoding="unicode")

    def colour_of(self, style: int) -> str:
        """The colour of a plain fill, ``FFFFB3AD``; empty for none and for whatever is not written in numbers."""
        if style not in self._colours:
            fill = self.fill_of(style)
            front = child(parse(fill.encode()), "fgColor") if fill else None
            self._colours[style] = "" if front is None else front.get("rgb", "").upper()
        return self._colours[style]

    def with_fill(self, style: int, fill: str) -> int:
        """The style that differs from a style in nothing but its fill, given as text; empty takes the fill away."""
        xf = deepcopy(self._style(style))
        xf.set("fillId", str(self._add("fills", self._fill(fill)) if fill else 0))
        xf.attrib.pop("applyFill", None)
        if _key(xf) not in self._index("cellXfs"):  # what it was before it was marked may have said nothing of fills
            xf.set("applyFill", "1")
        return self._add("cellXfs", xf)

    def adopt(self, styles: Element, style: int) -> int:
        """A style of another workbook (in this one's namespace) as a style of this one."""
        source = child(styles, "cellXfs")
        if source is None:
            raise NotEditableError("cellXfs")
        foreign = source[style]
        xf = deepcopy(foreign)
        xf.set("xfId", "0")
        for table, reference in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
            entries = child(styles, table)
            if entries is not None:
                xf.set(reference, str(self._add(table, _without_scheme(entries[int(foreign.get(reference, 0))]))))
        number = int(foreign.get("numFmtId", 0))
        if number >= _FIRST_OWN_FORMAT:
            xf.set("numFmtId", str(self._number_format(_format_code(styles, number))))
        return self._add("cellXfs", xf)

    def _style(self, style: int) -> Element:
        styles = self._table("cellXfs")
        return styles[style if style < len(styles) else 0]

    def _number_format(self, code: str) -> int:
        table = self._table("numFmts")
        for one in table:
            if one.get("formatCode") == code:
                return int(one.get("numFmtId", 0))
        number = max([_FIRST_OWN_FORMAT - 1, *(int(one.get("numFmtId", 0)) for one in table)]) + 1
        etree.SubElement(table, like(table, "numFmt"), {"numFmtId": str(number), "formatCode": code})
        table.set("count", str(len(table)))
        return number

    def _fill(self, text: str) -> Element:
        fills = self._table("fills")
        fill = fills.makeelement(like(fills, "fill"))
        fill.append(_copied(parse(text.encode()), etree.QName(fills).namespace or ""))
        return fill

    def _table(self, name: str) -> Element:
        table = child(self.root, name)
        if table is None:
            table = self.root.makeelement(like(self.root, name))
            place(self.root, table, _ORDER[: _ORDER.index(name)])
        return table

    def _index(self, table: str) -> dict[Key, int]:
        if table not in self._indexes:
            keys = (_key(one) for one in self._table(table))
            self._indexes[table] = {}
            for number, key in enumerate(keys):
                self._indexes[table].setdefault(key, number)
        return self._indexes[table]

    def _add(self, name: str, element: Element) -> int:
        """The number of an entry, added if there is none like it."""
        table, index, key = self._table(name), self._index(name), _key(element)
        if key not in index:
            index[key] = len(table)
            table.append(element)
            table.set("count", str(len(table)))
        return index[key]


def is_fill(text: str) -> bool:
    """Whether a text, which a sender may have changed, is that of a fill or of none."""
    try:
        return not text or local(parse(text.encode())) in ("patternFill", "gradientFill")
    except NotEditableError:
        return False


def _key(element: Element) -> Key:
    """Equal for elements that say the same, whatever their prefixes."""
    return (local(element), tuple(sorted(element.attrib.items())), tuple(map(_key, element)))


def _copied(element: Element, namespace: str) -> Element:
    """A copy in another namespace, or in none."""
    name = local(element)
    copied = etree.Element(f"{{{namespace}}}{name}" if namespace else name, dict(element.attrib))
    copied.extend(_copied(one, namespace) for one in element)
    return copied


def _without_scheme(entry: Element) -> Element:
    """A copy that does not follow the fonts of the other workbook's theme."""
    copied = deepcopy(entry)
    for scheme in list(named(copied, "scheme")):
        copied.remove(scheme)
    return copied


def _format_code(styles: Element, number: int) -> str:
    table = child(styles, "numFmts")
    formats = [] if table is None else list(table)
    return next((one.get("formatCode", "") for one in formats if one.get("numFmtId") == str(number)), "General")
