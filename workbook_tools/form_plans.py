"""What a form that came back holds besides its figures, learned from one return and compared with the next.

The returns of one sending are alike but for what was typed. So the first is read thoroughly. If nothing had to be
bridged in it, its texts, formulas and areas are what the others must have, cell by cell, to be read by their places.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property

from workbook_tools.annotation import ANNOTATION_MARK
from workbook_tools.catalogue import Catalogue
from workbook_tools.cell_reading import Place
from workbook_tools.cells import FigureName, Position, column_letters, parse_position
from workbook_tools.explanations import column_of_explanations, is_checks
from workbook_tools.field_reading import COMPARABLE, DIFFERENCES, item_label
from workbook_tools.findings import Finding
from workbook_tools.form_layout import (
    CODE_COLUMN,
    COVER_SHEET,
    FIRST_COLUMN,
    IDENTITY_SHEET,
    FormLayout,
    PlacedBlock,
    PlacedField,
    PlacedRow,
    layout_of,
)
from workbook_tools.heading_meanings import RATIOS
from workbook_tools.indicators import Indicator, Kind, ListBlock, Role
from workbook_tools.known_sheets import KnownSheet
from workbook_tools.observations import REFUSED, Return
from workbook_tools.periods import Period
from workbook_tools.plain_sheets import Frame, NotPlainError, PlainBook, PlainSheet
from workbook_tools.planned_cells import Contents, Figures, Found, PlannedCell
from workbook_tools.read_cells import CellFrame
from workbook_tools.return_identity import Facts, facts_of
from workbook_tools.sheet_areas import Area
from workbook_tools.sheet_survey import Survey
from workbook_tools.sheet_texts import SheetTexts
from workbook_tools.telling_texts import Telling, TellingTexts, telling_texts
from workbook_tools.text import accentless_key, matching_key
from workbook_tools.unit_column import StatedUnit
from workbook_tools.workbook_contents import CellContent, Scalar, WorkbookContent

MOST_KNOWN = 3
"""Programs that write a sheet each in its own way, and versions of them."""

MOST_COVERED = 50_000
"""Merged cells of one sheet; those of a form are a hundredth of it."""

_NAMES_OF_UNIT = ("unit", "unit_name")
"""What the identity says of the unit: the rest of it is the same in all forms of one sending."""


@dataclass(frozen=True)
class SheetPlan:
    """What a sheet must hold, and in which of its cells anything may stand."""

    name: str
    field: str
    frame: Frame
    texts: Mapping[bytes, str]
    values: Mapping[bytes, Scalar]
    formulas: frozenset[bytes]
    owed: Mapping[bytes, PlannedCell]
    notes: Mapping[bytes, tuple[int, str]]
    """By address: the number of the cell of a note, and its indicator."""

    explanations: Mapping[bytes, str]
    free: frozenset[bytes]
    """Names of the unit and entries of the cover."""

    rows: frozenset[int]
    known: list[KnownSheet]
    """How programs write the sheet."""

    label_column: int = 0
    room: int = 0
    """How many labels of the template may be typed into other columns without making the sheet one of other fields."""

    def read(self, book: PlainBook, number: int) -> Found | None:
        """What stands in the open cells of a sheet, and in others that are no texts.

        None unless all cells that are not open hold what they must. Raises NotPlainError.
        """
        data = book.written[number].data
        for known in self.known:
            found = known.read(data, book.shared, book.styles, self.texts)
            if found is not None:
                return found
        sheet = book.sheet(number)
        typed = self.typed(sheet)
        if typed is None:
            return None
        with suppress(NotPlainError):
            known = KnownSheet(data, self.open_cells, self.owed, book.shared, book.styles)
            self.known[:] = [known, *self.known][:MOST_KNOWN]
        return Found(Figures(), typed, sheet.cells)

    @cached_property
    def open_cells(self) -> Mapping[bytes, object]:
        """Where anything may stand."""
        return {**self.owed, **self.notes, **self.explanations, **dict.fromkeys(self.free)}

    def typed(self, sheet: PlainSheet) -> Contents | None:
        """What stands in the open cells of a sheet; None unless all others hold what they must."""
        if not self._has_frame(sheet.frame):
            return None
        new = [address for address in sheet.texts if address not in self.texts]
        if len(sheet.texts) - len(new) != len(self.texts) or not self.texts.items() <= sheet.texts.items():
            return None
        typed = {address: sheet.content(address) for address in new if self._is_open(address)}
        left = len(self.values) + len(self.formulas)
        for address, content in sheet.cells.items():
            if self._is_open(address):
                typed[address] = content
            elif self._is_fixed(address, content):
                left -= 1
            else:
                return None
        return None if left or not all(map(self._is_open, new)) else typed

    def is_told_otherwise(self, typed: Mapping[bytes, CellContent], telling: Mapping[str, Telling]) -> bool:
        """Whether anything typed could be taken for a part of the form."""
        told = [(address, telling[text]) for address, one in typed.items() if isinstance(text := one.value, str)]
        telltale = [(address, what) for address, what in told if what]
        in_label_column = (address.startswith(column_letters(self.label_column).encode()) for address, _ in telltale)
        return len(telltale) > self.room or any(what is Telling.MARK for _, what in telltale) or any(in_label_column)

    def _has_frame(self, frame: Frame) -> bool:
        same = (frame.areas, frame.hidden_columns) == (self.frame.areas, self.frame.hidden_columns)
        return same and self.rows.isdisjoint(frame.hidden_rows)

    def _is_open(self, address: bytes) -> bool:
        return address in self.owed or address in self.notes or address in self.explanations or address in self.free

    def _is_fixed(self, address: bytes, content: CellContent) -> bool:
        """Whether a cell that is no text holds what it must."""
        if content.formula:
            return address in self.formulas
        value = self.values.get(address)
        return value is not None and type(value) is type(content.value) and value == content.value


@dataclass
class _PlannedCells:
    """The cells of a form, numbered in reading order."""

    rows: list[tuple[str, str, str, str, str, str, Role, bool]] = field(default_factory=list)

    def add(self, field_code: str, sheet: str, name: FigureName, position: Position, role: Role) -> int:
        """Add a cell, and give its number; one that is no part of the form's figures is there only if filled."""
        where = (sheet, position.name, role, role is Role.CLOSED)
        self.rows.append((field_code, name.indicator, name.measure, name.item, *where))
        return len(self.rows) - 1

    def frame(self) -> CellFrame:
        """All of them."""
        return CellFrame.known(*zip(*self.rows, strict=True))


