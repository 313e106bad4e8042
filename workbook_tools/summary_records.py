"""Writes the sheets that account for the work: findings, and received files."""

from collections.abc import Collection, Iterable

from workbook_tools.consolidated import Consolidation, shown_units
from workbook_tools.excel_writing import MAXIMUM_LINKS, Book
from workbook_tools.findings import SEVERITY_WORDS, Finding, Severity
from workbook_tools.form_layout import CODE_COLUMN, FIRST_COLUMN
from workbook_tools.observations import ACCEPTED, ACCEPTED_WITH_FINDINGS, REFUSED, Return
from workbook_tools.source_rows import ADDED_MARK
from workbook_tools.styles import BAD_FILL, CENTRED, DOUBT_FILL, GOOD_FILL, GROUP, LINK, SUBTITLE, TEXT
from workbook_tools.summary_sheets import (
    FILES_SHEET,
    FINDINGS_SHEET,
    FIRST_ROW,
    Column,
    Table,
    Written,
    add_table,
    finish_table,
)

FINDING_COLUMNS = (
    Column("severity", "Mức độ", 10),
    Column("file", "Tệp", 14),
    Column("sheet", "Trang", 13),
    Column("cell", "Ô", 6),
    Column("label", "Chỉ tiêu", 22),
    Column("message", "Nội dung", 46),
    Column("advice", "Việc cần làm", 34),
    Column("value", "Giá trị", 11),
    Column("expected", "Đúng ra", 11),
    Column("code", "Mã", 26, folded=True),
)
FILE_COLUMNS = (
    Column("number", "STT", 6),
    Column("file", "Tệp", 32),
    Column("unit", "Mã đơn vị", 10),
    Column("unit_name", "Đơn vị", 28),
    Column("status", "Tình trạng", 24),
    Column("expected", "Số ô phải có", 10),
    Column("taken", "Đã lấy", 10),
    Column("blank", "Để trống", 10),
    Column("refused", "Không đọc được", 10),
    Column("missing", "Thiếu dòng, cột", 10),
    Column("check", "Cân đối", 10),
)
COUNTS = ("expected", "taken", "blank", "refused", "missing")
MOST_LISTED = 3_000
"""So many leave a workbook that people look through, and that a reader of returns takes; the worst come first."""

STATUS_WORDS = {
    ACCEPTED: "Đã nhận",
    ACCEPTED_WITH_FINDINGS: "Đã nhận, có điểm cần xem",
    REFUSED: "Không đọc được",
}
NOT_ADDED = "Không cộng"
PASSED_BY = "Bỏ qua"
FREE = {**TEXT, "num_format": "General"}
NOT_SENT = "Chưa nộp"
BALANCED, UNBALANCED = "Khớp", "Lệch"
SEVERITY_FILLS = {Severity.ERROR: BAD_FILL, Severity.WARNING: DOUBT_FILL, Severity.INFO: GOOD_FILL}
_LINE = {"text_wrap": True, "valign": "top"}
Value = str | float | int | None


