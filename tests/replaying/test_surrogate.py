from __future__ import annotations

import numpy as np
import pytest

from rundoctor.replaying.arms.mechanism import mechanism
from rundoctor.replaying.surrogate import LATE_PRIZE, NOT_THE_TASK, warnings
from tests.builders import flat, learning, ramp


@pytest.mark.parametrize(
    ("rewards", "lengths", "warned"),
    [
        (ramp(-70, -40), flat(999), True),
        (ramp(-70, 90), flat(999), False),
        (ramp(-70, -40), ramp(999, 200), False),
        (ramp(20, 400), flat(999), False),
    ],
)
def test_a_prize_that_the_log_never_shows_is_warned_of(rewards: np.ndarray, lengths: np.ndarray, warned: bool) -> None:
    said = list(warnings(mechanism(learning(reward_mean=rewards, episode_length=lengths), {})))
    assert said == [NOT_THE_TASK, LATE_PRIZE][: 1 + warned]
