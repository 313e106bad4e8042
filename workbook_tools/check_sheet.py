"""Writes the live sheet ``Kiểm tra`` of a form: every rule with ✔ or ✘, as soon as its figures are typed."""

from workbook_tools.cells import Position, full_address
from workbook_tools.evaluation import evaluate
from workbook_tools.excel_writing import Book, Sheet
from workbook_tools.figure_cube import FigureCube
from workbook_tools.form_layout import CHECK_SHEET, CODE_COLUMN, FormLayout
from workbook_tools.formulas import Figure, NotPlacedError
from workbook_tools.indicators import Rule
from workbook_tools.rules import FAILED, form_rules, places_of, status_of
from workbook_tools.styles import BAD_FILL, BORDER, CENTRED, GOOD_FILL, HEADING, INPUT_FILL, LINK, TEXT, TITLE

FIRST_ROW = 6
VERDICT_COLUMN = 3
COUNT_OF_FAILED = Position(3, 8)
"""Where the sheet says how many rules fail."""


def placed_rules(layout: FormLayout) -> list[Rule]:
    """The rules whose figures are in this form, in the order of the sheet, the first in :data:`FIRST_ROW`."""
    return [rule for rule in form_rules(layout.catalogue) if _is_placed(layout, rule)]


def write_checks(book: Book, layout: FormLayout, cube: FigureCube) -> None:
    """The live checks: each rule with ✔ or ✘, links to its cells, and room for an explanation."""
    sheet = book.add_sheet(CHECK_SHEET)
    sheet.write(1, CODE_COLUMN, "#checks")
    sheet.merge(2, 2, 8, "KIỂM TRA TRƯỚC KHI GỬI", TITLE)
    sheet.write(4, CODE_COLUMN, "#columns")
    columns = ("number", "verdict", "message", "severity", "place", "advice", "explanation")
    headings = ("STT", "Kết quả", "Lỗi nếu có dấu ✘", "Mức độ", "Ô số liệu", "Việc cần làm", "Giải trình")
    for offset, (code, text) in enumerate(zip(columns, headings, strict=True)):
        sheet.write(4, 2 + offset, code)
        sheet.write(5, 2 + offset, text, HEADING)
    sheet.set_row(4, hidden=True)
    rules = placed_rules(layout)
    verdicts = [verdicts_of(rule, cube)[0] for rule in rules]
    for number, (rule, verdict) in enumerate(zip(rules, verdicts, strict=True)):
        _write_rule(sheet, layout, rule, verdict, FIRST_ROW + number)
    last = FIRST_ROW + max(len(rules), 1) - 1
    area = f"C{FIRST_ROW}:C{last}"
    sheet.merge(COUNT_OF_FAILED.row, 2, 7, "Số lỗi, cảnh báo còn lại (dấu ✘):", {"bold": True, "align": "right"})
    count = f'=COUNTIF({area},"{FAILED}")'
    sheet.write_formula(*COUNT_OF_FAILED, count, verdicts.count(FAILED), {"bold": True, **BORDER})
    for text, fill in ((FAILED, BAD_FILL), ("✔", GOOD_FILL)):
        rule_format = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": {"bg_color": fill}}
        sheet.highlight((FIRST_ROW, 3), (last, 3), rule_format)
    sheet.set_columns({1: 14, 2: 6, 3: 9, 4: 62, 5: 12, 6: 24, 7: 44, 8: 34}, hidden=[1])
    sheet.worksheet.freeze_panes(5, 0)
    sheet.set_print(last, 8, landscape=True, repeat_rows=(5, 5))
    sheet.protect()


def verdicts_of(rule: Rule, cube: FigureCube) -> list[str]:
    """What the check of a rule shows for each unit of a cube: nothing where figures are missing."""
    return [str(text or "") for text in evaluate(status_of(rule), cube).text]


def _is_placed(layout: FormLayout, rule: Rule) -> bool:
    try:
        layout.formula(rule.expression, CHECK_SHEET)
    except NotPlacedError:
        return False
    return True


def _write_rule(sheet: Sheet, layout: FormLayout, rule: Rule, verdict: str, row: int) -> None:
    status = status_of(rule)
    sheet.write(row, CODE_COLUMN, rule.code)
    sheet.write(row, 2, row - FIRST_ROW + 1, CENTRED)
    sheet.write_formula(row, VERDICT_COLUMN, layout.formula(status, CHECK_SHEET), verdict, {**CENTRED, "bold": True})
    sheet.write(row, 4, rule.message, TEXT)
    sheet.write(row, 5, {"error": "Lỗi", "warning": "Cảnh báo"}.get(rule.severity, "Thông tin"), CENTRED)
    where, position = _first_place(layout, rule)
    sheet.write_link(row, 6, full_address(where, position.name), f"{where}!{position.name}", LINK)
    sheet.write(row, 7, rule.advice, TEXT)
    sheet.write(row, 8, None, {**TEXT, "bg_color": INPUT_FILL, "locked": False})
    sheet.set_row(row, 17 * max(1, -(-len(rule.message) // 60), -(-len(rule.advice) // 42)))


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
