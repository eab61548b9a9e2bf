from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    APPRAISAL = "appraisal", _("Hội đồng thẩm định đề án")


class MemberRole(models.TextChoices):
    CHAIR = "chair", _("Chủ tịch")
    SECRETARY = "secretary", _("Thư ký")
    MEMBER = "member", _("Ủy viên")


class ConflictOrigin(models.TextChoices):
    DECLARED = "declared", _("Tự khai")
    FOUND = "found", _("Hệ thống phát hiện")


class Point(models.IntegerChoices):
    """What an appraisal looks at (TT 36/2013 Đ9)."""

    PRINCIPLES = 1, _("Phù hợp với nguyên tắc lập đề án")
    AIMS = 2, _("Mục tiêu, sự cần thiết, hiệu quả; kinh phí hợp lý")
    CAPACITY = 3, _("Năng lực của đơn vị thực hiện, phối hợp, thụ hưởng")
    COMBINATION = 4, _("Khả năng kết hợp, lồng ghép với chương trình khác")
    DOSSIER = 5, _("Hồ sơ phù hợp, đầy đủ")


class Result(models.TextChoices):
    """What a judge says of one point."""

    MEETS = "meets", _("Đạt")
    FAILS = "fails", _("Không đạt")


class Conclusion(models.TextChoices):
    """What a judge proposes for the whole."""

    PASS = "pass", _("Đạt")
    COMPLETE = "complete", _("Yêu cầu bổ sung, hoàn thiện")
    FAIL = "fail", _("Không đạt")
