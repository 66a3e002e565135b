"""Fifteen officials type and hand in at the same time: nothing that was accepted gets lost."""

import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from django.db import connection
from django.test import Client

from evaluations.items import items_of, missing_items, row_key
from evaluations.models import Submission
from supports.models import RegionalText
from tests import factories
from tests.evaluations.views.entry import TEXTS, open_year
from tokku.accounts.models import Role

SECONDS = 60
NAMES = ("神奈川県", "横浜市", "川崎市")
OFFICIALS_EACH = 5


class Official:
    """Types a text of its own into the municipality's part of 6, again and again."""

    def __init__(self, user, row, until):
        self.user, self.row, self.until = user, row, until
        self.accepted, self.shown, self.lost = [], [], []

    def work(self):
        client = Client()
        client.force_login(self.user)
        chance = random.Random(self.user.username)
        count = 0
        try:
            while time.monotonic() < self.until:
                count += 1
                self.type(client, f"{self.user.username}の{count}回目", chance)
                if chance.random() < 0.05:
                    client.post("/keihin/2023/entry/submit/")
        finally:
            connection.close()

    def type(self, client, text, chance):
        page = client.get(TEXTS).content.decode()
        key = row_key(self.row)
        revision = re.search(rf'name="{re.escape(key)}-revision" value="(\d+)"', page)
        if not revision:
            return  # Handed in: there is nothing to type into until it is returned.
        time.sleep(chance.random() * 0.05)
        data = {f"{key}-revision": revision[1], f"{key}-text": text}
        response = client.post(TEXTS, data)
        if response.status_code == 302:
            self.accepted.append(text)
        elif text in unescape(response.content.decode()):
            self.shown.append(text)
        else:
            self.lost.append((response.status_code, text))


def give_back(secretariat, until):
    """The secretariat returns what was handed in, so that the work goes on."""
    try:
        while time.monotonic() < until:
            for submission in Submission.objects.filter(state="submitted"):
                submission.move("return", by=secretariat, reason="試験のため")
            time.sleep(0.3)
    finally:
        connection.close()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_no_accepted_text_is_lost(secretariat):
    evaluation = open_year(secretariat)
    for item in missing_items(items_of(evaluation)):
        row = type(item.row).objects.get(pk=item.row.pk)
        setattr(row, item.field, 1 if item.field == "value" else "記入済み")
        row.save()
    until = time.monotonic() + SECONDS
    officials = []
    for name in NAMES:
        row = RegionalText.objects.get(
            evaluation=evaluation, kind="narrative", municipality__name=name
        )
        for n in range(OFFICIALS_EACH):
            user = factories.user(f"{name}{n}", Role.OFFICIAL, of=name)
            officials.append(Official(user, row, until))

    with ThreadPoolExecutor(len(officials) + 1) as pool:
        work = [pool.submit(official.work) for official in officials]
        work.append(pool.submit(give_back, secretariat, until))
        for done in work:
            done.result()

    kept = set(RegionalText.history.values_list("text", flat=True))
    accepted = [text for official in officials for text in official.accepted]
    shown = [text for official in officials for text in official.shown]
    lost = [text for text in accepted if text not in kept]
    lost += [text for official in officials for text in official.lost]
    print(
        f"accepted {len(accepted)}, shown as a conflict or refusal {len(shown)}, lost {len(lost)}"
    )
    assert lost == []
    assert accepted
    assert shown
