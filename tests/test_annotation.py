"""The sender's own workbook, marked: what is added, what stays, and that it reads as before."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import openpyxl
import pytest
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator

from tests.forms import FILL, write_filled
from tests.helpers import digest
from tests.office import saved_by_office
from workbook_tools import pipeline
from workbook_tools.annotated_copies import Copy, annotate, annotated, copies_in, received
from workbook_tools.annotation import ANNOTATION_MARK, LINES_OF_INFORMATION, NOTE_TITLE, lines_about, marks_of, own_part
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.errors import WorkbookToolsError
from workbook_tools.findings import Finding
from workbook_tools.findings_sheet import write_findings_workbook
from workbook_tools.note_shapes import parse_drawing, remove_shapes
from workbook_tools.observations import Return
from workbook_tools.package_editing import NotEditableError, parse

EXAMPLES = Path(__file__).parents[1] / "examples" / "returns"
WRONG = {
    **FILL,
    FigureName("people.male", "actual"): "năm nghìn",
    FigureName("people.total", "actual"): None,
    FigureName("farms.area", "actual"): "mười",
}
"""Figures with an error in each field, and one required cell left blank."""

Place = tuple[str, str]


def checked(path: Path, template: Path) -> Return:
    return pipeline.check([path], template).returns[0]


def marked(returned: Return) -> set[Place]:
    """The cells that errors and warnings are about."""
    return {(one.sheet, one.cell) for one in returned.findings if one.severity != "info" and one.cell}


def facts(sheet: Worksheet, *, fills: bool = True) -> dict[str, object]:
    """Whatever a sender sees in the cells of a sheet."""
    return {
        cell.coordinate: (
            cell.value,
            cell.number_format,
            *(repr(getattr(cell, name)) for name in ("font", "border", "alignment", "protection")),
            cell.fill.fgColor.rgb if fills and cell.fill.patternType else None,
        )
        for row in sheet.iter_rows()
        for cell in row
    }


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def repacked(path: Path, change: Callable[[str, bytes], bytes], added: dict[str, bytes] | None = None) -> Path:
    """The workbook with its parts changed."""
    whole = {name: change(name, content) for name, content in parts(path).items()} | (added or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in whole.items():
            package.writestr(name, content)
    return path


@pytest.fixture
def wrong(tmp_path: Path, small: Catalogue) -> Path:
    """A return of the small template with errors in it."""
    (tmp_path / "received").mkdir()
    return write_filled(tmp_path / "received" / "bao-cao.xlsx", small, WRONG)


@pytest.fixture
def decorated(wrong: Path) -> Path:
    """The same, saved by another program, with notes, a chart, a rule of colours and pull-downs of the sender."""
    workbook = openpyxl.load_workbook(wrong)
    sheet = cast(Worksheet, workbook["01 Dân số"])
    sheet["C10"].comment = Comment("Số của công an", "Cán bộ thống kê")
    sheet["G12"].comment = Comment("Đã hỏi lại", "Cán bộ thống kê")
    sheet.add_chart(BarChart(), "N2")
    red = Rule("cellIs", operator="lessThan", formula=["0"], dxf=DifferentialStyle(fill=PatternFill("solid", "FF0000")))
    sheet.conditional_formatting.add("G10:G20", red)
    allowed = DataValidation("whole", operator="between", formula1="0", formula2="9", prompt="dòng 1\ndòng 2")
    allowed.add("N10:N12")
    sheet.add_data_validation(allowed)
    workbook.active = 2
    workbook.save(wrong)
    return wrong


@pytest.fixture
def give_back(tmp_path: Path, small_template: Path) -> Callable[[Path], Path]:
    """Annotates a file with what the check finds in it."""

    def run(source: Path, folder: str = "back") -> Path:
        (copy,) = copies_in(tmp_path / folder, [source])
        return annotate(copy, checked(source, small_template))

    return run


class TestWords:
    def test_worst_first_then_in_the_order_of_the_workbook(self) -> None:
        """Errors, warnings, information; sheets as they stand, cells by row."""
        findings = [
            Finding("value.qualified", sheet="B", cell="A1"),
            Finding("rule.required_missing", sheet="A", cell="A10"),
            Finding("rule.required_missing", sheet="A", cell="A9"),
            Finding("rule.required_missing", sheet="B", cell="A1"),
            Finding("rule.part_exceeds_whole", sheet="A", cell="Z9"),
        ]

        lines = lines_about(findings, ["B", "A"])

        assert [(one.sheet, one.cell) for one in lines] == [
            ("A", "Z9"), ("B", "A1"), ("A", "A9"), ("A", "A10"), ("B", "A1"),
        ]  # fmt: skip

    def test_only_what_asks_for_something_marks_a_cell(self) -> None:
        lines = lines_about([Finding("value.qualified", sheet="A", cell="A1")], ["A"])

        assert len(lines) == 1
        assert marks_of(lines) == {}

    def test_several_findings_share_a_note(self) -> None:
        """The colour is that of the worst."""
        codes = ("rule.required_missing", "rule.part_exceeds_whole", "value.qualified")
        findings = [Finding(code, sheet="A", cell="B2") for code in codes]

        (mark,) = marks_of(lines_about(findings, ["A"])).values()

        assert mark.severity == "error"
        assert [line.split(":")[0] for line in mark.note.splitlines()] == [
            NOTE_TITLE, "LỖI", "Cách sửa", "CẢNH BÁO", "Cách sửa", "THÔNG TIN", "Cách sửa",
        ]  # fmt: skip

    def test_cells_of_the_same_kind_are_marked_and_cells_looked_at_are_named(self) -> None:
        finding = Finding("rule.required_missing", sheet="A", cell="B2", cells=("B2", "B3", "'C d'!E4"))

        (line,) = lines_about([finding], ["A"])

        assert line.marked == ("B2", "B3")
        assert line.message.endswith("Ô liên quan: B3, C d!E4.")

    def test_what_cannot_be_told_of_a_cell_is_told_at_the_first_it_looked_at(self) -> None:
        (line,) = lines_about([Finding("rule.failed", cells=("'01 Dân số'!G11", "'01 Dân số'!G12"))], [])

        assert (line.sheet, line.cell, line.marked) == ("01 Dân số", "G11", ("G11",))

    def test_much_information_is_cut_short_and_says_so(self) -> None:
        information = [Finding("value.qualified", sheet="A", cell=f"A{row}") for row in range(1, 500)]

        lines = lines_about([*information, Finding("rule.required_missing", sheet="A", cell="B1")], ["A"])

        assert len(lines) == LINES_OF_INFORMATION + 2
        assert lines[-1].message == f"Còn {499 - LINES_OF_INFORMATION} thông tin khác."

    @pytest.mark.parametrize(
        ("note", "left"),
        [
            ("Số của công an", "Số của công an"),
            (f"{NOTE_TITLE}\nLỖI: a\nCách sửa: b", ""),
            (f"Của tôi\n{NOTE_TITLE}\nLỖI: a\nCách sửa: b\n\nCẢNH BÁO: c\nCách sửa: d", "Của tôi\n"),
            (f"{NOTE_TITLE}\nLỖI: a\nCách sửa: b\nĐã sửa ngày 3/1", "Đã sửa ngày 3/1"),
        ],
    )
    def test_what_the_sender_wrote_is_told_from_ours(self, note: str, left: str) -> None:
        """A reply under our lines is the sender's as well."""
        start, end = own_part(note)

        assert note[:start] + note[end:] == left


