"""A reward component is never anything but zero.

What
    A component is computed in every episode and is exactly zero in all of them.

Why
    A key that does not match, a condition that is never met or a weight of zero: the agent is not told what the config
    says it is told. If the component was the goal, nothing points there.

Evidence
    Steps on which it was present and different from zero, none; its weight in the config.

Stays silent
    Components with count 0, which were absent; components that are zero in some episodes only; weights set to zero.

References
    openai/large-scale-curiosity#20: the reward never rises, as its coefficient was set to 0.
    isaac-sim/IsaacLab#1955: a reward term that is used, and nothing happens.
"""

from __future__ import annotations

from collections.abc import Iterator

from rundoctor.facts.components import ComponentUse
from rundoctor.model import Evidence, Finding, Missing, Run, Setting, Severity
from rundoctor.rules import rule


@rule(severity=Severity.WARNING, explains=("no-learning",))
def check(
    run: Run,
    component_use: dict[str, ComponentUse],
    component_weights: Setting | Missing,
    reward_weights: Setting | Missing,
) -> Iterator[Finding]:
    source = run.episodes.source if run.episodes else ""
    for name, use in component_use.items():
        if use.silent and not _switched_off(name, component_weights, reward_weights):
            claim = f"largest size of {name} in {len(use.step)} updates"
            proof = Evidence(claim=claim, observed=0.0, relation="=", limit=0.0, where=source)
            yield Finding(message=f"{name} is zero in every episode", evidence=(proof,), binding=False)


def _switched_off(name: str, *weights: Setting | Missing) -> bool:
    return any(
        isinstance(setting, Setting) and isinstance(setting.value, dict) and setting.value.get(name) == 0
        for setting in weights
    )
