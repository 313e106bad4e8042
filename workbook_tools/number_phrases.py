"""What people write around a number: bounds, directions, units, amounts in parts; two numbers in one cell.

:func:`read_phrase` takes a text with at least one digit to an exact number in the row's unit, or says why not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from workbook_tools.numerals import (
    EXACT,
    MINUS_SIGNS,
    NUMBER_PATTERN,
    ParsedNumber,
    format_decimal,
    is_scientific,
    parse_digits,
    plain_digits,
)
from workbook_tools.readings import Note
from workbook_tools.text import matching_key
from workbook_tools.typed_text import without_remark
from workbook_tools.unit_conversion import Conversion, Fit, conversion, is_percent_unit


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of the row a number is typed in."""

    unit: str = ""
    whole: bool = False
    percent: bool = False
    signed: bool = False
    references: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """An exact number in the row's unit with its qualifier, or None and the notes that say why not."""

    value: Decimal | None
    qualifier: str = ""
    decimals: int = 0
    notes: tuple[Note, ...] = ()
    has_unit: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """A number and the words after it."""

    digits: str
    tail: str


@dataclass(frozen=True, slots=True)
class _Head:
    """What the words before a number mean; ``sign`` is 0 if they give no direction.

    With a ``level`` the number is where a change ended: "giảm còn 5".
    """

    qualifier: str = ""
    sign: int = 0
    level: bool = False


def _keys(phrases: str) -> list[str]:
    return [matching_key(phrase) for phrase in phrases.split("|")]


_HEADS: dict[str, _Head] = {
    key: head
    for phrases, head in (
        (">|trên|hơn|quá|lớn hơn|nhiều hơn|cao hơn", _Head(">")),
        ("≥|ít nhất|tối thiểu|không dưới|không ít hơn|không thấp hơn|lớn hơn hoặc bằng", _Head("≥")),
        ("<|dưới|chưa đến|chưa tới|không đến|không tới|nhỏ hơn|ít hơn|thấp hơn", _Head("<")),
        ("≤|đến|tối đa|nhiều nhất|không quá|không vượt quá|không hơn|nhỏ hơn hoặc bằng", _Head("≤")),
        ("gần|khoảng|xấp xỉ|áng chừng|chừng|ước khoảng|ước chừng", _Head("~")),
        ("ước|ước tính|đạt|ước đạt|là|ước thực hiện|thực hiện|có|bằng|tổng|tổng số|tổng cộng", _Head()),
        ("còn|giảm còn|giảm xuống còn", _Head(level=True)),
        ("tăng|tăng thêm", _Head(sign=1)),
        ("giảm|giảm bớt|tụt|sụt giảm", _Head(sign=-1)),
    )
    for key in _keys(phrases)
}
_LONGEST_HEAD = 4
_FROM = matching_key("từ")
_TAILS = (("trở lên", "≥"), ("trở xuống", "≤"))
_OPPOSITE = {">": "<", "≥": "≤", "<": ">", "≤": "≥"}

_HEAD_SIGNS = (
    (re.compile(r">\s?=|=\s?>"), "≥"),
    (re.compile(r"<\s?=|=\s?<"), "≤"),
    (re.compile("[~≈∼]"), " khoảng "),
    (re.compile("[=:]"), " "),
)
_RAISED = re.compile(r"(?<![^\W\d_])([kcd]?m)([23])(?!\w|[.,]\d)", re.IGNORECASE)
_NUMBER = re.compile(NUMBER_PATTERN)
_COMPARED = re.compile(r"\bso(?: với)?\b.*", re.IGNORECASE)
_RANGE = re.compile(r"(?:[-–—−÷~→]|->|\b(?:đến|tới)\b)\s*$", re.IGNORECASE)


