"""The commands: what they print where, and the exit code they leave with."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from rundoctor.cli import main
from rundoctor.commands import diagnose as diagnosing
from rundoctor.commands.demo import BUNDLED
from rundoctor.model import Diagnosis, Patch, Report, Severity, Verdict
from tests.reports import sample

PROGRAM = [sys.executable, "-m", "rundoctor"]


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def one_line(result: Result) -> str:
    """Return the only line on stderr."""
    lines = result.stderr.splitlines()
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("rundoctor: ")
    return lines[0]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch):
    """Return a function that makes every run give one report."""

    def give(report: Report) -> None:
        monkeypatch.setattr(diagnosing, "examine", lambda request: report)

    return give


def with_findings(**found: object) -> Report:
    diagnosis = Diagnosis(verdict=Verdict.SICK, **found)  # type: ignore[arg-type]
    return replace(sample.report(), diagnosis=diagnosis)


# ---- diagnose ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["diagnose"], []])
def test_a_sick_run_exits_with_one_and_prints_the_report(given, command):
    given(sample.report())
    result = call(*command, "some-run")
    assert result.exit_code == 1
    assert result.stdout.startswith("✗ SICK")
    assert result.stderr == ""


def test_options_may_come_before_the_run_without_a_command(given):
    given(sample.report())
    assert json.loads(call("--format", "json", "some-run").stdout)["verdict"] == "sick"


def test_a_healthy_run_exits_with_zero(given):
    given(sample.healthy())
    assert call("some-run").exit_code == 0


def test_nothing_judged_exits_with_three_and_a_hint(given):
    given(sample.undetermined())
    result = call("some-run")
    assert result.exit_code == 3
    assert result.stdout.startswith("? UNDETERMINED")
    assert "log approx_kl per update" in one_line(result)


@pytest.mark.parametrize(
    ("found", "fail_on", "code"),
    [
        ({"causes": (sample.cause(severity=Severity.WARNING),)}, "error", 0),
        ({"causes": (sample.cause(severity=Severity.WARNING),)}, "warning", 1),
        ({"causes": (sample.cause(),)}, "never", 0),
        ({"symptoms": (sample.symptom("no-learning", ()),)}, "error", 1),
        ({"symptoms": (sample.symptom("no-learning", ("x",)),)}, "error", 0),
        ({"hazards": (sample.cause(),)}, "warning", 0),
    ],
)
def test_fail_on_counts_causes_and_unexplained_symptoms(given, found, fail_on, code):
    given(with_findings(**found))
    assert call("some-run", "--fail-on", fail_on).exit_code == code


def test_output_goes_to_the_file_alone(given, tmp_path):
    given(sample.report())
    result = call("some-run", "--format", "markdown", "-o", tmp_path / "report.md")
    assert result.stdout == ""
    assert (tmp_path / "report.md").read_text().startswith("## SICK")


def test_an_unwritable_output_is_one_line(given, tmp_path):
    given(sample.report())
    result = call("some-run", "-o", tmp_path / "absent" / "report.md")
    assert result.exit_code == 2
    assert "No such file or directory" in one_line(result)


def test_color_is_off_in_a_pipe_and_on_when_forced(given, monkeypatch):
    given(sample.report())
    assert "\x1b" not in call("some-run").stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" in CliRunner().invoke(main, ["some-run"], color=True).stdout
    assert "\x1b" not in CliRunner().invoke(main, ["some-run", "--no-color"], color=True).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in CliRunner().invoke(main, ["some-run"], color=True).stdout


# ---- bad input ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["/no/such/run"], "/no/such/run"),
        (["diagnos"], "did you mean rundoctor diagnose?"),
        (["diagnose"], "Missing argument 'RUN'"),
        (["diagnose", BUNDLED, "--formt", "json"], "--format"),
        ([BUNDLED, "--select", "value-clip-to-tight"], "did you mean value-clip-too-tight?"),
        ([BUNDLED, "--ignore", "value-clip-too-tight,nonsense"], "rundoctor rules"),
        ([BUNDLED, "--limit", "value-clip-too-tight.tigth=1"], "did you mean tight?"),
        ([BUNDLED, "--limit", "value-clip-too-tight.tight=high"], "is not RULE.field=VALUE"),
        ([BUNDLED, "--limit", "value-clip-too-tight.tight=nan"], "a limit is a number"),
        (["patch", BUNDLED, "--fix", "normalise-returns"], "did you mean normalize-returns?"),
        (["explain", "los-explosion"], "did you mean loss-explosion?"),
    ],
)
def test_bad_input_is_one_line_with_a_hint(arguments, hint):
    result = call(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert hint in one_line(result)


def test_a_path_with_escapes_is_harmless_in_an_error():
    assert r"\x1b[31m" in one_line(call("/no/\x1b[31m/run"))


def test_an_unexpected_failure_is_one_line(monkeypatch):
    def fail(request):
        raise ZeroDivisionError("a fault\nin two lines")

    monkeypatch.setattr(diagnosing, "examine", fail)
    result = call("some-run")
    assert result.exit_code == 2
    assert "ZeroDivisionError: a fault" in one_line(result)


def test_an_interrupt_leaves_with_130(monkeypatch):
    def interrupt(request):
        raise KeyboardInterrupt

    monkeypatch.setattr(diagnosing, "examine", interrupt)
    assert call("some-run").exit_code == 130


# ---- patch -------------------------------------------------------------------------------------------------------


def test_the_diff_alone_is_on_stdout(given):
    given(sample.report())
    result = call("patch", "some-run")
    assert result.exit_code == 0
    assert result.stdout == sample.patch().diff
    assert "trainer.normalize_returns: false -> true" in result.stderr
    assert "separate-value-trunk needs code" in result.stderr
    assert "widen-value-clip is not offered" in result.stderr


def test_patch_json_stands_where_it_stands_in_the_report(given):
    given(sample.report())
    content = json.loads(call("patch", "some-run", "--format", "json").stdout)
    assert content["patch"] == sample.report().to_dict()["patch"]


def test_a_named_fix_that_is_refused_exits_with_two(given):
    given(sample.report())
    result = call("patch", "some-run", "--fix", "widen-value-clip")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the trunk is shared" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("diagnosis", "arguments", "words"),
    [
        (
            Diagnosis(verdict=Verdict.SICK, causes=(sample.cause(rule="reward-changed-mid-run"),)),
            [],
            "no fix in the config treats reward-changed-mid-run",
        ),
        (
            Diagnosis(verdict=Verdict.SICK, causes=(sample.cause(),)),
            ["--fix", "normalize-returns"],
            "nothing to change: the config has what normalize-returns would write",
        ),
        (
            Diagnosis(verdict=Verdict.HAZARD, hazards=(sample.cause(rule="too-many-epochs"),)),
            [],
            "this log shows no damage from too-many-epochs; patch it all the same with --fix reduce-epochs",
        ),
        (
            Diagnosis(verdict=Verdict.SICK_CAUSE_UNKNOWN, symptoms=(sample.symptom("no-learning", ()),)),
            [],
            "no cause was found that a fix could treat",
        ),
    ],
)
def test_patch_says_why_it_changes_nothing(given, diagnosis, arguments, words):
    given(replace(sample.report(), diagnosis=diagnosis, patch=Patch()))
    result = call("patch", "some-run", *arguments)
    assert (result.exit_code, result.stdout) == (0, "")
    assert words in one_line(result)


def test_patch_of_a_run_that_cannot_be_judged_is_one_line(given):
    given(sample.undetermined())
    result = call("patch", "some-run")
    assert result.exit_code == 3
    assert "nothing could be judged" in one_line(result)


def test_nothing_to_change_exits_with_zero(given):
    given(replace(sample.healthy(), patch=Patch()))
    result = call("patch", "some-run")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing to change" in one_line(result)


@pytest.mark.parametrize("style", ["terminal", "markdown"])
def test_a_file_that_gave_nothing_is_named_in_the_report(tmp_path, style):
    (tmp_path / "loss_metrics.json").write_text(json.dumps([{"batch": row, "loss": 1.0} for row in range(20)]))
    (tmp_path / "config.yaml").write_text("<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> b\n")
    assert "read of config.yaml (unresolved merge markers at line 1)" in call(tmp_path, "--format", style).stdout


def test_a_log_that_gave_nothing_is_the_hint_where_nothing_is_judged(tmp_path):
    (tmp_path / "loss_metrics.json").write_text("")
    (tmp_path / "config.yaml").write_text("trainer: {learning_rate: 0.0003}\nalgorithm: {gamma: 0.99}\n")
    result = call(tmp_path)
    assert result.exit_code == 3
    assert "nothing was read of loss_metrics.json (empty" in one_line(result)
