"""The callback of Hugging Face's trainers, on a real ``Trainer`` that logs as TRL's trainers do."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch

transformers = pytest.importorskip("transformers")
pytest.importorskip("accelerate")

import rundoctor  # noqa: E402
from rundoctor.integrations.hugging_face import RecordingCallback  # noqa: E402
from rundoctor.model import Diagnosis  # noqa: E402

UPDATES = 14
GRPO = {
    "num_tokens": 512.0,
    "completions/mean_length": 40.0,
    "completions/clipped_ratio": 0.1,
    "rewards/correct/mean": 0.4,
    "rewards/correct/std": 0.2,
    "reward_std": 0.2,
    "frac_reward_zero_std": 0.25,
    "kl": 0.02,
    "entropy": 0.5,
    "clip_ratio/region_mean": 0.01,
    "step_time": 1.5,
    "sampling/none_of_it": None,
}
"""Names of TRL 1.16.0, trainer/grpo_trainer.py."""
PPO = {
    "eps": 3,
    "episode": 640,
    "objective/kl": 0.4,
    "objective/scores": 0.1,
    "policy/approxkl_avg": 1e-5,
    "policy/clipfrac_avg": 0.0,
    "loss/policy_avg": -0.01,
    "loss/value_avg": 0.25,
    "val/clipfrac_avg": 0.0,
    "policy/entropy_avg": 0.7,
    "lr": 3e-6,
}
"""Names of TRL 0.23.0, trainer/ppo_trainer.py."""


class Line(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def forward(self, x: torch.Tensor, labels: torch.Tensor) -> dict[str, torch.Tensor]:
        return {"loss": ((self.weight * x - labels) ** 2).mean(), "logits": self.weight * x}


class Trainer(transformers.Trainer):  # type: ignore[misc, name-defined]
    """Adds numbers to each row on its way to the callbacks, as TRL's trainers do."""

    added: dict[str, Any] = {}  # noqa: RUF012

    def log(self, logs: dict[str, Any], start_time: float | None = None) -> None:
        rows = len(self.state.log_history)
        added = {name: value(rows) if callable(value) else value for name, value in self.added.items()}
        super().log(logs | (added if "loss" in logs else {}), start_time)


def trained(directory: Path, callbacks: list[Any], added: dict[str, Any], **arguments: Any) -> Any:
    chosen = {"learning_rate": 1e-6, "max_steps": UPDATES, "logging_steps": 1, "per_device_train_batch_size": 2}
    quiet = {"report_to": [], "use_cpu": True, "save_strategy": "no", "disable_tqdm": True, "seed": 3}
    settings = transformers.TrainingArguments(output_dir=str(directory / "out"), **(chosen | quiet | arguments))
    for name, value in {"num_iterations": 2, "epsilon": 0.2}.items():
        setattr(settings, name, value)  # TRL's GRPOConfig has these
    data = [{"x": torch.tensor([float(n)]), "labels": torch.tensor([2.0 * n])} for n in range(8)]
    trainer = Trainer(model=Line(), args=settings, train_dataset=data, eval_dataset=data, callbacks=callbacks)
    trainer.added = added
    trainer.train()
    return trainer


def skipped(diagnosis: Diagnosis) -> dict[str, str]:
    return {skip.rule: skip.reason for skip in diagnosis.skipped}


