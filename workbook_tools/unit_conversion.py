"""Units of measure as people write them: whether a typed unit fits the row's unit, and by which exact factor.

A unit is a dimension (money, area, …), a size within it, a scale (nghìn, triệu, tỷ), and what it is divided by
(``triệu đồng/người/năm``). A word that is in no table is a dimension of its own, not known to us.
"""

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from workbook_tools.text import matching_key, normalize_text


class Fit(enum.Enum):
    """How a typed unit goes with the unit of the row."""

    SAME = enum.auto()
    CONVERTED = enum.auto()
    MISMATCH = enum.auto()
    UNKNOWN = enum.auto()


@dataclass(frozen=True, slots=True)
class Conversion:
    """How a typed unit goes with the row's unit; one of the first is ``factor`` of the second.

    ``extra`` are words after the unit that say nothing to us: "lúa" in "ha lúa".
    """

    fit: Fit
    factor: Decimal = Decimal(1)
    extra: str = ""


@dataclass(frozen=True, slots=True)
class _Unit:
    dimension: str
    size: Decimal = Decimal(1)
    scale: Decimal = Decimal(1)
    denominators: tuple[str, ...] = ()
    known: bool = True
    extra: str = ""


_SCALE = "scale"
_MONEY = "money"
_SCALES = {"trăm": "100", "k": "1000", "nghìn": "1000", "ngàn": "1000", "vạn": "10000", "triệu": "1000000",
           "tr": "1000000", "tỷ": "1000000000", "tỉ": "1000000000"}  # fmt: skip
_MONEY_SCALES = ("tr", "tỷ", "tỉ")
"""Scales that, standing alone, are always an amount of money."""

_DONG = ("đồng", "đ", "vnđ", "vnd", "₫", "đồng việt nam")
_MEASURES: dict[str, dict[str, tuple[str, ...]]] = {
    _MONEY: {"1": _DONG, "1000": ("nđ",), "1000000": ("trđ", "trđồng", "triệuđ", "triệuđồng"),
             "1000000000": ("tỷđ", "tỉđ", "tỷđồng", "tỉđồng")},
    "dollar": {"1": ("usd", "$", "đô la", "đô la mỹ")},
    "area": {"1": ("m2", "mét vuông"), "10000": ("ha", "hecta", "héc ta", "héc-ta"), "1000000": ("km2",)},
    "mass": {"0.001": ("g", "gam", "gram"), "0.1": ("lạng",),
             "1": ("kg", "kilôgam", "ki lô gam"), "10": ("yến",), "100": ("tạ",), "1000": ("tấn",)},
    "length": {"0.01": ("cm",), "1": ("m", "mét"), "1000": ("km", "ki lô mét", "kilômét", "cây số")},
    "volume": {"0.001": ("lít", "l"), "1": ("m3", "mét khối")},
    "ratio": {"1": ("%", "phần trăm"), "0.1": ("‰", "phần nghìn", "phần ngàn")},
    "energy": {"1": ("kwh",), "1000": ("mwh",)},
}  # fmt: skip
_THINGS = ("người|đồng chí|đ/c", "hộ|hộ gia đình", "con", "lần", "tuổi", "sào", "giờ", "ngày", "tháng", "năm")
"""Things and measures of their own, equal names together; further nouns are known by the row's unit only."""

_STOP_WORDS = frozenset(matching_key(
    "rưỡi rưởi ruỡi nửa lẻ linh dư hơn mấy vài mươi mười một mốt hai ba bốn sáu bảy tám chín chục tăng giảm tụt đạt so "
    "và hoặc trong đó gồm còn chưa không đến tới từ trên dưới gần khoảng x nhưng thiếu thừa trừ cộng chia kém"
).split())  # fmt: skip
"""Words that change a number or begin another statement: never taken as a unit."""

_MOST_EXTRA_WORDS = 3
_NO_UNIT = re.compile(r"[^\w\s/.,;:%‰()₫$-]|(?<!\w)-|-(?!\w)")


@lru_cache(maxsize=4096)
def conversion(typed: str, row_unit: str) -> Conversion | None:
    """How a unit typed after a number goes with the row's unit; None if the words are no unit at all.

    >>> conversion("tỷ đồng", "triệu đồng").factor
    Decimal('1000')
    """
    phrase = _trimmed(typed)
    if _NO_UNIT.search(phrase):
        return None
    if not phrase or (_key(phrase) and _key(phrase) == _key(row_unit)):
        return Conversion(Fit.SAME)
    words = _words(phrase)
    if not words or _STOP_WORDS.intersection(words):
        return None
    if phrase.startswith("/"):
        same = tuple(map(_canonical, phrase[1:].split("/"))) == _unit(_trimmed(row_unit)).denominators
        return Conversion(Fit.SAME if same else Fit.MISMATCH)
    unit, row = _unit(phrase), _unit(_trimmed(row_unit))
    if unit.dimension == row.dimension or unit.known:
        return _compared(unit, row)
    if "%" in words and row.dimension != "ratio":
        return Conversion(Fit.MISMATCH)
    return Conversion(Fit.UNKNOWN, extra=phrase) if len(words) <= _MOST_EXTRA_WORDS else None


