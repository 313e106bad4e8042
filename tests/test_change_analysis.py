"""Change explained: which units and parts make it, for sums and for rates, and which units can be compared at all."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import tries
from tests.small_catalogue import Row, Typed, build, consolidated, return_of, returned, total, tree
from tests.test_aggregation import catalogue_of, leaves, named, rules_of_rows, shapes, typed_by_a_unit
from workbook_tools.analysis_sentences import change_sentence, left_out_sentence, name_of, standings_sentence
from workbook_tools.change_analysis import Breakdown, Comparison, compare, condensed
from workbook_tools.consolidated import Consolidation
from workbook_tools.contributions import WeightedRate, effects, mean_rate, points
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Kind
from workbook_tools.like_for_like import Units, like_for_like, names_of, same_unit_ratios
from workbook_tools.standings import standings
from workbook_tools.subtotals import subtotal

RATIO = '=IF(COUNT([paid],[due])=2,IFERROR([paid]/[due]*100,""),"")'
SUM = '=IF(COUNT([a],[b])=0,"",SUM([a],[b]))'
FEES = [Row("due"), Row("paid"), Row("rate", "bình quân theo due", Kind.PERCENT, formulas=RATIO)]
FARMS = [Row("area"), Row("yield", "bình quân theo area")]
DIVIDED = [Row("whole", formulas=SUM), Row("a", divides="whole"), Row("b", divides="whole")]
ONE = [Row("x")]

amounts = st.integers(-1000, 1000).map(Fraction)
weights = st.integers(0, 1000).map(Fraction)
rates = st.fractions(-100, 100, max_denominator=100)


def figures(*pairs: tuple[Typed, Typed], code: str = "x", base: str = "prior") -> list[dict[str, Typed]]:
    """What units A, B, … type: the figure compared with, and this year's."""
    return [{f"{code}@{base}": before, code: after} for before, after in pairs]


def compared(result: Consolidation, code: str, base: str = "prior") -> Comparison:
    return compare(Units(result), result.catalogue.indicators[code], base)


def by_units(result: Consolidation, code: str, base: str = "prior") -> Breakdown:
    found = compared(result, code, base).by_units
    assert found is not None
    return found


def contributions(breakdown: Breakdown) -> dict[str, float]:
    return {name_of(line): float(line.contribution) for line in breakdown.lines}


def in_points(breakdown: Breakdown) -> list[float]:
    return [float(line.points) for line in breakdown.lines if line.points is not None]


class TestContributions:
    @given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=8))
    def test_they_add_up_to_the_growth_of_the_total(self, pairs: list[tuple[Fraction, Fraction]]) -> None:
        before, after = (sum(side, Fraction(0)) for side in zip(*pairs, strict=True))
        found = points([later - first for first, later in pairs], before)

        assert (found is None) == (before == 0)
        if found is not None:
            assert sum(found) == (after - before) / before * 100

    @given(st.lists(st.tuples(weights, rates, weights, rates), min_size=1, max_size=8))
    def test_rate_and_mix_effects_add_up_to_the_change_of_the_rate(self, rows: list[tuple[Fraction, ...]]) -> None:
        before = [WeightedRate(row[0], row[1]) for row in rows]
        after = [WeightedRate(row[2], row[3]) for row in rows]
        found, first, second = effects(before, after), mean_rate(before), mean_rate(after)

        assert (found is None) == (first is None or second is None)
        if found is not None and first is not None and second is not None:
            assert sum(one.change for one in found) == second - first

    @given(st.lists(st.tuples(weights, rates, weights, rates), min_size=1, max_size=6))
    def test_the_periods_exchanged_the_effects_change_their_sign(self, rows: list[tuple[Fraction, ...]]) -> None:
        before = [WeightedRate(row[0], row[1]) for row in rows]
        after = [WeightedRate(row[2], row[3]) for row in rows]
        forth, back = effects(before, after), effects(after, before)

        assert [(-one.rate, -one.mix) for one in forth or []] == [(one.rate, one.mix) for one in back or []]

    def test_a_part_that_is_new_has_no_rate_effect(self) -> None:
        """It had no rate before, so all it adds is its share."""
        found = effects(
            [WeightedRate(Fraction(10), Fraction(50)), WeightedRate(Fraction(0), None)],
            [WeightedRate(Fraction(10), Fraction(50)), WeightedRate(Fraction(10), Fraction(70))],
        )

        assert found is not None
        assert [one.rate for one in found] == [0, 0]
        assert sum(one.mix for one in found) == 10


