"""The bundled sick run: PPO on CartPole with rewards of 100 a step and a value clip of 0.2."""

from __future__ import annotations

from pathlib import Path

from rundoctor.errors import RundoctorError

BUNDLED = Path(__file__).with_name("demo_run")


def write_demo(directory: str) -> str:
    """Copy the run into a new or empty directory and return what was written."""
    target = Path(directory)
    try:
        target.mkdir(parents=True, exist_ok=True)
        if any(target.iterdir()):
            hint = f"rundoctor {directory} diagnoses it, rundoctor demo OTHER writes elsewhere"
            raise RundoctorError(f"{directory} is not empty", hint)
        for file in sorted(BUNDLED.iterdir()):
            (target / file.name).write_bytes(file.read_bytes())
    except OSError as error:
        raise RundoctorError(f"cannot write {directory}: {error.strerror}", "name another directory") from error
    return f"wrote a sick run to {directory}"
