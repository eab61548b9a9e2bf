from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.budgets.models import Envelope
from khuyencong.councils.enums import Agreement
from khuyencong.establishments.models import Establishment
from khuyencong.norms.enums import ChangeKind, Level
from khuyencong.organisations.models import Organisation
from khuyencong.places.models import Unit
from khuyencong.plans import queries
from khuyencong.plans.enums import DecisionKind
from khuyencong.projects.models import Beneficiary
from khuyencong.web.common.forms import DayField, MoneyField, NumberField, PlaceForm, YearField
from khuyencong.web.common.papers import GivenPaper

ASKED = (
    "finance_department", "department", "other_department", "province_committee", "commune_committee",
    "treasury", "agency", "centre", "union",
)  # fmt: skip


class OpenForm(PlaceForm):
    commune_required = False
    level = forms.ChoiceField(label=gettext_lazy("Cấp kinh phí"), choices=Level)
    year = YearField(label=gettext_lazy("Năm kế hoạch"), low=2000, high=2100)

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, user=user, permission=Permission.PLAN_DRAFT, **options)
        self.fields["commune"].help_text = _("Chỉ chọn khi là kế hoạch cấp xã.")


class ApproveForm(GivenPaper):
    total = MoneyField(
        label=gettext_lazy("Tổng kinh phí hỗ trợ trong quyết định, đồng"),
        required=False,
        help_text=gettext_lazy("Ghi đúng số trong văn bản; hệ thống so với danh sách."),
    )


