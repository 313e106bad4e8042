"""Formula figures of single units: what is computed, and when what was typed over a formula stands."""

from collections.abc import Mapping

import pytest

from tests.small_catalogue import Row, Typed, build, calculated, returned
from workbook_tools.calculation import is_sum, sum_parts
from workbook_tools.catalogue import Catalogue
from workbook_tools.figure_cube import FigureCube, cell_value
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Kind

SUM = '=IF(COUNT([a],[b])=0,"",SUM([a],[b]))'
RATE = '=IF(COUNT([a],[b])=2,IFERROR([a]/[b]*100,""),"")'
COLUMNS = {"works": {"name": Kind.TEXT, "cost": Kind.MONEY}}


def one_formula(formula: str, kind: Kind = Kind.NUMBER) -> Catalogue:
    return build([Row("a"), Row("b"), Row("c"), Row("x", kind=kind, formulas=formula)], COLUMNS)


def computed(formula: str, kind: Kind = Kind.NUMBER, /, **typed: Typed) -> FigureCube:
    """The figures of one unit with the formula ``x`` over the rows ``a``, ``b``, ``c`` and the list ``works``."""
    catalogue = one_formula(formula, kind)
    keyed = {key.replace("__", "#").replace("_", "."): value for key, value in typed.items()}
    return calculated(catalogue, [returned(catalogue, "A", keyed)])


def x(cube: FigureCube) -> float | int | str | None:
    return cell_value(cube, 0, Figure("x", "actual"))


def flags(cube: FigureCube) -> tuple[bool, bool, int]:
    """Whether ``x`` is filled, stands as typed, and is reported."""
    column = cube.index[Figure("x", "actual")]
    return bool(cube.filled[0, column]), bool(cube.stands[0, column]), int(cube.reported[0, column])


class TestFormulas:
    @pytest.mark.parametrize(
        ("formula", "typed", "expected"),
        [
            (SUM, {"a": 0.1, "b": 0.2}, 0.3),
            (SUM, {"a": 1}, 1),
            (SUM, {"a": "-", "b": 2}, 2),
            (SUM, {"a": 0}, 0),
            (SUM, {}, None),
            (SUM, {"a": "?"}, None),
            (RATE, {"a": 1, "b": 8}, 12.5),
            (RATE, {"a": 1, "b": 0}, None),
            (RATE, {"a": 1, "b": "-"}, None),
            (RATE, {"a": 1}, None),
            ("=[a]/[b]", {"a": 1, "b": 0}, None),
            ('=IF(COUNT([works.cost])=0,"",SUM([works.cost]))', {"works__1_cost": 2, "works__2_cost": 3}, 5),
            ('=IF(COUNT([works.cost])=0,"",SUM([works.cost]))', {"works__1_name": "cầu"}, None),
            ('=IF(COUNTA([works.name])=0,"",COUNTIF([works.name],"c*"))', {"works__1_name": "cầu"}, 1),
        ],
    )  # fmt: skip
    def test_have_the_value_of_their_parts(self, formula: str, typed: Mapping[str, Typed], expected: Typed) -> None:
        """Blank is not zero; what cannot be divided has no value."""
        assert x(computed(formula, **typed)) == expected

    def test_come_after_what_they_need(self) -> None:
        """A formula over a formula that stands further down."""
        rows = [Row("twice", formulas="=[sum]*2"), Row("sum", formulas="=SUM([a],[b])"), Row("a"), Row("b")]
        catalogue = build(rows)
        cube = calculated(catalogue, [returned(catalogue, "A", {"a": 1, "b": 2})])

        assert cell_value(cube, 0, Figure("twice", "actual")) == 6

    def test_give_texts(self) -> None:
        assert x(computed('=IF([a]>[b],"hơn","kém")', Kind.TEXT, a=2, b=1)) == "hơn"

    def test_of_one_unit_know_nothing_of_another(self) -> None:
        catalogue = one_formula(SUM)
        sent = [returned(catalogue, "A", {"a": 1}), returned(catalogue, "B", {}), returned(catalogue, "C", {"b": 2})]
        cube = calculated(catalogue, sent)

        assert [cell_value(cube, row, Figure("x", "actual")) for row in range(3)] == [1, None, 2]


class TestNil:
    def test_parts_make_a_nil_sum(self) -> None:
        """It is reported, and adds nothing; a sum of blanks is not reported at all."""
        assert flags(computed(SUM, a="-", b="-")) == (True, False, 1)
        assert x(computed(SUM, a="-", b="-")) == "-"
        assert flags(computed(SUM, a="-")) == (True, False, 1)
        assert flags(computed(SUM)) == (False, False, 0)

    def test_parts_make_no_nil_ratio(self) -> None:
        """All parts are there, so that the unit counts in the total's ratio; it has none itself."""
        assert flags(computed(RATE, a="-", b=5)) == (False, False, 1)
        assert flags(computed(RATE, a="-")) == (False, False, 0)

    def test_typed_over_a_formula_is_reported(self) -> None:
        assert flags(computed(SUM, x="-")) == (True, False, 1)
        assert x(computed(SUM, x="-")) == "-"

    def test_typed_over_a_formula_gives_way_to_its_result(self) -> None:
        assert x(computed(SUM, x="-", a=2, b=3)) == 5


