"""Forms retyped, of an older template, of another unit or period, and things put beside the form."""

import io
import random

import openpyxl
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidationList
from openpyxl.worksheet.worksheet import Worksheet

from tests.corpus.damage import NOTHING_TOLD, Effect, Expected, damage
from tests.corpus.editing import (
    delete_rows,
    insert_rows,
)
from tests.corpus.effects import (
    code_rows,
    hard_to_tell,
    lost,
    name_unit_on_cover,
    order_of,
)
from tests.corpus.form import Form, Row
from tests.forms import UNIT
from workbook_tools.cells import Position
from workbook_tools.form_layout import (
    CODE_COLUMN,
    COVER_SHEET,
    IDENTITY_SHEET,
    PlacedField,
)

FAMILY = "structure"


def _retyped(form: Form, sheets: dict[str, list[PlacedField]]) -> None:
    """Values and labels alone in new sheets: no codes, no formats, no hidden rows."""
    workbook = form.workbook
    filled = {placed.sheet: workbook[placed.sheet] for placed in form.fields}
    former = {
        name: {place: cell.value for place, cell in sorted(sheet._cells.items())} for name, sheet in filled.items()
    }
    hidden = {placed.sheet: set(code_rows(placed)) for placed in form.fields}
    for sheet in filled.values():
        workbook.remove(sheet)
    name_unit_on_cover(form)
    del workbook[IDENTITY_SHEET]
    for name, fields in sheets.items():
        target = workbook.create_sheet(name)
        top = 0
        for placed in fields:
            rows = sorted({row for row, _ in former[placed.sheet]} - hidden[placed.sheet])
            for number, row in enumerate(rows, 1):
                for (at, column), value in former[placed.sheet].items():
                    if at == row and column > CODE_COLUMN and not str(value or "").startswith("="):
                        target.cell(top + number, column - 1).value = value
            top += len(rows) + 2


@damage(FAMILY, Expected.SAME)
def form_retyped_sheet_by_sheet(form: Form, choose: random.Random) -> Effect:
    """Titles, headings, labels and figures retyped into new sheets with other names, one a field; nothing hidden."""
    _retyped(form, {f"Sheet{number}": [placed] for number, placed in enumerate(form.fields, 1)})
    return Effect(("structure.identity_missing", "structure.columns_by_heading"), hard_to_tell(form))


@damage(FAMILY, Expected.SAME)
def form_retyped_on_one_sheet(form: Form, choose: random.Random) -> Effect:
    """Titles, headings, labels and figures retyped into one sheet, the fields one below the other."""
    _retyped(form, {"Sheet1": list(form.fields)})
    return Effect(("structure.identity_missing",), hard_to_tell(form))


def _other_fingerprint(form: Form) -> None:
    sheet = form.workbook[IDENTITY_SHEET]
    for row in order_of(sheet):
        if sheet.cell(row, 1).value == "fingerprint":
            sheet.cell(row, 2).value = "0" * 16


def _older(form: Form, row: Row) -> Worksheet:
    _other_fingerprint(form)
    return form.workbook[row.sheet]


@damage(FAMILY, Expected.FINDING)
def older_form_without_a_row(form: Form, choose: random.Random) -> Effect:
    """The form of an older template that lacks a row."""
    row = form.row(choose)
    delete_rows(form.workbook, _older(form, row), row.row)
    return Effect(("structure.other_template", "structure.row_missing"), lost(form, row.indicator.code))


@damage(FAMILY, Expected.FINDING)
def older_form_with_another_label(form: Form, choose: random.Random) -> Effect:
    """The form of an older template in which a row with the same code has another label."""
    row = form.row(choose)
    sheet = _older(form, row)
    sheet.cell(row.row, row.block.columns["label"]).value = f"{row.indicator.label} theo cách gọi cũ"
    place = Position(row.row, row.block.columns["label"]).name
    return Effect(("structure.other_template", "structure.label_reworded"), places=((row.sheet, place),))


@damage(FAMILY, Expected.FINDING)
def older_form_with_a_row_since_removed(form: Form, choose: random.Random) -> Effect:
    """The form of an older template with a filled row that was removed since."""
    row = form.row(choose)
    sheet = _older(form, row)
    insert_rows(form.workbook, sheet, row.row)
    sheet.cell(row.row, CODE_COLUMN).value = "old.indicator"
    sheet.cell(row.row, row.block.columns["label"]).value = "Chỉ tiêu đã bỏ"
    sheet.cell(row.row, row.block.columns["actual"]).value = 55
    place = Position(row.row, row.block.columns["actual"]).name
    return Effect(("structure.other_template", "structure.unknown_row"), places=((row.sheet, place),))


