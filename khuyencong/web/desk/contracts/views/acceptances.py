"""Acceptance of the whole or of one establishment."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.base.money import million
from khuyencong.contracts import operations, queries
from khuyencong.contracts.enums import SeatRole
from khuyencong.contracts.models import Acceptance, AcceptanceSeat, SupportContract
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.operations import record_paper
from khuyencong.norms.enums import Act, Ground
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.queries import authority_over
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.contracts import forms
from khuyencong.web.desk.contracts.seats import bodies
from khuyencong.web.desk.contracts.views.shared import (
    beneficiary_of,
    guard,
    of_law,
    page_of,
    paper_of,
    project_of,
    step_page,
)


@step
def accept(request, pk, who=None):
    project = project_of(request, pk)
    guard(request, project, P.ACCEPT)
    if who is None and request.method != "POST" and (waiting := queries.not_yet_accepted(project)):
        # whom to accept is chosen on the contract's page, unless only one is left
        one = reverse("contracts:accept_one", args=[project.pk, waiting[0].pk])
        return redirect(one if len(waiting) == 1 else page_of(project))
    beneficiary = beneficiary_of(project, who) if who else None
    contract = SupportContract.objects.filter(beneficiary=beneficiary).first() if beneficiary else None
    form = bind(
        forms.AcceptForm,
        request,
        project=project,
        beneficiary=beneficiary,
        initial=_usual_acceptance(request.user, project, beneficiary, contract),
    )

    def do(data):
        paper = paper_of(request, project, form)
        names = ("place", "state_volume", "counterpart_volume", "verdict", "note", "form")
        return operations.accept(
            project,
            beneficiary=beneficiary,
            seats=form.seats(),
            by=request.user,
            on=data["signed_on"],
            paper=paper,
            **{name: data[name] for name in names},
        )

    support = contract.national + contract.local if contract else project.granted or 0
    own = contract.counterpart if contract else project.granted_counterpart or 0
    return step_page(
        request,
        project,
        form,
        do,
        states=(ProjectState.RUNNING,),
        title=_("Nghiệm thu cơ sở: %(name)s") % {"name": beneficiary} if beneficiary else _("Nghiệm thu cơ sở"),
        button=_("Ghi biên bản nghiệm thu"),
        done=_("Đã ghi biên bản nghiệm thu."),
        shows=lambda: {"law": list(_to_know(project, contract))},
        sums=[
            _("Nhà nước hỗ trợ %(support)s + đối ứng %(own)s = %(total)s triệu đồng phải nghiệm thu.")
            % {"support": million(support), "own": million(own), "total": million(support + own)}
        ],
        after=[_("Khi cơ sở cuối cùng đạt, đề án chuyển sang “%(state)s”.") % {"state": ProjectState.ACCEPTED.label}],
        template="desk/contracts/accept.html",
        paper=form.kind,
    )


def _to_know(project, contract):
    """Who chairs, what is accepted besides the support, and whether the machines are there."""
    chair = authority_over(project, Act.CHAIR_ACCEPTANCE, on=clock.today())
    told = _("%(body)s chủ trì; đơn vị thực hiện không chủ trì (%(article)s).")
    yield told % {"body": chair.body, "article": chair.citation}
    told = _(
        "Nghiệm thu cả khối lượng từ vốn đối ứng; ít hơn cam kết thì ghi lý do, và quyết toán chỉ tính phần đã nghiệm thu."
    )
    yield of_law(project, told, Ground.COUNTERPART_VOLUME)
    for one in contract.purchases.all() if contract else []:
        if one.delivered_on:
            yield _("%(item)s: bàn giao %(day)s.") % {"item": one.item, "day": f"{one.delivered_on:%d/%m/%Y}"}
        else:
            yield _("%(item)s: chưa bàn giao.") % {"item": one.item}


@step
def accept_done(request, pk):
    project = project_of(request, pk)
    guard(request, project, P.ACCEPT)
    initial = _usual_acceptance(request.user, project, None, None) | {"state_volume": None, "counterpart_volume": 0}
    form = bind(forms.AcceptDoneForm, request, project=project, initial=initial)

    def do(data):
        paper = paper_of(request, project, form)
        explanation = record_paper(
            kind=PaperKind.EXPLANATION,
            number=data["explanation_number"],
            signed_on=data["explained_on"],
            signer=data["explanation_signer"],
            issuer=project.implementer,
            by=request.user,
            province=project.province,
        )
        names = ("place", "state_volume", "counterpart_volume", "note", "form")
        return operations.accept_done(
            project,
            seats=form.seats(),
            by=request.user,
            on=data["signed_on"],
            paper=paper,
            explanation=explanation,
            **{name: data[name] for name in names},
        )

    return step_page(
        request,
        project,
        form,
        do,
        states=(ProjectState.RUNNING,),
        title=_("Nghiệm thu khối lượng đã làm vì bất khả kháng"),
        button=_("Ghi biên bản xác nhận khối lượng"),
        done=_("Đã ghi khối lượng đã làm."),
        shows=lambda: {
            "law": [
                of_law(
                    project,
                    _("Không hoàn thành vì bất khả kháng: quyết toán theo khối lượng đã làm."),
                    Ground.FORCE_MAJEURE,
                ),
                _(
                    "Hồ sơ: văn bản giải trình của đơn vị thực hiện; biên bản của Sở và xã; chứng từ chi cho khối lượng đã làm."
                ),
            ],
        },
        after=[
            _("Đề án chuyển sang “%(state)s”; Nhà nước trả không quá khối lượng này.")
            % {"state": ProjectState.ACCEPTED.label}
        ],
        template="desk/contracts/accept.html",
        paper=form.kind,
    )


def _usual_acceptance(user, project, beneficiary, contract) -> dict:
    """The usual seats and volumes, to be corrected; who sat for the same bodies at the last acceptance of this project."""
    initial = {"form": "5a", "verdict": "passed", "body_centre": project.implementer_id}
    found = bodies(project, beneficiary)
    chairs = found["chair"].exclude(kind=BodyKind.AGENCY)
    before = AcceptanceSeat.objects.filter(acceptance__project=project, role=SeatRole.CHAIR).order_by("-pk")[:1]
    chair = chairs.filter(pk__in=before.values("organisation")).first() or chairs.first()
    commune = found["commune"].first()
    initial |= {"body_chair": chair and chair.pk, "body_commune": commune and commune.pk}
    if beneficiary is not None:
        own = beneficiary.establishment
        initial |= {
            "body_beneficiary": own.organisation_id,
            "name_beneficiary": own.representative,
            "place": own.place_text or str(own.commune or own.province),
            "state_volume": contract.national + contract.local if contract else beneficiary.support,
            "counterpart_volume": contract.counterpart if contract else beneficiary.counterpart,
        }
    else:
        initial |= {
            "place": project.place_text or str(project.place),
            "state_volume": project.granted,
            "counterpart_volume": project.granted_counterpart or 0,
        }
    if user.signs:
        initial |= {"name_chair": str(user), "title_chair": user.title}
    return initial | _who_sat(project, initial)


def _who_sat(project, usual) -> dict:
    last = Acceptance.objects.filter(project=project).order_by("-on", "-pk").first()
    told = {}
    for seat in last.seats.exclude(role=SeatRole.OTHER) if last else ():
        if usual.get(f"body_{seat.role}") in (seat.organisation_id, None):
            told |= {f"body_{seat.role}": seat.organisation_id, f"name_{seat.role}": seat.name}
            told[f"title_{seat.role}"] = seat.title
    return told
