"""Formulas as Excel writes them, parsed into expressions; only what a template may use is understood."""

import re
from collections.abc import Iterator

from workbook_tools.cells import parse_position
from workbook_tools.formulas import (
    PRECEDENCE,
    PRECEDENCE_OF_SIGN,
    Area,
    Call,
    Expression,
    FormulaError,
    Number,
    Operation,
    Text,
    Truth,
)

FUNCTIONS = {
    "SUM": (1, 255), "SUMIF": (2, 3), "COUNT": (1, 255), "COUNTA": (1, 255), "COUNTIF": (2, 2), "AVERAGE": (1, 255),
    "MIN": (1, 255), "MAX": (1, 255), "ROUND": (2, 2), "ABS": (1, 1), "IF": (2, 3), "IFERROR": (2, 2),
    "AND": (1, 255), "OR": (1, 255), "NOT": (1, 1),
}  # fmt: skip
"""The functions a template may use, each with the fewest and the most arguments it takes."""

MAXIMUM_LENGTH = 8192
"""Excel's own limit for the text of a formula."""

MAXIMUM_DEPTH = 64
"""Excel's own limit for nested functions."""

MAXIMUM_LEVELS = 128
"""Limit for the levels of an expression, a long ``1+1+1+…`` included: whoever walks it does so recursively."""

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<text>"(?:[^"]|"")*")
    | (?P<sheet>'(?:[^']|'')+'!|[^\W\d][\w.]*!)
    | (?P<cell>\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}(?![\w(.]))
    | (?P<name>[^\W\d][\w.]*)
    | (?P<operator><=|>=|<>|[-+*/^&=<>%(),:])
    )""",
    re.VERBOSE,
)


def parse(formula: str, sheet: str) -> Expression:
    """Expression of a formula of a sheet, with or without the leading ``=``; raises FormulaError."""
    if len(formula) > MAXIMUM_LENGTH:
        raise FormulaError(
            f"công thức dài quá {MAXIMUM_LENGTH} ký tự", f"the formula has more than {MAXIMUM_LENGTH} characters"
        )
    parser = _Parser(list(_tokens(formula.removeprefix("="))), sheet)
    expression = parser.expression(0, 0)
    if parser.peek() is not None:
        raise FormulaError(f"thừa “{parser.peek()}”", f"'{parser.peek()}' is too much")
    if _levels(expression) > MAXIMUM_LEVELS:
        raise FormulaError(
            f"quá {MAXIMUM_LEVELS} phép tính nối tiếp; hãy dùng SUM",
            f"more than {MAXIMUM_LEVELS} operations in a row; use SUM",
        )
    return expression


def _levels(expression: Expression) -> int:
    levels, level = 0, [expression]
    while level:
        levels += 1
        level = [part for one in level for part in _parts(one)]
    return levels


def _parts(expression: Expression) -> "tuple[Expression, ...]":
    match expression:
        case Operation(_, parts) | Call(_, parts):
            return parts
    return ()


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            shown = text[position : position + 20]
            raise FormulaError(f"không hiểu “{shown}”", f"'{shown}' is not understood")
        yield match.lastgroup, match[match.lastgroup]
        position = match.end()


class _Parser:
    """Precedence climbing over the tokens of one formula."""

    def __init__(self, tokens: list[tuple[str, str]], sheet: str) -> None:
        self.tokens = tokens
        self.sheet = sheet
        self.next = 0

    def peek(self) -> str | None:
        return self.tokens[self.next][1] if self.next < len(self.tokens) else None

    def take(self) -> tuple[str, str]:
        if self.next >= len(self.tokens):
            raise FormulaError("công thức thiếu phần cuối", "the formula lacks its end")
        self.next += 1
        return self.tokens[self.next - 1]

    def expect(self, wanted: str) -> None:
        if self.peek() != wanted:
            raise FormulaError(f"thiếu “{wanted}”", f"'{wanted}' is missing")
        self.next += 1

    def expression(self, minimum: int, depth: int) -> Expression:
        if depth > MAXIMUM_DEPTH:
            raise FormulaError(f"lồng quá {MAXIMUM_DEPTH} tầng", f"nested more than {MAXIMUM_DEPTH} levels deep")
        left = self.operand(depth)
        while (operator := self.peek()) is not None:
            if operator == "%":
                self.next += 1
                left = Operation("%", (left,))
                continue
            binding = PRECEDENCE.get(operator, 0)
            if binding <= minimum:
                break
            self.next += 1
            left = Operation(operator, (left, self.expression(binding, depth + 1)))
        return left

    def operand(self, depth: int) -> Expression:
        kind, token = self.take()
        if kind == "number":
            return self.number(token)
        if kind == "text":
            return Text(token[1:-1].replace('""', '"'))
        if kind == "sheet":
            return self.area(_unquote(token), self.take()[1])
        if kind == "cell":
            return self.area(self.sheet, token)
        if kind == "name":
            return self.call(token.upper(), depth)
        if token in "+-":
            return Operation(token, (self.expression(PRECEDENCE_OF_SIGN, depth + 1),))
        if token == "(":
            inside = self.expression(0, depth + 1)
            self.expect(")")
            return inside
        raise FormulaError(f"không hiểu “{token}”", f"'{token}' is not understood")

    def number(self, token: str) -> Expression:
        value = float(token)
        if value == float("inf"):
            raise FormulaError(f"số quá lớn: “{token}”", f"the number is too large: '{token}'")
        return Number(value)

    def area(self, sheet: str, first: str) -> Expression:
        last = first
        if self.peek() == ":":
            self.next += 1
            last = self.take()[1]
        try:
            return Area(sheet, parse_position(first), parse_position(last))
        except ValueError as error:
            area = f"{first}:{last}"
            raise FormulaError(f"không phải địa chỉ ô: “{area}”", f"no address of cells: '{area}'") from error

    def call(self, name: str, depth: int) -> Expression:
        if name in ("TRUE", "FALSE"):
            if self.peek() == "(":
                self.next += 1
                self.expect(")")
            return Truth(name == "TRUE")
        if name not in FUNCTIONS:
            raise FormulaError(
                f"hàm hoặc tên “{name}” không được dùng trong biểu mẫu",
                f"the function or name '{name}' is not allowed in a template",
            )
        self.expect("(")
        arguments: list[Expression] = []
        while self.peek() != ")":
            if arguments:
                self.expect(",")
            arguments.append(self.expression(0, depth + 1))
        self.expect(")")
        fewest, most = FUNCTIONS[name]
        if not fewest <= len(arguments) <= most:
            raise FormulaError(
                f"hàm {name} không dùng được với {len(arguments)} tham số",
                f"the function {name} does not take {len(arguments)} arguments",
            )
        return Call(name, tuple(arguments))


def _unquote(token: str) -> str:
    name = token.removesuffix("!")
    return name[1:-1].replace("''", "'") if name.startswith("'") else name
