"""The periods of reports, however people write them: a year, a part of it, a school year, a crop season.

A period here is a name only. Its days depend on the calendar: the administrative year 2023 runs from 15/12/2022 to
14/12/2023, the statistical one from 1 January to 31 December.
"""

import datetime as dt
import enum
import re
from dataclasses import dataclass
from typing import NamedTuple

from workbook_tools.errors import UnknownPlaceError
from workbook_tools.text import accentless_key, normalize_text


class PeriodKind(enum.StrEnum):
    """What a period is, in the words of the template's settings."""

    YEAR = "năm"
    HALF = "6 tháng"
    NINE_MONTHS = "9 tháng"
    QUARTER = "quý"
    MONTH = "tháng"
    SCHOOL_YEAR = "năm học"
    SEASON = "vụ"


class Calendar(enum.StrEnum):
    """By which days reports are made, in the words of the template's settings."""

    ADMINISTRATIVE = "hành chính"
    STATISTICAL = "thống kê"


class Season(NamedTuple):
    """A crop season: its name, the short one, and its months, counted from January of the year it is named after."""

    name: str
    short: str
    first: int
    last: int

    @property
    def begins_before(self) -> bool:
        """Whether it begins in the year before."""
        return self.first < 1


SEASONS = {
    "DX": Season("Đông Xuân", "ĐX", -1, 6),
    "CX": Season("Chiêm Xuân", "CX", -1, 6),
    "HT": Season("Hè Thu", "HT", 4, 9),
    "TD": Season("Thu Đông", "TĐ", 7, 12),
    "VM": Season("Mùa", "Vụ Mùa", 6, 12),
    "VD": Season("Đông", "Vụ Đông", 10, 14),
}
"""Crop seasons by code. The months are the usual ones; every province has a calendar of its own."""

