"""Configurations with which there is no update are refused where they are made."""

from __future__ import annotations

from typing import Any

import pytest

from rundoctor.ppo.config import Architecture, Config


@pytest.mark.parametrize("wrong", [{"n_epochs": 0}, {"batch_size": 0}, {"max_grad_norm": 0.0}, {"adam_epsilon": 0.0}])
def test_numbers_without_an_update_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Config(**wrong)


@pytest.mark.parametrize("wrong", [{"observations": 0}, {"actions": 0}, {"hidden": ()}, {"hidden": (64, 0)}])
def test_networks_without_units_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="at least"):
        Architecture(**({"observations": 3, "actions": 2, "discrete": True} | wrong))
