"""Checks of growths that are stated beside the figures they speak of: in the notes of a row, or as a target.

What a growth formula says of figures that are all there is compared by :mod:`workbook_tools.checks`; here are the
growths that no formula of the form computes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbook_tools.catalogue import Catalogue
from workbook_tools.findings import Finding
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Indicator, Kind, Role
from workbook_tools.periods import parse_period
from workbook_tools.ratios import Ratio, ratio_of
from workbook_tools.read_cells import ReadCell
from workbook_tools.rules import places_of
from workbook_tools.subject import Subject
from workbook_tools.text import normalize_text
from workbook_tools.values import format_number, read_value

HUNDRED = 100.0

_CLAUSE_ENDS = re.compile(r"[;\n]|[.,](?:\s|$)")
_STATED = re.compile(
    r"(?P<verb>tăng|giảm|đạt|bằng|vượt) (?P<digits>\d[\d.,]*) ?%"
    r"(?: (?:(?:so với|so|với) )?(?P<base>cùng kỳ(?: năm trước)?|năm trước|kế hoạch(?: năm)?|kh|dự toán)"
    r"(?: (?:năm )?(?P<year>\d{4}))?)?"
)
"""``tăng 7,9 % so với cùng kỳ``, ``đạt 95 % kế hoạch``: nothing else, for then it may speak of something else."""


_PLANS = ("kế hoạch", "kh", "dự toán")


@dataclass(frozen=True)
class _Stated:
    """A growth or a share as a note says it: of this year's figure, beside that of another measure."""

    phrase: str
    percent: float
    decimals: int
    base: str
    is_growth: bool


def notes_state_the_growth_of_their_row(subject: Subject) -> Iterator[Finding]:
    """A growth that the notes of a row state is that of the two figures in the row, at the precision printed."""
    for name, cell in subject.cells.items():
        if name.measure != "note" or name.item or "%" not in cell.observation.text:
            continue
        indicator = subject.catalogue.indicators[name.indicator]
        if indicator.kind.is_numeric and indicator.kind is not Kind.PERCENT:
            for stated in _stated(subject, cell.observation.text):
                yield from _note_finding(subject, indicator, cell, stated)


def _stated(subject: Subject, note: str) -> Iterator[_Stated]:
    text = " ".join(normalize_text(note).casefold().split()).rstrip(".")
    period = parse_period(subject.returned.period)
    years = {"prior": period.last_year.year, "plan": period.year} if period else {}
    for clause in _CLAUSE_ENDS.split(text):
        match = _STATED.fullmatch(clause.strip())
        if match is None:
            continue
        verb, base = match["verb"], match["base"] or ""
        reading = read_value(match["digits"], kind=Kind.PERCENT, unit="%")
        measure = "plan" if base.startswith(_PLANS) else "prior"
        if reading.value is None or (match["year"] and int(match["year"]) != years.get(measure)):
            continue
        if not base and (clause != text or verb not in ("tăng", "giảm")):
            continue  # Of what it speaks is not said.
        if verb == "vượt" and measure != "plan":
            continue
        percent = -reading.value if verb == "giảm" else reading.value
        yield _Stated(match[0], percent, reading.decimals, measure, verb in ("tăng", "giảm", "vượt"))


def _note_finding(subject: Subject, indicator: Indicator, cell: ReadCell, stated: _Stated) -> Iterator[Finding]:
    figures = Figure(indicator.code, "actual"), Figure(indicator.code, stated.base)
    ratio = Ratio(*figures, HUNDRED, 1.0 if stated.is_growth else 0.0)
    computed = _computed(subject, ratio)
    if computed is None or computed.fits(stated.percent, stated.decimals):
        return
    details = {
        "label": indicator.label,
        "phrase": stated.phrase,
        "actual": format_number(subject.number(figures[0]) or 0.0),
        "base": subject.catalogue.headings.get(stated.base, stated.base),
        "known": format_number(subject.number(figures[1]) or 0.0),
        "expected": format_number(computed.value, max(stated.decimals, 1)),
    }
    cells = subject.addresses_of(figures)
    yield subject.finding(
        "rule.note_differs", cell, cells=cells, value=stated.percent, expected=computed.value, details=details
    )


