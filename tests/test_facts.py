"""What the facts read out of a run: hand-made numbers, and the reason where there is nothing to read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rundoctor.facts import FactBook
from rundoctor.facts.reward_change.change import Change, Sign
from rundoctor.model import Curve, Interval, Missing, Run
from tests.builders import LEARNS, collapse, component, flat, learning, noise, ramp, run


def known(sick: Run, name: str) -> Any:
    value = FactBook(sick).get(name)
    assert not isinstance(value, Missing), value
    return value


def missing(sick: Run, name: str) -> str:
    value = FactBook(sick).get(name)
    assert isinstance(value, Missing), value
    return value.reason


# ---- the book --------------------------------------------------------------------------------------------------


def test_a_name_is_a_fact_then_a_setting_then_a_curve() -> None:
    book = FactBook(run({"gamma": 0.9}, learning_rate=flat(1e-3), anything=flat(1)))
    assert book.get("gamma").value == 0.9
    assert book.get("anything").name == "anything"
    assert book.get("learning_rate_in_force").value == 1e-3
    assert isinstance(book.get("learning_rate"), Missing)


def test_a_fact_is_computed_once() -> None:
    book = FactBook(learning())
    assert book.get("return_scale") is book.get("return_scale")


def test_an_empty_curve_is_missing() -> None:
    assert missing(run(loss=[]), "loss") == "loss is not logged"


def test_a_curve_that_ends_in_nan_is_missing() -> None:
    ends = np.concatenate([flat(1.0, 15), flat(np.nan, 5)])
    assert missing(run(loss=ends), "loss") == "loss is not finite at the end of the run"


# ---- rollout ---------------------------------------------------------------------------------------------------


def test_the_rollout_is_steps_times_environments() -> None:
    assert known(run({"n_steps": 128, "n_envs": 8}), "rollout_size").value == 1024
    assert known(run({"rollout_steps": 2048, "n_steps": 128, "n_envs": 8}), "rollout_size").value == 2048


def test_the_reach_of_adam_is_rate_times_steps() -> None:
    reach = known(run(LEARNS, loss=flat(1)), "adam_reach")
    assert (reach.steps_per_update, reach.updates) == (320, 20)
    assert (reach.per_update, reach.in_run) == pytest.approx((0.096, 1.92))


def test_there_is_no_reach_without_a_minibatch() -> None:
    assert "not positive" in missing(run(LEARNS | {"batch_size": 0}), "adam_reach")


@pytest.mark.parametrize("name", ["learning_rate", "ent_coef", "clip_range"])
def test_the_log_overrules_the_config(name: str) -> None:
    logged = known(run({name: 0.5}, **{name: flat(0.1)}), f"{name}_in_force")
    assert (logged.value, logged.where.split(",")[0]) == (0.1, "loss_metrics.json")
    assert known(run({name: 0.5}), f"{name}_in_force").value == 0.5


def test_episodes_belong_to_the_update_they_were_collected_for() -> None:
    by_update = known(
        run(components=[component("goal", np.arange(6.0))], episodes_done=[2, 4, 6]), "episodes_by_update"
    )
    assert by_update.steps.tolist() == [0, 1, 2]
    assert by_update.mean(np.array([1.0, 3, 5, np.nan, np.nan, np.nan]))[:2].tolist() == [2, 5]
    assert np.isnan(by_update.mean(np.full(6, np.nan))).all()


def test_all_episodes_of_the_first_update_are_one_point() -> None:
    first = known(run(components=[component("goal", np.arange(6.0))], episodes_done=[6]), "episodes_by_update")
    assert (first.steps.tolist(), first.matched) == ([0], True)


@pytest.mark.parametrize(
    "sick",
    [
        run(episode_length=flat(50), components=[component("goal", 1.0, count=70)]),
        run(components=[component("goal", 1.0, count=50), component("absent", 0.0, count=0)]),
        run({"rollout_steps": 100}, episodes_done=ramp(2, 40)),
    ],
    ids=["logged", "of the episodes", "from the counter"],
)
def test_the_length_of_an_episode_is_logged_counted_or_computed(sick: Run) -> None:
    assert known(sick, "episode_steps").value == pytest.approx(50)


def test_the_ceiling_is_the_longest_episode_where_episodes_were_once_shorter() -> None:
    grown = component("goal", 1.0, count=np.concatenate([ramp(20, 500, 10), flat(500, 10)]))
    assert known(run(components=[grown]), "episode_ceiling") == Interval(low=1.0, high=500.0)
    assert "from the start" in missing(run(components=[component("goal", 1.0, count=500)]), "episode_ceiling")


def test_mean_lengths_reach_a_ceiling_that_the_config_names() -> None:
    grown = np.concatenate([ramp(20, 500, 10), flat(495, 10)])
    assert known(run({"max_episode_steps": 500}, episode_length=grown), "episode_ceiling").low == 1
    assert known(run({"max_episode_steps": 1000}, episode_length=grown), "episode_ceiling").low == 0
    assert "time limit is not known" in missing(run(episode_length=grown), "episode_ceiling")


def test_the_ceiling_needs_no_counts_where_lengths_are_logged() -> None:
    uncounted = component("goal", 1.0, count=np.nan)
    sick = run({"max_episode_steps": 500}, episode_length=ramp(20, 500), components=[uncounted])
    assert known(sick, "episode_ceiling").high == 500


# ---- rewards ---------------------------------------------------------------------------------------------------


def test_the_mean_reward_stands_before_episodes_and_these_before_the_best() -> None:
    total = component("total_reward", 2.0)
    logged = known(run(reward_mean=flat(7), reward_best=flat(9), components=[total]), "reward")
    counted = known(run(reward_best=flat(9), components=[total]), "reward")
    best = known(run(reward_best=flat(9)), "reward")
    assert [one.curve.value[0] for one in (logged, counted, best)] == [7, 200, 9]
    assert [one.is_maximum for one in (logged, counted, best)] == [False, False, True]


def test_progress_knows_peak_and_loss() -> None:
    progress = known(run(reward_mean=np.concatenate([ramp(0, 100, 9), flat(100, 5), flat(25, 6)])), "progress")
    assert (progress.peak, progress.peak_step, progress.last) == (100, 13, 25)
    assert progress.lost_fraction == pytest.approx(0.75, rel=0.1)
    assert not progress.peaks_early


def test_a_drift_within_the_noise_is_no_improvement() -> None:
    assert not known(run(reward_mean=ramp(0, 1) + noise(3.0)), "progress").improved
    assert known(run(reward_mean=ramp(0, 100) + noise(3.0)), "progress").improved


def test_three_points_are_no_progress() -> None:
    assert "too few" in missing(run(reward_mean=[1, 2, 3]), "progress")


@pytest.mark.parametrize("gamma", [0.0, 0.5, 0.99, 0.9999, 1 - 1e-6, 1 - 1e-9, 1.0])
@pytest.mark.parametrize("length", [1, 30, 1000])
def test_the_scale_of_returns_is_the_sum_over_the_steps_to_go(gamma: float, length: int) -> None:
    sick = run({"gamma": gamma}, reward_mean=flat(2.0 * length), episode_length=flat(length))
    to_go = np.cumsum(gamma ** np.arange(length))
    assert known(sick, "return_scale").last().high == pytest.approx(2 * np.sqrt(np.mean(to_go**2)), rel=1e-3)


def test_a_critic_of_zero_looks_as_far_as_the_trace() -> None:
    sick = run({"gamma": 0.99, "gae_lambda": 0.95}, reward_mean=flat(1e4), episode_length=flat(1e4))
    assert known(sick, "return_scale").last().low == pytest.approx(1 / (1 - 0.99 * 0.95), rel=0.01)


def test_the_usual_discount_is_taken_where_none_is_given() -> None:
    assert known(run(), "discounts").gamma == 0.99
    assert known(run({"gamma": 7.0}), "discounts").gamma == 1.0


def test_the_ceiling_is_reached_only_with_a_good_reward() -> None:
    lengths = np.concatenate([ramp(20, 500, 10), flat(500, 10)])
    limit = {"max_episode_steps": 500}
    assert known(learning(limit, episode_length=lengths), "reached_ceiling")
    assert not known(learning(limit, episode_length=lengths, reward_mean=collapse(0, 400, 100)), "reached_ceiling")
    assert not known(run(), "reached_ceiling")
    assert not known(
        learning(limit, episode_length=lengths, reward_mean=np.append(ramp(0, 400, 19), np.inf)), "reached_ceiling"
    )


# ---- critic ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "high"), [("sb3", 30.0), ("rundoctor", 30 * 2**0.5)])
def test_the_error_is_the_root_of_the_value_loss_and_of_twice_it_at_most(kind: str, high: float) -> None:
    error = known(run(kind=kind, value_loss=flat(900)), "critic_error").last()
    assert (error.low, error.high) == pytest.approx((30, high))


def test_a_total_loss_bounds_the_error() -> None:
    error = known(run({"vf_coef": 0.5}, loss=flat(450)), "critic_error")
    assert not error.exact
    assert error.last().low < 30 < error.last().high


def test_a_negative_total_loss_leaves_an_error_of_zero() -> None:
    assert known(run(loss=flat(-5.0)), "critic_error").last().low == 0


@pytest.mark.parametrize(("weight", "low", "high"), [(0.5, 0.25, 1.0), (0.1, 0.1, 1.0), (7.0, 7.0, 7.0), (0, 0.25, 1)])
def test_the_value_weight_is_the_config_widened_to_what_trainers_use(weight: float, low: float, high: float) -> None:
    assert known(run({"vf_coef": weight}), "value_weight") == Interval(low=low, high=high)


@pytest.mark.parametrize(("error", "explained", "stalled"), [(30, 0.0, True), (30, 0.2, False), (1, 0.0, False)])
def test_a_critic_is_stalled_that_errs_by_the_returns_and_explains_nothing(
    error: float, explained: float, stalled: bool
) -> None:
    sick = learning(value_loss=flat(error**2), explained_variance=flat(explained))
    assert known(sick, "critic_tracking").stalled is stalled


@pytest.mark.parametrize(("rewards", "stalled"), [(ramp(-4000, -400), True), (flat(-4000), False)])
def test_an_error_that_falls_as_its_targets_do_is_no_progress(rewards: np.ndarray, stalled: bool) -> None:
    """Targets of a critic of zero are about 16 steps' pay: 320 at first, and a tenth of that at the end."""
    blind = {"episode_length": flat(200), "explained_variance": flat(0.0)}
    falling = learning(reward_mean=rewards, value_loss=ramp(380, 38) ** 2, **blind)
    assert known(falling, "critic_tracking").stalled is stalled