class TestSubtotal:
    @settings(max_examples=tries(60), deadline=None)
    @given(data=st.data())
    def test_of_all_units_it_is_the_total(self, data: st.DataObject) -> None:
        """Whatever the rules, formulas and gaps: the same number, or none at all."""
        catalogue = catalogue_of(data.draw(rules_of_rows()))
        nested = {"P": named(data.draw(shapes.filter(lambda shape: len(shape) > 0)))}
        below = leaves(nested)
        returns = [returned(catalogue, leaf, data.draw(typed_by_a_unit(catalogue, 8))) for leaf in below]
        result = consolidated(catalogue, tree(nested), returns)
        some = subtotal(catalogue, result.cube, [result.cube.row(leaf) for leaf in below])

        for figure in result.cube.index:
            value = result.value(figure)
            expected = value if isinstance(value, int | float) else None
            assert some.number(figure) == (None if expected is None else pytest.approx(expected, rel=1e-9, abs=1e-9))
            assert some.signature(figure) == result.support(figure).signature


class TestLikeForLike:
    def ratio(self, result: Consolidation, code: str, base: str = "prior") -> tuple[object, str] | None:
        found = like_for_like(Units(result), result.catalogue.indicators[code], base)
        return None if found is None else (found.ratio, found.support)

    def test_it_is_of_the_units_that_have_both_figures(self) -> None:
        """C has no figure of last year: 30 against 20, not 130 against 20."""
        result = total(build(ONE), *figures((10, 15), (10, 15), (None, 100)))

        assert self.ratio(result, "x") == (150, "2/3")

    def test_nothing_where_the_plain_ratio_is_of_the_same_units(self) -> None:
        """D has sent nothing at all: that is no difference between the two sides."""
        result = total(build(ONE), *figures((10, 15), (10, 15)), {})

        assert self.ratio(result, "x") is None

    @pytest.mark.parametrize(("after", "expected"), [("-", (50, "2/3")), (0, (50, "2/3")), (None, (100, "1/3"))])
    def test_nil_and_zero_are_figures_and_blank_is_none(self, after: Typed, expected: tuple[float, str]) -> None:
        result = total(build(ONE), *figures((10, 10), (10, after), (None, 7)))

        assert self.ratio(result, "x") == expected

    def test_a_rate_is_recomputed_from_the_parts_of_these_units(self) -> None:
        """90/100 after 50/100; the mean of the units' ratios would say something else."""
        units = [
            {"due@prior": 90, "paid@prior": 45, "due": 10, "paid": 9},
            {"due@prior": 10, "paid@prior": 5, "due": 90, "paid": 81},
            {"due": 1000, "paid": 10},
        ]
        result = total(build(FEES), *units)

        assert self.ratio(result, "rate") == (pytest.approx(180), "2/3")

    def test_the_plan_is_compared_in_the_same_way(self) -> None:
        ratio = {"plan_ratio": '=IF(COUNT([x@plan],[x])=2,IFERROR([x]/[x@plan]*100,""),"")'}
        result = total(build([Row("x", formulas=ratio)]), *figures((10, 5), (10, 10), (None, 9), base="plan"))

        assert self.ratio(result, "x", "plan") == (75, "2/3")

    def test_a_sum_with_a_part_on_one_side_only_is_not_compared(self) -> None:
        """B's 5 is part b alone, its 30 of last year were both: no fall by 25."""
        units: list[dict[str, Typed]] = [
            {"a@prior": 10, "b@prior": 10, "a": 11, "b": 11},
            {"a@prior": 25, "b@prior": 5, "b": 5},
        ]
        result = total(build(DIVIDED), *units)

        assert self.ratio(result, "whole") == (pytest.approx(110), "1/2")
        assert names_of(compared(result, "whole").compared.left_out) == "có phần chỉ có số ở một bên: B"

    def test_only_figures_of_which_units_lack_a_side_have_one(self) -> None:
        result = total(build([Row("x"), Row("y")]), {"x@prior": 1, "x": 2, "y@prior": 1, "y": 1}, {"x": 3})

        assert {base: list(found) for base, found in same_unit_ratios(result).items()} == {"plan": [], "prior": ["x"]}

    def test_a_unit_whose_own_units_differ_is_left_out(self) -> None:
        """P1 is itself a total: its figure of last year is of one unit, this year's of two."""
        catalogue = build(ONE)
        typed = zip(("U", "V"), figures((10, 12), (None, 5)), strict=True)
        below = consolidated(catalogue, tree({"P1": {"U": {}, "V": {}}}), [returned(catalogue, *one) for one in typed])
        other = returned(catalogue, "P2", {"x@prior": 10, "x": 20})
        result = consolidated(catalogue, tree({"P": {"P1": {}, "P2": {}}}), [return_of(below), other])

        assert self.ratio(result, "x") == (200, "1/3")
        assert names_of(compared(result, "x").compared.left_out) == (
            "hai số của các đơn vị bên trong không cùng đơn vị: P1"
        )

    def test_who_is_left_out_is_named_with_the_reason(self) -> None:
        result = total(build(ONE), *figures((1, 2), (None, 3), (4, None), (5, "?")), {})

        assert names_of(compared(result, "x").compared.left_out) == (
            "chưa có số năm trước: B; chưa có số thực hiện: C; số thực hiện không đọc được: D; "
            "chưa có số năm trước; chưa có số thực hiện: E"
        )


