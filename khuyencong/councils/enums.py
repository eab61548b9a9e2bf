from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Who appraises: a council, or the head's own staff (TT 36/2013 Đ8.1a, Đ8.2)."""

    APPRAISAL = "appraisal", _("Hội đồng thẩm định đề án")
    OFFICER = "officer", _("Cán bộ thẩm định theo phân công")


class Tier(models.TextChoices):
    """At which level is appraised (TT 36/2013 Đ8.1, Đ8.2)."""

    BASE = "base", _("Cấp cơ sở")
    MINISTRY = "ministry", _("Cấp Bộ")


class MemberRole(models.TextChoices):
    CHAIR = "chair", _("Chủ tịch")
    SECRETARY = "secretary", _("Thư ký")
    MEMBER = "member", _("Ủy viên")


class ConflictOrigin(models.TextChoices):
    DECLARED = "declared", _("Tự khai")
    FOUND = "found", _("Hệ thống phát hiện")


class Basis(models.TextChoices):
    """On what a conflict of interest rests; all but the first are looked up."""

    DECLARED = "declared", _("Tự khai")
    EMPLOYER = "employer", _("Cùng đơn vị công tác")
    TAX_CODE = "tax_code", _("Cùng mã số thuế")
    NAME = "name", _("Trùng họ tên người đại diện")
    FAMILY = "family", _("Cùng họ, cùng địa chỉ")
    JUDGED = "judged", _("Đã chấm cùng đơn vị trước đây")


class Outcome(models.TextChoices):
    """How the secretary or the chair settles it."""

    EXCUSED = "excused", _("Thành viên không tham gia đề án này")
    DISMISSED = "dismissed", _("Không phải xung đột lợi ích")


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
    """What a judge proposes for the whole, and what the council concludes."""

    PASS = "pass", _("Đạt")
    COMPLETE = "complete", _("Yêu cầu bổ sung, hoàn thiện")
    FAIL = "fail", _("Không đạt")


class Agreement(models.TextChoices):
    """What another body that was asked answers."""

    AGREES = "agrees", _("Đồng ý")
    COMMENTS = "comments", _("Đồng ý, có ý kiến")
    DISAGREES = "disagrees", _("Không đồng ý")
