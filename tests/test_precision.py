"""Printed and computed figures: the same, if the printed one is the computed one rounded or cut off."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_tools.precision import agrees, agrees_as_sum, exact


class TestExact:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [(0.1 + 0.2, "0.3"), (12345678901234.5, "12345678901234.5"), (101.24999999999999, "101.25"), (1e300, "1E+300")],
    )
    def test_keeps_what_excel_keeps(self, value: float, expected: str) -> None:
        """15 significant digits, without the binary noise behind them."""
        assert str(exact(value)) == expected


class TestAgrees:
    @pytest.mark.parametrize(
        ("printed", "computed", "decimals"),
        [
            (96.8, 96.774, 1), (96.7, 96.774, 1), (96.77, 96.774, 2), (97, 96.774, 0), (96, 96.774, 0),
            (101.3, 101.25, 1), (101.2, 101.25, 1), (2.68, 2.675, 2), (-2.5, -2.45, 1), (-2.4, -2.45, 1),
            (0, 0.04, 1), (0, -0.04, 1), (100, 100, 0), (12345678901234.5, 12345678901234.49, 1),
        ],
    )  # fmt: skip
    def test_rounded_half_up_or_cut_off(self, printed: float, computed: float, decimals: int) -> None:
        assert agrees(printed, computed, decimals)

    @pytest.mark.parametrize(
        ("printed", "computed", "decimals"),
        [
            (96.6, 96.774, 1), (96.9, 96.774, 1), (98, 96.774, 0), (95, 96.774, 0), (101.4, 101.25, 1),
            (96.8, 96.774, 2), (0.1, 0.04, 1), (2.45, -2.45, 2), (12345678901234.5, 12345678901234.1, 1),
        ],
    )  # fmt: skip
    def test_one_last_digit_off_is_another_figure(self, printed: float, computed: float, decimals: int) -> None:
        assert not agrees(printed, computed, decimals)

    @pytest.mark.parametrize("computed", [1e22, 1.7e308, 5e-324])
    def test_no_size_is_too_much(self, computed: float) -> None:
        assert agrees(computed, computed, 2) is (computed > 1)

    @given(st.decimals(-(10**9), 10**9, places=4), st.integers(0, 4))
    def test_a_rounded_figure_agrees_and_those_next_to_it_do_not(self, number: Decimal, decimals: int) -> None:
        last_digit = Decimal(1).scaleb(-decimals)
        shown = number.quantize(last_digit, ROUND_HALF_UP)

        assert agrees(float(shown), float(number), decimals)
        for other in (shown + 2 * last_digit, shown - 2 * last_digit):
            assert not agrees(float(other), float(number), decimals)


class TestAgreesAsSum:
    @pytest.mark.parametrize(
        ("printed", "computed", "decimals", "parts"),
        [
            (100, 99.9, 1, 3), (100, 100.1, 1, 3), (639.93, 639.94, 2, 4), (100, 99, 0, 3),
            # Each of four parts cut off loses up to a digit; the total does not.
            (1.3, 1.0, 1, 4), (12.34, 12.31, 2, 4),
        ],
    )  # fmt: skip
    def test_one_last_digit_a_part_is_no_contradiction(
        self, printed: float, computed: float, decimals: int, parts: int
    ) -> None:
        assert agrees_as_sum(printed, computed, decimals, parts)

    @pytest.mark.parametrize(
        ("printed", "computed", "decimals", "parts"),
        [(100, 99.6, 1, 3), (100, 100.2, 1, 3), (149.3, 149.7, 1, 7), (1.4, 1.0, 1, 4), (1.0, 1.3, 1, 4)],
    )
    def test_more_is_one(self, printed: float, computed: float, decimals: int, parts: int) -> None:
        """Cutting off makes the parts smaller than their total, never larger."""
        assert not agrees_as_sum(printed, computed, decimals, parts)

    def test_what_is_not_rounded_adds_up_exactly(self) -> None:
        assert agrees_as_sum(12, 12, 0, 3, rounded=False)
        assert not agrees_as_sum(13, 12, 0, 3, rounded=False)
        assert agrees_as_sum(13, 12, 0, 3)
