"""What comes back from reading a cell: a value or a reason why not, and notes about it."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from workbook_tools.messages import MESSAGES


class Status(enum.StrEnum):
    """What a cell says; empty, zero, none, not applicable and not available are five different things."""

    VALUE = "value"
    NIL = "nil"
    NOT_APPLICABLE = "not_applicable"
    NOT_AVAILABLE = "not_available"
    SEPARATE_REPORT = "separate_report"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell about a cell; it becomes a finding once the caller adds the place and the label."""

    code: str
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        """Whether its code is of severity error."""
        return MESSAGES[self.code].severity == "error"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell holds.

    ``value`` is in the row's unit; ``qualifier`` one of "", ">", "≥", "<", "≤", "~"; ``text`` holds texts, choices
    and dates (ISO); ``raw`` is what the official sees; ``decimals`` the digits printed after the decimal separator.
    """

    status: Status
    value: float | None = None
    qualifier: str = ""
    text: str = ""
    raw: str = ""
    decimals: int = 0
    notes: tuple[Note, ...] = ()
