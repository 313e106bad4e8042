"""What changed between two consolidated workbooks."""

from pathlib import Path

import pytest

from workbook_tools import pipeline
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.errors import UnknownPlaceError
from workbook_tools.figure_cube import CellFigure
from workbook_tools.form_layout import lay_out
from workbook_tools.form_writing import Identity, write_form
from workbook_tools.periods import parse_period
from workbook_tools.workbook_differences import Snapshot, differences, new_units, snapshot

PERIOD = parse_period("2023")


@pytest.fixture
def consolidate(tmp_path: Path, small: Catalogue, small_template: Path) -> "Consolidate":
    return Consolidate(tmp_path, small, small_template)


class Consolidate:
    """Writes returns of some units and adds them up."""

    def __init__(self, folder: Path, catalogue: Catalogue, template: Path) -> None:
        self.folder, self.catalogue, self.template = folder, catalogue, template

    def __call__(self, name: str, **units: dict[str, CellFigure]) -> Snapshot:
        returns = self.folder / name
        for unit, figures in units.items():
            values = {FigureName(code.replace("__", "."), "actual"): value for code, value in figures.items()}
            write_form(returns / f"{unit}.xlsx", lay_out(self.catalogue), Identity(unit, f"Xã {unit}", PERIOD), values)
        output = self.folder / f"{name}.xlsx"
        pipeline.consolidate([returns], output, unit="P", template=self.template)
        return snapshot(output, self.catalogue)


class TestDifferences:
    def test_name_each_cell_and_its_effect(self, consolidate: Consolidate, small: Catalogue) -> None:
        before = consolidate("one", A={"farms__area": 100}, B={"farms__area": 400})
        after = consolidate("two", A={"farms__area": 125}, B={"farms__area": 400})
        [change] = differences(before, after)

        assert (change.unit, change.before, change.after, change.total_after) == ("A", 100, 125, 525)
        assert change.line(small).startswith("Xã A: Diện tích lúa, ")
        assert change.line(small).endswith("100 → 125 (làm tổng +5,0 %)")

    def test_tell_what_came_and_what_went(self, consolidate: Consolidate, small: Catalogue) -> None:
        before = consolidate("one", A={"farms__area": 100, "farms__output": 5})
        after = consolidate("two", A={"farms__area": 100}, B={"farms__area": "-"})
        lines = [change.line(small).partition(": ")[2].rpartition(": ")[2] for change in differences(before, after)]

        assert lines == ["(trống) → - (làm tổng +0,0 %)", "5 → (trống)"]
        assert new_units(before, after) == ["Xã B"]

    def test_of_the_same_are_none(self, consolidate: Consolidate) -> None:
        assert not list(differences(consolidate("one", A={"farms__area": 1}), consolidate("two", A={"farms__area": 1})))

    def test_need_a_consolidated_workbook(self, consolidate: Consolidate, small: Catalogue) -> None:
        consolidate("one", A={"farms__area": 1})
        with pytest.raises(UnknownPlaceError, match=r"A\.xlsx"):
            snapshot(consolidate.folder / "one" / "A.xlsx", small)
