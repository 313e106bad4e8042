"""Edits of a workbook as Excel does them: rows and columns move with their formulas, merged areas and heights."""

import copy
import re
from collections.abc import Sequence
from functools import partial

from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

_REFERENCE = re.compile(r"(?:'([^']+)'!|([A-Za-z_]\w*)!)?(\$?)([A-Z]{1,3})(\$?)([0-9]+)(?![0-9A-Za-z(])")


def rearrange_rows(workbook: Workbook, sheet: Worksheet, order: Sequence[int]) -> None:
    """Row n of the sheet becomes its former row ``order[n-1]``; 0 is a new blank row, one not named is deleted."""
    _rearrange(workbook, sheet, {old: new for new, old in enumerate(order, 1) if old}, by_row=True)


def rearrange_columns(workbook: Workbook, sheet: Worksheet, order: Sequence[int]) -> None:
    """The same for columns."""
    _rearrange(workbook, sheet, {old: new for new, old in enumerate(order, 1) if old}, by_row=False)


def insert_rows(workbook: Workbook, sheet: Worksheet, *before: int) -> None:
    """New blank rows, each above one of the former rows."""
    order = [one for row in range(1, sheet.max_row + 1) for one in [*[0] * before.count(row), row]]
    rearrange_rows(workbook, sheet, order)


def delete_rows(workbook: Workbook, sheet: Worksheet, *rows: int) -> None:
    """Rows deleted."""
    rearrange_rows(workbook, sheet, [row for row in range(1, sheet.max_row + 1) if row not in rows])


def insert_columns(workbook: Workbook, sheet: Worksheet, *before: int) -> None:
    """New blank columns, each left of one of the former columns."""
    order = [one for column in range(1, sheet.max_column + 1) for one in [*[0] * before.count(column), column]]
    rearrange_columns(workbook, sheet, order)


def delete_columns(workbook: Workbook, sheet: Worksheet, *columns: int) -> None:
    """Columns deleted."""
    rearrange_columns(workbook, sheet, [one for one in range(1, sheet.max_column + 1) if one not in columns])


def _rearrange(workbook: Workbook, sheet: Worksheet, places: dict[int, int], *, by_row: bool) -> None:
    areas = [CellRange(str(area)) for area in sheet.merged_cells.ranges]
    for area in areas:
        sheet.unmerge_cells(str(area))
    cells = sheet._cells
    former = dict(cells)
    cells.clear()
    for (row, column), cell in former.items():
        place = places.get(row if by_row else column)
        if place is not None:
            cell.row, cell.column = (place, column) if by_row else (row, place)
            cells[cell.row, cell.column] = cell
    for area in areas:
        _merge_again(sheet, area, places, by_row=by_row)
    _move_dimensions(sheet, places, by_row=by_row)
    _move_references(workbook, sheet, places, by_row=by_row)


def _merge_again(sheet: Worksheet, area: CellRange, places: dict[int, int], *, by_row: bool) -> None:
    first, last = (area.min_row, area.max_row) if by_row else (area.min_col, area.max_col)
    new = [places[one] for one in range(first, last + 1) if one in places]
    if not new or max(new) - min(new) > last - first + 3:
        return
    if by_row:
        area.min_row, area.max_row = min(new), max(new)
    else:
        area.min_col, area.max_col = min(new), max(new)
    if area.size["rows"] > 1 or area.size["columns"] > 1:
        sheet.merge_cells(str(area))


def _move_dimensions(sheet: Worksheet, places: dict[int, int], *, by_row: bool) -> None:
    if by_row:
        rows = {places[row]: copy.copy(one) for row, one in sheet.row_dimensions.items() if row in places}
        sheet.row_dimensions.clear()
        for row, one in rows.items():
            one.index = row
            sheet.row_dimensions[row] = one
        return
    looks: dict[str, tuple[float, bool]] = {}
    for letter, look in sheet.column_dimensions.items():
        for column in range(look.min or column_index_from_string(letter), (look.max or 0) + 1):
            if column in places:
                looks[get_column_letter(places[column])] = (look.width, look.hidden)
    sheet.column_dimensions.clear()
    for letter, (width, hidden) in looks.items():
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].hidden = hidden


def _move_references(workbook: Workbook, moved: Worksheet, places: dict[int, int], *, by_row: bool) -> None:
    def renamed(here: str, match: re.Match[str]) -> str:
        quoted, plain, absolute_column, letters, absolute_row, digits = match.groups()
        if (quoted or plain or here) != moved.title:
            return match[0]
        row, column = int(digits), column_index_from_string(letters)
        place = places.get(row if by_row else column)
        prefix = f"'{quoted}'!" if quoted else f"{plain}!" if plain else ""
        if place is None:
            return f"{prefix}#REF!"
        row, column = (place, column) if by_row else (row, place)
        return f"{prefix}{absolute_column}{get_column_letter(column)}{absolute_row}{row}"

    for sheet in workbook.worksheets:
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.data_type == "f" and isinstance(cell.value, str):
                    cell.value = _REFERENCE.sub(partial(renamed, sheet.title), cell.value)


def without_merges(sheet: Worksheet) -> None:
    """All merged areas taken apart."""
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))


def move_cells(sheet: Worksheet, area: str, rows: int, columns: int) -> None:
    """Cut an area and paste it elsewhere, its merged cells with it."""
    bounds = CellRange(area)
    inside = [CellRange(str(one)) for one in sheet.merged_cells.ranges if bounds.issuperset(one)]
    for one in inside:
        sheet.unmerge_cells(str(one))
    sheet.move_range(area, rows=rows, cols=columns, translate=False)
    for one in inside:
        one.shift(col_shift=columns, row_shift=rows)
        sheet.merge_cells(str(one))
