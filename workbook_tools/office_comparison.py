"""The returns of one unit from several offices, checked as the one return they would be together.

A figure stated by two offices, a part and its whole in different fields, a rule across fields: none of these can be
seen in the file of one field alone. Every check runs on what the offices say together; told is what no file showed
alone. A field that two files fill is left out: which of them counts is another question.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import full_address
from workbook_tools.findings import Finding
from workbook_tools.indicators import Role
from workbook_tools.observations import REFUSED, Return
from workbook_tools.read_cells import ReadCell
from workbook_tools.readings import Status
from workbook_tools.screening import Batch, calculated, check_batch
from workbook_tools.screening_facts import Facts

UNITS_AT_ONCE = 25

Parts = Sequence[Return]
"""What each office's file says of the fields that it alone fills."""

Place = tuple[str, str, str]
"""File, sheet and cell."""


def offices_agree(catalogue: Catalogue, returns: Sequence[Return]) -> Iterator[Finding]:
    """Figures of one unit and period agree across the files of its offices."""
    together = [parts for same in _of_one_unit(returns) if len(parts := _parts(same)) > 1]
    facts = Facts(catalogue)
    for first in range(0, len(together), UNITS_AT_ONCE):
        some = together[first : first + UNITS_AT_ONCE]
        joined = [_joined(parts) for parts in some]
        checked = check_batch(Batch(facts, joined, calculated(catalogue, joined)))
        for parts, one, found in zip(some, joined, checked, strict=True):
            yield from _new(parts, one, found)


def _of_one_unit(returns: Sequence[Return]) -> Iterator[list[Return]]:
    units: dict[tuple[str, str], list[Return]] = {}
    for one in returns:
        if one.unit and one.status != REFUSED and not one.support:
            units.setdefault((one.unit, one.period), []).append(one)
    yield from (same for same in units.values() if len(same) > 1)


def _parts(same: Sequence[Return]) -> Parts:
    filled: dict[str, set[str]] = {}
    for one in same:
        for cell in one.cells:
            if cell.is_filled:
                filled.setdefault(cell.observation.field, set()).add(one.file)
    alone = {one.file: [field for field in one.fields if filled.get(field) == {one.file}] for one in same}
    return [one.only_fields(alone[one.file]) for one in same if alone[one.file]]


def _joined(parts: Parts) -> Return:
    """One return of all cells; the sheet of each names its file, as Excel names another workbook."""
    cells = tuple(_in_its_file(cell) for one in parts for cell in one.cells)
    fields = tuple(field for one in parts for field in one.fields)
    return replace(parts[0], cells=cells, fields=fields, findings=())


def _in_its_file(cell: ReadCell) -> ReadCell:
    """The cell as typed; what a formula showed without the other offices' figures says nothing."""
    at = cell.observation
    at = at._replace(sheet=f"[{at.file}]{at.sheet}")
    if cell.role is Role.FORMULA and not cell.is_filled:
        at = at._replace(value=None, status=str(Status.MISSING), raw="")
    return replace(cell, observation=at, is_live=False)


def _new(parts: Parts, joined: Return, found: Sequence[Finding]) -> Iterator[Finding]:
    """The findings that no file gives alone, each at the cell of its file."""
    told = {(one.code, one.file, one.sheet, one.cell, one.rule) for part in parts for one in part.findings}
    places = {full_address(cell.observation.sheet, cell.observation.cell): _place(cell) for cell in joined.cells}
    for one in found:
        at = places.get(full_address(one.sheet, one.cell)) if one.cell else None
        if at is None or (one.code, *at, one.rule) in told:
            continue
        file, sheet, cell = at
        others = list(dict.fromkeys(places[name] for name in one.cells if places[name][0] != file))
        cells = tuple(_address(places[name], file) for name in one.cells)
        placed = replace(one, file=file, sheet=sheet, cell=cell, cells=cells)
        if one.code == "rule.formula_typed_over" and others:
            sources = ", ".join(_address(place, file) for place in others)
            placed = replace(placed, code="rule.offices_differ", details={**one.details, "sources": sources})
        yield placed


def _place(cell: ReadCell) -> Place:
    at = cell.observation
    return at.file, at.sheet.removeprefix(f"[{at.file}]"), at.cell


def _address(place: Place, own: str) -> str:
    """A cell as its own file names it, or with the name of the other file."""
    file, sheet, cell = place
    address = full_address(sheet, cell)
    return address if file == own else f"[{file}]{address}"
