"""By when, by whom, in which form."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.authority.roles import ROLES
from khuyencong.norms.enums import (
    Act,
    ChangeKind,
    Deadline,
    DeadlineKind,
    Ground,
    ProjectForm,
    ProjectKind,
    SelectionMethod,
)
from khuyencong.norms.models.instruments import Row

ROLE_CHOICES = [(name, role.label) for name, role in ROLES.items()]


class DeadlineRow(Row):
    """A default day of the law; a yearly call letter may set another, and then both are shown."""

    KEY = ("code",)

    code = models.CharField(_("thời hạn"), max_length=40, choices=Deadline)
    kind = models.CharField(_("cách tính"), max_length=12, choices=DeadlineKind)
    month = models.PositiveSmallIntegerField(
        _("tháng"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    day = models.PositiveSmallIntegerField(
        _("ngày"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    days = models.PositiveSmallIntegerField(_("số ngày"), null=True, blank=True)
    year_offset = models.SmallIntegerField(_("thuộc năm (so với năm kế hoạch, thực hiện)"), default=0)
    strictly_before = models.BooleanField(_("phải trước ngày đó"), default=False)
    copies = models.PositiveSmallIntegerField(_("số bộ hồ sơ"), null=True, blank=True)
    silence_consents = models.BooleanField(_("quá hạn không trả lời thì coi như đồng ý"), default=False)

    class Meta(Row.Meta):
        verbose_name = _("thời hạn")
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="yearly", month__isnull=False, day__isnull=False, days=None)
                | Q(kind="monthly", month=None, day__isnull=False, days=None)
                | Q(kind__in=["days_after", "working_days"], month=None, day=None, days__isnull=False),
                name="norms_deadline_is_complete",
                violation_error_message=_("Thời hạn phải ghi đủ: ngày và tháng, ngày hằng tháng, hoặc số ngày."),
            ),
            models.CheckConstraint(
                condition=Q(silence_consents=False) | Q(code="opinion"),
                name="norms_deadline_silence_of_opinions_only",
                violation_error_message=_("Chỉ thời hạn trả lời ý kiến mới quy định không trả lời là đồng ý."),
            ),
        ]

    def __str__(self):
        return f"{self.get_code_display()} ({self.citation})"


class GroundRow(Row):
    """Where the text stands on which a step, a check or a refusal of this house rests."""

    KEY = ("code",)

    code = models.CharField(_("quy tắc"), max_length=30, choices=Ground)

    class Meta(Row.Meta):
        verbose_name = _("căn cứ của quy tắc")

    def __str__(self):
        return f"{self.get_code_display()} ({self.citation})"


class ApproverRow(Row):
    """Who decides, appraises or chairs: the role in this house and the body in the words of the law."""

    KEY = ("act",)

    act = models.CharField(_("việc"), max_length=30, choices=Act)
    role = models.CharField(_("vai trò"), max_length=30, choices=ROLE_CHOICES, blank=True)  # blank: outside this house
    body = models.CharField(_("cơ quan, người quyết định"), max_length=200)

    class Meta(Row.Meta):
        verbose_name = _("thẩm quyền")

    def __str__(self):
        return f"{self.get_act_display()}: {self.body}"


class ChangeAuthority(Row):
    """Who decides a change of an approved project (TT 36/2013 Đ11, or the province's own row)."""

    KEY = ("change", "form")

    change = models.CharField(_("loại điều chỉnh"), max_length=20, choices=ChangeKind)
    form = models.CharField(_("hình thức đề án"), max_length=10, choices=ProjectForm, blank=True)  # blank: every form
    role = models.CharField(_("vai trò"), max_length=30, choices=ROLE_CHOICES)
    body = models.CharField(_("cơ quan, người quyết định"), max_length=200)

    class Meta(Row.Meta):
        verbose_name = _("thẩm quyền điều chỉnh")

    def __str__(self):
        return f"{self.get_change_display()}: {self.body}"


class GroupRule(Row):
    """Whether a project of this kind may be a group project, and what must be named already at appraisal."""

    KEY = ("kind",)

    kind = models.CharField(_("dạng đề án"), max_length=30, choices=ProjectKind, blank=True)  # blank: every kind
    beneficiaries_later = models.BooleanField(_("được duyệt khi chưa có đơn vị thụ hưởng"))
    must_name = models.CharField(_("phải nêu khi thẩm định"), max_length=200, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("điều kiện lập đề án nhóm")

    def __str__(self):
        return f"{self.get_kind_display() or _('Mọi dạng đề án')} ({self.citation})"


class SelectionRule(Row):
    """How those who carry out a kind of project are found: tender or choice (TT 36/2013 Đ3)."""

    KEY = ("kind",)

    kind = models.CharField(_("dạng đề án"), max_length=30, choices=ProjectKind, blank=True)  # blank: all others
    method = models.CharField(_("phương thức"), max_length=10, choices=SelectionMethod)

    class Meta(Row.Meta):
        verbose_name = _("phương thức lựa chọn")

    def __str__(self):
        return f"{self.get_kind_display() or _('Các dạng khác')}: {self.get_method_display()}"
