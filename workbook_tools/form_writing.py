"""Writes a form for one unit: cover, guide, field sheets, live checks, and the identity by which it is read back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.calculation import calculate
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName, Position, quote_sheet
from workbook_tools.check_sheet import write_checks
from workbook_tools.excel_writing import Book, writing
from workbook_tools.field_sheets import Filling, sheet_link, write_field
from workbook_tools.figure_cube import CellFigure, FigureCube, cell_value, empty_cube, fill_values
from workbook_tools.form_layout import (
    CODE_COLUMN,
    COVER_SHEET,
    GUIDE_SHEET,
    IDENTITY_SHEET,
    FormLayout,
    headings_of,
)
from workbook_tools.formulas import Figure
from workbook_tools.observations import Support
from workbook_tools.periods import Period
from workbook_tools.styles import (
    CENTRED,
    HEADING,
    INPUT_FILL,
    LINK,
    SUBTITLE,
    TEXT,
    TITLE,
)

CHOICES_SHEET = "Danh mục"
HINT = (
    "Điền vào các ô màu vàng nhạt. Ô khác là tiêu đề hoặc công thức, không sửa. Xem trang “Hướng dẫn” trước khi điền."
)
COVER_FIRST_ROW = 6


@dataclass(frozen=True)
class Identity:
    """Whose form it is. Everything may be empty on a blank form."""

    unit: str = ""
    unit_name: str = ""
    period: Period | None = None
    level: str = ""

    @property
    def period_label(self) -> str:
        """The period in words."""
        return self.period.label if self.period else ""


def write_form(
    path: Path, layout: FormLayout, identity: Identity, values: Mapping[FigureName, CellFigure] | None = None
) -> None:
    """Write the form of one unit; ``values`` stand in it already (last period's figures, this period's plan).

    Formulas carry the results they have with these values. Raises WorkbookWriteError.
    """
    filled = dict(values or {})
    cube = cube_of_values(layout.catalogue, identity.unit, filled)
    filling = filling_of(layout.catalogue, identity, cube, filled)
    with writing(path, {"form": filling.form_sign, "unit": identity.unit, "period": _code(identity)}) as book:
        write_cover(book, layout, identity)
        write_guide(book, layout.catalogue)
        write_fields(book, layout, filling)
        write_checks(book, layout, cube)
        write_choices(book, layout.catalogue)
        write_identity(book, layout, identity)


def cube_of_values(catalogue: Catalogue, unit: str, values: Mapping[FigureName, CellFigure]) -> FigureCube:
    """A calculated cube of one unit from typed figures."""
    cube = empty_cube(catalogue, [unit])
    fill_values(cube, catalogue, 0, values)
    calculate(catalogue, cube)
    return cube


def filling_of(
    catalogue: Catalogue, identity: Identity, cube: FigureCube, values: Mapping[FigureName, CellFigure], row: int = 0
) -> Filling:
    """The texts and figures of one unit's sheets; the unit has a row of the cube."""
    settings = catalogue.settings
    right = settings.get(f"sign_right.{identity.level}") or settings.get("sign_right", "")
    return Filling(
        office=identity.unit_name,
        period=identity.period_label or "……………",
        headings=headings_of(catalogue, identity.period),
        typed=values.get,
        computed=lambda name: cell_value(cube, row, Figure(name.indicator, name.measure), nil=None),
        without_formula=frozenset(Figure(name.indicator, name.measure) for name in values if not name.item),
        remarks={name.indicator: str(value) for name, value in values.items() if name.measure == "note"},
        signature=(settings.get("sign_left", ""), right, settings.get("sign_date", "")),
        form_sign=settings.get("form", ""),
        choice_lists=choice_lists(catalogue),
    )


def _code(identity: Identity) -> str:
    return identity.period.code if identity.period else ""


