"""Exports of a chart of Weights & Biases: names of runs in the columns, bounds, several runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from rundoctor import read_run
from rundoctor.errors import NotARun

HEAD = '"Step","brisk-sea-1 - losses/value_loss","brisk-sea-1 - losses/value_loss__MIN","brisk-sea-1 - losses/entropy"'


def test_columns_lose_the_name_of_the_run_and_their_bounds(tmp_path: Path) -> None:
    (tmp_path / "wandb_export_2024.csv").write_text(HEAD + '\n"128","4.0","3.0","0.6"\n"256","2.0","1.0","0.5"\n')
    run = read_run(tmp_path)
    assert run.format == "cleanrl"
    assert run.curves["value_loss"].value.tolist() == [4.0, 2.0]
    assert run.curves["entropy"].value.tolist() == [0.6, 0.5]
    assert run.curves["timesteps"].value.tolist() == [128.0, 256.0]


def test_several_runs_are_not_mixed(tmp_path: Path) -> None:
    head = '"Step","a - losses/value_loss","b - losses/value_loss","a - losses/entropy"'
    (tmp_path / "export.csv").write_text(head + "\n128,4.0,9.0,0.6\n256,2.0,9.5,0.5\n")
    run = read_run(tmp_path)
    assert run.curves["value_loss"].value.tolist() == [4.0, 2.0]
    assert "2 runs in one file, listed, not mixed: a is read" in run.inputs[0].notes


def test_other_tables_are_none(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text('"Step","a - b","c"\n1,2,3\n')
    with pytest.raises(NotARun):
        read_run(tmp_path)
