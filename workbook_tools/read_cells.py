"""What one cell of a return says, and the frame of all: where the cells of a form stand, what figures they hold.

One frame is the same for all returns of a form.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple, TypeVar
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from workbook_tools.cells import FigureName
from workbook_tools.indicators import Role
from workbook_tools.readings import Status

Flags = NDArray[np.bool_]
Template = TypeVar("Template")
Result = TypeVar("Result")

_WHOLE = 1e15
"""Below this a float that is whole is shown as a whole number."""


class Observation(NamedTuple):
    """What one cell of one return says. ``value`` is in the indicator's unit, ``raw`` is the text as typed."""

    unit: str
    period: str
    field: str
    indicator: str
    measure: str
    item: str
    value: float | None
    qualifier: str
    text: str
    status: str
    raw: str
    file: str
    sheet: str
    cell: str


COLUMNS = Observation._fields


@dataclass(frozen=True, slots=True)
class ReadCell:
    """An observation with what only the checks need: the role of its cell, the digits printed, and whether the
    cell holds text, which no formula of a spreadsheet counts."""

    observation: Observation
    role: Role
    decimals: int = 0
    is_text: bool = False
    is_live: bool = False
    """Whether the value is our own result of a formula, not something typed."""

    @property
    def name(self) -> FigureName:
        """Name of the figure."""
        return FigureName(self.observation.indicator, self.observation.measure, self.observation.item)

    @property
    def is_filled(self) -> bool:
        """Whether the cell says something of its own: a value, or that none arose."""
        return self.observation.status in (Status.VALUE, Status.NIL) and not self.is_live


def tidy(number: float) -> float | int:
    """A whole number without a decimal point."""
    return int(number) if float(number).is_integer() and abs(number) < _WHOLE else number


@dataclass(frozen=True, eq=False)
class CellFrame:
    """The cells of a form in reading order: where they stand, and what figures they hold.

    A cell that is ``optional`` is there only if it says something, as the notes of a row.
    """

    fields: Sequence[str]
    indicators: Sequence[str]
    measures: Sequence[str]
    items: Sequence[str]
    sheets: Sequence[str]
    cells: Sequence[str]
    roles: Sequence[Role]
    optional: Sequence[bool] = ()
    kept: dict[object, object] = field(default_factory=dict, compare=False)
    """What others worked out for this frame, under keys of their own."""

    @classmethod
    def known(cls, *columns: Sequence[object]) -> "CellFrame":
        """The frame of these columns: the one that is in use already, if there is one."""
        key = blake2b(json.dumps(columns).encode("ascii")).digest()
        found = _frames.get(key)
        if found is None:
            found = cls(*columns)  # type: ignore[arg-type]
            _frames[key] = found
        return found

    def worked_out(self, work: "Callable[[Template, CellFrame], Result]", template: "Template") -> "Result":
        """What a function gives for a template (or a part of it) and this frame; kept for the last one asked about."""
        kept = self.kept.get(work)
        if not isinstance(kept, tuple) or kept[0] is not template:
            kept = self.kept[work] = (template, work(template, self))
        found: Result = kept[1]
        return found

    def __reduce__(self) -> tuple[object, ...]:
        columns = tuple(getattr(self, one.name) for one in fields(self) if one.name != "kept")
        return CellFrame.known, columns

    def __len__(self) -> int:
        return len(self.cells)

    @cached_property
    def has_items(self) -> Flags:
        """Which cells are of rows of lists."""
        return np.array([bool(item) for item in self.items], dtype=bool)

    @cached_property
    def are_formulas(self) -> Flags:
        """Which cells the form computes."""
        return np.array([role is Role.FORMULA for role in self.roles], dtype=bool)

    @cached_property
    def are_optional(self) -> Flags:
        """Which cells are there only if they say something."""
        return np.array(self.optional or [False] * len(self), dtype=bool)

    @cached_property
    def places(self) -> dict[FigureName, int]:
        """Where each figure stands, in reading order."""
        return {name: place for place, name in enumerate(map(FigureName, self.indicators, self.measures, self.items))}

    def of_measure(self, measure: str) -> Flags:
        """Which cells are of a measure."""
        key = ("of_measure", measure)
        if key not in self.kept:
            self.kept[key] = np.array([one == measure for one in self.measures], dtype=bool)
        found = self.kept[key]
        assert isinstance(found, np.ndarray)
        return found

    def only(self, chosen: Flags) -> "CellFrame":
        """The frame of some of the cells."""
        key = ("only", chosen.tobytes())
        if key not in self.kept:
            columns = (getattr(self, one.name) for one in fields(self) if one.name != "kept")
            places = np.flatnonzero(chosen).tolist()
            self.kept[key] = CellFrame.known(*(tuple(map(one.__getitem__, places)) if one else one for one in columns))
        found = self.kept[key]
        assert isinstance(found, CellFrame)
        return found


_frames: "WeakValueDictionary[bytes, CellFrame]" = WeakValueDictionary()
