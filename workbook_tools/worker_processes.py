"""Works on many files in several processes, so that a file that brings its process down costs nothing but itself.

Each process has one piece of work at a time: when it dies or takes too long, it is known on what. Python's own
pools lose the work of all others then, and cannot end a piece of work that hangs.
"""

import multiprocessing
import os
import pickle
import signal
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

MOST_PROCESSES = 60
"""Windows waits for no more at a time."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Lost:
    """A piece of work without a result: its process died, or took longer than the limit."""

    too_slow: bool
    exit_code: int | None = None


def run_all(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int = 0,
    limit: float | None = None,
    done: Callable[[Result], None] = lambda _: None,
) -> list[Result | Lost]:
    """The results in the order of the items; an exception of a piece of work is raised here.

    Args:
        work: a function of a module, or a partial of one: it is sent to the processes.
        jobs: number of processes, 0 for one a processor; 1 works in this process, without limit or protection.
        limit: seconds that one piece may take.
        done: is told each result as it comes.
    """
    if jobs == 1 or multiprocessing.current_process().daemon:
        return [_told(work(item), done) for item in items]
    run = _Run(work, items, limit, done)
    try:
        run.work_off(range(len(items)), min(jobs or os.cpu_count() or 1, MOST_PROCESSES))
        # A process may have died of what the others took of the machine: the second try is alone.
        run.work_off([place for place, lost in run.lost.items() if not lost.too_slow], 1)
    finally:
        run.stop()
    return [run.results[place] if place in run.results else run.lost[place] for place in range(len(items))]


def _told(result: Result, done: Callable[[Result], None]) -> Result:
    done(result)
    return result


@dataclass
class _Worker:
    """A process, our end of the line to it, and what it is working on until when."""

    process: BaseProcess
    line: "Connection[object, object]"
    place: int
    deadline: float | None


class _Run(Generic[Item, Result]):
    """The pieces of work by place, and what came of them."""

    def __init__(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        limit: float | None,
        done: Callable[[Result], None],
    ) -> None:
        self.work = work
        self.done = done
        self.items = items
        self.limit = limit
        self.results: dict[int, Result] = {}
        self.lost: dict[int, Lost] = {}
        self.busy: list[_Worker] = []

    def work_off(self, places: Iterable[int], count: int) -> None:
        """Do some pieces of work, so many at a time."""
        waiting = deque(places)
        while waiting or self.busy:
            while waiting and len(self.busy) < count:
                self.busy.append(self.start(waiting.popleft()))
            for worker in self.answering():
                if self.take_answer(worker) and waiting:
                    worker.place = waiting.popleft()
                    self.give(worker)
                else:
                    self.busy.remove(worker)
                    _end(worker)

    def start(self, place: int) -> _Worker:
        """A new process with its first piece of work."""
        line, far_end = multiprocessing.Pipe()
        process = multiprocessing.Process(target=_serve, args=(self.work, far_end, line), daemon=True)
        process.start()
        far_end.close()
        worker = _Worker(process, line, place, None)
        self.give(worker)
        return worker

    def give(self, worker: _Worker) -> None:
        """Hand a process its next piece of work; one that is gone already is noticed when it answers."""
        worker.deadline = None if self.limit is None else time.monotonic() + self.limit
        try:
            worker.line.send((self.items[worker.place],))
        except BrokenPipeError:
            worker.process.join()

    def answering(self) -> list[_Worker]:
        """Waits for the processes that have an answer, died, or are out of time."""
        deadlines = [worker.deadline for worker in self.busy if worker.deadline is not None]
        patience = max(0.0, min(deadlines) - time.monotonic()) if deadlines else None
        ready = wait([worker.line for worker in self.busy], patience)
        late = time.monotonic()
        return [
            worker
            for worker in self.busy
            if worker.line in ready or (worker.deadline is not None and worker.deadline <= late)
        ]

    def take_answer(self, worker: _Worker) -> bool:
        """Note what came of a piece of work; whether its process can go on."""
        if not worker.line.poll():
            self.lost[worker.place] = Lost(too_slow=True)
            return False
        try:
            done, answer = pickle.loads(worker.line.recv_bytes())
        except (EOFError, OSError):
            worker.process.join()
            self.lost[worker.place] = Lost(too_slow=False, exit_code=worker.process.exitcode)
            return False
        if not done:
            raise answer
        self.results[worker.place] = answer
        self.done(answer)
        return True

    def stop(self) -> None:
        """End the processes that are still at work."""
        for worker in self.busy:
            _end(worker)


def _end(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join()
    worker.line.close()


def _serve(
    work: Callable[[Item], object], line: "Connection[object, object]", asking_end: "Connection[object, object]"
) -> None:
    """What a process does: one piece of work after the other, until nobody asks any more."""
    asking_end.close()  # Else this process would hold open itself the line on whose end it waits.
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The process that was started by hand ends the others.
    try:
        while True:
            order: Any = line.recv()
            line.send_bytes(_answer(work, *order))
    except (EOFError, OSError):
        return


def _answer(work: Callable[[Item], object], item: Item) -> bytes:
    """The pickled result, or the exception that the asking process will raise."""
    try:
        return pickle.dumps((True, work(item)))
    except Exception as error:
        error.add_note(traceback.format_exc())
        return pickle.dumps((False, error))
