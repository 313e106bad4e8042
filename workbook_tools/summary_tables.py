"""Writes the two sheets that compare: all indicators by field, and the headline ones with the count of those met."""

from collections.abc import Mapping

from workbook_tools.consolidated import ABOVE, BELOW, MET, Consolidation, assessment, ratio_to_prior, share_of_whole
from workbook_tools.excel_writing import Book
from workbook_tools.field_sheets import WIDTHS
from workbook_tools.figure_cube import CellFigure
from workbook_tools.form_layout import CODE_COLUMN, FIRST_COLUMN, headings_of
from workbook_tools.formulas import Figure
from workbook_tools.indicators import GroupRow, Indicator
from workbook_tools.periods import parse_period
from workbook_tools.styles import BORDER, CENTRED, SUBTITLE, TEXT
from workbook_tools.summary_sheets import (
    FIRST_ROW,
    HEADLINE_SHEET,
    SUMMARY_SHEET,
    Column,
    Table,
    add_table,
    assessment_words,
    colour_assessments,
    count_units,
    fields_with_indicators,
    figure_look,
    finish_table,
    height_of,
    lines_of,
    reported_of,
    write_block_title,
    write_field_title,
    write_group,
    write_live,
    write_reference,
    write_signature,
)

UNIT_WIDTH = 15.0
ROWS_ON_ONE_PAGE = 30
COUNT_ROW = 4
COUNT_COLUMN = FIRST_COLUMN + 5
"""Where the headline sheet counts the indicators that are met."""


def write_summary_table(book: Book, result: Consolidation, remarks: Mapping[str, str]) -> None:
    """Every indicator, field by field: figures, ratios, share, assessment, and how many units stand behind."""
    columns = [
        *_first_columns(result),
        Column("prior_ratio", "So cùng kỳ (%)", 10),
        Column("share", "Tỷ trọng (%)", 9),
        Column("assessment", "Đánh giá", 10),
        Column("reported", "Số đơn vị có số liệu", 9),
        Column("note", "Ghi chú", 30),
    ]
    table = add_table(book, SUMMARY_SHEET, "#summary", result, "TỔNG HỢP TÌNH HÌNH KINH TẾ - XÃ HỘI", columns)
    reported, expected = count_units(result)
    text = f"Tổng hợp từ {reported}/{expected} đơn vị"
    table.sheet.merge(4, FIRST_COLUMN, table.last_column, text, SUBTITLE)
    row = FIRST_ROW
    for number, (placed, blocks) in enumerate(fields_with_indicators(result), start=1):
        write_field_title(table, row, placed, number)
        row += 1
        for block in blocks:
            write_block_title(table, row, block)
            row += 1
            for one in block.rows:
                if isinstance(one.content, GroupRow):
                    write_group(table, row, one.content.number, one.content.label)
                elif isinstance(one.content, Indicator):
                    _write_indicator(table, row, result, one.content, remarks)
                row += 1
    colour_assessments(table, result, row - 1)
    finish_table(table, row - 1, frozen="label", printed_to=write_signature(table, row + 1, result))


def write_headline_table(book: Book, result: Consolidation) -> None:
    """The headline indicators, above them how many of those with a plan have met it."""
    headings = _headings(result)
    columns = [
        *_first_columns(result),
        Column("prior_ratio", "So cùng kỳ (%)", 10),
        Column("assessment", "Đánh giá", 10),
        Column("reported", "Số đơn vị có số liệu", 9),
        Column("next_plan", headings.get("next_plan", "Kế hoạch năm sau"), 13),
    ]
    title = "KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU CHỦ YẾU"
    table = add_table(book, HEADLINE_SHEET, "#headline", result, title, columns)
    chosen = [one for one in result.catalogue.indicators.values() if one.headline and one.kind.is_numeric]
    verdicts = []
    for number, indicator in enumerate(chosen, start=1):
        row = FIRST_ROW + number - 1
        _write_label(table, row, indicator, str(number), indent=0)
        _write_figures(table, row, result, indicator, ("prior", "plan", "actual", "plan_ratio", "next_plan"))
        verdicts.append(_write_comparison(table, row, result, indicator))
        table.sheet.write(row, table.places["reported"], reported_of(result, indicator), CENTRED)
    last = FIRST_ROW + max(len(chosen), 1) - 1
    _write_counts(table, result, verdicts, last)
    colour_assessments(table, result, last)
    finish_table(table, last, frozen="label", printed_to=write_signature(table, last + 2, result))
    if len(chosen) <= ROWS_ON_ONE_PAGE:
        table.sheet.worksheet.fit_to_pages(1, 1)


def _headings(result: Consolidation) -> dict[str, str]:
    return headings_of(result.catalogue, parse_period(result.period))


