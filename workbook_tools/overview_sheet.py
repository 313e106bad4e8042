"""Writes the first page: what came in, the headline targets, what needs attention, and where everything is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_tools.cells import column_letters, full_address
from workbook_tools.consolidated import Consolidation
from workbook_tools.excel_writing import Sheet, Style
from workbook_tools.field_sheets import sheet_link
from workbook_tools.findings import SEVERITY_WORDS, Finding, Severity
from workbook_tools.form_layout import CODE_COLUMN, COVER_SHEET, FIRST_COLUMN
from workbook_tools.formulas import Figure
from workbook_tools.highlights import Change, largest_changes
from workbook_tools.indicators import Indicator
from workbook_tools.live_cells import figure_look
from workbook_tools.print_pages import RowHeight, page_ends, page_room, scale_to_fit
from workbook_tools.styles import (
    BAD_FILL,
    BLOCK_TITLE,
    CENTRED,
    DOUBT_FILL,
    GOOD_FILL,
    HEADING,
    LINK,
    SUBTITLE,
    TEXT,
    TITLE,
    width_of_number,
)
from workbook_tools.summary_records import worst_first
from workbook_tools.summary_sheets import (
    FINDINGS_SHEET,
    FIRST_ROW,
    HEADLINE_SHEET,
    INDEX,
    SUMMARY_SHEET,
    Written,
    assessment_words,
    colour_assessments,
    count_units,
    height_of,
    lines_of,
    period_label,
    silent_units,
    unit_name,
)
from workbook_tools.summary_tables import COUNT_COLUMN, COUNT_ROW, headline_indicators

WIDTHS = {"number": 6.0, "label": 40.0, "unit": 13.0, "prior": 14.0, "plan": 14.0, "actual": 14.0, "plan_ratio": 9.0,
          "prior_ratio": 9.0, "assessment": 10.0}  # fmt: skip
HEADINGS = {
    "number": "STT", "label": "Chỉ tiêu", "unit": "ĐVT", "prior": "Năm trước", "plan": "Kế hoạch", "actual": "Thực hiện",
    "plan_ratio": "TH/KH (%)", "prior_ratio": "So cùng kỳ (%)", "assessment": "Đánh giá",
}  # fmt: skip
PLACES = {code: FIRST_COLUMN + number for number, code in enumerate(WIDTHS)}
LAST_COLUMN = max(PLACES.values())
MOST_TARGETS, MOST_NAMES, MOST_CHANGES, MOST_FINDINGS = 25, 20, 6, 5
TILE_NUMBER: Style = {"bold": True, "font_size": 22, "align": "center", "top": 1, "left": 1, "right": 1}
TILE_TEXT: Style = {"align": "center", "valign": "top", "text_wrap": True, "bottom": 1, "left": 1, "right": 1}
NOTE: Style = {"text_wrap": True, "valign": "top"}


@dataclass
class _Page:
    """The sheet and the next free row."""

    sheet: Sheet
    result: Consolidation
    row: int = 1

    def title(self, text: str) -> None:
        """A heading after a blank row."""
        self.sheet.set_row(self.row, 8)
        self.row += 1
        self.sheet.write(self.row, FIRST_COLUMN, text, BLOCK_TITLE)
        self.sheet.set_row(self.row, 20)
        self.row += 1

    def line(self, text: str, style: Style = NOTE, first: int = FIRST_COLUMN) -> None:
        """Text over the whole width."""
        self.sheet.merge(self.row, first, LAST_COLUMN, text, style)
        self.sheet.set_row(self.row, height_of(lines_of(text, sum(WIDTHS.values()))))
        self.row += 1


def write_overview(
    sheet: Sheet, result: Consolidation, headline: Written, summary: Written, sheets: Sequence[str]
) -> None:
    """The whole page; ``sheets`` are the names of all sheets that stand in the workbook."""
    page = _Page(sheet, result)
    sheet.write(1, CODE_COLUMN, "#overview")
    _write_heading(page)
    _write_tiles(page)
    _write_targets(page, headline)
    _write_silent(page)
    changes = largest_changes(result, MOST_CHANGES)
    if changes:
        _write_changes(page, changes, summary)
    _write_findings(page)
    index_row = page.row
    _write_index(page, sheets)
    _set_up(page, index_row)


def _write_heading(page: _Page) -> None:
    sheet, name = page.sheet, unit_name(page.result)
    sheet.write(1, FIRST_COLUMN, name.upper(), {"bold": True, "font_size": 12})
    sheet.merge(2, FIRST_COLUMN, LAST_COLUMN, "TỔNG HỢP TÌNH HÌNH KINH TẾ - XÃ HỘI", {**TITLE, "font_size": 16})
    sheet.set_row(2, 28)
    period = period_label(page.result)
    sheet.merge(3, FIRST_COLUMN, LAST_COLUMN, f"{name} - {period}", {**SUBTITLE, "font_size": 13})
    sheet.set_row(3, 20)
    page.row = 5
    sheet.set_row(4, 8)


def _write_tiles(page: _Page) -> None:
    """Four large figures: units, targets, errors, warnings."""
    result, sheet = page.result, page.sheet
    reported, expected = count_units(result)
    whole = GOOD_FILL if reported == expected else DOUBT_FILL
    met, judged = (
        full_address(HEADLINE_SHEET, f"{column_letters(column)}{COUNT_ROW}")
        for column in (COUNT_COLUMN, COUNT_COLUMN + 2)
    )
    counts = [sum(one.severity is level for one in result.findings) for level in (Severity.ERROR, Severity.WARNING)]
    formulas = [_count_formula(SEVERITY_WORDS[level], result) for level in (Severity.ERROR, Severity.WARNING)]
    verdicts = _verdict_counts(result)
    tiles: list[tuple[str, str, str | int, str, str]] = [
        ("number label", "", f"{reported}/{expected}", "đơn vị có số liệu", whole),
        ("unit plan", f'={met}&"/"&{judged}', "/".join(map(str, verdicts)), "chỉ tiêu chủ yếu đạt và vượt kế hoạch",
         GOOD_FILL if verdicts[0] == verdicts[1] else DOUBT_FILL),
        ("actual plan_ratio", formulas[0], counts[0], "lỗi cần sửa", BAD_FILL if counts[0] else GOOD_FILL),
        ("prior_ratio assessment", formulas[1], counts[1], "cảnh báo cần xem", DOUBT_FILL if counts[1] else GOOD_FILL),
    ]  # fmt: skip
    for ends, formula, value, text, fill in tiles:
        first, last = (PLACES[code] for code in ends.split())
        number, caption = {**TILE_NUMBER, "bg_color": fill}, {**TILE_TEXT, "bg_color": fill}
        sheet.merge(page.row, first, last, None, number)
        sheet.merge(page.row + 1, first, last, text, caption)
        if formula:
            sheet.write_formula(page.row, first, formula, value, number)
        else:
            sheet.write(page.row, first, value, number)
    sheet.set_row(page.row, 34)
    sheet.set_row(page.row + 1, 20)
    page.row += 2


def _count_formula(word: str, result: Consolidation) -> str:
    last = FIRST_ROW + max(len(result.findings), 1) - 1
    column = column_letters(FIRST_COLUMN)
    return f'=COUNTIF({full_address(FINDINGS_SHEET, f"{column}{FIRST_ROW}:{column}{last}")},"{word}")'
