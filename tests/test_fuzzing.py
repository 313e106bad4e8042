"""Whatever happens to a file on its way: reading ends soon, its books balance, and no number is another one.

Damage is done inside the parts of a package, which is then packed again with right checksums: so it reaches those who
read the parts.
"""

import datetime
import math
import struct
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests import other_formats as make
from tests.forms import assert_balanced, observations, write_filled
from tests.helpers import tries
from tests.random_formulas import random_formula
from tests.test_excel_reading import WORKBOOK, package
from tests.test_file_formats import WRITERS
from tests.test_number_fuzzing import nonzero_digits
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import MAXIMUM_COLUMN, MAXIMUM_ROW, FigureName, Position, parse_position
from workbook_tools.errors import WorkbookReadError
from workbook_tools.excel_reading import read_workbook
from workbook_tools.form_reading import read_return
from workbook_tools.formula_parsing import parse
from workbook_tools.formula_rendering import render
from workbook_tools.formulas import Figure, FormulaError, ListColumn
from workbook_tools.messages import MESSAGES
from workbook_tools.observations import REFUSED, Return
from workbook_tools.read_cells import Observation
from workbook_tools.readings import Status
from workbook_tools.workbook_contents import CellContent, WorkbookContent

SECONDS = 5.0
"""Of a processor; a small form takes a hundredth of one."""

QUICK = settings(max_examples=tries(70), deadline=None, suppress_health_check=list(HealthCheck))
ODD = (
    "", "-1", "0", "1", "7", "nan", "INF", "1e400", "1_000", " 5 ", "1,5", "1.234", "0x10", "١٢", "\u00a0", "1e-320",
    "99999999999999999999", "2147483648", "-2147483649", "A0", "E10", "G12", "XFD1048577", "A1:XFD1048576", "C9:C12",
    "s", "b", "e", "d", "n", "str", "inlineStr", "shared", "array", "true", "hidden", "worksheet", "../../x", "rId1",
    "='x'!A1", "=1+2", "#REF!", "0%", "dd/mm/yyyy", "0.00E+00", ";;;", ".VnTime", "_x0041_", "01 Dân số", "people.male",
    "actual", "plan", "Nam", "#heading", "#block", "tỷ đồng", "2024", "12-2023",
)  # fmt: skip
"""What attributes and texts are replaced by."""

Parts = dict[str, bytes]
Change = tuple[str, int, int, int, str]
"""What is done, to which part, at which two places, and with what."""

PLACES = st.integers(0, 2**20)
CHUNKS = ("overwrite", "delete", "duplicate", "insert", "cut")
ELEMENTS = ("attribute", "text", "duplicate element", "remove element", "move element", "swap elements")
WHOLES = ("swap parts", "drop part", "rename part")


def changes(kinds: Sequence[str], most: int = 3) -> st.SearchStrategy[list[Change]]:
    one = st.tuples(st.sampled_from(kinds), PLACES, PLACES, PLACES, st.sampled_from(ODD))
    return st.lists(one, min_size=1, max_size=most)


def changed(parts: Mapping[str, bytes], wanted: Sequence[Change]) -> Parts:
    """The parts after all changes; one that no longer is XML is left as it is by those of elements."""
    result = dict(parts)
    for kind, number, first, second, odd in wanted:
        names = sorted(result)
        name = names[number % len(names)]
        if kind in CHUNKS:
            result[name] = _chunk_changed(result[name], kind, first, second, odd)
        elif kind in ELEMENTS:
            result[name] = _element_changed(result[name], kind, first, second, odd)
        elif kind == "swap parts":
            other = names[first % len(names)]
            result[name], result[other] = result[other], result[name]
        elif kind == "drop part" and len(names) > 1:
            del result[name]
        elif kind == "rename part":
            result[name.upper() if first % 2 else name + str(second % 3)] = result.pop(name)
    return result


