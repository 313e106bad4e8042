"""What makes the change of a figure: which units, and which parts, against last year and against the plan.

Sums are explained by what each unit or part adds; rates by the change of the units' rates and of their shares. Only
units that have both figures are compared, the others are named. What cannot be brought back to the total's own figure
by its rule or formula is not explained at all.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from workbook_tools.calculation import is_sum
from workbook_tools.consolidated import Consolidation
from workbook_tools.contributions import Effect, WeightedRate, effects, mean_rate, points, shares
from workbook_tools.evaluation import evaluate
from workbook_tools.exact_evaluation import fraction
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Aggregation, Indicator, Kind
from workbook_tools.like_for_like import ACTUAL, Compared, LeftOut, Units
from workbook_tools.ratios import denominator_of
from workbook_tools.totals import rule_of
from workbook_tools.units import Unit

NOUGHT = Fraction(0)
WITHOUT_WEIGHT = "không có số để tính bình quân"
COMPARED_WITH = ("prior", "plan")
FEWEST_UNITS = 2
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Line:
    """A unit or a part of the whole: its figures, and what it adds to the change; several units in one for the rest.

    ``contribution`` is in the unit of the figure, ``points`` in percent of the whole as it was; a line of a rate has
    its ``shares`` in the weight before and now, and the two effects that make up its contribution.
    """

    subject: Unit | Indicator | None
    before: Fraction
    after: Fraction
    contribution: Fraction
    points: Fraction | None
    shares: tuple[Fraction, Fraction] | None = None
    effect: Effect | None = None
    count: int = 1


@dataclass(frozen=True)
class Breakdown:
    """The change of a whole by its units or its parts; the contributions of the lines add up to it."""

    before: Fraction
    after: Fraction
    lines: tuple[Line, ...]
    is_rate: bool = False
    left_out: tuple[LeftOut, ...] = ()
    """Units that cannot be compared."""
    unknown: tuple[Indicator, ...] = ()
    """Parts that cannot be compared; what they may add is in the line without a subject."""

    @property
    def change(self) -> Fraction:
        """Now less before."""
        return self.after - self.before


@dataclass(frozen=True)
class Comparison:
    """This year's figure against another one, by units and by parts as far as can be."""

    compared: Compared
    by_units: Breakdown | None
    by_parts: Breakdown | None

    @property
    def base(self) -> str:
        """The measure this year is compared with."""
        return self.compared.base.measure

    @property
    def whole(self) -> Breakdown | None:
        """Either of them, for the change of the whole."""
        return self.by_units or self.by_parts


@dataclass(frozen=True)
class Analysis:
    """All comparisons of one indicator."""

    indicator: Indicator
    comparisons: tuple[Comparison, ...]


def analyses(result: Consolidation, units: Units | None = None) -> Iterator[Analysis]:
    """The headline indicators first, then the other totals that are divided, in the order of the template."""
    known = units or Units(result)
    numeric = [one for one in result.catalogue.indicators.values() if one.kind.is_numeric]
    chosen = [one for one in numeric if one.headline]
    chosen += [one for one in numeric if one.code in result.catalogue.divisions and not one.headline]
    for indicator in chosen:
        yield Analysis(indicator, tuple(_comparisons(known, indicator)))


def _comparisons(units: Units, indicator: Indicator) -> Iterator[Comparison]:
    for base in COMPARED_WITH:
        if {base, ACTUAL} <= indicator.cells.keys():
            found = compare(units, indicator, base)
            if found.whole is not None:
                yield found


def compare(units: Units, indicator: Indicator, base: str) -> Comparison:
    """This year's figure of an indicator against another one."""
    compared = units.compared(indicator, base)
    if not compared.both.any():
        return Comparison(compared, None, None)
    is_sum_of_units = all(_adds_up(units.result, figure) for figure in (compared.base, compared.actual))
    by_units = _sum_by_units(compared) if is_sum_of_units else _rate_by_units(compared)
    several = by_units is not None and len(units.all) >= FEWEST_UNITS
    by_parts = _by_parts(compared) if indicator.code in units.result.catalogue.divisions else None
    return Comparison(compared, by_units if several else None, by_parts)


