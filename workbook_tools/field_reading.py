"""Reads one field sheet of a return: every cell it owes, and a finding for whatever had to be bridged."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName, Position
from workbook_tools.findings import Finding
from workbook_tools.form_layout import FormLayout, PlacedBlock, PlacedField, headings_of
from workbook_tools.indicators import Indicator, IndicatorBlock, Kind, ListBlock, ListField, Role
from workbook_tools.list_matching import ItemRow, match_list
from workbook_tools.observations import Observation, ReadCell
from workbook_tools.readings import Note, Reading, Status
from workbook_tools.return_identity import Facts
from workbook_tools.sheet_columns import INDICATORS, Head
from workbook_tools.sheet_matching import CLOSED_MARK, MatchedSheet, details_of
from workbook_tools.typed_formulas import is_sum_of_numbers, result_of
from workbook_tools.values import format_number, read_value
from workbook_tools.workbook_contents import CellContent, SheetContent

RATIOS = ("plan_ratio", "growth")
DIFFERENCES = ("change", "growth")


@dataclass
class FieldReading:
    """What a sheet says of its field: cells, findings, and how many cells of the form it lacks."""

    sheet: SheetContent
    cells: list[ReadCell] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    missing: int = 0

    @property
    def said(self) -> dict[FigureName, tuple[object, ...]]:
        """What was typed, by figure, wherever it stands."""
        filled = [cell for cell in self.cells if cell.observation.status != Status.MISSING]
        return {cell.name: (one.status, one.value, one.text, one.raw) for cell in filled if (one := cell.observation)}


@dataclass(frozen=True)
class _Place:
    """A cell with what its row says of it."""

    name: FigureName
    label: str
    role: Role
    position: Position
    kind: Kind
    unit: str
    choices: tuple[str, ...]
    signed: bool
    references: tuple[int | float, ...] = ()
    is_refused: bool = False


def read_field(content: SheetContent, placed: PlacedField, layout: FormLayout, facts: Facts, file: str) -> FieldReading:
    """All cells of one field, read from one sheet."""
    reader = _FieldReader(content, placed, layout, facts, file)
    for block in placed.blocks:
        if isinstance(block.block, IndicatorBlock):
            for row in block.rows:
                if isinstance(row.content, Indicator):
                    reader.read_indicator(row.content)
        else:
            reader.read_list(block, block.block)
    reader.report_unknown_rows()
    reader.result.findings += reader.sheet.findings
    return reader.result


class _FieldReader:
    """Collects the cells of one sheet."""

    def __init__(self, content: SheetContent, placed: PlacedField, layout: FormLayout, facts: Facts, file: str) -> None:
        self.catalogue: Catalogue = layout.catalogue
        self.layout = layout
        self.facts = facts
        self.file = file
        headings = headings_of(self.catalogue, facts.period)
        self.sheet = MatchedSheet(content, placed, self.catalogue, file, headings, facts.period)
        self.result = FieldReading(content)
        self.told_lost: set[tuple[int, str]] = set()

    def report_unknown_rows(self) -> None:
        """Findings about rows with figures that belong to nothing."""
        for row in self.sheet.unknown_rows():
            details = {"label": self.sheet.label(row)}
            self.sheet.report("structure.unknown_row", row, self.sheet.label_column or 1, details)

    def read_indicator(self, indicator: Indicator) -> None:
        """The cells of one indicator."""
        found = self.sheet.row_of(indicator)
        roles = {measure: self.layout.role(indicator, measure) for measure in indicator.cells}
        owed = [measure for measure, role in roles.items() if role is not Role.CLOSED]
        if not found.row:
            self.result.missing += len(owed)
            return
        head = self.sheet.columns.head(INDICATORS, found.row)
        self._lose([one for one in owed if one not in head.columns and one not in head.doubtful], head, found.row)
        values = (self.sheet.at(found.row, column).value for one, column in head.columns.items() if one in _COMPARABLE)
        references = tuple(one for one in values if isinstance(one, int | float) and not isinstance(one, bool))
        for measure, role in roles.items():
            column = head.columns.get(measure) or head.doubtful.get(measure, 0)
            if not column:
                continue
            ratio = measure in RATIOS
            place = _Place(
                name=FigureName(indicator.code, measure),
                label=indicator.label,
                role=role,
                position=Position(found.row, column),
                kind=Kind.PERCENT if ratio else indicator.kind,
                unit="%" if ratio else indicator.unit,
                choices=indicator.choices,
                signed=measure in DIFFERENCES,
                references=() if ratio or measure == "change" else references,
                is_refused=found.is_refused or measure in head.doubtful,
            )
            self._read(place) if role is not Role.CLOSED else self._look_into_closed(indicator, place)
        self._read_note(indicator, found.row, head)

    def _lose(self, lost: list[str], head: Head, row: int) -> None:
        """Cells whose columns are gone; each column is told of once."""
        self.result.missing += len(lost)
        untold = [measure for measure in lost if (head.last, measure) not in self.told_lost]
        self.told_lost.update((head.last, measure) for measure in untold)
        if untold:
            names = ", ".join(self.catalogue.headings.get(measure, measure) for measure in untold)
            self.sheet.report("structure.column_missing", row, self.sheet.label_column or 1, {"measures": names})

    def _look_into_closed(self, indicator: Indicator, place: _Place) -> None:
        content = self.sheet.at(*place.position)
        own = bool(content.formula) and indicator.rule(place.name.measure).role is Role.FORMULA
        if not own and content.value not in (None, "", CLOSED_MARK, CLOSED_MARK.upper()):
            details = {"raw": content.value, **details_of(indicator)}
            self.sheet.report("structure.closed_cell_filled", *place.position, details)

    def _read_note(self, indicator: Indicator, row: int, head: Head) -> None:
        note = self.sheet.content.text(row, head.columns["note"]) if "note" in head.columns else ""
        if note:
            self._keep(
                FigureName(indicator.code, "note"),
                Role.CLOSED,
                Position(row, head.columns["note"]),
                Reading(Status.VALUE, text=note, raw=note),
            )

    def read_list(self, block: PlacedBlock, content: ListBlock) -> None:
        """The cells of one list."""
        matched = match_list(self.sheet, block, content)
        if not matched.rows:
            self.result.missing += len(block.rows) * len(content.columns)
            self.sheet.report("structure.list_missing", 0, 0, {"block": content.title})
            return
        self.result.missing += matched.lost * len(content.columns)
        head = matched.head
        gone = [one for one in content.columns if one.code not in head.columns and one.code not in head.doubtful]
        self.result.missing += len(gone) * len(matched.rows)
        if gone:
            names = ", ".join(one.heading.splitlines()[0] for one in gone)
            self.sheet.report("structure.column_missing", matched.rows[0].row, 1, {"measures": names})
        for one in matched.rows:
            for column in content.columns:
                if column not in gone:
                    self._read_item(content, column, one, head)

    def _read_item(self, block: ListBlock, column: ListField, one: ItemRow, head: Head) -> None:
        self._read(
            _Place(
                name=FigureName(block.code, column.code, one.item),
                label=f"{block.title}, dòng {one.item}, cột {column.heading.splitlines()[0]}",
                role=Role.INPUT,
                position=Position(one.row, head.columns.get(column.code) or head.doubtful[column.code]),
                kind=column.kind,
                unit=column.unit,
                choices=column.choices,
                signed=column.minimum is not None and column.minimum < 0,
                is_refused=one.is_refused or column.code in head.doubtful,
            )
        )

    def _read(self, place: _Place) -> None:
        content = self.sheet.at(*place.position)
        reading = self._formula(place, content) if content.formula else self._typed(place, content)
        if place.is_refused and reading.status != Status.MISSING:
            reading = Reading(Status.UNREADABLE, raw=reading.raw)
        elif reading.notes:
            self._tell(place, reading.notes)
        self._keep(place.name, place.role, place.position, reading)

    def _formula(self, place: _Place, content: CellContent) -> Reading:
        """Formulas of the form are computed by us; what an official reckons in a cell counts as typed."""
        typed = is_sum_of_numbers(content.formula)
        if place.role is Role.FORMULA and not typed:
            return Reading(Status.MISSING, raw="" if content.value is None else str(content.value))
        formula = {"formula": content.formula}
        if content.is_calculated:
            reading = self._typed(place, content)
            return _noted(reading, Note("value.formula_in_input", formula))
        result = result_of(content.formula)
        if result is None:
            note = Note("value.formula_not_calculated", formula)
            return Reading(Status.UNREADABLE, raw=content.formula, notes=(note,))
        reading = self._typed(place, CellContent(result, number_format=content.number_format))
        return _noted(reading, Note("value.formula_reckoned", {**formula, "value": format_number(result)}))

    def _typed(self, place: _Place, content: CellContent) -> Reading:
        return read_value(
            content.value,
            kind=place.kind,
            unit=place.unit,
            number_format=content.number_format,
            references=place.references,
            choices=place.choices,
            signed=place.signed,
        )

    def _tell(self, place: _Place, notes: Iterable[Note]) -> None:
        for note in notes:
            raw = note.details.get("raw")
            self.sheet.findings.append(
                Finding(
                    note.code,
                    file=self.file,
                    sheet=self.sheet.content.name,
                    cell=place.position.name,
                    indicator=place.name.indicator,
                    measure=place.name.measure,
                    value=raw if isinstance(raw, str) else None,
                    details={"label": place.label, **note.details},
                )
            )

    def _keep(self, name: FigureName, role: Role, position: Position, reading: Reading) -> None:
        observation = Observation(
            unit=self.facts.unit or self.facts.unit_name,
            period=self.facts.period.code if self.facts.period else "",
            field=self.catalogue.field_of[name.indicator].code,
            indicator=name.indicator,
            measure=name.measure,
            item=name.item,
            value=reading.value if reading.status != Status.UNREADABLE else None,
            qualifier=reading.qualifier,
            text=reading.text,
            status=str(reading.status),
            raw=reading.raw,
            file=self.file,
            sheet=self.sheet.content.name,
            cell=position.name,
        )
        content = self.sheet.at(*position)
        is_text = isinstance(content.value, str)
        self.result.cells.append(ReadCell(observation, role, _printed_decimals(content, reading), is_text))


_COMPARABLE = ("prior", "plan", "actual", "next_plan")
"""Measures of one size: they tell 28,333 from 28.333."""


def _noted(reading: Reading, note: Note) -> Reading:
    return replace(reading, notes=(note, *reading.notes))


def _printed_decimals(content: CellContent, reading: Reading) -> int:
    """Digits after the separator as typed: a number cell keeps no trailing zeros, whatever its format shows."""
    if isinstance(content.value, float) and reading.value is not None:
        digits = repr(reading.value)
        return len(digits.partition(".")[2]) if "e" not in digits and not reading.value.is_integer() else 0
    return 0 if isinstance(content.value, int) else reading.decimals
