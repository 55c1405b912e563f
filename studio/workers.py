"""Processes that work side by side and end with the one that started them."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

_LOOK_SECONDS = 0.5

_watched = threading.Event()


@contextlib.contextmanager
def local_pool(jobs: int = 0) -> Iterator[Callable[..., Any]]:
    """Give what runs tasks in processes of one thread each and yields results as they come.

    Parameters
    ----------
    jobs : int
        How many processes; 0: one per processor.

    Yields
    ------
    callable
        ``parallel(tasks)`` for an iterable of ``task(function, ...)``; results come in any order.
    """
    import joblib

    with joblib.parallel_config("loky", inner_max_num_threads=1):
        yield unordered(jobs or joblib.cpu_count())


def unordered(jobs: int) -> Callable[..., Any]:
    """Return what runs tasks one by one on so many processes, and yields results as they come."""
    import joblib

    one_by_one: Any = 1  # joblib's types know "auto" only
    return joblib.Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=one_by_one)


def task(function: Callable[..., Any], *arguments: Any) -> Any:
    """Return a task for a pool."""
    import joblib

    return joblib.delayed(_run)(function, *arguments)


def _run(function: Callable[..., Any], *arguments: Any) -> Any:
    end_with_parent()
    return function(*arguments)


def end_with_parent() -> None:
    """Let this process end soon after the one that started it; in a main process, do nothing.

    A worker whose parent is killed would wait a minute or longer for the next task.
    """
    parent = multiprocessing.parent_process()
    if os.name != "posix" or parent is None or parent.pid is None or _watched.is_set():
        return
    _watched.set()
    threading.Thread(target=_watch, args=(parent.pid,), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os._exit(1)
