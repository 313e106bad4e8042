"""Dates as people type them: day before month, always."""

import datetime as dt
import re

_DATE = re.compile(r"(?:ngày )?(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{4})", re.IGNORECASE)
_DATE_IN_WORDS = re.compile(r"(?:ngày )?(\d{1,2}) tháng (\d{1,2}) năm (\d{4})", re.IGNORECASE)
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00)?)?")
_LIKE_A_DATE = re.compile(r"(?:ngày )?\d{1,2}\s?([/.-])\s?\d{1,2}\s?\1\s?(?:\d{2}|\d{4})", re.IGNORECASE)


def typed_date(text: str) -> dt.date | None:
    """The date a normalised text says, day before month or in the ISO form; None if there is no such day.

    >>> str(typed_date("ngày 5/3/2023")), typed_date("12/25/2023")
    ('2023-03-05', None)
    """
    text = text.rstrip(" .")
    iso, usual, words = _ISO_DATE.fullmatch(text), _DATE.fullmatch(text), _DATE_IN_WORDS.fullmatch(text)
    year, month, day = (
        iso.groups() if iso else usual.group(4, 3, 1) if usual else words.group(3, 2, 1) if words else ("0", "0", "0")
    )
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def looks_like_a_date(text: str) -> bool:
    """Whether a text is written like a date, even with two digits of the year or with a day that never was."""
    return _LIKE_A_DATE.fullmatch(text) is not None or typed_date(text) is not None


def iso_date(date: dt.date) -> str:
    """``2023-03-05``, with four digits of the year."""
    return f"{date.year:04d}-{date.month:02d}-{date.day:02d}"
