"""From the shipped examples to the consolidated workbook and back."""

import json
from pathlib import Path

import pytest

from tests.helpers import digest
from workbook_tools import pipeline
from workbook_tools.cells import FigureName
from workbook_tools.consolidated import Consolidation
from workbook_tools.demonstration import fill_examples
from workbook_tools.errors import UnknownPlaceError
from workbook_tools.excel_reading import read_workbook
from workbook_tools.form_layout import lay_out
from workbook_tools.form_writing import Identity, write_form
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Role
from workbook_tools.lineage import trace
from workbook_tools.periods import parse_period

EXAMPLES = Path(__file__).parents[1] / "examples"
UNITS = EXAMPLES / "DonVi.xlsx"


@pytest.fixture(scope="module")
def total(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Consolidation]:
    output = tmp_path_factory.mktemp("total") / "TongHop.xlsx"
    return output, pipeline.consolidate([EXAMPLES / "returns"], output, units=UNITS)


class TestExamples:
    def test_the_shipped_returns_are_what_the_figures_fill(self, tmp_path: Path) -> None:
        """``examples/returns`` is made from ``examples/figures`` and the template, cell for cell."""
        for path in fill_examples(EXAMPLES, tmp_path):
            same = read_workbook(path).sheets == read_workbook(EXAMPLES / "returns" / path.name).sheets
            assert same, (
                f"{path.name} is out of date; renew it with: "
                'python -c "from pathlib import Path; from workbook_tools.demonstration import fill_examples; '
                "fill_examples(Path('examples'), Path('examples/returns'))\""
            )