SCHOOL_YEAR = "SY"
SCHOOL_MONTHS = 9, 17
"""September to May of the next year."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period, made by :func:`parse_period`.

    Codes: ``2023``, ``2023-H1``, ``2023-9M``, ``2023-Q3``, ``2023-06``, ``2023-SY`` (the school year 2023-2024),
    ``2023-DX`` (the winter-spring crop harvested in 2023).
    """

    code: str
    kind: PeriodKind
    year: int

    @property
    def label(self) -> str:
        """The period as a title says it: ``6 tháng đầu năm 2023``."""
        match self.kind:
            case PeriodKind.HALF:
                return f"6 tháng {self._half} năm {self.year}"
            case PeriodKind.NINE_MONTHS:
                return f"9 tháng năm {self.year}"
            case PeriodKind.QUARTER:
                return f"Quý {_ROMAN[self._number - 1]} năm {self.year}"
            case PeriodKind.MONTH:
                return f"Tháng {self._number} năm {self.year}"
            case PeriodKind.SCHOOL_YEAR:
                return f"Năm học {self._years}"
            case PeriodKind.SEASON:
                return f"Vụ {self._season.name} {self._years}"
        return f"Năm {self.year}"

    @property
    def short_label(self) -> str:
        """The period for a narrow heading, a sheet or a file name: ``6T đầu 2023``, ``Q3 2023``, ``T6 2023``."""
        match self.kind:
            case PeriodKind.HALF:
                return f"6T {self._half} {self.year}"
            case PeriodKind.NINE_MONTHS:
                return f"9T {self.year}"
            case PeriodKind.QUARTER:
                return f"Q{self._number} {self.year}"
            case PeriodKind.MONTH:
                return f"T{self._number} {self.year}"
            case PeriodKind.SCHOOL_YEAR:
                return f"NH {self._years}"
            case PeriodKind.SEASON:
                return f"{self._season.short} {self._years}"
        return str(self.year)

    @property
    def words(self) -> str:
        """The period inside a sentence: ``quý III năm 2023``."""
        return self.label[0].lower() + self.label[1:]

    @property
    def planned(self) -> "Period":
        """The period whose plan the figures are compared with: of a part of a year the whole year."""
        if self.kind in (PeriodKind.SCHOOL_YEAR, PeriodKind.SEASON):
            return self
        return _period(PeriodKind.YEAR, self.year, 1)

    @property
    def last_year(self) -> "Period":
        """The same period of the year before: cùng kỳ năm trước."""
        return self._moved(-1)

    @property
    def next_year(self) -> "Period":
        """The same period of the year after."""
        return self._moved(1)

    @property
    def months(self) -> range:
        """The months that the period covers, counted from January of the year 0."""
        match self.kind:
            case PeriodKind.HALF:
                first, last = 6 * self._number - 5, 6 * self._number
            case PeriodKind.NINE_MONTHS:
                first, last = 1, 9
            case PeriodKind.QUARTER:
                first, last = 3 * self._number - 2, 3 * self._number
            case PeriodKind.MONTH:
                first = last = self._number
            case PeriodKind.SCHOOL_YEAR:
                first, last = SCHOOL_MONTHS
            case PeriodKind.SEASON:
                first, last = self._season.first, self._season.last
            case _:
                first, last = 1, 12
        return range(12 * self.year + first - 1, 12 * self.year + last)

    def bounds(self, calendar: str = "") -> tuple[dt.date, dt.date]:
        """First and last day. In the administrative calendar (``hành chính``) a year ends on 14 December.

        Source: Nghị định 09/2019/NĐ-CP, periodic reports run from the 15th to the 14th; statistical ones by the month,
        and so do school years and crop seasons.

        >>> [f"{day:%d/%m/%Y}" for day in parse_period("2023-H1").bounds("hành chính")]
        ['15/12/2022', '14/06/2023']
        """
        first, after = self.months.start, self.months.stop
        own = self.kind in (PeriodKind.SCHOOL_YEAR, PeriodKind.SEASON)
        if calendar == Calendar.ADMINISTRATIVE and not own:
            return _day(first - 1, 15), _day(after - 1, 14)
        return _day(first, 1), _day(after, 1) - dt.timedelta(days=1)

    def is_within(self, other: "Period") -> bool:
        """Whether the period is a part of another, shorter than it.

        >>> parse_period("2023-H1").is_within(parse_period("2023-9M"))
        True
        """
        return set(self.months) < set(other.months)

    def _moved(self, years: int) -> "Period":
        return Period(f"{self.year + years}{self.code[4:]}", self.kind, self.year + years)

    @property
    def _number(self) -> int:
        """Which half, quarter or month of the year."""
        return int(self.code[5:].strip("HQ"))

    @property
    def _half(self) -> str:
        return "đầu" if self._number == 1 else "cuối"

    @property
    def _season(self) -> Season:
        return SEASONS[self.code[5:]]

    @property
    def _years(self) -> str:
        """The year, or both years, that the name of a school year or season says."""
        if self.kind is PeriodKind.SCHOOL_YEAR:
            return f"{self.year}-{self.year + 1}"
        return f"{self.year - 1}-{self.year}" if self._season.begins_before else str(self.year)


def month_name(month: int) -> str:
    """A month of :attr:`Period.months` as people write it.

    >>> month_name(parse_period("2023-06").months[0])
    '6/2023'
    """
    return f"{month % 12 + 1}/{month // 12}"


def _day(month: int, day: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, day)


