from __future__ import annotations

import numpy as np
import pytest

from tests.builders import (
    SOUND,
    check_blames,
    check_clear,
    check_finds,
    check_skipped,
    flat,
    learning,
    noise,
    ramp,
    run,
)

RULE = "learning-rate-pinned"
LEVEL = 20 + noise(0.5)


@pytest.mark.parametrize(
    ("kind", "rate", "word"),
    [("rsl_rl", 1e-5, "lowest"), ("rsl_rl", 1e-2, "highest"), ("rl_games", 1e-6, "lowest"), ("skrl", 1e-2, "highest")],
)
def test_finds_a_rate_at_its_bound_where_nothing_is_learned(kind: str, rate: float, word: str) -> None:
    found = check_finds(RULE, run(SOUND, kind=kind, reward_mean=LEVEL, learning_rate=flat(rate)))
    assert word in found.message
    assert found.rank is None


def test_a_run_that_does_not_learn_makes_it_a_cause() -> None:
    sick = run(SOUND, kind="rsl_rl", reward_mean=LEVEL, episode_length=LEVEL, learning_rate=flat(1e-5))
    check_blames(RULE, sick)


def test_silent_between_the_bounds() -> None:
    check_clear(RULE, run(SOUND, kind="rsl_rl", reward_mean=ramp(0, 9), learning_rate=flat(4e-4)))


def test_silent_at_a_bound_that_it_leaves() -> None:
    leaves = np.concatenate([flat(1e-2, 12), flat(5e-4, 8)])
    check_clear(RULE, run(SOUND, kind="rsl_rl", reward_mean=ramp(0, 9), learning_rate=leaves))


def test_skipped_for_a_trainer_whose_rate_is_only_set() -> None:
    check_skipped(RULE, learning(learning_rate=flat(1e-5)))
