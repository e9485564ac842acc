"""The diff that git takes, and the file that is written whole or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from rundoctor.errors import PatchRefused
from rundoctor.model import Patch
from rundoctor.patching import apply_patch
from tests.config_builders import NATIVE, load, patched


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.yaml"


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("name", ["config.yaml", "ünï run/config.yaml", 'a"b/config.yaml'])
def test_git_apply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, last: bool, name: str) -> None:
    below = tmp_path / "below"
    (below / name).parent.mkdir(parents=True, exist_ok=True)
    text = ("\ufeff" + NATIVE).replace("\n", ending) + ("" if last else "# end")
    run = load(below / name, text)
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", "-c", "core.autocrlf=false", *command], cwd=tmp_path, check=True)
    monkeypatch.chdir(below)
    plan = patched(run, learning_rate=0.001, max_grad_norm=0.5, ent_coef=0.01)
    subprocess.run(["git", "apply"], input=plan.diff.encode(), check=True)
    assert plan.new_text is not None
    assert (below / name).read_bytes() == plan.new_text.encode()


def test_apply_keeps_the_mode_and_every_backup(config: Path) -> None:
    for number, rate in enumerate((0.001, 0.002)):
        run = load(config, config.read_bytes() if config.exists() else NATIVE)
        config.chmod(0o640)
        old = config.read_bytes()
        assert run.config is not None
        backup = apply_patch(patched(run, learning_rate=rate), run.config)
        assert backup.name == f"config.yaml.bak{number or ''}"
        assert backup.read_bytes() == old
        assert stat.S_IMODE(config.stat().st_mode) == 0o640
    assert sorted(os.listdir(config.parent)) == ["config.yaml", "config.yaml.bak", "config.yaml.bak1"]


def test_apply_writes_through_a_link(tmp_path: Path, config: Path) -> None:
    load(tmp_path / "real.yaml", NATIVE)
    config.symlink_to("real.yaml")
    run = load(config, NATIVE)
    assert run.config is not None
    apply_patch(patched(run, gamma=0.5), run.config)
    assert config.is_symlink()
    assert "gamma: 0.5," in (tmp_path / "real.yaml").read_text()


def test_apply_refuses_a_file_that_changed(config: Path) -> None:
    run = load(config, NATIVE)
    plan = patched(run, gamma=0.5)
    config.write_text(NATIVE + "# more\n")
    assert run.config is not None
    with pytest.raises(PatchRefused, match="changed"):
        apply_patch(plan, run.config)
    assert config.read_text() == NATIVE + "# more\n"


def test_apply_refuses_what_is_gone_and_what_changes_nothing(config: Path) -> None:
    run = load(config, NATIVE)
    assert run.config is not None
    with pytest.raises(PatchRefused, match="nothing"):
        apply_patch(Patch(), run.config)
    plan = patched(run, gamma=0.5)
    config.unlink()
    with pytest.raises(PatchRefused, match="cannot"):
        apply_patch(plan, run.config)


def test_a_write_that_fails_leaves_nothing_behind(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = load(config, NATIVE)

    def full(*paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert run.config is not None
    with pytest.raises(PatchRefused, match="No space left"):
        apply_patch(patched(run, gamma=0.5), run.config)
    assert os.listdir(config.parent) == ["config.yaml"]
    assert config.read_text() == NATIVE


def test_apply_refuses_a_config_that_may_not_be_written(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = load(config, NATIVE)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert run.config is not None
    with pytest.raises(PatchRefused, match="it is read-only"):
        apply_patch(patched(run, gamma=0.5), run.config)
    assert os.listdir(config.parent) == ["config.yaml"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_apply_keeps_the_owner(config: Path) -> None:
    run = load(config, NATIVE)
    os.chown(config, 1234, 1234)
    assert run.config is not None
    backup = apply_patch(patched(run, gamma=0.5), run.config)
    assert {path.stat().st_uid for path in (config, backup)} == {1234}
