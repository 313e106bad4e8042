"""What several tests share: the catalogues, made once, and the option that accepts new golden files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.small_template import write_small_template
from workbook_tools.catalogue import Catalogue
from workbook_tools.template_reading import read_template

TEMPLATE = Path(__file__).parents[1] / "templates" / "BieuMau.xlsx"


settings.register_profile("repeatable", derandomize=True)
settings.register_profile("exploring", derandomize=False)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="accept what the tests write as the new golden files")


@pytest.fixture(scope="session", autouse=True)
def raise_what_nobody_expected() -> Iterator[None]:
    """In tests an unexpected exception is no finding: it ends the test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_TOOLS_RAISE", "1")
        yield


@pytest.fixture(scope="session", autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the command line keeps for a person stands in a folder of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "APPDATA"):
            patch.setenv(name, str(tmp_path_factory.mktemp("settings")))
        yield


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The shipped template."""
    return read_template(TEMPLATE).catalogue


@pytest.fixture(scope="session")
def small_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template of two fields: quick to write and read."""
    return write_small_template(tmp_path_factory.mktemp("template") / "BieuMau.xlsx")


@pytest.fixture(scope="session")
def small(small_template: Path) -> Catalogue:
    """The catalogue of the small template."""
    return read_template(small_template).catalogue
