"""The rules of a form as expressions: what the relations imply, and when a verdict is given at all."""

from collections.abc import Mapping

import pytest

from tests.small_catalogue import Row, Typed, build, calculated, returned
from workbook_tools.catalogue import Catalogue
from workbook_tools.evaluation import evaluate
from workbook_tools.formula_rendering import show
from workbook_tools.formulas import Figure, ListColumn
from workbook_tools.indicators import Kind
from workbook_tools.rules import FAILED, PASSED, division_parts, form_rules, implied_rules, places_of, status_of

COLUMNS = {"works": {"name": Kind.TEXT, "cost": Kind.MONEY}}
ROWS = [Row("a"), Row("b"), Row("c")]


def verdict(formula: str, **typed: Typed) -> str:
    """What the live sheet shows beside a rule."""
    catalogue = build(ROWS, COLUMNS, f"r error: {formula}")
    return shown(catalogue, typed)


def shown(catalogue: Catalogue, typed: Mapping[str, Typed]) -> str:
    """The verdict on the last rule of the form."""
    [*_, rule] = form_rules(catalogue)
    cube = calculated(
        catalogue, [returned(catalogue, "A", {key.replace("__", "#1."): one for key, one in typed.items()})]
    )
    return str(evaluate(status_of(rule), cube).text[0])


class TestStatus:
    @pytest.mark.parametrize(
        ("formula", "typed", "expected"),
        [
            ("=[a]+[b]=[c]", {"a": 1, "b": 2, "c": 3}, PASSED),
            ("=[a]+[b]=[c]", {"a": 1, "b": 2, "c": 4}, FAILED),
            ("=[a]+[b]=[c]", {"a": 1, "c": 4}, ""),
            ("=[a]<=[b]*1.1", {"a": 0, "b": 0}, PASSED),
            ("=[a]/[b]<=45", {"a": 450, "b": 9}, FAILED),
            ("=[a]/[b]<=45", {"a": 450}, ""),
            ("=AND([a]>=80,[a]<=140)", {"a": 200}, FAILED),
            ("=AND([a]>=80,[a]<=140)", {}, ""),
            ("=SUM([a],[b])<=[c]", {"a": 4, "c": 3}, FAILED),
            ("=SUM([a],[b])<=[c]", {"c": 3}, ""),
            ("=SUM([a],[b])<=[c]", {"a": 4}, ""),
            ("=SUM([works.cost])<=[a]", {"works__cost": 5, "a": 4}, FAILED),
            ("=SUM([works.cost])<=[a]", {"works__cost": 5, "a": 5}, PASSED),
            ("=SUM([works.cost])>=[a]", {"a": 4}, ""),
            ("=OR(COUNT([works.cost])<1,SUM([works.cost])=100)", {"works__cost": 99}, FAILED),
            ("=OR(COUNT([works.cost])<1,SUM([works.cost])=100)", {"works__cost": 100}, PASSED),
        ],
    )  # fmt: skip
    def test_is_given_once_the_figures_are_there(self, formula: str, typed: Mapping[str, Typed], expected: str) -> None:
        """A blank figure is not zero: nothing is said of it."""
        assert verdict(formula, **typed) == expected

    def test_of_what_cannot_be_divided_is_no_failure(self) -> None:
        assert verdict("=[a]/[b]<=45", a=450, b=0) != FAILED


class TestImpliedRules:
    def test_stand_after_those_of_the_template(self) -> None:
        catalogue = build([Row("all"), Row("some", part_of="all")], rules="r error: [all]>0")

        assert [rule.code for rule in form_rules(catalogue)] == ["r", "part.some"]

    @pytest.mark.parametrize(("some", "expected"), [(5, PASSED), (6, FAILED), (None, ""), ("-", "")])
    def test_a_part_does_not_exceed_its_whole(self, some: Typed, expected: str) -> None:
        assert shown(build([Row("all"), Row("some", part_of="all")]), {"all": 5, "some": some}) == expected

    @pytest.mark.parametrize(
        ("kind", "decimals", "whole", "expected"),
        [
            (Kind.COUNT, 0, 5, PASSED), (Kind.COUNT, 0, 6, FAILED), (Kind.NUMBER, 2, 5.01, PASSED),
            (Kind.NUMBER, 2, 5.03, FAILED), (Kind.MONEY, 0, 6, PASSED), (Kind.NUMBER, 2, None, ""),
        ],
    )  # fmt: skip
    def test_the_parts_of_a_division_add_up(self, kind: Kind, decimals: int, whole: Typed, expected: str) -> None:
        """Persons exactly, other figures as exactly as their rows show them."""
        catalogue = build([Row("all", kind=kind), *(Row(code, divides="all", decimals=decimals) for code in "ab")])

        assert shown(catalogue, {"all": whole, "a": 2, "b": 3}) == expected

    def test_a_division_is_not_judged_before_all_its_parts_are_there(self) -> None:
        catalogue = build([Row("all"), Row("a", divides="all"), Row("b", divides="all")])

        assert shown(catalogue, {"all": 9, "a": 2}) != FAILED

    def test_a_formula_that_adds_the_parts_needs_no_rule(self) -> None:
        """A formula over other rows does."""
        parts = [Row("a", divides="all"), Row("b", divides="all"), Row("c")]
        own = build([Row("all", formulas="=SUM([a],[b])"), *parts])
        other = build([Row("all", formulas="=SUM([a],[c])"), *parts])

        assert list(implied_rules(own, ["actual"])) == []
        assert [rule.code for rule in implied_rules(other, ["actual"])] == ["division.all"]

    def test_follow_every_measure_asked_for(self) -> None:
        catalogue = build([Row("all"), Row("some", part_of="all")])
        rules = [show(rule.expression) for rule in implied_rules(catalogue, ("prior", "plan"))]

        assert rules == ["{some@prior}<={all@prior}", "{some@plan}<={all@plan}"]

    def test_closed_cells_are_no_parts(self) -> None:
        catalogue = build([Row("all"), Row("a", divides="all"), Row("b", divides="all", measures=("prior",))])

        assert division_parts(catalogue, "all", "actual") == (Figure("a", "actual"),)


class TestPlaces:
    def test_are_named_once_in_order(self) -> None:
        catalogue = build(ROWS, COLUMNS, "r error: =SUM([c]:[c],[a])+[a]<=SUM([works.cost])")

        assert list(places_of(catalogue.rules[0])) == [
            Figure("c", "actual"),
            Figure("a", "actual"),
            ListColumn("works", "cost"),
        ]