def read_phrase(text: str, row: Row) -> Phrase:
    """The number a normalised text says, in the row's unit, or why there is none."""
    said, remark = without_remark(text)
    plain, unusual = plain_digits(said)
    plain = _RAISED.sub(lambda unit: unit[1] + "²³"[int(unit[2]) - 2], plain.removeprefix("'"))
    if is_scientific(plain):
        return _refused("value.scientific")
    numbers = list(_NUMBER.finditer(plain))
    if not numbers:
        return _refused("value.unreadable")
    ends = [number.start() for number in numbers[1:]] + [len(plain)]
    parts = [_Part(number[0], plain[number.end() : end].strip()) for number, end in zip(numbers, ends, strict=True)]
    phrase = _read_parts(plain[: numbers[0].start()].strip(), parts, row)
    if phrase.value is None:
        return phrase
    value = format_decimal(phrase.value)
    notes = phrase.notes
    notes += (Note("value.unusual_digits", {"value": value}),) if unusual else ()
    notes += (Note("value.remark", {"words": remark, "value": value}),) if remark else ()
    return replace(phrase, notes=notes)


def _read_parts(before: str, parts: list[_Part], row: Row) -> Phrase:
    """A number or an amount in parts: first what stands before it, then what stands after it."""
    before, negative = _without_minus(before)
    tail = parts[-1].tail
    brackets = before.endswith("(") and tail.startswith(")")
    if brackets:
        before, tail = before[:-1].rstrip(), tail[1:].strip()
    head = _head(before)
    tail, tail_qualifier = _without_bound(tail, row.signed)
    twice = head and ((head.qualifier and tail_qualifier) or ((head.sign or head.level) and (brackets or negative)))
    if head is None or twice or (head.level and row.signed):
        return _several(parts) if len(parts) > 1 else _refused("value.unreadable")
    if head.sign and not row.signed:
        return _refused("value.direction_word", words=before)
    if brackets and row.whole and not row.signed:
        return _refused("value.brackets_unclear")
    amount = _amount([*parts[:-1], replace(parts[-1], tail=tail)], row)
    if _FROM in matching_key(before).split() and not tail_qualifier and amount.value is not None:
        return _refused("value.unreadable")
    sign = -1 if negative or brackets or head.sign < 0 else 1
    phrase = _finished(amount, head.qualifier or tail_qualifier, sign, brackets and not negative)
    if head.level and phrase.value is not None:
        note = Note("value.remark", {"words": before, "value": format_decimal(phrase.value)})
        return replace(phrase, notes=(*phrase.notes, note))
    return phrase


def _finished(amount: Phrase, qualifier: str, sign: int, brackets: bool) -> Phrase:
    if amount.value is None:
        return amount
    value = amount.value.copy_negate() if sign < 0 else amount.value
    qualifier = _OPPOSITE.get(qualifier, qualifier) if sign < 0 else qualifier
    notes = amount.notes
    if brackets:
        notes += (Note("value.brackets_negative", {"value": format_decimal(value)}),)
    if qualifier:
        notes += (Note("value.qualified", {"qualifier": qualifier, "value": format_decimal(value)}),)
    return replace(amount, value=value, qualifier=qualifier, notes=notes)


def _without_minus(before: str) -> tuple[str, bool]:
    if before.endswith(tuple(MINUS_SIGNS)):
        return before[:-1].rstrip(), True
    return before.removesuffix("+").rstrip(), False


def _head(before: str) -> _Head | None:
    """What the words before the number mean together, or None if they are not all understood."""
    for sign, meaning in _HEAD_SIGNS:
        before = sign.sub(meaning, before)
    if re.search(r"[^\w\s<>≤≥,]", before):
        return None
    words = [word for word in matching_key(before).split() if word != _FROM]
    head = _Head()
    while words:
        length = next((n for n in range(_LONGEST_HEAD, 0, -1) if " ".join(words[:n]) in _HEADS), 0)
        found = _HEADS.get(" ".join(words[:length]))
        if found is None or (found.qualifier and head.qualifier):
            return None
        if (found.sign or found.level) and (head.sign or head.level):
            return None
        head = _Head(head.qualifier or found.qualifier, head.sign or found.sign, head.level or found.level)
        del words[:length]
    return head


