from __future__ import annotations

import pytest

from tests.builders import check_proposes, check_refuses, flat, learning, run

FIX = "widen-policy-clip"


@pytest.mark.parametrize(("kl", "target"), [(1e-4, 0.1), (5e-5, 0.14), (1e-6, 0.2)])
def test_scales_the_range_by_the_root_of_the_kl(kl: float, target: float) -> None:
    edit = check_proposes(FIX, learning({"clip_range": 0.01}, approx_kl=flat(kl)))
    assert (edit.name, edit.value) == ("clip_range", target)
    assert f"{0.01 / kl:,.0f} times less" in edit.why


def test_proposes_the_common_range_where_no_kl_is_logged() -> None:
    assert "0.2 allows 0.02" in check_proposes(FIX, run({"clip_range": 0.01})).why


def test_refused_when_the_range_is_wide() -> None:
    check_refuses(FIX, run({"clip_range": 0.3}))
