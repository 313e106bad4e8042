"""What holds of every consolidation, whatever was sent: over random trees, rules and mergers."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import digest, tries
from tests.small_catalogue import Row, build, consolidated, returned, tree
from tests.test_aggregation import (
    catalogue_of,
    differences,
    inner_units,
    leaves,
    named,
    rules_of_rows,
    shapes,
    typed_by_a_unit,
)
from workbook_tools import pipeline
from workbook_tools.boundaries import carry
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.form_layout import lay_out
from workbook_tools.form_writing import Identity, write_form
from workbook_tools.formulas import Figure
from workbook_tools.periods import parse_period
from workbook_tools.successions import Succession

RATE = '=IF(COUNT([a],[b])=2,IFERROR([a]/[b]*100,""),"")'
SUM = "=SUM([a],[b])"
PRIOR = ("prior",)
MERGED = build(
    [
        Row("a", measures=PRIOR),
        Row("b", measures=PRIOR),
        Row("mean", "bình quân theo b", measures=PRIOR),
        Row("best", "lớn nhất", measures=PRIOR),
        Row("least", "nhỏ nhất", measures=PRIOR),
        Row("rate", "bình quân theo b", formulas=RATE, measures=PRIOR),
        Row("both", formulas=SUM, measures=PRIOR),
    ]
)
DAY = dt.date(2025, 7, 1)


@settings(max_examples=tries(60), deadline=None)
@given(data=st.data())
def test_the_order_of_returns_does_not_matter(data: st.DataObject) -> None:
    catalogue = catalogue_of(data.draw(rules_of_rows()))
    nested = {"P": named(data.draw(shapes.filter(lambda shape: len(shape) > 0)))}
    returns = [returned(catalogue, leaf, data.draw(typed_by_a_unit(catalogue, 7))) for leaf in leaves(nested)]
    shuffled = data.draw(st.permutations(returns))

    assert (
        differences(consolidated(catalogue, tree(nested), returns), consolidated(catalogue, tree(nested), shuffled))
        == []
    )


@settings(max_examples=tries(60), deadline=None)
@given(data=st.data())
def test_every_ratio_at_every_level_is_that_of_its_added_parts(data: st.DataObject) -> None:
    """Parts of different units make none."""
    rules = dict.fromkeys(("a", "b", "c", "w", "ratio"), "tổng")
    catalogue = catalogue_of(rules)
    nested = {"P": named(data.draw(shapes.filter(lambda shape: len(shape) > 0)))}
    typed = {leaf: data.draw(typed_by_a_unit(catalogue, 9)) for leaf in leaves(nested)}
    readable = {
        leaf: {key: None if value == "?" or key == "ratio" else value for key, value in own.items()}
        for leaf, own in typed.items()
    }
    returns = [returned(catalogue, leaf, own) for leaf, own in readable.items()]
    for unit in inner_units(nested):
        result = consolidated(catalogue, tree(nested), returns, unit)
        for measure in ("prior", "actual"):
            a, b, ratio = (result.value(Figure(code, measure)) for code in ("a", "b", "ratio"))
            same = len({result.support(Figure(code, measure)).signature for code in ("a", "b")}) == 1
            numbers = isinstance(a, float | int) and isinstance(b, float | int) and b != 0
            if same and numbers and not result.support(Figure("ratio", measure)).blocked:
                assert ratio == pytest.approx(a / b * 100, rel=1e-12)  # type: ignore[operator]
            elif numbers and not same:
                assert ratio is None


@settings(max_examples=tries(60), deadline=None)
@given(data=st.data())
def test_merging_then_adding_is_adding_then_merging(data: st.DataObject) -> None:
    """Whichever units are merged into which, the whole has the same sums, means, extremes and ratios."""
    old = [f"U{number}" for number in range(data.draw(st.integers(2, 7)))]
    amounts = st.integers(1, 10**6)
    typed = {unit: {code: data.draw(amounts) for code in ("a", "b", "mean", "best", "least")} for unit in old}
    new = {unit: data.draw(st.sampled_from(["X", "Y", "Z"])) for unit in old}
    carried = carry(
        MERGED,
        {unit: {FigureName(code, "prior"): value for code, value in own.items()} for unit, own in typed.items()},
        [Succession(unit, new[unit], DAY) for unit in old],
    )
    before = consolidated(
        MERGED,
        tree({"P": {unit: {} for unit in old}}),
        [
            returned(MERGED, unit, {f"{code}@prior": value for code, value in own.items()})
            for unit, own in typed.items()
        ],
    )
    after = consolidated(
        MERGED,
        tree({"P": {unit: {} for unit in carried.values}}),
        [
            returned(MERGED, unit, {f"{name.indicator}@prior": value for name, value in own.items()})
            for unit, own in carried.values.items()
        ],
    )

    for code in MERGED.indicators:
        figure = Figure(code, "prior")
        assert after.value(figure) == pytest.approx(before.value(figure), rel=1e-11), code
    assert carried.estimated == {}


class TestFiles:
    """The same of whole runs: what comes out are the same bytes."""

    def send(self, folder: Path, catalogue: Catalogue, unit: str, area: float) -> Path:
        path = folder / f"{unit}.xlsx"
        values = {FigureName("farms.area", "actual"): area, FigureName("farms.output", "actual"): 5 * area}
        write_form(path, lay_out(catalogue), Identity(unit, f"Xã {unit}", parse_period("2023"), "xã"), values)
        return path

    def test_neither_order_nor_lateness_matters(self, tmp_path: Path, small: Catalogue, small_template: Path) -> None:
        files = [self.send(tmp_path / "in", small, unit, area) for unit, area in (("A", 1.5), ("B", 2.25), ("C", 7))]
        first, again, late = (tmp_path / name / "TongHop.xlsx" for name in ("first", "again", "late"))
        pipeline.consolidate(files, first, unit="P", template=small_template)
        pipeline.consolidate(files[::-1], again, unit="P", template=small_template)
        pipeline.consolidate(files[:2], late, unit="P", template=small_template)
        assert digest(late) != digest(first)
        pipeline.consolidate(files, late, unit="P", template=small_template)

        assert digest(first) == digest(again) == digest(late)
