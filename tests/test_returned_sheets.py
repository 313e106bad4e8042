"""What officials do to the sheets of a form, and how it is told: units, hidden rows, copies, retyped forms."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.forms import FILL, UNIT, Said, assert_balanced, said, write_filled
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.findings import Finding
from workbook_tools.form_layout import lay_out
from workbook_tools.form_reading import read_return
from workbook_tools.form_writing import Identity, write_form
from workbook_tools.indicators import Role
from workbook_tools.observations import Return
from workbook_tools.template_reading import read_template

PEOPLE, FARMS = "01 Dân số", "02 Nông nghiệp"
AREA, FUNDS, MALE = (FigureName(code, "actual") for code in ("farms.area", "farms.funds", "people.male"))
Damage = Callable[[Workbook], None]
Read = Callable[[Damage], Return]


@pytest.fixture(scope="module")
def filled(small: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_filled(tmp_path_factory.mktemp("filled") / "kep.xlsx", small)


@pytest.fixture(scope="module")
def whole(filled: Path, small: Catalogue) -> dict[FigureName, Said]:
    """What the undamaged form says."""
    return said(read_return(filled, small))


@pytest.fixture
def damaged(filled: Path, small: Catalogue, tmp_path: Path) -> Read:
    """The return after somebody did something to it."""

    def read(damage: Damage) -> Return:
        workbook = openpyxl.load_workbook(filled)
        damage(workbook)
        workbook.save(tmp_path / "kep.xlsx")
        returned = read_return(tmp_path / "kep.xlsx", small)
        assert_balanced(returned)
        return returned

    return read


def change(sheet: str, **cells: object) -> Damage:
    def damage(workbook: Workbook) -> None:
        for cell, value in cells.items():
            workbook[sheet][cell] = value  # type: ignore[assignment]

    return damage


def told(returned: Return) -> list[tuple[str, str]]:
    return [(finding.code.removeprefix("structure."), finding.cell) for finding in returned.findings]


def the(returned: Return, code: str) -> Finding:
    """The one finding of a code."""
    (finding,) = (finding for finding in returned.findings if finding.code == code)
    return finding


def rows_of(sheet: Worksheet) -> list[int]:
    """The rows of indicators and lists."""
    return [row for row in range(1, sheet.max_row + 1) if "." in str(sheet.cell(row, 1).value or "")]


def without_codes(workbook: Workbook) -> None:
    """As in a copy by hand: labels and figures alone."""
    for sheet in (workbook[PEOPLE], workbook[FARMS]):
        for row in range(1, sheet.max_row + 1):
            if sheet.cell(row, 1).value == "#columns":
                for column in range(1, 13):
                    sheet.cell(row, column).value = None
            sheet.cell(row, 1).value = None


class TestUnitColumn:
    @pytest.mark.parametrize("unit", ["HA", " ha ", "(ha)", "Héc ta", "hecta", None])
    def test_another_spelling(self, damaged: Read, whole: dict[FigureName, Said], unit: str | None) -> None:
        """The same unit, or none, changes nothing and needs no word."""
        returned = damaged(change(FARMS, D10=unit))

        assert (said(returned), told(returned)) == (whole, [])

    @pytest.mark.parametrize(
        ("cell", "unit", "figure", "value"),
        [
            ("D10", "nghìn ha", AREA, 589_100.0),
            ("D10", "m²", AREA, 0.05891),
            ("D10", "km2", AREA, 58_910.0),
            ("D30", "tỷ đồng", FUNDS, 1_356_250.0),
            ("D30", "đồng", FUNDS, 0.00135625),
        ],
    )
    def test_a_larger_or_smaller_one(
        self, damaged: Read, cell: str, unit: str, figure: FigureName, value: float
    ) -> None:
        """The official says what the figures are in: they are converted, all of the row, and told of."""
        returned = damaged(change(FARMS, **{cell: unit}))

        assert said(returned)[figure] == ("value", value, "", "")
        assert told(returned) == [("unit_changed", cell)]

    def test_a_count_in_thousands(self, damaged: Read) -> None:
        """12.5 thousand people are a whole number of people, 12.3456 thousand are not."""
        returned = damaged(change(PEOPLE, D12="nghìn người", E12=5.1, G12=5.10005, K12="5,2 nghìn người"))
        found = said(returned)

        assert found[FigureName("people.male", "prior")] == ("value", 5100.0, "", "")
        assert found[FigureName("people.male", "next_plan")] == ("value", 5200.0, "", "")
        assert ("value.not_whole", "G12") in told(returned)

    @pytest.mark.parametrize(("sheet", "cell", "unit", "figure"), [
        (FARMS, "D10", "tấn", AREA), (FARMS, "D10", "thửa", AREA), (FARMS, "D30", "chục triệu", FUNDS),
        (PEOPLE, "D12", "hộ", MALE), (PEOPLE, "D12", "chục người", MALE), (PEOPLE, "D12", "nghìn hộ", MALE),
    ])  # fmt: skip
    def test_one_that_cannot_be_converted(
        self, damaged: Read, whole: dict[FigureName, Said], sheet: str, cell: str, unit: str, figure: FigureName
    ) -> None:
        """Nobody knows how much it is: what stands in the row is refused, with an error."""
        returned = damaged(change(sheet, **{cell: unit}))
        row = {name for name in whole if name.indicator == figure.indicator and name.measure != "note"}

        assert {name for name, one in said(returned).items() if one[0] == "unreadable"} == row
        assert told(returned) == [("unit_unknown", cell)]

    def test_another_word_for_what_is_counted(self, damaged: Read, whole: dict[FigureName, Said]) -> None:
        """A word without a size changes no number."""
        returned = damaged(change(PEOPLE, D12="khẩu"))

        assert (said(returned), told(returned)) == (whole, [("unit_reworded", "D12")])

    def test_many_rows_are_told_at_once(self, catalogue: Catalogue, tmp_path: Path) -> None:
        """One finding names all the rows with the same change."""
        path = write_filled(tmp_path / "f.xlsx", catalogue, {})
        workbook = openpyxl.load_workbook(path)
        sheet = workbook["08 Ngân sách"]
        cells = [cell for (cell,) in sheet["D1:D60"] if cell.value in ("đồng", "triệu đồng")]
        for cell in cells:
            cell.value = "tỷ đồng"
        workbook.save(path)
        findings = [one for one in read_return(path, catalogue).findings if one.code == "structure.unit_changed"]

        assert len(cells) > 10
        assert sum(len(one.cells) or 1 for one in findings) == len(cells)
        assert len(findings) < 3

    def test_a_column_of_a_list(self, damaged: Read) -> None:
        """Its heading has the unit in brackets."""
        returned = damaged(change(FARMS, E19="Chiều dài\n(m)"))

        assert said(returned)[FigureName("farms.road_list", "length", "1")] == ("value", 0.0012, "", "")
        assert told(returned) == [("unit_changed", "E19")]

    def test_a_line_above_the_table(self, damaged: Read, whole: dict[FigureName, Said]) -> None:
        """Where the rows have units of their own these count, but the line is told of."""
        returned = damaged(change(FARMS, F25="Đơn vị tính: tỷ đồng"))

        assert (said(returned), told(returned)) == (whole, [("unit_line", "F25")])

    def test_a_line_above_rows_without_units(self, damaged: Read) -> None:
        """Then it is all that says what the figures are in."""
        returned = damaged(change(FARMS, F25="(ĐVT: tỷ đồng)", D30=None))

        assert said(returned)[FUNDS] == ("value", 1_356_250.0, "", "")
        assert told(returned) == [("unit_changed", "F25")]

    def test_a_line_that_is_right(self, damaged: Read, whole: dict[FigureName, Said]) -> None:
        returned = damaged(change(FARMS, F25="Đơn vị tính: triệu đồng", N3="Đơn vị: UBND xã"))

        assert (said(returned), told(returned)) == (whole, [])


class TestHidden:
    def test_rows_and_columns_with_figures(self, damaged: Read, whole: dict[FigureName, Said]) -> None:
        """Hidden figures are taken and told of, once a sheet."""

        def hide(workbook: Workbook) -> None:
            for row in (12, 13):
                workbook[PEOPLE].row_dimensions[row].hidden = True
            workbook[PEOPLE].column_dimensions["K"].hidden = True

        returned = damaged(hide)

        assert said(returned) == whole
        assert told(returned) == [("hidden_rows", "G12")]
        assert the(returned, "structure.hidden_rows").cells == ("G12", "G13", "K10")
        assert "dòng 12–13; cột K" in returned.findings[0].message()

    def test_a_filter_left_on(self, damaged: Read, whole: dict[FigureName, Said]) -> None:
        def filter_rows(workbook: Workbook) -> None:
            sheet = workbook[PEOPLE]
            sheet.auto_filter.ref = "B9:L17"
            sheet.auto_filter.add_filter_column(1, ["Nam"])
            for row in (10, 13, 14, 15, 16, 17):
                sheet.row_dimensions[row].hidden = True

        returned = damaged(filter_rows)

        assert said(returned) == whole
        assert [code for code, _ in told(returned)] == ["filtered_rows"]

    def test_hidden_rows_without_figures(self, damaged: Read) -> None:
        def hide(workbook: Workbook) -> None:
            for row in (2, 11, 18):
                workbook[PEOPLE].row_dimensions[row].hidden = True
            workbook[PEOPLE].column_dimensions["C"].hidden = True

        assert told(damaged(hide)) == []


class TestOtherColumns:
    def test_with_a_heading_of_its_own(self, damaged: Read, whole: dict[FigureName, Said]) -> None:
        """Its numbers are not taken, and told of once."""
        returned = damaged(change(PEOPLE, N7="Thực hiện quý 4", N10=2500, N12=1200))

        assert said(returned) == whole
        assert told(returned) == [("unknown_column", "N10")]
        assert the(returned, "structure.unknown_column").cells == ("N10", "N12")

    def test_scribbles(self, damaged: Read, whole: dict[FigureName, Said]) -> None:
        """Without a heading, or outside of the rows of the form, they are nobody's business."""
        returned = damaged(change(PEOPLE, M10=2500, N12="hỏi lại", O3="Tổng", O30=5))

        assert (said(returned), told(returned)) == (whole, [])

    def test_a_copy_of_the_template(self, small_template: Path, small: Catalogue, tmp_path: Path) -> None:
        """Its technical columns have numbers and headings; they are its own."""
        workbook = openpyxl.load_workbook(small_template)
        for row, typed in ((6, UNIT.unit_name), (7, UNIT.unit), (8, "Năm 2023")):
            workbook["Bìa"].cell(row, 4).value = typed
        workbook[PEOPLE]["G10"] = 10_150
        workbook[PEOPLE]["O7"] = "Số lẻ"
        workbook.save(tmp_path / "f.xlsx")

        assert told(read_return(tmp_path / "f.xlsx", small)) == []


