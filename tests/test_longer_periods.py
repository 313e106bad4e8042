"""A longer period from shorter ones: a year from its months."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import tries
from tests.small_catalogue import Row, Typed, build, calculated, consolidated, return_of, returned, tree
from workbook_tools.cells import FigureName
from workbook_tools.figure_cube import CellFigure
from workbook_tools.findings import Finding
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Kind
from workbook_tools.longer_periods import added_over_time, pieces_of
from workbook_tools.observations import Return
from workbook_tools.periods import Period, PeriodKind, parse_period
from workbook_tools.readings import Status

FLOW, STOCK = "kỳ", "thời điểm"
RATE = '=IF(COUNT([births],[people])=2,IFERROR([births]/[people]*1000,""),"")'
YIELD = '=IF(COUNT([output],[area])=2,IFERROR([output]/[area],""),"")'
CATALOGUE = build(
    [
        Row("births", flow=FLOW),
        Row("people", flow=STOCK),
        Row("rate", rule="bình quân theo people", formulas=RATE, flow=FLOW),
        Row("area", flow=FLOW),
        Row("output", flow=FLOW),
        Row("yield", rule="bình quân theo area", formulas=YIELD, flow=FLOW),
        Row("deaths", flow=FLOW),
        Row("moved", flow=FLOW),
        Row("both", formulas="=SUM([births],[output])", flow=FLOW),
        Row("best", rule="lớn nhất", flow=FLOW),
        Row("price", rule="bình quân theo output", flow=FLOW),
        Row("rank", rule="không", kind=Kind.COUNT, flow=FLOW),
        Row("grade", rule="không", kind=Kind.CHOICE, flow=STOCK),
        Row("words", rule="ghép", kind=Kind.TEXT, flow=FLOW),
    ],
    lists={"events": {"name": Kind.TEXT, "cost": Kind.NUMBER}},
)
YEAR = Period("2023", PeriodKind.YEAR, 2023)


def sent(unit: str, period: str, **typed: Typed) -> Return:
    """A return for a period; ``births__plan`` is the plan's figure."""
    one = returned(CATALOGUE, unit, {key.replace("__", "@"): value for key, value in typed.items()})
    file = f"{unit}-{period}.xlsx"
    cells = tuple(replace(cell, observation=cell.observation._replace(period=period, file=file)) for cell in one.cells)
    return replace(one, file=file, period=period, cells=cells)


def of_period(one: Return, period: str) -> Return:
    cells = tuple(replace(cell, observation=cell.observation._replace(period=period)) for cell in one.cells)
    return replace(one, file=f"{one.unit}-{period}.xlsx", period=period, cells=cells)


def months(**figures: Sequence[Typed]) -> list[Return]:
    """The returns of unit A for as many months as there are figures."""
    count = len(next(iter(figures.values())))
    return [
        sent("A", f"2023-{month + 1:02d}", **{name: values[month] for name, values in figures.items()})
        for month in range(count)
    ]


def year(returns: Sequence[Return]) -> tuple[dict[str, CellFigure], list[Finding]]:
    """The figures of the one unit for the year, formulas computed, and the findings."""
    found, findings = added_over_time(CATALOGUE, returns, YEAR)
    assert len(found) == 1, [finding.message() for finding in findings]
    cube = calculated(CATALOGUE, found)
    return figures_of(
        cube.number[0].tolist(), [cube.text.get((0, column)) for column in range(len(cube.index))]
    ), findings


def figures_of(numbers: Sequence[float], texts: Sequence[str | None]) -> dict[str, CellFigure]:
    return {
        name.indicator if name.measure == "actual" else f"{name.indicator}@{name.measure}": text or number
        for name, number, text in zip(CATALOGUE.columns, numbers, texts, strict=True)
        if text or number == number
    }


def codes(findings: Sequence[Finding]) -> list[str]:
    return [finding.code.removeprefix("period.") for finding in findings]


