"""Whether a printed figure and a computed one are the same: decimal arithmetic at the printed precision."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

_WIDE = Context(prec=700)
"""Wide enough for any float at any printed precision."""


def exact(value: float) -> Decimal:
    """The decimal number a float stands for: the 15 significant digits that Excel keeps.

    >>> exact(0.1 + 0.2), exact(12345678901234.5)
    (Decimal('0.3'), Decimal('12345678901234.5'))
    """
    return Decimal(f"{value:.15g}")


def agrees(printed: float, computed: float, decimals: int) -> bool:
    """Whether a figure printed with some decimals is the computed one, rounded half up or cut off.

    >>> agrees(96.7, 96.774, 1), agrees(101.2, 101.25, 1), agrees(90.4, 95.57, 1)
    (True, True, False)
    """
    last_digit = Decimal(1).scaleb(-decimals)
    shown = exact(printed)
    return any(
        exact(computed).quantize(last_digit, rounding, _WIDE) == shown for rounding in (ROUND_HALF_UP, ROUND_DOWN)
    )


def agrees_as_sum(printed: float, computed: float, decimals: int, parts: int, *, rounded: bool = True) -> bool:
    """Whether a printed total can be the sum of printed parts, each of them rounded or cut off by itself.

    ``decimals`` is the finest precision printed among parts and total. Rounding moves the total by less than half a
    last digit for each part and for itself; cutting off only hides less than a last digit of each part. Figures that
    are not ``rounded``, such as persons, add up exactly.

    >>> agrees_as_sum(639.93, 639.94, 2, 4), agrees_as_sum(149.3, 149.7, 1, 7)
    (True, False)
    >>> agrees_as_sum(12, 13, 0, 3, rounded=False)
    False
    """
    difference = exact(printed) - exact(computed)
    if not rounded:
        return difference == 0
    last_digit = Decimal(1).scaleb(-decimals)
    return abs(difference) < (parts + 1) * last_digit / 2 or 0 <= difference < parts * last_digit