class TestUnknownRows:
    def test_of_another_template(self, damaged: Read, whole: dict[FigureName, Said]) -> None:
        """A row with a code that the template does not know is named, its figures too, and not taken."""
        cells = {"A18": "people.elderly", "C18": "Người cao tuổi", "G18": 950, "E18": 940}
        returned = damaged(change(PEOPLE, **cells))

        assert said(returned) == whole
        assert told(returned) == [("unknown_row", "E18")]
        assert the(returned, "structure.unknown_row").cells == ("E18", "G18")
        assert "Người cao tuổi" in returned.findings[0].message()

    def test_of_another_template_and_blank(self, damaged: Read, whole: dict[FigureName, Said]) -> None:
        """Without figures it is worth knowing all the same: the form may be read with the wrong template."""
        returned = damaged(change(PEOPLE, A18="people.elderly", C18="Người cao tuổi"))

        assert (said(returned), told(returned)) == (whole, [("unknown_code", "C18")])

    def test_a_flood_of_them(self, damaged: Read, whole: dict[FigureName, Said]) -> None:
        """Many rows below the tables are one finding."""

        def scribble(workbook: Workbook) -> None:
            for row in range(100, 400, 2):
                workbook[FARMS].cell(row, 7).value = row

        returned = damaged(scribble)

        assert said(returned) == whole
        assert [code for code, _ in told(returned)] == ["unknown_row"]
        assert len(returned.findings[0].cells) == 150


