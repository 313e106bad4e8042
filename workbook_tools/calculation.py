"""Computes the formula figures of units from what they typed."""

from collections.abc import Iterator
from functools import cache

import numpy as np

from workbook_tools.catalogue import Catalogue, list_columns_of
from workbook_tools.evaluation import Flags, evaluate
from workbook_tools.figure_cube import FigureCube, signature_of
from workbook_tools.formulas import Call, Expression, Figure, Operation, figures_of


def calculate(catalogue: Catalogue, cube: FigureCube) -> None:
    """Fill the formula figures of every unit of the cube, in the order in which they need each other.

    A number typed over its formula stands only where parts of the formula are missing; where all are there, the
    formula's result is the figure (design law 2).
    """
    own = np.array([signature_of(unit) for unit in cube.units], dtype=np.uint64)
    silent = Silence(catalogue, cube)
    for figure, expression in catalogue.formulas.items():
        column = cube.index[figure]
        if silent.about(figure) and np.isnan(cube.typed[:, column]).all():
            continue
        open_ = ~cube.filled[:, column] & ~cube.blocked[:, column]
        if not open_.any():
            continue
        result = evaluate(expression, cube)
        typed = cube.typed[:, column]
        stands = open_ & ~np.isnan(typed) & ~has_all_parts(expression, cube)
        number = np.where(stands, typed, result.number)
        cube.number[:, column] = np.where(open_, number, cube.number[:, column])
        cube.stands[:, column] |= stands
        for row in np.flatnonzero(open_ & result.is_text & ~stands):
            if result.text[row]:
                cube.text[int(row), column] = str(result.text[row])
                cube.filled[row, column] = True
        filled = open_ & ~np.isnan(number)
        cube.filled[:, column] |= filled
        first_hand = filled & (cube.reported[:, column] == 0)
        cube.reported[first_hand, column] = 1
        cube.signature[first_hand, column] = own[first_hand]
        silent.tell(column, bool(cube.filled[:, column].any()))


class Silence:
    """Knows the formulas of which no unit has filled any part: they have no value and need no evaluation."""

    def __init__(self, catalogue: Catalogue, cube: FigureCube) -> None:
        self.spoken = [bool(cube.filled[:, column].any()) for column in range(len(cube.index))]
        self.columns = cube.index
        self.lists = cube.lists.keys()
        self.parts = catalogue.parts

    def about(self, figure: Figure) -> bool:
        """Whether no part of the formula is filled anywhere."""
        figures, lists = self.parts[figure]
        return not any(self.spoken[self.columns[part]] for part in figures) and self.lists.isdisjoint(lists)

    def tell(self, column: int, filled: bool) -> None:
        """A formula figure now has values."""
        self.spoken[column] = filled


def has_all_parts(expression: Expression, cube: FigureCube) -> Flags:
    """For each unit, whether every figure the expression names is filled, and each list has a row."""
    present = np.ones(cube.size, dtype=bool)
    for figure in figures_of(expression):
        present &= cube.filled[:, cube.index[figure]]
    for column in list_columns_of(expression):
        owners = np.zeros(cube.size, dtype=bool)
        items = cube.items(column)
        owners[items.owner[items.filled]] = True
        present &= owners
    return present


@cache
def is_sum(expression: Expression) -> bool:
    """Whether an expression only adds up: then a total of some units is still a total, of fewer units."""
    return all(not isinstance(part, Operation) or part.operator in _HARMLESS for part in _parts(expression)) and not any(
        isinstance(part, Call) and part.function == "AVERAGE" for part in _parts(expression)
    )


_HARMLESS = frozenset(("=", "<>", "<", "<=", ">", ">=", "+", "%"))
"""Operators of guards, and those of a plain sum."""


def _parts(expression: Expression) -> Iterator[Expression]:
    yield expression
    if isinstance(expression, Operation):
        for operand in expression.operands:
            yield from _parts(operand)
    elif isinstance(expression, Call):
        for argument in expression.arguments:
            yield from _parts(argument)


def sum_parts(expression: Expression) -> tuple[Figure, ...] | None:
    """The parts of a formula that is a guarded or plain SUM of figures, else None."""
    for part in _parts(expression):
        if isinstance(part, Call) and part.function == "SUM":
            parts = tuple(figures_of(part))
            return parts if parts and is_sum(expression) else None
    return None
