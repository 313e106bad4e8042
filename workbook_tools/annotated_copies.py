"""Gives a sender their own workbook back: bad cells coloured and with a note, a sheet of all findings in front.

Everything else in it stays as it was; a workbook that comes back is freed of former marks first. Of a file whose parts
cannot be changed one by one, the findings go into a workbook of their own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from workbook_tools.annotation import ANNOTATION_MARK, Mark, lines_about, marks_of
from workbook_tools.cell_editing import SheetEdit
from workbook_tools.cells import Position, column_letters, parse_position
from workbook_tools.comment_editing import add_notes, remove_notes
from workbook_tools.errors import WorkbookToolsError
from workbook_tools.findings import Severity
from workbook_tools.findings_sheet import (
    MARK_FILLS,
    MEMORY_COLUMN,
    SHEET_NAME,
    FormerFill,
    write_findings_workbook,
)
from workbook_tools.observations import REFUSED, Return
from workbook_tools.package_editing import NotEditableError, PackageEdit, relation_kind
from workbook_tools.sheet_insertion import SheetPart, cell_text, free_name, put_first, sheet_parts, take_out
from workbook_tools.style_editing import StyleEdit, is_fill
from workbook_tools.whole_files import write_whole

PLAIN_SUFFIX = "-can-sua.xlsx"
"""Ends the name of a workbook that holds the findings alone."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Where the annotated copy of a file goes; ``plain`` is for findings alone."""

    source: Path
    target: Path
    plain: Path


def received(found: Iterable[Path], folder: Path, named: Iterable[Path]) -> list[Path]:
    """The files found without the copies of an earlier run, where their folder lies in one that was searched."""
    own = folder.resolve()
    places = [place.resolve() for place in named]
    if not any(place in own.parents for place in places):
        return list(found)
    return [one for one in found if own not in one.resolve().parents or one.resolve() in places]


def copies_in(folder: Path, sources: Sequence[Path]) -> list[Copy]:
    """A place in a folder for the copy of each file, under the same name.

    Files of the same name from different folders go into folders named like theirs. Raises WorkbookToolsError where a
    copy would replace what was received.
    """
    own = {source.resolve() for source in sources}
    if any(source.parent == folder.resolve() for source in own):
        raise WorkbookToolsError(
            f"“{folder}” là thư mục chứa tệp nhận về; chọn thư mục khác cho bản có đánh dấu.",
            f"'{folder}' holds the files received; choose another folder for the annotated copies.",
        )
    names = [source.name.casefold() for source in sources]
    stems = [source.stem.casefold() for source in sources]
    taken: set[Path] = set()
    copies = []
    for source in sources:
        place = folder
        if names.count(source.name.casefold()) > 1:
            place = _free_folder(folder / source.resolve().parent.name, source.name, taken)
        taken.add(_folded(place / source.name))
        stem = source.stem if stems.count(source.stem.casefold()) == 1 else source.name
        copies.append(Copy(source, place / source.name, place / f"{stem}{PLAIN_SUFFIX}"))
    for copy in copies:
        if {copy.target.resolve(), copy.plain.resolve()} & own:
            raise WorkbookToolsError(
                f"Bản có đánh dấu sẽ ghi đè tệp nhận về “{copy.target}”; chọn thư mục khác.",
                f"The annotated copy would replace '{copy.target}', which was received; choose another folder.",
            )
    return copies


def _free_folder(folder: Path, name: str, taken: set[Path]) -> Path:
    number, place = 1, folder
    while _folded(place / name) in taken:
        number += 1
        place = folder.with_name(f"{folder.name}-{number}")
    return place


def _folded(path: Path) -> Path:
    return Path(str(path).casefold())


def annotate(copy: Copy, returned: Return) -> Path:
    """Write the annotated copy of a return; gives the path written."""
    if returned.status != REFUSED:
        try:
            write_whole(copy.target, annotated(copy.source.read_bytes(), returned))
        except NotEditableError:
            pass
        else:
            return copy.target
    write_findings_workbook(copy.plain, returned, lines_about(returned.findings, ()))
    return copy.plain


