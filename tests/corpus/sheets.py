"""Sheets renamed, copied, deleted; codes and identity lost."""

import random
from itertools import pairwise

from tests.corpus.damage import LOST, NOTHING_TOLD, Effect, Expected, damage
from tests.corpus.effects import (
    a_block,
    code_rows,
    delete_code_columns,
    delete_code_rows,
    hard_to_tell,
    name_unit_on_cover,
    or_lost,
    order_of,
)
from tests.corpus.form import Form
from workbook_tools.form_layout import (
    CODE_COLUMN,
    IDENTITY_SHEET,
)
from workbook_tools.text import matching_key

FAMILY = "structure"


@damage(FAMILY, Expected.SAME)
def sheets_renamed(form: Form, choose: random.Random) -> Effect:
    """The field sheets renamed."""
    for number, sheet in enumerate(form.sheets):
        sheet.title = choose.choice([f"Trang{number}", f"bieu {number}", f"{number}. Xã gửi"])
    return Effect(("structure.sheet_renamed",))


@damage(FAMILY, Expected.SAME)
def sheets_reordered(form: Form, choose: random.Random) -> Effect:
    """The sheets put into another order."""
    for sheet in form.sheets:
        form.workbook.move_sheet(sheet, choose.randrange(-3, 4))
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def sheets_hidden(form: Form, choose: random.Random) -> Effect:
    """The field sheets hidden."""
    for sheet in form.sheets:
        sheet.sheet_state = choose.choice(["hidden", "veryHidden"])
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def sheet_copied_exactly(form: Form, choose: random.Random) -> Effect:
    """A field sheet copied as "… (2)" with all its figures."""
    sheet = choose.choice(form.sheets)
    form.workbook.copy_worksheet(sheet).title = f"{sheet.title} (2)"
    return NOTHING_TOLD


@damage(FAMILY, Expected.FINDING)
def sheet_copied_and_changed(form: Form, choose: random.Random) -> Effect:
    """A field sheet copied as "… (2)" and one number changed in the copy."""
    slot = form.slot(choose, where=lambda slot: slot.subject.kind.is_numeric)
    copy = form.workbook.copy_worksheet(form.workbook[slot.sheet])
    copy.title = f"{slot.sheet} (2)"
    copy[slot.position.name] = 77
    return Effect(("structure.sheet_twice",), dict.fromkeys(form.said_in(slot.sheet), LOST))


@damage(FAMILY, Expected.SAME)
def sheet_copied_before_it_was_filled(form: Form, choose: random.Random) -> Effect:
    """A field sheet copied as "… (2)" before anything was typed into it."""
    sheet = choose.choice(form.sheets)
    copy = form.workbook.copy_worksheet(sheet)
    copy.title = f"{sheet.title} (2)"
    for slot in form.slots():
        if slot.sheet == sheet.title:
            copy[slot.position.name].value = None
    return NOTHING_TOLD


@damage(FAMILY, Expected.FINDING)
def sheet_deleted(form: Form, choose: random.Random) -> Effect:
    """A field sheet deleted."""
    sheet = choose.choice(form.sheets)
    form.workbook.remove(sheet)
    return Effect(("structure.sheet_missing",), dict.fromkeys(form.said_in(sheet.title), LOST))


@damage(FAMILY, Expected.SAME)
def other_sheets_deleted(form: Form, choose: random.Random) -> Effect:
    """Cover, guide, checks and choices deleted."""
    kept = {placed.sheet for placed in form.fields} | {IDENTITY_SHEET}
    for sheet in form.workbook.worksheets:
        if sheet.title not in kept:
            form.workbook.remove(sheet)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def code_column_deleted(form: Form, choose: random.Random) -> Effect:
    """The hidden column of row codes deleted."""
    delete_code_columns(form)
    return Effect(("structure.found_by_label", "structure.sheet_by_name"), hard_to_tell(form))


@damage(FAMILY, Expected.SAME)
def code_column_cleared(form: Form, choose: random.Random) -> Effect:
    """The hidden column of row codes cleared."""
    for sheet in form.sheets:
        for row in order_of(sheet):
            sheet.cell(row, CODE_COLUMN).value = None
    return Effect(("structure.found_by_label", "structure.sheet_by_name"), hard_to_tell(form))


@damage(FAMILY, Expected.SAME)
def code_column_pasted_over(form: Form, choose: random.Random) -> Effect:
    """Numbers and words pasted over the hidden row codes."""
    for sheet in form.sheets:
        for row in order_of(sheet):
            over: tuple[str | int, ...] = (row, f"{row}.", "Thôn")
            sheet.cell(row, CODE_COLUMN).value = choose.choice(over)
    return Effect(("structure.found_by_label", "structure.sheet_by_name"), hard_to_tell(form))


