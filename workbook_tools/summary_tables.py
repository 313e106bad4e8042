"""Writes the two sheets that compare: all indicators by field, and the headline ones with the count of those met."""

from collections.abc import Iterable, Mapping

from workbook_tools.consolidated import (
    ABOVE,
    BELOW,
    MET,
    Consolidation,
    assessment,
    assessment_words,
    ratio_to_prior,
    share_of_whole,
)
from workbook_tools.excel_writing import Book
from workbook_tools.figure_cube import CellFigure
from workbook_tools.form_layout import CODE_COLUMN, FIRST_COLUMN, headings_of
from workbook_tools.formulas import Figure
from workbook_tools.highlights import headline_indicators
from workbook_tools.indicators import Indicator
from workbook_tools.like_for_like import BASES, Ratios
from workbook_tools.live_cells import figure_look, figure_width, reported_of, write_live, write_reference
from workbook_tools.periods import parse_period
from workbook_tools.same_unit_columns import (
    EXPLANATION,
    MARK,
    part_columns,
    ratio_columns,
    remarks_on,
    write_same_units,
)
from workbook_tools.styles import BAR_FILL, BORDER, CENTRED, NOTICE, TEXT
from workbook_tools.summary_body import body_rows, folded_text, write_body, write_notice
from workbook_tools.summary_sheets import (
    FIRST_ROW,
    HEADLINE_SHEET,
    SUMMARY_SHEET,
    Column,
    Table,
    Written,
    add_table,
    assessment_width,
    colour_assessments,
    count_units,
    finish_table,
    height_of,
    reached_words,
    write_signature,
)
from workbook_tools.text_widths import lines_in

FIGURE_WIDTH = 14.0
ROWS_ON_ONE_PAGE = 30
COUNT_ROW = 4
COUNT_COLUMN = FIRST_COLUMN + 5
"""Where the headline sheet counts the indicators that are met; two columns on, those that have an assessment."""


def write_summary_table(book: Book, result: Consolidation, remarks: Mapping[str, str], ratios: Ratios) -> Written:
    """Every indicator, field by field: figures, ratios, share, assessment, and how many units stand behind.

    Args:
        ratios: those of the same units, for the rows whose plain ratio is of different ones.
    """
    first = _first_columns(result, result.catalogue.indicators.values())
    columns = [
        *first,
        Column("prior_ratio", "So cùng kỳ (%)", 9),
        *ratio_columns(ratios),
        Column("share", "Tỷ trọng (%)", 8),
        Column("assessment", "Đánh giá", assessment_width(result)),
        Column("reported", "Số đơn vị có số liệu", 9),
        Column("note", "Ghi chú", 28),
        *part_columns(ratios, first[-2].width),
    ]
    table = add_table(
        book, SUMMARY_SHEET, "#summary", result, "TỔNG HỢP TÌNH HÌNH KINH TẾ - XÃ HỘI", columns, "Phụ lục I"
    )
    rows = body_rows(result, lambda indicator: True, noted=remarks)

    def write_indicator(row: int, indicator: Indicator) -> None:
        _write_indicator(table, row, result, indicator, remarks, ratios)

    places = write_body(table, rows, write_indicator)
    last = rows[-1].row if rows else FIRST_ROW
    reported, expected = count_units(result)
    folded = folded_text(rows)
    text = f"Tổng hợp từ {reported}/{expected} đơn vị. {folded}".strip()
    text = f"{text} {EXPLANATION}" if any(ratios.values()) else text
    write_notice(table, text, "actual", last if folded else 0)
    share, verdict = table.places["share"], table.places["assessment"]
    table.sheet.add_data_bars((FIRST_ROW, share), (last, share), BAR_FILL, 100)
    colour_assessments(table.sheet, (FIRST_ROW, verdict), (last, verdict), result)
    printed_to = write_signature(table, last + 2, result)
    finish_table(
        table, last, frozen="unit", printed_to=printed_to, headings=[one.row for one in rows if one.is_heading]
    )
    return Written(table, places)


