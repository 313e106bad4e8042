"""Returned forms: what was written is read, and damages are bridged, or told and refused, never guessed."""

import random
import shutil
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.forms import (
    FILL,
    UNIT,
    Said,
    as_typed,
    assert_balanced,
    form_layout,
    inputs,
    kind_of,
    observations,
    said,
    write_filled,
)
from tests.helpers import digest
from tests.office import saved_by_office, without_results
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.excel_reading import read_workbook
from workbook_tools.figure_cube import CellFigure
from workbook_tools.form_layout import Slot, lay_out
from workbook_tools.form_reading import read_return
from workbook_tools.form_writing import write_form
from workbook_tools.indicators import Kind, Role
from workbook_tools.observations import ACCEPTED, REFUSED, Return
from workbook_tools.values import normalize_text

PEOPLE, FARMS = "01 Dân số", "02 Nông nghiệp"
ACTUAL = "actual"


# --- what is written is read ---------------------------------------------------------------------------------------

WORDS: Mapping[str, str] = {
    "-": "nil", "không": "nil", "x": "not_applicable", "…": "not_available", "...": "not_available",
    "có báo cáo riêng": "separate_report", "@SUM(1)": "unreadable", "#REF!": "unreadable",
}  # fmt: skip
"""What a text means in the cell of a number."""

ROUGH = {"=1+1": (2.0, ""), "trên 2.000.000": (2e6, ">"), "khoảng 2.000,5": (2000.5, "~"), "≥ 50": (50.0, "≥")}
"""Numbers with words; "trên 2.000" alone may be two things, which its row decides."""

_TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=40)
_NFD = st.sampled_from([unicodedata.normalize("NFD", one) for one in ("Đường Hoà Bình", "Dự án số 2", "Thôn Nghĩa")])


def numbers(slot: Slot) -> st.SearchStrategy[CellFigure]:
    """Numbers of up to 15 digits, negative ones where a count may be so."""
    most = 10**15 - 1
    if kind_of(slot) is Kind.COUNT:
        return st.integers(0, most)
    digits = st.integers(-most, most)
    return st.builds(lambda one, places: float(f"{one}e-{places}"), digits, st.integers(0, 9)) | digits | st.just(0)


def contents(slot: Slot) -> st.SearchStrategy[CellFigure]:
    """What an official may type into a cell."""
    kind = kind_of(slot)
    if kind.is_numeric:
        return numbers(slot) | st.sampled_from([*WORDS, *ROUGH])
    if kind is Kind.CHOICE:
        return st.sampled_from([*slot.subject.choices, "Lạ", "-", "x"])
    if kind is Kind.DATE:
        return st.sampled_from(["05/03/2023", "5.3.2023", "-", "tháng ba"])
    return _TEXTS | _NFD | st.sampled_from(["=1+1", "+5", "@x", "-", "x", "_x0041_", "a\nb", " hai  chữ "])


@st.composite
def fills(draw: st.DrawFn, slots: list[Slot]) -> dict[FigureName, CellFigure]:
    chosen = draw(st.lists(st.sampled_from(slots), unique_by=lambda slot: slot.name, max_size=25))
    return {slot.name: draw(contents(slot)) for slot in chosen}


def expected(slot: Slot, typed: CellFigure) -> Said | None:
    """What a cell should read as; None for nothing."""
    kind = kind_of(slot)
    if isinstance(typed, int | float):
        return ("value", float(typed), "", "")
    text = normalize_text(str(typed or ""))
    if not text:
        return None
    if kind.is_numeric:
        return ("value", *ROUGH[text], "") if text in ROUGH else (WORDS[text], None, "", "")
    if kind is Kind.TEXT:
        return ("value", None, "", text)
    if text in ("-", "x"):
        return ({"-": "nil", "x": "not_applicable"}[text], None, "", "")
    if kind is Kind.CHOICE:
        return ("value", None, "", text) if text in slot.subject.choices else ("unreadable", None, "", "")
    return ("unreadable", None, "", "") if text == "tháng ba" else ("value", None, "", "2023-03-05")


def assert_read_as_written(path: Path, catalogue: Catalogue, values: Mapping[FigureName, CellFigure]) -> None:
    layout = form_layout(catalogue)
    returned = read_return(path, catalogue)
    wanted = {slot.name: one for slot in inputs(layout) if (one := expected(slot, values.get(slot.name))) is not None}

    assert said(returned) == wanted
    assert_balanced(returned)
    assert returned.expected == sum(slot.role is not Role.CLOSED for slot in layout.slots())
    assert returned.taken == sum(one[0] != "unreadable" for one in wanted.values())
    assert returned.refused == sum(one[0] == "unreadable" for one in wanted.values())
    assert {finding.code.split(".")[0] for finding in returned.findings} <= {"value"}
    assert_stands_where_it_says(path, returned, values)


