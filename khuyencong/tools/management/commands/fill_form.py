"""``manage.py fill_form``: one official form filled from one record, as Word or PDF.  Exit 1: refused; 2: wrong use."""

import sys
import uuid
from argparse import ArgumentTypeError
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.errors import DomainError
from khuyencong.documents import typeset, word
from khuyencong.tools.files_in import account, day
from khuyencong.work import papers

WRITERS = {".docx": word.word, ".pdf": typeset.form_pdf}


def _uid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise ArgumentTypeError(_("định danh phải là một UUID")) from error


def _file(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in WRITERS:
        raise ArgumentTypeError(_("tệp phải có đuôi .docx hoặc .pdf"))
    return path


def _key(text: str) -> str:
    try:
        return papers.find(text).key
    except DomainError as error:
        raise ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    help = "Điền một biểu mẫu từ hồ sơ thành tệp Word hoặc PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", type=_key, metavar="KEY", help="khoá biểu mẫu (manage.py forms)")
        parser.add_argument("--uid", required=True, type=_uid, metavar="UID", help="định danh của hồ sơ")
        parser.add_argument("--out", required=True, type=_file, metavar="FILE.docx|FILE.pdf", help="tệp ghi ra")
        parser.add_argument("--on", type=day, metavar="YYYY-MM-DD", help="ngày của văn bản chưa ký (hôm nay)")
        parser.add_argument("--as", dest="user", default="system", metavar="USER", help="tên tài khoản thực hiện")

    def handle(self, *args, **options):
        out = options["out"]
        try:
            form = papers.find(options["key"])
            record = papers.subject(form.of, options["uid"], account(options["user"]))
            filled = papers.fill(form.key, subject=record, on=options["on"] or clock.today())
        except DomainError as refusal:
            self._refuse(str(refusal))
        try:
            out.write_bytes(WRITERS[out.suffix.lower()](filled))
        except OSError as error:
            self._refuse(_("Không ghi được tệp %(file)s: %(why)s.") % {"file": out, "why": error.strerror})
        self.stdout.write(_("Đã điền %(form)s vào %(file)s.") % {"form": form.title, "file": out})

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(1)
