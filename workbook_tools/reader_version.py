"""Which reader this is: the same file gives the same return only to the same one."""

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = ("defusedxml", "lxml", "numpy", "openpyxl", "xlrd")
"""With these a return is read and calculated."""


@cache
def reader_version() -> str:
    """Changes with every line of this package, and with what it reads with."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(one for one in package.rglob("*") if one.suffix in (".py", ".csv")):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return " ".join([f"python {platform.python_version()}", *map(_version, LIBRARIES), digest.hexdigest()])


def _version(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:  # as in a program packed into one folder
        return f"{library} unknown"
