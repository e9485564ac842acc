"""Packing runs: the same bytes, the same files back, nothing outside."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest
from scoring.archives import opened, pack
from scoring.labelled import labelled_runs

LABEL = {"fault": None, "accept": [], "class": "healthy", "task": "task", "split": "tuning"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, split in (("a", "tuning"), ("b", "test")):
        for form in ("files", "sb3"):
            (tmp_path / "in" / name / form).mkdir(parents=True)
            (tmp_path / "in" / name / form / "config.yaml").write_text(f"{name} {form}")
        (tmp_path / "in" / name / "label.json").write_text(json.dumps(LABEL | {"split": split}))
    return tmp_path / "in"


def test_what_is_packed_comes_back(root: Path, tmp_path: Path) -> None:
    assert [path.name for path in pack(root, tmp_path / "out")] == ["task.tar.xz"]
    with opened(tmp_path / "out") as place:
        found = list(labelled_runs(place, "tuning"))
        assert [(one.name, one.format) for one in found] == [("a", "files"), ("a", "sb3")]
        assert (found[1].place / "config.yaml").read_text() == "a sb3"


def test_a_folder_of_runs_is_taken_as_it_is(root: Path) -> None:
    with opened(root) as place:
        assert len(list(labelled_runs(place))) == 4


def test_packing_twice_gives_the_same_bytes(root: Path, tmp_path: Path) -> None:
    (first,) = pack(root, tmp_path / "one")
    (root / "a" / "label.json").touch()
    (second,) = pack(root, tmp_path / "two")
    assert first.read_bytes() == second.read_bytes()


def test_an_archive_cannot_write_beside_its_folder(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "bad.tar.xz", "w:xz") as archive:
        entry = tarfile.TarInfo("../outside")
        entry.size = 1
        archive.addfile(entry, io.BytesIO(b"x"))
    with pytest.raises(tarfile.OutsideDestinationError), opened(tmp_path):
        pass
