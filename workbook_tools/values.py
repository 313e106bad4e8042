"""What stands in a cell → a value, or a reason why not. Nothing is guessed, dropped or changed in silence.

The cheap cases come first: numbers, then words that say why there is no number, then typed numbers. No content of a
cell raises; what is not understood is unreadable and has a note of severity error.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workbook_tools.cell_display import (
    date_from_serial,
    is_date_format,
    is_percent_format,
    shown_date,
    shown_decimals,
    shown_number,
)
from workbook_tools.number_cells import as_seen, exact_decimal
from workbook_tools.number_phrases import Phrase, Row, percent_row, read_phrase
from workbook_tools.numerals import (
    EXACT,
    LONGEST_NUMBER,
    NEAR,
    ParsedNumber,
    finite,
    format_brief,
    format_number,
    parse_number,
)
from workbook_tools.readings import Note, Reading, Status
from workbook_tools.text import accentless_key, matching_key, normalize_text, without_surrogates
from workbook_tools.typed_dates import iso_date, looks_like_a_date, typed_date
from workbook_tools.typed_formulas import result_of, written_out
from workbook_tools.typed_text import slip_in, without_line_breaks

__all__ = [
    "Note", "ParsedNumber", "Reading", "Status", "accentless_key", "format_brief", "format_number", "matching_key",
    "normalize_text", "parse_number", "read_value",
]  # fmt: skip

NUMBER_KINDS = frozenset({"number", "count", "money", "percent"})

ERROR_TEXTS = frozenset({
    "#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#GETTING_DATA",
    "#BLOCKED!", "#BUSY!", "#CONNECT!", "#EXTERNAL!", "#PYTHON!", "#UNKNOWN!", "#ERROR!",
})  # fmt: skip
"""What Excel shows instead of a result."""

STATUS_WORDS: dict[str, Status] = {
    matching_key(words): status
    for status, phrases in (
        (Status.NIL, "không|ko|không có|không phát sinh|chưa phát sinh|0 có"),
        (Status.NOT_APPLICABLE, "x|không áp dụng"),
        (Status.NOT_AVAILABLE, "chưa có số liệu|chưa có|không có số liệu|chưa thống kê|chưa tổng hợp|n/a"),
    )
    for words in phrases.split("|")
}
"""Words that say why there is no number: none arisen, not applicable, not available."""

_ERROR_OF_OTHERS = re.compile(r"ERR:\d{3}")
_DASHES = re.compile("[-–—−‐‑―]{1,5}")
_DOTS = re.compile("[.…]{2,}|…")
_SEPARATE = tuple(map(matching_key, ("báo cáo riêng", "bc riêng", "báo cáo chi tiết riêng")))
_NEGATIONS = frozenset(map(matching_key, ("không", "chưa", "ko")))
_SHORT = 80


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell with what is known of its row."""

    content: object
    kind: str
    row: Row
    number_format: str
    choices: Sequence[str]
    raw: str
    formula: str = ""

    def refused(self, code: str, **details: object) -> Reading:
        return self.reading(Status.UNREADABLE, Note(code, details))

    def reading(self, status: Status, *notes: Note, text: str = "") -> Reading:
        """A reading of this cell; every note shows what stood in it."""
        told = tuple(Note(note.code, {**note.details, "raw": _shortened(self.raw)}) for note in notes)
        return Reading(status, text=text, raw=self.raw, notes=told)


def read_value(
    content: object,
    *,
    kind: str,
    unit: str = "",
    number_format: str = "General",
    references: Sequence[float] = (),
    choices: Sequence[str] = (),
    signed: bool = False,
    formula: str = "",
) -> Reading:
    """What a cell holds: a value in the row's unit, the reason why there is none, and what had to be bridged.

    Args:
        content: what the workbook holds: text, number, date, truth value or None.
        kind: number, count, money, percent, text, choice or date; an unknown kind is read as text.
        unit: the row's unit of measure.
        number_format: Excel's format of the cell.
        references: other figures of the row (plan, last year); they decide between two readings of 28,333.
        choices: what a choice may be; without any, every text is taken.
        signed: the row is a change or growth: negative counts and "tăng", "giảm" are understood.
        formula: the cell's own formula, whose result ``content`` is; "=115/116" is not yet a percentage.
    """
    content = _as_shown(content, number_format)
    percent = percent_row(kind, unit)
    usable = tuple(reference for reference in references if reference and math.isfinite(reference))
    row = Row(unit.strip() or "%" * percent, kind == "count", percent, signed, usable)
    cell = _Cell(content, kind, row, number_format, choices, _raw(content, number_format), formula)
    if not normalize_text(cell.raw):
        return cell.reading(Status.MISSING)
    if isinstance(content, str) and _is_error_text(content):
        return cell.refused("value.error_cell")
    return _READERS.get("number" if kind in NUMBER_KINDS else kind, _read_text)(cell)


def _as_shown(content: object, number_format: str) -> object:
    """A number that Excel shows as a date, as that date."""
    if isinstance(content, (int, float, Decimal)) and not isinstance(content, bool) and is_date_format(number_format):
        exact = exact_decimal(content)
        return (date_from_serial(exact) if exact.is_finite() else None) or content
    return content


def _raw(content: object, number_format: str) -> str:
    """What the official sees in the cell."""
    if content is None:
        return ""
    if isinstance(content, bool):
        return "TRUE" if content else "FALSE"
    if isinstance(content, (int, float, Decimal)):
        return shown_number(exact_decimal(content), is_percent_format(number_format))
    if isinstance(content, (dt.date, dt.time, dt.timedelta)):
        return shown_date(content)
    return without_surrogates(str(content))