class TestCopies:
    @pytest.mark.parametrize("state", ["visible", "hidden"])
    def test_the_same_again(
        self, damaged: Read, whole: dict[FigureName, Said], state: Literal["visible", "hidden"]
    ) -> None:
        def copy(workbook: Workbook) -> None:
            workbook.copy_worksheet(workbook[PEOPLE]).sheet_state = state

        returned = damaged(copy)

        assert said(returned) == whole
        assert told(returned) == [("sheet_copied", "")]
        assert the(returned, "structure.sheet_copied").details["names"] == "01 Dân số Copy"

    @pytest.mark.parametrize("state", ["visible", "hidden"])
    def test_other_figures(self, damaged: Read, state: Literal["visible", "hidden"]) -> None:
        def copy(workbook: Workbook) -> None:
            other = workbook.copy_worksheet(workbook[PEOPLE])
            other["G12"], other.sheet_state = 1, state

        assert told(damaged(copy)) == [("sheet_twice", "")]


class TestRetyped:
    """A form copied by hand: no codes, no identity, names of their own."""

    @pytest.mark.parametrize("name", ["Sheet1", "Dân số xã Kép"])
    def test_sheet_by_sheet(self, damaged: Read, whole: dict[FigureName, Said], name: str) -> None:
        """Sheets without title and name are known by the labels of their rows."""

        def retype(workbook: Workbook) -> None:
            without_codes(workbook)
            del workbook["_wbt"]
            workbook[PEOPLE].title = name
            for title in (workbook[name], workbook[FARMS]):
                title["B2"] = title["B5"] = None
            workbook[FARMS].title = "Trang 2"

        returned = damaged(retype)

        assert said(returned) == whole
        assert [code for code, _ in told(returned)].count("sheet_by_labels") == 2

    @pytest.mark.parametrize("titles", [True, False])
    def test_on_one_sheet(self, damaged: Read, whole: dict[FigureName, Said], titles: bool) -> None:
        """All fields below each other: each takes its own rows."""

        def retype(workbook: Workbook) -> None:
            without_codes(workbook)
            sheet = workbook.create_sheet("Tổng hợp")
            for source in (workbook[PEOPLE], workbook[FARMS]):
                start = sheet.max_row + 2
                for (row, column), cell in sorted(source._cells.items()):
                    is_title = row in (2, 5, 25) and column == 2
                    if cell.data_type != "f" and not (is_title and not titles):
                        sheet.cell(start + row, column).value = cell.value
                del workbook[source.title]
            del workbook["_wbt"]

        returned = damaged(retype)

        assert said(returned) == whole
        assert [code for code, _ in told(returned) if "row" in code] == []

    def test_in_one_table(self, damaged: Read, whole: dict[FigureName, Said]) -> None:
        """One heading for the indicators of all fields; there are no lists."""

        def retype(workbook: Workbook) -> None:
            sheet = workbook.create_sheet("Biểu")
            for column in range(2, 13):
                sheet.cell(3, column).value = workbook[PEOPLE].cell(7, column).value
            for source in (workbook[PEOPLE], workbook[FARMS]):
                for row in rows_of(source):
                    if "#" not in str(source.cell(row, 1).value):
                        values = [source.cell(row, column) for column in range(2, 13)]
                        sheet.append([None, *(one.value if one.data_type != "f" else None for one in values)])
                del workbook[source.title]
            del workbook["_wbt"]

        returned = damaged(retype)

        assert said(returned) == {name: one for name, one in whole.items() if not name.item}
        assert {code for code, _ in told(returned)} == {
            "identity_missing", "sheet_by_labels", "columns_by_heading", "found_by_label", "list_missing",
            "column_missing",
        }  # fmt: skip

    def test_rows_found_by_label_are_told_at_once(self, damaged: Read) -> None:
        """One finding a sheet, with the rows."""
        returned = damaged(without_codes)
        found = [finding for finding in returned.findings if finding.code == "structure.found_by_label"]

        assert [(one.details["count"], one.details["rows"]) for one in found] == [(7, "10, 12–17"), (7, "10–15, 30")]


