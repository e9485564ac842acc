"""Train the critic on returns scaled by a running deviation.

Rewards are divided by the running standard deviation of their discounted sum, or targets by running statistics with
the values brought back to reward units before GAE (Stable-Baselines3 2.9.2, common/vec_env/vec_normalize.py; Tianshou
2.0.1, algorithm/modelfree/a2c.py). It helps often and may hurt, so a replay is worth its minute.
"""

from __future__ import annotations

from rundoctor.facts.critic import CriticError
from rundoctor.facts.normalization import CriticTravel, ReturnUnit
from rundoctor.fixes import fix
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting


@fix(
    treats=("returns-not-normalized", "value-clip-too-tight", "value-loss-clamped", "advantages-not-normalized"),
    offered_for=("component-dominates",),
    safety=Safety.NEW_OBJECTIVE,
    order=1,
    by_hand="divide rewards by the running standard deviation of their discounted sum, in the code path that computes "
    "the returns the critic is trained on",
)
def propose(
    normalize_returns: Setting | Missing,
    return_unit: ReturnUnit | Missing,
    critic_error: CriticError | Missing,
    critic_travel: CriticTravel | Missing,
) -> Proposal:
    if isinstance(normalize_returns, Setting) and normalize_returns.value:
        if isinstance(return_unit, ReturnUnit) and return_unit.contradicted:
            on = f"{normalize_returns.path} is on already, and this log shows no effect of it"
            return Proposal(refused=f"{on}: train with it, or find the code that should obey it")
        return Proposal(refused=f"{normalize_returns.path} is on already ({normalize_returns.where})")
    far = _distance(critic_error, critic_travel)
    why = f"{far}; scaled targets are about 1 away" if far else "scaled returns are of size 1 in any unit of reward"
    return Proposal(edits=(Edit(name="normalize_returns", value=True, why=why),))


def _distance(error: CriticError | Missing, travel: CriticTravel | Missing) -> str:
    """How far the critic still has to go, as far as the log shows it."""
    if isinstance(error, Missing):
        return ""
    if isinstance(travel, Missing) or not travel.per_update > 0:
        return f"the critic errs by {error.last()} in raw reward units"
    return f"the critic errs by {error.last()} and moves by about {travel.per_update:.3g} an update"
