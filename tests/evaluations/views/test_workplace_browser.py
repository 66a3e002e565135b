"""The entry pages as a workplace, counted and walked in a real Chromium on the sample's newest year."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from evaluations import catalogue, sample
from evaluations.models import Actual, Evaluation, Remark, Submission
from evaluations.years.rows import rows_of_year
from evaluations.years.rows_at_opening import prepare_rows
from supports.models import SchemeResult
from tests import factories
from tests.browser import violations
from tests.evaluations import campaign
from tokku.figures import Figure

pytestmark = pytest.mark.browser

ENTRY = "/keihin/2024/entry/"
ACTUALS, TEXTS, SUPPORTS = (f"{ENTRY}{part}/" for part in ("actuals", "texts", "supports"))
DESK = {"width": 1280, "height": 720}
PAYLOADS = json.loads((Path(__file__).parent / "clipboard.json").read_text())
# Presses of the pointer in a tab, whatever page it shows.
COUNT_PRESSES = """addEventListener("pointerdown", () => {
  sessionStorage.presses = Number(sessionStorage.presses ?? 0) + 1;
}, true)"""


@pytest.fixture
def evaluation(other_official, secretariat):
    """The sample's newest year after the one before, as 横浜市 finds it."""
    years = sample.evaluations()
    factories.evaluation(years[2023])
    evaluation = factories.evaluation(years[2024])
    Evaluation.objects.filter(pk=evaluation.pk).update(state="open")
    evaluation.refresh_from_db()
    prepare_rows(evaluation)
    factories.join_zones()
    return evaluation


@pytest.fixture
def at_desk(page, sign_in, evaluation, other_official):
    """横浜市's official at home, at a screen of the office."""
    page.set_viewport_size(DESK)
    page.add_init_script(COUNT_PRESSES)
    sign_in(other_official)
    return page


def presses(page) -> int:
    return int(page.evaluate("sessionStorage.presses ?? 0"))


def own_actuals(evaluation) -> list[Actual]:
    rows = rows_of_year(evaluation).of_kind(catalogue.ACTUAL)
    return [row for row in rows if row.municipality and row.municipality.name == "横浜市"]


def missing(evaluation):
    municipality = factories.municipality("横浜市")
    return rows_of_year(Evaluation.objects.get(pk=evaluation.pk)).missing(municipality.pk)


def missing_result(evaluation) -> SchemeResult:
    return next(item.row for item in missing(evaluation) if isinstance(item.row, SchemeResult))


def is_in_sight(page, locator) -> bool:
    box = locator.bounding_box()
    return box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"]


def screens(page) -> float:
    return page.evaluate("document.documentElement.scrollHeight / innerHeight")


def save(page):
    page.get_by_role("button", name="保存する", exact=True).last.click()


# Measured


def test_work_of_a_municipality_is_on_few_screens(at_desk, evaluation):
    page = at_desk
    page.goto(ACTUALS)
    figures = page.locator(".figures__value input[type=text]")
    assert figures.count() == len(own_actuals(evaluation)) == 6
    bar = page.locator(".bar__line")
    assert is_in_sight(page, bar)
    last = figures.last.bounding_box()
    assert is_in_sight(page, figures.first)
    assert last["y"] + last["height"] <= bar.bounding_box()["y"]
    assert page.evaluate("scrollY") == 0

    page.goto(SUPPORTS)
    assert page.locator(".thing:has(textarea)").count() == 10
    assert screens(page) <= 3
    page.goto(TEXTS)
    assert is_in_sight(page, page.locator(".things textarea").first)


# Clicks counted


def test_three_missing_fields_and_hand_in_take_six_clicks(at_desk, evaluation):
    page = at_desk
    rows = [item.row for item in missing(evaluation)]
    assert len(rows) == 3
    page.get_by_role("link", name="入力を").first.click()
    for row in rows:
        expect(page.locator(".row-page")).to_have_id(str(row.key))
        if isinstance(row, Submission):
            page.get_by_label("該当なし").check()
        else:
            expect(page.get_by_label("実績", exact=True)).to_be_focused()
            page.keyboard.type("3件に助成した。")
        page.locator(".bar__line button[name=next]").click()
    page.get_by_role("button", name="提出する").click()
    expect(page.get_by_text("横浜市の入力を提出しました。")).to_be_visible()
    assert presses(page) <= 6
    assert missing(evaluation) == []
    assert campaign.submission(evaluation, "横浜市").state == "submitted"


