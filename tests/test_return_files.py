"""One bad file costs that file, never its neighbours."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.forms import FILL, write_filled
from workbook_tools import form_reading
from workbook_tools.catalogue import Catalogue
from workbook_tools.observations import REFUSED, Return
from workbook_tools.received_files import received_files
from workbook_tools.return_files import RAISE, read_files

NAMES = ["a.xlsx", "bad.xlsx", "c.xlsx"]


@pytest.fixture
def folder(tmp_path: Path, small: Catalogue) -> Path:
    for name in NAMES:
        write_filled(tmp_path / name, small, FILL)
    return tmp_path


def read(folder: Path, template: Path, jobs: int = 2, limit: float = 60) -> tuple[Return, ...]:
    return read_files(received_files([folder]).files, template, jobs, limit=limit)


def make_bad(monkeypatch: pytest.MonkeyPatch, misfortune: object) -> None:
    """The reader meets with a misfortune at the bad file; processes that are copies of this one do so too."""
    honest = form_reading.read_return

    def unlucky(path: Path, catalogue: Catalogue) -> Return:
        if path.name == "bad.xlsx":
            misfortune()  # type: ignore[operator]
        return honest(path, catalogue)

    monkeypatch.setattr("workbook_tools.return_files.read_return", unlucky)
    monkeypatch.delenv(RAISE, raising=False)


def assert_only_the_bad_one_is_refused(returns: tuple[Return, ...], code: str) -> None:
    assert [one.file for one in returns] == NAMES
    assert [one.status == REFUSED for one in returns] == [False, True, False]
    [finding] = returns[1].findings
    assert (finding.code, finding.severity, finding.file) == (code, "error", "bad.xlsx")


def out_of_memory() -> None:
    raise MemoryError


def unforeseen() -> None:
    raise ZeroDivisionError("bị chia cho 0\x1b[2J")


needs_copies = pytest.mark.skipif(not hasattr(os, "fork"), reason="what is patched here is patched there by copying")


class TestUnexpected:
    @pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=needs_copies)])
    @pytest.mark.parametrize("misfortune", [out_of_memory, unforeseen])
    def test_an_exception_becomes_a_finding(
        self, folder: Path, small_template: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, misfortune: object
    ) -> None:
        make_bad(monkeypatch, misfortune)

        assert_only_the_bad_one_is_refused(read(folder, small_template, jobs), "file.internal_error")

    def test_the_finding_names_file_and_exception(
        self, folder: Path, small_template: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_bad(monkeypatch, unforeseen)
        message = read(folder, small_template, jobs=1)[1].findings[0].message()

        assert "bad.xlsx" in message
        assert "ZeroDivisionError: bị chia cho 0\\x1b[2J" in message

    def test_developers_get_the_exception_itself(
        self, folder: Path, small_template: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_bad(monkeypatch, unforeseen)
        monkeypatch.setenv(RAISE, "1")

        with pytest.raises(ZeroDivisionError):
            read(folder, small_template)


@needs_copies
class TestProcesses:
    def test_one_that_dies(self, folder: Path, small_template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        make_bad(monkeypatch, lambda: os.kill(os.getpid(), signal.SIGKILL))

        assert_only_the_bad_one_is_refused(read(folder, small_template), "file.internal_error")

    def test_one_that_hangs(self, folder: Path, small_template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        make_bad(monkeypatch, lambda: time.sleep(600))

        assert_only_the_bad_one_is_refused(read(folder, small_template, limit=5), "file.too_slow")


class TestNamesakes:
    def test_every_number_keeps_its_own_file(self, tmp_path: Path, small: Catalogue, small_template: Path) -> None:
        """Two units call their returns the same; each stands in its own folder."""
        for unit in ("kep", "thang"):
            (tmp_path / unit).mkdir()
            write_filled(tmp_path / unit / "BaoCao.xlsx", small, FILL)
        returns = read(tmp_path, small_template)

        assert [one.file for one in returns] == ["kep/BaoCao.xlsx", "thang/BaoCao.xlsx"]
        for one in returns:
            assert {cell.observation.file for cell in one.cells} == {one.file}
            assert {finding.file for finding in one.findings} <= {one.file}
