"""What a patch may change, what it must not, and when it has to refuse."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rundoctor.frameworks import framework_named
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Edit, Patch, Proposal, Run
from rundoctor.patching import apply_patch, make_patch
from rundoctor.readers.config_yaml import decode, read
from rundoctor.settings import read_settings
from rundoctor.yaml_text import parse
from tests.config_builders import NATIVE, fix, load, patched

SHARED = Path(__file__).parents[2] / "shared"

REWARDS_ALONE = "\"{'norm_obs': False, 'norm_reward': True}\""
ZOO = """\
env: CartPole-v1
n_timesteps: !!float 1e5
policy: MlpPolicy
normalize: true
normalize_kwargs: {norm_reward: false}
learning_rate: lin_3e-4
clip_range: 'lin_0.2'
clip_range_vf: 0.2
target_kl:
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.yaml"


def changed_lines(old: str, new: str) -> list[str]:
    """The new text of each line that differs; the line counts must agree."""
    before, after = old.split("\n"), new.split("\n")
    assert len(before) == len(after)
    return [line for was, line in zip(before, after, strict=True) if was != line]


# ---- one value, and nothing else -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("learning_rate", 0.00003, "  learning_rate: 3.0e-5   # tuned"),
        ("n_epochs", 2, "  update_epochs: 2"),
        ("value_clip", False, "  enable_value_clipping: false"),
        ("clip_range_vf", 12.5, "  value_clip_epsilon: 12.5  "),
        ("gamma", 0.9, "algorithm: {gamma: 0.9, gae_lambda: 0.95,"),
        ("clip_range", 0.1, "   clip_epsilon: 0.1, target_kl: , max_grad_norm: ~}"),
        ("target_kl", 0.03, "   clip_epsilon: 0.2, target_kl: 0.03, max_grad_norm: ~}"),
        ("max_grad_norm", 0.5, "   clip_epsilon: 0.2, target_kl: , max_grad_norm: 0.5}"),
        ("clip_range_vf", None, "  value_clip_epsilon: null  "),
    ],
)
def test_one_line_changes(config: Path, name: str, value: object, line: str) -> None:
    run = load(config, NATIVE)
    plan = patched(run, **{name: value})
    assert plan.new_text is not None, plan
    assert changed_lines(NATIVE, plan.new_text) == [line]


def test_the_action_bound_named_gamma_stays(config: Path) -> None:
    plan = patched(load(config, NATIVE), gamma=0.5)
    assert plan.new_text is not None
    assert "{gamma: [0.5, 15.0]}" in plan.new_text


def test_one_weight_of_a_component(config: Path) -> None:
    run = load(config, NATIVE)
    edits = (Edit(name="reward_weights", key="centre", value=1, why="too large"),)
    plan = make_patch(run, [(fix(), Proposal(edits=edits))], framework_named("rundoctor"))
    assert plan.new_text == NATIVE.replace("1000.0", "1.0")
    assert [(edit.path, edit.old, edit.new) for edit in plan.edits] == [
        ("environment.reward_weights.centre", 1000.0, 1.0)
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_line_ends_and_byte_order_mark_stay(config: Path, ending: str, mark: str, last: str) -> None:
    old = mark + NATIVE.rstrip("\n").replace("\n", ending) + (ending if last else "")
    run = load(config, old)
    plan = patched(run, learning_rate=0.001, max_grad_norm=0.5)
    assert plan.new_text == old.replace("0.0003", "0.001").replace("~", "0.5")
    assert run.config is not None
    apply_patch(plan, run.config)
    assert config.read_bytes() == plan.new_text.encode()


def test_the_last_of_duplicate_keys_is_the_one_that_counts(config: Path) -> None:
    text = "trainer: {learning_rate: 0.1, learning_rate: 0.2}\nalgorithm: {gamma: 0.99}\n"
    assert patched(load(config, text), learning_rate=0.3).new_text == text.replace("0.2", "0.3")


def test_a_string_typed_number_becomes_a_number(config: Path) -> None:
    plan = patched(load(config, NATIVE.replace("0.0003", "3e-4")), learning_rate=1e-5)
    assert plan.new_text is not None
    assert yaml.safe_load(plan.new_text)["trainer"]["learning_rate"] == 1e-5


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_other_encodings_are_kept(config: Path, encoding: str) -> None:
    text = NATIVE.replace("tuned", "gépi")
    run = load(config, text.encode(encoding))
    assert run.config is not None
    apply_patch(patched(run, learning_rate=0.5), run.config)
    assert config.read_bytes() == text.replace("0.0003", "0.5").encode(encoding)


# ---- random configs --------------------------------------------------------------------------------------------

NAMES = {
    "learning_rate": ("trainer", "learning_rate"),
    "ent_coef": ("trainer", "entropy_bonus_coeff"),
    "max_grad_norm": ("algorithm", "max_grad_norm"),
    "clip_range": ("algorithm", "clip_epsilon"),
    "target_kl": ("algorithm", "target_kl"),
}
numbers = st.floats(1e-12, 1e12, allow_nan=False).map(lambda x: float(f"{x:.6g}"))
words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=8)


