"""The sheet "Cần sửa": what a sender has to correct, worst first, each line with a link to its cell."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.annotation import ANNOTATION_MARK, Line
from workbook_tools.cells import full_address
from workbook_tools.excel_writing import Book, Sheet, writing
from workbook_tools.findings import SEVERITY_WORDS, Severity
from workbook_tools.observations import REFUSED, Return
from workbook_tools.periods import parse_period
from workbook_tools.styles import BORDER, HEADING, Look
from workbook_tools.text_widths import lines_in

SHEET_NAME = "Cần sửa"

MARK_FILLS: Mapping[Severity, str] = {Severity.ERROR: "#FFB3AD", Severity.WARNING: "#FFDB85"}
"""Colours of marked cells. They are nobody else's, so that they are known again when the file comes back."""

_LISTED_FILLS = {**MARK_FILLS, Severity.INFO: "#DDEBF7"}
_HEADINGS = {"STT": 6, "Mức độ": 12, "Trang": 25, "Ô": 9, "Nội dung": 66, "Cách sửa": 50}
_FIRST_COLUMN = 2
_LAST_COLUMN = _FIRST_COLUMN + len(_HEADINGS) - 1
MEMORY_COLUMN = _LAST_COLUMN + 2
"""Sheet, cell and former fill of each marked cell stand hidden from here on."""

_HEADING_ROW = 6
FIRST_ROW = _HEADING_ROW + 1
_LINE_HEIGHT = 16.5
_SIZE: Look = {"font_size": 12}
_TOP: Look = {**_SIZE, **BORDER, "text_wrap": True, "valign": "top"}


@dataclass(frozen=True, slots=True)
class FormerFill:
    """The fill a cell had before it was marked, as text."""

    sheet: str
    cell: str
    fill: str


def write_findings_workbook(
    path: Path,
    returned: Return,
    lines: Sequence[Line],
    *,
    linked: Sequence[str] = (),
    former: Sequence[FormerFill] = (),
) -> None:
    """A workbook that is the sheet alone.

    Args:
        linked: the sheets that stand beside it in the end; their cells are linked.
        former: what to remember of marked cells.
    """
    with writing(path) as book:
        _write(book, returned, lines, frozenset(linked), former)


def _write(
    book: Book, returned: Return, lines: Sequence[Line], linked: frozenset[str], former: Sequence[FormerFill]
) -> None:
    sheet = book.add_sheet(SHEET_NAME)
    sheet.write(1, 1, ANNOTATION_MARK)
    memory = range(MEMORY_COLUMN, MEMORY_COLUMN + 3)
    widths = {1: 8.0, **dict(enumerate(_HEADINGS.values(), _FIRST_COLUMN)), **dict.fromkeys(memory, 8.0)}
    sheet.set_columns(widths, hidden=[1, *memory])
    _write_head(sheet, returned, lines, marked=bool(linked))
    for column, heading in enumerate(_HEADINGS, _FIRST_COLUMN):
        sheet.write(_HEADING_ROW, column, heading, {**HEADING, **_SIZE})
    sheet.set_row(_HEADING_ROW, 22)
    for number, line in enumerate(lines, 1):
        _write_line(sheet, FIRST_ROW + number - 1, number, line, linked)
    for row, one in enumerate(former, FIRST_ROW):
        for column, text in zip(memory, (one.sheet, one.cell, one.fill), strict=True):
            sheet.write(row, column, text)
    last = FIRST_ROW + max(1, len(lines)) - 1
    sheet.set_print(last, _LAST_COLUMN, landscape=True, repeat_rows=(_HEADING_ROW, _HEADING_ROW))
    sheet.worksheet.freeze_panes(_HEADING_ROW, 0)


