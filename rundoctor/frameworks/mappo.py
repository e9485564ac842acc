"""on-policy MAPPO.

Read off ``onpolicy/algorithms/r_mappo/r_mappo.py`` at 6326fec. Each agent has its own curves; the first one's are
read, the others are kept under their own names. The value loss is Huber's, half a square while the error is below
``huber_delta``, in units that ``use_valuenorm`` makes those of normalised returns. SMAC logs a rate of won games in
place of a return.

Settings are flags of ``onpolicy/config.py`` (2d72781). ``--use_valuenorm``, ``--use_clipped_value_loss`` and
``--use_huber_loss`` are ``store_false`` with a default of true: given, they switch off. The value clip's width is
``--clip_param``, the one of the policy.
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework, Told, each
from rundoctor.frameworks.native import FRAMEWORK as NATIVE

_AGENT = r"(?:agent\d+/)*"

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
    paths={},
    identified=lambda config: False,
    keys=NATIVE.keys,
    sections=NATIVE.sections,
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
