"""What several damages need: what they change of a form, and what reading must then give."""

import random

from openpyxl.worksheet.worksheet import Worksheet

from tests.corpus.damage import LOST, Options
from tests.corpus.editing import (
    delete_columns,
    delete_rows,
)
from tests.corpus.form import Form
from workbook_tools.cells import FigureName
from workbook_tools.form_layout import (
    CODE_COLUMN,
    COVER_SHEET,
    PlacedBlock,
    PlacedField,
)
from workbook_tools.indicators import Indicator
from workbook_tools.text import matching_key


def lost(form: Form, *indicators: str) -> dict[FigureName, Options]:
    """All that is said of some indicators or lists, not taken."""
    return dict.fromkeys(form.said_of(*indicators), LOST)


def or_lost(form: Form, names: list[FigureName]) -> dict[FigureName, Options]:
    """Figures that read as before or are not taken: both can be defended, if it is told."""
    return {name: (form.base.said[name], None) for name in names}


def hard_to_tell(form: Form) -> dict[FigureName, Options]:
    """Figures whose rows cannot be told by their labels alone: several rows of a sheet have the same."""
    changed: dict[FigureName, Options] = {}
    for placed in form.fields:
        rows = [row.content for block in placed.blocks for row in block.rows if isinstance(row.content, Indicator)]
        keys = [matching_key(one.label) for one in rows]
        twice = [one.code for one, key in zip(rows, keys, strict=True) if keys.count(key) > 1]
        changed |= or_lost(form, list(form.said_of(*twice)))
    return changed


def code_rows(placed: PlacedField) -> list[int]:
    """The hidden rows with the codes of the columns."""
    return [block.code_row for block in placed.blocks]


def contents(sheet: Worksheet, row: int) -> dict[int, object]:
    """What stands in a row."""
    return {column: cell.value for (at, column), cell in list(sheet._cells.items()) if at == row}


def put_row(sheet: Worksheet, row: int, values: dict[int, object]) -> None:
    """Write a row."""
    for column, value in values.items():
        sheet.cell(row, column).value = value  # type: ignore[assignment]


def order_of(sheet: Worksheet) -> list[int]:
    """All rows of a sheet in their order."""
    return list(range(1, sheet.max_row + 1))


def a_block(form: Form, choose: random.Random) -> tuple[PlacedField, PlacedBlock]:
    """An indicator block of several rows."""
    return choose.choice(
        [
            (placed, block)
            for placed in form.fields
            for block in form.indicator_blocks(placed)
            if sum(isinstance(row.content, Indicator) for row in block.rows) > 2
        ]
    )


def delete_code_rows(form: Form) -> None:
    """The hidden rows of column codes deleted in all sheets."""
    for placed in form.fields:
        delete_rows(form.workbook, form.workbook[placed.sheet], *code_rows(placed))


def delete_code_columns(form: Form) -> None:
    """The hidden column of codes deleted in all sheets."""
    for sheet in form.sheets:
        delete_columns(form.workbook, sheet, CODE_COLUMN)


def name_unit_on_cover(form: Form) -> None:
    """The cover says what the identity says."""
    cover = form.workbook[COVER_SHEET]
    for row in range(1, cover.max_row + 1):
        if cover.cell(row, CODE_COLUMN).value == "unit_code":
            cover.cell(row, 4).value = form.base.unit
