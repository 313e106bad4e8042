import random
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.random_formulas import random_formula
from workbook_tools.cells import Position, parse_position
from workbook_tools.evaluation import evaluate
from workbook_tools.excel_reading import read_workbook
from workbook_tools.formula_parsing import parse
from workbook_tools.formulas import Expression, Figure, ListColumn, bind
from workbook_tools.vectors import Items, Vector, significant, vector
from workbook_tools.workbook_contents import CellContent

Value = float | str | None
"""A number, a text, or nothing; the text #ERROR stands for any Excel error."""

ERROR = "#ERROR"
LIST_ROWS = range(31, 41)


@dataclass(frozen=True)
class Sheets:
    """The cells of several units as a source: one table of cells per unit, rows from 31 on are a list."""

    units: Sequence[dict[str, Value]]
    size: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", len(self.units))

    def figure(self, name: Figure) -> Vector:
        return as_vector([unit.get(name.indicator) for unit in self.units])

    def items(self, name: ListColumn) -> Items:
        """The rows of the list in which anything stands."""
        found = [
            (owner, unit.get(f"{name.column}{row}"))
            for owner, unit in enumerate(self.units)
            for row in LIST_ROWS
            if any(Position(row, column).name in unit for column in range(1, 12))
        ]
        values = as_vector([value for _, value in found])
        return Items(np.array([owner for owner, _ in found], dtype=np.intp), values.number, values.text)


def as_vector(values: Sequence[Value]) -> Vector:
    return vector(
        np.array([value if isinstance(value, int | float) else np.nan for value in values], dtype=float),
        np.array([value if isinstance(value, str) and value != ERROR else None for value in values], dtype=object),
        np.array([value == ERROR for value in values], dtype=bool),
    )


def as_values(result: Vector) -> list[Value]:
    return [
        ERROR if error else text if text is not None else None if np.isnan(number) else float(number)
        for number, text, error in zip(result.number, result.text, result.error, strict=True)
    ]


def locate(_: str, position: Position) -> Figure | ListColumn:
    if position.row in LIST_ROWS:
        return ListColumn("list", position.name.rstrip("0123456789"))
    return Figure(position.name, "actual")


def bound(formula: str) -> Expression:
    return bind(parse(formula, "S"), locate)


def value(formula: str, **cells: Value) -> Value:
    """Value of a formula over the cells of one unit."""
    (result,) = as_values(evaluate(bound(formula), Sheets([cells])))
    return result


class TestNothing:
    """Empty is not zero (design law 4)."""

    @pytest.mark.parametrize(
        "formula",
        [
            "=A1",
            "=A1*B1",
            "=B1/A1",
            "=A1^2",
            "=-A1",
            "=A1%",
            "=A1<B1",
            "=A1=0",
            "=A1+A2",
            "=A1-A2",
            "=ABS(A1)",
            "=ROUND(A1,2)",
            "=SUM(A1:A2)",
            "=AVERAGE(A1:A2)",
            "=MIN(A1:A2)",
            "=MAX(A1:A2)",
            "=IF(A1>0,1,2)",
            "=NOT(A1)",
            "=AND(A1>0,B1>0)",
            "=OR(A1>0,B1<0)",
            "=IFERROR(A1/B1,0)",
            "=SUM(A31:A33)",
            "=SUMIF(A31:A33,1)",
            "=COUNTIF(B1:B1,A1)",
        ],
    )
    def test_comes_of_a_missing_part(self, formula: str) -> None:
        """Where a part is missing there is no value."""
        assert value(formula, B1=5) is None

    @pytest.mark.parametrize(
        ("formula", "expected"),
        [
            ("=A1+B1", 5),
            ("=B1-A1", 5),
            ("=A1-B1", -5),
            ("=SUM(A1:B1)", 5),
            ("=AVERAGE(A1:B1)", 5),
            ("=MIN(A1:B1)", 5),
            ("=COUNT(A1:B1)", 1),
            ("=COUNTA(A1:B1)", 1),
            ("=COUNT(A1)", 0),
            ("=COUNTA(A31:A33)", 0),
            ('=A1=""', 1),
            ('=A1&"x"', "x"),
            ("=AND(A1>0,B1<0)", 0),
            ("=OR(A1>0,B1>0)", 1),
            ('=COUNTIF(A1:B1,"<>")', 1),
            ('=COUNTIF(A1:B1,"=")', 1),
        ],
    )
    def test_counts_for_nothing_beside_a_number(self, formula: str, expected: Value) -> None:
        """A sum of parts has the value of those that are there."""
        assert expected == value(formula, B1=5)

    def test_sumif_tells_none_meant_from_none_known(self) -> None:
        """No such item is zero; items without a number have no sum."""
        cells: dict[str, Value] = {"A31": "x", "B31": 1, "A32": "y"}

        assert value('=SUMIF(A31:A40,"x",B31:B40)', **cells) == 1
        assert value('=SUMIF(A31:A40,"y",B31:B40)', **cells) is None
        assert value('=SUMIF(A31:A40,"z",B31:B40)', **cells) == 0