def _is_error_text(content: str) -> bool:
    text = normalize_text(content).upper()
    return text in ERROR_TEXTS or _ERROR_OF_OTHERS.fullmatch(text) is not None


def _read_number(cell: _Cell) -> Reading:
    content = cell.content
    if isinstance(content, bool):
        return cell.refused("value.logical")
    if isinstance(content, (dt.date, dt.time, dt.timedelta)):
        return cell.refused("value.date_cell", shown=cell.raw)
    if isinstance(content, (int, float, Decimal)):
        return _read_numeric(cell, content)
    return _read_typed_number(cell, without_line_breaks(cell.raw))


def _read_numeric(cell: _Cell, content: float | Decimal) -> Reading:
    shown = as_seen(content, cell.number_format, cell.formula, cell.row)
    if shown.value is None:
        return cell.reading(Status.UNREADABLE, *shown.notes)
    return _number(cell, shown)


def _read_typed_number(cell: _Cell, text: str) -> Reading:
    status = _status_in_words(text)
    if status:
        return cell.reading(status)
    if len(text) > LONGEST_NUMBER:
        return cell.refused("value.unreadable")
    if looks_like_a_date(text):
        return cell.refused("value.date_cell", shown=text)
    slip = slip_in(cell.raw, text)
    if slip:
        return cell.reading(Status.UNREADABLE, slip)
    return _number(cell, _typed_sum(text, cell.row) or read_phrase(text, cell.row))


def _typed_sum(text: str, row: Row) -> Phrase | None:
    """What a formula of numbers comes to that stands in the cell as text; None for every other text."""
    formula = written_out(text, row.whole) if text.startswith("=") else None
    result = result_of(formula) if formula else None
    if result is None or finite(result) is None:
        return None
    value = exact_decimal(result)
    return Phrase(value, "", shown_decimals(result, "General"), (_reckoned(text, value),))


def _reckoned(formula: str, value: Decimal) -> Note:
    return Note("value.formula_reckoned", {"formula": formula, "value": format_brief(value)})


def _status_in_words(text: str) -> Status | None:
    """The status a text says in words or signs instead of a number."""
    bare = text.strip("()[] ")
    if _DASHES.fullmatch(bare.replace(" ", "")):
        return Status.NIL
    if _DOTS.fullmatch(bare.replace(" ", "")):
        return Status.NOT_AVAILABLE
    key = matching_key(bare)
    if len(text) <= _SHORT and any(words in key for words in _SEPARATE):
        said_not = _NEGATIONS.intersection(key.split()) or bare[:1].isdigit()
        return None if said_not else Status.SEPARATE_REPORT
    return Status.NOT_APPLICABLE if bare == "×" else STATUS_WORDS.get(key)


def _number(cell: _Cell, phrase: Phrase) -> Reading:
    """The reading of a number, with what its kind expects of it."""
    if phrase.value is None:
        return cell.reading(Status.UNREADABLE, *phrase.notes)
    value = finite(phrase.value)
    if value is None:
        return cell.refused("value.not_finite")
    notes = phrase.notes + tuple(_doubts(cell, phrase.value, phrase.has_unit))
    reading = cell.reading(Status.VALUE, *notes)
    return replace(reading, value=value, qualifier=phrase.qualifier, decimals=phrase.decimals)


def _doubts(cell: _Cell, value: Decimal, has_unit: bool) -> list[Note]:
    doubts = []
    shown = {"value": format_brief(value)}
    if cell.kind == "count" and value != value.to_integral_value(context=EXACT):
        doubts.append(Note("value.not_whole", shown))
    if cell.kind == "count" and value < 0 and not cell.row.signed:
        doubts.append(Note("value.negative", shown))
    bigger = [reference for reference in cell.row.references if abs(reference) > NEAR * value]
    if cell.row.percent and not has_unit and 0 < value <= 1 and bigger:
        doubts.append(Note("value.maybe_fraction", {**shown, "reference": format_brief(bigger[0])}))
    return doubts


def _read_text(cell: _Cell) -> Reading:
    return cell.reading(Status.VALUE, text=normalize_text(cell.raw))


def _read_choice(cell: _Cell) -> Reading:
    text = normalize_text(cell.raw)
    if not cell.choices:
        return _read_text(cell)
    for same in (normalize_text, matching_key):
        for choice in cell.choices:
            if same(choice) == same(text):
                return cell.reading(Status.VALUE, text=normalize_text(choice))
    status = _status_in_words(text)
    if status:
        return cell.reading(status)
    return cell.refused("value.not_a_choice", choices="; ".join(map(normalize_text, cell.choices)))


def _read_date(cell: _Cell) -> Reading:
    content = cell.content
    if isinstance(content, dt.date):
        return cell.reading(Status.VALUE, text=iso_date(content))
    text = normalize_text(cell.raw)
    date = typed_date(text) if isinstance(content, str) else None
    if date:
        return cell.reading(Status.VALUE, text=iso_date(date))
    status = _status_in_words(text)
    return cell.reading(status) if status else cell.refused("value.not_a_date")


def _shortened(raw: str) -> str:
    text = normalize_text(raw)
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"


_READERS: dict[str, Callable[[_Cell], Reading]] = {
    "number": _read_number,
    "choice": _read_choice,
    "date": _read_date,
    "text": _read_text,
}
