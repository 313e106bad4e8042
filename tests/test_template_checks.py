"""The lint of the template: a small sound template, one fault put into it at a time."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.helpers import workbook_from_text
from workbook_tools.findings import Finding, Severity
from workbook_tools.messages import MESSAGES
from workbook_tools.periods import Calendar, PeriodKind
from workbook_tools.template_checks import CHECKS, SETTINGS, check_template
from workbook_tools.template_reading import read_template

SHIPPED = Path(__file__).parents[1] / "templates" / "BieuMau.xlsx"

# Columns: B number, C label, D unit, E prior, F plan, G actual, H plan_ratio, I change, J growth, K next_plan, L note,
# M kind, N aggregation, O flow, P direction, Q headline, R levels, S relation, T choices, U minimum, V maximum.
CODES = (
    "#columns|number|label|unit|prior|plan|actual|plan_ratio|change|growth|next_plan|note"
    "|kind|aggregation|flow|direction|headline|levels|relation|choices|minimum|maximum"
)
HEADING = "#heading|STT|Chỉ tiêu|ĐVT|Năm trước|Kế hoạch|Thực hiện|TH/KH (%)|Tăng, giảm|Tốc độ (%)|Năm sau|Ghi chú"
INPUT = "|" * 9
PEOPLE = f"""
#field population
|DÂN SỐ

#block people|I. Dân số
{CODES}
{HEADING}
population.total|1|Dân số|người{INPUT}count|tổng|thời điểm|cao|x|thôn; xã||||
#group||Trong đó:
population.female|1.1|Nữ|người{INPUT}count|tổng|thời điểm|||thôn; xã|trong đó population.total|||
population.rate|2|Tỷ lệ nữ|%||||=IFERROR(G10/F10,"")|||||percent|bình quân theo population.total|kỳ|||thôn; xã|||0|100
population.rank|3|Xếp loại||||||||||choice|không|kỳ|||xã||Loại||
"""
FARMS = f"""
#field agri
|NÔNG NGHIỆP

#block crops|I. Lúa
{CODES}
{HEADING}
agri.area|1|Diện tích|ha{INPUT}number|tổng|kỳ|||xã||||
agri.spring|1.1|Vụ Xuân|ha{INPUT}number|tổng|kỳ|||xã|chia ra agri.area|||
agri.density|2|Số người trên 1 ha|người/ha|||=IFERROR('01 Dân số'!G7/G7,"")||||||number|không|kỳ|||xã||||
agri.works|3|Chiều dài công trình|m|||=SUM(E18:E19)||||||number|tổng|kỳ|||xã||||

#list agri.list|Bảng kê công trình
#columns|number|name|season|length
#heading|STT|Tên|Vụ|Chiều dài
#kind||text|choice|number
#aggregation||không|không|tổng
#choices|||Vụ|
agri.list#1
agri.list#2
"""
RULES = """
#rules

#columns|number|message|formula|severity|advice|scope
people.women|1|Nữ nhiều hơn dân số.|='01 Dân số'!G9<='01 Dân số'!G7|Lỗi|Kiểm tra lại.|đơn vị; tổng
"""
CHOICES = """
#choices


