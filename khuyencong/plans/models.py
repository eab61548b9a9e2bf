"""The five-year programme, and the yearly plan as a chain of decisions: approve, adjust, add, stop."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.money import DongField
from khuyencong.budgets.models import Envelope
from khuyencong.documents.models import Paper
from khuyencong.establishments.models import Establishment
from khuyencong.norms.enums import ChangeKind
from khuyencong.organisations.models import Organisation
from khuyencong.people.enums import ROLE_CHOICES
from khuyencong.places.models import LocatedQuerySet, Unit
from khuyencong.plans.enums import (
    INCLUDING,
    OPEN,
    Agreement,
    DecisionKind,
    DecisionState,
    Measure,
    RequestState,
)
from khuyencong.projects.enums import Level, Source
from khuyencong.projects.models import Beneficiary, Project


class PlanQuerySet(LocatedQuerySet):
    def visible_to(self, user):
        return self.within(user.scope())


class ProgrammeQuerySet(LocatedQuerySet):
    def visible_to(self, user):
        """Those of one's province, and the national ones, which are published."""
        scope = user.scope()
        if scope.whole_country or not scope:
            return self if scope else self.none()
        return self.filter(Q(province=None) | Q(province_id__in=scope.provinces))


class Programme(Identified):
    """Chương trình khuyến công: five years, with targets (NĐ 45/2012 Đ2; NĐ 235/2025)."""

    level = models.CharField(_("cấp"), max_length=12, choices=Level)
    province = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh"))
    title = models.CharField(_("tên chương trình"), max_length=300)
    first_year = models.PositiveSmallIntegerField(_("từ năm"))
    last_year = models.PositiveSmallIntegerField(_("đến năm"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("quyết định phê duyệt"))
    national = DongField(_("KCQG dự kiến (đồng)"), null=True, blank=True)
    local = DongField(_("KCĐP dự kiến (đồng)"), null=True, blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("chương trình khuyến công")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")),
                name="plans_programme_period_runs_forward",
                violation_error_message=_("Năm cuối không được trước năm đầu."),
            ),
            models.CheckConstraint(
                condition=Q(level="national", province=None) | Q(province__isnull=False),
                name="plans_programme_place_of_its_level",
                violation_error_message=_("Chương trình của địa phương phải có tỉnh."),
            ),
            models.UniqueConstraint(
                fields=["level", "province", "first_year"],
                name="plans_programme_once",
                violation_error_message=_("Chương trình của tỉnh từ năm này đã có."),
            ),
        ]

    def __str__(self):
        return self.title


