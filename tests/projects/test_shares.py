"""Less is granted than those who are helped were to have together: who gets how much is set again, before any contract."""

import pytest

from khuyencong.audit.models import Event
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.projects import operations, queries
from khuyencong.projects.models import Project
from khuyencong.work.queries import tasks
from tests.factories.documents import PaperFactory
from tests.factories.norms import GroupRuleFactory
from tests.factories.projects import BeneficiaryFactory
from tests.projects.given import MILLION, approved, html, paper_fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(project, people, paper, day):
    """A flagship that asks 300 million for two, 200 and 100, granted ``local``."""

    def make(local=250 * MILLION, **facts):
        file = project(state="appraised", form="flagship", **facts)
        first = file.beneficiaries.get()
        first.local = 200 * MILLION
        first.save()
        second = BeneficiaryFactory(project=file, local=100 * MILLION, total=220 * MILLION, counterpart=0)
        return approved(file, people, paper, day, granted_local=local), first, second

    return make


def share_out(file, people, day, *, by=None, kind="group_plan", **shares):
    named = list(file.beneficiaries.filter(removed_on=None).order_by("pk"))
    told = {named[int(place[1:])]: amounts for place, amounts in shares.items()}
    plan = PaperFactory(kind=kind, signed_on=day)
    return operations.share_out(file, shares=told, by=by or people.department, on=day, paper=plan)


def locals_of(file):
    return list(file.beneficiaries.order_by("pk").values_list("local", flat=True))


def test_shares_are_set_again_up_to_the_last_dong_of_the_grant(two, people, day):
    file, first, _second = two()

    with pytest.raises(
        NotPossible, match=r"KCĐP của các đơn vị thụ hưởng cộng lại 250\.000\.001 đồng, vượt 250\.000\.000"
    ):
        share_out(file, people, day, _0={"local": 150 * MILLION + 1})
    assert locals_of(file) == [200 * MILLION, 100 * MILLION]
    share_out(file, people, day, _0={"local": 150 * MILLION})

    assert locals_of(file) == [150 * MILLION, 100 * MILLION]
    event = Event.objects.get(action="project.share_out")
    assert event.data["before"][str(first)] == {"national": 0, "local": 200 * MILLION}
    assert file.steps.last().note == "Xác định lại phần hỗ trợ"


def test_no_more_is_taken_than_the_grant_asks(two, people, day):
    file, _first, _second = two()
    Project.objects.filter(pk=file.pk).update(form="group")

    with pytest.raises(
        NotPossible, match=r"chỉ còn 249\.999\.999 đồng trong 250\.000\.000 .*: 1 đồng không còn của ai"
    ):
        share_out(file, people, day, _0={"local": 150 * MILLION - 1})

    assert locals_of(file) == [200 * MILLION, 100 * MILLION]
    Project.objects.filter(pk=file.pk).update(form="flagship")  # the rest is for its other work
    share_out(file, people, day, _0={"local": 150 * MILLION - 1})
    assert locals_of(file) == [150 * MILLION - 1, 100 * MILLION]


def test_nobody_gets_more_or_less_than_nothing(two, people, day):
    file, _first, _second = two()

    with pytest.raises(
        Invalid, match=r"Khuyến công địa phương: đã được ghi 100\.000\.000 đồng; tăng thêm phải"
    ) as refusal:
        share_out(file, people, day, _0={"local": 100 * MILLION}, _1={"local": 100 * MILLION + 1})
    assert list(refusal.value.fields) == ["shares"]  # a word of the act, not of a form
    with pytest.raises(Invalid, match="không được âm"):
        share_out(file, people, day, _1={"local": -1})


def test_shares_within_the_grant_are_changed_by_decision_alone(two, people, day):
    file, *_two = two(300 * MILLION)

    with pytest.raises(NotPossible, match="nằm trong kinh phí được duyệt"):
        share_out(file, people, day, _0={"local": 1})


def test_shares_are_set_by_the_department_on_its_paper_while_the_project_runs(two, people, day):
    file, *_two = two()
    half = {"_0": {"local": 100 * MILLION}}

    with pytest.raises(NotAllowed):
        share_out(file, people, day, by=people.director, **half)
    with pytest.raises(NotPossible, match="Mẫu 11"):
        share_out(file, people, day, kind="minutes", **half)
    file.state = "accepted"
    file.save()
    with pytest.raises(NotPossible, match="chưa nghiệm thu"):
        share_out(file, people, day, **half)


