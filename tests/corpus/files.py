"""Files that are no form, or not a whole one."""

import io
import random
import re
import struct
import zipfile

import openpyxl

from tests.corpus.damage import Effect, Expected, damage
from tests.corpus.form import Form, packed, parts_of

FAMILY = "files"
NO_WORKBOOK = ("file.not_a_workbook",)
BROKEN = ("file.not_a_workbook", "file.damaged")
NO_FORM = ("file.not_a_workbook", "file.no_form")
SHEETS = re.compile(r"xl/worksheets/sheet[0-9]+\.xml")


@damage(FAMILY, Expected.REFUSED)
def empty_file(form: Form, choose: random.Random) -> Effect:
    """A file of zero bytes, an unfinished download."""
    form.data, form.name = b"", "rong.xlsx"
    return Effect(refused=("file.empty",))


@damage(FAMILY, Expected.REFUSED)
def file_cut_off(form: Form, choose: random.Random) -> Effect:
    """A file cut off somewhere."""
    form.data = form.base.data[: choose.randrange(1, len(form.base.data) - 1)]
    return Effect(refused=(*BROKEN, "file.no_form"))


@damage(FAMILY, Expected.REFUSED)
def middle_of_the_file_overwritten(form: Form, choose: random.Random) -> Effect:
    """Some bytes of a sheet overwritten with zeros."""
    with zipfile.ZipFile(io.BytesIO(form.base.data)) as package:
        names = [name for name in package.namelist() if SHEETS.fullmatch(name)]
        part = package.getinfo(choose.choice(names))
    start = part.header_offset + 30 + len(part.filename) + part.compress_size // 3
    data = bytearray(form.base.data)
    data[start : start + 40] = bytes(40)
    form.data = bytes(data)
    return Effect(refused=BROKEN)


@damage(FAMILY, Expected.REFUSED)
def picture_renamed(form: Form, choose: random.Random) -> Effect:
    """A photograph renamed .xlsx."""
    form.data = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + choose.randbytes(5000)
    return Effect(refused=NO_WORKBOOK)


@damage(FAMILY, Expected.REFUSED)
def scanned_document_renamed(form: Form, choose: random.Random) -> Effect:
    """A scanned PDF renamed .xlsx."""
    form.data = b"%PDF-1.7\n" + choose.randbytes(5000) + b"\n%%EOF"
    return Effect(refused=NO_WORKBOOK)


@damage(FAMILY, Expected.REFUSED)
def word_document_renamed(form: Form, choose: random.Random) -> Effect:
    """A Word document renamed .xlsx."""
    types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    form.data = packed({"[Content_Types].xml": types, "word/document.xml": b"<document/>"})
    return Effect(refused=NO_WORKBOOK)


@damage(FAMILY, Expected.REFUSED)
def archive_renamed(form: Form, choose: random.Random) -> Effect:
    """A .zip with the form in it renamed .xlsx."""
    form.data = packed({"kep.xlsx": form.base.data, "Bao cao.docx": b"PK"})
    return Effect(refused=NO_WORKBOOK)


@damage(FAMILY, Expected.REFUSED)
def file_with_a_password(form: Form, choose: random.Random) -> Effect:
    """A workbook that needs a password."""
    form.data = _compound_file({"EncryptionInfo": choose.randbytes(4096), "EncryptedPackage": choose.randbytes(8192)})
    return Effect(refused=("file.protected", "file.old_or_protected"))


def _compound_file(streams: dict[str, bytes]) -> bytes:
    """A compound file of a few streams, each a multiple of 512 bytes and none under 4,096 (MS-CFB)."""
    end, free, fat_sector = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    table, entries, body = [fat_sector, end], [_entry("Root Entry", 5, end, 0, child=1)], b""
    for number, (name, content) in enumerate(streams.items(), 1):
        first, count = len(table), len(content) // 512
        table += [*range(first + 1, first + count), end]
        right = number + 1 if number < len(streams) else free
        entries.append(_entry(name, 2, first, len(content), right=right))
        body += content
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    header += struct.pack("<108I", *[free] * 108)
    directory = b"".join(entries).ljust(512, b"\0")
    return header[:512] + struct.pack("<128I", *table, *[free] * (128 - len(table))) + directory + body


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, right, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


@damage(FAMILY, Expected.REFUSED)
def web_page_of_something_else(form: Form, choose: random.Random) -> Effect:
    """A web page of something else saved as .xls."""
    form.name = "kep.xls"
    form.data = "<html><body><table><tr><td>Kế hoạch tuần</td><td>5</td></tr></table></body></html>".encode()
    return Effect(refused=NO_FORM)


@damage(FAMILY, Expected.REFUSED)
def text_file_of_something_else(form: Form, choose: random.Random) -> Effect:
    """A text file of something else."""
    form.name = "kep.csv"
    form.data = "STT;Họ và tên;Ghi chú\n1;Mục giả lập;5\n".encode()
    return Effect(refused=NO_FORM)


@damage(FAMILY, Expected.REFUSED)
def lock_file(form: Form, choose: random.Random) -> Effect:
    """The lock file of an open workbook (~$…)."""
    form.name = "~$kep.xlsx"
    form.data = b"\x0aVan phong ".ljust(55, b" ") + "Văn phòng".encode("utf-16-le").ljust(110, b"\0")
    return Effect(refused=(*NO_FORM, "file.passed_by"))


@damage(FAMILY, Expected.REFUSED)
def empty_workbook(form: Form, choose: random.Random) -> Effect:
    """A new, empty workbook."""
    return _other_workbook(form, {})


@damage(FAMILY, Expected.REFUSED)
def another_workbook(form: Form, choose: random.Random) -> Effect:
    """A workbook of something else."""
    return _other_workbook(form, {"A1": "Kế hoạch tuần", "A2": "STT", "B2": "Nội dung", "C2": "Ghi chú", "B3": 5})


def _other_workbook(form: Form, cells: dict[str, object]) -> Effect:
    workbook = openpyxl.Workbook()
    for cell, value in cells.items():
        workbook.worksheets[0][cell] = value  # type: ignore[assignment]
    buffer = io.BytesIO()
    workbook.save(buffer)
    form.data = buffer.getvalue()
    return Effect(refused=("file.no_form",))


@damage(FAMILY, Expected.REFUSED)
def bomb(form: Form, choose: random.Random) -> Effect:
    """A small file that unpacks to a very large one."""
    parts = parts_of(form.base.data)
    parts["xl/worksheets/sheet1.xml"] += b" " * 60_000_000
    form.data = packed(parts)
    return Effect(refused=("file.too_large",))


@damage(FAMILY, Expected.REFUSED)
def entities_in_a_sheet(form: Form, choose: random.Random) -> Effect:
    """A sheet with XML entities, as in an attack."""
    parts = parts_of(form.base.data)
    sheet = choose.choice([name for name in parts if SHEETS.fullmatch(name)])
    start = b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'
    parts[sheet] = parts[sheet].replace(b"<worksheet", start, 1)
    form.data = packed(parts)
    return Effect(refused=("file.damaged", "file.not_a_workbook"))


@damage(FAMILY, Expected.REFUSED)
def part_of_a_sheet_gone(form: Form, choose: random.Random) -> Effect:
    """The part of a sheet missing from the package."""
    parts = parts_of(form.base.data)
    del parts[choose.choice([name for name in parts if SHEETS.fullmatch(name)])]
    form.data = packed(parts)
    return Effect(refused=("file.damaged",))
