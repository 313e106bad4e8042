"""Rows with one label between several indicators: told apart by title, number and unit, or order; never guessed."""

from dataclasses import replace

import pytest

from tests.small_catalogue import Row, build
from workbook_tools.indicators import Indicator
from workbook_tools.label_matching import Labelled, LabelledRow
from workbook_tools.text import matching_key

FORM = (
    ("crops", "1", "Diện tích", "ha"), ("crops", "2", "Sản lượng", "tấn"), ("crops", "-", "Trong đó: nữ", "người"),
    ("herds", "3", "Đàn lợn", "con"), ("herds", "4", "Sản lượng", "tấn"), ("herds", "-", "Trong đó: nữ", "người"),
)  # fmt: skip
"""Block, number, label and unit of each indicator."""


def indicators() -> list[Indicator]:
    made = build([Row(f"a{number}") for number in range(len(FORM))]).indicators.values()
    return [
        replace(one, number=number, label=label, unit=unit)
        for one, (_, number, label, unit) in zip(made, FORM, strict=True)
    ]


def labelled(*rows: tuple[str, str, str, str], coded: dict[int, str] | None = None) -> Labelled:
    """Rows 10, 11, … as they came back: block whose title stands above, number, label, unit."""
    found = [
        LabelledRow(row, matching_key(label), matching_key(number), matching_key(unit), block)
        for row, (block, number, label, unit) in enumerate(rows, 10)
    ]
    blocks = {f"a{number}": block for number, (block, *_) in enumerate(FORM)}
    return Labelled(found, indicators(), blocks, coded or {})


def moved(order: str, *, titles: bool = True, numbers: bool = True) -> list[tuple[str, str, str, str]]:
    """Rows of the form in another order, given by their digits."""
    rows = (FORM[int(digit)] for digit in order)
    return [(block * titles, number * numbers, label, unit) for block, number, label, unit in rows]


OUTPUT, WOMEN = matching_key("Sản lượng"), matching_key("Trong đó: nữ")


class TestToldApart:
    def test_by_the_title_above(self) -> None:
        """Blocks swapped: each row stands below the title of its block."""
        sheet = labelled(*moved("345012", numbers=False))

        assert sheet.told_apart(OUTPUT) == {11: "a4", 14: "a1"}
        assert sheet.told_apart(WOMEN) == {12: "a5", 15: "a2"}

    def test_by_number_and_unit(self) -> None:
        """Sorted rows without titles keep their numbers; a dash tells nothing apart."""
        sheet = labelled(*moved("501423", titles=False))

        assert sheet.told_apart(OUTPUT) == {12: "a1", 13: "a4"}
        assert sheet.told_apart(WOMEN) == {}

    def test_not_by_numbers_given_anew(self) -> None:
        """Where the other rows do not have the numbers of the form, no number counts."""
        rows = [("", str(9 - place), label, unit) for place, (_, _, label, unit) in enumerate(moved("410325"))]

        assert labelled(*rows).told_apart(OUTPUT) == {}

    def test_by_their_order(self) -> None:
        """Labels in the order of the form, without titles and numbers."""
        sheet = labelled(*moved("012345", titles=False, numbers=False))

        assert sheet.told_apart(OUTPUT) == {11: "a1", 14: "a4"}
        assert sheet.told_apart(WOMEN) == {12: "a2", 15: "a5"}

    @pytest.mark.parametrize("order", ["543210", "405132", "014"])
    def test_not_without_any_order(self, order: str) -> None:
        assert labelled(*moved(order, titles=False, numbers=False)).told_apart(OUTPUT) == {}

    def test_not_where_title_and_number_differ(self) -> None:
        """Two kinds of evidence that say different things are none."""
        rows = [(block, number, label, unit) for block, number, label, unit in FORM]
        rows[1], rows[4] = ("herds", *FORM[1][1:]), ("crops", *FORM[4][1:])

        assert labelled(*rows).told_apart(OUTPUT) == {}

    def test_the_rest_where_one_has_its_code(self) -> None:
        sheet = labelled(*moved("012345", numbers=False), coded={11: "a1"})

        assert sheet.told_apart(OUTPUT) == {14: "a4"}

    def test_not_a_third_row(self) -> None:
        """Two rows for one indicator: which counts is asked."""
        sheet = labelled(*FORM, ("herds", "", "Sản lượng", "tấn"))

        assert sheet.told_apart(OUTPUT) == {}
