"""The words by which a returned sheet is matched with its form; any other text says nothing of where it stands."""

import enum
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from workbook_tools.catalogue import Catalogue
from workbook_tools.cell_texts import looks_encoded
from workbook_tools.cells import Position
from workbook_tools.explanations import EXPLANATION, HEADING
from workbook_tools.form_layout import headings_of
from workbook_tools.list_matching import TOTAL_WORDS
from workbook_tools.periods import Period
from workbook_tools.sheet_texts import SheetTexts
from workbook_tools.text import accentless_key, matching_key
from workbook_tools.workbook_contents import CellContent, SheetContent

MOST_KNOWN = 20_000


class Telling(enum.IntEnum):
    """What a text that was typed might be taken for."""

    NOTHING = 0
    LABEL = 1
    MARK = 2


@dataclass
class TellingTexts:
    """The labels and headings of a template, and the other words by which its sheets and tables are found."""

    labels: frozenset[str]
    marks: frozenset[str]
    codes: frozenset[str]
    known: dict[str, Telling] = field(default_factory=dict)

    def tell(self, texts: Collection[str]) -> Mapping[str, Telling]:
        """What each of these texts, and of some others, might be taken for wherever it is typed."""
        new = [text for text in texts if text not in self.known]
        if len(self.known) + len(new) > MOST_KNOWN:
            self.known.clear()
            new = list(texts)
        heads = [text.partition(":")[0] for text in new]
        pairs = enumerate(zip(new, heads, strict=True), 1)
        cells = {Position(row, column): CellContent(text) for row, pair in pairs for column, text in enumerate(pair, 1)}
        indexed = SheetTexts(SheetContent("", "visible", cells))
        marks = _rows(indexed.by_label, self.marks) | _rows(indexed.by_code, self.codes)
        labels = _rows(indexed.by_label, self.labels)
        for row, text in enumerate(new, 1):
            is_mark = row in marks or "#" in text or looks_encoded(text)
            self.known[text] = Telling.MARK if is_mark else Telling.LABEL if row in labels else Telling.NOTHING
        return self.known


def _rows(index: Mapping[str, list[Position]], words: frozenset[str]) -> set[int]:
    return {place.row for word in words & index.keys() for place in index[word]}


def telling_texts(catalogue: Catalogue, period: Period | None) -> TellingTexts:
    """The words of a template in the forms of a period: labels, titles, headings, signatures, codes."""
    columns = (column.code for one in catalogue.fields for block in one.blocks for column in block.columns)
    covers = (code for code, _ in catalogue.cover)
    return TellingTexts(
        labels=_keys((*(one.label for one in catalogue.indicators.values()), *_headings(catalogue))),
        marks=_keys(_words(catalogue, period)) | TOTAL_WORDS,
        codes=frozenset((*catalogue.indicators, *catalogue.lists, *columns, *covers, EXPLANATION, "number")),
    )


def _keys(words: Iterable[str]) -> frozenset[str]:
    return frozenset({key(word) for word in words for key in (matching_key, accentless_key)} - {""})


def _headings(catalogue: Catalogue) -> Iterator[str]:
    """The headings of columns: no row that has a code of its own is taken for one of headings."""
    for block in (block for one in catalogue.fields for block in one.blocks):
        for column in block.columns:
            yield from (column.heading, column.heading.split("\n")[0])


def _words(catalogue: Catalogue, period: Period | None) -> Iterator[str]:
    yield HEADING
    yield EXPLANATION
    yield from headings_of(catalogue, period).values()
    yield from (label for _, label in catalogue.cover)
    for key, text in catalogue.settings.items():
        if key.startswith(("sign_", "synonyms.", "heading.")):
            yield from (part for line in text.split("|") for part in (line, *line.split(";")))
    for one in catalogue.fields:
        yield from (one.title, one.sheet)
        for block in one.blocks:
            yield block.title
