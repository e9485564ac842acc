"""How a replay is followed and stopped: progress, and a Ctrl-C that ends it with what is known by then."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Progress = Callable[[int], None]
"""Takes how much was done since the last call."""
Begin = Callable[[int], Progress]
"""Takes how much there is to do, returns what is told of it."""


def unwatched(total: int) -> Progress:
    """Nobody looks."""
    return lambda made: None


@contextmanager
def first_ctrl_c(stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` at the first Ctrl-C; the second ends the program as ever. Signals reach the main thread alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def first(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        stop()

    before = signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
