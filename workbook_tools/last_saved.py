"""When a file was last saved: as the workbook itself says, else as its folder does."""

import datetime as dt
import lzma
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from workbook_tools.excel_writing import CREATED
from workbook_tools.wording import Words

_MODIFIED = "{http://purl.org/dc/terms/}modified"
_CORE, _CUSTOM = "docProps/core.xml", "docProps/custom.xml"
_LARGEST_CORE = 100_000

BY_WORKBOOK = Words("theo thông tin trong tệp", "by what the workbook says")
BY_FOLDER = Words("theo giờ của tệp trên máy", "by the time of the file")


class Saved(NamedTuple):
    """A time (UTC), and what says so."""

    time: dt.datetime
    source: Words


def last_saved(path: Path) -> Saved:
    """When a file was last saved. Workbooks as we write them say nothing: their time is the same for all."""
    own = stated_time(path)
    if own is not None and own != CREATED.replace(tzinfo=dt.UTC):
        return Saved(own, BY_WORKBOOK)
    return Saved(dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC), BY_FOLDER)


def is_as_written(path: Path) -> bool:
    """Whether a workbook is still as this program wrote it: no office program has saved it since."""
    return stated_time(path) == CREATED.replace(tzinfo=dt.UTC)


def stated_time(path: Path) -> dt.datetime | None:
    """The time of saving in a workbook's own properties; None if there is none that can be read."""
    tree = _properties(path, _CORE)
    try:
        time = dt.datetime.fromisoformat(((tree.findtext(f".//{_MODIFIED}") if tree is not None else "") or "").strip())
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=dt.UTC)


def custom_properties(path: Path) -> frozenset[str]:
    """Names of the properties that were given to a workbook beside the usual ones; none for any other file."""
    tree = _properties(path, _CUSTOM)
    return frozenset() if tree is None else frozenset(one.get("name", "") for one in tree)


def _properties(path: Path, name: str) -> Element | None:
    """The root of a small part of a package; None if there is none that can be read."""
    try:
        with zipfile.ZipFile(path) as package:
            part = package.getinfo(name)
            if part.file_size > _LARGEST_CORE:
                return None
            root: Element = defusedxml.ElementTree.fromstring(package.read(part), forbid_dtd=True)
    except (OSError, EOFError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError):
        return None
    except (ParseError, DefusedXmlException):
        return None
    return root
