"""Writes the sheet that explains changes: which units and parts make them, live, with sentences ready to paste."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from workbook_tools.analysis_lines import AnalysisLines, Ground, Sources, change_look
from workbook_tools.analysis_sentences import (
    AGAINST,
    NAMES,
    change_sentence,
    left_out_sentence,
    standings_sentence,
)
from workbook_tools.cells import FigureName
from workbook_tools.change_analysis import Analysis, Breakdown, Comparison, Line, analyses, condensed
from workbook_tools.consolidated import Consolidation
from workbook_tools.excel_writing import Book, Style
from workbook_tools.form_layout import CODE_COLUMN, FIRST_COLUMN
from workbook_tools.indicators import Indicator
from workbook_tools.like_for_like import ACTUAL, Units
from workbook_tools.standings import Standings, standings
from workbook_tools.styles import GROUP, HEADING_FILL, width_of_number
from workbook_tools.summary_sheets import (
    ANALYSIS_SHEET,
    FIRST_ROW,
    Column,
    Table,
    Written,
    add_table,
    finish_table,
    height_of,
)
from workbook_tools.text_widths import lines_in

MOST_OF_HEADLINE, MOST_OF_OTHERS = 10, 3
"""So many units or parts of a headline indicator, and of any other, have a line of their own."""

NOTE = (
    "Đóng góp của một đơn vị (phần): số tăng, giảm của nó, và số đó so với số gốc của tổng (điểm %); cộng lại bằng mức "
    "tăng, giảm của tổng. Tỷ lệ, bình quân: “do mức” là vì số của chính đơn vị thay đổi, “do cơ cấu” là vì tỷ trọng "
    "của đơn vị thay đổi. Chỉ so các đơn vị có đủ hai số; đơn vị khác được nêu tên, không coi là 0."
)
SECTIONS = {True: "I. Chỉ tiêu chủ yếu", False: "II. Tổng số khác có chia ra (bấm số 2 ở góc trên bên trái để mở bảng)"}
BY_UNITS, BY_PARTS = "theo đơn vị", "theo phần chia ra"
REST = {BY_UNITS: "Còn lại ({} đơn vị)", BY_PARTS: "Phần khác, không so sánh được"}
SENTENCE: Style = {"text_wrap": True, "valign": "top", "italic": True}
BAND: Style = {"bold": True, "bg_color": HEADING_FILL, "top": 1, "bottom": 1, "border_color": "#808080"}
BAND_LINK: Style = {**BAND, "font_color": "#0563C1", "underline": 1, "align": "center"}
NUMBERS = ("before", "after", "change", "contribution")


@dataclass(frozen=True)
class Explained:
    """What the sheet shows of one indicator."""

    analysis: Analysis
    standings: Standings | None

    @property
    def indicator(self) -> Indicator:
        """What it is about."""
        return self.analysis.indicator

    @cached_property
    def breakdowns(self) -> tuple[tuple[Comparison, str, Breakdown], ...]:
        """The tables, each with what the lines are, the lines that matter most first."""
        return tuple(self._breakdowns())

    def _breakdowns(self) -> Iterator[tuple[Comparison, str, Breakdown]]:
        most = MOST_OF_HEADLINE if self.indicator.headline else MOST_OF_OTHERS
        for comparison in self.analysis.comparisons:
            for words, one in ((BY_UNITS, comparison.by_units), (BY_PARTS, comparison.by_parts)):
                if one is not None:
                    yield comparison, words, condensed(one, most if words == BY_UNITS else MOST_OF_HEADLINE)


def explained(result: Consolidation) -> list[Explained]:
    """The indicators whose change can be explained, or whose units can be ranked."""
    units = Units(result)
    found = (Explained(one, standings(units, one.indicator)) for one in analyses(result, units))
    return [one for one in found if one.analysis.comparisons or (one.standings and one.indicator.headline)]


def write_analysis(
    book: Book, result: Consolidation, summary: Written, matrix: Written, received_in: str = ""
) -> Written | None:
    """The sheet, or nothing where no change can be explained.

    Args:
        summary: the sheet of all indicators; ``matrix`` that of the units.
        received_in: folder of the received files as seen from the workbook.
    """
    found = explained(result)
    if not found:
        return None
    table = add_table(book, ANALYSIS_SHEET, "#analysis", result, "PHÂN TÍCH TĂNG, GIẢM", _columns(found))
    page = _Page(table, Ground(table, result, matrix, _sources(result, found, received_in)), summary)
    table.sheet.merge(4, FIRST_COLUMN, table.last_printed, NOTE, {**SENTENCE, "font_size": 10})
    table.sheet.set_row(4, height_of(lines_in(NOTE, 1.1 * page.width)))
    for headline, title in SECTIONS.items():
        chosen = [one for one in found if one.indicator.headline is headline]
        if chosen:
            page.band(title, "#section")
        for number, one in enumerate(chosen, start=1):
            page.write(number, one)
    last = page.row - 1
    table.sheet.fold_rows(page.folded)
    finish_table(table, last, frozen="before", headings=page.headings, filtered=False)
    return Written(table, page.rows)


def _columns(found: Sequence[Explained]) -> list[Column]:
    shown = [(one.indicator, line) for one in found for _, _, table in one.breakdowns for line in _all_lines(table)]
    widths = {name: max([12.0, *(1 + _width(indicator, name, line) for indicator, line in shown)]) for name in NUMBERS}
    is_rate = any(table.is_rate for one in found for _, _, table in one.breakdowns)
    return [
        Column("number", "STT", 5),
        Column("label", "Đơn vị, phần", 40),
        Column("before", "Số gốc: năm trước hoặc kế hoạch", widths["before"]),
        Column("after", "Thực hiện", widths["after"]),
        Column("change", "Tăng, giảm", widths["change"]),
        Column("ratio", "So số gốc (%)", 10),
        Column("contribution", "Đóng góp (theo ĐVT)", widths["contribution"]),
        Column("points", "Đóng góp (điểm %)", 10),
        *(
            [
                Column("share_before", "Tỷ trọng gốc (%)", 9),
                Column("share_after", "Tỷ trọng thực hiện (%)", 9),
                Column("rate_effect", "Do mức", widths["contribution"]),
                Column("mix_effect", "Do cơ cấu", widths["contribution"]),
            ]
            if is_rate
            else []
        ),
    ]


def _all_lines(table: Breakdown) -> Iterator[Line]:
    yield from table.lines
    yield Line(None, table.before, table.after, table.change, None)


def _width(indicator: Indicator, name: str, line: Line) -> float:
    value = line.after - line.before if name == "change" else getattr(line, name)
    return width_of_number(float(value), str(change_look(indicator)["num_format"]))


def _sources(result: Consolidation, found: Sequence[Explained], received_in: str) -> Sources:
    """Where the figures that this year's are compared with were typed."""
    compared = (comparison.compared for one in found for comparison in one.analysis.comparisons)
    figures = (figure for one in compared for figure in (one.base, one.actual))
    wanted = {FigureName(one.indicator, one.measure): one for one in figures}
    folder = f"{received_in.rstrip('/')}/" if received_in else ""
    sources = {}
    for one in result.returns:
        cells, frame = one.columns, one.columns.frame
        written = set(cells.raw_places.tolist())
        for name, figure in wanted.items():
            place = frame.places.get(name)
            if place is not None and place in written:
                file = cells.files.get(place, cells.file)
                sources[one.unit, figure] = (folder + file, frame.sheets[place], frame.cells[place])
    return sources


