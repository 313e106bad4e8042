"""Consolidated workbooks beside the returns they were made of: nothing is added twice.

A consolidated workbook is the return of its unit. Where the returns of units below it are there too, their figures
are the total (see :mod:`workbook_tools.aggregation`); where the list of units does not put them below it, adding
both would count them twice, so the workbook is not added.
"""

from collections.abc import Sequence

from workbook_tools.findings import Finding
from workbook_tools.observations import Return
from workbook_tools.unit_tree import UnitTree

SHOWN_UNITS = 10


def without_overlaps(returns: Sequence[Return], tree: UnitTree) -> tuple[list[Return], list[Finding]]:
    """The returns that may be added together, and findings about consolidated workbooks that include others."""
    totals = {one.file: _units_behind(one, tree) for one in returns if one.made_of}
    units = {one.unit for one in returns}
    findings: list[Finding] = []
    refused: set[str] = set()
    for one in returns:
        if one.file not in totals:
            continue
        others = [other for other in returns if other.file in totals and not _in_line(one.unit, other.unit, tree)]
        twice = {unit for unit in totals[one.file] & units if one.unit not in _line(unit, tree)}
        twice |= {unit for other in others for unit in totals[one.file] & totals[other.file]}
        below = {unit for unit in units - {one.unit} if one.unit in _line(unit, tree)}
        if twice:
            refused.add(one.file)
            findings.append(_finding("consolidation.counted_twice", one, twice, tree))
        elif below:
            findings.append(_finding("consolidation.includes_others", one, below, tree))
    return [one for one in returns if one.file not in refused], findings


def _units_behind(one: Return, tree: UnitTree) -> set[str]:
    """Codes of the units a total was made of, as the list of units has them; one that is not listed as it stands."""
    found = ((code, tree.find(code)) for code in one.made_of)
    return {unit.code if unit else code for code, unit in found} - {one.unit}


def _in_line(one: str, other: str, tree: UnitTree) -> bool:
    """Whether one of two units lies below the other, or both are the same."""
    return one in _line(other, tree) or other in _line(one, tree)


def _line(unit: str, tree: UnitTree) -> set[str]:
    return {above.code for above in tree.path(unit)}


def _finding(code: str, one: Return, units: set[str], tree: UnitTree) -> Finding:
    names = [tree.units[unit].name if unit in tree.units else unit for unit in sorted(units)]
    shown = ", ".join(names[:SHOWN_UNITS]) + (", …" if len(names) > SHOWN_UNITS else "")
    return Finding(code, file=one.file, details={"file": one.file, "unit": one.unit_name, "units": shown})
