"""How the words of other tools are read, and what they are given."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tensorboard")

from scoring.peers import PEERS, UNNAMED, Peer, write_events
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

ZEN, SPOTTER = (next(peer for peer in PEERS if peer.name == name) for name in ("zen-rl", "trainspotter"))


@pytest.mark.parametrize(
    ("peer", "output", "causes"),
    [
        (ZEN, "No known failure modes detected.\nChecked: LR_TOO_HIGH, DEAD_RUN,\n  POLICY_COLLAPSE", []),
        (ZEN, "LR_TOO_HIGH\n train/approx_kl = 7.5", ["learning-rate-too-high"]),
        (ZEN, "CAPPED_PERFORMANCE\nRun learned", ["entropy-weight-too-high", "gae-lambda-too-low"]),
        (SPOTTER, "[WARN ] No LR warmup detected", [UNNAMED]),
        (SPOTTER, "[ERROR] Diverged\n fix: Lower the learning rate", ["learning-rate-too-high", UNNAMED]),
    ],
)
def test_words_become_causes(peer: Peer, output: str, causes: list[str]) -> None:
    assert peer.causes(output) == causes


def test_blank_cells_are_no_events(tmp_path: Path) -> None:
    log = tmp_path / "progress.csv"
    log.write_text("time/total_timesteps,train/loss\n2048,\n4096,0.5\n")
    write_events(log, tmp_path / "log")
    events = EventAccumulator(str(tmp_path / "log")).Reload()
    assert [(one.step, one.value) for one in events.Scalars("train/loss")] == [(4096, 0.5)]
    assert [one.step for one in events.Scalars("time/total_timesteps")] == [2048, 4096]
