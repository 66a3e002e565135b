"""An act keeps the name under which it was done, whatever the account is called since."""

import pytest
from django.utils import timezone

from evaluations import moves
from evaluations.models import Remark, StatusChange
from tests import factories
from tests.evaluations import campaign
from tests.worlds import world
from tokku.accounts.models import User

pytestmark = pytest.mark.django_db

OLD, NEW = "旧姓 花子", "新姓 花子"


def rename(account: User, name: str) -> User:
    account.name = name
    account.save()
    return User.objects.get(pk=account.pk)


def test_a_name_holds_until_the_next():
    account = factories.user("kawasaki")
    moments = [timezone.now()]
    for name in ("二", "三"):
        account = rename(account, name)
        moments.append(timezone.now())
    assert [account.name_at(moment) for moment in moments] == ["kawasakiさん", "二", "三"]
    assert rename(account, "三").former_names == account.former_names


@world
def year():
    """A year that was handed in, remarked on and returned, then handed in, approved and sealed; all renamed since."""
    secretariat = rename(factories.person("secretariat"), OLD)
    evaluation = campaign.open_year(secretariat)
    official = rename(factories.person("official"), OLD)
    submission = campaign.hand_in(evaluation, official)
    remark = Remark(
        submission=submission, record=str(evaluation.key), text="指摘", written_by=secretariat
    )
    remark.save()
    moves.move(submission, "return", by=secretariat, reason="理由")
    moves.answer_remark(remark, "回答", by=official)
    moves.move(submission, "submit", by=official)
    campaign.sealed_as_it_is(evaluation, secretariat)
    for account in (secretariat, official):
        rename(account, NEW)
    return evaluation


PAGES = [
    "/keihin/2023/log/",
    "/keihin/2023/remarks/",
    "/keihin/2023/review/",
    "/keihin/2023/review/141305/",
    "/keihin/2023/versions/",
    "/keihin/2023/versions/1/",
    "/admin/evaluations/statuschange/",
    "/admin/evaluations/submission/",
    "/admin/evaluations/sealedversion/",
]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_the_name_of_then(client, year, page):
    client.force_login(User.objects.get(username="secretariat"))
    content = client.get(page).content.decode()
    main = content[content.index('id="content"' if "/admin/" in page else "<main") :]
    assert OLD in main
    assert NEW not in main


def test_histories_show_the_name_of_then(client, year):
    client.force_login(User.objects.get(username="secretariat"))
    change = StatusChange.objects.first()
    submission = change.submission or campaign.submission(year)
    page = client.get(f"/admin/evaluations/submission/{submission.pk}/history/").content.decode()
    assert NEW not in page[page.index('id="content"') :]


def test_a_name_that_was_changed_elsewhere_is_remembered_once():
    account = factories.user("kawasaki")
    elsewhere = User.objects.get(pk=account.pk)
    account = rename(account, "二")
    elsewhere.refresh_from_db()
    elsewhere.save()
    assert User.objects.get(pk=account.pk).former_names == account.former_names
