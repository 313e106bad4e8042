"""Everything that must be true between the figures of one return, as data: which cells each relation depends on,
whether it holds, and how far it is from turning.

The relations are those the checks tell about: parts and wholes, numbers typed over formulas, the rules of the
template, plausible ranges. A relation is asked again and again with other numbers in some cells
(:class:`~workbook_tools.exact_figures.ExactFigures`).
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from workbook_tools.agreement import adds_up, is_result, is_within
from workbook_tools.cells import FigureName
from workbook_tools.exact_evaluation import evaluate_exactly
from workbook_tools.exact_figures import ExactFigures
from workbook_tools.formulas import Expression, Figure
from workbook_tools.indicators import Indicator, Rule
from workbook_tools.rules import FAILED, status_of

Balance = tuple[Fraction | None, tuple[Fraction, ...]]
"""A difference, and the values at which the relation may turn from false to true."""


class Relation(Protocol):
    """What must be true."""

    @property
    def code(self) -> str:
        """Which relation it is: ``division.land.area@actual``."""

    @property
    def cells(self) -> frozenset[FigureName]:
        """The cells it depends on, through all formulas, blank ones included."""

    @property
    def is_plausibility(self) -> bool:
        """Whether a false figure is only unlikely."""

    def holds(self, figures: ExactFigures) -> bool:
        """Whether it is true, or says nothing because figures are missing."""

    def balances(self, figures: ExactFigures) -> Iterable[Balance]:
        """The differences its truth depends on."""


@dataclass(frozen=True, eq=False)
class Subset:
    """A part (trong đó) is not more than its whole."""

    code: str
    part: Figure
    whole: Figure
    cells: frozenset[FigureName]
    is_plausibility: bool = False

    def holds(self, figures: ExactFigures) -> bool:
        """Whether the part is not more, at the precision printed."""
        value, limit = figures.amount(self.part), figures.amount(self.whole)
        if value is None or limit is None:
            return True
        return is_within(float(value), float(limit), printed_decimals(figures, [self.whole]))

    def balances(self, figures: ExactFigures) -> Iterator[Balance]:
        """What the whole exceeds the part by."""
        value, limit = figures.amount(self.part), figures.amount(self.whole)
        unit = Fraction(1, 10 ** printed_decimals(figures, [self.whole]))
        yield None if value is None or limit is None else limit - value, (Fraction(0), -unit / 2, -unit)


@dataclass(frozen=True, eq=False)
class Division:
    """The parts (chia ra) add up to their whole; while some are blank, or if they are ``exclusive`` parts (trong đó)
    only, they stay within it."""

    code: str
    whole: Figure
    parts: tuple[Figure, ...]
    cells: frozenset[FigureName]
    exclusive: bool = False
    is_plausibility: bool = False

    def holds(self, figures: ExactFigures) -> bool:
        """Whether the parts come to the whole, at the precision printed."""
        printed, amounts = figures.amount(self.whole), self._given(figures)
        if printed is None or not amounts:
            return True
        total, own = sum(amounts, Fraction(0)), printed_decimals(figures, [self.whole])
        indicator = figures.subject.catalogue.indicators[self.whole.indicator]
        if adds_up(indicator, float(printed), float(total), own, len(amounts), self._decimals(figures)):
            return True
        if len(amounts) == len(self.parts) and not self.exclusive:
            return False
        return total <= printed or (indicator.minimum or 0) < 0

    def balances(self, figures: ExactFigures) -> Iterator[Balance]:
        """What the whole exceeds its parts by."""
        printed, amounts = figures.amount(self.whole), self._given(figures)
        if printed is None or not amounts:
            return
        own = printed_decimals(figures, [self.whole])
        yield printed - sum(amounts, Fraction(0)), _thresholds(self._decimals(figures), own, len(amounts))

    def _given(self, figures: ExactFigures) -> list[Fraction]:
        return [amount for part in self.parts if (amount := figures.amount(part)) is not None]

    def _decimals(self, figures: ExactFigures) -> int:
        given = [part for part in self.parts if figures.amount(part) is not None]
        return printed_decimals(figures, [self.whole, *given])


@dataclass(frozen=True, eq=False)
class TypedOver:
    """A number typed over a formula is what the formula gives, at the precision printed."""

    code: str
    figure: Figure
    name: FigureName
    summed: tuple[Figure, ...] | None
    parts: tuple[FigureName, ...]
    cells: frozenset[FigureName]
    is_plausibility: bool = False

    def holds(self, figures: ExactFigures) -> bool:
        """Whether what is typed is the result, rounded or cut off."""
        typed, computed = figures.typed(self.name), figures.amount(self.figure)
        if computed is None or not isinstance(typed, Fraction):
            return True
        indicator, own = figures.subject.catalogue.indicators[self.figure.indicator], figures.decimals(self.name)
        parts = len(self.summed or ())
        return is_result(indicator, float(typed), float(computed), own, parts, self._decimals(figures))

    def balances(self, figures: ExactFigures) -> Iterator[Balance]:
        """What the number typed exceeds the result by, and the result as printed."""
        typed, computed = figures.typed(self.name), figures.amount(self.figure)
        if computed is not None and isinstance(typed, Fraction):
            parts, own = len(self.summed) if self.summed else 0, figures.decimals(self.name)
            yield typed - computed, _thresholds(self._decimals(figures), own, parts)
            for half in (Fraction(1, 2), Fraction(0)):
                shown = Fraction(math.floor(abs(computed) * 10**own + half), 10**own)
                yield typed - (shown if computed >= 0 else -shown), (Fraction(0),)

    def _decimals(self, figures: ExactFigures) -> int:
        parts = self.parts if self.summed is not None else ()
        return max(map(figures.decimals, (self.name, *parts)))


@dataclass(frozen=True, eq=False)
class TemplateRule:
    """A rule written in the template is TRUE."""

    code: str
    rule: Rule
    differences: tuple[Expression, ...]
    cells: frozenset[FigureName]
    is_plausibility: bool = False

    def holds(self, figures: ExactFigures) -> bool:
        """Whether the live rule of the form would not show its cross."""
        return evaluate_exactly(status_of(self.rule), figures) != FAILED

    def balances(self, figures: ExactFigures) -> Iterator[Balance]:
        """The differences between both sides of each comparison of the rule."""
        for difference in self.differences:
            value = evaluate_exactly(difference, figures)
            yield value if isinstance(value, Fraction) else None, (Fraction(0),)


@dataclass(frozen=True, eq=False)
class Range:
    """A figure, typed or computed, lies within the plausible range of its row or list column."""

    code: str
    figure: Figure
    item: str
    minimum: Fraction | None
    maximum: Fraction | None
    cells: frozenset[FigureName]
    is_plausibility: bool = True

    def holds(self, figures: ExactFigures) -> bool:
        """Whether the figure is within the range."""
        value = self._value(figures)
        if value is None:
            return True
        return (self.minimum is None or value >= self.minimum) and (self.maximum is None or value <= self.maximum)

    def balances(self, figures: ExactFigures) -> Iterator[Balance]:
        """The figure, which turns at either end of the range."""
        yield self._value(figures), tuple(one for one in (self.minimum, self.maximum) if one is not None)

    def _value(self, figures: ExactFigures) -> Fraction | None:
        if not self.item:
            return figures.number(self.figure)
        value = figures.typed(FigureName(self.figure.indicator, self.figure.measure, self.item))
        return value if isinstance(value, Fraction) else None


def printed_decimals(figures: ExactFigures, names: Iterable[Figure]) -> int:
    """The most decimals printed among figures; what is computed has those that its row usually shows."""
    decimals = []
    for name in names:
        cell = figures.subject.cell(name)
        typed = cell is not None and cell.observation.value is not None
        own = FigureName(name.indicator, name.measure)
        indicator: Indicator = figures.subject.catalogue.indicators[name.indicator]
        decimals.append(figures.decimals(own) if typed else indicator.decimals)
    return max(decimals)


def _thresholds(decimals: int, own: int, parts: int) -> tuple[Fraction, ...]:
    """Differences at which a printed figure and a computed one part: rounding of each part, and of the whole."""
    unit, whole = Fraction(1, 10**decimals), Fraction(1, 10**own)
    several = ((parts + 1) * unit / 2, -(parts + 1) * unit / 2, parts * unit) if parts else ()
    return tuple({Fraction(0), whole / 2, -whole / 2, whole, -whole, *several})
