"""The cells of a return column by column: thousands of small objects a return would take far more room.

Where the cells stand and what figures they hold is their frame (:class:`~workbook_tools.read_cells.CellFrame`). A
single cell is made when somebody asks for it.
"""

import json
import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from itertools import repeat
from typing import Self, overload

import numpy as np
from numpy.typing import NDArray

from workbook_tools.read_cells import COLUMNS, CellFrame, Flags, Observation, ReadCell, tidy
from workbook_tools.readings import Status

Places = NDArray[np.intp]

_STATUSES = tuple(Status)
_WORDS = tuple(map(str, _STATUSES))
_CODES = {word: code for code, word in enumerate(_WORDS)}
_MISSING, _VALUE, _NIL, _UNREADABLE = (
    _STATUSES.index(one) for one in (Status.MISSING, Status.VALUE, Status.NIL, Status.UNREADABLE)
)


def status_code(status: Status) -> int:
    """The number by which the columns of cells know a status."""
    return _CODES[str(status)]


@lru_cache(maxsize=64)
def _texts(raws: str) -> tuple[str, ...]:
    return tuple(json.loads(raws))


@dataclass(frozen=True, eq=False)
class Cells(Sequence[ReadCell]):
    """The cells of a return, each made when it is asked for.

    ``values`` has NaN for none; ``statuses`` numbers of :class:`~workbook_tools.readings.Status`; what few cells have
    stands by their places in the frame. ``raws`` are the texts as typed of the cells at ``raw_places``, as JSON.
    """

    frame: CellFrame
    unit: str = ""
    period: str = ""
    file: str = ""
    values: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    statuses: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, dtype=np.uint8))
    decimals: NDArray[np.int16] = field(default_factory=lambda: np.zeros(0, dtype=np.int16))
    are_texts: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))
    are_live: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))
    raw_places: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    raws: str = "[]"
    qualifiers: Mapping[int, str] = field(default_factory=dict)
    texts: Mapping[int, str] = field(default_factory=dict)
    files: Mapping[int, str] = field(default_factory=dict)
    """The files of cells that come from others than ``file``, as where shorter periods were added up."""

    @classmethod
    def of(cls, cells: Iterable[ReadCell]) -> "Cells":
        """The cells of one return; ValueError if they are of several units or periods."""
        if isinstance(cells, Cells):
            return cells
        found = list(cells)
        if not found:
            return cls(CellFrame.known(*[()] * 8))
        names = {(one.observation.unit, one.observation.period) for one in found}
        if len(names) != 1:
            raise ValueError(f"cells of several returns: {sorted(names)}")
        columns = dict(zip(COLUMNS, zip(*(one.observation for one in found), strict=True), strict=True))
        placed = (columns[name] for name in ("field", "indicator", "measure", "item", "sheet", "cell"))
        frame = CellFrame.known(*placed, tuple(one.role for one in found), ())
        file = found[0].observation.file
        cells = cls.from_lists(
            frame,
            (*next(iter(names)), file),
            values=columns["value"],
            qualifiers=columns["qualifier"],
            texts=columns["text"],
            statuses=columns["status"],
            raws=columns["raw"],
            decimals=[one.decimals for one in found],
            are_texts=[one.is_text for one in found],
            are_live=[one.is_live for one in found],
        )
        others = {place: one for place, one in enumerate(columns["file"]) if one != file}
        return cells.changed(files=others) if others else cells

    @classmethod
    def from_lists(
        cls,
        frame: CellFrame,
        names: tuple[str, str, str],
        *,
        values: Sequence[float | None],
        qualifiers: Sequence[str],
        texts: Sequence[str],
        statuses: Sequence[str],
        raws: Sequence[str],
        decimals: Sequence[int],
        are_texts: Sequence[bool],
        are_live: Sequence[bool] = (),
    ) -> "Cells":
        """The cells of a frame from all their values; ``names`` are those of unit, period and file."""
        written = [place for place, raw in enumerate(raws) if raw]
        return cls(
            frame,
            *names,
            values=np.array(values, dtype=np.float64),
            statuses=np.array(list(map(_CODES.__getitem__, statuses)), dtype=np.uint8),
            decimals=np.array(decimals, dtype=np.int16),
            are_texts=np.array(are_texts, dtype=bool),
            are_live=np.array(are_live, dtype=bool) if len(are_live) else np.zeros(len(frame), dtype=bool),
            raw_places=np.array(written, dtype=np.int32),
            raws=json.dumps([raws[place] for place in written]),
            qualifiers={place: one for place, one in enumerate(qualifiers) if one},
            texts={place: one for place, one in enumerate(texts) if one},
        )

    def changed(self, **columns: object) -> Self:
        """The cells with some columns replaced."""
        old = {one.name: getattr(self, one.name) for one in fields(self)}
        return type(self)(**{**old, **columns})

    @cached_property
    def are_here(self) -> Flags:
        """Which cells of the frame are there."""
        found: Flags = ~(self.frame.are_optional & self.are_blank)
        return found

    @property
    def are_filled(self) -> Flags:
        """Which cells say something of their own (see :attr:`ReadCell.is_filled`)."""
        return self._with_status(_VALUE, _NIL) & ~self.are_live

    @property
    def are_nil(self) -> Flags:
        """Which cells state that nothing arose."""
        return self._with_status(_NIL)

    @property
    def are_refused(self) -> Flags:
        """Which cells hold something that cannot be read."""
        return self._with_status(_UNREADABLE)

    @property
    def are_blank(self) -> Flags:
        """Which cells hold nothing."""
        return self._with_status(_MISSING)

    def _with_status(self, *codes: int) -> Flags:
        found: Flags = np.isin(self.statuses, codes)
        return found

    def typed(self) -> dict[int, str]:
        """The texts as typed, by place in the frame."""
        return dict(zip(self.raw_places.tolist(), _texts(self.raws), strict=True))

    def cell(self, place: int) -> ReadCell:
        """The cell at a place of the frame."""
        frame, number = self.frame, int(np.searchsorted(self.raw_places, place))
        is_typed = number < len(self.raw_places) and self.raw_places[number] == place
        value, live = float(self.values[place]), bool(self.are_live[place])
        observation = Observation(
            self.unit, self.period,
            frame.fields[place], frame.indicators[place], frame.measures[place], frame.items[place],
            None if math.isnan(value) else tidy(value) if live else value,
            self.qualifiers.get(place, ""), self.texts.get(place, ""), _WORDS[self.statuses[place]],
            _texts(self.raws)[number] if is_typed else "",
            self.files.get(place, self.file), frame.sheets[place], frame.cells[place],
        )  # fmt: skip
        return ReadCell(observation, frame.roles[place], int(self.decimals[place]), bool(self.are_texts[place]), live)

    def where(self, chosen: Flags) -> Iterator[ReadCell]:
        """Some of the cells, in reading order."""
        return self._made(np.flatnonzero(chosen & self.are_here))

    def only(self, chosen: Flags) -> "Cells":
        """Some of the cells as a sequence of their own."""
        number = np.cumsum(chosen) - 1
        written = chosen[self.raw_places]
        raws = _texts(self.raws)
        return self.changed(
            frame=self.frame.only(chosen),
            values=self.values[chosen],
            statuses=self.statuses[chosen],
            decimals=self.decimals[chosen],
            are_texts=self.are_texts[chosen],
            are_live=self.are_live[chosen],
            raw_places=number[self.raw_places[written]].astype(np.int32),
            raws=json.dumps([raw for raw, wanted in zip(raws, written.tolist(), strict=True) if wanted]),
            qualifiers={int(number[place]): one for place, one in self.qualifiers.items() if chosen[place]},
            texts={int(number[place]): one for place, one in self.texts.items() if chosen[place]},
            files={int(number[place]): one for place, one in self.files.items() if chosen[place]},
        )

    def with_values(self, places: Places, values: NDArray[np.float64], *, live: bool = False) -> "Cells":
        """The cells, some of them with other values."""
        all_values, statuses, are_live = self.values.copy(), self.statuses.copy(), self.are_live.copy()
        all_values[places] = values
        statuses[places] = _VALUE
        are_live[places] |= live
        return self.changed(values=all_values, statuses=statuses, are_live=are_live)

    def _made(self, places: Places) -> Iterator[ReadCell]:
        """Cells from their columns; that no one of them is made by itself takes half the time for thousands."""
        at, frame = places.tolist(), self.frame
        live = self.are_live[places].tolist()
        values = self.values[places].tolist()
        shown = [None if one != one else tidy(one) if own else one for one, own in zip(values, live, strict=True)]
        codes = self.statuses[places].tolist()
        texts = self.typed()
        rows = zip(
            repeat(self.unit), repeat(self.period),
            *(map(column.__getitem__, at) for column in (frame.fields, frame.indicators, frame.measures, frame.items)),
            shown,
            (self.qualifiers.get(place, "") for place in at),
            (self.texts.get(place, "") for place in at),
            map(_WORDS.__getitem__, codes),
            (texts.get(place, "") for place in at),
            (self.files.get(place, self.file) for place in at) if self.files else repeat(self.file),
            *(map(column.__getitem__, at) for column in (frame.sheets, frame.cells)),
            strict=False,
        )  # fmt: skip
        columns: tuple[Iterable[object], ...] = (
            map(Observation._make, rows),
            map(frame.roles.__getitem__, at),
            self.decimals[places].tolist(),
            self.are_texts[places].tolist(),
            live,
        )
        made = [object.__new__(ReadCell) for _ in at]
        for name, column in zip(ReadCell.__slots__, columns, strict=True):
            deque(map(getattr(ReadCell, name).__set__, made, column), maxlen=0)
        return iter(made)

    def __iter__(self) -> Iterator[ReadCell]:
        return self._made(np.flatnonzero(self.are_here))

    def __len__(self) -> int:
        return int(np.count_nonzero(self.are_here))

    @overload
    def __getitem__(self, index: int) -> ReadCell: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[ReadCell]: ...

    def __getitem__(self, index: int | slice) -> ReadCell | Sequence[ReadCell]:
        places = np.flatnonzero(self.are_here)
        if isinstance(index, slice):
            return tuple(self._made(places[index]))
        return self.cell(int(places[index]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self))
