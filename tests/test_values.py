"""What officials type, and what is read: tables of cases, and what holds for every content."""

import datetime as dt
import math
import re
from decimal import Decimal
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_tools.messages import MESSAGES
from workbook_tools.readings import Note, Reading, Status
from workbook_tools.unit_conversion import conversion
from workbook_tools.values import (
    accentless_key,
    format_brief,
    format_number,
    matching_key,
    normalize_text,
    parse_number,
    read_value,
)

KINDS = ("number", "count", "money", "percent", "text", "choice", "date")


def codes(reading: Reading) -> list[str]:
    """The codes of a reading's notes without their family."""
    return [note.code.removeprefix("value.") for note in reading.notes]


class TestText:
    """Text is brought into one form; names are compared by a key that keeps their accents."""

    @pytest.mark.parametrize(
        ("typed", "normal"),
        [
            ("  a \u00a0 b\u202fc ", "a b c"),
            ("\ufeffa\u200bb\u00ad", "ab"),
            ("dòng\n một\t", "dòng một"),
            ("e\u0302\u0323", "ệ"),
            ("m² ½", "m² ½"),
            ("\ud800", "\ufffd"),
        ],
    )
    def test_normal_form(self, typed: str, normal: str) -> None:
        assert normal == normalize_text(typed)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Hòa Bình", "HOÀ  BÌNH"),
            ("thủy sản", "thuỷ sản"),
            ("Đắk-Lắk", "đắk lắk"),
            ("Ðường", "Đường"),
            ("Diện tích (m2)", "Diện tích (m²):"),
            ("ngụy", "nguỵ"),
            ("98%", "98 %"),
        ],
    )
    def test_same_name(self, one: str, other: str) -> None:
        assert matching_key(one) == matching_key(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [("Ba Tơ", "Ba Tô"), ("Sơn Hà", "Sơn Hạ"), ("Đa", "Da"), ("quý", "quỳ"), ("hộ < 5", "hộ > 5"), ("ma", "má")],
    )
    def test_different_names(self, one: str, other: str) -> None:
        assert matching_key(one) != matching_key(other)

    def test_suggestions_have_no_accents(self) -> None:
        assert accentless_key("Đường Hoà Bình") == "duong hoa binh"

    @given(st.text())
    def test_keys_are_stable(self, text: str) -> None:
        assert normalize_text(normalize_text(text)) == normalize_text(text)
        assert matching_key(normalize_text(text)) == matching_key(text)


class TestNumberParser:
    """One number, written the Vietnamese way or unmistakably another."""

    @pytest.mark.parametrize(
        ("typed", "value", "decimals"),
        [
            ("1.422,5", "1422.5", 1),
            ("1,422.5", "1422.5", 1),
            ("1.973.949", "1973949", 0),
            ("1 234,5", "1234.5", 1),
            ("1 234", "1234", 0),
            ("1\u00a0234\u202f567", "1234567", 0),
            ("1'234", "1234", 0),
            ("1’234’567,25", "1234567.25", 2),
            ("1681,5", "1681.5", 1),
            ("7.2", "7.2", 1),
            ("1234,567", "1234.567", 3),
            ("0,357", "0.357", 3),
            ("0.5000", "0.5", 4),
            ("1.234.567,890", "1234567.89", 3),
            ("05", "5", 0),
            ("07399", "7399", 0),
            (",5", "0.5", 1),
            ("-5", "-5", 0),
            ("–5,5", "-5.5", 1),
            ("− 5", "-5", 0),
            ("+3", "3", 0),
            ("(5)", "-5", 0),
            ("½", "0.5", 1),
            ("2⅛", "2.125", 4),
            ("٣٤", "34", 0),
            ("１２，５", "12.5", 1),
        ],
    )
    def test_number(self, typed: str, value: str, decimals: int) -> None:
        parsed = parse_number(typed)

        assert (Decimal(value), decimals) == (parsed.value, parsed.decimals)

    @pytest.mark.parametrize(
        "typed",
        ["", "a", "1.2.3", "1,23,456", "1.42,5", "12 5", "7, 5", "1.234 567", "1,2,3.4", "0.123.456", "--5", "5-",
         "1e5", "1_000", "⅓", "IV", "9" * 201, "nan", "inf", "5 ha", "1..5", "5²"],
    )  # fmt: skip
    def test_no_number(self, typed: str) -> None:
        parsed = parse_number(typed)

        assert parsed.value is None
        assert parsed.notes[-1].is_error

    @pytest.mark.parametrize(
        ("typed", "whole", "percent", "references", "value"),
        [
            ("28,333", False, False, (), None),
            ("9.417", False, False, (), None),
            ("1. 357", False, False, (), None),
            ("1. 357", True, False, (), 1357),
            ("1,268", True, False, (), 1268),
            ("1,268", True, False, (1.3,), None),
            ("98,425", False, True, (), 98.425),
            ("2.413", False, True, (2000,), None),
            ("28,333", False, False, (30,), 28.333),
            ("28,333", False, False, (30_000,), 28333),
            ("28,333", False, False, (30, 30_000), None),
            ("28,333", False, False, (0, math.nan), None),
            ("28,333", False, False, (600,), None),
        ],
    )
    def test_one_separator_and_three_digits(
        self, typed: str, whole: bool, percent: bool, references: tuple[float, ...], value: float | None
    ) -> None:
        """Kind and references decide together; if they are silent or disagree, nobody does."""
        parsed = parse_number(typed, whole=whole, percent=percent, references=references)

        assert value == (None if parsed.value is None else float(parsed.value))
        expected = "value.ambiguous_separator" if value is None else "value.separator_decided"
        assert [expected] == [note.code for note in parsed.notes]

    def test_ambiguity_names_both_readings(self) -> None:
        details = parse_number("28,333").notes[0].details

        assert (details["thousands"], details["decimal"], details["clear"]) == ("28333", "28,333", "28,3330")
        assert parse_number("28,3330").value == Decimal("28.333")

    def test_more_than_15_digits(self) -> None:
        parsed = parse_number("12345678901234567")

        assert parsed.value == 12345678901234567
        assert [note.code for note in parsed.notes] == ["value.precision_lost"]