def _chunk_changed(data: bytes, kind: str, first: int, second: int, odd: str) -> bytes:
    start = first % (len(data) + 1)
    end = start + 1 + second % 40
    chunk = data[start:end]
    match kind:
        case "overwrite":
            return data[:start] + bytes(byte ^ (second % 255 + 1) for byte in chunk[:3]) + data[start + 3 :]
        case "delete":
            return data[:start] + data[end:]
        case "duplicate":
            return data[:end] + chunk + data[end:]
        case "insert":
            return data[:start] + odd.encode() + data[start:]
    return data[:start]


def _element_changed(data: bytes, kind: str, first: int, second: int, odd: str) -> bytes:
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return data
    elements = [one for one in root.iter() if isinstance(one.tag, str) and one is not root]
    if not elements:
        return data
    element, other = elements[first % len(elements)], elements[second % len(elements)]
    parent = element.getparent()
    assert parent is not None
    if kind == "attribute" and element.attrib:
        element.set(sorted(map(str, element.attrib))[second % len(element.attrib)], odd)
    elif kind == "text":
        element.text = odd
    elif kind == "duplicate element":
        parent.insert(parent.index(element), etree.fromstring(etree.tostring(element)))
    elif kind == "remove element":
        parent.remove(element)
    elif kind == "move element" and element not in other.iterancestors() and element is not other:
        other.append(element)
    elif kind == "swap elements":
        element.text, other.text = other.text, element.text
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def unpacked(path: Path) -> Parts:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(path: Path, parts: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


@contextmanager
def soon() -> Iterator[None]:
    """What is done inside takes no more than the time allowed."""
    started = time.process_time()
    yield
    assert time.process_time() - started < SECONDS


class Standing:
    """What stands in the cells of a package, found by simplest means: texts by sheet and cell."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = {name.lower(): data for name, data in parts.items()}
        self.texts: dict[tuple[str, str], list[str]] = {}
        targets = {one.get("Id"): one.get("Target", "") for one in self._elements("xl/_rels/workbook.xml.rels")}
        strings = self._elements("xl/sharedstrings.xml", "si")
        self.strings = ["".join(text.text or "" for text in one.iter("{*}t")) for one in strings]
        for sheet in self._elements("xl/workbook.xml", "sheet"):
            # A prefix nobody declared stays in the name of the attribute.
            relation = next((value for key, value in sheet.attrib.items() if str(key).endswith(("}id", ":id"))), "")
            self._take_sheet(sheet.get("name", ""), targets.get(str(relation), ""))

    def _elements(self, name: str, tag: str = "*") -> "list[etree._Element]":
        try:
            parser = etree.XMLParser(recover=True)  # Else it stops at odd names of namespaces, too.
            root = etree.fromstring(self.parts.get(name.lower(), b""), parser)
            return [] if root is None else list(root.iter("{*}" + tag))
        except etree.XMLSyntaxError:
            return []

    def _take_sheet(self, name: str, target: str) -> None:
        row = column = 0
        part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        for element in self._elements(part):
            tag = etree.QName(element).localname
            try:
                if tag == "row":
                    row, column = int(element.get("r") or row + 1), 0
                elif tag == "c":
                    row, column = parse_position(element.get("r") or Position(row, column + 1).name)
                    told = self.texts.setdefault((name, Position(row, column).name), [])
                    told.extend(self._text(element))
            except ValueError:
                continue

    def _text(self, cell: "etree._Element") -> Iterator[str]:
        values = [one.text or "" for one in cell.iter("{*}v")]
        yield from values
        yield "".join(one.text or "" for one in cell.iter("{*}t"))
        for value in values:
            if value.strip().isdecimal() and int(value) < len(self.strings):
                yield self.strings[int(value)]

    def digits(self, sheet: str, cell: str) -> set[str]:
        """The digits of what stands in a cell, whatever power of ten its unit or format makes of it."""
        return {digits for text in self.texts.get((sheet, cell), ()) for digits in (nonzero_digits(text), exact(text))}


def exact(text: str) -> str:
    """The digits of a number as a workbook stores it."""
    try:
        number = float(text)
    except ValueError:
        return ""
    return nonzero_digits(f"{Decimal(repr(number)):f}") if math.isfinite(number) else ""


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory, small: Catalogue) -> Path:
    """A filled form."""
    return write_filled(tmp_path_factory.mktemp("form") / "x.xlsx", small)


@pytest.fixture(scope="module")
def sound(form: Path, small: Catalogue) -> Return:
    """What the form says before it is damaged."""
    return read_return(form, small)


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the damaged file stands."""
    return tmp_path_factory.mktemp("damaged") / "x.xlsx"


Damage = Callable[[Sequence[Change]], Return]


@pytest.fixture(scope="module")
def read_damaged(form: Path, damaged: Path, sound: Return, small: Catalogue) -> Damage:
    """Reads the form after some changes, and asserts everything that holds of any file."""
    parts = unpacked(form)
    return lambda wanted: _read_damaged(packed(damaged, changed(parts, wanted)), sound, small)


def _read_damaged(path: Path, sound: Return, catalogue: Catalogue) -> Return:
    with soon():
        returned = read_return(path, catalogue)
    assert_balanced(returned)
    for finding in returned.findings:
        assert finding.message()
        assert finding.advice() or finding.severity == "info"
    if returned.status != REFUSED:
        standing = Standing(unpacked(path))
        assert_nothing_invented(returned, standing)
        assert_nothing_changed_in_silence(returned, sound, standing)
    return returned


def assert_nothing_invented(returned: Return, standing: Standing) -> None:
    """Every value is made of the digits that stand in the cell it names."""
    reckoned = {(one.sheet, one.cell) for one in returned.findings if one.code == "value.formula_reckoned"}
    for one in observations(returned).values():
        if one.value is not None and (one.sheet, one.cell) not in reckoned:
            found = nonzero_digits(f"{Decimal(repr(one.value)):f}")
            assert found in standing.digits(one.sheet, one.cell), one


def assert_nothing_changed_in_silence(returned: Return, sound: Return, standing: Standing) -> None:
    """A figure is read from the cell where it always stood, or there is a finding that was not there before."""
    if {finding.code for finding in returned.findings} - {finding.code for finding in sound.findings}:
        return
    before, after = _places(observations(sound)), _places(observations(returned))
    assert {name: after[name] for name in before if name in after} == {
        name: place for name, place in before.items() if name in after
    }
    raw = {name: one.raw for name, one in observations(sound).items()}
    found = set(after.values())
    lost = {name: place for name, place in before.items() if place not in found}
    assert not {name for name, place in lost.items() if raw[name] in standing.texts.get(place, ())}


def _places(cells: Mapping[FigureName, Observation]) -> dict[FigureName, tuple[str, str]]:
    return {name: (one.sheet, one.cell) for name, one in cells.items() if one.status != Status.MISSING}


class TestFilledForm:
    def test_is_read_whole(self, read_damaged: Damage) -> None:
        """The means of these tests find nothing wrong with a sound form."""
        returned = read_damaged([])

        assert returned.status == "accepted"
        assert returned.taken == 25

    @QUICK
    @given(changes(CHUNKS))
    @example([("overwrite", 1114, 132, 0, "")])  # The prefix of the relations is declared by another name.
    def test_with_damaged_bytes(self, read_damaged: Damage, wanted: list[Change]) -> None:
        """Bytes overwritten, deleted, doubled, inserted or cut off."""
        read_damaged(wanted)

    @QUICK
    @given(changes(ELEMENTS, most=5))
    def test_with_other_elements(self, read_damaged: Damage, wanted: list[Change]) -> None:
        """Well-formed XML of which attributes, texts and elements are others than they were."""
        read_damaged(wanted)

    @QUICK
    @given(changes(WHOLES + ELEMENTS))
    def test_with_other_parts(self, read_damaged: Damage, wanted: list[Change]) -> None:
        """Parts changed places, names, or are missing."""
        read_damaged(wanted)


def opened(path: Path) -> tuple[WorkbookContent | None, WorkbookReadError | None]:
    """The workbook, or why there is none."""
    try:
        with soon():
            return read_workbook(path), None
    except WorkbookReadError as error:
        return None, error


def assert_orderly(path: Path) -> None:
    """A workbook whose cells stand on the grid and whose numbers are finite, or a refusal that can be told."""
    workbook, refusal = opened(path)
    if refusal is not None:
        told = [wording.format(**{"file": path.name, **refusal.details}) for wording in MESSAGES[refusal.code][1:]]
        assert any(told)
    for sheet in workbook.sheets if workbook else ():
        for position, content in sheet.cells.items():
            assert 1 <= position.row <= MAXIMUM_ROW
            assert 1 <= position.column <= MAXIMUM_COLUMN
            assert not isinstance(content.value, float) or math.isfinite(content.value)


def write_page(path: Path) -> Path:
    """A web page as Excel saves it."""
    path.write_text(
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8">'
        '<style>.a{mso-number-format:"0\\.00";}</style></head><body><table><caption>Biểu</caption>'
        '<tr><td rowspan=2 colspan="3">Hộ</td><td class=a x:num="12.5">12,5</td></tr>'
        '<tr style="display:none"><td x:fmla="=1+2" x:num>3</td><td x:err="#N/A"></td></tr>'
        "<tr><td><table><tr><td>trong</td></tr></table></td></tr></table></body></html>",
        "utf-8",
    )
    return path


def write_text_table(path: Path) -> Path:
    """A table as text."""
    path.write_text('STT;Chỉ tiêu;Thực hiện\r\n1;"Hộ ""nghèo""";1.234,5\r\n2;Sản lượng;7\r\n', "utf-8")
    return path


SAMPLES: dict[str, Callable[[Path], Path]] = {**WRITERS, ".html": write_page, ".csv": write_text_table}


class TestOtherFormats:
    @pytest.mark.parametrize("ending", sorted(SAMPLES))
    @settings(QUICK, max_examples=tries(60))
    @given(wanted=changes(CHUNKS + ELEMENTS))
    def test_any_damage_is_orderly(
        self, tmp_path_factory: pytest.TempPathFactory, ending: str, wanted: list[Change]
    ) -> None:
        """Packages part by part, other files as a whole: read or refused."""
        folder = tmp_path_factory.getbasetemp()
        path = SAMPLES[ending](folder / f"sound{ending}")
        other = folder / f"damaged{ending}"
        if zipfile.is_zipfile(path):
            packed(other, changed(unpacked(path), wanted))
        else:
            other.write_bytes(changed({"": path.read_bytes()}, wanted)[""])

        assert_orderly(other)


def no_figure(_: Figure) -> tuple[str, Position]:
    raise AssertionError


def no_list(_: ListColumn) -> tuple[str, Position, Position]:
    raise AssertionError


PIECES = (
    "=", "+", "-", "*", "/", "^", "&", "%", "(", ")", ",", ":", "<", ">", "<>", "<=", " ", "1", "0.5", "1e5", "1e308",
    "9" * 20, ".5", "A1", "$B$2", "XFD1048576", "A1:B2", "'01 Dân số'!C3", "Sheet1!A1", "''!A1", "'a''b'!A1", '"x"',
    '""""', '"', "'", "!", "SUM(", "IF(", "COUNTIF(", "IFERROR(", "TRUE", "FALSE()", "NOT(", "sum", "A1.", "#REF!",
    "\n", "\t", "é", "½", "\0",
)  # fmt: skip


def mutated_formulas() -> st.SearchStrategy[str]:
    """Sound formulas into which pieces were put, or out of which some were cut."""
    sound = st.randoms(use_true_random=False).map(
        lambda choose: random_formula(choose, ("A1", "'01 Dân số'!B2"), ("A1:A5", "Sheet2!$B$1:C3"), 3)
    )
    return st.tuples(sound, PLACES, st.integers(0, 5), st.sampled_from(PIECES)).map(
        lambda one: one[0][: one[1] % len(one[0])] + one[3] + one[0][one[1] % len(one[0]) + one[2] :]
    )


class TestFormula:
    @settings(QUICK, max_examples=tries(200))
    @given(mutated_formulas() | st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=40))
    @example("=-2^2%")
    @example("=--1")
    @example("=(1=2)=3")
    @example("=1-(2-3)")
    def test_is_refused_or_can_be_written_again(self, text: str) -> None:
        """What is understood, is understood the same when it is written out."""
        with soon():
            try:
                expression = parse(text, "S")
            except FormulaError:
                return
            written = render(expression, "S", no_figure, no_list)

        assert parse(written, "S") == expression


