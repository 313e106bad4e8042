"""Says in one sentence which cell would make all relations true: the check that proposes repairs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from workbook_tools.cells import FigureName, full_address
from workbook_tools.exact_figures import ExactFigures, is_typed_over
from workbook_tools.findings import Finding
from workbook_tools.number_slips import Slip, TypingSlip
from workbook_tools.repair_evidence import Change, resemblance
from workbook_tools.repair_messages import PHRASES
from workbook_tools.repairs import MOST_CELLS, Candidate, Proposal, proposals
from workbook_tools.subject import Subject
from workbook_tools.values import format_number
from workbook_tools.wording import Words

NO_WORDS = Words("", "")
MOST_TOLD = 3
MOST_CELLS_NAMED = 8

SLIPS_OF_SIZE = {Slip.UNIT, Slip.SEPARATOR, Slip.MISSING_ZERO, Slip.EXTRA_ZERO, Slip.SIGN}

LEAST_GAIN = 0.5
"""So much better, as a logarithm, must a number fit its row to be named where nothing else speaks for it."""


def cells_that_would_repair(subject: Subject) -> Iterator[Finding]:
    """Figures that contradict each other could be put right by changing a few cells: which ones."""
    for proposal in proposals(subject):
        if all(relation.is_plausibility for relation in proposal.relations):
            supported = tuple(one for one in proposal.candidates if _is_supported(subject, one))
            if not supported:
                continue
            proposal = replace(proposal, candidates=supported)
        yield _finding(subject, proposal)


def _is_supported(subject: Subject, candidate: Candidate) -> bool:
    """Whether more than a plausible range speaks for other numbers: their row, or a slip of size where it is silent."""
    figures = ExactFigures(subject)
    for change in candidate.changes:
        if change.new is None:
            return candidate.kind is not None
        gain = resemblance(figures, change.name, change.new) - resemblance(figures, change.name, change.old)
        of_size = change.slip is not None and change.slip.kind in SLIPS_OF_SIZE
        if gain < (0 if of_size else LEAST_GAIN):
            return False
    return True


def _finding(subject: Subject, proposal: Proposal) -> Finding:
    told = proposal.told[:MOST_TOLD] if proposal.candidates else ()
    first = told[0].changes[0] if told else None
    names = [change.name for one in told for change in one.changes] or _cells_of(subject, proposal)
    return subject.finding(
        "rule.proposal",
        subject.cells[first.name] if first else subject.cells[names[0]],
        cells=tuple(dict.fromkeys(_address(subject, name) for name in names)),
        value=float(first.old) if first else None,
        expected=float(first.new) if first and first.new is not None else None,
        rule=", ".join(relation.code for relation in proposal.relations),
        details={"sentence": _sentence(subject, proposal, told)},
    )


def _cells_of(subject: Subject, proposal: Proposal) -> list[FigureName]:
    order = {name: number for number, name in enumerate(subject.cells)}
    names = dict.fromkeys(name for relation in proposal.relations for name in relation.cells)
    return sorted((name for name in names if subject.cells[name].is_filled), key=order.__getitem__)


def _sentence(subject: Subject, proposal: Proposal, told: Sequence[Candidate]) -> Words:
    count = len(proposal.relations)
    relations = _filled("holds") if count == 1 else _filled("hold", count=count)
    if not told:
        names = _cells_of(subject, proposal)[:MOST_CELLS_NAMED]
        cells = ", ".join(_address(subject, name) for name in names)
        code = "none" if proposal.is_complete else "stopped"
        return _filled(code, count=MOST_CELLS, cells=cells, relations=relations)
    left = len(proposal.candidates) - len(told)
    more = _filled("more", count=left) if left else NO_WORDS
    if len(told) == 1:
        change = _described(subject, told[0], NO_WORDS)
        return _filled("one", change=change, relations=relations, reason=_reason(subject, told[0]), more=more)
    changes = _joined([_described(subject, one, _reason(subject, one)) for one in told], PHRASES["or"])
    return _filled("several", changes=changes, relations=relations, more=more)


def _described(subject: Subject, candidate: Candidate, reason: Words) -> Words:
    cells = [_address(subject, change.name) for change in candidate.changes]
    if candidate.kind is Slip.SWAPPED_CELLS:
        return _filled("swapped_cells", cells=_joined([Words(cell, cell) for cell in cells], PHRASES["and"]))
    if candidate.kind is Slip.WRONG_COLUMN:
        return _filled("wrong_column", first=cells[1], last=cells[0])
    if candidate.kind is not None:
        return _filled(str(candidate.kind), first=cells[0], last=cells[-1])
    return _joined([_changed(subject, change, reason) for change in candidate.changes], PHRASES["and"])


def _changed(subject: Subject, change: Change, reason: Words) -> Words:
    facts = {"cell": _address(subject, change.name), "old": _number(change.old), "reason": reason}
    if change.new is not None:
        return _filled("exact" if change.is_exact else "about", new=_number(change.new), **facts)
    low = change.stretch.low if change.stretch else None
    high = change.stretch.high if change.stretch else None
    if high is None:
        return _filled("at_least", low=_number(low or Fraction(0)), **facts)
    if low is None or (low == 0 and high > 0):
        return _filled("at_most", high=_number(high), **facts)
    return _filled("between", low=_number(low), high=_number(high), **facts)


def _reason(subject: Subject, candidate: Candidate) -> Words:
    """How the number may have come about, of single cells; events say it themselves."""
    if candidate.kind is not None or len(candidate.changes) > 1:
        return NO_WORDS
    [change] = candidate.changes
    if change.slip is not None and not _is_any_digit(change.slip):
        words = _slip_in_words(change.slip)
    elif is_typed_over(subject.cells[change.name]):
        words = PHRASES["typed_over"]
    else:
        return NO_WORDS
    return Words(f"; {words.vietnamese}", f"; {words.english}")


def _is_any_digit(slip: TypingSlip) -> bool:
    """Whether a slip explains nothing: any digit may be typed for the only one there is."""
    return slip.kind is Slip.WRONG_DIGIT and max(abs(slip.typed), abs(slip.meant)) < 10 and slip.typed % 1 == 0


def _slip_in_words(slip: TypingSlip) -> Words:
    is_divided = slip.factor < 1
    times = format_number(float(1 / slip.factor if is_divided else slip.factor))
    old, new = (format_number(float(number)) for number in (slip.typed, slip.meant))
    return _filled(
        str(slip.kind), old=old, new=new, times=times, direction=PHRASES["divide" if is_divided else "multiply"]
    )


def _address(subject: Subject, name: FigureName) -> str:
    observation = subject.cells[name].observation
    return full_address(observation.sheet, observation.cell)


def _number(number: Fraction) -> str:
    return format_number(float(f"{float(number):.15g}"))


def _filled(phrase: str, **facts: object) -> Words:
    """A phrase in both languages with its places filled."""
    vietnamese = {key: value.vietnamese if isinstance(value, Words) else value for key, value in facts.items()}
    english = {key: value.english if isinstance(value, Words) else value for key, value in facts.items()}
    words = PHRASES[phrase]
    return Words(words.vietnamese.format_map(vietnamese), words.english.format_map(english))


def _joined(parts: Iterable[Words], separator: Words) -> Words:
    found = list(parts)
    return Words(
        separator.vietnamese.join(one.vietnamese for one in found), separator.english.join(one.english for one in found)
    )
