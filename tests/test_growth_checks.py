"""Growths stated beside the figures they speak of: in the notes of a row, and as a target."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.small_catalogue import Row, Typed, build, findings_of, returned
from workbook_tools.catalogue import Catalogue
from workbook_tools.checks import check_subject
from workbook_tools.findings import Finding
from workbook_tools.indicators import Kind, Role
from workbook_tools.read_cells import Observation, ReadCell
from workbook_tools.subject import subject_of

GROWTH = '=IF(COUNT([v@actual],[v@prior])=2,IFERROR(([v@actual]/[v@prior]-1)*100,""),"")'
TARGETS = build([Row("v", minimum=0), Row("g", "không", kind=Kind.PERCENT, formulas={"actual": GROWTH})])


def with_note(catalogue: Catalogue, note: str, typed: Mapping[str, Typed]) -> list[Finding]:
    """The findings about a note in the row of ``a``."""
    one = returned(catalogue, "A", typed)
    said = Observation("A", "2023", "f", "a", "note", "", None, "", note, "value", note, "A.xlsx", "S", "K1")
    told = replace(one, cells=(*one.cells, ReadCell(said, Role.CLOSED)))
    return [one for one in check_subject(subject_of(catalogue, told)) if one.code == "rule.note_differs"]


class TestNotes:
    """Persons: 121 after 100, 110 planned."""

    COUNTED = build([Row("a", kind=Kind.COUNT, decimals=0)])
    TYPED: Mapping[str, Typed] = {"a": 121, "a@prior": 100, "a@plan": 110}

    @pytest.mark.parametrize(
        "note",
        [
            "tăng 21 % so với cùng kỳ",
            "Tăng 21,0% so với năm trước.",
            "tăng 21 %",
            "Tăng 21% so với năm 2022; đạt 110 % kế hoạch",
            "vượt 10% KH",
            "bằng 121 % cùng kỳ, do mở thêm lớp",
        ],
    )
    def test_that_agree(self, note: str) -> None:
        assert with_note(self.COUNTED, note, self.TYPED) == []

    @pytest.mark.parametrize(
        ("note", "expected"),
        [
            ("tăng 20,9 % so với cùng kỳ", []),
            ("tăng 12 % so với cùng kỳ", [21.0]),
            ("Giảm 21 % so với năm trước", [21.0]),
            ("Đạt 121% kế hoạch, do mở thêm lớp", [110.0]),
            ("tăng 19 %", [21.0]),
            ("Tăng 21% so với năm 2022; đạt 90 % kế hoạch năm 2023", [110.0]),
        ],
    )
    def test_that_differ_are_told_with_what_the_figures_give(self, note: str, expected: list[float]) -> None:
        """One unit of the last digit is cut off or rounded, more is not."""
        found = with_note(self.COUNTED, note, self.TYPED)

        assert [one.expected for one in found] == pytest.approx(expected)
        assert all(one.cell == "K1" for one in found)

    @pytest.mark.parametrize(
        "note",
        [
            "lớp 1 tăng 50 % so với cùng kỳ",
            "tăng khoảng 20 % so với cùng kỳ",
            "tăng 5 % so với năm 2019",
            "tăng 5 % so với bình quân huyện",
            "đạt 95 %",
            "Giá tăng 5 %, sản lượng giảm",
            "tăng 21 hộ, 50 % là hộ nghèo",
        ],
    )
    def test_of_something_else_say_nothing(self, note: str) -> None:
        assert with_note(self.COUNTED, note, self.TYPED) == []

    def test_need_both_figures(self) -> None:
        assert with_note(self.COUNTED, "tăng 12 % so với cùng kỳ", {"a": 121}) == []
        assert with_note(self.COUNTED, "tăng 12 % so với cùng kỳ", {"a": 121, "a@prior": "~100"}) == []

    def test_of_rounded_figures_have_their_room(self) -> None:
        """1,2 after 1,1 may be 1,15 after 1,149 or 1,249 after 1,05: anything from 0 to 19 %."""
        rounded = build([Row("a", decimals=1)])

        assert with_note(rounded, "tăng 15 % so với cùng kỳ", {"a": "1.2", "a@prior": "1.1"}) == []
        assert len(with_note(rounded, "tăng 25 % so với cùng kỳ", {"a": "1.2", "a@prior": "1.1"})) == 1

    def test_of_rates_say_nothing(self) -> None:
        """“Tăng 2 %” of a rate may be points."""
        rates = build([Row("a", kind=Kind.PERCENT)])

        assert with_note(rates, "tăng 2 % so với cùng kỳ", {"a": 42, "a@prior": 40}) == []


class TestTargets:
    @staticmethod
    def told(**typed: Typed) -> list[str]:
        found = findings_of(TARGETS, {key.replace("_", "@", 1): value for key, value in typed.items()})
        return [str(one.cell) for one in found if one.code == "rule.target_growth_differs"]

    def test_of_next_year_follow_from_this_year(self) -> None:
        assert self.told(v=1422.5, v_next_plan=1672.5, g_next_plan=17.6) == []
        assert self.told(v=1422.5, v_next_plan=1672.5, g_next_plan=17.8) == ["J2"]

    def test_may_be_meant_beside_the_plan(self) -> None:
        assert self.told(v=100, v_plan=110, v_next_plan=121, g_next_plan=10) == []
        assert self.told(v=100, v_plan=110, v_next_plan=121, g_next_plan=15) == ["J2"]

    def test_of_this_year_follow_from_last_year(self) -> None:
        assert self.told(v_prior=100, v_plan=110, g_plan=10) == []
        assert self.told(v_prior=100, v_plan=110, g_plan=14) == ["E2"]

    def test_of_which_a_rule_speaks_are_left_to_it(self) -> None:
        rows = [Row("v", minimum=0), Row("g", "không", kind=Kind.PERCENT, formulas={"actual": GROWTH})]
        ruled = build(rows, rules="targets warning: =[g@next_plan]<50")
        found = findings_of(ruled, {"v": 100, "v@next_plan": 110, "g@next_plan": 12})

        assert "rule.target_growth_differs" not in [one.code for one in found]
