"""What can hardly be: ratios without parts, sizes, jumps, totals that break a rule, and how a unit answers."""

from dataclasses import replace

import pytest

from tests.small_catalogue import Row, Typed, build, codes, consolidated, findings_of, returned, total, tree
from workbook_tools.cells import Position
from workbook_tools.explanations import answered, read_explanations
from workbook_tools.findings import Severity
from workbook_tools.indicators import Kind, Role
from workbook_tools.observations import Return
from workbook_tools.read_cells import Observation, ReadCell
from workbook_tools.total_checks import rules_hold_for_totals
from workbook_tools.workbook_contents import CellContent, SheetContent, WorkbookContent

RATE = '=IF(COUNT([a],[b])=2,IFERROR([a]/[b]*100,""),"")'
GROWTH = '=IF(COUNT([a@prior],[a@actual])=2,IFERROR(([a@actual]/[a@prior]-1)*100,""),"")'
CHANGE = '=IF(COUNT([a@prior],[a@actual])=2,[a@actual]-[a@prior],"")'
SHARE = '=IF(COUNT([{0}],[whole])=2,IFERROR([{0}]/[whole]*100,""),"")'
OVER_TIME = build([Row("a", kind=Kind.COUNT, minimum=0, formulas={"growth": GROWTH, "change": CHANGE})])


class TestRatesOfCounts:
    CATALOGUE = build([Row("a", kind=Kind.COUNT), Row("b", kind=Kind.COUNT), Row("x", formulas=RATE)])

    @pytest.mark.parametrize("typed", ["33.3", "33.33", "66.6", "66.7", "40", "100"])
    def test_fit_a_whole_number(self, typed: str) -> None:
        """Two of three, of five, of six: there is a whole number for the blank part."""
        assert codes(findings_of(self.CATALOGUE, {"a": 2, "x": typed})) == ["typed_stands"]

    @pytest.mark.parametrize("typed", ["90.4", "60", "34.1"])
    def test_that_fit_none_are_told(self, typed: str) -> None:
        assert "no_whole_number" in codes(findings_of(self.CATALOGUE, {"a": 2, "x": typed}))

    def test_fit_where_the_whole_is_known(self) -> None:
        assert "no_whole_number" not in codes(findings_of(self.CATALOGUE, {"b": 158, "x": "95.6"}))
        assert "no_whole_number" in codes(findings_of(self.CATALOGUE, {"b": 15, "x": "90.4"}))

    def test_of_many_always_fit(self) -> None:
        """With thousands there is a whole number for every rate."""
        assert "no_whole_number" not in codes(findings_of(self.CATALOGUE, {"b": 15_000, "x": "90.4"}))

    def test_about_so_much_says_nothing(self) -> None:
        assert "no_whole_number" not in codes(findings_of(self.CATALOGUE, {"a": 2, "x": "~90.4"}))

    def test_a_growth_that_no_number_of_last_year_gives(self) -> None:
        """Twelve after a fall of 20,9 % would be 15,17 before: fifteen gives 20,0 and sixteen 25,0 %."""
        [finding] = [one for one in findings_of(OVER_TIME, {"a": 12, "a@growth": "-20.9"}) if "whole" in one.code]

        assert (finding.cell, finding.cells) == ("I1", ("S!I1", "S!F1"))
        assert "15,17" in finding.message()
        assert "no_whole_number" not in codes(findings_of(OVER_TIME, {"a": 12, "a@growth": "-20"}))


class TestGrowth:
    def test_falls_by_no_more_than_everything(self) -> None:
        assert "decrease_impossible" in codes(findings_of(OVER_TIME, {"a@growth": "-120"}))
        assert "decrease_impossible" not in codes(findings_of(OVER_TIME, {"a@growth": "-100"}))

    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ({"a": 17, "a@change": -5, "a@growth": "-22.7"}, False),
            ({"a": 17, "a@change": -5, "a@growth": "22.7"}, True),
            ({"a": 17, "a@change": -5, "a@growth": "-29.4"}, True),
            ({"a@prior": 22, "a@change": -5, "a@growth": "-22.7"}, False),
            ({"a@change": -5, "a@growth": "-29.4"}, False),
        ],
    )
    def test_agrees_with_the_change_beside_it(self, typed: dict[str, Typed], expected: bool) -> None:
        """Five fewer than twenty-two are 22,7 % fewer, not 29,4 % (of seventeen)."""
        assert ("change_differs_from_growth" in codes(findings_of(OVER_TIME, typed))) is expected


