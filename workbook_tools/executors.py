"""Work on executors that others provide, as a cluster of machines: what is lost there is told, never waited for."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from typing import Any, TypeVar

from workbook_tools.errors import WorkbookToolsError
from workbook_tools.inert import on_one_line
from workbook_tools.worker_processes import Lost

SECONDS_TO_CONNECT = 30

Item = TypeVar("Item")
Result = TypeVar("Result")


class ClusterError(WorkbookToolsError):
    """A cluster cannot be used: it is not there, or not set up for this work."""


def run_on(
    executor: Executor,
    work: Callable[[Item], Result],
    items: Sequence[Item],
    limit: float,
    done: Callable[[Result], None] = lambda _: None,
) -> list[Result | Lost]:
    """The results in the order of the items, those aside whose worker was lost.

    Args:
        limit: seconds; when nothing at all has come back for so long, what is still out is given up.
        done: is told each result as it comes.

    Raises WorkbookToolsError where a worker does, and ClusterError if workers do not have what the work needs.
    """
    places: dict[Future[Result], int] = {executor.submit(work, item): place for place, item in enumerate(items)}
    found: list[Result | Lost] = [Lost(too_slow=True)] * len(items)
    waiting = set(places)
    try:
        while waiting:
            came, waiting = wait(waiting, limit, FIRST_COMPLETED)
            if not came:
                break
            for future in came:
                one = found[places[future]] = _outcome(future)
                if not isinstance(one, Lost):
                    done(one)
    finally:
        for future in waiting:
            future.cancel()
    return found


def _outcome(future: Future[Result]) -> Result | Lost:
    error = None if future.cancelled() else future.exception()
    if isinstance(error, WorkbookToolsError):
        raise error
    if isinstance(error, ImportError):
        reason = on_one_line(str(error))
        raise ClusterError(
            f"Máy trong cụm chưa cài đủ workbook-tools: {reason}. Cài cùng một phiên bản trên mọi máy.",
            f"A worker lacks what the work needs: {reason}. Install the same workbook-tools on all of them.",
        )
    return Lost(too_slow=False) if error or future.cancelled() else future.result()


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The executor of a running cluster; raises ClusterError with what to do where there is none."""
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(
            "--cluster cần thêm gói dask.distributed. Cài bằng: pip install workbook-tools[cluster]",
            "--cluster needs dask.distributed. Install it with: pip install workbook-tools[cluster]",
        ) from error
    shown = on_one_line(address)
    connect: Callable[..., Any] = Client
    try:
        client = connect(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"--cluster: không kết nối được “{shown}”. Kiểm tra địa chỉ của scheduler, ví dụ tcp://10.0.0.5:8786.",
            f"--cluster: no cluster answers at '{shown}'. Check the address of the scheduler, as tcp://10.0.0.5:8786.",
        ) from error
    with client:
        executor: Executor = client.get_executor(pure=False)
        yield executor