class TestCopy:
    def test_reads_as_the_original(
        self, decorated: Path, give_back: Callable[[Path], Path], small_template: Path
    ) -> None:
        """The same observations and the same findings, down to the last field."""
        before = checked(decorated, small_template)

        assert len(marked(before)) >= 3
        assert checked(give_back(decorated), small_template) == before

    def test_original_is_not_touched(self, decorated: Path, give_back: Callable[[Path], Path]) -> None:
        before = digest(decorated)
        give_back(decorated)

        assert digest(decorated) == before

    def test_same_bytes_every_time(self, decorated: Path, give_back: Callable[..., Path]) -> None:
        assert digest(give_back(decorated, "one")) == digest(give_back(decorated, "two"))

    def test_bad_cells_have_a_colour_and_a_note(
        self, decorated: Path, give_back: Callable[[Path], Path], small_template: Path
    ) -> None:
        """Those cells, and no others."""
        workbook = openpyxl.load_workbook(give_back(decorated))
        original = openpyxl.load_workbook(decorated)

        seen = {sheet.title: (facts(sheet), facts(workbook[sheet.title])) for sheet in original}
        changed = {
            (title, name)
            for title, (before, after) in seen.items()
            for name in after
            if after[name] != before.get(name)
        }
        noted = {
            (sheet.title, cell.coordinate)
            for sheet in original
            for row in workbook[sheet.title].iter_rows()
            for cell in row
            if cell.comment and NOTE_TITLE in cell.comment.text
        }

        assert changed == noted == marked(checked(decorated, small_template))

    def test_only_the_fill_of_a_bad_cell_changes(self, decorated: Path, give_back: Callable[[Path], Path]) -> None:
        """Number format, font, border and lock stay."""
        workbook, original = (openpyxl.load_workbook(path) for path in (give_back(decorated), decorated))

        for sheet in original:
            assert facts(workbook[sheet.title], fills=False) == facts(sheet, fills=False)

    def test_what_the_sender_had_is_still_there(self, decorated: Path, give_back: Callable[[Path], Path]) -> None:
        """Notes, charts, rules of colours, pull-downs, protection, hidden sheets."""
        back = give_back(decorated)
        workbook, original = (openpyxl.load_workbook(path) for path in (back, decorated))
        sheet, before = workbook["01 Dân số"], original["01 Dân số"]

        assert sheet["C10"].comment.text == "Số của công an"
        assert sheet["C10"].comment.author == "Cán bộ thống kê"
        assert parts(back)["xl/charts/chart1.xml"] == parts(decorated)["xl/charts/chart1.xml"]
        assert sheet.protection.sheet
        assert list(sheet.conditional_formatting) == list(before.conditional_formatting)
        shown = [[(one.sqref, one.prompt, one.formula1) for one in each.data_validations.dataValidation]
                 for each in (sheet, before)]  # fmt: skip
        assert shown[0] == shown[1]
        assert [one.sheet_state for one in workbook][1:] == [one.sheet_state for one in original]

    def test_note_of_the_sender_stands_above_ours(self, decorated: Path, give_back: Callable[[Path], Path]) -> None:
        text = openpyxl.load_workbook(give_back(decorated))["01 Dân số"]["G12"].comment.text

        assert text.startswith(f"Đã hỏi lại\n\n{NOTE_TITLE}\nLỖI: ")

    def test_parts_that_need_no_change_are_passed_on(self, decorated: Path, give_back: Callable[[Path], Path]) -> None:
        """Byte for byte; among them the hidden identity and the chart."""
        before, after = parts(decorated), parts(give_back(decorated))
        changed = {name for name, content in before.items() if after.get(name) != content}

        assert {name for name in changed if "worksheets/" not in name} <= {
            "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
            "docProps/app.xml", "xl/comments/comment1.xml", "xl/drawings/commentsDrawing1.vml",
        }  # fmt: skip
        assert len([name for name in changed if re.fullmatch("xl/worksheets/sheet[0-9]+.xml", name)]) <= 3

    def test_blank_cell_that_was_not_there_is_made_in_its_place(
        self, wrong: Path, give_back: Callable[[Path], Path]
    ) -> None:
        """Excel leaves cells without content and format out of the file."""
        bare = re.compile(rb'<c r="G10"[^>]*/>')
        repacked(wrong, lambda name, data: bare.sub(b"", data) if name.endswith("sheet3.xml") else data)
        assert b'r="G10"' not in parts(wrong)["xl/worksheets/sheet3.xml"]

        back = parts(give_back(wrong))["xl/worksheets/sheet3.xml"]

        assert re.search(rb'<c r="F10"[^>]*>.*<c r="G10" s="[0-9]+"/><c r="H10"', back)

    def test_audit_has_nothing_to_say(self, wrong: Path, give_back: Callable[[Path], Path]) -> None:
        assert audited(wrong) == []
        assert audited(give_back(wrong)) == []

    def test_examples_come_back_as_they_were(self, tmp_path: Path) -> None:
        """Full forms, one for each of two towns."""
        copies = copies_in(tmp_path, [EXAMPLES / "kep-2023.xlsx", EXAMPLES / "thang-2023.xlsx"])
        before = pipeline.check([copy.source for copy in copies]).returns

        written = [annotate(copy, returned) for copy, returned in zip(copies, before, strict=True)]

        assert pipeline.check(written).returns == before
        assert audited(written[1]) == []

    def test_prefixed_names_are_understood(
        self, wrong: Path, give_back: Callable[[Path], Path], small_template: Path
    ) -> None:
        """Some programs write every name with a prefix."""
        repacked(wrong, _with_prefix)
        before = checked(wrong, small_template)

        back = give_back(wrong)

        assert len(marked(before)) >= 3
        assert checked(back, small_template) == before
        assert b"<x:c " in parts(back)["xl/worksheets/sheet3.xml"]
        assert NOTE_TITLE in openpyxl.load_workbook(back)["01 Dân số"]["G12"].comment.text

    def test_macros_are_not_passed_on(self, wrong: Path, give_back: Callable[[Path], Path]) -> None:
        """Nor is what refers to them."""
        relation = (
            b'<Relationship Id="rIdM" Target="vbaProject.bin" '
            b'Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"/></Relationships>'
        )

        def change(name: str, data: bytes) -> bytes:
            return data.replace(b"</Relationships>", relation) if name == "xl/_rels/workbook.xml.rels" else data

        repacked(wrong, change, {"xl/vbaProject.bin": b"macro"})
        back = parts(give_back(wrong))

        assert "xl/vbaProject.bin" not in back
        assert b"vbaProject" not in back["xl/_rels/workbook.xml.rels"]


