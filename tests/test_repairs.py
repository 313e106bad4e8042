"""Which cells would make contradicting figures true: small returns whose wrong cell is known. No workbook."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from tests.small_catalogue import Row, Typed, address, build, returned
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.checks import check_subject
from workbook_tools.exact_figures import ExactFigures
from workbook_tools.findings import Finding, Severity
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Kind
from workbook_tools.number_lines import NumberLine, cut
from workbook_tools.number_slips import Slip
from workbook_tools.observations import Support
from workbook_tools.repair_values import Budget, allowed
from workbook_tools.repairs import Candidate, Proposal, proposals
from workbook_tools.return_relations import relations_of
from workbook_tools.subject import Subject, subject_of

RATIO = '=IF(COUNT([a],[b])=2,IFERROR([a]/[b]*100,""),"")'
SUM = '=IF(COUNT([a],[b],[c])=0,"",SUM([a],[b],[c]))'


def counted(code: str, divides: str = "", part_of: str = "") -> Row:
    """A row of persons or households."""
    return Row(code, kind=Kind.COUNT, decimals=0, divides=divides, part_of=part_of)


def division(parts: int = 3, **facts: object) -> Catalogue:
    """A whole and its parts (chia ra): persons."""
    rows = [Row("whole", kind=Kind.COUNT, decimals=0)]
    rows += [Row(f"p{number}", kind=Kind.COUNT, decimals=0, divides="whole") for number in range(1, parts + 1)]
    return build(rows)


def subject(catalogue: Catalogue, typed: Mapping[str, Typed]) -> Subject:
    return subject_of(catalogue, returned(catalogue, "A", typed))


def proposed(catalogue: Catalogue, typed: Mapping[str, Typed]) -> list[Proposal]:
    return proposals(subject(catalogue, typed))


def first(catalogue: Catalogue, typed: Mapping[str, Typed]) -> Candidate:
    [proposal] = proposed(catalogue, typed)
    return proposal.candidates[0]


def changes(candidate: Candidate) -> dict[str, float | None]:
    """New numbers by cell, ``a`` or ``a@plan``."""
    numbers = {}
    for change in candidate.changes:
        key = f"{change.name.indicator}@{change.name.measure}".removesuffix("@actual")
        numbers[key] = None if change.new is None else float(change.new)
    return numbers


def sentence(catalogue: Catalogue, typed: Mapping[str, Typed]) -> Finding:
    [finding] = [one for one in check_subject(subject(catalogue, typed)) if one.code == "rule.proposal"]
    return finding


class TestOneCell:
    def test_nothing_is_proposed_where_all_is_true(self) -> None:
        assert proposed(division(), {"whole": 100, "p1": 30, "p2": 30, "p3": 40}) == []

    def test_the_cell_that_all_broken_relations_share(self) -> None:
        """151 households of 158, typed as 115: the rate, the rest and the division say 151."""
        rows = [counted("all"), counted("done", divides="all"), counted("left", divides="all")]
        rate = Row("rate", kind=Kind.PERCENT, formulas={"actual": '=IFERROR([done]/[all]*100,"")'})
        rest = Row("rest", formulas={"actual": "=[all]-[done]"})
        typed: dict[str, Typed] = {"all": 158, "done": 115, "left": 7, "rate": "95.6", "rest": 7}
        [proposal] = proposed(build([*rows, rate, rest]), typed)

        assert changes(proposal.candidates[0]) == {"done": 151}
        assert proposal.candidates[0].changes[0].slip is not None
        assert proposal.candidates[0].changes[0].slip.kind is Slip.SWAPPED_DIGITS
        assert len(proposal.relations) == 3
        assert len(proposal.candidates) == 1

    def test_a_slip_beats_a_new_number(self) -> None:
        """Each of four cells could make up for 36 persons; one of them by two exchanged digits."""
        assert changes(first(division(), {"whole": 1000, "p1": 351, "p2": 115, "p3": 498})) == {"p2": 151}

    @pytest.mark.parametrize(
        ("typed", "meant", "kind"),
        [
            (31260, 3126, Slip.EXTRA_ZERO),
            (3126000, 3126, Slip.UNIT),
            (-3126, 3126, Slip.SIGN),
            (326, 3126, Slip.MISSING_DIGIT),
        ],
    )
    def test_kinds_of_slips(self, typed: float, meant: float, kind: Slip) -> None:
        candidate = first(division(), {"whole": 8453, "p1": 2204, "p2": typed, "p3": 3123})

        assert changes(candidate) == {"p2": meant}
        assert candidate.changes[0].slip is not None
        assert candidate.changes[0].slip.kind is kind

    def test_last_year_and_plan_decide_between_equals(self) -> None:
        """Both parts could be 100 more; the second was so last year."""
        typed = {"whole": 1000, "p1": 456, "p2": 344, "p3": 100, "p2@prior": 445, "p1@prior": 455, "p2@plan": 440}

        assert changes(first(division(), typed)) == {"p2": 444}

    def test_of_large_budgets_to_the_last_dong(self) -> None:
        parts = [Row(code, kind=Kind.MONEY, decimals=0) for code in "abc"]
        total = Row("x", kind=Kind.MONEY, decimals=0, formulas=SUM)
        typed = {"a": 9_876_543_210_123, "b": 1_234_567_890, "c": 4_000_000_007, "x": 9_887_778_778_020}
        [proposal] = proposed(build([*parts, total]), typed)

        assert {"x": 9_881_777_778_020.0} in [changes(one) for one in proposal.candidates]
        assert {"c": 10_001_000_007.0} in [changes(one) for one in proposal.candidates]

    def test_that_are_divided_by(self) -> None:
        """The base of a rate stands below the line: 158 households typed as 185."""
        typed: dict[str, Typed] = {"a": 151, "b": 185, "x": "95.57"}
        candidate = first(build([counted("a"), counted("b"), Row("x", formulas=RATIO)]), typed)

        assert changes(candidate) == {"b": 158}

    def test_a_silenced_relation_is_not_repaired(self) -> None:
        """A divisor of zero leaves the rate without a value, which proves nothing."""
        [proposal] = proposed(build([Row("a"), Row("b"), Row("x", formulas=RATIO)]), {"a": 3, "b": 4, "x": 12.34})

        assert all(0.0 not in changes(one).values() for one in proposal.candidates)

    def test_what_is_true_stays_true(self) -> None:
        """The first part could only grow by breaking its own division."""
        rows = [counted("whole"), counted("p1", divides="whole"), counted("p2", divides="whole")]
        rows += [counted("q1", divides="p1"), counted("q2", divides="p1")]
        [proposal] = proposed(build(rows), {"whole": 900, "p1": 400, "p2": 470, "q1": 150, "q2": 250})

        assert sorted(map(str, map(changes, proposal.candidates))) == ["{'p2': 500.0}", "{'whole': 870.0}"]

    def test_persons_are_whole(self) -> None:
        """A rate of 33,4 % of 10 fits no number of persons; the rate itself is wrong."""
        rows = [counted("a"), counted("b"), Row("x", formulas=RATIO)]
        [proposal] = proposed(build(rows), {"a": 3, "b": 10, "x": "33.4"})

        assert {"x": 30.0} in [changes(one) for one in proposal.candidates]
        assert all(float(value or 0).is_integer() for one in proposal.candidates for value in changes(one).values())


class TestSeveralCells:
    def test_equals_are_all_told(self) -> None:
        [proposal] = proposed(division(2), {"whole": 36, "p1": 12, "p2": 14})

        assert len(proposal.told) == 3
        assert proposal.candidates[0].score - proposal.candidates[1].score < math.log(2)

    def test_two_exchanged_cells(self) -> None:
        """The second and third row were exchanged; one exchange repairs both subsets."""
        rows = [counted("whole"), counted("a", part_of="whole"), counted("b", part_of="a")]
        rows.append(Row("double", formulas={"actual": "=[a]*2+[b]"}))
        typed = {"whole": 500, "a": 117, "b": 422, "double": 961, "a@prior": 420, "b@prior": 115}
        candidate = first(build(rows), typed)

        assert candidate.kind is Slip.SWAPPED_CELLS
        assert changes(candidate) == {"a": 422, "b": 117}

    def test_rows_that_slipped_down(self) -> None:
        """The first row is blank, each number stands one row too low, the last is lost; so last year's figures say."""
        rows = [counted("p1"), counted("p2"), counted("p3", part_of="p2"), counted("p4"), counted("p5", part_of="p4")]
        typed: dict[str, Typed] = {"p2": 104, "p3": 248, "p4": 57, "p5": 703}
        prior = {"p1@prior": 100, "p2@prior": 250, "p3@prior": 55, "p4@prior": 700, "p5@prior": 425}
        [proposal] = proposed(build(rows), {**typed, **prior})

        assert len(proposal.relations) == 2
        assert proposal.candidates[0].kind is Slip.SHIFTED_ROWS
        assert changes(proposal.candidates[0]) == {"p1": 104, "p2": 248, "p3": 57, "p4": 703, "p5": None}

    def test_two_wrong_cells_of_two_divisions(self) -> None:
        """No single cell repairs two divisions that both depend on a third, true one."""
        rows = [counted("a"), counted("b"), counted("c")]
        rows += [Row("ab", formulas={"actual": "=[a]+[b]"}), Row("bc", formulas={"actual": "=[b]+[c]"})]
        rows.append(Row("ac", formulas={"actual": "=[a]+[c]"}))
        typed = {"a": 115, "b": 200, "c": 467, "ab": 351, "bc": 647, "ac": 598}
        [proposal] = proposed(build(rows), typed)

        assert proposal.is_complete
        assert changes(proposal.candidates[0]) == {"a": 151, "c": 447}

    def test_conflicts_without_a_common_cell_are_apart(self) -> None:
        rows = [counted("whole"), counted("p1", divides="whole"), counted("p2", divides="whole")]
        typed: dict[str, Typed] = {"whole": 900, "p1": 400, "p2": 490}

        assert len(proposed(build(rows), {**typed, **{f"{key}@plan": value for key, value in typed.items()}})) == 2


