"""Files made to harm, broken on their way, or written by odd programs; all are made here, none is kept."""

import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests import other_formats as make
from tests.test_excel_reading import (
    MAIN,
    RELATIONS,
    ROOT_RELATIONS,
    STRINGS,
    STYLES,
    WORKBOOK,
    WORKBOOK_RELATIONS,
    package,
    read_cells,
    read_sheet,
    refusal,
    sheet_xml,
    values,
)
from workbook_tools.errors import WorkbookReadError
from workbook_tools.excel_reading import read_workbook
from workbook_tools.messages import MESSAGES
from workbook_tools.ooxml_reading import read_ooxml
from workbook_tools.wording import Words
from workbook_tools.workbook_contents import UNKNOWN_FORMULA, CellContent

SHEET = "xl/worksheets/sheet1.xml"
NOISE = "".join(f"<!--{random.Random(number).randbytes(500).hex()}-->" for number in range(1500))
"""Keeps the packing ratio of a long text below the limit."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.xlsx"


def told(path: Path) -> tuple[str, str]:
    """Code and limit or reason of the refusal."""
    with pytest.raises(WorkbookReadError) as caught:
        read_ooxml(path)
    details = caught.value.details
    words = details.get("limit", details.get("reason"))
    assert words is None or (isinstance(words, Words) and words.english)
    return caught.value.code, words.vietnamese if isinstance(words, Words) else ""


def repacked(path: Path, change: Callable[[zipfile.ZipInfo], None], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """The package once more, packed in another way or under other names."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, "w", method) as file:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            change(entry)
            file.writestr(entry, data)
    return path


def many(count: int, text: Callable[[int], str]) -> str:
    return "".join(map(text, range(1, count + 1)))


