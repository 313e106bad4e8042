"""The fast way to read a return gives what the thorough one gives, or nothing."""

import datetime as dt
import random
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import TEMPLATE
from tests.corpus.all_damages import DAMAGES
from tests.corpus.damage import Damage
from tests.corpus.form import Base, Form
from tests.corpus.measuring import SEEDS, shipped_base, small_base
from tests.forms import form_layout, inputs, write_filled
from tests.office import saved_by_office
from workbook_tools.annotated_copies import annotated
from workbook_tools.catalogue import Catalogue
from workbook_tools.excel_reading import read_workbook
from workbook_tools.fast_reading import learn, read_by_plans, read_fast
from workbook_tools.form_layout import lay_out
from workbook_tools.form_reading import read_return, read_thoroughly
from workbook_tools.form_writing import Identity, write_form
from workbook_tools.indicators import Role
from workbook_tools.observations import Return
from workbook_tools.periods import parse_period
from workbook_tools.plain_numbers import plain_number
from workbook_tools.plain_sheets import read_plain
from workbook_tools.readings import Status
from workbook_tools.values import read_value

QUICK = [name for name, one in DAMAGES.items() if not one.needs_office]
RETURNS = sorted((Path(__file__).parents[1] / "examples" / "returns").glob("*.xlsx"))


def fresh(catalogue: Catalogue) -> Catalogue:
    """The same catalogue, which remembers nothing."""
    return replace(catalogue)


def learned(catalogue: Catalogue, path: Path) -> Catalogue:
    """A catalogue that remembers one form."""
    own = fresh(catalogue)
    read_return(path, own)
    assert read_fast(path, own) is not None
    return own


def read_fast_or_not(path: Path, catalogue: Catalogue) -> Return | None:
    """The return as read fast, which is as the thorough reading gives it."""
    found = read_fast(path, catalogue)
    if found is not None:
        thorough = read_thoroughly(path, catalogue)
        assert found.findings == thorough.findings
        assert found.cells == thorough.cells
        assert found == thorough
    return found


@pytest.fixture(scope="module")
def bases(small_template: Path) -> dict[int, Base]:
    return {seed: small_base(small_template, seed) for seed in SEEDS}


@pytest.fixture(scope="module")
def shipped() -> Base:
    return shipped_base(TEMPLATE, SEEDS[0])


@pytest.fixture
def knowing(bases: dict[int, Base], tmp_path: Path) -> Catalogue:
    """A catalogue that remembers the form of the first seed."""
    path = tmp_path / "first.xlsx"
    path.write_bytes(bases[1].data)
    return learned(bases[1].catalogue, path)


