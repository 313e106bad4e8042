"""What a sheet that came back holds besides the cells of the form: rows and columns of others, and what is hidden.

Asked once all rows of the form have been found.
"""

from collections.abc import Iterable, Iterator, Mapping

from workbook_tools.cells import Position, column_letters
from workbook_tools.sheet_columns import Head
from workbook_tools.sheet_matching import CLOSED_MARK, MatchedSheet
from workbook_tools.sheet_texts import shown_rows
from workbook_tools.text import normalize_text
from workbook_tools.workbook_contents import CellContent


def report_leftovers(sheet: MatchedSheet) -> None:
    """Findings about figures that belong to nothing, rows that the template does not know, and hidden figures."""
    unknown = list(unknown_rows(sheet))
    for row in unknown:
        columns = _figures_in(sheet.rows[row], sheet.columns.nearest(row).figures)
        details = {"label": normalize_text(sheet.label(row))}
        sheet.report("structure.unknown_row", row, columns[0], details, [Position(row, column) for column in columns])
    for row in sheet.codes.keys() - sheet.claimed - set(unknown):
        if sheet.is_foreign(row) and not sheet.is_outside(row):
            details = {"label": normalize_text(sheet.label(row)), "code": sheet.codes[row]}
            sheet.report("structure.unknown_code", row, sheet.label_column or sheet.code_column, details)
    _report_unknown_columns(sheet)
    _report_hidden(sheet)


def unknown_rows(sheet: MatchedSheet) -> Iterator[int]:
    """Rows of a table that hold something but were claimed by nothing."""
    attached = 0
    for row, cells in sheet.rows.items():
        head = sheet.columns.nearest(row)
        if not head.last or sheet.is_outside(row):
            continue
        if row in sheet.claimed:
            attached = row
            continue
        columns = _figures_in(cells, head.figures)
        # Past a blank row stand signatures and scribbles: there only a number matters, as on the row of a group.
        belongs = attached == row - 1 if row not in sheet.codes else sheet.codes[row] != "#group"
        if columns and (belongs or any(_is_number(cells[column].value) for column in columns)):
            attached = row
            yield row


def _report_unknown_columns(sheet: MatchedSheet) -> None:
    """Columns with a heading of their own and numbers in the rows of the form, of which it knows nothing."""
    found: dict[tuple[int, str], list[Position]] = {}
    for row in sorted(sheet.claimed):
        head = sheet.columns.nearest(row)
        known = {*head.places.values(), sheet.code_column, sheet.label_column}
        for column, cell in sheet.rows.get(row, {}).items():
            if column in known or not _is_number(cell.value) or column in sheet.content.hidden_columns:
                continue
            if heading := _own_heading(sheet, head, column):
                found.setdefault((column, heading), []).append(Position(row, column))
    for (column, heading), places in found.items():
        details = {"heading": heading, "column": column_letters(column), "count": len(places)}
        details["rows"] = shown_rows(place.row for place in places)
        sheet.report("structure.unknown_column", *places[0], details, places)


def _own_heading(sheet: MatchedSheet, head: Head, column: int) -> str:
    """Text above a column within its head; none for the technical columns of a template, which have codes."""
    if sheet.codes.get(head.first) == "#columns" and sheet.at(head.first, column).value is not None:
        return ""
    texts = (sheet.texts.get(row, {}).get(column, "") for row in range(head.first, head.last + 1))
    return next((words for text in texts if any(map(str.isalpha, words := normalize_text(text)))), "")


def _report_hidden(sheet: MatchedSheet) -> None:
    """Rows and columns of the form that hold figures nobody sees."""
    content = sheet.content
    if not content.hidden_rows and not content.hidden_columns:
        return
    filled = [
        Position(row, column)
        for row in sorted(sheet.claimed)
        for column in _figures_in(sheet.rows.get(row, {}), sheet.columns.nearest(row).figures)
    ]
    rows = [place for place in filled if place.row in content.hidden_rows]
    columns = [place for place in filled if place.column in content.hidden_columns and place not in set(rows)]
    if rows or columns:
        names = [f"dòng {shown_rows(place.row for place in rows)}"] if rows else []
        letters = [column_letters(column) for column in sorted({place.column for place in columns})]
        names += [f"cột {', '.join(letters)}"] if letters else []
        code = "structure.filtered_rows" if rows and content.is_filtered else "structure.hidden_rows"
        places = [*rows, *columns]
        sheet.report(code, *places[0], {"places": "; ".join(names), "count": len(places)}, places)


def _is_number(value: object) -> bool:
    """Whether a cell holds a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _figures_in(cells: Mapping[int, CellContent], columns: Iterable[int]) -> list[int]:
    """Columns, of those given, in which something was typed."""
    typed = ((column, cells[column]) for column in columns if column in cells)
    return [column for column, cell in typed if not cell.formula and cell.value not in (None, "", CLOSED_MARK)]
