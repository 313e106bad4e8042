"""What a check looks at: one return with its calculated figures, and where each of them stands."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from workbook_tools.calculation import calculate
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName, full_address
from workbook_tools.cells_by_name import CellsByName
from workbook_tools.figure_cube import FigureCube, empty_cube, fill_cube, fill_values
from workbook_tools.findings import Finding
from workbook_tools.formulas import Expression, Figure, figures_of, list_columns_of
from workbook_tools.numerals import format_number
from workbook_tools.observations import Return
from workbook_tools.read_cells import ReadCell


@dataclass(frozen=True)
class Subject:
    """One return with its calculated figures."""

    catalogue: Catalogue
    returned: Return
    cube: FigureCube

    @cached_property
    def cells(self) -> CellsByName:
        """Cells by the name of their figure."""
        return CellsByName(self.returned.columns)

    def cell(self, figure: Figure) -> ReadCell | None:
        """The cell of an indicator's figure, if the return has it."""
        return self.cells.get(FigureName(figure.indicator, figure.measure))

    def number(self, figure: Figure) -> float | None:
        """The figure's value as calculated."""
        column = self.cube.index.get(figure)
        value = None if column is None else self._numbers[column]
        return None if value is None or math.isnan(value) else value

    @cached_property
    def _numbers(self) -> list[float]:
        numbers: list[float] = self.cube.number[0].tolist()
        return numbers

    def amount(self, figure: Figure) -> float | None:
        """The figure's value where amounts are compared: nil is none of it, blank is not known."""
        number, column = self.number(figure), self.cube.index.get(figure)
        if number is None and column is not None and self.cube.filled[0, column] and (0, column) not in self.cube.text:
            return 0.0
        return number

    def shown(self, figure: Figure) -> str:
        """The figure in a sentence: as typed, and what is computed with the decimals of its row, at least one."""
        value, cell = self.number(figure), self.cell(figure)
        if value is None:
            return "…"
        is_typed = cell is not None and cell.is_filled and cell.observation.value == value
        decimals = max(self.catalogue.indicators[figure.indicator].decimals, 1)
        return format_number(value, None if is_typed or not value % 1 else decimals)

    def mixes_units(self, figures: Iterable[Figure]) -> bool:
        """Whether figures of a consolidated return come from different units: then they cannot contradict."""
        if not self.returned.support:
            return False
        columns = [self.cube.index[figure] for figure in figures]
        filled = [column for column in columns if self.cube.filled[0, column]]
        return len({int(self.cube.signature[0, column]) for column in filled}) > 1

    @cached_property
    def as_spreadsheet(self) -> FigureCube:
        """The figures as a spreadsheet shows them: a number typed over a formula takes its place everywhere."""
        values = {
            name: cell.observation.raw if cell.is_text or cell.observation.value is None else cell.observation.value
            for name, cell in self.cells.items()
            if cell.is_filled and name.measure != "note"
        }
        cube = empty_cube(self.catalogue, self.cube.units)
        fill_values(cube, self.catalogue, 0, values)
        calculate(self.catalogue, cube)
        return cube

    def addresses(self, expression: Expression) -> tuple[str, ...]:
        """Cells of the figures and the list rows an expression names."""
        lists = {(column.list, column.column) for column in list_columns_of(expression)}
        items = (
            cell for name, cell in self.cells.items() if (name.indicator, name.measure) in lists and cell.is_filled
        )
        return self.addresses_of(figures_of(expression)) + tuple(map(_address, items))

    def addresses_of(self, figures: Iterable[Figure]) -> tuple[str, ...]:
        """Cells of figures, each once."""
        cells = (self.cell(figure) for figure in dict.fromkeys(figures))
        return tuple(_address(cell) for cell in cells if cell is not None)

    def finding(self, code: str, cell: ReadCell | None, **facts: object) -> Finding:
        """A finding about a cell of this return."""
        observation = cell.observation if cell is not None else None
        return Finding(
            code,
            file=self.returned.file,
            sheet=observation.sheet if observation else "",
            cell=observation.cell if observation else "",
            indicator=observation.indicator if observation else "",
            measure=observation.measure if observation else "",
            **facts,  # type: ignore[arg-type]
        )


def _address(cell: ReadCell) -> str:
    return full_address(cell.observation.sheet, cell.observation.cell)


def subject_of(catalogue: Catalogue, returned: Return) -> Subject:
    """The return with its formulas calculated."""
    cube = empty_cube(catalogue, [returned.unit])
    fill_cube(cube, catalogue, [returned])
    calculate(catalogue, cube)
    return Subject(catalogue, returned, cube)
