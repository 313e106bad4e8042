"""The cells and texts of a sheet as a reader goes through them: by row, by what they say, by the key of it."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from workbook_tools.cells import Position
from workbook_tools.text import matching_key
from workbook_tools.workbook_contents import EMPTY, CellContent, SheetContent

LONGEST_CODE = 100
LONGEST_LABEL = 1_000
"""What stands further behind in a text is not compared."""

_NUMBER = r"\d{1,2}(?:\.\d{1,2})"
_NUMBERING = re.compile(rf"\s*(?:{_NUMBER}+\s|(?:{_NUMBER}*|[IVXivx]{{1,5}}|[A-Za-zĐđ])\s*[.)/:-])\s*(?=\S)")
"""A number before a label, as people type it: "1.2. ", "IV. ", "a) "."""


@dataclass(frozen=True)
class SheetTexts:
    """A sheet, or some rows of it, indexed once for all who look something up in it."""

    content: SheetContent

    @cached_property
    def rows(self) -> dict[int, dict[int, CellContent]]:
        """The filled cells by row and column, top to bottom."""
        rows: dict[int, dict[int, CellContent]] = {}
        for position, cell in self._ordered:
            rows.setdefault(position.row, {})[position.column] = cell
        return rows

    @cached_property
    def texts(self) -> dict[int, dict[int, str]]:
        """The cells that hold text, by row and column."""
        return _by_row(self._texts)

    @cached_property
    def keys(self) -> dict[int, dict[int, str]]:
        """The matching keys of the texts, by row and column."""
        return _by_row(self._keys)

    @cached_property
    def by_key(self) -> dict[str, list[Position]]:
        """Where each matching key stands, top to bottom."""
        return _places(self._keys)

    @cached_property
    def by_label(self) -> dict[str, list[Position]]:
        """Where the key of each text stands, that of a numbered text without its number, too, top to bottom."""
        bare = ((position, _without_number(text)) for position, text in self._texts)
        more = _places((position, matching_key(text)) for position, text in bare if text)
        both = {key: sorted([*self.by_key.get(key, ()), *places]) for key, places in more.items()}
        return {**self.by_key, **both}

    @cached_property
    def by_code(self) -> dict[str, list[Position]]:
        """Where each text stands that may be a code, in small letters, outer blanks removed, top to bottom."""
        return _places((position, code_in(text)) for position, text in self._texts)

    @cached_property
    def _ordered(self) -> list[tuple[Position, CellContent]]:
        return sorted(self.content.cells.items(), key=itemgetter(0))

    @cached_property
    def _texts(self) -> list[tuple[Position, str]]:
        return [(position, cell.value) for position, cell in self._ordered if isinstance(cell.value, str)]

    @cached_property
    def _keys(self) -> list[tuple[Position, str]]:
        return [(position, matching_key(text[:LONGEST_LABEL])) for position, text in self._texts]

    def at(self, row: int, column: int) -> CellContent:
        """Content of a cell, empty where nothing stands."""
        return self.rows.get(row, {}).get(column, EMPTY)

    def only(self, rows: Collection[int]) -> "SheetTexts":
        """The sheet with some of its rows alone, each where it was."""
        cells = {position: cell for position, cell in self.content.cells.items() if position.row in rows}
        return SheetTexts(replace(self.content, cells=cells))


def code_in(text: str) -> str:
    """The code that a text may be; empty for words of Vietnamese."""
    return text.strip().lower() if len(text) <= LONGEST_CODE and text.isascii() else ""


def _without_number(text: str) -> str:
    """The rest of a text that begins with a number of its own; empty for one that does not."""
    match = _NUMBERING.match(text)
    return text[match.end() : LONGEST_LABEL] if match else ""


def _by_row(texts: Iterable[tuple[Position, str]]) -> dict[int, dict[int, str]]:
    rows: dict[int, dict[int, str]] = {}
    for position, text in texts:
        rows.setdefault(position.row, {})[position.column] = text
    return rows


def _places(texts: Iterable[tuple[Position, str]]) -> dict[str, list[Position]]:
    """Where each text stands; nowhere the empty one."""
    places: dict[str, list[Position]] = {}
    for position, text in texts:
        if text:
            places.setdefault(text, []).append(position)
    return places


def shown_rows(rows: Iterable[int]) -> str:
    """Numbers of rows as a reader wants them.

    >>> shown_rows([12, 10, 11, 17])
    '10–12, 17'
    """
    runs = (list(run) for _, run in groupby(enumerate(sorted(set(rows))), lambda pair: pair[1] - pair[0]))
    return ", ".join(f"{run[0][1]}–{run[-1][1]}" if len(run) > 1 else str(run[0][1]) for run in runs)
