"""Several files of one unit, and totals beside what they were made of: nothing is added twice, nothing is guessed."""

import datetime as dt
import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from tests.forms import FILL, form_layout
from workbook_tools import pipeline
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.consolidated import Consolidation
from workbook_tools.errors import UnknownPlaceError
from workbook_tools.figure_cube import CellFigure
from workbook_tools.findings import Finding
from workbook_tools.form_writing import Identity, write_form
from workbook_tools.formulas import Figure
from workbook_tools.last_saved import BY_FOLDER, BY_WORKBOOK, is_as_written, last_saved
from workbook_tools.periods import parse_period

TOTAL, MALE = FigureName("people.total", "actual"), FigureName("people.male", "actual")
PEOPLE = Figure("people.total", "actual")


def send(path: Path, small: Catalogue, values: Mapping[FigureName, CellFigure], unit: str = "07399") -> Path:
    """A filled form of the small template, as a unit sends it."""
    write_form(path, form_layout(small), Identity(unit, f"Xã {unit}", parse_period("2023"), "xã"), values)
    return path


def saved_at(path: Path, time: dt.datetime) -> None:
    """Save a workbook as an office program does: it notes the time."""
    workbook = openpyxl.load_workbook(path)
    workbook.save(path)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    own = workbook.properties.modified.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    parts["docProps/core.xml"] = parts["docProps/core.xml"].replace(own, f"{time:%Y-%m-%dT%H:%M:%SZ}".encode())
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)


class Folder:
    """A folder of returns of the small template, and its total."""

    def __init__(self, path: Path, template: Path, small: Catalogue) -> None:
        self.path, self.template, self.small = path / "returns", template, small
        self.output = path / "out" / "T.xlsx"
        self.path.mkdir()

    def send(self, name: str, values: Mapping[FigureName, CellFigure], unit: str = "07399") -> Path:
        return send(self.path / name, self.small, values, unit)

    def total(self, prefer: str | Sequence[str] = (), unit: str = "") -> Consolidation:
        return pipeline.consolidate([self.path], self.output, template=self.template, jobs=1, prefer=prefer, unit=unit)


@pytest.fixture
def folder(tmp_path: Path, small_template: Path, small: Catalogue) -> Folder:
    return Folder(tmp_path, small_template, small)


def told(result: Consolidation, code: str) -> list[Finding]:
    return [finding for finding in result.findings if finding.code == code]


class TestSameContent:
    def test_a_copy_counts_once(self, folder: Folder) -> None:
        folder.send("a.xlsx", FILL)
        folder.send("a (1).xlsx", FILL)
        result = folder.total()

        assert result.value(PEOPLE) == 10_150
        [finding] = told(result, "consolidation.same_return_twice")
        assert finding.severity == "info"
        assert not told(result, "consolidation.duplicate_return")

    def test_a_form_that_is_still_blank_is_no_rival(self, folder: Folder) -> None:
        """The form as it was sent out, with last year's figures in it, lies beside the filled one."""
        folder.send("a.xlsx", FILL)
        prefilled = {name: value for name, value in FILL.items() if name.measure == "prior" and not name.item}
        folder.send("mau.xlsx", prefilled)
        result = folder.total()

        assert result.value(PEOPLE) == 10_150
        assert [finding.file for finding in told(result, "consolidation.blank_return")] == ["mau.xlsx"]

    def test_two_blank_forms_are_no_question(self, folder: Folder) -> None:
        folder.send("a.xlsx", {})
        folder.send("b.xlsx", {})

        assert not told(folder.total(), "consolidation.duplicate_return")