@st.composite
def configs(draw: st.DrawFn) -> str:
    """A config with both sections, in block or flow style, with comments, odd spacing and every line end."""
    text = draw(st.sampled_from(["", "\ufeff"])) + f"# {draw(words)}\n"
    for section in ("trainer", "algorithm"):
        keys = [key for home, key in NAMES.values() if home == section]
        pairs = [(key, draw(st.sampled_from(["{!r}", "&{key} {!r}", "!!float {!r}", "'{!r}'"]))) for key in keys]
        pairs = [(key, form.format(draw(numbers), key=key)) for key, form in pairs]
        pairs.insert(draw(st.integers(0, 2)), ("note_" + section, "'" + draw(words).replace("'", "''") + "'"))
        if draw(st.booleans()):
            gap = draw(st.sampled_from([" ", "\n    ", "  # é\n    "]))
            text += f"{section}: {{" + f",{gap}".join(f"{key}: {value}" for key, value in pairs) + "}\n"
        else:
            indent = " " * draw(st.integers(1, 4))
            text += f"{section}:\n" + "".join(f"{indent}{key}:  {value} # {draw(words)}\n" for key, value in pairs)
        text += draw(st.sampled_from(["", "\n", "  \n", "# —😀\n"]))
    text = text.rstrip("\n") if draw(st.booleans()) else text
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@settings(max_examples=150, deadline=None)
@given(text=configs(), values=st.dictionaries(st.sampled_from(sorted(NAMES)), numbers, min_size=1))
def test_exactly_the_named_values_change(tmp_path_factory: pytest.TempPathFactory, text: str, values: dict) -> None:
    path = tmp_path_factory.mktemp("random") / "config.yaml"
    run = load(path, text)
    plan = patched(run, **values)
    assert not plan.refused
    assert not plan.needs_code
    new = text if plan.new_text is None else plan.new_text
    wanted = yaml.safe_load(text.replace("\ufeff", ""))
    for name, value in values.items():
        section, key = NAMES[name]
        if float(wanted[section][key]) != value:
            wanted[section][key] = value
    assert yaml.safe_load(new.replace("\ufeff", "")) == wanted
    assert without_values(text) == without_values(new)
    again = patched(load(path, new), **values)
    assert again == Patch()


def without_values(text: str) -> str:
    """The text with each value that may change cut out."""
    keys = "|".join(key for _, key in NAMES.values())
    return re.sub(rf"(\b(?:{keys}): *)(?:[&!][^ ]+ )?'?[-+.e\d]+'?", r"\1", text)


# ---- absent keys -----------------------------------------------------------------------------------------------


def test_an_absent_key_goes_beside_what_came_in_the_same_version(config: Path) -> None:
    text = NATIVE.replace("  update_epochs: 4", "  return_scale: 10.0 # of targets\n  update_epochs: 4")
    plan = patched(load(config, text), normalize_returns=True)
    assert plan.new_text == text.replace("# of targets\n", "# of targets\n  normalize_returns: true\n")
    assert plan.edits[0].old is None


def test_an_absent_key_that_an_older_trainer_would_ignore_needs_code(config: Path) -> None:
    plan = patched(load(config, NATIVE), normalize_returns=True)
    assert plan.new_text is None
    assert [need.what for need in plan.needs_code] == ["by hand"]


def test_an_absent_key_at_the_end_of_a_file_without_a_line_end(config: Path) -> None:
    text = "algorithm: {clip_epsilon: 0.2}\r\ntrainer:\r\n\tupdate_epochs: 4".replace("\t", "   ")
    plan = patched(load(config, text), learning_rate=0.001)
    assert plan.new_text == text + "\r\n   learning_rate: 0.001"
    assert "\\ No newline at end of file" in plan.diff


