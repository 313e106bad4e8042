"""What several tests need: workbooks written as text tables."""

import hashlib
import os
import re
from collections.abc import Mapping
from inspect import cleandoc
from pathlib import Path

import openpyxl

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


def workbook_from_text(path: Path, sheets: Mapping[str, str]) -> Path:
    """Write a workbook with one text table per sheet and give its path back.

    A line is a row, ``|`` separates cells, blanks around a cell do not count. ``=A1*2`` is a formula, ``1.5`` a
    number; digits with a leading zero, ``007``, stay text.
    """
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, table in sheets.items():
        sheet = workbook.create_sheet(name)
        for row, line in enumerate(cleandoc(table).splitlines(), 1):
            for column, text in enumerate(line.split("|"), 1):
                sheet.cell(row, column).value = _value(text.strip())
    workbook.save(path)
    return path


def _value(text: str) -> str | int | float | None:
    if not _NUMBER.fullmatch(text):
        return text or None
    return float(text) if "." in text else int(text)


def tries(count: int) -> int:
    """So many examples of a property, or so many times more as `make fuzz` asks for."""
    return count * int(os.environ.get("FUZZ_TIMES", "1"))


def digest(path: Path) -> str:
    """What tells a file's bytes apart from any other's; short, for pytest explains a difference of what it compares."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
