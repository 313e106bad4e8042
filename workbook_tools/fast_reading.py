"""Reads a return that is alike but for its figures to one read before: by their places, and with the same result.

Whatever differs otherwise, if only by a word of a heading, is left to :mod:`workbook_tools.form_reading`.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from workbook_tools.catalogue import Catalogue
from workbook_tools.cell_columns import Cells, status_code
from workbook_tools.cell_reading import printed_decimals, read_cell
from workbook_tools.field_reading import finding_of
from workbook_tools.finding_groups import grouped
from workbook_tools.findings import Finding, Severity, in_reading_order
from workbook_tools.form_layout import COVER_SHEET, IDENTITY_SHEET
from workbook_tools.form_plans import FormPlan, SheetPlan, facts_in, plan_of
from workbook_tools.indicators import Kind, Role
from workbook_tools.observations import ACCEPTED, ACCEPTED_WITH_FINDINGS, Return
from workbook_tools.plain_numbers import plain_number
from workbook_tools.plain_sheets import NotPlainError, PlainBook, PlainSheet, read_plain
from workbook_tools.planned_cells import Contents, Figures, Found, PlannedCell
from workbook_tools.readings import Reading, Status
from workbook_tools.return_identity import Facts
from workbook_tools.typed_formulas import is_sum_of_numbers
from workbook_tools.values import read_value
from workbook_tools.workbook_contents import CellContent

MOST_PLANS = 8
"""Levels, periods, single fields, and what other programs make of them: so many kinds of forms are told apart."""


def read_fast(path: Path, catalogue: Catalogue) -> Return | None:
    """The return in a file like one learned before, as a thorough reading gives it; None for any other."""
    book = read_plain(path)
    return None if book is None else read_by_plans(book, catalogue, path.name)


def read_by_plans(book: PlainBook, catalogue: Catalogue, file: str) -> Return | None:
    """The return in a workbook, if a plan fits it."""
    plans = _plans(catalogue)
    for plan in plans:
        returned = _read(book, plan, catalogue, file)
        if returned is not None:
            return returned
    return None


def learn(book: PlainBook, returned: Return, catalogue: Catalogue) -> None:
    """Keep the plan of a form that was read thoroughly, unless reading by it does not give the same."""
    sheets = book.sheets()
    plan = None if sheets is None else plan_of(sheets, returned, catalogue)
    if plan is not None and _read(book, plan, catalogue, returned.file) == returned:
        plans = _plans(catalogue)
        plans[:] = [plan, *plans][:MOST_PLANS]


def _plans(catalogue: Catalogue) -> list[FormPlan]:
    plans: list[FormPlan] = catalogue.kept.setdefault(_plans, [])
    return plans


def _read(book: PlainBook, plan: FormPlan, catalogue: Catalogue, file: str) -> Return | None:
    if [sheet.name for sheet in book.written] != [planned.name for planned in plan.sheets]:
        return None
    found: list[Found] = []
    try:
        for number, planned in enumerate(plan.sheets):
            one = planned.read(book, number)
            if one is None or not _is_usual(planned, one.typed):
                return None
            found.append(one)
        telling = plan.telling.tell({text for one in found for text in _texts(one)})
        for one, planned in zip(found, plan.sheets, strict=True):
            if planned.is_told_otherwise({**one.others, **one.typed}, telling):
                return None
        facts, findings = facts_in(_named(book), catalogue, file)
    except NotPlainError:
        return None
    if facts.period != plan.period or facts.level != plan.level:
        return None
    reading = _Reading(plan, facts, file)
    for planned, one in zip(plan.sheets, found, strict=True):
        findings += reading.read(planned, one)
    return reading.returned(findings)


def _named(book: PlainBook) -> list[PlainSheet]:
    """The sheets that say of what unit and period a form is."""
    names = enumerate(sheet.name for sheet in book.written)
    return [book.sheet(number) for number, name in names if name in (COVER_SHEET, IDENTITY_SHEET)]


def _is_usual(planned: SheetPlan, typed: Contents) -> bool:
    """Whether beside the figures there are but texts; on the cover anything may be typed."""
    others = (content for address, content in typed.items() if address not in planned.owed)
    is_cover = planned.name == COVER_SHEET
    return all(not content.formula and (is_cover or isinstance(content.value, str)) for content in others)


def _texts(found: Found) -> Iterator[str]:
    """All texts that are not fixed: typed ones, and results of formulas."""
    for cells in (found.others, found.typed):
        yield from (one.value for one in cells.values() if isinstance(one.value, str))


@lru_cache(maxsize=20_000)
def _words(text: str, kind: Kind, choices: tuple[str, ...]) -> Reading:
    """What a text says where no number is asked for: there nothing else of its row matters."""
    return read_value(text, kind=kind, choices=choices)


_is_typed = lru_cache(maxsize=20_000)(is_sum_of_numbers)


@dataclass
class _Reading:
    """What the cells of one return say, column by column."""

    plan: FormPlan
    facts: Facts
    file: str

    def __post_init__(self) -> None:
        count = len(self.plan.frame)
        self.values = np.full(count, np.nan)
        self.statuses = np.full(count, status_code(Status.MISSING), dtype=np.uint8)
        self.decimals = np.zeros(count, dtype=np.int16)
        self.are_texts = np.zeros(count, dtype=bool)
        self.qualifiers: dict[int, str] = {}
        self.texts: dict[int, str] = {}
        self.raws: dict[int, str] = {}
        self.explanations: dict[str, str] = {}

    def read(self, sheet: SheetPlan, found: Found) -> list[Finding]:
        """Take what was typed into a sheet; what is to be told about it."""
        self._take_figures(found.figures)
        typed = found.typed
        left: list[PlannedCell] = []
        for address, content in typed.items():
            cell = sheet.owed.get(address)
            if cell is not None and not self._take(cell, content):
                left.append(cell)
        findings: list[Finding] = []
        for cell in sorted(left, key=lambda one: one.number):
            findings += self._take_thoroughly(cell, sheet.name, typed)
        self._take_notes(sheet, typed)
        for address, rule in sheet.explanations.items():
            if address in typed and (text := str(typed[address].value).strip()):
                self.explanations[rule] = text
        return grouped(findings)

    def _take_figures(self, figures: Figures) -> None:
        """Take plain numbers, and what formulas show."""
        self.values[figures.numbers] = figures.values
        self.statuses[figures.numbers] = status_code(Status.VALUE)
        self.decimals[figures.numbers] = figures.decimals
        self.raws.update(zip(figures.numbers, figures.raws, strict=True))
        self.raws.update(figures.shown)
        self.are_texts[figures.shown_empty] = True

    def _take(self, cell: PlannedCell, content: CellContent) -> bool:
        """Take a formula of the form, or a number that reads as it stands; False for anything else."""
        number, place = cell.number, cell.place
        if content.formula:
            if place.role is not Role.FORMULA or _is_typed(content.formula):
                return False
            if content.value is not None:
                self.raws[number] = str(content.value)
                self.are_texts[number] = isinstance(content.value, str)
            return True
        plain = plain_number(content.value, place.kind, place.unit.unit, content.number_format, place.signed)
        if plain is None:
            return False
        self.values[number], self.raws[number], self.decimals[number] = plain
        self.statuses[number] = status_code(Status.VALUE)
        return True

    def _take_thoroughly(self, cell: PlannedCell, sheet: str, typed: Contents) -> list[Finding]:
        number, address = cell.number, cell.place.position.name.encode("ascii")
        content = typed[address]
        alike = (typed[other].value for other in cell.compared if other in typed)
        references = tuple(one for one in alike if isinstance(one, int | float) and not isinstance(one, bool))
        place = replace(cell.place, references=references) if references else cell.place
        if isinstance(content.value, str) and not content.formula and not place.kind.is_numeric:
            reading = _words(content.value, place.kind, place.choices)
        else:
            reading = read_cell(place, content)
        is_number = reading.value is not None and reading.status != Status.UNREADABLE
        self.values[number] = reading.value if is_number else np.nan
        self.qualifiers[number] = reading.qualifier
        self.texts[number] = reading.text
        self.statuses[number] = status_code(reading.status)
        self.raws[number] = reading.raw
        self.decimals[number] = printed_decimals(content, reading)
        self.are_texts[number] = isinstance(content.value, str)
        return [finding_of(place, note, self.file, sheet) for note in reading.notes]

    def _take_notes(self, sheet: SheetPlan, typed: Contents) -> None:
        for address, (number, _) in sheet.notes.items():
            text = str(typed[address].value).strip() if address in typed else ""
            if text:
                self.texts[number] = self.raws[number] = text
                self.statuses[number] = status_code(Status.VALUE)
                self.are_texts[number] = True

    def _cells(self) -> Cells:
        written = sorted(place for place, raw in self.raws.items() if raw)
        return Cells(
            self.plan.frame,
            self.facts.unit or self.facts.unit_name,
            self.plan.period.code,
            self.file,
            values=self.values,
            statuses=self.statuses,
            decimals=self.decimals,
            are_texts=self.are_texts,
            are_live=np.zeros(len(self.plan.frame), dtype=bool),
            raw_places=np.array(written, dtype=np.int32),
            raws=json.dumps(list(map(self.raws.__getitem__, written))),
            qualifiers={place: one for place, one in self.qualifiers.items() if one},
            texts={place: one for place, one in self.texts.items() if one},
        )

    def returned(self, findings: Sequence[Finding]) -> Return:
        """The return; its books balance."""
        ordered = tuple(in_reading_order(findings))
        notable = any(finding.severity is not Severity.INFO for finding in ordered)
        cells = self._cells()
        owed = ~cells.frame.are_optional
        expected, refused, blank = (
            int(np.count_nonzero(chosen & owed)) for chosen in (owed, cells.are_refused, cells.are_blank)
        )
        return Return(
            file=self.file,
            status=ACCEPTED_WITH_FINDINGS if notable else ACCEPTED,
            unit=self.facts.unit,
            unit_name=self.facts.unit_name,
            period=self.plan.period.code,
            fields=self.plan.fields,
            expected=expected,
            taken=expected - refused - blank,
            blank=blank,
            refused=refused,
            missing=0,
            cells=cells,
            findings=ordered,
            support={},
            explanations=self.explanations,
        )
