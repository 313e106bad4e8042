"""What changed between two consolidated workbooks of one unit and period: each cell, and what it does to the total."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.errors import UnknownPlaceError
from workbook_tools.excel_reading import read_workbook
from workbook_tools.form_reading import read_return
from workbook_tools.observations import COMPUTED, REFUSED
from workbook_tools.source_rows import lineage_rows
from workbook_tools.subject import subject_of
from workbook_tools.values import format_number

Shown = float | str | None
"""What a cell said: a number, a text, or nothing."""

Key = tuple[str, FigureName]
"""A figure of a unit."""


@dataclass(frozen=True)
class Snapshot:
    """The figures of a consolidated workbook: those of the units it was made of, its totals, and the units' names."""

    figures: Mapping[Key, Shown]
    totals: Mapping[FigureName, float]
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """A figure of one unit that changed, and the total it belongs to, before and after."""

    unit: str
    unit_name: str
    name: FigureName
    before: Shown
    after: Shown
    total_before: float | None
    total_after: float | None

    @property
    def effect(self) -> float | None:
        """Change of the total in percent; None where it had no value, has none, or was zero."""
        if not self.total_before or self.total_after is None:
            return None
        return (self.total_after / self.total_before - 1) * 100

    def line(self, catalogue: Catalogue) -> str:
        """The change in one sentence."""
        indicator = catalogue.indicators.get(self.name.indicator)
        label = indicator.label if indicator else f"{self.name.indicator} dòng {self.name.item}"
        heading = catalogue.headings.get(self.name.measure, self.name.measure)
        effect = self.effect
        told = "" if effect is None else f" (làm tổng {'+' if effect >= 0 else ''}{format_number(effect, 1)} %)"
        return f"{self.unit_name or self.unit}: {label}, {heading}: {_shown(self.before)} → {_shown(self.after)}{told}"


def _shown(value: Shown) -> str:
    if value is None:
        return "(trống)"
    return format_number(value) if isinstance(value, float) else value


def snapshot(path: Path, catalogue: Catalogue) -> Snapshot:
    """What a consolidated workbook says; raises UnknownPlaceError if the file is none."""
    returned = read_return(path, catalogue)
    rows = list(lineage_rows(read_workbook(path))) if returned.status != REFUSED else []
    if not rows:
        raise UnknownPlaceError(f"“{path.name}” không phải tệp tổng hợp có trang nguồn số liệu.")
    figures: dict[Key, Shown] = {}
    names: dict[str, str] = {}
    for facts in rows:
        unit, texts = str(facts["unit"]), {key: str(facts.get(key) or "") for key in ("measure", "item", "raw")}
        names[unit] = str(facts.get("unit_name") or "")
        if texts["raw"] != COMPUTED:
            value = facts.get("value")
            name = FigureName(str(facts["indicator"]), texts["measure"], texts["item"])
            number = isinstance(value, int | float) and not isinstance(value, bool)
            figures[unit, name] = float(value) if number else texts["raw"]  # type: ignore[arg-type]
    subject = subject_of(catalogue, returned)
    numbers = ((figure, subject.number(figure)) for figure in subject.cube.index)
    totals = {FigureName(figure.indicator, figure.measure): one for figure, one in numbers if one is not None}
    return Snapshot(figures, totals, names)


def differences(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    """The figures that changed, in the order of the later workbook, those that are gone last."""
    for key in dict.fromkeys((*after.figures, *before.figures)):
        old, new = before.figures.get(key), after.figures.get(key)
        if old != new:
            unit, name = key
            unit_name = after.names.get(unit) or before.names.get(unit, "")
            yield Change(unit, unit_name, name, old, new, before.totals.get(name), after.totals.get(name))


def new_units(before: Snapshot, after: Snapshot) -> list[str]:
    """Names of the units that came in since."""
    return [name or unit for unit, name in after.names.items() if unit not in before.names]
