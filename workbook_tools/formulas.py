"""Native Excel formulas as expressions over named figures, whatever the layout they stand in.

A formula is parsed once, with its cell addresses (:mod:`workbook_tools.formula_parsing`); :func:`bind` replaces each
address by the name of the figure that stands there; :mod:`workbook_tools.formula_rendering` writes the expression for
any other layout. What a value is, is the business of :mod:`workbook_tools.evaluation`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbook_tools.cells import Position, quote_sheet
from workbook_tools.wording import Words

PRECEDENCE = {"=": 1, "<>": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
"""How tightly each operator with two operands holds them."""

PRECEDENCE_OF_SIGN = 6
"""How tightly a ``-`` or ``+`` before its operand holds it."""


class FormulaError(ValueError):
    """A formula that is not understood; ``words`` say what and where, in both languages."""

    def __init__(self, vietnamese: str, english: str) -> None:
        super().__init__(vietnamese)
        self.words = Words(vietnamese, english)


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
                raise FormulaError(
                    "SUMIF: vùng điều kiện và vùng cộng không cùng kích thước",
                    "SUMIF: the areas of the condition and of the sum have different sizes",
                )
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
        name = f"{quote_sheet(sheet)}!{text}"
        raise FormulaError(f"vùng {name} quá rộng", f"the area {name} is too large")
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
    name = f"{quote_sheet(sheet)}!{text}"
    raise FormulaError(f"{name} không phải ô số liệu của biểu mẫu", f"{name} is no cell with figures of the template")


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


def list_columns_of(expression: Expression) -> Iterator[ListColumn]:
    """The list columns an expression adds up or counts."""
    return (reference for reference in references(expression) if isinstance(reference, ListColumn))
