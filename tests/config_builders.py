"""Configs and patches for the tests of settings, patching and the patched file."""

from __future__ import annotations

from pathlib import Path

from rundoctor.frameworks import framework_named
from rundoctor.model import Edit, Fix, Patch, Proposal, Run, Safety
from rundoctor.patching import make_patch
from rundoctor.readers.config_yaml import read
from rundoctor.settings import read_settings

NATIVE = """\
# of this run
trainer:
  learning_rate: 0.0003   # tuned
  update_epochs: 4
  minibatch_size: 64
  enable_value_clipping: true
  value_clip_epsilon: 0.2 \x20
environment: {reward_weights: {up: 1.0, 'centre': 1000.0}, id: "CartPole"}
actor_critic:
  action_parameter_bounds: {gamma: [0.5, 15.0]}
algorithm: {gamma: 0.99, gae_lambda: 0.95,
   clip_epsilon: 0.2, target_kl: , max_grad_norm: ~}
"""


def fix(name: str = "a-fix") -> Fix:
    return Fix(
        name=name,
        doc="",
        treats=(),
        offered_for=(),
        tested_for=(),
        goes_with=(),
        safety=Safety.SAME_OBJECTIVE,
        order=1,
        by_hand="by hand",
        needs=(),
        propose=lambda: Proposal(),
    )


def load(path: Path, text: str | bytes, framework: str = "rundoctor") -> Run:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    part = read(path)
    assert part.config is not None, part.input.notes
    found = read_settings(part.config, framework_named(framework))
    return Run(path=str(path.parent), format=framework, config=part.config, settings=found)


def patched(run: Run, **values: object) -> Patch:
    edits = tuple(Edit(name=name, value=value, why="because") for name, value in values.items())
    return make_patch(run, [(fix(), Proposal(edits=edits))], framework_named(run.format))
