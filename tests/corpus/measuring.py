"""Does a damage to a form, reads it, and says what is wrong with the reading."""

import math
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openpyxl.utils.cell import coordinate_from_string

from tests.corpus.damage import Damage, Effect, Expected, Options
from tests.corpus.form import Base, Form, synthetic_values
from tests.forms import UNIT, Said, form_layout, observations, said
from workbook_tools.cells import FigureName
from workbook_tools.findings import Finding, Severity
from workbook_tools.form_layout import lay_out
from workbook_tools.form_reading import read_return
from workbook_tools.observations import REFUSED, Return
from workbook_tools.read_cells import Observation
from workbook_tools.readings import Status
from workbook_tools.template_reading import read_template

SEEDS = (1, 2, 3)
FIELDS_OF_SHIPPED = 2
"""Of the shipped template a form of so many fields is damaged: quick, and with what the small one has not."""


@dataclass(frozen=True)
class Outcome:
    """What came of a damage: the codes of the findings, and what is wrong, which should be nothing."""

    codes: tuple[str, ...]
    problems: tuple[str, ...]
    is_done: bool = True


def small_base(template: Path, seed: int) -> Base:
    """A form of the small template, filled."""
    layout = form_layout(read_template(template).catalogue)
    return Base.written(template, layout, synthetic_values(layout, random.Random(seed)))


def shipped_base(template: Path, seed: int) -> Base:
    """A form of some fields of the shipped template, filled."""
    catalogue = read_template(template).catalogue
    chosen = random.Random(seed).sample([field.code for field in catalogue.fields], FIELDS_OF_SHIPPED)
    layout = lay_out(catalogue, level=UNIT.level, fields=chosen)
    return Base.written(template, layout, synthetic_values(layout, random.Random(seed)))


def seeds_of(damage: Damage) -> tuple[int, ...]:
    """The forms a damage is done to: one if it takes LibreOffice."""
    return SEEDS[:1] if damage.needs_office else SEEDS