def notes(found: Return) -> dict[str, str]:
    return {cell.name.indicator: cell.observation.text for cell in found.cells if cell.name.measure == "note"}


class TestAYearFromItsMonths:
    def test_adds_flows_and_takes_the_last_of_stocks(self) -> None:
        found, findings = year(months(births=range(1, 13), people=range(1000, 1012)))

        assert (found["births"], found["people"]) == (78, 1011)
        assert codes(findings) == ["added_up"]

    def test_computes_formulas_again_from_the_added_parts(self) -> None:
        found, _ = year(months(births=[5] * 12, people=[1000] * 12, output=[10, 0] * 6, area=[1, 4] * 6))

        assert (found["rate"], found["yield"], found["both"]) == (60, 2, 120)

    def test_goes_by_the_rule_of_the_row(self) -> None:
        found, _ = year(months(best=[3, 9, 4] * 4, price=[2, 4, 4] * 4, output=[1, 1, 2] * 4))

        assert (found["best"], found["price"]) == (9, 3.5)

    def test_does_not_carry_ranks_and_texts_of_a_month(self) -> None:
        found, _ = year(months(rank=[2] * 12, words=["tốt"] * 12, grade=["I"] * 11 + ["II"], births=[1] * 12))

        assert found == {"births": 12, "both": 12, "grade": "II"}

    def test_takes_the_plan_of_the_year_from_the_last_month(self) -> None:
        found, findings = year(months(births=[1] * 12, births__plan=[100] * 6 + [120] * 6, births__prior=[2] * 12))

        assert (found["births@plan"], found["births@prior"]) == (120, 24)
        assert codes(findings) == ["added_up", "plan_changed"]

    def test_of_nothing_but_nil_is_nil(self) -> None:
        [found], _ = added_over_time(CATALOGUE, months(births=["-"] * 12), YEAR)

        assert [cell.observation.status for cell in found.cells if cell.name == FigureName("births", "actual")] == [
            Status.NIL
        ]

    def test_joins_the_rows_of_lists_once(self) -> None:
        returns = [sent("A", f"2023-Q{n}", **{"events#1.cost": n, "events#2.cost": 5}) for n in (1, 2, 3, 4)]
        [found], findings = added_over_time(CATALOGUE, returns, YEAR)

        assert [cell.observation.value for cell in found.cells if cell.name.item] == [4, 5]
        assert codes(findings) == ["added_up", "list_of_last"]

    def test_keeps_every_month_as_a_source(self) -> None:
        [found], _ = added_over_time(CATALOGUE, months(births=range(12), people=[9] * 12), YEAR)

        assert [cell.observation.period for cell in found.sources] == [f"2023-{month:02d}" for month in range(1, 13)]
        assert len(found.files) == 12


class TestGaps:
    def test_are_told_and_stand_beside_the_figure(self) -> None:
        returns = months(births=[1] * 12)
        [found], findings = added_over_time(CATALOGUE, returns[:4] + returns[5:], YEAR)

        assert notes(found) == {"births": "actual: 11/12 tháng"}
        assert codes(findings) == ["added_up", "gap"]
        assert "11/12 tháng; thiếu: 5/2023" in findings[1].message()

    def test_of_one_figure_keep_ratios_from_mixing_months(self) -> None:
        """Output of eleven months over the area of twelve would be a wrong yield."""
        found, findings = year(months(area=[1] * 12, output=[3] * 11 + [None]))

        assert (found["area"], found["output"], found.get("yield")) == (12, 33, None)
        assert codes(findings) == ["added_up", "figures_incomplete", "parts_of_different_months"]

    def test_do_not_stop_sums(self) -> None:
        assert year(months(births=[1] * 12, output=[1] * 11 + [None]))[0]["both"] == 23

    def test_a_mean_without_its_weight_has_no_value(self) -> None:
        found, findings = year(months(price=[2] * 12, output=[1] * 11 + [None]))

        assert "price" not in found
        assert "no_total" in codes(findings)


