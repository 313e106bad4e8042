"""How long the search for wrong cells takes: returns of few and of many fields, one or many wrong cells.

Returns are made up (dữ liệu giả lập) with all relations true, as those of ``detection.py``; then some cells are wrong.

    python benchmarks/repair_times.py
"""

import random
import time
from collections.abc import Iterator
from fractions import Fraction

from benchmarks.detection import Form, Values, Writer
from workbook_tools.exact_figures import ExactFigures
from workbook_tools.indicators import Kind, Role
from workbook_tools.pipeline import shipped_template
from workbook_tools.repairs import proposals
from workbook_tools.return_relations import relations_of
from workbook_tools.subject import subject_of

TRIES = 5
SIZES = ((1, 1), (4, 1), (4, 3), (8, 1), (8, 5), (19, 10))
"""Fields of the template in a return, and cells that are made wrong."""


def spoiled(form: Form, values: Values, cells: int, choose: random.Random) -> Values:
    """The figures, some of them typed wrong."""
    typed = [
        name
        for name, value in values.items()
        if isinstance(value, Fraction) and value > 9 and not name.item and form.slots[name].role is Role.INPUT
        and form.catalogue.indicators[name.indicator].kind is not Kind.PERCENT
    ]  # fmt: skip
    wrong = choose.sample(typed, min(cells, len(typed)))
    return {**values, **{name: Fraction(values[name]) + choose.choice([9, 90, -9, 270]) for name in wrong}}


def measured() -> Iterator[str]:
    """A line of the table for each size."""
    catalogue = shipped_template().catalogue
    yield "| lĩnh vực | ô sai | số liệu | quan hệ | lâu nhất (s) |"
    yield "|---|---|---|---|---|"
    for fields, cells in SIZES:
        slowest, figures, relations = 0.0, 0, 0
        for seed in range(TRIES):
            choose = random.Random(1000 * fields + seed)
            form = Form.of(catalogue, tuple(sorted(choose.sample([one.code for one in catalogue.fields], fields))))
            values = spoiled(form, Writer(form, choose).write(), cells, choose)
            subject = subject_of(catalogue, form.returned(values))
            start = time.process_time()
            proposals(subject)
            seconds = time.process_time() - start
            if seconds >= slowest:
                slowest, figures, relations = seconds, len(values), len(relations_of(ExactFigures(subject)))
        yield f"| {fields} | {cells} | {figures} | {relations} | {slowest:.2f} |"


if __name__ == "__main__":
    print("\n".join(measured()))
