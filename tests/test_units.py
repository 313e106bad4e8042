"""The list of units: how it is read, and what the tree of units knows."""

import datetime as dt
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from workbook_tools.errors import UnitsError, UnknownPlaceError
from workbook_tools.unit_names import name_key
from workbook_tools.units import Unit, UnitTree, read_units

EXAMPLE = Path(__file__).parent.parent / "examples" / "DonVi.xlsx"
HEADINGS = ("Mã đơn vị", "Tên đơn vị", "Loại", "Mã đơn vị cha", "Hiệu lực từ", "Hiệu lực đến")
LAST_DAY = dt.date(2025, 6, 30)
FIRST_DAY = dt.date(2025, 7, 1)

Rows = Sequence[Sequence[object]]
MakeFile = Callable[..., Path]


@pytest.fixture
def units_file(tmp_path: Path) -> MakeFile:
    def make(rows: Rows, headings: Sequence[object] = HEADINGS, above: int = 0, sheets_before: int = 0) -> Path:
        workbook = Workbook()
        for number in range(sheets_before):
            workbook.worksheets[-1].append(["Hướng dẫn", number])
            workbook.create_sheet(f"Sheet {number}")
        sheet = workbook.worksheets[-1]
        sheet.title = "Đơn vị"
        for row in (*[["Danh sách đơn vị"]] * above, headings, *rows):
            sheet.append(list(row))
        path = tmp_path / "DonVi.xlsx"
        workbook.save(path)
        return path

    return make


def tree(*units: tuple[str, str, str, str]) -> UnitTree:
    return UnitTree(tuple(Unit(*unit) for unit in units))


def codes(units: Sequence[Unit]) -> list[str]:
    return [unit.code for unit in units]


OLD = tree(
    ("24", "Tỉnh Bắc Giang", "tỉnh", ""),
    ("217", "Huyện Lạng Giang", "huyện", "24"),
    ("07399", "Thị trấn Kép", "thị trấn", "217"),
    ("K1", "Tổ dân phố số 1", "TDP", "07399"),
    ("K2", "Tổ dân phố 02", "TDP", "07399"),
    ("07387", "Xã Hương Sơn", "xã", "217"),
    ("223", "Huyện Hiệp Hòa", "huyện", "24"),
    ("213", "Thành phố Bắc Giang", "thành phố", "24"),
)


class TestTree:
    def test_the_example_holds_two_towns_of_two_districts(self) -> None:
        units = read_units(EXAMPLE)
        assert list(units.units) == ["24", "217", "223", "07399", "07840"]
        assert codes(units.leaves("24")) == ["07399", "07840"]
        assert units.unit("07399") == Unit("07399", "Thị trấn Kép", "thị trấn", "217", None, LAST_DAY)

    def test_children_and_leaves_keep_the_order_of_the_list(self) -> None:
        assert codes(OLD.roots) == ["24"]
        assert codes(OLD.children("24")) == ["217", "223", "213"]
        assert codes(OLD.leaves("24")) == ["K1", "K2", "07387", "223", "213"]

    def test_a_unit_without_children_has_no_leaves(self) -> None:
        assert OLD.children("K1") == OLD.leaves("K1") == ()

    def test_a_path_runs_from_the_root_to_the_unit(self) -> None:
        assert codes(OLD.path("K1")) == ["24", "217", "07399", "K1"]
        assert (OLD.depth("24"), OLD.depth("K1")) == (0, 3)

    def test_an_unknown_code_is_told(self) -> None:
        with pytest.raises(UnknownPlaceError, match="“999”"):
            OLD.children("999")

    @pytest.mark.parametrize(
        ("units", "message"),
        [
            ([("1", "A", "xã", "9")], "không có đơn vị cha mã “9”"),
            ([("1", "A", "xã", "1")], "1 → 1"),
            ([("0", "Z", "xã", "1"), ("1", "A", "xã", "2"), ("2", "B", "xã", "1")], "1 → 2 → 1"),
            ([("1", "A", "xã", ""), ("1", "B", "xã", "")], "mã “1” có hai đơn vị cùng hiệu lực"),
        ],
    )
    def test_units_that_make_no_tree_are_refused(self, units: list[tuple[str, str, str, str]], message: str) -> None:
        with pytest.raises(UnitsError, match=message):
            tree(*units)

    def test_a_circle_is_told_once(self) -> None:
        with pytest.raises(UnitsError) as error:
            tree(("1", "A", "xã", "2"), ("2", "B", "xã", "3"), ("3", "C", "xã", "1"), ("4", "D", "thôn", "1"))
        assert str(error.value).count("vòng lặp") == 1


