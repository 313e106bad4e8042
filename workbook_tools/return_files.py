"""Reads many received files, each in a process of its own choosing: what one file does to its reader stays with it."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path

from workbook_tools.catalogue import Catalogue
from workbook_tools.checks import check_subject
from workbook_tools.explanations import answered
from workbook_tools.figure_cube import tidy
from workbook_tools.findings import Finding, in_reading_order
from workbook_tools.form_reading import read_return
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Role
from workbook_tools.inert import on_one_line
from workbook_tools.observations import REFUSED, ReadCell, Return
from workbook_tools.readings import Status
from workbook_tools.received_files import ReceivedFile
from workbook_tools.subject import subject_of
from workbook_tools.template_reading import Template, read_template
from workbook_tools.worker_processes import Lost, run_all

SECONDS_FOR_A_FILE = 60.0
"""An honest return takes less than one."""

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
    read = run_all(partial(_read_one, template, checked), received, jobs, limit)
    told = zip(received, read, strict=True)
    return tuple(_lost(file, one, limit) if isinstance(one, Lost) else one for file, one in told)


def _lost(file: ReceivedFile, lost: Lost, limit: float) -> Return:
    if lost.too_slow:
        return _refused(file, "file.too_slow", limit=f"{limit:g}")
    return _refused(file, "file.internal_error", reason=f"process ended, exit code {lost.exit_code}")


def _refused(file: ReceivedFile, code: str, **details: object) -> Return:
    finding = Finding(code, file=file.name, details={"file": file.name, **details})
    return Return(file.name, REFUSED, "", "", "", (), 0, 0, 0, 0, 0, (), (finding,), {})


def _read_one(template: Path | None, checked: bool, file: ReceivedFile) -> Return:
    """The one place where any exception is caught: whatever is wrong with a file must not cost the others."""
    catalogue = catalogue_of(template)
    try:
        return _named(_understood(file.path, catalogue, checked=checked), file.name)
    except Exception as error:
        if os.environ.get(RAISE):
            raise
        reason = on_one_line(f"{type(error).__name__}: {error}")[:_LONGEST_REASON]
        return _refused(file, "file.internal_error", reason=reason)


def _understood(path: Path, catalogue: Catalogue, *, checked: bool) -> Return:
    returned = read_return(path, catalogue)
    if returned.status == REFUSED:
        return returned
    subject = subject_of(catalogue, returned)
    findings = [*returned.findings, *answered(check_subject(subject) if checked else (), returned)]
    cells = tuple(_computed(cell, subject.number) for cell in returned.cells)
    return replace(returned, cells=cells).with_findings(in_reading_order(findings))


def _computed(cell: ReadCell, number: Callable[[Figure], float | None]) -> ReadCell:
    """A formula cell with our own result; what a workbook shows there is never believed."""
    if cell.role is not Role.FORMULA or cell.is_filled:
        return cell
    value = number(Figure(cell.name.indicator, cell.name.measure))
    if value is None:
        return cell
    return replace(
        cell, observation=cell.observation._replace(value=tidy(value), status=str(Status.VALUE)), is_live=True
    )


def _named(returned: Return, name: str) -> Return:
    """The return under the name that tells its file from the others of the run."""
    old = returned.file
    if old == name:
        return returned
    cells = tuple(replace(cell, observation=cell.observation._replace(file=name)) for cell in returned.cells)
    told = tuple(_renamed(finding, old, name) for finding in returned.findings)
    return replace(returned, file=name, cells=cells, findings=told)


def _renamed(finding: Finding, old: str, name: str) -> Finding:
    details = {key: name if key == "file" and value == old else value for key, value in finding.details.items()}
    return replace(finding, file=name if finding.file == old else finding.file, details=details)
