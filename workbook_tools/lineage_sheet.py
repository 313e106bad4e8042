"""Writes the source of every figure: a sheet, or a file beside the workbook where a sheet has no room for so many."""

import hashlib
import io
from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from pathlib import Path

import numpy as np

from workbook_tools.cell_columns import Cells
from workbook_tools.consolidated import Consolidation
from workbook_tools.excel_writing import Book
from workbook_tools.figure_cube import figure_columns
from workbook_tools.fingerprints import NamedFigure, fingerprint_of_figures
from workbook_tools.form_layout import CODE_COLUMN, FIRST_COLUMN, headings_of
from workbook_tools.observations import COMPUTED, Return
from workbook_tools.periods import parse_period
from workbook_tools.read_cells import CellFrame, Flags, ReadCell
from workbook_tools.source_file import Names, SourceCells, write_sources
from workbook_tools.source_rows import BESIDE_ROW, beside_text
from workbook_tools.styles import SUBTITLE
from workbook_tools.summary_records import label_of
from workbook_tools.summary_sheets import FIRST_ROW, HEADING_ROW, LINEAGE_SHEET, Column, add_table, finish_table

MAXIMUM_ROWS = 8_000
"""So many source cells still leave a workbook that a reader of returns takes."""

LINEAGE_COLUMNS = (
    Column("unit", "Mã đơn vị", 11, folded=True),
    Column("unit_name", "Đơn vị", 17),
    Column("indicator", "Mã chỉ tiêu", 32, folded=True),
    Column("label", "Chỉ tiêu", 36),
    Column("measure", "Mã cột", 12, folded=True),
    Column("heading", "Cột trên biểu", 18),
    Column("item", "Dòng bảng kê", 9),
    Column("value", "Giá trị", 15),
    Column("qualifier", "Dấu", 6),
    Column("text", "Nội dung chữ", 26),
    Column("status", "Mã tình trạng", 12, folded=True),
    Column("raw", "Đã ghi trong ô", 16),
    Column("file", "Tệp", 18),
    Column("sheet", "Trang", 16),
    Column("cell", "Ô", 7),
    Column("period", "Kỳ", 9),
)
_LINE = {"text_wrap": True, "valign": "top"}
Value = str | float | int | None


