from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("gymnasium")

from rundoctor.errors import RundoctorError
from rundoctor.replaying.worlds.gym_task import USUAL_LIMIT, gym_task, made

ROOMS = "tests.replaying.rooms"


def test_a_registered_task() -> None:
    task = gym_task("CartPole-v1")
    assert (task.observations, task.actions, task.discrete, task.first, task.limit) == (4, 2, True, 0, 500)
    pendulum = gym_task("Pendulum-v1")
    assert (pendulum.actions, pendulum.discrete, pendulum.low.tolist(), pendulum.high.tolist()) == (1, False, [-2], [2])
    assert pendulum.limit == 200


def test_what_a_factory_makes() -> None:
    task = gym_task(f"{ROOMS}:Corridor")
    assert (task.observations, task.actions, task.discrete, task.first, task.limit) == (3, 3, True, 5, USUAL_LIMIT)
    slider = gym_task(f"{ROOMS}:cut")
    assert (slider.observations, slider.actions, slider.shape, slider.limit) == (2, 2, (2, 1), 7)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("NoSuchTask-v1", "NoSuchTask"),
        ("no_such_module_anywhere:factory", "no_such_module_anywhere"),
        (f"{ROOMS}:no_such_thing", "has no no_such_thing"),
        (f"{ROOMS}:NUMBER", "has no NUMBER to call"),
        (f"{ROOMS}:broken", "fails: ValueError: no licence"),
        (f"{ROOMS}:wrong", "makes a dict"),
        (f"{ROOMS}:Mapped", "observations"),
        (f"{ROOMS}:Camera", "Box of shape (96, 96, 3)"),
        (f"{ROOMS}:Many", "actions MultiDiscrete"),
        (f"{ROOMS}:Countless", "1000000000 actions"),
        ("FrozenLake-v1", "observations Discrete(16)"),
        ("", "cannot be made"),
        (":", "cannot be made"),
    ],
)
def test_what_cannot_be_acted_in_is_one_line(name: str, words: str) -> None:
    with pytest.raises(RundoctorError) as caught:
        gym_task(name)
    assert words in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_code == 2


def test_a_factory_in_the_current_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "import gymnasium\ndef make():\n    return gymnasium.make('CartPole-v1')\n"
    (tmp_path / "my_own_task.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    assert made("my_own_task:make").spec.id == "CartPole-v1"


def test_without_gymnasium_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gymnasium", None)
    with pytest.raises(RundoctorError, match="needs gymnasium") as caught:
        made("CartPole-v1")
    assert "rundoctor[env]" in caught.value.hint
