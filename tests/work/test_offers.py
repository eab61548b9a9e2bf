"""A record offers the forms that make sense as it stands; the others say why not, and nothing untrue is printed."""

import pytest
from django.urls import reverse

from khuyencong.base import clock
from khuyencong.base.errors import NotPossible
from khuyencong.contracts.papers import FORMS as CONTRACTS
from khuyencong.projects.enums import ProjectState
from khuyencong.work import papers
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.contracts import AssignmentFactory, SupportContractFactory, VoucherFactory
from tests.factories.people import person
from tests.factories.plans import DecisionFactory, ItemFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory

pytestmark = pytest.mark.django_db

LISTS = {
    "danh-sach-hoc-vien",
    "danh-sach-ky-nhan-hoc-vien",
    "danh-sach-lao-dong-sau-dao-tao",
    "danh-sach-dai-bieu",
    "danh-sach-ky-nhan-dai-bieu",
    "danh-sach-tham-gia-hoi-cho",
}


def offered(kind, record):
    lacking = papers.lacking(kind, record)
    return {form.key for form in papers.forms_of(kind)} - set(lacking)


def refused(kind, record):
    return {key for key, lack in papers.lacking(kind, record).items() if lack.refused}


def test_a_draft_offers_its_file_and_nothing_of_a_later_step():
    project = ProjectFactory(kind="machinery")

    assert offered("project", project) == {"cong-van-de-nghi", "de-an-khuyen-cong", "mau-1-du-toan"}


@pytest.mark.parametrize(
    ("state", "there"),
    [
        ("running", False),
        ("accepted", False),
        ("settled", True),
        ("liquidated", True),
    ],
)
def test_liquidation_is_offered_after_settlement_and_refused_before_acceptance(state, there):
    project = ProjectFactory(kind="machinery", state=state)
    AssignmentFactory(project=project)

    assert ("mau-6-thanh-ly" in offered("project", project)) is there
    assert ("mau-6-thanh-ly" in refused("project", project)) is (state == "running")


def test_a_project_of_before_the_system_prints_no_zeros_as_if_nothing_was_settled():
    project = ProjectFactory(kind="machinery", state="liquidated", historical=True)
    beneficiary = BeneficiaryFactory(project=project)

    for kind, record in (("project", project), ("beneficiary", beneficiary)):
        books = {form.key for form, _context in CONTRACTS if form.of == kind}
        assert books and books <= refused(kind, record)
    form = papers.find("mau-6-thanh-ly")
    with pytest.raises(NotPossible, match="Hồ sơ lịch sử"):
        papers.demand(form, project)
    assert "de-an-khuyen-cong" in offered("project", project)


@pytest.mark.parametrize(("unpaid", "there"), [(0, False), (1, True)])
def test_an_advance_is_asked_for_until_what_was_settled_is_paid(unpaid, there):
    project = ProjectFactory(kind="machinery", state="settled")
    AssignmentFactory(project=project)
    envelope = EnvelopeFactory(province=project.province, given=1_000)
    for kind, amount in (("committed", 500 + unpaid), ("advanced", 500), ("settled", 500 + unpaid)):
        EntryFactory(envelope=envelope, project=project, kind=kind, amount=amount)

    assert ("de-nghi-tam-ung" in offered("project", project)) is there
    assert ("de-nghi-tam-ung" in refused("project", project)) is not there


@pytest.mark.parametrize(
    ("kind", "there"),
    [
        ("machinery", set()),
        ("vocational_training", {"danh-sach-hoc-vien", "danh-sach-ky-nhan-hoc-vien", "danh-sach-lao-dong-sau-dao-tao"}),
        ("demonstration", {"danh-sach-dai-bieu", "danh-sach-ky-nhan-dai-bieu"}),
        ("fair", {"danh-sach-tham-gia-hoi-cho"}),
    ],
)
def test_lists_of_people_follow_the_kind_of_project(kind, there):
    project = ProjectFactory(kind=kind, running=True)

    assert offered("project", project) & LISTS == there
    assert refused("project", project) & LISTS == set()


def test_a_list_of_the_right_kind_waits_for_the_task():
    assert "danh-sach-hoc-vien" in refused("project", ProjectFactory(kind="vocational_training"))


def test_the_infrastructure_report_belongs_to_clusters():
    keys = [offered("project", ProjectFactory(kind=kind)) for kind in ("cluster_infrastructure", "machinery")]

    assert ["mau-13-ha-tang-cum" in found for found in keys] == [True, False]


