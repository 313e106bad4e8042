"""What is done to the figures of a form: formulas, choices, dates, and all numbers at once."""

import datetime as dt
import random
import re
from collections.abc import Callable

from openpyxl.styles import Color, Font, PatternFill

from tests.corpus.damage import LOST, NOT_DONE, NOTHING_TOLD, Effect, Expected, damage, reads
from tests.corpus.form import Form
from tests.forms import kind_of
from workbook_tools.form_layout import (
    Slot,
)
from workbook_tools.indicators import Kind, Role

FAMILY = "values"
COUNT, NUMBER, MONEY, PERCENT = Kind.COUNT, Kind.NUMBER, Kind.MONEY, Kind.PERCENT
ALL = (COUNT, NUMBER, MONEY, PERCENT)
FIGURES = ("prior", "plan", "actual", "next_plan")


@damage(FAMILY, Expected.FINDING)
def one_separator_beside_a_plan(form: Form, choose: random.Random) -> Effect:
    """`28,333` typed beside a plan of 28000, which tells what is meant."""
    slots = {(slot.name.indicator, slot.name.measure): slot for slot in form.slots() if kind_of(slot) is NUMBER}
    both = [one for one, measure in slots if measure == "actual" and (one, "plan") in slots]
    if not both:
        return NOT_DONE
    one = choose.choice(both)
    changed = {slots[one, "plan"].name: reads(28_000), slots[one, "actual"].name: reads(28_333)}
    for measure in ("prior", "next_plan"):
        if (one, measure) in slots:
            form.put(slots[one, measure], None)
            changed[slots[one, measure].name] = LOST
    form.put(slots[one, "plan"], 28_000)
    place = form.put(slots[one, "actual"], "28,333")
    return Effect(("value.separator_decided",), changed, (place,))


@damage(FAMILY, Expected.FINDING)
def fraction_for_a_percentage(form: Form, choose: random.Random) -> Effect:
    """0.97 typed for 97 % beside a plan of 95 %."""
    slots = {(slot.name.indicator, slot.name.measure): slot for slot in form.slots() if kind_of(slot) is PERCENT}
    pairs = [(one, other) for one in slots for other in slots if one != other and one[0] == other[0]]
    if not pairs:
        return NOT_DONE
    one, other = choose.choice(pairs)
    form.put(slots[other], 95)
    place = form.put(slots[one], 0.97)
    changed = {slots[one].name: (("value", 0.97, "", ""), None), slots[other].name: reads(95)}
    return Effect(("value.maybe_fraction",), changed, (place,))


