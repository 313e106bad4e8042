"""All figures of many units side by side: one row per unit, one column per figure, ready for vectorised work."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.formulas import Figure, ListColumn
from workbook_tools.indicators import Role
from workbook_tools.observations import Return, Support
from workbook_tools.read_cells import CellFrame, ReadCell, tidy
from workbook_tools.readings import Status
from workbook_tools.vectors import Flags, Items, Numbers, Texts, Vector, vector

Counts = NDArray[np.int64]
Signatures = NDArray[np.uint64]
ListRows = dict[tuple[int, str], dict[str, float | str]]
"""Values of the rows of a list by (row of the cube, key of the list row) and column code."""


_UNREADABLE = str(Status.UNREADABLE)

CellFigure = float | int | str | None
"""What a cell of a workbook shows."""


@dataclass
class ItemTable:
    """The rows of one list block, of all units: ``owner`` is the unit's row in the cube, ``keys`` name the rows."""

    owner: NDArray[np.intp]
    keys: list[str]
    number: dict[str, Numbers]
    text: dict[str, Texts]


@dataclass
class FigureCube:
    """Figures [unit, figure]. NaN in ``number`` is no number; ``filled`` also counts what is stated to be nil.

    ``typed`` and ``typed_text`` hold what was typed over a formula; ``stands`` marks formula figures that some unit
    typed because parts are missing; ``blocked`` marks totals that have no value although units have some.
    ``reported``, ``expected``, ``signature``, ``weight`` and ``by_rule`` say which units stand behind and what their
    own figures come to (see :mod:`workbook_tools.totals`); ``carried`` marks figures that brought this along.
    ``refused`` marks what was typed but cannot be read: a formula with such a part has no value either.
    """

    units: tuple[str, ...]
    index: dict[Figure, int]
    number: Numbers
    filled: Flags
    typed: Numbers
    stands: Flags
    blocked: Flags
    reported: Counts
    expected: Counts
    signature: Signatures
    weight: Numbers
    by_rule: Numbers
    carried: Flags
    refused: Flags
    text: dict[tuple[int, int], str] = field(default_factory=dict)
    typed_text: dict[tuple[int, int], str] = field(default_factory=dict)
    lists: dict[str, ItemTable] = field(default_factory=dict)
    refused_items: set[tuple[int, ListColumn]] = field(default_factory=set)

    @property
    def size(self) -> int:
        """Number of units."""
        return len(self.units)

    def figure(self, name: Figure) -> Vector:
        """Values of a figure, one per unit."""
        column = self.index[name]
        texts = np.full(self.size, None, dtype=object)
        for row in range(self.size):
            if (row, column) in self.text:
                texts[row] = self.text[row, column]
        return vector(self.number[:, column], texts)

    def items(self, name: ListColumn) -> Items:
        """Values of a list column, any number per unit."""
        table = self.lists.get(name.list)
        if table is None:
            return Items(np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0, dtype=object))
        return Items(table.owner, table.number[name.column], table.text[name.column])

    def row(self, unit: str) -> int:
        """Row of a unit."""
        return self._rows[unit]

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {unit: row for row, unit in enumerate(self.units)}

    def says(self, column: int) -> Flags:
        """Which units have a number or a text for a figure; nil is neither."""
        texts = np.array([(row, column) in self.text for row in range(self.size)], dtype=bool)
        return texts | ~np.isnan(self.number[:, column])


def empty_cube(catalogue: Catalogue, units: Sequence[str]) -> FigureCube:
    """A cube with nothing reported; every unit expects itself."""
    shape = (len(units), len(catalogue.columns))
    return FigureCube(
        units=tuple(units),
        index=catalogue.columns,
        number=np.full(shape, np.nan),
        filled=np.zeros(shape, dtype=bool),
        typed=np.full(shape, np.nan),
        stands=np.zeros(shape, dtype=bool),
        blocked=np.zeros(shape, dtype=bool),
        reported=np.zeros(shape, dtype=np.int64),
        expected=np.ones(shape, dtype=np.int64),
        signature=np.zeros(shape, dtype=np.uint64),
        weight=np.full(shape, np.nan),
        by_rule=np.full(shape, np.nan),
        carried=np.zeros(shape, dtype=bool),
        refused=np.zeros(shape, dtype=bool),
    )