class TestPlainForms:
    def test_the_first_is_learned_and_the_others_are_read_fast(self, bases: dict[int, Base], tmp_path: Path) -> None:
        catalogue = fresh(bases[1].catalogue)
        paths = [tmp_path / f"{seed}.xlsx" for seed in bases]
        for path, base in zip(paths, bases.values(), strict=True):
            path.write_bytes(base.data)

        first = [read_fast(path, catalogue) is None for path in paths]
        read = [read_return(path, catalogue) for path in paths]
        then = [read_fast(path, catalogue) for path in paths]

        assert first == [True] * len(paths)
        assert then == read == [read_thoroughly(path, fresh(catalogue)) for path in paths]

    def test_shipped_returns(self, catalogue: Catalogue) -> None:
        """One shipped return is learned from the other."""
        own = learned(catalogue, RETURNS[0])

        assert all(read_fast_or_not(path, own) is not None for path in RETURNS)

    def test_saved_by_openpyxl(self, knowing: Catalogue, bases: dict[int, Base], tmp_path: Path) -> None:
        """Texts stand in the cells themselves then, with their accents as numbers of characters."""
        path = tmp_path / "saved.xlsx"
        bases[2].workbook().save(path)

        assert read_fast_or_not(path, knowing) is not None

    @pytest.mark.office
    @pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
    def test_saved_by_libreoffice(self, catalogue: Catalogue, small: Catalogue, tmp_path: Path) -> None:
        paths = [write_filled(tmp_path / "small.xlsx", small), Path(shutil.copy(RETURNS[0], tmp_path / "shipped.xlsx"))]
        own = [learned(small, paths[0]), learned(catalogue, paths[1])]
        saved = saved_by_office(paths, tmp_path)

        assert all(read_fast_or_not(path, one) is not None for path, one in zip(saved, own, strict=True))

    def test_form_of_some_fields(self, small: Catalogue, tmp_path: Path) -> None:
        """It owes the cells of its fields only, and is no copy of the whole form."""
        whole, part = (tmp_path / f"{name}.xlsx" for name in ("whole", "part"))
        identity = Identity("07399", "Thị trấn Kép", parse_period("2023"), "xã")
        write_form(whole, lay_out(small, level="xã"), identity)
        write_form(part, lay_out(small, level="xã", fields=["farms"]), identity)
        own = learned(small, whole)

        assert read_fast(part, own) is None

        read_return(part, own)

        assert read_fast_or_not(part, own) is not None
        assert read_fast_or_not(whole, own) is not None

    def test_other_unit_and_other_period(self, small: Catalogue, tmp_path: Path) -> None:
        """The unit may be another; another year has other headings and is learned on its own."""
        first = write_filled(tmp_path / "first.xlsx", small)
        own = learned(small, first)
        layout = form_layout(small)
        other, later = tmp_path / "other.xlsx", tmp_path / "later.xlsx"
        write_form(other, layout, Identity("07402", "Xã Tân Dĩnh", parse_period("2023"), "xã"))
        write_form(later, layout, Identity("07402", "Xã Tân Dĩnh", parse_period("2024"), "xã"))

        assert read_fast_or_not(other, own) is not None
        assert read_fast(later, own) is None


class TestDamages:
    @pytest.mark.parametrize("name", QUICK)
    def test_read_as_thoroughly_or_not_fast(
        self, name: str, bases: dict[int, Base], knowing: Catalogue, tmp_path: Path
    ) -> None:
        """Every damage, with the undamaged form learned before; and the undamaged forms after the damaged ones."""
        for path in damaged(DAMAGES[name], {2: bases[2]}, tmp_path):
            read_fast_or_not(path, knowing)
            other = fresh(knowing)
            read_return(path, other)
            read_fast_or_not(tmp_path / "first.xlsx", other)

    @pytest.mark.parametrize("name", QUICK[::20])
    def test_of_the_shipped_template(self, name: str, shipped: Base, tmp_path: Path) -> None:
        first = tmp_path / "first.xlsx"
        first.write_bytes(shipped.data)
        own = learned(shipped.catalogue, first)

        for path in damaged(DAMAGES[name], {SEEDS[0]: shipped}, tmp_path):
            read_fast_or_not(path, own)


def damaged(one: Damage, bases: dict[int, Base], folder: Path) -> Iterator[Path]:
    """The forms with a damage, each under the name the damage gives it."""
    for seed, base in bases.items():
        form = Form(base)
        if one.action(form, random.Random(f"{one.name} {seed}")).is_done:
            (folder / str(seed)).mkdir()
            path = folder / str(seed) / form.name
            path.write_bytes(form.saved())
            yield path


class TestAnnotatedCopies:
    def test_read_as_thoroughly_or_not_fast(self, knowing: Catalogue, bases: dict[int, Base], tmp_path: Path) -> None:
        """Notes and a sheet of findings are more than the form has."""
        path = tmp_path / "copy.xlsx"
        path.write_bytes(bases[2].data)
        path.write_bytes(annotated(path.read_bytes(), read_return(path, knowing)))

        assert read_fast(path, knowing) is None


