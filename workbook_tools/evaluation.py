"""What an expression is worth, for all units at once.

A value is a number, a text, an error or nothing. Nothing is not zero: a product, quotient or comparison with a
missing part has no value, a sum of parts has the value of those that are there. Where all parts are filled the
results are Excel's.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

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

Numbers = NDArray[np.float64]
Texts = NDArray[np.object_]
Flags = NDArray[np.bool_]

_NOTHING: Texts = np.array(None, dtype=object)


def _present(text: Texts) -> Flags:
    return np.asarray(text != _NOTHING, dtype=bool)


@dataclass(frozen=True)
class Vector:
    """One value per unit: ``number`` is NaN and ``text`` None where there is none; ``error`` marks Excel errors."""

    number: Numbers
    text: Texts
    error: Flags

    @property
    def blank(self) -> Flags:
        """Where there is neither number, text nor error."""
        return np.isnan(self.number) & ~self.is_text & ~self.error

    @property
    def is_text(self) -> Flags:
        """Where there is a text, the empty one included."""
        return _present(self.text)


@dataclass(frozen=True)
class Items:
    """Values of many items; ``owner`` is the position of the unit each belongs to."""

    owner: NDArray[np.intp]
    number: Numbers
    text: Texts
    error: Flags | None = None

    @property
    def failed(self) -> Flags:
        """Where there is an Excel error."""
        return np.zeros(len(self.number), dtype=bool) if self.error is None else self.error

    @property
    def filled(self) -> Flags:
        """Where there is a number, a text or an error."""
        return ~np.isnan(self.number) | _present(self.text) | self.failed


class Source(Protocol):
    """Where the values of figures and list columns come from."""

    @property
    def size(self) -> int:
        """Number of units."""

    def figure(self, name: Figure) -> Vector:
        """Values of a figure, one per unit."""

    def items(self, name: ListColumn) -> Items:
        """Values of a list column, any number per unit."""


def vector(
    number: Numbers | None = None, text: Texts | None = None, error: Flags | None = None, size: int = 0
) -> Vector:
    """A vector with blanks for what is not given."""
    size = next((len(part) for part in (number, text, error) if part is not None), size)
    return Vector(
        np.full(size, np.nan) if number is None else number,
        np.full(size, None, dtype=object) if text is None else text,
        np.zeros(size, dtype=bool) if error is None else error,
    )


def evaluate(expression: Expression, source: Source) -> Vector:
    """Values of an expression, one per unit, numbers cleaned of binary noise past 15 digits."""
    result = _evaluate(expression, source)
    return Vector(significant(result.number) + 0.0, result.text, result.error)  # + 0.0: there is no minus zero


def significant(number: Numbers, digits: int = 15) -> Numbers:
    """Numbers rounded to a count of significant digits, as Excel keeps 15.

    >>> float(significant(np.array([0.1 + 0.2]))[0])
    0.3
    """
    with np.errstate(all="ignore"):
        places = digits - 1 - np.floor(np.log10(np.abs(number)))
        scale = np.power(10.0, np.clip(places, 0, 300))
        rounded = np.round(number * scale) / scale
    return np.where(np.isfinite(rounded) & (places > 0) & (number != 0), rounded, number)


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
        case Operation("%", (operand,)):
            return _arithmetic("*", _evaluate(operand, source), vector(np.full(source.size, 0.01)))
        case Operation(operator, (operand,)):
            inside = _evaluate(operand, source)
            return vector(-inside.number if operator == "-" else inside.number, error=inside.error | inside.is_text)
        case Operation("&", (left, right)):
            return _join(_evaluate(left, source), _evaluate(right, source))
        case Operation(operator, (left, right)):
            apply = _arithmetic if operator in _ARITHMETIC else _compare
            return apply(operator, _evaluate(left, source), _evaluate(right, source))
        case Call(function, arguments):
            return _FUNCTIONS[function](arguments, source)
        case Figures() | ListColumn() | Area():
            return vector(error=np.ones(source.size, dtype=bool))
    raise AssertionError(expression)


_ARITHMETIC: dict[str, Callable[[Numbers, Numbers], Numbers]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}


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
        by_number = _COMPARE[operator](significant(left.number), significant(right.number))
    number = np.where(np.isnan(left.number) | np.isnan(right.number), np.nan, by_number.astype(float))
    if textual.any():
        number = np.where(textual, _compare_texts(operator, left, right), number)
    return vector(np.where(error, np.nan, number), error=error)


_COMPARE: dict[str, Callable[[Numbers, Numbers], Flags]] = {
    "=": np.equal,
    "<>": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def _compare_texts(operator: str, left: Vector, right: Vector) -> Numbers:
    """Excel's order: any number comes before any text; a blank is the empty text; case does not count."""
    keys = [[_text_key(one, index) for index in range(len(one.number))] for one in (left, right)]
    signs = np.array([float((a > b) - (a < b)) for a, b in zip(*keys, strict=True)])
    return _COMPARE[operator](signs, np.zeros(len(signs))).astype(float)


