"""Text as typed → text that can be compared: normal form, keys for matching names and labels.

Never NFKC: it would turn ``m²`` into ``m2`` and ``½`` into ``1⁄2``.
"""

import re
import unicodedata
from functools import lru_cache

TONES = "\u0300\u0301\u0303\u0309\u0323"
"""The five tone marks, as combining characters: huyền, sắc, ngã, hỏi, nặng."""

_SURROGATES = re.compile("[\ud800-\udfff]")
_SYMBOLS_KEPT = "%‰<>≤≥"
_ONE_LETTER = str.maketrans({"ð": "đ", "ɖ": "đ", "²": "2", "³": "3"})
"""Letters that only look like đ, and raised digits: the same thing for whoever types them."""


def normalize_text(text: str) -> str:
    """The text in NFC with single ordinary blanks inside and none outside; nothing visible is lost.

    >>> normalize_text("  1\\u00a0234\\u200b ")
    '1 234'
    """
    if not text.isprintable():
        text = "".join(map(_plain_character, text))
    return " ".join(unicodedata.normalize("NFC", text).split())


def without_surrogates(text: str) -> str:
    """The text with half characters, which no file can hold, replaced by �."""
    return _SURROGATES.sub("\ufffd", text)


@lru_cache(maxsize=20_000)
def matching_key(text: str) -> str:
    """A key equal for the same name typed differently: case, blanks, punctuation and place of the tone mark.

    Accents and đ are kept: Ba Tơ and Ba Tô are two communes.

    >>> matching_key("Xã  HÒA-BÌNH") == matching_key("xã Hoà Bình")
    True
    """
    return " ".join(filter(None, map(_word_key, text.split())))


@lru_cache(maxsize=50_000)
def _word_key(word: str) -> str:
    """The key of one word: the same few words make up all the texts of a workbook."""
    if word.isascii() and word.isalnum():
        return word.lower()
    folded = normalize_text(word).casefold().translate(_ONE_LETTER)
    spaced = "".join(map(_key_character, unicodedata.normalize("NFD", folded)))
    return unicodedata.normalize("NFC", " ".join(_tone_last(syllable) for syllable in spaced.split()))


def accentless_key(text: str) -> str:
    """The matching key without any accent: for suggestions only.

    >>> accentless_key("Đường Hoà Bình")
    'duong hoa binh'
    """
    letters = unicodedata.normalize("NFD", matching_key(text).replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Zs", "Zl", "Zp", "Cc"):
        return " "
    if category == "Cs":
        return "\ufffd"
    return "" if category == "Cf" else character


def _key_character(character: str) -> str:
    if character.isalnum() or unicodedata.category(character).startswith("M"):
        return character
    return f" {character} " if character in _SYMBOLS_KEPT else " "


def _tone_last(syllable: str) -> str:
    letters = "".join(letter for letter in syllable if letter not in TONES)
    return letters + "".join(letter for letter in syllable if letter in TONES)
