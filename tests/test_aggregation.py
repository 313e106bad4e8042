"""Adding up over the tree of units. Frames in, frames out; no workbook."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.small_catalogue import (
    Nested,
    Row,
    Typed,
    build,
    codes,
    consolidated,
    return_of,
    returned,
    total,
    tree,
)
from workbook_tools.catalogue import Catalogue
from workbook_tools.consolidated import Consolidation
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Kind
from workbook_tools.totals import exact_sums

RATIO = '=IF(COUNT([part],[whole])=2,IFERROR([part]/[whole]*100,""),"")'
SUM = '=IF(COUNT([a],[b])=0,"",SUM([a],[b]))'


def value(result: Consolidation, key: str) -> float | int | str | None:
    return result.value(_figure(key))


def support(result: Consolidation, key: str) -> str:
    """``2/3``: how many units of how many."""
    one = result.support(_figure(key))
    return f"{one.reported}/{one.expected}"


def _figure(key: str) -> Figure:
    code, _, measure = key.partition("@")
    return Figure(code, measure or "actual")


# --- two steps are one -------------------------------------------------------------------------------------

RULES = ("tổng", "bình quân theo w", "bình quân theo a", "lớn nhất", "nhỏ nhất", "đếm", "không")
FORMULAS = {
    "ratio": '=IF(COUNT([a],[b])=2,IFERROR([a]/[b]*100,""),"")',
    "plain_ratio": "=[a]/[c]",
    "sum": '=IF(COUNT([a],[b])=0,"",SUM([a],[b]))',
    "plain_sum": "=[a]+[b]+[c]",
    "guarded_sum": '=IF(COUNT([a],[c])=2,[a]+[c],"")',
    "sum_of_sums": '=IF(COUNT([sum],[c])=0,"",SUM([sum],[c]))',
    "product": '=IF(COUNT([a],[c])=2,IFERROR([a]*[c]/10,""),"")',
    "sum_of_products": '=IF(COUNT([product],[b])=0,"",SUM([product],[b]))',
    "difference": '=IF(COUNT([a],[b])=2,[a]-[b],"")',
    "surplus": '=IF(COUNT([b],[c])=2,IFERROR(MAX(0,[b]-[c]),""),"")',
    "best": "=MAX([a],[b])",
    "mirror": '=IF([ratio]="","",[ratio])',
    "cost": '=IF(COUNT([works.cost])=0,"",SUM([works.cost]))',
    "count": '=IF(COUNTA([works.name])=0,"",COUNTA([works.name]))',
    "done": '=IF(COUNTA([works.name])=0,"",SUMIF([works.name],"xong",[works.cost]))',
}
INPUTS = ("a", "b", "c", "w")
NEEDED = {"mirror": ("ratio",), "sum_of_sums": ("sum",), "sum_of_products": ("product",)}


def catalogue_of(rules: Mapping[str, str]) -> Catalogue:
    """Some formulas over four inputs, each row under any rule."""
    inputs = [Row(code, rules[code], measures=("prior", "actual")) for code in INPUTS]
    notes = Row("note", "ghép", Kind.TEXT, measures=("actual",))
    growth = '=IF(COUNT([{0}@prior],[{0}@actual])=2,IFERROR(([{0}@actual]/[{0}@prior]-1)*100,""),"")'
    change = '=IF(COUNT([{0}@prior],[{0}@actual])=2,[{0}@actual]-[{0}@prior],"")'
    computed = []
    for code in (code for code in FORMULAS if code in rules):
        formulas = {"prior": FORMULAS[code], "actual": FORMULAS[code]}
        formulas |= {"growth": growth.format(code), "change": change.format(code)}
        computed.append(Row(code, rules[code], formulas=formulas, measures=("prior", "actual")))
    return build([*inputs, notes, *computed], {"works": {"name": Kind.TEXT, "cost": Kind.MONEY}})


@st.composite
def rules_of_rows(draw: st.DrawFn) -> dict[str, str]:
    chosen = draw(st.sets(st.sampled_from(sorted(FORMULAS)), min_size=1, max_size=4))
    needed = {code for one in chosen for code in NEEDED.get(one, ())}
    return {code: draw(st.sampled_from(RULES)) for code in (*INPUTS, *sorted(chosen | needed))}


numbers = st.one_of(
    st.integers(0, 40).map(float),
    st.decimals(-100, 1000, places=2).map(float),
    st.sampled_from([0.0, 0.1, 0.2, 1e13, 12345678901234.5]),
)
inputs = st.one_of(st.none(), st.sampled_from(["-", "-", "?"]), numbers, numbers, numbers)
over_formulas = st.one_of(*[st.none()] * 12, st.just("-"), numbers)


@st.composite
def typed_by_a_unit(draw: st.DrawFn, catalogue: Catalogue, fullness: int) -> dict[str, Typed]:
    typed: dict[str, Typed] = {}
    for code in INPUTS:
        for measure in ("prior", "actual"):
            if draw(st.integers(0, 9)) < fullness:
                typed[f"{code}@{measure}" if measure == "prior" else code] = draw(inputs)
    for code in FORMULAS.keys() & catalogue.indicators.keys():
        typed[code] = draw(over_formulas)
        typed[f"{code}@growth"] = draw(over_formulas)
    typed["note"] = draw(st.sampled_from([None, None, "-", "đã xong", "[1] chưa"]))
    for item in range(draw(st.integers(0, 2))):
        typed[f"works#{item + 1}.name"] = draw(st.sampled_from(["xong", "chưa"]))
        typed[f"works#{item + 1}.cost"] = draw(inputs)
    return typed


shapes = st.recursive(st.just(()), lambda inner: st.lists(inner, min_size=1, max_size=4).map(tuple), max_leaves=7)


def named(shape: Sequence[Sequence[object]], code: str = "P") -> dict[str, Nested]:
    """The tree of a shape; a unit's code says where it stands: ``P``, ``P1``, ``P12``."""
    return {f"{code}{number}": named(below, f"{code}{number}") for number, below in enumerate(shape, 1)}  # type: ignore[arg-type]


