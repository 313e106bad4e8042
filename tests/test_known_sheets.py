"""Sheets compared with known ones: nothing of one file is taken for a part of another."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.forms import write_filled
from tests.test_fast_reading import edited, learned, read_fast_or_not
from workbook_tools.catalogue import Catalogue

PEOPLE, FARMS = "xl/worksheets/sheet3.xml", "xl/worksheets/sheet4.xml"
STRINGS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
RATIO = '<f>IF(COUNT(F10:G10)=2,IFERROR(G10/F10*100,""),"")</f>'

Change = Callable[[bytes], bytes]
Edit = tuple[str, Change]


def put(address: str, inside: str, attributes: str = "", style: int | None = None) -> Change:
    """A cell written otherwise, by default in the style it has."""
    old = re.compile(rb'<c r="%s"( s="[0-9]+")?[^>]*?(?:/>|>.*?</c>)' % address.encode())

    def change(data: bytes) -> bytes:
        own = old.search(data)
        assert own is not None
        look = own[1] or b"" if style is None else b' s="%d"' % style
        new = b'<c r="%s"%s%s>%s</c>' % (address.encode(), look, attributes.encode(), inside.encode())
        return data.replace(own[0], new, 1)

    return change


def again(address: str, instead: str) -> Change:
    """One cell once more, in place of another."""
    find = rb'<c r="%s"[^>]*?(?:/>|>.*?</c>)'

    def change(data: bytes) -> bytes:
        one, other = (re.search(find % name.encode(), data) for name in (address, instead))
        assert one is not None
        assert other is not None
        return data.replace(other[0], one[0], 1)

    return change


def exchanged(one: str, other: str) -> Change:
    """Two shared texts exchanged: so a file is saved whose rows were sorted, for texts are numbered as they come."""
    first, second = (f"<si><t>{text}</t></si>".encode() for text in (one, other))

    def change(data: bytes) -> bytes:
        assert first in data
        assert second in data
        return data.replace(first, b"\0").replace(second, first).replace(b"\0", second)

    return change


def with_style(number_format: int, *, white: bool = False) -> Change:
    """One style more, of number 48 in the small template."""

    def change(data: bytes) -> bytes:
        fonts = data.partition(b"</fonts>")[0].count(b"<font>") if white else 0
        style = b'<xf numFmtId="%d" fontId="%d" fillId="0" borderId="0"/></cellXfs>' % (number_format, fonts)
        font = b'<font><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font></fonts>'
        return data.replace(b"</cellXfs>", style).replace(b"</fonts>", font if white else b"</fonts>")

    return change


AMBIGUOUS = [(PEOPLE, put("F10", "<v>28300</v>")), (PEOPLE, put("G10", "<v>28400</v>"))]
CASES: dict[str, tuple[list[Edit], list[Edit]]] = {
    "labels exchanged": ([], [(STRINGS, exchanged("Nam", "Nữ"))]),
    "codes exchanged": ([], [(STRINGS, exchanged("people.male", "people.female"))]),
    "columns exchanged": ([], [(STRINGS, exchanged("prior", "plan"))]),
    "a unit reworded": ([], [(STRINGS, lambda data: data.replace("<t>tấn</t>".encode(), "<t>tạ</t>".encode()))]),
    "a note twice": ([], [(PEOPLE, again("L17", "L16"))]),
    "a text twice": ([], [(FARMS, again("E11", "E10"))]),
    "a number twice": ([], [(PEOPLE, again("G12", "G13"))]),
    "a formula that shows a label": ([], [(FARMS, put("H10", RATIO + "<v>Diện tích lúa</v>", ' t="str"'))]),
    "a formula that shows a heading": ([], [(PEOPLE, put("H10", RATIO + "<v>Chỉ tiêu</v>", ' t="str"'))]),
    "a number in the colour of its ground": (
        [(STYLES, with_style(0, white=True)), (PEOPLE, put("E12", "", style=48))],
        [(PEOPLE, put("E12", "<v>5000</v>"))],
    ),
    "a text in the colour of its ground": (
        [(STYLES, with_style(0, white=True)), (PEOPLE, put("E12", "", style=48))],
        [(PEOPLE, put("E12", "<is><t>5000</t></is>", ' t="inlineStr"'))],
    ),
    "an ambiguous text where a date format was": (
        [(STYLES, with_style(14)), (PEOPLE, put("E10", "", style=48)), *AMBIGUOUS],
        [(PEOPLE, put("E10", "<is><t>28.333</t></is>", ' t="inlineStr"'))],
    ),
    "an ambiguous number where a percent format was": (
        [(STYLES, with_style(9)), (PEOPLE, put("E10", "", style=48)), *AMBIGUOUS],
        [(PEOPLE, put("E10", "<v>28.333</v>"))],
    ),
    "an ambiguous text over a formula": (
        [(PEOPLE, put("F15", "<v>28.3</v>"))],
        [(PEOPLE, put("G15", "<is><t>28,333</t></is>", ' t="inlineStr"'))],
    ),
    "an ambiguous text between numbers": (
        AMBIGUOUS, [(PEOPLE, put("E10", "<is><t>28,333</t></is>", ' t="inlineStr"'))],
    ),
    "a formula over a number of the form": (
        [(FARMS, put("B25", "<v>1</v>"))], [(FARMS, put("B25", "<f>0+1</f><v>1</v>"))],
    ),
    "a boolean in the first": ([(PEOPLE, put("E12", "<v>1</v>", ' t="b"'))], [(PEOPLE, put("E12", "<v>1</v>"))]),
    "an error": ([], [(PEOPLE, put("E12", "<v>#N/A</v>", ' t="e"'))]),
    "leading zeros": ([], [(PEOPLE, put("E10", "<v>007</v>")), (PEOPLE, put("E12", "<v>-0</v>"))]),
    "a whole rate": ([], [(PEOPLE, put("F15", "<v>1</v>")), (PEOPLE, put("E10", "<v>1</v>"))]),
    "sixteen digits": ([], [(PEOPLE, put("E10", "<v>1234567890123456</v>"))]),
    "an empty number": ([], [(PEOPLE, put("E10", "<v></v>")), (PEOPLE, put("G10", "<v/>"))]),
}  # fmt: skip


def with_edits(path: Path, target: Path, edits: list[Edit]) -> Path:
    """A copy of a form with changed parts."""
    target.write_bytes(path.read_bytes())
    for part, change in edits:
        step = target.with_suffix(".step")
        target.rename(step)
        edited(step, target, part, change)
    return target


class TestOneFileAfterAnother:
    @pytest.mark.parametrize("name", CASES)
    def test_read_as_thoroughly_or_not_fast(self, name: str, small: Catalogue, tmp_path: Path) -> None:
        """A form learned before, and one that is written nearly so."""
        before, then = CASES[name]
        first = with_edits(write_filled(tmp_path / "form.xlsx", small), tmp_path / "first.xlsx", before)
        own = learned(small, first)

        for _ in range(2):  # what the first time is read thoroughly is known the second time
            read_fast_or_not(with_edits(first, tmp_path / "kep.xlsx", then), own)
            read_fast_or_not(first, own)