@dataclass(frozen=True)
class FormPlan:
    """All sheets of a form, and the cells it owes in their order."""

    period: Period
    level: str
    fields: tuple[str, ...]
    sheets: tuple[SheetPlan, ...]
    frame: CellFrame
    telling: TellingTexts


def facts_in(sheets: Sequence[PlainSheet], catalogue: Catalogue, file: str) -> tuple[Facts, list[Finding]]:
    """What identity and cover of a form say, and what there is to tell of that."""
    findings: list[Finding] = []
    contents = tuple(sheet.as_content() for sheet in sheets if sheet.name in (COVER_SHEET, IDENTITY_SHEET))
    return facts_of(WorkbookContent(file, contents), catalogue, findings), findings


def plan_of(sheets: Sequence[PlainSheet], returned: Return, catalogue: Catalogue) -> FormPlan | None:
    """The plan of the form that a return was read from; None if anything in it had to be bridged."""
    facts, told = facts_in(sheets, catalogue, returned.file)
    if facts.fingerprint != catalogue.fingerprint or not facts.period or not facts.level:
        return None
    bridged = (one for one in returned.findings if not one.code.startswith("value.") and one not in told)
    if returned.status == REFUSED or returned.missing or returned.support or returned.made_of or any(bridged):
        return None
    layout = layout_of(catalogue, facts.level)
    placed = {one.sheet: one for one in layout.fields if one.field.code in returned.fields}
    if not _are_plain(sheets, placed, catalogue):
        return None
    numbers = {sheet: _Numbered() for sheet in placed}
    columns = _PlannedCells()
    for one in placed.values():
        _add_cells(layout, one, numbers[one.sheet], columns)
    checks = next((sheet.name for sheet in sheets if is_checks(sheet.as_content())), "")
    nothing = _Numbered()
    plans = tuple(
        _sheet_plan(
            one,
            placed[one.name].field.code if one.name in placed else "",
            numbers.get(one.name, nothing),
            _explanations(one) if one.name == checks else {},
            _free_cells(one, catalogue, is_field=one.name in placed),
        )
        for one in sheets
    )
    survey = Survey(WorkbookContent("", ()), catalogue)
    plans = tuple(
        _with_room(plan, sheet, placed[plan.name], survey) if plan.name in placed else plan
        for plan, sheet in zip(plans, sheets, strict=True)
    )
    if any((plan.name in placed and plan.formulas) or _covers(plan) for plan in plans):
        return None
    return FormPlan(
        facts.period, facts.level, returned.fields, plans, columns.frame(), telling_texts(catalogue, facts.period)
    )


