"""How wide a text is in the font of our cells, and how many lines it takes there: rows are as high as they need.

Widths are those of the Times family in thousandths of the font size; a letter is as wide with marks as without.
"""

import unicodedata
from functools import lru_cache

WIDTHS = {
    180: "'",
    200: "|",
    250: " .,\u00a0", 278: "ijlt/:;\\", 333: "frI!()-[]`", 389: "sJ", 408: '"', 444: "aceză?“”", 500: "*#$_–",
    469: "^",
    480: "{}",
    541: "~", 556: "FPS", 564: "+<=>", 611: "ELTZ", 667: "BCR", 722: "ADGHKNOQUVXYwĐ", 778: "m&", 833: "%",
    889: "M", 921: "@", 944: "W", 1000: "…—",
}  # fmt: skip
"""Signs by their width; all others are as wide as a digit."""

DIGIT = 500
HORN, HORN_WIDTH = "\u031b", 40
BOLD = 1.08
ROOM = 0.93
"""Share of a column's digits that text has: edges take some of it, and programs differ by a little."""

_WIDTH_OF = {sign: width for width, signs in WIDTHS.items() for sign in signs}


@lru_cache(maxsize=10_000)
def width_of_text(text: str, *, bold: bool = False) -> float:
    """Width of a line of text in digits.

    >>> width_of_text("2023"), width_of_text("Thôn"), width_of_text("Thon")
    (4.0, 4.222, 4.222)
    """
    units = 0
    for sign in unicodedata.normalize("NFD", text):
        if sign == HORN:
            units += HORN_WIDTH
        elif not unicodedata.combining(sign):
            units += _WIDTH_OF.get(sign, DIGIT)
    return units * (BOLD if bold else 1.0) / DIGIT


def lines_in(text: str, width: float, *, bold: bool = False) -> int:
    """How many lines a text takes in a column so many digits wide.

    >>> lines_in("Tổng giá trị sản xuất", 40), lines_in("Tổng giá trị sản xuất", 10), lines_in("", 10)
    (1, 2, 1)
    """
    room = max(2.0, ROOM * width)
    return sum(_lines_of_paragraph(line, room, bold=bold) for line in text.split("\n"))


def _lines_of_paragraph(text: str, room: float, *, bold: bool) -> int:
    if width_of_text(text, bold=bold) <= room:
        return 1
    lines, used, space = 1, 0.0, width_of_text(" ", bold=bold)
    for word in text.split(" "):
        width = width_of_text(word, bold=bold)
        if used and used + space + width > room:
            lines, used = lines + 1, 0.0
        used += width + (space if used else 0.0)
        if used > room:
            lines, used = lines + int(used // room), used % room
    return lines
