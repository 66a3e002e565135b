"""Renew the list of local governments from a newer sheet, and say what has changed."""

import os
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from tokku.accounts import local_governments
from tokku.accounts.local_governments import GovernmentList, LocalGovernment
from tokku.accounts.models import LISTED, Municipality
from tokku.japanese import fold
from tokku.municipality_code import parse_municipality_code
from tokku.spreadsheets import files
from tokku.spreadsheets.sheet import Sheet, SheetError, SheetLine

# How the columns of 総務省's sheet begin; the names in kana come after those in kanji.
COLUMNS = ("団体コード", "都道府県名", "市区町村名")
PREFECTURES = 47


class Command(BaseCommand):
    help = (
        "都道府県と市区町村の一覧を、総務省の「全国地方公共団体コード」のExcelファイル（.xlsx、最初のシート）の"
        "ものに改め、何が変わったかを示します。登録されている自治体・団体は変えません。"
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--as-of", required=True, metavar="DATE", help="何日現在の一覧か（例：2026-04-01）"
        )
        parser.add_argument("--dry-run", action="store_true", help="改めずに、何が変わるかを示す")

    def handle(self, *, file, as_of, dry_run, **options):
        try:
            sheet = files.read(file.name, file.read_bytes())
            new = GovernmentList(as_of, tuple(governments_of(sheet)))
        except (OSError, SheetError) as error:
            raise CommandError(f"「{file}」を読み取れません。{error}") from error
        old = local_governments.local_governments()
        self.stdout.write(f"{old.as_of} の {len(old.governments):,}団体 → ", ending="")
        self.stdout.write(f"{new.as_of} の {len(new.governments):,}団体")
        for line in (*changes(old, new), *registered_otherwise(new)):
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("試行のため、一覧は改めていません。")
            return
        try:
            write(local_governments.FILE, local_governments.as_text(as_of, new.governments))
        except OSError as error:
            raise CommandError(
                f"一覧のファイルに書き込めません。プログラムを置いた人が実行してください。{error}"
            ) from error
        local_governments.local_governments.cache_clear()
        self.stdout.write("一覧を改めました。動いているサイトには、再起動すると反映されます。")


def governments_of(sheet: Sheet):
    """What the lines say. SheetError when that cannot be the whole list."""
    places = [_place(sheet, column) for column in COLUMNS]
    governments = [_government(line, places) for line in sheet.lines]
    codes = {one.code for one in governments}
    if len(codes) != len(governments):
        raise SheetError("同じ団体コードの行が2つあります。")
    prefectures = {one.prefecture for one in governments if not one.municipality}
    if len(prefectures) != PREFECTURES:
        raise SheetError(f"都道府県が{PREFECTURES}ではなく{len(prefectures)}あります。")
    if strays := {one.prefecture for one in governments} - prefectures:
        raise SheetError(f"「{min(strays)}」という都道府県の行がありません。")
    return governments


def _place(sheet: Sheet, column: str) -> int:
    for place, name in enumerate(sheet.columns):
        if fold(name).startswith(fold(column)):
            return place
    raise SheetError(f"「{column}」の列がありません。")


def _government(line: SheetLine, places: list[int]) -> LocalGovernment:
    code, prefecture, municipality = (str(line.cells[place]).strip() for place in places)
    try:
        return LocalGovernment(parse_municipality_code(code), prefecture, municipality)
    except ValueError as error:
        raise SheetError(f"{line.number}行目：{error}") from error


def changes(old: GovernmentList, new: GovernmentList):
    before, after = ({one.code: one.full_name for one in each.governments} for each in (old, new))
    for code in sorted(before.keys() | after.keys()):
        if code not in before:
            yield f"追加：{code} {after[code]}"
        elif code not in after:
            yield f"廃止：{code} {before[code]}"
        elif before[code] != after[code]:
            yield f"名称の変更：{code} {before[code]} → {after[code]}"


def registered_otherwise(new: GovernmentList):
    names = {one.code: {one.name, one.full_name} for one in new.governments}
    for municipality in Municipality.objects.filter(kind__in=LISTED):
        if municipality.code not in names:
            yield f"登録されている {municipality.code} {municipality} は、新しい一覧にありません。"
        elif municipality.name not in names[municipality.code]:
            (name, *_) = sorted(names[municipality.code], key=len)
            yield (
                f"登録されている {municipality.code} {municipality} は、新しい一覧では「{name}」です。"
                "必要なら、管理画面の「自治体・団体」で改めてください。"
            )


def write(path: Path, text: str) -> None:
    """Put the text in place of the file at once, so that no half of it is ever read."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(name, path.stat().st_mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
