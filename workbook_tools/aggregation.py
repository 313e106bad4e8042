"""Adds up over the tree of units: typed figures by the rule of their row, formulas recomputed at every level.

A total never mixes units: a ratio is computed only where all its parts come from the same units, a weighted mean
only where every value has its weight. Where that cannot be, there is no value, and a finding says why.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from workbook_tools.calculation import Silence, is_sum
from workbook_tools.catalogue import Catalogue
from workbook_tools.evaluation import evaluate
from workbook_tools.figure_cube import ARRAYS, FigureCube, ItemTable, empty_cube, one_row
from workbook_tools.findings import Finding
from workbook_tools.formulas import Expression, Figure, figures_of
from workbook_tools.indicators import Aggregation
from workbook_tools.precision import agrees
from workbook_tools.rules import FILLED_MEASURES
from workbook_tools.totals import LOST, NUMERIC_RULES, Rules, add_by_rule, rule_of, rules_of, weigh
from workbook_tools.units import UnitTree
from workbook_tools.values import format_number
from workbook_tools.vectors import Flags


def add_up(
    catalogue: Catalogue, tree: UnitTree, cube: FigureCube, *, use_up: bool = False
) -> tuple[FigureCube, list[Finding]]:
    """The figures of every unit of the tree, children before parents.

    Args:
        cube: calculated figures of the units that sent a return, in any order.
        use_up: leave nothing in ``cube``: of thousands of units two of them take more memory than all the rest.

    Returns:
        A cube with one row for each unit of the tree, and findings about totals that could not be formed.
    """
    order = [unit for root in tree.roots for unit in _children_first(tree, root.code)]
    whole = empty_cube(catalogue, order)
    _copy_rows(cube, whole, use_up)
    rules = rules_of(catalogue, whole)
    weigh(rules, whole)
    findings: list[Finding] = []
    own = set(cube.units)
    for unit in order:
        children = [whole.row(child.code) for child in tree.children(unit)]
        if children:
            adder = _Adder(catalogue, tree, whole, rules, whole.row(unit), children)
            findings += adder.add(_Own(whole, whole.row(unit)) if unit in own else None)
    return whole, findings


def _children_first(tree: UnitTree, code: str) -> Iterator[str]:
    for child in tree.children(code):
        yield from _children_first(tree, child.code)
    yield code


def _copy_rows(source: FigureCube, target: FigureCube, use_up: bool) -> None:
    rows = [target.row(unit) for unit in source.units]
    for name in ARRAYS:
        values = getattr(source, name)
        getattr(target, name)[rows] = values
        if use_up:
            setattr(source, name, values[:0].copy())
    target.text.update({(rows[row], column): text for (row, column), text in source.text.items()})
    for code, table in source.lists.items():
        owner = np.array(rows, dtype=np.intp)[table.owner]
        target.lists[code] = ItemTable(owner, list(table.keys), dict(table.number), dict(table.text))


class _Own:
    """What a unit with children reported itself; it is the figure where its children give none."""

    def __init__(self, cube: FigureCube, row: int) -> None:
        self.arrays = {name: getattr(cube, name)[row].copy() for name in ARRAYS}
        self.text = {column: cube.text.pop((row, column)) for owner, column in list(cube.text) if owner == row}

    def keep(self, cube: FigureCube, row: int, columns: Flags) -> None:
        """Put the own figures of some columns in the place of the children's."""
        for name, values in self.arrays.items():
            getattr(cube, name)[row, columns] = values[columns]
        cube.text.update({(row, column): text for column, text in self.text.items() if columns[column]})


