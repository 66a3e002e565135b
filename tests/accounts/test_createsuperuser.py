"""`manage.py createsuperuser` in a terminal, as the person who sets the site up meets it."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tokku.accounts.models import User

ROOT = Path(__file__).parents[2]
PASSWORD = "hajimete-no-kotoba"


def environment_with(folder):
    return os.environ | {
        "DEBUG": "true",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "tokku.settings",
    }


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """An empty database of its own, for another process, with the tables of accounts and of the audit log."""
    environment = environment_with(tmp_path_factory.mktemp("database"))
    subprocess.run([sys.executable, "-c", _MIGRATE], cwd=ROOT, env=environment, check=True)
    return environment


_MIGRATE = """
import django
from django.core.management import call_command
django.setup()
for app in ("accounts", "service", "axes"):
    call_command("migrate", app, verbosity=0)
"""


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, environment, *arguments):
        self.output = ""
        # The program's end stays open here, so that nothing is lost of what it says last.
        self._terminal, self._of_program = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            stdin=self._of_program,
            stdout=self._of_program,
            stderr=self._of_program,
            start_new_session=True,
        )

    def read_until(self, ending):
        """What is written until it ends with `ending`, or the program is done."""
        shown, bytes_ = "", b""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            is_done = self.process.poll() is not None
            if select.select([self._terminal], [], [], 0.1)[0]:
                bytes_ += os.read(self._terminal, 4096)
                shown = bytes_.decode(errors="replace")
                if ending and shown.endswith(ending):
                    break
            elif is_done:
                break
        self.output += shown
        return shown

    def answer(self, text):
        """What the program says to this line, until it asks again or is done."""
        os.write(self._terminal, f"{text}\n".encode())
        return self.read_until("> ")

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self._terminal)
        os.close(self._of_program)


@pytest.fixture
def terminal(database):
    terminal = Terminal(database, "createsuperuser")
    yield terminal
    terminal.close()


@pytest.mark.full
@pytest.mark.slow
def test_who_stops_is_told_that_nothing_was_made(terminal):
    terminal.read_until("> ")
    # Ctrl-D; a signal just before the program reads would wait for the next line.
    assert "取りやめました。何も登録していません。" in terminal.answer("\x04")
    assert terminal.process.wait() == 1


@pytest.mark.full
@pytest.mark.slow
def test_without_tables_it_says_what_makes_them(tmp_path):
    terminal = Terminal(environment_with(tmp_path), "createsuperuser")
    terminal.read_until("> ")
    assert "先に manage.py migrate を実行してください。" in terminal.answer("kanri")
    terminal.close()


@pytest.mark.slow
def test_every_question_is_explained_in_japanese(terminal, database):
    asked = terminal.read_until("> ")
    assert "システム管理者を登録します。" in asked
    assert "ユーザー名（ログインのときに入力する名前。" in asked
    assert "有効なユーザー名を入力してください" in terminal.answer("a b")
    assert "氏名（画面と記録に表示します。" in terminal.answer("kanri")
    assert "このフィールドは空ではいけません。" in terminal.answer("")
    assert "メールアドレス（" in terminal.answer("管理 太郎")
    assert "有効なメールアドレスを入力してください。" in terminal.answer("taro")
    asked = terminal.answer("")
    assert "最低 10 文字以上" in asked
    assert "短すぎます" in terminal.answer("mijikai")
    assert "もう一度、同じパスワード" in terminal.answer(PASSWORD)
    assert "2回のパスワードが違います。" in terminal.answer("betsu-no-kotoba")
    terminal.answer(PASSWORD)
    assert "システム管理者「kanri」を登録しました。" in terminal.answer(PASSWORD)
    assert terminal.process.wait() == 0

    assert PASSWORD not in terminal.output
    english = re.findall(r"[a-z]{4,} [a-z]{2,}", terminal.output)
    assert english == []

    shown = subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", _SHOW],
        cwd=ROOT,
        env=database,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "kanri 管理 太郎 administrator True True" in shown


_SHOW = f"""
from tokku.accounts.models import User
user = User.objects.get()
print(user.username, user.name, user.role, user.is_superuser, user.check_password({PASSWORD!r}))
"""


def test_without_a_terminal_the_environment_answers(db, monkeypatch):
    for name, value in {
        "USERNAME": "kanri",
        "NAME": "管理",
        "EMAIL": "",
        "PASSWORD": PASSWORD,
    }.items():
        monkeypatch.setenv(f"DJANGO_SUPERUSER_{name}", value)
    call_command("createsuperuser", interactive=False, stdout=StringIO())
    user = User.objects.get(username="kanri")
    assert user.check_password(PASSWORD)
    assert user.is_superuser
