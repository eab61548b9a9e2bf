from django import forms
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.base.money import dong
from khuyencong.budgets.models import Envelope
from khuyencong.norms.enums import Level
from khuyencong.organisations.models import Organisation
from khuyencong.projects.models import Project
from khuyencong.web.common.forms import MoneyField, PlaceForm, YearField
from khuyencong.web.common.papers import GivenPaper
from khuyencong.web.common.searched import search_in

HOLDERS = ("department", "centre", "agency", "commune_committee", "province_committee")


class LedgerPaper(GivenPaper):
    """The paper that moves money."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["on"].label = _("Ngày ghi sổ")


class DecisionForm(LedgerPaper, PlaceForm):
    """Quyết định giao dự toán."""

    commune_required = False
    level = forms.ChoiceField(label=gettext_lazy("Cấp kinh phí"), choices=Level)
    year = YearField(label=gettext_lazy("Năm ngân sách"), low=2000, high=2100)
    holder = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Đơn vị được giao"), empty_label=gettext_lazy("Chọn đơn vị")
    )
    name = forms.CharField(
        label=gettext_lazy("Tên nguồn"),
        max_length=200,
        help_text=gettext_lazy("Cùng tên, năm và đơn vị thì cộng vào nguồn đã mở."),
    )
    amount = MoneyField(
        label=gettext_lazy("Số tiền, đồng"), low=-(10**15), help_text=gettext_lazy("Quyết định giảm thì ghi số âm.")
    )
    chapter = forms.CharField(label=gettext_lazy("Chương"), max_length=3, required=False)
    category = forms.CharField(label=gettext_lazy("Loại"), max_length=3, required=False)
    clause = forms.CharField(label=gettext_lazy("Khoản"), max_length=3, required=False)

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, user=user, permission=_money_permission(user), **options)
        scope = user.scope(_money_permission(user))
        holders = Organisation.objects.filter(kind__in=HOLDERS, ended_on=None).order_by("sort_key")
        if not scope.whole_country:
            provinces = Q(place_id__in=scope.provinces) | Q(place__province_id__in=scope.provinces)
            holders = holders.filter(provinces | Q(place_id__in=scope.communes))
        self.fields["holder"].queryset = holders
        self.fields["province"].required = not scope.whole_country
        if scope.whole_country:
            self.fields["province"].empty_label = _("Không (kinh phí của Cục)")
        self.fields["commune"].help_text = _("Chỉ chọn khi là kinh phí cấp xã.")
        self.fields["commune"].silent = True
        own = {mandate.employer_id or mandate.organisation_id for mandate in user.mandates_today}
        self.initial.setdefault("holder", holders.filter(pk__in=own - {None}).first())
        search_in(self, "holder")


def _money_permission(user):
    return Permission.BUDGET_RECORD if user.holds(Permission.BUDGET_RECORD) else Permission.PAPER_RECORD


class AmountForm(LedgerPaper):
    amount = MoneyField(label=gettext_lazy("Số tiền, đồng"), low=1)
    note = forms.CharField(label=gettext_lazy("Diễn giải"), max_length=300, required=False)


class ManageForm(AmountForm):
    project = forms.ModelChoiceField(
        Project.objects.none(),
        label=gettext_lazy("Đề án"),
        required=False,
        empty_label=gettext_lazy("Của đơn vị được giao dự toán"),
        help_text=gettext_lazy("Chọn đề án nếu là chi phí quản lý của đơn vị thực hiện."),
    )

    def __init__(self, *args, projects=None, **options):
        super().__init__(*args, **options)
        self.fields["project"].queryset = projects


class CarryForm(LedgerPaper):
    to = forms.ModelChoiceField(
        Envelope.objects.none(), label=gettext_lazy("Chuyển sang dự toán"), empty_label=gettext_lazy("Chọn dự toán")
    )
    project = forms.ModelChoiceField(
        Project.objects.none(),
        label=gettext_lazy("Đề án"),
        required=False,
        empty_label=gettext_lazy("Phần chưa phân bổ"),
        help_text=gettext_lazy("Chuyển cả cam kết và số đã tạm ứng chưa quyết toán của đề án."),
    )
    amount = MoneyField(
        label=gettext_lazy("Số tiền, đồng"),
        low=1,
        required=False,
        help_text=gettext_lazy("Bỏ trống thì chuyển toàn bộ phần còn lại."),
    )

    def __init__(self, *args, targets=None, projects=None, left=None, **options):
        super().__init__(*args, **options)
        self.fields["to"].queryset = targets
        self.fields["project"].queryset = projects
        self.fields["project"].label_from_instance = lambda project: _left_of(left[project.pk])


def _left_of(item) -> str:
    """A project of the list with what it still has in the ledger that ends."""
    told = _("%(code)s, còn %(left)s đồng, trong đó đã tạm ứng %(paid)s đồng: %(title)s")
    facts = {"code": item.project.code, "left": dong(item.amount), "paid": dong(item.paid)}
    return told % {**facts, "title": Truncator(item.project.title).chars(60)}


class ReverseForm(LedgerPaper):
    reason = forms.CharField(label=gettext_lazy("Lý do"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
