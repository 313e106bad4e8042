"""A terminal shows how far the reading is: files, findings, time left."""

import io

import pytest

from workbook_tools.progress_line import ProgressLine


class Clock:
    """A clock that stands still until it is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def shown_after(seconds: float, clock: Clock, done: int, language: str = "vi") -> str:
    stream = io.StringIO()
    line = ProgressLine(stream, language, clock)
    clock.now = seconds
    line(done, 100, 7)
    return stream.getvalue()


class TestProgressLine:
    def test_says_files_findings_and_time_left(self, clock: Clock) -> None:
        assert "20/100 tệp, 7 điều cần xem, còn khoảng 40 giây" in shown_after(10, clock, 20)

    def test_in_english(self, clock: Clock) -> None:
        assert "10 of 100 files, 7 findings, about 1 min 30 s left" in shown_after(10, clock, 10, "en")

    def test_a_short_run_says_nothing(self, clock: Clock) -> None:
        assert shown_after(0.9, clock, 50) == ""

    def test_is_gone_at_the_end(self, clock: Clock) -> None:
        stream = io.StringIO()
        line = ProgressLine(stream, "vi", clock)
        clock.now = 5
        line(50, 100, 0)
        line(100, 100, 0)

        assert stream.getvalue().endswith("\r\x1b[K")

    def test_does_not_flicker(self, clock: Clock) -> None:
        """Two results within a fifth of a second are told once."""
        stream = io.StringIO()
        line = ProgressLine(stream, "vi", clock)
        clock.now = 5
        line(50, 100, 0)
        clock.now = 5.1
        line(51, 100, 0)

        assert "51/100" not in stream.getvalue()
