"""Django's createsuperuser, which explains in Japanese what it asks. It makes a system administrator."""

from getpass import getpass

from django.contrib.auth.management.commands import createsuperuser
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import DatabaseError

from tokku.accounts.models import User

EXPLAINED = """システム管理者を登録します。システム管理者は、特区、自治体、利用者と操作の記録を扱い、
評価書の内容は閲覧も入力もしません。登録した後は、サイトのホームが次にすることを示します。
（途中でやめるには Ctrl＋C を押します。）
"""
QUESTIONS = {
    "username": "ユーザー名（ログインのときに入力する名前。半角英数字。例：kanri-taro）",
    "name": "氏名（画面と記録に表示します。例：管理 太郎）",
    "email": "メールアドレス（連絡と、ログインの再開に使います。なければ、そのまま Enter）",
}


class Command(createsuperuser.Command):
    help = (
        "システム管理者を登録します。聞かれたことに答えます。聞かずに登録するには --noinput を付け、"
        "DJANGO_SUPERUSER_USERNAME、_NAME、_EMAIL、_PASSWORD を環境変数に設定します。"
    )
    requires_migrations_checks = (
        False  # which tells in English what an error of the database tells here
    )

    def handle(self, *args, **options):
        if not options["interactive"] or not self.stdin.isatty():
            return super().handle(*args, **options)
        try:
            self.stdout.write(EXPLAINED)
            values = {name: self._answer(name, options[name]) for name in QUESTIONS}
            password = self._new_password(User(**values))
            User.objects.db_manager(options["database"]).create_superuser(
                **values, password=password
            )
        except (KeyboardInterrupt, EOFError):
            raise CommandError("取りやめました。何も登録していません。") from None
        except DatabaseError as error:
            raise CommandError(
                f"データベースを使えません。先に manage.py migrate を実行してください。{error}"
            ) from error
        username = values["username"]
        self.stdout.write(
            f"システム管理者「{username}」を登録しました。このユーザー名とパスワードでログインしてください。"
        )

    def _answer(self, name: str, given: str | None) -> str:
        """What was given on the command line, else typed, once the field accepts it."""
        field = User._meta.get_field(name)
        while True:
            text = input(f"{QUESTIONS[name]}\n> ") if given is None else given
            try:
                value = field.clean(field.to_python(text.strip()), None)
                if name == "username":
                    value = User.normalize_username(value)
                    if User.objects.filter(username__iexact=value).exists():
                        raise ValidationError("このユーザー名は、既に使われています。")
                return value
            except ValidationError as error:
                self.stderr.write("".join(error.messages))
                given = None

    def _new_password(self, user: User) -> str:
        self.stdout.write("パスワード（入力しても画面には出ません）")
        for rule in password_validators_help_texts():
            self.stdout.write(f"・{rule}")
        while True:
            password = getpass("> ")
            try:
                validate_password(password, user)
            except ValidationError as error:
                self.stderr.write("".join(error.messages))
                continue
            if getpass("もう一度、同じパスワード\n> ") == password:
                return password
            self.stderr.write("2回のパスワードが違います。初めから入力してください。")