def _first_columns(result: Consolidation) -> list[Column]:
    headings = _headings(result)
    return [
        Column("number", "STT", WIDTHS["number"]),
        Column("label", "Chỉ tiêu", WIDTHS["label"]),
        Column("unit", "ĐVT", UNIT_WIDTH),
        Column("prior", headings.get("prior", "Thực hiện năm trước"), 17),
        Column("plan", headings.get("plan", "Kế hoạch"), 17),
        Column("actual", headings.get("actual", "Thực hiện"), 17),
        Column("plan_ratio", "TH/KH (%)", 10),
    ]


def _write_indicator(
    table: Table, row: int, result: Consolidation, indicator: Indicator, remarks: Mapping[str, str]
) -> None:
    lines = _write_label(table, row, indicator, indicator.number, indicator.indent)
    if indicator.kind.is_numeric:
        _write_figures(table, row, result, indicator, ("prior", "plan", "actual", "plan_ratio"))
        _write_comparison(table, row, result, indicator)
        share = share_of_whole(indicator)
        write_live(table.sheet, row, table.places["share"], result, share, figure_look(indicator, "share"))
    else:
        lines = max(lines, _write_text(table, row, result, indicator))
    table.sheet.write(row, table.places["reported"], reported_of(result, indicator), CENTRED)
    note = remarks.get(indicator.code, "")
    table.sheet.write(row, table.places["note"], note, TEXT)
    table.sheet.set_row(row, height_of(max(lines, lines_of(note, table.width("note")))))


def _write_label(table: Table, row: int, indicator: Indicator, number: str, indent: int) -> int:
    """Number, name and unit of an indicator; gives the lines they take."""
    table.sheet.write(row, CODE_COLUMN, indicator.code)
    table.sheet.write(row, table.places["number"], number, CENTRED)
    style = {**TEXT, "indent": indent, "bold": indicator.headline}
    table.sheet.write(row, table.places["label"], indicator.label, style)
    table.sheet.write(row, table.places["unit"], indicator.unit, CENTRED)
    lines = max(
        lines_of(indicator.label, table.width("label") - 2 - 2 * indent),
        lines_of(indicator.unit, table.width("unit")),
    )
    table.sheet.set_row(row, height_of(lines))
    return lines


def _write_figures(
    table: Table, row: int, result: Consolidation, indicator: Indicator, measures: tuple[str, ...]
) -> None:
    for measure in measures:
        figure, place = Figure(indicator.code, measure), table.places[measure]
        write_reference(table.sheet, row, place, result, figure, figure_look(indicator, measure))


def _write_comparison(table: Table, row: int, result: Consolidation, indicator: Indicator) -> CellFigure:
    """This year against last year, and the assessment, which is given back."""
    look = figure_look(indicator, "prior_ratio")
    write_live(table.sheet, row, table.places["prior_ratio"], result, ratio_to_prior(indicator), look)
    verdict = assessment(result.catalogue, indicator)
    return write_live(table.sheet, row, table.places["assessment"], result, verdict, CENTRED)


def _write_text(table: Table, row: int, result: Consolidation, indicator: Indicator) -> int:
    """A result in words, over the columns that hold ratios of numbers; gives the lines it takes."""
    first, last = table.places["actual"], table.places["assessment"]
    for measure in ("prior", "plan"):
        write_reference(table.sheet, row, table.places[measure], result, Figure(indicator.code, measure), TEXT)
    table.sheet.merge(row, first, last, None, TEXT)
    figure = Figure(indicator.code, "actual")
    write_reference(table.sheet, row, first, result, figure, {**TEXT, "num_format": "General"})
    width = sum(column.width for column in table.columns if first <= table.places[column.code] <= last)
    return lines_of(str(result.value(figure) or ""), width)


def _write_counts(table: Table, result: Consolidation, verdicts: list[CellFigure], last: int) -> None:
    """Two live counts: indicators met or exceeded, and all that have an assessment."""
    words = assessment_words(result)
    area = table.area("assessment", last)
    style = {**BORDER, "bold": True, "align": "center", "num_format": "0"}
    text = "Số chỉ tiêu đạt và vượt kế hoạch / số chỉ tiêu được đánh giá:"
    table.sheet.merge(COUNT_ROW, FIRST_COLUMN, COUNT_COLUMN - 1, text, {"bold": True, "align": "right"})
    for column, keys in ((COUNT_COLUMN, (ABOVE, MET)), (COUNT_COLUMN + 2, (ABOVE, MET, BELOW))):
        wanted = [words[key] for key in keys if words[key]]
        formula = "=" + "+".join(f'COUNTIF({area},"{word}")' for word in wanted)
        if wanted:
            table.sheet.write_formula(COUNT_ROW, column, formula, sum(verdicts.count(word) for word in wanted), style)
    table.sheet.write(COUNT_ROW, COUNT_COLUMN + 1, "/", {"bold": True, "align": "center"})
    table.sheet.set_row(COUNT_ROW, 20)
