"""What lies beside returns without being one: lists of ours, forms nobody has filled. Told by what stands in them."""

from workbook_tools.findings import Finding, Severity
from workbook_tools.list_sheets import INDEX_TITLE
from workbook_tools.observations import Return
from workbook_tools.units import is_unit_list
from workbook_tools.wording import Words
from workbook_tools.workbook_contents import WorkbookContent

UNIT_LIST = Words("danh sách đơn vị, không phải báo cáo", "a list of units, not a return")
INDEX = Words("danh sách các biểu đã tạo, không phải báo cáo", "the index of a folder of forms, not a return")
BLANK_FORM = Words(
    "biểu mẫu trắng, không ghi đơn vị, kỳ báo cáo và không có số nào", "a blank form, without unit, period and figures"
)
_OF_A_BLANK_FORM = frozenset({"unit.missing", "period.missing"})


def list_of_ours(workbook: WorkbookContent) -> Words | None:
    """What a workbook without any sheet of the form is, if it is one of our own lists."""
    if any(sheet.text(1, 1) == INDEX_TITLE for sheet in workbook.sheets):
        return INDEX
    return UNIT_LIST if is_unit_list(workbook) else None


def is_blank_form(returned: Return) -> bool:
    """Whether a return says nothing: neither whose it is nor for when, no figure, and nothing that was refused."""
    said = returned.unit or returned.unit_name or returned.period or returned.taken or returned.refused
    told = (one.code in _OF_A_BLANK_FORM or one.severity is Severity.INFO for one in returned.findings)
    return bool(returned.fields) and not said and not returned.missing and not returned.explanations and all(told)


def passed_by(file: str, reason: Words) -> Finding:
    """What is told of a file that is no return."""
    return Finding("file.passed_by", file=file, details={"file": file, "reason": reason})
