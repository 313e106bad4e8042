import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_tools.cells import (
    MAXIMUM_COLUMN,
    MAXIMUM_ROW,
    Position,
    column_letters,
    column_number,
    full_address,
    parse_position,
    quote_sheet,
)


class TestColumns:
    @pytest.mark.parametrize(
        ("number", "letters"),
        [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")],
    )
    def test_letters_and_number_are_two_names_of_one_column(self, number: int, letters: str) -> None:
        """Columns count A to Z, AA to ZZ, AAA to XFD."""
        assert letters == column_letters(number)
        assert number == column_number(letters)
        assert number == column_number(letters.lower())

    @given(st.integers(1, MAXIMUM_COLUMN))
    def test_letters_read_back(self, number: int) -> None:
        """No column is lost on the way to letters and back."""
        assert number == column_number(column_letters(number))


class TestPosition:
    @pytest.mark.parametrize(
        ("name", "position"),
        [
            ("A1", Position(1, 1)),
            ("$C$7", Position(7, 3)),
            ("$c7", Position(7, 3)),
            ("XFD1048576", Position(MAXIMUM_ROW, MAXIMUM_COLUMN)),
        ],
    )
    def test_is_read_from_its_name(self, name: str, position: Position) -> None:
        """Dollar signs and case do not count."""
        assert position == parse_position(name)

    @pytest.mark.parametrize(
        "name",
        ["", "A", "7", "A0", "A01", "A1:B2", "A1 ", " A1", "A1\n", "XFE1", "A1048577", "ABCD1", "Á1", "A１", "A-1"],
    )
    def test_is_not_read_from_anything_else(self, name: str) -> None:
        """What is no cell of Excel's grid is refused."""
        with pytest.raises(ValueError, match=r"not a cell|past the grid"):
            parse_position(name)

    @given(st.integers(1, MAXIMUM_ROW), st.integers(1, MAXIMUM_COLUMN))
    def test_name_reads_back(self, row: int, column: int) -> None:
        """A position and its name say the same."""
        assert Position(row, column) == parse_position(Position(row, column).name)


class TestSheetName:
    @pytest.mark.parametrize(
        ("name", "written"),
        [
            ("Data", "Data"),
            ("_wbt", "_wbt"),
            ("02 Nông nghiệp", "'02 Nông nghiệp'"),
            ("Bìa", "'Bìa'"),
            ("O'Hara", "'O''Hara'"),
            ("A1", "'A1'"),
            ("R1C1", "'R1C1'"),
            ("RC", "'RC'"),
            ("r", "'r'"),
            ("C12", "'C12'"),
            ("Rice", "Rice"),
            ("2024", "'2024'"),
            ("", "''"),
        ],
    )
    def test_is_quoted_where_excel_would_misread_it(self, name: str, written: str) -> None:
        """Blanks, accents, leading digits and what looks like a cell, in either notation, need quotes."""
        assert written == quote_sheet(name)


class TestFullAddress:
    @pytest.mark.parametrize(
        ("sheet", "cell", "address"),
        [("02 Nông nghiệp", "G12", "'02 Nông nghiệp'!G12"), ("Data", "A1", "Data!A1"), ("Data", "", "Data")],
    )
    def test_names_sheet_and_cell(self, sheet: str, cell: str, address: str) -> None:
        """Without a cell the address is the sheet's."""
        assert address == full_address(sheet, cell)