class Lineage:
    """The sources of a consolidation: filled cells of returns, and what the workbook says of them."""

    def __init__(self, result: Consolidation) -> None:
        self.result = result
        self.sources = list(_sources(result))
        self.count = sum(int(np.count_nonzero(one.chosen)) for one in self.sources)
        headings = headings_of(result.catalogue, parse_period(result.period))
        for field in result.catalogue.fields:
            for block in field.blocks:
                headings |= {column.code: column.heading for column in block.columns if column.code not in headings}
        self.headings = headings

    @property
    def has_room(self) -> bool:
        """Whether all of them stand in the workbook."""
        return self.count <= MAXIMUM_ROWS

    @property
    def names(self) -> Names:
        """How the figures are called."""
        return Names(lambda code: label_of(self.result, code), self.heading)

    def heading(self, indicator: str, measure: str) -> str:
        """Heading of a measure of an indicator, or of a column of a list."""
        block = self.result.catalogue.lists.get(indicator)
        return (block.column(measure).heading if block else self.headings.get(measure, "")).split("\n")[0]

    def file(self) -> bytes:
        """The file beside the workbook."""
        held = io.BytesIO()
        write_sources(held, self.sources, self.names, self.fingerprint)
        return held.getvalue()

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of the figures that were added up."""
        if not self.has_room:
            return _fingerprint_of_many(self.result.returns)
        return fingerprint_of_figures(
            NamedFigure(at.unit, at.indicator, at.measure, at.item, at.value, at.text)
            for one in self.result.returns
            for cell in one.columns.where(one.columns.are_filled)
            if (at := cell.observation).cell
        )


def write_lineage(book: Book, lineage: Lineage, beside: Path) -> None:
    """Every filled cell behind the totals, with file, sheet and cell; ``beside`` is the file for too many of them."""
    table = add_table(book, LINEAGE_SHEET, "#lineage", lineage.result, "NGUỒN CỦA TỪNG SỐ LIỆU", LINEAGE_COLUMNS)
    text, rows = f"{lineage.count} ô số liệu (để tra cứu trên máy, không in)", 0
    if lineage.has_room:
        rows = lineage.count
        styles = [_LINE] * len(LINEAGE_COLUMNS)
        for row, values in enumerate(_rows(lineage), start=FIRST_ROW):
            table.write_row(row, [value or None if isinstance(value, str) else value for value in values], styles)
    else:
        text += (
            f", nhiều hơn {MAXIMUM_ROWS} dòng của một trang tính: tất cả ở tệp {beside.name} cùng thư mục, hãy để hai "
            "tệp đi cùng nhau. Xem nguồn của một ô: workbook-tools trace"
        )
        table.sheet.write(BESIDE_ROW, CODE_COLUMN, beside_text(beside.name, lineage.fingerprint))
    table.sheet.merge(BESIDE_ROW, FIRST_COLUMN, table.last_printed, text, SUBTITLE)
    finish_table(table, HEADING_ROW + rows, frozen="unit_name", only_to=HEADING_ROW)


def _sources(result: Consolidation) -> Iterator[SourceCells]:
    names = {unit.code: unit.name for unit in result.tree.units.values()}
    for one in result.returns:
        name = names.get(one.unit, one.unit_name)
        yield SourceCells(one.columns, _chosen(result, one.columns), name)
        for period, cells in groupby(one.sources, lambda cell: cell.observation.period):
            earlier = Cells.of(cells)
            yield SourceCells(earlier, _chosen(result, earlier), name, period)


def _chosen(result: Consolidation, cells: Cells) -> Flags:
    """Typed cells, and results of formulas where the total adds up what some units typed and others computed."""
    if not cells.are_live.any() or not result.without_formula:
        return cells.are_filled & cells.are_here
    columns = figure_columns(result.catalogue, cells.frame)
    without = [result.cube.index[figure] for figure in result.without_formula]
    return (cells.are_filled | (cells.are_live & np.isin(columns, without))) & cells.are_here


def _rows(lineage: Lineage) -> Iterator[list[Value]]:
    for source in lineage.sources:
        for cell in source.cells.where(source.chosen):
            yield [*_row(lineage, source.unit_name, cell), source.period]


def _row(lineage: Lineage, name: str, cell: ReadCell) -> list[Value]:
    at = cell.observation
    return [
        at.unit,
        name,
        at.indicator,
        label_of(lineage.result, at.indicator),
        at.measure,
        lineage.heading(at.indicator, at.measure),
        at.item,
        at.value,
        at.qualifier,
        at.text,
        at.status,
        COMPUTED if cell.is_live else at.raw,
        at.file,
        at.sheet,
        at.cell,
    ]


def _fingerprint_of_many(returns: tuple[Return, ...]) -> str:
    """As of few, in whatever order they come, return by return: one by one millions of cells would take minutes."""
    digests = sorted(_digest(one) for one in returns)
    return hashlib.sha256(b"".join(digests)).hexdigest()[:16]


def _names_of(frame: CellFrame) -> bytes:
    """What tells the figures of a form from those of others, worked out once."""
    found = frame.kept.get(_names_of)
    if not isinstance(found, bytes):
        names = "|".join((*frame.indicators, *frame.measures, *frame.items))
        found = frame.kept[_names_of] = hashlib.sha256(names.encode()).digest()
    return found


def _digest(one: Return) -> bytes:
    cells = one.columns
    digest = hashlib.sha256(f"{one.unit}|{one.period}|".encode() + _names_of(cells.frame))
    values = np.where(cells.are_filled, cells.values, np.nan)
    for column in (values, cells.statuses):
        digest.update(column.tobytes())
    digest.update(repr(sorted(cells.texts.items())).encode("utf-8", "surrogatepass"))
    return digest.digest()