@lru_cache(maxsize=1024)
def is_percent_unit(unit: str) -> bool:
    """Whether a row's unit is the percentage, with or without words after it."""
    found = _unit(_trimmed(unit))
    return found.dimension == "ratio" and found.size * found.scale == 1


def _compared(unit: _Unit, row: _Unit) -> Conversion:
    if unit.denominators != row.denominators[: len(unit.denominators)]:
        return Conversion(Fit.MISMATCH)
    if unit.dimension == _SCALE and row.dimension not in ("ratio", _SCALE):
        factor = unit.scale / row.scale
    elif unit.dimension == row.dimension:
        factor = unit.size * unit.scale / (row.size * row.scale)
    elif unit.dimension in _THING_KEYS and unit.scale == 1 and not row.known:
        return Conversion(Fit.UNKNOWN, extra=unit.extra)
    else:
        return Conversion(Fit.MISMATCH)
    return Conversion(Fit.SAME if factor == 1 else Fit.CONVERTED, factor, unit.extra)


def _unit(phrase: str) -> _Unit:
    if _key(phrase) in _UNITS or "/" not in phrase:
        return _simple_unit(phrase)
    numerator, *denominators = phrase.split("/")
    return replace(_simple_unit(numerator), denominators=tuple(_canonical(part) for part in denominators))


def _canonical(phrase: str) -> str:
    unit = _simple_unit(phrase)
    return f"{unit.dimension} {unit.size * unit.scale}"


def _simple_unit(phrase: str) -> _Unit:
    """One unit without a division: in the tables, a scale and a unit, or a unit and further words."""
    key = _key(phrase)
    if key in _UNITS:
        return _UNITS[key]
    thousands = re.match(r"1[. ]?000(?!\d)", phrase)
    if thousands:
        return _scaled("1000", phrase[thousands.end() :])
    first, _, rest = phrase.replace(".", ". ").strip().partition(" ")
    scale = _SCALE_OF.get(_key(first))
    if scale:
        return _scaled(scale, rest)
    return _with_extra(phrase) or _Unit(key, known=False)


def _scaled(scale: str, rest: str) -> _Unit:
    if not _key(rest):
        return _Unit(_SCALE, scale=Decimal(scale))
    unit = _simple_unit(_trimmed(rest))
    return replace(unit, scale=unit.scale * Decimal(scale), known=True)


def _with_extra(phrase: str) -> _Unit | None:
    """A measure followed by words that may stand after a unit: ``ha lúa``."""
    words = matching_key(phrase).split()
    for length in range(min(len(words) - 1, 3), 0, -1):
        unit, extra = _UNITS.get("".join(words[:length])), words[length:]
        if unit and unit.dimension in _MEASURES and len(extra) <= _MOST_EXTRA_WORDS:
            return replace(unit, extra=" ".join(extra))
    return None


def _key(phrase: str) -> str:
    """The matching key without blanks; signs of money, which are no letters, are kept."""
    return "".join(_words(phrase))


def _words(phrase: str) -> list[str]:
    return matching_key(phrase.replace("₫", " vnđ ").replace("$", " usd ")).split()


def _trimmed(phrase: str) -> str:
    phrase = normalize_text(phrase).strip(" .,;:")
    bracketed = re.fullmatch(r"\(([^()]*)\)", phrase)
    return bracketed[1].strip() if bracketed else phrase


def _table() -> dict[str, _Unit]:
    units = {
        _key(name): _Unit(dimension, scale=Decimal(size)) if dimension == _MONEY else _Unit(dimension, Decimal(size))
        for dimension, sizes in _MEASURES.items()
        for size, names in sizes.items()
        for name in names
    }
    units |= {_key(name): _Unit(_key(names[0])) for names in _thing_names() for name in names}
    return units | {_key(word): _Unit(_MONEY, scale=Decimal(_SCALES[word])) for word in _MONEY_SCALES}


def _thing_names() -> Iterable[list[str]]:
    return (names.split("|") for names in _THINGS)


_SCALE_OF = {_key(word): scale for word, scale in _SCALES.items()}
_THING_KEYS = frozenset(_key(names[0]) for names in _thing_names())
_UNITS = _table()
