"""Reads one field sheet of ``BieuMau.xlsx``: its blocks, indicators and lists.

Everything is found by the markers in column A and the code row of each block, never by position, so that the
template can be edited freely in Excel. What is not understood becomes a finding at its own cell.
"""

import math
from collections.abc import Mapping

from workbook_tools.cells import MEASURES, Position
from workbook_tools.findings import Finding
from workbook_tools.formula_parsing import parse
from workbook_tools.formulas import Expression, FormulaError
from workbook_tools.indicators import (
    Aggregation,
    Block,
    CellRule,
    Column,
    Field,
    GroupRow,
    Indicator,
    IndicatorBlock,
    Kind,
    ListBlock,
    ListField,
    Relation,
    Role,
)
from workbook_tools.workbook_contents import SheetContent

CODE_COLUMN = 1
CLOSED_MARK = "x"
LIST_FACTS = ("kind", "unit", "decimals", "aggregation", "choices", "minimum", "maximum", "guidance")


def read_field(
    sheet: SheetContent,
    choices: dict[str, tuple[str, ...]],
    file: str,
    findings: list[Finding],
    columns: dict[tuple[str, int], Mapping[str, int]],
) -> Field:
    """The field of a sheet, formulas by address; ``findings`` and ``columns`` of its rows are added to those given."""
    return _Reader(sheet, choices, file, findings, columns).field()


