"""Every tensor of a training stands where it was told to.

There may be no second device here. So the default one is made one that holds no numbers: a tensor that is created
without being told where stands there, and the first operation with it fails.
"""

from __future__ import annotations

import pytest
import torch

from rundoctor.errors import RundoctorError
from rundoctor.replaying.contest import held
from rundoctor.replaying.training.closed_loop import Training
from rundoctor.replaying.training.crew import Crew
from rundoctor.replaying.worlds.device import device
from rundoctor.replaying.worlds.task_world import TaskWorld
from rundoctor.replaying.worlds.tasks import Task, all_tasks
from tests.replaying.contests import entry, shown
from tests.replaying.lanes import MAKE, SMALL, lane

NOWHERE = torch.device("meta")


def test_a_whole_contest_is_held_where_it_was_told() -> None:
    with Crew(1, lambda made: None) as crew:
        usual = shown(held([entry()], crew))
        with NOWHERE:
            elsewhere = shown(held([entry()], crew))
    assert repr(elsewhere) == repr(usual)


@pytest.mark.parametrize("task", all_tasks().values(), ids=lambda task: task.name)
def test_every_task_stays_where_it_was_told(task: Task) -> None:
    with NOWHERE:
        world = TaskWorld([0, 1], task=task, environments=2, discrete=False)
        world.begin("train", 0, 4)
        world.restart()
        came = world.step(torch.zeros(2, 2, 1, device="cpu"))
    assert {part.device.type for part in (*came, world.observe())} == {"cpu"}


def test_a_bank_stands_with_its_world() -> None:
    made = Training(lane([SMALL], [0]), MAKE([0], device=NOWHERE))
    standing = (made.bank.theta, made.bank.adam.first, made.bank.scaling.reward_sums, made.settings.gamma)
    assert {part.device for part in (*standing, made.reward_scale, made.world.observe())} == {NOWHERE}


@pytest.mark.parametrize("name", ["teapot", "meta", "cuda:99", ""])
def test_a_device_that_is_not_there_is_one_line(name: str) -> None:
    with pytest.raises(RundoctorError) as caught:
        device(name)
    assert caught.value.message.startswith(f"--device {name} cannot be used: ")
    assert "\n" not in caught.value.message


def test_the_cpu_is_always_there() -> None:
    assert device("cpu") == torch.device("cpu")
