"""Opens a received file safely and gives its cells: values, formulas, errors and formats, each at its true address.

The only way into a received file. Its kind is told by its content, never by its name.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from workbook_tools import file_kinds
from workbook_tools.errors import WorkbookReadError
from workbook_tools.excel_package import inspect_file
from workbook_tools.file_kinds import FileKind, kind_of
from workbook_tools.html_reading import read_html, read_mhtml
from workbook_tools.ods_reading import read_fods, read_ods
from workbook_tools.ooxml_reading import read_ooxml
from workbook_tools.readings import Note
from workbook_tools.spreadsheetml_reading import read_spreadsheetml
from workbook_tools.text_tables_reading import read_text_table
from workbook_tools.workbook_contents import WorkbookContent
from workbook_tools.xls_reading import read_xls
from workbook_tools.xlsb_reading import read_xlsb

READERS: Mapping[FileKind, Callable[[Path], WorkbookContent]] = {
    file_kinds.OOXML: read_ooxml,
    file_kinds.XLS: read_xls,
    file_kinds.XLSB: read_xlsb,
    file_kinds.ODS: read_ods,
    file_kinds.FODS: read_fods,
    file_kinds.SPREADSHEETML: read_spreadsheetml,
    file_kinds.HTML: read_html,
    file_kinds.MHTML: read_mhtml,
    file_kinds.TEXT: read_text_table,
}
"""Who reads which kind of file. A new format is a function of the same shape and one line here."""

_SHOWN_ONLY = frozenset((file_kinds.HTML, file_kinds.MHTML, file_kinds.TEXT))
"""Kinds that keep what is shown: no hidden sheets, hardly a formula or number format."""


def read_workbook(path: Path) -> WorkbookContent:
    """All cells of a workbook; raises WorkbookReadError with the code of a finding."""
    inspect_file(path)
    kind = kind_of(path)
    if kind is file_kinds.PROTECTED:
        raise WorkbookReadError("file.protected")
    if kind not in READERS:
        raise WorkbookReadError("file.not_a_workbook", {"kind": kind.name})
    try:
        content = READERS[kind](path)
    except WorkbookReadError as error:
        raise WorkbookReadError(error.code, {"kind": kind.name, **error.details}) from error
    if not content.sheets:
        raise WorkbookReadError("file.no_sheets", {"kind": kind.name})
    return replace(content, notes=(*_notes(path, kind), *content.notes))


def _notes(path: Path, kind: FileKind) -> Iterator[Note]:
    """What to tell of a file that is not what its name says, or not the form that was sent out."""
    if kind is not file_kinds.OOXML:
        yield Note("file.shown_only" if kind in _SHOWN_ONLY else "file.other_format", {"kind": kind.name})
    ending = path.suffix.lower()
    if ending and ending not in kind.endings:
        yield Note("file.wrong_extension", {"kind": kind.name, "ending": ending, "endings": ", ".join(kind.endings)})
