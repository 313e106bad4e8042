"""One line of a terminal that says how far a run is; it is gone when the run goes on to something else."""

import time
from collections.abc import Callable
from typing import TextIO

SECONDS_BETWEEN = 0.2
SECONDS_BEFORE_THE_FIRST = 1.0
"""A run that is shorter says nothing."""

_CLEAR = "\r\x1b[K"


class ProgressLine:
    """Shows files done, findings so far and the time left; call it with files done, all files and findings."""

    def __init__(self, stream: TextIO, language: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.stream = stream
        self.language = language
        self.clock = clock
        self.began = self.shown = clock()
        self.is_shown = False

    def __call__(self, done: int, total: int, findings: int) -> None:
        """Say how far it is, unless that was said just now."""
        now = self.clock()
        if done >= total:
            self.clear()
        elif now - self.began >= SECONDS_BEFORE_THE_FIRST and now - self.shown >= SECONDS_BETWEEN:
            left = (now - self.began) / done * (total - done) if done else 0.0
            self.stream.write(_CLEAR + self._words(done, total, findings, round(left)))
            self.stream.flush()
            self.shown, self.is_shown = now, True

    def clear(self) -> None:
        """Take the line away."""
        if self.is_shown:
            self.stream.write(_CLEAR)
            self.stream.flush()
            self.is_shown = False

    def _words(self, done: int, total: int, findings: int, seconds: int) -> str:
        minutes, rest = divmod(seconds, 60)
        if self.language == "en":
            left = f"{minutes} min {rest} s" if minutes else f"{rest} s"
            return f"{done} of {total} files, {findings} findings, about {left} left"
        left = f"{minutes} phút {rest} giây" if minutes else f"{rest} giây"
        return f"{done}/{total} tệp, {findings} điều cần xem, còn khoảng {left}"
