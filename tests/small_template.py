"""A small template for tests: two fields, indicators of every kind, one list; written with openpyxl."""

from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

COLUMNS = (
    "number", "label", "unit", "prior", "plan", "actual", "plan_ratio", "change", "growth", "next_plan", "note",
    "indent", "kind", "decimals", "aggregation", "flow", "direction", "headline", "levels", "relation", "choices",
    "minimum", "maximum", "required", "guidance",
)  # fmt: skip
HEADINGS = (
    "STT", "Chỉ tiêu", "ĐVT", "Thực hiện năm trước", "Kế hoạch năm", "Thực hiện (ước)", "TH/KH (%)", "So cùng kỳ",
)  # fmt: skip
Row = tuple[str, dict[str, str | int | float]]
"""A code (empty for a row that only carries a heading) and the facts of its row."""

PEOPLE: list[Row] = [
    ("people.total", {"number": 1, "label": "Dân số trung bình", "unit": "người", "kind": "count", "headline": "x",
                      "direction": "cao", "minimum": 0, "required": "x", "guidance": "Số người ngày 01/7."}),
    ("", {"label": "Chia ra:"}),
    ("people.male", {"number": "-", "label": "Nam", "unit": "người", "kind": "count", "indent": 1,
                     "relation": "chia ra people.total"}),
    ("people.female", {"number": "-", "label": "Nữ", "unit": "người", "kind": "count", "indent": 1,
                       "relation": "chia ra people.total"}),
    ("people.poor", {"number": 2, "label": "Số người thuộc hộ nghèo", "unit": "người", "kind": "count",
                     "direction": "thấp", "relation": "trong đó people.total"}),
    ("people.poor_rate", {"number": 3, "label": "Tỷ lệ người nghèo", "unit": "%", "kind": "percent", "decimals": 2,
                          "aggregation": "bình quân theo people.total", "direction": "thấp", "minimum": 0,
                          "maximum": 100,
                          "prior": '=IF(COUNT(E14,E10)=2,IFERROR(E14/E10*100,""),"")',
                          "actual": '=IF(COUNT(G14,G10)=2,IFERROR(G14/G10*100,""),"")'}),
    ("people.rank", {"number": 4, "label": "Xếp loại chính quyền", "kind": "choice", "choices": "Xếp loại",
                     "aggregation": "không", "plan": "x", "next_plan": "x", "change": "x"}),
    ("people.remark", {"number": 5, "label": "Nhận xét chung", "kind": "text", "aggregation": "ghép", "prior": "x",
                       "plan": "x", "next_plan": "x", "change": "x"}),
]  # fmt: skip
FARMS: list[Row] = [
    ("farms.area", {"number": 1, "label": "Diện tích lúa", "unit": "ha", "kind": "number", "decimals": 1,
                    "minimum": 0}),
    ("farms.output", {"number": 2, "label": "Sản lượng lúa", "unit": "tấn", "kind": "number", "decimals": 2}),
    ("farms.yield", {"number": 3, "label": "Năng suất lúa", "unit": "tạ/ha", "kind": "number", "decimals": 2,
                     "aggregation": "bình quân theo farms.area",
                     "actual": '=IF(COUNT(G10,G11)=2,IFERROR(G11/G10*10,""),"")'}),
    ("farms.people_per_hectare", {"number": 4, "label": "Số người trên một ha lúa", "unit": "người/ha",
                                  "kind": "number",
                                  "decimals": 1, "aggregation": "không", "plan": "x", "plan_ratio": "x",
                                  "next_plan": "x", "prior": "=IFERROR('01 Dân số'!E10/E10,\"\")",
                                  "actual": "=IFERROR('01 Dân số'!G10/G10,\"\")"}),
    ("farms.roads", {"number": 5, "label": "Số tuyến đường nội đồng", "unit": "tuyến", "kind": "count",
                     "levels": "xã", "actual": "=COUNTA(C25:C28)"}),
    ("farms.road_length", {"number": 6, "label": "Chiều dài đường nội đồng", "unit": "km", "kind": "number",
                           "levels": "xã", "decimals": 1, "actual": '=IF(COUNT(E25:E28)=0,"",SUM(E25:E28))'}),
]  # fmt: skip
MONEY: list[Row] = [
    ("farms.funds", {"number": 1, "label": "Vốn đầu tư", "unit": "triệu đồng", "kind": "money", "decimals": 1}),
]  # fmt: skip
LIST = (
    ("#list farms.road_list", "Bảng kê: đường nội đồng"),
    ("#columns", "number", "name", "state", "length", "finished"),
    ("#kind", None, "text", "choice", "number", "date"),
    ("#unit", None, None, None, "km", None),
    ("#decimals", None, 0, 0, 1, 0),
    ("#aggregation", None, "không", "không", "tổng", "không"),
    ("#choices", None, None, "Tình trạng", None, None),
    ("#heading", "STT", "Tên đường", "Tình trạng", "Chiều dài\n(km)", "Ngày xong"),
    ("farms.road_list#1", 1), ("farms.road_list#2", 2), ("farms.road_list#3", 3), ("farms.road_list#4", 4),
)  # fmt: skip
SETTINGS = {
    "title": "BỘ BIỂU THỬ", "form": "THU", "period_kind": "năm", "level": "xã", "parent_office": "ỦY BAN NHÂN DÂN",
    "office": "ỦY BAN NHÂN DÂN {unit}", "sign_left": "NGƯỜI LẬP BIỂU|(Ký, ghi rõ họ tên)",
    "sign_right": "TM. ỦY BAN NHÂN DÂN|CHỦ TỊCH|(Ký tên, đóng dấu)", "sign_date": "…, ngày … tháng … năm …",
    "heading.prior": "Thực hiện năm {last_year}", "heading.plan": "Kế hoạch năm {year}",
    "heading.actual": "Thực hiện (ước) {period}", "heading.next_plan": "Kế hoạch năm {next_year}",
    "assessment.above": "Vượt", "assessment.met": "Đạt", "assessment.below": "Chưa đạt",
    "synonyms.number": "STT; TT", "synonyms.label": "Chỉ tiêu; Nội dung", "synonyms.unit": "ĐVT; Đơn vị tính",
    "synonyms.prior": "Thực hiện năm trước; TH năm trước; Cùng kỳ",
    "synonyms.plan": "Kế hoạch; KH; Kế hoạch năm; KH năm",
    "synonyms.actual": "Thực hiện; TH; Ước thực hiện; ƯTH; Thực hiện (ước)", "synonyms.plan_ratio": "TH/KH; TH/KH (%)",
    "synonyms.change": "Tăng, giảm; +/-", "synonyms.growth": "Tốc độ (%)",
    "synonyms.next_plan": "Kế hoạch năm sau; KH năm sau",
    "synonyms.note": "Ghi chú",
}  # fmt: skip
COVER = {
    "unit_name": "Đơn vị báo cáo", "unit_code": "Mã đơn vị", "period": "Kỳ báo cáo", "prepared_by": "Người lập biểu",
    "phone": "Điện thoại",
}  # fmt: skip
CHOICES = (("Xếp loại", "Tình trạng"), ("Tốt", "Hoàn thành"), ("Khá", "Đang thi công"), ("Trung bình", None))
RULES = (
    ("#columns", "number", "message", "formula", "severity", "advice", "scope"),
    ("#heading", "STT", "Nội dung khi sai", "Công thức", "Mức độ", "Việc cần làm", "Áp dụng cho"),
    ("farms.yield_high", 1, "Năng suất lúa cao hơn 100 tạ/ha.", "='02 Nông nghiệp'!G12<=100", "Cảnh báo",
     "Kiểm tra đơn vị tính.", "đơn vị; tổng"),
    ("people.works", 2, "Có đường nhưng không có chiều dài.", "=OR('02 Nông nghiệp'!G14=0,'02 Nông nghiệp'!G15>0)",
     "Lỗi", "Điền chiều dài.", "đơn vị"),
)  # fmt: skip


