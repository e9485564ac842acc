"""Train the critic on returns scaled by a running deviation.

Rewards are divided by the running standard deviation of their discounted sum, or targets by running statistics with
the values brought back to reward units before GAE (Stable-Baselines3 2.9.2, common/vec_env/vec_normalize.py; Tianshou
2.0.1, algorithm/modelfree/a2c.py). It helps often and may hurt, so a replay is worth its minute.
"""

from __future__ import annotations

from rundoctor.facts.normalization import ReturnUnit
from rundoctor.fixes import fix
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting


@fix(
    treats=("returns-not-normalized", "value-clip-too-tight", "value-loss-clamped"),
    offered_for=("advantages-not-normalized", "component-dominates"),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="divide rewards by the running standard deviation of their discounted sum, in the code path that computes "
    "the returns the critic is trained on",
)
def propose(normalize_returns: Setting | Missing, return_unit: ReturnUnit | Missing) -> Proposal:
    if isinstance(normalize_returns, Setting) and normalize_returns.value:
        if isinstance(return_unit, ReturnUnit) and return_unit.contradicted:
            on = f"{normalize_returns.path} is on already, and the log shows that it has no effect"
            return Proposal(refused=f"{on}: find the code that should obey it")
        return Proposal(refused=f"{normalize_returns.path} is on already ({normalize_returns.where})")
    why = "the critic's error is in raw reward units; scaled targets are within reach in a few updates"
    return Proposal(edits=(Edit(name="normalize_returns", value=True, why=why),))
