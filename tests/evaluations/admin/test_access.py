"""Who gets what at every address of the admin: person × state of the evaluation × method.

In each of two zones that share 横浜市. Whatever is refused changes nothing.
"""

import re
from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from evaluations.form import contents as c
from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    Correction,
    Evaluation,
    NumericTarget,
    Remark,
    ResultPart,
    SealedVersion,
    StatusChange,
    Submission,
    Waiver,
)
from evaluations.models.evaluation import EvaluationQuerySet
from evaluations.sample import miura
from evaluations.years.rows_at_opening import prepare_rows
from supports.models import NationalSupport, RegionalText, RegulatoryMeasure, SchemeResult
from tests import factories, worlds
from tokku.figures import Figure

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# The groups of models that follow one rule; the row asked for is one of 川崎市 where rows have owners.
ENTRY = ["achievement", "actual", "correction", "nationalsupport", "regionaltext", "schemeresult"]
WHOLE = ["evaluation", "targetassessment", "approach", "regulatorymeasure"]
PLAN = ["zone", "plan", "planedition", "indicator", "numerictarget", "yearlytarget"]
STATES = ["submission", "sealedversion", "resultpart"]
OWN_MATTERS = ["statuschange", "remark", "waiver"]
OFFICE = ["municipality", "user"]
SERVICE = ["auditentry"]  # the administrator's alone

# The status of GET/POST for: list, add, change, delete, history.
FULL = "200/200 200/200 200/200 200/200 200/405"
READ = "200/200 403/403 200/403 403/403 200/405"
# Of what another municipality handed in, the present state alone.
HANDED_IN = "200/200 200/200 200/403 403/403 403/405"
SEALED = "200/200 403/403 200/403 403/403 403/405"
ABSENT = "200/200 200/200 404/404 404/404 404/404"
GONE = "200/200 403/403 404/404 404/404 404/404"
HIDDEN = "403/403 403/403 404/404 404/404 404/404"
NEVER = "403/403 403/403 403/403 403/403 403/403"
SIGN_IN = "302/302 302/302 302/302 302/302 302/302"
RESULT = "200/200 200/200 200/200 403/403 200/405"
FULL_LOG = "200/200 200/200 200/200 200/200 200/200"
READ_LOG = "200/200 403/403 200/403 403/403 200/200"
KEPT_LOG = "200/200 200/200 200/200 403/403 200/200"
OF_ONE_ZONE = "200/200 403/403 200/200 403/403 200/405"
OF_ZONE = "200/200 403/403 200/200 200/200 200/200"

# Scripts and styles inside a page, which the policy forbids.
INLINE = re.compile(
    r"<style|<script(?![^>]*(src=|type=.application/json))[^>]*>|\s(style|on[a-z]+)=[\"']"
)


def contents_of_every_kind(**values):
    """An evaluation with a row of every kind."""
    return factories.contents(
        approaches=(
            c.Approach(
                narrative="内容",
                achievements=(c.Achievement(level="main", heading="取組", municipality="川崎市"),),
            ),
        ),
        measures=(c.Measure(kind="general", name="一般事業"),),
        national_supports=(
            c.NationalSupport(kind="fiscal", name="国の事業", municipality="川崎市"),
        ),
        schemes=(c.Scheme(category="fiscal", name="補助金", municipalities=("川崎市",)),),
        regional_texts=(
            c.RegionalText(kind="narrative", text="川崎の取組", municipality="川崎市"),
        ),
        **values,
    )


@worlds.world
def world(secretariat, official, stranger):
    """The evaluation of 川崎市 and its neighbours, being filled in, and one of another zone."""
    evaluation = factories.evaluation(contents_of_every_kind())
    Actual.objects.filter(target__indicator__edition=evaluation.edition).delete()
    zone = factories.contents().zone
    elsewhere = c.Zone(
        kind="regional",
        name="札幌コンテンツ特区",
        designated_on=zone.designated_on,
        certified_on=zone.certified_on,
        municipalities=("札幌市",),
    )
    for each_evaluation in (
        evaluation,
        factories.evaluation(factories.contents(zone=elsewhere), "sapporo"),
    ):
        each_evaluation.state = "open"
        each_evaluation.save()
        prepare_rows(each_evaluation)
    write_logs(evaluation, official, secretariat)
    return evaluation


def write_logs(evaluation, official, secretariat):
    """Create a row of each kind that people do not fill in."""
    submission = evaluation.submission_set.get(municipality=official.municipality)
    StatusChange.objects.create(
        evaluation=evaluation,
        submission=submission,
        move="return",
        from_state="submitted",
        to_state="returned",
        reason="直してください",
        changed_by=secretariat,
    )
    Remark.objects.create(submission=submission, record="x", text="指摘", written_by=secretariat)
    Waiver.objects.create(
        evaluation=evaluation,
        municipality=official.municipality,
        check_name="wording.brackets",
        row="x",
        digest="0" * 64,
        reason="確認した",
        set_aside_by=official,
    )
    SealedVersion.objects.create(
        evaluation=evaluation, number=1, document="{}", sha256="0" * 64, sealed_by=secretariat
    )
    ResultPart.objects.create(evaluation=evaluation, name="地域の評価", score="4.0")
    Correction.objects.create(
        evaluation=evaluation,
        target=NumericTarget.objects.of_edition(evaluation.edition_id)[0],
        fiscal_year=evaluation.fiscal_year - 1,
        municipality=official.municipality,
        value=1,
        reason="確報値",
    )


@pytest.fixture
def world_of_miura(world, secretariat, miura_official):
    """The sample's second zone, being filled in beside the first."""
    evaluation = factories.evaluation(miura.evaluations()[2020], "miura")
    evaluation.state = "open"
    evaluation.save()
    prepare_rows(evaluation)
    write_logs(evaluation, miura_official, secretariat)
    return evaluation


def set_state(evaluation, state, official):
    if state == "handed in":
        evaluation.submission_set.filter(municipality=official.municipality).update(
            state="submitted", submitted_at=timezone.now(), submitted_by=official
        )
    elif state == "sealed":
        Evaluation.objects.update(state="final")


# How rows belong to an evaluation, those of its plan to the plan.
OF_EVALUATION = {
    "achievement": "approach__evaluation",
    "remark": "submission__evaluation",
    **dict.fromkeys(
        ("approach", "correction", "nationalsupport", "regionaltext", "regulatorymeasure"),
        "evaluation",
    ),
    **dict.fromkeys(("schemeresult", "sealedversion", "statuschange", "submission"), "evaluation"),
    **dict.fromkeys(("targetassessment", "waiver", "resultpart"), "evaluation"),
}
OF_PLAN = {
    "planedition": "plan",
    "indicator": "edition__plan",
    "numerictarget": "indicator__edition__plan",
    "yearlytarget": "target__indicator__edition__plan",
    "actual": "target__indicator__edition__plan",
}
OWNER = dict.fromkeys(
    (
        "achievement",
        "actual",
        "correction",
        "nationalsupport",
        "regionaltext",
        "submission",
        "user",
    ),
    "municipality",
) | {"schemeresult": "municipalities"}


