"""Adds up over the tree of units: typed figures by the rule of their row, formulas recomputed at every level.

A total never mixes units: a ratio is computed only where all its parts come from the same units, a weighted mean
only over units that have both value and weight. Where that cannot be, there is no value, and a finding says why.
"""

import math
from collections.abc import Iterator

import numpy as np

from workbook_tools.calculation import Silence, is_sum
from workbook_tools.catalogue import Aggregation, Catalogue, Indicator, Role
from workbook_tools.evaluation import Flags, Numbers, evaluate, significant
from workbook_tools.figure_cube import FigureCube, ItemTable, empty_cube
from workbook_tools.findings import Finding
from workbook_tools.formulas import Expression, Figure, figures_of
from workbook_tools.units import UnitTree

MEAN_DIGITS = 12
"""Significant digits of a weighted mean: means of means agree with the mean to these."""

_ADDABLE_MEASURES = frozenset(("prior", "plan", "actual", "next_plan", "change"))


def add_up(catalogue: Catalogue, tree: UnitTree, cube: FigureCube) -> tuple[FigureCube, list[Finding]]:
    """The figures of every unit of the tree, children before parents.

    Args:
        cube: calculated figures of the units that sent a return, in any order.

    Returns:
        A cube with one row for each unit of the tree, and findings about totals that could not be formed.
    """
    order = [unit for root in tree.roots for unit in _children_first(tree, root.code)]
    whole = empty_cube(catalogue, order)
    _copy_rows(cube, whole)
    findings: list[Finding] = []
    own = set(cube.units)
    for unit in order:
        children = [whole.row(child.code) for child in tree.children(unit)]
        if children:
            findings += _add_children(catalogue, whole, whole.row(unit), children, unit in own)
    return whole, findings


def _children_first(tree: UnitTree, code: str) -> Iterator[str]:
    for child in tree.children(code):
        yield from _children_first(tree, child.code)
    yield code


_ARRAYS = ("number", "filled", "typed", "stands", "blocked", "reported", "expected", "signature", "weight")


def _copy_rows(source: FigureCube, target: FigureCube) -> None:
    rows = [target.row(unit) for unit in source.units]
    for name in _ARRAYS:
        getattr(target, name)[rows] = getattr(source, name)
    target.text.update({(rows[row], column): text for (row, column), text in source.text.items()})
    for code, table in source.lists.items():
        owner = np.array(rows, dtype=np.intp)[table.owner]
        target.lists[code] = ItemTable(owner, list(table.keys), dict(table.number), dict(table.text))


def _add_children(
    catalogue: Catalogue, cube: FigureCube, row: int, children: list[int], has_own: bool
) -> Iterator[Finding]:
    own = _Own(cube, row) if has_own else None
    cube.expected[row] = cube.expected[children].sum(axis=0)
    cube.reported[row] = np.where(cube.filled[children], cube.reported[children], 0).sum(axis=0)
    cube.signature[row] = np.bitwise_xor.reduce(
        np.where(cube.filled[children], cube.signature[children], np.uint64(0)), axis=0
    )
    for numbers in (cube.number, cube.typed, cube.weight):
        numbers[row] = np.nan
    for flags in (cube.filled, cube.stands, cube.blocked):
        flags[row] = False
    _add_typed(catalogue, cube, row, children)
    _gather_lists(cube, row, children)
    if own is not None:
        own.restore_where_children_are_silent()
    yield from _recompute(catalogue, cube, row, children)


class _Own:
    """What a unit with children reported itself; it stays where no child reports the figure."""

    def __init__(self, cube: FigureCube, row: int) -> None:
        self.cube = cube
        self.row = row
        self.arrays = {name: getattr(cube, name)[row].copy() for name in _ARRAYS}
        self.text = {column: text for (owner, column), text in cube.text.items() if owner == row}
        self.lists = {code for code, table in cube.lists.items() if (table.owner == row).any()}

    def restore_where_children_are_silent(self) -> None:
        silent = self.arrays["filled"] & (self.cube.reported[self.row] == 0)
        for name, values in self.arrays.items():
            getattr(self.cube, name)[self.row, silent] = values[silent]
        for column, text in self.text.items():
            if silent[column]:
                self.cube.text[self.row, column] = text


