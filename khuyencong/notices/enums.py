from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    INBOX = "inbox", _("hộp thư trong hệ thống")
    EMAIL = "email", _("thư điện tử")
    SHARE = "share", _("nội dung để chia sẻ")


class Kind(models.TextChoices):
    """Why somebody is told: the inbox can be filtered by it."""

    CALL = "call", _("đợt đăng ký nhu cầu")
    ANSWER = "answer", _("trả lời")
    RETURN = "return", _("trả lại để hoàn thiện")
    DECISION = "decision", _("quyết định")
    REQUEST = "request", _("đề nghị xử lý")
    REMINDER = "reminder", _("nhắc việc")
    HAND_OVER = "hand_over", _("bàn giao")
    INFO = "info", _("thông tin")


MOST_ATTEMPTS = 6
BACKOFF_MINUTES = (1, 5, 15, 60, 240, 720)  # after the first, second … attempt
