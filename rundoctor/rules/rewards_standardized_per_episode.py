"""Rewards are standardised within each episode, which makes all episodes worth the same.

What
    Per-episode standardisation of rewards is on, and the critic's error shows that it is in force.

Why
    After subtracting an episode's own mean its rewards sum to zero, whatever was done in it. What tells a good episode
    from a bad one is gone; what is left is which steps of one episode were better than the others.

Evidence
    The setting; a critic error far below the size of the logged returns.

Stays silent
    The setting off; a critic error in raw units, which shows that nothing obeys it; returns that are normalised by
    another setting, which look the same.

References
    rl-durotaxis, config.yaml: reward_normalization.enable_per_episode_norm with normalization_method zscore.
    Engstrom et al. 2020, arXiv:2005.12729: rewards are divided by a running deviation, no mean is subtracted.
"""

from __future__ import annotations

from collections.abc import Iterator

from rundoctor.facts.normalization import RAW_RELATIVE_ERROR, ReturnUnit
from rundoctor.facts.rewards import ReturnScale
from rundoctor.model import Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


@rule(severity=Severity.ERROR, explains=("no-learning", "reward-collapse", "critic-stalled"))
def check(
    normalize_rewards_per_episode: Setting,
    return_unit: ReturnUnit,
    return_scale: ReturnScale,
    normalize_returns: Setting | Missing,
) -> Iterator[Finding]:
    other = isinstance(normalize_returns, Setting) and bool(normalize_returns.value)
    if not normalize_rewards_per_episode.value or return_unit.raw is not False or other:
        return
    claim = "critic's first error over the size of the logged returns"
    ratio = return_unit.first_error.high / return_scale.first().low
    where = f"{normalize_rewards_per_episode.where}, {return_unit.where}"
    yield Finding(
        message=f"{normalize_rewards_per_episode.path} makes every episode's rewards sum to zero",
        evidence=(Evidence(claim=claim, observed=ratio, relation="<", limit=RAW_RELATIVE_ERROR, where=where),),
        binding=True,
        about="normalize_rewards_per_episode",
    )
