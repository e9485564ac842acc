"""Samples of CleanRL, and of Weights & Biases, to which its script can log as well.

Usage: python benchmarks/samples/by_cleanrl.py CLEANRL tests/samples

CLEANRL is a checkout of CleanRL at fe8d8a03; its scripts are run as they are and are no part of the samples. They need
gymnasium 0.29, since newer ones hand over the ends of episodes in another way. Environment:

    python -m venv env
    env/bin/pip install torch==2.13.0 gymnasium==0.29.1 tensorboard==2.18.0 tyro wandb==0.17.9 setuptools

``cleanrl`` and ``cleanrl_continuous`` are event files. ``wandb`` is the history of the run of ``cleanrl``, which is
tracked offline: the rows that the client would send, written as JSON Lines and as CSV. Its ``config.yaml`` is written
with the service alone, so there is none here.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from placing import place

CARTPOLE = ("--total-timesteps", "5120", "--learning-rate", "0.002", "--no-anneal-lr", "--no-clip-vloss", "--no-cuda")
PENDULUM = ("--env-id", "Pendulum-v1", "--total-timesteps", "5120", "--num-steps", "512", "--no-cuda")


def train(script: Path, arguments: tuple[str, ...], place_of_run: Path) -> None:
    """Run one of CleanRL's scripts in a directory of its own."""
    environment = os.environ | {"WANDB_MODE": "offline", "WANDB__SERVICE_WAIT": "300", "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, script, *arguments], cwd=place_of_run, env=environment, check=True)


def history(log: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of an offline run's history, as they would be sent."""
    from wandb.proto import wandb_internal_pb2
    from wandb.sdk.internal.datastore import DataStore

    store = DataStore()
    store.open_for_scan(str(log))
    while (data := store.scan_data()) is not None:
        record = wandb_internal_pb2.Record()
        record.ParseFromString(data)
        if record.WhichOneof("record_type") == "history":
            items = record.history.item
            yield {item.key or "/".join(item.nested_key): json.loads(item.value_json) for item in items}


def export(rows: list[dict[str, Any]], directory: Path) -> None:
    """Write rows as the client's exports do: JSON Lines, and CSV with blanks."""
    (directory / "history.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with (directory / "history.csv").open("w", newline="") as stream:
        table = csv.DictWriter(stream, columns)
        table.writeheader()
        table.writerows(rows)


def main() -> None:
    scripts, samples = Path(sys.argv[1]).resolve() / "cleanrl", Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory() as made:
        run = Path(made)
        train(scripts / "ppo.py", (*CARTPOLE, "--track"), run)
        place(next(run.glob("runs/*")), samples / "cleanrl", "events*")
        offline = next(run.glob("wandb/offline-run-*"))
        export(list(history(next(offline.glob("*.wandb")))), offline)
        place(offline, samples / "wandb", "history.*")
    with tempfile.TemporaryDirectory() as made:
        run = Path(made)
        train(scripts / "ppo_continuous_action.py", PENDULUM, run)
        place(next(run.glob("runs/*")), samples / "cleanrl_continuous", "events*")


if __name__ == "__main__":
    main()
