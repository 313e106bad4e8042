"""What some of the units come to, by the rules and formulas by which all of them are added up."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import xor

import numpy as np
from numpy.typing import NDArray

from workbook_tools.calculation import is_sum
from workbook_tools.catalogue import Catalogue
from workbook_tools.evaluation import evaluate
from workbook_tools.figure_cube import FigureCube
from workbook_tools.formulas import Expression, Figure, ListColumn, figures_of
from workbook_tools.indicators import Aggregation, Role
from workbook_tools.totals import LOST, NUMERIC_RULES, rule_of, total_by_rule
from workbook_tools.vectors import Flags, Items, Numbers, Vector, vector


@dataclass
class Subtotal:
    """The total of some rows of a cube that has been added up; none of the rows lies below another."""

    catalogue: Catalogue
    cube: FigureCube
    rows: NDArray[np.intp]
    _known: dict[Figure, tuple[float | None, str]] = field(default_factory=dict)
    size: int = 1
    """As a source of an expression: the rows together are one unit."""

    def number(self, figure: Figure) -> float | None:
        """The figure of these units; None where they have none, or none that may be formed."""
        return self._result(figure)[0]

    def amount(self, figure: Figure) -> float | None:
        """The figure of these units, nought where all who say anything say that there is nothing."""
        number = self.number(figure)
        return 0.0 if number is None and self._is_filled(figure) and not self._result(figure)[1] else number

    def signature(self, figure: Figure) -> int:
        """Which of the units stand behind a figure."""
        return reduce(xor, map(int, self.cube.signature[self.rows, self.cube.index[figure]]), 0)

    def reported(self, figure: Figure) -> int:
        """How many units stand behind a figure, those inside consolidated returns included."""
        return int(self.cube.reported[self.rows, self.cube.index[figure]].sum())

    def figure(self, name: Figure) -> Vector:
        """A figure as part of a formula."""
        number, text = self._result(name)
        texts = np.full(1, text or None, dtype=object)
        return vector(np.array([np.nan if number is None else number]), texts)

    def items(self, name: ListColumn) -> Items:
        """A list column as part of a formula: the rows of all these units."""
        items = self.cube.items(name)
        chosen: Flags = np.isin(items.owner, self.rows)
        return Items(np.zeros(int(chosen.sum()), dtype=np.intp), items.number[chosen], items.text[chosen])

    def _result(self, figure: Figure) -> tuple[float | None, str]:
        if figure not in self._known:
            self._known[figure] = self._formed(figure)
        return self._known[figure]

    def _formed(self, figure: Figure) -> tuple[float | None, str]:
        indicator = self.catalogue.indicators[figure.indicator]
        expression = self.catalogue.formulas.get(figure)
        rule = rule_of(indicator, figure.measure)
        column = self.cube.index[figure]
        if indicator.rule(figure.measure).role is Role.INPUT or expression is None:
            return self._by_rule(figure), ""
        if self.cube.stands[self.rows, column].any() or self.cube.refused[self.rows, column].any():
            return (self._by_rule(figure) if rule in NUMERIC_RULES else None), ""
        of_one_unit = indicator.aggregation is Aggregation.NONE and self.catalogue.parts[figure][1]
        if of_one_unit or self._is_hindered(expression):
            return None, ""
        result = evaluate(expression, self)
        number = float(result.number[0])
        return None if np.isnan(number) else number, str(result.text[0] or "")

    def _by_rule(self, figure: Figure) -> float | None:
        total = self._worth(figure)
        return None if np.isnan(total) or total == LOST else total

    def _worth(self, figure: Figure) -> float:
        column = self.cube.index[figure]
        worth: Numbers = self.cube.by_rule[self.rows, column]
        rule = rule_of(self.catalogue.indicators[figure.indicator], figure.measure)
        return total_by_rule(rule, worth, self.cube.weight[self.rows, column])

    def _is_hindered(self, expression: Expression) -> bool:
        """Whether a part has no total although units have it, or two parts come from different units."""
        parts = tuple(dict.fromkeys(figures_of(expression)))
        if any(not self._is_filled(part) and not np.isnan(self._worth(part)) for part in parts):
            return True
        filled = (part for part in parts if self._is_filled(part))
        return not is_sum(expression) and len({self.signature(part) for part in filled}) > 1

    def _is_filled(self, figure: Figure) -> bool:
        number, text = self._result(figure)
        if number is not None or text:
            return True
        # Nil of all who say anything: filled, and no number.
        column = self.cube.index[figure]
        return bool(self.cube.filled[self.rows, column].any()) and bool(np.isnan(self._worth(figure)))


def subtotal(catalogue: Catalogue, cube: FigureCube, rows: Iterable[int]) -> Subtotal:
    """The total of some rows of a cube."""
    return Subtotal(catalogue, cube, np.array(sorted(rows), dtype=np.intp))