def texts(count: int) -> bytes:
    """A table of three texts that counts others."""
    listed = b"".join(struct.pack("<HB", len(text), 0) + text.encode() for text in ("xa", "thon", "ho"))
    return make.record(0xFC, struct.pack("<II", count, count) + listed)


def shared_text(row: int, number: int, style: int = 0) -> bytes:
    """A cell of an old workbook with a text of the table."""
    return make.cell(0xFD, row, 0, style, struct.pack("<I", number))


class TestOddOldWorkbook:
    def written(self, path: Path, stream: bytes) -> Path:
        path.write_bytes(make.compound({"Workbook": stream}))
        return path

    @pytest.mark.parametrize("count", [0, 3, 255])
    def test_counts_other_texts_than_there_are(self, tmp_path: Path, count: int) -> None:
        """What some programs write as their number does not matter."""
        stream = make.old_workbook({"S": [shared_text(0, 0), shared_text(1, 2)]}, before_sheets=texts(count))
        sheet = read_workbook(self.written(tmp_path / "x.xls", stream)).sheets[0]

        assert [sheet.text(1, 1), sheet.text(2, 1)] == ["xa", "ho"]

    def test_names_a_text_that_is_not_there(self, tmp_path: Path) -> None:
        """It is not taken for another one."""
        stream = make.old_workbook({"S": [shared_text(0, 3)]}, before_sheets=texts(255))
        _, refusal = opened(self.written(tmp_path / "x.xls", stream))

        assert refusal is not None
        assert refusal.code == "file.damaged"

    @pytest.mark.parametrize("cut", [0, 5, 10])
    def test_continues_its_texts_with_nothing(self, tmp_path: Path, cut: int) -> None:
        """A piece of the table without anything stands before the next one, within a text or after the last."""
        long = struct.pack("<IIHB", 2, 2, 10, 0) + b"thon Dong "[:cut]
        rest = b"\0" * (cut < 10) + b"thon Dong "[cut:] + struct.pack("<HB", 2, 0) + b"xa"
        pieces = make.record(0xFC, long) + make.record(0x3C) + make.record(0x3C, rest) + make.record(0x3C)
        stream = make.old_workbook({"S": [shared_text(0, 0), shared_text(1, 1)]}, before_sheets=pieces)
        sheet = read_workbook(self.written(tmp_path / "x.xls", stream)).sheets[0]

        assert [sheet.at(1, 1).value, sheet.at(2, 1).value] == ["thon Dong ", "xa"]

    def test_has_a_version_that_is_none(self, tmp_path: Path) -> None:
        """Of the version only its first part tells how to read."""
        stream = make.old_workbook({"S": [make.number(0, 0, 7)]})
        assert stream.count(b"\x09\x08\x10\x00\x00\x06") == 2
        odd = stream.replace(b"\x09\x08\x10\x00\x00\x06", b"\x09\x08\x10\x00\x80\x06")

        assert read_workbook(self.written(tmp_path / "x.xls", odd)).sheets[0].at(1, 1).value == 7

    def test_names_fonts_and_formats_that_are_not_there(self, tmp_path: Path) -> None:
        """A number is a number in any font."""
        stream = make.old_workbook({"S": [make.number(0, 0, 7, 1)]}, styles=((0, 0), (99, 200)))
        sheet = read_workbook(self.written(tmp_path / "x.xls", stream)).sheets[0]

        assert sheet.at(1, 1) == CellContent(7)

    def test_has_sectors_past_its_end(self, tmp_path: Path) -> None:
        """A compound file may keep more sectors for the workbook than it fills; those past its end say nothing."""
        stream = make.old_workbook({"S": [make.number(row, 0, row) for row in range(400)]})
        path = self.written(tmp_path / "x.xls", stream)
        data = path.read_bytes()
        size = struct.pack("<Q", len(stream))
        assert data.count(size) == 1
        path.write_bytes(data.replace(size, struct.pack("<Q", len(stream) - 1024)))
        _, refusal = opened(path)
        path.write_bytes(data.replace(size, struct.pack("<Q", len(stream) + 5)))

        assert read_workbook(path).sheets[0].at(400, 1).value == 399
        assert refusal is not None


