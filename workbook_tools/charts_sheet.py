"""Writes the sheet of charts: native charts on the left, the live cells that feed them on the right."""

from collections.abc import Collection, Sequence

from workbook_tools.bar_charts import BarChart, Bars
from workbook_tools.cells import column_letters, full_address
from workbook_tools.chart_data import ChartTable, Places
from workbook_tools.consolidated import Consolidation
from workbook_tools.excel_writing import DEFAULT_HEIGHT, Sheet
from workbook_tools.form_layout import CODE_COLUMN, FIRST_COLUMN
from workbook_tools.print_pages import RowHeight, page_ends, page_room, scale_to_fit
from workbook_tools.styles import BLOCK_TITLE, BORDER, HEADING, SUBTITLE, TEXT, TITLE
from workbook_tools.summary_sheets import CHARTS_SHEET, period_label, unit_name, write_back

HALF_COLUMNS = 7
LAST_COLUMN = FIRST_COLUMN + 2 * HALF_COLUMNS - 1
COLUMN_WIDTH, COLUMN_PIXELS, ROW_PIXELS = 9.0, 68, 20
SHORTEST, LONGEST, PER_LABEL, AROUND = 14, 28, 1.1, 6
"""Rows of the sheet that a chart takes: at least, at most (a printed page), for each label, for title and legend."""

LETTER_PIXELS = 6
"""Width of a letter of a label."""

DATA_COLUMN = LAST_COLUMN + 2
LABEL_WIDTH, SERIES_WIDTH = 60.0, 18.0
NOTHING = "Chưa có số liệu để vẽ biểu đồ: cần kế hoạch, số năm trước, hoặc các phần của một chỉ tiêu chia ra."


def write_charts(sheet: Sheet, result: Consolidation, tables: Sequence[ChartTable]) -> None:
    """All charts, two side by side where they are narrow, section by section."""
    _write_heading(sheet, result, bool(tables))
    row, data_row = 5, 5
    kept: set[int] = set()
    """Rows that stay on the page of the row below: those of a chart, and the heading above it."""
    section, number, waiting = "", 0, 0
    for table in tables:
        rows = _rows_of(table)
        if table.section != section:
            row, waiting = row + waiting, 0
            number += 1
            sheet.write(row, FIRST_COLUMN, f"{number}. {table.section}", BLOCK_TITLE)
            kept.add(row)
            row, section = row + 1, table.section
        if waiting and table.is_wide:
            row, waiting = row + waiting, 0
        places = _write_data(sheet, data_row, table)
        column = FIRST_COLUMN + HALF_COLUMNS if waiting else FIRST_COLUMN
        sheet.add_bars(row, column, _chart(data_row, table, places, rows))
        kept |= set(range(row, row + rows - 1))
        data_row += len(table.labels) + 3
        if waiting or table.is_wide:
            row, waiting = row + max(rows, waiting) + 1, 0
        else:
            waiting = rows
    _set_up(sheet, row + waiting, kept)


def _rows_of(table: ChartTable) -> int:
    bars = len(table.labels) * (1 if table.is_exclusive else len(table.series))
    shortest = SHORTEST // 2 if table.is_wide else SHORTEST
    return min(LONGEST, max(shortest, round(AROUND + PER_LABEL * bars)))


def _write_heading(sheet: Sheet, result: Consolidation, has_charts: bool) -> None:
    sheet.write(1, CODE_COLUMN, "#charts")
    write_back(sheet, 1, FIRST_COLUMN)
    sheet.merge(2, FIRST_COLUMN, LAST_COLUMN, "BIỂU ĐỒ", TITLE)
    sheet.set_row(2, 24)
    sheet.merge(3, FIRST_COLUMN, LAST_COLUMN, f"{unit_name(result)} - {period_label(result)}", SUBTITLE)
    if has_charts:
        sheet.write(3, DATA_COLUMN, "Số liệu của biểu đồ (công thức, lấy từ các trang khác; không sửa)", BLOCK_TITLE)
    else:
        sheet.write(5, FIRST_COLUMN, NOTHING)


def _write_data(sheet: Sheet, row: int, table: ChartTable) -> Places:
    """Title, names of the series, then a row for each label."""
    first, last = row + 2, row + 1 + len(table.labels)
    ranges = [
        f"${column_letters(DATA_COLUMN + offset)}${first}:${column_letters(DATA_COLUMN + offset)}${last}"
        for offset in range(len(table.series) + 1)
    ]
    places = Places(f"${column_letters(DATA_COLUMN)}${row + 1}", ranges[0], tuple(ranges[1:]))
    title = table.title(places)
    sheet.write_formula(row, DATA_COLUMN, title.formula, title.text, {"bold": True})
    sheet.write(row + 1, DATA_COLUMN, table.subject, HEADING)
    for offset, (name, _) in enumerate(table.series, start=1):
        sheet.write(row + 1, DATA_COLUMN + offset, name, HEADING)
    for number, label in enumerate(table.labels):
        sheet.write(first + number, DATA_COLUMN, label, {**TEXT, "text_wrap": False})
        for offset, numbers in enumerate(table.numbers, start=1):
            one = numbers[number]
            look = {**BORDER, "num_format": "#,##0.00"}
            sheet.write_formula(first + number, DATA_COLUMN + offset, one.formula, one.value, look)
    return places


def _chart(row: int, table: ChartTable, places: Places, rows: int) -> BarChart:
    def at(area: str) -> str:
        return full_address(CHARTS_SHEET, area)

    title = table.title(places).text
    series = tuple(
        Bars(at(f"${column_letters(DATA_COLUMN + number)}${row + 1}"), at(places.labels), at(area), colour)
        for number, (area, (_, colour)) in enumerate(zip(places.series, table.series, strict=True), start=1)
    )
    width = (2 * HALF_COLUMNS if table.is_wide else HALF_COLUMNS) * COLUMN_PIXELS - 8
    longest = max(map(len, table.labels))
    return BarChart(
        title=at(f"${column_letters(DATA_COLUMN)}${row}"),
        series=series,
        description=f"{table.section}. Biểu đồ thanh, {len(table.labels)} dòng: {table.subject}. {title}.",
        number_format=table.number_format,
        size=(width, rows * ROW_PIXELS - 8),
        label_share=min(0.47, (28 + LETTER_PIXELS * longest) / width),
        exclusive=table.is_exclusive,
        from_nought=table.from_nought,
    )


def _set_up(sheet: Sheet, last: int, kept: Collection[int]) -> None:
    widths = {CODE_COLUMN: 10.0} | dict.fromkeys(range(FIRST_COLUMN, LAST_COLUMN + 1), COLUMN_WIDTH)
    widths |= {DATA_COLUMN: LABEL_WIDTH, DATA_COLUMN + 1: SERIES_WIDTH, DATA_COLUMN + 2: SERIES_WIDTH}
    sheet.set_columns(widths, hidden=[CODE_COLUMN])
    sheet.set_print(last, LAST_COLUMN, landscape=True, repeat_rows=None, first_row=2)
    scale = scale_to_fit([COLUMN_WIDTH] * 2 * HALF_COLUMNS, landscape=True)
    rows = [RowHeight(row, sheet.heights.get(row, DEFAULT_HEIGHT), row in kept) for row in range(2, last + 1)]
    ends = page_ends(rows, page_room(scale, landscape=True), repeated=0, above=0)
    sheet.worksheet.set_h_pagebreaks(list(ends))