def leaves(nested: Nested) -> list[str]:
    return [leaf for code, below in nested.items() for leaf in (leaves(below) if below else [code])]


def inner_units(nested: Nested) -> list[str]:
    return [one for code, below in nested.items() if below for one in (code, *inner_units(below))]


def cut(nested: Nested, code: str) -> dict[str, Nested]:
    """The tree with nothing below a unit."""
    return {one: {} if one == code else cut(below, code) for one, below in nested.items()}


def facts(result: Consolidation, figure: Figure) -> dict[str, object]:
    """All of a figure that must not depend on the way the units were grouped."""
    cube, row, column = result.cube, result.row, result.cube.index[figure]
    support = result.support(figure)
    flags = {"filled": bool(cube.filled[row, column]), "blocked": support.blocked, "stands": support.stands}
    counts = {"reported": support.reported, "expected": support.expected, "signature": support.signature}
    return {"value": result.value(figure), **flags, **counts}


def differences(one: Consolidation, other: Consolidation) -> list[str]:
    """Figures, and the list, that two consolidations see differently."""
    found = []
    for figure in one.cube.index:
        these, those = facts(one, figure), facts(other, figure)
        if isinstance(these["value"], float | int):
            these["value"] = pytest.approx(these["value"], rel=1e-9, abs=1e-9)
        found += [f"{figure}: {these[key]} {key} {those[key]}" for key in these if these[key] != those[key]]
    if sorted(items(one)) != sorted(items(other)):
        found.append(f"list: {items(one)} {items(other)}")
    return found


def items(result: Consolidation) -> list[tuple[str, str, object, object]]:
    """The rows of the unit's list with their keys."""
    table = result.cube.lists.get("works")
    if table is None:
        return []
    rows = [position for position, owner in enumerate(table.owner) if owner == result.row]
    return [
        (table.keys[one], str(table.text["name"][one]), repr(table.number["cost"][one]), table.text["cost"][one])
        for one in rows
    ]


class TestTwoStepsAreOne:
    def test_where_nobody_has_said_a_figure_that_could_not_be_formed(self) -> None:
        """A part was refused and nothing else reported: there is nothing whose total would be held back."""
        catalogue = catalogue_of({"sum_of_sums": "đếm", **dict.fromkeys(("a", "b", "c", "w", "sum"), "tổng")})
        returns = [returned(catalogue, "U", {"a": "-", "b": "?"})]
        middle = consolidated(catalogue, tree({"P1": {"U": {}}}), returns)
        at_once = consolidated(catalogue, tree({"P": {"P1": {"U": {}}}}), returns)

        assert differences(at_once, consolidated(catalogue, tree({"P": {"P1": {}}}), [return_of(middle)])) == []

    @settings(max_examples=200, deadline=None)
    @given(data=st.data())
    def test_however_the_units_are_grouped(self, data: st.DataObject) -> None:
        """All at once, over a tree, and over the return of a middle unit: the same figures, support and lists."""
        catalogue = catalogue_of(data.draw(rules_of_rows()))
        nested = {"P": named(data.draw(shapes.filter(lambda shape: len(shape) > 0)))}
        fullness = data.draw(st.integers(3, 10))
        senders = [leaf for leaf in leaves(nested) if data.draw(st.integers(0, 5))]
        returns = [returned(catalogue, leaf, data.draw(typed_by_a_unit(catalogue, fullness))) for leaf in senders]

        at_once = consolidated(catalogue, tree({"P": {leaf: {} for leaf in leaves(nested)}}), returns)
        over_tree = consolidated(catalogue, tree(nested), returns)
        assert differences(at_once, over_tree) == []

        if middles := inner_units(nested["P"]):
            middle = data.draw(st.sampled_from(middles))
            between = consolidated(catalogue, tree(nested), returns, middle)
            below = _below(nested, middle)
            upward = [one for one in returns if one.unit not in below]
            upward.append(return_of(between))
            for units in (cut(nested, middle), nested):
                assert differences(at_once, consolidated(catalogue, tree(units), upward)) == []


