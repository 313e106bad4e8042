"""The units that report, as a tree of any depth whose units come and go.

A code is a unit only together with a date: 07399 was thị trấn Kép until 30/06/2025 and is xã Kép since.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from workbook_tools.errors import UnitsError, UnknownPlaceError
from workbook_tools.text import normalize_text
from workbook_tools.unit_names import bare_name, kind_in, level_of, name_key, split_names


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as listed. ``parent`` is a code, empty for a root; a date that is None leaves that end open."""

    code: str
    name: str
    kind: str
    parent: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    def is_valid(self, on: dt.date) -> bool:
        """Whether the unit exists on a day, first and last day included."""
        return (self.valid_from or dt.date.min) <= on <= (self.valid_to or dt.date.max)

    def overlaps(self, other: "Unit") -> bool:
        """Whether the two exist on a common day."""
        start = max(self.valid_from or dt.date.min, other.valid_from or dt.date.min)
        return start <= min(self.valid_to or dt.date.max, other.valid_to or dt.date.max)


class Problem(NamedTuple):
    """Why units make no tree: the unit, the column at fault, and what is wrong."""

    unit: Unit
    column: str
    message: str


@dataclass(frozen=True)
class UnitTree:
    """Units by code. Of a code that stood for several units in turn the latest counts; :meth:`on` asks for a day.

    Raises UnitsError if the units make no tree (see :func:`problems_of`).
    """

    listed: tuple[Unit, ...]

    def __post_init__(self) -> None:
        problems = [f"{problem.unit.code}: {problem.message}" for problem in problems_of(self.listed)]
        if problems:
            raise UnitsError("\n".join(problems))

    def on(self, day: dt.date) -> "UnitTree":
        """The tree of the units that exist on a day."""
        return UnitTree(tuple(unit for unit in self.listed if unit.is_valid(day)))

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """Units by code, in the order of the list."""
        return latest_by_code(self.listed)

    @cached_property
    def roots(self) -> tuple[Unit, ...]:
        """The units that belong to no other."""
        return self._children.get("", ())

    @cached_property
    def _children(self) -> Mapping[str, tuple[Unit, ...]]:
        children = defaultdict(list)
        for unit in self.units.values():
            children[unit.parent].append(unit)
        return {code: tuple(units) for code, units in children.items()}

    def unit(self, code: str) -> Unit:
        """The unit of a code; UnknownPlaceError if there is none."""
        try:
            return self.units[code]
        except KeyError:
            raise UnknownPlaceError(f"Không có đơn vị mã “{code}” trong danh sách đơn vị.") from None

    def children(self, code: str) -> tuple[Unit, ...]:
        """The units right below a unit."""
        return self._children.get(self.unit(code).code, ())

    def leaves(self, code: str) -> tuple[Unit, ...]:
        """The units below a unit that have none below themselves; none for a unit without children."""
        found: list[Unit] = []
        waiting = list(reversed(self.children(code)))
        while waiting:
            unit = waiting.pop()
            below = self.children(unit.code)
            waiting.extend(reversed(below))
            found.extend([] if below else [unit])
        return tuple(found)

    def path(self, code: str) -> tuple[Unit, ...]:
        """The units from the root down to a unit, both included."""
        path = [self.unit(code)]
        while path[-1].parent:
            path.append(self.unit(path[-1].parent))
        return tuple(reversed(path))

    def depth(self, code: str) -> int:
        """How many units stand above a unit."""
        return len(self.path(code)) - 1

    def level(self, code: str) -> str:
        """``thôn``, ``xã``, ``huyện``, ``tỉnh`` or ``quốc gia``; empty for a kind that is not known."""
        unit = self.unit(code)
        return level_of(_kind(unit), _kind(self.units[unit.parent]) if unit.parent else "")

    def find(self, text: object) -> Unit | None:
        """The one unit that a code or name means; None if there is none or more than one.

        A code may have lost its leading zeros or be a number. A name may come with or without its kind, with
        "UBND", and with the units above it: ``TT. Kép, huyện Lạng Giang``. A kind that is named must be right.
        """
        if isinstance(text, bool) or not isinstance(text, (str, int, float)):
            return None
        typed = normalize_text(f"{text:.15g}" if isinstance(text, float) else str(text))
        if isinstance(text, str) and typed in self.units:
            return self.units[typed]
        name, *above = typed.split(",")
        codes = self._named(typed) | self._by_digits.get(bare_code(typed), frozenset())
        codes |= {code for code in self._named(name) if self._lies_in(code, above)}
        return self.units[codes.pop()] if len(codes) == 1 else None

    def _lies_in(self, code: str, above: Iterable[str]) -> bool:
        path = {unit.code for unit in self.path(code)[:-1]}
        return all(path & self._named(name) for name in above)

    def _named(self, name: str) -> set[str]:
        """Codes of the units that a name may mean: in full, bare, or after a kind."""
        key = name_key(name)
        codes = set(self._by_name.get(("", key), ()))
        for kinds, rest in split_names(key):
            codes.update(code for kind in kinds for code in self._by_name.get((kind, rest), ()))
        return codes

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], set[str]]:
        """Codes by name: ("", name in full or bare) and (kind, bare name)."""
        codes = defaultdict(set)
        for unit in self.units.values():
            kind = _kind(unit)
            bare = bare_name(unit.name, kind)
            for name in (("", name_key(unit.name)), ("", bare), (kind, bare)):
                codes[name].add(unit.code)
        return codes

    @cached_property
    def _by_digits(self) -> Mapping[str, frozenset[str]]:
        codes = defaultdict(set)
        for code in self.units:
            codes[bare_code(code)].add(code)
        return {digits: frozenset(found) for digits, found in codes.items()}


