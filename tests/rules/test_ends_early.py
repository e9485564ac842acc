from __future__ import annotations

import pytest

from rundoctor.diagnosis import diagnose
from rundoctor.model import Curve, Run
from tests.builders import check_clear, check_finds, check_skipped, learning, ramp, run

RULE = "ends-early"


def planned(updates: int) -> Run:
    """A log of twenty updates."""
    return learning({"total_updates": updates})


def test_tells_that_a_log_ends_before_the_plan_does() -> None:
    found = check_finds(RULE, planned(30))
    assert found.message == "the log ends after 20 of 30 planned updates: is it still running?"


def test_a_log_that_ends_early_is_a_remark_alone() -> None:
    assert diagnose(planned(30)).verdict is diagnose(planned(20)).verdict


@pytest.mark.parametrize("updates", [20, 21, 5])
def test_silent_when_all_or_nearly_all_updates_are_there(updates: int) -> None:
    check_clear(RULE, planned(updates))


def test_silent_when_the_log_begins_later() -> None:
    reward = Curve.from_points("reward_mean", range(10, 30), ramp(20, 400), "loss_metrics.json")
    resumed = run({"total_updates": 30})
    check_clear(RULE, Run(path="run", format="sb3", settings=resumed.settings, curves={"reward_mean": reward}))


def test_skipped_when_the_plan_is_not_known() -> None:
    check_skipped(RULE, learning())
