"""A worked example of merged units, as the page ``docs/mergers.md``: ``python -m workbook_tools.merger_example``.

Xã Kép and xã Hiệp Hòa of today took the place of a town and the communes around it. The towns' figures of 2023 are
those of their real reports; those of the other parts are synthetic, made from the town's by a factor, and said to be.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files

from workbook_tools.boundaries import Carried, carry
from workbook_tools.calculation import calculate
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.figure_cube import CellFigure, empty_cube, fill_values
from workbook_tools.form_reading import read_return
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Aggregation, Indicator, Kind, Role
from workbook_tools.national_units import units_of
from workbook_tools.prior_figures import prior_figures
from workbook_tools.return_files import shipped_template
from workbook_tools.successions import Succession
from workbook_tools.values import format_number

MEASURE = "prior"
"""Last year's figures of the new unit are what its parts reported."""

SPLIT_SHARE = 0.75
"""In the supposed case the last part went to the new unit by three quarters only."""

MERGERS = {
    "07399": ("07399", "kep-2023.xlsx", {"07384": 0.9, "07387": 1.2}),
    "07840": ("07840", "thang-2023.xlsx", {"07846": 1.1, "07861": 0.7, "07867": 0.9, "07879": 0.8}),
}
"""By new unit: the town, its real return, and the factor that makes the synthetic figures of each other part."""

Values = Mapping[FigureName, CellFigure]


@dataclass(frozen=True)
class Merged:
    """A new unit, what its parts reported, and that carried to its boundary."""

    code: str
    successions: tuple[Succession, ...]
    parts: Mapping[str, Values]
    carried: Carried

    @property
    def name(self) -> str:
        """The new unit's name."""
        return self.successions[0].new_name

    @property
    def base(self) -> Values:
        """Its figures."""
        return self.carried.values[self.code]

    def estimated(self, catalogue: Catalogue, figure: Figure) -> float:
        """Which part of a figure, 0 to 1, rests on the share of a split unit; of a formula that of its worst part."""
        name = FigureName(figure.indicator, figure.measure)
        if figure in catalogue.formulas and name not in self.base:
            return max((self.estimated(catalogue, part) for part in catalogue.parts[figure][0]), default=0.0)
        return self.carried.estimated.get((self.code, name), 0.0)


def merged(catalogue: Catalogue, code: str, *, split: bool = False) -> Merged:
    """The base of a new unit; ``split`` supposes that its last part went to it by :data:`SPLIT_SHARE` only."""
    town, file, factors = MERGERS[code]
    with as_file(files("workbook_tools.examples")) as examples:
        path = examples / "returns" / file
        real = {name: value for _, name, value in prior_figures(path, read_return(path, catalogue))}
    real = {name: value for name, value in real.items() if name.measure == MEASURE}
    parts = {town: real} | {part: synthetic(catalogue, real, factor) for part, factor in factors.items()}
    successions = [one for one in units_of(code)[1] if one.new == code]
    if split:
        last = max(factors)
        share = {True: SPLIT_SHARE, False: 1.0}
        successions = [
            Succession(one.old, code, one.date, share[one.old == last], one.basis, one.old_name, one.new_name)
            for one in successions
        ]
    return Merged(code, tuple(successions), parts, carry(catalogue, parts, successions))


def synthetic(catalogue: Catalogue, real: Values, factor: float) -> dict[FigureName, CellFigure]:
    """Figures that are nobody's: sums times a factor, everything else as it is; what is only about so much is left."""
    found: dict[FigureName, CellFigure] = {}
    for name, value in real.items():
        indicator = catalogue.indicators[name.indicator]
        if isinstance(value, int | float):
            scaled = indicator.aggregation is Aggregation.SUM and indicator.kind is not Kind.PERCENT
            found[name] = round(value * factor, indicator.decimals) if scaled else value
    return found


