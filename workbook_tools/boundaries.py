"""Carries figures of former units to the units that took their place, so that this year compares with last year.

Every figure goes by the rule of its row: sums add, a part of a split unit takes its share of them, formulas are
computed again from carried parts, means keep their weights. Ranks and texts belong to the unit that had them; they
go on only where a unit did so itself, under a new name or code.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workbook_tools.aggregation import add_up
from workbook_tools.calculation import calculate
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.figure_cube import CellFigure, FigureCube, cell_value, empty_cube, fill_cube
from workbook_tools.findings import Finding
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Aggregation, Role
from workbook_tools.observations import ACCEPTED, Return
from workbook_tools.read_cells import Observation, ReadCell
from workbook_tools.readings import Status
from workbook_tools.successions import WHOLE, Succession
from workbook_tools.unit_tree import Unit, UnitTree

SCALED = (Aggregation.SUM, Aggregation.COUNT)
"""Rules of rows of which a part of a unit has a part."""

BASES = ("prior", "plan", "actual", "next_plan")
"""Measures that are carried; changes and ratios follow from them."""

SHOWN_LABELS = 10

NOT_CARRIED = (Aggregation.JOIN, Aggregation.NONE)
ONLY_WHOLE = (Aggregation.MAXIMUM, Aggregation.MINIMUM)
"""Of a split unit it is not known in which part its largest or smallest figure arose."""

Values = Mapping[FigureName, CellFigure]


@dataclass
class Carried:
    """Figures at the new boundaries, by unit; ``estimated`` tells which part of each rests on shares of split units."""

    values: dict[str, dict[FigureName, CellFigure]] = field(default_factory=dict)
    estimated: dict[tuple[str, FigureName], float] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def carry(catalogue: Catalogue, values: Mapping[str, Values], successions: Sequence[Succession]) -> Carried:
    """The figures of all units, those of former ones added up to their successors.

    Args:
        values: figures by unit, as they would be typed.
        successions: those between the two boundaries; units that none of them names keep their figures.
    """
    carried = Carried()
    replaced = {one.old for one in successions}
    for unit, own in values.items():
        if unit not in replaced:
            carried.values[unit] = dict(own)
    for new, parts in _by_successor(successions).items():
        known = [one for one in parts if one.share is not None and one.old in values]
        carried.findings += _gaps(new, parts, values)
        if len(known) == 1 and len(parts) == 1 and known[0].share == WHOLE:
            carried.values[new] = dict(values[known[0].old])
        elif known:
            _add(catalogue, carried, new, parts, known, values)
    return carried


def _by_successor(successions: Iterable[Succession]) -> dict[str, list[Succession]]:
    found: dict[str, list[Succession]] = {}
    for one in successions:
        found.setdefault(one.new, []).append(one)
    return found


def _gaps(new: str, parts: Sequence[Succession], values: Mapping[str, Values]) -> Iterable[Finding]:
    """Why a unit's base is not whole: a part of unknown share, or one that has reported nothing."""
    for one in parts:
        details = {"unit": one.new_name or new, "part": one.old_name or one.old}
        if one.share is None:
            yield Finding("unit.share_unknown", details=details)
        elif one.old not in values:
            yield Finding("unit.part_without_figures", details=details)


def _add(
    catalogue: Catalogue,
    carried: Carried,
    new: str,
    parts: Sequence[Succession],
    known: Sequence[Succession],
    values: Mapping[str, Values],
) -> None:
    tree = UnitTree((Unit(new, new, ""), *(Unit(_part_code(one), one.old, "", new) for one in parts)))
    cube = empty_cube(catalogue, [_part_code(one) for one in known])
    fill_cube(cube, catalogue, [_return_of(catalogue, one, values[one.old]) for one in known])
    calculate(catalogue, cube)
    whole, told = add_up(catalogue, tree, cube)
    carried.findings += _unformed(new, parts[0].new_name, told)
    row = whole.row(new)
    found: dict[FigureName, CellFigure] = {}
    for figure, column in whole.index.items():
        role = catalogue.indicators[figure.indicator].rule(figure.measure).role
        if role is Role.INPUT or whole.stands[row, column]:
            value = cell_value(whole, row, figure)
            name = FigureName(figure.indicator, figure.measure)
            if value is not None:
                found[name] = value
                share = _estimated_share(cube, known, figure)
                if share:
                    carried.estimated[new, name] = share
    carried.values[new] = found


def _unformed(new: str, name: str, told: Iterable[Finding]) -> Iterable[Finding]:
    """Figures that parts have and the new unit has not: means without weights, formulas without all their parts."""
    labels = list(dict.fromkeys(str(one.details.get("label", "")) for one in told if one.measure in BASES))
    if labels:
        shown = "; ".join(labels[:SHOWN_LABELS]) + ("; …" if len(labels) > SHOWN_LABELS else "")
        yield Finding("unit.base_not_formed", details={"unit": name or new, "count": len(labels), "labels": shown})


def _part_code(one: Succession) -> str:
    """A code of its own for what a unit takes over: the old unit may have had the code of the new."""
    return f"{one.old}@{one.date:%Y%m%d}"


def _return_of(catalogue: Catalogue, one: Succession, values: Values) -> Return:
    cells = tuple(
        _cell(catalogue, _part_code(one), name, value, one.share or 0.0)
        for name, value in values.items()
        if value is not None and _goes_on(catalogue, name, one)
    )
    return Return("", ACCEPTED, _part_code(one), one.old_name, "", (), 0, 0, 0, 0, 0, cells, (), {})


def _goes_on(catalogue: Catalogue, name: FigureName, one: Succession) -> bool:
    """Whether a figure of an old unit can be part of a new one's."""
    indicator = catalogue.indicators.get(name.indicator)
    if indicator is None or name.item or not indicator.kind.is_numeric or indicator.aggregation in NOT_CARRIED:
        return False
    return one.share == WHOLE or indicator.aggregation not in ONLY_WHOLE


def _cell(catalogue: Catalogue, unit: str, name: FigureName, value: CellFigure, share: float) -> ReadCell:
    """A figure as typed by the part: of a split unit its share of a sum."""
    indicator = catalogue.indicators[name.indicator]
    number = value if isinstance(value, int | float) else None
    if number is not None and share != WHOLE and indicator.aggregation in SCALED:
        number = number * share
    text = value if isinstance(value, str) and value != "-" else ""
    status = Status.NIL if value == "-" else Status.VALUE
    observation = Observation(
        unit, "", "", name.indicator, name.measure, "", number, "", text, str(status), str(value), "", "", ""
    )
    return ReadCell(observation, indicator.rule(name.measure).role)


def _estimated_share(cube: FigureCube, known: Sequence[Succession], figure: Figure) -> float:
    """Which part of a figure comes from split units."""
    column = cube.index[figure]
    amounts = [abs(float(cube.number[row, column])) for row in range(cube.size)]
    present = [0.0 if amount != amount else amount for amount in amounts]
    split = sum(amount for amount, one in zip(present, known, strict=True) if one.share != WHOLE)
    return split / sum(present) if split else 0.0