class TestTooMuch:
    @pytest.mark.parametrize(
        ("rows", "limit"),
        [
            (NOISE + "<row>" + "<c/>" * 5_100_000 + "</row>", "3.000.000 thẻ và thuộc tính XML"),
            (NOISE + "<row>" + '<c a="" b=""/>' * 1_010_000 + "</row>", "3.000.000 thẻ và thuộc tính XML"),
            (NOISE + "<row>" + "<c><v>1</v></c>" * 320_001 + "</row>", "320.000 ô có nội dung"),
            (NOISE + "<row>" + "<c><is><t>1</t></is></c>" * 320_001 + "</row>", "320.000 ô có nội dung"),
            (many(11_000, lambda number: f"<x{number}/>"), "10.000 loại thẻ XML"),
            (f'<row><c x="{random.Random(1).randbytes(3_000_000).hex()}"/></row>', "4 MB một thẻ XML"),
            (NOISE + f'<row><c t="str"><v>{"a" * 21_000_000}</v></c></row>', "20.000.000 ký tự"),
            (NOISE + f'<row><c t="inlineStr"><is><t>{"a" * 21_000_000}</t></is></c></row>', "20.000.000 ký tự"),
            (" " * 2_000_000, "tỷ lệ nén 100:1"),
        ],
        ids=["tags", "attributes", "cells", "inline cells", "names", "attribute", "value", "inline", "ratio"],
    )
    def test_in_a_sheet_is_refused_with_its_limit(self, path: Path, rows: str, limit: str) -> None:
        """Whatever there is too much of, the message says how much may be."""
        assert told(package(path, rows)) == ("file.too_large", limit)

    def test_strings_styles_and_relations(self, path: Path) -> None:
        """Strings as many as cells, styles as Excel has them; each is counted before or while it is read."""
        strings = f'<sst xmlns="{MAIN}">{NOISE}{"<si><t>x</t></si>" * 200_001}</sst>'
        styles = f'<styleSheet xmlns="{MAIN}">{NOISE}<cellXfs>{"<xf/>" * 70_002}</cellXfs></styleSheet>'
        links = many(70_002, lambda number: f'<Relationship Id="r{number}" Type="x/hyperlink" TargetMode="External"/>')

        assert told(package(path, parts={"xl/sharedStrings.xml": strings})) == ("file.too_large", "200.000 chuỗi chữ")
        assert told(package(path, parts={"xl/styles.xml": styles})) == ("file.too_large", "70.000 kiểu ô")
        relations = WORKBOOK_RELATIONS.replace("</R", f"{NOISE}{links}</R")
        parts = {"xl/_rels/workbook.xml.rels": relations}
        assert told(package(path, parts=parts)) == ("file.too_large", "70.000 liên kết giữa các phần")

    def test_merged_areas(self, path: Path) -> None:
        """Their number is limited, and so is what is looked at in them."""
        rows = many(700, lambda row: f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>')
        one = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData><mergeCells>%s</mergeCells></worksheet>'
        tiny = many(60_001, lambda row: f'<mergeCell ref="A{row}:B{row}"/>')
        huge = many(5_000, lambda row: f'<mergeCell ref="B{row}:XFD1048576"/>')

        assert told(package(path, parts={SHEET: one % tiny})) == ("file.too_large", "60.000 vùng ô")
        assert told(package(path, parts={SHEET: one % huge})) == ("file.too_large", "3.000.000 ô trong các vùng gộp")

    def test_parts_and_listed_entries(self, path: Path) -> None:
        """A thousand parts are enough; a directory of very many entries is not even opened."""
        package(path, parts={f"x/{number}": "" for number in range(1_001)})
        assert told(path) == ("file.too_large", "1.000 phần")

        data = package(path).read_bytes()
        path.write_bytes(data + b"PK\1\2" * 10_001)
        assert refusal(path) == "file.too_large"

    def test_a_filter_of_hidden_columns_beyond_the_grid(self, path: Path) -> None:
        """Columns are counted once and end with the grid."""
        columns = "<cols>" + '<col min="1" max="99999999" hidden="1"/>' * 2_000 + "</cols>"
        sheet = read_sheet(package(path, parts={SHEET: sheet_xml("<row><c><v>1</v></c></row>", columns)}))

        assert len(sheet.hidden_columns) == 16_384

    def test_shared_formulas_of_many_texts(self, path: Path) -> None:
        """A formula longer than Excel allows is not moved about."""
        text = "&amp;".join(f'"{number}"' for number in range(3_000))
        rows = f'<row><c><f t="shared" si="0">{text}</f></c><c><f t="shared" si="0"/></c></row>'

        assert told(package(path, rows)) == ("file.too_large", "8.192 ký tự trong một công thức")

    def test_shared_formulas_of_many_cells_are_known_to_be_there(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Their values are taken; what they say in each cell is no longer told."""
        monkeypatch.setattr("workbook_tools.excel_sheets.SHARED_FORMULAS_SHOWN", 2)
        first = '<c><f t="shared" si="0">B1*2</f><v>1</v></c>'
        others = '<c><f t="shared" si="0"/><v>1</v></c>' * 3
        cells = read_cells(path, f"<row>{first}{others}</row>")

        assert [cell.formula for cell in cells.values()] == ["=B1*2", "=C1*2", "=D1*2", UNKNOWN_FORMULA]
        assert set(values(cells).values()) == {1}


class TestTooMuchOfOtherFormats:
    def test_of_an_old_workbook(self, path: Path) -> None:
        """Records, texts and styles are counted before the library sees them."""
        texts = b"".join(make.record(0x3C, struct.pack("<HB", 0, 0) * 2_700) for _ in range(80))
        streams = {
            "1.000.000 bản ghi": make.old_workbook({"S": [make.record(0x201, b"") * 1_000_001]}),
            "200.000 chuỗi chữ": make.old_workbook({"S": []}, before_sheets=make.record(0xFC, bytes(8)) + texts),
            "70.000 kiểu ô": make.old_workbook({"S": []}, styles=((0, 0),) * 220_000),
        }

        for limit, stream in streams.items():
            path.write_bytes(stream)
            assert limit_of(path) == limit

    @pytest.mark.parametrize(
        ("text", "limit"),
        [
            (f"a,b{',' * 1_000}\n" * 20_000, "20.000.000 ô, kể cả ô trống"),
            ("a,b\n" + "1,2\n" * 50_001, "100.000 ô có nội dung"),
            ("<table>" + "<b>" * 1_000_001, "1.000.000 thẻ và thuộc tính trong một trang"),
            ("<table><tr>" + "<td>1" * 100_001, "100.000 ô trong một trang"),
        ],
        ids=["blank fields", "fields", "tags", "cells of a page"],
    )
    def test_of_a_text(self, path: Path, text: str, limit: str) -> None:
        """Tables of text files and web pages have one sheet, so less is enough for them."""
        path.write_text(text, "utf-8")

        assert limit_of(path) == limit

    def test_of_an_open_document(self, tmp_path: Path) -> None:
        """Cells with a value are counted in the XML, and those that repeat each other before they are made."""
        cell = '<table:table-cell office:value-type="float" office:value="1"/>'
        repeated = cell.replace("office:value=", 'table:number-columns-repeated="16384" office:value=')
        for rows in (f"<table:table-row>{cell * 200_001}</table:table-row>",
                     f'<table:table-row table:number-rows-repeated="13">{repeated}</table:table-row>'):  # fmt: skip
            path = make.write_open_document(tmp_path / "x.fods", f'<table:table table:name="S">{rows}</table:table>')
            assert limit_of(path) == "200.000 ô có nội dung"


def limit_of(path: Path) -> str:
    with pytest.raises(WorkbookReadError) as caught:
        read_workbook(path)
    assert caught.value.code == "file.too_large"
    limit = caught.value.details["limit"]
    assert isinstance(limit, Words)
    return limit.vietnamese


class TestALotOfNothing:
    def test_blank_cells_down_to_the_last_row_are_read_through(self, path: Path) -> None:
        """A stray format makes a million blank cells; the one filled cell counts."""
        rows = many(1_048_575, lambda row: f'<row r="{row}"><c r="A{row}" s="1"/></row>')
        cells = read_cells(path, rows + '<row r="1048576"><c r="A1048576"><v>5</v></c></row>')

        assert values(cells) == {"A1048576": 5}

    def test_blanks_do_not_shift_what_follows(self, path: Path) -> None:
        """Cells and rows without address after blank ones stand where they would without any haste."""
        rows = (
            '<row r="2"><c r="A2" s="1"/><c r="B2" s="1"/><c><v>1</v></c><c r="E2" s="1"></c></row>'
            '<row r="5" ht="15"/><row r="6"/><row><c><v>2</v></c></row>'
            '<row r="9"><c r="A9" s="1"/><c r="B9"><v>3</v></c><c r="C9"/></row>'
        )

        assert values(read_cells(path, rows)) == {"C2": 1, "A7": 2, "B9": 3}

    def test_text_that_looks_like_blanks_stays(self, path: Path) -> None:
        """Literal text is not markup."""
        text = '<c r="A1" s="1"/><c r="B1"/>'
        cells = read_cells(path, f'<row><c t="str"><v><![CDATA[{text}</row>]]></v></c></row>')

        assert values(cells) == {"A1": f"{text}</row>"}

    def test_rows_of_every_column(self, path: Path) -> None:
        """16,384 cells in a row."""
        assert len(read_cells(path, "<row>" + "<c><v>1</v></c>" * 16_384 + "</row>")) == 16_384

    def test_nested_elements(self, path: Path) -> None:
        """Depth alone is no harm."""
        depth = 100_000

        assert values(read_cells(path, "<x>" * depth + "</x>" * depth + "<row><c><v>1</v></c></row>")) == {"A1": 1}


class TestDocumentTypes:
    @pytest.mark.parametrize(
        "declared",
        [
            '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
            '<!DOCTYPE l [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE l SYSTEM "http://localhost:9/x.dtd">',
            '<!DOCTYPE l [<!ENTITY % p "x">]>',
        ],
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_are_refused_in_any_encoding(self, path: Path, declared: str, encoding: str) -> None:
        """No entity is expanded, no file or address opened."""
        text = f'<?xml version="1.0" encoding="{encoding}"?>{declared}' + sheet_xml(
            '<row><c t="str"><v>&b;</v></c></row>'
        )
        with zipfile.ZipFile(package(path, parts={SHEET: None}), "a") as file:
            file.writestr(SHEET, text.encode(encoding))

        assert told(path) == ("file.damaged", f"{SHEET}: có khai báo DOCTYPE")

    @pytest.mark.parametrize("encoding", ["cp037", "utf-7", "nonsense"])
    def test_cannot_hide_in_an_encoding(self, path: Path, encoding: str) -> None:
        """Encodings in which signs of markup look otherwise are refused."""
        text = f'<?xml version="1.0" encoding="{encoding}"?>' + sheet_xml("")

        assert told(package(path, parts={SHEET: text}))[0] == "file.damaged"


class TestPackaging:
    @pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_may_be_packed_in_any_known_way(self, path: Path, method: int) -> None:
        """Stored, bzip2 and lzma."""
        repacked(package(path, "<row><c><v>1</v></c></row>"), lambda entry: None, method)

        assert values({place.name: cell for place, cell in read_sheet(path).cells.items()}) == {"A1": 1}

    def test_may_have_backslashes_in_names(self, path: Path) -> None:
        """As some programs on Windows write them."""

        def change(entry: zipfile.ZipInfo) -> None:
            entry.filename = entry.filename.replace("/", "\\")

        repacked(package(path, '<row><c t="s"><v>0</v></c></row>'), change)
        with zipfile.ZipFile(path) as file:
            assert "xl\\worksheets\\sheet1.xml" in file.namelist()

        assert read_workbook(path).sheets[0].text(1, 1) == "một"

    def test_may_have_backslashes_in_targets(self, path: Path) -> None:
        parts = {"xl/_rels/workbook.xml.rels": WORKBOOK_RELATIONS.replace("worksheets/", "worksheets\\")}

        assert values(read_cells(path, "<row><c><v>1</v></c></row>", parts)) == {"A1": 1}

    def test_may_escape_targets(self, path: Path) -> None:
        """Targets are addresses: a blank is %20."""
        parts = {
            "xl/_rels/workbook.xml.rels": WORKBOOK_RELATIONS.replace("sheet1.xml", "trang%201.xml"),
            SHEET: None,
            "xl/worksheets/trang 1.xml": sheet_xml("<row><c><v>1</v></c></row>"),
        }

        assert values(read_cells(path, "", parts)) == {"A1": 1}

    def test_may_have_wrong_content_types(self, path: Path) -> None:
        """What a part is, its relation says."""
        parts = {"[Content_Types].xml": "<Types><Default Extension='xml' ContentType='image/png'/></Types>"}

        assert values(read_cells(path, "<row><c><v>1</v></c></row>", parts)) == {"A1": 1}

    def test_may_name_a_part_twice_if_both_are_the_same(self, path: Path) -> None:
        """Two different parts of one name are damage: nobody knows which is meant."""
        package(path, "<row><c><v>1</v></c></row>")
        with zipfile.ZipFile(path, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
            file.writestr(SHEET, sheet_xml("<row><c><v>1</v></c></row>"))
        assert len(read_sheet(path).cells) == 1

        with zipfile.ZipFile(path, "a") as file:
            file.writestr(SHEET.upper(), sheet_xml("<row><c><v>2</v></c></row>"))
        assert told(path) == ("file.damaged", f"hai phần cùng tên {SHEET}")

    def test_may_follow_other_bytes(self, path: Path) -> None:
        """A package is found from its end."""
        package(path, "<row><c><v>1</v></c></row>")
        path.write_bytes(b"MZ" * 100 + path.read_bytes())

        assert read_ooxml(path).sheets[0].at(1, 1) == CellContent(1)

    def test_with_a_password_is_told_apart(self, path: Path) -> None:
        """Parts that are encrypted need the password, which only the unit has."""
        data = bytearray(package(path).read_bytes())
        for at in positions(data, b"PK\1\2"):
            data[at + 8] |= 1
        path.write_bytes(data)

        assert told(path)[0] == "file.protected"

    def test_packed_in_an_unknown_way_is_damage(self, path: Path) -> None:
        """Deflate64."""
        data = bytearray(package(path).read_bytes())
        for at in positions(data, b"PK\1\2"):
            struct.pack_into("<H", data, at + 10, 9)
        path.write_bytes(data)

        assert told(path)[0] == "file.damaged"

    def test_cut_in_the_middle_of_a_part_is_damage(self, path: Path) -> None:
        """The packed bytes end too early."""
        whole = sheet_xml(many(2_000, lambda row: f"<row><c><v>{row * 7919}</v></c></row>")).encode()
        half = zlib.compress(whole)[2:-4][:2_000]
        package(path, parts={SHEET: None})
        with zipfile.ZipFile(path, "a") as file:
            file.writestr(SHEET, half, zipfile.ZIP_STORED)
        data = bytearray(path.read_bytes())
        for signature, method, checksum in ((b"PK\3\4", 8, 14), (b"PK\1\2", 10, 16)):
            at = positions(data, signature)[-1]
            struct.pack_into("<H", data, at + method, 8)
            struct.pack_into("<I", data, at + checksum, zlib.crc32(whole))
            struct.pack_into("<I", data, at + checksum + 8, len(whole))
        path.write_bytes(data)

        assert told(path)[0] == "file.damaged"

    @pytest.mark.parametrize("target", ["../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "C:\\x.xml"])
    def test_never_leads_outside(self, path: Path, target: str) -> None:
        """Targets are names of parts, nothing else."""
        relations = WORKBOOK_RELATIONS.replace("worksheets/sheet1.xml", target)

        assert told(package(path, parts={"xl/_rels/workbook.xml.rels": relations}))[0] == "file.damaged"

    def test_of_a_sheet_outside_is_damage(self, path: Path) -> None:
        """A link to a sheet elsewhere is not followed."""
        relations = WORKBOOK_RELATIONS.replace(
            'Target="worksheets/sheet1.xml"', 'Target="http://localhost:9/s.xml" TargetMode="External"'
        )

        assert told(package(path, parts={"xl/_rels/workbook.xml.rels": relations}))[0] == "file.damaged"

    def test_of_ten_thousand_sheets_in_one_part_is_refused(self, path: Path) -> None:
        """Every sheet has a part and a name of its own."""
        sheets = many(10_000, lambda number: f'<sheet name="T{number}" sheetId="{number}" r:id="rId1"/>')
        one = '<sheet name="s" sheetId="2" r:id="rId9"/>'
        relations = WORKBOOK_RELATIONS.replace(
            "</R", f'<Relationship Id="rId9" Type="{RELATIONS}/worksheet" Target="b.xml"/></R'
        )
        parts = {"xl/workbook.xml": WORKBOOK.replace("</sheets>", sheets + "</sheets>")}
        assert told(package(path, parts=parts)) == ("file.too_large", "1.000 trang tính")

        parts = {
            "xl/workbook.xml": WORKBOOK.replace("</sheets>", one + "</sheets>"),
            "xl/_rels/workbook.xml.rels": relations,
            "xl/b.xml": sheet_xml(""),
        }
        assert told(package(path, parts=parts)) == ("file.damaged", "hai trang tính cùng tên hoặc cùng phần: “s”")


def positions(data: bytes | bytearray, signature: bytes) -> list[int]:
    found: Iterator[int] = (at for at in range(len(data)) if data[at : at + 4] == signature)
    return list(found)


class TestOddParts:
    def test_in_utf_16_are_read(self, path: Path) -> None:
        with zipfile.ZipFile(package(path, parts={SHEET: None}), "a") as file:
            text = '<?xml version="1.0" encoding="UTF-16"?>' + sheet_xml('<row><c t="str"><v>Hộ</v></c></row>')
            file.writestr(SHEET, text.encode("utf-16"))

        assert read_sheet(path).text(1, 1) == "Hộ"

    def test_with_nul_bytes_are_damage(self, path: Path) -> None:
        assert told(package(path, "<row><c><v>1\0</v></c></row>"))[0] == "file.damaged"

    def test_with_prefixes_are_read(self, path: Path) -> None:
        """The name of a prefix is free."""
        text = sheet_xml("<row><c><v>1</v></c></row>")
        prefixed = (
            text.replace("</", "</\0").replace("<", "<x:").replace("<x:/\0", "</x:").replace("xmlns=", "xmlns:x=")
        )

        assert values(read_cells(path, "", {SHEET: prefixed})) == {"A1": 1}

    def test_of_alternatives_the_plain_one_is_read(self, path: Path) -> None:
        """What asks for an extension is passed by, whatever it holds."""
        rows = (
            '<row><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            '<mc:Choice Requires="x"><c r="A1"><v>1</v><x><c r="B1"><v>1</v></c></x></c></mc:Choice>'
            '<mc:Fallback><c r="A1"><v>2</v></c></mc:Fallback></mc:AlternateContent><c r="C1"><v>3</v></c></row>'
        )

        assert values(read_cells(path, rows)) == {"A1": 2, "C1": 3}

    def test_elements_of_other_vocabularies_are_no_cells(self, path: Path) -> None:
        rows = '<row><c r="A1"><v>1</v></c><y:c xmlns:y="urn:y" r="B1"><y:v>2</y:v></y:c></row>'

        assert values(read_cells(path, rows)) == {"A1": 1}

    def test_long_reasons_are_shortened(self, path: Path) -> None:
        """A message stays a message."""
        code, reason = told(package(path, f"<row><c><v>{'x' * 100_000}</v></c></row>"))

        assert code == "file.damaged"
        assert len(reason) < 250


class TestOddCells:
    @pytest.mark.parametrize(
        ("xml", "content"),
        [
            ("<c><v>NaN</v></c>", CellContent("NaN", is_error=True)),
            ("<c><v>-INF</v></c>", CellContent("-INF", is_error=True)),
            ("<c><v>1E400</v></c>", CellContent("1E400", is_error=True)),
            ("<c><f>=SUM(B1)</f><v>1</v></c>", CellContent(1, "=SUM(B1)")),
            ('<c t="inlineStr"><v>5 ha</v></c>', CellContent("5 ha")),
            ("<c><is><t>5 ha</t></is></c>", CellContent("5 ha")),
            ('<c t="b"><v>TRUE</v></c>', CellContent(True)),
            ('<c><f t="dataTable" ref="A1"/><v>5</v></c>', CellContent(5, UNKNOWN_FORMULA)),
            ('<c s="-1"><v>5</v></c>', CellContent(5)),
            ('<c t="str"><v xml:space="preserve"> a </v></c>', CellContent(" a ")),
            ("<c><v>1<!-- x -->2</v></c>", CellContent(12)),
        ],
    )
    def test_are_read_as_far_as_they_say_something(self, path: Path, xml: str, content: CellContent) -> None:
        """What cannot be a number is an error of that cell; the others are read."""
        assert {"A1": content} == read_cells(path, f"<row>{xml}</row>")

    @pytest.mark.parametrize(
        "xml",
        [
            "<c><v>1_000</v></c>",
            "<c><v>١٢</v></c>",
            '<c t="b"><v>2</v></c>',
            '<c t="s"><v>-1</v></c>',
            '<c s="x"><v>1</v></c>',
            '<c r="A-1"><v>1</v></c>',
        ],
    )
    def test_that_say_something_else_are_damage(self, path: Path, xml: str) -> None:
        """No other notation is taken for a number, no index counts from the end."""
        assert told(package(path, f'<row r="1">{xml}</row>'))[0] == "file.damaged"

    def test_twice_with_the_same_content_count_once(self, path: Path) -> None:
        rows = '<row r="2"><c r="B2"><v>1</v></c></row><row r="2"><c r="B2"><v>1</v></c><c r="B2" s="1"/></row>'

        assert values(read_cells(path, rows)) == {"B2": 1}

    def test_twice_with_different_content_are_damage(self, path: Path) -> None:
        """One of the two numbers would be lost; Excel does not open such a file either."""
        rows = '<row r="2"><c r="B2"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>'

        assert told(package(path, rows)) == ("file.damaged", f"{SHEET}: hai giá trị khác nhau ở ô B2")

    def test_members_of_array_formulas_are_formulas(self, path: Path) -> None:
        """Only the first cell of an array has the formula; the numbers of the others were not typed either."""
        rows = '<row r="1"><c r="A1"><f t="array" ref="A1:C1">D1:F1</f><v>1</v></c><c r="B1"><v>2</v></c></row>'

        assert read_cells(path, rows) == {"A1": CellContent(1, "=D1:F1"), "B1": CellContent(2, UNKNOWN_FORMULA)}


class TestMergedCells:
    def read(self, path: Path, rows: str, *areas: str) -> tuple[Mapping[str, CellContent], list[dict[str, object]]]:
        merged = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
        part = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells></worksheet>'
        content = read_workbook(package(path, parts={SHEET: part}))
        cells = {place.name: cell for place, cell in content.sheets[0].cells.items()}
        return cells, [dict(note.details) for note in content.notes if note.code == "structure.value_under_merge"]

    def test_hide_numbers_that_must_not_count(self, path: Path) -> None:
        """A number nobody sees is no figure; it is told with its cell."""
        filled = {"A2": "1", "B2": "2.5", "C2": "1", "D2": "4"}
        rows = f'<row r="2">{"".join(f"""<c r="{at}"><v>{value}</v></c>""" for at, value in filled.items())}</row>'
        cells, notes = self.read(path, rows, "A2:C3", "D2", "hỏng")

        assert values(cells) == {"A2": 1, "D2": 4}
        assert notes == [{"sheet": "S", "cell": "B2", "area": "A2:C3", "values": "B2: 2,5; C2: 1"}]

    def test_under_an_empty_first_cell_too(self, path: Path) -> None:
        cells, notes = self.read(path, '<row r="2"><c r="B2"><v>7</v></c></row>', "B2:A2")

        assert cells == {}
        assert [note["values"] for note in notes] == ["B2: 7"]

    def test_that_repeat_their_text_say_nothing_new(self, path: Path) -> None:
        rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>0</v></c></row>'
        cells, notes = self.read(path, rows, "A1:B1")

        assert values(cells) == {"A1": "một"}
        assert notes == []


class TestWhatIsNotSeen:
    def test_hidden_rows_and_columns(self, path: Path) -> None:
        """Rows count as far as something stands in them; those of no height or width are hidden, too."""
        rows = (
            '<row r="1" hidden="1"><c><v>1</v></c></row><row r="2" hidden="1"/><row r="3" ht="0"><c><v>1</v></c></row>'
            '<row r="4" hidden="0"><c><v>1</v></c></row><row r="5" outlineLevel="1" hidden="true"><c><v>1</v></c></row>'
        )
        columns = '<cols><col min="1" max="2" hidden="1"/><col min="4" max="4" width="0"/><col min="5" max="9"/></cols>'
        sheet = read_sheet(package(path, parts={SHEET: sheet_xml(rows, columns)}))

        assert sheet.hidden_rows == {1, 3, 5}
        assert sheet.hidden_columns == {1, 2, 4}
        assert not sheet.is_filtered

    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ("", '<autoFilter ref="A1:B9"/>', False),
            ("", '<autoFilter ref="A1:B9"><filterColumn colId="0"/></autoFilter>', True),
            ('<sheetPr filterMode="1"/>', "", True),
            (
                "",
                '<customSheetViews><x><autoFilter><filterColumn colId="0"/></autoFilter></x></customSheetViews>',
                False,
            ),
        ],
    )
    def test_a_filter_left_on(self, path: Path, before: str, after: str, expected: bool) -> None:
        """The arrows alone hide nothing, nor does a filter of a stored view."""
        part = sheet_xml("", before).replace("</worksheet>", after + "</worksheet>")

        assert read_sheet(package(path, parts={SHEET: part})).is_filtered == expected

    def test_a_filter_of_a_table(self, path: Path) -> None:
        relation = f'<Relationship Id="r" Type="{RELATIONS}/table" Target="../tables/table1.xml"/></Relationships>'
        parts = {
            "xl/worksheets/_rels/sheet1.xml.rels": ROOT_RELATIONS.replace("</Relationships>", relation),
            "xl/tables/table1.xml": f'<table xmlns="{MAIN}"><autoFilter><filterColumn colId="0"/></autoFilter></table>',
        }

        assert read_sheet(package(path, parts=parts)).is_filtered


class TestCompanions:
    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("xl/vbaProject.bin", "file.macros"),
            ("xl/macrosheets/sheet1.xml", "file.macros"),
            ("xl/externalLinks/externalLink1.xml", "file.external_links"),
            ("xl/embeddings/oleObject1.bin", "file.embedded"),
            ("xl/activeX/activeX1.xml", "file.embedded"),
            ("xl/connections.xml", "file.embedded"),
            ("xl/queryTables/queryTable1.xml", "file.embedded"),
        ],
    )
    def test_are_told_once_and_left_alone(self, path: Path, name: str, code: str) -> None:
        """Macros, links, objects and connections are neither opened nor followed."""
        content = read_workbook(package(path, "<row><c><v>1</v></c></row>", {name: "\0", name + "2": "\0"}))

        assert [note.code for note in content.notes] == [code]
        assert len(content.sheets[0].cells) == 1
        assert code in MESSAGES

    def test_are_known_by_their_relation_too(self, path: Path) -> None:
        """The name of a part is free."""
        relation = f'<Relationship Id="r" Type="{RELATIONS}/vbaProject" Target="x.bin"/></Relationships>'
        parts = {"xl/_rels/workbook.xml.rels": WORKBOOK_RELATIONS.replace("</Relationships>", relation)}

        assert [note.code for note in read_workbook(package(path, parts=parts)).notes] == ["file.macros"]

    def test_of_an_ordinary_file_are_none(self, path: Path) -> None:
        assert read_workbook(package(path, "<row><c><v>1</v></c></row>")).notes == ()


class TestOldFonts:
    FONTS = (
        '<fonts><font><name val="Times New Roman"/></font><font><name val=".VnTime"/></font>'
        '<font><name val="VNI-Times"/></font><font><name val=".VnTimeH"/></font></fonts>'
        '<cellStyleXfs><xf fontId="1"/></cellStyleXfs>'
        '<cellXfs><xf fontId="0"/><xf fontId="1"/><xf fontId="2"/><xf fontId="3"/>'
    )
    STYLES = STYLES.replace("<cellXfs>", FONTS, 1)

    def test_are_read_cell_by_cell(self, path: Path) -> None:
        """One shared string is read by the font of each cell that shows it; numbers are numbers in any font."""
        strings = f'<sst xmlns="{MAIN}"><si><t>Tæng sè hé</t></si><si><t>Số hộ</t></si></sst>'
        rows = (
            '<row><c t="s" s="1"><v>0</v></c><c t="s" s="3"><v>0</v></c><c t="s" s="1"><v>1</v></c>'
            '<c s="1"><v>5</v></c><c t="inlineStr" s="2"><is><t>Toång soá</t></is></c>'
            '<c t="str" s="1"><f>A1</f><v>§Êt</v></c></row>'
        )
        parts = {"xl/styles.xml": self.STYLES, "xl/sharedStrings.xml": strings}
        content = read_workbook(package(path, rows, parts))

        assert [content.sheets[0].at(1, column).value for column in range(1, 7)] == [
            "Tổng số hộ", "TỔNG SỐ HỘ", "Số hộ", 5, "Tổng số", "Đất",
        ]  # fmt: skip
        assert [(note.code, dict(note.details)) for note in content.notes] == [
            ("structure.legacy_font", {"sheet": "S", "cell": "A1", "count": 4})
        ]

    def test_of_runs_count_before_that_of_the_cell(self, path: Path) -> None:
        """Pieces of one cell may be typed in different fonts."""
        rich = (
            '<r><t>§Êt </t></r><r><rPr><rFont val="Arial"/></rPr><t>đất </t></r>'
            '<r><rPr><rFont val="VNI-Times"/></rPr><t>ña</t></r><r><rPr><rFont val="VNI-Times"/></rPr><t>át</t></r>'
        )
        parts = {"xl/styles.xml": self.STYLES, "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si>{rich}</si></sst>'}
        rows = f'<row><c t="s" s="1"><v>0</v></c><c t="inlineStr" s="1"><is>{rich}</is></c></row>'

        assert values(read_cells(path, rows, parts)) == {"A1": "Đất đất đất", "B1": "Đất đất đất"}

    def test_are_suspected_where_no_font_says_so(self, path: Path) -> None:
        """The text stays as it is; the sheet and the first cell are told."""
        strings = STRINGS.replace("một", "Tæng sè hé").replace("<si><t/></si>", "<si><t>Toång soá hoä</t></si>")
        rows = '<row><c/><c t="s"><v>3</v></c><c t="s"><v>0</v></c></row>'
        content = read_workbook(package(path, rows, {"xl/sharedStrings.xml": strings}))

        assert [content.sheets[0].text(1, column) for column in (2, 3)] == ["Toång soá hoä", "Tæng sè hé"]
        assert [(note.code, dict(note.details)) for note in content.notes] == [
            ("structure.maybe_legacy_font", {"sheet": "S", "cell": "B1", "count": 2})
        ]
