"""LibreOffice, for tests: recalculate a workbook, or save it as LibreOffice saves it."""

import re
import subprocess
import zipfile
from pathlib import Path

_CACHED = re.compile(rb"(</f>)<v>[^<]*</v>")


def without_results(path: Path, target: Path) -> Path:
    """A copy of a workbook whose formulas have no results, so that whoever opens it has to compute them."""
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as stripped:
        for name in package.namelist():
            part = package.read(name)
            stripped.writestr(name, _CACHED.sub(rb"\1", part) if "worksheets/" in name else part)
    return target


def saved_by_office(paths: list[Path], folder: Path, kind: str = "xlsx") -> list[Path]:
    """The workbooks as LibreOffice computes and saves them; one start for all."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder / "saved")]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=300)
    return [folder / "saved" / path.with_suffix(f".{kind}").name for path in paths]
