"""``manage.py fill_form``: one official form filled from one record, as Word or PDF.  Exit 1: refused; 2: wrong use."""

import sys
import uuid
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.errors import DomainError, Invalid
from khuyencong.documents import typeset, word
from khuyencong.tools.files_in import account, day
from khuyencong.work import papers

WRITERS = {".docx": word.word, ".pdf": typeset.form_pdf}


class Command(BaseCommand):
    help = "Điền một biểu mẫu từ hồ sơ thành tệp Word hoặc PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", metavar="KEY", help="khoá biểu mẫu (manage.py forms)")
        parser.add_argument("--uid", required=True, metavar="UID", help="định danh của hồ sơ")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.docx|FILE.pdf", help="tệp ghi ra")
        parser.add_argument("--on", type=day, metavar="YYYY-MM-DD", help="ngày của văn bản chưa ký (mặc định: hôm nay)")
        parser.add_argument("--as", dest="user", default="system", metavar="USER", help="tên tài khoản thực hiện")

    def handle(self, *args, **options):
        out = options["out"]
        try:
            form = papers.find(options["key"])
            uid = uuid.UUID(options["uid"])
            write = WRITERS[out.suffix.lower()]
        except Invalid as wrong:
            self._end(str(wrong), 2)
        except ValueError:
            self._end(_("Định danh “%(uid)s” không phải UUID.") % {"uid": options["uid"]}, 2)
        except KeyError:
            self._end(_("Tệp ghi ra phải có đuôi .docx hoặc .pdf: %(file)s.") % {"file": out}, 2)
        try:
            record = papers.subject(form.of, uid, account(options["user"]))
            content = write(papers.fill(form.key, subject=record, on=options["on"] or clock.today()))
        except DomainError as refusal:
            self._end(str(refusal), 1)
        try:
            out.write_bytes(content)
        except OSError as error:
            self._end(_("Không ghi được tệp %(file)s: %(why)s.") % {"file": out, "why": error.strerror}, 1)
        self.stdout.write(_("Đã điền “%(form)s” vào %(file)s.") % {"form": form.title, "file": out})

    def _end(self, sentence: str, code: int) -> None:
        self.stderr.write(sentence)
        sys.exit(code)
