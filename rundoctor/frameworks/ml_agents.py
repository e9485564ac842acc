"""Unity ML-Agents.

Read off ``trainers/ppo/optimizer_torch.py`` at 024cabf. The value loss is the larger one of the plain and the clipped
squared error, with weight 0.5 in the total; the width of that clip is the policy's ``epsilon``, and both decay.
``Losses/Policy Loss`` is written without its sign and is kept under its own name. A point stands for ``summary_freq``
steps, which may be many updates. Values are those of ``behaviors.<name>``; ``normalize`` is about observations.
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework, Told, each, without_key
from rundoctor.model import Config, Setting

_SECTION = "behaviors.*"


def identified(config: Config) -> bool:
    """Tell whether the config is ML-Agents' own, for PPO."""
    return any(
        entry.path[0] == "behaviors" and entry.path[2:] == ("trainer_type",) and entry.value == "ppo"
        for entry in config.entries
    )


def derive(config: Config, found: dict[str, Setting]) -> dict[str, Setting]:
    """Add what the trainer does without a key."""
    always = {
        "value_clip": True,
        "value_clip_relative": False,
        "vf_coef": 0.5,
        "normalize_advantage": True,
        "normalize_returns": False,
    }
    return (without_key(always, "code of ML-Agents") if identified(config) else {}) | found


_KEYS = {
    "learning_rate": "hyperparameters.learning_rate",
    "n_epochs": "hyperparameters.num_epoch",
    "gamma": "reward_signals.extrinsic.gamma",
    "ent_coef": "hyperparameters.beta",
    "reward_scale": "reward_signals.extrinsic.strength",
}

FRAMEWORK = Framework(
    name="ml_agents",
    title="ML-Agents",
    columns={
        "Environment/Cumulative Reward": Column("reward_mean"),
        "Environment/Episode Length": Column("episode_length"),
        "Losses/Value Loss": Column("value_loss"),
        "Policy/Entropy": Column("entropy"),
        "Policy/Learning Rate": Column("learning_rate"),
        "Policy/Epsilon": Column("clip_range"),
        "Policy/Beta": Column("ent_coef"),
        "Policy/Extrinsic Value Estimate": Column("value_mean"),
    },
    an_update_takes="rollout_steps",
    once_an_update=("Losses/Value Loss", "Policy/Entropy"),
    value_loss_share=(1.0, 1.0),
    paths={
        "learning_rate": (f"{_SECTION}.hyperparameters.learning_rate",),
        "n_epochs": (f"{_SECTION}.hyperparameters.num_epoch",),
        "batch_size": (f"{_SECTION}.hyperparameters.batch_size",),
        "rollout_steps": (f"{_SECTION}.hyperparameters.buffer_size",),
        "gamma": (f"{_SECTION}.reward_signals.extrinsic.gamma",),
        "gae_lambda": (f"{_SECTION}.hyperparameters.lambd",),
        "clip_range": (f"{_SECTION}.hyperparameters.epsilon",),
        "clip_range_vf": (f"{_SECTION}.hyperparameters.epsilon",),
        "ent_coef": (f"{_SECTION}.hyperparameters.beta",),
        "reward_scale": (f"{_SECTION}.reward_signals.extrinsic.strength",),
        "shared_trunk": (f"{_SECTION}.hyperparameters.shared_critic",),
        "hidden_dim": (f"{_SECTION}.network_settings.hidden_units",),
    },
    identified=identified,
    derive=derive,
    told=(
        Told(
            "in the file given to mlagents-learn, under behaviors.<name>",
            {
                **each("{key}: {value}", _KEYS),
                "shared_trunk": {False: "hyperparameters.shared_critic: false"},
            },
        ),
    ),
    records=("configuration.yaml",),
)
