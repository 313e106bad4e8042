"""Figures of former units at today's boundaries, and the lists of units that tell who took whose place."""

import datetime as dt
import math
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import workbook_from_text
from tests.small_catalogue import Row, build
from workbook_tools.boundaries import Carried, carry
from workbook_tools.cells import FigureName
from workbook_tools.errors import UnitsError, UnknownPlaceError
from workbook_tools.figure_cube import CellFigure
from workbook_tools.indicators import Kind
from workbook_tools.national_units import (
    FIRST_DAY,
    current_tree,
    find_unit,
    former_tree,
    national_successions,
    units_of,
)
from workbook_tools.successions import Succession, between, read_successions
from workbook_tools.unit_list_writing import write_unit_list
from workbook_tools.units import read_units

RATE = '=IF(COUNT([a],[b])=2,IFERROR([a]/[b]*100,""),"")'
CATALOGUE = build(
    [
        Row("a"),
        Row("b"),
        Row("rate", rule="bình quân theo b", formulas=RATE),
        Row("yield", rule="bình quân theo a"),
        Row("best", rule="lớn nhất"),
        Row("rank", rule="không", kind=Kind.COUNT),
        Row("words", rule="ghép", kind=Kind.TEXT),
    ]
)
DAY = dt.date(2025, 7, 1)


def values(**typed: CellFigure) -> dict[FigureName, CellFigure]:
    return {FigureName(code, "prior"): value for code, value in typed.items()}


def carried(*successions: tuple[str, str, float | None], **units: dict[FigureName, CellFigure]) -> Carried:
    return carry(CATALOGUE, units, [Succession(old, new, DAY, share) for old, new, share in successions])


def of(found: Carried, unit: str) -> dict[str, CellFigure]:
    return {name.indicator: value for name, value in found.values[unit].items()}


class TestMergers:
    def test_add_sums_and_weigh_means(self) -> None:
        found = carried(
            ("A", "N", 1.0), ("B", "N", 1.0), A=values(a=1, b=10, **{"yield": 6}), B=values(a=3, b=20, **{"yield": 2})
        )

        assert of(found, "N") == {"a": 4, "b": 30, "yield": 3}
        assert found.estimated == {}
        assert found.findings == []

    def test_leave_formulas_to_the_new_form(self) -> None:
        """A rate that nobody typed is no figure to carry; its parts are."""
        assert "rate" not in of(carried(("A", "N", 1.0), ("B", "N", 1.0), A=values(a=1, b=2), B=values(a=1, b=3)), "N")

    def test_leave_ranks_and_texts_behind(self) -> None:
        found = carried(
            ("A", "N", 1.0), ("B", "N", 1.0), A=values(rank=1, words="tốt", best=5), B=values(rank=2, best=9)
        )

        assert of(found, "N") == {"best": 9}

    def test_tell_of_means_that_have_no_weight(self) -> None:
        found = carried(("A", "N", 1.0), ("B", "N", 1.0), A=values(a=1, **{"yield": 6}), B=values(**{"yield": 2}))

        assert of(found, "N") == {"a": 1}
        assert [finding.code for finding in found.findings] == ["unit.base_not_formed"]
        assert "1 chỉ tiêu" in found.findings[0].message()

    def test_tell_of_parts_without_figures(self) -> None:
        found = carried(("A", "N", 1.0), ("B", "N", 1.0), A=values(a=1))

        assert of(found, "N") == {"a": 1}
        assert [finding.code for finding in found.findings] == ["unit.part_without_figures"]

    def test_may_keep_the_code_of_a_part(self) -> None:
        """07399 was a town and is now a commune of which the town is a third."""
        found = carried(("A", "A", 1.0), ("B", "A", 1.0), A=values(a=1), B=values(a=3))

        assert of(found, "A") == {"a": 4}
        assert list(found.values) == ["A"]


class TestOtherChanges:
    def test_a_new_name_or_code_changes_no_figure(self) -> None:
        """A unit that goes on as a whole keeps its ranks and words too."""
        own = values(a=1, rank=3, words="tốt")

        assert of(carried(("A", "N", 1.0), A=own), "N") == {"a": 1, "rank": 3, "words": "tốt"}

    def test_units_that_stay_keep_their_figures(self) -> None:
        assert of(carried(("A", "N", 1.0), A=values(a=1), C=values(a=7, rank=1)), "C") == {"a": 7, "rank": 1}

    def test_a_split_gives_each_its_share(self) -> None:
        found = carried(("A", "N", 0.25), ("A", "M", 0.75), ("B", "M", 1.0), A=values(a=100, best=9), B=values(a=25))

        assert (of(found, "N"), of(found, "M")) == ({"a": 25}, {"a": 100})
        assert found.estimated == {("N", FigureName("a", "prior")): 1.0, ("M", FigureName("a", "prior")): 0.75}

    def test_an_unknown_share_is_not_guessed(self) -> None:
        found = carried(("A", "N", None), ("B", "N", 1.0), A=values(a=100), B=values(a=5))

        assert of(found, "N") == {"a": 5}
        assert [finding.code for finding in found.findings] == ["unit.share_unknown"]


