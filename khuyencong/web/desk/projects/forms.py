import re

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.base.money import dong
from khuyencong.base.text import fold
from khuyencong.establishments.enums import Sector
from khuyencong.establishments.models import Establishment
from khuyencong.needs.enums import NeedState
from khuyencong.needs.models import Need
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Level, ProjectForm, ProjectKind
from khuyencong.organisations.models import Organisation
from khuyencong.projects.enums import Activity, Newness, OtherSupport, Rule
from khuyencong.web.common.forms import DayField, MoneyField, NumberField, PlaceForm, YearField
from khuyencong.web.common.papers import GivenPaper
from khuyencong.web.common.searched import search_in

PARTNERS = ("commune_committee", "department", "centre", "school", "union", "provider", "institute", "other")


def implementers_of(user):
    """The bodies for which this person may write a file: where he works, or the body of his mandate."""
    own = set()
    for mandate in user.mandates_today:
        own |= {mandate.employer_id, mandate.organisation_id} - {None}
    return Organisation.objects.filter(pk__in=own, ended_on=None).order_by("sort_key")


def line_choices():
    return [("", _("Chưa chọn")), *norms.support_lines().values_list("code", "name")]


class ProjectForm(PlaceForm):
    """What a file says of itself."""

    commune_required = False
    title = forms.CharField(label=gettext_lazy("Tên đề án"), max_length=400)
    level = forms.ChoiceField(label=gettext_lazy("Cấp quản lý"), choices=Level)
    form = forms.ChoiceField(label=gettext_lazy("Hình thức"), choices=ProjectForm)
    kind = forms.ChoiceField(
        label=gettext_lazy("Dạng đề án"),
        choices=[("", gettext_lazy("Chọn dạng đề án")), *ProjectKind.choices],
        help_text=gettext_lazy("Dạng đề án quyết định hồ sơ, tỷ lệ tạm ứng và nhóm hoạt động."),
    )
    year = forms.IntegerField(label=gettext_lazy("Năm kế hoạch"), min_value=2000, max_value=2100)
    starts_on = DayField(label=gettext_lazy("Bắt đầu"), required=False)
    ends_on = DayField(label=gettext_lazy("Kết thúc"), required=False)
    implementer = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Đơn vị thực hiện"))
    sector = forms.ChoiceField(
        label=gettext_lazy("Ngành nghề (Điều 5)"),
        choices=[("", gettext_lazy("Không ghi")), *Sector.choices],
        required=False,
    )
    norm_line = forms.ChoiceField(label=gettext_lazy("Dòng định mức"), choices=(), required=False)
    machine_type = forms.CharField(
        label=gettext_lazy("Loại máy móc, thiết bị"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Đề án nhóm máy móc phải nêu ngay khi thẩm định."),
    )
    place_text = forms.CharField(label=gettext_lazy("Địa điểm như ghi trên hồ sơ"), max_length=300, required=False)
    content = forms.CharField(
        label=gettext_lazy("Nội dung, quy mô"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    partners = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Đơn vị phối hợp"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    needs = forms.ModelMultipleChoiceField(
        Need.objects.none(),
        label=gettext_lazy("Nhu cầu đã đăng ký"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Những nhu cầu đã được đưa vào kế hoạch; xã và cơ sở theo dõi được đến khi có tiền."),
    )
    also = forms.MultipleChoiceField(
        label=gettext_lazy("Nhóm hoạt động khác (chỉ đề án điểm)"),
        choices=Activity,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    first_year = forms.CharField(
        label=gettext_lazy("Hoạt động của năm đầu (chỉ đề án điểm)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order = (
        "title",
        "level",
        "form",
        "kind",
        "year",
        "starts_on",
        "ends_on",
        "implementer",
        "province",
        "commune",
    )

    def __init__(self, *args, user=None, project=None, **options):
        super().__init__(*args, user=user, **options)
        self.fields["implementer"].queryset = implementers_of(user)
        self.fields["norm_line"].choices = line_choices()
        here = user.scope()
        self.fields["partners"].queryset = (
            Organisation.objects.filter(kind__in=PARTNERS, ended_on=None)
            .filter(Q(place_id__in=here.provinces) | Q(place__province_id__in=here.provinces))
            .order_by("sort_key")
        )
        mine = Q(state=NeedState.PLANNED)
        if project is not None:
            mine |= Q(pk__in=project.needs.values("pk"))
        self.fields["needs"].queryset = Need.objects.visible_to(user).filter(mine).order_by("-call__year", "folded")
        search_in(self, "partners")
        search_in(self, "needs")
        if project is not None:
            own = Q(pk__in=self.fields["implementer"].queryset.values("pk")) | Q(pk=project.implementer_id)
            self.fields["implementer"].queryset = Organisation.objects.filter(own).order_by("sort_key")
        only = list(self.fields["implementer"].queryset[:2])
        if len(only) == 1:
            self.initial.setdefault("implementer", only[0].pk)

    def clean_also(self):
        return ",".join(self.cleaned_data["also"])

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("Ngày kết thúc không được trước ngày bắt đầu."))
        return cleaned


class PartsForm(forms.Form):
    """The eight parts together; each is saved by itself while it is typed."""

    def __init__(self, *args, parts=(), **options):
        super().__init__(*args, **options)
        for part, text in parts:
            self.fields[f"part_{part.value}"] = forms.CharField(
                label=f"{part.value}. {part.label}",
                required=False,
                initial=text,
                widget=forms.Textarea(attrs={"rows": 6, "data-kc-part": part.value}),
            )
            self.fields[f"part_{part.value}"].silent = True


TOTAL_LINE = re.compile(r"(tong )?cong|tong( so| kinh phi)?")


class LineForm(forms.Form):
    """One row of the estimate; money in đồng."""

    content = forms.CharField(
        label=gettext_lazy("Nội dung chi"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 1})
    )
    unit = forms.CharField(label=gettext_lazy("Đơn vị"), max_length=40, required=False)
    quantity = NumberField(label=gettext_lazy("Số lượng"), required=False)
    unit_price = MoneyField(label=gettext_lazy("Đơn giá"), required=False)
    national = MoneyField(label=gettext_lazy("KCQG"), required=False)
    local = MoneyField(label=gettext_lazy("KCĐP"), required=False)
    counterpart = MoneyField(label=gettext_lazy("Đối ứng"), required=False)
    other = MoneyField(label=gettext_lazy("Nguồn khác"), required=False)
    newness = forms.ChoiceField(
        label=gettext_lazy("Máy mới hay đã qua sử dụng"),
        choices=[("", gettext_lazy("Chưa ghi")), *Newness.choices],
        required=False,
    )
    made_year = YearField(label=gettext_lazy("Năm sản xuất"), required=False, low=1950)
    beneficiary = forms.ModelChoiceField(
        None, label=gettext_lazy("Đơn vị thụ hưởng"), required=False, empty_label=gettext_lazy("Chung")
    )

    def __init__(self, *args, beneficiaries=None, machines=True, **options):
        super().__init__(*args, **options)
        self.fields["beneficiary"].queryset = beneficiaries
        if not machines:
            del self.fields["newness"], self.fields["made_year"]
        for field in self.fields.values():
            field.in_words = False

    def clean(self):
        cleaned = super().clean()
        asked = sum(cleaned.get(source) or 0 for source in ("national", "local", "counterpart", "other"))
        if asked and not cleaned.get("content", "").strip() and "content" not in self.errors:
            self.add_error("content", _("Ghi nội dung chi."))
        if TOTAL_LINE.fullmatch(fold(cleaned.get("content", "")).strip(" :.")):
            self.add_error("content", _("Dòng tổng không phải dòng chi: hãy xoá dòng này, tổng được cộng tự động."))
        return cleaned


MOST_LINES = 500
EstimateSet = forms.formset_factory(LineForm, extra=3, max_num=MOST_LINES, absolute_max=MOST_LINES)


class GiverForm(forms.Form):
    giver = forms.CharField(label=gettext_lazy("Bên cấp"), max_length=200, required=False)
    amount = MoneyField(label=gettext_lazy("Số tiền (đồng)"), required=False)


GiverSet = forms.formset_factory(GiverForm, extra=2, max_num=20, absolute_max=20)


class BeneficiaryForm(forms.Form):
    """An establishment and what it is given; found by tax code or name within the places of the person."""

    find = forms.CharField(
        label=gettext_lazy("Tên hoặc mã số thuế của cơ sở"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Gõ một phần tên, có dấu hoặc không, rồi bấm “Tìm cơ sở”."),
    )
    establishment = forms.ModelChoiceField(
        Establishment.objects.none(), label=gettext_lazy("Cơ sở"), empty_label=gettext_lazy("Chọn cơ sở")
    )
    content = forms.CharField(label=gettext_lazy("Nội dung hỗ trợ"), max_length=400, required=False)
    total = MoneyField(label=gettext_lazy("Tổng đầu tư (đồng)"), required=False)
    national = MoneyField(label=gettext_lazy("KCQG (đồng)"), required=False)
    local = MoneyField(label=gettext_lazy("KCĐP (đồng)"), required=False)
    counterpart = MoneyField(label=gettext_lazy("Đối ứng (đồng)"), required=False)
    other_support = forms.ChoiceField(
        label=gettext_lazy("Hỗ trợ khác của Nhà nước cho cùng nội dung"),
        choices=[("", gettext_lazy("Chưa khai")), *OtherSupport.choices],
        required=False,
        help_text=gettext_lazy("Theo cam kết của cơ sở."),
    )
    other_support_told = forms.CharField(label=gettext_lazy("Đã nhận gì, từ nguồn nào"), max_length=300, required=False)

    def __init__(self, *args, user=None, project=None, fixed=False, **options):
        super().__init__(*args, **options)
        if fixed:
            del self.fields["find"], self.fields["establishment"]
            return
        from khuyencong.base.text import fold

        typed = fold((self.data.get("find") or "").strip()) if self.is_bound else ""
        here = Establishment.objects.visible_to(user).active().filter(province=project.province)
        if typed:
            found = here.filter(Q(folded__contains=typed) | Q(tax_code=typed))
        elif project.commune_id:
            found = here.filter(commune=project.commune)
        else:
            found = here.none()
        chosen = self.data.get("establishment", "") if self.is_bound else str(self.initial.get("establishment") or "")
        keys = list(found.order_by("sort_key").values_list("pk", flat=True)[:50])
        if chosen.isdecimal() and here.filter(pk=chosen).exists():
            keys.append(int(chosen))
        self.fields["establishment"].queryset = here.filter(pk__in=keys).select_related("commune").order_by("sort_key")

    def values(self):
        """What is said of the beneficiary, empty amounts as nothing."""
        told = {name: self.cleaned_data[name] for name in ("content", "other_support", "other_support_told")}
        return told | {name: self.cleaned_data[name] or 0 for name in ("total", "national", "local", "counterpart")}


class StepForm(GivenPaper):
    """A step: the paper it rests on, the legal day, the reason where one is due."""

    ASKED = ("number", "signed_on", "signer")
    reason = forms.CharField(
        label=gettext_lazy("Lý do, nội dung phải bổ sung"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = DayField(label=gettext_lazy("Hạn bổ sung, đến hết ngày"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Ghi chú"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, with_reason=False, with_note=False, until=None, **options):
        """``until``: what the law says of the day by which a file sent back must be whole."""
        super().__init__(*args, **options)
        if until is None:
            del self.fields["due_on"]
        elif until.default is not None:
            self.fields["due_on"].help_text = _("Bỏ trống thì lấy hạn theo quy định.")
        else:
            self.fields["due_on"].silent = True  # the act asks for it, in a sentence
        if not with_reason:
            del self.fields["reason"]
        if not with_note:
            del self.fields["note"]


class SharesForm(StepForm):
    """What each of those who are helped gets, an amount a source; where he has nothing, nothing is asked."""

    def __init__(self, *args, helped, **options):
        super().__init__(*args, **options)
        self.asked = [(b, source) for b in helped for source in ("national", "local") if getattr(b, source)]
        for b, source in self.asked:
            named = _("KCQG") if source == "national" else _("KCĐP")
            label = _("%(name)s: %(source)s, đồng") % {"name": b, "source": named}
            amount = getattr(b, source)
            told = _("Nay là %(amount)s đồng.") % {"amount": dong(amount)}
            self.fields[f"{source}_{b.pk}"] = MoneyField(label=label, initial=amount, help_text=told)

    def shares(self) -> dict:
        found: dict = {}
        for b, source in self.asked:
            found.setdefault(b, {})[source] = self.cleaned_data[f"{source}_{b.pk}"]
        return found


class ClearForm(forms.Form):
    rule = forms.ChoiceField(choices=Rule, widget=forms.HiddenInput)
    subject = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Lý do chấp nhận ngoại lệ"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Ghi căn cứ. Người kiểm toán đọc được dòng này cùng tên của bạn."),
    )


class WaiveForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Lý do không áp dụng"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class PutForm(GivenPaper):
    """A paper for one line of the checklist; an old one may have no number and no name under it."""

    ASKED, legal_day_apart, on = ("signed_on",), False, None
    abstract = forms.CharField(label=gettext_lazy("Trích yếu"), max_length=500, required=False)

    def clean(self):
        cleaned = forms.Form.clean(self)
        if not cleaned.get("existing") and not cleaned.get("signed_on") and not self.errors:
            self.add_error("signed_on", _("Ghi ngày ký, hoặc chọn văn bản đã ghi nhận."))
        return cleaned


def may_edit(user, project) -> bool:
    """Whether the page offers the editors: the file is open and this person writes for its implementer."""
    return project.is_open_to_change and user.may(
        Permission.PROJECT_DRAFT, place=project.place, body=project.implementer
    )
