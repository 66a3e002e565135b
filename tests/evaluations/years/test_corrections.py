"""Figures of earlier years that turn out otherwise: a later form tells the new value, the sealed one of then stays."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from evaluations import moves
from evaluations.checks import findings
from evaluations.checks.figures import actuals as actuals_checks
from evaluations.checks.picture import Picture
from evaluations.entry.word.changes import read_edited
from evaluations.form import compose, interpret
from evaluations.form import contents as c
from evaluations.inspection import inspect
from evaluations.keys import TargetKey
from evaluations.models import Actual, Correction, Evaluation, NumericTarget, SealedFile
from evaluations.permissions import Access
from evaluations.records.load import load, load_for
from evaluations.sealed.sealing import read_contents
from evaluations.years.kept import states_of
from evaluations.years.next_year import NextYear
from evaluations.years.rows import rows_of_year
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.years.test_editions import said
from tests.examples import share
from tests.worlds import world
from tokku.accounts.models import User
from tokku.document import text
from tokku.document.tree import Table
from tokku.figures import Figure, total_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

KEY = TargetKey(1, 1)
REASON = "国の統計の確報値が公表されたため"
CORRECTED = "93件\n(修正前 88件(速報値))"


@world
def last(secretariat):
    """2023, sealed with a preliminary 88 of three authors together, and 2024, open."""
    last = campaign.approved_year(secretariat)
    values = {"神奈川県": "30", "横浜市": "40", "川崎市": "18（速報値）"}
    for name, value in values.items():
        row = Actual.objects.get(fiscal_year=2023, municipality__name=name)
        row.value = value
        row.save()
    campaign.set_aside(last, secretariat)
    moves.move(last, "seal", by=secretariat, reason="部長決裁")
    moves.move(NextYear(last).save(by=secretariat), "open", by=secretariat)
    return last


def year(fiscal_year: int) -> Evaluation:
    return Evaluation.objects.get(fiscal_year=fiscal_year)


def target_of(evaluation) -> NumericTarget:
    return NumericTarget.objects.of_edition(evaluation.edition_id)[0]


def correct(fiscal_year=2024, value="23", of=2023, name="川崎市", **values) -> Correction:
    evaluation = year(fiscal_year)
    row = Correction(
        evaluation=evaluation,
        target=target_of(evaluation),
        fiscal_year=of,
        municipality=factories.municipality(name) if name else None,
        value=value,
        reason=REASON,
        **values,
    )
    row.full_clean()
    row.save()
    return row


def figures(fiscal_year: int, of: int = 2023):
    return load(year(fiscal_year)).target(KEY).of_year(of)


def printed(fiscal_year: int, of: int = 2023) -> str:
    """The cell of an earlier year in 別紙1, as the form of a year prints it."""
    tables = [b for b in compose(load(year(fiscal_year))).blocks if isinstance(b, Table)]
    cells = (cell for table in tables for row in table.rows for cell in row.cells if cell.source)
    return next(
        cell.text
        for cell in cells
        if (cell.source.record, cell.source.field) == (f"target/1-1/{of}", "actual")
    )


def test_the_form_of_the_year_tells_it_and_the_sealed_one_stays(last, secretariat):
    sealed = {file.pk: bytes(file.content) for file in SealedFile.objects.all()}
    before = said(2023)
    assert printed(2024) == "88件(速報値)"

    correct()
    assert printed(2024) == CORRECTED
    (told,) = figures(2024).corrections
    assert (str(told.before), str(told.value), told.municipality) == (
        "18（速報値）",
        "23",
        "川崎市",
    )
    assert told.reason == REASON
    assert said(2023) == before
    assert {file.pk: bytes(file.content) for file in SealedFile.objects.all()} == sealed
    moves.move(last, "reopen", by=secretariat, reason="誤りを直すため")
    assert said(2023) == before
    assert printed(2023) == "88件(速報値)"
    moves.move(NextYear(year(2024)).save(by=secretariat), "open", by=secretariat)
    assert printed(2025) == "93件"
    assert figures(2025).corrections == ()
    assert not Correction.objects.filter(evaluation__fiscal_year=2025).exists()
    # What is told then is told on top of it.
    correct(2025, "24")
    assert (printed(2024), printed(2025)) == (CORRECTED, "94件\n(修正前 93件)")


def test_it_is_sealed_with_the_year_that_tells_it(last, secretariat):
    correct()
    evaluation = year(2024)
    sealed = read_contents(campaign.sealed_as_it_is(evaluation, secretariat)).contents
    assert sealed.target(KEY).of_year(2023) == figures(2024)
    Correction.objects.all().delete()
    assert sealed.target(KEY).of_year(2023).corrections[0].reason == REASON


def test_what_is_printed_reads_back(last):
    correct()
    again = interpret(text.read(text.write(compose(load(year(2024)))))).contents
    of_2023 = again.target(KEY).of_year(2023)
    assert (of_2023.actual, of_2023.before) == (Figure("93"), Figure("88", status="速報値"))
    assert of_2023.corrections == ()  # the reason is not printed


def test_one_of_the_zone_as_a_whole_takes_the_place_of_the_sum(last, secretariat):
    correct(value="95", name=None)
    assert printed(2024) == "95件\n(修正前 88件(速報値))"
    assert figures(2024).by_municipality == ()
    moves.move(NextYear(year(2024)).save(by=secretariat), "open", by=secretariat)
    correct(2025, "20")
    assert printed(2025) == "90件\n(修正前 95件)"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"of": 2024}, "前年度までの実績値です"),
        ({"of": 2025}, "前年度までの実績値です"),
        ({"of": 2021}, "前年度までの実績値です"),
        ({"value": "8.5"}, "整数で入力"),
        ({"value": "8人"}, "この数値目標の単位（件）ではありません"),
        ({"value": None}, "この値が空"),
        ({"name": "横浜市", "value": "3以下"}, "合計できません"),
        ({"name": None}, "両方を修正することはできません"),
        ({}, "この評価書に既にあります"),
    ],
)
def test_what_cannot_be_corrected_is_refused(last, values, sentence):
    correct(value="23以上")
    with pytest.raises(ValidationError) as refusal:
        correct(**values)
    if values.get("value", "") is not None:
        assert sentence in " ".join(refusal.value.messages)
    assert Correction.objects.count() == 1


def test_a_correction_has_a_reason(last):
    row = correct()
    row.reason = ""
    with pytest.raises(ValidationError, match="修正の理由を入力してください。"):
        row.full_clean()


def test_a_figure_reported_once_is_corrected_to_one_figure(last):
    NumericTarget.objects.update(aggregation="once")
    correct(value="70")
    assert "reported_differently" not in found(2024)
    correct(value="90", name="横浜市")
    assert "reported_differently" in found(2024)


def found(fiscal_year: int) -> set[str]:
    contents = load(year(fiscal_year))
    return {"reported_differently" for _ in actuals_checks.reported_differently(Picture(contents))}


def test_a_figure_of_the_zone_is_not_corrected_for_a_municipality(last):
    Actual.objects.filter(fiscal_year=2023).delete()
    Actual.objects.create(target=target_of(last), fiscal_year=2023, value=88)
    with pytest.raises(ValidationError, match="特区全体の値として"):
        correct()
    correct(name=None, value=90)
    assert printed(2024) == "90件\n(修正前 88件)"


def test_others_see_it_once_it_is_handed_in(last, official, secretariat):
    correct()
    correct(name="横浜市", value="50")
    yokohama = User.objects.get(username="yokohama-1")

    def seen_by(user):
        return load_for(Access(user, year(2024))).contents.target(KEY).of_year(2023)

    assert seen_by(official).actual is None  # of another author that has not handed in
    assert [told.municipality for told in seen_by(official).corrections] == ["川崎市"]
    assert seen_by(secretariat).actual == Figure("103")
    for user in (official, yokohama):
        campaign.hand_in(year(2024), user)
    assert seen_by(official) == seen_by(yokohama) == seen_by(secretariat)


def labels(evaluation, user):
    return {finding.finding.check.label for finding in inspect(Access(user, evaluation)).findings}


CHANGED, PRELIMINARY, NOT_YET = (
    "前年度の評価書と違う数値",
    "前年度までの速報値",
    "前年度までの未集計の実績値",
)


def test_the_checks_know_what_is_told(client, last, secretariat):
    evaluation = year(2024)
    assert {PRELIMINARY} == labels(evaluation, secretariat) & {CHANGED, PRELIMINARY, NOT_YET}
    (finding,) = (
        f
        for f in inspect(Access(secretariat, evaluation)).findings
        if f.finding.check.label == PRELIMINARY
    )
    address = finding.address(Access(secretariat, evaluation))
    assert address == "/keihin/2024/entry/actuals/#corrections"
    client.force_login(secretariat)
    assert 'id="corrections"' in client.get(address.split("#")[0]).content.decode()
    correct()
    assert not labels(evaluation, secretariat) & {CHANGED, PRELIMINARY, NOT_YET}
    # Without being told it is another figure.
    Correction.objects.all().delete()
    Actual.objects.filter(fiscal_year=2023, municipality__name="川崎市").update(value="23")
    assert CHANGED in labels(evaluation, secretariat)
    Actual.objects.filter(fiscal_year=2023, municipality__name="川崎市").update(value="未集計")
    assert NOT_YET in labels(evaluation, secretariat)


def test_it_says_so_of_each_form_against_the_one_before(last):
    correct()
    now, then = load(year(2024)), load(year(2023))
    changed = [f.check.label for f in findings(Picture(now, then, frozenset()))]
    assert CHANGED not in changed


def test_pages_kept_for_a_year_change_with_what_earlier_forms_tell(last, secretariat):
    moves.move(NextYear(year(2024)).save(by=secretariat), "open", by=secretariat)
    moves.move(NextYear(year(2025)).save(by=secretariat), "open", by=secretariat)
    before = states_of([year(2026)])
    correct()
    assert states_of([year(2026)]) != before


def test_one_query_for_all_corrections(last, django_assert_num_queries):
    correct()
    rows = rows_of_year(year(2024))
    with django_assert_num_queries(1):
        assert len(rows.corrections) == 1
        assert len(rows.corrections) == 1


def test_explanation_shows_both_values_who_and_why(client, last, secretariat, official):
    row = correct()
    row.value, row._history_user = "24", official
    row.save()
    client.force_login(secretariat)
    address = "/keihin/2024/figures/1-1/2023/"
    page = client.get(address).content.decode()
    for words in ("この評価書での修正", "18件（速報値）", "24件", REASON, official.name):
        assert words in page, words
    assert "30件 ＋ 40件 ＋ 24件" in page
    campaign.sealed_as_it_is(year(2024), secretariat)
    campaign.put(year(2024), "final", secretariat)
    page = client.get(address).content.decode()
    for words in ("この評価書での修正", "18件（速報値）", "24件", REASON, official.name):
        assert words in page, words


def test_last_year_beside_this_one_is_without_it(last, secretariat):
    """Both years are loaded together, as on the entry pages."""
    correct(of=2022, value="9")
    access = Access(secretariat, year(2024), with_last_year=True)
    assert load_for(access).contents.target(KEY).of_year(2022).actual == Figure("17")
    assert load_for(access.last_year).contents.target(KEY).of_year(2022).actual == Figure("12")


# Laws


OWNERS = (None, "神奈川県", "横浜市", "川崎市")
acts = st.lists(
    st.tuples(
        st.sampled_from([2024, 2025, 2026]),
        st.sampled_from([2022, 2023, 2024, 2025]),
        st.sampled_from(OWNERS),
        st.sampled_from(["1", "7", "未集計", "9（速報値）", None]),  # None removes it
    ),
    max_size=6,
)


@pytest.mark.full
@settings(
    max_examples=share(25),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=acts, reopens=st.booleans())
def test_the_newest_that_is_told_up_to_a_year_holds_in_its_form(last, secretariat, acts, reopens):
    """Whatever is told, and in whatever order: forms of earlier years say what they said."""
    with transaction.atomic():
        for fiscal_year in (2024, 2025):
            moves.move(NextYear(year(fiscal_year)).save(by=secretariat), "open", by=secretariat)
        if reopens:
            moves.move(last, "reopen", by=secretariat, reason="誤りを直すため")
        own = {
            (row.fiscal_year, row.municipality.name): row.value
            for row in Actual.objects.select_related("municipality")
        }
        told = {}
        for teller, of, owner, value in acts:
            before = {earlier: said(earlier) for earlier in range(2023, teller)}
            place = teller, of, owner
            try:
                with transaction.atomic():
                    Correction.objects.filter(
                        evaluation=year(teller),
                        fiscal_year=of,
                        municipality=owner and factories.municipality(owner),
                    ).delete()
                    if value:
                        correct(teller, value, of, owner)
            except ValidationError:
                with_other = any(
                    key[:2] == place[:2] and (key[2] is None) != (owner is None) for key in told
                )
                assert of >= teller or with_other
            else:
                told.pop(place, None)
                if value:
                    told[place] = Figure.of(value)
            assert {earlier: said(earlier) for earlier in before} == before
        for teller in (2023, 2024, 2025, 2026):
            for of in range(2022, teller):
                actual, before = (_expected(own, told, of, until) for until in (teller, teller - 1))
                stated = figures(teller, of)
                assert stated.actual == actual, (teller, of, told)
                is_told = any(key[:2] == (teller, of) for key in told)
                shown = is_told and actual and before and actual != before
                assert stated.before == (before if shown else None)
        transaction.set_rollback(True)


def _expected(own, told, of: int, until: int):
    """The zone's figure by the words of the rule, for one author after another."""
    values = {name: own.get((of, name)) for name in OWNERS[1:]}
    whole = None
    for teller in range(2024, until + 1):
        now = {owner: value for (t, o, owner), value in told.items() if (t, o) == (teller, of)}
        if None in now:
            whole = now[None]
        elif now:
            whole = None
            values |= now
    return whole or total_of(values.values())


