"""Rows and columns of a sheet that came back, found by codes, labels and headings."""

from collections.abc import Callable

import pytest

from tests.forms import form_layout
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import parse_position
from workbook_tools.form_layout import headings_of
from workbook_tools.heading_meanings import INDICATORS, Meanings, meanings_of
from workbook_tools.leftover_figures import unknown_rows
from workbook_tools.list_matching import match_list
from workbook_tools.periods import parse_period
from workbook_tools.sheet_matching import MatchedSheet
from workbook_tools.sheet_texts import SheetTexts
from workbook_tools.typed_formulas import is_sum_of_numbers, result_of
from workbook_tools.workbook_contents import CellContent, Scalar, SheetContent

CODES = {"B6": "number", "C6": "label", "D6": "unit", "E6": "prior", "F6": "plan", "G6": "actual", "K6": "next_plan"}
HEADINGS = {"B7": "STT", "C7": "Chỉ tiêu", "D7": "ĐVT", "E7": "Thực hiện năm trước", "F7": "Kế hoạch năm",
            "G7": "Thực hiện (ước)", "K7": "Kế hoạch năm sau"}  # fmt: skip
ROWS = {"A10": "people.total", "C10": "Dân số trung bình", "A12": "people.male", "C12": "Nam", "A13": "people.female",
        "C13": "Nữ"}  # fmt: skip
PEOPLE: dict[str, Scalar] = {"A1": "#field people", "A5": "#block people", "B5": "I. Dân số", "A6": "#columns",
                             **CODES, **HEADINGS, **ROWS}  # fmt: skip
Match = Callable[..., MatchedSheet]


@pytest.fixture
def match(small: Catalogue) -> Match:
    """A sheet of the first field, with some cells changed (``None`` takes one out)."""

    def matched(period: str = "2023", field: int = 0, **cells: Scalar) -> MatchedSheet:
        placed = form_layout(small).fields[field]
        texts = {**(PEOPLE if field == 0 else {}), **cells}
        content = {parse_position(cell): CellContent(value) for cell, value in texts.items() if value is not None}
        when = parse_period(period)
        headings = headings_of(small, when)
        return MatchedSheet(SheetTexts(SheetContent("S", "visible", content)), placed, small, "f.xlsx", headings, when)

    return matched


def without(*rows: int, column: str = "") -> dict[str, None]:
    """The cells of some rows or of a column taken out."""
    return {cell: None for cell in PEOPLE if parse_position(cell).row in rows or (column and cell.startswith(column))}


def told(sheet: MatchedSheet) -> list[tuple[str, str]]:
    return [(finding.code.removeprefix("structure."), finding.cell) for finding in sheet.findings]


class TestMeanings:
    @pytest.mark.parametrize(
        ("heading", "code"),
        [
            ("KH", "plan"),
            ("ƯTH", "actual"),
            ("kế  hoạch NĂM", "plan"),
            ("Thực hiện năm 2022", "prior"),
            ("Thực hiện năm 2023", "actual"),
            ("TH 2022", "prior"),
            ("ƯTH 2023", "actual"),
            ("KH 2024", "next_plan"),
            ("Kế hoạch năm 2023", "plan"),
            ("Cùng kỳ", "prior"),
            ("Cùng kỳ năm 2022", "prior"),
            ("Thực hiện năm 2021", ""),
            ("Cùng kỳ 2021", ""),
            ("Năm 2023", ""),
            ("So cùng kỳ", ""),
            ("2022", "prior"),
            ("Năm 2024", "next_plan"),
            ("Ước TH năm 2023", "actual"),
            ("Ước thực hiện cả năm", "actual"),
            ("KQ 2022", "prior"),
            ("Chỉ tiêu KH 2023", "plan"),
            ("Dự kiến KH 2024", "next_plan"),
            ("% TH/KH", "plan_ratio"),
            ("So CK (%)", ""),
            ("Số TH", ""),
            ("+/-", "change"),
            ("-", ""),
            ("", ""),
        ],
    )
    def test_of_headings_in_a_form_for_2023(self, small: Catalogue, heading: str, code: str) -> None:
        assert self.meanings(small, "2023").of(heading) == code

    @pytest.mark.parametrize(
        ("heading", "code"),
        [
            ("TH 6 tháng đầu năm 2022", "prior"),
            ("Ước TH", "actual"),
            ("Thực hiện 6 tháng đầu năm 2023", "actual"),
            ("Kế hoạch năm 2023", "plan"),
        ],
    )
    def test_of_headings_in_a_form_for_half_a_year(self, small: Catalogue, heading: str, code: str) -> None:
        assert self.meanings(small, "2023-H1").of(heading) == code

    def test_a_year_means_nothing_without_a_period(self, small: Catalogue) -> None:
        assert self.meanings(small, "").of("Thực hiện năm 2022") == ""

    @staticmethod
    def meanings(small: Catalogue, code: str) -> Meanings:
        period = parse_period(code)
        placed = form_layout(small).fields[0]
        return meanings_of(placed, small, headings_of(small, period), period)[INDICATORS]


