"""Cells that show figures of the field sheets by live formulas, and how each kind of figure looks."""

from collections.abc import Iterable

from workbook_tools.consolidated import Consolidation
from workbook_tools.excel_writing import Sheet, Style
from workbook_tools.figure_cube import CellFigure
from workbook_tools.formulas import Call, Expression, Figure, NotPlacedError, Operation, Text, figures_of
from workbook_tools.indicators import Indicator, Kind, Role
from workbook_tools.styles import figure_style, width_of_number


def write_reference(
    sheet: Sheet, row: int, column: int, result: Consolidation, figure: Figure, style: Style, blank: str = ""
) -> None:
    """A figure of the field sheets, by a formula that refers to its cell; a closed cell stays blank.

    Args:
        blank: what is shown for a figure that has no value.
    """
    if is_open(result, figure):
        expression = Call("IF", (Operation("=", (figure, Text(""))), Text(blank), figure))
        value = result.value(figure)
        _write_formula(sheet, row, column, result, expression, blank if value is None else value, style)
    else:
        sheet.write(row, column, None, style)


def write_live(
    sheet: Sheet, row: int, column: int, result: Consolidation, expression: Expression | None, style: Style
) -> CellFigure:
    """A computed cell, and what it shows: nothing where parts are closed or come from different units."""
    if expression is None or not is_live(result, expression):
        sheet.write(row, column, None, style)
        return None
    value = result.evaluate(expression)
    _write_formula(sheet, row, column, result, expression, value, style)
    return value


def is_live(result: Consolidation, expression: Expression) -> bool:
    """Whether an expression may be shown: all its figures have cells, and come from the same units."""
    return all(is_open(result, one) for one in figures_of(expression)) and result.same_units(expression)


def _write_formula(
    sheet: Sheet, row: int, column: int, result: Consolidation, expression: Expression, value: CellFigure, style: Style
) -> None:
    formula = result.layout.formula(expression, sheet.name)
    sheet.write_formula(row, column, formula, "" if value is None else value, style)


def is_open(result: Consolidation, figure: Figure) -> bool:
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
    if not is_open(result, figure):
        return ""
    support = result.support(figure)
    return f"{support.reported}/{support.expected}"


def figure_width(
    result: Consolidation, indicators: Iterable[Indicator], measure: str, least: float, row: int | None = None
) -> float:
    """Width of a column of figures, of the unit itself or of a row of the cube, with room for the longest number."""
    shown = [one for one in indicators if one.kind.is_numeric and measure in one.cells]
    values = ((one, result.value(Figure(one.code, measure), row)) for one in shown)
    numbers = (
        1 + width_of_number(value, str(figure_look(one, measure)["num_format"]))
        for one, value in values
        if isinstance(value, int | float)
    )
    return max([least, *numbers])
