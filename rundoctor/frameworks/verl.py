"""verl: PPO on language models.

Read off verl 0.9.1 (``trainer/ppo/metric_utils.py``, ``core_algos.py``, ``workers/utils/losses.py``). The value loss is
half of the larger one of the plain and the clipped squared error; the value clip has a width of its own and no switch.
An episode is one answer, ``actor/ppo_kl`` the distance to the old policy, ``actor/entropy_loss`` the entropy itself.
Settings are Hydra's (``trainer/config/critic/critic.yaml``, ``actor/actor.yaml``).
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework, Told, each

FRAMEWORK = Framework(
    name="verl",
    title="verl",
    columns={
        "critic/score/mean": Column("reward_mean"),
        "response_length/mean": Column("episode_length"),
        "critic/vf_loss": Column("value_loss"),
        "critic/vf_clipfrac": Column("value_clip_fraction"),
        "critic/vf_explained_var": Column("explained_variance"),
        "critic/values/mean": Column("value_mean"),
        "critic/returns/mean": Column("return_mean"),
        "actor/pg_loss": Column("policy_loss"),
        "actor/pg_clipfrac": Column("clip_fraction"),
        "actor/ppo_kl": Column("approx_kl"),
        "actor/entropy": Column("entropy"),
        "actor/entropy_loss": Column("entropy"),
        "actor/grad_norm": Column("grad_norm"),
        "critic/grad_norm": Column("critic_grad_norm"),
        "actor/lr": Column("learning_rate"),
    },
    once_an_update=("critic/score/mean",),
    steps_are_updates=True,
    value_loss_share=(0.5, 0.5),
    paths={},
    told=(
        Told(
            "on the command line",
            {
                **each(
                    "{key}={value}",
                    {
                        "learning_rate": "actor_rollout_ref.actor.optim.lr",
                        "critic_learning_rate": "critic.optim.lr",
                        "n_epochs": "actor_rollout_ref.actor.ppo_epochs",
                        "gamma": "algorithm.gamma",
                        "clip_range": "actor_rollout_ref.actor.clip_ratio",
                        "clip_range_vf": "critic.cliprange_value",
                        "ent_coef": "actor_rollout_ref.actor.entropy_coeff",
                    },
                ),
                "value_clip": {False: "critic.cliprange_value=1e9"},
            },
        ),
    ),
)