class TestColumns:
    def test_by_codes(self, match: Match) -> None:
        sheet = match()

        assert sheet.columns.head(INDICATORS, 10).columns["actual"] == 7
        assert told(sheet) == []

    def test_by_headings(self, match: Match) -> None:
        """Each step down is told: the row of codes is gone."""
        sheet = match(**without(6))

        assert sheet.columns.head(INDICATORS, 10).columns["actual"] == 7
        assert told(sheet) == [("columns_by_heading", "B7")]

    def test_reworded_headings(self, match: Match) -> None:
        sheet = match(**without(6), E7="TH 2022", F7="KH", G7="ƯTH")
        columns = sheet.columns.head(INDICATORS, 10).columns

        assert [columns[measure] for measure in ("prior", "plan", "actual")] == [5, 6, 7]

    def test_two_headings_of_one_meaning_are_not_told_apart(self, match: Match) -> None:
        sheet = match(**without(6), F7="Thực hiện")
        head = sheet.columns.head(INDICATORS, 10)

        assert "actual" not in head.columns
        assert head.doubtful == {"actual": 6}
        assert ("heading_twice", "G7") in told(sheet)

    def test_a_code_with_the_heading_of_another(self, match: Match) -> None:
        """Columns pasted in another order over the hidden codes."""
        sheet = match(F7="Thực hiện (ước)", G7="Kế hoạch năm")
        head = sheet.columns.head(INDICATORS, 10)

        assert head.doubtful == {"plan": 6, "actual": 7}
        assert told(sheet) == [("heading_of_another", "F7"), ("heading_of_another", "G7")]

    def test_a_copied_column(self, match: Match) -> None:
        sheet = match(L6="actual")

        assert sheet.columns.head(INDICATORS, 10).doubtful == {"actual": 7}
        assert told(sheet) == [("heading_twice", "L6")]

    def test_an_unknown_heading_over_a_code_is_no_matter(self, match: Match) -> None:
        sheet = match(G7="Kết quả đến 15/12")

        assert sheet.columns.head(INDICATORS, 10).columns["actual"] == 7
        assert told(sheet) == []

    def test_nothing_left_to_go_by(self, match: Match) -> None:
        sheet = match(**without(6, 7))

        assert sheet.columns.head(INDICATORS, 10).columns == {}

    @pytest.mark.parametrize(
        ("cells", "columns"),
        [
            ({"E7": "Thực hiện", "E8": "năm 2022", "F7": "Kế hoạch", "F8": "năm 2023", "G7": "Ước thực hiện",
              "G8": "năm 2023", "K7": "Kế hoạch", "K8": "năm 2024"},
             {"prior": 5, "plan": 6, "actual": 7, "next_plan": 11}),
            ({"E7": "Năm 2022", "E8": "TH", "F7": "Năm 2023", "F8": "KH", "G7": None, "G8": "ƯTH", "K7": "Năm 2024",
              "K8": "KH"}, {"prior": 5, "plan": 6, "actual": 7, "next_plan": 11}),
            ({"E7": "Thực hiện", "E8": "2022", "F7": "KH 2023", "G7": "2023"}, {"prior": 5, "plan": 6, "actual": 7}),
            ({"E7": 2022, "F7": "KH", "G7": 2023, "K7": 2024}, {"prior": 5, "plan": 6, "actual": 7, "next_plan": 11}),
            ({"E7": "TH", "F7": None, "G7": "TH năm trước", "H7": "So sánh (%)", "H8": "KH", "I8": "TH"},
             {"actual": 5, "prior": 7}),
        ],
    )  # fmt: skip
    def test_headings_in_two_rows(self, match: Match, cells: dict[str, Scalar], columns: dict[str, int]) -> None:
        """What stands above counts with what stands below, and comparisons are no measures."""
        head = match(**{**without(6), **cells}).columns.head(INDICATORS, 10)

        assert {code: head.columns.get(code) for code in columns} == columns
        assert head.doubtful == {}

    def test_numbers_of_columns(self, match: Match) -> None:
        """A row 1, 2, 3 below the headings holds no figures, and neither does one of (1), (2), (3) = (2)/(1)."""
        numbers: dict[str, Scalar] = {"B9": "A", "C9": "B", "D9": "C", "E9": 1, "F9": 2, "G9": 3, "H9": "4=3/2"}
        sheet = match(**{**without(6), **numbers})

        assert sheet.is_outside(9)
        assert list(unknown_rows(sheet)) == []

    def test_a_unit_like_a_heading(self, match: Match) -> None:
        """The first row of a table whose unit is "chỉ tiêu" is no further row of headings."""
        rows: dict[str, Scalar] = {"C8": "Dân số trung bình", "D8": "chỉ tiêu", "G8": 5, "C9": "Nam", "D9": "chỉ tiêu"}
        head = match(**{**without(6, 10, 12), **rows}).columns.head(INDICATORS, 8)

        assert (head.last, head.columns["label"]) == (7, 3)

    def test_a_heading_of_another_year_over_a_code(self, match: Match) -> None:
        """The column is known by its code, but its figures may be of another year."""
        sheet = match(F7="Kế hoạch năm 2021")

        assert sheet.columns.head(INDICATORS, 10).columns["plan"] == 6
        assert told(sheet) == [("heading_year", "F7")]


