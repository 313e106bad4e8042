"""How far a form is filled, field by field: as live formulas, and as the results that stand in them when it is sent."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from workbook_tools.cells import MEASURES, Position, column_letters, quote_sheet
from workbook_tools.figure_cube import CellFigure
from workbook_tools.form_layout import FormLayout, PlacedBlock, PlacedField
from workbook_tools.formulas import Figure
from workbook_tools.indicators import GroupRow, Indicator, IndicatorBlock, Role

THIS_YEAR = "actual"
MOST_ARGUMENTS = 200
"""Excel knows at most 255 arguments of a function."""

_SIGNS = (".", ",", " ", "\u00a0")
_DIGITS = re.compile(r"[0-9]+")

Shown = Mapping[Figure, CellFigure]
"""What a form shows of the figures that are not blank in it."""


@dataclass(frozen=True, slots=True)
class FieldProgress:
    """How far one field is filled; ``has_typed_texts`` if numbers stand in it as text: Excel passes those over."""

    filled: int = 0
    missing: int = 0
    has_typed_texts: bool = False


@dataclass(frozen=True)
class FieldCells:
    """The cells of a field that its progress looks at, as areas that formulas can name."""

    placed: PlacedField
    inputs: tuple[str, ...]
    """This year's input cells, one area for each run of rows."""
    number_of_inputs: int
    required: tuple[str, ...]
    """This year's cells of required rows."""
    number_of_required: int
    numbers: tuple[str, ...]
    """The rows whose figures are numbers, from the first figure of a row to the last."""

    @property
    def count_of_filled(self) -> str:
        """Formula of how many inputs are filled."""
        return counted("COUNTA", self.inputs)

    @property
    def count_of_missing(self) -> str:
        """Formula of how many required cells are blank."""
        return "=" + ("+".join(f"COUNTBLANK({area})" for area in self.required) or "0")

    @property
    def count_of_typed_texts(self) -> str:
        """Formula, without ``=``, of how many cells hold a number as text, or an error."""
        parts = (f"SUMPRODUCT({is_typed_text(area, '*')}+ISERROR({area}))" for area in self.numbers)
        return "+".join(parts)


def counted(function: str, areas: Sequence[str]) -> str:
    """A formula that counts over areas.

    >>> counted("COUNTA", ["A1:A3", "A5"]), counted("COUNTA", [])
    ('=COUNTA(A1:A3,A5)', '=0')
    """
    groups = (areas[first : first + MOST_ARGUMENTS] for first in range(0, len(areas), MOST_ARGUMENTS))
    return "=" + ("+".join(f"{function}({','.join(group)})" for group in groups) or "0")


def is_typed_text(area: str, both: str = "") -> str:
    """Formula, without ``=``, that is true where a cell holds a number as text; ``*`` for ``both`` takes many cells."""
    bare = area
    for sign in ('"."', '","', '" "', "CHAR(160)"):
        bare = f'SUBSTITUTE({bare},{sign},"")'
    text, number = f"ISTEXT({area})", f"ISNUMBER(--{bare})"
    return f"{text}*{number}" if both else f"AND({text},{number})"


def is_number_as_text(value: CellFigure) -> bool:
    """Whether a cell holds a number as text, as the formula above sees it.

    >>> is_number_as_text("1.422,5"), is_number_as_text("trên 2.000"), is_number_as_text("-"), is_number_as_text(5)
    (True, False, False, False)
    """
    if not isinstance(value, str):
        return False
    for sign in _SIGNS:
        value = value.replace(sign, "")
    return bool(_DIGITS.fullmatch(value))


@dataclass(frozen=True)
class ProgressPlan:
    """What the progress of the forms of one layout looks at."""

    layout: FormLayout

    @cached_property
    def fields(self) -> tuple[FieldCells, ...]:
        """The cells of each field."""
        return tuple(_cells_of(self.layout, placed) for placed in self.layout.fields)

    @cached_property
    def _fields_of(self) -> dict[str, int]:
        """The number of the field that each indicator of the form stands in."""
        return {
            row.content.code: number
            for number, placed in enumerate(self.layout.fields)
            for block in placed.blocks
            for row in block.rows
            if isinstance(row.content, Indicator)
        }

    def progress(self, shown: Shown) -> list[FieldProgress]:
        """How far each field is filled that shows these figures."""
        filled, done, texts = ([0] * len(self.fields) for _ in range(3))
        for figure, value in shown.items():
            number = self._fields_of.get(figure.indicator)
            if number is None or value is None or value == "":
                continue
            indicator = self.layout.catalogue.indicators[figure.indicator]
            if figure.measure == THIS_YEAR:
                role = self.layout.role(indicator, THIS_YEAR)
                filled[number] += role is Role.INPUT
                done[number] += indicator.required and role is not Role.CLOSED
            if indicator.kind.is_numeric:
                texts[number] += is_number_as_text(value)
        return [
            FieldProgress(filled[number], cells.number_of_required - done[number], texts[number] > 0)
            for number, cells in enumerate(self.fields)
        ]


def _cells_of(layout: FormLayout, placed: PlacedField) -> FieldCells:
    inputs: list[Position] = []
    required: list[Position] = []
    numbers: list[str] = []
    for block in placed.blocks:
        if not isinstance(block.block, IndicatorBlock):
            continue
        numbers += _number_areas(placed.sheet, block)
        for row in block.rows if THIS_YEAR in block.columns else ():
            if isinstance(row.content, Indicator):
                place = Position(row.row, block.columns[THIS_YEAR])
                role = layout.role(row.content, THIS_YEAR)
                inputs += [place] if role is Role.INPUT else []
                required += [place] if row.content.required and role is not Role.CLOSED else []
    areas = (tuple(_in_sheet(placed.sheet, area) for area in runs(places)) for places in (inputs, required))
    return FieldCells(placed, next(areas), len(inputs), next(areas), len(required), tuple(numbers))


def _number_areas(sheet: str, block: PlacedBlock) -> Iterator[str]:
    for first, last in number_rows(block):
        columns = [block.columns[measure] for measure in MEASURES if measure in block.columns]
        if columns:
            ends = (Position(first, min(columns)).name, Position(last, max(columns)).name)
            yield _in_sheet(sheet, ":".join(ends))


def number_rows(block: PlacedBlock) -> Iterator[tuple[int, int]]:
    """First and last row of each run of rows whose figures are numbers; headings of groups do not end a run."""
    rows = [(row.row, isinstance(row.content, Indicator) and row.content.kind.is_numeric, row) for row in block.rows]
    kept = [(number, is_number) for number, is_number, row in rows if not isinstance(row.content, GroupRow)]
    for is_number, run in groupby(kept, key=lambda one: one[1]):
        numbers = [number for number, _ in run]
        if is_number:
            yield numbers[0], numbers[-1]


def runs(places: Iterable[Position]) -> Iterator[str]:
    """The cells of one column, each run of rows as one area.

    >>> list(runs([Position(3, 2), Position(4, 2), Position(7, 2)]))
    ['B3:B4', 'B7']
    """
    ordered = sorted(places, key=lambda place: (place.column, place.row))
    for (column, _), run in groupby(enumerate(ordered), key=lambda one: (one[1].column, one[1].row - one[0])):
        rows = [place.row for _, place in run]
        letters = column_letters(column)
        yield f"{letters}{rows[0]}" if len(rows) == 1 else f"{letters}{rows[0]}:{letters}{rows[-1]}"


def _in_sheet(sheet: str, area: str) -> str:
    return f"{quote_sheet(sheet)}!{area}"
