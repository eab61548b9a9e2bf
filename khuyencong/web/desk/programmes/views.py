from django import forms as django_forms
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.documents.enums import PaperKind
from khuyencong.plans import operations, queries
from khuyencong.plans.models import Programme
from khuyencong.plans.operations import Aim
from khuyencong.web.common import lists
from khuyencong.web.common.doors import for_holders, for_those_here
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import act, bind, reads, step
from khuyencong.web.desk.programmes import forms

COLUMNS = (
    lists.Column(
        "title",
        gettext_lazy("Chương trình"),
        url=lists.page("programmes:page"),
        small=lambda programme: programme.province or _("cả nước"),
    ),
    lists.Column("first_year", gettext_lazy("Từ năm"), sort="first_year"),
    lists.Column("last_year", gettext_lazy("Đến năm"), sort="last_year"),
    lists.Column("paper", gettext_lazy("Quyết định")),
    lists.Column("national", gettext_lazy("KCQG dự kiến"), kind="million"),
    lists.Column("local", gettext_lazy("KCĐP dự kiến, triệu đồng"), kind="million"),
)


@reads
def programme_list(request):
    acts = []
    if request.user.holds(Permission.PLAN_DRAFT):
        acts.append(lists.Act(_("Ghi nhận chương trình"), reverse("programmes:record")))
    return lists.answer(
        request,
        Programme.objects.visible_to(request.user).select_related("province", "paper"),
        columns=COLUMNS,
        order=("-first_year", "level", "pk"),
        name="chuong-trinh",
        title=_("Chương trình khuyến công"),
        sub=_("Chương trình năm năm và chỉ tiêu; kết quả tính từ các đề án được phê duyệt."),
        unit=_("chương trình"),
        empty=_("Chưa có chương trình nào. Ghi nhận quyết định phê duyệt chương trình để bắt đầu.")
        if acts
        else _("Chưa có chương trình nào trong địa bàn của bạn."),
        acts=acts,
    )


def _found(request, pk) -> Programme:
    return get_object_or_404(Programme.objects.visible_to(request.user).select_related("province", "paper"), pk=pk)


@reads
def page(request, pk):
    programme = _found(request, pk)
    return render(
        request,
        "desk/programmes/page.html",
        {
            "programme": programme,
            "results": queries.results(programme),
            "may_edit": request.user.may(Permission.PLAN_DRAFT, place=programme.province),
        },
    )


@step
def record(request):
    for_holders(request.user, Permission.PLAN_DRAFT)
    year = request.frame.year
    initial = {"province": request.frame.province_id, "first_year": str(year), "last_year": str(year + 4)}
    form = bind(forms.ProgrammeForm, request, user=request.user, initial=initial)

    def do(data):
        paper = signed_paper(form, kind=PaperKind.PROGRAMME_DECISION, by=request.user, province=data["province"])
        names = ("level", "title", "first_year", "last_year", "province", "national", "local")
        return operations.record_programme(**{name: data[name] for name in names}, by=request.user, paper=paper)

    return step_page(
        request,
        form,
        do,
        trail=[(_("Chương trình"), reverse("programmes:list"))],
        title=_("Ghi nhận chương trình"),
        sub=_("Chương trình khuyến công năm năm theo quyết định phê duyệt; chỉ tiêu ghi ở bước sau."),
        button=_("Ghi nhận chương trình"),
        template="desk/programmes/record.html",
        to=lambda programme: reverse("programmes:targets", args=[programme.pk]),
        done=_("Đã ghi nhận chương trình; hãy ghi các chỉ tiêu."),
    )


class _Empty(django_forms.Form):
    """The refusals of the whole; the lines are a formset."""


@step
def targets(request, pk):
    programme = _found(request, pk)
    for_those_here(request.user, Permission.PLAN_DRAFT, place=programme.province)
    known = [
        {name: getattr(target, name) for name in ("indicator", "unit", "measure", "source", "verified")}
        | {"value": target.plain}
        for target in programme.targets.all()
    ]
    posted = request.POST if request.method == "POST" else None
    rows = forms.TargetFormSet(posted, initial=known)
    form = bind(_Empty, request)
    if request.method == "POST" and not rows.is_valid():
        form.add_error(None, _("Có dòng chưa đúng, xem dưới từng ô."))

    def do(_data):
        aims = [Aim(**row.cleaned_data) for row in rows if row.cleaned_data.get("indicator")]
        return operations.set_targets(programme, aims=aims, by=request.user)

    return act(
        request,
        form,
        do,
        template="desk/programmes/targets.html",
        context={"programme": programme, "rows": rows, "back": reverse("programmes:page", args=[pk])},
        to=reverse("programmes:page", args=[pk]),
        done=_("Đã ghi các chỉ tiêu."),
    )
