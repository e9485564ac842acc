"""The bundled sick run: PPO on CartPole with rewards of 100 a step and a value clip of 0.2."""

from __future__ import annotations

from pathlib import Path

from rundoctor.errors import RundoctorError

BUNDLED = Path(__file__).parents[1] / "demo_run"


def write_demo(directory: str) -> str:
    """Copy the run into a new or empty directory and return what was done; the same files are left as they are."""
    target = Path(directory)
    wanted = {file.name: file.read_bytes() for file in sorted(BUNDLED.iterdir()) if file.is_file()}
    try:
        target.mkdir(parents=True, exist_ok=True)
        there = {file.name: file for file in target.iterdir()}
        if _same(there, wanted):
            return f"{directory} holds the sick run already"
        if there:
            hint = f"rundoctor {directory} diagnoses it, rundoctor demo OTHER writes elsewhere"
            raise RundoctorError(f"{directory} is not empty", hint)
        for name, content in wanted.items():
            (target / name).write_bytes(content)
    except OSError as error:
        raise RundoctorError(f"cannot write {directory}: {error.strerror}", "name another directory") from error
    return f"wrote a sick run to {directory}"


def _same(there: dict[str, Path], wanted: dict[str, bytes]) -> bool:
    """Whether these are the run's own files, unchanged, and no others."""
    return there.keys() == wanted.keys() and all(
        file.is_file() and file.read_bytes() == wanted[name] for name, file in there.items()
    )