@damage(FAMILY, Expected.FINDING)
def form_of_another_period(form: Form, choose: random.Random) -> Effect:
    """The form of another period used again, the period on the cover changed."""
    cover = form.workbook[COVER_SHEET]
    for row in order_of(cover):
        if cover.cell(row, CODE_COLUMN).value == "period":
            cover.cell(row, 4).value = "Năm 2024"
    return Effect(("period.cover_differs",))


@damage(FAMILY, Expected.FINDING)
def form_of_another_unit(form: Form, choose: random.Random) -> Effect:
    """The form of another unit used again, the code on the cover changed."""
    cover = form.workbook[COVER_SHEET]
    for row in order_of(cover):
        if cover.cell(row, CODE_COLUMN).value == "unit_code":
            cover.cell(row, 4).value = "07840"
    return Effect(("unit.cover_differs",))


@damage(FAMILY, Expected.SAME)
def scribbles_beside_the_table(form: Form, choose: random.Random) -> Effect:
    """Numbers and words scribbled to the right of the tables."""
    for sheet in form.sheets:
        column = sheet.max_column + choose.randrange(2, 5)
        for row in choose.sample(range(8, 18), 3):
            sheet.cell(row, column).value = choose.randrange(1000)
        sheet.cell(20, column).value = "hỏi lại chị Hà"
    return NOTHING_TOLD


@damage(FAMILY, Expected.FINDING)
def scribbles_below_the_table(form: Form, choose: random.Random) -> Effect:
    """A number scribbled below the tables, in line with a measure."""
    placed = form.any_field(choose)
    sheet = form.workbook[placed.sheet]
    row = sheet.max_row + choose.randrange(2, 6)
    column = placed.blocks[-1].columns.get("actual") or max(placed.blocks[-1].columns.values())
    sheet.cell(row, column).value = 77
    return Effect(("structure.unknown_row",), places=((placed.sheet, Position(row, column).name),))


@damage(FAMILY, Expected.SAME)
def sheets_of_scribbles_added(form: Form, choose: random.Random) -> Effect:
    """Sheets with scribbles, labels and numbers of the sender's own added."""
    for name in ("Nháp", "Sheet1", "01"):
        sheet = form.workbook.create_sheet(name, choose.randrange(4))
        sheet["A1"], sheet["B2"], sheet["C3"] = "Dân số", choose.randrange(1000), "=B2*2"
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def comments_added(form: Form, choose: random.Random) -> Effect:
    """Comments added to cells with figures."""

    for slot in choose.sample(list(form.slots()), 3):
        form.workbook[slot.sheet][slot.position.name].comment = Comment("Xem lại số 123", "Văn phòng")
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def format_at_the_last_row(form: Form, choose: random.Random) -> Effect:
    """Formats down to the last row of the grid."""
    sheet = choose.choice(form.sheets)
    sheet.cell(1_048_576, 3).number_format = "0.00"
    sheet.cell(1_048_576, 16_384).number_format = "0.00"
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def protection_and_validation_removed(form: Form, choose: random.Random) -> Effect:
    """Protection, checks on input and all formats removed."""

    for sheet in form.sheets:
        sheet.protection.sheet = False
        sheet.data_validations = DataValidationList()
        for cells in sheet.iter_rows():
            for cell in cells:
                cell.style = "Normal"
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def template_filled_by_hand(form: Form, choose: random.Random) -> Effect:
    """A copy of the template itself filled by hand: all rows of all levels, no identity, technical columns."""
    workbook = openpyxl.load_workbook(form.base.template)
    cover = workbook[COVER_SHEET]
    for row, typed in ((6, UNIT.unit_name), (7, UNIT.unit), (8, UNIT.period_label)):
        cover.cell(row, 4).value = typed
    catalogue = form.base.catalogue
    for name, value in form.base.typed.items():
        if name.item:
            block = catalogue.lists[name.indicator]
            cell = workbook[block.sheet].cell(block.first + int(name.item) - 1, block.column(name.measure).column)
        else:
            indicator = catalogue.indicators[name.indicator]
            cell = workbook[indicator.sheet][indicator.cells[name.measure].address]
        cell.value = value
    buffer = io.BytesIO()
    workbook.save(buffer)
    form.data = buffer.getvalue()
    return NOTHING_TOLD
