"""Reads a return that is alike but for its figures to one read before: by their places, and with the same result.

Whatever differs otherwise, if only by a word of a heading, is left to :mod:`workbook_tools.form_reading`.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import repeat
from pathlib import Path

from workbook_tools.catalogue import Catalogue
from workbook_tools.cell_reading import printed_decimals, read_cell
from workbook_tools.field_reading import finding_of
from workbook_tools.finding_groups import grouped
from workbook_tools.findings import Finding, Severity, in_reading_order
from workbook_tools.form_layout import COVER_SHEET
from workbook_tools.form_plans import FormPlan, PlannedCell, SheetPlan, facts_in, plan_of
from workbook_tools.indicators import Kind, Role
from workbook_tools.observations import ACCEPTED, ACCEPTED_WITH_FINDINGS, Observation, ReadCell, Return
from workbook_tools.plain_numbers import plain_number
from workbook_tools.plain_sheets import PlainSheet, read_plain
from workbook_tools.readings import Reading, Status
from workbook_tools.return_identity import Facts
from workbook_tools.typed_formulas import is_sum_of_numbers
from workbook_tools.values import read_value
from workbook_tools.workbook_contents import CellContent

MOST_PLANS = 8
"""Levels, periods, single fields, and what other programs make of them: so many kinds of forms are told apart."""

Typed = dict[bytes, CellContent]


def read_fast(path: Path, catalogue: Catalogue) -> Return | None:
    """The return in a file like one learned before, as a thorough reading gives it; None for any other."""
    sheets = read_plain(path)
    return None if sheets is None else read_by_plans(sheets, catalogue, path.name)


def read_by_plans(sheets: Sequence[PlainSheet], catalogue: Catalogue, file: str) -> Return | None:
    """The return in the sheets of a workbook, if a plan fits them."""
    plans = _plans(catalogue)
    for plan in plans:
        returned = _read(sheets, plan, catalogue, file)
        if returned is not None:
            return returned
    return None


def learn(sheets: Sequence[PlainSheet], returned: Return, catalogue: Catalogue) -> None:
    """Keep the plan of a form that was read thoroughly, unless reading by it does not give the same."""
    plan = plan_of(sheets, returned, catalogue)
    if plan is not None and _read(sheets, plan, catalogue, returned.file) == returned:
        plans = _plans(catalogue)
        plans[:] = [plan, *plans][:MOST_PLANS]


def _plans(catalogue: Catalogue) -> list[FormPlan]:
    plans: list[FormPlan] = catalogue.kept.setdefault(_plans, [])
    return plans


def _read(sheets: Sequence[PlainSheet], plan: FormPlan, catalogue: Catalogue, file: str) -> Return | None:
    if [sheet.name for sheet in sheets] != [planned.name for planned in plan.sheets]:
        return None
    typed: list[Typed] = []
    for sheet, planned in zip(sheets, plan.sheets, strict=True):
        found = planned.typed(sheet)
        if found is None or not _is_usual(planned, found):
            return None
        typed.append(found)
    telling = plan.telling.tell(_texts(sheets, typed))
    for sheet, planned, found in zip(sheets, plan.sheets, typed, strict=True):
        if planned.is_told_otherwise({**sheet.cells, **found}, telling):
            return None
    facts, findings = facts_in(sheets, catalogue, file)
    if facts.period != plan.period or facts.level != plan.level:
        return None
    reading = _Reading(plan, facts, file)
    for planned, found in zip(plan.sheets, typed, strict=True):
        findings += reading.read(planned, found)
    return reading.returned(findings)


def _is_usual(planned: SheetPlan, typed: Typed) -> bool:
    """Whether beside the figures there are but texts; on the cover anything may be typed."""
    others = (content for address, content in typed.items() if address not in planned.owed)
    is_cover = planned.name == COVER_SHEET
    return all(not content.formula and (is_cover or isinstance(content.value, str)) for content in others)


def _texts(sheets: Sequence[PlainSheet], typed: Sequence[Typed]) -> set[str]:
    """All texts that are not fixed: typed ones, and results of formulas."""
    contents = [*(sheet.cells for sheet in sheets), *typed]
    values = (content.value for cells in contents for content in cells.values())
    return {value for value in values if isinstance(value, str)}


@lru_cache(maxsize=20_000)
def _words(text: str, kind: Kind, choices: tuple[str, ...]) -> Reading:
    """What a text says where no number is asked for: there nothing else of its row matters."""
    return read_value(text, kind=kind, choices=choices)


_is_typed = lru_cache(maxsize=20_000)(is_sum_of_numbers)


def _read_cells(*columns: Iterable[object]) -> list[ReadCell]:
    """Cells from their columns; that no one of them is made by itself takes half the time for thousands."""
    cells: list[ReadCell] = []
    for name, column in zip(ReadCell.__slots__, columns, strict=True):
        values = list(column)
        cells = cells or [object.__new__(ReadCell) for _ in values]
        deque(map(getattr(ReadCell, name).__set__, cells, values), maxlen=0)
    return cells


@dataclass
class _Reading:
    """What the cells of one return say, column by column."""

    plan: FormPlan
    facts: Facts
    file: str

    def __post_init__(self) -> None:
        count = len(self.plan.columns.cells)
        self.values: list[float | None] = [None] * count
        self.qualifiers = [""] * count
        self.texts = [""] * count
        self.statuses = [str(Status.MISSING)] * count
        self.raws = [""] * count
        self.decimals = [0] * count
        self.are_texts = [False] * count
        self.notes: list[tuple[int, ReadCell]] = []
        self.explanations: dict[str, str] = {}

    def read(self, sheet: SheetPlan, typed: Typed) -> list[Finding]:
        """Take what was typed into a sheet; what is to be told about it."""
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
        self.statuses[number] = str(Status.VALUE)
        return True

    def _take_thoroughly(self, cell: PlannedCell, sheet: str, typed: Typed) -> list[Finding]:
        number, address = cell.number, cell.place.position.name.encode("ascii")
        content = typed[address]
        alike = (typed[other].value for other in cell.compared if other in typed)
        references = tuple(one for one in alike if isinstance(one, int | float) and not isinstance(one, bool))
        place = replace(cell.place, references=references) if references else cell.place
        if isinstance(content.value, str) and not content.formula and not place.kind.is_numeric:
            reading = _words(content.value, place.kind, place.choices)
        else:
            reading = read_cell(place, content)
        self.values[number] = reading.value if reading.status != Status.UNREADABLE else None
        self.qualifiers[number] = reading.qualifier
        self.texts[number] = reading.text
        self.statuses[number] = str(reading.status)
        self.raws[number] = reading.raw
        self.decimals[number] = printed_decimals(content, reading)
        self.are_texts[number] = isinstance(content.value, str)
        return [finding_of(place, note, self.file, sheet) for note in reading.notes]

    def _take_notes(self, sheet: SheetPlan, typed: Typed) -> None:
        for address, (before, indicator) in sheet.notes.items():
            text = str(typed[address].value).strip() if address in typed else ""
            if text:
                observation = Observation(
                    *self._of_return, sheet.field, indicator, "note", "", None, "", text,
                    str(Status.VALUE), text, self.file, sheet.name, address.decode("ascii"),
                )  # fmt: skip
                self.notes.append((before, ReadCell(observation, Role.CLOSED, is_text=True)))

    @property
    def _of_return(self) -> tuple[str, str]:
        return self.facts.unit or self.facts.unit_name, self.plan.period.code

    def _cells(self) -> list[ReadCell]:
        """All cells in reading order, the notes among them."""
        unit, period = self._of_return
        columns = self.plan.columns
        rows = zip(
            repeat(unit), repeat(period), columns.fields, columns.indicators, columns.measures, columns.items,
            self.values, self.qualifiers, self.texts, self.statuses, self.raws,
            repeat(self.file), columns.sheets, columns.cells,
            strict=False,
        )  # fmt: skip
        observations = list(map(Observation._make, rows))
        never_live = repeat(False, len(observations))
        cells = _read_cells(observations, columns.roles, self.decimals, self.are_texts, never_live)
        for before, note in reversed(self.notes):
            cells.insert(before, note)
        return cells

    def returned(self, findings: Sequence[Finding]) -> Return:
        """The return; its books balance."""
        ordered = tuple(in_reading_order(findings))
        notable = any(finding.severity is not Severity.INFO for finding in ordered)
        expected = len(self.statuses)
        refused, blank = (self.statuses.count(status) for status in (Status.UNREADABLE, Status.MISSING))
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
            cells=tuple(self._cells()),
            findings=ordered,
            support={},
            explanations=self.explanations,
        )
