"""Records a run of a Hugging Face trainer, TRL's among them: ``Trainer(..., callbacks=[RecordingCallback("runs/a")])``.

Each row that the trainer logs of its training becomes an update of the recorder's ``loss_metrics.json``, in canonical
names and factors (``rundoctor/frameworks/trl.py``); what has no canonical name keeps its own. Rows of evaluations and
the summary at the end are left out. The run is diagnosed while it trains, see ``rundoctor/integrations/live.py``.

GRPO and RLOO have no critic, and a language model's learning rate and KL per token have sizes of their own: rules that
speak of these are skipped, with the reason. Recorded updates for a replay are not written.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any

from transformers import TrainerCallback

from rundoctor.frameworks.native import FRAMEWORK as OURS
from rundoctor.frameworks.trl import FRAMEWORK as THEIRS
from rundoctor.integrations.live import LiveDiagnosis
from rundoctor.recording import RunRecorder

SETTINGS = {
    "learning_rate": "learning_rate",
    "max_grad_norm": "max_grad_norm",
    "num_iterations": "n_epochs",
    "num_ppo_epochs": "n_epochs",
    "epsilon": "clip_range",
    "cliprange": "clip_range",
    "cliprange_value": "clip_range_vf",
    "vf_coef": "vf_coef",
    "gamma": "gamma",
    "lam": "gae_lambda",
}
"""Key in our config by the name in the trainer's arguments: TRL 1.16.0, grpo_config.py and rloo_config.py; TRL 0.23.0,
ppo_config.py."""
OF_NO_STEP = ("eval_", "train_runtime")
"""Beginnings of names that stand only in rows of an evaluation and in the last row."""
NAMES = {"reward_mean": "mean_reward"}
"""Column in our log by canonical metric, where the two differ."""
WHOLE_SQUARE = {"value_loss": 1 / THEIRS.value_loss_share[0]}
"""Factor by canonical metric, where the recorder's format says another one."""


class RecordingCallback(TrainerCallback):
    """Writes a run directory while a trainer trains; one callback records one run, over several calls of ``train``."""

    def __init__(self, directory: str | os.PathLike[str], stop_on: str = "never") -> None:
        """Record into a new directory; ``stop_on="error"`` ends the training when a cause of that severity stands."""
        self._directory = directory
        self._live = LiveDiagnosis(directory, stop_on)
        self._recorder: RunRecorder | None = None

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Make the directory, on the main process alone."""
        if self._recorder is None and state.is_world_process_zero:
            self._recorder = RunRecorder(self._directory, {"ppo": _settings(args) | {"total_updates": state.max_steps}})

    def on_log(self, args: Any, state: Any, control: Any, logs: Mapping[str, Any] | None = None, **_: Any) -> None:
        """Write a row of the training, and diagnose."""
        if self._recorder is None or not logs or any(name.startswith(OF_NO_STEP) for name in logs):
            return
        self._recorder.update(_canonical(logs) | {"global_step": state.global_step})
        if self._live.after(self._recorder.updates):
            if args.world_size > 1:
                logging.getLogger("rundoctor").error("one process of several cannot stop a training: it goes on")
            else:
                control.should_training_stop = True

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Diagnose what was logged last."""
        if self._recorder is not None:
            self._live.after(self._recorder.updates, at_the_end=True)


def _settings(args: Any) -> dict[str, Any]:
    return {ours: getattr(args, theirs) for theirs, ours in SETTINGS.items() if hasattr(args, theirs)}


def _canonical(logs: Mapping[str, Any]) -> dict[str, float | None]:
    """The numbers of a row under the names and in the factors of the recorder's log."""
    names = THEIRS.names_of(logs)
    row: dict[str, float | None] = {}
    for label, logged in logs.items():
        column = names.get(label)
        name = NAMES.get(column.name, column.name) if column else label
        if column is None and label in OURS.columns:
            continue
        number = _number(logged)
        factor = column.factor * WHOLE_SQUARE.get(column.name, 1.0) if column else 1.0
        row.setdefault(name, None if number is None else factor * number)
    return row


def _number(logged: Any) -> float | None:
    """None for what is no number: a text, or a mean of nothing."""
    try:
        return float(logged)
    except (TypeError, ValueError):
        return None
