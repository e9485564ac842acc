"""The runs under fixtures/, diagnosed as a whole.

``accept`` in expected.json is written by hand: the answers that are right. The rest is what the program says; after a
change that is meant, ``python tests/update_expected.py --write`` rewrites it, to be reviewed as a diff.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import rundoctor

FIXTURES = Path(__file__).parents[1] / "fixtures"
NAMES = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())
HEALTHY = [name for name in NAMES if name.startswith("healthy")]
SICK = [name for name in NAMES if name not in HEALTHY]


def expected(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FIXTURES / name / "expected.json").read_text(encoding="utf-8"))
    return loaded


def observed(name: str) -> dict[str, Any]:
    """What the program says of a fixture, as far as expected.json holds it."""
    diagnosis = rundoctor.diagnose(rundoctor.read_run(FIXTURES / name))
    return {
        "verdict": diagnosis.verdict.value,
        "top": [cause.rule for cause in diagnosis.causes[:3]],
        "symptoms": sorted(symptom.rule for symptom in diagnosis.symptoms),
        "hazards": sorted(hazard.rule for hazard in diagnosis.hazards),
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_diagnosis_is_the_reviewed_one(name: str) -> None:
    reviewed = expected(name)
    del reviewed["accept"]
    assert observed(name) == reviewed


@pytest.mark.parametrize("name", SICK)
def test_a_right_answer_stands_first(name: str) -> None:
    """A hazard answers where the fault did no damage, and then no other cause is named."""
    seen = observed(name)
    assert set(seen["top"][:1] or seen["hazards"]) & set(expected(name)["accept"])


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_has_no_cause_at_all(name: str) -> None:
    diagnosis = rundoctor.diagnose(rundoctor.read_run(FIXTURES / name))
    assert not diagnosis.causes
    assert expected(name)["accept"] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_fixture_is_run_files_alone(name: str) -> None:
    files = {path.name for path in (FIXTURES / name).iterdir()}
    assert files <= {
        "config.yaml",
        "config.yml",
        "expected.json",
        "loss_metrics.json",
        "progress.csv",
        "reward_components_stats.json",
    }
