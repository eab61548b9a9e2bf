"""Mistakes of an installation, found before it serves anybody: by ``manage.py run``, the worker and ``manage.py check``."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import DatabaseError

from khuyencong.documents.signatures import unreadable_in
from khuyencong.people.queries import demo_accounts

INSTALLATION = "installation"  # what keeps the system from being started


@register(INSTALLATION)
def no_demo_accounts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Outside a demonstration no invented person can sign in: their passwords are printed for all to read."""
    if settings.DEMO:
        return []
    try:
        names = list(demo_accounts().order_by("username").values_list("username", flat=True)[:5])
    except DatabaseError:
        return []  # no tables yet: nobody can sign in either
    if not names:
        return []
    return [
        Error(
            f"Cơ sở dữ liệu có tài khoản minh hoạ đang hoạt động ({', '.join(names)}, …) nhưng KC_DEMO không bật.",
            hint="Dùng cơ sở dữ liệu mới (KC_DATA_DIR hoặc DATABASE_URL), hoặc khoá các tài khoản này.",
            id="kc.E001",
        )
    ]


@register(INSTALLATION)
def a_secret_that_is_one(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The key that signs sessions must not be guessable."""
    if settings.DEMO or (len(settings.SECRET_KEY) >= 40 and len(set(settings.SECRET_KEY)) >= 10):
        return []
    return [
        Error(
            "Khoá bí mật quá ngắn hoặc dễ đoán.",
            hint="Đặt KC_SECRET_KEY (ít nhất 40 ký tự ngẫu nhiên) hoặc để hệ thống tự tạo tệp var/secret-key.",
            id="kc.E002",
        )
    ]


@register(deploy=True)
def served_by_name_and_encrypted(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Where others come to it over a network, cookies travel encrypted and the host is named."""
    found: list[CheckMessage] = []
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Error("KC_HOSTS cho phép mọi tên máy.", hint="Ghi đúng tên miền của hệ thống.", id="kc.E003"))
    if not settings.SITE_URL.startswith("https://") and not settings.DEMO:
        found.append(
            Error(
                "KC_SITE_URL không phải https: phiên đăng nhập sẽ đi qua mạng không mã hoá.",
                hint="Đặt KC_SITE_URL=https://… sau khi có chứng thư.",
                id="kc.E004",
            )
        )
    return found


@register(deploy=True)
def authorities_that_can_be_read(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A file among the certification authorities that holds no certificate makes nobody trusted, and nobody would know."""
    names = unreadable_in(Path(settings.CA_DIR))
    if not names:
        return []
    return [
        Warning(
            f"Thư mục {settings.CA_DIR} có tệp không phải chứng thư: {', '.join(names[:5])}.",
            hint="Chép chứng thư gốc của tổ chức cấp chứng thư số dạng PEM hoặc DER (.pem, .crt, .cer, .der).",
            id="kc.W001",
        )
    ]