def write_cover(book: Book, layout: FormLayout, identity: Identity) -> None:
    """The cover: who reports, for which period, and links to the sheets."""
    catalogue = layout.catalogue
    sheet = book.add_sheet(COVER_SHEET)
    sheet.set_columns({1: 14, 2: 8, 3: 52, 4: 46}, hidden=[1])
    sheet.write(1, CODE_COLUMN, "#cover")
    sheet.merge(2, 2, 4, catalogue.settings.get("title", ""), {**TITLE, "font_size": 16, "text_wrap": True})
    sheet.set_row(2, 30)
    sheet.merge(3, 2, 4, HINT, {**SUBTITLE, "text_wrap": True})
    sheet.set_row(3, 32)
    known: dict[str, str] = {
        "unit_name": identity.unit_name,
        "unit_code": identity.unit,
        "period": identity.period_label,
    }
    for offset, (code, label) in enumerate(catalogue.cover):
        row = COVER_FIRST_ROW + offset
        sheet.write(row, CODE_COLUMN, code)
        sheet.write(row, 3, label, {**TEXT, "font_size": 12})
        style = {**TEXT, "font_size": 12, "bg_color": INPUT_FILL, "locked": False, "num_format": "@"}
        sheet.write(row, 4, known.get(code) or None, style)
        sheet.set_row(row, 22)
    row = COVER_FIRST_ROW + len(catalogue.cover) + 1
    for column, text in ((2, "STT"), (3, "Biểu (bấm vào tên để mở)"), (4, "Lĩnh vực")):
        sheet.write(row, column, text, HEADING)
    for number, placed in enumerate(layout.fields, start=1):
        sheet.write(row + number, 2, number, CENTRED)
        sheet.write_link(row + number, 3, sheet_link(placed), placed.sheet, LINK)
        sheet.write(row + number, 4, placed.field.title, {**TEXT, "font_size": 10})
        sheet.set_row(row + number, 30 if len(placed.field.title) > 44 else 18)
    sheet.set_print(row + len(layout.fields), 4, landscape=False, repeat_rows=None)
    sheet.protect()


def write_guide(book: Book, catalogue: Catalogue) -> None:
    """One page on how to fill in the form."""
    sheet = book.add_sheet(GUIDE_SHEET)
    sheet.set_columns({1: 8, 2: 110}, hidden=[1])
    sheet.write(1, CODE_COLUMN, "#guide")
    for number, text in enumerate(catalogue.guide):
        style = TITLE if number == 0 else {"font_size": 12, "text_wrap": True, "valign": "top"}
        sheet.write(2 + number, 2, text, style)
        sheet.set_row(2 + number, 28 if number == 0 else 18 * -(-len(text) // 105) + 2)
    sheet.set_print(2 + len(catalogue.guide), 2, landscape=False, repeat_rows=None)
    sheet.protect()


def write_fields(book: Book, layout: FormLayout, filling: Filling) -> None:
    """All field sheets."""
    for placed in layout.fields:
        write_field(book.add_sheet(placed.sheet), layout, placed, filling)


def write_choices(book: Book, catalogue: Catalogue) -> None:
    """The pull-down lists, one a column, on a hidden sheet."""
    sheet = book.add_sheet(CHOICES_SHEET)
    for offset, (name, values) in enumerate(catalogue.choices.items()):
        sheet.write(4, 2 + offset, name, HEADING)
        for number, value in enumerate(values):
            sheet.write(5 + number, 2 + offset, value, TEXT)
    sheet.worksheet.hide()


def choice_lists(catalogue: Catalogue) -> dict[str, str]:
    """Where each pull-down list stands on its sheet, as the source of a validation."""
    lists = {}
    for offset, (name, values) in enumerate(catalogue.choices.items()):
        first, last = Position(5, 2 + offset), Position(4 + len(values), 2 + offset)
        absolute = [f"${position.name.rstrip('0123456789')}${position.row}" for position in (first, last)]
        lists[name] = f"={quote_sheet(CHOICES_SHEET)}!{':'.join(absolute)}"
    return lists


def write_identity(
    book: Book, layout: FormLayout, identity: Identity, support: Iterable[tuple[FigureName, Support]] = ()
) -> None:
    """The very hidden sheet by which the form is known again; for totals also what stands behind each."""
    sheet = book.add_sheet(IDENTITY_SHEET)
    facts = {
        "form": layout.catalogue.settings.get("form", ""),
        "fingerprint": layout.catalogue.fingerprint,
        "unit": identity.unit,
        "unit_name": identity.unit_name,
        "period": _code(identity),
        "level": identity.level,
    }
    row = 1
    for key, value in facts.items():
        sheet.write(row, 1, key)
        sheet.write(row, 2, value)
        row += 1
    for placed in layout.fields:
        for column, value in enumerate(("field", placed.field.code, placed.sheet), start=1):
            sheet.write(row, column, value)
        row += 1
    for name, one in support:
        for column, text in enumerate(("support", name.indicator, name.measure, *one.texts), start=1):
            sheet.write(row, column, text)
        row += 1
    sheet.worksheet.very_hidden()
