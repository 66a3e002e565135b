"""A municipality with many rows; run as a program, prints the memory that previewing its large workbook takes.

Prints the status, the lines that change, and the megabytes that the process took at most.
"""

import os
import re
import sys
from pathlib import Path


def scope_with_many(official, secretariat):
    """The scope of a municipality with 1,900 achievements."""
    from evaluations.entry.scope import EntryScope
    from evaluations.models import Achievement, Approach
    from tests.evaluations.views.entry import open_year

    evaluation = open_year(secretariat)
    approach = Approach.objects.get(evaluation=evaluation)
    Achievement.objects.filter(approach=approach).delete()
    Achievement.objects.bulk_create(
        Achievement(
            approach=approach,
            heading=f"取組{number}",
            text="内容の文章" * 20,
            municipality=official.municipality,
            position=number,
        )
        for number in range(1, 1_901)
    )
    return EntryScope(official, evaluation)


def most_megabytes() -> int:
    """Peak memory of this program as Linux counts it; getrusage() includes that of the parent process."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) // 1024


def main(path: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_test_environment

    from tests import factories
    from tests.evaluations.entry.workbook.books import send
    from tokku.accounts.models import Role

    setup_test_environment()
    call_command("migrate", verbosity=0)
    official = factories.user("kawasaki")
    scope_with_many(official, factories.user("secretariat", Role.SECRETARIAT, of=None))
    client = Client()
    client.force_login(official)
    with open(path, "rb") as file:
        response = send(client, file.read())
    changed = len(response.context["outcome"].changed)
    print(response.status_code, changed, most_megabytes())


if __name__ == "__main__":
    main(sys.argv[1])
