"""Which cases count as cured, on rows made by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from treated.arms import DIAGNOSIS, NONE, ORACLE, RANDOM
from treated.cured import page, treatments
from treated.rows import Row, Table, copied


def rows(arm: str, *improvements: float, fault: str = "clip", edits: str = "{}", note: str = "") -> list[Row]:
    return [
        Row(fault, "docking", "core", arm, seed, edits, "1", improvement, note)
        for seed, improvement in enumerate(improvements)
    ]


def case(fault: str, **arms: tuple[float, ...]) -> list[Row]:
    named = {"none": NONE, "oracle": ORACLE, "diagnosis": DIAGNOSIS, "random": RANDOM}
    return [row for arm, values in arms.items() for row in rows(named[arm], *values, fault=fault)]


def test_the_mean_over_seeds_decides() -> None:
    (found,) = treatments(case("clip", none=(0.1,), oracle=(1.0,), diagnosis=(0.85, 0.96), random=(0.8, 0.9)))
    assert found.arms[DIAGNOSIS].cured
    assert not found.arms[RANDOM].cured


def test_a_run_that_died_cures_nothing() -> None:
    (found,) = treatments([*case("clip", none=(0.1,), oracle=(1.0,)), *rows(DIAGNOSIS, 1.0, note="died: NaN")])
    assert not found.arms[DIAGNOSIS].cured


def test_a_case_without_its_oracle_is_not_counted() -> None:
    assert treatments(case("clip", none=(0.1,), diagnosis=(1.0,))) == []


def test_the_share_is_of_the_cases_that_the_oracle_cures() -> None:
    lines = page(
        case("a", none=(0.1,), oracle=(1.0,), diagnosis=(1.0,))
        + case("b", none=(0.1,), oracle=(1.0,), diagnosis=(0.2,))
        + case("c", none=(0.1,), oracle=(0.5,), diagnosis=(-0.3,))
    ).splitlines()
    row = next(line for line in lines if line.startswith(f"| {DIAGNOSIS} "))
    assert "1 of 3 = 33%" in row
    assert "| 0.50 (" in row
    assert row.endswith("| 1 |")


@pytest.fixture
def table(tmp_path: Path) -> Table:
    table = Table(tmp_path / "cure.csv")
    table.keep([])
    return table


def test_rows_come_back_as_they_were(table: Table) -> None:
    written = rows(DIAGNOSIS, 0.5, 1.0, edits='{"gamma": 0.99}')
    for row in written:
        table.add(row)
    assert Table(table.path).rows == written


def test_the_row_of_a_patch_that_has_changed_is_dropped(table: Table) -> None:
    old, new = rows(DIAGNOSIS, 0.5, edits='{"gamma": 0.98}') + rows(DIAGNOSIS, 1.0, edits='{"gamma": 0.99}')
    table.add(old)
    table.add(new)
    table.keep([new.key])
    assert Table(table.path).rows == [new]


def test_an_arm_that_trains_the_same_run_gets_its_row_under_its_own_name() -> None:
    (row,) = rows(RANDOM, 0.5, edits='{"gamma": 0.99}')
    key = (*row.case, DIAGNOSIS, 0, '{"gamma": 0.990}')
    same = copied(row, SimpleNamespace(key=key, note=""))  # type: ignore[arg-type]
    assert same.key == key
    assert same.improvement == 0.5


def test_an_arm_that_lacks_a_case_has_no_rate() -> None:
    trained = case("a", none=(0.1,), oracle=(1.0,), random=(1.0,))
    lines = page(trained + case("b", none=(0.1,), oracle=(1.0,))).splitlines()
    assert next(line for line in lines if line.startswith(f"| {RANDOM} ")).count("%") == 0
    assert any("not finished: 1 of 2 cases" in line for line in lines)
