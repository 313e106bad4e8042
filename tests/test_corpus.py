"""Damages that senders really do: what is readable is read, the rest is told of, nothing is guessed."""

import random
import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import TEMPLATE
from tests.corpus.all_damages import DAMAGES
from tests.corpus.damage import NOTHING_TOLD, Action, Damage, Effect, Expected
from tests.corpus.form import Base, Form
from tests.corpus.measuring import SEEDS, measure, seeds_of, shipped_base, small_base
from tests.forms import assert_balanced, said
from workbook_tools.form_reading import read_return
from workbook_tools.observations import REFUSED

DOCUMENT = Path(__file__).parents[1] / "docs" / "damages.md"
FLIPS = 200
QUICK = [name for name, one in DAMAGES.items() if not one.needs_office]
OF_STRUCTURE = [name for name, one in DAMAGES.items() if one.family in ("structure", "labels")]


@pytest.fixture(scope="module")
def bases(small_template: Path) -> dict[int, Base]:
    """A filled form of the small template for each seed."""
    return {seed: small_base(small_template, seed) for seed in SEEDS}


@pytest.fixture(scope="module")
def shipped() -> Base:
    """A filled form of some fields of the shipped template."""
    return shipped_base(TEMPLATE, SEEDS[0])


class TestDamages:
    @pytest.mark.parametrize("name", QUICK)
    def test_is_borne(self, name: str, bases: dict[int, Base]) -> None:
        """Figures, findings and books are as the damage allows, in forms filled at random."""
        outcomes = [measure(DAMAGES[name], bases[seed], seed) for seed in SEEDS]

        assert [outcome.problems for outcome in outcomes] == [()] * len(SEEDS)
        assert any(outcome.is_done for outcome in outcomes)

    @pytest.mark.parametrize("name", OF_STRUCTURE)
    def test_is_borne_by_the_shipped_template(self, name: str, shipped: Base) -> None:
        """The same for a form of the shipped template, with labels that stand in several rows and many lists."""
        assert measure(DAMAGES[name], shipped, SEEDS[0]).problems == ()

    @pytest.mark.office
    @pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
    @pytest.mark.parametrize("name", sorted(DAMAGES.keys() - set(QUICK)))
    def test_is_borne_after_libreoffice(self, name: str, bases: dict[int, Base]) -> None:
        assert [measure(DAMAGES[name], bases[seed], seed).problems for seed in seeds_of(DAMAGES[name])] == [()]

    def test_bytes_changed_on_the_way(self, bases: dict[int, Base], tmp_path: Path) -> None:
        """One byte changed: the file is refused or reads as before; no figure ever changes."""
        base, choose = bases[SEEDS[0]], random.Random(5)
        path = tmp_path / "kep.xlsx"
        refused = 0
        for _ in range(FLIPS):
            data = bytearray(base.data)
            data[choose.randrange(len(data))] ^= choose.randrange(1, 256)
            path.write_bytes(data)
            returned = read_return(path, base.catalogue)
            refused += returned.status == REFUSED
            assert_balanced(returned)
            assert returned.status == REFUSED or said(returned) == base.said

        assert 0 < refused < FLIPS


def done(action: Action, expected: Expected, base: Base) -> list[str]:
    """What is found wrong with a damage that lies about what it does."""
    return [*measure(Damage("lie", "values", expected, "A lie.", action), base, 1).problems]


class TestMeasuring:
    """The measure itself: it finds what a reader could get wrong."""

    def test_a_changed_figure(self, bases: dict[int, Base]) -> None:
        def change(form: Form, choose: random.Random) -> Effect:
            form.put(form.slot(choose, where=lambda slot: slot.subject.kind.is_numeric), 77)
            return NOTHING_TOLD

        (problem,) = done(change, Expected.SAME, bases[1])

        assert "77.0" in problem

    def test_a_lost_figure(self, bases: dict[int, Base]) -> None:
        """It is told that the number still shows in the file: here on a sheet that is no form's."""

        def move(form: Form, choose: random.Random) -> Effect:
            slot = form.slot(choose, where=lambda slot: slot.subject.kind.is_numeric)
            cell = form.workbook[slot.sheet][slot.position.name]
            form.workbook.create_sheet("Nháp")["B2"], cell.value = cell.value, None
            return Effect(changed={slot.name: (None,)})

        problems = done(move, Expected.FINDING, bases[1])

        assert problems[0] == "nothing is told"
        assert "neither read nor told of" in problems[1]

    def test_a_file_that_is_read_and_should_not_be(self, bases: dict[int, Base]) -> None:
        problems = done(lambda form, choose: Effect(refused=("file.damaged",)), Expected.REFUSED, bases[1])

        assert problems[0].startswith("not refused but accepted")

    def test_a_finding_that_is_not_told(self, bases: dict[int, Base]) -> None:
        effect = Effect(("structure.row_missing",), places=(("01 Dân số", "G10"),))
        problems = done(lambda form, choose: effect, Expected.FINDING, bases[1])

        assert problems[:2] == ["not told: structure.row_missing", "nothing is told"]
        assert problems[2:] == ["01 Dân số!G10 is named by no finding"]


class TestDocument:
    def test_names_every_damage(self) -> None:
        """``python -m tests.corpus`` writes it anew."""
        rows = re.findall(r"^\| (.+?) \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)

        assert sorted(row for row in rows if row != "damage") == sorted(DAMAGES)