def page() -> Iterator[str]:
    """The page, line by line."""
    catalogue = shipped_template().catalogue
    yield "# Figures of merged units"
    yield ""
    yield "<!-- python -m workbook_tools.merger_example > docs/mergers.md -->"
    yield ""
    yield "On 01/07/2025 a town and the communes around it became one commune. To compare it with a year before, the"
    yield "figures of its parts are carried to its boundary, each by the rule of its row: sums add, means are weighted,"
    yield "ratios are computed again from the carried parts, ranks and texts stay behind. The figures of the two towns"
    yield "are those of their reports for 2023; **those of all other parts are synthetic (dữ liệu giả lập)**."
    for code in MERGERS:
        yield from _section(catalogue, merged(catalogue, code))
    yield ""
    yield "## If a part had been split"
    yield ""
    supposed = merged(catalogue, next(iter(MERGERS)), split=True)
    [part] = [one.old_name for one in supposed.successions if one.share == SPLIT_SHARE]
    yield f"Suppose that only {format_number(100 * SPLIT_SHARE)} % of {part} had gone to {supposed.name} (it went as a"
    yield "whole). Its sums count by that share, and every total says how much of it is estimated."
    yield from _table(catalogue, supposed, estimated=True)


def _section(catalogue: Catalogue, one: Merged) -> Iterator[str]:
    yield ""
    yield f"## {one.name} ({one.code})"
    yield ""
    yield from (
        f"- {part.old_name} ({part.old}): {'report of 2023' if part.old == MERGERS[one.code][0] else 'synthetic'}"
        for part in one.successions
    )
    yield from _table(catalogue, one, estimated=False)


def _table(catalogue: Catalogue, one: Merged, *, estimated: bool) -> Iterator[str]:
    yield ""
    names = " | ".join(part.old_name for part in one.successions)
    yield f"| Chỉ tiêu | ĐVT | {names} | {one.name} | Cách tính |{' Phần ước tính |' if estimated else ''}"
    yield f"|---|---|{'--:|' * (len(one.successions) + 1)}---|{'--:|' if estimated else ''}"
    columns = [_computed(catalogue, one.parts[part.old]) for part in one.successions]
    whole = _computed(catalogue, one.base)
    for indicator in catalogue.indicators.values():
        if not indicator.headline or not indicator.kind.is_numeric or indicator.code not in whole:
            continue
        cells = [_shown(column.get(indicator.code), indicator.decimals) for column in (*columns, whole)]
        share = f" {format_number(100 * one.estimated(catalogue, Figure(indicator.code, MEASURE)), 1)} % |"
        row = f"| {indicator.label} | {indicator.unit} | {' | '.join(cells)} | {_rule(catalogue, one, indicator)} |"
        yield row + (share if estimated else "")


def _computed(catalogue: Catalogue, values: Values) -> dict[str, float]:
    """Figures of last year by indicator: results of formulas, what was typed over one where its parts are missing."""
    cube = empty_cube(catalogue, ["unit"])
    over = {name: value for name, value in values.items() if Figure(name.indicator, MEASURE) in catalogue.formulas}
    fill_values(cube, catalogue, 0, {name: value for name, value in values.items() if name not in over})
    for name, value in over.items():
        if isinstance(value, int | float):
            cube.typed[0, cube.index[Figure(name.indicator, MEASURE)]] = value
    calculate(catalogue, cube)
    numbers = ((figure, float(cube.number[0, column])) for figure, column in cube.index.items())
    return {figure.indicator: one for figure, one in numbers if figure.measure == MEASURE and one == one}


def _shown(value: float | None, decimals: int) -> str:
    return "" if value is None else format_number(value, decimals)


def _rule(catalogue: Catalogue, one: Merged, indicator: Indicator) -> str:
    is_formula = indicator.rule(MEASURE).role is Role.FORMULA
    if is_formula and FigureName(indicator.code, MEASURE) not in one.base:
        return "tính lại từ các phần"
    weight = catalogue.indicators.get(indicator.weight)
    return f"bình quân theo {weight.label.lower()}" if weight else str(indicator.aggregation)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    print("\n".join(page()))
