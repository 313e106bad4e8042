"""Where a figure stands: cell addresses, and the names of figures independent of any layout."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

MEASURES = ("prior", "plan", "actual", "plan_ratio", "change", "growth", "next_plan")
"""The measures of an indicator, in the order of the form's columns."""

MAXIMUM_ROW = 1_048_576
MAXIMUM_COLUMN = 16_384

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_PLAIN_SHEET = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ROW_COLUMN = re.compile(r"R[0-9]*(C[0-9]*)?|C[0-9]*", re.IGNORECASE)


class Position(NamedTuple):
    """A cell of a sheet by number; row 1, column 1 is A1."""

    row: int
    column: int

    @property
    def name(self) -> str:
        """The position as Excel writes it, ``C7``."""
        return f"{column_letters(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class FigureName:
    """The name of one figure: an indicator, a measure, and in a list block the item (row)."""

    indicator: str
    measure: str
    item: str = ""


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """Letters of a column number.

    >>> column_letters(28)
    'AB'
    """
    letters = ""
    while column:
        column, remainder = divmod(column - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def column_number(letters: str) -> int:
    """Number of a column given in letters.

    >>> column_number("AB")
    28
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def parse_position(name: str) -> Position:
    """Position of ``C7`` or ``$C$7``; ValueError if it is none or lies past Excel's grid."""
    match = _CELL.fullmatch(name)
    if match is None:
        raise ValueError(f"not a cell: {name!r}")
    position = Position(int(match[2]), column_number(match[1]))
    if position.row > MAXIMUM_ROW or position.column > MAXIMUM_COLUMN:
        raise ValueError(f"past the grid: {name!r}")
    return position


def quote_sheet(name: str) -> str:
    """A sheet name as a formula writes it.

    >>> quote_sheet("02 Nông nghiệp")
    "'02 Nông nghiệp'"
    """
    if _PLAIN_SHEET.fullmatch(name) and not _CELL.fullmatch(name) and not _ROW_COLUMN.fullmatch(name):
        return name
    return "'" + name.replace("'", "''") + "'"


def full_address(sheet: str, cell: str) -> str:
    """``'02 Nông nghiệp'!G12``"""
    return f"{quote_sheet(sheet)}!{cell}" if cell else quote_sheet(sheet)
