"""Exact values of expressions are those of the evaluation for many units, without its rounding."""

import random
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest

from tests.random_formulas import random_formula
from workbook_tools.cells import Position
from workbook_tools.evaluation import evaluate
from workbook_tools.exact_evaluation import FAILED, Value, evaluate_exactly, fraction
from workbook_tools.formula_parsing import parse
from workbook_tools.formulas import Expression, Figure, ListColumn, bind
from workbook_tools.vectors import Items, Vector, vector

CELLS = tuple(f"{column}{row}" for column in "ABC" for row in (1, 2, 3))
ITEMS = ("Đạt", "Chưa đạt", None, 12.5, 7.0, None, "đạt", 100.0)
OTHERS = (1.0, 2.0, 3.0, 4.0, 5.5, None, None, 0.1)


@dataclass(frozen=True)
class Sheet:
    """One unit: cells A1 to C3, a list with the columns E (of anything) and F (of numbers) in rows 10 to 17."""

    cells: dict[str, float | str | None]

    @property
    def size(self) -> int:
        return 1

    def figure(self, name: Figure) -> Vector:
        value = self.cells[name.indicator]
        if isinstance(value, str):
            return vector(text=np.array([value], dtype=object))
        return vector(np.array([np.nan if value is None else value]))

    def items(self, name: ListColumn) -> Items:
        values = ITEMS if name.column == "5" else OTHERS
        texts = np.array([one if isinstance(one, str) else None for one in values], dtype=object)
        numbers = np.array([one if isinstance(one, float) else np.nan for one in values])
        return Items(np.zeros(len(values), dtype=np.intp), numbers, texts)


@dataclass(frozen=True)
class ExactSheet:
    """The same unit in exact numbers."""

    cells: dict[str, float | str | None]

    def figure(self, name: Figure) -> Value:
        return as_exact(self.cells[name.indicator])

    def items(self, name: ListColumn) -> tuple[Value, ...]:
        return tuple(map(as_exact, ITEMS if name.column == "5" else OTHERS))


def as_exact(value: float | str | None) -> Value:
    return fraction(value) if isinstance(value, float) else value


def bound(formula: str) -> Expression:
    def locate(_: str, position: Position) -> Figure | ListColumn:
        if position.row >= 10:
            return ListColumn("list", str(position.column))
        return Figure(position.name, "actual")

    return bind(parse(formula, "S"), locate)


def both(formula: str, cells: dict[str, float | str | None]) -> tuple[Value, Value]:
    """The value for many units, as far as it can be one, and the exact one."""
    many = evaluate(bound(formula), Sheet(cells))
    text, number = many.text[0], float(many.number[0])
    one: Value = (
        FAILED if many.error[0] else text if text is not None else None if number != number else fraction(number)
    )
    return one, evaluate_exactly(bound(formula), ExactSheet(cells))


def agree(one: Value, other: Value) -> bool:
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return float(other) == pytest.approx(float(one), rel=1e-9, abs=1e-9)
    return one == other


def cells_of(choose: random.Random) -> dict[str, float | str | None]:
    values = (0.0, 1.0, 2.5, -3.0, 1e9, 0.1, 47.25, None, "", "Đạt")
    return {name: choose.choice(values) for name in CELLS}


class TestAgreement:
    @pytest.mark.parametrize("seed", range(12))
    def test_with_the_evaluation_of_many_units(self, seed: int) -> None:
        """Random formulas over numbers, texts and blanks."""
        choose = random.Random(seed)
        for _ in range(60):
            formula, cells = random_formula(choose, CELLS, ("A1:A3", "B1:C2"), depth=3), cells_of(choose)
            many, exactly = both(formula, cells)
            assert agree(many, exactly), (formula, cells, many, exactly)

    @pytest.mark.parametrize(
        "formula",
        [
            '=COUNTIF(E10:E17,"Đạt")', '=COUNTIF(E10:E17,">=12")', '=SUMIF(E10:E17,"Đạt",F10:F17)',
            '=SUMIF(E10:E17,"nothing",F10:F17)', '=SUMIF(F10:F17,">2")', "=COUNTA(E10:E17)", "=COUNT(E10:E17,F10:F17)",
            "=SUM(E10:E17)", '=IF(COUNTA(E10:E17)=0,"",COUNTIF(E10:E17,"*đạt*"))', "=COUNTIF(E10:E17,A1)",
            "=AND(SUM(F10:F17)>1,MAX(F10:F17)<6)", "=2^3", "=4^0.5", "=(0-4)^0.5", '=A1&"x"', '=IF("a">1,1,2)',
            "=ROUND(2.5,0)", "=ROUND(-2.5,0)", "=-A1", "=A1%",
        ],
    )  # fmt: skip
    def test_of_lists_and_of_what_templates_seldom_use(self, formula: str) -> None:
        for value in (None, 3.0, "", "Đạt"):
            many, exactly = both(formula, dict.fromkeys(CELLS, value))
            assert agree(many, exactly), (formula, value, many, exactly)


class TestExactness:
    def test_tenths_add_up(self) -> None:
        assert both("=A1+B1=C1", {**dict.fromkeys(CELLS), "A1": 0.1, "B1": 0.2, "C1": 0.3})[1] == 1

    def test_one_dong_of_a_large_budget_counts(self) -> None:
        cells = {**dict.fromkeys(CELLS), "A1": 9_999_999_999_999.0, "B1": 1.0}

        assert both("=SUM(A1:B1)", cells)[1] == 10**13

    def test_thirds_do_not_round(self) -> None:
        assert both("=A1/B1*B1=A1", {**dict.fromkeys(CELLS), "A1": 1.0, "B1": 3.0})[1] == 1
