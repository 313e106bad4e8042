"""Findings about many rows of one sheet, told as one: a reader wants to know which rows, not to be told each."""

from collections.abc import Iterable
from dataclasses import replace

from workbook_tools.findings import Finding
from workbook_tools.sheet_texts import shown_rows

ALWAYS = frozenset({
    "structure.found_by_label", "structure.columns_by_heading", "structure.unknown_code", "structure.row_missing",
})  # fmt: skip
"""What was bridged row by row in one and the same way."""

MANY = frozenset({
    "structure.unknown_row", "structure.closed_cell_filled", "structure.list_row_added",
    "structure.unit_changed", "structure.unit_reworded", "structure.unit_unknown", "structure.heading_of_another",
    "structure.heading_twice", "structure.heading_year", "structure.inputs_merged", "value.not_shown",
})  # fmt: skip
"""What is told row by row while there are few."""

MOST_ALONE = 10
LABELS_SHOWN = 3
LONGEST_LABEL = 60
_TELLING = ("typed", "unit", "heading", "found", "raw")
"""Details that findings told as one must share."""


def grouped(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of a sheet, those of one kind as one where they are many; ``cells`` of it has all their cells."""
    kinds: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.code, *(finding.details.get(key) for key in _TELLING)), []).append(finding)
    return [one for found in kinds.values() for one in _told(found)]


def _told(found: list[Finding]) -> list[Finding]:
    code = found[0].code
    if code in ALWAYS or (code in MANY and len(found) > MOST_ALONE):
        return [_merged(found)]
    return [_merged([one]) for one in found] if code in MANY else found


def _merged(found: list[Finding]) -> Finding:
    first = found[0]
    rows = [row for one in found if isinstance(row := one.details.get("row"), int) and row]
    labels = list(dict.fromkeys(_short(str(label)) for one in found if (label := one.details.get("label"))))
    shown = ", ".join(f"“{label}”" for label in labels[:LABELS_SHOWN]) + ", …" * (len(labels) > LABELS_SHOWN)
    details = {**first.details, "rows": shown_rows(rows), "count": len(found), "labels": shown or "“”"}
    if len(found) == 1:
        return replace(first, details=details)
    cells = dict.fromkeys(cell for one in found for cell in (one.cells or ((one.cell,) if one.cell else ())))
    return replace(first, cells=tuple(cells), indicator="", details=details)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"
