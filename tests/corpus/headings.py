"""Headings and units of rows: reworded, split, changed."""

import random

from openpyxl.cell.cell import MergedCell

from tests.corpus.damage import LOST, NOT_DONE, Effect, Expected, damage
from tests.corpus.effects import (
    code_rows,
    delete_code_rows,
    or_lost,
)
from tests.corpus.form import Form
from workbook_tools.cells import FigureName
from workbook_tools.indicators import Indicator

FAMILY = "labels"
_WAYS = {
    "prior": ("TH 2022", "Thực hiện năm 2022", "TH năm trước", "Năm trước", "Cùng kỳ", "Thực hiện cùng kỳ 2022",
              "KQ 2022"),
    "plan": ("KH", "Kế hoạch", "KH năm", "KH 2023", "KH năm 2023", "Kế hoạch 2023", "Chỉ tiêu KH 2023"),
    "actual": ("TH", "Thực hiện", "ƯTH 2023", "Ước TH 2023", "Ước thực hiện", "TH năm 2023",
               "Ước TH năm 2023", "Ước thực hiện cả năm"),
    "next_plan": ("KH 2024", "Kế hoạch năm sau", "KH năm 2024", "Kế hoạch 2024", "Dự kiến KH 2024", "KH năm sau"),
}  # fmt: skip
"""How headings are worded in practice, for the year 2023; the last of each are not listed in the template."""


def _reword(form: Form, choose: random.Random) -> None:
    for placed, sheet in zip(form.fields, form.sheets, strict=True):
        for block in form.indicator_blocks(placed):
            for code, ways in _WAYS.items():
                sheet.cell(block.heading_row, block.columns[code]).value = choose.choice(ways)


@damage(FAMILY, Expected.SAME)
def headings_reworded(form: Form, choose: random.Random) -> Effect:
    """Headings worded as in practice (TH 2022, KH, ƯTH 2023, KH năm 2024), the column codes left."""
    _reword(form, choose)
    return Effect()


@damage(FAMILY, Expected.SAME)
def headings_reworded_without_codes(form: Form, choose: random.Random) -> Effect:
    """Headings worded as in practice, the row of column codes gone."""
    _reword(form, choose)
    delete_code_rows(form)
    return Effect(("structure.columns_by_heading",))


@damage(FAMILY, Expected.SAME)
def headings_in_two_merged_rows(form: Form, choose: random.Random) -> Effect:
    """Headings split over two rows (Thực hiện, below it năm 2022), the row of column codes gone."""
    halves = {"prior": ("Thực hiện", "năm 2022"), "plan": ("Kế hoạch", "năm 2023"), "actual": ("Ước thực hiện",
              "năm 2023"), "next_plan": ("Kế hoạch", "năm 2024")}  # fmt: skip
    for placed, sheet in zip(form.fields, form.sheets, strict=True):
        for block in form.indicator_blocks(placed):
            for code, texts in halves.items():
                _split(form, sheet.title, block.heading_row, block.columns[code], texts)
    delete_code_rows(form)
    return Effect(("structure.columns_by_heading",))


@damage(FAMILY, Expected.SAME)
def headings_under_a_common_one(form: Form, choose: random.Random) -> Effect:
    """Two measures under a common heading (Năm 2023: Kế hoạch, Thực hiện), the row of column codes gone."""
    for placed, sheet in zip(form.fields, form.sheets, strict=True):
        for block in form.indicator_blocks(placed):
            _split(form, sheet.title, block.heading_row, block.columns["plan"], ("Năm 2023", "Kế hoạch"))
            _split(form, sheet.title, block.heading_row, block.columns["actual"], (None, "Thực hiện"))
            start, end = block.columns["plan"], block.columns["actual"]
            sheet.merge_cells(
                start_row=block.heading_row, end_row=block.heading_row, start_column=start, end_column=end
            )
    delete_code_rows(form)
    return Effect(("structure.columns_by_heading",))


def _split(form: Form, sheet: str, row: int, column: int, texts: tuple[str | None, str]) -> None:
    target = form.workbook[sheet]
    for area in list(target.merged_cells.ranges):
        if (area.min_row, area.min_col) == (row, column):
            target.unmerge_cells(str(area))
    for offset, text in enumerate(texts):
        target.cell(row + offset, column).value = text


