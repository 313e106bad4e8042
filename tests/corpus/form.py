"""A filled form (dữ liệu giả lập) with what it says, ready to be damaged."""

import io
import pickle
import random
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.forms import UNIT, Said, kind_of, said
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.figure_cube import CellFigure
from workbook_tools.form_layout import FormLayout, PlacedBlock, PlacedField, PlacedRow, Slot
from workbook_tools.form_reading import read_return
from workbook_tools.form_writing import write_form
from workbook_tools.indicators import Indicator, IndicatorBlock, Kind, ListBlock, Role

NAME = "kep.xlsx"
FEWEST_FILLED = 0.8
"""Share of the cells that are filled."""


@dataclass(frozen=True)
class Row:
    """A row of an indicator at its place."""

    sheet: str
    row: int
    indicator: Indicator
    block: PlacedBlock


@dataclass(frozen=True)
class Base:
    """An undamaged form: its bytes, where everything stands, what was typed, and what it says.

    ``template`` is the template it was made from.
    """

    catalogue: Catalogue
    layout: FormLayout
    template: Path
    typed: Mapping[FigureName, CellFigure]
    data: bytes
    said: Mapping[FigureName, Said]
    unit: str
    period: str

    @cached_property
    def _pickled(self) -> bytes:
        return pickle.dumps(openpyxl.load_workbook(io.BytesIO(self.data)))

    def workbook(self) -> Workbook:
        """The form as openpyxl loads it, anew each time; unpickling is ten times as quick as loading."""
        workbook: Workbook = pickle.loads(self._pickled)
        for sheet in workbook.worksheets:  # a pickle forgets how a missing row or column is made
            sheet.row_dimensions.default_factory = sheet._add_row  # type: ignore[attr-defined]
            sheet.column_dimensions.default_factory = sheet._add_column  # type: ignore[attr-defined]
        return workbook

    @classmethod
    def written(cls, template: Path, layout: FormLayout, typed: Mapping[FigureName, CellFigure]) -> "Base":
        """The form of the unit of the tests with these figures."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / NAME
            write_form(path, layout, UNIT, typed)
            returned = read_return(path, layout.catalogue)
            data = path.read_bytes()
        return cls(layout.catalogue, layout, template, typed, data, said(returned), returned.unit, returned.period)


@dataclass
class Form:
    """A form on which a damage works: ``workbook`` is edited, or ``data`` replaced, or ``package_edits`` are added."""

    base: Base
    data: bytes = b""
    name: str = NAME
    package_edits: list[Callable[[dict[str, bytes]], None]] = field(default_factory=list)
    """Done to the parts of the package after the workbook was saved."""

    @cached_property
    def workbook(self) -> Workbook:
        """The form, to be edited."""
        return self.base.workbook()

    def saved(self) -> bytes:
        """The bytes of the damaged file."""
        if self.data or self.name != NAME:
            return self.data
        buffer = io.BytesIO(self.base.data)
        if "workbook" in self.__dict__:
            self.workbook.save(buffer := io.BytesIO())
        if not self.package_edits:
            return buffer.getvalue()
        parts = parts_of(buffer.getvalue())
        for edit in self.package_edits:
            edit(parts)
        return packed(parts)

    @property
    def is_workbook(self) -> bool:
        """Whether the damaged file is the workbook as edited: nothing was done to its bytes."""
        return not self.data and self.name == NAME and not self.package_edits

    @property
    def fields(self) -> tuple[PlacedField, ...]:
        """The fields of the form."""
        return self.base.layout.fields

    @property
    def sheets(self) -> list[Worksheet]:
        """The field sheets."""
        return [self.workbook[one.sheet] for one in self.fields]

    def any_field(self, choose: random.Random) -> PlacedField:
        """A field of the form."""
        return choose.choice(self.fields)

    def rows(self, sheet: str = "") -> list[Row]:
        """The rows of all indicators that say something, of one sheet or of all."""
        filled = {name.indicator for name in self.base.said}
        return [
            Row(one.sheet, row.row, row.content, block)
            for one in self.fields
            for block in one.blocks
            for row in block.rows
            if isinstance(row.content, Indicator) and row.content.code in filled and sheet in ("", one.sheet)
        ]

    def row(self, choose: random.Random, where: Callable[[Row], bool] = lambda _: True) -> Row:
        """A row of an indicator that says something."""
        return choose.choice([row for row in self.rows() if where(row)])

    def said_of(self, *indicators: str) -> dict[FigureName, Said]:
        """What the undamaged form says of some indicators or lists."""
        return {name: one for name, one in self.base.said.items() if name.indicator in indicators}

    def said_in(self, sheet: str) -> dict[FigureName, Said]:
        """What the undamaged form says in one sheet."""
        own = {one.field.code for one in self.fields if one.sheet == sheet}
        return {
            name: one
            for name, one in self.base.said.items()
            if self.base.catalogue.field_of[name.indicator].code in own
        }

    def slots(self) -> Iterator[Slot]:
        """The filled input cells."""
        return (slot for slot in self.base.layout.slots() if slot.role is Role.INPUT and slot.name in self.base.said)

    def slot(self, choose: random.Random, *kinds: Kind, where: Callable[[Slot], bool] = lambda _: True) -> Slot:
        """A filled input cell of an indicator, of one of these kinds."""
        return choose.choice(
            [
                slot
                for slot in self.slots()
                if not slot.name.item and (not kinds or kind_of(slot) in kinds) and where(slot)
            ]
        )

    def at(self, slot: Slot) -> tuple[str, str]:
        """Sheet and cell of a slot."""
        return slot.sheet, slot.position.name

    def put(self, slot: Slot, value: object, number_format: str = "") -> tuple[str, str]:
        """Type something into a cell; a string stays text, a formula is one that starts with ``=``."""
        cell = self.workbook[slot.sheet][slot.position.name]
        cell.value = value
        if number_format:
            cell.number_format = number_format
        return self.at(slot)

    def list_rows(self) -> list[tuple[str, PlacedBlock, ListBlock, PlacedRow]]:
        """The filled rows of lists."""
        filled = {(name.indicator, name.item) for name in self.base.said if name.item}
        return [
            (one.sheet, block, block.block, row)
            for one in self.fields
            for block in one.blocks
            if isinstance(block.block, ListBlock)
            for row in block.rows
            if (block.block.code, row.item) in filled
        ]

    def indicator_blocks(self, placed: PlacedField) -> list[PlacedBlock]:
        """The indicator blocks of a field."""
        return [block for block in placed.blocks if isinstance(block.block, IndicatorBlock)]


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A package of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return buffer.getvalue()


def synthetic_values(layout: FormLayout, choose: random.Random) -> dict[FigureName, CellFigure]:
    """Figures for most cells of a form (dữ liệu giả lập), no number twice, so that each can be followed."""
    numbers: set[float] = set()
    values: dict[FigureName, CellFigure] = {}
    items: dict[tuple[str, str], bool] = {}
    for slot in layout.slots():
        if slot.role is not Role.INPUT:
            continue
        name = slot.name
        chance = FEWEST_FILLED if not name.item else 1.0
        if name.item and not items.setdefault((name.indicator, name.item), int(name.item) <= 3):
            continue
        if choose.random() < chance:
            values[name] = _content(slot, choose, numbers)
    return values


def _content(slot: Slot, choose: random.Random, numbers: set[float]) -> CellFigure:
    kind = kind_of(slot)
    if kind.is_numeric:
        return _new_number(slot, kind, choose, numbers)
    if kind is Kind.CHOICE:
        return choose.choice(slot.subject.choices) if slot.subject.choices else None
    if kind is Kind.DATE:
        return f"{choose.randrange(1, 29):02}/{choose.randrange(1, 13):02}/2023"
    return f"Nội dung giả lập {choose.randrange(10**6)}"


def _new_number(slot: Slot, kind: Kind, choose: random.Random, numbers: set[float]) -> float:
    while True:
        if kind is Kind.PERCENT:
            number: float = choose.randrange(2000, 9900) / 100
        elif kind is Kind.COUNT:
            number = choose.randrange(10_000, 99_999)
        else:
            number = choose.randrange(10_000, 999_999) / 10 + 0.05
        number = round(number, 2)
        if number not in numbers:
            numbers.add(number)
            return number
