"""Of a project that helps several, each finds his own part and nobody else's names and money; who is helped no more, his past."""

import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from openpyxl import load_workbook

from khuyencong.base.text import fold
from khuyencong.projects.models import Project
from tests.factories import contracts, documents, needs, norms, people, places, projects
from tests.worlds import once, own

pytestmark = pytest.mark.django_db

MILLION = 1_000_000
OTHER = "Hợp tác xã Ea Kar"


def group():
    """A group project at work with papers, lines, steps and a contract of each of two establishments."""
    province = places.ProvinceFactory()
    commune = places.CommuneFactory(province=province)
    project = projects.ProjectFactory(
        province=province,
        commune=commune,
        state="running",
        form="group",
        title="Ứng dụng máy sấy cho nhóm cơ sở",
        folded=fold("Ứng dụng máy sấy cho nhóm cơ sở"),
        local=58_665 * MILLION,
        counterpart=58_665 * MILLION,
        content=f"Hai cơ sở, trong đó có {OTHER}: 58.555 triệu đồng.",
    )
    given = contracts.AssignmentFactory(project=project, paper=documents.PaperFactory(province=province))
    project.mine, project.theirs = (
        part(project, given, name, local) for name, local in (("Cơ sở Ngọc Tứ", 110), (OTHER, 58_555))
    )
    project.words = fold(f"{project.code} {project.title} Cơ sở Ngọc Tứ {OTHER}")
    project.save()
    paper = documents.PaperFactory(province=province, kind="group_plan")
    note = {"name": "beneficiaries", "paper": paper, "note": f"Cơ sở Ngọc Tứ; {OTHER}"}
    projects.StepTakenFactory(project=project, **note)
    projects.StepTakenFactory(project=project, name="adjust", note=f"{OTHER} được 58.555 triệu đồng")
    project.needs.add(
        needs.NeedFactory(call__province=province, commune=commune, establishment=project.theirs.establishment)
    )
    for kind in ("counterpart", "new_machinery", "no_other_support"):
        norms.ConditionFactory(kind=kind)
    projects.OtherSourceFactory(project=project, giver="Quỹ của Ea Kar", amount=61_317 * MILLION)
    return project


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from once(group, django_db_blocker)


@pytest.fixture
def file(made, db):
    return own(made)


def part(project, given, name, local):
    place = {"establishment__province": project.province, "establishment__commune": project.commune}
    one = projects.BeneficiaryFactory(
        project=project,
        establishment__name=name,
        establishment__organisation__name=name,
        local=local * MILLION,
        counterpart=local * MILLION,
        total=2 * local * MILLION,
        approved=True,
        paper=documents.PaperFactory(province=project.province, number=f"{local}/QĐ-SCT"),
        **place,
    )
    projects.CostLineFactory(project=project, beneficiary=one, content=f"Máy sấy của {name}", local=local * MILLION)
    contract = contracts.SupportContractFactory(assignment=given, beneficiary=one)
    contracts.PurchaseFactory(support_contract=contract, item=f"Máy của {name}")
    contracts.AcceptanceFactory(project=project, beneficiary=one)
    own = documents.PaperFactory(province=project.province, number=f"{local}/HS", abstract=f"Cam kết của {name}")
    documents.DossierItemFactory(dossier=project.dossier, paper=own, party=one.establishment.organisation)
    one.laid = own
    return one


def owner(one):
    return people.person("establishment", place=None, organisation=one.establishment.organisation)


def addresses(namespace):
    """Every page of a desk that is asked by the key of one project."""
    resolver = get_resolver().namespace_dict[namespace][1]
    return [
        name
        for name, found in resolver.reverse_dict.lists()
        if isinstance(name, str)
        for one in found
        if one[0][0][1] == ["pk"]
    ]


def text(answer):
    """What the page says, its numbers whole: spaces and points inside them gone."""
    said = answer.content.decode().partition("<main")[2]
    return re.sub(r"(?<=\d)[\s.\u00a0](?=\d{3})", "", re.sub(r"<[^>]+>", " ", said))


