"""``manage.py checklist``: the conditions of support of one project: kept, not kept, or which fact is missing."""

import uuid

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from khuyencong.base.errors import NotPossible
from khuyencong.projects import queries, rules
from khuyencong.projects.models import Project
from khuyencong.tools.command import Command as HouseCommand
from khuyencong.tools.command import WrongUse, day


class Command(HouseCommand):
    help = "Điều kiện hỗ trợ của một đề án: đạt, không đạt theo điều nào, hoặc còn thiếu thông tin gì."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--uid", required=True, metavar="UID", help="định danh của đề án")
        parser.add_argument(
            "--on",
            required=True,
            type=day,
            metavar="YYYY-MM-DD",
            help="ngày pháp lý; đề án đã thẩm định giữ quy định của ngày thẩm định",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        try:
            uid = uuid.UUID(options["uid"])
        except ValueError as error:
            raise WrongUse(_("Định danh “%(uid)s” không phải UUID.") % {"uid": options["uid"]}) from error
        project = Project.objects.filter(uid=uid).select_related("province", "commune").first()
        if project is None:
            raise NotPossible(_("Không có đề án nào mang định danh “%(uid)s”.") % {"uid": uid})
        judgements = queries.conditions_of(project, on=options["on"])
        if options["json"]:
            self.tell([judgement.as_json() for judgement in judgements])
            return
        law = rules.law_day(project, on=options["on"])
        self.stdout.write(_("%(project)s, theo quy định ngày %(day)s") % {"project": project, "day": f"{law:%d/%m/%Y}"})
        for judgement in judgements:
            known = {
                "result": judgement.result.label,
                "condition": judgement.condition.text,
                "article": judgement.article,
            }
            self.stdout.write(_("%(result)s: %(condition)s (%(article)s)") % known)
            for outcome in judgement.outcomes:
                self.stdout.write(f"  {outcome.sentence}")
            for fact in judgement.missing:
                self.stdout.write("  " + _("còn thiếu: %(fact)s") % {"fact": fact.what})