class TestPrintedNumber:
    """Numbers are printed as a Vietnamese office prints them."""

    @pytest.mark.parametrize(
        ("value", "decimals", "printed"),
        [
            (1234.5, None, "1.234,5"),
            (1234.5, 0, "1.235"),
            (2.675, 2, "2,68"),
            (-1e6, None, "-1.000.000"),
            (0.1, 3, "0,100"),
            (-0.0, None, "0"),
            (math.nan, None, "nan"),
        ],
    )
    def test_printed(self, value: float, decimals: int | None, printed: str) -> None:
        assert printed == format_number(value, decimals)

    @pytest.mark.parametrize(
        ("value", "printed"),
        [
            (-54.1143801188091, "-54,1144"),
            (1234567.891, "1.234.567,89"),
            (0.00001234567, "0,0000123457"),
            (0.1 + 0.2, "0,3"),
            (98.0, "98"),
            (0.0, "0"),
            (1e308, "1E+308"),
            (math.nan, "nan"),
        ],
    )
    def test_in_a_sentence(self, value: float, printed: str) -> None:
        assert printed == format_brief(value)

    @given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e100, max_value=1e100))
    def test_it_reads_back(self, value: float) -> None:
        printed = format_number(value)
        if len(printed) <= 200:
            assert value == read_value(printed, kind="number", references=(value,)).value

    @given(st.integers(-(10**12), 10**12), st.integers(0, 3))
    def test_it_reads_back_with_decimals(self, digits: int, decimals: int) -> None:
        value = float(Decimal(digits).scaleb(-decimals))
        reading = read_value(format_number(value, decimals), kind="number", references=(value,))

        assert (value, decimals) == (reading.value, reading.decimals)


