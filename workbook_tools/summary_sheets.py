"""What the sheets of a consolidated workbook share: their names, their heading, live cells, links to the forms."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from workbook_tools.cells import column_letters
from workbook_tools.consolidated import ABOVE, BELOW, MET, Consolidation
from workbook_tools.excel_writing import Book, Sheet, Style
from workbook_tools.figure_cube import CellFigure
from workbook_tools.form_layout import CHECK_SHEET, CODE_COLUMN, FIRST_COLUMN, PlacedBlock, PlacedField
from workbook_tools.formulas import Call, Expression, Figure, NotPlacedError, Operation, Text, figures_of
from workbook_tools.indicators import Indicator, IndicatorBlock, Kind, Role
from workbook_tools.periods import parse_period
from workbook_tools.styles import (
    BAD_FILL,
    GOOD_FILL,
    GROUP,
    GROUP_FILL,
    HEADING,
    HEADING_FILL,
    SIGNATURE,
    SUBTITLE,
    TITLE,
    figure_style,
)
from workbook_tools.units import Unit

SUMMARY_SHEET = "Tổng hợp"
HEADLINE_SHEET = "Chỉ tiêu chủ yếu"
UNITS_SHEET = "Theo đơn vị"
FINDINGS_SHEET = CHECK_SHEET
FILES_SHEET = "Tệp đã nhận"
LINEAGE_SHEET = "Nguồn số liệu"
INDEX = {
    SUMMARY_SHEET: "Mọi chỉ tiêu: kế hoạch, thực hiện, so sánh, đánh giá",
    HEADLINE_SHEET: "Các chỉ tiêu chủ yếu, số chỉ tiêu đạt và vượt kế hoạch",
    UNITS_SHEET: "Số thực hiện của từng đơn vị",
    FINDINGS_SHEET: "Điểm cần xem lại trong các tệp và khi cộng",
    FILES_SHEET: "Tệp đã nhận, số ô của từng tệp; đơn vị chưa nộp",
    LINEAGE_SHEET: "Từng ô số liệu: tệp, trang, ô",
}
"""The sheets that stand beside the forms, each with what it shows."""

CODE_ROW, HEADING_ROW, FIRST_ROW = 5, 6, 7
LINE_HEIGHT = 17.0
MAXIMUM_HEIGHT = 400.0
LETTERS_PER_DIGIT = 1.12


@dataclass(frozen=True)
class Column:
    """A column of a table: its code in the hidden row, its heading, its width in characters."""

    code: str
    heading: str
    width: float


@dataclass(frozen=True)
class Table:
    """A sheet of one table with headings; ``places`` gives the column number of each code."""

    sheet: Sheet
    columns: tuple[Column, ...]

    @property
    def places(self) -> dict[str, int]:
        """Column numbers by code."""
        return {column.code: FIRST_COLUMN + number for number, column in enumerate(self.columns)}

    @property
    def last_column(self) -> int:
        """Number of the last column."""
        return CODE_COLUMN + len(self.columns)

    def width(self, code: str) -> float:
        """Width of a column."""
        return next(column.width for column in self.columns if column.code == code)

    def area(self, code: str, last_row: int) -> str:
        """The body of a column as a formula names it, ``J7:J26``."""
        letters = column_letters(self.places[code])
        return f"{letters}{FIRST_ROW}:{letters}{last_row}"

    def write_row(self, row: int, values: Iterable[CellFigure], styles: Iterable[Style | None]) -> None:
        """One plain row from left to right, as high as its texts need."""
        lines = 1
        for place, (column, value, style) in enumerate(zip(self.columns, values, styles, strict=True), FIRST_COLUMN):
            self.sheet.write(row, place, value, style)
            if isinstance(value, str) and value:
                lines = max(lines, lines_of(value, column.width))
        self.sheet.set_row(row, height_of(lines))


def add_table(
    book: Book, name: str, marker: str, result: Consolidation, title: str, columns: Sequence[Column]
) -> Table:
    """A sheet with its heading and the headings of its columns, their codes in the hidden row above."""
    table = Table(book.add_sheet(name), tuple(columns))
    sheet, last = table.sheet, table.last_column
    sheet.write(1, CODE_COLUMN, marker)
    sheet.write(1, FIRST_COLUMN, unit_name(result), {"bold": True})
    sheet.merge(2, FIRST_COLUMN, last, title, TITLE)
    sheet.set_row(2, 24)
    sheet.merge(3, FIRST_COLUMN, last, f"{unit_name(result)} - {period_label(result)}", SUBTITLE)
    sheet.write(CODE_ROW, CODE_COLUMN, "#columns")
    for column in table.columns:
        sheet.write(CODE_ROW, table.places[column.code], column.code)
        sheet.write(HEADING_ROW, table.places[column.code], column.heading, HEADING)
    sheet.set_row(CODE_ROW, hidden=True)
    sheet.set_row(HEADING_ROW, height_of(max(lines_of(column.heading, 0.85 * column.width) for column in columns)) + 4)
    widths = {CODE_COLUMN: 22.0} | {table.places[column.code]: column.width for column in columns}
    sheet.set_columns(widths, hidden=[CODE_COLUMN])
    return table


def finish_table(table: Table, last_row: int, *, frozen: str, printed_to: int = 0, filtered: bool = True) -> None:
    """Frozen headings, a filter over the body, a page that prints."""
    worksheet = table.sheet.worksheet
    worksheet.freeze_panes(FIRST_ROW - 1, table.places[frozen])
    if filtered and last_row >= FIRST_ROW:
        worksheet.autofilter(HEADING_ROW - 1, FIRST_COLUMN - 1, last_row - 1, table.last_column - 1)
    page = (HEADING_ROW, HEADING_ROW)
    table.sheet.set_print(max(last_row, HEADING_ROW, printed_to), table.last_column, landscape=True, repeat_rows=page)


def unit_name(result: Consolidation) -> str:
    """Name of the unit the figures are added up for."""
    return result.tree.unit(result.unit).name


def period_label(result: Consolidation) -> str:
    """The period in words."""
    period = parse_period(result.period)
    return period.label if period else result.period


def shown_units(result: Consolidation) -> list[Unit]:
    """The units whose returns make up the total: the lowest, or one above that alone sent a return for them."""
    sent = {one.unit for one in result.returns}

    def below(code: str) -> Iterator[Unit]:
        for child in result.tree.children(code):
            leaves = result.tree.leaves(child.code)
            if leaves and not (child.code in sent and not _any_below(result, child.code, sent)):
                yield from below(child.code)
            else:
                yield child

    return list(below(result.unit)) or [result.tree.unit(result.unit)]


def _any_below(result: Consolidation, code: str, sent: set[str]) -> bool:
    return any(child.code in sent or _any_below(result, child.code, sent) for child in result.tree.children(code))


def count_units(result: Consolidation) -> tuple[int, int]:
    """From how many units figures have come, and how many there are, those inside consolidated returns included."""
    sent = {one.unit for one in result.returns}
    reported = expected = 0
    for unit in shown_units(result):
        row = result.cube.row(unit.code)
        expected += int(result.cube.expected[row].max())
        reported += max(1, int(result.cube.reported[row].max())) if unit.code in sent else 0
    return reported, expected


def fields_with_indicators(result: Consolidation) -> Iterator[tuple[PlacedField, list[PlacedBlock]]]:
    """The field sheets with their blocks of indicators."""
    for placed in result.layout.fields:
        blocks = [block for block in placed.blocks if isinstance(block.block, IndicatorBlock)]
        if blocks:
            yield placed, blocks


def write_field_title(table: Table, row: int, placed: PlacedField, number: int) -> None:
    """The row that opens a field; number and marker tell it from the field's own sheet when this is read back."""
    _write_band(table, row, f"#section {placed.field.code}", f"{number}. {placed.field.title}", HEADING_FILL)


