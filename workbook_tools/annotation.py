"""What a sender is told inside their own workbook: which cells are marked, the note on each, the lines of the table.

Errors and warnings mark a cell; information is only listed. Everything inside a workbook is Vietnamese.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbook_tools.cells import Position, parse_position
from workbook_tools.findings import SEVERITY_WORDS, Finding, Severity

ANNOTATION_MARK = "#to_fix"
"""Stands in A1 of the table; whoever reads the workbook passes that sheet by."""

NOTE_TITLE = "Kết quả kiểm tra (workbook-tools)"
_ADVICE = "Cách sửa: "
_OWN_BEGINNINGS = (*(f"{word.upper()}: " for word in SEVERITY_WORDS.values()), _ADVICE, "(còn ")

NOTES_OF_A_CELL = 6
LINES_TO_CORRECT = 3_000
LINES_OF_INFORMATION = 200
"""How much is told before a line says how much is left out."""

RELATED_CELLS = 8
MARKED_CELLS = 200
"""How many cells one finding names, and how many it marks."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. ``cell`` is empty where a whole sheet or file is meant.

    ``marked`` are the cells that get the line as a note.
    """

    severity: Severity
    sheet: str
    cell: str
    message: str
    advice: str
    marked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell to be coloured, and the note it gets."""

    severity: Severity
    note: str


def lines_about(findings: Iterable[Finding], sheets: Sequence[str]) -> list[Line]:
    """What the table says, worst first, then by sheet in the order of the workbook and by cell."""
    rank = {severity: number for number, severity in enumerate(Severity)}
    order = {sheet: number for number, sheet in enumerate(sheets, 1)}
    lines = [_line(finding) for finding in findings]
    lines.sort(key=lambda one: (rank[one.severity], order.get(one.sheet, 0), one.sheet, _position(one.cell)))
    to_correct = [line for line in lines if line.severity is not Severity.INFO]
    information = [line for line in lines if line.severity is Severity.INFO]
    return [
        *_cut_short(to_correct, LINES_TO_CORRECT, "Còn {} mục khác phải sửa.", "Sửa các mục trên trước rồi gửi lại."),
        *_cut_short(information, LINES_OF_INFORMATION, "Còn {} thông tin khác.", "Không phải sửa gì."),
    ]


def _cut_short(lines: list[Line], limit: int, message: str, advice: str) -> list[Line]:
    left_out = len(lines) - limit
    if left_out <= 0:
        return lines
    return [*lines[:limit], Line(lines[0].severity, "", "", message.format(left_out), advice)]


def marks_of(lines: Iterable[Line]) -> dict[tuple[str, str], Mark]:
    """The cells to be marked, by sheet and cell, each with everything that is said about it, worst first."""
    told: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        for cell in line.marked:
            told.setdefault((line.sheet, cell), []).append(line)
        if line.severity is Severity.INFO and (line.sheet, line.cell) in told:
            told[line.sheet, line.cell].append(line)
    return {place: Mark(about[0].severity, _note(about)) for place, about in told.items()}


def _line(finding: Finding) -> Line:
    """A finding about no cell of its own is shown at the first cell it looked at.

    An address without a sheet means one more cell of the same kind, one with a sheet a cell that was looked at.
    """
    places = [_place(address, finding.sheet) for address in finding.cells]
    sheet, cell = finding.sheet, finding.cell
    if not cell and places and (not sheet or places[0][0] == sheet):
        sheet, cell = places[0]
    others = [place for place in dict.fromkeys(places) if place != (sheet, cell)]
    message = _on_one_line(finding.message())
    if others:
        named = (at if where == sheet else f"{where}!{at}" for where, at in others[:RELATED_CELLS])
        message += "\nÔ liên quan: " + ", ".join(named) + (", …" if len(others) > RELATED_CELLS else ".")
    marked = dict.fromkeys((cell, *(one for one in finding.cells if "!" not in one)) if sheet else ())
    cells = tuple(one for one in marked if _position(one).row)[:MARKED_CELLS]
    told = () if finding.severity is Severity.INFO else cells
    return Line(finding.severity, sheet, cell, message, _on_one_line(finding.advice()), told)


def _place(address: str, sheet: str) -> tuple[str, str]:
    """Sheet and cell of an address; one without a sheet means the sheet given."""
    name, _, cell = address.rpartition("!")
    return name.removeprefix("'").removesuffix("'").replace("''", "'") or sheet, cell


def _position(cell: str) -> Position:
    try:
        return parse_position(cell)
    except ValueError:
        return Position(0, 0)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _note(about: Sequence[Line]) -> str:
    """The note on a cell: each line of it begins in a way :func:`without_own_lines` knows again."""
    parts = [NOTE_TITLE]
    for line in about[:NOTES_OF_A_CELL]:
        message = _on_one_line(line.message.partition("\n")[0])
        parts += [f"{SEVERITY_WORDS[line.severity].upper()}: {message}", f"{_ADVICE}{line.advice}"]
    if len(about) > NOTES_OF_A_CELL:
        parts.append(f"(còn {len(about) - NOTES_OF_A_CELL} mục nữa ở trang đầu)")
    return "\n".join(parts)


def own_part(note: str) -> tuple[int, int]:
    """Where in a note our lines begin and end; what the sender wrote before and after them is theirs.

    >>> own_part("của tôi\\nKết quả kiểm tra (workbook-tools)\\nLỖI: sai\\nCách sửa: sửa\\nđã sửa")
    (8, 65)
    """
    start = note.find(NOTE_TITLE)
    if start < 0:
        return len(note), len(note)
    end = start + len(NOTE_TITLE)
    for line in note[end:].splitlines(keepends=True):
        if line.strip() and not line.startswith(_OWN_BEGINNINGS):
            break
        end += len(line)
    return start, end