def _below(nested: Nested, code: str) -> list[str]:
    """The leaves below a unit."""
    if code in nested:
        return leaves(nested[code])
    return [leaf for below in nested.values() for leaf in _below(below, code)]


# --- one fact at a time ------------------------------------------------------------------------------------


def found(result: Consolidation) -> list[tuple[str, str]]:
    """Findings of adding up: what and about which figure."""
    return [
        (code, f"{one.indicator}@{one.measure}")
        for code, one in zip(codes(result.findings), result.findings, strict=True)
    ]


AREA_YIELD = [
    Row("area"),
    Row("yield", "bình quân theo area"),
    Row("output", formulas='=IF(COUNT([area],[yield])=2,[area]*[yield]/10,"")'),
    Row("other"),
    Row("grain", formulas='=IF(COUNT([output],[other])=0,"",SUM([output],[other]))'),
]


class TestTypedFigures:
    @pytest.mark.parametrize(
        ("rule", "typed", "expected", "counted"),
        [
            ("tổng", (1, 2.5), 3.5, "2/2"),
            ("tổng", (1, None), 1, "1/2"),
            ("tổng", (0, None), 0, "1/2"),
            ("tổng", (None, None), None, "0/2"),
            ("tổng", ("-", 5), 5, "2/2"),
            ("tổng", ("-", None), "-", "1/2"),
            ("tổng", ("-", 0), 0, "2/2"),
            ("tổng", ("?", 5), 5, "1/2"),
            ("lớn nhất", (-3, None, -7), -3, "2/3"),
            ("nhỏ nhất", (3, None, 7), 3, "2/3"),
            ("nhỏ nhất", ("-", 7), 7, "2/2"),
            ("lớn nhất", (None, None), None, "0/2"),
            ("lớn nhất", ("-", "-"), "-", "2/2"),
            ("đếm", (17, 0, "-", None), 2, "3/4"),
            ("đếm", ("-", None), "-", "1/2"),
            ("không", (3, 5), None, "2/2"),
            ("không", (3, None), None, "1/2"),
        ],
    )  # fmt: skip
    def test_follow_the_rule_of_their_row(
        self, rule: str, typed: Sequence[Typed], expected: Typed, counted: str
    ) -> None:
        """Blank, zero and nil are three things; the total says of how many units of how many it is."""
        result = total(build([Row("x", rule)]), *({"x": one} for one in typed))

        assert (value(result, "x"), support(result, "x")) == (expected, counted)
        assert found(result) == []

    def test_a_mean_is_weighted(self) -> None:
        """50 tạ/ha on 10 ha and 60 tạ/ha on 30 ha are 57,5 tạ/ha."""
        result = total(build(AREA_YIELD), {"area": 10, "yield": 50}, {"area": 30, "yield": 60})

        assert value(result, "yield") == 57.5
        assert value(result, "output") == 230

    @pytest.mark.parametrize(
        ("second", "expected", "counted"),
        [
            ({"area": "-", "yield": "-"}, 50, "2/3"),
            ({"area": 0, "yield": 60}, 50, "2/3"),
            ({"area": "-", "yield": 60}, 50, "2/3"),
            ({"area": 30}, 50, "1/3"),
            ({"area": 30, "yield": 0}, 12.5, "2/3"),
        ],
    )
    def test_a_mean_passes_by_what_weighs_nothing(
        self, second: Mapping[str, Typed], expected: float, counted: str
    ) -> None:
        result = total(build(AREA_YIELD), {"area": 10, "yield": 50}, second, {})

        assert (value(result, "yield"), support(result, "yield")) == (expected, counted)

    def test_a_value_without_weight_makes_no_mean(self) -> None:
        """A mean that leaves out a unit in silence would be wrong, and so would a sum that needs the mean."""
        result = total(build(AREA_YIELD), {"area": 10, "yield": 50, "other": 7}, {"yield": 60})

        assert value(result, "yield") is None
        assert value(result, "output") is None
        assert value(result, "grain") is None
        assert found(result) == [
            ("mean_without_weight", "yield@actual"),
            ("part_without_total", "output@actual"),
            ("part_without_total", "grain@actual"),
        ]
        assert result.findings[0].details["parts"] == "Area"

    def test_what_follows_from_a_lost_total_is_told_once(self) -> None:
        """No mean, so no growth of the mean: one reason, one finding."""
        growth = {
            "growth": '=IF(COUNT([rate@prior],[rate@actual])=2,IFERROR(([rate@actual]/[rate@prior]-1)*100,""),"")'
        }
        catalogue = build([Row("area"), Row("rate", "bình quân theo area", formulas=growth)])
        first: dict[str, Typed] = {"area": 1, "area@prior": 1, "rate": 50, "rate@prior": 40}
        result = total(catalogue, first, {"rate": 60, "rate@prior": 50, "area@prior": 1})

        assert value(result, "rate@growth") is None
        assert found(result) == [("mean_without_weight", "rate@actual")]

    def test_the_only_value_is_its_own_mean(self) -> None:
        result = total(build(AREA_YIELD), {"yield": 60}, {"area": 5})

        assert (value(result, "yield"), support(result, "yield")) == (60, "1/2")

    def test_texts_are_joined_after_their_units(self) -> None:
        """A text that looks as if it had its unit already gets it all the same."""
        catalogue = build([Row("note", "ghép", Kind.TEXT)])
        result = total(catalogue, {"note": "xong"}, {"note": "[1] chưa"}, {"note": "-"}, {})

        assert value(result, "note") == "[A] xong; [B] [1] chưa"
        assert support(result, "note") == "3/4"

    def test_texts_without_a_rule_are_not_told(self) -> None:
        assert value(total(build([Row("note", "không", Kind.TEXT)]), {"note": "xong"}), "note") is None

    @pytest.mark.parametrize("measure", ["plan_ratio", "growth"])
    def test_typed_percentages_are_not_summed(self, measure: str) -> None:
        """Not even those of a row that is summed, or of a percentage whose row says so by mistake."""
        catalogue = build([Row("x", measures=("actual", measure)), Row("rate", "tổng", Kind.PERCENT)])
        result = total(catalogue, {"x": 1, f"x@{measure}": 40, "rate": 40}, {"x": 2, f"x@{measure}": 50, "rate": 50})

        assert value(result, "x") == 3
        assert value(result, f"x@{measure}") is None
        assert value(result, "rate") is None
        assert found(result) == [("rate_without_parts", f"x@{measure}"), ("rate_without_parts", "rate@actual")]

    def test_changes_are_summed_only_where_figures_are(self) -> None:
        catalogue = build([Row("x", measures=("change",)), Row("top", "lớn nhất", measures=("change",))])
        result = total(catalogue, {"x@change": 1, "top@change": 1}, {"x@change": -3, "top@change": -3})

        assert value(result, "x@change") == -2
        assert value(result, "top@change") is None