@damage(FAMILY, Expected.FINDING)
def heading_that_fits_two_measures(form: Form, choose: random.Random) -> Effect:
    """Two columns with the heading "Thực hiện", the row of column codes gone."""
    placed = form.any_field(choose)
    sheet = form.workbook[placed.sheet]
    names: list[FigureName] = []
    for block in form.indicator_blocks(placed):
        for code in ("prior", "actual"):
            sheet.cell(block.heading_row, block.columns[code]).value = "Thực hiện"
        codes = [row.content.code for row in block.rows if isinstance(row.content, Indicator)]
        names += [name for name in form.said_of(*codes) if name.measure in ("prior", "actual")]
    for other in form.fields:
        for row in reversed(code_rows(other)):
            form.workbook[other.sheet].cell(row, 1).value = None
            for column in range(2, 40):
                form.workbook[other.sheet].cell(row, column).value = None
    return Effect(("structure.heading_twice",), dict.fromkeys(names, LOST))


@damage(FAMILY, Expected.FINDING)
def heading_of_another_year(form: Form, choose: random.Random) -> Effect:
    """The heading of the plan changed to another year, the column codes left."""
    placed = form.any_field(choose)
    block = form.indicator_blocks(placed)[0]
    cell = form.workbook[placed.sheet].cell(block.heading_row, block.columns["plan"])
    cell.value = "Kế hoạch năm 2021"
    codes = [row.content.code for row in block.rows if isinstance(row.content, Indicator)]
    names = [name for name in form.said_of(*codes) if name.measure == "plan"]
    return Effect((), or_lost(form, names), ((placed.sheet, cell.coordinate),))


@damage(FAMILY, Expected.SAME)
def headings_deleted_beside_their_codes(form: Form, choose: random.Random) -> Effect:
    """All headings deleted, the column codes left."""
    for placed, sheet in zip(form.fields, form.sheets, strict=True):
        for block in form.indicator_blocks(placed):
            for column in block.columns.values():
                for row in (block.heading_row, block.heading_row + 1):
                    if not isinstance(cell := sheet.cell(row, column), MergedCell):
                        cell.value = None
    return Effect()


def _change_unit(form: Form, choose: random.Random, ways: dict[str, str], factor: float | None) -> Effect:
    rows = [row for row in form.rows() if row.indicator.unit in ways and row.indicator.kind.is_numeric]
    if not rows:
        return NOT_DONE
    row = choose.choice(rows)
    cell = form.workbook[row.sheet].cell(row.row, row.block.columns["unit"])
    cell.value = ways[row.indicator.unit]
    if factor == 1:
        return Effect()
    changed = {}
    for name, one in form.said_of(row.indicator.code).items():
        if one[1] is not None and name.measure not in ("plan_ratio", "growth"):
            changed[name] = (None,) if factor is None else (None, (one[0], one[1] * factor, one[2], one[3]))
    return Effect((), changed, ((row.sheet, cell.coordinate),))


@damage(FAMILY, Expected.FINDING)
def unit_of_a_row_made_larger(form: Form, choose: random.Random) -> Effect:
    """The unit of a row changed to one a thousand times as large (nghìn ha, nghìn tấn, tỷ đồng)."""
    ways = {"ha": "nghìn ha", "tấn": "nghìn tấn", "triệu đồng": "tỷ đồng", "người": "nghìn người", "km": "nghìn km"}
    return _change_unit(form, choose, ways, 1000.0)


@damage(FAMILY, Expected.FINDING)
def unit_of_a_row_made_smaller(form: Form, choose: random.Random) -> Effect:
    """The unit of a row changed to one a thousand times as small (kg, nghìn đồng, m)."""
    ways = {"tấn": "kg", "triệu đồng": "nghìn đồng", "km": "m"}
    return _change_unit(form, choose, ways, 0.001)


@damage(FAMILY, Expected.FINDING)
def unit_of_a_row_made_another(form: Form, choose: random.Random) -> Effect:
    """The unit of a row changed to that of another thing (tấn for ha, hộ for người)."""
    ways = {"ha": "tấn", "tấn": "ha", "triệu đồng": "%", "người": "hộ", "km": "ha"}
    return _change_unit(form, choose, ways, None)


@damage(FAMILY, Expected.SAME)
def unit_of_a_row_spelled_otherwise(form: Form, choose: random.Random) -> Effect:
    """The unit of a row spelled otherwise (Ha, héc ta, trđ)."""
    ways = {"ha": choose.choice(["Ha", "héc ta", "(ha)"]), "tấn": "Tấn ", "người": "Người", "km": "Km"}
    ways["triệu đồng"] = choose.choice(["Tr.đ", "trđ", "triệu đ"])
    return _change_unit(form, choose, ways, 1)
