"""Đề án khuyến công: who, where, what and with which money."""

import operator
from functools import reduce

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce, Concat, Lower
from django.utils.translation import gettext_lazy as _

from khuyencong.base.kept import kept
from khuyencong.base.models import Identified
from khuyencong.base.money import DongField
from khuyencong.base.trigram import SearchedField, with_words
from khuyencong.documents.models import Dossier, Paper
from khuyencong.establishments.models import Establishment
from khuyencong.needs.models import Need
from khuyencong.norms.enums import Level, ProjectForm, ProjectKind
from khuyencong.organisations.models import Organisation
from khuyencong.places.models import Located, LocatedQuerySet
from khuyencong.projects.enums import (
    APPROVED_ON,
    BEFORE_APPROVAL,
    TO_BE_DONE,
    Activity,
    Newness,
    OtherSupport,
    PartNumber,
    ProjectState,
)

PROMISED = ("national", "local", "counterpart")  # the sources of which a beneficiary has its part
SOURCES = (*PROMISED, "other")


class ProjectQuerySet(LocatedQuerySet):
    def visible_to(self, user):
        """The rows in a person's territory, and those to which his own body is party: it carries them out or is helped by
        them now.  Who is helped no more finds his past part with his own establishment, not here."""
        scope = user.scope()
        if not scope.bodies:
            return self.within(scope)
        if scope.whole_country:
            return self
        helped = Beneficiary.objects.filter(removed_on=None, establishment__organisation_id__in=scope.bodies)
        # two short lists of keys: with an OR between them PostgreSQL reads every project
        own = self.model._default_manager.filter(implementer_id__in=scope.bodies).order_by().values("pk")
        party = Q(pk__in=own.union(helped.values("project_id")))
        if scope.provinces or scope.communes:
            party |= Q(province_id__in=scope.provinces) | Q(commune_id__in=scope.communes)
        return self.filter(party)

    def whole_to(self, user):
        """Of those visible to a person, the ones that he sees whole (``with_money``)."""
        scope = user.scope()
        return self.filter(_whole_to(scope)) if scope.bodies and not scope.whole_country else self

    def naming(self, text, *, user, everywhere=False):
        """Of the rows visible to a person those whose code, title or parties hold each word of ``text`` (``trigram.with_words``).
        Parties are looked for only where he sees the whole: else a name typed would tell who else is helped.  For somebody
        who works for a body one query more, of the few that he sees in part: the condition itself, asked of each row, read
        the establishments of the whole country."""
        scope = user.scope()
        in_part = list(_shares(scope))
        if not in_part:
            return with_words(self, "words", text, everywhere=everywhere)
        own = Concat(Lower("code"), Value(" "), "folded", output_field=models.TextField())
        searched = Case(When(pk__in=in_part, then=own), default=F("words"), output_field=models.TextField())
        return with_words(self.alias(searched=searched), "searched", text, everywhere=False)

    def with_money(self, *, seen_by=None):
        """Adds ``money_national`` … ``money_other``: what was granted where a decision exists, else what is asked;
        ``money_unsplit``, of which the sources are not known; and ``money_total``, all in đồng.  And ``seen_whole``: whether
        ``seen_by`` sees all of it; else it is his own share.  With ``seen_by`` only what is visible to him is left, and for
        somebody who works for a body his shares are read now: one query, of a few rows."""
        whole: models.Expression = Value(True)
        money: dict = {source: Coalesce(F(f"granted_{source}"), F(source)) for source in SOURCES} | {
            "unsplit": F("unsplit")
        }
        found = self if seen_by is None else self.visible_to(seen_by)
        if shares := _shares(seen_by.scope()) if seen_by else {}:
            # the few as they are: a condition on each sum of each row of a list costs more than the list
            whole = Case(When(pk__in=list(shares), then=Value(False)), default=Value(True))
            money = {name: Case(*_own(name, shares), default=all_of_it) for name, all_of_it in money.items()}
        found = found.annotate(seen_whole=whole, **{f"money_{name}": amount for name, amount in money.items()})
        return found.annotate(money_total=reduce(operator.add, (F(f"money_{name}") for name in money)))


def _whole_to(scope, at=""):
    """The projects that a person who works for a body sees whole: those of his territory or of his own body, and those that
    never were for anybody else than his establishments.  ``at``: where the project stands seen from the rows that are asked."""
    others = Beneficiary.objects.filter(project=OuterRef(f"{at}pk"))
    others = others.exclude(establishment__organisation_id__in=scope.bodies)
    territory = {"province": scope.provinces, "commune": scope.communes, "implementer": scope.bodies}
    here = reduce(operator.or_, (Q(**{f"{at}{name}_id__in": keys}) for name, keys in territory.items()))
    return here | (Q(**{f"{at}form": ProjectForm.SINGLE}) & ~Exists(others))