class TestTypedNumber:
    """Bounds, directions and other words around one number."""

    @pytest.mark.parametrize(
        ("typed", "qualifier", "value"),
        [
            ("trên 2.000,0", ">", 2000),
            ("hơn 5", ">", 5),
            (">5", ">", 5),
            ("từ 50 trở lên", "≥", 50),
            ("50 ha trở lên", "≥", 50),
            (">= 5", "≥", 5),
            ("ít nhất 5", "≥", 5),
            ("dưới 5", "<", 5),
            ("<1", "<", 1),
            ("chưa đến 5", "<", 5),
            ("khỏang 5", "~", 5),
            ("gần 5", "~", 5),
            ("~5", "~", 5),
            ("ước đạt gần 5", "~", 5),
            ("đến 5", "≤", 5),
            ("không quá 5", "≤", 5),
            ("ước đạt 5", "", 5),
            ("= 5", "", 5),
            ("đạt 5", "", 5),
            ("tổng số 5", "", 5),
            ("có 5", "", 5),
        ],
    )
    def test_bound(self, typed: str, qualifier: str, value: float) -> None:
        reading = read_value(typed, kind="number", unit="ha")

        assert (Status.VALUE, qualifier, value) == (reading.status, reading.qualifier, reading.value)
        assert (["qualified"] if qualifier else []) == codes(reading)

    @pytest.mark.parametrize(
        ("typed", "value", "words"),
        [
            ("105*", 105, "*"),
            ("105 (**)", 105, "(**)"),
            ("105 (số liệu ước)", 105, "(số liệu ước)"),
            ("105 người (ƯTH)", 105, "(ƯTH)"),
            ("105,", 105, ","),
            ("giảm còn 105 người", 105, "giảm còn"),
            ("giảm xuống còn 105", 105, "giảm xuống còn"),
        ],
    )
    def test_a_remark_beside_a_number_is_told(self, typed: str, value: float, words: str) -> None:
        reading = read_value(typed, kind="count", unit="người")

        assert (value, ["remark"]) == (reading.value, codes(reading))
        assert words == reading.notes[0].details["words"]

    @pytest.mark.parametrize(("typed", "value"), [("trên 2.000", 2000), ("hơn 2.000 người", 2000), ("trên 5", 5)])
    def test_a_bound_of_a_count_is_whole(self, typed: str, value: float) -> None:
        """ "Trên 2.000" people are more than two thousand, never more than two."""
        reading = read_value(typed, kind="count", unit="người")

        assert (value, ">") == (reading.value, reading.qualifier)

    def test_a_level_is_no_change(self) -> None:
        assert codes(read_value("giảm còn 5", kind="count", unit="hộ", signed=True)) == ["unreadable"]

    def test_a_count_in_brackets_is_not_decided(self) -> None:
        """It may be negative, or something said beside the figure."""
        assert codes(read_value("(5)", kind="count")) == ["brackets_unclear"]
        assert read_value("(5)", kind="count", signed=True).value == -5
        assert read_value("(5)", kind="money", unit="đồng").value == -5

    @pytest.mark.parametrize(
        ("typed", "kind", "value"),
        [
            ("=150+20", "count", 170),
            ("= 150 + 20", "count", 170),
            ("=1.000+50", "count", 1050),
            ("=1,5+2", "number", 3.5),
            ("=(12+13)*2", "number", 50),
            ("=0,1+0,2", "number", 0.3),
        ],
    )
    def test_a_sum_typed_as_text(self, typed: str, kind: str, value: float) -> None:
        """In a cell formatted as text Excel keeps the formula itself, with the separators of whoever typed it."""
        reading = read_value(typed, kind=kind)

        assert (value, ["formula_reckoned"]) == (reading.value, codes(reading))

    @pytest.mark.parametrize(
        ("references", "value", "expected"),
        [((), 125130, ["blank_between"]), ((120_000,), 125130, ["blank_between"]), ((120,), None, ["two_numbers"])],
    )
    def test_a_blank_between_groups(
        self, references: tuple[float, ...], value: float | None, expected: list[str]
    ) -> None:
        """125 130 are two figures where the others of the row are near one of them alone."""
        reading = read_value("125 130", kind="count", references=references)

        assert (value, expected) == (reading.value, codes(reading))

    @pytest.mark.parametrize(
        ("typed", "qualifier", "value"),
        [
            ("giảm 05", "", -5),
            ("tụt 5 bậc", "", -5),
            ("tăng 17,4", "", 17.4),
            ("tăng 17,4 so CKNT", "", 17.4),
            ("+3", "", 3),
            ("giảm trên 5", "<", -5),
        ],
    )
    def test_direction_of_a_change(self, typed: str, qualifier: str, value: float) -> None:
        reading = read_value(typed, kind="number", unit="bậc", signed=True)

        assert (qualifier, value) == (reading.qualifier, reading.value)

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("giảm 5", "direction_word"),
            ("tăng 0,7 lần", "direction_word"),
            ("115/116", "two_numbers"),
            ("53,5/52ha", "two_numbers"),
            ("971/876 = 110,8%", "two_numbers"),
            ("0,36%(05 hộ)", "two_numbers"),
            ("=115/116", "two_numbers"),
            ("=1.050+1", "two_numbers"),
            ("12/2023", "two_numbers"),
            ("15h30", "two_numbers"),
            ("105(1)", "two_numbers"),
            ("105 + 50", "two_numbers"),
            ("125\n130", "two_numbers"),
            ("125\t130", "two_numbers"),
            ("15\u00ad20", "range"),
            ("ngày 12/3/2023", "date_cell"),
            ("1O5", "letters_for_digits"),
            ("l05", "letters_for_digits"),
            ("10О", "letters_for_digits"),
            ("0912345678", "identifier"),
            ("024085001234", "identifier"),
            ("105¹", "odd_numeral"),
            ("105⁽¹⁾", "odd_numeral"),
            ("2⅓", "odd_numeral"),
            ("①", "odd_numeral"),
            ("12½3", "two_numbers"),
            ("\u202e105", "unreadable"),
            ("vượt 65,9% kế hoạch", "unreadable"),
            ("lần thứ 3", "unreadable"),
            ("105👍", "unreadable"),
            ("5 tỷ 570", "two_numbers"),
            ("1,5 km 200 m", "two_numbers"),
            ("1tr5", "two_numbers"),
            ("7-9", "range"),
            ("7,5 - 8,0%", "range"),
            ("1,2 – 1,25", "range"),
            ("từ 7 đến 9", "range"),
            ("12/3/2023", "date_cell"),
            ("12.3.2023", "date_cell"),
            ("2023-12-08", "date_cell"),
            ("1,5E+06", "scientific"),
            ("IV", "unreadable"),
            ("hai trăm", "unreadable"),
            ("lúa 589,1 ha", "unreadable"),
            ("2 triệu rưỡi", "unreadable"),
            ("5?", "unreadable"),
            ("* 5", "unreadable"),
            ("$5", "unreadable"),
            ("± 5", "unreadable"),
            ("5+", "unreadable"),
            ("5-", "unreadable"),
            ("từ 5", "unreadable"),
            ("khoảng trên 5", "unreadable"),
            ("hoàn thành", "unreadable"),
            ("#REF!", "error_cell"),
            ("#DIV/0!", "error_cell"),
            ("#n/a", "error_cell"),
            ("#ERROR!", "error_cell"),
            ("Err:502", "error_cell"),
        ],
    )
    def test_refused(self, typed: str, code: str) -> None:
        reading = read_value(typed, kind="number", unit="ha")

        assert (reading.status, reading.value) == (Status.UNREADABLE, None)
        assert [code] == codes(reading)

    @pytest.mark.parametrize(
        ("typed", "status"),
        [
            ("-", Status.NIL),
            ("–", Status.NIL),
            ("—", Status.NIL),
            ("Không", Status.NIL),
            ("không có", Status.NIL),
            ("Không phát sinh.", Status.NIL),
            ("0 có", Status.NIL),
            ("x", Status.NOT_APPLICABLE),
            (" X ", Status.NOT_APPLICABLE),
            ("không áp dụng", Status.NOT_APPLICABLE),
            ("…", Status.NOT_AVAILABLE),
            ("...", Status.NOT_AVAILABLE),
            ("..", Status.NOT_AVAILABLE),
            ("n/a", Status.NOT_AVAILABLE),
            ("chưa có số liệu", Status.NOT_AVAILABLE),
            ("Không có số liệu", Status.NOT_AVAILABLE),
            ("có báo cáo riêng", Status.SEPARATE_REPORT),
            ("(Báo cáo riêng)", Status.SEPARATE_REPORT),
            ("Công an xã có báo cáo riêng", Status.SEPARATE_REPORT),
            ("", Status.MISSING),
            (" \u00a0\u200b", Status.MISSING),
            (None, Status.MISSING),
        ],
    )
    def test_why_there_is_no_number(self, typed: str | None, status: Status) -> None:
        reading = read_value(typed, kind="number")

        assert (status, None, ()) == (reading.status, reading.value, reading.notes)

    def test_zero_is_a_value(self) -> None:
        assert read_value("0", kind="count").value == 0
        assert read_value(0, kind="count").status is Status.VALUE

    def test_a_number_beside_a_separate_report_is_kept(self) -> None:
        assert read_value("120 (báo cáo riêng)", kind="number").value == 120
        assert read_value("không có báo cáo riêng", kind="number").status is Status.UNREADABLE


