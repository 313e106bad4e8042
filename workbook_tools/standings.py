"""Which units stand best and worst in a figure: a percentage against 100 %, anything else against its plan."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from workbook_tools.formulas import Figure
from workbook_tools.indicators import Indicator, Kind
from workbook_tools.like_for_like import ACTUAL, Units
from workbook_tools.subtotals import subtotal
from workbook_tools.units import Unit

FULL = 100.0
DECIMALS = 2
"""So exactly is a figure compared with 100, as the assessment does."""

LOW = "thấp"
FEWEST = 2


class Standing(NamedTuple):
    """A unit and its percentage."""

    unit: Unit
    percent: float


@dataclass(frozen=True)
class Standings:
    """Units by percentage, the best first; ``of_plan`` tells percent of the plan from the figure itself.

    ``whole`` is the percentage of all these units together, None where there is none.
    """

    indicator: Indicator
    of_plan: bool
    units: tuple[Standing, ...]
    whole: float | None

    @property
    def lower_is_better(self) -> bool:
        """Whether the unit with the smallest percentage stands first."""
        return self.indicator.direction == LOW

    @property
    def has_goal(self) -> bool:
        """Whether 100 % is something to reach: of a plan, or as the most that a percentage can be."""
        is_share = (self.indicator.minimum, self.indicator.maximum) == (0, FULL)
        return self.of_plan or (is_share and not self.lower_is_better)

    @cached_property
    def reached(self) -> tuple[Standing, ...]:
        """Who has reached 100 %, or has kept within it where lower is better."""
        sign = -1 if self.lower_is_better else 1
        met = (one for one in self.units if sign * round(one.percent, DECIMALS) >= sign * FULL)
        return tuple(met) if self.has_goal else ()

    @cached_property
    def behind(self) -> tuple[Standing, ...]:
        """Who has not, and of a percentage stands below all together, the worst first."""
        others = self.units[len(self.reached) :][::-1]
        least = None if self.of_plan else self.whole
        return tuple(one for one in others if least is None or one.percent < least)


def standings(units: Units, indicator: Indicator) -> Standings | None:
    """The units by percentage; None where less than two have one, or no direction is better."""
    if not indicator.direction and indicator.kind is Kind.PERCENT:
        return None
    is_percentage = indicator.kind is Kind.PERCENT
    found = _values(units, indicator) if is_percentage else _plan_ratios(units, indicator)
    if len(found) < FEWEST:
        return None
    sign = 1 if indicator.direction == LOW else -1
    order = sorted(found, key=lambda one: (sign * one.percent, one.unit.code))
    return Standings(indicator, not is_percentage, tuple(order), _whole(units, indicator) if is_percentage else None)


def _values(units: Units, indicator: Indicator) -> list[Standing]:
    column = units.result.cube.index.get(Figure(indicator.code, ACTUAL))
    if column is None:
        return []
    numbers = units.result.cube.number[units.rows, column].tolist()
    return [Standing(unit, value) for unit, value in zip(units.all, numbers, strict=True) if not np.isnan(value)]


def _plan_ratios(units: Units, indicator: Indicator) -> list[Standing]:
    if not {"plan", ACTUAL} <= indicator.cells.keys():
        return []
    compared = units.compared(indicator, "plan")
    rows = units.rows[compared.both]
    columns = [units.result.cube.index[figure] for figure in (compared.base, compared.actual)]
    plans, actuals = (np.nan_to_num(units.result.cube.number[rows, column]).tolist() for column in columns)
    return [
        Standing(unit, actual / plan * FULL)
        for unit, plan, actual in zip(compared.units, plans, actuals, strict=True)
        if plan > 0
    ]


def _whole(units: Units, indicator: Indicator) -> float | None:
    """The figure of all units that have one."""
    figure = Figure(indicator.code, ACTUAL)
    having = units.rows[units.have(units.result.cube.index[figure])]
    return subtotal(units.result.catalogue, units.result.cube, having.tolist()).number(figure)