@pytest.mark.parametrize(
    "text",
    [
        "trainer: {update_epochs: 4}\nalgorithm: {\n  clip_epsilon: 0.2,\n  gae_lambda: 0.9\n}\n",
        "trainer: {update_epochs: 4}\nalgorithm: {clip_epsilon: 0.2, nested: {deep: [1, 2]}}",
        "trainer: {update_epochs: 4}\nalgorithm:\n  nested:\n    deep: 1\n  clip_epsilon: 0.2\n  # end\n\n",
        "trainer: {update_epochs: 4}\nalgorithm: !!map\n  ? clip_epsilon\n  : 0.2\n  'gae_lambda': 0.9\n",
    ],
)
def test_an_absent_key_in_every_style(config: Path, text: str) -> None:
    plan = patched(load(config, text), gamma=0.5)
    assert plan.new_text is not None, plan
    wanted = yaml.safe_load(text)
    wanted["algorithm"]["gamma"] = 0.5
    assert yaml.safe_load(plan.new_text) == wanted


def test_two_absent_keys_of_one_section(config: Path) -> None:
    text = "trainer:\n  update_epochs: 4\nalgorithm: {clip_epsilon: 0.2}"
    plan = patched(load(config, text), gamma=0.5, gae_lambda=0.9, learning_rate=0.1, ent_coef=0.2)
    assert plan.new_text is not None
    trainer = {"update_epochs": 4, "learning_rate": 0.1, "entropy_bonus_coeff": 0.2}
    assert yaml.safe_load(plan.new_text) == {
        "trainer": trainer,
        "algorithm": {"clip_epsilon": 0.2, "gamma": 0.5, "gae_lambda": 0.9},
    }


def test_nothing_is_inserted_for_a_trainer_that_is_not_known(config: Path) -> None:
    assert patched(load(config, "ppo:\n  lr: 0.1\n"), gamma=0.9).needs_code


def test_an_unknown_trainers_own_spelling_is_edited(config: Path) -> None:
    text = "ppo:\n  lr: 1e-3\n  eps_clip: 0.2\n"
    assert patched(load(config, text), learning_rate=0.0001).new_text == text.replace("1e-3", "0.0001")


# ---- refusals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "base: &rate 0.1\ntrainer: {learning_rate: *rate}\nalgorithm: {gamma: 0.9}\n",
        "trainer: {learning_rate: &rate 0.1, warmup: *rate}\nalgorithm: {gamma: 0.9}\n",
        "base: &base {learning_rate: 0.1}\ntrainer:\n  <<: *base\nalgorithm: {gamma: 0.9}\n",
        "trainer: &same {learning_rate: 0.1}\nalgorithm: {gamma: 0.9}\nother: *same\n",
    ],
)
def test_a_value_shared_through_an_alias_is_refused(config: Path, text: str) -> None:
    plan = patched(load(config, text), learning_rate=0.2)
    assert plan.new_text is None
    assert "alias" in plan.refused[0].reason


def test_an_insertion_that_an_alias_would_repeat_is_refused(config: Path) -> None:
    text = "trainer: &same {update_epochs: 4}\nalgorithm: {gamma: 0.9}\nother: *same\n"
    assert patched(load(config, text), learning_rate=0.2).refused


def test_a_value_over_several_lines_is_refused(config: Path) -> None:
    text = "trainer:\n  learning_rate: |\n    0.1\nalgorithm: {gamma: 0.9}\n"
    assert "lines" in patched(load(config, text), learning_rate=0.2).refused[0].reason


def test_the_earlier_of_two_fixes_wins(config: Path) -> None:
    run = load(config, NATIVE)
    proposals = [
        (fix("first"), Proposal(edits=(Edit(name="gamma", value=0.5, why=""),))),
        (fix("same"), Proposal(edits=(Edit(name="gamma", value=0.5, why=""),))),
        (
            fix("second"),
            Proposal(edits=(Edit(name="n_epochs", value=9, why=""), Edit(name="gamma", value=0.6, why=""))),
        ),
        (fix("harmful"), Proposal(refused="it hurts")),
        (fix("code"), Proposal(edits=(Edit(name="huber_delta", value=1.0, why=""),))),
    ]
    plan = make_patch(run, proposals, framework_named("rundoctor"))
    assert plan.new_text == NATIVE.replace("gamma: 0.99", "gamma: 0.5")
    assert [(one.fix, one.reason.split(",")[0]) for one in plan.refused] == [
        ("second", "conflicts with first"),
        ("harmful", "it hurts"),
    ]
    assert [one.fix for one in plan.needs_code] == ["code"]


def test_a_fix_is_taken_whole_or_not_at_all(config: Path) -> None:
    plan = patched(load(config, NATIVE), gamma=0.5, normalize_returns=True)
    assert plan.new_text is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "fast", 0.5])
def test_a_value_that_cannot_be_is_refused(config: Path, value: object) -> None:
    assert patched(load(config, NATIVE), n_epochs=value).refused


