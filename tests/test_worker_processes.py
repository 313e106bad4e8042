"""Work in several processes: what brings one down costs its own piece of work alone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workbook_tools.worker_processes import Lost, run_all


def square(number: int) -> int:
    return number * number


def behave(word: str) -> str:
    """Does what its name says."""
    match word:
        case "die":
            os._exit(7)
        case "crash":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(600)
        case "fail":
            raise ValueError("no such luck")
    return word


def count_up(path: Path) -> str:
    """Dies at the first try, succeeds at the second."""
    if path.exists():
        return "second"
    path.touch()
    os._exit(1)


class TestRunAll:
    @pytest.mark.parametrize("jobs", [0, 1, 3])
    def test_results_come_in_the_order_of_the_items(self, jobs: int) -> None:
        assert run_all(square, range(20), jobs) == [number * number for number in range(20)]

    def test_nothing_to_do(self) -> None:
        assert run_all(square, [], 2) == []

    @pytest.mark.parametrize("bad", ["die", "crash"])
    def test_a_process_that_dies_costs_its_own_item(self, bad: str) -> None:
        *before, lost, after = run_all(behave, ["a", "b", "c", bad, "d"], 2)

        assert before == ["a", "b", "c"]
        assert isinstance(lost, Lost)
        assert not lost.too_slow
        assert after == "d"

    def test_what_hangs_is_ended(self) -> None:
        started = time.monotonic()
        results = run_all(behave, ["a", "hang", "b", "hang", "c"], 2, limit=0.5)

        assert [one.too_slow if isinstance(one, Lost) else one for one in results] == ["a", True, "b", True, "c"]
        assert time.monotonic() - started < 30

    def test_an_item_whose_process_died_gets_a_second_try(self, tmp_path: Path) -> None:
        assert run_all(count_up, [tmp_path / "tried"], 2) == ["second"]

    @pytest.mark.parametrize("jobs", [1, 2])
    def test_an_exception_is_raised_where_the_work_was_asked_for(self, jobs: int) -> None:
        with pytest.raises(ValueError, match="no such luck"):
            run_all(behave, ["a", "fail"], jobs)


class TestKilled:
    @pytest.mark.skipif(sys.platform == "win32", reason="asks the kernel for the children of a process")
    def test_no_process_outlives_the_one_that_asked(self, tmp_path: Path) -> None:
        """Killed with -9, the asking process can end nobody; the others notice that nobody asks any more."""
        script = (
            "import os, time, pathlib\n"
            "from workbook_tools.worker_processes import run_all\n"
            "def note(place):\n"
            f"    pathlib.Path({str(tmp_path)!r}, str(os.getpid())).touch()\n"
            "    time.sleep(0.2)\n"
            "run_all(note, range(1000), 3)\n"
        )
        asking = subprocess.Popen([sys.executable, "-c", script])
        deadline = time.monotonic() + 30
        while len(list(tmp_path.iterdir())) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        asking.kill()
        asking.wait()
        workers = [int(path.name) for path in tmp_path.iterdir()]
        while any(map(is_running, workers)) and time.monotonic() < deadline:
            time.sleep(0.05)

        assert len(workers) == 3
        assert not any(map(is_running, workers))


def is_running(process: int) -> bool:
    """Whether a process still does something; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
