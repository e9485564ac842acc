"""Widen the gradient-norm clip until Adam's epsilon no longer takes the step.

To the common 0.5, or to where a weight's gradient is a hundred times epsilon in a network that is wider.
"""

from __future__ import annotations

from rundoctor.facts.normalization import TANH_WIDTH
from rundoctor.fixes import fix, rounded
from rundoctor.model import Edit, Missing, Proposal, Safety, Setting

COMMON = 0.5
"""Default of Stable-Baselines3 and CleanRL."""
ADAM_EPSILON = 1e-5
"""Theirs, too."""
CLEAR = 100.0
"""Gradient of a weight over epsilon at which 99 % of the step is left."""


@fix(
    treats=("gradient-clip-too-tight",),
    safety=Safety.SAME_OBJECTIVE,
    order=1,
    by_hand="clip the gradient's norm at a larger value",
)
def propose(max_grad_norm: Setting, hidden_dim: Setting | Missing) -> Proposal:
    width = hidden_dim.value if isinstance(hidden_dim, Setting) else TANH_WIDTH
    root = (2 * width * width) ** 0.5
    target = max(COMMON, rounded(CLEAR * ADAM_EPSILON * root))
    if not max_grad_norm.value or not max_grad_norm.value < target:
        return Proposal(refused=f"the clip is {max_grad_norm.value or 0:g} already")
    now, then = (norm / root / ADAM_EPSILON for norm in (max_grad_norm.value, target))
    why = f"a weight's gradient is at most {now:.2g} x Adam's epsilon at {max_grad_norm.value:g}, {then:.3g} x "
    why += f"at {target:g}"
    return Proposal(edits=(Edit(name="max_grad_norm", value=target, why=why),))
