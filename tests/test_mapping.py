"""What a user says of a column: ``--map METRIC=COLUMN`` on every command that reads a run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rundoctor import read_run
from rundoctor.cli import main

TABLE = "iteration,critic/l2,score,foo\n" + "".join(f"{n},{8 - n / 4},{n},{n % 3}\n" for n in range(12))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "metrics.csv").write_text(TABLE)
    return tmp_path


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_a_mapped_column_is_the_metric_and_the_others_are_listed(run: Path) -> None:
    result = call(
        "diagnose", run, "--map", "value_loss=critic/l2", "--map", "reward_mean=score", "--format", "json", "-v"
    )
    read = json.loads(result.stdout)["run"]
    assert read["updates"] == 12
    assert read["inputs"][0]["notes"] == ["no known metric: foo"]
    assert "reward-collapse" in json.loads(result.stdout)["clear"]


@pytest.mark.parametrize("command", ["diagnose", "patch", "replay"])
@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("value_los=critic/l2", "no metric is called 'value_los'; did you mean value_loss"),
        ("xyzzy=score", "no metric is called 'xyzzy'; such as loss, reward_mean"),
        ("loss=l2", "no CSV or JSON log has a column 'l2'; metrics.csv has iteration, critic/l2, score, foo"),
        ("loss=", "'loss=' is not METRIC=COLUMN"),
        ("score", "'score' is not METRIC=COLUMN"),
    ],
)
def test_a_mapping_that_cannot_be_followed_is_one_line(run: Path, command: str, mapping: str, said: str) -> None:
    result = call(command, run, "--map", mapping)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_one_metric_has_one_column(run: Path) -> None:
    result = call("diagnose", run, "--map", "loss=score", "--map", "loss=foo")
    assert "loss is given two columns" in result.stderr


def test_a_second_column_that_is_not_there_lists_those_that_are(run: Path) -> None:
    result = call("diagnose", run, "--map", "value_loss=critic/l2", "--map", "reward_mean=none")
    assert "metrics.csv has no column of numbers 'none'; it has iteration, critic/l2" in result.stderr


def test_of_several_tables_the_one_with_the_columns_is_read(run: Path) -> None:
    (run / "other.csv").write_text("iteration,reward,loss\n0,1,2\n1,2,3\n")
    read = read_run(run, columns={"value_loss": "critic/l2"})
    assert [one.file for one in read.inputs] == ["metrics.csv"]
    assert "reward_mean" not in read.curves


def test_columns_of_two_tables_are_not_mixed(run: Path) -> None:
    (run / "other.csv").write_text("iteration,mine\n0,1\n1,2\n")
    result = call("diagnose", run, "--map", "value_loss=critic/l2", "--map", "reward_mean=mine")
    assert result.exit_code == 2
    assert "metrics.csv has critic/l2; other.csv has mine: join them" in result.stderr


def test_without_a_table_there_is_nothing_to_map(tmp_path: Path) -> None:
    (tmp_path / "loss_metrics.txt").write_text("nothing")
    assert "there is no such log" in call("diagnose", tmp_path, "--map", "loss=x").stderr
