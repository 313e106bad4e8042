"""Rows inserted, deleted, moved, sorted, copied and hidden, in indicator blocks and in lists."""

import random

from tests.corpus.damage import LOST, NOTHING_TOLD, Effect, Expected, damage
from tests.corpus.editing import (
    delete_rows,
    insert_rows,
    rearrange_rows,
)
from tests.corpus.effects import (
    a_block,
    contents,
    lost,
    or_lost,
    order_of,
    put_row,
)
from tests.corpus.form import Form
from workbook_tools.cells import FigureName, Position
from workbook_tools.form_layout import (
    CODE_COLUMN,
    PlacedBlock,
    PlacedField,
)
from workbook_tools.indicators import GroupRow, Indicator

FAMILY = "structure"


@damage(FAMILY, Expected.SAME)
def saved_by_another_program(form: Form, choose: random.Random) -> Effect:
    """Opened and saved in another program: no results of formulas are kept."""
    assert form.workbook
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def blank_rows_inserted(form: Form, choose: random.Random) -> Effect:
    """Blank rows inserted in several places of each sheet."""
    for sheet in form.sheets:
        rows = choose.sample(range(1, sheet.max_row + 1), 4)
        insert_rows(form.workbook, sheet, *rows)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def many_rows_inserted_on_top(form: Form, choose: random.Random) -> Effect:
    """Name of the office, the motto and many blank rows inserted above the form."""
    placed = form.any_field(choose)
    sheet = form.workbook[placed.sheet]
    insert_rows(form.workbook, sheet, *[1] * choose.randrange(3, 45))
    sheet["B1"], sheet["F1"] = "ỦY BAN NHÂN DÂN XÃ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def row_with_a_remark_inserted(form: Form, choose: random.Random) -> Effect:
    """A row with a remark in the column of the labels inserted."""
    row = form.row(choose)
    sheet = form.workbook[row.sheet]
    insert_rows(form.workbook, sheet, row.row)
    sheet.cell(row.row, row.block.columns["label"]).value = "(số liệu tạm tính đến 30/11)"
    return NOTHING_TOLD


@damage(FAMILY, Expected.FINDING)
def row_of_a_new_figure_inserted(form: Form, choose: random.Random) -> Effect:
    """A row with a label and a figure that the form does not know inserted."""
    row = form.row(choose)
    sheet = form.workbook[row.sheet]
    insert_rows(form.workbook, sheet, row.row)
    sheet.cell(row.row, row.block.columns["label"]).value = "Diện tích trồng thử nghiệm (giả lập)"
    sheet.cell(row.row, row.block.columns["actual"]).value = 12.5
    place = Position(row.row, row.block.columns["actual"]).name
    return Effect(("structure.unknown_row",), places=((row.sheet, place),))


@damage(FAMILY, Expected.SAME)
def blank_rows_deleted(form: Form, choose: random.Random) -> Effect:
    """The blank rows between the blocks deleted."""
    for placed in form.fields:
        sheet = form.workbook[placed.sheet]
        blank = [row for row in order_of(sheet) if not any(v not in (None, "") for v in contents(sheet, row).values())]
        delete_rows(form.workbook, sheet, *blank)
    return NOTHING_TOLD


@damage(FAMILY, Expected.FINDING)
def row_of_a_figure_deleted(form: Form, choose: random.Random) -> Effect:
    """The row of an indicator deleted."""
    row = form.row(choose)
    delete_rows(form.workbook, form.workbook[row.sheet], row.row)
    return Effect(("structure.row_missing",), lost(form, row.indicator.code))


@damage(FAMILY, Expected.SAME)
def rows_without_figures_deleted(form: Form, choose: random.Random) -> Effect:
    """The rows that only carry a heading (Chia ra, Trong đó) deleted."""
    for placed in form.fields:
        groups = [row.row for block in placed.blocks for row in block.rows if isinstance(row.content, GroupRow)]
        delete_rows(form.workbook, form.workbook[placed.sheet], *groups)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def titles_of_blocks_deleted(form: Form, choose: random.Random) -> Effect:
    """The rows with the titles of the blocks deleted."""
    for placed in form.fields:
        rows = [block.title_row for block in placed.blocks]
        delete_rows(form.workbook, form.workbook[placed.sheet], *rows)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def row_numbers_of_headings_deleted(form: Form, choose: random.Random) -> Effect:
    """The rows that number the columns (A, B, (1), (2)…) deleted."""
    for placed in form.fields:
        rows = [block.heading_row + 2 for block in form.indicator_blocks(placed)]
        delete_rows(form.workbook, form.workbook[placed.sheet], *rows)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def row_moved_within_its_block(form: Form, choose: random.Random) -> Effect:
    """The row of an indicator cut and inserted elsewhere in its block."""
    placed, block = a_block(form, choose)
    sheet = form.workbook[placed.sheet]
    moved, target = choose.sample(range(block.first_row, block.last_row + 1), 2)
    order = [row for row in order_of(sheet) if row != moved]
    order.insert(order.index(target), moved)
    rearrange_rows(form.workbook, sheet, order)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def row_moved_to_another_block(form: Form, choose: random.Random) -> Effect:
    """The row of an indicator cut and inserted below another block of the sheet."""
    row = form.row(choose)
    placed = next(one for one in form.fields if one.sheet == row.sheet)
    target = choose.choice([*form.indicator_blocks(placed)]).last_row
    sheet = form.workbook[row.sheet]
    order = [one for one in order_of(sheet) if one != row.row]
    order.insert(order.index(target) + 1 if target != row.row else row.row - 1, row.row)
    rearrange_rows(form.workbook, sheet, order)
    return NOTHING_TOLD


