"""Numbers that read as they stand: of these the value and the text, without all that reading a cell may take.

Most figures of a form are such numbers. :func:`~workbook_tools.values.read_value` has the last word: it is asked once
what a row of a kind, unit and number format makes of a number, and whatever may read otherwise is left to it.
"""

from functools import lru_cache

from workbook_tools.cell_display import hides_number
from workbook_tools.number_phrases import percent_row
from workbook_tools.numerals import EXACT_DIGITS
from workbook_tools.readings import Status
from workbook_tools.values import NUMBER_KINDS, read_value

_LARGEST = 10**EXACT_DIGITS
_PROBE = 12_345
"""Neither small enough for a rate nor large enough to lose digits."""


def plain_number(
    content: object, kind: str, unit: str, number_format: str, signed: bool
) -> tuple[float, str, int] | None:
    """Value, text and decimals of a number cell about which there is nothing to tell; None for any other content."""
    if not reads_as_it_stands(kind, unit, number_format, signed):
        return None
    if type(content) is int:
        value, text, decimals = float(content), str(content), 0
        if abs(content) >= _LARGEST:
            return None
    elif type(content) is float:
        text = f"{content:.{EXACT_DIGITS}g}"
        if not text.lstrip("-").replace(".", "", 1).isdecimal():
            return None
        value, decimals = float(text), len(text.partition(".")[2])
        text = text.replace(".", ",")
    else:
        return None
    if kind == "count" and (decimals or (value < 0 and not signed)):
        return None
    return None if 0 < value <= 1 and percent_row(kind, unit) else (value, text, decimals)


@lru_cache(maxsize=4096)
def reads_as_it_stands(kind: str, unit: str, number_format: str, signed: bool) -> bool:
    """Whether a number reads as itself in such a row, whatever else stands there."""
    if kind not in NUMBER_KINDS or hides_number(number_format, 1) or hides_number(number_format, -1):
        return False
    probe = read_value(_PROBE, kind=kind, unit=unit, number_format=number_format, signed=signed)
    told = (probe.status, probe.value, probe.qualifier, probe.text, probe.raw, probe.notes)
    return told == (Status.VALUE, float(_PROBE), "", "", str(_PROBE), ())