def write_findings(book: Book, result: Consolidation, received_in: str = "") -> Written:
    """The findings, worst first, each with a link to its cell; above them how many of each severity."""
    table = add_table(book, FINDINGS_SHEET, "#findings", result, "KẾT QUẢ KIỂM TRA", FINDING_COLUMNS)
    every = worst_first(result.findings)
    findings = every[:MOST_LISTED]
    severities = [SEVERITY_WORDS[finding.severity] for finding in findings]
    last = FIRST_ROW + max(len(severities), 1) - 1
    area = table.area("severity", last)
    words = list(SEVERITY_WORDS.values())
    formula = '&"; "&'.join(f'"{word}: "&COUNTIF({area},"{word}")' for word in words)
    counts = "; ".join(f"{word}: {sum(SEVERITY_WORDS[one.severity] == word for one in every)}" for word in words)
    table.sheet.merge(4, FIRST_COLUMN, table.last_printed, None, SUBTITLE)
    look = {**SUBTITLE, "bold": True, "italic": False}
    if len(every) > len(findings):
        left = f"trang này có {len(findings)} điều nặng nhất; đủ {len(every)} điều: chạy với --findings"
        table.sheet.write(4, FIRST_COLUMN, f"{counts} ({left})", look)
    else:
        table.sheet.write_formula(4, FIRST_COLUMN, f"={formula}", counts, look)
    styles = [CENTRED, TEXT, TEXT, CENTRED, TEXT, TEXT, TEXT, FREE, FREE, {**TEXT, "font_size": 9}]
    folder = f"{received_in.rstrip('/')}/" if received_in else ""
    for row, finding in enumerate(findings, start=FIRST_ROW):
        table.sheet.write(row, CODE_COLUMN, finding.indicator)
        fill = {"bg_color": SEVERITY_FILLS[finding.severity]}
        table.write_row(row, _finding_row(result, finding), [{**CENTRED, **fill}, *styles[1:]])
        if finding.file and finding.sheet and finding.cell and row < FIRST_ROW + MAXIMUM_LINKS:
            source = (folder + finding.file, finding.sheet, finding.cell)
            table.sheet.write_linked(row, table.places["cell"], finding.cell, source, {**CENTRED, **LINK})
    # Remarks are for the screen: in print they would be many pages after the few that ask for something.
    urgent = sum(one.severity is not Severity.INFO for one in findings)
    only_to = FIRST_ROW + urgent - 1 if urgent < len(findings) else 0
    finish_table(table, last, frozen="severity", only_to=only_to)
    return Written(table, {})


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Errors before warnings before the rest, else in the order given."""
    rank = {severity: number for number, severity in enumerate(Severity)}
    return sorted(findings, key=lambda finding: rank[finding.severity])


def _finding_row(result: Consolidation, finding: Finding) -> list[Value]:
    known = finding.indicator in result.catalogue.indicators or finding.indicator in result.catalogue.lists
    label = label_of(result, finding.indicator) if known else str(finding.details.get("label", ""))
    return [
        SEVERITY_WORDS[finding.severity],
        finding.file,
        finding.sheet,
        finding.cell,
        label,
        finding.message(),
        finding.advice(),
        finding.value,
        finding.expected,
        finding.code,
    ]


def label_of(result: Consolidation, code: str) -> str:
    """Name of an indicator, or title of a list."""
    indicator = result.catalogue.indicators.get(code)
    if indicator is not None:
        return indicator.label
    block = result.catalogue.lists.get(code)
    return block.title if block else ""


def write_files(book: Book, result: Consolidation) -> None:
    """A row for each received file and for each unit that sent none; cells expected must equal cells accounted for."""
    table = add_table(book, FILES_SHEET, "#files", result, "TỆP ĐÃ NHẬN VÀ SỐ Ô SỐ LIỆU", FILE_COLUMNS)
    added = {file for one in result.returns for file in one.files}
    rows = [_file_row(result, one, added) for one in result.received]
    sent = {one.unit for one in result.received}
    rows += [["", one.code, one.name, NOT_SENT] + [None] * 5 for one in shown_units(result) if one.code not in sent]
    last = FIRST_ROW + max(len(rows), 1) - 1
    for number, values in enumerate(rows, start=1):
        row = FIRST_ROW + number - 1
        styles = [CENTRED, TEXT, CENTRED, TEXT, TEXT, *[_NUMBER] * 5, CENTRED]
        table.write_row(row, [number, *values, None], styles)
        if values[0] in added:
            table.sheet.write(row, CODE_COLUMN, ADDED_MARK)
        if values[0]:
            _write_balance(table, row, [int(value) for value in values[-5:] if isinstance(value, int)])
    _write_totals(table, last, rows)
    words = ((BALANCED, GOOD_FILL), (UNBALANCED, BAD_FILL))
    for word, fill in words:
        options = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": {"bg_color": fill}}
        table.sheet.highlight((FIRST_ROW, table.places["check"]), (last + 1, table.places["check"]), options)
    finish_table(table, last, frozen="file", printed_to=last + 1)


_NUMBER = {**CENTRED, "align": "right", "num_format": "#,##0"}


def _file_row(result: Consolidation, one: Return, added: Collection[str]) -> list[Value]:
    name = result.tree.units[one.unit].name if one.unit in result.tree.units else one.unit_name
    status = STATUS_WORDS.get(one.status, one.status)
    if one.status == REFUSED and all(finding.severity is Severity.INFO for finding in one.findings):
        status = PASSED_BY
    if one.status != REFUSED and one.file not in added:
        status = NOT_ADDED
    return [one.file, one.unit, name, status, one.expected, one.taken, one.blank, one.refused, one.missing]


def _write_balance(table: Table, row: int, counts: list[int]) -> None:
    first, *parts = (f"{table.area(code, row).split(':')[1]}" for code in COUNTS)
    formula = f'=IF({first}={"+".join(parts)},"{BALANCED}","{UNBALANCED}")'
    word = BALANCED if counts[0] == sum(counts[1:]) else UNBALANCED
    table.sheet.write_formula(row, table.places["check"], formula, word, CENTRED)


def _write_totals(table: Table, last: int, rows: list[list[Value]]) -> None:
    row = last + 1
    style = {**GROUP, "italic": False}
    for place in table.places.values():
        table.sheet.write(row, place, None, style)
    table.sheet.write(row, table.places["file"], "Tổng cộng", style)
    totals = []
    for offset, code in enumerate(COUNTS):
        total = sum(value for values in rows if isinstance(value := values[4 + offset], int))
        formula = f"=SUM({table.area(code, last)})"
        look = {**style, "align": "right", "num_format": "#,##0"}
        table.sheet.write_formula(row, table.places[code], formula, total, look)
        totals.append(total)
    _write_balance(table, row, totals)
