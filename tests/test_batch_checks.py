"""Many returns checked at once: what is found in each is what is found in it alone. No workbook is involved."""

import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.small_catalogue import Row, Typed, build, returned
from workbook_tools.calculation import calculate
from workbook_tools.catalogue import Catalogue
from workbook_tools.checks import CHECKS, check_subject
from workbook_tools.figure_cube import ARRAYS, empty_cube, fill_cube, one_row
from workbook_tools.indicators import Kind, Role
from workbook_tools.observations import Return
from workbook_tools.read_cells import ReadCell
from workbook_tools.readings import Status
from workbook_tools.screening import SCREENS, Batch, calculated, check_batch
from workbook_tools.screening_facts import Facts
from workbook_tools.subject import subject_of
from workbook_tools.vectors import significant

GUARDED = '=IF(COUNT({0},{1})=2,IFERROR({2},""),"")'
ROWS = [
    Row("area", minimum=0, maximum=5000, required=True),
    Row("yield", rule="bình quân theo area", formulas=GUARDED.format("[area]", "[output]", "[output]/[area]*10")),
    Row("output"),
    Row("land", kind=Kind.COUNT, decimals=0),
    Row("land_a", kind=Kind.COUNT, decimals=0, divides="land"),
    Row("land_b", kind=Kind.COUNT, decimals=0, divides="land"),
    Row("people", kind=Kind.COUNT, decimals=0, required=True),
    Row("women", kind=Kind.COUNT, decimals=0, part_of="people"),
    Row("men", kind=Kind.COUNT, decimals=0, part_of="people"),
    Row("young", kind=Kind.COUNT, decimals=0, apart_in="people"),
    Row("old", kind=Kind.COUNT, decimals=0, apart_in="people"),
    Row("share", kind=Kind.PERCENT, maximum=100, minimum=0,
        formulas=GUARDED.format("[women]", "[people]", "[women]/[people]*100")),
    Row("money", kind=Kind.MONEY, decimals=0),
    Row("sum", formulas="=SUM([land_a],[land_b])"),
    Row("count", formulas="=COUNT([land_a],[women])"),
    Row("spent", formulas="=SUM([works.cost])"),
    Row("trees", measures=("prior", "plan", "actual", "next_plan"),
        formulas={"plan_ratio": GUARDED.format("[trees@plan]", "[trees@actual]", "[trees@actual]/[trees@plan]*100"),
                  "growth": GUARDED.format("[trees@prior]", "[trees@actual]", "([trees@actual]/[trees@prior]-1)*100"),
                  "change": GUARDED.format("[trees@prior]", "[trees@actual]", "[trees@actual]-[trees@prior]")}),
]  # fmt: skip
RULES = """
    R1 error: [women]+[men]=[people]
    R2 warning: [share]<=100
    R3 error: SUM([works.cost])<=[money]
    R4 warning: [area]*[yield]<=[output]*10
"""
TYPED: Sequence[Typed] = (
    None, None, None, 0, 1, 2, 3, 7, 10, 12.5, 33.3, 33.33, 100, 100.0001, 1000, 2500, 5001, -4, 1e12, 0.1, 0.30000001,
    "-", "?", "chữ", "~50", ">3", "12.50", "99.9",
)  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return build(ROWS, {"works": {"name": Kind.TEXT, "cost": Kind.MONEY}}, RULES)


@pytest.fixture(scope="module")
def facts(catalogue: Catalogue) -> Facts:
    return Facts(catalogue)


def random_return(catalogue: Catalogue, number: int, choose: random.Random) -> Return:
    """A return with anything typed anywhere, formulas included, and results of other programs in formula cells."""
    density = choose.choice((0.2, 0.6, 0.95))
    keys = [f"{figure.indicator}@{figure.measure}" for figure in catalogue.columns]
    formulas = {f"{figure.indicator}@{figure.measure}" for figure in catalogue.formulas}
    chances = {key: density * (0.3 if key in formulas else 1) for key in keys}
    typed = {key: choose.choice(TYPED) for key in keys if choose.random() < chances[key]}
    for item in range(choose.randint(0, 3)):
        typed |= {f"works#{item + 1}.name": "Đường", f"works#{item + 1}.cost": choose.choice(TYPED)}
    one = returned(catalogue, f"U{number}", typed)
    if choose.random() < 0.5:
        return one
    return replace(one, cells=tuple(_shown(cell, choose) for cell in one.cells))


