"""Writes a plain list as a sheet: a title, a note, one line of headings, one row for each thing listed."""

import datetime as dt
from collections.abc import Sequence

from workbook_tools.excel_writing import CellValue, Sheet, Style
from workbook_tools.styles import BORDER, CENTRED, HEADING, SUBTITLE, TEXT, TITLE

HEAD_ROW = 4
INDEX_TITLE = "DANH SÁCH BIỂU ĐÃ TẠO"
"""The title of the index of a folder of forms, by which it is known again."""

NOTE_HEIGHT = 32
AS_TEXT: Style = {**TEXT, "num_format": "@"}
AS_DATE: Style = {**TEXT, **BORDER, "num_format": "dd/mm/yyyy", "align": "center"}
AS_NUMBER: Style = {**TEXT, "num_format": "0.0##", "align": "center"}


def write_list(
    sheet: Sheet, title: str, note: str, columns: Sequence[tuple[str, float]], rows: Sequence[Sequence[CellValue]]
) -> None:
    """Write rows under headings with their widths. Texts stay text, whatever digits they have."""
    last = len(columns)
    sheet.merge(1, 1, last, title, TITLE)
    sheet.merge(2, 1, last, note, {**SUBTITLE, "text_wrap": True})
    sheet.set_row(2, NOTE_HEIGHT)
    for column, (heading, _) in enumerate(columns, start=1):
        sheet.write(HEAD_ROW, column, heading, HEADING)
    for row, values in enumerate(rows, start=HEAD_ROW + 1):
        for column, value in enumerate(values, start=1):
            sheet.write(row, column, None if value == "" else value, _style(value))
    sheet.set_columns({column: width for column, (_, width) in enumerate(columns, start=1)})
    sheet.worksheet.freeze_panes(HEAD_ROW, 0)
    sheet.worksheet.autofilter(HEAD_ROW - 1, 0, HEAD_ROW - 1 + len(rows), last - 1)
    sheet.set_print(HEAD_ROW + len(rows), last, landscape=True, repeat_rows=(HEAD_ROW, HEAD_ROW))


def _style(value: CellValue) -> Style:
    if isinstance(value, dt.date):
        return AS_DATE
    if isinstance(value, float):
        return AS_NUMBER
    return CENTRED if isinstance(value, int) else AS_TEXT