def _kind(unit: Unit) -> str:
    return kind_in(unit.kind or unit.name)


def bare_code(code: str) -> str:
    """A code without leading zeros."""
    return re.sub(r"^0+(?=\d)", "", code)


def latest_by_code(units: Iterable[Unit]) -> dict[str, Unit]:
    """The latest unit of each code, in the order in which codes first appear."""
    latest: dict[str, Unit] = {}
    for unit in units:
        known = latest.setdefault(unit.code, unit)
        if (unit.valid_from or dt.date.min) > (known.valid_from or dt.date.min):
            latest[unit.code] = unit
    return latest


def problems_of(units: Iterable[Unit]) -> Iterator[Problem]:
    """Why units make no tree: dates the wrong way round, a code twice at a time, an unknown parent, a circle."""
    seen: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.valid_from and unit.valid_to and unit.valid_from > unit.valid_to:
            yield Problem(unit, "valid_to", "ngày hết hiệu lực trước ngày bắt đầu hiệu lực")
        if any(unit.overlaps(other) for other in seen[unit.code]):
            yield Problem(unit, "code", f"mã “{unit.code}” có hai đơn vị cùng hiệu lực một thời gian")
        seen[unit.code].append(unit)
    latest = {code: latest_by_code(versions)[code] for code, versions in seen.items()}
    for versions in seen.values():
        for unit in versions:
            if unit.parent and unit.parent not in latest:
                yield Problem(unit, "parent", f"không có đơn vị cha mã “{unit.parent}” trong danh sách")
    yield from _circles(latest)


def _circles(units: Mapping[str, Unit]) -> Iterator[Problem]:
    """One problem for each circle, at the unit of it that is listed first."""
    done: set[str] = set()
    for code in units:
        walked: dict[str, None] = {}
        while code in units and code not in done and code not in walked:
            walked[code] = None
            code = units[code].parent
        if code in walked:
            circle = [*walked][[*walked].index(code) :]
            yield Problem(units[code], "parent", f"vòng lặp đơn vị cha: {' → '.join([*circle, code])}")
        done.update(walked)
