"""The lines of one table of the sheet that explains changes: figures, changes and contributions, live."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from workbook_tools.analysis_sentences import name_of
from workbook_tools.cells import column_letters
from workbook_tools.change_analysis import Breakdown, Line
from workbook_tools.consolidated import Consolidation
from workbook_tools.excel_writing import Style
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Indicator, Kind
from workbook_tools.like_for_like import ACTUAL, Compared
from workbook_tools.live_cells import figure_look, write_reference
from workbook_tools.read_cells import tidy
from workbook_tools.styles import BORDER, CENTRED, TEXT, number_format
from workbook_tools.summary_sheets import Table, Written, height_of
from workbook_tools.text_widths import lines_in
from workbook_tools.unit_tree import Unit

TOTAL: Style = {"bold": True, "top": 1}
LINKED: Style = {"font_color": "#0563C1"}
PERCENT: Style = {"num_format": number_format(Kind.PERCENT, 2), "align": "right", **BORDER}
EFFECTS = ("share_before", "share_after", "rate_effect", "mix_effect")

Sources = Mapping[tuple[str, Figure], tuple[str, str, str]]
"""File, sheet and cell of a unit's figure."""


def change_look(indicator: Indicator) -> Style:
    """How changes of a figure look: those of a mean or a percentage with two decimals at least."""
    look = figure_look(indicator, ACTUAL)
    decimals = indicator.decimals if indicator.kind in (Kind.COUNT, Kind.MONEY) else max(indicator.decimals, 2)
    return {**look, "num_format": number_format(indicator.kind, decimals)}


@dataclass(frozen=True)
class Ground:
    """What the lines stand on and refer to: the sheet, that of the units, and where other figures were typed."""

    table: Table
    result: Consolidation
    matrix: Written
    sources: Sources


