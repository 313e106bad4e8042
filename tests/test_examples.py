"""The two real reports: every printed figure is found in the example returns, with its value."""

import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.forms import UNIT, assert_balanced, observations
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.errors import WorkbookWriteError
from workbook_tools.example_returns import PrintedFigure, fill_form, read_figures
from workbook_tools.form_reading import read_return
from workbook_tools.indicators import Kind
from workbook_tools.observations import Return
from workbook_tools.read_cells import Observation
from workbook_tools.unit_conversion import conversion
from workbook_tools.values import parse_number

EXAMPLES = Path(__file__).parents[1] / "examples"
NAMES = ("kep-2023", "thang-2023")
RANKS = {"thứ nhất": "1", "thứ hai": "2", "thứ ba": "3"}
NONE_IN_WORDS = ("không", "không có")
QUALIFIERS = {"trên": ">", "hơn": ">", "khoảng": "~", "gần": "<", "từ": "≥"}
SCALES = {"ngàn": 1000, "nghìn": 1000, "triệu": 1_000_000, "tỷ": 1_000_000_000}
_PRINTED = re.compile(r"(?P<word>[^\d]*?)\s*(?P<number>\d[\d.,]*)\s*(?P<scale>ngàn|nghìn|triệu|tỷ)?\s*(?P<rest>.*)")


@pytest.fixture(scope="module")
def returns(catalogue: Catalogue) -> dict[str, Return]:
    return {name: read_return(EXAMPLES / "returns" / f"{name}.xlsx", catalogue) for name in NAMES}


def unit_and_kind(catalogue: Catalogue, name: FigureName) -> tuple[str, Kind]:
    if name.indicator in catalogue.lists:
        column = catalogue.lists[name.indicator].column(name.measure)
        return column.unit, column.kind
    if name.measure == "note":
        return "", Kind.TEXT
    indicator = catalogue.indicators[name.indicator]
    return ("%", Kind.PERCENT) if name.measure in ("plan_ratio", "growth") else (indicator.unit, indicator.kind)


def printed_value(figure: PrintedFigure, unit: str, kind: Kind) -> tuple[Decimal, str]:
    """Value in the row's unit and qualifier of a printed figure; both reports write thousands with a dot."""
    match = _PRINTED.fullmatch(RANKS.get(figure.value, figure.value))
    assert match is not None, figure
    digits = match["number"]
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", digits):
        digits = digits.replace(".", "")
    number = parse_number(digits, whole=kind is Kind.COUNT, percent=kind is Kind.PERCENT).value
    assert number is not None, figure
    converted = conversion(figure.unit, unit) if figure.unit and unit else None
    factor = converted.factor if converted else Decimal(1)
    scale = SCALES.get(match["scale"] or "", 1) if not figure.unit.startswith(match["scale"] or "?") else 1
    sign = -1 if match["word"].startswith(("giảm", "tụt", "-")) else 1
    return sign * number * factor * scale, QUALIFIERS.get(match["word"].split(" ")[-1], "")


@pytest.mark.parametrize("name", NAMES)
class TestFigures:
    def test_every_figure_is_found_with_its_value(
        self, name: str, returns: dict[str, Return], catalogue: Catalogue
    ) -> None:
        found = observations(returns[name])
        wrong = []
        for figure in read_figures(EXAMPLES / "figures" / f"{name}.csv"):
            one = found.get(figure.name)
            unit, kind = unit_and_kind(catalogue, figure.name)
            if one is None or not says(one, figure, unit, kind):
                wrong.append(f"line {figure.line}: {figure.name} = {figure.value} {figure.unit}, read {one}")

        assert not wrong, "\n".join(wrong)

    def test_each_figure_has_one_place(self, name: str, returns: dict[str, Return]) -> None:
        names = [figure.name for figure in read_figures(EXAMPLES / "figures" / f"{name}.csv")]

        assert len(names) == len(set(names))

    def test_nothing_else_is_found(self, name: str, returns: dict[str, Return]) -> None:
        """What is not printed is blank; no figure comes from nowhere."""
        printed = {figure.name for figure in read_figures(EXAMPLES / "figures" / f"{name}.csv")}
        found = {figure for figure, one in observations(returns[name]).items() if one.status != "missing"}

        assert found == printed

    def test_each_stands_where_it_is_said_to_stand(self, name: str, returns: dict[str, Return]) -> None:
        workbook = openpyxl.load_workbook(EXAMPLES / "returns" / f"{name}.xlsx")
        for one in observations(returns[name]).values():
            value = workbook[one.sheet][one.cell].value
            if one.status == "missing":
                assert value is None or str(value).startswith("="), one
            else:
                assert (str(value).replace(".", ",") if isinstance(value, float) else str(value)) == one.raw, one

    def test_is_read_whole(self, name: str, returns: dict[str, Return]) -> None:
        """A right figure raises no error, and the form as sent out has lost nothing."""
        returned = returns[name]

        assert_balanced(returned)
        assert (returned.refused, returned.missing) == (0, 0)
        assert {finding.code.split(".")[0] for finding in returned.findings} <= {"value"}
        assert {str(finding.severity) for finding in returned.findings} <= {"info"}


def says(one: Observation, figure: PrintedFigure, unit: str, kind: Kind) -> bool:
    if not kind.is_numeric:
        text = "-".join(reversed(figure.value.split("/"))) if kind is Kind.DATE else " ".join(figure.value.split())
        return (one.status, one.text) == ("value", text)
    if figure.value in NONE_IN_WORDS:
        return one.status == "nil"
    value, qualifier = printed_value(figure, unit, kind)
    return (one.status, one.value, one.qualifier) == ("value", float(value), qualifier)


class TestFillForm:
    def test_a_figure_without_a_cell_is_not_lost(self, small: Catalogue, tmp_path: Path) -> None:
        """More list rows than the form offers, a closed cell, an unknown row: whoever fills it hears of it."""
        for name in (
            FigureName("farms.road_list", "name", "9"),
            FigureName("people.rank", "plan"),
            FigureName("people.rank", "wages"),
        ):
            with pytest.raises(WorkbookWriteError, match=r"dòng 12"):
                fill_form(small, UNIT, [PrintedFigure(12, name, "1", "")], tmp_path / "lost.xlsx")