class TestTable:
    def test_is_the_first_sheet_and_the_only_one_selected(
        self, decorated: Path, give_back: Callable[[Path], Path]
    ) -> None:
        """Two selected sheets would both be typed into."""
        workbook = openpyxl.load_workbook(give_back(decorated))

        assert workbook.sheetnames[0] == "Cần sửa"
        assert workbook.active == workbook["Cần sửa"]
        assert [sheet.title for sheet in workbook if sheet.sheet_view.tabSelected] == ["Cần sửa"]

    def test_names_of_other_sheets_still_belong_to_them(self, wrong: Path, give_back: Callable[[Path], Path]) -> None:
        """Print areas and repeated rows are counted by sheet."""
        workbook, original = (openpyxl.load_workbook(path) for path in (give_back(wrong), wrong))

        assert workbook["01 Dân số"].print_area
        for sheet in original:
            assert workbook[sheet.title].print_area == sheet.print_area
            assert workbook[sheet.title].print_title_rows == sheet.print_title_rows
        assert workbook["Cần sửa"].print_title_rows == "$6:$6"

    def test_lines_are_linked_to_their_cells(
        self, wrong: Path, give_back: Callable[[Path], Path], small_template: Path
    ) -> None:
        sheet = openpyxl.load_workbook(give_back(wrong))["Cần sửa"]
        links = {cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}

        assert {f"'{name}'!{cell}" for name, cell in marked(checked(wrong, small_template))} <= links

    def test_says_whose_it_is_and_how_much_there_is_to_do(self, wrong: Path, give_back: Callable[[Path], Path]) -> None:
        sheet = openpyxl.load_workbook(give_back(wrong))["Cần sửa"]
        texts = [str(sheet.cell(row, 2).value) for row in range(1, 5)]

        assert texts[1] == "Đơn vị: Thị trấn Kép (07399)    Kỳ báo cáo: Năm 2023    Tệp: bao-cao.xlsx"
        assert re.match(r"[0-9]+ lỗi, [0-9]+ cảnh báo", texts[2])
        assert "gửi chính tệp này" in texts[3]

    def test_sheet_of_the_sender_keeps_its_name(
        self, wrong: Path, give_back: Callable[[Path], Path], small_template: Path
    ) -> None:
        workbook = openpyxl.load_workbook(wrong)
        workbook.create_sheet("CẦN SỬA")["A1"] = "của tôi"
        workbook.save(wrong)

        back = openpyxl.load_workbook(give_back(wrong))

        assert back.sheetnames[0] == "Cần sửa (2)"
        assert back["CẦN SỬA"]["A1"].value == "của tôi"

    def test_is_passed_by_when_the_file_is_read(self, wrong: Path, small_template: Path) -> None:
        """Whatever it says, even where it looks like a cover of another unit."""
        before = checked(wrong, small_template)
        workbook = openpyxl.load_workbook(wrong)
        table = workbook.create_sheet("Trang của máy", 0)
        table["A1"] = ANNOTATION_MARK
        for row, entry in enumerate(("Đơn vị báo cáo", "Mã đơn vị", "Kỳ báo cáo", "Điện thoại"), 2):
            table.cell(row, 2, entry)
            table.cell(row, 3, "00001")
        workbook.save(wrong)

        assert checked(wrong, small_template).findings == before.findings