class TestSums:
    def test_units_explain_the_change(self) -> None:
        """100 to 120: A adds 30 points, B takes 10."""
        found = by_units(total(build(ONE), *figures((60, 90), (40, 30))), "x")

        assert contributions(found) == {"A": 30, "B": -10}
        assert in_points(found) == [30, -10]
        assert [float(one) for one in (found.before, found.change)] == [100, 20]

    def test_a_unit_with_a_missing_side_is_named_not_taken_as_zero(self) -> None:
        found = by_units(total(build(ONE), *figures((60, 90), (40, 30), (50, None))), "x")

        assert contributions(found) == {"A": 30, "B": -10}
        assert left_out_sentence(found) == "Không so sánh được: chưa có số thực hiện: C."

    def test_decimals_add_up_without_a_remainder(self) -> None:
        found = by_units(total(build(ONE), *figures((0.1, 0.3), (0.2, 0.7))), "x")

        assert found.change == Fraction(7, 10)

    def test_parts_explain_it_too(self) -> None:
        units: list[dict[str, Typed]] = [{"a@prior": 30, "b@prior": 70, "a": 50, "b": 60}]
        found = compared(total(build(DIVIDED), *units, *units), "whole").by_parts

        assert found is not None
        assert contributions(found) == {"A": 40, "B": -20}
        assert in_points(found) == [20, -10]

    def test_a_part_that_cannot_be_compared_leaves_a_rest(self) -> None:
        rows = [Row("whole"), Row("a", divides="whole"), Row("b", divides="whole")]
        units: list[dict[str, Typed]] = [{"whole@prior": 100, "whole": 110, "a@prior": 30, "a": 35, "b": 75}]
        found = compared(total(build(rows), *units), "whole").by_parts

        assert found is not None
        assert contributions(found) == {"A": 5, "": 5}
        assert left_out_sentence(found) == "Không so sánh được: phần không có đủ hai số của cùng các đơn vị: B."

    def test_what_has_no_sum_is_not_explained(self) -> None:
        """The highest figure of several units is nobody's contribution."""
        result = total(build([Row("x", "lớn nhất")]), *figures((1, 2), (3, 4)))

        assert compared(result, "x").whole is None


