"""Last period's figures for this period's units: read from files, carried to today's boundaries where units changed."""

from collections.abc import Callable, Mapping
from pathlib import Path

from workbook_tools.boundaries import Carried, carry
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.errors import UnknownPlaceError
from workbook_tools.figure_cube import CellFigure
from workbook_tools.findings import Finding
from workbook_tools.indicators import Kind
from workbook_tools.numerals import format_number
from workbook_tools.observations import REFUSED, Return
from workbook_tools.periods import Period, parse_period
from workbook_tools.prior_figures import PRIOR, measures_taken, prior_figures
from workbook_tools.received_files import received_files
from workbook_tools.return_files import catalogue_of, read_files
from workbook_tools.successions import Succession, between, read_successions

PriorValues = Mapping[str, Mapping[FigureName, CellFigure]]
"""First figures of new forms, by unit."""

Tell = Callable[[Finding], None]


def prior_values(
    prior: Path | None,
    template: Path | None,
    jobs: int,
    tell: Tell,
    *,
    units: Path | None = None,
    period: Period | None = None,
) -> PriorValues:
    """Figures of last period as the first figures of new forms, by the units of this period.

    Args:
        units: the list of units; where it tells of units that took the place of others since last year, their figures
            are carried over.
        tell: is called with each finding about a file that could not be read, and about what could not be carried.

    Raises:
        UnknownPlaceError: there are no figures to take.
    """
    if prior is None:
        return {}
    values = _read_values(prior, template, jobs, tell, period)
    if not values:
        raise UnknownPlaceError(f"“{prior}” không có số liệu nào để điền sẵn.", f"'{prior}' has no figures to fill in.")
    catalogue = catalogue_of(template)
    changes = _changes(units, period, catalogue.calendar)
    if not changes:
        return values
    carried = carry(catalogue, values, changes)
    for finding in carried.findings:
        tell(finding)
    _round_estimates(catalogue, carried, changes, tell)
    return carried.values


def _read_values(
    prior: Path, template: Path | None, jobs: int, tell: Tell, period: Period | None
) -> dict[str, dict[FigureName, CellFigure]]:
    """The figures of all files for the same period of last year; one that two files give differently is not taken."""
    values: dict[str, dict[FigureName, CellFigure]] = {}
    disputed: dict[str, set[FigureName]] = {}
    received = received_files([prior])
    for finding in received.findings:
        tell(finding)
    for file, returned in zip(received.files, read_files(received.files, template, jobs), strict=True):
        if returned.status == REFUSED:
            for finding in returned.findings:
                tell(finding)
        elif (other := _of_another_period(returned, period)) is not None:
            tell(other)
        for unit, name, value in prior_figures(file.path, returned, period):
            if values.setdefault(unit, {}).setdefault(name, value) != value:
                disputed.setdefault(unit, set()).add(name)
    for unit, names in disputed.items():
        for name in names:
            del values[unit][name]
        tell(Finding("period.prior_disputed", details={"unit": unit, "count": len(names)}))
    return values


def _of_another_period(returned: Return, period: Period | None) -> Finding | None:
    """What is to be said of a file that is not for the same period of last year."""
    taken, own = measures_taken(returned.period, period), parse_period(returned.period)
    if period is None or own is None or PRIOR.items() <= taken.items():
        return None
    details = {"file": returned.file, "period": own.words, "expected": period.last_year.words, "new": period.words}
    return Finding("period.prior_only_plan" if taken else "period.prior_other", file=returned.file, details=details)


def _changes(units: Path | None, period: Period | None, calendar: str) -> list[Succession]:
    """The units that took the place of others between the end of last year's period and the end of this one."""
    if units is None or period is None:
        return []
    return between(read_successions(units), period.last_year.bounds(calendar)[1], period.bounds(calendar)[1])


def _round_estimates(catalogue: Catalogue, carried: Carried, changes: list[Succession], tell: Tell) -> None:
    """Estimated counts are whole numbers; each unit with estimates is told of once."""
    names = {one.new: one.new_name for one in changes}
    shares: dict[str, list[float]] = {}
    for (unit, name), share in carried.estimated.items():
        shares.setdefault(unit, []).append(share)
        value = carried.values[unit][name]
        if catalogue.indicators[name.indicator].kind is Kind.COUNT and isinstance(value, float):
            carried.values[unit][name] = round(value)
    for unit, found in shares.items():
        details = {
            "unit": names.get(unit) or unit,
            "count": len(found),
            "share": format_number(100 * max(found), 0),
        }
        tell(Finding("unit.base_estimated", details=details))
