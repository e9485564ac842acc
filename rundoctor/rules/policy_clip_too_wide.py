"""The policy clip range is so wide that next to nothing bounds an update.

What
    clip_range lies above the usual 0.05 to 0.4 by more than a quarter.

Why
    The clip is PPO's only trust region. At a range of 1 and more the ratio may fall to zero or double before a sample
    loses its gradient, so an update goes as far as learning rate and epochs carry it.

Evidence
    Clip range against the usual range; approximate KL of an update.

Stays silent
    Ranges up to 0.5. A wider one is a hazard where the KL is calm, and, without a symptom, where the reward rises all
    along.

References
    Spinning Up, algorithms/ppo.rst (2092113): epsilon says roughly how far the new policy may go from the old.
    Unity ML-Agents, Training-Configuration-File.md (03e51f4): 0.1 to 0.3.
    Stable-Baselines3 2.9.2, ppo/ppo.py: clip_range 0.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.policy import PolicyMotion
from rundoctor.facts.step_size import StepExcess
from rundoctor.model import Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    beyond_usual: float = 1.25
    """Range over the upper end of the usual one, 0.4: no published config goes beyond that, and at 0.5 the ratio may
    halve before it is clipped."""


@rule(severity=Severity.ERROR, explains=("kl-blow-up", "reward-collapse", "reward-unstable", "entropy-collapse"))
def check(
    clip_range_in_force: Setting,
    step_excess: StepExcess,
    policy_motion: PolicyMotion | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    excess = step_excess.of("clip_range")
    if not excess > limits.beyond_usual:
        return
    yield Finding(
        message=f"policy clip range {clip_range_in_force.value:g}: the clip of the ratio bounds next to nothing",
        evidence=(
            Evidence(
                claim=f"clip range, against {limits.beyond_usual:g} times the usual upper end",
                observed=clip_range_in_force.value,
                relation=">",
                limit=limits.beyond_usual * step_excess.usual("clip_range"),
                where=clip_range_in_force.where,
            ),
            *step_excess.motion_evidence(policy_motion),
        ),
        onset=step_excess.onset,
        binding=step_excess.binding,
        acquitted=step_excess.calm,
        about="clip_range",
        against=step_excess.against("clip_range"),
        decide_by=step_excess.decide_by,
    )