class TestLevels:
    @pytest.mark.parametrize(
        ("code", "level"),
        [("24", "tỉnh"), ("217", "huyện"), ("213", "huyện"), ("07399", "xã"), ("07387", "xã"), ("K1", "thôn")],
    )
    def test_the_kind_says_the_level(self, code: str, level: str) -> None:
        assert OLD.level(code) == level

    @pytest.mark.parametrize(
        ("kind", "level"),
        [
            ("Thôn", "thôn"), ("xóm", "thôn"), ("bản", "thôn"), ("Ấp", "thôn"), ("buôn", "thôn"), ("TDP", "thôn"),
            ("Khu phố", "thôn"), ("khối phố", "thôn"), ("khóm", "thôn"), ("tiểu khu", "thôn"),
            ("PHƯỜNG", "xã"), ("Đặc khu", "xã"), ("TT.", "xã"), ("quận", "huyện"), ("thị xã", "huyện"),
            ("thành phố", "tỉnh"), ("Thành phố trực thuộc trung ương", "tỉnh"), ("quốc gia", "quốc gia"),
            ("trường học", ""), ("", ""),
        ],
    )  # fmt: skip
    def test_kinds_may_be_short_long_or_in_capitals(self, kind: str, level: str) -> None:
        assert tree(("1", "Đông", kind, "")).level("1") == level

    def test_a_city_is_a_province_unless_it_lies_in_one(self) -> None:
        units = tree(
            ("VN", "Việt Nam", "quốc gia", ""),
            ("79", "Thành phố Hồ Chí Minh", "thành phố", "VN"),
            ("769", "Thành phố Thủ Đức", "thành phố", "79"),
        )
        assert [units.level(code) for code in units.units] == ["quốc gia", "tỉnh", "huyện"]

    def test_without_a_kind_the_name_says_it(self) -> None:
        assert tree(("1", "Xã Bản Bo", "", "")).level("1") == "xã"


class TestFind:
    @pytest.mark.parametrize(
        "text",
        [
            "07399", "7399", 7399, 7399.0, " 007399 ", "Thị trấn Kép", "Kép", "THỊ TRẤN KÉP", "TT. Kép", "TT Kép",
            "tt.kép", "UBND thị trấn Kép", "Ủy ban nhân dân TT Kép", "Uỷ ban nhân dân thị trấn Kép",
            "Thị trấn Kép, huyện Lạng Giang",
            "Kép, H. Lạng Giang, tỉnh Bắc Giang", unicodedata.normalize("NFD", "Thị trấn Kép"),
        ],
    )  # fmt: skip
    def test_a_unit_is_found_by_code_or_name(self, text: object) -> None:
        found = OLD.find(text)
        assert found is not None
        assert found.code == "07399"

    @pytest.mark.parametrize(
        "text", ["Tổ dân phố 2", "TDP số 2", "TDP2", "tổ 02", "TDP số 02, TT. Kép", "Tổ dân phố số 2"]
    )
    def test_numbers_in_names_are_written_in_many_ways(self, text: str) -> None:
        assert OLD.find(text) == OLD.unit("K2")

    @pytest.mark.parametrize("text", ["Huyện Hiệp Hòa", "huyện Hiệp Hoà", "H. Hiệp Hòa", "hiệp hoà"])
    def test_the_place_of_the_tone_mark_does_not_count(self, text: str) -> None:
        assert OLD.find(text) == OLD.unit("223")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "  ",
            ",",
            None,
            True,
            7399.5,
            float("nan"),
            "999",
            "Kep",
            "Xã Kép",
            "Kép, huyện Hiệp Hòa",
            "UBND",
            "Thị trấn",
        ],
    )
    def test_what_fits_no_unit_is_not_found(self, text: object) -> None:
        assert OLD.find(text) is None

    def test_a_name_of_two_units_needs_its_kind_or_what_lies_above(self) -> None:
        assert OLD.find("Bắc Giang") is None
        assert OLD.find("Thành phố Bắc Giang") == OLD.unit("213")
        assert OLD.find("T. Bắc Giang") == OLD.unit("24")
        twins = tree(
            ("1", "Tỉnh A", "tỉnh", ""), ("2", "Tỉnh B", "tỉnh", ""),
            ("3", "Xã Tân Lập", "xã", "1"), ("4", "Xã Tân Lập", "xã", "2"),
        )  # fmt: skip
        assert twins.find("Xã Tân Lập") is None
        assert twins.find("Xã Tân Lập, tỉnh B") == twins.unit("4")

    def test_a_number_may_have_lost_zeros_but_a_text_means_what_it_says(self) -> None:
        units = tree(("01", "Thành phố Hà Nội", "thành phố", ""), ("001", "Quận Ba Đình", "quận", "01"))
        assert (units.find("01"), units.find("001")) == (units.unit("01"), units.unit("001"))
        assert units.find(1) is None

    def test_a_name_may_begin_like_a_kind(self) -> None:
        units = tree(("1", "Xã Bản Bo", "xã", ""), ("2", "Bản Lang", "xã", ""))
        for text in ("Bản Bo", "xã Bản Bo", "X. Bản Bo"):
            assert units.find(text) == units.unit("1")
        assert units.find("Bản Lang") == units.find("xã Bản Lang") == units.unit("2")

    def test_accents_count(self) -> None:
        units = tree(("1", "Xã Ba Tơ", "xã", ""), ("2", "Xã Ba Tô", "xã", ""))
        assert units.find("Ba Tơ") == units.unit("1")
        assert name_key("Ba Tơ") != name_key("Ba Tô")


