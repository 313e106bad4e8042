"""What lies among returns without being one is named and passed by; a return is never taken for it."""

from pathlib import Path

import openpyxl
import pytest

from tests.helpers import workbook_from_text
from workbook_tools.bystanders import BLANK_FORM, INDEX, UNIT_LIST
from workbook_tools.catalogue import Catalogue
from workbook_tools.form_index import write_index
from workbook_tools.form_reading import read_return, read_thoroughly
from workbook_tools.observations import REFUSED, Return
from workbook_tools.return_files import shipped_template, template_bytes
from workbook_tools.unit_list_writing import write_unit_list
from workbook_tools.unit_tree import Unit


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return shipped_template().catalogue


def told(returned: Return) -> list[tuple[str, object]]:
    return [(one.code, one.details.get("reason")) for one in returned.findings]


class TestUnitList:
    def test_of_ours(self, shipped: Catalogue, tmp_path: Path) -> None:
        """Under whatever name it lies there."""
        path = tmp_path / "ds 2025.xlsx"
        write_unit_list(path, "DANH SÁCH ĐƠN VỊ (dữ liệu giả lập)", [Unit("X01", "Xã Giả Lập", "xã")], ())
        returned = read_return(path, shipped)

        assert (returned.status, told(returned)) == (REFUSED, [("file.passed_by", UNIT_LIST)])

    @pytest.mark.parametrize(
        ("table", "reason"),
        [
            ("STT | Mã | Tên | Cấp | Trực thuộc\n1 | X01 | Xã A | xã | H\n2 | X02 | Xã B | xã | H", "file.passed_by"),
            (
                "Mã | Tên | Cấp | Trực thuộc | Dân số\nX1 | Xã A | xã | H | 5210\nX2 | Xã B | xã | H | 9",
                "file.no_form",
            ),
            ("Mã | Tên | Dân số\nX01 | Xã A | 5210", "file.no_form"),
        ],
    )
    def test_typed_by_hand(self, shipped: Catalogue, tmp_path: Path, table: str, reason: str) -> None:
        """With numbered rows; with figures of the units it may be somebody's return."""
        returned = read_return(workbook_from_text(tmp_path / "x.xlsx", {"S": table}), shipped)

        assert [code for code, _ in told(returned)] == [reason]


class TestIndex:
    def test_renamed(self, shipped: Catalogue, tmp_path: Path) -> None:
        write_index(tmp_path / "x.xlsx", shipped, [])

        assert told(read_return(tmp_path / "x.xlsx", shipped)) == [("file.passed_by", INDEX)]


class TestBlankForm:
    @pytest.mark.parametrize("read", [read_return, read_thoroughly])
    def test_of_the_template(self, shipped: Catalogue, tmp_path: Path, read: object) -> None:
        path = tmp_path / "BieuMau (1).xlsx"
        path.write_bytes(template_bytes(None))
        returned = read_return(path, shipped) if read is read_return else read_thoroughly(path, shipped)

        assert (returned.status, told(returned)) == (REFUSED, [("file.passed_by", BLANK_FORM)])

    def test_with_one_figure(self, shipped: Catalogue, tmp_path: Path) -> None:
        """It is a return, though nobody knows whose."""
        path = tmp_path / "x.xlsx"
        path.write_bytes(template_bytes(None))
        workbook = openpyxl.load_workbook(path)
        blank = read_thoroughly(path, shipped)
        sheet = workbook[shipped.fields[1].sheet]
        codes = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
        row = next(
            codes[one.code] for one in shipped.fields[1].indicators if one.code in codes and "actual" in one.cells
        )
        heads = [one for one in range(1, row) if sheet.cell(one, 1).value == "#columns"]
        column = next(one for one in range(1, 30) if sheet.cell(heads[-1], one).value == "actual")
        sheet.cell(row, column).value = 12
        workbook.save(path)
        returned = read_thoroughly(path, shipped)

        assert blank.status == REFUSED
        assert (returned.status != REFUSED, returned.taken) == (True, 1)
        assert "unit.missing" in {one.code for one in returned.findings}
