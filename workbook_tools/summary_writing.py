"""Writes the consolidated workbook: summary, forms with the totals, units side by side, checks, and every source.

Nothing is computed here. Figures stand in the field sheets, in the form's own layout, so that the workbook is itself
a return of the unit; every other sheet refers to them by live formulas.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from workbook_tools.analysis_sheet import write_analysis
from workbook_tools.cell_columns import Cells
from workbook_tools.cell_display import shown_date
from workbook_tools.cells import FigureName
from workbook_tools.chart_data import chart_tables
from workbook_tools.charts_sheet import write_charts
from workbook_tools.consolidated import Consolidation
from workbook_tools.cover_sheet import write_cover
from workbook_tools.excel_writing import Book, writing
from workbook_tools.field_sheets import Filling
from workbook_tools.figure_cube import CellFigure
from workbook_tools.fingerprints import (
    CLOSED,
    FIGURES,
    UNIT,
    UNITS,
    fingerprint_of_units,
)
from workbook_tools.form_layout import COVER_SHEET, FIRST_BLOCK_ROW, FIRST_COLUMN, headings_of
from workbook_tools.form_writing import (
    Identity,
    choice_lists,
    cover_facts,
    write_choices,
    write_fields,
    write_identity,
)
from workbook_tools.formulas import Figure
from workbook_tools.indicators import Kind
from workbook_tools.like_for_like import same_unit_ratios
from workbook_tools.lineage_sheet import Lineage, write_lineage
from workbook_tools.observations import Support
from workbook_tools.overview_sheet import write_overview
from workbook_tools.periods import parse_period
from workbook_tools.read_cells import ReadCell
from workbook_tools.received_files import OVERFLOW_SUFFIX
from workbook_tools.status_sheet import write_status
from workbook_tools.styles import SUBTITLE, TITLE
from workbook_tools.submission_status import SubmissionStatus
from workbook_tools.summary_records import write_files, write_findings
from workbook_tools.summary_sheets import CHARTS_SHEET, OVERVIEW_SHEET, count_units, unit_name, write_back
from workbook_tools.summary_tables import write_headline_table, write_summary_table
from workbook_tools.unit_matrix import write_unit_matrix
from workbook_tools.whole_files import write_whole

CLOSED_WORDS = " Số liệu đã chốt."


def write_summary(
    path: Path,
    result: Consolidation,
    *,
    received_in: str = "",
    status: SubmissionStatus | None = None,
    closed: bool = False,
) -> str:
    """Write the consolidated workbook of a unit; gives the fingerprint of its figures. Raises WorkbookWriteError.

    Args:
        received_in: folder of the received files as seen from the workbook, for its links to them.
        status: who has sent what; its sheet is left out if None.
        closed: whether the workbook is to stand as it is from now on.
    """
    identity = Identity(result.unit, unit_name(result), parse_period(result.period))
    remarks, ratios = remarks_of(result), same_unit_ratios(result)
    lineage, beside = Lineage(result), path.with_suffix(OVERFLOW_SUFFIX)
    form = result.catalogue.settings.get("form", "")
    properties = {"form": form, "unit": result.unit, "period": result.period, **({CLOSED: "x"} if closed else {})}
    with writing(path, properties) as book:
        overview = book.add_sheet(OVERVIEW_SHEET)
        summary = write_summary_table(book, result, remarks, ratios)
        headline = write_headline_table(book, result, ratios)
        charts = book.add_sheet(CHARTS_SHEET)
        _write_cover(book, result, identity, closed=closed)
        write_fields(book, result.layout, _filling(result, identity, remarks))
        for placed in result.layout.fields:
            write_back(book.sheets[placed.sheet], FIRST_BLOCK_ROW - 1, FIRST_COLUMN)
        matrix = write_unit_matrix(book, result, received_in)
        write_analysis(book, result, summary, matrix, received_in)
        if status is not None:
            write_status(book, result, status)
        write_findings(book, result, received_in)
        write_files(book, result)
        write_lineage(book, lineage, beside)
        write_charts(charts, result, list(chart_tables(result, headline, matrix)))
        write_overview(overview, result, list(book.sheets), summary, ratios)
        write_choices(book, result.catalogue)
        write_identity(book, result.layout, identity, _supports(result), _marks(result, lineage.fingerprint))
        if not lineage.has_room:
            write_whole(beside, lineage.file())
    return lineage.fingerprint


def remarks_of(result: Consolidation) -> dict[str, str]:
    """The units' notes on each indicator, each with the name of its unit, and what they gave only about.

    A total shows no "trên" or "khoảng" of the figures in it: its note does.
    """
    notes: dict[str, list[str]] = {}
    for one in result.returns:
        name = result.tree.units[one.unit].name if one.unit in result.tree.units else one.unit_name
        for cell in _told_in_words(one.columns):
            if text := _remark(result, cell):
                notes.setdefault(cell.name.indicator, []).append(text if text.startswith("[") else f"[{name}] {text}")
    return {indicator: "; ".join(texts) for indicator, texts in notes.items()}


def _told_in_words(cells: Cells) -> Iterator[ReadCell]:
    """Notes, and figures that are not exact."""
    chosen = cells.frame.of_measure("note").copy()
    chosen[list(cells.qualifiers)] = True
    return cells.where(chosen)


def _remark(result: Consolidation, cell: ReadCell) -> str:
    """What a cell adds to the notes of its row: a note, or the words of a figure that is not exact."""
    if cell.name.item or not cell.is_filled:
        return ""
    if cell.name.measure == "note":
        return cell.observation.text
    if not cell.observation.qualifier:
        return ""
    heading = result.catalogue.headings.get(cell.name.measure, cell.name.measure)
    return f"{heading}: ghi “{cell.observation.raw}”"


def _write_cover(book: Book, result: Consolidation, identity: Identity, *, closed: bool) -> None:
    """The forms' cover under the title of a summary: the template's own names the level of units that fill it."""
    write_cover(book, result.layout, cover_facts(identity))
    sheet = book.sheets[COVER_SHEET]
    reported, expected = count_units(result)
    title = f"TỔNG HỢP TÌNH HÌNH KINH TẾ - XÃ HỘI\n{identity.unit_name.upper()}"
    sheet.write(2, 2, title, {**TITLE, "font_size": 16, "text_wrap": True})
    sheet.set_row(2, 46)
    told = f"Số liệu tổng hợp từ {reported}/{expected} đơn vị.{CLOSED_WORDS if closed else ''}"
    sheet.write(3, 2, told, {**SUBTITLE, "text_wrap": True})
    write_back(sheet, 1, 2)
    sheet.worksheet.fit_to_pages(1, 1)


def _filling(result: Consolidation, identity: Identity, remarks: dict[str, str]) -> Filling:
    """What the field sheets of the unit carry: the totals, and the rows of its units' lists."""
    settings = result.catalogue.settings
    return Filling(
        office=identity.unit_name,
        period=identity.period_label or "……………",
        headings=headings_of(result.catalogue, identity.period),
        typed=_typed(result),
        computed=lambda name: result.value(Figure(name.indicator, name.measure)),
        without_formula=result.without_formula,
        remarks=remarks,
        signature=(settings.get("sign_left", ""), settings.get("sign_right", ""), settings.get("sign_date", "")),
        form_sign=settings.get("form", ""),
        choice_lists=choice_lists(result.catalogue),
    )


