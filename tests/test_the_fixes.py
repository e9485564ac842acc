"""What holds of every fix: its name, its page, what it treats, its test."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from rundoctor.diagnosis import all_rules, diagnose
from rundoctor.discover import discover, folders, module_names
from rundoctor.facts import Fact
from rundoctor.frameworks import all_frameworks
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Fix, Kind
from rundoctor.treatment import all_fixes
from tests.builders import component, flat, learning, named, proposed, run
from tests.config_builders import load

ROOT = Path(__file__).parents[1]
FIXES = all_fixes()
CAUSES = {rule.name for rule in all_rules() if rule.kind is Kind.CAUSE}
NAME = re.compile(r"[a-z]+(-[a-z]+)+")
LONGEST = 100
TESTS = "\n".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "tests" / "fixes").glob("test_*.py")))

every_fix = pytest.mark.parametrize("fix", FIXES, ids=lambda fix: fix.name)


def test_every_file_holds_one_fix() -> None:
    names = [fix.name for fix in FIXES]
    assert sorted(names) == sorted(name.replace("_", "-") for name in module_names("rundoctor.fixes"))


def test_no_two_fixes_of_a_cause_share_a_place() -> None:
    for cause in CAUSES:
        order = [fix.order for fix in FIXES if cause in fix.treats]
        assert len(order) == len(set(order)), cause


@every_fix
def test_the_name_is_in_kebab_case(fix: Fix) -> None:
    assert NAME.fullmatch(fix.name)


@every_fix
def test_what_it_treats_exists(fix: Fix) -> None:
    assert set(fix.treats) <= CAUSES
    assert set(fix.offered_for) <= CAUSES
    assert not set(fix.treats) & set(fix.offered_for)


@every_fix
def test_what_it_goes_with_exists(fix: Fix) -> None:
    assert set(fix.goes_with) <= {other.name for other in FIXES} - {fix.name}


@every_fix
def test_the_page_begins_with_one_sentence(fix: Fix) -> None:
    first = fix.doc.splitlines()[0]
    assert first[0].isupper()
    assert first.endswith(".")


@every_fix
def test_it_says_what_to_do_by_hand(fix: Fix) -> None:
    assert len(fix.by_hand) > 20


@every_fix
def test_it_is_short_and_has_a_test(fix: Fix) -> None:
    source = ROOT / "rundoctor" / "fixes" / f"{fix.name.replace('-', '_')}.py"
    assert len(source.read_text(encoding="utf-8").splitlines()) <= LONGEST
    assert f'"{fix.name}"' in TESTS


@pytest.mark.parametrize("name", ["clamp-value-loss", "normalize-returns-per-batch", "lower-value-learning-rate"])
def test_what_is_always_refused_is_listed_and_proposed_for_nothing(name: str) -> None:
    fix = next(fix for fix in FIXES if fix.name == name)
    assert fix.treats + fix.offered_for == ()
    assert set(fix.tested_for) <= CAUSES
    assert proposed(name, run()).refused
    assert proposed(name, learning()).refused


@every_fix
def test_an_edit_names_a_hyperparameter(fix: Fix) -> None:
    source = (ROOT / "rundoctor" / "fixes" / f"{fix.name.replace('-', '_')}.py").read_text(encoding="utf-8")
    assert set(re.findall(r'Edit\(name="(\w+)"', source)) <= HYPERPARAMETERS.keys()


SICK = learning(
    {
        "normalize_returns": None,
        "normalize_advantage": False,
        "advantages_per_component": True,
        "normalize_returns_per_batch": True,
        "normalize_rewards_per_episode": True,
        "shared_trunk": True,
        "clip_range_vf": 0.2,
        "clip_range": 2.0,
        "ent_coef": 0.5,
        "vf_coef": 50.0,
        "learning_rate": 0.01,
        "n_epochs": 100,
        "gamma": 0.5,
        "dropout": 0.2,
        "log_std_init": 2.0,
        "kl_target": 0.001,
        "reward_clip": 0.1,
    },
    value_loss=flat(900.0),
    approx_kl=flat(0.9),
    policy_loss=flat(-40.0),
)
TIMID = learning(
    {
        "clip_range": 0.01,
        "target_kl": 1e-6,
        "gae_lambda": 0.0,
        "vf_coef": 0.0,
        "ent_coef": 0.0,
        "max_grad_norm": 1e-6,
        "learning_rate": 1e-6,
        "batch_size": 2,
        "n_steps": 2,
    },
    approx_kl=flat(1e-6),
)
BY_HAND = {
    "shape-rewards",
    "stretch-learning-rate-schedule",
    "recompute-log-probabilities",
    "share-evaluation-statistics",
}
"""Fixes without a value."""
NO_EDIT = {"rebalance-components", "freeze-component-weights", "clip-reward-outliers", "scale-rewards"}
"""Fixes that these runs give no reason for."""


@every_fix
def test_every_value_comes_with_the_numbers_it_was_computed_from(fix: Fix) -> None:
    if fix.name in BY_HAND | NO_EDIT:
        pytest.skip("no edit in these runs")
    edits = [edit for run in (SICK, TIMID) for edit in proposed(fix.name, run).edits]
    assert edits
    for edit in edits:
        assert re.search(r"\d", edit.why), (fix.name, edit)


# ---- what is asked for can be had ------------------------------------------------------------------------------


def test_some_framework_provides_each_hyperparameter_that_is_asked_for() -> None:
    facts = [fact for folder in folders("rundoctor.facts") for fact in discover(folder, Fact)]
    asked = {name for thing in (*FIXES, *all_rules(), *facts) for name, _ in thing.needs} & HYPERPARAMETERS.keys()
    provided = {name for framework in all_frameworks().values() for name in (*framework.paths, *framework.keys)}
    assert len(asked) > 15
    assert asked <= provided
    assert HYPERPARAMETERS.keys() <= provided


PER_COMPONENT = "trainer: {normalize_advantages_per_component: true, update_epochs: 4}\nalgorithm: {gamma: 0.9}\n"
ORIGIN = (
    "trainer:\n  advantage_weighting: {enable_learnable_weights: true}\n  return_scale: 10.0\nalgorithm: {gamma: 0.9}\n"
)


@pytest.mark.parametrize(
    ("text", "framework", "name", "value"),
    [
        (PER_COMPONENT, "rundoctor", "advantages_per_component", True),
        ("ppo: {per_component_advantage_norm: true}\n", "rundoctor", "advantages_per_component", True),
        (ORIGIN, "rundoctor", "advantages_per_component", True),
        (ORIGIN.replace("  return_scale: 10.0\n", ""), "rundoctor", "advantages_per_component", None),
        (ORIGIN.replace("advantage_weighting", "weights"), "rundoctor", "advantages_per_component", None),
        ("trainer: {reward_clip: 5.0}\nalgorithm: {gamma: 0.9}\n", "rundoctor", "reward_clip", 5.0),
        (
            "trainer: {normalize_returns_per_batch: true}\nalgorithm: {gamma: 0.9}\n",
            "rundoctor",
            "normalize_returns_per_batch",
            True,
        ),
        ("policy: MlpPolicy\nnormalize: {norm_reward: true, clip_reward: 5.0}\n", "sb3", "reward_clip", 5.0),
        ("policy: MlpPolicy\nnormalize_kwargs: {clip_reward: 5.0}\n", "sb3", "reward_clip", 5.0),
    ],
)
def test_a_trainers_way_to_say_it_is_read(tmp_path: Path, text: str, framework: str, name: str, value: object) -> None:
    found = load(tmp_path / "config.yaml", text, framework).settings.get(name)
    assert (found.value if found else None) == value


def test_components_are_judged_in_a_run_whose_config_says_so(tmp_path: Path) -> None:
    components = [component("goal", 1.0), component("shaping", 1e-3)]
    for text in (PER_COMPONENT, ORIGIN):
        settings = load(tmp_path / "config.yaml", text).settings
        found = named(diagnose(replace(run(components=components), settings=settings)), "component-weights-equalized")
        assert found is not None
        assert found.evidence[0].where
