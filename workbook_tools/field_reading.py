"""Reads one field sheet of a return: every cell it owes, and a finding for whatever had to be bridged."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from workbook_tools.catalogue import Catalogue
from workbook_tools.cell_reading import Place, printed_decimals, read_cell
from workbook_tools.cells import FigureName, Position
from workbook_tools.finding_groups import LABELS_SHOWN, grouped
from workbook_tools.findings import Finding
from workbook_tools.form_layout import FormLayout, PlacedBlock, PlacedField, headings_of
from workbook_tools.heading_meanings import INDICATORS, RATIOS
from workbook_tools.indicators import Indicator, IndicatorBlock, Kind, ListBlock, ListField, Role
from workbook_tools.leftover_figures import report_leftovers
from workbook_tools.list_matching import ItemRow, match_list
from workbook_tools.numerals import format_brief
from workbook_tools.plain_numbers import plain_number
from workbook_tools.read_cells import Observation, ReadCell
from workbook_tools.readings import Note, Reading, Status
from workbook_tools.return_identity import Facts
from workbook_tools.sheet_areas import Area, FilledCells
from workbook_tools.sheet_columns import Head
from workbook_tools.sheet_matching import CLOSED_MARK, MatchedSheet, details_of
from workbook_tools.sheet_texts import SheetTexts, shown_rows
from workbook_tools.text import normalize_text
from workbook_tools.unit_column import StatedUnit, UnitColumn
from workbook_tools.workbook_contents import EMPTY, CellContent

DIFFERENCES = ("change", "growth")
COMPARABLE = ("prior", "plan", "actual", "next_plan")
"""Measures of one size: they tell 28,333 from 28.333."""


BLANK = Reading(Status.MISSING)
RATIO_UNIT = StatedUnit("%")


@dataclass
class FieldReading:
    """What a sheet says of its field: cells, findings, and how many cells of the form it lacks."""

    sheet: SheetTexts
    cells: list[ReadCell] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    missing: int = 0
    lost: list[Indicator] = field(default_factory=list)
    """Indicators whose row is not there."""

    @property
    def said(self) -> dict[FigureName, tuple[object, ...]]:
        """What was typed, by figure, wherever it stands."""
        filled = [cell for cell in self.cells if cell.observation.status != Status.MISSING]
        return {cell.name: (one.status, one.value, one.text, one.raw) for cell in filled if (one := cell.observation)}


def read_field(sheet: SheetTexts, placed: PlacedField, layout: FormLayout, facts: Facts, file: str) -> FieldReading:
    """All cells of one field, read from one sheet."""
    reader = _FieldReader(sheet, placed, layout, facts, file)
    for block in placed.blocks:
        if isinstance(block.block, IndicatorBlock):
            for row in block.rows:
                if isinstance(row.content, Indicator):
                    reader.read_indicator(row.content)
        else:
            reader.read_list(block, block.block)
    reader.report_lost_columns()
    reader.report_merged_inputs()
    report_leftovers(reader.sheet)
    reader.result.findings += grouped(reader.sheet.findings)
    return reader.result


class _FieldReader:
    """Collects the cells of one sheet."""

    def __init__(self, sheet: SheetTexts, placed: PlacedField, layout: FormLayout, facts: Facts, file: str) -> None:
        self.catalogue: Catalogue = layout.catalogue
        self.layout = layout
        self.facts = facts
        self.file = file
        headings = headings_of(self.catalogue, facts.period)
        self.sheet = MatchedSheet(sheet, placed, self.catalogue, file, headings, facts.period)
        self.units = UnitColumn(self.sheet)
        self.result = FieldReading(sheet)
        self.lost: dict[str, list[int]] = {}
        """Rows of indicators by the measure that has no column."""

        self.inputs: dict[Position, str] = {}
        """The cells to be filled, with their labels."""

        self.unit = facts.unit or facts.unit_name
        self.period = facts.period.code if facts.period else ""

    def read_indicator(self, indicator: Indicator) -> None:
        """The cells of one indicator."""
        found = self.sheet.row_of(indicator)
        roles = self.layout.roles(indicator)
        owed = [measure for measure, (role, _) in roles.items() if role is not Role.CLOSED]
        if not found.row:
            self.result.lost.append(indicator)
            self.result.missing += len(owed)
            return
        head = self.sheet.columns.head(INDICATORS, found.row)
        for measure in owed:
            if measure not in head.places:
                self.result.missing += 1
                self.lost.setdefault(measure, []).append(found.row)
        row = self.sheet.rows.get(found.row, {})
        values = (row.get(column, EMPTY).value for one, column in head.columns.items() if one in COMPARABLE)
        references = tuple(one for one in values if isinstance(one, int | float) and not isinstance(one, bool))
        unit = self.units.of_row(indicator, found.row, head)
        for measure, (role, name) in roles.items():
            if measure not in head.places:
                continue
            position = Position(found.row, head.places[measure])
            content = row.get(position.column, EMPTY)
            if role is Role.INPUT:
                self.inputs[position] = indicator.label
            if content is EMPTY:
                if role is not Role.CLOSED:
                    self._keep(name, role, position, BLANK, content)
                continue
            ratio = measure in RATIOS
            place = Place(
                name=name,
                label=indicator.label,
                role=role,
                position=position,
                kind=Kind.PERCENT if ratio else indicator.kind,
                unit=RATIO_UNIT if ratio else unit,
                choices=indicator.choices,
                signed=measure in DIFFERENCES,
                references=() if ratio or measure == "change" else references,
                is_refused=found.is_refused or measure in head.doubtful,
            )
            self._read(place, content) if role is not Role.CLOSED else self._look_into_closed(indicator, place)
        self._read_note(indicator, found.row, head)

    def report_lost_columns(self) -> None:
        """Columns of indicators that are gone, each told of once."""
        by_rows: dict[tuple[int, ...], list[str]] = {}
        for measure, rows in self.lost.items():
            firsts = {self.sheet.columns.head(INDICATORS, row).last: row for row in sorted(rows, reverse=True)}
            by_rows.setdefault(tuple(sorted(firsts.values())), []).append(measure)
        for rows_below, measures in by_rows.items():
            names = ", ".join(self.catalogue.headings.get(measure, measure) for measure in measures)
            details = {"measures": names, "rows": shown_rows(rows_below)}
            column = self.sheet.label_column or 1
            places = [Position(row, column) for row in rows_below]
            self.sheet.report("structure.column_missing", rows_below[0], column, details, places)

    def report_merged_inputs(self) -> None:
        """Cells to be filled that are merged with others: what stood in them is gone, for Excel keeps one of all."""
        inputs = FilledCells(self.inputs)
        for area in map(Area._make, self.sheet.content.merged):
            first = area.first
            covered = [*inputs.within(area)]
            raw = self.sheet.content.text(*first)
            if covered and raw:
                labels = ", ".join(dict.fromkeys(f"“{self.inputs[one]}”" for one in covered[:LABELS_SHOWN]))
                names = ", ".join(one.name for one in covered)
                facts = {"area": area.name, "cell": first.name, "raw": raw, "count": len(covered), "cells": names}
                facts["labels"] = labels + ", …" * (len(covered) > LABELS_SHOWN)
                self.sheet.report("structure.inputs_merged", *first, facts, covered)

    def _look_into_closed(self, indicator: Indicator, place: Place) -> None:
        content = self.sheet.at(*place.position)
        own = bool(content.formula) and indicator.rule(place.name.measure).role is Role.FORMULA
        if not own and content.value not in (None, "", CLOSED_MARK, CLOSED_MARK.upper()):
            raw = format_brief(content.value) if isinstance(content.value, float) else content.value
            details = {"raw": raw, **details_of(indicator)}
            self.sheet.report("structure.closed_cell_filled", *place.position, details)

    def _read_note(self, indicator: Indicator, row: int, head: Head) -> None:
        note = self.sheet.content.text(row, head.columns["note"]) if "note" in head.columns else ""
        if note:
            position = Position(row, head.columns["note"])
            reading = Reading(Status.VALUE, text=note, raw=note)
            self._keep(FigureName(indicator.code, "note"), Role.CLOSED, position, reading, self.sheet.at(*position))

    def read_list(self, block: PlacedBlock, content: ListBlock) -> None:
        """The cells of one list."""
        matched = match_list(self.sheet, block, content)
        if not matched.rows:
            self.result.missing += len(block.rows) * len(content.columns)
            self.sheet.report("structure.list_missing", 0, 0, {"block": content.title})
            return
        self.result.missing += matched.lost * len(content.columns)
        head = matched.head
        gone = [one for one in content.columns if one.code not in head.places]
        self.result.missing += len(gone) * len(matched.rows)
        if gone:
            names = ", ".join(_first_line(one.heading) for one in gone)
            details = {"measures": names, "rows": str(matched.rows[0].row)}
            self.sheet.report("structure.column_missing", matched.rows[0].row, 1, details)
        units = {one.code: self.units.of_column(content, one, head) for one in content.columns}
        there = [one for one in content.columns if one.code in head.places]
        for one in matched.rows:
            for column in there:
                self._read_item(content, column, one, head, units[column.code])

    def _read_item(self, block: ListBlock, column: ListField, one: ItemRow, head: Head, unit: StatedUnit) -> None:
        name = FigureName(block.code, column.code, one.item)
        position = Position(one.row, head.places[column.code])
        content = self.sheet.at(*position)
        label = self.inputs[position] = item_label(block, column, one.item)
        if content is EMPTY:
            self._keep(name, Role.INPUT, position, BLANK, content)
            return
        place = Place(
            name=name,
            label=label,
            role=Role.INPUT,
            position=position,
            kind=column.kind,
            unit=unit,
            choices=column.choices,
            signed=column.minimum is not None and column.minimum < 0,
            is_refused=one.is_refused or column.code in head.doubtful,
        )
        self._read(place, content)

    def _read(self, place: Place, content: CellContent) -> None:
        reading = _plain(place, content) or read_cell(place, content)
        self._tell(place, reading.notes)
        self._keep(place.name, place.role, place.position, reading, content)

    def _tell(self, place: Place, notes: Iterable[Note]) -> None:
        self.sheet.findings += (finding_of(place, note, self.file, self.sheet.content.name) for note in notes)

    def _keep(self, name: FigureName, role: Role, position: Position, reading: Reading, content: CellContent) -> None:
        observation = Observation(
            unit=self.unit,
            period=self.period,
            field=self.sheet.placed.field.code,
            indicator=name.indicator,
            measure=name.measure,
            item=name.item,
            value=reading.value if reading.status != Status.UNREADABLE else None,
            qualifier=reading.qualifier,
            text=reading.text,
            status=reading.status.value,
            raw=reading.raw,
            file=self.file,
            sheet=self.sheet.content.name,
            cell=position.name,
        )
        is_text = isinstance(content.value, str)
        self.result.cells.append(ReadCell(observation, role, printed_decimals(content, reading), is_text))


def _plain(place: Place, content: CellContent) -> Reading | None:
    """The reading of a number that reads as it stands; None for whatever else a cell may hold."""
    if content.formula or content.is_unseen or place.is_refused or place.unit.is_refused or place.unit.factor != 1:
        return None
    number = plain_number(content.value, place.kind, place.unit.unit, content.number_format, place.signed)
    return Reading(Status.VALUE, number[0], raw=number[1], decimals=number[2]) if number else None


def finding_of(place: Place, note: Note, file: str, sheet: str) -> Finding:
    """What is told of a cell as a finding."""
    raw = note.details.get("raw")
    return Finding(
        note.code,
        file=file,
        sheet=sheet,
        cell=place.position.name,
        indicator=place.name.indicator,
        measure=place.name.measure,
        value=raw if isinstance(raw, str) else None,
        details={"label": place.label, **note.details},
    )


def item_label(block: ListBlock, column: ListField, item: str) -> str:
    """How findings name a cell of a list."""
    return f"{block.title}, dòng {item}, cột {_first_line(column.heading)}"


@lru_cache(maxsize=1024)
def _first_line(heading: str) -> str:
    return normalize_text(heading.splitlines()[0])
