"""Tables that trainers write or that Weights & Biases exports: who wrote them, which rows are updates, half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rundoctor import read_run
from rundoctor.errors import NotARun, NothingToJudge, UnknownName
from rundoctor.model import Run
from rundoctor.readers.foreign.table import LAYOUTS

SPINNING_UP = "Epoch\tAverageEpRet\tEpLen\tTotalEnvInteracts\tLossPi\tLossV\tEntropy\tKL\tClipFrac\tStopIter\n"
TORCH_AC = "update,frames,rreturn_mean,num_frames_mean,entropy,value,policy_loss,value_loss,grad_norm,return_mean\n"


def run_of(directory: Path, name: str, text: str) -> Run:
    (directory / name).write_text(text)
    return read_run(directory)


@pytest.mark.parametrize(
    "prefix",
    ["info/learner/", "info/learner/default_policy/", "info/learner/default_policy/learner_stats/", "learners/p0/"],
)
def test_rllib_in_every_layout_of_its_csv(tmp_path: Path, prefix: str) -> None:
    kl = "mean_kl_loss" if prefix.startswith("learners") else "kl"
    names = ["training_iteration", "episode_reward_mean", "episode_len_mean", "timesteps_total", "config/lr"]
    names += [prefix + name for name in ("vf_loss", "policy_loss", kl, "entropy", "vf_explained_var")]
    text = ",".join(names) + "\n1,nan,,4000,1,2,0.1,0.01,0.6,0.5\n2,5.0,20,8000,1,3,0.1,0.01,0.5,0.6\n"
    run = run_of(tmp_path, "progress.csv", text)
    assert (run.format, run.curves["value_loss"].step.tolist()) == ("rllib", [1, 2])
    assert run.curves["approx_kl"].value.tolist() == [0.01, 0.01]
    assert run.curves["explained_variance"].value.tolist() == [0.5, 0.6]
    assert run.curves["reward_mean"].broken.tolist() == [1]
    assert "config/lr" not in run.curves


def test_rllibs_result_is_preferred_to_its_table(tmp_path: Path) -> None:
    row = {
        "training_iteration": 1,
        "env_runners": {"episode_return_mean": 7.0, "episode_len_mean": 20.0},
        "learners": {"default_policy": {"vf_loss": 3.0, "vf_loss_unclipped": 30.0, "entropy": 0.5}},
        "config": {"lr": 1.0, "gamma": 0.5},
    }
    (tmp_path / "progress.csv").write_text("training_iteration,episode_reward_mean,episode_len_mean\n1,1.0,2\n")
    (tmp_path / "params.json").write_text('{"clip_param": 0.3, "lambda": 0.95, "enable_connectors": true}')
    run = run_of(tmp_path, "result.json", json.dumps(row) + "\n" + json.dumps(row | {"training_iteration": 2}) + "\n")
    assert run.curves["reward_mean"].value.tolist() == [7.0, 7.0]
    assert run.curves["value_loss"].value.tolist() == [3.0, 3.0]
    assert run.curves["value_loss_unclamped"].value.tolist() == [30.0, 30.0]
    assert {name: run.settings[name].value for name in ("clip_range", "gae_lambda", "gamma", "value_loss_clamp")} == {
        "clip_range": 0.3,
        "gae_lambda": 0.95,
        "gamma": 0.99,
        "value_loss_clamp": 10.0,
    }
    assert "listed, not mixed: result.json is used" in {note for one in run.inputs for note in one.notes}


def test_the_value_clip_of_an_old_rllib_bounds_the_prediction(tmp_path: Path) -> None:
    (tmp_path / "params.json").write_text('{"clip_param": 0.2, "vf_clip_param": 10.0, "num_workers": 4}')
    run = run_of(tmp_path, "progress.csv", "training_iteration,episode_reward_mean,timesteps_total\n1,1.0,2\n")
    assert run.settings["clip_range_vf"].value == 10.0
    assert "value_loss_clamp" not in run.settings


def test_the_losses_of_rllibs_a2c_are_not_read(tmp_path: Path) -> None:
    text = "training_iteration,episode_reward_mean,info/learner/policy_entropy,info/learner/vf_loss\n1,5,900,200\n"
    run = run_of(tmp_path, "progress.csv", text)
    assert "reward_mean" in run.curves
    assert "value_loss" not in run.curves


def test_spinning_up(tmp_path: Path) -> None:
    text = '{\n    "pi_lr":\t0.0003,\n    "vf_lr":\t0.001,\n    "clip_ratio":\t0.2,\n    "steps_per_epoch":\t4000,\n'
    (tmp_path / "config.json").write_text(text + '    "train_pi_iters":\t80,\n    "gamma":\t0.99,\n    "lam":\t0.97\n}')
    rows = "0\t5.5\t20\t4000\t0.0\t9.0\t1.4\t0.01\t0.1\t79\n1\t6.5\t21\t8000\t0.0\t8.0\t1.3\t0.02\t0.2\t79\n"
    run = run_of(tmp_path, "progress.txt", SPINNING_UP + rows)
    assert run.format == "spinningup"
    assert run.curves["value_loss"].value.tolist() == [9.0, 8.0]
    assert run.curves["reward_mean"].step.tolist() == [0, 1]
    found = {name: run.settings[name].value for name in ("learning_rate", "gae_lambda", "batch_size", "value_clip")}
    assert found == {"learning_rate": 0.0003, "gae_lambda": 0.97, "batch_size": 4000, "value_clip": False}


def test_torch_ac_repeats_its_header_and_starts_again(tmp_path: Path) -> None:
    rows = "".join(
        f"{update},{update * 2048},0.5,9,1.1,0.2,0.01,0.3,0.4,0.6\n" + TORCH_AC for update in (1, 2, 3, 1, 2)
    )
    run = run_of(tmp_path, "log.csv", TORCH_AC + rows)
    assert run.format == "torch_ac"
    assert run.curves["reward_mean"].value.tolist()[:1] == [0.5]
    assert run.curves["return_of_the_task"].value.tolist()[:1] == [0.6]
    assert "the header line is repeated 5 time(s)" in run.inputs[0].notes
    assert any("logged twice" in note or "restarts" in note for note in run.inputs[0].notes)


def test_ppo1_of_baselines(tmp_path: Path) -> None:
    text = (
        "EpRewMean,EpLenMean,TimestepsSoFar,loss_kl,loss_ent,loss_vf_loss,ev_tdlam_before\n1,20,1024,0.01,0.6,2,0.1\n"
    )
    run = run_of(tmp_path, "progress.csv", text)
    assert run.format == "stable_baselines2"
    assert run.curves["explained_variance"].value.tolist() == [0.1]


def test_an_export_whose_rows_are_not_all_updates(tmp_path: Path) -> None:
    rows = [
        {"_step": 20, "charts/episodic_return": 10.0},
        {"_step": 90, "charts/episodic_return": 20.0},
        {"_step": 128, "losses/value_loss": 4.0, "losses/approx_kl": 0.01},
        {"_step": 129, "charts/episodic_return": 50.0},
        {"_step": 256, "losses/value_loss": 2.0, "losses/approx_kl": "NaN"},
    ]
    run = run_of(tmp_path, "history.jsonl", "".join(json.dumps(row).replace('"NaN"', "NaN") + "\n" for row in rows))
    assert run.format == "cleanrl"
    assert run.curves["reward_mean"].value.tolist() == [15.0, 50.0]
    assert run.curves["value_loss"].step.tolist() == [0, 1]
    assert run.curves["approx_kl"].broken.tolist() == [1]
    as_csv = "_step,charts/episodic_return,losses/value_loss,losses/approx_kl\n20,10,,\n90,20,,\n128,,4,0.01\n"
    (tmp_path / "history.jsonl").unlink()
    assert run_of(tmp_path, "export.csv", as_csv).curves["reward_mean"].value.tolist() == [15.0]


def test_a_log_of_nobody_known_goes_by_usual_names(tmp_path: Path) -> None:
    text = "iteration,ep_rew_mean,value_loss,entropy_loss,my thing\n0,1,8,-0.6,3\n1,2,7,-0.5,4\n"
    run = run_of(tmp_path, "metrics.csv", text)
    assert run.format == "plain"
    assert run.curves["reward_mean"].value.tolist() == [1.0, 2.0]
    assert run.curves["entropy_loss"].value.tolist() == [-0.6, -0.5]
    assert "entropy" not in run.curves
    assert run.inputs[0].notes == ("no known metric: entropy_loss, my thing",)


def test_columns_that_the_user_has_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("iteration,critic/l2,score,entropy\n0,8,1,0.6\n1,7,2,0.5\n")
    (tmp_path / "progress.csv").write_text("time/iterations,rollout/ep_rew_mean\n1,5.0\n")
    run = read_run(tmp_path, columns={"value_loss": "critic/l2", "reward_mean": "score"})
    assert run.curves["value_loss"].value.tolist() == [8.0, 7.0]
    assert run.curves["reward_mean"].value.tolist() == [1.0, 2.0]
    assert run.curves["entropy"].value.tolist() == [0.6, 0.5]
    with pytest.raises(UnknownName, match="no CSV or JSON log has a column 'no such column'"):
        read_run(tmp_path, columns={"value_loss": "no such column"})


def test_a_counter_of_steps_is_no_counter_of_updates(tmp_path: Path) -> None:
    run = run_of(tmp_path, "metrics.csv", "step,reward,value_loss\n2048,1,8\n4096,2,7\n6144,3,6\n")
    assert run.curves["reward_mean"].step.tolist() == [0, 1, 2]
    assert run.curves["timesteps"].value.tolist() == [2048.0, 4096.0, 6144.0]


def test_of_many_files_alike_only_a_few_are_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    for number in range(50):
        (tmp_path / f"nodes_{number}.json").write_text('{"x": 1}')
    monkeypatch.setattr(
        "rundoctor.readers.foreign.table.open_file", lambda path: opened.append(path.name) or path.open("rb")
    )
    run_of(tmp_path, "metrics.csv", "iteration,reward,value_loss\n0,1,8\n")
    assert len([name for name in opened if name.startswith("nodes")]) == 5


def test_an_empty_log_is_told_from_no_log(tmp_path: Path) -> None:
    with pytest.raises(NothingToJudge, match="may have died before its first update"):
        run_of(tmp_path, "log.csv", "")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("data.csv", "x,y\n1,2\n"),
        ("notes.txt", SPINNING_UP),
        ("verdict.json", '{"why": "reward"}'),
        ("a.json", "[[1]]"),
    ],
)
def test_other_files_are_no_logs(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(NotARun):
        run_of(tmp_path, name, text)


def test_cut_off_at_any_byte_never_invents_a_value(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    text = TORCH_AC + "1,2048,0.5,9,1.1,0.2,0.01,0.375,0.4,0.6\n2,4096,0.25,9,1.1,0.2,0.01,0.125,0.4,0.6\n"
    for length in range(len(TORCH_AC), len(text)):
        path.write_text(text[:length])
        curve = LAYOUTS[1].read(path).curves.get("value_loss")
        assert curve is None or set(curve.value.tolist()) <= {0.375, 0.125}


@given(st.binary(max_size=200))
def test_any_bytes_are_claimed_and_read_without_a_fault(tmp_path_factory, data: bytes) -> None:  # type: ignore[no-untyped-def]
    directory = tmp_path_factory.mktemp("any")
    for layout, name in zip(LAYOUTS, ("a.jsonl", "a.csv", "progress.txt"), strict=True):
        path = directory / name
        path.write_bytes(data)
        layout.claims(path)
        layout.read(path)


def test_names_with_digits_are_no_numbers(tmp_path: Path) -> None:
    """Python takes ``70846_00000`` for a number; trial ids of Ray Tune look like it."""
    path = tmp_path / "progress.csv"
    path.write_text("training_iteration,trial_id,episode_reward_mean\n1,70846_00000,2.0\n2,70846_00000,3.0\n")
    assert read_run(path).curves.keys() == {"reward_mean"}
