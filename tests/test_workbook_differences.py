"""What changed between two consolidated workbooks."""

from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from tests.helpers import digest
from workbook_tools import pipeline
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.errors import UnknownPlaceError
from workbook_tools.figure_cube import CellFigure
from workbook_tools.form_layout import lay_out
from workbook_tools.form_reading import read_return
from workbook_tools.form_writing import Identity, write_form
from workbook_tools.lineage import trace
from workbook_tools.periods import parse_period
from workbook_tools.snapshots import Snapshot, snapshot
from workbook_tools.unit_list_writing import write_unit_list
from workbook_tools.unit_tree import Unit
from workbook_tools.workbook_differences import Differences

PERIOD = parse_period("2023")


@pytest.fixture
def consolidate(tmp_path: Path, small: Catalogue, small_template: Path) -> "Consolidate":
    return Consolidate(tmp_path, small, small_template)


class Consolidate:
    """Writes returns of some units and adds them up."""

    def __init__(self, folder: Path, catalogue: Catalogue, template: Path) -> None:
        self.folder, self.catalogue, self.template = folder, catalogue, template

    def __call__(self, name: str, listed: Path | None = None, **units: Mapping[str, CellFigure]) -> Snapshot:
        returns = self.folder / name
        for unit, figures in units.items():
            values = {FigureName(code.replace("__", "."), "actual"): value for code, value in figures.items()}
            write_form(returns / f"{unit}.xlsx", lay_out(self.catalogue), Identity(unit, f"Xã {unit}", PERIOD), values)
        output = self.folder / f"{name}.xlsx"
        pipeline.consolidate([returns], output, unit="P", units=listed, template=self.template)
        return snapshot(output)

    def units(self, *units: Unit) -> Path:
        write_unit_list(self.folder / "DonVi.xlsx", "DANH SÁCH", units, ())
        return self.folder / "DonVi.xlsx"

    def between(self, before: Snapshot, after: Snapshot) -> Differences:
        return Differences(before, after, self.catalogue)


class TestDifferences:
    def test_name_each_cell_and_its_effect(self, consolidate: Consolidate) -> None:
        before = consolidate("one", A={"farms__area": 100}, B={"farms__area": 400})
        after = consolidate("two", A={"farms__area": 125}, B={"farms__area": 400})
        [change] = consolidate.between(before, after).changes

        assert (change.unit, change.before, change.after) == ("A", 100, 125)
        assert change.line == "Xã A: Diện tích lúa, Thực hiện (ước) năm 2023: 100 → 125 (làm tổng +5,0 %)"

    def test_tell_each_cells_own_effect(self, consolidate: Consolidate) -> None:
        before = consolidate("one", A={"farms__area": 100}, B={"farms__area": 400})
        after = consolidate("two", A={"farms__area": 150}, B={"farms__area": 375})
        effects = [change.effects[0].percent for change in consolidate.between(before, after).changes]

        assert effects == [10, -5]

    def test_tell_the_effect_on_every_total_above(self, consolidate: Consolidate) -> None:
        """A hamlet corrects its area: its commune's total changes by much, the province's by little."""
        listed = consolidate.units(
            Unit("P", "Tỉnh P", "tỉnh"),
            Unit("C", "Xã C", "xã", "P"),
            Unit("D", "Xã D", "xã", "P"),
            *(Unit(code, f"Thôn {code}", "thôn", code[0]) for code in ("C1", "C2", "D1")),
        )
        other, far = {"farms__area": 150}, {"farms__area": 600}
        before = consolidate("one", listed, C1={"farms__area": 50}, C2=other, D1=far)
        after = consolidate("two", listed, C1={"farms__area": 70}, C2=other, D1=far)
        [change] = consolidate.between(before, after).changes

        assert change.line.endswith("50 → 70 (làm tổng Xã C +10,0 %; làm tổng +2,5 %)")

    def test_name_the_ratios_that_change_with_them(self, consolidate: Consolidate) -> None:
        before = consolidate("one", A={"farms__area": 100, "farms__output": 50})
        after = consolidate("two", A={"farms__area": 100, "farms__output": 60})
        lines = list(consolidate.between(before, after).lines())

        assert lines[-1] == "Tổng: Năng suất lúa, Thực hiện (ước) năm 2023: 5 → 6 (+20,0 %)"

    def test_tell_what_came_and_what_went(self, consolidate: Consolidate) -> None:
        before = consolidate("one", A={"farms__area": 100, "farms__output": 5})
        after = consolidate("two", A={"farms__area": 100}, B={"farms__area": "-"})
        found = consolidate.between(before, after)
        lines = [change.line.partition(": ")[2].rpartition(": ")[2] for change in found.changes]

        assert lines == ["(trống) → - (làm tổng +0,0 %)", "5 → (trống)"]
        assert found.new_units == ["Xã B"]

    def test_of_the_same_are_none(self, consolidate: Consolidate) -> None:
        one, two = consolidate("one", A={"farms__area": 1}), consolidate("two", A={"farms__area": 1})

        assert not list(consolidate.between(one, two).lines())

    def test_need_a_consolidated_workbook(self, consolidate: Consolidate) -> None:
        consolidate("one", A={"farms__area": 1})
        with pytest.raises(UnknownPlaceError, match=r"A\.xlsx"):
            snapshot(consolidate.folder / "one" / "A.xlsx")


