"""Whether a template is sound: every row says what it needs, every reference resolves, nothing runs in a circle.

Each check takes the template and yields findings at the template's own cells; its name is what should be true.
Adding it to :data:`CHECKS` is the whole registration. The checks of the template as a whole stand here.
"""

from collections.abc import Callable, Iterator

from workbook_tools.cells import MEASURES, Position, full_address
from workbook_tools.findings import Finding
from workbook_tools.form_layout import HEADING, HEADING_OF_PART, PLACEHOLDER, period_words
from workbook_tools.periods import Calendar, PeriodKind, parse_period
from workbook_tools.template_fields import CODE_COLUMN
from workbook_tools.template_findings import listed
from workbook_tools.template_reading import Template
from workbook_tools.template_reference_checks import (
    formulas_bear_zeros,
    formulas_find_their_parts,
    formulas_have_no_circle,
    formulas_use_open_cells,
    rules_can_be_told,
    weights_resolve,
    wholes_have_no_circle,
    wholes_resolve,
)
from workbook_tools.template_row_checks import (
    aggregations_fit_their_kind,
    blocks_have_headings,
    choices_are_given,
    headlines_have_a_direction,
    labels_are_told_apart,
    numeric_rows_have_a_unit,
    ranges_are_ranges,
    words_are_known,
)
from workbook_tools.text import matching_key
from workbook_tools.unit_names import LEVELS

TYPED_MEASURES = ("prior", "plan", "actual", "next_plan")
SETTINGS = (
    "title", "form", "period_kind",
    *(f"heading.{measure}" for measure in TYPED_MEASURES),
    *(f"synonyms.{column}" for column in ("number", "label", "unit", *MEASURES, "note")),
)  # fmt: skip
"""Settings that forms and their reading need."""

MAXIMUM_SHEET_NAME = 31
"""Excel's own limit."""


def check_template(template: Template) -> list[Finding]:
    """What was not understood when reading the template, then what every check finds."""
    return [*template.findings, *(finding for check in CHECKS for finding in check(template))]


def codes_are_used_once(template: Template) -> Iterator[Finding]:
    """Every field, row, list and rule has a code of its own."""
    first: dict[tuple[str, str], str] = {}
    for family, code, sheet, cell in _coded(template):
        place = full_address(sheet, cell)
        if first.setdefault((family, code), place) != place:
            details = {"code": code, "first": first[family, code]}
            yield Finding("template.code_twice", template.file, sheet, cell, indicator=code, details=details)


def _coded(template: Template) -> Iterator[tuple[str, str, str, str]]:
    for field in template.catalogue.fields:
        yield "field", field.code, field.sheet, "A1"
        for row in field.indicators:
            yield "row", row.code, row.sheet, Position(row.row, CODE_COLUMN).name
        for block in field.lists:
            yield "row", block.code, block.sheet, Position(block.first, CODE_COLUMN).name
    for rule in template.catalogue.rules:
        yield "rule", rule.code, template.sheets.get("#rules", ""), rule.address


def sheet_names_fit(template: Template) -> Iterator[Finding]:
    """No sheet has a name that Excel would refuse or cut."""
    for name in template.sheets.values():
        if len(name) > MAXIMUM_SHEET_NAME:
            details = {"name": name, "length": len(name), "limit": MAXIMUM_SHEET_NAME}
            yield Finding("template.sheet_name_too_long", template.file, name, "A1", details=details)


def settings_are_complete(template: Template) -> Iterator[Finding]:
    """Every setting that forms and their reading need is there, with a value that is known."""
    settings = template.catalogue.settings
    for key in SETTINGS:
        if not settings.get(key):
            yield _at_settings(template, "template.setting_missing", key=key)
    for key, known in (("period_kind", tuple(PeriodKind)), ("level", LEVELS), ("calendar", tuple(Calendar))):
        value = settings.get(key, "")
        if value and value not in known:
            yield _at_settings(template, "template.setting_unknown", key=key, value=value, known=listed(known))
    days = settings.get("deadline_days", "")
    if days and not days.isdecimal():
        yield _at_settings(template, "template.setting_no_number", key="deadline_days", value=days)


def headings_name_known_periods(template: Template) -> Iterator[Finding]:
    """What stands between braces in the heading of a column is something that is known of a period."""
    example = parse_period("2023")
    known = tuple(period_words(example)) if example else ()
    for key, text in template.catalogue.settings.items():
        for word in PLACEHOLDER.findall(text) if key.startswith((HEADING, HEADING_OF_PART)) else ():
            if word not in known:
                details = {"key": key, "value": f"{{{word}}}", "known": listed([f"{{{one}}}" for one in known])}
                yield _at_settings(template, "template.setting_unknown", **details)


def synonyms_mean_one_column(template: Template) -> Iterator[Finding]:
    """No heading is listed as a synonym of two columns."""
    first: dict[str, str] = {}
    for key, text in template.catalogue.settings.items():
        for name in text.split(";") if key.startswith("synonyms.") else ():
            other = first.setdefault(matching_key(name), key)
            if matching_key(name) and other != key:
                yield _at_settings(template, "template.synonym_twice", name=name.strip(), key=key, other=other)


def _at_settings(template: Template, code: str, **details: object) -> Finding:
    """A finding about the settings."""
    return Finding(code, template.file, template.sheets.get("#settings", ""), details=details)


CHECKS: tuple[Callable[[Template], Iterator[Finding]], ...] = (
    codes_are_used_once,
    sheet_names_fit,
    blocks_have_headings,
    labels_are_told_apart,
    numeric_rows_have_a_unit,
    words_are_known,
    headlines_have_a_direction,
    ranges_are_ranges,
    choices_are_given,
    aggregations_fit_their_kind,
    weights_resolve,
    wholes_resolve,
    wholes_have_no_circle,
    formulas_have_no_circle,
    formulas_find_their_parts,
    formulas_use_open_cells,
    formulas_bear_zeros,
    rules_can_be_told,
    settings_are_complete,
    headings_name_known_periods,
    synonyms_mean_one_column,
)
"""All checks, in the order in which their findings are told."""