def test_three_remarks_with_their_figures_take_eight_clicks_and_a_save_each(
    at_desk, evaluation, secretariat, other_official
):
    page = at_desk
    campaign.fill(evaluation, other_official.municipality_id)
    submission = campaign.submission(evaluation, "横浜市")
    campaign.put(submission, "returned", by=secretariat)
    rows = own_actuals(evaluation)[1:4]
    for row in rows:
        Remark.objects.create(
            submission=submission,
            record=str(row.key),
            field="value",
            text="桁を確かめてください。",
            written_by=secretariat,
        )
    page.reload()
    page.get_by_role("link", name="指摘に答える").click()
    for row in rows:
        expect(figure(page, row)).to_be_focused()
        page.keyboard.press("Control+A")
        page.keyboard.type("７")
        page.get_by_label("直しました").check()
        page.locator(".bar__line button[name=next]").click()
    page.get_by_role("button", name="提出する").click()
    expect(page.get_by_text("横浜市の入力を提出しました。")).to_be_visible()
    assert presses(page) <= 8
    for row in rows:
        stored = Actual.objects.get(pk=row.pk)
        assert (stored.value, stored.revision) == (Figure.of(7), row.revision + 1)
    assert set(Remark.objects.values_list("answer", "answered_by")) == {
        ("直しました。", other_official.pk)
    }


@pytest.mark.full
def test_scheme_is_added_with_its_result_in_one_save(at_desk, evaluation):
    page = at_desk
    page.goto(SUPPORTS)
    page.get_by_role("link", name="支援措置を追加する").click()
    form = page.locator("[data-row=new-scheme]")
    expect(form.get_by_label("区分")).to_be_focused()
    form.get_by_label("区分").select_option("fiscal")
    form.get_by_label("事業名", exact=False).first.fill("新しい事業")
    form.get_by_label("実績").fill("2件に助成した。")
    save(page)
    expect(page.get_by_role("heading", name="新しい事業")).to_be_visible()
    added = SchemeResult.objects.get(name="新しい事業")
    assert added.result == "2件に助成した。"
    assert added.revision == 1


# Pasting


def copy(page, payload: dict[str, str]) -> None:
    page.evaluate(
        """payload => navigator.clipboard.write([new ClipboardItem(
            Object.fromEntries(Object.entries(payload).map(([type, text]) => [type, new Blob([text], {type})]))
        )])""",
        payload,
    )


def figure(page, row):
    return page.locator(f'[id="id_{row.key}-value"]')


def note(page, row):
    return page.locator(f'[id="id_{row.key}-note"]')


@pytest.fixture
def grid(at_desk):
    at_desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    at_desk.goto(ACTUALS)
    return at_desk


@pytest.mark.parametrize(
    ("program", "second_note", "fifth_note"),
    [
        ("excel", "一行目\n二行目", "治験の登録"),
        pytest.param("calc", "一行目 二行目", "治験 登録", marks=pytest.mark.full),
    ],
)
def test_range_of_a_spreadsheet_fills_cells_and_can_be_taken_back(
    grid, evaluation, program, second_note, fifth_note
):
    page, rows = grid, own_actuals(evaluation)
    before = [(row.value, row.note) for row in rows]
    shown = [(figure(page, row).input_value(), note(page, row).input_value()) for row in rows]
    copy(page, PAYLOADS[program])
    figure(page, rows[0]).focus()
    page.keyboard.press("Control+V")
    notice = page.locator("[data-pasted]")
    expect(notice).to_contain_text("12件を貼り付けました")
    expect(notice).to_contain_text("まだ保存していません")
    assert is_in_sight(page, notice)
    pasted = [
        ("88", "内訳は別紙"),
        ("3", second_note),
        ("55,210", 'いわゆる"延べ"の人数'),
        ("約12", '"速報"'),
        ("25", fifth_note),
        ("未集計", "令和7年12月公表"),
    ]
    assert [
        (figure(page, row).input_value(), note(page, row).input_value()) for row in rows
    ] == pasted
    assert all(note(page, row).is_visible() for row in rows)
    assert [(row.value, row.note) for row in own_actuals(evaluation)] == before

    page.get_by_role("button", name="元に戻す").click()
    assert shown == [
        (figure(page, row).input_value(), note(page, row).input_value()) for row in rows
    ]
    expect(page.locator(".bar__state")).to_have_text("変更はありません")
    page.keyboard.press("Control+V")
    expect(notice).to_contain_text("12件を貼り付けました")
    save(page)
    expect(page.get_by_text("実績値6件を保存しました")).to_be_visible()
    assert [(str(row.value), row.note) for row in own_actuals(evaluation)] == [
        (str(Figure.parse(value)), text) for value, text in pasted
    ]


