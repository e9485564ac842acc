"""How well replays predict what real training found: the statistics, for one case at a time.

A case is a sick run. Its truth is the score of every arm by seed, in pairs: the same seed is the same first network and
the same environments in each arm. The unit of differences is the healthy run's improvement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import stats

CONTROL = "control"
HARM = -0.05
"""Share of the healthy improvement below which a difference to the control counts as harm."""


@dataclass(frozen=True)
class Truth:
    """Real training of one case."""

    name: str
    scores: Mapping[str, np.ndarray]
    """By arm, the control among them; by seed, in the same order. [S]."""
    unit: float
    """Healthy score less untrained score."""

    def difference(self, arm: str, other: str) -> np.ndarray:
        """By seed, in units. [S]."""
        return (self.scores[arm] - self.scores[other]) / self.unit

    def decided(self) -> Iterator[tuple[str, str]]:
        """The pairs of arms that the training tells apart, the better one first."""
        for pair in combinations(self.scores, 2):
            low, high = paired_interval(self.difference(*pair))
            if low > 0:
                yield pair
            elif high < 0:
                yield pair[1], pair[0]

    def harmful(self) -> list[str]:
        """The fixes that really hurt."""
        fixes = (arm for arm in self.scores if arm != CONTROL)
        return [arm for arm in fixes if paired_interval(self.difference(arm, CONTROL))[1] < HARM]

    def regret(self, arm: str) -> float:
        """How much better the best arm is, in units; leaving the run alone is an arm as well."""
        means = {name: scores.mean() for name, scores in self.scores.items()}
        return float((max(means.values()) - means[arm]) / self.unit)


@dataclass(frozen=True)
class Prediction:
    """What a replay said of one case."""

    means: Mapping[str, float]
    """Predicted difference to the control, by fix."""
    verdicts: Mapping[str, str]

    def of(self, arm: str) -> float | None:
        """Predicted difference of an arm; None where the replay did not say."""
        return 0.0 if arm == CONTROL else self.means.get(arm)


@dataclass(frozen=True)
class Verdict:
    """One case, judged."""

    case: str
    decided: int
    """Pairs that the training tells apart."""
    answered: int
    """Those among them that the replay ranks."""
    agreed: int
    ceiling: float
    """Share of the decided pairs that one half of the seeds ranks as the other half does; NaN without such pairs."""
    choice: str
    """Empty where the replay has no answer."""
    regret: float
    """NaN where the replay has no answer."""
    blind_regret: float
    """Mean regret of a fix that is drawn by lot."""
    harmful: int
    called_helpful: tuple[str, ...]
    """Harmful fixes that the replay calls helpful."""


def judge(truth: Truth, prediction: Prediction) -> Verdict:
    """Hold a replay against the training."""
    decided = list(truth.decided())
    ranked = [(prediction.of(better), prediction.of(worse)) for better, worse in decided]
    known = [(one, other) for one, other in ranked if one is not None and other is not None]
    choice = first_choice(truth, prediction)
    harmful = truth.harmful()
    fixes = [arm for arm in truth.scores if arm != CONTROL]
    return Verdict(
        case=truth.name,
        decided=len(decided),
        answered=len(known),
        agreed=sum(better > worse for better, worse in known),
        ceiling=float(np.mean([split_half(truth.difference(*pair)) for pair in decided])) if decided else float("nan"),
        choice=choice,
        regret=truth.regret(choice) if choice else float("nan"),
        blind_regret=float(np.mean([truth.regret(arm) for arm in fixes])),
        harmful=len(harmful),
        called_helpful=tuple(arm for arm in harmful if prediction.verdicts.get(arm) == "helps"),
    )


def first_choice(truth: Truth, prediction: Prediction) -> str:
    """The trained arm with the highest prediction, the control where no fix is predicted to be better."""
    said = {arm: mean for arm in truth.scores if (mean := prediction.of(arm)) is not None}
    return max(said, key=lambda arm: said[arm]) if len(said) > 1 else ""


def paired_interval(differences: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """Student's interval of the mean of paired differences."""
    count, mean = len(differences), float(differences.mean())
    half = float(stats.t.ppf((1 + level) / 2, count - 1) * differences.std(ddof=1) / count**0.5)
    return mean - half, mean + half


def split_half(differences: np.ndarray) -> float:
    """Share of the ways to halve the seeds in which both halves have the difference on the same side of zero."""
    seeds = range(len(differences))
    halves = [list(half) for half in combinations(seeds, len(differences) // 2)]
    same = [differences[half].mean() * np.delete(differences, half).mean() > 0 for half in halves]
    return float(np.mean(same))


def share_interval(hits: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Clopper-Pearson interval of a share."""
    tail = (1 - level) / 2
    low = float(stats.beta.ppf(tail, hits, trials - hits + 1)) if hits else 0.0
    high = float(stats.beta.ppf(1 - tail, hits + 1, trials - hits)) if hits < trials else 1.0
    return low, high
