"""The command line: arguments in, one library call, result out.

Exit codes: 0 clean; 1 findings of severity error, or an expected failure; 2 wrong usage.
"""

import gc
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from workbook_tools import __version__
from workbook_tools.command_style import Commands, Place, language_of
from workbook_tools.help_texts import help_text
from workbook_tools.inert import in_csv, in_json, on_one_line

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from workbook_tools.consolidated import Consolidation
    from workbook_tools.findings import Finding
    from workbook_tools.progress_line import ProgressLine
    from workbook_tools.return_runs import Checked

MOST_OF_A_KIND = 3
"""So many findings for information of one kind are told of each file; of the others only the number."""

PROPOSAL = "rule.proposal"
"""Says which cell to change: always told."""

OBJECTS_BEFORE_A_SEARCH = 100_000
"""So many new objects come between two searches for garbage."""

FILE = Place(folders=False)
PLACE = Place()
TARGET = click.Path(path_type=Path)

template_option = click.option("--template", type=FILE, help=help_text("template_option"))
jobs_option = click.option("--jobs", type=click.IntRange(0), default=0, help=help_text("jobs"))
cluster_option = click.option("--cluster", default="", metavar="ADDRESS", help=help_text("cluster"))


@click.group(cls=Commands, help=help_text("main"), context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--lang",
    type=click.Choice(["vi", "en"]),
    default="vi",
    envvar="WORKBOOK_TOOLS_LANG",
    is_eager=True,
    help=help_text("lang"),
)
@click.version_option(__version__, prog_name="workbook-tools")
def main(lang: str) -> None:
    """Collect, check, add up and trace figures in Excel workbooks."""
    # A template is a hundred thousand objects that all stay; looking among them for garbage takes a tenth of the time.
    gc.set_threshold(OBJECTS_BEFORE_A_SEARCH)
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may be set to a code page without Vietnamese.
        getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8", errors="replace")


class Workers(TypedDict):
    """Who reads the returns, and who is told how far it is."""

    executor: "Executor | None"
    tell: "ProgressLine | None"


@contextmanager
def _workers(ctx: click.Context, cluster: str) -> Iterator[Workers]:
    """The cluster, if one was named, and the line of progress, if somebody looks on."""
    from workbook_tools.progress_line import ProgressLine

    line = ProgressLine(sys.stderr, language_of(ctx)) if sys.stderr.isatty() else None
    with ExitStack() as stack:
        executor = None
        if line:
            stack.callback(line.clear)
        if cluster:
            from workbook_tools.executors import cluster as executor_of

            executor = stack.enter_context(executor_of(cluster))
        yield {"executor": executor, "tell": line}


@main.command(help=help_text("demo"))
@click.argument("directory", type=TARGET)
@click.pass_context
def demo(ctx: click.Context, directory: Path) -> None:
    """The whole job on the shipped examples."""
    from workbook_tools.demonstration import demonstrate

    for line in demonstrate(directory):
        click.echo(line)


@main.command(help=help_text("forms"))
@click.option("-o", "--output", type=TARGET, required=True, help=help_text("forms_output"))
@click.option("--units", type=FILE, help=help_text("units_option"))
@click.option("--period", default="", help=help_text("period"))
@click.option("--prior", type=PLACE, help=help_text("prior"))
@click.option("--by", type=click.Choice(["unit", "field"]), default="unit", help=help_text("by"))
@template_option
@jobs_option
@click.pass_context
def forms(
    ctx: click.Context,
    output: Path,
    units: Path | None,
    period: str,
    prior: Path | None,
    by: str,
    template: Path | None,
    jobs: int,
) -> None:
    """Write the forms."""
    from workbook_tools import pipeline

    def tell(finding: "Finding") -> None:
        _tell(ctx, [finding], to_error=True)

    written = pipeline.forms(
        output, units=units, period=period, prior=prior, by_field=by == "field", template=template, jobs=jobs, tell=tell
    )
    for path in written:
        click.echo(path)


@main.command(help=help_text("read"))
@click.argument("files", nargs=-1, required=True, type=PLACE)
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", help=help_text("read_format"))
@template_option
@jobs_option
@cluster_option
@click.pass_context
def read(
    ctx: click.Context, files: tuple[Path, ...], form: str, template: Path | None, jobs: int, cluster: str
) -> None:
    """Print the tidy frame."""
    from workbook_tools.observations import observations_frame
    from workbook_tools.return_runs import read as read_them

    with _workers(ctx, cluster) as workers:
        result = read_them(files, template, jobs, **workers)
    if form == "json":
        click.echo(in_json(result.as_dict(language_of(ctx), observations=True)))
    else:
        frame = observations_frame(result.returns).map(lambda value: in_csv(value) if isinstance(value, str) else value)
        click.echo(frame.to_csv(index=False, lineterminator="\n"), nl=False)
        _tell(ctx, result.findings, to_error=True)
        _balance(ctx, result, to_error=True)
    _leave(ctx, result.findings)


