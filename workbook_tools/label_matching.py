"""Tells rows apart that have one label between several indicators: by the title above, by number and unit, by order.

Each kind of evidence decides for all the rows of a label or for none; where two kinds decide differently, nobody does.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from workbook_tools.indicators import Indicator
from workbook_tools.text import matching_key

IN_STEP = 0.9
"""Of the rows that are known without doubt, so many must have the template's number, or order, for it to count."""


@dataclass(frozen=True)
class LabelledRow:
    """A row without a code: its label and what else stands there. ``block`` is the one whose title stands above."""

    row: int
    key: str
    number: str
    unit: str
    block: str


@dataclass(frozen=True)
class Labelled:
    """The rows of a sheet that have labels of the form, top to bottom, and the indicators they may be.

    ``blocks`` gives the block of each indicator by code, ``indicators`` stand in the order of the form; ``coded`` are
    the rows whose indicator is known by its code.
    """

    rows: Sequence[LabelledRow]
    indicators: Sequence[Indicator]
    blocks: Mapping[str, str]
    coded: Mapping[int, str]

    def told_apart(self, key: str) -> Mapping[int, str]:
        """The indicator, by code, of each row with a label that several have; empty if it cannot be told."""
        rows = [row for row in self.rows if row.key == key and row.row not in self.coded]
        taken = set(self.coded.values())
        candidates = [one for one in self.indicators if matching_key(one.label) == key and one.code not in taken]
        decided = [found for by in (self._by_title, self._by_number, self._by_order) if (found := by(rows, candidates))]
        return decided[0] if decided and all(found == decided[0] for found in decided) else {}

    def _by_title(self, rows: Sequence[LabelledRow], candidates: Sequence[Indicator]) -> Mapping[int, str]:
        return _paired(rows, candidates, lambda row, one: row.block == self.blocks[one.code])

    def _by_number(self, rows: Sequence[LabelledRow], candidates: Sequence[Indicator]) -> Mapping[int, str]:
        known = [(row, one) for row in self.rows if (one := self._only(row)) is not None]
        in_step = sum(_same_number(row, one) for row, one in known)
        if not known or in_step < IN_STEP * len(known):
            return {}
        return _paired(rows, candidates, _same_number)

    def _by_order(self, rows: Sequence[LabelledRow], candidates: Sequence[Indicator]) -> Mapping[int, str]:
        """By their place among the labels, if these stand in the order of the form."""
        wanted = [matching_key(one.label) for one in self.indicators]
        matcher = SequenceMatcher(None, wanted, [row.key for row in self.rows], autojunk=False)
        pairs = {
            self.rows[block.b + offset].row: self.indicators[block.a + offset].code
            for block in matcher.get_matching_blocks()
            for offset in range(block.size)
        }
        codes = {one.code for one in candidates}
        if len(pairs) < IN_STEP * max(len(wanted), len(self.rows)):
            return {}
        found = {row.row: pairs.get(row.row, "") for row in rows}
        return found if set(found.values()) == codes and len(found) == len(codes) else {}

    def _only(self, row: LabelledRow) -> Indicator | None:
        """The indicator of a row whose label is nobody else's."""
        named = [one for one in self.indicators if matching_key(one.label) == row.key]
        return named[0] if len(named) == 1 else None


def _same_number(row: LabelledRow, one: Indicator) -> bool:
    number = matching_key(one.number)
    return (row.number, row.unit) == (number, matching_key(one.unit)) and bool(number)


def _paired(
    rows: Iterable[LabelledRow],
    candidates: Iterable[Indicator],
    fits: Callable[[LabelledRow, Indicator], bool],
) -> Mapping[int, str]:
    """Each row with the one candidate that fits it; empty unless all rows have one, each another."""
    candidates = list(candidates)
    found: dict[int, str] = {}
    for row in rows:
        fitting = [one.code for one in candidates if fits(row, one)]
        if len(fitting) != 1:
            return {}
        found[row.row] = fitting[0]
    return found if len(set(found.values())) == len(found) else {}
