"""Checks and messages at the input cells of a form, as Excel shows them while an official types."""

from collections.abc import Mapping
from typing import NamedTuple

from workbook_tools.cells import MEASURES, Position
from workbook_tools.excel_writing import Sheet
from workbook_tools.form_layout import FormLayout, PlacedField
from workbook_tools.indicators import Aggregation, Indicator, Kind, ListBlock, ListField, Role
from workbook_tools.rules import FILLED_MEASURES

MAXIMUM_MESSAGE = 255
MAXIMUM_MESSAGE_TITLE = 32
LARGEST = 10**15
"""Numbers are exact up to so many digits."""

WORDS_OF_KINDS = {
    Kind.COUNT: "Số nguyên", Kind.NUMBER: "Ghi số, không kèm chữ", Kind.MONEY: "Ghi đủ số theo đơn vị này",
    Kind.PERCENT: "Ghi 98,4 cho 98,4 %", Kind.TEXT: "Ghi bằng chữ", Kind.CHOICE: "Chọn trong danh sách",
    Kind.DATE: "Ghi ngày/tháng/năm",
}  # fmt: skip
ONLY_A_RATE = (
    "Không cần ghi: tự tính khi có các số thành phần. Nếu chỉ có tỷ lệ, không có số thành phần: chọn Review > "
    "Unprotect Sheet (không có mật khẩu) rồi gõ đè tỷ lệ vào ô này."
)


class _Help(NamedTuple):
    """What Excel checks and says at a cell."""

    kind: str
    choices: str
    title: str
    message: str


def write_validations(sheet: Sheet, placed: PlacedField, layout: FormLayout, choice_lists: Mapping[str, str]) -> None:
    """Checks and messages at the input cells; a warning, not a wall: "-", "x" and "trên 2.000" may be typed."""
    cells: dict[_Help, list[Position]] = {}
    ratios: list[Position] = []
    for block in placed.blocks:
        for row in block.rows:
            if isinstance(row.content, Indicator):
                one = row.content
                for measure in MEASURES:
                    if measure in block.columns:
                        place, role = Position(row.row, block.columns[measure]), layout.role(one, measure)
                        if role is Role.INPUT:
                            cells.setdefault(_help_of(layout, one), []).append(place)
                        elif role is Role.FORMULA and measure in FILLED_MEASURES and _is_rate(one):
                            ratios.append(place)
            elif isinstance(block.block, ListBlock):
                for column in block.block.columns:
                    place = Position(row.row, block.columns[column.code])
                    cells.setdefault(_help_of_list(column), []).append(place)
    for said, places in cells.items():
        options = _validation(said.kind, choice_lists.get(said.choices, ""))
        if said.message:
            options["input_title"] = _shortened(said.title, MAXIMUM_MESSAGE_TITLE)
            options["input_message"] = _shortened(said.message, MAXIMUM_MESSAGE)
        if options["validate"] != "any" or said.message:
            sheet.validate(places, options)
    sheet.validate(ratios, {"validate": "any", "input_title": "Tỷ lệ tự tính", "input_message": ONLY_A_RATE})


def how_to_fill(indicator: Indicator) -> str:
    """What belongs into the cells of a row: its unit, its kind, what the template says of it."""
    unit = f"Đơn vị tính: {indicator.unit}. " if indicator.unit and indicator.kind.is_numeric else ""
    choices = f": {'; '.join(indicator.choices)}" if indicator.kind is Kind.CHOICE and indicator.choices else ""
    return f"{unit}{WORDS_OF_KINDS[indicator.kind]}{choices}. {indicator.guidance}".strip()


def _is_rate(indicator: Indicator) -> bool:
    """Whether a figure may be known without the parts of its formula."""
    return indicator.kind is Kind.PERCENT or indicator.aggregation is Aggregation.WEIGHTED_MEAN


def _help_of(layout: FormLayout, one: Indicator) -> _Help:
    """Rows with nothing of their own to say share one message under the name of their unit."""
    title = one.label if one.guidance else one.unit or "Cách ghi"
    return _Help(str(one.kind), _list_name(layout, one), title, how_to_fill(one))


def _help_of_list(column: ListField) -> _Help:
    heading = column.heading.split("\n")[0] if column.guidance else ""
    return _Help(str(column.kind), column.choices_name, heading, column.guidance)


def _list_name(layout: FormLayout, one: Indicator) -> str:
    """Name of the pull-down list of an indicator, empty for none."""
    return next((name for name, values in layout.catalogue.choices.items() if values == one.choices), "")


def _validation(kind: str, choices: str) -> dict[str, object]:
    if kind == Kind.CHOICE and choices:
        return {
            "validate": "list",
            "source": choices,
            "error_type": "warning",
            "error_title": "Ngoài danh mục",
            "error_message": "Hãy chọn một giá trị trong danh sách.",
        }
    if kind == Kind.COUNT:
        return {
            "validate": "integer",
            "criteria": ">=",
            "value": 0,
            "error_type": "warning",
            "error_title": "Cần số nguyên",
            "error_message": "Ô này ghi số nguyên không âm. Cần ghi “-”, “x”, “…” hoặc “trên 2.000” thì chọn Có (Yes).",
        }
    if kind in (Kind.NUMBER, Kind.MONEY, Kind.PERCENT):
        return {
            "validate": "decimal",
            "criteria": "between",
            "minimum": -LARGEST,
            "maximum": LARGEST,
            "error_type": "information",
            "error_title": "Chưa phải là số",
            "error_message": "Ghi “-”, “x”, “…” hoặc “trên 2.000” thì bấm OK. Nếu là số: xem lại dấu thập phân.",
        }
    return {"validate": "any"}


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
