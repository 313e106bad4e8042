"""The sheet of sources of a consolidated workbook: which cell of which return each figure came from."""

from collections.abc import Collection, Iterator
from pathlib import Path

from workbook_tools.cells import parse_position
from workbook_tools.errors import UnknownPlaceError
from workbook_tools.workbook_contents import Scalar, SheetContent, WorkbookContent

LINEAGE_MARK = "#lineage"
FILES_MARK = "#files"
ADDED_MARK = "#added"
"""Stands before each file whose figures were added."""

BESIDE_ROW = 4
"""Row of the sheet of sources, before whose text the file beside the workbook is named, if there is one."""

_BESIDE_MARK = "#beside"
MARK_KEY = b"workbook_tools.mark"
"""Where the file beside a workbook has its mark."""


def beside_text(name: str, mark: str) -> str:
    """How the sheet of sources names the file in which they are, and the mark by which it is known."""
    return f"{_BESIDE_MARK} {mark} {name}"


def lineage_rows(
    workbook: WorkbookContent, folder: Path, column: str = "", codes: Collection[str] = ()
) -> Iterator[dict[str, Scalar]]:
    """The sources of a consolidated workbook by column code; none if the workbook has no such sheet.

    Args:
        folder: where the workbook is, and with it the file of its sources if they are too many for a sheet.
        column: ``indicator`` or ``measure``, to have the rows of some ``codes`` of it only; all without.

    Raises:
        UnknownPlaceError: the file beside the workbook is gone, damaged, or belongs to another workbook.
    """
    sheet = next((one for one in workbook.sheets if one.text(1, 1) == LINEAGE_MARK), None)
    if sheet is None:
        return
    beside = sheet.text(BESIDE_ROW, 1).split(" ", 2)
    if beside[0] == _BESIDE_MARK:
        yield from _rows_beside(folder / Path(beside[2]).name, beside[1], column, codes)
        return
    start = next((row for row in range(1, sheet.last_row + 1) if _is_code_row(sheet, row)), sheet.last_row)
    columns = {sheet.text(start, column): column for column in range(1, sheet.last_column + 1)}
    for row in range(start + 1, sheet.last_row + 1):
        facts = {name: sheet.at(row, number).value for name, number in columns.items() if name[:1] not in ("", "#")}
        wanted = not column or str(facts.get(column)) in codes
        if wanted and facts.get("indicator") and facts.get("unit") and _is_cell(facts.get("cell")):
            yield facts


def _rows_beside(path: Path, mark: str, column: str, codes: Collection[str]) -> Iterator[dict[str, Scalar]]:
    # Of all that reads workbooks only this needs pyarrow, and to load it takes as long as to read a return.
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        if (pq.read_schema(path).metadata or {}).get(MARK_KEY) != mark.encode():
            raise UnknownPlaceError(
                f"“{path.name}” là nguồn số liệu của một lần tổng hợp khác; hãy để tệp tổng hợp và tệp nguồn của cùng "
                "một lần chạy trong một thư mục.",
                f"'{path.name}' has the sources of another run.",
            )
        table = pq.read_table(path, filters=pc.field(column).isin(pa.array(sorted(codes))) if column else None)
    except (OSError, pa.ArrowException) as error:
        raise UnknownPlaceError(
            f"không mở được “{path.name}”, tệp nguồn số liệu đi cùng tệp tổng hợp; hãy để hai tệp trong một thư mục.",
            f"'{path.name}', the sources beside the consolidated workbook, cannot be read.",
        ) from error
    for batch in table.to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()


def units_behind(workbook: WorkbookContent) -> tuple[str, ...]:
    """Codes of the units whose returns a consolidated workbook says it was made of; none for any other workbook."""
    found = [str(facts["unit"]) for facts in _added_files(workbook)]
    if not found:
        found = [str(facts["unit"]) for facts in lineage_rows(workbook, Path())]
    return tuple(dict.fromkeys(found))


def _added_files(workbook: WorkbookContent) -> Iterator[dict[str, Scalar]]:
    sheet = next((one for one in workbook.sheets if one.text(1, 1) == FILES_MARK), None)
    if sheet is None:
        return
    rows = range(1, sheet.last_row + 1)
    start = next((row for row in rows if {"file", "unit"} <= set(_texts(sheet, row))), sheet.last_row)
    columns = {text: column for column, text in enumerate(_texts(sheet, start), 1)}
    for row in range(start + 1, sheet.last_row + 1):
        if sheet.text(row, 1) == ADDED_MARK and sheet.text(row, columns["unit"]):
            yield {"unit": sheet.text(row, columns["unit"])}


def _texts(sheet: SheetContent, row: int) -> list[str]:
    return [sheet.text(row, column) for column in range(1, sheet.last_column + 1)]


def _is_code_row(sheet: SheetContent, row: int) -> bool:
    return {"unit", "indicator", "measure", "cell"} <= set(_texts(sheet, row))


def _is_cell(name: Scalar) -> bool:
    """False for the heading below the codes, too."""
    try:
        return bool(parse_position(str(name)))
    except ValueError:
        return False
