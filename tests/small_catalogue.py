"""Small catalogues, trees and returns written in Python, for tests of what is computed; no workbook is involved."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbook_tools.aggregation import add_up
from workbook_tools.calculation import calculate
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import MEASURES, FigureName, Position, column_letters, parse_position
from workbook_tools.checks import check_subject
from workbook_tools.consolidated import Consolidation
from workbook_tools.figure_cube import FigureCube, empty_cube, fill_cube
from workbook_tools.findings import Finding
from workbook_tools.formula_parsing import parse
from workbook_tools.formulas import Expression, Figure, ListColumn, bind
from workbook_tools.indicators import (
    Aggregation,
    CellRule,
    Column,
    Field,
    Indicator,
    IndicatorBlock,
    Kind,
    ListBlock,
    ListField,
    Relation,
    Role,
    Rule,
)
from workbook_tools.observations import Return, Support
from workbook_tools.read_cells import Observation, ReadCell
from workbook_tools.readings import Status
from workbook_tools.subject import subject_of
from workbook_tools.units import Unit, UnitTree

SHEET = "S"
FIRST_COLUMN = 4
"""``prior`` stands in column D, ``plan`` in E, ``actual`` in F, as in the form."""

Typed = float | str | None
"""What a test types into a cell: a number, ``-`` for nil, ``"12.50"`` for the digits printed, any other text."""

_NAME = re.compile(r"\[([\w.]+)(?:@(\w+))?]")
_NUMBER = re.compile(r"([<>≤≥~]?)(-?\d+(?:\.(\d+))?)")


@dataclass(frozen=True)
class Row:
    """An indicator in short: ``formulas`` by measure, ``*`` for every measure that has none of its own.

    A formula names rows as ``[area]``, of its own measure, or ``[area@plan]``, and list columns as ``[works.cost]``.
    """

    code: str
    rule: str = "tổng"
    kind: Kind = Kind.NUMBER
    decimals: int = 2
    formulas: Mapping[str, str] | str = ""
    part_of: str = ""
    divides: str = ""
    apart_in: str = ""
    flow: str = ""
    levels: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    required: bool = False
    measures: Sequence[str] = ("prior", "plan", "actual", "next_plan")

    def formula(self, measure: str) -> str:
        """The formula of a measure, empty for a typed cell."""
        if isinstance(self.formulas, str):
            return self.formulas if measure in self.measures else ""
        return self.formulas.get(measure, "")


def build(rows: Sequence[Row], lists: Mapping[str, Mapping[str, Kind]] | None = None, rules: str = "") -> Catalogue:
    """A catalogue of one field. ``rules`` has one line each: ``code severity: formula``."""
    builder = _Builder(rows, lists or {})
    block = IndicatorBlock("block", "Block", tuple(Column(one, one) for one in MEASURES), builder.indicators)
    field = Field("f", SHEET, "Field", (block, *builder.blocks))
    return Catalogue((field,), tuple(map(builder.rule, rules.strip().splitlines())), {}, {}, (), ())


@dataclass(frozen=True)
class _Builder:
    rows: Sequence[Row]
    lists: Mapping[str, Mapping[str, Kind]]

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(self.indicator(number, row) for number, row in enumerate(self.rows, start=1))

    @property
    def blocks(self) -> Iterable[ListBlock]:
        for number, (code, columns) in enumerate(self.lists.items(), start=1):
            fields = (
                ListField(name, name, "", kind, 2, Aggregation.SUM, (), "", None, None, "", position)
                for position, (name, kind) in enumerate(columns.items(), start=1)
            )
            yield ListBlock(code, code, tuple(fields), 5, SHEET, 1000 * number)

    def indicator(self, number: int, row: Row) -> Indicator:
        rule, _, weight = row.rule.partition(" theo ")
        aggregation = Aggregation.WEIGHTED_MEAN if weight else Aggregation(rule)
        used = [one for one in MEASURES if one in row.measures or row.formula(one)]
        relations = {Relation.SUBSET: row.part_of, Relation.PARTITION: row.divides, Relation.EXCLUSIVE: row.apart_in}
        relation, whole = next(((one, code) for one, code in relations.items() if code), (None, ""))
        return Indicator(
            code=row.code, number=str(number), label=row.code.title(), unit="", indent=0, kind=row.kind,
            decimals=row.decimals, aggregation=aggregation, weight=weight, flow=row.flow, direction="", headline=False,
            levels=row.levels, relation=relation, whole=whole, minimum=row.minimum, maximum=row.maximum,
            required=row.required, choices=(), guidance="", official="",
            cells={measure: self.cell(row, measure, number) for measure in used}, sheet=SHEET, row=number,
        )  # fmt: skip

    def cell(self, row: Row, measure: str, number: int) -> CellRule:
        formula = row.formula(measure)
        if not formula:
            return CellRule(Role.INPUT, None, address(number, measure))
        return CellRule(Role.FORMULA, self.expression(formula, measure), address(number, measure))

    def expression(self, formula: str, measure: str = "actual") -> Expression:
        """The formula with names turned into addresses, parsed and bound as that of a template is."""
        numbers = {row.code: number for number, row in enumerate(self.rows, start=1)}

        def place(match: re.Match[str]) -> str:
            name, _, column = match[1].partition(".")
            if name in self.lists:
                letters = column_letters(list(self.lists[name]).index(column) + 1)
                first = 1000 * (list(self.lists).index(name) + 1)
                return f"{letters}{first}:{letters}{first + 4}"
            return address(numbers[name], match[2] or measure)

        return bind(parse(_NAME.sub(place, formula), SHEET), self.locate)

    def locate(self, _: str, position: Position) -> Figure | ListColumn | None:
        if position.row >= 1000:
            code = list(self.lists)[position.row // 1000 - 1]
            return ListColumn(code, list(self.lists[code])[position.column - 1])
        return Figure(self.rows[position.row - 1].code, MEASURES[position.column - FIRST_COLUMN])

    def rule(self, line: str) -> Rule:
        head, _, formula = line.strip().partition(": ")
        code, severity = head.split()
        return Rule(code, severity, self.expression(formula), f"{code} fails", "look", "đơn vị; tổng", "")


def address(row: int, measure: str) -> str:
    """Where a figure stands: ``F2``."""
    return f"{column_letters(FIRST_COLUMN + MEASURES.index(measure))}{row}"


def returned(
    catalogue: Catalogue, unit: str, typed: Mapping[str, Typed], shown: Mapping[str, float] | None = None
) -> Return:
    """The return of a unit. Keys are ``area`` (this year's figure), ``area@plan`` or ``works#1.cost``.

    ``shown`` gives the results that formula cells show in the file.
    """
    cells = []
    typed = {key.removesuffix("@actual"): value for key, value in typed.items()}
    items = {name: value for name, value in typed.items() if "#" in name}
    left = typed.keys() - items.keys()
    for figure in _figures(catalogue):
        key = figure.indicator if figure.measure == "actual" else f"{figure.indicator}@{figure.measure}"
        indicator = catalogue.indicators[figure.indicator]
        left -= {key}
        name = FigureName(figure.indicator, figure.measure)
        at = address(indicator.row, figure.measure)
        cells.append(_cell(unit, name, typed.get(key), indicator.rule(figure.measure).role, at, (shown or {}).get(key)))
    for key, value in items.items():
        code, _, rest = key.partition("#")
        item, _, column = rest.rpartition(".")
        letters = column_letters([one.code for one in catalogue.lists[code].columns].index(column) + 1)
        row = catalogue.lists[code].first + int(item.rpartition(".")[2])
        cells.append(_cell(unit, FigureName(code, column, item), value, Role.INPUT, f"{letters}{row}"))
    assert not left, f"no such cells: {left}"
    return Return(f"{unit}.xlsx", "accepted", unit, unit, "2023", ("f",), 0, 0, 0, 0, 0, tuple(cells), (), {})


def _figures(catalogue: Catalogue) -> Iterable[Figure]:
    return (Figure(code, measure) for code, one in catalogue.indicators.items() for measure in one.cells)


def _cell(unit: str, name: FigureName, typed: Typed, role: Role, at: str, shown: float | None = None) -> ReadCell:
    value, qualifier, text, decimals = None, "", "", 0
    status, raw = (Status.MISSING if typed is None else Status.VALUE), "" if typed is None else str(typed)
    if isinstance(typed, str):
        match = _NUMBER.fullmatch(typed)
        if typed == "-":
            status = Status.NIL
        elif typed == "?":
            status = Status.UNREADABLE
        elif match:
            qualifier, value, decimals = match[1], float(match[2]), len(match[3] or "")
        else:
            text = typed
    elif typed is not None:
        value = float(typed)
        decimals = len(repr(value).partition(".")[2]) if not value.is_integer() else 0
    if shown is not None:
        raw = repr(shown)
    observation = Observation(
        unit, "2023", "f", name.indicator, name.measure, name.item, value, qualifier, text, str(status), raw,
        f"{unit}.xlsx", SHEET, at,
    )  # fmt: skip
    return ReadCell(observation, role, decimals, is_text=isinstance(typed, str))


Nested = Mapping[str, "Nested"]
"""A tree by codes: ``{"P": {"A": {}, "B": {}}}``."""


def tree(nested: Nested) -> UnitTree:
    """A tree of units whose names are their codes."""
    return UnitTree(tuple(_units(nested, "")))


def _units(nested: Nested, parent: str) -> Iterable[Unit]:
    for code, below in nested.items():
        yield Unit(code, code, "", parent)
        yield from _units(below, code)


def calculated(catalogue: Catalogue, returns: Sequence[Return]) -> FigureCube:
    """Figures of the returns, formulas computed."""
    cube = empty_cube(catalogue, [one.unit for one in returns])
    fill_cube(cube, catalogue, returns)
    calculate(catalogue, cube)
    return cube


def consolidated(catalogue: Catalogue, units: UnitTree, returns: Sequence[Return], unit: str = "") -> Consolidation:
    """The returns added up over the tree; ``unit`` is its root if not named."""
    whole, findings = add_up(catalogue, units, calculated(catalogue, returns))
    target = unit or units.roots[0].code
    return Consolidation(catalogue, units, target, "2023", whole, tuple(returns), tuple(returns), tuple(findings))


def total(catalogue: Catalogue, *typed: Mapping[str, Typed], own: Mapping[str, Typed] | None = None) -> Consolidation:
    """Units A, B, … below P, each with what it typed; ``own`` is what P reports itself."""
    codes = [chr(65 + number) for number in range(len(typed))]
    returns = [returned(catalogue, code, one) for code, one in zip(codes, typed, strict=True)]
    if own is not None:
        returns.append(returned(catalogue, "P", own))
    return consolidated(catalogue, tree({"P": {code: {} for code in codes}}), returns)


def return_of(result: Consolidation) -> Return:
    """The consolidated workbook as the return of its unit: what the reader gives of what the writer has written."""
    catalogue, unit = result.catalogue, result.unit
    typed: dict[str, Typed] = {}
    for figure in _figures(catalogue):
        live = figure in catalogue.formulas and figure not in result.without_formula
        value = None if live else result.value(figure)
        typed[figure.indicator if figure.measure == "actual" else f"{figure.indicator}@{figure.measure}"] = value
    for code, table in result.cube.lists.items():
        for place in [number for number, owner in enumerate(table.owner) if owner == result.row]:
            for column in table.number:
                text, number = table.text[column][place], float(table.number[column][place])
                typed[f"{code}#{table.keys[place]}.{column}"] = text if text else None if number != number else number
    support = {
        FigureName(figure.indicator, figure.measure): Support.from_texts(result.support(figure).texts)
        for figure in _figures(catalogue)
    }
    cells = returned(catalogue, unit, typed).cells
    return Return(f"{unit}.xlsx", "accepted", unit, unit, "2023", ("f",), 0, 0, 0, 0, 0, cells, (), support)


def findings_of(
    catalogue: Catalogue, typed: Mapping[str, Typed], shown: Mapping[str, float] | None = None
) -> list[Finding]:
    """What the checks find in the return of one unit; what would repair it has tests of its own (test_repairs)."""
    found = check_subject(subject_of(catalogue, returned(catalogue, "A", typed, shown)))
    return [finding for finding in found if finding.code != "rule.proposal"]


def codes(findings: Iterable[Finding]) -> list[str]:
    """The codes of findings without their family: ``part_exceeds_whole``."""
    return [finding.code.partition(".")[2] for finding in findings]


def position_of(cell: str) -> Position:
    """Position of an address."""
    return parse_position(cell)
