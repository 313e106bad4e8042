"""The page of all findings says what the program says."""

from pathlib import Path

from workbook_tools.findings_reference import FAMILIES, reference
from workbook_tools.messages import MESSAGES

PAGE = Path(__file__).parents[1] / "docs" / "findings.md"


class TestPage:
    def test_is_current(self) -> None:
        written = PAGE.read_text("utf-8").splitlines()

        assert written == list(reference()), "renew it: python -m workbook_tools.findings_reference > docs/findings.md"

    def test_has_every_code_once(self) -> None:
        headings = [line for line in reference() if line.startswith("### ")]

        assert sorted(headings) == sorted(f"### `{code}`" for code in MESSAGES)

    def test_every_family_has_a_name(self) -> None:
        assert {code.split(".")[0] for code in MESSAGES} <= FAMILIES.keys()