@pytest.mark.parametrize("namespace", ["projects", "contracts"])
def test_no_page_of_the_project_tells_one_establishment_of_the_others(client, file, namespace):
    client.force_login(owner(file.mine))
    told, opened = [], []

    for name in addresses(namespace):
        answer = client.get(reverse(f"{namespace}:{name}", args=[file.pk]))
        if answer.status_code == 200:
            opened.append(name)
            told += [
                (name, word)
                for word in ("Ea Kar", "58555", "58665", "61317")
                if re.search(rf"(?<!\d){word}(?!\d)", text(answer))
            ]

    assert "page" in opened
    assert told == []


def test_conditions_of_the_whole_are_for_who_sees_the_whole(client, file):
    shown = {}
    for name, user in (("mine", owner(file.mine)), ("officer", people.person("centre_officer", place=file.province))):
        client.force_login(user)
        shown[name] = text(client.get(reverse("projects:conditions", args=[file.pk])))

    for told in ("Bảo đảm kinh phí đối ứng", "Máy móc, thiết bị mới"):
        assert (told in shown["mine"], told in shown["officer"]) == (False, True), told
    assert "Chưa được Nhà nước hỗ trợ cùng nội dung" in shown["mine"]


def test_other_desks_do_not_tell_it_either(client, file):
    client.force_login(owner(file.mine))

    assert client.get(reverse("budgets:flow", args=[file.pk])).status_code == 404
    ask = client.get(reverse("plans:ask_change", args=[file.pk]))
    assert ask.status_code != 200 or "Ea Kar" not in text(ask)


def test_the_own_share_is_shown_with_lines_and_steps_without_notes(client, file):
    client.force_login(owner(file.mine))

    money = text(client.get(reverse("projects:money", args=[file.pk])))
    history = text(client.get(reverse("projects:history", args=[file.pk])))

    assert "Máy sấy của Cơ sở Ngọc Tứ" in money
    assert re.search(r"Khuyến công địa phương\s+110\s+110\s", money)
    assert "Điều chỉnh" in history
    assert "Duyệt danh sách thụ hưởng" not in history  # the list named in it is of a paper that is not his


def test_an_establishment_that_is_helped_alone_sees_all_the_money(client):
    project = projects.ProjectFactory(state="running", local=58_665 * MILLION)
    one = projects.BeneficiaryFactory(project=project, approved=True, local=58_665 * MILLION)
    projects.CostLineFactory(project=project, content="Máy sấy", local=58_665 * MILLION)
    client.force_login(owner(one))

    said = text(client.get(reverse("projects:money", args=[project.pk])))

    assert "58665" in said
    assert "Máy sấy" in said


def test_the_implementer_sees_every_part(client, file):
    client.force_login(people.person("implementer", place=None, organisation=file.implementer))

    said = text(client.get(reverse("projects:beneficiaries", args=[file.pk])))

    assert "Ea Kar" in said
    assert "Ngọc Tứ" in said


def test_list_and_export_hold_the_own_share_alone(client, file):
    client.force_login(owner(file.mine))

    page = text(client.get(reverse("projects:list")))
    book = load_workbook(io.BytesIO(b"".join(client.get(reverse("projects:list"), {"xuat": "xlsx"}))))
    cells = [str(value) for row in book.active.iter_rows(values_only=True) for value in row if value is not None]

    assert "Cơ sở Ngọc Tứ" in page
    for word in ("Ea Kar", "58555", "58665"):
        assert not re.search(rf"(?<!\d){word}(?!\d)", page), word
        assert not [cell for cell in cells if word in cell], word


