"""What an official's own formula comes to, as far as it only reckons with numbers: ``=150+20``."""

import re
from collections.abc import Iterator

from workbook_tools.evaluation import evaluate
from workbook_tools.formula_parsing import parse
from workbook_tools.formulas import Area, Call, Expression, Figure, FormulaError, ListColumn, Number, Operation
from workbook_tools.numerals import parse_digits
from workbook_tools.vectors import Items, Vector

_NAMES_A_CELL = re.compile(r"[A-Za-z]\$?[0-9]")
"""What every address holds, and hardly ever a formula of numbers alone: most formulas are told apart unparsed."""

_SUM = re.compile(r"=[0-9.,()+*\s-]+", re.ASCII)
_OPERATION = re.compile(r"[0-9)]\s*[-+*]\s*[-+]?\s*[(0-9.,]", re.ASCII)
_NUMBER = re.compile(r"([.,]?[0-9](?:[0-9.,]*[0-9])?)", re.ASCII)


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


def written_out(text: str, whole: bool = False) -> str | None:
    """A sum typed as text, ``=1.050+50,5``, as a formula; None if it is none, or if a number can be read two ways.

    A quotient is left alone: "=115/116" may just as well be two figures.

    >>> written_out("=1.050,5 + 2*(3+4)"), written_out("=105"), written_out("=115/116"), written_out("=1.050+1")
    ('=1050.5 + 2*(3+4)', None, None, None)
    """
    if not (_SUM.fullmatch(text) and _OPERATION.search(text)):
        return None
    pieces = _NUMBER.split(text)
    for place in range(1, len(pieces), 2):
        number = parse_digits(pieces[place], whole=whole)
        if number.value is None:
            return None
        pieces[place] = f"{number.value:f}"
    return "".join(pieces)


def is_bare_quotient(formula: str) -> bool:
    """Whether a formula divides and never multiplies by 100: a rate of 0.97 where others say 97.

    >>> is_bare_quotient("=115/116"), is_bare_quotient("=G5/F5"), is_bare_quotient("=115/116*100")
    (True, True, False)
    """
    if "/" not in formula:
        return False
    try:
        operations = [part for part in _parts(parse(formula, "")) if isinstance(part, Operation)]
    except FormulaError:
        return False
    is_percentage = any(one.operator == "*" and Number(100.0) in one.operands for one in operations)
    return any(one.operator == "/" for one in operations) and not is_percentage


def _parts(expression: Expression) -> Iterator[Expression]:
    yield expression
    match expression:
        case Operation(_, parts) | Call(_, parts):
            for part in parts:
                yield from _parts(part)