_ROMAN = ("I", "II", "III", "IV")
_YEAR = r"(?:nam )?(?P<year>(?:19|20)\d\d)"
_NEXT = r"(?P<next>(?:20)?\d\d)"
_NAMES = {
    **{accentless_key(name): code for code, one in SEASONS.items() for name in (one.name, one.short)},
    "xuan": "CX",
}
_SEASON_NAMES = "|".join(sorted({name.removeprefix("vu ") for name in _NAMES}, key=len, reverse=True))
_IN_WORDS = (
    (PeriodKind.YEAR, rf"(?:ca )?{_YEAR}"),
    (PeriodKind.HALF, rf"(?:(?:0?6|sau) thang|0?6 ?t) (?:(?P<number>dau|cuoi) )?{_YEAR}"),
    (PeriodKind.NINE_MONTHS, rf"(?:(?:0?9|chin) thang|0?9 ?t) (?:dau )?{_YEAR}"),
    (PeriodKind.QUARTER, rf"(?:quy|q) ?(?P<number>0?[1-4]|i{{1,3}}|iv) {_YEAR}"),
    (PeriodKind.MONTH, rf"(?:thang|t) ?(?P<number>0?[1-9]|1[0-2]) {_YEAR}"),
    (PeriodKind.SCHOOL_YEAR, rf"(?:nam hoc|nh) (?P<year>20\d\d) {_NEXT}"),
    (PeriodKind.SEASON, rf"(?:vu )?(?P<number>{_SEASON_NAMES}) {_YEAR}(?: {_NEXT})?"),
)
"""How people write a period, without case, accents and punctuation."""
_IN_CODE = (
    (PeriodKind.HALF, rf"{_YEAR}-H(?P<number>[12])"),
    (PeriodKind.NINE_MONTHS, rf"{_YEAR}-9M"),
    (PeriodKind.QUARTER, rf"{_YEAR}-Q(?P<number>[1-4])"),
    (PeriodKind.MONTH, rf"{_YEAR}-(?P<number>0[1-9]|1[0-2])"),
    (PeriodKind.MONTH, rf"(?P<number>0?[1-9]|1[0-2]) ?[/-] ?{_YEAR}"),
    (PeriodKind.SCHOOL_YEAR, rf"{_YEAR}-{SCHOOL_YEAR}"),
    (PeriodKind.SEASON, rf"{_YEAR}-(?P<code>{'|'.join(SEASONS)})"),
)
"""Forms in which the punctuation counts: our codes, and ``6/2023``."""
_NUMBERS = {"dau": 1, "cuoi": 2, "i": 1, "ii": 2, "iii": 3, "iv": 4, "": 1}


def parse_period(text: object) -> Period | None:
    """The period that a text, a number or a cell's date names; None if it is not understood.

    Six or nine months without a word are the first ones of the year. A crop season with one year is that harvested in
    it. The first day of a month is what Excel makes of a typed ``6/2023``, hence that month.

    >>> parse_period("QUÝ III/2023").code
    '2023-Q3'
    >>> parse_period("Vụ Đông Xuân 2025 - 2026").code
    '2026-DX'
    """
    if isinstance(text, bool):
        return None
    if isinstance(text, dt.date):
        return _period(PeriodKind.MONTH, text.year, text.month) if text.day == 1 else None
    if isinstance(text, (int, float)):
        text = str(int(text)) if text == text // 1 else ""
    if not isinstance(text, str):
        return None
    for forms, typed in ((_IN_CODE, normalize_text(text).upper()), (_IN_WORDS, accentless_key(text))):
        for kind, form in forms:
            match = re.fullmatch(form, typed)
            if match:
                return _meant(kind, match.groupdict())
    return None


def _meant(kind: PeriodKind, found: dict[str, str | None]) -> Period | None:
    """The period of a text that has one of the forms; None where its two years are none after the other."""
    year, number, second = int(found["year"] or 0), found.get("number") or "", found.get("next") or ""
    if second and int(second) % 100 != (year + 1) % 100:
        return None
    if kind is PeriodKind.SEASON:
        code = found.get("code") or _NAMES.get(number) or _NAMES[f"vu {number}"]
        year += bool(second) and SEASONS[code].begins_before
        return Period(f"{year}-{code}", kind, year)
    return _period(kind, year, _NUMBERS.get(number) or int(number))


def period_of(text: str) -> Period | None:
    """The period a user names, None for none named; raises UnknownPlaceError if it is not understood."""
    period = parse_period(text) if text else None
    if text and period is None:
        raise UnknownPlaceError(
            f"Không hiểu kỳ báo cáo “{text}”; ví dụ: 2026, 2026-H1, 2026-Q3, 2026-06, “năm học 2025-2026”.",
            f"'{text}' is no period; examples: 2026, 2026-H1, 2026-Q3, 2026-06, 'năm học 2025-2026'.",
        )
    return period


def _period(kind: PeriodKind, year: int, number: int) -> Period:
    suffixes = {
        PeriodKind.YEAR: "",
        PeriodKind.HALF: f"-H{number}",
        PeriodKind.NINE_MONTHS: "-9M",
        PeriodKind.QUARTER: f"-Q{number}",
        PeriodKind.MONTH: f"-{number:02d}",
        PeriodKind.SCHOOL_YEAR: f"-{SCHOOL_YEAR}",
    }
    return Period(f"{year}{suffixes[kind]}", kind, year)
