"""Writes ``DonVi.xlsx``: the units that report, and on a second sheet which of them took the place of which."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from workbook_tools.excel_writing import writing
from workbook_tools.list_sheets import write_list
from workbook_tools.successions import HEADINGS as SUCCESSION_HEADINGS
from workbook_tools.successions import SHEET as SUCCESSIONS_SHEET
from workbook_tools.successions import Succession
from workbook_tools.unit_tree import Unit
from workbook_tools.units import HEADINGS as UNIT_HEADINGS

UNITS_SHEET = "Đơn vị"
NOTE = (
    "Mỗi đơn vị một dòng; mã ghi dạng văn bản, giữ số 0 đầu. Thêm thôn, tổ dân phố bên dưới, mã đơn vị cha là mã xã. "
    "Đơn vị thôi hoạt động thì ghi ngày “Hiệu lực đến”, không xóa dòng."
)
SUCCESSIONS_NOTE = (
    "Đơn vị cũ nhập vào, chia ra hoặc đổi thành đơn vị mới. Nếu đơn vị cũ bị chia, ghi tỷ trọng (%) chuyển về từng "
    "đơn vị mới, ví dụ theo dân số; để trống là chưa biết."
)
UNIT_WIDTHS = (13, 44, 16, 16, 14, 14)
SUCCESSION_WIDTHS = (14, 34, 14, 34, 14, 12, 40)


def write_unit_list(path: Path, title: str, units: Iterable[Unit], successions: Sequence[Succession]) -> None:
    """Write a list of units that :func:`workbook_tools.units.read_units` reads back. Raises WorkbookWriteError."""
    with writing(path) as book:
        rows = [(one.code, one.name, one.kind, one.parent, one.valid_from, one.valid_to) for one in units]
        columns = _columns(UNIT_HEADINGS, UNIT_WIDTHS)
        write_list(book.add_sheet(UNITS_SHEET), title, NOTE, columns, rows)
        if successions:
            changes = [
                (one.old, one.old_name, one.new, one.new_name, one.date, _percent(one.share), one.basis)
                for one in successions
            ]
            columns = _columns(SUCCESSION_HEADINGS, SUCCESSION_WIDTHS)
            sheet = book.add_sheet(SUCCESSIONS_SHEET)
            write_list(sheet, "ĐƠN VỊ CŨ VÀ ĐƠN VỊ MỚI", SUCCESSIONS_NOTE, columns, changes)


def _columns(headings: Mapping[str, Sequence[str]], widths: Sequence[float]) -> list[tuple[str, float]]:
    """The best heading of each column, with its width."""
    return [(names[0], width) for names, width in zip(headings.values(), widths, strict=True)]


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100
