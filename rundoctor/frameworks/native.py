"""The three files of rundoctor itself, as the trainer of rl-durotaxis writes them.

Schemas and their history: ``docs/formats.md``. The total loss is policy loss + weight x value loss + entropy terms.
"""

from __future__ import annotations

from rundoctor.frameworks import Column, Framework
from rundoctor.model import Config, Setting

_TRAINER_OF_C5F2024 = ("trainer.use_relative_value_clip", "trainer.return_scale", "trainer.normalize_returns")
"""Keys whose reading code came in one commit."""
_TRAINER_OF_74C9D34 = (
    "trainer.value_clip_epsilon",
    "trainer.enable_value_clipping",
    "trainer.update_epochs",
    "trainer.minibatch_size",
)


def identified(config: Config) -> bool:
    """Tell whether the config has the sections of the trainer whose source is known."""
    return {"trainer", "algorithm"} <= {entry.path[0] for entry in config.entries if len(entry.path) > 1}


def derive(config: Config, found: dict[str, Setting]) -> dict[str, Setting]:
    """Add what the code of rl-durotaxis does without a key: it standardises each component's advantages.

    ``compute_returns_and_advantages_for_all_episodes`` does since 786cd7c, which came before c5f2024. A config shows
    that this very trainer reads it by its section ``advantage_weighting``, and its age by a key of c5f2024.
    """
    paths = {".".join(entry.path): entry for entry in config.entries}
    section = next((entry for path, entry in paths.items() if path.startswith("trainer.advantage_weighting.")), None)
    if section is None or "advantages_per_component" in found or not any(key in paths for key in _TRAINER_OF_C5F2024):
        return found
    setting = Setting(
        name="advantages_per_component",
        path="trainer.advantage_weighting",
        value=True,
        where="code of rl-durotaxis since 786cd7c",
        implied=True,
    )
    return found | {setting.name: setting}


