"""Checks of each row of a template by itself: headings, labels, units, kinds, ranges, choices.

Each takes the template and yields findings at the template's own cells; its name is what should be true.
"""

from collections.abc import Iterator

from workbook_tools.cells import MEASURES
from workbook_tools.findings import Finding
from workbook_tools.indicators import Aggregation, Indicator, IndicatorBlock, Kind, ListField
from workbook_tools.template_findings import BLANK, at_column, at_row, list_columns, listed, rows_of
from workbook_tools.template_reading import Template
from workbook_tools.text import matching_key
from workbook_tools.unit_names import LEVELS

DIRECTIONS = ("", "cao", "thấp")
FLOWS = ("kỳ", "thời điểm")

_NUMERIC_AGGREGATIONS = (Aggregation.SUM, Aggregation.WEIGHTED_MEAN, Aggregation.MAXIMUM, Aggregation.MINIMUM)


def blocks_have_headings(template: Template) -> Iterator[Finding]:
    """Every block of indicators has a label, a unit and all measures, each under a heading."""
    for field in template.catalogue.fields:
        for block in field.blocks:
            if not isinstance(block, IndicatorBlock) or not block.indicators:
                continue
            row = block.indicators[0]
            headings = {column.code: column.heading for column in block.columns}
            for column in ("label", "unit", *MEASURES):
                if not headings.get(column):
                    code = "template.heading_missing" if column in headings else "template.block_column_missing"
                    yield at_row(template, code, row, column, block=block.title, column=column)


def labels_are_told_apart(template: Template) -> Iterator[Finding]:
    """No two rows of a field have the same label and unit: a row that lost its code is found by its label."""
    for field in template.catalogue.fields:
        first: dict[tuple[str, str], Indicator] = {}
        for row in field.indicators:
            other = first.setdefault((matching_key(row.label), matching_key(row.unit)), row)
            if other is not row:
                yield at_row(template, "template.label_twice", row, "label", other=other.code, number=other.row)


def numeric_rows_have_a_unit(template: Template) -> Iterator[Finding]:
    """Every row of numbers says what they count."""
    for row in rows_of(template):
        if row.kind.is_numeric and not row.unit:
            yield at_row(template, "template.unit_missing", row, "unit")


def words_are_known(template: Template) -> Iterator[Finding]:
    """Levels, directions and stock or flow are among the words that mean something here."""
    for row in rows_of(template):
        unknown = [level for level in row.levels if level not in LEVELS]
        if unknown or not row.levels:
            value = listed(unknown) or BLANK
            yield at_row(template, "template.unknown_level", row, "levels", value=value, known=listed(LEVELS))
        if row.direction not in DIRECTIONS:
            known = listed(DIRECTIONS[1:])
            yield at_row(template, "template.unknown_direction", row, "direction", value=row.direction, known=known)
        if row.flow not in FLOWS:
            yield at_row(template, "template.unknown_flow", row, "flow", value=row.flow or BLANK, known=listed(FLOWS))


def headlines_have_a_direction(template: Template) -> Iterator[Finding]:
    """A headline target says whether more or less is better; it cannot be assessed otherwise."""
    for row in rows_of(template):
        if row.headline and not row.direction:
            yield at_row(template, "template.direction_missing", row, "direction")


def ranges_are_ranges(template: Template) -> Iterator[Finding]:
    """No minimum is above its maximum."""
    for row in rows_of(template):
        if facts := _crossed(row):
            yield at_row(template, "template.range_reversed", row, "minimum", **facts)
    for block, column in list_columns(template):
        if facts := _crossed(column):
            yield at_column(template, "template.range_reversed", block, column, **facts)


def _crossed(one: Indicator | ListField) -> dict[str, str]:
    if one.minimum is None or one.maximum is None or one.minimum <= one.maximum:
        return {}
    return {"minimum": f"{one.minimum:g}", "maximum": f"{one.maximum:g}"}


def choices_are_given(template: Template) -> Iterator[Finding]:
    """Every row and list column of kind choice has something to choose from."""
    for row in rows_of(template):
        if row.kind is Kind.CHOICE and not row.choices:
            yield at_row(template, "template.choices_missing", row, "choices")
    for block, column in list_columns(template):
        if column.kind is Kind.CHOICE and not column.choices:
            yield at_column(template, "template.choices_missing", block, column)


def aggregations_fit_their_kind(template: Template) -> Iterator[Finding]:
    """Percentages are not summed, words are not averaged, numbers are not joined."""
    for row in rows_of(template):
        if code := _misfit(row):
            yield at_row(template, code, row, "aggregation", aggregation=str(row.aggregation), kind=str(row.kind))
    for block, column in list_columns(template):
        if code := _misfit(column):
            facts = {"aggregation": str(column.aggregation), "kind": str(column.kind)}
            yield at_column(template, code, block, column, **facts)


def _misfit(one: Indicator | ListField) -> str:
    if one.aggregation is Aggregation.SUM and (one.kind is Kind.PERCENT or one.unit.startswith(("%", "‰"))):
        return "template.percent_summed"
    words = (Aggregation.JOIN,) if one.kind.is_numeric else _NUMERIC_AGGREGATIONS
    return "template.aggregation_misfit" if one.aggregation in words else ""