def _typed(result: Consolidation) -> Callable[[FigureName], CellFigure]:
    """What stands in the input cells."""
    places = {
        (code, key): position
        for code, table in result.cube.lists.items()
        for position, (key, owner) in enumerate(zip(table.keys, table.owner, strict=True))
        if owner == result.row
    }

    def typed(name: FigureName) -> CellFigure:
        if not name.item:
            return result.value(Figure(name.indicator, name.measure))
        place = places.get((name.indicator, name.item))
        if place is None:
            return None
        table = result.cube.lists[name.indicator]
        text = table.text[name.measure][place]
        if text is not None:
            is_date = result.catalogue.lists[name.indicator].column(name.measure).kind is Kind.DATE
            return _day(text) if is_date else str(text)
        number = float(table.number[name.measure][place])
        return None if number != number else int(number) if number.is_integer() else number

    return typed


def _day(text: str) -> str:
    """A date as it is typed, ``05/03/2023``; other text as it is."""
    try:
        return shown_date(dt.date.fromisoformat(text))
    except ValueError:
        return text


def _supports(result: Consolidation) -> Iterator[tuple[FigureName, Support]]:
    """What stands behind each figure, where it is not what a reader would assume anyway."""
    for figure in result.cube.index:
        support = result.support(figure)
        if support.reported > 0 or support.expected != 1 or figure in result.without_formula:
            yield FigureName(figure.indicator, figure.measure), support


def _marks(result: Consolidation, fingerprint: str) -> Iterator[Sequence[str]]:
    """What the totals were made of: figures, units, and which unit stands below which."""
    units = [(one.code, one.parent, one.name) for one in result.tree.units.values()]
    yield FIGURES, fingerprint
    yield UNITS, fingerprint_of_units(units)
    yield from ((UNIT, *one) for one in units)
