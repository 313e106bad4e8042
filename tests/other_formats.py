"""Small workbooks in formats other than xlsx, for tests: no library writes them all, and none writes odd ones."""

import struct
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

_SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_LEAST_STREAM = 4096


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (OLE2) with these streams at its top."""
    sectors: list[bytes] = []
    following: list[int] = []

    def add(data: bytes) -> int:
        first = len(sectors)
        pieces = [data[at : at + _SECTOR].ljust(_SECTOR, b"\0") for at in range(0, max(len(data), 1), _SECTOR)]
        sectors.extend(pieces)
        following.extend([*range(first + 1, first + len(pieces)), _END])
        return first

    entries = []
    for number, (name, data) in enumerate(streams.items(), 1):
        whole = data.ljust(_LEAST_STREAM, b"\0")
        right = number + 1 if number < len(streams) else _FREE
        entries.append(_directory_entry(name, 2, right, _FREE, add(whole), len(whole)))
    root = _directory_entry("Root Entry", 5, _FREE, 1 if streams else _FREE, _END, 0)
    directory = add(b"".join([root, *entries]))
    count = 1
    while count * _SECTOR // 4 < len(sectors) + count:
        count += 1
    places = range(len(sectors), len(sectors) + count)
    table = [*following, *[_TABLE] * count]
    packed = struct.pack(f"<{len(table)}I", *table).ljust(count * _SECTOR, b"\xff")
    listed = [*places, *[_FREE] * (109 - count)]
    numbers = (count, directory, 0, _LEAST_STREAM, _END, 0, _END, 0)
    header = struct.pack("<8s16sHHHHH6xI", bytes.fromhex("d0cf11e0a1b11ae1"), b"", 0x3E, 3, 0xFFFE, 9, 6, 0)
    header += struct.pack("<8I", *numbers) + struct.pack("<109I", *listed)
    return header + b"".join(sectors) + packed


def _directory_entry(name: str, kind: int, right: int, child: int, first: int, size: int) -> bytes:
    letters = (name + "\0").encode("utf-16-le")
    links = struct.pack("<HBBIII", len(letters), kind, 1, _FREE, right, child)
    return letters.ljust(64, b"\0") + links + b"\0" * 36 + struct.pack("<IQ", first, size)


def record(kind: int, data: bytes = b"") -> bytes:
    """A record of an old workbook."""
    return struct.pack("<HH", kind, len(data)) + data


def cell(kind: int, row: int, column: int, style: int, data: bytes) -> bytes:
    """A cell of an old workbook; row and column count from 0."""
    return record(kind, struct.pack("<HHH", row, column, style) + data)


def label(row: int, column: int, text: str, style: int = 0) -> bytes:
    """A text in an old workbook."""
    return cell(0x0204, row, column, style, struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    """A number in an old workbook."""
    return cell(0x0203, row, column, style, struct.pack("<d", value))


def formula(row: int, column: int, tokens: bytes, result: bytes, style: int = 0) -> bytes:
    """A formula in an old workbook; the result is a packed number or one of the special ones."""
    return cell(0x06, row, column, style, result + struct.pack("<HIH", 0, 0, len(tokens)) + tokens)


EMPTY_TEXT = b"\x03\0\0\0\0\0\xff\xff"
"""The result of a formula that shows an empty text, or was never calculated."""


def error_result(code: int) -> bytes:
    """The result of a formula that shows an error."""
    return bytes([2, 0, code, 0, 0, 0, 0xFF, 0xFF])


def old_workbook(
    sheets: Mapping[str, Iterable[bytes]],
    *,
    states: Mapping[str, int] | None = None,
    fonts: tuple[str, ...] = ("Arial",),
    formats: tuple[str, ...] = (),
    styles: tuple[tuple[int, int], ...] = ((0, 0),),
    before_sheets: bytes = b"",
) -> bytes:
    """The stream of a workbook of Excel 97 (BIFF8) with these records in its sheets.

    Args:
        styles: font and number format of each style; own formats count from 164.
        before_sheets: further records.
    """
    begin = struct.pack("<HHHHII", 0x0600, 0x05, 0, 1997, 0, 6)
    start = record(0x0809, begin) + record(0x42, struct.pack("<H", 1200)) + before_sheets
    start += b"".join(record(0x31, _font(name)) for name in fonts)
    start += b"".join(
        record(0x041E, struct.pack("<HHB", key, len(text), 1) + text.encode("utf-16-le"))
        for key, text in enumerate(formats, 164)
    )
    start += b"".join(record(0xE0, struct.pack("<HH", *style) + b"\0" * 16) for style in styles)
    sheet_begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 1997, 0, 6))
    bodies = [sheet_begin + b"".join(records) + record(0x0A) for records in sheets.values()]
    names = [name.encode("utf-16-le") for name in sheets]
    at = len(start) + sum(12 + len(name) for name in names) + 4
    listed = b""
    for name, body, sheet in zip(names, bodies, sheets, strict=True):
        state = (states or {}).get(sheet, 0)
        listed += record(0x85, struct.pack("<IBBBB", at, state, 0, len(sheet), 1) + name)
        at += len(body)
    return start + listed + record(0x0A) + b"".join(bodies)


def _font(name: str) -> bytes:
    return (
        struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0)
        + struct.pack("<BB", len(name), 1)
        + (name.encode("utf-16-le"))
    )


def binary_record(kind: int, data: bytes = b"") -> bytes:
    """A record of a binary workbook (xlsb)."""
    packed = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(data)
    while length >= 128:
        packed += bytes([length & 0x7F | 0x80])
        length >>= 7
    return packed + bytes([length]) + data


def binary_text(text: str) -> bytes:
    """A text of a binary workbook."""
    letters = text.encode("utf-16-le")
    return struct.pack("<I", len(letters) // 2) + letters


def binary_cell(kind: int, column: int, data: bytes, style: int = 0) -> bytes:
    """A cell of a binary workbook; columns count from 0."""
    return binary_record(kind, struct.pack("<II", column, style) + data)


def binary_formula(tokens: bytes) -> bytes:
    """What follows the result of a formula."""
    return struct.pack("<HI", 0, len(tokens)) + tokens + struct.pack("<I", 0)


def binary_row(row: int, *, hidden: bool = False) -> bytes:
    """The beginning of a row; rows count from 0."""
    return binary_record(0, struct.pack("<IIHBB", row, 0, 300, 0, 0x10 if hidden else 0) + b"\0" * 5)


def write_binary_workbook(
    path: Path,
    sheets: Mapping[str, bytes],
    *,
    states: Mapping[str, int] | None = None,
    strings: tuple[str, ...] = (),
    fonts: tuple[str, ...] = ("Arial",),
    formats: tuple[str, ...] = (),
    styles: tuple[tuple[int, int], ...] = ((0, 0),),
    epoch: int = 1900,
) -> Path:
    """A binary workbook (xlsb) with these records in its sheets; styles are pairs of number format and font."""
    kinds = {"styles": "styles.bin", "sharedStrings": "sharedStrings.bin"}
    targets = {f"rId{at}": ("worksheet", f"worksheets/sheet{at}.bin") for at in range(1, len(sheets) + 1)}
    targets |= {f"r{kind}": (kind, name) for kind, name in kinds.items()}
    listed = b"".join(
        binary_record(
            156, struct.pack("<II", (states or {}).get(name, 0), at) + binary_text(f"rId{at}") + binary_text(name)
        )
        for at, name in enumerate(sheets, 1)
    )
    look = b"".join(
        binary_record(44, struct.pack("<H", key) + binary_text(text)) for key, text in enumerate(formats, 164)
    )
    look += b"".join(binary_record(43, b"\0" * 21 + binary_text(name)) for name in fonts)
    look += binary_record(626) + binary_record(47, b"\0" * 16) + binary_record(627) + binary_record(617)
    look += b"".join(binary_record(47, struct.pack("<HHH", 0, *one) + b"\0" * 10) for one in styles) + binary_record(
        618
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("_rels/.rels", _relations({"rId1": ("officeDocument", "xl/workbook.bin")}))
        package.writestr("xl/_rels/workbook.bin.rels", _relations(targets))
        package.writestr("xl/workbook.bin", binary_record(153, struct.pack("<I", epoch == 1904) + b"\0" * 4) + listed)
        package.writestr("xl/styles.bin", look)
        package.writestr(
            "xl/sharedStrings.bin", b"".join(binary_record(19, b"\0" + binary_text(one)) for one in strings)
        )
        for at, records in enumerate(sheets.values(), 1):
            package.writestr(f"xl/worksheets/sheet{at}.bin", records)
    return path


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    inside = "".join(
        f'<Relationship Id="{key}" Type="{kinds}/{kind}" Target="{target}"/>' for key, (kind, target) in targets.items()
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'
    )


OPEN_DOCUMENT = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def write_open_document(path: Path, tables: str, styles: str = "", manifest: str = "") -> Path:
    """An OpenDocument spreadsheet of these tables; flat, in one XML file, if the path ends so."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    inside = (
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    )
    if path.suffix == ".fods":
        path.write_text(
            f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {OPEN_DOCUMENT} office:mimetype="{kind}">'
            f"{inside}</office:document>",
            "utf-8",
        )
        return path
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", kind, zipfile.ZIP_STORED)
        package.writestr("content.xml", f"<office:document-content {OPEN_DOCUMENT}>{inside}</office:document-content>")
        package.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    return path


def excel_2003(sheets: str, styles: str = "") -> str:
    """A spreadsheet in the XML of Excel 2003."""
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:html="http://www.w3.org/TR/REC-html40"><Styles>{styles}</Styles>{sheets}</Workbook>'
    )
