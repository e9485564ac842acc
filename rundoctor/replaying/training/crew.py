"""Train groups side by side, one process each, with progress and a way to stop."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from queue import Empty
from types import TracebackType
from typing import Any

import torch

from rundoctor.replaying.training.group import Group
from rundoctor.replaying.training.watch import Progress, first_ctrl_c

POLL = 0.2
"""Seconds between two looks at the progress."""


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Crew:
    """Processes that train groups. The first Ctrl-C stops them at the next update, the second ends the program.

    With one process all is done in this one. Groups travel as bytes, not through shared memory, of which containers
    have little.
    """

    def __init__(self, processes: int, progress: Progress) -> None:
        self._processes, self.progress = processes, progress
        self._context = multiprocessing.get_context("spawn")
        self._stop: Any = self._context.Event() if processes > 1 else threading.Event()
        self._told: Any = self._context.Queue() if processes > 1 else None
        self._stack = ExitStack()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Crew:
        self._stack.callback(torch.set_num_threads, torch.get_num_threads())
        torch.set_num_threads(1)
        self._stack.enter_context(first_ctrl_c(self._stop.set))
        if self._processes > 1:
            pool = ProcessPoolExecutor(
                self._processes, self._context, initializer=_begin, initargs=(self._told, self._stop)
            )
            self._pool = self._stack.enter_context(pool)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def stopped(self) -> bool:
        """Whether Ctrl-C was heard."""
        return bool(self._stop.is_set())

    def run(self, work: Sequence[tuple[Group, int, int]]) -> list[Group]:
        """Return the groups, each trained to its end, of so many updates in all, or as far as they came."""
        if self._pool is None:
            for group, end, total in work:
                group.run(end, total, self.progress, self.stopped)
            return [group for group, _, _ in work]
        with _unheard():
            futures = [self._pool.submit(_work, pickle.dumps(group), end, total) for group, end, total in work]
        self._follow(futures)
        return [pickle.loads(future.result()) for future in futures]

    def _follow(self, futures: Sequence[Future[bytes]]) -> None:
        while not all(future.done() for future in futures):
            try:
                self.progress(self._told.get(timeout=POLL))
            except Empty:
                continue


@contextmanager
def _unheard() -> Iterator[None]:
    """Hold Ctrl-C back for a moment: processes that are started in it never hear one, not even while they import."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# ---- in a worker -------------------------------------------------------------------------------------------------

_line: dict[str, Any] = {}
"""How this worker is reached."""


def _begin(told: Any, stop: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    torch.set_num_threads(1)
    _line.update(told=told, stop=stop)


def _work(sent: bytes, end: int, total: int) -> bytes:
    group: Group = pickle.loads(sent)
    group.run(end, total, _line["told"].put, _line["stop"].is_set)
    return pickle.dumps(group)