class TestSentAgain:
    def test_unchanged_gives_the_same_bytes(self, decorated: Path, give_back: Callable[..., Path]) -> None:
        """Former marks go before new ones come: nothing piles up."""
        back = give_back(decorated)

        assert digest(give_back(back, "again")) == digest(back)

    def test_corrected_cells_lose_their_marks(
        self, decorated: Path, give_back: Callable[..., Path], small_template: Path
    ) -> None:
        """Colour, note and line are gone; a note of the sender's own stays; what is still wrong is still marked."""
        original = openpyxl.load_workbook(decorated)
        back = give_back(decorated)
        workbook = openpyxl.load_workbook(back)
        workbook["01 Dân số"]["G10"] = 10_150
        workbook["01 Dân số"]["G12"] = 5_100
        workbook.save(back)

        again = openpyxl.load_workbook(give_back(back, "again"))

        assert marked(checked(back, small_template)) == {("02 Nông nghiệp", "G10")}
        sheet, before = again["01 Dân số"], original["01 Dân số"]
        assert [sheet[name].fill.fgColor.rgb for name in ("G10", "G12")] == [
            before[name].fill.fgColor.rgb for name in ("G10", "G12")
        ]
        assert sheet["G10"].comment is None
        assert sheet["G12"].comment.text == "Đã hỏi lại"
        assert NOTE_TITLE in again["02 Nông nghiệp"]["G10"].comment.text
        assert [name for name in again.sheetnames if name.startswith("Cần sửa")] == ["Cần sửa"]

    def test_moved_cells_lose_their_marks_too(
        self, wrong: Path, give_back: Callable[..., Path], small_template: Path
    ) -> None:
        """The remembered address is that of before a row was inserted."""
        back = give_back(wrong)
        data = re.sub(
            rb'<row r="10".*?</row>',
            lambda match: match[0].replace(b'"10"', b'"9"', 1).replace(b'10"', b'9"'),
            re.sub(rb'<row r="9".*?</row>', b"", parts(back)["xl/worksheets/sheet3.xml"]),
        )
        repacked(back, lambda name, before: data if name == "xl/worksheets/sheet3.xml" else before)
        (copy,) = copies_in(back.parent / "clean", [back])
        clean = checked(wrong, small_template).with_findings(())

        annotate(copy, clean)

        fills = {
            cell.fill.fgColor.rgb
            for row in openpyxl.load_workbook(copy.target)["01 Dân số"].iter_rows()
            for cell in row
        }
        assert not fills & {"FFFFB3AD", "FFFFDB85"}
        assert "FFFFF6D6" in fills

    @pytest.mark.office
    def test_saved_by_another_program_it_is_known_again(
        self, decorated: Path, give_back: Callable[..., Path], small_template: Path, tmp_path: Path
    ) -> None:
        """LibreOffice numbers styles anew and forgets who wrote a note."""
        back = give_back(decorated)
        (saved,) = saved_by_office([back], tmp_path)
        (plain,) = saved_by_office([decorated], tmp_path / "plain")
        clean = checked(decorated, small_template).with_findings(())

        freed = annotate(Copy(saved, tmp_path / "freed.xlsx", tmp_path / "x.xlsx"), clean)

        workbook, original = (openpyxl.load_workbook(path) for path in (freed, plain))
        for sheet in original:
            assert facts(workbook[sheet.title]) == facts(sheet)
        assert checked(saved, small_template) == checked(plain, small_template)
        assert workbook["01 Dân số"]["G12"].comment.text.strip() == "Đã hỏi lại"


