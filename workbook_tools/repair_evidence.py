"""How well a number fits its row, and how likely it is that another one was typed for it: what orders proposals."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from workbook_tools.cells import FigureName
from workbook_tools.exact_figures import ExactFigures, decimals_of, is_typed_over
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Kind
from workbook_tools.number_lines import NumberLine, Stretch
from workbook_tools.number_slips import SHARES, Slip, TypingSlip, density, log_share, slips_of, stale
from workbook_tools.repair_values import present
from workbook_tools.rules import FILLED_MEASURES

SPREAD = 0.15
"""How far figures of one row usually lie apart, as a logarithm."""

MOST_WEIGHT = 5.0
"""No resemblance counts for more than this, as a logarithm: years do differ."""

CUT_OFF = 1.0
"""A result cut off is less likely than one rounded, as a logarithm."""

CLEAR = 0.5
"""The share of its cell's likelihood from which one number is named, where many would do."""

FEW = 20
"""Up to so many numbers are few: the relations then nearly determine the cell."""


@dataclass(frozen=True, slots=True)
class Change:
    """One cell with another number. ``new`` is None where relations and slips leave too many numbers open; then
    ``stretch`` says between which it must lie. ``score`` is the logarithm of a likelihood."""

    name: FigureName
    old: Fraction
    new: Fraction | None
    stretch: Stretch | None
    slip: TypingSlip | None
    score: float

    @property
    def is_exact(self) -> bool:
        """Whether no other number so near would do."""
        if self.new is None or self.stretch is None:
            return self.new is not None
        return self.slip is not None or _how_many(self.stretch, decimals_of(self.new)) == 1


def resemblance(figures: ExactFigures, name: FigureName, number: Fraction) -> float:
    """How well a number fits the others of its row, as the logarithm of a likelihood; zero where none is known."""
    indicator = figures.subject.catalogue.indicators.get(name.indicator)
    if indicator is None or name.measure not in FILLED_MEASURES or indicator.kind is Kind.PERCENT:
        return 0.0
    others = (figures.number(Figure(name.indicator, one)) for one in FILLED_MEASURES if one != name.measure)
    known = [float(other) for other in others if other]
    if not known:
        return 0.0
    value = float(number)
    distances = [abs(math.log(value / other)) if value * other > 0 else math.inf for other in known]
    spread = SPREAD + (1 / math.sqrt(max(map(abs, known))) if indicator.kind is Kind.COUNT else 0.0)
    return max(-MOST_WEIGHT, -math.log1p((min(distances) / spread) ** 2))


def _gain(figures: ExactFigures, name: FigureName, number: Fraction) -> float:
    """How much better another number fits; where nothing is known of the row, much larger numbers are rarer."""
    old = present(figures, name)
    gain = resemblance(figures, name, number) - resemblance(figures, name, old)
    if gain or not old or abs(number) <= abs(old):
        return gain
    return -math.log(abs(number / old))


def change_of(
    figures: ExactFigures, name: FigureName, line: NumberLine, target: Fraction | None, hint: Slip | None = None
) -> Change | None:
    """The likeliest other number of a cell among those allowed; None where there is none it could hold.

    ``target`` balances exactly what else only comes out within rounding; ``hint`` is a slip that the cells around
    make likely, whatever the numbers.
    """
    old = present(figures, name)

    def rank(one: Change) -> tuple[float, Fraction, Fraction]:
        new = one.new or Fraction(0)
        return -one.score, abs(new - target) if target is not None else Fraction(0), new

    options = sorted(_options(figures, name, line, target, hint), key=rank)
    if not options:
        return None
    total = math.log(sum(math.exp(one.score - options[0].score) for one in options)) + options[0].score
    best = options[0]
    if best.new is not None and best.slip is not None and best.score - total >= math.log(CLEAR):
        return Change(name, old, best.new, best.stretch, best.slip, total)
    named = next((one for one in options if one.slip is None and one.stretch), best)
    narrow = named.stretch is not None and _is_narrow(named.stretch, _decimals(figures, name))
    if narrow and best.new is not None:
        return Change(name, old, best.new, best.stretch, best.slip, total)
    stretch = named.stretch or best.stretch
    return Change(name, old, None, stretch and stretch.printed(_decimals(figures, name)), None, total)