class TestTypedOverFormulas:
    @pytest.mark.parametrize(
        ("formula", "typed", "expected", "stands"),
        [
            (SUM, {"x": 9}, 9, True),
            (SUM, {"x": 9, "a": 4}, 9, True),
            (SUM, {"x": 9, "a": "-"}, 9, True),
            (SUM, {"x": 9, "a": 4, "b": 3}, 7, False),
            (SUM, {"x": 9, "a": 4, "b": "-"}, 4, False),
            (SUM, {"x": 9, "a": "-", "b": "-"}, "-", False),
            (SUM, {"x": 0}, 0, True),
            (RATE, {"x": 9}, 9, True),
            (RATE, {"x": 9, "a": 4}, 9, True),
            (RATE, {"x": 9, "a": 1, "b": 2}, 50, False),
            (RATE, {"x": 9, "a": 1, "b": 0}, 9, True),
            (RATE, {"x": 9, "a": 1, "b": "-"}, 9, True),
            ("=SUM([works.cost])", {"x": 9}, 9, True),
            ("=SUM([works.cost])", {"x": 9, "works__1_name": "cầu"}, 9, True),
            ("=SUM([works.cost])", {"x": 9, "works__1_cost": 4}, 4, False),
        ],
    )  # fmt: skip
    def test_stand_only_where_the_formula_has_no_result(
        self, formula: str, typed: Mapping[str, Typed], expected: Typed, stands: bool
    ) -> None:
        """Nothing typed is dropped where nothing better is known; a sum of nil is known."""
        cube = computed(formula, **typed)

        assert (x(cube), flags(cube)) == (expected, (True, stands, 1))

    def test_feed_the_formulas_that_need_them(self) -> None:
        rows = [Row("a"), Row("b"), Row("sum", formulas=SUM), Row("twice", formulas="=[sum]*2")]
        catalogue = build(rows)
        cube = calculated(catalogue, [returned(catalogue, "A", {"sum": 9})])

        assert cell_value(cube, 0, Figure("twice", "actual")) == 18

    def test_in_one_unit_leave_the_others_alone(self) -> None:
        catalogue = one_formula(SUM)
        sent = [returned(catalogue, "A", {"x": 9}), returned(catalogue, "B", {"a": 1, "b": 2})]
        cube = calculated(catalogue, sent)

        assert [cell_value(cube, row, Figure("x", "actual")) for row in range(2)] == [9, 3]

    def test_may_be_texts(self) -> None:
        """A text over a formula stands while the formula has none."""
        formula = '=IF([a]="","",IF([a]>1,"hơn","kém"))'

        assert x(computed(formula, Kind.TEXT, x="chưa rõ")) == "chưa rõ"
        assert x(computed(formula, Kind.TEXT, x="chưa rõ", a=2)) == "hơn"


class TestSums:
    @pytest.mark.parametrize(
        ("formula", "sums", "parts"),
        [
            (SUM, True, "ab"),
            ("=SUM([a],[b])+[c]", True, "abc"),
            ("=[a]+[b]", True, "ab"),
            ('=IF([a]="","",[a])', True, "a"),
            ('=IF(COUNT([a])=1,IFERROR([a]/1000,""),"")', True, "a"),
            ("=ROUND([a]+[b],1)", True, "ab"),
            ("=SUM([works.cost],[a])", True, "a"),
            ('=IF(COUNTA([works.name])=0,"",SUMIF([works.name],"cầu",[works.cost]))', True, None),
            ('=IF(COUNT([a],[b])=2,[a]+[b],"")', False, "ab"),
            ('=IF([a]>[b],"",[a])', False, "a"),
            ("=[a]-[b]", False, None),
            ("=[a]/[b]", False, None),
            ("=[a]*[b]/10", False, None),
            ("=MAX([a],[b])", False, None),
            ("=MIN([a],[b])", False, None),
            ("=AVERAGE([a],[b])", False, None),
            ("=ABS([a])", False, None),
            ("=IF([a]>0,[b],[c])", False, None),
            (RATE, False, None),
        ],
    )  # fmt: skip
    def test_are_told_from_other_formulas(self, formula: str, sums: bool, parts: str | None) -> None:
        """Whether a total of fewer units is still a total, and which figures are added."""
        expression = one_formula(formula).formulas[Figure("x", "actual")]
        found = sum_parts(expression)

        assert is_sum(expression) is sums
        assert (None if found is None else "".join(part.indicator for part in found)) == parts
