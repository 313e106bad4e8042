"""Forms for many units: one is laid out and written, the others are printed from it.

The forms of units of one level differ only in their names and in the figures that stand in them already. So the parts
of the package that carry neither are copied as they were packed, names are put into the shared strings, and figures
into the cells of the sheets. A printed form holds the same cells, formulas and results as one written by itself; only
the texts among its figures stand at the end of the shared strings.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from xml.sax.saxutils import escape, unescape

from workbook_tools.calculation import calculate
from workbook_tools.cells import FigureName, Position
from workbook_tools.check_sheet import (
    COUNT_OF_FAILED,
    FIRST_ROW,
    VERDICT_COLUMN,
    checks_of,
    verdicts_of,
    verdicts_on_texts,
)
from workbook_tools.cover_sheet import cover_cells
from workbook_tools.field_sheets import FigureContent, content_of
from workbook_tools.figure_cube import CellFigure, FigureCube, empty_cube, fill_values
from workbook_tools.form_layout import CHECK_SHEET, COVER_SHEET, FormLayout
from workbook_tools.form_progress import ProgressPlan
from workbook_tools.form_writing import Identity, filled_columns, filling_of, write_form
from workbook_tools.formulas import Figure, NotPlacedError
from workbook_tools.inert import in_cell
from workbook_tools.rules import FAILED
from workbook_tools.zip_parts import PackedPart, join_parts, pack, packed_parts

UNIT_MARK, NAME_MARK = "\ue000ma\ue001", "\ue000ten\ue001"
"""Stand for code and name of the unit in the form that the others are printed from: nobody types such characters."""

SHARED_STRINGS = "xl/sharedStrings.xml"
PACKING_LEVEL = 3
"""Parts that differ from form to form are packed less tightly: a tenth larger, three times faster."""

_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")?[^>]*?(?:/>|>(<f>.*?</f>)?.*?</c>)')
_SHARED = re.compile(r"<si>(?:<t>|<t xml:space=\"preserve\">)(.*?)</t></si>", re.DOTALL)
_COUNTS = re.compile(r'count="([0-9]+)" uniqueCount="([0-9]+)"')

Values = Mapping[FigureName, CellFigure]
Cells = dict[str, dict[str, str]]
"""XML of the cells that differ from the original, by part and address."""


class _NewTexts:
    """Texts that the original does not share, numbered on from its own; ``uses`` counts the cells that hold one."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self.known = known
        self.numbers: dict[str, int] = {}
        self.uses = 0

    def number(self, text: str) -> int:
        """Number of a text among the shared strings."""
        self.uses += 1
        if text in self.known:
            return self.known[text]
        return self.numbers.setdefault(text, len(self.known) + len(self.numbers))


@dataclass(frozen=True, slots=True)
class _Slot:
    """A cell of the original: where its XML stands in the part, how it begins, and its formula if it has one."""

    start: int
    end: int
    address: str
    style: str
    formula: str

    def holding(self, content: FigureContent, texts: _NewTexts) -> str:
        """The cell with another content, as XlsxWriter writes it."""
        value, kind = content.value, ""
        if content.is_formula:
            cached = "" if value is None else str(value)
            kind = ' t="str"' if isinstance(value, str) and value else ""
            return f'<c r="{self.address}"{self.style}{kind}>{self.formula}<v>{escape(cached)}</v></c>'
        if value is None or value == "":
            return f'<c r="{self.address}"{self.style}/>'
        if isinstance(value, str):
            return f'<c r="{self.address}"{self.style} t="s"><v>{texts.number(in_cell(value))}</v></c>'
        return f'<c r="{self.address}"{self.style}><v>{value:.16G}</v></c>'


