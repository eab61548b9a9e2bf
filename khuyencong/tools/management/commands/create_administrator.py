"""The first account of a new installation: its password is asked for and not shown."""

import getpass
import os
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from khuyencong.people.operations import first_administrator
from khuyencong.tools.command import Command as HouseCommand


class Command(HouseCommand):
    help = "Mở tài khoản quản trị đầu tiên. Mật khẩu được hỏi khi chạy, hoặc đọc từ KC_PASSWORD."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="tên đăng nhập")
        parser.add_argument("--family-name", required=True, help="họ và tên đệm")
        parser.add_argument("--given-name", required=True, help="tên")
        parser.add_argument("--email", default="", help="thư điện tử")

    def handle(self, *, username: str, family_name: str, given_name: str, email: str, **options: Any) -> None:
        password = os.environ.get("KC_PASSWORD") or getpass.getpass(_("Mật khẩu: "))
        try:
            validate_password(password)
            user = first_administrator(
                username=username, password=password, last_name=family_name, first_name=given_name, email=email
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=1) from None
        self.stdout.write(_("Đã tạo quản trị viên %(user)s.") % {"user": user})
