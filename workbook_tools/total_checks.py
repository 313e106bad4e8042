"""Rules of the template applied to totals: what holds for every unit must hold for what they add up to."""

from collections.abc import Iterator

import numpy as np

from workbook_tools.catalogue import Catalogue
from workbook_tools.evaluation import evaluate
from workbook_tools.figure_cube import FigureCube
from workbook_tools.findings import Finding, Severity
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Rule
from workbook_tools.rules import FAILED, places_of, status_of
from workbook_tools.unit_tree import UnitTree
from workbook_tools.vectors import Flags

TOTALS = "tổng"
"""What the scope of a rule says that is meant for totals."""


def rules_hold_for_totals(catalogue: Catalogue, tree: UnitTree, cube: FigureCube) -> Iterator[Finding]:
    """Findings about totals that break a rule which none of the units below breaks.

    A total whose figures come from different units is no case: the two sides do not speak of the same.
    """
    parents = [unit for unit in cube.units if tree.children(unit)]
    for rule in catalogue.rules:
        if TOTALS not in rule.scope:
            continue
        failed = _failed(rule, cube)
        for unit in parents:
            row = cube.row(unit)
            below = [cube.row(leaf.code) for leaf in tree.leaves(unit) if leaf.code != unit]
            if failed[row] and not failed[below].any():
                details = {"unit": tree.unit(unit).name, "message": rule.message, "advice": rule.advice}
                level = Severity(rule.severity)
                yield Finding("rule.failed_for_total", rule=rule.code, level=level, details=details)


def _failed(rule: Rule, cube: FigureCube) -> Flags:
    """Which units of the cube break a rule, with figures that all come from the same units."""
    verdicts = evaluate(status_of(rule), cube).text
    failed: Flags = np.array([verdict == FAILED for verdict in verdicts], dtype=bool)
    columns = [cube.index[figure] for figure in places_of(rule) if isinstance(figure, Figure)]
    if not columns:
        return failed
    filled = cube.filled[:, columns]
    signatures = cube.signature[:, columns]
    first = np.where(filled, signatures, 0).max(axis=1, keepdims=True)
    mixed = (filled & (signatures != first)).any(axis=1)
    alike: Flags = failed & filled.any(axis=1) & ~mixed
    return alike
