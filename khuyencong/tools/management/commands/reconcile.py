"""``manage.py reconcile``: published totals that their own parts do not give.  Nothing is repaired."""

from django.core.management.base import CommandParser

from khuyencong.reporting.queries.published import reconcile
from khuyencong.tools.command import Command as HouseCommand


class Command(HouseCommand):
    loaded = ("load_published",)
    help = "Đối chiếu số liệu đã công bố: tổng ghi trong tài liệu với các thành phần của nó."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="in một tài liệu JSON")

    def handle(self, *args, **options):
        findings = reconcile()
        if options["json"]:
            self.tell([finding.as_json() for finding in findings])
            return
        for finding in findings:
            told = f"{finding.subject}, {finding.figure.period}, {finding.indicator}: {finding.sentence}"
            self.stdout.write(f"[{finding.kind.label}] {told} ({finding.source})")
