"""What a file is, told by its content; what is no workbook is named to the official."""

import json
import zipfile
from pathlib import Path

import pytest

from tests import other_formats as make
from workbook_tools.errors import WorkbookReadError
from workbook_tools.excel_reading import READERS, read_workbook
from workbook_tools.file_kinds import WORKBOOK_ENDINGS, kind_of
from workbook_tools.findings import Finding


def message(path: Path) -> str:
    """What the official is told of a file that is no workbook."""
    with pytest.raises(WorkbookReadError) as caught:
        read_workbook(path)
    assert caught.value.code == "file.not_a_workbook"
    return Finding(caught.value.code, details={"file": path.name, **caught.value.details}).message()


def archive(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        for name in names:
            package.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "<x/>")
    return path


class TestOtherFiles:
    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (b"%PDF-1.7\n%\xe2\xe3", "tệp PDF"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "tệp ảnh"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "tệp ảnh"),
            (b"\0\0\0\x18ftypheic\0\0\0\0", "tệp ảnh"),
            (b"\0\0\0\x18ftypmp42\0\0\0\0", "tệp phim hoặc âm thanh"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "tệp ảnh"),
            (b"Rar!\x1a\x07\x01\0", "tệp nén .rar"),
            (b"7z\xbc\xaf\x27\x1c\0\4", "tệp nén"),
            (b"{\\rtf1\\ansi", "tệp Word"),
            (b'<?xml version="1.0"?><w:wordDocument xmlns:w="x"/>', "tệp Word"),
            (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "tệp ảnh"),
            (b'<?xml version="1.0"?><!-- x --><rss/>', "tệp XML khác"),
            (json.dumps({"a": [1, 2]}).encode(), "tệp JSON"),
            (b'{"url": "https://docs.google.com/open?id=1", "doc_id": "1"}', "đám mây"),
            (b"bplist00\xd1\1\2", "đám mây"),
            (b"[InternetShortcut]\r\nURL=file:///C:/x.xlsx\r\n", "lối tắt"),
            (b"L\0\0\0\x01\x14\x02\0\0\0", "lối tắt"),
            (b"From: a@example.org\r\nSubject: Bieu\r\n\r\n1;2\r\n", "thư điện tử"),
            (b"\x00\x05\x16\x07\0\2\0\0", "tệp phụ của máy Mac"),
            (b"\x09\4\6\0\0\4\x10\0\0\0", "tệp Excel trước năm 1995"),
            ("Kính gửi các xã\n".encode(), "tệp văn bản"),
            (b"\1\2\3\4\0\0\5", "tệp không rõ loại"),
        ],
    )
    def test_are_named(self, tmp_path: Path, data: bytes, name: str) -> None:
        """Whatever the file is called, the official learns what was sent."""
        (tmp_path / "bao-cao.xlsx").write_bytes(data)

        assert name in message(tmp_path / "bao-cao.xlsx")

    @pytest.mark.parametrize(
        ("names", "name"),
        [
            (("a.xlsx", "b.xlsx"), "tệp nén .zip"),
            (("[Content_Types].xml", "word/document.xml"), "tệp Word"),
            (("[Content_Types].xml", "ppt/presentation.xml"), "tệp PowerPoint"),
            (("Index/Document.iwa",), "Apple Numbers"),
            (("mimetype", "content.xml"), "OpenDocument không phải bảng tính"),
        ],
    )
    def test_that_are_packages_are_named(self, tmp_path: Path, names: tuple[str, ...], name: str) -> None:
        assert name in message(archive(tmp_path / "x.xlsx", *names))

    @pytest.mark.parametrize(
        ("stream", "name"),
        [
            ("WordDocument", "tệp Word"),
            ("PowerPoint Document", "tệp PowerPoint"),
            ("__substg1.0_0037001F", "thư điện tử"),
            ("Contents", "tệp Office cũ không phải bảng tính"),
        ],
    )
    def test_that_are_compound_files_are_named(self, tmp_path: Path, stream: str, name: str) -> None:
        (tmp_path / "x.xls").write_bytes(make.compound({"A": b"", stream: b"", "Z": b""}))

        assert name in message(tmp_path / "x.xls")

    def test_in_english_too(self, tmp_path: Path) -> None:
        (tmp_path / "x.xlsx").write_bytes(b"%PDF-1.7")
        with pytest.raises(WorkbookReadError) as caught:
            read_workbook(tmp_path / "x.xlsx")

        assert "a PDF document" in Finding(caught.value.code, details=caught.value.details).message("en")


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "file.empty"),
            (b"\0" * 5000, "file.damaged"),
            (b"PK\3\4 and then nothing", "file.damaged"),
            (make.compound({"EncryptedPackage": b"", "EncryptionInfo": b""}), "file.protected"),
            (make.compound({"Workbook": b""})[:600], "file.damaged"),
            (make.compound({"Workbook": b""}), "file.damaged"),
        ],
    )
    def test_say_what_can_be_done(self, tmp_path: Path, data: bytes, code: str) -> None:
        """Nothing there, never downloaded, cut off, locked: four different things to do."""
        (tmp_path / "x.xlsx").write_bytes(data)
        with pytest.raises(WorkbookReadError) as caught:
            read_workbook(tmp_path / "x.xlsx")

        assert caught.value.code == code

    def test_of_a_circle_of_sectors_come_soon(self, tmp_path: Path) -> None:
        """A compound file whose chains never end."""
        data = bytearray(make.compound({"Workbook": b"x" * 9000}))
        data[-512:] = b"\0\0\0\0" * 128
        (tmp_path / "x.xls").write_bytes(data)
        with pytest.raises(WorkbookReadError):
            read_workbook(tmp_path / "x.xls")


class TestEndings:
    def test_belong_to_kinds_that_are_read(self) -> None:
        """What is looked for in a folder can be read."""
        assert {ending for kind in READERS for ending in kind.endings} - {".txt"} == WORKBOOK_ENDINGS

    def test_of_a_right_name_are_not_told(self, tmp_path: Path) -> None:
        """Only an ending of another kind is worth a word."""
        (tmp_path / "x.CSV").write_bytes(b"a;b\n1;2\n")
        (tmp_path / "no_ending").write_bytes(b"a;b\n1;2\n")

        for name in ("x.CSV", "no_ending"):
            assert [note.code for note in read_workbook(tmp_path / name).notes] == ["file.shown_only"]

    def test_do_not_decide(self, tmp_path: Path) -> None:
        """A table called an image is a table."""
        (tmp_path / "x.png").write_bytes(b"a;b\n1;2\n")

        assert kind_of(tmp_path / "x.png") in READERS
