"""Forms as written: the same bytes, sound packages, the cells an official needs, results that LibreOffice confirms."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openxml_audit import OpenXmlValidator

from tests.forms import FILL, UNIT, form_layout, inputs, write_filled
from tests.golden_files import assert_matches_golden, pretty_xml
from tests.helpers import digest
from tests.office import saved_by_office, without_results
from workbook_tools.catalogue import Catalogue, show_catalogue
from workbook_tools.cells import FigureName
from workbook_tools.excel_reading import read_workbook
from workbook_tools.explanations import read_explanations
from workbook_tools.form_layout import lay_out
from workbook_tools.form_writing import Identity, write_form
from workbook_tools.indicators import Indicator, Role

EXAMPLES = Path(__file__).parents[1] / "examples"
AGAIN = """
from pathlib import Path
from tests.forms import write_filled
from tests.small_template import write_small_template
from workbook_tools.template_reading import read_template
folder = Path({folder!r})
write_filled(folder / "again.xlsx", read_template(write_small_template(folder / "BieuMau.xlsx")).catalogue)
"""


@pytest.fixture(scope="module")
def filled(small: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_filled(tmp_path_factory.mktemp("filled") / "kep.xlsx", small)


@pytest.fixture(scope="module")
def workbook(filled: Path) -> Workbook:
    return openpyxl.load_workbook(filled)


class TestSameBytes:
    def test_written_twice(self, small: Catalogue, filled: Path, tmp_path: Path) -> None:
        assert digest(write_filled(tmp_path / "twice.xlsx", small)) == digest(filled)

    def test_the_order_of_the_values_does_not_matter(self, small: Catalogue, filled: Path, tmp_path: Path) -> None:
        backwards = write_filled(tmp_path / "backwards.xlsx", small, dict(reversed(list(FILL.items()))))

        assert digest(backwards) == digest(filled)

    def test_written_by_another_process(self, filled: Path, tmp_path: Path) -> None:
        command = [sys.executable, "-c", AGAIN.format(folder=str(tmp_path))]
        subprocess.run(command, check=True, cwd=Path(__file__).parents[1], env={"PYTHONHASHSEED": "7"})

        assert digest(tmp_path / "again.xlsx") == digest(filled)

    def test_a_shipped_form_written_twice(self, catalogue: Catalogue, tmp_path: Path) -> None:
        paths = [tmp_path / "one.xlsx", tmp_path / "other.xlsx"]
        for path in paths:
            write_form(path, form_layout(catalogue), UNIT)

        assert digest(paths[0]) == digest(paths[1])


class TestGolden:
    def test_template_show(self, small: Catalogue, pytestconfig: pytest.Config) -> None:
        assert_matches_golden("\n".join(show_catalogue(small)) + "\n", "template_show.txt", pytestconfig)

    @pytest.mark.parametrize(
        "part",
        ["workbook.xml", "styles.xml", "sharedStrings.xml", *(f"worksheets/sheet{one}.xml" for one in range(1, 8))],
    )
    def test_parts_of_a_form(self, filled: Path, part: str, pytestconfig: pytest.Config) -> None:
        with zipfile.ZipFile(filled) as package:
            text = pretty_xml(package.read(f"xl/{part}"))

        assert_matches_golden(text, f"small_form/{part}", pytestconfig)

    def test_no_sheet_is_left_out(self, workbook: Workbook) -> None:
        assert len(workbook.sheetnames) == 7


class TestPackage:
    @pytest.mark.parametrize("name", ["kep-2023.xlsx", "thang-2023.xlsx"])
    def test_example_returns_are_valid(self, name: str) -> None:
        assert audited(EXAMPLES / "returns" / name) == []

    def test_a_filled_form_is_valid(self, filled: Path) -> None:
        assert audited(filled) == []

    @pytest.mark.parametrize("level", ["xã", "thôn"])
    def test_a_blank_form_is_valid(self, catalogue: Catalogue, level: str, tmp_path: Path) -> None:
        write_form(tmp_path / "blank.xlsx", lay_out(catalogue, level=level), Identity(level=level))

        assert audited(tmp_path / "blank.xlsx") == []

    def test_every_field_alone_is_valid(self, small: Catalogue, tmp_path: Path) -> None:
        for field in small.fields:
            layout = lay_out(small, level="xã", fields=[field.code])
            write_form(tmp_path / f"{field.code}.xlsx", layout, UNIT, FILL)

            assert audited(tmp_path / f"{field.code}.xlsx") == []


def audited(path: Path) -> list[str]:
    """What the OOXML validator has to say, as ``openxml-audit FILE`` does."""
    return [str(error) for error in OpenXmlValidator().validate(path).errors]


class TestCells:
    def test_only_inputs_are_unlocked(self, small: Catalogue, workbook: Workbook) -> None:
        """Inputs can be typed into; formulas, labels and closed cells are protected, without a password."""
        for slot in form_layout(small).slots():
            cell = workbook[slot.sheet][slot.position.name]

            assert cell.protection.locked is (slot.role is not Role.INPUT), cell.coordinate
        assert all(workbook[name].protection.sheet for name in ("01 Dân số", "02 Nông nghiệp"))
        assert workbook["01 Dân số"].protection.password is None

    def test_values_stand_in_their_cells(self, small: Catalogue, workbook: Workbook) -> None:
        for slot in inputs(form_layout(small)):
            assert workbook[slot.sheet][slot.position.name].value == FILL.get(slot.name), slot.name

    def test_formulas_are_live(self, small: Catalogue, workbook: Workbook) -> None:
        for slot in form_layout(small).slots():
            if slot.role is Role.FORMULA:
                assert str(workbook[slot.sheet][slot.position.name].value).startswith("="), slot.name

    def test_choices_have_pull_downs(self, workbook: Workbook) -> None:
        """In lists and in indicator rows alike."""
        lists = {
            str(cells)
            for sheet in ("01 Dân số", "02 Nông nghiệp")
            for one in workbook[sheet].data_validations.dataValidation
            if one.type == "list"
            for cells in one.sqref.ranges
        }

        assert lists == {"E16", "G16", "D20:D23"} or lists == {"E16", "G16", "D20", "D21", "D22", "D23"}

    def test_text_that_starts_like_a_formula_stays_text(self, small: Catalogue, tmp_path: Path) -> None:
        values = {FigureName("people.remark", "actual"): "=1+1", FigureName("farms.area", "actual"): "+5"}
        sheet = openpyxl.load_workbook(write_filled(tmp_path / "inert.xlsx", small, values))

        assert sheet["01 Dân số"]["G17"].data_type == "s"
        assert sheet["02 Nông nghiệp"]["G10"].data_type == "s"

    def test_text_that_no_file_can_hold_is_left_out(self, small: Catalogue, tmp_path: Path) -> None:
        """XML knows no half characters, no control characters and no U+FFFF; a line end stays one."""
        values = {FigureName("people.remark", "actual"): "a\uffffb\x07c\rd\ud800"}
        path = write_filled(tmp_path / "odd.xlsx", small, values)

        assert audited(path) == []
        assert openpyxl.load_workbook(path)["01 Dân số"]["G17"].value == "abc\nd\ufffd"

    def test_identity_is_very_hidden(self, workbook: Workbook, small: Catalogue) -> None:
        sheet = workbook["_wbt"]
        facts = {row[0].value: row[1].value for row in sheet.iter_rows(max_row=6)}

        assert sheet.sheet_state == "veryHidden"
        assert facts == {
            "form": "THU", "fingerprint": small.fingerprint, "unit": "07399", "unit_name": "Thị trấn Kép",
            "period": "2023", "level": "xã",
        }  # fmt: skip

    def test_code_column_and_code_rows_are_hidden(self, workbook: Workbook) -> None:
        for name in ("01 Dân số", "02 Nông nghiệp"):
            sheet = workbook[name]
            codes = [row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == "#columns"]

            assert sheet.column_dimensions["A"].hidden
            assert codes
            assert all(sheet.row_dimensions[row].hidden for row in codes)

    def test_headings_carry_the_years(self, workbook: Workbook) -> None:
        headings = [cell.value for cell in workbook["01 Dân số"][7]][4:7]

        assert headings == ["Thực hiện năm 2022", "Kế hoạch năm 2023", "Thực hiện (ước) năm 2023"]


class TestCover:
    """The counts beside each field, as they stand in the file before anything recalculates them."""

    def test_counts_this_years_inputs_of_each_field(self, workbook: Workbook) -> None:
        """Filled, to be filled, required and blank; formulas and lists are not counted."""
        assert counts_of(workbook, "01 Dân số") == (
            "=COUNTA('01 Dân số'!G10,'01 Dân số'!G12:G14,'01 Dân số'!G16:G17)",
            6,
        )
        assert counts_of(workbook, "02 Nông nghiệp")[1] == 3

    def test_results_are_those_of_the_figures(self, filled: Path) -> None:
        values = openpyxl.load_workbook(filled, data_only=True)["Bìa"]
        rows = [[values.cell(row, column).value for column in range(5, 10)] for row in (13, 14, 15)]

        assert rows == [[6, 6, 0, 0, 0], [3, 3, 0, 0, 0], [9, 9, 0, 0, 0]]
        assert values["B4"].value == "Đã điền 9/9 ô số liệu năm nay. Có thể gửi."

    @pytest.mark.parametrize(
        ("values", "state"),
        [
            ({}, "Chưa điền số liệu năm nay."),
            (
                {("people.male", "actual"): 4},
                "Đã điền 1/9 ô số liệu năm nay. Còn 0 lỗi, 1 ô bắt buộc chưa điền, 0 cảnh báo: xem trang “Kiểm tra”.",
            ),
            (
                {("people.total", "actual"): 3, ("people.poor", "actual"): 4},
                "Đã điền 2/9 ô số liệu năm nay. Còn 1 lỗi, 0 ô bắt buộc chưa điền, 0 cảnh báo: xem trang “Kiểm tra”.",
            ),
            (
                {("people.total", "actual"): 3, ("people.male", "actual"): "1.422"},
                "Đã điền 2/9 ô số liệu năm nay. Có thể gửi; còn 1 cảnh báo cần giải trình ở trang “Kiểm tra”; "
                "còn 7 ô trống: không phát sinh ghi “-”, chưa có số liệu ghi “…”.",
            ),
            (
                {("people.total", "actual"): "trên 2.000"},
                "Đã điền 1/9 ô số liệu năm nay. Có thể gửi; "
                "còn 8 ô trống: không phát sinh ghi “-”, chưa có số liệu ghi “…”.",
            ),
        ],
    )
    def test_says_in_one_sentence_whether_it_can_be_sent(
        self, small: Catalogue, values: dict[tuple[str, str], float | str], state: str, tmp_path: Path
    ) -> None:
        figures = {FigureName(*name): value for name, value in values.items()}
        path = write_filled(tmp_path / "state.xlsx", small, figures)

        assert openpyxl.load_workbook(path, data_only=True)["Bìa"]["B4"].value == state


def counts_of(workbook: Workbook, name: str) -> tuple[object, object]:
    """What the cover counts of a field: the formula of the filled cells, and how many there are to fill."""
    cover = workbook["Bìa"]
    row = next(row for row in range(1, cover.max_row + 1) if cover.cell(row, 3).value == name)
    return cover.cell(row, 5).value, cover.cell(row, 6).value


class TestHelp:
    def test_every_row_says_how_to_fill_it(self, workbook: Workbook) -> None:
        """In a folded column beside the tables, past what is printed."""
        sheet = workbook["01 Dân số"]

        assert sheet["M10"].value == "Đơn vị tính: người. Số nguyên. Số người ngày 01/7."
        assert sheet["M16"].value == "Chọn trong danh sách: Tốt; Khá; Trung bình."
        assert sheet.column_dimensions["M"].hidden
        assert sheet.column_dimensions["M"].outlineLevel == 1
        assert sheet.print_area == "'01 Dân số'!$A$1:$L$23"

    def test_every_input_of_a_number_names_its_unit(self, small: Catalogue, workbook: Workbook) -> None:
        for slot in inputs(form_layout(small)):
            if isinstance(slot.subject, Indicator) and slot.subject.kind.is_numeric and slot.subject.unit:
                message = next(
                    one.prompt
                    for one in workbook[slot.sheet].data_validations.dataValidation
                    if slot.position.name in one.sqref
                )

                assert message.startswith(f"Đơn vị tính: {slot.subject.unit}."), slot.name

    def test_a_computed_rate_says_how_to_type_it_all_the_same(self, workbook: Workbook) -> None:
        [rates] = [
            one.sqref
            for one in workbook["01 Dân số"].data_validations.dataValidation
            if "Unprotect Sheet" in (one.prompt or "")
        ]

        assert "G15" in rates
        assert "E15" in rates
        assert "F15" not in rates
        assert workbook["01 Dân số"]["G15"].protection.locked

    def test_marks(self, workbook: Workbook) -> None:
        """Required and blank, a number typed as text, a jump against last year."""
        found = {
            str(area.sqref): rule.formula[0]
            for area in workbook["01 Dân số"].conditional_formatting
            for rule in area.rules
        }

        assert found["G10"] == "ISBLANK(G10)"
        assert found["E10:K15"].startswith("OR(ISERROR(E10),AND(ISTEXT(E10),ISNUMBER(--SUBSTITUTE(")
        assert found["G10 G12:G14"] == ("IF(COUNT($E10,G10)=2,AND($E10>0,OR(G10>2*$E10,2*G10<$E10),ABS(G10-$E10)>=10))")

    def test_explanations_are_still_found_by_their_code(self, filled: Path, tmp_path: Path) -> None:
        workbook = openpyxl.load_workbook(filled)
        workbook["Kiểm tra"]["I6"] = "Đã kiểm tra"
        workbook.save(tmp_path / "explained.xlsx")

        assert read_explanations(read_workbook(tmp_path / "explained.xlsx")) == {"farms.yield_high": "Đã kiểm tra"}


class TestPrint:
    def test_page_numbers_begin_on_the_second_page(self, workbook: Workbook) -> None:
        header = workbook["01 Dân số"].HeaderFooter

        assert header.differentFirst
        assert header.firstHeader.center.text is None
        assert header.oddHeader.center.text == "&P"

    def test_no_table_of_a_shipped_form_is_cut(self, catalogue: Catalogue, tmp_path: Path) -> None:
        """Pages end between tables; the block of signatures has the last table above it."""
        layout = form_layout(catalogue)
        write_form(tmp_path / "blank.xlsx", layout, UNIT)
        workbook = openpyxl.load_workbook(tmp_path / "blank.xlsx")
        for placed in layout.fields:
            starts = {one.id + 1 for one in workbook[placed.sheet].row_breaks.brk}

            assert starts <= {row for block in placed.blocks for row in (block.title_row, block.title_row - 1)}


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
class TestLibreOffice:
    def test_gives_our_results(self, catalogue: Catalogue, filled: Path, tmp_path: Path) -> None:
        """Every formula of the example returns, of a blank form and of a small one has the result that we wrote."""
        blank = tmp_path / "blank.xlsx"
        write_form(blank, form_layout(catalogue), Identity(level="xã"))
        ours = [*sorted((EXAMPLES / "returns").glob("*.xlsx")), blank, filled]
        (tmp_path / "bare").mkdir()
        bare = [without_results(path, tmp_path / "bare" / path.name) for path in ours]
        differences = [
            difference
            for path, other in zip(ours, saved_by_office(bare, tmp_path), strict=True)
            for difference in compared(path, other)
        ]

        assert differences == []


def compared(path: Path, other: Path) -> list[str]:
    """Formula cells with another result."""
    theirs = {sheet.name: sheet for sheet in read_workbook(other).sheets}
    differences = []
    for sheet in read_workbook(path).sheets:
        for position, cell in sheet.cells.items():
            if cell.formula:
                both = (cell.value, theirs[sheet.name].at(*position).value)
                ours, found = ("" if one is None else one for one in both)
                same = found == pytest.approx(ours, rel=1e-12) if isinstance(ours, int | float) else found == ours
                if not same:
                    differences.append(f"[{path.name}]{sheet.name}!{position.name}: {ours!r} here, {found!r} there")
    return differences