class ReasonForm(GivenPaper):
    reason = forms.CharField(label=gettext_lazy("Lý do"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ConfirmForm(GivenPaper):
    demands, paper_first = False, False


class RefuseForm(ReasonForm):
    demands, paper_first = False, False


class OpinionForm(forms.Form):
    body = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Cơ quan được hỏi"),
        empty_label=gettext_lazy("Chọn cơ quan"),
    )
    on = DayField(label=gettext_lazy("Ngày hỏi"), past=True)
    due_on = DayField(label=gettext_lazy("Hạn trả lời"))
    question = forms.CharField(
        label=gettext_lazy("Nội dung hỏi"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, province=None, **options):
        super().__init__(*args, **options)
        here = Q(place=province) | Q(place__province=province, kind="commune_committee")
        bodies = Organisation.objects.filter(here, kind__in=ASKED, ended_on=None)
        self.fields["body"].queryset = bodies.order_by("sort_key")


class AnswerForm(GivenPaper):
    demands, paper_first = False, False
    agreement = forms.ChoiceField(label=gettext_lazy("Kết luận"), choices=Agreement)
    answer = forms.CharField(label=gettext_lazy("Ý kiến"), required=False, widget=forms.Textarea(attrs={"rows": 4}))


class RankForm(forms.Form):
    """The working table: a line for each project, its place, its money in triệu đồng, whether it is taken in."""

    def __init__(self, *args, rows=(), envelopes=(), national=False, **options):
        super().__init__(*args, **options)
        self.rows, self.national = list(rows), national
        for source, label in (("national", _("Dự toán KCQG")), ("local", _("Dự toán KCĐP"))):
            fitting = [e for e in envelopes if e.is_national == (source == "national")]
            if len(fitting) > 1:
                self.fields[f"from_{source}"] = forms.ModelChoiceField(
                    Envelope.objects.filter(pk__in=[e.pk for e in fitting]),
                    label=label,
                    required=False,
                    empty_label=_("Giữ như đã ghi"),
                )
        for number, row in enumerate(self.rows, start=1):
            self._add(row, number)

    def _add(self, row, number):
        key, source = row.project.pk, row.item or row.project
        spoken = {"code": row.project.code}
        self.fields[f"in_{key}"] = forms.BooleanField(
            label=_("Đưa %(code)s vào danh sách") % spoken, required=False, initial=row.item is not None
        )
        self.fields[f"order_{key}"] = NumberField(
            label=_("Hạng của %(code)s") % spoken, whole=True, low=1, required=False, initial=number
        )
        for name in self.sources:
            self.fields[f"{name}_{key}"] = MoneyField(
                unit="million",
                label=_("Mức xếp của %(code)s") % spoken,
                required=False,
                initial=getattr(source, name),
            )

    @property
    def sources(self):
        return ("national", "local") if self.national else ("local",)

    @property
    def scored(self):
        """Whether the sheets of an appraisal scored any of them: only then there is a column for it."""
        return any(row.verdict is not None and row.verdict.scored for row in self.rows)

    @property
    def columns(self):
        return 6 + len(self.sources) + self.scored

    @property
    def choices(self):
        """The selects above the table, where there is something to choose."""
        return [self[name] for name in ("from_national", "from_local") if name in self.fields]

    @property
    def lines(self):
        """Each row with its bound fields, for the template."""
        return [
            {
                "row": row,
                "chosen": self[f"in_{row.project.pk}"],
                "order": self[f"order_{row.project.pk}"],
                "amounts": [(name, self[f"{name}_{row.project.pk}"]) for name in self.sources],
            }
            for row in self.rows
        ]

    def wanted(self):
        """What was arranged: (row, amounts by source), in the order of the numbers typed."""
        data, found = self.cleaned_data, []
        for place, row in enumerate(self.rows):
            key = row.project.pk
            if data.get(f"in_{key}"):
                amounts = {name: data.get(f"{name}_{key}") or 0 for name in self.sources}
                found.append((data.get(f"order_{key}") or 10**6, place, row, amounts))
        return [(row, amounts) for _order, _place, row, amounts in sorted(found, key=lambda one: one[:2])]


class ViolationForm(forms.Form):
    project = forms.ModelChoiceField(None, label=gettext_lazy("Đề án"), empty_label=gettext_lazy("Chọn đề án"))
    reason = forms.CharField(
        label=gettext_lazy("Sai phạm, yêu cầu không đáp ứng"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, projects=None, **options):
        super().__init__(*args, **options)
        self.fields["project"].queryset = projects


NOT_ASKED = (ChangeKind.ADD, ChangeKind.STOP_FOR_VIOLATION)


class ChangeForm(GivenPaper):
    """What the implementer asks to be changed; only what the kind needs is filled in."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Loại điều chỉnh"),
        choices=[(kind.value, kind.label) for kind in ChangeKind if kind not in NOT_ASKED],
    )
    reason = forms.CharField(label=gettext_lazy("Lý do"), widget=forms.Textarea(attrs={"rows": 3}))
    detail = forms.CharField(label=gettext_lazy("Nội dung đề nghị"), max_length=500, required=False)
    national = MoneyField(label=gettext_lazy("KCQG sau điều chỉnh, đồng"), required=False)
    local = MoneyField(label=gettext_lazy("KCĐP sau điều chỉnh, đồng"), required=False)
    counterpart = MoneyField(label=gettext_lazy("Đối ứng sau điều chỉnh, đồng"), required=False)
    ends_on = DayField(label=gettext_lazy("Thời hạn đề nghị"), required=False)
    new_commune = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Địa điểm đề nghị"),
        required=False,
        empty_label=gettext_lazy("Giữ nguyên"),
    )
    content = forms.CharField(
        label=gettext_lazy("Nội dung hoạt động mới"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    leaving = forms.ModelChoiceField(
        Beneficiary.objects.none(),
        label=gettext_lazy("Đơn vị thôi thụ hưởng"),
        required=False,
        empty_label=gettext_lazy("Không đổi"),
    )
    coming = forms.ModelChoiceField(
        Establishment.objects.none(),
        label=gettext_lazy("Cơ sở thay thế"),
        required=False,
        empty_label=gettext_lazy("Không đổi"),
    )
    partner = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Đơn vị phối hợp đề nghị"),
        required=False,
        empty_label=gettext_lazy("Không đổi"),
    )

    paper_first = False
    WHAT = ("kind", "reason", "detail")
    MONEY = ("national", "local", "counterpart")
    REST = ("ends_on", "new_commune", "content", "leaving", "coming", "partner")

    def __init__(self, *args, project=None, **options):
        super().__init__(*args, **options)
        communes = Unit.objects.current().communes().filter(province_id=project.province_id)
        self.fields["new_commune"].queryset = communes.order_by("sort_key")
        self.fields["leaving"].queryset = project.beneficiaries.filter(removed_on=None).select_related("establishment")
        near = Establishment.objects.active().filter(commune_id=project.commune_id, closed_on=None)
        self.fields["coming"].queryset = near.order_by("sort_key")
        partners = Organisation.objects.filter(
            Q(place_id=project.province_id) | Q(place__province_id=project.province_id), ended_on=None
        ).filter(kind__in=("centre", "school", "union", "provider", "institute", "department", "commune_committee"))
        self.fields["partner"].queryset = partners.order_by("sort_key")

    def values(self):
        return {name: self.cleaned_data[name] for name in (*self.WHAT, *self.MONEY, *self.REST)}


class DraftForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Loại quyết định"), choices=DecisionKind)


class DayForm(forms.Form):
    ngay = DayField(label=gettext_lazy("Kế hoạch nói gì ngày"), required=False)


class TermsForm(forms.Form):
    """What every alternative must keep: a question by GET.  One choice for each project, one ceiling for each activity, one
    floor for each commune that the requests name."""

    MUST = [("", _("tự do")), ("fund", _("phải chọn")), ("refuse", _("không chọn"))]

    def __init__(self, *args, requests, **options):
        super().__init__(*args, **options)
        self.requests = requests
        self.activities = {c.project.activity: c.project.get_activity_display() for c in requests}
        self.places = {c.project.commune_id: str(c.project.commune) for c in requests if c.project.commune_id}
        for candidate in requests:
            code = candidate.project.code
            self.fields[f"bat-{code}"] = forms.ChoiceField(label=code, choices=self.MUST, required=False)
            self.fields[f"tay-{code}"] = forms.BooleanField(
                label=_("Tự chọn %(code)s") % {"code": code}, required=False
            )
        for activity, label in sorted(self.activities.items()):
            self.fields[f"tran-{activity}"] = MoneyField(label=label, unit="million", required=False)
        for place, label in sorted(self.places.items(), key=lambda pair: pair[1]):
            self.fields[f"san-{place}"] = MoneyField(label=label, unit="million", required=False)

    def ceilings(self):
        return [self[f"tran-{activity}"] for activity in sorted(self.activities)]

    def floors(self):
        return [self[f"san-{place}"] for place, _label in sorted(self.places.items(), key=lambda pair: pair[1])]

    def lines(self):
        return [
            {"candidate": c, "must": self[f"bat-{c.project.code}"], "hand": self[f"tay-{c.project.code}"]}
            for c in self.requests
        ]

    def terms(self) -> queries.Terms:
        data = self.cleaned_data
        codes = [candidate.project.code for candidate in self.requests]
        return queries.Terms(
            fund=frozenset(code for code in codes if data.get(f"bat-{code}") == "fund"),
            refuse=frozenset(code for code in codes if data.get(f"bat-{code}") == "refuse"),
            ceilings={a: data[f"tran-{a}"] for a in self.activities if data.get(f"tran-{a}") is not None},
            floors={name: data[f"san-{p}"] for p, name in self.places.items() if data.get(f"san-{p}")},
            hand=frozenset(code for code in codes if data.get(f"tay-{code}")),
        )