@pytest.mark.parametrize(("error", "raw"), [(0.5, False), (20.0, True), (3.0, True)])
def test_the_unit_of_the_critic_shows_in_its_first_error(error: float, raw: bool) -> None:
    """Returns are about 12 at first for a critic of zero: an error of 3 is a quarter, one of 0.5 a twentieth."""
    assert known(learning(value_loss=flat(error**2)), "return_unit").raw is raw


def test_the_unit_contradicts_a_config_that_says_normalised() -> None:
    unit = known(learning({"normalize_returns": True}, value_loss=flat(1e4)), "return_unit")
    assert unit.contradicted
    assert unit.configured_at.startswith("normalize_returns")


def test_the_unit_is_unknown_without_rewards() -> None:
    assert known(run(value_loss=flat(1.0)), "return_unit").raw is None


def test_a_low_rate_is_not_blamed_on_the_size_of_the_returns() -> None:
    usual, low = (
        known(learning({"learning_rate": rate}, value_loss=flat(1e4)), "critic_travel").per_update
        for rate in (1e-4, 1e-6)
    )
    assert low == pytest.approx(usual)


@pytest.mark.parametrize(("settings", "relative"), [({"value_clip_relative": True}, True), ({}, False)])
def test_the_value_clip_is_absolute_unless_it_says_relative(settings: dict[str, Any], relative: bool) -> None:
    clip = known(run({"clip_range_vf": 0.2} | settings), "active_value_clip")
    assert (clip.epsilon, clip.relative) == (0.2, relative)


