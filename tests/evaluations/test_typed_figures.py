"""A typed figure is read alike on the page, in workbook, admin, sheets and Word, no finer than the form prints."""

from dataclasses import replace
from decimal import Decimal
from json import dumps

import pytest

from evaluations import moves
from evaluations.entry.word.changes import read_edited
from evaluations.entry.word.proposals import apply, proposals
from evaluations.form import UnreadableForm, compose, interpret
from evaluations.form import contents as c
from evaluations.models import Actual, Evaluation, NumericTarget, Plan, YearlyTarget
from evaluations.records.load import load
from tests import factories
from tests.evaluations.admin.test_access import add, change, form_of
from tests.evaluations.admin.test_import_export import confirm, preview, sentences
from tests.evaluations.campaign import put
from tests.evaluations.entry.word.test_changes import access_of, exported
from tests.evaluations.entry.word.test_changes import edited as word
from tests.evaluations.entry.workbook import books
from tests.evaluations.views.entry import ACTUALS, TEXTS, open_year_alone
from tests.evaluations.views.test_entry_pages import full, text_of
from tests.published import as_published
from tests.worlds import world
from tokku.document import json
from tokku.document.text import read as read_text
from tokku.document.tree import clean_lines
from tokku.figures import Figure

UNREADABLE = "「{}」は数値として読み取れません。数字で入力してください（例：1,234）。"
SPACED = "「{}」は数値として読み取れません。数字の間の空白を除いて入力してください（例：1,234）。"
HIDDEN = (
    "「{}」は数値として読み取れません。目に見えない文字が入っています。"
    "数字だけを入力し直してください（例：1,234）。"
)
FINER_THAN_STORED = "「{}」は小数が4桁を超えています。四捨五入してください。"
TOO_FINE = "評価書には小数第1位まで（単位：件）で印字されます。小数第1位までで入力してください。"
WHOLE = "評価書には整数（単位：件）で印字されます。整数で入力してください。"

OTHER_UNIT = "は単位が「{}」で、この数値目標の単位（件）ではありません。件を単位とする数字で入力してください。"

# What is typed as the actual of a target in 件 that prints one decimal, and the figure or the refusal.
TYPED = {
    "1,234": Figure("1234"),
    "１２．５": Figure("12.5"),
    " 88 ": Figure("88"),
    "\t88\u3000": Figure("88"),
    "△ 12.5": Figure("-12.5"),
    "▲\u300012": Figure("-12"),
    "− 0": Figure("0"),
    "8.5": Figure("8.5"),
    "8.0": Figure("8.0"),
    "8.50": Figure("8.50"),
    "8.00000": Figure("8"),
    "5件": Figure("5"),
    "２５ 件": Figure("25"),
    "約88": Figure("88", about=True),
    "88件以上": Figure("88", bound="以上"),
    "88 以下": Figure("88", bound="以下"),
    "88（速報値）": Figure("88", status="速報値"),
    "約1,234件以上(速報)※1": Figure("1234", about=True, bound="以上", status="速報", mark="※1"),
    "3万5,000": Figure("35000"),
    "未集計": Figure(answer="未集計"),
    "集計中（令和7年12月まで）": Figure(answer="集計中", until="令和7年12月まで"),
    "調査なし": Figure(answer="調査なし"),
    "88 3 55210": SPACED,
    "88\t3": SPACED,
    "8\u30008": SPACED,
    "8\u00a08": SPACED,
    "8\n8": SPACED,
    "1 234": SPACED,
    "1, 234": SPACED,
    "１２ ．５": SPACED,
    "1e5": OTHER_UNIT.format("e5"),
    "10億": OTHER_UNIT.format("億"),
    "5者": OTHER_UNIT.format("者"),
    "88以上以下": OTHER_UNIT.format("以上"),
    "八十八": UNREADABLE,
    "8.55": TOO_FINE,
    "約8.55": TOO_FINE,
    "△0.05": TOO_FINE,
    "8.0001": TOO_FINE,
    "8.000000001": FINER_THAN_STORED,
    "10.00000000000000000000000000004": FINER_THAN_STORED,
    "1\u200b0": HIDDEN,
}


def by_page(client, row, text):
    return text_of(client.post(ACTUALS, full(row, value=text)))


