"""Whether any workbook of a folder brings reading down: made for the test files of spreadsheet libraries.

Every file that looks like a workbook is opened, and read as a return of the shipped template, in a process of its own
with a limit. Files are read or refused; one that crashes or takes long is named. With ``--compare`` the numbers of
xlsx, xls, xlsb and ods files are compared, cell by cell, with those python-calamine finds (``pip install
python-calamine``; also in processes of their own, for it may end them).

    python benchmarks/third_party.py FOLDER --compare
"""

import argparse
import datetime
import math
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from workbook_tools.cells import Position, full_address
from workbook_tools.errors import WorkbookReadError
from workbook_tools.excel_reading import read_workbook
from workbook_tools.form_reading import read_return
from workbook_tools.received_files import WORKBOOK_ENDINGS
from workbook_tools.return_files import catalogue_of
from workbook_tools.worker_processes import Lost, run_all

SLOW = 5.0
"""A file that takes more seconds of a processor is named."""

COMPARED_ENDINGS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
MOST_DIFFERENCES = 5

FIRST_DAY = datetime.datetime(1899, 12, 30)
ONE_DAY = datetime.timedelta(days=1)
LEAP_DAY = 61
"""Days are counted from 31 December 1899, but Excel knows a 29 February 1900 that never was."""

SHORTEST_TIME = 1e-8
"""Days: dates are read to the thousandth of a second."""

Numbers = dict[tuple[str, Position], float]
"""The numbers, dates and times of a workbook by sheet and cell; truths and texts are none."""


@dataclass
class Outcome:
    """What came of one file: ``read``, ``refused: code`` or ``crashed: exception``; what calamine says otherwise."""

    said: str
    seconds: float
    returned: str = ""
    trace: str = ""
    cells: int = 0
    numbers: Numbers = field(default_factory=dict)


