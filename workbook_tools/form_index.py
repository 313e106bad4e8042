"""Writes the index of a folder of forms: which unit fills which file, and which template it was made from."""

from collections.abc import Sequence
from pathlib import Path

from workbook_tools.catalogue import Catalogue
from workbook_tools.excel_writing import writing
from workbook_tools.form_writing import Identity
from workbook_tools.styles import CENTRED, HEADING, SUBTITLE, TEXT, TITLE

HEAD_ROW = 4
COLUMNS = (("STT", 6), ("Mã đơn vị", 12), ("Đơn vị", 44), ("Kỳ báo cáo", 20), ("Tệp", 52), ("Mẫu", 20))


def write_index(path: Path, catalogue: Catalogue, forms: Sequence[tuple[Identity, Path]]) -> None:
    """Write the list of forms, in the order of the units. Raises WorkbookWriteError."""
    with writing(path) as book:
        sheet = book.add_sheet("Danh sách biểu")
        sheet.merge(1, 1, len(COLUMNS), "DANH SÁCH BIỂU ĐÃ TẠO", TITLE)
        sheet.merge(2, 1, len(COLUMNS), f"{len(forms)} tệp; mỗi đơn vị nhận đúng tệp của mình.", SUBTITLE)
        for column, (heading, _) in enumerate(COLUMNS, start=1):
            sheet.write(HEAD_ROW, column, heading, HEADING)
        for number, (identity, form) in enumerate(forms, start=1):
            row = HEAD_ROW + number
            sheet.write(row, 1, number, CENTRED)
            texts = (identity.unit, identity.unit_name, identity.period_label, form.name, catalogue.fingerprint)
            for column, text in enumerate(texts, start=2):
                sheet.write(row, column, text, {**TEXT, "num_format": "@"})
        sheet.set_columns({column: width for column, (_, width) in enumerate(COLUMNS, start=1)})
        sheet.worksheet.freeze_panes(HEAD_ROW, 0)
        sheet.worksheet.autofilter(HEAD_ROW - 1, 0, HEAD_ROW - 1 + len(forms), len(COLUMNS) - 1)
        sheet.set_print(HEAD_ROW + len(forms), len(COLUMNS), landscape=True, repeat_rows=(HEAD_ROW, HEAD_ROW))