def by_workbook(client, row, text):
    cell = ("数値", "（1） 川崎市", "令和5年度", text)
    response = books.send(client, books.edited(books.download(client), cell))
    if messages := books.sentences(response):
        return "\n".join(messages)
    return text_of(books.confirm(client, response))


def by_admin(client, row, text):
    sent = form_of(client, change(row)) | {"value": text}
    return text_of(client.post(change(row), sent))


def by_sheet(kind):
    def enter(client, row, text):
        keys = {"特区": "keihin", "期": 1, "評価指標": 1, "数値目標": 1, "年度": 2023}
        line = keys | {"自治体コード": row.municipality.code, "実績値": text}
        page = preview(client, Actual, [line], f"表.{kind}")
        return "\n".join(sentences(page)) or text_of(confirm(client, Actual, page))

    return enter


CHANNELS = {
    "page": by_page,
    "workbook": by_workbook,
    "admin": by_admin,
    "csv": by_sheet("csv"),
    "xlsx": by_sheet("xlsx"),
}


@world
def year(secretariat):
    evaluation = open_year_alone(secretariat)
    NumericTarget.objects.update(decimals=1)
    return evaluation


def actual():
    return Actual.objects.get(fiscal_year=2023, municipality__name="川崎市")


@pytest.mark.slow
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_figure_is_read_alike_by_every_channel(client, official, year, channel):
    client.force_login(official)
    outcomes = {}
    for text, expected in TYPED.items():
        Actual.objects.filter(pk=actual().pk).update(value=None)
        message = CHANNELS[channel](client, actual(), text)
        outcomes[text] = actual().value
        if isinstance(expected, str):
            sentence = expected.format(text)
            assert sentence in message, text
            assert actual().value is None, text
            outcomes[text] = expected

    assert outcomes == TYPED


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_is_at_least_is_not_added_to_what_is_at_most(client, official, year, channel):
    Actual.objects.filter(fiscal_year=2023, municipality__name="横浜市").update(value="3以上")
    client.force_login(official)
    for text in ("5以下", "5以上", "約5"):
        Actual.objects.filter(pk=actual().pk).update(value=None)
        message = CHANNELS[channel](client, actual(), text)
        is_refused = text == "5以下"
        assert ("「以上」が付いているため、「以下」の値とは合計できません" in message) is is_refused
        assert (actual().value is None) is is_refused


def test_a_figure_that_cannot_be_read_is_shown_again(client, official, year):
    client.force_login(official)
    for text in ("88 3 55210", "8.55"):
        assert f'value="{text}"' in by_page(client, actual(), text)
        assert f'value="{text}"' in by_admin(client, actual(), text)


# The long ones have a fraction that arithmetic of 28 digits loses.
COUNTS = {
    "4 5": SPACED,
    "5件": UNREADABLE,
    "10.00000000000000000000000000004": "整数",
    " ４ ": 4,
}
SPACED_SCORE = (
    "「{}」は評価点として読み取れません。数字の間の空白を除いて入力してください（例：3.95）。"
)
SCORES = {
    "4 .5": SPACED_SCORE,
    "4 5": SPACED_SCORE,
    "4.50000000000000000000000000004": "評価点として読み取れません。",
}


def test_counts_are_read_like_figures(client, secretariat, year):
    client.force_login(secretariat)
    for text, outcome in COUNTS.items():
        page_text = text_of(client.post(TEXTS, full(fresh(year), fiscal_support_count=text)))
        if isinstance(outcome, str):
            assert outcome.format(text) in page_text
            assert fresh(year).fiscal_support_count is None
    assert fresh(year).fiscal_support_count == 4


def test_the_score_that_comes_back_is_read_like_figures(client, secretariat, year):
    put(year, "sent", secretariat)
    client.force_login(secretariat)
    page = "/keihin/2023/result/"
    for text, outcome in SCORES.items():
        page_text = text_of(client.post(page, full(fresh(year), score=text)))
        assert outcome.format(text) in page_text
        assert fresh(year).score is None
    client.post(page, full(fresh(year), score=" ４．５０点 "))
    assert fresh(year).score == "4.50"


EDITION = {"計画の版（最初の年度）": "2022"}


def fresh(evaluation):
    return Evaluation.objects.get(pk=evaluation.pk)


