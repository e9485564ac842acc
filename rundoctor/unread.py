"""What to say where there is nothing to read: which logs lie there all the same, and what would be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from rundoctor.errors import NothingToJudge
from rundoctor.model import Input
from rundoctor.wording import NOT_READ_YET, listing

EXPECTED = (
    "loss_metrics.json, reward_components_stats.json, config.yaml, TensorBoard events, and the logs of "
    "Stable-Baselines3, RLlib, Spinning Up, torch-ac and others"
)
NEVER_LOADED = ("vecnormalize.pkl", "evaluations.npz", "training_args.bin")
MOST_NAMES = 5
"""Files of one log that an error names."""


@dataclass(frozen=True)
class Log:
    """A log of another program."""

    title: str
    claims: Callable[[Path], bool]


def _called(*names: str) -> Callable[[Path], bool]:
    return lambda path: path.name in names


LOGS = (
    Log("a progress log without Stable-Baselines3's columns", _called("progress.csv", "progress.json")),
    Log("a history in wandb's own format: export it as CSV", lambda path: path.suffix == ".wandb"),
)


def unread(files: Iterable[Path]) -> dict[str, list[str]]:
    """Return the names of the files that belong to logs without a reader, by the title of the log."""
    found: dict[str, list[str]] = {log.title: [] for log in LOGS}
    for path in sorted(files):
        title = next((log.title for log in LOGS if log.claims(path)), "")
        if title:
            found[title].append(path.name)
    return {title: names for title, names in found.items() if names}


def as_inputs(files: Iterable[Path]) -> list[Input]:
    """Return one input a log without a reader, named by its first file."""
    return [Input(file=names[0], read=0, notes=(NOT_READ_YET + title,)) for title, names in unread(files).items()]


def never_loaded(files: Iterable[Path]) -> list[Input]:
    """Return the files that hold Python objects or arrays: loading them could run what is in them."""
    note = "listed, not read: loading it could run code that it holds"
    return [Input(file=path.name, read=0, notes=(note,)) for path in sorted(files) if path.name in NEVER_LOADED]


def what_to_try(entries: Iterable[Path]) -> str:
    """Return which logs the entries are, and what would be read."""
    entries = list(entries)
    logs = [f"{title} ({_few(names)})" for title, names in unread(entries).items()]
    if logs:
        return f"{NOT_READ_YET}{listing(logs)}; what is read: {EXPECTED}"
    return f"looked for {EXPECTED}"


def nothing_to_judge(path: object, inputs: Iterable[Input]) -> NothingToJudge:
    """Return the error for files that hold nothing, with a hint that fits the reason."""
    inputs = list(inputs)
    reasons = "; ".join(f"{read.file}: {', '.join(read.notes) or 'holds no numbers'}" for read in inputs)
    torn = [read.file for read in inputs if any("merge markers" in note for note in read.notes)]
    if torn:
        hint = f"settle the merge in {torn[0]}"
    elif all(Path(read.file).suffix in (".yaml", ".yml") for read in inputs):
        hint = f"correct {listing([read.file for read in inputs])}"
    else:
        hint = "let the run finish an update"
    return NothingToJudge(f"{path}: nothing to judge: {reasons}", f"{hint}, then try again")


def _few(names: list[str]) -> str:
    return ", ".join(names[:MOST_NAMES]) + (", ..." if len(names) > MOST_NAMES else "")
