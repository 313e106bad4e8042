"""Native Excel formulas as expressions over named figures: parse, bind to names, render into a layout.

A formula is parsed once, with its cell addresses; :func:`bind` replaces each address by the name of the figure that
stands there; :func:`render` writes the expression for any other layout. What a value is, is the business of
:mod:`workbook_tools.evaluation`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbook_tools.cells import Position, parse_position, quote_sheet

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


class FormulaError(ValueError):
    """A formula that is not understood; the text says what and where."""


class NotPlacedError(LookupError):
    """A figure of the expression has no place in the layout it is rendered for."""


@dataclass(frozen=True, slots=True)
class Number:
    """A constant number."""

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """A constant text."""

    value: str


@dataclass(frozen=True, slots=True)
class Truth:
    """TRUE or FALSE."""

    value: bool


@dataclass(frozen=True, slots=True)
class Area:
    """Cells by address, before binding; one cell when first equals last."""

    sheet: str
    first: Position
    last: Position


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of an indicator."""

    indicator: str
    measure: str


@dataclass(frozen=True, slots=True)
class Figures:
    """A range of figures, in the order of the template."""

    members: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class ListColumn:
    """All items of one column of a list block."""

    list: str
    column: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with one operand (``-``, ``+``, ``%``) or two."""

    operator: str
    operands: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Call:
    """A function call."""

    function: str
    arguments: "tuple[Expression, ...]"


Reference = Figure | Figures | ListColumn
Expression = Number | Text | Truth | Area | Reference | Operation | Call
Locate = Callable[[str, Position], Figure | ListColumn | None]
"""Name of what stands at a sheet and position, None where no figure stands."""

Place = Callable[[Figure], tuple[str, Position]]
"""Sheet and position of a figure; raises NotPlacedError."""

PlaceList = Callable[[ListColumn], tuple[str, Position, Position]]
"""Sheet, first and last position of a list column; raises NotPlacedError."""

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

_BINDING = {"=": 1, "<>": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
_UNARY_BINDING = 6


def parse(formula: str, sheet: str) -> Expression:
    """Expression of a formula of a sheet, with or without the leading ``=``; raises FormulaError."""
    if len(formula) > MAXIMUM_LENGTH:
        raise FormulaError(f"công thức dài quá {MAXIMUM_LENGTH} ký tự")
    parser = _Parser(list(_tokens(formula.removeprefix("="))), sheet)
    expression = parser.expression(0, 0)
    if parser.peek() is not None:
        raise FormulaError(f"thừa “{parser.peek()}”")
    if _levels(expression) > MAXIMUM_LEVELS:
        raise FormulaError(f"quá {MAXIMUM_LEVELS} phép tính nối tiếp; hãy dùng SUM")
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
            raise FormulaError(f"không hiểu “{text[position : position + 20]}”")
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
            raise FormulaError("công thức thiếu phần cuối")
        self.next += 1
        return self.tokens[self.next - 1]

    def expect(self, wanted: str) -> None:
        if self.peek() != wanted:
            raise FormulaError(f"thiếu “{wanted}”")
        self.next += 1

    def expression(self, minimum: int, depth: int) -> Expression:
        if depth > MAXIMUM_DEPTH:
            raise FormulaError(f"lồng quá {MAXIMUM_DEPTH} tầng")
        left = self.operand(depth)
        while (operator := self.peek()) is not None:
            if operator == "%":
                self.next += 1
                left = Operation("%", (left,))
                continue
            binding = _BINDING.get(operator, 0)
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
            return Operation(token, (self.expression(_UNARY_BINDING, depth + 1),))
        if token == "(":
            inside = self.expression(0, depth + 1)
            self.expect(")")
            return inside
        raise FormulaError(f"không hiểu “{token}”")

    def number(self, token: str) -> Expression:
        value = float(token)
        if value == float("inf"):
            raise FormulaError(f"số quá lớn: “{token}”")
        return Number(value)

    def area(self, sheet: str, first: str) -> Expression:
        last = first
        if self.peek() == ":":
            self.next += 1
            last = self.take()[1]
        try:
            return Area(sheet, parse_position(first), parse_position(last))
        except ValueError as error:
            raise FormulaError(f"không phải địa chỉ ô: “{first}:{last}”") from error

    def call(self, name: str, depth: int) -> Expression:
        if name in ("TRUE", "FALSE"):
            if self.peek() == "(":
                self.next += 1
                self.expect(")")
            return Truth(name == "TRUE")
        if name not in FUNCTIONS:
            raise FormulaError(f"hàm hoặc tên “{name}” không được dùng trong biểu mẫu")
        self.expect("(")
        arguments: list[Expression] = []
        while self.peek() != ")":
            if arguments:
                self.expect(",")
            arguments.append(self.expression(0, depth + 1))
        self.expect(")")
        fewest, most = FUNCTIONS[name]
        if not fewest <= len(arguments) <= most:
            raise FormulaError(f"hàm {name} không dùng được với {len(arguments)} tham số")
        return Call(name, tuple(arguments))


def _unquote(token: str) -> str:
    name = token.removesuffix("!")
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def bind(expression: Expression, locate: Locate) -> Expression:
    """The expression with every address replaced by the name of what stands there.

    Cells of a range where no figure stands (headings, blank rows) are left out, as SUM would pass them by.
    Raises FormulaError for an address with no figure, or one item of a list.
    """
    match expression:
        case Area(sheet, first, last):
            return _bind_area(sheet, first, last, locate)
        case Operation(operator, operands):
            return Operation(operator, tuple(bind(operand, locate) for operand in operands))
        case Call(function, arguments):
            bound = tuple(bind(argument, locate) for argument in arguments)
            if function == "SUMIF" and len(bound) == 3 and _shape(bound[0]) != _shape(bound[2]):
                raise FormulaError("SUMIF: vùng điều kiện và vùng cộng không cùng kích thước")
            return Call(function, bound)
    return expression


def _shape(expression: Expression) -> str | int:
    """What two ranges must have in common to be gone through side by side."""
    match expression:
        case ListColumn(name, _):
            return name
        case Figures(members):
            return len(members)
    return 1


def _bind_area(sheet: str, first: Position, last: Position, locate: Locate) -> Reference:
    text = first.name if first == last else f"{first.name}:{last.name}"
    height, width = last.row - first.row + 1, last.column - first.column + 1
    if height * width > 10_000:
        raise FormulaError(f"vùng {quote_sheet(sheet)}!{text} quá rộng")
    found = [
        locate(sheet, Position(row, column))
        for row in range(first.row, last.row + 1)
        for column in range(first.column, last.column + 1)
    ]
    figures = tuple(name for name in found if isinstance(name, Figure))
    columns = {name for name in found if isinstance(name, ListColumn)}
    if first == last and figures:
        return figures[0]
    if figures and not columns:
        return Figures(figures)
    if len(columns) == 1 and not figures and first != last:
        return columns.pop()
    raise FormulaError(f"{quote_sheet(sheet)}!{text} không phải ô số liệu của biểu mẫu")


def references(expression: Expression) -> Iterator[Reference]:
    """The figures and list columns an expression names, in order, with repeats."""
    match expression:
        case Figure() | Figures() | ListColumn():
            yield expression
        case Operation(_, parts) | Call(_, parts):
            for part in parts:
                yield from references(part)


def figures_of(expression: Expression) -> Iterator[Figure]:
    """The single figures an expression depends on, members of ranges included."""
    for reference in references(expression):
        if isinstance(reference, Figure):
            yield reference
        elif isinstance(reference, Figures):
            yield from reference.members


def render(expression: Expression, sheet: str, place: Place, place_list: PlaceList) -> str:
    """The formula text, without ``=``, for a cell of a sheet; raises NotPlacedError."""

    def address(at: str, first: Position, last: Position) -> str:
        prefix = "" if at == sheet else quote_sheet(at) + "!"
        return prefix + (first.name if first == last else f"{first.name}:{last.name}")

    def figure(name: Figure) -> str:
        at, position = place(name)
        return address(at, position, position)

    def members(names: tuple[Figure, ...]) -> list[str]:
        placed = []
        for name in names:
            try:
                placed.append(place(name))
            except NotPlacedError:
                continue
        if not placed:
            raise NotPlacedError(names[0].indicator)
        return [address(at, first, last) for at, first, last in _runs(placed)]

    def column(name: ListColumn) -> str:
        at, first, last = place_list(name)
        # A list of one row is still a range: rows inserted into it belong to it.
        return address(at, first, last) if first != last else f"{address(at, first, last)}:{last.name}"

    return _write(expression, _Writers(figure, members, column))


def show(expression: Expression) -> str:
    """The formula by codes: ``SUM({agri.rice_area@plan},…)``; stable text for reviews and fingerprints."""
    return _write(
        expression,
        _Writers(
            lambda name: f"{{{name.indicator}@{name.measure}}}",
            lambda names: [",".join(f"{{{name.indicator}@{name.measure}}}" for name in names)],
            lambda name: f"{{{name.list}.{name.column}}}",
        ),
    )


@dataclass(frozen=True)
class _Writers:
    figure: Callable[[Figure], str]
    members: Callable[[tuple[Figure, ...]], list[str]]
    column: Callable[[ListColumn], str]


def _write(expression: Expression, writers: _Writers, minimum: int = 0) -> str:
    match expression:
        case Number(value):
            return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
        case Text(text):
            return '"' + text.replace('"', '""') + '"'
        case Truth(truth):
            return "TRUE" if truth else "FALSE"
        case Figure():
            return writers.figure(expression)
        case Figures(names):
            return ",".join(writers.members(names))
        case ListColumn():
            return writers.column(expression)
        case Area(sheet, first, last):
            return f"{quote_sheet(sheet)}!{first.name}:{last.name}"
        case Call(function, arguments):
            if function in ("COUNTIF", "SUMIF") and any(_is_broken(argument, writers) for argument in arguments):
                raise NotPlacedError(f"{function}: vùng không liền nhau")
            return f"{function}({','.join(_write(argument, writers) for argument in arguments)})"
        case Operation("%", (operand,)):
            return _write(operand, writers, _UNARY_BINDING + 1) + "%"
        case Operation(operator, (operand,)):
            text = operator + _write(operand, writers, _UNARY_BINDING)
            return f"({text})" if minimum > _UNARY_BINDING else text
        case Operation(operator, (left, right)):
            binding = _BINDING[operator]
            text = _write(left, writers, binding) + operator + _write(right, writers, binding + 1)
            return f"({text})" if binding < minimum else text
    raise AssertionError(expression)


def _is_broken(expression: Expression, writers: _Writers) -> bool:
    """Whether a range stands in several pieces; SUM takes them one by one, COUNTIF and SUMIF cannot."""
    return isinstance(expression, Figures) and len(writers.members(expression.members)) > 1


def _runs(placed: list[tuple[str, Position]]) -> Iterator[tuple[str, Position, Position]]:
    """A filled rectangle as one range, else neighbouring cells of one column joined into ranges."""
    sheet, first = placed[0]
    _, end = placed[-1]
    rows, columns = range(first.row, end.row + 1), range(first.column, end.column + 1)
    filled = len(rows) * len(columns) == len(placed)
    if filled and placed == [(sheet, Position(row, column)) for row in rows for column in columns]:
        yield sheet, first, end
        return
    last = first
    for at, position in placed[1:]:
        if at == sheet and position == Position(last.row + 1, last.column):
            last = position
            continue
        yield sheet, first, last
        sheet, first, last = at, position, position
    yield sheet, first, last