def test_years_and_places_in_a_sheet_are_read_like_figures(client, secretariat, year):
    client.force_login(secretariat)
    line = {"特区": "keihin", "期": "1", "評価指標": "1", "数値目標": "1", "年度": "2023"} | EDITION
    for column, text in {
        "年度": "20 23",
        "評価指標": "1 1",
        "数値目標": "1.00000000000000000000000000004",
    }.items():
        messages = sentences(preview(client, YearlyTarget, [line | {"目標値": "1", column: text}]))
        assert messages[0].startswith(f"2行目 {column}：「{text}」は")


NO_YEAR = "西暦の年度で入力してください（例：2023）。"


@pytest.mark.parametrize("typed", ["5", "1900", "2118"])
def test_a_fiscal_year_out_of_range_is_refused_in_the_admin(client, secretariat, year, typed):
    client.force_login(secretariat)
    target, zone = NumericTarget.objects.get(), year.zone
    response = target_form(client, baseline="7", baseline_year=typed)
    assert NO_YEAR in text_of(response)
    for model, sent in (
        (YearlyTarget, {"target": target.pk, "fiscal_year": typed, "value": "1"}),
        (Plan, {"zone": zone.pk, "term": "9", "first_year": typed, "last_year": typed}),
    ):
        count = model.objects.count()
        rows = {"indicator_set-TOTAL_FORMS": "0", "indicator_set-INITIAL_FORMS": "0"}
        page = client.post(add(model), rows | sent)
        assert page.status_code == 200
        assert NO_YEAR in text_of(page)
        assert model.objects.count() == count


YEARS_MISTYPED = {
    "令和7": "「令和7」は年度として読み取れません。",
    "20 25": "「20 25」は年度として読み取れません。",
    "R7年度": "「R7年度」は年度として読み取れません。",
}


@pytest.mark.parametrize("typed", YEARS_MISTYPED)
def test_what_is_no_year_is_refused_as_a_year_in_the_admin(client, secretariat, year, typed):
    client.force_login(secretariat)
    sent = {"zone": year.zone.pk, "fiscal_year": typed}
    pages = [
        client.post(add(Evaluation), sent),
        target_form(client, baseline="7", baseline_year=typed),
        target_form(client, **{"yearlytarget_set-0-fiscal_year": typed}),
    ]
    for page in pages:
        assert YEARS_MISTYPED[typed] + NO_YEAR in text_of(page)


def test_limits_are_said_as_people_count_them(client, secretariat, year):
    client.force_login(secretariat)
    for field, typed, sentence in (
        ("weight", "1234", "「1234」は桁が多すぎます。整数部は3桁までです。"),
        ("weight", "12345678", "「12345678」は桁が多すぎます。小数を含めて7桁までです。"),
        ("total", "9" * 16, f"「{'9' * 16}」は桁が多すぎます。整数部は15桁までです。"),
        ("name", "長" * 301, "300文字までです（入力した文字は301文字）。"),
    ):
        assert sentence in text_of(target_form(client, **{field: typed}))


# What comes back in Word


@world
def reported_once(secretariat):
    """A year whose actual is entered once for the zone, so that Word may change it."""
    target = factories.numeric_target(aggregation="once")
    contents = factories.contents(
        indicators=(c.Indicator(number=1, name="経済効果", targets=(target,)),)
    )
    evaluation = factories.evaluation(contents)
    moves.move(evaluation, "open", by=secretariat)
    return evaluation


def typed_in_word(contents, actual):
    indicator = contents.indicators[0]
    target = indicator.targets[0]
    years = tuple(
        replace(figures, actual=actual) if figures.year == 2023 else figures
        for figures in target.years
    )
    target = replace(target, years=years, decimals=1)
    return replace(contents, indicators=(replace(indicator, targets=(target,)),))


def test_a_figure_finer_than_its_target_is_refused_beside_it_in_word(secretariat, reported_once):
    edited = word(
        secretariat, reported_once, lambda contents: typed_in_word(contents, Figure("8.5"))
    )
    (proposal,) = proposals(access_of(secretariat, reported_once), edited.typed)
    assert proposal.errors == (WHOLE,)
    assert proposal.difference.new == "8.5"


