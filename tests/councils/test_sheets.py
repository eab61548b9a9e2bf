import datetime as dt
import uuid
from decimal import Decimal

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.councils import operations, queries
from khuyencong.councils.models import Conflict, Council, Sheet
from tests.councils.given import ABOUT, DAY, marks, scored, subject
from tests.factories.councils import (
    ConflictFactory,
    CouncilFactory,
    MemberFactory,
    SheetFactory,
    VoteFactory,
)
from tests.factories.documents import PaperFactory
from tests.factories.norms import CriterionRowFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def criteria():
    """Two criteria of sixty and forty points."""
    return [CriterionRowFactory(number=n, points=points) for n, points in ((1, 60), (2, 40))]


# ---- sheets ----


def test_a_sheet_keeps_five_opinions_and_the_scores_of_the_day(judge, criteria):
    sheet = scored(
        judge,
        marks=marks() | {5: {"result": "fails", "comment": "Thiếu báo giá"}},
        scores={1: Decimal("55.5"), 2: Decimal(40)},
    )

    [told] = queries.sheets_on(sheet.subject_uid)
    assert (told.total, told.most) == (Decimal("95.5"), 100)
    assert list(sheet.points.values_list("point", "result"))[-1] == (5, "fails")
    assert list(sheet.scores.values_list("number", "most", "score")) == [(1, 60, Decimal("55.5")), (2, 40, 40)]
    assert "khoản 4 Điều 8" in sheet.criteria_basis
    assert Event.objects.get().data["total"] == "95.5"


def test_later_criteria_do_not_touch_what_was_scored(judge, criteria):
    about = subject()
    sheet = scored(judge, about, scores={1: Decimal(50), 2: Decimal(30)})
    for row in criteria:
        row.valid_to = DAY + dt.timedelta(days=1)
        row.save()
    CriterionRowFactory(number=1, points=10, valid_from=DAY + dt.timedelta(days=1))

    assert list(sheet.scores.values_list("most", flat=True)) == [60, 40]
    again = scored(judge, about, scores={1: Decimal(9)}, on=DAY + dt.timedelta(days=1))
    assert list(again.scores.values_list("most", "score")) == [(10, 9)]


def test_without_criteria_a_sheet_has_opinions_and_no_scores(judge):
    sheet = scored(judge)

    assert (sheet.scores.count(), queries.verdict_on(sheet.subject_uid).average) == (0, None)
    with pytest.raises(NotPossible, match="tiêu chí số 1"):
        scored(judge, scores={1: Decimal(5)})


def test_a_sheet_is_corrected_in_place(judge, criteria):
    about = subject()

    scored(judge, about, scores={1: Decimal(60), 2: Decimal(40)})
    scored(judge, about, scores={1: Decimal(20), 2: Decimal(30)}, conclusion="fail")

    [told] = queries.sheets_on(about.uid)
    assert (told.total, told.conclusion) == (50, "fail")
    assert [e.action for e in Event.objects.order_by("pk")] == ["council.score", "council.rescore"]


@pytest.mark.parametrize(
    ("score", "sentence"), [("-1", "từ 0 đến 60"), ("60.5", "từ 0 đến 60"), ("5.25", "một chữ số"), (None, "Hãy chấm")]
)
def test_a_score_outside_the_scale_is_refused_on_its_criterion(score, sentence, judge, criteria):
    with pytest.raises(Invalid, match=sentence) as refusal:
        scored(judge, scores={1: score and Decimal(score), 2: Decimal(40)})

    assert list(refusal.value.fields) == ["score_1"]
    assert not Sheet.objects.exists()


def test_a_missing_opinion_a_bare_no_and_a_missing_proposal_are_refused(judge):
    with pytest.raises(Invalid) as refusal:
        scored(judge, marks={n: m for n, m in marks().items() if n != 2} | {3: {"result": "fails", "comment": " "}})
    assert list(refusal.value.fields) == ["result_2", "comment_3"]
    with pytest.raises(Invalid):
        scored(judge, conclusion="")


def test_nobody_writes_the_sheet_of_another(council, judge):
    with pytest.raises(NotAllowed):
        scored(judge, by=MemberFactory(council=council).user)


def test_the_secretary_types_a_signed_sheet_and_not_an_unsigned_one(judge, secretary):
    with pytest.raises(NotPossible, match="phiếu đã ký"):
        scored(judge, by=secretary.user)
    assert scored(judge, by=secretary.user, paper=PaperFactory(kind="appraisal")).by == secretary.user


