"""Changes single parts of an OOXML package; every part not asked for is passed on as it is.

lxml keeps namespace prefixes, declarations nobody uses and unknown elements, on which ``mc:Ignorable`` and extensions
of other programs rely.
"""

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from lxml import etree

from workbook_tools.errors import WorkbookToolsError
from workbook_tools.excel_package import part_name

Element = etree._Element

CREATED = (1980, 1, 1, 0, 0, 0)
"""Date of new parts: the same for the same input."""

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, OSError)
_CONTENT_TYPES = "[Content_Types].xml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_NO_PREFIX: dict[str, str] = {None: _RELATIONS}  # type: ignore[dict-item]  # the stubs forget it
_WORKBOOK_TYPES = (".sheet.main+xml", ".sheet.macroEnabled.main+xml", ".template.main+xml")


class NotEditableError(WorkbookToolsError):
    """The file is no package whose parts can be changed one by one."""


class PackageEdit:
    """A package being changed. :meth:`saved` gives the bytes of the whole."""

    def __init__(self, data: bytes) -> None:
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise NotEditableError(str(error)) from error
        self.names = {name.lower().lstrip("/"): name for name in self.archive.namelist()}
        self._trees: dict[str, Element] = {}
        self._changed: dict[str, Element | bytes] = {}
        self._dropped: set[str] = set()
        root = next((one for one in self.relations("") if relation_kind(one) == "officeDocument"), None)
        if root is None:
            raise NotEditableError("officeDocument")
        self.workbook = self.target("", root)
        self.base = root.get("Type", "").rpartition("/")[0]
        """What the types of relations begin with: transitional and strict packages differ there."""
        if not self.content_type(self.workbook).endswith(_WORKBOOK_TYPES):
            raise NotEditableError(self.content_type(self.workbook))

    def has(self, name: str) -> bool:
        """Whether there is a part of the name, however its letters are cased."""
        return name.lower() in self.names

    def content(self, name: str) -> bytes:
        """The bytes of a part as received."""
        try:
            return self.archive.read(self.names[name.lower()])
        except (KeyError, *_UNREADABLE) as error:
            raise NotEditableError(name) from error

    def tree(self, name: str, parser: Callable[[bytes], Element] | None = None) -> Element:
        """The XML of a part, to look at."""
        key = name.lower()
        if key not in self._trees:
            self._trees[key] = (parser or parse)(self.content(name))
        return self._trees[key]

    def edit(self, name: str, parser: Callable[[bytes], Element] | None = None) -> Element:
        """The XML of a part; what is changed in it will be saved."""
        self._changed[name.lower()] = self.tree(name, parser)
        return self.tree(name)

    def add(self, name: str, content: Element | bytes, content_type: str = "") -> None:
        """A new part, with its content type unless its ending tells it."""
        key = name.lower()
        self._dropped.discard(key)
        self.names[key] = name
        self._changed[key] = content
        if not isinstance(content, bytes):
            self._trees[key] = content
        if content_type:
            types = self.edit(_CONTENT_TYPES)
            etree.SubElement(types, like(types, "Override"), {"PartName": f"/{name}", "ContentType": content_type})

    def drop(self, name: str) -> None:
        """Leave a part out, with its relations."""
        for one in (name, relations_name(name)):
            self._dropped.add(one.lower())
            self.names.pop(one.lower(), None)
            self._changed.pop(one.lower(), None)
            self._trees.pop(one.lower(), None)
        for override in self._overrides(name):
            self.edit(_CONTENT_TYPES).remove(override)

    def content_type(self, name: str) -> str:
        """What kind of part it is; empty if nobody says."""
        told = [one.get("ContentType", "") for one in self._overrides(name)]
        defaults = named(self.tree(_CONTENT_TYPES), "Default")
        ending = PurePosixPath(name).suffix.lower().lstrip(".")
        told += [one.get("ContentType", "") for one in defaults if one.get("Extension", "").lower() == ending]
        return told[0] if told else ""

    def new_name(self, pattern: str) -> str:
        """A name no part has yet; ``pattern`` has a place for a number.

        >>> "xl/comments{}.xml".format(1)
        'xl/comments1.xml'
        """
        number = 1
        while self.has(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def name_endings(self, ending: str, content_type: str) -> None:
        """Tell the content type of an ending, unless it is told already."""
        types = self.tree(_CONTENT_TYPES)
        known = (one.get("Extension", "").lower() for one in named(types, "Default"))
        if ending not in known:
            default = types.makeelement(like(types, "Default"), {"Extension": ending, "ContentType": content_type})
            self.edit(_CONTENT_TYPES).insert(0, default)

    def relations(self, owner: str) -> list[Element]:
        """The relations of a part; of the package itself for no part."""
        name = relations_name(owner)
        return list(named(self.tree(name), "Relationship")) if self.has(name) else []

    def related(self, owner: str, kind: str) -> list[str]:
        """Names of the parts inside the package to which a part has a relation of a kind."""
        found = (one for one in self.relations(owner) if relation_kind(one) == kind)
        return [self.target(owner, one) for one in found if one.get("TargetMode") != "External"]

    def target(self, owner: str, relation: Element) -> str:
        """The part a relation leads to."""
        name = part_name(str(PurePosixPath(owner).parent), relation.get("Target", ""))
        return name if self.has(name) else unquote(name)

    def relate(self, owner: str, kind: str, target: str) -> str:
        """A new relation from a part to another; gives its id."""
        name = relations_name(owner)
        if not self.has(name):
            self.add(name, etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap=_NO_PREFIX))
        root = self.edit(name)
        taken = {one.get("Id") for one in root}
        identifier = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
        facts = {"Id": identifier, "Type": f"{self.base}/{kind}", "Target": f"/{target}"}
        etree.SubElement(root, like(root, "Relationship"), facts)
        return identifier

    def unrelate(self, owner: str, relations: Iterable[Element]) -> None:
        """Remove relations of a part."""
        for one in relations:
            self.edit(relations_name(owner)).remove(one)

    def saved(self) -> bytes:
        """The package: parts in their old order, new ones after them."""
        buffer = io.BytesIO()
        written: set[str] = set()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for info in self.archive.infolist():
                key = info.filename.lower().lstrip("/")
                if key in written or key in self._dropped or info.is_dir():
                    continue
                written.add(key)
                copied = zipfile.ZipInfo(info.filename, info.date_time)
                copied.compress_type = zipfile.ZIP_STORED if info.compress_type == 0 else zipfile.ZIP_DEFLATED
                copied.external_attr = info.external_attr
                archive.writestr(copied, self._final(key))
            for key in self._changed:
                if key not in written:
                    added = zipfile.ZipInfo(self.names[key], CREATED)
                    added.compress_type = zipfile.ZIP_DEFLATED
                    archive.writestr(added, self._final(key))
        return buffer.getvalue()

    def _final(self, key: str) -> bytes:
        content = self._changed.get(key)
        if content is None:
            return self.content(key)
        return content if isinstance(content, bytes) else serialized(content)

    def _overrides(self, name: str) -> list[Element]:
        types = named(self.tree(_CONTENT_TYPES), "Override")
        return [one for one in types if one.get("PartName", "").lstrip("/").lower() == name.lower()]


