"""How a period is named, and which names are understood."""

import datetime as dt
import unicodedata

import pytest

from workbook_tools.periods import Calendar, Period, PeriodKind, month_name, parse_period

LABELS = {
    "2023": ("Năm 2023", "2023"),
    "2023-H1": ("6 tháng đầu năm 2023", "6T đầu 2023"),
    "2023-H2": ("6 tháng cuối năm 2023", "6T cuối 2023"),
    "2023-9M": ("9 tháng năm 2023", "9T 2023"),
    "2023-Q1": ("Quý I năm 2023", "Q1 2023"),
    "2023-Q2": ("Quý II năm 2023", "Q2 2023"),
    "2023-Q3": ("Quý III năm 2023", "Q3 2023"),
    "2023-Q4": ("Quý IV năm 2023", "Q4 2023"),
    "2023-06": ("Tháng 6 năm 2023", "T6 2023"),
    "2023-12": ("Tháng 12 năm 2023", "T12 2023"),
    "2023-SY": ("Năm học 2023-2024", "NH 2023-2024"),
    "2023-DX": ("Vụ Đông Xuân 2022-2023", "ĐX 2022-2023"),
    "2023-CX": ("Vụ Chiêm Xuân 2022-2023", "CX 2022-2023"),
    "2023-HT": ("Vụ Hè Thu 2023", "HT 2023"),
    "2023-TD": ("Vụ Thu Đông 2023", "TĐ 2023"),
    "2023-VM": ("Vụ Mùa 2023", "Vụ Mùa 2023"),
    "2023-VD": ("Vụ Đông 2023", "Vụ Đông 2023"),
}


def period(text: object) -> Period:
    found = parse_period(text)
    assert found is not None, f"not understood: {text!r}"
    return found


@pytest.mark.parametrize("code", LABELS)
def test_a_period_is_understood_by_its_code_and_by_both_its_labels(code: str) -> None:
    label, short_label = LABELS[code]
    assert (period(code).code, period(code).label, period(code).short_label) == (code, label, short_label)
    assert period(label) == period(short_label) == period(code)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (2023, "2023"),
        (2023.0, "2023"),
        ("  năm  2023 ", "2023"),
        ("NĂM 2023", "2023"),
        ("Cả năm 2023", "2023"),
        ("nam 2023", "2023"),
        ("2023-h1", "2023-H1"),
        ("06 tháng đầu năm 2023", "2023-H1"),
        ("6 tháng năm 2023", "2023-H1"),
        ("Sáu tháng cuối năm 2023", "2023-H2"),
        ("9 THÁNG ĐẦU NĂM 2023", "2023-9M"),
        ("9 tháng/2023", "2023-9M"),
        ("quý 3/2023", "2023-Q3"),
        ("Quý III/2023", "2023-Q3"),
        ("Q.IV/2023", "2023-Q4"),
        ("tháng 6/2023", "2023-06"),
        ("Tháng 06 năm 2023", "2023-06"),
        ("T12/2023", "2023-12"),
        ("6/2023", "2023-06"),
        (dt.datetime(2023, 6, 1), "2023-06"),
        ("năm học 2023/2024", "2023-SY"),
        ("NĂM HỌC 2023 – 24", "2023-SY"),
        ("vụ đông xuân 2022 - 2023", "2023-DX"),
        ("Đông xuân năm 2023", "2023-DX"),
        ("Vụ ĐX 2022-2023", "2023-DX"),
        ("vụ xuân 2023", "2023-CX"),
        ("vụ mùa năm 2023", "2023-VM"),
        ("Vụ Đông 2023-2024", "2023-VD"),
    ],
)
def test_people_write_periods_in_many_ways(typed: object, code: str) -> None:
    assert period(typed).code == code


@pytest.mark.parametrize("code", LABELS)
def test_letters_may_come_in_parts(code: str) -> None:
    assert period(unicodedata.normalize("NFD", LABELS[code][0].upper())).code == code


