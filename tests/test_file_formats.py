"""Every format keeps one contract: the same workbook reads the same from each."""

import datetime
import shutil
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import other_formats as make
from tests.forms import said, write_filled
from tests.office import saved_by_office
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import Position
from workbook_tools.errors import WorkbookReadError
from workbook_tools.excel_reading import read_workbook
from workbook_tools.form_reading import read_return
from workbook_tools.ods_reading import read_fods
from workbook_tools.wording import Words
from workbook_tools.workbook_contents import UNKNOWN_FORMULA, CellContent, SheetContent, WorkbookContent

SUM = bytes([0x1E, 150, 0, 0x1E, 20, 0, 0x03])
"""150+20"""

UNKNOWN = bytes([0x25]) + b"\0" * 8 + bytes([0x19, 0x10, 0, 0])
"""SUM over cells."""

WITH_TEXT = bytes([0x17, 0, 0])
DAY = 45413
"""1 May 2024"""


def packed(number: float) -> bytes:
    return struct.pack("<d", number)


def write_xls(path: Path) -> Path:
    records = [
        make.label(0, 0, "Hộ nghèo"), make.number(0, 1, 12.5), make.number(0, 2, 0.97, 1), make.number(0, 3, DAY, 2),
        make.cell(0x0205, 1, 0, 0, b"\1\0"), make.cell(0x0205, 1, 1, 0, b"\x2a\1"),
        make.formula(1, 2, SUM, packed(170)), make.formula(1, 3, UNKNOWN, packed(0)),
        make.formula(2, 0, UNKNOWN, make.error_result(0x07)), make.formula(2, 1, WITH_TEXT, make.EMPTY_TEXT),
        make.formula(2, 2, UNKNOWN, make.EMPTY_TEXT), make.label(2, 3, "Céng hoµ", 3), make.number(99, 255, 1),
        make.record(0x0208, struct.pack("<HHHHHHI", 99, 0, 255, 300, 0, 0, 0x20)),
        make.record(0x7D, struct.pack("<HHHHHH", 255, 255, 2000, 0, 1, 0)),
    ]  # fmt: skip
    stream = make.old_workbook(
        {"Số liệu": records, "_wbt": [make.label(0, 0, "unit")]},
        states={"_wbt": 2},
        fonts=("Arial", "Arial", "Arial", "Arial", ".VnTime"),
        formats=("dd/mm/yyyy",),
        styles=((0, 0), (0, 10), (0, 164), (5, 0)),
    )
    path.write_bytes(make.compound({"Workbook": stream}))
    return path


def write_xlsb(path: Path) -> Path:
    def formula(kind: int, column: int, result: bytes, tokens: bytes) -> bytes:
        return make.binary_cell(kind, column, result + make.binary_formula(tokens))

    rows = (
        make.binary_record(60, struct.pack("<IIIIH", 255, 255, 2000, 0, 1)),
        make.binary_row(0), make.binary_cell(7, 0, struct.pack("<I", 0)), make.binary_cell(5, 1, packed(12.5)),
        make.binary_cell(2, 2, struct.pack("<I", 97 << 2 | 3), 1),
        make.binary_cell(2, 3, struct.pack("<I", DAY << 2 | 2), 2),
        make.binary_row(1), make.binary_cell(4, 0, b"\1"), make.binary_cell(3, 1, b"\x2a"),
        formula(9, 2, packed(170), SUM), formula(9, 3, packed(0), UNKNOWN),
        make.binary_row(2), formula(11, 0, b"\7", UNKNOWN), formula(8, 1, make.binary_text(""), WITH_TEXT),
        formula(8, 2, make.binary_text(""), UNKNOWN), make.binary_cell(6, 3, make.binary_text("Céng hoµ"), 3),
        make.binary_row(99, hidden=True), make.binary_cell(5, 255, packed(1)),
    )  # fmt: skip
    return make.write_binary_workbook(
        path,
        {
            "Số liệu": b"".join(rows),
            "_wbt": make.binary_row(0) + make.binary_cell(6, 0, make.binary_text("unit")),
        },
        states={"_wbt": 2},
        strings=("Hộ nghèo",),
        fonts=("Arial", ".VnTime"),
        formats=("dd/mm/yyyy",),
        styles=((0, 0), (10, 0), (164, 0), (0, 1)),
    )


