"""Finds the received files: each real file once, everything else in their folders named and passed by.

Links are never followed out of a folder, and nothing is opened here: what a file is, its reader tells.
"""

import os
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from workbook_tools.errors import UnknownPlaceError
from workbook_tools.failure_reasons import reason_of
from workbook_tools.file_kinds import WORKBOOK_ENDINGS
from workbook_tools.findings import Finding, Severity
from workbook_tools.inert import on_one_line
from workbook_tools.whole_files import KEPT_PREFIX, PREFIX
from workbook_tools.wording import Words

OVERFLOW_SUFFIX = ".nguon-so-lieu.parquet"
"""How the name of a file ends that holds the sources a consolidated workbook has no room for."""

INDEX_NAME = "DanhSachBieu.xlsx"
"""The index that stands beside the forms of a list of units."""

DOCUMENT_ENDINGS = frozenset(
    {".pdf", ".jpg", ".jpeg", ".jfif", ".png", ".heic", ".heif", ".tif", ".tiff", ".bmp", ".gif", ".webp"}
    | {".doc", ".docx", ".docm", ".rtf", ".odt", ".ppt", ".pptx", ".zip", ".rar", ".7z", ".gz", ".tar"}
    | {".msg", ".eml", ".numbers", ".pages", ".mdb", ".accdb"}
)
"""Files in which an office may have sent its return all the same."""

PLACEHOLDER_ENDINGS = frozenset({".icloud", ".tmp", ".crdownload", ".part", ".partial", ".download", ".opdownload"})
MAXIMUM_NAMES = 10
"""So many files are named where there is nothing to read."""

SHORTCUT_ENDINGS = frozenset({".gsheet", ".gdoc", ".url", ".lnk", ".webloc", ".desktop"})
SYSTEM_NAMES = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini"})

LOCK = Words(
    "tệp khóa do Excel, WPS hoặc LibreOffice tạo khi đang mở một tệp",
    "a lock that Excel, WPS or LibreOffice keeps while a file is open",
)
SYSTEM = Words("tệp hệ thống của máy tính", "a file of the operating system")
HIDDEN = Words("tệp ẩn", "a hidden file")
EMPTY = Words("tệp rỗng (0 byte), có thể chép hoặc tải về dở dang", "empty (0 bytes), perhaps an unfinished copy")
PLACEHOLDER = Words(
    "tệp tải về dở dang hoặc còn nằm trên mạng, chưa có nội dung trên máy này",
    "a download that is not finished, or a file that is still in the cloud",
)
SHORTCUT = Words(
    "lối tắt đến một trang mạng hoặc tệp khác, không chứa số liệu", "a shortcut to another place, without figures"
)
LINK = Words("liên kết đến tệp hoặc thư mục khác", "a link to another file or folder")
SPECIAL = Words("không phải là tệp thông thường", "not an ordinary file")
OTHER_KIND = Words("không phải dạng bảng tính", "not a spreadsheet")
INDEX = Words("danh sách các biểu đã tạo", "the index of a folder of forms")
SOURCES = Words("phần nối của một tệp tổng hợp", "a continuation of a consolidated workbook")
NO_FILE = Words("không còn trong thư mục", "no longer in the folder")


@dataclass(frozen=True)
class ReceivedFile:
    """A file to read, and the name that tells it from every other file of the run."""

    path: Path
    name: str


@dataclass(frozen=True)
class Received:
    """The files to read in the order named (folders sorted), and what was passed by."""

    files: tuple[ReceivedFile, ...]
    findings: tuple[Finding, ...]


def received_files(paths: Iterable[Path], outputs: Iterable[Path] = ()) -> Received:
    """The files named, whatever their ending, and the workbooks in the folders named.

    Args:
        outputs: what this run will write; it is not read where it lies in one of the folders.

    Raises UnknownPlaceError for a place that does not exist, and where there is nothing to read at all.
    """
    search = _Search({_identity(path) for path in outputs})
    for path in paths:
        if path.is_dir():
            search.look_through(path)
        elif path.exists():
            search.take_named(path)
        else:
            shown = on_one_line(str(path))
            raise UnknownPlaceError(f"Không có tệp hoặc thư mục “{shown}”.", f"There is no file or folder '{shown}'.")
    if not search.found and not any(finding.severity == "error" for finding in search.findings):
        raise _nothing_to_read(search)
    return Received(tuple(_named_apart(list(search.found.values()))), tuple(search.findings))