@pytest.mark.parametrize("off", [{"value_clip": False}, {"clip_range_vf": 0.0}, {"clip_range_vf": -1.0}])
def test_the_value_clip_may_be_off(off: dict[str, Any]) -> None:
    assert "off" in missing(run({"clip_range_vf": 0.2} | off), "active_value_clip")


def test_growth_of_the_squared_returns_is_taken_out_of_the_loss() -> None:
    growth = known(
        learning(value_loss=ramp(1, 10) ** 2, reward_mean=ramp(1, 10), episode_length=flat(9)), "loss_growth"
    )
    assert growth.unexplained == pytest.approx(1, rel=0.05)


def test_shrinking_returns_excuse_no_loss() -> None:
    growth = known(learning(value_loss=flat(9), reward_mean=ramp(10, 1), episode_length=flat(9)), "loss_growth")
    assert growth.unexplained == 1


def test_returns_too_large_for_a_square_do_not_break_the_growth() -> None:
    huge = np.repeat([1e-200, 1e200], 10)
    assert known(run(value_loss=flat(1), reward_mean=huge), "loss_growth").unexplained == pytest.approx(1 / 900)


# ---- policy ----------------------------------------------------------------------------------------------------


def test_the_motion_is_the_size_of_the_median_kl() -> None:
    motion = known(run(approx_kl=flat(-0.02), clip_fraction=flat(0.1)), "policy_motion")
    assert (motion.median, motion.clip_fraction, motion.starved_from) == (0.02, 0.1, None)


