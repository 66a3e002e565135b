"""Fifteen officials type and hand in at the same time: no accepted value is lost or overwritten unseen.

LOAD_SECONDS says how long; by default 15 in `make full`, otherwise until every kind of event has happened.
"""

import os
import time
from collections import Counter
from functools import partial

import pytest
from django.apps import apps
from django.db import connection

from evaluations.models import StatusChange
from supports.models import SchemeResult
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.load import Official, Secretariat, work_together
from tests.examples import share
from tokku.accounts.models import Municipality
from tokku.records import as_text

pytestmark = pytest.mark.postgres

SECONDS = float(os.environ.get("LOAD_SECONDS", share(15)))
# On a busy machine it goes on until every kind of event has happened, up to this limit.
AT_MOST = SECONDS + 180
OFFICIALS_EACH = 5
ENTRY = "/keihin/2023/entry/"
PAGES = ["actuals/", "texts/", "supports/"]
MOVES = ("submit", "return", "approve")
KINDS = {
    "evaluations.actual",
    "evaluations.achievement",
    "supports.schemeresult",
    "supports.regionaltext",
}


def joint_scheme(evaluation):
    """The result of a scheme of all three municipalities, so that their officials edit one row."""
    row = SchemeResult.objects.create(
        evaluation=evaluation, category="tax", name="共同の制度", position=9, outline="概要"
    )
    row.municipalities.set(Municipality.objects.filter(name__in=campaign.AUTHORS))
    return row


def histories(people):
    """The revisions of every row that somebody typed into, first to last, by the row's key."""
    keys = {typed.name.rpartition("-")[0] for person in people for typed in person.typed}
    versions = {}
    for key in keys:
        kind, pk = key.split("/")
        row_history = apps.get_model(kind).history.filter(id=pk).order_by("revision", "history_id")
        versions[key] = list(row_history)
    return versions


def typed_text(version, name):
    """The text of a version as it was typed: figures without commas."""
    text = as_text(version.instance, name.rpartition("-")[2])
    return text.replace(",", "") if name.endswith("-value") else text


def is_kept(typed, row_histories):
    """Whether the history has the accepted value, by the person who typed it."""
    return any(
        typed_text(version, typed.name) == typed.value and version.history_user_id == typed.by
        for version in row_histories[typed.name.rpartition("-")[0]]
    )


def written_over_unseen(people, row_histories):
    """Changes by a person to whom no page had shown the old text: (field, old, new, person)."""
    seen_texts = {
        (person.user.pk, name, text.replace(",", "") if name.endswith("-value") else text)
        for person in people
        for name, text in person.seen
    }
    names = {typed.name for person in people for typed in person.typed}
    overwritten = []
    for name in names:
        versions = row_histories[name.rpartition("-")[0]]
        for old, new in zip(versions, versions[1:], strict=False):
            before, after = typed_text(old, name), typed_text(new, name)
            by = new.history_user_id  # None where the test itself prepared the year
            if by and before != after and (by, name, before) not in seen_texts:
                overwritten.append((name, before, after, by))
    return overwritten


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_nothing_that_was_accepted_is_lost(secretariat, live_server, capsys):
    evaluation = campaign.open_year(secretariat)
    joint_key = joint_scheme(evaluation).key
    campaign.fill(evaluation)
    host = live_server.url.removeprefix("http://")
    officials = [
        Official(factories.user(f"{name}{n}", of=name), host)
        for name in campaign.AUTHORS
        for n in range(OFFICIALS_EACH)
    ]
    towns = {official.user.pk: official.user.municipality.name for official in officials}
    reviewer = Secretariat(secretariat, host)
    began = time.monotonic()

    def has_all_happened():
        typed = [entry for official in officials for entry in official.typed.copy()]
        accepted = [entry for entry in typed if entry.outcome == "accepted"]
        joint = {towns[entry.by] for entry in accepted if entry.name.startswith(f"{joint_key}-")}
        moved = reviewer.answers + sum((official.answers for official in officials), Counter())
        return (
            {entry.outcome for entry in typed} >= {"accepted", "conflict", "shown"}
            and {entry.name.split("/")[0] for entry in accepted} >= KINDS
            and len(joint) > 1
            and all(moved[f"{name} 302"] for name in MOVES)
        )

    def goes_on():
        passed = time.monotonic() - began
        return passed < SECONDS or (passed < AT_MOST and not has_all_happened())

    codes = [factories.CODES[name] for name in campaign.AUTHORS]
    work_together(
        [partial(official.work, ENTRY, PAGES, goes_on) for official in officials]
        + [partial(reviewer.work, "/keihin/2023/review/", codes, goes_on)]
    )

    row_histories = histories(officials)
    typed = [entry for official in officials for entry in official.typed]
    accepted = [entry for entry in typed if entry.outcome == "accepted"]
    lost = [entry for entry in (*typed, *reviewer.typed) if entry.outcome == "lost"]
    lost += [entry for entry in accepted if not is_kept(entry, row_histories)]
    logged = set(
        StatusChange.objects.filter(changed_by=secretariat).values_list("reason", flat=True)
    )
    lost += [
        entry
        for entry in reviewer.typed
        if entry.outcome == "accepted" and entry.value not in logged
    ]
    unseen = written_over_unseen(officials, row_histories)
    failures = [line for person in (*officials, reviewer) for line in person.failures]
    answers = sum((person.answers for person in (*officials, reviewer)), Counter())
    with capsys.disabled():
        print(
            f"\n{time.monotonic() - began:.0f} s: accepted {len(accepted)}, "
            f"conflicts {sum(entry.outcome == 'conflict' for entry in typed)}, "
            f"shown {sum(entry.outcome == 'shown' for entry in typed)}, lost {len(lost)}, "
            f"written over unseen {len(unseen)}; {dict(sorted(answers.items()))}"
        )
    assert failures == []
    assert lost == []
    assert unseen == []
    assert has_all_happened()
