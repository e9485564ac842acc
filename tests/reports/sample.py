"""One report that every format renders: a sick run whose names and values try to break out of the format."""

from __future__ import annotations

import numpy as np

from rundoctor.model import (
    Config,
    Curve,
    Diagnosed,
    Diagnosis,
    Evidence,
    Input,
    NeedsCode,
    Patch,
    PatchEdit,
    Refused,
    Report,
    Run,
    Setting,
    Severity,
    Skipped,
    Verdict,
)

HOSTILE = (
    "[bold red]mark[/]up \x1b[31mred\x1b[0m\x07 <script>alert(1)</script> | `tick` ``` \u202eback *star* @you\nline"
)
CONFIG_PATH = "runs/[red]x/config.yaml"
UPDATES = np.arange(16)


def run() -> Run:
    """Return a run of sixteen updates whose loss rises and is once infinite."""
    loss = np.linspace(6460, 56130, 16)
    loss[9] = np.inf
    curves = {
        "loss": Curve.from_points("loss", UPDATES, loss, "loss_metrics.json"),
        "reward_mean": Curve.from_points("reward_mean", UPDATES, 40 - UPDATES, "loss_metrics.json"),
    }
    settings = {
        "clip_range_vf": Setting(
            name="clip_range_vf", path="trainer.value_clip_epsilon", value=0.2, where="config.yaml:212"
        ),
        "framework_note": Setting(name="framework_note", path="[/]", value=HOSTILE, where=HOSTILE, implied=True),
        "target_kl": Setting(name="target_kl", path="algorithm.target_kl", value=float("inf"), where="config.yaml:9"),
    }
    return Run(
        path="runs/[red]x",
        format="rundoctor",
        curves=curves,
        settings=settings,
        config=Config(file="config.yaml", path=CONFIG_PATH, text="", entries=()),
        inputs=(Input(file="loss_metrics.json", read=16, skipped=1, notes=(HOSTILE, "update 9: loss is inf")),),
    )


def cause(**changes: object) -> Diagnosed:
    """Return the first cause, with changes."""
    values: dict[str, object] = {
        "rule": "value-clip-too-tight",
        "severity": Severity.ERROR,
        "message": f"value clip 0.2 against a critic error of 431: {HOSTILE}",
        "evidence": (
            Evidence(
                claim="value clip over the critic's error",
                observed=0.000464,
                relation="<",
                limit=0.1,
                where="config.yaml:212",
            ),
            Evidence(claim=HOSTILE, observed=215572.0, relation="=", limit=215572.0, where=HOSTILE),
        ),
        "onset": 2,
        "rank": 1,
        "confidence": 0.61,
        "against": ("the reward rose in the first three updates",),
        "tied_with": ("returns-not-normalized",),
        "decide_by": ("log explained_variance per update",),
        "explains": ("loss-explosion", "critic-stalled"),
        "fixes": ("normalize-returns",),
    }
    return Diagnosed(**{**values, **changes})  # type: ignore[arg-type]


def symptom(rule: str, explained_by: tuple[str, ...]) -> Diagnosed:
    """Return a symptom."""
    seen = Evidence(claim="last level over first", observed=8.7, relation=">", limit=3.0, where="loss_metrics.json")
    return Diagnosed(
        rule=rule,
        severity=Severity.ERROR,
        message="it rises",
        evidence=(seen,),
        onset=3,
        explained_by=explained_by,
    )


def diagnosis() -> Diagnosis:
    """Return a diagnosis with something in every list."""
    second = cause(rule="returns-not-normalized", rank=2, confidence=None, tied_with=("value-clip-too-tight",))
    hazard = cause(rule="too-many-epochs", rank=None, severity=Severity.WARNING, explains=(), tied_with=(), onset=None)
    remark = Diagnosed(rule="duplicate-key", severity=Severity.REMARK, message=HOSTILE, where="config.yaml:40")
    return Diagnosis(
        verdict=Verdict.SICK,
        causes=(cause(), second),
        symptoms=(symptom("loss-explosion", ("value-clip-too-tight",)), symptom("reward-collapse", ())),
        hazards=(hazard,),
        remarks=(remark,),
        skipped=(
            Skipped(rule="policy-clip-too-wide", reason="approx_kl is not logged", enable="log approx_kl per update"),
            Skipped(rule="kl-blow-up", reason="approx_kl is not logged", enable="log approx_kl per update"),
        ),
        clear=("discount-too-low", "entropy-collapse"),
    )


def patch() -> Patch:
    """Return a patch of one key, one fix by hand and one that would do harm."""
    edit = PatchEdit(
        name="normalize_returns",
        path="trainer.normalize_returns",
        old=False,
        new=True,
        fix="normalize-returns",
        safety="same objective",
        why=f"returns near 8,800 {HOSTILE}",
    )
    diff = (
        "--- runs/[red]x/config.yaml\n+++ runs/[red]x/config.yaml\n@@ -1,3 +1,3 @@\n trainer:\n"
        "-  normalize_returns: false # ```\n+  normalize_returns: true # ```\n   note: [/bold]\n"
    )
    return Patch(
        edits=(edit,),
        diff=diff,
        needs_code=(NeedsCode(fix="separate-value-trunk", what="give the critic its own encoder"),),
        refused=(Refused(fix="widen-value-clip", reason="the trunk is shared: wider means worse"),),
        new_text="",
    )


def report() -> Report:
    """Return the shared report."""
    return Report(run=run(), diagnosis=diagnosis(), patch=patch(), version="0.1.0")


def healthy() -> Report:
    """Return a report without a finding."""
    found = Diagnosis(verdict=Verdict.HEALTHY, clear=("discount-too-low", "entropy-collapse"))
    return Report(run=run(), diagnosis=found, patch=Patch(), version="0.1.0")


def undetermined() -> Report:
    """Return a report on a run of which nothing is known."""
    found = Diagnosis(verdict=Verdict.UNDETERMINED, skipped=diagnosis().skipped)
    return Report(run=Run(path="empty", format="rundoctor"), diagnosis=found, patch=Patch(), version="0.1.0")
