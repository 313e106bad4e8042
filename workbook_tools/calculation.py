"""Computes the formula figures of units from what they typed."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from workbook_tools.catalogue import Catalogue
from workbook_tools.evaluation import evaluate
from workbook_tools.figure_cube import FigureCube, Signatures, signature_of
from workbook_tools.formula_groups import FormulaGroup, hole_of
from workbook_tools.formulas import (
    Call,
    Expression,
    Figure,
    Figures,
    ListColumn,
    Number,
    Operation,
    Text,
    list_columns_of,
)
from workbook_tools.vectors import Flags, Items, Vector, vector

TextsByColumn = dict[int, dict[int, str]]
"""Texts of a cube by column and row."""


def calculate(catalogue: Catalogue, cube: FigureCube, *, apart: bool = False) -> None:
    """Fill the formula figures of every unit of the cube, in the order in which they need each other.

    A number typed over its formula stands only where the formula has none, because parts are missing or it cannot
    be divided; else the formula's result is the figure (design law 2). A sum whose parts are stated to be nil is nil.

    Args:
        apart: each unit as if it were alone in the cube: a formula of which it fills no part has no value, even one
            that counts. Else a formula is worked out as soon as any unit fills a part.
    """
    own = np.array([signature_of(unit) for unit in cube.units], dtype=np.uint64)
    texts: TextsByColumn = {}
    for (row, column), text in cube.text.items():
        texts.setdefault(column, {})[row] = text
    typed: TextsByColumn = {}
    for (row, column), text in cube.typed_text.items():
        typed.setdefault(column, {})[row] = text
    for group in catalogue.formula_groups:
        _refuse(cube, group)
        spoken = _spoken(cube, group, typed)
        if not apart:
            spoken = np.broadcast_to(spoken.any(axis=0), spoken.shape)
        chosen = np.flatnonzero(spoken.any(axis=0))
        if len(chosen):
            _compute(cube, group.only(chosen), spoken[:, chosen], own, texts, typed)


def _refuse(cube: FigureCube, group: FormulaGroup) -> None:
    """A formula with a part that was typed but cannot be read: what the rest comes to would pass for the whole."""
    if not cube.refused_items and not cube.refused.any():
        return
    refused: Flags = np.logical_or.reduce(cube.refused[:, group.parts], axis=2)
    for column in list_columns_of(group.shape):
        refused[[row for row, one in cube.refused_items if one == column]] = True
    cube.refused[:, group.columns] |= refused & np.isnan(cube.typed[:, group.columns])


def _spoken(cube: FigureCube, group: FormulaGroup, typed: TextsByColumn) -> Flags:
    """[unit, formula]: where a part is filled, or the figure itself was typed or brought along."""
    columns = group.columns
    spoken: Flags = np.logical_or.reduce(cube.filled[:, group.parts], axis=2)
    spoken |= ~np.isnan(cube.typed[:, columns]) | (cube.carried[:, columns] & (cube.reported[:, columns] > 0))
    for code in group.lists:
        if code in cube.lists:
            spoken[cube.lists[code].owner] = True
    for place, column in enumerate(columns.tolist()):
        if column in typed:
            spoken[list(typed[column]), place] = True
    return spoken


class _Pairs:
    """The parts of a group's formulas as a source: a unit here is a pair of formula and unit, formula by formula."""

    def __init__(self, cube: FigureCube, group: FormulaGroup, texts: TextsByColumn) -> None:
        self.cube = cube
        self.group = group
        self.texts = texts

    @property
    def size(self) -> int:
        """Number of pairs."""
        return self.cube.size * len(self.group.columns)

    def figure(self, name: Figure) -> Vector:
        """Values of a hole."""
        columns = self.group.parts[:, hole_of(name)]
        texts = np.full(self.size, None, dtype=object)
        for place, column in enumerate(columns.tolist()):
            for row, text in self.texts.get(column, {}).items():
                texts[place * self.cube.size + row] = text
        return vector(self.cube.number.T[columns].ravel(), texts)

    def items(self, name: ListColumn) -> Items:
        """Values of a list column, the same for each formula."""
        items, count = self.cube.items(name), len(self.group.columns)
        owner = (items.owner + self.cube.size * np.arange(count)[:, np.newaxis]).ravel()
        return Items(owner, np.tile(items.number, count), np.tile(items.text, count))


def _compute(
    cube: FigureCube,
    group: FormulaGroup,
    spoken: Flags,
    own: Signatures,
    texts: TextsByColumn,
    typed_texts: TextsByColumn,
) -> None:
    """The figures of a group, for the units where they are open.

    A unit reports a formula figure if it has it, or all its parts: the total may have what the unit has not.
    """
    columns, shape = group.columns, (len(group.columns), cube.size)
    result = evaluate(group.shape, _Pairs(cube, group, texts))
    found, said = result.number.reshape(shape).T, result.text.reshape(shape).T
    words = said.astype(bool)
    some, every = _parts_filled(cube, group)
    before, typed, carried = cube.number[:, columns], cube.typed[:, columns], cube.carried[:, columns]
    open_ = spoken & np.isnan(before) & ~cube.blocked[:, columns] & ~cube.refused[:, columns]
    # A total that stands as some unit typed it, or without a part that could not be read, is not formed from parts.
    open_ &= ~(carried & cube.stands[:, columns] & (cube.reported[:, columns] == 0))
    for place, column in enumerate(columns.tolist()):
        open_[list(texts.get(column, ())), place] = False
    without = np.isnan(found) & ~words
    nil = without & ((carried & (cube.reported[:, columns] > 0)) | some) & is_sum(group.shape)
    stands = open_ & ~np.isnan(typed) & (~every | (without & ~nil))
    number = np.where(stands, typed, found)
    cube.number[:, columns] = np.where(open_, number, before)
    cube.stands[:, columns] |= stands
    filled = cube.filled[:, columns] | (open_ & (nil | ~np.isnan(number)))
    blank = open_ & np.isnan(number)
    for row, place in np.argwhere(blank & words).tolist():
        column = int(columns[place])
        cube.text[row, column] = texts.setdefault(column, {})[row] = str(said[row, place])
        filled[row, place] = True
    for place, column in enumerate(columns.tolist()):
        for row, text in typed_texts.get(column, {}).items():
            if text and blank[row, place] and not words[row, place]:
                cube.text[row, column] = texts.setdefault(column, {})[row] = text
                filled[row, place] = True
    cube.filled[:, columns] = filled
    first_hand = open_ & ~carried & (filled | (some & every))
    cube.reported[:, columns] = np.where(first_hand, 1, cube.reported[:, columns])
    cube.signature[:, columns] = np.where(first_hand, own[:, np.newaxis], cube.signature[:, columns])


def _parts_filled(cube: FigureCube, group: FormulaGroup) -> tuple[Flags, Flags]:
    """[unit, formula]: whether some, and whether all of the parts are filled: figures, and lists with a row."""
    filled = cube.filled[:, group.parts]
    some: Flags = np.logical_or.reduce(filled, axis=2)
    every: Flags = np.logical_and.reduce(filled, axis=2)
    for column in list_columns_of(group.shape):
        items = cube.items(column)
        owners: NDArray[np.bool_] = np.zeros((cube.size, 1), dtype=bool)
        owners[items.owner[items.filled]] = True
        some, every = some | owners, every & owners
    return some, every


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