class TestPieces:
    @pytest.mark.parametrize(
        ("periods", "chosen"),
        [
            ("Q1 Q2 Q3 Q4", "Q1 Q2 Q3 Q4"),
            ("H1 H2", "H1 H2"),
            ("H1 Q3 Q4", "H1 Q3 Q4"),
            ("01 02 03 Q1 Q2", "01 02 03 Q2"),
            ("Q1 03 Q2", "Q1 Q2"),
            ("01 02 03 04 05 06 H1", "01 02 03 04 05 06"),
            ("05 H1 12", "H1 12"),
        ],
    )
    def test_count_no_month_twice(self, periods: str, chosen: str) -> None:
        known = [parse_period(f"2023-{code}") for code in periods.split()]
        found = pieces_of(frozenset(one for one in known if one is not None))

        assert [one.code for one in found] == [f"2023-{code}" for code in chosen.split()]

    def test_six_months_beside_their_months_are_set_aside(self) -> None:
        found, findings = year([*months(births=[1] * 12), sent("A", "2023-H1", births=6)])

        assert found["births"] == 12
        assert codes(findings) == ["added_up", "set_aside"]

    @pytest.mark.parametrize("only", [["2023-H1"], ["2023-9M"], ["2023-H1", "2023-9M"], ["2023-VM", "2023-HT"]])
    def test_what_is_cumulative_or_alone_is_never_a_year(self, only: list[str]) -> None:
        found, findings = added_over_time(CATALOGUE, [sent("A", code, births=5) for code in only], YEAR)

        assert (found, codes(findings)) == ([], ["differs"] * len(only))

    def test_figures_that_never_fall_look_cumulative(self) -> None:
        """January, January and February, January to March: added up, January would count three times."""
        names = ("births", "deaths", "moved", "area", "output")
        grown = {name: [10 * number, 20 * number, 30 * number] for number, name in enumerate(names, 1)}

        found, findings = added_over_time(CATALOGUE, months(**grown), YEAR)
        assert (found, codes(findings)) == ([], ["looks_cumulative"])
        found, _ = added_over_time(CATALOGUE, months(**{**grown, "moved": [30, 60, 59]}), YEAR)
        assert len(found) == 1


Months = dict[str, list[int]]


@settings(max_examples=tries(30), deadline=None)
@given(
    units=st.dictionaries(
        st.sampled_from("ABCD"),
        st.fixed_dictionaries(
            {
                name: st.lists(st.integers(0, 10**6), min_size=4, max_size=4)
                for name in ("births", "people", "area", "output", "best", "price", "births@prior")
            }
        ),
        min_size=1,
    )
)
def test_months_then_units_is_units_then_months(units: Mapping[str, Months]) -> None:
    """However figures are added up, over time first or over units first, the year of the whole is the same."""
    listed = tree({"P": {unit: {} for unit in units}})
    by_month = [
        [
            sent(unit, f"2023-Q{n + 1}", **{name: values[n] for name, values in own.items()})
            for unit, own in units.items()
        ]
        for n in range(4)
    ]
    years, _ = added_over_time(CATALOGUE, [one for month in by_month for one in month], YEAR)
    first = consolidated(CATALOGUE, listed, years)
    totals = [
        of_period(return_of(consolidated(CATALOGUE, listed, month)), f"2023-Q{n + 1}")
        for n, month in enumerate(by_month)
    ]
    [year_of_whole], _ = added_over_time(CATALOGUE, totals, YEAR)
    second = consolidated(CATALOGUE, tree({"P": {}}), [year_of_whole])

    for name in ("births", "people", "area", "output", "best", "price", "rate", "yield", "both"):
        for measure in ("actual", "prior"):
            figure = Figure(name, measure)
            one, other = first.value(figure), second.value(figure)
            assert one == (pytest.approx(other, rel=1e-11) if isinstance(other, int | float) else other), figure
            assert first.support(figure).reported == second.support(figure).reported