class TestLimits:
    def test_a_part_larger_than_its_whole_leaves_both_open(self) -> None:
        """Nothing says which number is meant: bounds are told, no number is made up."""
        [proposal] = proposed(build([counted("a"), counted("b", part_of="a")]), {"a": 2070, "b": 2086})

        told = {one.changes[0].name.indicator: one.changes[0] for one in proposal.told if one.kind is None}

        assert told.keys() == {"a", "b"}
        assert [told[code].new for code in "ab"] == [None, None]
        assert told["a"].stretch is not None
        assert told["b"].stretch is not None
        assert [told["a"].stretch.low, told["b"].stretch.high] == [Fraction(2086), Fraction(2070)]

    def test_the_work_is_bounded(self) -> None:
        """Five hundred figures and a hundred relations, ten of them false: an answer, and the same one again."""
        rows = []
        typed: dict[str, Typed] = {}
        for number in range(100):
            rows.append(counted(f"w{number}"))
            parts = [100 + 7 * number + place for place in range(4)]
            rows += [counted(f"w{number}p{place}", divides=f"w{number}") for place in range(4)]
            typed |= {f"w{number}p{place}": float(part) for place, part in enumerate(parts)}
            typed[f"w{number}"] = float(sum(parts) + (300 if number % 10 == 0 else 0))
        catalogue = build(rows)

        assert len(proposed(catalogue, typed)) == 10
        assert [one.told for one in proposed(catalogue, typed)] == [one.told for one in proposed(catalogue, typed)]

    def test_figures_of_other_units_do_not_contradict(self) -> None:
        """Consolidated figures that come from different units are compared with nothing."""
        one = returned(division(2), "A", {"whole": 30, "p1": 12, "p2": 14})
        names = [FigureName(code, "actual") for code in ("whole", "p1", "p2")]
        support = {name: Support(1, 2, number, 0.0, False) for number, name in enumerate(names)}

        assert proposals(subject_of(division(2), one)) != []
        assert proposals(subject_of(division(2), replace(one, support=support))) == []


