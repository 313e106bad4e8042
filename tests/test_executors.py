"""Returns may be read by any executor; the result is that of the usual processes."""

import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.forms import FILL, write_filled
from tests.helpers import digest
from workbook_tools import pipeline, return_files
from workbook_tools.catalogue import Catalogue
from workbook_tools.executors import ClusterError, cluster, run_on
from workbook_tools.received_files import ReceivedFile, received_files
from workbook_tools.return_files import read_files
from workbook_tools.worker_processes import Lost


@pytest.fixture
def folder(tmp_path: Path, small: Catalogue) -> Path:
    folder = tmp_path / "returns"
    folder.mkdir()
    for name in ("a.xlsx", "b.xlsx", "c.xlsx"):
        write_filled(folder / name, small, FILL)
    (folder / "bad.xlsx").write_bytes(b"PK no workbook")
    return folder


def square(number: int) -> int:
    if number == 3:
        raise ZeroDivisionError
    return number * number


def die(number: int) -> int:
    if number == 2:
        os._exit(1)
    return number


class Lazy(Executor):
    """Never does what it is given."""

    def submit(self, *_: object, **__: object) -> Future[Any]:
        return Future()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where a cluster of two workers, each with two threads, is to be found."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(2, threads_per_worker=2, dashboard_address=None) as local:
        yield local.scheduler_address


class TestRunOn:
    def test_results_in_the_order_of_the_items(self) -> None:
        told: list[int] = []
        with ThreadPoolExecutor(3) as executor:
            assert run_on(executor, abs, [-3, 2, -1], 60, told.append) == [3, 2, 1]
        assert sorted(told) == [1, 2, 3]

    def test_what_fails_is_lost_alone(self) -> None:
        with ThreadPoolExecutor(2) as executor:
            assert run_on(executor, square, [1, 2, 3, 4], 60) == [1, 4, Lost(too_slow=False), 16]

    def test_what_never_comes_is_given_up(self) -> None:
        assert run_on(Lazy(), abs, [1, 2], 0.05) == [Lost(too_slow=True)] * 2

    def test_a_pool_that_breaks(self) -> None:
        """Its other work is lost with it, and not waited for."""
        with ProcessPoolExecutor(1) as executor:
            results = run_on(executor, die, [1, 2, 3], 60)

        assert results[1] == Lost(too_slow=False)


class TestReading:
    def test_threads(self, folder: Path, small_template: Path) -> None:
        files = received_files([folder]).files
        with ThreadPoolExecutor(2) as executor:
            returns = read_files(files, small_template, 2, checked=True, executor=executor)

        assert returns == read_files(files, small_template, 1, checked=True)

    def test_what_is_lost_there_is_read_here(self, folder: Path, small_template: Path) -> None:
        files = received_files([folder]).files
        returns = read_files(files, small_template, 2, limit=1, checked=True, executor=Lazy())

        assert returns == read_files(files, small_template, 1, checked=True)

    def test_what_is_refused_there_is_read_here(
        self, folder: Path, small_template: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The other machine may not see the folder."""
        files = received_files([folder]).files
        expected = read_files(files, small_template, 1, checked=True)
        honest = return_files._read_there

        def blind(version: str, digest: bytes, template: Path, checked: bool, seen: Sequence[ReceivedFile]) -> object:
            nowhere = [replace(file, path=folder / "elsewhere" / file.path.name) for file in seen]
            return honest(version, digest, template, checked, nowhere)

        monkeypatch.setattr(return_files, "_read_there", blind)
        told: list[int] = []
        with ThreadPoolExecutor(1) as executor:
            returns = read_files(
                files, small_template, 1, checked=True, executor=executor, tell=lambda done, *_: told.append(done)
            )

        assert returns == expected
        assert told[-1] == len(files)

    def test_another_version_elsewhere_stops_the_run(
        self, folder: Path, small_template: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It might read otherwise."""
        versions = iter(["ours", "another"])
        monkeypatch.setattr(return_files, "reader_version", lambda: next(versions))
        with ThreadPoolExecutor(1) as executor, pytest.raises(ClusterError, match="phiên bản") as caught:
            read_files(received_files([folder]).files, small_template, executor=executor)

        assert "version" in caught.value.text("en")

    def test_progress_counts_every_file_once(self, folder: Path, small_template: Path) -> None:
        told: list[tuple[int, int, int]] = []
        returns = read_files(
            received_files([folder]).files, small_template, 2, tell=lambda *numbers: told.append(numbers)
        )

        assert [total for _, total, _ in told] == [4] * len(told)
        assert told[-1] == (4, 4, sum(len(one.findings) for one in returns))


class TestCluster:
    def test_gives_the_same_bytes(self, folder: Path, small_template: Path, tmp_path: Path, address: str) -> None:
        own, other = tmp_path / "own.xlsx", tmp_path / "other.xlsx"
        pipeline.consolidate([folder], own, template=small_template, jobs=2)
        with cluster(address) as executor:
            pipeline.consolidate([folder], other, template=small_template, executor=executor)

        assert digest(own) == digest(other)

    def test_where_none_answers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("distributed")
        monkeypatch.setattr("workbook_tools.executors.SECONDS_TO_CONNECT", 0.2)
        with pytest.raises(ClusterError, match="không kết nối được") as caught, cluster("tcp://127.0.0.1:1"):
            pass

        assert "no cluster answers" in caught.value.text("en")

    def test_without_the_extra(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "distributed", None)
        with (
            pytest.raises(ClusterError, match=r"pip install workbook-tools\[cluster\]") as caught,
            cluster("tcp://x:1"),
        ):
            pass

        assert "pip install workbook-tools[cluster]" in caught.value.text("en")
