"""What the screens of :mod:`workbook_tools.screening` need of a template, worked out once: columns of figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbook_tools.calculation import is_sum
from workbook_tools.catalogue import Catalogue
from workbook_tools.formulas import Call, Expression, Figure, Operation, figures_of
from workbook_tools.indicators import Kind
from workbook_tools.operators import COMPARISONS
from workbook_tools.plausibility import rows_of_sizes
from workbook_tools.ratios import ratio_of
from workbook_tools.rules import FILLED_MEASURES, division_parts, exclusive_parts
from workbook_tools.vectors import Flags

Columns = NDArray[np.intp]


@dataclass(frozen=True)
class Sums:
    """Wholes with their parts: the column of each whole, and the columns of all parts, run after run."""

    wholes: Columns
    parts: Columns
    starts: Columns
    counts: Columns
    """How many parts each whole has."""

    @classmethod
    def of(cls, catalogue: Catalogue, families: Iterator[tuple[Figure, tuple[Figure, ...]]]) -> "Sums":
        """The columns of wholes and of their parts, as far as the template has them."""
        wholes: list[int] = []
        parts: list[int] = []
        starts: list[int] = []
        counts: list[int] = []
        for whole, members in families:
            known = [catalogue.columns[member] for member in members if member in catalogue.columns]
            if whole in catalogue.columns and known:
                wholes.append(catalogue.columns[whole])
                starts.append(len(parts))
                counts.append(len(members))
                parts += known
        return cls(*(np.array(one, dtype=np.intp) for one in (wholes, parts, starts, counts)))


class Facts:
    """What the screens need of a template, worked out once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.low, self.high = np.full(len(catalogue.columns), -np.inf), np.full(len(catalogue.columns), np.inf)
        for figure, column in catalogue.columns.items():
            indicator = catalogue.indicators[figure.indicator]
            if figure.measure in FILLED_MEASURES:
                self.low[column] = -np.inf if indicator.minimum is None else indicator.minimum
                self.high[column] = np.inf if indicator.maximum is None else indicator.maximum

    def columns(self, *names: Figure) -> Columns:
        """Columns of figures, those that the template has."""
        known = (self.catalogue.columns.get(name) for name in names)
        return np.array([column for column in known if column is not None], dtype=np.intp)

    @cached_property
    def are_formulas(self) -> Flags:
        """Which columns are of formula figures."""
        return np.array([one in self.catalogue.formulas for one in self.catalogue.columns], dtype=bool)

    @cached_property
    def required(self) -> Columns:
        """This year's figures that must not be blank."""
        wanted = (one for one in self.catalogue.indicators.values() if one.required)
        return self.columns(*(Figure(one.code, "actual") for one in wanted))

    @cached_property
    def whole_money(self) -> Columns:
        """Figures in whole đồng."""
        rows = [one for one in self.catalogue.indicators.values() if one.kind is Kind.MONEY and not one.decimals]
        return self.columns(*(Figure(one.code, measure) for one in rows for measure in FILLED_MEASURES))

    @cached_property
    def target_growths(self) -> Columns:
        """Targets of indicators whose result is a growth."""
        ratios = (
            (figure, ratio_of(one)) for figure, one in self.catalogue.formulas.items() if figure.measure == "actual"
        )
        growths = [figure.indicator for figure, ratio in ratios if ratio is not None and ratio.offset]
        return self.columns(*(Figure(code, measure) for code in growths for measure in ("plan", "next_plan")))

    @cached_property
    def subsets(self) -> tuple[Columns, Columns]:
        """Parts (trong đó) and their wholes."""
        columns, found = self.catalogue.columns, []
        for measure in FILLED_MEASURES:
            for part in self.catalogue.indicators.values():
                pair = Figure(part.code, measure), Figure(part.whole, measure)
                if part.is_subset and pair[0] in columns and pair[1] in columns:
                    found.append((columns[pair[0]], columns[pair[1]]))
        pairs = np.array(found, dtype=np.intp).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    @cached_property
    def divisions(self) -> Sums:
        """Wholes with the parts (chia ra) that come to them."""
        catalogue = self.catalogue
        names = ((measure, code) for measure in FILLED_MEASURES for code in catalogue.divisions)
        found = ((Figure(code, measure), division_parts(catalogue, code, measure)) for measure, code in names)
        return Sums.of(catalogue, found)

    @cached_property
    def exclusive(self) -> Sums:
        """Wholes with the parts (trong đó, không trùng) that stay within them together."""
        catalogue = self.catalogue
        names = ((measure, code) for measure in FILLED_MEASURES for code in catalogue.exclusive_parts)
        found = ((Figure(code, measure), exclusive_parts(catalogue, code, measure)) for measure, code in names)
        return Sums.of(catalogue, found)

    @cached_property
    def rows(self) -> tuple[Columns, Flags]:
        """[row, measure]: figures of a row whose sizes are compared, the last column of all for none; which count."""
        indicators, columns = rows_of_sizes(self.catalogue)
        return columns, np.array([one.kind is Kind.COUNT for one in indicators], dtype=bool)

    @cached_property
    def open_ends(self) -> list[tuple[int, float, tuple[int, int] | None]]:
        """Formula figures with an end of their range where floats do not say on which side exact numbers lie.

        With each end, the two parts of a ratio that is at the end where both are the same.
        """
        found: list[tuple[int, float, tuple[int, int] | None]] = []
        for figure, expression in self.catalogue.formulas.items():
            column = self.catalogue.columns[figure]
            ratio = ratio_of(expression)
            for end in (self.low[column], self.high[column]):
                if np.isinf(end) or is_sum(expression) or (ratio is not None and not ratio.offset and not end):
                    continue
                pair = None
                if ratio is not None and not ratio.offset and ratio.factor == end:
                    parts = ratio.numerator, ratio.denominator
                    if all(map(self._add_only, parts)):
                        pair = (self.catalogue.columns[parts[0]], self.catalogue.columns[parts[1]])
                found.append((column, float(end), pair))
        return found

    def _add_only(self, figure: Figure) -> bool:
        """Whether a figure is typed, or a sum of such figures."""
        expression = self.catalogue.formulas.get(figure)
        return expression is None or (is_sum(expression) and all(map(self._add_only, figures_of(expression))))

    @cached_property
    def open_comparisons(self) -> list[tuple[Expression, Expression]]:
        """Both sides of what rules compare, where figures are multiplied or divided by each other."""
        found = []
        for rule in self.catalogue.rules:
            for sides in _comparisons(rule.expression):
                if any(_multiplies(side) or not all(map(self._add_only, figures_of(side))) for side in sides):
                    found.append(sides)
        return found


def _comparisons(expression: Expression) -> Iterator[tuple[Expression, Expression]]:
    match expression:
        case Operation(operator, (left, right)) if operator in COMPARISONS:
            yield left, right
        case Operation(_, parts) | Call(_, parts):
            for part in parts:
                yield from _comparisons(part)


def _multiplies(expression: Expression) -> bool:
    """Whether figures are multiplied or divided by each other."""
    match expression:
        case Operation("*" | "/" | "^", parts):
            return sum(any(True for _ in figures_of(part)) for part in parts) > 1 or any(map(_multiplies, parts))
        case Call("AVERAGE" | "ROUND", _):
            return True
        case Operation(_, parts) | Call(_, parts):
            return any(map(_multiplies, parts))
    return False
