"""Finds the columns of each table in a sheet that came back: by its row of codes, else by what its headings mean.

A head is such a row, or the headings, or both. Indicator blocks of a sheet share their columns; each list has its own.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from workbook_tools.catalogue import Catalogue
from workbook_tools.form_layout import PlacedField
from workbook_tools.indicators import Block, ListBlock
from workbook_tools.periods import Period
from workbook_tools.text import matching_key, normalize_text

INDICATORS = ""
"""The kind of all indicator blocks; a list is of a kind of its own, its code."""

HEADINGS_WITHIN = 14
"""Headings stand at most so many rows below their row of codes (in the template, the facts of a list lie between)."""

FEWEST_HEADINGS = 3
_CODE = re.compile(r"\s*[a-z][a-z0-9_]*\s*")
Texts = Mapping[int, Mapping[int, str]]
"""The texts of a sheet by row and column."""

Report = Callable[[str, int, int, Mapping[str, object]], None]


@dataclass(frozen=True)
class Head:
    """Where a table's columns stand. Columns in ``doubtful`` are there, but which of them is meant is not known."""

    kind: str
    first: int
    last: int
    columns: Mapping[str, int]
    doubtful: Mapping[str, int] = field(default_factory=dict)


NO_HEAD = Head("", 0, 0, {})


@dataclass(frozen=True)
class _Row:
    """The column codes that a row of codes or of headings names, with the columns of each."""

    row: int
    kind: str
    columns: Mapping[str, list[int]]


def kind_of(block: Block) -> str:
    """The kind of head a block has."""
    return block.code if isinstance(block, ListBlock) else INDICATORS


@dataclass(frozen=True)
class Meanings:
    """What the headings of one kind of block mean; those with a year in them mean something only for a period."""

    known: Mapping[str, str]
    period: Period | None
    _told: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def of(self, text: str) -> str:
        """Column code of a heading, empty if it is none."""
        if text not in self._told:
            key = _key(text)
            self._told[text] = self.known.get(key) or self._by_year(key)
        return self._told[text]

    def _by_year(self, key: str) -> str:
        if self.period is None:
            return ""
        for period, codes in (
            (self.period, {"actual": "actual", "plan": "plan"}),
            (self.period.last_year, {"actual": "prior", "prior": "prior"}),
            (self.period.next_year, {"plan": "next_plan", "next_plan": "next_plan"}),
        ):
            for words in (period.label, f"năm {period.year}", str(period.year)):
                base = key.removesuffix(f" {matching_key(words)}")
                if base != key and (code := codes.get(self.known.get(base, ""))):
                    return code
        return ""


def _key(text: str) -> str:
    """The matching key; of signs alone, such as ``+/-``, the signs."""
    return matching_key(text) or normalize_text(text)


def meanings_of(
    placed: PlacedField, catalogue: Catalogue, headings: Mapping[str, str], period: Period | None
) -> dict[str, Meanings]:
    """What headings mean in a field's sheet, by kind. ``headings`` are those of the period."""
    common = {
        _key(name): key.removeprefix("synonyms.")
        for key, text in catalogue.settings.items()
        if key.startswith("synonyms.")
        for name in text.split(";")
    }
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