class TestDifferentContent:
    def two(self, folder: Folder) -> None:
        folder.send("a.xlsx", FILL)
        folder.send("b.xlsx", {**FILL, TOTAL: 10_151, MALE: "không rõ"})

    def test_neither_is_added_and_the_differences_are_named(self, folder: Folder) -> None:
        self.two(folder)
        result = folder.total()
        findings = told(result, "consolidation.duplicate_return")

        assert result.value(PEOPLE) is None
        assert result.value(Figure("farms.area", "actual")) == 589.1, "this field is the same in both"
        assert [finding.file for finding in findings] == ["a.xlsx", "b.xlsx"]
        assert {finding.severity for finding in findings} == {"error"}
        assert "Khác nhau 2 ô" in findings[0].message()
        assert "“10150” ≠ [b.xlsx]" in findings[0].message()
        assert "“không rõ”" in findings[0].message()
        assert len(findings[0].cells) == 2

    def test_ten_differences_are_shown_and_all_counted(self, folder: Folder) -> None:
        folder.send("a.xlsx", FILL)
        folder.send("b.xlsx", {**FILL, **{name: 7 for name in FILL if name.indicator.startswith("people.")}})
        findings = told(folder.total(), "consolidation.duplicate_return")
        message = findings[0].message()

        assert message.count(" ≠ ") == 10, message
        assert f"Khác nhau {len(findings[0].cells)} ô" in message

    def test_a_file_may_be_preferred_by_name(self, folder: Folder) -> None:
        self.two(folder)
        result = folder.total(prefer="B.XLSX")
        [finding] = told(result, "consolidation.preferred_return")

        assert result.value(PEOPLE) == 10_151
        assert finding.severity == "warning"
        assert finding.file == "b.xlsx"
        assert "“a.xlsx”" in finding.message()
        assert "10150" in finding.message()

    def test_a_preferred_file_must_be_there(self, folder: Folder) -> None:
        self.two(folder)

        with pytest.raises(UnknownPlaceError, match=r"c\.xlsx"):
            folder.total(prefer=["c.xlsx"])
        assert not folder.output.exists()

    def test_the_newest_by_the_time_that_the_workbook_states(self, folder: Folder) -> None:
        """The time of the file is that of the copying; the workbook knows when it was saved."""
        self.two(folder)
        saved_at(folder.path / "a.xlsx", dt.datetime(2023, 12, 20, 9, tzinfo=dt.UTC))
        saved_at(folder.path / "b.xlsx", dt.datetime(2023, 12, 19, 9, tzinfo=dt.UTC))
        os.utime(folder.path / "a.xlsx", (1, 1))
        result = folder.total(prefer="newest")
        [finding] = told(result, "consolidation.preferred_return")

        assert result.value(PEOPLE) == 10_150
        assert "a.xlsx: 20/12/2023 09:00:00 UTC, theo thông tin trong tệp" in finding.message()
        assert "by what the workbook says" in finding.message("en")

    def test_the_newest_by_the_time_of_the_file(self, folder: Folder) -> None:
        self.two(folder)
        os.utime(folder.path / "a.xlsx", (1_000_000_000, 1_000_000_000))
        result = folder.total(prefer="newest")

        assert result.value(PEOPLE) == 10_151
        assert "theo giờ của tệp" in told(result, "consolidation.preferred_return")[0].message()

    def test_two_of_the_same_time_stay_a_question(self, folder: Folder) -> None:
        self.two(folder)
        for name in ("a.xlsx", "b.xlsx"):
            os.utime(folder.path / name, (1_000_000_000, 1_000_000_000))
        result = folder.total(prefer="newest")

        assert result.value(PEOPLE) is None
        assert told(result, "consolidation.duplicate_return")


class TestTotalBesideItsReturns:
    def test_a_former_total_of_all_does_not_double_anything(self, folder: Folder) -> None:
        folder.send("a.xlsx", FILL, "07399")
        folder.send("b.xlsx", FILL, "07840")
        folder.output = folder.path / "TongHop.xlsx"
        first = folder.total()
        folder.output = folder.path / "TongHop-2.xlsx"
        second = folder.total()

        assert first.value(PEOPLE) == second.value(PEOPLE) == 20_300
        assert [one.file for one in told(second, "consolidation.includes_others")] == ["TongHop.xlsx"]

    def test_a_total_of_a_unit_that_nobody_listed_above_the_others(self, folder: Folder) -> None:
        folder.send("a.xlsx", FILL, "07399")
        folder.send("b.xlsx", FILL, "07840")
        folder.output = folder.path / "24.xlsx"
        folder.total(unit="24")
        folder.output = folder.path.parent / "T.xlsx"
        result = folder.total()

        assert result.value(PEOPLE) == 20_300
        assert told(result, "consolidation.includes_others")

    def test_two_totals_of_the_same_returns_are_not_added(self, folder: Folder) -> None:
        sent = folder.send("a.xlsx", FILL, "07399")
        for unit in ("217", "223"):
            folder.output = folder.path.parent / f"{unit}.xlsx"
            folder.total(unit=unit)
        sent.unlink()
        for unit in ("217", "223"):
            (folder.path.parent / f"{unit}.xlsx").rename(folder.path / f"{unit}.xlsx")
        folder.output = folder.path.parent / "T.xlsx"
        result = folder.total()

        assert result.value(PEOPLE) is None
        assert len(told(result, "consolidation.counted_twice")) == 2


class TestLastSaved:
    def test_what_we_write_says_nothing_of_its_time(self, folder: Folder) -> None:
        path = folder.send("a.xlsx", FILL)
        os.utime(path, (1_000_000_000, 1_000_000_000))

        assert is_as_written(path)
        assert last_saved(path) == (dt.datetime(2001, 9, 9, 1, 46, 40, tzinfo=dt.UTC), BY_FOLDER)

    def test_what_an_office_program_saved_does(self, folder: Folder) -> None:
        path = folder.send("a.xlsx", FILL)
        saved_at(path, dt.datetime(2023, 12, 20, 9, tzinfo=dt.UTC))

        assert not is_as_written(path)
        assert last_saved(path) == (dt.datetime(2023, 12, 20, 9, tzinfo=dt.UTC), BY_WORKBOOK)

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"\xd0\xcf\x11\xe0"])
    def test_a_file_that_is_no_package(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "a.xls"
        path.write_bytes(content)

        assert last_saved(path).source is BY_FOLDER
