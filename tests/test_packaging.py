"""The template and the examples come along, however the package was installed."""

import shutil
import subprocess
import sys
from importlib import metadata, resources
from pathlib import Path
from zipfile import ZipFile

import pytest

import workbook_tools

ROOT = Path(__file__).parents[1]
DATA = {"templates": {".xlsx"}, "examples": {".xlsx", ".csv"}}
"""The folders that ship as data, with the kinds of files in them."""

NOT_SOURCE = shutil.ignore_patterns(".*", "*.egg-info", "__pycache__", "build", "dist", "demo", "tests", "~$*")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in a wheel, built from a copy so that the checkout stays clean."""
    pytest.importorskip("setuptools", "70.1")
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, folder / "source", ignore=NOT_SOURCE)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index"]
    finished = subprocess.run(
        [*command, "--wheel-dir", str(folder), str(folder / "source")], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    (path,) = folder.glob("workbook_tools-*.whl")
    with ZipFile(path) as archive:
        return set(archive.namelist())


class TestWheel:
    @pytest.mark.parametrize("folder", sorted(DATA))
    def test_holds_every_data_file(self, wheel: set[str], folder: str) -> None:
        """A file added to templates/ or examples/ is not forgotten in setup.cfg."""
        data = [path for path in (ROOT / folder).rglob("[!.~]*") if path.suffix in DATA[folder]]

        assert data
        assert {f"workbook_tools/{path.relative_to(ROOT).as_posix()}" for path in data} <= wheel

    def test_holds_every_module(self, wheel: set[str]) -> None:
        modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "workbook_tools").rglob("*.py")}

        assert modules <= wheel

    @pytest.mark.parametrize("name", ["LICENSE", "NOTICE"])
    def test_holds_the_licences(self, wheel: set[str], name: str) -> None:
        """The notice for the unit data goes where the data goes."""
        assert any(".dist-info/" in file and file.endswith(f"/{name}") for file in wheel)

    def test_holds_nothing_beside_the_package(self, wheel: set[str]) -> None:
        """No `tests` or `templates` at the top of site-packages."""
        tops = {name.split("/")[0] for name in wheel}

        assert {top for top in tops if not top.endswith(".dist-info")} == {"workbook_tools"}


class TestThisInstall:
    @pytest.mark.parametrize(("package", "name"), [("templates", "BieuMau.xlsx"), ("examples", "DonVi.xlsx")])
    def test_finds_its_data(self, package: str, name: str) -> None:
        assert (resources.files(f"workbook_tools.{package}") / name).is_file()

    def test_knows_its_version(self) -> None:
        """setup.cfg and the package name the same one."""
        assert metadata.version("workbook-tools") == workbook_tools.__version__
