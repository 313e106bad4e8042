"""Writes the sheet of units side by side: each unit's figure linked to its cell, and the live total."""

import math

from workbook_tools.cells import Position
from workbook_tools.consolidated import Consolidation
from workbook_tools.excel_writing import MAXIMUM_LINKS, Book
from workbook_tools.figure_cube import CellFigure
from workbook_tools.form_layout import CODE_COLUMN, FIRST_COLUMN
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Aggregation, GroupRow, Indicator
from workbook_tools.styles import CENTRED, SUBTITLE, TEXT
from workbook_tools.summary_sheets import (
    FIRST_ROW,
    UNITS_SHEET,
    Column,
    Table,
    add_table,
    fields_with_indicators,
    figure_look,
    finish_table,
    height_of,
    lines_of,
    shown_units,
    write_block_title,
    write_field_title,
    write_group,
    write_reference,
)
from workbook_tools.units import Unit

MEASURE = "actual"
TOTAL = "total"
UNITS_ON_ONE_PAGE = 10
Source = tuple[str, str, str]
"""File, sheet and cell."""


def write_unit_matrix(book: Book, result: Consolidation, received_in: str = "") -> None:
    """This year's figures of every unit; units that sent nothing are empty columns."""
    units = shown_units(result)
    sources = _sources(result, units, received_in)
    table = _add_table(book, result, units)
    text = "Bấm vào số màu xanh để mở đúng ô trong tệp đơn vị đã nộp." if sources else ""
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
                elif isinstance(one.content, Indicator) and one.content.kind.is_numeric:
                    _write_indicator(table, row, result, units, one.content, sources)
                else:
                    continue
                row += 1
    finish_table(table, row - 1, frozen="unit")
    if len(units) > UNITS_ON_ONE_PAGE:
        table.sheet.worksheet.fit_to_pages(0, 0)
        table.sheet.worksheet.repeat_columns(0, table.places["unit"] - 1)


def _add_table(book: Book, result: Consolidation, units: list[Unit]) -> Table:
    sent = {one.unit for one in result.returns}
    columns = [
        Column("number", "STT", 6),
        Column("label", "Chỉ tiêu", 46),
        Column("unit", "ĐVT", 15),
        *(Column(one.code, one.name if one.code in sent else f"{one.name}\n(chưa nộp)", 15) for one in units),
        Column(TOTAL, "Tổng", 15),
    ]
    return add_table(book, UNITS_SHEET, "#units", result, "SỐ THỰC HIỆN THEO ĐƠN VỊ", columns)


def _sources(result: Consolidation, units: list[Unit], received_in: str) -> dict[tuple[str, str], Source]:
    """The cell of each shown figure by unit and indicator; none at all where they are more than a sheet may link."""
    shown = {unit.code for unit in units}
    folder = f"{received_in.rstrip('/')}/" if received_in else ""
    sources = {}
    for one in result.returns:
        for cell in one.cells:
            at = cell.observation
            if one.unit in shown and at.measure == MEASURE and not at.item:
                sources[one.unit, at.indicator] = (folder + at.file, at.sheet, at.cell)
    filled = sum(
        result.value(Figure(indicator, MEASURE), result.cube.row(unit)) is not None
        for unit, indicator in sources
        if result.catalogue.indicators[indicator].kind.is_numeric
    )
    return sources if filled <= MAXIMUM_LINKS else {}


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
    lines = max(lines_of(indicator.label, 44 - 2 * indicator.indent), lines_of(indicator.unit, 15))
    sheet.set_row(row, height_of(lines))


def _adds_up(values: list[CellFigure], total: float) -> bool:
    numbers = [float(value) for value in values if isinstance(value, int | float)]
    return bool(numbers) and math.isclose(math.fsum(numbers), total, rel_tol=1e-12, abs_tol=1e-9)
