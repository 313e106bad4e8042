"""Which numbers one cell may hold so that relations are true, all other cells staying as they are.

In one cell nearly every relation turns on a difference that is linear in it, or one linear form divided by another.
Three exact values determine such a difference, and with it the few numbers at which the relation turns.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from workbook_tools.cells import FigureName
from workbook_tools.exact_figures import ExactFigures
from workbook_tools.number_lines import NumberLine, cut
from workbook_tools.relations import Relation

_MOST_POINTS_TRIED = 6


class Budget:
    """How much work may still be done, counted in relations looked at: the same on every machine."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Count some work."""
        self.left -= steps

    @property
    def is_spent(self) -> bool:
        """Whether it is time to stop."""
        return self.left <= 0


def present(figures: ExactFigures, name: FigureName) -> Fraction:
    """The number in a cell, zero where it says that none arose."""
    typed = figures.typed(name)
    return typed if isinstance(typed, Fraction) else Fraction(0)


def domain(figures: ExactFigures, name: FigureName) -> NumberLine:
    """The numbers a cell may hold at all: amounts are not negative unless their row is known to be so."""
    catalogue = figures.subject.catalogue
    row = catalogue.lists[name.indicator].column(name.measure) if name.item else catalogue.indicators[name.indicator]
    signed = name.measure in ("change", "growth") or (row.minimum or 0) < 0 or present(figures, name) < 0
    return NumberLine() if signed else cut([Fraction(0)], lambda number: number >= 0)


def allowed(figures: ExactFigures, name: FigureName, relations: Iterable[Relation], budget: Budget) -> NumberLine:
    """The numbers of a cell with which all the relations hold."""
    line = domain(figures, name)
    for relation in relations:
        if not line or budget.is_spent:
            return NumberLine((), (False,))
        line = line & _line(figures, name, relation, budget)
    return line


def _line(figures: ExactFigures, name: FigureName, relation: Relation, budget: Budget) -> NumberLine:
    points = _turning_points(figures, name, relation)
    budget.spend(2 * len(points) + 4)
    is_false = not relation.holds(figures)

    def is_true(number: Fraction) -> bool:
        tried = figures.changed({name: number}, rough=True)
        return relation.holds(tried) and (not is_false or _says_something(relation, tried))

    return cut(points, is_true)


def balancing(figures: ExactFigures, name: FigureName, relation: Relation) -> Fraction | None:
    """The number of a cell with which the first difference of a relation is exactly nothing, not just little."""
    samples = _samples(figures, name, relation).get(0, [])
    if len(samples) < 3:
        return None
    roots = list(_roots([(number, difference) for number, difference, _ in samples], [Fraction(0)]))
    return roots[-1] if roots else None


def _says_something(relation: Relation, figures: ExactFigures) -> bool:
    """Whether a relation compares anything: a divisor of zero silences it, which repairs nothing."""
    return any(difference is not None for difference, _ in relation.balances(figures))


Samples = dict[int, list[tuple[Fraction, Fraction, Sequence[Fraction]]]]
"""Numbers tried, the difference each leads to and its thresholds, for each difference of a relation."""


def _turning_points(figures: ExactFigures, name: FigureName, relation: Relation) -> set[Fraction]:
    points: set[Fraction] = set()
    for known in _samples(figures, name, relation).values():
        if len(known) == 3:
            points.update(_roots([(number, difference) for number, difference, _ in known], known[0][2]))
    return points


def _samples(figures: ExactFigures, name: FigureName, relation: Relation) -> Samples:
    start = present(figures, name)
    step = abs(start) / 8 + Fraction(1, 10 ** figures.decimals(name))
    sampled: Samples = {}
    for number in (start + place * step for place in range(_MOST_POINTS_TRIED)):
        balances = relation.balances(figures.changed({name: number}, rough=True))
        for place, (difference, thresholds) in enumerate(balances):
            known = sampled.setdefault(place, [])
            if difference is not None and len(known) < 3:
                known.append((number, difference, thresholds))
        if sampled and all(len(known) == 3 for known in sampled.values()):
            break
    return sampled


def _roots(samples: Sequence[tuple[Fraction, Fraction]], values: Iterable[Fraction]) -> Iterator[Fraction]:
    """Where ``(p + q u) / (1 + s u)`` through three points takes some values, and where it has none.

    ``u`` is the distance from the first point, at which the quotient has a value: so its divisor may be scaled to 1.
    """
    (x0, p), (x1, y1), (x2, y2) = samples
    u1, u2 = x1 - x0, x2 - x0
    first, second = (y1 - p) / u1, (y2 - p) / u2
    # y = p + q u - s u y, so each slope is q - s y.
    s = (first - second) / (y2 - y1) if y1 != y2 else Fraction(0)
    q = first + s * y1
    if s:
        yield x0 - 1 / s
    for value in values:
        if q != value * s:
            yield x0 + (value - p) / (q - value * s)
