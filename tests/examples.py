"""How much of what is made up at random a run tries."""

from hypothesis import settings


def share(whole: int) -> int:
    """Of `whole` examples, as many of each hundred as the profile says (tests/conftest.py)."""
    return max(1, whole * settings.default.max_examples // 100)
