"""Writes the sheet of units side by side: each unit's figure linked to its cell, and the live total."""

import math

from workbook_tools.cells import FigureName, Position, full_address
from workbook_tools.consolidated import MOST_COMPARED, Consolidation, compared_units, shown_units
from workbook_tools.excel_writing import MAXIMUM_LINKS, Book
from workbook_tools.figure_cube import CellFigure
from workbook_tools.form_layout import CODE_COLUMN
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Aggregation, Indicator
from workbook_tools.live_cells import figure_look, figure_width, write_reference
from workbook_tools.print_pages import CERTAIN, LONG_SIDE, SIDE_MARGINS, WIDEST_DIGIT, points_of
from workbook_tools.styles import CENTRED, TEXT
from workbook_tools.summary_body import body_rows, folded_text, write_body, write_notice
from workbook_tools.summary_sheets import (
    FIRST_ROW,
    UNITS_SHEET,
    Column,
    Table,
    Written,
    add_table,
    finish_table,
    height_of,
    silent_units,
)
from workbook_tools.text_widths import lines_in
from workbook_tools.units import Unit

MEASURE = "actual"
TOTAL = "total"
SPARK = "spark"
UNITS_ON_ONE_PAGE = 6
SCALE_OF_MANY = 60
UNIT_WIDTH, NARROW_UNIT_WIDTH = 15.0, 13.0
FEWEST_COMPARED = 3
"""So many units, and numbers of units, are worth a comparison in small columns."""

Source = tuple[str, str, str]
"""File, sheet and cell."""


def write_unit_matrix(book: Book, result: Consolidation, received_in: str = "") -> Written:
    """This year's figures of every unit beside their total; units that sent nothing are empty columns."""
    units = compared_units(result)
    many = len(units) > MOST_COMPARED
    indicators = [one for one in result.catalogue.indicators.values() if one.kind.is_numeric]
    indicators = [one for one in indicators if one.headline or not many]
    sources = _sources(result, units, indicators, received_in)
    table = _add_table(book, result, units, indicators)
    codes = {one.code for one in indicators}
    rows = body_rows(result, lambda one: one.code in codes)

    def write_indicator(row: int, indicator: Indicator) -> None:
        _write_indicator(table, row, result, units, indicator, sources)

    places = write_body(table, rows, write_indicator)
    link = "Bấm vào số màu xanh để mở đúng ô trong tệp đơn vị đã nộp." if sources else ""
    folded = folded_text(rows)
    last = rows[-1].row if rows else FIRST_ROW
    write_notice(
        table, " ".join(filter(None, (link, _grouped_text(result, units), folded))), TOTAL, last if folded else 0
    )
    headings = [one.row for one in rows if one.is_heading]
    many = len(units) > UNITS_ON_ONE_PAGE
    finish_table(table, last, frozen=units[0].code, headings=headings, scale=SCALE_OF_MANY if many else 0)
    if many:
        _print_in_strips(table, units)
    return Written(table, places)


def _print_in_strips(table: Table, units: list[Unit]) -> None:
    """As many units on a page as fit, each page with the labels and the total again."""
    repeated = [column for column in table.columns if table.places[column.code] < table.places[units[0].code]]
    table.sheet.worksheet.repeat_columns(0, table.places[units[0].code] - 2)
    labels = points_of((one.width for one in repeated), WIDEST_DIGIT)
    room = CERTAIN * (LONG_SIDE - SIDE_MARGINS) * 100 / SCALE_OF_MANY - labels
    breaks, used = [], 0.0
    for unit in units:
        width = points_of([table.width(unit.code)], WIDEST_DIGIT)
        if used and used + width > room:
            breaks.append(table.places[unit.code] - 1)
            used = 0.0
        used += width
    table.sheet.worksheet.set_v_pagebreaks(breaks)


def _add_table(book: Book, result: Consolidation, units: list[Unit], indicators: list[Indicator]) -> Table:
    silent = {unit.code for unit in silent_units(result)}
    width = UNIT_WIDTH if len(units) <= UNITS_ON_ONE_PAGE else NARROW_UNIT_WIDTH
    columns = [
        Column("number", "STT", 6),
        Column("label", "Chỉ tiêu", 44 if len(units) <= UNITS_ON_ONE_PAGE else 36),
        Column("unit", "ĐVT", 15),
        Column(TOTAL, "Tổng", figure_width(result, indicators, MEASURE, width)),
        *([Column(SPARK, "So sánh\nđơn vị", 12)] if len(units) >= FEWEST_COMPARED else []),
        *(
            Column(
                unit.code,
                f"{unit.name}\n(chưa nộp)" if unit.code in silent else unit.name,
                figure_width(result, indicators, MEASURE, width, result.cube.row(unit.code)),
            )
            for unit in units
        ),
    ]
    return add_table(book, UNITS_SHEET, "#units", result, "SỐ THỰC HIỆN THEO ĐƠN VỊ", columns)


