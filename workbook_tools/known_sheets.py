"""Sheets compared, cell by cell as they are written, with one that was taken apart before.

What one program saves is alike from file to file but for what was typed. Where the XML of a cell is the same, byte by
byte, as in a sheet that held what its plan wants, nothing has to be taken apart again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import compress, count
from operator import ne
from typing import NamedTuple

from workbook_tools.cell_reading import Place
from workbook_tools.indicators import Role
from workbook_tools.number_formats import CellStyle
from workbook_tools.plain_numbers import plain_number, reads_as_it_stands
from workbook_tools.plain_sheets import CELL, Look, NotPlainError, cell_content, cell_text, look_of
from workbook_tools.typed_formulas import is_sum_of_numbers
from workbook_tools.workbook_contents import CellContent, Scalar

_MOST_DIGITS = 15
_ZERO = ord("0")

MOST_CONTENTS = 4_000
"""So many cells as written are remembered with what they hold."""

_CELL_START = b'<c r="'
_PIECE = re.compile(CELL.pattern.removeprefix(_CELL_START) + rb"(.*)", re.DOTALL)

_TYPE = re.compile(rb' t="[A-Za-z]+"')

Contents = dict[bytes, CellContent]


@dataclass(frozen=True, slots=True)
class _SharedText:
    """A text by its number among the shared ones of its file."""

    number: bytes
    number_format: str


_Piece = CellContent | _SharedText | None


@dataclass(frozen=True)
class PlannedCell:
    """A cell that a form owes: its number among all, what is known of it, and the figures of its row like it."""

    number: int
    place: Place
    compared: tuple[bytes, ...] = ()


class _Slot(NamedTuple):
    """Where a number stands in a sheet, and what is written before and behind it."""

    place: int
    cell: PlannedCell
    before: bytes
    behind: bytes
    look: Look
    is_formula: bool


@dataclass
class Figures:
    """The numbers of a sheet that read as they stand, and what its formulas show, by the numbers of the cells."""

    numbers: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    decimals: list[int] = field(default_factory=list)
    raws: list[str] = field(default_factory=list)
    shown: dict[int, str] = field(default_factory=dict)
    shown_texts: dict[int, str] = field(default_factory=dict)


class Found(NamedTuple):
    """What a sheet holds: its plain figures, what else stands in its open cells, and in cells that are no texts."""

    figures: Figures
    typed: Contents
    others: Mapping[bytes, CellContent]


class KnownSheet:
    """A sheet as one program writes it, with the addresses of its cells."""

    def __init__(
        self,
        data: bytes,
        open_cells: Mapping[bytes, object],
        owed: Mapping[bytes, PlannedCell],
        styles: Mapping[bytes, CellStyle],
    ) -> None:
        """Keep a sheet that was taken apart. Raises NotPlainError if it cannot be compared with others."""
        self.pieces = data.split(_CELL_START)
        self.styles = styles
        self.contents: dict[bytes, _Piece] = {}
        found = [_PIECE.fullmatch(piece) for piece in self.pieces[1:]]
        matches = [one for one in found if one is not None]
        if len(matches) < len(found):
            raise NotPlainError
        self.addresses = [b"", *(match[1] for match in matches)]
        self.rests = [self.pieces[0], *(match[match.re.groups] for match in matches)]
        self.formulas = [
            place
            for place, match in enumerate(matches, 1)
            if match[3] is not None and self.addresses[place] not in open_cells
        ]
        slots = [self._slot(place, match, owed) for place, match in enumerate(matches, 1)]
        self.slots = {one.place: one for one in slots if one is not None}
        opened = (place for place, address in enumerate(self.addresses) if address in open_cells)
        self.open = [place for place in opened if place not in self.slots]
        self.varying = {*self.open, *self.slots, *self.formulas}

    def _slot(self, place: int, match: re.Match[bytes], owed: Mapping[bytes, PlannedCell]) -> _Slot | None:
        """Where a plain number may stand; None where one has to be looked at each time."""
        address, attributes, formula, _, _, rest = match.groups()
        cell = owed.get(address)
        if cell is None:
            return None
        look, one = look_of(attributes, self.styles), cell.place
        # As a number is written there, whatever stands there now.
        written_as = attributes if look.kind == b"n" else _TYPE.sub(b"", attributes)
        start, end = address + b'"' + written_as, b"</v></c>" + rest
        if formula is None:
            style = look.style
            if style.is_date or not reads_as_it_stands(one.kind, one.unit.unit, style.number_format, one.signed):
                return None
            return _Slot(place, cell, start + b"><v>", end, look._replace(kind=b"n"), False)
        content = cell_content(look, formula, None)
        if one.role is not Role.FORMULA or content is None or is_sum_of_numbers(content.formula) or look.style.is_date:
            return None
        written = match.group(0).partition(b"</f>")[0].partition(b"<f")[2]
        return _Slot(place, cell, start + b"><f" + written + b"</f><v>", end, look._replace(kind=b"n"), True)

    def read(
        self,
        data: bytes,
        shared: Mapping[bytes, str],
        styles: Mapping[bytes, CellStyle],
        fixed: Mapping[bytes, str],
    ) -> Found | None:
        """What stands in the open cells, and in the formulas of the sheet; None for a sheet written otherwise.

        Args:
            shared: the shared texts of the file by number.
            styles: the styles of the file.
            fixed: the texts that the cells of the plan must hold.
        """
        pieces = data.split(_CELL_START)
        if len(pieces) != len(self.pieces) or styles is not self.styles:
            return None
        try:
            for place in compress(count(), map(ne, pieces, self.pieces)):
                if place not in self.varying and not self._is_same(place, pieces[place], shared, fixed):
                    return None
            formulas = self._contents(self.formulas, pieces, shared)
            figures = Figures()
            odd = self._read_figures(pieces, figures)
            if any(self.slots[place].cell.compared for place in odd if not self.slots[place].is_formula):
                # What a number means is seen by those beside it: then all of them are wanted.
                figures, odd = Figures(), list(self.slots)
            typed = self._contents([*self.open, *odd], pieces, shared)
        except (NotPlainError, LookupError):
            return None
        if len(formulas) < len(self.formulas) or not all(content.formula for content in formulas.values()):
            return None
        return Found(figures, typed, formulas)

    def _read_figures(self, pieces: list[bytes], figures: Figures) -> list[int]:
        """Take plain numbers, and what formulas show; the places of whatever else is written."""
        odd: list[int] = []
        for place, cell, before, behind, look, is_formula in self.slots.values():
            piece = pieces[place]
            if not (piece.startswith(before) and piece.endswith(behind)):
                content = self._content(place, piece)
                if content is not None and not (is_formula and _shows_text(content, cell.number, figures)):
                    odd.append(place)
                continue
            written = piece[len(before) : -len(behind)]
            number: Scalar
            if written.isdigit() and len(written) <= _MOST_DIGITS and (written[0] != _ZERO or len(written) == 1):
                number = int(written)
            else:
                held = cell_content(look, None, written)
                number = None if held is None else held.value
            if is_formula:
                if number is not None:
                    figures.shown[cell.number] = str(number)
                continue
            one = cell.place
            plain = plain_number(number, one.kind, one.unit.unit, look.style.number_format, one.signed)
            if plain is None:
                odd.append(place)
                continue
            figures.numbers.append(cell.number)
            figures.values.append(plain[0])
            figures.raws.append(plain[1])
            figures.decimals.append(plain[2])
        return odd

    def _is_same(self, place: int, piece: bytes, shared: Mapping[bytes, str], fixed: Mapping[bytes, str]) -> bool:
        """Whether a cell that is written otherwise, as a text with another number is, holds the same."""
        if not place:
            return False
        new, old = self._content(place, piece), self._content(place, self.pieces[place])
        if isinstance(new, _SharedText):
            return shared[new.number] == fixed.get(self.addresses[place])
        if new is None or old is None:
            return new is old
        return type(new) is type(old) and (type(new.value), new.value) == (type(old.value), old.value)

    def _contents(self, places: list[int], pieces: list[bytes], shared: Mapping[bytes, str]) -> Contents:
        """What stands in some cells, those with nothing left out."""
        known, found = self.contents, {}
        for place in places:
            piece = pieces[place]
            content = known[piece] if piece in known else self._content(place, piece)
            if isinstance(content, _SharedText):
                text = shared[content.number]
                content = CellContent(text, number_format=content.number_format) if text else None
            if content is not None:
                found[self.addresses[place]] = content
        return found

    def _content(self, place: int, piece: bytes) -> _Piece:
        """What a cell holds as it is written. Raises NotPlainError for one that stands or is written otherwise."""
        if piece in self.contents:
            return self.contents[piece]
        match = _PIECE.fullmatch(piece)
        if match is None:
            raise NotPlainError
        address, attributes, formula, value, inline, rest = match.groups()
        if address != self.addresses[place] or rest != self.rests[place]:
            raise NotPlainError
        look = look_of(attributes, self.styles)
        content: _Piece = None
        if inline is not None:
            if look.kind != b"inlineStr" or formula is not None:
                raise NotPlainError
            text = cell_text(inline)
            content = CellContent(text, number_format=look.style.number_format) if text else None
        elif look.kind == b"s":
            if formula is not None:
                raise NotPlainError
            content = _SharedText(value, look.style.number_format) if value else None
        elif value is not None or formula is not None:
            content = cell_content(look, formula, value)
        if len(self.contents) >= MOST_CONTENTS:
            self.contents.clear()
        self.contents[piece] = content
        return content


def _shows_text(content: _Piece, number: int, figures: Figures) -> bool:
    """Take the text that a formula of the form shows; False for anything else that stands in its cell."""
    if not isinstance(content, CellContent) or not isinstance(content.value, str):
        return False
    if not content.formula or is_sum_of_numbers(content.formula):
        return False
    figures.shown_texts[number] = content.value
    return True
