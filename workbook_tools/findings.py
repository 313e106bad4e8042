"""What we tell about data: one finding, about one place, with what is wrong and what to do.

The wording stands in one table, :data:`workbook_tools.messages.MESSAGES`. A finding keeps its code and its
details; the text is made when it is shown, in the language asked for.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workbook_tools.cells import parse_position
from workbook_tools.messages import MESSAGES
from workbook_tools.wording import Words


class Severity(enum.StrEnum):
    """How bad it is; ordered from worst to mildest."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


SEVERITY_WORDS = {Severity.ERROR: "Lỗi", Severity.WARNING: "Cảnh báo", Severity.INFO: "Thông tin"}
"""How a workbook names the severities."""

MAXIMUM_DETAIL = 1_000
"""So many characters of a detail stand in a sentence; ``value`` and ``raw`` keep the whole text."""

KEYS = (
    "code", "severity", "message", "advice", "file", "sheet", "cell", "cells",
    "indicator", "measure", "value", "expected", "rule",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``details`` fill the places of the wording of ``code``."""

    code: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    cells: tuple[str, ...] = ()
    indicator: str = ""
    measure: str = ""
    value: float | str | None = None
    expected: float | str | None = None
    rule: str = ""
    level: Severity | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    explanation: str = ""
    """What the unit said to it, where it was answered."""

    @property
    def severity(self) -> Severity:
        """The severity given, else that of the code."""
        return self.level or Severity(MESSAGES[self.code].severity)

    @property
    def place(self) -> str:
        """``[kep.xlsx]02 Nông nghiệp!G12``, as far as it is known."""
        file = f"[{self.file}]" if self.file else ""
        return file + "!".join(part for part in (self.sheet, self.cell) if part)

    def message(self, language: str = "vi") -> str:
        """What is wrong, in one sentence."""
        text = MESSAGES[self.code].text(language).format_map(_shown(self.details, language))
        if not self.explanation:
            return text
        return f"{text} {'Explained' if language == 'en' else 'Đơn vị giải trình'}: “{self.explanation}”."

    def advice(self, language: str = "vi") -> str:
        """What to do about it."""
        return MESSAGES[self.code].advice(language).format_map(_shown(self.details, language))

    def as_dict(self, language: str = "vi") -> dict[str, object]:
        """The finding with exactly the keys of :data:`KEYS`, ready for JSON."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "message": self.message(language),
            "advice": self.advice(language),
            "file": self.file,
            "sheet": self.sheet,
            "cell": self.cell,
            "cells": list(self.cells),
            "indicator": self.indicator,
            "measure": self.measure,
            "value": self.value,
            "expected": self.expected,
            "rule": self.rule,
        }


class _Details(dict[str, object]):
    """A missing detail shows as an ellipsis: a finding must never fail to be told."""

    def __missing__(self, key: str) -> str:
        return "…"


def _shown(details: Mapping[str, object], language: str) -> _Details:
    """The details as a sentence holds them: in its language, a cell full of text cut short."""
    return _Details({name: _in_sentence(detail, language) for name, detail in details.items()})


def _in_sentence(detail: object, language: str) -> object:
    if isinstance(detail, Words):
        return detail.text(language)
    if isinstance(detail, str) and len(detail) > MAXIMUM_DETAIL:
        return detail[: MAXIMUM_DETAIL - 1] + "…"
    return detail


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether one of the findings is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def in_reading_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings sorted by file, severity, sheet and cell; the same findings always in the same order."""
    rank = {severity: number for number, severity in enumerate(Severity)}
    return sorted(
        findings,
        key=lambda f: (
            f.file, rank[f.severity], f.sheet, _position(f.cell), f.cell, f.code, f.indicator, f.measure, f.message(),
        ),
    )  # fmt: skip


def _position(cell: str) -> tuple[int, int]:
    """Row and column, before all others where no cell is named."""
    try:
        return parse_position(cell)
    except ValueError:
        return (0, 0)
