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
from contextlib import suppress
from pathlib import Path

import openpyxl
import pandas as pd

from benchmarks.synthetic import MESSY, PERIOD, identities, write_returns
from workbook_tools.form_layout import lay_out
from workbook_tools.form_writing import write_form
from workbook_tools.lineage import trace
from workbook_tools.pipeline import catalogue_of, consolidate

SAMPLE = 5
"""Files that the slow libraries read."""

OUTPUT = Path(__file__).parents[1] / "docs" / "benchmarks.md"

FORMS = "forms, printed (figures made up, too)"
WHOLE = "read, check, add up, summary"

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
    yield FORMS, count, time.perf_counter() - started
    layout = lay_out(catalogue, level=catalogue.settings.get("level", ""))
    units = identities(catalogue, SAMPLE)
    yield _timed("forms, XlsxWriter each", units, lambda one: write_form(folder.parent / "one.xlsx", layout, one))
    output = folder.parent / f"TongHop-{count}.xlsx"
    for jobs in (1, 2):
        started = time.perf_counter()
        consolidate([folder], output.with_stem(f"{output.stem}-{jobs}"), period=PERIOD, jobs=jobs)
        yield f"{WHOLE}; workers: {jobs}", count, time.perf_counter() - started
    started = time.perf_counter()
    consolidate([folder], output.with_stem(f"{output.stem}-2"), period=PERIOD, jobs=2)
    yield "the same again, nothing changed", count, time.perf_counter() - started
    started = time.perf_counter()
    trace(output.with_stem(f"{output.stem}-2"), "Tổng hợp!G12")
    yield "trace of one figure", 1, time.perf_counter() - started
    started = time.perf_counter()
    command = [sys.executable, "-c", "from workbook_tools.cli import main; main()", "check", str(paths[0])]
    subprocess.run(command, check=False, capture_output=True)
    yield "one check from the command line, start included", 1, time.perf_counter() - started
    some = paths[:SAMPLE]
    for name, reader in PEERS.items():
        with suppress(ImportError):
            yield _timed(name, some, reader)
    yield _timed("unpack only (the floor)", paths, _unpacked)


def _timed(name: str, things: Sequence[object], work: Callable[..., object]) -> Row:
    work(things[0])  # Imports and caches are not what is compared.
    started = time.perf_counter()
    for one in things:
        work(one)
    return name, len(things), time.perf_counter() - started


def _with_pandas(engine: str) -> Callable[[Path], None]:
    def read(path: Path) -> None:
        sheets = pd.read_excel(path, sheet_name=None, header=None, engine=engine)  # type: ignore[call-overload]
        pd.concat(sheets.values()).groupby(0).sum(numeric_only=True)

    return read


def _with_calamine(path: Path) -> None:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def _with_duckdb(path: Path) -> None:
    import duckdb

    connection = duckdb.connect()
    try:
        connection.execute("INSTALL excel; LOAD excel")
    except duckdb.Error as error:
        raise ImportError(str(error)) from error
    for name in openpyxl.load_workbook(path, read_only=True).sheetnames:
        query = "SELECT * FROM read_xlsx(?, sheet = ?, all_varchar = true, header = false, ignore_errors = true)"
        with suppress(duckdb.Error):  # An empty sheet.
            connection.execute(query, [str(path), name]).fetchall()


def _read_only(path: Path) -> None:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in book:
        for _ in sheet.iter_rows(values_only=True):
            pass


def _unpacked(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            package.read(name)


PEERS: dict[str, Callable[[Path], None]] = {
    "pandas with openpyxl, read and grouped": _with_pandas("openpyxl"),
    "pandas with calamine, read and grouped": _with_pandas("calamine"),
    "openpyxl read-only, read": _read_only,
    "calamine, all sheets to Python": _with_calamine,
    "duckdb read_xlsx, all sheets": _with_duckdb,
}
"""What is usually taken for such files; one that is not installed is left out."""


def _page(rows: Sequence[Row]) -> Iterator[str]:
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    yield "# Benchmarks"
    yield ""
    yield (
        f"Measured on {dt.date.today():%Y-%m-%d} with synthetic returns (dữ liệu giả lập) of the shipped template, "
        f"{MESSY:.0%} of them damaged, {os.cpu_count()} processors, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}. `python -m benchmarks` measures again. Compare lines, not times: "
        f"the last column is the time a file takes in one process against all we do with it in one."
    )
    yield ""
    shared = "with the pages it shares"
    yield f"Peak memory: {own:.0f} MB in the main process, {children:.0f} MB in the largest worker ({shared})."
    yield ""
    yield "| work | files | s | ms a file | ratio |"
    yield "|---|---:|---:|---:|---:|"
    whole = 0.0
    for name, count, seconds in rows:
        if name == FORMS:
            ours = [
                taken / number for other, number, taken in rows if number == count and other == f"{WHOLE}; workers: 1"
            ]
            whole = ours[0] if ours else 0.0
        ratio = f"{seconds / count / whole:.2f}" if whole else ""
        yield f"| {name} | {count} | {seconds:.2f} | {1000 * seconds / count:.1f} | {ratio} |"


if __name__ == "__main__":
    main()
