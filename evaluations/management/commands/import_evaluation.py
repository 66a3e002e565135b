"""Import an evaluation from a file, or the edits of a Word file of a stored one."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from evaluations.entry.word.changes import read_word_file
from evaluations.entry.word.proposals import NotApplied, apply, proposals
from evaluations.form import UnreadableForm
from evaluations.permissions import Access
from evaluations.records.importing import ImportResult, import_file, stored_evaluation
from evaluations.records.recognition import RecognitionAnswers, UnansweredQuestions
from tokku.accounts.models import User

# The exit status when a person has to answer first which names are the same; 1 is an error.
UNANSWERED = 2


class Command(BaseCommand):
    help = (
        "公表された評価書（テキスト、JSON、Word）を読み込み、記録にします。問題があれば何も変更しません。"
        "登録済みの評価書のWord文書は、編集したものとして、違う項目だけを取り込みます。"
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--zone", required=True, help="特区の略称（例：keihin）")
        parser.add_argument("--user", help="編集したWord文書を、この利用者の権限で取り込みます。")
        parser.add_argument(
            "--same",
            action="append",
            default=[],
            metavar="登録の名称=文書の名称",
            help="名称は違っても同じもの（問われたとき。何度でも指定できます）",
        )
        parser.add_argument(
            "--different",
            action="append",
            default=[],
            metavar="登録の名称=文書の名称",
            help="名称が似ていても別のもの（問われたとき。何度でも指定できます）",
        )
        parser.add_argument(
            "--take-corrections",
            action="store_true",
            help="登録と食い違う前年度までの実績値を、この評価書での修正として取り込みます。",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="結果を示すだけで、何も変更しません。"
        )

    def handle(self, *, file, zone, user, same, different, take_corrections, dry_run, **options):
        answers = RecognitionAnswers(same, different)
        try:
            edited_evaluation = file.suffix.lower() == ".docx" and stored_evaluation(file, zone)
            if edited_evaluation:
                self.import_edited(file, edited_evaluation, user, dry_run)
            else:
                result = import_file(
                    file,
                    zone,
                    answers=answers,
                    takes_corrections=take_corrections,
                    dry_run=dry_run,
                )
                self.report(result)
        except UnansweredQuestions as unanswered:
            raise CommandError(
                f"{file} は、次の{len(unanswered.questions)}件が決まると読み込めます。"
                f"何も変更していません。\n{self.questions_text(unanswered)}",
                returncode=UNANSWERED,
            ) from unanswered
        except UnreadableForm as error:
            raise CommandError(
                f"{file} を読み込めません。何も変更していません。\n{error}"
            ) from error
        if dry_run:
            self.stdout.write("試行のため、何も変更していません。")

    def report(self, result: ImportResult):
        changes = result.changes
        self.stdout.write(str(result.evaluation))
        if not changes:
            self.stdout.write("変更はありません。")
        for name, count in changes.created.items():
            self.stdout.write(f"作成：{name} {count}件")
        self.write_list("変更", changes.updated)
        self.write_list("削除", changes.deleted)
        self.write_list("食い違う数値", changes.contradictions)
        if changes.offered_corrections:
            self.stdout.write(
                f"  このうち{changes.offered_corrections}件は、前年度までの実績値の修正かもしれません。"
                "--take-corrections を付けて読み込むと、この評価書での修正として取り込みます。"
            )
        self.write_list("確認してください", [*map(str, result.notices), *changes.notices])
        self.write_unplaced(result.unplaced)

    def questions_text(self, unanswered: UnansweredQuestions):
        return "\n".join(
            f'{question}\n  同じなら --same "{question.answer}"、'
            f'別なら --different "{question.answer}"'
            for question in unanswered.questions
        )

    def import_edited(self, file, evaluation, username, dry_run):
        """As on the page, with the proposals that it offers ticked: without a conflict and not refused."""
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError("編集したWord文書を取り込む利用者を、--user で指定してください。")
        access = Access(user, evaluation)
        edited = read_word_file(access, file.read_bytes())
        all_proposals = proposals(access, edited.typed)
        safe_proposals = [proposal for proposal in all_proposals if proposal.is_safe]
        self.stdout.write(str(evaluation))
        if not safe_proposals:
            self.stdout.write("変更はありません。")
        self.write_list("変更", map(str, safe_proposals))
        self.write_list(
            "取り込まない項目",
            [
                f"{proposal}：{proposal.why_not}"
                for proposal in all_proposals
                if not proposal.is_safe
            ],
        )
        self.write_list("確認してください", edited.notices)
        self.write_unplaced([f"{leftover.label}：{leftover.why}" for leftover in edited.leftovers])
        if safe_proposals and not dry_run:
            keys = [proposal.key for proposal in safe_proposals]
            try:
                apply(evaluation, edited.typed, keys, by=user, file_name=file.name)
            except NotApplied:
                raise CommandError(
                    "読み込む間に記録が変わったため、何も変更していません。もう一度実行してください。"
                ) from None

    def write_unplaced(self, lines):
        self.write_list("取り込めなかった箇所", lines)
        if not lines:
            self.stdout.write("取り込めなかった箇所はありません。")

    def write_list(self, title, lines):
        lines = list(lines)
        if lines:
            self.stdout.write(f"{title}：{len(lines)}件")
        for line in lines:
            self.stdout.write(f"  {line}")
