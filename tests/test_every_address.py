"""Every address × person × state of the year × GET and POST: the status of each answer, in one table.

It is the same in each of two zones that share 横浜市: people of the other zone alone are strangers, and so is an
administrator.
The admin's addresses have their own table (tests/evaluations/admin/test_access.py).
"""

from copy import copy
from itertools import product

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from evaluations import moves
from evaluations.models import Achievement, Evaluation, Remark, Waiver
from evaluations.sample import miura
from evaluations.workflow import EvaluationState, SubmissionState
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.views.entry import open_year
from tests.worlds import world
from tokku.accounts.models import Role

PEOPLE = ["anonymous", "official", "other_official", "stranger", "secretariat", "reader"]
STATES = ["open", "handed in", "sealed"]
# For each zone the municipality whose rows are asked for, and who else is treated like which of PEOPLE.
ZONES = {
    "keihin": (
        "川崎市",
        {
            "miura_official": "stranger",
            "miura_secretariat": "stranger",
            "administrator": "stranger",
        },
    ),
    "miura": (
        "三浦市",
        {
            "official": "stranger",
            "administrator": "stranger",
            "miura_official": "official",
            "miura_secretariat": "secretariat",
        },
    ),
}
EVERYBODY = [*PEOPLE, "miura_official", "miura_secretariat", "administrator"]

# GET/POST, for each of PEOPLE. One line for all states, or one each for open, handed in, sealed.
EXPECTED: dict[str, str] = {
    "home": "302/302 200/405 200/405 200/405 200/405 200/405",
    "sign-in": "200/200 302/302 302/302 302/302 302/302 302/302",
    "unsent": "302/302 302/302 302/302 302/302 302/302 302/302",
    "oidc": "404/405 404/405 404/405 404/405 404/405 404/405",  # switched off
    "oidc-callback": "404/405 404/405 404/405 404/405 404/405 404/405",
    "oidc-sign-out": "404/405 404/405 404/405 404/405 404/405 404/405",
    "unlock-mail": "405/200 405/200 405/200 405/200 405/200 405/200",
    "unlock": "404/404 404/404 404/404 404/404 404/404 404/404",
    "sign-out": "405/302 405/302 405/302 405/302 405/302 405/302",
    "help": "200/405 200/405 200/405 200/405 200/405 200/405",
    "help-terms": "200/405 200/405 200/405 200/405 200/405 200/405",
    "healthz": "200/405 200/405 200/405 200/405 200/405 200/405",
    "readyz": "200/405 200/405 200/405 200/405 200/405 200/405",
    "invitation": "404/404 404/404 404/404 404/404 404/404 404/404",
    "password-change": "302/302 200/200 200/200 200/200 200/200 200/200",
    "evaluations:evaluation-form": "302/302 200/405 200/405 404/405 200/405 200/405",
    "evaluations:evaluation-print": "302/302 200/405 200/405 404/405 200/405 200/405",
    "evaluations:evaluation-docx": "302/302 200/405 200/405 404/405 200/405 200/405",
    "evaluations:word": """
        302/302 200/200 200/200 404/404 200/200 403/403
        302/302 200/403 200/403 404/404 200/200 403/403
        302/302 200/403 200/403 404/404 200/403 403/403
    """,
    "evaluations:workbook": """
        302/302 200/200 200/200 404/404 200/200 403/403
        302/302 200/403 200/403 404/404 200/200 403/403
        302/302 200/403 200/403 404/404 200/403 403/403
    """,
    "evaluations:workbook-file": "302/302 200/405 200/405 404/405 200/405 403/405",
    "evaluations:evaluation-bundle": """
        302/302 404/405 404/405 404/405 404/405 404/405
        302/302 404/405 404/405 404/405 404/405 404/405
        302/302 200/405 200/405 404/405 200/405 200/405
    """,
    "evaluations:evaluation-pdf": "302/302 200/405 200/405 404/405 200/405 200/405",
    "evaluations:entry": "302/302 200/405 200/405 404/405 200/405 403/405",
    "evaluations:entry-submit": "302/302 405/403 405/403 405/404 405/403 405/403",
    "evaluations:entry-actuals": """
        302/302 200/302 200/302 404/404 200/302 403/403
        302/302 200/403 200/403 404/404 200/302 403/403
        302/302 200/403 200/403 404/404 200/403 403/403
    """,
    "evaluations:entry-texts": """
        302/302 200/302 200/302 404/404 200/302 403/403
        302/302 200/403 200/403 404/404 200/302 403/403
        302/302 200/403 200/403 404/404 200/403 403/403
    """,
    "evaluations:entry-supports": """
        302/302 200/302 200/302 404/404 200/302 403/403
        302/302 200/403 200/403 404/404 200/302 403/403
        302/302 200/403 200/403 404/404 200/403 403/403
    """,
    "evaluations:entry-progress": "302/302 404/405 404/405 404/405 404/405 403/405",
    "evaluations:entry-next": "302/302 302/405 302/405 404/405 302/405 403/405",
    "evaluations:entry-drafts": "302/302 405/200 405/200 405/404 405/200 405/403",
    "evaluations:entry-row": """
        302/302 200/302 404/404 404/404 200/302 403/403
        302/302 200/403 404/404 404/404 200/302 403/403
        302/302 200/403 404/404 404/404 200/403 403/403
    """,
    "evaluations:entry-last-year": "302/302 200/405 404/405 404/405 200/405 403/405",
    "evaluations:checks": """
        302/302 200/405 200/405 404/405 200/405 403/405
        302/302 200/405 200/405 404/405 200/405 403/405
        302/302 200/405 200/405 404/405 200/405 200/405
    """,
    "evaluations:finding-waive": """
        302/302 405/404 405/404 405/404 405/404 405/403
        302/302 405/403 405/403 405/404 405/404 405/403
        302/302 405/403 405/403 405/404 405/403 405/403
    """,
    "evaluations:waiver-withdraw": """
        302/302 405/302 405/404 405/404 405/302 405/403
        302/302 405/403 405/403 405/404 405/302 405/403
        302/302 405/403 405/403 405/404 405/403 405/403
    """,
    "evaluations:figures": "302/302 200/405 200/405 404/405 200/405 200/405",
    "evaluations:figure": "302/302 200/405 200/405 404/405 200/405 200/405",
    "evaluations:figure-explanation": "302/302 200/405 200/405 404/405 200/405 200/405",
    "evaluations:open-data": "302/302 200/405 200/405 404/405 200/405 200/405",
    "evaluations:open-data-file": "302/302 200/405 200/405 404/405 200/405 200/405",
    "evaluations:open-year": "302/302 403/403 403/403 404/404 200/302 403/403",
    "evaluations:review": "302/302 403/405 403/405 404/405 200/405 403/405",
    "evaluations:evaluation-move": "302/302 405/403 405/403 405/404 405/403 405/403",
    "evaluations:review-municipality": "302/302 403/405 403/405 404/405 200/405 403/405",
    "evaluations:submission-move": """
        302/302 405/403 405/403 405/404 405/403 405/403
        302/302 405/403 405/403 405/404 405/302 405/403
        302/302 405/403 405/403 405/404 405/403 405/403
    """,
    "evaluations:remark-add": """
        302/302 405/403 405/403 405/404 405/404 405/403
        302/302 405/403 405/403 405/404 405/404 405/403
        302/302 405/403 405/403 405/404 405/403 405/403
    """,
    "evaluations:remarks": "302/302 200/405 200/405 404/405 200/405 200/405",
    "evaluations:remark-answer": """
        302/302 405/200 405/404 405/404 405/403 405/404
        302/302 405/403 405/404 405/404 405/403 405/404
        302/302 405/403 405/404 405/404 405/403 405/404
    """,
    "evaluations:log": "302/302 200/405 200/405 404/405 200/405 200/405",
    "evaluations:result": """
        302/302 200/403 200/403 404/404 200/403 200/403
        302/302 200/403 200/403 404/404 200/403 200/403
        302/302 200/403 200/403 404/404 200/200 200/403
    """,
    "evaluations:versions": "302/302 200/405 200/405 404/405 200/405 200/405",
    "evaluations:version": """
        302/302 404/405 404/405 404/405 404/405 404/405
        302/302 404/405 404/405 404/405 404/405 404/405
        302/302 200/405 200/405 404/405 200/405 200/405
    """,
    "evaluations:version-differences": """
        302/302 404/405 404/405 404/405 404/405 404/405
        302/302 404/405 404/405 404/405 404/405 404/405
        302/302 200/405 200/405 404/405 200/405 200/405
    """,
}