@dataclass
class _Numbered:
    """The open cells of a field sheet."""

    owed: dict[bytes, PlannedCell] = field(default_factory=dict)
    notes: dict[bytes, tuple[int, str]] = field(default_factory=dict)


def _are_plain(sheets: Sequence[PlainSheet], placed: Mapping[str, PlacedField], catalogue: Catalogue) -> bool:
    """Whether each field has its own sheet and no other sheet could be taken for it."""
    names = {sheet.name for sheet in sheets}
    marked = any(sheet.texts.get(b"A1") == ANNOTATION_MARK for sheet in sheets)
    if marked or not placed.keys() | {COVER_SHEET, IDENTITY_SHEET} <= names:
        return False
    others = tuple(sheet.as_content() for sheet in sheets if sheet.name not in placed)
    survey = Survey(WorkbookContent("", others), catalogue)
    return not any(survey.named((one.sheet,)) or survey.titled(one) for one in placed.values())


def _with_room(plan: SheetPlan, sheet: PlainSheet, placed: PlacedField, survey: Survey) -> SheetPlan:
    """The plan of a field sheet with the column of its labels, and room for others elsewhere."""
    fixed = replace(sheet, texts=plan.texts, cells={}).as_content()
    texts = SheetTexts(fixed)
    labels = (one.label for one in placed.field.indicators)
    keys = {key(label) for label in labels for key in (matching_key, accentless_key)}
    columns = Counter(place.column for key in keys for place in texts.by_label.get(key, ()))
    (column, most), (_, others) = (*columns.most_common(2), (0, 0), (0, 0))[:2]
    room = survey.room_for_labels(texts, placed.field.code)
    return replace(plan, label_column=column, room=min(room, most - others - 1) if most else 0)


def _add_cells(layout: FormLayout, placed: PlacedField, own: _Numbered, columns: _PlannedCells) -> None:
    """Number the cells of a field on from those before, in reading order."""
    for block in placed.blocks:
        for row in block.rows:
            for place, compared in _places(layout, block, row):
                number = columns.add(placed.field.code, placed.sheet, place.name, place.position, place.role)
                own.owed[_address(place.position)] = PlannedCell(number, place, compared)
            if isinstance(row.content, Indicator) and "note" in block.columns:
                position = Position(row.row, block.columns["note"])
                name = FigureName(row.content.code, "note")
                number = columns.add(placed.field.code, placed.sheet, name, position, Role.CLOSED)
                own.notes[_address(position)] = (number, row.content.code)


def _places(layout: FormLayout, block: PlacedBlock, row: PlacedRow) -> Iterator[tuple[Place, tuple[bytes, ...]]]:
    if isinstance(row.content, Indicator):
        yield from _places_of_indicator(layout, block, row.row, row.content)
    elif isinstance(block.block, ListBlock):
        for column in block.block.columns:
            place = Place(
                name=FigureName(block.block.code, column.code, row.item),
                label=item_label(block.block, column, row.item),
                role=Role.INPUT,
                position=Position(row.row, block.columns[column.code]),
                kind=column.kind,
                unit=StatedUnit(column.unit),
                choices=column.choices,
                signed=column.minimum is not None and column.minimum < 0,
            )
            yield place, ()


