"""What is different where the policy is a language model and an episode is one answer.

TRL 1.16.0, trainer/grpo_trainer.py and trainer/rloo_trainer.py: both log the length of the answers and, since an answer
is compared with others to the same question in place of a critic's value, the share of questions whose answers were all
paid alike.
"""

from __future__ import annotations

from rundoctor.facts import fact
from rundoctor.model import Run


@fact
def writes_answers(run: Run) -> bool:
    """Whether a trained language model is trained on: its rates and its KL, of a token, have sizes of their own."""
    return bool({"answer_length", "kl_to_reference", "groups_paid_alike"} & run.curves.keys())


@fact
def learns_critic(run: Run) -> bool:
    """Whether there is a value function; GRPO and RLOO have none."""
    return "groups_paid_alike" not in run.curves