class TestErrors:
    @pytest.mark.parametrize(
        "formula",
        [
            "=B1/0",
            "=0/0",
            "=(-8)^0.5",
            "=10^200*10^200",
            "=E1",
            "=E1+1",
            "=T1*2",
            "=-T1",
            "=T1%",
            "=ABS(T1)",
            "=ROUND(T1,1)",
            "=ROUND(1,T1)",
            "=NOT(T1)",
            '=IF("",1,2)',
            "=IF(E1>0,1,2)",
            "=SUM(E1,B1)",
            "=AVERAGE(B1:E1)",
            "=MAX(B1/0,1)",
            "=MIN(E1,1)",
            "=AND(E1>0,FALSE)",
            "=OR(TRUE,B1/0)",
            '=E1&"x"',
            "=IFERROR(B1/0,E1)",
            "=COUNTIF(B1:E1,B1/0)",
            '=SUMIF(B1:E1,"<>x")',
            "=B1:E1*2",
        ],
    )
    def test_pass_through(self, formula: str) -> None:
        """A part that is an error, a text to be calculated with or a division by zero makes an error."""
        assert value(formula, B1=5, E1=ERROR, T1="chưa có") == ERROR

    @pytest.mark.parametrize(
        ("formula", "expected"),
        [
            ('=IFERROR(B1/0,"")', ""), ("=IFERROR(SUM(E1,B1),7)", 7), ("=COUNT(E1,B1)", 1), ("=COUNTA(E1,B1)", 2),
            ("=IF(TRUE,B1,E1)", 5), ("=IF(FALSE,E1,B1)", 5), ('=COUNTIF(B1:E1,">1")', 1), ('=SUMIF(B1:E1,">1")', 5),
        ],
    )  # fmt: skip
    def test_stop_where_excel_stops_them(self, formula: str, expected: Value) -> None:
        """IFERROR catches, counting and an IF that does not choose them pass by."""
        assert expected == value(formula, B1=5, E1=ERROR)


class TestNumbers:
    @pytest.mark.parametrize(
        ("formula", "expected"),
        [
            ("=0.1+0.2", 0.3),
            ("=0.1+0.2=0.3", 1),
            ("=0.1+0.2-0.3", 0),
            ("=1.1-1-0.1", 0),
            ('=(0.1+0.2)&""', "0.3"),
            ("=ROUND(2.5,0)", 3),
            ("=ROUND(-2.5,0)", -3),
            ("=ROUND(0.5,0)", 1),
            ("=ROUND(1.005,2)", 1.01),
            ("=ROUND(2.675,2)", 2.68),
            ("=ROUND(1.45,1)", 1.5),
            ("=ROUND(1250,-2)", 1300),
            ("=ROUND(1,400)", 1),
            ("=ROUND(1.5,20)", 1.5),
            ("=ROUND(123,-400)", 0),
            ("=ROUND(1.234,2.9)", 1.23),
            ('=123456789012345&""', "123456789012345"),
            ('=1E+20&""', "1E+20"),
            ("=7%", 0.07),
            ("=35*1%", 0.35),
        ],
    )
    def test_have_fifteen_digits(self, formula: str, expected: Value) -> None:
        """Binary noise is not seen, compared or rounded."""
        assert expected == value(formula)

    @pytest.mark.parametrize("formula", ["=-A1", "=A1*-1", "=ROUND(-0.4,0)", "=ABS(-A1)"])
    def test_have_no_minus_zero(self, formula: str) -> None:
        """Nobody is shown -0."""
        assert str(value(formula, A1=0)) == "0.0"

    @pytest.mark.parametrize(
        ("number", "expected"),
        [
            (0.0, 0.0),
            (-0.30000000000000004, -0.3),
            (1e-12, 1e-12),
            (123456789.12345678, 123456789.123457),
            (1e300, 1e300),
        ],
    )
    def test_significant_rounds_to_digits_not_places(self, number: float, expected: float) -> None:
        """The size of a number does not matter."""
        assert expected == significant(np.array([number]))[0]


