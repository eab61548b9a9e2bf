"""``manage.py forms``: the official forms that can be filled from records."""

from django.core.management.base import CommandParser

from khuyencong.tools.command import Command as HouseCommand
from khuyencong.work import papers


class Command(HouseCommand):
    help = "Các biểu mẫu điền được từ hồ sơ: khoá, tên, điều khoản, loại hồ sơ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        found = [
            {"key": form.key, "title": form.title, "article": form.article, "of": form.of} for form in papers.forms()
        ]
        if options["json"]:
            self.tell(found)
            return
        for form in found:
            self.stdout.write(f"{form['key']} ({form['of']}): {form['title']}; {form['article']}")
