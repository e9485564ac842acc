from __future__ import annotations

from tests.builders import check_proposes, run


def test_proposes_a_fraction_of_the_value() -> None:
    edit = check_proposes("make-value-clip-relative", run({"clip_range_vf": 0.2}))
    assert (edit.name, edit.value) == ("value_clip_relative", True)
