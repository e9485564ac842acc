"""The event files among tests/samples/ as TensorBoard's own reader sees them: rundoctor must say the same of them.

For each file: canonical curve, the tag that the trainer's source writes it under, and the factor that its source gives.
A minus is a loss that is the negated entropy. Nothing here comes from ``rundoctor/frameworks/``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from rundoctor import read_run

SAMPLES = Path(__file__).parents[1] / "samples"
FILES = {path.relative_to(SAMPLES).parts[0]: path for path in sorted(SAMPLES.rglob("*.tfevents.*"))}

Tags = dict[str, tuple[str, float]]


def below(prefix: str, tags: dict[str, str]) -> Tags:
    return {metric: (prefix + tag, 1.0) for metric, tag in tags.items()}


CLEANRL = below(
    "losses/",
    {
        "value_loss": "value_loss",
        "policy_loss": "policy_loss",
        "entropy": "entropy",
        "approx_kl": "approx_kl",
        "clip_fraction": "clipfrac",
        "explained_variance": "explained_variance",
    },
)
SB3 = below(
    "train/",
    {
        "value_loss": "value_loss",
        "policy_loss": "policy_gradient_loss",
        "approx_kl": "approx_kl",
        "clip_fraction": "clip_fraction",
        "explained_variance": "explained_variance",
        "learning_rate": "learning_rate",
        "clip_range": "clip_range",
    },
) | {"entropy": ("train/entropy_loss", -1.0), "reward_mean": ("rollout/ep_rew_mean", 1.0)}
RSL_RL = below("Loss/", {"policy_loss": "surrogate", "entropy": "entropy", "learning_rate": "learning_rate"}) | below(
    "Train/", {"reward_mean": "mean_reward", "episode_length": "mean_episode_length"}
)
SKRL = below("Loss / ", {"value_loss": "Value loss", "policy_loss": "Policy loss"})
RLLIB = below("ray/tune/env_runners/", {"reward_mean": "episode_return_mean", "episode_length": "episode_len_mean"}) | {
    "timesteps": ("ray/tune/num_env_steps_sampled_lifetime", 1.0)
}
OF_LEARNER = {
    "value_loss": "vf_loss",
    "policy_loss": "policy_loss",
    "loss": "total_loss",
    "explained_variance": "vf_explained_var",
    "entropy": "entropy",
}
TRL = {"learning_rate": "learning_rate", "kl_to_reference": "kl", "reward_mean": "reward", "entropy": "entropy"}

ONE_POINT_AN_UPDATE: dict[str, Tags] = {
    "cleanrl": CLEANRL,
    "cleanrl_continuous": CLEANRL | {"learning_rate": ("charts/learning_rate", 1.0)},
    "ml_agents": below("Losses/", {"value_loss": "Value Loss"})
    | below("Policy/", {"learning_rate": "Learning Rate", "clip_range": "Epsilon", "ent_coef": "Beta"}),
    "rl_games": below("losses/", {"value_loss": "c_loss", "policy_loss": "a_loss", "entropy": "entropy"})
    | below("info/", {"approx_kl": "kl", "learning_rate": "last_lr", "clip_range": "e_clip"})
    | {"reward_mean": ("rewards/step", 1.0), "episode_length": ("episode_lengths/step", 1.0)},
    "rllib_new_api_events": RLLIB
    | below(
        "ray/tune/learners/default_policy/",
        OF_LEARNER
        | {
            "value_loss_unclamped": "vf_loss_unclipped",
            "approx_kl": "mean_kl_loss",
            "kl_coef": "curr_kl_coeff",
            "learning_rate": "default_optimizer_learning_rate",
        },
    ),
    "rllib_old_api_events": RLLIB
    | below(
        "ray/tune/info/learner/default_policy/learner_stats/",
        OF_LEARNER
        | {"approx_kl": "kl", "kl_coef": "cur_kl_coeff", "learning_rate": "cur_lr", "grad_norm": "grad_gnorm"},
    ),
    "rsl_rl": RSL_RL | {"value_loss": ("Loss/value", 1.0), "action_std": ("Policy/mean_std", 1.0)},
    "rsl_rl_2": RSL_RL | {"value_loss": ("Loss/value_function", 1.0), "action_std": ("Policy/mean_noise_std", 1.0)},
    "sample_factory": below(
        "train/",
        {
            "value_loss": "value_loss",
            "policy_loss": "policy_loss",
            "entropy": "entropy",
            "approx_kl": "kl_divergence",
            "clip_fraction": "fraction_clipped",
            "learning_rate": "actual_lr",
            "grad_norm": "grad_norm",
            "value_mean": "value",
        },
    ),
    "sb3": SB3 | {"clip_range_vf": ("train/clip_range_vf", 1.0)},
    "skrl": SKRL | {"reward_mean": ("Reward / Total reward (mean)", 1.0)},
    "skrl_1": SKRL
    | {
        "reward_mean": ("Reward / Instantaneous reward (mean)", 1.0),
        "action_std": ("Policy / Standard deviation", 1.0),
    },
    "tianshou": below(
        "update/",
        {
            "value_loss": "vf_loss/mean",
            "policy_loss": "actor_loss/mean",
            "entropy": "ent_loss/mean",
            "loss": "loss/mean",
        },
    )
    | below("training/", {"reward_mean": "returns_stat/mean", "episode_length": "lens_stat/mean"}),
    "torch_ac": below(
        "",
        {
            "value_loss": "value_loss",
            "policy_loss": "policy_loss",
            "entropy": "entropy",
            "grad_norm": "grad_norm",
            "value_mean": "value",
            "reward_mean": "rreturn_mean",
            "timesteps": "frames",
        },
    ),
    "trl_grpo": below("train/", TRL | {"trainer_loss": "loss", "clip_fraction": "clip_ratio/region_mean"}),
    "trl_ppo": below(
        "train/",
        {
            "reward_mean": "objective/rlhf_reward",
            "kl_to_reference": "objective/kl",
            "entropy": "policy/entropy_avg",
            "approx_kl": "policy/approxkl_avg",
            "clip_fraction": "policy/clipfrac_avg",
            "policy_loss": "loss/policy_avg",
            "value_loss": "loss/value_avg",
            "value_clip_fraction": "val/clipfrac_avg",
            "learning_rate": "lr",
        },
    ),
    "zoo_events": SB3 | {"eval_reward_mean": ("eval/mean_reward", 1.0)},
}
SEVERAL_AN_UPDATE = {
    "cleanrl": ("charts/episodic_return", "losses/value_loss"),
    "cleanrl_continuous": ("charts/episodic_return", "losses/value_loss"),
    "ml_agents": ("Environment/Cumulative Reward", "Losses/Value Loss"),
    "sample_factory": ("reward/reward", "train/value_loss"),
}
"""Tag of the return, and one that is written when an update is done: a return belongs to the update after it."""


def points(name: str, tag: str) -> list[tuple[int, float]]:
    """Return step and value of a tag as TensorBoard reads them."""
    events = EventAccumulator(str(FILES[name]), size_guidance={"scalars": 0})
    events.Reload()
    return [(event.step, event.value) for event in events.Scalars(tag)]


def test_every_event_file_is_compared() -> None:
    assert ONE_POINT_AN_UPDATE.keys() == FILES.keys()


@pytest.mark.parametrize(
    ("name", "metric"), [(name, metric) for name, tags in ONE_POINT_AN_UPDATE.items() for metric in tags]
)
def test_a_curve_is_its_tag_times_the_factor(name: str, metric: str) -> None:
    tag, factor = ONE_POINT_AN_UPDATE[name][metric]
    wanted = [factor * value for _, value in points(name, tag)]
    assert read_run(FILES[name]).curves[metric].value.tolist() == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("name", SEVERAL_AN_UPDATE)
def test_returns_between_two_updates_become_their_mean(name: str) -> None:
    tag, marker = SEVERAL_AN_UPDATE[name]
    ends = [step for step, _ in points(name, marker)]
    updates: dict[int, list[float]] = {}
    for step, value in points(name, tag):
        updates.setdefault(min(end for end in ends if end >= step), []).append(value)
    wanted = [sum(values) / len(values) for values in updates.values()]
    assert read_run(FILES[name]).curves["reward_mean"].value.tolist() == pytest.approx(wanted, rel=1e-6)
