"""The config of the RL Baselines3 Zoo: what its keys say beyond their own values, and where to write what has no key.

Read off rl_zoo3 2.9.2 (``exp_manager.py``) and stable_baselines3 2.9.2 (``ppo.py``, ``policies.py``).
"""

from __future__ import annotations

import math
import re
from typing import Any

from rundoctor.conversion import Unusable, number_of
from rundoctor.frameworks import Place
from rundoctor.model import Config, Entry, Setting

_NORM_REWARD = re.compile(r"(norm_reward['\"]?\s*[:=]\s*)(True|False)")
_LOG_STD = re.compile(r"(log_std_init['\"]?\s*[:=]\s*)([-+.\deE]+)(?=\s*[,)}])")
REWARDS_ALONE = "{'norm_obs': False, 'norm_reward': True}"
"""Text for ``normalize``, which the zoo evaluates (``_preprocess_normalization``): ``true`` and a mapping without
``norm_obs`` normalise the observations as well."""
_OTHER_ALGORITHMS = {
    "buffer_size",
    "learning_starts",
    "train_freq",
    "use_rms_prop",
    "rms_prop_eps",
    "sub_sampling_factor",
}
"""Zoo keys of algorithms other than PPO, whose defaults differ."""


def identified(config: Config) -> bool:
    """Tell whether the config is one of the RL Baselines3 Zoo, for PPO."""
    keys = {entry.path[0] for entry in config.entries}
    return bool(keys & {"n_timesteps", "policy"}) and not keys & _OTHER_ALGORITHMS


def derive(config: Config, found: dict[str, Setting]) -> dict[str, Setting]:
    """Add what the keys of the zoo say about hyper-parameters that have no key of their own."""
    entries = {".".join(entry.path): entry for entry in config.entries}
    derived = [
        *_value_clip(found),
        *_normalize_returns(config, entries),
        *_rollout(found),
        *_shared_trunk(config, entries),
        *_log_std(config, entries),
    ]
    found = found | {setting.name: setting for setting in derived}
    return found | {setting.name: setting for setting in _total_updates(config, entries, found)}


def express(config: Config, name: str, value: Any) -> tuple[Place, ...] | None:
    """Say where the zoo's config holds return normalisation, the first noise and the value clip's switch."""
    if name == "value_clip" and value is False:
        written = (".".join(entry.path) for entry in config.entries if entry.path[-1] == "clip_range_vf")
        return ((next(written, "clip_range_vf"), None),)
    entries = {".".join(entry.path): entry for entry in config.entries}
    if name == "log_std_init" and _log_std(config, entries):
        return (("policy_kwargs", _LOG_STD.sub(rf"\g<1>{value}", entries["policy_kwargs"].value)),)
    if name != "normalize_returns":
        return None
    switch = entries.get("normalize")
    if switch is not None and isinstance(switch.value, str):
        return (("normalize", _NORM_REWARD.sub(rf"\g<1>{bool(value)}", switch.value)),)
    on = switch is not None and bool(switch.value)
    if "normalize.norm_reward" in entries:
        return (("normalize.norm_reward", value),)
    if "normalize_kwargs.norm_reward" in entries:
        detail = ("normalize_kwargs.norm_reward", value)
        return (detail,) if on or not value else (("normalize", True), detail, ("normalize_kwargs.norm_obs", False))
    return (("normalize", REWARDS_ALONE if value and not on else value),)


def _normalize_returns(config: Config, entries: dict[str, Entry]) -> list[Setting]:
    """Read ``normalize``: a bool, Python text or a mapping, with ``norm_reward`` on unless it is switched off."""
    switch, detail = entries.get("normalize"), entries.get("normalize_kwargs.norm_reward")
    detail = detail or entries.get("normalize.norm_reward")
    mapping = any(path.startswith("normalize.") for path in entries)
    if switch is None and not mapping:
        return [_implied("normalize_returns", False)] if identified(config) else []
    if switch is not None and not switch.value:
        return [_from(config, "normalize_returns", switch, False)]
    if switch is not None and isinstance(switch.value, str):
        written = _NORM_REWARD.search(switch.value)
        return [_from(config, "normalize_returns", switch, written is None or written[2] == "True")]
    if detail is not None:
        return [_from(config, "normalize_returns", detail, bool(detail.value))]
    return [_from(config, "normalize_returns", switch, True)] if switch else [_implied("normalize_returns", True)]


def _value_clip(found: dict[str, Setting]) -> list[Setting]:
    """``clip_range_vf`` alone decides: null is off, a number is an absolute clip."""
    clip = found.get("clip_range_vf")
    if clip is None:
        return []
    place = {"path": clip.path, "raw": clip.raw, "where": clip.where}
    on = Setting(name="value_clip", value=clip.value is not None, implied=clip.implied, **place)
    return [on, Setting(name="value_clip_relative", value=False, implied=True, **place)]


def _rollout(found: dict[str, Setting]) -> list[Setting]:
    steps, environments = found.get("n_steps"), found.get("n_envs")
    if steps is None or environments is None:
        return []
    both = steps.value * environments.value
    implied = steps.implied and environments.implied
    return [Setting(name="rollout_steps", path=steps.path, value=both, where=steps.where, implied=implied)]


def _total_updates(config: Config, entries: dict[str, Entry], found: dict[str, Setting]) -> list[Setting]:
    entry, rollout = entries.get("n_timesteps"), found.get("rollout_steps")
    steps = entry.value if entry is not None else None
    if entry is None or rollout is None or not isinstance(steps, int | float) or not 0 < steps < math.inf:
        return []
    return [_from(config, "total_updates", entry, math.ceil(steps / rollout.value))] if rollout.value > 0 else []


def _shared_trunk(config: Config, entries: dict[str, Entry]) -> list[Setting]:
    """MLP policies share no trained layer unless ``net_arch`` starts with one; image policies share the extractor."""
    policy, arguments = entries.get("policy"), entries.get("policy_kwargs")
    if policy is None or not isinstance(policy.value, str):
        return []
    text = arguments.value if arguments is not None and isinstance(arguments.value, str) else ""
    if re.search(r"net_arch['\"]?\s*[:=]\s*\[\s*\d+\s*,[^]]*(?:dict|\{)", text):
        return [_from(config, "shared_trunk", arguments or policy, True)]
    own_extractor = policy.value.startswith(("Cnn", "MultiInput")) or "features_extractor_class" in text
    split = re.search(r"share_features_extractor['\"]?\s*[:=]\s*False", text)
    return [_from(config, "shared_trunk", policy, own_extractor and not split)]


def _log_std(config: Config, entries: dict[str, Entry]) -> list[Setting]:
    """Read the first noise out of ``policy_kwargs``, where that is Python text."""
    arguments = entries.get("policy_kwargs")
    written = _LOG_STD.search(arguments.value) if arguments and isinstance(arguments.value, str) else None
    try:
        return [_from(config, "log_std_init", arguments, number_of(written[2]))] if arguments and written else []
    except Unusable:
        return []


def _from(config: Config, name: str, entry: Entry, value: Any) -> Setting:
    where = f"{config.file}:{entry.line}"
    return Setting(name=name, path=".".join(entry.path), value=value, raw=entry.raw, where=where)


def _implied(name: str, value: Any) -> Setting:
    return Setting(name=name, path="normalize", value=value, where="RL Baselines3 Zoo default", implied=True)
