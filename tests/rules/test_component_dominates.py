from __future__ import annotations

import numpy as np

from tests.builders import check_clear, check_finds, check_skipped, component, flat, geometric, ramp, run

RULE = "component-dominates"
SHRINKS = geometric(200, 10)


def test_finds_a_cost_so_large_that_the_episode_is_ended() -> None:
    found = check_finds(
        RULE, run(components=[component("living", -5.0, count=SHRINKS), component("goal", 0.1, count=SHRINKS)])
    )
    assert "ending the episode" in found.message
    assert [evidence.relation for evidence in found.evidence] == [">", "<"]


def test_finds_a_weight_far_above_the_others() -> None:
    weights = {"reward_weights": {"speed": 50.0, "goal": 1.0, "energy": 1.0}}
    components = [component("speed", 5.0), component("goal", 0.1), component("energy", -0.1)]
    found = check_finds(RULE, run(weights, components=components))
    assert found.evidence[1].observed == 50.0


def test_blames_a_heavy_cost_that_is_all_the_agent_learns_to_spare() -> None:
    weights = {"reward_weights": {"effort": 50.0, "goal": 1.0}}
    spared = component("effort", ramp(-5.0, -0.5))
    assert check_finds(RULE, run(weights, components=[spared, component("goal", 0.1)])).rank == 1
    beside = [spared, component("goal", ramp(0.1, 0.17))]
    assert check_finds(RULE, run(weights, components=beside)).rank == 1, "it grows, but is not the gain"
    learned = [spared, component("goal", ramp(0.1, 1.0))]
    assert check_finds(RULE, run(weights, components=learned)).rank is None


def test_a_heavy_cost_is_a_hazard_where_the_others_are_costs_that_are_halved_too() -> None:
    weights = {"reward_weights": {"effort": 50.0, "comfort": 1.0}}
    for least, rank in ((-1.6, 1), (-0.3, None)):
        parts = [component("effort", ramp(-5.0, -0.5)), component("comfort", ramp(-2.0, least))]
        assert check_finds(RULE, run(weights, components=parts)).rank == rank


def test_silent_when_the_main_goal_carries_most_of_the_reward() -> None:
    check_clear(RULE, run(components=[component("goal", ramp(0.1, 5.0)), component("energy", -0.1)]))


def test_silent_when_episodes_shrink_because_the_goal_is_met() -> None:
    met = component("goal", 100 / SHRINKS * ramp(0.1, 1.0), count=SHRINKS)
    check_clear(RULE, run(components=[component("living", -25.0, count=SHRINKS), met]))


def test_silent_when_the_large_component_pays_while_episodes_shrink() -> None:
    check_clear(RULE, run(components=[component("living", 5.0, count=SHRINKS), component("goal", 0.1, count=SHRINKS)]))


def test_silent_when_the_share_is_four_fifths() -> None:
    check_clear(RULE, run(components=[component("living", -2.0, count=SHRINKS), component("goal", 1.0, count=SHRINKS)]))


def test_silent_when_there_is_one_component_alone() -> None:
    check_clear(RULE, run(components=[component("living", -5.0, count=SHRINKS)]))


def test_skipped_when_only_the_total_is_logged() -> None:
    assert "only the total" in check_skipped(RULE, run(components=[component("total_reward", flat(1.0))])).reason


def test_skipped_when_no_component_is_ever_a_finite_number() -> None:
    broken = run(components=[component("living", np.nan, count=SHRINKS), component("goal", np.inf, count=SHRINKS)])
    assert "no finite numbers" in check_skipped(RULE, broken).reason


def test_a_component_without_a_number_is_none_that_is_drowned() -> None:
    check_clear(RULE, run(components=[component("living", -5.0, count=SHRINKS), component("goal", np.nan)]))
