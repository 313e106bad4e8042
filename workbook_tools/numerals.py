"""The one number parser of the project, and the way numbers are printed.

Numbers follow the Vietnamese convention (1.234,5), but 1,234.5 is understood as well. What can be read two ways
(28,333) is decided by the kind of row and by its other figures, or not at all.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from workbook_tools.readings import Note
from workbook_tools.text import normalize_text

EXACT = Context(prec=1000)
"""Wide enough for every product of a typed number and a factor, and for every float written out."""

LONGEST_NUMBER = 200
"""Characters; a longer text is no number anybody typed."""

EXACT_DIGITS = 15
"""Significant digits that Excel, and a float, keep for certain."""

BRIEF_DIGITS = 6
"""Significant digits of a computed number in a sentence."""

LONGEST_WRITTEN_OUT = 20
"""Powers of ten; a larger number in a sentence is written as 1E+308."""

NEAR = 20
"""Another figure of the row decides between two readings if it is within this factor of exactly one."""

MINUS_SIGNS = "-–−‐‑﹣－"
NUMBER_PATTERN = r"(?:(?<![\w.,])[.,])?[0-9](?:[0-9.,' ]*[0-9])?"
"""A run of digits with separators and blanks between; :func:`parse_digits` says whether it is a number."""

FRACTIONS = {"½": "5", "¼": "25", "¾": "75", "⅕": "2", "⅖": "4", "⅗": "6", "⅘": "8", "⅒": "1",
              "⅛": "1250", "⅜": "3750", "⅝": "6250", "⅞": "8750"}  # fmt: skip
"""Fractions of one sign, by their decimals."""

_SIGNS = str.maketrans({"’": "'", "ʼ": "'", "′": "'", "`": "'", "٬": "'", "٫": ",", "，": ",", "．": ".", "％": "%"})
_SCIENTIFIC = re.compile(r"[-+]?\d+(?:[.,]\d+)?[eE][-+]?\d+")
_TWO_GROUPS = re.compile(r"([1-9]\d{0,2}) (\d{3})")
_STRAY_BLANK = re.compile(r"(?: ([.,])|([.,]) )(?=\d{3}(?!\d))")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?P<mark>[.,' ])\d{3}(?:(?P=mark)\d{3})*")


@dataclass(frozen=True, slots=True)
class ParsedNumber:
    """A number exactly as typed, or None and a note of severity error that says why not."""

    value: Decimal | None
    decimals: int = 0
    notes: tuple[Note, ...] = ()


def parse_number(
    text: str, *, whole: bool = False, percent: bool = False, references: Sequence[float] = ()
) -> ParsedNumber:
    """The number a text consists of, sign included, or the reason why there is none.

    Args:
        text: the number alone, without unit or words.
        whole: a count of things, so that 1.234 can only be 1234.
        percent: a percentage, so that 98,425 is hardly 98425.
        references: other figures of the row (plan, last year), in the same unit.

    >>> parse_number("1.422,5").value
    Decimal('1422.5')
    """
    plain, unusual = plain_digits(normalize_text(text)[: LONGEST_NUMBER + 1])
    if is_scientific(plain):
        return _refused("value.scientific", plain)
    negative = plain[:1] in tuple(MINUS_SIGNS)
    brackets = re.fullmatch(rf"\(({NUMBER_PATTERN})\)", plain)
    body = brackets[1] if brackets else plain[1:].lstrip() if negative or plain.startswith("+") else plain
    parsed = parse_digits(body, whole=whole, percent=percent, references=references)
    if parsed.value is None:
        return parsed
    value = parsed.value.copy_negate() if (negative or brackets) and parsed.value else parsed.value
    notes = parsed.notes
    if brackets:
        notes += (Note("value.brackets_negative", {"raw": text, "value": format_decimal(value)}),)
    if unusual:
        notes += (Note("value.unusual_digits", {"raw": text, "value": format_decimal(value)}),)
    return ParsedNumber(value, parsed.decimals, notes)


def parse_digits(
    digits: str, *, whole: bool = False, percent: bool = False, references: Sequence[float] = ()
) -> ParsedNumber:
    """The number a run of plain digits and separators stands for; see :func:`parse_number`."""
    body = _STRAY_BLANK.sub(r"\1\2", digits)
    if len(body) > LONGEST_NUMBER or not re.fullmatch(r"[.,]?[0-9]+(?:[.,' ][0-9]+)*", body, re.ASCII):
        return _refused("value.unreadable", digits)
    if _can_be_read_two_ways(body):
        return _decided(body, whole, percent, references)
    groups = _TWO_GROUPS.fullmatch(body)
    if groups:
        return _joined(groups, percent, references)
    plain = _with_decimal_point(body)
    return _refused("value.unreadable", digits) if plain is None else _taken(plain, digits)


def plain_digits(text: str) -> tuple[str, bool]:
    """The text with ordinary digits, separators and apostrophes, and whether other digits stood in it."""
    plain = "".join(map(_ordinary_digit, text))
    unusual = plain != text or any(sign in text for sign in FRACTIONS)
    for sign, decimals in FRACTIONS.items():
        if sign in plain:
            plain = re.sub(rf"(?<=\d) ?{sign}(?![\d.,]*\d)", f",{decimals}", plain)
            plain = re.sub(rf"(?<![\d.,]){sign}(?![\d.,]*\d)", f"0,{decimals}", plain)
    return plain.translate(_SIGNS), unusual


def is_scientific(text: str) -> bool:
    """Whether a text is a number such as 1,23E+05: what Excel shows when a column is too narrow."""
    return _SCIENTIFIC.fullmatch(text) is not None


def significant_digits(value: Decimal) -> int:
    """How many digits a number has between its first and its last that is not zero."""
    return len("".join(map(str, value.as_tuple().digits)).strip("0"))


def format_number(value: float, decimals: int | None = None) -> str:
    """A number as a Vietnamese office prints it, rounded half up if ``decimals`` are given.

    >>> format_number(1234.5), format_number(1234.5, 0)
    ('1.234,5', '1.235')
    """
    number = float(value)
    return format_decimal(Decimal(repr(number)), decimals) if math.isfinite(number) else repr(number)


def format_brief(value: float | Decimal) -> str:
    """A number for a sentence: all digits before the comma, six in all, at least two after the comma if it has any.

    Figures as typed are shown with all their digits; this is for what was computed.

    >>> format_brief(-54.1143801188091), format_brief(1234567.891), format_brief(0.1 + 0.2), format_brief(20.0)
    ('-54,1144', '1.234.567,89', '0,3', '20')
    """
    if not math.isfinite(value):
        return str(float(value))
    exact = Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value)
    if exact.adjusted() > LONGEST_WRITTEN_OUT:
        return f"{exact:.{BRIEF_DIGITS}g}".replace(".", ",").upper()
    decimals = max(2, BRIEF_DIGITS - 1 - exact.adjusted()) if exact else 0
    return format_decimal(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, EXACT))


def format_decimal(value: Decimal, decimals: int | None = None) -> str:
    """An exact number as a Vietnamese office prints it; trailing zeros only if ``decimals`` are given."""
    if decimals is not None:
        value = value.quantize(Decimal(1).scaleb(-min(max(decimals, 0), 30)), ROUND_HALF_UP, EXACT)
    text = f"{value.copy_abs():,f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("-" if value < 0 else "") + text.translate(str.maketrans(",.", ".,"))


def finite(value: Decimal | float) -> float | None:
    """The nearest float, or None if there is none."""
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    number = float(value) + 0.0
    return number if math.isfinite(number) else None


def _ordinary_digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None or character.isascii() else str(digit)


def _refused(code: str, typed: str) -> ParsedNumber:
    return ParsedNumber(None, notes=(Note(code, {"raw": typed}),))


def _taken(plain: str, typed: str, *notes: Note) -> ParsedNumber:
    value = Decimal(plain)
    if significant_digits(value) > EXACT_DIGITS:
        details = {"raw": typed, "digits": significant_digits(value), "value": format_number(float(value))}
        notes += (Note("value.precision_lost", details),)
    return ParsedNumber(value, len(plain.partition(".")[2]), notes)


def _can_be_read_two_ways(body: str) -> bool:
    return re.fullmatch(r"(?!0+[.,])\d{1,3}[.,]\d{3}", body) is not None


def _decided(body: str, whole: bool, percent: bool, references: Sequence[float]) -> ParsedNumber:
    """One separator and three digits: what the kind of row and its other figures agree on."""
    thousands, decimal = re.sub("[.,]", "", body), body.replace(",", ".")
    votes = {reading for reading in (thousands, decimal) if is_near(Decimal(reading), references)}
    if len(votes) == 2:
        votes.clear()
    if whole or percent:
        votes.add(thousands if whole else decimal)
    comma = decimal.replace(".", ",")
    details = {"raw": body, "thousands": thousands, "decimal": comma, "clear": comma + "0"}
    if len(votes) != 1:
        return ParsedNumber(None, notes=(Note("value.ambiguous_separator", details),))
    reading = votes.pop()
    details["value"] = thousands if reading == thousands else comma
    return _taken(reading, body, Note("value.separator_decided", details))


def _joined(groups: re.Match[str], percent: bool, references: Sequence[float]) -> ParsedNumber:
    """Two groups of digits with a blank between: thousands, unless another figure is near one of them alone."""
    joined = Decimal(groups[1] + groups[2])
    parts = any(is_near(Decimal(part), references) for part in groups.groups())
    if percent or (parts and not is_near(joined, references)):
        return ParsedNumber(None, notes=(Note("value.two_numbers", {"numbers": "; ".join(groups.groups())}),))
    return ParsedNumber(joined, 0, (Note("value.blank_between", {"value": format_decimal(joined)}),))


def is_near(reading: Decimal, references: Sequence[float]) -> bool:
    """Whether a figure is within the factor :data:`NEAR` of one of the others."""
    sizes = [abs(reference) for reference in references if math.isfinite(reference) and reference]
    return any(size / NEAR <= abs(float(reading)) <= size * NEAR for size in sizes)


def _with_decimal_point(body: str) -> str | None:
    """The digits as Python writes them, or None if the separators do not fit together."""
    last = max(body.rfind("."), body.rfind(","))
    if last >= 0 and body.count(body[last]) == 1 and not _is_grouped_once_more(body):
        head, decimals = body[:last] or "0", body[last + 1 :]
        whole = head if head.isdigit() else _without_groups(head)
        return None if whole is None or not decimals.isdigit() else f"{whole}.{decimals}"
    return body if body.isdigit() else _without_groups(body)


def _is_grouped_once_more(body: str) -> bool:
    """A single point or comma before another separator can only separate thousands, and wrongly."""
    return re.search(r"[.,].*[' ]", body) is not None


def _without_groups(body: str) -> str | None:
    return re.sub(r"\D", "", body) if _GROUPED.fullmatch(body) else None
