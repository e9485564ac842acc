"""on-policy MAPPO.

Read off ``onpolicy/algorithms/r_mappo/r_mappo.py`` at 6326fec. Each agent has its own curves; the first one's are
read, the others are kept under their own names. The value loss is Huber's, half a square while the error is below
``huber_delta``, in units that ``use_valuenorm`` makes those of normalised returns. SMAC logs a rate of won games in
place of a return.

Settings are flags of ``onpolicy/config.py`` (2d72781). ``--use_valuenorm``, ``--use_clipped_value_loss`` and
``--use_huber_loss`` are ``store_false`` with a default of true: given, they switch off. The value clip's width is
``--clip_param``, the one of the policy. Only Weights & Biases keeps them, as they were parsed: there ``false`` is what
was in force. Policy and critic are separate networks; advantages are always standardised.
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework, Told, each, without_key
from rundoctor.model import Config, Setting

_AGENT = r"(?:agent\d+/)*"


def identified(config: Config) -> bool:
    """Tell whether the config is MAPPO's own."""
    return {("use_valuenorm",), ("use_popart",), ("ppo_epoch",)} <= {entry.path for entry in config.entries}


def derive(config: Config, found: dict[str, Setting]) -> dict[str, Setting]:
    """Add what the trainer does without a key; one of two keys standardises the returns, another one does the rest."""
    if not identified(config):
        return found
    given = {entry.path[0]: entry.value for entry in config.entries if len(entry.path) == 1}
    always = {"normalize_advantage": True, "value_clip_relative": False, "shared_trunk": False}
    found = without_key(always, "code of MAPPO") | found
    if given["use_popart"] is True:
        found |= without_key({"normalize_returns": True}, "use_popart")
    if given.get("use_max_grad_norm") is False:
        found |= without_key({"max_grad_norm": None}, "use_max_grad_norm")
    if given.get("use_huber_loss") is False:
        found.pop("huber_delta", None)
    if {"n_steps", "n_envs"} <= found.keys():
        steps = found["n_steps"].value * found["n_envs"].value
        found |= without_key({"rollout_steps": steps}, "episode_length x n_rollout_threads")
    return found


FRAMEWORK = Framework(
    name="mappo",
    title="on-policy MAPPO",
    columns={},
    patterns={
        _AGENT + "average_episode_rewards": Column("reward_mean"),
        "incre_win_rate": Column("reward_mean"),
        "eval_win_rate": Column("eval_reward_mean"),
        _AGENT + "value_loss": Column("value_loss"),
        _AGENT + "policy_loss": Column("policy_loss"),
        _AGENT + "dist_entropy": Column("entropy"),
        _AGENT + "actor_grad_norm": Column("grad_norm"),
        _AGENT + "critic_grad_norm": Column("critic_grad_norm"),
        _AGENT + "ratio": Column("ratio_mean"),
    },
    once_an_update=("agent0/value_loss", "value_loss"),
    value_loss_share=(0.5, 0.5),
    paths={
        "learning_rate": ("lr",),
        "critic_learning_rate": ("critic_lr",),
        "n_epochs": ("ppo_epoch",),
        "n_steps": ("episode_length",),
        "n_envs": ("n_rollout_threads",),
        "gamma": ("gamma",),
        "gae_lambda": ("gae_lambda",),
        "clip_range": ("clip_param",),
        "clip_range_vf": ("clip_param",),
        "value_clip": ("use_clipped_value_loss",),
        "vf_coef": ("value_loss_coef",),
        "ent_coef": ("entropy_coef",),
        "max_grad_norm": ("max_grad_norm",),
        "huber_delta": ("huber_delta",),
        "normalize_returns": ("use_valuenorm",),
    },
    identified=identified,
    derive=derive,
    told=(
        Told(
            "on the command line",
            {
                **each(
                    "--{key} {value}",
                    {
                        "learning_rate": "lr",
                        "critic_learning_rate": "critic_lr",
                        "n_epochs": "ppo_epoch",
                        "gamma": "gamma",
                        "vf_coef": "value_loss_coef",
                        "ent_coef": "entropy_coef",
                        "huber_delta": "huber_delta",
                    },
                ),
                "value_clip": {False: "--use_clipped_value_loss (the flag switches the clip off)"},
                "normalize_returns": {True: "leave --use_valuenorm out (the flag switches it off)"},
            },
        ),
    ),
)