class TestFormulaFigures:
    def test_a_ratio_comes_from_the_totals_of_its_parts(self) -> None:
        """1 of 10 and 30 of 40 are 62 %, neither 85 % nor 42,5 %."""
        catalogue = build([Row("part"), Row("whole"), Row("rate", "không", formulas=RATIO)])
        result = total(catalogue, {"part": 1, "whole": 10}, {"part": 30, "whole": 40})

        assert (value(result, "rate"), support(result, "rate")) == (62, "2/2")
        assert Figure("rate", "actual") not in result.without_formula

    def test_a_unit_that_cannot_divide_still_counts(self) -> None:
        """5 of none and 5 of 10: the unit has no rate, the total has."""
        catalogue = build([Row("part"), Row("whole"), Row("rate", "không", formulas=RATIO)])
        result = total(catalogue, {"part": 5, "whole": 0}, {"part": 5, "whole": 10})

        assert (value(result, "rate"), support(result, "rate")) == (100, "2/2")
        assert value(total(catalogue, {"part": 5, "whole": 0}), "rate") is None

    def test_parts_of_different_units_make_no_ratio(self) -> None:
        """The plan of one unit beside the result of two: no value, and a finding that names both."""
        ratio = {"plan_ratio": '=IF(COUNT([x@plan],[x@actual])=2,IFERROR([x@actual]/[x@plan]*100,""),"")'}
        result = total(build([Row("x", formulas=ratio)]), {"x@plan": 10, "x": 11}, {"x": 9})

        assert value(result, "x") == 20
        assert value(result, "x@plan_ratio") is None
        assert found(result) == [("parts_of_different_units", "x@plan_ratio")]
        assert "X (plan), X (actual)" in result.findings[0].message()
        assert Figure("x", "plan_ratio") in result.without_formula

    def test_nobody_is_told_of_a_ratio_that_nobody_had(self) -> None:
        """One unit has the part, another the whole: neither has a rate, nor has the total."""
        catalogue = build([Row("part"), Row("whole"), Row("rate", "không", formulas=RATIO)])
        result = total(catalogue, {"part": 5}, {"whole": 10})

        assert value(result, "rate") is None
        assert found(result) == []

    def test_nil_in_a_sum_of_parts_counts_for_a_ratio(self) -> None:
        """A unit without poor households, and one with 5 of 100: 2,5 % of 200."""
        poor = Row("poor", formulas='=IF(COUNT([rural],[urban])=0,"",SUM([rural],[urban]))')
        rate = Row("rate", "không", formulas=RATIO.replace("part", "poor"))
        catalogue = build([Row("rural"), Row("urban"), poor, Row("whole"), rate])
        result = total(catalogue, {"rural": "-", "urban": "-", "whole": 100}, {"rural": 2, "urban": 3, "whole": 100})

        assert (value(result, "poor"), support(result, "poor")) == (5, "2/2")
        assert value(result, "rate") == 2.5

    def test_a_sum_takes_what_each_unit_has(self) -> None:
        """One part from each unit: still a total, of fewer units where a unit has none."""
        result = total(build([Row("a"), Row("b"), Row("sum", formulas=SUM)]), {"a": 1}, {"b": 2}, {})

        assert (value(result, "sum"), support(result, "sum")) == (3, "2/3")
        assert support(result, "a") == "1/3"

    def test_a_sum_that_wants_all_its_parts_takes_them_from_the_same_units(self) -> None:
        """The unit that has only one part has no sum; its part must not slip into the total's."""
        catalogue = build([Row("a"), Row("b"), Row("sum", formulas='=IF(COUNT([a],[b])=2,[a]+[b],"")')])
        result = total(catalogue, {"a": 1, "b": 2}, {"a": 100})

        assert value(result, "sum") is None
        assert found(result) == [("parts_of_different_units", "sum@actual")]

    @pytest.mark.parametrize("function", ["MAX", "MIN", "AVERAGE"])
    def test_a_choice_among_parts_takes_them_from_the_same_units(self, function: str) -> None:
        catalogue = build([Row("a"), Row("b"), Row("chosen", formulas=f"={function}([a],[b])")])

        assert value(total(catalogue, {"a": 3, "b": 2}, {"a": 4}), "chosen") is None

    def test_growth_is_that_of_the_totals(self) -> None:
        growth = {"growth": '=IF(COUNT([x@prior],[x@actual])=2,IFERROR(([x@actual]/[x@prior]-1)*100,""),"")'}
        result = total(build([Row("x", formulas=growth)]), {"x@prior": 10, "x": 20}, {"x@prior": 90, "x": 100})

        assert value(result, "x@growth") == 20

    def test_all_parts_nil_make_a_total_that_spreadsheets_show_blank(self) -> None:
        """The sum of ``-`` and ``-`` is nil for us; the cell with the live formula shows what Excel would."""
        mirror = Row("mirror", formulas='=IF([a]="","",[a])')
        result = total(build([Row("a"), Row("b"), Row("sum", formulas=SUM), mirror]), {"a": "-", "b": "-"})

        assert support(result, "sum") == "1/1"
        assert value(result, "sum") is None
        assert value(result, "mirror") == "-"

    def test_texts_are_recomputed_too(self) -> None:
        catalogue = build([Row("a"), Row("b"), Row("word", "không", Kind.TEXT, formulas='=IF([a]>[b],"hơn","kém")')])
        result = total(catalogue, {"a": 1, "b": 2}, {"a": 9, "b": 2})

        assert value(result, "word") == "hơn"

    def test_a_part_that_is_not_added_up_makes_no_sum(self) -> None:
        """A sum over a row that the template does not add up would leave that row out in silence."""
        catalogue = build([Row("a"), Row("b", "không"), Row("sum", formulas=SUM)])
        result = total(catalogue, {"a": 1, "b": 2}, {"a": 3})

        assert value(result, "sum") is None
        assert found(result) == [("part_without_total", "sum@actual")]

    def test_what_the_template_does_not_add_up_needs_no_finding(self) -> None:
        catalogue = build([Row("a", "không"), Row("b", "không"), Row("sum", "không", formulas=SUM)])
        result = total(catalogue, {"a": 1, "b": 2}, {"a": 3})

        assert value(result, "sum") is None
        assert found(result) == []


