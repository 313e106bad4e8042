"""A consolidation as facts: all figures computed, nothing laid out yet."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from workbook_tools.catalogue import Catalogue
from workbook_tools.evaluation import evaluate
from workbook_tools.figure_cube import CellFigure, FigureCube, cell_value, one_row
from workbook_tools.findings import Finding
from workbook_tools.form_layout import FormLayout, lay_out
from workbook_tools.formulas import Call, Expression, Figure, Number, Operation, Text, figures_of
from workbook_tools.indicators import Indicator, Kind
from workbook_tools.observations import Return, Support
from workbook_tools.periods import parse_period
from workbook_tools.read_cells import tidy
from workbook_tools.units import Unit, UnitTree

ABOVE, MET, BELOW = "assessment.above", "assessment.met", "assessment.below"
"""Settings that hold the words of the assessment."""

UNDER_WAY = "Đang thực hiện"
"""What is said of an annual plan that is not reached before the year is over."""


@dataclass(frozen=True)
class Consolidation:
    """The figures of a unit added up from its descendants, with all that stands behind them.

    ``cube`` has a row for each unit of ``tree``; ``returns`` are those that were added, ``received`` all that came.
    """

    catalogue: Catalogue
    tree: UnitTree
    unit: str
    period: str
    cube: FigureCube
    returns: tuple[Return, ...]
    received: tuple[Return, ...]
    findings: tuple[Finding, ...] = field(default=())
    fingerprint: str = ""
    """Of the figures that were added up, once the workbook is written."""

    @cached_property
    def row(self) -> int:
        """Row of the unit in the cube."""
        return self.cube.row(self.unit)

    @cached_property
    def is_part_of_plan(self) -> bool:
        """Whether the plan is for a longer period: half way to it nothing has been missed yet."""
        period = parse_period(self.period)
        return period is not None and period.planned != period

    @cached_property
    def layout(self) -> FormLayout:
        """The form of the unit: all rows, and as many list rows as its units filled."""
        items = {
            code: [key for key, owner in zip(table.keys, table.owner, strict=True) if owner == self.row]
            for code, table in self.cube.lists.items()
        }
        return lay_out(self.catalogue, items=items)

    def value(self, figure: Figure, row: int | None = None) -> CellFigure:
        """What a cell shows of a figure, by default of the unit itself: number, text, ``-`` for nil, or nothing."""
        if row is None and figure in self._nil_results:
            return self._nil_results[figure]
        return cell_value(self.cube, self.row if row is None else row, figure)

    def evaluate(self, expression: Expression) -> CellFigure:
        """Value of an expression over the unit's figures; nothing where it has none."""
        result = evaluate(expression, self._own)
        if result.is_text[0]:
            return str(result.text[0])
        number = float(result.number[0])
        return None if np.isnan(number) else tidy(number)

    @cached_property
    def _nil_results(self) -> dict[Figure, str | None]:
        """What a spreadsheet makes of formulas whose parts are all nil: a sum of ``-`` is blank, a reference ``-``."""
        shown = one_row(self.cube, self.row)
        results: dict[Figure, str | None] = {}
        for figure, column in shown.index.items():
            if shown.filled[0, column] and not shown.says(column)[0] and self._is_typed(figure):
                shown.text[0, column] = "-"
        for figure, expression in self.catalogue.formulas.items():
            column = shown.index[figure]
            if shown.filled[0, column] and not shown.says(column)[0]:
                results[figure] = str(evaluate(expression, shown).text[0] or "") or None
                shown.text[0, column] = results[figure] or ""
        return results

    def _is_typed(self, figure: Figure) -> bool:
        return figure not in self.catalogue.formulas or figure in self.without_formula

    @cached_property
    def _own(self) -> FigureCube:
        """The unit's row of the cube alone."""
        return one_row(self.cube, self.row)

    def support(self, figure: Figure) -> Support:
        """How many units stand behind a figure of the unit."""
        column = self.cube.index[figure]
        return Support(
            reported=int(self.cube.reported[self.row, column]),
            expected=int(self.cube.expected[self.row, column]),
            signature=int(self.cube.signature[self.row, column]),
            weight=float(self.cube.weight[self.row, column]),
            stands=bool(self.cube.stands[self.row, column]),
            blocked=bool(self.cube.blocked[self.row, column]),
            by_rule=float(self.cube.by_rule[self.row, column]),
        )

    def same_units(self, expression: Expression) -> bool:
        """Whether all filled figures of an expression come from the same units."""
        columns = [self.cube.index[figure] for figure in figures_of(expression)]
        filled = [column for column in columns if self.cube.filled[self.row, column]]
        return len({int(self.cube.signature[self.row, column]) for column in filled}) <= 1

    @cached_property
    def without_formula(self) -> frozenset[Figure]:
        """Formula figures whose total no formula gives: totals of typed-over figures, and those with no value."""
        return frozenset(
            figure
            for figure, column in self.cube.index.items()
            if figure in self.catalogue.formulas
            and (self.cube.stands[self.row, column] or self.cube.blocked[self.row, column])
        )


