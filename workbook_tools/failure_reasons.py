"""Why a file could not be read, said in both languages, whatever a library says of it."""

import errno
import lzma
import zipfile
import zlib
from xml.parsers import expat

from workbook_tools.errors import WorkbookReadError
from workbook_tools.wording import Words

_LONGEST = 200
_GONE = Words("tệp không còn ở đó", "it is no longer there")
_CLOSED = Words("không được phép đọc, hoặc tệp đang bị khóa", "it may not be read, or is locked")
_FOLDER = Words("đó là một thư mục", "it is a folder")
_DISK = Words("ổ đĩa hoặc mạng bị lỗi khi đọc", "the disk or the network failed")
_NAME = Words("tên hoặc đường dẫn không dùng được", "the name or the path is not allowed")
_BY_NUMBER = {
    errno.ENOENT: _GONE,
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.EBUSY: _CLOSED,
    errno.EISDIR: _FOLDER,
    errno.EIO: _DISK,
    errno.ETIMEDOUT: _DISK,
    errno.ENETDOWN: _DISK,
    errno.EHOSTDOWN: _DISK,
    errno.ESTALE: _DISK,
    errno.ENOTDIR: _NAME,
    errno.ELOOP: _NAME,
    errno.ENAMETOOLONG: _NAME,
}
_CHECKSUM = Words("mã kiểm tra không khớp hoặc gói tệp bị hỏng", "a checksum is wrong or the package is broken")
_PACKING = Words("không giải nén được", "it cannot be unpacked")
_UNKNOWN_PACKING = Words("cách nén không đọc được", "packed in a way that cannot be read")
_STRUCTURE = Words("dữ liệu bên trong sai cấu trúc", "what is inside is not structured as it should be")


class ContentError(ValueError):
    """What stands in a file cannot be; the message says so in both languages."""

    def __init__(self, vietnamese: str, english: str) -> None:
        super().__init__(english)
        self.words = Words(vietnamese, english)


def reason_of(error: Exception) -> Words:
    """What an error of the system or of a library means, for the message of a finding."""
    if isinstance(error, ContentError):
        return error.words
    if isinstance(error, expat.ExpatError):
        line = getattr(error, "lineno", 0)
        return Words(f"XML sai ở dòng {line}", f"broken XML in line {line}")
    if isinstance(error, OSError) and error.errno:
        told = error.strerror or type(error).__name__
        return _BY_NUMBER.get(error.errno) or Words(f"lỗi hệ thống số {error.errno}", told)
    if isinstance(error, NotImplementedError):
        return _UNKNOWN_PACKING
    if isinstance(error, zipfile.BadZipFile):
        return _CHECKSUM
    if isinstance(error, zlib.error | lzma.LZMAError | EOFError):
        return _PACKING
    return _with_detail(_STRUCTURE, str(error) or type(error).__name__)


def _with_detail(words: Words, detail: str) -> Words:
    """The English words with what the library says; it says so in English only."""
    shortened = detail if len(detail) <= _LONGEST else detail[:_LONGEST] + "…"
    return Words(words.vietnamese, f"{words.english}: {shortened}")


def damaged(reason: Words) -> WorkbookReadError:
    """The refusal of a file that is not whole."""
    return WorkbookReadError("file.damaged", {"reason": reason})


def damaged_by(error: Exception) -> WorkbookReadError:
    """The refusal of a file that made a reader fail."""
    return damaged(reason_of(error))


def unreadable(error: OSError) -> WorkbookReadError:
    """The refusal of a file that cannot be opened."""
    return WorkbookReadError("file.unreadable", {"reason": reason_of(error)})


def past_the_grid(row: int, column: int) -> ContentError:
    """What is wrong with a cell that no sheet has room for."""
    return ContentError(f"ô R{row}C{column} nằm ngoài trang tính", f"cell R{row}C{column} is past the grid")


def too_large(vietnamese: str, english: str) -> WorkbookReadError:
    """The refusal of a file past one of the caps."""
    return WorkbookReadError("file.too_large", {"limit": Words(vietnamese, english)})


def too_many(number: int, vietnamese: str, english: str) -> WorkbookReadError:
    """The refusal of a file with more than so many things of a kind, named in both languages."""
    return too_large(f"{number:,} ".replace(",", ".") + vietnamese, f"{number:,} {english}")
