from __future__ import annotations

from rundoctor.model import Proposal
from tests.builders import proposed, run


def test_needs_code_always() -> None:
    assert proposed("bound-value-gradient", run()) == Proposal()
