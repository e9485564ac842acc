"""Half-written and damaged files of real frameworks: read as far as they go, or refused in one line."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rundoctor import diagnose, read_run
from rundoctor.errors import RundoctorError

SAMPLES = Path(__file__).parents[1] / "samples"
FILES = sorted(path.relative_to(SAMPLES) for path in SAMPLES.glob("*/**/*") if path.is_file())


def damaged(whole: bytes, draw: st.DataObject) -> bytes:
    """Cut the end off, or put other bytes in place of some."""
    cut = draw.draw(st.integers(0, len(whole)), label="cut")
    if draw.draw(st.booleans(), label="truncate"):
        return whole[:cut]
    junk = draw.draw(st.binary(min_size=1, max_size=16), label="junk")
    return whole[:cut] + junk + whole[cut + len(junk) :]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(file=st.sampled_from(FILES), draw=st.data())
def test_a_damaged_file_never_ends_in_a_traceback(file: Path, draw: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        shutil.copytree(SAMPLES / file.parts[0], run)
        target = run / Path(*file.parts[1:])
        target.write_bytes(damaged(target.read_bytes(), draw))
        try:
            said = diagnose(read_run(run)).verdict.value
        except RundoctorError as error:
            said = str(error)
        assert said
        assert "\n" not in said