def assert_stands_where_it_says(path: Path, returned: Return, values: Mapping[FigureName, CellFigure]) -> None:
    workbook = openpyxl.load_workbook(path)
    for name, one in observations(returned).items():
        cell = workbook[one.sheet][one.cell]
        assert (one.file, one.unit, one.period) == (path.name, "07399", "2023")
        if one.status == "missing":
            assert cell.data_type == "f" or not str(cell.value or "").strip()
        elif "_x" not in str(values[name]):
            assert as_typed(cell.value) == as_typed(values[name])


class TestReadIsWritten:
    def test_arbitrary_fills(self, small: Catalogue, tmp_path: Path) -> None:
        """read(write(x)) = x, every value at the cell where it stands."""

        @settings(max_examples=40, deadline=None)
        @given(values=fills(inputs(form_layout(small))))
        def holds(values: dict[FigureName, CellFigure]) -> None:
            path = write_filled(tmp_path / "filled.xlsx", small, values)

            assert_read_as_written(path, small, values)

        holds()

    @pytest.mark.parametrize("seed", [1])
    def test_the_shipped_template(self, catalogue: Catalogue, tmp_path: Path, seed: int) -> None:
        """One cell in three filled, of every kind."""
        choose = random.Random(seed)
        values: dict[FigureName, CellFigure] = {}
        for slot in inputs(form_layout(catalogue)):
            if choose.random() < 1 / 3:
                values[slot.name] = any_content(slot, choose)
        path = write_filled(tmp_path / "filled.xlsx", catalogue, values)

        assert_read_as_written(path, catalogue, values)

    def test_numbers_typed_over_formulas(self, small: Catalogue, tmp_path: Path) -> None:
        """They are read as typed, marked as standing in the cell of a formula."""
        name = FigureName("people.poor_rate", ACTUAL)
        returned = read_return(write_filled(tmp_path / "f.xlsx", small, {**FILL, name: 2.61}), small)
        cell = next(cell for cell in returned.cells if cell.name == name)

        assert (cell.observation.value, cell.role, cell.decimals) == (2.61, Role.FORMULA, 2)

    def test_each_field_alone(self, small: Catalogue, tmp_path: Path) -> None:
        """A form of one field owes only that field."""
        layout = lay_out(small, level="xã", fields=["people"])
        write_form(tmp_path / "f.xlsx", layout, UNIT, FILL)
        returned = read_return(tmp_path / "f.xlsx", small)

        assert returned.fields == ("people",)
        assert returned.missing == 0
        assert returned.status == ACCEPTED


def any_content(slot: Slot, choose: random.Random) -> CellFigure:
    kind = kind_of(slot)
    if kind.is_numeric:
        number = choose.randrange(10 ** choose.randrange(1, 16))
        typed = number if kind is Kind.COUNT or choose.random() < 0.3 else float(f"{number}e-{choose.randrange(6)}")
        return choose.choice([typed, typed, typed, choose.choice(sorted(WORDS))])
    if kind is Kind.CHOICE and slot.subject.choices:
        return choose.choice([*slot.subject.choices, "-"])
    if kind is Kind.DATE:
        return choose.choice(["05/03/2023", "-"])
    return choose.choice(["Hoàn thành", "=1+1", "Đang làm (50%)"])


# --- damages -------------------------------------------------------------------------------------------------------

Damage = Callable[[Workbook], None]


@pytest.fixture(scope="module")
def filled(small: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_filled(tmp_path_factory.mktemp("filled") / "kep.xlsx", small)


@pytest.fixture(scope="module")
def whole(filled: Path, small: Catalogue) -> dict[FigureName, Said]:
    """What the undamaged form says."""
    returned = read_return(filled, small)
    assert (returned.status, [finding.code for finding in returned.findings]) == (ACCEPTED, [])
    return said(returned)


@pytest.fixture
def damaged(filled: Path, small: Catalogue, tmp_path: Path) -> Callable[[Damage], Return]:
    """The return after somebody did something to it."""

    def read(damage: Damage) -> Return:
        workbook = openpyxl.load_workbook(filled)
        damage(workbook)
        workbook.save(tmp_path / "kep.xlsx")
        returned = read_return(tmp_path / "kep.xlsx", small)
        assert_balanced(returned)
        return returned

    return read


def codes(returned: Return) -> set[str]:
    return {finding.code for finding in returned.findings}


def rows_with(sheet: Worksheet, text: str, column: int = 1) -> list[int]:
    return [row for row in range(1, sheet.max_row + 1) if sheet.cell(row, column).value == text]


def row_with(sheet: Worksheet, text: str) -> int:
    return rows_with(sheet, text)[0]


def unmerge(workbook: Workbook) -> None:
    """openpyxl moves no merged cells; Excel does."""
    for sheet in workbook.worksheets:
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))


