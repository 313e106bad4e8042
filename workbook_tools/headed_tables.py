"""Tables that people keep in a workbook: found by their headings, wherever they stand, whatever stands around them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbook_tools.cells import Position
from workbook_tools.errors import UnitsError
from workbook_tools.text import matching_key, normalize_text
from workbook_tools.workbook_contents import EMPTY, CellContent, SheetContent, WorkbookContent

HEADING_ROWS = 10
MESSAGES_SHOWN = 20

Headings = Mapping[str, Sequence[str]]
"""How each column may be headed, the best heading first; case and remarks in brackets do not count."""

_REMARK = re.compile(r"\([^)]*\)")


class CellError(Exception):
    """What is wrong with a cell, told to whoever knows its place."""


@dataclass(frozen=True)
class HeadedTable:
    """A table in a sheet: the row of its headings, what its columns hold, the filled rows below."""

    file: str
    sheet: SheetContent
    header: int
    columns: Mapping[str, int]
    filled: tuple[int, ...]

    def cell(self, row: int, column: str) -> CellContent:
        """Content of a cell, empty where the table has no such column."""
        return self.sheet.at(row, self.columns[column]) if column in self.columns else EMPTY

    def text(self, row: int, column: str) -> str:
        """Text of a cell."""
        value = self.cell(row, column).value
        return "" if value is None else normalize_text(str(value))

    def place(self, row: int, column: str) -> str:
        """Where a cell stands, as a message says it."""
        number = self.columns.get(column, min(self.columns.values()))
        return f"[{self.file}]{self.sheet.name}!{Position(row, number).name}"

    @cached_property
    def head_place(self) -> str:
        """Where the headings stand."""
        return f"[{self.file}]{self.sheet.name}!{Position(self.header, min(self.columns.values())).name}"


def best_table(workbook: WorkbookContent, headings: Headings, required: Sequence[str]) -> HeadedTable | None:
    """The first table of the visible sheets with most of the required columns; None where none has two headings."""
    meanings = {
        matching_key(heading): (column, rank)
        for column, known in headings.items()
        for rank, heading in enumerate(known)
    }
    tables = [_table(workbook.name, sheet, meanings) for sheet in workbook.sheets if sheet.state == "visible"]
    table = max(tables, key=lambda one: len(one.columns.keys() & set(required)), default=None)
    return table if table is not None and len(table.columns) > 1 else None


def refuse(messages: Iterable[str]) -> None:
    """Tell all that is wrong at once, up to a screenful; raises UnitsError if anything is."""
    found = list(messages)
    if len(found) > MESSAGES_SHOWN:
        found[MESSAGES_SHOWN:] = [f"… và {len(found) - MESSAGES_SHOWN} lỗi khác."]
    if found:
        raise UnitsError("\n".join(found))


def refuse_missing(table: HeadedTable, headings: Headings, required: Sequence[str]) -> None:
    """Raises UnitsError if a required column is not there."""
    missing = [headings[column][0] for column in required if column not in table.columns]
    refuse(f"{table.head_place}: dòng tiêu đề thiếu cột “{heading}”; thêm cột này rồi chạy lại." for heading in missing)


def _table(file: str, sheet: SheetContent, meanings: Mapping[str, tuple[str, int]]) -> HeadedTable:
    """The table of a sheet; its row of headings is the one of the first rows that has the most of them."""
    columns: dict[int, list[int]] = defaultdict(list)
    for position in sorted(sheet.cells):
        columns[position.row].append(position.column)
    found = {row: _columns(sheet, row, columns[row], meanings) for row in columns if row <= HEADING_ROWS}
    header = max(found, key=lambda row: len(found[row]), default=0)
    return HeadedTable(file, sheet, header, found.get(header, {}), tuple(row for row in columns if row > header))


def _columns(
    sheet: SheetContent, row: int, columns: Iterable[int], meanings: Mapping[str, tuple[str, int]]
) -> dict[str, int]:
    """Which column of a row of headings holds what; the best heading wins, then the first."""
    found: dict[str, tuple[int, int]] = {}
    for number in columns:
        column, rank = meanings.get(matching_key(_REMARK.sub("", sheet.text(row, number))), ("", 0))
        if column and (rank, number) < found.get(column, (len(meanings), 0)):
            found[column] = (rank, number)
    return {column: number for column, (_, number) in found.items()}