def _shown(cell: ReadCell, choose: random.Random) -> ReadCell:
    if cell.role is not Role.FORMULA or cell.observation.status != Status.MISSING or choose.random() < 0.7:
        return cell
    raw = choose.choice(("0", "1", "2", "100", "33.3333333333333", "#N/A", "nan"))
    return replace(cell, observation=cell.observation._replace(raw=raw))


def random_returns(catalogue: Catalogue, seed: int, count: int = 20) -> list[Return]:
    choose = random.Random(seed)
    return [random_return(catalogue, number, choose) for number in range(count)]


class TestBatch:
    @settings(max_examples=6, deadline=None)
    @given(seed=st.integers(0, 10**6))
    def test_it_finds_what_each_return_alone_gives(self, catalogue: Catalogue, facts: Facts, seed: int) -> None:
        """No screen ever passes by a return in which its check finds something."""
        returns = random_returns(catalogue, seed)
        found = check_batch(Batch(facts, returns, calculated(catalogue, returns)))

        assert found == [check_subject(subject_of(catalogue, one)) for one in returns]

    def test_returns_of_one_unit_are_kept_apart(self, catalogue: Catalogue, facts: Facts) -> None:
        """A unit may send two files, and some say no unit at all."""
        returns = [replace(one, unit="") for one in random_returns(catalogue, 5)]
        found = check_batch(Batch(facts, returns, calculated(catalogue, returns)))

        assert found == [check_subject(subject_of(catalogue, one)) for one in returns]

    def test_every_check_that_is_screened_exists(self) -> None:
        assert SCREENS.keys() <= set(CHECKS)

    def test_a_check_without_a_screen_looks_at_every_return(
        self, catalogue: Catalogue, facts: Facts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen = []

        def new_check(subject: object) -> Iterator[object]:
            seen.append(subject)
            return iter(())

        monkeypatch.setattr("workbook_tools.screening.CHECKS", [new_check])
        returns = random_returns(catalogue, 1, 7)
        check_batch(Batch(facts, returns, calculated(catalogue, returns)))

        assert len(seen) == len(returns)


class TestCalculationTogether:
    @settings(max_examples=6, deadline=None)
    @given(seed=st.integers(0, 10**6))
    def test_a_unit_has_the_figures_it_has_alone(self, catalogue: Catalogue, seed: int) -> None:
        """To the last bit: what others of the batch fill makes no difference."""
        returns = random_returns(catalogue, seed)
        together = calculated(catalogue, returns)
        for row, one in enumerate(returns):
            alone = empty_cube(catalogue, [one.unit])
            fill_cube(alone, catalogue, [one])
            calculate(catalogue, alone)
            same = one_row(together, row)
            for name in ARRAYS:
                np.testing.assert_array_equal(getattr(same, name), getattr(alone, name), err_msg=name)
            assert same.text == alone.text

    @given(st.lists(st.floats(allow_nan=False), min_size=20, max_size=60))
    def test_digits_do_not_depend_on_how_many_numbers_there_are(self, numbers: list[float]) -> None:
        alone = [float(significant(np.array([number]))[0]) for number in numbers]

        assert significant(np.array(numbers)).tolist() == alone


class TestTransport:
    def test_a_return_arrives_as_it_was_sent(self, catalogue: Catalogue) -> None:
        """Between processes its cells go column by column."""
        for one in [*random_returns(catalogue, 3), replace(random_returns(catalogue, 3)[0], cells=())]:
            assert pickle.loads(pickle.dumps(one)) == one
