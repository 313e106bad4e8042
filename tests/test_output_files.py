"""Where results are written: never over a received file, and whole whatever ends the run."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.forms import FILL, write_filled
from tests.helpers import digest
from workbook_tools import pipeline
from workbook_tools.catalogue import Catalogue
from workbook_tools.errors import UnknownPlaceError
from workbook_tools.whole_files import KEPT_PREFIX, PREFIX

RUN = "import sys; from workbook_tools.cli import main; main(sys.argv[1:])"


@pytest.fixture
def folder(tmp_path: Path, small: Catalogue) -> Path:
    folder = tmp_path / "returns"
    folder.mkdir()
    write_filled(folder / "kep.xlsx", small, FILL)
    return folder


def digests(folder: Path) -> dict[str, tuple[str, int]]:
    """Content and time of every file."""
    return {path.name: (digest(path), path.stat().st_mtime_ns) for path in folder.iterdir()}


def consolidate(folder: Path, output: Path, template: Path, **options: Path) -> None:
    pipeline.consolidate([folder], output, template=template, jobs=1, **options)  # type: ignore[arg-type]


class TestReceivedFilesStay:
    def test_the_output_may_not_be_a_file_that_was_named(self, folder: Path, small_template: Path) -> None:
        before = digests(folder)
        for output in (folder / "kep.xlsx", folder / ".." / "returns" / "kep.xlsx"):
            with pytest.raises(UnknownPlaceError, match="là tệp đã nhận"):
                consolidate(folder / "kep.xlsx", output, small_template)

        assert digests(folder) == before

    def test_nor_one_in_the_folder(self, folder: Path, small_template: Path) -> None:
        before = digests(folder)
        with pytest.raises(UnknownPlaceError, match="là tệp đã nhận"):
            consolidate(folder, folder / "kep.xlsx", small_template)
        with pytest.raises(UnknownPlaceError):
            consolidate(folder, folder.parent / "T.xlsx", small_template, findings_file=folder / "kep.xlsx")

        assert digests(folder) == before
        assert not (folder.parent / "T.xlsx").exists()

    def test_nor_a_link_to_one(self, folder: Path, small_template: Path) -> None:
        link = folder.parent / "T.xlsx"
        link.symlink_to(folder / "kep.xlsx")
        before = digests(folder)

        with pytest.raises(UnknownPlaceError, match="là tệp đã nhận"):
            consolidate(folder / "kep.xlsx", link, small_template)
        assert digests(folder) == before

    def test_the_total_of_an_earlier_run_may_be_replaced(self, folder: Path, small_template: Path) -> None:
        consolidate(folder, folder / "T.xlsx", small_template)
        first = digests(folder)
        consolidate(folder, folder / "T.xlsx", small_template)

        assert {name: content for name, (content, _) in digests(folder).items()} == {
            name: content for name, (content, _) in first.items()
        }

    def test_reading_checking_and_adding_up_touch_nothing(self, folder: Path, small_template: Path) -> None:
        before = digests(folder)
        pipeline.read([folder], small_template)
        pipeline.check([folder], small_template)
        consolidate(folder, folder.parent / "T.xlsx", small_template)

        assert digests(folder) == before


def start(folder: Path, output: Path, template: Path) -> "subprocess.Popen[str]":
    command = ["consolidate", str(folder), "-o", str(output), "--template", str(template)]
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
class TestKilled:
    def test_the_former_total_or_the_new_one_stands_there(self, folder: Path, small_template: Path) -> None:
        """Killed with -9 at moments spread over a whole run."""
        output = folder.parent / "out" / "T.xlsx"
        consolidate(folder, output, small_template)
        whole = digest(output)
        chance = random.Random(2)
        began = time.monotonic()
        start(folder, output, small_template).communicate()
        duration = time.monotonic() - began
        for part in range(8):
            run = start(folder, output, small_template)
            time.sleep(duration * (part + chance.random()) / 8)
            run.kill()
            run.communicate()
            assert digest(output) == whole
        consolidate(folder, output, small_template)

        assert [path.name for path in output.parent.iterdir() if path.name.startswith(PREFIX)] == []

    def test_ctrl_c_ends_without_a_traceback(self, tmp_path: Path) -> None:
        """Pressed while a file is being read: here a pipe that stays open and says nothing, inside a folder of many."""
        script = (
            "import os, signal, sys, threading\n"
            "from workbook_tools.cli import main\n"
            "from workbook_tools import return_runs\n"
            "def busy(*_, **__):\n"
            "    os.kill(os.getpid(), signal.SIGINT)\n"
            "    threading.Event().wait(20)\n"
            "return_runs.read_files = busy\n"
            "main(sys.argv[1:])\n"
        )
        (tmp_path / "a.xlsx").write_bytes(b"1")
        output = tmp_path / "out" / "T.xlsx"
        command = [sys.executable, "-c", script, "consolidate", str(tmp_path / "a.xlsx"), "-o", str(output)]
        run = subprocess.run(command, capture_output=True, encoding="utf-8", env=dict(os.environ), check=False)

        assert run.returncode == 1
        assert "Đã dừng theo yêu cầu" in run.stderr
        assert "Traceback" not in run.stderr
        assert not output.exists()


class TestTwoRunsAtOnce:
    def test_into_the_same_output(self, folder: Path, small_template: Path) -> None:
        output = folder.parent / "out" / "T.xlsx"
        runs = [start(folder, output, small_template) for _ in range(2)]
        for run in runs:
            _, errors = run.communicate()
            assert "Traceback" not in errors
        written = digest(output)
        consolidate(folder, output, small_template)

        assert digest(output) == written
        assert [path for path in output.parent.iterdir() if not path.name.startswith(KEPT_PREFIX)] == [output]