def _places_of_indicator(
    layout: FormLayout, block: PlacedBlock, row: int, indicator: Indicator
) -> Iterator[tuple[Place, tuple[bytes, ...]]]:
    alike = sorted(column for measure, column in block.columns.items() if measure in COMPARABLE)
    compared = tuple(_address(Position(row, column)) for column in alike)
    for measure in indicator.cells:
        role = layout.role(indicator, measure)
        if measure not in block.columns or role is Role.CLOSED:
            continue
        ratio = measure in RATIOS
        place = Place(
            name=FigureName(indicator.code, measure),
            label=indicator.label,
            role=role,
            position=Position(row, block.columns[measure]),
            kind=Kind.PERCENT if ratio else indicator.kind,
            unit=StatedUnit("%" if ratio else indicator.unit),
            choices=indicator.choices,
            signed=measure in DIFFERENCES,
        )
        yield place, () if ratio or measure == "change" else compared


def _sheet_plan(
    sheet: PlainSheet, field_code: str, own: _Numbered, explanations: Mapping[bytes, str], free: frozenset[bytes]
) -> SheetPlan:
    is_open = {*own.owed, *own.notes, *explanations, *free}
    fixed = {address: content for address, content in sheet.cells.items() if address not in is_open}
    return SheetPlan(
        name=sheet.name,
        field=field_code,
        frame=sheet.frame,
        texts={address: text for address, text in sheet.texts.items() if address not in is_open},
        values={address: content.value for address, content in fixed.items() if not content.formula},
        formulas=frozenset(address for address, content in fixed.items() if content.formula),
        owed=own.owed,
        notes=own.notes,
        explanations=explanations,
        free=free,
        rows=frozenset(cell.place.position.row for cell in own.owed.values()),
        known=[],
    )


def _explanations(sheet: PlainSheet) -> dict[bytes, str]:
    """The rule of each cell for an explanation."""
    content = sheet.as_content()
    column = column_of_explanations(content)
    rules = ((row, content.text(row, CODE_COLUMN)) for row in range(1, content.last_row + 1)) if column else ()
    return {_address(Position(row, column)): rule for row, rule in rules if rule and not rule.startswith("#")}


def _free_cells(sheet: PlainSheet, catalogue: Catalogue, *, is_field: bool) -> frozenset[bytes]:
    """Where the names of the unit stand on a field sheet and in the identity, and the entries of the cover."""
    if is_field:
        return frozenset([_address(Position(1, FIRST_COLUMN))])
    labels = {
        COVER_SHEET: [label for _, label in catalogue.cover],
        IDENTITY_SHEET: _NAMES_OF_UNIT,
    }.get(sheet.name, ())
    places = [parse_position(address.decode()) for address, text in sheet.texts.items() if text in labels]
    return frozenset(_address(Position(place.row, place.column + 1)) for place in places)


def _covers(plan: SheetPlan) -> bool:
    """Whether something stands, or may, under merged cells, or in columns that nobody sees."""
    owed = (cell.place.position.column for cell in plan.owed.values())
    if not plan.frame.hidden_columns.isdisjoint(owed):
        return True
    filled = {*plan.texts, *plan.values, *plan.formulas, *plan.owed, *plan.notes, *plan.explanations, *plan.free}
    if sum(map(_size, plan.frame.areas)) > MOST_COVERED:
        return True
    return any(not filled.isdisjoint(_under(area)) for area in plan.frame.areas)


def _size(area: Area) -> int:
    return (area.last.row - area.first.row + 1) * (area.last.column - area.first.column + 1)


def _under(area: Area) -> Iterator[bytes]:
    (top, left), (bottom, right) = area
    places = (Position(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
    return (_address(place) for place in places if place != area.first)


def _address(position: Position) -> bytes:
    return position.name.encode("ascii")
