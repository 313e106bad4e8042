"""The operators of a formula, for all units at once."""

from collections.abc import Callable

import numpy as np

from workbook_tools.vectors import NOTHING, Flags, Numbers, Vector, significant, vector

_ARITHMETIC: dict[str, Callable[[Numbers, Numbers], Numbers]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}

COMPARISONS: dict[str, Callable[[Numbers, Numbers], Flags]] = {
    "=": np.equal,
    "<>": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
"""What each operator that compares asks of two numbers."""


def apply_to_one(operator: str, operand: Vector) -> Vector:
    """What ``-``, ``+`` or ``%`` makes of its operand."""
    if operator == "%":
        return _arithmetic("*", operand, vector(np.full(len(operand.number), 0.01)))
    return vector(-operand.number if operator == "-" else operand.number, error=operand.error | operand.is_text)


def apply_to_two(operator: str, left: Vector, right: Vector) -> Vector:
    """What any other operator makes of its two operands."""
    if operator == "&":
        return _join(left, right)
    return _arithmetic(operator, left, right) if operator in _ARITHMETIC else _compare(operator, left, right)


def _arithmetic(operator: str, left: Vector, right: Vector) -> Vector:
    error = left.error | right.error | left.is_text | right.is_text
    a, b = left.number, right.number
    if operator in "+-":
        # A blank beside a number counts for nothing; two blanks are a blank.
        either = ~(np.isnan(a) & np.isnan(b))
        a, b = np.where(either & np.isnan(a), 0.0, a), np.where(either & np.isnan(b), 0.0, b)
    with np.errstate(all="ignore"):
        number = _ARITHMETIC[operator](a, b)
    if operator in "+-":
        # What is equal in 15 digits leaves nothing: 0.1 + 0.2 - 0.3 is zero.
        number = np.where(significant(a) == significant(b if operator == "-" else -b), 0.0, number)
    present = ~np.isnan(a) & ~np.isnan(b)
    error = error | (present & ~np.isfinite(number))
    return vector(np.where(error, np.nan, number), error=error)


def _compare(operator: str, left: Vector, right: Vector) -> Vector:
    error = left.error | right.error
    textual = left.is_text | right.is_text
    with np.errstate(all="ignore"):
        by_number = COMPARISONS[operator](significant(left.number), significant(right.number))
    number = np.where(np.isnan(left.number) | np.isnan(right.number), np.nan, by_number.astype(float))
    if textual.any():
        number = np.where(textual, _compare_texts(operator, left, right), number)
    return vector(np.where(error, np.nan, number), error=error)


def _compare_texts(operator: str, left: Vector, right: Vector) -> Numbers:
    """Excel's order: any number comes before any text; a blank is the empty text; case does not count."""
    keys = [[_text_key(one, index) for index in range(len(one.number))] for one in (left, right)]
    signs = np.array([float((a > b) - (a < b)) for a, b in zip(*keys, strict=True)])
    return COMPARISONS[operator](signs, np.zeros(len(signs))).astype(float)


def _text_key(one: Vector, index: int) -> tuple[int, float, str]:
    if not np.isnan(one.number[index]):
        return (0, float(one.number[index]), "")
    return (1, 0.0, str(one.text[index] or "").casefold())


def _join(left: Vector, right: Vector) -> Vector:
    text = np.array([text_at(left, i) + text_at(right, i) for i in range(len(left.number))], dtype=object)
    error = left.error | right.error
    return vector(text=np.where(error, NOTHING, text), error=error)


def text_at(one: Vector, index: int) -> str:
    """The value of one unit as ``&`` joins it: a number in up to 15 digits."""
    number = one.number[index]
    if not np.isnan(number):
        return f"{number + 0.0:.15g}".upper()
    return str(one.text[index] or "")