class TestRows:
    def test_by_codes(self, match: Match, small: Catalogue) -> None:
        sheet = match()

        assert sheet.row_of(small.indicators["people.male"]).row == 12
        assert told(sheet) == []

    @pytest.mark.parametrize("label", ["Dân số trung bình", "DÂN  SỐ TRUNG BÌNH:", "Dan so trung binh"])
    def test_by_label(self, match: Match, small: Catalogue, label: str) -> None:
        sheet = match(**without(column="A"), C10=label)

        assert sheet.row_of(small.indicators["people.total"]).row == 10
        assert told(sheet) == [("found_by_label", "C10")]

    @pytest.mark.parametrize("label", ["1. Dân số trung bình", "1.2 Dân số trung bình", "IV) Dân số trung bình"])
    def test_by_a_label_behind_a_number(self, match: Match, small: Catalogue, label: str) -> None:
        sheet = match(**{**without(column="A"), "C10": label})

        assert sheet.row_of(small.indicators["people.total"]).row == 10

    @pytest.mark.parametrize("code", ["x", "Thôn Đồng", "1.2", 7])
    def test_a_code_typed_over(self, match: Match, small: Catalogue, code: Scalar) -> None:
        """What is no code hides no label."""
        sheet = match(A12=code)

        assert sheet.row_of(small.indicators["people.male"]).row == 12
        assert told(sheet) == [("found_by_label", "C12")]

    def test_codes_in_capitals(self, match: Match, small: Catalogue) -> None:
        sheet = match(A12=" PEOPLE.MALE ", A6="#COLUMNS", G6="ACTUAL")

        assert sheet.row_of(small.indicators["people.male"]).row == 12
        assert sheet.columns.head(INDICATORS, 12).columns["actual"] == 7
        assert told(sheet) == []

    def test_a_code_that_was_another_one(self, match: Match, small: Catalogue) -> None:
        """A row of another version of the template keeps its label where its code has changed."""
        sheet = match(A12="people.men", G12=5)

        assert sheet.row_of(small.indicators["people.male"]).row == 12
        assert told(sheet) == [("found_by_label", "C12")]

    def test_a_row_that_is_gone(self, match: Match, small: Catalogue) -> None:
        sheet = match(**without(12))

        assert sheet.row_of(small.indicators["people.male"]).row == 0
        assert told(sheet) == [("row_missing", "")]

    def test_twice_with_one_value(self, match: Match, small: Catalogue) -> None:
        """Said twice, counted once."""
        sheet = match(G12=5, A20="people.male", C20="Nam", G20=5)

        assert sheet.row_of(small.indicators["people.male"]).row == 12
        assert told(sheet) == []

    def test_twice_with_two_values(self, match: Match, small: Catalogue) -> None:
        sheet = match(G12=5, A20="people.male", C20="Nam", G20=6)

        assert sheet.row_of(small.indicators["people.male"]).is_refused
        assert told(sheet) == [("row_twice", "C12")]

    def test_twice_once_without_its_code(self, match: Match, small: Catalogue) -> None:
        """A row typed anew below the table may not be passed by."""
        sheet = match(G12=5, C20="Nam", G20=6)

        assert sheet.row_of(small.indicators["people.male"]).is_refused
        assert told(sheet) == [("row_twice", "C12")]

    def test_the_filled_one_of_two(self, match: Match, small: Catalogue) -> None:
        sheet = match(C20="Nam", G20=6)

        assert sheet.row_of(small.indicators["people.male"]).row == 20
        assert told(sheet) == [("found_by_label", "C20")]

    def test_a_copied_row_for_an_indicator_of_their_own(self, match: Match, small: Catalogue) -> None:
        """A row copied with its hidden code and named anew does not disturb the first."""
        sheet = match(G12=5, A14="people.male", C14="Nam trên 60 tuổi", G14=2)

        assert sheet.row_of(small.indicators["people.male"]).row == 12
        assert list(unknown_rows(sheet)) == [14]

    def test_the_label_of_another(self, match: Match, small: Catalogue) -> None:
        sheet = match(C12="Nữ", C13="Nam", G12=5, G13=6)

        assert sheet.row_of(small.indicators["people.male"]).is_refused
        assert told(sheet) == [("label_of_another", "C12")]

    def test_a_reworded_label(self, match: Match, small: Catalogue) -> None:
        sheet = match(C12="Số nam giới", G12=5)

        assert sheet.row_of(small.indicators["people.male"]).row == 12
        assert told(sheet) == [("label_reworded", "C12")]


