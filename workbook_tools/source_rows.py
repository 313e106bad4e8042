"""The sheet of sources of a consolidated workbook: which cell of which return each figure came from."""

from collections.abc import Iterator

from workbook_tools.cells import parse_position
from workbook_tools.workbook_contents import Scalar, SheetContent, WorkbookContent

LINEAGE_MARK = "#lineage"


def lineage_rows(workbook: WorkbookContent) -> Iterator[dict[str, Scalar]]:
    """The rows of the sheet of sources by column code; none if the workbook has no such sheet."""
    sheet = next((one for one in workbook.sheets if one.text(1, 1) == LINEAGE_MARK), None)
    if sheet is None:
        return
    start = next((row for row in range(1, sheet.last_row + 1) if _is_code_row(sheet, row)), sheet.last_row)
    columns = {sheet.text(start, column): column for column in range(1, sheet.last_column + 1)}
    for row in range(start + 1, sheet.last_row + 1):
        facts = {name: sheet.at(row, column).value for name, column in columns.items() if name}
        if facts.get("indicator") and facts.get("unit") and _is_cell(facts.get("cell")):
            yield facts


def units_behind(workbook: WorkbookContent) -> tuple[str, ...]:
    """Codes of the units whose returns a consolidated workbook says it was made of; none for any other workbook."""
    return tuple(dict.fromkeys(str(facts["unit"]) for facts in lineage_rows(workbook)))


def _is_code_row(sheet: SheetContent, row: int) -> bool:
    names = {sheet.text(row, column) for column in range(1, sheet.last_column + 1)}
    return {"unit", "indicator", "measure", "cell"} <= names


def _is_cell(name: Scalar) -> bool:
    """False for the heading below the codes, too."""
    try:
        return bool(parse_position(str(name)))
    except ValueError:
        return False