FRAMEWORK = Framework(
    name="rundoctor",
    title="rundoctor's three files",
    columns={
        "episode": Column("episodes_done"),
        "loss": Column("loss"),
        "smoothed_loss": Column("smoothed_loss"),
        "best_reward": Column("reward_best"),
        "mean_reward": Column("reward_mean"),
        "mean_episode_length": Column("episode_length"),
        "policy_loss": Column("policy_loss"),
        "total_value_loss": Column("value_loss"),
        "value_loss": Column("value_loss"),
        "entropy": Column("entropy"),
        "raw_entropy": Column("entropy"),
        "approx_kl": Column("approx_kl"),
        "approx_kl_continuous": Column("approx_kl"),
        "clip_fraction": Column("clip_fraction"),
        "clip_fraction_continuous": Column("clip_fraction"),
        "value_clip_fraction": Column("value_clip_fraction"),
        "explained_variance": Column("explained_variance"),
        "grad_norm": Column("grad_norm"),
        "learning_rate": Column("learning_rate"),
        "return_mean": Column("return_mean"),
        "return_std": Column("return_std"),
        "value_mean": Column("value_mean"),
        "value_std": Column("value_std"),
        "policy_grad_norm": Column("policy_grad_norm"),
        "value_grad_norm": Column("value_grad_norm"),
        "action_std": Column("action_std"),
    },
    paths={
        "learning_rate": ("trainer.learning_rate",),
        "n_epochs": ("trainer.update_epochs",),
        "batch_size": ("trainer.minibatch_size",),
        "rollout_steps": ("trainer.rollout_steps",),
        "n_envs": ("environment.num_envs",),
        "total_updates": ("trainer.total_batches",),
        "gamma": ("algorithm.gamma",),
        "gae_lambda": ("algorithm.gae_lambda",),
        "clip_range": ("algorithm.clip_epsilon",),
        "value_clip": ("trainer.enable_value_clipping",),
        "clip_range_vf": ("trainer.value_clip_epsilon",),
        "value_clip_relative": ("trainer.use_relative_value_clip",),
        "value_loss_clamp": ("trainer.value_loss_clamp",),
        "vf_coef": ("algorithm.value_loss_coeff",),
        "ent_coef": ("trainer.entropy_bonus_coeff",),
        "max_grad_norm": ("algorithm.max_grad_norm",),
        "target_kl": ("algorithm.target_kl",),
        "normalize_advantage": ("trainer.normalize_advantages",),
        "advantages_per_component": (
            "trainer.normalize_advantages_per_component",
            "trainer.per_component_advantage_norm",
        ),
        "normalize_returns": ("trainer.normalize_returns",),
        "normalize_rewards": ("trainer.reward_normalization.enable_per_episode_norm",),
        "normalize_rewards_per_episode": ("trainer.reward_normalization.enable_per_episode_norm",),
        "normalize_returns_per_batch": ("trainer.normalize_returns_per_batch",),
        "return_scale": ("trainer.return_scale",),
        "reward_scale": ("environment.reward_scale",),
        "reward_clip": ("trainer.reward_clip", "environment.reward_clip"),
        "reward_weights": ("environment.reward_weights",),
        "component_weights": ("trainer.component_weights",),
        "learnable_component_weights": ("trainer.advantage_weighting.enable_learnable_weights",),
        "adaptive_reward_scaling": ("trainer.adaptive_scaling.enable_adaptive_scaling",),
        "curriculum": (
            "trainer.curriculum_learning.enable_curriculum",
            "environment.enable_curriculum",
            "environment.curriculum.enabled",
            "environment.curriculum",
        ),
        "reward_change_step": ("environment.shift_after_steps",),
        "shared_trunk": ("actor_critic.shared_encoder",),
        "hidden_dim": ("actor_critic.hidden_dim",),
        "log_std_init": ("actor_critic.log_std_init",),
        "max_episode_steps": ("environment.max_steps",),
        "dropout": ("actor_critic.dropout_rate",),
    },
    adam_epsilon=1e-5,
    identified=identified,
    keys={
        "learning_rate": ("learning_rate", "lr"),
        "critic_learning_rate": ("critic_learning_rate", "critic_lr", "vf_lr"),
        "n_epochs": ("n_epochs", "update_epochs", "ppo_epochs", "num_epochs", "k_epochs", "num_sgd_iter", "noptepochs"),
        "batch_size": ("minibatch_size", "mini_batch_size", "sgd_minibatch_size"),
        "n_steps": ("n_steps", "num_steps"),
        "n_envs": ("n_envs", "num_envs"),
        "rollout_steps": ("rollout_steps",),
        "total_updates": ("total_updates", "num_updates", "total_batches"),
        "gamma": ("gamma", "discount", "discount_factor"),
        "gae_lambda": ("gae_lambda", "lam", "lambda", "gae_lam"),
        "clip_range": ("clip_range", "clip_epsilon", "eps_clip", "clip_eps", "clip_coef", "clip_param", "clip_ratio"),
        "value_clip": ("enable_value_clipping", "clip_vloss", "use_clipped_value_loss"),
        "clip_range_vf": ("value_clip_epsilon", "clip_range_vf", "value_clip"),
        "value_clip_relative": ("use_relative_value_clip",),
        "value_loss_clamp": ("value_loss_clamp",),
        "huber_delta": ("huber_delta",),
        "vf_coef": ("vf_coef", "value_coef", "value_loss_coef", "value_loss_coeff", "vf_loss_coeff"),
        "ent_coef": ("ent_coef", "entropy_coef", "entropy_coeff", "entropy_bonus_coeff"),
        "max_grad_norm": ("max_grad_norm",),
        "target_kl": ("target_kl",),
        "normalize_advantage": ("normalize_advantage", "normalize_advantages", "norm_adv"),
        "advantages_per_component": ("normalize_advantages_per_component", "per_component_advantage_norm"),
        "normalize_returns": ("normalize_returns",),
        "normalize_returns_per_batch": ("normalize_returns_per_batch",),
        "return_scale": ("return_scale",),
        "reward_scale": ("reward_scale",),
        "reward_clip": ("reward_clip", "clip_reward"),
        "hidden_dim": ("hidden_dim", "hidden_size"),
        "log_std_init": ("log_std_init", "initial_log_std"),
        "max_episode_steps": ("max_episode_steps",),
    },
    sections=(
        "",
        "ppo",
        "training",
        "train",
        "agent",
        "hyperparameters",
        "hyperparams",
        "trainer",
        "algorithm",
        "algo",
    ),
    unread={"algorithm.ppo_epochs": "n_epochs"},
    insertable=frozenset({"learning_rate", "gamma", "gae_lambda", "clip_range", "ent_coef"}),
    arrived_with={
        "normalize_returns": _TRAINER_OF_C5F2024,
        "return_scale": _TRAINER_OF_C5F2024,
        "value_clip_relative": _TRAINER_OF_C5F2024,
        "value_clip": _TRAINER_OF_74C9D34,
        "clip_range_vf": _TRAINER_OF_74C9D34,
        "n_epochs": _TRAINER_OF_74C9D34,
        "batch_size": _TRAINER_OF_74C9D34,
    },
    derive=derive,
)