class TestTypedOverFormulas:
    @pytest.mark.parametrize(("rule", "expected"), [("tổng", 130), ("lớn nhất", 100), ("nhỏ nhất", 30)])
    def test_a_total_typed_without_its_parts_goes_in_by_the_rule(self, rule: str, expected: float) -> None:
        """One unit typed 100, the other its parts, 10 and 20; the parts alone would give 30."""
        catalogue = build([Row("a"), Row("b"), Row("sum", rule, formulas=SUM)])
        result = total(catalogue, {"sum": 100}, {"a": 10, "b": 20})

        assert (value(result, "sum"), support(result, "sum")) == (expected, "2/2")
        assert (value(result, "a"), support(result, "a")) == (10, "1/2")
        assert Figure("sum", "actual") in result.without_formula

    def test_a_total_typed_beside_some_parts_goes_in_whole(self) -> None:
        result = total(build([Row("a"), Row("b"), Row("sum", formulas=SUM)]), {"a": 60, "sum": 100}, {"a": 1, "b": 2})

        assert value(result, "sum") == 103

    def test_a_total_typed_against_all_its_parts_does_not(self) -> None:
        result = total(build([Row("a"), Row("b"), Row("sum", formulas=SUM)]), {"a": 60, "b": 30, "sum": 100})

        assert value(result, "sum") == 90

    def test_a_typed_rate_goes_in_by_its_weight(self) -> None:
        """20 % of 30 typed, 5 of 10 computed: 27,5 % of 40."""
        catalogue = build([Row("part"), Row("whole"), Row("rate", "bình quân theo whole", formulas=RATIO)])
        result = total(catalogue, {"rate": 20, "whole": 30}, {"part": 5, "whole": 10})

        assert value(result, "rate") == 27.5
        assert found(result) == []

    @pytest.mark.parametrize("rule", ["bình quân theo whole", "không", "đếm"])
    def test_a_typed_rate_without_weight_or_rule_leaves_no_total(self, rule: str) -> None:
        """The parts of the others would give 50 % as if it were everybody's."""
        catalogue = build([Row("part"), Row("whole"), Row("rate", rule, formulas=RATIO)])
        result = total(catalogue, {"rate": 20}, {"part": 5, "whole": 10})

        assert value(result, "rate") is None
        assert found(result) == [("rate_without_parts", "rate@actual")]

    def test_a_typed_growth_leaves_no_total(self) -> None:
        growth = {"growth": '=IF(COUNT([x@prior],[x@actual])=2,IFERROR(([x@actual]/[x@prior]-1)*100,""),"")'}
        result = total(build([Row("x", formulas=growth)]), {"x": 10, "x@growth": 5}, {"x@prior": 10, "x": 12})

        assert value(result, "x@growth") is None
        assert found(result) == [("rate_without_parts", "x@growth")]

    def test_a_ratio_of_a_typed_total_is_computed(self) -> None:
        """The total that goes in by its rule is a part like any other."""
        rate = Row("rate", "không", formulas='=IF(COUNT([sum],[c])=2,[sum]/[c],"")')
        catalogue = build([Row("a"), Row("b"), Row("sum", formulas=SUM), Row("c"), rate])
        result = total(catalogue, {"sum": 100, "c": 10}, {"a": 10, "b": 20, "c": 3})

        assert value(result, "rate") == 10

    def test_nil_typed_over_a_formula_is_reported_and_adds_nothing(self) -> None:
        result = total(build([Row("a"), Row("b"), Row("sum", formulas=SUM)]), {"sum": "-"}, {"a": 10, "b": 20})

        assert (value(result, "sum"), support(result, "sum")) == (30, "2/2")

    def test_nil_typed_over_a_rate_does_not_take_the_rate_of_the_others(self) -> None:
        catalogue = build([Row("part"), Row("whole"), Row("rate", "không", formulas=RATIO)])

        assert value(total(catalogue, {"rate": "-"}, {"part": 5, "whole": 10}), "rate") == 50

    def test_a_total_fed_by_a_list_and_typed_without_it(self) -> None:
        """One unit lists its works, 3 and 4; the other types 10 and lists nothing."""
        cost = Row("cost", formulas='=IF(COUNT([works.cost])=0,"",SUM([works.cost]))')
        catalogue = build([cost], {"works": {"name": Kind.TEXT, "cost": Kind.MONEY}})
        result = total(catalogue, {"works#1.cost": 3, "works#2.cost": 4}, {"cost": 10})

        assert (value(result, "cost"), support(result, "cost")) == (17, "2/2")
        assert Figure("cost", "actual") in result.without_formula


