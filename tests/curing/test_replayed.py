"""What is changed after a replay: what it confirms, else the diagnosis unless that is shown to hurt."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from treated import replayed
from treated.replayed import CONFIRMED, HURTS, NOT_REPRODUCED, OPEN, Answers, key_of

from rundoctor.errors import NothingToJudge
from rundoctor.model.replay import Arm, Effect

DIAGNOSIS = {"gamma": 0.99}


def case(place: Path = Path()) -> Any:
    job = SimpleNamespace(task="docking", trainer="core")
    return SimpleNamespace(sick=SimpleNamespace(fault="discount", job=job), place=place)


def replay(*trials: tuple[str, Effect], reproduced: bool = True) -> Any:
    found = [SimpleNamespace(fix=fix, verdict=verdict, arm=Arm.FIX) for fix, verdict in trials]
    return SimpleNamespace(trials=found, reproduced=reproduced)


@pytest.mark.parametrize(
    ("found", "confirmed", "answer", "edits"),
    [
        (replay(("raise-discount", Effect.HELPS)), {"gamma": 0.98}, CONFIRMED, '{"gamma": 0.98}'),
        (replay(("raise-discount", Effect.INCONCLUSIVE)), {}, OPEN, '{"gamma": 0.99}'),
        (replay(("other-fix", Effect.HURTS)), {}, OPEN, '{"gamma": 0.99}'),
        (replay(("raise-discount", Effect.HURTS)), {}, HURTS, "{}"),
        (replay(reproduced=False), {}, NOT_REPRODUCED, '{"gamma": 0.99}'),
    ],
)
def test_the_answer_and_what_follows(monkeypatch: Any, found: Any, confirmed: Any, answer: str, edits: str) -> None:
    report = SimpleNamespace(run=None, patch=None, replay=found)
    patch = SimpleNamespace(edits=[SimpleNamespace(fix="raise-discount")])
    monkeypatch.setattr(replayed.command, "examine", lambda *_: report)
    monkeypatch.setattr(replayed, "read_back", lambda *_: confirmed)
    monkeypatch.setattr(replayed.rundoctor, "patch", lambda _: patch)
    row = replayed.replayed(case(), DIAGNOSIS)
    assert (row.answer, row.edits) == (answer, edits)


def test_a_run_that_cannot_be_replayed_keeps_the_diagnosis(monkeypatch: Any) -> None:
    def refuse(*_: Any) -> Any:
        raise NothingToJudge("nothing to reproduce", "")

    monkeypatch.setattr(replayed.command, "examine", refuse)
    row = replayed.replayed(case(), DIAGNOSIS)
    assert (row.answer, row.edits) == ("nothing to reproduce", '{"gamma": 0.99}')


def test_answers_come_back_and_those_of_another_diagnosis_go(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "replays.csv")
    row = replayed.Replayed(*key_of(case(), DIAGNOSIS), CONFIRMED, '{"gamma": 0.98}')
    answers.add(row)
    again = Answers(answers.path)
    assert again.edits(row.key) == {"gamma": 0.98}
    again.keep([key_of(case(), {"gamma": 0.9})])
    assert Answers(answers.path).edits(row.key) is None
