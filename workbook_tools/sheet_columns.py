"""Finds the columns of each table in a sheet that came back: by its row of codes, else by what its headings mean.

A head is such a row, or the headings, or both. Indicator blocks of a sheet share their columns; each list has its own.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from workbook_tools.cells import MEASURES
from workbook_tools.form_layout import PlacedField
from workbook_tools.heading_meanings import INDICATORS, Meanings, kind_of
from workbook_tools.indicators import ListBlock
from workbook_tools.sheet_texts import SheetTexts, code_in
from workbook_tools.text import matching_key, normalize_text

HEADINGS_WITHIN = 14
"""Headings stand at most so many rows below their row of codes (in the template, the facts of a list lie between)."""

NUMBERING_WITHIN = 2
"""Numbers of columns stand at most so many rows below the headings."""

FEWEST_HEADINGS = 3
MOST_HEADING_ROWS = 3
LAST_FIRST_NUMBER = 4
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_COLUMN_NUMBER = re.compile(r"\(?\s*\d{1,2}\s*\)?")
_COLUMN_MARK = re.compile(r"[A-Za-zĐđ]|\(?[\d\s=+*/x:%().-]{1,24}\)?")

Report = Callable[[str, int, int, Mapping[str, object]], None]


@dataclass(frozen=True)
class Head:
    """Where a table's columns stand. Columns in ``doubtful`` are there, but which of them is meant is not known."""

    kind: str
    first: int
    last: int
    columns: Mapping[str, int]
    doubtful: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def places(self) -> dict[str, int]:
        """All columns found, doubtful ones too."""
        return {**self.columns, **self.doubtful}

    @cached_property
    def figures(self) -> tuple[int, ...]:
        """The columns in which figures stand, or whatever the rows of a list hold."""
        places = self.places.items()
        return tuple(
            column for code, column in places if (code in MEASURES if self.kind == INDICATORS else code != "number")
        )


NO_HEAD = Head("", 0, 0, {})


@dataclass(frozen=True)
class _Row:
    """The column codes that a row of codes or of headings names, with the columns of each."""

    row: int
    kind: str
    columns: Mapping[str, list[int]]


