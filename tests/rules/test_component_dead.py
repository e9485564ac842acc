from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rundoctor.diagnosis import diagnose
from rundoctor.model import Run
from tests.builders import check_blames, check_clear, check_finds, check_skipped, component, flat, named, ramp, run

RULE = "component-dead"
GOAL = component("goal", 1.0)


def test_finds_a_component_that_is_never_anything_but_zero() -> None:
    found = check_finds(RULE, run(components=[GOAL, component("shaping", 0.0)]))
    assert "shaping" in found.message


def test_silent_when_it_is_zero_in_all_episodes_but_one() -> None:
    means = np.zeros(20)
    means[13] = 0.1
    check_clear(RULE, run(components=[GOAL, component("shaping", means)]))


def test_silent_when_it_cancels_out_within_an_episode() -> None:
    check_clear(RULE, run(components=[GOAL, component("shaping", 0.0, std=0.5)]))


def test_silent_when_it_was_absent() -> None:
    check_clear(RULE, run(components=[GOAL, component("shaping", 0.0, count=0.0)]))


def test_silent_when_its_weight_is_set_to_zero() -> None:
    weights = {"reward_weights": {"goal": 1.0, "shaping": 0.0}}
    check_clear(RULE, run(weights, components=[GOAL, component("shaping", 0.0)]))


def test_skipped_without_components() -> None:
    assert "reward_components_stats.json" in check_skipped(RULE, run()).enable + check_skipped(RULE, run()).reason


def left_with(cost: np.ndarray, name: str = "goal") -> Run:
    """One component is zero, and this is what remains of the reward."""
    return run(components=[component(part, cost) for part in ("total_reward", "effort")] + [component(name, 0.0)])


def test_blames_a_dead_component_where_all_that_is_left_are_costs_and_they_are_saved() -> None:
    """The reward rises all the way, and nothing else in the log is amiss."""
    found = check_blames(RULE, left_with(ramp(-1.0, -0.05)))
    assert found.message == "goal is zero in every episode, and the agent learns to spare costs"
    assert found.against == ("a goal that is never met looks the same",)


def failing(cost: np.ndarray, lengths: np.ndarray) -> Run:
    """The same in episodes that end before their time: ``cost`` is that of an episode, and the goal is dead."""
    parts = [component(part, cost / lengths, count=lengths) for part in ("total_reward", "effort")]
    return run(components=[*parts, component("alive", 0.0, count=lengths)])


def test_blames_a_dead_component_where_episodes_go_on_to_fail_while_costs_are_saved() -> None:
    for cost, lengths in ((ramp(-1.3, -0.5), ramp(13, 12)), (ramp(-1.3, -0.5), ramp(12, 14))):
        found = check_blames(RULE, failing(cost, lengths))
        assert [evidence.limit for evidence in found.evidence] == [0.0, 0.5, 0.8]


def beside(pay: np.ndarray) -> Run:
    """A cost is saved, another component pays, and the goal is dead."""
    parts = {"effort": ramp(-1.0, -0.5), "marks": pay, "goal": 0.0}
    return run(components=[component(name, part) for name, part in parts.items()])


def test_blames_a_dead_component_where_what_still_pays_hardly_pays_more() -> None:
    for pay in (flat(1.0), ramp(0.0, 0.1), ramp(0.5, 0.3)):
        check_blames(RULE, beside(pay))


def without_maxima(parts: Run) -> Run:
    """The same in a log that has no largest reward of a step."""
    assert parts.episodes is not None
    known = parts.episodes.components.items()
    unknown = {name: replace(part, maximum=np.full(len(part.mean), np.nan)) for name, part in known}
    return replace(parts, episodes=replace(parts.episodes, components=unknown))


@pytest.mark.parametrize(
    "harmless",
    [
        left_with(ramp(-1.0, 0.5)),
        without_maxima(left_with(ramp(-1.0, -0.05))),
        left_with(ramp(-1.0, -0.05), "collision_penalty"),
        failing(ramp(-30.0, -13.0), ramp(30, 13)),
        failing(ramp(-1.3, -1.0), ramp(13, 12)),
        beside(ramp(0.0, 1.0)),
        beside(ramp(1.0, 0.4)),
    ],
    ids=[
        "the rest still pays",
        "nobody knows whether the rest pays",
        "a punishment that is never due",
        "the goal is met sooner, each step costs what it did",
        "a step costs nearly what it did",
        "the larger part of the gain is paid",
        "nothing is gained",
    ],
)
def test_a_dead_component_is_a_hazard_where(harmless: Run) -> None:
    diagnosis = diagnose(harmless)
    assert RULE not in [cause.rule for cause in diagnosis.causes]
    assert named(diagnosis, RULE) is not None
