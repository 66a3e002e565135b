"""The project's settings on a local machine, made quick and strict for tests."""

import os

os.environ.setdefault("DEBUG", "true")

from tokku.settings import *  # noqa: E402, F403

# A kind of row that the form does not have (tests/evaluations/models/test_new_kind.py).
INSTALLED_APPS += ["tests.made_up"]  # noqa: F405

# Argon2 is slow on purpose; tests sign in often.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
