"""Writes the index of a folder of forms: which unit fills which file, and which template it was made from."""

from collections.abc import Sequence
from pathlib import Path

from workbook_tools.catalogue import Catalogue
from workbook_tools.excel_writing import writing
from workbook_tools.form_writing import Identity
from workbook_tools.list_sheets import INDEX_TITLE, write_list

COLUMNS = (("STT", 6), ("Mã đơn vị", 12), ("Đơn vị", 44), ("Kỳ báo cáo", 20), ("Tệp", 52), ("Mã phiên bản mẫu", 20))


def write_index(path: Path, catalogue: Catalogue, forms: Sequence[tuple[Identity, Path]]) -> None:
    """Write the list of forms, in the order of the units. Raises WorkbookWriteError."""
    rows = [
        (number, one.unit, one.unit_name, one.period_label, form.name, catalogue.fingerprint)
        for number, (one, form) in enumerate(forms, start=1)
    ]
    note = f"{len(forms)} tệp; mỗi đơn vị nhận đúng tệp của mình."
    with writing(path) as book:
        write_list(book.add_sheet("Danh sách biểu"), INDEX_TITLE, note, COLUMNS, rows)
