"""Who has sent what: the state of every field of every unit, when it came, and whom to remind."""

import datetime as dt
import enum
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbook_tools.catalogue import Catalogue
from workbook_tools.findings import Finding, Severity
from workbook_tools.form_layout import layout_of
from workbook_tools.observations import Return
from workbook_tools.periods import Period
from workbook_tools.unit_tree import Unit, UnitTree

DEADLINE_DAYS = "deadline_days"
"""Setting of the template: days after the end of the period within which a return is due."""


class State(enum.StrEnum):
    """What has become of a field of a unit, in the words of the office."""

    SENT = "đã nhận"
    WITH_ERRORS = "đã nhận, có lỗi"
    ASKED = "nhiều bản, chờ chọn"
    NOT_ADDED = "đã gửi, không cộng được"
    MISSING = "chưa gửi"


@dataclass(frozen=True)
class FieldStatus:
    """One field of one unit: its state, the file it came in, when that was saved, and how late it was."""

    unit: Unit
    field: str
    state: State
    file: str = ""
    saved: dt.date | None = None
    days_late: int = 0
    errors: int = 0


@dataclass(frozen=True)
class SubmissionStatus:
    """The fields of all units that report, unit by unit in the order of the list, with the deadline if there is one."""

    fields: tuple[FieldStatus, ...]
    deadline: dt.date | None = None

    @cached_property
    def by_unit(self) -> dict[str, list[FieldStatus]]:
        """The fields of each unit by its code."""
        found: dict[str, list[FieldStatus]] = {}
        for one in self.fields:
            found.setdefault(one.unit.code, []).append(one)
        return found

    def count(self, state: State) -> int:
        """How many units have all their fields in a state."""
        return sum(all(one.state is state for one in fields) for fields in self.by_unit.values())

    def lines(self, catalogue: Catalogue, period: str = "") -> Iterator[str]:
        """An account to print: counts, one line a unit, and the reminders."""
        counts = ", ".join(f"{state}: {self.count(state)}" for state in State if self.count(state))
        due = f"; hạn nộp {self.deadline:%d/%m/%Y}" if self.deadline else ""
        yield f"{len(self.by_unit)} đơn vị; {counts or 'chưa đơn vị nào đủ biểu'}{due}"
        for fields in self.by_unit.values():
            states = Counter(str(one.state) for one in fields)
            late = max(one.days_late for one in fields)
            told = ", ".join(f"{count} biểu {state}" for state, count in states.items())
            yield f"{fields[0].unit.code} {fields[0].unit.name}: {told}{f', trễ {late} ngày' if late else ''}"
        yield from self.reminders(catalogue, period)

    def reminders(self, catalogue: Catalogue, period: str = "") -> Iterator[str]:
        """Lines to paste into a message: what each unit still owes."""
        due = f", hạn {self.deadline:%d/%m/%Y}" if self.deadline else ""
        owing = [line for fields in self.by_unit.values() if (line := _owes(catalogue, fields))]
        if owing:
            yield f"Đề nghị các đơn vị sau hoàn thành báo cáo{' ' + period if period else ''}{due}:"
            yield from owing


def deadline_of(catalogue: Catalogue, period: Period | None) -> dt.date | None:
    """The last day on which returns for a period are in time, by the settings of the template; None without any."""
    days = catalogue.settings.get(DEADLINE_DAYS, "")
    if period is None or not days.isdecimal():
        return None
    return period.bounds(catalogue.calendar)[1] + dt.timedelta(days=int(days))


def submission_status(
    catalogue: Catalogue,
    tree: UnitTree,
    target: str,
    received: Iterable[Return],
    added: Sequence[Return],
    findings: Sequence[Finding],
    saved: Mapping[str, dt.date],
    deadline: dt.date | None = None,
) -> SubmissionStatus:
    """The state of every field that a unit below the target fills.

    Args:
        received: all returns that were read; ``added`` those that count, each with the fields that count of it.
        saved: the day on which each file was last saved.
    """
    errors = Counter((one.file, _field_of(catalogue, one)) for one in findings if one.severity is Severity.ERROR)
    counted = {(one.unit, field): one for one in added for field in one.fields}
    offered: dict[tuple[str, str], list[Return]] = {}
    for sent in received:
        sender = tree.find(sent.unit) or tree.find(sent.unit_name)
        for field in sent.fields if sender is not None else ():
            offered.setdefault((sender.code if sender else "", field), []).append(sent)
    fields = []
    for unit in tree.leaves(target) or (tree.unit(target),):
        for placed in layout_of(catalogue, tree.level(unit.code)).fields:
            key = (unit.code, placed.field.code)
            one = counted.get(key)
            state = State.SENT if one else _state_of_others(offered.get(key, []))
            source = one or next(iter(offered.get(key, [])), None)
            wrong = errors[source.file, placed.field.code] if source else 0
            fields.append(_status(unit, placed.field.code, state, source, wrong, saved, deadline))
    return SubmissionStatus(tuple(fields), deadline)


def _field_of(catalogue: Catalogue, finding: Finding) -> str:
    """The field a finding is about, by its indicator, else by its sheet; empty if it is about the whole file."""
    field = catalogue.field_of.get(finding.indicator)
    if field is None:
        field = next((one for one in catalogue.fields if one.sheet == finding.sheet), None)
    return field.code if field else ""


def _state_of_others(offered: Sequence[Return]) -> State:
    if len(offered) > 1:
        return State.ASKED
    return State.NOT_ADDED if offered else State.MISSING


def _status(
    unit: Unit,
    field: str,
    state: State,
    source: Return | None,
    errors: int,
    saved: Mapping[str, dt.date],
    deadline: dt.date | None,
) -> FieldStatus:
    if source is None:
        return FieldStatus(unit, field, state)
    day = saved.get(source.file)
    late = max(0, (day - deadline).days) if day and deadline else 0
    state = State.WITH_ERRORS if state is State.SENT and errors else state
    return FieldStatus(unit, field, state, source.file, day, late, errors)


def _owes(catalogue: Catalogue, fields: Sequence[FieldStatus]) -> str:
    """What one unit still owes, as a line; empty for nothing."""
    name = fields[0].unit.name
    if all(one.state is State.MISSING for one in fields):
        return f"- {name}: chưa gửi báo cáo."
    sheets = {field.code: field.sheet for field in catalogue.fields}
    parts = []
    for state, words in (
        (State.MISSING, "còn thiếu"),
        (State.NOT_ADDED, "chưa cộng được"),
        (State.ASKED, "gửi nhiều bản khác nhau, cho biết bản nào đúng"),
        (State.WITH_ERRORS, "sửa lỗi"),
    ):
        named = [sheets[one.field] for one in fields if one.state is state]
        if named:
            parts.append(f"{words}: {', '.join(named)}")
    return f"- {name}: {'; '.join(parts)}." if parts else ""
