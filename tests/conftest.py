"""One hypothesis profile for all tests: no deadline, and in CI the same examples every time."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("rundoctor", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("rundoctor")
