"""``manage.py load_norms``: the legal texts and rows that come with the house."""

from django.core.management.base import BaseCommand

from khuyencong.norms import operations


class Command(BaseCommand):
    help = "Nạp văn bản, định mức đi kèm hệ thống; chạy lại không làm thay đổi dòng đã có."

    def handle(self, *args, **options):
        done = operations.load()
        self.stdout.write(f"Định mức: thêm {done.created} dòng, đã có {done.same}, để lại {len(done.skipped)}.")
        if done.skipped and options["verbosity"] > 1:
            for name in done.skipped:
                self.stdout.write(f"  để lại: {name}")