def insert_rows(sheet_name: str, *before: int) -> Damage:
    def damage(workbook: Workbook) -> None:
        unmerge(workbook)
        for row in before:
            workbook[sheet_name].insert_rows(row)

    return damage


def insert_columns(*before: int) -> Damage:
    def damage(workbook: Workbook) -> None:
        unmerge(workbook)
        for column in before:
            workbook[PEOPLE].insert_cols(column)
            workbook[FARMS].insert_cols(column)
        for one in (*workbook[PEOPLE].column_dimensions.values(), *workbook[FARMS].column_dimensions.values()):
            # Excel moves folded columns along; here they would stay, and hide figures.
            one.hidden = one.hidden and not one.outlineLevel

    return damage


def delete_columns(*columns: int) -> Damage:
    def damage(workbook: Workbook) -> None:
        unmerge(workbook)
        for column in columns:
            workbook[PEOPLE].delete_cols(column)
            workbook[FARMS].delete_cols(column)

    return damage


def delete_code_rows(workbook: Workbook) -> None:
    unmerge(workbook)
    for name in (PEOPLE, FARMS):
        for row in reversed(rows_with(workbook[name], "#columns")):
            workbook[name].row_dimensions[row].hidden = False
            workbook[name].delete_rows(row)


def delete_codes(workbook: Workbook) -> None:
    delete_code_rows(workbook)
    delete_columns(1)(workbook)


def reword_headings(workbook: Workbook) -> None:
    delete_code_rows(workbook)
    for sheet in (workbook[PEOPLE], workbook[FARMS]):
        for row in rows_with(sheet, "Thực hiện năm 2022", 5):
            for column, text in ((5, "Thực hiện năm 2022"), (6, "KH"), (7, "ƯTH"), (11, "KH 2024")):
                sheet.cell(row, column).value = text


def contents_of(sheet: Worksheet, row: int) -> list[object]:
    return [sheet.cell(row, column).value for column in range(1, 13)]


def put(sheet: Worksheet, row: int, values: list[object]) -> None:
    for column, value in enumerate(values, 1):
        sheet.cell(row, column).value = value  # type: ignore[assignment]


def sort_rows(workbook: Workbook) -> None:
    """All columns of the table, the hidden one included, as a filter sorts them."""
    sheet = workbook[PEOPLE]
    rows = sorted(range(12, 18), key=lambda row: str(sheet.cell(row, 3).value))
    for row, values in zip(range(12, 18), [contents_of(sheet, row) for row in rows], strict=True):
        put(sheet, row, values)


def move_row(workbook: Workbook) -> None:
    """From the first block of a sheet below its list."""
    sheet = workbook[FARMS]
    values = contents_of(sheet, 11)
    put(sheet, 11, [None] * 12)
    put(sheet, row_with(sheet, "farms.funds") + 1, values)


def hide(workbook: Workbook) -> None:
    for sheet in workbook.worksheets:
        for row in (10, 14):
            sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions["G"].hidden = True
    workbook[FARMS].sheet_state = "hidden"
    workbook[PEOPLE].auto_filter.ref = "B7:L17"


def rename(workbook: Workbook) -> None:
    workbook[PEOPLE].title = "Dan so"


def reorder(workbook: Workbook) -> None:
    workbook.move_sheet(FARMS, -3)


def delete_identity(workbook: Workbook) -> None:
    workbook["Bìa"]["D7"] = "07399"
    del workbook["_wbt"]


def delete_identity_and_rename(workbook: Workbook) -> None:
    delete_identity(workbook)
    delete_columns(1)(workbook)
    workbook[PEOPLE].title = "Trang 1"