class TestUnknownRows:
    @pytest.mark.parametrize(
        ("cells", "rows"),
        [
            ({"G14": 7}, [14]),
            ({"C14": "Người cao tuổi", "G14": "12"}, [14]),
            ({"C14": "Người cao tuổi"}, []),
            ({"A14": "people.elderly", "C14": "Người cao tuổi", "G14": "12"}, [14]),
            ({"A11": "#group", "C11": "Chia ra:", "G11": 7}, [11]),
            ({"G20": 7}, [20]),
            ({"G20": "ngày 5 tháng 12 năm 2023"}, []),
            ({"G14": "TM. ỦY BAN NHÂN DÂN"}, []),
            ({"M12": 7, "N30": 8}, []),
        ],
    )  # fmt: skip
    def test_what_belongs_to_nothing(
        self, match: Match, small: Catalogue, cells: dict[str, Scalar], rows: list[int]
    ) -> None:
        """Figures outside of the form's rows are told; signatures and scribbles beside the table are not."""
        sheet = match(**cells)
        for code in ("people.total", "people.male", "people.female"):
            sheet.row_of(small.indicators[code])

        assert list(unknown_rows(sheet)) == rows


ROADS: dict[str, Scalar] = {
    "A1": "#field farms", "A17": "#list farms.road_list", "B17": "Bảng kê: đường nội đồng", "A18": "#columns",
    "B18": "number", "C18": "name", "D18": "state", "E18": "length", "F18": "finished", "A19": "#heading", "B19": "STT",
    "C19": "Tên đường", "D19": "Tình trạng", "E19": "Chiều dài\n(km)", "F19": "Ngày xong", "A20": "farms.road_list#1",
    "B20": 1, "C20": "Bãi", "E20": 1.5, "A21": "farms.road_list#2", "B21": 2, "C21": "Chùa", "E21": 2.5,
    "A22": "farms.road_list#3", "B22": 3, "A23": "farms.road_list#4", "B23": 4,
    "A25": "#block money", "B25": "II. Vốn",
}  # fmt: skip


