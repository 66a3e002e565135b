"""From an empty database to the first hand-in, as docs/operation.md (3) has it, on the site that deploy/ sets up.

A person's clicks and typed values are counted, and held to what the guide says.
"""

import subprocess
import sys
from dataclasses import dataclass, field

import psycopg
import pytest

from tests.browser import scrolls_sideways, sign_out
from tests.deploy.stand import NAME, ROOT, Files, Stand
from tests.postgres import throw_away_server
from tokku.spreadsheets import xlsx

pytestmark = [pytest.mark.browser, pytest.mark.full]

ZONE = "関東ライフイノベーション国際戦略総合特区"
# As they are typed, and as they are called from then on.
AUTHORS = {
    "神奈川県": "神奈川県",
    "東京都大田区": "大田区",
    "横浜市": "横浜市",
    "川崎市": "川崎市",
    "相模原市": "相模原市",
    "東京都府中市": "府中市",
}
TARGETS = {
    ("革新的な医薬品の開発", "治験の届出数", "件"): ("300", ["50", "55", "60", "65", "70"]),
    ("医療機器産業の集積", "医療機器の新規の立地", "社"): (
        "１，２５０",
        ["200", "220", "250", "280", "300"],
    ),
}
ADMINISTRATOR, SECRETARIAT, OFFICIAL = "kanri-taro", "matome-hanako", "tanto-03"
PASSWORDS = {
    ADMINISTRATOR: "harumidori-no-oka",
    SECRETARIAT: "wakaba-no-michi",
    OFFICIAL: "himawari-no-tane",
}
TEMPORARY = "kari-no-aikotoba"
COLUMNS = ["ユーザー名", "氏名", "メールアドレス", "役割", "所属自治体", "担当する特区"]
OFFICIALS = [
    [f"tanto-{n:02}", f"担当 {n}子", "", "担当者", [*AUTHORS][n % 6], "kanto-life"]
    for n in range(20)
]


@dataclass
class Person:
    """Works with the mouse and the keyboard on one page, and counts what that takes."""

    page: object
    clicks: int = 0
    typed: int = 0
    counts: dict = field(default_factory=dict)

    def click(self, name, role="link", *, exact=False):
        """A link or a button, each of which leads to another page."""
        self.clicks += 1
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name, exact=exact).first.click()

    def press(self, name):
        self.click(name, "button", exact=True)

    def tick(self, selector):
        self.clicks += 1
        self.page.locator(selector).check()

    def choose(self, where, option):
        """Opens the list and chooses."""
        self.clicks += 2
        self._field(where).select_option(label=option)

    def type(self, values):
        """By the label of a field, or by its name."""
        for where, value in values.items():
            self.typed += 1
            self._field(where).fill(value)

    def _field(self, label_or_name):
        named = self.page.locator(f'[name="{label_or_name}"]')
        return self.page.get_by_label(label_or_name, exact=True).or_(named)

    def has_done(self, step):
        assert not scrolls_sideways(self.page)
        self.counts[step] = (self.clicks, self.typed)
        self.clicks = self.typed = 0

    def sign_in(self, name, password):
        self.page.goto("/")
        self.type({"ユーザー名": name, "パスワード": password})
        self.press("ログイン")

    def sign_out(self):
        sign_out(self.page)


def manage(environment, *arguments, **more):
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=environment | more, check=True, capture_output=True)


@pytest.fixture(scope="module")
def database():
    with throw_away_server() as server:
        yield server.url


@pytest.fixture
def stand(tmp_path, database):
    files = Files(tmp_path)
    files.make()
    stand = Stand(tmp_path, files)
    files.environment |= {
        "DATABASE_URL": database,
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": f"https://localhost:{stand.tls_port}",
    }
    manage(files.environment, "migrate", "--verbosity", "0")
    gunicorn = stand.start_gunicorn("tokku.wsgi")
    nginx = stand.start_nginx({NAME: "localhost"})
    yield stand
    nginx.stop()
    gunicorn.stop()


