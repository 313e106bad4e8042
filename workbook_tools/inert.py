"""Text of others made harmless where it is shown: on a terminal, in JSON, in CSV, in a cell.

A received file may hold anything: escape sequences that repaint a terminal, marks that turn the writing direction
round, text that a spreadsheet would take for a formula. It is shown, never obeyed.
"""

import json
import re

from workbook_tools.text import without_surrogates

MAXIMUM_TEXT = 32_767
"""So many characters fit into a cell."""

_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSHOWN = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029{_DIRECTIONS}\ud800-\udfff]")
_UNHELD = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff{_DIRECTIONS}]")
_LINE_END = re.compile("\r\n|[\r\u2028\u2029]")
_RAW_IN_JSON = re.compile(f"[\x7f-\x9f\u2028\u2029{_DIRECTIONS}]")
_FORMULA_START = re.compile(r"(^|[;\t\n])(?=[=+\-@\t＝＋－＠])")
_PLAIN_NUMBER = re.compile(r"[+\-]?[\d.,\s]*%?")


def on_one_line(text: str) -> str:
    """Text as a terminal or a list shows it: line breaks, escapes and direction marks become visible.

    >>> on_one_line("a\\x1b[2J\\nb")
    'a\\\\x1b[2J\\\\nb'
    """
    return _UNSHOWN.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def in_cell(text: str) -> str:
    """Text as a cell can hold it: no control characters or direction marks, no longer than Excel allows."""
    if not text.isprintable():
        whole = without_surrogates(text)
        text = _UNHELD.sub("", _LINE_END.sub("\n", whole))
    return text if len(text) <= MAXIMUM_TEXT else text[: MAXIMUM_TEXT - 1] + "…"


def in_csv(text: str) -> str:
    """Text of a cell of a CSV file; an apostrophe stands before what a spreadsheet would take for a formula.

    Numbers and a lone dash stay as they are. The list separator of a Vietnamese Windows, ``;``, starts a cell too.

    >>> in_csv("=1+1"), in_csv("-5,2"), in_csv("-"), in_csv("a;=1")
    ("'=1+1", '-5,2', '-', "a;'=1")
    """
    held = in_cell(text)
    return held if _PLAIN_NUMBER.fullmatch(held) else _FORMULA_START.sub(r"\1'", held)


def in_json(document: object) -> str:
    """The document as JSON of the same content, in which no character acts on a terminal."""
    text = without_surrogates(json.dumps(document, ensure_ascii=False, indent=1))
    return _RAW_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