class TestLists:
    def test_rows_are_gathered_with_their_units_in_order(self) -> None:
        columns = {"works": {"name": Kind.TEXT, "cost": Kind.MONEY}}
        cost = Row("cost", formulas='=IF(COUNT([works.cost])=0,"",SUM([works.cost]))')
        b: dict[str, Typed] = {"works#1.name": "cầu", "works#1.cost": 0.1, "works#3.cost": 0.2}
        result = total(build([cost], columns), {"works#2.name": "đường"}, {}, b)

        assert [row[:2] for row in items(result)] == [("A.2", "đường"), ("C.1", "cầu"), ("C.3", "None")]
        assert [cell.name.item for cell in return_of(result).cells if cell.observation.text] == ["A.2", "C.1"]
        assert (value(result, "cost"), support(result, "cost")) == (0.3, "1/3")

    def test_rows_numbered_with_dots_are_still_those_of_their_unit(self) -> None:
        columns = {"works": {"name": Kind.TEXT, "cost": Kind.MONEY}}
        typed: dict[str, Typed] = {"works#1.2.name": "cầu"}

        assert [row[0] for row in items(total(build([Row("a")], columns), typed, typed))] == ["A.1.2", "B.1.2"]


class TestOwnReturn:
    """A unit that has units below it and sends a return itself."""

    SUMS = (Row("a"), Row("b"), Row("sum", formulas=SUM))

    def test_counts_where_its_units_are_silent(self) -> None:
        result = total(build(self.SUMS), {}, {}, own={"a": 3, "b": 4, "sum": 7})

        assert value(result, "a") == 3
        assert (value(result, "sum"), support(result, "sum")) == (7, "1/1")
        assert found(result) == []

    def test_gives_way_to_its_units_and_says_so(self) -> None:
        result = total(build(self.SUMS), {"a": 3, "b": 4}, {"a": 5}, own={"a": 9, "b": 4})

        assert value(result, "a") == 8
        assert value(result, "sum") == 12
        assert found(result) == [("own_figure_ignored", "a@actual"), ("own_figure_ignored", "sum@actual")]
        assert [(one.value, one.expected) for one in result.findings] == [(9, 8), (13, 12)]

    def test_is_not_mixed_with_its_units_in_a_ratio(self) -> None:
        """The units give the part, the unit itself the whole: no rate, not even the one it has itself."""
        catalogue = build([Row("part"), Row("whole"), Row("rate", "không", formulas=RATIO)])
        result = total(catalogue, {"part": 5}, own={"part": 5, "whole": 10})

        assert value(result, "whole") == 10
        assert value(result, "rate") is None
        assert ("own_figure_ignored", "rate@actual") in found(result)

    def test_has_the_figures_that_are_not_added_up(self) -> None:
        result = total(build([Row("rank", "không")]), {"rank": 3}, {"rank": 5}, own={"rank": 1})

        assert value(result, "rank") == 1
        assert found(result) == []

    def test_keeps_a_typed_total_of_which_its_units_know_nothing(self) -> None:
        result = total(build(self.SUMS), {}, own={"sum": 50})

        assert value(result, "sum") == 50
        assert Figure("sum", "actual") in result.without_formula

    def test_stands_for_itself_alone(self) -> None:
        """Its own figure is one of one; of the others its units still owe theirs; also read back a level higher."""
        catalogue = build([Row("x"), Row("y")])
        between = return_of(total(catalogue, {}, {}, own={"x": 3}))
        result = consolidated(catalogue, tree({"Q": {"P": {}}}), [between])

        assert (support(result, "x"), support(result, "y")) == ("1/1", "0/2")

    def test_has_its_list_replaced_with_a_word(self) -> None:
        catalogue = build([Row("a")], {"works": {"name": Kind.TEXT, "cost": Kind.MONEY}})
        result = total(catalogue, {"works#1.name": "cầu"}, own={"works#1.name": "đường"})

        assert [row[0] for row in items(result)] == ["A.1"]
        assert codes(result.findings) == ["own_list_ignored"]


