"""The periods of reports: a year, a half, nine months, a quarter, a month, however people write them.

A period here is a name only. Its days depend on the calendar: the administrative year 2023 runs from 15/12/2022 to
14/12/2023, the statistical one from 1 January to 31 December.
"""

import datetime as dt
import enum
import re
from dataclasses import dataclass

from workbook_tools.errors import UnknownPlaceError
from workbook_tools.text import accentless_key, normalize_text


class PeriodKind(enum.StrEnum):
    """What a period is, in the words of the template's settings."""

    YEAR = "năm"
    HALF = "6 tháng"
    NINE_MONTHS = "9 tháng"
    QUARTER = "quý"
    MONTH = "tháng"


@dataclass(frozen=True, slots=True)
class Period:
    """A period, made by :func:`parse_period`. Codes: ``2023``, ``2023-H1``, ``2023-9M``, ``2023-Q3``, ``2023-06``."""

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
        return str(self.year)

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
        """The months of the year that the period covers, 1 to 12."""
        match self.kind:
            case PeriodKind.HALF:
                return range(6 * self._number - 5, 6 * self._number + 1)
            case PeriodKind.NINE_MONTHS:
                return range(1, 10)
            case PeriodKind.QUARTER:
                return range(3 * self._number - 2, 3 * self._number + 1)
            case PeriodKind.MONTH:
                return range(self._number, self._number + 1)
        return range(1, 13)

    def bounds(self, calendar: str = "") -> tuple[dt.date, dt.date]:
        """First and last day. In the administrative calendar (``hành chính``) a year ends on 14 December.

        Source: Nghị định 09/2019/NĐ-CP, periodic reports run from the 15th to the 14th; statistical ones by the month.

        >>> [f"{day:%d/%m/%Y}" for day in parse_period("2023-H1").bounds("hành chính")]
        ['15/12/2022', '14/06/2023']
        """
        first, last = self.months[0], self.months[-1]
        if calendar == ADMINISTRATIVE:
            start = dt.date(self.year - 1, 12, 15) if first == 1 else dt.date(self.year, first - 1, 15)
            return start, dt.date(self.year, last, 14)
        after = dt.date(self.year + 1, 1, 1) if last == 12 else dt.date(self.year, last + 1, 1)
        return dt.date(self.year, first, 1), after - dt.timedelta(days=1)

    def is_within(self, other: "Period") -> bool:
        """Whether the period is a part of another, shorter than it.

        >>> parse_period("2023-H1").is_within(parse_period("2023-9M"))
        True
        """
        inside = set(self.months) < set(other.months)
        return self.year == other.year and inside

    def _moved(self, years: int) -> "Period":
        return Period(f"{self.year + years}{self.code[4:]}", self.kind, self.year + years)

    @property
    def _number(self) -> int:
        """Which half, quarter or month of the year."""
        return int(self.code[5:].strip("HQ"))

    @property
    def _half(self) -> str:
        return "đầu" if self._number == 1 else "cuối"


ADMINISTRATIVE = "hành chính"
"""The calendar of administrative reports, as the template's setting ``calendar`` names it."""

_ROMAN = ("I", "II", "III", "IV")
_YEAR = r"(?:nam )?(?P<year>(?:19|20)\d\d)"
_IN_WORDS = (
    (PeriodKind.YEAR, rf"(?:ca )?{_YEAR}"),
    (PeriodKind.HALF, rf"(?:(?:0?6|sau) thang|0?6 ?t) (?:(?P<number>dau|cuoi) )?{_YEAR}"),
    (PeriodKind.NINE_MONTHS, rf"(?:(?:0?9|chin) thang|0?9 ?t) (?:dau )?{_YEAR}"),
    (PeriodKind.QUARTER, rf"(?:quy|q) ?(?P<number>0?[1-4]|i{{1,3}}|iv) {_YEAR}"),
    (PeriodKind.MONTH, rf"(?:thang|t) ?(?P<number>0?[1-9]|1[0-2]) {_YEAR}"),
)
"""How people write a period, without case, accents and punctuation."""
_IN_CODE = (
    (PeriodKind.HALF, rf"{_YEAR}-H(?P<number>[12])"),
    (PeriodKind.NINE_MONTHS, rf"{_YEAR}-9M"),
    (PeriodKind.QUARTER, rf"{_YEAR}-Q(?P<number>[1-4])"),
    (PeriodKind.MONTH, rf"{_YEAR}-(?P<number>0[1-9]|1[0-2])"),
    (PeriodKind.MONTH, rf"(?P<number>0?[1-9]|1[0-2]) ?[/-] ?{_YEAR}"),
)
"""Forms in which the punctuation counts: our codes, and ``6/2023``."""
_NUMBERS = {"dau": 1, "cuoi": 2, "i": 1, "ii": 2, "iii": 3, "iv": 4, "": 1}


def parse_period(text: object) -> Period | None:
    """The period that a text, a number or a cell's date names; None if it is not understood.

    Six or nine months without a word are the first ones of the year. The first day of a month is what Excel makes
    of a typed ``6/2023``, hence that month.

    >>> parse_period("QUÝ III/2023").code
    '2023-Q3'
    >>> parse_period("6 tháng cuối năm 2023").label
    '6 tháng cuối năm 2023'
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
                number = match.groupdict().get("number") or ""
                return _period(kind, int(match["year"]), _NUMBERS.get(number) or int(number))
    return None


def period_of(text: str) -> Period | None:
    """The period a user names, None for none named; raises UnknownPlaceError if it is not understood."""
    period = parse_period(text) if text else None
    if text and period is None:
        raise UnknownPlaceError(
            f"Không hiểu kỳ báo cáo “{text}”; ví dụ: 2026, 2026-H1, 2026-Q3, 2026-06.",
            f"'{text}' is no period; examples: 2026, 2026-H1, 2026-Q3, 2026-06.",
        )
    return period


def _period(kind: PeriodKind, year: int, number: int) -> Period:
    suffixes = {
        PeriodKind.YEAR: "",
        PeriodKind.HALF: f"-H{number}",
        PeriodKind.NINE_MONTHS: "-9M",
        PeriodKind.QUARTER: f"-Q{number}",
        PeriodKind.MONTH: f"-{number:02d}",
    }
    return Period(f"{year}{suffixes[kind]}", kind, year)
