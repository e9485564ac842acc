"""What makes an update go too far: learning rate, epochs and policy clip, and how far it went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.policy import PolicyMotion
from rundoctor.facts.rewards import Progress
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Evidence, Missing, Run, Setting

KL_OF_USUAL_CLIP = 0.05
"""Largest KL an update of a healthy run has as its median, in nats: real runs with clip range 0.4 reach 0.06 to 0.14,
those with 0.2 stay below 0.05 (docs/limits.md); scaled by (clip range / 0.2)^2, as KL ~ (ratio - 1)^2 / 2."""
ONE_LEAP = 20.0
"""Single KL over that limit from which a calm median proves nothing: a policy may die in one update."""
ALL_ALONG = 0.95
"""Rank correlation with time of a reward that rises all along. Spinning Up's Ant learns at a clip fraction of 0.7
(docs/formats.md), HalfCheetah at 0.17 nat an update (benchmarks/corpus)."""
FAR = 0.5
"""KL of an update, in nats, from which a rising reward proves nothing: what the update was computed from is then hardly
what the new policy does. The largest of a development run that is the better for its steps is 0.24, the least of one
that they ruin 2.3."""
ALONE = 5.0
"""Value over its usual upper end up to which a knob does no harm by itself: CartPole, docking and foraging learn at a
rate of 3e-3 as at 1e-3 (benchmarks/corpus)."""
LOOKS_AHEAD = ("gamma", "gae_lambda")
"""Settings that decide what an advantage is: steps towards a wrong one look as long as steps that are too long."""
KNOBS = ("learning_rate", "n_epochs", "clip_range")


class StepExcess(NamedTuple):
    """How far the three knobs of the step leave their usual ranges, and whether the step is too long."""

    factors: Mapping[str, float]
    """Value over the upper end of the usual range, by knob; above 1 is outside."""
    kl: float | None
    """KL of an update, the larger one of its medians over the run and over its end; None where it is not logged."""
    peak_kl: float
    """Largest KL of any update, 0 where it is not logged."""
    kl_limit: float
    onset: int | None
    thrives: bool
    """Whether the reward rises all along: large steps that the policy is the better for."""
    elsewhere: tuple[str, ...]
    """What else is outside its usual range, in words: of ``LOOKS_AHEAD``."""

    def of(self, knob: str) -> float:
        """How many times the upper end of its usual range a knob has; 0 where the config does not say."""
        return self.factors.get(knob, 0.0)

    def usual(self, knob: str) -> float:
        """Upper end of a knob's usual range."""
        return _usual(knob)

    @property
    def too_far(self) -> bool:
        """Whether the log shows updates that go too far."""
        return self.kl is not None and self.kl > self.kl_limit

    @property
    def binding(self) -> bool:
        """Whether they do, and the policy is not the better for them."""
        return self.too_far and not self.thrives

    @property
    def calm(self) -> bool:
        """Whether the log shows that updates stay near, not one of them a leap."""
        return self.kl is not None and not self.too_far and self.peak_kl <= ONE_LEAP * self.kl_limit

    def motion_evidence(self, motion: PolicyMotion | Missing) -> tuple[Evidence, ...]:
        """The KL as evidence, where it is logged and too large."""
        if isinstance(motion, Missing) or self.kl is None or not self.too_far:
            return ()
        claim = motion.level_is_of
        return (Evidence(claim=claim, observed=self.kl, relation=">", limit=self.kl_limit, where=motion.where),)

    def against(self, knob: str) -> tuple[str, ...]:
        """What speaks against this knob: a calm KL, a worse sibling, another fault if it is near."""
        reasons = [f"KL of an update is {self.kl:.3g} nat, inside {self.kl_limit:.3g}"] if self.calm else []
        reasons += [f"{other} is further outside its usual range" for other in KNOBS if self._outdoes(other, knob)]
        reasons += self.elsewhere if self.of(knob) <= ALONE else ()
        return tuple(reasons)

    def _outdoes(self, other: str, knob: str) -> bool:
        """Whether another knob is the one to turn back first.

        A clip inside its range bounds much of what a rate or epochs beyond theirs do; nothing does where it is wide.
        """
        if other == "clip_range" and knob != other and self.of(other) > 1:
            return self.of(other) > self.of(knob) / ALONE
        return self.of(other) > 3 * self.of(knob)

    @property
    def decide_by(self) -> tuple[str, ...]:
        """What tells the three knobs apart."""
        return () if self.kl is not None else ("log approx_kl and clip_fraction per epoch of an update",)


def _usual(knob: str) -> float:
    return (HYPERPARAMETERS[knob].usual or (0.0, 1.0))[1]


@fact
def step_excess(
    run: Run,
    chosen_learning_rate: Setting | Missing,
    n_epochs: Setting | Missing,
    clip_range_in_force: Setting | Missing,
    target_kl: Setting | Missing,
    policy_motion: PolicyMotion | Missing,
    mean_progress: Progress | Missing,
) -> StepExcess:
    settings = {"learning_rate": chosen_learning_rate, "n_epochs": n_epochs, "clip_range": clip_range_in_force}
    factors = {name: setting.value / _usual(name) for name, setting in settings.items() if isinstance(setting, Setting)}
    limit = _kl_limit(clip_range_in_force, target_kl)
    level = None if isinstance(policy_motion, Missing) else policy_motion.level
    rises = isinstance(mean_progress, Progress) and mean_progress.improved and mean_progress.trend >= ALL_ALONG
    begins = None if isinstance(policy_motion, Missing) else signals.onset(policy_motion.curve.value > limit)
    return StepExcess(
        factors,
        kl=level,
        peak_kl=0.0 if isinstance(policy_motion, Missing) else policy_motion.peak,
        kl_limit=limit,
        onset=None if isinstance(policy_motion, Missing) or begins is None else int(policy_motion.curve.step[begins]),
        thrives=rises and (level is None or level <= FAR),
        elsewhere=tuple(_short_sighted(run)),
    )


def _short_sighted(run: Run) -> Iterator[str]:
    for name in LOOKS_AHEAD:
        setting, usual = run.settings.get(name), HYPERPARAMETERS[name].usual
        if setting is not None and usual is not None and setting.value < usual[0]:
            yield f"{name} {setting.value:g} is below its usual range, too"


def _kl_limit(clip_range: Setting | Missing, target_kl: Setting | Missing) -> float:
    usual = _usual("clip_range")
    clip = min(max(clip_range.value, 0.0), usual) if isinstance(clip_range, Setting) else 0.2
    limit = KL_OF_USUAL_CLIP * max(1.0, (clip / 0.2) ** 2)
    stop = target_kl.value if isinstance(target_kl, Setting) and target_kl.value else 0.0
    return max(limit, 2 * stop)
