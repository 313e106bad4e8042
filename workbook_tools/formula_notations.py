"""Formulas as other formats write them, turned into the way Excel shows them."""

import re

from workbook_tools.cells import MAXIMUM_COLUMN, MAXIMUM_ROW, Position, column_letters
from workbook_tools.workbook_contents import UNKNOWN_FORMULA

LONGEST_FORMULA = 8_192
"""Excel's own limit; of a longer one it is only told that it is there."""

_TEXT_OR_REST = re.compile(r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|[^"\']+|["\']')
_PREFIX = re.compile(r"(?:of|oooc|msoxl):=?|=")
_OPEN_PARTS = re.compile(r'"(?:[^"]|"")*"|\[[^\[\]]*+\]|\{[^{}]*+\}|;|[^"\[{;]+|["\[{]')
_OPEN_REFERENCE = re.compile(r"(?:\$?('(?:[^']|''){1,255}+'|[^.:'\[\]]{0,255}))?\.(\$?[A-Z]{1,3}\$?[0-9]{1,7})")
_ROW_COLUMN = re.compile(
    r"(?<![A-Za-z0-9_.\]])R(\[-?[0-9]{1,7}\]|[0-9]{1,7})?C(\[-?[0-9]{1,5}\]|[0-9]{1,5})?(?![A-Za-z0-9_.(\[])"
)


def from_open_formula(formula: str) -> str:
    """The formula of an OpenDocument cell.

    >>> from_open_formula("of:=SUM([.A1:.B2];[$'T 1'.$C3])")
    "=SUM(A1:B2,'T 1'!$C3)"
    """
    bare = _PREFIX.sub("", formula, count=1)
    if len(bare) > LONGEST_FORMULA:
        return UNKNOWN_FORMULA
    return "=" + "".join(map(_open_part, _OPEN_PARTS.findall(bare)))


def _open_part(part: str) -> str:
    if part == ";":
        return ","
    if part.startswith("[") and part.endswith("]"):
        return _OPEN_REFERENCE.sub(lambda match: f"{match[1]}!{match[2]}" if match[1] else match[2], part[1:-1])
    return part


def from_row_column(formula: str, row: int, column: int) -> str:
    """A formula in R1C1 notation that stands in a cell.

    >>> from_row_column("=SUM(R[-2]C:R[-1]C)*R1C[1]", 5, 3)
    '=SUM(C3:C4)*D$1'
    """
    if len(formula) > LONGEST_FORMULA:
        return UNKNOWN_FORMULA
    parts = _TEXT_OR_REST.findall(formula)
    return "".join(
        part if part[0] in "\"'" else _ROW_COLUMN.sub(lambda match: _address(match, row, column), part)
        for part in parts
    )


def _address(match: re.Match[str], row: int, column: int) -> str:
    row_mark, to_row = _resolved(match[1], row)
    column_mark, to_column = _resolved(match[2], column)
    if not (1 <= to_row <= MAXIMUM_ROW and 1 <= to_column <= MAXIMUM_COLUMN):
        return "#REF!"
    if row_mark or column_mark:
        return f"{column_mark}{column_letters(to_column)}{row_mark}{to_row}"
    return Position(to_row, to_column).name


def _resolved(text: str | None, origin: int) -> tuple[str, int]:
    """Whether it is fixed, ``$``, and the number of a row or column."""
    if not text:
        return "", origin
    return ("", origin + int(text[1:-1])) if text.startswith("[") else ("$", int(text))