class TestRates:
    def test_a_shift_to_better_units_is_mix(self) -> None:
        """Both units keep their rate; the better one has grown."""
        units = [
            {"area@prior": 10, "yield@prior": 40, "area": 10, "yield": 40},
            {"area@prior": 10, "yield@prior": 60, "area": 30, "yield": 60},
        ]
        found = by_units(total(build(FARMS), *units), "yield")

        assert [float(one) for one in (found.before, found.after)] == [50, 55]
        assert [line.effect.rate for line in found.lines if line.effect] == [0, 0]
        assert sum(line.effect.mix for line in found.lines if line.effect) == 5

    def test_a_change_of_every_rate_is_rate_effect(self) -> None:
        """Shares stay: all of the change is the units' own."""
        units = [
            {"due@prior": 50, "paid@prior": 25, "due": 50, "paid": 30},
            {"due@prior": 50, "paid@prior": 50, "due": 50, "paid": 40},
        ]
        found = by_units(total(build(FEES), *units), "rate")

        assert contributions(found) == {"A": 5, "B": -10}
        assert [line.effect.mix for line in found.lines if line.effect] == [0, 0]

    def test_a_rate_without_weight_is_left_out(self) -> None:
        units: list[dict[str, Typed]] = [
            {"area@prior": 10, "yield@prior": 40, "area": 10, "yield": 44},
            {"area@prior": 10, "yield@prior": 60, "yield": 60},
        ]
        found = by_units(total(build(FARMS), *units), "yield")

        assert contributions(found) == {"A": 4}
        assert left_out_sentence(found) == "Không so sánh được: không có số để tính bình quân: B."

    @settings(max_examples=tries(50), deadline=None)
    @given(st.lists(st.tuples(*[st.integers(1, 500)] * 4), min_size=2, max_size=6))
    def test_the_lines_come_to_the_change_of_the_workbooks_own_rate(self, rows: list[tuple[int, ...]]) -> None:
        keys = ("due@prior", "paid@prior", "due", "paid")
        result = total(build(FEES), *(dict(zip(keys, map(float, row), strict=True)) for row in rows))
        found = by_units(result, "rate")
        before, after = (result.value(Figure("rate", measure)) for measure in ("prior", "actual"))

        assert isinstance(before, int | float)
        assert isinstance(after, int | float)
        assert sum(line.contribution for line in found.lines) == found.change
        assert float(found.change) == pytest.approx(after - before, rel=1e-6, abs=1e-9)


class TestManyUnits:
    def test_the_largest_have_lines_and_the_others_one_together(self) -> None:
        """Five units, two lines: what is left out is in the last one, and the sum is the same."""
        found = by_units(total(build(ONE), *figures((10, 11), (10, 30), (10, 8), (10, 0), (10, 10))), "x")
        short = condensed(found, 2)

        assert contributions(short) == {"B": 20, "D": -10, "": -1}
        assert short.lines[-1].count == 3
        assert sum(line.contribution for line in short.lines) == found.change

    def test_others_together_keep_the_rate_and_the_effects(self) -> None:
        units = [{"area@prior": 10, "yield@prior": 40 + n, "area": 10 + n, "yield": 41 + 2 * n} for n in range(5)]
        found = by_units(total(build(FARMS), *units), "yield")
        short = condensed(found, 2)
        pairs = [(line.shares, line.before, line.after) for line in short.lines if line.shares]

        assert sum(shares[0] * before for shares, before, _ in pairs) == found.before
        assert sum(shares[1] * after for shares, _, after in pairs) == found.after
        assert sum(line.effect.change for line in short.lines if line.effect) == found.change


def facts(result: Consolidation, code: str) -> list[tuple[object, ...]]:
    """All that is said of a change, whichever way the units came."""
    found = compared(result, code)
    tables = [condensed(one, 3) for one in (found.by_units, found.by_parts) if one]
    lines = [
        (name_of(line), line.before, line.after, line.contribution, line.effect) for t in tables for line in t.lines
    ]
    sentence = change_sentence(result.catalogue.indicators[code], found)
    return [*lines, (sentence, *(left_out_sentence(one) for one in tables))]


class TestOrder:
    @settings(max_examples=tries(40), deadline=None)
    @given(data=st.data())
    def test_of_the_returns_does_not_matter(self, data: st.DataObject) -> None:
        """A return that comes last is explained as if it had been there from the start."""
        catalogue = build([*DIVIDED, *FEES])
        codes = ["A", "B", "C", "D", "E"]
        typed = st.fixed_dictionaries({
            key: st.one_of(st.none(), st.integers(0, 50).map(float))
            for one in ("a", "b", "due", "paid") for key in (one, f"{one}@prior")
        })  # fmt: skip
        returns = [returned(catalogue, code, data.draw(typed)) for code in codes]
        units = tree({"P": {code: {} for code in codes}})
        at_first = consolidated(catalogue, units, returns)
        later = consolidated(catalogue, units, data.draw(st.permutations(returns)))

        for code in ("whole", "rate"):
            assert facts(later, code) == facts(at_first, code)


