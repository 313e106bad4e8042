"""What an expression is worth for one unit in exact numbers: fractions without any rounding.

The meaning is that of :mod:`workbook_tools.evaluation`, which works on many units at once in floating point; this is
for solving, where a difference must be zero or not.
"""

import enum
import math
import operator
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, Protocol

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
from workbook_tools.precision import exact
from workbook_tools.vectors import Items
from workbook_tools.worksheet_functions import which_meet


class Failure(enum.Enum):
    """What is worth nothing because Excel would show an error."""

    FAILED = "#"


FAILED = Failure.FAILED
Value = Fraction | str | Failure | None
"""A number, a text, an error, or nothing."""

_LONGEST_POWER = 64
_LARGEST_EXPONENT = 300


class ExactSource(Protocol):
    """Where the values of figures and list columns come from."""

    def figure(self, name: Figure) -> Value:
        """Value of a figure."""

    def items(self, name: ListColumn) -> Sequence[Value]:
        """Values of a list column, one per row of the list."""


@cache
def fraction(value: float) -> Fraction:
    """The exact number that a float of up to 15 digits stands for.

    >>> fraction(0.1)
    Fraction(1, 10)
    """
    return Fraction(exact(value))


def evaluate_exactly(expression: Expression, source: ExactSource) -> Value:
    """The value of an expression."""
    match expression:
        case Number(value):
            return fraction(value)
        case Truth(truth):
            return Fraction(truth)
        case Text(text):
            return text
        case Figure():
            return source.figure(expression)
        case Operation(sign, (operand,)):
            return _of_one(sign, evaluate_exactly(operand, source))
        case Operation(sign, (left, right)):
            return _of_two(sign, evaluate_exactly(left, source), evaluate_exactly(right, source))
        case Call(function, arguments):
            return _call(function, arguments, source)
        case Figures() | ListColumn() | Area():
            return FAILED
    raise AssertionError(expression)


def _of_one(sign: str, value: Value) -> Value:
    if value is None:
        return None
    if not isinstance(value, Fraction):
        return FAILED
    return value / 100 if sign == "%" else -value if sign == "-" else value


def _of_two(sign: str, left: Value, right: Value) -> Value:
    if left is FAILED or right is FAILED:
        return FAILED
    if sign == "&":
        return _as_text(left) + _as_text(right)
    if sign in _COMPARISONS:
        return _compare(sign, left, right)
    if isinstance(left, str) or isinstance(right, str):
        return FAILED
    if sign in ("+", "-"):
        return _add(left, right if sign == "+" or not isinstance(right, Fraction) else -right)
    if not isinstance(left, Fraction) or not isinstance(right, Fraction):
        return None
    if sign == "*":
        return left * right
    if sign == "/":
        return left / right if right else FAILED
    return _power(left, right)


def _add(left: Value, right: Value) -> Value:
    """A blank beside a number counts for nothing; two blanks are a blank."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left + right
    return left if isinstance(left, Fraction) else right


def _power(base: Fraction, exponent: Fraction) -> Value:
    if base == 0 and exponent <= 0:
        return FAILED if exponent < 0 else Fraction(1)
    if exponent.denominator == 1 and abs(exponent) <= _LONGEST_POWER:
        return base ** int(exponent)
    try:
        power = float(base) ** float(exponent)
    except OverflowError:
        return FAILED
    return FAILED if isinstance(power, complex) or not math.isfinite(power) else fraction(power)


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _compare(sign: str, left: Value, right: Value) -> Value:
    if isinstance(left, str) or isinstance(right, str):
        return Fraction(_COMPARISONS[sign](_order(left), _order(right)))
    if not isinstance(left, Fraction) or not isinstance(right, Fraction):
        return None
    return Fraction(_COMPARISONS[sign](left, right))


def _order(value: Value) -> tuple[int, Fraction, str]:
    """Excel's order: any number comes before any text; a blank is the empty text; case does not count."""
    if isinstance(value, Fraction):
        return (0, value, "")
    return (1, Fraction(0), value.casefold() if isinstance(value, str) else "")


def _as_text(value: Value) -> str:
    if isinstance(value, Fraction):
        return f"{float(value) + 0.0:.15g}".upper()
    return value if isinstance(value, str) else ""


