"""How many generated examples a run tries."""

from hypothesis import settings


def share(whole: int) -> int:
    """How many of `whole` examples the profile (tests/conftest.py) tries; at least one."""
    return max(1, whole * settings.default.max_examples // 100)