def condensed(breakdown: Breakdown, most: int) -> Breakdown:
    """The lines that add most, from the largest rise to the largest fall, and all others in one."""
    order = sorted(breakdown.lines, key=lambda line: (-abs(line.contribution), order_key(line)))
    first, rest = (order[:most], order[most:]) if len(order) > most + 1 else (order, [])
    first.sort(key=lambda line: (-line.contribution, order_key(line)))
    return replace(breakdown, lines=(*first, *([_together(rest, breakdown)] if rest else [])))


def order_key(line: Line) -> str:
    """Lines that add the same stand in the order of their codes."""
    return line.subject.code if line.subject else ""


def _together(lines: Sequence[Line], whole: Breakdown) -> Line:
    """Several lines as one; a rate of several units is their mean."""
    contribution = sum((line.contribution for line in lines), NOUGHT)
    before, after = (sum((getattr(line, name) for line in lines), NOUGHT) for name in ("before", "after"))
    shared, effect = None, None
    if whole.is_rate:
        pairs = [line.shares or (NOUGHT, NOUGHT) for line in lines]
        shared = sum((one for one, _ in pairs), NOUGHT), sum((one for _, one in pairs), NOUGHT)
        first = [WeightedRate(one, line.before) for line, (one, _) in zip(lines, pairs, strict=True)]
        second = [WeightedRate(one, line.after) for line, (_, one) in zip(lines, pairs, strict=True)]
        before, after = mean_rate(first) or NOUGHT, mean_rate(second) or NOUGHT
        both = [line.effect for line in lines if line.effect]
        effect = Effect(sum((one.rate for one in both), NOUGHT), sum((one.mix for one in both), NOUGHT))
    in_points = None if whole.before == 0 else 100 * contribution / whole.before
    return Line(None, before, after, contribution, in_points, shared, effect, sum(line.count for line in lines))


def _adds_up(result: Consolidation, figure: Figure) -> bool:
    """Whether the total of a figure is the sum of its units."""
    indicator = result.catalogue.indicators[figure.indicator]
    if indicator.kind is Kind.PERCENT:
        return False
    expression = result.catalogue.formulas.get(figure)
    return is_sum(expression) if expression else rule_of(indicator, figure.measure) is Aggregation.SUM


def _amounts(compared: Compared, figure: Figure) -> list[Fraction]:
    """A figure of each unit that has both; nil is nought."""
    cube, rows = compared.of.result.cube, compared.of.rows[compared.both]
    return [fraction(value) for value in np.nan_to_num(cube.number[rows, cube.index[figure]]).tolist()]


def _sum_by_units(compared: Compared) -> Breakdown | None:
    before, after = (_amounts(compared, figure) for figure in (compared.base, compared.actual))
    wholes = sum(before, NOUGHT), sum(after, NOUGHT)
    figures = (compared.base, compared.actual)
    if not all(_is(whole, compared.total.amount(figure)) for whole, figure in zip(wholes, figures, strict=True)):
        return None
    changes = [later - first for first, later in zip(before, after, strict=True)]
    lines = _lines(compared.units, before, after, changes, wholes[0])
    return Breakdown(*wholes, lines, left_out=compared.left_out)


def _lines(
    subjects: Sequence[Unit | Indicator | None],
    before: Sequence[Fraction],
    after: Sequence[Fraction],
    changes: Sequence[Fraction],
    whole: Fraction,
) -> tuple[Line, ...]:
    in_points: Sequence[Fraction | None] = points(changes, whole) or [None] * len(changes)
    return tuple(map(Line, subjects, before, after, changes, in_points))


