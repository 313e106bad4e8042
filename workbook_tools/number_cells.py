"""A number in a cell as the official sees it: formats that change what it says, digits Excel no longer keeps."""

import re
from decimal import Decimal

from workbook_tools.cell_display import is_percent_format, shown_decimals, shown_scale, shown_words
from workbook_tools.number_phrases import Phrase, Row
from workbook_tools.numerals import (
    EXACT,
    EXACT_DIGITS,
    finite,
    format_brief,
    format_decimal,
    format_number,
    is_near,
    significant_digits,
)
from workbook_tools.readings import Note
from workbook_tools.typed_formulas import is_bare_quotient
from workbook_tools.unit_conversion import Fit, conversion

LARGEST_FRACTION = Decimal(2)
"""A quotient up to here, 200 %, may be a rate that was not multiplied by 100."""

HUNDRED = Decimal(100)


def exact_decimal(content: float | Decimal) -> Decimal:
    """A number of a cell exactly; of a float the digits that Excel keeps.

    >>> exact_decimal(0.1 + 0.2)
    Decimal('0.3')
    """
    if isinstance(content, float) and abs(content) < 10**EXACT_DIGITS:
        return Decimal(f"{content:.{EXACT_DIGITS}g}")
    return Decimal(repr(content)) if isinstance(content, float) else Decimal(content)


def as_seen(content: float | Decimal, number_format: str, formula: str, row: Row) -> Phrase:
    """The number a cell shows, in the row's unit, or None and the notes that say why it cannot be told."""
    exact = exact_decimal(content)
    if finite(exact) is None:
        return _refused("value.not_finite")
    if is_percent_format(number_format):
        return _percentage(exact, number_format, row)
    others = [reference for reference in row.references if reference != float(exact)]
    phrase = Phrase(exact, "", shown_decimals(float(content), number_format), _lost_digits(exact))
    if row.percent and is_bare_quotient(formula) and 0 < exact <= LARGEST_FRACTION:
        return _decided(phrase, EXACT.multiply(exact, HUNDRED), "value.quotient", others)
    factor = _factor_shown(number_format, row.unit)
    if factor == 1:
        return phrase
    return _decided(phrase, None if factor is None else EXACT.multiply(exact, factor), "value.format_misleads", others)


def _percentage(exact: Decimal, number_format: str, row: Row) -> Phrase:
    value = exact.scaleb(2, EXACT)
    if finite(value) is None:
        return _refused("value.not_finite")
    if not row.percent:
        return _refused("value.unit_mismatch", typed_unit="%", unit=row.unit or "—")
    notes = _lost_digits(exact)
    others = [reference for reference in row.references if reference != float(exact)]
    if exact > LARGEST_FRACTION and is_near(exact, others) and not is_near(value, others):
        notes += (Note("value.maybe_hundredfold", {"value": format_brief(value), "typed": format_brief(exact)}),)
    return Phrase(value, "", shown_decimals(float(exact), number_format), notes, has_unit=True)


def _lost_digits(exact: Decimal) -> tuple[Note, ...]:
    """Beyond 15 digits Excel has put zeros: a large number has lost what stood there."""
    digits = max(significant_digits(exact), exact.adjusted() + 1)
    if digits <= EXACT_DIGITS:
        return ()
    is_written_out = digits <= 2 * EXACT_DIGITS
    value = format_number(float(exact)) if is_written_out else format_brief(exact)
    return (Note("value.precision_lost", {"digits": digits, "value": value}),)


def _factor_shown(number_format: str, unit: str) -> Decimal | None:
    """What a format makes of a number of the row's unit; None if what it shows is no number of that unit at all."""
    scale, words = shown_scale(number_format), shown_words(number_format)
    if re.search(r"\d", words):
        return None
    found = conversion(words, unit)
    if found is None or found.fit is Fit.UNKNOWN:
        return Decimal(1).scaleb(-scale)
    return None if found.fit is Fit.MISMATCH else found.factor.scaleb(-scale, EXACT)


def _decided(phrase: Phrase, other: Decimal | None, code: str, references: list[float]) -> Phrase:
    """Of the number as stored and the number as shown the one that is near the other figures of its row."""
    stored = phrase.value or Decimal(0)
    details = {"stored": format_decimal(stored), "shown": "…" if other is None else format_brief(other)}
    near = [one for one in (stored, other) if one is not None and is_near(one, references)]
    if not stored:
        return phrase
    if len(near) != 1 or other is None:
        return _refused(code, **details)
    value = near[0]
    note = Note("value.format_decided", {**details, "value": format_brief(value)})
    decimals = phrase.decimals if value == stored else max(0, -int(value.normalize(EXACT).as_tuple().exponent))
    return Phrase(value, "", decimals, (*phrase.notes, note), has_unit=True)


def _refused(code: str, **details: object) -> Phrase:
    return Phrase(None, notes=(Note(code, details),))