@main.command(help=help_text("check"))
@click.argument("files", nargs=-1, required=True, type=PLACE)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help=help_text("check_format"))
@click.option("--annotate", type=TARGET, help=help_text("annotate"))
@template_option
@jobs_option
@cluster_option
@click.pass_context
def check(
    ctx: click.Context,
    files: tuple[Path, ...],
    form: str,
    annotate: Path | None,
    template: Path | None,
    jobs: int,
    cluster: str,
) -> None:
    """Print the findings."""
    from workbook_tools.return_runs import check as check_them

    with _workers(ctx, cluster) as workers:
        result = check_them(files, template, jobs, annotate, **workers)
    if form == "json":
        click.echo(in_json(result.as_dict(language_of(ctx))))
    else:
        _tell(ctx, result.findings)
        _balance(ctx, result)
    for path in result.annotated:
        click.echo(path, err=True)
    _leave(ctx, result.findings)


@main.command(help=help_text("consolidate"))
@click.argument("files", nargs=-1, required=True, type=PLACE)
@click.option("-o", "--output", type=TARGET, required=True, help=help_text("consolidate_output"))
@click.option("--units", type=FILE, help=help_text("units_option"))
@click.option("--unit", default="", help=help_text("unit"))
@click.option("--period", default="", help=help_text("period"))
@click.option("--prior", type=PLACE, help=help_text("prior"))
@click.option("--prefer", multiple=True, help=help_text("prefer"))
@click.option("--findings", "findings_file", type=TARGET, help=help_text("findings"))
@click.option("--since", type=FILE, help=help_text("since"))
@click.option("--close", is_flag=True, help=help_text("close"))
@template_option
@jobs_option
@cluster_option
@click.option("--no-cache", is_flag=True, help=help_text("no_cache"))
@click.pass_context
def consolidate(
    ctx: click.Context,
    files: tuple[Path, ...],
    output: Path,
    units: Path | None,
    unit: str,
    period: str,
    prior: Path | None,
    prefer: tuple[str, ...],
    findings_file: Path | None,
    since: Path | None,
    close: bool,
    template: Path | None,
    jobs: int,
    cluster: str,
    no_cache: bool,
) -> None:
    """Add up and write the consolidated workbook."""
    from workbook_tools import pipeline

    with _workers(ctx, cluster) as workers:
        result = pipeline.consolidate(
            files,
            output,
            units=units,
            unit=unit,
            period=period,
            prior=prior,
            prefer=prefer,
            template=template,
            jobs=jobs,
            findings_file=findings_file,
            close=close,
            keep=not no_cache,
            **workers,
        )
    _tell(ctx, result.findings, to_error=True, brief=True)
    _balance(ctx, pipeline.Checked(result.received, result.findings), to_error=True)
    click.echo(output)
    _tell_fingerprint(ctx, result)
    if since is not None:
        _tell_changes(since, output, template)
    _leave(ctx, result.findings)


@main.command(help=help_text("status"))
@click.argument("files", nargs=-1, required=True, type=PLACE)
@click.option("--units", type=FILE, help=help_text("units_option"))
@click.option("--unit", default="", help=help_text("unit"))
@click.option("--period", default="", help=help_text("period"))
@click.option("--prefer", multiple=True, help=help_text("prefer"))
@template_option
@jobs_option
@cluster_option
@click.pass_context
def status(
    ctx: click.Context,
    files: tuple[Path, ...],
    units: Path | None,
    unit: str,
    period: str,
    prefer: tuple[str, ...],
    template: Path | None,
    jobs: int,
    cluster: str,
) -> None:
    """Print who has sent what."""
    from workbook_tools import pipeline

    with _workers(ctx, cluster) as workers:
        found = pipeline.status(
            files, units=units, unit=unit, period=period, prefer=prefer, template=template, jobs=jobs, **workers
        )
    for line in found.lines(pipeline.catalogue_of(template), period):
        click.echo(on_one_line(line))


@main.command(help=help_text("diff"))
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@template_option
def diff(old: Path, new: Path, template: Path | None) -> None:
    """Print what changed between two consolidated workbooks."""
    _tell_changes(old, new, template)


def _tell_fingerprint(ctx: click.Context, result: "Consolidation") -> None:
    words = "fingerprint of the figures" if language_of(ctx) == "en" else "vân tay số liệu"
    click.echo(f"{words}: {result.fingerprint}", err=True)


def _tell_changes(old: Path, new: Path, template: Path | None) -> None:
    from workbook_tools import pipeline

    for line in pipeline.difference(old, new, template).lines():
        click.echo(on_one_line(line))


