"""Episode logs of the Monitor wrapper: alone, of several environments, beside a progress log, half-written."""

from __future__ import annotations

from pathlib import Path

from rundoctor.readers.foreign.monitor import MOST_SPANS, claims, read, read_together
from rundoctor.reading import read_run

HEAD = '#{"t_start": 1000.0, "env_id": "CartPole-v1"}\nr,l,t\n'


def test_episodes_become_means_over_equal_spans_of_steps(tmp_path: Path) -> None:
    path = tmp_path / "monitor.csv"
    path.write_text(HEAD + "".join(f"{length},{length},{place}\n" for place, length in enumerate([10, 10, 20, 20])))
    part = read(path)
    assert part.curves["reward_mean"].value.tolist() == [10.0, 20.0]
    assert part.curves["episode_length"].value.tolist() == [10.0, 20.0]
    assert part.curves["timesteps"].value.tolist() == [20.0, 60.0]
    assert (part.input.read, part.input.notes, part.framework) == (4, (), "sb3")


def test_environments_are_one_log_in_the_order_of_the_clock(tmp_path: Path) -> None:
    (tmp_path / "0.monitor.csv").write_text(HEAD + "1,10,1\n3,10,3\n")
    (tmp_path / "1.monitor.csv").write_text(HEAD.replace("1000.0", "1001.5") + "2,10,0.5\n4,10,2.5\n")
    run = read_run(tmp_path)
    assert run.format == "sb3"
    assert run.curves["reward_mean"].value.tolist() == [1.0, 3.0]
    assert [one.read for one in run.inputs] == [2, 2]


def test_many_episodes_make_a_bounded_curve(tmp_path: Path) -> None:
    path = tmp_path / "monitor.csv"
    path.write_text(HEAD + "1.5,10,1\n" * 5000)
    curve = read(path).curves["reward_mean"]
    assert len(curve) == MOST_SPANS
    assert set(curve.value.tolist()) == {1.5}


def test_a_log_beside_it_is_preferred(tmp_path: Path) -> None:
    (tmp_path / "monitor.csv").write_text(HEAD + "1,10,1\n")
    (tmp_path / "progress.csv").write_text("time/iterations,rollout/ep_rew_mean\n1,5\n2,6\n")
    run = read_run(tmp_path)
    assert run.curves["reward_mean"].value.tolist() == [5.0, 6.0]
    assert "listed, not mixed: progress.csv is used" in {note for one in run.inputs for note in one.notes}


def test_half_written_and_strange_files(tmp_path: Path) -> None:
    path = tmp_path / "monitor.csv"
    path.write_text("#{broken\nr,l,t\n1,10,1\n2,10,2\n3,0,3\nnan,10,4\n5,1")
    part = read(path)
    assert part.input.read == 3
    assert part.curves["reward_mean"].broken.tolist() == [0]
    assert "cut off" in part.input.notes[0]
    path.write_text("r,l,t\n1,10,1\n")
    assert read(path).curves["reward_mean"].value.tolist() == [1.0]
    path.write_bytes(b"")
    assert read(path).curves == {}
    assert read_together([path])[0].input.notes[0].startswith("empty")


def test_claims_by_name() -> None:
    assert claims(Path("0.monitor.csv"))
    assert not claims(Path("mymonitor.csv"))
