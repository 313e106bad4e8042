"""Last period's figures as the first figures of new forms: last year's result, and the plan made then for this year."""

from collections.abc import Iterator
from pathlib import Path

from workbook_tools.cells import FigureName
from workbook_tools.excel_reading import read_workbook
from workbook_tools.figure_cube import CellFigure, tidy
from workbook_tools.observations import COMPUTED, Return
from workbook_tools.source_rows import lineage_rows

BECOMES = {"actual": "prior", "next_plan": "plan"}
"""The measure of the new form that a measure of last period becomes."""


def prior_figures(path: Path, returned: Return) -> Iterator[tuple[str, FigureName, CellFigure]]:
    """Unit, figure of the new form and its value, from a return or a consolidated workbook of last period.

    A consolidated workbook gives the figures of every unit it was made of, by its sources, and its own. What a
    formula gives is left to the formula of the new form; what was typed over one is taken as typed.
    """
    for cell in returned.cells:
        observation = cell.observation
        if cell.name.measure in BECOMES and not cell.name.item and cell.is_filled and observation.value is not None:
            value = observation.raw if observation.qualifier else tidy(observation.value)
            yield returned.unit, FigureName(cell.name.indicator, BECOMES[cell.name.measure]), value
    for facts in lineage_rows(read_workbook(path)) if returned.made_of else ():
        measure, number = facts.get("measure"), facts.get("value")
        typed = facts.get("raw") != COMPUTED and not facts.get("item")
        if measure in BECOMES and typed and isinstance(number, int | float):
            name = FigureName(str(facts["indicator"]), BECOMES[str(measure)])
            yield str(facts["unit"]), name, str(facts["raw"]) if facts.get("qualifier") else tidy(number)
