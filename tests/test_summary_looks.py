"""How the consolidated workbook looks: no number too wide for its column, nothing hidden that says anything."""

import datetime as dt
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.test_summary_writing import ROOT, consolidated
from workbook_tools.catalogue import Catalogue
from workbook_tools.consolidated import Consolidation
from workbook_tools.findings import Finding, Severity
from workbook_tools.form_reading import read_return
from workbook_tools.print_pages import RowHeight, page_ends
from workbook_tools.styles import width_of_number
from workbook_tools.submission_status import State, SubmissionStatus, submission_status
from workbook_tools.summary_body import body_rows
from workbook_tools.summary_sheets import (
    CHARTS_SHEET,
    FINDINGS_SHEET,
    FIRST_ROW,
    HEADING_ROW,
    LINEAGE_SHEET,
    MAXIMUM_HEIGHT,
    OVERVIEW_SHEET,
    STATUS_SHEET,
    SUMMARY_SHEET,
)
from workbook_tools.summary_writing import write_summary
from workbook_tools.text_widths import lines_in

STANDARD_WIDTH, STANDARD_HEIGHT, LEADING = 8.43, 15.0, 1.18


@pytest.fixture(scope="module")
def result(catalogue: Catalogue) -> Consolidation:
    """One of the two towns has reported."""
    one = read_return(ROOT / "examples" / "returns" / "kep-2023.xlsx", catalogue)
    return consolidated(catalogue, [one], [Finding("file.empty", file="a.xlsx", details={"file": "a.xlsx"})])


@pytest.fixture(scope="module")
def status(result: Consolidation) -> SubmissionStatus:
    saved = {one.file: dt.date(2023, 12, 20) for one in result.returns}
    due = dt.date(2023, 12, 18)
    return submission_status(
        result.catalogue, result.tree, result.unit, result.received, result.returns, result.findings, saved, due
    )


@pytest.fixture(scope="module")
def path(result: Consolidation, status: SubmissionStatus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("looks") / "TongHop.xlsx"
    write_summary(target, result, status=status)
    return target


@pytest.fixture(scope="module")
def book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=True)


def too_wide(sheet: Worksheet) -> list[str]:
    """Cells whose number would be shown as ####."""
    columns = [
        (number, one) for one in sheet.column_dimensions.values() for number in range(one.min or 1, (one.max or 0) + 1)
    ]
    widths = {get_column_letter(number): one.width for number, one in columns}
    hidden = {get_column_letter(number) for number, one in columns if one.hidden}
    merged = {str(area).split(":")[0] for area in sheet.merged_cells.ranges}
    found = []
    for row in sheet.iter_rows():
        for cell in row:
            letters, value = get_column_letter(cell.column or 1), cell.value
            if isinstance(value, bool) or not isinstance(value, int | float) or letters in hidden:
                continue
            shown = width_of_number(value, cell.number_format) * (cell.font.sz or 11) / 11
            if cell.number_format != "General" and shown > widths.get(letters, STANDARD_WIDTH):
                found += [cell.coordinate] if cell.coordinate not in merged else []
    return found


def clipped(sheet: Worksheet) -> list[str]:
    """Cells whose wrapped text needs more lines than their rows are high."""
    widths = {
        number: 0.0 if one.hidden else one.width
        for one in sheet.column_dimensions.values()
        for number in range(one.min or 1, (one.max or 0) + 1)
    }
    areas = {one.start_cell.coordinate: one for one in sheet.merged_cells.ranges}
    found = []
    for cell in (cell for row in sheet.iter_rows() for cell in row):
        area = areas.get(cell.coordinate)
        columns = range(area.min_col, area.max_col + 1) if area else [cell.column or 1]
        rows = range(area.min_row, area.max_row + 1) if area else [cell.row or 1]
        width = sum(widths.get(column, STANDARD_WIDTH) for column in columns)
        room = sum(sheet.row_dimensions[row].height or STANDARD_HEIGHT for row in rows)
        if not (isinstance(cell.value, str) and cell.alignment.wrap_text and width):
            continue
        size = cell.font.sz or 11
        lines = lines_in(cell.value, width * 11 / size, bold=bool(cell.font.b))
        if lines * size * LEADING > room + 3 and room < MAXIMUM_HEIGHT and not sheet.row_dimensions[rows[0]].hidden:
            found.append(cell.coordinate)
    return found


class TestTexts:
    def test_no_text_is_cut_at_the_foot_of_its_row(self, book: openpyxl.Workbook) -> None:
        """The data beside the charts, past what is printed, stand on one line each."""
        sheets = (sheet for sheet in book.worksheets if sheet.sheet_state == "visible" and sheet.title != CHARTS_SHEET)

        assert {sheet.title: cells for sheet in sheets if (cells := clipped(sheet))} == {}

    def test_a_text_that_is_cut_is_found(self) -> None:
        sheet = openpyxl.Workbook().worksheets[0]
        sheet["A1"], sheet["A1"].alignment = "dài quá một dòng", Alignment(wrap_text=True)

        assert clipped(sheet) == ["A1"]


class TestPrint:
    def test_what_is_looked_up_on_the_screen_is_not_printed(
        self, book: openpyxl.Workbook, result: Consolidation
    ) -> None:
        """Of the sources only the headings, of the findings only those that ask for something."""
        urgent = sum(one.severity is not Severity.INFO for one in result.findings)
        last = {name: int(str(book[name].print_area).rpartition("$")[2]) for name in (LINEAGE_SHEET, FINDINGS_SHEET)}

        assert last == {LINEAGE_SHEET: HEADING_ROW, FINDINGS_SHEET: FIRST_ROW + max(urgent, 1) - 1}