def _without_bound(tail: str, signed: bool) -> tuple[str, str]:
    """The words after a number without "trở lên", and the qualifier it stands for."""
    if signed:
        tail = _COMPARED.sub("", tail).strip()
    for words, qualifier in _TAILS:
        if tail.casefold().endswith(words):
            return tail[: -len(words)].strip(), qualifier
    return tail, ""


def _amount(parts: list[_Part], row: Row) -> Phrase:
    fits = [conversion(part.tail, row.unit) for part in parts]
    if len(parts) == 1:
        return _one_number(parts[0], fits[0], row)
    steps = [fit.factor for fit in fits if fit and fit.fit in (Fit.SAME, Fit.CONVERTED) and not fit.extra]
    bare = any(not part.tail for part in parts)
    if bare or len(steps) < len(parts) or any(low >= high for high, low in pairwise(steps)):
        return _several(parts)
    return _sum(parts, steps, row)


def _sum(parts: list[_Part], steps: list[Decimal], row: Row) -> Phrase:
    """An amount in parts, "5 tỷ 570 triệu đồng".

    Each part must be smaller than one of the part before, and only the last may have decimals.
    """
    numbers = [parse_digits(part.digits) for part in parts]
    total, decimals = Decimal(0), 0
    for place, (number, step) in enumerate(zip(numbers, steps, strict=True)):
        if number.value is None:
            return Phrase(None, notes=number.notes)
        size = EXACT.multiply(number.value, step)
        if (place and size >= steps[place - 1]) or (number.decimals and place < len(parts) - 1):
            return _several(parts)
        total, decimals = EXACT.add(total, size), max(decimals, _decimals_after(number, step))
    typed = " ".join(f"{part.digits} {part.tail}" for part in parts)
    details = {"from": parts[-1].tail, "to": row.unit, "factor": format_decimal(steps[-1]), "typed": typed,
               "value": format_decimal(total)}  # fmt: skip
    return Phrase(total, "", decimals, (Note("value.unit_converted", details),), has_unit=True)


def _one_number(part: _Part, fit: Conversion | None, row: Row) -> Phrase:
    if fit is None:
        return _refused("value.unreadable")
    if fit.fit is Fit.MISMATCH:
        return _refused("value.unit_mismatch", typed_unit=part.tail, unit=row.unit or "—")
    converted = fit.fit is Fit.CONVERTED
    number = parse_digits(
        part.digits,
        whole=row.whole and not converted,
        percent=row.percent and not converted,
        references=[reference / float(fit.factor) for reference in row.references],
    )
    if number.value is None:
        return Phrase(None, notes=number.notes)
    value, notes = number.value, number.notes
    if converted:
        value = EXACT.multiply(value, fit.factor)
        details = {"from": part.tail, "to": row.unit, "factor": format_decimal(fit.factor), "typed": part.digits,
                   "value": format_decimal(value)}  # fmt: skip
        notes += (Note("value.unit_converted", details),)
    if fit.fit is Fit.UNKNOWN or fit.extra:
        notes += (Note("value.unit_unknown", {"words": fit.extra or part.tail, "unit": row.unit or "—",
                                              "value": format_decimal(value)}),)  # fmt: skip
    return Phrase(value, "", _decimals_after(number, fit.factor), notes, has_unit=bool(part.tail))


def _decimals_after(number: ParsedNumber, factor: Decimal) -> int:
    """Decimals printed once the number stands in the row's unit; factors are powers of ten."""
    return max(0, number.decimals - factor.adjusted())


def _several(parts: list[_Part]) -> Phrase:
    """Two or more numbers in one cell: a range, or figures that belong to different cells."""
    numbers = [part.digits for part in parts]
    if len(parts) == 2 and _RANGE.search(parts[0].tail):
        return _refused("value.range", low=numbers[0], high=numbers[1])
    return _refused("value.two_numbers", numbers="; ".join(numbers[:6]))


def _refused(code: str, **details: object) -> Phrase:
    return Phrase(None, notes=(Note(code, details),))


def percent_row(kind: str, unit: str) -> bool:
    """Whether numbers of a row are percentages."""
    return is_percent_unit(unit) or (kind == "percent" and not unit.strip())