MOST_COMPARED = 120
"""More units side by side nobody reads, and no reader of returns takes."""


def shown_units(result: Consolidation) -> list[Unit]:
    """The units whose returns make up the total: the lowest, or one above that alone sent a return for them."""
    sent = {one.unit for one in result.returns}

    def below(code: str) -> Iterator[Unit]:
        for child in result.tree.children(code):
            leaves = result.tree.leaves(child.code)
            if leaves and not (child.code in sent and not _any_below(result, child.code, sent)):
                yield from below(child.code)
            else:
                yield child

    return list(below(result.unit)) or [result.tree.unit(result.unit)]


def compared_units(result: Consolidation) -> list[Unit]:
    """The units that stand side by side: those shown, or of more than fit the highest level with enough of them.

    A country's communes are added up here by province; communes without a level between them and the country, or
    too many provinces, stay as they are, and there are rows for headline targets only.
    """
    lowest = shown_units(result)
    if len(lowest) <= MOST_COMPARED:
        return lowest
    codes, level = {unit.code for unit in lowest}, list(result.tree.children(result.unit))
    while True:
        below = [
            child
            for unit in level
            for child in ([unit] if unit.code in codes else [*result.tree.children(unit.code)] or [unit])
        ]
        if len(below) > MOST_COMPARED or below == level:
            return level
        level = below


def _any_below(result: Consolidation, code: str, sent: set[str]) -> bool:
    return any(child.code in sent or _any_below(result, child.code, sent) for child in result.tree.children(code))


def ratio_to_prior(indicator: Indicator) -> Expression:
    """This year in percent of last year."""
    return _percent(Figure(indicator.code, "actual"), Figure(indicator.code, "prior"))


def share_of_whole(indicator: Indicator, measure: str = "actual") -> Expression | None:
    """A figure, by default this year's, in percent of the whole it is a part of, None for no part."""
    if not indicator.relation or not indicator.kind.is_numeric or indicator.kind == "percent":
        return None
    return _percent(Figure(indicator.code, measure), Figure(indicator.whole, measure))


def assessment_words(result: Consolidation) -> dict[str, str]:
    """The words of the assessment by their settings; what is below an annual plan is under way until the year ends."""
    words = {key: result.catalogue.settings.get(key, "") for key in (ABOVE, MET, BELOW)}
    return words | {BELOW: UNDER_WAY} if result.is_part_of_plan else words


def assessment(result: Consolidation, indicator: Indicator) -> Expression | None:
    """Above, met or below plan, by the indicator's direction; None where no direction is better.

    Of an amount that is to stay small, half of the year tells nothing: only a percentage can be good enough so early.
    """
    if not indicator.direction or not indicator.kind.is_numeric:
        return None
    above, met, below = (Text(word) for word in assessment_words(result).values())
    ratio = Figure(indicator.code, "plan_ratio")
    upwards = indicator.direction == "cao"
    rounded = Call("ROUND", (ratio, Number(2)))
    otherwise = Call("IF", (Operation(">" if upwards else "<", (rounded, Number(100))), above, below))
    verdict: Expression = Call("IF", (Operation("=", (rounded, Number(100))), met, otherwise))
    if result.is_part_of_plan and not upwards and indicator.kind is not Kind.PERCENT:
        verdict = below
    return Call("IF", (Operation("=", (Call("COUNT", (ratio,)), Number(0))), Text(""), verdict))


def _percent(part: Figure, whole: Figure) -> Expression:
    filled = Operation("=", (Call("COUNT", (part, whole)), Number(2)))
    percent = Operation("*", (Operation("/", (part, whole)), Number(100)))
    return Call("IF", (filled, Call("IFERROR", (percent, Text(""))), Text("")))