ARRAYS = (
    "number", "filled", "typed", "stands", "blocked", "reported", "expected", "signature", "weight", "by_rule",
    "carried", "refused",
)  # fmt: skip
"""The parts of a cube that have one row a unit."""


def one_row(cube: FigureCube, row: int) -> FigureCube:
    """The cube of a single unit."""
    lists = {}
    for code, table in cube.lists.items():
        chosen: Flags = table.owner == row
        lists[code] = ItemTable(
            np.zeros(int(chosen.sum()), dtype=np.intp),
            [key for key, wanted in zip(table.keys, chosen, strict=True) if wanted],
            {name: values[chosen] for name, values in table.number.items()},
            {name: values[chosen] for name, values in table.text.items()},
        )
    return FigureCube(
        units=(cube.units[row],),
        index=cube.index,
        text={(0, column): text for (owner, column), text in cube.text.items() if owner == row},
        lists=lists,
        **{name: getattr(cube, name)[row : row + 1].copy() for name in ARRAYS},
    )


def fill_cube(
    cube: FigureCube, catalogue: Catalogue, returns: Sequence[Return], rows: Iterable[int] | None = None
) -> None:
    """Put what the returns say into rows of the cube; formula cells keep what was typed over them.

    Args:
        rows: the row of each return, by default that of its unit.
    """
    items: dict[str, ListRows] = {}
    known = {unit: number for number, unit in enumerate(cube.units)}
    places = (known[one.unit] for one in returns) if rows is None else rows
    for one, row in zip(returns, places, strict=True):
        if one.support:
            _fill_carried(cube, row, one)
        else:
            _fill_row(cube, catalogue, row, one)
        _fill_items(cube, row, one, items)
    for code, rows_of_list in items.items():
        cube.lists[code] = _item_table(catalogue, code, rows_of_list)


def figure_columns(catalogue: Catalogue, frame: CellFrame) -> NDArray[np.intp]:
    """The column of the figure that each cell of a frame holds; -1 for the rows of lists, and what is no figure."""
    return frame.worked_out(_columns_of_frame, catalogue.columns)


def _columns_of_frame(columns: Mapping[Figure, int], frame: CellFrame) -> NDArray[np.intp]:
    names = map(Figure, frame.indicators, frame.measures)
    found = np.array([columns.get(name, -1) for name in names], dtype=np.intp)
    found[frame.has_items] = -1
    return found


def _fill_row(cube: FigureCube, catalogue: Catalogue, row: int, one: Return) -> None:
    """The figures of a return that a unit filled itself."""
    cells = one.columns
    columns = figure_columns(catalogue, cells.frame)
    known, filled = columns >= 0, cells.are_filled
    cube.refused[row, columns[known & cells.are_refused]] = True
    typed = known & filled & cells.frame.are_formulas & ~cells.are_nil
    own = known & filled & ~typed
    has_number = ~np.isnan(cells.values)
    for chosen, numbers, texts in ((typed, cube.typed, cube.typed_text), (own, cube.number, cube.text)):
        places = chosen & has_number
        numbers[row, columns[places]] = cells.values[places]
        for place in np.flatnonzero(chosen & ~has_number).tolist():
            if chosen is typed or place in cells.texts:
                texts[row, int(columns[place])] = cells.texts.get(place, "")
    cube.filled[row, columns[own]] = True
    cube.reported[row, columns[own]] = 1
    cube.signature[row, columns[own]] = signature_of(one.unit)


def _fill_carried(cube: FigureCube, row: int, one: Return) -> None:
    """The figures of a consolidated return, with what stands behind them."""
    own = signature_of(one.unit)
    cube.expected[row] = np.maximum(cube.expected[row], max(total.expected for total in one.support.values()))
    for cell in one.columns.where(~one.columns.frame.has_items):
        _fill(cube, row, own, one, cell)


def _fill_items(cube: FigureCube, row: int, one: Return, items: dict[str, ListRows]) -> None:
    """What stands in the rows of lists."""
    cells = one.columns
    for cell in cells.where(cells.frame.has_items & (cells.are_filled | cells.are_refused)):
        at = cell.observation
        if at.status == _UNREADABLE:
            cube.refused_items.add((row, ListColumn(at.indicator, at.measure)))
        else:
            key = _item_key(one, at.item)
            items.setdefault(at.indicator, {}).setdefault((row, key), {})[at.measure] = _item_value(cell)


