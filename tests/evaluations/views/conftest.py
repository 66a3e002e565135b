import pytest


@pytest.fixture(autouse=True)
def _strict_templates(strict_templates):
    """No page may print an undefined variable."""
