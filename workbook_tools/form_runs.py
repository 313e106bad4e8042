"""Writes the forms of all units: those of one level printed from one, the others one by one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.errors import TemplateError, WorkbookWriteError
from workbook_tools.figure_cube import CellFigure
from workbook_tools.findings import has_errors
from workbook_tools.form_files import distinct, file_name, refuse_to_overwrite
from workbook_tools.form_index import write_index
from workbook_tools.form_layout import FormLayout, lay_out
from workbook_tools.form_press import FormPress
from workbook_tools.form_writing import Identity, write_form
from workbook_tools.indicators import Role
from workbook_tools.periods import Period, period_of
from workbook_tools.prior_values import PriorValues, Tell, prior_values
from workbook_tools.received_files import INDEX_NAME
from workbook_tools.return_files import catalogue_of, load_template
from workbook_tools.template_checks import check_template
from workbook_tools.units import read_units
from workbook_tools.whole_files import sweep, write_whole
from workbook_tools.worker_processes import Lost, run_all

PRINTED_FROM = 3
"""Below so many forms of a kind laying out one to print from costs more than it saves."""

FORMS_AT_ONCE = 100
"""Formulas of so many units are computed together; more take memory and save no time."""

PARALLEL_FROM_FORMS = 60
"""Below so many forms starting worker processes costs more than it saves."""


@dataclass(frozen=True)
class _Order:
    """One form to write."""

    identity: Identity
    path: Path
    values: Mapping[FigureName, CellFigure]


@dataclass(frozen=True)
class _Batch:
    """Forms of one kind: the same level, field (all if empty) and period."""

    level: str
    field: str
    orders: tuple[_Order, ...]


def forms(
    output: Path,
    *,
    units: Path | None = None,
    period: str = "",
    prior: Path | None = None,
    by_field: bool = False,
    template: Path | None = None,
    jobs: int = 0,
    tell: Tell = lambda _: None,
) -> list[Path]:
    """Write the forms of all units that fill one (the leaves of the tree), or one blank form without units.

    A form that somebody has saved since it was written is not overwritten: it may be filled in. Beside the forms of a
    list of units stands an index of them.

    Args:
        prior: returns or a consolidated workbook of the last period; their figures stand in the new forms.
        by_field: one workbook per unit and field instead of one per unit.
        tell: is called with each finding about last period's figures.
    """
    catalogue = catalogue_of(template)
    if template is not None and has_errors(check_template(load_template(template))):
        raise TemplateError(f"Biểu mẫu “{template}” có lỗi; xem: workbook-tools template check {template}")
    when = period_of(period)
    identities = list(_identities(catalogue, units, when))
    values = prior_values(prior, template, jobs, tell, units=units, period=when)
    fields = [field.code for field in catalogue.fields] if by_field else [""]
    wanted = [(identity, field) for identity in identities for field in fields]
    paths = [output / name for name in distinct(file_name(identity, field) for identity, field in wanted)]
    refuse_to_overwrite(paths)
    batches = list(_batches(wanted, paths, values))
    written = run_all(partial(_write_batch, template), batches, jobs if len(wanted) >= PARALLEL_FROM_FORMS else 1)
    lost = next((batch for batch, one in zip(batches, written, strict=True) if isinstance(one, Lost)), None)
    if lost is not None:
        path = lost.orders[0].path
        raise WorkbookWriteError(f"Không ghi được “{path}”; chạy lại.", f"Cannot write '{path}'; run again.")
    existing = {path for batch in written if not isinstance(batch, Lost) for path in batch}
    found = [(identity, path) for (identity, _), path in zip(wanted, paths, strict=True) if path in existing]
    if units is not None:
        write_index(output / INDEX_NAME, catalogue, found)
    sweep(output)
    return [path for _, path in found]


def _identities(catalogue: Catalogue, units: Path | None, period: Period | None) -> Iterator[Identity]:
    default = catalogue.settings.get("level", "")
    if units is None:
        yield Identity(period=period, level=default)
        return
    tree = read_units(units, on=period.bounds(catalogue.calendar)[1] if period else None)
    for root in tree.roots:
        for unit in tree.leaves(root.code) or (root,):
            yield Identity(unit.code, unit.name, period, tree.level(unit.code) or default)


def _batches(wanted: Sequence[tuple[Identity, str]], paths: Sequence[Path], values: PriorValues) -> Iterator[_Batch]:
    """The orders by kind, no more together than are computed at once."""
    kinds: dict[tuple[str, str], list[_Order]] = {}
    for (identity, field), path in zip(wanted, paths, strict=True):
        order = _Order(identity, path, values.get(identity.unit, {}))
        kinds.setdefault((identity.level, field), []).append(order)
    for (level, field), orders in kinds.items():
        for first in range(0, len(orders), FORMS_AT_ONCE):
            yield _Batch(level, field, tuple(orders[first : first + FORMS_AT_ONCE]))


_presses: dict[tuple[Path | None, str, str, Period | None], FormPress] = {}


def _write_batch(template: Path | None, batch: _Batch) -> list[Path]:
    """The paths of the forms written; none where the level fills nothing of the field."""
    layout = lay_out(catalogue_of(template), level=batch.level, fields=[batch.field] if batch.field else None)
    if not layout.fields:
        return []
    model = batch.orders[0].identity
    kind = (template, batch.level, batch.field, model.period)
    orders = [(one.identity, one.path, _open_values(layout, one.values)) for one in batch.orders]
    if kind not in _presses and len(orders) < PRINTED_FROM:
        for identity, path, own in orders:
            write_form(path, layout, identity, own)
        return [path for _, path, _ in orders]
    if kind not in _presses:
        _presses[kind] = FormPress(layout, model)
    press = _presses[kind]
    printed = [order for order in orders if press.can_print(order[0])]
    figures = {identity.unit: own for identity, _, own in printed}
    for (_, path, _), data in zip(printed, press.forms([one[0] for one in printed], figures), strict=True):
        write_whole(path, data)
    for identity, path, own in orders:
        if not press.can_print(identity):
            write_form(path, layout, identity, own)
    return [path for _, path, _ in orders]


def _open_values(layout: FormLayout, values: Mapping[FigureName, CellFigure]) -> dict[FigureName, CellFigure]:
    """The values that have a cell in the form: inputs, and what was typed over a formula last time."""
    indicators = layout.catalogue.indicators
    return {
        name: value
        for name, value in values.items()
        if name.indicator in indicators and layout.role(indicators[name.indicator], name.measure) is not Role.CLOSED
    }
