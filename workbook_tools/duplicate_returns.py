"""Several files of one unit for one field: the same content counts once, different ones are a question.

Nothing is guessed: without a preference none of the files is added for that field.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from workbook_tools.cells import FigureName, full_address
from workbook_tools.findings import Finding
from workbook_tools.form_reading import PREFILLED
from workbook_tools.inert import on_one_line
from workbook_tools.last_saved import Saved
from workbook_tools.observations import Return
from workbook_tools.read_cells import ReadCell
from workbook_tools.readings import Status
from workbook_tools.text import normalize_text
from workbook_tools.wording import Words

NEWEST = "newest"
SHOWN_DIFFERENCES = 10
_CHOSEN = Words("được chọn bằng --prefer", "chosen with --prefer")


def name_of_file(name: str) -> str:
    """A key equal for the same file name: as typed by a Mac or by Windows, in capitals or not, with its folder or not.

    >>> name_of_file("./Nhận/KEP.xlsx")
    'kep.xlsx'
    """
    return normalize_text(on_one_line(PurePath(name.replace("\\", "/")).name)).casefold()


@dataclass(frozen=True)
class Preference:
    """Which of several returns to take: those of some files, or the one saved last; by default none."""

    words: tuple[str, ...] = ()
    saved: Callable[[str], Saved] | None = None

    def choose(self, rivals: Sequence[Return]) -> tuple[Return, Words] | None:
        """The return to take, and why; None where the preference leaves the question open."""
        wanted = {name_of_file(word) for word in self.words if word != NEWEST}
        named = [one for one in rivals if name_of_file(one.file) in wanted]
        exact = [one for one in named if one.file in self.words]
        if len(named) == 1 or len(exact) == 1:
            return (exact or named)[0], _CHOSEN
        if named or NEWEST not in self.words or self.saved is None:
            return None
        times = {one.file: self.saved(one.file) for one in rivals}
        *_, second, latest = sorted(rivals, key=lambda one: times[one.file].time)
        if times[second.file].time == times[latest.file].time:
            return None
        return latest, _why(latest, rivals, times)


def _why(latest: Return, rivals: Sequence[Return], times: dict[str, Saved]) -> Words:
    """When each file was saved, and what says so."""

    def said(one: Return, language: str) -> str:
        saved = times[one.file]
        return f"{one.file}: {saved.time:%d/%m/%Y %H:%M:%S} UTC, {saved.source.text(language)}"

    others = [one for one in rivals if one is not latest]
    vietnamese, english = ("; ".join(said(one, language) for one in (latest, *others)) for language in ("vi", "en"))
    return Words(f"bản lưu sau cùng: {vietnamese}", f"saved last: {english}")


def without_repeats(returns: Sequence[Return], preference: Preference) -> tuple[list[Return], list[Finding]]:
    """Each return with the fields that count of it, and findings about the others; one without any is left out."""
    by_unit: dict[str, list[Return]] = defaultdict(list)
    for one in returns:
        by_unit[one.unit].append(one)
    kept: dict[str, list[str]] = defaultdict(list)
    findings: list[Finding] = []
    for same in by_unit.values():
        unit = _OfOneUnit(same, preference, kept)
        findings += unit.settle()
    # In the form's order, whichever way each field was settled.
    counted = ((one, [field for field in one.fields if field in kept[one.file]]) for one in returns)
    return [one.only_fields(fields) for one, fields in counted if fields], findings


@dataclass
class _OfOneUnit:
    """The returns of one unit; ``kept`` collects the fields that count by file."""

    returns: Sequence[Return]
    preference: Preference
    kept: dict[str, list[str]]

    def settle(self) -> Iterator[Finding]:
        """Decide every field."""
        blank: dict[tuple[str, str], list[str]] = defaultdict(list)
        repeated: dict[tuple[str, str], list[str]] = defaultdict(list)
        asked: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for field in dict.fromkeys(field for one in self.returns for field in one.fields):
            holders = [one for one in self.returns if field in one.fields]
            rivals: list[Return] = []
            if len(holders) == 1:
                self.kept[holders[0].file].append(field)
                continue
            for one in holders:
                fuller = next((other for other in holders if _is_blank_copy(one, other, field)), None)
                same = next((other for other in rivals if _contents(other, field) == _contents(one, field)), None)
                if fuller is not None:
                    blank[one.file, fuller.file].append(field)
                elif same is not None:
                    repeated[one.file, same.file].append(field)
                else:
                    rivals.append(one)
            if len(rivals) == 1:
                self.kept[rivals[0].file].append(field)
            else:
                asked[tuple(one.file for one in rivals)].append(field)
        yield from self.tell("consolidation.blank_return", blank)
        yield from self.tell("consolidation.same_return_twice", repeated)
        for files, fields in asked.items():
            yield from self.ask([one for one in self.returns if one.file in files], fields)

    def tell(self, code: str, found: dict[tuple[str, str], list[str]]) -> Iterator[Finding]:
        """Which file another one makes superfluous, and for which fields."""
        for (file, taken), fields in found.items():
            one = next(one for one in self.returns if one.file == file)
            details = {"file": file, "taken": taken, "files": taken}
            yield Finding(code, file=file, details={**details, "unit": one.unit_name, "fields": _sheets(one, fields)})

    def ask(self, rivals: list[Return], fields: list[str]) -> Iterator[Finding]:
        """Take the preferred one of several returns, else none of them; either way say where they differ."""
        details = {"unit": rivals[0].unit_name, "fields": _sheets(rivals[0], fields)}
        choice = self.preference.choose(rivals)
        if choice is None:
            names = ", ".join(sorted(one.file for one in rivals))
            for one in rivals:
                yield _finding("consolidation.duplicate_return", one, rivals, fields, {**details, "files": names})
            return
        taken, reason = choice
        self.kept[taken.file] += fields
        others = ", ".join(f"“{one.file}”" for one in rivals if one is not taken)
        facts = {"taken": taken.file, "reason": reason, "files": others}
        yield _finding("consolidation.preferred_return", taken, rivals, fields, {**details, **facts})


def _is_blank_copy(one: Return, other: Return, field: str) -> bool:
    """Whether a return says of a field only what its form held when it was sent out, and the other says more."""
    said, more = _contents(one, field), _contents(other, field)
    return said.items() < more.items() and all(name.measure in PREFILLED and not name.item for name in said)


def _finding(
    code: str, one: Return, rivals: Sequence[Return], fields: Sequence[str], details: dict[str, object]
) -> Finding:
    """The finding at the first cell in which a return differs from its rivals, with the first ten differences."""
    told: list[tuple[str, Words]] = []
    for other in rivals:
        if other is not one:
            told += _differences(one, other, fields)
    shown = [words for _, words in told[:SHOWN_DIFFERENCES]]
    rest = "; …" if len(told) > SHOWN_DIFFERENCES else ""
    words = Words(*("; ".join(texts) + rest for texts in zip(*shown, strict=True))) if shown else Words("", "")
    places = tuple(dict.fromkeys(place for place, _ in told if place))
    return Finding(code, file=one.file, cells=places, details={**details, "count": len(told), "differences": words})


def _differences(one: Return, other: Return, fields: Sequence[str]) -> Iterator[tuple[str, Words]]:
    """Place in the one, and both values with their places, of every figure of some fields that is not the same."""
    mine, others = (_said(returned, fields) for returned in (one, other))
    for name in dict.fromkeys([*mine, *others]):
        if _content(mine.get(name)) != _content(others.get(name)):
            shown = [_shown(one.file, mine.get(name)), _shown(other.file, others.get(name))]
            words = Words(*(" ≠ ".join(texts) for texts in zip(*shown, strict=True)))
            yield _place(mine.get(name)), words


def _said(returned: Return, fields: Iterable[str]) -> dict[FigureName, ReadCell]:
    return {cell.name: cell for cell in returned.cells if cell.observation.field in fields}


def _contents(returned: Return, field: str) -> dict[FigureName, tuple[object, ...]]:
    """What a return says about a field, without where it stands."""
    contents = {name: _content(cell) for name, cell in _said(returned, [field]).items()}
    return {name: content for name, content in contents.items() if content}


def _content(cell: ReadCell | None) -> tuple[object, ...]:
    """What a cell says, nothing for a blank one; what cannot be read counts as it was typed."""
    if cell is None:
        return ()
    at = cell.observation
    if at.status == Status.UNREADABLE:
        return at.status, at.raw
    return (at.value, at.text, at.qualifier) if cell.is_filled else ()


def _place(cell: ReadCell | None) -> str:
    return "" if cell is None else full_address(cell.observation.sheet, cell.observation.cell)


def _shown(file: str, cell: ReadCell | None) -> Words:
    place = f"[{file}]{_place(cell)}"
    if cell is None or not _content(cell):
        return Words(f"{place} trống", f"{place} blank")
    return Words(*[f"{place} “{cell.observation.raw}”"] * 2)


def _sheets(returned: Return, fields: Sequence[str]) -> str:
    """Names of the sheets of some fields."""
    sheets = {cell.observation.field: cell.observation.sheet for cell in returned.cells}
    return ", ".join(sheets.get(field, field) for field in fields)
