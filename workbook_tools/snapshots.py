"""A consolidated workbook as it stands: figures of its units, its totals, and what they were made of.

Everything is taken from the workbook itself. The template and the list of units of today do not alter what was once
added up: labels, totals and the tree are those it was written with.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from workbook_tools.cells import FigureName
from workbook_tools.errors import UnknownPlaceError, WorkbookReadError
from workbook_tools.excel_reading import read_workbook
from workbook_tools.findings import Finding
from workbook_tools.fingerprints import FIGURES, UNIT, UNITS, NamedFigure, fingerprint_of_figures
from workbook_tools.form_layout import IDENTITY_SHEET
from workbook_tools.observations import COMPUTED
from workbook_tools.source_rows import lineage_rows
from workbook_tools.workbook_contents import Scalar, SheetContent, WorkbookContent

Shown = float | str | None
"""What a cell said: a number, a text, or nothing."""

Key = tuple[str, FigureName]
"""A figure of a unit."""

WHOLE_LINEAGE = 8_000
"""With fewer sources than these none is left out of the workbook."""


@dataclass(frozen=True)
class Snapshot:
    """The figures of a consolidated workbook: those of the units it was made of, its totals, and the units' names.

    ``parents`` gives the unit above each unit of the tree; ``template``, ``units`` and ``figures_said`` are the
    fingerprints that stand in it, empty in a workbook that has none.
    """

    unit: str
    period: str
    figures: Mapping[Key, Shown]
    totals: Mapping[FigureName, float]
    names: Mapping[str, str]
    labels: Mapping[str, str]
    headings: Mapping[str, str]
    parents: Mapping[str, str] = field(default_factory=dict)
    tree_names: Mapping[str, str] = field(default_factory=dict)
    template: str = ""
    units: str = ""
    figures_said: str = ""
    texts: Mapping[Key, str] = field(default_factory=dict)

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of the figures that stand in it now."""
        return fingerprint_of_figures(
            NamedFigure(
                unit,
                name.indicator,
                name.measure,
                name.item,
                value if isinstance(value, float) else None,
                self.texts.get((unit, name), ""),
            )
            for (unit, name), value in self.figures.items()
        )

    @property
    def was_edited(self) -> bool:
        """Whether somebody changed the sources after they were written."""
        return bool(self.figures_said) and len(self.figures) < WHOLE_LINEAGE and self.fingerprint != self.figures_said

    def above(self, unit: str) -> list[str]:
        """The units between a unit and the one the workbook is of, lowest first."""
        line: list[str] = []
        while (unit := self.parents.get(unit, "")) and unit != self.unit and unit not in line:
            line.append(unit)
        return line if unit == self.unit else []


def snapshot(path: Path) -> Snapshot:
    """What a consolidated workbook says; raises UnknownPlaceError if the file is none."""
    try:
        workbook = read_workbook(path)
    except WorkbookReadError as error:
        finding = Finding(error.code, file=path.name, details={"file": path.name, **error.details})
        raise UnknownPlaceError(finding.message()) from error
    rows = list(lineage_rows(workbook, path.parent))
    identity = workbook.sheet(IDENTITY_SHEET)
    if not rows or identity is None:
        raise UnknownPlaceError(f"“{path.name}” không phải tệp tổng hợp có trang nguồn số liệu.")
    figures: dict[Key, Shown] = {}
    texts: dict[Key, str] = {}
    for facts in rows:
        if facts.get("raw") != COMPUTED and not facts.get("period"):
            at = {key: _text(facts.get(key)) for key in ("unit", "indicator", "measure", "item", "raw", "text")}
            key = at["unit"], FigureName(at["indicator"], at["measure"], at["item"])
            value = facts.get("value")
            number = isinstance(value, int | float) and not isinstance(value, bool)
            figures[key] = float(value) if number else at["raw"]  # type: ignore[arg-type]
            texts[key] = at["text"]
    facts_of_file = _Identity(identity)
    return Snapshot(
        unit=facts_of_file.first("unit"),
        period=facts_of_file.first("period"),
        figures=figures,
        totals=dict(_totals(workbook, facts_of_file)),
        names={_text(facts["unit"]): _text(facts.get("unit_name")) for facts in rows},
        labels={_text(facts["indicator"]): _text(facts.get("label")) for facts in rows}
        | dict(_labels(workbook, facts_of_file)),
        headings={_text(facts.get("measure")): _text(facts.get("heading")) for facts in rows if not facts.get("item")},
        parents={row[0]: row[1] for row in facts_of_file.all(UNIT)},
        tree_names={row[0]: row[2] for row in facts_of_file.all(UNIT)},
        template=facts_of_file.first("fingerprint"),
        units=facts_of_file.first(UNITS),
        figures_said=facts_of_file.first(FIGURES),
        texts=texts,
    )


class _Identity:
    """The rows of the sheet of identity by their key."""

    def __init__(self, sheet: SheetContent) -> None:
        self.rows: dict[str, list[list[str]]] = {}
        for row in range(1, sheet.last_row + 1):
            self.rows.setdefault(sheet.text(row, 1), []).append([sheet.text(row, column) for column in (2, 3, 4)])

    def first(self, key: str) -> str:
        return self.all(key)[0][0] if key in self.rows else ""

    def all(self, key: str) -> list[list[str]]:
        return self.rows.get(key, [])


def _text(value: Scalar) -> str:
    return "" if value is None else str(value)


def _rows(workbook: WorkbookContent, identity: _Identity) -> Iterator[tuple[SheetContent, int, str, dict[str, int]]]:
    """Sheet, row, code and columns by code of every indicator on the sheets of fields."""
    for _, name, _ in identity.all("field"):
        sheet = workbook.sheet(name)
        columns: dict[str, int] = {}
        for row in range(1, sheet.last_row + 1) if sheet else ():
            code = sheet.text(row, 1) if sheet else ""
            if sheet and code == "#columns":
                columns = {sheet.text(row, column): column for column in range(2, sheet.last_column + 1)}
            elif sheet and code and "#" not in code:
                yield sheet, row, code, columns


def _totals(workbook: WorkbookContent, identity: _Identity) -> Iterator[tuple[FigureName, float]]:
    for sheet, row, code, columns in _rows(workbook, identity):
        for measure, column in columns.items():
            value = sheet.at(row, column).value
            if measure and isinstance(value, int | float) and not isinstance(value, bool):
                yield FigureName(code, measure), float(value)


def _labels(workbook: WorkbookContent, identity: _Identity) -> Iterator[tuple[str, str]]:
    for sheet, row, code, columns in _rows(workbook, identity):
        if "label" in columns:
            yield code, sheet.text(row, columns["label"])
