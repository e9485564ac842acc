"""Does the unchanged run show the user's symptoms on a task: its log goes through the same rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from rundoctor.diagnosis import diagnose
from rundoctor.model import Curve, Diagnosis, Run
from rundoctor.replaying.training.closed_loop import History

MAJORITY = 0.5
"""Share of the seeds that have to show a symptom, and share of the symptoms that have to be shown."""
SOURCE = "replay"


@dataclass(frozen=True, slots=True)
class Target:
    """What the unchanged run has to show."""

    symptoms: tuple[str, ...]
    """Those that the first cause explains; all that were found where there is no cause."""
    cause: str
    """The first cause, empty where none was found."""

    @property
    def wanted(self) -> tuple[str, ...]:
        """The symptoms, or the cause where it explains none."""
        return self.symptoms or ((self.cause,) if self.cause else ())


def target_of(diagnosis: Diagnosis) -> Target:
    """What is to be reproduced of a diagnosis."""
    first = diagnosis.causes[0] if diagnosis.causes else None
    if first is None:
        return Target(tuple(symptom.rule for symptom in diagnosis.symptoms), "")
    return Target(first.explains, first.rule)


def compared(target: Target, diagnoses: Sequence[Diagnosis]) -> tuple[bool, str]:
    """Whether enough of the target is shown by enough seeds, and how much by how many."""
    shown = {name: _share(name, diagnoses) for name in target.wanted}
    enough = [name for name, share in shown.items() if share >= MAJORITY]
    told = ", ".join(
        f"{name} in {round(share * len(diagnoses))} of {len(diagnoses)} seeds" for name, share in shown.items()
    )
    return bool(shown) and len(enough) >= MAJORITY * len(shown), told


def _share(name: str, diagnoses: Sequence[Diagnosis]) -> float:
    shown = [any(found.rule == name for found in (*one.causes, *one.symptoms)) for one in diagnoses]
    return sum(shown) / len(shown)


def diagnoses_of(history: History, candidates: Sequence[int], like: Run, vf_coef: float) -> list[Diagnosis]:
    """Diagnose candidates by the curves that the user's own log has."""
    curves = _curves(history, vf_coef)
    return [diagnose(_run(like, {name: rows[:, c] for name, rows in curves.items()})) for c in candidates]


def _run(like: Run, curves: dict[str, np.ndarray]) -> Run:
    logged = set(like.curves) | {"reward_mean", "episode_length"}
    kept = {
        name: Curve.from_points(name, range(len(values)), values, SOURCE)
        for name, values in curves.items()
        if name in logged
    }
    kept = {name: curve for name, curve in kept.items() if len(curve) + len(curve.broken)}
    return replace(like, path=SOURCE, curves=kept, episodes=None, sessions=())


def _curves(history: History, vf_coef: float) -> dict[str, np.ndarray]:
    """By canonical metric, [updates, C]."""
    seen = history.diagnostics

    def rows(name: str) -> Tensor:
        return torch.stack([getattr(one, name) for one in seen])

    weighted = rows("critic_loss")
    kl = torch.stack([one.kl.nanmean(1) for one in seen])
    curves = {
        "reward_mean": _filled(torch.stack(history.rewards)),
        "episode_length": _filled(torch.stack(history.lengths)),
        "loss": rows("policy_loss") + weighted,
        "policy_loss": rows("policy_loss"),
        "value_loss": weighted / vf_coef if vf_coef else weighted,
        "approx_kl": kl,
        "entropy": rows("entropy"),
        "clip_fraction": rows("clip_fraction"),
        "value_clip_fraction": rows("value_clip_fraction"),
        "explained_variance": rows("explained_variance")[..., 0],
    }
    return {name: values.cpu().double().numpy() for name, values in curves.items()}


def _filled(rows: Tensor) -> Tensor:
    """Updates in which no episode ended repeat the one before."""
    rows = rows.clone()
    for k in range(1, len(rows)):
        rows[k] = torch.where(rows[k].isnan(), rows[k - 1], rows[k])
    return rows