def test_one_key_for_both_clips_is_not_edited_as_a_value_clip(config: Path) -> None:
    run = load(config, NATIVE)
    both = framework_named("rundoctor").paths | {"clip_range_vf": ("algorithm.clip_epsilon",)}
    shared = framework_named("rundoctor").__class__(name="x", title="x", columns={}, paths=both)
    assert run.config is not None
    run = Run(path="", format="x", config=run.config, settings=read_settings(run.config, shared))
    proposal = Proposal(edits=(Edit(name="clip_range_vf", value=200.0, why=""),))
    assert "both" in make_patch(run, [(fix(), proposal)], shared).refused[0].reason


def test_without_a_config_every_fix_needs_code() -> None:
    assert patched(Run(path="", format="rundoctor"), gamma=0.5).needs_code


# ---- the zoo ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "old", "new"),
    [
        ({"normalize_returns": True}, "norm_reward: false", "norm_reward: true"),
        ({"value_clip": False}, "clip_range_vf: 0.2", "clip_range_vf: null"),
        ({"learning_rate": 1e-5}, "lin_3e-4", "lin_1.0e-5"),
        ({"clip_range": 0.1}, "'lin_0.2'", "'lin_0.1'"),
        ({"target_kl": 0.03}, "target_kl:", "target_kl: 0.03"),
        ({"gamma": 0.9}, "clip_range_vf: 0.2\n", "clip_range_vf: 0.2\n"),
    ],
)
def test_zoo_edits(config: Path, values: dict[str, object], old: str, new: str) -> None:
    plan = patched(load(config, ZOO, "sb3"), **values)
    assert plan.new_text is not None, plan
    if "gamma" in values:
        assert yaml.safe_load(plan.new_text)["gamma"] == 0.9
    else:
        assert plan.new_text == ZOO.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "normalize: true\nnormalize_kwargs: {norm_reward: false}\n",
            "normalize: true\nnormalize_kwargs: {norm_reward: true}\n",
        ),
        ("normalize: false\n", f"normalize: {REWARDS_ALONE}\n"),
        (
            "normalize: false\nnormalize_kwargs: {norm_reward: false}\n",
            "normalize: true\nnormalize_kwargs: {norm_reward: true, norm_obs: false}\n",
        ),
        (
            "normalize: \"{'norm_obs': True, 'norm_reward': False}\"\n",
            "normalize: \"{'norm_obs': True, 'norm_reward': True}\"\n",
        ),
        ("normalize: dict(norm_obs=True, norm_reward=False)\n", "normalize: dict(norm_obs=True, norm_reward=True)\n"),
        ("normalize: {norm_obs: true, norm_reward: false}\n", "normalize: {norm_obs: true, norm_reward: true}\n"),
    ],
)
def test_return_normalisation_however_the_zoo_spells_it(config: Path, old: str, new: str) -> None:
    plan = patched(load(config, "policy: MlpPolicy\n" + old, "sb3"), normalize_returns=True)
    assert plan.new_text == "policy: MlpPolicy\n" + new
    assert read_settings(read_config(config, plan.new_text), framework_named("sb3"))["normalize_returns"].value is True
    assert patched(load(config, plan.new_text, "sb3"), normalize_returns=True) == Patch()


@pytest.mark.parametrize(
    ("framework", "old", "new"),
    [
        ("sb3", "policy_kwargs: dict(log_std_init=1.5e+0, ortho_init=False)\n", "log_std_init=0.0, ortho_init=False"),
        (
            "sb3",
            "policy_kwargs: \"{'log_std_init': 2, 'net_arch': [64]}\"\n",
            "{'log_std_init': 0.0, 'net_arch': [64]}",
        ),
        ("sb3", "policy_kwargs: {log_std_init: 2.0}\n", "policy_kwargs: {log_std_init: 0.0}"),
        ("rsl_rl", "policy: {init_noise_std: 7.5}\n", "policy: {init_noise_std: 1.0}"),
        ("skrl", "models: {policy: {initial_log_std: 2.0}}\n", "models: {policy: {initial_log_std: 0.0}}"),
        ("rundoctor", "actor_critic: {log_std_init: 2.0}\n", "actor_critic: {log_std_init: 0.0}"),
    ],
)
def test_the_first_noise_however_a_trainer_spells_it(config: Path, framework: str, old: str, new: str) -> None:
    identity = {
        "sb3": "policy: MlpPolicy\n",
        "rsl_rl": "num_steps_per_env: 24\nalgorithm: {clip_param: 0.2}\n",
        "skrl": "agent: {rollouts: 16, ratio_clip: 0.2}\n",
        "rundoctor": "trainer: {update_epochs: 4}\nalgorithm: {gamma: 0.9}\n",
    }[framework]
    before = load(config, identity + old, framework)
    assert before.settings["log_std_init"].value >= 1.5
    plan = patched(before, log_std_init=0.0)
    assert plan.new_text is not None, plan
    assert new in plan.new_text
    assert load(config, plan.new_text, framework).settings["log_std_init"].value == 0.0


