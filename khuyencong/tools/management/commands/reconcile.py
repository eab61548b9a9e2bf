"""``manage.py reconcile``: published totals that their own parts do not give.  Nothing is repaired."""

import json

from django.core.management.base import BaseCommand, CommandParser

from khuyencong.reporting.queries.published import reconcile


class Command(BaseCommand):
    help = "Đối chiếu số liệu đã công bố: tổng ghi trong tài liệu với các thành phần của nó."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        findings = reconcile()
        if options["json"]:
            self.stdout.write(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False))
            return
        for finding in findings:
            told = f"{finding.subject}, {finding.figure.period}, {finding.indicator}: {finding.sentence}"
            self.stdout.write(f"[{finding.kind.label}] {told} ({finding.source})")
