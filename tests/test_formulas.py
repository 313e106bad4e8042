import pickle
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.random_formulas import random_formula
from workbook_tools.cells import Position
from workbook_tools.formula_parsing import FUNCTIONS, MAXIMUM_DEPTH, MAXIMUM_LENGTH, MAXIMUM_LEVELS, parse
from workbook_tools.formula_rendering import render, show
from workbook_tools.formulas import (
    Area,
    Call,
    Expression,
    Figure,
    Figures,
    FormulaError,
    ListColumn,
    NotPlacedError,
    Number,
    Operation,
    Text,
    Truth,
    bind,
    figures_of,
    references,
)

SHEET = "02 Nông nghiệp"
OTHER = "01 Tổng quan"
LIST_ROWS = range(21, 31)
HEADING_ROW = 7


def locate(sheet: str, position: Position) -> Figure | ListColumn | None:
    """Figures in columns E to H of rows 5 to 16, a heading in row 7, a list in rows 21 to 30."""
    row, column = position
    if sheet not in (SHEET, OTHER) or column not in range(5, 9):
        return None
    if row in LIST_ROWS:
        return ListColumn(f"list.{sheet[:2]}", f"column{column}")
    if row in range(5, 17) and row != HEADING_ROW:
        return Figure(f"row.{sheet[:2]}.{row}", f"measure{column}")
    return None


def place(figure: Figure) -> tuple[str, Position]:
    """Where :func:`locate` found the figure."""
    _, sheet, row = figure.indicator.split(".")
    return (SHEET if sheet == "02" else OTHER), Position(int(row), int(figure.measure[-1]))


def place_list(column: ListColumn) -> tuple[str, Position, Position]:
    """Where :func:`locate` found the list."""
    number = int(column.column[-1])
    sheet = SHEET if column.list.endswith("02") else OTHER
    return sheet, Position(LIST_ROWS[0], number), Position(LIST_ROWS[-1], number)


def bound(formula: str) -> Expression:
    return bind(parse(formula, SHEET), locate)


def rendered(expression: Expression) -> str:
    return render(expression, SHEET, place, place_list)


def area(name: str, last: str = "", sheet: str = SHEET) -> Area:
    expression = parse(f"='{sheet}'!{name}:{last or name}", SHEET)
    assert isinstance(expression, Area)
    return expression


def operation(operator: str, *operands: float | Expression) -> Operation:
    return Operation(operator, tuple(Number(one) if isinstance(one, int | float) else one for one in operands))


