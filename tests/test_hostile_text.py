"""Whatever a received file says: in our workbooks, CSV, JSON and on the terminal it is text and nothing else."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner

from tests.forms import FILL, form_layout
from workbook_tools import pipeline
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.cli import main
from workbook_tools.excel_writing import writing
from workbook_tools.form_writing import Identity, write_form
from workbook_tools.inert import MAXIMUM_TEXT, in_cell, in_csv, in_json, on_one_line
from workbook_tools.periods import parse_period

FORMULA = "=cmd|' /C calc'!A0"
NOTE = FigureName("people.total", "note")
REMARK = FigureName("people.remark", "actual")
HOSTILE = [
    FORMULA, "+1+cmd", "-2+3+cmd|x", "@SUM(1)", "\t=1", "\r=1", "=HYPERLINK(\"http://x\",\"y\")", "{=1+1}", "'=1",
    "x\x1b[2J\x1b]0;t\x07y", "\u202eexe.xlsx\u2066", "a\u2028b\nc", "_x0041_ _x000D_", "\x9b31mC1", "<b>&amp;\"'",
    "file://server/share", "\\\\server\\share\\x", "https://example.invalid/?q=1", "mailto:x@y", "internal:A1",
    "a;=1+1", "đ" * (MAXIMUM_TEXT + 10), "\ufeffx\u200b", "\ud83d\ude00",
]  # fmt: skip


class TestInert:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_on_a_terminal_nothing_moves(self, text: str) -> None:
        shown = on_one_line(text + "\ud800")

        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", shown)

    @pytest.mark.parametrize("text", ["589,1", "-5", "-5,2", "+3", "1.234.567", "-", "", "98 %", "xã Kép"])
    def test_numbers_and_names_stay_as_they_are_in_csv(self, text: str) -> None:
        assert in_csv(text) == text

    @pytest.mark.parametrize("text", HOSTILE)
    def test_no_cell_of_csv_begins_like_a_formula(self, text: str) -> None:
        """Whether commas, semicolons or tabs part the cells where it is opened."""
        for cell in re.split("[;\t\n]", in_csv(text)):
            assert not cell.startswith(("=", "+", "-", "@"))

    @pytest.mark.parametrize("text", [*HOSTILE, "\ud800"])
    def test_json_says_the_same_and_acts_on_no_terminal(self, text: str) -> None:
        document = in_json({"text": text})

        assert json.loads(document)["text"] == "".join(re.sub("[\ud800-\udfff]", "\ufffd", text))
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", document)

    def test_a_cell_is_cut_where_excel_cuts_it(self) -> None:
        assert in_cell("đ" * (MAXIMUM_TEXT + 1)) == "đ" * (MAXIMUM_TEXT - 1) + "…"


class TestWorkbooksWeWrite:
    @pytest.mark.parametrize("text", [*HOSTILE, "\ud800\ufffe"])
    def test_text_is_a_string_cell(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "a.xlsx"
        with writing(path, {"unit": text}) as book:
            sheet = book.add_sheet("S")
            sheet.write(1, 1, text)
            sheet.write_linked(2, 1, text, (text, text, text))
            sheet.merge(3, 1, 2, text)

        assert_inert(path)
        cell = openpyxl.load_workbook(path).active
        assert cell is not None
        assert cell["A1"].data_type in ("s", "n")  # n: a cell that is empty, nothing of the text being left

    @pytest.mark.parametrize(
        "file", ["\\\\server\\a.xlsx", "//server/a.xlsx", "C:\\a.xlsx", "http://x/a.xlsx", "../a.xlsx", "a\x1b.xlsx"]
    )
    def test_no_link_leads_elsewhere(self, tmp_path: Path, file: str) -> None:
        path = tmp_path / "a.xlsx"
        with writing(path) as book:
            book.add_sheet("S").write_linked(1, 1, 5, (file, "Trang 1", "A1"))

        with zipfile.ZipFile(path) as package:
            assert not [name for name in package.namelist() if name.startswith("xl/worksheets/_rels")]

    @pytest.mark.parametrize("sheet", ["O'Brien", "02 Nông nghiệp", "a#b", "a&b<c"])
    def test_names_of_sheets_are_quoted_in_links(self, tmp_path: Path, sheet: str) -> None:
        path = tmp_path / "a.xlsx"
        with writing(path) as book:
            book.add_sheet("S").write_linked(1, 1, 5, ("kep.xlsx", sheet, "A1"))

        assert_inert(path)
        with zipfile.ZipFile(path) as package:
            tree = ElementTree.fromstring(package.read("xl/worksheets/sheet1.xml"))
        [link] = [one for one in tree.iter() if one.tag.endswith("}hyperlink")]
        assert link.get("location") == f"'{sheet.replace(chr(39), chr(39) * 2)}'!A1"

    def test_a_sheet_name_longer_than_excel_allows_gets_no_link(self, tmp_path: Path) -> None:
        with writing(tmp_path / "a.xlsx") as book:
            book.add_sheet("S").write_linked(1, 1, 5, ("kep.xlsx", "đ" * 3000, "A1"))

        assert_inert(tmp_path / "a.xlsx")


def assert_inert(path: Path) -> None:
    """Every part is XML, no formula is there that we did not write, no link leads to a server or another folder."""
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            tree = ElementTree.fromstring(package.read(name))
            if "worksheets/sheet" in name:
                assert not [one.text for one in tree.iter() if one.tag.endswith("}f") and "cmd" in (one.text or "")]
            for relation in tree.iter("{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"):
                if relation.get("TargetMode") == "External":
                    assert re.fullmatch(r"[^:\\]+", relation.get("Target", "")), relation.get("Target")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, small: Catalogue) -> Path:
    """Returns with hostile names, notes, texts and units; what a cell cannot hold at all is written to CSV alone."""
    folder = tmp_path_factory.mktemp("hostile")
    texts = [text for text in HOSTILE if len(text) < MAXIMUM_TEXT]
    for number, text in enumerate(texts):
        identity = Identity(f"U{number}", text, parse_period("2023"), "xã")
        name = re.sub(r"[/\x00]", "", on_one_line(text))[:60].replace("\\", "")
        write_form(folder / f"{number}{name}.xlsx", form_layout(small), identity, {**FILL, NOTE: text, REMARK: text})
    write_form(
        folder / "=cmd \x1b[31m.xlsx", form_layout(small), Identity(FORMULA, FORMULA, parse_period("2023"), "xã"), FILL
    )
    return folder


class TestHostileReturns:
    def test_the_total_is_inert(self, hostile: Path, small_template: Path, tmp_path: Path) -> None:
        output, findings = tmp_path / "T.xlsx", tmp_path / "f.json"
        result = pipeline.consolidate([hostile], output, template=small_template, findings_file=findings)

        assert_inert(output)
        assert len(result.returns) == len(list(hostile.iterdir()))
        assert json.loads(findings.read_text("utf-8"))["files"]

    @pytest.mark.parametrize(
        "command", [["check"], ["read"], ["read", "--format", "json"], ["check", "--format", "json"]]
    )
    def test_the_terminal_shows_text_only(self, hostile: Path, small_template: Path, command: list[str]) -> None:
        run = CliRunner().invoke(main, [*command, str(hostile), "--template", str(small_template)])

        assert run.exit_code in (0, 1)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", run.output)

    def test_no_cell_of_the_csv_is_a_formula(self, hostile: Path, small_template: Path) -> None:
        run = CliRunner().invoke(main, ["read", str(hostile), "--template", str(small_template)])
        rows = list(csv.DictReader(io.StringIO(run.stdout)))

        assert {float(row["value"]) for row in rows if row["value"]} >= {10_150.0, 589.1}
        for row in rows:
            assert not [cell for cell in row.values() if re.match(r"[=+@]|-\D", cell)]


class TestNamesOfSheets:
    def test_a_return_whose_sheet_has_a_hostile_name(
        self, tmp_path: Path, small: Catalogue, small_template: Path
    ) -> None:
        """A sheet may be called ='x' or hold marks that turn the writing direction round."""
        path = tmp_path / "a.xlsx"
        write_form(path, form_layout(small), Identity("07399", "Xã", parse_period("2023"), "xã"), FILL)
        workbook = openpyxl.load_workbook(path)
        workbook["01 Dân số"].title = "=1+1 \u202e'x'"
        workbook.save(path)
        run = CliRunner().invoke(main, ["check", str(path), "--template", str(small_template)])
        pipeline.consolidate([path], tmp_path / "out" / "T.xlsx", template=small_template)

        assert "\u202e" not in run.output
        assert_inert(tmp_path / "out" / "T.xlsx")


def test_the_writer_of_workbooks_escapes_what_looks_like_an_escape(tmp_path: Path) -> None:
    """Excel would show _x0041_ as A."""
    with writing(tmp_path / "a.xlsx") as book:
        book.add_sheet("S").write(1, 1, "_x0041_")

    with zipfile.ZipFile(tmp_path / "a.xlsx") as package:
        assert b"_x005F_x0041_" in package.read("xl/sharedStrings.xml")
    assert xlsxwriter.__version__ >= "3.2"
