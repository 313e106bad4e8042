"""Which unit took the place of which: mergers, splits, new names and codes, levels that were abolished.

They stand on a second sheet of the workbook that lists the units, one row for each pair of an old and a new unit.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from workbook_tools.errors import UnitsError
from workbook_tools.excel_reading import read_workbook
from workbook_tools.headed_tables import CellError, HeadedTable, best_table, refuse, refuse_missing
from workbook_tools.readings import Status
from workbook_tools.values import format_number, read_value

SHEET = "Chuyển đổi"
HEADINGS = {
    "old": ("Mã đơn vị cũ", "Mã cũ", "Old code"),
    "old_name": ("Tên đơn vị cũ", "Tên cũ", "Old name"),
    "new": ("Mã đơn vị mới", "Mã mới", "New code"),
    "new_name": ("Tên đơn vị mới", "Tên mới", "New name"),
    "date": ("Ngày hiệu lực", "Hiệu lực từ", "Date"),
    "share": ("Tỷ trọng", "Tỷ lệ", "Share"),
    "basis": ("Căn cứ", "Căn cứ pháp lý", "Legal basis"),
}
"""How the columns may be headed, the best heading first."""

REQUIRED = ("old", "new", "date")
WHOLE = 1.0


@dataclass(frozen=True, slots=True)
class Succession:
    """An old unit whose place a new one took on a day, wholly or in part.

    ``share`` is the part of the old unit, 0 to 1, that went to the new one; None where it is not known.
    """

    old: str
    new: str
    date: dt.date
    share: float | None = WHOLE
    basis: str = ""
    old_name: str = ""
    new_name: str = ""


def read_successions(path: Path) -> tuple[Succession, ...]:
    """The successions listed in a workbook; none if it has no such sheet.

    A blank share means the whole where an old unit has one successor, and is unknown where it has several. Raises
    UnitsError, naming the cells, for missing codes, unreadable dates and shares, and shares that exceed the whole.
    """
    table = best_table(read_workbook(path), HEADINGS, REQUIRED)
    if table is None or "old" not in table.columns or "new" not in table.columns:
        return ()
    refuse_missing(table, HEADINGS, REQUIRED)
    mistakes: list[str] = []
    rows = [row for row in table.filled if table.text(row, "old") or table.text(row, "new")]
    found = [one for row in rows if (one := _succession(table, row, mistakes)) is not None]
    refuse([*mistakes, *_excesses(table, found)])
    return tuple(_with_known_shares(found))


def _succession(table: HeadedTable, row: int, mistakes: list[str]) -> Succession | None:
    try:
        old, new = (_code(table, row, column) for column in ("old", "new"))
        day, share = _day(table, row), _share(table, row)
    except CellError as error:
        mistakes.append(str(error))
        return None
    texts = (table.text(row, column) for column in ("basis", "old_name", "new_name"))
    return Succession(old, new, day, share, *texts)


def _code(table: HeadedTable, row: int, column: str) -> str:
    content = table.cell(row, column)
    if isinstance(content.value, str) and table.text(row, column):
        return table.text(row, column)
    raise CellError(f"{table.place(row, column)}: thiếu mã đơn vị, hoặc mã không ghi dạng văn bản (giữ số 0 đầu).")


def _day(table: HeadedTable, row: int) -> dt.date:
    content = table.cell(row, "date")
    reading = read_value(content.value, kind="date", number_format=content.number_format)
    if not reading.text:
        raise CellError(f"{table.place(row, 'date')}: “{reading.raw}” không phải là ngày; ví dụ 01/07/2025.")
    return dt.date.fromisoformat(reading.text)


def _share(table: HeadedTable, row: int) -> float | None:
    content = table.cell(row, "share")
    reading = read_value(content.value, kind="percent", unit="%", number_format=content.number_format)
    if reading.status is Status.MISSING:
        return None
    if reading.value is None or reading.qualifier or not 0 < reading.value <= 100:
        raise CellError(f"{table.place(row, 'share')}: “{reading.raw}” không phải tỷ trọng từ 0 đến 100 %.")
    return reading.value / 100


def _excesses(table: HeadedTable, found: Iterable[Succession]) -> Iterator[str]:
    """Old units of which more than the whole is given away on one day."""
    shares: dict[tuple[str, dt.date], float] = {}
    for one in found:
        shares[one.old, one.date] = shares.get((one.old, one.date), 0.0) + (one.share or 0.0)
    for (old, _), share in shares.items():
        if share > WHOLE + 1e-9:
            percent = format_number(round(share * 100, 6))
            yield f"{table.head_place}: các tỷ trọng của đơn vị cũ “{old}” cộng lại {percent} %."


def _with_known_shares(found: Iterable[Succession]) -> Iterator[Succession]:
    """The only successor of a unit has all of it."""
    listed = list(found)
    successors: dict[tuple[str, dt.date], int] = {}
    for one in listed:
        successors[one.old, one.date] = successors.get((one.old, one.date), 0) + 1
    for one in listed:
        alone = one.share is None and successors[one.old, one.date] == 1
        yield replace(one, share=WHOLE) if alone else one


def between(successions: Iterable[Succession], earlier: dt.date, later: dt.date) -> list[Succession]:
    """The successions after one day, up to another; raises UnitsError if the days are the wrong way round."""
    if earlier > later:
        raise UnitsError(f"Ngày {earlier:%d/%m/%Y} sau ngày {later:%d/%m/%Y}.")
    return [one for one in successions if earlier < one.date <= later]
