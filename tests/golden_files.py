"""Golden files: what a test wrote once and a person accepted."""

import difflib
from pathlib import Path
from xml.dom.minidom import parseString

import pytest

GOLDEN = Path(__file__).parent / "golden"


def assert_matches_golden(text: str, name: str, config: pytest.Config) -> None:
    """Compare a text with a golden file, or accept it under ``--update-golden``."""
    path = GOLDEN / name
    if config.getoption("--update-golden"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    wanted = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = difflib.unified_diff(wanted.splitlines(), text.splitlines(), f"golden/{name}", "now", lineterm="")
    assert wanted == text, "\n".join([*lines, "", "If this is meant: pytest --update-golden, then review git diff."])


def pretty_xml(part: bytes) -> str:
    """A part of a workbook as one element a line."""
    return parseString(part).toprettyxml(indent=" ")
