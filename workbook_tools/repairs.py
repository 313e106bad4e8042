"""The fewest cells whose change makes every relation of a return true, and which of them is the likeliest.

Relations that are false and share cells are one conflict. One cell is tried first, and the mistakes that misplace
several numbers at once; pairs and triples of cells only where no single one will do. The work is bounded by a count
of steps, so that the same return always gets the same answer.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbook_tools.cell_neighbours import Neighbourhood
from workbook_tools.cells import FigureName
from workbook_tools.exact_figures import Changes, ExactFigures
from workbook_tools.number_slips import Slip, log_share
from workbook_tools.readings import Status
from workbook_tools.relations import Relation
from workbook_tools.repair_events import Event, events_around
from workbook_tools.repair_evidence import Change, change_of, resemblance
from workbook_tools.repair_values import Budget, allowed, balancing, present
from workbook_tools.return_relations import relations_of
from workbook_tools.subject import Subject

STEPS_FOR_ONE = 12_000
"""Relations looked at for one conflict, about a second."""

STEPS_FOR_ALL = 40_000
"""Relations looked at for one return, a few seconds."""

MOST_CELLS = 3
"""More wrong cells in one conflict are not looked for."""

MOST_VALUES_TRIED = 3
"""Numbers tried for the first cell of a pair, by likelihood."""

EVIDENCE = 2.0
"""A cell emptied contradicts nothing; so much better, as a logarithm, must the numbers fit where they are moved to."""

MARGIN = math.log(5)
"""Proposals up to so much less likely than the best are told beside it."""


@dataclass(frozen=True)
class Candidate:
    """Cells that repair a conflict; ``kind`` is the one mistake that misplaced all of them, if it is one."""

    changes: tuple[Change, ...]
    kind: Slip | None
    score: float


@dataclass(frozen=True)
class Proposal:
    """What would repair one conflict: ``candidates`` in order of likelihood; all of them have as few cells as can be.

    ``is_complete`` tells whether the search came to its end: without candidates and complete, no three cells will do.
    """

    relations: tuple[Relation, ...]
    candidates: tuple[Candidate, ...]
    is_complete: bool

    @property
    def told(self) -> tuple[Candidate, ...]:
        """The candidates about as likely as the best."""
        return tuple(one for one in self.candidates if one.score >= self.candidates[0].score - MARGIN)


def proposals(subject: Subject) -> list[Proposal]:
    """A proposal for each conflict of a return."""
    figures = ExactFigures(subject)
    relations = relations_of(figures)
    search = _Search(figures, relations)
    broken = [relation for relation in relations if relation in search.false]
    found = [proposal for conflict in _conflicts(search, broken) for proposal in search.proposals(conflict)]
    return list(_each_mistake_once(found))


def _each_mistake_once(found: Iterable[Proposal]) -> Iterator[Proposal]:
    """Proposals that one and the same mistake would explain are one."""
    mistakes: dict[object, list[Proposal]] = {}
    for number, one in enumerate(found):
        best = one.candidates[0] if one.candidates else None
        key = number if best is None else (best.kind, frozenset((change.name, change.new) for change in best.changes))
        mistakes.setdefault(key, []).append(one)
    for same in mistakes.values():
        relations = tuple(dict.fromkeys(relation for one in same for relation in one.relations))
        shared = [{_cells(other) for other in one.candidates} for one in same]
        candidates = tuple(one for one in same[0].candidates if all(_cells(one) in cells for cells in shared))
        yield Proposal(relations, candidates, all(one.is_complete for one in same))


def _conflicts(search: "_Search", broken: Iterable[Relation]) -> list[list[Relation]]:
    """The false relations, those together that share a cell which may be changed."""
    groups: list[tuple[set[FigureName], list[Relation]]] = []
    for relation in broken:
        cells = set(search.changeable(relation))
        apart = [group for group in groups if group[0].isdisjoint(cells)]
        together = [group for group in groups if not group[0].isdisjoint(cells)]
        merged = [one for group in together for one in group[1]]
        groups = [*apart, (cells.union(*(group[0] for group in together)), [*merged, relation])]
    return [relations for cells, relations in groups if cells]


class _Search:
    """Looks for repairs in one return."""

    def __init__(self, figures: ExactFigures, relations: Sequence[Relation]) -> None:
        self.figures = figures
        self.neighbours = Neighbourhood(figures.subject)
        self.relations: dict[FigureName, list[Relation]] = {}
        for relation in relations:
            for name in relation.cells:
                self.relations.setdefault(name, []).append(relation)
        self.false = frozenset(relation for relation in relations if not relation.holds(figures))
        self.left = STEPS_FOR_ALL
        self.budget = Budget(0)

    @cached_property
    def order(self) -> dict[FigureName, int]:
        """Place of each cell in the form."""
        return {name: number for number, name in enumerate(self.figures.subject.cells)}

    def changeable(self, relation: Relation) -> list[FigureName]:
        """The cells of a relation that say a number, in the order of the form."""
        return sorted(filter(self._says_a_number, relation.cells), key=self.order.__getitem__)

    def _says_a_number(self, name: FigureName) -> bool:
        cell = self.figures.subject.cells[name]
        return cell.is_filled and (cell.observation.value is not None or cell.observation.status == Status.NIL)

    def proposals(self, conflict: Sequence[Relation]) -> Iterator[Proposal]:
        """What would repair a conflict; piece by piece where so few cells do not repair the whole."""
        whole = self.proposal(conflict)
        if whole.candidates or len(conflict) == 1:
            yield whole
            return
        left = list(conflict)
        while left:
            piece = self._largest_piece(left)
            yield self.proposal(piece)
            left = [relation for relation in left if relation not in piece]

    def _largest_piece(self, broken: Sequence[Relation]) -> list[Relation]:
        """The most of what is broken that a single cell repairs; one relation if there is no such cell."""
        pieces = []
        for name in dict.fromkeys(name for relation in broken for name in self.changeable(relation)):
            piece = [relation for relation in broken if name in relation.cells]
            if len(piece) > 1 and self._change(self.figures, name, piece) is not None:
                pieces.append(piece)
        return max(pieces, key=len, default=[broken[0]])

    def proposal(self, conflict: Sequence[Relation]) -> Proposal:
        """The fewest cells that repair all of a conflict."""
        self.budget = Budget(min(STEPS_FOR_ONE, self.left))
        granted = self.budget.left
        found = [*self._single(self.figures, conflict, ()), *self._events(conflict)]
        for count in range(2, MOST_CELLS + 1):
            if not found:
                found = list(self._several(self.figures, conflict, count, ()))
        self.left -= granted - max(0, self.budget.left)
        ordered = sorted(_each_once(found), key=lambda one: (-one.score, [self.order[c.name] for c in one.changes]))
        return Proposal(tuple(conflict), tuple(ordered), not self.budget.is_spent)

    def _single(
        self, figures: ExactFigures, broken: Sequence[Relation], done: tuple[Change, ...]
    ) -> Iterator[Candidate]:
        """Single cells that repair all that is broken, beside those that are changed already."""
        changed = {change.name for change in done}
        for name in self.changeable(min(broken, key=lambda one: len(one.cells))):
            if name not in changed and all(name in relation.cells for relation in broken):
                change = self._change(figures, name, broken)
                if change is not None:
                    changes = (*done, change)
                    yield Candidate(changes, None, sum(one.score for one in changes))

    def _change(self, figures: ExactFigures, name: FigureName, broken: Sequence[Relation]) -> Change | None:
        """Another number for one cell with which all its relations hold."""
        others = [one for one in self.relations[name] if one not in broken and one not in self.false]
        line = allowed(figures, name, [*broken, *others], self.budget)
        if not line:
            return None
        target = balancing(figures, name, broken[0])
        change = change_of(figures, name, line, target, self._hint(name))
        if change is None or change.new is None:
            return change
        tried = figures.changed({name: change.new})
        self.budget.spend(len(broken) + len(others))
        return change if all(relation.holds(tried) for relation in (*broken, *others)) else None

    def _hint(self, name: FigureName) -> Slip | None:
        """What the cells around make likely: a copied number, or one that belongs into the blank cell of its row."""
        value = present(self.figures, name)
        beside = list(self.neighbours.beside(name))
        near = (*self.neighbours.above_and_below(name), *beside)
        if abs(value) > 1 and any(present(self.figures, other) == value for other in near):
            return Slip.NEIGHBOUR
        blank = any(other.measure == "actual" and self.figures.typed(other) is None for other in beside)
        return Slip.MISPLACED if blank else None

    def _events(self, conflict: Sequence[Relation]) -> Iterator[Candidate]:
        """Mistakes that misplaced several numbers, each of which would explain the whole conflict."""
        names = sorted({name for relation in conflict for name in relation.cells}, key=self.order.__getitem__)
        for event in events_around(self.figures, self.neighbours, names):
            candidate = None if self.budget.is_spent else self._undone(event, conflict)
            if candidate is not None:
                yield candidate

    def _undone(self, event: Event, conflict: Sequence[Relation]) -> Candidate | None:
        """The repair that undoes an event, if everything is true then."""
        tried = self.figures.changed(event.cells)
        touched = dict.fromkeys([*conflict, *(one for name in event.cells for one in self.relations.get(name, ()))])
        self.budget.spend(len(touched))
        broken = [relation for relation in touched if not relation.holds(tried)]
        values = dict(event.cells)
        broken = [relation for relation in broken if relation in conflict or relation not in self.false]
        if broken:
            if event.open_cell is None or not all(event.open_cell in relation.cells for relation in broken):
                return None
            silenced = [one for one in conflict if event.open_cell in one.cells and one not in broken]
            lost = self._change(tried, event.open_cell, [*broken, *silenced])
            if lost is None or lost.new is None or lost.new == present(self.figures, event.open_cell):
                return None
            values[event.open_cell] = lost.new
            tried = tried.changed({event.open_cell: lost.new})
            if not all(one.holds(tried) for one in touched if one in conflict or one not in self.false):
                return None
        score = log_share(event.share)
        changes = []
        for name, new in values.items():
            old = present(self.figures, name)
            if new is not None:
                score += resemblance(tried, name, new)
            if self.figures.typed(name) is not None:
                score -= resemblance(self.figures, name, old)
            changes.append(Change(name, old, new, None, None, 0.0))
        if event.open_cell is not None and score - log_share(event.share) < self._evidence(event, values, conflict):
            return None
        return Candidate(tuple(changes), event.kind, score)

    def _evidence(self, event: Event, values: Changes, conflict: Sequence[Relation]) -> float:
        """How much better numbers must fit where they are moved to: less if only the move repairs the conflict, and
        not just the number that is lost."""
        assert event.open_cell is not None
        without = self.figures.changed({event.open_cell: values[event.open_cell]})
        by_chance = len(conflict) == 1 and event.kind is Slip.SHIFTED_ROWS
        if by_chance or all(relation.holds(without) for relation in conflict):
            return EVIDENCE
        return -EVIDENCE

    def _several(
        self, figures: ExactFigures, broken: Sequence[Relation], count: int, done: tuple[Change, ...]
    ) -> Iterator[Candidate]:
        """Sets of so many cells: one is given a number that repairs something, the rest must do for the others."""
        if count == 1:
            yield from self._single(figures, broken, done)
            return
        changed = {change.name for change in done}
        for name in dict.fromkeys(name for relation in broken for name in self.changeable(relation)):
            if name in changed or self.budget.is_spent:
                continue
            for change in self._first_changes(figures, name, broken):
                assert change.new is not None
                tried = figures.changed({name: change.new})
                touched = dict.fromkeys([*broken, *self.relations[name]])
                self.budget.spend(len(touched))
                left = [one for one in touched if (one in broken or one not in self.false) and not one.holds(tried)]
                if left and len(left) <= len(broken):
                    yield from self._several(tried, left, count - 1, (*done, change))

    def _first_changes(self, figures: ExactFigures, name: FigureName, broken: Sequence[Relation]) -> Iterator[Change]:
        """Numbers for a cell that repair all it can of what is broken, or one relation of it."""
        own = [relation for relation in broken if name in relation.cells]
        seen = set()
        for group in [own, *([one] for one in own if len(own) > 1)][:MOST_VALUES_TRIED]:
            line = allowed(figures, name, group, self.budget)
            change = change_of(figures, name, line, balancing(figures, name, group[0])) if line else None
            if change is not None and change.new is not None and change.new not in seen:
                seen.add(change.new)
                yield change


def _cells(candidate: Candidate) -> frozenset[FigureName]:
    return frozenset(change.name for change in candidate.changes)


def _each_once(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The best candidate of each set of cells."""
    best: dict[frozenset[FigureName], Candidate] = {}
    for one in candidates:
        names = _cells(one)
        if names not in best or one.score > best[names].score:
            best[names] = one
    return list(best.values())
