"""Gives cells of a sheet another style; a cell that is not there is made in its place, blank."""

from collections.abc import Iterator

from workbook_tools.cells import Position, parse_position
from workbook_tools.package_editing import Element, NotEditableError, child, like, named

_TRUE = ("1", "true", "on")


class SheetEdit:
    """The cells of one sheet by their position."""

    def __init__(self, root: Element) -> None:
        self.root = root
        data = child(root, "sheetData")
        if data is None:
            raise NotEditableError("sheetData")
        self.data = data
        self.rows: dict[int, Element] = {}
        number = 0
        for row in named(data, "row"):
            number = int(row.get("r", number + 1))
            row.set("r", str(number))
            self.rows.setdefault(number, row)
        self._cells: dict[int, dict[int, Element]] = {}

    def cell(self, at: Position) -> Element | None:
        """A cell, if it is there."""
        return self._row_cells(at.row).get(at.column)

    def style(self, at: Position) -> int:
        """The style in which a cell shows, whether it is there or not."""
        cell = self.cell(at)
        if cell is not None:
            return int(cell.get("s", 0))
        row = self.rows.get(at.row)
        if row is not None and row.get("customFormat") in _TRUE:
            return int(row.get("s", 0))
        column = self.column(at.column)
        return 0 if column is None else int(column.get("style", 0))

    def set_style(self, at: Position, style: int) -> None:
        """Show a cell in a style."""
        self._cell(at).set("s", str(style))

    def styled(self) -> Iterator[tuple[Position, int]]:
        """Every cell there is, with its style."""
        for number in list(self.rows):
            for column, cell in self._row_cells(number).items():
                yield Position(number, column), int(cell.get("s", 0))

    def column(self, number: int) -> Element | None:
        """What the sheet says of a column."""
        columns = child(self.root, "cols")
        ranges = () if columns is None else named(columns, "col")
        return next((one for one in ranges if int(one.get("min", 0)) <= number <= int(one.get("max", 0))), None)

    def anchor(self, at: Position) -> Position:
        """The cell that shows for a cell: the first one of a merged area."""
        merged = child(self.root, "mergeCells")
        for one in () if merged is None else named(merged, "mergeCell"):
            first, _, last = one.get("ref", "").partition(":")
            start, end = parse_position(first), parse_position(last or first)
            if start.row <= at.row <= end.row and start.column <= at.column <= end.column:
                return start
        return at

    def _row_cells(self, number: int) -> dict[int, Element]:
        if number not in self._cells:
            cells: dict[int, Element] = {}
            column = 0
            for cell in named(self.rows[number], "c") if number in self.rows else ():
                column = parse_position(cell.get("r", "")).column if cell.get("r") else column + 1
                cell.set("r", Position(number, column).name)
                cells.setdefault(column, cell)
            self._cells[number] = cells
        return self._cells[number]

    def _cell(self, at: Position) -> Element:
        cells = self._row_cells(at.row)
        if at.column not in cells:
            style = self.style(at)
            row = self._row(at.row)
            cell = row.makeelement(like(row, "c"), {"r": at.name, "s": str(style)})
            row.insert(sum(column < at.column for column in cells), cell)
            row.attrib.pop("spans", None)  # a hint that would no longer be true
            cells[at.column] = cell
        return cells[at.column]

    def _row(self, number: int) -> Element:
        if number not in self.rows:
            row = self.data.makeelement(like(self.data, "row"), {"r": str(number)})
            self.data.insert(sum(other < number for other in self.rows), row)
            self.rows[number] = row
            self._cells[number] = {}
        return self.rows[number]