class TestParse:
    @pytest.mark.parametrize(
        ("formula", "expression"),
        [
            ("=1", Number(1)),
            ("1.5", Number(1.5)),
            ("=.5", Number(0.5)),
            ("=2e3", Number(2000)),
            ('="Hoàn ""thành"""', Text('Hoàn "thành"')),
            ('=""', Text("")),
            ("=TRUE", Truth(True)),
            ("=FALSE()", Truth(False)),
            ("=C7", area("C7")),
            ("=$C$7", area("C7")),
            ("=c7:d9", area("C7", "D9")),
            ("='01 Tổng quan'!C7", area("C7", sheet=OTHER)),
            ("='O''Hara'!C7", Area("O'Hara", Position(7, 3), Position(7, 3))),
            ("=Bìa!C7", Area("Bìa", Position(7, 3), Position(7, 3))),
            ("=AB1!C7", Area("AB1", Position(7, 3), Position(7, 3))),
            ("= sum( 1 , 2 ) ", Call("SUM", (Number(1), Number(2)))),
            ("=\n1", Number(1)),
        ],
    )
    def test_reads_the_parts_of_a_formula(self, formula: str, expression: Expression) -> None:
        """Constants, addresses and calls, in Excel's spelling."""
        assert expression == parse(formula, SHEET)

    @pytest.mark.parametrize(
        ("formula", "expression"),
        [
            ("=1+2*3", operation("+", 1, operation("*", 2, 3))),
            ("=(1+2)*3", operation("*", operation("+", 1, 2), 3)),
            ("=1-2-3", operation("-", operation("-", 1, 2), 3)),
            ("=2^3^2", operation("^", operation("^", 2, 3), 2)),
            ("=-2^2", operation("^", operation("-", 2), 2)),
            ("=2^-1", operation("^", 2, operation("-", 1))),
            ("=-5%", operation("-", operation("%", 5))),
            ("=(-5)%", operation("%", operation("-", 5))),
            ("=5%%", operation("%", operation("%", 5))),
            ("=2^3%", operation("^", 2, operation("%", 3))),
            ('=1+2&"x"', operation("&", operation("+", 1, 2), Text("x"))),
            ("=1&2=3", operation("=", operation("&", 1, 2), 3)),
            ("=1<2=3", operation("=", operation("<", 1, 2), 3)),
            ("=1<>-2", operation("<>", 1, operation("-", 2))),
        ],
    )
    def test_binds_as_excel_does(self, formula: str, expression: Expression) -> None:
        """Minus before ^, ^ from the left, then * and +, then &, comparisons last."""
        assert expression == parse(formula, SHEET)

    @pytest.mark.parametrize(
        "formula",
        [
            "",
            "=",
            "=1+",
            "=1 2",
            "=A1 B1",
            "=(1",
            "=1)",
            "=SUM(1",
            "=SUM(1,)",
            "=SUM(,1)",
            "=IF(1,,2)",
            "=SUM 1",
            "=VLOOKUP(A1,B1:C2,2)",
            "=INDIRECT(A1)",
            "=Tên",
            "=A:A",
            "=5:5",
            "=A1:",
            "=A1:5",
            '=A1:"B2"',
            "=A1:SUM(1)",
            "=S!A1:S!B2",
            "='S'!SUM(1)",
            "=S!",
            "=XFE1",
            "=A1048577",
            "=#REF!",
            "={1,2}",
            "=[1]S!A1",
            '="a',
            "='a",
            "==1",
            "=1;2",
            "=@A1",
            "=1e400",
            "=A1#",
            "=LET(x,1,x)",
            "=_xlfn.IFS(1,2)",
            "=١+1",
        ],
    )
    def test_refuses_what_it_does_not_understand(self, formula: str) -> None:
        """Anything else is a FormulaError with a reason, never another exception."""
        with pytest.raises(FormulaError, match=r"\S"):
            parse(formula, SHEET)

    @pytest.mark.parametrize(
        ("function", "count"),
        [(name, limit) for name, (fewest, most) in FUNCTIONS.items() for limit in (fewest - 1, most + 1)],
    )
    def test_refuses_a_wrong_number_of_arguments(self, function: str, count: int) -> None:
        """A function has the arguments it needs and no more."""
        with pytest.raises(FormulaError, match=f"hàm {function} không dùng được với {count} tham số"):
            parse(f"={function}({','.join('1' * count)})", SHEET)

    @pytest.mark.parametrize(
        "formula",
        [
            "=" + "(" * 5000 + "1" + ")" * 3000,
            "=" + "-" * 5000 + "1",
            "=" + "ABS(" * (MAXIMUM_DEPTH + 1) + "1" + ")" * (MAXIMUM_DEPTH + 1),
            "=1" + "+1" * 4000,
            "=1" + "+1" * MAXIMUM_LEVELS,
            "=1" + "%" * 8000,
            "=1" + " " * MAXIMUM_LENGTH,
        ],
    )
    def test_refuses_what_is_too_long_or_too_deep(self, formula: str) -> None:
        """No formula exhausts whoever walks its expression."""
        with pytest.raises(FormulaError, match="quá"):
            parse(formula, SHEET)

    def test_the_deepest_expression_can_still_be_used(self) -> None:
        """Just below the limit an expression is compared, shown, bound, hashed and sent to another process."""
        formula = "1" + "+1" * (MAXIMUM_LEVELS - 1)
        expression = parse(formula, SHEET)

        assert formula == show(bind(expression, locate))
        assert expression == pickle.loads(pickle.dumps(expression))
        assert hash(expression) == hash(parse(formula, SHEET))

    @given(st.text(max_size=60) | st.text("=+-*/^&<>%(),:!'\"$.1AZaSUMIF ", max_size=60))
    def test_text_never_crashes(self, text: str) -> None:
        """Whatever the text, there is an expression or a FormulaError."""
        try:
            expression = parse(text, SHEET)
        except FormulaError:
            return
        assert expression == parse(show(expression), SHEET)


class TestBind:
    def test_gives_figures_their_names(self) -> None:
        """An address becomes the name of what stands there, on this sheet or another."""
        expression = bound("=E5/'01 Tổng quan'!F6")

        assert operation("/", Figure("row.02.5", "measure5"), Figure("row.01.6", "measure6")) == expression
        assert show(expression) == "{row.02.5@measure5}/{row.01.6@measure6}"

    def test_leaves_out_what_is_no_figure_in_a_range(self) -> None:
        """A heading within a range is passed by, as SUM would do."""
        expression = bound("=SUM(E6:E8)")

        assert Call("SUM", (Figures((Figure("row.02.6", "measure5"), Figure("row.02.8", "measure5"))),)) == expression

    def test_knows_a_list_column(self) -> None:
        """A range within a list means all its items, however many there will be."""
        assert Call("COUNTA", (ListColumn("list.02", "column6"),)) == bound("=COUNTA(F21:F30)")

    @pytest.mark.parametrize(
        "formula",
        [
            "=A1",
            "=E7",
            "=E7:E7",
            "=E25",
            "=SUM(E21:F30)",
            "=SUM(E5:E30)",
            "=SUM(A1:A4)",
            "=Khác!E5",
            "=SUM(E9:E5)",
            "=SUM(A1:XFD1048576)",
            "=SUMIF(E5:E6,1,F5:F9)",
            "=SUMIF(E21:E30,1,F5:F9)",
            "=SUMIF(E21:E30,1,'01 Tổng quan'!E21:E30)",
        ],
    )
    def test_refuses_an_address_without_figure(self, formula: str) -> None:
        """Headings, blank cells, single items of a list and ranges of unlike shape have no name."""
        with pytest.raises(FormulaError):
            bound(formula)

    def test_names_what_an_expression_depends_on(self) -> None:
        """References in their order, with repeats; figures of ranges one by one."""
        expression = bound("=E5+SUM(E5:E6)+COUNTA(F21:F30)")
        five, six = Figure("row.02.5", "measure5"), Figure("row.02.6", "measure5")

        assert [five, Figures((five, six)), ListColumn("list.02", "column6")] == list(references(expression))
        assert [five, five, six] == list(figures_of(expression))


