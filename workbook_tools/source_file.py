"""The sources of a consolidated workbook that has too many of them for a sheet: a Parquet file beside it.

A row is a filled cell of a return, with the columns of the sheet of sources. Both carry the same mark, by which a file
is known that belongs to another run.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from workbook_tools.cell_columns import Cells
from workbook_tools.observations import COMPUTED
from workbook_tools.read_cells import CellFrame, Flags
from workbook_tools.readings import Status
from workbook_tools.source_rows import MARK_KEY

TEXTS = (
    "unit", "unit_name", "indicator", "label", "measure", "heading", "item", "qualifier", "text", "status", "raw",
    "file", "sheet", "cell", "period",
)  # fmt: skip
SCHEMA = pa.schema(
    [*(pa.field(name, pa.dictionary(pa.int32(), pa.string())) for name in TEXTS), ("value", pa.float64())]
)
ROWS_AT_ONCE = 200_000


@dataclass(frozen=True)
class Names:
    """How figures are called: the label of an indicator, the heading of a measure in it."""

    label: Callable[[str], str]
    heading: Callable[[str, str], str]
    columns: dict[CellFrame, dict[str, pa.DictionaryArray]] = field(default_factory=dict, compare=False)
    """What is the same for all returns of a form, by their frame."""


@dataclass(frozen=True)
class SourceCells:
    """The sources in one return: which of its cells, under what name its unit has in the list of units."""

    cells: Cells
    chosen: Flags
    unit_name: str
    period: str = ""


def write_sources(file: IO[bytes], sources: Iterable[SourceCells], names: Names, mark: str) -> None:
    """Write all sources, some returns at a time."""
    schema = SCHEMA.with_metadata({MARK_KEY: mark.encode()})
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        waiting: list[pa.RecordBatch] = []
        for one in sources:
            waiting.append(_batch(one, names))
            if sum(batch.num_rows for batch in waiting) >= ROWS_AT_ONCE:
                writer.write_table(_table(waiting, schema))
                waiting = []
        if waiting:
            writer.write_table(_table(waiting, schema))


def _table(batches: Sequence[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_batches(batches, SCHEMA).unify_dictionaries().replace_schema_metadata(schema.metadata)


def _batch(source: SourceCells, names: Names) -> pa.RecordBatch:
    cells, frame = source.cells, source.cells.frame
    places = np.flatnonzero(source.chosen)
    at = places.tolist()
    typed = cells.typed()
    live = cells.are_live[places].tolist()
    raws = [COMPUTED if own else typed.get(place, "") for place, own in zip(at, live, strict=True)]
    columns = {
        **{name: _same(text, len(at)) for name, text in (
            ("unit", cells.unit), ("unit_name", source.unit_name), ("period", source.period)
        )},
        **{name: _taken(column, places) for name, column in _of_frame(frame, names).items()},
        "file": _texts([cells.files.get(place, cells.file) for place in at]),
        "qualifier": _texts([cells.qualifiers.get(place, "") for place in at]),
        "text": _texts([cells.texts.get(place, "") for place in at]),
        "raw": _texts(raws),
        "status": pa.DictionaryArray.from_arrays(cells.statuses[places].astype(np.int32), _STATUSES),
        "value": pa.array(cells.values[places], from_pandas=True),
    }  # fmt: skip
    return pa.RecordBatch.from_arrays([columns[name] for name in SCHEMA.names], schema=SCHEMA)


_STATUSES = pa.array(list(map(str, Status)))


def _same(text: str, count: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(np.zeros(count, dtype=np.int32), pa.array([text]))


def _texts(texts: Sequence[str]) -> pa.DictionaryArray:
    return pa.array(texts, pa.string()).dictionary_encode()


def _taken(column: pa.DictionaryArray, places: np.ndarray[tuple[int], np.dtype[np.intp]]) -> pa.DictionaryArray:
    return column.take(pa.array(places))


def _of_frame(frame: CellFrame, names: Names) -> dict[str, pa.DictionaryArray]:
    """The columns that are the same for all returns of a form."""
    if frame not in names.columns:
        names.columns[frame] = {
            "indicator": _texts(frame.indicators),
            "label": _texts(list(map(names.label, frame.indicators))),
            "measure": _texts(frame.measures),
            "heading": _texts(list(map(names.heading, frame.indicators, frame.measures))),
            "item": _texts(frame.items),
            "sheet": _texts(frame.sheets),
            "cell": _texts(frame.cells),
        }
    return names.columns[frame]
