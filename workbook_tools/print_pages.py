"""What fits on a printed page: the scale at which columns fit side by side, and the rows where pages end."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

SHORT_SIDE, LONG_SIDE = 595.0, 842.0
"""A4 in points."""

LEFT, RIGHT, TOP, BOTTOM = 1.18, 0.59, 0.79, 0.79
"""Margins in inches: 30, 15, 20 and 20 mm, the least that Nghị định 30/2020/NĐ-CP asks for."""

SIDE_MARGINS, END_MARGINS = 72 * (LEFT + RIGHT), 72 * (TOP + BOTTOM)
"""In points, left and right, top and bottom, together."""

WIDEST_DIGIT = 8.0
"""In pixels, in the font of our cells: what is put side by side must fit with it, too."""

CERTAIN = 0.97
"""Programs lay out a little differently; this share of a page is there in all of them."""


class RowHeight(NamedTuple):
    """A row of a printed table; a heading is not left alone at the foot of a page."""

    row: int
    height: float
    is_heading: bool = False


def scale_to_fit(widths: Iterable[float], *, landscape: bool) -> int:
    """The scale in percent, 100 at most, at which columns of these widths in characters fit on one page at best.

    >>> scale_to_fit([50, 50], landscape=False), scale_to_fit([20], landscape=False)
    (88, 100)
    """
    room = (LONG_SIDE if landscape else SHORT_SIDE) - SIDE_MARGINS
    return max(10, min(100, int(100 * room / points_of(widths))))


def points_of(widths: Iterable[float], digit: float = 7) -> float:
    """Width of columns in points, given in characters; programs differ by how many pixels wide they take a digit."""
    return sum(0.75 * (digit * width + 5) for width in widths)


def page_room(scale: int, *, landscape: bool) -> float:
    """Height of what fits on a page printed at a scale, in points."""
    return CERTAIN * ((SHORT_SIDE if landscape else LONG_SIDE) - END_MARGINS) * 100 / scale


def page_ends(rows: Sequence[RowHeight], room: float, *, repeated: float, above: float) -> Iterator[int]:
    """The last row of each page but the last one.

    Args:
        room: height of a page.
        repeated: height of the headings that each page after the first begins with.
        above: height of what stands above the rows on the first page.

    >>> list(page_ends([RowHeight(1, 40), RowHeight(2, 40, True), RowHeight(3, 40)], 100, repeated=0, above=0))
    [1]
    """
    used, start = above, 0
    for number, one in enumerate(rows):
        if used + one.height > room and number > start:
            end = number
            while end > start and rows[end - 1].is_heading:
                end -= 1
            end = end if end > start else number
            yield rows[end - 1].row
            used, start = repeated + sum(row.height for row in rows[end:number]), end
        used += one.height
