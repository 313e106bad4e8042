"""Checks and messages at the input cells of a form, as Excel shows them while an official types."""

from collections.abc import Mapping

from workbook_tools.cells import MEASURES
from workbook_tools.excel_writing import Sheet
from workbook_tools.form_layout import FormLayout, PlacedField
from workbook_tools.indicators import Indicator, Kind, ListBlock, ListField, Role

MAXIMUM_MESSAGE = 255
MAXIMUM_MESSAGE_TITLE = 32


def write_validations(sheet: Sheet, placed: PlacedField, layout: FormLayout, choice_lists: Mapping[str, str]) -> None:
    """Checks and messages at the input cells; a warning, not a wall: "-", "x" and "trên 2.000" may be typed."""
    cells: dict[tuple[str, str, str, str], list[tuple[int, int]]] = {}
    for block in placed.blocks:
        for row in block.rows:
            if isinstance(row.content, Indicator):
                one = row.content
                places = [
                    (row.row, block.columns[measure])
                    for measure in MEASURES
                    if measure in block.columns and layout.role(one, measure) is Role.INPUT
                ]
                cells.setdefault((str(one.kind), _list_name(layout, one), one.label, one.guidance), []).extend(places)
            elif isinstance(block.block, ListBlock):
                for column in block.block.columns:
                    cells.setdefault(_list_key(column), []).append((row.row, block.columns[column.code]))
    for (kind, choices, label, guidance), places in cells.items():
        options = _validation(kind, choice_lists.get(choices, ""))
        if guidance:
            options["input_title"] = _shortened(label, MAXIMUM_MESSAGE_TITLE)
            options["input_message"] = _shortened(guidance, MAXIMUM_MESSAGE)
        if options["validate"] != "any" or guidance:
            sheet.validate(places, options)


def _list_name(layout: FormLayout, one: Indicator) -> str:
    """Name of the pull-down list of an indicator, empty for none."""
    return next((name for name, values in layout.catalogue.choices.items() if values == one.choices), "")


def _list_key(column: ListField) -> tuple[str, str, str, str]:
    heading = column.heading.split("\n")[0] if column.guidance else ""
    return (str(column.kind), column.choices_name, heading, column.guidance)


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
    return {"validate": "any"}


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
