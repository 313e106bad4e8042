"""The worked example: today's xã Kép and xã Hiệp Hòa at the boundaries of the units they took the place of."""

from pathlib import Path

import pytest

from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.indicators import Aggregation, Kind, Role
from workbook_tools.merger_example import MEASURE, MERGERS, SPLIT_SHARE, merged, page

PAGE = Path(__file__).parents[1] / "docs" / "mergers.md"


def test_the_page_is_current() -> None:
    renew = "renew it: python -m workbook_tools.merger_example > docs/mergers.md"
    assert PAGE.read_text("utf-8").splitlines() == list(page()), renew


@pytest.mark.parametrize("code", MERGERS)
class TestBase:
    def test_of_every_sum_is_the_sum_of_the_parts(self, catalogue: Catalogue, code: str) -> None:
        one, checked = merged(catalogue, code), 0
        for indicator in catalogue.indicators.values():
            name = FigureName(indicator.code, MEASURE)
            typed = [values.get(name) for values in one.parts.values()]
            numbers = [value for value in typed if isinstance(value, int | float)]
            is_sum = indicator.aggregation is Aggregation.SUM and indicator.kind is not Kind.PERCENT
            if is_sum and indicator.rule(MEASURE).role is Role.INPUT and len(numbers) == len(one.parts):
                assert one.base[name] == pytest.approx(sum(numbers), rel=1e-12), indicator.label
                checked += 1
        assert checked >= 10

    def test_is_nowhere_estimated(self, catalogue: Catalogue, code: str) -> None:
        """All parts went to the new unit as a whole."""
        assert not merged(catalogue, code).carried.estimated

    def test_needs_all_parts_of_the_national_list(self, catalogue: Catalogue, code: str) -> None:
        one = merged(catalogue, code)

        assert {part.old for part in one.successions} == one.parts.keys()
        assert not {"unit.share_unknown", "unit.part_without_figures"} & {told.code for told in one.carried.findings}


def test_a_split_part_counts_by_its_share_and_says_so(catalogue: Catalogue) -> None:
    code = next(iter(MERGERS))
    whole, split = merged(catalogue, code), merged(catalogue, code, split=True)
    [part] = [one.old for one in split.successions if one.share == SPLIT_SHARE]

    assert split.carried.estimated
    for (_, name), share in split.carried.estimated.items():
        if catalogue.indicators[name.indicator].aggregation is not Aggregation.SUM:
            continue
        cut = float(str(whole.parts[part][name]))
        assert split.base[name] == pytest.approx(float(str(whole.base[name])) - (1 - SPLIT_SHARE) * cut)
        assert share == pytest.approx(SPLIT_SHARE * cut / float(str(split.base[name])))
