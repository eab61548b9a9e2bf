"""A project keeps the rules under which it was appraised: the day before a new norm, the day itself, and what is said of it."""

import datetime as dt

import pytest
from django.urls import reverse

from khuyencong.base.errors import NotPossible
from khuyencong.projects import operations, queries, rules
from tests.factories.norms import LineFactory, SupportNormFactory

pytestmark = pytest.mark.django_db

MILLION = 1_000_000
NEW = dt.date(2026, 6, 2)  # the first day of the lower norm; steps are taken the day before or on it
DAYS = [(NEW - dt.timedelta(days=1), 300), (NEW, 100)]


@pytest.fixture
def norms(land):
    line = LineFactory(code="MMTB", anywhere=True)
    local = {"line": line, "level": "provincial", "province": land.province, "percent": None}
    SupportNormFactory(cap=300 * MILLION, valid_to=NEW, **local)
    SupportNormFactory(cap=100 * MILLION, valid_from=NEW, **local)


@pytest.fixture
def nation():
    line = LineFactory(code="MMTB", anywhere=True)
    SupportNormFactory(line=line, cap=300 * MILLION, percent=None, valid_to=NEW)
    SupportNormFactory(line=line, cap=100 * MILLION, percent=None, valid_from=NEW)


@pytest.mark.parametrize(("on", "most"), DAYS)
def test_appraisal_asks_the_norm_of_its_own_day(on, most, norms, project, people, paper):
    fits = project(state="submitted", norm_line="MMTB", local=most * MILLION)
    over = project(state="submitted", norm_line="MMTB", local=most * MILLION + 1)

    assert operations.appraise(fits, by=people.appraiser, on=on, paper=paper("appraise", signed_on=on)).rules_on == on
    with pytest.raises(NotPossible, match=f"vượt mức tối đa {most}.000.000 đồng"):
        operations.appraise(over, by=people.appraiser, on=on, paper=paper("appraise", signed_on=on))


@pytest.mark.parametrize(("on", "most"), DAYS)
def test_approval_after_the_change_keeps_the_norm_of_the_appraisal(on, most, norms, project, people, paper):
    late = NEW + dt.timedelta(days=30)
    fits = project(state="appraised", norm_line="MMTB", rules_on=on, local=most * MILLION)
    over = project(state="appraised", norm_line="MMTB", rules_on=on, local=most * MILLION + 1)

    signed = paper("approve", signed_on=late)
    assert operations.approve(fits, by=people.approver, on=late, paper=signed).state == "approved"
    with pytest.raises(NotPossible, match=f"vượt mức tối đa {most}.000.000 đồng"):
        operations.approve(over, by=people.approver, on=late, paper=signed)


@pytest.mark.parametrize(("on", "most"), DAYS)
def test_the_ministry_judges_by_the_day_of_its_own_appraisal(on, most, nation, project, people, paper):
    """Base appraisal lies before the change either way."""
    facts = {
        "level": "national",
        "local": 0,
        "state": "registered",
        "norm_line": "MMTB",
        "rules_on": dt.date(2026, 5, 1),
    }
    fits, over = project(national=most * MILLION, **facts), project(national=most * MILLION + 1, **facts)
    signed = paper("ministry_appraise", signed_on=on)

    assert operations.ministry_appraise(fits, by=people.agency, on=on, paper=signed).rules_on == on
    with pytest.raises(NotPossible, match="vượt mức tối đa"):
        operations.ministry_appraise(over, by=people.agency, on=on, paper=signed)


def test_what_the_ministry_sends_back_is_judged_anew(project, people, paper, day):
    file = project(level="national", national=MILLION, local=0, state="registered", rules_on=dt.date(2026, 5, 1))

    file = operations.ministry_return(
        file, reason="Thiếu báo giá", by=people.agency, on=day, paper=paper("ministry_return"), due_on=day
    )

    assert (file.state, file.rules_on) == ("draft", None)


@pytest.mark.parametrize(("on", "most"), DAYS)
def test_the_list_of_a_group_is_approved_by_the_rules_of_its_appraisal(on, most, norms, project, people, paper):
    late = NEW + dt.timedelta(days=30)
    facts = {"form": "group", "state": "approved", "norm_line": "MMTB", "rules_on": on}
    fits, over = project(local=most * MILLION, **facts), project(local=most * MILLION + 1, **facts)

    def approve(file):
        signed = paper("approve", kind="group_plan", signed_on=late)
        helped = list(file.beneficiaries.all())
        return operations.approve_beneficiaries(file, beneficiaries=helped, by=people.department, on=late, paper=signed)

    assert len(approve(fits)) == 1
    with pytest.raises(NotPossible, match=f"vượt mức tối đa {most}.000.000 đồng"):
        approve(over)


