"""Which returns may be added up: of a known unit, of the period, and only one for each unit and field."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.duplicate_returns import Preference, without_repeats
from workbook_tools.errors import UnknownPlaceError
from workbook_tools.figure_cube import CellFigure
from workbook_tools.findings import Finding
from workbook_tools.indicators import Role
from workbook_tools.longer_periods import added_over_time, set_aside
from workbook_tools.observations import REFUSED, Return
from workbook_tools.overlapping_totals import without_overlaps
from workbook_tools.periods import Period, parse_period
from workbook_tools.unit_tree import Unit, UnitTree

WHOLE = "TONG"
"""Code of the total where there is no list of units."""


def flat_tree(returns: Iterable[Return], unit: str = WHOLE) -> UnitTree:
    """All units that sent something, under one total; units of which a consolidated workbook was made, under its own.

    A workbook of the total itself is the total's own return.
    """
    total = Unit(unit, "Tổng hợp", "tổng")
    sent = {one.unit: one for one in returns if one.unit and one.unit != total.code}
    parents: dict[str, str] = {}
    for one in sent.values():
        for code in one.made_of:
            if code in sent and code not in parents and code not in _line(one.unit, parents):
                parents[code] = one.unit
    units = (Unit(code, one.unit_name or code, "", parents.get(code, total.code)) for code, one in sent.items())
    return UnitTree((total, *units))


def _line(code: str, parents: Mapping[str, str]) -> list[str]:
    """A unit and those above it."""
    line = [code]
    while line[-1] in parents:
        line.append(parents[line[-1]])
    return line


def target_unit(tree: UnitTree, unit: str) -> str:
    """Code of the unit to consolidate for, by code or name; the first root if empty. Raises UnknownPlaceError."""
    if unit:
        found = tree.find(unit)
        if found is None:
            raise UnknownPlaceError(f"Không có đơn vị “{unit}” trong danh sách đơn vị.")
        return found.code
    return tree.roots[0].code


def admit(
    catalogue: Catalogue,
    returns: Iterable[Return],
    tree: UnitTree,
    period: Period | None,
    preference: Preference | None = None,
) -> tuple[list[Return], list[Finding]]:
    """The returns that may be added: of a known unit, of the period, one for each unit and field, nothing twice.

    What a unit sent for pieces of a period that was named is added up over time first.
    """
    findings: list[Finding] = []
    candidates: list[Return] = []
    shorter: dict[str, list[Return]] = {}
    readable = [one for one in returns if one.status != REFUSED]
    wanted = period.code if period else _commonest(one.period for one in readable)
    for one in readable:
        unit = tree.find(one.unit) or tree.find(one.unit_name)
        if unit is None:
            details = {"unit": one.unit or one.unit_name or "?", "file": one.file}
            findings.append(Finding("unit.unknown", file=one.file, details=details))
        elif period and (part := parse_period(one.period)) and part.is_within(period):
            shorter.setdefault(one.period, []).append(one.of_unit(unit.code, unit.name))
        elif one.period != wanted:
            details = {"file": one.file, "period": one.period or "?", "expected": wanted}
            findings.append(Finding("period.differs", file=one.file, details=details))
        else:
            candidates.append(one.of_unit(unit.code, unit.name))
    single, repeats = without_repeats(candidates, preference or Preference())
    if period and shorter:
        longer, told = _over_time(catalogue, single, shorter, period, preference or Preference())
        single, repeats = [*single, *longer], [*repeats, *told]
    admitted, overlaps = without_overlaps(single, tree)
    return admitted, [*findings, *repeats, *overlaps]


def _over_time(
    catalogue: Catalogue,
    whole: Iterable[Return],
    shorter: Mapping[str, list[Return]],
    period: Period,
    preference: Preference,
) -> tuple[list[Return], list[Finding]]:
    """The returns for a period that come of shorter ones, for what no return for the whole period says."""
    reported = {(one.unit, field) for one in whole for field in one.fields}
    findings: list[Finding] = []
    pieces: list[Return] = []
    for code in sorted(shorter):
        single, repeats = without_repeats(shorter[code], preference)
        findings += repeats
        for one in single:
            open_fields = [field for field in one.fields if (one.unit, field) not in reported]
            if open_fields:
                pieces.append(one.only_fields(open_fields))
            else:
                findings.append(set_aside(one, period))
    longer, told = added_over_time(catalogue, pieces, period)
    return longer, [*findings, *told]


def _commonest(codes: Iterable[str]) -> str:
    known = [code for code in codes if code]
    return max(sorted(set(known)), key=known.count, default="")


def below(returns: Iterable[Return], tree: UnitTree, unit: str) -> tuple[list[Return], list[Finding]]:
    """The returns of a unit and those below it, and findings about the others: they are no part of its total."""
    inside: list[Return] = []
    findings: list[Finding] = []
    for one in returns:
        if any(above.code == unit for above in tree.path(one.unit)):
            inside.append(one)
        else:
            details = {"file": one.file, "unit": one.unit_name, "total": tree.unit(unit).name}
            findings.append(Finding("consolidation.elsewhere", file=one.file, details=details))
    return inside, findings


def with_prior(returns: list[Return], values: Mapping[str, Mapping[FigureName, CellFigure]]) -> list[Return]:
    """Blank figures of last year are taken from last period's data; what the unit typed stays."""
    if not values:
        return returns
    return [_with_prior(one, values.get(one.unit, {})) for one in returns]


def _with_prior(one: Return, known: Mapping[FigureName, CellFigure]) -> Return:
    cells = one.columns
    frame = cells.frame
    found: dict[int, float] = {}
    for place in np.flatnonzero(cells.are_blank & frame.of_measure("prior")).tolist():
        value = known.get(FigureName(frame.indicators[place], "prior", frame.items[place]))
        if frame.roles[place] is Role.INPUT and isinstance(value, int | float):
            found[place] = float(value)
    places = np.array(list(found), dtype=np.intp)
    return replace(one, cells=cells.with_values(places, np.array(list(found.values())))) if found else one