class TestWidths:
    def test_no_number_is_wider_than_its_column(self, book: openpyxl.Workbook) -> None:
        assert {name: cells for name in book.sheetnames if (cells := too_wide(book[name]))} == {}

    def test_a_number_too_wide_is_found(self) -> None:
        sheet = openpyxl.Workbook().worksheets[0]
        sheet["A1"], sheet["A1"].number_format = 123456789012, "#,##0"

        assert too_wide(sheet) == ["A1"]


class TestFonts:
    def test_no_font_follows_the_theme(self, path: Path) -> None:
        """Excel would show the theme's font instead of the one that is named."""
        with zipfile.ZipFile(path) as package:
            styles = package.read("xl/styles.xml").decode()

        assert "<scheme" not in styles
        assert set(re.findall(r'<name val="([^"]+)"', styles)) == {"Times New Roman"}


class TestFolding:
    def test_only_rows_without_anything_are_hidden(self, book: openpyxl.Workbook, result: Consolidation) -> None:
        """A folded row of the summary has no figure and no note; the line above says how many they are."""
        sheet = book[SUMMARY_SHEET]
        folded = [row for row, one in sheet.row_dimensions.items() if one.hidden and row >= FIRST_ROW]
        indicators = [row for row in folded if str(sheet.cell(row, 1).value) in result.catalogue.indicators]

        assert folded
        assert all(sheet.row_dimensions[row].outlineLevel == 1 for row in folded)
        for row in indicators:
            texts = [sheet.cell(row, column).value for column in (5, 6, 7, 8, 9, 10, 11, 13)]
            assert not any(texts), row
        assert f"Đã gập {len(indicators)} dòng" in str(sheet.cell(4, 2).value)

    def test_every_indicator_keeps_its_row(self, result: Consolidation) -> None:
        rows = body_rows(result, lambda indicator: True)

        assert len({one.row for one in rows}) == len(rows)
        assert any(one.folded for one in rows)


class TestOverview:
    def test_it_names_who_has_not_reported(self, book: openpyxl.Workbook) -> None:
        texts = [str(cell.value) for row in book[OVERVIEW_SHEET].iter_rows() for cell in row if cell.value is not None]

        assert "1/2" in texts
        assert any(text.startswith("Thị trấn Thắng") for text in texts)
        assert "2. Đơn vị chưa có số liệu: 1" in texts

    def test_every_visible_sheet_is_one_click_away(self, book: openpyxl.Workbook) -> None:
        links = {
            str(cell.hyperlink.location).split("!")[0].strip("'")
            for row in book[OVERVIEW_SHEET].iter_rows()
            for cell in row
            if cell.hyperlink
        }
        visible = {sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"}

        assert visible - {OVERVIEW_SHEET} <= links


class TestCharts:
    def test_each_has_words_for_who_does_not_see_it(self, path: Path) -> None:
        with zipfile.ZipFile(path) as package:
            charts = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
            drawing = package.read("xl/drawings/drawing1.xml").decode()

        assert charts
        assert len(re.findall(r'descr="[^"]{20,}"', drawing)) == len(charts)

    def test_titles_say_what_the_data_say(self, path: Path, book: openpyxl.Workbook) -> None:
        """The title is a cell of the sheet, so it follows the figures."""
        with zipfile.ZipFile(path) as package:
            chart = package.read("xl/charts/chart1.xml").decode()
        title = re.search(r"<c:title>.*?<c:f>([^<]+)</c:f>.*?<c:v>([^<]+)</c:v>", chart)

        assert title is not None
        place = title[1].split("!")[1].replace("$", "")
        assert book[CHARTS_SHEET][place].value == title[2]


class TestStatus:
    def test_marks_stand_under_their_fields(self, book: openpyxl.Workbook, status: SubmissionStatus) -> None:
        sheet = book[STATUS_SHEET]
        rows = {str(sheet.cell(row, 1).value): row for row in range(FIRST_ROW, sheet.max_row + 1)}
        silent = [str(cell.value) for cell in sheet[rows["07840"]]]

        assert status.count(State.MISSING) == 1
        assert "Chưa gửi" in silent
        assert silent.count("–") == len(status.by_unit["07840"])
        assert sheet.cell(rows["07399"], 8).value == 2

    def test_reminders_are_ready_to_paste(self, book: openpyxl.Workbook, status: SubmissionStatus) -> None:
        texts = {str(cell.value) for row in book[STATUS_SHEET].iter_rows() for cell in row}

        assert "- Thị trấn Thắng: chưa gửi báo cáo." in texts


class TestPages:
    def test_a_heading_goes_with_what_follows(self) -> None:
        rows = [RowHeight(1, 30), RowHeight(2, 30), RowHeight(3, 30, True), RowHeight(4, 30)]

        assert list(page_ends(rows, 100, repeated=0, above=0)) == [2]

    def test_a_heading_that_fills_a_page_does_not_stop_it(self) -> None:
        rows = [RowHeight(number, 30, True) for number in range(1, 9)]

        assert list(page_ends(rows, 100, repeated=10, above=0)) == [3, 6]
