"""The project's settings on a local machine, made quick and strict for tests."""

import os

os.environ.setdefault("DEBUG", "true")

from tokku.settings import *  # noqa: E402, F403

# Argon2 is slow on purpose; tests sign in often.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
