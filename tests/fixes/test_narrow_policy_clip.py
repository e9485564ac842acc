from __future__ import annotations

from tests.builders import check_proposes, check_refuses, flat, learning, proposed, run

FIX = "narrow-policy-clip"


def test_proposes_the_range_that_bounds_the_kl() -> None:
    edit = check_proposes(FIX, run({"clip_range": 2.0}))
    assert (edit.name, edit.value) == ("clip_range", 0.2)
    assert "allows a KL of about 2 nat, 0.2 allows 0.02" in edit.why


def test_says_how_far_updates_went() -> None:
    assert "0.6, 30 times that" in check_proposes(FIX, learning({"clip_range": 2.0}, approx_kl=flat(0.6))).why
    assert "80.3, 4,000 times that" in check_proposes(FIX, learning({"clip_range": 10.7}, approx_kl=flat(80.3))).why


def test_brings_a_rate_beyond_the_usual_range_back_with_it() -> None:
    proposal = proposed(FIX, learning({"clip_range": 2.0, "learning_rate": 0.01}, approx_kl=flat(3.0)))
    assert [(edit.name, edit.value) for edit in proposal.edits] == [("clip_range", 0.2), ("learning_rate", 3e-4)]
    check_proposes(FIX, learning({"clip_range": 2.0, "learning_rate": 1e-3}, approx_kl=flat(3.0)))


def test_refused_when_the_range_is_narrow_already() -> None:
    assert "0.2 already" in check_refuses(FIX, run({"clip_range": 0.2}))


def test_refused_when_the_range_is_unknown() -> None:
    check_refuses(FIX, run())
