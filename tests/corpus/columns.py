"""Blocks, columns and merged cells: moved, inserted, deleted, hidden."""

import random

from tests.corpus.damage import LOST, NOT_DONE, NOTHING_TOLD, Effect, Expected, damage, reads
from tests.corpus.editing import (
    delete_columns,
    insert_columns,
    move_cells,
    rearrange_columns,
    rearrange_rows,
    without_merges,
)
from tests.corpus.effects import (
    a_block,
    delete_code_rows,
    order_of,
)
from tests.corpus.form import Form
from tests.forms import kind_of
from workbook_tools.cells import Position
from workbook_tools.form_layout import (
    PlacedField,
)
from workbook_tools.indicators import Indicator, Kind, Role

FAMILY = "structure"
SWAPPED = ("prior", "plan", "actual", "next_plan")


def _spans(placed: PlacedField, last: int) -> list[tuple[int, int]]:
    tops = [block.title_row for block in placed.blocks]
    return list(zip(tops, [*(top - 1 for top in tops[1:]), placed.last_row + 1], strict=True))


@damage(FAMILY, Expected.SAME)
def blocks_of_a_sheet_swapped(form: Form, choose: random.Random) -> Effect:
    """The blocks of each sheet put into another order."""
    for placed, sheet in zip(form.fields, form.sheets, strict=True):
        spans = _spans(placed, sheet.max_row)
        shuffled = choose.sample(spans, len(spans))
        order = list(range(1, spans[0][0]))
        order += [row for first, last in shuffled for row in range(first, last + 1)]
        order += list(range(placed.last_row + 2, sheet.max_row + 1))
        rearrange_rows(form.workbook, sheet, order)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def block_moved_far_down(form: Form, choose: random.Random) -> Effect:
    """A block cut and pasted below the signatures."""
    placed = form.any_field(choose)
    sheet = form.workbook[placed.sheet]
    first, last = choose.choice(_spans(placed, sheet.max_row))
    order = [row for row in order_of(sheet) if not first <= row <= last]
    rearrange_rows(form.workbook, sheet, [*order, 0, 0, 0, *range(first, last + 1)])
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def block_shifted_to_the_right(form: Form, choose: random.Random) -> Effect:
    """A block shifted to the right by some columns, its row codes left behind."""
    placed = form.any_field(choose)
    block = choose.choice(placed.blocks)
    sheet = form.workbook[placed.sheet]
    right = Position(1, max(block.columns.values())).name.rstrip("1")
    move_cells(sheet, f"B{block.title_row}:{right}{block.last_row}", 0, choose.randrange(1, 5))
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def blank_columns_inserted(form: Form, choose: random.Random) -> Effect:
    """Blank columns inserted, also before column A."""
    for sheet in form.sheets:
        insert_columns(form.workbook, sheet, *choose.sample(range(1, 12), 2))
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def column_of_remarks_inserted(form: Form, choose: random.Random) -> Effect:
    """A column with a heading and texts of the sender's own inserted among the measures."""
    row = form.row(choose)
    sheet = form.workbook[row.sheet]
    column = row.block.columns["plan"]
    insert_columns(form.workbook, sheet, column)
    sheet.cell(row.block.heading_row, column).value = "Đơn vị cung cấp"
    sheet.cell(row.row, column).value = "Công an xã"
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def column_of_other_figures_inserted(form: Form, choose: random.Random) -> Effect:
    """A column of other figures ("6 tháng đầu năm") inserted among the measures."""
    row = form.row(choose)
    sheet = form.workbook[row.sheet]
    column = row.block.columns["actual"]
    insert_columns(form.workbook, sheet, column)
    sheet.cell(row.block.heading_row, column).value = "Thực hiện 6 tháng đầu năm"
    sheet.cell(row.row, column).value = 77
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def columns_of_measures_swapped(form: Form, choose: random.Random) -> Effect:
    """Two measures swapped with their headings and codes."""
    for placed, sheet in zip(form.fields, form.sheets, strict=True):
        columns = form.indicator_blocks(placed)[0].columns
        one, other = choose.sample([columns[measure] for measure in SWAPPED], 2)
        order = list(range(1, sheet.max_column + 1))
        order[one - 1], order[other - 1] = other, one
        rearrange_columns(form.workbook, sheet, order)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def columns_of_measures_swapped_without_codes(form: Form, choose: random.Random) -> Effect:
    """The row of column codes gone, and two measures swapped with their headings."""
    columns_of_measures_swapped(form, choose)
    delete_code_rows(form)
    return Effect(("structure.columns_by_heading",))