class TestTree:
    NESTED: Mapping[str, Nested] = {"P": {"M": {"A": {}, "B": {}}, "N": {"C": {}}}}

    def test_units_that_sent_nothing_are_expected(self) -> None:
        catalogue = build([Row("x")])
        result = consolidated(catalogue, tree(self.NESTED), [returned(catalogue, "A", {"x": 1})])

        assert support(result, "x") == "1/3"
        assert [result.value(Figure("x", "actual"), result.cube.row(unit)) for unit in "MN"] == [1, None]

    def test_findings_name_the_unit(self) -> None:
        catalogue = build([Row("part"), Row("whole"), Row("rate", "không", formulas=RATIO)])
        sent = [
            returned(catalogue, "A", {"part": 1, "whole": 2}),
            returned(catalogue, "B", {"part": 1, "whole": 2}),
            returned(catalogue, "C", {"part": 1}),
        ]
        result = consolidated(catalogue, tree(self.NESTED), sent)

        assert [one.details["unit"] for one in result.findings] == ["P"]
        assert result.value(Figure("rate", "actual"), result.cube.row("M")) == 50

    def test_a_mean_of_means_weighs_only_what_has_a_value(self) -> None:
        """B has land and no yield; M's mean of 50 weighs 10 ha, not 40."""
        catalogue = build(AREA_YIELD)
        below = [returned(catalogue, "A", {"area": 10, "yield": 50}), returned(catalogue, "B", {"area": 30})]
        between = return_of(consolidated(catalogue, tree(self.NESTED), below, "M"))
        beside = returned(catalogue, "C", {"area": 10, "yield": 60})
        result = consolidated(catalogue, tree({"P": {"M": {}, "N": {"C": {}}}}), [between, beside])

        assert value(result, "yield") == 55

    def test_the_return_of_a_middle_unit_shows_its_own_figures(self) -> None:
        """Read back, a nil total is still nil, beside the total of all."""
        catalogue = build([Row("a"), Row("b"), Row("sum", formulas=SUM)])
        between = return_of(consolidated(catalogue, tree(self.NESTED), [returned(catalogue, "A", {"sum": "-"})], "M"))
        result = consolidated(catalogue, tree(self.NESTED), [between])

        assert result.value(Figure("sum", "actual"), result.cube.row("M")) == "-"
        assert support(result, "sum") == "1/3"

    def test_the_return_of_a_middle_unit_has_no_ratio_that_it_had_not(self) -> None:
        """Part and whole of different units stand side by side in its workbook; still they make no rate."""
        catalogue = build([Row("part"), Row("whole"), Row("rate", "không", formulas=RATIO)])
        below = [returned(catalogue, "A", {"part": 1, "whole": 2}), returned(catalogue, "B", {"part": 3})]
        between = return_of(consolidated(catalogue, tree(self.NESTED), below, "M"))
        result = consolidated(catalogue, tree(self.NESTED), [between])

        assert result.value(Figure("part", "actual"), result.cube.row("M")) == 4
        assert result.value(Figure("rate", "actual"), result.cube.row("M")) is None

    def test_a_total_corrected_by_hand_is_taken_as_corrected(self) -> None:
        """Somebody types a figure into the consolidated workbook where no total could be formed."""
        catalogue = build([Row("area"), Row("yield", "bình quân theo area"), Row("rank", "không")])
        below = [returned(catalogue, "A", {"yield": 5, "rank": 1}), returned(catalogue, "B", {"yield": 7, "rank": 2})]
        between = return_of(consolidated(catalogue, tree(self.NESTED), below, "M"))
        typed = returned(catalogue, "M", {"yield": 6, "area": 10}).cells
        corrected = replace(between, cells=typed)
        others = [corrected, returned(catalogue, "C", {"yield": 9, "area": 5})]
        result = consolidated(catalogue, tree({"P": {"M": {}, "N": {"C": {}}}}), others)

        assert value(result, "yield") == 7
        assert support(result, "yield") == "3/3"