def write_block_title(table: Table, row: int, block: PlacedBlock) -> None:
    """The row that opens a block of a field."""
    _write_band(table, row, f"#section {block.block.code}", block.block.title, GROUP_FILL)


def _write_band(table: Table, row: int, code: str, text: str, fill: str) -> None:
    """A title over the whole width, not merged, so that the rows can be filtered and sorted."""
    style = {"bold": True, "bg_color": fill, "top": 1, "bottom": 1, "border_color": "#808080"}
    table.sheet.write(row, CODE_COLUMN, code)
    for place in table.places.values():
        table.sheet.write(row, place, None, style)
    table.sheet.write(row, FIRST_COLUMN, text, style)
    table.sheet.set_row(row, 20)


def write_group(table: Table, row: int, number: str, label: str) -> None:
    """A row that only carries a heading, such as "Trong đó:"."""
    table.sheet.write(row, CODE_COLUMN, "#group")
    for place in table.places.values():
        table.sheet.write(row, place, None, GROUP)
    table.sheet.write(row, table.places["number"], number, {**GROUP, "align": "center", "italic": False})
    table.sheet.write(row, table.places["label"], label, GROUP)


def write_reference(sheet: Sheet, row: int, column: int, result: Consolidation, figure: Figure, style: Style) -> None:
    """A figure of the field sheets, by a formula that refers to its cell; a closed cell stays blank."""
    if _is_open(result, figure):
        expression = Call("IF", (Operation("=", (figure, Text(""))), Text(""), figure))
        _write_formula(sheet, row, column, result, expression, result.value(figure), style)
    else:
        sheet.write(row, column, None, style)