@damage(FAMILY, Expected.FINDING)
def formula_with_a_saved_result(form: Form, choose: random.Random) -> Effect:
    """A formula of the sender's own in an input cell, its result saved."""
    slot = form.slot(choose, COUNT, NUMBER, MONEY, where=lambda slot: slot.name.measure in FIGURES)
    place = form.put(slot, "=2*SUM(E2:E3)")
    cell = slot.position.name
    result = re.compile(rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v\s*/?>(</v>)?'.encode())

    def save_result(parts: dict[str, bytes]) -> None:
        name = f"xl/worksheets/sheet{form.workbook.sheetnames.index(slot.sheet) + 1}.xml"
        parts[name], count = result.subn(rb"\1<v>1234</v>", parts[name])
        assert count == 1

    form.package_edits.append(save_result)
    return Effect(("value.formula_in_input",), {slot.name: reads(1234)}, (place,))


@damage(FAMILY, Expected.FINDING)
def not_a_number_in_the_file(form: Form, choose: random.Random) -> Effect:
    """NaN or an infinite number in the cell of a figure, as another program exports it."""
    slot = form.slot(choose, COUNT, NUMBER, MONEY, PERCENT, where=lambda slot: slot.name.measure in FIGURES)
    form.put(slot, 12345678)
    bad = choose.choice([b"NaN", b"INF", b"-Infinity", b"1e999"])

    def replace(parts: dict[str, bytes]) -> None:
        name = f"xl/worksheets/sheet{form.workbook.sheetnames.index(slot.sheet) + 1}.xml"
        assert b"<v>12345678</v>" in parts[name]
        parts[name] = parts[name].replace(b"<v>12345678</v>", b"<v>" + bad + b"</v>")

    form.package_edits.append(replace)
    return Effect(("value.not_finite|value.unreadable|value.scientific",), {slot.name: LOST}, (form.at(slot),))


def _formula_slots(form: Form) -> list[Slot]:
    return [slot for slot in form.base.layout.slots() if slot.role is Role.FORMULA and kind_of(slot).is_numeric]


@damage(FAMILY, Expected.AS_TYPED)
def number_typed_over_a_formula(form: Form, choose: random.Random) -> Effect:
    """A number typed over a formula of the form."""
    slot = choose.choice(_formula_slots(form))
    form.put(slot, 34)
    return Effect((), {slot.name: reads(34)})


@damage(FAMILY, Expected.SAME)
def own_formulas_instead_of_those_of_the_form(form: Form, choose: random.Random) -> Effect:
    """Formulas of the form replaced by others."""
    for slot in choose.sample(_formula_slots(form), 3):
        form.put(slot, choose.choice(["=E5+F5", "=ROUND(G10/F10*100,1)", "=SUM(E8:E12)"]))
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def all_formulas_deleted(form: Form, choose: random.Random) -> Effect:
    """All formulas of the form deleted."""
    for slot in _formula_slots(form):
        form.put(slot, None)
    return NOTHING_TOLD


@damage(FAMILY, Expected.FINDING)
def number_in_a_closed_cell(form: Form, choose: random.Random) -> Effect:
    """A number typed into a closed cell (x)."""
    closed = [
        slot
        for slot in form.base.layout.slots()
        if slot.role is Role.CLOSED and form.workbook[slot.sheet][slot.position.name].value == "x"
    ]
    slot = choose.choice(closed)
    place = form.put(slot, 77)
    return Effect(("structure.closed_cell_filled",), places=(place,))


@damage(FAMILY, Expected.FINDING)
def choice_that_is_not_in_the_list(form: Form, choose: random.Random) -> Effect:
    """Something typed that is not in the pull-down list."""
    slots = [slot for slot in form.slots() if kind_of(slot) is Kind.CHOICE]
    if not slots:
        return NOT_DONE
    slot = choose.choice(slots)
    place = form.put(slot, "Lạ lắm")
    return Effect(("value.not_a_choice",), {slot.name: LOST}, (place,))


@damage(FAMILY, Expected.SAME)
def choices_typed_otherwise(form: Form, choose: random.Random) -> Effect:
    """Choices typed in small letters with more blanks."""
    for slot in form.slots():
        if kind_of(slot) is Kind.CHOICE:
            form.put(slot, f" {form.base.said[slot.name][3].lower()} ")
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def dates_typed_otherwise(form: Form, choose: random.Random) -> Effect:
    """Dates typed as 5.3.2023, 05-03-2023 or turned into dates by Excel."""
    for slot in form.slots():
        if kind_of(slot) is Kind.DATE:
            day = dt.date.fromisoformat(form.base.said[slot.name][3])
            ways = (f"{day.day}.{day.month}.{day.year}", f"{day.day:02}-{day.month:02}-{day.year}", day)
            form.put(slot, choose.choice(ways))
    return NOTHING_TOLD


@damage(FAMILY, Expected.FINDING)
def date_that_is_none(form: Form, choose: random.Random) -> Effect:
    """A date that does not exist or lacks its day or year."""
    slots = [slot for slot in form.slots() if kind_of(slot) is Kind.DATE]
    if not slots:
        return NOT_DONE
    slot = choose.choice(slots)
    place = form.put(slot, choose.choice(["31/02/2023", "tháng ba", "5/3/23?", "2023"]))
    return Effect(("value.not_a_date",), {slot.name: LOST}, (place,))


def _vietnamese(number: float) -> str:
    return f"{number:,.10g}".translate(str.maketrans(",.", ".,"))


def _retype(form: Form, way: Callable[[float, Slot], object], *kinds: Kind) -> Effect:
    """Every number of these kinds typed otherwise."""
    for slot in form.slots():
        kind, number = kind_of(slot), form.base.said[slot.name][1]
        if kind in (kinds or ALL) and number is not None:
            form.put(slot, way(number, slot))
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def all_numbers_as_text(form: Form, choose: random.Random) -> Effect:
    """All numbers kept as text, with a decimal comma."""
    return _retype(form, lambda number, _: f"{number:.10g}".replace(".", ","))


@damage(FAMILY, Expected.SAME)
def all_numbers_as_text_with_separators(form: Form, choose: random.Random) -> Effect:
    """All numbers kept as text with Vietnamese separators (1.422,5)."""
    return _retype(form, lambda number, _: _vietnamese(number))


@damage(FAMILY, Expected.SAME)
def all_numbers_as_text_with_foreign_separators(form: Form, choose: random.Random) -> Effect:
    """All numbers kept as text with English separators (1,422.5)."""
    return _retype(form, lambda number, _: f"{number:,.10g}")


@damage(FAMILY, Expected.SAME)
def all_numbers_with_blanks(form: Form, choose: random.Random) -> Effect:
    """All numbers kept as text with blanks and no-break spaces around them."""
    return _retype(
        form,
        lambda number, _: choose.choice([" {} ", "\u00a0{}", "{}\u202f"]).format(f"{number:.10g}".replace(".", ",")),
    )


@damage(FAMILY, Expected.SAME)
def all_numbers_with_their_unit(form: Form, choose: random.Random) -> Effect:
    """All numbers typed with the unit of their row (652 ha)."""
    return _retype(
        form, lambda number, slot: f"{_vietnamese(number)} {slot.subject.unit}".strip(), COUNT, NUMBER, MONEY
    )


@damage(FAMILY, Expected.SAME)
def all_numbers_as_formulas(form: Form, choose: random.Random) -> Effect:
    """All numbers typed as formulas (=652)."""
    return _retype(form, lambda number, _: f"={number:.10g}")


def _format_all(form: Form, choose: random.Random, *formats: str) -> None:
    for slot in form.slots():
        if kind_of(slot).is_numeric:
            form.workbook[slot.sheet][slot.position.name].number_format = choose.choice(formats)


@damage(FAMILY, Expected.SAME)
def other_formats_on_all_numbers(form: Form, choose: random.Random) -> Effect:
    """Number formats changed: rounded, with separators, as text."""
    _format_all(form, choose, "0", "#,##0", "@", "#,##0.0_);[Red](#,##0.0)", "General", "0.000")
    return NOTHING_TOLD


@damage(FAMILY, Expected.FINDING)
def formats_that_show_another_number(form: Form, choose: random.Random) -> Effect:
    """A number format that shows thousands or millions of what is stored."""
    slot = form.slot(choose, COUNT, NUMBER, MONEY, where=lambda slot: slot.name.measure in FIGURES)
    place = form.at(slot)
    form.workbook[slot.sheet][slot.position.name].number_format = choose.choice(["#,##0,", '#,##0.0,,"M"'])
    return Effect((), {slot.name: (form.base.said[slot.name], None)}, (place,))


@damage(FAMILY, Expected.SAME)
def all_numbers_as_text_of_a_csv(form: Form, choose: random.Random) -> Effect:
    """All numbers pasted as text with a decimal point (652.5)."""
    return _retype(form, lambda number, _: repr(int(number) if number % 1 == 0 else number))


@damage(FAMILY, Expected.FINDING)
def number_hidden_by_its_format(form: Form, choose: random.Random) -> Effect:
    """A number format that shows nothing of a number, or only a word."""
    slot = form.slot(choose, COUNT, NUMBER, MONEY, where=lambda slot: slot.name.measure in FIGURES)
    place = form.put(slot, 1234, choose.choice([";;;", '"";"";""', '"đạt"', ";", "[=0]0;;"]))
    return Effect(("value.not_shown",), {slot.name: reads(1234)}, (place,))


@damage(FAMILY, Expected.FINDING)
def number_in_white_on_white(form: Form, choose: random.Random) -> Effect:
    """A number in letters of the colour of their ground."""
    slot = form.slot(choose, COUNT, NUMBER, MONEY, where=lambda slot: slot.name.measure in FIGURES)
    place = form.put(slot, 1234)
    cell = form.workbook[slot.sheet][slot.position.name]
    cell.font = Font(color=choose.choice([Color("FFFFFFFF"), Color(theme=0)]))
    if choose.random() < 0.5:
        cell.fill = PatternFill()
    return Effect(("value.not_shown",), {slot.name: reads(1234)}, (place,))
