from __future__ import annotations

import pytest

from tests.builders import check_proposes, check_refuses, run

FIX = "enlarge-minibatch"


@pytest.mark.parametrize(
    ("steps", "size", "target"), [(2048, 4, 64), (2049, 64, 65), (320, 2, 32), (8192, 1, 256), (65, 64, 65)]
)
def test_leaves_no_sample_alone(steps: int, size: int, target: int) -> None:
    edit = check_proposes(FIX, run({"rollout_steps": steps, "batch_size": size}))
    assert (edit.name, edit.value) == ("batch_size", target)
    assert steps % edit.value != 1


def test_says_how_many_steps_are_left() -> None:
    assert "512 -> 32 gradient steps" in check_proposes(FIX, run({"rollout_steps": 2048, "batch_size": 4})).why


def test_refused_when_they_are_large_already() -> None:
    assert "64 samples already" in check_refuses(FIX, run({"rollout_steps": 2048, "batch_size": 64}))


def test_refused_when_the_rollout_is_tiny() -> None:
    check_refuses(FIX, run({"rollout_steps": 20, "batch_size": 1}))
