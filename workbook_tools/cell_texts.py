"""The texts of a workbook: shared strings, runs in fonts of their own, and what the official sees of them."""

import re
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from workbook_tools.errors import WorkbookReadError
from workbook_tools.failure_reasons import too_many
from workbook_tools.legacy_encodings import looks_like_tcvn3, looks_like_vni, unicode_text
from workbook_tools.xml_parts import Budget, XmlPart, attribute, unescaped

MAXIMUM_STRINGS = 200_000
"""As many as a workbook may have filled cells."""

_PAST_ONE_BYTE = re.compile("[\u0100-\u1fff]")


class RichText:
    """Gathers the pieces of one text while it is read; phonetic hints are no text.

    A piece has the font of its run, or none if it is in that of the cell.
    """

    __slots__ = ("_font", "_is_phonetic", "fonts", "is_text", "pieces")

    def __init__(self) -> None:
        self.is_text = self._is_phonetic = False
        self.begin()

    def begin(self) -> None:
        """A new text."""
        self.pieces: list[str] = []
        self.fonts: list[str] = []
        self._font = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element inside the text begins."""
        if tag == "t":
            self.is_text = not self._is_phonetic
        elif tag == "r":
            self._font = ""
        elif tag == "rFont":
            self._font = attribute(attributes, "val")
        elif tag == "rPh":
            self._is_phonetic = True

    def end(self, tag: str) -> None:
        """An element inside the text ends."""
        if tag == "t":
            self.is_text = False
        elif tag == "rPh":
            self._is_phonetic = False

    def add(self, text: str) -> None:
        """A piece between the elements; it counts only inside one of text."""
        if self.is_text:
            self.pieces.append(text)
            if self._font or self.fonts:
                self.fonts += [""] * (len(self.pieces) - 1 - len(self.fonts))
                self.fonts.append(self._font)

    @property
    def text(self) -> str:
        """The whole text as it is stored."""
        return unescaped("".join(self.pieces))

    def shown(self, font: str) -> str:
        """The whole text as the official sees it in a cell of a font, each run in its own."""
        if not self.fonts:
            text = self.text
            return text if text.isascii() else unicode_text(text, font)
        pairs = zip((own or font for own in self.fonts), self.pieces, strict=True)
        runs = groupby(pairs, key=itemgetter(0))
        return "".join(unicode_text(unescaped("".join(text for _, text in run)), own) for own, run in runs)


class SharedStrings(XmlPart):
    """Takes the part of shared strings."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self._texts: list[str] = []
        self._counted = 0
        self._in_fonts: dict[int, RichText] = {}
        self._rich = RichText()
        self._budget = budget

    def _prepared(self, chunk: bytes) -> bytes:
        """Counts the strings before they are made."""
        self._counted += chunk.count(b"<si>")
        if self._counted > MAXIMUM_STRINGS:
            raise too_many_strings()
        return chunk

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._tags[name]
        if tag == "si":
            self._rich.begin()
        elif tag:
            self._rich.start(tag, attributes)
        else:
            self._other(name)

    def _end(self, name: str) -> None:
        tag = self._tags[name]
        if tag == "si":
            text = self._rich.text
            self._budget.spend_characters(len(text))
            if len(self._texts) >= MAXIMUM_STRINGS:
                raise too_many_strings()
            if self._rich.fonts:
                self._in_fonts[len(self._texts)] = self._rich
                self._rich = RichText()
            self._texts.append(text)
        elif tag:
            self._rich.end(tag)

    def _characters(self, text: str) -> None:
        self._rich.add(text)

    def text(self, index: int) -> str:
        """A string as it is stored; LookupError if there is none of the number."""
        if index < 0:
            raise LookupError(index)
        return self._texts[index]

    def shown(self, index: int, font: str) -> str:
        """A string as the official sees it in a cell of a font."""
        rich = self._in_fonts.get(index) if self._in_fonts else None
        return rich.shown(font) if rich else unicode_text(self._texts[index], font)


def too_many_strings() -> WorkbookReadError:
    """The refusal of a workbook of too many texts."""
    return too_many(MAXIMUM_STRINGS, "chuỗi chữ", "strings")


@lru_cache(maxsize=10_000)
def looks_encoded(text: str) -> bool:
    """Whether a text in a font of today makes sense only in an encoding from before Unicode."""
    if text.isascii() or _PAST_ONE_BYTE.search(text):
        return False
    return looks_like_tcvn3(text) or looks_like_vni(text)