@pytest.mark.parametrize(
    "written",
    ["dict(log_std_init=-)", "dict(log_std_init=e)", "dict(log_std_init=2*0.5)", "dict(net_arch=[64])", "[1]"],
)
def test_a_first_noise_that_is_no_number_is_no_setting(config: Path, written: str) -> None:
    assert "log_std_init" not in load(config, f"policy: MlpPolicy\npolicy_kwargs: {written}\n", "sb3").settings


@pytest.mark.parametrize("deviation", [0.0, -1.0])
def test_a_deviation_without_a_logarithm_is_no_setting(config: Path, deviation: float) -> None:
    text = f"num_steps_per_env: 24\nalgorithm: {{clip_param: 0.2}}\npolicy: {{init_noise_std: {deviation}}}\n"
    assert "log_std_init" not in load(config, text, "rsl_rl").settings


def test_return_normalisation_where_the_zoo_says_nothing(config: Path) -> None:
    plan = patched(load(config, "policy: MlpPolicy\n", "sb3"), normalize_returns=True)
    assert plan.new_text == f"policy: MlpPolicy\nnormalize: {REWARDS_ALONE}\n"


def test_the_zoo_evaluates_what_is_written(config: Path) -> None:
    """As ``_preprocess_normalization`` of rl_zoo3 2.9.2 does: text is evaluated and handed to VecNormalize."""
    for text in ("policy: MlpPolicy\n", "{policy: MlpPolicy, normalize: false, gamma: 0.99}\n"):
        plan = patched(load(config, text, "sb3"), normalize_returns=True)
        assert plan.new_text is not None, plan
        assert ast.literal_eval(yaml.safe_load(plan.new_text)["normalize"]) == {"norm_obs": False, "norm_reward": True}


@pytest.mark.parametrize("name", ["shared_trunk", "value_clip", "rollout_steps", "total_updates"])
def test_a_derived_setting_is_never_written_over_the_key_it_came_from(config: Path, name: str) -> None:
    value = True if name in ("shared_trunk", "value_clip") else 7
    assert patched(load(config, ZOO, "sb3"), **{name: value}).new_text is None


def test_the_default_in_force_is_not_written(config: Path) -> None:
    assert patched(load(config, "policy: MlpPolicy\n", "sb3"), gamma=0.99, value_clip=False) == Patch()


def test_ordered_pairs_are_edited_in_place(config: Path) -> None:
    text = "!!python/object/apply:collections.OrderedDict\n- - - policy\n    - MlpPolicy\n  - - gamma\n    - 0.99\n"
    assert patched(load(config, text, "sb3"), gamma=0.9).new_text == text.replace("0.99", "0.9")
    assert patched(load(config, text, "sb3"), gae_lambda=0.9).refused


def read_config(path: Path, text: str):  # type: ignore[no-untyped-def]
    path.write_text(text, newline="")
    return read(path).config


# ---- real configs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(SHARED.glob("r*/*/config.y*ml")), ids=lambda path: path.parent.name)
def test_every_setting_of_a_real_config_can_be_edited_alone(path: Path) -> None:
    framework = framework_named("sb3" if path.suffix == ".yml" else "rundoctor")
    part = read(path)
    assert part.config is not None
    text, _ = decode(path.read_bytes())
    found = read_settings(part.config, framework)
    run = Run(path=str(path.parent), format=framework.name, config=part.config, settings=found)
    entries = {".".join(entry.path): entry for entry in part.config.entries}
    for name, setting in found.items():
        if setting.implied or isinstance(setting.value, bool | dict | None) or setting.path not in entries:
            continue
        usable = [value for value in (7, 8, 0.7, 0.8) if value <= HYPERPARAMETERS[name].possible[1]]
        plan = patched(run, **{name: next(value for value in usable if value != setting.value)})
        if plan.new_text is None:
            assert plan.needs_code
            continue
        entry = entries[setting.path]
        assert plan.new_text[: entry.start] + entry.raw == text[: entry.end]
        assert plan.new_text.endswith(text[entry.end :])
        assert {one.path for one in parse(plan.new_text).entries} == {one.path for one in part.config.entries}
