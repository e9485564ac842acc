from __future__ import annotations

from tests.builders import check_proposes, check_refuses, component, flat, geometric, proposed, run

FIX = "freeze-component-weights"
WANDERING = (component("goal", 1.0, weight=geometric(1.0, 0.01)), component("living", -1.0, weight=flat(1.0)))


def test_switches_the_learning_of_weights_off_and_says_how_far_one_went() -> None:
    edit = check_proposes(FIX, run({"learnable_component_weights": True}, components=WANDERING))
    assert (edit.name, edit.value) == ("learnable_component_weights", False)
    assert "the share of goal changed" in edit.why
    assert float(edit.why.split()[-3]) > 20


def test_refused_when_they_are_fixed_already() -> None:
    assert "off already" in check_refuses(FIX, run({"learnable_component_weights": False}, components=WANDERING))


def test_weights_that_no_setting_switches_are_code() -> None:
    proposal = proposed(FIX, run(components=WANDERING))
    assert (proposal.edits, proposal.refused) == ((), "")
