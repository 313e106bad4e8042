"""Reads the workbook that lists the units, ``DonVi.xlsx``: one row a unit, wherever its table stands."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from workbook_tools.cell_display import shown_date
from workbook_tools.errors import UnitsError
from workbook_tools.excel_reading import read_workbook
from workbook_tools.headed_tables import HEADING_ROWS, CellError, HeadedTable, best_table, refuse, refuse_missing
from workbook_tools.text import matching_key
from workbook_tools.unit_names import CODE_DIGITS, LEVELS, NATION, PROVINCE, kind_in, level_of, name_key
from workbook_tools.unit_tree import Unit, UnitTree, bare_code, problems_of
from workbook_tools.values import Status, read_value
from workbook_tools.workbook_contents import WorkbookContent

__all__ = ["Unit", "UnitTree", "read_units"]

HEADINGS = {
    "code": ("Mã đơn vị", "Mã ĐV", "Mã ĐVHC", "Mã đơn vị hành chính", "Mã số", "Mã", "Unit code", "Code"),
    "name": ("Tên đơn vị", "Tên ĐV", "Tên ĐVHC", "Tên đơn vị hành chính", "Đơn vị", "Tên", "Unit name", "Name", "Unit"),
    "kind": ("Loại", "Loại đơn vị", "Kind", "Type", "Cấp"),
    "parent": ("Mã đơn vị cha", "Mã cha", "Mã đơn vị cấp trên", "Mã cấp trên", "Parent code", "Parent", "Trực thuộc",
               "Đơn vị cha", "Đơn vị cấp trên"),
    "valid_from": ("Hiệu lực từ", "Có hiệu lực từ", "Từ ngày", "Valid from"),
    "valid_to": ("Hiệu lực đến", "Có hiệu lực đến", "Đến ngày", "Valid to"),
}  # fmt: skip
"""How the columns may be headed, the best heading first; case and remarks in brackets do not count."""

REQUIRED = ("code", "name", "kind", "parent")

_Read = TypeVar("_Read")


@dataclass(frozen=True)
class _Table(HeadedTable):
    """The table of units."""

    @cached_property
    def rows(self) -> tuple[int, ...]:
        """The rows of units: not those without content in known columns, nor those with one text alone (notes)."""
        return tuple(row for row in self.filled if not self._is_note(row))

    def _is_note(self, row: int) -> bool:
        texts = {column: text for column in self.columns if (text := self.text(row, column))}
        return not texts or (len(texts) == 1 and "name" not in texts and " " in next(iter(texts.values())))


def read_units(path: Path, on: dt.date | None = None) -> UnitTree:
    """The units listed in a workbook, in its order; with ``on`` only those that exist on that day.

    The list is the first visible sheet with a row of known headings among its first ten. Blank rows, and rows with
    one text alone (notes), are skipped. Codes are text: a code that Excel has made a number gets its leading zeros
    back by its kind, 5 digits for communes, 3 for districts, 2 for provinces; hamlets' codes stay as they are. A
    parent may be a code, with or without leading zeros, or a full name. A blank parent makes a root, a blank kind
    is taken from the name.

    Raises UnitsError, naming the cells, for missing columns, codes or names, unreadable codes and dates, a code twice
    at the same time, an unknown parent, circles, and no unit at all; WorkbookReadError for a file that is no workbook.
    """
    table = _find_table(read_workbook(path))
    units = _RowReader(table).units()
    _refuse_problems(table, units, "")
    if on is not None:
        units = {row: unit for row, unit in units.items() if unit.is_valid(on)}
        _refuse_problems(table, units, f" (xét ngày {shown_date(on)})")
    if not units:
        day = f" hiệu lực ngày {shown_date(on)}" if on else ""
        raise UnitsError(f"[{path.name}]{table.sheet.name}: không có đơn vị nào{day}.")
    return UnitTree(tuple(units.values()))


def is_unit_list(workbook: WorkbookContent) -> bool:
    """Whether a workbook is a list of units and nothing else: all its columns are there, no figures beside them."""
    table = best_table(workbook, HEADINGS, REQUIRED)
    if table is None or not table.columns.keys() >= set(REQUIRED):
        return False
    known = set(table.columns.values())
    numbers: dict[int, list[float]] = defaultdict(list)
    for place, cell in sorted(table.sheet.cells.items()):
        if place.column not in known and isinstance(cell.value, int | float):
            numbers[place.column].append(cell.value)
    return all(column == [*range(1, len(column) + 1)] for column in numbers.values())  # The number of each row at most.


def _refuse_problems(table: _Table, units: Mapping[int, Unit], remark: str) -> None:
    rows = {id(unit): row for row, unit in units.items()}
    refuse(f"{table.place(rows[id(p.unit)], p.column)}: {p.message}{remark}." for p in problems_of(units.values()))


def _find_table(workbook: WorkbookContent) -> _Table:
    """The table that has all columns; else what the best one lacks is told."""
    table = best_table(workbook, HEADINGS, REQUIRED)
    if table is None:
        names = ", ".join(f"“{HEADINGS[column][0]}”" for column in REQUIRED)
        raise UnitsError(
            f"[{workbook.name}]: không sheet nào có dòng tiêu đề danh sách đơn vị trong {HEADING_ROWS} dòng đầu; "
            f"cần các cột {names}."
        )
    refuse_missing(table, HEADINGS, REQUIRED)
    return _Table(table.file, table.sheet, table.header, table.columns, table.filled)


class _RowReader:
    """Reads rows into units. Codes come first: what a parent's number means depends on all of them."""

    def __init__(self, table: _Table) -> None:
        self.table = table
        self.mistakes: list[str] = []
        self.text = table.text
        self.names = {row: self.text(row, "name") for row in table.rows}
        self.kinds = {row: kind_in(self.text(row, "kind") or self.names[row]) for row in table.rows}
        self.nations = {
            name
            for row, kind in self.kinds.items()
            if level_of(kind) == NATION
            for name in (self.text(row, "code"), name_key(self.names[row]))
        }
        self.codes = {row: self.tried(self.code, row, "code") or "" for row in table.rows}
        self.known = frozenset(self.codes.values())
        self.meant: dict[str, set[int]] = defaultdict(set)
        for row, code in self.codes.items():
            self.meant[bare_code(code)].add(row)
            self.meant[name_key(self.names[row])].add(row)

    def units(self) -> dict[int, Unit]:
        """The unit of each row; UnitsError tells all cells that cannot be read."""
        units = {
            row: Unit(
                code=self.codes[row],
                name=self.tried(self.name, row, "name") or "",
                kind=self.text(row, "kind") or self.kinds[row],
                parent=self.tried(self.parent, row, "parent") or "",
                valid_from=self.tried(self.date, row, "valid_from"),
                valid_to=self.tried(self.date, row, "valid_to"),
            )
            for row in self.table.rows
        }
        refuse(self.mistakes)
        return units

    def tried(self, read: Callable[[int, str], _Read], row: int, column: str) -> _Read | None:
        try:
            return read(row, column)
        except CellError as error:
            self.mistakes.append(f"{self.table.place(row, column)}: {error}.")
            return None

    def name(self, row: int, column: str) -> str:
        if not self.names[row] or self.table.cell(row, column).is_error:
            raise CellError("thiếu tên đơn vị")
        return self.names[row]

    def code(self, row: int, column: str) -> str:
        """The code as text, leading zeros restored where Excel has made it a number."""
        code = self.typed_code(row, column)
        if not code:
            raise CellError("thiếu mã đơn vị; đơn vị chưa có mã chính thức thì tự đặt một mã không trùng")
        content = self.table.cell(row, column)
        if isinstance(content.value, str):
            return code
        zeros = content.number_format if set(content.number_format) == {"0"} else ""
        return code.zfill(max(CODE_DIGITS.get(self.level(row), 0), len(zeros)))

    def typed_code(self, row: int, column: str) -> str:
        content = self.table.cell(row, column)
        value = content.value
        text = self.text(row, column)
        if content.is_error or not (value is None or isinstance(value, str) or (type(value) is int and value >= 0)):
            raise CellError(f"“{text}” không phải là mã đơn vị; ghi mã dạng văn bản, giữ số 0 đầu")
        return text if any(map(str.isalnum, text)) else ""

    def level(self, row: int) -> str:
        """The level by the kind; a city with a parent other than the nation lies in a province."""
        parent = self.text(row, "parent")
        in_province = matching_key(parent) and not {parent, name_key(parent)} & self.nations
        return level_of(self.kinds[row], PROVINCE if in_province else "")

    def parent(self, row: int, column: str) -> str:
        """The parent's code: as typed, or the one unit of a higher level with these digits or this name."""
        typed = self.typed_code(row, column)
        is_text = isinstance(self.table.cell(row, column).value, str)
        if not typed or (is_text and typed in self.known):
            return typed
        rows = self.meant[bare_code(typed)] | self.meant[name_key(typed)]
        codes = sorted({self.codes[other] for other in rows if self.is_above(other, row)})
        if len(codes) > 1:
            raise CellError(f"đơn vị cha “{typed}” có thể là {' hoặc '.join(codes)}; ghi đủ mã, dạng văn bản")
        return codes[0] if codes else typed

    def is_above(self, row: int, other: int) -> bool:
        upper, lower = self.level(row), self.level(other)
        return not upper or not lower or LEVELS.index(upper) > LEVELS.index(lower)

    def date(self, row: int, column: str) -> dt.date | None:
        """A day; whatever says that there is none leaves that end open."""
        content = self.table.cell(row, column)
        reading = read_value(content.value, kind="date", number_format=content.number_format)
        if reading.status is Status.UNREADABLE:
            raise CellError(f"“{reading.raw}” không phải là ngày; ghi ngày/tháng/năm, ví dụ 30/06/2025")
        return dt.date.fromisoformat(reading.text) if reading.text else None
