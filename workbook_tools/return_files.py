"""Reads many received files in several processes: what one file does to its reader stays with it."""

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbook_tools.catalogue import Catalogue
from workbook_tools.explanations import answered
from workbook_tools.figure_cube import figure_columns
from workbook_tools.findings import Finding, in_reading_order
from workbook_tools.form_reading import read_return
from workbook_tools.inert import on_one_line
from workbook_tools.observations import REFUSED, Return
from workbook_tools.received_files import ReceivedFile
from workbook_tools.screening import Batch, calculated, check_batch
from workbook_tools.screening_facts import Facts
from workbook_tools.template_reading import Template, read_template
from workbook_tools.wording import Words
from workbook_tools.worker_processes import Lost, run_all

SECONDS_FOR_A_FILE = 60.0
"""An honest return takes less than one. A chunk of files has as long; then it is worked on file by file."""

FILES_AT_ONCE = 25
"""Formulas and checks of so many returns are worked out together; more take memory and save little time."""

RAISE = "WORKBOOK_TOOLS_RAISE"
"""With this environment variable set, an unexpected exception ends the run instead of becoming a finding."""

_LONGEST_REASON = 200


def shipped_template() -> Template:
    """The template that comes with the package."""
    with as_file(files("workbook_tools.templates") / "BieuMau.xlsx") as path:
        return read_template(path)


def load_template(path: Path | None) -> Template:
    """The template of a file, or the shipped one."""
    return shipped_template() if path is None else read_template(path)


_catalogues: dict[Path | None, Catalogue] = {}


def catalogue_of(template: Path | None) -> Catalogue:
    """The catalogue of a template, read once in each process."""
    if template not in _catalogues:
        _catalogues[template] = load_template(template).catalogue
    return _catalogues[template]


def read_files(
    received: Sequence[ReceivedFile],
    template: Path | None = None,
    jobs: int = 0,
    *,
    checked: bool = False,
    limit: float = SECONDS_FOR_A_FILE,
) -> tuple[Return, ...]:
    """The returns in the files, in their order, formula figures computed; refused where reading failed.

    Args:
        checked: check each return, too.
        limit: seconds that one file may take.
    """
    catalogue_of(template)  # Processes that are copies of this one need not read it again.
    read_some = partial(_read_some, template, checked)
    chunks = _chunks(received, jobs)
    found: list[Return | Lost | None] = []
    for chunk, read in zip(chunks, run_all(read_some, chunks, jobs, limit), strict=True):
        found += [None] * len(chunk) if isinstance(read, Lost) else read
    # What one file does to its process shall not cost the others of its chunk.
    places = [place for place, one in enumerate(found) if one is None]
    for place, alone in zip(
        places, run_all(read_some, [[received[place]] for place in places], jobs, limit), strict=True
    ):
        found[place] = alone if isinstance(alone, Lost) else alone[0]
    told = zip(received, found, strict=True)
    return tuple(_lost(file, one, limit) if isinstance(one, Lost) else one for file, one in told if one is not None)


def _chunks(received: Sequence[ReceivedFile], jobs: int) -> list[Sequence[ReceivedFile]]:
    """The files in runs, not so long that a process would be without work."""
    share = -(-len(received) // (jobs or os.cpu_count() or 1))
    size = max(1, min(FILES_AT_ONCE, share))
    return [received[first : first + size] for first in range(0, len(received), size)]


def _lost(file: ReceivedFile, lost: Lost, limit: float) -> Return:
    if lost.too_slow:
        return _refused(file, "file.too_slow", limit=f"{limit:g}")
    code = lost.exit_code
    reason = Words(f"tiến trình đọc dừng đột ngột, mã {code}", f"the process that read it ended, exit code {code}")
    return _refused(file, "file.internal_error", reason=reason)


def _refused(file: ReceivedFile, code: str, **details: object) -> Return:
    finding = Finding(code, file=file.name, details={"file": file.name, **details})
    return Return(file.name, REFUSED, "", "", "", (), 0, 0, 0, 0, 0, (), (finding,), {})


def _read_some(template: Path | None, checked: bool, files: Sequence[ReceivedFile]) -> list[Return]:
    """Some files; what one of them makes of the work on all is found out by working on each alone."""
    catalogue = catalogue_of(template)
    try:
        return _understood([_read_one(file, catalogue) for file in files], catalogue, checked=checked)
    except Exception as error:
        if os.environ.get(RAISE):
            raise
        if len(files) == 1:
            return [_refused(files[0], "file.internal_error", reason=_reason(error))]
        return [one for file in files for one in _read_some(template, checked, [file])]


def _read_one(file: ReceivedFile, catalogue: Catalogue) -> Return:
    """What stands in a file; whatever is wrong with it must not cost the others."""
    try:
        return _named(read_return(file.path, catalogue), file.name)
    except Exception as error:
        if os.environ.get(RAISE):
            raise
        return _refused(file, "file.internal_error", reason=_reason(error))


def _reason(error: Exception) -> str:
    return on_one_line(f"{type(error).__name__}: {error}")[:_LONGEST_REASON]


_facts: dict[int, Facts] = {}


def _facts_of(catalogue: Catalogue) -> Facts:
    """What screens know of a catalogue, worked out once in each process."""
    if id(catalogue) not in _facts:
        _facts[id(catalogue)] = Facts(catalogue)  # which holds the catalogue, so that no other gets its number
    return _facts[id(catalogue)]


def _understood(read: Sequence[Return], catalogue: Catalogue, *, checked: bool) -> list[Return]:
    """The returns with their formula figures, and what the checks find in each."""
    accepted = [one for one in read if one.status != REFUSED]
    if not accepted:
        return list(read)
    cube = calculated(catalogue, accepted)
    found: Sequence[Sequence[Finding]] = [()] * len(accepted)
    if checked:
        found = check_batch(Batch(_facts_of(catalogue), accepted, cube))
    done = iter(
        _with_results(one, catalogue, cube.number[row], told)
        for row, (one, told) in enumerate(zip(accepted, found, strict=True))
    )
    return [one if one.status == REFUSED else next(done) for one in read]


def _with_results(
    returned: Return, catalogue: Catalogue, numbers: NDArray[np.float64], found: Sequence[Finding]
) -> Return:
    """The return with our own results in its formula cells, and with findings beside those of its reading.

    What a workbook shows in a formula cell is never believed.
    """
    findings = [*returned.findings, *answered(found, returned)]
    cells = returned.columns
    columns = figure_columns(catalogue, cells.frame)
    computed = np.where(columns >= 0, numbers[columns], np.nan)
    places = np.flatnonzero(cells.frame.are_formulas & ~cells.are_filled & ~np.isnan(computed))
    known = cells.with_values(places, computed[places], live=True)
    return replace(returned, cells=known).with_findings(in_reading_order(findings))


def _named(returned: Return, name: str) -> Return:
    """The return under the name that tells its file from the others of the run."""
    old = returned.file
    if old == name:
        return returned
    told = tuple(_renamed(finding, old, name) for finding in returned.findings)
    return replace(returned, file=name, cells=returned.columns.changed(file=name), findings=told)


def _renamed(finding: Finding, old: str, name: str) -> Finding:
    details = {key: name if key == "file" and value == old else value for key, value in finding.details.items()}
    return replace(finding, file=name if finding.file == old else finding.file, details=details)