@pytest.mark.parametrize(
    ("form", "kept"), [("decision", "quyet-dinh-giao-nhiem-vu"), ("contract", "hop-dong-thuc-hien-de-an")]
)
def test_the_paper_of_the_task_is_the_one_that_was_chosen(form, kept):
    project = ProjectFactory(running=True)
    AssignmentFactory(project=project, form=form)

    both = {"quyet-dinh-giao-nhiem-vu", "hop-dong-thuc-hien-de-an"}
    assert offered("project", project) & both == {kept}
    number = papers.fill((both - {kept}).pop(), subject=project, on=clock.today()).context["number"]
    assert number.startswith("……")  # the number of the one is never printed on the other


def test_voucher_lists_wait_for_a_voucher_and_sheets_for_who_is_named():
    project = ProjectFactory(running=True)
    assert {"mau-8a-bang-ke-chung-tu", "mau-8b-bang-ke-chung-tu"} <= refused("project", project)
    assert "mau-4a-phieu-tham-dinh" in offered("project", project)

    VoucherFactory(project=project)
    BeneficiaryFactory(project=project)

    assert {"mau-8a-bang-ke-chung-tu", "mau-8b-bang-ke-chung-tu", "mau-4b-phieu-tham-dinh"} <= offered(
        "project", project
    )
    assert "mau-4a-phieu-tham-dinh" not in offered("project", project)


def test_a_group_is_approved_by_list_once_somebody_is_on_it():
    single, group = ProjectFactory(running=True), ProjectFactory(group=True, running=True)
    key = "quyet-dinh-duyet-ke-hoach-nhom"
    assert key in refused("project", single) and key in refused("project", group)

    BeneficiaryFactory(project=group)

    assert key in offered("project", group)


def test_what_an_establishment_signs_follows_its_project():
    early, late = BeneficiaryFactory(), BeneficiaryFactory(project__running=True)
    asks = {"van-ban-de-nghi-ho-tro", "cam-ket-cua-don-vi-thu-huong"}

    assert offered("beneficiary", early) == asks
    assert offered("beneficiary", late) == {"hop-dong-ho-tro", "mau-5a-nghiem-thu"}
    SupportContractFactory(beneficiary=late)
    assert "phu-luc-hop-dong-ho-tro" in offered("beneficiary", late)


def test_an_empty_decision_has_no_paper_and_a_change_no_summary():
    decision, change = DecisionFactory(), DecisionFactory(kind="stop", tranche=None)
    assert offered("plan_decision", decision) == set()

    ItemFactory(decision=decision)
    ItemFactory(decision=change, action="stop")

    assert offered("plan_decision", decision) == {"mau-2-bieu-tong-hop", "to-trinh", "quyet-dinh-phe-duyet"}
    assert offered("plan_decision", change) == {"to-trinh", "quyet-dinh-phe-duyet"}


@pytest.mark.parametrize("state", ProjectState.values)
def test_every_reason_is_one_sentence(state):
    project = ProjectFactory(kind="machinery", state=state)

    whys = [lack.why for lack in papers.lacking("project", project).values()]
    assert [why for why in whys if not why.endswith(".") or why.count(".") != 1] == []


def test_a_refused_form_is_not_written_and_the_page_says_why(client):
    project = ProjectFactory(kind="machinery")
    client.force_login(person("centre_officer", place=project.province))
    page = reverse("documents:record_forms", args=["project", project.uid])
    sentence = "Chưa lập được “Biên bản thanh lý hợp đồng”: Chưa nghiệm thu cơ sở: lập sau khi có biên bản nghiệm thu."

    word = client.get(reverse("documents:word_form", args=["mau-6-thanh-ly", project.uid]), follow=True)
    pdf = client.post(
        reverse("documents:print_form", args=["mau-6-thanh-ly", project.uid]), HTTP_REFERER=page, follow=True
    )

    assert sentence in word.content.decode() and sentence in pdf.content.decode()
    with pytest.raises(NotPossible, match="Chưa lập được"):
        papers.demand(papers.find("mau-6-thanh-ly"), project)


def test_the_page_keeps_other_forms_apart(client):
    project = ProjectFactory(kind="machinery")
    client.force_login(person("centre_officer", place=project.province))

    page = client.get(reverse("documents:record_forms", args=["project", project.uid])).content.decode()

    first, others = page.split("Mẫu khác (", 1)
    assert "Dự toán kinh phí đề án khuyến công" in first and "Biên bản thanh lý hợp đồng" not in first
    assert "Biên bản thanh lý hợp đồng" in others and "Chưa nghiệm thu cơ sở" in others
