"""One pass of the XML parser over a part of a package, safe whatever the part holds.

A subclass takes elements as they come; nothing is kept that it does not keep. Document types, and with them entities,
are refused before anything of them is read.
"""

import codecs
import re
from collections import deque
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from workbook_tools.failure_reasons import ContentError, too_large, too_many

MAXIMUM_MARKUP = 3_000_000
MAXIMUM_NAMES = 10_000
MAXIMUM_TAG_BYTES = 4_000_000
MAXIMUM_CHARACTERS = 20_000_000
"""Caps on the XML of a received file; honest forms stay below a tenth of each."""

READ_AHEAD = 48_000_000
"""So many bytes of a part are counted through before the parser gets the first."""

_CHUNK = 1 << 20
_CHOICE = ":Choice"
_ESCAPED_CHARACTER = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """A text of a workbook with its escaped characters, ``_x000D_``, as they are."""
    if "_x" not in text:
        return text
    plain = _ESCAPED_CHARACTER.sub(lambda match: chr(int(match[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # pairs joined, halves replaced


def attribute(attributes: dict[str, str], name: str) -> str:
    """An attribute by its name, with or without a prefix; empty if there is none."""
    found = attributes.get(name)
    if found is not None:
        return found
    return next((value for key, value in attributes.items() if key.endswith(":" + name)), "")


def is_true(text: str | None) -> bool:
    """Whether an attribute says yes."""
    return text in ("1", "true", "on")


class Budget:
    """What the parts of one package may hold together."""

    def __init__(self) -> None:
        self.markup = MAXIMUM_MARKUP
        self.characters = MAXIMUM_CHARACTERS

    def spend_markup(self, chunk: bytes) -> None:
        """Refuse a package of too many tags and attributes before they are read."""
        self.markup -= chunk.count(b"<") + chunk.count(b"=")
        if self.markup < 0:
            raise too_many(MAXIMUM_MARKUP, "thẻ và thuộc tính XML", "XML tags and attributes")

    def spend_characters(self, count: int) -> None:
        """Refuse a package of too much text."""
        self.characters -= count
        if self.characters < 0:
            raise too_many(MAXIMUM_CHARACTERS, "ký tự", "characters")


class _Tags(dict[str, str]):
    """Name of each element without the prefix that the root has, too; empty for elements of other vocabularies.

    Transitional and strict files differ only in what the prefix stands for. Names are looked up once each.
    """

    prefix: str | None = None

    def __missing__(self, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        if self.prefix is None:
            self.prefix = prefix
        if len(self) >= MAXIMUM_NAMES:
            raise too_many(MAXIMUM_NAMES, "loại thẻ XML", "kinds of XML tags")
        self[name] = local if prefix == self.prefix else ""
        return self[name]


class XmlPart:
    """Takes one part. Subclasses say what to do at the start and end of an element, and with text."""

    def __init__(self) -> None:
        self._tags = _Tags()
        self._depth_skipped = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.XmlDeclHandler = self._check_encoding

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins; ``self._tags[name]`` is its name without prefix."""

    def _end(self, name: str) -> None:
        """An element ends."""

    def _characters(self, text: str) -> None:
        """A piece of text."""

    def read(self, stream: IO[bytes], budget: Budget) -> None:
        """Read a part to its end."""
        self._resume()
        given = 0
        for chunk in self._read_ahead(stream, budget):
            self._parser.Parse(chunk, False)
            given += len(chunk)
            if given - self._parser.CurrentByteIndex > MAXIMUM_TAG_BYTES:
                size = f"{MAXIMUM_TAG_BYTES // 1_000_000} MB"
                raise too_large(f"{size} một thẻ XML", f"{size} for one XML tag")
        self._parser.Parse(b"", True)

    def _read_ahead(self, stream: IO[bytes], budget: Budget) -> Iterator[bytes]:
        """The pieces of a part as the parser shall see them, each counted long before it is given."""
        waiting: deque[bytes] = deque()
        held = 0
        while chunk := stream.read(_CHUNK):
            chunk = self._prepared(chunk)
            budget.spend_markup(chunk)
            waiting.append(chunk)
            held += len(chunk)
            while held > READ_AHEAD:
                held -= len(waiting[0])
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()

    def _prepared(self, chunk: bytes) -> bytes:
        """A piece of the part as the parser shall see it."""
        return chunk

    def _other(self, name: str) -> None:
        """An element the subclass does not know: of alternatives those that ask for an extension are passed by."""
        if name.endswith(_CHOICE):
            self._skip()

    def _skip(self) -> None:
        """Pass by everything in the element that has just begun."""
        self._depth_skipped = 1
        self._parser.StartElementHandler = self._start_skipped
        self._parser.EndElementHandler = self._end_skipped
        self._parser.CharacterDataHandler = None

    def _resume(self) -> None:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def _start_skipped(self, _: str, __: dict[str, str]) -> None:
        self._depth_skipped += 1

    def _end_skipped(self, _: str) -> None:
        self._depth_skipped -= 1
        if not self._depth_skipped:
            self._resume()

    def _refuse(self, *_: object) -> None:
        raise ContentError("có khai báo DOCTYPE", "it declares a document type")

    def _check_encoding(self, _: str, encoding: str | None, __: int) -> None:
        """Signs of markup are what they look like: UTF-8, UTF-16 or an encoding that has ASCII in it."""
        name = codecs.lookup(encoding or "utf-8").name
        if not name.startswith("utf-16") and "<a".encode(name) != b"<a":
            raise ContentError(f"bảng mã {encoding}", f"encoding {encoding}")
