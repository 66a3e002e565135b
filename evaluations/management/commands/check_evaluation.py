"""Print what the checks find in an evaluation, as text or JSON; for a sealed one, what they found when it was sealed."""

import json
import sys

from django.core.management.base import BaseCommand, CommandError, DjangoHelpFormatter

from evaluations.checks import Level
from evaluations.inspection import inspect
from evaluations.management.lookup import find_evaluation
from evaluations.permissions import Access
from evaluations.sealed.sealing import standing_version
from tokku.accounts.models import Role, User

HELP = """\
評価書を点検し、見つかったことを示します。確定した評価書は、確定した時の点検の記録を示します。

終了コード：0 確定を妨げるものがない　1 確認が必要なものが残っている　2 評価書がない、または記録がない

--format json の項目：
  zone, fiscal_year, state  特区の略称、年度（西暦）、状態（preparing, open, final, sent）
  version                   確定版の番号。確定していなければ null
  blocking                  確定を妨げる点検結果の件数
  not_compared              前年度の評価書と比べる点検を行えなかった理由。行った場合は空
  findings                  点検結果の一覧（評価書に記載する順）
    check, check_label      点検の識別名と名称
    level, level_label      程度（blocking, caution, note）と、その名称
    record, field           対象の記録と欄（文書の出典と同じ）
    place, municipalities   画面での箇所の名称、その欄の自治体（特区全体の欄では空）
    text, words             対象の文（長い場合は抜粋）と、その中の語句
    found, expected         記載されている値と、照合した値
    why                     点検結果の文
    waived                  確認済みでなければ null。確認済みなら reason, by, at（理由、確認者、日時）
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name, subcommand, **kwargs):
        return super().create_parser(
            prog_name, subcommand, formatter_class=_PlainHelpFormatter, **kwargs
        )

    def add_arguments(self, parser):
        parser.add_argument("zone", help="特区の略称（例：keihin）")
        parser.add_argument("year", type=int, help="年度（西暦。例：2023）")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *, zone, year, format, **options):
        evaluation = find_evaluation(zone, year)
        version = standing_version(evaluation)
        inspection = self.inspect(evaluation)
        findings = version.findings if version else inspection.as_data()
        if findings is None:
            raise CommandError(
                f"{version}は、点検の結果を記録する前に確定されました。", returncode=2
            )
        open_findings = [finding for finding in findings if not finding["waived"]]
        blocking = sum(finding["level"] == Level.BLOCKING for finding in open_findings)
        if format == "json":
            report = {
                "zone": zone,
                "fiscal_year": year,
                "state": str(evaluation.state),
                "version": version and version.number,
                "blocking": blocking,
                "not_compared": inspection.why_without_last_year,
                "findings": findings,
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self.write_text(version or evaluation, findings, open_findings)
            if inspection.why_without_last_year:
                self.stdout.write(inspection.why_without_last_year)
        if blocking:
            sys.exit(1)

    def inspect(self, evaluation):
        """As the secretariat sees it; empty for a sealed evaluation."""
        return inspect(Access(User(role=Role.SECRETARIAT), evaluation))

    def write_text(self, title, findings, open_findings):
        counts = [
            f"{level.label} {sum(finding['level'] == level for finding in open_findings)}件"
            for level in Level
        ]
        self.stdout.write(
            f"{title}：{'、'.join(counts)}（ほかに確認済み {len(findings) - len(open_findings)}件）"
        )
        for finding in findings:
            words = f"「{finding['words']}」" if finding["words"] else ""
            names = (
                f"（{'、'.join(finding['municipalities'])}）" if finding["municipalities"] else ""
            )
            self.stdout.write(f"[{finding['level_label']}] {finding['place']}{names}{words}")
            self.stdout.write(f"    {finding['why']}")
            if finding["expected"]:
                self.stdout.write(
                    f"    記載：{finding['found']}　照合した値：{finding['expected']}"
                )
            if waived := finding["waived"]:
                reason = waived["reason"].replace("\n", " ")
                self.stdout.write(f"    確認済み：{reason}（{waived['by']}）")


class _PlainHelpFormatter(DjangoHelpFormatter):
    """Keeps the line breaks of the help."""

    def _fill_text(self, text, width, indent):
        return "".join(indent + line for line in text.splitlines(keepends=True))
