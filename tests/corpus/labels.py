"""Labels reworded, retyped, without accents, in other encodings."""

import random
import unicodedata
from collections.abc import Callable

from openpyxl.styles import Font

from tests.corpus.damage import NOT_DONE, Effect, Expected, damage
from tests.corpus.effects import (
    delete_code_columns,
    hard_to_tell,
    lost,
    or_lost,
)
from tests.corpus.encodings import TCVN3, VNI, encoded
from tests.corpus.form import Form
from workbook_tools.cells import FigureName
from workbook_tools.indicators import Indicator
from workbook_tools.text import accentless_key, matching_key

FAMILY = "labels"
_TONES_OTHERWISE = {
    "òa": "oà",
    "óa": "oá",
    "ỏa": "oả",
    "õa": "oã",
    "ọa": "oạ",
    "òe": "oè",
    "óe": "oé",
    "ủy": "uỷ",
    "úy": "uý",
}
BY_LABEL = ("structure.found_by_label",)


def _relabel(form: Form, choose: random.Random, change: Callable[[str, random.Random], str], font: str = "") -> None:
    """All labels changed and the code column deleted: the labels are all there is."""
    for placed in form.fields:
        sheet = form.workbook[placed.sheet]
        for block in form.indicator_blocks(placed):
            for row in block.rows:
                cell = sheet.cell(row.row, block.columns["label"])
                if isinstance(cell.value, str):
                    cell.value = change(cell.value, choose)
                    if font:
                        cell.font = Font(name=font)
    delete_code_columns(form)


def _by_label(form: Form) -> Effect:
    return Effect(BY_LABEL, hard_to_tell(form))


@damage(FAMILY, Expected.SAME)
def labels_in_other_unicode_form(form: Form, choose: random.Random) -> Effect:
    """Labels in decomposed Unicode; the code column deleted."""
    _relabel(form, choose, lambda text, _: unicodedata.normalize("NFD", text))
    return _by_label(form)


@damage(FAMILY, Expected.SAME)
def labels_with_tones_placed_otherwise(form: Form, choose: random.Random) -> Effect:
    """Labels with tone marks placed the other way (hoà, hòa); the code column deleted."""

    def change(text: str, _: random.Random) -> str:
        for one, other in _TONES_OTHERWISE.items():
            text = text.replace(one, other) if one in text else text.replace(other, one)
        return text

    _relabel(form, choose, change)
    return _by_label(form)


@damage(FAMILY, Expected.SAME)
def labels_with_more_blanks(form: Form, choose: random.Random) -> Effect:
    """Labels with more blanks, line breaks, no-break spaces; the code column deleted."""

    def change(text: str, choose: random.Random) -> str:
        blank = choose.choice(["  ", "\u00a0", "\n", " \u200b"])
        return f" {text.replace(' ', blank)} "

    _relabel(form, choose, change)
    return _by_label(form)


@damage(FAMILY, Expected.SAME)
def labels_in_capitals(form: Form, choose: random.Random) -> Effect:
    """Labels in capitals; the code column deleted."""
    _relabel(form, choose, lambda text, _: text.upper())
    return _by_label(form)


@damage(FAMILY, Expected.SAME)
def labels_with_other_punctuation(form: Form, choose: random.Random) -> Effect:
    """Labels with colons, full stops, other dashes; the code column deleted."""
    _relabel(form, choose, lambda text, choose: text.replace("-", "–") + choose.choice([":", ".", " :", ";"]))
    return _by_label(form)


@damage(FAMILY, Expected.SAME)
def labels_with_numbers_glued(form: Form, choose: random.Random) -> Effect:
    """Labels with numbering glued to them (1.2. Diện tích, - Nam, a) …); the code column deleted."""
    _relabel(
        form, choose, lambda text, choose: choose.choice(["1.2. ", "- ", "+ ", "a) ", "IV. ", "2. ", "3.1 "]) + text
    )
    return _by_label(form)


