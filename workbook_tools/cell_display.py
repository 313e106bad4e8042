"""What Excel shows of a cell: percent and date formats, decimals, numbers and dates as the official sees them."""

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache

from workbook_tools.numerals import EXACT, EXACT_DIGITS

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]|[^"]')
_SCALED = re.compile(r"[0#?](,+)(?![0#?,])")
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ELAPSED = re.compile(r"\[([hms])\1*\]", re.IGNORECASE)
_CONDITION = re.compile(r"\[[<>=]")
_SHOWS = re.compile(r"[0#?@]|general|standard|[ymdhse]", re.IGNORECASE)
_PARTS_OF_SECONDS = re.compile(r"(?<=s)[.,]0+", re.IGNORECASE)
_DATE_FORMAT = re.compile(r"(?=.*[ymdhs])[ymdhsgeabptz/:.,()+'\-\s]*", re.IGNORECASE)
_FIRST_SERIAL, _LAST_SERIAL = 61, 2_958_465
"""1 March 1900 (before it Excel counts a day that never was) and 31 December 9999."""


@lru_cache(maxsize=1024)
def is_percent_format(number_format: str) -> bool:
    """Whether Excel shows a number as a percentage."""
    return "%" in _section(number_format, 1)


@lru_cache(maxsize=1024)
def is_date_format(number_format: str) -> bool:
    """Whether Excel shows a number as a date or time: letters of a date and nothing else outside quotes and brackets.

    >>> is_date_format('[$-42A]dd" tháng "mm;@'), is_date_format("[h]:mm"), is_date_format('#,##0 "hộ/ngày"')
    (True, True, False)
    """
    if number_format == "General":
        return False
    plain = _QUOTED.sub("", _ELAPSED.sub(r"\1", number_format))
    shown = next(filter(str.strip, plain.split(";")), "")
    return _DATE_FORMAT.fullmatch(_PARTS_OF_SECONDS.sub("", shown)) is not None


@lru_cache(maxsize=1024)
def hides_number(number_format: str, sign: int) -> bool:
    """Whether Excel shows nothing of a number but fixed words, or nothing at all.

    >>> hides_number(";;;", 1), hides_number('"";-0;""', -1), hides_number("#,##0", 1), hides_number('"đạt"', 1)
    (True, False, False, True)
    """
    plain = _ELAPSED.sub(r"\1", number_format)
    if _CONDITION.search(plain):
        return not _SHOWS.search(_QUOTED.sub("", plain))
    return bool(plain) and not _SHOWS.search(_section(plain, sign))


@lru_cache(maxsize=1024)
def shown_scale(number_format: str) -> int:
    """By how many powers of ten Excel shows a number smaller than it is.

    >>> shown_scale("#,##0,,"), shown_scale("#,##0.00")
    (6, 0)
    """
    found = _SCALED.search(_section(number_format, 1).partition(".")[0])
    return 3 * len(found[1]) if found else 0


@lru_cache(maxsize=1024)
def shown_words(number_format: str) -> str:
    """The words a format puts beside a number.

    >>> shown_words('#,##0" tỷ đồng";-0'), shown_words("#,##0.00")
    ('tỷ đồng', '')
    """
    words = ""
    for found in _LITERAL.finditer(number_format):
        if found[0] == ";":
            break
        words += found[1] or found[2] or ""
    return words.strip()


def shown_decimals(value: float, number_format: str) -> int:
    """How many decimals Excel shows of a value."""
    percent, places = _decimal_places(number_format, (value > 0) - (value < 0))
    typed = max(0, _decimals(value) - 2 * percent)
    return typed if places is None else min(len(places), max(typed, places.count("0")))


def shown_number(value: Decimal, percent: bool = False) -> str:
    """A number as the official sees it, all digits, decimal comma: ``1234,5``; a percentage with its sign."""
    if not value.is_finite():
        return str(value)
    if value and not -EXACT_DIGITS <= value.adjusted() <= 2 * EXACT_DIGITS:
        return f"{value:.{EXACT_DIGITS}g}".replace(".", ",").upper()
    text = f"{value.scaleb(2, EXACT) if percent and value else value:f}"
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    return plain.replace(".", ",") + "%" * percent


def shown_date(content: dt.date | dt.time | dt.timedelta) -> str:
    """A date or time as a Vietnamese Excel shows it: ``05/03/2023``."""
    if isinstance(content, dt.datetime) and content.time() != dt.time():
        return f"{shown_date(content.date())} {content:%H:%M:%S}"
    if isinstance(content, dt.date):
        return f"{content.day:02d}/{content.month:02d}/{content.year:04d}"
    return str(content)


def date_from_serial(serial: float | Decimal) -> dt.date | dt.timedelta | None:
    """The date, or below one day the time, that Excel shows for a number, 1900 calendar; None outside of it."""
    if 0 <= serial < 1:
        return dt.timedelta(seconds=round(float(serial) * 86400))
    if not _FIRST_SERIAL <= serial < _LAST_SERIAL + 1:
        return None
    return dt.date(1899, 12, 30) + dt.timedelta(days=int(serial))


@lru_cache(maxsize=1024)
def _decimal_places(number_format: str, sign: int) -> tuple[bool, str | None]:
    """Whether it is a percentage, and the digit signs after the point; None if the format leaves them to Excel."""
    section = _section(number_format, sign)
    if not re.search("[0#?]", section) or "E" in section.upper():
        return "%" in section, None
    return "%" in section, re.sub("[^0#?]", "", section.partition(".")[2])


def _section(number_format: str, sign: int) -> str:
    """The part of a format that applies to a sign, without its literal text."""
    sections = _QUOTED.sub("", number_format).split(";")
    wanted = {-1: 1, 0: 2}.get(sign, 0)
    return sections[wanted] if wanted < len(sections) else sections[0]


def _decimals(value: float) -> int:
    if value.is_integer():
        return 0
    exponent = Decimal(f"{value:.{EXACT_DIGITS}g}").as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
