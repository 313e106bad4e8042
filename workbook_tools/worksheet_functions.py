"""The worksheet functions of a formula, for all units at once."""

import re
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from workbook_tools.operators import COMPARISONS, text_at
from workbook_tools.vectors import NOTHING, Flags, Items, Numbers, Vector, significant, vector


class Argument(Protocol):
    """An argument of a call; what it is worth is worked out when a function asks."""

    def value(self) -> Vector:
        """Its values, one per unit."""

    def items(self) -> Items:
        """The values of all it refers to, any number per unit."""


Arguments = Sequence[Argument]
Function = Callable[[Arguments, int], Vector]
"""Gives the values of a call by its arguments and the number of units."""


def _all_items(arguments: Arguments) -> Items:
    parts = [argument.items() for argument in arguments]
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


def _sum(arguments: Arguments, size: int) -> Vector:
    items = _all_items(arguments)
    return _unless_failed(_add(items, _all(items), size), items, _all(items), size)


def _average(arguments: Arguments, size: int) -> Vector:
    items = _all_items(arguments)
    filled = ~np.isnan(items.number)
    with np.errstate(all="ignore"):
        mean = _add(items, filled, size) / _count(filled, items.owner, size)
    return _unless_failed(mean, items, _all(items), size)


def _extreme(choose: np.ufunc, start: float) -> Function:
    def function(arguments: Arguments, size: int) -> Vector:
        items = _all_items(arguments)
        filled = ~np.isnan(items.number)
        best = np.full(size, start)
        choose.at(best, items.owner[filled], items.number[filled])
        return _unless_failed(np.where(np.isinf(best), np.nan, best), items, _all(items), size)

    return function


def _count_numbers(arguments: Arguments, size: int) -> Vector:
    items = _all_items(arguments)
    return vector(_count(~np.isnan(items.number), items.owner, size))


def _count_filled(arguments: Arguments, size: int) -> Vector:
    items = _all_items(arguments)
    return vector(_count(items.filled, items.owner, size))


_CRITERION = re.compile(r"(<=|>=|<>|[<>=])?(.*)", re.DOTALL)
_CRITERION_NUMBER = re.compile(r"\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*")
_WILDCARDS = {"*": ".*", "?": "."}


def _meets(items: Items, criterion: Vector) -> Flags:
    """Which items meet the criterion of their unit as COUNTIF and SUMIF understand it."""
    wanted = [text_at(criterion, unit) for unit in range(len(criterion.number))]
    meets = np.zeros(len(items.number), dtype=bool)
    for one in dict.fromkeys(wanted):
        meets |= np.array([one == other for other in wanted])[items.owner] & which_meet(items, one)
    return meets


def which_meet(items: Items, criterion: str) -> Flags:
    """Which items meet a criterion as COUNTIF and SUMIF write it: ``Đạt``, ``>=100``, ``*km``."""
    match = _CRITERION.fullmatch(criterion)
    assert match is not None
    operator, wanted = match[1] or "=", match[2]
    if _CRITERION_NUMBER.fullmatch(wanted):
        return COMPARISONS[operator](items.number, np.full(len(items.number), float(wanted)))
    if not wanted:
        return items.filled if operator == "<>" else ~items.filled
    if operator in ("=", "<>"):
        pattern = _pattern(wanted)
        same = [text is not None and bool(pattern.fullmatch(str(text).casefold())) for text in items.text]
        return np.array(same, dtype=bool) ^ (operator == "<>")
    texts = [None if text is None else str(text).casefold() for text in items.text]
    signs = [np.nan if text is None else (text > wanted.casefold()) - (text < wanted.casefold()) for text in texts]
    return COMPARISONS[operator](np.array(signs, dtype=float), np.zeros(len(signs)))


def _pattern(wanted: str) -> re.Pattern[str]:
    """A text with wildcards; ``~*`` is the star itself."""
    pieces = re.findall(r"~[*?~]|.", wanted.casefold(), re.DOTALL)
    return re.compile("".join(_WILDCARDS.get(piece) or re.escape(piece[-1]) for piece in pieces), re.DOTALL)


def _unless_unknown(value: Vector, criterion: Vector) -> Vector:
    """The value, or nothing where there is no criterion."""
    error = value.error | criterion.error
    return vector(np.where(error | criterion.blank, np.nan, value.number), error=error)


def _count_if(arguments: Arguments, size: int) -> Vector:
    items, criterion = arguments[0].items(), arguments[1].value()
    return _unless_unknown(vector(_count(_meets(items, criterion), items.owner, size)), criterion)


def _sum_if(arguments: Arguments, size: int) -> Vector:
    """Zero where none of the items there are is meant; nothing where those meant have no number."""
    items, criterion = arguments[0].items(), arguments[1].value()
    added = arguments[2].items() if len(arguments) > 2 else items
    meets = _meets(items, criterion)
    none = _count(meets, items.owner, size) == 0
    some = _count(items.filled, items.owner, size) > 0
    total = np.where(none & some, 0.0, _add(added, meets, size))
    return _unless_unknown(_unless_failed(total, added, meets, size), criterion)


def _round(arguments: Arguments, size: int) -> Vector:
    value, digits = (argument.value() for argument in arguments)
    with np.errstate(all="ignore"):
        scale = np.power(10.0, np.clip(np.trunc(digits.number), -300, 300))
        number = np.sign(value.number) * np.floor(significant(np.abs(value.number) * scale) + 0.5) / scale
    # More digits than a number has leave it as it is.
    number = np.where(np.isfinite(number) | np.isnan(digits.number), number, value.number)
    return vector(number, error=value.error | digits.error | value.is_text | digits.is_text)


def _absolute(arguments: Arguments, size: int) -> Vector:
    value = arguments[0].value()
    return vector(np.abs(value.number), error=value.error | value.is_text)


def _if(arguments: Arguments, size: int) -> Vector:
    condition = arguments[0].value()
    yes = arguments[1].value()
    no = arguments[2].value() if len(arguments) > 2 else vector(np.zeros(size))
    chosen = condition.number
    unknown = np.isnan(chosen)
    true = ~unknown & (chosen != 0)
    return Vector(
        np.where(unknown, np.nan, np.where(true, yes.number, no.number)),
        np.where(unknown, NOTHING, np.where(true, yes.text, no.text)),
        condition.error | condition.is_text | (~unknown & np.where(true, yes.error, no.error)),
    )


def _if_error(arguments: Arguments, size: int) -> Vector:
    value, other = (argument.value() for argument in arguments)
    return Vector(
        np.where(value.error, other.number, value.number),
        np.where(value.error, other.text, value.text),
        value.error & other.error,
    )


def _logic(decisive: float) -> Function:
    """AND (decided by a 0) and OR (decided by a 1): unknown only while nothing decides."""

    def function(arguments: Arguments, size: int) -> Vector:
        items = _all_items(arguments)
        known = ~np.isnan(items.number)
        decided = _count(known & ((items.number != 0) == bool(decisive)), items.owner, size) > 0
        unknown = _count(~known, items.owner, size) > 0
        truth = np.where(decided, decisive, np.where(unknown, np.nan, 1 - decisive))
        return _unless_failed(truth, items, _all(items), size)

    return function


def _not(arguments: Arguments, size: int) -> Vector:
    value = arguments[0].value()
    number = np.where(np.isnan(value.number), np.nan, (value.number == 0).astype(float))
    return vector(number, error=value.error | value.is_text)


WORKSHEET_FUNCTIONS: dict[str, Function] = {
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
"""The functions by name."""
