"""Progress of authors: which items count, and who has begun."""

from datetime import UTC, datetime

import pytest

from evaluations import catalogue, moves
from evaluations.models import Achievement
from evaluations.review.hand_in_progress import HandInProgress, hand_in_progress
from evaluations.years.rows import rows_of_year
from supports.models import NationalSupport
from tests.evaluations import campaign
from tests.worlds import world

pytestmark = pytest.mark.django_db


@world
def year(secretariat):
    return campaign.open_year(secretariat)


def of_kawasaki(evaluation) -> HandInProgress:
    progress = hand_in_progress([rows_of_year(evaluation)], with_saves=True)[evaluation.pk]
    return next(author for author in progress.authors if author.municipality.name == "川崎市")


def saved(row, by, day):
    row._history_user, row._history_date = by, datetime(2023, 6, day, tzinfo=UTC)
    row.save()


@pytest.mark.parametrize("days", [(1, 2), (2, 1)])
def test_the_last_save_is_the_latest_of_all_kinds_of_rows(year, official, days):
    of_official = {"municipality": official.municipality}
    rows = Achievement.objects.get(**of_official), NationalSupport.objects.get(**of_official)
    for row, day in zip(rows, days, strict=True):
        saved(row, official, day)
    assert of_kawasaki(year).last_saved == datetime(2023, 6, 2, tzinfo=UTC)


def test_author_that_handed_in_has_begun_though_only_others_have_saved(year, official, secretariat):
    assert of_kawasaki(year).has_not_begun
    campaign.fill(year, official.municipality_id)
    moves.move(campaign.submission(year, "川崎市"), "submit", by=official)
    type(year).history.all().update(history_user=secretariat)
    for kind in catalogue.KINDS.values():
        if kind.page:
            kind_of_row = rows_of_year(year).of_kind(kind)
            for row in kind_of_row:
                row.history.all().update(history_user=secretariat)
    progress = of_kawasaki(year)
    assert progress.last_saved is None
    assert not progress.has_not_begun


def test_items_that_are_not_required_do_not_count(year, official):
    items = rows_of_year(year).items(official.municipality_id)
    required = [item for item in items if item.is_required]
    assert len(required) < len(items)
    amount = of_kawasaki(year).amount
    assert amount.required == len(required)
    assert amount.missing == sum(item.is_missing for item in required)
    pages = [of_kawasaki(year).amounts[page] for page in catalogue.PAGES]
    assert sum(page.required for page in pages) == amount.required
