"""What each part adds to the change of a total, in exact numbers: shares of a sum, mix and rate effect of a mean.

A rate of several units is the mean of their rates, weighted by what each is measured on. Its change is split by the
symmetric (midpoint) decomposition of Bennet (1920), whose weights are the Marshall-Edgeworth means of both periods: it
leaves no remainder, and comes to the same with the opposite sign when the periods are exchanged.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

HUNDRED = Fraction(100)


class Pair(NamedTuple):
    """A figure of a part before and after."""

    before: Fraction
    after: Fraction

    @property
    def change(self) -> Fraction:
        """After less before."""
        return self.after - self.before


class WeightedRate(NamedTuple):
    """A rate and what it is measured on: 60 tạ/ha on 30 ha. The rate is None where there is nothing to measure on."""

    weight: Fraction
    rate: Fraction | None


class Effect(NamedTuple):
    """What a part adds to the change of a rate: by its own rate, and by its share in the whole."""

    rate: Fraction
    mix: Fraction

    @property
    def change(self) -> Fraction:
        """Both together."""
        return self.rate + self.mix


def points(changes: Sequence[Fraction], before: Fraction) -> list[Fraction] | None:
    """Changes in percentage points of the whole as it was before; they add up to its growth. None if it was nought.

    >>> [float(one) for one in points([Fraction(30), Fraction(-10)], Fraction(200))]
    [15.0, -5.0]
    """
    return [HUNDRED * change / before for change in changes] if before else None


def mean_rate(parts: Sequence[WeightedRate]) -> Fraction | None:
    """The rate of all parts together; None if they have no weight."""
    weight = sum((one.weight for one in parts), Fraction(0))
    return sum((one.weight * (one.rate or 0) for one in parts), Fraction(0)) / weight if weight else None


def shares(parts: Sequence[WeightedRate]) -> list[Fraction]:
    """The share of each part in the weight of all, which is not nought."""
    weight = sum((one.weight for one in parts), Fraction(0))
    return [one.weight / weight for one in parts]


def effects(before: Sequence[WeightedRate], after: Sequence[WeightedRate]) -> list[Effect] | None:
    """Rate and mix effect of each part; they add up to the change of the mean rate. None if there is none.

    The rate effect is the change of the part's rate at its mean share; the mix effect the change of its share times
    how far its mean rate lies from that of all. A part without weight on one side has there the rate of the other.
    """
    rate_before, rate_after = mean_rate(before), mean_rate(after)
    if rate_before is None or rate_after is None:
        return None
    middle = (rate_before + rate_after) / 2
    found = []
    for one, other, share, later in zip(before, after, shares(before), shares(after), strict=True):
        first = one.rate if one.rate is not None else other.rate
        second = other.rate if other.rate is not None else one.rate
        if first is None or second is None:
            found.append(Effect(Fraction(0), Fraction(0)))
            continue
        found.append(Effect((share + later) / 2 * (second - first), (later - share) * ((first + second) / 2 - middle)))
    return found
