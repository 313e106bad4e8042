"""The period of a workbook whose identity and cover say none: by a line on its sheets, else by years in headings."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from workbook_tools.catalogue import Catalogue
from workbook_tools.findings import Finding
from workbook_tools.heading_meanings import Meanings, common_meanings
from workbook_tools.periods import Period, parse_period
from workbook_tools.sheet_texts import SheetTexts
from workbook_tools.text import matching_key, normalize_text

FEWEST_YEARS = 2
"""Headings with a year that must fit for a period to be told by them."""

LONGEST_HEADING = 60
MOST_HEADINGS = 10_000
"""A sheet with more different texts with a year in them tells no period by these."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_BRACKETS = re.compile(r"\([^)]*\)")


def search_period(sheets: Iterable[SheetTexts], catalogue: Catalogue, file: str) -> tuple[Period, Finding] | None:
    """The one period that the sheets name, and the finding that tells by what; None if there is none or several."""
    sheets = list(sheets)
    for search in (_lines, _headings):
        found = list(search(sheets, catalogue))
        if found and len({period for period, _, _ in found}) == 1:
            period, sheet, line = found[0]
            code = "period.by_title" if line else "period.by_heading"
            details = {"period": period.label, "line": line, "sheet": sheet}
            return period, Finding(code, file=file, sheet=sheet, details=details)
    return None


def _lines(sheets: Iterable[SheetTexts], catalogue: Catalogue) -> Iterator[tuple[Period, str, str]]:
    """Lines such as "Kỳ báo cáo: Năm 2023", with the words that the cover has for it."""
    labels = {matching_key(_BRACKETS.sub("", label)) for code, label in catalogue.cover if code == "period"}
    for sheet in sheets:
        for text in (text for cells in sheet.texts.values() for text in cells.values()):
            before, colon, after = normalize_text(text).partition(":") if ":" in text else ("", "", "")
            if colon and matching_key(before) in labels and (period := parse_period(after)):
                yield period, sheet.content.name, normalize_text(text)


def _headings(sheets: Iterable[SheetTexts], catalogue: Catalogue) -> Iterator[tuple[Period, str, str]]:
    """The year for which the most headings of a sheet mean something."""
    known = common_meanings(catalogue)
    for sheet in sheets:
        short = (text for cells in sheet.texts.values() for text in cells.values() if len(text) <= LONGEST_HEADING)
        texts = {text for text in short if _YEAR.search(text)}
        near: dict[int, set[str]] = {}
        for text in texts if len(texts) <= MOST_HEADINGS else ():
            for year in {int(year) + step for year in _YEAR.findall(text) for step in (-1, 0, 1)}:
                near.setdefault(year, set()).add(text)
        fits: Counter[int] = Counter()
        for year in sorted(near):
            meanings = Meanings(known, parse_period(year))
            fits[year] = len({code for text in near[year] if (code := meanings.of(text))})
        best = [year for year, count in fits.items() if count == max(fits.values()) >= FEWEST_YEARS]
        if len(best) == 1 and (period := parse_period(best[0])):
            yield period, sheet.content.name, ""