CELL_IN_A_CELL = (
    '<row r="1"><c r="A1"><v>1</v><c r="B1"/></c></row>',
    '<row r="1"><c r="A1"><v>1<c r="B1"/></v></c></row>',
    '<row r="1"><c r="A1"><row r="7"/><v>1</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>',
)


class TestOddWorkbook:
    @pytest.mark.parametrize("rows", CELL_IN_A_CELL)
    def test_with_a_cell_in_a_cell_is_refused(self, tmp_path: Path, rows: str) -> None:
        """Whose value it is cannot be told."""
        _, refusal = opened(package(tmp_path / "x.xlsx", rows))

        assert refusal is not None
        assert refusal.code == "file.damaged"

    def test_of_other_formats_with_a_cell_in_a_cell_is_refused(self, tmp_path: Path) -> None:
        """The same holds where the XML is another one."""
        nested = "<Row><Cell><Data>1</Data><Cell/></Cell></Row>"
        path = tmp_path / "x.xml"
        path.write_text(make.excel_2003(f'<Worksheet ss:Name="S"><Table>{nested}</Table></Worksheet>'), "utf-8")
        cell = '<table:table-cell office:value-type="float" office:value="1"><table:table-cell/></table:table-cell>'
        rows = f"<table:table-row>{cell}</table:table-row>"
        other = make.write_open_document(tmp_path / "x.ods", f'<table:table table:name="S">{rows}</table:table>')

        for one in (path, other):
            _, refusal = opened(one)
            assert refusal is not None
            assert refusal.code == "file.damaged"

    def test_with_what_is_left_of_a_module_is_read(self, tmp_path: Path) -> None:
        """A sheet that leads nowhere, as old macros leave one behind."""
        listed = WORKBOOK.replace("</sheets>", '<sheet name="Module" sheetId="2" r:id=""/></sheets>')
        path = package(tmp_path / "x.xlsx", '<row><c r="A1"><v>1</v></c></row>', {"xl/workbook.xml": listed})

        assert [sheet.name for sheet in read_workbook(path).sheets] == ["S"]

    def test_with_a_length_of_time_is_read(self, tmp_path: Path) -> None:
        """Dates and times in ISO 8601 may be lengths of time."""
        path = package(tmp_path / "x.xlsx", '<row><c r="A1" t="d"><v>PT7H30M0.000S</v></c></row>')

        assert read_workbook(path).sheets[0].at(1, 1).value == datetime.time(7, 30)
