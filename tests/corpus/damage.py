"""What a damage is, and what may come of it."""

import enum
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.corpus.form import Form
from tests.forms import Said
from workbook_tools.cells import FigureName

Options = tuple[Said | None, ...]
"""What a figure may read as after a damage; None: it is not taken, and a finding says so."""

LOST: Options = (None,)


class Expected(enum.StrEnum):
    """What a damage leaves of a return."""

    SAME = "same"
    AS_TYPED = "as typed"
    FINDING = "finding"
    REFUSED = "refused"


@dataclass(frozen=True)
class Effect:
    """What a damage did, as far as reading must show it; everything else is to read as before.

    Args:
        told: codes that must be among the findings; ``a|b`` is one of them.
        changed: figures that read otherwise, each with what it may read as.
        places: sheet and cell of what a finding must name.
        refused: codes with one of which the file is refused.
        is_done: False where the form has nothing that the damage could be done to.
    """

    told: tuple[str, ...] = ()
    changed: Mapping[FigureName, Options] = field(default_factory=dict)
    places: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = ()
    is_done: bool = True


NOTHING_TOLD = Effect()
NOT_DONE = Effect(is_done=False)
"""The form has nothing that the damage could be done to."""

Action = Callable[[Form, random.Random], Effect]


@dataclass(frozen=True)
class Damage:
    """A damage: what the sender did (``story``), to what, and what is expected of the reader."""

    name: str
    family: str
    expected: Expected
    story: str
    action: Action
    needs_office: bool = False
    """Whether LibreOffice has to be there: done to one form only."""


DAMAGES: dict[str, Damage] = {}
"""All damages by name, in the order of their modules."""


def damage(family: str, expected: Expected) -> Callable[[Action], Action]:
    """Register a function as a damage; its name and docstring describe it."""

    def register(action: Action) -> Action:
        story = " ".join((action.__doc__ or "").split())
        add(Damage(action.__name__.replace("_", " "), family, expected, story, action))
        return action

    return register


def add(one: Damage) -> None:
    """Register a damage."""
    assert one.name not in DAMAGES
    assert one.story
    DAMAGES[one.name] = one


def reads(value: float, qualifier: str = "") -> Options:
    """A figure that reads as this number and nothing else."""
    return (("value", float(value), qualifier, ""),)


def maybe(value: float) -> Options:
    """A figure that reads as this number, or is not taken: both can be defended, if it is told."""
    return (("value", float(value), "", ""), None)


def means(status: str) -> Options:
    """A figure that reads as a word for no number."""
    return ((status, None, "", ""),)
