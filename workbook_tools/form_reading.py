"""Reads a returned form: whose it is, every cell it owes, and a finding for whatever had to be bridged.

Identity first, then codes, labels and headings. The file is never modified, its formulas are never believed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.catalogue import Catalogue, Indicator, Kind, ListBlock, ListField, Role
from workbook_tools.cells import MEASURES, FigureName, Position
from workbook_tools.errors import WorkbookReadError
from workbook_tools.excel_reading import CellContent, SheetContent, WorkbookContent, read_workbook
from workbook_tools.findings import Finding, Severity, in_reading_order
from workbook_tools.form_layout import IDENTITY_SHEET, FormLayout, PlacedBlock, PlacedField, headings_of, lay_out
from workbook_tools.observations import (
    ACCEPTED,
    ACCEPTED_WITH_FINDINGS,
    REFUSED,
    Observation,
    ReadCell,
    Return,
    Support,
)
from workbook_tools.periods import Period, parse_period
from workbook_tools.readings import Note, Reading, Status
from workbook_tools.sheet_matching import CLOSED_MARK, MatchedSheet, details_of
from workbook_tools.text import matching_key
from workbook_tools.values import read_value


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


def read_return(path: Path, catalogue: Catalogue) -> Return:
    """A return from a file; a file that cannot be read comes back refused, with the finding that says why."""
    try:
        workbook = read_workbook(path)
    except WorkbookReadError as error:
        return _refused(path.name, Finding(error.code, file=path.name, details={"file": path.name, **error.details}))
    findings: list[Finding] = []
    facts = _facts(workbook, catalogue, findings)
    layout = lay_out(catalogue, level=facts.level or catalogue.settings.get("level", ""), items=_items(facts))
    sheets = dict(_match_sheets(workbook, layout, facts, findings))
    if not sheets:
        return _refused(path.name, Finding("file.no_form", file=path.name, details={"file": path.name}))
    if not facts.unit and not facts.unit_name:
        findings.append(Finding("unit.missing", file=path.name, details={"file": path.name}))
    if facts.period is None:
        findings.append(Finding("period.missing", file=path.name, details={"file": path.name}))
    reader = _Reader(facts, path.name, catalogue)
    for placed in layout.fields:
        if placed.field.code in sheets:
            reader.read_field(placed, layout, sheets[placed.field.code])
        elif _is_expected(placed, facts):
            reader.missing_field(placed, layout)
    return reader.result([*findings, *reader.findings], tuple(sheets))


def _refused(file: str, finding: Finding) -> Return:
    return Return(file, REFUSED, "", "", "", (), 0, 0, 0, 0, 0, (), (finding,), {})


def _is_expected(placed: PlacedField, facts: Facts) -> bool:
    """A form may cover only some fields; its identity names them. Without identity every field is expected."""
    return facts.sheets is None or placed.field.code in facts.sheets


def _items(facts: Facts) -> dict[str, list[str]]:
    """List rows of a consolidated return carry names; other returns have the rows of the template."""
    return {}


def _facts(workbook: WorkbookContent, catalogue: Catalogue, findings: list[Finding]) -> Facts:
    cover = _cover(workbook, catalogue)
    identity = workbook.sheet(IDENTITY_SHEET)
    if identity is None:
        facts = Facts()
        template = any(sheet.text(1, 1) == "#settings" for sheet in workbook.sheets)
        if not template:
            findings.append(Finding("structure.identity_missing", file=workbook.name))
    else:
        facts = _identity_facts(identity)
        if facts.fingerprint != catalogue.fingerprint:
            findings.append(Finding("structure.other_template", file=workbook.name))
    typed = cover.get("unit_code", "")
    if facts.unit and typed and typed.lstrip("0") != facts.unit.lstrip("0"):
        details = {"typed": typed, "known": facts.unit}
        findings.append(Finding("unit.cover_differs", file=workbook.name, value=typed, expected=facts.unit, details=details))
    facts.unit = facts.unit or typed
    facts.unit_name = facts.unit_name or cover.get("unit_name", "")
    facts.period = facts.period or parse_period(cover.get("period", ""))
    return facts


def _identity_facts(sheet: SheetContent) -> Facts:
    values: dict[str, str] = {}
    sheets: dict[str, str] = {}
    support: dict[FigureName, Support] = {}
    for row in range(1, sheet.last_row + 1):
        key = sheet.text(row, 1)
        if key == "field":
            sheets[sheet.text(row, 2)] = sheet.text(row, 3)
        elif key == "support":
            support[FigureName(sheet.text(row, 2), sheet.text(row, 3))] = _support(sheet, row)
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


def _support(sheet: SheetContent, row: int) -> Support:
    try:
        return Support(
            reported=int(sheet.text(row, 4)),
            expected=int(sheet.text(row, 5)),
            signature=int(sheet.text(row, 6), 16),
            weight=float(sheet.text(row, 7) or "nan"),
            stands=bool(sheet.text(row, 8)),
        )
    except ValueError:
        return Support(1, 1, 0, float("nan"), False)


def _cover(workbook: WorkbookContent, catalogue: Catalogue) -> dict[str, str]:
    """What is typed on the cover, by code, or by label where column A is gone."""
    labels = {matching_key(label): code for code, label in catalogue.cover}
    codes = {code for code, _ in catalogue.cover}
    for sheet in workbook.sheets:
        found: dict[str, str] = {}
        for position, cell in sheet.cells.items():
            text = str(cell.value).strip()
            code = text if text in codes else labels.get(matching_key(text), "")
            if code:
                offset = 3 if text in codes else 1
                found.setdefault(code, sheet.text(position.row, position.column + offset))
        if len(found) >= 3:
            return found
    return {}


def _match_sheets(
    workbook: WorkbookContent, layout: FormLayout, facts: Facts, findings: list[Finding]
) -> Iterator[tuple[str, SheetContent]]:
    """The sheet of each field: by its code, then the name the identity gives, then name or title."""
    for placed in layout.fields:
        names = {matching_key(placed.sheet), matching_key((facts.sheets or {}).get(placed.field.code, placed.sheet))}
        coded = [sheet for sheet in workbook.sheets if _field_code(sheet) == placed.field.code]
        named = [sheet for sheet in workbook.sheets if not _field_code(sheet) and matching_key(sheet.name) in names]
        candidates = coded or named or [s for s in workbook.sheets if not _field_code(s) and _has_title(s, placed)]
        if not coded and candidates and facts.sheets is not None:
            findings.append(_sheet_finding("structure.sheet_by_name", workbook, candidates[0], placed))
        if len(candidates) > 1:
            filled = [sheet for sheet in candidates if _typed_cells(sheet, placed)]
            contents = {tuple(_typed_cells(sheet, placed)) for sheet in filled}
            if len(contents) > 1:
                names_found = ", ".join(sheet.name for sheet in filled)
                findings.append(_sheet_finding("structure.sheet_twice", workbook, filled[0], placed, names_found))
                continue
            candidates = filled or candidates
        if candidates:
            if candidates[0].name != placed.sheet and coded:
                findings.append(_sheet_finding("structure.sheet_renamed", workbook, candidates[0], placed))
            yield placed.field.code, candidates[0]


def _sheet_finding(
    code: str, workbook: WorkbookContent, sheet: SheetContent, placed: PlacedField, names: str = ""
) -> Finding:
    details = {"sheet": sheet.name, "expected": placed.sheet, "names": names}
    return Finding(code, file=workbook.name, sheet=sheet.name, details=details)


def _field_code(sheet: SheetContent) -> str:
    for column in range(1, 4):
        text = sheet.text(1, column)
        if text.startswith("#field "):
            return text.removeprefix("#field ")
    return ""


def _has_title(sheet: SheetContent, placed: PlacedField) -> bool:
    title = matching_key(placed.field.title)
    return any(
        isinstance(cell.value, str) and position.row <= 5 and matching_key(cell.value) == title
        for position, cell in sheet.cells.items()
    )


def _typed_cells(sheet: SheetContent, placed: PlacedField) -> list[str]:
    """What was typed into a sheet: numbers past the number column, to tell a filled copy from a blank one."""
    return [
        f"{position.row},{position.column}={cell.value}"
        for position, cell in sorted(sheet.cells.items())
        if not cell.formula and isinstance(cell.value, int | float) and position.column > 2
    ]


class _Reader:
    """Collects the cells of one return."""

    def __init__(self, facts: Facts, file: str, catalogue: Catalogue) -> None:
        self.facts = facts
        self.file = file
        self.catalogue = catalogue
        self.cells: list[ReadCell] = []
        self.findings: list[Finding] = []
        self.missing = 0

    def result(self, findings: Iterable[Finding], fields: tuple[str, ...]) -> Return:
        ordered = tuple(in_reading_order(findings))
        slots = [cell for cell in self.cells if cell.role is not Role.CLOSED]
        refused = sum(cell.observation.status == Status.UNREADABLE for cell in slots)
        blank = sum(cell.observation.status == Status.MISSING for cell in slots)
        notable = [finding for finding in ordered if finding.severity is not Severity.INFO]
        return Return(
            file=self.file,
            status=ACCEPTED_WITH_FINDINGS if notable else ACCEPTED,
            unit=self.facts.unit,
            unit_name=self.facts.unit_name,
            period=self.facts.period.code if self.facts.period else "",
            fields=fields,
            expected=len(slots) + self.missing,
            taken=len(slots) - refused - blank,
            blank=blank,
            refused=refused,
            missing=self.missing,
            cells=tuple(self.cells),
            findings=ordered,
            support=self.facts.support or {},
        )

    def missing_field(self, placed: PlacedField, layout: FormLayout) -> None:
        self.missing += sum(slot.role is not Role.CLOSED for slot in layout.slots() if slot.sheet == placed.sheet)
        details = {"sheet": placed.sheet}
        self.findings.append(Finding("structure.sheet_missing", file=self.file, sheet=placed.sheet, details=details))

    def read_field(self, placed: PlacedField, layout: FormLayout, content: SheetContent) -> None:
        headings = headings_of(self.catalogue, self.facts.period)
        sheet = MatchedSheet(content, placed, self.catalogue, self.file, headings)
        for block in placed.blocks:
            if isinstance(block.block, ListBlock):
                self.read_list(sheet, block, block.block)
            else:
                for row in block.rows:
                    if isinstance(row.content, Indicator):
                        self.read_indicator(sheet, layout, row.content)
        for number in sheet.unknown_rows():
            label = sheet.content.text(number, sheet.label_column) if sheet.label_column else ""
            sheet.report("structure.unknown_row", number, sheet.label_column or 2, {"label": label})
        self.findings += sheet.findings

    def read_indicator(self, sheet: MatchedSheet, layout: FormLayout, indicator: Indicator) -> None:
        roles = {measure: layout.role(indicator, measure) for measure in indicator.cells}
        row = sheet.row_of(indicator)
        columns = sheet.columns_above(row, MEASURES) if row else {}
        references = [
            value
            for measure in ("prior", "plan", "actual", "next_plan")
            if measure in columns and isinstance(value := sheet.content.at(row, columns[measure]).value, int | float)
        ]
        lost = [measure for measure, role in roles.items() if role is not Role.CLOSED and measure not in columns]
        self.missing += len(lost)
        if row and lost:
            sheet.report("structure.column_missing", row, 1, {"measures": ", ".join(lost), **details_of(indicator)})
        for measure, role in roles.items():
            if measure in columns:
                position = Position(row, columns[measure])
                self.read_figure(sheet, indicator, measure, role, position, references)
        if row and "note" in columns and (note := sheet.content.text(row, columns["note"])):
            position = Position(row, columns["note"])
            self.keep(sheet, FigureName(indicator.code, "note"), Role.CLOSED, position, Reading(Status.VALUE, text=note, raw=note))

    def read_figure(
        self,
        sheet: MatchedSheet,
        indicator: Indicator,
        measure: str,
        role: Role,
        position: Position,
        references: list[int | float],
    ) -> None:
        content = sheet.content.at(*position)
        name = FigureName(indicator.code, measure)
        if role is Role.CLOSED:
            if not content.formula and content.value not in (None, "", CLOSED_MARK, "X"):
                details = {"raw": content.value, **details_of(indicator)}
                sheet.report("structure.closed_cell_filled", *position, details)
            return
        ratio = measure in ("plan_ratio", "growth")
        reading = self.reading(
            sheet,
            content,
            position,
            role,
            indicator.label,
            name,
            kind=Kind.PERCENT if ratio else indicator.kind,
            unit="%" if ratio else indicator.unit,
            references=[] if ratio or measure == "change" else references,
            choices=indicator.choices,
            signed=measure in ("growth", "change"),
        )
        self.keep(sheet, name, role, position, reading)

    def read_list(self, sheet: MatchedSheet, block: PlacedBlock, content: ListBlock) -> None:
        rows = sheet.item_rows(content)
        if not rows:
            self.missing += len(block.rows) * len(content.columns)
            sheet.report("structure.list_missing", 0, 0, {"block": content.title})
            return
        columns = sheet.columns_above(rows[0][1], [column.code for column in content.columns])
        for item, row in rows:
            for column in content.columns:
                if column.code in columns:
                    self.read_item(sheet, content, column, item, Position(row, columns[column.code]))
                else:
                    self.missing += 1

    def read_item(
        self, sheet: MatchedSheet, block: ListBlock, column: ListField, item: str, position: Position
    ) -> None:
        name = FigureName(block.code, column.code, item)
        label = f"{block.title}, dòng {item}, cột {column.heading.splitlines()[0]}"
        reading = self.reading(
            sheet,
            sheet.content.at(*position),
            position,
            Role.INPUT,
            label,
            name,
            kind=column.kind,
            unit=column.unit,
            references=[],
            choices=column.choices,
            signed=column.minimum is not None and column.minimum < 0,
        )
        self.keep(sheet, name, Role.INPUT, position, reading)

    def reading(
        self,
        sheet: MatchedSheet,
        content: CellContent,
        position: Position,
        role: Role,
        label: str,
        name: FigureName,
        *,
        kind: Kind,
        unit: str,
        references: list[int | float],
        choices: tuple[str, ...],
        signed: bool,
    ) -> Reading:
        """The reading of one cell, with its notes reported."""
        if content.formula:
            if role is Role.FORMULA:
                return Reading(Status.MISSING, raw="" if content.value is None else str(content.value))
            if not content.is_calculated:
                note = Note("value.formula_not_calculated", {"formula": content.formula})
                self.tell(sheet, position, name, label, [note])
                return Reading(Status.UNREADABLE, raw=content.formula)
            self.tell(sheet, position, name, label, [Note("value.formula_in_input", {"formula": content.formula})])
        reading = read_value(
            content.value,
            kind=kind,
            unit=unit,
            number_format=content.number_format,
            references=references,
            choices=choices,
            signed=signed,
        )
        self.tell(sheet, position, name, label, reading.notes)
        return reading

    def tell(
        self, sheet: MatchedSheet, position: Position, name: FigureName, label: str, notes: Iterable[Note]
    ) -> None:
        for note in notes:
            raw = note.details.get("raw")
            sheet.findings.append(
                Finding(
                    note.code,
                    file=self.file,
                    sheet=sheet.content.name,
                    cell=position.name,
                    indicator=name.indicator,
                    measure=name.measure,
                    value=raw if isinstance(raw, str) else None,
                    details={"label": label, **note.details},
                )
            )

    def keep(self, sheet: MatchedSheet, name: FigureName, role: Role, position: Position, reading: Reading) -> None:
        field = self.catalogue.field_of[name.indicator].code
        observation = Observation(
            unit=self.facts.unit or self.facts.unit_name,
            period=self.facts.period.code if self.facts.period else "",
            field=field,
            indicator=name.indicator,
            measure=name.measure,
            item=name.item,
            value=reading.value if reading.status != Status.UNREADABLE else None,
            qualifier=reading.qualifier,
            text=reading.text,
            status=str(reading.status),
            raw=reading.raw,
            file=self.file,
            sheet=sheet.content.name,
            cell=position.name,
        )
        content = sheet.content.at(*position)
        is_text = isinstance(content.value, str)
        self.cells.append(ReadCell(observation, role, _printed_decimals(content, reading), is_text))


def _printed_decimals(content: CellContent, reading: Reading) -> int:
    """Digits after the separator as typed: a number cell keeps no trailing zeros, whatever its format shows."""
    if isinstance(content.value, float) and reading.value is not None:
        digits = repr(reading.value)
        return len(digits.partition(".")[2]) if "e" not in digits and not reading.value.is_integer() else 0
    return 0 if isinstance(content.value, int) else reading.decimals