class TestShares:
    CATALOGUE = build(
        [Row("whole"), *(Row(code, divides="whole") for code in "abc")]
        + [Row(f"share_{code}", kind=Kind.PERCENT, formulas=SHARE.format(code)) for code in "abc"]
    )

    @pytest.mark.parametrize("shares", [("7.37", "35.6", "57.03"), ("33.3", "33.3", "33.3"), ("60", "39.9", None)])
    def test_come_to_a_hundred(self, shares: tuple[str | None, ...]) -> None:
        typed = dict(zip(("share_a", "share_b", "share_c"), shares, strict=True))

        assert "shares_differ" not in codes(findings_of(self.CATALOGUE, typed))

    @pytest.mark.parametrize("shares", [("7.37", "35.6", "75.03"), ("60", "40.2", None), ("33.3", "33.3", "32.2")])
    def test_that_do_not_are_told(self, shares: tuple[str | None, ...]) -> None:
        typed = dict(zip(("share_a", "share_b", "share_c"), shares, strict=True))

        assert "shares_differ" in codes(findings_of(self.CATALOGUE, typed))


class TestPartsWithoutAnythingInCommon:
    CATALOGUE = build([Row("a", kind=Kind.COUNT), *(Row(code, kind=Kind.COUNT, apart_in="a") for code in "bc")])

    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ({"a": 10, "b": 4, "c": 6}, []),
            ({"a": 10, "b": 4, "c": 5}, []),
            ({"a": 10, "b": 5, "c": 6}, ["parts_together_exceed"]),
            ({"a": 10, "b": 11, "c": 6}, ["part_exceeds_whole"]),
            ({"a": 10, "b": 10}, []),
        ],
    )
    def test_do_not_exceed_their_whole(self, typed: dict[str, Typed], expected: list[str]) -> None:
        assert codes(findings_of(self.CATALOGUE, typed)) == expected


class TestSizes:
    MONEY = build([Row("a", kind=Kind.MONEY)])

    @pytest.mark.parametrize(
        ("typed", "proposal"),
        [
            ({"a@plan": 26_500, "a": 27.1}, 27_100),
            ({"a@plan": 26.5, "a": 27_100_000}, 27.1),
            ({"a@prior": 100, "a@plan": 110, "a": 1_150}, 115),
            ({"a@prior": 100, "a@plan": 1_100, "a": 115}, 110),
        ],
    )
    def test_a_power_of_ten_off_is_told(self, typed: dict[str, Typed], proposal: float) -> None:
        """Told at the cell that is off, with the figure it would be; nothing is altered."""
        [finding] = [one for one in findings_of(self.MONEY, typed) if one.code == "rule.likely_factor"]

        assert finding.expected == pytest.approx(proposal)
        assert finding.severity is Severity.WARNING

    @pytest.mark.parametrize(
        "typed", [{"a@plan": 10, "a": 100}, {"a@prior": 3, "a": 40}, {"a": 5}, {"a@prior": 0, "a": 5000}]
    )
    def test_what_may_well_be_is_not(self, typed: dict[str, Typed]) -> None:
        """Tenfold beside a single figure does happen; beside nil everything does."""
        assert "likely_factor" not in codes(findings_of(self.MONEY, typed))

    def test_times_are_those_of_the_two_figures(self) -> None:
        [finding] = [
            one for one in findings_of(self.MONEY, {"a@plan": 17.06, "a@prior": 171.98, "a": 172}) if "f" in one.code
        ]

        assert "17,06 , chỉ bằng khoảng 1/10 số ở cột prior (171,98)" in finding.message()
        assert finding.expected == 170.6

    def test_counted_things_are_proposed_whole(self) -> None:
        counted = build([Row("a", kind=Kind.COUNT)])
        [finding] = [one for one in findings_of(counted, {"a@plan": 81, "a@prior": 8, "a": 8}) if "factor" in one.code]

        assert finding.expected == 8

    def test_a_fraction_of_a_dong_is_told_with_what_its_row_makes_likely(self) -> None:
        whole = build([Row("a", kind=Kind.MONEY, decimals=0)])

        def expected(typed: dict[str, Typed]) -> list[object]:
            return [one.expected for one in findings_of(whole, typed) if one.code == "rule.fraction_of_money"]

        assert expected({"a": 2.5, "a@plan": 2_400_000_000}) == [2_500_000_000]
        assert expected({"a": 2.5, "a@plan": 2_400_000}) == [2_500_000]
        assert expected({"a": 2.5}) == [None]
        assert expected({"a": 2.5, "a@plan": 7}) == [None]

    def test_percentages_have_no_size(self) -> None:
        assert codes(findings_of(build([Row("a", kind=Kind.PERCENT)]), {"a@plan": 0.5, "a": 50})) == []