# Arguments of addresses of the site.
OF_SITE = {"unlock": {"token": "forged"}, "invitation": {"uidb64": 1, "token": "forged"}}
# Addresses of a zone and not of one of its years.
OF_ZONE = {"open-data": {}, "open-data-file": {"table": "figures", "format": "csv"}}


@world
def zone_addresses(secretariat):
    """The addresses of each zone by their names, both being filled in."""
    evaluations = [open_year(secretariat), open_miura(secretariat)]
    return {
        evaluation.zone.slug: dict(addresses(evaluation, row_arguments(evaluation)))
        for evaluation in evaluations
    }


def open_miura(by):
    """The second zone's 2020, opened, after its 2019."""
    years = miura.evaluations()
    factories.evaluation(years[2019], "miura")
    evaluation = factories.evaluation(years[2020], "miura")
    moves.move(evaluation, "open", by=by)
    return Evaluation.objects.get(pk=evaluation.pk)


def row_arguments(evaluation):
    """Arguments for the addresses of rows, by name: each of a row of the official's municipality."""
    slug = evaluation.zone.slug
    owner, _ = ZONES[slug]
    submission = evaluation.submission_set.get(municipality__name=owner)
    achievement = Achievement.objects.filter(
        municipality__name=owner, approach__evaluation=evaluation
    ).first()
    remark = Remark.objects.create(
        submission=submission,
        record=achievement.key,
        field="text",
        text="指摘",
        written_by=factories.user(f"{slug}-reviewer", Role.SECRETARIAT, of=None),
    )
    waiver = Waiver.objects.create(
        evaluation=evaluation,
        municipality=submission.municipality,
        check_name="wording.brackets",
        row=achievement.key,
        field="text",
        digest="0" * 64,
        reason="確認した",
        set_aside_by=remark.written_by,
    )
    code = {"code": submission.municipality.code}
    return {
        "entry-row": {"key": achievement.key},
        "entry-last-year": {"key": achievement.key},
        "review-municipality": code,
        "submission-move": code | {"name": "approve"},
        "remark-add": code,
        "remark-answer": {"pk": remark.pk},
        "waiver-withdraw": {"pk": waiver.pk},
    }


