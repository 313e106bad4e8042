"""Which returns may be added up: of a known unit, of the period, and only one for each unit and field."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from workbook_tools.cells import FigureName
from workbook_tools.errors import UnknownPlaceError
from workbook_tools.figure_cube import CellFigure
from workbook_tools.findings import Finding
from workbook_tools.indicators import Role
from workbook_tools.observations import REFUSED, ReadCell, Return
from workbook_tools.periods import Period
from workbook_tools.readings import Status
from workbook_tools.unit_tree import Unit, UnitTree


def flat_tree(returns: Iterable[Return], unit: str) -> UnitTree:
    """All units that sent something, under one total."""
    total = Unit(unit or "TONG", "Tổng hợp", "tổng")
    sent = {one.unit: Unit(one.unit, one.unit_name or one.unit, "", total.code) for one in returns if one.unit}
    return UnitTree((total, *sent.values()))


def target_unit(tree: UnitTree, unit: str) -> str:
    """Code of the unit to consolidate for, by code or name; the first root if empty. Raises UnknownPlaceError."""
    if unit:
        found = tree.find(unit)
        if found is None:
            raise UnknownPlaceError(f"Không có đơn vị “{unit}” trong danh sách đơn vị.")
        return found.code
    return tree.roots[0].code


def admit(returns: Iterable[Return], tree: UnitTree, period: Period | None) -> tuple[list[Return], list[Finding]]:
    """The returns that may be added: of a known unit, of the period, and one only for each unit and field."""
    findings: list[Finding] = []
    candidates: list[Return] = []
    readable = [one for one in returns if one.status != REFUSED]
    wanted = period.code if period else _commonest(one.period for one in readable)
    for one in readable:
        unit = tree.find(one.unit) or tree.find(one.unit_name)
        if unit is None:
            details = {"unit": one.unit or one.unit_name or "?", "file": one.file}
            findings.append(Finding("unit.unknown", file=one.file, details=details))
        elif one.period != wanted:
            details = {"file": one.file, "period": one.period or "?", "expected": wanted}
            findings.append(Finding("period.differs", file=one.file, details=details))
        else:
            candidates.append(one.of_unit(unit.code, unit.name))
    admitted = list(_without_repeats(candidates, findings))
    return admitted, findings


def _commonest(codes: Iterable[str]) -> str:
    known = [code for code in codes if code]
    return max(sorted(set(known)), key=known.count, default="")


def _without_repeats(returns: list[Return], findings: list[Finding]) -> Iterator[Return]:
    """The same content twice counts once; two different returns of a unit and field are a question, and wait."""
    owners: dict[tuple[str, str], list[Return]] = {}
    for one in returns:
        for field in one.fields:
            same = owners.setdefault((one.unit, field), [])
            if not any(other.content_of(field) == one.content_of(field) for other in same):
                same.append(one)
    for one in returns:
        asked = [field for field in one.fields if len(owners[one.unit, field]) > 1]
        kept = [field for field in one.fields if owners[one.unit, field] == [one]]
        if asked:
            names = sorted({other.file for field in asked for other in owners[one.unit, field]})
            details = {"unit": one.unit_name, "files": ", ".join(names), "fields": ", ".join(_sheets(one, asked))}
            findings.append(Finding("consolidation.duplicate_return", file=one.file, details=details))
        if kept:
            yield one.only_fields(kept)


def _sheets(returned: Return, fields: list[str]) -> list[str]:
    """Names of the sheets of some fields."""
    sheets = {cell.observation.field: cell.observation.sheet for cell in returned.cells}
    return [sheets.get(field, field) for field in fields]


def with_prior(returns: list[Return], values: Mapping[str, Mapping[FigureName, CellFigure]]) -> list[Return]:
    """Blank figures of last year are taken from last period's data; what the unit typed stays."""
    if not values:
        return returns
    filled = []
    for one in returns:
        known = values.get(one.unit, {})
        cells = tuple(_prior_cell(cell, known.get(cell.name)) for cell in one.cells)
        filled.append(replace(one, cells=cells))
    return filled


def _prior_cell(cell: ReadCell, value: CellFigure) -> ReadCell:
    blank = cell.observation.status == Status.MISSING and cell.role is Role.INPUT
    if not blank or cell.name.measure != "prior" or not isinstance(value, int | float):
        return cell
    return replace(cell, observation=cell.observation._replace(value=float(value), status=str(Status.VALUE)))
