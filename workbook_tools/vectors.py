"""Values of all units side by side, each a number, a text, an error or nothing, and where such values come from."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from workbook_tools.formulas import Figure, ListColumn

Numbers = NDArray[np.float64]
Texts = NDArray[np.object_]
Flags = NDArray[np.bool_]

NOTHING: Texts = np.array(None, dtype=object)
"""What stands for a text where there is none."""


def _present(text: Texts) -> Flags:
    return np.asarray(text != NOTHING, dtype=bool)


@dataclass(frozen=True)
class Vector:
    """One value per unit: ``number`` is NaN and ``text`` None where there is none; ``error`` marks Excel errors."""

    number: Numbers
    text: Texts
    error: Flags

    @property
    def blank(self) -> Flags:
        """Where there is neither number, text nor error."""
        return np.isnan(self.number) & ~self.is_text & ~self.error

    @property
    def is_text(self) -> Flags:
        """Where there is a text, the empty one included."""
        return _present(self.text)


@dataclass(frozen=True)
class Items:
    """Values of many items; ``owner`` is the position of the unit each belongs to."""

    owner: NDArray[np.intp]
    number: Numbers
    text: Texts
    error: Flags | None = None

    @property
    def failed(self) -> Flags:
        """Where there is an Excel error."""
        return np.zeros(len(self.number), dtype=bool) if self.error is None else self.error

    @property
    def filled(self) -> Flags:
        """Where there is a number, a text or an error."""
        return ~np.isnan(self.number) | _present(self.text) | self.failed


class Source(Protocol):
    """Where the values of figures and list columns come from."""

    @property
    def size(self) -> int:
        """Number of units."""

    def figure(self, name: Figure) -> Vector:
        """Values of a figure, one per unit."""

    def items(self, name: ListColumn) -> Items:
        """Values of a list column, any number per unit."""


def vector(
    number: Numbers | None = None, text: Texts | None = None, error: Flags | None = None, size: int = 0
) -> Vector:
    """A vector with blanks for what is not given."""
    size = next((len(part) for part in (number, text, error) if part is not None), size)
    return Vector(
        np.full(size, np.nan) if number is None else number,
        np.full(size, None, dtype=object) if text is None else text,
        np.zeros(size, dtype=bool) if error is None else error,
    )


FEW = 16
"""Up to here printing numbers is faster than calculating their digits."""

_POWERS = np.array([float(f"1e{exponent}") for exponent in range(23)])
"""The powers of ten that a float holds exactly."""

_SURE = 0.43
"""A scaled number so near to a whole one is that one rounded, whatever the last bit of the product."""


def significant(number: Numbers, digits: int = 15) -> Numbers:
    """Numbers rounded to a count of significant digits, as Excel keeps 15; each as if it stood alone.

    >>> float(significant(np.array([0.1 + 0.2]))[0])
    0.3
    """
    if number.size <= FEW:
        return np.array([_printed(value, digits) for value in number.tolist()], dtype=np.float64)
    open_ = np.flatnonzero(np.isfinite(number) & ((number != np.rint(number)) | (np.abs(number) >= 10.0**digits)))
    if not len(open_):
        return number
    some = number[open_]
    rounded, sure = _scaled(np.abs(some), digits)
    rounded = np.copysign(rounded, some)
    for place in np.flatnonzero(~sure).tolist():
        rounded[place] = _printed(float(some[place]), digits)
    result = number.copy()
    result[open_] = rounded
    return result


def _printed(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def _scaled(size: Numbers, digits: int) -> tuple[Numbers, Flags]:
    """Sizes rounded by a power of ten, and where that is certain: a whole number of so many digits, divided exactly."""
    with np.errstate(all="ignore"):
        places = digits - 1 - np.floor(np.log10(size))
    fits = (places >= 0) & (places < len(_POWERS))
    scale = _POWERS[np.where(fits, places, 0).astype(np.intp)]
    with np.errstate(all="ignore"):
        scaled = size * scale
        whole = np.rint(scaled)
        sure = fits & (np.abs(scaled - whole) < _SURE) & (whole >= 10.0 ** (digits - 1)) & (whole < 10.0**digits)
    return whole / scale, sure