@damage(FAMILY, Expected.FINDING)
def row_moved_to_another_sheet(form: Form, choose: random.Random) -> Effect:
    """The row of an indicator with a number stands on the sheet of another field, as in another template version."""
    numbered = {name.indicator for name, said in form.base.said.items() if said[1] is not None}
    row = form.row(choose, lambda one: one.indicator.code in numbered)
    target = choose.choice([one for one in form.fields if one.sheet != row.sheet])
    last = form.indicator_blocks(target)[-1].last_row + 1
    values = contents(form.workbook[row.sheet], row.row)
    delete_rows(form.workbook, form.workbook[row.sheet], row.row)
    insert_rows(form.workbook, form.workbook[target.sheet], last)
    put_row(form.workbook[target.sheet], last, values)
    place = (target.sheet, Position(last, CODE_COLUMN).name)
    told = ("structure.row_missing", "structure.row_elsewhere")
    return Effect(told, lost(form, row.indicator.code), (place,))


def _sorted_rows(form: Form, choose: random.Random) -> tuple[PlacedField, PlacedBlock, list[int], list[int]]:
    placed, block = a_block(form, choose)
    sheet = form.workbook[placed.sheet]
    rows = [row.row for row in block.rows]
    column = block.columns["label"]
    ordered = sorted(rows, key=lambda row: str(sheet.cell(row, column).value))
    return placed, block, rows, ordered if ordered != rows else rows[::-1]


@damage(FAMILY, Expected.SAME)
def rows_sorted_by_name(form: Form, choose: random.Random) -> Effect:
    """The rows of a block sorted by their labels, the hidden codes with them."""
    placed, _, rows, ordered = _sorted_rows(form, choose)
    sheet = form.workbook[placed.sheet]
    order = order_of(sheet)
    order[rows[0] - 1 : rows[-1]] = ordered
    rearrange_rows(form.workbook, sheet, order)
    return NOTHING_TOLD


@damage(FAMILY, Expected.FINDING)
def rows_sorted_without_their_codes(form: Form, choose: random.Random) -> Effect:
    """The visible columns of a block sorted by the labels, the hidden codes left behind."""
    placed, block, rows, ordered = _sorted_rows(form, choose)
    sheet = form.workbook[placed.sheet]
    former = {row: contents(sheet, row) for row in rows}
    for row, source in zip(rows, ordered, strict=True):
        put_row(sheet, row, {column: value for column, value in former[source].items() if column > CODE_COLUMN})
    moved = [
        row.content.code
        for row, source in zip(block.rows, ordered, strict=True)
        if isinstance(row.content, Indicator) and row.row != source
    ]
    moved += [
        row.content.code for row in block.rows if isinstance(row.content, Indicator) and row.content.code not in moved
    ]
    return Effect(("structure.label_of_another|structure.found_by_label",), or_lost(form, list(form.said_of(*moved))))


@damage(FAMILY, Expected.SAME)
def row_copied_twice(form: Form, choose: random.Random) -> Effect:
    """The row of an indicator copied word for word to a new row below it."""
    row = form.row(choose)
    sheet = form.workbook[row.sheet]
    insert_rows(form.workbook, sheet, row.row + 1)
    put_row(sheet, row.row + 1, contents(sheet, row.row))
    return NOTHING_TOLD


@damage(FAMILY, Expected.FINDING)
def row_copied_and_changed(form: Form, choose: random.Random) -> Effect:
    """The row of an indicator copied to a new row below it and one number changed."""
    slot = form.slot(choose, where=lambda slot: slot.name.measure == "actual" and slot.subject.kind.is_numeric)
    sheet = form.workbook[slot.sheet]
    row = slot.position.row
    insert_rows(form.workbook, sheet, row + 1)
    put_row(sheet, row + 1, contents(sheet, row))
    sheet.cell(row + 1, slot.position.column).value = 77
    places = ((slot.sheet, f"A{row}"), (slot.sheet, f"A{row + 1}"))
    return Effect(("structure.row_twice",), lost(form, slot.name.indicator), places)