def test_a_kl_of_zero_throughout_is_a_placeholder() -> None:
    assert "placeholder" in missing(run(approx_kl=flat(0)), "policy_motion")


@pytest.mark.parametrize(
    ("entropy", "kept"), [(np.repeat([0.8, 0.2], 10), 0.25), (np.repeat([-1.0, -3.0], 10), np.exp(-2))]
)
def test_entropy_is_kept_as_a_share_or_as_a_volume(entropy: np.ndarray, kept: float) -> None:
    assert known(run(entropy=entropy), "entropy_level").kept == pytest.approx(kept)


@pytest.mark.parametrize(
    ("settings", "limit"),
    [
        ({}, 0.05),
        ({"clip_range": 0.2}, 0.05),
        ({"clip_range": 0.1}, 0.05),
        ({"clip_range": 0.4}, 0.2),
        ({"clip_range": 9.0}, 0.2),
        ({"target_kl": 0.1}, 0.2),
    ],
)
def test_the_kl_that_is_allowed_grows_with_clip_range_and_target(settings: dict[str, Any], limit: float) -> None:
    assert known(run(settings, approx_kl=flat(0.01)), "step_excess").kl_limit == pytest.approx(limit)


def test_knobs_are_measured_against_the_upper_end_of_their_range() -> None:
    excess = known(run({"learning_rate": 2e-3, "n_epochs": 90}), "step_excess")
    assert (excess.of("learning_rate"), excess.of("n_epochs"), excess.of("clip_range")) == (2, 3, 0)


# ---- components ------------------------------------------------------------------------------------------------


def test_the_share_of_a_component_counts_its_spread() -> None:
    uses = known(run(components=[component("a", 1.0), component("b", 0.0, std=1.0)]), "component_use")
    assert (uses["a"].share, uses["b"].share, uses["b"].silent) == (0.5, 0.5, False)


def test_the_total_and_its_alias_are_no_components() -> None:
    parts = [component(name, mean) for name, mean in (("total_reward", 3.0), ("graph_reward", 3.0), ("goal", 1.0))]
    assert list(known(run(components=parts), "component_use")) == ["goal"]


def test_what_repeats_the_total_is_a_component_where_the_others_are_zero() -> None:
    parts = [component(name, mean) for name, mean in (("total_reward", -3.0), ("effort", -3.0), ("goal", 0.0))]
    uses = known(run(components=parts), "component_use")
    assert {name: use.cost for name, use in uses.items()} == {"effort": True, "goal": False}