@dataclass
class _Search:
    """Collects files by what they really are: a link or another spelling of a path is the same file."""

    outputs: set[object]
    found: dict[object, Path] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)

    def take_named(self, path: Path) -> None:
        if not path.is_file():
            reason = SPECIAL
            self.tell("file.unreadable", path, reason)
        else:
            self.take(path)

    def look_through(self, folder: Path) -> None:
        self.folders.append(folder)
        before = len(self.found)
        for path, reason in _entries(folder, self.findings):
            if path.name.startswith((PREFIX, KEPT_PREFIX)) or (reason is not LINK and _identity(path) in self.outputs):
                continue  # What a run itself writes is no finding: the next one would say something else.
            if reason is None:
                self.take(path)
            elif path.suffix.lower() in WORKBOOK_ENDINGS and reason is EMPTY:
                self.tell("file.empty", path, reason, Severity.WARNING)
            elif path.suffix.lower() in DOCUMENT_ENDINGS and reason is OTHER_KIND:
                self.tell("file.maybe_a_return", path, reason)
            else:
                self.tell("file.passed_by", path, reason)
        if len(self.found) == before:
            shown = on_one_line(str(folder))
            self.findings.append(Finding("file.none_in_folder", file=shown, details={"folder": shown}))

    def take(self, path: Path) -> None:
        known = self.found.setdefault(_identity(path), path)
        if known is not path:
            name = on_one_line(known.name)
            self.tell("file.passed_by", path, Words(f"chính là tệp “{name}” đã đọc", f"the file '{name}' once more"))

    def tell(self, code: str, path: Path, reason: Words, level: Severity | None = None) -> None:
        name = on_one_line(path.name)
        self.findings.append(Finding(code, file=name, level=level, details={"file": name, "reason": reason}))


def _entries(folder: Path, findings: list[Finding]) -> Iterator[tuple[Path, Words | None]]:
    """Everything in a folder and below, sorted, with the reason why it is no workbook to read."""

    def unreadable(error: OSError) -> None:
        name = on_one_line(str(error.filename))
        details = {"folder": name, "reason": reason_of(error)}
        findings.append(Finding("file.folder_unreadable", file=name, details=details))

    for place, folders, names in os.walk(folder, onerror=unreadable):
        folders.sort()
        here = Path(place)
        yield from ((here / name, LINK) for name in folders if (here / name).is_symlink())
        for name in sorted(names):
            yield here / name, _reason_to_pass(here / name)


def _reason_to_pass(path: Path) -> Words | None:
    name, ending = path.name.lower(), path.suffix.lower()
    if name.startswith(("~$", ".~lock.")):
        return LOCK
    if name in SYSTEM_NAMES or name.startswith("._"):
        return SYSTEM
    if ending in PLACEHOLDER_ENDINGS:
        return PLACEHOLDER
    if ending in SHORTCUT_ENDINGS:
        return SHORTCUT
    if name.startswith("."):
        return HIDDEN
    if name.endswith(OVERFLOW_SUFFIX):
        return SOURCES
    if name == INDEX_NAME.lower():
        return INDEX
    try:
        facts = path.lstat()
    except OSError:
        return NO_FILE
    if stat.S_ISLNK(facts.st_mode):
        return LINK
    if not stat.S_ISREG(facts.st_mode):
        return SPECIAL
    if facts.st_size == 0:
        return EMPTY
    return None if ending in WORKBOOK_ENDINGS else OTHER_KIND


def _identity(path: Path) -> object:
    """What tells a real file: the same for a link to it and for any spelling of its path."""
    try:
        facts = path.stat()
    except OSError:
        return path
    return (facts.st_dev, facts.st_ino) if facts.st_ino else os.path.normcase(path.resolve())


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to the same real file."""
    return one.exists() and other.exists() and _identity(one) == _identity(other)


def _named_apart(paths: list[Path]) -> Iterator[ReceivedFile]:
    """Each file by its name alone, or by folder and name where several of the run are called the same."""
    namesakes: dict[str, list[Path]] = defaultdict(list)
    for path in paths:
        namesakes[path.name.casefold()].append(path.resolve())
    for path in paths:
        same = namesakes[path.name.casefold()]
        yield ReceivedFile(path, on_one_line(path.name if len(same) == 1 else _below_common_folder(path, same)))


def _below_common_folder(path: Path, namesakes: list[Path]) -> str:
    try:
        common = os.path.commonpath([one.parent for one in namesakes])
    except ValueError:  # They lie on several drives.
        return path.resolve().as_posix()
    return path.resolve().relative_to(common).as_posix()


def _nothing_to_read(search: _Search) -> UnknownPlaceError:
    folders = ", ".join(on_one_line(str(folder)) for folder in search.folders)
    passed = [finding.file for finding in search.findings if finding.code != "file.none_in_folder"]
    names = ", ".join(passed[:MAXIMUM_NAMES]) + (", …" if len(passed) > MAXIMUM_NAMES else "")
    return UnknownPlaceError(
        f"Thư mục “{folders}” không có tệp Excel nào." + (f" Chỉ có: {names}." if names else ""),
        f"There is no Excel file in '{folders}'." + (f" It only holds: {names}." if names else ""),
    )