# Documents


@pytest.fixture
def run(tmp_path):
    def run(document: str, **options) -> str:
        path = tmp_path / "評価書.txt"
        path.write_text(document)
        out = StringIO()
        call_command("import_evaluation", path, zone="keihin", stdout=out, **options)
        return out.getvalue()

    return run


def test_a_form_that_prints_another_value_offers_a_correction(last, run):
    document = said(2024).replace("88件(速報値)", "90件")
    before, actuals = said(2024), list(Actual.objects.order_by("pk").values())
    offered = run(document)
    assert "文書（令和6年度の評価書）では 90、登録では 88（速報値）" in offered
    assert "確定した値を残しました。実績値の修正として取り込めます。" in offered
    assert "このうち1件は" in offered
    assert "--take-corrections" in offered
    assert said(2024) == before

    taken = run(document, take_corrections=True)
    assert "文書の値は、実績値の修正として取り込みました。" in taken
    row = Correction.objects.get()
    assert (row.value, row.municipality, row.reason) == (
        Figure("90"),
        None,
        "令和6年度の評価書による",
    )
    assert printed(2024) == "90件\n(修正前 88件(速報値))"
    assert printed(2023) == "88件(速報値)"
    for options in ({}, {"take_corrections": True}):
        again = run(document, **options)
        assert "変更はありません。" in again
        assert "食い違う数値" not in again
    assert list(Actual.objects.order_by("pk").values()) == actuals


