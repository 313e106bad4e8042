"""The bytes of a text → its letters, whatever encoding Excel or another program chose."""

import codecs
import re

from workbook_tools.failure_reasons import ContentError

_MARKS = {
    codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
"""First bytes that name the encoding; the longer ones first where one begins like another."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_TONES_1258 = "\u0300\u0301\u0303\u0309\u0323"
_TONE_ON_VOWEL = re.compile(f"[aăâeêioôơuưy][{_TONES_1258}]", re.IGNORECASE)
_BAD_UTF8_SHARE = 20
"""A text with fewer broken letters than one in so many of its accented ones is UTF-8, and damaged."""


def decode_text(data: bytes, declared: str = "") -> tuple[str, str]:
    """The text and the name of its encoding; ``declared`` is what a web page says of itself.

    Raises ValueError if the bytes are no text, or one that is damaged.
    """
    text, encoding = _decoded(data, declared)
    text = text.removeprefix("\ufeff")
    if _CONTROL.search(text):
        raise ContentError("có ký tự điều khiển", "it has control characters")
    return text, encoding


def _decoded(data: bytes, declared: str) -> tuple[str, str]:
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "")
    if marked:
        return data.decode(marked), marked
    if data[1:400:2].count(0) > 40 or data[:400:2].count(0) > 40 or data[:2].count(0) == 1:
        encoding = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
        return data.decode(encoding), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        rough = data.decode("utf-8", "replace")
        broken = rough.count("\ufffd")
        if sum(letter > "\x7f" for letter in rough) - broken > _BAD_UTF8_SHARE * broken:
            raise
    return _decoded_by_code_page(data, declared)


def _decoded_by_code_page(data: bytes, declared: str) -> tuple[str, str]:
    """By one of Windows' old code pages: 1258, Vietnamese, if its tone marks stand where they belong."""
    if declared and _is_known(declared):
        return data.decode(declared), declared
    vietnamese = data.decode("cp1258", "replace")
    marks = sum(map(vietnamese.count, _TONES_1258))
    if marks and len(_TONE_ON_VOWEL.findall(vietnamese)) == marks and "\ufffd" not in vietnamese:
        return vietnamese, "windows-1258"
    return data.decode("cp1252"), "windows-1252"


def _is_known(name: str) -> bool:
    try:
        return b"".decode(name) == "" and not codecs.lookup(name).name.startswith("utf")
    except (LookupError, ValueError):
        return False
