"""What the headings of a table mean: by the template's own headings and synonyms, by their years, by the heading above.

A heading with a year in it means something only for a period: in a form for 2023 "TH 2022" is last year's figure.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from workbook_tools.catalogue import Catalogue
from workbook_tools.form_layout import PlacedField
from workbook_tools.indicators import Block, ListBlock
from workbook_tools.periods import Period
from workbook_tools.text import matching_key, normalize_text

INDICATORS = ""
"""The kind of all indicator blocks; a list is of a kind of its own, its code."""

TYPED_MEASURES = frozenset({"prior", "plan", "actual", "next_plan"})
RATIOS = frozenset({"plan_ratio", "growth"})
_BOTH_YEARS = frozenset({"prior", "actual"})
"""A year alone means a measure only where there is one for each year: in tables of indicators."""
_COMPARING = frozenset(matching_key("so % tỷ tỉ tốc chênh tăng giảm").split())
"""Words of a heading above others that makes comparisons of what stands below: "So sánh (%)" over "KH" and "CK"."""

_FILLERS = ("ước", "dự kiến", "chỉ tiêu", "được giao", "giao", "cả năm")
_FILLING = re.compile(rf"\b(?:{'|'.join(map(matching_key, _FILLERS))})\b")
"""Words that go with a measure and do not change it: "Ước thực hiện cả năm", "Dự kiến KH 2024"."""

_RESULT = re.compile(rf"\b(?:kq|{matching_key('kết quả')})\b")
_ACHIEVED, _SAME_PERIOD = matching_key("thực hiện"), matching_key("cùng kỳ")

_CHANGING = re.compile(rf"{_FILLING.pattern}|{_RESULT.pattern}|{_SAME_PERIOD}")
"""Without any of these a heading says the same without its filling words."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def kind_of(block: Block) -> str:
    """The kind of head a block has."""
    return block.code if isinstance(block, ListBlock) else INDICATORS


@dataclass(frozen=True)
class Meanings:
    """What the headings of one kind of block mean."""

    known: Mapping[str, str]
    period: Period | None
    _told: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def of(self, text: str) -> str:
        """Column code of a heading, empty if it is none."""
        if text not in self._told:
            key = _key(text)
            self._told[text] = self._meant(key) or self._ratio(key) or self._meant_without_filling(key)
        return self._told[text]

    def _meant(self, key: str) -> str:
        return self.known.get(key) or self._by_year(key)

    def _meant_without_filling(self, key: str) -> str:
        """What a key means without words that say nothing of their own, in tables that have both years."""
        if not self._has_both_years or not _CHANGING.search(key):
            return ""
        words = _RESULT.sub(_ACHIEVED, _FILLING.sub(" ", key))
        return self._meant(" ".join((words.replace(_ACHIEVED, " ") if _SAME_PERIOD in words else words).split()))

    @cached_property
    def _has_both_years(self) -> bool:
        return frozenset(self.known.values()) >= _BOTH_YEARS

    def is_of_another_year(self, text: str, measure: str) -> bool:
        """Whether a heading has a year, but not the one of a measure."""
        years = set(_YEAR.findall(text))
        step = {"prior": -1, "next_plan": 1}.get(measure, 0)
        if self.period is None or measure not in TYPED_MEASURES or not years:
            return False
        return str(self.period.year + step) not in years

    def under(self, text: str, above: str) -> str:
        """Column code of a heading that stands below another one, which may stretch over several."""
        if matching_key(text) and (together := self.of(f"{text} {above}") or self.of(f"{above} {text}")):
            return together
        alone = self.of(text)
        return "" if alone in TYPED_MEASURES and _COMPARING.intersection(matching_key(above).split()) else alone

    def is_this_year(self, text: str) -> bool:
        """Whether a heading says nothing but the year or the period of the form."""
        return bool(self._years) and _key(text) in self._years[0][0]

    @cached_property
    def _years(self) -> list[tuple[frozenset[str], Mapping[str, str], str]]:
        """For the period, the one before and the one after: how they are written, what headings mean with them
        behind, and what they mean alone."""
        if self.period is None:
            return []
        return [
            (_names(self.period, "năm nay"), {"actual": "actual", "plan": "plan"}, ""),
            (_names(self.period.last_year, "năm trước"), {"actual": "prior", "prior": "prior"}, "prior"),
            (_names(self.period.next_year, "năm sau"), {"plan": "next_plan", "next_plan": "next_plan"}, "next_plan"),
        ]

    @cached_property
    def _endings(self) -> tuple[str, ...]:
        """All that a key with a period in it can end with."""
        return tuple(name for names, _, _ in self._years for name in names)

    def _by_year(self, key: str) -> str:
        if not key.endswith(self._endings):
            return ""
        for names, codes, alone in self._years:
            if key in names:
                return alone if self._has_both_years else ""
            for name in names:
                base = key.removesuffix(f" {name}")
                if base != key and (code := codes.get(self.known.get(base, ""))):
                    return code
        return ""

    def _ratio(self, key: str) -> str:
        """A percentage however its sign is placed: "% TH/KH" is "TH/KH (%)"."""
        return self._ratios.get(" ".join(key.replace("%", " ").split()), "") if "%" in key else ""

    @cached_property
    def _ratios(self) -> dict[str, str]:
        """The headings of percentages without the sign; without any word left they say nothing."""
        bare = ((" ".join(key.replace("%", " ").split()), code) for key, code in self.known.items() if code in RATIOS)
        return {key: code for key, code in bare if key}


def _names(period: Period, words: str) -> frozenset[str]:
    return frozenset(map(matching_key, (period.label, f"năm {period.year}", str(period.year), words)))


def _key(text: str) -> str:
    """The matching key; of signs alone, such as ``+/-``, the signs."""
    return matching_key(text) or normalize_text(text)


def meanings_of(
    placed: PlacedField, catalogue: Catalogue, headings: Mapping[str, str], period: Period | None
) -> dict[str, Meanings]:
    """What headings mean in a field's sheet, by kind. ``headings`` are those of the period."""
    common = common_meanings(catalogue)
    numbers = {key: code for key, code in common.items() if code == "number"}
    found: dict[str, Meanings] = {}
    for block in placed.field.blocks:
        own = {_key(column.heading): column.code for column in block.columns}
        if isinstance(block, ListBlock):
            lines = [(_key(column.heading.split("\n")[0]), column.code) for column in block.columns]
            often = Counter(line for line, _ in lines)
            short = {line: code for line, code in lines if often[line] == 1}
            found[block.code] = Meanings(numbers | short | own, period)
        else:
            known = {**found[INDICATORS].known} if INDICATORS in found else common
            dated = {_key(text): code for code, text in headings.items()}
            found[INDICATORS] = Meanings(known | own | dated, period)
    return found


def common_meanings(catalogue: Catalogue) -> dict[str, str]:
    """The column code of each synonym that the template's settings know."""
    return {
        _key(name): key.removeprefix("synonyms.")
        for key, text in catalogue.settings.items()
        if key.startswith("synonyms.")
        for name in text.split(";")
    }
