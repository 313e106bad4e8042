"""Where the printed pages of a field sheet end."""

from collections.abc import Iterable

from workbook_tools.excel_writing import DEFAULT_HEIGHT, Sheet
from workbook_tools.form_layout import FIRST_BLOCK_ROW, PlacedField
from workbook_tools.indicators import GroupRow
from workbook_tools.print_pages import RowHeight, page_ends, page_room, scale_to_fit

SMALLEST_SCALE = 60
"""In percent: a table is printed so small at least, if that keeps it on one page."""


def set_pages(sheet: Sheet, placed: PlacedField, widths: Iterable[float], last_row: int) -> None:
    """Pages end between tables where these fit on one; signatures stay with the last rows of the table above them."""
    repeated = 3 if len(placed.blocks) > 1 else placed.blocks[0].first_row - 1
    sheet.set_print(last_row, placed.last_column, landscape=True, repeat_rows=(1, repeated))
    heights = {row: sheet.heights.get(row, DEFAULT_HEIGHT) for row in range(1, last_row + 1)}
    above = sum(heights[row] for row in range(1, FIRST_BLOCK_ROW))
    ends = [*(block.last_row for block in placed.blocks[:-1]), last_row]
    tables = [
        (block, above + sum(heights[row] for row in range(block.title_row, end + 1)))
        for block, end in zip(placed.blocks, ends, strict=True)
    ]
    fitting = scale_to_fit(widths, landscape=True)
    highest = int(100 * page_room(100, landscape=True) / max(height for _, height in tables))
    scale = min(fitting, max(SMALLEST_SCALE, highest))
    if scale < fitting:
        sheet.worksheet.set_print_scale(scale)
    room = page_room(scale, landscape=True)
    kept = set(range(placed.last_row, last_row))
    for block, height in tables:
        kept |= set(range(block.title_row, block.last_row if height <= room else block.first_row))
        kept |= {row.row for row in block.rows if isinstance(row.content, GroupRow)}
    rows = [RowHeight(row, heights[row], row in kept) for row in range(FIRST_BLOCK_ROW, last_row + 1)]
    repeated_height = sum(heights[row] for row in range(1, repeated + 1))
    sheet.worksheet.set_h_pagebreaks(list(page_ends(rows, room, repeated=repeated_height, above=above)))
