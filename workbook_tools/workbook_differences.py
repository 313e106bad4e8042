"""What changed between two consolidated workbooks of one unit: each cell, and what it does to every total above it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.indicators import Aggregation
from workbook_tools.snapshots import Shown, Snapshot
from workbook_tools.totals import rule_of
from workbook_tools.values import format_number

CHANGED_UNITS_SHOWN = 10
WHOLE = "Tổng"
"""Stands for the whole workbook where no single unit changed."""


@dataclass(frozen=True)
class Effect:
    """What a change does to the total of a unit above; ``unit`` is empty for the whole workbook's."""

    unit: str
    percent: float

    @property
    def amount(self) -> str:
        """The change in percent, with its sign."""
        return f"{'+' if self.percent >= 0 else ''}{format_number(self.percent, 1)} %"

    @property
    def words(self) -> str:
        """The effect as a sentence has it."""
        return f"làm tổng{' ' + self.unit if self.unit else ''} {self.amount}"


@dataclass(frozen=True)
class Change:
    """A figure of one unit that changed, or of the whole (without a unit), and what that does above."""

    unit: str
    unit_name: str
    name: FigureName
    before: Shown
    after: Shown
    label: str
    heading: str
    effects: tuple[Effect, ...] = ()

    @property
    def line(self) -> str:
        """The change in one sentence."""
        if not self.unit:
            told = f" ({self.effects[0].amount})" if self.effects else ""
            old, new = (
                format_number(round(one, 2)) if isinstance(one, float) else "" for one in (self.before, self.after)
            )
            return f"{WHOLE}: {self.label}, {self.heading}: {old} → {new}{told}"
        row = f" dòng {self.name.item}" if self.name.item else ""
        told = f" ({'; '.join(effect.words for effect in self.effects)})" if self.effects else ""
        who = self.unit_name or self.unit
        return f"{who}: {self.label}{row}, {self.heading}: {_shown(self.before)} → {_shown(self.after)}{told}"


def _shown(value: Shown) -> str:
    if value is None:
        return "(trống)"
    return format_number(value) if isinstance(value, float) else value


@dataclass(frozen=True)
class Differences:
    """Two consolidated workbooks beside each other."""

    before: Snapshot
    after: Snapshot
    catalogue: Catalogue

    @property
    def remarks(self) -> Iterator[str]:
        """What must be known before the figures are compared."""
        old, new = self.before, self.after
        if (old.unit, old.period) != (new.unit, new.period):
            yield f"Hai tệp không cùng đơn vị, kỳ: {old.unit} {old.period} và {new.unit} {new.period}."
        if old.was_edited:
            yield f"Nguồn số liệu của tệp cũ đã bị sửa sau khi tổng hợp (vân tay {old.figures_said})."
        if old.template != new.template:
            yield f"Biểu mẫu đã thay đổi giữa hai tệp ({old.template} → {new.template}); mỗi tệp giữ biểu mẫu của nó."
        if old.units and new.units and old.units != new.units:
            yield f"Danh sách đơn vị đã thay đổi giữa hai tệp: {self._changed_units()}."

    def _changed_units(self) -> str:
        old, new = self.before.tree_names, self.after.tree_names
        told = [f"+ {name}" for code, name in new.items() if code not in old]
        told += [f"− {name}" for code, name in old.items() if code not in new]
        told += [f"{old[code]} → {name}" for code, name in new.items() if old.get(code, name) != name]
        moved = [one for one, above in self.after.parents.items() if self.before.parents.get(one, above) != above]
        told += [f"{new[code]}: đổi đơn vị cấp trên" for code in moved]
        return "; ".join(told[:CHANGED_UNITS_SHOWN]) + ("; …" if len(told) > CHANGED_UNITS_SHOWN else "")

    @property
    def new_units(self) -> list[str]:
        """Names of the units that came in since."""
        return [name or unit for unit, name in self.after.names.items() if unit not in self.before.names]

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The figures that changed, in the order of the later workbook, those that are gone last."""
        return tuple(self._changes())

    def _changes(self) -> Iterator[Change]:
        for key in dict.fromkeys((*self.after.figures, *self.before.figures)):
            old, new = self.before.figures.get(key), self.after.figures.get(key)
            if old != new:
                unit, name = key
                unit_name = self.after.names.get(unit) or self.before.names.get(unit, "")
                effects = tuple(self._effects(unit, name, old, new))
                yield Change(unit, unit_name, name, old, new, *self._words(name), effects)

    @property
    def totals(self) -> Iterator[Change]:
        """Totals that no cell was typed for and that changed with those that were: ratios and sums of rows."""
        typed = {change.name for change in self.changes}
        for name, new in self.after.totals.items():
            old = self.before.totals.get(name)
            if name.measure == "actual" and name not in typed and old is not None and old != new:
                effect = (Effect("", (new / old - 1) * 100),) if old else ()
                yield Change("", WHOLE, name, old, new, *self._words(name), effect)

    def _words(self, name: FigureName) -> tuple[str, str]:
        labels = self.after.labels | self.before.labels  # type: ignore[operator]
        headings = self.before.headings | self.after.headings  # type: ignore[operator]
        return labels.get(name.indicator, name.indicator), headings.get(name.measure) or name.measure

    def _effects(self, unit: str, name: FigureName, old: Shown, new: Shown) -> Iterator[Effect]:
        """The change of each total above, from the lowest to the whole.

        Of a sum it is that of this cell alone. What other rules make of it is seen in the whole, with all changes.
        """
        total, after = self.before.totals.get(name), self.after.totals.get(name)
        if name.item or not total or after is None:
            return
        amount = _amount(new) - _amount(old)
        if not self._is_sum(name):
            yield Effect("", (after / total - 1) * 100)
            return
        for above in self.after.above(unit):
            if before := self._sum_below(above, name):
                yield Effect(self.after.tree_names.get(above, above), amount / before * 100)
        yield Effect("", amount / total * 100)

    def _is_sum(self, name: FigureName) -> bool:
        indicator = self.catalogue.indicators.get(name.indicator)
        return indicator is not None and rule_of(indicator, name.measure) is Aggregation.SUM

    def _sum_below(self, above: str, name: FigureName) -> float:
        return sum(_amount(self.before.figures.get((unit, name))) for unit in self._below[above])

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        """The units that reported below each unit of the tree."""
        found: dict[str, list[str]] = {}
        for unit in self.before.names:
            for above in self.after.above(unit):
                found.setdefault(above, []).append(unit)
        return found

    def lines(self) -> Iterator[str]:
        """All that changed, line by line."""
        yield from self.remarks
        yield from (f"+ {name}" for name in self.new_units)
        yield from (change.line for change in self.changes)
        yield from (change.line for change in self.totals)


def _amount(value: Shown) -> float:
    return value if isinstance(value, float) else 0.0
