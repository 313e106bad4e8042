"""Writes the live sheet ``Kiểm tra`` of a form: every rule with ✔ or ✘, as soon as its figures are typed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from workbook_tools.cells import Position, column_letters, full_address
from workbook_tools.evaluation import evaluate
from workbook_tools.excel_writing import Book, Sheet
from workbook_tools.figure_cube import FigureCube
from workbook_tools.form_layout import CHECK_SHEET, CODE_COLUMN, FIRST_COLUMN, FormLayout
from workbook_tools.form_progress import FieldCells, FieldProgress, ProgressPlan
from workbook_tools.formulas import Figure, NotPlacedError
from workbook_tools.indicators import Rule
from workbook_tools.rules import FAILED, PASSED, form_rules, places_of, status_of
from workbook_tools.styles import (
    BAD_FILL,
    BORDER,
    CENTRED,
    GOOD_FILL,
    HEADING,
    INPUT_FILL,
    LINK,
    NOTICE,
    TEXT,
    TITLE,
)
from workbook_tools.text_widths import lines_in

FIRST_ROW = 6
COLUMNS = {
    "number": ("STT", 6.0), "verdict": ("Kết quả", 11.0), "field": ("Biểu", 22.0),
    "message": ("Lỗi nếu có dấu ✘", 52.0), "severity": ("Mức độ", 11.0), "place": ("Ô", 8.0),
    "advice": ("Việc cần làm", 40.0), "explanation": ("Giải trình", 30.0),
}  # fmt: skip
PLACES = {code: FIRST_COLUMN + number for number, code in enumerate(COLUMNS)}
VERDICT_COLUMN = PLACES["verdict"]
LAST_COLUMN = PLACES["explanation"]
COUNT_OF_FAILED = Position(3, LAST_COLUMN)
"""Where the sheet says how many rules fail."""

ERROR, WARNING = "Lỗi", "Cảnh báo"
SEVERITIES = {"error": ERROR, "warning": WARNING}
HINT = "Để chỉ xem các dòng cần sửa: bấm mũi tên ở ô “Kết quả”, chọn ✘. Bấm tên ô để tới chỗ cần sửa."
LINE_HEIGHT = 17.0


class Check(NamedTuple):
    """A line of the sheet: what it looks at, and the formula of its verdict.

    ``sheet`` and ``place`` are the first cell it looks at; ``rule`` is what it checks, None for the cells of a field.
    """

    code: str
    message: str
    severity: str
    advice: str
    formula: str
    sheet: str
    place: str
    rule: Rule | None = None


def checks_of(plan: ProgressPlan) -> list[Check]:
    """The lines of the sheet, the first in :data:`FIRST_ROW`: rules whose figures are in this form, then the fields."""
    rules = (_rule_check(plan.layout, rule) for rule in form_rules(plan.layout.catalogue))
    return [*filter(None, rules), *(_text_check(one) for one in plan.fields if one.numbers)]


def write_checks(book: Book, checks: Sequence[Check], verdicts: Sequence[str]) -> None:
    """The live checks: each with ✔ or ✘, links to its cells, and room for an explanation."""
    sheet = book.add_sheet(CHECK_SHEET)
    sheet.write(1, CODE_COLUMN, "#checks")
    sheet.merge(2, FIRST_COLUMN, LAST_COLUMN, "KIỂM TRA TRƯỚC KHI GỬI", TITLE)
    sheet.set_row(2, 24)
    sheet.write(4, CODE_COLUMN, "#columns")
    for code, (heading, _) in COLUMNS.items():
        sheet.write(4, PLACES[code], code)
        sheet.write(5, PLACES[code], heading, HEADING)
    sheet.set_row(4, hidden=True)
    sheet.set_row(5, 22)
    for row, (check, verdict) in enumerate(zip(checks, verdicts, strict=True), FIRST_ROW):
        _write_check(sheet, check, verdict, row)
    _write_count(sheet, checks, verdicts)
    _set_up(sheet, _last_row(checks))


def verdicts_of(rule: Rule, cube: FigureCube) -> list[str]:
    """What the check of a rule shows for each unit of a cube: nothing where figures are missing."""
    return [str(text or "") for text in evaluate(status_of(rule), cube).text]


def verdicts_on_texts(plan: ProgressPlan, progress: Iterable[FieldProgress]) -> list[str]:
    """What the checks of the fields show: ✘ where a number stands as text, nothing where a field is blank."""
    fields = zip(plan.fields, progress, strict=True)
    return [FAILED if one.has_typed_texts else PASSED if one.filled else "" for cells, one in fields if cells.numbers]


def failures(checks: Sequence[Check], verdicts: Sequence[str]) -> Counter[tuple[str, str]]:
    """How many checks fail, by sheet and severity."""
    both = zip(checks, verdicts, strict=True)
    return Counter((check.sheet, check.severity) for check, verdict in both if verdict == FAILED)


def count_of_failures(checks: Sequence[Check], sheet: str, severity: str) -> str:
    """Formula of how many checks of a severity fail; ``sheet`` is the cell that holds the name of the field's sheet."""
    areas = {code: full_address(CHECK_SHEET, _area(code, checks)) for code in ("field", "verdict", "severity")}
    criteria = ((areas["field"], sheet), (areas["verdict"], f'"{FAILED}"'), (areas["severity"], f'"{severity}"'))
    return f"=COUNTIFS({','.join(f'{area},{wanted}' for area, wanted in criteria)})"


