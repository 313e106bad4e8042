"""The formulas of binary workbooks (xls and xlsb): read as far as they only reckon with numbers."""

import struct

from workbook_tools.workbook_contents import UNKNOWN_FORMULA

ERROR_TEXTS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
"""What Excel shows for the error numbers of binary workbooks."""

_BINARY = {0x03: "+", 0x04: "-", 0x05: "*", 0x06: "/", 0x07: "^"}
_UNARY = {0x12: "+{}", 0x13: "-{}", 0x14: "{}%", 0x15: "({})"}
_WHOLE, _NUMBER, _ATTRIBUTE = 0x1E, 0x1F, 0x19
_SPACES, _VOLATILE = 0x40, 0x01
_TEXT = 0x17


def formula_text(tokens: bytes) -> str:
    """The formula with ``=`` if it names no cell and no function, else UNKNOWN_FORMULA.

    >>> formula_text(bytes([0x1E, 150, 0, 0x1E, 20, 0, 0x03]))
    '=150+20'
    """
    stack: list[str] = []
    at = 0
    try:
        while at < len(tokens):
            token = tokens[at]
            at += 1
            if token == _WHOLE:
                stack.append(str(struct.unpack_from("<H", tokens, at)[0]))
                at += 2
            elif token == _NUMBER:
                stack.append(_number(struct.unpack_from("<d", tokens, at)[0]))
                at += 8
            elif token == _ATTRIBUTE and tokens[at] in (_SPACES, _VOLATILE):
                at += 3
            elif token in _UNARY:
                stack.append(_UNARY[token].format(stack.pop()))
            elif token in _BINARY:
                second, first = stack.pop(), stack.pop()
                stack.append(first + _BINARY[token] + second)
            else:
                return UNKNOWN_FORMULA
    except (struct.error, IndexError):
        return UNKNOWN_FORMULA
    return "=" + stack[0] if len(stack) == 1 else UNKNOWN_FORMULA


def may_give_text(tokens: bytes) -> bool:
    """Whether a formula holds a text: one that does not, and shows an empty text, was never calculated."""
    return _TEXT in tokens


def rk_number(packed: int) -> float:
    """A number of 30 bits as binary workbooks pack it: whole or the upper half of a float, perhaps in hundredths.

    >>> rk_number((1234 << 2) | 3)
    12.34
    """
    if packed & 2:
        whole = packed >> 2
        number = float(whole - (1 << 30) if whole >= 1 << 29 else whole)
    else:
        (number,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return number / 100 if packed & 1 else number


def _number(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number).upper()
