"""Finds the rows of a list in a sheet that came back: those with its codes, and those the official added."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from workbook_tools.form_layout import PlacedBlock
from workbook_tools.indicators import ListBlock
from workbook_tools.sheet_columns import NO_HEAD, Head
from workbook_tools.sheet_matching import MatchedSheet
from workbook_tools.text import matching_key

TOTAL_WORDS = frozenset(map(matching_key, ("cộng", "tổng", "tổng cộng", "tổng số", "cộng chung")))
"""A row so named repeats the rows above it; the totals of the form are formulas."""


@dataclass(frozen=True)
class ItemRow:
    """A row of a list. What stands in a refused row is not to be taken."""

    item: str
    row: int
    is_refused: bool = False


@dataclass(frozen=True)
class MatchedList:
    """The rows of a list with its columns, and how many rows of the form are gone."""

    head: Head
    rows: tuple[ItemRow, ...]
    lost: int = 0


class _Rows:
    """The rows of one list in one sheet."""

    def __init__(self, sheet: MatchedSheet, block: PlacedBlock, content: ListBlock) -> None:
        self.sheet = sheet
        self.code = content.code
        prefix = f"{content.code}#"
        self.coded = {row: code.removeprefix(prefix) for row, code in sheet.codes.items() if code.startswith(prefix)}
        below = min(self.coded, default=0)
        heads = (head for head in sheet.columns.heads if head.kind == content.code)
        self.head = sheet.columns.head(content.code, below) if below else next(heads, NO_HEAD)
        places = self.head.places
        self.columns = [places[column.code] for column in content.columns if column.code in places]
        self.name_column = places.get(content.columns[0].code, 0)
        self.offered = [row.item for row in block.rows]

    def said(self, row: int) -> tuple[str, ...]:
        """What was typed into a row."""
        cells = ((column, self.sheet.at(row, column).value) for column in self.columns)
        return tuple(f"{column}:{value}" for column, value in cells if value not in (None, ""))

    def name(self, row: int) -> str:
        """What names a row: the text in its first column."""
        return matching_key(self.sheet.texts.get(row, {}).get(self.name_column, ""))

    def body(self) -> Iterator[int]:
        """The rows of the table: down to the last with a code, and on while something stands in the next."""
        row = min(self.head.last + 1, *self.coded) if self.coded else self.head.last + 1
        last = max(self.coded, default=0)
        while row <= last or self._goes_on(row):
            yield row
            row += 1

    def _goes_on(self, row: int) -> bool:
        number = self.head.columns.get("number", 0)
        offered = not self.coded and self.sheet.at(row, number).value is not None
        return (offered or bool(self.said(row))) and self._is_open(row)

    def _is_open(self, row: int) -> bool:
        """Whether a row can be one that was put into this list."""
        if row in self.sheet.codes or self.sheet.is_outside(row):
            return False
        return self.sheet.columns.nearest(row) == self.head

    def matched(self) -> Iterator[ItemRow]:
        """Every row of the list once; what stands twice, adds up others or was put in is reported."""
        taken: dict[str, int] = {}
        numbers = count(max((int(item) for item in self.coded.values() if item.isdecimal()), default=0) + 1)
        for row in self.body():
            item = self.coded.get(row, "")
            added = not item and self._is_open(row)
            if not item and not (added and (self.said(row) or not self.coded)):
                continue
            if added and self.name(row) in TOTAL_WORDS:
                continue  # Unclaimed, hence reported.
            self.sheet.claimed.add(row)
            if item in taken and (not self.said(row) or self._repeats(row, taken[item])):
                continue
            if not item or item in taken:
                if self.coded:
                    self.sheet.report("structure.list_row_added", row, self.columns[0], {"block": self.code})
                item = str(next(numbers))
            taken[item] = row
            yield ItemRow(item, row, is_refused=self._adds_up(row))

    def _repeats(self, row: int, former: int) -> bool:
        """Whether a row with the code of a former one says the same again."""
        if self.said(row) != self.said(former):
            return False
        self.sheet.report("structure.list_row_repeated", row, self.columns[0], {"former": former})
        return True

    def _adds_up(self, row: int) -> bool:
        """Whether a row of the form was used for a total, with a finding."""
        if self.name(row) not in TOTAL_WORDS:
            return False
        self.sheet.report("structure.list_total_typed", row, self.name_column, {"label": self.sheet.label(row)})
        return True


def match_list(sheet: MatchedSheet, block: PlacedBlock, content: ListBlock) -> MatchedList:
    """The rows of a list; no row where it is not found."""
    rows = _Rows(sheet, block, content)
    if not rows.columns:
        return MatchedList(rows.head, ())
    if not rows.coded and rows.head.last:
        sheet.report("structure.list_by_heading", rows.head.last, rows.columns[0], {"block": content.title})
    found = tuple(_without_ambiguous(sheet, rows, tuple(rows.matched())))
    kept = set(rows.coded.values())
    # A consolidated return has rows of its own, named after the units they came from.
    lost = [item for item in rows.offered if item not in kept] if kept <= set(rows.offered) and kept else []
    if lost:
        sheet.report("structure.list_row_missing", 0, 0, {"block": content.title, "count": len(lost)})
    return MatchedList(rows.head, found, len(lost))


def _without_ambiguous(sheet: MatchedSheet, rows: _Rows, found: tuple[ItemRow, ...]) -> Iterator[ItemRow]:
    """Rows with one code and one name but other figures: which of them counts is asked, not guessed."""
    by_code: dict[tuple[str, str], list[int]] = {}
    for one in found:
        if one.row in rows.coded:
            by_code.setdefault((rows.coded[one.row], rows.name(one.row)), []).append(one.row)
    for one in found:
        same = by_code.get((rows.coded.get(one.row, ""), rows.name(one.row)), [])
        if len(same) > 1 and rows.said(one.row):
            if one.row == same[0]:
                label = sheet.texts.get(one.row, {}).get(rows.name_column, "")
                details = {"label": label, "rows": ", ".join(map(str, same))}
                sheet.report("structure.row_twice", one.row, rows.columns[0], details)
            yield ItemRow(one.item, one.row, is_refused=True)
        else:
            yield one
