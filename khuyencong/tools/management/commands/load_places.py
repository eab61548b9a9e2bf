"""Loads the register of administrative units that comes with the project."""

from django.core.management.base import BaseCommand, CommandError

from khuyencong.base.errors import DomainError
from khuyencong.places import operations


class Command(BaseCommand):
    help = "Load all administrative units of Vietnam, old and new, and what became of each. Loading again does nothing."

    def handle(self, *args, **options):
        try:
            loaded = operations.load()
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{loaded.units} units made, {loaded.corrected} corrected, {loaded.successions} lines of succession made."
        )