def test_what_does_not_fit_is_named_and_nothing_is_joined(grid, evaluation):
    page, rows = grid, own_actuals(evaluation)
    kept = figure(page, rows[2]).input_value()
    copy(
        page,
        {"text/plain": '1\t\t余り\r\n"2\n3"\t二つ目\r\n\t\r\n4\t\r\n5\t\r\n6\t\r\n7\t八つ目\r\n'},
    )
    figure(page, rows[0]).focus()
    page.keyboard.press("Control+V")
    notice = page.locator("[data-pasted]")
    expect(notice).to_contain_text("5件を貼り付けました")
    for left in ("1行3列「余り」", "2行1列「2", "7行1列「7」", "7行2列「八つ目」"):
        expect(notice).to_contain_text(left)
    assert figure(page, rows[0]).input_value() == "1"
    assert figure(page, rows[1]).input_value() == "3"
    assert note(page, rows[1]).input_value() == "二つ目"
    assert figure(page, rows[2]).input_value() == kept
    assert figure(page, rows[5]).input_value() == "6"

    # What was typed over a pasted value stays when the rest is taken back.
    figure(page, rows[3]).fill("41")
    figure(page, rows[0]).focus()
    page.keyboard.press("Control+Z")
    expect(notice).to_contain_text("後から書き直した1件は、そのままです。")
    assert figure(page, rows[3]).input_value() == "41"
    assert figure(page, rows[5]).input_value() == "4"


@pytest.mark.full
@pytest.mark.parametrize("program", ["excel", "calc"])
def test_one_cell_is_pasted_where_the_cursor_is(grid, evaluation, program):
    page, rows = grid, own_actuals(evaluation)
    copy(page, PAYLOADS[f"one cell of {program}"])
    figure(page, rows[1]).fill("約")
    page.keyboard.press("Control+V")
    assert figure(page, rows[1]).input_value().strip() == "約55,210"
    assert page.locator("[data-pasted]").is_hidden()


# Keys


def test_keys_go_by_cells_and_save(grid, evaluation):
    page, rows = grid, own_actuals(evaluation)
    figure(page, rows[0]).focus()
    for key, row in [
        ("Enter", rows[1]),
        ("ArrowDown", rows[2]),
        ("ArrowUp", rows[1]),
        ("Shift+Enter", rows[0]),
        ("ArrowUp", rows[0]),
    ]:
        page.keyboard.press(key)
        expect(figure(page, row)).to_be_focused()
    page.keyboard.type("９１")
    expect(page.locator(f'[id="says-{rows[0].key}"]')).to_contain_text("0.97倍")
    page.keyboard.press("Shift+F2")
    expect(note(page, rows[0])).to_be_focused()
    page.keyboard.type("内訳は別紙")
    page.keyboard.press("Escape")
    expect(figure(page, rows[0])).to_be_focused()
    expect(note(page, rows[0])).to_be_hidden()
    expect(page.locator(".bar__state")).to_have_text("保存していない変更 2件")
    for _ in rows:
        page.keyboard.press("Enter")
    expect(page.locator(".bar__line .button").first).to_be_focused()
    page.keyboard.press("Control+S")
    expect(page.get_by_text("を保存しました。")).to_be_visible()
    stored = Actual.objects.get(pk=rows[0].pk)
    assert (stored.value, stored.note) == (Figure.of(91), "内訳は別紙")
    assert stored.revision == rows[0].revision + 1