def _shares(scope):
    """Of each project that a person sees and not whole (by key) what his establishments have of each source, in đồng."""
    if not scope.bodies or scope.whole_country:
        return {}
    return kept(("shares", scope.provinces, scope.communes, scope.bodies), lambda: _read_shares(scope))


def _read_shares(scope):
    own = Beneficiary.objects.filter(removed_on=None, establishment__organisation_id__in=scope.bodies).order_by()
    # not the condition's opposite: a project without a commune is in none, and would be in neither
    whole = Case(When(_whole_to(scope, at="project__"), then=Value(True)), default=Value(False))
    sums = {f"own_{source}": Sum(source) for source in PROMISED}
    rows = own.alias(whole=whole).filter(whole=False).values_list("project").annotate(**sums)
    return {key: dict(zip(PROMISED, told, strict=True)) for key, *told in rows}


def _own(source, shares):
    """The cases of one source: nobody is promised other sources, nor what is not divided."""
    return [When(pk=key, then=Value(share.get(source, 0), output_field=DongField())) for key, share in shares.items()]


class Project(Identified, Located):
    """One project.  ``state`` is written by ``operations.py`` alone; the four amounts are what the dossier asks for,
    the four ``granted_…`` what the decision gave: later norms do not touch them.  ``unsplit`` is all the money of a project of
    before of which only the whole is told."""

    code = models.CharField(_("mã đề án"), max_length=20, unique=True)
    title = models.CharField(_("tên đề án"), max_length=400)
    words = SearchedField(_("để tìm kiếm"), blank=True, editable=False)  # code, title, parties; folded
    folded = models.CharField(_("tên không dấu"), max_length=420, editable=False)
    sort_key = models.BinaryField(_("khoá sắp xếp"), max_length=1400, editable=False)
    level = models.CharField(_("cấp quản lý"), max_length=12, choices=Level)
    form = models.CharField(_("hình thức"), max_length=10, choices=ProjectForm, default=ProjectForm.SINGLE)
    activity = models.PositiveSmallIntegerField(_("nhóm hoạt động"), choices=Activity)
    kind = models.CharField(_("dạng đề án"), max_length=30, choices=ProjectKind)
    sector = models.CharField(_("ngành nghề"), max_length=4, blank=True)
    year = models.PositiveSmallIntegerField(_("năm kế hoạch"))
    starts_on = models.DateField(_("bắt đầu"), null=True, blank=True)
    ends_on = models.DateField(_("kết thúc"), null=True, blank=True)
    implementer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("đơn vị thực hiện"))
    partners = models.ManyToManyField(Organisation, blank=True, related_name="+", verbose_name=_("đơn vị phối hợp"))
    needs = models.ManyToManyField(Need, blank=True, related_name="+", verbose_name=_("nhu cầu đã đăng ký"))
    content = models.TextField(_("nội dung, quy mô"), blank=True)
    machine_type = models.CharField(_("loại máy móc, thiết bị"), max_length=300, blank=True)
    also = models.CharField(_("nhóm hoạt động khác (đề án điểm)"), max_length=20, blank=True)  # 3,4
    first_year = models.TextField(_("hoạt động của năm đầu (đề án điểm)"), blank=True)
    norm_line = models.CharField(_("dòng định mức"), max_length=40, blank=True)
    national = DongField(_("đề nghị KCQG (đồng)"), default=0)
    local = DongField(_("đề nghị KCĐP (đồng)"), default=0)
    counterpart = DongField(_("đối ứng (đồng)"), default=0)
    other = DongField(_("nguồn khác (đồng)"), default=0)
    granted_national = DongField(_("KCQG được duyệt (đồng)"), null=True, blank=True)
    granted_local = DongField(_("KCĐP được duyệt (đồng)"), null=True, blank=True)
    granted_counterpart = DongField(_("đối ứng được duyệt (đồng)"), null=True, blank=True)
    granted_other = DongField(_("nguồn khác được duyệt (đồng)"), null=True, blank=True)
    # of a list of before that tells only the whole: its sources are not known, and none is guessed
    unsplit = DongField(_("kinh phí chưa tách nguồn (đồng)"), default=0)
    rules_on = models.DateField(_("áp dụng quy định ngày"), null=True, blank=True)  # the day of its appraisal
    state = models.CharField(_("trạng thái"), max_length=20, choices=ProjectState, default=ProjectState.DRAFT)
    historical = models.BooleanField(_("hồ sơ lịch sử"), default=False)
    originals_missing = models.BooleanField(_("chưa có hồ sơ gốc"), default=False)
    dossier = models.OneToOneField(Dossier, models.PROTECT, null=True, related_name="+", verbose_name=_("hồ sơ"))
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)
    changed_at = models.DateTimeField(_("sửa lúc"), auto_now=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề án")
        constraints = [
            models.CheckConstraint(
                condition=Q(national__gte=0, local__gte=0, counterpart__gte=0, other__gte=0),
                name="projects_project_amounts_not_negative",
                violation_error_message=_("Số tiền không được âm."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=BEFORE_APPROVAL, granted_national=None, granted_local=None)
                | Q(state__in=APPROVED_ON, granted_national__isnull=False, granted_local__isnull=False),
                name="projects_project_granted_from_approval_on",
                violation_error_message=_("Kinh phí được duyệt chỉ có từ khi đề án được phê duyệt."),
            ),
            models.CheckConstraint(
                condition=Q(unsplit=0) | Q(unsplit__gt=0, historical=True, national=0, local=0, counterpart=0, other=0),
                name="projects_project_unsplit_of_history_alone",
                violation_error_message=_("Chỉ hồ sơ lịch sử không rõ nguồn mới ghi tổng kinh phí chưa tách nguồn."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="projects_project_period_runs_forward",
                violation_error_message=_("Ngày kết thúc không được trước ngày bắt đầu."),
            ),
        ]
        indexes = [
            models.Index(fields=["province", "year", "state"], name="projects_scope"),
            models.Index(fields=["year", "activity"], name="projects_year_activity"),
            models.Index(fields=["state", "historical", "year", "code"], name="projects_state"),
            models.Index(fields=["province", "commune"], name="projects_place"),
            models.Index(fields=["implementer", "year"], name="projects_implementer"),
            models.Index(fields=["province", "year", "level", "folded"], name="projects_known_again"),
            # lists of the whole country: what they filter, sort and add up rides along, so that no wide row is read for it
            models.Index(
                fields=[
                    *("year", "code", "state", "historical", "originals_missing", "province", "commune", "implementer"),
                    *("level", "activity", "form", "national", "local", "counterpart", "other"),
                    *("granted_national", "granted_local", "granted_counterpart", "granted_other", "unsplit"),
                ],
                name="projects_list_country",
            ),
            models.Index(fields=["sort_key", "state", "historical"], name="projects_by_title"),
            # and what is counted and added up of the thousands in which a word was found
            models.Index(
                fields=[
                    *("id", "state", "historical", "year", "level", "activity"),
                    *("national", "local", "counterpart", "other"),
                    *("granted_national", "granted_local", "granted_counterpart", "granted_other", "unsplit"),
                ],
                name="projects_found",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    @property
    def activities(self) -> list[int]:
        """All the groups of activities it works in, its own first."""
        return [self.activity, *(int(number) for number in self.also.split(",") if number)]

    @property
    def is_open_to_change(self) -> bool:
        """Whether its file may still be written."""
        return self.state == ProjectState.DRAFT and not self.historical

    @property
    def is_under_way(self) -> bool:
        """Whether what was approved is still to be done."""
        return self.state in TO_BE_DONE

    @property
    def granted_total(self) -> int | None:
        """All the money of the project as decided, in đồng; None before approval."""
        if self.granted is None:
            return None
        return self.granted + (self.granted_counterpart or 0) + (self.granted_other or 0) + self.unsplit

    @property
    def support(self) -> int:
        """State money asked for, in đồng."""
        return self.national + self.local

    @property
    def total(self) -> int:
        """All the money of the project as the dossier asks, in đồng."""
        return self.national + self.local + self.counterpart + self.other + self.unsplit

    @property
    def granted(self) -> int | None:
        """State money granted by decision, in đồng; None before approval."""
        if self.granted_national is None or self.granted_local is None:
            return None
        return self.granted_national + self.granted_local


class Part(models.Model):
    """One of the eight parts of the project file (TT 36/2013 Đ5)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="parts", verbose_name=_("đề án"))
    number = models.PositiveSmallIntegerField(_("phần"), choices=PartNumber)
    text = models.TextField(_("nội dung"), blank=True)

    class Meta:
        verbose_name = _("phần của đề án")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"],
                name="projects_part_once",
                violation_error_message=_("Phần này của đề án đã có."),
            )
        ]

    def __str__(self):
        return self.get_number_display()


class BeneficiaryQuerySet(models.QuerySet):
    def of_visible(self, user):
        """Of projects that are visible to a person: all where he sees the whole, else his own establishments.  For somebody
        who works for a body one query more."""
        scope = user.scope()
        if in_part := list(_shares(scope)):
            return self.filter(~Q(project__in=in_part) | Q(establishment__organisation_id__in=scope.bodies))
        return self

    def visible_to(self, user):
        """Those of the projects that a person sees whole, and his own establishments."""
        scope = user.scope()
        if not scope.bodies or scope.whole_country:
            return self
        own = Project.objects.visible_to(user).whole_to(user).order_by().values("pk")
        return self.filter(Q(establishment__organisation_id__in=scope.bodies) | Q(project__in=own))


class Beneficiary(Identified):
    """An establishment that a project helps.  In an open group project it comes later, by the department's approval."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="beneficiaries", verbose_name=_("đề án"))
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("cơ sở"))
    content = models.CharField(_("nội dung hỗ trợ"), max_length=400, blank=True)
    total = DongField(_("tổng đầu tư (đồng)"), default=0)
    national = DongField(_("KCQG (đồng)"), default=0)
    local = DongField(_("KCĐP (đồng)"), default=0)
    counterpart = DongField(_("đối ứng (đồng)"), default=0)
    other_support = models.CharField(
        _("hỗ trợ khác của Nhà nước cho cùng nội dung"), max_length=10, choices=OtherSupport, blank=True
    )
    other_support_told = models.CharField(_("đã nhận gì, từ nguồn nào"), max_length=300, blank=True)
    approved_on = models.DateField(_("ngày duyệt"), null=True, blank=True)
    paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản duyệt danh sách")
    )
    # by contracts, when its work was accepted
    accepted_on = models.DateField(_("ngày nghiệm thu"), null=True, blank=True)
    removed_on = models.DateField(_("ngày thôi thụ hưởng"), null=True, blank=True)

    objects = BeneficiaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("đơn vị thụ hưởng")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "establishment"],
                condition=Q(removed_on=None),
                name="projects_beneficiary_once",
                violation_error_message=_("Cơ sở này đã là đơn vị thụ hưởng của đề án."),
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0, national__gte=0, local__gte=0, counterpart__gte=0),
                name="projects_beneficiary_amounts_not_negative",
                violation_error_message=_("Số tiền không được âm."),
            ),
        ]

    def __str__(self):
        return str(self.establishment)

    @property
    def support(self) -> int:
        return self.national + self.local


