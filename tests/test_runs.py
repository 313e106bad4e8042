"""What the runs add to reading and checking: comparisons, explanations, status, differences, carried figures."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from tests.helpers import digest
from workbook_tools import lineage, pipeline
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.cli import main
from workbook_tools.figure_cube import CellFigure
from workbook_tools.form_layout import lay_out
from workbook_tools.form_reading import read_return
from workbook_tools.form_runs import PRINTED_FROM
from workbook_tools.form_writing import Identity, write_form
from workbook_tools.periods import parse_period
from workbook_tools.received_files import INDEX_NAME
from workbook_tools.snapshots import snapshot
from workbook_tools.successions import Succession
from workbook_tools.unit_list_writing import write_unit_list
from workbook_tools.unit_tree import Unit


class Office:
    """A folder with returns on the small template."""

    def __init__(self, folder: Path, catalogue: Catalogue, template: Path) -> None:
        self.folder, self.catalogue, self.template = folder, catalogue, template
        self.returns = folder / "returns"

    def send(self, unit: str, period: str = "2023", file: str = "", **figures: CellFigure) -> Path:
        """A return: ``farms__area=5`` is this year's figure, ``farms__area__prior`` last year's."""
        values = {}
        for key, value in figures.items():
            field, code, *measure = key.split("__")
            values[FigureName(f"{field}.{code}", measure[0] if measure else "actual")] = value
        path = self.returns / (file or f"{unit}-{period}.xlsx")
        write_form(path, lay_out(self.catalogue), Identity(unit, f"Xã {unit}", parse_period(period), "xã"), values)
        return path

    def checked(self) -> list[str]:
        return [finding.code for finding in pipeline.check([self.returns], self.template, jobs=1).findings]

    def units(self, *units: Unit, successions: tuple[Succession, ...] = ()) -> Path:
        write_unit_list(self.folder / "DonVi.xlsx", "DANH SÁCH", units, successions)
        return self.folder / "DonVi.xlsx"


@pytest.fixture
def office(tmp_path: Path, small: Catalogue, small_template: Path) -> Office:
    return Office(tmp_path, small, small_template)


class TestCheck:
    def test_compares_last_year_with_last_years_return(self, office: Office) -> None:
        office.send("A", "2022", farms__area=5, people__total=10)
        office.send("A", "2023", farms__area__prior=6, people__total=10)

        assert "period.prior_differs" in office.checked()

    def test_takes_the_note_of_the_row_for_an_explanation(self, office: Office) -> None:
        path = office.send("A", farms__area__prior=100, farms__area=300, people__total=10)
        assert [one for one in office.checked() if one == "rule.large_change"]
        book = openpyxl.load_workbook(path)
        sheet = book["02 Nông nghiệp"]
        row = next(cell.row for cell in sheet["A"] if cell.value == "farms.area")
        note = next(cell.column for line in sheet.iter_rows() for cell in line if cell.value == "note")
        sheet.cell(row, note, "Sáp nhập thêm hai thôn")
        book.save(path)
        [finding] = [
            one for one in pipeline.check([path], office.template, jobs=1).findings if one.code == "rule.large_change"
        ]

        assert finding.severity == "info"
        assert "Sáp nhập thêm hai thôn" in finding.message()

    def test_reads_the_explanation_beside_a_rule(self, office: Office) -> None:
        path = office.send("A", farms__area=1, farms__output=100, people__total=10)
        book = openpyxl.load_workbook(path)
        sheet = book["Kiểm tra"]
        row = next(cell.row for cell in sheet["A"] if cell.value == "farms.yield_high")
        column = next(cell.column for line in sheet.iter_rows() for cell in line if cell.value == "explanation")
        sheet.cell(row, column, "Giống mới")
        book.save(path)
        found = pipeline.check([path], office.template, jobs=1).findings
        told = [one for one in found if (one.code, one.rule) == ("rule.failed", "farms.yield_high")]

        assert [(one.severity, one.explanation) for one in told] == [("info", "Giống mới")]

    def test_writes_annotated_copies(self, office: Office) -> None:
        office.send("A", people__total=10, people__male=9, people__female=3)
        target = office.folder / "tra-lai"
        before = digest(office.returns / "A-2023.xlsx")
        arguments = ["check", str(office.returns), "--annotate", str(target), "--template", str(office.template)]
        result = CliRunner().invoke(main, arguments)

        assert result.exit_code == 1
        assert openpyxl.load_workbook(target / "A-2023.xlsx").sheetnames[0] == "Cần sửa"
        assert digest(office.returns / "A-2023.xlsx") == before


class TestForms:
    def test_many_are_printed_as_few_are_written(self, office: Office) -> None:
        units = [Unit(f"{number:05d}", f"Xã số {number}", "xã", "P") for number in range(PRINTED_FROM + 1)]
        listed = office.units(Unit("P", "Tỉnh P", "tỉnh"), *units)
        many = pipeline.forms(office.folder / "many", units=listed, period="2026", template=office.template)
        few = office.units(Unit("P", "Tỉnh P", "tỉnh"), units[0])
        one = pipeline.forms(office.folder / "few", units=few, period="2026", template=office.template)

        said = [read_return(path, office.catalogue) for path in (many[0], one[0])]
        assert said[0] == said[1]
        assert len(many) == PRINTED_FROM + 1

    def test_come_with_an_index_that_is_no_return(self, office: Office) -> None:
        listed = office.units(Unit("P", "Tỉnh P", "tỉnh"), Unit("A", "Xã A", "xã", "P"))
        pipeline.forms(office.folder / "forms", units=listed, template=office.template)
        sheet = openpyxl.load_workbook(office.folder / "forms" / INDEX_NAME).worksheets[0]

        assert [cell.value for cell in sheet[5]][1:3] == ["A", "Xã A"]
        codes = [one.code for one in pipeline.read([office.folder / "forms"], office.template, jobs=1).findings]
        assert codes.count("file.passed_by") == 1
        assert "file.no_form" not in codes

    def test_carry_last_years_figures_to_todays_units(self, office: Office) -> None:
        """Two communes were merged: the new one's form shows what both reported."""
        office.send("A", "2025", farms__area=100, people__total=10)
        office.send("B", "2025", farms__area=50, people__total=7)
        merged = tuple(Succession(old, "N", dt.date(2026, 7, 1)) for old in "AB")
        listed = office.units(Unit("P", "Tỉnh P", "tỉnh"), Unit("N", "Xã N", "xã", "P"), successions=merged)
        [path] = pipeline.forms(
            office.folder / "forms", units=listed, period="2026", prior=office.returns, template=office.template
        )
        cells = {cell.name: cell.observation.value for cell in read_return(path, office.catalogue).cells}

        assert cells[FigureName("farms.area", "prior")] == 150
        assert cells[FigureName("people.total", "prior")] == 17

    def test_take_no_side_between_two_files_of_last_year(self, office: Office) -> None:
        office.send("A", "2025", farms__area=100, people__total=10)
        office.send("A", "2025", file="A2.xlsx", farms__area=999, people__total=10)
        listed = office.units(Unit("P", "Tỉnh P", "tỉnh"), Unit("A", "Xã A", "xã", "P"))
        told: list[str] = []
        [path] = pipeline.forms(
            office.folder / "forms",
            units=listed,
            period="2026",
            prior=office.returns,
            template=office.template,
            tell=lambda finding: told.append(finding.code),
        )
        cells = {cell.name: cell.observation.value for cell in read_return(path, office.catalogue).cells}

        assert told == ["period.prior_disputed"]
        assert cells[FigureName("farms.area", "prior")] is None
        assert cells[FigureName("people.total", "prior")] == 10

    def test_compare_six_months_with_the_same_six_months_and_the_plan_of_the_year(self, office: Office) -> None:
        office.send("A", "2025-H1", farms__area=40, people__total=10)
        office.send("A", "2025", farms__area=100, farms__area__next_plan=120, people__total=10)
        told, cells = self.prefilled(office, "2026-H1")

        assert cells[FigureName("farms.area", "prior")] == 40
        assert cells[FigureName("farms.area", "plan")] == 120
        assert told == ["period.prior_only_plan"]

    def test_do_not_take_another_period_for_last_year(self, office: Office) -> None:
        office.send("A", "2025", farms__area=100, people__total=10)
        office.send("A", "2023", farms__area=7, people__total=9)
        told, cells = self.prefilled(office, "2026")

        assert cells[FigureName("farms.area", "prior")] == 100
        assert told == ["period.prior_other"]

    def prefilled(self, office: Office, period: str) -> tuple[list[str], dict[FigureName, float | None]]:
        """What is told about last year's returns, and the form of unit A."""
        listed = office.units(Unit("P", "Tỉnh P", "tỉnh"), Unit("A", "Xã A", "xã", "P"))
        told: list[str] = []
        [path] = pipeline.forms(
            office.folder / "forms",
            units=listed,
            period=period,
            prior=office.returns,
            template=office.template,
            tell=lambda finding: told.append(finding.code),
        )
        return told, {cell.name: cell.observation.value for cell in read_return(path, office.catalogue).cells}


