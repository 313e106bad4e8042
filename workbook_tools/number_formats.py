"""The number formats of a workbook, and the dates and times they make of numbers."""

import datetime
import re
from xml.etree.ElementTree import Element

from workbook_tools.excel_package import attribute, local_name
from workbook_tools.workbook_contents import Scalar

_NOT_DATE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_BUILT_IN_FORMATS = {
    9: "0%", 10: "0.00%", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0",
}  # fmt: skip
"""Formats that files name by number only (ECMA-376, part 1, 18.8.30), as far as they change what a number means."""


def formats_of_styles(styles: Element) -> list[str]:
    """Number format of each cell style."""
    custom, formats = {}, []
    for group in styles:
        if local_name(group.tag) == "numFmts":
            custom = {int(attribute(one, "numFmtId")): attribute(one, "formatCode") for one in group}
        elif local_name(group.tag) == "cellXfs":
            numbers = [int(attribute(one, "numFmtId") or 0) for one in group]
            formats = [custom.get(number) or _BUILT_IN_FORMATS.get(number, "General") for number in numbers]
    return formats


def is_date_format(number_format: str) -> bool:
    """Whether a number format shows dates or times.

    >>> is_date_format("dd/mm/yyyy"), is_date_format('#,##0 "hộ/ngày"')
    (True, False)
    """
    if number_format == "General":
        return False
    return any(letter in "dmyhs" for letter in _NOT_DATE.sub("", number_format).split(";", 1)[0].lower())


def iso_moment(text: str) -> Scalar:
    """Date or time of a cell that holds it in ISO 8601; any time zone is left out, as Excel knows none."""
    try:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return datetime.time.fromisoformat(text).replace(tzinfo=None)


def serial_moment(number: float, epoch: int) -> Scalar:
    """Date or time that a number shows, counted from 1900 or 1904; the number itself if it shows none."""
    start = datetime.datetime(1904, 1, 1) if epoch == 1904 else datetime.datetime(1899, 12, 30)
    try:
        moment = start + datetime.timedelta(milliseconds=round(number * 86_400_000))
    except (OverflowError, ValueError):
        return number
    return moment.time() if 0 <= number < 1 and number else moment
