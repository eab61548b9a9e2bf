from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.base.text import sort_key
from khuyencong.budgets.models import Envelope
from khuyencong.establishments.models import Establishment
from khuyencong.norms.enums import ChangeKind, Level
from khuyencong.organisations.models import Organisation
from khuyencong.places.models import Unit
from khuyencong.plans.enums import OF_GROUP, TermKind
from khuyencong.plans.models import Term
from khuyencong.projects.models import Beneficiary
from khuyencong.web.common.forms import DayField, MoneyField, NumberField, PlaceForm, YearField
from khuyencong.web.common.papers import GivenPaper
from khuyencong.web.common.searched import search_in


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
        helped = project.beneficiaries.filter(removed_on=None)
        self.fields["leaving"].queryset = helped.select_related("establishment")
        near = Q(commune=project.commune_id) | Q(commune__in=helped.values("establishment__commune"))
        here = Establishment.objects.active().filter(near, province=project.province_id, closed_on=None)
        self.fields["coming"].queryset = here.exclude(commune=None).order_by("sort_key")
        partners = Organisation.objects.filter(
            Q(place_id=project.province_id) | Q(place__province_id=project.province_id), ended_on=None
        ).filter(kind__in=("centre", "school", "union", "provider", "institute", "department", "commune_committee"))
        self.fields["partner"].queryset = partners.order_by("sort_key")
        for name in ("coming", "partner"):
            search_in(self, name)

    def values(self):
        return {name: self.cleaned_data[name] for name in (*self.WHAT, *self.MONEY, *self.REST)}


class DayForm(forms.Form):
    ngay = DayField(label=gettext_lazy("Kế hoạch nói gì ngày"), required=False)


