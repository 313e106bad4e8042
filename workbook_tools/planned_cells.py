"""The cells that a form owes, and what a sheet is found to hold in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from workbook_tools.cell_reading import Place
from workbook_tools.workbook_contents import CellContent

Contents = dict[bytes, CellContent]


@dataclass(frozen=True)
class PlannedCell:
    """A cell that a form owes: its number among all, what is known of it, and the figures of its row like it."""

    number: int
    place: Place
    compared: tuple[bytes, ...] = ()


@dataclass
class Figures:
    """The numbers of a sheet that read as they stand, and what its formulas show, by the numbers of the cells."""

    numbers: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    decimals: list[int] = field(default_factory=list)
    raws: list[str] = field(default_factory=list)
    shown: dict[int, str] = field(default_factory=dict)
    shown_empty: list[int] = field(default_factory=list)


class Found(NamedTuple):
    """What a sheet holds: its plain figures, what else stands in its open cells, and in cells that are no texts."""

    figures: Figures
    typed: Contents
    others: Mapping[bytes, CellContent]
