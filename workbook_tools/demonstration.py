"""The whole job on the shipped examples, one step a line."""

from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

from workbook_tools import pipeline
from workbook_tools.cells import Position
from workbook_tools.consolidated import Consolidation
from workbook_tools.example_returns import fill_form, read_figures
from workbook_tools.findings import Severity
from workbook_tools.form_writing import Identity
from workbook_tools.formulas import Figure
from workbook_tools.periods import parse_period
from workbook_tools.units import read_units

PERIOD = "2023"
REPORTS = {"kep-2023": "07399", "thang-2023": "07840"}
"""The two reports and the codes their towns had in 2023."""


def demonstrate(directory: Path) -> Iterator[str]:
    """Run all steps into a folder; yields what happened and, at the end, which files to open."""
    with as_file(files("workbook_tools.examples")) as examples:
        units = examples / "DonVi.xlsx"
        yield "1. Tạo biểu cho các đơn vị trong DonVi.xlsx, kỳ năm 2023"
        for path in pipeline.forms(directory / "bieu", units=units, period=PERIOD):
            yield f"   {path}"
        yield "2. Điền số liệu thật của hai báo cáo năm 2023 (thị trấn Kép, thị trấn Thắng)"
        returns = directory / "bao-cao"
        for path in fill_examples(examples, returns):
            yield f"   {path}"
        yield "3. Đọc và kiểm tra"
        checked = pipeline.check([returns], annotate=directory / "tra-lai")
        for severity, word in ((Severity.ERROR, "lỗi"), (Severity.WARNING, "cảnh báo"), (Severity.INFO, "thông tin")):
            yield f"   {sum(finding.severity is severity for finding in checked.findings)} {word}"
        for finding in checked.findings:
            if finding.severity is Severity.ERROR:
                yield f"   Lỗi {finding.place}: {finding.message()}"
        yield "4. Tổng hợp cho tỉnh Bắc Giang"
        total = directory / "TongHop.xlsx"
        result = pipeline.consolidate(
            [returns], total, units=units, period=PERIOD, findings_file=directory / "ket-qua-kiem-tra.json"
        )
        yield f"   {total}"
        yield from _files_to_open(directory, result)


def fill_examples(examples: Path, output: Path) -> list[Path]:
    """Write the returns of the two towns with the figures of their reports."""
    catalogue = pipeline.shipped_template().catalogue
    tree = read_units(examples / "DonVi.xlsx")
    written = []
    for name, code in REPORTS.items():
        unit = tree.unit(code)
        identity = Identity(unit.code, unit.name, parse_period(PERIOD), tree.level(code))
        path = output / f"{name}.xlsx"
        fill_form(catalogue, identity, read_figures(examples / "figures" / f"{name}.csv"), path)
        written.append(path)
    return written


def _files_to_open(directory: Path, result: Consolidation) -> Iterator[str]:
    total = directory / "TongHop.xlsx"
    yield "Mở bằng Excel, WPS hoặc LibreOffice:"
    yield f"   {directory / 'bieu'}: biểu trống gửi cho đơn vị"
    yield f"   {directory / 'bao-cao'}: hai báo cáo đã điền"
    yield f"   {directory / 'tra-lai'}: bản trả lại đơn vị, ô sai được tô màu, trang đầu “Cần sửa”"
    yield f"   {total}: bảng tổng hợp; xem “Trang đầu”, “Tổng hợp”, “Biểu đồ”, “Phân tích”, “Kiểm tra”, “Nguồn số liệu”"
    sheet, position = next(place for place in _headline_places(result))
    yield f"   truy nguồn một số: workbook-tools trace {total} \"'{sheet}'!{position.name}\""


def _headline_places(result: Consolidation) -> Iterator[tuple[str, Position]]:
    """Where the main targets stand of which all units have reported."""
    for indicator in result.catalogue.indicators.values():
        figure = Figure(indicator.code, "actual")
        support = result.support(figure)
        if indicator.headline and support.reported == support.expected and result.value(figure) is not None:
            yield result.layout.place(figure)
