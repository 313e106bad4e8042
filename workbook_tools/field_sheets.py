"""Writes the field sheets of a form, blank or filled: the same sheet goes to the units and comes out as their total."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from workbook_tools.cells import MEASURES, FigureName, full_address
from workbook_tools.excel_writing import Sheet
from workbook_tools.field_pages import set_pages
from workbook_tools.figure_cube import CellFigure
from workbook_tools.form_layout import (
    CODE_COLUMN,
    FIRST_COLUMN,
    SIGNATURE_MARK,
    FormLayout,
    PlacedBlock,
    PlacedField,
    PlacedRow,
)
from workbook_tools.formulas import Figure
from workbook_tools.indicators import GroupRow, Indicator, IndicatorBlock, Kind, ListBlock, Role
from workbook_tools.input_marks import write_marks
from workbook_tools.input_validations import how_to_fill, write_validations
from workbook_tools.styles import (
    BLOCK_TITLE,
    CENTRED,
    CLOSED,
    CLOSED_FILL,
    COMPUTED_FILL,
    GROUP,
    GUIDANCE,
    HEADING,
    HEADING_NUMBER,
    INPUT_FILL,
    SIGNATURE,
    SUBTITLE,
    TEXT,
    TITLE,
    figure_style,
)
from workbook_tools.text_widths import lines_in

WIDTHS = {"number": 6.0, "label": 44.0, "unit": 15.0, "note": 22.0, "plan_ratio": 9.5, "growth": 10.0, "guidance": 60.0}
FIGURE_WIDTH, MONEY_WIDTH = 14.0, 17.0
"""Room for figures, and for money in the smallest unit: 1.234.567.890.123."""

TEXT_WIDTH, LIST_WIDTH = 18.0, 12.0
"""At least so wide are the columns of lists that hold words, and the others."""

LINE_HEIGHT, MOST_LINES = 17.0, 23
CLOSED_MARK = "x"


def nothing(_: FigureName) -> CellFigure:
    """A form without figures."""
    return None


@dataclass(frozen=True)
class Filling:
    """What the sheets of one workbook carry besides the template's own text.

    ``typed`` gives input cells, ``computed`` the results of formulas. Figures in ``without_formula`` are written as
    values: totals that no formula over this sheet can give. ``remarks`` fill the note column.
    """

    office: str = ""
    period: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)
    typed: Callable[[FigureName], CellFigure] = nothing
    computed: Callable[[FigureName], CellFigure] = nothing
    without_formula: frozenset[Figure] = frozenset()
    remarks: Mapping[str, str] = field(default_factory=dict)
    signature: tuple[str, str, str] = ("", "", "")
    form_sign: str = ""
    choice_lists: Mapping[str, str] = field(default_factory=dict)
    """Where each pull-down list stands, as a formula."""
    is_to_be_filled: bool = False
    """Whether somebody will type into the sheets, and gets help with it."""


class FigureContent(NamedTuple):
    """What stands in the cell of a figure: a value, or a formula and its result."""

    value: CellFigure
    is_formula: bool = False


def content_of(layout: FormLayout, indicator: Indicator, measure: str, filling: Filling) -> FigureContent:
    """What a form shows of a figure."""
    name = FigureName(indicator.code, measure)
    role = layout.role(indicator, measure)
    if role is Role.INPUT:
        return FigureContent(filling.typed(name))
    if role is Role.CLOSED and indicator.rule(measure).role is Role.CLOSED:
        return FigureContent(CLOSED_MARK)
    is_formula = role is Role.FORMULA and Figure(indicator.code, measure) not in filling.without_formula
    return FigureContent(filling.computed(name), is_formula)


def write_field(sheet: Sheet, layout: FormLayout, placed: PlacedField, filling: Filling) -> None:
    """One field sheet, from top to bottom."""
    _write_heading(sheet, placed, filling)
    widths = _widths(placed)
    for block in placed.blocks:
        sheet.write(block.title_row, FIRST_COLUMN, block.block.title, BLOCK_TITLE)
        sheet.set_row(block.title_row, 20)
        _write_codes(sheet, block)
        if isinstance(block.block, IndicatorBlock):
            _write_indicator_headings(sheet, block, block.block, filling)
        else:
            _write_list_headings(sheet, block, block.block, widths)
        for row in block.rows:
            _write_row(sheet, layout, block, row, filling, widths)
    last = _write_signature(sheet, placed, filling)
    write_validations(sheet, placed, layout, filling.choice_lists)
    if filling.is_to_be_filled:
        _write_guidance(sheet, placed)
        write_marks(sheet, placed, layout)
        _select_first_input(sheet, layout, placed)
    _set_up(sheet, placed, widths, last)


def _write_heading(sheet: Sheet, placed: PlacedField, filling: Filling) -> None:
    last = placed.last_column
    sheet.write(1, CODE_COLUMN, f"#field {placed.field.code}")
    sheet.write(1, FIRST_COLUMN, filling.office, {"bold": True})
    sheet.write(1, last, f"Biểu số: {placed.sheet[:2]}/{filling.form_sign}", {"align": "right"})
    sheet.merge(2, FIRST_COLUMN, last, placed.field.title, TITLE)
    sheet.set_row(2, 24)
    sheet.merge(3, FIRST_COLUMN, last, f"Kỳ báo cáo: {filling.period}", SUBTITLE)


def _write_codes(sheet: Sheet, block: PlacedBlock) -> None:
    """Codes in column A and in the hidden row above the headings: by them a form is read back."""
    marker = "#block" if isinstance(block.block, IndicatorBlock) else "#list"
    sheet.write(block.title_row, CODE_COLUMN, f"{marker} {block.block.code}")
    sheet.write(block.code_row, CODE_COLUMN, "#columns")
    for code, column in block.columns.items():
        sheet.write(block.code_row, column, code)
    sheet.set_row(block.code_row, hidden=True)


def _write_indicator_headings(sheet: Sheet, block: PlacedBlock, content: IndicatorBlock, filling: Filling) -> None:
    upper, lower, numbers = range(block.heading_row, block.heading_row + 3)
    groups: dict[str, list[int]] = {}
    for number, column in enumerate(content.columns):
        place = block.columns[column.code]
        text = filling.headings.get(column.code, column.heading)
        if column.group:
            groups.setdefault(column.group, []).append(place)
            sheet.write(lower, place, text, HEADING)
        else:
            sheet.merge(upper, place, place, text, HEADING, rows=2)
        measures = [one.code for one in content.columns if one.code in MEASURES]
        letter = "ABCD"[number - len(measures) * (column.code == "note")] if column.code not in measures else ""
        sheet.write(numbers, place, letter or f"({measures.index(column.code) + 1})", HEADING_NUMBER)
    for text, places in groups.items():
        sheet.merge(upper, places[0], places[-1], text, HEADING)
    for row in (upper, lower, numbers):
        sheet.write(row, CODE_COLUMN, "#heading")
    sheet.set_row(upper, 18)
    sheet.set_row(lower, 20)


def _write_list_headings(sheet: Sheet, block: PlacedBlock, content: ListBlock, widths: Mapping[int, float]) -> None:
    sheet.write(block.heading_row, CODE_COLUMN, "#heading")
    sheet.write(block.heading_row, block.columns["number"], "STT", HEADING)
    for column in content.columns:
        sheet.write(block.heading_row, block.columns[column.code], column.heading, HEADING)
    lines = (lines_in(one.heading, widths[block.columns[one.code]], bold=True) for one in content.columns)
    sheet.set_row(block.heading_row, max(46.0, 15.0 * max(lines)))


def _write_row(
    sheet: Sheet,
    layout: FormLayout,
    block: PlacedBlock,
    row: PlacedRow,
    filling: Filling,
    widths: Mapping[int, float],
) -> None:
    match row.content:
        case GroupRow():
            _write_group(sheet, block, row, row.content)
        case Indicator():
            _write_indicator(sheet, layout, block, row, row.content, filling, widths)
        case None:
            _write_item(sheet, block, row, filling, widths)


def _write_group(sheet: Sheet, block: PlacedBlock, row: PlacedRow, group: GroupRow) -> None:
    sheet.write(row.row, CODE_COLUMN, "#group")
    for column in block.columns.values():
        sheet.write(row.row, column, None, GROUP)
    sheet.write(row.row, block.columns["number"], group.number, {**GROUP, "align": "center", "italic": False})
    sheet.write(row.row, block.columns["label"], group.label, GROUP)


def _write_indicator(
    sheet: Sheet,
    layout: FormLayout,
    block: PlacedBlock,
    row: PlacedRow,
    indicator: Indicator,
    filling: Filling,
    widths: Mapping[int, float],
) -> None:
    sheet.write(row.row, CODE_COLUMN, indicator.code)
    sheet.write(row.row, block.columns["number"], indicator.number, CENTRED)
    look = {**TEXT, "indent": indicator.indent, "bold": indicator.headline}
    sheet.write(row.row, block.columns["label"], indicator.label, look)
    sheet.write(row.row, block.columns["unit"], indicator.unit, CENTRED)
    for measure in MEASURES:
        if measure in block.columns:
            _write_figure(sheet, layout, row.row, block.columns[measure], indicator, measure, filling)
    if "note" in block.columns:
        sheet.write(row.row, block.columns["note"], filling.remarks.get(indicator.code, ""), {**TEXT, "locked": False})
    width = WIDTHS["label"] - 1.5 * indicator.indent
    lines = [lines_in(indicator.label, width, bold=indicator.headline), lines_in(indicator.unit, WIDTHS["unit"])]
    if not filling.is_to_be_filled:
        lines += _lines_of_texts(layout, block, indicator, filling, widths)
    sheet.set_row(row.row, LINE_HEIGHT * min(MOST_LINES, max(lines)))


def _lines_of_texts(
    layout: FormLayout, block: PlacedBlock, indicator: Indicator, filling: Filling, widths: Mapping[int, float]
) -> Iterator[int]:
    """How many lines the notes and the results in words of a row take."""
    yield lines_in(filling.remarks.get(indicator.code, ""), WIDTHS["note"])
    if not indicator.kind.is_numeric:
        for measure in MEASURES:
            if measure in block.columns:
                shown = content_of(layout, indicator, measure, filling).value
                yield lines_in(str(shown or ""), widths[block.columns[measure]])


def _write_figure(
    sheet: Sheet, layout: FormLayout, row: int, column: int, indicator: Indicator, measure: str, filling: Filling
) -> None:
    kind = Kind.PERCENT if measure in ("plan_ratio", "growth") else indicator.kind
    decimals = 2 if measure in ("plan_ratio", "growth") else indicator.decimals
    role = layout.role(indicator, measure)
    content = content_of(layout, indicator, measure, filling)
    if role is Role.INPUT:
        sheet.write(row, column, content.value, figure_style(kind, decimals, INPUT_FILL, unlocked=True))
    elif content.is_formula:
        expression = indicator.cells[measure].expression
        assert expression is not None
        formula = layout.formula(expression, sheet.name)
        cached = "" if content.value is None else content.value
        sheet.write_formula(row, column, formula, cached, figure_style(kind, decimals, COMPUTED_FILL))
    elif indicator.rule(measure).role is Role.CLOSED:
        sheet.write(row, column, content.value, CLOSED)
    else:
        fill = COMPUTED_FILL if role is Role.FORMULA else CLOSED_FILL
        sheet.write(row, column, content.value, figure_style(kind, decimals, fill))


def _write_item(
    sheet: Sheet, block: PlacedBlock, row: PlacedRow, filling: Filling, widths: Mapping[int, float]
) -> None:
    content = block.block
    assert isinstance(content, ListBlock)
    sheet.write(row.row, CODE_COLUMN, f"{content.code}#{row.item}")
    sheet.write(row.row, block.columns["number"], row.row - block.first_row + 1, CENTRED)
    lines = 1
    for column in content.columns:
        value = filling.typed(FigureName(content.code, column.code, row.item))
        style = figure_style(column.kind, column.decimals, INPUT_FILL, unlocked=True)
        sheet.write(row.row, block.columns[column.code], value, style)
        if isinstance(value, str):
            lines = max(lines, lines_in(value, widths[block.columns[column.code]]))
    sheet.set_row(row.row, LINE_HEIGHT * min(lines, 8))


def _write_signature(sheet: Sheet, placed: PlacedField, filling: Filling) -> int:
    """The block for signatures; gives the last row it needs in print."""
    left, right, date = filling.signature
    row, middle = placed.last_row + 2, max(7, placed.last_column - 5)
    for offset in range(2 + max(left.count("|"), right.count("|"))):
        sheet.write(row + offset, CODE_COLUMN, SIGNATURE_MARK)
    sheet.merge(row, middle, placed.last_column, date, SUBTITLE)
    for offset, text in enumerate(left.split("|")):
        sheet.write(row + 1 + offset, FIRST_COLUMN + 1, text, {**SIGNATURE, "bold": offset == 0})
    for offset, text in enumerate(right.split("|")):
        sheet.merge(row + 1 + offset, middle, placed.last_column, text, {**SIGNATURE, "bold": not text.startswith("(")})
    return row + 4


def _write_guidance(sheet: Sheet, placed: PlacedField) -> None:
    """What belongs into each row, in a column folded away beside the tables and without a code."""
    column = placed.last_column + 1
    for block in placed.blocks:
        if not isinstance(block.block, IndicatorBlock):
            continue
        sheet.merge(block.heading_row, column, column, "Cách ghi", HEADING, rows=2)
        for row in block.rows:
            if isinstance(row.content, Indicator):
                sheet.write(row.row, column, how_to_fill(row.content), GUIDANCE)


def _select_first_input(sheet: Sheet, layout: FormLayout, placed: PlacedField) -> None:
    """The cursor waits in the first input cell of this year; Tab goes on from there, over input cells only."""
    inputs = (slot for slot in layout.slots_of(placed) if slot.role is Role.INPUT)
    if first := next((slot for slot in inputs if slot.name.measure == "actual" or slot.name.item), None):
        row, column = (one - 1 for one in first.position)
        sheet.worksheet.set_selection(row, column, row, column)


def _set_up(sheet: Sheet, placed: PlacedField, widths: Mapping[int, float], last_row: int) -> None:
    indicators = _first_indicators(placed)
    if indicators is not None:
        sheet.worksheet.freeze_panes(indicators.first_row - 1, indicators.columns["unit"] - 1)
    guidance = placed.last_column + 1
    columns = {CODE_COLUMN: 22.0, **widths, guidance: WIDTHS["guidance"]}
    sheet.set_columns(columns, hidden=[CODE_COLUMN], outline=[guidance])
    set_pages(sheet, placed, widths.values(), last_row)
    sheet.protect()


def _first_indicators(placed: PlacedField) -> PlacedBlock | None:
    return next((block for block in placed.blocks if isinstance(block.block, IndicatorBlock)), None)


def _widths(placed: PlacedField) -> dict[int, float]:
    """Widths of the columns: as the indicators need them, wider where words of a list stand in them."""
    figure_width = MONEY_WIDTH if _has_long_figures(placed) else FIGURE_WIDTH
    first = _first_indicators(placed) or placed.blocks[0]
    widths = {column: WIDTHS.get(code, figure_width) for code, column in first.columns.items()}
    for block in placed.blocks:
        if isinstance(block.block, ListBlock):
            for one in block.block.columns:
                least = LIST_WIDTH if one.kind.is_numeric or one.kind is Kind.DATE else TEXT_WIDTH
                column = block.columns[one.code]
                widths[column] = max(widths.get(column, 0.0), least)
    return widths


def _has_long_figures(placed: PlacedField) -> bool:
    """Whether there is money in full, without decimals, among the figures."""
    return any(one.kind is Kind.MONEY and not one.decimals for one in placed.field.indicators)


def sheet_link(placed: PlacedField) -> str:
    """Target of a link to a field sheet."""
    return full_address(placed.sheet, "A1")