def copy_blank(workbook: Workbook) -> None:
    copy = workbook.copy_worksheet(workbook[PEOPLE])
    for row in range(10, 18):
        for column in (5, 6, 7, 11, 12):
            if copy.cell(row, column).data_type != "f":
                copy.cell(row, column).value = None


def copy_as_sent_out(workbook: Workbook) -> None:
    """The copy holds what stood in the form when it was sent out: last year and plan."""
    copy = workbook.copy_worksheet(workbook[PEOPLE])
    for row in range(10, 18):
        for column in (7, 11, 12):
            if copy.cell(row, column).data_type != "f":
                copy.cell(row, column).value = None


def copy_and_fill_the_copy(workbook: Workbook) -> None:
    copy_blank(workbook)
    blank, copy = workbook[PEOPLE], workbook.worksheets[-1]
    for row in range(10, 18):
        for column in (5, 6, 7, 11, 12):
            if blank.cell(row, column).data_type != "f":
                copy.cell(row, column).value, blank.cell(row, column).value = blank.cell(row, column).value, None


def copy_exactly(workbook: Workbook) -> None:
    workbook.copy_worksheet(workbook[PEOPLE])


def other_accents(workbook: Workbook) -> None:
    """The labels in NFD and the code column gone."""
    delete_columns(1)(workbook)
    for sheet in (workbook[PEOPLE], workbook[FARMS]):
        for row in range(10, 18 if sheet.title == PEOPLE else 16):
            if isinstance(text := sheet.cell(row, 2).value, str):
                sheet.cell(row, 2).value = unicodedata.normalize("NFD", text.upper() if row % 2 else text)


def scribble(workbook: Workbook) -> None:
    for sheet in (workbook[PEOPLE], workbook[FARMS]):
        sheet["N12"], sheet["P3"], sheet["Q40"] = 17, "hỏi lại chị Hà", "=N12*2"
    workbook.create_sheet("Nháp")["A1"] = 5
    workbook.create_sheet("Sheet1")


def take_out_formulas(workbook: Workbook) -> None:
    for sheet in (workbook[PEOPLE], workbook[FARMS]):
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.data_type == "f":
                    cell.value = None


def delete_blank_item(workbook: Workbook) -> None:
    unmerge(workbook)
    workbook[FARMS].delete_rows(row_with(workbook[FARMS], "farms.road_list#3"))


SAME: dict[str, tuple[Damage, set[str]]] = {
    "saved by openpyxl": (lambda workbook: None, set()),
    "rows inserted above everything": (insert_rows(PEOPLE, 1, 1, 1), set()),
    "rows inserted above a block": (insert_rows(FARMS, 4, 16), set()),
    "rows inserted inside blocks": (insert_rows(PEOPLE, 17, 13, 11), set()),
    "rows inserted between headings and codes": (insert_rows(FARMS, 9, 7), set()),
    "a blank row inserted into a list": (insert_rows(FARMS, 21), set()),
    "a row moved to another block": (move_row, set()),
    "rows sorted": (sort_rows, set()),
    "a column inserted": (insert_columns(7), set()),
    "columns inserted before A": (insert_columns(1, 1), set()),
    "hidden rows, columns, sheets and a filter": (hide, {"structure.hidden_rows"}),
    "sheet renamed": (rename, {"structure.sheet_renamed"}),
    "sheets reordered": (reorder, set()),
    "sheet copied, the copy blank": (copy_blank, {"structure.sheet_copied"}),
    "sheet copied when it was sent out": (copy_as_sent_out, {"structure.sheet_copied"}),
    "sheet copied, the copy filled instead": (copy_and_fill_the_copy, {"structure.sheet_renamed",
                                                                        "structure.sheet_copied"}),
    "sheet copied with all figures": (copy_exactly, {"structure.sheet_copied"}),
    "identity sheet deleted": (delete_identity, {"structure.identity_missing"}),
    "identity, codes and names gone": (delete_identity_and_rename, {"structure.identity_missing",
        "structure.sheet_by_name", "structure.found_by_label", "structure.list_by_heading"}),
    "code column deleted": (delete_columns(1), {"structure.sheet_by_name", "structure.found_by_label",
                                                "structure.list_by_heading"}),
    "code rows deleted": (delete_code_rows, {"structure.columns_by_heading"}),
    "code rows and code column deleted": (delete_codes, {"structure.sheet_by_name", "structure.found_by_label",
        "structure.list_by_heading", "structure.columns_by_heading"}),
    "headings reworded, code rows deleted": (reword_headings, {"structure.columns_by_heading"}),
    "labels in NFD and capitals, code column deleted": (other_accents, {"structure.sheet_by_name",
        "structure.found_by_label", "structure.list_by_heading"}),
    "scribbles and sheets beside the form": (scribble, set()),
    "all formulas deleted": (take_out_formulas, set()),
    "a blank list row deleted": (delete_blank_item, {"structure.list_row_missing"}),
}  # fmt: skip
"""Damages after which everything is read as before, and the findings that tell what was bridged."""


