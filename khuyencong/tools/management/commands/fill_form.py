"""``manage.py fill_form``: one official form filled from one record, as Word or PDF."""

import uuid
from pathlib import Path

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.errors import Invalid
from khuyencong.documents import typeset, word
from khuyencong.tools.command import Command as HouseCommand
from khuyencong.tools.command import WrongUse, account, add_account, day
from khuyencong.work import papers

WRITERS = {".docx": word.word, ".pdf": typeset.form_pdf}


class Command(HouseCommand):
    help = "Điền một biểu mẫu từ hồ sơ thành tệp Word hoặc PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", metavar="KEY", help="khoá biểu mẫu (manage.py forms)")
        parser.add_argument("--uid", required=True, metavar="UID", help="định danh của hồ sơ")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.docx|FILE.pdf", help="tệp ghi ra")
        parser.add_argument("--on", type=day, metavar="YYYY-MM-DD", help="ngày của văn bản chưa ký (mặc định: hôm nay)")
        add_account(parser)

    def handle(self, *args, **options):
        out = options["out"]
        try:
            form = papers.find(options["key"])
            uid = uuid.UUID(options["uid"])
            write = WRITERS[out.suffix.lower()]
        except Invalid as wrong:
            raise WrongUse(str(wrong)) from wrong
        except ValueError as error:
            raise WrongUse(_("Định danh “%(uid)s” không phải UUID.") % {"uid": options["uid"]}) from error
        except KeyError as error:
            raise WrongUse(_("Tệp ghi ra phải có đuôi .docx hoặc .pdf: %(file)s.") % {"file": out}) from error
        record = papers.subject(form.of, uid, account(options["user"]))
        papers.demand(form, record)
        content = write(papers.fill(form.key, subject=record, on=options["on"] or clock.today()))
        try:
            out.write_bytes(content)
        except OSError as error:
            told = _("Không ghi được tệp %(file)s: %(why)s.") % {"file": out, "why": error.strerror}
            raise CommandError(told, returncode=1) from error
        self.stdout.write(_("Đã điền “%(form)s” vào %(file)s.") % {"form": form.title, "file": out})
