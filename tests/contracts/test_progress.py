import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.contracts import operations
from khuyencong.contracts.models import BeneficiaryUpdate, ProgressReport
from tests.factories.files import StoredFileFactory
from tests.factories.people import MandateFactory
from tests.worlds import once, own

from .conftest import MILLION, alone, day, paper

pytestmark = pytest.mark.django_db


def begin():
    c = alone()
    c.owner = MandateFactory(of_body=True, organisation=c.running().establishment.organisation).user
    return c


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from once(begin, django_db_blocker)


@pytest.fixture
def running(made, db):
    return own(made)


def tell(c, **facts):
    facts = {"year": 2026, "month": 6, "done": 310 * MILLION, "by": c.owner} | facts
    return operations.tell_progress(c.helped, **facts)


def test_an_establishment_tells_its_month_with_photos(running):
    photo = StoredFileFactory()

    update = tell(running, files=[photo], note=" Đã lắp khung ")

    assert (update.done, update.note, list(update.files.all())) == (310 * MILLION, "Đã lắp khung", [photo])
    assert Event.objects.filter(action="progress.tell").count() == 1


def test_an_establishment_tells_no_month_before_the_task_was_given(running):
    with pytest.raises(Invalid, match="được giao từ tháng 3/2026"):
        tell(running, month=2)
    assert tell(running, month=3).month == 3


def test_another_establishment_tells_nothing(running):
    other = MandateFactory(of_body=True).user

    with pytest.raises(NotAllowed):
        tell(running, by=other)
    assert BeneficiaryUpdate.objects.count() == 0


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"month": 12}, "month"), ({"month": 13}, "month"), ({"year": 2027, "month": 1}, "month"), ({"done": -1}, "done")],
)
def test_a_month_that_has_not_come_and_less_than_nothing_are_refused(running, facts, field):
    with pytest.raises(Invalid) as refusal:
        tell(running, **facts)
    assert list(refusal.value.fields) == [field]


def test_after_acceptance_no_more_figures_come(running):
    running.accept(running.helped)

    with pytest.raises(NotPossible):
        tell(running)


# ---- the implementer's report ----


def test_a_report_is_written_and_confirmed(running):
    report = running.report(confirmed=day(6, 26))

    assert (report.done, report.confirmed_on, report.confirmation.kind) == (
        434 * MILLION + 1,
        day(6, 26),
        "volume_confirmation",
    )
    assert list(
        Event.objects.filter(action__startswith="progress.").order_by("pk").values_list("action", flat=True)
    ) == [
        "progress.report",
        "progress.confirm",
    ]


def test_a_month_is_reported_once(running):
    running.report()

    with pytest.raises(Invalid, match="đã có báo cáo tháng 6/2026"):
        running.report()


@pytest.mark.parametrize(("done", "refused"), [(399 * MILLION, True), (400 * MILLION, False)])
def test_what_is_done_does_not_shrink(running, done, refused):
    running.report(month=6, done=400 * MILLION)

    if refused:
        with pytest.raises(Invalid, match="nhỏ hơn tháng 6/2026"):
            running.report(month=7, done=done)
    else:
        assert running.report(month=7, done=done).done == done


def test_a_month_told_late_does_not_exceed_the_one_after_it(running):
    running.report(month=8, done=400 * MILLION)

    with pytest.raises(Invalid, match="lớn hơn tháng 8/2026"):
        running.report(month=7, on=day(9, 2), done=400 * MILLION + 1)
    assert running.report(month=7, on=day(9, 2), done=400 * MILLION).month == 7


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"done": -1}, "done"),
        ({"state_spent": -1}, "state_spent"),
        ({"counterpart_spent": -1}, "counterpart_spent"),
        ({"month": 2, "on": day(3, 25)}, "month"),
        ({"month": 12, "on": day(11, 20)}, "month"),
        ({"on": day(5, 31)}, "on"),
        ({"on": day(11, 23)}, "on"),
    ],
)
def test_a_report_tells_its_own_month(running, facts, field):
    with pytest.raises(Invalid) as refusal:
        running.report(**facts)
    assert list(refusal.value.fields) == [field]
    assert ProgressReport.objects.count() == 0