class TestSame:
    @pytest.mark.parametrize("name", SAME)
    def test_all_is_read(self, name: str, damaged: Callable[[Damage], Return], whole: dict[FigureName, Said]) -> None:
        damage, told = SAME[name]
        returned = damaged(damage)

        assert said(returned) == whole
        assert codes(returned) == told
        assert {str(finding.severity) for finding in returned.findings} <= {"info", "warning"}
        assert (returned.unit, returned.period, returned.refused) == ("07399", "2023", 0)


def change(sheet: str, **cells: object) -> Damage:
    def damage(workbook: Workbook) -> None:
        for cell, value in cells.items():
            workbook[sheet][cell] = value  # type: ignore[assignment]

    return damage


def delete_row(sheet: str, row: int) -> Damage:
    def damage(workbook: Workbook) -> None:
        unmerge(workbook)
        workbook[sheet].delete_rows(row)

    return damage


def double_row(workbook: Workbook) -> None:
    sheet = workbook[PEOPLE]
    insert_rows(PEOPLE, 13)(workbook)
    put(sheet, 13, contents_of(sheet, 12))
    sheet["G13"] = 5101


def copy_and_fill_both(workbook: Workbook) -> None:
    workbook.copy_worksheet(workbook[PEOPLE])["G10"] = 10_151


def copy_and_fill_both_with_text(workbook: Workbook) -> None:
    workbook.copy_worksheet(workbook[PEOPLE])["G17"] = "Dân số tăng"


def swap_headings(workbook: Workbook) -> None:
    sheet = workbook[FARMS]
    for row in rows_with(sheet, "Kế hoạch năm 2023", 6):
        sheet.cell(row, 6).value, sheet.cell(row, 7).value = sheet.cell(row, 7).value, sheet.cell(row, 6).value


def names(*texts: str) -> set[FigureName]:
    """``people.male@actual`` and ``farms.road_list.length#2`` as names of figures."""
    found = set()
    for text in texts:
        if "@" in text:
            indicator, measure = text.split("@")
            found.add(FigureName(indicator, measure))
        else:
            column, item = text.split("#")
            block, measure = column.rsplit(".", 1)
            found.add(FigureName(block, measure, item))
    return found


FOUND: dict[str, tuple[Damage, set[str], set[FigureName]]] = {
    "sheet copied, both filled": (copy_and_fill_both, {"structure.sheet_twice"},
        {name for name in FILL if name.indicator.startswith("people.") and name.measure != "note"}
        | names("people.remark@note")),
    "sheet copied, texts differ": (copy_and_fill_both_with_text, {"structure.sheet_twice"},
        {name for name in FILL if name.indicator.startswith("people.") and name.measure != "note"}
        | names("people.remark@note")),
    "label reworded": (change(PEOPLE, C12="Số nam giới"), {"structure.label_reworded"}, set()),
    "labels swapped": (change(PEOPLE, C12="Nữ", C13="Nam"), {"structure.label_of_another"},
                       names("people.male@actual", "people.female@actual")),
    "headings swapped": (swap_headings, {"structure.heading_of_another"},
                         {one for one in FILL if one.measure in ("plan", ACTUAL) and one.indicator[0] == "f"}),
    "row deleted": (delete_row(PEOPLE, 12), {"structure.row_missing"}, names("people.male@actual")),
    "row doubled with another value": (double_row, {"structure.row_twice"}, names("people.male@actual")),
    "list row deleted": (delete_row(FARMS, 21), {"structure.list_row_missing"},
                         names("farms.road_list.name#2", "farms.road_list.length#2")),
    "column deleted": (delete_columns(6), {"structure.column_missing"},
                       {name for name in FILL if name.measure == "plan"} | names(
                           "farms.road_list.length#1", "farms.road_list.length#2", "farms.road_list.finished#1")
                       - names("farms.road_list.length#1", "farms.road_list.length#2")),
    "sheet deleted": (lambda workbook: workbook.remove(workbook[FARMS]), {"structure.sheet_missing"},
                      {name for name in FILL if name.indicator.startswith("farms.")}),
    "stray number below the last row": (change(PEOPLE, G18=12), {"structure.unknown_row"}, set()),
    "stray number in a heading row of the table": (change(PEOPLE, G11=12), {"structure.unknown_row"}, set()),
    "stray number far below": (change(FARMS, F40=12), {"structure.unknown_row"}, set()),
    "closed cell filled": (change(PEOPLE, F16=3), {"structure.closed_cell_filled"}, set()),
    "error in a cell": (change(PEOPLE, G12="#REF!"), {"value.error_cell"}, names("people.male@actual")),
    "formula without result in an input": (change(PEOPLE, G12="=G13*2"), {"value.formula_not_calculated"},
                                           names("people.male@actual")),
    "unit code on the cover of another": (change("Bìa", D7="07840"), {"unit.cover_differs"}, set()),
    "unit name on the cover of another": (change("Bìa", D6="Thị trấn Thắng"), {"unit.name_differs"}, set()),
    "period on the cover another": (change("Bìa", D8="Năm 2024"), {"period.cover_differs"}, set()),
}  # fmt: skip
"""Damages with what is told of them, and the figures that are then not taken; all others are read as before."""