class TestUnits:
    """A typed unit is checked against the unit of the row, and converted exactly."""

    @pytest.mark.parametrize(
        ("typed", "unit", "value"),
        [
            ("652ha", "ha", 652),
            ("5 (ha)", "Ha", 5),
            ("5 héc-ta", "ha", 5),
            ("38,85 HA.", "ha", 38.85),
            ("118 trđ", "triệu đồng/người/năm", 118),
            ("118 trđ/người/năm", "triệu đồng/người/năm", 118),
            ("5 tỉ", "tỷ đồng", 5),
            ("5 tỷ.đ", "tỷ đồng", 5),
            ("36 nghìn", "nghìn con", 36),
            ("12 đồng chí", "người", 12),
            ("12 đầu xe", "Đầu xe", 12),
            ("97,0 %", "%", 97),
            ("97％", "%", 97),
            ("13.503.000₫", "đồng", 13503000),
            ("118/người/năm", "triệu đồng/người/năm", 118),
        ],
    )
    def test_same_unit(self, typed: str, unit: str, value: float) -> None:
        reading = read_value(typed, kind="number", unit=unit)

        assert (value, []) == (reading.value, codes(reading))

    @pytest.mark.parametrize(
        ("typed", "unit", "value", "decimals"),
        [
            ("1.422,5 tỷ", "triệu đồng", 1422500, 0),
            ("13.503.000.000đ", "triệu đồng", 13503, 6),
            ("500 nghìn", "triệu đồng", 0.5, 3),
            ("500k", "đồng", 500000, 0),
            ("3,5 triệu", "1.000 đồng", 3500, 0),
            ("1,2 tỷ", "triệu đồng/người/năm", 1200, 0),
            ("36 ngàn tấn", "tấn", 36000, 0),
            ("36 ngàn", "tấn", 36000, 0),
            ("36,5 nghìn người", "người", 36500, 0),
            ("38,5m2", "ha", 0.00385, 5),
            ("0,5 ha", "m²", 5000, 0),
            ("2 km2", "ha", 200, 0),
            ("60,51 tạ/ha", "tấn/ha", 6.051, 3),
            ("4,05 tấn", "tạ/ha", 40.5, 1),
            ("5‰", "%", 0.5, 1),
            ("5 tỷ 570 triệu đồng", "triệu đồng", 5570, 0),
            ("16 tỷ 434 triệu", "tỷ đồng", 16.434, 3),
            ("2 tấn 5 tạ", "tấn", 2.5, 1),
        ],
    )
    def test_converted(self, typed: str, unit: str, value: float, decimals: int) -> None:
        reading = read_value(typed, kind="number", unit=unit)

        assert (value, decimals, ["unit_converted"]) == (reading.value, reading.decimals, codes(reading))

    @pytest.mark.parametrize(
        ("typed", "unit"),
        [
            ("4 ha", "triệu đồng"),
            ("5 tỷ", "ha"),
            ("97%", "người"),
            ("97% kế hoạch", "ha"),
            ("12 hộ", "người"),
            ("5 sào", "ha"),
            ("0,7 lần", "%"),
            ("10 trđ/người/tháng", "triệu đồng/người/năm"),
            ("5 triệu lượt", "người"),
            ("5 USD", "đồng"),
            ("5 tỷ", ""),
            ("105/năm", "người"),
            ("163/BC-UBND", "văn bản"),
        ],
    )
    def test_mismatch(self, typed: str, unit: str) -> None:
        reading = read_value(typed, kind="number", unit=unit)

        assert (reading.status, codes(reading)) == (Status.UNREADABLE, ["unit_mismatch"])

    @pytest.mark.parametrize(
        ("typed", "unit", "value"),
        [
            ("12 hộ nghèo", "hộ", 12),
            ("120 đầu xe", "chiếc", 120),
            ("0,34 điểm %", "%", 0.34),
            ("5 người", "", 5),
            ("5 nhân khẩu", "người", 5),
        ],
    )
    def test_unknown_words_are_told(self, typed: str, unit: str, value: float) -> None:
        reading = read_value(typed, kind="number", unit=unit)

        assert (value, ["unit_unknown"]) == (reading.value, codes(reading))

    def test_words_after_a_measure_do_not_hide_it(self) -> None:
        reading = read_value("12 ha lúa", kind="number", unit="m2")

        assert (reading.value, codes(reading)) == (120000, ["unit_converted", "unit_unknown"])

    def test_references_are_compared_in_the_typed_unit(self) -> None:
        """269.505 tỷ beside 250.000 triệu is 269,505 tỷ."""
        reading = read_value("269.505 tỷ", kind="money", unit="triệu đồng", references=(250_000,))

        assert (reading.value, codes(reading)) == (269505, ["separator_decided", "unit_converted"])

    def test_thousands_of_a_count_are_not_whole_by_themselves(self) -> None:
        assert codes(read_value("1,234 nghìn người", kind="count", unit="người")) == ["ambiguous_separator"]

    @given(st.text(max_size=20), st.text(max_size=20))
    def test_any_unit(self, typed: str, unit: str) -> None:
        found = conversion(typed, unit)

        assert found is None or found.factor > 0


