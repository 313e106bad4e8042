"""The styles of a workbook as far as they change what a cell says, and the dates and times they make of numbers."""

import datetime
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from workbook_tools.cell_display import is_date_format
from workbook_tools.failure_reasons import ContentError, too_many
from workbook_tools.legacy_encodings import is_legacy_font
from workbook_tools.wording import Words
from workbook_tools.workbook_contents import Scalar
from workbook_tools.xml_parts import XmlPart, attribute

__all__ = ["CellStyle", "StylesByNumber", "StylesPart", "is_date_format", "iso_duration", "iso_moment", "serial_moment"]

BUILT_IN_FORMATS = {
    9: "0%", 10: "0.00%", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0",
}  # fmt: skip
"""Formats that files name by number only (ECMA-376, part 1, 18.8.30), as far as they change what a number means."""

_WHITE, _BLACK = "FFFFFF", "000000"
_THEME = {"0": _WHITE, "1": _BLACK}
_INDEXED = {"0": _BLACK, "1": _WHITE, "8": _BLACK, "9": _WHITE, "64": _BLACK, "65": _WHITE}
"""Colours by number, as far as no other part of the file may change them."""

_HEXADECIMAL = re.compile("[0-9A-F]{6}")
_LEAST_CONTRAST = 1.3
"""White on the palest ground that a form uses has less, the palest grey that is read on white has more."""

_DURATION = re.compile(r"(-?)P(?:([0-9]+)D)?T?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?")


class CellStyle(NamedTuple):
    """How a cell shows what it holds; ``font`` is named only if its letters are not Unicode."""

    number_format: str = "General"
    font: str = ""
    is_date: bool = False
    is_unseen: bool = False
    """Whether letters have the colour of their ground."""


class StylesByNumber(dict[str, CellStyle]):
    """Styles by their number as text; one past the table is that of a cell without style."""

    def __init__(self, styles: Sequence[CellStyle]) -> None:
        super().__init__((str(number), style) for number, style in enumerate(styles))

    def __missing__(self, text: str) -> CellStyle:
        if text:  # some programs leave it empty
            int(text)
        return CellStyle()


MAXIMUM_STYLES = 70_000
"""Styles, formats or fonts of a workbook; Excel itself allows 65,490."""

STYLES = Words("kiểu ô", "styles of cells")


class StylesPart(XmlPart):
    """Takes the part of styles; :meth:`styles` gives what each style of a cell means."""

    def __init__(self) -> None:
        super().__init__()
        self._formats: dict[str, str] = {}
        self._fonts: list[str] = []
        self._inks: list[str] = []
        self._grounds: list[str] = []
        self._styles: list[tuple[str, str, str]] = []
        self._group = ""
        self._is_solid = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._tags[name]
        if tag in ("fonts", "fills", "cellXfs", "numFmts"):
            self._group = tag
        elif tag in ("dxfs", "extLst", "cellStyleXfs"):
            self._skip()
        elif max(map(len, (self._styles, self._formats, self._fonts, self._grounds))) > MAXIMUM_STYLES:
            raise too_many(MAXIMUM_STYLES, *STYLES)
        elif tag == "xf" and self._group == "cellXfs":
            font, fill = attributes.get("fontId", ""), attributes.get("fillId", "0")
            self._styles.append((attributes.get("numFmtId", "0"), font, fill))
        elif tag == "numFmt" and self._group == "numFmts":
            self._formats[attribute(attributes, "numFmtId")] = attribute(attributes, "formatCode")
        elif tag == "font" and self._group == "fonts":
            self._fonts.append("")
            self._inks.append(_BLACK)
        elif tag == "name" and self._group == "fonts" and self._fonts:
            self._fonts[-1] = attribute(attributes, "val")
        elif tag == "color" and self._group == "fonts" and self._inks:
            self._inks[-1] = _colour(attributes)
        elif tag == "fill" and self._group == "fills":
            self._grounds.append(_WHITE)
        elif tag == "patternFill" and self._group == "fills" and self._grounds:
            self._grounds[-1] = _WHITE if attributes.get("patternType", "none") == "none" else ""
            self._is_solid = attributes.get("patternType") == "solid"
        elif tag == "fgColor" and self._group == "fills" and self._grounds and self._is_solid:
            self._grounds[-1] = _colour(attributes)
        else:
            self._other(name)

    def _end(self, name: str) -> None:
        if self._tags[name] == self._group:
            self._group = ""

    def styles(self) -> list[CellStyle]:
        """The style of each number that a cell may name."""
        fonts = {str(number): font for number, font in enumerate(self._fonts) if is_legacy_font(font)}
        inks, grounds = ({str(at): one for at, one in enumerate(ones)} for ones in (self._inks, self._grounds))
        return [
            CellStyle(
                number_format := self._format(number),
                fonts.get(font, ""),
                is_date_format(number_format),
                is_unseen(inks.get(font, ""), grounds.get(fill, "")),
            )
            for number, font, fill in self._styles
        ]

    def _format(self, number: str) -> str:
        return self._formats.get(number) or BUILT_IN_FORMATS.get(int(number), "General")


def _colour(attributes: dict[str, str]) -> str:
    """A colour as ``RRGGBB``; empty where other parts of the file would have to be asked."""
    if float(attribute(attributes, "tint") or 0):
        return ""
    named = _THEME.get(attribute(attributes, "theme")) or _INDEXED.get(attribute(attributes, "indexed"))
    written = attribute(attributes, "rgb")[-6:].upper()
    return named or (written if _HEXADECIMAL.fullmatch(written) else "")


def is_unseen(ink: str, ground: str) -> bool:
    """Whether letters of a colour cannot be told from their ground; False where one of the colours is not known.

    >>> is_unseen("FFFFFF", "FFFFFF"), is_unseen("FFFFFF", "FFF2CC"), is_unseen("BFBFBF", "FFFFFF")
    (True, True, False)
    """
    if not ink or not ground:
        return False
    darker, lighter = sorted(map(_brightness, (ink, ground)))
    return (lighter + 0.05) / (darker + 0.05) < _LEAST_CONTRAST


@lru_cache(maxsize=1024)
def _brightness(colour: str) -> float:
    """Relative luminance of a colour, from 0 to 1 (WCAG 2.1)."""
    shares = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


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
        raise ContentError(f"thời gian {text!r}", f"time {text!r}")
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