def write_ods(path: Path) -> Path:
    def cell(attributes: str, text: str | None = None, repeated: int = 1) -> str:
        inside = "" if text is None else f"<text:p>{text}</text:p>"
        return f'<table:table-cell table:number-columns-repeated="{repeated}" {attributes}>{inside}</table:table-cell>'

    error = 'office:value-type="string" calcext:value-type="error"'
    rows = [
        cell('office:value-type="string"', "Hộ nghèo") + cell('office:value-type="float" office:value="12.5"', "12,5")
        + cell('office:value-type="percentage" office:value="0.97" table:style-name="p"', "97,00%")
        + cell('office:value-type="date" office:date-value="2024-05-01"', "01/05/24"),
        cell('office:value-type="boolean" office:boolean-value="true"', "TRUE") + cell(error, "#N/A")
        + cell('table:formula="of:=150+20" office:value-type="float" office:value="170"', "170")
        + cell('table:formula="of:=SUM([.A9:.B9])" office:value-type="float" office:value="0"', "0"),
        cell(f'table:formula="of:=1/[.A9]" {error}', "#DIV/0!") + cell('table:formula="of:=[.A9]"', "")
        + cell('table:formula="of:=[.A9]"') + cell('office:value-type="string" table:style-name="vn"', "Céng hoµ"),
    ]  # fmt: skip
    far = cell("", None, 255) + cell('office:value-type="float" office:value="1"', "1")
    tables = (
        '<table:table table:name="Số liệu"><table:table-column table:number-columns-repeated="255"/>'
        '<table:table-column table:visibility="collapse"/>'
        + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        + '<table:table-row table:number-rows-repeated="96"><table:table-cell/></table:table-row>'
        + f'<table:table-row table:visibility="collapse">{far}</table:table-row></table:table>'
        + '<table:table table:name="_wbt" table:style-name="off"><table:table-row>'
        + cell('office:value-type="string"', "unit") + "</table:table-row></table:table>"
    )  # fmt: skip
    styles = (
        '<number:percentage-style style:name="N1"><number:number number:decimal-places="2" '
        'number:min-integer-digits="1"/></number:percentage-style>'
        '<style:style style:name="p" style:family="table-cell" style:data-style-name="N1"/>'
        '<style:style style:name="vn" style:family="table-cell">'
        '<style:text-properties fo:font-family=".VnTime"/></style:style><style:style style:name="off" '
        'style:family="table"><style:table-properties table:display="false"/></style:style>'
    )
    return make.write_open_document(path, tables, styles)


def write_excel_2003(path: Path) -> Path:
    def cell(kind: str, text: str, attributes: str = "") -> str:
        return f'<Cell {attributes}><Data ss:Type="{kind}">{text}</Data></Cell>'

    rows = (
        "<Row>" + cell("String", "Hộ nghèo") + cell("Number", "12.5") + cell("Number", "0.97")
        + cell("DateTime", "2024-05-01T00:00:00.000", 'ss:StyleID="date"') + "</Row>"
        "<Row>" + cell("Boolean", "1") + cell("Error", "#N/A") + cell("Number", "170", 'ss:Formula="=150+20"')
        + cell("Number", "0", 'ss:Formula="=SUM(R9C[-3]:R9C[-2])"') + "</Row>"
        "<Row>" + cell("Error", "#DIV/0!", 'ss:Formula="=1/R9C1"') + cell("String", "", 'ss:Formula="=R9C1"')
        + '<Cell ss:Formula="=R9C1"/>' + cell("String", "Céng hoµ", 'ss:StyleID="vn"') + "</Row>"
        '<Row ss:Index="100" ss:Hidden="1">' + cell("Number", "1", 'ss:Index="256"') + "</Row>"
    )  # fmt: skip
    sheets = (
        f'<Worksheet ss:Name="Số liệu"><Table><Column ss:Index="3" ss:StyleID="percent"/>'
        f'<Column ss:Index="256" ss:Hidden="1"/>{rows}</Table></Worksheet>'
        f'<Worksheet ss:Name="_wbt"><Table><Row>{cell("String", "unit")}</Row></Table>'
        "<x:WorksheetOptions><x:Visible>SheetVeryHidden</x:Visible></x:WorksheetOptions></Worksheet>"
    )
    styles = (
        '<Style ss:ID="Default"><Font ss:FontName="Arial"/><NumberFormat/></Style>'
        '<Style ss:ID="percent"><NumberFormat ss:Format="Percent"/></Style>'
        '<Style ss:ID="date"><NumberFormat ss:Format="Short Date"/></Style>'
        '<Style ss:ID="vn"><Font ss:FontName=".VnTime"/></Style>'
    )
    path.write_text(make.excel_2003(sheets, styles), "utf-8")
    return path


WRITERS: dict[str, Callable[[Path], Path]] = {
    ".xls": write_xls,
    ".xlsb": write_xlsb,
    ".ods": write_ods,
    ".fods": write_ods,
    ".xml": write_excel_2003,
}
"""Who writes the same workbook in which format."""

EXPECTED = {
    "A1": ("Hộ nghèo", False, False),
    "B1": (12.5, False, False),
    "C1": (0.97, False, False),
    "D1": (datetime.datetime(2024, 5, 1), False, False),
    "A2": (True, False, False),
    "B2": ("#N/A", False, True),
    "C2": (170, True, False),
    "D2": (0, True, False),
    "A3": ("#DIV/0!", True, True),
    "B3": ("", True, False),
    "D3": ("Cộng hoà", False, False),
    "IV100": (1, False, False),
}
"""Value, whether it is a formula, whether it is an error. C3 is a formula without a result, as far as formats know."""


