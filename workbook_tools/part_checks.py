"""Checks of parts beside their whole: ``trong đó`` may not exceed it, ``chia ra`` must add up to it.

They follow the relations of the template under every measure, as the live rules of :mod:`workbook_tools.rules` do,
at the precision printed, and with nil for none.
"""

from collections.abc import Iterator, Sequence

from workbook_tools.agreement import adds_up, is_within
from workbook_tools.findings import Finding
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Indicator
from workbook_tools.precision import exact
from workbook_tools.rules import FILLED_MEASURES, division_parts, exclusive_parts
from workbook_tools.subject import Subject
from workbook_tools.values import format_number


def parts_do_not_exceed_their_whole(subject: Subject) -> Iterator[Finding]:
    """A part (trong đó) is not more than its whole."""
    indicators = subject.catalogue.indicators
    for measure in FILLED_MEASURES:
        for part in indicators.values():
            if part.is_subset and part.whole in indicators:
                yield from _exceeding_part(subject, part, indicators[part.whole], measure)


def _exceeding_part(subject: Subject, part: Indicator, whole: Indicator, measure: str) -> Iterator[Finding]:
    figures = Figure(part.code, measure), Figure(whole.code, measure)
    value, limit = map(subject.amount, figures)
    if value is None or limit is None or is_within(value, limit, _decimals(subject, figures[1:])):
        return
    if subject.mixes_units(figures) or _is_about(subject, figures):
        return
    yield subject.finding(
        "rule.part_exceeds_whole",
        subject.cell(figures[0]),
        cells=subject.addresses_of(figures),
        value=value,
        expected=limit,
        rule=f"part.{part.code}",
        details={
            "part": part.label,
            "whole": whole.label,
            "value": format_number(value),
            "expected": format_number(limit),
        },
    )


def exclusive_parts_do_not_exceed_together(subject: Subject) -> Iterator[Finding]:
    """Parts without anything in common (trong đó, không trùng) do not come to more than their whole together."""
    for measure in FILLED_MEASURES:
        for code in subject.catalogue.exclusive_parts:
            whole = Figure(code, measure)
            parts = exclusive_parts(subject.catalogue, code, measure)
            given = [part for part in parts if subject.amount(part) is not None]
            printed = subject.amount(whole)
            if len(given) < 2 or printed is None or subject.mixes_units((whole, *given)):
                continue
            total = float(sum(exact(subject.amount(part) or 0.0) for part in given))
            if total <= printed or _is_about(subject, (whole, *given)):
                continue
            alone = printed >= 0 and any((subject.amount(part) or 0.0) > printed for part in given)
            if not alone and not _adds_up(subject, whole, given, printed, total):
                yield _parts_finding(subject, "rule.parts_together_exceed", whole, given, printed, total)


def divisions_add_up(subject: Subject) -> Iterator[Finding]:
    """The parts (chia ra) add up to their whole; while some are blank, the others stay within it.

    Several parts that fall short of the whole while others are blank are worth a word, one alone is not.
    """
    for measure in FILLED_MEASURES:
        for code in subject.catalogue.divisions:
            whole = Figure(code, measure)
            parts = division_parts(subject.catalogue, code, measure)
            given = [part for part in parts if subject.amount(part) is not None]
            printed = subject.amount(whole)
            if not given or printed is None or _is_about(subject, (whole, *given)):
                continue
            if subject.mixes_units((whole, *given)):
                continue
            total = float(sum(exact(subject.amount(part) or 0.0) for part in given))
            if _adds_up(subject, whole, given, printed, total):
                continue
            if len(given) == len(parts) or _exceeds(subject, whole, printed, total):
                yield _parts_finding(subject, "rule.parts_differ", whole, given, printed, total)
            elif len(given) > 1:
                yield _parts_finding(subject, "rule.parts_incomplete", whole, given, printed, total)


def _adds_up(subject: Subject, whole: Figure, given: Sequence[Figure], printed: float, total: float) -> bool:
    indicator, own = subject.catalogue.indicators[whole.indicator], _decimals(subject, [whole])
    return adds_up(indicator, printed, total, own, len(given), _decimals(subject, (whole, *given)))


def _exceeds(subject: Subject, whole: Figure, printed: float, total: float) -> bool:
    """Whether parts are too much, whatever the blank ones are; among figures that may be negative nothing is."""
    return total > printed and (subject.catalogue.indicators[whole.indicator].minimum or 0) >= 0


def _decimals(subject: Subject, figures: Sequence[Figure]) -> int:
    """The most decimals printed among figures; what is computed has those that its row usually shows."""
    decimals = []
    for figure in figures:
        cell = subject.cell(figure)
        typed = cell is not None and cell.observation.value is not None
        indicator = subject.catalogue.indicators[figure.indicator]
        decimals.append(cell.decimals if cell is not None and typed else indicator.decimals)
    return max(decimals)


def _is_about(subject: Subject, figures: Sequence[Figure]) -> bool:
    """Whether one of the figures is only said to be more, less, or about so much."""
    return any((cell := subject.cell(figure)) and cell.observation.qualifier for figure in figures)


_FAMILY = {"rule.parts_together_exceed": "together"}
"""Rules of a form by the code of their finding, where that is not of a division."""


def _parts_finding(
    subject: Subject, code: str, whole: Figure, given: Sequence[Figure], printed: float, total: float
) -> Finding:
    return subject.finding(
        code,
        subject.cell(whole),
        cells=subject.addresses_of((whole, *given)),
        value=printed,
        expected=total,
        rule=f"{_FAMILY.get(code, 'division')}.{whole.indicator}",
        details={
            "whole": subject.catalogue.indicators[whole.indicator].label,
            "value": format_number(printed),
            "expected": format_number(total),
            "parts": " + ".join(format_number(subject.amount(part) or 0.0) for part in given),
            "difference": format_number(float(exact(printed) - exact(total))),
        },
    )
