from __future__ import annotations

from tests.builders import check_proposes, check_refuses, component, proposed, run

FIX = "standardize-summed-advantages"
UNLIKE = (component("goal", 5.0), component("shaping", 0.1))


def test_switches_the_split_off_and_says_how_far_the_least_was_lifted() -> None:
    edit = check_proposes(FIX, run({"advantages_per_component": True, "normalize_advantage": True}, components=UNLIKE))
    assert (edit.name, edit.value) == ("advantages_per_component", False)
    assert "shaping was lifted 50 times, to the weight of goal" in edit.why


def test_the_sum_is_standardised_where_nothing_else_would_be() -> None:
    edits = proposed(FIX, run({"advantages_per_component": True, "normalize_advantage": False})).edits
    assert {edit.name: edit.value for edit in edits} == {
        "advantages_per_component": False,
        "normalize_advantage": True,
    }


def test_refused_when_they_are_summed_first_already() -> None:
    assert "off already" in check_refuses(FIX, run({"advantages_per_component": False}))
