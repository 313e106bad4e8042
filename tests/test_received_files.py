"""Which files of a folder are read, and what is said of the others."""

import os
from pathlib import Path

import pytest

from workbook_tools.errors import UnknownPlaceError
from workbook_tools.received_files import Received, received_files


def touch(folder: Path, *names: str, content: bytes = b"1") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def names(received: Received) -> list[str]:
    return [file.name for file in received.files]


def told(received: Received) -> dict[str, tuple[str, str]]:
    """Code and severity by file."""
    return {finding.file: (finding.code, str(finding.severity)) for finding in received.findings}


class TestFolders:
    def test_workbooks_are_found_below_and_sorted(self, tmp_path: Path) -> None:
        touch(tmp_path, "b.xlsx", "a.XLSX", "xã/c.xls")

        received = received_files([tmp_path])

        assert names(received) == ["a.XLSX", "b.xlsx", "c.xls"]
        assert not received.findings

    @pytest.mark.parametrize(
        "name",
        [
            "~$a.xlsx", "._a.xlsx", ".~lock.a.xlsx#", ".DS_Store", "Thumbs.db", "desktop.ini", ".a.xlsx.icloud",
            "a.xlsx.crdownload", "a.xlsx.part", "a.tmp", "a.gsheet", "a.url", ".a.xlsx", "ghi-chu.json",
            "TongHop.nguon-so-lieu.parquet",
        ],
    )  # fmt: skip
    def test_what_is_no_workbook_is_named_and_passed_by(self, tmp_path: Path, name: str) -> None:
        touch(tmp_path, "a.xlsx", name)

        received = received_files([tmp_path])

        assert names(received) == ["a.xlsx"]
        assert told(received) == {name: ("file.passed_by", "info")}

    def test_an_empty_file_is_named_and_passed_by(self, tmp_path: Path) -> None:
        touch(tmp_path, "a.xlsx")
        touch(tmp_path, "b.xlsx", content=b"")

        received = received_files([tmp_path])

        assert names(received) == ["a.xlsx"]
        assert told(received) == {"b.xlsx": ("file.empty", "warning")}
        assert "0 byte" in received.findings[0].message()

    @pytest.mark.parametrize("name", ["a.pdf", "a.JPG", "a.docx", "a.zip", "a.rar", "a.msg", "a.eml"])
    def test_what_may_be_a_return_in_another_form_is_a_warning(self, tmp_path: Path, name: str) -> None:
        touch(tmp_path, "a.xlsx", name)

        assert told(received_files([tmp_path])) == {name: ("file.maybe_a_return", "warning")}

    def test_the_result_of_this_run_is_not_read(self, tmp_path: Path) -> None:
        touch(tmp_path, "a.xlsx", "TongHop.xlsx")

        received = received_files([tmp_path], outputs=[tmp_path / "TongHop.xlsx", tmp_path / "none.json"])

        assert names(received) == ["a.xlsx"]
        assert not received.findings, "the next run would say something else than the first"

    def test_a_folder_without_workbooks_beside_one_that_has_some(self, tmp_path: Path) -> None:
        touch(tmp_path, "a/a.xlsx")
        (tmp_path / "b").mkdir()

        received = received_files([tmp_path / "a", tmp_path / "b"])

        assert names(received) == ["a.xlsx"]
        assert [finding.code for finding in received.findings] == ["file.none_in_folder"]

    def test_nothing_to_read_at_all_names_what_is_there(self, tmp_path: Path) -> None:
        touch(tmp_path, "quét.pdf")

        with pytest.raises(UnknownPlaceError, match=r"không có tệp Excel nào\. Chỉ có: quét\.pdf"):
            received_files([tmp_path])


class TestFilesNamed:
    def test_whatever_the_ending(self, tmp_path: Path) -> None:
        touch(tmp_path, "a.dat", "~$b.xlsx")
        touch(tmp_path, "c.xlsx", content=b"")
        paths = [tmp_path / name for name in ("a.dat", "~$b.xlsx", "c.xlsx")]

        assert [file.path for file in received_files(paths).files] == paths

    def test_one_that_does_not_exist(self, tmp_path: Path) -> None:
        with pytest.raises(UnknownPlaceError, match="Không có tệp hoặc thư mục"):
            received_files([tmp_path / "a.xlsx"])

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "a.xlsx")

        received = received_files([tmp_path / "a.xlsx"])

        assert told(received) == {"a.xlsx": ("file.unreadable", "error")}


class TestOnce:
    def test_the_same_file_by_two_paths(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        touch(tmp_path, "a.xlsx")
        monkeypatch.chdir(tmp_path)

        received = received_files([Path("a.xlsx"), Path("./a.xlsx"), tmp_path / "a.xlsx", tmp_path])

        assert names(received) == ["a.xlsx"]
        assert {finding.code for finding in received.findings} == {"file.passed_by", "file.none_in_folder"}

    def test_a_hard_link(self, tmp_path: Path) -> None:
        touch(tmp_path, "a.xlsx")
        (tmp_path / "b.xlsx").hardlink_to(tmp_path / "a.xlsx")

        received = received_files([tmp_path])

        assert names(received) == ["a.xlsx"]
        assert told(received) == {"b.xlsx": ("file.passed_by", "info")}

    def test_links_in_a_folder_are_not_followed(self, tmp_path: Path) -> None:
        """A link may lead anywhere: to another office's folder, or back to this one without end."""
        touch(tmp_path, "in/a.xlsx", "out/b.xlsx")
        (tmp_path / "in" / "link.xlsx").symlink_to(tmp_path / "out" / "b.xlsx")
        (tmp_path / "in" / "folder").symlink_to(tmp_path / "out")
        (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
        (tmp_path / "in" / "dangling.xlsx").symlink_to(tmp_path / "none")

        received = received_files([tmp_path / "in"])

        assert names(received) == ["a.xlsx"]
        assert set(told(received)) == {"link.xlsx", "folder", "loop", "dangling.xlsx"}

    def test_a_link_that_was_named_is_read(self, tmp_path: Path) -> None:
        touch(tmp_path, "a.xlsx")
        (tmp_path / "link.xlsx").symlink_to(tmp_path / "a.xlsx")

        assert names(received_files([tmp_path / "link.xlsx"])) == ["link.xlsx"]


class TestNames:
    def test_namesakes_are_told_apart_by_their_folders(self, tmp_path: Path) -> None:
        touch(tmp_path, "kep/BaoCao.xlsx", "thang/baocao.xlsx", "thang/khac.xlsx")

        assert names(received_files([tmp_path])) == ["kep/BaoCao.xlsx", "thang/baocao.xlsx", "khac.xlsx"]

    def test_no_name_acts_on_a_terminal(self, tmp_path: Path) -> None:
        touch(tmp_path, "a\x1b[2J\n\u202exslx.xlsx", "\x1b]0;x\x07.pdf")

        received = received_files([tmp_path])

        assert names(received) == ["a\\x1b[2J\\n\\u202exslx.xlsx"]
        assert [finding.file for finding in received.findings] == ["\\x1b]0;x\\x07.pdf"]

    def test_a_name_that_is_no_text(self, tmp_path: Path) -> None:
        """Archives made on an old Windows unpack to names in another encoding."""
        path = os.fsdecode(os.fsencode(tmp_path) + b"/b\xe1o.xlsx")
        try:
            Path(path).write_bytes(b"1")
        except OSError:
            pytest.skip("this file system takes no such names")

        assert names(received_files([tmp_path])) == ["b\\udce1o.xlsx"]