class TestFound:
    @pytest.mark.parametrize("name", FOUND)
    def test_told_and_not_guessed(
        self, name: str, damaged: Callable[[Damage], Return], whole: dict[FigureName, Said]
    ) -> None:
        damage, told, lost = FOUND[name]
        returned = damaged(damage)
        taken = {figure: one for figure, one in said(returned).items() if one[0] != "unreadable"}

        assert taken == {figure: one for figure, one in whole.items() if figure not in lost}
        assert codes(returned) == told

    def test_both_copies_are_named(self, damaged: Callable[[Damage], Return]) -> None:
        finding = damaged(copy_and_fill_both).findings[0]

        assert finding.severity == "error"
        assert finding.details["names"] == "01 Dân số, 01 Dân số Copy"


class TestRefusedCells:
    @pytest.mark.parametrize(
        ("damage", "refused", "missing"),
        [
            (copy_and_fill_both, 11, 0),
            (change(PEOPLE, C12="Nữ", C13="Nam"), 2, 0),
            (double_row, 1, 0),
            (swap_headings, 5, 0),
            (change(PEOPLE, G12="#REF!"), 1, 0),
            (delete_row(PEOPLE, 12), 0, 7),
            (delete_row(FARMS, 21), 0, 4),
        ],
    )
    def test_are_counted(self, damaged: Callable[[Damage], Return], damage: Damage, refused: int, missing: int) -> None:
        """Cells that hold something that is not taken are refused; cells that are gone are missing."""
        returned = damaged(damage)

        assert (returned.refused, returned.missing) == (refused, missing)
        assert returned.expected == damaged(lambda workbook: None).expected


