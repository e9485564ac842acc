"""A change is shown whole: path, old value, new value."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rundoctor.model import Config, Entry, Patch, PatchEdit, Report
from rundoctor.reports import Options, render
from rundoctor.screen import Look
from rundoctor.screen.treatment import ABSENT, values
from tests.reports import sample


def edit(old: object, new: object, path: str = "learning_rate") -> PatchEdit:
    return PatchEdit(name="x", path=path, old=old, new=new, fix="lower-learning-rate", safety="same objective", why="w")


def config(value: object, raw: str) -> Config:
    entry = Entry(path=("learning_rate",), value=value, raw=raw, start=0, end=0, line=1)
    return Config(file="config.yaml", path="run/config.yaml", text="", entries=(entry,))


@pytest.mark.parametrize(
    ("old", "raw", "new", "shown"),
    [
        (0.05, "0.05", 0.00019, ("0.05", "0.00019")),
        ("5e-2", "5e-2", 0.0003, ("5e-2", "0.0003")),
        ("lin_0.05", "lin_0.05", 0.0003, ("lin_0.05", "lin_0.0003")),
        (None, "", 0.1, ("null", "0.1")),
        (False, "no", True, ("no", "true")),
    ],
)
def test_values_are_those_of_the_file(old, raw, new, shown):
    assert values(edit(old, new), config(old, raw)) == shown


def test_an_absent_key_had_no_value():
    assert values(edit(None, None, "target_kl"), config(1, "1")) == (ABSENT, "null")
    assert values(edit(None, 0.1), None) == (ABSENT, "0.1")


@pytest.mark.parametrize("name", ["terminal", "markdown"])
@pytest.mark.parametrize("width", [40, 80, 100])
def test_no_report_cuts_a_value(name, width):
    line = "{n_steps: 256, batch_size: 64, n_epochs: 10, gamma: 0.99, gae_lambda: 0.95, learning_rate: %s}\n"
    diff = "--- a/c\n+++ b/c\n@@ -1 +1 @@\n-" + line % "0.05" + "+" + line % "0.00019"
    patch = Patch(edits=(edit(0.05, 0.00019),), diff=diff, new_text=line % "0.00019")
    whole = sample.report()
    report = Report(
        run=replace(whole.run, config=config(0.05, "0.05")), diagnosis=whole.diagnosis, patch=patch, version="0.1.0"
    )
    text = render(report, name, Options(look=Look(width=width))).replace("`", "").replace("&gt;", ">")
    assert "learning_rate: 0.05 -> 0.00019" in text


def test_many_changes_are_counted():
    edits = tuple(edit(1, 2, f"weights.w{k}") for k in range(20))
    report = replace(sample.report(), patch=Patch(edits=edits))
    assert "… and 8 values more" in render(report, "terminal")
