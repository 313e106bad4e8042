"""Returns read and checked: the runs that write nothing, and so load nothing of what writes."""

from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from workbook_tools.findings import Finding, in_reading_order
from workbook_tools.observations import Return
from workbook_tools.office_comparison import offices_agree
from workbook_tools.read_cache import ReadCache
from workbook_tools.received_files import Received, received_files
from workbook_tools.return_comparison import compare_returns, with_findings_about_it
from workbook_tools.return_files import Tell, catalogue_of, read_files


@dataclass(frozen=True)
class Checked:
    """Returns as read, formula figures computed, with all findings about them in reading order.

    ``annotated`` are the copies with marks, where they were asked for.
    """

    returns: tuple[Return, ...]
    findings: tuple[Finding, ...]
    annotated: tuple[Path, ...] = ()

    def as_dict(self, language: str = "vi", *, observations: bool = False) -> dict[str, object]:
        """The object that ``check`` (and ``read``, with observations) prints as JSON."""
        document: dict[str, object] = {
            "files": [one.summary() for one in self.returns],
            "findings": [finding.as_dict(language) for finding in self.findings],
        }
        if observations:
            cells = (cell.observation._asdict() for one in self.returns for cell in one.cells)
            document["observations"] = list(cells)
        return document


def read(
    paths: Iterable[Path],
    template: Path | None = None,
    jobs: int = 0,
    *,
    executor: Executor | None = None,
    tell: Tell | None = None,
) -> Checked:
    """Read returns; findings are those of the reading alone, and of what was passed by in the folders named.

    Args:
        executor: who reads, instead of processes of our own.
        tell: is told how many files are done, of how many, and how many findings there are so far.
    """
    return read_all(received_files(paths), template, jobs, checked=False, executor=executor, tell=tell)


def check(
    paths: Iterable[Path],
    template: Path | None = None,
    jobs: int = 0,
    annotate: Path | None = None,
    *,
    executor: Executor | None = None,
    tell: Tell | None = None,
) -> Checked:
    """Read returns, check each, and compare them with each other.

    With a folder to ``annotate`` into, each return comes back there with its findings marked. The others are as in
    :func:`read`.
    """
    read_them = partial(read_all, template=template, jobs=jobs, checked=True, executor=executor, tell=tell)
    named = list(paths)
    found = received_files(named)
    if annotate is None:
        return read_them(found)
    # Only here, as what writes workbooks takes longer to load than a return to be checked.
    from workbook_tools.annotated_copies import annotate as write_copy
    from workbook_tools.annotated_copies import copies_in, received

    own = set(received((file.path for file in found.files), annotate, named))
    found = replace(found, files=tuple(file for file in found.files if file.path in own))
    copies = copies_in(annotate, [file.path for file in found.files])
    checked = read_them(found)
    written = (write_copy(copy, one) for copy, one in zip(copies, checked.returns, strict=True))
    return replace(checked, annotated=tuple(written))


def read_all(
    received: Received,
    template: Path | None,
    jobs: int,
    *,
    checked: bool,
    executor: Executor | None = None,
    cache: ReadCache | None = None,
    tell: Tell | None = None,
) -> Checked:
    """What the files say, compared with each other if they are to be checked."""
    returns = read_files(received.files, template, jobs, checked=checked, executor=executor, cache=cache, tell=tell)
    if checked:
        catalogue = catalogue_of(template)
        told = [*compare_returns(catalogue, returns), *offices_agree(catalogue, returns)]
        returns = tuple(with_findings_about_it(returns, told))
    findings = [*received.findings, *(finding for one in returns for finding in one.findings)]
    return Checked(returns, tuple(in_reading_order(findings)))
