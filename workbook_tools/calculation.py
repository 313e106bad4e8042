"""Computes the formula figures of units from what they typed."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from workbook_tools.catalogue import Catalogue
from workbook_tools.evaluation import evaluate
from workbook_tools.figure_cube import FigureCube, Signatures, signature_of
from workbook_tools.formulas import (
    Call,
    Expression,
    Figure,
    Figures,
    ListColumn,
    Number,
    Operation,
    Text,
    figures_of,
    list_columns_of,
)
from workbook_tools.vectors import Flags


def calculate(catalogue: Catalogue, cube: FigureCube) -> None:
    """Fill the formula figures of every unit of the cube, in the order in which they need each other.

    A number typed over its formula stands only where the formula has none, because parts are missing or it cannot
    be divided; else the formula's result is the figure (design law 2). A sum whose parts are stated to be nil is nil.
    """
    own = np.array([signature_of(unit) for unit in cube.units], dtype=np.uint64)
    silent = Silence(catalogue, cube)
    spoken = ~np.isnan(cube.typed) | (cube.carried & (cube.reported > 0))
    known = {column for _, column in cube.typed_text} | {*map(int, np.flatnonzero(spoken.any(axis=0)))}
    for figure, expression in catalogue.formulas.items():
        column = cube.index[figure]
        cube.refused[:, column] |= _has_refused_part(expression, cube) & np.isnan(cube.typed[:, column])
        if column in known or not silent.about(figure):
            open_ = ~cube.says(column) & ~cube.blocked[:, column] & ~cube.refused[:, column]
            _compute(cube, column, expression, open_)
            _count(cube, column, expression, open_, own)
            silent.tell(column, bool(cube.filled[:, column].any()))


def _has_refused_part(expression: Expression, cube: FigureCube) -> Flags:
    """For each unit, whether a part was typed that cannot be read: what the rest comes to would pass for the whole."""
    refused = np.zeros(cube.size, dtype=bool)
    if cube.refused.any() or cube.refused_items:
        for figure in figures_of(expression):
            refused |= cube.refused[:, cube.index[figure]]
        for column in list_columns_of(expression):
            refused[[row for row, one in cube.refused_items if one == column]] = True
    return refused


def _compute(cube: FigureCube, column: int, expression: Expression, open_: Flags) -> None:
    """The figure of one column, for the units where it is open."""
    result = evaluate(expression, cube)
    some, every = parts_filled(expression, cube)
    words = np.array([bool(text) for text in result.text], dtype=bool)
    without = np.isnan(result.number) & ~words
    typed = cube.typed[:, column]
    told = cube.carried[:, column] & (cube.reported[:, column] > 0)
    nil = is_sum(expression) & without & (told | some)
    stands = open_ & ~np.isnan(typed) & (~every | (without & ~nil))
    number = np.where(stands, typed, result.number)
    cube.number[:, column] = np.where(open_, number, cube.number[:, column])
    cube.stands[:, column] |= stands
    cube.filled[:, column] |= open_ & (nil | ~np.isnan(number))
    for row in map(int, np.flatnonzero(open_ & np.isnan(number))):
        text = str(result.text[row] or "") or cube.typed_text.get((row, column), "")
        if text:
            cube.text[row, column] = text
            cube.filled[row, column] = True


def _count(cube: FigureCube, column: int, expression: Expression, open_: Flags, own: Signatures) -> None:
    """A unit reports a formula figure if it has it, or all its parts: the total may have what the unit has not."""
    some, every = parts_filled(expression, cube)
    first_hand = open_ & ~cube.carried[:, column] & (cube.filled[:, column] | (some & every))
    cube.reported[first_hand, column] = 1
    cube.signature[first_hand, column] = own[first_hand]


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


def parts_filled(expression: Expression, cube: FigureCube) -> tuple[Flags, Flags]:
    """For each unit, whether some, and whether all of the parts are filled: figures, and lists with a row."""
    some, every = np.zeros(cube.size, dtype=bool), np.ones(cube.size, dtype=bool)
    for figure in figures_of(expression):
        filled = cube.filled[:, cube.index[figure]]
        some, every = some | filled, every & filled
    for column in list_columns_of(expression):
        items = cube.items(column)
        owners: NDArray[np.bool_] = np.zeros(cube.size, dtype=bool)
        owners[items.owner[items.filled]] = True
        some, every = some | owners, every & owners
    return some, every


@cache
def is_sum(expression: Expression) -> bool:
    """Whether an expression adds up whatever is there: then a total of some units is still a total, of fewer units."""
    return _addends(expression) is not None and all(map(_passes_blanks, _conditions(expression)))


def sum_parts(expression: Expression) -> tuple[Figure, ...] | None:
    """The figures that a formula adds up, guarded or not; None for one that does anything else, or adds no figure."""
    return _addends(expression) or None


def _addends(expression: Expression) -> tuple[Figure, ...] | None:
    """The figures of a sum; none of its own for what is counted or comes from a list; None for anything else."""
    match expression:
        case Figure():
            return (expression,)
        case Figures(members):
            return members
        case ListColumn() | Number() | Call("COUNT" | "COUNTA" | "COUNTIF", _):
            return ()
        case Call("SUMIF", arguments):
            return () if isinstance(arguments[-1], ListColumn) or isinstance(arguments[0], ListColumn) else None
        case Call("SUM", parts) | Operation("+", parts):
            found = [_addends(part) for part in parts]
            return None if None in found else tuple(one for part in found for one in part or ())
        case Operation("%", (part,)) | Operation("*" | "/", (part, Number())) | Operation("*", (Number(), part)):
            return _addends(part)
        case Call("IFERROR", (part, Text(""))) | Call("IF", (_, Text(""), part)) | Call("IF", (_, part, Text(""))):
            return _addends(part)
        case Call("ROUND", (part, _)):
            return _addends(part)
    return None


def _conditions(expression: Expression) -> tuple[Expression, ...]:
    """The IFs of a formula."""
    match expression:
        case Call("IF", (_, *branches)):
            return (expression, *(one for branch in branches for one in _conditions(branch)))
        case Call(_, parts) | Operation(_, parts):
            return tuple(one for part in parts for one in _conditions(part))
    return ()


def _passes_blanks(guarded: Expression) -> bool:
    """Whether an IF only leaves out what has no part at all: ``IF(COUNT(…)=0,"",…)``, ``IF(A1="","",A1)``."""
    match guarded:
        case Call("IF", (Operation("=", (Call("COUNT" | "COUNTA", _), Number(0))), Text(""), _)):
            return True
        case Call("IF", (Operation(">", (Call("COUNT" | "COUNTA", _), Number(0))), _, Text(""))):
            return True
        case Call("IF", (Operation("=", (Figure(), Text(""))), Text(""), _)):
            return True
        case Call("IF", (Operation("=", (Call("COUNT", (Figure(),)), Number(1))), _, Text(""))):
            return True
    return False