|Loại|Vụ
|A|Xuân
|B|Mùa
"""
PREFIXES = {"people": "01", "farms": "02", "rules": "Kiểm", "choices": "Danh", "settings": "Cài"}
"""How the tests below call the sheets."""


def small_template() -> dict[str, str]:
    values = {key: key for key in SETTINGS} | {"period_kind": "năm", "level": "xã"}
    settings = "#settings\n\n\n" + "\n".join(f"{key}||{value}" for key, value in values.items())
    return {
        "Bìa": "#cover\n\n\nunit_name||Đơn vị",
        "Hướng dẫn": "#guide\n|Ghi số vào ô.",
        "01 Dân số": PEOPLE,
        "02 Nông nghiệp": FARMS,
        "Kiểm tra": RULES,
        "Danh mục": CHOICES,
        "Cài đặt": settings,
    }


Check = Callable[..., list[Finding]]


@pytest.fixture
def findings(tmp_path: Path) -> Check:
    """Findings of the small template with some cells changed: ``people_C7="Dân số"``."""

    def check(**cells: str | float | None) -> list[Finding]:
        path = workbook_from_text(tmp_path / "BieuMau.xlsx", small_template())
        workbook = openpyxl.load_workbook(path)
        for place, value in cells.items():
            prefix, cell = place.split("_")
            sheet = next(name for name in workbook.sheetnames if name.startswith(PREFIXES[prefix]))
            workbook[sheet][cell] = value
        workbook.save(path)
        return check_template(read_template(path))

    return check


def told(findings: list[Finding]) -> list[str]:
    return [f"{finding.code.removeprefix('template.')} {finding.cell}".strip() for finding in findings]


RULE_FACTS = {"rules_C5": "Số âm.", "rules_E5": "lỗi", "rules_F5": "Sửa lại.", "rules_G5": "tổng"}
FAULTS: list[tuple[dict[str, str | float | None], list[str]]] = [
    # codes, sheets, blocks
    ({"farms_A10": "population.rank"}, ["code_twice A10"]),
    ({"farms_A10": "agri.list"}, ["code_twice A18"]),
    (
        {
            "rules_A5": "people.women",
            "rules_D5": "='01 Dân số'!G9>=0",
            "rules_E5": "lỗi",
            "rules_C5": "Âm.",
            "rules_F5": "Sửa.",
            "rules_G5": "tổng",
        },
        ["code_twice D5"],
    ),
    ({"farms_A1": "#field population"}, ["code_twice A1"]),
    ({"people_H6": None}, ["heading_missing H7"]),
    ({"people_H5": "note"}, ["column_twice L5", "block_column_missing A7"]),
    ({"people_C9": "dân  SỐ"}, ["label_twice C9"]),
    # facts of a row
    ({"people_D7": None}, ["unit_missing D7"]),
    ({"farms_M9": "numbr"}, ["unknown_kind M9"]),
    ({"people_N7": "cộng"}, ["unknown_aggregation N7"]),
    ({"people_S9": "một phần của population.total"}, ["unknown_relation S9"]),
    ({"people_T11": "Hạng"}, ["unknown_choices T11", "choices_missing T11"]),
    ({"people_R11": "xã; ấp"}, ["unknown_level R11"]),
    ({"people_R11": None}, ["unknown_level R11"]),
    ({"people_P7": "tăng"}, ["unknown_direction P7"]),
    ({"people_O7": "năm"}, ["unknown_flow O7"]),
    ({"people_P7": None}, ["direction_missing P7"]),
    ({"people_U10": 101}, ["range_reversed U10"]),
    ({"people_U10": "không"}, ["not_a_number U10"]),
    ({"people_U10": "nan"}, ["not_a_number U10"]),
    ({"people_T11": None}, ["choices_missing T11"]),
    ({"people_N10": "tổng"}, ["percent_summed N10"]),
    ({"farms_D9": "% số hộ", "farms_N9": "tổng"}, ["percent_summed N9"]),
    ({"people_N11": "tổng"}, ["aggregation_misfit N11"]),
    ({"people_N7": "ghép"}, ["aggregation_misfit N7"]),
    ({"people_E7": 8123}, ["cell_filled E7"]),
    # list columns
    ({"farms_D17": "Mùa vụ"}, ["unknown_choices D17", "choices_missing D18"]),
    ({"farms_E15": "percent"}, ["percent_summed E18"]),
    ({"farms_E15": "text"}, ["aggregation_misfit E18"]),
    # rows that name other rows
    ({"people_N10": "bình quân theo population.men"}, ["weight_unknown N10"]),
    ({"people_N10": "bình quân theo"}, ["weight_unknown N10"]),
    ({"people_N10": "bình quân theo population.rank"}, ["weight_unknown N10"]),
    ({"people_N10": "bình quân theo population.rate"}, ["weight_unknown N10"]),
    ({"people_N10": "bình quân theo agri.area"}, ["weight_not_filled N10"]),
    ({"farms_S8": "chia ra agri.aera"}, ["whole_unknown S8"]),
    ({"farms_D8": "m²"}, ["part_unit_differs S8"]),
    ({"farms_D8": "ha lúa"}, []),
    ({"farms_S7": "trong đó agri.spring"}, ["whole_circle S7"]),
    ({"farms_S7": "trong đó agri.area"}, ["whole_circle S7"]),
    ({"people_G7": "=G9+1", "people_G9": "=G7-1"}, ["formula_circle G7"]),
    ({"people_G7": "=G7"}, ["formula_circle G7"]),
    ({"people_G7": "=SUM(G7:G9)"}, ["formula_circle G7"]),
    ({"people_G10": "='02 Nông nghiệp'!G7"}, ["parts_not_filled R10"]),
    ({"people_G10": "=SUM('02 Nông nghiệp'!E18:E19)"}, ["parts_not_filled R10"]),
    ({"people_F9": "x"}, []),
    ({"people_F10": "x"}, ["part_closed H10"]),
    ({"people_H10": "=G10/F10"}, ["error_on_zero H10"]),
    ({"people_H10": "=VLOOKUP(G10,F7:F10,1)"}, ["formula_not_understood H10"]),
    ({"people_H10": "=G10/C10"}, ["reference_unknown H10"]),
    # rules and settings
    ({"rules_E4": "Nặng"}, ["unknown_severity E4"]),
    ({"rules_G4": "đơn vị; xã"}, ["unknown_scope D4"]),
    ({"rules_G4": None}, ["unknown_scope D4"]),
    ({"rules_F4": None}, ["rule_without_words D4"]),
    ({"rules_D4": "=1<2"}, ["rule_without_figures D4"]),
    ({"rules_D4": "='01 Dân số'!G9-'01 Dân số'!G7"}, ["rule_not_a_question D4"]),
    ({"rules_D4": "=IF('01 Dân số'!G9>0,'01 Dân số'!G9<9,TRUE)"}, []),
    ({"rules_D4": "='01 Dân số'!G9/'01 Dân số'!G7<=1"}, ["rule_error_on_zero D4"]),
    ({"settings_C4": None}, ["setting_missing"]),
    ({"settings_C6": "hai năm"}, ["setting_unknown"]),
    ({"settings_A40": "calendar", "settings_C40": "âm lịch"}, ["setting_unknown"]),
    ({"settings_A40": "deadline_days", "settings_C40": "năm ngày"}, ["setting_no_number"]),
    ({"settings_C7": "Thực hiện {nam_truoc}"}, ["setting_unknown"]),
    ({"settings_C11": "STT; Chỉ tiêu", "settings_C12": "chỉ  TIÊU"}, ["synonym_twice"]),
]


class TestCheckTemplate:
    def test_sound(self, findings: Check) -> None:
        """The small template as it is has no finding."""
        assert told(findings()) == []

    @pytest.mark.parametrize(("cells", "expected"), FAULTS, ids=lambda case: " ".join(map(str, case)))
    def test_fault(self, findings: Check, cells: dict[str, str | float | None], expected: list[str]) -> None:
        """One fault is one finding, at the cell to be changed."""
        assert told(findings(**cells)) == expected

    def test_long_sheet_name(self, tmp_path: Path) -> None:
        """A sheet name longer than Excel allows is told; openpyxl writes it nevertheless."""
        sheets = {
            name.replace("Danh mục", "Danh mục các lựa chọn của tất cả các biểu"): text
            for name, text in small_template().items()
        }
        path = workbook_from_text(tmp_path / "BieuMau.xlsx", sheets)

        assert told(check_template(read_template(path))) == ["sheet_name_too_long A1"]

    def test_circle_names_its_cells(self, findings: Check) -> None:
        """A circle is told once, with all its cells, in the order in which they use each other."""
        found = findings(people_G7="=G9+1", people_G9="='02 Nông nghiệp'!G7", farms_G7="='01 Dân số'!G7")
        (finding,) = [finding for finding in found if finding.code == "template.formula_circle"]

        assert finding.cells == ("'01 Dân số'!G7", "'01 Dân số'!G9", "'02 Nông nghiệp'!G7")
        assert "population.total@actual → population.female@actual → agri.area@actual → pop" in finding.message()

    def test_two_circles(self, findings: Check) -> None:
        """Circles that do not touch are told each."""
        assert told(findings(people_G7="=G7", farms_E7="=E8", farms_E8="=E7")) == [
            "formula_circle G7",
            "formula_circle E7",
        ]

    def test_place(self, findings: Check) -> None:
        """A finding knows file, sheet, cell and indicator, and its wording is complete."""
        (finding,) = findings(people_N10="tổng")

        assert finding.place == "[BieuMau.xlsx]01 Dân số!N10"
        assert finding.indicator == "population.rate"
        assert finding.message() == "“Tỷ lệ nữ” là tỷ lệ phần trăm, không được cộng (“tổng”)."

    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_wording(self, findings: Check, language: str) -> None:
        """No fault leaves a gap in its wording."""
        cells = {place: value for faults, _ in FAULTS for place, value in faults.items() if place != "rules_D4"}
        for finding in findings(**cells):
            assert "…" not in finding.message(language).replace("(…", ""), finding.code

    def test_codes(self) -> None:
        """Every code of this family that the source uses has a wording, and every wording is used."""
        package = Path(__file__).parents[1] / "workbook_tools"
        modules = set(package.glob("template_*.py")) - {package / "template_messages.py"}
        source = "".join(path.read_text("utf-8") for path in modules)
        family = {code for code in MESSAGES if code.startswith("template.")}

        assert family == {code for code in source.split('"') if code.startswith("template.")}


class TestShippedTemplate:
    def test_sound(self) -> None:
        """The template we ship has nothing worse than a warning."""
        errors = [finding for finding in check_template(read_template(SHIPPED)) if finding.severity is Severity.ERROR]

        assert [(finding.place, finding.message()) for finding in errors] == []


def test_checks_are_told_apart() -> None:
    """Each check is in the list once and says what should be true."""
    assert len(set(CHECKS)) == len(CHECKS)
    assert all(check.__doc__ for check in CHECKS)


def test_the_shipped_pull_downs_offer_what_is_known() -> None:
    """An official who chooses from them chooses what the program understands."""
    sheet = openpyxl.load_workbook(Path(__file__).parents[1] / "templates" / "BieuMau.xlsx")["Cài đặt"]
    places = {sheet.cell(row, 1).value: f"C{row}" for row in range(4, sheet.max_row + 1)}
    lists = {str(one.sqref): str(one.formula1) for one in sheet.data_validations.dataValidation if one.type == "list"}

    for key, known in (("period_kind", PeriodKind), ("calendar", Calendar)):
        assert lists[places[key]] == f'"{",".join(known)}"'
        assert sheet[places[key]].value in tuple(known)
    assert places["deadline_days"] in [str(one.sqref) for one in sheet.data_validations.dataValidation]