def annotated(data: bytes, returned: Return) -> bytes:
    """The bytes of a workbook with the findings in it. Raises NotEditableError."""
    edit = PackageEdit(data)
    _drop_what_runs(edit)
    styles = StyleEdit(edit)
    _free_of_marks(edit, styles)
    sheets = sheet_parts(edit)
    names = [sheet.name for sheet in sheets]
    lines = lines_about(returned.findings, names)
    former = _mark(edit, styles, sheets, marks_of(lines))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "findings.xlsx"
        write_findings_workbook(path, returned, lines, linked=names, former=former)
        put_first(edit, styles, free_name(edit, SHEET_NAME), path.read_bytes())
    return edit.saved()


def _mark(
    edit: PackageEdit, styles: StyleEdit, sheets: Sequence[SheetPart], marks: Mapping[tuple[str, str], Mark]
) -> list[FormerFill]:
    """Colour the cells and put their notes on; gives the fills they had."""
    former: list[FormerFill] = []
    for block, sheet in enumerate(sheets, 1):
        own = {cell: mark for (name, cell), mark in marks.items() if name == sheet.name}
        if not own:
            continue
        cells = SheetEdit(edit.edit(sheet.part))
        notes: dict[Position, str] = {}
        for cell, mark in own.items():
            at = cells.anchor(parse_position(cell))
            style = cells.style(at)
            if at not in notes:
                former.append(FormerFill(sheet.name, at.name, styles.fill_of(style)))
                cells.set_style(at, styles.with_fill(style, _fill(mark.severity)))
            notes[at] = f"{notes[at]}\n{mark.note}" if at in notes else mark.note
        add_notes(edit, sheet.part, cells, notes, block)
    return former


_OWN_COLOURS = {severity: "FF" + colour.lstrip("#") for severity, colour in MARK_FILLS.items()}


def _fill(severity: Severity) -> str:
    colour = _OWN_COLOURS[severity]
    return f'<patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill>'


def _free_of_marks(edit: PackageEdit, styles: StyleEdit) -> None:
    """Take away what an earlier run left: its sheet, notes and colours."""
    tables = [sheet for sheet in sheet_parts(edit) if _is_table(edit, sheet)]
    former = [one for table in tables for one in _remembered(edit, table)]
    for table in tables:
        take_out(edit, table)
    for sheet in sheet_parts(edit) if tables else ():
        remove_notes(edit, sheet.part)
        own = [one for one in former if one.sheet == sheet.name] or former
        cells = SheetEdit(edit.tree(sheet.part))
        for at, style in list(cells.styled()):
            if styles.colour_of(style) in _OWN_COLOURS.values():
                edit.edit(sheet.part)
                cells.set_style(at, styles.with_fill(style, _former_fill(at, own)))


def _is_table(edit: PackageEdit, sheet: SheetPart) -> bool:
    mark = ANNOTATION_MARK.encode()
    parts = [sheet.part, *edit.related(edit.workbook, "sharedStrings")]
    if not any(mark in edit.content(part) for part in parts):
        return False
    first = SheetEdit(edit.tree(sheet.part)).cell(Position(1, 1))
    return first is not None and cell_text(edit, first) == ANNOTATION_MARK


def _remembered(edit: PackageEdit, table: SheetPart) -> Iterator[FormerFill]:
    cells = SheetEdit(edit.tree(table.part))
    for row in sorted(cells.rows):
        found = (cells.cell(Position(row, MEMORY_COLUMN + number)) for number in range(3))
        sheet, cell, fill = ("" if one is None else cell_text(edit, one) for one in found)
        if sheet and is_fill(fill):
            yield FormerFill(sheet, cell, fill)


def _former_fill(at: Position, former: Sequence[FormerFill]) -> str:
    """The fill remembered of a cell; of one that was moved, that of a marked neighbour in its column, or any."""
    near = (
        [one for one in former if one.cell == at.name]
        or [one for one in former if one.cell.rstrip("0123456789") == column_letters(at.column)]
        or former
    )
    return near[0].fill if near else ""


def _drop_what_runs(edit: PackageEdit) -> None:
    """Macros are never passed on, and a signature is not true of a changed file."""
    if any(relation_kind(one).endswith("acrosheet") for one in edit.relations(edit.workbook)):
        raise NotEditableError("macro sheet")
    for owner, kind in ((edit.workbook, "vbaProject"), ("", "origin")):
        for relation in [one for one in edit.relations(owner) if relation_kind(one) == kind]:
            target = edit.target(owner, relation)
            for inner in edit.relations(target):
                edit.drop(edit.target(target, inner))
            edit.drop(target)
            edit.unrelate(owner, [relation])
