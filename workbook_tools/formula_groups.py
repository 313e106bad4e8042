"""Formulas of one shape that do not need each other: they are computed together, for all units at once.

``F12/E12*100`` and ``F13/E13*100`` are one calculation over two rows. A template has some thousand formulas of a few
dozen shapes, and what a computer does per formula, not per number, is what takes the time.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbook_tools.formulas import (
    Call,
    Expression,
    Figure,
    Figures,
    Operation,
    figures_of,
    list_columns_of,
)

Columns = NDArray[np.intp]

_HOLE = ""
"""Stands for the indicator of a figure in a shape; its measure is the number of the hole."""


@dataclass(frozen=True)
class FormulaGroup:
    """Formulas of one ``shape``: the column of each in a cube, and the columns of its parts, one per hole."""

    shape: Expression
    columns: Columns
    parts: Columns
    """[formula, hole]"""

    lists: tuple[str, ...]
    """The lists that the formulas add up or count."""

    def only(self, chosen: Columns) -> "FormulaGroup":
        """Some of the formulas."""
        return FormulaGroup(self.shape, self.columns[chosen], self.parts[chosen], self.lists)


def hole_of(figure: Figure) -> int:
    """Which hole of a shape a figure is."""
    return int(figure.measure)


def formula_groups(formulas: Mapping[Figure, Expression], columns: Mapping[Figure, int]) -> tuple[FormulaGroup, ...]:
    """The formulas in groups, each group after those it needs.

    Args:
        formulas: in an order in which each comes after the figures it needs.
        columns: the column of each figure in a cube.
    """
    found: dict[tuple[int, Expression], list[tuple[Figure, tuple[Figure, ...]]]] = {}
    for figure, floor in _floors(formulas).items():
        parts = tuple(dict.fromkeys(figures_of(formulas[figure])))
        shape = _shape(formulas[figure], {part: number for number, part in enumerate(parts)})
        found.setdefault((floor, shape), []).append((figure, parts))
    groups = []
    for (_, shape), members in sorted(found.items(), key=lambda one: one[0][0]):
        holes = [[columns[part] for part in parts] for _, parts in members]
        groups.append(
            FormulaGroup(
                shape,
                np.array([columns[figure] for figure, _ in members], dtype=np.intp),
                np.array(holes, dtype=np.intp).reshape(len(members), len(holes[0])),
                tuple(dict.fromkeys(column.list for column in list_columns_of(shape))),
            )
        )
    return tuple(groups)


def _floors(formulas: Mapping[Figure, Expression]) -> dict[Figure, int]:
    """How many formulas lie below each; in a circle, the one that comes first in order lies below."""
    floors: dict[Figure, int] = {}
    least: dict[Figure, int] = {}
    for figure, expression in formulas.items():
        parts = [part for part in figures_of(expression) if part in formulas and part != figure]
        below = [floors[part] + 1 for part in parts if part in floors]
        floors[figure] = max([least.get(figure, 0), *below])
        for part in parts:
            if part not in floors:
                least[part] = max(least.get(part, 0), floors[figure] + 1)
    return floors


def _shape(expression: Expression, holes: Mapping[Figure, int]) -> Expression:
    """The expression with its figures numbered."""
    match expression:
        case Figure():
            return Figure(_HOLE, str(holes[expression]))
        case Figures(members):
            return Figures(tuple(Figure(_HOLE, str(holes[member])) for member in members))
        case Operation(operator, parts):
            return Operation(operator, tuple(_shape(part, holes) for part in parts))
        case Call(function, parts):
            return Call(function, tuple(_shape(part, holes) for part in parts))
    return expression
