"""``manage.py norm``: how much at most, by which lines, why."""

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from khuyencong.norms import queries
from khuyencong.norms.enums import Level
from khuyencong.places import queries as places
from khuyencong.tools.command import Command as HouseCommand
from khuyencong.tools.command import day


class Command(HouseCommand):
    loaded = (
        "load_places",
        "load_norms",
    )
    help = "Mức hỗ trợ tối đa của một dòng hỗ trợ vào một ngày, kèm căn cứ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--line", required=True, metavar="CODE", help="mã dòng hỗ trợ, như MMTB")
        parser.add_argument("--cost", required=True, type=int, metavar="N", help="chi phí, đồng")
        parser.add_argument("--place", default="", metavar="TEXT", help="địa điểm sản xuất như vẫn viết")
        parser.add_argument("--on", required=True, type=day, metavar="YYYY-MM-DD", help="ngày pháp lý")
        parser.add_argument("--level", default=Level.NATIONAL, choices=[Level.NATIONAL.value, Level.PROVINCIAL.value])
        parser.add_argument("--craft-village", action="store_true", help="trong làng nghề được công nhận")
        parser.add_argument("--cleaner-production", action="store_true", help="áp dụng sản xuất sạch hơn")
        parser.add_argument(
            "--priority", action="append", default=[], metavar="CODE", help="diện ưu tiên đã được chứng minh"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        answer = queries.maximum(
            options["line"],
            cost=options["cost"],
            on=options["on"],
            place=places.resolve(options["place"], options["on"]) if options["place"].strip() else None,
            level=options["level"],
            craft_village=options["craft_village"],
            cleaner_production=options["cleaner_production"],
            priority=options["priority"],
        )
        if options["json"]:
            self.tell(answer.as_json())
        else:
            self.stdout.write(answer.explanation)
            for fact in answer.missing:
                self.stdout.write(_("còn thiếu: %(fact)s") % {"fact": fact})
            for link in queries.unread_amendments([line.instrument for line in answer.lines], on=options["on"]):
                self.stdout.write(
                    _("%(newer)s sửa đổi %(older)s; nội dung sửa đổi chưa đọc được, hãy kiểm tra trước khi dùng.")
                    % {"newer": link.instrument, "older": link.target}
                )
