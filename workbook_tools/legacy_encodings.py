"""Vietnamese typed in fonts from before Unicode, TCVN3 (``.VnTime``) and VNI (``VNI-Times``), made readable.

In a file such a text stands as Latin letters, "Céng hoµ x· héi"; only the name of its font tells what it means. Right
Unicode must not be changed: "xã" read as TCVN3 would become "xó".
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

_TCVN3 = str.maketrans(
    "¨©ª«¬\xad®¡¢£¤¥¦§µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
    "ăâêôơưđĂÂÊÔƠƯĐàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
)
_WITHOUT_TCVN3 = dict.fromkeys(_TCVN3)
_VNI_LETTERS = dict(zip("ôöñæìíòóîÔÖÑÆÌÍÒÓÎ", "ơưđỉìíịĩỵƠƯĐỈÌÍỊĨỴ", strict=True))
_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_CIRCUMFLEX = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_MARKS = (
    _TONES
    | {letter: "\u0302" + tone for letter, tone in _CIRCUMFLEX.items()}
    | {letter: "\u0306" + tone for letter, tone in _BREVE.items()}
)
_VNI_SEQUENCE = re.compile(
    f"[aeouyôö][{''.join(_TONES)}]|[aeo][{''.join(_CIRCUMFLEX)}]|a[{''.join(_BREVE)}]|[{''.join(_VNI_LETTERS)}]",
    re.IGNORECASE,
)

_WORD = re.compile(r"[^\s\d!-/:-@\[-`{-~]+")
"""In TCVN3 some letters stand at the places of signs such as ® and §."""

_SYLLABLE = re.compile(
    r"(ngh?|nh|[ckpt]h|gh|gi?|tr|qu|[bcdđhklmnprstvx])?"
    r"(a(ch?|i|m|n[gh]?|o|p|t|u|y)?|ă(c|m|ng?|p|t)|â(c|m|ng?|p|t|u|y)|e(c|m|ng?|o|p|t)?|ê(ch|m|nh?|p|t|u)?"
    r"|i(a|ch|m|nh?|p|t|u)?|[iy]ê(c|m|ng?|p|t|u)|o(ch?|i|m|ng?|p|t|oc|ong)?|ô(c|i|m|ng?|p|t)?|ơ(i|m|n|p|t)?"
    r"|o(a(ch?|i|m|n[gh]?|o|p|t|y)?|ă(c|m|ng?|p|t)|e(m|n|o|t)?)|u(a|c|i|m|ng?|p|t)?|uâ(ng?|t|y)|uê(ch|nh?)?"
    r"|uô(c|i|m|ng?|t)|uơ|uy(a|ch|nh?|p|t|u)?|uyê(n|t)|ư(a|c|i|m|ng?|t|u)?|ươ(c|i|m|ng?|p|t|u)|y)"
)
"""A syllable without its tone; what does not fit is not Vietnamese."""

_TONE_MARKS = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


def is_legacy_font(font: str) -> bool:
    """Whether letters in this font are not what Unicode says.

    >>> is_legacy_font(".VnTime"), is_legacy_font("VNI-Times"), is_legacy_font("Times New Roman")
    (True, True, False)
    """
    return _decoder(font) is not None


def unicode_text(text: str, font: str) -> str:
    """The text as the official sees it in a font, in Unicode; unchanged if it is in Unicode already.

    Fonts of capitals, ``.VnTimeH``, show small letters as capitals.

    >>> unicode_text("Céng hoµ x· héi", ".VnTime"), unicode_text("Chuùng em", "VNI-Times")
    ('Cộng hoà xã hội', 'Chúng em')
    """
    decode = _decoder(font)
    if decode is None or text.isascii() or not _may_be_encoded(text, decode):
        return text
    return decode(text)


def looks_like_tcvn3(text: str) -> bool:
    """Whether a text in a font that does not say so makes sense only as TCVN3: reason to warn, not to change it.

    >>> looks_like_tcvn3("Tæng sè hé"), looks_like_tcvn3("Tổng số hộ"), looks_like_tcvn3("xã")
    (True, False, False)
    """
    return _makes_sense_only_after(text, _from_tcvn3)


def looks_like_vni(text: str) -> bool:
    """Whether a text in a font that does not say so makes sense only as VNI.

    >>> looks_like_vni("Toång soá hoä"), looks_like_vni("Tổng số hộ"), looks_like_vni("hoá toán")
    (True, False, False)
    """
    return _makes_sense_only_after(text, _from_vni)


@lru_cache(maxsize=1024)
def _decoder(font: str) -> Callable[[str], str] | None:
    name = font.strip()
    if name[:3].lower() == ".vn":
        return _from_tcvn3_capitals if name.endswith("H") else _from_tcvn3
    return _from_vni if name[:4].lower() == "vni-" else None


def _from_tcvn3(text: str) -> str:
    return text.translate(_TCVN3)


def _from_tcvn3_capitals(text: str) -> str:
    return _from_tcvn3(text).upper()


def _from_vni(text: str) -> str:
    return _VNI_SEQUENCE.sub(lambda match: _vni_letter(match[0]), text)


def _vni_letter(sequence: str) -> str:
    base = _VNI_LETTERS.get(sequence[0], sequence[0])
    return unicodedata.normalize("NFC", base + "".join(_VNI_MARKS[mark.lower()] for mark in sequence[1:]))


def _may_be_encoded(text: str, decode: Callable[[str], str]) -> bool:
    """Letters that the encoding lacks are Unicode, and so are words that are Vietnamese only before."""
    if any(map(_is_wide_letter, text)) or any(map(str.isalpha, _foreign_to(decode, text))):
        return False
    return not _has_vietnamese(text) or all(map(_is_syllable, _accented_words(decode(text))))


def _foreign_to(decode: Callable[[str], str], text: str) -> str:
    """The characters past ASCII that the encoding does not use, or not there."""
    rest = _VNI_SEQUENCE.sub("", text) if decode is _from_vni else text.translate(_WITHOUT_TCVN3)
    return "".join(character for character in rest if not character.isascii())


def _is_wide_letter(character: str) -> bool:
    return character > "\xff" and unicodedata.category(character)[0] in "LM"


def _makes_sense_only_after(text: str, decode: Callable[[str], str]) -> bool:
    if text.isascii() or any(map(_is_wide_letter, text)):
        return False
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    decoded = [decode(word) for word in words]
    return all(map(_is_syllable, decoded)) and any(
        len(after) > 2 and not _is_syllable(before) for before, after in zip(words, decoded, strict=True)
    )


def _has_vietnamese(text: str) -> bool:
    """Whether it has words with accents and all of them are Vietnamese syllables."""
    return bool(words := _accented_words(text)) and all(map(_is_syllable, words))


def _accented_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if not word.isascii() and any(map(str.isalpha, word))]


def _is_syllable(word: str) -> bool:
    """One syllable with at most one tone.

    >>> _is_syllable("nghèo"), _is_syllable("nghốo")
    (True, False)
    """
    plain, tones = _TONE_MARKS.subn("", unicodedata.normalize("NFD", word.lower()))
    return tones < 2 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", plain)) is not None