@pytest.fixture
def person(stand, chromium):
    """At a desk in Japan. The certificate is the test's own, which test_proxy.py checks."""
    context = chromium.new_context(
        base_url=stand.files.environment["SITE_URL"],
        ignore_https_errors=True,
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        viewport={"width": 1280, "height": 720},
    )
    page = context.new_page()
    complaints = []
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else 0)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield Person(page)
    context.close()
    assert complaints == []


def registers_a_zone(person):
    person.click("特区を登録する")
    person.choose("種別:", "国際戦略")
    days = {"指定日:": "平成23年12月22日", "計画の認定日:": "2012/3/9"}
    person.type({"略称:": "kanto-life", "名称:": ZONE} | days)
    offered = person.page.locator("#local-governments option")
    for row, name in enumerate(AUTHORS):
        values = offered.evaluate_all(
            "(all, name) => all.filter(o => o.value.endsWith(name)).length", name
        )
        assert values, f"{name} is not offered"
        person.type({f"zonemunicipality_set-{row}-municipality": name})
    person.tick('[name="zonemunicipality_set-0-is_lead"]')
    person.press("保存")
    person.page.get_by_text("を追加しました。").wait_for()
    person.has_done("zone")


def registers_a_secretariat(person):
    person.click("ホームへ")
    person.click("利用者を登録する")
    assert "詳細情報" not in person.page.content()
    person.type({"ユーザー名:": SECRETARIAT, "氏名:": "取出 花子"})
    person.type({"パスワード:": TEMPORARY, "パスワード(確認用):": TEMPORARY})
    person.press("保存")
    person.page.get_by_text("を追加しました。").wait_for()
    person.has_done("secretariat")


def changes_the_password(person):
    person.sign_in(SECRETARIAT, TEMPORARY)
    new = PASSWORDS[SECRETARIAT]
    person.type(
        {"今のパスワード": TEMPORARY, "新しいパスワード": new, "新しいパスワード（確認）": new}
    )
    person.press("変更する")
    person.page.get_by_text("パスワードを変更しました。").wait_for()
    person.has_done("password")


def registers_the_plan(person):
    person.click("計画を登録する")
    person.type({"期:": "3", "最初の年度:": "2025", "最後の年度:": "2029"})
    person.press("保存")
    person.type(
        {
            "総合特区計画の概要:": "研究開発から産業化まで。",
            "総合特区計画の目指す目標:": "経済の成長。",
        }
    )
    for row, (indicator, _, _) in enumerate(TARGETS):
        person.clicks += 1
        person.page.locator(".add-row .addlink").click()
        names = {"number": str(row + 1), "name": indicator}
        person.type({f"indicator_set-{row}-{name}": value for name, value in names.items()})
    person.press("保存")
    person.has_done("plan")


def registers_the_targets(person):
    for (_, name, unit), (total, _) in TARGETS.items():
        person.click("ホームへ")
        person.click("数値目標を登録する")
        person.clicks += 1
        person.page.locator(".add-row .addlink").click()
        target = {"number": "1", "name": name, "unit": unit, "total": total}
        person.type({f"numerictarget_set-0-{field}": value for field, value in target.items()})
        person.press("保存")
    for _, values in TARGETS.values():
        person.click("ホームへ")
        person.click("目標値を登録する")
        for row, value in enumerate(values):
            person.type({f"yearlytarget_set-{row}-value": value})
        person.press("保存")
    person.has_done("targets")


def makes_the_evaluation(person):
    person.click("ホームへ")
    person.click("評価書を追加する")
    person.type({"提出期限:": "令和10年6月30日"})
    person.press("保存")
    person.click("ホームへ")
    person.has_done("evaluation")