class TestIdentityGone:
    def test_the_level_is_told_by_the_rows(self, small: Catalogue, tmp_path: Path) -> None:
        """What a hamlet's form lacks of a commune's is not missing."""
        layout = lay_out(small, level="thôn")
        write_form(tmp_path / "f.xlsx", layout, Identity("1", "Thôn Đồng", UNIT.period, "thôn"), FILL)
        expected = read_return(tmp_path / "f.xlsx", small).expected
        workbook = openpyxl.load_workbook(tmp_path / "f.xlsx")
        del workbook["_wbt"]
        workbook.save(tmp_path / "f.xlsx")
        returned = read_return(tmp_path / "f.xlsx", small)

        assert (returned.expected, returned.missing) == (expected, 0)
        assert expected == sum(slot.role is not Role.CLOSED for slot in layout.slots())
        assert told(returned) == [("level_by_rows", ""), ("identity_missing", "")][::-1]

    @pytest.mark.parametrize(
        ("line", "code"), [("Kỳ báo cáo: Năm 2023", "period.by_title"), (None, "period.by_heading")]
    )
    def test_the_period(self, damaged: Read, whole: dict[FigureName, Said], line: str | None, code: str) -> None:
        """A line on the sheets names it, else the years in the headings do."""

        def damage(workbook: Workbook) -> None:
            without_codes(workbook)
            del workbook["_wbt"]
            workbook["Bìa"]["D8"] = None
            workbook[PEOPLE]["B3"] = workbook[FARMS]["B3"] = line

        returned = damaged(damage)

        assert (returned.period, said(returned)) == ("2023", whole)
        assert code in {finding.code for finding in returned.findings}


