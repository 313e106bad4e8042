"""What the sheets of a consolidated workbook share: their names, their heading, their page, the units they show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbook_tools.cells import column_letters, full_address
from workbook_tools.consolidated import ABOVE, BELOW, MET, Consolidation, assessment_words, shown_units
from workbook_tools.excel_writing import DEFAULT_HEIGHT, Book, Sheet, Style
from workbook_tools.figure_cube import CellFigure
from workbook_tools.form_layout import CHECK_SHEET, CODE_COLUMN, FIRST_COLUMN
from workbook_tools.periods import parse_period
from workbook_tools.print_pages import RowHeight, page_ends, page_room, scale_to_fit
from workbook_tools.styles import BACK_LINK, BAD_FILL, GOOD_FILL, HEADING, SIGNATURE, SUBTITLE, TITLE
from workbook_tools.text_widths import ROOM, lines_in, width_of_text
from workbook_tools.units import Unit

OVERVIEW_SHEET = "Trang đầu"
SUMMARY_SHEET = "Tổng hợp"
HEADLINE_SHEET = "Chỉ tiêu chủ yếu"
CHARTS_SHEET = "Biểu đồ"
UNITS_SHEET = "Theo đơn vị"
ANALYSIS_SHEET = "Phân tích"
STATUS_SHEET = "Tình hình nộp"
FINDINGS_SHEET = CHECK_SHEET
FILES_SHEET = "Tệp đã nhận"
LINEAGE_SHEET = "Nguồn số liệu"
INDEX = {
    SUMMARY_SHEET: "Mọi chỉ tiêu: kế hoạch, thực hiện, so sánh, đánh giá",
    HEADLINE_SHEET: "Các chỉ tiêu chủ yếu, số chỉ tiêu đạt và vượt kế hoạch",
    CHARTS_SHEET: "Thực hiện kế hoạch, so năm trước, cơ cấu, xếp theo đơn vị",
    UNITS_SHEET: "Số thực hiện của từng đơn vị",
    ANALYSIS_SHEET: "Đơn vị nào, phần nào làm tăng, giảm; ai đạt, ai còn thấp",
    STATUS_SHEET: "Đơn vị nào đã gửi biểu nào, chậm bao nhiêu ngày; lời nhắc",
    FINDINGS_SHEET: "Điểm cần xem lại trong các tệp và khi cộng",
    FILES_SHEET: "Tệp đã nhận, số ô của từng tệp; đơn vị chưa nộp",
    LINEAGE_SHEET: "Từng ô số liệu: tệp, trang, ô",
}
"""The sheets that stand beside the forms, each with what it shows."""

MOST_TITLED = 13
"""Over so many columns after the first the title of a table is centred; wider ones go over several pages."""

BACK = "← Mục lục"
ANNEXED_TO = "(Kèm theo Báo cáo số ……/BC-UBND ngày …… tháng …… năm …… của Ủy ban nhân dân ……………)"
"""Below the title of an annex, Nghị định 30/2020/NĐ-CP."""

CODE_ROW, HEADING_ROW, FIRST_ROW = 5, 6, 7
LINE_HEIGHT = 17.0
MAXIMUM_HEIGHT = 400.0


@dataclass(frozen=True)
class Column:
    """A column of a table: code in the hidden row, heading, width in characters; folded ones open with a click."""

    code: str
    heading: str
    width: float
    folded: bool = False


@dataclass(frozen=True)
class Table:
    """A sheet of one table with headings; ``places`` gives the column number of each code."""

    sheet: Sheet
    columns: tuple[Column, ...]

    @cached_property
    def places(self) -> dict[str, int]:
        """Column numbers by code."""
        return {column.code: FIRST_COLUMN + number for number, column in enumerate(self.columns)}

    @property
    def last_column(self) -> int:
        """Number of the last column."""
        return CODE_COLUMN + len(self.columns)

    @property
    def last_printed(self) -> int:
        """Number of the last column that is not folded away."""
        return max(self.places[column.code] for column in self.columns if not column.folded)

    @property
    def heading_height(self) -> float:
        """Height of the row of headings."""
        return height_of(max(lines_in(one.heading, one.width, bold=True) for one in self.columns if not one.folded)) + 4

    def width(self, code: str) -> float:
        """Width of a column."""
        return next(column.width for column in self.columns if column.code == code)

    def area(self, code: str, last_row: int) -> str:
        """The body of a column as a formula names it, ``J7:J26``."""
        letters = column_letters(self.places[code])
        return f"{letters}{FIRST_ROW}:{letters}{last_row}"

    def address(self, code: str, row: int) -> str:
        """A cell as a formula on another sheet names it, ``'Tổng hợp'!G12``."""
        return full_address(self.sheet.name, f"{column_letters(self.places[code])}{row}")

    def write_row(self, row: int, values: Iterable[CellFigure], styles: Iterable[Style | None]) -> None:
        """One plain row from left to right, as high as its texts need."""
        lines = 1
        for place, (column, value, style) in enumerate(zip(self.columns, values, styles, strict=True), FIRST_COLUMN):
            self.sheet.write(row, place, value, style)
            if isinstance(value, str) and value and not column.folded:
                lines = max(lines, lines_in(value, column.width))
        self.sheet.set_row(row, height_of(lines))


@dataclass(frozen=True)
class Written:
    """A table that has been written, and the row of each indicator in it."""

    table: Table
    rows: Mapping[str, int]

    def address(self, indicator: str, code: str) -> str:
        """The cell of an indicator as a formula on another sheet names it."""
        return self.table.address(code, self.rows[indicator])

    def has(self, indicator: str, code: str) -> bool:
        """Whether there is a cell of an indicator in a column."""
        return indicator in self.rows and code in self.table.places


def add_table(
    book: Book, name: str, marker: str, result: Consolidation, title: str, columns: Sequence[Column], annex: str = ""
) -> Table:
    """A sheet with its heading and the headings of its columns, their codes in the hidden row above.

    Args:
        annex: what the table is called among the annexes of a report: such a one says which report it belongs to.
    """
    table = Table(book.add_sheet(name), tuple(columns))
    sheet, last = table.sheet, min(table.last_printed, FIRST_COLUMN + MOST_TITLED)
    sheet.write(1, CODE_COLUMN, marker)
    write_back(sheet, 1, FIRST_COLUMN)
    about = f"{unit_name(result)} - {period_label(result)}"
    if annex:
        title, about = f"{annex}\n{title}", f"{about}\n{ANNEXED_TO}"
        sheet.set_row(3, 2 * LINE_HEIGHT)
    sheet.set_row(2, 42 if annex else 24)
    sheet.merge(2, FIRST_COLUMN, last, title, {**TITLE, "text_wrap": True})
    sheet.merge(3, FIRST_COLUMN, last, about, {**SUBTITLE, "text_wrap": True})
    sheet.write(CODE_ROW, CODE_COLUMN, "#columns")
    for column in table.columns:
        sheet.write(CODE_ROW, table.places[column.code], column.code)
        sheet.write(HEADING_ROW, table.places[column.code], column.heading, HEADING)
    sheet.set_row(CODE_ROW, hidden=True)
    sheet.set_row(HEADING_ROW, table.heading_height)
    widths = {CODE_COLUMN: 22.0} | {table.places[column.code]: column.width for column in columns}
    folded = [table.places[column.code] for column in columns if column.folded]
    sheet.set_columns(widths, hidden=[CODE_COLUMN], outline=folded)
    return table


def write_back(sheet: Sheet, row: int, column: int) -> None:
    """A link back to the list of sheets."""
    sheet.write_link(row, column, full_address(OVERVIEW_SHEET, "A1"), BACK, BACK_LINK)


def finish_table(
    table: Table,
    last_row: int,
    *,
    frozen: str,
    printed_to: int = 0,
    only_to: int = 0,
    headings: Iterable[int] = (),
    scale: int = 0,
    filtered: bool = True,
) -> None:
    """Frozen headings, a filter over the body, pages whose headings do not stand alone at the foot.

    Args:
        printed_to: last row in print, where more follows the body.
        only_to: last row in print, where the rest is for the screen.
        headings: rows that head what follows them.
        scale: in percent; by default all columns fit on a page.
        filtered: whether the body is a list whose rows can be filtered.
    """
    worksheet = table.sheet.worksheet
    worksheet.freeze_panes(FIRST_ROW - 1, table.places[frozen])
    if filtered and last_row >= FIRST_ROW:
        worksheet.autofilter(HEADING_ROW - 1, FIRST_COLUMN - 1, last_row - 1, table.last_column - 1)
    last = only_to or max(last_row, HEADING_ROW, printed_to)
    page = (HEADING_ROW, HEADING_ROW)
    table.sheet.set_print(last, table.last_printed, landscape=True, repeat_rows=page, first_row=2)
    widths = [column.width for column in table.columns if not column.folded]
    if scale:
        worksheet.set_print_scale(scale)
    scale = scale or scale_to_fit(widths, landscape=True)
    # What follows the body, a block of signatures, stays together and with the last row, as headings do.
    kept = set(headings) | set(range(last_row, last))
    heights = table.sheet.heights
    shown = ((row, heights.get(row, DEFAULT_HEIGHT)) for row in range(FIRST_ROW, last + 1))
    rows = [RowHeight(row, height, row in kept or not height) for row, height in shown]
    above = sum(heights.get(row, DEFAULT_HEIGHT) for row in range(2, FIRST_ROW))
    room = page_room(scale, landscape=True)
    worksheet.set_h_pagebreaks(list(page_ends(rows, room, repeated=table.heading_height, above=above)))


def unit_name(result: Consolidation) -> str:
    """Name of the unit the figures are added up for."""
    return result.tree.unit(result.unit).name


def period_label(result: Consolidation) -> str:
    """The period in words."""
    period = parse_period(result.period)
    return period.label if period else result.period


def silent_units(result: Consolidation) -> list[Unit]:
    """The shown units of which no return was added."""
    sent = {one.unit for one in result.returns}
    return [unit for unit in shown_units(result) if unit.code not in sent]


def count_units(result: Consolidation) -> tuple[int, int]:
    """From how many units figures have come, and how many there are, those inside consolidated returns included."""
    sent = {one.unit for one in result.returns}
    reported = expected = 0
    for unit in shown_units(result):
        row = result.cube.row(unit.code)
        expected += int(result.cube.expected[row].max())
        reported += max(1, int(result.cube.reported[row].max())) if unit.code in sent else 0
    return reported, expected


def reached_words(result: Consolidation) -> str:
    """What the counted targets have done: before the year is over, that already."""
    return "đã đạt, vượt kế hoạch năm" if result.is_part_of_plan else "đạt và vượt kế hoạch"


def assessment_width(result: Consolidation) -> float:
    """Width of a column with the words of the assessment, each on one line."""
    return max(11.0, *(1.5 + width_of_text(word, bold=True) / ROOM for word in assessment_words(result).values()))


def colour_assessments(sheet: Sheet, first: tuple[int, int], last: tuple[int, int], result: Consolidation) -> None:
    """Green and red behind the words of a range, which say the same without colour; nothing is red half way."""
    fills = {ABOVE: GOOD_FILL, MET: GOOD_FILL, BELOW: "" if result.is_part_of_plan else BAD_FILL}
    for key, word in assessment_words(result).items():
        if word and fills[key]:
            options = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": {"bg_color": fills[key]}}
            sheet.highlight(first, last, options)


def write_signature(table: Table, row: int, result: Consolidation) -> int:
    """The block for signatures under a table; gives the last row it needs in print."""
    settings = result.catalogue.settings
    left, right = (settings.get(key, "").split("|") for key in ("sign_left", "sign_right"))
    first, last = max(FIRST_COLUMN + 2, table.last_printed - 4), table.last_printed
    table.sheet.merge(row, first, last, settings.get("sign_date", ""), SUBTITLE)
    for offset, text in enumerate(left):
        table.sheet.write(row + 1 + offset, FIRST_COLUMN + 1, text, {**SIGNATURE, "bold": offset == 0})
    for offset, text in enumerate(right):
        table.sheet.merge(row + 1 + offset, first, last, text, {**SIGNATURE, "bold": not text.startswith("(")})
    return row + max(len(left), len(right)) + 4


def height_of(lines: int) -> float:
    """Height of a row of so many lines."""
    return min(MAXIMUM_HEIGHT, LINE_HEIGHT * max(1, lines))