class TestLongerPeriods:
    """A year from its quarters, from the files to the sources of the total."""

    def consolidate(self, office: Office) -> tuple[Path, list[str]]:
        total = office.folder / "total.xlsx"
        result = pipeline.consolidate([office.returns], total, unit="P", period="2023", template=office.template)
        return total, [finding.code for finding in result.findings if finding.code.startswith("period.")]

    def figure(self, office: Office, total: Path, code: str) -> float | None:
        cells = {cell.name: cell.observation.value for cell in read_return(total, office.catalogue).cells}
        return cells[FigureName(code, "actual")]

    def test_are_added_up_and_traced_to_every_cell(self, office: Office) -> None:
        for quarter in (1, 2, 3, 4):
            office.send("A", f"2023-Q{quarter}", farms__area=quarter, farms__output=5, people__total=10)
        office.send("B", "2023", farms__area=90, farms__output=9, people__total=7)
        total, told = self.consolidate(office)

        assert self.figure(office, total, "farms.area") == 100
        assert told == ["period.added_up"]
        trace = "\n".join(lineage.trace(total, "'02 Nông nghiệp'!G10").lines())
        assert "A Xã A: 10 (ghi “(cộng 4 kỳ)”)" in trace
        for quarter in (1, 2, 3, 4):
            assert f"A Xã A, quý {'I' * quarter if quarter < 4 else 'IV'} năm 2023: {quarter}" in trace
            assert f"[A-2023-Q{quarter}.xlsx]02 Nông nghiệp!G10" in trace

    def test_are_last_years_figures_of_the_next(self, office: Office) -> None:
        for quarter in (1, 2, 3, 4):
            office.send("A", f"2023-Q{quarter}", farms__area=quarter, people__total=10)
        total, _ = self.consolidate(office)
        listed = office.units(Unit("P", "Tỉnh P", "tỉnh"), Unit("A", "Xã A", "xã", "P"))
        told: list[str] = []
        [form] = pipeline.forms(
            office.folder / "forms",
            units=listed,
            period="2024",
            prior=total,
            template=office.template,
            tell=lambda finding: told.append(finding.code),
        )
        cells = {cell.name: cell.observation.value for cell in read_return(form, office.catalogue).cells}

        assert (cells[FigureName("farms.area", "prior")], told) == (10, [])

    def test_say_which_months_are_missing_beside_the_total(self, office: Office) -> None:
        for quarter in (1, 2, 4):
            office.send("A", f"2023-Q{quarter}", farms__area=quarter, people__total=10)
        total, told = self.consolidate(office)
        texts = [str(cell.value) for row in openpyxl.load_workbook(total)["02 Nông nghiệp"].iter_rows() for cell in row]

        assert "period.gap" in told
        assert [text for text in texts if "9/12 tháng" in text] == ["[Xã A] Thực hiện (ước): 9/12 tháng"]

    def test_never_count_cumulative_reports(self, office: Office) -> None:
        office.send("A", "2023-H1", farms__area=50, people__total=10)
        office.send("A", "2023-9M", farms__area=70, people__total=10)
        office.send("B", "2023", farms__area=1, people__total=10)
        total, told = self.consolidate(office)

        assert self.figure(office, total, "farms.area") == 1
        assert told.count("period.differs") == 2

    def test_do_not_replace_a_return_for_the_whole(self, office: Office) -> None:
        for quarter in (1, 2, 3, 4):
            office.send("A", f"2023-Q{quarter}", farms__area=quarter, people__total=10)
        office.send("A", "2023", farms__area=11, people__total=10)
        total, told = self.consolidate(office)

        assert self.figure(office, total, "farms.area") == 11
        assert told.count("period.set_aside") == 4


