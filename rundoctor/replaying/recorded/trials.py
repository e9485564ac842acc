"""From what the updates showed to the trials of a recorded replay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rundoctor.model.replay import Arm, Trial
from rundoctor.ppo.config import Config, Returns
from rundoctor.replaying.recorded.candidate import Candidate
from rundoctor.replaying.recorded.fidelity import Fidelity
from rundoctor.replaying.recorded.outcome import Outcome
from rundoctor.replaying.recorded.verdict import Limits, described, effect, medians, words


@dataclass(frozen=True)
class Judged:
    """One update under the control and the candidates, in this order."""

    clip_range: float
    fidelity: Fidelity
    outcomes: tuple[Outcome, ...]


def trials(judged: Sequence[Judged], arms: Sequence[Candidate], base: Config, limits: Limits) -> Iterator[Trial]:
    clips = [one.clip_range for one in judged]
    control, *others = ([one.outcomes[row] for one in judged] for row in range(len(arms) + 1))
    closest = {
        "loss_difference_relative": max(one.fidelity.losses for one in judged),
        "parameter_difference": max(one.fidelity.parameters for one in judged),
        "updates_reproduced": float(len(judged)),
    }
    note = _note(control, clips, limits)
    yield Trial(fix="control", arm=Arm.CONTROL, outcomes=medians(control) | closest, note=note)
    for arm, outcomes in zip(arms, others, strict=True):
        same_returns = (arm.config.gamma, arm.config.gae_lambda) == (base.gamma, base.gae_lambda)
        note = _note(outcomes, clips, limits)
        yield Trial(
            fix=arm.name,
            arm=arm.arm,
            changes=arm.changes,
            verdict=effect(control, outcomes, clips, limits, same_returns=same_returns),
            outcomes=medians(outcomes),
            note=note if same_returns else f"{note}; its returns are not the recorded ones: its critic is not judged",
        )


def _note(outcomes: Sequence[Outcome], clips: Sequence[float], limits: Limits) -> str:
    return described([words(outcome, clip, limits) for outcome, clip in zip(outcomes, clips, strict=True)])


def assumptions(arms: Sequence[Candidate]) -> Iterator[str]:
    yield "rewards are those that the trainer's advantage estimate read, after any wrapper"
    yield "an order of samples that was not recorded is drawn at random"
    if any(arm.config.returns is Returns.RUNNING for arm in arms):
        yield "a running return scale is that of each rollout alone; the critic says the recorded values in its unit"
