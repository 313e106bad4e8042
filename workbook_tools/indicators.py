"""What the template says of each row: its indicators and lists, the blocks and fields they stand in, the rules.

What these facts are is decided in ``BieuMau.xlsx`` alone and read by :mod:`workbook_tools.template_reading`.
"""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbook_tools.formulas import Expression


class Kind(enum.StrEnum):
    """What a cell holds."""

    NUMBER = "number"
    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"

    @property
    def is_numeric(self) -> bool:
        """Whether figures of this kind are numbers."""
        return self not in (Kind.TEXT, Kind.CHOICE, Kind.DATE)


class Aggregation(enum.StrEnum):
    """How typed figures of several units become one."""

    SUM = "tổng"
    WEIGHTED_MEAN = "bình quân theo"
    MAXIMUM = "lớn nhất"
    MINIMUM = "nhỏ nhất"
    COUNT = "đếm"
    JOIN = "ghép"
    NONE = "không"


class Relation(enum.StrEnum):
    """How a part relates to its whole."""

    PARTITION = "chia ra"
    SUBSET = "trong đó"
    EXCLUSIVE = "trong đó, không trùng"
    """A part that has nothing in common with the other parts so marked: together, too, they do not exceed the whole."""


class Role(enum.StrEnum):
    """What a cell of the form is for."""

    INPUT = "input"
    FORMULA = "formula"
    CLOSED = "closed"


@dataclass(frozen=True)
class CellRule:
    """One cell of an indicator row: typed, computed, or not to be filled."""

    role: Role
    expression: Expression | None = None
    address: str = ""
    """Where the cell stands in the template."""


@dataclass(frozen=True)
class Column:
    """A column of a block: its code, its heading, and the heading above it when two share one."""

    code: str
    heading: str
    group: str = ""


@dataclass(frozen=True)
class GroupRow:
    """A row that only carries a heading, such as "Trong đó:"."""

    number: str
    label: str
    indent: int = 0


@dataclass(frozen=True)
class Indicator:
    """One row of an indicator block. Figures are in ``unit``; ``decimals`` is the precision usually shown."""

    code: str
    number: str
    label: str
    unit: str
    indent: int
    kind: Kind
    decimals: int
    aggregation: Aggregation
    weight: str
    flow: str
    direction: str
    headline: bool
    levels: tuple[str, ...]
    relation: Relation | None
    whole: str
    minimum: float | None
    maximum: float | None
    required: bool
    choices: tuple[str, ...]
    guidance: str
    official: str
    cells: Mapping[str, CellRule]
    sheet: str
    row: int

    @property
    def is_subset(self) -> bool:
        """Whether the row is a part that does not exceed its whole, alone or together with others."""
        return self.relation in (Relation.SUBSET, Relation.EXCLUSIVE)

    def rule(self, measure: str) -> CellRule:
        """The rule of one measure; a measure without a cell is closed."""
        return self.cells.get(measure, CellRule(Role.CLOSED))


@dataclass(frozen=True)
class ListField:
    """One column of a list block."""

    code: str
    heading: str
    unit: str
    kind: Kind
    decimals: int
    aggregation: Aggregation
    choices: tuple[str, ...]
    choices_name: str
    minimum: float | None
    maximum: float | None
    guidance: str
    column: int


@dataclass(frozen=True)
class IndicatorBlock:
    """A table of indicators: one row each, the measures side by side."""

    code: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Indicator | GroupRow, ...]

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The rows that carry figures."""
        return tuple(row for row in self.rows if isinstance(row, Indicator))


@dataclass(frozen=True)
class ListBlock:
    """A list (bảng kê): rows typed by the unit, ``rows`` of them offered."""

    code: str
    title: str
    columns: tuple[ListField, ...]
    rows: int
    sheet: str
    first: int
    """First item row in the template."""

    def column(self, code: str) -> ListField:
        """One column by its code."""
        return next(column for column in self.columns if column.code == code)


Block = IndicatorBlock | ListBlock


@dataclass(frozen=True)
class Field:
    """A field (lĩnh vực): one sheet."""

    code: str
    sheet: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def indicators(self) -> Iterator[Indicator]:
        """Indicators of all blocks, in order."""
        for block in self.blocks:
            if isinstance(block, IndicatorBlock):
                yield from block.indicators

    @property
    def lists(self) -> Iterator[ListBlock]:
        """List blocks, in order."""
        for block in self.blocks:
            if isinstance(block, ListBlock):
                yield block


@dataclass(frozen=True)
class Rule:
    """A check written in the template: its formula must be TRUE."""

    code: str
    severity: str
    expression: Expression
    message: str
    advice: str
    scope: str
    address: str
