"""Progress logs of Stable-Baselines3: rows without some cells, evaluation rows, restarts, half-written files."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rundoctor.readers import Part
from rundoctor.readers.sb3_progress import CSV, JSON

HEADER = "time/iterations,rollout/ep_rew_mean,train/entropy_loss,train/value_loss\n"
Write = Callable[[str], Part]


@pytest.fixture(name="read_csv")
def _read_csv(tmp_path: Path) -> Write:
    def write(text: str) -> Part:
        path = tmp_path / "progress.csv"
        path.write_bytes(text.encode())
        return CSV.read(path)

    return write


def points(part: Part, name: str) -> dict[int, float]:
    curve = part.curves[name]
    return dict(zip(curve.step.tolist(), curve.value.tolist(), strict=True))


def test_names_signs_and_blank_cells(read_csv: Write) -> None:
    part = read_csv(HEADER + "1,21.5,,\n2,22.5,-0.69,8.0\n")
    assert points(part, "reward_mean") == {1: 21.5, 2: 22.5}
    assert points(part, "entropy") == {2: 0.69}
    assert points(part, "value_loss") == {2: 8.0}
    assert "time/iterations" not in part.curves
    assert (part.input.read, part.input.notes) == (2, ())


def test_the_columns_of_a2c_are_told_apart(read_csv: Write) -> None:
    a2c = read_csv("time/iterations,train/policy_loss,train/value_loss\n1,0.1,2.0\n")
    assert any("A2C" in note for note in a2c.input.notes)
    ppo = read_csv("time/iterations,train/policy_gradient_loss,train/approx_kl\n1,0.1,0.01\n")
    assert not any("A2C" in note for note in ppo.input.notes)


def test_text_nan_and_inf_are_broken_and_blank_is_not(read_csv: Write) -> None:
    part = read_csv(HEADER + "1,nan,,\n2,inf,-0.6,8.0\n3,1.0,-0.6,8.0\n")
    curve = part.curves["reward_mean"]
    assert (curve.step.tolist(), curve.broken.tolist()) == ([3], [1, 2])
    assert part.curves["value_loss"].broken.tolist() == []


def test_evaluation_rows_belong_to_the_rollout_that_they_interrupt(read_csv: Write) -> None:
    header = "time/iterations,rollout/ep_rew_mean,eval/mean_reward,train/value_loss\n"
    part = read_csv(header + "1,10,,\n,,5,8.0\n2,20,,\n3,30,,9.0\n,,6,\n")
    assert points(part, "reward_mean") == {1: 10, 2: 20, 3: 30}
    assert points(part, "eval_reward_mean") == {2: 5, 4: 6}
    assert points(part, "value_loss") == {2: 8, 3: 9}


def test_evaluation_rows_before_a_restart_stay_in_their_session(read_csv: Write) -> None:
    header = "time/iterations,rollout/ep_rew_mean,eval/mean_reward\n"
    part = read_csv(header + "1,10,\n2,20,\n1,30,\n,,5\n2,40,\n")
    assert points(part, "reward_mean") == {1: 10, 2: 20, 3: 30, 4: 40}
    assert points(part, "eval_reward_mean") == {4: 5}
    assert "restarts at row 3" in part.input.notes[0]


def test_rows_are_the_steps_without_iterations(read_csv: Write) -> None:
    part = read_csv("time/total_timesteps,rollout/ep_rew_mean\n99,1\n258,2\n")
    assert points(part, "reward_mean") == {0: 1, 1: 2}


def test_a_second_call_of_learn_restarts_the_iterations(read_csv: Write) -> None:
    part = read_csv("time/iterations,rollout/ep_rew_mean\n1,1\n2,2\n3,3\n1,4\n2,5\n")
    assert points(part, "reward_mean") == {1: 1, 2: 2, 3: 3, 4: 4, 5: 5}
    assert "restarts at row 4" in part.input.notes[0]


def test_unknown_numbers_keep_their_name_and_text_is_noted_once(read_csv: Write) -> None:
    part = read_csv("time/iterations,custom/x,custom/note\n1,5,2 days\n2,6,3 days\n")
    assert points(part, "custom/x") == {1: 5, 2: 6}
    assert part.input.notes == ("no numbers in custom/note",)


def test_a_last_row_cut_within_quotes_is_dropped(read_csv: Write) -> None:
    part = read_csv('time/iterations,rollout/ep_rew_mean,config\n1,5,"{a: 1, b: 2}"\n2,6,"{a: 1, b')
    assert points(part, "reward_mean") == {1: 5}
    assert "cut off in record 2; the trainer may be rewriting it" in part.input.notes
    assert part.input.skipped == 1


def test_a_last_row_that_lacks_cells_is_dropped(read_csv: Write) -> None:
    part = read_csv(HEADER + "1,5,,\n2,6")
    assert points(part, "reward_mean") == {1: 5}
    assert part.input.notes == ("cut off in record 2; the trainer may be rewriting it",)


def test_the_last_cell_of_a_file_without_a_last_line_end_is_not_trusted(read_csv: Write) -> None:
    part = read_csv(HEADER + "1,5,-0.6,120.5\n2,6,-0.6,12")
    assert points(part, "reward_mean") == {1: 5, 2: 6}
    assert points(part, "value_loss") == {1: 120.5}
    assert "no line end" in part.input.notes[0]


def test_a_row_of_another_width_is_skipped(read_csv: Write) -> None:
    part = read_csv(HEADER + "1,5,,\n2,6\n3,7,,,,\n4,8,,\n")
    assert points(part, "reward_mean") == {1: 5, 4: 8}
    assert part.input.skipped == 2


def test_a_repeated_header_is_dropped(read_csv: Write) -> None:
    part = read_csv(HEADER + "1,5,,\n" + HEADER + "2,6,,\n" + HEADER)
    assert points(part, "reward_mean") == {1: 5, 2: 6}
    assert part.input.notes == ("the header line is repeated 2 time(s)",)


def test_windows_line_ends_a_mark_and_blank_lines(read_csv: Write) -> None:
    part = read_csv("\ufeff" + HEADER.replace("\n", "\r\n") + "1,5,,\r\n\r\n2,6,,\r\n")
    assert points(part, "reward_mean") == {1: 5, 2: 6}
    assert part.input.notes == ()


@pytest.mark.parametrize("text", ["", "\n\n", " \n"])
def test_an_empty_file_says_so(read_csv: Write, text: str) -> None:
    part = read_csv(text)
    assert part.curves == {}
    assert "empty" in part.input.notes[0]


def test_an_endless_cell_is_skipped(read_csv: Write) -> None:
    part = read_csv(HEADER + "1,5,," + "9" * 200_000 + "\n2,6,,\n")
    assert points(part, "reward_mean") == {2: 6}
    assert part.input.skipped == 1


def test_json_lines_give_the_same_curves(tmp_path: Path, read_csv: Write) -> None:
    rows = [{"time/iterations": 1, "rollout/ep_rew_mean": 5.0}, {"train/entropy_loss": -0.6, "time/iterations": 2}]
    path = tmp_path / "progress.json"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    part = JSON.read(path)
    assert points(part, "reward_mean") == points(read_csv(HEADER + "1,5.0,,\n2,,-0.6,\n"), "reward_mean")
    assert points(part, "entropy") == {2: 0.6}


@pytest.mark.parametrize(
    ("name", "text", "claimed"),
    [
        ("progress.csv", HEADER, True),
        ("progress.csv", "", True),
        ("progress.csv", "episode_reward_mean,info/learner/vf_loss\n", False),
        ("progress.csv", "AverageEpRet,time_this_iter_s\n", False),
        ("progress.json", '{"time/fps": 3}\n', True),
        ("progress.json", '{"done": 3}\n', False),
        ("results.csv", HEADER, False),
    ],
)
def test_claims_by_content(tmp_path: Path, name: str, text: str, claimed: bool) -> None:
    path = tmp_path / name
    path.write_text(text)
    assert (CSV.claims(path) or JSON.claims(path)) is claimed


def test_the_csv_comes_before_the_json() -> None:
    assert CSV.order < JSON.order


def test_cut_off_at_any_byte_never_invents_a_value(read_csv: Write) -> None:
    text = HEADER + "1,21.25,,\n2,22.5,-0.69,8.125\n3,24.75,-0.68,9.5\n"
    whole = {name: points(read_csv(text), name) for name in ("reward_mean", "value_loss", "entropy")}
    for length in range(len(HEADER), len(text)):
        part = read_csv(text[:length])
        for name, values in whole.items():
            found = points(part, name) if name in part.curves else {}
            assert found.items() <= values.items(), text[:length]


@given(st.binary(max_size=120))
def test_no_bytes_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    for reader, name in ((CSV, "progress.csv"), (JSON, "progress.json")):
        path = tmp_path_factory.getbasetemp() / name
        path.write_bytes((HEADER.encode() if name.endswith("csv") else b"") + data)
        reader.claims(path)
        reader.read(path)


_cell = st.sampled_from(["", "1", "2", "0.5", "nan", "-inf", "x", '"a,b"', '"', "1e400", " 3 ", "\0"])


@given(st.lists(st.lists(_cell, min_size=3, max_size=5).map(",".join), max_size=10))
def test_no_cells_raise(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "progress.csv"
    path.write_text(HEADER + "\n".join(lines))
    CSV.read(path)


def test_a_column_that_is_there_twice_is_noted(read_csv: Write) -> None:
    part = read_csv("time/iterations,train/value_loss,train/value_loss\n1,2,3\n2,4,5\n")
    assert points(part, "value_loss") == {1: 3.0, 2: 5.0}
    assert part.input.notes == ("train/value_loss heads several columns: the last one counts",)


@pytest.mark.filterwarnings("error")
def test_a_table_leaves_no_open_file_behind(read_csv: Write) -> None:
    assert read_csv(HEADER + "1,20,-0.6,0.5\n2,21,-0.5,0.4\n").input.read == 2
    gc.collect()