class TestRelations:
    CASES = (
        {"whole": 100, "p1": 30, "p2": 30, "p3": 41},
        {"whole": 100, "p1": 30, "p2": 30},
        {"whole": 50, "p1": 30, "p2": 30},
        {"whole": "-", "p1": 3, "p2": "-", "p3": 1},
        {"whole": "~100", "p1": 30, "p2": 30, "p3": 41},
    )

    @pytest.mark.parametrize("typed", CASES)
    def test_are_false_where_the_checks_say_so(self, typed: Mapping[str, Typed]) -> None:
        checked = subject(division(), typed)
        figures = ExactFigures(checked)
        false = {one.code for one in relations_of(figures) if not one.holds(figures)}
        told = {f"{one.rule}@actual" for one in check_subject(checked) if one.code == "rule.parts_differ"}

        assert false == told

    def test_depend_on_cells_through_formulas(self) -> None:
        rows = [Row("a"), Row("b"), Row("c"), Row("x", formulas=SUM), Row("y", formulas={"actual": "=[x]*2"})]
        figures = ExactFigures(subject(build(rows), {"a": 1, "b": 2, "c": 3, "y": 12}))
        [relation] = [one for one in relations_of(figures) if one.code == "formula.y@actual"]

        assert {name.indicator for name in relation.cells} == {"a", "b", "c", "y"}
        assert relation.holds(figures)

    def test_figures_are_those_of_the_calculation(self) -> None:
        """Nil, blanks and numbers typed over formulas included."""
        rows = [Row("a"), Row("b"), Row("c"), Row("x", formulas=SUM), Row("y", formulas=RATIO)]
        catalogue = build(rows)
        for typed in ({"a": 1}, {"a": "-", "b": "-", "c": "-"}, {"a": 1, "b": 0, "y": 5}, {"a": 2, "b": 3, "y": 5}, {}):
            checked = subject(catalogue, typed)
            figures = ExactFigures(checked)
            for code in ("x", "y"):
                figure, exactly = Figure(code, "actual"), figures.amount(Figure(code, "actual"))
                assert checked.amount(figure) == pytest.approx(None if exactly is None else float(exactly))

    def test_turn_where_rounding_ends(self) -> None:
        """A rate printed as 95,6 leaves the number of households no choice."""
        rows = [counted("a"), counted("b"), Row("x", formulas=RATIO)]
        checked = subject(build(rows), {"a": 115, "b": 158, "x": "95.6"})
        figures = ExactFigures(checked)
        relations = [one for one in relations_of(figures) if one.code == "formula.x@actual"]
        line = allowed(figures, FigureName("a", "actual"), relations, Budget(10_000))

        assert [number for number in range(140, 160) if Fraction(number) in line] == [151]


