"""Where results may be written: never over a received file."""

from collections.abc import Iterable
from pathlib import Path

from workbook_tools.errors import UnknownPlaceError, WorkbookReadError
from workbook_tools.excel_reading import read_workbook
from workbook_tools.file_kinds import WORKBOOK_ENDINGS
from workbook_tools.fingerprints import CLOSED
from workbook_tools.form_layout import IDENTITY_SHEET
from workbook_tools.inert import on_one_line
from workbook_tools.last_saved import custom_properties
from workbook_tools.received_files import is_same_file
from workbook_tools.source_rows import LINEAGE_MARK
from workbook_tools.workbook_contents import WorkbookContent


def refuse_inputs(outputs: Iterable[Path], named: Iterable[Path]) -> None:
    """Raises UnknownPlaceError if a result would stand in the place of a file that is to be read."""
    inputs = [path for path in named if path.is_file()]
    for output in outputs:
        if any(is_same_file(output, path) for path in inputs):
            raise _is_received(output)


def refuse_returns(outputs: Iterable[Path], unit: str, places: Iterable[Path]) -> None:
    """Raises UnknownPlaceError if a result would replace a file in the folders of the returns.

    A total of the same unit may be replaced, and what is no workbook: they are results of an earlier run.
    """
    folders = [place.resolve() for place in places if place.is_dir()]
    for output in outputs:
        place = output.resolve()
        is_candidate = place.is_file() and place.suffix.lower() in WORKBOOK_ENDINGS
        lies_among = any(place.is_relative_to(folder) for folder in folders)
        if lies_among and is_candidate and not _is_total_of(place, unit):
            raise _is_received(output)


def refuse_closed(output: Path) -> None:
    """Raises UnknownPlaceError if a result would replace a consolidated workbook whose period is closed."""
    if CLOSED in custom_properties(output):
        name = on_one_line(str(output))
        raise UnknownPlaceError(
            f"“{name}” đã chốt số liệu, không ghi đè lên. Ghi ra tệp khác; --since với tệp này cho biết số thay đổi.",
            f"'{name}' is closed and is not overwritten. Write another file; --since with this one tells the changes.",
        )


def _is_total_of(path: Path, unit: str) -> bool:
    try:
        workbook = read_workbook(path)
    except WorkbookReadError:
        return False
    marked = any(sheet.text(1, 1) == LINEAGE_MARK for sheet in workbook.sheets)
    return marked and _unit_of(workbook) == unit


def _unit_of(workbook: WorkbookContent) -> str:
    identity = workbook.sheet(IDENTITY_SHEET)
    if identity is None:
        return ""
    rows = range(1, identity.last_row + 1)
    return next((identity.text(row, 2) for row in rows if identity.text(row, 1) == "unit"), "")


def _is_received(output: Path) -> UnknownPlaceError:
    name = on_one_line(str(output))
    return UnknownPlaceError(
        f"“{name}” là tệp đã nhận, không ghi đè lên. Chọn tên tệp kết quả khác.",
        f"'{name}' is a received file and is not overwritten. Choose another name for the result.",
    )
