"""What the sheets of a returned workbook hold of each field: by codes, names, titles and, failing these, by labels.

Where several fields stand on one sheet, each is given its own rows of it, with the headings that stand over them.
"""

import math
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from workbook_tools.catalogue import Catalogue
from workbook_tools.form_layout import PlacedField
from workbook_tools.heading_meanings import common_meanings
from workbook_tools.indicators import Field, Indicator
from workbook_tools.sheet_columns import FEWEST_HEADINGS
from workbook_tools.sheet_texts import SheetTexts
from workbook_tools.text import matching_key
from workbook_tools.workbook_contents import WorkbookContent

FIELD_MARK = "#field "
HEADING_ROWS = 30
"""The title of a field sheet stands above this row, even where rows were inserted on top."""

ENOUGH = 0.4
"""A sheet with this share of a field's own labels is of that field."""

FEWEST_LABELS = 3
ALMOST = 0.8
"""Sheets with this share of what the best one has may be copies of it."""

MOST_HEADING_ROWS = 4


@dataclass(frozen=True)
class _Names:
    """What is a field's own: no other field has these labels, titles and codes."""

    labels: frozenset[str]
    titles: frozenset[str]
    codes: frozenset[str]


@dataclass(frozen=True)
class Survey:
    """The sheets of a workbook, each with what it holds of the fields of a template."""

    workbook: WorkbookContent
    catalogue: Catalogue
    _parts: dict[int, Mapping[str, SheetTexts]] = field(default_factory=dict, compare=False, repr=False)
    _marked: dict[int, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
    """What was found of each sheet, by its identity: the tables of a page may all have one name."""

    @cached_property
    def sheets(self) -> list[SheetTexts]:
        """All sheets, in their order."""
        return [SheetTexts(sheet) for sheet in self.workbook.sheets]

    def coded(self, code: str) -> list[SheetTexts]:
        """The sheets, or parts of sheets, that have the mark of a field."""
        return [self._part(sheet, code) for sheet in self.sheets if code in self._marks(sheet)]

    def named(self, names: Iterable[str]) -> list[SheetTexts]:
        """The sheets without the mark of any field that have one of these names."""
        keys = set(map(matching_key, names))
        return [sheet for sheet in self._unmarked if matching_key(sheet.content.name) in keys]

    def titled(self, placed: PlacedField) -> list[SheetTexts]:
        """The sheets, or parts, without marks, with a field's title on top and a label of it below."""
        return [self._part(sheet, placed.field.code) for sheet in self._unmarked if _has_title(sheet, placed)]

    def labelled(self, placed: PlacedField) -> list[SheetTexts]:
        """The sheets, or parts, with the most of a field's own labels, if that is enough to know it by."""
        code = placed.field.code
        shares = [(self._share(sheet, placed), sheet) for sheet in self.sheets]
        best = max((share for share, _ in shares), default=0.0)
        if best < ENOUGH:
            return []
        return [self._part(sheet, code) for share, sheet in shares if share >= ALMOST * best]

    def room_for_labels(self, sheet: SheetTexts, code: str) -> int:
        """How many labels of other fields could be added to a field's sheet before it was taken for theirs, too."""
        others = (self._names[one.code].labels for one in self.catalogue.fields if one.code != code)
        found = ((_enough(labels), _count(labels, sheet.by_label)) for labels in others)
        return min((math.ceil(enough - count) - 1 for enough, count in found), default=0)

    def indicators(self) -> set[str]:
        """Codes of the indicators that some sheet has, by code or by label."""
        indicators = self.catalogue.indicators.items()
        labels = [(code, matching_key(one.label)) for code, one in indicators]
        return {code for code, key in labels for sheet in self.sheets if code in sheet.by_code or key in sheet.by_label}

    @cached_property
    def _unmarked(self) -> list[SheetTexts]:
        return [sheet for sheet in self.sheets if not self._marks(sheet)]

    @cached_property
    def _names(self) -> dict[str, _Names]:
        fields = self.catalogue.fields
        labels = {one.code: [matching_key(row.label) for row in one.indicators] for one in fields}
        titles = {one.code: [matching_key(title) for title in _titles(one)] for one in fields}
        often = Counter(key for keys in (*labels.values(), *titles.values()) for key in set(keys))
        return {
            one.code: _Names(
                frozenset(key for key in labels[one.code] if often[key] == 1),
                frozenset(key for key in titles[one.code] if often[key] == 1),
                frozenset([f"{FIELD_MARK}{one.code}", *(row.code for row in one.indicators)]),
            )
            for one in fields
        }

    @cached_property
    def _shared(self) -> dict[str, set[str]]:
        """The labels that several fields have, and those fields."""
        fields: dict[str, set[str]] = {}
        for code, one in self.catalogue.indicators.items():
            fields.setdefault(matching_key(one.label), set()).add(self.catalogue.field_of[code].code)
        return {key: having for key, having in fields.items() if len(having) > 1}

    def _marks(self, sheet: SheetTexts) -> frozenset[str]:
        """Codes of the fields whose mark a sheet has."""
        if id(sheet) not in self._marked:
            marks = (code for code in sheet.by_code if code.startswith(FIELD_MARK))
            self._marked[id(sheet)] = frozenset(code.removeprefix(FIELD_MARK).strip() for code in marks)
        return self._marked[id(sheet)]

    def _share(self, sheet: SheetTexts, placed: PlacedField) -> float:
        own = self._names[placed.field.code].labels
        rows = (row.content for block in placed.blocks for row in block.rows)
        labels = own & {matching_key(row.label) for row in rows if isinstance(row, Indicator)}
        found = _count(labels, sheet.by_label)
        return found / len(labels) if found >= FEWEST_LABELS else 0.0

    def _part(self, sheet: SheetTexts, code: str) -> SheetTexts:
        """The rows of a field on a sheet that it shares with others; else the sheet."""
        if id(sheet) not in self._parts:
            present = [one.code for one in self.catalogue.fields if self._is_on(sheet, one)]
            self._parts[id(sheet)] = self._split(sheet, present) if len(present) > 1 else {}
        return self._parts[id(sheet)].get(code, sheet)

    def _is_on(self, sheet: SheetTexts, one: Field) -> bool:
        own = self._names[one.code].labels
        return one.code in self._marks(sheet) or _count(own, sheet.by_label) >= _enough(own)

    def _split(self, sheet: SheetTexts, present: Collection[str]) -> dict[str, SheetTexts]:
        owners = dict(sorted(self._owners(sheet, present)))
        headings = self._heading_rows(sheet)
        rows: dict[str, set[int]] = {code: set() for code in present}
        had: dict[str, set[str]] = {code: set() for code in present}
        current = next(iter(owners.values()))
        for row in sheet.rows:
            below = (later for later in range(row, row + MOST_HEADING_ROWS + 1) if later in owners)
            following = owners.get(next(below, 0), "")
            shared = self._shared.keys() & sheet.keys.get(row, {}).values()
            is_next = any(following in self._shared[key] and (key in had[current] or current not in self._shared[key])
                          for key in shared)  # fmt: skip
            if row in owners or (following and (row in headings or is_next)):
                current = owners.get(row, following)
            rows[current].add(row)
            had[current] |= shared
        for code, own in rows.items():
            if own and not own & headings:
                above = max((row for row in headings if row < min(own)), default=0)
                rows[code] |= {row for row in range(above, above + MOST_HEADING_ROWS) if above and row not in owners}
        return {code: sheet.only(own) for code, own in rows.items()}

    def _owners(self, sheet: SheetTexts, present: Collection[str]) -> Iterator[tuple[int, str]]:
        """Rows with something that only one field has."""
        for code in present:
            own = self._names[code]
            for index, names in ((sheet.by_label, own.labels | own.titles), (sheet.by_code, own.codes)):
                yield from ((place.row, code) for name in names for place in index.get(name, ()))

    def _heading_rows(self, sheet: SheetTexts) -> frozenset[int]:
        """Rows that head a table of indicators."""
        counts: Counter[int] = Counter()
        for row, cells in sheet.keys.items():
            counts[row] = len({self._meanings[key] for key in cells.values() if key in self._meanings})
        return frozenset(row for row, count in counts.items() if count >= FEWEST_HEADINGS)

    @cached_property
    def _meanings(self) -> dict[str, str]:
        blocks = (block for one in self.catalogue.fields for block in one.blocks)
        own = {matching_key(column.heading): column.code for block in blocks for column in block.columns}
        return own | common_meanings(self.catalogue)


def _count(labels: Iterable[str], index: Container[str]) -> int:
    """How many labels stand somewhere."""
    return sum(map(index.__contains__, labels))


def _enough(labels: Collection[str]) -> float:
    """How many of a field's own labels make a sheet one of that field."""
    return max(FEWEST_LABELS, ENOUGH * len(labels))


def _titles(one: Field) -> list[str]:
    return [one.title, *(block.title for block in one.blocks)]


def _has_title(sheet: SheetTexts, placed: PlacedField) -> bool:
    """Whether the title of a field stands on top and a label of it below; the cover has the titles alone."""
    places = sheet.by_key.get(matching_key(placed.field.title), ())
    if not any(place.row <= HEADING_ROWS for place in places):
        return False
    headings = (column.heading for block in placed.field.lists for column in block.columns)
    labels = (row.label for row in placed.field.indicators)
    return any(matching_key(text) in sheet.by_label for text in (*labels, *headings))


def level_of_rows(survey: Survey) -> str:
    """The level of units whose form has the rows that a workbook has; empty if none fits better than the template's."""
    catalogue = survey.catalogue
    found = survey.indicators()
    present = {catalogue.field_of[code].code for code in found}
    rows = [one for one in catalogue.indicators.values() if catalogue.field_of[one.code].code in present]
    usual = catalogue.settings.get("level", "")
    levels = dict.fromkeys([usual, *(level for one in rows for level in one.levels)])
    fits = {level: _likeness(found, {one.code for one in rows if not level or level in one.levels}) for level in levels}
    best = max(fits, key=lambda level: fits[level], default="")
    return best if best != usual and fits[best] > fits[usual] else ""


def _likeness(one: Collection[str], other: Collection[str]) -> float:
    """How much two sets have in common: 1 if they are equal."""
    both, either = set(one) & set(other), set(one) | set(other)
    return len(both) / len(either) if either else 0.0
