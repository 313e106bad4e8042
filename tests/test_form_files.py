"""Names of the files of forms: safe everywhere, never two the same, and nothing filled in is overwritten."""

from pathlib import Path

import openpyxl
import pytest

from workbook_tools import pipeline
from workbook_tools.errors import WorkbookWriteError
from workbook_tools.form_files import LONGEST, distinct, file_name
from workbook_tools.form_writing import Identity

ALLOWED = set("abcdefghijklmnopqrstuvwxyz0123456789-.")


class TestFileName:
    @pytest.mark.parametrize(
        ("code", "name", "expected"),
        [
            ("07399", "Thị trấn Kép", "07399-thi-tran-kep.xlsx"),
            ("CON", "", "bieu-mau-con.xlsx"),
            ("nul", "", "bieu-mau-nul.xlsx"),
            ("", "COM1", "bieu-mau-com1.xlsx"),
            ("", "", "bieu-mau.xlsx"),
            ("1", "A.. ", "1-a.xlsx"),
            ("1", 'a:*?"<>|\\/b', "1-a-b.xlsx"),
            ("../../etc", "passwd", "etc-passwd.xlsx"),
            ("1", "Đắk Lắk\u202e\x00\n", "1-dak-lak.xlsx"),
        ],
    )
    def test_is_safe_on_every_system(self, code: str, name: str, expected: str) -> None:
        assert file_name(Identity(code, name)) == expected

    def test_is_never_too_long(self) -> None:
        name = file_name(Identity("07399", "Xã " * 200), "agriculture")

        assert len(name) <= LONGEST + len("-.xlsx")
        assert name.endswith("-agriculture.xlsx")
        assert set(name) <= ALLOWED


class TestDistinct:
    def test_of_3321_units_no_two_share_a_file(self) -> None:
        """Names that differ only in what is left out, or in capitals, are one name on Windows."""
        codes = [f"{number // 3:05}" + ("", ".", " ")[number % 3] for number in range(3321)]
        names = list(distinct(file_name(Identity(code, "Xã Tân Tiến")) for code in codes))

        assert len({name.casefold() for name in names}) == 3321

    def test_a_number_that_is_taken_is_left_out(self) -> None:
        assert list(distinct(["A.xlsx", "a-2.xlsx", "a.xlsx"])) == ["A.xlsx", "a-2.xlsx", "a-3.xlsx"]


class TestOverwriting:
    def test_a_form_that_somebody_saved_stays(self, tmp_path: Path, small_template: Path) -> None:
        [path] = pipeline.forms(tmp_path, template=small_template)
        workbook = openpyxl.load_workbook(path)
        workbook.worksheets[0]["H1"] = "đã điền"
        workbook.save(path)
        before = path.read_bytes()

        with pytest.raises(WorkbookWriteError, match="có thể đã điền số liệu"):
            pipeline.forms(tmp_path, template=small_template)
        assert path.read_bytes() == before

    def test_a_form_as_it_was_written_is_written_again(self, tmp_path: Path, small_template: Path) -> None:
        first = pipeline.forms(tmp_path, template=small_template)

        assert pipeline.forms(tmp_path, template=small_template) == first