def _add_typed(catalogue: Catalogue, cube: FigureCube, row: int, children: list[int]) -> None:
    """Input figures by the rule of their row, all at once per rule."""
    columns: dict[Aggregation, list[int]] = {}
    for figure, column in cube.index.items():
        indicator = catalogue.indicators[figure.indicator]
        if indicator.rule(figure.measure).role is Role.INPUT:
            columns.setdefault(indicator.aggregation, []).append(column)
            if indicator.aggregation is Aggregation.WEIGHTED_MEAN:
                _weighted_mean(cube, row, children, column, _weight_column(cube, indicator, figure.measure))
            elif indicator.aggregation is Aggregation.JOIN:
                _join(cube, row, children, column)
    numbers = cube.number[children]
    for rule, chosen in columns.items():
        if rule is Aggregation.SUM:
            cube.number[row, chosen] = exact_sums(numbers[:, chosen])
        elif rule in (Aggregation.MAXIMUM, Aggregation.MINIMUM):
            cube.number[row, chosen] = _extremes(numbers[:, chosen], rule)
        elif rule is Aggregation.COUNT:
            counted = cube.reported[row, chosen].astype(float)
            cube.number[row, chosen] = np.where(counted > 0, counted, np.nan)
    summed = columns.get(Aggregation.SUM, [])
    cube.filled[row] |= ~np.isnan(cube.number[row])
    cube.filled[row, summed] |= cube.filled[np.ix_(children, summed)].any(axis=0)
    for column in (column for chosen in columns.values() for column in chosen if not cube.filled[row, column]):
        cube.reported[row, column] = 0
        cube.signature[row, column] = 0


def exact_sums(numbers: Numbers) -> Numbers:
    """Column sums as on paper, whatever the order: added as whole multiples of the last digit printed.

    NaN where a column has no number at all. Columns past what 63 bits hold are added with ``math.fsum``.
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
        total[column] = float(significant(np.array([math.fsum(values[:, column])]))[0])
    return np.where(present.any(axis=0), total, np.nan)


def _extremes(numbers: Numbers, rule: Aggregation) -> Numbers:
    start, choose = (-np.inf, np.max) if rule is Aggregation.MAXIMUM else (np.inf, np.min)
    best = choose(np.where(np.isnan(numbers), start, numbers), axis=0)
    return np.where(np.isinf(best), np.nan, best)


def _weight_column(cube: FigureCube, indicator: Indicator, measure: str) -> int | None:
    return cube.index.get(Figure(indicator.weight, measure))


def _weighted_mean(cube: FigureCube, row: int, children: list[int], column: int, weight: int | None) -> None:
    """Mean over the children that have both value and weight; none where a child has a value without a weight."""
    values = cube.number[children, column]
    carried = cube.weight[children, column]
    by_figure = np.full(len(children), np.nan) if weight is None else cube.number[children, weight]
    weights = np.where(np.isnan(carried), by_figure, carried)
    present = ~np.isnan(values)
    total = weights[present].sum() if present.any() else 0.0
    if present.any() and not np.isnan(weights[present]).any() and total > 0:
        mean = (values[present] * weights[present]).sum() / total
        cube.number[row, column] = significant(np.array([mean]), MEAN_DIGITS)[0]
        cube.weight[row, column] = significant(np.array([total]))[0]


def _join(cube: FigureCube, row: int, children: list[int], column: int) -> None:
    texts = []
    for child in children:
        text = cube.text.get((child, column))
        if text:
            first_hand = cube.reported[child, column] == 1 and not text.startswith("[")
            texts.append(f"[{cube.units[child]}] {text}" if first_hand else text)
    if texts:
        cube.text[row, column] = "; ".join(texts)
        cube.filled[row, column] = True


def _gather_lists(cube: FigureCube, row: int, children: list[int]) -> None:
    """Rows of the children's lists, in the order of the children, belong to the parent too."""
    for code, table in cube.lists.items():
        chosen = np.concatenate([np.flatnonzero(table.owner == child) for child in children])
        if not len(chosen):
            continue
        keep = np.concatenate([np.flatnonzero(table.owner != row), chosen])
        owner = np.concatenate([table.owner[table.owner != row], np.full(len(chosen), row)])
        cube.lists[code] = ItemTable(
            owner.astype(np.intp),
            [table.keys[position] for position in keep],
            {name: values[keep] for name, values in table.number.items()},
            {name: values[keep] for name, values in table.text.items()},
        )


