"""One pass over the XML of a received file: no document types, no entities, nothing fetched."""

from collections.abc import Callable, Mapping
from xml.parsers import expat

from workbook_tools.failure_reasons import ContentError
from workbook_tools.xml_parts import Budget

Attributes = dict[str, str]


class _LocalNames(dict[str, str]):
    """Names without their namespace, each made out once."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        super().__init__()
        self._prefixes = prefixes

    def __missing__(self, name: str) -> str:
        space, _, plain = name.rpartition("}")
        prefix = self._prefixes.get(space, "")
        self[name] = f"{prefix}:{plain}" if prefix else plain
        return self[name]


def parse_xml(
    data: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    characters: Callable[[str], None],
    prefixes: Mapping[str, str] | None = None,
) -> None:
    """Call the functions for each element and text; names without their namespace.

    Args:
        prefixes: namespaces whose names keep a prefix, for they would be taken for others.

    Raises:
        ExpatError: for broken XML.
        ValueError: for a document type.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    local = _LocalNames(prefixes or {})

    def begin(name: str, attributes: Attributes) -> None:
        start(local[name], {local[key]: value for key, value in attributes.items()} if attributes else attributes)

    def refuse(*_: object) -> None:
        raise ContentError("có khai báo DOCTYPE", "it declares a document type")

    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda name: end(local[name])
    parser.CharacterDataHandler = characters
    parser.EntityDeclHandler = refuse
    parser.StartDoctypeDeclHandler = refuse
    Budget().spend_markup(data)
    parser.Parse(data, True)