def _write_head(sheet: Sheet, returned: Return, lines: Sequence[Line], *, marked: bool) -> None:
    period = parse_period(returned.period)
    unit = " ".join(filter(None, (returned.unit_name, f"({returned.unit})" if returned.unit else "")))
    facts = {"Đơn vị": unit, "Kỳ báo cáo": period.label if period else returned.period, "Tệp": returned.file}
    sheet.merge(1, _FIRST_COLUMN, _LAST_COLUMN, "KẾT QUẢ KIỂM TRA BÁO CÁO", {"bold": True, "font_size": 14})
    sheet.merge(
        2, _FIRST_COLUMN, _LAST_COLUMN, "    ".join(f"{name}: {fact}" for name, fact in facts.items() if fact), _SIZE
    )
    sheet.merge(3, _FIRST_COLUMN, _LAST_COLUMN, _counted(lines), {**_SIZE, "bold": True})
    wrapped: Look = {**_SIZE, "text_wrap": True, "valign": "top"}
    todo = _to_do(returned, lines, marked=marked)
    sheet.merge(4, _FIRST_COLUMN, _LAST_COLUMN, todo, wrapped)
    sheet.set_row(1, 24)
    for row in (2, 3):
        sheet.set_row(row, 19)
    sheet.set_row(4, _LINE_HEIGHT * lines_in(todo, sum(_HEADINGS.values())) + 3)


def _counted(lines: Sequence[Line]) -> str:
    counts = Counter(line.severity for line in lines)
    told = [f"{counts[severity]} {SEVERITY_WORDS[severity].lower()}" for severity in Severity if counts[severity]]
    return ", ".join(told).capitalize() + "." if told else "Không có lỗi, không có cảnh báo."


def _to_do(returned: Return, lines: Sequence[Line], *, marked: bool) -> str:
    """What the sender is asked to do, in one paragraph; ``marked`` if the cells of their own file bear the marks."""
    severities = {line.severity for line in lines}
    if returned.status == REFUSED:
        return "Chưa lấy được số liệu nào của tệp này. Làm theo cột Cách sửa rồi gửi lại tệp."
    if not severities & {Severity.ERROR, Severity.WARNING}:
        return "Không phải sửa gì."
    bearer, steps = "Ô", []
    if not marked:
        bearer = "Dòng"
        steps.append(f"Trang này chỉ liệt kê, vì không đánh dấu được vào chính tệp “{returned.file}”.")
    if Severity.ERROR in severities:
        steps.append(f"{bearer} màu đỏ là lỗi: phải sửa.")
    if Severity.WARNING in severities:
        steps.append(
            f"{bearer} màu cam là cảnh báo: xem lại, sai thì sửa; đúng thì giữ nguyên và nêu lý do ở cột Ghi chú của "
            "dòng đó hoặc cột Giải trình của trang Kiểm tra."
        )
    if not marked:
        steps.append("Mở tệp đã gửi, sửa các ô ghi ở cột Trang và cột Ô, lưu dạng .xlsx rồi gửi lại tệp đó.")
        return " ".join(steps)
    steps.append("Bấm vào cột Ô để đến ô cần xem; trỏ chuột vào ô để đọc ghi chú.")
    steps.append("Sửa xong, lưu lại và gửi chính tệp này. Không phải xóa trang này, màu hay ghi chú.")
    return " ".join(steps)


def _write_line(sheet: Sheet, row: int, number: int, line: Line, linked: frozenset[str]) -> None:
    centred: Look = {**_TOP, "align": "center"}
    place = [line.sheet or "Cả tệp", line.cell]
    texts: list[str | int] = [number, SEVERITY_WORDS[line.severity], *place, line.message, line.advice]
    for column, text in enumerate(texts, _FIRST_COLUMN):
        look = centred if column < _FIRST_COLUMN + 2 else _TOP
        if column == _FIRST_COLUMN + 1:
            look = {**look, "bg_color": _LISTED_FILLS[line.severity]}
        sheet.write(row, column, text, look)
    if line.sheet in linked:
        target = full_address(line.sheet, line.cell or "A1")
        look = {**centred, "font_color": "#0563C1", "underline": 1}
        sheet.write_link(row, _FIRST_COLUMN + 3, target, line.cell or "mở trang", look)
    widths = list(_HEADINGS.values())
    cells = zip((line.sheet, line.message, line.advice), (widths[2], widths[4], widths[5]), strict=True)
    # Letters are larger here than where the width of a column is counted.
    sheet.set_row(row, min(400.0, _LINE_HEIGHT * max(lines_in(text, 0.92 * width) for text, width in cells) + 3))
