"""Finds the rows and columns of a form in a sheet that came back: by codes, then labels, then headings.

Position alone is never trusted. Each step down from the codes is a finding.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from workbook_tools.catalogue import Catalogue, Indicator, ListBlock
from workbook_tools.cells import MEASURES, Position
from workbook_tools.excel_reading import SheetContent
from workbook_tools.findings import Finding
from workbook_tools.form_layout import PlacedField
from workbook_tools.text import matching_key

CLOSED_MARK = "x"


@dataclass
class MatchedSheet:
    """A returned sheet with the rows of its codes."""

    content: SheetContent
    placed: PlacedField
    catalogue: Catalogue
    file: str
    headings: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)

    def report(self, code: str, row: int, column: int, details: Mapping[str, object] | None = None) -> None:
        """Add a finding about a cell of this sheet."""
        details = details or {}
        cell = Position(row, column).name if row else ""
        self.findings.append(
            Finding(
                code,
                file=self.file,
                sheet=self.content.name,
                cell=cell,
                indicator=str(details.get("indicator", "")),
                details={"sheet": self.content.name, "row": row, **details},
            )
        )

    @cached_property
    def code_column(self) -> int:
        """The column that carries the codes: the one with most of them; 0 if there are none."""
        known = self._known_codes
        counts = Counter(
            position.column
            for position, cell in self.content.cells.items()
            if isinstance(cell.value, str) and cell.value.strip() in known
        )
        return min(counts, key=lambda column: (-counts[column], column)) if counts else 0

    @cached_property
    def _known_codes(self) -> frozenset[str]:
        rows = (row for block in self.placed.blocks for row in block.rows)
        codes = {row.content.code for row in rows if isinstance(row.content, Indicator)}
        items = {f"{block.block.code}#{row.item}" for block in self.placed.blocks for row in block.rows if row.item}
        return frozenset(codes | items | {"#columns"})

    def code(self, row: int) -> str:
        """Code of a row, empty if it has none."""
        return self.content.text(row, self.code_column) if self.code_column else ""

    @cached_property
    def rows_by_code(self) -> dict[str, list[int]]:
        """Rows of each code, top to bottom."""
        rows: dict[str, list[int]] = {}
        for row in range(1, self.content.last_row + 1):
            if code := self.code(row):
                rows.setdefault(code, []).append(row)
        return rows

    @cached_property
    def _code_rows(self) -> list[tuple[int, dict[str, int]]]:
        return [(row, self._columns_of(row)) for row in self.rows_by_code.get("#columns", [])]

    def _columns_of(self, row: int) -> dict[str, int]:
        return {
            name: column
            for column in range(1, self.content.last_column + 1)
            if column != self.code_column and (name := self.content.text(row, column))
        }

    def columns_above(self, row: int, wanted: Iterable[str]) -> Mapping[str, int]:
        """Column of each code by the nearest code row above that has one of them, else by the headings."""
        codes = set(wanted)
        for above, columns in reversed(self._code_rows):
            if above < row and codes & columns.keys():
                return columns
        return self._columns_by_heading(row)

    @cached_property
    def _synonyms(self) -> dict[str, str]:
        """Column code of each known way to write a heading."""
        known = {}
        for key, text in self.catalogue.settings.items():
            if key.startswith("synonyms."):
                for name in text.split(";"):
                    known[matching_key(name)] = key.removeprefix("synonyms.")
        for block in self.placed.field.blocks:
            for column in block.columns:
                known.setdefault(matching_key(column.heading), column.code)
        return known | {matching_key(text): code for code, text in self.headings.items()}

    def _columns_by_heading(self, row: int) -> dict[str, int]:
        """Columns by the meaning of the headings above; a meaning that stands over two columns is left out."""
        found: dict[str, int] = {}
        doubtful: set[str] = set()
        for above in range(row - 1, 0, -1):
            for column in range(1, self.content.last_column + 1):
                code = self.heading_code(self.content.text(above, column))
                if code and found.setdefault(code, column) != column:
                    doubtful.add(code)
            if "label" in found and len(found) > 2:
                break
        for code in sorted(doubtful):
            self.report("structure.heading_twice", row, found.pop(code), {"heading": code})
        return found

    def heading_code(self, text: str) -> str:
        """Column code of a heading, empty if it is none; it may carry the years of the period."""
        return self._synonyms.get(matching_key(text), "") if text else ""

    @cached_property
    def _indicators_by_label(self) -> dict[str, list[Indicator]]:
        labels: dict[str, list[Indicator]] = {}
        for block in self.placed.blocks:
            for row in block.rows:
                if isinstance(row.content, Indicator):
                    labels.setdefault(matching_key(row.content.label), []).append(row.content)
        return labels

    @cached_property
    def label_column(self) -> int:
        """The column that carries the labels: the one with most of them; 0 if there are none."""
        labels = self._indicators_by_label
        counts = Counter(
            position.column
            for position, cell in self.content.cells.items()
            if isinstance(cell.value, str) and matching_key(cell.value) in labels
        )
        return min(counts, key=lambda column: (-counts[column], column)) if counts else 0

    def indicators_named(self, row: int) -> list[Indicator]:
        """Indicators whose label stands in a row."""
        if not self.label_column:
            return []
        return self._indicators_by_label.get(matching_key(self.content.text(row, self.label_column)), [])

    @cached_property
    def rows_by_label(self) -> dict[str, list[int]]:
        """Rows without a code whose label names exactly one indicator, by its code."""
        rows: dict[str, list[int]] = {}
        for row in range(1, self.content.last_row + 1):
            named = self.indicators_named(row)
            if len(named) == 1 and not self.code(row):
                rows.setdefault(named[0].code, []).append(row)
        return rows

    def row_of(self, indicator: Indicator) -> int:
        """Row of an indicator; 0, with a finding, where there is none or more than one that differ."""
        rows = self.rows_by_code.get(indicator.code, [])
        if not rows:
            rows = self.rows_by_label.get(indicator.code, [])
            if len(rows) == 1:
                self.report("structure.found_by_label", rows[0], self.label_column, details_of(indicator))
        if not rows:
            self.report("structure.row_missing", 0, 0, details_of(indicator))
            return 0
        filled = [row for row in rows if self._contents(row, indicator)]
        distinct = {tuple(self._contents(row, indicator)) for row in filled}
        if len(distinct) > 1:
            places = ", ".join(str(row) for row in filled)
            self.report("structure.row_twice", filled[0], self.code_column or 1, {"rows": places, **details_of(indicator)})
            return 0
        chosen = (filled or rows)[0]
        return chosen if self._label_agrees(chosen, indicator) else 0

    def _contents(self, row: int, indicator: Indicator) -> list[str]:
        columns = self.columns_above(row, MEASURES)
        cells = {measure: self.content.at(row, columns[measure]) for measure in indicator.cells if measure in columns}
        return [
            f"{measure}:{cell.value}"
            for measure, cell in cells.items()
            if not cell.formula and cell.value not in (None, CLOSED_MARK)
        ]

    def _label_agrees(self, row: int, indicator: Indicator) -> bool:
        """False, with a finding, where a row has the code of one indicator and the label of another."""
        if not self.label_column or not self.code(row):
            return True
        named = self.indicators_named(row)
        text = self.content.text(row, self.label_column)
        if indicator in named:
            return True
        if named:
            self.report("structure.label_of_another", row, self.label_column, {"found": text, **details_of(indicator)})
            return False
        self.report("structure.label_reworded", row, self.label_column, {"found": text, **details_of(indicator)})
        return True

    def unknown_rows(self) -> Iterator[int]:
        """Rows of indicator blocks that hold values but belong to no indicator of this form."""
        columns: Mapping[str, int] = {}
        adjoining = False
        for row in range(1, self.content.last_row + 1 if self.code_column else 0):
            code = self.code(row)
            if code == "#columns":
                columns = {name: column for name, column in self._columns_of(row).items() if name in MEASURES}
            elif not code and columns and not self.indicators_named(row):
                values = [self.content.at(row, column).value for column in columns.values()]
                # Past a blank row stand signatures and scribbles: there only a number matters.
                adjoining = adjoining and any(value is not None for value in values)
                if any(isinstance(value, int | float) or (adjoining and value is not None) for value in values):
                    yield row
            else:
                adjoining = True

    def item_rows(self, block: ListBlock) -> list[tuple[str, int]]:
        """Items and rows of a list block: those with its codes, and those typed in between or right below."""
        code = block.code
        coded = {
            name.removeprefix(f"{code}#"): rows[0]
            for name, rows in self.rows_by_code.items()
            if name.startswith(f"{code}#")
        }
        if not coded:
            return []
        taken = {row: item for item, row in coded.items()}
        first, last = min(taken), max(taken)
        places = self.columns_above(first, [column.code for column in block.columns])
        columns = [column for name, column in places.items() if name != "number"]
        added = 0
        row = first
        while row <= last or self._continues(row, columns):
            if row not in taken and not self.code(row) and self._continues(row, columns):
                added += 1
                taken[row] = f"{len(coded) + added}"
                self.report("structure.list_row_added", row, self.code_column or 1, {"block": code})
            row += 1
        return [(taken[row], row) for row in sorted(taken)]

    def _continues(self, row: int, columns: list[int]) -> bool:
        return not self.code(row) and any(self.content.at(row, column).value is not None for column in columns)


def details_of(indicator: Indicator) -> dict[str, object]:
    return {"indicator": indicator.code, "label": indicator.label}
