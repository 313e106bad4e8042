"""One figure from the figures of several units, by the rule of its row; whole columns at once.

``by_rule`` of a cube holds what a figure's own values come to under the rule of its row: NaN where no unit has a
value, :data:`LOST` where units have values of which the rule makes no total. It is kept beside the number shown, for
formula figures too: should one unit type its figure without the parts, the total follows the rule, whichever way the
units were grouped before.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from workbook_tools.catalogue import Catalogue
from workbook_tools.figure_cube import FigureCube
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Aggregation, Indicator, Kind, Role
from workbook_tools.vectors import Flags, Numbers, significant

LOST = math.inf
"""In ``by_rule``: there are values, and no total."""

MEAN_DIGITS = 12
"""Significant digits of a weighted mean: means of means agree with the mean to these."""

NUMERIC_RULES = frozenset((Aggregation.SUM, Aggregation.WEIGHTED_MEAN, Aggregation.MAXIMUM, Aggregation.MINIMUM))
"""Rules that make a number of numbers; for these alone a formula figure typed by a unit has a total."""

Columns = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Rules:
    """Columns of a cube by rule, the weight's column of each mean, and which columns are typed ones."""

    columns: dict[Aggregation, Columns]
    weights: Columns
    """One for each column under WEIGHTED_MEAN; -1 where the weight has no such measure."""
    inputs: Flags


def rule_of(indicator: Indicator, measure: str) -> Aggregation:
    """The rule for one measure: percentages are never added up, and only a sum's changes are."""
    if measure in ("plan_ratio", "growth"):
        return Aggregation.NONE
    if measure == "change" and (indicator.aggregation is not Aggregation.SUM or indicator.kind is Kind.PERCENT):
        return Aggregation.NONE
    if indicator.aggregation is Aggregation.SUM and indicator.kind is Kind.PERCENT:
        return Aggregation.NONE
    return indicator.aggregation


def rules_of(catalogue: Catalogue, cube: FigureCube) -> Rules:
    """The rules of all columns."""
    columns: dict[Aggregation, list[int]] = {rule: [] for rule in Aggregation}
    inputs = np.zeros(len(cube.index), dtype=bool)
    weights = []
    for figure, column in cube.index.items():
        indicator = catalogue.indicators[figure.indicator]
        rule = rule_of(indicator, figure.measure)
        inputs[column] = indicator.rule(figure.measure).role is Role.INPUT
        columns[rule].append(column)
        if rule is Aggregation.WEIGHTED_MEAN:
            weights.append(cube.index.get(Figure(indicator.weight, figure.measure), -1))
    arrays = {rule: np.array(chosen, dtype=np.intp) for rule, chosen in columns.items()}
    return Rules(arrays, np.array(weights, dtype=np.intp), inputs)


def weigh(rules: Rules, cube: FigureCube) -> None:
    """What each unit's figures are worth in a total, where a total before has not said so."""
    numbers = ~np.isnan(cube.number)
    texts = np.zeros_like(numbers)
    for place, text in cube.text.items():
        texts[place] = bool(text)
    worth = np.where(numbers, cube.number, np.where(texts, LOST, np.nan))
    for rule, value in (
        (Aggregation.COUNT, np.where(numbers | texts, 1.0, np.nan)),
        (Aggregation.NONE, np.where(numbers | texts, LOST, np.nan)),
        (Aggregation.JOIN, np.where(numbers, LOST, np.nan)),
    ):
        worth[:, rules.columns[rule]] = value[:, rules.columns[rule]]
    cube.by_rule = np.where(cube.carried, cube.by_rule, worth)
    means = rules.columns[Aggregation.WEIGHTED_MEAN]
    known, filled = cube.number[:, rules.weights], cube.filled[:, rules.weights]
    weights = np.where(filled & np.isnan(known), 0.0, known)
    weights[:, rules.weights < 0] = np.nan
    cube.weight[:, means] = np.where(cube.carried[:, means], cube.weight[:, means], weights)


