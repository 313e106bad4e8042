"""A folder of returns as it comes in, with made-up figures (dữ liệu giả lập): all is true, then one thing is not.

Forms are made, filled in Excel's format, checked and added up through the command line, as the office does it.
"""

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from tests.small_template import write_small_template
from workbook_tools.cells import FigureName
from workbook_tools.cli import main
from workbook_tools.form_layout import CHECK_SHEET, lay_out
from workbook_tools.pipeline import catalogue_of, forms
from workbook_tools.unit_list_writing import write_unit_list
from workbook_tools.unit_tree import Unit

UNITS = tuple(f"X{number:02}" for number in range(1, 11))
SIZES = dict(zip(UNITS, (4, 8, 12, 8, 4, 16, 8, 12, 8, 12), strict=True))
"""How large each unit is; one is four times another."""

PERIODS = {"2022": (95, "2022"), "2023-H1": (50, ""), "2023-9M": (75, ""), "2023": (100, "2022")}
"""What part of a year's figures a period has, and the period whose figures its form knows as last year's."""

Filled = Mapping[str, float | str]
Told = dict[str, Any]
"""A finding as JSON."""


def figures(unit: str, period: str) -> dict[str, float | str]:
    """What a unit reports: relations true, last year's figures those of last year's return."""
    size, (part, last) = SIZES[unit], PERIODS[period]
    whole: dict[str, float | str] = {
        "people.male": 240 * size, "people.female": 260 * size, "people.total": 500 * size, "people.poor": 10 * size,
        "farms.area": size * part / 4, "farms.output": size * part * 1.25, "farms.funds": size * part * 2.5,
    }  # fmt: skip
    if not last:
        return whole
    before = PERIODS["2022"][0] if period == "2023" else 90
    prior = {"farms.area": size * before / 4, "farms.output": size * before * 1.25, "farms.funds": size * before * 2.5}
    return {**whole, **{f"{code}@prior": value for code, value in prior.items()}}


class Folder:
    """Forms of all units for all periods, filled; ``type`` changes cells as an official would."""

    def __init__(self, place: Path, template: Path) -> None:
        self.place, self.template = place, template
        layout = lay_out(catalogue_of(template), level="xã")
        self.slots = {slot.name: (slot.sheet, slot.position.name) for slot in layout.slots()}

    def path(self, unit: str, period: str) -> Path:
        [path] = (self.place / period).glob(f"{unit.lower()}-*.xlsx")
        return path

    def where(self, key: str) -> tuple[str, str]:
        """Sheet and cell of ``area``, ``area@plan`` or ``area@note``."""
        code, _, measure = key.partition("@")
        sheet, cell = self.slots[FigureName(code, "actual" if measure == "note" else measure or "actual")]
        return sheet, f"L{cell[1:]}" if measure == "note" else cell

    def type(self, unit: str, period: str, typed: Filled) -> None:
        path = self.path(unit, period)
        book = openpyxl.load_workbook(path)
        for key, value in typed.items():
            sheet, cell = self.where(key)
            book[sheet][cell] = value
        book.save(path)

    def copy(self, place: Path) -> "Folder":
        shutil.copytree(self.place, place)
        return Folder(place, self.template)

    def check(self, *periods: str) -> list[Told]:
        """The findings of ``check``."""
        folders = [str(self.place / period) for period in periods]
        result = CliRunner().invoke(main, ["check", *folders, "--template", str(self.template), "--format", "json"])
        return list(json.loads(result.stdout)["findings"])

    def consolidate(self, *options: str) -> list[Told]:
        """The findings of ``consolidate`` for 2023."""
        found = self.place / "ket-qua.json"
        arguments = ["consolidate", str(self.place / "2023"), "-o", str(self.place / "TongHop.xlsx")]
        arguments += ["--units", str(self.place / "DonVi.xlsx"), "--period", "2023", "--template", str(self.template)]
        CliRunner().invoke(main, [*arguments, "--findings", str(found), *options])
        return list(json.loads(found.read_text("utf-8"))["findings"])


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """All relations are true."""
    place = tmp_path_factory.mktemp("folder")
    template = write_small_template(place / "BieuMau.xlsx")
    book = openpyxl.load_workbook(template)
    book[CHECK_SHEET].append(
        ("farms.poor_with_funds", 3, "Có vốn mà vẫn còn trên 400 người nghèo.",
         "=OR('02 Nông nghiệp'!G35=0,'01 Dân số'!G14<=400)", "Cảnh báo", "Xem lại hai số.", "đơn vị; tổng")
    )  # fmt: skip
    book.save(template)
    units = [Unit("H", "Huyện Giả Lập", "huyện"), *(Unit(code, f"Xã Giả Lập {code}", "xã", "H") for code in UNITS)]
    write_unit_list(place / "DonVi.xlsx", "DANH SÁCH ĐƠN VỊ (dữ liệu giả lập)", units, ())
    folder = Folder(place, template)
    for period in PERIODS:
        forms(place / period, units=place / "DonVi.xlsx", period=period, template=template)
        (place / period / "DanhSachBieu.xlsx").unlink(missing_ok=True)
        for unit in UNITS:
            folder.type(unit, period, figures(unit, period))
    return folder


