"""Reads a returned form: whose it is, every cell it owes, and a finding for whatever had to be bridged.

Identity first, then codes, labels and headings. The file is never modified, its formulas are never believed.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from workbook_tools.annotation import ANNOTATION_MARK
from workbook_tools.bystanders import BLANK_FORM, is_blank_form, list_of_ours, passed_by
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName, Position
from workbook_tools.errors import WorkbookReadError
from workbook_tools.excel_reading import read_workbook
from workbook_tools.explanations import read_explanations
from workbook_tools.fast_reading import learn, read_by_plans
from workbook_tools.field_reading import FieldReading, read_field
from workbook_tools.findings import Finding, Severity, in_reading_order
from workbook_tools.form_layout import FormLayout, PlacedField, layout_of
from workbook_tools.indicators import Indicator, Role
from workbook_tools.observations import ACCEPTED, ACCEPTED_WITH_FINDINGS, REFUSED, Return
from workbook_tools.period_search import search_period
from workbook_tools.plain_sheets import read_plain
from workbook_tools.read_cells import ReadCell
from workbook_tools.readings import Status
from workbook_tools.return_identity import facts_of, is_template_copy
from workbook_tools.sheet_survey import Survey, level_of_rows
from workbook_tools.sheet_texts import SheetTexts
from workbook_tools.source_rows import units_behind
from workbook_tools.workbook_contents import WorkbookContent

EXPLAINING = frozenset({"file.letters_lost", "structure.maybe_legacy_font", "file.macros"})
"""What is told of opening a file that holds no form: why its labels are not known, and what it carries."""

PREFILLED = ("prior", "plan")
"""Measures that stand in a form before anybody has filled it."""


def read_return(path: Path, catalogue: Catalogue) -> Return:
    """A return from a file; a file that cannot be read comes back refused, with the finding that says why.

    Like :func:`read_thoroughly`, faster for a form like others before.
    """
    sheets = read_plain(path)
    if sheets is None:
        return read_thoroughly(path, catalogue)
    returned = read_by_plans(sheets, catalogue, path.name)
    if returned is None:
        with _uncollected():
            returned = _read_thoroughly(path, catalogue)
        learn(sheets, returned, catalogue)
    return _unless_blank(returned)


def read_thoroughly(path: Path, catalogue: Catalogue) -> Return:
    """A return from a file, whatever was done to the form."""
    with _uncollected():
        return _unless_blank(_read_thoroughly(path, catalogue))


def _unless_blank(returned: Return) -> Return:
    """The return; a form that says nothing is passed by."""
    if is_blank_form(returned):
        return _refused(returned.file, passed_by(returned.file, BLANK_FORM))
    return returned


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's search for circular garbage: a file makes masses of small objects that stay, each looked at
    again and again, and next to nothing circular."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read_thoroughly(path: Path, catalogue: Catalogue) -> Return:
    try:
        workbook = read_workbook(path)
    except WorkbookReadError as error:
        return _refused(path.name, Finding(error.code, file=path.name, details={"file": path.name, **error.details}))
    reader = _Reader(_without_annotation(workbook), catalogue)
    reader.read()
    if not reader.fields and not reader.asked:
        if own := list_of_ours(workbook):
            return _refused(path.name, passed_by(path.name, own))
        refusal = Finding("file.no_form", file=path.name, details={"file": path.name})
        return _refused(path.name, refusal, *(one for one in _findings_of_opening(workbook) if one.code in EXPLAINING))
    return reader.result()


def _without_annotation(workbook: WorkbookContent) -> WorkbookContent:
    """The workbook as its sender filled it: the sheet of findings in an annotated copy says nothing of its own."""
    own = {sheet.name for sheet in workbook.sheets if sheet.text(1, 1) == ANNOTATION_MARK}
    if not own:
        return workbook
    sheets = tuple(sheet for sheet in workbook.sheets if sheet.name not in own)
    notes = tuple(note for note in workbook.notes if note.details.get("sheet") not in own)
    return replace(workbook, sheets=sheets, notes=notes)


def _findings_of_opening(workbook: WorkbookContent) -> Iterator[Finding]:
    for note in workbook.notes:
        sheet, cell = (str(note.details.get(key, "")) for key in ("sheet", "cell"))
        details = {"file": workbook.name, **note.details}
        yield Finding(note.code, file=workbook.name, sheet=sheet, cell=cell, details=details)


def _refused(file: str, *findings: Finding) -> Return:
    return Return(file, REFUSED, "", "", "", (), 0, 0, 0, 0, 0, (), findings, {})


@dataclass
class _Reader:
    """Collects the fields of one return."""

    workbook: WorkbookContent
    catalogue: Catalogue
    cells: list[ReadCell] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Fields of which it is not known which sheet counts."""

    missing: int = 0
    taken: list[FieldReading] = field(default_factory=list)

    def read(self) -> None:
        """Read every field of the form; one that the form should have and has not is missing."""
        self.findings += _findings_of_opening(self.workbook)
        self.survey = Survey(self.workbook, self.catalogue)
        self.facts = facts_of(self.workbook, self.catalogue, self.findings, self.survey.sheets)
        self._find_period()
        layout = layout_of(self.catalogue, self._level())
        for placed in layout.fields:
            self._read_field(placed, layout)
        self._look_for_lost_rows()

    def _find_period(self) -> None:
        if self.facts.period is None:
            file = self.workbook.name
            found = search_period(self.survey.sheets, self.catalogue, file)
            self.facts.period = found[0] if found else None
            self.findings.append(found[1] if found else Finding("period.missing", file=file, details={"file": file}))

    def _level(self) -> str:
        """The level whose rows the form has: as its identity says, else as its rows do."""
        usual = self.catalogue.settings.get("level", "")
        if self.facts.level or is_template_copy(self.workbook):
            return self.facts.level or usual
        level = level_of_rows(self.survey)
        if level:
            details = {"level": level}
            self.findings.append(Finding("structure.level_by_rows", file=self.workbook.name, details=details))
        return level or usual

    def _candidates(self, placed: PlacedField) -> Iterator[tuple[str, list[SheetTexts]]]:
        """Sheets that may be those of a field, the surest kind first, each kind with the finding that tells it."""
        own = (self.facts.sheets or {}).get(placed.field.code, placed.sheet)
        coded = self.survey.coded(placed.field.code)
        yield "", coded
        yield "structure.sheet_by_name", self.survey.named((placed.sheet, own))
        yield "structure.sheet_by_name", self.survey.titled(placed)
        if not coded:
            yield "structure.sheet_by_labels", self.survey.labelled(placed)

    def _read_field(self, placed: PlacedField, layout: FormLayout) -> None:
        file = self.workbook.name
        best: list[FieldReading] = []
        told = ""
        for code, sheets in self._candidates(placed):
            readings = [read_field(sheet, placed, layout, self.facts, file) for sheet in sheets]
            filled = [one for one in readings if one.said]
            found = [one for one in readings if one.cells] if code == "structure.sheet_by_labels" else readings
            if filled or (found and not best):
                best, told = found, code
            if filled:
                break
        if not best:
            self._miss(placed, layout)
            return
        telling = _telling([one for one in best if one.said] or best)
        if len(telling) > 1:
            self._ask(placed, telling)
            return
        self._take(placed, telling[0], told)
        copies = [one.sheet.content.name for one in best if one is not telling[0]]
        if copies:
            self._tell("structure.sheet_copied", telling[0].sheet.content.name, placed, ", ".join(copies))

    def _take(self, placed: PlacedField, one: FieldReading, told: str) -> None:
        name = one.sheet.content.name
        if told or name != placed.sheet:
            self._tell(told or "structure.sheet_renamed", name, placed)
        self.fields.append(placed.field.code)
        self.taken.append(one)
        self.cells += one.cells
        self.findings += one.findings
        self.missing += one.missing

    def _look_for_lost_rows(self) -> None:
        """Rows that stand on the sheet of another field, as another version of the template may have them."""
        for own in self.taken:
            for indicator in own.lost:
                for other in self.taken:
                    places = other.sheet.by_code.get(indicator.code, ()) if other is not own else ()
                    for place in places:
                        self._tell_lost_row(indicator, own, other, place)

    def _tell_lost_row(self, indicator: Indicator, own: FieldReading, other: FieldReading, place: Position) -> None:
        values = [cell.value for cell in other.sheet.rows[place.row].values()]
        if any(isinstance(value, int | float) for value in values):
            sheet, expected = other.sheet.content.name, own.sheet.content.name
            details = {"label": indicator.label, "sheet": sheet, "cell": place.name, "expected": expected}
            self.findings.append(
                Finding(
                    "structure.row_elsewhere",
                    file=self.workbook.name,
                    sheet=sheet,
                    cell=place.name,
                    indicator=indicator.code,
                    details=details,
                )
            )

    def _miss(self, placed: PlacedField, layout: FormLayout) -> None:
        """A form may cover only some fields; its identity names them. Without identity every field is expected."""
        if self.facts.sheets is not None and placed.field.code not in self.facts.sheets:
            return
        self.missing += sum(slot.role is not Role.CLOSED for slot in layout.slots_of(placed))
        self._tell("structure.sheet_missing", placed.sheet, placed)

    def _ask(self, placed: PlacedField, readings: Sequence[FieldReading]) -> None:
        """Several filled sheets that differ: nothing is taken of what any of them says."""
        names = ", ".join(one.sheet.content.name for one in readings)
        self._tell("structure.sheet_twice", readings[0].sheet.content.name, placed, names)
        self.asked.append(placed.field.code)
        union: dict[FigureName, ReadCell] = {}
        for one in readings:
            for cell in one.cells:
                if cell.name not in union or union[cell.name].observation.status == Status.MISSING:
                    union[cell.name] = cell
        self.cells += (_withheld(cell) for cell in union.values() if cell.role is not Role.CLOSED)
        self.missing += readings[0].missing

    def _tell(self, code: str, sheet: str, placed: PlacedField, names: str = "") -> None:
        details = {"sheet": sheet, "expected": placed.sheet, "names": names}
        self.findings.append(Finding(code, file=self.workbook.name, sheet=sheet, details=details))

    def result(self) -> Return:
        """The return; its books balance."""
        ordered = tuple(in_reading_order(self.findings))
        owed = [cell for cell in self.cells if cell.role is not Role.CLOSED]
        refused = sum(cell.observation.status == Status.UNREADABLE for cell in owed)
        blank = sum(cell.observation.status == Status.MISSING for cell in owed)
        notable = any(finding.severity is not Severity.INFO for finding in ordered)
        return Return(
            file=self.workbook.name,
            status=ACCEPTED_WITH_FINDINGS if notable else ACCEPTED,
            unit=self.facts.unit,
            unit_name=self.facts.unit_name,
            period=self.facts.period.code if self.facts.period else "",
            fields=tuple(self.fields),
            expected=len(owed) + self.missing,
            taken=len(owed) - refused - blank,
            blank=blank,
            refused=refused,
            missing=self.missing,
            cells=tuple(self.cells),
            findings=ordered,
            support=self.facts.support or {},
            made_of=units_behind(self.workbook),
            explanations=read_explanations(self.workbook),
        )


def _withheld(cell: ReadCell) -> ReadCell:
    if cell.observation.status == Status.MISSING:
        return cell
    status = str(Status.UNREADABLE)
    return replace(cell, observation=cell.observation._replace(value=None, qualifier="", text="", status=status))


def _telling(readings: list[FieldReading]) -> list[FieldReading]:
    """The readings that say different things; one that only says what its form held when blank says nothing."""
    said = [one.said for one in readings]
    telling: list[FieldReading] = []
    for number, one in enumerate(readings):
        others = [other for position, other in enumerate(said) if position != number]
        if any(said[number] == other for other in said[:number]):
            continue
        if any(_is_blank_copy(said[number], other) for other in others):
            continue
        telling.append(one)
    return telling


def _is_blank_copy(one: dict[FigureName, tuple[object, ...]], other: dict[FigureName, tuple[object, ...]]) -> bool:
    prefilled = all(not name.item and name.measure in PREFILLED for name in one)
    return prefilled and one.items() < other.items()
