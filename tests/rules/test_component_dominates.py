from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rundoctor.diagnosis import diagnose
from tests.builders import check_clear, check_finds, check_skipped, component, flat, geometric, ramp, run

RULE = "component-dominates"
SHRINKS = geometric(200, 10)


def test_finds_a_cost_so_large_that_the_episode_is_ended() -> None:
    found = check_finds(
        RULE, run(components=[component("living", -5.0, count=SHRINKS), component("goal", 0.1, count=SHRINKS)])
    )
    assert "ending the episode" in found.message
    assert [evidence.relation for evidence in found.evidence] == [">", ">"]


@pytest.mark.parametrize(("weight", "rank"), [(4.0, 1), (None, None)])
def test_a_heavy_cost_is_fled_where_the_goal_is_never_met(weight: float | None, rank: int | None) -> None:
    """Beside a weight that is not known it is not told from a goal that is met sooner and not logged."""
    weights = {"reward_weights": {"living": weight, "goal": 1.0}} if weight else {}
    parts = [component("living", -5.0, count=SHRINKS), component("goal", 0.0, count=SHRINKS)]
    judged = diagnose(run(weights, components=parts), select=[RULE])
    assert [cause.rank for cause in judged.causes] == [rank] * (rank is not None)


def test_finds_a_weight_far_above_the_others() -> None:
    weights = {"reward_weights": {"speed": 50.0, "goal": 1.0, "energy": 1.0}}
    components = [component("speed", 5.0), component("goal", 0.1), component("energy", -0.1)]
    found = check_finds(RULE, run(weights, components=components))
    assert found.evidence[1].observed == 50.0


SPARED = component("effort", ramp(-5.0, -0.5))


@pytest.mark.parametrize(("weight", "rank"), [(50.0, 1), (4.0, 1), (2.0, None)])
def test_blames_a_heavy_cost_that_is_most_of_what_the_agent_gains(weight: float, rank: int | None) -> None:
    """Beside the same weight, or none that is known, it is a hazard."""
    for goal in (component("goal", 0.1), component("goal", ramp(0.1, 2.0)), component("goal", ramp(-0.5, 0.3))):
        sick = run({"reward_weights": {"effort": weight, "goal": 1.0}}, components=[SPARED, goal])
        found = check_finds(RULE, sick)
        assert found.rank == rank
        assert "saving it" in found.message
        assert found.evidence[1].observed > 0.5
        assert check_finds(RULE, run(components=[SPARED, goal])).rank is None


def test_silent_when_what_pays_gains_as_much_as_the_cost_is_cut() -> None:
    weights = {"reward_weights": {"effort": 4.0, "goal": 1.0}}
    check_clear(RULE, run(weights, components=[SPARED, component("goal", ramp(0.1, 5.0))]))


def test_silent_when_what_pays_begins_below_zero() -> None:
    progress = component("progress", ramp(-5.0, 2.0))
    for weights in ({}, {"reward_weights": {"progress": 8.0, "marks": 1.0}}):
        check_clear(RULE, run(weights, components=[progress, component("marks", ramp(0.0, 0.5))]))


def test_silent_when_a_small_cost_is_all_that_is_saved() -> None:
    weights = {"reward_weights": {"effort": 4.0, "goal": 1.0}}
    check_clear(RULE, run(weights, components=[SPARED, component("goal", 6.0)]))


def test_a_second_heavy_cost_does_not_excuse_the_first() -> None:
    weights = {"reward_weights": {"effort": 30.0, "wear": 30.0, "goal": 1.0}}
    parts = [SPARED, component("wear", ramp(-5.0, -0.6)), component("goal", ramp(0.1, 0.2))]
    assert check_finds(RULE, run(weights, components=parts)).rank == 1


def test_where_nothing_pays_the_other_costs_are_its_rivals() -> None:
    weights = {"reward_weights": {"effort": 50.0, "comfort": 1.0}}
    for least, rank in ((-1.6, 1), (-0.3, None)):
        parts = [SPARED, component("comfort", ramp(-2.0, least))]
        assert check_finds(RULE, run(weights, components=parts)).rank == rank
        check_clear(RULE, run(components=parts))
        check_clear(RULE, run({"reward_weights": {"effort": 9.0, "comfort": 1.0}}, components=parts))


def test_silent_when_costs_alone_are_left_and_episodes_shrink() -> None:
    weights = {"reward_weights": {"living": 5.0, "effort": 1.0}}
    parts = [component("living", -5.0, count=SHRINKS), component("effort", -0.1, count=SHRINKS)]
    check_clear(RULE, run(weights, components=parts))


def test_silent_when_the_main_goal_carries_most_of_the_reward() -> None:
    check_clear(RULE, run(components=[component("goal", ramp(0.1, 5.0)), component("energy", -0.1)]))


def test_silent_when_episodes_shrink_because_the_goal_is_met() -> None:
    met = component("goal", 100 / SHRINKS * ramp(0.1, 1.0), count=SHRINKS)
    check_clear(RULE, run(components=[component("living", -25.0, count=SHRINKS), met]))


def test_silent_when_the_large_component_pays_while_episodes_shrink() -> None:
    check_clear(RULE, run(components=[component("living", 5.0, count=SHRINKS), component("goal", 0.1, count=SHRINKS)]))


def test_silent_when_the_share_is_that_of_a_preference() -> None:
    check_clear(RULE, run(components=[component("living", -0.9, count=SHRINKS), component("goal", 1.0, count=SHRINKS)]))


def test_skipped_when_there_is_one_component_alone() -> None:
    alone = check_skipped(RULE, run(components=[component("living", -5.0, count=SHRINKS)]))
    assert "one component alone" in alone.reason


def test_skipped_when_what_an_episode_pays_is_not_logged() -> None:
    """Old files have mean and deviation alone."""
    old = replace(component("living", -5.0, count=SHRINKS), total=flat(np.nan))
    assert "pays of living" in check_skipped(RULE, run(components=[old, component("goal", 0.1, count=SHRINKS)])).reason


def test_skipped_when_only_the_total_is_logged() -> None:
    assert "only the total" in check_skipped(RULE, run(components=[component("total_reward", flat(1.0))])).reason


def test_skipped_when_no_component_is_ever_a_finite_number() -> None:
    broken = run(components=[component("living", np.nan, count=SHRINKS), component("goal", np.inf, count=SHRINKS)])
    assert "no finite numbers" in check_skipped(RULE, broken).reason


def test_a_component_without_a_number_is_none_that_is_drowned() -> None:
    check_skipped(RULE, run(components=[component("living", -5.0, count=SHRINKS), component("goal", np.nan)]))
