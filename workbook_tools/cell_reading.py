"""Reads one cell of a form: what was typed, reckoned or left blank there, in the unit of its row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workbook_tools.cell_display import hides_number
from workbook_tools.cells import FigureName, Position
from workbook_tools.indicators import Kind, Role
from workbook_tools.numerals import EXACT, finite, format_brief
from workbook_tools.readings import Note, Reading, Status
from workbook_tools.typed_formulas import is_sum_of_numbers, result_of
from workbook_tools.unit_column import StatedUnit
from workbook_tools.values import read_value
from workbook_tools.workbook_contents import CellContent


@dataclass(frozen=True)
class Place:
    """A cell with what its row says of it."""

    name: FigureName
    label: str
    role: Role
    position: Position
    kind: Kind
    unit: StatedUnit
    choices: tuple[str, ...]
    signed: bool
    references: Sequence[float] = ()
    is_refused: bool = False


def read_cell(place: Place, content: CellContent) -> Reading:
    """What the cell says; of a refused cell only that something stands there."""
    reading = _formula(place, content) if content.formula else _typed(place, content)
    if (place.is_refused or place.unit.is_refused) and reading.status != Status.MISSING:
        return Reading(Status.UNREADABLE, raw=reading.raw)
    return reading


def _formula(place: Place, content: CellContent) -> Reading:
    """Formulas of the form are computed by us; what an official reckons in a cell counts as typed."""
    typed = is_sum_of_numbers(content.formula)
    if place.role is Role.FORMULA and not typed:
        return Reading(Status.MISSING, raw="" if content.value is None else str(content.value))
    formula = {"formula": content.formula}
    if content.is_calculated:
        return _noted(_typed(place, content), Note("value.formula_in_input", formula))
    result = result_of(content.formula)
    if result is None:
        note = Note("value.formula_not_calculated", formula)
        return Reading(Status.UNREADABLE, raw=content.formula, notes=(note,))
    reading = _typed(place, CellContent(result, number_format=content.number_format))
    return _noted(reading, Note("value.formula_reckoned", {**formula, "value": format_brief(Decimal(repr(result)))}))


def _typed(place: Place, content: CellContent) -> Reading:
    scaled = place.unit.factor != 1
    # "12,5 nghìn con" is a whole number of "con": whether a count is one is asked once it is converted.
    kind = Kind.NUMBER if scaled and place.kind is Kind.COUNT else place.kind
    reading = read_value(
        content.value,
        kind=kind,
        unit=place.unit.unit,
        number_format=content.number_format,
        references=place.references,
        choices=place.choices,
        signed=place.signed,
        formula=content.formula,
    )
    if reading.value is not None and _is_hidden(content):
        reading = replace(reading, notes=(*reading.notes, Note("value.not_shown", {"raw": reading.raw})))
    return _converted(place, reading) if scaled and reading.value is not None else reading


def _is_hidden(content: CellContent) -> bool:
    """Whether the official does not see the number that a cell holds; a zero is often hidden on purpose."""
    value = content.value
    if not isinstance(value, int | float) or not value:
        return False
    return content.is_unseen or hides_number(content.number_format, 1 if value > 0 else -1)


def _converted(place: Place, reading: Reading) -> Reading:
    """The reading in the unit of the form."""
    assert reading.value is not None
    exact = EXACT.multiply(Decimal(repr(reading.value)), place.unit.factor)
    value = finite(exact)
    if value is None:
        return Reading(Status.UNREADABLE, raw=reading.raw, notes=(Note("value.not_finite", {"raw": reading.raw}),))
    shown = {"value": format_brief(exact), "raw": reading.raw}
    notes = reading.notes
    if place.kind is Kind.COUNT and exact != exact.to_integral_value(context=EXACT):
        notes += (Note("value.not_whole", shown),)
    if place.kind is Kind.COUNT and exact < 0 and not place.signed:
        notes += (Note("value.negative", shown),)
    # A size in thousands is known to three digits less.
    decimals = max(0, reading.decimals - max(0, place.unit.factor.adjusted()))
    return replace(reading, value=value, decimals=decimals, notes=notes)


def _noted(reading: Reading, note: Note) -> Reading:
    return replace(reading, notes=(note, *reading.notes))


def printed_decimals(content: CellContent, reading: Reading) -> int:
    """Digits after the separator as typed: a number cell keeps no trailing zeros, whatever its format shows."""
    if isinstance(content.value, float) and reading.value is not None:
        digits = repr(reading.value)
        return len(digits.partition(".")[2]) if "e" not in digits and not reading.value.is_integer() else 0
    return 0 if isinstance(content.value, int) else reading.decimals
