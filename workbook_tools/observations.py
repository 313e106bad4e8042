"""The data that travels: one observation a cell, the same columns from reading to summary."""

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from workbook_tools.cell_columns import Cells
from workbook_tools.cells import FigureName
from workbook_tools.findings import Finding, Severity
from workbook_tools.read_cells import COLUMNS, ReadCell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

__all__ = [
    "ACCEPTED",
    "ACCEPTED_WITH_FINDINGS",
    "COMPUTED",
    "REFUSED",
    "Return",
    "Support",
    "observations_frame",
]

ACCEPTED = "accepted"
ACCEPTED_WITH_FINDINGS = "accepted_with_findings"
REFUSED = "refused"

COMPUTED = "(công thức)"
"""What stands for the text as typed where a figure is our own result of a formula."""


_STANDS, _BLOCKED = "x", "!"
_MOST_UNITS = 10**9


@dataclass(frozen=True, slots=True)
class Support:
    """What stands behind a figure of a consolidated return.

    ``reported`` units out of ``expected`` have the figure themselves; ``signature`` tells one set of units from
    another; ``weight`` is the sum of weights behind a weighted mean, ``by_rule`` what the units' own figures come to
    by the rule of the row; ``stands`` marks a figure that some unit typed over its formula, ``blocked`` a total that
    has no value although units have some.
    """

    reported: int
    expected: int
    signature: int
    weight: float
    stands: bool
    blocked: bool = False
    by_rule: float = math.nan

    @property
    def texts(self) -> tuple[str, ...]:
        """The facts as a workbook carries them; :meth:`from_texts` reads them back."""
        weight, by_rule = ("" if math.isnan(one) else repr(one) for one in (self.weight, self.by_rule))
        marks = _STANDS * self.stands + _BLOCKED * self.blocked
        return (str(self.reported), str(self.expected), f"{self.signature:016x}", weight, marks, by_rule)

    @classmethod
    def from_texts(cls, texts: "Sequence[str]") -> "Support":
        """The facts a workbook carries; those of a single unit where they cannot be read."""
        reported, expected, signature, weight, marks, by_rule = texts
        try:
            return cls(
                reported=min(max(int(reported), 0), _MOST_UNITS),
                expected=min(max(int(expected), 0), _MOST_UNITS),
                signature=int(signature, 16) % 2**64,
                weight=float(weight or "nan"),
                stands=_STANDS in marks,
                blocked=_BLOCKED in marks,
                by_rule=float(by_rule or "nan"),
            )
        except ValueError:
            return cls(1, 1, 0, math.nan, False)


@dataclass(frozen=True)
class Return:
    """A filled form as read. The books balance: expected = taken + blank + refused + missing cells."""

    file: str
    status: str
    unit: str
    unit_name: str
    period: str
    fields: tuple[str, ...]
    expected: int
    taken: int
    blank: int
    refused: int
    missing: int
    cells: "Sequence[ReadCell]"
    findings: tuple[Finding, ...]
    support: "Mapping[FigureName, Support]"
    explanations: "Mapping[str, str]" = field(default_factory=dict)
    """What the unit says to rules it breaks, by the code of the rule."""

    made_of: tuple[str, ...] = ()
    """Codes of the units whose returns a consolidated workbook was made of."""

    sources: tuple[ReadCell, ...] = ()
    """Cells of returns for shorter periods, where figures of this one were added up from them."""

    @property
    def files(self) -> "frozenset[str]":
        """The files the return comes from: several where it was added up from shorter periods."""
        return frozenset((self.file, *(cell.observation.file for cell in self.sources)))

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", Cells.of(self.cells))

    @property
    def columns(self) -> Cells:
        """The cells by their columns."""
        assert isinstance(self.cells, Cells)
        return self.cells

    def with_findings(self, findings: "Iterable[Finding]") -> "Return":
        """The return with these findings, and the status they mean."""
        told = tuple(findings)
        notable = any(finding.severity is not Severity.INFO for finding in told)
        return replace(self, findings=told, status=ACCEPTED_WITH_FINDINGS if notable else ACCEPTED)

    def of_unit(self, code: str, name: str) -> "Return":
        """The return under the code its unit has in the list of units."""
        if (code, name) == (self.unit, self.unit_name):
            return self
        return replace(self, unit=code, unit_name=name, cells=self.columns.changed(unit=code))

    def only_fields(self, fields: "Sequence[str]") -> "Return":
        """The part of the return that covers some fields."""
        if tuple(fields) == self.fields:
            return self
        chosen = np.array([one in fields for one in self.columns.frame.fields], dtype=bool)
        return replace(self, fields=tuple(fields), cells=self.columns.only(chosen))

    def summary(self) -> dict[str, object]:
        """The file's line in the JSON of ``check`` and ``read``."""
        return {
            "file": self.file,
            "status": self.status,
            "unit": self.unit,
            "period": self.period,
            "expected": self.expected,
            "taken": self.taken,
            "blank": self.blank,
            "refused": self.refused,
            "missing": self.missing,
        }


def observations_frame(returns: "Iterable[Return]") -> "pd.DataFrame":
    """The tidy frame of all returns, one row a cell, with the columns of :class:`Observation`."""
    import pandas as pd

    return pd.DataFrame([cell.observation for one in returns for cell in one.cells], columns=list(COLUMNS))