class SheetColumns:
    """The heads of one sheet. ``marks`` are the markers of its code column by row, as far as it has one."""

    def __init__(
        self,
        texts: Texts,
        placed: PlacedField,
        meanings: Mapping[str, Meanings],
        marks: Mapping[int, str],
        report: Report,
    ) -> None:
        self.texts = texts
        self.meanings = meanings
        self.marks = marks
        self.report = report
        self.codes: dict[str, frozenset[str]] = {}
        for block in placed.blocks:
            self.codes[kind_of(block.block)] = self.codes.get(kind_of(block.block), frozenset()) | block.columns.keys()
        self.titles = {matching_key(block.block.title): kind_of(block.block) for block in placed.blocks}
        self.titles |= {
            f"#{'list' if isinstance(block.block, ListBlock) else 'block'} {block.block.code}": kind_of(block.block)
            for block in placed.blocks
        }

    def head(self, kind: str, row: int) -> Head:
        """The head of a kind that a row stands under; NO_HEAD if there is none.

        Rows of indicators may have been moved below a list: they know their columns wherever they stand.
        """
        for one in reversed(self.heads):
            if one.last < row and one.kind == kind:
                return one
            if one.last < row and INDICATORS not in (kind, one.kind):
                break
        return NO_HEAD

    def nearest(self, row: int) -> Head:
        """The head right above a row, of whatever kind."""
        return next((one for one in reversed(self.heads) if one.last < row), NO_HEAD)

    def is_head(self, row: int) -> bool:
        """Whether a row belongs to a head: codes, headings, or what lies between them."""
        return any(one.first <= row <= one.last for one in self.heads)

    @cached_property
    def title_rows(self) -> dict[int, str]:
        """Rows with the title of a block, or its marker, and the kind of that block."""
        return {
            row: kind
            for row, cells in self.texts.items()
            for text in cells.values()
            if (kind := self.titles.get(text.strip(), self.titles.get(matching_key(text)))) is not None
        }

    @cached_property
    def heads(self) -> list[Head]:
        """All heads, top to bottom."""
        coded = list(self._coded_rows())
        groups = list(self._heading_groups({one.row for one in coded}))
        heads = []
        for number, one in enumerate(coded):
            bounds = [after.row for after in coded[number + 1 : number + 2]]
            bounds += [row for row in self.title_rows if row > one.row]
            end = min([one.row + HEADINGS_WITHIN, *bounds])
            below = [group for group in groups if group[0].kind == one.kind and one.row < group[0].row < end]
            groups = [group for group in groups if group not in below]
            heads.append(self._coded_head(one, max(below, key=lambda group: len(group[0].columns), default=[])))
        heads += [self._worded_head(group) for group in groups]
        return sorted(heads, key=lambda head: head.last)

    def _coded_rows(self) -> Iterator[_Row]:
        """Rows of column codes: most of what stands in them are codes, each once or by a copied column twice."""
        known = frozenset().union(*self.codes.values())
        for row, cells in self.texts.items():
            mark = self.marks.get(row, "")
            found: dict[str, list[int]] = {}
            for column, text in cells.items():
                if text.strip() in known:
                    found.setdefault(text.strip(), []).append(column)
            told = mark == "#columns" or (not mark.startswith("#") and all(map(_CODE.fullmatch, cells.values())))
            if not told or len(found) < 2:
                continue
            kind = self._owner(row, {kind: found.keys() & codes for kind, codes in self.codes.items()})
            if kind is not None:
                yield _Row(row, kind, {code: places for code, places in found.items() if code in self.codes[kind]})

    def _heading_groups(self, coded: set[int]) -> Iterator[list[_Row]]:
        """Headings, two rows of them where some are split."""
        group: list[_Row] = []
        facts = {row for row, mark in self.marks.items() if mark.startswith("#") and mark != "#heading"}
        for row in sorted(self.texts.keys() - coded - facts):
            found = {kind: self._meant(row, kind) for kind in self.meanings}
            kind = self._owner(row, {kind: columns.keys() for kind, columns in found.items()})
            follows = bool(group) and row - group[-1].row == 1
            if follows and found[group[0].kind]:
                group.append(_Row(row, group[0].kind, found[group[0].kind]))
            elif kind is not None and len(found[kind]) >= min(FEWEST_HEADINGS, len(self.codes.get(kind, ()))):
                if group:
                    yield group
                group = [_Row(row, kind, found[kind])]
        if group:
            yield group

    def _meant(self, row: int, kind: str) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for column, text in self.texts[row].items():
            if code := self.meanings[kind].of(text):
                found.setdefault(code, []).append(column)
        return found

    def _owner(self, row: int, found: Mapping[str, Collection[str]]) -> str | None:
        """The kind that most of the codes found belong to, the one whose title stands above if several do."""
        sizes = {kind: len(codes) for kind, codes in found.items()}
        most = max(sizes.values(), default=0)
        if most < 2:
            return None
        best = [kind for kind, size in sizes.items() if size == most]
        title = max((above for above in self.title_rows if above <= row), default=0)
        kind = self.title_rows.get(title, "?")
        return kind if kind in best else min(best, key=lambda one: len(self.codes.get(one, ())))

    def _coded_head(self, one: _Row, group: list[_Row]) -> Head:
        """Columns by their codes; one whose heading means another is doubtful."""
        columns, doubtful = self._told_apart(one.row, one.columns)
        for code, column in list(columns.items()):
            meant = {name for row in group for name, places in row.columns.items() if column in places}
            if meant and code not in meant:
                row = next(row.row for row in group if any(column in places for places in row.columns.values()))
                details = {"heading": code, "found": self.texts[row][column]}
                self.report("structure.heading_of_another", row, column, details)
                doubtful[code] = columns.pop(code)
        return Head(one.kind, one.row, group[-1].row if group else one.row, columns, doubtful)

    def _worded_head(self, group: list[_Row]) -> Head:
        found: dict[str, list[int]] = {}
        for row in group:
            for code, places in row.columns.items():
                found.setdefault(code, []).extend(place for place in places if place not in found.get(code, ()))
        columns, doubtful = self._told_apart(group[-1].row, found)
        self.report("structure.columns_by_heading", group[0].row, min(columns.values(), default=1), {})
        return Head(group[0].kind, group[0].row, group[-1].row, columns, doubtful)

    def _told_apart(self, row: int, found: Mapping[str, list[int]]) -> tuple[dict[str, int], dict[str, int]]:
        """Columns that stand once, and those, with a finding, that stand twice."""
        for code, places in found.items():
            if len(places) > 1:
                self.report("structure.heading_twice", row, places[1], {"heading": code})
        single = {code: places[0] for code, places in found.items() if len(places) == 1}
        return single, {code: places[0] for code, places in found.items() if len(places) > 1}