def parse(data: bytes) -> Element:
    """The XML of untrusted bytes; entities and document types are refused."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NotEditableError(str(error)) from error
    if root.getroottree().docinfo.doctype:
        raise NotEditableError("DOCTYPE")
    return root


def serialized(root: Element) -> bytes:
    """The bytes of a part."""
    return _DECLARATION + etree.tostring(root, encoding="UTF-8", xml_declaration=False)


def relations_name(owner: str) -> str:
    """Name of the part that holds the relations of a part.

    >>> relations_name("xl/workbook.xml"), relations_name("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    path = PurePosixPath(owner)
    return part_name("" if str(path.parent) == "." else str(path.parent), f"_rels/{path.name}.rels")


def relation_kind(relation: Element) -> str:
    """The last word of a relation's type."""
    return relation.get("Type", "").rpartition("/")[2]


def local(element: Element) -> str:
    """Name of an element without its namespace; empty for a comment or an instruction."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def like(element: Element, name: str) -> str:
    """A name in the namespace of an element."""
    namespace = etree.QName(element).namespace
    return f"{{{namespace}}}{name}" if namespace else name


def named(parent: Element, name: str) -> Iterator[Element]:
    """The children of a local name."""
    return (child for child in parent if local(child) == name)


def child(parent: Element, name: str) -> Element | None:
    """The first child of a local name."""
    return next(named(parent, name), None)


def place(parent: Element, element: Element, before: Iterable[str]) -> None:
    """Insert a child where the schema wants it: after the last of the children that come before it."""
    earlier = set(before)
    last = max((number for number, one in enumerate(parent, 1) if local(one) in earlier), default=0)
    parent.insert(last, element)
