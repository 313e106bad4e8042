"""Names of the files of forms: safe on every system, and never two the same."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from workbook_tools.errors import WorkbookWriteError
from workbook_tools.form_writing import Identity
from workbook_tools.inert import on_one_line
from workbook_tools.last_saved import is_as_written
from workbook_tools.text import accentless_key

BLANK = "bieu-mau"
LONGEST = 80
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)
"""Names that Windows keeps for devices, whatever their ending."""


def file_name(identity: Identity, field: str = "") -> str:
    """A name for the form's file that is safe everywhere: code, name without accents, field.

    >>> file_name(Identity("07399", "Thị trấn Kép")), file_name(Identity("CON"))
    ('07399-thi-tran-kep.xlsx', 'bieu-mau-con.xlsx')
    """
    unit, part = _safe(f"{identity.unit} {identity.unit_name}"), _safe(field)
    stem = "-".join(one for one in (unit[: LONGEST - len(part)].rstrip("-"), part[:LONGEST]) if one)
    return (f"{BLANK}-{stem}" if stem in RESERVED else stem or BLANK) + ".xlsx"


def _safe(text: str) -> str:
    words = accentless_key(text).split()
    safe = ("".join(letter for letter in word if letter.isascii() and letter.isalnum()) for word in words)
    return "-".join(word for word in safe if word)


def distinct(names: Iterable[str]) -> Iterator[str]:
    """The names, those that came before with a number.

    >>> list(distinct(["a.xlsx", "b.xlsx", "a.xlsx"]))
    ['a.xlsx', 'b.xlsx', 'a-2.xlsx']
    """
    used: set[str] = set()
    for name in names:
        number, free = 1, name
        while free.casefold() in used:
            number += 1
            free = f"{Path(name).stem}-{number}{Path(name).suffix}"
        used.add(free.casefold())
        yield free


def refuse_to_overwrite(paths: Iterable[Path]) -> None:
    """Raises WorkbookWriteError if a form would replace a workbook that somebody has saved: it may be filled in."""
    saved = [path for path in paths if path.is_file() and not is_as_written(path)]
    if saved:
        name = on_one_line(str(saved[0]))
        raise WorkbookWriteError(
            f"“{name}” và {len(saved) - 1} tệp khác đã có người lưu, có thể đã điền số liệu; không ghi đè. "
            "Chọn thư mục khác bằng -o, hoặc chuyển các tệp đó đi.",
            f"'{name}' and {len(saved) - 1} other files have been saved by somebody and may be filled in; they are not "
            "overwritten. Choose another folder with -o, or move them away.",
        )