@damage(FAMILY, Expected.FINDING)
def headings_of_two_columns_swapped(form: Form, choose: random.Random) -> Effect:
    """The headings of two measures swapped, codes and figures left where they are."""
    placed = form.any_field(choose)
    sheet = form.workbook[placed.sheet]
    block = form.indicator_blocks(placed)[0]
    one, other = (sheet.cell(block.heading_row, block.columns[code]) for code in ("plan", "actual"))
    one.value, other.value = other.value, one.value
    # Other blocks of the sheet have heads of their own.
    names = [
        name
        for name in form.said_of(*[row.content.code for row in block.rows if isinstance(row.content, Indicator)])
        if name.measure in ("plan", "actual")
    ]
    return Effect(("structure.heading_of_another",), dict.fromkeys(names, LOST))


@damage(FAMILY, Expected.SAME)
def columns_hidden(form: Form, choose: random.Random) -> Effect:
    """Some columns hidden."""
    for sheet in form.sheets:
        for letter in choose.sample("DEFGHIJKL", 3):
            sheet.column_dimensions[letter].hidden = True
    return NOTHING_TOLD


@damage(FAMILY, Expected.FINDING)
def column_of_a_measure_deleted(form: Form, choose: random.Random) -> Effect:
    """The column of a measure deleted."""
    placed = form.any_field(choose)
    column = choose.choice([form.indicator_blocks(placed)[0].columns[code] for code in ("prior", "plan", "actual")])
    gone = {
        slot.name
        for slot in form.base.layout.slots()
        if slot.sheet == placed.sheet and slot.position.column == column and slot.name in form.base.said
    }
    delete_columns(form.workbook, form.workbook[placed.sheet], column)
    return Effect(("structure.column_missing",), dict.fromkeys(gone, LOST))


@damage(FAMILY, Expected.SAME)
def columns_of_ratios_deleted(form: Form, choose: random.Random) -> Effect:
    """The columns of ratios and of running numbers deleted where nothing was typed."""
    for placed, sheet in zip(form.fields, form.sheets, strict=True):
        columns = form.indicator_blocks(placed)[0].columns
        used = {
            slot.position.column
            for slot in form.base.layout.slots()
            if slot.sheet == placed.sheet and slot.name in form.base.said
        }
        ratios = {columns[code] for code in ("number", "plan_ratio", "change", "growth") if code in columns}
        delete_columns(form.workbook, sheet, *(ratios - used))
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def units_of_all_rows_deleted(form: Form, choose: random.Random) -> Effect:
    """The units of all rows and their heading deleted."""
    for placed in form.fields:
        sheet = form.workbook[placed.sheet]
        for block in form.indicator_blocks(placed):
            column = block.columns["unit"]
            for row in range(block.heading_row, block.last_row + 1):
                if (row, column) in sheet._cells:
                    del sheet._cells[row, column]
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def all_merged_cells_taken_apart(form: Form, choose: random.Random) -> Effect:
    """All merged cells taken apart."""
    for sheet in form.sheets:
        without_merges(sheet)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def label_merged_with_the_row_below(form: Form, choose: random.Random) -> Effect:
    """A label merged with the one below, which is lost; the codes are left."""
    placed, block = a_block(form, choose)
    rows = [row.row for row in block.rows[:-1]]
    row = choose.choice(rows)
    sheet = form.workbook[placed.sheet]
    column = block.columns["label"]
    sheet.merge_cells(start_row=row, end_row=row + 1, start_column=column, end_column=column)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def figure_merged_with_a_blank_cell(form: Form, choose: random.Random) -> Effect:
    """A figure merged with the blank cell to its right."""
    slot = form.slot(choose, where=lambda slot: slot.name.measure == "next_plan")
    row, column = slot.position
    form.workbook[slot.sheet].merge_cells(start_row=row, end_row=row, start_column=column, end_column=column + 1)
    return NOTHING_TOLD


@damage(FAMILY, Expected.FINDING)
def figures_merged_by_excel(form: Form, choose: random.Random) -> Effect:
    """Two figures of one row merged by Excel, which keeps the first and empties the other."""
    inputs = {form.at(slot): slot for slot in form.slots() if slot.role is Role.INPUT and kind_of(slot) is Kind.COUNT}
    beside = [(one, inputs.get((one.sheet, _right_of(one.position).name))) for one in inputs.values()]
    pairs = [(one, other) for one, other in beside if other is not None]
    if not pairs:
        return NOT_DONE
    kept, lost = choose.choice(pairs)
    form.put(kept, 1234)
    form.workbook[kept.sheet].merge_cells(f"{kept.position.name}:{lost.position.name}")
    changed = {kept.name: reads(1234), lost.name: LOST}
    return Effect(("structure.inputs_merged",), changed, (form.at(lost),))


def _right_of(position: Position) -> Position:
    return Position(position.row, position.column + 1)
