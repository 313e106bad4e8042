"""Returns of made-up units (dữ liệu giả lập), as many as are asked for: forms of the template with figures in them.

One pattern of figures keeps the relations of the template; every unit has it in a size of its own, and some returns
carry damages that officials do. The same number of units always gives the same files.
"""

import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

from benchmarks.detection import Form, Values, Writer
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.figure_cube import CellFigure
from workbook_tools.form_layout import lay_out
from workbook_tools.form_press import FormPress
from workbook_tools.form_writing import Identity
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Aggregation, Kind
from workbook_tools.periods import parse_period

MESSY = 0.05
"""Share of the returns with a damage."""

FORMS_AT_ONCE = 100
PERIOD = "2023"

Cells = dict[FigureName, CellFigure]


class _WithoutLists(Writer):
    """Makes up the figures of indicators only."""

    def _lists(self) -> None:
        """Rows of lists stay blank: forms are printed without them."""


def identities(catalogue: Catalogue, count: int) -> list[Identity]:
    """The made-up units."""
    level = catalogue.settings.get("level", "")
    period = parse_period(PERIOD)
    return [Identity(f"G{number:05}", f"Xã Giả Lập {number}", period, level) for number in range(1, count + 1)]


def pattern_of(catalogue: Catalogue, choose: random.Random) -> Values:
    """Figures that keep all relations; last year's are of another size, so that each return has some warnings."""
    form = Form.of(catalogue, tuple(field.code for field in catalogue.fields))
    return _WithoutLists(form, choose).write()


def figures(catalogue: Catalogue, pattern: Values, choose: random.Random) -> Cells:
    """A pattern in the size of one unit: sums grow by a whole factor, rates stay, formulas are left alone."""
    typed = {
        name: value for name, value in pattern.items() if Figure(name.indicator, name.measure) not in catalogue.formulas
    }
    factor = choose.randint(1, _largest_factor(catalogue, typed))
    cells: Cells = {}
    for name, value in typed.items():
        grows = not isinstance(value, str) and _is_summed(catalogue, name)
        cells[name] = value if isinstance(value, str) else _plain(value * factor if grows else value)
    return cells if choose.random() >= MESSY else damaged(cells, choose)


def _is_summed(catalogue: Catalogue, name: FigureName) -> bool:
    indicator = catalogue.indicators[name.indicator]
    return indicator.kind is not Kind.PERCENT and indicator.aggregation is Aggregation.SUM


def _largest_factor(catalogue: Catalogue, typed: Values) -> int:
    """The largest factor with which all figures stay in their ranges, up to four."""
    room = [
        maximum / float(value)
        for name, value in typed.items()
        if isinstance(value, Fraction) and value > 0 and _is_summed(catalogue, name)
        if (maximum := catalogue.indicators[name.indicator].maximum) is not None
    ]
    return max(1, min(4, *map(int, room)))


def _plain(value: Fraction) -> float | int:
    return int(value) if value.denominator == 1 else float(value)


def damaged(cells: Cells, choose: random.Random) -> Cells:
    """The figures with one to three damages."""
    found = dict(cells)
    for damage in choose.sample(DAMAGES, choose.randint(1, 3)):
        numbers = [
            name
            for name, value in found.items()
            if isinstance(value, int | float) and value > 9 and name.measure in ("plan", "actual")
        ]
        name = choose.choice(numbers)
        value = found[name]
        assert isinstance(value, int | float)
        found[name] = damage(value)
    return found


DAMAGES: tuple[Callable[[float], CellFigure], ...] = (
    lambda value: f"{value:,.2f}".replace(",", " ").replace(".", ","),
    lambda value: f"khoảng {value:.0f}",
    lambda value: f"{value} đ",
    lambda value: -value,
    lambda value: value * 1000,
    lambda value: value + 7,
    lambda _: None,
    lambda _: "x",
    lambda _: "chưa tổng hợp được",
)
"""A number as text, an estimate, a stray word, a sign, thousands, a slip, a blank, a cross, a remark."""


def write_returns(catalogue: Catalogue, folder: Path, count: int, seed: int = 1) -> list[Path]:
    """The files of so many units."""
    folder.mkdir(parents=True, exist_ok=True)
    return [path for path, _ in _written(catalogue, folder, count, random.Random(seed))]


def _written(catalogue: Catalogue, folder: Path, count: int, choose: random.Random) -> Iterator[tuple[Path, int]]:
    units, pattern = identities(catalogue, count), pattern_of(catalogue, choose)
    press = FormPress(lay_out(catalogue, level=catalogue.settings.get("level", "")), units[0])
    for first in range(0, count, FORMS_AT_ONCE):
        some = units[first : first + FORMS_AT_ONCE]
        values = {one.unit: figures(catalogue, pattern, choose) for one in some}
        for one, data in zip(some, press.forms(some, values), strict=True):
            path = folder / f"{one.unit}.xlsx"
            path.write_bytes(data)
            yield path, len(data)
