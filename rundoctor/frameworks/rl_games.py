"""rl_games, alone, in IsaacGymEnvs, OmniIsaacGymEnvs and IsaacLab.

Read off rl_games at 262cf20 (``common/a2c_common.py``, ``common/common_losses.py``). Losses and rewards are written at
the frame; of a reward's three tags only ``/step`` is on that axis. ``losses/c_loss`` is the mean squared error in the
unit the critic learns in, which ``normalize_value`` makes the standard deviation of the returns; the width of the value
clip is ``e_clip``, the one of the policy. The loss takes half of ``critic_coef`` times it, so ``critic_coef`` is no
value weight as others count it and is not read as one. ``kl_threshold`` steers the learning rate and stops nothing.
``grad_norm`` bounds the gradient only where ``truncate_grads`` is on, which it is not by default (1.6.5).
"""

from __future__ import annotations

from dataclasses import replace

from rundoctor.frameworks import Column, Framework, Told, without_key
from rundoctor.model import Config, Setting

_KEYS = {
    "learning_rate": "learning_rate",
    "n_epochs": "mini_epochs",
    "batch_size": "minibatch_size",
    "n_steps": "horizon_length",
    "n_envs": "num_actors",
    "total_updates": "max_epochs",
    "gamma": "gamma",
    "gae_lambda": "tau",
    "clip_range": "e_clip",
    "value_clip": "clip_value",
    "clip_range_vf": "e_clip",
    "ent_coef": "entropy_coef",
    "max_grad_norm": "grad_norm",
    "normalize_advantage": "normalize_advantage",
    "normalize_returns": "normalize_value",
    "reward_scale": "reward_shaper.scale_value",
}
_SECTIONS = ("params.config", "train.params.config")
"""Where the settings stand: in a file of rl_games, and in one that Hydra wrote for an Isaac environment."""


def identified(config: Config) -> bool:
    """Tell whether the config is one of rl_games."""
    paths = {".".join(entry.path) for entry in config.entries}
    return any({f"{section}.e_clip", f"{section}.horizon_length"} <= paths for section in _SECTIONS)


def derive(config: Config, found: dict[str, Setting]) -> dict[str, Setting]:
    """Add what the code does without a key, and drop a gradient norm clip that is not switched on."""
    if not identified(config):
        return found
    always = {"value_clip_relative": False, "normalize_returns": False}
    found = without_key(always, "code of rl_games") | found
    switches = {entry.path[-1]: entry.value for entry in config.entries if entry.path[-2:-1] == ("config",)}
    if "max_grad_norm" in found and not switches.get("truncate_grads"):
        found["max_grad_norm"] = replace(found["max_grad_norm"], value=None)
    return found


def _told(section: str) -> dict[str, str | dict[bool, str]]:
    """Return the overrides of a section; never ``e_clip``, which is the width of both clips."""
    found: dict[str, str | dict[bool, str]] = {
        name: f"{section}.{_KEYS[name]}={{value}}"
        for name in ("learning_rate", "n_epochs", "gamma", "ent_coef", "reward_scale")
    }
    switches = {"value_clip": False, "normalize_returns": True, "normalize_advantage": True}
    return found | {name: {on: f"{section}.{_KEYS[name]}={on}"} for name, on in switches.items()}


FRAMEWORK = Framework(
    name="rl_games",
    title="rl_games",
    columns={
        "rewards/step": Column("reward_mean"),
        "episode_lengths/step": Column("episode_length"),
        "losses/c_loss": Column("value_loss"),
        "losses/a_loss": Column("policy_loss"),
        "losses/entropy": Column("entropy"),
        "info/kl": Column("approx_kl"),
        "info/last_lr": Column("learning_rate"),
        "info/e_clip": Column("clip_range"),
        "info/epochs": Column("epochs_done"),
    },
    patterns={r"rewards0/step": Column("reward_mean")},
    leave_out=r"performance/|.*/(?:iter|time)$",
    once_an_update=("losses/c_loss", "losses/a_loss"),
    value_loss_share=(1.0, 1.0),
    rate_bounds=(1e-6, 1e-2),
    paths={name: tuple(f"{section}.{key}" for section in _SECTIONS) for name, key in _KEYS.items()},
    identified=identified,
    derive=derive,
    told=(
        Told("on IsaacLab's command line", _told("agent.params.config"), until="train.params.config.e_clip"),
        Told(
            "on the command line of the environments", _told("train.params.config"), since="train.params.config.e_clip"
        ),
    ),
    records=("agent.yaml",),
)
