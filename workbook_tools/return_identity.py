"""Tells whose a returned workbook is: by the hidden identity sheet first, then by the cover."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName, Position
from workbook_tools.findings import Finding
from workbook_tools.form_layout import IDENTITY_SHEET
from workbook_tools.observations import Support
from workbook_tools.periods import Period, parse_period
from workbook_tools.sheet_texts import LONGEST_LABEL, SheetTexts
from workbook_tools.text import accentless_key, matching_key
from workbook_tools.workbook_contents import Scalar, SheetContent, WorkbookContent

COVER_ENTRIES = 3
"""A sheet with so many of the cover's labels is the cover."""


@dataclass
class Facts:
    """What a workbook says of itself, from its identity sheet or, failing that, its cover."""

    unit: str = ""
    unit_name: str = ""
    period: Period | None = None
    level: str = ""
    fingerprint: str = ""
    sheets: Mapping[str, str] | None = None
    support: Mapping[FigureName, Support] | None = None


def facts_of(
    workbook: WorkbookContent,
    catalogue: Catalogue,
    findings: list[Finding],
    sheets: Sequence[SheetTexts] | None = None,
) -> Facts:
    """Unit and period of a workbook; where identity and cover differ the identity counts, with a finding.

    ``sheets`` are those of the workbook, if somebody has them indexed.
    """
    identity = workbook.sheet(IDENTITY_SHEET)
    facts = Facts() if identity is None else _identity_facts(identity)
    if identity is not None and facts.fingerprint != catalogue.fingerprint:
        findings.append(Finding("structure.other_template", file=workbook.name))
    if identity is None and not is_template_copy(workbook):
        findings.append(Finding("structure.identity_missing", file=workbook.name))
    cover = _cover(map(SheetTexts, workbook.sheets) if sheets is None else sheets, catalogue)
    unit, name = (_text(cover.get(code)) for code in ("unit_code", "unit_name"))
    period = parse_period(cover.get("period"))
    findings += _differences(workbook.name, facts, unit, name, period)
    facts.unit = facts.unit or unit
    facts.unit_name = facts.unit_name or name
    facts.period = facts.period or period
    if not facts.unit and not facts.unit_name:
        findings.append(Finding("unit.missing", file=workbook.name, details={"file": workbook.name}))
    return facts


def is_template_copy(workbook: WorkbookContent) -> bool:
    """Whether a workbook is a filled copy of the template itself."""
    return any(sheet.text(1, 1) == "#settings" for sheet in workbook.sheets)


def _differences(file: str, facts: Facts, unit: str, name: str, period: Period | None) -> Iterator[Finding]:
    """Where the cover says something else than the identity: the form of another unit or period may have been used."""

    def finding(code: str, typed: str, known: str) -> Finding:
        return Finding(code, file=file, value=typed, expected=known, details={"typed": typed, "known": known})

    if facts.unit and unit and unit.lstrip("0") != facts.unit.lstrip("0"):
        yield finding("unit.cover_differs", unit, facts.unit)
    elif facts.unit_name and name and accentless_key(name) != accentless_key(facts.unit_name):
        yield finding("unit.name_differs", name, facts.unit_name)
    if facts.period and period and period != facts.period:
        yield finding("period.cover_differs", period.label, facts.period.label)


def _text(value: Scalar) -> str:
    return "" if value is None else str(value).strip()


def _identity_facts(sheet: SheetContent) -> Facts:
    values: dict[str, str] = {}
    sheets: dict[str, str] = {}
    support: dict[FigureName, Support] = {}
    for row in range(1, sheet.last_row + 1):
        key = sheet.text(row, 1)
        if key == "field":
            sheets[sheet.text(row, 2)] = sheet.text(row, 3)
        elif key == "support":
            facts = [sheet.text(row, column) for column in range(4, 10)]
            support[FigureName(sheet.text(row, 2), sheet.text(row, 3))] = Support.from_texts(facts)
        elif key:
            values.setdefault(key, sheet.text(row, 2))
    return Facts(
        unit=values.get("unit", ""),
        unit_name=values.get("unit_name", ""),
        period=parse_period(values.get("period", "")),
        level=values.get("level", ""),
        fingerprint=values.get("fingerprint", ""),
        sheets=sheets or None,
        support=support,
    )


def _cover(sheets: Iterable[SheetTexts], catalogue: Catalogue) -> dict[str, Scalar]:
    """What is typed on the cover, by code: the first content to the right of each label (or, without it, code)."""
    codes = {code for code, _ in catalogue.cover}
    labels = {matching_key(label): code for code, label in catalogue.cover}
    for texts in sheets:
        sheet, words = texts.content, texts.texts
        labelled: dict[str, Position] = {}
        for key, code in labels.items():
            places = (one for one in texts.by_key.get(key, ()) if len(words[one.row][one.column]) <= LONGEST_LABEL)
            if place := next(places, None):
                labelled.setdefault(code, place)
        coded = {code: place for code in codes if matching_key(code) not in labels and (place := _coded(texts, code))}
        if len(labelled.keys() | coded.keys()) < min(COVER_ENTRIES, len(codes)):
            continue
        starts = {code: position.column for code, position in labelled.items()}
        # A reworded label stands between its code and what was typed.
        starts |= {code: position.column + 2 for code, position in coded.items() if code not in labelled}
        rows = {code: position.row for code, position in (coded | labelled).items()}
        return {code: _first_right_of(sheet, rows[code], starts[code]) for code in rows}
    return {}


def _coded(sheet: SheetTexts, code: str) -> Position | None:
    """Where a code stands first, letter by letter."""
    places = sheet.by_code.get(code.lower(), ())
    return next((place for place in places if sheet.texts[place.row][place.column].strip() == code), None)


def _first_right_of(sheet: SheetContent, row: int, column: int) -> Scalar:
    values = (sheet.at(row, one).value for one in range(column + 1, min(sheet.last_column, column + 20) + 1))
    return next((value for value in values if value not in (None, "")), None)