def fill_values(
    cube: FigureCube, catalogue: Catalogue, row: int, values: Mapping[FigureName, float | str | None]
) -> None:
    """Put values into one row as a spreadsheet sees them: a number over a formula takes the formula's place."""
    items: dict[str, ListRows] = {}
    for name, value in values.items():
        if value is None:
            continue
        if name.item:
            items.setdefault(name.indicator, {}).setdefault((row, name.item), {})[name.measure] = value
            continue
        column = cube.index.get(Figure(name.indicator, name.measure))
        if column is not None:
            cube.filled[row, column] = True
            if isinstance(value, str):
                cube.text[row, column] = value
            else:
                cube.number[row, column] = value
    for code, rows in items.items():
        cube.lists[code] = _item_table(catalogue, code, rows)


def signature_of(unit: str) -> np.uint64:
    """A number that tells the unit from any other; sets of units are told apart by the XOR of their members."""
    return np.uint64(int.from_bytes(hashlib.blake2b(unit.encode(), digest_size=8).digest(), "big"))


def _fill(cube: FigureCube, row: int, own: np.uint64, one: Return, cell: ReadCell) -> None:
    observation, formula = cell.observation, cell.role is Role.FORMULA
    column = cube.index.get(Figure(observation.indicator, observation.measure))
    if column is None:
        return
    support = one.support.get(cell.name) if one.support else None
    if support is not None:
        _carry(cube, row, column, support)
    cube.refused[row, column] = observation.status == _UNREADABLE
    if not cell.is_filled:
        return
    if formula and observation.status != Status.NIL and not (support and (support.stands or support.blocked)):
        if observation.value is not None:
            cube.typed[row, column] = observation.value
        else:
            cube.typed_text[row, column] = observation.text
        return
    if support is None:
        cube.reported[row, column] = 1
        cube.signature[row, column] = own
    elif support.blocked:
        # Typed by hand where no total could be formed: a figure of the unit's own.
        cube.carried[row, column] = cube.blocked[row, column] = False
        cube.stands[row, column] = formula
    cube.filled[row, column] = True
    if observation.value is not None:
        cube.number[row, column] = observation.value
    elif observation.text:
        cube.text[row, column] = observation.text


def _carry(cube: FigureCube, row: int, column: int, support: Support) -> None:
    """What a total brings along, whether it has a value or not."""
    cube.carried[row, column] = True
    cube.reported[row, column] = support.reported
    cube.expected[row, column] = support.expected
    cube.signature[row, column] = np.uint64(support.signature)
    cube.weight[row, column] = support.weight
    cube.by_rule[row, column] = support.by_rule
    cube.stands[row, column] = support.stands
    cube.blocked[row, column] = support.blocked


def _item_key(one: Return, item: str) -> str:
    """Rows of a list keep the unit they came from: ``07399.3``; those of a consolidated return have it already."""
    return item if one.support and "." in item else f"{one.unit}.{item}"


def _item_value(cell: ReadCell) -> float | str:
    observation = cell.observation
    if observation.value is not None:
        return observation.value
    return "-" if observation.status == Status.NIL else observation.text


def _item_table(catalogue: Catalogue, code: str, rows: "ListRows") -> ItemTable:
    columns = [column.code for column in catalogue.lists[code].columns]
    ordered = list(rows)
    number = {column: np.full(len(ordered), np.nan) for column in columns}
    text = {column: np.full(len(ordered), None, dtype=object) for column in columns}
    for position, key in enumerate(ordered):
        for column, value in rows[key].items():
            if isinstance(value, str):
                text[column][position] = value
            else:
                number[column][position] = value
    return ItemTable(np.array([row for row, _ in ordered], dtype=np.intp), [key for _, key in ordered], number, text)


def cell_value(cube: FigureCube, row: int, figure: Figure, nil: str | None = "-") -> CellFigure:
    """What a cell shows of a figure of the cube: number, text, ``-`` for nil, or nothing."""
    column = cube.index[figure]
    if (row, column) in cube.text:
        return cube.text[row, column]
    number = float(cube.number[row, column])
    if not np.isnan(number):
        return tidy(number)
    return nil if cube.filled[row, column] else None