def registers_the_officials(person):
    """Returns the address with which one of them sets the password, as it is printed."""
    person.click("利用者をまとめて登録する")
    with person.page.expect_file_chooser() as chooser:
        person.clicks += 1
        person.page.locator("#id_sheet").click()
    sheet = xlsx.write("利用者", COLUMNS, OFFICIALS)
    chooser.value.set_files({"name": "利用者.xlsx", "mimeType": "", "buffer": sheet})
    person.press("内容を確かめる")
    person.press("この内容で取り込む")
    person.tick("#action-toggle")
    person.choose("action", "選択した利用者の招待状を印刷する")
    person.press("実行")
    person.page.get_by_text("20人分の招待状です。").wait_for()
    person.has_done("officials")
    sheet = person.page.locator(".invitation", has_text=OFFICIAL)
    return sheet.locator(".invitation__code", has_text="/password/").inner_text()


def opens_the_year(person):
    person.page.goto("/")
    person.click("入力を開始する")
    assert person.page.locator(".blocking").count() == 0
    person.press("入力を開始する")
    person.page.get_by_text("評価書の入力を開始しました").wait_for()
    person.has_done("opening")


def takes_the_invitation(person, address):
    person.page.goto(address)
    person.typed += 1
    new = PASSWORDS[OFFICIAL]
    person.type({"新しいパスワード": new, "新しいパスワード（確認）": new})
    person.press("設定する")
    person.sign_in(OFFICIAL, new)
    person.has_done("invitation")


def fills_in_and_hands_in(person):
    person.click("入力を始める")  # and from one row that lacks something to the next
    for _ in TARGETS:
        person.typed += 1
        person.page.locator('main input[name$="-value"]').fill("１２")
        person.click("保存して次の未入力へ", "button")
    person.tick('[name$="-no_schemes"]')
    person.tick('[name$="-no_national_supports"]')
    person.click("保存して次の未入力へ", "button")
    person.typed += 1
    person.page.locator("main textarea").first.fill("相談の窓口を設け、費用の一部を補助した。")
    person.click("保存して確認と提出へ", "button")
    person.press("提出する")
    person.page.get_by_text("川崎市の入力を提出しました。").wait_for()
    person.has_done("hand-in")


# (clicks, typed values): what is typed is known to nobody but the person. Signing out is not counted.
COUNTS = {
    "sign-in": (1, 2),
    "zone": (5, 10),
    "secretariat": (3, 4),
    "password": (2, 5),
    "plan": (5, 9),
    "targets": (14, 18),
    "evaluation": (4, 1),
    "officials": (8, 0),
    "opening": (2, 0),
    "invitation": (2, 5),
    "hand-in": (8, 3),
}


def test_from_an_empty_database_to_the_first_hand_in(stand, person, database):
    names = {
        "USERNAME": ADMINISTRATOR,
        "NAME": "管理 太郎",
        "EMAIL": "",
        "PASSWORD": PASSWORDS[ADMINISTRATOR],
    }
    answers = {f"DJANGO_SUPERUSER_{name}": value for name, value in names.items()}
    manage(stand.files.environment, "createsuperuser", "--noinput", **answers)

    person.sign_in(ADMINISTRATOR, PASSWORDS[ADMINISTRATOR])
    person.has_done("sign-in")
    registers_a_zone(person)
    registers_a_secretariat(person)
    person.sign_out()

    changes_the_password(person)
    registers_the_plan(person)
    registers_the_targets(person)
    makes_the_evaluation(person)
    invitation = registers_the_officials(person)
    opens_the_year(person)
    person.sign_out()

    takes_the_invitation(person, invitation)
    fills_in_and_hands_in(person)

    with psycopg.connect(database) as connection:
        handed_in = connection.execute(
            "SELECT m.name, u.username FROM evaluations_submission s"
            " JOIN accounts_municipality m ON m.id = s.municipality_id"
            " JOIN accounts_user u ON u.id = s.submitted_by_id WHERE s.state = 'submitted'"
        ).fetchall()
        authors = connection.execute(
            "SELECT m.name FROM evaluations_zonemunicipality a"
            " JOIN accounts_municipality m ON m.id = a.municipality_id ORDER BY a.position"
        ).fetchall()
    assert handed_in == [("川崎市", OFFICIAL)]
    assert [name for (name,) in authors] == [*AUTHORS.values()]
    assert person.counts == COUNTS
    assert person.counts["officials"][0] <= 8