@damage(FAMILY, Expected.FINDING)
def row_copied_without_code_and_changed(form: Form, choose: random.Random) -> Effect:
    """The row of an indicator typed again below it, without its code and with another number."""
    slot = form.slot(choose, where=lambda slot: slot.name.measure == "actual" and slot.subject.kind.is_numeric)
    sheet = form.workbook[slot.sheet]
    row = slot.position.row
    insert_rows(form.workbook, sheet, row + 1)
    put_row(sheet, row + 1, {column: value for column, value in contents(sheet, row).items() if column > CODE_COLUMN})
    sheet.cell(row + 1, slot.position.column).value = 77
    places = ((slot.sheet, f"A{row}"), (slot.sheet, f"A{row + 1}"))
    return Effect(
        ("structure.row_twice|structure.unknown_row",), or_lost(form, list(form.said_of(slot.name.indicator))), places
    )


@damage(FAMILY, Expected.SAME)
def rows_hidden_by_a_filter(form: Form, choose: random.Random) -> Effect:
    """A filter left on, half of the rows hidden."""
    for placed, sheet in zip(form.fields, form.sheets, strict=True):
        block = form.indicator_blocks(placed)[0]
        sheet.auto_filter.ref = f"B{block.heading_row + 2}:L{block.last_row}"
        sheet.auto_filter.add_filter_column(1, ["Nam"])
        for row in block.rows[1:]:
            sheet.row_dimensions[row.row].hidden = choose.random() < 0.5
    return NOTHING_TOLD


@damage(FAMILY, Expected.FINDING)
def figures_of_a_row_typed_a_row_too_low(form: Form, choose: random.Random) -> Effect:
    """A number typed into the blank row below a block."""
    placed = form.any_field(choose)
    block = form.indicator_blocks(placed)[-1]
    sheet = form.workbook[placed.sheet]
    column = block.columns["actual"]
    sheet.cell(block.last_row + 1, column).value = 4321
    return Effect(("structure.unknown_row",), places=((placed.sheet, Position(block.last_row + 1, column).name),))


@damage(FAMILY, Expected.FINDING)
def row_of_a_list_deleted(form: Form, choose: random.Random) -> Effect:
    """A filled row of a list deleted."""
    sheet, _, content, row = choose.choice(form.list_rows())
    delete_rows(form.workbook, form.workbook[sheet], row.row)
    names = [name for name in form.said_of(content.code) if name.item == row.item]
    return Effect(("structure.list_row_missing",), dict.fromkeys(names, LOST))


@damage(FAMILY, Expected.SAME)
def blank_rows_of_a_list_deleted(form: Form, choose: random.Random) -> Effect:
    """The rows of a list that are not used deleted."""
    sheet, block, content, _ = choose.choice(form.list_rows())
    filled = {name.item for name in form.said_of(content.code)}
    delete_rows(form.workbook, form.workbook[sheet], *[row.row for row in block.rows if row.item not in filled])
    return Effect(("structure.list_row_missing",))


@damage(FAMILY, Expected.FINDING)
def row_added_to_a_list(form: Form, choose: random.Random) -> Effect:
    """A filled row inserted into the middle of a list."""
    sheet, block, content, row = choose.choice(form.list_rows())
    insert_rows(form.workbook, form.workbook[sheet], row.row + 1)
    column = content.columns[0]
    form.workbook[sheet].cell(row.row + 1, block.columns[column.code]).value = "Mục thêm (giả lập)"
    item = str(len(block.rows) + 1)
    name = FigureName(content.code, column.code, item)
    return Effect(("structure.list_row_added",), {name: (("value", None, "", "Mục thêm (giả lập)"),)})


@damage(FAMILY, Expected.FINDING)
def total_typed_under_a_list(form: Form, choose: random.Random) -> Effect:
    """A row "Tổng cộng" with a number typed into the next free row of a list."""
    sheet, block, content, _ = choose.choice(
        [one for one in form.list_rows() if any(column.kind.is_numeric for column in one[2].columns)]
    )
    filled = {name.item for name in form.said_of(content.code)}
    row = next(row.row for row in block.rows if row.item not in filled)
    number = next(column for column in content.columns if column.kind.is_numeric)
    form.workbook[sheet].cell(row, block.columns[content.columns[0].code]).value = choose.choice(["Tổng cộng", "CỘNG:"])
    form.workbook[sheet].cell(row, block.columns[number.code]).value = 999
    place = Position(row, block.columns[number.code]).name
    return Effect(("structure.list_total_typed",), places=((sheet, place),))