class TestCriteria:
    CELLS: dict[str, Value] = {  # noqa: RUF012
        "A31": "Hoàn thành",
        "A32": "hoàn thành",
        "A33": "Chưa hoàn thành",
        "A34": 5.0,
        "A35": "5*",
        "A36": "nan",
        "A37": 1.0,
    }

    @pytest.mark.parametrize(
        ("criterion", "count"),
        [
            ('"Hoàn thành"', 2),
            ('"=HOÀN THÀNH"', 2),
            ('"<>Hoàn thành"', 5),
            ('"*hoàn*"', 3),
            ('"?oàn thành"', 2),
            ('"5~*"', 1),
            ("5", 1),
            ('">1"', 1),
            ('">=1"', 2),
            ('"<>5"', 6),
            ("-1", 0),
            ('">"&B1', 1),
            ("B1", 1),
            ('"nan"', 1),
            ('"<>"', 7),
            ('">m"', 1),
            ('"[h]*"', 0),
        ],
    )
    def test_mean_what_they_mean_in_excel(self, criterion: str, count: int) -> None:
        """Texts without regard to case and with wildcards, numbers by comparison, computed criteria too."""
        assert count == value(f"=COUNTIF(A31:A40,{criterion})", B1=1.0, **self.CELLS)

    def test_are_each_units_own(self) -> None:
        """A criterion that stands in a cell differs from unit to unit."""
        units: list[dict[str, Value]] = [{"A31": 1, "A32": 2, "B1": 1}, {"A31": 1, "A32": 2, "B1": 0}]

        assert as_values(evaluate(bound('=COUNTIF(A31:A32,">"&B1)'), Sheets(units))) == [1, 2]


class TestUnits:
    @pytest.mark.parametrize(
        "formula",
        [
            "=A1",
            "=A1+B1",
            '=A1&"x"',
            '=A1="x"',
            "=SUM(A1:B1)",
            "=MAX(A1:B1)",
            "=COUNTA(A31:A33)",
            '=SUMIF(A31:A33,"x",B31:B33)',
        ],
    )
    def test_may_be_none(self, formula: str) -> None:
        """Without units there are no values, and no failure."""
        assert as_values(evaluate(bound(formula), Sheets([]))) == []

    def test_do_not_mix(self) -> None:
        """Every unit has the value of its own cells."""
        units: list[dict[str, Value]] = [{"A1": 1, "A31": 10}, {}, {"A1": 3, "A31": 30, "A32": 31}]

        assert as_values(evaluate(bound("=SUM(A1,A31:A40)"), Sheets(units))) == [11, None, 64]


