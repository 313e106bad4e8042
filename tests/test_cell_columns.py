"""Cells kept column by column are the cells they were made of, one by one."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_tools.cell_columns import Cells
from workbook_tools.cells import FigureName
from workbook_tools.cells_by_name import CellsByName
from workbook_tools.indicators import Role
from workbook_tools.read_cells import CellFrame, Observation, ReadCell
from workbook_tools.readings import Status

NAMES = st.sampled_from(("", "a", "b", "\0", "a\0b"))
TEXTS = st.text(max_size=3) | st.sampled_from(("", "\0", "\ud800", '"', "[]", "\\u0041"))
VALUES = st.one_of(st.none(), st.integers(-5, 5), st.floats(allow_nan=False), st.sampled_from((-0.0, 1e15, 2**60)))


@st.composite
def read_cells(draw: st.DrawFn) -> ReadCell:
    """A cell of anything, of one unit and period; figures may come twice."""
    field, indicator, measure, item, sheet, cell = (draw(NAMES) for _ in range(6))
    observation = Observation(
        "07399", "2023", field, indicator, measure, item, draw(VALUES), draw(st.sampled_from(("", ">"))), draw(TEXTS),
        str(draw(st.sampled_from(Status))), draw(TEXTS), draw(st.sampled_from(("a.xlsx", "b.xlsx", ""))), sheet, cell,
    )  # fmt: skip
    role, decimals = draw(st.sampled_from(Role)), draw(st.integers(0, 300))
    return ReadCell(observation, role, decimals, draw(st.booleans()), draw(st.booleans()))


class TestCells:
    @given(cells=st.lists(read_cells(), max_size=8), data=st.data())
    def test_are_the_cells_they_were_made_of(self, cells: list[ReadCell], data: st.DataObject) -> None:
        """All of them, single ones, slices and chosen ones, here and in another process."""
        own = Cells.of(cells)
        chosen = data.draw(st.lists(st.booleans(), min_size=len(cells), max_size=len(cells)))
        part = data.draw(st.slices(len(cells)))
        flags = np.array(chosen, dtype=bool)
        wanted = [cell for cell, is_chosen in zip(cells, chosen, strict=True) if is_chosen]

        assert list(own) == cells
        assert [own[place] for place in range(-len(cells), len(cells))] == [*cells, *cells]
        assert list(own[part]) == cells[part]
        assert list(own.where(flags)) == list(own.only(flags)) == wanted
        assert pickle.loads(pickle.dumps(own)) == own

    @given(cells=st.lists(read_cells(), min_size=1, max_size=8), data=st.data())
    def test_equal_ones_have_one_hash(self, cells: list[ReadCell], data: st.DataObject) -> None:
        """Optional cells that hold nothing are as if they were not in the frame."""
        optional = tuple(data.draw(st.lists(st.booleans(), min_size=len(cells), max_size=len(cells))))
        full = Cells.of(cells)
        frame = full.frame
        places = (frame.fields, frame.indicators, frame.measures, frame.items, frame.sheets, frame.cells)
        own = full.changed(frame=CellFrame.known(*places, frame.roles, optional))
        there = [
            cell
            for cell, may_lack in zip(cells, optional, strict=True)
            if not may_lack or cell.observation.status != Status.MISSING
        ]

        assert own == Cells.of(there)
        assert hash(own) == hash(Cells.of(there))


class TestFrames:
    @pytest.mark.parametrize("column", range(6))
    def test_others_are_not_taken_for_one_another(self, column: int) -> None:
        """A sign between two texts is no text of its own."""
        texts = [("", "")] * 6
        one, other = [*texts], [*texts]
        one[column], other[column] = ("a\0", "b"), ("a", "\0b")
        first, second = (CellFrame.known(*columns, (Role.INPUT,) * 2, ()) for columns in (one, other))

        assert first is not second
        assert first is CellFrame.known(*one, (Role.INPUT,) * 2, ())


class TestCellsByName:
    @given(cells=st.lists(read_cells(), max_size=8))
    def test_like_a_dict_of_the_cells(self, cells: list[ReadCell]) -> None:
        """In the same order, and the last one of each name."""
        own, wanted = CellsByName(Cells.of(cells)), {cell.name: cell for cell in cells}

        assert list(own) == list(own.keys()) == list(wanted)
        assert len(own) == len(wanted)
        assert list(own.items()) == list(wanted.items())
        assert list(own.values()) == list(wanted.values())
        assert all(name in own and own[name] == own.get(name) == cell for name, cell in wanted.items())
        assert FigureName("no", "such") not in own
        assert own.get(FigureName("no", "such")) is None
