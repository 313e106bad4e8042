"""Files stand whole under their name or not at all, whatever ends the run."""

import errno
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workbook_tools.errors import WorkbookWriteError
from workbook_tools.whole_files import PREFIX, SUFFIX, sweep, write_whole

SIZE = 3_000_000
WRITER = f"""
import pathlib, sys
from workbook_tools.whole_files import write_whole
path, letter = pathlib.Path(sys.argv[1]), sys.argv[2].encode()
print("ready", flush=True)
while True:
    write_whole(path, letter * {SIZE})
"""


def leftovers(folder: Path) -> list[Path]:
    return list(folder.glob(f"{PREFIX}*{SUFFIX}"))


class TestWriteWhole:
    def test_a_missing_folder_is_made(self, tmp_path: Path) -> None:
        write_whole(tmp_path / "a" / "b" / "T.xlsx", b"1")

        assert (tmp_path / "a" / "b" / "T.xlsx").read_bytes() == b"1"

    def test_the_former_file_is_replaced_and_nothing_else_is_left(self, tmp_path: Path) -> None:
        target = tmp_path / "T.xlsx"
        write_whole(target, b"old")
        write_whole(target, b"new")

        assert target.read_bytes() == b"new"
        assert list(tmp_path.iterdir()) == [target]

    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (errno.EACCES, "đang mở trong Excel"),
            (errno.EPERM, "đang mở trong Excel"),
            (errno.ENOSPC, "ổ đĩa đã đầy"),
            (errno.EROFS, "chỉ cho đọc"),
            (errno.EIO, "Input/output error"),
        ],
    )
    def test_a_failure_says_what_to_do_and_leaves_the_former_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
    ) -> None:
        """A file that is open in Excel on Windows cannot be replaced."""
        target = tmp_path / "T.xlsx"
        write_whole(target, b"old")

        def refuse(source: object, destination: object) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "replace", refuse)
        with pytest.raises(WorkbookWriteError, match=words) as caught:
            write_whole(target, b"new")

        assert "T.xlsx" in str(caught.value)
        assert "Cannot write" in caught.value.text("en")
        assert target.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [target]

    def test_a_file_where_a_folder_is_needed(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"1")

        with pytest.raises(WorkbookWriteError, match="phải là thư mục"):
            write_whole(tmp_path / "a" / "T.xlsx", b"1")

    def test_a_folder_where_the_file_should_be(self, tmp_path: Path) -> None:
        with pytest.raises(WorkbookWriteError, match="là một thư mục"):
            write_whole(tmp_path, b"1")

    def test_a_name_that_is_too_long(self, tmp_path: Path) -> None:
        with pytest.raises(WorkbookWriteError, match="quá dài"):
            write_whole(tmp_path / ("a" * 300), b"1")

    @pytest.mark.skipif(sys.platform == "win32", reason="limits of a process")
    def test_a_full_disk(self, tmp_path: Path) -> None:
        """The system refuses to write more than 100,000 bytes."""
        target = tmp_path / "T.xlsx"
        write_whole(target, b"old")
        script = (
            "import pathlib, resource, sys\n"
            "from workbook_tools.errors import WorkbookWriteError\n"
            "from workbook_tools.whole_files import write_whole\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
            "try:\n"
            "    write_whole(pathlib.Path(sys.argv[1]), bytes(200_000))\n"
            "except WorkbookWriteError as error:\n"
            "    sys.exit(str(error))\n"
        )
        run = subprocess.run([sys.executable, "-c", script, target], capture_output=True, encoding="utf-8", check=False)

        assert run.returncode == 1
        assert "ổ đĩa đã đầy" in run.stderr
        assert "Traceback" not in run.stderr
        assert target.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [target]


class TestKilled:
    def test_the_old_file_or_the_new_one_stands_there_whole(self, tmp_path: Path) -> None:
        """Killed 15 times while it writes; the next run leaves nothing of the killed ones."""
        target = tmp_path / "T.xlsx"
        write_whole(target, b"0" * SIZE)
        chance = random.Random(1)
        for letter in "abcdefghijklmno":
            writer = subprocess.Popen([sys.executable, "-c", WRITER, target, letter], stdout=subprocess.PIPE)
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(chance.uniform(0, 0.05))
            writer.kill()
            writer.wait()
            content = target.read_bytes()
            assert len(content) == SIZE
            assert len(set(content)) == 1
        sweep(tmp_path)

        assert list(tmp_path.iterdir()) == [target]

    def test_what_another_run_is_writing_is_not_swept_away(self, tmp_path: Path) -> None:
        """Two runs write the same file at once, a third sweeps all the time."""
        target = tmp_path / "T.xlsx"
        command = [sys.executable, "-c", WRITER, str(target)]
        writers = [subprocess.Popen([*command, letter], stderr=subprocess.PIPE) for letter in "ab"]
        deadline = time.monotonic() + 30
        while not target.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        contents = set()
        for _ in range(100):
            sweep(tmp_path)
            content = target.read_bytes()
            contents.add((len(content), *set(content)))
            time.sleep(0.005)
        still_running = [writer.poll() is None for writer in writers]
        for writer in writers:
            writer.kill()
            writer.communicate()

        assert contents <= {(SIZE, ord("a")), (SIZE, ord("b"))}
        assert still_running == [True, True]

    def test_a_file_of_somebody_else_stays(self, tmp_path: Path) -> None:
        other = tmp_path / "~$T.xlsx"
        other.touch()
        (tmp_path / f"{PREFIX}abc{SUFFIX}").touch()
        sweep(tmp_path)

        assert list(tmp_path.iterdir()) == [other]
