"""Follows a cell of a consolidated workbook to the cells it was added up from.

Works on the workbook alone: codes say which figure a cell holds, its formula which figures it is made of, and the
sheet ``Nguồn số liệu`` where each unit's figure came from.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from workbook_tools.cells import Position, full_address, parse_position
from workbook_tools.errors import UnknownPlaceError, WorkbookReadError
from workbook_tools.excel_reading import read_workbook
from workbook_tools.findings import Finding
from workbook_tools.formula_parsing import parse
from workbook_tools.formulas import Area, Call, Expression, FormulaError, Operation
from workbook_tools.periods import parse_period
from workbook_tools.source_rows import LINEAGE_MARK, lineage_rows
from workbook_tools.text import matching_key
from workbook_tools.workbook_contents import SheetContent, WorkbookContent

MAXIMUM_DEPTH = 12


@dataclass(frozen=True)
class Source:
    """One cell of one return behind a total."""

    unit: str
    unit_name: str
    item: str
    value: str
    raw: str
    file: str
    sheet: str
    cell: str


@dataclass(frozen=True)
class Trace:
    """A cell, what it shows, and what it comes from: other cells of the workbook, or cells of returns."""

    place: str
    label: str
    value: str
    formula: str = ""
    parts: "tuple[Trace, ...]" = ()
    sources: tuple[Source, ...] = ()

    def lines(self, indent: int = 0) -> Iterator[str]:
        """The trace as text, one cell a line, parts indented."""
        space = "  " * indent
        formula = f"  {self.formula}" if self.formula else ""
        yield f"{space}{self.place}  {self.label} = {self.value or '(trống)'}{formula}"
        for source in self.sources:
            item = f" dòng {source.item}" if source.item else ""
            typed = f" (ghi “{source.raw}”)" if source.raw and source.raw != source.value else ""
            place = f"[{source.file}]{source.sheet}!{source.cell}"
            yield f"{space}  ← {source.unit} {source.unit_name}{item}: {source.value}{typed}  {place}"
        for part in self.parts:
            yield from part.lines(indent + 1)


def trace(path: Path, address: str) -> Trace:
    """The trace of ``SHEET!CELL``. Raises UnknownPlaceError for a place or workbook that has no figures."""
    try:
        workbook = read_workbook(path)
    except WorkbookReadError as error:
        finding = Finding(error.code, file=path.name, details={"file": path.name, **error.details})
        raise UnknownPlaceError(finding.message()) from error
    return _Tracer(workbook, path.parent).start(address)


@dataclass
class _Tracer:
    workbook: WorkbookContent
    folder: Path
    seen: set[tuple[str, Position]] = field(default_factory=set)
    wanted: set[str] = field(default_factory=set)
    """Indicators whose sources are asked for."""

    known: dict[tuple[str, str, str], list[Source]] = field(default_factory=dict)

    def start(self, address: str) -> Trace:
        sheet_name, _, cell = address.rpartition("!")
        wanted = sheet_name.strip("'").replace("''", "'")
        sheet = self.workbook.sheet(wanted) or next(
            (one for one in self.workbook.sheets if matching_key(one.name) == matching_key(wanted)), None
        )
        if sheet is None:
            names = ", ".join(one.name for one in self.workbook.sheets if one.state == "visible")
            raise UnknownPlaceError(f"{self.workbook.name} không có trang “{wanted}”. Các trang: {names}.")
        try:
            position = parse_position(cell)
        except ValueError:
            raise UnknownPlaceError(f"“{cell}” không phải địa chỉ ô; ví dụ: '02 Nông nghiệp'!G12.") from None
        self.follow(sheet, position, 0)  # What sources it needs: a file of millions is read once, and for these only.
        self.seen.clear()
        self.known = self._lineage()
        return self.follow(sheet, position, 0)

    def follow(self, sheet: SheetContent, position: Position, depth: int) -> Trace:
        content = sheet.at(*position)
        self.seen.add((sheet.name, position))
        code, column = sheet.text(position.row, 1), _column_code(sheet, position)
        formula = content.formula
        parts: tuple[Trace, ...] = ()
        if formula and depth < MAXIMUM_DEPTH:
            parts = tuple(self.parts(sheet, formula, depth))
        sources = () if parts else tuple(self.sources(code, column))
        return Trace(
            place=full_address(sheet.name, position.name),
            label=_label(sheet, position),
            value=_shown(content.value),
            formula=formula,
            parts=parts,
            sources=sources,
        )

    def parts(self, sheet: SheetContent, formula: str, depth: int) -> Iterator[Trace]:
        """Cells a formula reads, each once, those with nothing in them left out."""
        try:
            expression = parse(formula, sheet.name)
        except FormulaError:
            return
        for area in dict.fromkeys(_areas(expression)):
            target = self.workbook.sheet(area.sheet)
            if target is None:
                continue
            for row in range(area.first.row, area.last.row + 1):
                for column in range(area.first.column, area.last.column + 1):
                    position = Position(row, column)
                    filled = target.at(row, column).value not in (None, "")
                    if filled and (target.name, position) not in self.seen:
                        yield self.follow(target, position, depth + 1)

    def _lineage(self) -> dict[tuple[str, str, str], list[Source]]:
        if not any(one.text(1, 1) == LINEAGE_MARK for one in self.workbook.sheets):
            raise UnknownPlaceError(f"{self.workbook.name} không có trang nguồn số liệu: không phải tệp tổng hợp.")
        found: dict[tuple[str, str, str], list[Source]] = {}
        for row in lineage_rows(self.workbook, self.folder, "indicator", self.wanted):
            facts = {name: _shown(value) for name, value in row.items()}
            unit, item = facts["unit"], facts.get("item", "")
            key = (facts["indicator"], facts["measure"], f"{unit}.{item}" if item and "." not in item else item)
            found.setdefault(key, []).append(_source(facts))
        return found

    def sources(self, code: str, column: str) -> list[Source]:
        """The returns' cells behind an input figure, a row of a list, or one unit's column of the matrix."""
        indicator, _, item = code.partition("#")
        self.wanted.add(indicator)
        found = self.known.get((indicator, column, item), [])
        if found or item:
            return found
        return [source for source in self.known.get((indicator, "actual", ""), []) if source.unit == column]


def _source(facts: dict[str, str]) -> Source:
    value = facts.get("value") or facts.get("text", "")
    return Source(
        unit=facts["unit"],
        unit_name=_named(facts),
        item=facts.get("item", ""),
        value=facts.get("qualifier", "") + value,
        raw=facts.get("raw", ""),
        file=facts.get("file", ""),
        sheet=facts.get("sheet", ""),
        cell=facts.get("cell", ""),
    )


def _named(facts: dict[str, str]) -> str:
    """The unit, and the period where it is a part of the total's."""
    period = parse_period(facts.get("period"))
    return f"{facts.get('unit_name', '')}, {period.words}" if period else facts.get("unit_name", "")


def _column_code(sheet: SheetContent, position: Position) -> str:
    """Code of a column by the nearest row of column codes above."""
    for row in range(position.row, 0, -1):
        if sheet.text(row, 1) == "#columns":
            return sheet.text(row, position.column)
    return ""


def _label(sheet: SheetContent, position: Position) -> str:
    for row in range(position.row, 0, -1):
        if sheet.text(row, 1) == "#columns":
            codes = {sheet.text(row, column): column for column in range(1, sheet.last_column + 1)}
            column = codes.get("label") or codes.get("name")
            heading = sheet.text(row + 1, position.column) or sheet.text(row + 2, position.column)
            name = sheet.text(position.row, column) if column else ""
            return f"{name} — {heading}" if heading else name
    return ""


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    return str(value)


def _areas(expression: Expression) -> Iterator[Area]:
    match expression:
        case Area():
            yield expression
        case Operation(_, parts) | Call(_, parts):
            for part in parts:
                yield from _areas(part)
