"""Measure times and queries on the sample and on the published evaluation, without changing stored rows."""

import multiprocessing
import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from io import StringIO
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from evaluations import sample
from evaluations.checks import Picture, findings
from evaluations.form import compose, interpret
from evaluations.models import Evaluation
from evaluations.records.importing import read_source
from evaluations.records.load import load
from evaluations.records.store import store
from tokku.accounts.models import Municipality, Role, User
from tokku.document import docx, html, json, pdf, text
from tokku.document.tree import Document, Paragraph

PUBLISHED = settings.BASE_DIR.parent / "shared" / "data" / "evaluation-r5-published.txt"
ROUNDS = 15
LOCAL = {"host": "localhost"}


class Command(BaseCommand):
    help = "見本と公表された評価書について、処理時間の中央値と問合せの数を示します。記録は変更しません。"

    def handle(self, **options):
        with transaction.atomic():
            self.measure_requests()
            transaction.set_rollback(True)
        sample_document = compose(sample.evaluations()[2023])
        sources = {"見本（令和5年度）": lambda: text.read(text.write(sample_document))}
        if PUBLISHED.exists():
            sources["公表された評価書（令和5年度）"] = lambda: read_source(Path(PUBLISHED)).document
        for title, read in sources.items():
            # In a transaction that is rolled back: stored data stay as they are.
            with transaction.atomic():
                self.measure(title, read)
                transaction.set_rollback(True)

    @override_settings(DEBUG=False)  # which keeps a list of all queries
    def measure_requests(self):
        """The CPU time of a request as a multiple of that of the page 経過: the same on any machine, busy or not."""
        with override_settings(DEBUG=True):
            call_command("load_sample", stdout=StringIO())
        self.stdout.write("見本の画面：画面「経過」の何倍のCPU時間がかかるか（中央値）")
        official, secretariat = Client(), Client()
        official.force_login(User.objects.get(username="kawasaki"))
        secretariat.force_login(User.objects.get(username="secretariat"))
        evaluation = Evaluation.objects.get(zone__slug="keihin", fiscal_year=2024)
        year, log = "/keihin/2024/", "/keihin/2024/log/"
        actual = (
            evaluation.edition.indicator_set.first()
            .numerictarget_set.first()
            .actual_set.filter(fiscal_year=2024, municipality__name="川崎市")
        )
        numbers = count(1)

        def change():
            evaluation.overall = f"{next(numbers)}回目の総合評価。"
            evaluation.save()

        def save():
            row = actual.get()
            name = str(row.key)
            data = {f"{name}-revision": row.revision, f"{name}-value": next(numbers)}
            data[f"{name}-note"] = row.note
            assert official.post(f"{year}entry/actuals/", data, headers=LOCAL).status_code == 302

        def keep_draft():
            row = actual.get()
            data = {f"{row.key}-revision": row.revision, f"{row.key}-value": next(numbers)}
            data[f"{row.key}-shown"] = "value"
            assert official.post(f"{year}entry/drafts/", data, headers=LOCAL).status_code == 200

        def page(client, url):
            return lambda: self.get(client, url)

        for name, act, before in (
            ("ホーム（担当者）", page(official, "/"), None),
            ("ホーム（取りまとめ）", page(secretariat, "/"), None),
            ("ホーム、変更の後", page(official, "/"), change),
            ("評価書（担当者）", page(official, year), None),
            ("評価書（取りまとめ）", page(secretariat, year), None),
            ("評価書、変更の後", page(secretariat, year), change),
            ("保存", save, None),
            (
                "PDF、変更の後",
                lambda: secretariat.get(f"{year}evaluation.pdf", headers=LOCAL),
                change,
            ),
            ("入力の状況", page(official, f"{year}entry/"), None),
            ("実績値", page(official, f"{year}entry/actuals/"), None),
            ("文章", page(official, f"{year}entry/texts/"), None),
            ("文章（取りまとめ）", page(secretariat, f"{year}entry/texts/"), None),
            ("支援措置", page(official, f"{year}entry/supports/"), None),
            ("行の画面", page(official, f"{year}entry/row/{actual.get().key}/"), None),
            ("下書き", keep_draft, None),
        ):
            # In turns with the page that it is compared to, since a machine is not always as fast.
            times = [
                (cpu_time_of(page(official, log)), cpu_time_of(act, before)) for _ in range(ROUNDS)
            ]
            base, own = (statistics.median(column) for column in zip(*times, strict=True))
            self.line(name, own, f"\t経過の {own / base:4.1f} 倍")

    def measure(self, title, read):
        self.stdout.write(f"{title}：{ROUNDS}回の中央値")
        for code, name in sample.MUNICIPALITIES:
            Municipality.objects.get_or_create(code=code, defaults={"name": name})
        contents = self.read_contents(read)
        with transaction.atomic():
            self.show("読込みから記録まで", lambda: self.store_anew(read), rounds=3)
        evaluation, _ = store(contents, "bench", reason="計測")
        evaluation = Evaluation.objects.select_related("zone", "edition__plan").get(
            pk=evaluation.pk
        )
        loaded = load(evaluation)
        document = compose(loaded)
        self.show("記録から中身", lambda: load(evaluation))
        self.show("中身から文書", lambda: compose(loaded))
        self.show("点検", lambda: findings(Picture(loaded)))
        for name, writer in (("テキスト", text), ("HTML", html), ("JSON", json)):
            self.show(f"文書から{name}", lambda writer=writer: writer.write(document))
        client = Client()
        client.force_login(User.objects.create(username="bench", name="計測", role=Role.READER))
        url = f"/bench/{evaluation.fiscal_year}/"
        self.show("評価書の画面", lambda: self.get(client, url))
        word = docx.write(document, title=document.title)
        self.show("文書からWord", lambda: docx.write(document, title=document.title))
        self.show("Wordから文書", lambda: docx.read(word))
        self.measure_pdf(document, self.get(client, f"{url}print/"))

    def measure_pdf(self, document, page):
        """The PDF of a document that differs each time, and Chromium's print of its page for comparison."""
        documents = changing(document)
        start = time.perf_counter()
        pdf.write(next(documents), title=document.title)
        self.line("文書からPDF（初回）", time.perf_counter() - start)
        self.show(
            "文書からPDF（一段落を変更）", lambda: pdf.write(next(documents), title=document.title)
        )
        others = all_changing(document)
        ours = self.show(
            "文書からPDF（全文を変更）", lambda: pdf.write(next(others), title=document.title)
        )
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        if not chromium:
            return
        with TemporaryDirectory() as folder:
            static = (settings.BASE_DIR / "tokku" / "static").as_uri()
            source = Path(folder, "page.html")
            source.write_text(page.replace('"/static/', f'"{static}/'), encoding="utf-8")
            command = [chromium, "--headless", "--no-sandbox", "--disable-gpu"]
            command += [f"--user-data-dir={folder}", f"--print-to-pdf={folder}/page.pdf"]
            theirs = self.show(
                "Chromiumの印刷",
                lambda: subprocess.run(  # noqa: S603  its words are of this command
                    [*command, source.as_uri()], check=True, capture_output=True
                ),
                rounds=5,
            )
        self.stdout.write(f"  Chromiumの印刷は、PDFの{theirs / ours:.1f}倍の時間がかかります。")

    def read_contents(self, read):
        """The contents that were read, under the name of a zone that is not stored yet."""
        contents = interpret(read()).contents
        return replace(contents, zone=replace(contents.zone, name="計測のための特区"))

    def store_anew(self, read):
        """Read and store as for the first time, and roll back."""
        with transaction.atomic():
            store(self.read_contents(read), "bench", reason="計測")
            transaction.set_rollback(True)

    def get(self, client, url):
        response = client.get(url, headers=LOCAL)
        assert response.status_code == 200, response.status_code
        return response.content.decode()

    def show(self, name, act, rounds=ROUNDS):
        act()
        times = []
        for _ in range(rounds):
            start = time.perf_counter()
            act()
            times.append(time.perf_counter() - start)
        with CaptureQueriesContext(connection) as queries:
            act()
        median = statistics.median(times)
        self.line(name, median, f"\t問合せ {len(queries)} 回")
        return median

    def line(self, name, seconds, suffix=""):
        self.stdout.write(f"  {name:<12}\t{seconds * 1000:8.1f} ms{suffix}")


def cpu_time_of(act, before=None) -> float:
    """Seconds of CPU that it takes after `before`, those of the process that sets PDFs included."""
    if before:
        before()
    start = _cpu_time()
    act()
    return _cpu_time() - start


def _cpu_time() -> float:
    seconds = time.process_time()
    for process in multiprocessing.active_children():
        with suppress(OSError):  # without Linux the other process is not counted
            fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
            seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def changing(document: Document) -> Iterator[Document]:
    """The document with a new paragraph in the middle of its body, different each time."""
    body, *annexes = document.sections
    middle = len(body.blocks) // 2
    for number in count():
        blocks = (*body.blocks[:middle], Paragraph(f"{number}回目の変更"), *body.blocks[middle:])
        yield Document((replace(body, blocks=blocks), *annexes))


def all_changing(document: Document) -> Iterator[Document]:
    """The document with every sentence changed, differently each time."""
    written = json.write(document)
    for number in count():
        mark = chr(ord("一") + number)
        yield json.read(written.replace("。", f"{mark}。"))