def texts_of(catalogue: Catalogue) -> list[str]:
    """Texts that may be more than texts: words of the form, words for no number, numbers in letters."""
    words = [
        "x",
        "-",
        "…",
        "",
        " ",
        "Cộng",
        "1. Cộng",
        "Giải trình",
        "ĐVT: nghìn người",
        "trên 2.000",
        "12,5%",
        "28.333",
    ]
    words += [
        "#N/A",
        "#field farms",
        "#columns",
        "name",
        "length",
        "note",
        "Céng hoµ x· héi",
        "_x000D_",
        "a&<b>",
        "=1+2",
    ]
    words += ["Chủ tịch", "(Ký tên, đóng dấu)", "05/03/2023", "Tốt", "Hoàn thành", "xã", "1", "(1)", "12 nghìn", "Nam"]
    words += [text for one in catalogue.indicators.values() for text in (one.label, one.code, one.label.upper())]
    words += [
        text for one in catalogue.fields for text in (one.title, one.sheet, *(block.title for block in one.blocks))
    ]
    return words


NUMBERS = st.one_of(
    st.integers(-5, 5), st.integers(-(10**18), 10**18), st.floats(-1e6, 1e6),
    st.floats(allow_nan=False, allow_infinity=False), st.decimals(-1000, 1000, places=2).map(float),
)  # fmt: skip
OTHERS = st.one_of(
    st.booleans(), st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2040, 1, 1)), st.just("=1+2"), st.just("=E5*2"),
    st.just("=150,5"), st.text(max_size=12).filter(lambda text: text.isprintable()),
)  # fmt: skip
FORMATS = ("General", "0", "#,##0.00", "0%", '#,##0" nghìn"', "dd/mm/yyyy", "@", "#,##0,")


class TestRandomForms:
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_whatever_is_typed(self, data: st.DataObject, bases: dict[int, Base], knowing: Catalogue) -> None:
        """Anything in any cell of the form or beside it, in any format."""
        texts = texts_of(knowing)
        workbook = bases[data.draw(st.sampled_from(SEEDS))].workbook()
        slots = [slot for slot in bases[1].layout.slots() if slot.role is not Role.CLOSED]
        beside = data.draw(st.booleans()) and data.draw(st.booleans())
        for _ in range(data.draw(st.integers(1, 12))):
            slot = data.draw(st.sampled_from(slots))
            cell = workbook[slot.sheet].cell(*slot.position)
            if beside:
                cell = workbook[slot.sheet].cell(data.draw(st.integers(1, 40)), data.draw(st.integers(1, 14)))
            if isinstance(cell, openpyxl.cell.MergedCell):
                continue
            value = data.draw(st.one_of(NUMBERS, st.sampled_from(texts), OTHERS))
            cell.value = value
            if isinstance(value, int | float) and data.draw(st.booleans()):
                cell.number_format = data.draw(st.sampled_from(FORMATS))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "kep.xlsx"
            workbook.save(path)
            read_fast_or_not(path, knowing)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 10**9))
    def test_ordinary_figures_are_read_fast(self, seed: int, bases: dict[int, Base], knowing: Catalogue) -> None:
        """A form filled with ordinary numbers takes the fast path, whichever cells they stand in."""
        choose = random.Random(seed)
        layout = bases[1].layout
        values = {slot.name: choose.choice((choose.randrange(10**6), round(choose.random() * 100, 2)))
                  for slot in inputs(layout) if slot.subject.kind.is_numeric and choose.random() < 0.7}  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "kep.xlsx"
            write_form(path, layout, Identity("07399", "Thị trấn Kép", parse_period("2023"), "xã"), values)

            assert read_fast_or_not(path, knowing) is not None