@pytest.fixture
def folder(clean: Folder, tmp_path: Path) -> Folder:
    """A copy in which something may be planted."""
    return clean.copy(tmp_path / "folder")


def told(findings: Iterable[Told], code: str) -> list[tuple[str, str, str]]:
    """Unit, sheet and cell of the findings of a kind."""
    return [
        (one["file"].rpartition("/")[2][:3].upper(), one["sheet"], one["cell"])
        for one in findings
        if one["code"] == code
    ]


def notable(findings: Iterable[Told]) -> list[str]:
    return [f"{one['code']} {one['file']} {one['cell']}" for one in findings if one["severity"] != "info"]


class TestCleanFolder:
    def test_has_nothing_to_tell(self, clean: Folder) -> None:
        assert notable(clean.check(*PERIODS)) == []

    def test_adds_up_without_a_word_but_of_the_rule_for_totals(self, folder: Folder) -> None:
        """All units have few poor; together they have many, which the rule of this template is not about."""
        assert {one["code"] for one in folder.consolidate("--prior", str(folder.place / "2022"))} <= {
            "rule.failed_for_total"
        }


class TestPlanted:
    @pytest.mark.parametrize("times", [10, 1000])
    def test_an_outlier_among_siblings(self, folder: Folder, times: int) -> None:
        """Without plan and last year only the other units show it, by the size of the unit."""
        alone: Filled = {"farms.funds@prior": "", "farms.funds": SIZES["X03"] * 250 * times}
        folder.type("X03", "2023", alone)
        found = folder.check("2023")
        [one] = [finding for finding in found if finding["code"] == "rule.unlike_siblings"]

        assert told(found, "rule.unlike_siblings") == [("X03", *folder.where("farms.funds"))]
        assert one["expected"] == SIZES["X03"] * 250
        assert "khác hẳn 9 đơn vị cùng cấp" in one["message"]
        assert [finding for finding in found if finding["severity"] == "error"] == []

    def test_cumulative_figures_that_fall(self, folder: Folder) -> None:
        folder.type("X02", "2023-9M", {"farms.area": 90})
        folder.type("X04", "2023", {"farms.funds": 1400})
        found = folder.check(*PERIODS)

        assert told(found, "period.cumulative_falls") == [
            ("X02", *folder.where("farms.area")), ("X04", *folder.where("farms.funds")),
        ]  # fmt: skip
        assert "6 tháng đầu năm 2023 đã báo cáo là 100" in found[0]["message"]

    def test_last_year_as_reported_now(self, folder: Folder) -> None:
        folder.type("X05", "2023", {"farms.area@prior": 98})
        place = ("X05", *folder.where("farms.area@prior"))

        assert told(folder.check("2022", "2023"), "period.prior_differs") == [place]
        assert told(folder.consolidate("--prior", str(folder.place / "2022")), "period.prior_differs") == [place]
        assert told(folder.consolidate(), "period.prior_differs") == []

    def test_a_rule_that_only_the_total_breaks(self, folder: Folder) -> None:
        assert told(folder.check("2023"), "rule.failed") == []
        [one] = [finding for finding in folder.consolidate() if finding["code"] == "rule.failed_for_total"]

        assert one["message"] == "Số tổng hợp của “Huyện Giả Lập”: Có vốn mà vẫn còn trên 400 người nghèo."

    def test_the_units_own_figure_beside_the_sum_of_its_units(self, folder: Folder) -> None:
        write_unit_list(folder.place / "H.xlsx", "DANH SÁCH", [Unit("H", "Huyện Giả Lập", "xã")], ())
        [path] = forms(folder.place / "H", units=folder.place / "H.xlsx", period="2023", template=folder.template)
        path.rename(folder.place / "2023" / "h00-huyen.xlsx")
        total = 500 * sum(SIZES.values())
        folder.type("h00", "2023", {"people.total": total + 10, "people.poor": 10 * sum(SIZES.values())})
        own = {
            one["indicator"]: one["message"]
            for one in folder.consolidate()
            if one["code"] == "consolidation.own_figure_ignored"
        }

        assert own.keys() == {"people.total", "people.poor_rate"}
        assert "là 46.010, khác tổng các đơn vị trực thuộc là 46.000" in own["people.total"]

    def test_a_growth_that_differs_from_its_two_figures(self, folder: Folder) -> None:
        """From 95 to 100 is 5,3 %."""
        folder.type("X06", "2023", {"farms.area@growth": 9.1, "farms.funds@note": "tăng 5,3 % so với cùng kỳ"})
        folder.type("X07", "2023", {"farms.funds@note": "Tăng 9,1% so với năm trước, do có vốn hỗ trợ"})
        found = folder.check("2023")

        assert told(found, "rule.formula_typed_over") == [("X06", *folder.where("farms.area@growth"))]
        assert told(found, "rule.note_differs") == [("X07", *folder.where("farms.funds@note"))]