class TestList:
    @pytest.mark.parametrize(
        ("cells", "items", "codes"),
        [
            ({}, {"1": 20, "2": 21, "3": 22, "4": 23}, []),
            ({"A24": None, "C24": "Cầu", "E24": 3}, {"1": 20, "2": 21, "3": 22, "4": 23, "5": 24}, ["list_row_added"]),
            ({"A22": None, "C22": "Cầu"}, {"1": 20, "2": 21, "5": 22, "4": 23}, ["list_row_added", "list_row_missing"]),
            ({"A22": "farms.road_list#2", "C22": "Cầu", "E22": 3}, {"1": 20, "2": 21, "5": 22, "4": 23},
             ["list_row_added", "list_row_missing"]),
            ({"A22": "farms.road_list#2", "C22": "Chùa", "E22": 2.5}, {"1": 20, "2": 21, "4": 23},
             ["list_row_repeated", "list_row_missing"]),
            ({"A22": None, "B22": None}, {"1": 20, "2": 21, "4": 23}, ["list_row_missing"]),
            ({"C24": "Tổng cộng", "E24": 4}, {"1": 20, "2": 21, "3": 22, "4": 23}, []),
            ({"A26": "farms.road_list#2", "C26": "Chùa", "E26": 2.5, "A21": None, "B21": None, "C21": None,
              "E21": None}, {"1": 20, "3": 22, "4": 23, "2": 26}, []),
        ],
    )  # fmt: skip
    def test_rows(self, match: Match, cells: dict[str, Scalar], items: dict[str, int], codes: list[str]) -> None:
        sheet = match(field=1, **{**ROADS, **cells})

        assert self.rows(sheet) == (items, [])
        assert [code for code, _ in told(sheet)] == codes

    def test_one_code_and_name_but_other_figures(self, match: Match) -> None:
        sheet = match(field=1, **{**ROADS, "A22": "farms.road_list#2", "C22": "Chùa", "E22": 9})

        assert self.rows(sheet)[1] == [21, 22]
        assert "row_twice" in [code for code, _ in told(sheet)]

    def test_a_total_typed_into_the_list(self, match: Match) -> None:
        """It would be added to what it adds up."""
        sheet = match(field=1, **{**ROADS, "C22": "Tổng cộng", "E22": 4})

        assert self.rows(sheet)[1] == [22]
        assert told(sheet) == [("list_total_typed", "C22")]

    def test_a_total_typed_below_the_list(self, match: Match) -> None:
        sheet = match(field=1, **{**ROADS, "C24": "Tổng cộng", "E24": 4})
        self.rows(sheet)

        assert list(unknown_rows(sheet)) == [24]

    def test_without_codes(self, match: Match) -> None:
        """Rows in their order under the headings, as far as they are offered or filled."""
        cells = {cell: value for cell, value in ROADS.items() if not cell.startswith("A")}
        sheet = match(field=1, **cells)

        assert self.rows(sheet) == ({"1": 20, "2": 21, "3": 22, "4": 23}, [])
        assert [code for code, _ in told(sheet)] == ["list_by_heading"]

    def test_without_codes_and_code_row(self, match: Match) -> None:
        cells = {cell: value for cell, value in ROADS.items() if not cell.startswith("A") and not cell.endswith("18")}
        sheet = match(field=1, **cells)

        assert self.rows(sheet) == ({"1": 20, "2": 21, "3": 22, "4": 23}, [])
        assert [code for code, _ in told(sheet)] == ["columns_by_heading", "list_by_heading"]

    @staticmethod
    def rows(sheet: MatchedSheet) -> tuple[dict[str, int], list[int]]:
        block = next(block for block in sheet.placed.blocks if block.block.code == "farms.road_list")
        content = sheet.catalogue.lists["farms.road_list"]
        found = match_list(sheet, block, content).rows
        return {one.item: one.row for one in found}, [one.row for one in found if one.is_refused]


class TestTypedFormulas:
    @pytest.mark.parametrize(
        ("formula", "result"),
        [("=150+20", 170), ("=12,5", None), ("=10%", 0.1), ("=SUM(1,2)*2", 6), ("=E5+1", None), ("=1/0", None),
         ("=[1]S!A1", None), ('="x"', None), ("=HYPERLINK(1)", None), ("=", None), ("=-3", -3)],
    )  # fmt: skip
    def test_result(self, formula: str, result: float | None) -> None:
        assert result_of(formula) == result

    def test_a_formula_with_cells_was_not_typed(self) -> None:
        assert not is_sum_of_numbers("=SUM(E5:E7)+1")
