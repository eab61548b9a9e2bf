"""What is asked to be changed of an approved project."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.money import DongField, dong
from khuyencong.documents.models import Paper
from khuyencong.establishments.models import Establishment
from khuyencong.norms.enums import ChangeKind
from khuyencong.organisations.models import Organisation
from khuyencong.people.enums import ROLE_CHOICES
from khuyencong.places.models import LocatedQuerySet, Unit
from khuyencong.plans.enums import (
    RequestState,
)
from khuyencong.projects.enums import Source
from khuyencong.projects.models import Beneficiary, Project

# what ``ChangeRequest.asked`` names
ASKED_OF = ("new_commune", "leaving__establishment", "coming", "partner")


class ChangeRequestQuerySet(LocatedQuerySet):
    def visible_to(self, user):
        scope = user.scope()
        if not scope.bodies:
            return self.within(scope)
        return self.filter(
            Q(project__implementer_id__in=scope.bodies)
            | Q(province_id__in=scope.provinces)
            | Q(commune_id__in=scope.communes)
        )


class ChangeRequest(Identified):
    """The implementer asks in writing for a change of an approved project, the department confirms (TT 36/2013 Đ11.1).

    Whose the decision is, and by which text, is kept as it was on the day of the letter.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    province = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("tỉnh"))
    commune = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("xã, phường")
    )
    kind = models.CharField(_("loại điều chỉnh"), max_length=20, choices=ChangeKind)
    reason = models.TextField(_("lý do"))
    detail = models.CharField(_("nội dung đề nghị"), max_length=500, blank=True)
    national = DongField(_("KCQG đề nghị (đồng)"), null=True, blank=True)
    local = DongField(_("KCĐP đề nghị (đồng)"), null=True, blank=True)
    counterpart = DongField(_("đối ứng đề nghị (đồng)"), null=True, blank=True)
    other = DongField(_("nguồn khác đề nghị (đồng)"), null=True, blank=True)
    ends_on = models.DateField(_("thời hạn đề nghị"), null=True, blank=True)
    new_commune = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("địa điểm đề nghị")
    )
    content = models.TextField(_("nội dung hoạt động đề nghị"), blank=True)
    leaving = models.ForeignKey(
        Beneficiary, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("đơn vị thôi thụ hưởng")
    )
    coming = models.ForeignKey(
        Establishment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cơ sở thay thế")
    )
    partner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("đơn vị phối hợp đề nghị")
    )
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("văn bản đề nghị"))
    requested_on = models.DateField(_("ngày đề nghị"))
    confirmation = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản xác nhận của Sở")
    )
    confirmed_on = models.DateField(_("ngày xác nhận"), null=True, blank=True)
    authority_role = models.CharField(_("vai trò có thẩm quyền"), max_length=30, choices=ROLE_CHOICES, blank=True)
    authority_body = models.CharField(_("người, cơ quan có thẩm quyền"), max_length=200, blank=True)
    authority_basis = models.CharField(_("căn cứ thẩm quyền"), max_length=300, blank=True)
    state = models.CharField(
        _("trạng thái"), max_length=12, choices=RequestState, default=RequestState.REQUESTED, db_index=True
    )
    answer = models.CharField(_("lý do không chấp thuận"), max_length=500, blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề nghị điều chỉnh, bổ sung, ngừng")
        indexes = [models.Index(fields=["province", "state"], name="plans_request_scope")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["requested", "refused"]) | Q(confirmed_on__isnull=False),
                name="plans_request_confirmed_first",
                violation_error_message=_("Đề nghị phải được Sở xác nhận trước khi quyết định."),
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.project}"

    @property
    def asked(self) -> str:
        """What is to be otherwise afterwards, in words; no query where the parties are at hand (``ASKED_OF``)."""
        amounts = {source: getattr(self, source) for source in Source.values}
        told = [
            self.detail,
            _("thời hạn đến %(day)s") % {"day": f"{self.ends_on:%d/%m/%Y}"} if self.ends_on else "",
            *(
                _("%(source)s %(amount)s đồng") % {"source": Source(source).label, "amount": dong(amount)}
                for source, amount in amounts.items()
                if amount is not None
            ),
            _("địa điểm mới: %(place)s") % {"place": self.new_commune} if self.new_commune else "",
            _("thôi thụ hưởng: %(name)s") % {"name": self.leaving.establishment} if self.leaving else "",
            _("thụ hưởng mới: %(name)s") % {"name": self.coming} if self.coming else "",
            _("đơn vị phối hợp mới: %(name)s") % {"name": self.partner} if self.partner else "",
            _("nội dung mới: %(content)s") % {"content": " ".join(self.content.split())} if self.content else "",
        ]
        return "; ".join(filter(None, map(str, told)))

    @property
    def state_mark(self) -> str:
        return {"requested": "wait", "confirmed": "run", "decided": "done", "refused": "stop"}[self.state]
