"""Expressions written as formulas: for the cells of any layout, or by the codes of their figures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbook_tools.cells import Position, quote_sheet
from workbook_tools.formulas import (
    PRECEDENCE,
    PRECEDENCE_OF_SIGN,
    Area,
    Call,
    Expression,
    Figure,
    Figures,
    ListColumn,
    NotPlacedError,
    Number,
    Operation,
    Text,
    Truth,
)

Place = Callable[[Figure], tuple[str, Position]]
"""Sheet and position of a figure; raises NotPlacedError."""

PlaceList = Callable[[ListColumn], tuple[str, Position, Position]]
"""Sheet, first and last position of a list column; raises NotPlacedError."""


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
            return _write(operand, writers, PRECEDENCE_OF_SIGN + 1) + "%"
        case Operation(operator, (operand,)):
            text = operator + _write(operand, writers, PRECEDENCE_OF_SIGN)
            return f"({text})" if minimum > PRECEDENCE_OF_SIGN else text
        case Operation(operator, (left, right)):
            binding = PRECEDENCE[operator]
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