def add_by_rule(rules: Rules, cube: FigureCube, row: int, children: Sequence[int]) -> None:
    """What the children's figures come to, into ``by_rule`` and ``weight`` of the row."""
    worth = cube.by_rule[children]
    total = np.full(len(cube.index), np.nan)
    for rule, columns in rules.columns.items():
        if len(columns):
            values = worth[:, columns]
            lost = np.isinf(values).any(axis=0)
            finite = np.where(np.isinf(values), np.nan, values)
            total[columns] = np.where(lost, LOST, _TOTALS[rule](finite))
    cube.weight[row] = np.nan
    means = rules.columns[Aggregation.WEIGHTED_MEAN]
    if len(means):
        weights = cube.weight[children][:, means]
        mean, weight = weighted_means(np.where(np.isinf(worth[:, means]), np.nan, worth[:, means]), weights)
        lost = np.isinf(total[means])
        total[means] = np.where(lost, LOST, mean)
        cube.weight[row, means] = np.where(lost, np.nan, weight)
    cube.by_rule[row] = total


def total_by_rule(rule: Aggregation, worth: Numbers, weights: Numbers) -> float:
    """What the figures of some units come to: a number, NaN for none, :data:`LOST` for no total."""
    if np.isinf(worth).any():
        return LOST
    if rule is Aggregation.WEIGHTED_MEAN:
        return float(weighted_means(worth[:, np.newaxis], weights[:, np.newaxis])[0][0])
    return float(_TOTALS[rule](worth[:, np.newaxis])[0])


def exact_sums(numbers: Numbers) -> Numbers:
    """Column sums as on paper, whatever the order: added as whole multiples of the last digit printed.

    NaN where a column has no number at all. Columns past what 53 bits hold are added as decimal numbers.
    """
    present = ~np.isnan(numbers)
    values = np.where(present, numbers, 0.0)
    total = np.full(numbers.shape[1], np.nan)
    waiting = np.ones(numbers.shape[1], dtype=bool)
    for decimals in range(8):
        scale = 10.0**decimals
        exact = waiting & (np.round(values, decimals) == values).all(axis=0)
        exact &= np.abs(values).sum(axis=0) * scale < 2**53
        if exact.any():
            units = np.round(values[:, exact] * scale).astype(np.int64)
            total[exact] = units.sum(axis=0) / scale
            waiting &= ~exact
    for column in np.flatnonzero(waiting):
        total[column] = float(sum(Decimal(repr(float(value))) for value in values[:, column]))
    return np.where(present.any(axis=0), total, np.nan)


def weighted_means(values: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    """Means of columns and the weights behind them.

    A value that weighs nothing adds nothing; one value alone needs no weight. LOST where one of several has none.
    """
    present = ~np.isnan(values) & (weights != 0)
    weighted = present & (weights > 0)
    alone = (present.sum(axis=0) == 1) & ~weighted.any(axis=0)
    lost = ~alone & (present.sum(axis=0) > weighted.sum(axis=0))
    total = exact_sums(np.where(weighted, weights, np.nan))
    products = np.where(weighted, values * weights, 0.0)
    sums = np.array([math.fsum(column) for column in products.T])
    with np.errstate(all="ignore"):
        mean = np.where(total > 0, significant(sums / total, MEAN_DIGITS), np.nan)
    mean = np.where(alone, np.where(present, values, 0.0).sum(axis=0), mean)
    return np.where(lost, LOST, mean), np.where(lost, np.nan, total)


def _extremes(start: float, choose: Callable[..., Numbers]) -> Callable[[Numbers], Numbers]:
    def extremes(numbers: Numbers) -> Numbers:
        best = choose(np.where(np.isnan(numbers), start, numbers), axis=0)
        return np.where(np.isinf(best), np.nan, best)

    return extremes


def _nothing(numbers: Numbers) -> Numbers:
    return np.full(numbers.shape[1], np.nan)


_TOTALS: dict[Aggregation, Callable[[Numbers], Numbers]] = {
    Aggregation.SUM: exact_sums,
    Aggregation.WEIGHTED_MEAN: _nothing,
    Aggregation.MAXIMUM: _extremes(-np.inf, np.max),
    Aggregation.MINIMUM: _extremes(np.inf, np.min),
    Aggregation.COUNT: exact_sums,
    Aggregation.JOIN: _nothing,
    Aggregation.NONE: _nothing,
}
