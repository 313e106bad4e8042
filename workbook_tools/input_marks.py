"""Colours that come and go in the input cells of a form while an official types; quiet, and none stops anybody."""

from collections.abc import Iterable
from itertools import groupby

from workbook_tools.cells import MEASURES, Position, column_letters, parse_position
from workbook_tools.excel_writing import Sheet
from workbook_tools.form_layout import FormLayout, PlacedBlock, PlacedField
from workbook_tools.form_progress import THIS_YEAR, is_typed_text, number_rows, runs
from workbook_tools.indicators import Indicator, IndicatorBlock, Kind, Role
from workbook_tools.styles import BAD_FILL, JUMP_FILL, REQUIRED_FILL

JUMP = 2
"""A figure more than so many times last year's, or less than its inverse, is marked."""

FEWEST_COUNTED = 10
"""Counts whose difference is smaller jump by chance."""


def write_marks(sheet: Sheet, placed: PlacedField, layout: FormLayout) -> None:
    """Marks of the tables of a field: required and blank, a number as text or an error, a jump against last year."""
    for block in placed.blocks:
        if isinstance(block.block, IndicatorBlock):
            _mark_required(sheet, block, layout)
            _mark_texts(sheet, block)
            _mark_jumps(sheet, block)


def _mark_required(sheet: Sheet, block: PlacedBlock, layout: FormLayout) -> None:
    rows = [
        row.row
        for row in block.rows
        if isinstance(row.content, Indicator)
        and row.content.required
        and layout.role(row.content, THIS_YEAR) is Role.INPUT
    ]
    if rows and THIS_YEAR in block.columns:
        column = block.columns[THIS_YEAR]
        _mark(sheet, runs(Position(row, column) for row in rows), "=ISBLANK({cell})", REQUIRED_FILL)


def _mark_texts(sheet: Sheet, block: PlacedBlock) -> None:
    columns = [block.columns[measure] for measure in MEASURES if measure in block.columns]
    if not columns:
        return
    first, last = column_letters(min(columns)), column_letters(max(columns))
    areas = (f"{first}{top}:{last}{bottom}" for top, bottom in number_rows(block))
    _mark(sheet, areas, "=OR(ISERROR({cell})," + is_typed_text("{cell}") + ")", BAD_FILL)


def _mark_jumps(sheet: Sheet, block: PlacedBlock) -> None:
    if not {THIS_YEAR, "prior"} <= block.columns.keys():
        return
    column = block.columns[THIS_YEAR]
    rows = [
        (row.row, row.content.kind)
        for row in block.rows
        if isinstance(row.content, Indicator) and row.content.kind.is_numeric and row.content.kind is not Kind.PERCENT
    ]
    prior = column_letters(block.columns["prior"])
    for is_count, chosen in groupby(
        sorted(rows, key=lambda one: one[1] is Kind.COUNT), key=lambda one: one[1] is Kind.COUNT
    ):
        places = sorted(Position(row, column) for row, _ in chosen)
        before = f"${prior}{places[0].row}"
        least = f",ABS({{cell}}-{before})>={FEWEST_COUNTED}" if is_count else ""
        jumped = f"OR({{cell}}>{JUMP}*{before},{JUMP}*{{cell}}<{before})"
        _mark(sheet, runs(places), f"=IF(COUNT({before},{{cell}})=2,AND({before}>0,{jumped}{least}))", JUMP_FILL)


def _mark(sheet: Sheet, areas: Iterable[str], formula: str, fill: str) -> None:
    """One conditional format over areas that begin in the same column, from top to bottom; ``{cell}`` is each cell."""
    ranges = list(areas)
    if not ranges:
        return
    top = ranges[0].partition(":")[0]
    criteria = formula.replace("{cell}", top)
    options = {"type": "formula", "criteria": criteria, "format": {"bg_color": fill}, "multi_range": " ".join(ranges)}
    place = parse_position(top)
    sheet.highlight(place, place, options)