def test_other_digits_of_the_same_number_are_no_correction(last, run):
    outcome = run(said(2024).replace("88件(速報値)", "88.0件(速報値)"), take_corrections=True)
    assert "食い違う数値" not in outcome
    assert not Correction.objects.exists()


def test_a_form_that_tells_a_correction_is_believed(last, run):
    correct()
    document = said(2024)
    assert "実績値" not in run(document)
    assert [row.value for row in Correction.objects.all()] == [Figure("23")]
    Correction.objects.all().delete()
    assert "作成：実績値の修正 1件" in run(document)
    row = Correction.objects.get()
    assert (row.value, row.municipality) == (Figure("93"), None)
    assert said(2024) == document
    row.reason = "確報値"
    row.save()
    run(document)
    assert Correction.objects.get().reason == "確報値"


def test_both_values_of_a_form_are_stored_where_nothing_is_known_of_the_year(db):
    of_2022 = c.YearFigures(year=2022, actual=Figure.of(90), before=Figure.of(88))
    years = (of_2022, *(c.YearFigures(year=each) for each in range(2023, 2027)))
    target = factories.numeric_target(years=years)
    indicator = c.Indicator(number=1, name="経済効果", targets=(target,))
    evaluation = factories.evaluation(factories.contents(indicators=(indicator,)))
    assert Actual.objects.get(fiscal_year=2022).value == Figure.of(88)
    assert Correction.objects.get().reason == "令和5年度の評価書による"
    stated = load(evaluation).target(KEY).of_year(2022)
    assert (stated.actual, stated.before) == (of_2022.actual, of_2022.before)


def test_an_edited_word_file_says_where_to_correct(last, secretariat):
    correct()
    document = said(2024)
    edited = document.replace("93件", "95件")
    read = read_edited(Access(secretariat, year(2024)), text.read(edited), "")
    (leftover,) = read.leftovers
    assert leftover.text == "93 → 95"
    assert "「前年度までの実績値の修正」に、修正後の値と理由を入力してください。" in leftover.why