@pytest.mark.parametrize(
    ("level", "state", "rules_on", "kept", "why"),
    [
        ("provincial", "draft", None, False, "Chưa đạt thẩm định nên xét theo quy định đang có hiệu lực"),
        ("provincial", "submitted", None, False, "Chưa đạt thẩm định nên xét theo quy định đang có hiệu lực"),
        ("provincial", "appraised", NEW, True, "Thẩm định ngày 02/06/2026 nên giữ mức và quy định của ngày đó"),
        ("communal", "appraised", NEW, True, "Thẩm định ngày 02/06/2026 nên giữ mức"),
        ("provincial", "running", NEW, True, "Thẩm định ngày 02/06/2026 nên giữ mức"),
        ("national", "appraised", NEW, False, "thẩm định cấp Bộ còn xét theo quy định có hiệu lực"),
        ("national", "registered", NEW, False, "Đã thẩm định cấp cơ sở ngày 02/06/2026"),
        ("national", "ministry_appraised", NEW, True, "Thẩm định ngày 02/06/2026 nên giữ mức"),
        ("provincial", "failed", None, False, ""),
    ],
)
def test_it_is_said_which_days_rules_hold_and_why(level, state, rules_on, kept, why, project):
    later = dt.date(2026, 11, 1)

    told = rules.judged(project(level=level, state=state, rules_on=rules_on), on=later)

    assert (told.kept, told.day) == (kept, NEW if kept else later)
    assert why in told.why


def test_a_historical_file_is_judged_by_its_own_day(project):
    told = rules.judged(project(state="settled", historical=True, rules_on=NEW), on=dt.date(2026, 11, 1))

    assert (told.day, told.why) == (NEW, "Hồ sơ lịch sử, xét theo quy định của ngày 02/06/2026.")


@pytest.mark.parametrize(("on", "most", "later"), [(*DAYS[0], 1), (*DAYS[1], 0)])
def test_the_page_of_checks_judges_by_the_kept_day_and_tells_of_the_new_norm(
    on, most, later, norms, project, people, client
):
    file = project(state="appraised", norm_line="MMTB", rules_on=on, local=300 * MILLION)
    client.force_login(people.appraiser)

    page = client.get(reverse("projects:checks", args=[file.pk]))

    [told] = [f for f in page.context["findings"] if f.rule == "norm"]
    assert told.refuses == (most == 100)
    assert f"theo quy định ngày {on:%d/%m/%Y}" in page.content.decode()
    assert len(page.context["changed"]) == later
    if later:
        assert "cho tối đa 100.000.000 đồng; đề án giữ mức 300.000.000 đồng của ngày 01/06/2026" in str(
            page.context["changed"]
        )


def test_the_record_says_which_rules_it_keeps(project, people, client):
    file = project(state="appraised", rules_on=NEW)
    client.force_login(people.appraiser)

    page = client.get(reverse("projects:page", args=[file.pk])).content.decode()

    assert "Thẩm định ngày 02/06/2026 nên giữ mức và quy định của ngày đó" in page


def test_an_exception_is_asked_of_the_rules_that_the_project_keeps(norms, project, people, day):
    """Under its own rules 300 million is within the norm: the later norm leaves nothing to accept."""
    file = project(state="appraised", norm_line="MMTB", rules_on=NEW - dt.timedelta(days=1))
    helped = file.beneficiaries.get()
    subject = f"{helped.uid}:provincial:{helped.local}"

    with pytest.raises(NotPossible, match="Không còn điều nào"):
        operations.clear_warning(
            file, rule="norm", subject=subject, reason="Tỉnh đã cho phép", by=people.appraiser, on=dt.date(2026, 8, 1)
        )


def test_money_of_a_commune_is_bound_by_rows_for_communes(land, project, day):
    line = LineFactory(code="MMTB", anywhere=True)
    SupportNormFactory(line=line, level="communal", province=land.province, cap=50 * MILLION)
    SupportNormFactory(line=line, level="provincial", province=land.province, cap=300 * MILLION)
    file = project(level="communal", norm_line="MMTB")

    [told] = [f for f in queries.checks(file, on=day) if f.rule == "norm"]

    assert "vượt mức tối đa 50.000.000 đồng" in told.sentence