class TestDates:
    KEP = (
        ("24", "Tỉnh Bắc Giang", "tỉnh", None, None, LAST_DAY),
        ("24", "Tỉnh Bắc Ninh", "tỉnh", None, FIRST_DAY, None),
        ("217", "Huyện Lạng Giang", "huyện", "24", None, LAST_DAY),
        ("07399", "Thị trấn Kép", "thị trấn", "217", None, LAST_DAY),
        ("07399", "Xã Kép", "xã", "24", FIRST_DAY, None),
    )

    def test_a_code_is_a_unit_only_together_with_a_date(self, units_file: MakeFile) -> None:
        path = units_file(self.KEP)
        assert [unit.name for unit in read_units(path, LAST_DAY).path("07399")] == [
            "Tỉnh Bắc Giang", "Huyện Lạng Giang", "Thị trấn Kép",
        ]  # fmt: skip
        assert [unit.name for unit in read_units(path, FIRST_DAY).path("07399")] == ["Tỉnh Bắc Ninh", "Xã Kép"]

    def test_without_a_date_nothing_is_lost_and_the_latest_counts(self, units_file: MakeFile) -> None:
        units = read_units(units_file(self.KEP))
        assert len(units.listed) == 5
        assert units.unit("07399").name == "Xã Kép"
        assert units.on(LAST_DAY) == read_units(units_file(self.KEP), LAST_DAY)

    def test_a_code_twice_on_one_day_is_refused(self, units_file: MakeFile) -> None:
        path = units_file([*self.KEP[:4], ("07399", "Xã Kép", "xã", "24", LAST_DAY, None)])
        with pytest.raises(UnitsError, match=r"^\[DonVi.xlsx\]Đơn vị!A6: mã “07399” có hai đơn vị cùng hiệu lực"):
            read_units(path, FIRST_DAY)

    def test_a_parent_must_exist_on_the_day(self, units_file: MakeFile) -> None:
        path = units_file([*self.KEP[:3], ("07399", "Thị trấn Kép", "thị trấn", "217")])
        assert read_units(path, LAST_DAY).unit("07399").parent == "217"
        with pytest.raises(UnitsError, match=r"Đơn vị!D5: .*“217”.*xét ngày 01/07/2025"):
            read_units(path, FIRST_DAY)

    def test_a_list_without_units_on_the_day_is_refused(self) -> None:
        with pytest.raises(UnitsError, match=r"không có đơn vị nào hiệu lực ngày 01/07/2025"):
            read_units(EXAMPLE, FIRST_DAY)

    @pytest.mark.parametrize("typed", ["30/06/2025", "30.6.2025", "2025-06-30", dt.datetime(2025, 6, 30)])
    def test_a_date_may_be_typed(self, units_file: MakeFile, typed: object) -> None:
        assert read_units(units_file([("24", "A", "tỉnh", None, "-", typed)])).unit("24").valid_to == LAST_DAY

    @pytest.mark.parametrize(
        ("start", "end", "message"),
        [
            (None, "31/06/2025", "F2: “31/06/2025” không phải là ngày"),
            (45838, None, "E2: .* không phải là ngày"),
            (FIRST_DAY, LAST_DAY, "F2: ngày hết hiệu lực trước"),
        ],
    )
    def test_a_wrong_date_is_told(self, units_file: MakeFile, start: object, end: object, message: str) -> None:
        with pytest.raises(UnitsError, match=message):
            read_units(units_file([("24", "A", "tỉnh", None, start, end)]))


