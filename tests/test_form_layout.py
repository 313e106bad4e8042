"""Where everything of a form stands."""

from collections import Counter
from itertools import pairwise

import pytest

from tests.forms import form_layout
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName, Position
from workbook_tools.form_layout import FormLayout, Slot, headings_of, lay_out
from workbook_tools.formulas import Figure, ListColumn, NotPlacedError
from workbook_tools.indicators import GroupRow, Indicator, Role
from workbook_tools.periods import parse_period


def slot_of(layout: FormLayout, name: FigureName) -> Slot:
    return next(slot for slot in layout.slots() if slot.name == name)


class TestLayOut:
    @pytest.mark.parametrize("which", ["small", "catalogue"])
    @pytest.mark.parametrize("level", ["", "xã", "thôn"])
    def test_no_cell_and_no_figure_comes_twice(self, which: str, level: str, request: pytest.FixtureRequest) -> None:
        """A cell has one name and a name one cell."""
        layout = lay_out(request.getfixturevalue(which), level=level)
        slots = list(layout.slots())

        assert max(Counter(slot.name for slot in slots).values()) == 1
        assert max(Counter((slot.sheet, slot.position) for slot in slots).values()) == 1

    @pytest.mark.parametrize("which", ["small", "catalogue"])
    def test_place_is_where_the_slot_is(self, which: str, request: pytest.FixtureRequest) -> None:
        """Formulas refer to the very cells that are filled."""
        layout = form_layout(request.getfixturevalue(which))
        for slot in layout.slots():
            if not slot.name.item:
                assert layout.place(Figure(slot.name.indicator, slot.name.measure)) == (slot.sheet, slot.position)

    def test_figures_stand_where_an_official_sees_them(self, small: Catalogue) -> None:
        layout = form_layout(small)

        assert layout.place(Figure("people.total", "actual")) == ("01 Dân số", Position(10, 7))
        assert layout.place_list(ListColumn("farms.road_list", "length")) == (
            "02 Nông nghiệp", Position(20, 5), Position(23, 5),
        )  # fmt: skip

    def test_a_level_has_only_its_rows(self, small: Catalogue) -> None:
        """A hamlet fills no list, nor what a list adds up."""
        layout = lay_out(small, level="thôn")

        assert {slot.name.indicator for slot in layout.slots()} == set(small.indicators) - {
            "farms.roads", "farms.road_length",
        }  # fmt: skip

    def test_a_heading_without_rows_is_left_out(self, catalogue: Catalogue) -> None:
        """No block of a level ends with a heading row, and none has two in a row."""
        for level in ("xã", "thôn"):
            for field in lay_out(catalogue, level=level).fields:
                for block in field.blocks:
                    kinds = [isinstance(row.content, GroupRow) for row in block.rows]

                    assert not kinds[-1]
                    assert not any(one and other for one, other in pairwise(kinds))

    def test_one_field_alone(self, small: Catalogue) -> None:
        """A formula whose parts are in another field has no place in the form of one field."""
        layout = lay_out(small, level="xã", fields=["farms"])
        indicator = small.indicators["farms.people_per_hectare"]

        assert [field.sheet for field in layout.fields] == ["02 Nông nghiệp"]
        assert layout.role(indicator, "actual") is Role.CLOSED
        with pytest.raises(NotPlacedError):
            layout.place(Figure("people.total", "actual"))

    def test_named_list_rows(self, small: Catalogue) -> None:
        """A consolidated list has the rows that came, named after their units."""
        layout = lay_out(small, items={"farms.road_list": ["07399.1", "07840.2"]})
        items = [slot.name.item for slot in layout.slots() if slot.name.measure == "length"]

        assert items == ["07399.1", "07840.2"]

    def test_roles_are_those_of_the_template(self, small: Catalogue) -> None:
        layout = form_layout(small)
        measures = ("prior", "plan", "actual")
        roles = {one: slot_of(layout, FigureName("people.poor_rate", one)).role for one in measures}

        assert roles == {"prior": Role.FORMULA, "plan": Role.INPUT, "actual": Role.FORMULA}

    def test_formulas_refer_to_the_form(self, small: Catalogue) -> None:
        """The template's rows are other rows than the form's: its lists carry no facts."""
        layout = form_layout(small)
        roads = small.indicators["farms.roads"].cells["actual"].expression
        density = small.indicators["farms.people_per_hectare"].cells["actual"].expression
        assert roads is not None
        assert density is not None

        assert layout.formula(roads, "02 Nông nghiệp") == "=COUNTA(C20:C23)"
        assert layout.formula(density, "02 Nông nghiệp") == "=IFERROR('01 Dân số'!G10/G10,\"\")"

    def test_every_indicator_of_the_shipped_template_has_a_place(self, catalogue: Catalogue) -> None:
        placed = {
            row.content.code
            for field in lay_out(catalogue).fields
            for block in field.blocks
            for row in block.rows
            if isinstance(row.content, Indicator)
        }

        assert placed == set(catalogue.indicators)


class TestHeadingsOfPeriods:
    """A form for six months compares with six months of last year and with the plan of the whole year, and says so."""

    @pytest.mark.parametrize(
        ("period", "prior", "plan", "next_plan", "ratio"),
        [
            ("2026", "năm 2025", "năm 2026", "năm 2027", None),
            ("2026-H1", "6 tháng đầu năm 2025", "năm 2026", "năm 2027", "TH/KH năm 2026 (%)"),
            ("2026-SY", "năm học 2025-2026", "năm học 2026-2027", "năm học 2027-2028", None),
        ],
    )
    def test_name_what_is_compared(
        self, catalogue: Catalogue, period: str, prior: str, plan: str, next_plan: str, ratio: str | None
    ) -> None:
        found = headings_of(catalogue, parse_period(period))
        expected = {"prior": f"Thực hiện {prior}", "plan": f"Kế hoạch {plan}", "next_plan": f"Kế hoạch {next_plan}"}

        assert {measure: found[measure] for measure in expected} == expected
        assert found.get("plan_ratio") == ratio
