"""From a run to a replay, in small."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest

from rundoctor import diagnose, read_run
from rundoctor.model import Run
from rundoctor.replaying import engine
from rundoctor.replaying.request import Request

SMALL = Request(seeds=2, updates=4, jobs=1, budget=100_000)


@pytest.fixture(name="run", scope="module")
def _run() -> Run:
    return read_run("fixtures/seed_trajectory")


def beginning(at_first: Callable[[], None]) -> tuple[list[int], Callable[[int], Callable[[int], None]]]:
    """How much each wave has to do, and what is called with it; ``at_first`` is done at the first progress."""
    begun, made = list[int](), list[int]()

    def begin(total: int) -> Callable[[int], None]:
        begun.append(total)
        return progress

    def progress(some: int) -> None:
        made.append(some)
        if len(made) == 1:
            at_first()

    return begun, begin


def test_where_no_task_counts_the_next_ones_follow(run: Run) -> None:
    begun, begin = beginning(lambda: None)
    found = engine.replay(run, diagnose(run), SMALL, begin)
    assert not found.reproduced
    assert len(begun) == 3
    assert len({task.name for task in found.tasks}) == len(found.tasks) == 6


def test_ctrl_c_ends_it_in_the_first_wave(run: Run) -> None:
    begun, begin = beginning(lambda: os.kill(os.getpid(), signal.SIGINT))
    found = engine.replay(run, diagnose(run), SMALL, begin)
    assert found.interrupted
    assert len(begun) == 1
    assert {task.why for task in found.tasks} == {"interrupted before it could be tried"}
