"""The last session of a resumed run: task, reward and config may have changed where it starts."""

from __future__ import annotations

from rundoctor.model import Curve, Run

LEAST_SESSION = 8
"""Fewest updates of a session that can be judged by itself."""


def latest(run: Run, curve: Curve) -> Curve:
    """Return the curve from the last session's start on, or all of it where that session is too short."""
    inside = curve.step >= (run.sessions[-1] if run.sessions else 0)
    if not run.sessions or inside.sum() < LEAST_SESSION:
        return curve
    return Curve.from_points(curve.name, curve.step[inside], curve.value[inside], curve.source)
