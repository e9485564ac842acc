"""A log that no known trainer wrote: columns count where they carry a canonical name or a usual spelling of it.

Nothing is guessed from a part of a name. Signs and factors are taken as the names say: ``entropy_loss`` is not read,
since some programs write the entropy under it and some its negative.
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework
from rundoctor.frameworks.native import FRAMEWORK as NATIVE

_SPELLINGS = {
    "reward_mean": (
        "reward_mean",
        "mean_reward",
        "ep_rew_mean",
        "episode_reward_mean",
        "episode_reward",
        "ep_reward",
        "episodic_return",
        "average_reward",
        "avg_reward",
        "return_mean",
        "reward",
        "return",
    ),
    "episode_length": ("episode_length", "ep_len_mean", "episode_len_mean", "mean_episode_length", "episodic_length"),
    "loss": ("loss", "total_loss"),
    "value_loss": ("value_loss", "critic_loss", "vf_loss", "v_loss"),
    "policy_loss": ("policy_loss", "policy_gradient_loss", "pg_loss", "actor_loss"),
    "entropy": ("entropy",),
    "approx_kl": ("approx_kl", "kl"),
    "clip_fraction": ("clip_fraction", "clipfrac", "clip_frac"),
    "explained_variance": ("explained_variance", "explained_var", "vf_explained_var"),
    "grad_norm": ("grad_norm", "gradient_norm"),
    "learning_rate": ("learning_rate", "lr"),
    "timesteps": ("timesteps", "total_timesteps", "total timesteps", "global_step", "env_steps", "num_timesteps"),
}


FRAMEWORK = Framework(
    name="plain",
    title="a plain log",
    columns={spelling: Column(name) for name, spellings in _SPELLINGS.items() for spelling in spellings},
    counters=("update", "iteration", "iter", "batch", "_step", "step", "epoch", "episode"),
    paths={},
    identified=lambda config: False,
    keys=NATIVE.keys,
    sections=NATIVE.sections,
)
"""A config beside such a log is read by the usual spellings of its keys."""
