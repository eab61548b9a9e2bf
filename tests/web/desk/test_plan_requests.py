"""Changes that are asked for, confirmed and decided; programmes."""

# ruff: noqa: F811
import pytest
from django.urls import reverse

from khuyencong.plans import operations
from khuyencong.plans.models import ChangeRequest, Programme
from khuyencong.web.desk.plans.views.shared import choices_for
from tests.factories.documents import DossierItemFactory, PaperFactory
from tests.factories.establishments import EstablishmentFactory
from tests.factories.needs import NeedStepFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory
from tests.factories.plans import ChangeRequestFactory, PlanFactory, TargetFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory
from tests.web.desk.given_plans import MILLION, appraised, at, draft, envelope, paper, people, plan, province  # noqa: F401

pytestmark = pytest.mark.django_db


def test_a_change_is_asked_confirmed_and_decided(client, people, plan, envelope, province):
    project = ProjectFactory(running=True, province=province)
    head = person("centre_director", place=province, employer=project.implementer)
    client.force_login(head)
    letter = paper(number="7/TTKC", signed_on="01/06/2026")
    client.post(at("ask_change", project.pk), letter | {"kind": "stop", "reason": "Cơ sở ngừng hoạt động"})
    [asked] = ChangeRequest.objects.all()

    client.force_login(people["department_director"])
    assert asked.reason in client.get(at("request", asked.pk)).content.decode()
    client.post(at("confirm_request", asked.pk), {"on": "05/06/2026"})
    decision = operations.draft_decision(plan, kind="stop", by=people["appraiser"])
    assert asked.reason in client.get(at("decision", decision.pk)).content.decode()
    client.post(at("put_change", decision.pk, asked.pk))

    asked.refresh_from_db()
    [item] = decision.items.all()
    assert (asked.state, item.project, item.action) == ("confirmed", project, "stop")
    client.post(at("take_out", decision.pk, item.pk))
    assert not decision.items.exists()


def test_a_confirmed_request_leads_who_drafts_to_the_decision_that_takes_it_up(client, people, plan, province):
    asked = ChangeRequestFactory(
        project=ProjectFactory(running=True, province=province),
        kind="time_in_year",
        state="confirmed",
        confirmed_on="2026-06-05",
    )
    client.force_login(people["appraiser"])
    assert f'href="{at("page", plan.pk)}"' in client.get(at("request", asked.pk)).content.decode()

    drafted = operations.draft_decision(plan, kind="adjust", by=people["appraiser"])

    assert f'href="{at("decision", drafted.pk)}"' in client.get(at("request", asked.pk)).content.decode()
    client.force_login(people["department_director"])
    client.force_login(person("commune_officer", place=province))
    assert "đưa đề nghị vào dự thảo quyết định" in client.get(at("request", asked.pk)).content.decode()


def test_who_decides_reads_until_when_a_project_is_extended(client, people, plan, envelope, province):
    project = ProjectFactory(running=True, province=province)
    facts = {"project": project, "state": "confirmed", "confirmed_on": "2026-06-05"}
    extended = ChangeRequestFactory(kind="extend_next_year", ends_on="2027-06-15", **facts)
    moved = ChangeRequestFactory(kind="partner", **facts)
    drafted = operations.draft_decision(plan, kind="adjust", by=people["appraiser"])
    client.force_login(people["appraiser"])
    waiting = client.get(at("decision", drafted.pk)).content.decode()

    client.post(at("put_change", drafted.pk, extended.pk))
    other = client.post(at("put_change", drafted.pk, moved.pk), follow=True).content.decode()

    assert "Thời hạn đến 15/06/2027" in waiting
    assert [item.request for item in drafted.items.all()] == [extended]  # the first is not lost to the second
    assert "đã nằm trong quyết định này: “Gia hạn sang năm sau: thời hạn đến 15/06/2027”. Hãy bỏ dòng đó trước" in other
    assert "Thời hạn đến 15/06/2027" in client.get(at("decision", drafted.pk)).content.decode()


def test_a_change_rests_on_letters_of_its_own_territory_and_matter(client, people, province):
    project = ProjectFactory(running=True, province=province)
    facts = {"kind": "request_letter", "signed_on": "2026-05-20"}
    free = PaperFactory(province=province, **facts)
    asked = ChangeRequestFactory(project=ProjectFactory(running=True, province=province), paper__province=province)
    shared = asked.paper  # one letter asks for several projects
    shared.kind = "request_letter"
    shared.save()
    PaperFactory(province=CommuneFactory().province, **facts)
    PaperFactory(province=None, **facts)
    old = PaperFactory(province=province, **(facts | {"signed_on": "2019-05-20"}))
    DossierItemFactory(paper=PaperFactory(province=province, **facts), requirement=None)
    client.force_login(person("centre_director", place=province, employer=project.implementer))

    offered = client.get(at("ask_change", project.pk)).context["form"].fields["existing"].queryset

    assert old not in offered
    assert set(offered) == {free, shared}


def test_what_is_asked_of_a_project_that_has_ended_is_no_longer_confirmed(client, people, province):
    asked = ChangeRequestFactory(project=ProjectFactory(province=province, approved=True, state="liquidated"))
    client.force_login(people["department_director"])

    page = client.get(at("request", asked.pk)).content.decode()
    assert at("confirm_request", asked.pk) not in page
    assert at("refuse_request", asked.pk) in page
    assert client.post(at("confirm_request", asked.pk), {"on": "05/06/2026"}).status_code == 422
    asked.refresh_from_db()
    assert asked.state == "requested"


