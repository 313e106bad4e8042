"""Writes the cover: who reports for which period, a link to each field, and how far each is filled, live."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbook_tools.cells import Position, column_letters
from workbook_tools.check_sheet import ERROR, WARNING, Check, count_of_failures, failures
from workbook_tools.excel_writing import Book, Sheet
from workbook_tools.field_sheets import sheet_link
from workbook_tools.form_layout import CODE_COLUMN, COVER_SHEET, FIRST_COLUMN, FormLayout
from workbook_tools.form_progress import FieldProgress, ProgressPlan
from workbook_tools.styles import (
    BAD_FILL,
    CENTRED,
    DOUBT_FILL,
    GOOD_FILL,
    HEADING,
    INPUT_FILL,
    LINK,
    SUBTITLE,
    TEXT,
    TITLE,
    Look,
)
from workbook_tools.text_widths import lines_in

HINT = (
    "Bấm vào tên biểu để mở, điền các ô màu vàng nhạt; ô khác là tiêu đề hoặc công thức, không sửa (xem trang “Hướng "
    "dẫn”). Điền xong, xem trang “Kiểm tra”, lưu và gửi lại chính tệp này."
)
STATE = Position(4, FIRST_COLUMN)
"""Where the cover says in one sentence whether the form can be sent."""

FIRST_FACT_ROW = 6
SHEET_COLUMN, TITLE_COLUMN = 3, 4
COUNTS = {
    "filled": ("Đã điền", 9.0), "inputs": ("Số ô cần điền", 10.0), "missing": ("Bắt buộc còn trống", 11.0),
    "errors": ("Lỗi", 7.0), "warnings": ("Cảnh báo", 9.0),
}  # fmt: skip
"""What is counted for each field, with heading and width."""

PLACES = {code: TITLE_COLUMN + number for number, code in enumerate(COUNTS, start=1)}
LAST_COLUMN = TITLE_COLUMN + len(COUNTS)
TITLE_ROOM = 44.0
"""In digits of the usual size: the titles are written smaller in a column of 40."""

DOUBTFUL = ("; còn ", " cảnh báo cần giải trình ở trang “Kiểm tra”")
BLANK = ("; còn ", " ô trống: không phát sinh ghi “-”, chưa có số liệu ghi “…”")
"""What is said, around their number, of warnings and of inputs left blank."""

STATE_STYLE: Look = {**TITLE, "font_size": 13, "text_wrap": True}
COUNT_FORMAT = '0;-0;"-"'
"""None is a quiet dash."""


class LiveCell(NamedTuple):
    """A cell with a count or the sentence, and its formula; without one it never changes."""

    place: Position
    formula: str
    result: int | str


def cover_cells(
    plan: ProgressPlan, checks: Sequence[Check], progress: Sequence[FieldProgress], verdicts: Sequence[str]
) -> list[LiveCell]:
    """The live cells of the cover: the counts of each field, their totals, and the sentence on top."""
    first = _table_row(plan.layout) + 1
    failed = failures(checks, verdicts)
    cells: list[LiveCell] = []
    totals = dict.fromkeys(COUNTS, 0)
    for row, (field, one) in enumerate(zip(plan.fields, progress, strict=True), first):
        name = f"${column_letters(SHEET_COLUMN)}{row}"
        sheet = field.placed.sheet
        counts = {
            "filled": (field.count_of_filled, one.filled),
            "inputs": ("", field.number_of_inputs),
            "missing": (field.count_of_missing, one.missing),
            "errors": (count_of_failures(checks, name, ERROR), failed[sheet, ERROR]),
            "warnings": (count_of_failures(checks, name, WARNING), failed[sheet, WARNING]),
        }
        for code, (formula, result) in counts.items():
            cells.append(LiveCell(Position(row, PLACES[code]), formula, result))
            totals[code] += result
    below = first + len(plan.fields)
    for code, total in totals.items():
        letters = column_letters(PLACES[code])
        formula = f"=SUM({letters}{first}:{letters}{below - 1})"
        cells.append(LiveCell(Position(below, PLACES[code]), formula, total))
    return [*cells, LiveCell(STATE, _state_formula(below), _state(totals))]


def _state_formula(row: int) -> str:
    """The sentence on top as a formula over the totals of the table."""
    filled, inputs, missing, errors, warnings = (f"{column_letters(PLACES[code])}{row}" for code in COUNTS)
    begun = f'"Đã điền "&{filled}&"/"&{inputs}&" ô số liệu năm nay. "'
    wrong = (
        f'"Còn "&{errors}&" lỗi, "&{missing}&" ô bắt buộc chưa điền, "&{warnings}&" cảnh báo: xem trang “Kiểm tra”."'
    )
    doubtful = f'IF({warnings}>0,"{DOUBTFUL[0]}"&{warnings}&"{DOUBTFUL[1]}","")'
    blank = f'IF({filled}<{inputs},"{BLANK[0]}"&({inputs}-{filled})&"{BLANK[1]}","")'
    fine = f'"Có thể gửi"&{doubtful}&{blank}&"."'
    return f'=IF({filled}=0,"Chưa điền số liệu năm nay.",{begun}&IF({errors}+{missing}>0,{wrong},{fine}))'


def _state(totals: dict[str, int]) -> str:
    """The sentence on top as it reads with these totals."""
    if not totals["filled"]:
        return "Chưa điền số liệu năm nay."
    begun = f"Đã điền {totals['filled']}/{totals['inputs']} ô số liệu năm nay. "
    errors, missing, warnings = (totals[code] for code in ("errors", "missing", "warnings"))
    if errors + missing:
        return f"{begun}Còn {errors} lỗi, {missing} ô bắt buộc chưa điền, {warnings} cảnh báo: xem trang “Kiểm tra”."
    blank = totals["inputs"] - totals["filled"]
    doubtful = str(warnings).join(DOUBTFUL) if warnings else ""
    return f"{begun}Có thể gửi{doubtful}{str(blank).join(BLANK) if blank > 0 else ''}."


def write_cover(book: Book, layout: FormLayout, facts: dict[str, str], live: Sequence[LiveCell] = ()) -> None:
    """The cover: ``facts`` of who reports, by their code, and links to the sheets; no counts without ``live`` cells."""
    sheet = book.add_sheet(COVER_SHEET)
    last = LAST_COLUMN if live else TITLE_COLUMN
    if live:
        widths = {PLACES[code]: width for code, (_, width) in COUNTS.items()}
        sheet.set_columns({1: 14, 2: 6, SHEET_COLUMN: 32, TITLE_COLUMN: 40, **widths}, hidden=[CODE_COLUMN])
    else:
        sheet.set_columns({1: 14, 2: 8, SHEET_COLUMN: 52, TITLE_COLUMN: 46}, hidden=[CODE_COLUMN])
    sheet.write(1, CODE_COLUMN, "#cover")
    title = layout.catalogue.settings.get("title", "")
    sheet.merge(2, FIRST_COLUMN, last, title, {**TITLE, "font_size": 16, "text_wrap": True})
    sheet.set_row(2, 30)
    sheet.merge(3, FIRST_COLUMN, last, HINT, {**SUBTITLE, "text_wrap": True})
    sheet.set_row(3, 32)
    _write_facts(sheet, layout, facts)
    _write_fields(sheet, layout)
    if live:
        _write_live(sheet, layout, live)
    row = _table_row(layout) + len(layout.fields) + (1 if live else 0)
    sheet.set_print(row, last, landscape=False, repeat_rows=None)
    sheet.protect()


def _table_row(layout: FormLayout) -> int:
    """Row of the headings over the list of fields."""
    return FIRST_FACT_ROW + len(layout.catalogue.cover) + 1


def _write_facts(sheet: Sheet, layout: FormLayout, facts: dict[str, str]) -> None:
    style = {**TEXT, "font_size": 12, "bg_color": INPUT_FILL, "locked": False, "num_format": "@"}
    for row, (code, label) in enumerate(layout.catalogue.cover, FIRST_FACT_ROW):
        sheet.write(row, CODE_COLUMN, code)
        sheet.write(row, SHEET_COLUMN, label, {**TEXT, "font_size": 12})
        sheet.write(row, TITLE_COLUMN, facts.get(code) or None, style)
        sheet.set_row(row, 22 if len(label) < 30 else 34)


def _write_fields(sheet: Sheet, layout: FormLayout) -> None:
    row = _table_row(layout)
    for column, text in ((FIRST_COLUMN, "STT"), (SHEET_COLUMN, "Biểu (bấm vào tên để mở)"), (TITLE_COLUMN, "Lĩnh vực")):
        sheet.write(row, column, text, HEADING)
    for number, placed in enumerate(layout.fields, start=1):
        sheet.write(row + number, FIRST_COLUMN, number, CENTRED)
        sheet.write_link(row + number, SHEET_COLUMN, sheet_link(placed), placed.sheet, LINK)
        sheet.write(row + number, TITLE_COLUMN, placed.field.title, {**TEXT, "font_size": 10})
        sheet.set_row(row + number, 18 if lines_in(placed.field.title, TITLE_ROOM) == 1 else 30)


def _write_live(sheet: Sheet, layout: FormLayout, live: Sequence[LiveCell]) -> None:
    row, below = _table_row(layout), _table_row(layout) + len(layout.fields) + 1
    for code, (heading, _) in COUNTS.items():
        sheet.write(row, PLACES[code], heading, HEADING)
    sheet.set_row(row, 34)
    sheet.merge(below, FIRST_COLUMN, TITLE_COLUMN, "Cả bộ biểu", HEADING)
    sheet.merge(*STATE, LAST_COLUMN, None, STATE_STYLE)
    sheet.set_row(STATE.row, 36)
    for place, formula, result in live:
        style = HEADING if place.row == below else CENTRED
        style = STATE_STYLE if place == STATE else {**style, "num_format": COUNT_FORMAT}
        if formula:
            sheet.write_formula(*place, formula, result, style)
        else:
            sheet.write(*place, result, style)
    for first, last, formula, fill in _marks(row + 1, below):
        sheet.highlight(first, last, {"type": "formula", "criteria": formula, "format": {"bg_color": fill}})


def _marks(first: int, below: int) -> Iterator[tuple[Position, Position, str, str]]:
    """The colours of the counts: a field that is complete, what is still missing, what is wrong."""
    letters = {code: column_letters(place) for code, place in PLACES.items()}
    for code, fill in (("errors", BAD_FILL), ("missing", DOUBT_FILL), ("warnings", DOUBT_FILL)):
        place = PLACES[code]
        yield Position(first, place), Position(below - 1, place), f"={letters[code]}{first}>0", fill
    complete = f"=AND({letters['inputs']}{first}>0,{letters['filled']}{first}={letters['inputs']}{first})"
    yield Position(first, PLACES["filled"]), Position(below - 1, PLACES["filled"]), complete, GOOD_FILL
    whole = f"{letters['filled']}{below}={letters['inputs']}{below}"
    sendable = f"=AND({whole},{letters['errors']}{below}+{letters['missing']}{below}=0)"
    yield STATE, Position(STATE.row, LAST_COLUMN), sendable, GOOD_FILL
    yield STATE, Position(STATE.row, LAST_COLUMN), f"={letters['filled']}{below}>0", DOUBT_FILL
