"""Which scalars of a config are hyper-parameters, and which only look like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from rundoctor.frameworks import all_frameworks, framework_named
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Config
from rundoctor.readers.config_yaml import read
from rundoctor.settings import read_settings, section_flaws
from rundoctor.yaml_text import parse

SHARED = Path(__file__).parents[2] / "shared"
IDENTIFIED = "trainer: {save_dir: x}\nalgorithm: {name: ppo}\n"


def config(text: str) -> Config:
    return Config(file="config.yaml", path="config.yaml", text=text, entries=tuple(parse(text).entries))


def values(text: str, framework: str = "rundoctor") -> dict[str, object]:
    found = read_settings(config(text), framework_named(framework))
    return {name: setting.value for name, setting in found.items() if not setting.implied}


def flaws(text: str, framework: str = "rundoctor") -> list[tuple[str, str]]:
    return [(flaw.kind, flaw.where) for flaw in section_flaws(config(text), framework_named(framework))]


# ---- the native trainer ----------------------------------------------------------------------------------------


def test_a_setting_knows_its_place() -> None:
    text = "trainer:\n  learning_rate: 3e-4  # text to PyYAML\nalgorithm: {gamma: 0.99}\n"
    setting = read_settings(config(text), framework_named("rundoctor"))["learning_rate"]
    assert (setting.path, setting.value, setting.raw, setting.where, setting.implied) == (
        "trainer.learning_rate",
        3e-4,
        "3e-4",
        "config.yaml:2",
        False,
    )


def test_only_the_discount_is_a_discount() -> None:
    text = """\
