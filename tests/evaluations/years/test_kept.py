"""What is kept equals what is computed, after whatever sequence of saves, deletes and moves by anybody."""

from contextlib import suppress
from functools import partial

import pytest
from django.apps import apps
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models.deletion import ProtectedError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluations import catalogue, inspection, moves
from evaluations.models import (
    Correction,
    Draft,
    Evaluation,
    Membership,
    NumericTarget,
    Remark,
    Reminder,
    ResultPart,
    SealedFile,
    SealedVersion,
    StatusChange,
    Submission,
)
from evaluations.notices.years_at_hand import progress_without_rows
from evaluations.permissions import Access
from evaluations.views.evaluation_form import kept_form, shown_form
from evaluations.workflow import SEALED
from evaluations.years.kept import kept, states_of
from supports.models import RegulatoryMeasure, Scheme
from tests import factories
from tests.evaluations import campaign
from tests.examples import share
from tests.worlds import world
from tokku.accounts.models import Municipality, User
from tokku.fields import FigureField

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

RECORDED = [apps.get_model(kind.model) for kind in catalogue.KINDS.values()]
# What no form and no progress shows, or not as it is stored; their changes are a table of their own.
WITHOUT_REVISION = [
    *(Municipality, User, Membership, StatusChange, Reminder, ResultPart, SealedFile, Scheme, Draft)
]
VIEWERS = ("official", "other_official", "secretariat", "reader")
# Whose change is of another kind: a state that is moved, an account that goes to another municipality.
MOVES = ("submit", "approve", "return", "open", "seal", "reopen", "send")


@world
def year(secretariat):
    """A year that is open, after another, with something set aside."""
    for name in VIEWERS:
        factories.person(name)
    last_year = campaign.open_year(secretariat, fiscal_year=2022)
    SealedVersion(evaluation=last_year, number=1, sealed_by=secretariat).save()
    evaluation = campaign.open_year(secretariat)
    RegulatoryMeasure(evaluation=evaluation, kind="general", name="措置").save()
    campaign.fill(evaluation)
    campaign.set_aside(evaluation, secretariat)
    return evaluation


def save(model, place, number):
    """Change a field of a row: a text, a figure, a tick, a relation or, of an account, whose it is."""
    row = nth(model.objects.order_by("pk"), place)
    fields = [*model._meta.fields, *model._meta.many_to_many]
    changeable = [field for field in fields if change_of(field)]
    if row is None or not changeable:
        return
    field = nth(changeable, number)
    if field.many_to_many:
        related = field.related_model.objects.order_by("pk")
        getattr(row, field.name).set(related[number % (len(related) + 1) :])
        return
    setattr(row, field.name, change_of(field)(getattr(row, field.name), number))
    row.save()


def change_of(field):
    """A function from the value of a field and a number to another value; None for fields that are not changed here."""
    if field.many_to_many:
        return field.related_model
    if field.name in ("revision", "id", "fiscal_year", "digest", "row", "check_name"):
        return None
    if isinstance(field, models.BooleanField):
        return lambda value, number: not value
    if field.name == "municipality":
        return lambda value, number: nth(Municipality.objects.order_by("pk"), number)
    if isinstance(field, models.CharField | models.TextField) and not field.choices:
        return lambda value, number: f"改{number}"
    if isinstance(field, FigureField | models.DecimalField | models.PositiveSmallIntegerField):
        return lambda value, number: number % 5
    return None


def delete(model, place, number):
    if row := nth(model.objects.order_by("pk"), place):
        row.delete()


def move(model, place, number):
    """Move the evaluation or a submission, or set its state aside from all rules."""
    secretariat = User.objects.get(username="secretariat")
    row = nth(model.objects.order_by("pk"), place)
    name = MOVES[number % len(MOVES)]
    if row is None or name not in row.moves:
        return
    by = secretariat
    if name == "submit":
        by = User.objects.filter(role="official", municipality=row.municipality).first() or by
    moves.move(row, name, by=by, reason="理由")


def nth(rows, number):
    rows = list(rows)
    return rows[number % len(rows)] if rows else None


numbers = st.integers(0, 40)
acts = st.one_of(
    st.tuples(st.just(save), st.sampled_from(RECORDED), numbers, numbers),
    st.tuples(st.just(delete), st.sampled_from(RECORDED), numbers, numbers),
    st.tuples(st.just(move), st.sampled_from([Evaluation, Submission]), numbers, numbers),
)