class _Reader:
    """Reads one field sheet from top to bottom."""

    def __init__(
        self,
        sheet: SheetContent,
        choices: dict[str, tuple[str, ...]],
        file: str,
        findings: list[Finding],
        columns: dict[tuple[str, int], Mapping[str, int]],
    ) -> None:
        self.sheet = sheet
        self.choices = choices
        self.file = file
        self.findings = findings
        self.columns = columns

    def report(self, code: str, row: int, column: int, **details: object) -> None:
        cell = Position(row, column).name
        self.findings.append(Finding(code, file=self.file, sheet=self.sheet.name, cell=cell, details=details))

    def field(self) -> Field:
        starts = [
            row
            for row in range(1, self.sheet.last_row + 1)
            if self.sheet.text(row, CODE_COLUMN).startswith(("#block ", "#list "))
        ]
        ends = [*starts[1:], self.sheet.last_row + 1]
        blocks = tuple(self.block(start, end) for start, end in zip(starts, ends, strict=True))
        return Field(
            code=self.sheet.text(1, CODE_COLUMN).removeprefix("#field "),
            sheet=self.sheet.name,
            title=self.sheet.text(2, 2),
            blocks=blocks,
        )

    def block(self, start: int, end: int) -> Block:
        marker, code = self.sheet.text(start, CODE_COLUMN).split(" ", 1)
        if self.sheet.text(start + 1, CODE_COLUMN) != "#columns":
            self.report("template.columns_missing", start + 1, CODE_COLUMN, block=code)
        columns: dict[str, int] = {}
        for column in range(2, self.sheet.last_column + 1):
            name = self.sheet.text(start + 1, column)
            if name in columns:
                self.report("template.column_twice", start + 1, column, block=code, name=name)
            elif name:
                columns[name] = column
        if marker == "#list":
            return self.list_block(code, start, end, columns)
        return self.indicator_block(code, start, end, columns)

    def indicator_block(self, code: str, start: int, end: int, columns: dict[str, int]) -> IndicatorBlock:
        headings = [row for row in range(start, end) if self.sheet.text(row, CODE_COLUMN) == "#heading"]
        rows: list[Indicator | GroupRow] = []
        for row in range(start + 2, end):
            mark = self.sheet.text(row, CODE_COLUMN)
            if mark == "#group":
                number, label = (self.fact(row, columns, name) for name in ("number", "label"))
                rows.append(GroupRow(number, label))
            elif mark and not mark.startswith("#"):
                rows.append(self.indicator(mark, row, columns))
        visible = [name for name in columns if name in MEASURES or name in ("number", "label", "unit", "note")]
        return IndicatorBlock(
            code=code,
            title=self.sheet.text(start, 2),
            columns=tuple(self.heading(name, columns[name], headings) for name in visible),
            rows=tuple(rows),
        )

    def fact(self, row: int, columns: dict[str, int], name: str) -> str:
        return self.sheet.text(row, columns[name]) if name in columns else ""

    def number(self, text: str, row: int, column: int) -> float | None:
        number = _number(text)
        if text and number is None:
            self.report("template.not_a_number", row, column, value=text)
        return number

    def heading(self, code: str, column: int, rows: list[int]) -> Column:
        """Two heading rows: a merged one carries the text in its first cell; a shared one stands to the left."""
        upper = self.sheet.text(rows[0], column) if rows else ""
        lower = self.sheet.text(rows[1], column) if len(rows) > 1 else ""
        if not lower:
            return Column(code, upper)
        left = column
        while left > 2 and not self.sheet.text(rows[0], left):
            left -= 1
        return Column(code, lower, self.sheet.text(rows[0], left))

    def indicator(self, code: str, row: int, columns: dict[str, int]) -> Indicator:
        def fact(name: str) -> str:
            return self.fact(row, columns, name)

        def number(name: str) -> float | None:
            return self.number(fact(name), row, columns.get(name, 1))

        self.columns[self.sheet.name, row] = columns
        aggregation, weight = self.aggregation(fact("aggregation"), row, columns.get("aggregation", 1))
        relation, whole = self.relation(fact("relation"), row, columns.get("relation", 1))
        return Indicator(
            code=code,
            number=fact("number"),
            label=fact("label"),
            unit=fact("unit"),
            indent=int(number("indent") or 0),
            kind=self.kind(fact("kind"), row, columns.get("kind", 1)),
            decimals=int(number("decimals") or 0),
            aggregation=aggregation,
            weight=weight,
            flow=fact("flow"),
            direction=fact("direction"),
            headline=bool(fact("headline")),
            levels=tuple(level.strip() for level in fact("levels").split(";") if level.strip()),
            relation=relation,
            whole=whole,
            minimum=number("minimum"),
            maximum=number("maximum"),
            required=bool(fact("required")),
            choices=self.choices_named(fact("choices"), row, columns.get("choices", 1)),
            guidance=fact("guidance"),
            official=fact("official"),
            cells={m: self.cell(row, columns[m]) for m in MEASURES if m in columns},
            sheet=self.sheet.name,
            row=row,
        )

    def cell(self, row: int, column: int) -> CellRule:
        content, address = self.sheet.at(row, column), Position(row, column).name
        if content.formula:
            return CellRule(Role.FORMULA, self.expression(content.formula, row, column), address)
        if self.sheet.text(row, column) == CLOSED_MARK:
            return CellRule(Role.CLOSED, None, address)
        if text := self.sheet.text(row, column):
            self.report("template.cell_filled", row, column, value=text)
        return CellRule(Role.INPUT, None, address)

    def expression(self, formula: str, row: int, column: int) -> Expression | None:
        try:
            return parse(formula, self.sheet.name)
        except FormulaError as error:
            self.report("template.formula_not_understood", row, column, formula=formula, reason=error.words)
            return None

    def kind(self, text: str, row: int, column: int) -> Kind:
        try:
            return Kind(text)
        except ValueError:
            self.report("template.unknown_kind", row, column, value=text, known=", ".join(Kind))
            return Kind.TEXT

    def aggregation(self, text: str, row: int, column: int) -> tuple[Aggregation, str]:
        if text.startswith(f"{Aggregation.WEIGHTED_MEAN} "):
            return Aggregation.WEIGHTED_MEAN, text.removeprefix(f"{Aggregation.WEIGHTED_MEAN} ").strip()
        try:
            return Aggregation(text), ""
        except ValueError:
            self.report("template.unknown_aggregation", row, column, value=text, known=", ".join(Aggregation))
            return Aggregation.NONE, ""

    def relation(self, text: str, row: int, column: int) -> tuple[Relation | None, str]:
        for relation in Relation:
            if text.startswith(f"{relation} "):
                return relation, text.removeprefix(f"{relation} ").strip()
        if text:
            self.report("template.unknown_relation", row, column, value=text)
        return None, ""

    def choices_named(self, name: str, row: int, column: int) -> tuple[str, ...]:
        if name and name not in self.choices:
            self.report("template.unknown_choices", row, column, value=name)
        return self.choices.get(name, ())

    def list_block(self, code: str, start: int, end: int, columns: dict[str, int]) -> ListBlock:
        facts = {
            name: row
            for row in range(start + 2, end)
            if (name := self.sheet.text(row, CODE_COLUMN).removeprefix("#")) in LIST_FACTS
        }
        heading = next((row for row in range(start, end) if self.sheet.text(row, CODE_COLUMN) == "#heading"), start)
        items = [row for row in range(start, end) if self.sheet.text(row, CODE_COLUMN).startswith(f"{code}#")]
        if not items:
            self.report("template.list_without_rows", start, CODE_COLUMN, block=code)
            items = [heading + 1]
        return ListBlock(
            code=code,
            title=self.sheet.text(start, 2),
            columns=tuple(
                self.list_field(name, column, facts, heading) for name, column in columns.items() if name != "number"
            ),
            rows=items[-1] - items[0] + 1,
            sheet=self.sheet.name,
            first=items[0],
        )

    def list_field(self, code: str, column: int, facts: dict[str, int], heading: int) -> ListField:
        def fact(name: str) -> str:
            return self.sheet.text(facts[name], column) if name in facts else ""

        def number(name: str) -> float | None:
            return self.number(fact(name), facts.get(name, heading), column)

        choices = fact("choices")
        return ListField(
            code=code,
            heading=self.sheet.text(heading, column),
            unit=fact("unit"),
            kind=self.kind(fact("kind"), facts.get("kind", heading), column),
            decimals=int(number("decimals") or 0),
            aggregation=self.aggregation(fact("aggregation"), facts.get("aggregation", heading), column)[0],
            choices=self.choices_named(choices, facts.get("choices", heading), column),
            choices_name=choices,
            minimum=number("minimum"),
            maximum=number("maximum"),
            guidance=fact("guidance"),
            column=column,
        )


def _number(text: str) -> float | None:
    try:
        number = float(text.replace(",", ".")) if text else None
    except ValueError:
        return None
    return number if number is None or math.isfinite(number) else None
