"""The page of all findings, made from their wording.

Renew it with ``python -m workbook_tools.findings_reference > docs/findings.md``.
"""

import sys
from collections.abc import Iterator

from workbook_tools.findings import SEVERITY_WORDS, Severity
from workbook_tools.messages import MESSAGES

FAMILIES = {
    "file": ("Tệp", "what kind of file it is, and how its reading went"),
    "structure": ("Cấu trúc biểu", "sheets, rows, columns and headings that are not where the form had them"),
    "value": ("Giá trị", "what stands in a cell"),
    "rule": ("Quy tắc", "figures that contradict each other or are unlikely"),
    "unit": ("Đơn vị", "whose return it is"),
    "period": ("Kỳ báo cáo", "of which period it is"),
    "consolidation": ("Tổng hợp", "what could not be added up, or not as it was sent"),
    "template": ("Biểu mẫu", "the template itself"),
}
"""Vietnamese name of each family of codes, and what its findings are about."""

INTRODUCTION = """# Findings

Everything that `workbook-tools` tells about data, by family. A code is stable: programs may rely on it, its wording
may change. Names in braces stand for the details of the case. An **error** means that something was not taken or
contradicts itself (exit code 1); a **warning** asks for a look; an **info** tells what was bridged.

This page is made from the program by `python -m workbook_tools.findings_reference > docs/findings.md`.
"""


def reference() -> Iterator[str]:
    """The page, line by line."""
    yield from INTRODUCTION.splitlines()
    for family in [*FAMILIES, *sorted({code.split(".")[0] for code in MESSAGES} - FAMILIES.keys())]:
        name, about = FAMILIES.get(family, (family, ""))
        codes = sorted(code for code in MESSAGES if code.startswith(f"{family}."))
        yield from ("", f"## {family}: {name}", "", f"{about.capitalize()} ({len(codes)} codes).".strip())
        for code in codes:
            yield from _entry(code)


def _entry(code: str) -> Iterator[str]:
    message = MESSAGES[code]
    word = SEVERITY_WORDS[Severity(message.severity)]
    yield from ("", f"### `{code}`", "", f"{word} ({message.severity})", "")
    yield f"- {_plain(message.vietnamese)} *{_plain(message.vietnamese_advice)}*"
    yield f"- {_plain(message.english)} *{_plain(message.english_advice)}*"


def _plain(text: str) -> str:
    """Text in which Markdown finds no marks of its own."""
    return "".join(f"\\{letter}" if letter in "\\*_`<>[]|" else letter for letter in text)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    print("\n".join(reference()))
