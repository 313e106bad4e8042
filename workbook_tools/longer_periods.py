"""A longer period from shorter ones of the same unit: which of them are added up, and what is to be said of it.

Pieces of a period may be months, quarters and halves, in any mixture that counts no month twice. A report for nine
months is counted from the beginning of the year, like one for six: it is never added to others that it includes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from workbook_tools.catalogue import Catalogue
from workbook_tools.findings import Finding
from workbook_tools.observations import Return
from workbook_tools.period_totals import PeriodTotal, Piece, total_of_periods
from workbook_tools.periods import Period, PeriodKind, month_name, parse_period

PIECES = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF)
FEWEST_PIECES = 2
SHOWN_LABELS = 10


def added_over_time(
    catalogue: Catalogue, returns: Sequence[Return], period: Period
) -> tuple[list[Return], list[Finding]]:
    """Returns for a period, one or more for each unit that sent some for pieces of it, and findings.

    Args:
        returns: for periods within the longer one, of units of the list, one for each unit, field and period.
    """
    found: list[Return] = []
    findings: list[Finding] = []
    units: dict[str, list[Return]] = {}
    for one in returns:
        units.setdefault(one.unit, []).append(one)
    for own in units.values():
        used: set[str] = set()
        for chosen, fields in _choices(own).items():
            parts = [one.only_fields([field for field in one.fields if field in fields]) for one in own]
            parts = [one for one in parts if one.fields]
            pieces = [Piece(when, tuple(one for one in parts if one.period == when.code)) for when in chosen]
            total = total_of_periods(catalogue, pieces, period)
            if not total.looks_cumulative:
                found.append(total.returned)
            findings += _told(total, pieces, period)
            used |= {one.file for piece in pieces for one in piece.returns}
        findings += _left(own, used, period)
    return found, findings


def _choices(returns: Sequence[Return]) -> Mapping[tuple[Period, ...], list[str]]:
    """The fields of a unit by the periods to be added up; none that has too few of them."""
    sent: dict[str, list[Period]] = {}
    for one in returns:
        when = parse_period(one.period)
        for field in one.fields if when and when.kind in PIECES else ():
            sent.setdefault(field, []).extend([when] if when else [])
    found: dict[tuple[Period, ...], list[str]] = {}
    for field, periods in sent.items():
        chosen = pieces_of(frozenset(periods))
        if len(chosen) >= FEWEST_PIECES:
            found.setdefault(chosen, []).append(field)
    return found


@cache
def pieces_of(periods: frozenset[Period]) -> tuple[Period, ...]:
    """Those of some periods that cover the most months without counting one twice, the shortest if there is a choice.

    >>> [one.code for one in pieces_of(frozenset(map(parse_period, ("2023-Q1", "2023-03", "2023-Q2"))))]
    ['2023-Q1', '2023-Q2']
    """
    ordered = sorted(periods, key=lambda one: (one.months.start, one.months.stop))
    best: dict[int, tuple[int, int, tuple[Period, ...]]] = {len(ordered): (0, 0, ())}
    for place in reversed(range(len(ordered))):
        one = ordered[place]
        later = (place + 1 + n for n, other in enumerate(ordered[place + 1 :]) if other.months.start >= one.months.stop)
        months, count, rest = best[next(later, len(ordered))]
        best[place] = max(best[place + 1], (months + len(one.months), count + 1, (one, *rest)), key=lambda at: at[:2])
    return best[0][2]


def _told(total: PeriodTotal, pieces: Sequence[Piece], period: Period) -> Iterator[Finding]:
    unit = total.returned.unit_name or total.returned.unit
    facts = {"unit": unit, "period": period.words, "parts": ", ".join(piece.period.words for piece in pieces)}
    file = total.returned.file
    if total.looks_cumulative:
        yield Finding("period.looks_cumulative", file=file, details=facts)
        return
    yield Finding("period.added_up", file=file, details={**facts, "count": len(pieces)})
    covered = {month for piece in pieces for month in piece.period.months}
    missing = [month_name(month) for month in period.months if month not in covered]
    if missing:
        share = f"{len(covered)}/{len(period.months)}"
        yield Finding("period.gap", file=file, details={**facts, "missing": ", ".join(missing), "share": share})
    for code, labels in (
        ("period.figures_incomplete", [] if missing else total.incomplete),
        ("period.parts_of_different_months", total.apart),
        ("period.no_total", total.lost),
        ("period.plan_changed", total.replanned),
        ("period.list_of_last", total.lists_of_last),
    ):
        names = list(dict.fromkeys(labels))
        if names:
            shown = "; ".join(names[:SHOWN_LABELS]) + ("; …" if len(names) > SHOWN_LABELS else "")
            yield Finding(code, file=file, details={**facts, "count": len(names), "labels": shown})


def _left(returns: Iterable[Return], used: set[str], period: Period) -> Iterator[Finding]:
    """Files of which nothing was added: what they say is in others, or they are no pieces that can be added."""
    for one in returns:
        if one.file not in used:
            yield set_aside(one, period, "period.set_aside" if used else "period.differs")


def set_aside(one: Return, period: Period, code: str = "period.set_aside") -> Finding:
    """What is to be said of a return for a shorter period that is not added."""
    when = parse_period(one.period)
    details = {"unit": one.unit_name, "period": when.words if when else one.period, "expected": period.words}
    return Finding(code, file=one.file, details={"file": one.file, **details})
