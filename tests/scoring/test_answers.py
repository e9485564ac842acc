"""What counts as right, on labels and answers made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scoring.answers import WHOLE, Answer, Said
from scoring.labelled import Labelled
from scoring.rates import Rate, rate
from scoring.tables import Groups, Stated, delays, figures, misses, outcomes

CLIP = ("value-clip-too-tight", "returns-not-normalized")


def labelled(fault: str = "clip", accept: tuple[str, ...] = CLIP, **more: Any) -> Labelled:
    values: dict[str, Any] = {"name": "run", "format": "files", "group": "effective", "task": "task", **more}
    return Labelled(place=Path(), fault=fault, accept=accept, **values)


def answer(*causes: str | Said, run: Labelled | None = None, **more: Any) -> Answer:
    said = tuple(one if isinstance(one, Said) else Said(one) for one in causes)
    return Answer(run or labelled(), WHOLE, said, **more)


def healthy(*causes: str | Said) -> Answer:
    return answer(*causes, run=labelled("", (), group="healthy"))


def test_clopper_pearson() -> None:
    # no hit: 1 - 0.025^(1/10); all: 0.025^(1/10); 5 of 10: from the published tables
    assert Rate(0, 10).interval() == pytest.approx((0, 1 - 0.025**0.1))
    assert Rate(10, 10).interval() == pytest.approx((0.025**0.1, 1))
    assert Rate(5, 10).interval() == pytest.approx((0.1871, 0.8129), abs=1e-4)
    assert str(rate([True, False])) == "1 of 2 = 50% (1 to 99)"
    assert str(rate([])) == "-"


def test_a_hit_is_one_of_the_accepted_names_in_time() -> None:
    assert answer("returns-not-normalized").hit(1)
    second = answer("learning-rate-too-high", "value-clip-too-tight")
    assert not second.hit(1)
    assert second.hit(3)
    assert not answer().hit(3)


def test_without_an_accepted_name_silence_is_right() -> None:
    unknown = labelled("noise", ())
    assert answer(run=unknown).hit(1)
    assert not answer("learning-rate-too-high", run=unknown).hit(1)


def test_a_fault_that_the_format_cannot_show_is_counted_apart() -> None:
    dead = {"fault": "component-dead", "accept": ("component-dead",)}
    group = Groups([answer(run=labelled(**dead, format=form)) for form in ("files", "sb3")])
    assert [one.run.format for one in group.named] == ["files"]
    assert [one.run.format for one in group.hidden] == ["sb3"]


def test_a_fault_that_has_not_begun_is_counted_apart() -> None:
    late = labelled(change_at=0.5, updates=20)
    assert answer(run=late, updates=12).shown
    assert not answer(run=late, updates=8).shown


def test_alarms_at_warning_and_at_error() -> None:
    group = Groups([healthy(), healthy("no-learning"), healthy(Said("x", error=True)), healthy()])
    assert group.alarms == (2, 4)
    assert group.errors == (1, 4)


def test_harmless_faults_are_neither_hits_nor_alarms() -> None:
    harmless = labelled(group="harmless")
    group = Groups([answer(run=harmless, hazards=CLIP[:1]), answer(Said("x", error=True), run=harmless)])
    assert group.top(1).runs == group.alarms.runs == 0
    assert [one.named for one in group.harmless] == [True, False]
    assert [one.erred for one in group.harmless] == [False, True]


def test_unjudged_runs_count_nowhere() -> None:
    lucky = answer("x", run=labelled(group="unjudged"))
    assert "- |" in outcomes([lucky])
    assert "| run |" not in misses([lucky]).split("\n", 2)[-1]


def test_delay_is_counted_from_the_first_update_with_the_fault() -> None:
    changed = labelled(change_at=0.31, updates=20)  # updates 7 and later of 0 to 19
    assert answer(Said(CLIP[0], onset=9), run=changed).delay == 2
    assert answer(Said(CLIP[0], onset=9), run=changed, first_step=1).delay == 1
    assert answer(Said("x", onset=9), run=changed).delay is None
    assert answer(Said(CLIP[0], onset=9)).delay is None
    assert "| clip | 2 | 1 (0 to 2) |" in delays([answer(Said(CLIP[0], onset=onset), run=changed) for onset in (7, 9)])


def test_the_ledger_keeps_counts() -> None:
    said = [answer(Said(CLIP[0], confidence=0.8)), answer("x"), healthy(Said("x", confidence=0.4))]
    kept = figures(said)
    assert (kept["top_1"], kept["alarms"], kept["errors"]) == ("1/2", "1/1", "0/1")
    assert kept["calibration_error"] == pytest.approx(0.3)  # gaps of 0.2 and 0.4
    assert kept["brier_skill"] == pytest.approx(1 - (0.04 + 0.16) / 2 / 0.25)


def test_misses_name_what_was_said() -> None:
    text = misses([answer("a", "b"), answer(CLIP[0]), healthy(), healthy("c")])
    assert "| a, b |" in text
    assert "| c |" in text
    assert len(text.splitlines()) == 4


def test_confidence_is_counted_of_the_first_cause_or_of_all() -> None:
    both = [answer(Said("returns-not-normalized", confidence=0.9), Said("other", confidence=0.4), Said("unstated"))]
    assert Stated(both).right.tolist() == [True]
    every = Stated(both, None)
    assert every.right.tolist() == [True, False]
    assert every.p.tolist() == [0.9, 0.4]