@pytest.mark.parametrize(
    "typed",
    [
        "", None, True, 23, 2023.5, 20230, float("nan"), float("inf"), "23", "năm", "Năm học 2023-2025", "2023-2024",
        "năm học 2023",
        "vụ đông xuân 2022-2024", "vụ xuân hè thu 2023", "vụ 2023",
        "2023-13", "2023-00", "2023-H3", "2023-Q5", "quý 5/2023", "quý V năm 2023", "tháng 13/2023", "13/2023",
        "3 tháng đầu năm 2023", "giai đoạn 2021-2025", "15/06/2023", "2023.5", dt.date(2023, 6, 15), dt.time(8),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_no_period(typed: object) -> None:
    assert parse_period(typed) is None


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("2023", PeriodKind.YEAR),
        ("2023-H2", PeriodKind.HALF),
        ("2023-9M", PeriodKind.NINE_MONTHS),
        ("2023-Q3", PeriodKind.QUARTER),
        ("2023-06", PeriodKind.MONTH),
        ("2023-SY", PeriodKind.SCHOOL_YEAR),
        ("2023-DX", PeriodKind.SEASON),
    ],
)
def test_a_period_knows_its_kind_and_the_same_period_of_other_years(code: str, kind: PeriodKind) -> None:
    assert (period(code).kind, period(code).year) == (kind, 2023)
    assert period(code).last_year == period(code.replace("2023", "2022"))
    assert period(code).next_year == period(code.replace("2023", "2024"))
    assert period(code).last_year.next_year == period(code)


@pytest.mark.parametrize(
    ("code", "administrative", "statistical"),
    [
        ("2023", ("15/12/2022", "14/12/2023"), ("01/01/2023", "31/12/2023")),
        ("2023-H1", ("15/12/2022", "14/06/2023"), ("01/01/2023", "30/06/2023")),
        ("2023-H2", ("15/06/2023", "14/12/2023"), ("01/07/2023", "31/12/2023")),
        ("2023-9M", ("15/12/2022", "14/09/2023"), ("01/01/2023", "30/09/2023")),
        ("2023-Q1", ("15/12/2022", "14/03/2023"), ("01/01/2023", "31/03/2023")),
        ("2024-02", ("15/01/2024", "14/02/2024"), ("01/02/2024", "29/02/2024")),
        ("2023-SY", ("01/09/2023", "31/05/2024"), ("01/09/2023", "31/05/2024")),
        ("2023-DX", ("01/11/2022", "30/06/2023"), ("01/11/2022", "30/06/2023")),
    ],
)
def test_a_period_has_its_days_by_the_calendar(
    code: str, administrative: tuple[str, str], statistical: tuple[str, str]
) -> None:
    for calendar, days in ((Calendar.ADMINISTRATIVE, administrative), (Calendar.STATISTICAL, statistical)):
        assert tuple(f"{day:%d/%m/%Y}" for day in period(code).bounds(calendar)) == days


@pytest.mark.parametrize(
    ("part", "whole", "within"),
    [
        ("2023-06", "2023-Q2", True),
        ("2023-Q2", "2023-H1", True),
        ("2023-H1", "2023-9M", True),
        ("2023-H2", "2023-9M", False),
        ("2023", "2023", False),
        ("2023-01", "2024", False),
        ("2024-01", "2023-SY", True),
    ],
)
def test_a_period_knows_what_lies_within_it(part: str, whole: str, within: bool) -> None:
    assert period(part).is_within(period(whole)) is within


@pytest.mark.parametrize(
    ("code", "planned"),
    [("2023", "2023"), ("2023-H1", "2023"), ("2023-06", "2023"), ("2023-SY", "2023-SY"), ("2023-HT", "2023-HT")],
)
def test_plans_are_made_for_whole_years_school_years_and_seasons(code: str, planned: str) -> None:
    assert period(code).planned == period(planned)


def test_the_months_of_a_school_year_run_on_into_the_next() -> None:
    names = [month_name(month) for month in period("2023-SY").months]

    assert (names[0], names[4], names[-1], len(names)) == ("9/2023", "1/2024", "5/2024", 9)