class TestNumericCell:
    """A number in a cell is taken as the official sees it."""

    @pytest.mark.parametrize(
        ("content", "number_format", "kind", "value", "decimals", "raw"),
        [
            (1234.5, "General", "number", 1234.5, 1, "1234,5"),
            (5.0, "General", "number", 5.0, 0, "5"),
            (1234.5, "#,##0.00", "money", 1234.5, 2, "1234,5"),
            (1234.5, "#,##0", "money", 1234.5, 0, "1234,5"),
            (0.984, "0.0%", "percent", 98.4, 1, "98,4%"),
            (0.07, "0%", "percent", 7.0, 0, "7%"),
            (97.5, '0.0"%"', "percent", 97.5, 1, "97,5"),
            (97.5, r"0.0\%", "percent", 97.5, 1, "97,5"),
            (Decimal("0.1"), "General", "number", 0.1, 1, "0,1"),
            (0.1 + 0.2, "General", "number", 0.3, 1, "0,3"),
            (105.00000000000001, "General", "count", 105.0, 0, "105"),
            (100, '#,##0" hộ"', "count", 100.0, 0, "100"),
            (-3, "General", "number", -3.0, 0, "-3"),
        ],
    )
    def test_taken(self, content: float, number_format: str, kind: str, value: float, decimals: int, raw: str) -> None:
        reading = read_value(content, kind=kind, number_format=number_format)

        assert (value, decimals, raw, ()) == (reading.value, reading.decimals, reading.raw, reading.notes)

    @pytest.mark.parametrize(
        ("content", "number_format", "code"),
        [
            (True, "General", "logical"),
            (math.nan, "General", "not_finite"),
            (math.inf, "General", "not_finite"),
            (10**400, "General", "not_finite"),
            (0.97, "0%", "unit_mismatch"),
            (dt.datetime(2023, 3, 5), "General", "date_cell"),
            (dt.date(2023, 3, 5), "General", "date_cell"),
            (dt.time(12, 30), "General", "date_cell"),
            (45000, "dd/mm/yyyy", "date_cell"),
            (0.5, "[h]:mm", "date_cell"),
        ],
    )
    def test_refused(self, content: object, number_format: str, code: str) -> None:
        reading = read_value(content, kind="number", unit="ha", number_format=number_format)

        assert (Status.UNREADABLE, [code]) == (reading.status, codes(reading))

    def test_a_date_is_named(self) -> None:
        assert read_value(dt.date(2023, 3, 5), kind="number").notes[0].details["shown"] == "05/03/2023"
        assert read_value(45000, kind="number", number_format="dd/mm/yyyy").raw == "15/03/2023"

    def test_what_a_count_should_be(self) -> None:
        assert codes(read_value(12.5, kind="count")) == ["not_whole"]
        assert codes(read_value(-3, kind="count")) == ["negative"]
        assert codes(read_value(-3, kind="count", signed=True)) == []
        assert read_value(12.5, kind="count").value == 12.5

    @pytest.mark.parametrize("content", [0.97, "0,97"])
    def test_a_fraction_where_a_percentage_is_expected(self, content: object) -> None:
        reading = read_value(content, kind="percent", references=(98,))

        assert (reading.value, codes(reading)) == (0.97, ["maybe_fraction"])
        assert codes(read_value(content, kind="percent", references=(1.2,))) == []
        assert codes(read_value("0,97%", kind="percent", references=(98,))) == []

    @pytest.mark.parametrize("content", [1234567890123456789, 1234567890123456.0, 1234567890123450, 1e308])
    def test_sixteen_digits(self, content: float) -> None:
        """From the sixteenth digit on Excel has put zeros, so a large number in a cell is never certain."""
        reading = read_value(content, kind="number")

        assert (float(content), ["precision_lost"]) == (reading.value, codes(reading))
        assert len(str(reading.notes[0].details["value"])) < 40

    def test_a_percentage_formatted_after_it_was_typed(self) -> None:
        reading = read_value(97, kind="percent", number_format="0%", references=(98,))

        assert (reading.value, codes(reading)) == (9700, ["maybe_hundredfold"])
        assert codes(read_value(7.65, kind="percent", number_format="0%", references=(98,))) == []

    @pytest.mark.parametrize(
        ("content", "references", "value", "expected"),
        [
            (0.9914, (), None, "quotient"),
            (0.9914, (98,), 99.14, "format_decided"),
            (0.9914, (1.2,), 0.9914, "format_decided"),
        ],
    )
    def test_a_quotient_is_no_percentage_yet(
        self, content: float, references: tuple[float, ...], value: float | None, expected: str
    ) -> None:
        """=115/116 in a cell without the format of a percentage."""
        reading = read_value(content, kind="percent", formula="=G5/F5", references=references)

        assert (value, [expected]) == (reading.value, codes(reading))
        assert codes(read_value(content, kind="percent", formula="=G5/F5", number_format="0%")) == []
        assert codes(read_value(content, kind="percent", formula="=G5/F5*100")) == []

    @pytest.mark.parametrize(
        ("content", "number_format", "unit", "references", "value", "expected"),
        [
            (5_570_000_000, "#,##0,,", "triệu đồng", (), None, ["format_misleads"]),
            (5_570_000_000, "#,##0,,", "triệu đồng", (5_000,), 5570, ["format_decided"]),
            (5_570, "#,##0,,", "triệu đồng", (5_000,), 5570, ["format_decided"]),
            (5.5, '0.0" tỷ"', "triệu đồng", (), None, ["format_misleads"]),
            (5.5, '0.0" tỷ"', "triệu đồng", (5_000,), 5500, ["format_decided"]),
            (5.5, '0.0" tỷ"', "tỷ đồng", (), 5.5, []),
            (105, '#,##0" hộ"', "người", (), None, ["format_misleads"]),
            (97.5, '0.0"%"', "ha", (), None, ["format_misleads"]),
            (5, '0".000"', "đồng", (), None, ["format_misleads"]),
            (5_570, "#,##0 [$₫-42A]", "triệu đồng", (), 5570, []),
            (0, "#,##0,,", "triệu đồng", (), 0, []),
        ],
    )
    def test_a_format_that_shows_another_number(
        self, content: float, number_format: str, unit: str, references: tuple[float, ...], value: float | None,
        expected: list[str],
    ) -> None:  # fmt: skip
        """The official sees what the format shows; only other figures of the row say which of the two is meant."""
        reading = read_value(
            content, kind="money", unit=unit, number_format=number_format, references=(*references, content)
        )

        assert (value, expected) == (reading.value, codes(reading))


