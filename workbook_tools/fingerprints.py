"""Short names of what stands in a consolidated workbook: its figures, the units they were added up over.

Two workbooks with the same fingerprint hold the same; one whose figures no longer have its fingerprint was changed.
"""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from workbook_tools.text import normalize_text

FIGURES, UNITS, UNIT = "figures", "tree", "below"
"""Keys on the sheet of identity: the two fingerprints, and a unit with its parent."""

CLOSED = "closed"
"""Name of the document property of a workbook whose period is closed."""


class NamedFigure(NamedTuple):
    """A typed figure of one unit; ``value`` is None where it is a text."""

    unit: str
    indicator: str
    measure: str
    item: str
    value: float | None
    text: str


def fingerprint_of_figures(figures: Iterable[NamedFigure]) -> str:
    """Sixteen hexadecimal digits that change when a figure does, in whatever order they come."""
    return _fingerprint(
        "|".join((*one[:4], normalize_text(one.text) if one.value is None else f"{one.value:.12g}")) for one in figures
    )


def fingerprint_of_units(units: Iterable[tuple[str, str, str]]) -> str:
    """Sixteen hexadecimal digits that change with a code, name or parent of a unit."""
    return _fingerprint("|".join(one) for one in units)


def _fingerprint(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]