def measure(damage: Damage, base: Base, seed: int) -> Outcome:
    """Damage a form and read it."""
    form = Form(base)
    effect = damage.action(form, random.Random(f"{damage.name} {seed}"))
    if not effect.is_done:
        return Outcome((), (), is_done=False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / form.name
        path.write_bytes(form.saved())
        returned = read_return(path, base.catalogue)
    codes = tuple(sorted({finding.code for finding in returned.findings}))
    if damage.expected is Expected.REFUSED:
        return Outcome(codes, tuple(_not_refused(returned, effect)))
    numbers = list(_numbers(form))
    problems = (
        *_out_of_balance(returned, base),
        *_wrong_figures(returned, base, effect),
        *_wrong_findings(returned, damage, effect),
        *_unnamed(returned, effect),
        *_vanished(returned, base, effect, numbers),
        *_not_shown(returned, numbers),
    )
    return Outcome(codes, problems)


def _not_refused(returned: Return, effect: Effect) -> Iterator[str]:
    codes = {finding.code for finding in returned.findings if finding.severity is Severity.ERROR}
    if returned.status != REFUSED or returned.cells or returned.expected:
        yield f"not refused but {returned.status}, {returned.taken} cells taken"
    if not codes & set(effect.refused):
        yield f"refused with {sorted(codes)}, not with {effect.refused}"


def _out_of_balance(returned: Return, base: Base) -> Iterator[str]:
    total = returned.taken + returned.blank + returned.refused + returned.missing
    if returned.expected != total:
        yield f"books: {returned.expected} expected, {total} accounted for"
    refused = [cell.observation for cell in returned.cells if cell.observation.status == Status.UNREADABLE]
    if any(one.value is not None or one.text for one in refused):
        yield "a refused cell has a value"
    if refused and not any(finding.severity is Severity.ERROR for finding in returned.findings):
        yield "cells are refused without an error"
    if len({cell.name for cell in returned.cells}) != len(returned.cells):
        yield "a figure comes twice"


def _wrong_figures(returned: Return, base: Base, effect: Effect) -> Iterator[str]:
    if returned.status == REFUSED:
        yield f"the file is refused: {[finding.code for finding in returned.findings]}"
        return
    got = {name: one for name, one in said(returned).items() if one[0] != Status.UNREADABLE}
    for name in [*base.said, *(one for one in effect.changed if one not in base.said)]:
        whole = base.said.get(name)
        options: Options = effect.changed.get(name, (whole,))
        if not any(_alike(got.get(name), option) for option in options):
            yield f"{_words(name)}: {got.get(name)} instead of {' or '.join(map(str, options))}"
    for name in got.keys() - base.said.keys() - effect.changed.keys():
        yield f"{_words(name)}: {got[name]} out of nothing"


def _alike(one: Said | None, other: Said | None) -> bool:
    """The same status, qualifier and text, and the same number as far as a float can tell after a conversion."""
    if one is None or other is None or one[1] is None or other[1] is None:
        return one == other
    return (one[0], *one[2:]) == (other[0], *other[2:]) and math.isclose(one[1], other[1], rel_tol=1e-14)


def _words(name: FigureName) -> str:
    return f"{name.indicator}@{name.measure}{'#' + name.item if name.item else ''}"


def _wrong_findings(returned: Return, damage: Damage, effect: Effect) -> Iterator[str]:
    codes = {finding.code for finding in returned.findings}
    for told in effect.told:
        if not codes & set(told.split("|")):
            yield f"not told: {told}"
    if damage.expected is Expected.FINDING and not codes:
        yield "nothing is told"
    errors = sorted({finding.code for finding in returned.findings if finding.severity is Severity.ERROR})
    if damage.expected is Expected.SAME and not effect.changed and errors:
        yield f"errors: {errors}"
    about = ("unit.", "period.")
    if not any(told.startswith(about) for told in effect.told) and any(code.startswith(about) for code in codes):
        yield f"unit or period: {sorted(codes)}"


def _unnamed(returned: Return, effect: Effect) -> Iterator[str]:
    for sheet, cell in effect.places:
        if not any(_names(finding, sheet, cell) for finding in returned.findings):
            yield f"{sheet}!{cell} is named by no finding"


def _names(finding: Finding, sheet: str, cell: str) -> bool:
    """Whether a finding points to a cell, its row, its column if that is what is meant, or its whole sheet."""
    if finding.sheet != sheet:
        return sheet in str(finding.details.get("names", "")).split(", ")
    if not finding.cell:
        return True
    letters, row = coordinate_from_string(cell)
    for one in (finding.cell, *finding.cells):
        own_letters, own_row = coordinate_from_string(one.rpartition("!")[2].split(":")[0])
        if own_row == row:
            return True
        if finding.code.startswith(("structure.column", "structure.heading")) and own_row < row and (
            own_letters == letters or "column_missing" in finding.code or "twice" in finding.code
        ):  # fmt: skip
            return True
    return str(row) in str(finding.details.get("rows", "")).split(", ")


Shown = tuple[str, str, float, str]
"""A number typed into a workbook: sheet, cell, number and number format."""


def _numbers(form: Form) -> Iterator[Shown]:
    """Every number that shows in a damaged workbook; none of a file that openpyxl does not load."""
    if not form.is_workbook:
        return
    for sheet in form.workbook.worksheets:
        if sheet.sheet_state == "veryHidden":
            continue
        for cell in list(sheet._cells.values()):
            if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                yield sheet.title, cell.coordinate, float(cell.value), str(cell.number_format)


def _vanished(returned: Return, base: Base, effect: Effect, numbers: list[Shown]) -> Iterator[str]:
    """Numbers of the form that still show in the file, are not read for their figure, and are not told of."""
    if returned.status == REFUSED:
        return
    often = Counter(one[1] for one in base.said.values() if one[1] is not None)
    figures = {one[1]: name for name, one in base.said.items() if one[1] is not None and often[one[1]] == 1}
    got = {name: one.value for name, one in observations(returned).items()}
    for sheet, cell, number, _ in numbers:
        name = figures.get(number)
        if name is None or got.get(name) == number or (name in effect.changed and got.get(name) is not None):
            continue
        if not any(_names(finding, sheet, cell) for finding in returned.findings):
            yield f"{sheet}!{cell} shows {number:g} of {_words(name)}, which is neither read nor told of"


def _not_shown(returned: Return, numbers: list[Shown]) -> Iterator[str]:
    """Figures whose value is not the number that stands in their cell."""
    shown = {(sheet, cell): (number, style) for sheet, cell, number, style in numbers}
    for read in returned.cells:
        one: Observation = read.observation
        if one.value is None or read.is_live or (one.sheet, one.cell) not in shown:
            continue
        number, style = shown[one.sheet, one.cell]
        factor = 100 if "%" in style else 1
        is_same = one.value == number or math.isclose(one.value, number * factor, rel_tol=1e-14)
        if not is_same and not any(_names(finding, one.sheet, one.cell) for finding in returned.findings):
            yield f"{one.sheet}!{one.cell} shows {number:g} and is read as {one.value:g}"
