"""What holds for every typed number, whatever is around it: tried on texts made at random."""

import itertools
import math
import re
import unicodedata
from decimal import Decimal

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from tests.helpers import tries
from workbook_tools.messages import MESSAGES
from workbook_tools.numerals import format_brief, format_decimal, format_number, parse_number
from workbook_tools.readings import Reading, Status
from workbook_tools.unit_conversion import Fit, conversion
from workbook_tools.values import read_value

QUICK = settings(max_examples=tries(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])

PIECES = (
    "5", "05", "105", "1.234", "1,5", "12 500", "28,333", "1.234.567,8", "0,97", "½", "٣", "１", "²", "¹", "O",
    "l", "0", ",", ".", "'", " ", "  ", "\u00a0", "\u202f", "\u200b", "\u00ad", "\n", "\t", "-", "–", "−", "+",
    "(", ")", "*", "/", "=", "%", "‰", ":", ";", "~", "≥", "<", "?", "…", "x", "E", "e5", "_", "đ", "₫", "$", "ha",
    "m2", "m³", " tỷ", " triệu", " nghìn", "tr", "k", " đồng", " người", " hộ", "/người", "/năm", " điểm %",
    "trên ", "khoảng ", "từ ", " đến ", " trở lên", "giảm ", "tăng ", "giảm còn ", "đạt ", "ước ", "không ", " (ước)",
    "(1)", " và ", " so với 2022", "\u0301", "👍", "\ufe0f", "#", "&", "|", "1.000 đồng",
)  # fmt: skip
TYPED = st.one_of(st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join), st.text(max_size=20))
UNITS = st.sampled_from(["", "ha", "m2", "triệu đồng", "đồng", "1.000 đồng", "%", "người", "hộ", "tạ/ha", "nghìn con"])
KINDS = st.sampled_from(["number", "count", "money", "percent"])
FORMATS = st.text(max_size=15) | st.sampled_from(["0%", "0.00E+00", '#,##0,," tỷ"', ";;;", '"', "\\", "[$₫-42A]", "_-"])
REFERENCES = st.lists(st.sampled_from([0.98, 5.0, 98.0, 120.0, 1234.0, 28_333.0, 1e6]), max_size=2)


def nonzero_digits(text: str) -> str:
    """The digits but zeros, in their order, of any script; those of a unit such as m2 do not count."""
    plain = "".join(str(unicodedata.decimal(one, one)) for one in text)
    plain = re.sub(r"(?<![^\W\d_])([kcd]?m)[23]", r"\1", plain, flags=re.IGNORECASE)
    return re.sub("[^1-9]", "", plain)


def told(reading: Reading) -> set[str]:
    return {note.code.removeprefix("value.") for note in reading.notes}


class TestEveryTypedText:
    @QUICK
    @given(TYPED, KINDS, UNITS, REFERENCES, st.booleans())
    @example("125\n130", "count", "người", [], False)
    @example("15\u00ad20", "percent", "%", [], False)
    @example("12½3", "number", "ha", [], False)
    @example("2⅓", "number", "ha", [], False)
    @example("1O5", "count", "người", [], False)
    def test_no_digit_is_dropped_or_added(
        self, text: str, kind: str, unit: str, references: list[float], signed: bool
    ) -> None:
        """Units are powers of ten of each other: whatever is converted, the digits but zeros stay as typed."""
        assume(not re.search("[½¼¾⅕⅖⅗⅘⅒⅛⅜⅝⅞]|1[.]?000", text))
        reading = read_value(text, kind=kind, unit=unit, references=references, signed=signed)

        if reading.value is not None and not told(reading) & {"formula_reckoned", "precision_lost"}:
            assert nonzero_digits(text) == nonzero_digits(f"{Decimal(repr(reading.value)):f}")

    @QUICK
    @given(TYPED, KINDS, UNITS, REFERENCES, st.booleans())
    def test_what_comes_back_is_whole(
        self, text: str, kind: str, unit: str, references: list[float], signed: bool
    ) -> None:
        """A value is finite and stands alone; a refusal has a reason; every word of a message can be filled in."""
        reading = read_value(text, kind=kind, unit=unit, references=references, signed=signed)

        assert (reading.value is not None) == (reading.status is Status.VALUE)
        assert reading.value is None or math.isfinite(reading.value)
        assert reading.status is not Status.UNREADABLE or any(note.is_error for note in reading.notes)
        for note in reading.notes:
            for wording in MESSAGES[note.code][1:]:
                assert wording.format(label="", **note.details)

    @QUICK
    @given(TYPED, KINDS, UNITS, st.booleans())
    def test_a_reference_never_makes_a_third_number(self, text: str, kind: str, unit: str, signed: bool) -> None:
        """Other figures of the row choose between readings; what can be read one way only they leave alone."""
        alone = read_value(text, kind=kind, unit=unit, signed=signed)

        for reference in (0.5, 98.0, 28_333.0):
            beside = read_value(text, kind=kind, unit=unit, signed=signed, references=(reference,))
            if alone.value is not None and beside.value is not None:
                assert alone.value == beside.value

    @QUICK
    @given(TYPED, KINDS, UNITS, st.sampled_from(["\u200b", "\ufeff", "\u00a0", " ", "\n"]))
    def test_what_cannot_be_seen_around_a_text_changes_nothing(
        self, text: str, kind: str, unit: str, unseen: str
    ) -> None:
        assume(not unicodedata.combining(text[:1] or "x") and text[:1] != "\ufe0f")
        plain, wrapped = (read_value(one, kind=kind, unit=unit) for one in (text, unseen + text + unseen))

        assert (plain.status, plain.value, plain.qualifier) == (wrapped.status, wrapped.value, wrapped.qualifier)


