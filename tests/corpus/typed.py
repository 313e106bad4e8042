"""Things typed into one cell of a figure, each with what the figure must then read as."""

import datetime as dt
import random
from dataclasses import dataclass

from tests.corpus.damage import LOST, NOT_DONE, Damage, Effect, Expected, Options, add, maybe, means, reads
from tests.corpus.form import Form
from tests.forms import kind_of
from workbook_tools.indicators import Kind

FAMILY = "values"
COUNT, NUMBER, MONEY, PERCENT = Kind.COUNT, Kind.NUMBER, Kind.MONEY, Kind.PERCENT
FIGURES = ("prior", "plan", "actual", "next_plan")


_VISIBLE = str.maketrans({"\n": "⏎", "\u00a0": "⍽"})


@dataclass(frozen=True)
class Typed:
    """One thing typed into one cell of a kind, what the figure may then read as, and the code that tells."""

    name: str
    typed: object
    kinds: tuple[Kind, ...]
    options: Options
    told: tuple[str, ...] = ()
    unit: str = ""
    number_format: str = ""
    alone: bool = False
    """The other figures of the row are deleted first: nothing to compare with."""

    def __call__(self, form: Form, choose: random.Random) -> Effect:
        """Type it into some cell."""
        slots = [
            slot
            for slot in form.slots()
            if slot.name.measure in FIGURES and kind_of(slot) in self.kinds and self.unit in ("", slot.subject.unit)
        ]
        if not slots:
            return NOT_DONE
        slot = choose.choice(slots)
        changed = {slot.name: self.options}
        if self.alone:
            for other in form.slots():
                if other.name.indicator == slot.name.indicator and other.name != slot.name:
                    form.put(other, None)
                    changed[other.name] = LOST
        place = form.put(slot, self.typed, self.number_format)
        return Effect(self.told, changed, (place,) if self.told else ())

    @property
    def story(self) -> str:
        """What the sender did."""
        shown = "a date" if isinstance(self.typed, dt.date) else f"`{str(self.typed).translate(_VISIBLE)}`"
        look = f" with the format `{self.number_format}`" if self.number_format else ""
        kinds = f" into a cell of the kind {' or '.join(self.kinds)}" if len(self.kinds) < len(ALL) else ""
        unit = f", of a row in {self.unit}" if self.unit else ""
        return f"{shown} typed{look}{kinds}{unit}."


ALL = (COUNT, NUMBER, MONEY, PERCENT)
PLAIN = (NUMBER, MONEY)
CONVERTED = ("value.unit_converted",)
UNREADABLE = ("value.unreadable",)
NO_NUMBER = ("value.unreadable|value.two_numbers|value.letters_for_digits",)
NOT_ONE = ("value.two_numbers|value.unreadable|value.unit_mismatch|value.unit_unknown",)
AMBIGUOUS = ("value.ambiguous_separator",)

