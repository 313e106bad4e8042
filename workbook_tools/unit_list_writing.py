"""Writes ``DonVi.xlsx``: the units that report, and on a second sheet which of them took the place of which."""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from workbook_tools.excel_writing import CellValue, Sheet, Style, writing
from workbook_tools.styles import BORDER, HEADING, SUBTITLE, TEXT, TITLE
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
HEAD_ROW = 4
AS_TEXT: Style = {**TEXT, "num_format": "@"}
AS_DATE: Style = {**TEXT, **BORDER, "num_format": "dd/mm/yyyy", "align": "center"}
AS_SHARE: Style = {**TEXT, "num_format": "0.0##", "align": "center"}


def write_unit_list(path: Path, title: str, units: Iterable[Unit], successions: Sequence[Succession]) -> None:
    """Write a list of units that :func:`workbook_tools.units.read_units` reads back. Raises WorkbookWriteError."""
    with writing(path) as book:
        rows = [(one.code, one.name, one.kind, one.parent, one.valid_from, one.valid_to) for one in units]
        columns = [headings[0] for headings in UNIT_HEADINGS.values()]
        _table(book.add_sheet(UNITS_SHEET), title, NOTE, columns, (13, 44, 16, 16, 14, 14), rows)
        if successions:
            changes = [
                (one.old, one.old_name, one.new, one.new_name, one.date, _percent(one.share), one.basis)
                for one in successions
            ]
            columns = [headings[0] for headings in SUCCESSION_HEADINGS.values()]
            sheet, widths = book.add_sheet(SUCCESSIONS_SHEET), (14, 34, 14, 34, 14, 12, 40)
            _table(sheet, "ĐƠN VỊ CŨ VÀ ĐƠN VỊ MỚI", SUCCESSIONS_NOTE, columns, widths, changes)


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100


def _table(
    sheet: Sheet,
    title: str,
    note: str,
    columns: Sequence[str],
    widths: Sequence[float],
    rows: Sequence[Sequence[CellValue]],
) -> None:
    last = len(columns)
    sheet.merge(1, 1, last, title, TITLE)
    sheet.merge(2, 1, last, note, {**SUBTITLE, "text_wrap": True})
    sheet.set_row(2, 32)
    for column, heading in enumerate(columns, start=1):
        sheet.write(HEAD_ROW, column, heading, HEADING)
    for row, values in enumerate(rows, start=HEAD_ROW + 1):
        for column, value in enumerate(values, start=1):
            sheet.write(row, column, value or None, _style(value))
    sheet.set_columns(dict(enumerate(widths, start=1)))
    sheet.worksheet.freeze_panes(HEAD_ROW, 0)
    sheet.worksheet.autofilter(HEAD_ROW - 1, 0, HEAD_ROW - 1 + len(rows), last - 1)
    sheet.set_print(HEAD_ROW + len(rows), last, landscape=True, repeat_rows=(HEAD_ROW, HEAD_ROW))


def _style(value: CellValue) -> Style:
    if isinstance(value, dt.date):
        return AS_DATE
    return AS_SHARE if isinstance(value, float) else AS_TEXT