class TestRender:
    @pytest.mark.parametrize(
        "formula",
        [
            'IF(COUNT(F12:G12)=2,IFERROR(G12/F12*100,""),"")',
            "IF(COUNT(E12,'01 Tổng quan'!F12)=2,E12-'01 Tổng quan'!F12,\"\")",
            'IF(COUNT(E8:E12)=0,"",SUM(E8:E12))',
            'IF(COUNTA(F21:F30)=0,"",SUMIF(F21:F30,"Hoàn thành",G21:G30))',
            "SUM(E5:H6)",
            "E5*(F5+G5)-(-H5)%",
            "E5-(F5-(G5-H5))",
            "2^3^2-(2^(3^2))",
            "(E5<F5)=(G5>=H5)",
            '"a""b"&(E5&F5)',
            "1E-7*1E+22*123456789012345",
            "NOT(TRUE)",
        ],
    )
    def test_writes_what_was_parsed(self, formula: str) -> None:
        """In its own layout a formula comes out as an equal one."""
        expression = bound(formula)

        assert expression == bound(rendered(expression))

    @pytest.mark.parametrize(
        ("formula", "text"),
        [
            ("=SUM(E6:E8)", "SUM(E6,E8)"),
            ("=SUM(E5:E9)", "SUM(E5:E6,E8:E9)"),
            ("=SUM(E6:F8)", "SUM(E6,F6,E8,F8)"),
            ("=COUNT(E5:F5)", "COUNT(E5:F5)"),
            ("=((E5))", "E5"),
            ("=(-E5)%", "(-E5)%"),
            ("=--E5", "--E5"),
            ("=1.0", "1"),
        ],
    )
    def test_writes_ranges_and_brackets_plainly(self, formula: str, text: str) -> None:
        """Neighbours are joined to ranges, brackets stand where they are needed."""
        assert text == rendered(bound(formula))

    def test_leaves_out_what_has_no_place_in_a_range(self) -> None:
        """A form without some rows sums the others; a range without any has no place."""

        def only_row_five(figure: Figure) -> tuple[str, Position]:
            if not figure.indicator.endswith(".5"):
                raise NotPlacedError(figure.indicator)
            return place(figure)

        assert render(bound("=SUM(E5:E6)"), SHEET, only_row_five, place_list) == "SUM(E5)"
        for formula in ("=SUM(E8:E9)", "=E5+E6"):
            with pytest.raises(NotPlacedError):
                render(bound(formula), SHEET, only_row_five, place_list)

    def test_a_list_of_one_row_is_still_a_range(self) -> None:
        """Rows that are inserted below will belong to it."""
        one = Position(21, 6)

        assert render(bound("=COUNTA(F21:F30)"), SHEET, place, lambda _: (SHEET, one, one)) == "COUNTA(F21:F21)"

    def test_countif_takes_one_range_only(self) -> None:
        """A range in two pieces cannot be an argument of COUNTIF or SUMIF: it has no place."""
        for formula in ('=COUNTIF(E5:E9,">0")', "=SUMIF(E5:E9,1,F5:F9)"):
            with pytest.raises(NotPlacedError):
                rendered(bound(formula))

    @given(st.integers(0, 2**32))
    def test_reads_back(self, seed: int) -> None:
        """parse, bind, render and again: the same expression."""
        choose = random.Random(seed)
        cells = [f"{column}{row}" for column in "EFGH" for row in (5, 6, 8)] + ["'01 Tổng quan'!E5"]
        ranges = ["E5:E6", "E8:H10", "'01 Tổng quan'!F9:F12", "E21:E30"]
        expression = bound(random_formula(choose, cells, ranges, depth=4))

        assert expression == bound(rendered(expression))


class TestShow:
    @pytest.mark.parametrize(
        ("formula", "text"),
        [
            ("=SUM(E6:E8)", "SUM({row.02.6@measure5},{row.02.8@measure5})"),
            ("=COUNTIF(F21:F30,\"Đạt\")", 'COUNTIF({list.02.column6},"Đạt")'),
            ("=$E$5*10%", "{row.02.5@measure5}*10%"),
        ],
    )  # fmt: skip
    def test_writes_a_formula_by_codes(self, formula: str, text: str) -> None:
        """The text is the same wherever the rows stand."""
        assert text == show(bound(formula))
