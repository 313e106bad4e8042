"""What is told about data: the keys of JSON, wording in two languages, severity, order."""

import json
import re
import string

import pytest

from workbook_tools.findings import KEYS, Finding, Severity, has_errors, in_reading_order
from workbook_tools.messages import MESSAGES
from workbook_tools.wording import Words

DETAILS = {"label": "Diện tích", "value": "5", "column": "", "usual": Words("từ 0 đến 4", "from 0 to 4")}


class TestAsDict:
    def test_has_exactly_the_keys(self) -> None:
        """The keys of design.md, section 5, in their order, whatever is known."""
        assert KEYS == (
            "code", "severity", "message", "advice", "file", "sheet", "cell", "cells", "indicator", "measure",
            "value", "expected", "rule",
        )  # fmt: skip
        assert tuple(Finding("file.empty").as_dict()) == KEYS

    def test_goes_through_json(self) -> None:
        one = Finding("rule.out_of_range", "a.xlsx", "S", "C7", ("S!C7",), "x", "actual", 5.0, details=DETAILS)
        again = json.loads(json.dumps(one.as_dict(), ensure_ascii=False))

        assert again["cells"] == ["S!C7"]
        assert (again["value"], again["expected"], again["severity"]) == (5.0, None, "warning")
        assert again["message"] == "“Diện tích” là 5, ngoài khoảng thường gặp (từ 0 đến 4)."

    def test_speaks_english(self) -> None:
        one = Finding("rule.out_of_range", details=DETAILS).as_dict("en")

        assert one["message"] == "'Diện tích' is 5, outside the plausible range (from 0 to 4)."
        assert one["advice"] == "Check the figure and its unit; if it is right, give the reason in the notes."


class TestMessages:
    def test_a_missing_detail_is_no_reason_to_fail(self) -> None:
        assert Finding("rule.out_of_range").message() == "“…”… là …, ngoài khoảng thường gặp (…)."

    def test_braces_in_details_are_text(self) -> None:
        """What an official typed is never taken for a place to be filled."""
        assert "{label}" in Finding("rule.out_of_range", details={**DETAILS, "value": "{label}"}).message()

    @pytest.mark.parametrize("code", sorted(MESSAGES))
    def test_both_languages_say_the_same_things(self, code: str) -> None:
        """Severity is known, all four sentences are there, and both languages show the same details."""
        message = MESSAGES[code]
        places = [
            {place for _, place, _, _ in string.Formatter().parse(text + advice) if place}
            for text, advice in (
                (message.vietnamese, message.vietnamese_advice),
                (message.english, message.english_advice),
            )
        ]

        assert message.severity in list(Severity)
        assert all(message)
        assert places[0] == places[1]

    @pytest.mark.parametrize("code", sorted(MESSAGES))
    def test_codes_are_of_a_family(self, code: str) -> None:
        assert re.fullmatch(r"[a-z]+\.[a-z0-9_]+", code)


class TestSeverity:
    def test_is_that_of_the_code(self) -> None:
        assert Finding("file.empty").severity is Severity.ERROR

    def test_is_that_given_with_the_finding(self) -> None:
        """A rule of the template has its own severity."""
        assert Finding("rule.failed", level=Severity.WARNING).severity is Severity.WARNING

    def test_errors_are_told_from_the_rest(self) -> None:
        mild = [Finding("rule.typed_stands"), Finding("rule.out_of_range")]

        assert not has_errors(mild)
        assert has_errors([*mild, Finding("file.empty")])


class TestPlace:
    @pytest.mark.parametrize(
        ("finding", "place"),
        [
            (Finding("file.empty", "a.xlsx", "S", "C7"), "[a.xlsx]S!C7"),
            (Finding("file.empty", "a.xlsx"), "[a.xlsx]"),
            (Finding("file.empty", sheet="S"), "S"),
        ],
    )
    def test_is_shown_as_far_as_it_is_known(self, finding: Finding, place: str) -> None:
        assert finding.place == place


class TestReadingOrder:
    def test_files_then_severity_then_the_sheet_from_top_to_bottom(self) -> None:
        places = [
            ("a", "S", ""),
            ("a", "S", "B2"),
            ("a", "S", "C2"),
            ("a", "S", "AA2"),
            ("a", "S", "A10"),
            ("a", "T", "A1"),
        ]
        warnings = [Finding("rule.out_of_range", *place) for place in places]
        error = Finding("rule.part_exceeds_whole", "a", "T", "Z9")
        other = Finding("file.empty", "b")
        ordered = [error, *warnings, other]

        assert in_reading_order(reversed(ordered)) == ordered
        assert in_reading_order(ordered[3:] + ordered[:3]) == ordered