class TestDrawing:
    def test_html_in_the_text_of_a_control_does_not_stop_it(self) -> None:
        """Excel writes line breaks there that are never closed."""
        drawing = parse_drawing(
            b'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape id="a"><div>one<br>two</div></v:shape></xml>'
        )

        assert [child.get("id") for child in drawing] == ["a"]
        assert not remove_shapes(parse(b"<xml/>"), [])
        assert remove_shapes(drawing, [])


class TestFindingsAlone:
    @pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04 broken", b"a;b\n1;2\n"])
    def test_of_a_file_that_is_no_package(self, tmp_path: Path, small_template: Path, content: bytes) -> None:
        """They go into a workbook of their own; nothing of the file is changed."""
        source = tmp_path / "in" / "Xã A.xlsx"
        source.parent.mkdir()
        source.write_bytes(content)
        (copy,) = copies_in(tmp_path / "back", [source])

        written = annotate(copy, checked(source, small_template))

        sheet = openpyxl.load_workbook(written).active
        assert written.name == "Xã A-can-sua.xlsx"
        assert isinstance(sheet, Worksheet)
        assert sheet["C7"].value == "Lỗi"
        assert [path.name for path in (tmp_path / "back").iterdir()] == ["Xã A-can-sua.xlsx"]

    def test_beside_a_file_that_cannot_be_marked_names_the_file_to_correct(
        self, wrong: Path, small_template: Path, tmp_path: Path
    ) -> None:
        returned = replace(checked(wrong, small_template), file="a.ods")
        path = tmp_path / "a-can-sua.xlsx"
        write_findings_workbook(path, returned, lines_about(returned.findings, ()))
        sheet = openpyxl.load_workbook(path).worksheets[0]
        told = " ".join(str(cell.value) for row in sheet.iter_rows(max_row=5) for cell in row if cell.value)

        assert "“a.ods”" in told
        assert "gửi lại tệp đó" in told
        assert "gửi chính tệp này" not in told

    def test_sheets_of_macros_make_a_package_uneditable(self, wrong: Path, small_template: Path) -> None:
        def change(name: str, data: bytes) -> bytes:
            last = data.replace(b"relationships/worksheet", b"relationships/xlMacrosheet", 1)
            return last if name == "xl/_rels/workbook.xml.rels" else data

        returned = checked(wrong, small_template)
        repacked(wrong, change)

        with pytest.raises(NotEditableError):
            annotated(wrong.read_bytes(), returned)