def _text_key(one: Vector, index: int) -> tuple[int, float, str]:
    if not np.isnan(one.number[index]):
        return (0, float(one.number[index]), "")
    return (1, 0.0, str(one.text[index] or "").casefold())


def _join(left: Vector, right: Vector) -> Vector:
    text = np.array([_as_text(left, i) + _as_text(right, i) for i in range(len(left.number))], dtype=object)
    error = left.error | right.error
    return vector(text=np.where(error, _NOTHING, text), error=error)


def _as_text(one: Vector, index: int) -> str:
    number = one.number[index]
    if not np.isnan(number):
        return f"{number + 0.0:.15g}".upper()
    return str(one.text[index] or "")


Arguments = tuple[Expression, ...]


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


def _all_items(arguments: Arguments, source: Source) -> Items:
    parts = [_items(argument, source) for argument in arguments]
    return Items(
        np.concatenate([part.owner for part in parts]),
        np.concatenate([part.number for part in parts]),
        np.concatenate([part.text for part in parts]),
        np.concatenate([part.failed for part in parts]),
    )


def _unless_failed(number: Numbers, items: Items, chosen: Flags, size: int) -> Vector:
    """The number, or an error where one of the chosen items is one."""
    error = _count(items.failed & chosen, items.owner, size) > 0
    return vector(np.where(error, np.nan, number), error=error)


def _all(items: Items) -> Flags:
    return np.ones(len(items.number), dtype=bool)


def _count(flags: Flags, owner: NDArray[np.intp], size: int) -> Numbers:
    return np.bincount(owner[flags], minlength=size).astype(float)


def _add(items: Items, chosen: Flags, size: int) -> Numbers:
    """Sums, NaN where there is no number at all."""
    chosen = chosen & ~np.isnan(items.number)
    total = np.bincount(items.owner[chosen], weights=items.number[chosen], minlength=size).astype(float)
    return np.where(_count(chosen, items.owner, size) > 0, significant(total), np.nan)


def _sum(arguments: Arguments, source: Source) -> Vector:
    items = _all_items(arguments, source)
    return _unless_failed(_add(items, _all(items), source.size), items, _all(items), source.size)


def _average(arguments: Arguments, source: Source) -> Vector:
    items = _all_items(arguments, source)
    filled = ~np.isnan(items.number)
    with np.errstate(all="ignore"):
        mean = _add(items, filled, source.size) / _count(filled, items.owner, source.size)
    return _unless_failed(mean, items, _all(items), source.size)


def _extreme(choose: np.ufunc, start: float) -> "Function":
    def function(arguments: Arguments, source: Source) -> Vector:
        items = _all_items(arguments, source)
        filled = ~np.isnan(items.number)
        best = np.full(source.size, start)
        choose.at(best, items.owner[filled], items.number[filled])
        return _unless_failed(np.where(np.isinf(best), np.nan, best), items, _all(items), source.size)

    return function


def _count_numbers(arguments: Arguments, source: Source) -> Vector:
    items = _all_items(arguments, source)
    return vector(_count(~np.isnan(items.number), items.owner, source.size))


def _count_filled(arguments: Arguments, source: Source) -> Vector:
    items = _all_items(arguments, source)
    return vector(_count(items.filled, items.owner, source.size))


_CRITERION = re.compile(r"(<=|>=|<>|[<>=])?(.*)", re.DOTALL)
_CRITERION_NUMBER = re.compile(r"\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*")
_WILDCARDS = {"*": ".*", "?": "."}


def _meets(items: Items, criterion: Vector) -> Flags:
    """Which items meet the criterion of their unit as COUNTIF and SUMIF understand it."""
    wanted = [_as_text(criterion, unit) for unit in range(len(criterion.number))]
    meets = np.zeros(len(items.number), dtype=bool)
    for one in dict.fromkeys(wanted):
        meets |= np.array([one == other for other in wanted])[items.owner] & _meets_text(items, one)
    return meets


def _meets_text(items: Items, criterion: str) -> Flags:
    match = _CRITERION.fullmatch(criterion)
    assert match is not None
    operator, wanted = match[1] or "=", match[2]
    if _CRITERION_NUMBER.fullmatch(wanted):
        return _COMPARE[operator](items.number, np.full(len(items.number), float(wanted)))
    if not wanted:
        return items.filled if operator == "<>" else ~items.filled
    if operator in ("=", "<>"):
        pattern = _pattern(wanted)
        same = [text is not None and bool(pattern.fullmatch(str(text).casefold())) for text in items.text]
        return np.array(same, dtype=bool) ^ (operator == "<>")
    texts = [None if text is None else str(text).casefold() for text in items.text]
    signs = [np.nan if text is None else (text > wanted.casefold()) - (text < wanted.casefold()) for text in texts]
    return _COMPARE[operator](np.array(signs, dtype=float), np.zeros(len(signs)))


