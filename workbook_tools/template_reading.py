"""Reads ``BieuMau.xlsx`` into the facts of the catalogue.

Field sheets are read by :mod:`workbook_tools.template_fields`; then the addresses in their formulas are replaced by
the names of the figures that stand there. What is not understood becomes a finding at its own cell.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import Position, column_letters, parse_position
from workbook_tools.errors import TemplateError
from workbook_tools.excel_reading import read_workbook
from workbook_tools.findings import Finding
from workbook_tools.formula_parsing import parse
from workbook_tools.formulas import Figure, FormulaError, ListColumn, Locate, bind
from workbook_tools.indicators import CellRule, Field, GroupRow, Indicator, IndicatorBlock, Rule
from workbook_tools.template_fields import CODE_COLUMN, read_field
from workbook_tools.workbook_contents import SheetContent, WorkbookContent

SEVERITIES = {"lỗi": "error", "cảnh báo": "warning", "thông tin": "info"}
RULE_COLUMNS = ("message", "formula", "severity", "advice", "scope")


@dataclass
class Template:
    """A template as read: the catalogue, and findings about what in it was not understood.

    ``sheets`` names the sheet of each marker (``#rules``); ``columns`` gives, by sheet and row, the column number of
    each column code above an indicator, technical columns included.
    """

    catalogue: Catalogue
    findings: list[Finding] = field(default_factory=list)
    file: str = ""
    sheets: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[tuple[str, int], Mapping[str, int]] = field(default_factory=dict)

    def cell_of(self, indicator: Indicator, name: str) -> str:
        """Where a fact of an indicator stands, the cell of its code if there is no such column."""
        column = self.columns.get((indicator.sheet, indicator.row), {}).get(name, CODE_COLUMN)
        return Position(indicator.row, column).name


def read_template(path: Path) -> Template:
    """The template of a file. Raises TemplateError when it holds no field sheet or no settings."""
    workbook = read_workbook(path)
    findings: list[Finding] = []
    choices = _choices(workbook)
    columns: dict[tuple[str, int], Mapping[str, int]] = {}
    fields = tuple(
        read_field(sheet, choices, workbook.name, findings, columns)
        for sheet in workbook.sheets
        if sheet.text(1, CODE_COLUMN).startswith("#field ")
    )
    if not fields:
        raise TemplateError(f"{workbook.name}: không có trang lĩnh vực nào (ô A1 phải là “#field mã”).")
    locate = _locator(fields)
    fields = tuple(_bind_field(one, locate, workbook, findings) for one in fields)
    catalogue = Catalogue(
        fields=fields,
        rules=tuple(_rules(workbook, locate, findings)),
        settings=_settings(workbook),
        choices=choices,
        guide=_guide(workbook),
        cover=_cover(workbook),
    )
    sheets = {sheet.text(1, CODE_COLUMN): sheet.name for sheet in workbook.sheets}
    return Template(catalogue, findings, workbook.name, sheets, columns)


def _marked(workbook: WorkbookContent, marker: str) -> SheetContent:
    for sheet in workbook.sheets:
        if sheet.text(1, CODE_COLUMN) == marker:
            return sheet
    raise TemplateError(f"{workbook.name}: thiếu trang có ô A1 là “{marker}”.")


def _choices(workbook: WorkbookContent) -> dict[str, tuple[str, ...]]:
    sheet = _marked(workbook, "#choices")
    header = 4
    lists = {}
    for column in range(2, sheet.last_column + 1):
        name = sheet.text(header, column)
        values = [sheet.text(row, column) for row in range(header + 1, sheet.last_row + 1)]
        if name:
            lists[name] = tuple(value for value in values if value)
    return lists


def _settings(workbook: WorkbookContent) -> dict[str, str]:
    sheet = _marked(workbook, "#settings")
    return {
        sheet.text(row, CODE_COLUMN): sheet.text(row, 3)
        for row in range(2, sheet.last_row + 1)
        if sheet.text(row, CODE_COLUMN)
    }


def _guide(workbook: WorkbookContent) -> tuple[str, ...]:
    sheet = _marked(workbook, "#guide")
    return tuple(text for row in range(1, sheet.last_row + 1) if (text := sheet.text(row, 2)))


def _cover(workbook: WorkbookContent) -> tuple[tuple[str, str], ...]:
    sheet = _marked(workbook, "#cover")
    return tuple(
        (code, sheet.text(row, 3)) for row in range(2, sheet.last_row + 1) if (code := sheet.text(row, CODE_COLUMN))
    )


def _locator(fields: tuple[Field, ...]) -> Locate:
    """What stands at each place of the template."""
    known: dict[tuple[str, str], Figure | ListColumn] = {}
    for one in fields:
        for indicator in one.indicators:
            for measure, rule in indicator.cells.items():
                known[one.sheet, rule.address] = Figure(indicator.code, measure)
        for block in one.lists:
            for column in block.columns:
                for row in range(block.first, block.first + block.rows):
                    known[one.sheet, Position(row, column.column).name] = ListColumn(block.code, column.code)
    return lambda sheet, position: known.get((sheet, position.name))


def _bind_field(one: Field, locate: Locate, workbook: WorkbookContent, findings: list[Finding]) -> Field:
    def bound(rule: CellRule) -> CellRule:
        if rule.expression is None:
            return rule
        try:
            return replace(rule, expression=bind(rule.expression, locate))
        except FormulaError as error:
            sheet = workbook.sheet(one.sheet)
            formula = sheet.cells[parse_position(rule.address)].formula if sheet else ""
            findings.append(
                Finding(
                    "template.reference_unknown",
                    file=workbook.name,
                    sheet=one.sheet,
                    cell=rule.address,
                    details={"formula": formula, "reason": error.words},
                )
            )
            return replace(rule, expression=None)

    def rows(block: IndicatorBlock) -> Iterator[Indicator | GroupRow]:
        for row in block.rows:
            if isinstance(row, Indicator):
                yield replace(row, cells={measure: bound(rule) for measure, rule in row.cells.items()})
            else:
                yield row

    return replace(
        one,
        blocks=tuple(
            replace(block, rows=tuple(rows(block))) if isinstance(block, IndicatorBlock) else block
            for block in one.blocks
        ),
    )


def _rules(workbook: WorkbookContent, locate: Locate, findings: list[Finding]) -> Iterator[Rule]:
    sheet = _marked(workbook, "#rules")
    start = next((row for row in range(1, sheet.last_row + 1) if sheet.text(row, CODE_COLUMN) == "#columns"), 0)
    columns = {name: column for column in range(2, sheet.last_column + 1) if (name := sheet.text(start, column))}
    if missing := [name for name in RULE_COLUMNS if name not in columns]:
        raise TemplateError(f"{workbook.name}: trang “{sheet.name}” thiếu cột có mã {', '.join(missing)} (#columns).")

    def report(code: str, rule: str, cell: str, **details: object) -> None:
        findings.append(Finding(code, workbook.name, sheet.name, cell, rule=rule, details=details))

    for row in range(start + 1, sheet.last_row + 1):
        code = sheet.text(row, CODE_COLUMN)
        if not code or code.startswith("#"):
            continue
        address = f"{column_letters(columns['formula'])}{row}"
        formula = sheet.at(row, columns["formula"]).formula
        try:
            expression = bind(parse(formula, sheet.name), locate)
        except FormulaError as error:
            report("template.formula_not_understood", code, address, formula=formula, reason=error.words)
            continue
        severity = sheet.text(row, columns["severity"])
        if severity.lower() not in SEVERITIES:
            cell = f"{column_letters(columns['severity'])}{row}"
            report("template.unknown_severity", code, cell, value=severity, known=", ".join(SEVERITIES))
        yield Rule(
            code=code,
            severity=SEVERITIES.get(severity.lower(), "warning"),
            expression=expression,
            message=sheet.text(row, columns["message"]),
            advice=sheet.text(row, columns["advice"]),
            scope=sheet.text(row, columns["scope"]),
            address=address,
        )