class TestNumberLines:
    def test_meet_in_what_both_allow(self) -> None:
        one = cut([Fraction(1), Fraction(5)], lambda number: 1 <= number < 5)
        other = cut([Fraction(3)], lambda number: number != 3)
        both = one & other

        assert [Fraction(number) in both for number in range(7)] == [False, True, True, False, True, False, False]
        assert [(one.low, one.high) for one in both.stretches()] == [
            (Fraction(1), Fraction(3)),
            (Fraction(3), Fraction(5)),
        ]

    def test_may_be_empty_or_without_end(self) -> None:
        assert not cut([Fraction(1)], lambda number: number < 1) & cut([Fraction(1)], lambda number: number > 1)
        assert [(one.low, one.high) for one in NumberLine().stretches()] == [(None, None)]


class TestSentence:
    def test_names_cell_number_and_slip(self) -> None:
        finding = sentence(division(), {"whole": 1000, "p1": 351, "p2": 115, "p3": 498})

        assert (finding.severity, finding.cell, finding.value, finding.expected) == (
            Severity.INFO, address(3, "actual"), 115.0, 151.0,
        )  # fmt: skip
        assert finding.rule == "division.whole@actual"
        assert finding.message() == (
            "Nếu S!F3 là 151 (đang ghi 115) thì phép kiểm tra đúng; có thể gõ đảo chữ số 151 thành 115 "
            "(còn 3 khả năng khác ít chắc hơn)."
        )
        assert finding.message("en") == (
            "If S!F3 is 151 (it says 115), the check holds; maybe two digits of 151 were exchanged "
            "(3 less likely possibilities are left)."
        )

    def test_says_that_it_is_not_clear(self) -> None:
        message = sentence(division(2), {"whole": 36, "p1": 12, "p2": 14}).message()

        assert message.startswith("Chưa rõ ô nào sai: nếu ")
        assert message.count(", hoặc ") == 2

    def test_tells_bounds_where_no_number_is_known(self) -> None:
        catalogue = build([counted("a"), counted("b", part_of="a")])
        message = sentence(catalogue, {"a": 2070, "b": 2086}).message()

        assert "S!F1 từ 2.086 trở lên (đang ghi 2.070)" in message
        assert "S!F2 không quá 2.070 (đang ghi 2.086)" in message

    def test_of_a_number_out_of_range_needs_a_slip(self) -> None:
        """What is only unlikely is not corrected by any number that would do."""
        rows = [Row("a", minimum=5, maximum=60)]

        assert "26,3" in sentence(build(rows), {"a": 263}).message()
        assert [one.code for one in check_subject(subject(build(rows), {"a": 7_777_777}))] == ["rule.out_of_range"]

    def test_of_a_number_out_of_range_needs_more_than_the_range(self) -> None:
        """480 days in a year of 366: any number below would do, and the row says 480, too."""
        rows = [Row("a", kind=Kind.COUNT, decimals=0, maximum=366)]
        typed: dict[str, Typed] = {"a": 480, "a@prior": 480, "a@plan": 480}

        assert "rule.proposal" not in [one.code for one in check_subject(subject(build(rows), typed))]
        assert "280" in sentence(build(rows), {"a": 480, "a@prior": 282, "a@plan": 281}).message()

    def test_says_of_a_formula_typed_over_that_it_is(self) -> None:
        message = sentence(
            build([Row("a"), Row("b"), Row("x", formulas="=[a]+[b]")]), {"a": 3, "b": 4, "x": 1}
        ).message()

        assert "số này gõ đè lên công thức" in message
        assert "gõ nhầm một chữ số của 7" not in message

    def test_leaves_no_place_unfilled(self) -> None:
        for typed in ({"whole": 30, "p1": 12, "p2": 14}, {"whole": 1000, "p1": 351, "p2": 151}, {"whole": 5, "p1": 90}):
            finding = sentence(division(2), typed)
            for language in ("vi", "en"):
                assert not re.search(r"[{}…]", finding.message(language) + finding.advice(language))
