"""What an official's own formula comes to, as far as it only reckons with numbers: ``=150+20``."""

import re
from collections.abc import Iterator

from workbook_tools.evaluation import evaluate
from workbook_tools.formula_parsing import parse
from workbook_tools.formulas import Area, Call, Expression, Figure, FormulaError, ListColumn, Operation
from workbook_tools.vectors import Items, Vector

_NAMES_A_CELL = re.compile(r"[A-Za-z]\$?[0-9]")
"""What every address holds, and hardly ever a formula of numbers alone: most formulas are told apart unparsed."""


class _NoFigures:
    """A source for expressions that name no figure."""

    size = 1

    def figure(self, name: Figure) -> Vector:
        raise LookupError(name)

    def items(self, name: ListColumn) -> Items:
        raise LookupError(name)


def is_sum_of_numbers(formula: str) -> bool:
    """Whether a formula names no cell: what it gives was typed, in a way.

    >>> is_sum_of_numbers("=150+20"), is_sum_of_numbers("=SUM(E5:E7)")
    (True, False)
    """
    if _NAMES_A_CELL.search(formula):
        return False
    try:
        expression = parse(formula, "")
    except FormulaError:
        return False
    return not any(isinstance(part, Area) for part in _parts(expression))


def result_of(formula: str) -> float | None:
    """The number a formula without cells comes to; None for any other formula.

    >>> result_of("=(12+13)*2"), result_of("=E5*2"), result_of("=1/0")
    (50.0, None, None)
    """
    if not is_sum_of_numbers(formula):
        return None
    number = float(evaluate(parse(formula, ""), _NoFigures()).number[0])
    return number if number == number else None


def _parts(expression: Expression) -> Iterator[Expression]:
    yield expression
    match expression:
        case Operation(_, parts) | Call(_, parts):
            for part in parts:
                yield from _parts(part)
