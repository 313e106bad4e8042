"""Who has sent what, who is late, whom to remind."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.small_catalogue import Row, build, returned
from workbook_tools.catalogue import Catalogue
from workbook_tools.findings import Finding
from workbook_tools.observations import Return
from workbook_tools.periods import parse_period
from workbook_tools.submission_status import State, SubmissionStatus, deadline_of, submission_status
from workbook_tools.unit_tree import Unit, UnitTree

CATALOGUE = build([Row("a")])
TREE = UnitTree((Unit("P", "Toàn vùng", ""), Unit("A", "Đơn vị A", "", "P"), Unit("B", "Đơn vị B", "", "P")))
DUE = dt.date(2023, 12, 16)


@pytest.fixture(scope="module")
def due_in_two_days() -> Catalogue:
    return replace(CATALOGUE, settings={"calendar": "hành chính", "deadline_days": "2"})


def status(
    received: Sequence[Return], added: Sequence[Return], *findings: Finding, saved: dt.date = DUE
) -> SubmissionStatus:
    days = {one.file: saved for one in received}
    return submission_status(CATALOGUE, TREE, "P", received, added, findings, days, DUE)


class TestState:
    A = returned(CATALOGUE, "A", {"a": 1})

    def states(self, found: SubmissionStatus) -> list[str]:
        return [f"{one.unit.code}: {one.state}" for one in found.fields]

    def test_tells_sent_from_missing(self) -> None:
        found = status([self.A], [self.A])

        assert self.states(found) == ["A: đã nhận", "B: chưa gửi"]
        assert (found.count(State.SENT), found.count(State.MISSING)) == (1, 1)

    def test_counts_the_errors_of_a_field(self) -> None:
        """Warnings leave a return as it is."""
        wrong = Finding("rule.parts_differ", file="A.xlsx", sheet="S", indicator="a")
        found = status([self.A], [self.A], wrong, wrong, Finding("rule.out_of_range", file="A.xlsx", indicator="a"))

        assert self.states(found)[0] == "A: đã nhận, có lỗi"
        assert found.fields[0].errors == 2

    def test_asks_where_several_files_differ(self) -> None:
        other = replace(self.A, file="A2.xlsx")

        assert self.states(status([self.A, other], []))[0] == "A: nhiều bản, chờ chọn"

    def test_says_what_was_sent_and_not_added(self) -> None:
        assert self.states(status([self.A], []))[0] == "A: đã gửi, không cộng được"

    @pytest.mark.parametrize(("day", "late"), [(15, 0), (16, 0), (19, 3)])
    def test_counts_days_late(self, day: int, late: int) -> None:
        assert status([self.A], [self.A], saved=dt.date(2023, 12, day)).fields[0].days_late == late


class TestReminders:
    def test_are_ready_to_paste(self) -> None:
        one = returned(CATALOGUE, "A", {"a": 1})
        found = status([one], [one], Finding("rule.parts_differ", file="A.xlsx", indicator="a"))

        assert list(found.reminders(CATALOGUE, "năm 2023")) == [
            "Đề nghị các đơn vị sau hoàn thành báo cáo năm 2023, hạn 16/12/2023:",
            "- Đơn vị A: sửa lỗi: S.",
            "- Đơn vị B: chưa gửi báo cáo.",
        ]

    def test_are_none_when_all_is_in(self) -> None:
        both = [returned(CATALOGUE, code, {"a": 1}) for code in "AB"]

        assert list(status(both, both).reminders(CATALOGUE)) == []


class TestDeadline:
    @pytest.mark.parametrize(
        ("period", "day"), [("2023", "2023-12-16"), ("2023-H1", "2023-06-16"), ("2023-Q3", "2023-09-16")]
    )
    def test_follows_the_administrative_calendar(self, due_in_two_days: Catalogue, period: str, day: str) -> None:
        assert deadline_of(due_in_two_days, parse_period(period)) == dt.date.fromisoformat(day)

    def test_is_none_without_a_setting(self) -> None:
        assert deadline_of(CATALOGUE, parse_period("2023")) is None