class TermsForm(forms.Form):
    """What every alternative must keep: a line for each project (must, why, the list by hand), and lines of ceilings and
    floors, each of one group that the requests name; empty lines are there to be filled."""

    MUST = [
        ("", gettext_lazy("tự do")),
        (TermKind.FUND, gettext_lazy("phải chọn")),
        (TermKind.REFUSE, gettext_lazy("không chọn")),
    ]
    SIDES = [(kind, kind.label) for kind in OF_GROUP]
    EMPTY, MOST = 2, 200  # lines to be filled; lines that are read

    def __init__(self, *args, requests, terms=(), **options):
        super().__init__(*args, **options)
        self.requests, self.terms = requests, terms
        listed = {candidate.project.pk for candidate in requests}
        self.gone = [term for term in terms if term.project_id and term.project_id not in listed]
        of_project = {(term.kind, term.project_id): term for term in terms}
        for candidate in requests:
            self._add_project(candidate.project, of_project)
        self.limits = [term for term in terms if term.kind in OF_GROUP]
        groups = _named_groups(requests, self.limits)
        for number in range(self._count()):
            self._add_limit(number, self.limits[number] if number < len(self.limits) else None, groups)
        for term in self.gone:
            label = _("Bỏ điều kiện: %(term)s") % {"term": term.told}
            self.fields[f"bo-{term.pk}"] = forms.BooleanField(label=label, required=False)

    def _count(self) -> int:
        if self.is_bound:
            return min(sum(name.startswith("nhom-") for name in self.data), self.MOST)
        return len(self.limits) + self.EMPTY

    def _add_project(self, project, of_project):
        key, code = project.pk, {"code": project.code}
        must = of_project.get((TermKind.FUND, key)) or of_project.get((TermKind.REFUSE, key))
        self.fields[f"bat-{key}"] = forms.ChoiceField(
            label=_("Bắt buộc với %(code)s") % code,
            choices=self.MUST,
            required=False,
            initial=must.kind if must else "",
        )
        self.fields[f"vi-{key}"] = forms.CharField(
            label=_("Lý do với %(code)s") % code,
            max_length=300,
            required=False,
            initial=must.reason if must else "",
            widget=forms.TextInput(attrs={"placeholder": _("lý do"), "autocomplete": "off"}),
        )
        self.fields[f"tay-{key}"] = forms.BooleanField(
            label=_("Tự chọn %(code)s") % code, required=False, initial=(TermKind.HAND, key) in of_project
        )

    def _add_limit(self, number, term, groups):
        self.fields[f"nhom-{number}"] = forms.ChoiceField(
            label=_("Nhóm của dòng %(number)s") % {"number": number + 1},
            choices=[("", _("Chọn nhóm, địa bàn, ngành nghề")), *groups],
            required=False,
            error_messages={"invalid_choice": _("Nhóm này không còn trong danh sách đề án. Hãy chọn lại.")},
            initial=":".join(term.group) if term else "",
        )
        self.fields[f"muc-{number}"] = forms.ChoiceField(
            label=_("Giới hạn của dòng %(number)s") % {"number": number + 1},
            choices=self.SIDES,
            required=False,
            initial=term.kind if term else TermKind.CEILING,
        )
        self.fields[f"tien-{number}"] = MoneyField(
            label=_("Số tiền của dòng %(number)s, triệu đồng") % {"number": number + 1},
            unit="million",
            required=False,
            initial=term.amount if term else None,
        )

    @property
    def bounds(self):
        return [
            {"group": self[f"nhom-{n}"], "side": self[f"muc-{n}"], "amount": self[f"tien-{n}"]}
            for n in range(self._count())
        ]

    @property
    def lines(self):
        return [
            {
                "candidate": c,
                "must": self[f"bat-{c.project.pk}"],
                "reason": self[f"vi-{c.project.pk}"],
                "hand": self[f"tay-{c.project.pk}"],
            }
            for c in self.requests
        ]

    @property
    def left_behind(self):
        """Terms of projects that are no longer in the list, with the box that ends each."""
        return [self[f"bo-{term.pk}"] for term in self.gone]

    def clean(self):
        data = super().clean()
        if any(name.startswith("bat-") and self.data[name] and name not in self.fields for name in self.data):
            self.add_error(None, _("Danh sách đề án đã thay đổi từ khi mở trang. Hãy xem lại điều kiện rồi bấm lại."))
        for candidate in self.requests:
            key = candidate.project.pk
            if data.get(f"bat-{key}") and f"vi-{key}" in data and not data[f"vi-{key}"].strip():
                self.add_error(f"vi-{key}", _("Ghi lý do của điều kiện bắt buộc."))
        for number in range(self._count()):
            group, amount = data.get(f"nhom-{number}"), data.get(f"tien-{number}")
            if group and amount is None and f"tien-{number}" in data:
                self.add_error(f"tien-{number}", _("Ghi số tiền, hoặc bỏ chọn nhóm của dòng này."))
            if amount is not None and group == "":
                self.add_error(f"nhom-{number}", _("Chọn nhóm mà số tiền này giới hạn."))
        return data

    def wanted(self) -> list[Term]:
        """The terms as they were filled in, not saved; those of projects that left the list stay unless ended."""
        data = self.cleaned_data
        found = [term for term in self.gone if not data.get(f"bo-{term.pk}")]
        for candidate in self.requests:
            project = candidate.project
            if kind := data.get(f"bat-{project.pk}"):
                found.append(Term(kind=kind, project=project, reason=" ".join(data[f"vi-{project.pk}"].split())))
            if data.get(f"tay-{project.pk}"):
                found.append(Term(kind=TermKind.HAND, project=project))
        units = Unit.objects.in_bulk(
            [int(key) for n in range(self._count()) for name, key in [_group(data.get(f"nhom-{n}"))] if name == "unit"]
        )
        for number in range(self._count()):
            name, key = _group(data.get(f"nhom-{number}"))
            if not name:
                continue
            value = {"unit": units.get(int(key))} if name == "unit" else {name: key if name == "sector" else int(key)}
            found.append(Term(kind=data[f"muc-{number}"] or TermKind.CEILING, amount=data[f"tien-{number}"], **value))
        return found


def _group(chosen) -> tuple[str, str]:
    name, _colon, key = (chosen or "").partition(":")
    return name, key


def _named_groups(requests, limits):
    """The groups that may be limited, as a select shows them: those of the requests, and those that are limited already."""
    communes = {str(candidate.project.commune_id) for candidate in requests}
    named = {group: name for candidate in requests for group, name in candidate.groups.items()}
    named |= {term.group: term.about for term in limits}
    kinds = {
        _("Nhóm hoạt động"): lambda name, key: name == "activity",
        _("Xã, phường"): lambda name, key: name == "unit" and key in communes,
        _("Huyện trước 01/7/2025, địa bàn khác"): lambda name, key: name == "unit" and key not in communes,
        _("Ngành nghề"): lambda name, key: name == "sector",
    }
    found = []
    for label, belongs in kinds.items():
        own = [(f"{name}:{key}", told) for (name, key), told in named.items() if belongs(name, key)]
        if own:
            found.append((label, sorted(own, key=lambda pair: sort_key(pair[1]))))
    return found
