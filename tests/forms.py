"""Filled forms for tests, and what they should read as."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.figure_cube import CellFigure
from workbook_tools.form_layout import FormLayout, Slot, lay_out
from workbook_tools.form_writing import Identity, write_form
from workbook_tools.indicators import Indicator, Kind, Role
from workbook_tools.observations import Return
from workbook_tools.periods import parse_period
from workbook_tools.read_cells import Observation
from workbook_tools.readings import Status

UNIT = Identity("07399", "Thị trấn Kép", parse_period("2023"), "xã")
Said = tuple[str, float | None, str, str]
"""Status, value, qualifier and text of a figure."""

FILL: Mapping[FigureName, CellFigure] = {
    FigureName("people.total", "prior"): 10_010,
    FigureName("people.total", "plan"): 10_200,
    FigureName("people.total", "actual"): 10_150,
    FigureName("people.total", "next_plan"): 10_300,
    FigureName("people.male", "actual"): 5_100,
    FigureName("people.female", "actual"): 5_050,
    FigureName("people.poor", "prior"): 320,
    FigureName("people.poor", "actual"): 265,
    FigureName("people.poor_rate", "plan"): 2.5,
    FigureName("people.rank", "actual"): "Khá",
    FigureName("people.remark", "actual"): "Dân số ổn định",
    FigureName("people.remark", "note"): "Theo Công an xã",
    FigureName("farms.area", "prior"): 583.5,
    FigureName("farms.area", "plan"): 590,
    FigureName("farms.area", "actual"): 589.1,
    FigureName("farms.output", "prior"): "…",
    FigureName("farms.output", "actual"): 3564.64,
    FigureName("farms.funds", "plan"): 1200,
    FigureName("farms.funds", "actual"): 1356.25,
    FigureName("farms.funds", "next_plan"): "-",
    FigureName("farms.road_list", "name", "1"): "Đường ra đồng Bãi",
    FigureName("farms.road_list", "state", "1"): "Hoàn thành",
    FigureName("farms.road_list", "length", "1"): 1.2,
    FigureName("farms.road_list", "finished", "1"): "05/03/2023",
    FigureName("farms.road_list", "name", "2"): "Đường Chùa - Cầu",
    FigureName("farms.road_list", "length", "2"): 0.8,
}
"""A return of the small template as an official fills it."""


def form_layout(catalogue: Catalogue) -> FormLayout:
    """The form of a commune."""
    return lay_out(catalogue, level="xã")


def write_filled(path: Path, catalogue: Catalogue, values: Mapping[FigureName, CellFigure] | None = None) -> Path:
    """A form of the unit with these values in it, by default those of ``FILL``."""
    write_form(path, form_layout(catalogue), UNIT, FILL if values is None else values)
    return path


def kind_of(slot: Slot) -> Kind:
    """What a cell holds."""
    return Kind.PERCENT if slot.name.measure in ("plan_ratio", "growth") else slot.subject.kind


def inputs(layout: FormLayout) -> list[Slot]:
    """The cells an official fills."""
    return [slot for slot in layout.slots() if slot.role is Role.INPUT]


def observations(returned: Return) -> dict[FigureName, Observation]:
    """The observations of a return by figure; no figure may come twice."""
    found = {cell.name: cell.observation for cell in returned.cells}
    assert len(found) == len(returned.cells)
    return found


def said(returned: Return) -> dict[FigureName, Said]:
    """What a return says, wherever it stands: the cells that are not blank."""
    return {
        name: (one.status, one.value, one.qualifier, one.text)
        for name, one in observations(returned).items()
        if one.status != Status.MISSING
    }


def assert_balanced(returned: Return) -> None:
    """Cells expected = taken + blank + refused + missing, and refused ones have no value but an error."""
    assert returned.expected == returned.taken + returned.blank + returned.refused + returned.missing
    refused = [cell.observation for cell in returned.cells if cell.observation.status == Status.UNREADABLE]
    assert all(one.value is None and not one.text for one in refused)
    assert not refused or any(finding.severity == "error" for finding in returned.findings)


def as_typed(value: object) -> object:
    """A value as two readers of the same cell should agree on it."""
    if isinstance(value, dt.datetime):
        return value.date()
    return float(value) if isinstance(value, int | float) else value


def is_indicator(subject: object) -> bool:
    """Whether a slot belongs to an indicator, not to a list."""
    return isinstance(subject, Indicator)
