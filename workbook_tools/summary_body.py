"""The body of the tables that go through all fields: its rows, those without any figure folded away."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from workbook_tools.consolidated import Consolidation
from workbook_tools.form_layout import CODE_COLUMN, FIRST_COLUMN, PlacedBlock, PlacedField
from workbook_tools.formulas import Figure
from workbook_tools.indicators import GroupRow, Indicator, IndicatorBlock
from workbook_tools.styles import GROUP, GROUP_FILL, HEADING_FILL, NOTICE
from workbook_tools.summary_sheets import FIRST_ROW, Table

BAND_HEIGHT = 20.0


@dataclass(frozen=True)
class BodyRow:
    """A row of the body: title of a field or block, heading of a group, or an indicator; folded if it says nothing."""

    row: int
    content: PlacedField | PlacedBlock | GroupRow | Indicator
    number: int = 0
    """Number of the field, counted over the fields that have indicators."""
    folded: bool = False

    @property
    def is_heading(self) -> bool:
        """Whether the row heads what follows it."""
        return not isinstance(self.content, Indicator)


def body_rows(result: Consolidation, shown: Callable[[Indicator], bool], noted: Iterable[str] = ()) -> list[BodyRow]:
    """The rows of all fields, from :data:`FIRST_ROW` on.

    Args:
        shown: which indicators have a row.
        noted: codes of indicators that have a note, and so are not empty.
    """
    kept = set(noted)
    rows: list[BodyRow] = []
    fields = list(_fields_with_indicators(result))
    for number, (placed, blocks) in enumerate(fields, start=1):
        rows.append(BodyRow(FIRST_ROW + len(rows), placed, number))
        for block in blocks:
            contents = [one.content for one in block.rows if one.content is not None]
            contents = [one for one in contents if isinstance(one, GroupRow) or shown(one)]
            folded = [
                isinstance(one, Indicator) and one.code not in kept and is_silent(result, one) for one in contents
            ]
            folded = _with_groups(contents, folded)
            rows.append(BodyRow(FIRST_ROW + len(rows), block, folded=all(folded)))
            for content, is_folded in zip(contents, folded, strict=True):
                rows.append(BodyRow(FIRST_ROW + len(rows), content, folded=is_folded))
    return rows


def _fields_with_indicators(result: Consolidation) -> Iterator[tuple[PlacedField, list[PlacedBlock]]]:
    """The field sheets with their blocks of indicators."""
    for placed in result.layout.fields:
        blocks = [block for block in placed.blocks if isinstance(block.block, IndicatorBlock)]
        if blocks:
            yield placed, blocks


def is_silent(result: Consolidation, indicator: Indicator) -> bool:
    """Whether no unit, and no total, says anything about an indicator, not even that it is nil or unreadable."""
    cube = result.cube
    figures = [Figure(indicator.code, measure) for measure in indicator.cells]
    columns = [cube.index[figure] for figure in figures]
    said = (cube.filled[:, columns], cube.refused[:, columns], cube.blocked[:, columns])
    anything = any(one.any() for one in said) or not np.isnan(cube.number[:, columns]).all()
    if anything or any((row, column) in cube.text for row in range(cube.size) for column in columns):
        return False
    return all(result.value(figure) in (None, "") for figure in figures)


def _with_groups(contents: Sequence[GroupRow | Indicator], folded: Sequence[bool]) -> list[bool]:
    """Headings of groups are folded with the last of their members."""
    return [
        flag or (isinstance(one, GroupRow) and all(folded[place] for place in _members(contents, number)))
        for number, (one, flag) in enumerate(zip(contents, folded, strict=True))
    ]


def _members(contents: Sequence[GroupRow | Indicator], group: int) -> Iterator[int]:
    """Places of the indicators below a heading, up to the next heading or to one that stands further left."""
    indent = -1
    for place in range(group + 1, len(contents)):
        one = contents[place]
        if isinstance(one, GroupRow) or one.indent < indent:
            return
        indent = one.indent if indent < 0 else indent
        yield place


def write_body(
    table: Table, rows: Iterable[BodyRow], write_indicator: Callable[[int, Indicator], None]
) -> dict[str, int]:
    """Write all rows and fold the silent ones; gives the row of each indicator."""
    places: dict[str, int] = {}
    everything = list(rows)
    for one in everything:
        match one.content:
            case PlacedField():
                text = f"{one.number}. {one.content.field.title}"
                _write_band(table, one.row, f"#section {one.content.field.code}", text, HEADING_FILL)
            case PlacedBlock():
                block = one.content.block
                _write_band(table, one.row, f"#section {block.code}", block.title, GROUP_FILL)
            case GroupRow():
                _write_group(table, one.row, one.content.number, one.content.label)
            case Indicator():
                write_indicator(one.row, one.content)
                places[one.content.code] = one.row
    table.sheet.fold_rows(one.row for one in everything if one.folded)
    return places


def folded_text(rows: Iterable[BodyRow]) -> str:
    """How many indicators are folded away, and how to open them; empty for none."""
    count = sum(one.folded and isinstance(one.content, Indicator) for one in rows)
    if not count:
        return ""
    return f"Đã gập {count} dòng chưa đơn vị nào có số liệu (bấm số 2 ở góc trên bên trái để mở)."


def write_notice(table: Table, text: str, code: str, last: int) -> None:
    """A line above a table; with a last row it warns, live, of figures of a column in rows that are not to be seen."""
    if not last:
        table.sheet.write(4, FIRST_COLUMN, text, NOTICE)
        return
    warning = " CHÚ Ý: có số liệu trong dòng đang ẩn."
    area = table.area(code, last)
    formula = f'="{text}"&IF(COUNT({area})>SUBTOTAL(102,{area}),"{warning}","")'
    table.sheet.write_formula(4, FIRST_COLUMN, formula, text, NOTICE)


def _write_band(table: Table, row: int, code: str, text: str, fill: str) -> None:
    """A title over the whole width, not merged, so that the rows can be filtered and sorted."""
    style = {"bold": True, "bg_color": fill, "top": 1, "bottom": 1, "border_color": "#808080"}
    table.sheet.write(row, CODE_COLUMN, code)
    for place in table.places.values():
        table.sheet.write(row, place, None, style)
    table.sheet.write(row, FIRST_COLUMN, text, style)
    table.sheet.set_row(row, BAND_HEIGHT)


def _write_group(table: Table, row: int, number: str, label: str) -> None:
    """A row that only carries a heading, such as "Trong đó:"."""
    table.sheet.write(row, CODE_COLUMN, "#group")
    for place in table.places.values():
        table.sheet.write(row, place, None, GROUP)
    table.sheet.write(row, table.places["number"], number, {**GROUP, "align": "center", "italic": False})
    table.sheet.write(row, table.places["label"], label, GROUP)
    table.sheet.set_row(row, 17)