class TestCommands:
    def test_status_says_whom_to_remind(self, office: Office) -> None:
        office.send("A", people__total=10)
        listed = office.units(Unit("P", "Tỉnh P", "tỉnh"), Unit("A", "Xã A", "xã", "P"), Unit("B", "Xã B", "xã", "P"))
        arguments = ["status", str(office.returns), "--units", str(listed), "--template", str(office.template)]
        result = CliRunner().invoke(main, arguments)

        assert result.exit_code == 0, result.output
        assert "A Xã A: 2 biểu đã nhận" in result.output
        assert "- Xã B: chưa gửi báo cáo." in result.output

    def test_diff_and_since_tell_what_changed(self, office: Office) -> None:
        office.send("A", farms__area=100, people__total=10)
        old, new = office.folder / "old.xlsx", office.folder / "new.xlsx"
        pipeline.consolidate([office.returns], old, unit="P", template=office.template)
        office.send("A", farms__area=125, people__total=10)
        common = ["--template", str(office.template)]
        since = ["consolidate", str(office.returns), "-o", str(new), "--unit", "P", "--since", str(old), *common]

        assert "100 → 125 (làm tổng +25,0 %)" in CliRunner().invoke(main, since).output
        assert "100 → 125" in CliRunner().invoke(main, ["diff", str(old), str(new), *common]).output

    def test_consolidate_names_the_fingerprint_and_closes_the_period(self, office: Office) -> None:
        office.send("A", farms__area=100, people__total=10)
        closed = office.folder / "closed.xlsx"
        words = [
            "consolidate",
            str(office.returns),
            "-o",
            str(closed),
            "--unit",
            "P",
            "--template",
            str(office.template),
        ]
        first = CliRunner().invoke(main, [*words, "--close"])
        again = CliRunner().invoke(main, words)

        assert f"vân tay số liệu: {snapshot(closed).fingerprint}" in first.output
        assert again.exit_code == 1
        assert "đã chốt số liệu, không ghi đè lên" in again.output

    def test_units_writes_the_list_of_a_commune(self, tmp_path: Path) -> None:
        result = CliRunner().invoke(main, ["units", "xã Kép, tỉnh Bắc Ninh", "-o", str(tmp_path / "DonVi.xlsx")])

        assert result.exit_code == 0, result.output
        assert openpyxl.load_workbook(tmp_path / "DonVi.xlsx").sheetnames == ["Đơn vị", "Chuyển đổi"]

    def test_units_does_not_guess(self, tmp_path: Path) -> None:
        result = CliRunner().invoke(main, ["units", "Tân Thành", "-o", str(tmp_path / "DonVi.xlsx")])

        assert result.exit_code == 1
        assert "ghi mã" in result.output
