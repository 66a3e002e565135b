"""Carries out a move and stops in the middle of it, for a test to kill this process there.

python -m tests.evaluations.pausing MODEL evaluation|submission PK MOVE USER: stops after the first row of
MODEL is written, or with MODEL "end" after the whole move.
"""

import sys
import time

import django

django.setup()

from django.db.models.signals import post_save  # noqa: E402

from evaluations import moves  # noqa: E402
from evaluations.models import Evaluation, Submission  # noqa: E402
from tokku.accounts.models import User  # noqa: E402

KINDS = {"evaluation": Evaluation, "submission": Submission}


def main(pause, kind, pk, move, user):
    def stop(sender=None, **kwargs):
        if sender is None or sender.__name__ == pause:
            print(f"paused at {pause}", flush=True)
            time.sleep(60)

    post_save.connect(stop)
    moves.move(KINDS[kind].objects.get(pk=pk), move, by=User.objects.get(pk=user))
    stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
