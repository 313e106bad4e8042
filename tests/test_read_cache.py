"""What was read is kept beside the output; with and without it the result is the same."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forms import FILL, write_filled
from tests.helpers import digest
from workbook_tools import pipeline, read_cache, return_files
from workbook_tools.catalogue import Catalogue
from workbook_tools.cells import FigureName
from workbook_tools.findings import Finding, Severity
from workbook_tools.form_reading import read_return, read_thoroughly
from workbook_tools.observations import Return
from workbook_tools.read_cache import ReadCache
from workbook_tools.received_files import received_files
from workbook_tools.return_files import read_files, template_bytes
from workbook_tools.return_json import NotPlainError, columns_of, frame_from, return_from, text_of, text_of_frame
from workbook_tools.whole_files import KEPT_PREFIX
from workbook_tools.wording import Words

SECRET = b"a key of thirty-two bytes, no less"
POPULATION = FigureName("people.total", "actual")


@pytest.fixture
def folder(tmp_path: Path, small: Catalogue) -> Path:
    folder = tmp_path / "returns"
    folder.mkdir()
    for number, name in enumerate(("a.xlsx", "b.xlsx", "c.xlsx")):
        write_filled(folder / name, small, {**FILL, POPULATION: 10_000 + number})
    return folder


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out" / "TongHop.xlsx"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were really read."""
    names: list[str] = []
    honest, alone = read_return, read_thoroughly

    def read(path: Path, catalogue: Catalogue) -> Return:
        names.append(path.name)
        return honest(path, catalogue)

    def read_one(path: Path, catalogue: Catalogue) -> Return:
        names.append(path.name)
        return alone(path, catalogue)

    monkeypatch.setattr(return_files, "read_return", read)
    monkeypatch.setattr(return_files, "read_thoroughly", read_one)
    return names


def cache_of(output: Path, template: Path, secret: bytes = SECRET) -> ReadCache:
    return ReadCache(output, template_bytes(template), secret)


def read(folder: Path, output: Path, template: Path, secret: bytes = SECRET) -> tuple[Return, ...]:
    """The returns of a folder, checked, by what is kept beside an output."""
    output.parent.mkdir(exist_ok=True)
    files = received_files([folder]).files
    return read_files(files, template, 1, checked=True, cache=cache_of(output, template, secret))


def consolidate(folder: Path, output: Path, template: Path, *, keep: bool = True) -> None:
    pipeline.consolidate([folder], output, template=template, jobs=1, keep=keep)


class TestSameResult:
    def test_the_same_returns(self, folder: Path, output: Path, small_template: Path, opened: list[str]) -> None:
        """Every cell, count and finding, the second time without opening a file."""
        plain = read_files(received_files([folder]).files, small_template, 1, checked=True)
        first = read(folder, output, small_template)
        opened.clear()
        second = read(folder, output, small_template)

        assert opened == []
        assert plain == first == second
        for one, other in zip(first, second, strict=True):
            assert [finding.message() for finding in one.findings] == [finding.message() for finding in other.findings]
            assert one.columns.frame is other.columns.frame

    def test_the_same_workbook(self, folder: Path, output: Path, small_template: Path) -> None:
        for _ in range(2):
            consolidate(folder, output, small_template)
        kept = digest(output)
        consolidate(folder, output, small_template, keep=False)

        assert digest(output) == kept

    def test_beside_the_returns_it_is_no_finding(self, folder: Path, small_template: Path) -> None:
        """The folder of the output may be that of the returns: the next run passes the kept files by in silence."""
        output = folder / "TongHop.xlsx"
        consolidate(folder, output, small_template)
        first = digest(output)
        assert any(path.name.startswith(KEPT_PREFIX) for path in folder.iterdir())
        consolidate(folder, output, small_template)

        assert digest(output) == first

    def test_without_keeping_nothing_is_written(self, folder: Path, output: Path, small_template: Path) -> None:
        consolidate(folder, output, small_template, keep=False)

        assert list(output.parent.iterdir()) == [output]


class TestOnlyWhatChanged:
    def test_is_read(
        self, folder: Path, output: Path, small: Catalogue, small_template: Path, opened: list[str]
    ) -> None:
        read(folder, output, small_template)
        opened.clear()
        write_filled(folder / "b.xlsx", small, {**FILL, POPULATION: 77})
        returns = read(folder, output, small_template)

        assert opened == ["b.xlsx"]
        assert [_population(one) for one in returns] == [10_000, 77, 10_002]

    def test_a_file_of_another_name_is_known(
        self, folder: Path, output: Path, small_template: Path, opened: list[str]
    ) -> None:
        read(folder, output, small_template)
        opened.clear()
        (folder / "a.xlsx").rename(folder / "d.xlsx")
        returns = read(folder, output, small_template)

        assert opened == []
        assert returns == read_files(received_files([folder]).files, small_template, 1, checked=True)

    def test_what_is_gone_is_not_kept(self, folder: Path, output: Path, small_template: Path) -> None:
        read(folder, output, small_template)
        cache = cache_of(output, small_template)
        gone = cache.key_of(folder / "a.xlsx", checked=True)
        assert gone in cache.find({gone}) if gone else False
        (folder / "a.xlsx").unlink()
        shutil.copy(folder / "b.xlsx", folder / "a.csv.xlsx")
        (folder / "c.xlsx").write_bytes((folder / "c.xlsx").read_bytes() + b" ")
        read(folder, output, small_template)

        assert gone not in cache.find({gone} if gone else set())

    def test_a_refused_file_is_read_every_time(
        self, folder: Path, output: Path, small_template: Path, opened: list[str]
    ) -> None:
        """The disk or the memory may have been the reason."""
        (folder / "b.xlsx").write_bytes(b"PK no workbook")
        read(folder, output, small_template)
        opened.clear()
        read(folder, output, small_template)

        assert opened == ["b.xlsx"]


