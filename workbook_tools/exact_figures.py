"""The figures of one return in exact numbers, and what they would be if some of its cells said something else.

Formula figures follow :mod:`workbook_tools.calculation`: a number typed over a formula stands only where the formula
has none.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property

from workbook_tools.calculation import is_sum
from workbook_tools.cells import FigureName
from workbook_tools.exact_evaluation import ExactSource, Value, evaluate_exactly, fraction
from workbook_tools.formulas import Expression, Figure, ListColumn, figures_of, list_columns_of
from workbook_tools.indicators import Role
from workbook_tools.read_cells import ReadCell
from workbook_tools.readings import Status
from workbook_tools.subject import Subject

NIL = "-"
"""What a cell says of which none arose; as a figure it is no text."""

Changes = Mapping[FigureName, Fraction | None]
"""Numbers that cells are tried with; None for a blank."""

_SEVERAL_DECIMALS = 12


class ExactFigures(ExactSource):
    """Figures of one return. ``changes`` are the cells that are tried with another number than what was typed.

    A change counts as printed with the decimals it needs, a ``rough`` one with those of what stands there: it is a
    point between two printed numbers, tried to learn where a relation turns.
    """

    def __init__(self, subject: Subject, base: "ExactFigures | None" = None, changes: Changes | None = None) -> None:
        self.subject = subject
        self.base = base
        self.changes = changes or {}
        self.rough: frozenset[FigureName] = frozenset()
        self.known: dict[Figure, Value] = {}

    def changed(self, changes: Changes, *, rough: bool = False) -> "ExactFigures":
        """The same return with other numbers in some cells, or nothing, beside those that are changed already."""
        tried = ExactFigures(self.subject, self.base or self, {**self.changes, **changes})
        tried.rough = self.rough | changes.keys() if rough else self.rough - changes.keys()
        return tried

    @cached_property
    def rows_of_lists(self) -> dict[str, tuple[str, ...]]:
        """The items that are filled, of each list."""
        if self.base:
            return self.base.rows_of_lists
        rows: dict[str, dict[str, None]] = {}
        for name, cell in self.subject.cells.items():
            if name.item and cell.is_filled:
                rows.setdefault(name.indicator, {})[name.item] = None
        return {code: tuple(items) for code, items in rows.items()}

    @cached_property
    def sources(self) -> dict[Figure, frozenset[FigureName]]:
        """Cells behind each figure that was asked for."""
        return self.base.sources if self.base else {}

    def typed(self, name: FigureName) -> Value:
        """What a cell says: a number, a text, ``-`` for nil, or nothing."""
        if name in self.changes:
            return self.changes[name]
        cell = self.subject.cells.get(name)
        if cell is None or not cell.is_filled:
            return None
        if cell.observation.status == Status.NIL:
            return NIL
        return cell.observation.text if cell.observation.value is None else fraction(cell.observation.value)

    def decimals(self, name: FigureName) -> int:
        """Decimals printed in a cell; a number tried has as many as it needs."""
        cell = self.subject.cells.get(name)
        printed = cell.decimals if cell is not None else 0
        tried = None if name in self.rough else self.changes.get(name)
        return printed if tried is None else max(printed, decimals_of(tried))

    def figure(self, name: Figure) -> Value:
        """A figure as formulas see it: nil is no number, and no text."""
        value = self.state(name)
        return None if value == NIL else value

    def number(self, name: Figure) -> Fraction | None:
        """A figure's number."""
        value = self.state(name)
        return value if isinstance(value, Fraction) else None

    def amount(self, name: Figure) -> Fraction | None:
        """A figure where amounts are compared: nil is none of it, blank is not known."""
        return Fraction(0) if self.state(name) == NIL else self.number(name)

    def state(self, name: Figure) -> Value:
        """A figure, nil as ``-``."""
        if self.base and self.changes.keys().isdisjoint(self.cells_behind(name)):
            return self.base.state(name)
        if name not in self.known:
            self.known[name] = self._state(name)
        return self.known[name]

    def stands(self, name: Figure) -> bool:
        """Whether a number typed over its formula is the figure, because the formula gives none."""
        column = self.subject.cube.index.get(name)
        return column is not None and bool(self.subject.cube.stands[0, column])

    def items(self, name: ListColumn) -> tuple[Value, ...]:
        """Values of a list column, one per filled row of the list."""
        rows = self.rows_of_lists.get(name.list, ())
        return tuple(self.typed(FigureName(name.list, name.column, item)) for item in rows)

    def cells_behind(self, name: Figure) -> frozenset[FigureName]:
        """The cells that a figure is made of, through all formulas, blank ones included."""
        if name not in self.sources:
            self.sources[name] = frozenset()  # a circle, if it comes to that
            self.sources[name] = self._cells_behind(name)
        return self.sources[name]

    def cells_behind_all(self, expression: Expression) -> frozenset[FigureName]:
        """The cells that an expression depends on."""
        found = [self.cells_behind(figure) for figure in figures_of(expression)]
        found += [self._cells_of_list(column) for column in list_columns_of(expression)]
        return frozenset().union(*found)

    def _cells_behind(self, name: Figure) -> frozenset[FigureName]:
        own = FigureName(name.indicator, name.measure)
        expression = self._open_formula(name)
        if expression is not None and not self.stands(name):
            return self.cells_behind_all(expression)
        return frozenset((own,)) if own in self.subject.cells else frozenset()

    def _cells_of_list(self, column: ListColumn) -> frozenset[FigureName]:
        rows = self.rows_of_lists.get(column.list, ())
        return frozenset(FigureName(column.list, column.column, item) for item in rows)

    def _open_formula(self, name: Figure) -> Expression | None:
        """The formula of a figure unless a total brought its value along, or one of its parts cannot be read."""
        cube, column = self.subject.cube, self.subject.cube.index.get(name)
        if column is None or cube.blocked[0, column] or cube.refused[0, column]:
            return None
        support = self.subject.returned.support.get(FigureName(name.indicator, name.measure))
        if support is not None and (support.stands or support.blocked):
            return None
        return self.subject.catalogue.formulas.get(name)

    def _state(self, name: Figure) -> Value:
        typed = self.typed(FigureName(name.indicator, name.measure))
        if name not in self.subject.catalogue.formulas:
            return typed
        expression = self._open_formula(name)
        if expression is None:
            return self._as_calculated(name)
        if self.stands(name):
            return typed
        return self._result(expression, typed)

    def _result(self, expression: Expression, typed: Value) -> Value:
        result = evaluate_exactly(expression, self)
        if isinstance(result, Fraction) or (isinstance(result, str) and result):
            return result
        some = any(self.state(one) is not None for one in figures_of(expression))
        some = some or any(one is not None for column in list_columns_of(expression) for one in self.items(column))
        if typed == NIL or (some and is_sum(expression)):
            return NIL
        return typed if isinstance(typed, str) else None

    def _as_calculated(self, name: Figure) -> Value:
        cube, column = self.subject.cube, self.subject.cube.index.get(name)
        number = self.subject.number(name)
        if column is None or number is not None:
            return None if number is None else fraction(number)
        return cube.text.get((0, column)) or (NIL if cube.filled[0, column] else None)


def is_typed_over(cell: ReadCell) -> bool:
    """Whether a number was typed over the formula of a cell."""
    return cell.role is Role.FORMULA and cell.is_filled and cell.observation.value is not None


def decimals_of(number: Fraction) -> int:
    """How many decimals a number needs; as many as are ever printed if it never ends.

    >>> decimals_of(Fraction(5, 4)), decimals_of(Fraction(12))
    (2, 0)
    """
    for decimals in range(_SEVERAL_DECIMALS):
        if 10**decimals % number.denominator == 0:
            return decimals
    return _SEVERAL_DECIMALS
