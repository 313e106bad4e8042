"""Sets of numbers as a line cut at a few points: where an unknown figure may lie."""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class NumberLine:
    """Numbers that are allowed. ``points`` are sorted; ``allowed`` says it of what lies before the first point, of
    the first point, of what lies between it and the second, and so on."""

    points: tuple[Fraction, ...] = ()
    allowed: tuple[bool, ...] = (True,)

    def __contains__(self, number: Fraction) -> bool:
        place = bisect_left(self.points, number)
        on_point = place < len(self.points) and self.points[place] == number
        return self.allowed[2 * place + on_point]

    def __bool__(self) -> bool:
        return any(self.allowed)

    def __and__(self, other: "NumberLine") -> "NumberLine":
        return cut(self.points + other.points, lambda number: number in self and number in other)

    def stretches(self) -> Iterator["Stretch"]:
        """The connected pieces that are allowed, in order."""
        start: int | None = None
        for place, allowed in enumerate((*self.allowed, False)):
            if allowed and start is None:
                start = place
            elif not allowed and start is not None:
                yield self._stretch(start, place - 1)
                start = None

    def _stretch(self, first: int, last: int) -> "Stretch":
        low = self.points[(first - 1) // 2] if first else None
        high = self.points[last // 2] if last < 2 * len(self.points) else None
        return Stretch(low, high, first % 2 == 1, last % 2 == 1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Numbers between two ends, without end where it is None; ``closed`` ends belong to it."""

    low: Fraction | None
    high: Fraction | None
    low_closed: bool
    high_closed: bool

    def multiples(self, decimals: int) -> tuple[Fraction | None, Fraction | None]:
        """The first and the last number with so many decimals, None where there is none or no end."""
        scale = 10**decimals
        first = last = None
        if self.low is not None:
            first = Fraction(math.ceil(self.low * scale), scale)
            first += Fraction(1, scale) if first == self.low and not self.low_closed else 0
        if self.high is not None:
            last = Fraction(math.floor(self.high * scale), scale)
            last -= Fraction(1, scale) if last == self.high and not self.high_closed else 0
        if first is not None and last is not None and first > last:
            return None, None
        return first, last

    def printed(self, decimals: int) -> "Stretch":
        """The same numbers with ends of so many decimals that belong to it."""
        low, high = self.multiples(decimals)
        return Stretch(low, high, low is not None, high is not None)


def cut(points: Iterable[Fraction], allowed: Callable[[Fraction], bool]) -> NumberLine:
    """The line cut at some points, what is allowed asked once on each point and once between two.

    >>> line = cut([Fraction(1), Fraction(3)], lambda number: 1 <= number < 3)
    >>> Fraction(1) in line, Fraction(2) in line, Fraction(3) in line
    (True, True, False)
    """
    ordered = tuple(sorted(set(points)))
    if not ordered:
        return NumberLine((), (allowed(Fraction(0)),))
    told = [allowed(ordered[0] - 1)]
    for point, following in zip(ordered, (*ordered[1:], ordered[-1] + 2), strict=True):
        told += [allowed(point), allowed((point + following) / 2)]
    return NumberLine(ordered, tuple(told))