class Target(models.Model):
    """One aim of a programme.  ``measure`` names what is counted from the records; without it the result is not kept here."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="targets", verbose_name=_("chương trình"))
    indicator = models.CharField(_("chỉ tiêu"), max_length=300)
    measure = models.CharField(_("tính từ hồ sơ"), max_length=20, choices=Measure, blank=True)
    unit = models.CharField(_("đơn vị tính"), max_length=40)
    value = models.DecimalField(_("giá trị"), max_digits=18, decimal_places=2)
    source = models.CharField(_("nguồn"), max_length=200, blank=True)
    verified = models.BooleanField(_("đã kiểm chứng"), default=True)
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        verbose_name = _("chỉ tiêu của chương trình")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.indicator

    @property
    def plain(self) -> int | Decimal:
        """The value without decimals that say nothing."""
        return int(self.value) if self.value == int(self.value) else self.value.normalize()


class Plan(Identified):
    """The plan of one province, one level, one year: what its decisions, one after another, have made of it."""

    level = models.CharField(_("cấp kinh phí"), max_length=12, choices=Level)
    year = models.PositiveSmallIntegerField(_("năm"))
    province = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("tỉnh"))
    commune = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("xã, phường")
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="plans", verbose_name=_("chương trình")
    )
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("kế hoạch khuyến công")
        indexes = [models.Index(fields=["province", "year", "level"], name="plans_plan_scope")]
        constraints = [
            models.UniqueConstraint(
                fields=["province", "level", "year"],
                condition=Q(commune=None),
                name="plans_plan_once_a_year",
                violation_error_message=_("Kế hoạch cấp này của năm đã được mở."),
            ),
            models.UniqueConstraint(
                fields=["commune", "year"],
                condition=Q(commune__isnull=False),
                name="plans_communal_plan_once_a_year",
                violation_error_message=_("Kế hoạch của xã, phường trong năm đã được mở."),
            ),
            models.CheckConstraint(
                condition=Q(level="communal", commune__isnull=False) | (~Q(level="communal") & Q(commune=None)),
                name="plans_plan_place_of_its_level",
                violation_error_message=_("Chỉ kế hoạch cấp xã, và mọi kế hoạch cấp xã, có tên xã, phường."),
            ),
        ]

    def __str__(self):
        names = {"level": self.get_level_display(), "year": self.year, "place": self.commune or self.province}
        return _now("Kế hoạch %(level)s năm %(year)s, %(place)s") % names

    @property
    def place(self) -> Unit:
        """Where its acts are authorised."""
        return self.commune or self.province


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(plan__in=Plan.objects.visible_to(user).order_by())

    def open(self):
        return self.filter(state__in=OPEN)


class Decision(Identified):
    """One link of the chain.  ``state`` is written by ``operations.py`` alone; ``on`` is its legal day once it is issued;
    who had the authority and by which text is kept as it was on that day."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="decisions", verbose_name=_("kế hoạch"))
    ordinal = models.PositiveSmallIntegerField(_("thứ tự trong kế hoạch"))
    kind = models.CharField(_("loại quyết định"), max_length=10, choices=DecisionKind)
    tranche = models.PositiveSmallIntegerField(_("đợt"), null=True, blank=True)
    state = models.CharField(
        _("trạng thái"), max_length=12, choices=DecisionState, default=DecisionState.DRAFT, db_index=True
    )
    submission = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tờ trình")
    )
    submitted_on = models.DateField(_("ngày trình"), null=True, blank=True)
    paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("quyết định")
    )
    on = models.DateField(_("ngày quyết định"), null=True, blank=True)
    authority_role = models.CharField(_("vai trò có thẩm quyền"), max_length=30, choices=ROLE_CHOICES, blank=True)
    authority_body = models.CharField(_("người, cơ quan có thẩm quyền"), max_length=200, blank=True)
    authority_basis = models.CharField(_("căn cứ thẩm quyền"), max_length=300, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("quyết định của kế hoạch")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "ordinal"],
                name="plans_decision_ordinal_once",
                violation_error_message=_("Thứ tự này trong kế hoạch đã có quyết định."),
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(paper__isnull=False, on__isnull=False),
                name="plans_decision_approved_has_paper",
                violation_error_message=_("Quyết định đã ban hành phải có văn bản và ngày."),
            ),
        ]

    def __str__(self):
        return f"{self.title}, {self.plan}"

    @property
    def title(self) -> str:
        """“Phê duyệt đợt 1”, “Điều chỉnh lần 2”: as people speak of it."""
        names = {"kind": self.get_kind_display(), "number": self.tranche}
        if self.kind == DecisionKind.APPROVE:
            return _now("%(kind)s đợt %(number)s") % names
        return _now("%(kind)s lần %(number)s") % names

    @property
    def state_mark(self) -> str:
        return {"draft": "draft", "opinion": "wait", "submitted": "wait", "approved": "done", "refused": "stop"}[
            self.state
        ]

    @property
    def includes(self) -> bool:
        """Brings projects into the plan, as against changing those that stand in it."""
        return self.kind in INCLUDING


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
    def state_mark(self) -> str:
        return {"requested": "wait", "confirmed": "run", "decided": "done", "refused": "stop"}[self.state]


