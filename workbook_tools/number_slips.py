"""Whether one number may have been typed for another: the slips of fingers and units, and how likely each is.

A slip goes from what was meant to what was typed. :func:`slips_of` asks the other way round, what may have been
meant by a number that is there; every number it gives is one slip away from it.
"""

import enum
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal


class Slip(enum.StrEnum):
    """Kinds of slips."""

    SWAPPED_DIGITS = "swapped_digits"
    WRONG_DIGIT = "wrong_digit"
    MISSING_ZERO = "missing_zero"
    EXTRA_ZERO = "extra_zero"
    MISSING_DIGIT = "missing_digit"
    EXTRA_DIGIT = "extra_digit"
    SEPARATOR = "separator"
    UNIT = "unit"
    SIGN = "sign"
    NEIGHBOUR = "neighbour"
    MISPLACED = "misplaced"
    STALE = "stale"
    SWAPPED_CELLS = "swapped_cells"
    SHIFTED_ROWS = "shifted_rows"
    WRONG_COLUMN = "wrong_column"


SHARES: dict[Slip, float] = {
    Slip.WRONG_DIGIT: 0.25,
    Slip.SWAPPED_DIGITS: 0.15,
    Slip.MISSING_DIGIT: 0.08,
    Slip.EXTRA_DIGIT: 0.06,
    Slip.MISSING_ZERO: 0.06,
    Slip.EXTRA_ZERO: 0.06,
    Slip.SEPARATOR: 0.08,
    Slip.UNIT: 0.10,
    Slip.SIGN: 0.04,
    Slip.NEIGHBOUR: 0.04,
    Slip.MISPLACED: 0.04,
    Slip.STALE: 0.04,
    Slip.SWAPPED_CELLS: 0.05,
    Slip.SHIFTED_ROWS: 0.03,
    Slip.WRONG_COLUMN: 0.03,
}
"""How often a wrong number is wrong in this way: an estimate, which only orders what is possible anyhow."""

UNIT_FACTORS = (1_000, 1_000_000, 1_000_000_000, 10_000, 100)
"""Mistaken units: nghìn, triệu, tỷ; ha for m²; per cent for a part of one."""

MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class TypingSlip:
    """One slip: ``typed`` stands there, ``meant`` was to stand there; ``share`` of all wrong numbers are wrong so.

    ``factor`` is what the number typed must be multiplied by, below 1 to be divided, for a mistaken unit or separator.
    """

    kind: Slip
    typed: Decimal
    meant: Decimal
    share: float
    factor: Decimal = Decimal(1)


def slips_of(typed: Decimal) -> Iterator[TypingSlip]:
    """What may have been meant by a number, each meaning once, by the likeliest slip that leads to it."""
    found: dict[Decimal, TypingSlip] = {}
    if not typed.is_finite() or len(typed.normalize().as_tuple().digits) > MOST_DIGITS:
        return
    for slip in (*_of_digits(typed), *_of_size(typed)):
        if slip.meant != typed and (slip.meant not in found or found[slip.meant].share < slip.share):
            found[slip.meant] = slip
    yield from found.values()


def _of_digits(typed: Decimal) -> Iterator[TypingSlip]:
    """Slips of single keys. The number of digits decides how often a slip hits just this place."""
    text = format(abs(typed), "f").rstrip("0").rstrip(".") if typed % 1 else format(abs(typed).to_integral_value(), "f")
    whole, _, decimals = text.partition(".")
    digits, sign = whole + decimals, -1 if typed < 0 else 1
    count, after = len(digits), len(decimals)

    def slip(kind: Slip, meant: str, decimals_meant: int, ways: int) -> Iterator[TypingSlip]:
        no_zero_first = not meant.startswith("0") or len(meant) - decimals_meant <= 1
        if 0 < len(meant) <= MOST_DIGITS and decimals_meant >= 0 and no_zero_first:
            number = sign * Decimal(int(meant)).scaleb(-decimals_meant)
            yield TypingSlip(kind, typed, number, SHARES[kind] / ways)

    for place in range(count - 1):
        left, right = digits[place], digits[place + 1]
        swapped = digits[:place] + right + left + digits[place + 2 :]
        yield from slip(Slip.SWAPPED_DIGITS, swapped, after, max(1, count - 1))
    for place in range(count):
        for digit in "0123456789":
            if digit != digits[place]:
                yield from slip(Slip.WRONG_DIGIT, digits[:place] + digit + digits[place + 1 :], after, 9 * count)
        kind = Slip.EXTRA_ZERO if digits[place] == "0" else Slip.EXTRA_DIGIT
        ways = count if kind is Slip.EXTRA_ZERO else 10 * count
        yield from slip(kind, digits[:place] + digits[place + 1 :], after - (place >= count - after), ways)
    for place in range(count + 1):
        after_point = after + (place > count - after)
        for digit in "0123456789" if digits.strip("0") else ():
            kind = Slip.MISSING_ZERO if digit == "0" else Slip.MISSING_DIGIT
            if place == 0 and digit == "0":
                continue
            yield from slip(kind, digits[:place] + digit + digits[place:], after_point, count + 1)


def _of_size(typed: Decimal) -> Iterator[TypingSlip]:
    if not typed:
        return
    yield TypingSlip(Slip.SIGN, typed, -typed, SHARES[Slip.SIGN])
    for factor in _both_ways(UNIT_FACTORS):
        yield TypingSlip(Slip.UNIT, typed, _times(typed, factor), SHARES[Slip.UNIT] / len(UNIT_FACTORS), factor)
    for factor in _both_ways((10, 100, 1000)):
        meant = _times(typed, factor)
        if typed % 1 or meant % 1:
            yield TypingSlip(Slip.SEPARATOR, typed, meant, SHARES[Slip.SEPARATOR] / 6, factor)
        elif abs(factor) == 10:
            yield TypingSlip(Slip.MISSING_ZERO, typed, meant, SHARES[Slip.MISSING_ZERO] / 2, factor)
        elif factor == Decimal("0.1"):
            yield TypingSlip(Slip.EXTRA_ZERO, typed, meant, SHARES[Slip.EXTRA_ZERO] / 2, factor)


def _both_ways(factors: Iterable[int]) -> Iterator[Decimal]:
    for factor in factors:
        yield Decimal(factor)
        yield 1 / Decimal(factor)


def _times(number: Decimal, factor: Decimal) -> Decimal:
    return (number * factor).normalize() + 0


def density(number: Decimal, decimals: int) -> float:
    """The share of one number among all of its size with so many decimals, where it was no slip but a wrong number.

    >>> density(Decimal(120), 0) > density(Decimal(120000), 0)
    True
    """
    size = max(1.0, abs(float(number))) * 10.0**decimals
    return 0.02 / (10 + 2 * size)


def stale(number: Decimal, decimals: int) -> float:
    """The share of one number among those near to it: what a total was before a part changed."""
    size = max(1.0, abs(float(number))) * 10.0**decimals
    return SHARES[Slip.STALE] / (5 + 0.6 * size)


def log_share(share: float) -> float:
    """Shares multiply; their logarithms add."""
    return math.log(max(share, 1e-300))
