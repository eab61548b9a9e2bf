"""What several stories do alike, by the same pages as people do it."""

from khuyencong.base import clock
from khuyencong.documents.queries import missing
from khuyencong.plans.models import Decision, Plan
from khuyencong.projects import queries
from khuyencong.projects.enums import PartNumber
from khuyencong.projects.models import Project
from tests.journeys.conftest import at, day, number_in

PARTS = {f"part_{number}": f"Nội dung phần {number} của đề án, đã khảo sát tại cơ sở." for number in PartNumber.values}


def begin(hand, land, *, title, **facts) -> Project:
    """The Centre's officer begins a file; a single provincial machinery project unless told otherwise."""
    typed = {
        "title": title,
        "level": "provincial",
        "form": "single",
        "kind": "machinery",
        "year": 2026,
        "starts_on": day(3, 15),
        "ends_on": day(11, 30),
        "implementer": land.centre.pk,
        "province": land.province.pk,
        "commune": land.kly.pk,
        "norm_line": "MMTB",
    } | facts
    return Project.objects.get(pk=number_in(hand.does(at("projects:draft"), **typed)))


def table(*lines: dict) -> dict:
    """The working table of cost lines as a browser sends it."""
    typed = {"dong-TOTAL_FORMS": len(lines), "dong-INITIAL_FORMS": 0}
    for number, line in enumerate(lines):
        typed |= {f"dong-{number}-{name}": value for name, value in line.items()}
    return typed


def write(hand, project, *, helped=None, lines=()) -> None:
    """The eight parts, who is helped, the estimate."""
    if helped is not None:
        hand.does(at("projects:add_beneficiary", project.pk), **helped)
    hand.does(at("projects:parts", project.pk), **PARTS)
    hand.does(at("projects:estimate", project.pk), **table(*lines))


def lay_papers(hand, project, *, stage, on=(1, 10)) -> None:
    """Every paper of the checklist that is not there yet, each under its line."""
    project.refresh_from_db()
    for line in missing(queries.checklist(project, stage=stage, on=clock.today())):
        party = f"&ben={line.party.pk}" if line.party else ""
        address = f"{at('projects:put_paper', project.pk)}?giay={line.requirement.pk}{party}"
        hand.does(address, **hand.signed(*on, no=f"{line.requirement.pk}/{project.pk}/{party[5:]}"))


def machine_file(people, land, *, title="Ứng dụng máy sấy trống quay", where=None, local=300, own=320) -> Project:
    """A whole provincial file, ready to be signed; million đồng."""
    helped = where or land.thang
    officer = people.centre_officer
    project = begin(officer, land, title=title, commune=helped.commune.pk)
    amounts = {"local": f"{local} triệu", "counterpart": f"{own} triệu"}
    write(
        officer,
        project,
        helped={"establishment": helped.pk, "content": "Máy sấy", "total": f"{local + own} triệu", **amounts},
        lines=[
            {
                "content": "Máy sấy trống quay",
                "unit": "máy",
                "quantity": "1",
                "unit_price": f"{local + own} triệu",
                **amounts,
            }
        ],
    )
    return project


def appraised(people, project, *, sent=(1, 20), judged=(2, 2)) -> Project:
    """Signed by the Centre's director, passed by base appraisal."""
    director, appraiser = people.centre_director, people.appraiser
    director.does(at("projects:submit", project.pk), **director.signed(*sent, no=f"{project.pk}/TTKC"))
    appraiser.does(at("projects:appraise", project.pk), **appraiser.signed(*judged, no=f"{project.pk}/PTĐ"))
    project.refresh_from_db()
    return project


def given(hand, land, *, amount, holder=None, level="provincial", province=True, no="2588/QĐ-UBND", on=(1, 5), **facts):
    """A budget decision that opens or raises an envelope."""
    typed = {
        "level": level,
        "year": 2026,
        "holder": (holder or land.department).pk,
        "name": "Kinh phí khuyến công địa phương",
        "amount": amount,
        "chapter": "416",
        "category": "280",
        "clause": "309",
        **hand.signed(*on, no=no),
    }
    if province:
        typed["province"] = land.province.pk
    hand.does(at("budgets:record_decision"), **typed | facts)


def plan_of(hand, land, *, level="provincial") -> Plan:
    typed = {"level": level, "year": 2026, "province": land.province.pk}
    return Plan.objects.get(pk=number_in(hand.does(at("plans:open"), **typed)))


def drafted(hand, plan, *, kind="approve") -> Decision:
    return Decision.objects.get(pk=number_in(hand.does(at("plans:draft", plan.pk), kind=kind)))


def rank(*rows) -> dict:
    """The working table of a tranche: (project, million đồng by source) in order."""
    typed = {}
    for order, (project, amounts) in enumerate(rows, start=1):
        typed |= {f"in_{project.pk}": "on", f"order_{project.pk}": order}
        typed |= {f"{source}_{project.pk}": amount for source, amount in amounts.items()}
    return typed