class TestExactSums:
    def test_tenths_add_up(self) -> None:
        assert exact_sums(np.array([[0.1], [0.2]])).tolist() == [0.3]

    def test_large_amounts_keep_their_fractions(self) -> None:
        """10^13 đồng with fractions: 15 digits, all kept."""
        column = [12345678901234.5, 98765432.1, 0.4, 10000000000000.3]

        assert exact_sums(np.array(column)[:, None]).tolist() == [22345777666667.3]

    def test_more_digits_than_columns_are_counted_in(self) -> None:
        assert exact_sums(np.array([[0.123456789], [0.000000001], [1e6]])).tolist() == [1000000.12345679]

    def test_opposites_leave_what_is_small(self) -> None:
        column = [123456.12345678, 0.00000001, -123456.12345678]

        assert exact_sums(np.array(column)[:, None]).tolist() == [1e-8]

    def test_nothing_stays_nothing(self) -> None:
        assert np.isnan(exact_sums(np.array([[np.nan], [np.nan]]))).all()
        assert exact_sums(np.array([[np.nan, 0.0], [2.5, np.nan]])).tolist() == [2.5, 0.0]

    @given(
        st.lists(st.decimals(-(10**12), 10**12, places=3).map(float), min_size=1, max_size=30),
        st.randoms(use_true_random=False),
    )
    def test_neither_order_nor_grouping_matters(self, column: list[float], chance: random.Random) -> None:
        """The sum is that of the decimal numbers, whichever way it is taken."""
        shuffled = chance.sample(column, len(column))
        half = chance.randint(0, len(column))
        halves = [exact_sums(np.array(part)[:, None]).item() for part in (shuffled[:half], shuffled[half:]) if part]
        expected = float(sum(Decimal(repr(one)) for one in column))

        assert exact_sums(np.array(column)[:, None]).item() == expected
        assert exact_sums(np.array(halves)[:, None]).item() == expected