class TestReading:
    NUMBERS = (
        (24, "Tỉnh Bắc Giang", "tỉnh", None),
        (7, "Huyện A", "huyện", 24),
        (7399, "Thị trấn Kép", "thị trấn", 7),
        (5, "Thôn 5", "thôn", 7399),
        (213, "Thành phố Bắc Giang", "thành phố", "Tỉnh Bắc Giang"),
    )

    def test_codes_that_became_numbers_get_their_zeros_back(self, units_file: MakeFile) -> None:
        units = read_units(units_file(self.NUMBERS))
        assert [(unit.code, unit.parent) for unit in units.units.values()] == [
            ("24", ""), ("007", "24"), ("07399", "007"), ("5", "07399"), ("213", "24"),
        ]  # fmt: skip

    def test_a_citys_code_has_two_digits_or_three(self, units_file: MakeFile) -> None:
        rows = [("VN", "Việt Nam", "quốc gia"), (1, "Hà Nội", "TP", "VN"), (8, "B", "thành phố", 1), (2, "C", "tỉnh")]
        assert list(read_units(units_file(rows)).units) == ["VN", "01", "008", "02"]

    def test_a_parents_number_with_two_meanings_is_refused(self, units_file: MakeFile) -> None:
        rows = [("01", "Hà Nội", "thành phố"), ("001", "Ba Đình", "quận", "01"), ("00004", "Trúc Bạch", "phường", 1)]
        with pytest.raises(UnitsError, match=r"Đơn vị!D4: đơn vị cha “1” có thể là 001 hoặc 01"):
            read_units(units_file(rows))

    @pytest.mark.parametrize(
        "headings",
        [
            ("Code", "Name", "Kind", "Parent"),
            ("MÃ  ĐƠN VỊ (5 chữ số)", "Tên đơn vị", "Loại", "Trực thuộc"),
            (unicodedata.normalize("NFD", "Mã đơn vị"), "Tên", "Loại đơn vị", "Mã cha", "STT"),
        ],
    )
    def test_headings_are_known_by_meaning(self, units_file: MakeFile, headings: Sequence[str]) -> None:
        assert list(read_units(units_file([("24", "Bắc Giang", "tỉnh")], headings)).units) == ["24"]

    def test_the_best_heading_wins(self, units_file: MakeFile) -> None:
        path = units_file([("x", "24", "Bắc Giang", "tỉnh", None)], ("Mã", "Mã đơn vị", "Tên", "Loại", "Mã đơn vị cha"))
        assert list(read_units(path).units) == ["24"]

    def test_the_table_may_stand_below_a_title_or_on_a_later_sheet(self, units_file: MakeFile) -> None:
        assert list(read_units(units_file([("24", "A", "tỉnh")], above=9)).units) == ["24"]
        assert list(read_units(units_file([("24", "A", "tỉnh")], sheets_before=2)).units) == ["24"]
        with pytest.raises(UnitsError, match=r"^\[DonVi.xlsx\]: không sheet nào có dòng tiêu đề"):
            read_units(units_file([("24", "A", "tỉnh")], above=10))

    def test_blank_rows_and_notes_are_skipped(self, units_file: MakeFile) -> None:
        rows = [(), ("24", "A", "tỉnh"), (" ",), ("217", "B", "huyện", "24"), ("Ghi chú: số liệu đến 30/6/2025",)]
        assert list(read_units(units_file(rows)).units) == ["24", "217"]

    def test_a_missing_column_is_told(self, units_file: MakeFile) -> None:
        with pytest.raises(UnitsError, match=r"^\[DonVi.xlsx\]Đơn vị!A1: dòng tiêu đề thiếu cột “Mã đơn vị cha”"):
            read_units(units_file([("24", "A", "tỉnh")], ("Mã đơn vị", "Tên đơn vị", "Loại")))

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            ((None, "Thôn Đông"), "A3: thiếu mã đơn vị"),
            (("X1", None, "xã"), "B3: thiếu tên đơn vị"),
            ((73.5, "A", "xã"), "A3: “73.5” không phải là mã"),
            ((True, "A", "xã"), "A3: “True” không phải là mã"),
            ((dt.date(2025, 1, 1), "A", "xã"), "A3: .* không phải là mã"),
            (("X1", "A", "xã", "99"), "D3: không có đơn vị cha mã “99”"),
            (("X1", "A", "xã", "X1"), "D3: vòng lặp đơn vị cha: X1 → X1"),
        ],
    )
    def test_a_wrong_cell_is_told_with_its_place(
        self, units_file: MakeFile, row: Sequence[object], message: str
    ) -> None:
        with pytest.raises(UnitsError, match=r"^\[DonVi.xlsx\]Đơn vị!" + message):
            read_units(units_file([("24", "A", "tỉnh"), row]))

    def test_all_mistakes_are_told_at_once_up_to_a_screenful(self, units_file: MakeFile) -> None:
        with pytest.raises(UnitsError) as error:
            read_units(units_file([(None, f"Thôn {number}") for number in range(30)]))
        lines = str(error.value).splitlines()
        assert (len(lines), lines[-1]) == (21, "… và 10 lỗi khác.")