class TestNeverTrusted:
    """Where anything differs, all files are read."""

    @pytest.fixture(autouse=True)
    def kept(self, folder: Path, output: Path, small_template: Path, opened: list[str]) -> None:
        self.honest = read(folder, output, small_template)
        self.cache = cache_of(output, small_template)
        opened.clear()

    @pytest.mark.parametrize("part", ["path", "seal"])
    @pytest.mark.parametrize("damage", ["gone", "empty", "cut", "turned", "foreign"])
    def test_a_damaged_one(
        self, folder: Path, output: Path, small_template: Path, opened: list[str], part: str, damage: str
    ) -> None:
        path: Path = getattr(self.cache, part)
        data = path.read_bytes()
        middle = len(data) // 2
        match damage:
            case "gone":
                path.unlink()
            case "empty":
                path.write_bytes(b"")
            case "cut":
                path.write_bytes(data[:middle])
            case "turned":
                path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
            case "foreign":
                path.write_bytes(b"PAR1" + bytes(100) + b"PAR1")

        assert read(folder, output, small_template) == self.honest
        assert opened == ["a.xlsx", "b.xlsx", "c.xlsx"]

    def test_one_that_somebody_else_sealed(
        self, folder: Path, output: Path, small_template: Path, opened: list[str]
    ) -> None:
        """A sender may put such files among the returns: they would speak for other units."""
        read(folder, output, small_template, secret=b"of somebody else")
        opened.clear()

        assert read(folder, output, small_template) == self.honest
        assert opened == ["a.xlsx", "b.xlsx", "c.xlsx"]

    def test_another_template(
        self, folder: Path, output: Path, small_template: Path, tmp_path: Path, opened: list[str]
    ) -> None:
        other = tmp_path / "BieuMau.xlsx"
        other.write_bytes(small_template.read_bytes() + b" ")
        read(folder, output, other)

        assert opened == ["a.xlsx", "b.xlsx", "c.xlsx"]

    def test_another_reader(
        self, folder: Path, output: Path, small_template: Path, monkeypatch: pytest.MonkeyPatch, opened: list[str]
    ) -> None:
        monkeypatch.setattr(read_cache, "reader_version", lambda: "the next one")
        read(folder, output, small_template)

        assert opened == ["a.xlsx", "b.xlsx", "c.xlsx"]

    def test_returns_that_were_read_only(
        self, folder: Path, output: Path, small_template: Path, opened: list[str]
    ) -> None:
        """What was checked does not stand for what was not."""
        files = received_files([folder]).files
        unchecked = read_files(files, small_template, 1, cache=self.cache)

        assert opened == ["a.xlsx", "b.xlsx", "c.xlsx"]
        assert unchecked == read_files(files, small_template, 1)

    def test_a_file_replaced_while_it_was_read(
        self, folder: Path, output: Path, small: Catalogue, small_template: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        honest = read_return
        first = (folder / "a.xlsx").read_bytes() + b" "

        def replaced(path: Path, catalogue: Catalogue) -> Return:
            if path.name == "a.xlsx":
                write_filled(path, small, {**FILL, POPULATION: 1})
            return honest(path, catalogue)

        (folder / "a.xlsx").write_bytes(first)
        monkeypatch.setattr(return_files, "read_return", replaced)
        (folder / "b.xlsx").write_bytes((folder / "b.xlsx").read_bytes() + b" ")
        read(folder, output, small_template)
        monkeypatch.setattr(return_files, "read_return", honest)
        (folder / "a.xlsx").write_bytes(first)

        assert _population(read(folder, output, small_template)[0]) == 10_000


texts = st.text(max_size=5) | st.sampled_from(["\ud800", "Kép", "=1+1", "\0"])
details = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts | st.builds(Words, texts, texts),
    lambda inner: st.lists(inner, max_size=2) | st.tuples(inner, inner) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
findings = st.builds(
    Finding,
    code=st.just("file.no_form"),
    file=texts,
    cells=st.lists(texts, max_size=2).map(tuple),
    value=st.none() | st.floats(allow_nan=False) | texts,
    level=st.none() | st.sampled_from(Severity),
    details=st.dictionaries(texts, details, max_size=2),
    explanation=texts,
)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory, small: Catalogue, small_template: Path) -> Return:
    path = write_filled(tmp_path_factory.mktemp("one") / "a.xlsx", small)
    return read_files(received_files([path]).files, small_template, 1)[0]


class TestText:
    @given(told=st.lists(findings, max_size=3))
    def test_gives_back_every_finding(self, one: Return, told: list[Finding]) -> None:
        """With its details as they were: a tuple stays one, and so does a wording in two languages."""
        written = replace(one, findings=tuple(told))
        frame = frame_from(text_of_frame(one.columns.frame))
        found = return_from(frame, columns_of(one.columns), text_of(written))

        assert found == written
        assert [repr(finding) for finding in found.findings] == [repr(finding) for finding in told]

    def test_what_it_cannot_hold_is_refused(self, one: Return) -> None:
        with pytest.raises(NotPlainError):
            text_of(replace(one, findings=(Finding("file.no_form", details={"path": Path("a")}),)))
        with pytest.raises(NotPlainError):
            text_of(replace(one, made_of=("07399",)))


def _population(one: Return) -> float | None:
    [value] = [cell.observation.value for cell in one.cells if cell.name == POPULATION]
    return value