def row_of(model, evaluation, owner="川崎市"):
    """The row of a model to ask for; the owner's where rows have owners."""
    name = model._meta.model_name
    if name in ("evaluation", "zone", "plan"):
        return evaluation if name == "evaluation" else getattr(evaluation, name)
    rows = model._default_manager.order_by("pk")
    if name == "municipality":
        return rows.get(name=owner)
    if name == "actual":
        rows = rows.filter(fiscal_year=evaluation.fiscal_year)
    if name in OF_EVALUATION:
        rows = rows.filter(**{OF_EVALUATION[name]: evaluation})
    if name in OF_PLAN:
        rows = rows.filter(**{OF_PLAN[name]: evaluation.plan})
    if name in OWNER:
        rows = rows.filter(**{f"{OWNER[name]}__name": owner})
    return rows.first()


def everything():
    """Every row that people write, to assert that nothing has changed."""
    return {
        model: list(model._base_manager.order_by("pk").values())
        for label in ("evaluations", "supports", "accounts")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }


def walk(client, evaluation, owner="川崎市"):
    """The statuses of every model's pages for the signed-in person, as GET/POST."""
    answers = {}
    for model in admin.site._registry:
        statuses = []
        for address in addresses(model, row_of(model, evaluation, owner)):
            got, sent = client.get(address), client.post(address)
            statuses.append(f"{got.status_code}/{sent.status_code}")
        answers[model._meta.model_name] = " ".join(statuses)
    return answers


