"""Whether printed figures can be what they should be: as a result, as a sum of parts, as a part of a whole.

The checks of a return and the search for what would repair it ask the same questions here.
"""

from workbook_tools.indicators import Indicator, Kind
from workbook_tools.precision import agrees, agrees_as_sum


def is_rounded(indicator: Indicator, decimals: int) -> bool:
    """Whether figures printed with so many decimals may be rounded: not persons, nor whole numbers among decimals."""
    return indicator.kind is not Kind.COUNT and (decimals > 0 or indicator.decimals == 0)


def is_result(indicator: Indicator, typed: float, computed: float, own: int, parts: int, decimals: int) -> bool:
    """Whether a number typed over a formula is what the formula gives.

    ``own`` are its decimals; ``parts`` is how many figures the formula adds up, 0 if it does not, and ``decimals`` the
    most printed among them and it.
    """
    if agrees(typed, computed, own):
        return True
    return parts > 0 and agrees_as_sum(typed, computed, decimals, parts, rounded=is_rounded(indicator, decimals))


def adds_up(whole: Indicator, printed: float, total: float, own: int, parts: int, decimals: int) -> bool:
    """Whether parts come to their whole; ``own`` are the decimals of the whole, ``decimals`` the most printed."""
    rounded = is_rounded(whole, decimals)
    if agrees_as_sum(printed, total, decimals, parts, rounded=rounded):
        return True
    return rounded and own > 0 and agrees(printed, total, own)


def is_within(part: float, whole: float, own: int) -> bool:
    """Whether a part is not more than its whole, which is printed with ``own`` decimals; below zero nothing is said."""
    return whole < 0 or part <= whole or agrees(whole, part, own)