def _sources(
    result: Consolidation, units: list[Unit], indicators: list[Indicator], received_in: str
) -> dict[tuple[str, str], Source]:
    """The cell of each shown figure by unit and indicator; none at all where they are more than a sheet may link."""
    shown, names = {unit.code for unit in units}, [FigureName(one.code, MEASURE) for one in indicators]
    folder = f"{received_in.rstrip('/')}/" if received_in else ""
    sources = {}
    for one in result.returns:
        frame = one.columns.frame
        if one.unit in shown:
            for place in [frame.places[name] for name in names if name in frame.places]:
                source = (folder + one.file, frame.sheets[place], frame.cells[place])
                sources[one.unit, frame.indicators[place]] = source
    filled = sum(
        result.value(Figure(indicator, MEASURE), result.cube.row(unit)) is not None for unit, indicator in sources
    )
    return sources if filled <= MAXIMUM_LINKS else {}


def _grouped_text(result: Consolidation, units: list[Unit]) -> str:
    """What the sheet leaves out of very many units."""
    lowest = len(shown_units(result))
    if len(units) > MOST_COMPARED:
        return f"Có {lowest} đơn vị: trang này chỉ có chỉ tiêu chủ yếu."
    return f"Có {lowest} đơn vị: trang này cộng theo đơn vị cấp trên của chúng." if lowest > len(units) else ""


def _write_indicator(
    table: Table,
    row: int,
    result: Consolidation,
    units: list[Unit],
    indicator: Indicator,
    sources: dict[tuple[str, str], Source],
) -> None:
    sheet, places = table.sheet, table.places
    figure = Figure(indicator.code, MEASURE)
    look = figure_look(indicator, MEASURE)
    sheet.write(row, CODE_COLUMN, indicator.code)
    sheet.write(row, places["number"], indicator.number, CENTRED)
    sheet.write(row, places["label"], indicator.label, {**TEXT, "indent": indicator.indent, "bold": indicator.headline})
    sheet.write(row, places["unit"], indicator.unit, CENTRED)
    values = [result.value(figure, result.cube.row(unit.code)) for unit in units]
    for unit, value in zip(units, values, strict=True):
        source = sources.get((unit.code, indicator.code))
        if source is None or value is None:
            sheet.write(row, places[unit.code], value, look)
        else:
            sheet.write_linked(row, places[unit.code], value, source, {**look, "font_color": "#0563C1"})
    total = result.value(figure)
    style = {**look, "bold": True}
    if indicator.aggregation is Aggregation.SUM and isinstance(total, int | float) and _adds_up(values, total):
        first, last = (Position(row, places[units[number].code]).name for number in (0, -1))
        sheet.write_formula(row, places[TOTAL], f"=SUM({first}:{last})", total, style)
    else:
        write_reference(sheet, row, places[TOTAL], result, figure, style)
    if SPARK in places:
        _write_spark(table, row, units, values)
    label = lines_in(indicator.label, table.width("label") - 1.5 * indicator.indent, bold=indicator.headline)
    lines = max(label, lines_in(indicator.unit, table.width("unit")))
    sheet.set_row(row, height_of(lines))


def _write_spark(table: Table, row: int, units: list[Unit], values: list[CellFigure]) -> None:
    """Small columns, one a unit, where enough units have a number."""
    place = table.places[SPARK]
    table.sheet.write(row, place, None, CENTRED)
    if sum(isinstance(value, int | float) for value in values) >= FEWEST_COMPARED:
        first, last = (Position(row, table.places[units[number].code]).name for number in (0, -1))
        table.sheet.add_sparkline(row, place, full_address(table.sheet.name, f"{first}:{last}"))


def _adds_up(values: list[CellFigure], total: float) -> bool:
    numbers = [float(value) for value in values if isinstance(value, int | float)]
    return bool(numbers) and math.isclose(math.fsum(numbers), total, rel_tol=1e-12, abs_tol=1e-9)