def test_who_confirms_reads_what_is_asked_and_may_take_the_word_back(client, people, plan, envelope, province):
    project = ProjectFactory(running=True, province=province, granted_local=140 * MILLION)
    asked = ChangeRequestFactory(project=project, kind="increase_total", local=160 * MILLION, reason="Máy lên giá")
    client.force_login(people["department_director"])

    step = client.get(at("confirm_request", asked.pk)).content.decode()
    assert "Tăng tổng mức kinh phí hỗ trợ: Khuyến công địa phương 160.000.000 đồng" in step
    assert "Lý do: Máy lên giá" in step
    client.post(at("confirm_request", asked.pk), {"on": "05/06/2026"})
    back = at("refuse_request", asked.pk)
    assert f'href="{back}"' in client.get(at("request", asked.pk)).content.decode()

    decision = operations.draft_decision(plan, kind="adjust", by=people["appraiser"])
    operations.put_change(decision, request=asked, by=people["appraiser"])
    page = client.get(at("request", asked.pk)).content.decode()
    assert f'href="{back}"' not in page and "bỏ dòng đó khỏi dự thảo trước" in page
    operations.take_out(decision.items.get(), by=people["appraiser"])
    client.post(back, {"reason": "Số tiền gõ nhầm", "on": "06/06/2026"})

    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("refused", "Số tiền gõ nhầm")


def test_a_refused_request_says_why(client, people, province):
    asked = ChangeRequestFactory(project__province=province)
    client.force_login(people["department_director"])

    client.post(at("refuse_request", asked.pk), {"reason": "Chưa đủ căn cứ", "on": "05/06/2026"})

    assert "Chưa đủ căn cứ" in client.get(at("request", asked.pk)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_requests_ask_the_same_number_of_queries(client, people, province, django_assert_max_num_queries, count):
    for _ in range(count):
        ChangeRequestFactory(project__province=province)
    client.force_login(people["appraiser"])

    with django_assert_max_num_queries(12):
        page = client.get(at("requests")).content.decode()

    assert f"{count} đề nghị" in page


def test_a_commune_stops_for_violation_only_what_its_own_plan_holds(client, province):
    commune, other = CommuneFactory(province=province), CommuneFactory(province=province)
    plan = PlanFactory(province=province, level="communal", commune=commune)
    user = person("appraiser", place=province)
    stop = operations.draft_decision(plan, kind="stop", by=user)
    mine, foreign = (
        ProjectFactory(running=True, level="communal", province=province, commune=place) for place in (commune, other)
    )
    client.force_login(user)

    page = client.get(at("put_violation", stop.pk)).content.decode()

    assert mine.code in page
    assert foreign.code not in page


def test_a_draft_that_takes_in_projects_says_that_it_stops_none(client, province):
    plan, user = PlanFactory(province=province), person("appraiser", place=province)
    include = operations.draft_decision(plan, kind="approve", by=user)
    client.force_login(user)

    shut = client.get(at("put_violation", include.pk))

    assert shut.status_code == 409
    assert f"Dòng này không thuộc quyết định “{include.get_kind_display()}”." in shut.content.decode()


def test_who_may_come_works_where_those_who_are_helped_work(client, province):
    commune = CommuneFactory(province=province)
    project = ProjectFactory(running=True, province=province, commune=None, form="group")
    BeneficiaryFactory(project=project, establishment=EstablishmentFactory(commune=commune))
    near, nowhere = EstablishmentFactory(commune=commune), EstablishmentFactory(commune=None, province=province)
    client.force_login(person("centre_director", place=province, employer=project.implementer))

    [*offered] = client.get(at("ask_change", project.pk)).context["form"].fields["coming"].queryset

    assert near in offered
    assert nowhere not in offered


def test_a_programme_is_recorded_with_its_targets(client, people, province):
    client.force_login(people["appraiser"])
    values = {"level": "provincial", "title": "Chương trình 2026–2030", "first_year": "2026", "last_year": "2030"}

    client.post(reverse("programmes:record"), paper() | values | {"province": province.pk})
    programme = Programme.objects.get()
    client.post(
        reverse("programmes:targets", args=[programme.pk]),
        {
            "form-TOTAL_FORMS": "2",
            "form-INITIAL_FORMS": "0",
            "form-0-indicator": "Số đề án",
            "form-0-unit": "đề án",
            "form-0-value": "150",
            "form-0-measure": "projects",
            "form-0-verified": "on",
            "form-1-indicator": "",
        },
    )

    ProjectFactory(approved=True, province=province)
    page = client.get(reverse("programmes:page", args=[programme.pk])).content.decode()
    assert [target.indicator for target in programme.targets.all()] == ["Số đề án"]
    assert "0,7%" in page


def test_programmes_are_seen_in_their_territory(client, people, province):
    target = TargetFactory(programme__province=province)
    url = reverse("programmes:page", args=[target.programme_id])

    assert client.get(url).status_code == 302
    client.force_login(person("appraiser"))
    assert client.get(url).status_code == 404
    client.force_login(people["appraiser"])
    assert client.get(url).status_code == 200
    assert target.programme.title in client.get(reverse("programmes:list")).content.decode()


def test_a_letter_that_answered_needs_is_not_offered_to_a_plan(province):
    clerk = person("registry_clerk", place=province)
    facts = {"kind": "answer_letter", "province": province}
    free, of_needs = PaperFactory(**facts), PaperFactory(**facts)
    NeedStepFactory(paper=of_needs)

    assert [*choices_for(clerk, kind="answer_letter")] == [free]