class TestOffices:
    """One file for each field of a unit."""

    @pytest.fixture
    def offices(self, clean: Folder, tmp_path: Path) -> Folder:
        place = tmp_path / "offices"
        write_unit_list(place / "DonVi.xlsx", "DANH SÁCH", [Unit("X01", "Xã Giả Lập X01", "xã")], ())
        forms(place / "2023", units=place / "DonVi.xlsx", period="2023", by_field=True, template=clean.template)
        (place / "2023" / "DanhSachBieu.xlsx").unlink(missing_ok=True)
        (place / "2023" / "x01-xa-gia-lap-x01-people.xlsx").rename(place / "2023" / "p01-people.xlsx")
        folder = Folder(place, clean.template)
        folder.type("p01", "2023", {"people.total": 2000, "people.male": 960, "people.female": 1040})
        folder.type("X01", "2023", {"farms.area": 100, "farms.output": 500})
        return folder

    def test_that_agree(self, offices: Folder) -> None:
        offices.type("X01", "2023", {"farms.people_per_hectare": 20})

        assert notable(offices.check("2023")) == []

    def test_that_say_different_things_of_one_fact(self, offices: Folder) -> None:
        offices.type("X01", "2023", {"farms.people_per_hectare": 25})
        found = offices.check("2023")
        [one] = [finding for finding in found if finding["code"] == "rule.offices_differ"]

        assert (one["severity"], one["cell"], one["expected"]) == (
            "error",
            offices.where("farms.people_per_hectare")[1],
            20,
        )
        assert "[p01-people.xlsx]'01 Dân số'!G10" in one["message"]

    def test_that_break_a_rule_together(self, offices: Folder) -> None:
        """Neither file has both figures."""
        offices.type("p01", "2023", {"people.poor": 450})
        offices.type("X01", "2023", {"farms.funds": 5})

        assert [one["rule"] for one in offices.check("2023") if one["code"] == "rule.failed"] == [
            "farms.poor_with_funds"
        ]