class TestSentences:
    def change(self, rows: Sequence[Row], units: Sequence[Mapping[str, Typed]], code: str, base: str = "prior") -> str:
        result = total(build(rows), *units)
        indicator = replace(result.catalogue.indicators[code], unit="ha", label="Diện tích")
        return change_sentence(indicator, compared(result, code, base))

    def test_a_sum(self) -> None:
        said = self.change(ONE, figures((60, 90), (40, 30), (None, 5)), "x")

        assert said == (
            "Diện tích tăng 20 ha (20 %) so với năm trước (tính trên 2/3 đơn vị có đủ hai số); "
            "tăng nhiều nhất: A (30 ha); giảm nhiều nhất: B (10 ha)."
        )

    def test_the_gap_to_the_plan(self) -> None:
        said = self.change(ONE, figures((60, 50), (40, 40), base="plan"), "x", "plan")

        assert said == "Diện tích thấp hơn kế hoạch 10 ha (10 %); thấp hơn nhiều nhất: A (10 ha)."

    def test_a_rate(self) -> None:
        units = [
            {"due@prior": 50, "paid@prior": 25, "due": 50, "paid": 30},
            {"due@prior": 50, "paid@prior": 50, "due": 50, "paid": 45},
        ]

        assert self.change(FEES, units, "rate") == (
            "Diện tích không đổi so với năm trước; "
            "làm tăng nhiều nhất: A (5 điểm %); làm giảm nhiều nhất: B (5 điểm %)."
        )


class TestStandings:
    def sentence(self, *values: Typed, direction: str = "cao", maximum: float | None = 100) -> str:
        """Rates in percent of units that weigh the same."""
        rows = [Row("w"), Row("x", "bình quân theo w", Kind.PERCENT, minimum=0, maximum=maximum)]
        result = total(build(rows), *({"w": 1, "x": value} for value in values))
        indicator = replace(result.catalogue.indicators["x"], direction=direction)
        found = standings(Units(result), indicator)
        return "" if found is None else standings_sentence(found)

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ((100, 61.2, 100, 70), "Một số đơn vị đạt 100 %: A, C; B (61,2 %), D (70 %) còn thấp."),
            ((100, 99.96), "Một số đơn vị đạt 100 %: A; B (99,96 %) còn thấp."),
            ((100, 100), "Cả 2 đơn vị đạt 100 %."),
            ((80, 90, 40), "Cao nhất: B (90 %); thấp nhất: C (40 %)."),
            ((80, None), ""),
        ],
    )
    def test_a_percentage_stands_against_a_hundred(self, values: tuple[Typed, ...], sentence: str) -> None:
        """Low is who is below all units together, the worst first; a blank has no standing."""
        assert self.sentence(*values) == sentence

    def test_lower_may_be_better(self) -> None:
        assert self.sentence(2, 9, 1, direction="thấp") == "Thấp nhất: C (1 %); cao nhất: B (9 %)."

    def test_a_growth_has_no_hundred_to_reach(self) -> None:
        """What may be more than 100 % is not complete at 100 %."""
        assert self.sentence(150, 20, maximum=None) == "Cao nhất: A (150 %); thấp nhất: B (20 %)."

    def test_anything_else_stands_against_its_plan(self) -> None:
        result = total(build(ONE), *figures((100, 100), (100, 120), (50, 10), (None, 7), base="plan"))
        found = standings(Units(result), replace(result.catalogue.indicators["x"], direction="cao"))

        assert found is not None
        assert standings_sentence(found) == (
            "Một số đơn vị đạt và vượt kế hoạch: B (120 %), A (100 %); C (20 %) còn thấp."
        )

    def test_before_the_year_is_over_nobody_is_behind(self) -> None:
        result = total(build(ONE), *figures((100, 100), (100, 52), (50, 10), base="plan"))
        indicator = replace(result.catalogue.indicators["x"], direction="cao")
        found = standings(Units(result), indicator)

        assert found is not None
        assert standings_sentence(found, is_part=True) == (
            "Đã đạt, vượt kế hoạch năm: A (100 %). Cao nhất so với kế hoạch năm: A (100 %); thấp nhất: C (20 %)."
        )
        assert change_sentence(indicator, compared(result, "x", "plan"), is_part=True) == (
            f"{indicator.label} đạt 64,8 % kế hoạch năm."
        )
