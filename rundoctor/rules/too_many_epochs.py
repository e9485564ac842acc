"""Too many passes over each rollout.

What
    n_epochs lies above the usual range, so that each rollout is used until the policy has left the data.

Why
    The surrogate is right only near the policy that collected the data. Each further epoch moves away from it; the KL
    grows with the epochs, and samples whose ratio has left the range no longer pull back.

Evidence
    Epochs against the usual range; approximate KL of an update.

Stays silent
    Epochs inside the usual range. Many are a hazard where the KL is calm, as under a KL stop, and, without a symptom,
    where the reward rises all along.

References
    openai/baselines#975: KL climbs epoch by epoch within one update, 0.017, 1.76, 3.79, 4.34, 4.47.
    Unity ML-Agents, Training-Configuration-File.md (03e51f4): 3 to 10 epochs, fewer for more stable updates.
    huggingface/trl#232: spikes of KL and loss, alleviated by fewer epochs.
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

    beyond_usual: float = 1.0
    """Epochs over the upper end of the usual range, 30 (the default of RLlib)."""


@rule(severity=Severity.WARNING, explains=("kl-blow-up", "reward-collapse", "reward-unstable", "entropy-collapse"))
def check(
    n_epochs: Setting, step_excess: StepExcess, policy_motion: PolicyMotion | Missing, limits: Limits = Limits()
) -> Iterator[Finding]:
    excess = step_excess.of("n_epochs")
    if not excess > limits.beyond_usual:
        return
    yield Finding(
        message=f"{n_epochs.value:g} epochs over each rollout are {excess:.3g} times the usual upper end",
        evidence=(
            Evidence(
                claim="epochs, against the usual upper end",
                observed=n_epochs.value,
                relation=">",
                limit=limits.beyond_usual * step_excess.usual("n_epochs"),
                where=n_epochs.where,
            ),
            *step_excess.motion_evidence(policy_motion),
        ),
        onset=step_excess.onset,
        binding=step_excess.binding,
        acquitted=step_excess.calm,
        about="n_epochs",
        against=step_excess.against("n_epochs"),
        decide_by=step_excess.decide_by,
    )
