"""One number typed for another: which slips are known, and which numbers are too far apart."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_tools.number_slips import SHARES, Slip, TypingSlip, density, slips_of, stale

AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=2, allow_nan=False, allow_infinity=False)


def slip_between(typed: Decimal, meant: Decimal) -> TypingSlip | None:
    """The slip by which a number was typed for another, None if it takes more than one."""
    return next((slip for slip in slips_of(typed) if slip.meant == meant), None)


class TestSlips:
    @pytest.mark.parametrize(
        ("typed", "meant", "kind"),
        [
            ("115", "151", Slip.SWAPPED_DIGITS),
            ("12345.67", "12345.76", Slip.SWAPPED_DIGITS),
            ("149.3", "149.7", Slip.WRONG_DIGIT),
            ("0", "7", Slip.WRONG_DIGIT),
            ("103", "1003", Slip.MISSING_ZERO),
            ("90", "900", Slip.MISSING_ZERO),
            ("1003", "103", Slip.EXTRA_ZERO),
            ("900", "90", Slip.EXTRA_ZERO),
            ("145", "1345", Slip.MISSING_DIGIT),
            ("1345", "145", Slip.EXTRA_DIGIT),
            ("263", "26.3", Slip.SEPARATOR),
            ("12.5", "125", Slip.SEPARATOR),
            ("17100000", "17100", Slip.UNIT),
            ("2.5", "2500000000", Slip.UNIT),
            ("5", "-5", Slip.SIGN),
        ],
    )
    def test_are_told_apart(self, typed: str, meant: str, kind: Slip) -> None:
        slip = slip_between(Decimal(typed), Decimal(meant))

        assert slip is not None
        assert slip.kind is kind

    @pytest.mark.parametrize(
        ("typed", "meant"), [("115", "342"), ("115", "511"), ("13", "17.1"), ("115", "115"), ("5", "05"), ("0", "0")]
    )
    def test_take_one_step(self, typed: str, meant: str) -> None:
        """Two wrong keys, or none, are no slip."""
        assert slip_between(Decimal(typed), Decimal(meant)) is None

    def test_say_the_factor_to_multiply_by(self) -> None:
        bigger, smaller = (slip_between(Decimal(2500), Decimal(meant)) for meant in ("2500000", "2.5"))

        assert bigger is not None
        assert smaller is not None
        assert (bigger.factor, smaller.factor) == (Decimal(1000), Decimal("0.001"))

    @given(AMOUNTS)
    def test_give_each_meaning_once_and_never_the_number_itself(self, typed: Decimal) -> None:
        meant = [slip.meant for slip in slips_of(typed)]

        assert typed not in meant
        assert len(meant) == len(set(meant))

    @given(AMOUNTS)
    def test_of_swapped_digits_go_both_ways(self, typed: Decimal) -> None:
        swapped = [slip for slip in slips_of(typed) if slip.kind is Slip.SWAPPED_DIGITS and slip.meant >= 1]

        for slip in swapped:
            back = slip_between(slip.meant, typed)
            assert back is None or back.share >= SHARES[Slip.SWAPPED_DIGITS] / 15

    def test_are_not_looked_for_past_fifteen_digits(self) -> None:
        assert list(slips_of(Decimal(1234567890123456))) == []

    def test_a_swap_is_likelier_than_any_one_wrong_digit(self) -> None:
        swap, digit = (slip_between(Decimal(1154), Decimal(meant)) for meant in (1514, 1754))

        assert swap is not None
        assert digit is not None
        assert swap.share > digit.share


class TestOtherNumbers:
    def test_are_the_less_likely_the_more_there_are(self) -> None:
        assert density(Decimal(12), 0) > density(Decimal(1200), 0) > density(Decimal(1200), 2)

    def test_near_the_old_total_are_likelier(self) -> None:
        """A total typed over its formula was right before a part changed."""
        assert stale(Decimal(1200), 0) > density(Decimal(1200), 0)
