"""Finds the rows of a form in a sheet that came back: by codes, then labels.

Position alone is never trusted. Each step down from the codes is a finding, and so is every row with figures that
belongs to nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import MEASURES, Position
from workbook_tools.findings import Finding
from workbook_tools.form_layout import SIGNATURE_MARK, PlacedField
from workbook_tools.indicators import Indicator, ListBlock
from workbook_tools.periods import Period
from workbook_tools.sheet_columns import INDICATORS, Head, SheetColumns, meanings_of
from workbook_tools.text import accentless_key, matching_key
from workbook_tools.workbook_contents import EMPTY, CellContent, SheetContent

CLOSED_MARK = "x"


@dataclass(frozen=True)
class FoundRow:
    """Where an indicator stands; 0 for nowhere. What stands in a refused row is not to be taken."""

    row: int = 0
    is_refused: bool = False


@dataclass
class MatchedSheet:
    """A returned sheet with the rows of its codes and labels."""

    content: SheetContent
    placed: PlacedField
    catalogue: Catalogue
    file: str
    headings: Mapping[str, str]
    period: Period | None
    findings: list[Finding] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)
    """Rows that are accounted for."""

    def report(self, code: str, row: int, column: int, details: Mapping[str, object] | None = None) -> None:
        """Add a finding about a cell of this sheet."""
        details = details or {}
        self.findings.append(
            Finding(
                code,
                file=self.file,
                sheet=self.content.name,
                cell=Position(row, column).name if row else "",
                indicator=str(details.get("indicator", "")),
                details={"sheet": self.content.name, "row": row, **details},
            )
        )

    @cached_property
    def rows(self) -> dict[int, dict[int, CellContent]]:
        """The filled cells by row and column, top to bottom."""
        rows: dict[int, dict[int, CellContent]] = {}
        for (row, column), cell in sorted(self.content.cells.items()):
            rows.setdefault(row, {})[column] = cell
        return rows

    def at(self, row: int, column: int) -> CellContent:
        """Content of a cell, empty where nothing stands."""
        return self.rows.get(row, {}).get(column, EMPTY)

    @cached_property
    def texts(self) -> dict[int, dict[int, str]]:
        """The cells that hold text, by row and column."""
        texts: dict[int, dict[int, str]] = {}
        for row, cells in self.rows.items():
            for column, cell in cells.items():
                if isinstance(cell.value, str):
                    texts.setdefault(row, {})[column] = cell.value
        return texts

    @cached_property
    def columns(self) -> SheetColumns:
        """The columns of the tables of this sheet."""
        meanings = meanings_of(self.placed, self.catalogue, self.headings, self.period)
        return SheetColumns(self.texts, self.placed, meanings, self.codes, self.report)

    @cached_property
    def code_column(self) -> int:
        """The column that carries the codes: the one with most of them; 0 if there are none."""
        rows = (row for block in self.placed.blocks for row in block.rows)
        codes = {row.content.code for row in rows if isinstance(row.content, Indicator)} | {"#columns"}
        lists = {block.block.code for block in self.placed.blocks if isinstance(block.block, ListBlock)}
        counts = Counter(
            column
            for cells in self.texts.values()
            for column, text in cells.items()
            if text.strip() in codes or ("#" in text and text.split("#")[0].strip() in lists)
        )
        return min(counts, key=lambda column: (-counts[column], column)) if counts else 0

    @cached_property
    def codes(self) -> dict[int, str]:
        """Code or marker of each row that has one."""
        column = self.code_column
        return {row: cells[column].strip() for row, cells in self.texts.items() if column in cells} if column else {}

    @cached_property
    def rows_by_code(self) -> dict[str, list[int]]:
        """Rows of each code, top to bottom."""
        rows: dict[str, list[int]] = {}
        for row, code in self.codes.items():
            rows.setdefault(code, []).append(row)
        return rows

    @cached_property
    def _indicators_by_label(self) -> dict[str, list[Indicator]]:
        """Indicators by the key of their label; without accents, too, where that is nobody else's label."""
        exact: dict[str, list[Indicator]] = {}
        bare: dict[str, list[Indicator]] = {}
        for block in self.placed.blocks:
            for row in block.rows:
                if isinstance(row.content, Indicator):
                    exact.setdefault(matching_key(row.content.label), []).append(row.content)
                    bare.setdefault(accentless_key(row.content.label), []).append(row.content)
        return {key: named for key, named in bare.items() if len(named) == 1} | exact

    @cached_property
    def label_column(self) -> int:
        """The column that carries the labels: the one with most of them; 0 if there are none."""
        labels = self._indicators_by_label
        counts = Counter(
            column for cells in self.texts.values() for column, text in cells.items() if matching_key(text) in labels
        )
        return min(counts, key=lambda column: (-counts[column], column)) if counts else 0

    def label(self, row: int) -> str:
        """Text of a row in the column of the labels."""
        return self.texts.get(row, {}).get(self.label_column, "").strip()

    def indicators_named(self, row: int) -> list[Indicator]:
        """Indicators whose label stands in a row."""
        return self._indicators_by_label.get(matching_key(self.label(row)), []) if self.label(row) else []

    @cached_property
    def rows_by_label(self) -> dict[str, list[int]]:
        """Rows without a code whose label names exactly one indicator, by its code."""
        rows: dict[str, list[int]] = {}
        for row in self.rows:
            named = self.indicators_named(row)
            if len(named) == 1 and row not in self.codes:
                rows.setdefault(named[0].code, []).append(row)
        return rows

    def row_of(self, indicator: Indicator) -> FoundRow:
        """Row of an indicator; refused, with a finding, where it is another's or there are several that differ."""
        coded = self.rows_by_code.get(indicator.code, [])
        labelled = self.rows_by_label.get(indicator.code, [])
        agreeing = [row for row in coded if indicator in self.indicators_named(row)]
        rows = [*(agreeing or coded), *(row for row in labelled if not coded or self._said(row, indicator))]
        if not rows:
            self.report("structure.row_missing", 0, 0, details_of(indicator))
            return FoundRow()
        self.claimed.update(rows)
        filled = [row for row in rows if self._said(row, indicator)]
        if len({self._said(row, indicator) for row in filled}) > 1:
            places = {"rows": ", ".join(map(str, filled)), **details_of(indicator)}
            self.report("structure.row_twice", filled[0], self.label_column or self.code_column, places)
            return FoundRow(filled[0], is_refused=True)
        row = (filled or rows)[0]
        if row in labelled:
            self.report("structure.found_by_label", row, self.label_column, details_of(indicator))
        return FoundRow(row, is_refused=row in coded and not self._label_agrees(row, indicator))

    def _said(self, row: int, indicator: Indicator) -> tuple[str, ...]:
        """What was typed into a row."""
        head = self.columns.head(INDICATORS, row)
        places = {**head.columns, **head.doubtful}
        cells = {measure: self.at(row, places[measure]) for measure in indicator.cells if measure in places}
        return tuple(
            f"{measure}:{cell.value}"
            for measure, cell in cells.items()
            if not cell.formula and cell.value not in (None, "", CLOSED_MARK)
        )

    def _label_agrees(self, row: int, indicator: Indicator) -> bool:
        """False, with a finding, where a row has the code of one indicator and the label of another."""
        named = self.indicators_named(row)
        if not self.label_column or indicator in named:
            return True
        details = {"found": self.label(row), **details_of(indicator)}
        code = "structure.label_of_another" if named else "structure.label_reworded"
        self.report(code, row, self.label_column, details)
        return not named

    @cached_property
    def _signatures(self) -> frozenset[str]:
        settings = (text for key, text in self.catalogue.settings.items() if key.startswith("sign_"))
        return frozenset(key for text in settings for line in text.split("|") if (key := matching_key(line)))

    def is_signature(self, row: int) -> bool:
        """Whether a row belongs to the signatures below the tables."""
        texts = self.texts.get(row, {}).values()
        return self.codes.get(row) == SIGNATURE_MARK or any(matching_key(one) in self._signatures for one in texts)

    def is_outside(self, row: int) -> bool:
        """Whether a row can hold no figures: headings, titles, signatures, facts of the template."""
        mark = self.codes.get(row, "")
        marked = mark.startswith("#") and mark != "#group"
        return marked or self.columns.is_head(row) or row in self.columns.title_rows or self.is_signature(row)

    def unknown_rows(self) -> Iterator[int]:
        """Rows of a table that hold something but were claimed by nothing."""
        attached = 0
        for row, cells in self.rows.items():
            head = self.columns.nearest(row)
            if not head.last or self.is_outside(row):
                continue
            values = [cell.value for column in _figure_columns(head) if not (cell := cells.get(column, EMPTY)).formula]
            # Past a blank row stand signatures and scribbles: there only a number matters, as on the row of a group.
            belongs = attached == row - 1 if row not in self.codes else self.codes[row] != "#group"
            if row in self.claimed:
                attached = row
            elif any(_is_number(value) or (belongs and _is_said(value)) for value in values):
                attached = row
                yield row


def _figure_columns(head: Head) -> Iterator[int]:
    for code, column in {**head.columns, **head.doubtful}.items():
        if code in MEASURES if head.kind == INDICATORS else code != "number":
            yield column


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_said(value: object) -> bool:
    return value not in (None, "", CLOSED_MARK)


def details_of(indicator: Indicator) -> dict[str, object]:
    """What a finding tells of an indicator."""
    return {"indicator": indicator.code, "label": indicator.label}
