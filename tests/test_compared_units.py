"""How many units stand side by side: all of a commune, of a country the level that can be read."""

import pytest

from tests.small_catalogue import Nested, Row, build, consolidated, returned, tree
from workbook_tools import consolidated as module
from workbook_tools.consolidated import compared_units, shown_units


@pytest.fixture(autouse=True)
def at_most_four(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_COMPARED", 4)


def compared(nested: Nested, sent: str) -> tuple[str, str]:
    """The units side by side, and the lowest."""
    catalogue = build([Row("a")])
    result = consolidated(catalogue, tree({"Q": nested}), [returned(catalogue, unit, {"a": 1}) for unit in sent])
    return "".join(one.code for one in compared_units(result)), "".join(one.code for one in shown_units(result))


class TestComparedUnits:
    def test_few_are_all_there(self) -> None:
        assert compared({"A": {}, "B": {}}, "AB") == ("AB", "AB")

    def test_many_stand_by_the_level_above(self) -> None:
        nested: Nested = {"M": {"A": {}, "B": {}}, "N": {"C": {}, "D": {}, "E": {}}}

        assert compared(nested, "ABCDE") == ("MN", "ABCDE")

    def test_the_deepest_level_that_fits(self) -> None:
        """A unit that has none below it stays beside those of the level."""
        nested: Nested = {"M": {"K": {"A": {}, "B": {}}, "L": {"C": {}, "D": {}}}, "E": {}}

        assert compared(nested, "ABCDE") == ("KLE", "ABCDE")

    def test_without_a_level_between_all_stay(self) -> None:
        assert compared({code: {} for code in "ABCDEF"}, "ABCDEF") == ("ABCDEF", "ABCDEF")
