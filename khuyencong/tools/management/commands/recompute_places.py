"""After units were merged, split or renamed: every record's province and commune of today are set again."""

from django.core.management.base import BaseCommand, CommandError

from khuyencong.base.errors import DomainError
from khuyencong.places import operations


class Command(BaseCommand):
    help = "Set province and commune of every record again from the unit that was written."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count what would change")

    def handle(self, *args, **options):
        try:
            changed = operations.recompute(dry_run=options["dry_run"])
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        verb = "would change" if options["dry_run"] else "changed"
        for label, count in sorted(changed.items()):
            self.stdout.write(f"{label}: {count}")
        self.stdout.write(f"{sum(changed.values())} records {verb}.")
