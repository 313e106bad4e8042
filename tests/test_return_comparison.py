"""Returns beside each other: of one unit over time, of units among their siblings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from tests.small_catalogue import Row, Typed, build, codes, returned
from workbook_tools.indicators import Kind
from workbook_tools.observations import Return
from workbook_tools.return_comparison import compare_returns

CATALOGUE = build([Row("a", kind=Kind.NUMBER, flow="kỳ", minimum=0), Row("stock", flow="thời điểm", minimum=0)])


def sent(unit: str, period: str, typed: Mapping[str, Typed]) -> Return:
    return replace(returned(CATALOGUE, unit, typed), period=period, file=f"{unit}-{period}.xlsx")


def compared(*returns: Return) -> list[str]:
    return codes(compare_returns(CATALOGUE, returns))


class TestLastYear:
    def test_is_what_was_reported_then(self) -> None:
        assert compared(sent("A", "2022", {"a": 5}), sent("A", "2023", {"a@prior": 5})) == []
        assert compared(sent("A", "2022", {"a": 5}), sent("B", "2023", {"a@prior": 6})) == []
        assert compared(sent("A", "2022", {"a": 5.04}), sent("A", "2023", {"a@prior": "5.0"})) == []

    def test_that_differs_is_told_with_its_source(self) -> None:
        returns = [sent("A", "2022", {"a": 5}), sent("A", "2023", {"a@prior": 6})]
        [finding] = compare_returns(CATALOGUE, returns)

        assert (finding.place, finding.value, finding.expected) == ("[A-2023.xlsx]S!D1", 6, 5)
        assert "[A-2022.xlsx]S!F1" in finding.message()

    def test_compares_like_periods_only(self) -> None:
        assert compared(sent("A", "2022", {"a": 5}), sent("A", "2023-H1", {"a@prior": 6})) == []


class TestCumulativeFigures:
    @pytest.mark.parametrize(
        ("shorter", "longer"), [("2023-H1", "2023-9M"), ("2023-9M", "2023"), ("2023-03", "2023-Q1")]
    )
    def test_do_not_fall(self, shorter: str, longer: str) -> None:
        assert compared(sent("A", shorter, {"a": 5}), sent("A", longer, {"a": 5})) == []
        assert compared(sent("A", shorter, {"a": 6}), sent("A", longer, {"a": 5})) == ["cumulative_falls"]
        assert compared(sent("A", longer, {"a": 5}), sent("A", shorter, {"a": 6})) == ["cumulative_falls"]

    def test_of_periods_beside_each_other_are_free(self) -> None:
        assert compared(sent("A", "2023-Q1", {"a": 6}), sent("A", "2023-Q2", {"a": 5})) == []
        assert compared(sent("A", "2022-H1", {"a": 6}), sent("A", "2023", {"a": 5})) == []

    def test_stocks_may(self) -> None:
        assert compared(sent("A", "2023-H1", {"stock": 6}), sent("A", "2023", {"stock": 5})) == []


class TestSiblings:
    USUAL = (12, 15, 9, 22, 17, 11, 14, 30, 8)

    def returns(self, odd: float) -> Sequence[Return]:
        return [sent(f"U{number}", "2023", {"a": value}) for number, value in enumerate((*self.USUAL, odd))]

    @pytest.mark.parametrize("odd", [5, 40, 60, "-", None])
    def test_are_alike(self, odd: float) -> None:
        assert compared(*self.returns(odd)) == []

    def test_a_thousandfold_is_told_with_the_likely_figure(self) -> None:
        [finding] = compare_returns(CATALOGUE, self.returns(13_500))

        assert (finding.code, finding.file, finding.expected) == ("rule.unlike_siblings", "U9-2023.xlsx", 13.5)
        assert "số đúng khoảng 13,5" in finding.message()

    def test_too_few_say_nothing(self) -> None:
        assert compared(*self.returns(13_500)[4:]) == []

    def test_are_of_one_level(self) -> None:
        """A commune has ten times what its hamlets have: it is no sibling of theirs."""
        both = build([Row("a", levels=("thôn", "xã")), Row("own", levels=("xã",))])
        hamlets = [replace(returned(both, f"U{n}", {"a": value}), file=f"{n}") for n, value in enumerate(self.USUAL)]
        hamlets = [replace(one, cells=tuple(c for c in one.cells if c.name.indicator == "a")) for one in hamlets]

        assert codes(compare_returns(both, [*hamlets, returned(both, "P", {"a": 1_500})])) == []
        odd = replace(hamlets[0], cells=returned(both, "U0", {"a": 1_500}).cells[: len(hamlets[0].cells)])
        assert codes(compare_returns(both, [odd, *hamlets[1:]])) == ["unlike_siblings"]

    def test_are_compared_by_the_size_of_the_unit(self) -> None:
        """A town with twelve times of everything is not odd; a village with a single figure of a town is."""
        rows = build([Row(f"a{number}", minimum=0) for number in range(10)])
        factors = (1, 1.2, 0.9, 1.1, 0.8, 1.3, 1, 0.9, 12)

        def all_of(odd: float) -> list[Return]:
            typed = [{f"a{n}": (n + 1) * 100 * factor for n in range(10)} for factor in factors]
            typed[1]["a3"] *= odd
            return [replace(returned(rows, f"U{n}", one), file=f"U{n}") for n, one in enumerate(typed)]

        assert codes(compare_returns(rows, all_of(1))) == []
        [finding] = compare_returns(rows, all_of(10))
        assert (finding.file, finding.indicator, finding.expected) == ("U1", "a3", 480)
        assert "đơn vị cỡ này" in finding.message()

    def test_of_counted_things_are_whole(self) -> None:
        rows = build([Row("a", kind=Kind.COUNT, decimals=0)])
        sent_by = [
            replace(returned(rows, f"U{n}", {"a": value}), file=f"U{n}") for n, value in enumerate((*self.USUAL, 1337))
        ]
        [finding] = compare_returns(rows, sent_by)

        assert finding.expected == 13
