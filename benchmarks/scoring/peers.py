"""Other tools that read Stable-Baselines3 logs: how each is called, and what its words name, in its best reading."""

from __future__ import annotations

import csv
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

SECONDS = 60
"""Longest that a tool may take for one log."""
UNNAMED = "another finding"
"""What a tool reports without naming a cause of the benchmark: no hit, and an alarm on a healthy run."""
RATE, RANGE = "learning-rate-too-high", "learning-rate-too-low"
Words = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Peer:
    """One tool."""

    name: str
    call: tuple[str, ...]
    """Program and arguments before the path."""
    events: bool
    """Whether it gets the log as a TensorBoard directory rather than progress.csv."""
    words: Words
    """Patterns in what it prints and the causes they name, in the order in which they are credited."""

    def causes(self, output: str) -> list[str]:
        """What the output names, without repetition."""
        return list(
            dict.fromkeys(cause for words, causes in self.words if re.search(words, output) for cause in causes)
        )


PEERS = (
    Peer(
        "zen-rl",
        ("zen",),
        True,
        (
            (r"(?m)^LR_TOO_HIGH$", (RATE,)),
            (r"(?m)^DEAD_RUN$", (RATE, RANGE, "policy-clip-too-narrow")),
            (r"(?m)^ADVANTAGE_NOT_NORMALIZED$", ("advantages-not-normalized",)),
            (r"(?m)^CAPPED_PERFORMANCE$", ("entropy-weight-too-high", "gae-lambda-too-low")),
            (r"(?m)^POLICY_COLLAPSE$", (RATE,)),
        ),
    ),
    Peer(
        "rldoctor",
        ("rl-doctor", "diagnose"),
        False,
        ((r"(?i)\[?(critical|warning)\]?.*\bkl", (RATE,)), (r"(?i)\[(critical|warning)\]", (UNNAMED,))),
    ),
    Peer(
        "runmedic",
        ("runmedic", "diagnose"),
        False,
        (
            (r"(?i)learning rate (is |was )?too high|lower the (learning rate|lr)", (RATE,)),
            (r"(?i)learning rate (is |was )?too low", (RANGE,)),
            (r"(?i)\bnan\b|non-finite", ("non-finite-update",)),
            (r"\[(CRITICAL|WARNING)\]", (UNNAMED,)),
        ),
    ),
    Peer(
        "trainspotter",
        ("trainspotter", "analyze"),
        False,
        (
            (r"(?i)lower the learning rate", (RATE,)),
            (r"(?i)\bnan\b|non-finite", ("non-finite-update",)),
            (r"\[(ERROR|WARN) *\]", (UNNAMED,)),
        ),
    ),
    Peer(
        "losslint",
        ("losslint", "check"),
        False,
        (
            (r"(?i)rais\w+ the (lr|learning rate)", (RANGE,)),
            (r"(?i)lower\w* the (lr|learning rate)|diverge", (RATE,)),
            (r"(?i)\bnan\b|non-finite", ("non-finite-update",)),
            (r"(?i)^\s*(error|warning)\b", (UNNAMED,)),
        ),
    ),
    Peer(
        "trainproof",
        ("trainproof", "diagnose"),
        True,
        (
            (r"\[FAIL\] TP-DIVERGE", (RATE,)),
            (r"\[FAIL\] TP-(NAN|NONFINITE|FINITE)", ("non-finite-update",)),
            (r"\[(FAIL|WARN)\] TP-DEAD-RUN", (RANGE,)),
            (r"\[(FAIL|WARN)\]", (UNNAMED,)),
        ),
    ),
)


def ask(peer: Peer, programs: Path, run: Path) -> list[str]:
    """The causes that a tool names for a run of Stable-Baselines3; none where it fails or takes too long."""
    with tempfile.TemporaryDirectory() as place:
        log = (run / "progress.csv").resolve()
        if peer.events:
            write_events(log, Path(place, "log"))
        path = Path(place, "log") if peer.events else log
        command = [str(programs / peer.call[0]), *peer.call[1:], str(path)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=place, check=False)
        except subprocess.TimeoutExpired:
            return []
    return peer.causes(done.stdout)


def write_events(log: Path, place: Path) -> None:
    """The columns of progress.csv as Stable-Baselines3 writes them for TensorBoard."""
    writer = EventFileWriter(str(place))
    with log.open(newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file)):
            values = [Summary.Value(tag=name, simple_value=float(text)) for name, text in row.items() if text]
            step = int(float(row["time/total_timesteps"]))
            writer.add_event(Event(step=step, wall_time=float(number), summary=Summary(value=values)))
    writer.close()