def _options(
    figures: ExactFigures, name: FigureName, line: NumberLine, target: Fraction | None, hint: Slip | None
) -> Iterator[Change]:
    old, decimals = present(figures, name), _decimals(figures, name)
    stretches = list(line.stretches())
    cell = figures.subject.cells[name]
    computed = figures.number(Figure(name.indicator, name.measure)) if is_typed_over(cell) else None
    stretches.sort(key=lambda one: _distance(one, old if computed is None else computed))
    for slip in slips_of(_as_decimal(old)):
        meant = Fraction(slip.meant)
        if meant in line and decimals_of(meant) <= decimals:
            stretch = _around(stretches, meant)
            further = CUT_OFF if computed is not None and stretch is not stretches[0] else 0.0
            score = log_share(slip.share) + _gain(figures, name, meant) - further
            yield Change(name, old, meant, stretch, slip, score)
    for place, stretch in enumerate(stretches[:2]):
        number = _roundest(stretch, decimals)
        if (
            target is not None
            and target in line
            and _distance(stretch, target) == 0
            and decimals_of(target) <= decimals
        ):
            number = target
        if number is None:
            if stretch.low is None or stretch.high is None:
                yield Change(name, old, None, stretch, None, log_share(density(_as_decimal(old), decimals)))
            continue
        share, guess = _without_slip(old, number, decimals, hint, is_typed_over(cell))
        further = 0.0 if computed is None else place * CUT_OFF
        score = log_share(share) + _gain(figures, name, number) - further
        yield Change(name, old, number, stretch, guess, score)


def _without_slip(
    old: Fraction, number: Fraction, decimals: int, hint: Slip | None, is_over_formula: bool
) -> tuple[float, TypingSlip | None]:
    """The share of a number that no slip of the fingers explains, and what the cells around make of it."""
    meant = _as_decimal(number)
    if hint is None:
        return max(density(meant, decimals), stale(meant, decimals) if is_over_formula else 0.0), None
    share = SHARES[hint] / 40 if hint is Slip.NEIGHBOUR else 3 * stale(meant, decimals)
    return share, TypingSlip(hint, _as_decimal(old), meant, share)


def _decimals(figures: ExactFigures, name: FigureName) -> int:
    """Decimals that a number of this cell may have: those printed, and those its row usually shows."""
    catalogue = figures.subject.catalogue
    row = catalogue.lists[name.indicator].column(name.measure) if name.item else catalogue.indicators[name.indicator]
    if row.kind is Kind.COUNT and name.measure in FILLED_MEASURES:
        return 0
    return max(figures.decimals(name), row.decimals)


def _as_decimal(number: Fraction) -> Decimal:
    """A number of few decimals as a decimal; one that never ends, cut off behind the last that counts."""
    return Decimal(f"{float(number):.15g}")


def _around(stretches: list[Stretch], number: Fraction) -> Stretch | None:
    return next((one for one in stretches if _distance(one, number) == 0), None)


def _distance(stretch: Stretch, number: Fraction) -> Fraction:
    if stretch.low is not None and number < stretch.low:
        return stretch.low - number
    return number - stretch.high if stretch.high is not None and number > stretch.high else Fraction(0)


def _roundest(stretch: Stretch, decimals: int) -> Fraction | None:
    """The number with the fewest digits between two ends, none where an end is open."""
    if stretch.low is None or stretch.high is None:
        return None
    for places in range(-15, decimals + 1):
        scale = Fraction(10) ** places
        scaled = Stretch(stretch.low * scale, stretch.high * scale, stretch.low_closed, stretch.high_closed)
        first, last = scaled.multiples(0)
        if first is not None and last is not None and (first or not last):
            return first / scale
    return None


def _how_many(stretch: Stretch, decimals: int) -> int:
    first, last = stretch.multiples(decimals)
    return 0 if first is None or last is None else int((last - first) * 10**decimals) + 1


def _is_narrow(stretch: Stretch, decimals: int) -> bool:
    if stretch.low is None or stretch.high is None:
        return False
    width = stretch.high - stretch.low
    return _how_many(stretch, decimals) <= FEW or width <= max(abs(stretch.low), abs(stretch.high)) / 50
