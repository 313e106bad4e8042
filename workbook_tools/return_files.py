"""Reads many received files in several processes: what one file does to its reader stays with it."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from workbook_tools.catalogue import Catalogue
from workbook_tools.executors import ClusterError, run_on
from workbook_tools.explanations import answered
from workbook_tools.figure_cube import figure_columns
from workbook_tools.findings import Finding, in_reading_order
from workbook_tools.form_reading import read_return, read_thoroughly
from workbook_tools.inert import on_one_line
from workbook_tools.observations import REFUSED, Return
from workbook_tools.read_cache import ReadCache, is_worth_keeping
from workbook_tools.reader_version import reader_version
from workbook_tools.received_files import ReceivedFile
from workbook_tools.return_json import renamed, says
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


def template_bytes(path: Path | None) -> bytes:
    """The content of the file of a template, or of the shipped one."""
    return path.read_bytes() if path else (files("workbook_tools.templates") / "BieuMau.xlsx").read_bytes()


Tell = Callable[[int, int, int], None]
"""Is told how many files are done, of how many, and how many findings there are so far."""


def read_files(
    received: Sequence[ReceivedFile],
    template: Path | None = None,
    jobs: int = 0,
    *,
    checked: bool = False,
    limit: float = SECONDS_FOR_A_FILE,
    executor: Executor | None = None,
    cache: ReadCache | None = None,
    tell: Tell | None = None,
) -> tuple[Return, ...]:
    """The returns in the files, in their order, formula figures computed; refused where reading failed.

    Args:
        checked: check each return, too.
        limit: seconds that one file may take.
        executor: who does the work, instead of processes of our own; what it loses or refuses is read here.
        cache: what was read in former runs, and where this one's is kept for the next.
        tell: is told of the progress.
    """
    count = _Count(len(received), tell)
    keys = [cache.key_of(file.path, checked=checked) if cache else None for file in received]
    kept = cache.find({key for key in keys if key}) if cache else {}
    known = [_as_kept(kept.get(key), file) if key else None for key, file in zip(keys, received, strict=True)]
    count.add([one for one in known if one])
    unknown = [file for file, one in zip(received, known, strict=True) if one is None]
    new = iter(_read_anew(unknown, template, jobs, checked, limit, executor, count.add))
    returns = tuple(one or next(new) for one in known)
    if cache and unknown:
        told = zip(keys, received, known, returns, strict=True)
        fresh = {
            key: one
            for key, file, old, one in told
            if key and not old and is_worth_keeping(one) and cache.key_of(file.path, checked=checked) == key
        }  # else it was replaced while it was read
        cache.keep(fresh, {key for key, one in zip(keys, known, strict=True) if key and one})
    return returns


@dataclass
class _Count:
    """How far the reading is."""

    total: int
    tell: Tell | None
    done: int = 0
    findings: int = 0

    def add(self, returns: Sequence[Return]) -> None:
        """Count some more returns, and tell it."""
        self.done += len(returns)
        self.findings += sum(len(one.findings) for one in returns)
        if self.tell and returns:
            self.tell(self.done, self.total, self.findings)


def _as_kept(kept: Return | None, file: ReceivedFile) -> Return | None:
    """A return of a former run under the name its file has in this one; None if other findings would tell the old."""
    if kept is None or kept.file == file.name:
        return kept
    returned = renamed(kept, file.name)
    if says(returned, kept.file):
        return None
    return replace(returned, findings=tuple(in_reading_order(returned.findings)))


def _read_anew(
    received: Sequence[ReceivedFile],
    template: Path | None,
    jobs: int,
    checked: bool,
    limit: float,
    executor: Executor | None,
    done: Callable[[Sequence[Return]], None],
) -> Iterator[Return]:
    """The returns in the files themselves."""
    catalogue_of(template)  # Processes that are copies of this one need not read it again.
    read_some = partial(_read_some, template, checked, len(received) > 1)
    chunks = _chunks(received, jobs)
    results: list[list[Return] | Lost]
    if executor is None:
        results = run_all(read_some, chunks, jobs, limit, done)
    else:
        place_there = template.absolute() if template else None
        there = partial(_read_there, reader_version(), sha256(template_bytes(template)).digest(), place_there)
        elsewhere = [[replace(file, path=file.path.absolute()) for file in chunk] for chunk in chunks]
        results = run_on(executor, partial(there, checked), elsewhere, limit, lambda read: done(_accepted(read)))
    found: list[Return | Lost | None] = []
    for chunk, read in zip(chunks, results, strict=True):
        if isinstance(read, Lost):
            found += [None] * len(chunk)
        else:
            # What another machine refuses it may only not have seen.
            found += [None if executor and one.status == REFUSED else one for one in read]
    # What one file does to its process shall not cost the others of its chunk.
    places = [place for place, one in enumerate(found) if one is None]
    singly = run_all(read_some, [[received[place]] for place in places], jobs, limit, done)
    for place, alone in zip(places, singly, strict=True):
        found[place] = alone if isinstance(alone, Lost) else alone[0]
    told = zip(received, found, strict=True)
    return (_lost(file, one, limit) if isinstance(one, Lost) else one for file, one in told if one is not None)


def _accepted(returns: Sequence[Return]) -> list[Return]:
    return [one for one in returns if one.status != REFUSED]


def _chunks(received: Sequence[ReceivedFile], jobs: int) -> list[Sequence[ReceivedFile]]:
    """The files in runs, not so long that a process would be without work."""
    share = -(-len(received) // (jobs or os.cpu_count() or 1))
    size = max(1, min(FILES_AT_ONCE, share))
    return [received[first : first + size] for first in range(0, len(received), size)]


_one_at_a_time = Lock()


def _read_there(
    version: str,
    digest: bytes,
    template: Path | None,
    checked: bool,
    received: Sequence[ReceivedFile],
) -> list[Return]:
    """Some files, read by a worker elsewhere; raises ClusterError if it would not read them as we do."""
    try:
        is_same = sha256(template_bytes(template)).digest() == digest
    except OSError:
        is_same = False
    if reader_version() != version or not is_same:
        raise ClusterError(
            "Một máy trong cụm có phiên bản workbook-tools, Python hoặc biểu mẫu khác. Cài cùng một phiên bản trên "
            "mọi máy; đặt biểu mẫu ở nơi mọi máy đều đọc được.",
            "A worker has another version of workbook-tools, of Python or of the template. Install the same on all, "
            "and put the template where all of them can read it.",
        )
    with _one_at_a_time:  # A worker may have several threads; readers are made for one.
        return _read_some(template, checked, True, received)


def _lost(file: ReceivedFile, lost: Lost, limit: float) -> Return:
    if lost.too_slow:
        return _refused(file, "file.too_slow", limit=f"{limit:g}")
    code = lost.exit_code
    reason = Words(f"tiến trình đọc dừng đột ngột, mã {code}", f"the process that read it ended, exit code {code}")
    return _refused(file, "file.internal_error", reason=reason)


def _refused(file: ReceivedFile, code: str, **details: object) -> Return:
    finding = Finding(code, file=file.name, details={"file": file.name, **details})
    return Return(file.name, REFUSED, "", "", "", (), 0, 0, 0, 0, 0, (), (finding,), {})


def _read_some(template: Path | None, checked: bool, more: bool, files: Sequence[ReceivedFile]) -> list[Return]:
    """Some files; what one of them makes of the work on all is found out by working on each alone.

    Without more of them it would not pay to learn their form.
    """
    catalogue = catalogue_of(template)
    try:
        return _understood([_read_one(file, catalogue, more) for file in files], catalogue, checked=checked)
    except Exception as error:
        if os.environ.get(RAISE):
            raise
        if len(files) == 1:
            return [_refused(files[0], "file.internal_error", reason=_reason(error))]
        return [one for file in files for one in _read_some(template, checked, more, [file])]


def _read_one(file: ReceivedFile, catalogue: Catalogue, more: bool) -> Return:
    """What stands in a file; whatever is wrong with it must not cost the others."""
    try:
        read = read_return if more else read_thoroughly
        return renamed(read(file.path, catalogue), file.name)
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
    accepted = _accepted(read)
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