class TestClosedPeriods:
    """What was once added up stands as it is, whatever becomes of the template and the list of units."""

    def later_template(self, consolidate: Consolidate) -> Path:
        """The template a year later: rice is called otherwise, its yield is reckoned in tons, a rule is gone."""
        book = openpyxl.load_workbook(consolidate.template)
        sheet = book["02 Nông nghiệp"]
        sheet["C10"] = "Diện tích gieo trồng lúa"
        sheet["G12"] = '=IF(COUNT(G10,G11)=2,IFERROR(G11/G10,""),"")'
        path = consolidate.folder / "BieuMau-2024.xlsx"
        book.save(path)
        return path

    def test_keep_their_fingerprint_whatever_the_order_of_files(self, consolidate: Consolidate) -> None:
        one = consolidate("one", A={"farms__area": 1}, B={"farms__area": 2})
        two = consolidate("two", B={"farms__area": 2}, A={"farms__area": 1})
        other = consolidate("three", A={"farms__area": 2}, B={"farms__area": 1})

        assert one.figures_said == one.fingerprint == two.fingerprint != other.fingerprint
        assert not one.was_edited

    def test_are_read_as_they_stand_with_a_later_template(self, consolidate: Consolidate) -> None:
        consolidate("one", A={"farms__area": 100, "farms__output": 50})
        old, later = consolidate.folder / "one.xlsx", self.later_template(consolidate)
        late = consolidate.folder / "late.xlsx"
        pipeline.consolidate([consolidate.folder / "one"], late, unit="P", template=later)
        lines = list(pipeline.difference(old, late, later).lines())

        assert lines[0].startswith("Biểu mẫu đã thay đổi giữa hai tệp (")
        assert lines[1:] == ["Tổng: Năng suất lúa, Thực hiện (ước) năm 2023: 5 → 0,5 (-90,0 %)"]
        traced = "\n".join(trace(old, "'02 Nông nghiệp'!G12").lines())
        assert "Năng suất lúa — Thực hiện (ước) năm 2023 = 5 " in traced

    def test_give_last_years_figures_to_forms_of_a_later_template(self, consolidate: Consolidate) -> None:
        consolidate("one", A={"farms__area": 100, "farms__output": 50})
        later = self.later_template(consolidate)
        [form] = pipeline.forms(
            consolidate.folder / "forms",
            units=consolidate.units(Unit("P", "Tỉnh P", "tỉnh"), Unit("A", "Xã A", "xã", "P")),
            period="2024",
            prior=consolidate.folder / "one.xlsx",
            template=later,
        )
        cells = {cell.name: cell.observation.value for cell in read_return(form, consolidate.catalogue).cells}

        assert cells[FigureName("farms.area", "prior")] == 100

    def test_tell_when_their_sources_were_edited(self, consolidate: Consolidate) -> None:
        before = consolidate("one", A={"farms__area": 100})
        path = consolidate.folder / "one.xlsx"
        book = openpyxl.load_workbook(path)
        sheet = book["Nguồn số liệu"]
        next(cell for row in sheet.iter_rows() for cell in row if cell.value == 100).value = 101
        book.save(path)
        found = consolidate.between(snapshot(path), before)

        assert list(found.remarks) == [
            f"Nguồn số liệu của tệp cũ đã bị sửa sau khi tổng hợp (vân tay {before.fingerprint})."
        ]

    def test_tell_when_the_list_of_units_changed(self, consolidate: Consolidate) -> None:
        root, commune = Unit("P", "Tỉnh P", "tỉnh"), Unit("A", "Xã A", "xã", "P")
        before = consolidate("one", consolidate.units(root, commune), A={"farms__area": 1})
        after = consolidate("two", consolidate.units(root, commune, Unit("B", "Xã B", "xã", "P")), A={"farms__area": 1})

        assert list(consolidate.between(before, after).remarks) == [
            "Danh sách đơn vị đã thay đổi giữa hai tệp: + Xã B."
        ]

    def test_are_not_written_over(self, consolidate: Consolidate) -> None:
        consolidate("one", A={"farms__area": 1})
        returns, closed = consolidate.folder / "one", consolidate.folder / "closed.xlsx"
        pipeline.consolidate([returns], closed, unit="P", template=consolidate.template, close=True)
        before = digest(closed)
        with pytest.raises(UnknownPlaceError, match="đã chốt số liệu"):
            pipeline.consolidate([returns], closed, unit="P", template=consolidate.template)

        assert digest(closed) == before
        assert openpyxl.load_workbook(closed)["Bìa"]["B3"].value == "Số liệu tổng hợp từ 1/1 đơn vị. Số liệu đã chốt."