class TestOneLabelTwice:
    """A template in which two blocks of a sheet have a row of the same name."""

    LABEL = "Sản lượng lúa"
    OUTPUT = FigureName("farms.output", "actual")

    @pytest.fixture
    def twin(self, small_template: Path, tmp_path: Path) -> Catalogue:
        workbook = openpyxl.load_workbook(small_template)
        sheet = workbook[FARMS]
        sheet.cell(self.row(sheet, "farms.funds"), 3).value = self.LABEL
        workbook.save(tmp_path / "BieuMau.xlsx")
        return read_template(tmp_path / "BieuMau.xlsx").catalogue

    @staticmethod
    def row(sheet: Worksheet, code: str) -> int:
        return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == code)

    def returned(self, twin: Catalogue, path: Path, damage: Callable[[Worksheet], None]) -> Return:
        workbook = openpyxl.load_workbook(write_filled(path, twin))
        damage(workbook[FARMS])
        for row in range(1, workbook[FARMS].max_row + 1):
            workbook[FARMS].cell(row, 1).value = None
        workbook.save(path)
        returned = read_return(path, twin)
        assert_balanced(returned)
        return returned

    def test_below_its_title(self, twin: Catalogue, tmp_path: Path) -> None:
        returned = self.returned(twin, tmp_path / "f.xlsx", lambda _: None)

        assert said(returned)[self.OUTPUT] == ("value", 3564.64, "", "")
        assert said(returned)[FUNDS] == ("value", 1356.25, "", "")
        assert the(returned, "structure.label_told_apart").cells == ("C11", "C30")

    def test_with_nothing_to_tell_them_by(self, twin: Catalogue, tmp_path: Path) -> None:
        """Titles, numbers and units gone, the other rows sorted: both are refused, and both cells named."""

        def damage(sheet: Worksheet) -> None:
            for row in (10, 12, 13, 14, 15):
                sheet.cell(row, 3).value = None
            for row in (11, 30):
                sheet.cell(row, 2).value = sheet.cell(row, 4).value = None
            sheet["B5"] = sheet["B25"] = None

        returned = self.returned(twin, tmp_path / "f.xlsx", damage)
        found = said(returned)

        assert (found[self.OUTPUT][0], found[FUNDS][0]) == ("unreadable", "unreadable")
        assert the(returned, "structure.label_ambiguous").cells == ("C11", "C30")
        assert the(returned, "structure.label_ambiguous").severity == "error"
