"""What other programs make of the file of a form."""

import random
import re
import subprocess
import tempfile
import zipfile
from pathlib import Path

from tests.corpus.damage import NOTHING_TOLD, Damage, Effect, Expected, add, damage
from tests.corpus.form import Form, packed, parts_of

FAMILY = "files"
SHEETS = re.compile(r"xl/worksheets/sheet[0-9]+\.xml")


def _edit_sheets(form: Form, old: str, new: str) -> Effect:
    def edit(parts: dict[str, bytes]) -> None:
        for name in parts:
            if SHEETS.fullmatch(name):
                parts[name] = re.sub(old.encode(), new.encode(), parts[name])

    form.package_edits.append(edit)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def wrong_dimension(form: Form, choose: random.Random) -> Effect:
    """A wrong area in the sheet's description (dimension A1), as some programs write it."""
    return _edit_sheets(form, r'<dimension ref="[^"]*"', '<dimension ref="A1"')


@damage(FAMILY, Expected.SAME)
def strict_format(form: Form, choose: random.Random) -> Effect:
    """Saved as Strict Open XML."""
    pairs = (
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )

    def edit(parts: dict[str, bytes]) -> None:
        for name in parts:
            for old, new in pairs:
                parts[name] = parts[name].replace(old, new)

    form.package_edits.append(edit)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def texts_kept_in_the_cells(form: Form, choose: random.Random) -> Effect:
    """Texts kept in the cells themselves, without shared strings."""

    def edit(parts: dict[str, bytes]) -> None:
        strings = re.findall(rb"<si>(.*?)</si>", parts["xl/sharedStrings.xml"], re.DOTALL)
        for name in parts:
            if SHEETS.fullmatch(name):
                parts[name] = re.sub(
                    rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?) t="s"><v>([0-9]+)</v>',
                    lambda match: match[1] + b' t="inlineStr"><is>' + strings[int(match[2])] + b"</is>",
                    parts[name],
                )

    form.package_edits.append(edit)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def styles_lost(form: Form, choose: random.Random) -> Effect:
    """All styles lost on the way through another program."""

    def edit(parts: dict[str, bytes]) -> None:
        del parts["xl/styles.xml"]
        types, relations = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
        parts[types] = re.sub(rb"<Override[^>]*styles\.xml[^>]*/>", b"", parts[types])
        parts[relations] = re.sub(rb"<Relationship [^>]*styles\.xml[^>]*/>", b"", parts[relations])

    form.package_edits.append(edit)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def sheets_in_utf_16(form: Form, choose: random.Random) -> Effect:
    """Sheets written in UTF-16."""

    def edit(parts: dict[str, bytes]) -> None:
        for name in parts:
            if SHEETS.fullmatch(name):
                text = re.sub(r"^<\?xml[^>]*\?>", "", parts[name].decode("utf-8"))
                parts[name] = ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")

    form.package_edits.append(edit)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def nothing_compressed(form: Form, choose: random.Random) -> Effect:
    """The package unpacked and packed again, uncompressed and in another order."""
    parts = parts_of(form.base.data)
    form.data = packed({name: parts[name] for name in sorted(parts, reverse=True)}, zipfile.ZIP_STORED)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def bytes_after_the_end(form: Form, choose: random.Random) -> Effect:
    """Some bytes added to the end of the file by a mail gateway."""
    form.data = form.base.data + choose.choice([b"\0" * 100, b"\r\n", b"\r\n--boundary--\r\n"])
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def macros_added(form: Form, choose: random.Random) -> Effect:
    """A workbook with macros."""

    def edit(parts: dict[str, bytes]) -> None:
        parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
        kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
        _relate(parts, "xl/_rels/workbook.xml.rels", kind, "vbaProject.bin")

    form.package_edits.append(edit)
    return NOTHING_TOLD


@damage(FAMILY, Expected.SAME)
def picture_pasted_in(form: Form, choose: random.Random) -> Effect:
    """A picture (stamp, signature) pasted into a sheet."""

    def edit(parts: dict[str, bytes]) -> None:
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        parts["xl/media/image1.png"] = b"\x89PNG\r\n\x1a\n" + choose.randbytes(500)
        parts["xl/drawings/drawing1.xml"] = b"<wsDr/>"
        _relate(parts, "xl/drawings/_rels/drawing1.xml.rels", f"{office}/image", "../media/image1.png")
        sheet = f"sheet{choose.randrange(3, 5)}.xml"
        _relate(parts, f"xl/worksheets/_rels/{sheet}.rels", f"{office}/drawing", "../drawings/drawing1.xml")

    form.package_edits.append(edit)
    return NOTHING_TOLD


def _relate(parts: dict[str, bytes], name: str, kind: str, target: str) -> None:
    """One more relation of a part."""
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    one = f'<Relationship Id="rId99" Type="{kind}" Target="{target}"/></Relationships>'.encode()
    parts[name] = parts.get(name, empty).replace(b"</Relationships>", one)


def saved_by_office_as(ending: str) -> Damage:
    """The form opened in LibreOffice and saved in a format."""

    def action(form: Form, choose: random.Random) -> Effect:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "kep.xlsx"
            path.write_bytes(form.base.data)
            profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
            command = [
                "soffice",
                profile,
                "--headless",
                "--convert-to",
                ending,
                "--outdir",
                f"{folder}/saved",
                str(path),
            ]
            subprocess.run(command, check=True, capture_output=True, timeout=300)
            form.data, form.name = (Path(folder) / "saved" / f"kep.{ending}").read_bytes(), f"kep.{ending}"
        return NOTHING_TOLD

    name = f"saved by LibreOffice as {ending}"
    story = f"Opened in LibreOffice and saved as .{ending}."
    return Damage(name, FAMILY, Expected.SAME, story, action, needs_office=True)


for one in ("xlsx", "ods", "xls"):
    add(saved_by_office_as(one))