class FormPress:
    """Prints the forms of units of one level for one period; ``model`` says which, its unit does not matter."""

    def __init__(self, layout: FormLayout, model: Identity) -> None:
        self.layout = layout
        self.catalogue = layout.catalogue
        self.plan = ProgressPlan(layout)
        self.checks = checks_of(self.plan)
        self.model = replace(model, unit=UNIT_MARK, unit_name=NAME_MARK)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "form.xlsx"
            write_form(path, layout, self.model)
            self.parts = packed_parts(path)

    @cached_property
    def texts(self) -> dict[str, str]:
        """Content of the parts that may differ from form to form."""
        named = {one.name: one.text() for one in self.parts if one.name.endswith(".xml")}
        sheets = set(self.sheets.values())
        marks = (UNIT_MARK, NAME_MARK)
        return {name: text for name, text in named.items() if name in sheets or any(mark in text for mark in marks)}

    @cached_property
    def sheets(self) -> dict[str, str]:
        """Parts of the sheets that hold figures, verdicts or counts, by the name of the sheet; numbered in order."""
        names = [COVER_SHEET, "", *(placed.sheet for placed in self.layout.fields), CHECK_SHEET]
        return {name: f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(names, start=1) if name}

    @cached_property
    def slots(self) -> dict[str, dict[str, _Slot]]:
        """The cells of each of these sheets, by part and address."""
        return {
            part: {
                match[1]: _Slot(match.start(), match.end(), match[1], match[2] or "", match[3] or "")
                for match in _CELL.finditer(self.texts[part])
            }
            for part in self.sheets.values()
        }

    def can_print(self, identity: Identity) -> bool:
        """Whether the unit's names can stand in the place of the marks: they are there, and plain text."""
        return all(name and name.isprintable() and name == name.strip() for name in (identity.unit, identity.unit_name))

    def forms(self, identities: Sequence[Identity], values: Mapping[str, Values]) -> Iterator[bytes]:
        """The files of some units' forms, in order; formulas of all of them are computed at once."""
        cube = empty_cube(self.catalogue, [one.unit for one in identities])
        for row, one in enumerate(identities):
            fill_values(cube, self.catalogue, row, values.get(one.unit, {}))
        verdicts: list[list[str]] = []
        if any(values.get(one.unit) for one in identities):
            calculate(self.catalogue, cube)
            verdicts = [verdicts_of(one.rule, cube) for one in self.checks if one.rule]
        worded: dict[int, set[int]] = {}
        for row, column in cube.text:
            worded.setdefault(row, set()).add(column)
        for row, one in enumerate(identities):
            own, texts = values.get(one.unit, {}), _NewTexts(self.shared_texts)
            cells: Cells = {}
            if own:
                cells, shown = self._cells(one, own, cube, row, worded.get(row, set()), texts)
                cells |= self._live_cells(shown, [told[row] for told in verdicts])
            yield self._joined(one, cells, texts)

    @cached_property
    def shared_texts(self) -> dict[str, int]:
        """The texts that the original shares, with their numbers."""
        return {unescape(text): number for number, text in enumerate(_SHARED.findall(self.texts[SHARED_STRINGS]))}

    def _cells(
        self, identity: Identity, own: Values, cube: FigureCube, row: int, worded: set[int], texts: _NewTexts
    ) -> tuple[Cells, dict[Figure, CellFigure]]:
        """The cells of figures that differ from those of the original, and what they show."""
        filling = filling_of(self.catalogue, identity, cube, own, row)
        cells: Cells = {}
        shown: dict[Figure, CellFigure] = {}
        for column in sorted(filled_columns(cube, row, own, worded) & self.places.keys()):
            figure, part, slot = self.places[column]
            content = content_of(self.layout, self.catalogue.indicators[figure.indicator], figure.measure, filling)
            cells.setdefault(part, {})[slot.address] = slot.holding(content, texts)
            shown[figure] = content.value
        return cells, shown

    @cached_property
    def places(self) -> dict[int, tuple[Figure, str, _Slot]]:
        """Figures of the form with part and cell, by their column in a cube."""
        found = {}
        for figure, column in empty_cube(self.catalogue, []).index.items():
            try:
                sheet, position = self.layout.place(figure)
            except NotPlacedError:
                continue
            part = self.sheets[sheet]
            found[column] = (figure, part, self.slots[part][position.name])
        return found

    def _live_cells(self, shown: Mapping[Figure, CellFigure], on_rules: Sequence[str]) -> Cells:
        """The results of the checks, and of the counts on the cover."""
        progress = self.plan.progress(shown)
        verdicts = [*on_rules, *verdicts_on_texts(self.plan, progress)]
        checked: dict[Position, CellFigure] = {
            Position(row, VERDICT_COLUMN): verdict for row, verdict in enumerate(verdicts, FIRST_ROW)
        }
        checked[COUNT_OF_FAILED] = verdicts.count(FAILED)
        counts = cover_cells(self.plan, self.checks, progress, verdicts)
        counted: dict[Position, CellFigure] = {one.place: one.result for one in counts if one.formula}
        return {
            self.sheets[sheet]: self._with_results(self.sheets[sheet], results)
            for sheet, results in ((CHECK_SHEET, checked), (COVER_SHEET, counted))
        }

    def _with_results(self, part: str, results: Mapping[Position, CellFigure]) -> dict[str, str]:
        """Formula cells of a sheet with other results."""
        slots = self.slots[part]
        return {
            place.name: slots[place.name].holding(FigureContent(result, True), _NewTexts({}))
            for place, result in results.items()
        }

    def _joined(self, identity: Identity, cells: Cells, texts: _NewTexts) -> bytes:
        """The package of one form."""
        names = {UNIT_MARK: escape(identity.unit), NAME_MARK: escape(identity.unit_name)}
        parts: list[PackedPart] = []
        for part in self.parts:
            text = self.texts.get(part.name)
            if text is None or (part.name in self.slots and not cells.get(part.name)):
                parts.append(part)
                continue
            if part.name in self.slots:
                text = self._printed(part.name, cells[part.name])
            for mark, name in names.items():
                text = text.replace(mark, name)
            if part.name == SHARED_STRINGS and texts.uses:
                text = _with_texts(text, texts)
            parts.append(pack(part.name, text.encode("utf-8"), PACKING_LEVEL))
        return join_parts(parts)

    def _printed(self, part: str, cells: Mapping[str, str]) -> str:
        """A sheet with some of its cells replaced."""
        text, slots = self.texts[part], self.slots[part]
        pieces: list[str] = []
        last = 0
        for slot in sorted((slots[address] for address in cells), key=lambda one: one.start):
            pieces += (text[last : slot.start], cells[slot.address])
            last = slot.end
        return "".join((*pieces, text[last:]))


def _counts(shared: str) -> tuple[int, int]:
    """How many cells hold a shared text, and how many texts there are."""
    match = _COUNTS.search(shared)
    assert match is not None
    return int(match[1]), int(match[2])


def _with_texts(shared: str, texts: _NewTexts) -> str:
    """The shared strings with more texts at the end."""
    count, unique = _counts(shared)
    counts = f'count="{count + texts.uses}" uniqueCount="{unique + len(texts.numbers)}"'
    items = "".join(f"<si><t{_kept_blanks(text)}>{escape(text)}</t></si>" for text in texts.numbers)
    return _COUNTS.sub(counts, shared, count=1).replace("</sst>", f"{items}</sst>")


def _kept_blanks(text: str) -> str:
    return ' xml:space="preserve"' if text != text.strip() else ""