@damage(FAMILY, Expected.SAME)
def labels_without_accents(form: Form, choose: random.Random) -> Effect:
    """Labels without accents; the code column deleted."""

    def change(text: str, _: random.Random) -> str:
        plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
        return "".join(one for one in plain if not unicodedata.combining(one))

    _relabel(form, choose, change)
    ambiguous: dict[FigureName, tuple[object, ...]] = {}
    for placed in form.fields:
        rows = [row.content for block in placed.blocks for row in block.rows if isinstance(row.content, Indicator)]
        keys = [accentless_key(one.label) for one in rows]
        twice = [one.code for one, key in zip(rows, keys, strict=True) if keys.count(key) > 1]
        ambiguous |= or_lost(form, list(form.said_of(*twice)))
    return Effect(BY_LABEL, ambiguous)  # type: ignore[arg-type]


@damage(FAMILY, Expected.SAME)
def labels_in_tcvn3(form: Form, choose: random.Random) -> Effect:
    """Labels in TCVN3 with the font .VnTime; the code column deleted."""
    _relabel(form, choose, lambda text, _: encoded(text, TCVN3), ".VnTime")
    return _by_label(form)


@damage(FAMILY, Expected.SAME)
def labels_in_vni(form: Form, choose: random.Random) -> Effect:
    """Labels in VNI with the font VNI-Times; the code column deleted."""
    _relabel(form, choose, lambda text, _: encoded(text, VNI), "VNI-Times")
    return _by_label(form)


@damage(FAMILY, Expected.SAME)
def label_in_tcvn3_beside_its_code(form: Form, choose: random.Random) -> Effect:
    """One label retyped in TCVN3, its code left."""
    row = form.row(choose, lambda row: any(letter in TCVN3 for letter in row.indicator.label))
    cell = form.workbook[row.sheet].cell(row.row, row.block.columns["label"])
    cell.value, cell.font = encoded(row.indicator.label, TCVN3), Font(name=".VnTime")
    return Effect()


@damage(FAMILY, Expected.FINDING)
def label_reworded(form: Form, choose: random.Random) -> Effect:
    """A label reworded, its code left."""
    row = form.row(choose)
    cell = form.workbook[row.sheet].cell(row.row, row.block.columns["label"])
    cell.value = f"{row.indicator.label} trên địa bàn xã"
    return Effect(("structure.label_reworded",), places=((row.sheet, cell.coordinate),))


@damage(FAMILY, Expected.FINDING)
def label_reworded_without_code(form: Form, choose: random.Random) -> Effect:
    """A label reworded and its code gone."""
    row = form.row(choose)
    sheet = form.workbook[row.sheet]
    cell = sheet.cell(row.row, row.block.columns["label"])
    cell.value = f"Tổng hợp chung về {row.indicator.label.lower()} trên địa bàn"
    sheet.cell(row.row, 1).value = None
    names = [name for name, one in form.said_of(row.indicator.code).items()]
    return Effect(("structure.row_missing|structure.found_by_label",), or_lost(form, names))


@damage(FAMILY, Expected.FINDING)
def label_of_another_indicator(form: Form, choose: random.Random) -> Effect:
    """A label changed to that of another indicator, the code left."""
    rows = {row.indicator.code: row for row in form.rows(form.row(choose).sheet)}
    row, other = choose.sample(list(rows.values()), 2)
    if matching_key(row.indicator.label) == matching_key(other.indicator.label):
        return NOT_DONE
    cell = form.workbook[row.sheet].cell(row.row, row.block.columns["label"])
    cell.value = other.indicator.label
    return Effect(
        ("structure.label_of_another|structure.row_twice",),
        lost(form, row.indicator.code) | or_lost(form, list(form.said_of(other.indicator.code))),
        ((row.sheet, cell.coordinate),),
    )


@damage(FAMILY, Expected.SAME)
def label_cleared_beside_its_code(form: Form, choose: random.Random) -> Effect:
    """A label deleted, its code left."""
    row = form.row(choose)
    form.workbook[row.sheet].cell(row.row, row.block.columns["label"]).value = None
    return Effect()