class TestChanged:
    """Damages that add figures, each found."""

    def test_list_row_inserted(self, damaged: Callable[[Damage], Return], whole: dict[FigureName, Said]) -> None:
        def damage(workbook: Workbook) -> None:
            insert_rows(FARMS, 21)(workbook)
            workbook[FARMS]["C21"], workbook[FARMS]["E21"] = "Đường Cầu", 2.25

        self.assert_added(damaged(damage), whole, "E21")

    def test_list_row_appended(self, damaged: Callable[[Damage], Return], whole: dict[FigureName, Said]) -> None:
        def damage(workbook: Workbook) -> None:
            workbook[FARMS]["C24"], workbook[FARMS]["E24"] = "Đường Cầu", 2.25

        self.assert_added(damaged(damage), whole, "E24")

    def test_list_row_inserted_before_the_first(
        self, damaged: Callable[[Damage], Return], whole: dict[FigureName, Said]
    ) -> None:
        def damage(workbook: Workbook) -> None:
            insert_rows(FARMS, 20)(workbook)
            workbook[FARMS]["C20"], workbook[FARMS]["E20"] = "Đường Cầu", 2.25

        self.assert_added(damaged(damage), whole, "E20")

    def test_list_row_copied_and_changed(
        self, damaged: Callable[[Damage], Return], whole: dict[FigureName, Said]
    ) -> None:
        """Copied with its hidden code: a row of its own."""

        def damage(workbook: Workbook) -> None:
            insert_rows(FARMS, 22)(workbook)
            put(workbook[FARMS], 22, ["farms.road_list#2", 3, "Đường Cầu", None, 2.25])

        self.assert_added(damaged(damage), whole, "E22")

    @staticmethod
    def assert_added(returned: Return, whole: dict[FigureName, Said], cell: str) -> None:
        added = {name: one for name, one in said(returned).items() if whole.get(name) != one}

        assert {name: one for name, one in said(returned).items() if name not in added} == whole
        assert added == {
            FigureName("farms.road_list", "name", "5"): ("value", None, "", "Đường Cầu"),
            FigureName("farms.road_list", "length", "5"): ("value", 2.25, "", ""),
        }
        assert observations(returned)[FigureName("farms.road_list", "length", "5")].cell == cell
        assert codes(returned) == {"structure.list_row_added"}

    def test_rows_appended_to_a_last_list_do_not_swallow_the_signatures(self, small: Catalogue, tmp_path: Path) -> None:
        """In a form whose last block is a list the signatures stand two rows below it."""
        path = write_filled(tmp_path / "f.xlsx", small)
        workbook = openpyxl.load_workbook(path)
        unmerge(workbook)
        sheet = workbook[FARMS]
        sheet.delete_rows(row_with(sheet, "#block money") - 1, 7)
        sheet["C24"], sheet["E24"] = "Đường Cầu", 2.25
        assert sheet["C26"].value == "NGƯỜI LẬP BIỂU"
        sheet.delete_rows(25)
        workbook.save(path)
        items = {name.item for name in said(read_return(path, small)) if name.item}

        assert items == {"1", "2", "5"}

    @pytest.mark.parametrize(
        ("cell", "typed", "value", "told"),
        [
            ("G15", 2.61, 2.61, set()),
            ("G15", "2,61%", 2.61, set()),
            ("G15", "=2.61", 2.61, {"value.formula_reckoned"}),
            ("G15", "=G14/G10*100", None, set()),
            ("G15", None, None, set()),
        ],
    )
    def test_formula_typed_over(
        self, damaged: Callable[[Damage], Return], cell: str, typed: object, value: float | None, told: set[str]
    ) -> None:
        """A number in the place of a formula is read; a formula, theirs or ours, is computed by us."""
        returned = damaged(change(PEOPLE, **{cell: typed}))

        assert observations(returned)[FigureName("people.poor_rate", ACTUAL)].value == value
        assert codes(returned) == told

    def test_formula_in_an_input(self, small: Catalogue, filled: Path, tmp_path: Path) -> None:
        """With a saved result it is taken and noted; simple arithmetic without one is computed and noted."""
        workbook = openpyxl.load_workbook(filled)
        workbook[PEOPLE]["G12"], workbook[PEOPLE]["G13"] = "=5000+100", "=SUM(5000,50)"
        workbook.save(tmp_path / "f.xlsx")
        returned = read_return(tmp_path / "f.xlsx", small)

        assert said(returned)[FigureName("people.male", ACTUAL)] == ("value", 5100.0, "", "")
        assert said(returned)[FigureName("people.female", ACTUAL)] == ("value", 5050.0, "", "")
        assert codes(returned) == {"value.formula_reckoned"}

    def test_date_typed_by_excel(self, damaged: Callable[[Damage], Return], whole: dict[FigureName, Said]) -> None:
        """What Excel makes of a typed 5/3/2023."""
        import datetime as dt

        assert said(damaged(change(FARMS, F20=dt.date(2023, 3, 5)))) == whole