@given(
    amounts=st.lists(st.integers(0, 10**9), min_size=2, max_size=5),
    cuts=st.lists(st.integers(1, 99), min_size=2, max_size=5),
    data=st.data(),
)
def test_carrying_then_adding_is_adding(amounts: list[int], cuts: list[int], data: st.DataObject) -> None:
    """However old units are merged and split, what all new ones have is what all old ones had."""
    successions = []
    for number, _ in enumerate(amounts):
        cut = cuts[number % len(cuts)] / 100
        one, other = (data.draw(st.sampled_from("XYZ")) for _ in range(2))
        shares = [(one, 1.0)] if one == other else [(one, cut), (other, 1 - cut)]
        successions += [(f"U{number}", new, share) for new, share in shares]
    found = carried(*successions, **{f"U{number}": values(a=amount) for number, amount in enumerate(amounts)})
    total = sum(float(of(found, unit)["a"] or 0) for unit in found.values)

    assert math.isclose(total, sum(amounts), rel_tol=1e-12, abs_tol=1e-9)


class TestNationalLists:
    def test_hold_the_whole_country(self) -> None:
        assert (len(current_tree().roots), len(current_tree().units) - 34) == (34, 3321)
        assert len(national_successions()) == 10_602

    def test_every_succession_leads_from_a_former_to_a_present_unit(self) -> None:
        former, current = former_tree().units, current_tree().units

        assert all(one.old in former and one.new in current for one in national_successions())

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("07399", "07399"),
            ("Xã Kép, tỉnh Bắc Ninh", "07399"),
            ("xã Hiệp Hoà, Bắc Ninh", "07840"),
            ("Bắc Ninh", "24"),
        ],
    )
    def test_find_units_by_code_and_name(self, typed: str, code: str) -> None:
        assert find_unit(typed).code == code

    def test_are_there_in_less_than_a_second(self) -> None:
        start = time.process_time()
        for load in (current_tree, former_tree, national_successions):
            load.cache_clear()
            load()

        assert time.process_time() - start < 1

    def test_know_every_unit_by_code_by_name_and_by_either_spelling(self) -> None:
        """Tone marks stand where the writer puts them, and an apostrophe may be straight or curly."""
        for listed in (current_tree(), former_tree()):
            for unit in listed.units.values():
                above = [one.name for one in reversed(listed.path(unit.code)[:-1])]
                name = ", ".join([unit.name, *above])
                for spelt in (
                    name,
                    name.replace("òa", "oà").replace("úy", "uý").replace("ủy", "uỷ"),
                    name.replace("’", "'"),
                ):
                    assert listed.find(spelt) is unit, spelt
                assert listed.find(unit.code) is unit

    @pytest.mark.parametrize("typed", ["Tân Thành", "Thị trấn Kép", "99999"])
    def test_do_not_guess(self, typed: str) -> None:
        with pytest.raises(UnknownPlaceError, match="từ 01/07/2025"):
            find_unit(typed)

    def test_a_commune_comes_with_its_parts(self) -> None:
        """Xã Kép is the town of Kép, Hương Sơn and Quang Thịnh."""
        units, successions = units_of("07399")

        assert [one.old for one in successions] == ["07384", "07387", "07399"]
        assert [unit.name for unit in units][-3:] == ["Xã Quang Thịnh", "Xã Hương Sơn", "Thị trấn Kép"]

    def test_written_lists_read_back(self, tmp_path: Path) -> None:
        units, successions = units_of("Bắc Ninh")
        write_unit_list(tmp_path / "DonVi.xlsx", "DANH SÁCH ĐƠN VỊ", units, successions)

        assert list(read_units(tmp_path / "DonVi.xlsx").listed) == units
        assert list(read_successions(tmp_path / "DonVi.xlsx")) == successions
        assert len(read_units(tmp_path / "DonVi.xlsx", FIRST_DAY).units) == 100


class TestSuccessions:
    HEAD = "Mã đơn vị cũ | Tên đơn vị cũ | Mã đơn vị mới | Tên đơn vị mới | Ngày hiệu lực | Tỷ trọng (%) | Căn cứ\n"

    def read(self, tmp_path: Path, rows: str) -> tuple[Succession, ...]:
        return read_successions(workbook_from_text(tmp_path / "d.xlsx", {"Chuyển đổi": self.HEAD + rows}))

    def test_are_read_with_their_shares(self, tmp_path: Path) -> None:
        one, other = self.read(tmp_path, "T01|A|T1|B|01/07/2025|40|NQ\nT01|A|T2|C|01/07/2025|60%|NQ")

        assert (one.old, one.new, one.date, one.share, other.share) == ("T01", "T1", DAY, 0.4, 0.6)

    def test_without_a_share_mean_the_whole_or_nothing_known(self, tmp_path: Path) -> None:
        found = self.read(tmp_path, "T01||T1||01/07/2025\nT02||T1||01/07/2025\nT02||T2||01/07/2025")

        assert [one.share for one in found] == [1.0, None, None]

    @pytest.mark.parametrize(
        "row", ["T1||T2||hôm qua", "|A|T2||01/07/2025", "T1||T2||01/07/2025|140", "T1||T2||01/07/2025|nhiều"]
    )
    def test_name_the_cell_that_is_wrong(self, tmp_path: Path, row: str) -> None:
        with pytest.raises(UnitsError, match=r"\[d.xlsx\]Chuyển đổi![A-F]2"):
            self.read(tmp_path, row)

    def test_give_away_no_more_than_the_whole(self, tmp_path: Path) -> None:
        with pytest.raises(UnitsError, match="110 %"):
            self.read(tmp_path, "T1||T2||01/07/2025|60\nT1||T3||01/07/2025|50")

    def test_between_two_days(self) -> None:
        one = Succession("A", "B", DAY)

        assert between([one], dt.date(2025, 6, 30), DAY) == [one]
        assert between([one], DAY, dt.date(2026, 1, 1)) == []
