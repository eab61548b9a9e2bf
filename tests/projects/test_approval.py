import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.projects import operations, queries
from khuyencong.projects.operations import Helped
from tests.factories.documents import PaperFactory
from tests.factories.establishments import EstablishmentFactory
from tests.factories.norms import (
    ConditionFactory,
)
from tests.factories.projects import ClearanceFactory
from tests.projects.given import MILLION, approved, norm

pytestmark = pytest.mark.django_db


# ---- approval ----


def test_approval_grants_what_was_asked_where_nothing_else_is_said(project, people, paper, day):
    file = approved(project(state="appraised"), people, paper, day)

    assert (file.granted_national, file.granted_local, file.granted_counterpart, file.granted_other) == (
        0, 300 * MILLION, 320 * MILLION, 0,
    )  # fmt: skip
    assert file.beneficiaries.get().approved_on == day


def test_approval_with_less_gives_the_only_beneficiary_just_that(project, people, paper, day):
    file = approved(project(state="appraised"), people, paper, day, granted_local=250 * MILLION)

    assert (file.granted, file.beneficiaries.get().local) == (250 * MILLION, 250 * MILLION)


@pytest.mark.parametrize(
    ("granted", "sentence"),
    [
        ({"granted_local": 300 * MILLION + 1}, "vượt 300.000.000 đồng đề nghị"),
        ({"granted_national": 1}, "vượt 0 đồng đề nghị"),
        ({"granted_local": 0}, "chưa có kinh phí"),
        ({"granted_counterpart": 0}, "Thiếu đối ứng"),
    ],
)
def test_approval_refuses_what_cannot_be_granted(granted, sentence, project, people, paper, day):
    ConditionFactory(kind="counterpart")
    file = project(state="appraised")

    with pytest.raises(NotPossible, match=sentence):
        approved(file, people, paper, day, **granted)

    file.refresh_from_db()
    assert (file.state, file.granted) == ("appraised", None)


def clear(file, subject):
    ClearanceFactory(project=file, rule="counterpart", subject=subject)


@pytest.mark.parametrize(
    ("subject", "counterpart", "fine"),
    [
        ("", 0, True),
        ("of:0123456789ab", 0, False),
        ("share:2000", 0, False),
        ("", 20 * MILLION, False),
        ("share:625", 20 * MILLION, True),
        ("share:624", 20 * MILLION, True),
        ("share:626", 20 * MILLION, False),
    ],
)
def test_an_exception_for_the_counterpart_covers_what_was_let_pass_and_no_less(
    subject, counterpart, fine, project, people, paper, day
):
    ConditionFactory(kind="counterpart", number=20)
    file = project(state="appraised", counterpart=counterpart)
    file.beneficiaries.update(counterpart=counterpart)
    clear(file, subject)

    if fine:
        assert approved(file, people, paper, day).state == "approved"
    else:
        with pytest.raises(NotPossible, match="đối ứng|Đối ứng"):
            approved(file, people, paper, day)


@pytest.mark.parametrize(("counterpart", "fine"), [(75 * MILLION, True), (75 * MILLION - 1, False)])
def test_the_counterpart_that_is_decided_has_its_share(counterpart, fine, project, people, paper, day):
    ConditionFactory(kind="counterpart", number=20)
    file = project(state="appraised")

    if fine:
        assert approved(file, people, paper, day, granted_counterpart=counterpart).granted_counterpart == counterpart
    else:
        with pytest.raises(NotPossible, match=r"Đối ứng 74\.999\.999 đồng trong tổng kinh phí .* phải từ 20%"):
            approved(file, people, paper, day, granted_counterpart=counterpart)


def test_approval_asks_the_norm_of_the_appraisal_day_on_the_money_decided(land, project, people, paper, day):
    norm(land, cap=300 * MILLION, percent=50)
    file = project(state="appraised", norm_line="MMTB", rules_on=day)

    with pytest.raises(NotPossible, match="vượt mức tối đa"):
        approved(file, people, paper, day, granted_counterpart=300 * MILLION - 2)
    assert approved(file, people, paper, day, granted_counterpart=300 * MILLION).state == "approved"


def test_a_later_norm_does_not_touch_what_was_appraised(land, project, people, paper, day):
    norm(land, cap=300 * MILLION, valid_to=day + dt.timedelta(days=1))
    norm(land, cap=100 * MILLION, valid_from=day + dt.timedelta(days=1))

    file = project(state="appraised", norm_line="MMTB", rules_on=day)
    assert approved(file, people, paper, day).state == "approved"

    late = project(state="appraised", norm_line="MMTB", rules_on=day + dt.timedelta(days=1))
    with pytest.raises(NotPossible, match=r"vượt mức tối đa 100.000.000"):
        approved(late, people, paper, day)


# ---- changes ----


def test_adjust_changes_amounts_and_people_by_decision(project, people, day):
    file = project(state="running")
    decision = PaperFactory(kind="change_decision", signed_on=day)
    old = file.beneficiaries.get()
    new = EstablishmentFactory(commune=file.commune, province=file.province)

    file = operations.adjust(
        file,
        permission=Permission.CHANGE_BY_DEPARTMENT,
        by=people.department,
        on=day,
        paper=decision,
        reason="Cơ sở cũ xin thôi",
        granted_local=200 * MILLION,
        remove=[old],
        add=[Helped(establishment=new, local=200 * MILLION, counterpart=220 * MILLION)],
    )

    assert (file.granted_local, [b.establishment for b in queries.helped(file)]) == (200 * MILLION, [new])
    assert (file.state, file.steps.get().name, file.steps.get().note) == ("running", "adjust", "Cơ sở cũ xin thôi")
    event = Event.objects.get(action="project.adjust")
    assert (event.data["before"], event.data["added"]) == ({"granted_local": 300 * MILLION}, [str(new)])


@pytest.mark.parametrize("facts", [{"closed_on": dt.date(2026, 6, 1)}, {"merged": True}])
def test_nobody_comes_by_decision_who_has_closed_or_is_another_record_now(facts, project, people, day):
    file = project(state="running")
    if facts.pop("merged", False):
        facts = {"merged_into": EstablishmentFactory(commune=file.commune, province=file.province)}
    new = EstablishmentFactory(commune=file.commune, province=file.province, **facts)
    change = {"permission": Permission.CHANGE_BY_MINISTER, "by": people.minister, "on": day}
    decision = PaperFactory(kind="change_decision", signed_on=day)

    with pytest.raises(Invalid) as refusal:
        operations.adjust(
            file, paper=decision, remove=[file.beneficiaries.get()], add=[Helped(establishment=new)], **change
        )

    assert list(refusal.value.fields) == ["establishment"]


def test_adjust_refuses_the_wrong_authority_state_and_paper(project, people, day):
    decision = PaperFactory(kind="change_decision", signed_on=day)
    change = {"permission": Permission.CHANGE_BY_MINISTER, "on": day, "paper": decision, "title": "Khác"}

    with pytest.raises(NotAllowed):
        operations.adjust(project(state="running"), by=people.department, **change)
    with pytest.raises(NotPossible, match="đã phê duyệt"):
        operations.adjust(project(state="draft"), by=people.minister, **change)
    with pytest.raises(NotPossible, match="đúng loại văn bản"):
        operations.adjust(
            project(state="running"),
            by=people.minister,
            **(change | {"paper": PaperFactory(kind="minutes", signed_on=day)}),
        )