def _recompute(catalogue: Catalogue, cube: FigureCube, row: int, children: list[int]) -> Iterator[Finding]:
    """Formula figures of one parent, from its own parts."""
    single = one_row(cube, row)
    silent = Silence(catalogue, single)
    for figure, expression in catalogue.formulas.items():
        column = cube.index[figure]
        if cube.filled[row, column] or (silent.about(figure) and not cube.filled[children, column].any()):
            continue
        if cube.stands[children, column].any():
            yield from _total_of_typed(catalogue, cube, row, children, figure)
        elif is_sum(expression) or not (problem := _mixed_units(cube, row, expression)):
            result = evaluate(expression, single)
            cube.number[row, column] = result.number[0]
            if not is_sum(expression):
                _take_support(cube, row, column, expression)
        else:
            cube.blocked[row, column] = True
            if cube.filled[children, column].any():
                yield _unformed("consolidation.parts_of_different_units", catalogue, cube, row, figure, problem)
        cube.filled[row, column] = not np.isnan(cube.number[row, column])
        if not cube.filled[row, column]:
            cube.reported[row, column] = 0
            cube.signature[row, column] = 0
        single.number[0, column] = cube.number[row, column]
        single.filled[0, column] = cube.filled[row, column]
        silent.tell(column, bool(cube.filled[row, column]))


def one_row(cube: FigureCube, row: int) -> FigureCube:
    """The cube of a single unit."""
    lists = {}
    for code, table in cube.lists.items():
        chosen: Flags = table.owner == row
        lists[code] = ItemTable(
            np.zeros(int(chosen.sum()), dtype=np.intp),
            [key for key, wanted in zip(table.keys, chosen, strict=True) if wanted],
            {name: values[chosen] for name, values in table.number.items()},
            {name: values[chosen] for name, values in table.text.items()},
        )
    return FigureCube(
        units=(cube.units[row],),
        index=cube.index,
        text={(0, column): text for (owner, column), text in cube.text.items() if owner == row},
        lists=lists,
        **{name: getattr(cube, name)[row : row + 1].copy() for name in _ARRAYS},
    )


def _mixed_units(cube: FigureCube, row: int, expression: Expression) -> str:
    """Two parts of the expression that come from different units, or nothing."""
    first: Figure | None = None
    for figure in figures_of(expression):
        column = cube.index[figure]
        if not cube.filled[row, column]:
            continue
        if first is None:
            first = figure
        elif cube.signature[row, column] != cube.signature[row, cube.index[first]]:
            return f"{first.indicator}@{first.measure}, {figure.indicator}@{figure.measure}"
    return ""


def _take_support(cube: FigureCube, row: int, column: int, expression: Expression) -> None:
    part = next((cube.index[figure] for figure in figures_of(expression)), None)
    if part is not None:
        cube.reported[row, column] = cube.reported[row, part]
        cube.signature[row, column] = cube.signature[row, part]


def _total_of_typed(
    catalogue: Catalogue, cube: FigureCube, row: int, children: list[int], figure: Figure
) -> Iterator[Finding]:
    """A figure that some units typed over its formula: a total only by the row's rule, else none."""
    column = cube.index[figure]
    indicator = catalogue.indicators[figure.indicator]
    values = cube.number[children, column]
    if figure.measure in _ADDABLE_MEASURES and indicator.aggregation is Aggregation.SUM:
        cube.number[row, column] = exact_sums(values[:, None])[0]
    elif figure.measure in _ADDABLE_MEASURES and indicator.aggregation in (Aggregation.MAXIMUM, Aggregation.MINIMUM):
        cube.number[row, column] = _extremes(values[:, None], indicator.aggregation)[0]
    elif figure.measure != "change" and figure.measure in _ADDABLE_MEASURES:
        if indicator.aggregation is Aggregation.WEIGHTED_MEAN:
            _weighted_mean(cube, row, children, column, _weight_column(cube, indicator, figure.measure))
    cube.stands[row, column] = not np.isnan(cube.number[row, column])
    cube.blocked[row, column] = not cube.stands[row, column]
    if cube.blocked[row, column]:
        yield _unformed("consolidation.rate_without_parts", catalogue, cube, row, figure, "")


def _unformed(code: str, catalogue: Catalogue, cube: FigureCube, row: int, figure: Figure, parts: str) -> Finding:
    indicator = catalogue.indicators[figure.indicator]
    return Finding(
        code,
        indicator=figure.indicator,
        measure=figure.measure,
        details={
            "label": indicator.label,
            "unit": cube.units[row],
            "parts": parts,
            "measure": catalogue.headings.get(figure.measure, figure.measure),
        },
    )