@damage(FAMILY, Expected.SAME)
def some_codes_cleared(form: Form, choose: random.Random) -> Effect:
    """The codes of some rows cleared."""
    for row in choose.sample(form.rows(), 3):
        form.workbook[row.sheet].cell(row.row, CODE_COLUMN).value = None
    return Effect(("structure.found_by_label|structure.row_missing",), hard_to_tell(form))


@damage(FAMILY, Expected.SAME)
def some_codes_typed_over(form: Form, choose: random.Random) -> Effect:
    """Words typed over the codes of some rows."""
    for row in choose.sample(form.rows(), 3):
        form.workbook[row.sheet].cell(row.row, CODE_COLUMN).value = choose.choice(["x", "Thôn Đồng", "1.2"])
    return Effect(("structure.found_by_label",), hard_to_tell(form))


@damage(FAMILY, Expected.SAME)
def code_rows_deleted(form: Form, choose: random.Random) -> Effect:
    """The hidden rows of column codes deleted."""
    delete_code_rows(form)
    return Effect(("structure.columns_by_heading",))


@damage(FAMILY, Expected.SAME)
def code_rows_cleared(form: Form, choose: random.Random) -> Effect:
    """The hidden rows of column codes cleared, but for column A."""
    for placed, sheet in zip(form.fields, form.sheets, strict=True):
        for row in code_rows(placed):
            for column in range(2, sheet.max_column + 1):
                sheet.cell(row, column).value = None
    return Effect(("structure.columns_by_heading",))


@damage(FAMILY, Expected.SAME)
def identity_deleted(form: Form, choose: random.Random) -> Effect:
    """The hidden identity sheet gone; the cover names unit and period."""
    name_unit_on_cover(form)
    del form.workbook[IDENTITY_SHEET]
    return Effect(("structure.identity_missing",))


@damage(FAMILY, Expected.SAME)
def identity_and_all_codes_deleted(form: Form, choose: random.Random) -> Effect:
    """Identity sheet, row codes and column codes gone; names of sheets, labels and headings are left."""
    identity_deleted(form, choose)
    delete_code_rows(form)
    delete_code_columns(form)
    return Effect(("structure.identity_missing", "structure.columns_by_heading"), hard_to_tell(form))


@damage(FAMILY, Expected.SAME)
def everything_renamed_and_codes_deleted(form: Form, choose: random.Random) -> Effect:
    """Identity sheet, all codes and the names of the sheets gone; titles, labels and headings are left."""
    identity_and_all_codes_deleted(form, choose)
    for number, sheet in enumerate(form.sheets):
        sheet.title = f"Sheet{number + 1}"
    return Effect(("structure.identity_missing", "structure.sheet_by_name"), hard_to_tell(form))


@damage(FAMILY, Expected.SAME)
def codes_in_capitals_and_blanks(form: Form, choose: random.Random) -> Effect:
    """The row codes changed to capitals, or blanks put around them."""
    for sheet in form.sheets:
        for row in order_of(sheet):
            cell = sheet.cell(row, CODE_COLUMN)
            if isinstance(cell.value, str):
                cell.value = choose.choice([cell.value.upper(), f" {cell.value} "])
    return Effect((), hard_to_tell(form))


@damage(FAMILY, Expected.FINDING)
def code_filled_down(form: Form, choose: random.Random) -> Effect:
    """The code of a row pulled down over the row below it, labels and figures left where they are."""
    placed, block = a_block(form, choose)
    rows = [row for row in form.rows(placed.sheet) if row.block is block]
    pairs = [(one, other) for one, other in pairwise(rows) if other.row == one.row + 1]
    one, other = choose.choice(pairs)
    form.workbook[placed.sheet].cell(other.row, CODE_COLUMN).value = one.indicator.code
    names = list(form.said_of(one.indicator.code, other.indicator.code))
    return Effect((), or_lost(form, names), ((placed.sheet, f"A{other.row}"),))


@damage(FAMILY, Expected.FINDING)
def codes_of_two_rows_swapped(form: Form, choose: random.Random) -> Effect:
    """The hidden codes of two rows swapped, labels and figures left where they are."""
    placed, block = a_block(form, choose)
    rows = [row for row in form.rows(placed.sheet) if row.block is block]
    labels = [matching_key(row.indicator.label) for row in rows]
    rows = [row for row, label in zip(rows, labels, strict=True) if labels.count(label) == 1]
    one, other = choose.sample(rows, 2)
    sheet = form.workbook[placed.sheet]
    sheet.cell(one.row, CODE_COLUMN).value = other.indicator.code
    sheet.cell(other.row, CODE_COLUMN).value = one.indicator.code
    return Effect(
        ("structure.label_of_another|structure.found_by_label",),
        or_lost(form, list(form.said_of(one.indicator.code, other.indicator.code))),
    )
