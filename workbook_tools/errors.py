"""What stops a run. Everything else is a finding (see :mod:`workbook_tools.findings`)."""

from collections.abc import Mapping


class WorkbookToolsError(Exception):
    """An expected failure: the message is shown as it is, without a traceback; ``english`` where it has one."""

    def __init__(self, message: str, english: str = "") -> None:
        super().__init__(message)
        self.english = english

    def text(self, language: str) -> str:
        """The message in a language, ``vi`` or ``en``."""
        return self.english if language == "en" and self.english else str(self)


class TemplateError(WorkbookToolsError):
    """The template cannot be used: it has no sheet, block or setting that the work needs."""


class WorkbookReadError(WorkbookToolsError):
    """A file cannot be opened as a workbook. ``code`` names the finding it becomes, ``details`` fill its wording."""

    def __init__(self, code: str, details: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.details = dict(details or {})


class WorkbookWriteError(WorkbookToolsError):
    """A workbook cannot be written whole; the former file, if any, is untouched."""


class UnitsError(WorkbookToolsError):
    """The list of units cannot be used: a missing column, an unknown parent, a circle."""


class UnknownPlaceError(WorkbookToolsError):
    """A sheet, cell or unit that was asked for does not exist."""
