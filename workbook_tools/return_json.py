"""What a return says beside its figures, as text that gives back the same: for keeping between runs.

Nothing that stands in such a text is ever run; what does not fit into it is not kept.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np

from workbook_tools.cell_columns import Cells
from workbook_tools.findings import Finding, Severity
from workbook_tools.indicators import Role
from workbook_tools.observations import Return
from workbook_tools.read_cells import CellFrame
from workbook_tools.wording import Words

_COLUMNS = (
    ("values", np.dtype("<f8")),
    ("decimals", np.dtype("<i2")),
    ("statuses", np.dtype("u1")),
    ("are_texts", np.dtype("?")),
    ("are_live", np.dtype("?")),
)
_FRAME = tuple(one.name for one in fields(CellFrame) if one.name != "kept")
_FINDING = tuple(one.name for one in fields(Finding))
_NOTHING = {name: getattr(Finding(""), name) for name in _FINDING}
_AS_THEY_ARE = frozenset({str, float, int, bool, type(None)})
_FACTS = (
    "file", "status", "unit", "unit_name", "period", "expected", "taken", "blank", "refused", "missing",
)  # fmt: skip


class NotPlainError(ValueError):
    """A return holds something that a text cannot give back."""


def text_of(returned: Return) -> bytes:
    """All of a return but its frame and its columns; raises NotPlainError for one of a kind that is not kept."""
    cells = returned.columns
    if returned.support or returned.made_of or returned.sources or cells.files:
        raise NotPlainError
    document = {
        **{name: _plain(getattr(returned, name)) for name in _FACTS},
        "fields": list(returned.fields),
        "explanations": dict(returned.explanations),
        "names": [cells.unit, cells.period, cells.file],
        "raws": cells.raws,
        "qualifiers": list(cells.qualifiers.items()),
        "texts": list(cells.texts.items()),
        "findings": [_said(one) for one in returned.findings],
    }
    return json.dumps(document, separators=(",", ":")).encode("ascii")


def columns_of(cells: Cells) -> bytes:
    """The columns of the cells, one after the other."""
    columns = [np.asarray(getattr(cells, name), dtype=kind) for name, kind in _COLUMNS]
    return b"".join(one.tobytes() for one in [*columns, cells.raw_places.astype("<i4")])


def return_from(frame: CellFrame, columns: bytes, text: bytes) -> Return:
    """The return that was kept; ValueError, KeyError or TypeError if these are not parts of one."""
    document = json.loads(text)
    found: dict[str, object] = {}
    start = 0
    for name, kind in _COLUMNS:
        found[name] = np.frombuffer(columns, kind, len(frame), start).copy()
        start += kind.itemsize * len(frame)
    unit, period, file = document["names"]
    cells = Cells(frame, unit, period, file).changed(
        **found,
        raw_places=np.frombuffer(columns, "<i4", -1, start).copy(),
        raws=document["raws"],
        qualifiers=dict(map(tuple, document["qualifiers"])),
        texts=dict(map(tuple, document["texts"])),
    )
    facts = {name: document[name] for name in _FACTS}
    return Return(
        **facts,
        fields=tuple(document["fields"]),
        cells=cells,
        findings=tuple(map(_finding, document["findings"])),
        support={},
        explanations=document["explanations"],
    )


def text_of_frame(frame: CellFrame) -> bytes:
    """A frame as text; :func:`frame_from` gives back the same."""
    return json.dumps([list(getattr(frame, name)) for name in _FRAME], separators=(",", ":")).encode("ascii")


def frame_from(text: bytes) -> CellFrame:
    """The frame of a text: the one that is in use already, if there is one."""
    columns = dict(zip(_FRAME, map(tuple, json.loads(text)), strict=True))
    columns["roles"] = tuple(map(Role, columns["roles"]))
    return CellFrame.known(*columns.values())


def renamed(returned: Return, name: str) -> Return:
    """The return under another name of its file."""
    old = returned.file
    if old == name:
        return returned
    told = tuple(_renamed(finding, old, name) for finding in returned.findings)
    return replace(returned, file=name, cells=returned.columns.changed(file=name), findings=told)


def says(returned: Return, words: str) -> bool:
    """Whether some words stand in its findings."""
    return any(json.dumps(words)[1:-1] in json.dumps(_plain(one.details)) for one in returned.findings)


def _renamed(finding: Finding, old: str, name: str) -> Finding:
    details = {key: name if key == "file" and value == old else value for key, value in finding.details.items()}
    return replace(finding, file=name if finding.file == old else finding.file, details=details)


def _said(finding: Finding) -> dict[str, object]:
    """What a finding says beside what any says."""
    values = {name: getattr(finding, name) for name in _FINDING}
    return {name: _plain(value) for name, value in values.items() if name == "code" or value != _NOTHING[name]}


def _finding(written: Mapping[str, object]) -> Finding:
    columns = {name: one if type(one) in _AS_THEY_ARE else _whole(one) for name, one in written.items()}
    level = columns.pop("level", None)
    return Finding(**columns, level=Severity(level) if level else None)  # type: ignore[arg-type]


def _plain(value: object) -> object:
    """A value of JSON; tuples, wordings and mappings are marked, as it has none."""
    match value:
        case None | bool():
            return value
        case str():
            return str(value)
        case float():
            return float(value)
        case Words():
            return {"words": list(value)}
        case tuple():
            return {"tuple": [_plain(one) for one in value]}
        case list():
            return [_plain(one) for one in value]
        case Mapping() if all(isinstance(key, str) for key in value):
            return {"mapping": {key: _plain(one) for key, one in value.items()}}
    if type(value) is int:
        return value
    raise NotPlainError(type(value).__name__)


def _whole(value: object) -> object:
    """The value that was written."""
    if isinstance(value, list):
        return [one if type(one) in _AS_THEY_ARE else _whole(one) for one in value]
    if not isinstance(value, dict):
        return value
    [(kind, inner)] = value.items()
    if kind == "words":
        return Words(*inner)
    if kind == "tuple":
        return tuple(one if type(one) in _AS_THEY_ARE else _whole(one) for one in inner)
    return {key: one if type(one) in _AS_THEY_ARE else _whole(one) for key, one in inner.items()}