def test_sums_orders_and_sources_of_the_list_are_of_the_own_share_alone(client, file):
    whole = alone(file, title="Máy dệt của riêng cơ sở", local=200 * MILLION)
    client.force_login(owner(file.mine))

    def page(**query):
        return text(client.get(reverse("projects:list"), query))

    most, least = page(sap="-money_local"), page(sap="money_local")
    assert most.index(whole.title) < most.index(file.title)  # 200 of his own before 110 of 1,427
    assert least.index(file.title) < least.index(whole.title)
    assert re.search(r"(?<!\d)310(?!\d)", most)  # what both lines say together
    type(file).objects.filter(pk=file.pk).update(granted_other=61_317 * MILLION, other=61_317 * MILLION)
    assert file.title not in page(source="other")  # the others' source is not promised to him
    assert file.title in page(source="local")
    file.mine.local = 0
    file.mine.save()
    assert file.title not in page(source="local")


def test_the_list_of_somebody_with_parts_asks_as_often_for_three_as_for_one(client, file):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("projects:list")).status_code == 200
        return len(seen)

    client.force_login(owner(file.mine))
    asked()
    one = asked()
    for title in ("Máy sấy của hai nhóm", "Máy rang của hai nhóm"):
        more = alone(file, title=title, form="group")
        projects.BeneficiaryFactory(project=more)

    assert (asked(), one <= 12) == (one, True)


def test_money_seen_by_somebody_is_of_nothing_that_he_does_not_see(file):
    stranger = people.MandateFactory(of_body=True).user

    assert list(Project.objects.with_money(seen_by=stranger)) == []


def alone(file, **facts):
    """Another project that helps the same establishment."""
    more = projects.ProjectFactory(province=file.province, state="running", **facts)
    projects.BeneficiaryFactory(project=more, establishment=file.mine.establishment, local=more.local)
    return more


def test_the_name_of_another_establishment_finds_nothing(client, file):
    client.force_login(owner(file.mine))

    by_other = text(client.get(reverse("projects:list"), {"q": "Ea Kar"}))
    by_title = text(client.get(reverse("projects:list"), {"q": "nhom co so"}))
    by_key = text(client.get(reverse("projects:list"), {"helped": file.theirs.establishment_id}))
    everywhere = client.get(reverse("search"), {"q": "Ea Kar"}).content.decode()

    assert file.title not in by_other
    assert file.title in by_title
    assert file.title not in by_key
    assert reverse("projects:page", args=[file.pk]) not in everywhere


def test_papers_of_the_others_do_not_open(client, file):
    client.force_login(owner(file.mine))

    def status(paper):
        return client.get(reverse("documents:page", args=[paper.pk])).status_code

    assert (status(file.mine.laid), status(file.theirs.laid)) == (200, 404)
    assert (status(file.mine.paper), status(file.theirs.paper)) == (200, 404)


def test_who_is_helped_no_more_finds_his_past_part_and_nothing_of_the_present(client, file):
    file.mine.removed_on = dt.date(2026, 8, 1)
    file.mine.save()
    client.force_login(owner(file.mine))

    own = text(client.get(reverse("establishments:page", args=[file.mine.establishment_id])))
    for name in addresses("projects") + ["page"]:
        assert client.get(reverse(f"projects:{name}", args=[file.pk])).status_code in (404, 405), name
    assert client.get(reverse("contracts:page", args=[file.pk])).status_code == 404
    assert file.title not in text(client.get(reverse("projects:list")))
    assert file.title not in client.get(reverse("search"), {"q": "nhom co so"}).content.decode()
    assert "Đã thôi thụ hưởng" in own
    assert "01/08/2026" in own
    assert "110" in own
    assert client.get(reverse("documents:page", args=[file.mine.laid.pk])).status_code == 200


def test_the_day_before_he_left_nothing_was_hidden_and_others_still_see_that_he_was_there(client, file):
    file.mine.removed_on = dt.date(2026, 8, 1)
    file.mine.save()
    client.force_login(owner(file.theirs))

    said = text(client.get(reverse("projects:beneficiaries", args=[file.pk])))

    assert "Ea Kar" in said
    assert "Ngọc Tứ" not in said