class TestTypedTexts:
    @pytest.mark.parametrize("text", ["Diện tích lúa", "1. Diện tích lúa", "Cộng", "people.total", "Chủ tịch", "#list"])
    def test_words_of_the_form_are_looked_at_thoroughly(
        self, text: str, knowing: Catalogue, bases: dict[int, Base], tmp_path: Path
    ) -> None:
        """The name of a road that could be the label of a row, in the column of the labels."""
        workbook = bases[1].workbook()
        slot = next(one for one in bases[1].layout.slots() if one.name.measure == "name")
        workbook[slot.sheet].cell(*slot.position).value = text
        workbook.save(path := tmp_path / "kep.xlsx")

        assert read_fast(path, knowing) is None

    def test_notes_and_explanations(self, small: Catalogue, bases: dict[int, Base], tmp_path: Path) -> None:
        own = learned(small, write_filled(tmp_path / "first.xlsx", small))
        workbook = bases[1].workbook()
        cells = {cell.value: cell for name in ("Kiểm tra", "01 Dân số") for row in workbook[name] for cell in row}
        rule, explanation, total, note = (
            cells[code].coordinate for code in ("farms.yield_high", "explanation", "people.total", "note")
        )
        checks, people = workbook["Kiểm tra"], workbook["01 Dân số"]
        checks[explanation.rstrip("0123456789") + rule.lstrip("A")] = "Đã xác minh với Chi cục Thống kê"
        people[note.rstrip("0123456789") + total.lstrip("A")] = " Theo Công an xã "
        workbook.save(path := tmp_path / "kep.xlsx")

        returned = read_fast_or_not(path, own)

        assert returned is not None
        assert returned.explanations == {"farms.yield_high": "Đã xác minh với Chi cục Thống kê"}
        assert any(cell.observation.text == "Theo Công an xã" for cell in returned.cells)