def test_a_report_with_a_nought_too_many_is_taken_back_and_sent_again(running):
    wrong = running.report(month=6, done=4_350 * MILLION, confirmed=False)
    with pytest.raises(Invalid, match="Luỹ kế không thể nhỏ hơn"):
        running.report(month=7, on=day(7, 24), done=440 * MILLION)
    for who in ("appraiser", "accountant", "stranger"):
        with pytest.raises(NotAllowed):
            operations.remove_report(wrong, reason="Ghi thừa số 0", by=getattr(running.people, who))

    operations.remove_report(wrong, reason="Ghi thừa số 0", by=running.people.officer)

    kept = Event.objects.get(action="progress.remove_report").data
    assert (kept["month"], kept["done"], kept["reason"]) == ("6/2026", 4_350 * MILLION, "Ghi thừa số 0")
    assert running.report(month=6, done=435 * MILLION).done == 435 * MILLION


def test_what_the_department_confirmed_is_not_taken_back(running):
    confirmed = running.report()

    with pytest.raises(NotPossible, match="đã được Sở xác nhận"):
        operations.remove_report(confirmed, reason="Ghi nhầm", by=running.people.officer)


def test_a_report_that_was_taken_back_meanwhile_is_neither_confirmed_nor_taken_back_again(running):
    report = running.report(confirmed=False)
    seen_by_another = ProgressReport.objects.get(pk=report.pk)
    operations.remove_report(report, reason="Ghi thừa số 0", by=running.people.officer)

    with pytest.raises(NotPossible, match="đã được rút"):
        operations.confirm_volume(
            seen_by_another, by=running.people.appraiser, on=day(7, 25), paper=paper("volume_confirmation", day(7, 25))
        )
    with pytest.raises(NotPossible, match="đã được rút"):
        operations.remove_report(seen_by_another, reason="Ghi thừa số 0", by=running.people.officer)


@pytest.mark.parametrize("who", ["appraiser", "department", "accountant", "stranger"])
def test_only_the_implementer_reports(running, who):
    with pytest.raises(NotAllowed):
        running.report(by=getattr(running.people, who))


@pytest.mark.parametrize("who", ["officer", "director", "accountant", "stranger"])
def test_only_the_department_confirms(running, who):
    report = running.report(confirmed=False)

    with pytest.raises(NotAllowed):
        operations.confirm_volume(
            report, by=getattr(running.people, who), on=day(6, 26), paper=paper("volume_confirmation")
        )


def test_a_report_is_confirmed_once_after_it_was_sent_by_its_paper(running):
    report = running.report(confirmed=False)
    confirm = {"by": running.people.appraiser, "on": day(6, 26)}

    with pytest.raises(NotPossible, match="Xác nhận khối lượng của Sở"):
        operations.confirm_volume(report, paper=paper("other"), **confirm)
    with pytest.raises(Invalid, match="trước ngày gửi báo cáo"):
        operations.confirm_volume(report, paper=paper("volume_confirmation"), **confirm | {"on": day(6, 23)})
    operations.confirm_volume(report, paper=paper("volume_confirmation"), **confirm)
    with pytest.raises(NotPossible, match="đã được Sở xác nhận"):
        operations.confirm_volume(report, paper=paper("volume_confirmation"), **confirm)


def test_who_is_no_longer_helped_tells_nothing(running):
    running.helped.removed_on = day(6, 1)
    running.helped.save()

    with pytest.raises(NotPossible, match="không còn là đơn vị thụ hưởng"):
        tell(running)


def test_the_volume_of_a_stopped_project_is_not_confirmed(running):
    report = running.report(confirmed=False)
    project = running.fresh()
    project.state = "stopped"
    project.save()

    with pytest.raises(NotPossible, match="Không thể “Xác nhận khối lượng”"):
        operations.confirm_volume(
            report, by=running.people.appraiser, on=day(6, 28), paper=paper("volume_confirmation", day(6, 28))
        )