def test_panel_is_worked_with_the_keyboard_alone(at_desk, evaluation):
    page, row = at_desk, missing_result(evaluation)
    page.goto("/keihin/2024/")
    link = page.locator(f'[id="from-id_{row.key}-result"]').first
    link.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="行の入力")
    expect(panel.get_by_label("実績", exact=True)).to_be_focused()
    page.keyboard.type("91件に助成した。")
    page.keyboard.press("Control+S")
    expect(panel.get_by_text("を保存しました。")).to_be_visible()
    assert SchemeResult.objects.get(pk=row.pk).result == "91件に助成した。"
    expect(page.locator("article.document").get_by_text("91件に助成した。")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(link).to_be_focused()


# The panel


@pytest.mark.full
def test_panel_beside_the_form_asks_before_it_closes(at_desk, evaluation):
    page, row = at_desk, own_actuals(evaluation)[0]
    page.goto("/keihin/2024/")
    questions, answers = [], [False, True]
    page.on(
        "dialog",
        lambda dialog: (
            questions.append(dialog.message),
            dialog.accept() if answers.pop(0) else dialog.dismiss(),
        ),
    )
    page.locator(f'[id="from-id_{row.key}-value"]').first.click()
    panel = page.get_by_role("complementary", name="行の入力")
    figure(panel, row).fill("91")
    panel.get_by_role("button", name="閉じる").click()
    expect(panel).to_be_visible()
    assert figure(panel, row).input_value() == "91"
    expect(panel.get_by_text("下書き ")).to_be_visible()
    panel.get_by_role("button", name="閉じる").click()
    expect(panel).to_be_hidden()
    assert questions == [
        "保存していない変更があります。閉じますか。",
        "保存していない変更があります。下書きとして残し、閉じますか。",
    ]
    page.goto(ENTRY)
    expect(page.get_by_role("heading", name="保存していない下書き1件")).to_be_visible()


@pytest.mark.full
def test_panel_beside_checks_and_beside_what_is_missing_shows_the_page_anew(at_desk, evaluation):
    page = at_desk
    row = missing_result(evaluation)
    page.goto(ENTRY)
    page.locator(f'.missing a[href*="{row.key}/"]').click()
    panel = page.get_by_role("complementary", name="行の入力")
    result = panel.get_by_label("実績", exact=True)
    expect(result).to_be_focused()
    page.keyboard.type("3件に助成した。")
    panel.get_by_role("button", name="保存する", exact=True).last.click()
    expect(page.get_by_role("heading", name="まだ入力されていない必須の欄（2件）")).to_be_visible()
    expect(page.locator(f'.missing a[href*="{row.key}/"]')).to_have_count(0)
    panel.get_by_role("button", name="閉じる").click()

    row = SchemeResult.objects.get(pk=row.pk)
    row.result = "3件に助成した（前年度は2件。"
    row.save()
    page.goto("/keihin/2024/checks/")
    page.locator(f'main a[href*="/entry/row/{row.key}/"]').first.click()
    expect(result).to_be_focused()
    result.fill("3件に助成した。")
    panel.get_by_role("button", name="保存する", exact=True).last.click()
    expect(panel.get_by_text("を保存しました。")).to_be_visible()
    expect(page.locator(f'main a[href*="/entry/row/{row.key}/"]')).to_have_count(0)


@pytest.mark.full
def test_panel_goes_on_where_the_browser_does_not_say_what_was_pressed(at_desk, evaluation):
    """Safari before 15.4."""
    page = at_desk
    page.add_init_script("delete SubmitEvent.prototype.submitter")
    first, second = (item.row for item in missing(evaluation)[-2:])
    page.goto(ENTRY)
    page.locator(f'.missing a[href*="{first.key}/"]').click()
    panel = page.get_by_role("complementary", name="行の入力")
    expect(panel.get_by_label("実績", exact=True)).to_be_focused()
    page.keyboard.type("3件に助成した。")
    panel.locator("button[name=next]").click()
    expect(panel.locator(".row-page")).to_have_id(str(second.key))
    expect(panel.get_by_label("実績", exact=True)).to_be_focused()


# Accessible in every state


def test_every_page_and_state_is_accessible(at_desk, evaluation, other_official):
    page = at_desk
    rows, found = own_actuals(evaluation), {}

    def check(state):
        page.evaluate("scrollTo(0, 0)")  # nothing half behind the bar
        found[state] = violations(page)

    page.goto(ACTUALS)
    check("grid")
    figure(page, rows[0]).fill("12o")
    figure(page, rows[1]).fill("9999")
    page.keyboard.press("Shift+F2")
    expect(page.locator(f'[id="says-{rows[0].key}"]')).to_contain_text("12o")
    check("grid while one types")
    save(page)
    expect(page.get_by_text("1件に誤りがあります")).to_be_visible()
    check("grid with an error")
    figure(page, rows[0]).fill("7")
    Actual.objects.filter(pk=rows[0].pk).update(revision=rows[0].revision)
    stored = Actual.objects.get(pk=rows[0].pk)
    stored.value = Figure.of(5)
    stored.save()
    save(page)
    expect(page.get_by_text("どちらを残しますか")).to_be_visible()
    check("conflict")

    page.goto(SUPPORTS)
    page.locator(".thing summary").first.click()
    check("list with an open menu")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="支援措置を追加する").click()
    check("adding")
    page.locator("[data-row=new-scheme]").get_by_label("実績").fill("下書き")
    expect(page.get_by_text("下書き ")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(SUPPORTS)
    expect(page.locator(".bar__state")).to_contain_text("保存していない変更")
    check("draft that came back")
    page.goto(TEXTS)
    check("texts")
    page.goto(f"{ENTRY}row/{rows[1].key}/")
    check("row page")
    page.goto("/keihin/2024/")
    page.locator(f'[id="from-id_{rows[2].key}-value"]').first.click()
    expect(figure(page, rows[2])).to_be_focused()
    check("panel beside the form")
    page.goto(ENTRY)
    check("before handing in")
    assert not any(found.values()), json.dumps(found, ensure_ascii=False)
