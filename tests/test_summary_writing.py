"""The consolidated workbook: what stands where, live formulas, and that it reads back as the parent's return."""

import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.helpers import digest
from workbook_tools import lineage_sheet, overview_sheet, summary_records
from workbook_tools.aggregation import add_up
from workbook_tools.calculation import calculate
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.consolidated import UNDER_WAY, Consolidation, assessment
from workbook_tools.errors import UnknownPlaceError
from workbook_tools.excel_reading import read_workbook
from workbook_tools.figure_cube import empty_cube, fill_cube
from workbook_tools.findings import Finding
from workbook_tools.form_reading import read_return
from workbook_tools.formulas import Figure
from workbook_tools.highlights import headline_verdicts
from workbook_tools.indicators import Kind, Role
from workbook_tools.observations import Return
from workbook_tools.source_rows import lineage_rows
from workbook_tools.summary_sheets import (
    ANALYSIS_SHEET,
    CHARTS_SHEET,
    CODE_ROW,
    FILES_SHEET,
    FINDINGS_SHEET,
    FIRST_ROW,
    HEADING_ROW,
    HEADLINE_SHEET,
    LINEAGE_SHEET,
    OVERVIEW_SHEET,
    SUMMARY_SHEET,
    UNITS_SHEET,
)
from workbook_tools.summary_writing import write_summary
from workbook_tools.template_reading import read_template
from workbook_tools.units import read_units
from workbook_tools.workbook_contents import SheetContent, WorkbookContent

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_template(ROOT / "templates" / "BieuMau.xlsx").catalogue


@pytest.fixture(scope="module")
def returns(catalogue: Catalogue) -> list[Return]:
    folder = ROOT / "examples" / "returns"
    return [read_return(folder / name, catalogue) for name in ("kep-2023.xlsx", "thang-2023.xlsx")]


def consolidated(catalogue: Catalogue, returns: Sequence[Return], findings: Sequence[Finding] = ()) -> Consolidation:
    tree = read_units(ROOT / "examples" / "DonVi.xlsx")
    cube = empty_cube(catalogue, [one.unit for one in returns])
    fill_cube(cube, catalogue, returns)
    calculate(catalogue, cube)
    whole, _ = add_up(catalogue, tree, cube)
    return Consolidation(catalogue, tree, "24", "2023", whole, tuple(returns), tuple(returns), tuple(findings))


@pytest.fixture(scope="module")
def result(catalogue: Catalogue, returns: list[Return]) -> Consolidation:
    return consolidated(catalogue, returns, [Finding("file.empty", file="a.xlsx", details={"file": "a.xlsx"})])