def addresses(model, row):
    """The addresses of the list, the forms to add, change and delete, and the history (its oldest version, if any)."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield reverse(f"{name}_changelist")
    yield reverse(f"{name}_add")
    yield reverse(f"{name}_change", args=[row.pk])
    yield reverse(f"{name}_delete", args=[row.pk])
    if hasattr(row, "history"):
        yield reverse(f"{name}_simple_history", args=[row.pk, row.history.last().pk])
    else:
        yield reverse(f"{name}_history", args=[row.pk])


def table(entry, whole, plan, states, own_matters, office, **others):
    answers = {}
    for models, answer in (
        (ENTRY, entry),
        (WHOLE, whole),
        (PLAN, plan),
        (STATES, states),
        (OWN_MATTERS, own_matters),
        (OFFICE, office),
        (SERVICE, NEVER),
    ):
        answers |= dict.fromkeys(models, answer)
    return answers | others


def same_for_all_models(answer):
    models = [*ENTRY, *WHOLE, *PLAN, *STATES, *OWN_MATTERS, *OFFICE, *SERVICE]
    return dict.fromkeys(models, answer)


# What is shown of a log or a sealed version has no versions: its history is a page like any other.
LOGS = {"statuschange": READ_LOG, "sealedversion": READ_LOG}
OWN = {
    "open": table(FULL, READ, READ, READ, READ, NEVER, **LOGS, municipality=READ_LOG),
    "handed in": table(READ, READ, READ, READ, READ, NEVER, **LOGS, municipality=READ_LOG),
    "sealed": table(READ, READ, READ, READ, READ, NEVER, **LOGS, municipality=READ_LOG),
}
ANSWERS = "200/200 403/403 200/403 403/403 403/405"
SHOWN = {"submission": ANSWERS, "sealedversion": READ_LOG, "municipality": READ_LOG}
NEIGHBOUR = {
    "open": table(ABSENT, READ, READ, READ, GONE, NEVER, **SHOWN),
    "handed in": table(HANDED_IN, READ, READ, READ, GONE, NEVER, **SHOWN),
    "sealed": table(SEALED, READ, READ, READ, GONE, NEVER, **SHOWN),
}
NOWHERE = {
    "open": table(ABSENT, GONE, GONE, GONE, GONE, NEVER, municipality=GONE),
    "handed in": table(ABSENT, GONE, GONE, GONE, GONE, NEVER, municipality=GONE),
    "sealed": table(GONE, GONE, GONE, GONE, GONE, NEVER, municipality=GONE),
}
# Accounts are disabled, never deleted. Zones and municipalities are registered by an administrator.
ACCOUNTS = {"zone": OF_ONE_ZONE, "municipality": OF_ZONE, "user": KEPT_LOG}
# What an edition says that a sealed evaluation goes by; others are added.
PART_OF_SEALED = "200/200 200/200 200/403 403/403 200/405"
OFFICE_TABLE = {
    "open": table(FULL, FULL, FULL, READ, READ, "", **LOGS, **ACCOUNTS),
    "handed in": table(FULL, FULL, FULL, READ, READ, "", **LOGS, **ACCOUNTS),
    # Of a sealed evaluation, what came back is entered.
    "sealed": table(READ, READ, FULL, READ, READ, "", **LOGS, **ACCOUNTS, evaluation=RESULT)
    | {"resultpart": FULL}
    | dict.fromkeys(PLAN[2:], PART_OF_SEALED),
}
# An administrator keeps zones and accounts, and sees nothing of plans and evaluations.
REGISTER = dict.fromkeys(
    OWN,
    same_for_all_models(HIDDEN)
    | {"zone": FULL, "municipality": FULL_LOG, "user": KEPT_LOG, "auditentry": READ_LOG},
)
EXPECTED = {
    "anonymous": dict.fromkeys(OWN, same_for_all_models(SIGN_IN)),
    "official": OWN,
    "colleague": OWN,
    "other_official": NEIGHBOUR,
    "stranger": NOWHERE,
    "secretariat": OFFICE_TABLE,
    "administrator": REGISTER,
    "reader": dict.fromkeys(OWN, same_for_all_models(NEVER)),
}


def each_table_once(tables, walked=()):
    """Person and state of each table of answers. A table equal to an earlier one runs in `make full` alone."""
    walked, walks = [*walked], []
    for *key, of_states in tables:
        for state, answers in of_states.items():
            marks = [pytest.mark.full] if answers in walked else []
            walks.append(pytest.param(*key, state, marks=marks))
            walked.append(answers)
    return walks


@pytest.mark.parametrize(("person", "state"), each_table_once(EXPECTED.items()))
def test_every_address_of_the_admin(client, request, world, official, person, state):
    set_state(world, state, official)
    if person != "anonymous":
        client.force_login(request.getfixturevalue(person))
    before = everything()

    answers = walk(client, world)

    assert answers == EXPECTED[person][state]
    assert everything() == before


# A secretariat reaches no row of a zone that it is not of.
UNKNOWN = {"zone": GONE, "municipality": GONE}
ELSEWHERE = {
    "open": table(ABSENT, ABSENT, ABSENT, GONE, GONE, ABSENT, **UNKNOWN),
    "handed in": table(ABSENT, ABSENT, ABSENT, GONE, GONE, ABSENT, **UNKNOWN),
    "sealed": table(GONE, GONE, ABSENT, GONE, GONE, ABSENT, **UNKNOWN, evaluation=ABSENT)
    | {"resultpart": ABSENT},
}
OF_ONE_ZONE_OR_BOTH = {
    "keihin": {"miura_official": NOWHERE, "miura_secretariat": ELSEWHERE},
    "miura": {
        "official": NOWHERE,
        "other_official": NEIGHBOUR,
        "miura_official": OWN,
        "miura_secretariat": OFFICE_TABLE,
    },
}


@pytest.mark.parametrize(
    ("slug", "person", "state"),
    each_table_once(
        [(slug, *one) for slug, people in OF_ONE_ZONE_OR_BOTH.items() for one in people.items()],
        walked=[answers for of_states in EXPECTED.values() for answers in of_states.values()],
    ),
)
def test_every_address_of_the_admin_in_two_zones(
    client, request, world, world_of_miura, official, miura_official, slug, person, state
):
    evaluation, owner = {
        "keihin": (world, official),
        "miura": (world_of_miura, miura_official),
    }[slug]
    set_state(evaluation, state, owner)
    client.force_login(request.getfixturevalue(person))
    before = everything()

    answers = walk(client, evaluation, owner.municipality.name)

    expected = dict(OF_ONE_ZONE_OR_BOTH[slug][person][state])
    if slug == "miura" and expected["planedition"] == OFFICE_TABLE["open"]["planedition"]:
        # Its targets have figures, so that it is not deleted.
        expected["planedition"] = "200/200 200/200 200/200 403/403 200/405"
    assert answers == expected
    assert everything() == before


# Sheets: GET/POST of the export to Excel, to CSV, and of the import

SHEETS = {model for model, its in admin.site._registry.items() if hasattr(its, "resource_class")}
IN_AND_OUT = "200/200 200/200 200/200"
OUT = "200/200 200/200 403/403"
NO_SHEETS = "403/403 403/403 403/403"
NO_ONE = "302/302 302/302 302/302"


def sheets(entry, whole=OUT, plan=OUT, municipality=OUT, user=NO_SHEETS, results=OUT):
    return {
        "entry": entry,
        "whole": whole,
        "plan": plan,
        "municipality": municipality,
        "user": user,
        "results": results,
    }


OWN_SHEETS = {
    "open": sheets(IN_AND_OUT),
    "handed in": sheets(OUT),
    "sealed": sheets(OUT),
}
OTHERS_SHEETS = OWN_SHEETS | {"handed in": sheets(IN_AND_OUT)}
EXPECTED_SHEETS = {
    "anonymous": dict.fromkeys(OWN_SHEETS, sheets(*[NO_ONE] * 6)),
    "official": OWN_SHEETS,
    "colleague": OWN_SHEETS,
    "other_official": OTHERS_SHEETS,
    "stranger": OTHERS_SHEETS,
    "secretariat": {
        "open": sheets(*[IN_AND_OUT] * 5),
        "handed in": sheets(*[IN_AND_OUT] * 5),
        "sealed": sheets(OUT, OUT, *[IN_AND_OUT] * 4),
    },
    "administrator": dict.fromkeys(
        OWN_SHEETS, sheets(NO_SHEETS, NO_SHEETS, NO_SHEETS, IN_AND_OUT, IN_AND_OUT, NO_SHEETS)
    ),
    "reader": dict.fromkeys(OWN_SHEETS, sheets(*[NO_SHEETS] * 6)),
}


def sheet_addresses(model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield reverse(f"{name}_export", args=["xlsx"])
    yield reverse(f"{name}_export", args=["csv"])
    yield reverse(f"{name}_import")


@pytest.mark.parametrize(("person", "state"), each_table_once(EXPECTED_SHEETS.items()))
def test_every_address_of_sheets(client, request, world, official, person, state):
    set_state(world, state, official)
    if person != "anonymous":
        client.force_login(request.getfixturevalue(person))
    before = everything()
    groups = {"entry": ENTRY, "whole": WHOLE, "plan": PLAN, "results": ["resultpart"]} | {
        name: [name] for name in OFFICE
    }

    for model in SHEETS:
        group = next(name for name, its in groups.items() if model._meta.model_name in its)
        answers = [
            f"{client.get(address).status_code}/{client.post(address).status_code}"
            for address in sheet_addresses(model)
        ]
        assert " ".join(answers) == EXPECTED_SHEETS[person][state][group], model

    assert everything() == before


def test_whatever_a_kind_of_sheet_is_called_nothing_else_goes_out(kawasaki):
    assert kawasaki.get(changelist(Actual) + "export/pdf/").status_code == 404


def test_sheets_show_no_other_zone(kawasaki):
    for model in SHEETS:
        content = kawasaki.get(changelist(model) + "export/csv/").content.decode()
        assert "sapporo" not in content, model
        assert "札幌" not in content, model


def test_sheets_of_a_secretariat_show_its_own_zone(client, world_of_miura, miura_secretariat):
    client.force_login(miura_secretariat)
    for model in SHEETS:
        content = client.get(changelist(model) + "export/csv/").content.decode()
        assert "keihin" not in content, model
        assert "川崎" not in content, model


# Guessing


def text(client, address):
    return client.get(address).content.decode()


@pytest.fixture
def kawasaki(client, world, official):
    client.force_login(official)
    return client


def form_of(client, address):
    """The data that the form at the address would send unchanged."""
    return form_of_page(client.get(address))


def form_of_page(page):
    """The data that the form of a page would send unchanged; in a conflict it keeps the typed version."""
    form = page.context["adminform"].form
    sent = {}
    for bound in form:
        value = bound.value()
        if bound.field.widget.__class__.__name__ == "CheckboxInput" and not value:
            continue
        if value is not None:
            sent[bound.html_name] = value
        if bound.conflict:
            sent[f"{bound.html_name}-conflict"] = bound.conflict.revision
            sent[f"{bound.html_name}-keep"] = "typed"
    return sent


def change(row):
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def add(model):
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_add")


def changelist(model):
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")


def formset(prefix):
    return {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}


# The page of an evaluation without a change of the rows in it.
EVALUATION_ROWS = formset("submission_set") | formset("resultpart_set")


def test_an_official_enters_a_figure(kawasaki, official):
    row = Actual.objects.get(municipality=official.municipality)
    sent = form_of(kawasaki, change(row)) | {"value": "１，２３４", "note": "出典"}

    assert kawasaki.post(change(row), sent).status_code == 302

    row.refresh_from_db()
    assert (row.value, row.note, row.revision) == (Figure.of(1234), "出典", 2)
    assert row.history.first().history_user == official


def test_pressing_save_without_a_change_makes_no_revision(kawasaki, official):
    row = RegionalText.objects.get(municipality=official.municipality)
    row.text = "一行目\n二行目"
    row.save()
    sent = form_of(kawasaki, change(row)) | {"text": "一行目\r\n二行目"}

    assert kawasaki.post(change(row), sent).status_code == 302

    row.refresh_from_db()
    assert row.revision == 2


def test_a_form_without_its_revision_is_not_saved(kawasaki, official):
    row = Actual.objects.get(municipality=official.municipality)

    response = kawasaki.post(change(row), {"value": "1"})

    assert "画面を開き直してください" in response.content.decode()
    row.refresh_from_db()
    assert row.value is None


@pytest.mark.parametrize("field", ["municipality", "approach"])
def test_a_row_cannot_be_added_for_others(kawasaki, other_official, field):
    elsewhere = Evaluation.objects.get(zone__slug="sapporo").approach_set.create()
    own_row = Achievement.objects.get()
    guessed = {"municipality": other_official.municipality_id, "approach": elsewhere.pk}[field]
    sent = {
        "approach": own_row.approach_id,
        "municipality": own_row.municipality_id,
        "position": "1",
        "level": "main",
        "heading": "新しい取組",
    } | {field: guessed}
    before = everything()

    response = kawasaki.post(add(Achievement), sent)

    assert "正しく選択してください" in response.content.decode()
    assert everything() == before


def test_a_row_of_the_zone_as_a_whole_cannot_be_added(kawasaki):
    own_row = Achievement.objects.get()
    sent = {
        "approach": own_row.approach_id,
        "position": "1",
        "level": "main",
        "heading": "全体の取組",
    }
    before = everything()

    response = kawasaki.post(add(Achievement), sent)

    assert "特区全体に関わる欄は、取りまとめ担当が入力します。" in response.content.decode()
    assert everything() == before


def test_a_row_cannot_be_given_away(kawasaki, other_official):
    own_row = NationalSupport.objects.get()
    sent = form_of(kawasaki, change(own_row)) | {"municipality": other_official.municipality_id}
    before = everything()

    assert kawasaki.post(change(own_row), sent).status_code == 200
    assert everything() == before


def test_the_evaluation_of_a_row_never_changes(kawasaki):
    own_row = NationalSupport.objects.get()
    elsewhere = Evaluation.objects.get(zone__slug="sapporo")
    sent = form_of(kawasaki, change(own_row)) | {"evaluation": elsewhere.pk, "name": "改名"}

    assert kawasaki.post(change(own_row), sent).status_code == 302

    own_row.refresh_from_db()
    assert (own_row.evaluation.zone.slug, own_row.name) == ("keihin", "改名")


def test_targets_of_another_plan_are_no_choice(kawasaki):
    own_row = SchemeResult.objects.get()
    target = Evaluation.objects.get(zone__slug="sapporo").targetassessment_set.get().target
    sent = form_of(kawasaki, change(own_row)) | {"targets": [target.pk]}

    assert "正しく選択してください" in kawasaki.post(change(own_row), sent).content.decode()
    assert not own_row.targets.exists()


def test_a_scheme_of_others_cannot_be_made_or_reported(kawasaki, world, other_official):
    theirs = SchemeResult.objects.create(evaluation=world, category="tax", name="横浜の減税")
    theirs.municipalities.add(other_official.municipality)
    sent = {"evaluation": world.pk, "category": "tax", "name": "横浜の融資", "position": "1"}
    of_others = sent | {"municipalities": [other_official.municipality_id]}
    gone_on_with = sent | {
        "municipalities": [world.schemeresult_set.get(name="補助金").municipalities.get().pk],
        "scheme": theirs.scheme_id,
    }
    before = everything()

    assert "他の作成主体の欄は" in kawasaki.post(add(SchemeResult), of_others).content.decode()
    assert (
        "正しく選択してください" in kawasaki.post(add(SchemeResult), gone_on_with).content.decode()
    )
    assert everything() == before


def test_a_joint_scheme_can_be_made_by_one_of_its_municipalities(kawasaki, world, other_official):
    own, other = SchemeResult.objects.get().municipalities.get(), other_official.municipality
    sent = {
        "evaluation": world.pk,
        "category": "tax",
        "name": "共同の減税",
        "position": "1",
        "municipalities": [own.pk, other.pk],
    }

    assert kawasaki.post(add(SchemeResult), sent).status_code == 302
    assert SchemeResult.objects.get(name="共同の減税").owner_ids == {own.pk, other.pk}


def test_rows_of_two_years_are_joined_and_parted_again(client, world, secretariat):
    """Whatever the two years call the scheme, neither changes."""
    client.force_login(secretariat)
    earlier = Evaluation.objects.create(zone=world.zone, edition=world.edition, fiscal_year=2022)
    then = SchemeResult.objects.create(evaluation=earlier, category="tax", name="旧称")
    row, own = SchemeResult.objects.get(evaluation=world), then.scheme_id
    assert "税制支援措置「旧称」" in client.get(change(row)).content.decode()
    for chosen in (own, ""):
        sent = form_of(client, change(row)) | {"scheme": chosen}
        assert client.post(change(row), sent).status_code == 302
        row.refresh_from_db()
        then.refresh_from_db()
        assert (row.scheme_id == own) is bool(chosen)
        assert (row.name, then.name, then.scheme_id) == ("補助金", "旧称", own)


@pytest.mark.parametrize(
    ("source", "field", "status"),
    [
        ("evaluations.actual", "target", 200),
        ("evaluations.achievement", "municipality", 200),
        ("evaluations.targetassessment", "target", 403),
        ("evaluations.zonemunicipality", "municipality", 403),
        ("accounts.user", "municipality", 403),
        ("evaluations.submission", "municipality", 403),
        ("evaluations.statuschange", "changed_by", 403),
        ("nowhere.nothing", "field", 403),
    ],
)
def test_autocomplete_offers_what_the_form_would(kawasaki, source, field, status):
    app, model = source.split(".")

    response = kawasaki.get(
        reverse("admin:autocomplete"),
        {"app_label": app, "model_name": model, "field_name": field, "term": ""},
    )

    assert response.status_code == status
    if status == 200:
        offered = [one["text"] for one in response.json()["results"]]
        assert (
            offered
            == {
                "target": ["数値目標その1（件）"],
                "municipality": ["川崎市"],
            }[field]
        )


def test_lists_and_filters_show_no_other_zone(kawasaki):
    for model in admin.site._registry:
        page = kawasaki.get(changelist(model)).content.decode()
        assert "札幌" not in page, model


def test_the_list_leaves_out_what_others_are_still_writing(kawasaki, world, other_official):
    theirs = other_official.municipality
    NationalSupport.objects.create(
        evaluation=world, kind="tax", name="横浜の下書き", municipality=theirs
    )
    assert "横浜の下書き" not in kawasaki.get(changelist(NationalSupport)).content.decode()

    set_state(world, "handed in", other_official)
    assert "横浜の下書き" in kawasaki.get(changelist(NationalSupport)).content.decode()


@pytest.mark.parametrize("after", ["own", "with one that handed in"])
def test_an_official_decides_for_no_other_owner_of_a_scheme(
    kawasaki, world, official, other_official, after
):
    own, other = official.municipality, other_official.municipality
    scheme = SchemeResult.objects.get()
    if after == "own":
        scheme.municipalities.add(other)
        chosen, sentence = [own.pk], "ほかの作成主体を外すことは、取りまとめ担当だけができます。"
    else:
        set_state(world, "handed in", other_official)
        chosen, sentence = [own.pk, other.pk], "既に提出した作成主体は、加えられません。"
    sent = forms_of(kawasaki, change(scheme)) | {"municipalities": chosen}
    before = everything()

    assert sentence in kawasaki.post(change(scheme), sent).content.decode()
    assert everything() == before


@pytest.mark.parametrize(
    ("model", "query", "status"),
    [
        ("approach", "achievement=1", 400),
        ("approach", "achievement__heading__startswith=x", 400),
        ("numerictarget", "actual=1", 400),
        ("numerictarget", "actual__value__gte=1", 400),
        ("municipality", "achievement=1", 400),
        ("municipality", "achievement__gte=1", 400),
        ("municipality", "user=1", 400),
        ("actual", "municipality__user__username=x", 400),
        ("actual", "target__indicator__edition__plan__zone__slug=keihin", 400),
        ("submission", "no_schemes=1", 400),
        ("submission", "no_national_supports__exact=1", 400),
        ("submission", "state__exact=draft", 200),
        ("submission", "municipality__id__exact=1", 200),
        ("actual", "fiscal_year=2023", 200),
        ("actual", "target__indicator__id__exact=1", 200),
        ("achievement", "fiscal_year=2023", 200),
        ("achievement", "municipality__isnull=True", 200),
        ("schemeresult", "municipalities__id__exact=1", 200),
        ("schemeresult", "category__exact=tax", 200),
        ("remark", "answer__isempty=1", 200),
        ("statuschange", "changed_at__year=2026", 200),
        ("approach", "position=1", 200),
    ],
)
def test_lists_filter_by_their_own_fields_and_by_what_they_offer(kawasaki, model, query, status):
    kind = next(
        registered for registered in admin.site._registry if registered._meta.model_name == model
    )
    assert kawasaki.get(f"{changelist(kind)}?{query}").status_code == status


# Actions


def act(client, model, action, rows, **more):
    sent = {"action": action, "_selected_action": [row.pk for row in rows]} | more
    return client.post(changelist(model), sent, follow=True)


def test_an_official_deletes_their_own_row(kawasaki):
    own_row = NationalSupport.objects.get()
    act(kawasaki, NationalSupport, "delete_selected", [own_row], post="yes")
    assert not NationalSupport.objects.exists()


def test_deleting_takes_all_or_none(kawasaki, world, other_official):
    own_row, theirs = NationalSupport.objects.get(), other_official.municipality
    handed_in = NationalSupport.objects.create(
        evaluation=world, kind="tax", name="横浜の減税", municipality=theirs
    )
    set_state(world, "handed in", other_official)

    page = act(kawasaki, NationalSupport, "delete_selected", [own_row, handed_in], post="yes")

    assert "他の作成主体の欄は、その作成主体の担当者が入力します。" in page.content.decode()
    assert NationalSupport.objects.count() == 2


def test_deleting_does_not_reach_what_is_not_shown(kawasaki, world, other_official):
    hidden = NationalSupport.objects.create(
        evaluation=world, kind="tax", name="横浜の減税", municipality=other_official.municipality
    )
    act(kawasaki, NationalSupport, "delete_selected", [hidden], post="yes")
    assert NationalSupport.objects.count() == 2


@pytest.mark.parametrize("state", ["handed in", "sealed"])
def test_locked_states_refuse_with_the_sentence(kawasaki, world, official, state):
    own_row = NationalSupport.objects.get()
    sent = form_of(kawasaki, change(own_row)) | {"name": "改名"}
    set_state(world, state, official)
    sentence = {
        "handed in": "提出した内容は、差し戻されるまで変更できません。",
        "sealed": "令和5年度の評価書は確定のため、変更できません。",
    }[state]
    before = everything()

    assert sentence in kawasaki.get(change(own_row)).content.decode()
    for address, data in (
        (change(own_row), sent),
        (change(own_row).replace("change", "delete"), {"post": "yes"}),
    ):
        response = kawasaki.post(address, data)
        assert response.status_code == 403
        assert sentence in response.content.decode()
    page = act(kawasaki, NationalSupport, "delete_selected", [own_row], post="yes")
    assert NationalSupport.objects.exists()
    assert page.status_code == 200
    assert everything() == before


@pytest.mark.parametrize("deed", ["change", "add", "delete", "delete_selected"])
def test_who_waited_for_a_sealing_is_refused(kawasaki, monkeypatch, deed):
    own_row = NationalSupport.objects.get()
    sent = form_of(kawasaki, change(own_row)) | {
        "name": "改名",
        "evaluation": own_row.evaluation_id,
    }
    before = everything()
    locked = EvaluationQuerySet.locked

    def sealed_meanwhile(self, pk):
        Evaluation.objects.update(state="final")
        return locked(self, pk)

    monkeypatch.setattr(EvaluationQuerySet, "locked", sealed_meanwhile)
    if deed == "change":
        page = kawasaki.post(change(own_row), sent)
    elif deed == "add":
        page = kawasaki.post(add(NationalSupport), sent)
    elif deed == "delete":
        page = kawasaki.post(change(own_row).replace("change", "delete"), {"post": "yes"})
    else:
        page = act(kawasaki, NationalSupport, deed, [own_row], post="yes")

    assert "令和5年度の評価書は確定のため、変更できません。" in page.content.decode()
    Evaluation.objects.update(state="open")
    assert everything() == before


def test_the_secretariat_returns_with_a_reason_that_is_asked_for(
    client, world, official, secretariat
):
    set_state(world, "handed in", official)
    client.force_login(secretariat)
    submission = world.submission_set.get(municipality=official.municipality)

    page = act(client, Submission, "move_return", [submission]).content.decode()
    assert 'name="reason"' in page
    page = act(client, Submission, "move_return", [submission], confirmed="yes", reason=" ")
    assert "「差し戻す」には理由を入力してください。" in page.content.decode()
    submission.refresh_from_db()
    assert submission.state == "submitted"

    act(client, Submission, "move_return", [submission], confirmed="yes", reason="出典がありません")
    submission.refresh_from_db()
    assert submission.state == "returned"
    log = StatusChange.objects.first()
    assert (log.reason, log.changed_by) == ("出典がありません", secretariat)


def test_the_secretariat_approves(client, world, official, secretariat):
    set_state(world, "handed in", official)
    client.force_login(secretariat)
    submissions = world.submission_set.all()

    page = act(client, Submission, "move_approve", submissions).content.decode()

    assert f"{submissions.get(state='approved')}を承認しました。" in page
    states = {submission.municipality.name: submission.state for submission in submissions.all()}
    assert states == {"神奈川県": "draft", "横浜市": "draft", "川崎市": "approved"}
    assert page.count("状態が「入力中」のため、「承認する」ことはできません。") == 2


def test_moves_are_offered_while_some_row_is_in_a_state_for_them(
    client, world, official, secretariat
):
    client.force_login(secretariat)

    def offered(model):
        page = client.get(changelist(model)).content.decode()
        return set(re.findall(r">(選択した.*?)</option>", page)) - {"選択した行を削除する"}

    assert offered(Evaluation) == offered(Submission) == set()
    set_state(world, "handed in", official)
    assert offered(Submission) == {"選択した提出を差し戻す", "選択した提出を承認する"}
    Evaluation.objects.update(state="preparing")
    assert offered(Evaluation) == {"選択した評価書の入力を開始する"}


@pytest.mark.parametrize("action", ["move_return", "move_approve"])
def test_officials_have_no_actions_of_the_secretariat(kawasaki, world, official, action):
    set_state(world, "handed in", official)
    before = everything()
    act(kawasaki, Submission, action, world.submission_set.all(), confirmed="yes", reason="x")
    assert everything() == before


def test_an_official_hands_in_from_the_admin_and_hears_what_is_missing(kawasaki, world):
    page = act(kawasaki, Submission, "move_submit", world.submission_set.all()).content.decode()
    assert "まだ入力されていない必須の欄が" in page
    assert page.count("担当者だけです。") == 2


@pytest.mark.parametrize("action", ["move_approve", "move_return", "delete_selected"])
def test_what_was_saved_after_the_list_was_shown_is_not_acted_upon(
    client, world, official, secretariat, action
):
    set_state(world, "handed in", official)
    client.force_login(secretariat)
    row = (
        NationalSupport.objects.get()
        if action == "delete_selected"
        else world.submission_set.get(municipality=official.municipality)
    )
    page = client.get(changelist(type(row))).content.decode()
    revision_field = f"seen-{row.pk}"
    assert f'name="{revision_field}" value="{row.revision}"' in page
    sent = {revision_field: row.revision, "post": "yes", "confirmed": "yes", "reason": "理由"}
    row.save()
    before = everything()

    page = act(client, type(row), action, [row], **sent)

    assert "この画面を開いた後にほかの人が保存しました。" in page.content.decode()
    assert everything() == before
    page = act(client, type(row), action, [row], **{revision_field: row.revision})
    if action != "move_approve":
        assert f'name="{revision_field}" value="{row.revision}"' in page.content.decode()
    act(client, type(row), action, [row], **sent | {revision_field: row.revision})
    assert everything() != before


# Two people


def test_a_row_saved_after_the_page_was_opened_is_not_deleted(kawasaki):
    row = NationalSupport.objects.get()
    delete_address = change(row).replace("change", "delete")
    sent = dict(re.findall(r'name="(seen-\d+|post)" value="(\w+)"', text(kawasaki, delete_address)))
    row.outline = "同僚の概要"
    row.save()

    page = kawasaki.post(delete_address, sent, follow=True).content.decode()

    assert "この画面を開いた後にほかの人が保存しました。" in page
    assert NationalSupport.objects.exists()
    sent = dict(re.findall(r'name="(seen-\d+|post)" value="(\w+)"', text(kawasaki, delete_address)))
    kawasaki.post(delete_address, sent)
    assert not NationalSupport.objects.exists()


@pytest.mark.parametrize(
    ("field", "before", "theirs"),
    [
        ("used", None, False),
        ("used", None, True),
        ("used", True, None),
        ("all_targets", False, True),
        ("all_targets", True, False),
        ("position", 1, 7),
        ("ministry_effect", "", "recognised"),
        ("ministry_effect", "recognised", ""),
        ("note", "前", "同僚の備考\n二行目"),
        ("note", "前", ""),
        ("targets", [], ["target"]),
        ("targets", ["target"], []),
    ],
)
def test_what_the_other_changed_lives_through_the_second_save(
    client, world, secretariat, field, before, theirs
):
    """A conflict in the name shows the form again, and every kind of field says there what is stored."""

    def save(name, value):
        row.name = name
        if field != "targets":
            setattr(row, field, value)
        row.save()
        if field == "targets":
            row.targets.set([world.targetassessment_set.get().target] if value else [])

    client.force_login(secretariat)
    row = RegulatoryMeasure.objects.get()
    save("一般事業", before)
    sent = form_of(client, change(row)) | {"name": "わたしの名称"}
    save("同僚の名称", theirs)

    page = client.post(change(row), sent)
    assert page.status_code == 200
    assert client.post(change(row), form_of_page(page)).status_code == 302

    row = RegulatoryMeasure.objects.get()
    stored = ["target" for _ in row.targets.all()] if field == "targets" else getattr(row, field)
    assert (row.name, stored) == ("わたしの名称", theirs)


def test_a_date_that_the_other_changed_lives_through_the_second_save(client, world, secretariat):
    client.force_login(secretariat)
    sent = form_of(client, change(world)) | EVALUATION_ROWS | {"overall": "わたし"}
    world.overall, world.deadline = "同僚", date(2024, 8, 31)
    world.save()

    page = client.post(change(world), sent)
    again = form_of_page(page) | EVALUATION_ROWS
    assert client.post(change(world), again).status_code == 302

    world.refresh_from_db()
    assert (world.overall, world.deadline) == ("わたし", date(2024, 8, 31))


def test_the_one_who_changed_the_field_is_named_not_who_saved_last(
    kawasaki, official, colleague, secretariat
):
    row = NationalSupport.objects.get()
    sent = form_of(kawasaki, change(row)) | {"outline": "わたしの概要"}
    row.outline, row._history_user = "同僚の概要", colleague
    row.save()
    row.usage, row._history_user = "事務局の活用", secretariat
    row.save()

    page = kawasaki.post(change(row), sent).content.decode()

    assert "保存されている内容（kawasaki-2さん、" in page
    assert "（secretariatさん、" not in page


def forms_of(client, address):
    """The data that the form and its inline rows would send unchanged."""
    page = client.get(address)
    sent = form_of_page(page)
    for inline in page.context["inline_admin_formsets"]:
        for form in [inline.formset.management_form, *inline.formset.forms]:
            sent |= {
                bound_field.html_name: bound_field.value()
                for bound_field in form
                if bound_field.value() is not None
            }
            sent |= {
                bound_field.html_initial_name: bound_field.value()
                for bound_field in form
                if bound_field.field.show_hidden_initial
            }
    return sent


def test_rows_inside_their_parent_are_deleted_on_their_own_page_alone(client, world, secretariat):
    client.force_login(secretariat)
    indicator = world.edition.indicator_set.get()
    for parent, prefix in (
        (world.edition, "indicator_set"),
        (indicator, "numerictarget_set"),
        (indicator.numerictarget_set.get(), "yearlytarget_set"),
        (world.approach_set.get(), "achievement_set"),
    ):
        sent = forms_of(client, change(parent)) | {f"{prefix}-0-DELETE": "on"}
        assert f"{prefix}-0-seen_revision" in sent
        before = everything()

        assert client.post(change(parent), sent).status_code == 302
        assert everything() == before


def test_row_deleted_meanwhile_inside_its_parent_is_reported(client, world, secretariat):
    client.force_login(secretariat)
    target = world.targetassessment_set.get().target
    sent = forms_of(client, change(target))
    target.yearlytarget_set.last().delete()

    page = client.post(change(target), sent).content.decode()

    assert "ほかの人が削除した行があります。画面を開き直してください。" in page


def test_rows_inside_their_parent_keep_to_its_zone(client, world, secretariat, monkeypatch):
    client.force_login(secretariat)
    approach, sapporo = world.approach_set.get(), factories.municipality("札幌市")
    sent = forms_of(client, change(approach)) | {"achievement_set-0-municipality": sapporo.pk}

    page = client.get(change(approach)).content.decode()
    assert "札幌市" not in page
    assert "横浜市" in page
    assert "正しく選択してください" in client.post(change(approach), sent).content.decode()

    # The rules of the rows' own admin are asked too, not only the choices.
    row_admin = admin.site.get_model_admin(Achievement)
    monkeypatch.setattr(type(row_admin), "choices", lambda *_: None)
    page = client.post(change(approach), sent).content.decode()
    assert "この特区の作成主体でないものは選べません。" in page
    assert not Achievement.objects.filter(municipality=sapporo).exists()


@pytest.mark.parametrize(
    "model", ["plan", "planedition", "indicator", "numerictarget", "yearlytarget"]
)
def test_what_belongs_to_a_plan_stays_there(client, world, secretariat, model):
    client.force_login(secretariat)
    elsewhere = Evaluation.objects.get(zone__slug="sapporo")
    target = elsewhere.targetassessment_set.get().target
    row, field, other = {
        "plan": lambda: (world.plan, "zone", elsewhere.zone),
        "planedition": lambda: (world.edition, "plan", elsewhere.plan),
        "indicator": lambda: (world.edition.indicator_set.get(), "edition", elsewhere.edition),
        "numerictarget": lambda: (
            world.targetassessment_set.get().target,
            "indicator",
            target.indicator,
        ),
        "yearlytarget": lambda: (
            world.targetassessment_set.get().target.yearlytarget_set.first(),
            "target",
            target,
        ),
    }[model]()
    own_value = getattr(row, field)
    page = client.get(change(row))
    sent = form_of_page(page) if model == "yearlytarget" else forms_of(client, change(row))

    assert client.post(change(row), sent | {field: other.pk}).status_code == 302

    row.refresh_from_db()
    assert getattr(row, field) == own_value
    assert str(own_value) in page.content.decode()


@pytest.mark.parametrize("deed", ["delete", "change"])
def test_an_author_with_a_submission_stays(client, world, secretariat, deed):
    client.force_login(secretariat)
    changes = {"delete": {"DELETE": "on"}, "change": {"municipality": "札幌市"}}[deed]
    more = {f"zonemunicipality_set-0-{name}": value for name, value in changes.items()}
    sent = forms_of(client, change(world.zone)) | more
    before = everything()

    page = client.post(change(world.zone), sent).content.decode()

    first = world.zone.zonemunicipality_set.first().municipality
    assert f"{first}は、評価書の提出の記録があるため、作成主体から外せません。" in page
    assert everything() == before

    Remark.objects.all().delete()
    StatusChange.objects.all().delete()
    world.submission_set.all().delete()
    assert client.post(change(world.zone), sent).status_code == 302
    assert first not in [member.municipality for member in world.zone.zonemunicipality_set.all()]


# History


def test_history_shows_old_and_new(kawasaki, official):
    row = Actual.objects.get(municipality=official.municipality)
    row.value, row.note = 1234, "統計"
    row.save()
    row.note = "統計年報"
    row.save()
    name = "admin:evaluations_actual"

    page = kawasaki.get(reverse(f"{name}_history", args=[row.pk])).content.decode()

    assert "実績値" in page
    assert "（空）" in page
    assert "1,234" in page
    assert "<ins>年報</ins>" in page
    assert ">版<" not in page


def test_a_version_is_for_reading(kawasaki, official):
    row = Actual.objects.get(municipality=official.municipality)
    address = reverse(
        "admin:evaluations_actual_simple_history", args=[row.pk, row.history.first().pk]
    )
    assert kawasaki.get(address).status_code == 200
    assert kawasaki.post(address, {"value": "5"}).status_code == 405
    assert kawasaki.get(address.replace(f"/{row.pk}/", "/999/")).status_code == 404


@pytest.mark.parametrize("model", [Achievement, SchemeResult])
def test_a_history_stays_with_who_wrote_it(
    client, world, official, other_official, secretariat, model
):
    row = model.objects.get()
    if model is Achievement:
        row.text = "川崎の下書き"
        row.save()
        row.municipality = None
        row.save()
    else:
        row.municipalities.set([other_official.municipality])
    set_state(world, "handed in", other_official)
    address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_history", args=[row.pk])

    client.force_login(other_official)
    assert client.get(address).status_code == 403
    client.force_login(secretariat)
    assert client.get(address).status_code == 200
    if model is Achievement:
        client.force_login(official)
        assert client.get(address).status_code == 200


def test_history_opens_when_rows_that_it_names_are_deleted(client, world, secretariat):
    client.force_login(secretariat)
    measure, scheme, achievement = (
        RegulatoryMeasure.objects.get(),
        SchemeResult.objects.get(),
        Achievement.objects.get(),
    )
    target = world.targetassessment_set.get().target.indicator.numerictarget_set.create(
        number=9, name="消える目標", unit="件", total=1
    )
    measure.targets.add(target)
    measure.save()
    target.delete()
    measure.save()
    left = factories.municipality("札幌市")
    scheme.municipalities.add(left)
    scheme.save()
    scheme.municipalities.remove(left)
    factories.municipality("札幌市").zonemunicipality_set.all().delete()
    left.user_set.all().delete()
    Submission.history.filter(municipality=left).delete()
    Actual.objects.filter(municipality=left).delete()
    Evaluation.objects.filter(zone__slug="sapporo").delete()
    left.delete()
    approach, other = achievement.approach, world.approach_set.create(position=9)
    achievement.approach = other
    achievement.save()
    achievement.approach = approach
    achievement.save()
    other.delete()

    for row in (measure, scheme, achievement):
        name = f"admin:{row._meta.label_lower.replace('.', '_')}"
        page = client.get(reverse(f"{name}_history", args=[row.pk]))
        assert "（削除済み）" in page.content.decode()
        pages = [
            client.get(reverse(f"{name}_simple_history", args=[row.pk, version.pk]))
            for version in row.history.all()
        ]
        assert {page.status_code for page in pages} == {200}
        assert any("（削除済み）" in page.content.decode() for page in pages)


# Sealed


def test_what_comes_back_is_entered_when_all_else_is_closed(client, world, secretariat):
    Evaluation.objects.update(state="sent")
    client.force_login(secretariat)
    sent = form_of(client, change(world)) | {"score": "4.5", "overall": "書き換え"}
    sent |= EVALUATION_ROWS

    assert client.post(change(world), sent).status_code == 302

    world.refresh_from_db()
    assert (str(world.score), world.overall) == ("4.5", "")


# Cost


@pytest.mark.parametrize(
    "model", [Actual, Achievement, SchemeResult, NationalSupport], ids=lambda model: model.__name__
)
def test_lists_cost_the_same_however_long(
    client, world, official, model, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(official)
    address = changelist(model)
    client.get(address)
    with django_assert_max_num_queries(30) as few:
        client.get(address)
    lengthen(world, official.municipality)

    with django_assert_num_queries(len(few)):
        page = client.get(address)

    assert len(page.context["cl"].result_list) > 10


def lengthen(evaluation, municipality):
    approach = evaluation.approach_set.get()
    target = evaluation.targetassessment_set.get().target
    for n in range(12):
        Achievement.objects.create(approach=approach, heading=f"取組{n}", municipality=municipality)
        NationalSupport.objects.create(
            evaluation=evaluation, kind="tax", name=f"事業{n}", municipality=municipality
        )
        scheme = SchemeResult.objects.create(evaluation=evaluation, category="tax", name=f"減税{n}")
        scheme.municipalities.add(municipality)
        Actual.objects.create(target=target, fiscal_year=2100 + n, municipality=municipality)


# What people read


def test_rows_deleted_with_a_row_are_listed_and_rows_only_linked_are_not(
    client, world, secretariat
):
    client.force_login(secretariat)
    approach = world.approach_set.get()
    approach.targets.set([world.targetassessment_set.get().target])

    page_text = text(client, change(approach).replace("change", "delete"))
    several = act(client, Approach, "delete_selected", [approach]).content.decode()

    for page in (page_text, several):
        assert "取組・成果: " in page
        assert "object (" not in page
        assert "の関連" not in page
        assert 'value="削除する"' in page
    assert re.sub(r"\s+", " ", page_text).count("ホーム</a> &rsaquo; <a") == 1


def test_rows_that_prevent_a_deletion_are_listed_with_their_rule(client, world, secretariat):
    client.force_login(secretariat)
    page = text(client, change(world).replace("change", "delete"))
    assert "自治体の提出：提出の状態は、" in page
    assert "パーミッション" not in page

    Evaluation.objects.get(zone__slug="sapporo").submission_set.all().delete()
    plan = Evaluation.objects.get(zone__slug="sapporo").plan
    page = text(client, change(plan).replace("change", "delete"))
    assert "計画の版：変更できない行があります。" in page
    Actual.objects.filter(target__indicator__edition__plan=plan).delete()
    page = text(client, change(plan).replace("change", "delete"))
    assert f"「{plan}」は、次のもので使われているため、削除できません。" in page


def test_nothing_is_called_none_or_by_a_name_of_the_code(client, world, secretariat):
    client.force_login(secretariat)
    log = StatusChange.objects.get()
    assert str(log).endswith("差し戻す")
    for row in (world, log, world.submission_set.first()):
        assert ">None<" not in text(client, change(row)), row
    for model in (Actual, Approach):
        assert "Seen revision" not in text(client, add(model))
    address = reverse("admin:accounts_municipality_history", args=[factories.municipality().pk])
    assert "管理画面での変更は、まだありません。" in text(client, address)


@pytest.mark.parametrize(
    ("model", "word"), [(Achievement, "特区全体"), (RegionalText, "共同")], ids=["row", "text"]
)
def test_the_filter_says_whose_is_a_row_of_no_municipality(client, world, secretariat, model, word):
    client.force_login(secretariat)
    page = text(client, changelist(model))
    empty = re.search(r'href="\?municipality__isnull=True"[^>]*>\s*(\S+?)\s*</a>', page)
    assert empty[1] == word


def test_targets_are_offered_by_their_numbers(client, world, secretariat):
    client.force_login(secretariat)
    row = change(world.approach_set.get())
    assert "（1）　数値目標その1（件）" in text(client, row)
    target = NumericTarget.objects.of_edition(world.edition_id)[0]
    target.pk, target.number = None, 2
    target.save()
    assert "（1）－①　数値目標その1（件）" in text(client, row)


def test_a_form_with_an_error_keeps_the_table_of_figures(client, world, secretariat):
    client.force_login(secretariat)
    target = world.targetassessment_set.get().target
    assert 'class="figures"' in text(client, change(target))

    page = client.post(change(target), forms_of(client, change(target)) | {"number": "x"})

    assert page.status_code == 200
    assert 'class="figures"' in page.content.decode()


# What browsers may load


def test_every_page_of_the_admin_keeps_to_what_browsers_may_load(client, world, secretariat):
    client.force_login(secretariat)
    for model in admin.site._registry:
        page_addresses = [*addresses(model, row_of(model, world))]
        if model in SHEETS:
            page_addresses.append(changelist(model) + "import/")
        for address in page_addresses:
            response = client.get(address)
            page = response.content.decode()
            assert "default-src 'self'" in response["Content-Security-Policy"]
            for forbidden in INLINE.finditer(page):
                pytest.fail(f"{address}: {forbidden[0]}")
