"""The names of units: kinds such as thị trấn and tổ dân phố, their levels, and what people write before a name."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from workbook_tools.text import matching_key, normalize_text

HAMLET, COMMUNE, DISTRICT, PROVINCE, NATION = LEVELS = ("thôn", "xã", "huyện", "tỉnh", "quốc gia")
"""Levels of units, lowest first; the template's column "Cấp điền" uses the same words."""

CODE_DIGITS = {COMMUNE: 5, DISTRICT: 3, PROVINCE: 2}
"""How many digits the official codes of a level have."""

CITY = "thành phố"

_KINDS = {
    HAMLET: "thôn|xóm|làng|bản|ấp|buôn|bon|phum|sóc|plei|plây|khóm|tổ dân phố|tổ dân cư|tổ nhân dân|khu phố|khối phố|"
    "khối|khu dân cư|cụm dân cư|tiểu khu|khu",
    COMMUNE: "xã|phường|thị trấn|đặc khu",
    DISTRICT: "huyện|quận|thị xã",
    PROVINCE: f"tỉnh|{CITY}",
    NATION: "quốc gia|nước|cả nước|toàn quốc",
}
_ABBREVIATIONS = {
    "t": "thôn|tỉnh", "x": "xã|xóm", "b": "bản", "tổ": "tổ dân phố", "tdp": "tổ dân phố", "kp": "khu phố",
    "kdc": "khu dân cư", "tk": "tiểu khu", "p": "phường", "tt": "thị trấn", "đk": "đặc khu", "h": "huyện", "q": "quận",
    "tx": "thị xã", "tp": CITY,
}  # fmt: skip

_OFFICE = re.compile(rf"(?:{matching_key('ủy ban nhân dân')}|ubnd) (?=.)")
_GLUED_NUMBER = re.compile(r"(?<=[^\W\d])(?=\d)")
_LEADING_ZEROS = re.compile(r"\b0+(?=\d)")
_NUMBER_WORD = re.compile(rf"(?:^|(?<= )){matching_key('số')} (?=\d)")


class SplitName(NamedTuple):
    """A name taken apart: the kinds that its first words may mean, and the rest."""

    kinds: frozenset[str]
    rest: str


def name_key(name: str) -> str:
    """The matching key of a name, numbers written one way: ``TDP số 05`` and ``TDP5`` have the same."""
    key = matching_key(_GLUED_NUMBER.sub(" ", normalize_text(name)))
    return _NUMBER_WORD.sub("", _LEADING_ZEROS.sub("", _OFFICE.sub("", key, count=1)))


def split_names(key: str) -> list[SplitName]:
    """All ways to take a kind off the front of a name's key, the longest kind first.

    >>> [(sorted(split.kinds), split.rest) for split in split_names(name_key("TT. Neo"))]
    [(['thị trấn'], 'neo')]
    """
    words = key.split()
    starts = ((" ".join(words[:count]), " ".join(words[count:])) for count in range(min(len(words), 3), 0, -1))
    return [SplitName(_meanings()[start], rest) for start, rest in starts if start in _meanings()]


@lru_cache(maxsize=4096)
def kind_in(text: str) -> str:
    """The kind that a text begins with, ``thành phố`` of "Thành phố trực thuộc trung ương"; empty if unclear."""
    kinds = next((split.kinds for split in split_names(name_key(text))), frozenset[str]())
    return next(iter(kinds)) if len(kinds) == 1 else ""


def bare_name(name: str, kind: str) -> str:
    """The key of a name without its kind: ``neo`` of "Thị trấn Neo"; the commune Bản Bo stays ``bản bo``."""
    key = name_key(name)
    return next((split.rest for split in split_names(key) if kind in split.kinds and split.rest), key)


def level_of(kind: str, parent_kind: str = "") -> str:
    """The level of a kind; a city is a province unless it lies in one. Empty for a kind that is not known."""
    if kind == CITY and _levels().get(parent_kind) == PROVINCE:
        return DISTRICT
    return _levels().get(kind, "")


@cache
def _levels() -> dict[str, str]:
    return {kind: level for level, kinds in _KINDS.items() for kind in kinds.split("|")}


@cache
def _meanings() -> dict[str, frozenset[str]]:
    """What each kind, in full or short, may mean by its key."""
    full = {matching_key(kind): frozenset([kind]) for kind in _levels()}
    return full | {matching_key(short): frozenset(kinds.split("|")) for short, kinds in _ABBREVIATIONS.items()}
