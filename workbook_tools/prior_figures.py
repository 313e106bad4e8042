"""Last period's figures as the first figures of new forms: last year's result, and the plan made then for this year."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from workbook_tools.cells import FigureName
from workbook_tools.excel_reading import read_workbook
from workbook_tools.figure_cube import CellFigure
from workbook_tools.observations import COMPUTED, Return
from workbook_tools.periods import Period
from workbook_tools.read_cells import tidy
from workbook_tools.source_rows import lineage_rows

PRIOR, PLAN = {"actual": "prior"}, {"next_plan": "plan"}
"""The measure of the new form that a measure of last period becomes."""


def measures_taken(code: str, period: Period | None) -> Mapping[str, str]:
    """What a return for the period of a code gives to forms for a period.

    The figures of the same period a year before, and the plan of the whole year before: a form for six months
    compares with six months, and with the plan of the year. Where one of the two is not known, all is taken.
    """
    if period is None or not code:
        return {**PRIOR, **PLAN}
    prior = PRIOR if code == period.last_year.code else {}
    plan = PLAN if code == period.planned.last_year.code else {}
    return {**prior, **plan}


def prior_figures(
    path: Path, returned: Return, period: Period | None = None
) -> Iterator[tuple[str, FigureName, CellFigure]]:
    """Unit, figure of the new form and its value, from a return or a consolidated workbook of last period.

    A consolidated workbook gives the figures of every unit it was made of, by its sources, and its own. What a
    formula gives is left to the formula of the new form; what was typed over one is taken as typed.
    """
    becomes = measures_taken(returned.period, period)
    for cell in returned.cells if becomes else ():
        observation = cell.observation
        if cell.name.measure in becomes and not cell.name.item and cell.is_filled and observation.value is not None:
            value = observation.raw if observation.qualifier else tidy(observation.value)
            yield returned.unit, FigureName(cell.name.indicator, becomes[cell.name.measure]), value
    for facts in (
        lineage_rows(read_workbook(path), path.parent, "measure", becomes) if returned.made_of and becomes else ()
    ):
        measure, number = facts.get("measure"), facts.get("value")
        typed = facts.get("raw") != COMPUTED and not facts.get("item") and not facts.get("period")
        if measure in becomes and typed and isinstance(number, int | float):
            name = FigureName(str(facts["indicator"]), becomes[str(measure)])
            yield str(facts["unit"]), name, str(facts["raw"]) if facts.get("qualifier") else tidy(number)
