"""What a workbook holds: values, formulas, errors and formats, each at its true address."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from workbook_tools.cells import Position
from workbook_tools.readings import Note

Scalar = str | int | float | bool | datetime.datetime | datetime.time | None


class CellContent(NamedTuple):
    """What stands in a cell. For a formula ``value`` is the cached result and ``formula`` its text with ``=``."""

    value: Scalar
    formula: str = ""
    number_format: str = "General"
    is_error: bool = False
    is_unseen: bool = False
    """Whether its letters have the colour of their ground, as far as the format of the file is known to tell."""

    @property
    def is_calculated(self) -> bool:
        """False for a formula that was never calculated."""
        return not self.formula or self.value is not None


EMPTY = CellContent(None)

UNKNOWN_FORMULA = "=…"
"""Text of a formula of which the file format tells only that it is there."""


@dataclass(frozen=True)
class SheetContent:
    """The filled cells of a sheet, and whether it is ``visible``, ``hidden`` or ``veryHidden``.

    ``hidden_rows`` and ``hidden_columns`` are those an official does not see; ``is_filtered``: a filter was left on;
    ``merged`` has the first and the last cell of each merged area.
    """

    name: str
    state: str
    cells: Mapping[Position, CellContent]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    is_filtered: bool = False
    merged: tuple[tuple[Position, Position], ...] = ()

    def at(self, row: int, column: int) -> CellContent:
        """Content of a cell, empty where nothing stands."""
        return self.cells.get(Position(row, column), EMPTY)

    def text(self, row: int, column: int) -> str:
        """Text of a cell, outer blanks removed; empty for nothing."""
        value = self.at(row, column).value
        return "" if value is None else str(value).strip()

    @cached_property
    def last_row(self) -> int:
        """Number of the last row with content."""
        return max((position.row for position in self.cells), default=0)

    @cached_property
    def last_column(self) -> int:
        """Number of the last column with content."""
        return max((position.column for position in self.cells), default=0)


@dataclass(frozen=True)
class WorkbookContent:
    """A workbook by sheets, in their order, and what had to be bridged or left behind when it was opened.

    The details of a note may name its ``sheet`` and ``cell``.
    """

    name: str
    sheets: tuple[SheetContent, ...]
    notes: tuple[Note, ...] = ()

    def sheet(self, name: str) -> SheetContent | None:
        """A sheet by its exact name."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)