class SheetColumns:
    """The heads of one sheet.

    ``marks`` are the markers of its code column by row, as far as it has one, ``labelled`` the rows that have labels of
    indicators: no headings, though the unit of one may be "chỉ tiêu".
    """

    def __init__(
        self,
        sheet: SheetTexts,
        placed: PlacedField,
        meanings: Mapping[str, Meanings],
        marks: Mapping[int, str],
        labelled: Collection[int],
        report: Report,
    ) -> None:
        self.sheet = sheet
        self.texts = sheet.texts
        self.meanings = meanings
        self.marks = marks
        self.labelled = labelled
        self.report = report
        self.codes: dict[str, frozenset[str]] = {}
        for block in placed.blocks:
            self.codes[kind_of(block.block)] = self.codes.get(kind_of(block.block), frozenset()) | block.columns.keys()
        self.blocks = {block.block.code: kind_of(block.block) for block in placed.blocks}
        titles = [(matching_key(block.block.title), block.block.code) for block in placed.blocks]
        self.titles = {key: code for key, code in titles if key}
        self.markers = {
            f"#{'list' if isinstance(block.block, ListBlock) else 'block'} {block.block.code}": block.block.code
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
        return row in self._head_rows

    @cached_property
    def _head_rows(self) -> frozenset[int]:
        return frozenset(row for one in self.heads for row in range(one.first, one.last + 1))

    @cached_property
    def block_rows(self) -> dict[int, str]:
        """Rows with the title of a block, or its marker, and the code of that block."""
        places = [
            (place.row, code)
            for index, named in ((self.sheet.by_key, self.titles), (self.sheet.by_code, self.markers))
            for name, code in named.items()
            for place in index.get(name, ())
        ]
        return dict(sorted(places))

    @cached_property
    def title_rows(self) -> dict[int, str]:
        """Rows with the title of a block, or its marker, and the kind of that block."""
        return {row: self.blocks[code] for row, code in self.block_rows.items()}

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
        return sorted(map(self._with_numbering, heads), key=lambda head: head.last)

    def _coded_rows(self) -> Iterator[_Row]:
        """Rows of column codes: most of what stands in them are codes, each once or by a copied column twice."""
        known = frozenset().union(*self.codes.values())
        for row in sorted({place.row for code in known for place in self.sheet.by_code.get(code, ())}):
            cells = {column: code_in(text) for column, text in self.texts[row].items()}
            mark = self.marks.get(row, "")
            found: dict[str, list[int]] = {}
            for column, code in cells.items():
                if code in known:
                    found.setdefault(code, []).append(column)
            told = mark == "#columns" or (not mark.startswith("#") and all(map(_CODE.fullmatch, cells.values())))
            if not told or len(found) < 2:
                continue
            kind = self._owner(row, {kind: found.keys() & codes for kind, codes in self.codes.items()})
            if kind is not None:
                yield _Row(row, kind, {code: places for code, places in found.items() if code in self.codes[kind]})

    def _heading_groups(self, coded: set[int]) -> Iterator[list[_Row]]:
        """Headings, two rows of them where some are split."""
        group: list[_Row] = []
        others = {*coded, *self.labelled, *(row for row, mark in self.marks.items() if mark != "#heading")}
        for row, cells in self.texts.items():
            follows = bool(group) and row - group[-1].row == 1 and len(group) < MOST_HEADING_ROWS
            if (len(cells) < 2 and not follows) or row in others:
                continue
            if follows and (below := self._meant(row, group[0].kind, group[-1].row)):
                group.append(_Row(row, group[0].kind, below))
                continue
            found = {kind: self._meant(row, kind) for kind in self.meanings}
            kind = self._owner(row, {kind: columns.keys() for kind, columns in found.items()})
            if kind is not None and len(found[kind]) >= min(FEWEST_HEADINGS, len(self.codes.get(kind, ()))):
                if group:
                    yield group
                group = [_Row(row, kind, found[kind])]
        if group:
            yield group

    def _meant(self, row: int, kind: str, above: int = 0) -> dict[str, list[int]]:
        """The column codes that the headings of a row name, seen together with those of the row above, if any."""
        found: dict[str, list[int]] = {}
        for column, text in self._headings(row).items():
            upper = self._heading_over(column, above)
            if code := self.meanings[kind].under(text, upper) if upper else self.meanings[kind].of(text):
                found.setdefault(code, []).append(column)
        return found

    def _headings(self, row: int) -> dict[int, str]:
        """The texts of a row, and the years that are numbers."""
        cells = self.sheet.rows[row]
        years = {column: str(cell.value) for column, cell in cells.items() if _is_year(cell.value)}
        return {**self.texts[row], **years}

    def _heading_over(self, column: int, above: int) -> str:
        """The heading that stands, or stretches, over a column."""
        left = [place for place in self.texts.get(above, ()) if place <= column] if above else []
        return self.texts[above][max(left)] if left else ""

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
        told = _lowest(group)
        for code, column in list(columns.items()):
            meant, row = told.get(column, (code, 0))
            if meant != code:
                details = {"heading": code, "found": normalize_text(self.texts[row].get(column, ""))}
                self.report("structure.heading_of_another", row, column, details)
                doubtful[code] = columns.pop(code)
            elif column not in told:
                self._tell_other_year(one.kind, group, code, column)
        uncoded = self._uncoded(one, told)
        if uncoded:
            places = {column for places in uncoded.values() for column in places}
            self.report("structure.columns_by_heading", group[0].row, min(places), {})
            more, unsure = self._told_apart(group[-1].row, uncoded)
            columns, doubtful = {**columns, **more}, {**doubtful, **unsure}
        return Head(one.kind, one.row, group[-1].row if group else one.row, columns, doubtful)

    def _uncoded(self, one: _Row, told: Mapping[int, tuple[str, int]]) -> dict[str, list[int]]:
        """Columns by their headings alone, of the codes that are gone from the row of codes."""
        found: dict[str, list[int]] = {}
        for column, (code, _) in sorted(told.items()):
            if code not in one.columns and not self.texts[one.row].get(column):
                found.setdefault(code, []).append(column)
        return found

    def _tell_other_year(self, kind: str, group: list[_Row], code: str, column: int) -> None:
        """A finding where a column is headed by a year that its code cannot mean."""
        for row in group:
            text = normalize_text(self.texts[row.row].get(column, ""))
            if self.meanings[kind].is_of_another_year(text, code):
                self.report("structure.heading_year", row.row, column, {"heading": code, "found": text})

    def _worded_head(self, group: list[_Row]) -> Head:
        found: dict[str, list[int]] = {}
        for column, (code, _) in sorted(_lowest(group).items()):
            found.setdefault(code, []).append(column)
        if group[0].kind == INDICATORS and "plan" in found and "actual" not in found:
            found |= {"actual": these} if (these := self._of_this_year(group)) else {}
        columns, doubtful = self._told_apart(group[-1].row, found)
        self.report("structure.columns_by_heading", group[0].row, min(columns.values(), default=1), {})
        return Head(group[0].kind, group[0].row, group[-1].row, columns, doubtful)

    def _of_this_year(self, group: list[_Row]) -> list[int]:
        """Columns headed by this year alone: beside a plan, what was achieved."""
        rows = [(row.row, column, text) for row in group for column, text in self._headings(row.row).items()]
        return [column for _, column, text in rows if self.meanings[INDICATORS].is_this_year(text)]

    def _told_apart(self, row: int, found: Mapping[str, list[int]]) -> tuple[dict[str, int], dict[str, int]]:
        """Columns that stand once, and those, with a finding, that stand twice."""
        for code, places in found.items():
            if len(places) > 1:
                self.report("structure.heading_twice", row, places[1], {"heading": code})
        single = {code: places[0] for code, places in found.items() if len(places) == 1}
        return single, {code: places[0] for code, places in found.items() if len(places) > 1}

    def _with_numbering(self, head: Head) -> Head:
        """The head with the row of column numbers below it: A, B, 1, 2, 3 or (1), (2), (3) = (2)/(1)."""
        rows = range(head.last + 1, head.last + 1 + NUMBERING_WITHIN)
        if row := next((row for row in rows if row in self.sheet.rows), 0):
            cells = [str(cell.value).strip() for cell in self.sheet.rows.get(row, {}).values() if not cell.formula]
            numbers = [int(text.strip("() ")) for text in cells if _COLUMN_NUMBER.fullmatch(text)]
            if _count_up(numbers) and row not in self.marks and all(map(_COLUMN_MARK.fullmatch, cells)):
                return replace(head, last=row)
        return head


def _lowest(group: Sequence[_Row]) -> dict[int, tuple[str, int]]:
    """What the lowest heading that says something makes of each column, and the row of that heading."""
    return {column: (code, row.row) for row in group for code, columns in row.columns.items() for column in columns}


def _count_up(numbers: Sequence[int]) -> bool:
    """Whether at least three numbers count on from a small one."""
    if len(numbers) < FEWEST_HEADINGS or not 1 <= numbers[0] <= LAST_FIRST_NUMBER:
        return False
    return list(numbers) == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_year(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1990 <= value <= 2100
