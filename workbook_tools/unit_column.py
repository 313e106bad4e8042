"""The units of measure that a sheet that came back states: in its unit column, its headings, a line above a table.

Whoever writes "nghìn ha" in the place of "ha" says that the figures are thousands: they are converted and told of,
never taken as they stand. Where a unit cannot be converted, the figures beside it are not taken.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from workbook_tools.cells import Position
from workbook_tools.indicators import Indicator, Kind, ListBlock, ListField
from workbook_tools.sheet_columns import Head
from workbook_tools.sheet_matching import MatchedSheet, details_of
from workbook_tools.text import matching_key, normalize_text
from workbook_tools.unit_conversion import Fit, conversion

_BRACKETED = re.compile(r"\(([^()]+)\)\s*$")


@dataclass(frozen=True)
class StatedUnit:
    """The unit that figures are typed in; one of it is ``factor`` of the form's. Refused if that is not known."""

    unit: str
    factor: Decimal = Decimal(1)
    is_refused: bool = False


@dataclass(frozen=True)
class _UnitLine:
    """A line such as "Đơn vị tính: triệu đồng"."""

    place: Position
    text: str
    unit: str


class UnitColumn:
    """The units of one sheet."""

    def __init__(self, sheet: MatchedSheet) -> None:
        self.sheet = sheet
        self.lines_told: set[Position] = set()

    def of_row(self, indicator: Indicator, row: int, head: Head) -> StatedUnit:
        """The unit of a row of indicators, with a finding where it is not the form's."""
        if not indicator.kind.is_numeric or not indicator.unit:
            return StatedUnit(indicator.unit)
        place = Position(row, head.places.get("unit", 0))
        stated = self.sheet.texts.get(place.row, {}).get(place.column, "")
        if normalize_text(stated):
            self._tell_line(indicator, row)
            return self._judged(stated, indicator, place)
        line = self._line_above(row)
        fit = conversion(line.unit, indicator.unit) if line else None
        if line and fit and fit.fit is Fit.CONVERTED:
            return self._judged(line.unit, indicator, line.place)
        return StatedUnit(indicator.unit)

    def _judged(self, stated: str, indicator: Indicator, place: Position) -> StatedUnit:
        known = StatedUnit(indicator.unit)
        if matching_key(stated) == matching_key(indicator.unit):
            return known
        fit = conversion(stated, indicator.unit)
        details = {"typed": normalize_text(stated), "unit": indicator.unit, **details_of(indicator)}
        if fit is not None and fit.fit is Fit.SAME:
            return known
        if fit is not None and fit.fit is Fit.CONVERTED:
            self.sheet.report("structure.unit_changed", *place, {**details, "factor": _shown(fit.factor)})
            return StatedUnit(normalize_text(stated), fit.factor)
        if fit is not None and fit.fit is Fit.UNKNOWN and indicator.kind is Kind.COUNT:
            # Another noun for what is counted, "cháu" for "trẻ": a word without a size changes no number.
            self.sheet.report("structure.unit_reworded", *place, details)
            return known
        self.sheet.report("structure.unit_unknown", *place, details)
        return StatedUnit(indicator.unit, is_refused=True)

    def of_column(self, block: ListBlock, column: ListField, head: Head) -> StatedUnit:
        """The unit of a column of a list, as its heading has it in brackets."""
        known = StatedUnit(column.unit)
        place = head.places.get(column.code, 0)
        if not column.unit or not column.kind.is_numeric or not place:
            return known
        stated = self._in_brackets(head, place)
        fit = conversion(stated, column.unit) if stated else None
        if fit is None or fit.fit in (Fit.SAME, Fit.UNKNOWN):
            return known
        label = f"{block.title}, cột {normalize_text(column.heading.splitlines()[0])}"
        details: dict[str, object] = {"typed": stated, "unit": column.unit, "label": label}
        if fit.fit is Fit.CONVERTED:
            self.sheet.report("structure.unit_changed", head.last, place, {**details, "factor": _shown(fit.factor)})
            return StatedUnit(stated, fit.factor)
        self.sheet.report("structure.unit_unknown", head.last, place, details)
        return StatedUnit(column.unit, is_refused=True)

    def _in_brackets(self, head: Head, column: int) -> str:
        """What the lowest heading of a column has in brackets at its end."""
        for row in range(head.last, head.first - 1, -1):
            if bracketed := _BRACKETED.search(normalize_text(self.sheet.texts.get(row, {}).get(column, ""))):
                return bracketed[1].strip()
        return ""

    def _line_above(self, row: int) -> _UnitLine | None:
        """The line with a unit that stands over the table of a row, below the table before."""
        if not self._lines:
            return None
        heads = [one for one in self.sheet.columns.heads if one.last < row]
        before = heads[-2].last if len(heads) > 1 else 0
        found = [line for at, line in self._lines.items() if before < at < row]
        return found[-1] if found else None

    def _tell_line(self, indicator: Indicator, row: int) -> None:
        """A finding where such a line says something else than the unit column, which counts."""
        line = self._line_above(row)
        if line is None or line.place in self.lines_told:
            return
        fit = conversion(line.unit, indicator.unit)
        if fit is not None and fit.fit is Fit.CONVERTED:
            self.lines_told.add(line.place)
            self.sheet.report("structure.unit_line", *line.place, {"line": line.text, "unit": indicator.unit})

    @cached_property
    def _lines(self) -> dict[int, _UnitLine]:
        """Lines with a unit by row, top to bottom; those of the form itself are none."""
        words = [matching_key(word) for word in self.sheet.catalogue.settings.get("synonyms.unit", "").split(";")]
        lines: dict[int, _UnitLine] = {}
        for row, cells in self.sheet.texts.items():
            for column, typed in cells.items():
                before, colon, unit = typed.partition(":") if ":" in typed else ("", "", "")
                if colon and matching_key(before) in words:
                    text = normalize_text(typed).strip("()[] ")
                    lines[row] = _UnitLine(Position(row, column), text, normalize_text(unit).strip("()[] "))
        return lines


def _shown(factor: Decimal) -> str:
    return f"{factor.normalize():,f}".translate(str.maketrans(",.", ".,"))
