import datetime
import struct
import time
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import workbook_from_text
from workbook_tools.cell_display import is_date_format
from workbook_tools.cells import Position
from workbook_tools.errors import WorkbookReadError
from workbook_tools.excel_reading import read_workbook
from workbook_tools.workbook_contents import EMPTY, CellContent, Scalar, SheetContent

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
STRICT = {
    MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    RELATIONS: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}

ROOT_RELATIONS = (
    f'<Relationships xmlns="{PACKAGE_RELATIONS}">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
WORKBOOK_RELATIONS = (
    f'<Relationships xmlns="{PACKAGE_RELATIONS}">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    f'<Relationship Id="rId3" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>'
)
WORKBOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellXfs>'
    '<xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="20"/><xf numFmtId="10"/></cellXfs></styleSheet>'
)
STRINGS = (
    f'<sst xmlns="{MAIN}"><si><t>một</t></si><si><r><t>hai </t></r><r><rPr><b/></rPr><t>ba</t></r>'
    "<rPh><t>phiên âm</t></rPh></si><si><t>a_x000D_b_x005F_x0041_</t></si><si><t/></si></sst>"
)


def sheet_xml(rows: str, before: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>'


def package(path: Path, rows: str = "", parts: Mapping[str, str | None] | None = None) -> Path:
    """Write a workbook of raw XML parts with one sheet ``S``; a part given as None is left out."""
    whole: dict[str, str | None] = {
        "_rels/.rels": ROOT_RELATIONS,
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": WORKBOOK_RELATIONS,
        "xl/worksheets/sheet1.xml": sheet_xml(rows),
        "xl/sharedStrings.xml": STRINGS,
        "xl/styles.xml": STYLES,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in (whole | dict(parts or {})).items():
            if text is not None:
                file.writestr(name, text)
    return path


def read_sheet(path: Path) -> SheetContent:
    (sheet,) = read_workbook(path).sheets
    return sheet


def read_cells(path: Path, rows: str, parts: Mapping[str, str | None] | None = None) -> dict[str, CellContent]:
    cells = read_sheet(package(path, rows, parts)).cells
    return {position.name: content for position, content in cells.items()}


def values(cells: Mapping[str, CellContent]) -> dict[str, Scalar]:
    return {name: content.value for name, content in cells.items()}


def refusal(path: Path) -> str:
    with pytest.raises(WorkbookReadError) as caught:
        read_workbook(path)
    return caught.value.code


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.xlsx"


class TestTextTable:
    def test_is_read_as_it_was_written(self, path: Path) -> None:
        """The workbooks of the other tests hold what their tables say."""
        table = """
            Mã  | Số | Thập phân | Công thức

            007 | 7  | -1.50     | =B3*2
        """
        workbook = read_workbook(workbook_from_text(path, {"A": table, "B": ""}))

        assert [sheet.name for sheet in workbook.sheets] == ["A", "B"]
        assert [workbook.sheets[0].text(1, column) for column in range(1, 5)] == ["Mã", "Số", "Thập phân", "Công thức"]
        assert [workbook.sheets[0].at(3, column).value for column in range(1, 4)] == ["007", 7, -1.5]
        assert CellContent(None, "=B3*2") == workbook.sheets[0].at(3, 4)
        assert (workbook.sheets[0].last_row, workbook.sheets[0].last_column) == (3, 4)
        assert (
            workbook.sheets[1].last_row,
            workbook.sheets[1].at(9, 9),
            workbook.sheets[1].text(9, 9),
        ) == (0, EMPTY, "")


class TestCellKinds:
    @pytest.mark.parametrize(
        ("xml", "content"),
        [
            ("<c><v>5</v></c>", CellContent(5)),
            ("<c><v>5.0</v></c>", CellContent(5)),
            ("<c><v>1.5E-3</v></c>", CellContent(0.0015)),
            ("<c><v>12345678901234567890</v></c>", CellContent(12345678901234567890.0)),
            ('<c t="b"><v>1</v></c>', CellContent(True)),
            ('<c t="b"><v>0</v></c>', CellContent(False)),
            ('<c t="s"><v>0</v></c>', CellContent("một")),
            ('<c t="s"><v>1</v></c>', CellContent("hai ba")),
            ('<c t="s"><v>2</v></c>', CellContent("a\rb_x0041_")),
            ('<c t="inlineStr"><is><t>bốn</t></is></c>', CellContent("bốn")),
            ('<c t="inlineStr"><is><r><t>a</t></r><r><t xml:space="preserve"> b</t></r></is></c>', CellContent("a b")),
            ('<c t="inlineStr"><is><t>a</t><rPh sb="0" eb="1"><t>phiên âm</t></rPh></is></c>', CellContent("a")),
            ('<c t="inlineStr"><is><t>_xD83D__xDE00_|_xD83D_</t></is></c>', CellContent("😀|�")),
            ('<c t="str"><f>A1&amp;"x"</f><v>ax</v></c>', CellContent("ax", '=A1&"x"')),
            ('<c t="str"><f>""</f><v></v></c>', CellContent("", '=""')),
            ("<c><f>1+1</f><v>2</v></c>", CellContent(2, "=1+1")),
            ("<c><f>1+1</f></c>", CellContent(None, "=1+1")),
            ("<c><f>1+1</f><v/></c>", CellContent(None, "=1+1")),
            ('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', CellContent("#DIV/0!", "=1/0", is_error=True)),
            ('<c t="e"><v>#N/A</v></c>', CellContent("#N/A", is_error=True)),
            ('<c><f t="array" ref="A1:A2">B1:B2*2</f><v>4</v></c>', CellContent(4, "=B1:B2*2")),
            ('<c s="3"><v>0.5</v></c>', CellContent(0.5, number_format="0.00%")),
            ('<c s="99"><v>1</v></c>', CellContent(1)),
            ('<c t="d"><v>2024-05-01</v></c>', CellContent(datetime.datetime(2024, 5, 1))),
            ('<c t="d"><v>2024-05-01T08:30:00Z</v></c>', CellContent(datetime.datetime(2024, 5, 1, 8, 30))),
            ('<c t="d"><v>08:30:00</v></c>', CellContent(datetime.time(8, 30))),
        ],
    )
    def test_give_value_formula_format_and_error(self, path: Path, xml: str, content: CellContent) -> None:
        """Each kind of cell as it stands."""
        assert {"A1": content} == read_cells(path, f"<row>{xml}</row>")

    @pytest.mark.parametrize(
        "xml", ["<c/>", '<c s="1"/>', "<c><v/></c>", '<c t="s"><v>3</v></c>', '<c t="inlineStr"><is/></c>']
    )
    def test_of_nothing_are_left_out(self, path: Path, xml: str) -> None:
        """A format alone, or an empty string, is no content."""
        assert read_cells(path, f"<row>{xml}</row>") == {}

    def test_blank_error_and_uncalculated_are_three_things(self, path: Path) -> None:
        """What libraries for values alone all call None."""
        sheet = read_sheet(package(path, '<row><c/><c t="e"><f>B2</f><v>#REF!</v></c><c><f>1+1</f></c></row>'))

        assert [sheet.at(1, column).is_calculated for column in (1, 2, 3)] == [True, True, False]
        assert [sheet.at(1, column).is_error for column in (1, 2, 3)] == [False, True, False]


class TestAddresses:
    def test_are_counted_where_they_are_missing(self, path: Path) -> None:
        """Rows and cells without r follow their predecessors."""
        rows = (
            '<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row>'
            '<row r="5"><c><v>4</v></c></row><row><c><v>5</v></c></row>'
        )

        assert values(read_cells(path, rows)) == {"A1": 1, "D1": 2, "E1": 3, "A5": 4, "A6": 5}

    def test_do_not_depend_on_the_dimension(self, path: Path) -> None:
        """A dimension of A1 hides nothing."""
        part = sheet_xml('<row r="9"><c r="C9"><v>1</v></c></row>', '<dimension ref="A1"/>')

        assert values(read_cells(path, "", {"xl/worksheets/sheet1.xml": part})) == {"C9": 1}

    def test_a_far_stray_cell_costs_nothing(self, path: Path) -> None:
        """The last cell of the grid is one cell."""
        start = time.perf_counter()
        cells = read_cells(path, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')

        assert values(cells) == {"XFD1048576": 1}
        assert time.perf_counter() - start < 1

    @pytest.mark.parametrize(
        "rows",
        [
            '<row r="1"><c r="XFE1"><v>1</v></c></row>',
            '<row r="9999999999"><c><v>1</v></c></row>',
            "<c><v>1</v></c>",
            '<row r="-1"><c><v>1</v></c></row>',
            '<row><c r="XFD1"/><c><v>1</v></c></row>',
            '<row><c r="A0"><v>1</v></c></row>',
        ],
    )
    def test_past_the_grid_are_refused(self, path: Path, rows: str) -> None:
        """No row or column that Excel does not have."""
        assert refusal(package(path, rows)) == "file.damaged"


class TestSharedFormulas:
    def test_are_moved_to_the_place_of_each_cell(self, path: Path) -> None:
        """Followers of a shared formula have the text Excel shows there."""
        rows = (
            '<row r="1"><c r="C1"><f t="shared" ref="C1:C3" si="0">A1*$B$1+\'T 1\'!A1</f><v>1</v></c></row>'
            '<row r="2"><c r="C2"><f t="shared" si="0"/><v>2</v></c></row>'
            '<row r="3"><c r="D3"><f t="shared" si="0"/></c></row>'
        )
        formulas = {name: content.formula for name, content in read_cells(path, rows).items()}

        assert formulas == {"C1": "=A1*$B$1+'T 1'!A1", "C2": "=A2*$B$1+'T 1'!A2", "D3": "=B3*$B$1+'T 1'!B3"}

    def test_without_a_first_or_not_understood(self, path: Path) -> None:
        """A follower of nobody stays a formula; a text that is none is damage."""
        follower = '<row><c><f t="shared" si="7"/><v>1</v></c></row>'
        broken = '<row><c><f t="shared" si="0">"a</f></c><c><f t="shared" si="0"/></c></row>'

        assert {"A1": CellContent(1, "=")} == read_cells(path, follower)
        assert refusal(package(path, broken)) == "file.damaged"

    def test_cannot_be_used_to_keep_us_busy(self, path: Path) -> None:
        """A long text shared by very many cells is refused."""
        text = "+".join(["A1"] * 3000)
        rows = f'<row><c><f t="shared" si="0">{text}</f></c>' + '<c><f t="shared" si="0"/></c>' * 1000 + "</row>"

        assert refusal(package(path, rows)) == "file.too_large"


class TestDates:
    @pytest.mark.parametrize(
        ("xml", "in_1900", "in_1904"),
        [
            ('<c s="1"><v>45413</v></c>', datetime.datetime(2024, 5, 1), datetime.datetime(2028, 5, 2)),
            (
                '<c s="1"><v>45413.354166666664</v></c>',
                datetime.datetime(2024, 5, 1, 8, 30),
                datetime.datetime(2028, 5, 2, 8, 30),
            ),
            ('<c s="2"><v>0.5</v></c>', datetime.time(12), datetime.time(12)),
            ('<c s="1"><v>1E+12</v></c>', 1e12, 1e12),
            ('<c s="0"><v>45413</v></c>', 45413, 45413),
        ],
    )
    def test_depend_on_format_and_epoch(self, path: Path, xml: str, in_1900: Scalar, in_1904: Scalar) -> None:
        """A number is a date where its format shows one; days count from the workbook's own first day."""
        workbook = WORKBOOK.replace("<sheets>", '<workbookPr date1904="1"/><sheets>')

        assert {"A1": in_1900} == values(read_cells(path, f"<row>{xml}</row>"))
        assert {"A1": in_1904} == values(read_cells(path, f"<row>{xml}</row>", {"xl/workbook.xml": workbook}))

    @pytest.mark.parametrize(
        ("number_format", "expected"),
        [
            ("General", False),
            ("0.00", False),
            ("#,##0", False),
            ("@", False),
            ("0%", False),
            ("0.00E+00", False),
            ('#,##0 "hộ/ngày"', False),
            ('"d;d"0', False),
            ("#,##0\\ \\d", False),
            ("[Red]0", False),
            ("[$-42A]#,##0", False),
            ("dd/mm/yyyy", True),
            ("[$-42A]d mmmm yyyy;@", True),
            ("h:mm", True),
            ("[h]", True),
            ("[mm]:ss.00", True),
            ("hh:mm AM/PM", True),
            ('dd" tháng "mm" năm "yyyy', True),
            ('"ngày" dd\\/mm\\/yyyy', True),
            ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", True),
            ('[=0]"";dd/mm/yyyy', True),
            ("(dd/mm)", True),
            ("0.0 d", False),
            ('0" m"', False),
            ("# ?/?", False),
            ('"s"', False),
            ("", False),
            ("[h]:mm", True),
            ("mm:ss", True),
            ("YYYY", True),
        ],
    )
    def test_are_known_by_their_format(self, number_format: str, expected: bool) -> None:
        """Letters of days and hours count, outside quotes and brackets."""
        assert expected == is_date_format(number_format)


class TestPackage:
    def test_may_be_strict(self, path: Path) -> None:
        """Strict files differ in their namespaces only."""
        parts: dict[str, str | None] = {
            "_rels/.rels": ROOT_RELATIONS,
            "xl/workbook.xml": WORKBOOK,
            "xl/_rels/workbook.xml.rels": WORKBOOK_RELATIONS,
            "xl/worksheets/sheet1.xml": sheet_xml('<row><c t="s"><v>0</v></c><c s="1"><v>45413</v></c></row>'),
            "xl/sharedStrings.xml": STRINGS,
            "xl/styles.xml": STYLES,
        }
        for name, text in parts.items():
            for transitional, strict in STRICT.items():
                text = (text or "").replace(transitional, strict)
            parts[name] = text

        assert {"A1": "một", "B1": datetime.datetime(2024, 5, 1)} == values(read_cells(path, "", parts))

    def test_may_name_its_parts_absolutely_and_in_any_case(self, path: Path) -> None:
        """Targets from the root of the package, upwards, or in other letters lead to the same part."""
        parts = {
            "_rels/.rels": ROOT_RELATIONS.replace('"xl/', '"/xl/'),
            "xl/_rels/workbook.xml.rels": WORKBOOK_RELATIONS.replace(
                '"worksheets/sheet1', '"/xl/Worksheets/SHEET1'
            ).replace('"sharedStrings', '"../xl/./sharedstrings'),
        }

        assert values(read_cells(path, '<row><c t="s"><v>0</v></c></row>', parts)) == {"A1": "một"}

    def test_may_have_its_workbook_at_the_root(self, path: Path) -> None:
        """The folder xl is a habit, not a rule."""
        parts = {
            "_rels/.rels": ROOT_RELATIONS.replace("xl/", ""),
            "workbook.xml": WORKBOOK,
            "_rels/workbook.xml.rels": WORKBOOK_RELATIONS.replace('Target="', 'Target="xl/'),
            "xl/workbook.xml": None,
        }

        assert values(read_cells(path, '<row><c t="s"><v>0</v></c></row>', parts)) == {"A1": "một"}

    def test_may_lack_styles_and_strings(self, path: Path) -> None:
        """A sheet of numbers needs neither."""
        one, *_ = WORKBOOK_RELATIONS.partition('<Relationship Id="rId2"')
        parts = {
            "xl/_rels/workbook.xml.rels": one + "</Relationships>", "xl/styles.xml": None, "xl/sharedStrings.xml": None,
        }  # fmt: skip

        assert {"A1": CellContent(1)} == read_cells(path, '<row><c s="1"><v>1</v></c></row>', parts)

    def test_tells_hidden_sheets(self, path: Path) -> None:
        """Sheets come in their order, each with its state; charts are no sheets of cells."""
        workbook = openpyxl.Workbook()
        for name, state in (("H", "hidden"), ("V", "veryHidden")):
            workbook.create_sheet(name).sheet_state = state
        workbook.create_chartsheet("Biểu đồ")
        workbook.save(path)
        content = read_workbook(path)

        assert [(one.name, one.state) for one in content.sheets] == [
            ("Sheet", "visible"),
            ("H", "hidden"),
            ("V", "veryHidden"),
        ]
        assert content.sheet("V") is content.sheets[2]
        assert content.sheet("v") is None

    def test_keeps_text_as_it_was_typed(self, path: Path) -> None:
        """Decomposed letters, blanks and line ends are for others to judge."""
        text = unicodedata.normalize("NFD", " Hòa\nBình ")
        workbook = openpyxl.Workbook()
        workbook.worksheets[0]["A1"] = text
        workbook.save(path)

        assert text == read_sheet(path).at(1, 1).value
        assert text.strip() == read_sheet(path).text(1, 1)


class TestRefusal:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "file.empty"),
            (b"mot dong chu\n", "file.not_a_workbook"),
            (b"PK\x03\x04 and then nothing", "file.damaged"),
            (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "file.damaged"),
        ],
    )
    def test_of_what_is_no_package(self, path: Path, data: bytes, code: str) -> None:
        """An empty file, a text, half a package, the beginning of an old workbook."""
        path.write_bytes(data)

        assert code == refusal(path)

    def test_of_a_workbook_without_sheets(self, path: Path) -> None:
        """As one of charts alone: it is no empty success."""
        package(path, parts={"xl/workbook.xml": f'<workbook xmlns="{MAIN}"><sheets/></workbook>'})

        assert refusal(path) == "file.no_sheets"

    def test_of_what_cannot_be_opened(self, path: Path) -> None:
        """No such file, or a folder."""
        assert refusal(path) == "file.unreadable"
        assert refusal(path.parent) == "file.unreadable"

    def test_of_a_package_that_is_no_workbook(self, path: Path) -> None:
        """A Word document or any other archive."""
        document = {
            "xl/workbook.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
        }

        assert refusal(package(path, parts=document)) == "file.not_a_workbook"
        assert refusal(package(path, parts={"xl/workbook.xml": None})) == "file.not_a_workbook"

    @pytest.mark.parametrize(
        "part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"]
    )
    @pytest.mark.parametrize(
        "start",
        [
            "<!DOCTYPE x>",
            '<!DOCTYPE x [<!ENTITY a "b">]>',
            '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
            '<?xml version="1.0" encoding="nonsense"?>',
            "<",
            "\0",
        ],
    )
    def test_of_document_types_and_broken_xml(self, path: Path, part: str, start: str) -> None:
        """No part declares a document type, entities or an unknown encoding."""
        whole = {
            "xl/worksheets/sheet1.xml": sheet_xml(""),
            "xl/sharedStrings.xml": STRINGS,
            "xl/workbook.xml": WORKBOOK,
            "xl/styles.xml": STYLES,
        }

        assert refusal(package(path, parts={part: start + whole[part]})) == "file.damaged"

    @pytest.mark.parametrize(
        "rows",
        [
            "<row><c><v>abc</v></c></row>",
            '<row><c t="s"><v>99</v></c></row>',
            '<row><c t="d"><v>gestern</v></c></row>',
            "<row>",
        ],
    )
    def test_of_values_that_are_none(self, path: Path, rows: str) -> None:
        """A number that is none, a text that is not there: the file is damaged."""
        assert refusal(package(path, rows)) == "file.damaged"

    @pytest.mark.parametrize(
        "parts",
        [{"xl/worksheets/sheet1.xml": None}, {"xl/sharedStrings.xml": None}, {"xl/_rels/workbook.xml.rels": None},
         {"xl/workbook.xml": WORKBOOK.replace("</sheets>", '<sheet name="T" sheetId="2" r:id="rId1"/></sheets>')}],
    )  # fmt: skip
    def test_of_missing_or_doubled_parts(self, path: Path, parts: Mapping[str, str | None]) -> None:
        """Every sheet has its own part, and it is there."""
        assert refusal(package(path, parts=parts)) == "file.damaged"

    def test_of_a_damaged_part(self, path: Path) -> None:
        """A part whose checksum is wrong is not read, not even in part."""
        package(path, "<row><c><v>123456</v></c></row>")
        with zipfile.ZipFile(path) as file, zipfile.ZipFile(path.with_name("y.xlsx"), "w") as stored:
            for name in file.namelist():
                stored.writestr(name, file.read(name))
        data = path.with_name("y.xlsx").read_bytes()
        assert data.count(b"123456") == 1
        path.write_bytes(data.replace(b"123456", b"123457"))

        assert refusal(path) == "file.damaged"

    def test_of_a_bomb(self, path: Path) -> None:
        """What unpacks to a hundred times its size is not unpacked."""
        assert refusal(package(path, " " * 2_000_000)) == "file.too_large"

    def test_of_a_bomb_that_understates_its_size(self, path: Path) -> None:
        """No more is unpacked than was declared."""
        package(path, " " * 60_000_000)
        data = bytearray(path.read_bytes())
        at = data.rindex(b"xl/worksheets/sheet1.xml") - 46
        assert data[at : at + 4] == b"PK\x01\x02"
        struct.pack_into("<I", data, at + 24, 1000)
        path.write_bytes(data)
        tracemalloc.start()
        code = refusal(path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert code == "file.damaged"
        assert peak < 20_000_000

    def test_of_too_much(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Bytes, parts, unpacked bytes and cells have their limits."""
        package(path, "<row><c><v>1</v></c><c><v>2</v></c></row>")
        limits = ("package.MAXIMUM_FILE_BYTES", "package.MAXIMUM_PARTS", "package.MAXIMUM_UNPACKED_BYTES")
        for limit in (*limits, "sheets.MAXIMUM_CELLS"):
            with monkeypatch.context() as patch:
                patch.setattr(f"workbook_tools.excel_{limit}", 1)
                assert refusal(path) == "file.too_large"

    @settings(max_examples=200, deadline=None)
    @given(st.data())
    def test_of_random_damage_is_orderly(self, data: st.DataObject) -> None:
        """Whatever bytes are overwritten or cut off: a workbook or a WorkbookReadError."""
        with TemporaryDirectory() as folder:
            path = package(Path(folder) / "x.xlsx", '<row><c t="s"><v>1</v></c><c><f>1+1</f></c></row>')
            damaged = bytearray(path.read_bytes())
            for place, byte in data.draw(
                st.lists(st.tuples(st.integers(0, len(damaged) - 1), st.integers(0, 255)), max_size=4)
            ):
                damaged[place] = byte
            path.write_bytes(damaged[: data.draw(st.integers(len(damaged) // 2, len(damaged)))])
            with suppress(WorkbookReadError):
                read_workbook(path)


PLAIN_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t", exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=40,
).filter(lambda text: "_x" not in text)
VALUES = (
    PLAIN_TEXT
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(-1e300, 1e300).map(lambda number: float(f"{number:.15g}"))
)


class TestOpenpyxl:
    @settings(max_examples=100, deadline=None)
    @given(st.dictionaries(st.tuples(st.integers(1, 200), st.integers(1, 30)), VALUES, max_size=20))
    def test_writes_what_we_read(self, cells: dict[tuple[int, int], str | int | float | bool]) -> None:
        """Texts, numbers and truths come back the same, at the same place."""
        workbook = openpyxl.Workbook()
        sheet = workbook.worksheets[0]
        for (row, column), value in cells.items():
            cell = sheet.cell(row, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # "=1" and "#N/A" are texts here
        with TemporaryDirectory() as folder:
            path = Path(folder) / "x.xlsx"
            workbook.save(path)
            read = read_sheet(path).cells

        assert {Position(*place): value for place, value in cells.items()} == {
            place: one.value for place, one in read.items()
        }
        assert all(isinstance(one.value, bool) == isinstance(cells[place], bool) for place, one in read.items())
