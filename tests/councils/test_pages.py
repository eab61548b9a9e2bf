import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.councils.models import Council, Sheet
from tests.factories.councils import CouncilFactory, MemberFactory, SessionFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return CouncilFactory()


@pytest.fixture
def head(council):
    return person("department_director", place=council.province)


@pytest.fixture
def project(council):
    return ProjectFactory(province=council.province, state="submitted")


def sheet_fields(**facts):
    fields = {"conclusion": "pass", "on": "18/11/2026"}
    for n in range(1, 6):
        fields |= {f"result_{n}": "meets", f"point_{n}": "17", f"comment_{n}": ""}
    return fields | facts


def test_the_list_asks_as_often_for_three_rows_as_for_one(client, council, head):
    client.force_login(head)
    client.get(reverse("councils:list"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("councils:list"))
    CouncilFactory(province=council.province), CouncilFactory(province=council.province)
    with CaptureQueriesContext(connection) as three:
        assert client.get(reverse("councils:list")).status_code == 200

    assert len(three) == len(one) <= 14


def test_the_page_of_a_council_asks_as_often_for_three_projects_as_for_one(client, council, head, project):
    client.force_login(head)
    address = reverse("councils:page", args=[council.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _time in range(2):
        ProjectFactory(province=council.province, state="submitted")
    with CaptureQueriesContext(connection) as three:
        client.get(address)

    assert len(three) == len(one)


def test_a_stranger_finds_no_council(client, council):
    client.force_login(person("department_director", place=ProvinceFactory()))

    assert client.get(reverse("councils:page", args=[council.pk])).status_code == 404


def test_a_council_is_formed_peopled_and_ended_on_its_pages(client, council, head):
    client.force_login(head)
    fields = {
        "name": "Hội đồng đợt 2", "province": council.province_id, "points_each": "20", "number": "8/QĐ-SCT",
        "signed_on": "01/11/2026", "signer": "Lê Minh", "signer_title": "Giám đốc",
    }  # fmt: skip
    assert client.get(reverse("councils:form")).status_code == 200
    answer = client.post(reverse("councils:form"), fields)
    made = Council.objects.exclude(pk=council.pk).get()
    assert answer.url == reverse("councils:page", args=[made.pk])

    assert client.get(reverse("councils:add_member", args=[made.pk])).status_code == 200
    client.post(reverse("councils:add_member", args=[made.pk]), {"name": "Trần Văn Lâm", "role": "chair"})
    client.post(reverse("councils:call_session", args=[made.pk]), {"on": "20/11/2026", "place": "Sở"})
    session = made.sessions.get()
    minutes = fields | {"number": "2/BB", "signed_on": "20/11/2026", "summary": "Đạt"}
    assert client.get(reverse("councils:keep_minutes", args=[made.pk, session.pk])).status_code == 200
    client.post(reverse("councils:keep_minutes", args=[made.pk, session.pk]), minutes)
    session.refresh_from_db()
    assert session.minutes.number == "2/BB"
    client.post(reverse("councils:remove_member", args=[made.pk, made.members.get().pk]))
    client.post(reverse("councils:dissolve", args=[made.pk]))
    made.refresh_from_db()
    assert (made.dissolved_on is not None, made.members.get().left_on is not None) == (True, True)


def test_a_judge_gives_his_sheet_on_the_page(client, council, project):
    judge = MemberFactory(council=council, user=person("appraiser", place=council.province))
    client.force_login(judge.user)
    address = reverse("councils:sheet", args=[council.pk, project.pk])

    assert "Điều 9" in client.get(address).content.decode()
    assert client.post(address, sheet_fields(member=judge.pk)).status_code == 302
    assert Sheet.objects.get().total == 85
    wrong = client.post(address, sheet_fields(member=judge.pk, point_2="21"))
    assert (wrong.status_code, Sheet.objects.get().total) == (422, 85)


def test_a_judge_with_a_conflict_finds_no_form(client, council, project):
    judge = MemberFactory(council=council, user=person("appraiser", place=council.province))
    client.force_login(judge.user)

    conflict = reverse("councils:declare_conflict", args=[council.pk, project.pk])
    assert client.get(conflict).status_code == 200
    client.post(conflict, {"reason": "Em ruột chủ cơ sở"})

    page = client.get(reverse("councils:sheet", args=[council.pk, project.pk])).content.decode()
    assert ("Em ruột chủ cơ sở" in page, 'name="point_1"' in page) == (True, False)


def test_who_does_not_judge_chooses_whose_signed_sheet_he_types(client, council, project, head):
    judge = MemberFactory(council=council)
    client.force_login(head)
    address = reverse("councils:sheet", args=[council.pk, project.pk])

    assert str(judge.name) in client.get(address).content.decode()
    refused = client.post(address, sheet_fields(member=judge.pk))
    done = client.post(address, sheet_fields(member=judge.pk, number="P1", signed_on="18/11/2026", signer=judge.name))

    assert (refused.status_code, done.status_code, Sheet.objects.get().by) == (422, 302, head)


def test_sessions_without_minutes_offer_to_record_them(client, council, head):
    SessionFactory(council=council)
    client.force_login(head)

    assert "Ghi biên bản" in client.get(reverse("councils:page", args=[council.pk])).content.decode()
