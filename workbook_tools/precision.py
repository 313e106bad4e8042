"""Whether a printed figure and a computed one are the same: decimal arithmetic at the printed precision."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal


def exact(value: float) -> Decimal:
    """The decimal number a float stands for, freed of binary noise past 14 significant digits."""
    return Decimal(f"{value:.14g}")


def agrees(printed: float, computed: float, decimals: int) -> bool:
    """Whether a figure printed with some decimals is the computed one, rounded half up or cut off.

    >>> agrees(96.7, 96.774, 1), agrees(101.2, 101.25, 1), agrees(90.4, 95.57, 1)
    (True, True, False)
    """
    last_digit = Decimal(1).scaleb(-decimals)
    shown = exact(printed)
    return any(exact(computed).quantize(last_digit, rounding) == shown for rounding in (ROUND_HALF_UP, ROUND_DOWN))


def agrees_as_sum(printed: float, computed: float, decimals: int, parts: int) -> bool:
    """Whether a printed total can be the sum of printed parts, each of them rounded by itself.

    ``decimals`` is the finest precision printed among parts and total. The deviation must stay below half a last
    digit for each part and for the total; whole numbers are not rounded.

    >>> agrees_as_sum(639.93, 639.94, 2, 4), agrees_as_sum(149.3, 149.7, 1, 7), agrees_as_sum(12, 13, 0, 3)
    (True, False, False)
    """
    deviation = abs(exact(printed) - exact(computed))
    if decimals == 0:
        return deviation == 0
    return deviation < Decimal(parts + 1) * Decimal(1).scaleb(-decimals) / 2
