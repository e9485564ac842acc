"""The value clip as the trainer applies it, against the error the critic still has to correct."""

from __future__ import annotations

from typing import NamedTuple

from rundoctor.facts import fact
from rundoctor.model import Evidence, Missing, Setting


class ValueClip(NamedTuple):
    """An active clip on the critic's change within one update."""

    epsilon: float
    relative: bool
    """True for a fraction of the old value, False for the critic's unit."""
    path: str
    where: str

    def over(self, error: float, limit: float) -> Evidence:
        """Its size beside that of the critic's error."""
        claim, rho = "value clip over the critic's error", self.epsilon / error
        return Evidence(claim=claim, observed=rho, relation="<", limit=limit, where=self.where)

    def holding(self, fraction: float, limit: float) -> Evidence:
        """The share of the values that it holds."""
        claim = "share of the values that the clip holds, median of the run"
        return Evidence(claim=claim, observed=fraction, relation=">=", limit=limit, where=self.where)


@fact
def active_value_clip(
    value_clip: Setting | Missing, clip_range_vf: Setting, value_clip_relative: Setting | Missing
) -> ValueClip | Missing:
    if isinstance(value_clip, Setting) and not value_clip.value:
        return Missing(reason=f"the value clip is off ({value_clip.path}, {value_clip.where})")
    if not isinstance(clip_range_vf.value, (int, float)) or clip_range_vf.value <= 0:
        return Missing(reason=f"the value clip is off ({clip_range_vf.path}, {clip_range_vf.where})")
    relative = isinstance(value_clip_relative, Setting) and bool(value_clip_relative.value)
    return ValueClip(float(clip_range_vf.value), relative, clip_range_vf.path, clip_range_vf.where)