@settings(max_examples=share(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=st.lists(acts, min_size=1, max_size=5))
def test_what_is_kept_equals_what_is_computed(year, sequence):
    caches["kept"].clear()
    with transaction.atomic():
        assert_kept_as_computed(year.pk)
        for act, model, place, number in sequence:
            try:
                with transaction.atomic():
                    act(model, place, number)
            except (IntegrityError, PermissionDenied, ProtectedError):
                continue
            assert_kept_as_computed(year.pk)
        transaction.set_rollback(True)


def assert_kept_as_computed(pk):
    evaluation = Evaluation.objects.select_related("zone", "edition__plan").filter(pk=pk).first()
    if evaluation is None or evaluation.state in SEALED:
        return
    for name in VIEWERS:
        viewer = User.objects.filter(username=factories.CAST[name][0]).first()
        # Whom the zone is not shown to gets no page: its answer is 404 before anything is looked for.
        if viewer is None or not Evaluation.objects.visible_to(viewer).filter(pk=pk).exists():
            continue
        page = kept_form(viewer, evaluation)
        inspection.known_findings.cache_clear()
        current = Evaluation.objects.select_related("zone", "edition__plan").get(pk=pk)
        assert page == shown_form(Access(viewer, current))
    current = Evaluation.objects.select_related("zone", "edition__plan").get(pk=pk)
    assert kept("progress", [evaluation], progress_without_rows) == progress_without_rows([current])


def test_state_is_another_after_any_change_of_a_row(year, secretariat):
    """Every row of every table that the year is made of, saved or deleted; its relations are changed without a save."""
    Remark(
        submission=campaign.submission(year),
        record=str(year.key),
        text="指摘",
        written_by=secretariat,
    ).save()
    Correction(
        evaluation=year,
        target=NumericTarget.objects.of_edition(year.edition)[0],
        fiscal_year=year.fiscal_year - 1,
        value="9",
    ).save()
    before = states_of([year])
    for model in [model for model in RECORDED if model not in WITHOUT_REVISION]:
        assert model.objects.exists(), model
        for row in model.objects.all():
            for act in changes_of(row):
                with transaction.atomic():
                    with suppress(ProtectedError):
                        act()
                        assert states_of([year]) != before, f"{model.__name__} {act}"
                    transaction.set_rollback(True)


def changes_of(row):
    """Functions that change the row."""
    if not isinstance(row, SealedVersion):
        yield (
            row.save
            if hasattr(row, "revision")
            else partial(type(row).objects.filter(pk=row.pk).update, position=77)
        )
    for field in row._meta.many_to_many:
        yield partial(change_relation, getattr(row, field.name))
    yield row.delete


def change_relation(related):
    """Take one away, or add one."""
    if first := related.first():
        related.remove(first)
    else:
        related.add(related.model.objects.first())


def test_state_is_another_after_what_has_no_revision(year):
    before = states_of([year])
    for change in (
        lambda: Municipality.objects.filter(name="川崎市").update(name="川崎"),
        lambda: Municipality.objects.filter(name="川崎市").update(code="999999"),
        lambda: Municipality.objects.filter(name="川崎市").update(label="神奈川県川崎市"),
        lambda: year.zone.zonemunicipality_set.update(printed_name="神奈川県川崎市"),
        lambda: year.zone.zonemunicipality_set.update(earlier_names=[[2022, "川崎"]]),
        lambda: User.objects.filter(username="kawasaki").update(
            municipality=factories.municipality("札幌市")
        ),
        lambda: User.objects.filter(username="kawasaki").update(role="reader"),
        lambda: Submission.objects.filter(evaluation=year, municipality__name="川崎市").update(
            state="returned"
        ),
        lambda: Evaluation.objects.filter(pk=year.pk).update(state="preparing"),
        lambda: Evaluation(zone=year.zone, edition=year.edition, fiscal_year=2024).save(),
    ):
        with transaction.atomic():
            change()
            assert states_of([year]) != before
            transaction.set_rollback(True)
    assert states_of([year]) == before


def test_nobody_is_shown_what_was_kept_for_another(year):
    pages = {}
    for name in VIEWERS:
        pages[name] = kept_form(factories.person(name), year)
    for name in VIEWERS:
        assert kept_form(factories.person(name), year) == pages[name]
    assert pages["official"].hidden != pages["other_official"].hidden
    assert not pages["secretariat"].hidden


def test_pages_are_computed_once_until_something_changes(year, official, monkeypatch):
    first = kept_form(official, year)
    calls = []
    monkeypatch.setattr(
        "evaluations.views.evaluation_form.shown_form",
        lambda access: calls.append(access) or first._replace(mark="新しい"),
    )
    assert kept_form(official, year) == first
    assert calls == []
    year.submission_set.first().save()
    assert kept_form(official, year).mark == "新しい"
    kept_form(official, year)
    assert len(calls) == 1
