"""A tiny contest: four fixes and a random arm beside the frame."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import Any

from rundoctor.model.replay import Arm
from rundoctor.ppo.config import Activation
from rundoctor.replaying.arms.controls import controls
from rundoctor.replaying.arms.mechanism import mechanism
from rundoctor.replaying.arms.plan import Plan
from rundoctor.replaying.contest import Entry, held
from rundoctor.replaying.judging.reproduction import Target
from rundoctor.replaying.judging.scores import Seen
from rundoctor.replaying.training.crew import Crew
from tests.builders import learning
from tests.replaying.lanes import MAKE

VALUES = {
    **mechanism(learning({"normalize_returns": False}), {}).values,
    "n_epochs": 4,
    "batch_size": 16,
    "learning_rate": 3e-3,
}
FIXES = [
    Plan(name="normalize-returns", arm=Arm.FIX, values=VALUES, edits={"normalize_returns": True}),
    Plan(name="separate-value-trunk", arm=Arm.FIX, values=VALUES, edits={"shared_trunk": True}),
    Plan(name="reduce-epochs", arm=Arm.FIX, values=VALUES, edits={"n_epochs": 2}),
    Plan(name="loosen-gradient-norm", arm=Arm.FIX, values=VALUES, edits={"max_grad_norm": 5.0}),
]
PLANS = (*controls(FIXES, VALUES, 4, seed=0), *FIXES)


def entry(seeds: int = 2, updates: int = 4, target: Target | None = None, **changed: Any) -> Entry:
    made = Entry(
        name="survival",
        label="survival",
        make=partial(MAKE.func, **{**MAKE.keywords, "environments": 4}),
        plans=PLANS,
        like=learning(),
        target=target,
        value_clip_form="max",
        reward_scale=1.0,
        hidden=(8,),
        activation=Activation.TANH,
        seeds=seeds,
        updates=updates,
        steps=16,
        judges=4,
        seed=0,
    )
    return replace(made, **changed)


def shown(seen: list[Seen]) -> dict[str, Any]:
    """What a contest showed, as values that can be compared."""
    scores = seen[0].scores
    by_arm = {} if scores is None else {name: (scores.at[name], *row) for name, row in scores.by_arm.items()}
    return {"reproduced": seen[0].reproduced, "why": seen[0].why, "by_arm": by_arm}


def interrupted(processes: int) -> None:
    """Say when Ctrl-C may come, train for long, and print what is known when it ends."""
    with Crew(processes, lambda made: None) as crew:
        print("begun", flush=True)
        seen = held([entry(updates=100_000)], crew)
    print(seen[0].why, flush=True)


if __name__ == "__main__":
    interrupted(int(sys.argv[1]))
