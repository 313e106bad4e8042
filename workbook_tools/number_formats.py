"""The styles of a workbook as far as they change what a cell says, and the dates and times they make of numbers."""

import datetime
import re
from collections.abc import Sequence
from typing import NamedTuple

from workbook_tools.cell_display import is_date_format
from workbook_tools.legacy_encodings import is_legacy_font
from workbook_tools.workbook_contents import Scalar
from workbook_tools.xml_parts import XmlPart, attribute

__all__ = ["CellStyle", "StylesByNumber", "StylesPart", "is_date_format", "iso_duration", "iso_moment", "serial_moment"]

BUILT_IN_FORMATS = {
    9: "0%", 10: "0.00%", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0",
}  # fmt: skip
"""Formats that files name by number only (ECMA-376, part 1, 18.8.30), as far as they change what a number means."""

_DURATION = re.compile(r"(-?)P(?:([0-9]+)D)?T?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?")


class CellStyle(NamedTuple):
    """How a cell shows what it holds; ``font`` is named only if its letters are not Unicode."""

    number_format: str = "General"
    font: str = ""
    is_date: bool = False


class StylesByNumber(dict[str, CellStyle]):
    """Styles by their number as text; one past the table is that of a cell without style."""

    def __init__(self, styles: Sequence[CellStyle]) -> None:
        super().__init__((str(number), style) for number, style in enumerate(styles))

    def __missing__(self, text: str) -> CellStyle:
        int(text)
        return CellStyle()


class StylesPart(XmlPart):
    """Takes the part of styles; :meth:`styles` gives what each style of a cell means."""

    def __init__(self) -> None:
        super().__init__()
        self._formats: dict[str, str] = {}
        self._fonts: list[str] = []
        self._pairs: list[tuple[str, str]] = []
        self._group = ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._tags[name]
        if tag in ("fonts", "cellXfs", "numFmts"):
            self._group = tag
        elif tag in ("dxfs", "extLst", "cellStyleXfs"):
            self._skip()
        elif tag == "xf" and self._group == "cellXfs":
            self._pairs.append((attributes.get("numFmtId", "0"), attributes.get("fontId", "")))
        elif tag == "numFmt" and self._group == "numFmts":
            self._formats[attribute(attributes, "numFmtId")] = attribute(attributes, "formatCode")
        elif tag == "font" and self._group == "fonts":
            self._fonts.append("")
        elif tag == "name" and self._group == "fonts" and self._fonts:
            self._fonts[-1] = attribute(attributes, "val")
        else:
            self._other(name)

    def _end(self, name: str) -> None:
        if self._tags[name] == self._group:
            self._group = ""

    def styles(self) -> list[CellStyle]:
        """The style of each number that a cell may name."""
        fonts = {str(number): font for number, font in enumerate(self._fonts) if is_legacy_font(font)}
        formats = [self._format(number) for number, _ in self._pairs]
        names = [fonts.get(font, "") for _, font in self._pairs]
        return [CellStyle(one, font, is_date_format(one)) for one, font in zip(formats, names, strict=True)]

    def _format(self, number: str) -> str:
        return self._formats.get(number) or BUILT_IN_FORMATS.get(int(number), "General")


def iso_moment(text: str) -> Scalar:
    """Date or time of a cell that holds it in ISO 8601; any time zone is left out, as Excel knows none."""
    try:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return datetime.time.fromisoformat(text).replace(tzinfo=None)


def iso_duration(text: str) -> Scalar:
    """What a length of time in ISO 8601, ``PT12H30M``, is as a time of day; ValueError if it is none."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"time {text!r}")
    days, hours, minutes = (int(match[group] or 0) for group in (2, 3, 4))
    seconds = ((days * 24 + hours) * 60 + minutes) * 60 + float(match[5] or 0)
    return serial_moment((-seconds if match[1] else seconds) / 86_400, 1900)


def serial_moment(number: float, epoch: int) -> Scalar:
    """Date or time that a number shows, counted from 1900 or 1904; the number itself if it shows none."""
    start = datetime.datetime(1904, 1, 1) if epoch == 1904 else datetime.datetime(1899, 12, 30 + (1 <= number < 60))
    try:
        moment = start + datetime.timedelta(milliseconds=round(number * 86_400_000))
    except (OverflowError, ValueError):
        return number
    return moment.time() if 0 <= number < 1 and number else moment