def _call(function: str, arguments: Sequence[Expression], source: ExactSource) -> Value:
    match function:
        case "IF":
            return _if(arguments, source)
        case "IFERROR":
            value = evaluate_exactly(arguments[0], source)
            return evaluate_exactly(arguments[1], source) if value is FAILED else value
        case "ABS" | "NOT" | "ROUND":
            return _of_numbers(function, [evaluate_exactly(one, source) for one in arguments])
        case "COUNTIF" | "SUMIF":
            return _conditional(function, arguments, source)
        case "COUNT":
            return Fraction(sum(isinstance(one, Fraction) for one in _items(arguments, source)))
        case "COUNTA":
            return Fraction(sum(one is not None for one in _items(arguments, source)))
    items = list(_items(arguments, source))
    if any(one is FAILED for one in items):
        return FAILED
    numbers = [one for one in items if isinstance(one, Fraction)]
    if function in ("AND", "OR"):
        decisive = function == "OR"
        if any(bool(number) == decisive for number in numbers):
            return Fraction(decisive)
        return Fraction(not decisive) if len(numbers) == len(items) else None
    return _AGGREGATES[function](numbers) if numbers else None


_AGGREGATES: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "SUM": lambda numbers: sum(numbers, Fraction(0)),
    "AVERAGE": lambda numbers: sum(numbers, Fraction(0)) / len(numbers),
    "MIN": min,
    "MAX": max,
}


def _items(arguments: Iterable[Expression], source: ExactSource) -> Iterable[Value]:
    for argument in arguments:
        match argument:
            case ListColumn():
                yield from source.items(argument)
            case Figures(members):
                yield from map(source.figure, members)
            case _:
                yield evaluate_exactly(argument, source)


def _if(arguments: Sequence[Expression], source: ExactSource) -> Value:
    condition = evaluate_exactly(arguments[0], source)
    if condition is None:
        return None
    if not isinstance(condition, Fraction):
        return FAILED
    if condition:
        return evaluate_exactly(arguments[1], source)
    return evaluate_exactly(arguments[2], source) if len(arguments) > 2 else Fraction(0)


def _of_numbers(function: str, values: Sequence[Value]) -> Value:
    if any(isinstance(value, str | Failure) for value in values):
        return FAILED
    numbers = [value for value in values if isinstance(value, Fraction)]
    if len(numbers) < len(values):
        return None
    if function == "ABS":
        return abs(numbers[0])
    if function == "NOT":
        return Fraction(not numbers[0])
    scale = Fraction(10) ** max(-_LARGEST_EXPONENT, min(_LARGEST_EXPONENT, int(numbers[1])))
    rounded = math.floor(abs(numbers[0]) * scale + Fraction(1, 2)) / scale
    return -rounded if numbers[0] < 0 else rounded


def _conditional(function: str, arguments: Sequence[Expression], source: ExactSource) -> Value:
    """COUNTIF and SUMIF; no value without a criterion, zero where none of the items there are is meant."""
    items = list(_items(arguments[:1], source))
    criterion = evaluate_exactly(arguments[1], source)
    if criterion is None or criterion is FAILED:
        return criterion
    meets = which_meet(_as_vector(items), _as_text(criterion))
    if function == "COUNTIF":
        return Fraction(int(meets.sum()))
    added = list(_items(arguments[2:], source)) if len(arguments) > 2 else items
    meant = [one for one, wanted in zip(added, meets, strict=True) if wanted]
    if any(one is FAILED for one in meant):
        return FAILED
    if not meant and any(one is not None for one in items):
        return Fraction(0)
    numbers = [one for one in meant if isinstance(one, Fraction)]
    return sum(numbers, Fraction(0)) if numbers else None


def _as_vector(items: Sequence[Value]) -> Items:
    numbers = np.array([float(one) if isinstance(one, Fraction) else np.nan for one in items], dtype=np.float64)
    texts = np.full(len(items), None, dtype=object)
    texts[:] = [one if isinstance(one, str) else None for one in items]
    failed = np.array([one is FAILED for one in items], dtype=bool)
    return Items(np.zeros(len(items), dtype=np.intp), numbers, texts, failed)