@pytest.fixture(params=sorted(WRITERS))
def workbook(request: pytest.FixtureRequest, tmp_path: Path) -> WorkbookContent:
    """The same workbook, read from each format."""
    return read_workbook(WRITERS[request.param](tmp_path / f"x{request.param}"))


def codes(workbook: WorkbookContent) -> list[str]:
    return [note.code for note in workbook.notes]


def read(path: Path) -> dict[str, CellContent]:
    (sheet,) = read_workbook(path).sheets
    return {position.name: content for position, content in sheet.cells.items()}


def refusal(path: Path) -> str:
    with pytest.raises(WorkbookReadError) as caught:
        read_workbook(path)
    return caught.value.code


class TestEveryFormat:
    def test_gives_the_same_cells(self, workbook: WorkbookContent) -> None:
        """Texts, numbers, dates, truths, errors and formulas, each at its true address."""
        cells = workbook.sheets[0].cells
        found = {place.name: (one.value, bool(one.formula), one.is_error) for place, one in cells.items()}
        found.pop("C3")

        assert found == EXPECTED
        assert [type(one[0]) for one in found.values()] == [type(one[0]) for one in EXPECTED.values()]

    def test_tells_a_formula_without_a_result(self, workbook: WorkbookContent) -> None:
        """Never calculated, it is not the same as an empty text, as far as the format knows."""
        cell = workbook.sheets[0].at(3, 3)

        assert cell.formula
        assert not cell.value

    def test_gives_formulas_that_only_reckon(self, workbook: WorkbookContent) -> None:
        """What was typed as a sum has its text; every other formula is known to be one."""
        sheet = workbook.sheets[0]

        assert sheet.at(2, 3).formula == "=150+20"
        assert sheet.at(2, 4).formula in ("=SUM(A9:B9)", "=SUM(A$9:B$9)", UNKNOWN_FORMULA)

    def test_gives_formats_as_far_as_they_count(self, workbook: WorkbookContent) -> None:
        """0.97 shown as 97 % is a percentage."""
        assert workbook.sheets[0].at(1, 3).number_format == "0.00%"
        assert workbook.sheets[0].at(1, 2).number_format == "General"

    def test_tells_what_is_hidden(self, workbook: WorkbookContent) -> None:
        """Sheets, rows and columns an official does not see."""
        assert [(sheet.name, sheet.state != "visible") for sheet in workbook.sheets] == [
            ("Số liệu", False),
            ("_wbt", True),
        ]
        assert workbook.sheets[0].hidden_rows == {100}
        assert workbook.sheets[0].hidden_columns == {256}

    def test_is_told(self, workbook: WorkbookContent) -> None:
        """The official learns that another format was read, and that an old font was."""
        assert codes(workbook) == ["file.other_format", "structure.legacy_font"]

    @pytest.mark.parametrize("ending", sorted(WRITERS))
    def test_may_have_any_name(self, tmp_path: Path, ending: str) -> None:
        """Content decides; a wrong ending is told."""
        path = WRITERS[ending](tmp_path / f"x{ending}").rename(tmp_path / "x.xlsx")

        assert "file.wrong_extension" in codes(read_workbook(path))
        assert read_workbook(path).sheets[0].at(1, 2).value == 12.5

    @pytest.mark.parametrize("ending", sorted(WRITERS))
    def test_has_its_limits(self, tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """No more cells than any other workbook may have."""
        path = WRITERS[ending](tmp_path / f"x{ending}")
        monkeypatch.setattr("workbook_tools.cell_collection.MAXIMUM_CELLS", 5)

        assert refusal(path) == "file.too_large"

    @pytest.mark.parametrize("ending", sorted(WRITERS))
    def test_cut_anywhere_is_refused(self, tmp_path: Path, ending: str) -> None:
        """Half a file is no file, wherever it ends."""
        path = WRITERS[ending](tmp_path / f"x{ending}")
        data = path.read_bytes()
        for share in range(1, 10):
            path.write_bytes(data[: len(data) * share // 10])

            assert refusal(path) in ("file.damaged", "file.not_a_workbook")

    @pytest.mark.parametrize("ending", [*sorted(WRITERS), ".html", ".csv"])
    @settings(max_examples=40, deadline=2000)
    @given(st.data())
    def test_damage_is_refused_in_order(self, ending: str, data: st.DataObject) -> None:
        """Whatever bytes are overwritten or cut off: a workbook or a WorkbookReadError, and soon."""
        texts = {".html": PAGE.encode(), ".csv": "a;b\n1,5;Hộ nghèo\n".encode()}
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"x{ending}"
            path.write_bytes(texts[ending]) if ending in texts else WRITERS[ending](path)
            damaged = bytearray(path.read_bytes())
            changes = st.lists(st.tuples(st.integers(0, len(damaged) - 1), st.integers(0, 255)), max_size=6)
            for place, byte in data.draw(changes):
                damaged[place] = byte
            path.write_bytes(damaged[: data.draw(st.integers(len(damaged) // 2, len(damaged)))])
            with suppress(WorkbookReadError):
                read_workbook(path)


class TestOldWorkbook:
    def written(self, path: Path, records: list[bytes], **more: object) -> Path:
        path.write_bytes(make.compound({"Workbook": make.old_workbook({"S": records}, **more)}))  # type: ignore[arg-type]
        return path

    def test_with_a_password_is_refused_by_name(self, tmp_path: Path) -> None:
        """The advice is to remove the password, not to save it as .xlsx."""
        path = self.written(tmp_path / "x.xls", [], before_sheets=make.record(0x2F, b"\1\0\1\0\1\0" + b"\0" * 48))

        assert refusal(path) == "file.protected"

    def test_counts_days_from_its_own_first(self, tmp_path: Path) -> None:
        """Workbooks of old Macs count from 1904."""
        style = {"formats": ("d/m/yyyy",), "styles": ((0, 0), (0, 164))}
        path = self.written(
            tmp_path / "x.xls", [make.number(0, 0, 43951, 1)], before_sheets=make.record(0x22, b"\1\0"), **style
        )

        assert read(path)["A1"].value == datetime.datetime(2024, 5, 1)

    def test_needs_no_compound_file(self, tmp_path: Path) -> None:
        """Some programs write the bare stream."""
        path = tmp_path / "x.xls"
        path.write_bytes(make.old_workbook({"S": [make.number(0, 0, 5)]}))

        assert {"A1": CellContent(5)} == read(path)

    def test_passes_by_what_is_no_cell(self, tmp_path: Path) -> None:
        """Broken pictures, links and notes do not matter for numbers, nor does a chart inside a sheet."""
        chart = make.record(0x0809, struct.pack("<HHHHII", 0x0600, 0x20, 0, 1997, 0, 6)) + make.number(0, 0, 9)
        odd = [make.record(kind, b"\xff" * 9) for kind in (0x1B8, 0xEC, 0x5D, 0x1B6, 0x1C, 0x872, 0x3C, 0x18)]
        path = self.written(tmp_path / "x.xls", [*odd, chart, make.record(0x0A), make.number(0, 1, 5)])

        assert {"B1": CellContent(5)} == read(path)

    def test_takes_what_a_merged_cell_hides(self, tmp_path: Path) -> None:
        """A number under a merged cell is not seen by the official; it is told, not read."""
        merged = make.record(0xE5, struct.pack("<HHHHH", 1, 0, 0, 0, 1))
        path = self.written(tmp_path / "x.xls", [make.number(0, 0, 5), make.number(0, 1, 6), merged])

        assert {"A1": CellContent(5)} == read(path)
        assert "structure.value_under_merge" in codes(read_workbook(path))

    def test_prints_nothing(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        """Not even of a damaged file."""
        path = self.written(tmp_path / "x.xls", [make.number(0, 0, 5, 77)])
        with suppress(WorkbookReadError):
            read_workbook(path)

        assert capfd.readouterr() == ("", "")

    @pytest.mark.parametrize(
        ("tokens", "text"),
        [
            (bytes([0x1E, 5, 0, 0x13, 0x15, 0x1E, 2, 0, 0x07, 0x14]), "=(-5)^2%"),
            (bytes([0x1F]) + packed(12.5) + bytes([0x19, 0x40, 0, 1, 0x1E, 2, 0, 0x05]), "=12.5*2"),
            (bytes([0x1E, 1, 0, 0x1E, 3, 0, 0x06, 0x12]), "=+1/3"),
            (bytes([0x24, 0, 0, 0, 0]), UNKNOWN_FORMULA),
            (bytes([0x1E, 5]), UNKNOWN_FORMULA),
            (bytes([0x03]), UNKNOWN_FORMULA),
            (b"", UNKNOWN_FORMULA),
        ],
    )
    def test_gives_the_text_of_sums(self, tmp_path: Path, tokens: bytes, text: str) -> None:
        """Numbers and signs only; anything else, or damage, is a formula all the same."""
        path = self.written(tmp_path / "x.xls", [make.formula(0, 0, tokens, packed(1))])

        assert {"A1": CellContent(1, text)} == read(path)

    def test_tells_a_sum_never_calculated(self, tmp_path: Path) -> None:
        """Some programs store an empty text as the result of every formula."""
        path = self.written(tmp_path / "x.xls", [make.formula(0, 0, SUM, make.EMPTY_TEXT)])

        assert {"A1": CellContent(None, "=150+20")} == read(path)


class TestBinaryWorkbook:
    def test_counts_days_from_its_own_first(self, tmp_path: Path) -> None:
        """Workbooks of old Macs count from 1904."""
        cells = make.binary_row(0) + make.binary_cell(5, 0, packed(43951), 1)
        path = make.write_binary_workbook(tmp_path / "x.xlsb", {"S": cells}, styles=((0, 0), (14, 0)), epoch=1904)

        assert read(path)["A1"].value == datetime.datetime(2024, 5, 1)

    @pytest.mark.parametrize(
        ("packed_number", "value"),
        [(5 << 2 | 2, 5), ((-5 << 2 | 2) & 0xFFFFFFFF, -5), (1234 << 2 | 3, 12.34), (0x3FF80000, 1.5)],
    )
    def test_unpacks_short_numbers(self, tmp_path: Path, packed_number: int, value: float) -> None:
        """Whole, negative, in hundredths, or the upper half of a float."""
        cells = make.binary_row(0) + make.binary_cell(2, 0, struct.pack("<I", packed_number))

        assert read(make.write_binary_workbook(tmp_path / "x.xlsb", {"S": cells}))["A1"].value == value

    @pytest.mark.parametrize(
        "cells", [make.binary_cell(7, 0, struct.pack("<I", 9)), make.binary_record(13, b"\0" * 8), b"\x05\x10"]
    )
    def test_that_leads_nowhere_is_damaged(self, tmp_path: Path, cells: bytes) -> None:
        """A text that is not there, a cell without an address, a record past the end."""
        assert (
            refusal(make.write_binary_workbook(tmp_path / "x.xlsb", {"S": make.binary_row(0) + cells}))
            == "file.damaged"
        )


class TestOpenDocument:
    def read(self, path: Path, row: str, styles: str = "") -> dict[str, CellContent]:
        table = f'<table:table table:name="S"><table:table-row>{row}</table:table-row></table:table>'
        return read(make.write_open_document(path / "x.ods", table, styles))

    def test_joins_paragraphs_and_passes_by_notes(self, tmp_path: Path) -> None:
        """The text of a cell is what stands in it, line by line; notes and pictures have their own."""
        row = (
            "<table:table-cell><office:annotation><text:p>999</text:p></office:annotation><draw:frame><text:p>8</text:p>"
            '</draw:frame><text:p>hai<text:s text:c="2"/><text:span>dòng</text:span></text:p><text:p>\n 2</text:p>'
            "</table:table-cell>"
        )

        assert {"A1": CellContent("hai  dòng\n 2")} == self.read(tmp_path, row)

    def test_repeats_what_is_filled_and_skips_what_is_not(self, tmp_path: Path) -> None:
        """A million empty rows cost nothing, a repeated zero is a zero in each cell."""
        one = '<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="0"/>'
        empty = '<table:table-cell table:number-columns-repeated="16381"/>'

        assert {"A1": CellContent(0), "B1": CellContent(0), "XFD1": CellContent(0)} == self.read(
            tmp_path, one + empty + one.replace('"2"', '"1"')
        )

    def test_too_often_repeated_is_refused_at_once(self, tmp_path: Path) -> None:
        row = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="0"/>'
        table = (
            f'<table:table><table:table-row table:number-rows-repeated="1048576">{row}</table:table-row></table:table>'
        )

        assert refusal(make.write_open_document(tmp_path / "x.ods", table)) == "file.too_large"

    @pytest.mark.parametrize(
        ("formula", "text"),
        [
            ("of:=SUM([.A1:.B2];[$'T 1'.$C3])", "=SUM(A1:B2,'T 1'!$C3)"),
            ('of:=IF([.A1]=";";"[.A1]";1,5)', '=IF(A1=";","[.A1]",1,5)'),
            ("oooc:=[.A1]*2", "=A1*2"),
            ("=1+1", "=1+1"),
        ],
    )
    def test_formulas_look_like_excels(self, tmp_path: Path, formula: str, text: str) -> None:
        attribute = formula.replace('"', "&quot;")
        row = f'<table:table-cell table:formula="{attribute}" office:value-type="float" office:value="1"/>'

        assert self.read(tmp_path, row)["A1"].formula == text

    def test_members_of_an_array_are_formulas(self, tmp_path: Path) -> None:
        """The results of an array formula were not typed."""
        row = (
            '<table:table-cell table:formula="of:={1;2}" table:number-matrix-columns-spanned="2" '
            'table:number-matrix-rows-spanned="1" office:value-type="float" office:value="1"/>'
            '<table:table-cell office:value-type="float" office:value="2"/>'
        )

        assert self.read(tmp_path, row)["B1"] == CellContent(2, UNKNOWN_FORMULA)

    def test_times_of_day_are_times(self, tmp_path: Path) -> None:
        row = '<table:table-cell office:value-type="time" office:time-value="PT08H30M00S"/>'

        assert self.read(tmp_path, row)["A1"].value == datetime.time(8, 30)

    def test_with_a_password_is_refused_by_name(self, tmp_path: Path) -> None:
        path = make.write_open_document(tmp_path / "x.ods", "", manifest="<encryption-data/>")

        assert refusal(path) == "file.protected"

    def test_of_document_types_is_refused(self, tmp_path: Path) -> None:
        """No entities: neither bombs nor files of our own."""
        path = make.write_open_document(tmp_path / "x.fods", "")
        path.write_text(path.read_text("utf-8").replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1), "utf-8")
        with pytest.raises(WorkbookReadError) as caught:
            read_fods(path)

        assert caught.value.details == {"reason": Words("có khai báo DOCTYPE", "it declares a document type")}
        assert refusal(path) == "file.not_a_workbook"

    def test_bomb_is_refused(self, tmp_path: Path) -> None:
        path = make.write_open_document(tmp_path / "x.ods", " " * 2_000_000)

        assert refusal(path) == "file.too_large"


class TestExcel2003Xml:
    def read(self, path: Path, rows: str, styles: str = "") -> dict[str, CellContent]:
        (path / "x.xls").write_text(
            make.excel_2003(f'<Worksheet ss:Name="S"><Table>{rows}</Table></Worksheet>', styles), "utf-8"
        )
        return read(path / "x.xls")

    def test_follows_merged_cells_and_given_places(self, tmp_path: Path) -> None:
        """A cell follows the area its predecessor covers."""
        rows = (
            '<Row><Cell ss:MergeAcross="2"><Data ss:Type="Number">1</Data></Cell><Cell><Data ss:Type="Number">2</Data>'
            '</Cell></Row><Row ss:Span="2"/><Row><Cell ss:Index="3"><Data ss:Type="Number">3</Data></Cell></Row>'
        )

        assert {name: one.value for name, one in self.read(tmp_path, rows).items()} == {"A1": 1, "D1": 2, "C5": 3}

    def test_notes_are_no_content(self, tmp_path: Path) -> None:
        rows = (
            '<Row><Cell><Data ss:Type="Number">1</Data><Comment><ss:Data>999</ss:Data></Comment></Cell>'
            '<Cell><ss:Data ss:Type="String"><html:B>hai</html:B> ba</ss:Data></Cell></Row>'
        )

        assert {name: one.value for name, one in self.read(tmp_path, rows).items()} == {"A1": 1, "B1": "hai ba"}

    @pytest.mark.parametrize(
        ("formula", "text"),
        [
            ("=R[-1]C*2", "=C4*2"),
            ("='T 1'!R1C1+RC[1]", "='T 1'!$A$1+D5"),
            ("=R[-9]C", "=#REF!"),
            ("=IF(RC[1]=&quot;RC&quot;,ROUND(2,1),SRC)", '=IF(D5="RC",ROUND(2,1),SRC)'),
        ],
    )
    def test_formulas_look_like_excels(self, tmp_path: Path, formula: str, text: str) -> None:
        """Rows and columns counted from the cell become addresses."""
        rows = (
            f'<Row ss:Index="5"><Cell ss:Index="3" ss:Formula="{formula}"><Data ss:Type="Number">1</Data></Cell></Row>'
        )

        assert self.read(tmp_path, rows)["C5"].formula == text

    def test_cells_take_the_style_of_row_column_or_table(self, tmp_path: Path) -> None:
        """A column formatted as percentages needs no style at each cell."""
        styles = "".join(
            f'<Style ss:ID="{name}"><NumberFormat ss:Format="{shown}"/></Style>'
            for name, shown in (("p", "0%"), ("f", "Fixed"))
        )
        one = '<Data ss:Type="Number">0.5</Data></Cell>'
        rows = (
            f'<Column ss:Index="2" ss:StyleID="p"/><Row><Cell>{one}<Cell>{one}</Row>'
            f'<Row ss:StyleID="f"><Cell ss:Index="2">{one}<Cell ss:StyleID="p">{one}</Row>'
        )
        found = self.read(tmp_path, rows, styles)

        assert [found[name].number_format for name in ("A1", "B1", "B2", "C2")] == ["General", "0%", "0.00", "0%"]

    def test_members_of_an_array_are_formulas(self, tmp_path: Path) -> None:
        rows = (
            '<Row><Cell ss:ArrayRange="RC:RC[1]" ss:Formula="={1,2}"><Data ss:Type="Number">1</Data></Cell>'
            '<Cell><Data ss:Type="Number">2</Data></Cell></Row>'
        )

        assert self.read(tmp_path, rows)["B1"] == CellContent(2, UNKNOWN_FORMULA)


PAGE = """<html><head><meta charset="utf-8"><style>.p {mso-number-format:"0\\.0%";} .d {mso-number-format:"Short Date";}
</style><!--[if gte mso 9]><xml><x:ExcelWorksheet><x:Name>Số liệu</x:Name></x:ExcelWorksheet></xml><![endif]--></head>
<body><table><tr><td colspan=2>Hộ&nbsp;nghèo<td rowspan="2">x</tr><tr><td class=p x:num="0.97">97,0%</td>
<td class=d x:num="45413">01/05/2024</td></tr><tr style='display:none'><td x:num>5<td x:str>007<td x:fmla="=SUM(A1)"
x:num="0">0<td x:err="#DIV/0!">#DIV/0!<td>hai<br>dòng<td>&nbsp;<td sdval="1.5" sdnum="1033;0;0.00">1,50</table>
</body></html>"""


class TestWebPage:
    def page(self, path: Path, text: str, encoding: str = "utf-8") -> SheetContent:
        (path / "x.xls").write_bytes(text.encode(encoding))
        return read_workbook(path / "x.xls").sheets[0]

    def test_gives_its_table(self, tmp_path: Path) -> None:
        """Texts as shown, and the numbers, formats and formulas that Excel and LibreOffice note beside them."""
        sheet = self.page(tmp_path, PAGE)

        assert sheet.name == "Số liệu"
        assert {place.name: one for place, one in sheet.cells.items()} == {
            "A1": CellContent("Hộ nghèo"),
            "C1": CellContent("x"),
            "A2": CellContent(0.97, number_format="0.0%"),
            "B2": CellContent(datetime.datetime(2024, 5, 1), number_format="dd/mm/yyyy"),
            "A3": CellContent(5),
            "B3": CellContent("007"),
            "C3": CellContent(0, "=SUM(A1)"),
            "D3": CellContent("#DIV/0!", is_error=True),
            "E3": CellContent("hai\ndòng"),
            "G3": CellContent(1.5, number_format="0.00"),
        }
        assert sheet.hidden_rows == {3}

    def test_gives_each_table_its_sheet(self, tmp_path: Path) -> None:
        """One inside another stands on its own; empty ones are left out; a heading before a table names it."""
        text = (
            "<html><h1>Sheet 1: <em>Bìa</em></h1><table><tr><td>1</table><table><tr><td>&nbsp;</table>"
            "<table><tr><td>2<table><tr><td>3</table></td></tr></table></html>"
        )
        (tmp_path / "x.htm").write_text(text, "utf-8")
        sheets = read_workbook(tmp_path / "x.htm").sheets

        assert [(sheet.name, sheet.text(1, 1)) for sheet in sheets] == [("Bìa", "1"), ("x 2", "2"), ("x 3", "3")]

    def test_may_be_in_an_old_encoding(self, tmp_path: Path) -> None:
        """The page names it, or its tone marks do."""
        declared = '<html><meta charset="windows-1258"><table><tr><td>Xa\u0303 Đông</table></html>'

        assert self.page(tmp_path, declared, "cp1258").text(1, 1) == "Xa\u0303 Đông"

    def test_may_be_a_single_file_page(self, tmp_path: Path) -> None:
        """Some systems export it under the name of an Excel file."""
        text = (
            "MIME-Version: 1.0\nX-Document-Type: Workbook\nContent-Type: multipart/related; boundary=x\n\n--x\n"
            'Content-Type: text/html; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n'
            '<table><tr><td x:num=3D"5">5</td></tr></table>\n--x--\n'
        )

        assert self.page(tmp_path, text).at(1, 1).value == 5

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("<html><p>Đăng nhập để tải tệp</p></html>", "file.not_a_workbook"),
            ("<html><table><tr><td>1</td></tr><tr><td>2", "file.damaged"),
            ("<table><tr><td>1" + "<![if " * 5000 + "<!--" * 5000 + "<?" * 5000 + ">", "file.damaged"),
        ],
    )
    def test_without_a_whole_table_is_refused(self, tmp_path: Path, text: str, code: str) -> None:
        """A page without any, one that was cut, one made to keep us busy."""
        (tmp_path / "x.xls").write_text(text, "utf-8")

        assert refusal(tmp_path / "x.xls") == code

    def test_of_too_many_cells_is_refused(self, tmp_path: Path) -> None:
        """Cells of many rows and columns cost their room."""
        rows = "<tr>" + "<td rowspan=65000 colspan=1000>1" * 16 + "<tr><td>2" * 3000
        (tmp_path / "x.xls").write_text(f"<table>{rows}</table>", "utf-8")

        assert refusal(tmp_path / "x.xls") == "file.too_large"


class TestTextTable:
    def read(self, path: Path, data: bytes) -> list[list[str]]:
        (path / "bieu.csv").write_bytes(data)
        (sheet,) = read_workbook(path / "bieu.csv").sheets
        assert sheet.name == "bieu"
        return [[sheet.text(row, column) for column in (1, 2, 3)] for row in range(1, sheet.last_row + 1)]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
    @pytest.mark.parametrize("separator", ["\t", ";", ",", "|"])
    def test_is_told_by_its_separator(self, tmp_path: Path, encoding: str, separator: str) -> None:
        """Decimal commas do not separate; quoted ones neither."""
        rows = ["Chỉ tiêu|ĐVT|Số", "Diện tích|ha|“x”", 'Hộ|hộ|"1,5"', "||"]
        text = "\r\n".join(row.replace("|", separator) for row in rows)

        assert self.read(tmp_path, text.encode(encoding)) == [
            ["Chỉ tiêu", "ĐVT", "Số"],
            ["Diện tích", "ha", "“x”"],
            ["Hộ", "hộ", "1,5"],
        ]

    def test_keeps_every_cell_as_text(self, tmp_path: Path) -> None:
        """What 1.234 or 12,5 means is for the reader of numbers to say."""
        (tmp_path / "x.csv").write_bytes(b"007;1.234;12,5\n=1+1;#DIV/0!;\n")
        cells = read(tmp_path / "x.csv")

        assert {name: one.value for name, one in cells.items()} == {
            "A1": "007", "B1": "1.234", "C1": "12,5", "A2": "=1+1", "B2": "#DIV/0!",
        }  # fmt: skip
        assert [name for name, one in cells.items() if one.is_error or one.formula] == ["B2"]

    def test_decimal_commas_do_not_mislead(self, tmp_path: Path) -> None:
        """Where both signs come equally often, the comma is the decimal one."""
        assert self.read(tmp_path, b"1,5;2,5;3,5\n1,5;2,5;4,5\n")[0] == ["1,5", "2,5", "3,5"]

    def test_may_name_its_separator(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, b"sep=,\r\na,b;c,d\r\n") == [["a", "b;c", "d"]]

    @pytest.mark.parametrize(
        ("text", "encoding", "code"),
        [
            ("Xa\u0303;Đông Ho\u0300a\n1;2\n", "cp1258", "file.old_encoding"),
            ("café;à\n1;2\n", "cp1252", "file.old_encoding"),
            ("B?o v? môi tr??ng;X?y d?ng\n1;2\n", "cp1252", "file.letters_lost"),
        ],
    )
    def test_in_an_old_encoding_is_told(self, tmp_path: Path, text: str, encoding: str, code: str) -> None:
        """Letters that were lost for good are told, too."""
        (tmp_path / "x.csv").write_bytes(text.encode(encoding))
        workbook = read_workbook(tmp_path / "x.csv")

        assert codes(workbook) == ["file.shown_only", code]
        assert workbook.sheets[0].text(1, 1) == text.partition(";")[0]

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            ("Kính gửi các đơn vị,\nđề nghị nộp biểu.\nXin cảm ơn\n".encode(), "file.not_a_workbook"),
            (b"mot dong\n", "file.not_a_workbook"),
            (b"a;b;c\n1;2;3\n1;2", "file.damaged"),
            (b'a;b\n1;"2\n', "file.damaged"),
            ("Hộ nghèo xã Hòa Bình".encode() * 9 + b"\xff;1\n1;2\n", "file.damaged"),
        ],
    )
    def test_that_is_none_is_refused(self, tmp_path: Path, data: bytes, code: str) -> None:
        """A letter; a row or quotation that was cut; broken letters."""
        (tmp_path / "x.csv").write_bytes(data)

        assert refusal(tmp_path / "x.csv") == code


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
class TestLibreOffice:
    @pytest.mark.parametrize("kind", ["xls", "ods", "fods"])
    def test_saves_forms_that_read_the_same(self, tmp_path: Path, small: Catalogue, kind: str) -> None:
        """A filled form says the same in every format that LibreOffice writes; nothing of its identity is lost."""
        form = write_filled(tmp_path / "x.xlsx", small)
        (other,) = saved_by_office([form], tmp_path, kind)
        first, second = read_return(form, small), read_return(other, small)

        assert said(second) == said(first)
        assert (second.unit, second.period, second.expected, second.taken) == (
            first.unit,
            first.period,
            first.expected,
            first.taken,
        )
        assert {finding.code for finding in second.findings} - {finding.code for finding in first.findings} == {
            "file.other_format"
        }


class TestLimits:
    @pytest.mark.parametrize("ending", [".ods", ".xlsb"])
    def test_a_damaged_part_is_not_read(self, tmp_path: Path, ending: str) -> None:
        """A part whose checksum is wrong is refused, as in every package."""
        path = WRITERS[ending](tmp_path / f"x{ending}")
        with zipfile.ZipFile(path) as file, zipfile.ZipFile(tmp_path / "stored", "w") as stored:
            for name in file.namelist():
                stored.writestr(name, file.read(name))
        data = (tmp_path / "stored").read_bytes()
        old, new = ("Hộ nghèo", "Hộ nghào") if ending == ".ods" else ("Hộ", "Hồ")
        encoding = "utf-8" if ending == ".ods" else "utf-16-le"
        assert old.encode(encoding) in data
        path.write_bytes(data.replace(old.encode(encoding), new.encode(encoding)))

        assert refusal(path) == "file.damaged"

    def test_positions_are_those_of_the_grid(self, tmp_path: Path) -> None:
        """A far cell costs nothing, one past the grid is refused."""
        far = make.binary_row(1_048_575) + make.binary_cell(5, 16_383, packed(1))
        past = make.binary_row(1_048_576) + make.binary_cell(5, 0, packed(1))
        path = make.write_binary_workbook(tmp_path / "x.xlsb", {"S": far})

        assert list(read_workbook(path).sheets[0].cells) == [Position(1_048_576, 16_384)]
        assert refusal(make.write_binary_workbook(path, {"S": past})) == "file.damaged"