GUARDED = """
    =IF(COUNT(E14:F14)=2,IFERROR(F14/E14*100,""),"")
    =IF(COUNT(F15,E15)=2,IFERROR((F15/E15-1)*100,""),"")
    =IF(COUNT(E16,G16)=2,G16-E16,"")
    =IF(COUNT(E14:E17)=0,"",SUM(E14:E17))
    =IF(COUNT(F14:F17)=0,"",SUM(F14:F17))
    =IF(COUNT(E14,F15:G16)=0,"",SUM(E14,F15:G16))
    =IF(COUNT(E14,F14,G14)=3,IFERROR((E14+F14)/G14*100,""),"")
    =IF(COUNT(E14:F14)=2,IFERROR(MAX(0,E14-F14),""),"")
    =IF(COUNT(E14:F14)=2,IFERROR(E14/SUM(E14,F14)*100,""),"")
    =IF(E17="","",E17)
    =IF(E17="","ĐƠN VỊ: ………",E17)
    ="Kỳ báo cáo: "&IF(E17="","………",E17)
    =IF(COUNTA(A31:A36)=0,"",COUNTA(A31:A36))
    =IF(COUNTA(A31:A36)=0,"",COUNTIF(A31:A36,"Hoàn thành"))
    =IF(COUNTA(A31:A36)=0,"",COUNTIF(A31:A36,"Không có"))
    =IF(COUNTA(A31:A36)=0,"",SUMIF(A31:A36,"Hoàn thành",B31:B36))
    =IF(COUNTA(A31:A36)=0,"",SUMIF(A31:A36,"Không có",B31:B36))
    =IF(COUNTA(A31:A36)=0,"",SUM(SUMIF(A31:A36,"Hoàn thành",B31:B36),SUMIF(A31:A36,"Đang làm",B31:B36)/10000))
    =IF(COUNTA(A31:A36)=0,"",SUM(COUNTIF(A31:A36,"Hoàn thành"),COUNTIF(A31:A36,"Đang làm")))
    =IF(COUNTA(B31:B36)=0,"",COUNTIF(B31:B36,">=100"))
    =IF(COUNT(B31:B36)=0,"",SUM(B31:B36))
    =IF(COUNT(B31:B36,E14:E17)=0,"",SUM(B31:B36,E14:E17))
    =IF(COUNT(B31:B36)=0,"",AVERAGE(B31:B36))
    =OR(COUNT(E14:E17)<5,SUM(E14:E17)=100)
    =COUNT(A31:A36)+COUNTA(E14:H17)
"""
"""The forms of formulas in the template, over cells that may be blank. (The last: COUNT of texts is zero.)"""

FILLED = """
    =E5+F5*G5-H5/E6
    =-E5^2
    =2^3^2
    =E5^0.5
    =E5*10%
    =(-E5)%
    =ROUND(2.5,0)
    =ROUND(-2.5,0)
    =ROUND(0.5,0)
    =ROUND(1.5,0)
    =ROUND(1.005,2)
    =ROUND(2.675,2)
    =ROUND(1.45,1)
    =ROUND(-1.45,1)
    =ROUND(1250,-2)
    =ROUND(1350,-2)
    =ROUND(E5/F5,3)
    =ROUND(1234567.125,2)
    =0.1+0.2-0.3
    =0.1+0.2=0.3
    =1/0
    =0/0
    =IFERROR(1/0,5)
    =IFERROR(E5/(F5-F5),"")
    =SUM(E5,1/0)
    =COUNT(E5,1/0)
    =MAX(E5,1/0)
    =AND(E5>0,1/0>1)
    =E9&"/"&F9
    ="a"="A"
    ="a"<>"b"
    =E9<"a"
    =E9&""
    =ABS(E5-(F5/G5-1)*100)<=0.1
    =AND(E5/F5>=2,E5/F5<=6)
    =OR(E5=0,E5>0)
    =NOT(E5>F5)
    =IF(E5>F5,"hơn","kém")
    =IF(E5>F5,1)
    =IF(E5<0,1)
    =E5<=F5*1.1
    =COUNTIF(E5:H9,">10")
    =COUNTIF(E5:H9,"<=10")
    =COUNTIF(E5:H9,"<>10")
    =COUNTIF(E5:H9,E5)
    =COUNTIF(E5:H9,"<"&F5)
    =COUNTIF(E5:H9,-3)
    =SUMIF(E5:E9,">10",F5:F9)
    =SUMIF(E5:E9,">10")
    =SUMIF(E5:E9,">1000000",F5:F9)
    =COUNTIF(C5:C9,"hoàn thành")
    =COUNTIF(C5:C9,"*thành*")
    =COUNTIF(C5:C9,"?????làm")
    =COUNTIF(C5:C9,"<>Hoàn thành")
    =SUMIF(C5:C9,"Hoàn thành",E5:E9)
    =COUNTA(C5:E9)
    =COUNT(C5:E9)
    =SUM(C5:E9)
    =AVERAGE(C5:E9)
    =MIN(C5:E9)
    =MAX(C5:E9)
    =C5*2
    =-C5
    =C5>E5
    =C5="Hoàn thành"
    =IF(C5="Hoàn thành",E5,F5)
"""
"""Everything else a template may use, over cells that are filled."""

