"""Fills a form with the figures of a report, as an official would who copies them from the printed page."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.errors import WorkbookWriteError
from workbook_tools.form_layout import lay_out
from workbook_tools.form_writing import Identity, write_form
from workbook_tools.indicators import Kind, Role
from workbook_tools.readings import Status
from workbook_tools.values import read_value

_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")
"""Both reports write the thousands with a dot; their reader knows, a parser of one cell cannot."""

RANKS_IN_WORDS = {"thứ nhất": "1", "thứ hai": "2", "thứ ba": "3"}


@dataclass(frozen=True)
class PrintedFigure:
    """One figure of a report: where it is printed, what it says, and the cell of the form it belongs to."""

    line: int
    name: FigureName
    value: str
    unit: str


def read_figures(path: Path) -> list[PrintedFigure]:
    """The figures of a CSV with the columns line, indicator, measure, item, value, unit, note."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            PrintedFigure(
                line=int(row["line"]),
                name=FigureName(row["indicator"], row["measure"], row["item"]),
                value=row["value"],
                unit=row["unit"],
            )
            for row in csv.DictReader(file)
        ]


def fill_form(catalogue: Catalogue, identity: Identity, figures: list[PrintedFigure], path: Path) -> None:
    """Write the form of a unit with the figures in it: inputs into inputs, printed ratios over their formulas.

    Raises WorkbookWriteError for a figure that the form has no open cell for.
    """
    layout = lay_out(catalogue, level=identity.level)
    open_ = {slot.name for slot in layout.slots() if slot.role is not Role.CLOSED}
    for figure in figures:
        if figure.name not in open_ and figure.name.measure != "note":
            where = f"{figure.name}, dòng {figure.line} của báo cáo"
            raise WorkbookWriteError(f"{path.name}: biểu không có ô cho {where}.")
    write_form(path, layout, identity, typed_values(catalogue, figures))


def typed_values(catalogue: Catalogue, figures: list[PrintedFigure]) -> Mapping[FigureName, float | str]:
    """What the official types into each cell: a plain number where it is one in the row's unit, else the words."""
    return {figure.name: _typed(catalogue, figure) for figure in figures}


def _typed(catalogue: Catalogue, figure: PrintedFigure) -> float | str:
    kind, unit = _kind_and_unit(catalogue, figure.name)
    if not kind.is_numeric:
        return figure.value
    value = RANKS_IN_WORDS.get(figure.value.lower(), figure.value)
    if _THOUSANDS.fullmatch(value):
        value = value.replace(".", "")
    signed = figure.name.measure in ("change", "growth", "rank_change")
    bare = read_value(value, kind=kind, unit=unit, signed=signed)
    if bare.status is not Status.VALUE or bare.value is None:
        return value
    with_unit = f"{value} {figure.unit}".strip()
    converted = read_value(with_unit, kind=kind, unit=unit, signed=signed)
    if any(note.code == "value.unit_converted" for note in converted.notes):
        return with_unit
    return value if bare.qualifier or bare.notes else bare.value


def _kind_and_unit(catalogue: Catalogue, name: FigureName) -> tuple[Kind, str]:
    if name.indicator in catalogue.lists:
        column = catalogue.lists[name.indicator].column(name.measure)
        return column.kind, column.unit
    indicator = catalogue.indicators[name.indicator]
    if name.measure == "note":
        return Kind.TEXT, ""
    if name.measure in ("plan_ratio", "growth"):
        return Kind.PERCENT, "%"
    return indicator.kind, indicator.unit