def write_small_template(path: Path) -> Path:
    """Write the small template and give its path back."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    cover = workbook.create_sheet("Bìa")
    _put(cover, 1, ("#cover", SETTINGS["title"]))
    for row, (code, label) in enumerate(COVER.items(), 6):
        _put(cover, row, (code, None, label))
    _put(workbook.create_sheet("Hướng dẫn"), 1, ("#guide", "HƯỚNG DẪN"), (None, "1. Điền vào ô vàng."))
    people = workbook.create_sheet("01 Dân số")
    _field(people, "people", "DÂN SỐ VÀ LAO ĐỘNG")
    _block(people, 5, "people", "I. Dân số", PEOPLE)
    farms = workbook.create_sheet("02 Nông nghiệp")
    _field(farms, "farms", "NÔNG NGHIỆP, NÔNG THÔN")
    _block(farms, 5, "crops", "I. Trồng trọt", FARMS)
    _put(farms, 17, *LIST)
    _block(farms, 30, "money", "II. Vốn", MONEY)
    _put(workbook.create_sheet("Kiểm tra"), 1, ("#rules",), (None, "QUY TẮC"), (), *RULES)
    _put(workbook.create_sheet("Danh mục"), 1, ("#choices",), (), (), *((None, *names) for names in CHOICES))
    settings = ((key, "", text) for key, text in SETTINGS.items())
    _put(workbook.create_sheet("Cài đặt"), 1, ("#settings",), (None, "CÀI ĐẶT"), (), *settings)
    workbook.save(path)
    return path


def _put(sheet: Worksheet, row: int, *lines: tuple[str | int | float | None, ...]) -> None:
    for number, line in enumerate(lines, row):
        for column, value in enumerate(line, 1):
            if value is not None:
                sheet.cell(number, column, value)


def _field(sheet: Worksheet, code: str, title: str) -> None:
    _put(sheet, 1, (f"#field {code}",), (None, title))


def _block(sheet: Worksheet, row: int, code: str, title: str, rows: list[Row]) -> None:
    """Title, column codes, two rows of headings, column numbers, indicators."""
    upper = ("#heading", *HEADINGS, None, "Kế hoạch năm sau", "Ghi chú")
    lower = ("#heading", *(None,) * 7, "Tăng, giảm", "Tốc độ (%)")
    numbers = ("#heading", "A", "B", "C", "(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "D")
    _put(sheet, row, (f"#block {code}", title), ("#columns", *COLUMNS), upper, lower, numbers)
    for column in "BCDEFGHKL":
        sheet.merge_cells(f"{column}{row + 2}:{column}{row + 3}")
    sheet.merge_cells(f"I{row + 2}:J{row + 2}")
    for number, (indicator, facts) in enumerate(rows, row + 5):
        _indicator(sheet, number, indicator, facts)


def _indicator(sheet: Worksheet, row: int, code: str, facts: dict[str, str | int | float]) -> None:
    numeric = facts.get("kind") in ("count", "number", "money", "percent")
    ratios = {
        "plan_ratio": f'=IF(COUNT(F{row}:G{row})=2,IFERROR(G{row}/F{row}*100,""),"")',
        "change": f'=IF(COUNT(E{row},G{row})=2,G{row}-E{row},"")',
        "growth": f'=IF(COUNT(E{row},G{row})=2,IFERROR((G{row}/E{row}-1)*100,""),"")',
    }
    common: dict[str, str | int | float] = {"aggregation": "tổng", "flow": "kỳ", "levels": "thôn; xã", "decimals": 0}
    closed = dict.fromkeys(ratios, "x")
    every: dict[str, str | int | float] = {**common, **(ratios if numeric else closed), **facts} if code else facts
    _put(sheet, row, (code or "#group", *(every.get(column) for column in COLUMNS)))
