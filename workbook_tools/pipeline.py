"""The runs of the toolkit, each readable on one screen. The command line only passes arguments on.

Every function takes paths and returns facts; only ``forms``, ``consolidate`` and ``demo`` write files.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from workbook_tools.admission import WHOLE, admit, below, flat_tree, target_unit, with_prior
from workbook_tools.aggregation import add_up
from workbook_tools.calculation import calculate
from workbook_tools.catalogue import Catalogue
from workbook_tools.consolidated import Consolidation
from workbook_tools.duplicate_returns import NEWEST, Preference, name_of_file
from workbook_tools.errors import UnknownPlaceError
from workbook_tools.figure_cube import FigureCube, empty_cube, fill_cube
from workbook_tools.findings import Finding, in_reading_order
from workbook_tools.form_files import file_name
from workbook_tools.form_runs import forms
from workbook_tools.inert import in_json
from workbook_tools.last_saved import last_saved
from workbook_tools.national_units import units_of
from workbook_tools.observations import Return
from workbook_tools.output_files import refuse_closed, refuse_inputs, refuse_returns
from workbook_tools.periods import Period, parse_period, period_of
from workbook_tools.prior_values import prior_values
from workbook_tools.read_cache import cache_beside
from workbook_tools.received_files import OVERFLOW_SUFFIX, Received, received_files
from workbook_tools.return_comparison import typed_priors_agree
from workbook_tools.return_files import Tell, catalogue_of, load_template, shipped_template, template_bytes
from workbook_tools.return_runs import Checked, check, read, read_all
from workbook_tools.snapshots import snapshot
from workbook_tools.submission_status import SubmissionStatus, deadline_of, submission_status
from workbook_tools.summary_writing import write_summary
from workbook_tools.total_checks import rules_hold_for_totals
from workbook_tools.unit_list_writing import write_unit_list
from workbook_tools.unit_tree import UnitTree
from workbook_tools.units import read_units
from workbook_tools.whole_files import sweep, write_whole
from workbook_tools.workbook_differences import Differences

__all__ = [
    "Checked",
    "catalogue_of",
    "check",
    "consolidate",
    "difference",
    "file_name",
    "forms",
    "load_template",
    "read",
    "shipped_template",
    "status",
    "unit_list",
]


@dataclass(frozen=True)
class _Gathered:
    """What came in, and what of it may be added up for a unit."""

    received: Received
    checked: Checked
    tree: UnitTree
    target: str
    added: list[Return]
    problems: list[Finding]


def _gather(
    places: Sequence[Path],
    outputs: Sequence[Path],
    units: Path | None,
    unit: str,
    when: Period | None,
    prefer: str | Sequence[str],
    template: Path | None,
    read_them: Callable[[Received], Checked],
) -> _Gathered:
    calendar = catalogue_of(template).calendar
    listed = read_units(units, on=when.bounds(calendar)[1] if when else None) if units else None
    target = target_unit(listed, unit) if listed else unit or WHOLE
    refuse_returns(outputs, target, places)
    received = received_files(places, outputs=outputs)
    # In whatever order the files were named, the result is the same.
    received = replace(received, files=tuple(sorted(received.files, key=lambda file: file.name)))
    checked = read_them(received)
    tree = listed or flat_tree(checked.returns, target)
    preference = _preference([prefer] if isinstance(prefer, str) else prefer, received)
    admitted, problems = admit(catalogue_of(template), checked.returns, tree, when, preference)
    added, elsewhere = below(admitted, tree, target)
    return _Gathered(received, checked, tree, target, added, [*problems, *elsewhere])


def consolidate(
    paths: Iterable[Path],
    output: Path,
    *,
    units: Path | None = None,
    unit: str = "",
    period: str = "",
    prior: Path | None = None,
    prefer: str | Sequence[str] = (),
    template: Path | None = None,
    jobs: int = 0,
    findings_file: Path | None = None,
    close: bool = False,
    executor: Executor | None = None,
    keep: bool = False,
    tell: Tell | None = None,
) -> Consolidation:
    """Check returns, add them up over the tree of units, and write the consolidated workbook.

    Args:
        units: the list of units; without it every unit that sent a return counts, under one total.
        unit: the unit to consolidate for; the root of the tree if empty.
        prior: not-yet-filled ``prior`` figures come from last period's returns or consolidated workbook.
        prefer: which of several different files of a unit to take: ``newest``, or names of files.
        close: from now on this workbook stands as it is; no run writes over it.
        executor: who reads the returns, instead of processes of our own.
        keep: what was read is kept beside the output; the next run reads but what is not there. The result is the same.
        tell: is told how many files are read, of how many, and how many findings there are so far.

    Returns:
        The consolidation, with all findings, those of reading and checking included.
    """
    places, when = list(paths), period_of(period)
    results = [output] if findings_file is None else [output, findings_file]
    refuse_inputs(results, places)
    refuse_closed(output)
    beside = [*results, output.with_suffix(OVERFLOW_SUFFIX)]
    catalogue = catalogue_of(template)
    cache = cache_beside(output, template_bytes(template)) if keep else None
    read_them = partial(read_all, template=template, jobs=jobs, checked=True, executor=executor, cache=cache, tell=tell)
    gathered = _gather(places, beside, units, unit, when, prefer, template, read_them)
    problems = list(gathered.problems)
    whose = when or next((parse_period(one.period) for one in gathered.added), None)
    base = prior_values(prior, template, jobs, problems.append, units=units, period=whose)
    told = [*gathered.checked.findings, *problems]
    problems += typed_priors_agree(catalogue, gathered.added, base, f"--prior {prior}", told)
    added = with_prior(gathered.added, base)
    whole, totals = _added_up(catalogue, gathered.tree, added)
    sent = {one.unit for one in added}
    silent = [one for one in gathered.tree.leaves(gathered.target) if one.code not in sent]
    problems += [Finding("consolidation.not_reported", details={"unit": one.name}) for one in silent]
    result = Consolidation(
        catalogue=catalogue,
        tree=gathered.tree,
        unit=gathered.target,
        period=added[0].period if added else period,
        cube=whole,
        returns=tuple(added),
        received=gathered.checked.returns,
        findings=tuple(in_reading_order([*gathered.checked.findings, *problems, *totals])),
    )
    origin = _folder_of(gathered.received, output)
    sent_so_far = _status(catalogue, gathered, when)
    fingerprint = write_summary(output, result, received_in=origin, status=sent_so_far, closed=close)
    if findings_file is not None:
        document = Checked(result.received, result.findings).as_dict()
        write_whole(findings_file, (in_json(document) + "\n").encode())
    for folder in {path.resolve().parent for path in results}:
        sweep(folder)
    return replace(result, fingerprint=fingerprint)


def _added_up(catalogue: Catalogue, tree: UnitTree, added: Sequence[Return]) -> tuple[FigureCube, list[Finding]]:
    """The figures of every unit of the tree, and what is to be said of its totals."""
    cube = empty_cube(catalogue, list(dict.fromkeys(one.unit for one in added)))
    fill_cube(cube, catalogue, added)
    calculate(catalogue, cube)
    whole, findings = add_up(catalogue, tree, cube, use_up=True)
    return whole, [*findings, *rules_hold_for_totals(catalogue, tree, whole)]


def status(
    paths: Iterable[Path],
    *,
    units: Path | None = None,
    unit: str = "",
    period: str = "",
    prefer: str | Sequence[str] = (),
    template: Path | None = None,
    jobs: int = 0,
    executor: Executor | None = None,
    tell: Tell | None = None,
) -> SubmissionStatus:
    """Who has sent what of the units below a unit, how late, and with how many errors.

    Args:
        units: the list of units; without it only those that sent something are known.
    """
    when = period_of(period)
    read_them = partial(read_all, template=template, jobs=jobs, checked=True, executor=executor, tell=tell)
    gathered = _gather(list(paths), [], units, unit, when, prefer, template, read_them)
    return _status(catalogue_of(template), gathered, when)


def _status(catalogue: Catalogue, gathered: _Gathered, when: Period | None) -> SubmissionStatus:
    when = when or next((parse_period(one.period) for one in gathered.added), None)
    return submission_status(
        catalogue,
        gathered.tree,
        gathered.target,
        gathered.checked.returns,
        gathered.added,
        gathered.checked.findings,
        {file.name: last_saved(file.path).time.date() for file in gathered.received.files},
        deadline_of(catalogue, when),
    )


def difference(old: Path, new: Path, template: Path | None = None) -> Differences:
    """What came in between two consolidated workbooks: the new units, and every figure that changed."""
    return Differences(snapshot(old), snapshot(new), catalogue_of(template))


def unit_list(place: str, output: Path) -> Path:
    """Write the list of units of a province or commune of today, with the former units whose place they took."""
    found, changes = units_of(place)
    write_unit_list(output, f"DANH SÁCH ĐƠN VỊ: {found[0].name.upper()}", found, changes)
    return output


def _preference(words: Sequence[str], received: Received) -> Preference:
    """What to take of several files of a unit. Raises UnknownPlaceError for a file that is not among the received."""
    paths = {file.name: file.path for file in received.files}
    known = {name_of_file(name) for name in paths} | {NEWEST}
    for word in words:
        if name_of_file(word) not in known:
            raise UnknownPlaceError(
                f"--prefer: không có tệp “{word}” trong các tệp đã nhận.", f"--prefer: '{word}' was not received."
            )
    return Preference(tuple(words), lambda name: last_saved(paths[name]))


def _folder_of(received: Received, output: Path) -> str:
    """Folder of the returns as seen from the output, for links; none if they lie in several or on another drive."""
    folders = {file.path.resolve().parent for file in received.files}
    if len(folders) != 1:
        return ""
    try:
        return Path(os.path.relpath(folders.pop(), output.resolve().parent)).as_posix()
    except ValueError:
        return ""
