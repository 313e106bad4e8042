"""The runs of the toolkit, each readable on one screen. The command line only passes arguments on.

Every function takes paths and returns facts; only ``forms``, ``consolidate`` and ``demo`` write files.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path

from workbook_tools.admission import admit, flat_tree, target_unit, with_prior
from workbook_tools.aggregation import add_up
from workbook_tools.calculation import calculate
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.checks import check_subject
from workbook_tools.consolidated import Consolidation
from workbook_tools.errors import TemplateError, UnknownPlaceError
from workbook_tools.excel_writing import write_whole
from workbook_tools.figure_cube import CellFigure, empty_cube, fill_cube, tidy
from workbook_tools.findings import Finding, has_errors, in_reading_order
from workbook_tools.form_layout import FormLayout, lay_out
from workbook_tools.form_reading import read_return
from workbook_tools.form_writing import Identity, write_form
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Role
from workbook_tools.observations import REFUSED, ReadCell, Return
from workbook_tools.periods import Period, parse_period
from workbook_tools.prior_figures import prior_figures
from workbook_tools.readings import Status
from workbook_tools.subject import subject_of
from workbook_tools.summary_writing import write_summary
from workbook_tools.template_checks import check_template
from workbook_tools.template_reading import Template, read_template
from workbook_tools.units import read_units

WORKBOOK_ENDINGS = frozenset((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"))
PARALLEL_FROM_FILES = 8
"""Below this many files starting worker processes costs more than it saves."""


def shipped_template() -> Template:
    """The template that comes with the package."""
    with as_file(files("workbook_tools.templates") / "BieuMau.xlsx") as path:
        return read_template(path)


def load_template(path: Path | None) -> Template:
    """The template of a file, or the shipped one."""
    return shipped_template() if path is None else read_template(path)


@dataclass(frozen=True)
class Checked:
    """Returns as read, formula figures computed, with all findings about them in reading order."""

    returns: tuple[Return, ...]
    findings: tuple[Finding, ...]

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


def workbook_files(paths: Iterable[Path], exclude: Iterable[Path] = ()) -> list[Path]:
    """The workbooks named, and those in the folders named, sorted; locks, hidden files and links are passed by."""
    left_out = {path.resolve() for path in exclude}
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (one for one in sorted(path.rglob("*")) if one.is_file() and not one.is_symlink())
            wanted = (one for one in inside if one.suffix.lower() in WORKBOOK_ENDINGS)
            known = dict.fromkeys(one for one in wanted if not one.name.startswith(("~$", ".", "._")))
            if not known:
                raise UnknownPlaceError(f"Thư mục “{path}” không có tệp Excel nào.")
            found |= known
        elif path.exists():
            found[path] = None
        else:
            raise UnknownPlaceError(f"Không có tệp hoặc thư mục “{path}”.")
    return [path for path in found if path.resolve() not in left_out]


def read(paths: Iterable[Path], template: Path | None = None, jobs: int = 0) -> Checked:
    """Read returns; findings are those of the reading alone."""
    return _read_all(workbook_files(paths), template, jobs, checked=False)


def check(paths: Iterable[Path], template: Path | None = None, jobs: int = 0) -> Checked:
    """Read returns and check each."""
    return _read_all(workbook_files(paths), template, jobs, checked=True)


def _read_all(found: list[Path], template: Path | None, jobs: int, *, checked: bool) -> Checked:
    work = partial(_read_one, template, checked)
    with _executor(len(found), jobs) as executor:
        run: Callable[[Callable[[Path], Return], list[Path]], Iterator[Return]] = executor.map if executor else map
        returns = tuple(run(work, found))
    return Checked(returns, tuple(in_reading_order(finding for one in returns for finding in one.findings)))


def _executor(count: int, jobs: int) -> "Executor | nullcontext[None]":
    if jobs == 1 or (jobs == 0 and count < PARALLEL_FROM_FILES):
        return nullcontext()
    return ProcessPoolExecutor(jobs or None)


_catalogues: dict[Path | None, Catalogue] = {}


def _catalogue(template: Path | None) -> Catalogue:
    """The catalogue of a template, read once in each process."""
    if template not in _catalogues:
        _catalogues[template] = load_template(template).catalogue
    return _catalogues[template]


def _read_one(template: Path | None, checked: bool, path: Path) -> Return:
    catalogue = _catalogue(template)
    returned = read_return(path, catalogue)
    if returned.status == REFUSED:
        return returned
    subject = subject_of(catalogue, returned)
    findings = [*returned.findings, *(check_subject(subject) if checked else ())]
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


def forms(
    output: Path,
    *,
    units: Path | None = None,
    period: str = "",
    prior: Path | None = None,
    by_field: bool = False,
    template: Path | None = None,
    jobs: int = 0,
) -> list[Path]:
    """Write the forms of all units that fill one (the leaves of the tree), or one blank form without units.

    Args:
        prior: returns or a consolidated workbook of the last period; their figures stand in the new forms.
        by_field: one workbook per unit and field instead of one per unit.
    """
    catalogue = _catalogue(template)
    if template is not None and has_errors(check_template(load_template(template))):
        raise TemplateError(f"Biểu mẫu “{template}” có lỗi; xem: workbook-tools template check {template}")
    when = _period(period)
    identities = list(_identities(catalogue, units, when))
    values = _prior_values(prior, template)
    orders = [
        (identity, field, output / file_name(identity, field))
        for identity in identities
        for field in ([field.code for field in catalogue.fields] if by_field else [""])
    ]
    work = partial(_write_one, template, values)
    with _executor(len(orders), jobs) as executor:
        written = list(executor.map(work, orders) if executor else map(work, orders))
    return [path for path in written if path is not None]


def _period(text: str) -> Period | None:
    if not text:
        return None
    period = parse_period(text)
    if period is None:
        raise UnknownPlaceError(f"Không hiểu kỳ báo cáo “{text}”; ví dụ: 2026, 2026-H1, 2026-Q3, 2026-06.")
    return period


def _identities(catalogue: Catalogue, units: Path | None, period: Period | None) -> Iterator[Identity]:
    if units is None:
        yield Identity(period=period, level=catalogue.settings.get("level", ""))
        return
    tree = read_units(units)
    for root in tree.roots:
        for unit in tree.leaves(root.code) or (root,):
            yield Identity(unit.code, unit.name, period, tree.level(unit.code) or catalogue.settings.get("level", ""))


def file_name(identity: Identity, field: str = "") -> str:
    """A name for the form's file that is safe everywhere: code, name without accents, field.

    >>> file_name(Identity("07399", "Thị trấn Kép"))
    '07399-thi-tran-kep.xlsx'
    """
    from workbook_tools.text import accentless_key

    words = accentless_key(f"{identity.unit} {identity.unit_name} {field}").split()
    safe = ("".join(letter for letter in word if letter.isascii() and letter.isalnum()) for word in words)
    return ("-".join(word for word in safe if word) or "bieu-mau") + ".xlsx"


def _prior_values(prior: Path | None, template: Path | None) -> dict[str, dict[FigureName, CellFigure]]:
    """First figures of the new forms, by unit. Raises UnknownPlaceError if there are none to take."""
    values: dict[str, dict[FigureName, CellFigure]] = {}
    if prior is None:
        return values
    catalogue = _catalogue(template)
    for path in workbook_files([prior]):
        for unit, name, value in prior_figures(path, catalogue):
            values.setdefault(unit, {})[name] = value
    if not values:
        raise UnknownPlaceError(f"“{prior}” không có số liệu nào để điền sẵn.")
    return values


def _write_one(
    template: Path | None, values: Mapping[str, Mapping[FigureName, CellFigure]], order: tuple[Identity, str, Path]
) -> Path | None:
    identity, field, path = order
    layout = lay_out(_catalogue(template), level=identity.level, fields=[field] if field else None)
    if not layout.fields:
        return None
    write_form(path, layout, identity, _open_values(layout, values.get(identity.unit, {})))
    return path


def _open_values(layout: FormLayout, values: Mapping[FigureName, CellFigure]) -> dict[FigureName, CellFigure]:
    """The values that have a cell in the form: inputs, and what was typed over a formula last time."""
    indicators = layout.catalogue.indicators
    return {
        name: value
        for name, value in values.items()
        if name.indicator in indicators and layout.role(indicators[name.indicator], name.measure) is not Role.CLOSED
    }


def consolidate(
    paths: Iterable[Path],
    output: Path,
    *,
    units: Path | None = None,
    unit: str = "",
    period: str = "",
    prior: Path | None = None,
    template: Path | None = None,
    jobs: int = 0,
    findings_file: Path | None = None,
) -> Consolidation:
    """Check returns, add them up over the tree of units, and write the consolidated workbook.

    Args:
        units: the list of units; without it every unit that sent a return counts, under one total.
        unit: the unit to consolidate for; the root of the tree if empty.
        prior: not-yet-filled ``prior`` figures come from last period's returns or consolidated workbook.

    Returns:
        The consolidation, with all findings, those of reading and checking included.
    """
    catalogue = _catalogue(template)
    found = workbook_files(paths, exclude=[output])
    received = check(found, template, jobs)
    tree = read_units(units) if units else flat_tree(received.returns, unit)
    target = target_unit(tree, unit)
    added, problems = admit(received.returns, tree, _period(period))
    added = with_prior(added, _prior_values(prior, template))
    cube = empty_cube(catalogue, list(dict.fromkeys(one.unit for one in added)))
    fill_cube(cube, catalogue, added)
    calculate(catalogue, cube)
    whole, totals = add_up(catalogue, tree, cube)
    silent = [one for one in tree.leaves(target) if one.code not in cube.units]
    problems += [Finding("consolidation.not_reported", details={"unit": one.name}) for one in silent]
    result = Consolidation(
        catalogue=catalogue,
        tree=tree,
        unit=target,
        period=added[0].period if added else period,
        cube=whole,
        returns=tuple(added),
        received=received.returns,
        findings=tuple(in_reading_order([*received.findings, *problems, *totals])),
    )
    write_summary(output, result, received_in=_folder_of(found, output))
    if findings_file is not None:
        document = Checked(received.returns, result.findings).as_dict()
        write_whole(findings_file, (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())
    return result


def _folder_of(found: list[Path], output: Path) -> str:
    """Folder of the returns as seen from the output, for links; none if they lie in several or on another drive."""
    folders = {path.resolve().parent for path in found}
    if len(folders) != 1:
        return ""
    try:
        return Path(os.path.relpath(folders.pop(), output.resolve().parent)).as_posix()
    except ValueError:
        return ""