class TestOtherKinds:
    """Texts, choices and dates."""

    @pytest.mark.parametrize(
        ("content", "text"),
        [("115/116", "115/116"), (" x ", "x"), ("-", "-"), (1234.5, "1234,5"), (True, "TRUE"),
         (dt.date(2023, 3, 5), "05/03/2023"), (dt.datetime(2023, 3, 5, 7, 30), "05/03/2023 07:30:00")],
    )  # fmt: skip
    def test_any_content_is_text(self, content: object, text: str) -> None:
        reading = read_value(content, kind="text")

        assert (Status.VALUE, text, None, ()) == (reading.status, reading.text, reading.value, reading.notes)

    def test_an_error_is_no_text(self) -> None:
        assert codes(read_value("#REF!", kind="text")) == ["error_cell"]

    def test_blank_text_is_missing(self) -> None:
        assert read_value(" ", kind="text").status is Status.MISSING

    def test_choice(self) -> None:
        choices = ("Đạt", "Chưa đạt", "Hoà")

        assert read_value(" CHƯA  đạt", kind="choice", choices=choices).text == "Chưa đạt"
        assert read_value("hòa", kind="choice", choices=choices).text == "Hoà"
        assert read_value("x", kind="choice", choices=choices).status is Status.NOT_APPLICABLE
        assert read_value("tùy", kind="choice").text == "tùy"
        refused = read_value("Dat", kind="choice", choices=choices)
        assert (codes(refused), refused.notes[0].details["choices"]) == (["not_a_choice"], "Đạt; Chưa đạt; Hoà")

    @pytest.mark.parametrize(
        ("content", "iso"),
        [
            ("05/03/2023", "2023-03-05"),
            ("5-3-2023", "2023-03-05"),
            ("5.3.2023", "2023-03-05"),
            ("2023-03-05", "2023-03-05"),
            ("ngày 08 tháng 12 năm 2023", "2023-12-08"),
            ("ngày 5/3/2023", "2023-03-05"),
            ("05/03/2023.", "2023-03-05"),
            (dt.datetime(2023, 3, 5), "2023-03-05"),
        ],
    )
    def test_date(self, content: object, iso: str) -> None:
        reading = read_value(content, kind="date")

        assert (Status.VALUE, iso) == (reading.status, reading.text)

    @pytest.mark.parametrize(
        "content", ["12/25/2023", "30/2/2023", "5/3/23", "3/2023", "quý III", 2023, True, dt.time(1)]
    )
    def test_no_date(self, content: object) -> None:
        """Month before day is no date, and a number is none."""
        assert codes(read_value(content, kind="date")) == ["not_a_date"]

    def test_serial_number_shown_as_a_date(self) -> None:
        assert read_value(45000, kind="date", number_format="dd/mm/yyyy").text == "2023-03-15"


