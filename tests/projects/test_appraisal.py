import datetime as dt

import pytest
from django.urls import reverse

from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.projects import operations
from tests.factories.councils import (
    ConflictFactory,
    CouncilFactory,
    MemberFactory,
    SessionFactory,
    SheetFactory,
    VoteFactory,
)
from tests.factories.norms import (
    ApproverRowFactory,
)
from tests.factories.people import MandateFactory
from tests.factories.projects import StepTakenFactory
from tests.projects.given import html

pytestmark = pytest.mark.django_db


def test_a_returned_file_is_open_again_with_the_reason(project, people, paper, day):
    file = project(state="submitted")

    operations.return_(file, reason="Thiếu báo giá", by=people.appraiser, on=day, paper=paper("return"), due_on=day)

    assert (operations.change(file, by=people.officer, content="Đã bổ sung").state, file.steps.get().note) == (
        "draft",
        "Thiếu báo giá",
    )


@pytest.mark.parametrize("name", ["return_", "fail", "withdraw", "stop", "ministry_return", "ministry_fail"])
def test_a_step_back_needs_its_reason(name, project, people, paper, day):
    with pytest.raises(Invalid) as refusal:
        getattr(operations, name)(project(), reason=" ", by=people.appraiser, on=day, paper=paper("return"))

    assert list(refusal.value.fields) == ["reason"]


def test_base_appraisal_keeps_the_rules_of_its_day(project, people, paper, day):
    file = operations.appraise(project(state="submitted"), by=people.appraiser, on=day, paper=paper("appraise"))

    assert file.rules_on == day


def test_who_declared_a_conflict_does_not_appraise(project, people, paper, day):
    file = project(state="submitted")
    ConflictFactory(member=MemberFactory(user=people.appraiser), subject_uid=file.uid, reason="Em ruột chủ cơ sở")

    with pytest.raises(NotAllowed, match="Em ruột chủ cơ sở"):
        operations.appraise(file, by=people.appraiser, on=day, paper=paper("appraise"))


def test_a_mandate_that_has_ended_opens_nothing_for_an_older_day(land, project, people, paper, day):
    former = MandateFactory(role="appraiser", place=land.province, ended=True).user

    with pytest.raises(NotAllowed):
        operations.appraise(project(state="submitted"), by=former, on=day, paper=paper("appraise"))


def test_there_is_no_ministry_step_in_a_local_project(project, people, paper, day):
    with pytest.raises(NotPossible, match="không có bước này"):
        operations.register(project(state="appraised"), by=people.department, on=day, paper=paper("register"))


def test_base_appraisal_is_of_whom_the_row_of_the_day_names(project, people, paper, day):
    ApproverRowFactory(
        act="appraise_base",
        level="provincial",
        role="provincial_approver",
        body="Ủy ban nhân dân tỉnh",
        article="khoản 1 Điều 8",
        valid_from=day,
    )
    file = project(state="submitted")

    with pytest.raises(NotAllowed, match="Ủy ban nhân dân tỉnh.*khoản 1 Điều 8"):
        operations.appraise(file, by=people.appraiser, on=day, paper=paper("appraise"))

    yesterday = day - dt.timedelta(days=1)
    operations.appraise(file, by=people.appraiser, on=yesterday, paper=paper("appraise", signed_on=yesterday))
    file.refresh_from_db()
    assert file.state == "appraised"


def test_a_division_appraises_for_its_director_whom_the_law_names(project, people, paper, day):
    ApproverRowFactory(act="appraise_base", level="provincial", role="department_director", body="Giám đốc Sở")
    file = project(state="submitted")

    operations.appraise(file, by=people.appraiser, on=day, paper=paper("appraise"))

    file.refresh_from_db()
    assert file.state == "appraised"


def concluded(file, conclusion, on, **facts):
    council = CouncilFactory(province=file.province)
    return VoteFactory(
        session=SessionFactory(council=council, on=on), subject_uid=file.uid, conclusion=conclusion, **facts
    )


def test_what_the_council_did_not_pass_is_passed_with_a_reason_alone(project, people, paper, day):
    file = project(state="submitted")
    vote = concluded(file, "fail", day)

    with pytest.raises(Invalid, match=f"{vote.session.council} kết luận “Không đạt” ngày 01/06/2026"):
        operations.appraise(file, by=people.appraiser, on=day, paper=paper("appraise"))
    operations.appraise(
        file, by=people.appraiser, on=day, paper=paper("appraise"), note="Giám đốc Sở quyết định khác, văn bản 12"
    )

    file.refresh_from_db()
    assert (file.state, file.steps.get().note) == ("appraised", "Giám đốc Sở quyết định khác, văn bản 12")


def test_what_was_concluded_of_the_file_before_it_was_completed_stands_in_no_way(project, people, paper, day):
    file = project(state="submitted")
    concluded(file, "complete", day - dt.timedelta(days=9))
    StepTakenFactory(project=file, name="submit", on=day - dt.timedelta(days=2))

    operations.appraise(file, by=people.appraiser, on=day, paper=paper("appraise"))

    file.refresh_from_db()
    assert file.state == "appraised"


def test_the_page_of_the_appraisal_tells_what_the_council_concluded(client, project, people, day):
    file = project(state="submitted")
    client.force_login(people.appraiser)
    page = reverse("projects:appraise", args=[file.pk])
    assert "hội đồng" not in html(client.get(page)).split("Căn cứ, điều kiện")[1].split("Giấy tờ")[0].lower()

    SheetFactory(member__council__province=file.province, subject_uid=file.uid)
    assert "Chưa có biểu quyết của hội đồng." in html(client.get(page))
    assert "Phiếu đã có: 1 đạt, 0 yêu cầu bổ sung, 0 không đạt." in html(client.get(page))

    vote = concluded(file, "complete", day, passes=1, completes=3, fails=0)
    told = f"{vote.session.council}, phiên 01/06/2026: Yêu cầu bổ sung, hoàn thiện (1 phiếu đạt, 3 yêu cầu bổ sung"
    assert told in html(client.get(page))


def test_officers_by_assignment_give_sheets_and_no_vote_is_missed(client, project, people):
    file = project(state="submitted")
    officers = CouncilFactory(officer=True, province=file.province)
    SheetFactory(member__council=officers, subject_uid=file.uid, conclusion="fail")
    client.force_login(people.appraiser)

    shown = html(client.get(reverse("projects:appraise", args=[file.pk])))

    assert "Phiếu đã có: 0 đạt, 0 yêu cầu bổ sung, 1 không đạt." in shown
    assert "biểu quyết của hội đồng" not in shown
