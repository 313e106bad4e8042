"""Files that stand under their name whole, or not at all: whatever ends the run, and whoever else writes."""

import errno
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from workbook_tools.errors import WorkbookWriteError
from workbook_tools.inert import on_one_line

if sys.platform != "win32":
    import fcntl

PREFIX, SUFFIX = ".~workbook-tools-", ".tmp"
"""How the name of a file begins and ends while it is being written."""

KEPT_PREFIX = ".workbook-tools-"
"""How the name of a file begins that keeps something for the next run."""

_ATTEMPTS = 3
_FULL = ("ổ đĩa đã đầy hoặc hết hạn mức; xóa bớt tệp rồi chạy lại", "the disk is full; free some space and run again")
_CLOSED = (
    "tệp đang mở trong Excel (WPS, LibreOffice), hoặc thư mục không cho ghi; đóng tệp đó, hay chọn nơi khác, "
    "rồi chạy lại",
    "it is open in Excel (WPS, LibreOffice), or the folder cannot be written to; close it, or choose another place, "
    "and run again",
)
_NO_FOLDER = (
    "trên đường dẫn có một tệp ở chỗ phải là thư mục; chọn nơi khác",
    "a file stands where the path needs a folder; choose another place",
)
_FOLDER = ("đó là một thư mục; ghi thêm tên tệp, ví dụ TongHop.xlsx", "it is a folder; add the name of a file")
_READ_ONLY = ("ổ đĩa chỉ cho đọc; chọn nơi khác", "the disk is read-only; choose another place")
_BAD_NAME = ("tên tệp quá dài hoặc có ký tự không dùng được; đặt tên khác", "the name is too long or not allowed")
_REASONS = {
    errno.ENOSPC: _FULL,
    errno.EFBIG: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.ENOTDIR: _NO_FOLDER,
    errno.EEXIST: _NO_FOLDER,
    errno.EISDIR: _FOLDER,
    errno.EROFS: _READ_ONLY,
    errno.ENAMETOOLONG: _BAD_NAME,
    errno.EINVAL: _BAD_NAME,
}


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file in one step: readers see the former content or the new, never a part.

    A missing folder is made. Raises WorkbookWriteError with what to do; the former file is then untouched.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "")
        path.parent.mkdir(parents=True, exist_ok=True)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                _replace(path, data)
                return
            except FileNotFoundError:
                # Another run took the new file for one left behind, before it was marked as in use.
                if attempt == _ATTEMPTS:
                    raise
    except OSError as error:
        raise _failure(path, error) from error


def sweep(folder: Path) -> None:
    """Remove what killed runs have left in a folder; what another run is writing just now stays."""
    for path in folder.glob(f"{PREFIX}*{SUFFIX}"):
        with suppress(OSError), path.open("r+b") as file:
            _mark_as_in_use(file)
            if sys.platform != "win32":
                path.unlink()
        if sys.platform == "win32":
            with suppress(OSError):  # Windows removes no file that is open.
                path.unlink()


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=PREFIX, suffix=SUFFIX)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            with suppress(OSError):  # Not every network drive knows locks.
                _mark_as_in_use(file)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(0o644)
            if sys.platform != "win32":
                # Still in use, so that no other run sweeps it away.
                os.replace(temporary, path)
        if sys.platform == "win32":
            os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _mark_as_in_use(file: IO[bytes]) -> None:
    """Lock an open file until it is closed; fails at once if another process has done so."""
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _failure(path: Path, error: OSError) -> WorkbookWriteError:
    system = error.strerror or str(error) or type(error).__name__
    unknown = (
        f"hệ thống báo lỗi “{system}”; kiểm tra ổ đĩa, đường dẫn và quyền ghi rồi chạy lại",
        f"the system says '{system}'; check the disk, the path and whether it may be written to, and run again",
    )
    vietnamese, english = _REASONS.get(error.errno or 0, unknown)
    name = on_one_line(str(path))
    return WorkbookWriteError(f"Không ghi được “{name}”: {vietnamese}.", f"Cannot write '{name}': {english}.")