class TestEveryNumber:
    NUMBERS = st.builds(
        lambda digits, decimals: Decimal(digits).scaleb(-decimals),
        st.integers(-(10**15) + 1, 10**15 - 1),
        st.integers(0, 6),
    )

    @QUICK
    @given(NUMBERS)
    def test_printed_and_parsed_again_in_both_conventions(self, number: Decimal) -> None:
        """15 digits come back exactly; only one separator before three digits may need another figure of the row."""
        printed = format_number(float(number))
        swapped = printed.translate(str.maketrans(".,", ",."))

        for text in (printed, swapped, printed.replace(".", " "), printed.replace(".", "'")):
            parsed = parse_number(text, references=(float(number),))
            assert parsed.value is not None
            assert float(number) == float(parsed.value)

    @QUICK
    @given(NUMBERS, st.sampled_from(["ha", "người", "triệu đồng", "%"]))
    def test_a_number_cell_is_taken_digit_by_digit(self, number: Decimal, unit: str) -> None:
        reading = read_value(float(number), kind="number", unit=unit)

        assert float(number) == reading.value

    @QUICK
    @given(st.floats(-1e12, 1e12).filter(bool))
    def test_a_number_in_a_sentence_is_near_and_short(self, number: float) -> None:
        brief = format_brief(number)
        shown = Decimal(brief.replace(".", "").replace(",", "."))

        assert len(brief.partition(",")[2]) <= max(2, 5 - Decimal(repr(number)).adjusted())
        assert abs(shown - Decimal(repr(number))) <= max(abs(Decimal(repr(number))) * Decimal("0.00001"), Decimal(0))

    @QUICK
    @given(FORMATS, st.floats() | st.integers() | st.decimals(), KINDS, UNITS, REFERENCES)
    def test_no_format_breaks_a_number(
        self, number_format: str, content: float | Decimal, kind: str, unit: str, references: list[float]
    ) -> None:
        reading = read_value(content, kind=kind, unit=unit, number_format=number_format, references=references)

        assert reading.status in (Status.VALUE, Status.UNREADABLE)


class TestEveryUnit:
    NAMES = ("đồng", "nghìn đồng", "triệu đồng", "tỷ đồng", "trđ", "m2", "ha", "km2", "g", "kg", "yến", "tạ", "tấn",
             "nghìn tấn", "cm", "m", "km", "lít", "m3", "%", "‰", "kwh", "mwh", "tạ/ha", "tấn/ha", "con",
             "nghìn con")  # fmt: skip

    def test_there_and_back_is_exact(self) -> None:
        """A unit that may leave out what it is divided by ("tấn" for tấn/ha) has a way there only."""
        both_ways = 0
        for one, other in itertools.permutations(self.NAMES, 2):
            there, back = conversion(one, other), conversion(other, one)
            assert there is not None
            assert back is not None
            if {there.fit, back.fit} <= {Fit.SAME, Fit.CONVERTED}:
                both_ways += 1
                assert there.factor * back.factor == 1
                assert format_decimal(there.factor).strip("0,.") == "1"
        assert both_ways == 72
