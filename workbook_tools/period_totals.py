"""The figures of one unit for a longer period, from its returns for shorter ones: a year from its months.

What is counted over a period is added up by the rule of its row; of what is counted at a date, and of plans, the last
figure stands. Formulas are left to be computed again, texts and ranks of a period belong to that period. A formula
that is no sum and whose parts are known for different months has no value: eleven months are not compared with twelve.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from workbook_tools.calculation import calculate, is_sum
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.figure_cube import FigureCube, empty_cube, fill_cube, signature_of
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Aggregation, Indicator, Kind, Role
from workbook_tools.observations import ACCEPTED, Return, Support
from workbook_tools.periods import Period
from workbook_tools.read_cells import Observation, ReadCell
from workbook_tools.readings import Status
from workbook_tools.return_comparison import FLOW
from workbook_tools.totals import add_by_rule, rule_of, rules_of, weigh

PLANNED = ("plan", "next_plan")
"""Measures that are of the whole year in every return of it."""

NOTE = "note"
HOW = {
    Aggregation.SUM: "cộng",
    Aggregation.WEIGHTED_MEAN: "bình quân của",
    Aggregation.MAXIMUM: "lớn nhất của",
    Aggregation.MINIMUM: "nhỏ nhất của",
}
"""What becomes of the figures of several periods, by the rule of the row; under other rules the last one stands."""

FEWEST_PIECES, FEWEST_FIGURES = 3, 5
"""So many figures that never fall from one to the next of so many periods are hardly there by chance."""


@dataclass(frozen=True)
class Piece:
    """A shorter period, and what a unit sent for it."""

    period: Period
    returns: tuple[Return, ...]


@dataclass
class PeriodTotal:
    """The return of a unit for the longer period, and labels of what is to be said about it."""

    returned: Return
    incomplete: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    replanned: list[str] = field(default_factory=list)
    lists_of_last: list[str] = field(default_factory=list)
    looks_cumulative: bool = False


def total_of_periods(catalogue: Catalogue, pieces: Sequence[Piece], period: Period) -> PeriodTotal:
    """The figures for a period from pieces of it, in the order of time, that have no month in common."""
    return _Adder(catalogue, tuple(pieces), period).total()


@dataclass
class _Adder:
    """Adds up the pieces of one unit, each a row of a cube whose last row is the total."""

    catalogue: Catalogue
    pieces: tuple[Piece, ...]
    period: Period
    cells: list[ReadCell] = field(default_factory=list)
    sources: list[ReadCell] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def last(self) -> int:
        return len(self.pieces)

    @cached_property
    def returns(self) -> list[tuple[int, Return]]:
        return [(row, one) for row, piece in enumerate(self.pieces) for one in piece.returns]

    @cached_property
    def cube(self) -> FigureCube:
        unit = self.returns[0][1].unit
        cube = empty_cube(self.catalogue, [*(f"{unit}@{piece.period.code}" for piece in self.pieces), unit])
        fill_cube(cube, self.catalogue, [one for _, one in self.returns], [row for row, _ in self.returns])
        calculate(self.catalogue, cube)
        rules = rules_of(self.catalogue, cube)
        weigh(rules, cube)
        add_by_rule(rules, cube, self.last, range(self.last))
        return cube

    @cached_property
    def said(self) -> Mapping[FigureName, Mapping[int, ReadCell]]:
        """What stands in the cells of each figure, by piece; nothing for blank ones."""
        found: dict[FigureName, dict[int, ReadCell]] = {}
        for row, one in self.returns:
            for cell in one.cells:
                if cell.observation.status != Status.MISSING and not cell.is_live:
                    found.setdefault(cell.name, {})[row] = cell
        return found

    def total(self) -> PeriodTotal:
        self.told = PeriodTotal(self.returns[-1][1])
        for figure in self.cube.index:
            self.add(figure)
        self.hold_apart()
        self.add_lists()
        self.cells += map(self.note, self.notes)
        self.told.looks_cumulative = self.looks_cumulative()
        self.told.returned = self.returned()
        return self.told

    def returned(self) -> Return:
        first, supports = self.returns[-1][1], dict(self.supports())
        self.cells += self.silent(supports)
        fields = {name: None for _, one in self.returns for name in one.fields}
        made_of = {code: None for _, one in self.returns for code in one.made_of}
        return Return(
            first.file, ACCEPTED, first.unit, first.unit_name, self.period.code, tuple(fields), 0, 0, 0, 0, 0,
            tuple(self.cells), (), supports, made_of=tuple(made_of), sources=tuple(self.sources),
        )  # fmt: skip

    def add(self, figure: Figure) -> None:
        """One figure: added up, or that of the last piece that has one."""
        indicator, column = self.catalogue.indicators[figure.indicator], self.cube.index[figure]
        cells = self.said.get(FigureName(figure.indicator, figure.measure), {})
        role = indicator.rule(figure.measure).role
        filled = [row for row, cell in cells.items() if cell.is_filled]
        if role is Role.FORMULA:
            filled = [row for row in filled if self.cube.stands[row, column]]
        if not filled:
            if cells and role is Role.INPUT:
                self.keep(cells[max(cells)])
            return
        rule = rule_of(indicator, figure.measure)
        if not self.is_flow(figure) or (rule is Aggregation.COUNT and indicator.kind.is_numeric):
            if indicator.kind is not Kind.TEXT:
                self.keep(cells[filled[-1]])
            if figure.measure in PLANNED and len({cells[row].observation.value for row in filled}) > 1:
                self.told.replanned.append(indicator.label)
        elif rule in HOW and indicator.kind.is_numeric:
            self.put(figure, indicator, rule, [cells[row] for row in filled])
            self.remark(figure, [cells[row] for row in filled], filled)

    def is_flow(self, figure: Figure) -> bool:
        return self.catalogue.indicators[figure.indicator].flow == FLOW and figure.measure not in PLANNED

    def put(self, figure: Figure, indicator: Indicator, rule: Aggregation, cells: Sequence[ReadCell]) -> None:
        """The total of a figure, nil where all its parts are; unreadable where it has none."""
        number = float(self.cube.by_rule[self.last, self.cube.index[figure]])
        value: float | None = number
        status, raw = Status.VALUE, f"({HOW[rule]} {len(cells)} kỳ)"
        if np.isinf(number):
            self.told.lost.append(indicator.label)
            status, value = Status.UNREADABLE, None
        elif np.isnan(number):
            status, value, raw = Status.NIL, None, "-"
        self.sources += cells
        last = replace(cells[-1], decimals=max(one.decimals for one in cells), is_text=False)
        at = last.observation._replace(value=value, qualifier="", text="", status=str(status), raw=raw)
        self.keep(replace(last, observation=at))

    def remark(self, figure: Figure, cells: Sequence[ReadCell], rows: Sequence[int]) -> None:
        """What a total does not show of its parts: months without a figure, and figures given only about."""
        heading = self.catalogue.headings.get(figure.measure, figure.measure)
        count = sum(len(self.pieces[row].period.months) for row in rows)
        texts = [f"ghi “{cell.observation.raw}”" for cell in cells if cell.observation.qualifier]
        if count < len(self.period.months):
            self.told.incomplete.append(self.catalogue.indicators[figure.indicator].label)
            texts.insert(0, f"{count}/{len(self.period.months)} tháng")
        if texts:
            self.notes.setdefault(figure.indicator, []).append(f"{heading}: {', '.join(texts)}")

    def keep(self, cell: ReadCell) -> None:
        """A cell as one of the return for the longer period."""
        self.cells.append(replace(cell, observation=cell.observation._replace(period=self.period.code)))

    def note(self, indicator: str) -> ReadCell:
        unit, text = self.returns[0][1].unit, "; ".join(self.notes[indicator])
        at = Observation(
            unit, self.period.code, self.catalogue.field_of[indicator].code, indicator, NOTE, "", None, "", text,
            str(Status.VALUE), text, "", "", "",
        )  # fmt: skip
        return ReadCell(at, Role.INPUT, is_text=True)

    def hold_apart(self) -> None:
        """No value for a formula that is no sum and whose parts are of different months."""
        filled = self.cube.filled[: self.last]
        for figure, expression in self.catalogue.formulas.items():
            parts = [self.cube.index[part] for part in self.catalogue.parts[figure][0] if self.is_flow(part)]
            if len({filled[:, part].tobytes() for part in parts if filled[:, part].any()}) < 2 or is_sum(expression):
                continue
            indicator = self.catalogue.indicators[figure.indicator]
            self.told.apart.append(indicator.label)
            at = Observation(
                self.returns[0][1].unit, self.period.code, self.catalogue.field_of[figure.indicator].code,
                figure.indicator, figure.measure, "", None, "", "", str(Status.UNREADABLE), "", "", indicator.sheet, "",
            )  # fmt: skip
            self.cells.append(ReadCell(at, Role.FORMULA))

    def add_lists(self) -> None:
        """Rows of all pieces where everything they feed is counted over a period, else those of the last piece."""
        flows: dict[str, set[bool]] = {}
        for figure, (_, lists) in self.catalogue.parts.items():
            for code in lists:
                flows.setdefault(code, set()).add(self.is_flow(figure))
        listed: dict[str, list[tuple[int, ReadCell]]] = {}
        for name, cells in self.said.items():
            if name.item:
                listed.setdefault(name.indicator, []).extend(cells.items())
        for code, found in listed.items():
            adds = flows.get(code) == {True}
            last = max(row for row, _ in found)
            if not adds and len({row for row, _ in found}) > 1:
                self.told.lists_of_last.append(self.catalogue.lists[code].title)
            for row, cell in sorted(found, key=lambda one: one[0]):
                if adds:
                    at = cell.observation
                    item = f"{at.item}-{self.pieces[row].period.code}"
                    self.keep(replace(cell, observation=at._replace(item=item)))
                elif row == last:
                    self.keep(cell)

    def looks_cumulative(self) -> bool:
        """Whether the pieces seem to be counted from the beginning of the year each: then they must not be added."""
        columns = [
            column
            for figure, column in self.cube.index.items()
            if figure.measure == "actual"
            and self.is_flow(figure)
            and rule_of(self.catalogue.indicators[figure.indicator], figure.measure) is Aggregation.SUM
        ]
        numbers = self.cube.number[: self.last, columns]
        numbers = numbers[:, (~np.isnan(numbers)).all(axis=0)]
        grown = numbers[:, numbers[-1] > numbers[0]] if self.last >= FEWEST_PIECES else numbers[:, :0]
        steps = np.diff(grown, axis=0)
        some = grown.shape[1] >= max(FEWEST_FIGURES, numbers.shape[1] / 2)
        return bool(some and (np.diff(numbers, axis=0) >= 0).all() and (steps > 0).mean() > 0.5)

    def silent(self, supports: Iterable[FigureName]) -> Iterator[ReadCell]:
        """Blank cells for totals without a figure of their own, that bring along what stands behind them."""
        said = {cell.name for cell in self.cells}
        known = {cell.name: cell for one in self.pieces[-1].returns for cell in one.cells}
        for name in supports:
            if name not in said and name in known:
                at = known[name].observation
                blank = at._replace(period=self.period.code, value=None, text="", status=str(Status.MISSING), raw="")
                yield ReadCell(blank, known[name].role)

    def supports(self) -> Iterator[tuple[FigureName, Support]]:
        """What stands behind the figures of pieces that are totals themselves: the fewest units of all pieces."""
        if not any(one.support for _, one in self.returns):
            return
        for figure, column in self.cube.index.items():
            rows = [row for row in range(self.last) if self.cube.carried[row, column]]
            if not rows:
                continue
            adds = self.is_flow(figure)
            behind = rows if adds else rows[-1:]
            signatures = {int(self.cube.signature[row, column]) for row in behind}
            mixed = signature_of("+".join(map(str, sorted(signatures))))
            source = self.last if adds else behind[-1]
            yield (
                FigureName(figure.indicator, figure.measure),
                Support(
                    reported=int(min(self.cube.reported[row, column] for row in behind)),
                    expected=int(max(self.cube.expected[row, column] for row in behind)),
                    signature=signatures.pop() if len(signatures) == 1 else int(mixed),
                    weight=float(self.cube.weight[source, column]),
                    stands=bool(self.cube.stands[behind, column].any()),
                    blocked=bool(self.cube.blocked[behind, column].any()),
                    by_rule=float(self.cube.by_rule[source, column]),
                ),
            )