class TestConsolidate:
    def test_a_sum_is_the_sum(self, total: tuple[Path, Consolidation]) -> None:
        """589,1 ha of rice in Kép (line 24) and 215,0 ha in Thắng (line 81)."""
        _, result = total

        assert result.value(Figure("agri.rice_area", "actual")) == 804.1
        assert result.support(Figure("agri.rice_area", "actual")).reported == 2

    def test_the_books_balance(self, total: tuple[Path, Consolidation]) -> None:
        _, result = total

        for one in result.received:
            assert one.expected == one.taken + one.blank + one.refused + one.missing

    def test_same_input_same_bytes(self, total: tuple[Path, Consolidation], tmp_path: Path) -> None:
        output, _ = total
        again = tmp_path / "TongHop.xlsx"
        pipeline.consolidate([EXAMPLES / "returns"], again, units=UNITS)

        assert digest(output) == digest(again)

    def test_no_received_file_is_touched(self, tmp_path: Path) -> None:
        before = {path: digest(path) for path in (EXAMPLES / "returns").glob("*.xlsx")}
        pipeline.consolidate([EXAMPLES / "returns"], tmp_path / "x.xlsx", units=UNITS)

        assert {path: digest(path) for path in before} == before

    def test_the_output_in_the_folder_of_the_returns_is_not_read(self, tmp_path: Path) -> None:
        for path in (EXAMPLES / "returns").glob("*.xlsx"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
        output = tmp_path / "TongHop.xlsx"
        first = pipeline.consolidate([tmp_path], output, units=UNITS)
        second = pipeline.consolidate([tmp_path], output, units=UNITS)

        assert len(first.received) == len(second.received) == 2

    def test_a_total_of_inexact_figures_says_so(self, total: tuple[Path, Consolidation]) -> None:
        """Thắng's income is "trên 26,5 tỷ đồng" (line 405)."""
        output, result = total
        sheet, position = result.layout.place(Figure("budget.income_total", "actual"))
        content = read_workbook(output).sheet(sheet)
        assert content is not None

        assert "[Thị trấn Thắng] Thực hiện (ước): ghi “trên 26,5 tỷ đồng”" in content.text(position.row, 12)


class TestReadsBack:
    def test_the_consolidated_workbook_is_the_return_of_the_parent(self, total: tuple[Path, Consolidation]) -> None:
        output, result = total
        [returned] = pipeline.read([output]).returns

        assert returned.unit == "24"
        assert [f.code for f in returned.findings if f.severity != "info"] == []
        for cell in returned.cells:
            if cell.name.item or cell.name.measure == "note":
                continue
            expected = result.value(Figure(cell.name.indicator, cell.name.measure))
            assert (cell.observation.value if not cell.observation.text else cell.observation.text) == expected or (
                expected == "-" and cell.observation.status == "nil"
            ), cell.name

    def test_two_steps_equal_one(self, total: tuple[Path, Consolidation], tmp_path: Path) -> None:
        """Districts first, then the province from the districts: the same figures as at once."""
        _, at_once = total
        steps = tmp_path / "huyen"
        for district in ("217", "223"):
            pipeline.consolidate([EXAMPLES / "returns"], steps / f"{district}.xlsx", units=UNITS, unit=district)
        twice = pipeline.consolidate([steps], tmp_path / "TongHop.xlsx", units=UNITS)

        for figure in at_once.cube.index:
            assert twice.value(figure) == at_once.value(figure), figure
            assert twice.support(figure).reported == at_once.support(figure).reported, figure
            assert twice.support(figure).expected == at_once.support(figure).expected, figure


class TestTrace:
    def test_a_total_is_followed_to_both_returns(self, total: tuple[Path, Consolidation]) -> None:
        output, result = total
        sheet, position = result.layout.place(Figure("agri.rice_area", "actual"))

        found = trace(output, f"'{sheet}'!{position.name}")

        assert [(source.unit, source.file, source.value) for source in found.sources] == [
            ("07399", "kep-2023.xlsx", "589,1"),
            ("07840", "thang-2023.xlsx", "215"),
        ]

    def test_a_formula_is_followed_through_its_parts(self, total: tuple[Path, Consolidation]) -> None:
        output, result = total
        sheet, position = result.layout.place(Figure("budget.income_total", "actual"))

        lines = "\n".join(trace(output, f"{sheet}!{position.name}").lines())

        assert "kep-2023.xlsx" in lines


class TestForms:
    def test_one_form_for_each_leaf_of_the_tree(self, tmp_path: Path) -> None:
        written = pipeline.forms(tmp_path, units=UNITS, period="2024")

        assert [path.name for path in written] == ["07399-thi-tran-kep.xlsx", "07840-thi-tran-thang.xlsx"]

    def test_last_years_figures_and_this_years_plan_stand_in_the_new_form(self, tmp_path: Path) -> None:
        """Income per head in Kép: 118 in 2023 (line 16), target of 2024: 131 (line 272)."""
        [path, _] = pipeline.forms(tmp_path, units=UNITS, period="2024", prior=EXAMPLES / "returns")
        [returned] = pipeline.read([path]).returns
        cells = {cell.name: cell for cell in returned.cells if cell.role is Role.INPUT}

        assert returned.period == "2024"
        assert cells[FigureName("overview.income_per_capita", "prior")].observation.value == 118
        assert cells[FigureName("overview.income_per_capita", "plan")].observation.value == 131

    def test_by_field_writes_one_workbook_a_field(self, tmp_path: Path) -> None:
        written = pipeline.forms(tmp_path, units=UNITS, period="2024", by_field=True)
        sheets = [sheet.name for sheet in read_workbook(written[1]).sheets if sheet.state == "visible"]

        assert len(written) == 2 * 19
        assert sheets == ["Bìa", "Hướng dẫn", "02 Nông nghiệp", "Kiểm tra"]


class TestFindings:
    def test_the_findings_file_says_what_check_says(self, tmp_path: Path) -> None:
        target = tmp_path / "findings.json"
        pipeline.consolidate([EXAMPLES / "returns"], tmp_path / "x.xlsx", units=UNITS, findings_file=target)
        written = json.loads(target.read_text("utf-8"))["findings"]
        checked = [finding.as_dict() for finding in pipeline.check([EXAMPLES / "returns"]).findings]

        assert [one for one in written if not one["code"].startswith("consolidation.")] == checked


class TestPrior:
    def test_a_consolidated_workbook_gives_the_figures_of_each_of_its_units(
        self, total: tuple[Path, Consolidation], tmp_path: Path
    ) -> None:
        [path, _] = pipeline.forms(tmp_path, units=UNITS, period="2024", prior=total[0])
        [returned] = pipeline.read([path]).returns
        cells = {cell.name: cell for cell in returned.cells}

        assert cells[FigureName("overview.income_per_capita", "prior")].observation.value == 118

    def test_what_was_typed_over_a_formula_is_not_lost(self, tmp_path: Path) -> None:
        """Kép's income of 2023 (line 100) and its target of 2024 (line 274) stand where they were typed."""
        [path, _] = pipeline.forms(tmp_path, units=UNITS, period="2024", prior=EXAMPLES / "returns")
        [returned] = pipeline.read([path]).returns
        cells = {cell.name: cell for cell in returned.cells}

        assert cells[FigureName("budget.income_total", "prior")].observation.value == 26_536_289_849
        assert cells[FigureName("budget.income_total", "plan")].observation.value == 12_743_256_000

    def test_a_prior_without_figures_is_said(self, tmp_path: Path) -> None:
        blank = tmp_path / "truoc"
        pipeline.forms(blank, units=UNITS, period="2023")

        with pytest.raises(UnknownPlaceError, match="không có số liệu"):
            pipeline.forms(tmp_path / "moi", units=UNITS, period="2024", prior=blank)


class TestNothingToRead:
    def test_an_empty_folder_is_no_success(self, tmp_path: Path) -> None:
        with pytest.raises(UnknownPlaceError, match="không có tệp Excel"):
            pipeline.check([tmp_path])


class TestRefusedPart:
    def test_a_total_with_an_unreadable_part_has_no_value(self, tmp_path: Path) -> None:
        """104,85 + "không rõ" + 811,2 is not 916,05."""
        catalogue = pipeline.shipped_template().catalogue
        layout = lay_out(catalogue, level="xã")
        values: dict[FigureName, float | int | str | None] = {
            FigureName("overview.production_agriculture", "actual"): 104.85,
            FigureName("overview.production_industry", "actual"): "không rõ",
            FigureName("overview.production_services", "actual"): 811.2,
        }
        path = tmp_path / "a.xlsx"
        write_form(path, layout, Identity("07399", "Thị trấn Kép", parse_period("2023"), "xã"), values)

        result = pipeline.consolidate([path], tmp_path / "T.xlsx", units=UNITS)

        assert result.value(Figure("overview.production_agriculture", "actual")) == 104.85
        assert result.value(Figure("overview.production_value", "actual")) is None
        assert result.support(Figure("overview.production_value", "actual")).reported == 0


class TestFiguresOfOneUnit:
    def test_the_score_of_two_towns_is_not_added_up(self, total: tuple[Path, Consolidation]) -> None:
        """Kép scored 69,62 of 100 points (line 96): a province has no such score."""
        _, result = total
        kep = result.cube.row("07399")

        assert result.value(Figure("urban.criteria_score", "actual"), kep) == 69.62
        assert result.value(Figure("urban.criteria_score", "actual")) is None
