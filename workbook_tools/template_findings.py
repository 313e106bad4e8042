"""Findings at the cells of a template, and the rows that checks go through."""

from collections.abc import Iterable, Iterator

from workbook_tools.cells import Position
from workbook_tools.findings import Finding
from workbook_tools.indicators import Indicator, ListBlock, ListField, Rule
from workbook_tools.template_reading import Template

BLANK = "(trống)"


def at_row(
    template: Template, code: str, row: Indicator, fact: str = "", cells: Iterable[str] = (), **details: object
) -> Finding:
    """A finding at the cell of a fact of a row, or at its code."""
    return Finding(
        code,
        file=template.file,
        sheet=row.sheet,
        cell=template.cell_of(row, fact),
        cells=tuple(cells),
        indicator=row.code,
        details={"label": row.label, "code": row.code, **details},
    )


def at_column(template: Template, code: str, block: ListBlock, column: ListField, **details: object) -> Finding:
    """A finding at the first item of a list column."""
    return Finding(
        code,
        file=template.file,
        sheet=block.sheet,
        cell=Position(block.first, column.column).name,
        indicator=block.code,
        measure=column.code,
        details={"label": f"{block.title}, {column.heading}", "code": f"{block.code}.{column.code}", **details},
    )


def at_rule(template: Template, code: str, rule: Rule, **details: object) -> Finding:
    """A finding at the formula of a rule."""
    facts = {"code": rule.code, **details}
    return Finding(code, template.file, template.sheets.get("#rules", ""), rule.address, rule=rule.code, details=facts)


def rows_of(template: Template) -> Iterator[Indicator]:
    """All rows, those with the same code too."""
    return (row for field in template.catalogue.fields for row in field.indicators)


def list_columns(template: Template) -> Iterator[tuple[ListBlock, ListField]]:
    """Columns of all lists."""
    blocks = (block for field in template.catalogue.fields for block in field.lists)
    return ((block, column) for block in blocks for column in block.columns)


def listed(names: Iterable[str]) -> str:
    """Names as one text, for a finding."""
    return ", ".join(names)
