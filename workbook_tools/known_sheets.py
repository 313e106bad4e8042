"""Sheets compared, cell by cell as they are written, with one that was taken apart before.

What one program saves is alike from file to file but for what was typed. Where the XML of a cell is the same, byte by
byte, as in a sheet that held what its plan wants, nothing has to be taken apart again.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import compress, count
from operator import ne
from typing import NamedTuple

from workbook_tools.cell_reading import Place
from workbook_tools.indicators import Role
from workbook_tools.number_formats import CellStyle
from workbook_tools.plain_numbers import plain_number, reads_as_it_stands
from workbook_tools.plain_sheets import CELL, Look, NotPlainError, cell_content, cell_text, look_of
from workbook_tools.planned_cells import Contents, Figures, Found, PlannedCell
from workbook_tools.typed_formulas import is_sum_of_numbers
from workbook_tools.workbook_contents import CellContent

_MOST_DIGITS = 15
_ZERO = ord("0")
_ONE = b"1"
"""May be a whole rate, where no other whole number of few digits means anything but itself."""

MOST_CONTENTS = 1_000
"""So many cells as written are remembered with what they hold."""

_CELL_START = b'<c r="'
_PIECE = re.compile(CELL.pattern.removeprefix(_CELL_START) + rb"(.*)", re.DOTALL)

_TYPE = re.compile(rb' t="[A-Za-z]+"')


@dataclass(frozen=True, slots=True)
class _SharedText:
    """A text by its number among the shared ones of its file."""

    number: bytes
    number_format: str


_Piece = CellContent | _SharedText | None


class _Slot(NamedTuple):
    """Where a number stands in a sheet, and what is written before and behind it."""

    place: int
    cell: PlannedCell
    before: bytes
    behind: bytes
    blank: bytes
    """The whole cell with nothing in it."""

    look: Look
    is_formula: bool


class KnownSheet:
    """A sheet as one program writes it, with the addresses of its cells."""

    def __init__(
        self,
        data: bytes,
        open_cells: Mapping[bytes, object],
        owed: Mapping[bytes, PlannedCell],
        shared: Mapping[bytes, str],
        styles: Mapping[bytes, CellStyle],
    ) -> None:
        """Keep a sheet that was taken apart. Raises NotPlainError if it cannot be compared with others."""
        self.pieces = data.split(_CELL_START)
        self.styles = styles
        self.contents: dict[tuple[int, bytes], _Piece] = {}
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
        fixed = (place for place in range(1, len(self.pieces)) if place not in self.varying)
        self.shared = {
            place: (content.number, shared[content.number])
            for place in fixed
            if isinstance(content := self._content(place, self.pieces[place]), _SharedText)
        }
        texts = dict(self.shared.values())
        self.numbers, self.texts = list(texts), list(texts.values())
        places = {address: place for place, address in enumerate(self.addresses)}
        self.beside = {
            address: beside
            for address, cell in owed.items()
            if (beside := [place for place in map(places.get, cell.compared) if place in self.slots])
        }
        """By addresses: the places of numbers that stand beside a cell, by which it is seen what it means."""

    def _slot(self, place: int, match: re.Match[bytes], owed: Mapping[bytes, PlannedCell]) -> _Slot | None:
        """Where a plain number may stand; None where one has to be looked at each time."""
        address, attributes, formula, _, _, rest = match.groups()
        cell = owed.get(address)
        if cell is None:
            return None
        look, one = look_of(attributes, self.styles), cell.place
        if look.style.is_unseen:
            return None
        # As a number is written there, whatever stands there now.
        written_as = attributes if look.kind == b"n" else _TYPE.sub(b"", attributes)
        start, end = address + b'"' + written_as, b"</v></c>" + rest
        blank = start + b"/>" + rest
        if formula is None:
            style = look.style
            if style.is_date or not reads_as_it_stands(one.kind, one.unit.unit, style.number_format, one.signed):
                return None
            return _Slot(place, cell, start + b"><v>", end, blank, look._replace(kind=b"n"), False)
        content = cell_content(look, formula, None)
        if one.role is not Role.FORMULA or content is None or is_sum_of_numbers(content.formula) or look.style.is_date:
            return None
        written = match.group(0).partition(b"</f>")[0].partition(b"<f")[2]
        return _Slot(place, cell, start + b"><f" + written + b"</f><v>", end, blank, look._replace(kind=b"n"), True)

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
            if not self._has_same_texts(pieces, shared):
                return None
            formulas = self._contents(self.formulas, pieces, shared)
            figures = Figures()
            typed = self._contents([*self.open, *self._read_figures(pieces, figures)], pieces, shared)
            beside = {at for address in typed if address in self.beside for at in self.beside[address]}
            typed |= self._contents(beside, pieces, shared)
        except (NotPlainError, LookupError):
            return None
        if len(formulas) < len(self.formulas) or not all(content.formula for content in formulas.values()):
            return None
        return Found(figures, typed, formulas)

    def _read_figures(self, pieces: list[bytes], figures: Figures) -> list[int]:
        """Take plain numbers, and what formulas show; the places of whatever else is written."""
        odd: list[int] = []
        for place, cell, before, behind, blank, look, is_formula in self.slots.values():
            piece = pieces[place]
            if piece == blank:
                continue
            if not (piece.startswith(before) and piece.endswith(behind)):
                content = self._content(place, piece)
                if is_formula and _shows_nothing(content):
                    figures.shown_empty.append(cell.number)
                elif content is not None:
                    odd.append(place)
                continue
            written = piece[len(before) : -len(behind)]
            is_whole = written.isdigit() and len(written) <= _MOST_DIGITS and (written[0] != _ZERO or len(written) == 1)
            if is_formula:
                if shown := written.decode("ascii") if is_whole else _shown(look, written):
                    figures.shown[cell.number] = shown
                continue
            plain: tuple[float, str, int] | None
            if is_whole and written != _ONE:
                plain = float(written), written.decode("ascii"), 0
            else:
                plain = _plain(cell.place, look, written)
            if plain is None:
                odd.append(place)
                continue
            figures.numbers.append(cell.number)
            figures.values.append(plain[0])
            figures.raws.append(plain[1])
            figures.decimals.append(plain[2])
        return odd

    def _has_same_texts(self, pieces: list[bytes], shared: Mapping[bytes, str]) -> bool:
        """Whether cells that are written as they were, with the number of a text, mean the same text by it."""
        if list(map(shared.get, self.numbers)) == self.texts:
            return True
        same = ((number, text) for place, (number, text) in self.shared.items() if pieces[place] == self.pieces[place])
        return all(shared[number] == text for number, text in same)

    def _is_same(self, place: int, piece: bytes, shared: Mapping[bytes, str], fixed: Mapping[bytes, str]) -> bool:
        """Whether a cell that is written otherwise, as a text with another number is, holds the same."""
        if not place:
            return False
        new, old = self._content(place, piece), self._content(place, self.pieces[place])
        if isinstance(new, _SharedText):
            return shared[new.number] == fixed.get(self.addresses[place])
        if not isinstance(new, CellContent) or not isinstance(old, CellContent) or new.formula or old.formula:
            return new is old
        return type(new.value) is type(old.value) and (new.value, new.is_error) == (old.value, old.is_error)

    def _contents(self, places: Iterable[int], pieces: list[bytes], shared: Mapping[bytes, str]) -> Contents:
        """What stands in some cells, those with nothing left out."""
        known, found = self.contents, {}
        for place in places:
            piece = pieces[place]
            key = place, piece
            content = known[key] if key in known else self._content(place, piece)
            if isinstance(content, _SharedText):
                text = shared[content.number]
                content = CellContent(text, number_format=content.number_format) if text else None
            if content is not None:
                found[self.addresses[place]] = content
        return found

    def _content(self, place: int, piece: bytes) -> _Piece:
        """What a cell holds as it is written. Raises NotPlainError for one that stands or is written otherwise."""
        if (place, piece) in self.contents:
            return self.contents[place, piece]
        match = _PIECE.fullmatch(piece)
        if match is None:
            raise NotPlainError
        address, attributes, formula, value, inline, rest = match.groups()
        if address != self.addresses[place] or rest != self.rests[place]:
            raise NotPlainError
        look = look_of(attributes, self.styles)
        if look.style.is_unseen and (value or inline):
            raise NotPlainError
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
        self.contents[place, piece] = content
        return content


def _shown(look: Look, written: bytes) -> str:
    """The number that a formula shows, as text."""
    content = cell_content(look, None, written)
    return "" if content is None else str(content.value)


def _plain(place: Place, look: Look, written: bytes) -> tuple[float, str, int] | None:
    """Value, text and decimals of a number that reads as it stands; None for any other."""
    content = cell_content(look, None, written)
    if content is None:
        return None
    return plain_number(content.value, place.kind, place.unit.unit, look.style.number_format, place.signed)


def _shows_nothing(content: _Piece) -> bool:
    """Whether a formula of the form shows an empty text, as most do whose parts are blank."""
    return (
        isinstance(content, CellContent)
        and content.value == ""
        and bool(content.formula)
        and not (is_sum_of_numbers(content.formula))
    )