class TestCover:
    def test_a_period_typed_as_excel_takes_it(self, small: Catalogue, filled: Path, tmp_path: Path) -> None:
        """2023 becomes a number, 6/2023 a date."""
        import datetime as dt

        for typed, code in ((2023, "2023"), (dt.datetime(2023, 6, 1), "2023-06"), ("Quý II/2023", "2023-Q2")):
            workbook = openpyxl.load_workbook(filled)
            del workbook["_wbt"]
            workbook["Bìa"]["D8"] = typed
            workbook.save(tmp_path / "f.xlsx")

            assert read_return(tmp_path / "f.xlsx", small).period == code

    def test_columns_inserted(self, small: Catalogue, filled: Path, tmp_path: Path) -> None:
        workbook = openpyxl.load_workbook(filled)
        del workbook["_wbt"]
        unmerge(workbook)
        workbook["Bìa"].insert_cols(4)
        workbook["Bìa"].insert_cols(1)
        workbook.save(tmp_path / "f.xlsx")
        returned = read_return(tmp_path / "f.xlsx", small)

        assert (returned.unit, returned.unit_name, returned.period) == ("07399", "Thị trấn Kép", "2023")

    def test_nobody_named(self, small: Catalogue, filled: Path, tmp_path: Path) -> None:
        workbook = openpyxl.load_workbook(filled)
        del workbook["_wbt"]
        del workbook["Bìa"]
        workbook.save(tmp_path / "f.xlsx")
        returned = read_return(tmp_path / "f.xlsx", small)

        assert codes(returned) == {"structure.identity_missing", "unit.missing", "period.by_title"}


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("empty workbook", "file.no_form"),
            ("other sheets", "file.no_form"),
            ("text", "file.not_a_workbook"),
            ("truncated", "file.damaged"),
            ("zero bytes", "file.empty"),
            ("not there", "file.unreadable"),
        ],
    )
    def test_refused(self, small: Catalogue, filled: Path, tmp_path: Path, name: str, code: str) -> None:
        path = tmp_path / "f.xlsx"
        workbook = openpyxl.Workbook()
        if name == "other sheets":
            workbook.worksheets[0]["A1"] = "Kế hoạch tuần"
        data = {"text": b"Xin ch\xc3\xa0o", "truncated": filled.read_bytes()[:-2000], "zero bytes": b""}.get(name)
        if data is not None:
            path.write_bytes(data)
        elif name != "not there":
            workbook.save(path)
        returned = read_return(path, small)

        assert (returned.status, returned.cells, codes(returned)) == (REFUSED, (), {code})
        assert all("…" not in finding.message() for finding in returned.findings)

    def test_another_version_of_the_template(self, catalogue: Catalogue, filled: Path) -> None:
        """A form of another template has nothing of this one, not even by chance."""
        returned = read_return(filled, catalogue)

        assert returned.status == REFUSED

    def test_the_file_is_not_touched(self, small: Catalogue, filled: Path) -> None:
        before = digest(filled)
        read_return(filled, small)

        assert digest(filled) == before


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
class TestLibreOffice:
    def test_saved_by_it(self, catalogue: Catalogue, small: Catalogue, filled: Path, tmp_path: Path) -> None:
        """Forms and a filled copy of the template, saved by LibreOffice, read as the forms we wrote."""
        values = some_values(catalogue)
        form = write_filled(tmp_path / "form.xlsx", catalogue, values)
        copy = filled_template(tmp_path / "copy.xlsx", catalogue, values)
        kep = without_results(filled, tmp_path / "kep.xlsx")
        whole = read_return(form, catalogue)
        wanted = said(whole)
        office_form, office_copy, office_kep = saved_by_office([form, copy, kep], tmp_path)

        for path in (copy, office_form, office_copy):
            returned = read_return(path, catalogue)
            assert said(returned) == wanted, path
            assert (returned.unit, returned.period) == ("07399", "2023")
            assert (returned.refused, returned.missing) == (whole.refused, 0)
            assert not [finding for finding in returned.findings if finding.code.startswith("structure.")]
        assert said(read_return(office_kep, small)) == said(read_return(filled, small))


def some_values(catalogue: Catalogue) -> dict[FigureName, CellFigure]:
    """One cell in five filled, with what both a form and a copy of the template can hold."""
    choose = random.Random(5)
    slots = [slot for slot in inputs(form_layout(catalogue)) if choose.random() < 0.2]
    return {slot.name: any_content(slot, choose) for slot in slots if kind_of(slot) is not Kind.TEXT}


def filled_template(path: Path, catalogue: Catalogue, values: Mapping[FigureName, CellFigure]) -> Path:
    """A copy of the shipped template filled by hand."""
    workbook = openpyxl.load_workbook(Path(__file__).parents[1] / "templates" / "BieuMau.xlsx")
    for row, typed in ((6, UNIT.unit_name), (7, UNIT.unit), (8, "Năm 2023")):
        workbook["Bìa"].cell(row, 4).value = typed
    for name, value in values.items():
        if name.item:
            block = catalogue.lists[name.indicator]
            cell = workbook[block.sheet].cell(block.first + int(name.item) - 1, block.column(name.measure).column)
        else:
            indicator = catalogue.indicators[name.indicator]
            cell = workbook[indicator.sheet][indicator.cells[name.measure].address]
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    workbook.save(path)
    return path


def test_read_workbook_is_the_only_way_in(filled: Path) -> None:
    """The form has the sheets that the tests above count on."""
    assert [sheet.name for sheet in read_workbook(filled).sheets][2:4] == [PEOPLE, FARMS]