trainer: {learning_rate: 0.1}
algorithm: {two_stage: {spawn: {gamma: 5.0}}}
actor_critic: {action_parameter_bounds: {gamma: [0.5, 15.0]}, spawn: {gamma: 3.0}}
environment: {reward_terms: {gamma: 0.1, gamma: 0.2}}
"""
    assert values(text) == {"learning_rate": 0.1}
    assert flaws(text) == []


def test_weights_by_component_are_one_setting() -> None:
    text = IDENTIFIED + "environment:\n  reward_weights:\n    up: 1\n    down: '2.5'\n    odd: many\n"
    setting = read_settings(config(text), framework_named("rundoctor"))["reward_weights"]
    assert setting.value == {"up": 1.0, "down": 2.5}
    assert (setting.path, setting.where) == ("environment.reward_weights", "config.yaml:5")
    assert flaws(text) == [("unusable-value", "config.yaml:7")]


@pytest.mark.parametrize(
    ("written", "value"),
    [("4", 4), ("4.0", 4), ("'4'", 4), ("4e0", 4), ("1:30", 90), ("+3", 3)],
)
def test_whole_numbers(written: str, value: int) -> None:
    found = values(f"trainer: {{update_epochs: {written}}}\nalgorithm: {{a: 1}}\n")["n_epochs"]
    assert (type(found), found) == (int, value)


@pytest.mark.parametrize("written", [".nan", ".inf", "4.5", "true", "many", "9" * 400, "[1]", "{a: 1}"])
def test_what_is_no_whole_number_is_no_setting(written: str) -> None:
    text = f"trainer: {{update_epochs: {written}}}\nalgorithm: {{a: 1}}\n"
    assert values(text) == {}
    assert flaws(text) == ([] if written[0] in "[{" else [("unusable-value", "config.yaml:1")])


@pytest.mark.parametrize(("written", "value"), [("yes", True), ("'False'", False), ("0", False), ("1.0", True)])
def test_switches(written: str, value: bool) -> None:
    text = f"trainer: {{normalize_returns: {written}}}\nalgorithm: {{a: 1}}\n"
    assert values(text)["normalize_returns"] is value


def test_null_switches_off_or_says_nothing() -> None:
    text = "trainer: {learning_rate: }\nalgorithm: {target_kl: , max_grad_norm: null, gamma: ~}\n"
    assert values(text) == {"target_kl": None, "max_grad_norm": None}
    assert flaws(text) == []


def test_the_key_in_a_section_that_nobody_reads() -> None:
    text = "trainer: {value_clip_epsilon: 0.2}\nalgorithm: {gamma: 0.9}\nppo:\n  value_clip_epsilon: 200.0\n  lr: 3\n"
    assert values(text) == {"clip_range_vf": 0.2, "gamma": 0.9}
    assert flaws(text) == [("key-in-unread-section", "config.yaml:4"), ("key-in-unread-section", "config.yaml:5")]
    assert "trainer.value_clip_epsilon" in section_flaws(config(text), framework_named("rundoctor"))[0].message


@pytest.mark.parametrize("stray", ["trainer: {gamma: 0.9}", "trainer: {clip_epsilon: 0.1}", "PPO: {return_scale: 1.0}"])
def test_stray_keys(stray: str) -> None:
    text = stray + "\nalgorithm: {gae_lambda: 0.9}\n" + ("" if "trainer" in stray else "trainer: {learning_rate: 1}\n")
    assert flaws(text) == [("key-in-unread-section", "config.yaml:1")]


def test_stray_keys_at_the_top() -> None:
    assert flaws(IDENTIFIED + "normalize_returns: true\n") == [("key-in-unread-section", "config.yaml:3")]


def test_a_dead_key_that_disagrees() -> None:
    text = "trainer: {update_epochs: 6}\nalgorithm: {ppo_epochs: %s}\n"
    assert values(text % 4) == {"n_epochs": 6}
    assert flaws(text % 4) == [("conflicting-keys", "config.yaml:2")]
    assert flaws(text % 6) == []


def test_nothing_is_implied_for_a_trainer_of_unknown_version() -> None:
    assert read_settings(config(IDENTIFIED), framework_named("rundoctor")) == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("trainer: {curriculum_learning: {enable_curriculum: true}}", True),
        ("environment: {curriculum: {enabled: true}}", True),
        ("environment: {curriculum: false}", False),
    ],
)
def test_curriculum(text: str, value: bool) -> None:
    assert values(text)["curriculum"] is value


def test_a_planned_change_of_the_reward() -> None:
    assert values("environment: {shift_after_steps: 5000}\n")["reward_change_step"] == 5000


# ---- a trainer that is not known -------------------------------------------------------------------------------


@pytest.mark.parametrize("section", ["{}", "ppo: {}", "agent: {}", "hyperparameters: {}"])
def test_usual_spellings(section: str) -> None:
    pairs = "{lr: 3e-4, eps_clip: 0.2, lam: 0.95, num_epochs: 4, gamma: 0.9, entropy_coef: 0.01}"
    text = pairs if section == "{}" else section.replace("{}", pairs)
    assert values(text) == {
        "learning_rate": 3e-4,
        "clip_range": 0.2,
        "gae_lambda": 0.95,
        "n_epochs": 4,
        "gamma": 0.9,
        "ent_coef": 0.01,
    }
    assert flaws(text) == []


def test_two_keys_that_disagree_give_no_setting() -> None:
    text = "lr: 0.1\nppo:\n  learning_rate: 0.2\n  gamma: 0.9\n"
    assert values(text) == {"gamma": 0.9}
    assert flaws(text) == [("conflicting-keys", "config.yaml:1")]


def test_two_keys_that_agree_give_one_setting() -> None:
    assert values("lr: 1e-1\nppo: {learning_rate: 0.1}\n") == {"learning_rate": 0.1}


def test_other_sections_are_not_looked_into() -> None:
    assert values("rewards: {gamma: 3}\nenv: {wrapper: {lr: 1}}\nlogger: {lr: 2}\n") == {}


def test_no_config() -> None:
    assert read_settings(None, framework_named("rundoctor")) == {}
    assert section_flaws(None, framework_named("rundoctor")) == ()


# ---- the zoo ---------------------------------------------------------------------------------------------------


def zoo(text: str) -> dict[str, object]:
    return values("policy: MlpPolicy\n" + text, "sb3")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("normalize: true", True),
        ("normalize: false", False),
        ("normalize: true\nnormalize_kwargs: {norm_reward: false}", False),
        ("normalize: false\nnormalize_kwargs: {norm_reward: true}", False),
        ("normalize: true\nnormalize_kwargs: {gamma: 0.9}", True),
        ("normalize: \"{'norm_obs': True, 'norm_reward': False}\"", False),
        ("normalize: \"{'norm_obs': False, 'norm_reward': True}\"", True),
        ("normalize: dict(norm_obs=True, norm_reward=False)", False),
        ("normalize: dict(norm_obs=True)", True),
        ("normalize: {norm_obs: true, norm_reward: false}", False),
    ],
)
def test_zoo_return_normalisation(text: str, value: bool) -> None:
    assert zoo(text)["normalize_returns"] is value


def test_zoo_schedules_are_read_at_their_start() -> None:
    found = zoo("learning_rate: lin_3e-4\nclip_range: 'lin_0.2'")
    assert (found["learning_rate"], found["clip_range"]) == (3e-4, 0.2)


def test_zoo_rollout_and_length() -> None:
    found = zoo("n_steps: 128\nn_envs: 8\nn_timesteps: !!float 1e5")
    assert (found["rollout_steps"], found["total_updates"]) == (1024, 98)


@pytest.mark.parametrize(("text", "on"), [("clip_range_vf: 0.2", True), ("clip_range_vf:", False)])
def test_zoo_value_clip(text: str, on: bool) -> None:
    assert zoo(text)["value_clip"] is on


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("policy: MlpPolicy", False),
        ("policy: CnnPolicy", True),
        ("policy: CnnPolicy\npolicy_kwargs: dict(share_features_extractor=False)", False),
        ("policy: MlpPolicy\npolicy_kwargs: dict(net_arch=dict(pi=[64], vf=[64]))", False),
        ("policy: MlpPolicy\npolicy_kwargs: dict(net_arch=[128, dict(pi=[64], vf=[64])])", True),
        ("policy: MlpPolicy\npolicy_kwargs: dict(net_arch=[dict(pi=[64], vf=[64])])", False),
        ("policy: MlpPolicy\npolicy_kwargs: dict(net_arch=[64, 64])", False),
    ],
)
def test_zoo_trunk(text: str, shared: bool) -> None:
    assert values(text, "sb3")["shared_trunk"] is shared


def test_zoo_defaults_are_implied_and_say_so() -> None:
    found = read_settings(config("policy: MlpPolicy\ngamma: 0.9\n"), framework_named("sb3"))
    assert (found["gamma"].value, found["gamma"].implied) == (0.9, False)
    assert (found["n_epochs"].value, found["n_epochs"].implied) == (10, True)
    assert found["n_epochs"].where == "Stable-Baselines3 default"
    assert (found["clip_range_vf"].value, found["value_clip"].value) == (None, False)
    assert found["rollout_steps"].value == 2048
    assert found["normalize_returns"].value is False


@pytest.mark.parametrize("text", ["gamma: 0.9\n", "policy: MlpPolicy\nbuffer_size: 100\ngamma: 0.9\n"])
def test_nothing_is_implied_where_ppo_is_not_sure(text: str) -> None:
    assert all(not one.implied for one in read_settings(config(text), framework_named("sb3")).values())


# ---- every framework, real files -------------------------------------------------------------------------------


@pytest.mark.parametrize("framework", all_frameworks().values(), ids=lambda framework: framework.name)
def test_frameworks_name_canonical_hyperparameters(framework) -> None:  # type: ignore[no-untyped-def]
    names = {*framework.paths, *framework.keys, *framework.implied, *framework.insertable, *framework.arrived_with}
    assert names | set(framework.unread.values()) <= HYPERPARAMETERS.keys()


def test_an_unknown_format_is_read_as_rundoctors_own() -> None:
    assert framework_named("nobody").name == "rundoctor"


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the recorded runs")
def test_the_traps_of_the_origin() -> None:
    part = read(SHARED / "real/origin__run0013/config.yaml")
    assert part.config is not None
    found = read_settings(part.config, framework_named("rundoctor"))
    assert (found["gamma"].value, found["gamma"].where) == (0.99, "config.yaml:576")
    assert (found["clip_range_vf"].value, found["n_epochs"].value) == (0.2, 4)
    assert "normalize_returns" not in found
    assert section_flaws(part.config, framework_named("rundoctor")) == ()


@pytest.mark.parametrize("weight", ["", "~", "1.0e+39", "1.0e-300", ".nan", "x"])
def test_a_weight_that_no_trainer_can_use_is_left_out_and_told(weight: str) -> None:
    text = f"environment:\n  reward_weights:\n    up: {weight}\n    down: 2.0\n"
    assert values(text)["reward_weights"] == {"down": 2.0}
    assert flaws(text) == [("unusable-value", "config.yaml:3")]


# ---- a program around a trainer --------------------------------------------------------------------------------


@pytest.mark.parametrize("framework", ["sb3", "cleanrl", "plain"])
@pytest.mark.parametrize("section", ["ppo", "agent", "algo"])
def test_settings_in_one_section_of_a_program_around_the_trainer(framework: str, section: str) -> None:
    found = values(f"seed: 3\n{section}: {{lr: 1e-3, gamma: 0.98}}\nenv: {{gamma: 0.5}}\n", framework)
    assert found == {"learning_rate": 1e-3, "gamma": 0.98}


def test_sections_that_disagree_settle_nothing() -> None:
    text = "ppo: {learning_rate: 1e-3, gamma: 0.98}\nagent: {lr: 3e-4, gamma: 0.98}\n"
    assert values(text, "sb3") == {"gamma": 0.98}
    assert ("conflicting-keys", "config.yaml:1") in flaws(text, "sb3")


# ---- values that are no numbers to compute with ----------------------------------------------------------------


@pytest.mark.parametrize("written", [".inf", "Infinity", "inf"])
def test_an_infinite_bound_is_switched_off(written: str) -> None:
    text = f"clip_param: 0.3\nnum_env_runners: 0\nvf_clip_param: {written}\nlr: {written}\n"
    found = read_settings(config(text), framework_named("rllib"))
    assert (found["value_loss_clamp"].value, found["value_loss_clamp"].implied) == (None, False)
    assert flaws(text, "rllib") == [("unusable-value", "config.yaml:4")]


def test_the_default_is_not_in_force_where_a_key_holds_something_unusable() -> None:
    found = read_settings(config("clip_param: 0.3\nlr: fast\n"), framework_named("rllib"))
    assert "learning_rate" not in found
    assert found["gamma"].implied


@pytest.mark.parametrize("written", ["fast", "null", ".inf"])
def test_a_value_clip_of_skrl_that_is_no_width(written: str) -> None:
    text = f"agent: {{rollouts: 8, ratio_clip: 0.2, value_clip: {written}, kl_threshold: {written}, gae_lambda: 0.9}}\n"
    found = read_settings(config(text), framework_named("skrl"))
    assert "value_clip" not in found or found["value_clip"].value is False