class CostLine(models.Model):
    """One line of the estimate (Mẫu 1), with its four sources, in đồng."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="cost_lines", verbose_name=_("đề án"))
    beneficiary = models.ForeignKey(
        Beneficiary,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="cost_lines",
        verbose_name=_("đơn vị thụ hưởng"),
    )
    order = models.PositiveSmallIntegerField(_("thứ tự"))
    content = models.CharField(_("nội dung chi"), max_length=400)
    unit = models.CharField(_("đơn vị tính"), max_length=40, blank=True)
    quantity = models.DecimalField(_("số lượng"), max_digits=12, decimal_places=2, null=True, blank=True)
    unit_price = DongField(_("đơn giá (đồng)"), null=True, blank=True)
    national = DongField(_("KCQG (đồng)"), default=0)
    local = DongField(_("KCĐP (đồng)"), default=0)
    counterpart = DongField(_("đối ứng (đồng)"), default=0)
    other = DongField(_("nguồn khác (đồng)"), default=0)
    norm_line = models.CharField(_("dòng định mức"), max_length=40, blank=True)
    newness = models.CharField(_("máy mới hay đã qua sử dụng"), max_length=10, choices=Newness, blank=True)
    made_year = models.PositiveSmallIntegerField(
        _("năm sản xuất"), null=True, blank=True, validators=[MinValueValidator(1950), MaxValueValidator(2100)]
    )

    class Meta:
        verbose_name = _("dòng dự toán")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(national__gte=0, local__gte=0, counterpart__gte=0, other__gte=0),
                name="projects_cost_line_not_negative",
                violation_error_message=_("Số tiền không được âm."),
            )
        ]

    def __str__(self):
        return self.content

    @property
    def total(self) -> int:
        return self.national + self.local + self.counterpart + self.other


class OtherSource(models.Model):
    """“Nguồn khác” has a name: who gives, how much, by which paper."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="other_sources", verbose_name=_("đề án"))
    giver = models.CharField(_("bên cấp"), max_length=200)
    amount = DongField(_("số tiền (đồng)"))
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản"))

    class Meta:
        verbose_name = _("nguồn khác")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="projects_other_source_positive",
                violation_error_message=_("Số tiền phải lớn hơn 0."),
            )
        ]

    def __str__(self):
        return self.giver
