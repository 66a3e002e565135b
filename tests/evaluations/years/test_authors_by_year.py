"""Authors join and leave, and a zone is renamed, from a year on; earlier years say and ask what they did."""

from dataclasses import replace

import pytest
from django.urls import reverse

from evaluations import moves
from evaluations.models import Actual, Evaluation, Submission, ZoneMunicipality
from evaluations.permissions import Access
from evaluations.records.load import load
from evaluations.records.store import store
from evaluations.years.editions import begin_edition
from evaluations.years.kept import states_of
from evaluations.years.next_year import NextYear
from evaluations.years.rows_at_opening import prepare_open_years
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.admin.test_access import change, forms_of
from tests.evaluations.admin.test_import_export import confirm, preview
from tests.evaluations.years.test_editions import asked, said
from tests.worlds import world
from tokku.accounts.models import Municipality

pytestmark = pytest.mark.django_db

OLD_NAME = "京浜臨海部ライフイノベーション国際戦略総合特区"


@world
def last(secretariat):
    """The evaluation of 2023, sealed, and that of 2024, open."""
    last = campaign.sealed_year(secretariat)
    moves.move(NextYear(last).save(by=secretariat), "open", by=secretariat)
    return last


def following() -> Evaluation:
    return Evaluation.objects.get(fiscal_year=2024)


def authors_of(year: int) -> str:
    return next(line for line in said(year).splitlines() if "作成主体" in line)


def join(zone, name="横須賀市", **years) -> ZoneMunicipality:
    author = factories.municipality(name)
    return ZoneMunicipality.objects.create(zone=zone, municipality=author, position=9, **years)


def test_an_author_that_joins_takes_part_from_its_first_year_on(last, secretariat):
    before, asked_before = said(2023), asked(2023)
    join(last.zone, first_year=2024)
    prepare_open_years(last.zone)
    moves.move(last, "reopen", by=secretariat, reason="誤りを直すため")
    prepare_open_years(last.zone)

    assert (said(2023), asked(2023)) == (before, asked_before)
    assert "横須賀市" in said(2024)
    joined = Submission.objects.filter(municipality__name="横須賀市")
    assert [row.evaluation.fiscal_year for row in joined] == [2024]


def test_an_author_that_leaves_took_part_until_its_last_year(client, last, secretariat):
    before = said(2023)
    official = factories.user("kawasaki-9")
    ZoneMunicipality.objects.filter(municipality__name="川崎市").update(last_year=2023)

    assert said(2023) == before
    assert "川崎市" not in authors_of(2024)
    client.force_login(official)
    assert client.get("/").status_code == 200
    assert client.get("/keihin/2023/").status_code == 200
    assert client.get("/keihin/2024/").status_code == 404
    campaign.put(following(), "final", secretariat)
    assert client.get("/keihin/2024/").status_code == 200


def test_a_new_author_of_the_admin_does_not_enter_sealed_years(
    client, last, secretariat, administrator
):
    before = said(2023)
    factories.municipality("横須賀市")
    client.force_login(administrator)
    sent = forms_of(client, change(last.zone))
    number = int(sent["zonemunicipality_set-TOTAL_FORMS"])
    sent |= {
        "zonemunicipality_set-TOTAL_FORMS": number + 1,
        f"zonemunicipality_set-{number}-municipality": "横須賀市",
        f"zonemunicipality_set-{number}-position": 4,
    }
    assert client.post(change(last.zone), sent).status_code == 302

    assert ZoneMunicipality.objects.get(municipality__name="横須賀市").first_year == 2024
    assert said(2023) == before
    assert "横須賀市" in authors_of(2024)


def test_a_zone_that_is_renamed_keeps_its_name_in_sealed_years(client, last, secretariat):
    before = said(2023)
    client.force_login(secretariat)
    sent = forms_of(client, change(last.zone)) | {"name": "改めた特区"}
    assert client.post(change(last.zone), sent).status_code == 302

    assert said(2023) == before
    assert "改めた特区" in said(2024)
    sent = forms_of(client, change(last.zone)) | {"name": "また改めた特区"}
    client.post(change(last.zone), sent)
    assert said(2023) == before
    assert "また改めた特区" in said(2024)