def write_live(
    sheet: Sheet, row: int, column: int, result: Consolidation, expression: Expression | None, style: Style
) -> CellFigure:
    """A computed cell, and what it shows: nothing where parts are closed or come from different units."""
    figures = [] if expression is None else list(figures_of(expression))
    if expression is None or not all(_is_open(result, one) for one in figures) or not result.same_units(expression):
        sheet.write(row, column, None, style)
        return None
    value = result.evaluate(expression)
    _write_formula(sheet, row, column, result, expression, value, style)
    return value


def _write_formula(
    sheet: Sheet, row: int, column: int, result: Consolidation, expression: Expression, value: CellFigure, style: Style
) -> None:
    formula = result.layout.formula(expression, sheet.name)
    sheet.write_formula(row, column, formula, "" if value is None else value, style)


def _is_open(result: Consolidation, figure: Figure) -> bool:
    """Whether the form has a cell for the figure that is filled or computed."""
    indicator = result.catalogue.indicators.get(figure.indicator)
    if indicator is None or figure not in result.cube.index:
        return False
    try:
        result.layout.place(figure)
    except NotPlacedError:
        return False
    return result.layout.role(indicator, figure.measure) is not Role.CLOSED


def figure_look(indicator: Indicator, measure: str) -> Style:
    """Style of a figure by its kind; two decimals for whatever is in percent of something."""
    if measure in ("prior", "plan", "actual", "next_plan"):
        return figure_style(indicator.kind, indicator.decimals)
    return figure_style(Kind.PERCENT, 2)


def reported_of(result: Consolidation, indicator: Indicator) -> str:
    """How many units of how many stand behind this year's figure, ``2/2``."""
    figure = Figure(indicator.code, "actual")
    if not _is_open(result, figure):
        return ""
    support = result.support(figure)
    return f"{support.reported}/{support.expected}"


def assessment_words(result: Consolidation) -> dict[str, str]:
    """The words of the assessment by their settings."""
    return {key: result.catalogue.settings.get(key, "") for key in (ABOVE, MET, BELOW)}


def colour_assessments(table: Table, result: Consolidation, last_row: int) -> None:
    """Green and red behind the words, which say the same without colour."""
    place = table.places["assessment"]
    for key, word in assessment_words(result).items():
        fill = BAD_FILL if key == BELOW else GOOD_FILL
        options = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": {"bg_color": fill}}
        if word:
            table.sheet.highlight((FIRST_ROW, place), (last_row, place), options)


def write_signature(table: Table, row: int, result: Consolidation) -> int:
    """The block for signatures under a table; gives the last row it needs in print."""
    settings = result.catalogue.settings
    left, right = (settings.get(key, "").split("|") for key in ("sign_left", "sign_right"))
    first, last = max(FIRST_COLUMN + 2, table.last_column - 4), table.last_column
    table.sheet.merge(row, first, last, settings.get("sign_date", ""), SUBTITLE)
    for offset, text in enumerate(left):
        table.sheet.write(row + 1 + offset, FIRST_COLUMN + 1, text, {**SIGNATURE, "bold": offset == 0})
    for offset, text in enumerate(right):
        table.sheet.merge(row + 1 + offset, first, last, text, {**SIGNATURE, "bold": not text.startswith("(")})
    return row + max(len(left), len(right)) + 4


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of a width in characters, most letters being narrower than a digit."""
    room = max(4, int(width * LETTERS_PER_DIGIT))
    return sum(1 if len(line) <= room else len(wrap(line, room)) for line in text.split("\n"))


def height_of(lines: int) -> float:
    """Height of a row of so many lines."""
    return min(MAXIMUM_HEIGHT, LINE_HEIGHT * max(1, lines))
