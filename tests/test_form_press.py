"""Printed forms are the forms that would have been written one by one."""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.excel_reading import read_workbook
from workbook_tools.figure_cube import CellFigure
from workbook_tools.form_layout import FormLayout, lay_out
from workbook_tools.form_press import FormPress
from workbook_tools.form_writing import Identity, write_form
from workbook_tools.indicators import Role
from workbook_tools.periods import parse_period

PERIOD = parse_period("2026")
UNITS = [Identity("07399", "Xã Kép", PERIOD, "xã"), Identity("00042", "Xã A & <B> “thử”", PERIOD, "xã")]


def content(path: Path) -> dict[str, object]:
    """The parts of a package; texts in the cells instead of their numbers, the shared strings as a set."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode("utf-8") for name in package.namelist()}
    shared = re.findall(r"<si><t[^>]*>(.*?)</t></si>", parts["xl/sharedStrings.xml"], re.DOTALL)
    told: dict[str, object] = {"order": list(parts), "shared": sorted(map(unescape, shared))}
    for name, text in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            told[name] = re.sub(r't="s"><v>(\d+)</v>', lambda match: f"text {shared[int(match[1])]}", text)
        elif name != "xl/sharedStrings.xml":
            told[name] = text
    return told


def figures(layout: FormLayout) -> list[FigureName]:
    return [slot.name for slot in layout.slots() if slot.role is not Role.CLOSED and not slot.name.item]


def written(tmp_path: Path, layout: FormLayout, identity: Identity, values: Mapping[FigureName, CellFigure]) -> Path:
    write_form(tmp_path / "written.xlsx", layout, identity, values)
    return tmp_path / "written.xlsx"


class TestPrintedForms:
    def test_without_figures_are_the_forms_written(self, small: Catalogue, tmp_path: Path) -> None:
        layout = lay_out(small, level="xã")
        for identity, data in zip(UNITS, FormPress(layout, UNITS[0]).forms(UNITS, {}), strict=True):
            (tmp_path / "printed.xlsx").write_bytes(data)

            assert content(tmp_path / "printed.xlsx") == content(written(tmp_path, layout, identity, {}))

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_with_figures_are_the_forms_written(self, data: st.DataObject, small: Catalogue, tmp_path: Path) -> None:
        """Numbers, nil, texts, and figures typed over formulas; formulas with their results, rules with their marks."""
        layout = lay_out(small, level="xã")
        value = st.one_of(
            st.integers(-5, 10**13),
            st.floats(-1e6, 1e6).map(lambda one: round(one, 3)),
            st.sampled_from(["-", "Tốt & <a>"]),
        )
        values = {
            one.unit: data.draw(st.dictionaries(st.sampled_from(figures(layout)), value, max_size=12)) for one in UNITS
        }
        for identity, form in zip(UNITS, FormPress(layout, UNITS[0]).forms(UNITS, values), strict=True):
            (tmp_path / "printed.xlsx").write_bytes(form)
            direct = written(tmp_path, layout, identity, values[identity.unit])

            assert content(tmp_path / "printed.xlsx") == content(direct)
            assert [one.cells for one in read_workbook(tmp_path / "printed.xlsx").sheets] == [
                one.cells for one in read_workbook(direct).sheets
            ]

    def test_of_the_shipped_template_too(self, catalogue: Catalogue, tmp_path: Path) -> None:
        layout = lay_out(catalogue, level="xã")
        values = {name: number + 0.5 for number, name in enumerate(figures(layout)) if number % 3 == 0}
        press = FormPress(layout, UNITS[0])
        [data] = press.forms(UNITS[:1], {UNITS[0].unit: values})
        (tmp_path / "printed.xlsx").write_bytes(data)

        assert content(tmp_path / "printed.xlsx") == content(written(tmp_path, layout, UNITS[0], values))

    def test_are_the_same_every_time(self, small: Catalogue) -> None:
        layout = lay_out(small, level="xã")
        one, other = (list(FormPress(layout, UNITS[0]).forms(UNITS, {})) for _ in range(2))

        assert [hash(form) for form in one] == [hash(form) for form in other]

    @pytest.mark.parametrize("name", ["", " Xã", "Xã\x07"])
    def test_need_a_plain_name(self, small: Catalogue, name: str) -> None:
        """A name that an Excel file would hold otherwise is left to the writer."""
        press = FormPress(lay_out(small, level="xã"), UNITS[0])

        assert press.can_print(UNITS[0])
        assert not press.can_print(Identity("1", name))