def test_the_share_of_another_project_is_not_set_here(two, people, day):
    file, *_two = two()
    other = BeneficiaryFactory(local=1)
    plan = PaperFactory(kind="group_plan", signed_on=day)

    with pytest.raises(NotPossible, match="đơn vị thụ hưởng của đề án này"):
        operations.share_out(file, shares={other: {"local": 0}}, by=people.department, on=day, paper=plan)


def test_the_one_named_of_a_flagship_keeps_his_part_of_it(project, people, paper, day):
    file = project(state="appraised", form="flagship", local=500 * MILLION)
    file.beneficiaries.update(local=300 * MILLION)

    approved(file, people, paper, day, granted_local=400 * MILLION)

    assert locals_of(file) == [300 * MILLION]


def test_the_one_who_was_to_have_the_whole_flagship_has_what_is_granted(project, people, paper, day):
    file = project(state="appraised", form="flagship")

    file = approved(file, people, paper, day, granted_local=250 * MILLION)
    assert locals_of(file) == [250 * MILLION]
    decision = PaperFactory(kind="change_decision", signed_on=day)
    change = {"permission": Permission.CHANGE_BY_MINISTER, "by": people.minister, "on": day, "paper": decision}
    operations.adjust(file, granted_local=200 * MILLION, **change)

    assert locals_of(file) == [200 * MILLION]


def test_a_group_granted_less_lets_its_shares_be_lowered_one_by_one(project, people, paper, day):
    GroupRuleFactory(kind="fair_participation", level="provincial")
    file = project(kind="fair_participation", activity=4, form="group", state="appraised")
    BeneficiaryFactory(project=file, local=100 * MILLION)
    first = file.beneficiaries.order_by("pk").first()
    approved(file, people, paper, day, granted_local=200 * MILLION)

    operations.change_beneficiary(first, local=250 * MILLION, by=people.officer)
    with pytest.raises(NotPossible, match=r"cộng lại 350\.000\.001 đồng, vượt 200\.000\.000"):
        operations.change_beneficiary(first, local=250 * MILLION + 1, by=people.officer)
    operations.change_beneficiary(first, local=100 * MILLION, by=people.officer)

    assert locals_of(file) == [100 * MILLION, 100 * MILLION]


def test_the_page_of_those_who_are_helped_offers_it_to_the_department(two, seen, sent, people):
    file, first, second = two()

    assert "Xác định lại phần của từng đơn vị" in html(seen("department", "beneficiaries", file.pk))
    assert "Xác định lại phần của từng đơn vị" not in html(seen("officer", "beneficiaries", file.pk))
    assert "vượt 250.000.000 đồng được duyệt" in html(seen("officer", "beneficiaries", file.pk))
    asked = {f"local_{first.pk}": "150.000.000", f"local_{second.pk}": "100.000.001"}
    facts = paper_fields(number="412/SCT-QLCN")
    refused = sent("department", "share_out", file.pk, **asked, **facts)
    assert "tăng thêm phải có quyết định điều chỉnh" in html(refused)
    answer = sent("department", "share_out", file.pk, **asked | {f"local_{second.pk}": "100.000.000"}, **facts)

    assert (answer.status_code, locals_of(file)) == (302, [150 * MILLION, 100 * MILLION])
    assert "Xác định lại" not in html(seen("department", "beneficiaries", file.pk))


def test_a_stranger_sets_no_shares(two, seen, sent):
    file, first, _second = two()

    assert seen("stranger", "share_out", file.pk).status_code in (403, 404)
    assert sent("stranger", "share_out", file.pk, **paper_fields()).status_code in (403, 404)
    first.refresh_from_db()
    assert first.local == 200 * MILLION


@pytest.mark.parametrize(("local", "waits"), [(300 * MILLION, False), (300 * MILLION - 1, True)])
def test_it_waits_for_the_department_until_the_shares_fit(local, waits, two, people, day):
    file, *_two = two(local)

    told = [(task.kind, task.subject) for task in tasks(people.department) if task.kind == "share_out"]
    assert told == ([("share_out", file.pk)] if waits else [])
    assert list(queries.over_granted(Project.objects.all())) == ([file] if waits else [])
    if waits:
        share_out(file, people, day, _0={"local": 200 * MILLION - 1})
        assert not queries.over_granted(Project.objects.all()).exists()
