"""The sheet that explains changes, and the columns that compare the same units: live, and true when recalculated."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.helpers import digest
from tests.office import saved_by_office, without_results
from tests.small_catalogue import Typed, consolidated, returned, tree
from tests.small_template import write_small_template
from tests.test_summary_looks import too_wide
from tests.test_summary_writing import columns_of, sheet_of
from workbook_tools.catalogue import Catalogue
from workbook_tools.consolidated import Consolidation
from workbook_tools.excel_reading import read_workbook
from workbook_tools.formulas import Figure
from workbook_tools.like_for_like import same_unit_ratios
from workbook_tools.observations import Return
from workbook_tools.same_unit_columns import MARK
from workbook_tools.summary_sheets import ANALYSIS_SHEET, HEADLINE_SHEET, OVERVIEW_SHEET, SUMMARY_SHEET
from workbook_tools.summary_writing import write_summary
from workbook_tools.template_reading import read_template
from workbook_tools.workbook_contents import SheetContent, WorkbookContent

UNITS = 14


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return read_template(write_small_template(tmp_path_factory.mktemp("template") / "small.xlsx")).catalogue


def typed(number: int) -> dict[str, Typed]:
    """What a unit types: the third has no figures of last year, the fourth no plan."""
    male, female = 100 + 7 * number, 110 + 5 * number
    facts: dict[str, Typed] = {
        "people.total": male + female,
        "people.male": male,
        "people.female": female,
        "people.poor": 12 + number % 3,
        "farms.area": 10.5 + number,
        "farms.output": 55.5 + 6 * number,
        "farms.road_list#1.name": f"Đường {number}",
        "farms.road_list#1.length": 1.5,
    }
    before: dict[str, Typed] = {
        "people.total@prior": 200 + 10 * number,
        "people.male@prior": 100 + 4 * number,
        "people.female@prior": 100 + 6 * number,
        "people.poor@prior": 20,
    }
    plan: dict[str, Typed] = {"people.total@plan": 215 + 11 * number}
    return facts | ({} if number == 3 else before) | ({} if number == 4 else plan)


@pytest.fixture(scope="module")
def result(small: Catalogue) -> Consolidation:
    """Fourteen units, of which the last has sent nothing."""
    codes = [f"T{number:02}" for number in range(1, UNITS + 1)]
    returns: list[Return] = [returned(small, code, typed(number)) for number, code in enumerate(codes[:-1], start=1)]
    return consolidated(small, tree({"P": {code: {} for code in codes}}), returns)


@pytest.fixture(scope="module")
def path(result: Consolidation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("analysis") / "TongHop.xlsx"
    write_summary(target, result)
    return target


@pytest.fixture(scope="module")
def workbook(path: Path) -> WorkbookContent:
    return read_workbook(path)


@pytest.fixture(scope="module")
def sheet(workbook: WorkbookContent) -> SheetContent:
    return sheet_of(workbook, ANALYSIS_SHEET)


def table_under(sheet: SheetContent, heading: str, after: int = 0) -> list[int]:
    """Rows of the first table with a heading, its total the last."""
    start = next(row for row in range(after + 1, sheet.last_row + 1) if sheet.text(row, 3) == heading)
    end = next(row for row in range(start, sheet.last_row + 1) if sheet.text(row, 3) in ("Cộng", "Chung"))
    return list(range(start + 1, end + 1))


class TestSheet:
    def test_lines_add_up_to_their_total(self, sheet: SheetContent, result: Consolidation) -> None:
        """Twelve units can be compared: ten have lines, the others one together."""
        columns = columns_of(sheet)
        *lines, total = table_under(sheet, "So với năm trước, theo đơn vị")
        known = [one for number in range(1, UNITS) if number != 3 for one in [typed(number)]]
        growth = sum(float(one["people.total"] or 0) - float(one["people.total@prior"] or 0) for one in known)

        assert len(lines) == 11
        assert sheet.text(lines[-1], columns["label"]) == "Còn lại (2 đơn vị)"
        assert sheet.at(total, columns["contribution"]).value == growth
        points = [float(str(sheet.at(row, columns["points"]).value)) for row in lines]
        assert sum(points) == pytest.approx(float(str(sheet.at(total, columns["points"]).value)))
        assert sheet.text(total + 1, columns["label"]).startswith(
            "Không so sánh được: chưa có số năm trước: T03; chưa nộp"
        )

    def test_figures_are_those_of_the_sheet_of_units(self, sheet: SheetContent) -> None:
        columns = columns_of(sheet)
        first = table_under(sheet, "So với năm trước, theo đơn vị")[0]

        assert sheet.at(first, columns["after"]).formula.startswith("='Theo đơn vị'!")
        assert sheet.at(first, columns["change"]).formula == f"=N(E{first})-N(D{first})"

    def test_parts_explain_the_same_change(self, sheet: SheetContent) -> None:
        columns = columns_of(sheet)
        by_units = table_under(sheet, "So với năm trước, theo đơn vị")
        by_parts = table_under(sheet, "So với năm trước, theo phần chia ra")

        assert [sheet.text(row, columns["label"]) for row in by_parts[:2]] == ["Nam", "Nữ"]
        assert len({sheet.at(rows[-1], columns["change"]).value for rows in (by_units, by_parts)}) == 1

    def test_the_first_page_leads_to_it(self, path: Path) -> None:
        page = openpyxl.load_workbook(path)[OVERVIEW_SHEET]
        links = [str(cell.hyperlink.location) for row in page.iter_rows() for cell in row if cell.hyperlink]

        assert f"'{ANALYSIS_SHEET}'!A1" in links

    def test_no_number_is_wider_than_its_column(self, path: Path) -> None:
        book = openpyxl.load_workbook(path, data_only=True)

        for name in (ANALYSIS_SHEET, SUMMARY_SHEET, HEADLINE_SHEET, OVERVIEW_SHEET):
            assert too_wide(book[name]) == []

    def test_same_input_same_bytes(self, path: Path, result: Consolidation, tmp_path: Path) -> None:
        write_summary(tmp_path / "again.xlsx", result)

        assert digest(tmp_path / "again.xlsx") == digest(path)


class TestColumnsOfTheSameUnits:
    def test_they_stand_beside_a_ratio_that_cannot_be_formed(
        self, workbook: WorkbookContent, result: Consolidation
    ) -> None:
        """The plain ratio says why it is not there; the other is live over the two figures folded away."""
        sheet = sheet_of(workbook, SUMMARY_SHEET)
        columns = columns_of(sheet)
        row = next(row for row in range(7, sheet.last_row + 1) if sheet.text(row, 1) == "people.total")
        ratio = same_unit_ratios(result)["prior"]["people.total"]
        cell = sheet.at(row, columns["same_prior"])

        assert sheet.text(row, columns["prior_ratio"]) == sheet.text(row, columns["plan_ratio"]) == MARK
        assert cell.value == pytest.approx(ratio.actual / ratio.base * 100)
        assert cell.formula.endswith("*100")
        assert sheet.text(row, columns["same_prior_units"]) == "12/14"
        assert "So cùng kỳ, cùng đơn vị: không tính T03" in sheet.text(row, columns["note"])

    def test_they_are_not_there_if_no_row_needs_them(self, small: Catalogue, tmp_path: Path) -> None:
        returns = [returned(small, code, typed(1)) for code in ("A", "B")]
        write_summary(tmp_path / "a.xlsx", consolidated(small, tree({"P": {"A": {}, "B": {}, "C": {}}}), returns))
        columns = columns_of(sheet_of(read_workbook(tmp_path / "a.xlsx"), SUMMARY_SHEET))

        assert not [code for code in columns if code.startswith("same_")]

    def test_a_plain_ratio_stands_where_it_can(self, workbook: WorkbookContent, result: Consolidation) -> None:
        """Every unit that has this year's figure has the other: no mark, no second ratio."""
        sheet = sheet_of(workbook, SUMMARY_SHEET)
        columns = columns_of(sheet)
        row = next(row for row in range(7, sheet.last_row + 1) if sheet.text(row, 1) == "farms.yield")

        assert result.value(Figure("farms.yield", "actual")) == sheet.at(row, columns["actual"]).value
        assert not any(sheet.text(row, columns[code]) for code in ("plan_ratio", "prior_ratio", "same_prior"))


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
class TestRecalculation:
    def test_gives_the_cached_values(self, path: Path, workbook: WorkbookContent, tmp_path: Path) -> None:
        """The cached results are taken out first, so that LibreOffice has to compute each of them."""
        (saved,) = saved_by_office([without_results(path, tmp_path / "bare.xlsx")], tmp_path)
        computed = read_workbook(saved)
        for name in (ANALYSIS_SHEET, SUMMARY_SHEET, HEADLINE_SHEET, OVERVIEW_SHEET):
            cells = {at: cell for at, cell in sheet_of(workbook, name).cells.items() if cell.formula}
            assert cells
            for at, cell in cells.items():
                value = sheet_of(computed, name).at(*at).value
                if isinstance(cell.value, int | float):
                    assert value == pytest.approx(cell.value, rel=1e-9, abs=1e-9), f"{name}!{at.name}"
                else:
                    assert (value or "") == (cell.value or ""), f"{name}!{at.name}"