def test_everything_that_is_wrong_with_a_sheet_is_told_at_once(judge, criteria, today):
    with pytest.raises(Invalid) as refusal:
        scored(judge, marks=marks() | {2: {}}, conclusion="", on=today + dt.timedelta(days=1))

    assert {"on", "conclusion", "result_2", "score_1"} <= set(refusal.value.fields)


def test_a_secretary_with_a_conflict_types_no_sheet_of_another_on_that_subject(judge, secretary, head):
    about, paper = subject(), PaperFactory(kind="appraisal")
    operations.declare_conflict(secretary, subject=about, reason="Em trai của chủ cơ sở", by=secretary.user)

    with pytest.raises(NotAllowed, match=r"không tham gia xem xét đề án này \(Em trai của chủ cơ sở\)"):
        scored(judge, about, by=secretary.user, paper=paper)

    assert scored(judge, about, by=head, paper=paper).by == head
    assert scored(judge, by=secretary.user, paper=paper).by == secretary.user  # on another subject


def test_a_secretary_types_no_sheet_while_a_sign_of_his_own_waits(council, judge):
    about = subject(**ABOUT)
    secretary = MemberFactory(council=council, secretary=True, tax_code=ABOUT["tax_code"])

    with pytest.raises(NotAllowed, match="dấu hiệu có thể là xung đột lợi ích của bạn"):
        scored(judge, about, by=secretary.user, paper=PaperFactory(kind="appraisal"))


def test_all_reasons_for_which_a_judge_takes_no_part_are_told(near, secretary):
    about = subject(**ABOUT)
    operations.declare_conflict(near, subject=about, reason="Góp vốn", by=near.user)
    Conflict.objects.create(
        member=near,
        subject_uid=about.uid,
        basis="tax_code",
        outcome="excused",
        reason="Cùng mã số thuế",
        by=secretary.user,
    )

    with pytest.raises(NotAllowed, match="Góp vốn; Cùng mã số thuế"):
        scored(near, about)


def test_a_sheet_is_given_while_the_council_works(council, judge, today):
    with pytest.raises(NotPossible):
        scored(judge, on=council.formed_on - dt.timedelta(days=1))
    with pytest.raises(Invalid):
        scored(judge, on=today + dt.timedelta(days=1))
    Council.objects.update(dissolved_on=DAY)
    with pytest.raises(NotPossible):
        scored(judge, on=DAY + dt.timedelta(days=1))
    assert scored(judge, on=DAY).on == DAY


# ---- what they say together ----


def test_the_sheets_together_say_how_many_propose_what_and_their_mean(council, django_assert_num_queries):
    uid = uuid.uuid4()
    for total, conclusion in ((80, "pass"), (75, "pass"), (60, "fail")):
        SheetFactory(member=MemberFactory(council=council), subject_uid=uid, total=total, conclusion=conclusion)
    SheetFactory(member=MemberFactory(council=council), subject_uid=uid, total=False)

    with django_assert_num_queries(2):
        told = queries.verdicts([uid, uuid.uuid4()])

    assert list(told) == [uid]
    assert (told[uid].sheets, told[uid].scored, told[uid].passes, told[uid].fails) == (4, 3, 3, 1)
    assert (str(told[uid].average), str(told[uid].most), str(told[uid].of_hundred)) == ("71.7", "100", "71.7")


def test_the_ministry_s_sheets_and_the_province_s_are_told_apart(council):
    uid = uuid.uuid4()
    SheetFactory(member=MemberFactory(council=council), subject_uid=uid, total=90)
    SheetFactory(member=MemberFactory(council=CouncilFactory(ministry=True)), subject_uid=uid, total=50)

    assert queries.verdict_on(uid, tier="base").average == 90
    assert queries.verdict_on(uid, tier="ministry").average == 50
    assert queries.verdict_on(uid).average == 70


def test_each_criterion_has_its_mean(council, judge, criteria):
    about = subject()
    scored(judge, about, scores={1: Decimal(60), 2: Decimal(30)})
    scored(MemberFactory(council=council), about, scores={1: Decimal("45.5"), 2: Decimal(30)})

    means = queries.criterion_means(about.uid, council=council)

    assert [(m.number, str(m.average), m.most, m.sheets) for m in means] == [(1, "52.8", 60, 2), (2, "30.0", 40, 2)]


def test_a_sheet_despite_a_conflict_and_a_vote_of_too_many_are_named(council):
    sheet = SheetFactory(member=MemberFactory(council=council))
    ConflictFactory(member=sheet.member, subject_uid=sheet.subject_uid)
    VoteFactory(subject_label="26-66-009 Máy ép")

    said = queries.invariants()

    assert len(said) == 2
    assert "xung đột lợi ích" in said[0] and "26-66-009 Máy ép" in said[1]
