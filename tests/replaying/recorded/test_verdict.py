"""Words for updates, and verdicts from them."""

from __future__ import annotations

import dataclasses
import math

import pytest

from rundoctor.model.replay import Effect
from rundoctor.replaying.recorded.outcome import Outcome
from rundoctor.replaying.recorded.verdict import Limits, described, effect, words

CLIP = 0.2
GOOD = Outcome(
    critic_error_before=10.0,
    critic_error_after=8.0,
    critic_bias_after=0.0,
    value_clip_fraction=0.0,
    policy_kl=0.01,
    policy_share=0.5,
    policy_cosine=1.0,
    steps=100.0,
)
LAGS = dataclasses.replace(GOOD, critic_error_after=9.8, critic_bias_after=9.0)
STARVED = dataclasses.replace(GOOD, policy_share=0.01)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, {"critic tracks"}),
        ({"critic_error_after": 9.0}, {"critic tracks"}),
        ({"critic_error_after": 9.5}, set()),
        ({"critic_error_after": 9.5, "critic_bias_after": -9.0}, {"critic lags"}),
        ({"critic_error_after": 11.0}, set()),
        ({"critic_error_after": 11.1}, {"critic worsens"}),
        ({"policy_share": 0.09}, {"critic tracks", "policy starved"}),
        ({"policy_kl": 0.044}, {"critic tracks"}),
        ({"policy_kl": 0.046}, {"critic tracks", "policy oversteps"}),
        ({"policy_kl": 1e-4}, {"critic tracks", "policy stands still"}),
        ({"policy_kl": -1e-9}, {"critic tracks", "policy stands still"}),
        ({"policy_kl": math.nan}, {"diverged"}),
        ({"critic_error_after": math.inf}, {"diverged"}),
    ],
)
def test_words_begin_at_their_limits(changes: dict[str, float], said: set[str]) -> None:
    assert words(dataclasses.replace(GOOD, **changes), CLIP, Limits()) == said


@pytest.mark.parametrize(
    ("control", "arm", "verdict"),
    [
        (LAGS, GOOD, Effect.HELPS),
        (GOOD, LAGS, Effect.HURTS),
        (LAGS, STARVED, Effect.INCONCLUSIVE),
        (GOOD, GOOD, Effect.NO_DIFFERENCE),
        (LAGS, LAGS, Effect.NO_DIFFERENCE),
        (GOOD, dataclasses.replace(GOOD, critic_error_after=5.0), Effect.INCONCLUSIVE),
        (GOOD, dataclasses.replace(GOOD, policy_kl=0.02), Effect.INCONCLUSIVE),
        (GOOD, dataclasses.replace(GOOD, policy_cosine=0.5), Effect.INCONCLUSIVE),
        (GOOD, dataclasses.replace(GOOD, policy_kl=math.nan), Effect.HURTS),
        (LAGS, dataclasses.replace(GOOD, policy_kl=math.nan), Effect.HURTS),
    ],
)
def test_a_verdict_follows_from_the_faults(control: Outcome, arm: Outcome, verdict: Effect) -> None:
    assert effect([control] * 4, [arm] * 4, [CLIP] * 4, Limits(), same_returns=True) is verdict


def test_a_fault_counts_where_most_updates_have_it() -> None:
    half = [LAGS, LAGS, GOOD, GOOD]
    assert effect([LAGS] * 4, half, [CLIP] * 4, Limits(), same_returns=True) is Effect.HELPS
    assert effect([GOOD] * 4, half, [CLIP] * 4, Limits(), same_returns=True) is not Effect.HURTS


def test_two_updates_conclude_nothing() -> None:
    assert effect([LAGS] * 2, [GOOD] * 2, [CLIP] * 2, Limits(), same_returns=True) is Effect.INCONCLUSIVE


def test_another_discount_leaves_the_policys_faults_alone() -> None:
    assert effect([LAGS] * 4, [GOOD] * 4, [CLIP] * 4, Limits(), same_returns=False) is Effect.INCONCLUSIVE
    assert effect([LAGS] * 4, [STARVED] * 4, [CLIP] * 4, Limits(), same_returns=False) is Effect.HURTS


def test_the_note_counts_updates() -> None:
    said = [words(outcome, CLIP, Limits()) for outcome in (LAGS, GOOD, STARVED)]
    assert described(said) == "critic tracks 2/3, critic lags 1/3, policy starved 1/3"
    assert described([frozenset()]) == "nothing remarkable"