TYPED = [
    Typed("dot for thousands comma for decimals", "1.422,5", PLAIN, reads(1422.5)),
    Typed("comma for thousands dot for decimals", "1,422.5", PLAIN, reads(1422.5)),
    Typed("blank for thousands", "1 422,5", PLAIN, reads(1422.5)),
    Typed("no break space for thousands", "1\u00a0422,5", PLAIN, reads(1422.5)),
    Typed("stray blank after the dot", "1. 422", (COUNT,), reads(1422)),
    Typed("millions with dots", "13.503.000", (COUNT, *PLAIN), reads(13_503_000)),
    Typed("millions with commas", "13,503,000", (COUNT, *PLAIN), reads(13_503_000)),
    Typed("apostrophe in front", "'1422", (COUNT,), reads(1422)),
    Typed("leading zeros", "007", (COUNT, *PLAIN), reads(7)),
    Typed("line break after the number", "1250\n", (COUNT, *PLAIN), reads(1250)),
    Typed("thousands in a count", "28.333", (COUNT,), reads(28333)),
    Typed("one separator three digits nothing to compare", "28,333", (NUMBER,), LOST, AMBIGUOUS, alone=True),
    Typed("malformed thousands", "1.23.456", ALL, LOST, UNREADABLE),
    Typed("commas everywhere", "1,2,3", ALL, LOST, ("value.unreadable|value.two_numbers",)),
    Typed("unit glued", "652ha", (NUMBER,), reads(652), unit="ha"),
    Typed("unit with a blank", "652 người", (COUNT,), reads(652), unit="người"),
    Typed("compound money", "5 tỷ 570 triệu", (MONEY,), reads(5570), CONVERTED, "triệu đồng"),
    Typed("money in another unit", "95 tỷ", (MONEY,), reads(95_000), CONVERTED, "triệu đồng"),
    Typed("money in dong", "13.503.000.000đ", (MONEY,), reads(13_503), CONVERTED, "triệu đồng"),
    Typed("weight in another unit", "2500 kg", (NUMBER,), reads(2.5), CONVERTED, "tấn"),
    Typed("unit of another thing", "300 hộ", (COUNT,), LOST, ("value.unit_mismatch",), "người"),
    Typed("percent sign", "97%", (PERCENT,), reads(97)),
    Typed("percent sign with decimals", "97,0 %", (PERCENT,), reads(97)),
    Typed("percent format", 0.97, (PERCENT,), reads(97), number_format="0%"),
    Typed("two figures with a slash", "115/116", ALL, LOST, ("value.two_numbers",)),
    Typed("two figures with a semicolon", "12; 15", ALL, LOST, ("value.two_numbers",)),
    Typed("two figures in brackets", "36 (05 hộ)", ALL, LOST, NOT_ONE),
    Typed("range", "7,5 - 8,0", (*PLAIN, PERCENT), LOST, ("value.range",)),
    Typed("range with a long dash", "15–20", ALL, LOST, ("value.range",)),
    Typed("more than", "trên 2.000", (COUNT,), reads(2000, ">"), ("value.qualified",)),
    Typed("about", "khoảng 50", ALL, reads(50, "~"), ("value.qualified",)),
    Typed("at least", "≥ 50", ALL, reads(50, "≥"), ("value.qualified",)),
    Typed("from upwards", "từ 50 trở lên", ALL, reads(50, "≥"), ("value.qualified",)),
    Typed("less than", "< 10", ALL, reads(10, "<"), ("value.qualified",)),
    Typed("dash", "-", ALL, means("nil")),
    Typed("long dash", "–", ALL, means("nil")),
    Typed("none in words", "không", ALL, means("nil")),
    Typed("none arose in words", "không có", ALL, means("nil")),
    Typed("cross", "x", ALL, means("not_applicable")),
    Typed("capital cross", "X", ALL, means("not_applicable")),
    Typed("ellipsis", "…", ALL, means("not_available")),
    Typed("three dots", "...", ALL, means("not_available")),
    Typed("separate report", "có báo cáo riêng", ALL, means("separate_report")),
    Typed("separate report in short", "báo cáo riêng", ALL, means("separate_report")),
    Typed("blanks only", "   ", ALL, LOST),
    Typed("zero in words", "0", ALL, reads(0)),
    Typed("number in words", "hai trăm", ALL, LOST, UNREADABLE),
    Typed("verbal target", "Hoàn thành", ALL, LOST, UNREADABLE),
    Typed("change in words", "tăng 5%", (COUNT, *PLAIN, PERCENT), LOST, ("value.direction_word",)),
    Typed("Roman numeral", "XII", ALL, LOST, UNREADABLE),
    Typed("Arabic Indic digits", "١٢٣", (COUNT, *PLAIN), reads(123), ("value.unusual_digits",)),
    Typed("full width digits", "１２３", (COUNT, *PLAIN), reads(123), ("value.unusual_digits",)),
    Typed("letter O for zero", "1O5", ALL, LOST, NO_NUMBER),
    Typed("letter l for one", "l05", ALL, LOST, NO_NUMBER),
    Typed("footnote mark", "1234 (1)", (COUNT, *PLAIN), maybe(1234), NOT_ONE),
    Typed("brackets for a negative number", "(125,5)", PLAIN, maybe(-125.5), ("value.brackets_negative",)),
    Typed("negative count", -5, (COUNT,), maybe(-5), ("value.negative",)),
    Typed("decimals in a count", 12.5, (COUNT,), maybe(12.5), ("value.not_whole",)),
    Typed("huge number", 1e308, PLAIN, maybe(1e308)),
    Typed("scientific notation as text", "1,2E+05", ALL, LOST, ("value.scientific",)),
    Typed("not a number in words", "NaN", ALL, LOST, ("value.unreadable|value.not_finite",)),
    Typed("sixteen digits", "1234567890123456", (COUNT, *PLAIN), reads(1234567890123456), ("value.precision_lost",)),
    Typed("date typed", dt.datetime(2023, 3, 5), ALL, LOST, ("value.date_cell",)),
    Typed("format changed to a date", 4500, ALL, LOST, ("value.date_cell",), number_format="dd/mm/yyyy"),
    Typed("true or false", True, ALL, LOST, ("value.logical",)),
    Typed("broken reference", "#REF!", ALL, LOST, ("value.error_cell",)),
    Typed("division by zero", "#DIV/0!", ALL, LOST, ("value.error_cell",)),
    Typed("value not found", "#N/A", ALL, LOST, ("value.error_cell",)),
    Typed("sum of numbers", "=150+20", ALL, reads(170), ("value.formula_reckoned",)),
    Typed("formula without a result", "=E5*2", ALL, LOST, ("value.formula_not_calculated",)),
    Typed("link to another workbook", "=[1]Sheet1!A1", ALL, LOST, ("value.formula_not_calculated",)),
    Typed("formula kept as text", " =1+1", ALL, maybe(2), ("value.formula_reckoned|value.unreadable",)),
]  # fmt: skip

for one in TYPED:
    outcome = Expected.FINDING if one.told else Expected.AS_TYPED
    add(Damage(one.name, FAMILY, outcome, one.story, one))
