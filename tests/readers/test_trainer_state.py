"""The state of Hugging Face's trainers: TRL's names, the rows at the end, half-written files."""

from __future__ import annotations

import json
from pathlib import Path

from rundoctor import read_run
from rundoctor.readers.foreign.trainer_state import read
from tests.event_builders import write_events

ROWS = [
    {"step": 10, "epoch": 0.1, "loss": 0.001, "grad_norm": 0.5, "kl": 0.02, "reward": 0.5, "learning_rate": 1e-6},
    {"step": 20, "epoch": 0.2, "loss": 0.002, "grad_norm": 0.4, "kl": 0.03, "reward": 0.75, "learning_rate": 1e-6},
    {"step": 20, "train_runtime": 99.0, "train_loss": 0.0015},
]


def test_names_of_trl(tmp_path: Path) -> None:
    (tmp_path / "trainer_state.json").write_text(json.dumps({"global_step": 20, "log_history": ROWS}))
    (tmp_path / "training_args.bin").write_bytes(b"\x80\x04cos\nsystem\n.")
    (tmp_path / "config.json").write_text('{"model_type": "qwen2"}')
    run = read_run(tmp_path)
    assert run.format == "trl"
    assert run.curves["reward_mean"].step.tolist() == [10, 20]
    assert run.curves["kl_to_reference"].value.tolist() == [0.02, 0.03]
    assert not {"approx_kl", "loss", "value_loss"} & run.curves.keys()
    assert run.config is None
    assert "could run code" in next(one for one in run.inputs if one.file == "training_args.bin").notes[0]


def test_half_written_and_strange_states(tmp_path: Path) -> None:
    path = tmp_path / "trainer_state.json"
    text = json.dumps({"log_history": ROWS})
    for content, note in (
        ("", "empty"),
        (text[:12], "no log_history"),
        (text[:50], "cut off in record 1"),
        ('{"log_history": 3}', "no log_history"),
        ("[1]", "no log_history"),
        ('{"log_history": [1, {"step": 1, "reward": NaN}]}', "1 value(s) that are no records"),
    ):
        path.write_text(content)
        assert note in read(path).input.notes[0]
    assert read(path).curves["reward_mean"].broken.tolist() == [1]


def test_a_state_that_is_cut_off_gives_the_rows_that_are_whole(tmp_path: Path) -> None:
    rows = [{"step": step, "reward": float(step), "lr": 0.1} for step in range(1, 9)]
    whole = json.dumps({"epoch": 1.0, "log_history": rows, "logging_steps": 1, "stateful_callbacks": {"a": {"b": 1}}})
    path = tmp_path / "trainer_state.json"
    for kept, count in ((whole.index('"logging_steps"') + 9, 8), (whole.index('"step": 6') + 4, 5)):
        path.write_text(whole[:kept])
        part = read(path)
        assert part.curves["reward_mean"].value.tolist() == [row["reward"] for row in rows[:count]]
        assert part.input.read == count
        assert "cut off" in " ".join(part.input.notes)


def test_the_arguments_of_the_last_session_lie_in_the_event_files(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "checkpoint-20"):
        place.mkdir(exist_ok=True)
        (place / "trainer_state.json").write_text(json.dumps({"log_history": ROWS}))
    for time, rate in ((1700000200, 0.2), (1700000100, 0.1)):
        text = {"args": json.dumps({"learning_rate": rate, "num_generations": 8, "max_completion_length": 9})}
        write_events(tmp_path / "runs" / f"of_{rate}", {"train/reward": [(1, 0.5)]}, text, time=time)
    for place in (tmp_path, tmp_path / "checkpoint-20"):
        run = read_run(place)
        assert run.settings["learning_rate"].value == 0.2
        assert run.curves["reward_mean"].value.tolist() == [0.5, 0.75]


def test_event_files_that_hold_no_arguments(tmp_path: Path) -> None:
    (tmp_path / "trainer_state.json").write_text(json.dumps({"log_history": ROWS}))
    (tmp_path / "runs" / "x" / "events.out.tfevents.2.directory").mkdir(parents=True)
    (tmp_path / "runs" / "x" / "events.out.tfevents.1.damaged").write_bytes(b"\0" * 40)
    assert read_run(tmp_path).config is None