def addresses(evaluation, row_arguments_by_name):
    """Every name and its address, with the arguments of `row_arguments` where a row is asked for."""
    slug = evaluation.zone.slug
    zone, year = {"zone": slug}, {"zone": slug, "fiscal_year": evaluation.fiscal_year}
    arguments = row_arguments_by_name | {
        "figure": {"key": "1-1"},
        "figure-explanation": {"key": "1-1", "year": evaluation.fiscal_year},
        "evaluation-move": {"name": "seal"},
        "open-year": {"fiscal_year": evaluation.fiscal_year + 1},
        "version": {"number": 1},
        "version-differences": {"old": 1, "new": 1},
    }
    for name in names():
        if name.startswith("evaluations:"):
            short_name = name.removeprefix("evaluations:")
            zone_arguments = OF_ZONE.get(short_name)
            kwargs = (
                year | arguments.get(short_name, {})
                if zone_arguments is None
                else zone | zone_arguments
            )
            yield name, reverse(name, kwargs=kwargs)
        else:
            yield name, reverse(name, kwargs=OF_SITE.get(name))


def names(resolver=None, namespace=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"
        elif isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            yield from names(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)


def bring_to(evaluation, state, secretariat):
    if state == "open":
        return
    for submission in evaluation.submission_set.all():
        submission.state = SubmissionState.SUBMITTED
        submission.submitted_at, submission.submitted_by = timezone.now(), secretariat
        submission.save()
    if state == "sealed":
        campaign.sealed_as_it_is(evaluation, secretariat)
        evaluation.refresh_from_db()
        evaluation.state = EvaluationState.FINAL
        evaluation.save()


def answers(client, address):
    """The status of GET and of an empty POST, neither of which leaves anything behind."""
    statuses, signed_in = [], copy(client.cookies)
    for method in (client.get, client.post):
        point = transaction.savepoint()
        response = method(address)
        # Or the browser would still show it after signing out.
        assert "no-store" in response.headers["Cache-Control"], address
        statuses.append(str(response.status_code))
        transaction.savepoint_rollback(point)
        client.cookies = copy(signed_in)
    return "/".join(statuses)


def expected(name, state, person):
    lines = EXPECTED[name].strip().splitlines()
    line = lines[STATES.index(state)] if len(lines) > 1 else lines[0]
    return line.split()[PEOPLE.index(person)]


# People of both zones, for whom the second zone repeats the first.
OF_BOTH_ZONES = ("other_official", "secretariat", "reader")


def walks():
    """Each zone, person and state. `make test` takes one state of strangers, and of people of both zones in the second."""
    for slug, person, state in product(ZONES, EVERYBODY, STATES):
        stands_for = ZONES[slug][1].get(person, person)
        is_walked_once = stands_for in ("anonymous", "stranger") or (
            slug == "miura" and person in OF_BOTH_ZONES
        )
        marks = [pytest.mark.full] if is_walked_once and state != "sealed" else []
        yield pytest.param(slug, person, state, marks=marks)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("slug", "person", "state"), [*walks()])
def test_every_address_answers_as_in_the_table(
    client, request, zone_addresses, secretariat, slug, person, state
):
    bring_to(Evaluation.objects.filter(zone__slug=slug).latest("fiscal_year"), state, secretariat)
    if person != "anonymous":
        client.force_login(request.getfixturevalue(person))

    answered = {name: answers(client, address) for name, address in zone_addresses[slug].items()}

    role = ZONES[slug][1].get(person, person)
    assert answered == {name: expected(name, state, role) for name in zone_addresses[slug]}


@pytest.mark.django_db
@pytest.mark.parametrize("person", ["other_official", "secretariat"])
def test_a_zone_knows_no_row_of_another_that_its_people_share(client, request, secretariat, person):
    keihin, of_miura = open_year(secretariat), row_arguments(open_miura(secretariat))
    client.force_login(request.getfixturevalue(person))
    names_of_rows = {f"evaluations:{name}" for name in of_miura}

    answered = {
        name: answers(client, address)
        for name, address in addresses(keihin, of_miura)
        if name in names_of_rows
    }

    assert answered.keys() == names_of_rows
    statuses = {status for both in answered.values() for status in both.split("/")}
    assert statuses <= {"403", "404", "405"}, answered


def test_every_address_stands_in_the_table():
    assert set(names()) == EXPECTED.keys()