def test_the_weight_of_a_component_is_followed_as_a_share() -> None:
    weights = component("a", 1.0, weight=flat(1)), component("b", 1.0, weight=np.repeat([1.0, 3.0], 10))
    paths = {path.name: path for path in known(run(components=weights), "weight_paths")}
    assert paths["a"].factor == pytest.approx(2)
    assert paths["b"].factor == pytest.approx(1.5)
    assert (paths["b"].first, paths["b"].last) == (1, 3)


def test_a_jump_is_measured_over_the_largest_component() -> None:
    jumps = np.concatenate([flat(1, 8), flat(4, 12)])
    (change,) = known(run(components=[component("a", 1 + noise(0.1), std=1.0), component("b", jumps)]), "reward_levels")
    assert (change.step, change.message) == (8, "b goes from 1 to 4 a step at update 8")
    assert {sign.limit: sign.observed for sign in change.signs} == {"jump": 1e6, "relative": 0.75}


def test_every_number_of_a_change_must_be_beyond_its_limit() -> None:
    change = Change(3, "it changes", (Sign("a", "grows", 2.0), Sign("b", "falls", 0.1, "<")), "log.csv")
    assert [proof.where for proof in change.proof({"a": 1.0, "b": 0.2})] == ["log.csv, update 3"] * 2
    assert change.proof({"a": 2.0, "b": 0.2}) == change.proof({"a": 1.0, "b": 0.1}) == ()


def test_there_are_no_flaws_to_know_without_a_config() -> None:
    assert "no readable config" in missing(replace(run(), config=None), "config_flaws")


# ---- what few more columns say exactly -------------------------------------------------------------------------


def moments(mean: float, std: float, value: float, **more: Any) -> dict[str, Any]:
    return {"return_mean": flat(mean), "return_std": flat(std), "value_mean": flat(value)} | more


def test_the_error_follows_from_moments_and_explained_variance() -> None:
    """Returns 3 and 5 with values 1 and 2: mean square of 2 and 3; Var(return - value) = 1/4, Var(return) = 1."""
    logged = moments(4.0, 1.0, 1.5, explained_variance=flat(0.75))
    for kind, more in (("rundoctor", {"value_loss": flat(99.0)}), ("sb3", {"value_loss": None, "loss": flat(99.0)})):
        sick = learning(**logged, **more)
        error = known(replace(sick, format=kind), "critic_error")
        assert error.exact
        assert error.last().low == pytest.approx(np.sqrt((2.0**2 + 3.0**2) / 2))


def test_a_value_loss_that_is_the_squared_error_is_taken_as_it_is() -> None:
    error = known(learning(**moments(4.0, 1.0, 1.5), value_loss=flat(9.0)), "critic_error")
    assert error.last() == Interval(low=3.0, high=3.0)


def test_moments_see_through_a_clamp() -> None:
    clamped = {"value_loss_clamp": 0.1}
    assert "clamped" in missing(learning(clamped), "critic_error")
    logged = moments(4.0, 1.0, 1.5, explained_variance=flat(0.75))
    assert known(learning(clamped, **logged), "critic_error").last().low == pytest.approx(np.sqrt(6.5))


def test_the_bias_is_over_the_size_of_the_returns() -> None:
    bias = known(learning(return_mean=flat(3.0), return_std=flat(4.0), value_mean=ramp(0.0, 3.0)), "critic_bias")
    assert bias.share == pytest.approx(np.median(3.0 - ramp(0.0, 3.0)[-4:]) / 5.0)
    assert bias.kept == pytest.approx(bias.share / (np.median(3.0 - ramp(0.0, 3.0)[:4]) / 5.0))


def test_returns_around_zero_have_no_bias() -> None:
    assert "around zero" in missing(learning(**moments(0.1, 1.0, 0.0)), "critic_bias")
    assert "noise" in missing(learning(**moments(0.1, 1.0, 0.0)), "critic_tracking")


def test_moments_of_different_updates_are_not_mixed() -> None:
    first, second = np.full(20, 1.0), np.full(20, 1.0)
    first[::2], second[1::2] = np.nan, np.nan
    logged = {"return_mean": blank(first), "return_std": blank(second), "value_mean": blank(first)}
    sick = learning()
    assert "same update" in missing(replace(sick, curves={**sick.curves, **logged}), "moments")