@dataclass
class AnalysisLines:
    """The rows of one table; the row of the total is known from the start, for the lines refer to it."""

    ground: Ground
    indicator: Indicator
    compared: Compared
    breakdown: Breakdown
    first: int
    row: int = field(init=False)
    """The next row to be written."""

    def __post_init__(self) -> None:
        self.row = self.first

    @property
    def last(self) -> int:
        """Row of the last line; the total stands below."""
        return self.first + len(self.breakdown.lines) - 1

    def at(self, code: str, row: int = 0) -> str:
        """Address of a cell of the current row, or of another."""
        return f"{column_letters(self.ground.table.places[code])}{row or self.row}"

    def area(self, code: str) -> str:
        """The lines of a column."""
        return f"{self.at(code, self.first)}:{self.at(code, self.last)}"

    def formula(self, code: str, formula: str, value: Fraction | None, style: Style) -> None:
        """A live cell of the current row, blank for no value."""
        cached = "" if value is None else tidy(float(value))
        self.ground.table.sheet.write_formula(self.row, self.ground.table.places[code], formula, cached, style)

    def put(self, code: str, value: Fraction | str | int | None, style: Style) -> None:
        """A plain cell of the current row."""
        shown = tidy(float(value)) if isinstance(value, Fraction) else value
        self.ground.table.sheet.write(self.row, self.ground.table.places[code], shown, style)

    def write(self, rest: str) -> None:
        """All lines and their total.

        Args:
            rest: how all others together are called; ``{}`` stands for how many they are.
        """
        for number, line in enumerate(self.breakdown.lines, start=1):
            self.line(number, line, rest)
            self.row += 1
        self.total()
        self.row += 1

    def line(self, number: int, line: Line, rest: str) -> None:
        """One unit or part, or all others together."""
        look = change_look(self.indicator)
        name = name_of(line) or rest.format(line.count)
        self.put("number", number, CENTRED)
        self.put("label", name, TEXT)
        self.ground.table.sheet.set_row(self.row, height_of(lines_in(name, self.ground.table.width("label"))))
        self.figures(line)
        before, after, whole = f"N({self.at('before')})", f"N({self.at('after')})", self.at("before", self.last + 1)
        self.formula("change", f"={after}-{before}", line.after - line.before, look)
        self.ratio(before, after, line.before, line.after)
        if line.effect is None or line.shares is None:
            self.formula("contribution", f"={self.at('change')}", line.contribution, look)
            self.blank_effects()
        else:
            self.effects(line)
        if self.shows_points:
            formula = f'=IF({whole}=0,"",{self.at("contribution")}/{whole}*100)'
            self.formula("points", formula, line.points, PERCENT)
        else:
            self.put("points", None, PERCENT)

    @property
    def shows_points(self) -> bool:
        """Whether the change is also said in percent; that of a percentage is in points anyway."""
        return self.indicator.kind is not Kind.PERCENT

    def ratio(self, before: str, after: str, base: Fraction, value: Fraction, style: Style = PERCENT) -> None:
        """The figure in percent of the one it is compared with."""
        ratio = 100 * value / base if base else None
        self.formula("ratio", f'=IF({before}=0,"",{after}/{before}*100)', ratio, style)

    def figures(self, line: Line) -> None:
        """Both figures, each live or linked to where it was typed; those of several units as they come out."""
        look, compared = figure_look(self.indicator, ACTUAL), self.compared
        values = {"before": (compared.base, line.before), "after": (compared.actual, line.after)}
        for code, (figure, value) in values.items():
            match line.subject:
                case Unit() as unit:
                    self.figure_of_unit(code, unit, figure, look)
                case Indicator() as part:
                    self.figure_of_part(code, Figure(part.code, figure.measure), value, look)
                case None:
                    self.put(code, value, change_look(self.indicator))

    def figure_of_unit(self, code: str, unit: Unit, figure: Figure, look: Style) -> None:
        """This year's figure from the sheet of the units; another one with a link to its cell."""
        ground, place = self.ground, self.ground.table.places[code]
        value = ground.result.value(figure, ground.result.cube.row(unit.code))
        source = ground.sources.get((unit.code, figure))
        if code == "after" and ground.matrix.has(figure.indicator, unit.code):
            address = ground.matrix.address(figure.indicator, unit.code)
            ground.table.sheet.write_formula(self.row, place, f"={address}", "" if value is None else value, look)
        elif source is None:
            ground.table.sheet.write(self.row, place, value, look)
        else:
            ground.table.sheet.write_linked(self.row, place, value, source, {**look, **LINKED})

    def figure_of_part(self, code: str, figure: Figure, value: Fraction, look: Style) -> None:
        """The total's own figure, live, if all its units are compared."""
        ground = self.ground
        shown = ground.result.value(figure)
        is_own = shown == tidy(float(value)) if isinstance(shown, int | float) else shown == "-" and value == 0
        if is_own:
            write_reference(ground.table.sheet, self.row, ground.table.places[code], ground.result, figure, look)
        else:
            self.put(code, value, look)

    def blank_effects(self) -> None:
        """A sum has no effects of shares."""
        for code in EFFECTS:
            if code in self.ground.table.places:
                self.put(code, None, PERCENT)

    def effects(self, line: Line) -> None:
        """Shares, the two effects live over them, and both together."""
        assert line.shares is not None
        assert line.effect is not None
        look, total = change_look(self.indicator), self.last + 1
        for code, share in zip(EFFECTS[:2], line.shares, strict=True):
            self.put(code, 100 * share, PERCENT)
        first, second, before, after = (self.at(code) for code in (*EFFECTS[:2], "before", "after"))
        if line.subject is None:
            self.put("rate_effect", line.effect.rate, look)
            self.put("mix_effect", line.effect.mix, look)
        else:
            middle = f"({self.at('before', total)}+{self.at('after', total)})/2"
            rate = f"=({first}+{second})/200*(N({after})-N({before}))"
            mix = f"=({second}-{first})/100*((N({before})+N({after}))/2-{middle})"
            self.formula("rate_effect", rate, line.effect.rate, look)
            self.formula("mix_effect", mix, line.effect.mix, look)
        both = f"={self.at('rate_effect')}+{self.at('mix_effect')}"
        self.formula("contribution", both, line.contribution, look)

    def total(self) -> None:
        """What the lines come to."""
        one, look = self.breakdown, {**change_look(self.indicator), **TOTAL}
        self.put("number", None, {**CENTRED, **TOTAL})
        self.put("label", "Chung" if one.is_rate else "Cộng", {**TEXT, **TOTAL})
        for code, share, value in (("before", "share_before", one.before), ("after", "share_after", one.after)):
            is_mean = one.is_rate
            formula = (
                f"=SUMPRODUCT({self.area(code)},{self.area(share)})/100" if is_mean else f"=SUM({self.area(code)})"
            )
            self.formula(code, formula, value, look)
        before, after = self.at("before"), self.at("after")
        self.formula("change", f"={after}-{before}", one.change, look)
        percent = {**PERCENT, **TOTAL}
        self.ratio(before, after, one.before, one.after, percent)
        self.formula("contribution", f"=SUM({self.area('contribution')})", one.change, look)
        growth = 100 * one.change / one.before if one.before else None
        if self.shows_points and growth is not None:
            self.formula("points", f"=SUM({self.area('points')})", growth, percent)
        else:
            self.put("points", None, percent)
        if not one.is_rate:
            self.blank_effects()
            return
        for code in EFFECTS[:2]:
            self.formula(code, f"=SUM({self.area(code)})", Fraction(100), percent)
        for code, name in zip(EFFECTS[2:], ("rate", "mix"), strict=True):
            value = sum((getattr(line.effect, name) for line in one.lines if line.effect), Fraction(0))
            self.formula(code, f"=SUM({self.area(code)})", value, look)
