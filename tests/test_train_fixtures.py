"""The script behind fixtures/seed_trajectory and its healthy twin."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"
FILES = ("config.yaml", "loss_metrics.json", "reward_components_stats.json")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """Benchmarks are no package, so the file is loaded by its path."""
    spec = importlib.util.spec_from_file_location("train_fixtures", ROOT / "benchmarks" / "train_fixtures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def rewards(place: Path) -> list[float]:
    """Mean return of the episodes of each update."""
    episodes = json.loads((place / "reward_components_stats.json").read_text(encoding="utf-8"))
    totals = [row["reward_components"]["total_reward"]["sum"] for row in episodes]
    return [float(mean) for mean in np.array(totals).reshape(-1, 16).mean(1)]


def losses(place: Path) -> list[float]:
    return [row["loss"] for row in json.loads((place / "loss_metrics.json").read_text(encoding="utf-8"))]


def test_a_run_is_the_same_bytes_twice(script: ModuleType, tmp_path: Path) -> None:
    for name in ("once", "again"):
        script.train(tmp_path / name, "seed_trajectory", updates=2)
    for file in FILES:
        assert (tmp_path / "once" / file).read_bytes() == (tmp_path / "again" / file).read_bytes()


def test_the_fixture_begins_as_training_does(script: ModuleType, tmp_path: Path) -> None:
    """Other processors round otherwise, so the first update is compared, and not to the last digit."""
    for case in script.CASES:
        script.train(tmp_path / case, case, updates=1)
        assert losses(tmp_path / case)[0] == pytest.approx(losses(FIXTURES / case)[0], rel=1e-2)
        assert rewards(tmp_path / case)[0] == pytest.approx(rewards(FIXTURES / case)[0], rel=1e-2)


def test_the_faulty_run_collapses_and_its_twin_improves() -> None:
    faulty, healthy = FIXTURES / "seed_trajectory", FIXTURES / "healthy_seed_trajectory"
    assert losses(faulty)[0] < 40_000
    assert losses(faulty)[-1] > 200_000
    assert rewards(faulty)[0] == rewards(healthy)[0] > 1900
    assert rewards(faulty)[-1] < 0
    assert rewards(healthy)[-1] > rewards(healthy)[0]
    assert min(rewards(healthy)) > 1700


def test_the_twins_differ_in_the_normalization_alone() -> None:
    faulty, healthy = (
        (FIXTURES / name / "config.yaml").read_text(encoding="utf-8").splitlines()
        for name in ("seed_trajectory", "healthy_seed_trajectory")
    )
    differing = [pair for pair in zip(faulty, healthy, strict=True) if pair[0] != pair[1]]
    assert differing == [("  normalize_returns: false", "  normalize_returns: true")]