def test_a_run_of_grpo_is_recorded_and_judged_honestly(tmp_path: Path) -> None:
    added = GRPO | {"reward": lambda row: 0.2 + 0.05 * row}
    trained(tmp_path, [RecordingCallback(tmp_path / "run")], added, eval_strategy="steps", eval_steps=5)
    run = rundoctor.read_run(tmp_path / "run")
    assert run.curves["reward_mean"].value == pytest.approx([0.2 + 0.05 * row for row in range(UPDATES)], abs=0.2)
    assert run.curves["reward_mean"].step.tolist() == list(range(UPDATES))
    assert run.curves["kl_to_reference"].value.tolist() == [0.02] * UPDATES
    assert run.curves["rewards/correct/mean"].value.tolist() == [0.4] * UPDATES
    assert not {"loss", "approx_kl", "value_loss"} & run.curves.keys()
    assert not [name for name in run.curves if name.startswith(("eval_", "train_runtime"))]
    assert {name: run.settings[name].value for name in ("learning_rate", "n_epochs", "clip_range")} == {
        "learning_rate": 1e-6,
        "n_epochs": 2,
        "clip_range": 0.2,
    }
    judged = rundoctor.diagnose(run)
    assert judged.verdict.value == "healthy"
    because = skipped(judged)
    for rule in ("value-clip-too-tight", "critic-stalled", "returns-not-normalized", "loss-explosion"):
        assert "the config does not set" in because[rule] or "no critic" in because[rule]
    assert "no critic" in because["critic-stalled"]
    assert "small networks" in because["learning-rate-too-low"]
    assert {"no-learning", "reward-collapse", "entropy-collapse"} <= {*judged.clear}


def test_what_the_trainer_leaves_behind_gives_the_same_diagnosis(tmp_path: Path) -> None:
    added = GRPO | {"reward": lambda row: 0.5 + 0.01 * (-1) ** row}
    trainer = trained(tmp_path, [RecordingCallback(tmp_path / "run")], added)
    trainer.state.save_to_json(str(tmp_path / "trainer_state.json"))
    ours, theirs = (rundoctor.read_run(path) for path in (tmp_path / "run", tmp_path / "trainer_state.json"))
    assert theirs.format == "trl"
    found = [[cause.rule for cause in rundoctor.diagnose(run).symptoms] for run in (ours, theirs)]
    assert found == [["no-learning"]] * 2
    assert "no critic" in skipped(rundoctor.diagnose(theirs))["critic-stalled"]


def test_a_run_of_ppo_has_a_critic(tmp_path: Path) -> None:
    added = PPO | {"objective/rlhf_reward": lambda row: 0.1 * row}
    trained(tmp_path, [RecordingCallback(tmp_path / "run")], added)
    run = rundoctor.read_run(tmp_path / "run")
    assert run.curves["value_loss"].value.tolist() == [0.5] * UPDATES  # the whole square
    assert run.curves["entropy"].value.tolist() == [0.7] * UPDATES
    assert run.curves["value_clip_fraction"].value.tolist() == [0.0] * UPDATES
    assert run.curves["reward_mean"].value[-1] > 1
    judged = rundoctor.diagnose(run)
    assert "one token" in skipped(judged)["policy-frozen"]
    assert "no critic" not in " ".join(skipped(judged).values())


def test_training_is_the_same_to_the_last_bit(tmp_path: Path) -> None:
    plain = trained(tmp_path, [], GRPO, learning_rate=0.1)
    watched = trained(tmp_path, [RecordingCallback(tmp_path / "run", stop_on="error")], GRPO, learning_rate=0.1)
    assert torch.equal(plain.model.weight, watched.model.weight)
    assert plain.state.global_step == watched.state.global_step == UPDATES


def test_an_error_that_stands_ends_the_training(tmp_path: Path) -> None:
    added = PPO | {"loss/value_avg": lambda row: math.nan if row >= 4 else 0.25}
    trainer = trained(tmp_path, [RecordingCallback(tmp_path / "run", stop_on="error")], added)
    assert trainer.state.global_step < UPDATES
    told = trained(tmp_path / "b", [RecordingCallback(tmp_path / "b" / "run")], added)
    assert told.state.global_step == UPDATES


def test_a_second_run_into_the_same_directory_is_refused_before_it_trains(tmp_path: Path) -> None:
    trained(tmp_path, [RecordingCallback(tmp_path / "run")], GRPO)
    with pytest.raises(FileExistsError, match="already holds a run"):
        trained(tmp_path, [RecordingCallback(tmp_path / "run")], GRPO)
    assert len(json.loads((tmp_path / "run" / "loss_metrics.json").read_text())) == UPDATES


def test_transformers_is_imported_only_by_who_uses_it() -> None:
    root = Path(__file__).parents[2] / "rundoctor"
    named = [file for file in root.rglob("*.py") if "transformers" in file.read_text(encoding="utf-8")]
    assert [file.name for file in named] == ["hugging_face.py"]
