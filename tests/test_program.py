"""The program end to end, on the bundled sick run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rundoctor import __version__
from rundoctor.commands.demo import BUNDLED
from tests.test_cli import call, one_line

PROGRAM = [sys.executable, "-m", "rundoctor"]


def test_demo_writes_a_sick_run_and_diagnoses_it(tmp_path):
    result = call("demo", tmp_path / "run")
    assert result.exit_code == 0
    assert result.stdout.startswith("✗ SICK")
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == sorted(path.name for path in BUNDLED.iterdir())


def test_demo_a_second_time_diagnoses_again(tmp_path):
    first = call("demo", tmp_path / "run")
    second = call("demo", tmp_path / "run")
    assert (second.exit_code, second.stdout) == (0, first.stdout)
    assert "holds the sick run already" in one_line(second)


def test_demo_leaves_its_own_files_alone_once_they_were_changed(tmp_path):
    call("demo", tmp_path)
    config = tmp_path / "config.yaml"
    config.write_text(config.read_text() + "mine: 1\n")
    result = call("demo", tmp_path)
    assert result.exit_code == 2
    assert "is not empty" in one_line(result)
    assert config.read_text().endswith("mine: 1\n")


def test_demo_keeps_what_is_there(tmp_path):
    (tmp_path / "mine").write_text("mine")
    result = call("demo", tmp_path)
    assert result.exit_code == 2
    assert "is not empty" in one_line(result)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_patch_is_applied_once_and_the_old_config_kept(tmp_path):
    call("demo", tmp_path)
    before = (tmp_path / "config.yaml").read_text()
    assert call("patch", tmp_path, "--apply").exit_code == 0
    assert (tmp_path / "config.yaml").read_text() != before
    assert before in {path.read_text() for path in tmp_path.iterdir() if path.name.startswith("config.yaml")}


def test_the_diff_applies_with_git(tmp_path, monkeypatch):
    call("demo", tmp_path / "run")
    monkeypatch.chdir(tmp_path)
    diff = call("patch", "run").stdout
    subprocess.run(["git", "apply", "-"], input=diff, text=True, check=True)
    assert call("patch", "run").stdout != diff


def test_rules_and_fixes_are_listed():
    text = call("rules").stdout
    assert "value-clip-too-tight" in text
    content = json.loads(call("rules", "--format", "json").stdout)
    assert "normalize-returns" in {fix["name"] for fix in content["fixes"]}


def test_explain_has_the_generated_sections():
    text = call("explain", "value-clip-too-tight").stdout
    assert text.startswith("value-clip-too-tight")
    assert {"What", "Why", "Fixes", "Limits"} <= set(text.splitlines())
    assert "Treats" in call("explain", "normalize-returns").stdout.splitlines()


# ---- the program -------------------------------------------------------------------------------------------------


def run_program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, text=True, env=os.environ | environment, encoding="utf-8"
    )


def test_version_loads_neither_numpy_nor_rich():
    assert call("--version").stdout == f"rundoctor {__version__}\n"
    code = "import sys, rundoctor.cli; print({'numpy', 'rich', 'pandas', 'torch'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "set()\n"


def test_a_closed_pipe_is_no_error():
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        found = subprocess.run([*PROGRAM, str(BUNDLED)], stdout=closed, stderr=subprocess.PIPE, text=True)
    assert (found.returncode, found.stderr) == (141, "")


def test_an_ascii_terminal_gets_ascii():
    found = run_program(str(BUNDLED), PYTHONIOENCODING="ascii", COLUMNS="80")
    assert found.returncode == 1
    assert found.stdout.isascii()
    assert max(map(len, found.stdout.splitlines())) <= 80 + len(str(Path(BUNDLED)))


def test_without_arguments_the_help_is_printed():
    assert "Commands:" in run_program().stdout


# ---- a shell that gives little -----------------------------------------------------------------------------------


def run_in_shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    program = " ".join(PROGRAM)
    command = ["bash", "-c", line.replace("rundoctor", program, 1)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)


@pytest.mark.parametrize("command", ["rules", "--help", f"diagnose {BUNDLED} --fail-on never", f"patch {BUNDLED}"])
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-", ">/dev/null 2>/dev/full"])
def test_closed_streams_do_not_change_the_exit_code(command, closed):
    done = run_in_shell(f"rundoctor {command} {closed}")
    assert done.returncode == 0
    assert "failed" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["rules", "--help", f"diagnose {BUNDLED}"])
def test_a_full_device_is_one_line(command):
    done = run_in_shell(f"rundoctor {command} >/dev/full")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "No space left on device" in done.stderr


@pytest.mark.parametrize("columns", ["0", "1", "-5", "x", "²", "9" * 30, "9" * 5000, ""])
def test_any_width_of_the_terminal_is_taken(columns):
    done = run_in_shell(f"rundoctor diagnose {BUNDLED}", COLUMNS=columns)
    assert (done.returncode, done.stderr) == (1, "")


def test_numbers_that_overflow_do_not_warn(tmp_path):
    rows = [{"batch": row, "loss": 3e38, "mean_reward": -3e38, "value_loss": 1e-45} for row in range(20)]
    (tmp_path / "loss_metrics.json").write_text(json.dumps(rows))
    assert run_in_shell(f"rundoctor diagnose {tmp_path}").stderr == ""