def _is(value: Fraction | None, total: float | None) -> bool:
    """Whether what the lines come to is the total's own figure."""
    if value is None or total is None:
        return False
    return math.isclose(float(value), total, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def _rate_by_units(compared: Compared) -> Breakdown | None:
    """A rate by the units that have both rates, and what each is measured on."""
    weights = [_weights(compared.of, figure) for figure in (compared.base, compared.actual)]
    if weights[0] is None or weights[1] is None:
        return None
    known = compared.both & ~np.isnan(weights[0]) & ~np.isnan(weights[1])
    if not known.any():
        return None
    weighted = replace(compared, both=known)
    figures = (compared.base, compared.actual)
    before, after = (
        [WeightedRate(fraction(weight), rate) for weight, rate in zip(w[known].tolist(), rates, strict=True)]
        for w, rates in zip(weights, (_amounts(weighted, figure) for figure in figures), strict=True)
        if w is not None
    )
    found, wholes = effects(before, after), (mean_rate(before), mean_rate(after))
    if found is None or wholes[0] is None or wholes[1] is None:
        return None
    if not all(_is(whole, weighted.total.number(figure)) for whole, figure in zip(wholes, figures, strict=True)):
        return None
    changes = [one.change for one in found]
    rates = [[one.rate or NOUGHT for one in side] for side in (before, after)]
    plain = _lines(weighted.units, rates[0], rates[1], changes, wholes[0])
    shared = zip(shares(before), shares(after), strict=True)
    lines = tuple(
        replace(line, shares=pair, effect=effect) for line, pair, effect in zip(plain, shared, found, strict=True)
    )
    without = [
        LeftOut(unit, WITHOUT_WEIGHT)
        for unit, lacks in zip(compared.of.all, compared.both & ~known, strict=True)
        if lacks
    ]
    return Breakdown(wholes[0], wholes[1], lines, is_rate=True, left_out=(*compared.left_out, *without))


def _weights(units: Units, figure: Figure) -> "np.ndarray[tuple[int], np.dtype[np.float64]] | None":
    """What each unit's rate is measured on: the divisor of its formula, or the weight its row names."""
    result = units.result
    indicator = result.catalogue.indicators[figure.indicator]
    expression = result.catalogue.formulas.get(figure)
    if expression is None:
        mean = rule_of(indicator, figure.measure) is Aggregation.WEIGHTED_MEAN
        return result.cube.weight[units.rows, result.cube.index[figure]] if mean else None
    divisor = denominator_of(expression)
    return None if divisor is None else evaluate(divisor, result.cube).number[units.rows]


def _by_parts(compared: Compared) -> Breakdown | None:
    """A divided whole by its parts, over the units that have both figures of the whole."""
    total = compared.total
    wholes = [total.amount(figure) for figure in (compared.base, compared.actual)]
    if wholes[0] is None or wholes[1] is None:
        return None
    known: list[tuple[Indicator, Fraction, Fraction]] = []
    unknown: list[Indicator] = []
    for part in compared.of.result.catalogue.divisions[compared.base.indicator]:
        figures = Figure(part.code, compared.base.measure), Figure(part.code, ACTUAL)
        inside = all(figure in total.cube.index for figure in figures)
        first, second = (total.amount(figure) for figure in figures) if inside else (None, None)
        if first is None or second is None or total.signature(figures[0]) != total.signature(figures[1]):
            unknown.append(part)
        else:
            known.append((part, fraction(first), fraction(second)))
    if not known:
        return None
    before, after = fraction(wholes[0]), fraction(wholes[1])
    rest = before - sum((one for _, one, _ in known), NOUGHT), after - sum((one for _, _, one in known), NOUGHT)
    rows: list[tuple[Indicator | None, Fraction, Fraction]] = [*known, *([(None, *rest)] if any(rest) else [])]
    subjects, firsts, seconds = zip(*rows, strict=True)
    changes = [second - first for first, second in zip(firsts, seconds, strict=True)]
    return Breakdown(before, after, _lines(subjects, firsts, seconds, changes, before), unknown=tuple(unknown))
