"""Writes the first page: what came in, the headline targets, what needs attention, and where everything is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbook_tools.cells import column_letters, full_address
from workbook_tools.consolidated import BELOW, Consolidation, assessment, assessment_words, ratio_to_prior
from workbook_tools.excel_writing import DEFAULT_HEIGHT, Sheet, Style
from workbook_tools.field_sheets import sheet_link
from workbook_tools.findings import SEVERITY_WORDS, Finding, Severity
from workbook_tools.form_layout import CODE_COLUMN, COVER_SHEET, FIRST_COLUMN
from workbook_tools.formulas import Figure
from workbook_tools.highlights import Change, headline_indicators, headline_verdicts, largest_changes
from workbook_tools.indicators import Indicator
from workbook_tools.like_for_like import BASES, Ratios
from workbook_tools.live_cells import figure_look, figure_width, write_live, write_reference
from workbook_tools.print_pages import page_room, scale_to_fit
from workbook_tools.styles import (
    BAD_FILL,
    BLOCK_TITLE,
    CENTRED,
    DOUBT_FILL,
    GOOD_FILL,
    HEADING,
    SUBTITLE,
    TEXT,
    TITLE,
)
from workbook_tools.summary_records import MOST_LISTED, worst_first
from workbook_tools.summary_sheets import (
    FILES_SHEET,
    FINDINGS_SHEET,
    FIRST_ROW,
    HEADLINE_SHEET,
    INDEX,
    SUMMARY_SHEET,
    Written,
    assessment_width,
    colour_assessments,
    count_units,
    height_of,
    period_label,
    reached_words,
    silent_units,
    unit_name,
)
from workbook_tools.summary_tables import COUNT_COLUMN, COUNT_ROW
from workbook_tools.text_widths import lines_in

WIDTHS = {"number": 6.0, "label": 40.0, "unit": 15.0, "prior": 14.0, "plan": 14.0, "actual": 14.0, "plan_ratio": 9.0,
          "prior_ratio": 9.0, "assessment": 11.0}  # fmt: skip
HEADINGS = {
    "number": "STT", "label": "Chỉ tiêu", "unit": "ĐVT", "prior": "Năm trước", "plan": "Kế hoạch",
    "actual": "Thực hiện", "plan_ratio": "TH/KH (%)", "prior_ratio": "So cùng kỳ (%)", "assessment": "Đánh giá",
}  # fmt: skip
PLACES = {code: FIRST_COLUMN + number for number, code in enumerate(WIDTHS)}
LAST_COLUMN = max(PLACES.values())
MOST_TARGETS, MOST_NAMES, MOST_CHANGES, MOST_FINDINGS = 25, 20, 6, 5
TILE_NUMBER: Style = {"bold": True, "font_size": 22, "align": "center", "top": 1, "left": 1, "right": 1}
TILE_TEXT: Style = {"align": "center", "valign": "top", "text_wrap": True, "bottom": 1, "left": 1, "right": 1}
NOTE: Style = {"text_wrap": True, "valign": "top"}
PLAIN_LINK: Style = {"font_color": "#0563C1", "underline": 1}
NUMBER_LINK: Style = {**CENTRED, "font_color": "#0563C1", "underline": 1}
SMALL_LINK: Style = {"font_color": "#0563C1", "font_size": 9, "align": "center"}
OF_SAME_UNITS: Style = {"italic": True, "font_color": "#7F6000"}
SAME_UNITS_NOTE = (
    f"Tỷ lệ in nghiêng: chỉ tính các đơn vị có đủ cả hai số (cột “cùng đơn vị” ở trang “{SUMMARY_SHEET}”)."
)


@dataclass
class _Page:
    """The sheet and the next free row."""

    sheet: Sheet
    result: Consolidation
    widths: Mapping[str, float]
    summary: Written
    ratios: Ratios
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
        self.sheet.set_row(self.row, height_of(lines_in(text, sum(self.widths.values()))))
        self.row += 1


def write_overview(
    sheet: Sheet, result: Consolidation, sheets: Sequence[str], summary: Written, ratios: Ratios
) -> None:
    """The whole page; ``sheets`` are the names of all sheets that stand in the workbook.

    Args:
        summary: the sheet of all indicators, with the ``ratios`` of the same units.
    """
    changes = largest_changes(result, MOST_CHANGES)
    targets = [one for one in headline_indicators(result) if _has_figures(result, one)][:MOST_TARGETS]
    page = _Page(sheet, result, _widths(result, [*targets, *(change.indicator for change in changes)]), summary, ratios)
    sheet.write(1, CODE_COLUMN, "#overview")
    _write_heading(page)
    _write_tiles(page)
    _write_targets(page)
    _write_silent(page)
    _write_changes(page, changes)
    _write_findings(page)
    index_row = page.row
    _write_index(page, sheets)
    _set_up(page, index_row)


def _widths(result: Consolidation, shown: Iterable[Indicator]) -> Mapping[str, float]:
    """Widths of the columns, so that the longest figures are not shown as ####."""
    indicators = list(shown)
    figures = {measure: figure_width(result, indicators, measure, 13) for measure in ("prior", "plan", "actual")}
    return {**WIDTHS, **figures, "assessment": assessment_width(result)}


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
        ("unit plan", f'={met}&"/"&{judged}', "/".join(map(str, verdicts)), f"chỉ tiêu chủ yếu {reached_words(result)}",
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
    if len(result.findings) > MOST_LISTED:
        return ""  # Not all of them stand there.
    last = FIRST_ROW + max(len(result.findings), 1) - 1
    column = column_letters(FIRST_COLUMN)
    return f'=COUNTIF({full_address(FINDINGS_SHEET, f"{column}{FIRST_ROW}:{column}{last}")},"{word}")'


def _verdict_counts(result: Consolidation) -> tuple[int, int]:
    """How many headline targets are met or exceeded, and how many have an assessment."""
    words, verdicts = assessment_words(result), list(headline_verdicts(result).values())
    return sum(verdict != words[BELOW] for verdict in verdicts), len(verdicts)


def _write_targets(page: _Page) -> None:
    """The headline targets that have figures, and the names of those that have none."""
    result = page.result
    chosen = headline_indicators(result)
    shown = [one for one in chosen if _has_figures(result, one)]
    page.title("1. Chỉ tiêu chủ yếu")
    _write_headings(page)
    first = page.row
    for number, indicator in enumerate(shown[:MOST_TARGETS], start=1):
        _write_target(page, number, indicator)
    place = PLACES["assessment"]
    if page.row > first:
        colour_assessments(page.sheet, (first, place), (page.row - 1, place), result)
    if any(one.code in page.ratios[base] for one in shown[:MOST_TARGETS] for base in BASES):
        page.line(SAME_UNITS_NOTE)
    if len(shown) > MOST_TARGETS:
        page.line(f"… và {len(shown) - MOST_TARGETS} chỉ tiêu khác ở trang “{HEADLINE_SHEET}”.")
    silent = [one.label for one in chosen if one not in shown]
    if silent:
        page.line(f"Chưa có số liệu: {'; '.join(silent)}.")


def _has_figures(result: Consolidation, indicator: Indicator) -> bool:
    values = (result.value(Figure(indicator.code, measure)) for measure in ("plan", "actual"))
    return any(value not in (None, "") for value in values)


def _write_headings(page: _Page) -> None:
    of_part = {"prior": "Cùng kỳ năm trước", "plan": "Kế hoạch năm"} if page.result.is_part_of_plan else {}
    for code, text in (HEADINGS | of_part).items():
        page.sheet.write(page.row, PLACES[code], text, HEADING)
    page.sheet.set_row(page.row, 32)
    page.row += 1


def _write_target(page: _Page, number: int, indicator: Indicator) -> None:
    sheet, row, result = page.sheet, page.row, page.result
    _write_label(page, indicator, number)
    for measure in ("prior", "plan", "actual", "plan_ratio"):
        look = figure_look(indicator, measure)
        write_reference(sheet, row, PLACES[measure], result, Figure(indicator.code, measure), look)
    look = figure_look(indicator, "prior_ratio")
    prior = write_live(sheet, row, PLACES["prior_ratio"], result, ratio_to_prior(indicator), look)
    for base, plain in (("plan", result.value(Figure(indicator.code, "plan_ratio"))), ("prior", prior)):
        same = page.ratios[base].get(indicator.code)
        if same is not None and plain in (None, ""):
            address = page.summary.address(indicator.code, f"same_{base}")
            sheet.write_formula(row, PLACES[f"{base}_ratio"], f"={address}", same.ratio, {**look, **OF_SAME_UNITS})
    verdict = assessment(result, indicator)
    write_live(sheet, row, PLACES["assessment"], result, verdict, {**CENTRED, "bold": True})
    page.row += 1


def _write_label(page: _Page, indicator: Indicator, number: int) -> None:
    """Number, as a link to the figure among the forms, name and unit."""
    where, position = page.result.layout.place(Figure(indicator.code, "actual"))
    page.sheet.write_link(page.row, PLACES["number"], full_address(where, position.name), str(number), NUMBER_LINK)
    page.sheet.write(page.row, PLACES["number"], number, NUMBER_LINK)
    page.sheet.write(page.row, PLACES["label"], indicator.label, TEXT)
    page.sheet.write(page.row, PLACES["unit"], indicator.unit, CENTRED)
    lines = max(lines_in(indicator.label, page.widths["label"]), lines_in(indicator.unit, page.widths["unit"]))
    page.sheet.set_row(page.row, height_of(lines))


def _write_silent(page: _Page) -> None:
    """Who has not reported."""
    silent = [unit.name for unit in silent_units(page.result)]
    page.title(f"2. Đơn vị chưa có số liệu: {len(silent)}" if silent else "2. Tất cả đơn vị đã có số liệu")
    if silent:
        rest = len(silent) - MOST_NAMES
        more = f" … và {rest} đơn vị khác (trang “{FILES_SHEET}”)" if rest > 0 else ""
        page.line(f"{', '.join(silent[:MOST_NAMES])}{more}.")


def _write_changes(page: _Page, changes: Sequence[Change]) -> None:
    """The figures that changed most against last year."""
    last = "cùng kỳ năm trước" if page.result.is_part_of_plan else "năm trước"
    page.title(f"3. Tăng, giảm nhiều nhất so với {last}")
    if not changes:
        page.line(f"Chưa có số {last} của cùng các đơn vị để so sánh.")
        return
    _write_headings(page)
    for number, (indicator, _) in enumerate(changes, start=1):
        _write_target(page, number, indicator)


def _write_findings(page: _Page) -> None:
    """The first errors and warnings, each with a link to its row among the findings."""
    ordered = worst_first(page.result.findings)
    wanted = [one for one in ordered if one.severity is not Severity.INFO]
    page.title("4. Cần xử lý" if wanted else "4. Không còn lỗi, cảnh báo")
    for number, finding in enumerate(wanted[:MOST_FINDINGS]):
        _write_finding(page, FIRST_ROW + number, finding)
    if len(wanted) > MOST_FINDINGS:
        page.line(f"… và {len(wanted) - MOST_FINDINGS} lỗi, cảnh báo khác ở trang “{FINDINGS_SHEET}”.")


def _write_finding(page: _Page, row: int, finding: Finding) -> None:
    """Severity, and the sentence, which leads to the finding."""
    fill = BAD_FILL if finding.severity is Severity.ERROR else DOUBT_FILL
    text = f"{finding.place}: {finding.message()}" if finding.place else finding.message()
    look = {**TEXT, "bg_color": fill}
    page.sheet.merge(page.row, PLACES["label"], LAST_COLUMN, text, TEXT)
    target = full_address(FINDINGS_SHEET, f"{column_letters(FIRST_COLUMN)}{row}")
    page.sheet.write_link(page.row, FIRST_COLUMN, target, SEVERITY_WORDS[finding.severity], {**look, **SMALL_LINK})
    page.sheet.set_row(
        page.row, max(32.0, height_of(lines_in(text, sum(page.widths.values()) - page.widths["number"])))
    )
    page.row += 1


def _write_index(page: _Page, sheets: Sequence[str]) -> None:
    """All sheets with links: those of the summary on the left, the forms on the right."""
    page.title("Mục lục (bấm vào tên để mở trang)")
    left = [(full_address(name, "A1"), name, text) for name, text in INDEX.items() if name in sheets]
    left.append((full_address(COVER_SHEET, "A1"), COVER_SHEET, "Bìa của bộ biểu"))
    right = [(sheet_link(placed), placed.sheet) for placed in page.result.layout.fields]
    for number in range(max(len(left), len(right))):
        row = page.row + number
        if number < len(left):
            target, name, text = left[number]
            page.sheet.write_link(row, PLACES["label"], target, name, PLAIN_LINK)
            page.sheet.write(row, PLACES["unit"], text, {"font_size": 10})
        if number < len(right):
            page.sheet.write_link(row, PLACES["plan_ratio"], *right[number], PLAIN_LINK)
        page.sheet.set_row(row, 16)
    page.row += max(len(left), len(right))


def _set_up(page: _Page, index_row: int) -> None:
    sheet, last = page.sheet, page.row - 1
    sheet.set_columns(
        {CODE_COLUMN: 10.0} | {PLACES[code]: width for code, width in page.widths.items()}, hidden=[CODE_COLUMN]
    )
    sheet.set_print(last, LAST_COLUMN, landscape=False, repeat_rows=None)
    scale = scale_to_fit(page.widths.values(), landscape=False)
    heights = [sheet.heights.get(row, DEFAULT_HEIGHT) for row in range(1, last + 1)]
    if sum(heights) > page_room(scale, landscape=False):
        sheet.worksheet.set_h_pagebreaks([index_row])
    sheet.worksheet.set_first_sheet()
    sheet.worksheet.activate()