def _pattern(wanted: str) -> re.Pattern[str]:
    """A text with wildcards; ``~*`` is the star itself."""
    pieces = re.findall(r"~[*?~]|.", wanted.casefold(), re.DOTALL)
    return re.compile("".join(_WILDCARDS.get(piece) or re.escape(piece[-1]) for piece in pieces), re.DOTALL)


def _unless_unknown(value: Vector, criterion: Vector) -> Vector:
    """The value, or nothing where there is no criterion."""
    error = value.error | criterion.error
    return vector(np.where(error | criterion.blank, np.nan, value.number), error=error)


def _count_if(arguments: Arguments, source: Source) -> Vector:
    items, criterion = _items(arguments[0], source), _evaluate(arguments[1], source)
    return _unless_unknown(vector(_count(_meets(items, criterion), items.owner, source.size)), criterion)


def _sum_if(arguments: Arguments, source: Source) -> Vector:
    """Zero where none of the items there are is meant; nothing where those meant have no number."""
    items, criterion = _items(arguments[0], source), _evaluate(arguments[1], source)
    added = _items(arguments[2], source) if len(arguments) > 2 else items
    meets = _meets(items, criterion)
    none = _count(meets, items.owner, source.size) == 0
    some = _count(items.filled, items.owner, source.size) > 0
    total = np.where(none & some, 0.0, _add(added, meets, source.size))
    return _unless_unknown(_unless_failed(total, added, meets, source.size), criterion)


def _round(arguments: Arguments, source: Source) -> Vector:
    value, digits = (_evaluate(argument, source) for argument in arguments)
    with np.errstate(all="ignore"):
        scale = np.power(10.0, np.clip(np.trunc(digits.number), -300, 300))
        number = np.sign(value.number) * np.floor(significant(np.abs(value.number) * scale) + 0.5) / scale
    # More digits than a number has leave it as it is.
    number = np.where(np.isfinite(number) | np.isnan(digits.number), number, value.number)
    return vector(number, error=value.error | digits.error | value.is_text | digits.is_text)


def _absolute(arguments: Arguments, source: Source) -> Vector:
    value = _evaluate(arguments[0], source)
    return vector(np.abs(value.number), error=value.error | value.is_text)


def _if(arguments: Arguments, source: Source) -> Vector:
    condition = _evaluate(arguments[0], source)
    yes = _evaluate(arguments[1], source)
    no = _evaluate(arguments[2] if len(arguments) > 2 else Truth(False), source)
    chosen = condition.number
    unknown = np.isnan(chosen)
    true = ~unknown & (chosen != 0)
    return Vector(
        np.where(unknown, np.nan, np.where(true, yes.number, no.number)),
        np.where(unknown, _NOTHING, np.where(true, yes.text, no.text)),
        condition.error | condition.is_text | (~unknown & np.where(true, yes.error, no.error)),
    )


def _if_error(arguments: Arguments, source: Source) -> Vector:
    value, other = (_evaluate(argument, source) for argument in arguments)
    return Vector(
        np.where(value.error, other.number, value.number),
        np.where(value.error, other.text, value.text),
        value.error & other.error,
    )


def _logic(decisive: float) -> "Function":
    """AND (decided by a 0) and OR (decided by a 1): unknown only while nothing decides."""

    def function(arguments: Arguments, source: Source) -> Vector:
        items = _all_items(arguments, source)
        known = ~np.isnan(items.number)
        decided = _count(known & ((items.number != 0) == bool(decisive)), items.owner, source.size) > 0
        unknown = _count(~known, items.owner, source.size) > 0
        truth = np.where(decided, decisive, np.where(unknown, np.nan, 1 - decisive))
        return _unless_failed(truth, items, _all(items), source.size)

    return function


def _not(arguments: Arguments, source: Source) -> Vector:
    value = _evaluate(arguments[0], source)
    number = np.where(np.isnan(value.number), np.nan, (value.number == 0).astype(float))
    return vector(number, error=value.error | value.is_text)


Function = Callable[[Arguments, Source], Vector]

_FUNCTIONS: dict[str, Function] = {
    "SUM": _sum,
    "SUMIF": _sum_if,
    "COUNT": _count_numbers,
    "COUNTA": _count_filled,
    "COUNTIF": _count_if,
    "AVERAGE": _average,
    "MIN": _extreme(np.minimum, np.inf),
    "MAX": _extreme(np.maximum, -np.inf),
    "ROUND": _round,
    "ABS": _absolute,
    "IF": _if,
    "IFERROR": _if_error,
    "AND": _logic(0.0),
    "OR": _logic(1.0),
    "NOT": _not,
}