def test_word_reads_a_figure_as_every_channel_does(secretariat, reported_once):
    NumericTarget.objects.update(decimals=1)
    for typed, expected in TYPED.items():
        text = clean_lines(typed)  # as a document has it
        if "\n" in text:
            continue  # no line of a document
        Actual.objects.filter(fiscal_year=2023).update(value="19")
        access = access_of(secretariat, reported_once)
        contents, origin = exported(access)
        written = json.write(compose(contents)).replace("19件", dumps(text)[1:-1])
        edited_file = read_edited(access, json.read(written), origin)
        offered = proposals(access_of(secretariat, reported_once), edited_file.typed)
        sentences = [error for proposal in offered for error in proposal.errors]
        sentences += [leftover.text for leftover in edited_file.leftovers]
        if isinstance(expected, str):
            assert expected.format(" ".join(text.split("\n"))) in "".join(sentences), text
        else:
            assert sentences == [], text
            keys = [proposal.key for proposal in offered]
            apply(reported_once, edited_file.typed, keys, by=secretariat, file_name="表.docx")
            assert Actual.objects.get(fiscal_year=2023).value == expected, text


# Words of the file, the same with a space in the number, and the error message.
SPACED_IN_FILE = {
    "19件": ("1 9件", "「1 9件」は数値として読み取れません。数字の間の空白を除いて"),
    "総合特区 4.5点": (
        "総合特区 4 .5点",
        "評価点として読み取れません：4 .5点（数字の間に空白があります）",
    ),
    "事業件数 16 件": ("事業件数 1 6 件", "数値として読み取れません：1 6"),
    "50件(累計)": ("5 0件(累計)", "「5 0件」は数値として読み取れません。数字の間の空白を除いて"),
}


WEIGHT = "寄与度(※):44(%)"
GAPS = ["  ", "\u3000\u3000", "\u00a0 \u2003", "\u200b", " \u200b "]


@pytest.mark.parametrize(
    ("printed", "gap"),
    # A cell may have several lines, in JSON with a sign of its own.
    [*((printed, gap) for printed in (*SPACED_IN_FILE, WEIGHT) for gap in GAPS), (WEIGHT, r"\n")],
)
def test_digits_with_a_gap_between_them_are_not_joined_in_a_file(reported_once, printed, gap):
    Evaluation.objects.update(previous_score="4.5", fiscal_support_count=16)
    Actual.objects.filter(fiscal_year=2023).update(value=19)
    NumericTarget.objects.update(weight=44)
    exported = json.write(compose(load(fresh(reported_once))))
    spaced = SPACED_IN_FILE.get(printed, (WEIGHT.replace("44", "4 4"),))[0].replace(" ", gap)
    assert printed in exported
    assert "読み取れません" in refused(exported.replace(printed, spaced))


def refused(file):
    """What reading the file says: a figure of a year is left to a person, all else refuses the whole file."""
    try:
        interpretation = interpret(json.read(file))
    except UnreadableForm as error:
        return str(error)
    assert interpretation.contents.indicators[0].targets[0].of_year(2023).actual is None
    return " ".join(map(str, interpretation.unplaced))


@pytest.mark.parametrize("printed", SPACED_IN_FILE)
def test_digits_with_a_space_between_them_are_refused_in_a_file_and_joined_in_a_paper(
    reported_once, printed
):
    spaced, sentence = SPACED_IN_FILE[printed]
    Evaluation.objects.update(previous_score="4.5", fiscal_support_count=16)
    Actual.objects.filter(fiscal_year=2023).update(value=19)
    document = compose(load(fresh(reported_once)))
    exported, paper = json.write(document), as_published(document)

    assert sentence in refused(exported.replace(printed, spaced))

    contents, converted = (
        interpret(read_text(words)).contents for words in (paper, paper.replace(printed, spaced))
    )
    assert spaced in paper.replace(printed, spaced)
    assert converted == contents


# What the target prints


def test_a_finer_figure_that_is_stored_stays_until_it_is_changed(client, official, year):
    client.force_login(official)
    Actual.objects.filter(pk=actual().pk).update(value=Decimal("8.55"))
    for enter in (by_page, by_admin):
        row = actual()
        sent = {"note": f"出典 {enter.__name__}"}
        if enter is by_page:
            response = client.post(ACTUALS, full(row, value="8.55", **sent))
        else:
            response = client.post(change(row), form_of(client, change(row)) | sent)
        assert response.status_code == 302
        assert (actual().value, actual().note) == (Figure("8.55"), sent["note"])
    assert TOO_FINE in by_page(client, actual(), "8.56")


