"""What must not get worse on a sample of the benchmark's tuning runs; the whole of it: benchmarks/score_corpus.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest
from scoring.answers import WHOLE, Answer, diagnosed
from scoring.archives import opened
from scoring.labelled import labelled_runs
from scoring.tables import Groups

import rundoctor

RUNS = Path(__file__).parents[1] / "benchmarks" / "runs"
ONE_IN = 10
"""Share of the tuning runs that are looked at here, drawn by name."""
RIGHT_FIRST = 63
"""Logs of the sample whose first cause is right."""


@pytest.fixture(scope="module")
def sample() -> Groups:
    with opened(RUNS) as root:
        return Groups(list(_answers(root)))


def _answers(root: Path) -> Iterator[Answer]:
    for labelled in labelled_runs(root, "tuning"):
        if crc32(labelled.name.encode()) % ONE_IN == 0:
            run = rundoctor.read_run(labelled.place)
            yield diagnosed(labelled, WHOLE, run, rundoctor.diagnose(run))


def test_healthy_runs_are_left_in_peace(sample: Groups) -> None:
    assert sample.healthy
    assert [one.run.name for one in sample.healthy if one.causes] == []


def test_harmless_faults_get_no_other_error(sample: Groups) -> None:
    assert sample.harmless
    assert [one.run.name for one in sample.harmless if one.erred] == []


def test_the_first_cause_is_right_as_often_as_before(sample: Groups) -> None:
    assert sample.top(1).hits >= RIGHT_FIRST


def test_every_right_cause_has_a_probability(sample: Groups) -> None:
    assert all(0 < one.causes[0].confidence < 1 for one in sample.named if one.hit(1))