@dataclass
class _Adder:
    """Adds up the children of one unit, all into the unit's row of the cube."""

    catalogue: Catalogue
    tree: UnitTree
    cube: FigureCube
    rules: Rules
    row: int
    children: Sequence[int]

    def add(self, own: _Own | None) -> Iterator[Finding]:
        cube, row = self.cube, self.row
        cube.expected[row] = cube.expected[self.children].sum(axis=0)
        cube.reported[row] = cube.reported[self.children].sum(axis=0)
        cube.signature[row] = np.bitwise_xor.reduce(cube.signature[self.children], axis=0)
        cube.refused[row] = cube.refused[self.children].any(axis=0)
        cube.stands[row] = cube.stands[self.children].any(axis=0) | (cube.refused[row] & ~self.rules.inputs)
        cube.carried[row] = True
        cube.number[row] = cube.typed[row] = np.nan
        cube.filled[row] = False
        add_by_rule(self.rules, cube, row, self.children)
        self.add_typed()
        replaced = list(self.gather_lists())
        kept = np.zeros(len(cube.index), dtype=bool)
        if own is not None:
            kept = self.unheard(own)
            own.keep(cube, row, kept)
        yield from self.lost_figures()
        yield from self.recompute(kept)
        if own is not None:
            yield from self.ignored_figures(own, replaced)

    def add_typed(self) -> None:
        """Input figures by the rule of their row; nil where all that is reported is nil."""
        cube, row, inputs = self.cube, self.row, self.rules.inputs
        lost = inputs & np.isinf(cube.by_rule[row])
        cube.blocked[row] = lost
        cube.number[row, inputs & ~lost] = cube.by_rule[row, inputs & ~lost]
        cube.filled[row] = inputs & ~lost & cube.filled[self.children].any(axis=0)
        for column in self.rules.columns[Aggregation.JOIN]:
            self.join(int(column))
        cube.number[row, self.rules.columns[Aggregation.JOIN]] = np.nan

    def join(self, column: int) -> None:
        """Texts of units one after the other, each after its unit; texts joined before have their units already."""
        cube = self.cube
        texts = [
            text if cube.carried[child, column] else f"[{self.tree.unit(cube.units[child]).name}] {text}"
            for child in self.children
            if (text := cube.text.get((child, column)))
        ]
        if texts and self.rules.inputs[column] and not cube.blocked[self.row, column]:
            cube.text[self.row, column] = "; ".join(texts)

    def gather_lists(self) -> Iterator[str]:
        """Rows of the children's lists, in the order of the children, belong to the parent too.

        Gives the lists of which the parent had rows of its own, which are replaced.
        """
        place = np.full(self.cube.size, -1)
        place[self.children] = np.arange(len(self.children))
        for code, table in self.cube.lists.items():
            chosen = np.flatnonzero(place[table.owner] >= 0)
            chosen = chosen[np.argsort(place[table.owner[chosen]], kind="stable")]
            if not len(chosen):
                continue
            if (table.owner == self.row).any():
                yield code
            keep = np.concatenate([np.flatnonzero(table.owner != self.row), chosen])
            owner = np.concatenate([table.owner[table.owner != self.row], np.full(len(chosen), self.row)])
            self.cube.lists[code] = ItemTable(
                owner.astype(np.intp),
                [table.keys[position] for position in keep],
                {name: values[keep] for name, values in table.number.items()},
                {name: values[keep] for name, values in table.text.items()},
            )

    @property
    def heard(self) -> Flags:
        """Figures of which a child says anything."""
        cube = self.cube
        heard: Flags = np.any(cube.filled[self.children] | (cube.reported[self.children] > 0), axis=0)
        return heard

    def unheard(self, own: _Own) -> Flags:
        """The figures of a return of the unit itself that count: of these and of their parts no child says anything.

        A typed figure counts also where the children's have no total.
        """
        cube, touched = self.cube, self.heard
        said = own.arrays["filled"] | own.arrays["carried"]
        lists = {code for code, table in cube.lists.items() if np.isin(table.owner, self.children).any()}
        for figure, (parts, listed) in self.catalogue.parts.items():
            touched[cube.index[figure]] |= any(touched[cube.index[part]] for part in parts) or bool(lists & {*listed})
        columns: Flags = (said & ~touched) | (self.rules.inputs & cube.blocked[self.row] & own.arrays["filled"])
        return columns

    def lost_figures(self) -> Iterator[Finding]:
        """Typed figures that have no total, unless the template says that they shall have none."""
        for figure, column in self.cube.index.items():
            indicator = self.catalogue.indicators[figure.indicator]
            if self.rules.inputs[column] and self.cube.blocked[self.row, column]:
                if rule_of(indicator, figure.measure) is Aggregation.WEIGHTED_MEAN:
                    weight = self.catalogue.indicators.get(indicator.weight)
                    label = weight.label if weight else indicator.weight
                    yield self.unformed("consolidation.mean_without_weight", figure, label)
                elif indicator.aggregation is not Aggregation.NONE:
                    yield self.unformed("consolidation.rate_without_parts", figure)

    def recompute(self, kept: Flags) -> Iterator[Finding]:
        """Formula figures, from the unit's own parts."""
        cube, row, heard = self.cube, self.row, self.heard
        single = one_row(cube, row)
        silent = Silence(self.catalogue, single)
        for figure, expression in self.catalogue.formulas.items():
            column = cube.index[figure]
            if kept[column] or (silent.about(figure) and not heard[column]):
                continue
            if self.is_of_one_unit(figure):
                cube.blocked[row, column] = True
            elif cube.stands[row, column]:
                yield from self.total_of_typed(figure)
            elif hindering := self.hindering_parts(expression):
                cube.blocked[row, column] = True
                yield from self.why_blocked(figure, hindering)
            else:
                self.compute(column, expression, single)
            single.number[0, column] = cube.number[row, column]
            single.filled[0, column] = cube.filled[row, column]
            silent.tell(column, bool(cube.filled[row, column]))

    def is_of_one_unit(self, figure: Figure) -> bool:
        """Whether a row that has no total is fed by a list: the lists of several units together mean nothing there."""
        without_total = self.catalogue.indicators[figure.indicator].aggregation is Aggregation.NONE
        return without_total and bool(self.catalogue.parts[figure][1])

    def compute(self, column: int, expression: Expression, single: FigureCube) -> None:
        """The result of one formula; a sum of which nothing but nil is reported is nil."""
        cube, row = self.cube, self.row
        result = evaluate(expression, single)
        cube.number[row, column] = result.number[0]
        if result.text[0]:
            cube.text[row, column] = single.text[0, column] = str(result.text[0])
        nil = is_sum(expression) and cube.reported[row, column] > 0
        cube.filled[row, column] = nil or (row, column) in cube.text or not np.isnan(result.number[0])

    def total_of_typed(self, figure: Figure) -> Iterator[Finding]:
        """A figure that some units typed over its formula: a total only by the row's rule, else none."""
        cube, row, column = self.cube, self.row, self.cube.index[figure]
        by_rule = cube.by_rule[row, column]
        rule = rule_of(self.catalogue.indicators[figure.indicator], figure.measure)
        if rule in NUMERIC_RULES and by_rule != LOST:
            cube.number[row, column] = by_rule
            cube.filled[row, column] = not np.isnan(by_rule) or cube.reported[row, column] > 0
        else:
            cube.blocked[row, column] = True
            yield self.unformed("consolidation.rate_without_parts", figure)

    def hindering_parts(self, expression: Expression) -> tuple[Figure, ...]:
        """Why a formula has no total: one part that has none although units have it, or two of different units."""
        cube, row, first = self.cube, self.row, None
        parts = tuple(dict.fromkeys(figures_of(expression)))
        for part in parts:
            column = cube.index[part]
            if not cube.filled[row, column] and not np.isnan(cube.by_rule[row, column]):
                return (part,)
        if is_sum(expression):
            return ()
        for part in parts:
            column = cube.index[part]
            if cube.filled[row, column]:
                first = first or part
                if cube.signature[row, column] != cube.signature[row, cube.index[first]]:
                    return (first, part)
        return ()

    def why_blocked(self, figure: Figure, hindering: tuple[Figure, ...]) -> Iterator[Finding]:
        """The finding about a formula without a total, unless another one says it already."""
        labels = ", ".join(self.label(part, figure.measure) for part in hindering)
        if len(hindering) > 1:
            if not np.isnan(self.cube.by_rule[self.row, self.cube.index[figure]]):
                yield self.unformed("consolidation.parts_of_different_units", figure, labels)
            return
        one, part = (self.catalogue.indicators[name.indicator] for name in (figure, *hindering))
        unwanted = one.aggregation is part.aggregation is Aggregation.NONE
        if not unwanted and one.code != part.code:
            yield self.unformed("consolidation.part_without_total", figure, labels)

    def ignored_figures(self, own: _Own, lists: Sequence[str]) -> Iterator[Finding]:
        """Figures of the unit's own return that the children's replace by others."""
        for figure, column in self.cube.index.items():
            value, total = float(own.arrays["number"][column]), float(self.cube.number[self.row, column])
            indicator = self.catalogue.indicators[figure.indicator]
            if np.isnan(value) or figure.measure not in FILLED_MEASURES:
                continue
            if np.isnan(total) or not (np.isclose(value, total, 1e-9, 0) or agrees(value, total, indicator.decimals)):
                shown = "…" if np.isnan(total) else format_number(total)
                found = self.unformed("consolidation.own_figure_ignored", figure)
                computed = figure in self.catalogue.formulas and np.isnan(own.arrays["typed"][column]) and value % 1
                told = format_number(value, max(indicator.decimals, 1) if computed else None)
                details = {**found.details, "value": told, "expected": shown}
                yield replace(found, value=value, expected=None if np.isnan(total) else total, details=details)
        for code in lists:
            details = {"label": self.catalogue.lists[code].title, "unit": self.unit}
            yield Finding("consolidation.own_list_ignored", indicator=code, details=details)

    def label(self, part: Figure, measure: str) -> str:
        """How a finding under a measure names a part."""
        label = self.catalogue.indicators[part.indicator].label
        heading = self.catalogue.headings.get(part.measure, part.measure)
        return label if part.measure == measure else f"{label} ({heading})"

    @property
    def unit(self) -> str:
        """Name of the unit."""
        return self.tree.unit(self.cube.units[self.row]).name

    def unformed(self, code: str, figure: Figure, parts: str = "") -> Finding:
        """A finding about a figure of the unit."""
        return Finding(
            code,
            indicator=figure.indicator,
            measure=figure.measure,
            details={
                "label": self.catalogue.indicators[figure.indicator].label,
                "unit": self.unit,
                "parts": parts,
                "measure": self.catalogue.headings.get(figure.measure, figure.measure),
            },
        )
