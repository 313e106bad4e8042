"""Writes a form for one unit: cover, guide, field sheets, live checks, and the identity by which it is read back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbook_tools.calculation import calculate
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName, Position, quote_sheet
from workbook_tools.check_sheet import checks_of, verdicts_of, verdicts_on_texts, write_checks
from workbook_tools.cover_sheet import cover_cells, write_cover
from workbook_tools.excel_writing import Book, Style, writing
from workbook_tools.field_sheets import Filling, content_of, write_field
from workbook_tools.figure_cube import CellFigure, FigureCube, cell_value, empty_cube, fill_values
from workbook_tools.form_layout import (
    CODE_COLUMN,
    GUIDE_SHEET,
    IDENTITY_SHEET,
    FormLayout,
    headings_of,
)
from workbook_tools.form_progress import ProgressPlan
from workbook_tools.formulas import Figure
from workbook_tools.observations import Support
from workbook_tools.periods import Period
from workbook_tools.styles import (
    BAD_FILL,
    BLOCK_TITLE,
    BORDER,
    COMPUTED_FILL,
    HEADING,
    INPUT_FILL,
    JUMP_FILL,
    REQUIRED_FILL,
    TEXT,
    TITLE,
)

CHOICES_SHEET = "Danh mục"
GUIDE_WIDTH, GUIDE_LETTERS = 96.0, 100
WORKING_WITH_THE_FILE = (
    ("", "Trang Bìa cho biết mỗi biểu đã điền bao nhiêu ô, còn bao nhiêu lỗi; bấm vào tên biểu để mở."),
    ("", "Phím Tab đưa tới ô cần điền kế tiếp. Chọn một ô để xem đơn vị tính và cách ghi; bấm dấu + phía trên bảng, "
         "bên phải cột Ghi chú, để mở cột “Cách ghi” của mọi dòng."),
    ("", "Dán số liệu từ tệp khác: Paste Special > Values (chỉ dán giá trị), từng đoạn ô vàng liền nhau."),
    (INPUT_FILL, "Ô vàng nhạt: ô cần điền."),
    (REQUIRED_FILL, "Ô vàng đậm: bắt buộc và chưa điền."),
    (JUMP_FILL, "Ô cam: số năm nay hơn gấp đôi hoặc chưa bằng nửa năm trước; đúng thì nêu lý do ở cột Ghi chú."),
    (BAD_FILL, "Ô đỏ nhạt: số đang ở dạng chữ hoặc ô báo lỗi, Excel không tính được; gõ lại."),
    (COMPUTED_FILL, "Ô xanh xám: công thức, tự tính."),
)  # fmt: skip
"""What the file does by itself, whatever the template asks for; a colour with its meaning."""


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
    plan = ProgressPlan(layout)
    checks = checks_of(plan)
    progress = plan.progress(_shown(layout, cube, filling, filled))
    verdicts = [verdicts_of(one.rule, cube)[0] for one in checks if one.rule]
    verdicts += verdicts_on_texts(plan, progress)
    with writing(path, {"form": filling.form_sign, "unit": identity.unit, "period": _code(identity)}) as book:
        write_cover(book, layout, cover_facts(identity), cover_cells(plan, checks, progress, verdicts))
        write_guide(book, layout.catalogue)
        write_fields(book, layout, filling)
        write_checks(book, checks, verdicts)
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
        is_to_be_filled=True,
    )


def filled_columns(cube: FigureCube, row: int, typed: Iterable[FigureName], worded: Iterable[int]) -> set[int]:
    """The columns of a cube in which the form of a unit is not blank.

    Args:
        typed: the names of the figures put into it.
        worded: the columns in which the unit has a text.
    """
    says = cube.filled[row] | ~np.isnan(cube.number[row])
    columns = {cube.index[Figure(name.indicator, name.measure)] for name in typed if not name.item}
    return columns | set(map(int, np.flatnonzero(says))) | set(worded)


def _shown(
    layout: FormLayout, cube: FigureCube, filling: Filling, filled: Mapping[FigureName, CellFigure]
) -> dict[Figure, CellFigure]:
    """What the form shows of the figures that are not blank in it."""
    typed = [name for name in filled if name.measure != "note"]
    columns = filled_columns(cube, 0, typed, (column for _, column in cube.text))
    figures = [figure for figure, column in cube.index.items() if column in columns]
    indicators = layout.catalogue.indicators
    return {one: content_of(layout, indicators[one.indicator], one.measure, filling).value for one in figures}


def cover_facts(identity: Identity) -> dict[str, str]:
    """What is known of a unit before its form is filled, by the codes of the cover."""
    return {"unit_name": identity.unit_name, "unit_code": identity.unit, "period": identity.period_label}


def _code(identity: Identity) -> str:
    return identity.period.code if identity.period else ""


def write_guide(book: Book, catalogue: Catalogue) -> None:
    """How to fill in the form: the template's own words, then how the file works."""
    sheet = book.add_sheet(GUIDE_SHEET)
    sheet.set_columns({1: 8, 2: GUIDE_WIDTH}, hidden=[1])
    sheet.write(1, CODE_COLUMN, "#guide")
    plain: Style = {"font_size": 12, "text_wrap": True, "valign": "top"}
    lines: list[tuple[str, Style]] = [(text, plain if number else TITLE) for number, text in enumerate(catalogue.guide)]
    lines += [("", plain), ("Tệp này làm sẵn cho người điền", BLOCK_TITLE)]
    lines += [(text, {**plain, "bg_color": fill, **BORDER} if fill else plain) for fill, text in WORKING_WITH_THE_FILE]
    for row, (text, style) in enumerate(lines, 2):
        sheet.write(row, 2, text or None, style)
        sheet.set_row(row, 28 if style is TITLE else 17 * max(1, -(-len(text) // GUIDE_LETTERS)) + 2)
    sheet.set_print(1 + len(lines), 2, landscape=False, repeat_rows=None)
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
    book: Book,
    layout: FormLayout,
    identity: Identity,
    support: Iterable[tuple[FigureName, Support]] = (),
    marks: Iterable[Sequence[str]] = (),
) -> None:
    """The very hidden sheet by which the form is known again; for totals also what stands behind each, and ``marks``
    of what they were made of."""
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
    for mark in marks:
        for column, value in enumerate(mark, start=1):
            sheet.write(row, column, value)
        row += 1
    for name, one in support:
        for column, text in enumerate(("support", name.indicator, name.measure, *one.texts), start=1):
            sheet.write(row, column, text)
        row += 1
    sheet.worksheet.very_hidden()
