from __future__ import annotations

import pytest

from tests.builders import check_proposes, proposed, run

FIX = "lower-action-noise"


@pytest.mark.parametrize(("logarithm", "said"), [(2.0, "e^2;"), (1e30, "e^1e+30;")])
def test_begins_where_trainers_begin(logarithm: float, said: str) -> None:
    edit = check_proposes(FIX, run({"log_std_init": logarithm}))
    assert (edit.name, edit.value) == ("log_std_init", 0.0)
    assert said in edit.why


@pytest.mark.parametrize("settings", [{}, {"log_std_init": 0.0}, {"log_std_init": -1.0}])
def test_needs_code_where_the_config_does_not_hold_it(settings: dict[str, float]) -> None:
    proposal = proposed(FIX, run(settings))
    assert (proposal.edits, proposal.refused) == ((), "")
