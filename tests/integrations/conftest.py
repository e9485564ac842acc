"""One thread, as in the core's tests."""

from tests.ppo.conftest import one_thread

__all__ = ["one_thread"]