@dataclass
class _Page:
    """The sheet and the next free row."""

    table: Table
    ground: Ground
    summary: Written
    row: int = FIRST_ROW
    headings: list[int] = field(default_factory=list)
    folded: list[int] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def width(self) -> float:
        """Width of all columns in characters."""
        return sum(column.width for column in self.table.columns)

    def band(self, text: str, code: str, link: str = "") -> None:
        """A title over the whole width; its number leads to the indicator among all others."""
        for place in self.table.places.values():
            self.table.sheet.write(self.row, place, None, BAND)
        self.table.sheet.write(self.row, CODE_COLUMN, code)
        if link:
            number, _, text = text.partition(". ")
            self.table.sheet.write_link(self.row, FIRST_COLUMN, link, number, BAND_LINK)
            self.table.sheet.write(self.row, FIRST_COLUMN + 1, text, BAND)
        else:
            self.table.sheet.write(self.row, FIRST_COLUMN, text, BAND)
        self.table.sheet.set_row(self.row, 20)
        self.next(heads=True)

    def next(self, *, heads: bool = False) -> None:
        """Go to the next row; a row that heads what follows stays with it in print."""
        self.headings += [self.row] if heads else []
        self.row += 1

    def sentence(self, text: str, *, heads: bool) -> None:
        """Text over the whole width, as many lines as it needs."""
        first, last = self.table.places["label"], self.table.last_printed
        self.table.sheet.merge(self.row, first, last, text, SENTENCE)
        self.table.sheet.set_row(self.row, height_of(lines_in(text, self.width - self.table.width("number"))))
        self.next(heads=heads)

    def write(self, number: int, one: Explained) -> None:
        """One indicator: what is said of it, then its tables."""
        indicator = one.indicator
        self.rows[indicator.code] = self.row
        unit = f" ({indicator.unit})" if indicator.unit else ""
        link = self.summary.address(indicator.code, ACTUAL)
        self.band(f"{number}. {indicator.label}{unit}", f"#analysis {indicator.code}", link)
        is_part = self.ground.result.is_part_of_plan
        sentences = [change_sentence(indicator, comparison, is_part=is_part) for comparison in one.analysis.comparisons]
        sentences += [standings_sentence(one.standings, is_part=is_part)] if one.standings else []
        tables = list(one.breakdowns)
        for text in filter(None, sentences):
            self.sentence(text, heads=bool(tables))
        for comparison, words, breakdown in tables:
            self.breakdown(indicator, comparison, words, breakdown)

    def breakdown(self, indicator: Indicator, comparison: Comparison, words: str, breakdown: Breakdown) -> None:
        """One table: a heading, its lines, their total, and who is not in it."""
        names = NAMES[self.ground.result.is_part_of_plan]
        against, start = AGAINST[comparison.base].format(**names), self.row
        for place in self.table.places.values():
            self.table.sheet.write(self.row, place, None, GROUP)
        self.table.sheet.write(
            self.row, self.table.places["label"], f"{against.capitalize()}, {words}", {**GROUP, "text_wrap": False}
        )
        self.next(heads=True)
        lines = AnalysisLines(self.ground, indicator, comparison.compared, breakdown, self.row)
        lines.write(REST[words])
        self.row = lines.row
        # The total stays with the last line, and who is not in it with the total.
        self.headings.append(self.row - 2)
        if text := left_out_sentence(breakdown):
            self.headings.append(self.row - 1)
            self.sentence(text, heads=False)
        if not indicator.headline:
            self.folded += range(start, self.row)