def write_headline_table(book: Book, result: Consolidation, ratios: Ratios) -> Written:
    """The headline indicators, above them how many of those with a plan have met it."""
    chosen = headline_indicators(result)
    ratios = _of(chosen, ratios)
    headings = _headings(result)
    columns = [
        *_first_columns(result, chosen),
        Column("prior_ratio", "So cùng kỳ (%)", 9),
        *ratio_columns(ratios),
        Column("assessment", "Đánh giá", assessment_width(result)),
        Column("reported", "Số đơn vị có số liệu", 9),
        Column(
            "next_plan",
            headings.get("next_plan", "Kế hoạch năm sau"),
            figure_width(result, chosen, "next_plan", FIGURE_WIDTH),
        ),
        *part_columns(ratios, FIGURE_WIDTH + 4),
    ]
    title = "KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU CHỦ YẾU"
    table = add_table(book, HEADLINE_SHEET, "#headline", result, title, columns, "Phụ lục II")
    verdicts, places = [], {}
    for number, indicator in enumerate(chosen, start=1):
        row = FIRST_ROW + number - 1
        places[indicator.code] = row
        _write_label(table, row, indicator, str(number), indent=0)
        _write_figures(table, row, result, indicator, ("prior", "plan", "actual", "next_plan"))
        verdicts.append(_write_comparison(table, row, result, indicator, ratios))
        write_same_units(table, row, indicator, ratios)
        table.sheet.write(row, table.places["reported"], reported_of(result, indicator), CENTRED)
    last = FIRST_ROW + max(len(chosen), 1) - 1
    _write_counts(table, result, verdicts, last)
    if any(ratios.values()):
        table.sheet.write(last + 1, FIRST_COLUMN, EXPLANATION, NOTICE)
    place = table.places["assessment"]
    colour_assessments(table.sheet, (FIRST_ROW, place), (last, place), result)
    finish_table(table, last, frozen="unit", printed_to=write_signature(table, last + 2, result))
    if len(chosen) <= ROWS_ON_ONE_PAGE:
        table.sheet.worksheet.fit_to_pages(1, 1)
    return Written(table, places)


def _of(chosen: Iterable[Indicator], ratios: Ratios) -> Ratios:
    """The ratios of some indicators."""
    codes = {one.code for one in chosen}
    return {base: {code: one for code, one in found.items() if code in codes} for base, found in ratios.items()}


def _headings(result: Consolidation) -> dict[str, str]:
    return headings_of(result.catalogue, parse_period(result.period))


def _first_columns(result: Consolidation, indicators: Iterable[Indicator]) -> list[Column]:
    headings, shown = _headings(result), list(indicators)
    return [
        Column("number", "STT", 6),
        Column("label", "Chỉ tiêu", 44),
        Column("unit", "ĐVT", 15),
        Column(
            "prior", headings.get("prior", "Thực hiện năm trước"), figure_width(result, shown, "prior", FIGURE_WIDTH)
        ),
        Column("plan", headings.get("plan", "Kế hoạch"), figure_width(result, shown, "plan", FIGURE_WIDTH)),
        Column("actual", headings.get("actual", "Thực hiện"), figure_width(result, shown, "actual", FIGURE_WIDTH)),
        Column("plan_ratio", "TH/KH (%)", 9),
    ]


def _write_indicator(
    table: Table, row: int, result: Consolidation, indicator: Indicator, remarks: Mapping[str, str], ratios: Ratios
) -> None:
    lines = _write_label(table, row, indicator, indicator.number, indicator.indent)
    write_same_units(table, row, indicator, ratios)
    if indicator.kind.is_numeric:
        _write_figures(table, row, result, indicator, ("prior", "plan", "actual"))
        _write_comparison(table, row, result, indicator, ratios)
        share = share_of_whole(indicator)
        write_live(table.sheet, row, table.places["share"], result, share, figure_look(indicator, "share"))
    else:
        lines = max(lines, _write_text(table, row, result, indicator))
    table.sheet.write(row, table.places["reported"], reported_of(result, indicator), CENTRED)
    note = "; ".join(filter(None, [remarks.get(indicator.code, ""), *remarks_on(indicator, ratios)]))
    table.sheet.write(row, table.places["note"], note, {**TEXT, "font_size": 10})
    table.sheet.set_row(row, height_of(max(lines, lines_in(note, 1.1 * table.width("note")))))


