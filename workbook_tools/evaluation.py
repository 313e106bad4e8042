"""What an expression is worth, for all units at once.

A value is a number, a text, an error or nothing. Nothing is not zero: a product, quotient or comparison with a
missing part has no value, a sum of parts has the value of those that are there. Where all parts are filled the
results are Excel's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbook_tools.formulas import (
    Area,
    Call,
    Expression,
    Figure,
    Figures,
    ListColumn,
    Number,
    Operation,
    Text,
    Truth,
)
from workbook_tools.operators import apply_to_one, apply_to_two
from workbook_tools.vectors import Items, Source, Vector, significant, vector
from workbook_tools.worksheet_functions import WORKSHEET_FUNCTIONS


def evaluate(expression: Expression, source: Source) -> Vector:
    """Values of an expression, one per unit, numbers cleaned of binary noise past 15 digits."""
    result = _evaluate(expression, source)
    return Vector(significant(result.number) + 0.0, result.text, result.error)  # + 0.0: there is no minus zero


def _evaluate(expression: Expression, source: Source) -> Vector:
    match expression:
        case Number(value):
            return vector(np.full(source.size, value))
        case Truth(truth):
            return vector(np.full(source.size, float(truth)))
        case Text(text):
            return vector(text=np.full(source.size, text, dtype=object))
        case Figure():
            return source.figure(expression)
        case Operation(operator, (operand,)):
            return apply_to_one(operator, _evaluate(operand, source))
        case Operation(operator, (left, right)):
            return apply_to_two(operator, _evaluate(left, source), _evaluate(right, source))
        case Call(function, arguments):
            return WORKSHEET_FUNCTIONS[function]([_Argument(one, source) for one in arguments], source.size)
        case Figures() | ListColumn() | Area():
            return vector(error=np.ones(source.size, dtype=bool))
    raise AssertionError(expression)


@dataclass(frozen=True)
class _Argument:
    """An argument of a worksheet function, evaluated when the function asks."""

    expression: Expression
    source: Source

    def value(self) -> Vector:
        return _evaluate(self.expression, self.source)

    def items(self) -> Items:
        return _items(self.expression, self.source)


def _items(expression: Expression, source: Source) -> Items:
    if isinstance(expression, ListColumn):
        return source.items(expression)
    members: Sequence[Expression] = expression.members if isinstance(expression, Figures) else (expression,)
    values = [_evaluate(member, source) for member in members]
    return Items(
        np.tile(np.arange(source.size), len(values)),
        np.concatenate([value.number for value in values]),
        np.concatenate([value.text for value in values]),
        np.concatenate([value.error for value in values]),
    )
