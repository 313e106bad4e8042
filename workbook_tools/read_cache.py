"""What was read, kept beside the output for the next run: two files that may be deleted at any time.

A return is found again by the bytes of its file, those of the template, and the version of the reader. The files lie
where others may write, too: they count only under the seal of the very person who runs this, and no part of them is
opened before. What is missing, damaged or sealed by somebody else is read anew from the received files.
"""

import hashlib
import hmac
import io
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import click

from workbook_tools.errors import WorkbookWriteError
from workbook_tools.observations import REFUSED, Return
from workbook_tools.reader_version import reader_version
from workbook_tools.return_json import NotPlainError, columns_of, frame_from, return_from, text_of, text_of_frame
from workbook_tools.whole_files import KEPT_PREFIX, write_whole

RETURNS_AT_ONCE = 256
"""So many are held as bytes at a time."""

MOST_BYTES = 64 * 2**20
"""A file that is larger is no form: it is not kept, nor read once more only to know it."""

_SECRET_BYTES = 32
_NAMES = ("key", "frame", "columns", "text")
_BROKEN = (OSError, ValueError, KeyError, TypeError, LookupError)

Row = dict[str, bytes]


def cache_beside(output: Path, template: bytes) -> "ReadCache | None":
    """What is kept for an output; None where this person has no place for the key of the seal.

    Args:
        template: the bytes of the template.
    """
    secret = _own_secret(Path(click.get_app_dir("workbook-tools")) / "seal.key")
    return None if secret is None else ReadCache(output, template, secret)


class ReadCache:
    """Returns read before, by the content of their files."""

    def __init__(self, output: Path, template: bytes, secret: bytes) -> None:
        self.path = output.parent / f"{KEPT_PREFIX}{output.stem}.parquet"
        self.seal = output.parent / f"{KEPT_PREFIX}{output.stem}.seal"
        self._secret = secret
        self._state = f"{reader_version()} {hashlib.sha256(template).hexdigest()}"

    def key_of(self, path: Path, *, checked: bool) -> bytes | None:
        """What a return, read or also checked, is found by; None for a file that is too large or cannot be opened."""
        try:
            if path.stat().st_size > MOST_BYTES:
                return None
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").digest()
        except OSError:
            return None
        # The ending is read, too: there is a finding where it is a wrong one.
        told = f"{self._state} {checked} {path.suffix.lower()} ".encode("utf-8", "surrogatepass")
        return hashlib.sha256(told + content).digest()

    def find(self, wanted: set[bytes]) -> dict[bytes, Return]:
        """The returns that are kept, by their keys."""
        found: dict[bytes, Return] = {}
        try:
            frames = {row["key"]: frame_from(row["text"]) for row in self._rows(lambda row: not row["frame"])}
            for row in self._rows(lambda row: bool(row["frame"]) and row["key"] in wanted):
                found[row["key"]] = return_from(frames[row["frame"]], row["columns"], row["text"])
        except _BROKEN:
            return {}
        return found

    def keep(self, read: Mapping[bytes, Return], used: set[bytes]) -> None:
        """Keep these returns for the next run, and of those kept before the ones that were used."""
        data = io.BytesIO()
        try:
            self._write(data, read, used)
            # A new file beside the former seal counts for nothing, as does one beside none.
            write_whole(self.path, data.getvalue())
            write_whole(self.seal, self._seal_of(io.BytesIO(data.getvalue())).encode("ascii"))
        except (WorkbookWriteError, *_BROKEN):
            return  # A run does not fail for what only spares time to the next.

    def _write(self, file: io.BytesIO, read: Mapping[bytes, Return], used: set[bytes]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        schema = pa.schema([(name, pa.binary()) for name in _NAMES])
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for rows in _some_at_once(self._all_rows(read, used)):
                columns = {name: [row[name] for row in rows] for name in _NAMES}
                writer.write_table(pa.table(columns, schema=schema))

    def _all_rows(self, read: Mapping[bytes, Return], used: set[bytes]) -> Iterator[Row]:
        """Rows kept before and new ones, then the frames of all of them."""
        frames: dict[bytes, bytes] = {}
        wanted: set[bytes] = set()
        for row in self._rows(lambda row: not row["frame"] or row["key"] in used):
            if row["frame"]:
                wanted.add(row["frame"])
                yield row
            else:
                frames[row["key"]] = row["text"]
        digests: dict[int, bytes] = {}
        for key, returned in read.items():
            try:
                text = text_of(returned)
            except NotPlainError:
                continue
            cells = returned.columns
            digest = digests.get(id(cells.frame))
            if digest is None:
                written = text_of_frame(cells.frame)
                digest = digests[id(cells.frame)] = hashlib.sha256(written).digest()
                frames[digest] = written
            wanted.add(digest)
            yield {"key": key, "frame": digest, "columns": columns_of(cells), "text": text}
        for digest in sorted(wanted):
            yield {"key": digest, "frame": b"", "columns": b"", "text": frames[digest]}

    def _rows(self, is_wanted: Callable[[Row], bool]) -> Iterator[Row]:
        """Some of the rows, if the file stands under our seal."""
        import pyarrow.parquet as pq

        if not self._is_sealed():
            return
        with pq.ParquetFile(self.path) as file:
            for batch in file.iter_batches(batch_size=RETURNS_AT_ONCE):
                for key, frame, columns, text in zip(*(batch[name] for name in _NAMES), strict=True):
                    row = {"key": key.as_py(), "frame": frame.as_py()}
                    if is_wanted(row):
                        yield {**row, "columns": columns.as_py(), "text": text.as_py()}

    def _is_sealed(self) -> bool:
        try:
            with self.path.open("rb") as file:
                own = self._seal_of(file)
            return hmac.compare_digest(self.seal.read_bytes(), own.encode("ascii"))
        except OSError:
            return False

    def _seal_of(self, file: io.BufferedReader | io.BytesIO) -> str:
        sealed = hmac.new(self._secret, digestmod="sha256")
        while part := file.read(2**20):
            sealed.update(part)
        return sealed.hexdigest()


def is_worth_keeping(returned: Return) -> bool:
    """Whether a return says the same next time: why a file was refused may lie in the machine."""
    return returned.status != REFUSED


def _some_at_once(rows: Iterator[Row]) -> Iterator[list[Row]]:
    waiting: list[Row] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == RETURNS_AT_ONCE:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _own_secret(path: Path) -> bytes | None:
    """The key of this person's seal, made the first time; None where it can be neither read nor kept."""
    with suppress(OSError):
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):  # Another run makes it just now.
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "wb") as file:
                    file.write(secrets.token_bytes(_SECRET_BYTES))
        secret = path.read_bytes()
        return secret if len(secret) == _SECRET_BYTES else None
    return None
