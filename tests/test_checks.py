"""Checks of one return: for each a case that holds and one that does not. No workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from tests.small_catalogue import Row, Typed, build, codes, findings_of, returned
from workbook_tools.catalogue import Catalogue
from workbook_tools.checks import CHECKS, check_subject
from workbook_tools.findings import Severity
from workbook_tools.indicators import Kind
from workbook_tools.subject import subject_of

SUM = '=IF(COUNT([a],[b])=0,"",SUM([a],[b]))'
RATE = '=IF(COUNT([a],[b])=2,IFERROR([a]/[b]*100,""),"")'
MEASURES = ("prior", "plan", "actual", "next_plan")
COLUMNS = {"works": {"name": Kind.TEXT, "cost": Kind.MONEY}}


def told(catalogue: Catalogue, shown: Mapping[str, float] | None = None, /, **typed: Typed) -> list[str]:
    """Codes of what is found in the return of one unit."""
    return codes(findings_of(catalogue, typed, shown))


def formula(text: str, kind: Kind = Kind.NUMBER, decimals: int = 2) -> Catalogue:
    return build([Row("a"), Row("b"), Row("x", kind=kind, decimals=decimals, formulas=text)], COLUMNS)


class TestRequired:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [(None, ["required_missing"]), (5, []), (0, []), ("-", []), ("?", [])],
    )
    def test_figures_are_filled(self, typed: Typed, expected: list[str]) -> None:
        """Nil is an answer; what could not be read has its finding already."""
        assert told(build([Row("a", required=True)]), a=typed) == expected

    def test_formulas_are_filled_by_their_parts(self) -> None:
        catalogue = build([Row("a"), Row("b"), Row("x", formulas=SUM, required=True)])

        assert told(catalogue, a=1) == []
        assert told(catalogue, a="-") == []
        assert told(catalogue) == ["required_missing"]

    def test_rows_that_are_not_in_the_form_are_not_missed(self) -> None:
        """A form has only the rows that its level fills."""
        catalogue = build([Row("a", required=True)])
        without = replace(returned(catalogue, "A", {}), cells=())

        assert check_subject(subject_of(catalogue, without)) == []


class TestRange:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [(0, []), (100, []), (100.01, ["out_of_range"]), (-0.01, ["out_of_range"]), (None, []), ("-", [])],
    )
    def test_figures_lie_within_it(self, typed: Typed, expected: list[str]) -> None:
        catalogue = build([Row("a", minimum=0, maximum=100)])

        assert told(catalogue, a=typed) == expected
        assert codes(findings_of(catalogue, {"a@plan": typed})) == expected

    def test_one_end_may_be_open(self) -> None:
        assert told(build([Row("a", minimum=0)]), a=1e12) == []
        assert told(build([Row("a", maximum=0)]), a=-1e12) == []

    def test_computed_figures_lie_within_it_too(self) -> None:
        """A yield or a rate that nobody typed is as implausible as one that somebody did."""
        catalogue = build([Row("a"), Row("b"), Row("x", formulas=RATE, minimum=0, maximum=100)])

        assert told(catalogue, a=5, b=4) == ["out_of_range"]
        assert told(catalogue, a=4, b=4) == []

    def test_says_what_and_where(self) -> None:
        [finding] = findings_of(build([Row("a", maximum=100)]), {"a": 250.5})

        assert (finding.place, finding.value, finding.severity) == ("[A.xlsx]S!F1", 250.5, Severity.WARNING)
        assert finding.message() == "“A”, cột actual, là 250,5, ngoài khoảng thường gặp (không quá 100)."

    def test_growth_and_ratios_have_none(self) -> None:
        catalogue = build([Row("a", minimum=0, maximum=10, measures=("actual", "growth", "plan_ratio", "change"))])

        assert codes(findings_of(catalogue, {"a@growth": -20, "a@plan_ratio": 300, "a@change": -5})) == []


class TestMoney:
    @pytest.mark.parametrize(
        ("typed", "expected"), [(2.5, ["fraction_of_money"]), (2_500_000_000, []), (0, []), (None, []), ("-", [])]
    )
    def test_has_no_fraction_of_its_smallest_unit(self, typed: Typed, expected: list[str]) -> None:
        assert told(build([Row("a", kind=Kind.MONEY, decimals=0)]), a=typed) == expected

    def test_may_have_one_where_the_row_shows_decimals(self) -> None:
        assert told(build([Row("a", kind=Kind.MONEY, decimals=2)]), a=2.5) == []


class TestTypedOverFormulas:
    @pytest.mark.parametrize("typed", ["96.8", "96.7", "96.77", "97", "96", "~90", ">96", "<97"])
    def test_agree_at_the_printed_precision(self, typed: str) -> None:
        """96,774… may be printed rounded half up, cut off, or as about, more or less than something."""
        assert told(formula(RATE), a=30, b=31, x=typed) == []

    @pytest.mark.parametrize("typed", ["96.6", "96.9", "95", "98", "96.78001", ">97", "<96", "~70", "-"])
    def test_disagree_otherwise(self, typed: str) -> None:
        assert told(formula(RATE), a=30, b=31, x=typed) == ["formula_typed_over"]

    def test_name_their_parts(self) -> None:
        [finding] = findings_of(formula(RATE), {"a": 30, "b": 31, "x": 90.4})

        assert (finding.cell, finding.cells, finding.severity) == ("F3", ("S!F1", "S!F2"), Severity.ERROR)
        assert (finding.value, round(float(finding.expected or 0), 3)) == (90.4, 96.774)
        assert (finding.indicator, finding.measure, finding.file, finding.sheet) == ("x", "actual", "A.xlsx", "S")
        assert "90,4" in finding.message()
        assert "96,77" in finding.message()

    @pytest.mark.parametrize("parts", [{}, {"a": 3}, {"a": 3, "b": 0}])
    def test_stand_where_there_is_no_result(self, parts: Mapping[str, Typed]) -> None:
        """Not dropped in silence: an info says that the number stands as typed."""
        [finding] = findings_of(formula(RATE), {**parts, "x": 12})

        assert (finding.code, finding.severity, finding.value) == ("rule.typed_stands", Severity.INFO, 12)

    @pytest.mark.parametrize(("typed", "expected"), [(5, ["formula_typed_over"]), (0, []), ("-", [])])
    def test_a_sum_of_nil_is_none(self, typed: Typed, expected: list[str]) -> None:
        assert told(formula(SUM), a="-", b="-", x=typed) == expected

    @pytest.mark.parametrize("qualified", [">30", "~30", "≥30"])
    def test_parts_that_are_only_about_so_much_prove_nothing(self, qualified: str) -> None:
        assert told(formula(RATE), a=qualified, b=31, x=98.5) == []

    @pytest.mark.parametrize(
        ("kind", "decimals", "parts", "typed", "expected"),
        [
            (Kind.NUMBER, 2, ("1.14", "2.24"), "3.39", []),
            (Kind.NUMBER, 2, ("1.14", "2.24"), "3.4", []),
            (Kind.NUMBER, 2, ("1.14", "2.24"), "3.40", ["formula_typed_over"]),
            (Kind.MONEY, 0, (10, 20), 31, []),
            (Kind.MONEY, 0, (10, 20), 32, ["formula_typed_over"]),
            (Kind.MONEY, 2, (10, 20), 31, ["formula_typed_over"]),
            (Kind.COUNT, 0, (10, 20), 31, ["formula_typed_over"]),
        ],
    )  # fmt: skip
    def test_sums_of_rounded_parts(
        self, kind: Kind, decimals: int, parts: tuple[Typed, Typed], typed: Typed, expected: list[str]
    ) -> None:
        """One last digit a part is no contradiction, except among persons and whole numbers among decimals."""
        assert told(formula(SUM, kind, decimals), a=parts[0], b=parts[1], x=typed) == expected

    def test_totals_of_lists(self) -> None:
        catalogue = formula('=IF(COUNT([works.cost])=0,"",SUM([works.cost]))')
        listed: dict[str, Typed] = {"works#1.cost": 3, "works#2.cost": 4, "works#2.name": "cầu"}

        assert codes(findings_of(catalogue, {**listed, "x": 7})) == []
        [finding] = findings_of(catalogue, {**listed, "x": 8})
        assert finding.cells == ("S!B1001", "S!B1002")

    def test_a_figure_stated_in_two_places(self) -> None:
        catalogue = formula('=IF([a]="","",[a])')

        assert told(catalogue, a=12, x=12) == []
        assert told(catalogue, a=12, x=13) == ["formula_typed_over"]


class TestStaleFormulas:
    @pytest.mark.parametrize(("shown", "expected"), [(3.0, []), (3.0000000001, []), (4.0, ["formula_changed"])])
    def test_cells_show_their_result(self, shown: float, expected: list[str]) -> None:
        assert told(formula(SUM), {"x": shown}, a=1, b=2) == expected

    def test_nothing_saved_as_zero_in_an_old_workbook_is_nothing(self) -> None:
        """LibreOffice does so; elsewhere a shown zero is another result."""
        catalogue = formula(SUM)

        def found(file: str) -> list[str]:
            one = replace(returned(catalogue, "A", {}, {"x": 0}), file=file)
            return codes(check_subject(subject_of(catalogue, one)))

        assert found("A.xls") == []
        assert found("A.xlsx") == ["formula_changed"]

    def test_what_is_taken_is_what_is_said(self) -> None:
        [finding] = findings_of(formula(SUM), {"a": 1, "b": 2}, {"x": 4})

        assert (finding.value, finding.expected, finding.severity) == (4, 3, Severity.WARNING)
        assert "lấy 3." in finding.message()

    def test_what_follows_from_a_number_typed_over_a_formula_is_not_stale(self) -> None:
        """Excel goes on with the typed 9; we with the sum, 3. The typed number is the fault, not its followers."""
        catalogue = build([Row("a"), Row("b"), Row("sum", formulas=SUM), Row("twice", formulas="=[sum]*2")])
        typed: dict[str, Typed] = {"a": 1, "b": 2, "sum": 9}

        assert codes(findings_of(catalogue, typed, {"twice": 18})) == ["formula_typed_over"]
        assert codes(findings_of(catalogue, typed, {"twice": 6})) == ["formula_typed_over"]
        [_, stale] = findings_of(catalogue, typed, {"twice": 7})
        assert (stale.code, stale.expected) == ("rule.formula_changed", 6)
        assert "lấy 6." in stale.message()

    def test_a_result_of_nothing_is_stale(self) -> None:
        assert told(formula(SUM), {"x": 4}) == ["formula_changed"]

    def test_what_is_no_number_is_not(self) -> None:
        assert told(formula(SUM), {"x": float("nan")}, a=1) == []


class TestParts:
    ROWS = (Row("all"), Row("some", part_of="all"))

    @pytest.mark.parametrize("measure", MEASURES)
    def test_do_not_exceed_their_whole(self, measure: str) -> None:
        catalogue = build(self.ROWS)

        assert codes(findings_of(catalogue, {f"all@{measure}": 5, f"some@{measure}": 5})) == []
        [finding] = findings_of(catalogue, {f"all@{measure}": 5, f"some@{measure}": 6})
        assert (finding.code, finding.severity, finding.rule) == (
            "rule.part_exceeds_whole",
            Severity.ERROR,
            "part.some",
        )
        assert (finding.indicator, finding.measure, finding.value, finding.expected) == ("some", measure, 6, 5)
        assert len(finding.cells) == 2

    @pytest.mark.parametrize(
        ("whole", "some", "expected"),
        [
            ("-", 6, ["part_exceeds_whole"]), ("-", "-", []), (None, 6, []), (5, None, []), (5, "-", []),
            (0, 0, []), ("12.3", "12.34", []), ("12.3", "12.40", ["part_exceeds_whole"]), (">5", 6, []),
            ("~5", 6, []), (5, "~6", []), (-5, -3, []),
        ],
    )  # fmt: skip
    def test_nil_is_none_and_blank_is_not_known(self, whole: Typed, some: Typed, expected: list[str]) -> None:
        """A part of nothing is too much; more of something blank, negative or about so much is not."""
        assert told(build(self.ROWS), all=whole, some=some) == expected

    def test_of_a_computed_whole(self) -> None:
        catalogue = build([Row("a"), Row("b"), Row("all", formulas=SUM), Row("some", part_of="all")])

        assert told(catalogue, a=1, b=2, some=4) == ["part_exceeds_whole"]
        assert told(catalogue, a=1, b=2, some=3) == []

    def test_need_the_measure_of_their_whole(self) -> None:
        catalogue = build([Row("all", measures=("actual",)), Row("some", part_of="all")])

        assert codes(findings_of(catalogue, {"some@plan": 4, "all": 3, "some": 3})) == []


class TestDivisions:
    PARTS = (Row("a", divides="all"), Row("b", divides="all"), Row("c", divides="all"))

    @pytest.mark.parametrize("measure", MEASURES)
    def test_add_up(self, measure: str) -> None:
        catalogue = build([Row("all"), *self.PARTS])
        parts: dict[str, Typed] = {f"{code}@{measure}": 1 for code in "abc"}

        assert codes(findings_of(catalogue, {**parts, f"all@{measure}": 3})) == []
        [finding] = findings_of(catalogue, {**parts, f"all@{measure}": 4})
        assert (finding.code, finding.severity, finding.rule) == ("rule.parts_differ", Severity.ERROR, "division.all")
        assert (finding.indicator, finding.value, finding.expected) == ("all", 4, 3)
        assert len(finding.cells) == 4
        assert "1 + 1 + 1" in finding.message()

    @pytest.mark.parametrize(
        ("whole", "parts", "expected"),
        [
            (10, (4, 3, None), ["parts_incomplete"]),
            (10, (4, 6, None), []),
            (10, (4, 7, None), ["parts_differ"]),
            (10, (4, None, None), []),
            (10, (11, None, None), ["parts_differ"]),
            (10, (4, 3, "-"), ["parts_differ"]),
            (10, (4, 6, "-"), []),
            ("-", (4, None, None), ["parts_differ"]),
            ("-", ("-", "-", "-"), []),
            (None, (4, 3, 2), []),
            (10, (None, None, None), []),
            (">10", (4, 7, 2), []),
            (10, (4, "~7", 2), []),
            (0, (0, 0, 0), []),
        ],
    )  # fmt: skip
    def test_of_which_some_parts_are_given(self, whole: Typed, parts: Sequence[Typed], expected: list[str]) -> None:
        """The given ones stay within the whole; several that fall short of it are worth a word."""
        typed = dict(zip("abc", parts, strict=True))

        assert told(build([Row("all"), *self.PARTS]), all=whole, **typed) == expected

    def test_a_signed_whole_may_be_less_than_a_part(self) -> None:
        """10 less 4: the part 10 exceeds the balance 6 while the other is blank."""
        assert told(build([Row("all", minimum=-100), *self.PARTS]), all=6, a=10) == []

    @pytest.mark.parametrize(
        ("kind", "decimals", "whole", "parts", "expected"),
        [
            (Kind.PERCENT, 2, "100", ("33.3", "33.3", "33.3"), []),
            (Kind.PERCENT, 2, "100", ("33.3", "33.3", "33.1"), ["parts_differ"]),
            (Kind.NUMBER, 2, "639.9", ("213.45", "213.45", "213.04"), []),
            (Kind.NUMBER, 2, "639.8", ("213.45", "213.45", "213.04"), ["parts_differ"]),
            (Kind.NUMBER, 2, "640", ("213.45", "213.45", "213.04"), ["parts_differ"]),
            (Kind.MONEY, 0, 101, (33, 33, 34), []),
            (Kind.MONEY, 0, 103, (33, 33, 34), ["parts_differ"]),
            (Kind.NUMBER, 2, 101, (33, 33, 34), ["parts_differ"]),
            (Kind.COUNT, 0, 101, (33, 33, 34), ["parts_differ"]),
            (Kind.MONEY, 2, 12345678901234.5, (12345678901234.0, 0.25, 0.25), []),
        ],
    )  # fmt: skip
    def test_at_the_printed_precision(
        self, kind: Kind, decimals: int, whole: Typed, parts: Sequence[Typed], expected: list[str]
    ) -> None:
        """The digits typed count, not those the template shows."""
        catalogue = build([Row("all", kind=kind, decimals=decimals), *self.PARTS])

        assert told(catalogue, all=whole, **dict(zip("abc", parts, strict=True))) == expected

    def test_a_total_typed_over_the_sum_of_its_parts(self) -> None:
        """Once, as typed over; while parts are blank it stands, and the given ones still may not exceed it."""
        catalogue = build([Row("all", formulas='=IF(COUNT([a],[b],[c])=0,"",SUM([a],[b],[c]))'), *self.PARTS])

        assert told(catalogue, a=1, b=1, c=1, all=4) == ["formula_typed_over"]
        assert told(catalogue, a=1, b=1, c=1) == []
        assert told(catalogue, a=1, b=1, all=4) == ["typed_stands", "parts_incomplete"]
        assert told(catalogue, a=5, all=4) == ["typed_stands", "parts_differ"]


class TestRulesOfTheTemplate:
    def test_hold_or_are_told_with_their_severity(self) -> None:
        catalogue = build([Row("a"), Row("b")], rules="order warning: [a]<=[b]\nsame error: [a@plan]=[b@plan]")

        assert told(catalogue, a=1, b=2) == []
        [warning, error] = findings_of(catalogue, {"a": 3, "b": 2, "a@plan": 3, "b@plan": 2})
        assert [(one.code, one.rule, one.severity) for one in (warning, error)] == [
            ("rule.failed", "order", Severity.WARNING),
            ("rule.failed", "same", Severity.ERROR),
        ]
        assert (warning.message(), warning.advice()) == ("order fails", "look")
        assert (warning.cell, warning.cells) == ("F1", ("S!F1", "S!F2"))

    @pytest.mark.parametrize("typed", [{}, {"a": 3}, {"b": -1}, {"a": 3, "b": "-"}])
    def test_say_nothing_of_blanks(self, typed: Mapping[str, Typed]) -> None:
        assert told(build([Row("a"), Row("b")], rules="order error: [a]<=[b]"), **typed) == []

    def test_are_not_asked_of_a_blank_return(self) -> None:
        """A rule that counts what is filled is FALSE where nothing is."""
        catalogue = build([Row("a"), Row("b")], rules="both error: COUNT([a],[b])=2")

        assert told(catalogue) == []
        assert told(catalogue, a=1) == ["failed"]

    def test_name_the_rows_of_lists(self) -> None:
        catalogue = build([Row("a")], COLUMNS, "list error: SUM([works.cost])<=[a]")
        [finding] = findings_of(catalogue, {"a": 4, "works#1.cost": 2, "works#2.cost": None, "works#3.cost": 3})

        assert finding.cells == ("S!F1", "S!B1001", "S!B1003")

    def test_of_totals_are_not_asked_of_units(self) -> None:
        catalogue = build([Row("a"), Row("b")], rules="order error: [a]<=[b]")
        [rule] = catalogue.rules
        of_totals = replace(catalogue, rules=(replace(rule, scope="tổng"),))

        assert told(catalogue, a=3, b=2) == ["failed"]
        assert told(of_totals, a=3, b=2) == []


class TestChecks:
    def test_a_blank_return_has_nothing_wrong(self) -> None:
        rows = [Row("a", minimum=5), Row("b", part_of="a"), Row("c", divides="a"), Row("x", formulas=SUM)]

        assert told(build(rows, COLUMNS, "r error: [a]+[b]=[c]")) == []

    def test_every_check_says_what_should_hold(self) -> None:
        assert all(check.__doc__ for check in CHECKS)
