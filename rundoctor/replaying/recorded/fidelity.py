"""How closely the control came to what the trainer logged and to where it arrived."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rundoctor.ppo.diagnostics import Diagnostics
from rundoctor.replaying.recorded.outcome import Replayed
from rundoctor.replaying.recorded.update import RecordedUpdate

TOLERANCE = 1e-4
"""Of losses, as a share of max(1, |logged|), and of parameters. Rounding in single precision leaves about 1e-6 after
some hundred steps; where it puts a sample on the other side of a clip, or of a ReLU's kink, the two part by 1e-3."""
SHARE = 0.1
"""A difference must also be small beside what the update moved, or a replay that did nothing would reproduce a run with
a tiny learning rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fidelity:
    """How one update was reproduced."""

    losses: float
    """Largest |ours - logged| of the logged losses, as a share of max(1, |logged|)."""
    parameters: float
    """Largest |ours - recorded| of the parameters after the update."""
    moved: float
    """Largest change of a parameter by the recorded update."""
    logged: int
    """Losses that were logged."""

    @property
    def reproduced(self) -> bool:
        near = self.parameters <= TOLERANCE and self.parameters <= SHARE * self.moved
        return near and self.losses <= TOLERANCE

    def __str__(self) -> str:
        losses = f"losses to {self.losses:.1g} of their size" if self.logged else "no losses logged"
        return f"{losses}, next parameters to {self.parameters:.1g} where the update moved them by {self.moved:.1g}"


def fidelity(update: RecordedUpdate, replayed: Replayed, control: int) -> Fidelity:
    """Compare the candidate in row ``control`` with the record."""
    ours = _losses(update, replayed.told, control)
    logged = {name: value for name, value in update.metrics.items() if name in ours}
    off = [abs(ours[name] - value) / max(1.0, abs(value)) for name, value in logged.items()]
    return Fidelity(
        losses=max((math.inf if math.isnan(share) else share for share in off), default=0.0),
        parameters=float((replayed.theta[control] - update.after).abs().max()),
        moved=float((update.after - update.before).abs().max()),
        logged=len(logged),
    )


def _losses(update: RecordedUpdate, told: Diagnostics, row: int) -> dict[str, float]:
    """Means over minibatches, by the recorder's names; the core reports the terms with their weights."""
    policy, critic, entropy = (float(x[row]) for x in (told.policy_loss, told.critic_loss, told.entropy))
    found = {"loss": policy + critic, "policy_loss": policy + update.config.ent_coef * entropy, "entropy": entropy}
    if update.config.vf_coef:
        found["value_loss"] = critic / update.config.vf_coef
    return found
