"""How passwords are stored."""

from django.contrib.auth import hashers


class Argon2PasswordHasher(hashers.Argon2PasswordHasher):
    """Argon2id with 19 MiB and two passes, as OWASP recommends: Django's 100 MiB are 1.3 GB for 40 sign-ins at once.

    What was stored with other parameters is verified with them, and stored anew at the next sign-in.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
