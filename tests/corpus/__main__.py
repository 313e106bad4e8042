"""Measures every damage and writes ``docs/damages.md``: run ``python -m tests.corpus`` in the root of the project."""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.corpus.all_damages import DAMAGES
from tests.corpus.damage import Damage, Expected
from tests.corpus.measuring import SEEDS, Outcome, measure, seeds_of, small_base
from tests.small_template import write_small_template

DOCUMENT = Path(__file__).parents[2] / "docs" / "damages.md"

INTRODUCTION = """\
# What happens to forms on the way, and what is read all the same

Measured and written by `python -m tests.corpus`; do not edit. Every damage is done to {forms} forms filled at random
(dữ liệu giả lập), to another row, column or sheet each time. *same*: every figure reads as in the undamaged form, and
there is no error. *as typed*: the figure reads as what was typed, all others as before. *finding*: a finding tells of
the place, and all else reads as before. *refused*: nothing of the file is taken. In every case the books balance, no
figure has a value that its cell does not show, and every number of the form still in the file is read or told of.
"""


def main() -> int:
    """Measure, write the document, and say which damages are not borne."""
    with tempfile.TemporaryDirectory() as folder:
        template = write_small_template(Path(folder) / "BieuMau.xlsx")
        bases = {seed: small_base(template, seed) for seed in SEEDS}
        results = {
            name: [measure(one, bases[seed], seed) for seed in seeds_of(one)]
            for name, one in DAMAGES.items()
            if not one.needs_office or shutil.which("soffice")
        }
    failed = {
        name: problems for name, all_ in results.items() if (problems := [p for one in all_ for p in one.problems])
    }
    for name, told in failed.items():
        print(f"{name}: {'; '.join(told)}", file=sys.stderr)
    if not failed:
        DOCUMENT.write_text("\n".join(document(results)) + "\n", encoding="utf-8")
    return 1 if failed else 0


def document(results: Mapping[str, list[Outcome]]) -> Iterator[str]:
    """The lines of the document."""
    yield INTRODUCTION.format(forms=len(SEEDS))
    yield _sums(results)
    for family in dict.fromkeys(one.family for one in DAMAGES.values()):
        yield f"\n## {family.capitalize()}\n"
        yield "| damage | what was done | expected | measured |\n|---|---|---|---|"
        for name, one in DAMAGES.items():
            if one.family == family:
                measured = _measured(one, results[name]) if name in results else "not measured (needs LibreOffice)"
                yield f"| {name} | {one.story.replace('|', '/')} | {one.expected} | {measured} |"


def _sums(results: Mapping[str, list[Outcome]]) -> str:
    sizes = {kind: sum(one.expected is kind for one in DAMAGES.values()) for kind in Expected}
    parts = ", ".join(f"{size} {kind}" for kind, size in sizes.items())
    read = sum(outcome.is_done for outcomes in results.values() for outcome in outcomes)
    return f"{len(DAMAGES)} damages ({parts}); {read} damaged forms read."


def _measured(one: Damage, outcomes: list[Outcome]) -> str:
    done = sum(outcome.is_done for outcome in outcomes)
    count = f"{done} of {done}"
    codes = ", ".join(f"`{code}`" for code in sorted({code for outcome in outcomes for code in outcome.codes}))
    return f"{count} {one.expected}" + (f"; {codes}" if codes else "")


if __name__ == "__main__":
    sys.exit(main())