def _area(code: str, checks: Sequence[Check]) -> str:
    letters = column_letters(PLACES[code])
    return f"${letters}${FIRST_ROW}:${letters}${_last_row(checks)}"


def _last_row(checks: Sequence[Check]) -> int:
    return FIRST_ROW + max(len(checks), 1) - 1


def _rule_check(layout: FormLayout, rule: Rule) -> Check | None:
    """The line of a rule; None if the form lacks some of its figures."""
    try:
        formula = layout.formula(status_of(rule), CHECK_SHEET)
    except NotPlacedError:
        return None
    where, position = _first_place(layout, rule)
    severity = SEVERITIES.get(rule.severity, "Thông tin")
    return Check(rule.code, rule.message, severity, rule.advice, formula, where, position.name, rule)


def _text_check(cells: FieldCells) -> Check:
    """Numbers that stand as text in a field, and error values: what a paste leaves behind and formulas pass over."""
    blank = f'IF({cells.count_of_filled.removeprefix("=")}=0,"","{PASSED}")'
    return Check(
        code=f"text.{cells.placed.field.code}",
        message="Có ô ghi số ở dạng chữ hoặc báo lỗi (#…): Excel không tính được các ô đó.",
        severity=WARNING,
        advice="Gõ lại số ở các ô nền đỏ nhạt, chú ý dấu thập phân. Dán số: Paste Special > Values.",
        formula=f'=IF({cells.count_of_typed_texts}>0,"{FAILED}",{blank})',
        sheet=cells.placed.sheet,
        place=cells.numbers[0].rpartition("!")[2].partition(":")[0],
    )


def _write_check(sheet: Sheet, check: Check, verdict: str, row: int) -> None:
    sheet.write(row, CODE_COLUMN, check.code)
    sheet.write(row, PLACES["number"], row - FIRST_ROW + 1, CENTRED)
    sheet.write_formula(row, VERDICT_COLUMN, check.formula, verdict, {**CENTRED, "bold": True})
    sheet.write(row, PLACES["field"], check.sheet, TEXT)
    sheet.write(row, PLACES["message"], check.message, TEXT)
    sheet.write(row, PLACES["severity"], check.severity, CENTRED)
    sheet.write_link(row, PLACES["place"], full_address(check.sheet, check.place), check.place, LINK)
    sheet.write(row, PLACES["advice"], check.advice, TEXT)
    sheet.write(row, PLACES["explanation"], None, {**TEXT, "bg_color": INPUT_FILL, "locked": False})
    texts = {"field": check.sheet, "message": check.message, "advice": check.advice}
    sheet.set_row(row, LINE_HEIGHT * max(lines_in(text, COLUMNS[code][1]) for code, text in texts.items()))


def _write_count(sheet: Sheet, checks: Sequence[Check], verdicts: Sequence[str]) -> None:
    sheet.merge(COUNT_OF_FAILED.row, FIRST_COLUMN, PLACES["message"], HINT, NOTICE)
    label = "Số lỗi, cảnh báo còn lại (dấu ✘):"
    sheet.merge(COUNT_OF_FAILED.row, PLACES["severity"], LAST_COLUMN - 1, label, {"bold": True, "align": "right"})
    count = f'=COUNTIF({_area("verdict", checks)},"{FAILED}")'
    sheet.write_formula(*COUNT_OF_FAILED, count, list(verdicts).count(FAILED), {"bold": True, **BORDER})
    for text, fill in ((FAILED, BAD_FILL), (PASSED, GOOD_FILL)):
        rule_format = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": {"bg_color": fill}}
        sheet.highlight((FIRST_ROW, VERDICT_COLUMN), (_last_row(checks), VERDICT_COLUMN), rule_format)


def _set_up(sheet: Sheet, last: int) -> None:
    widths = {PLACES[code]: width for code, (_, width) in COLUMNS.items()}
    sheet.set_columns({CODE_COLUMN: 14.0, **widths}, hidden=[CODE_COLUMN])
    sheet.worksheet.freeze_panes(FIRST_ROW - 1, VERDICT_COLUMN)
    sheet.worksheet.autofilter(FIRST_ROW - 2, FIRST_COLUMN - 1, last - 1, LAST_COLUMN - 1)
    # What it says lives on the screen; on paper only that it is there.
    sheet.set_print(COUNT_OF_FAILED.row, LAST_COLUMN, landscape=True, repeat_rows=None)
    sheet.protect()


def _first_place(layout: FormLayout, rule: Rule) -> tuple[str, Position]:
    for one in places_of(rule):
        try:
            if isinstance(one, Figure):
                return layout.place(one)
            where, first, _ = layout.place_list(one)
            return where, first
        except NotPlacedError:
            continue
    raise NotPlacedError(rule.code)
