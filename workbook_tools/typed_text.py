"""What must be seen in a typed text before a number is read from it: two lines, letters for digits, footnote marks."""

import re
import unicodedata

from workbook_tools.numerals import FRACTIONS, MINUS_SIGNS
from workbook_tools.readings import Note
from workbook_tools.text import matching_key, normalize_text

_BREAKS = r"\n\v\f\r\t\x1c-\x1f\x85\u2028\u2029"
_LINE_BREAK = re.compile(rf"(?<=[\d.,'])[^\S{_BREAKS}]*[{_BREAKS}]\s*(?=[\d.,])")
_LETTERS, _DIGITS = "OoОоΟοlI|", "000000111"
"""Letters, some of them Cyrillic and Greek, that look like digits."""

_WITH_LETTERS = re.compile(rf"(?<![\w.,])(?:[\d.,]*[{_LETTERS}]+[.,]*\d[\d.,{_LETTERS}]*|\d[\d.,]*[OoОоΟο]+)(?!\w)")
_IDENTIFIER = re.compile(r"0\d{8,}|\+84\d{8,10}")
_FIRST_LETTERS = re.compile(r"(?<![^\W\d_])[^\W\d_]")
"""Raised digits count as letters; behind a letter, as in m², they belong to the unit."""

_REVERSED = "\u202e"
_REMARKS = frozenset(map(matching_key, (
    "ước", "số ước", "số liệu ước", "ước tính", "ước thực hiện", "ước th", "ưth", "sơ bộ", "số sơ bộ", "số liệu sơ bộ",
    "tạm tính", "số tạm tính", "chính thức", "số chính thức", "số liệu chính thức",
)))  # fmt: skip
"""Words beside a number that say how it was found and do not change it."""

_REMARK = re.compile(r"\s*(?:\((?P<bracketed>[^()\d]+)\)|\*{1,3}|(?<=\d),)$")


def without_line_breaks(raw: str) -> str:
    """The normal form of a typed text in which numbers of two lines stay two, and a soft hyphen is a hyphen.

    >>> without_line_breaks("125\\n130"), without_line_breaks("15\\u00ad20"), without_line_breaks("trên\\n5")
    ('125; 130', '15-20', 'trên 5')
    """
    return normalize_text(_LINE_BREAK.sub("; ", raw.strip().replace("\u00ad", MINUS_SIGNS[0])))


def slip_in(raw: str, text: str) -> Note | None:
    """Why a text must not be read as the number it seems to be; ``raw`` still has its invisible characters.

    >>> slip_in("1O5", "1O5").details["guess"], slip_in("105", "105")
    ('105', None)
    """
    if _REVERSED in raw:
        return Note("value.unreadable")
    letters = _WITH_LETTERS.search(text)
    if letters:
        guess = letters[0].translate(str.maketrans(_LETTERS, _DIGITS))
        return Note("value.letters_for_digits", {"typed": letters[0], "guess": guess})
    if _IDENTIFIER.fullmatch(text):
        return Note("value.identifier")
    numeral = "" if text.isascii() else next(filter(_is_odd_numeral, _FIRST_LETTERS.findall(text)), "")
    return Note("value.odd_numeral", {"mark": numeral}) if numeral else None


def without_remark(text: str) -> tuple[str, str]:
    """The text without a footnote mark or a remark behind the number, and that remark.

    >>> without_remark("105 (số liệu ước)"), without_remark("105*"), without_remark("105 (nữ)")
    (('105', '(số liệu ước)'), ('105', '*'), ('105 (nữ)', ''))
    """
    found = _REMARK.search(text)
    if found is None or not re.search(r"\d", text):
        return text, ""
    said = found["bracketed"]
    if said is not None and said.strip(" *") and matching_key(said) not in _REMARKS:
        return text, ""
    return text[: found.start()].rstrip(), found[0].strip()


def _is_odd_numeral(character: str) -> bool:
    """Whether it is a number but none we take for one: ¹ may be a footnote or a power, ⅓ has no end, Ⅳ is a label."""
    return unicodedata.category(character) in ("No", "Nl") and character not in FRACTIONS
