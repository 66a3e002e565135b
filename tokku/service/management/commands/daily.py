import sys
import traceback

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

# In this order. What this site does not have is left out.
JOBS = ("send_reminders", "verify_seals", "tidy_drafts", "tidy")


class Command(BaseCommand):
    help = (
        "1日に1回行う仕事を、順に全て行います（期限の連絡、確定版の検証、古い記録の整理）。"
        "一つが失敗しても残りを行い、失敗したものがあれば、終了コード 1 で終わります。"
    )

    def handle(self, **options):
        failed = [job for job in JOBS if job in get_commands() and not self._is_done(job)]
        if failed:
            self.stderr.write(f"失敗した仕事：{'、'.join(failed)}")
            sys.exit(1)

    def _is_done(self, job: str) -> bool:
        self.stdout.write(f"== {job}")
        try:
            call_command(job, stdout=self.stdout, stderr=self.stderr)
        except CommandError as error:
            self.stderr.write(str(error))
        except SystemExit as ending:
            return not ending.code
        except Exception:  # The other jobs have nothing to do with it.
            self.stderr.write(traceback.format_exc())
        else:
            return True
        return False