class TestPlaces:
    def test_keep_their_names(self, tmp_path: Path) -> None:
        (copy,) = copies_in(tmp_path / "back", [tmp_path / "in" / "Xã A.xlsm"])

        assert copy.target == tmp_path / "back" / "Xã A.xlsm"

    def test_of_equal_names_go_into_folders(self, tmp_path: Path) -> None:
        """However their letters are cased, for Windows and macOS do not tell them apart."""
        sources = [tmp_path / name for name in ("a/Bieu.xlsx", "b/bieu.xlsx", "x/a/Bieu.xlsx")]

        targets = [copy.target.relative_to(tmp_path).as_posix() for copy in copies_in(tmp_path / "back", sources)]

        assert targets == ["back/a/Bieu.xlsx", "back/b/bieu.xlsx", "back/a-2/Bieu.xlsx"]

    def test_findings_alone_of_equal_stems_keep_their_endings(self, tmp_path: Path) -> None:
        copies = copies_in(tmp_path / "back", [tmp_path / "in" / name for name in ("a.xls", "a.csv", "b.ods")])

        assert [copy.plain.name for copy in copies] == ["a.xls-can-sua.xlsx", "a.csv-can-sua.xlsx", "b-can-sua.xlsx"]

    def test_never_replace_what_was_received(self, tmp_path: Path) -> None:
        with pytest.raises(WorkbookToolsError, match="chọn thư mục khác"):
            copies_in(tmp_path, [tmp_path / "a.xlsx"])
        with pytest.raises(WorkbookToolsError, match="chọn thư mục khác"):
            copies_in(tmp_path, [tmp_path / "a/b.xlsx", tmp_path / "c/b.xlsx"])

    def test_copies_of_an_earlier_run_are_not_received(self, tmp_path: Path) -> None:
        found = [tmp_path / "in" / "a.xlsx", tmp_path / "in" / "back" / "a.xlsx"]

        assert received(found, tmp_path / "in" / "back", [tmp_path / "in"]) == found[:1]
        assert received(found, tmp_path / "elsewhere", [tmp_path / "in"]) == found


def _with_prefix(name: str, data: bytes) -> bytes:
    """The XML of sheets, styles and the workbook with ``x:`` before every name."""
    if not re.search(r"worksheets/sheet|xl/workbook.xml$|styles.xml$|sharedStrings.xml$", name) or "_rels" in name:
        return data
    return re.sub(rb"<(/?)(?=[A-Za-z])", rb"<\1x:", data).replace(b" xmlns=", b" xmlns:x=", 1)


def audited(path: Path) -> list[str]:
    """What the OOXML validator has to say."""
    return [str(error) for error in OpenXmlValidator().validate(path).errors]