def target_form(client, **values):
    """Send the admin's form of the target, with its yearly targets as stored and these values; returns the response."""
    target = NumericTarget.objects.get()
    page = client.get(change(target))
    (rows,) = page.context["inline_admin_formsets"]
    sent = form_of(client, change(target))
    for form in [rows.formset.management_form, *rows.formset.initial_forms]:
        for bound in form:
            value = bound.value()
            sent[bound.html_name] = "" if value is None else value
    return client.post(change(target), sent | values)


def year_place(fiscal_year=2023):
    rows = list(YearlyTarget.objects.values_list("fiscal_year", flat=True))
    return f"yearlytarget_set-{rows.index(fiscal_year)}-value"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"total": "50.55"}, TOO_FINE),
        ({"baseline": "7.55", "baseline_year": "2020"}, TOO_FINE),
        ({year_place: "10.55"}, TOO_FINE),
        ({"total": "50.5", "decimals": "0"}, WHOLE),
        ({"total": "50.50", year_place: "10.500"}, ""),
        ({"total": "50.55", year_place: "10.55", "decimals": "2"}, ""),
        ({"decimals": "0"}, ""),
    ],
)
def test_targets_have_no_more_decimals_than_are_printed(client, secretariat, year, typed, sentence):
    client.force_login(secretariat)
    typed = {name() if callable(name) else name: text for name, text in typed.items()}
    response = target_form(client, **typed)
    assert (response.status_code == 302) == (not sentence)
    assert sentence in text_of(response)


def test_decimals_that_stored_figures_need_stay(client, secretariat, year):
    client.force_login(secretariat)
    refusal = (
        "小数第1位までの数値が登録されているため、桁数を減らせません。先に数値を直してください。"
    )
    for model in (Actual, YearlyTarget):
        row = model.objects.filter(fiscal_year=2022).first()
        model.objects.filter(pk=row.pk).update(value=Decimal("8.5"))
        assert refusal in text_of(target_form(client, decimals="0"))
        line = {"特区": "keihin", "期": 1, "評価指標": 1, "数値目標": 1, "小数の桁数": 0} | EDITION
        assert sentences(preview(client, NumericTarget, [line])) == [f"2行目 小数の桁数：{refusal}"]
        assert target_form(client, decimals="2").status_code == 302
        assert target_form(client, decimals="1").status_code == 302
        model.objects.filter(pk=row.pk).update(value=8)
    assert target_form(client, decimals="0").status_code == 302


@pytest.mark.parametrize(
    ("model", "typed"),
    [
        (YearlyTarget, {"年度": 2023, "目標値": "10.55"}),
        (NumericTarget, {"計画期間の目標": "50.55"}),
        (NumericTarget, {"基準値": "7.55", "基準年度": 2020}),
    ],
)
def test_sheets_refuse_targets_with_more_decimals_too(client, secretariat, year, model, typed):
    client.force_login(secretariat)
    line = {"特区": "keihin", "期": 1, "評価指標": 1, "数値目標": 1} | EDITION | typed
    (message,) = sentences(preview(client, model, [line]))
    assert message.endswith(f"：{TOO_FINE}")


def test_a_paper_keeps_its_figures(reported_once):
    """別紙1 of another edition prints one decimal, of a target that is stored as whole numbers since."""
    target = factories.numeric_target(total=Figure.of("50.5"), decimals=1)
    indicators = (c.Indicator(number=1, name="経済効果", targets=(target,)),)
    factories.evaluation(factories.contents(indicators=indicators, fiscal_year=2022))
    NumericTarget.objects.update(decimals=0)
    years = tuple(
        replace(figures, actual=Figure.of("8.5")) if figures.year == 2022 else figures
        for figures in target.years
    )
    factories.evaluation(
        factories.contents(
            indicators=(replace(indicators[0], targets=(replace(target, years=years),)),),
            fiscal_year=2022,
        )
    )
    assert Actual.objects.get(fiscal_year=2022).value == Figure("8.5")
