"""What the unit says to a warning: in the column ``Giải trình`` of the sheet ``Kiểm tra``, or in the row's notes.

An explanation never changes a figure and never excuses an error; it turns a warning into an answered one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from workbook_tools.findings import Finding, Severity
from workbook_tools.form_layout import CHECK_SHEET
from workbook_tools.observations import Return
from workbook_tools.text import matching_key
from workbook_tools.workbook_contents import SheetContent, WorkbookContent

MARK = "#checks"
EXPLANATION = "explanation"
HEADING = "giải trình"

ANSWERED_BY_NOTES = frozenset({
    "rule.out_of_range", "rule.large_change", "rule.likely_factor", "rule.unlike_siblings", "period.prior_differs",
})  # fmt: skip
"""Findings about a single row whose advice is to give the reason in its notes."""


def read_explanations(workbook: WorkbookContent) -> dict[str, str]:
    """What was typed beside the rules of the sheet ``Kiểm tra``, by the code of the rule."""
    sheet = next((one for one in workbook.sheets if is_checks(one)), None)
    if sheet is None:
        return {}
    column = column_of_explanations(sheet)
    texts = ((sheet.text(row, 1), sheet.text(row, column)) for row in range(1, sheet.last_row + 1)) if column else ()
    return {rule: text for rule, text in texts if rule and text and not rule.startswith("#")}


def is_checks(sheet: SheetContent) -> bool:
    """Whether a sheet is that of the rules."""
    return sheet.text(1, 1) == MARK or matching_key(sheet.name) == matching_key(CHECK_SHEET)


def column_of_explanations(sheet: SheetContent) -> int:
    """Column of the explanations: by its code, else by its heading; 0 if it is gone."""
    for position, cell in sheet.cells.items():
        if isinstance(cell.value, str) and (
            cell.value.strip() == EXPLANATION or matching_key(cell.value) == matching_key(HEADING)
        ):
            return position.column
    return 0


def answered(findings: Iterable[Finding], returned: Return) -> Iterator[Finding]:
    """The findings, those warnings for information that the return explains, with the explanation."""
    frame = returned.columns.frame
    texts = sorted(returned.columns.texts.items())
    notes = {frame.indicators[place]: text for place, text in texts if frame.measures[place] == "note"}
    for finding in findings:
        yield _answered(finding, returned.explanations, notes)


def _answered(finding: Finding, explanations: Mapping[str, str], notes: Mapping[str, str]) -> Finding:
    if not finding.code.startswith(("rule.", "period.")):
        return finding
    explanation = explanations.get(finding.rule, "")
    if not explanation and finding.code in ANSWERED_BY_NOTES:
        explanation = notes.get(finding.indicator, "")
    if not explanation:
        return finding
    level = Severity.INFO if finding.severity is Severity.WARNING else finding.level
    return replace(finding, explanation=explanation, level=level)
