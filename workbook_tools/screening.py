"""Checks many returns at once: which of them each check must look at one by one.

A screen asks the question of its check of all returns together, roughly: it may name a return of which the check finds
nothing, never pass by one of which it finds something. A check without a screen looks at every return.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbook_tools import checks
from workbook_tools.calculation import calculate
from workbook_tools.catalogue import Catalogue
from workbook_tools.checks import CHECKS, Check
from workbook_tools.evaluation import evaluate
from workbook_tools.exact_figures import ExactFigures
from workbook_tools.figure_cube import FigureCube, empty_cube, figure_columns, fill_cube, one_row
from workbook_tools.findings import Finding
from workbook_tools.growth_checks import notes_state_the_growth_of_their_row, target_growths_agree
from workbook_tools.observations import Return
from workbook_tools.part_checks import (
    divisions_add_up,
    exclusive_parts_do_not_exceed_together,
    parts_do_not_exceed_their_whole,
)
from workbook_tools.plausibility import (
    JUMP,
    LEAST_ODD,
    large_changes_are_explained,
    money_has_no_fraction_of_its_smallest_unit,
    sizes_fit_their_row,
)
from workbook_tools.ratio_checks import (
    changes_agree_with_growths,
    decreases_are_possible,
    shares_of_one_whole_come_to_hundred,
    typed_rates_fit_whole_numbers,
)
from workbook_tools.read_cells import CellFrame
from workbook_tools.repair_sentences import cells_that_would_repair
from workbook_tools.rules import FAILED, FILLED_MEASURES, status_of
from workbook_tools.screening_facts import Facts, Sums
from workbook_tools.subject import Subject
from workbook_tools.vectors import Flags, Numbers

Screen = Callable[["Batch"], Flags]

LAST_BITS = 1.2e-16
"""What each addition of floats may be wrong by, relative to the size of what is added."""

LARGE = 1e12
"""From here on the last bits of a sum may hide a digit that is printed."""

CERTAINLY_ROUNDED = 0.45
"""Parts of a last digit by which a rounded number differs at most, with room for noise."""

TIE = 1e-12
"""So near to each other, exact numbers may be the other way round than floats."""


@dataclass
class Batch:
    """Returns side by side, each in its row of the calculated cube."""

    facts: Facts
    returns: Sequence[Return]
    cube: FigureCube

    def __post_init__(self) -> None:
        self.subjects: dict[int, Subject] = {}
        none = np.zeros(len(self.returns), dtype=bool)
        self.typed_over, self.grown, self.noted, self.differs, self.beyond, self.shows_other = (
            none.copy() for _ in range(6)
        )
        for row in range(len(self.returns)):
            self._look_through(row)

    def _look_through(self, row: int) -> None:
        """What only the cells tell: what was typed over formulas, what they show, and the rows of lists."""
        catalogue, cells = self.facts.catalogue, self.returns[row].columns
        frame, columns = cells.frame, figure_columns(catalogue, cells.frame)
        low, high = frame.worked_out(_ends_of_items, catalogue)
        self.beyond[row] = bool(((cells.values < low) | (cells.values > high)).any())
        filled = cells.are_filled & ~frame.has_items
        self.grown[row] = bool((filled & frame.of_measure("growth")).any())
        notes = frame.of_measure("note")
        self.noted[row] = any("%" in text and notes[place] for place, text in cells.texts.items())
        of_formula = (columns >= 0) & self.facts.are_formulas[columns]
        typed = filled & (frame.are_formulas | of_formula)
        self.typed_over[row] = bool(typed.any())
        computed = np.where(columns >= 0, self.amounts[row][columns], np.nan)[typed]
        self.differs[row] = not _are_rounded_to(cells.values[typed], computed, cells.decimals[typed]).all()
        shown = cells.raw_places[(of_formula & ~filled)[cells.raw_places]]
        if len(shown):
            texts = cells.typed()
            numbers = np.array([checks.number_of(texts[place]) for place in shown.tolist()], dtype=np.float64)
            results = self.cube.number[row][columns[shown]]
            size = np.fmax(1.0, np.fmax(np.abs(numbers), np.abs(results)))
            same = np.abs(numbers - results) <= checks.RELATIVE_NOISE * size
            self.shows_other[row] = bool((~np.isnan(numbers) & ~same).any())

    def subject(self, row: int) -> Subject:
        """One of the returns with its figures."""
        if row not in self.subjects:
            self.subjects[row] = Subject(self.facts.catalogue, self.returns[row], one_row(self.cube, row))
        return self.subjects[row]

    @cached_property
    def amounts(self) -> Numbers:
        """The figures where amounts are compared: nil is none of it, blank is NaN."""
        nil = self.cube.filled & np.isnan(self.cube.number)
        for place in self.cube.text:
            nil[place] = False
        return np.where(nil, 0.0, self.cube.number)

    @cached_property
    def out_of_range(self) -> Flags:
        """Where a figure is outside its range."""
        number = self.cube.number
        outside: Flags = np.logical_or.reduce((number < self.facts.low) | (number > self.facts.high), axis=1)
        return outside | self.beyond

    @cached_property
    def exceeding(self) -> Flags:
        """Where a part is more than its whole."""
        parts, wholes = self.facts.subsets
        found: Flags = np.logical_or.reduce(self.amounts[:, parts] > self.amounts[:, wholes], axis=1)
        return found

    def sums(self, sums: Sums) -> tuple[Numbers, Flags, Numbers]:
        """What parts come to less their whole, where that may be more than noise, and how many are given."""
        if not len(sums.wholes):
            none = np.zeros((len(self.returns), 0))
            return none, none.astype(bool), none
        values = self.amounts[:, sums.parts]
        given = np.add.reduceat(~np.isnan(values), sums.starts, axis=1, dtype=np.int64)
        values = np.nan_to_num(values, nan=0.0)
        printed = self.amounts[:, sums.wholes]
        difference = np.add.reduceat(values, sums.starts, axis=1) - printed
        size = np.add.reduceat(np.abs(values), sums.starts, axis=1)
        noise = LAST_BITS * (sums.counts + 1) * np.maximum(size, np.abs(printed))
        notable = (given > 0) & ((np.abs(difference) > noise) | (~np.isnan(printed) & (size >= LARGE)))
        return difference, notable, given.astype(float)

    @cached_property
    def divided(self) -> Flags:
        """Where parts (chia ra) do not come to their whole."""
        sums = self.facts.divisions
        difference, notable, given = self.sums(sums)
        found: Flags = np.logical_or.reduce(
            notable & ((given == sums.counts) | (difference >= 0) | (given > 1)), axis=1
        )
        return found

    @cached_property
    def exceeding_together(self) -> Flags:
        """Where parts (trong đó, không trùng) are more than their whole."""
        difference, notable, _ = self.sums(self.facts.exclusive)
        found: Flags = np.logical_or.reduce(notable & ~(difference < 0), axis=1)
        return found

    @cached_property
    def failing(self) -> Flags:
        """Where a rule of the template is not TRUE."""
        failing = np.zeros(len(self.returns), dtype=bool)
        for rule in self.facts.catalogue.rules:
            if "đơn vị" in rule.scope:
                failing |= evaluate(status_of(rule), self.cube).text == FAILED
        return failing

    @cached_property
    def sizes(self) -> tuple[Numbers, Flags]:
        """[unit, row, measure]: the figures of each row that are not zero, and which rows count things."""
        places, counted = self.facts.rows
        number = np.column_stack([self.cube.number, np.full(len(self.returns), np.nan)])[:, places]
        return np.where(number == 0, np.nan, number), counted

    @cached_property
    def undecided(self) -> Flags:
        """Where exact numbers may lie on the other side of an end than floats."""
        found = np.zeros(len(self.returns), dtype=bool)
        number, amounts, names = self.cube.number, self.amounts, list(self.cube.index)
        for column, end, pair in self.facts.open_ends:
            tie = np.abs(number[:, column] - end) <= TIE * max(1.0, abs(end))
            tie &= ~self.cube.stands[:, column]
            if pair is not None:
                tie &= amounts[:, pair[0]] != amounts[:, pair[1]]
            for row in np.flatnonzero(tie).tolist():
                exact = ExactFigures(self.subject(row)).number(names[column])
                found[row] |= exact is None or not self.facts.low[column] <= exact <= self.facts.high[column]
        for left, right in self.facts.open_comparisons:
            one, other = evaluate(left, self.cube).number, evaluate(right, self.cube).number
            found |= np.abs(one - other) <= TIE * np.maximum(np.abs(one), np.abs(other))
        return found


def _are_rounded_to(typed: Numbers, computed: Numbers, decimals: NDArray[np.int16]) -> Flags:
    """Whether numbers typed are certainly those computed, or those rounded to the decimals printed."""
    near: Flags = np.abs(typed - computed) < CERTAINLY_ROUNDED * 10.0 ** -decimals.astype(np.float64)
    found: Flags = near | (typed == computed)
    return found


def _ends_of_items(catalogue: Catalogue, frame: CellFrame) -> tuple[Numbers, Numbers]:
    """The least and the largest number for each cell of a row of a list; NaN where there is no end."""
    low, high = np.full(len(frame), np.nan), np.full(len(frame), np.nan)
    for place in np.flatnonzero(frame.has_items).tolist():
        column = catalogue.lists[frame.indicators[place]].column(frame.measures[place])
        low[place] = np.nan if column.minimum is None else column.minimum
        high[place] = np.nan if column.maximum is None else column.maximum
    return low, high


def _required(batch: Batch) -> Flags:
    found: Flags = np.logical_or.reduce(np.isnan(batch.amounts[:, batch.facts.required]), axis=1)
    return found


def _fractions_of_money(batch: Batch) -> Flags:
    columns = batch.facts.whole_money
    found = np.zeros(len(batch.returns), dtype=bool)
    for numbers in (batch.cube.number[:, columns], batch.cube.typed[:, columns]):
        found |= (np.isfinite(numbers) & (numbers != np.rint(numbers))).any(axis=1)
    return found


def _targets(batch: Batch) -> Flags:
    numbers = batch.cube.number[:, batch.facts.target_growths]
    found: Flags = np.logical_or.reduce(np.isfinite(numbers), axis=1)
    return found


def _odd_sizes(batch: Batch) -> Flags:
    numbers, _ = batch.sizes
    size = np.abs(numbers)
    largest, smallest = np.fmax.reduce(size, axis=2), np.fmin.reduce(size, axis=2)
    found: Flags = np.logical_or.reduce(largest >= LEAST_ODD * smallest, axis=1)
    return found


def _jumps(batch: Batch) -> Flags:
    numbers, _ = batch.sizes
    actual, prior = (numbers[:, :, FILLED_MEASURES.index(measure)] for measure in ("actual", "prior"))
    near = JUMP * (1 - TIE)
    ratio = actual / prior
    found: Flags = np.logical_or.reduce(~np.isnan(ratio) & ~((ratio < near) & (ratio > 1 / near)), axis=1)
    return found


def _conflicts(batch: Batch) -> Flags:
    """Where a relation between figures is false, or may be false in exact numbers."""
    found = batch.exceeding | batch.divided | batch.exceeding_together | batch.out_of_range | batch.failing
    return found | batch.differs | batch.undecided


SCREENS: dict[Check, Screen] = {
    checks.required_figures_are_filled: _required,
    checks.figures_are_in_range: lambda batch: batch.out_of_range,
    money_has_no_fraction_of_its_smallest_unit: _fractions_of_money,
    checks.what_is_typed_over_formulas_agrees: lambda batch: batch.typed_over,
    checks.formulas_show_their_result: lambda batch: batch.shows_other,
    parts_do_not_exceed_their_whole: lambda batch: batch.exceeding,
    exclusive_parts_do_not_exceed_together: lambda batch: batch.exceeding_together,
    divisions_add_up: lambda batch: batch.divided,
    decreases_are_possible: lambda batch: batch.typed_over,
    typed_rates_fit_whole_numbers: lambda batch: batch.typed_over,
    changes_agree_with_growths: lambda batch: batch.grown,
    notes_state_the_growth_of_their_row: lambda batch: batch.noted,
    target_growths_agree: _targets,
    shares_of_one_whole_come_to_hundred: lambda batch: batch.typed_over,
    sizes_fit_their_row: _odd_sizes,
    large_changes_are_explained: _jumps,
    checks.rules_of_the_template_hold: lambda batch: batch.failing,
    cells_that_would_repair: _conflicts,
}
"""The screen of each check that has one; a check without looks at every return."""


def calculated(catalogue: Catalogue, returns: Sequence[Return]) -> FigureCube:
    """The figures of the returns in their rows, formulas calculated, each as if it were alone."""
    cube = empty_cube(catalogue, [one.unit for one in returns])
    fill_cube(cube, catalogue, returns, range(len(returns)))
    calculate(catalogue, cube, apart=True)
    return cube


def check_batch(batch: Batch) -> list[list[Finding]]:
    """What :func:`workbook_tools.checks.check_subject` finds in each return."""
    wanted = [
        SCREENS[check](batch) if check in SCREENS else np.ones(len(batch.returns), dtype=bool) for check in CHECKS
    ]
    found: list[list[Finding]] = []
    for row in range(len(batch.returns)):
        due = [check for check, rows in zip(CHECKS, wanted, strict=True) if rows[row]]
        found.append([finding for check in due for finding in check(batch.subject(row))])
        batch.subjects.pop(row, None)
    return found