def main() -> None:
    """Read the folder and print the counts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--compare", action="store_true", help="with python-calamine")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--limit", type=float, default=20.0, help="seconds that one file may take")
    arguments = parser.parse_args()
    paths = sorted(path for path in arguments.folder.rglob("*") if path.is_file() and _is_candidate(path))
    catalogue_of(None)  # Processes that are copies of this one need not read it again.
    started = time.monotonic()
    outcomes = run_all(partial(read_one, compare=arguments.compare), paths, arguments.jobs, arguments.limit)
    print(f"{len(paths)} files in {time.monotonic() - started:.0f} s")
    report(paths, outcomes)
    if arguments.compare:
        report_differences(paths, outcomes, arguments.jobs, arguments.limit)


def _is_candidate(path: Path) -> bool:
    return path.suffix.lower() in WORKBOOK_ENDINGS


def read_one(path: Path, compare: bool) -> Outcome:
    """Open a file, then read it as a return."""
    started = time.process_time()
    outcome = Outcome("", 0)
    try:
        workbook = read_workbook(path)
        outcome.said = "read"
        outcome.cells = sum(len(sheet.cells) for sheet in workbook.sheets)
        if compare and path.suffix.lower() in COMPARED_ENDINGS:
            outcome.numbers = {
                (sheet.name, position): number
                for sheet in workbook.sheets
                for position, content in sheet.cells.items()
                if (number := _number(content.value)) is not None
            }
        started = time.process_time()
        returned = read_return(path, catalogue_of(None))
        balanced = returned.expected == returned.taken + returned.blank + returned.refused + returned.missing
        outcome.returned = returned.status if balanced else "crashed: books do not balance"
    except WorkbookReadError as error:
        outcome.said = f"refused: {error.code}"
    except Exception as error:
        kind = f"crashed: {type(error).__name__}"
        outcome.said, outcome.returned = (outcome.said, kind) if outcome.said else (kind, "")
        outcome.trace = traceback.format_exc()
    outcome.seconds = time.process_time() - started
    return outcome


def report(paths: Sequence[Path], outcomes: Sequence[Outcome | Lost]) -> None:
    """Counts, then the names of what crashed or was slow."""
    opened: Counter[str] = Counter()
    returned: Counter[str] = Counter()
    by_ending: Counter[str] = Counter()
    cells = 0
    named = []
    for path, outcome in zip(paths, outcomes, strict=True):
        if isinstance(outcome, Lost):
            said = "too slow" if outcome.too_slow else f"crashed: process ended, {outcome.exit_code}"
            opened[said] += 1
            named.append(f"{said}: {path}")
            continue
        opened[outcome.said] += 1
        returned[outcome.returned or "-"] += 1
        by_ending[f"{path.suffix.lower()} {outcome.said.partition(':')[0]}"] += 1
        cells += outcome.cells
        if "crashed" in outcome.said + outcome.returned:
            named.append(f"{outcome.said}, {outcome.returned}: {path}\n{outcome.trace}")
        if outcome.seconds > SLOW:
            named.append(f"{outcome.seconds:.1f} s: {path}")
    for title, counts in (("opened", opened), ("as a return", returned), ("by ending", by_ending)):
        print(f"\n{title}")
        print("\n".join(f"{count:7} {what}" for what, count in sorted(counts.items())))
    print(f"\n{cells} cells read")
    print("\n".join(named) or "none crashed, none was slow")


def report_differences(paths: Sequence[Path], outcomes: Sequence[Outcome | Lost], jobs: int, limit: float) -> None:
    """The cells whose number differs from the one python-calamine finds, or that only one of both finds."""
    both = [
        (path, outcome.numbers)
        for path, outcome in zip(paths, outcomes, strict=True)
        if isinstance(outcome, Outcome) and outcome.said == "read" and path.suffix.lower() in COMPARED_ENDINGS
    ]
    theirs = run_all(numbers_of_calamine, [path for path, _ in both], jobs, limit)
    counts: Counter[str] = Counter()
    for (path, ours), other in zip(both, theirs, strict=True):
        if isinstance(other, Lost | str):
            counts["calamine does not read"] += 1
            continue
        differences = list(_differences(ours, other))
        counts["files that differ" if differences else "files alike"] += 1
        counts["numbers alike"] += len(ours.keys() & other.keys()) - sum("≠" in one for one in differences)
        counts["numbers that differ or that one lacks"] += len(differences)
        if differences:
            more = f" … {len(differences)} in all" if len(differences) > MOST_DIFFERENCES else ""
            print(f"{path}: " + "; ".join(differences[:MOST_DIFFERENCES]) + more)
    print("\ncompared with calamine\n" + "\n".join(f"{count:9} {what}" for what, count in counts.items()))


def _differences(ours: Numbers, theirs: Numbers) -> Iterator[str]:
    for key in sorted(ours.keys() | theirs.keys()):
        one, other = ours.get(key), theirs.get(key)
        if one is None or other is None:
            yield f"{full_address(key[0], key[1].name)} {one} | {other}"
        elif not math.isclose(one, other, rel_tol=1e-14, abs_tol=SHORTEST_TIME):
            yield f"{full_address(key[0], key[1].name)} {one} ≠ {other}"


def _number(value: object) -> float | None:
    """A number; of a date or time the one it is counted as: whether a format shows a date is not compared."""
    match value:
        case bool():
            return None
        case int() | float():
            return float(value) if math.isfinite(value) else None
        case datetime.datetime():
            days = (value - FIRST_DAY) / ONE_DAY
            return days - 1 if 1 < days < LEAP_DAY else days
        case datetime.date():
            return _number(datetime.datetime.combine(value, datetime.time()))
        case datetime.time():
            return (datetime.datetime.combine(FIRST_DAY, value) - FIRST_DAY) / ONE_DAY
        case datetime.timedelta():
            return value / ONE_DAY
    return None


def numbers_of_calamine(path: Path) -> Numbers | str:
    """The numbers python-calamine finds, or why it finds none."""
    import python_calamine

    numbers: Numbers = {}
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        for entry in workbook.sheets_metadata:
            if entry.typ is not python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(entry.name)
            if sheet.start is None:
                continue
            top, left = sheet.start
            for row, cells in enumerate(sheet.to_python(skip_empty_area=True), top + 1):
                for column, value in enumerate(cells, left + 1):
                    number = _number(value)
                    if number is not None:
                        numbers[entry.name, Position(row, column)] = number
    except Exception as error:
        return type(error).__name__
    return numbers


if __name__ == "__main__":
    main()
