"""Reads tables written as text (CSV, TSV): one sheet, every cell a text just as it stands."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from workbook_tools.cell_collection import BookCollector
from workbook_tools.errors import WorkbookReadError
from workbook_tools.failure_reasons import ContentError, damaged, damaged_by, too_many, unreadable
from workbook_tools.file_kinds import TEXT
from workbook_tools.readings import Note
from workbook_tools.text_decoding import decode_text
from workbook_tools.values import ERROR_TEXTS
from workbook_tools.wording import Words
from workbook_tools.workbook_contents import CellContent, WorkbookContent

_NO_TEXT = Words("không phải văn bản đọc được", "it is no text that can be read")
_OPEN_QUOTATION = Words("dấu nháy kép mở mà không đóng, tệp dở dang", "a quotation mark is not closed, it is not whole")
_SEPARATORS = "\t;,|"
"""In the order of trust: a comma may be a decimal one."""

MAXIMUM_CELLS = 100_000
MAXIMUM_FIELDS = 20_000_000
"""Cells of a table, and those with blank ones: a stray format can make millions of them."""

_SAMPLE_ROWS, _SAMPLE_LETTERS = 500, 1_000_000
_LEAST_SHARE = 0.6
"""At least so many of the rows of a table have the same number of columns."""

_NAMED_SEPARATOR = re.compile(r"sep=(.)\r?\n")
_LOST_LETTER = re.compile(r"[^\W\d_]\?[^\W\d_]")


def read_text_table(path: Path) -> WorkbookContent:
    """The table of a text file; raises WorkbookReadError if it holds none."""
    try:
        text, encoding = decode_text(path.read_bytes())
    except OSError as error:
        raise unreadable(error) from error
    except ContentError as error:
        raise damaged_by(error) from error
    except ValueError as error:
        raise damaged(_NO_TEXT) from error
    named = _NAMED_SEPARATOR.match(text)
    text = text[named.end() :] if named else text
    separator = named[1] if named else _separator(text)
    if not separator:
        raise WorkbookReadError("file.not_a_workbook", {"kind": TEXT.name})
    if text.count(separator) > MAXIMUM_FIELDS:
        raise too_many(MAXIMUM_FIELDS, "ô, kể cả ô trống", "cells, blank ones included")
    book = BookCollector(room=MAXIMUM_CELLS)
    sheet = book.sheet(path.stem)
    try:
        for row, cells in enumerate(_rows(text, separator), 1):
            for column, cell in enumerate(cells, 1) if any(cells) else ():
                if not cell:
                    continue
                shown = sheet.shown(row, column, [(cell, "")])
                sheet.put(row, column, CellContent(shown or None, is_error=cell.strip().upper() in ERROR_TEXTS))
    except csv.Error as error:
        raise damaged(_OPEN_QUOTATION) from error
    except ValueError as error:
        raise damaged_by(error) from error
    return book.workbook(path.name, _notes(text, encoding))


def _notes(text: str, encoding: str) -> list[Note]:
    notes = []
    if encoding.startswith("windows"):
        lost = len(_LOST_LETTER.findall(text))
        notes.append(Note("file.letters_lost" if lost else "file.old_encoding", {"encoding": encoding, "count": lost}))
    return notes


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    """All rows; csv.Error where a quotation mark is not closed, ValueError where the last row is cut."""
    widths: set[int] = set()
    width = 0
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
        widths |= {width} if width else set()
        width = len(row)
        yield row
    if len(widths) == 1 and width < min(widths) and not text.endswith(("\n", "\r")):
        raise ContentError("dòng cuối dở dang", "the last line is cut short")


def _separator(text: str) -> str:
    """What separates the cells, empty if nothing does: the sign that gives the most rows the same number of cells."""
    best, best_share = "", 0.0
    for separator in _SEPARATORS:
        share = _share_of_alike_rows(text, separator)
        if share > best_share:
            best, best_share = separator, share
    return best if best_share >= _LEAST_SHARE else ""


def _share_of_alike_rows(text: str, separator: str) -> float:
    reader = csv.reader(io.StringIO(text[:_SAMPLE_LETTERS], newline=""), delimiter=separator)
    try:
        widths = [len(row) for row in islice(reader, _SAMPLE_ROWS) if any(row)]
    except csv.Error:
        return 0
    counted = Counter(widths)
    width, number = max(counted.items(), key=lambda one: (one[1], one[0]), default=(0, 0))
    return number / len(widths) if width > 1 and len(widths) > 1 else 0
