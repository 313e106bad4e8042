"""What kind of file a received file is: told by its content, never by its name."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.failure_reasons import damaged, unreadable
from workbook_tools.ole_directory import OLE_SIGNATURE, root_entries
from workbook_tools.wording import Words


@dataclass(frozen=True, slots=True)
class FileKind:
    """How a kind of file is called, and the endings its files go by; no endings for what is no workbook."""

    name: Words
    endings: Sequence[str] = ()


OOXML = FileKind(
    Words("tệp Excel .xlsx", "an Excel workbook (.xlsx)"), (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam", ".et")
)
XLS = FileKind(Words("tệp Excel cũ (.xls)", "an old Excel workbook (.xls)"), (".xls", ".xlt", ".et", ".ett"))
XLSB = FileKind(Words("tệp Excel nhị phân (.xlsb)", "a binary Excel workbook (.xlsb)"), (".xlsb",))
ODS = FileKind(Words("bảng tính OpenDocument (.ods)", "an OpenDocument spreadsheet (.ods)"), (".ods", ".ots"))
FODS = FileKind(Words("bảng tính OpenDocument (.fods)", "a flat OpenDocument spreadsheet (.fods)"), (".fods", ".xml"))
SPREADSHEETML = FileKind(Words("bảng tính XML của Excel 2003", "an Excel 2003 XML spreadsheet"), (".xml",))
HTML = FileKind(Words("trang web có bảng (HTML)", "a web page with tables (HTML)"), (".html", ".htm"))
MHTML = FileKind(Words("trang web một tệp (.mht)", "a single-file web page (.mht)"), (".mht", ".mhtml"))
TEXT = FileKind(Words("tệp văn bản (.csv, .txt)", "a text file (.csv, .txt)"), (".csv", ".tsv", ".txt"))

WORKBOOK_ENDINGS = frozenset(
    ending for kind in (OOXML, XLS, XLSB, ODS, FODS, SPREADSHEETML, HTML, MHTML, TEXT) for ending in kind.endings
) - {".txt"}
"""Endings of files that may hold a form, in lower case. Any file is read that is named; these are read unasked."""

PROTECTED = FileKind(Words("tệp Excel có mật khẩu", "an Excel workbook with a password"))

_IMAGE = FileKind(Words("tệp ảnh", "a picture"))
_FILM = FileKind(Words("tệp phim hoặc âm thanh", "a film or sound file"))
_WORD = FileKind(Words("tệp Word", "a Word document"))
_SLIDES = FileKind(Words("tệp PowerPoint", "a PowerPoint presentation"))
_NUMBERS = FileKind(Words("tệp Apple Numbers hoặc Pages", "an Apple Numbers or Pages document"))
_MAIL = FileKind(Words("thư điện tử (.msg, .eml)", "an e-mail message (.msg, .eml)"))
_SHORTCUT = FileKind(Words("lối tắt, không phải chính tệp", "a shortcut, not the file itself"))
_CLOUD = FileKind(Words("liên kết hoặc tệp giữ chỗ của ổ đĩa đám mây", "a link or placeholder of a cloud drive"))
_ZIP = FileKind(Words("tệp nén .zip", "a .zip archive"))
_RAR = FileKind(Words("tệp nén .rar", "a .rar archive"))
_OTHER_ARCHIVE = FileKind(Words("tệp nén", "an archive"))
_OTHER_OLE = FileKind(Words("tệp Office cũ không phải bảng tính", "an old Office file that is no spreadsheet"))
_OTHER_ODF = FileKind(Words("tệp OpenDocument không phải bảng tính", "an OpenDocument file that is no spreadsheet"))
_ANCIENT = FileKind(Words("tệp Excel trước năm 1995", "an Excel file from before 1995"))
_XML = FileKind(Words("tệp XML khác", "another kind of XML file"))
_JSON = FileKind(Words("tệp JSON", "a JSON file"))
_PDF = FileKind(Words("tệp PDF", "a PDF document"))
_PROGRAM = FileKind(Words("tệp chương trình", "a program"))
_DATABASE = FileKind(Words("tệp cơ sở dữ liệu", "a database"))
_APPLE = FileKind(Words("tệp phụ của máy Mac", "a companion file of a Mac"))
_UNKNOWN = FileKind(Words("tệp không rõ loại", "a file of unknown kind"))

_SIGNATURES = (
    (b"%PDF-", _PDF), (b"\x89PNG", _IMAGE), (b"\xff\xd8\xff", _IMAGE), (b"GIF8", _IMAGE), (b"II*\0", _IMAGE),
    (b"MM\0*", _IMAGE), (b"AT&TFORM", _IMAGE), (b"{\\rtf", _WORD), (b"Rar!\x1a\x07", _RAR),
    (b"7z\xbc\xaf\x27\x1c", _OTHER_ARCHIVE), (b"\x1f\x8b", _OTHER_ARCHIVE), (b"BZh", _OTHER_ARCHIVE),
    (b"\xfd7zXZ\0", _OTHER_ARCHIVE), (b"bplist00", _CLOUD), (b"L\0\0\0\x01\x14\x02\0", _SHORTCUT),
    (b"[InternetShortcut]", _SHORTCUT), (b"\x00\x05\x16\x07", _APPLE), (b"SQLite format 3", _DATABASE),
    (b"\0\1\0\0Standard", _DATABASE), (b"ID3", _FILM), (b"\x1aE\xdf\xa3", _FILM), (b"\x09\x08\x08\0\0\x05", XLS),
    (b"\x09\x08\x10\0\0\x06", XLS), (b"\x09\0\x04\0", _ANCIENT), (b"\x09\2\6\0", _ANCIENT), (b"\x09\4\6\0", _ANCIENT),
)  # fmt: skip
"""First bytes of files that are no text."""

_ZEROS = Words("chỉ có byte 0, chép hoặc tải về dở dang", "it is all zeros, an unfinished copy")
_CUT = Words("gói tệp không trọn vẹn, chép hoặc tải về dở dang", "the package is not whole, an unfinished copy")
_START_BYTES = 65_536
_MOST_PROLOGUES = 20
_MAIL_HEADER = re.compile(
    r"(Received|Return-Path|Delivered-To|From|Subject|Date|MIME-Version|Message-ID|X-[\w-]+): ", re.I
)
_HTML_START = re.compile(r"<(!doctype\s+html|html|head|body|table|meta|style|div|center)\b", re.IGNORECASE)
_XML_ROOT = re.compile(r"<(?:\w+:)?(\w+)[^>]*>")


def kind_of(path: Path) -> FileKind:
    """The kind of a file; raises WorkbookReadError if it cannot be opened or is damaged beyond telling."""
    try:
        with path.open("rb") as file:
            start = file.read(_START_BYTES)
    except OSError as error:
        raise unreadable(error) from error
    if not start.strip(b"\0"):
        raise damaged(_ZEROS)
    if start.startswith(OLE_SIGNATURE):
        return _kind_of_ole(path)
    if start.startswith((b"PK\3\4", b"PK\5\6")):
        return _kind_of_zip(path)
    if start[4:8] == b"ftyp":
        return _IMAGE if start[8:12] in (b"heic", b"heix", b"mif1", b"avif") else _FILM
    if start.startswith(b"RIFF"):
        return _IMAGE if start[8:12] == b"WEBP" else _FILM
    if start[:2] in (b"BM", b"MZ") and b"\0" in start[:64]:
        return _IMAGE if start[:2] == b"BM" else _PROGRAM
    binary = next((kind for signature, kind in _SIGNATURES if start.startswith(signature)), None)
    return binary or _kind_of_text(start)


def _kind_of_ole(path: Path) -> FileKind:
    names = root_entries(path.read_bytes())
    if "encryptedpackage" in names:
        return PROTECTED
    if "workbook" in names or "book" in names:
        return XLS
    if "worddocument" in names:
        return _WORD
    if "powerpoint document" in names:
        return _SLIDES
    return _MAIL if any(name.startswith("__substg1.0_") for name in names) else _OTHER_OLE


def _kind_of_zip(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as package:
            names = {name.lower().lstrip("/").replace("\\", "/") for name in package.namelist()}
            mimetype = _mimetype(package)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise damaged(_CUT) from error
    if mimetype.startswith("application/vnd.oasis.opendocument."):
        return ODS if ".spreadsheet" in mimetype else _OTHER_ODF
    if "[content_types].xml" in names or "_rels/.rels" in names:
        return _kind_of_office_package(names)
    if "content.xml" in names and "meta-inf/manifest.xml" in names:
        return ODS
    if any(name.startswith("index/") and name.endswith(".iwa") for name in names) or "index.zip" in names:
        return _NUMBERS
    return _ZIP


def _kind_of_office_package(names: set[str]) -> FileKind:
    if any(name.startswith("word/") for name in names) and "xl/workbook.xml" not in names:
        return _WORD
    if any(name.startswith("ppt/") for name in names) and "xl/workbook.xml" not in names:
        return _SLIDES
    is_binary = any(name.endswith("workbook.bin") for name in names)
    return XLSB if is_binary and not any(name.endswith("workbook.xml") for name in names) else OOXML


def _mimetype(package: zipfile.ZipFile) -> str:
    if "mimetype" not in package.namelist() or package.getinfo("mimetype").file_size > 200:
        return ""
    return package.read("mimetype").decode("ascii", "replace")


def _kind_of_text(start: bytes) -> FileKind:
    text = _rough_text(start).lstrip()
    if "\0" in text:
        return _UNKNOWN
    if text.startswith(("{", "[")) and re.match(r'[{\[]\s*["{\[\]}]', text):
        return _CLOUD if "docs.google.com" in text or '"doc_id"' in text else _JSON
    if _MAIL_HEADER.match(text):
        return MHTML if re.search(r"content-type:\s*text/html|x-document-type: *workbook", text, re.I) else _MAIL
    if text.startswith("<"):
        return _kind_of_markup(text)
    return HTML if re.search(r"<table\b", text[:4096], re.IGNORECASE) else TEXT


def _rough_text(start: bytes) -> str:
    """The text as far as it tells the kind."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", "replace")
    if start[1::2].count(0) * 4 > len(start) or start[::2].count(0) * 4 > len(start):
        return start.decode("utf-16-le" if start[1:2] == b"\0" else "utf-16-be", "replace")
    return start.decode("utf-8-sig", "replace")


def _without_prologue(text: str) -> str:
    """The markup from its first element on: comments and processing instructions before it are left out."""
    for begin, end in (("<?", "?>"), ("<!--", "-->")) * _MOST_PROLOGUES:
        if text.startswith(begin):
            text = text.partition(end)[2].lstrip()
    return text


def _kind_of_markup(text: str) -> FileKind:
    plain = _without_prologue(text)
    if _HTML_START.match(plain):
        return HTML
    root = _XML_ROOT.match(plain)
    if root is None:
        return HTML if re.search(r"<(table|html)\b", text, re.IGNORECASE) else _XML
    name, head = root[1], root[0]
    if name == "Workbook" and "urn:schemas-microsoft-com:office:spreadsheet" in head:
        return SPREADSHEETML
    if name == "document" and "opendocument" in head:
        return FODS if "opendocument.spreadsheet" in head else _OTHER_ODF
    if name in ("wordDocument", "package"):
        return _WORD
    if name == "svg":
        return _IMAGE
    return HTML if re.search(r"<table\b", plain, re.IGNORECASE) else _XML