@dataclass(frozen=True)
class _Computed:
    """What two printed figures give: their ratio, and between which it lies if they were rounded."""

    value: float
    low: float
    high: float

    def fits(self, printed: float, decimals: int) -> bool:
        """Whether a percentage printed with some decimals, rounded or cut off, may be this one."""
        last_digit = 10.0**-decimals
        return self.low - last_digit < printed < self.high + last_digit


def _computed(subject: Subject, ratio: Ratio) -> _Computed | None:
    """The ratio of two figures above zero that are exactly known."""
    top, bottom = subject.number(ratio.numerator), subject.number(ratio.denominator)
    pair = ratio.numerator, ratio.denominator
    about = any((cell := subject.cell(one)) and cell.observation.qualifier for one in pair)
    if not top or not bottom or min(top, bottom) < 0 or about or subject.mixes_units(pair):
        return None
    halves = [_half(subject, one) for one in pair]
    low = ratio.value(top - halves[0], bottom + halves[1])
    high = ratio.value(top + halves[0], max(bottom - halves[1], bottom / 2))
    return _Computed(ratio.value(top, bottom), low, high)


def _half(subject: Subject, figure: Figure) -> float:
    """What rounding may have moved a figure by; nothing if it is counted."""
    indicator, cell = subject.catalogue.indicators[figure.indicator], subject.cell(figure)
    if indicator.kind is Kind.COUNT:
        return 0.0
    decimals = cell.decimals if cell is not None and cell.is_filled else indicator.decimals
    return 0.5 * 10.0**-decimals


def target_growths_agree(subject: Subject) -> Iterator[Finding]:
    """A growth set as a target is that from this year's figure, or its plan, to the figure set as a target."""
    catalogue = subject.catalogue
    targets = catalogue.kept.get(target_growths_agree)
    if targets is None:
        targets = catalogue.kept[target_growths_agree] = list(_targets(catalogue))
    for target, ratio, bases in targets:
        yield from _target_finding(subject, target, ratio, bases)


def _targets(catalogue: Catalogue) -> Iterator[tuple[Figure, Ratio, tuple[str, ...]]]:
    """The growths that may be set as targets, each with the ratio it has this year and what it may be a growth from.

    One that a rule of the template is about is left to the rule.
    """
    ruled = {place for rule in catalogue.rules for place in places_of(rule)}
    for figure, expression in catalogue.formulas.items():
        ratio = ratio_of(expression) if figure.measure == "actual" else None
        if ratio is None or not ratio.offset or ratio.denominator != Figure(ratio.numerator.indicator, "prior"):
            continue
        for measure, bases in (("plan", ("prior",)), ("next_plan", ("actual", "plan"))):
            if (target := Figure(figure.indicator, measure)) not in ruled:
                yield target, ratio, bases


def _target_finding(subject: Subject, target: Figure, ratio: Ratio, bases: tuple[str, ...]) -> Iterator[Finding]:
    cell = subject.cell(target)
    if cell is None or cell.role is not Role.INPUT or not cell.is_filled or cell.observation.qualifier:
        return
    printed, of = cell.observation.value, ratio.numerator.indicator
    pairs = [Ratio(Figure(of, target.measure), Figure(of, base), ratio.factor, ratio.offset) for base in bases]
    found = [(pair, computed) for pair in pairs if (computed := _computed(subject, pair))]
    if printed is None or not found or any(computed.fits(printed, cell.decimals) for _, computed in found):
        return
    pair, computed = found[0]
    indicators, headings = subject.catalogue.indicators, subject.catalogue.headings
    details = {
        "label": indicators[target.indicator].label,
        "measure": headings.get(target.measure, target.measure),
        "value": format_number(printed),
        "of": indicators[of].label,
        "base": headings.get(pair.denominator.measure, pair.denominator.measure),
        "known": format_number(subject.number(pair.denominator) or 0.0),
        "target": format_number(subject.number(pair.numerator) or 0.0),
        "expected": format_number(computed.value, max(cell.decimals, 1)),
    }
    cells = subject.addresses_of((target, pair.denominator, pair.numerator))
    yield subject.finding(
        "rule.target_growth_differs", cell, cells=cells, value=printed, expected=computed.value, details=details
    )