class TestJumps:
    @pytest.mark.parametrize(
        ("prior", "actual", "expected"),
        [
            (100, 201, True),
            (100, 199, False),
            (100, 49, True),
            (2, 9, False),
            (10, 29, False),
            (10, 40, True),
            (100, 50, False),
        ],
    )
    def test_ask_for_an_explanation(self, prior: float, actual: float, expected: bool) -> None:
        """Small counts jump by chance."""
        catalogue = build([Row("a", kind=Kind.COUNT)])

        assert ("large_change" in codes(findings_of(catalogue, {"a@prior": prior, "a": actual}))) is expected


class TestTotals:
    RULES = "a_small warning: [a]<=100"

    def test_keep_the_rules_too(self) -> None:
        """No unit breaks the rule, their sum does."""
        result = total(build([Row("a")], rules=self.RULES), {"a": 60}, {"a": 70})
        [finding] = rules_hold_for_totals(result.catalogue, result.tree, result.cube)

        assert (finding.rule, finding.severity) == ("a_small", Severity.WARNING)
        assert finding.message() == "Số tổng hợp của “P”: a_small fails"

    def test_are_not_blamed_for_a_unit(self) -> None:
        result = total(build([Row("a")], rules=self.RULES), {"a": 60}, {"a": 170})

        assert list(rules_hold_for_totals(result.catalogue, result.tree, result.cube)) == []

    def test_of_different_units_are_no_case(self) -> None:
        """One unit says only a, the other only b: their totals do not speak of the same."""
        catalogue = build([Row("a"), Row("b")], rules="order error: [a]<=[b]")
        result = consolidated(
            catalogue,
            tree({"P": {"A": {}, "B": {}}}),
            [returned(catalogue, "A", {"a": 5}), returned(catalogue, "B", {"b": 3})],
        )

        assert list(rules_hold_for_totals(result.catalogue, result.tree, result.cube)) == []


class TestExplanations:
    CATALOGUE = build([Row("a", maximum=100)], rules="order warning: [a]<=50\nmust error: [a]<=60")

    def answered_by(self, **explanations: str) -> Return:
        return replace(returned(self.CATALOGUE, "A", {"a": 70}), explanations=explanations)

    def test_answer_a_warning(self) -> None:
        one = self.answered_by(order="Đã rà soát")
        [order, must] = answered(findings_of(self.CATALOGUE, {"a": 70}), one)

        assert (order.severity, must.severity) == (Severity.INFO, Severity.ERROR)
        assert order.message().endswith("Đơn vị giải trình: “Đã rà soát”.")

    def test_never_excuse_an_error(self) -> None:
        one = self.answered_by(must="Đúng rồi")
        [_, must] = answered(findings_of(self.CATALOGUE, {"a": 70}), one)

        assert must.severity is Severity.ERROR
        assert "Đúng rồi" in must.message()

    def test_in_the_notes_of_a_row_answer_for_it(self) -> None:
        note = Observation(
            "A", "2023", "f", "a", "note", "", None, "", "Mới chia tách", "value", "", "A.xlsx", "S", "K1"
        )
        one = returned(self.CATALOGUE, "A", {"a": 170})
        with_note = replace(one, cells=(*one.cells, ReadCell(note, Role.CLOSED)))
        found = list(answered(findings_of(self.CATALOGUE, {"a": 170}), with_note))

        assert {one.code: one.severity for one in found if "range" in one.code} == {"rule.out_of_range": Severity.INFO}

    def test_are_read_beside_their_rules(self) -> None:
        cells = {(1, 1): "#checks", (4, 1): "#columns", (4, 8): "explanation", (6, 1): "order", (6, 8): " Đã rà soát "}
        sheet = SheetContent("Kiểm tra", "visible", {Position(*at): CellContent(text) for at, text in cells.items()})

        assert read_explanations(WorkbookContent("a.xlsx", (sheet,))) == {"order": "Đã rà soát"}
