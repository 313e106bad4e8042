"""Opens a workbook safely and gives its cells: values, formulas, errors and formats, each at its true address.

The only way into a received file. Its kind is told by its content, never by its name.
"""

from pathlib import Path

from workbook_tools.excel_package import inspect_file
from workbook_tools.ooxml_reading import read_ooxml
from workbook_tools.workbook_contents import WorkbookContent


def read_workbook(path: Path) -> WorkbookContent:
    """All cells of a workbook; raises WorkbookReadError with the code of a finding."""
    inspect_file(path)
    return read_ooxml(path)