STATES = ("Hoàn thành", "Đang làm", "Chưa làm", "hoàn thành")


def formulas() -> list[str]:
    """About 200 formulas, always the same."""
    choose = random.Random(20230731)
    cells = [f"{column}{row}" for column in "EFGH" for row in range(5, 10)]
    ranges = ["E5:E9", "F5:H6", "G9:H9", "C5:F6"]
    composed = [random_formula(choose, cells, ranges, depth=3) for _ in range(120)]
    return [line.strip() for line in (GUARDED + FILLED).splitlines() if line.strip()] + composed


def sheet_of_figures(choose: random.Random, filled: float) -> dict[str, Value]:
    """Cells of one unit: rows 5 to 9 all filled, rows 14 to 17 and the list in part."""

    def number() -> float:
        return choose.choice((choose.randint(-5, 20), round(choose.uniform(0, 500), 2), choose.randint(1, 10**6), 0))

    cells: dict[str, Value] = {f"{column}{row}": number() for column in "EFGH" for row in range(5, 10)}
    cells |= {f"C{row}": choose.choice(STATES) for row in range(5, 10)}
    cells |= {f"{column}{row}": number() for column in "EFGH" for row in range(14, 18) if choose.random() < filled}
    for row in range(31, 37):
        if choose.random() < filled:
            cells |= {f"A{row}": choose.choice(STATES), f"B{row}": number()}
    return cells


def recalculated(units: Sequence[dict[str, Value]], folder: Path) -> list[list[CellContent]]:
    """What LibreOffice makes of the formulas, for each unit."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for number, unit in enumerate(units):
        sheet = workbook.create_sheet(f"S{number}")
        for name, content in unit.items():
            position = parse_position(name)
            sheet.cell(position.row, position.column).value = content
        for row, formula in enumerate(formulas(), 1):
            sheet.cell(row, 20).value = formula
    workbook.save(folder / "formulas.xlsx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out")]
    subprocess.run([*command, str(folder / "formulas.xlsx")], check=True, capture_output=True, timeout=180)
    sheets = read_workbook(folder / "out" / "formulas.xlsx").sheets
    return [[sheet.at(row, 20) for row in range(1, len(formulas()) + 1)] for sheet in sheets]


def same(ours: Value, theirs: CellContent) -> bool:
    if theirs.is_error or ours == ERROR:
        return theirs.is_error and ours == ERROR
    if isinstance(ours, float) and isinstance(theirs.value, int | float):
        return ours == pytest.approx(float(theirs.value), rel=1e-12, abs=1e-300)
    return ours is not None and ours == theirs.value


@pytest.mark.office
class TestLibreOffice:
    def test_agrees(self, tmp_path: Path) -> None:
        """LibreOffice, recalculating, gives every formula the value that we give it."""
        choose = random.Random(7)
        units = [sheet_of_figures(choose, filled) for filled in (1.0, 0.7, 0.4, 0.0)]
        theirs = recalculated(units, tmp_path)
        differences = []
        for row, formula in enumerate(formulas()):
            ours = as_values(evaluate(bound(formula), Sheets(units)))
            differences += [
                f"unit {unit}: {formula} is {value!r} here, {theirs[unit][row].value!r} there"
                for unit, value in enumerate(ours)
                if not same(value, theirs[unit][row])
            ]

        assert not differences, "\n".join(differences)