# Reading in documents


def document(year, *authors):
    contents = factories.contents(fiscal_year=year)
    return replace(contents, zone=replace(contents.zone, municipalities=authors))


TWO, THREE = ("神奈川県", "横浜市"), ("神奈川県", "横浜市", "川崎市")


@pytest.mark.parametrize("authors", [(TWO, THREE), (THREE, TWO)], ids=["joins", "leaves"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["forth", "back"])
def test_each_year_has_the_authors_of_its_document(authors, order):
    for name in THREE:
        factories.municipality(name)
    documents = [
        document(year, *of_year) for year, of_year in zip((2022, 2023), authors, strict=True)
    ]
    for place in order:
        store(documents[place], "keihin", reason="試験")
    stored = [load(evaluation) for evaluation in Evaluation.objects.order_by("fiscal_year")]
    assert tuple(contents.zone.municipalities for contents in stored) == authors


def test_the_last_year_of_an_author_is_not_before_its_first(client, last, administrator):
    client.force_login(administrator)
    sent = forms_of(client, reverse("admin:evaluations_zone_change", args=[last.zone.pk]))
    sent |= {"zonemunicipality_set-0-first_year": 2024, "zonemunicipality_set-0-last_year": 2023}
    page = client.post(change(last.zone), sent).content.decode()
    assert "作成主体の最後の年度は、加わった年度以後にしてください。" in page


def rename_zone(client, zone, name):
    assert (
        client.post(change(zone), forms_of(client, change(zone)) | {"name": name}).status_code
        == 302
    )


def test_a_year_opened_after_the_zone_is_renamed_has_the_new_name(client, secretariat):
    sealed = campaign.sealed_year(secretariat)
    before = said(2023)
    client.force_login(secretariat)
    rename_zone(client, sealed.zone, "改めた特区")

    NextYear(Evaluation.objects.get(fiscal_year=2023)).save(by=secretariat)
    assert said(2023) == before
    assert "改めた特区" in said(2024)


def test_a_year_that_is_open_again_keeps_the_name_with_which_it_was_sealed(
    client, last, secretariat
):
    before = said(2023)
    begin_edition(last.edition, 2024, by=secretariat)
    moves.move(last, "reopen", by=secretariat, reason="誤りを直すため")
    client.force_login(secretariat)
    rename_zone(client, last.zone, "改めた特区")
    assert said(2023) == before
    assert "改めた特区" in said(2024)


def test_an_author_that_has_left_sees_no_later_drafts_in_the_admin(client, last):
    official = factories.user("kawasaki-9")
    ZoneMunicipality.objects.filter(municipality__name="川崎市").update(last_year=2023)
    client.force_login(official)
    draft = Actual.objects.get(fiscal_year=2024, municipality__name="横浜市")
    assert client.get(change(draft)).status_code == 404
    assert client.get(change(following())).status_code == 404
    assert client.get(change(last)).status_code == 200
    sealed = Actual.objects.get(fiscal_year=2023, municipality__name="横浜市")
    assert client.get(change(sealed)).status_code == 200


def test_an_author_whose_last_year_was_a_mistake_gets_its_rows(client, secretariat):
    sealed = campaign.sealed_year(secretariat)
    author = ZoneMunicipality.objects.get(municipality__name="川崎市")
    ZoneMunicipality.objects.filter(pk=author.pk).update(last_year=2023)
    moves.move(NextYear(sealed).save(by=secretariat), "open", by=secretariat)
    of_year = Submission.objects.filter(evaluation=following(), municipality__name="川崎市")
    assert not of_year.exists()

    client.force_login(secretariat)
    sent = forms_of(client, change(sealed.zone))
    (name,) = (name for name in sent if name.endswith("-last_year") and sent[name] == 2023)
    assert client.post(change(sealed.zone), sent | {name: ""}).status_code == 302
    assert of_year.exists()


def test_what_an_author_that_has_left_enters_anew_is_hidden_until_it_is_handed_in(
    last, secretariat, other_official
):
    ZoneMunicipality.objects.filter(municipality__name="川崎市").update(last_year=2023)
    moves.move(last, "reopen", by=secretariat, reason="誤りを直すため")
    submission = campaign.submission(last)
    campaign.put(submission, "returned", secretariat)
    access = Access(other_official, following())
    assert (submission.municipality_id, 2023) in access.hidden_actuals


def test_a_first_year_is_not_taken_for_a_last_one(last):
    states = []
    for years in ({"first_year": 2023}, {"last_year": 2023}):
        ZoneMunicipality.objects.filter(municipality__name="川崎市").update(
            **{"first_year": None, "last_year": None} | years
        )
        states.append(states_of([last]))
    assert states[0] != states[1]


def test_an_author_that_one_document_lacks_goes_on_with_the_next():
    for name in THREE:
        factories.municipality(name)
    for year, authors in ((2022, THREE), (2023, TWO), (2024, THREE)):
        store(document(year, *authors), "keihin", reason="試験")
    assert ZoneMunicipality.objects.get(municipality__name="川崎市").last_year is None


@pytest.mark.parametrize("years", [{"first_year": 2024}, {"last_year": 2022}])
def test_nobody_leaves_a_sealed_year(client, last, administrator, years):
    before = said(2023)
    client.force_login(administrator)
    sent = forms_of(client, change(last.zone))
    sent |= {f"zonemunicipality_set-0-{name}": year for name, year in years.items()}
    page = client.post(change(last.zone), sent).content.decode()
    assert "令和5年度の評価書は確定のため、その年度の作成主体は変更できません。" in page
    assert said(2023) == before


def rename_body(client, name, new_name):
    body = Municipality.objects.get(name=name)
    sent = {"kind": body.kind, "code": body.code, "name": new_name}
    assert client.post(change(body), sent).status_code == 302


def print_as(client, zone, name, printed_name):
    """Give an author another name in the form."""
    sent = forms_of(client, change(zone))
    (prefix,) = (key[: -len("municipality")] for key, value in sent.items() if value == name)
    sent |= {f"{prefix}printed_name": printed_name}
    assert client.post(change(zone), sent).status_code == 302


def by_sheet(client, name, new_name):
    code = Municipality.objects.get(name=name).code
    cells = {"種類": "", "全国地方公共団体コード": code, "名称": new_name}
    confirm(client, Municipality, preview(client, Municipality, [cells]))


WAYS = {
    "renamed": lambda client, zone, name, new: rename_body(client, name, new),
    "by a sheet": lambda client, zone, name, new: by_sheet(client, name, new),
    "printed otherwise": print_as,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("is_opened_first", [True, False])
def test_an_author_that_gets_another_name_keeps_the_old_one_in_sealed_years(
    client, last, secretariat, administrator, way, is_opened_first
):
    before, asked_before = said(2023), asked(2023)
    client.force_login(administrator)
    if is_opened_first:
        moves.move(last, "reopen", by=secretariat, reason="誤りを直すため")
    WAYS[way](client, last.zone, "川崎市", "新川崎市")
    if not is_opened_first:
        moves.move(
            Evaluation.objects.get(pk=last.pk), "reopen", by=secretariat, reason="誤りを直すため"
        )

    assert (said(2023), asked(2023)) == (before, asked_before)
    assert authors_of(2024).endswith("新川崎市")
    if way == "printed otherwise":
        print_as(client, last.zone, "川崎市", "")
        assert authors_of(2024).endswith("、川崎市")
    else:
        WAYS[way](client, last.zone, "新川崎市", "川崎新市")
        assert authors_of(2024).endswith("、川崎新市")
    assert (said(2023), asked(2023)) == (before, asked_before)


def test_a_body_that_is_renamed_keeps_the_name_that_forms_print_of_it(client, last, administrator):
    client.force_login(administrator)
    print_as(client, last.zone, "川崎市", "神奈川県川崎市")
    rename_body(client, "川崎市", "新川崎市")
    assert authors_of(2024).endswith("、神奈川県川崎市")
    assert authors_of(2023).endswith("、川崎市")