def _write_label(table: Table, row: int, indicator: Indicator, number: str, indent: int) -> int:
    """Number, name and unit of an indicator; gives the lines they take."""
    table.sheet.write(row, CODE_COLUMN, indicator.code)
    table.sheet.write(row, table.places["number"], number, CENTRED)
    style = {**TEXT, "indent": indent, "bold": indicator.headline}
    table.sheet.write(row, table.places["label"], indicator.label, style)
    table.sheet.write(row, table.places["unit"], indicator.unit, CENTRED)
    lines = max(
        lines_in(indicator.label, table.width("label") - 1.5 * indent, bold=indicator.headline),
        lines_in(indicator.unit, table.width("unit")),
    )
    table.sheet.set_row(row, height_of(lines))
    return lines


def _write_figures(
    table: Table, row: int, result: Consolidation, indicator: Indicator, measures: tuple[str, ...]
) -> None:
    for measure in measures:
        figure, place = Figure(indicator.code, measure), table.places[measure]
        write_reference(table.sheet, row, place, result, figure, figure_look(indicator, measure))


def _write_comparison(
    table: Table, row: int, result: Consolidation, indicator: Indicator, ratios: Ratios
) -> CellFigure:
    """This year against plan and last year, and the assessment, which is given back."""
    look = figure_look(indicator, "prior_ratio")
    blank = {base: MARK if indicator.code in ratios[base] else "" for base in BASES}
    ratio = Figure(indicator.code, "plan_ratio")
    write_reference(table.sheet, row, table.places["plan_ratio"], result, ratio, look, blank["plan"])
    prior = table.places["prior_ratio"]
    if write_live(table.sheet, row, prior, result, ratio_to_prior(indicator), look) is None and blank["prior"]:
        table.sheet.write(row, prior, blank["prior"], look)
    verdict = assessment(result, indicator)
    return write_live(table.sheet, row, table.places["assessment"], result, verdict, CENTRED)


def _write_text(table: Table, row: int, result: Consolidation, indicator: Indicator) -> int:
    """A result in words; gives the lines it takes."""
    lines = 1
    for measure in ("prior", "plan", "actual"):
        figure = Figure(indicator.code, measure)
        write_reference(table.sheet, row, table.places[measure], result, figure, {**TEXT, "num_format": "General"})
        lines = max(lines, lines_in(str(result.value(figure) or ""), table.width(measure)))
    for code in ("plan_ratio", "prior_ratio", "share", "assessment"):
        table.sheet.write(row, table.places[code], None, CENTRED)
    return lines


def _write_counts(table: Table, result: Consolidation, verdicts: list[CellFigure], last: int) -> None:
    """Two live counts: indicators met or exceeded, and all that have an assessment."""
    words = assessment_words(result)
    area = table.area("assessment", last)
    style = {**BORDER, "bold": True, "align": "center", "num_format": "0"}
    judged = "có số so kế hoạch" if result.is_part_of_plan else "được đánh giá"
    text = f"Số chỉ tiêu {reached_words(result)} / số chỉ tiêu {judged}:"
    table.sheet.merge(COUNT_ROW, FIRST_COLUMN, COUNT_COLUMN - 1, text, {"bold": True, "align": "right"})
    for column, keys in ((COUNT_COLUMN, (ABOVE, MET)), (COUNT_COLUMN + 2, (ABOVE, MET, BELOW))):
        wanted = [words[key] for key in keys if words[key]]
        formula = "=" + "+".join(f'COUNTIF({area},"{word}")' for word in wanted)
        if wanted:
            table.sheet.write_formula(COUNT_ROW, column, formula, sum(verdicts.count(word) for word in wanted), style)
    table.sheet.write(COUNT_ROW, COUNT_COLUMN + 1, "/", {"bold": True, "align": "center"})
    table.sheet.set_row(COUNT_ROW, 20)
