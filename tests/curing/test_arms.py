"""What each doctor changes: the emitted patch as the readers see it, the fixed order, chance on the same keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from corpus.tasks import COMMON
from treated.arms import at_random, first_that_applies, read_back

import rundoctor
from rundoctor.model import Patch

CLIPPED = COMMON | {"value_clip": True, "clip_range_vf": 0.2, "normalize_returns": False}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    trainer = {"learning_rate": 0.01, "normalize_returns": False, "enable_value_clipping": True}
    config = {"algorithm": {"gamma": 0.99}, "trainer": trainer}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config))
    (tmp_path / "loss_metrics.json").write_text('[{"episode": 1, "batch": 0, "loss": 1.0}]')
    return tmp_path


def patched(place: Path, old: str, new: str) -> dict[str, Any]:
    run = rundoctor.read_run(place)
    assert run.config is not None
    assert old in run.config.text
    return read_back(run, Patch(new_text=run.config.text.replace(old, new)), place)


def test_the_patched_text_is_read_as_the_trainer_would(place: Path) -> None:
    assert patched(place, "normalize_returns: false", "normalize_returns: true") == {"normalize_returns": True}


def test_a_key_that_no_trainer_reads_changes_nothing(place: Path) -> None:
    assert patched(place, "trainer:", "other:\n  vf_coef: 3\ntrainer:") == {}


def test_no_patch_changes_nothing(place: Path) -> None:
    assert read_back(rundoctor.read_run(place), Patch(), place) == {}


@pytest.mark.parametrize(
    ("settings", "trainer", "first"),
    [
        (CLIPPED, "sb3", {"clip_range_vf": 200.0}),
        (CLIPPED, "core", {"clip_range_vf": 200.0, "value_clip_relative": False}),
        (CLIPPED | {"clip_range_vf": 200.0}, "sb3", {"vf_coef": 0.1}),
        (CLIPPED | {"value_clip": False}, "core", {"normalize_returns_per_batch": True, "return_scale": 10.0}),
        (COMMON, "core", {"vf_coef": 0.1}),
        (COMMON | {"vf_coef": 0.1}, "core", {"value_loss_clamp": 10_000.0}),
        (COMMON | {"vf_coef": 0.1}, "sb3", {}),
    ],
)
def test_the_first_step_of_the_fixed_order_that_applies(settings: Any, trainer: str, first: Any) -> None:
    assert first_that_applies(settings, trainer) == first


def test_chance_takes_the_same_keys_and_other_values() -> None:
    edits = {"learning_rate": 3e-4, "n_epochs": 5, "reward_weights": {"goal": 1.0}, "clip_range_vf": 2.0}
    drawn = at_random(edits, COMMON, np.random.default_rng(0))
    assert drawn.keys() == edits.keys()
    assert 1e-5 <= drawn["learning_rate"] <= 1e-3
    assert isinstance(drawn["n_epochs"], int)
    assert 0.1 <= drawn["reward_weights"]["goal"] <= 10
    assert all(drawn[name] != edits[name] for name in ("learning_rate", "reward_weights", "clip_range_vf"))


def test_chance_switches_by_a_coin() -> None:
    coins = [at_random({"normalize_returns": True}, COMMON, np.random.default_rng(seed)) for seed in range(20)]
    assert {coin["normalize_returns"] for coin in coins} == {True, False}