def edited(path: Path, target: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """A copy of a package with one part changed."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            copy.writestr(name, change(source.read(name)) if name == part else source.read(name))
    return target


SHEET = "xl/worksheets/sheet3.xml"
STRINGS = "xl/sharedStrings.xml"
CHANGES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "comment": (SHEET, lambda data: data.replace(b"</sheetData>", b"<!-- <c r=\"Z9\"/> --></sheetData>")),
    "literal": (SHEET, lambda data: data.replace(b"<v>", b"<v><![CDATA[1]]>", 1)),
    "not closed": (SHEET, lambda data: data.replace(b"</row>", b"", 1)),
    "two addresses": (SHEET, lambda data: data.replace(b'<c r="A1"', b'<c r="B1"', 1)),
    "two styles": (SHEET, lambda data: re.sub(rb'( s="[0-9]+")', rb"\1\1", data, count=1)),
    "control sign": (STRINGS, lambda data: data.replace("Thị".encode(), b"\x01", 1)),
    "not UTF-8": (STRINGS, lambda data: data.replace("Thị".encode(), b"\xff", 1)),
    "other encoding": (SHEET, lambda data: data.replace(b'encoding="UTF-8"', b'encoding="latin-1"')),
    "unknown entity": (STRINGS, lambda data: data.replace("Thị".encode(), b"&eacute;", 1)),
    "no character": (STRINGS, lambda data: data.replace("Thị".encode(), b"&#1;", 1)),
    "hidden row": (SHEET, lambda data: data.replace(b'<row r="10"', b'<row r="10" hidden="1"')),
    "hidden column": (SHEET, lambda data: data.replace(b"<sheetData>", b"<cols/><sheetData>").replace(
        b'<col min="5"', b'<col hidden="1" min="5"')),
    "merged": (SHEET, lambda data: data.replace(b"<mergeCells ", b'<mergeCells x="1" ').replace(
        b"</mergeCells>", b'<mergeCell ref="E10:F10"/></mergeCells>')),
    "shared formula": (SHEET, lambda data: data.replace(b"<f>", b'<f t="shared" si="0" ref="I10">', 1)),
    "alternatives": (SHEET, lambda data: data.replace(
        b"<sheetData>", b'<mc:AlternateContent xmlns:mc="m"/><sheetData>')),
    "rich text": (STRINGS, lambda data: data.replace(
        "<si><t>Thị trấn Kép</t></si>".encode(), "<si><r><t>Thị </t></r><r><t>trấn Kép</t></r></si>".encode())),
    "legacy font": ("xl/styles.xml", lambda data: data.replace(b'val="Times New Roman"', b'val=".VnTime"', 1)),
    "1904": ("xl/workbook.xml", lambda data: data.replace(b"<workbookPr", b'<workbookPr date1904="1"')),
    "cells of nobody": (SHEET, lambda data: data.replace(b"</sheetData>", b'<c r="E10"><v>5</v></c></sheetData>')),
    "extension": (SHEET, lambda data: data.replace(
        b"</worksheet>", b'<extLst><sheetData><row><c r="E10"><v>7</v></c></row></sheetData></extLst></worksheet>')),
    "second table": (SHEET, lambda data: data.replace(
        b"<sheetData>", b'<sheetData><row r="90"><c r="E90"><v>7</v></c></row></sheetData><sheetData>', 1)),
}  # fmt: skip


class TestUnusualPackages:
    @pytest.mark.parametrize("name", CHANGES)
    def test_read_as_thoroughly_or_not_fast(self, name: str, small: Catalogue, tmp_path: Path) -> None:
        """XML that is unusual or broken: nothing is read otherwise, and nothing that is refused is read."""
        first = write_filled(tmp_path / "first.xlsx", small)
        own = learned(small, first)
        path = edited(first, tmp_path / "kep.xlsx", *CHANGES[name])

        read_fast_or_not(path, own)
        book = read_plain(path)
        sheets = book.sheets() if book else None
        for plain, thorough in zip(sheets or (), read_workbook(path).sheets if sheets else (), strict=True):
            assert name == "merged" or plain.as_content().cells == thorough.cells

    def test_changes_are_made(self, small: Catalogue, tmp_path: Path) -> None:
        """Every change of the list changes something."""
        first = write_filled(tmp_path / "first.xlsx", small)
        with zipfile.ZipFile(first) as package:
            same = [
                name for name, (part, change) in CHANGES.items() if change(package.read(part)) == package.read(part)
            ]

        assert same == []

    def test_bytes_changed_on_the_way(self, knowing: Catalogue, bases: dict[int, Base], tmp_path: Path) -> None:
        choose, path = random.Random(7), tmp_path / "kep.xlsx"
        for _ in range(60):
            data = bytearray(bases[1].data)
            data[choose.randrange(len(data))] ^= choose.randrange(1, 256)
            path.write_bytes(data)
            read_fast_or_not(path, knowing)


class TestPlans:
    def test_of_a_form_that_had_to_be_bridged_are_not_kept(self, bases: dict[int, Base], tmp_path: Path) -> None:
        own = fresh(bases[1].catalogue)
        workbook = bases[1].workbook()
        workbook["01 Dân số"].title = "Dan so"
        workbook.save(path := tmp_path / "kep.xlsx")
        sheets = read_plain(path)
        assert sheets is not None

        learn(sheets, read_thoroughly(path, own), own)

        assert read_by_plans(sheets, own, path.name) is None


class TestPlainNumbers:
    @settings(max_examples=400, deadline=None)
    @given(
        number=NUMBERS,
        kind=st.sampled_from(("number", "count", "money", "percent", "text", "date")),
        unit=st.sampled_from(("", "người", "%", "triệu đồng", "ha", "‰")),
        number_format=st.sampled_from((*FORMATS, "#,##0;[Red]-0%", "0.0E+00", '0.00" triệu đồng"')),
        signed=st.booleans(),
        references=st.lists(st.floats(0, 1e6), max_size=3),
    )
    def test_read_as_by_the_whole_reader(
        self, number: float, kind: str, unit: str, number_format: str, signed: bool, references: list[float]
    ) -> None:
        """Where it gives a number, the reader of all contents gives it too, whatever else stands in the row."""
        plain = plain_number(number, kind, unit, number_format, signed)
        whole = read_value(
            number, kind=kind, unit=unit, number_format=number_format, signed=signed, references=references
        )

        if plain is not None:
            assert (whole.status, whole.value, whole.qualifier, whole.text, whole.raw, whole.notes) == (
                Status.VALUE, plain[0], "", "", plain[1], (),
            )  # fmt: skip
