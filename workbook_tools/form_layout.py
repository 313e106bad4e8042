"""Where everything of a form stands. The writer and the reader ask the same function.

A sheet has a heading of three rows and then its blocks, one below the other: title, hidden row of column codes,
headings, rows. Column A carries the codes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import MEASURES, FigureName, Position
from workbook_tools.formula_rendering import render
from workbook_tools.formulas import Expression, Figure, Figures, ListColumn, NotPlacedError, references
from workbook_tools.indicators import Block, Field, GroupRow, Indicator, IndicatorBlock, ListBlock, ListField, Role
from workbook_tools.periods import Period

CODE_COLUMN = 1
FIRST_COLUMN = 2
FIRST_BLOCK_ROW = 5
IDENTITY_SHEET = "_wbt"
COVER_SHEET = "Bìa"
GUIDE_SHEET = "Hướng dẫn"
CHECK_SHEET = "Kiểm tra"
SIGNATURE_MARK = "#signature"
INDICATOR_HEADING_ROWS = 3
"""Two rows of headings and one of column numbers."""

HEADING, HEADING_OF_PART = "heading.", "heading_of_part."
"""Settings with the heading of a column: for every period, and for those shorter than what is planned for."""

PLACEHOLDER = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True)
class Slot:
    """One data cell: what belongs there, and whether it is typed, computed or closed."""

    sheet: str
    position: Position
    name: FigureName
    role: Role
    subject: Indicator | ListField


@dataclass(frozen=True)
class PlacedRow:
    """A row of a block at its place; ``item`` is set in list blocks."""

    row: int
    content: Indicator | GroupRow | None
    item: str = ""


@dataclass(frozen=True)
class PlacedBlock:
    """A block at its place. ``columns`` gives the column number of each column code."""

    block: Block
    title_row: int
    code_row: int
    heading_row: int
    rows: tuple[PlacedRow, ...]
    columns: Mapping[str, int]

    @property
    def first_row(self) -> int:
        """First row of the body."""
        return self.rows[0].row

    @property
    def last_row(self) -> int:
        """Last row of the body."""
        return self.rows[-1].row


@dataclass(frozen=True)
class PlacedField:
    """A field sheet."""

    field: Field
    blocks: tuple[PlacedBlock, ...]

    @property
    def sheet(self) -> str:
        """Name of the sheet."""
        return self.field.sheet

    @property
    def last_row(self) -> int:
        """Last row of the last block."""
        return self.blocks[-1].last_row

    @property
    def last_column(self) -> int:
        """Last visible column of the widest block."""
        return max(max(block.columns.values()) for block in self.blocks)


@dataclass(frozen=True)
class FormLayout:
    """A whole form: its field sheets, and the place of every figure."""

    catalogue: Catalogue
    fields: tuple[PlacedField, ...]

    @cached_property
    def _figures(self) -> dict[Figure, tuple[str, Position]]:
        return {
            Figure(row.content.code, measure): (field.sheet, Position(row.row, block.columns[measure]))
            for field in self.fields
            for block in field.blocks
            for row in block.rows
            if isinstance(row.content, Indicator)
            for measure in MEASURES
            if measure in block.columns
        }

    @cached_property
    def _lists(self) -> dict[str, tuple[str, PlacedBlock]]:
        return {
            block.block.code: (field.sheet, block)
            for field in self.fields
            for block in field.blocks
            if isinstance(block.block, ListBlock)
        }

    def place(self, figure: Figure) -> tuple[str, Position]:
        """Sheet and position of a figure; raises NotPlacedError."""
        try:
            return self._figures[figure]
        except KeyError:
            raise NotPlacedError(f"{figure.indicator}@{figure.measure}") from None

    def place_list(self, name: ListColumn) -> tuple[str, Position, Position]:
        """Sheet, first and last position of a list column; raises NotPlacedError."""
        try:
            sheet, block = self._lists[name.list]
            column = block.columns[name.column]
        except KeyError:
            raise NotPlacedError(f"{name.list}.{name.column}") from None
        return sheet, Position(block.first_row, column), Position(block.last_row, column)

    def formula(self, expression: Expression, sheet: str) -> str:
        """The expression as the formula of a cell of a sheet of this form, with ``=``; raises NotPlacedError."""
        return "=" + render(expression, sheet, self.place, self.place_list)

    def role(self, indicator: Indicator, measure: str) -> Role:
        """Role of a cell in this form: a formula whose parts are not in the form is closed here."""
        rule = indicator.rule(measure)
        if rule.expression is None:
            return Role.CLOSED if rule.role is Role.FORMULA else rule.role
        figure = Figure(indicator.code, measure)
        if figure not in self._computed:
            self._computed[figure] = self._has_parts(rule.expression)
        return Role.FORMULA if self._computed[figure] else Role.CLOSED

    def roles(self, indicator: Indicator) -> Mapping[str, tuple[Role, FigureName]]:
        """Role and name of each cell of an indicator, by measure, made out once."""
        if indicator.code not in self._roles:
            measures = indicator.cells
            self._roles[indicator.code] = {
                one: (self.role(indicator, one), FigureName(indicator.code, one)) for one in measures
            }
        return self._roles[indicator.code]

    @cached_property
    def _roles(self) -> dict[str, Mapping[str, tuple[Role, FigureName]]]:
        return {}

    @cached_property
    def _computed(self) -> dict[Figure, bool]:
        """Which formulas were found to have their parts in this form."""
        return {}

    def _has_parts(self, expression: Expression) -> bool:
        for reference in references(expression):
            match reference:
                case Figure():
                    if reference not in self._figures:
                        return False
                case Figures(members):
                    if self._figures.keys().isdisjoint(members):
                        return False
                case ListColumn(list=code):
                    if code not in self._lists:
                        return False
        return True

    def slots(self) -> Iterator[Slot]:
        """Every data cell, sheet by sheet, row by row."""
        for field in self.fields:
            yield from self.slots_of(field)

    def slots_of(self, field: PlacedField) -> Iterator[Slot]:
        """Every data cell of the sheet of a field, row by row."""
        for block in field.blocks:
            for row in block.rows:
                yield from self._slots_of_row(field, block, row)

    def _slots_of_row(self, field: PlacedField, block: PlacedBlock, row: PlacedRow) -> Iterator[Slot]:
        if isinstance(row.content, Indicator):
            for measure in MEASURES:
                if measure in block.columns:
                    position = Position(row.row, block.columns[measure])
                    name = FigureName(row.content.code, measure)
                    yield Slot(field.sheet, position, name, self.role(row.content, measure), row.content)
        elif isinstance(block.block, ListBlock):
            for column in block.block.columns:
                position = Position(row.row, block.columns[column.code])
                name = FigureName(block.block.code, column.code, row.item)
                yield Slot(field.sheet, position, name, Role.INPUT, column)


def lay_out(
    catalogue: Catalogue,
    *,
    level: str = "",
    fields: Iterable[str] | None = None,
    items: Mapping[str, Iterable[str]] | None = None,
) -> FormLayout:
    """The form of a level of units.

    Args:
        level: only rows that this level fills (``thôn``, ``xã``); empty for all rows.
        fields: codes of the fields wanted, all if None.
        items: names of the rows of list blocks, where they are not simply 1, 2, 3….
    """
    wanted = None if fields is None else set(fields)
    placed = [
        _place_field(field, level, items or {}) for field in catalogue.fields if wanted is None or field.code in wanted
    ]
    return FormLayout(catalogue, tuple(one for one in placed if one.blocks))


def layout_of(catalogue: Catalogue, level: str = "") -> FormLayout:
    """The whole form of a level, laid out once for all who read forms of a template."""
    layouts = catalogue.kept.setdefault(layout_of, {})
    if level not in layouts:
        layouts[level] = lay_out(catalogue, level=level)
    found: FormLayout = layouts[level]
    return found


def _place_field(field: Field, level: str, items: Mapping[str, Iterable[str]]) -> PlacedField:
    blocks = []
    row = FIRST_BLOCK_ROW
    for block in field.blocks:
        placed = (
            _place_indicators(block, row, level)
            if isinstance(block, IndicatorBlock)
            else _place_list(block, row, level, items.get(block.code))
        )
        if placed is not None:
            blocks.append(placed)
            row = placed.last_row + 2
    return PlacedField(field, tuple(blocks))


def _place_indicators(block: IndicatorBlock, row: int, level: str) -> PlacedBlock | None:
    chosen = _rows_of_level(block.rows, level)
    if not chosen:
        return None
    heading = row + 2
    first = heading + INDICATOR_HEADING_ROWS
    return PlacedBlock(
        block=block,
        title_row=row,
        code_row=row + 1,
        heading_row=heading,
        rows=tuple(PlacedRow(first + index, content) for index, content in enumerate(chosen)),
        columns={column.code: FIRST_COLUMN + index for index, column in enumerate(block.columns)},
    )


def _rows_of_level(rows: Iterable[Indicator | GroupRow], level: str) -> list[Indicator | GroupRow]:
    """Rows a level fills; a heading row stays only where rows of its own follow."""
    chosen: list[Indicator | GroupRow] = []
    for row in rows:
        if isinstance(row, Indicator) and level and level not in row.levels:
            continue
        if isinstance(row, GroupRow) and chosen and isinstance(chosen[-1], GroupRow) and level:
            chosen.pop()
        chosen.append(row)
    while chosen and isinstance(chosen[-1], GroupRow):
        chosen.pop()
    return chosen


def _place_list(block: ListBlock, row: int, level: str, items: Iterable[str] | None) -> PlacedBlock | None:
    if level == "thôn":
        return None
    names = [str(number + 1) for number in range(block.rows)] if items is None else list(items)
    first = row + 3
    return PlacedBlock(
        block=block,
        title_row=row,
        code_row=row + 1,
        heading_row=row + 2,
        rows=tuple(PlacedRow(first + index, None, name) for index, name in enumerate(names or ["1"])),
        columns={"number": FIRST_COLUMN}
        | {column.code: FIRST_COLUMN + 1 + index for index, column in enumerate(block.columns)},
    )


def headings_of(catalogue: Catalogue, period: Period | None) -> dict[str, str]:
    """Column headings with the period and its years in them; of a part of a year some say that it is one."""
    if period is None:
        return {}
    words = period_words(period)
    texts = {
        key.removeprefix(prefix): text
        for prefix in (HEADING, HEADING_OF_PART)[: 1 if period.planned == period else 2]
        for key, text in catalogue.settings.items()
        if key.startswith(prefix)
    }
    return {column: PLACEHOLDER.sub(lambda one: words.get(one[1], one[0]), text) for column, text in texts.items()}


def period_words(period: Period) -> dict[str, str]:
    """What headings of the template may say of a period, by the name between braces."""
    return {
        "year": str(period.year),
        "last_year": str(period.year - 1),
        "next_year": str(period.year + 1),
        "period": period.words,
        "last_period": period.last_year.words,
        "plan_period": period.planned.words,
        "next_plan_period": period.planned.next_year.words,
    }