@pytest.fixture(scope="module")
def path(result: Consolidation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("summary") / "TongHop.xlsx"
    write_summary(target, result)
    return target


@pytest.fixture(scope="module")
def workbook(path: Path) -> WorkbookContent:
    return read_workbook(path)


def sheet_of(workbook: WorkbookContent, name: str) -> SheetContent:
    sheet = workbook.sheet(name)
    assert sheet is not None
    return sheet


def columns_of(sheet: SheetContent) -> dict[str, int]:
    return {sheet.text(CODE_ROW, column): column for column in range(2, sheet.last_column + 1)}


def rows_of(sheet: SheetContent) -> dict[str, int]:
    """Row of each indicator, by the code in column A."""
    rows = {sheet.text(row, 1): row for row in range(FIRST_ROW, sheet.last_row + 1)}
    return {code: row for code, row in rows.items() if code and not code.startswith("#")}


class TestSummary:
    def test_sheets_stand_in_their_order(self, workbook: WorkbookContent, result: Consolidation) -> None:
        fields = [placed.sheet for placed in result.layout.fields]
        records = [UNITS_SHEET, ANALYSIS_SHEET, FINDINGS_SHEET, FILES_SHEET, LINEAGE_SHEET, "Danh mục", "_wbt"]

        first = [OVERVIEW_SHEET, SUMMARY_SHEET, HEADLINE_SHEET, CHARTS_SHEET]
        assert [one.name for one in workbook.sheets] == [*first, "Bìa", *fields, *records]
        assert [one.state for one in workbook.sheets[-2:]] == ["hidden", "veryHidden"]

    def test_every_indicator_has_a_row(self, workbook: WorkbookContent, result: Consolidation) -> None:
        assert list(rows_of(sheet_of(workbook, SUMMARY_SHEET))) == list(result.catalogue.indicators)

    def test_figures_refer_to_the_field_sheets(self, workbook: WorkbookContent, result: Consolidation) -> None:
        """Each figure is a live formula whose cached value is the total's."""
        sheet = sheet_of(workbook, SUMMARY_SHEET)
        columns, rows = columns_of(sheet), rows_of(sheet)
        for code, row in rows.items():
            cell = sheet.at(row, columns["actual"])
            if cell.formula:
                where, position = result.layout.place(Figure(code, "actual"))
                assert f"'{where}'!{position.name}" in cell.formula
                value = result.value(Figure(code, "actual"))
                assert cell.value == ("" if value is None else value) or cell.value is None

    def test_it_says_from_how_many_units(self, workbook: WorkbookContent) -> None:
        assert "2/2 đơn vị" in sheet_of(workbook, SUMMARY_SHEET).text(4, 2)

    def test_same_input_same_bytes(self, path: Path, result: Consolidation, tmp_path: Path) -> None:
        write_summary(tmp_path / "again.xlsx", result)

        assert digest(tmp_path / "again.xlsx") == digest(path)


class TestHeadlines:
    def test_counts_are_those_of_the_words(self, workbook: WorkbookContent) -> None:
        sheet = sheet_of(workbook, HEADLINE_SHEET)
        column = columns_of(sheet)["assessment"]
        words = [sheet.text(row, column) for row in rows_of(sheet).values()]
        met, judged = sheet.at(4, 7), sheet.at(4, 9)

        assert met.formula.startswith("=COUNTIF(")
        assert judged.formula.startswith("=COUNTIF(")
        assert met.value == sum(word in ("Vượt", "Đạt") for word in words)
        assert judged.value == sum(word != "" for word in words)


class TestBeforeTheYearIsOver:
    """Half way to an annual plan nothing has been missed."""

    def test_what_is_below_the_plan_is_under_way(self, result: Consolidation) -> None:
        whole, half = (headline_verdicts(replace(result, period=period)) for period in ("2023", "2023-H1"))

        assert "Chưa đạt" in whole.values()
        assert half == {code: {"Chưa đạt": UNDER_WAY}.get(word, word) for code, word in whole.items()}

    def test_an_amount_that_is_to_stay_small_is_not_judged(self, result: Consolidation) -> None:
        code = next(iter(headline_verdicts(result)))
        falling = replace(result.catalogue.indicators[code], direction="thấp")
        verdicts = [
            result_of.evaluate(expression)
            for result_of in (result, replace(result, period="2023-H1"))
            if (expression := assessment(result_of, falling)) is not None
        ]

        assert falling.kind is not Kind.PERCENT
        assert verdicts == ["Vượt", UNDER_WAY]

    def test_only_parts_of_a_year_have_a_longer_plan(self, result: Consolidation) -> None:
        assert not replace(result, period="2023").is_part_of_plan
        assert replace(result, period="2023-Q3").is_part_of_plan


class TestUnits:
    def test_silent_units_stay_visible(self, catalogue: Catalogue, returns: list[Return], tmp_path: Path) -> None:
        write_summary(tmp_path / "one.xlsx", consolidated(catalogue, returns[:1]))
        sheet = sheet_of(read_workbook(tmp_path / "one.xlsx"), UNITS_SHEET)
        columns = columns_of(sheet)

        assert sheet.text(HEADING_ROW, columns["07840"]) == "Thị trấn Thắng\n(chưa nộp)"
        assert not any(sheet.text(row, columns["07840"]) for row in range(FIRST_ROW, sheet.last_row + 1))

    def test_sums_are_live(self, workbook: WorkbookContent) -> None:
        sheet = sheet_of(workbook, UNITS_SHEET)
        columns = columns_of(sheet)
        sums = [row for row in rows_of(sheet).values() if sheet.at(row, columns["total"]).formula.startswith("=SUM(")]
        assert sums
        for row in sums:
            numbers = [sheet.at(row, columns[unit]).value for unit in ("07399", "07840")]
            total = sum(value for value in numbers if isinstance(value, int | float))
            assert sheet.at(row, columns["total"]).value == pytest.approx(total)

    def test_numbers_are_linked_to_their_cells(self, path: Path, result: Consolidation) -> None:
        position = len(result.layout.fields) + 6
        with zipfile.ZipFile(path) as package:
            links = package.read(f"xl/worksheets/sheet{position}.xml").decode()
            targets = package.read(f"xl/worksheets/_rels/sheet{position}.xml.rels").decode()

        assert "location=\"'01 Tổng quan'!G" in links
        assert 'Target="kep-2023.xlsx" TargetMode="External"' in targets


class TestRecords:
    def test_findings_are_told(self, workbook: WorkbookContent, result: Consolidation) -> None:
        sheet = sheet_of(workbook, FINDINGS_SHEET)
        columns = columns_of(sheet)

        assert sheet.text(1, 1) == "#findings"
        assert sheet.text(4, 2).startswith("Lỗi: ")
        assert sheet.text(FIRST_ROW, columns["message"]) == result.findings[0].message()

    def test_the_books_balance(self, workbook: WorkbookContent, returns: list[Return]) -> None:
        sheet = sheet_of(workbook, FILES_SHEET)
        columns = columns_of(sheet)
        total = FIRST_ROW + len(returns)

        assert [sheet.text(row, columns["check"]) for row in range(FIRST_ROW, total + 1)] == ["Khớp"] * 3
        assert sheet.at(total, columns["expected"]).value == sum(one.expected for one in returns)

    def test_every_filled_cell_has_its_source(self, workbook: WorkbookContent, returns: list[Return]) -> None:
        sheet = sheet_of(workbook, LINEAGE_SHEET)
        cells = [cell for one in returns for cell in one.cells if cell.is_filled]

        assert sheet.last_row == HEADING_ROW + len(cells)
        assert sheet.text(FIRST_ROW, columns_of(sheet)["cell"]) == cells[0].observation.cell

    def test_too_many_stand_in_a_file_beside(
        self, result: Consolidation, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """All of them, as they would stand in the sheet, which says where they are."""
        rows = list(lineage_rows(read_workbook(path), path.parent))
        monkeypatch.setattr(lineage_sheet, "MAXIMUM_ROWS", 10)
        write_summary(tmp_path / "a.xlsx", result)
        workbook = read_workbook(tmp_path / "a.xlsx")

        beside = list(lineage_rows(workbook, tmp_path))

        assert "a.nguon-so-lieu.parquet" in sheet_of(workbook, LINEAGE_SHEET).text(4, 2)
        assert [{name: value or None for name, value in row.items()} for row in beside] == rows
        assert read_return(tmp_path / "a.xlsx", result.catalogue).made_of == tuple(one.unit for one in result.returns)

    def test_of_very_many_findings_the_worst_are_listed(
        self, result: Consolidation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The sheet says how many there are, and no formula counts those that are not there."""
        monkeypatch.setattr(summary_records, "MOST_LISTED", 1)
        monkeypatch.setattr(overview_sheet, "MOST_LISTED", 1)
        found = [Finding("file.macros", file="a.xlsx"), Finding("file.no_form", file="b.xlsx")]
        write_summary(tmp_path / "a.xlsx", replace(result, findings=(*found, *found)))
        workbook = read_workbook(tmp_path / "a.xlsx")

        sheet = sheet_of(workbook, FINDINGS_SHEET)
        assert sheet.last_row == FIRST_ROW
        assert "đủ 4 điều" in sheet.text(4, 2)
        overview = sheet_of(workbook, OVERVIEW_SHEET)
        assert not any("COUNTIF" in cell.formula and FINDINGS_SHEET in cell.formula for cell in overview.cells.values())

    def test_a_file_of_another_run_is_told(
        self, result: Consolidation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lineage_sheet, "MAXIMUM_ROWS", 10)
        write_summary(tmp_path / "a.xlsx", replace(result, returns=result.returns[:1]))
        write_summary(tmp_path / "b.xlsx", result)
        (tmp_path / "b.nguon-so-lieu.parquet").replace(tmp_path / "a.nguon-so-lieu.parquet")

        for name, reason in (("a.xlsx", "lần tổng hợp khác"), ("b.xlsx", "không mở được")):
            with pytest.raises(UnknownPlaceError, match=reason):
                list(lineage_rows(read_workbook(tmp_path / name), tmp_path))


class TestReadsBack:
    def test_as_the_return_of_the_parent(self, path: Path, result: Consolidation, catalogue: Catalogue) -> None:
        """Every typed figure, and every row of the lists."""
        again = read_return(path, catalogue)
        cells = {cell.name: cell.observation for cell in again.cells if cell.is_filled}

        assert not again.findings
        assert (again.unit, again.unit_name, again.period) == ("24", "Tỉnh Bắc Giang", "2023")
        for code, indicator in catalogue.indicators.items():
            for measure in indicator.cells:
                value = result.value(Figure(code, measure))
                if indicator.rule(measure).role is Role.INPUT and isinstance(value, int | float):
                    assert cells[FigureName(code, measure)].value == pytest.approx(value, rel=1e-14)
        for code, table in result.cube.lists.items():
            keys = {key for key, owner in zip(table.keys, table.owner, strict=True) if owner == result.row}
            assert {name.item for name in cells if name.indicator == code} == keys


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
class TestRecalculation:
    def test_gives_the_cached_values(self, path: Path, workbook: WorkbookContent, tmp_path: Path) -> None:
        """The cached results are taken out first, so that LibreOffice has to compute each of them."""
        bare, out = tmp_path / "bare.xlsx", tmp_path / "out"
        with zipfile.ZipFile(path) as package, zipfile.ZipFile(bare, "w") as stripped:
            for name in package.namelist():
                part = package.read(name)
                stripped.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", part) if "worksheets/" in name else part)
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(bare)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        computed = read_workbook(out / bare.name)
        for sheet in workbook.sheets:
            for position, cell in sheet.cells.items():
                if cell.formula:
                    value = sheet_of(computed, sheet.name).at(*position).value
                    place = f"{sheet.name}!{position.name}"
                    if isinstance(cell.value, int | float):
                        assert value == pytest.approx(cell.value, rel=1e-9), place
                    else:
                        assert (value or "") == (cell.value or ""), place
