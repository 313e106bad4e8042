"""The columns that compare the same units only: they stand beside the plain ratios where these cannot be formed."""

from workbook_tools.cells import column_letters
from workbook_tools.indicators import Indicator
from workbook_tools.like_for_like import BASES, Ratios
from workbook_tools.live_cells import figure_look
from workbook_tools.styles import CENTRED
from workbook_tools.summary_sheets import Column, Table

MARK = "(*)"
EXPLANATION = (
    "Cột “cùng đơn vị”: chỉ các đơn vị có đủ cả hai số; để trống nếu không khác tỷ lệ chung. "
    f"{MARK}: hai số của các đơn vị khác nhau nên không chia chung."
)
HEADINGS = {"plan": "TH/KH, cùng đơn vị (%)", "prior": "So cùng kỳ, cùng đơn vị (%)"}
PARTS = {"plan": ("Kế hoạch", "Thực hiện"), "prior": ("Năm trước", "Năm nay")}
SAID = {"plan": "TH/KH cùng đơn vị", "prior": "So cùng kỳ, cùng đơn vị"}


def ratio_columns(ratios: Ratios) -> list[Column]:
    """A ratio and how many units it is of, for each measure that some row needs it for."""
    columns = []
    for base in BASES:
        if ratios[base]:
            columns.append(Column(f"same_{base}", HEADINGS[base], 10))
            columns.append(Column(f"same_{base}_units", "Số đơn vị so sánh", 8))
    return columns


def part_columns(ratios: Ratios, width: float) -> list[Column]:
    """The two figures behind each ratio, folded away."""
    return [
        Column(f"same_{base}_{part}", f"{heading}, cùng đơn vị", width, folded=True)
        for base in BASES
        if ratios[base]
        for part, heading in zip(("base", "actual"), PARTS[base], strict=True)
    ]


def write_same_units(table: Table, row: int, indicator: Indicator, ratios: Ratios) -> None:
    """The ratios of one row, live over the figures of the same units; blank where the plain ratio says it all."""
    for base in BASES:
        if not ratios[base]:
            continue
        one = ratios[base].get(indicator.code)
        places = {part: table.places[f"same_{base}{part}"] for part in ("", "_units", "_base", "_actual")}
        if one is None:
            for place in places.values():
                table.sheet.write(row, place, None, CENTRED)
            continue
        table.sheet.write(row, places["_base"], one.base, figure_look(indicator, base))
        table.sheet.write(row, places["_actual"], one.actual, figure_look(indicator, "actual"))
        before, after = (f"{column_letters(places[part])}{row}" for part in ("_base", "_actual"))
        formula, look = f"={after}/{before}*100", figure_look(indicator, "prior_ratio")
        table.sheet.write_formula(row, places[""], formula, one.ratio, look)
        table.sheet.write(row, places["_units"], one.support, CENTRED)


def remarks_on(indicator: Indicator, ratios: Ratios) -> list[str]:
    """What the notes of a row say of its ratios of the same units: who is left out of each."""
    found = ((SAID[base], ratios[base].get(indicator.code)) for base in BASES)
    return [f"{said}: không tính {one.remark}" for said, one in found if one is not None]
