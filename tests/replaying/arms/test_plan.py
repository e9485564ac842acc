from __future__ import annotations

from rundoctor.model.replay import Arm
from rundoctor.replaying.arms.plan import Plan


def test_changes_are_written_as_words() -> None:
    plan = Plan(
        name="x",
        arm=Arm.FIX,
        values={"target_kl": 0.03, "value_clip": True, "gamma": 0.99},
        edits={"target_kl": None, "value_clip": False, "gamma": 0.99, "huber_delta": 1234.5},
    )
    assert plan.changes == ("target_kl 0.03 -> unset", "value_clip on -> off", "huber_delta unset -> 1234")
