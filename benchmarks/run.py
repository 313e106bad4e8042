"""How long the work on many returns takes, beside what spreadsheet libraries take for the same files.

Returns are synthetic (dữ liệu giả lập). Prints a table in Markdown and writes docs/benchmarks.md.

    python -m benchmarks --units 100 300
"""

import argparse
import datetime as dt
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import openpyxl
import pandas as pd

from benchmarks.synthetic import PERIOD, identities, write_returns
from workbook_tools.form_layout import lay_out
from workbook_tools.form_writing import write_form
from workbook_tools.pipeline import catalogue_of, consolidate

SAMPLE = 5
"""Files that the slow libraries read."""

OUTPUT = Path(__file__).parents[1] / "docs" / "benchmarks.md"

Row = tuple[str, int, float]
"""What was done, to how many files, and in how many seconds."""


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--units", type=int, nargs="+", default=[100, 300])
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for count in arguments.units:
            for row in _measured(Path(folder) / str(count), count):
                rows.append(row)
                print(f"{row[0]}: {row[1]} files, {row[2]:.2f} s", file=sys.stderr)
    text = "\n".join(_page(rows)) + "\n"
    print(text)
    arguments.output.write_text(text, encoding="utf-8")


def _measured(folder: Path, count: int) -> Iterator[Row]:
    catalogue = catalogue_of(None)
    started = time.perf_counter()
    paths = write_returns(catalogue, folder, count)
    yield "forms, printed (figures made up, too)", count, time.perf_counter() - started
    layout = lay_out(catalogue, level=catalogue.settings.get("level", ""))
    units = identities(catalogue, SAMPLE)
    yield _timed("forms, XlsxWriter each", units, lambda one: write_form(folder.parent / "one.xlsx", layout, one))
    for jobs in (1, 2):
        started = time.perf_counter()
        consolidate([folder], folder.parent / "TongHop.xlsx", period=PERIOD, jobs=jobs)
        yield f"read, check, add up, summary; workers: {jobs}", count, time.perf_counter() - started
    started = time.perf_counter()
    command = [sys.executable, "-c", "from workbook_tools.cli import main; main()", "check", str(paths[0])]
    subprocess.run(command, check=False, capture_output=True)
    yield "one check from the command line, start included", 1, time.perf_counter() - started
    some = paths[:SAMPLE]
    yield _timed("pandas with openpyxl, read and grouped", some, lambda path: _grouped(path, "openpyxl"))
    yield _timed("openpyxl read-only, read", some, _read_only)
    yield _timed("unpack only", paths, _unpacked)


def _timed(name: str, things: Sequence[object], work: Callable[..., object]) -> Row:
    started = time.perf_counter()
    for one in things:
        work(one)
    return name, len(things), time.perf_counter() - started


def _grouped(path: Path, engine: str) -> None:
    sheets = pd.read_excel(path, sheet_name=None, header=None, engine=engine)  # type: ignore[call-overload]
    pd.concat(sheets.values()).groupby(0).sum(numeric_only=True)


def _read_only(path: Path) -> None:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in book:
        for _ in sheet.iter_rows(values_only=True):
            pass


def _unpacked(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            package.read(name)


def _page(rows: Sequence[Row]) -> Iterator[str]:
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    yield "# Benchmarks"
    yield ""
    yield (
        f"Measured on {dt.date.today():%Y-%m-%d} with synthetic returns (dữ liệu giả lập), "
        f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}, Python {platform.python_version()}. "
        f"`python -m benchmarks` measures again. Compare lines, not absolute times."
    )
    yield ""
    yield f"Peak memory: {own:.0f} MB in the main process, {children:.0f} MB in the largest worker."
    yield ""
    yield "| work | files | s | ms a file |"
    yield "|---|---:|---:|---:|"
    for name, count, seconds in rows:
        yield f"| {name} | {count} | {seconds:.2f} | {1000 * seconds / count:.1f} |"


if __name__ == "__main__":
    main()