@main.command(help=help_text("units"))
@click.argument("place")
@click.option("-o", "--output", type=TARGET, required=True, help=help_text("units_output"))
def units(place: str, output: Path) -> None:
    """Write a list of units."""
    from workbook_tools import pipeline

    click.echo(pipeline.unit_list(place, output))


@main.command(help=help_text("trace"))
@click.argument("workbook", type=FILE)
@click.argument("cell")
def trace(workbook: Path, cell: str) -> None:
    """Print where a total comes from."""
    from workbook_tools.lineage import trace as follow

    for line in follow(workbook, cell).lines():
        click.echo(on_one_line(line))


@main.group(help=help_text("template"))
def template() -> None:
    """Work on the template."""


@template.command("check", help=help_text("template_check"))
@click.argument("file", required=False, type=FILE)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help=help_text("check_format"))
@click.pass_context
def template_check(ctx: click.Context, file: Path | None, form: str) -> None:
    """Lint the template."""
    from workbook_tools.pipeline import load_template
    from workbook_tools.template_checks import check_template

    findings = check_template(load_template(file))
    if form == "json":
        document = {"files": [], "findings": [finding.as_dict(language_of(ctx)) for finding in findings]}
        click.echo(in_json(document))
    else:
        _tell(ctx, findings)
    _leave(ctx, findings)


@template.command("show", help=help_text("template_show"))
@click.argument("file", required=False, type=FILE)
def template_show(file: Path | None) -> None:
    """Print the template as text."""
    from workbook_tools.catalogue import show_catalogue
    from workbook_tools.pipeline import load_template

    click.echo("\n".join(show_catalogue(load_template(file).catalogue)))


@template.command("diff", help=help_text("template_diff"))
@click.argument("old", type=FILE)
@click.argument("new", required=False, type=FILE)
def template_diff(old: Path, new: Path | None) -> None:
    """Print what differs between two templates."""
    import difflib

    from workbook_tools.catalogue import show_catalogue
    from workbook_tools.pipeline import load_template

    before, after = (list(show_catalogue(load_template(file).catalogue)) for file in (old, new))
    for line in difflib.unified_diff(before, after, str(old), str(new or "BieuMau.xlsx"), lineterm="", n=1):
        click.echo(line)


def _tell(ctx: click.Context, findings: "Iterable[Finding]", *, to_error: bool = False, brief: bool = False) -> None:
    """Print findings; a brief account only counts what is merely for information, a full one what comes often."""
    from workbook_tools.findings import SEVERITY_WORDS, Severity

    language = language_of(ctx)
    told = 0
    often: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        if brief and finding.severity is Severity.INFO:
            told += 1
            continue
        if finding.severity is Severity.INFO and finding.code != PROPOSAL:
            often[finding.file, finding.code] += 1
            if often[finding.file, finding.code] > MOST_OF_A_KIND:
                continue
        word = str(finding.severity) if language == "en" else SEVERITY_WORDS[finding.severity]
        place = f"{finding.place}: " if finding.place else ""
        line = f"{word}: {place}{finding.message(language)} → {finding.advice(language)}"
        click.echo(on_one_line(line), err=to_error)
    for (file, code), count in often.items():
        if count > MOST_OF_A_KIND:
            like = "more like this" if language == "en" else "thông tin cùng loại, xem đủ bằng --format json"
            click.echo(on_one_line(f"[{file}]: + {count - MOST_OF_A_KIND} {like} ({code})"), err=to_error)
    if told:
        more = "more for information, see sheet" if language == "en" else "thông tin khác, xem trang"
        click.echo(f"+ {told} {more} “Kiểm tra”", err=to_error)


_BALANCE = {
    "expected": "ô phải có",
    "taken": "đã nhận",
    "blank": "để trống",
    "refused": "bị từ chối",
    "missing": "không thấy",
}
_STATUS = {"accepted": "nhận", "accepted_with_findings": "nhận, có lưu ý", "refused": "từ chối"}


def _balance(ctx: click.Context, result: "Checked", *, to_error: bool = False) -> None:
    """The books: what every file owed and what came of it."""
    english = language_of(ctx) == "en"

    def counts(numbers: dict[str, int]) -> str:
        return ", ".join(f"{name if english else _BALANCE[name]} {count}" for name, count in numbers.items())

    for one in result.returns:
        numbers = {name: getattr(one, name) for name in _BALANCE}
        status = one.status if english else _STATUS[one.status]
        click.echo(on_one_line(f"{one.file}: {status}; {counts(numbers)}"), err=to_error)
    totals = {name: sum(getattr(one, name) for one in result.returns) for name in _BALANCE}
    click.echo(f"{len(result.returns)} {'files' if english else 'tệp'}; {counts(totals)}", err=to_error)


def _leave(ctx: click.Context, findings: "Iterable[Finding]") -> None:
    from workbook_tools.findings import has_errors

    ctx.exit(1 if has_errors(findings) else 0)