def blank(values: np.ndarray) -> Curve:
    """A curve with gaps: NaN stands for what is not logged at all."""
    step = np.flatnonzero(np.isfinite(values))
    return Curve.from_points("logged", step, values[step], "loss_metrics.json")


def test_the_unit_follows_from_the_size_of_the_returns() -> None:
    """Rewards of 1 a step in episodes of 20 steps and more: raw returns are above 8 from the start."""
    assert known(learning(**moments(9.0, 3.0, 0.0)), "return_unit").raw is True
    assert known(learning(**moments(1.0, 1.0, 0.0)), "return_unit").raw is False


def test_the_policys_share_of_the_gradient() -> None:
    share = known(learning(policy_grad_norm=flat(3.0), value_grad_norm=flat(4.0)), "gradient_share")
    assert share.policy == pytest.approx(0.6)
    assert share.starved(0.5) == ()
    assert "not logged" in missing(learning(policy_grad_norm=flat(3.0)), "gradient_share")
    assert "zero" in missing(learning(policy_grad_norm=flat(0.0), value_grad_norm=flat(0.0)), "gradient_share")


def test_answers_of_a_language_model_have_rates_and_a_kl_of_their_own() -> None:
    answers = learning(answer_length=flat(40.0))
    assert "small networks" in missing(answers, "learning_rate_in_force")
    assert "one token" in missing(answers, "policy_motion")
    assert known(answers, "learns_critic")
    alone = learning(answer_length=flat(40.0), groups_paid_alike=flat(0.2))
    assert "no critic" in missing(alone, "critic_error")
    assert "no critic" in missing(alone, "loss_growth")


# ---- what the entropy bonus takes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "value_loss", "total", "least"),
    [
        ({"vf_coef": 0.5}, 1.0, -0.3, 0.35),
        ({"vf_coef": 0.5}, 1.0, 0.25, 0.0),
        ({"vf_coef": 0.5}, 1e4, 3e3, 0.0),
        ({}, 1.0, -0.3, 0.1),
        ({"vf_coef": 0.5, "normalize_advantage": True}, None, -0.3, 0.1),
    ],
)
def test_the_bonus_outweighs_what_a_total_loss_lacks(
    settings: dict[str, float], value_loss: float | None, total: float, least: float
) -> None:
    curves = {"last_minibatch_loss": flat(total)} | ({} if value_loss is None else {"value_loss": flat(value_loss)})
    assert known(run(settings, **curves), "least_bonus").size == pytest.approx(least)


def test_the_bonus_of_a_trainer_that_logs_the_weighted_value_loss() -> None:
    sick = run({"vf_coef": 4.0}, kind="skrl", loss=flat(0.0), value_loss=flat(1.0))
    assert known(sick, "least_bonus").size == pytest.approx(0.3)


@pytest.mark.parametrize(("unit", "named"), [(1.0, True), (100.0, False)])
def test_what_no_entropy_weight_takes_may_be_a_value_weight_that_is_not_in_force(unit: float, named: bool) -> None:
    """A config that says 2 beside the log of 0.5, in two units of reward: what is lacking grows with the square."""
    settings = {"ent_coef": 0.0, "vf_coef": 2.0, "normalize_advantage": True}
    stale = run(settings, entropy=flat(0.5), last_minibatch_loss=flat(0.5 * unit**2), value_loss=flat(unit**2))
    if named:
        assert known(stale, "least_ent_coef").value == pytest.approx(0.6)
    else:
        assert "vf_coef" in missing(stale, "least_ent_coef")


def test_a_last_minibatch_far_below_the_mean_in_most_updates_is_no_bonus() -> None:
    scattered = [5.0, 5.0, 30.0] * 8
    settings = {"ent_coef": 0.0, "vf_coef": 0.5, "normalize_advantage": True}
    raw = run(settings, last_minibatch_loss=scattered, value_loss=flat(50.0, 24))
    assert known(raw, "least_bonus").size == 0
