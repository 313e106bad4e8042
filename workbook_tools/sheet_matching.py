"""Finds the rows of a form in a sheet that came back: by codes, then labels.

Position alone is never trusted. Each step down from the codes is a finding.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import Position
from workbook_tools.findings import Finding
from workbook_tools.form_layout import SIGNATURE_MARK, PlacedField
from workbook_tools.heading_meanings import INDICATORS, meanings_of
from workbook_tools.indicators import Indicator, ListBlock
from workbook_tools.label_matching import Labelled, LabelledRow
from workbook_tools.periods import Period
from workbook_tools.sheet_columns import SheetColumns
from workbook_tools.sheet_texts import SheetTexts, code_in, shown_rows
from workbook_tools.text import accentless_key, matching_key

CLOSED_MARK = "x"
_INDICATOR_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


@dataclass(frozen=True)
class FoundRow:
    """Where an indicator stands; 0 for nowhere. What stands in a refused row is not to be taken."""

    row: int = 0
    is_refused: bool = False


@dataclass
class MatchedSheet:
    """A returned sheet with the rows of its codes and labels."""

    sheet: SheetTexts
    placed: PlacedField
    catalogue: Catalogue
    file: str
    headings: Mapping[str, str]
    period: Period | None
    findings: list[Finding] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)
    """Rows that are accounted for."""

    def __post_init__(self) -> None:
        self.content = self.sheet.content
        self.rows, self.texts, self.at = self.sheet.rows, self.sheet.texts, self.sheet.at

    def report(
        self,
        code: str,
        row: int,
        column: int,
        details: Mapping[str, object] | None = None,
        cells: Iterable[Position] = (),
    ) -> None:
        """Add a finding about a cell of this sheet, or about several."""
        details = details or {}
        self.findings.append(
            Finding(
                code,
                file=self.file,
                sheet=self.content.name,
                cell=Position(row, column).name if row else "",
                cells=tuple(position.name for position in cells),
                indicator=str(details.get("indicator", "")),
                details={"sheet": self.content.name, "row": row, **details},
            )
        )

    @cached_property
    def columns(self) -> SheetColumns:
        """The columns of the tables of this sheet."""
        meanings = meanings_of(self.placed, self.catalogue, self.headings, self.period)
        return SheetColumns(self.sheet, self.placed, meanings, self.codes, self._label_keys, self.report)

    @cached_property
    def code_column(self) -> int:
        """The column that carries the codes: the one with most of them; 0 if there are none."""
        lists = tuple(f"{block.block.code}#" for block in self.placed.blocks if isinstance(block.block, ListBlock))
        counts: Counter[int] = Counter()
        for code, places in self.sheet.by_code.items():
            if code in self._indicators or code == "#columns" or (lists and code.startswith(lists)):
                counts.update(place.column for place in places)
        return min(counts, key=lambda column: (-counts[column], column)) if counts else 0

    @cached_property
    def codes(self) -> dict[int, str]:
        """Code or marker of each row that has one; whatever else stands in that column is none."""
        column = self.code_column
        cells = ((row, cells[column].strip()) for row, cells in self.texts.items() if column and column in cells)
        return {row: code for row, text in cells if (code := self._code(text))}

    def _code(self, text: str) -> str:
        """The code that a text is, in whatever letters; empty for none."""
        code = code_in(text)
        if code in self.catalogue.indicators or code.startswith("#") or _INDICATOR_CODE.fullmatch(code):
            return code
        block, mark, item = text.partition("#")
        return f"{code_in(block)}#{item}" if mark and code_in(block) in self.catalogue.lists else ""

    @cached_property
    def rows_by_code(self) -> dict[str, list[int]]:
        """Rows of each code, top to bottom."""
        rows: dict[str, list[int]] = {}
        for row, code in self.codes.items():
            rows.setdefault(code, []).append(row)
        return rows

    def is_foreign(self, row: int) -> bool:
        """Whether a row has a code that the template does not know, as rows of another version may."""
        code = self.codes.get(row, "")
        return bool(_INDICATOR_CODE.fullmatch(code)) and code not in self.catalogue.indicators

    @cached_property
    def _indicators(self) -> dict[str, Indicator]:
        """The indicators of the form by code, in its order."""
        rows = (row.content for block in self.placed.blocks for row in block.rows)
        return {row.code: row for row in rows if isinstance(row, Indicator)}

    @cached_property
    def _indicators_by_label(self) -> dict[str, list[Indicator]]:
        """Indicators by the key of their label; without accents, too, where that is nobody else's label."""
        exact: dict[str, list[Indicator]] = {}
        bare: dict[str, list[Indicator]] = {}
        for one in self._indicators.values():
            exact.setdefault(matching_key(one.label), []).append(one)
            bare.setdefault(accentless_key(one.label), []).append(one)
        return {key: named for key, named in bare.items() if len(named) == 1} | exact

    @cached_property
    def label_column(self) -> int:
        """The column that carries the labels: the one with most of them; 0 if there are none."""
        counts: Counter[int] = Counter()
        for key in self._indicators_by_label:
            counts.update(place.column for place in self.sheet.by_label.get(key, ()))
        return min(counts, key=lambda column: (-counts[column], column)) if counts else 0

    def label(self, row: int) -> str:
        """Text of a row in the column of the labels."""
        return self.texts.get(row, {}).get(self.label_column, "").strip()

    def indicators_named(self, row: int) -> list[Indicator]:
        """Indicators whose label stands in a row."""
        key = self._label_keys.get(row, "")
        return self._indicators_by_label[key] if key else []

    @cached_property
    def _label_keys(self) -> dict[int, str]:
        """The label of the form that stands in each row, as it is or behind a number, by its key."""
        found: dict[int, str] = {}
        for key in self._indicators_by_label:
            for place in self.sheet.by_label.get(key, ()):
                as_it_is = self.sheet.keys[place.row][place.column]
                if place.column == self.label_column and (as_it_is == key or as_it_is not in self._indicators_by_label):
                    found[place.row] = key
        return dict(sorted(found.items()))

    @cached_property
    def _labelled(self) -> dict[str, list[int]]:
        """The rows of each label of the form, top to bottom."""
        rows: dict[str, list[int]] = {}
        for row, key in self._label_keys.items():
            rows.setdefault(key, []).append(row)
        return rows

    @cached_property
    def rows_by_label(self) -> dict[str, list[int]]:
        """Rows without a code of the template whose label names exactly one indicator, by its code."""
        rows: dict[str, list[int]] = {}
        for key, labelled in self._labelled.items():
            named = self._indicators_by_label[key]
            free = [row for row in labelled if row not in self.codes or self._can_be_renamed(row, named[0])]
            if len(named) == 1 and free:
                rows[named[0].code] = sorted([*rows.get(named[0].code, []), *free])
        for row, code in self._told_apart.items():
            rows.setdefault(code, []).append(row)
        return rows

    def _can_be_renamed(self, row: int, indicator: Indicator) -> bool:
        """Whether a row may be one whose code has changed since: its own is unknown, the indicator's is nowhere."""
        return self.is_foreign(row) and indicator.code not in self.rows_by_code

    @cached_property
    def _unclear(self) -> dict[str, list[int]]:
        """Rows without a code whose label several indicators have, by the key of the label."""
        several = {key: rows for key, rows in self._labelled.items() if len(self._indicators_by_label[key]) > 1}
        free = {key: [row for row in rows if row not in self.codes] for key, rows in several.items()}
        return {key: rows for key, rows in free.items() if rows}

    @cached_property
    def _told_apart(self) -> dict[int, str]:
        """The indicator of each row whose label several have, as far as it can be told."""
        if not self._unclear:
            return {}
        found: dict[int, str] = {}
        labelled = self._labelled_rows()
        for key, rows in self._unclear.items():
            told = labelled.told_apart(key)
            found.update(told)
            if told:
                details = {"label": self.label(rows[0]), "rows": shown_rows(rows), "count": len(rows)}
                places = [Position(row, self.label_column) for row in rows]
                self.report("structure.label_told_apart", rows[0], self.label_column, details, places)
        return found

    def _labelled_rows(self) -> Labelled:
        places = sorted((row, key) for key, rows in self._labelled.items() for row in rows)
        placed = ((block.block.code, row.content) for block in self.placed.blocks for row in block.rows)
        blocks = {row.code: block for block, row in placed if isinstance(row, Indicator)}
        coded = {row: code for row, code in self.codes.items() if code in self._indicators}
        return Labelled([self._labelled_row(*place) for place in places], [*self._indicators.values()], blocks, coded)

    def _labelled_row(self, row: int, key: str) -> LabelledRow:
        head, keys = self.columns.head(INDICATORS, row), self.sheet.keys[row]
        number = self.at(row, head.places.get("number", 0)).value
        above = [title for title in self.columns.block_rows if title <= row]
        block = self.columns.block_rows[above[-1]] if above else ""
        return LabelledRow(row, key, matching_key(str(number or "")), keys.get(head.places.get("unit", 0), ""), block)

    def row_of(self, indicator: Indicator) -> FoundRow:
        """Row of an indicator; refused, with a finding, where it is another's or there are several that differ."""
        coded = self.rows_by_code.get(indicator.code, [])
        labelled = self.rows_by_label.get(indicator.code, [])
        agreeing = [row for row in coded if indicator in self.indicators_named(row)]
        rows = [*(agreeing or coded), *(row for row in labelled if not coded or self._said(row, indicator))]
        if not rows:
            return self._unclear_row(indicator)
        self.claimed.update(rows)
        if len(rows) == 1:
            return self._only_row(rows[0], indicator, is_coded=bool(coded))
        filled = [row for row in rows if self._said(row, indicator)]
        if len({self._said(row, indicator) for row in filled}) > 1:
            places = {"rows": ", ".join(map(str, filled)), **details_of(indicator)}
            column = self.label_column or self.code_column
            self.report("structure.row_twice", filled[0], column, places, [Position(row, column) for row in filled])
            return FoundRow(filled[0], is_refused=True)
        return self._only_row((filled or rows)[0], indicator, is_coded=(filled or rows)[0] in coded)

    def _only_row(self, row: int, indicator: Indicator, *, is_coded: bool) -> FoundRow:
        """The row that counts, with a finding where it was not found by its code."""
        if row in self.rows_by_label.get(indicator.code, ()):
            self.report("structure.found_by_label", row, self.label_column, details_of(indicator))
        return FoundRow(row, is_refused=is_coded and not self._label_agrees(row, indicator))

    def _unclear_row(self, indicator: Indicator) -> FoundRow:
        """No row, or one of those that may be another's as well: then it is not taken."""
        key = matching_key(indicator.label)
        rows = [row for row in self._unclear.get(key, ()) if row not in self._told_apart]
        free = [row for row in rows if row not in self.claimed]
        if not free:
            self.report("structure.row_missing", 0, 0, details_of(indicator))
            return FoundRow()
        if len(free) == len(rows) and any(self._said(row, indicator) for row in rows):
            details = {**details_of(indicator), "rows": shown_rows(rows), "count": len(self._indicators_by_label[key])}
            places = [Position(row, self.label_column) for row in rows]
            self.report("structure.label_ambiguous", rows[0], self.label_column, details, places)
        self.claimed.add(free[0])
        return FoundRow(free[0], is_refused=True)

    def _said(self, row: int, indicator: Indicator) -> tuple[str, ...]:
        """What was typed into a row."""
        places = self.columns.head(INDICATORS, row).places
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
    def _signature_rows(self) -> frozenset[int]:
        settings = (text for key, text in self.catalogue.settings.items() if key.startswith("sign_"))
        keys = {key for text in settings for line in text.split("|") if (key := matching_key(line))}
        return frozenset(place.row for key in keys for place in self.sheet.by_key.get(key, ()))

    def is_outside(self, row: int) -> bool:
        """Whether a row can hold no figures: headings, titles, signatures, facts of the template."""
        mark = self.codes.get(row, "")
        marked = mark.startswith("#") and mark != "#group"
        signed = mark == SIGNATURE_MARK or row in self._signature_rows
        return marked or signed or self.columns.is_head(row) or row in self.columns.title_rows


def details_of(indicator: Indicator) -> dict[str, object]:
    """What a finding tells of an indicator."""
    return {"indicator": indicator.code, "label": indicator.label}