class Item(models.Model):
    """What one decision says of one project: its money after the decision, in đồng, and before."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="items", verbose_name=_("quyết định"))
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    action = models.CharField(
        _("thay đổi"), max_length=20, choices=ChangeKind, blank=True
    )  # blank: brought into the plan
    national = DongField(_("KCQG (đồng)"), default=0)
    local = DongField(_("KCĐP (đồng)"), default=0)
    counterpart = DongField(_("đối ứng (đồng)"), default=0)
    other = DongField(_("nguồn khác (đồng)"), default=0)
    before_national = DongField(_("KCQG trước quyết định (đồng)"), default=0)
    before_local = DongField(_("KCĐP trước quyết định (đồng)"), default=0)
    reason = models.CharField(_("lý do"), max_length=500, blank=True)
    request = models.ForeignKey(
        ChangeRequest, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("đề nghị")
    )

    class Meta:
        verbose_name = _("đề án trong quyết định")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "project"],
                name="plans_item_once",
                violation_error_message=_("Đề án này đã có trong quyết định."),
            ),
            models.CheckConstraint(
                condition=Q(national__gte=0, local__gte=0, counterpart__gte=0, other__gte=0),
                name="plans_item_not_negative",
                violation_error_message=_("Số tiền không được âm."),
            ),
        ]

    def __str__(self):
        return str(self.project)

    @property
    def support(self) -> int:
        """State money after the decision."""
        return self.national + self.local

    @property
    def before(self) -> int:
        """State money before the decision."""
        return self.before_national + self.before_local

    @property
    def total(self) -> int:
        return self.national + self.local + self.counterpart + self.other


class Share(models.Model):
    """Which envelope carries how much of a source: every đồng of State money in a plan names its envelope."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="shares", verbose_name=_("đề án trong quyết định"))
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="+", verbose_name=_("dự toán"))
    source = models.CharField(_("nguồn"), max_length=12, choices=Source)
    amount = DongField(_("số tiền (đồng)"))

    class Meta:
        verbose_name = _("phần kinh phí theo dự toán")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "envelope"],
                name="plans_share_once",
                violation_error_message=_("Dự toán này đã được ghi cho đề án."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="plans_share_positive",
                violation_error_message=_("Số tiền phải lớn hơn 0."),
            ),
            models.CheckConstraint(
                condition=Q(source__in=["national", "local"]),
                name="plans_share_of_state_money",
                violation_error_message=_("Chỉ kinh phí khuyến công mới ghi theo dự toán."),
            ),
        ]

    def __str__(self):
        return f"{self.envelope}: {self.amount}"


class OpinionRequest(models.Model):
    """Another body is asked for its opinion on a draft, with a deadline."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="opinions", verbose_name=_("quyết định"))
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("cơ quan được hỏi"))
    question = models.CharField(_("nội dung hỏi"), max_length=500, blank=True)
    paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản hỏi")
    )
    asked_on = models.DateField(_("ngày hỏi"))
    due_on = models.DateField(_("hạn trả lời"))
    agreement = models.CharField(_("kết luận"), max_length=10, choices=Agreement, blank=True)
    answer = models.TextField(_("ý kiến"), blank=True)
    answer_paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản trả lời")
    )
    answered_on = models.DateField(_("ngày trả lời"), null=True, blank=True)

    class Meta:
        verbose_name = _("yêu cầu cho ý kiến")
        ordering = ["asked_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("asked_on")),
                name="plans_opinion_due_after_asked",
                violation_error_message=_("Hạn trả lời không được trước ngày hỏi."),
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None, agreement="") | (Q(answered_on__isnull=False) & ~Q(agreement="")),
                name="plans_opinion_answer_whole",
                violation_error_message=_("Trả lời phải có kết luận và ngày."),
            ),
        ]

    def __str__(self):
        return str(self.body)


class StepTaken(models.Model):
    """One step of a decision's life: who, when (by law and by the clock), on the strength of which paper."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="steps", verbose_name=_("quyết định"))
    name = models.CharField(_("bước"), max_length=30)
    source = models.CharField(_("từ"), max_length=12, choices=DecisionState)
    target = models.CharField(_("đến"), max_length=12, choices=DecisionState)
    on = models.DateField(_("ngày pháp lý"))
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản"))
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("bước của quyết định")

    def __str__(self):
        return f"{self.decision}: {self.name}"
