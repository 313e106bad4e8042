"""Writes the sheet of who has sent what: units and their fields, how late, and the lines that remind."""

from collections import Counter
from collections.abc import Sequence

from workbook_tools.consolidated import Consolidation
from workbook_tools.excel_writing import Book
from workbook_tools.form_layout import CODE_COLUMN, FIRST_COLUMN
from workbook_tools.styles import BAD_FILL, BAR_FILL, CENTRED, DOUBT_FILL, GOOD_FILL, TEXT
from workbook_tools.submission_status import FieldStatus, State, SubmissionStatus
from workbook_tools.summary_sheets import (
    FIRST_ROW,
    STATUS_SHEET,
    Column,
    Table,
    add_table,
    finish_table,
    height_of,
    period_label,
)
from workbook_tools.text_widths import lines_in

COMPLETE, INCOMPLETE = "Đã nhận đủ", "Thiếu biểu"
OVERALL = {
    State.MISSING: "Chưa gửi",
    State.NOT_ADDED: "Không cộng được",
    State.ASKED: "Nhiều bản, chờ chọn",
    State.WITH_ERRORS: "Đã nhận, có lỗi",
}
"""What is said of a unit by the worst that befell one of its fields, worst first."""

MARKS = {State.SENT: "✔", State.WITH_ERRORS: "!", State.ASKED: "?", State.NOT_ADDED: "✘", State.MISSING: "–"}
FILLS = {
    State.SENT: GOOD_FILL,
    State.WITH_ERRORS: DOUBT_FILL,
    State.ASKED: DOUBT_FILL,
    State.NOT_ADDED: BAD_FILL,
    State.MISSING: BAD_FILL,
}
FIELD_WIDTH = 6.5


def write_status(book: Book, result: Consolidation, status: SubmissionStatus) -> None:
    """A row for each unit, a column for each field, then the lines that remind those who still owe something."""
    table = _add_table(book, result, status)
    units = list(status.by_unit.values())
    for number, fields in enumerate(units, start=1):
        _write_unit(table, FIRST_ROW + number - 1, number, fields)
    last = FIRST_ROW + max(len(units), 1) - 1
    _write_counts(table, status, [overall(fields) for fields in units], last)
    _colour(table, last)
    printed_to = _write_reminders(table, last + 2, list(status.reminders(result.catalogue, period_label(result))))
    finish_table(table, last, frozen="overall", printed_to=printed_to)


def overall(fields: Sequence[FieldStatus]) -> str:
    """What is said of a unit: complete, sent in part, or the worst that befell one of its fields."""
    states = {one.state for one in fields}
    if State.MISSING in states and len(states) > 1:
        return INCOMPLETE
    return next((words for state, words in OVERALL.items() if state in states), COMPLETE)


def _add_table(book: Book, result: Consolidation, status: SubmissionStatus) -> Table:
    present = {one.field for one in status.fields}
    fields = [field for field in result.catalogue.fields if field.code in present]
    columns = [
        Column("number", "STT", 6),
        Column("unit_name", "Đơn vị", 26),
        Column("overall", "Tình trạng", 17),
        Column("sent", "Số biểu đã nhận", 9),
        Column("due", "Số biểu phải gửi", 9),
        Column("saved", "Ngày lưu tệp", 12),
        Column("late", "Chậm (ngày)", 8),
        Column("errors", "Số lỗi", 7),
        *(Column(f"field.{field.code}", field.sheet[:2], FIELD_WIDTH) for field in fields),
    ]
    return add_table(book, STATUS_SHEET, "#status", result, "TÌNH HÌNH NỘP BÁO CÁO", columns)


def _write_unit(table: Table, row: int, number: int, fields: Sequence[FieldStatus]) -> None:
    unit, places = fields[0].unit, table.places
    saved = max((one.saved for one in fields if one.saved), default=None)
    received = sum(one.state in (State.SENT, State.WITH_ERRORS) for one in fields)
    values = {
        "number": number,
        "sent": received,
        "due": len(fields),
        "saved": saved,
        "late": max(one.days_late for one in fields) or None,
        "errors": sum(one.errors for one in {one.field: one for one in fields}.values()) or None,
    }
    for code, value in values.items():
        look = {**CENTRED, "num_format": "dd/mm/yyyy" if code == "saved" else "0"}
        table.sheet.write(row, places[code], value, look)
    table.sheet.write(row, CODE_COLUMN, unit.code)
    table.sheet.write(row, places["unit_name"], unit.name, TEXT)
    table.sheet.write(row, places["overall"], overall(fields), TEXT)
    marks = {f"field.{one.field}": one.state for one in fields}
    for column in table.columns:
        if column.code.startswith("field."):
            state = marks.get(column.code)
            table.sheet.write(row, places[column.code], MARKS[state] if state else None, CENTRED)
    table.sheet.set_row(row, height_of(lines_in(unit.name, table.width("unit_name"))))


def _write_counts(table: Table, status: SubmissionStatus, words: Sequence[str], last: int) -> None:
    """How many units in each state, live, and the last day."""
    area, counted = table.area("overall", last), Counter(words)
    shown = [COMPLETE, *reversed(OVERALL.values()), INCOMPLETE]
    due = f"; hạn nộp {status.deadline:%d/%m/%Y}" if status.deadline else ""
    formula = '&"; "&'.join(f'"{word}: "&COUNTIF({area},"{word}")' for word in shown)
    text = "; ".join(f"{word}: {counted[word]}" for word in shown)
    table.sheet.write_formula(4, FIRST_COLUMN, f'={formula}&"{due}"', text + due, {"bold": True})


def _colour(table: Table, last: int) -> None:
    """Colours that say the same as the marks and words."""
    fields = [table.places[column.code] for column in table.columns if column.code.startswith("field.")]
    looks = [(fields[0], fields[-1], MARKS[state], fill) for state, fill in FILLS.items()] if fields else []
    place = table.places["overall"]
    looks += [(place, place, OVERALL[state], fill) for state, fill in FILLS.items() if state in OVERALL]
    looks += [(place, place, COMPLETE, GOOD_FILL), (place, place, INCOMPLETE, DOUBT_FILL)]
    for first, end, word, fill in looks:
        options = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": {"bg_color": fill}}
        table.sheet.highlight((FIRST_ROW, first), (last, end), options)
    sent = table.places["sent"]
    table.sheet.add_data_bars((FIRST_ROW, sent), (last, sent), BAR_FILL, max(1, len(fields)))


def _write_reminders(table: Table, row: int, reminders: Sequence[str]) -> int:
    """What the marks mean, and the lines to paste into a message; gives the last row."""
    legend = "; ".join(f"{mark} {state}" for state, mark in MARKS.items())
    table.sheet.write(row, FIRST_COLUMN, f"Ghi chú: {legend}. Số của cột là số của biểu.", {"italic": True})
    if not reminders:
        return row
    row += 2
    table.sheet.write(row, FIRST_COLUMN, "Lời nhắc (sao chép các ô dưới đây vào thư, tin nhắn):", {"bold": True})
    width = sum(column.width for column in table.columns) - table.width("number")
    for line in reminders:
        row += 1
        table.sheet.merge(row, FIRST_COLUMN + 1, table.last_column, line, {"text_wrap": True})
        table.sheet.set_row(row, height_of(lines_in(line, width)))
    return row