class TestEveryContent:
    """No content raises, and none is refused without a reason."""

    WORDS = st.sampled_from(
        ["trên ", "giảm ", "từ ", " trở lên", "5", "1.234", ",", ".", "%", " tỷ", " triệu", "đồng", " ha", "m2", "/",
         "-", "(", ")", "½", "~", ">=", " ", "x", "…", "570", "#", "+", "=", "'", "٣", " nghìn", "đến", "E+5"]
    )  # fmt: skip
    TYPED = st.one_of(st.text(), st.lists(WORDS, max_size=8).map("".join))
    CONTENTS = st.one_of(
        TYPED, st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.dates(), st.datetimes(),
        st.times(), st.timedeltas(),
    )  # fmt: skip
    UNITS = st.sampled_from(["", "ha", "triệu đồng", "%", "người", "tạ/ha", "nghìn con", "1.000 đồng"])
    FORMATS = st.one_of(st.sampled_from(["General", "0%", "dd/mm/yyyy", "#,##0.00;[Red]-0", "@", ""]), st.text())

    @given(CONTENTS, st.sampled_from(KINDS), UNITS, FORMATS, st.lists(st.floats(), max_size=2), st.booleans())
    def test_any(
        self, content: object, kind: str, unit: str, number_format: str, references: list[float], signed: bool
    ) -> None:
        reading = read_value(
            content,
            kind=kind,
            unit=unit,
            number_format=number_format,
            references=references,
            choices=("Đạt",),
            signed=signed,
        )

        assert all(note.code in MESSAGES for note in reading.notes)
        if reading.status is Status.UNREADABLE:
            assert any(note.is_error for note in reading.notes)
        if reading.value is not None:
            assert reading.status is Status.VALUE
            assert math.isfinite(reading.value)
        for note in reading.notes:
            assert_told(note)

    @given(TYPED, st.sampled_from(["number", "count", "percent"]))
    def test_no_digit_is_dropped(self, text: str, kind: str) -> None:
        """A value has the digits that were typed and no others, unless a note says what became of them."""
        reading = read_value(text, kind=kind)

        told = {"unit_converted", "unusual_digits", "precision_lost"}
        if reading.value is not None and not told.intersection(codes(reading)):
            typed = "".join(re.findall("[0-9]", text)).strip("0")
            assert typed == "".join(re.findall("[0-9]", f"{Decimal(repr(reading.value)):f}")).strip("0")

    @given(TYPED)
    def test_any_number(self, text: str) -> None:
        parsed = parse_number(text)

        assert parsed.value is not None or parsed.notes[-1].is_error

    @pytest.mark.parametrize("filler", ["9", ".", "…", " 1", "-", "m2 ", "(", "1.", "½", "đến ", "\u0301"])
    def test_a_long_text_is_quickly_refused(self, filler: str) -> None:
        for kind in KINDS:
            read_value(filler * 8000 + "!", kind=kind, choices=("Đạt",))


def assert_told(note: Note) -> None:
    """Every place of the wording is filled; the label comes from the caller."""
    for text in MESSAGES[note.code][1:]:
        assert {name for _, name, _, _ in Formatter().parse(text) if name} <= {"label", *note.details}
