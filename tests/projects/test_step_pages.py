"""The desk of projects through the test client: what is there for whom, and what is refused."""

import datetime as dt

import pytest
from django.urls import reverse

from khuyencong.projects import queries
from khuyencong.projects.queries import conditions
from khuyencong.web.desk.projects.views import steps
from tests.factories.councils import ConflictFactory, MemberFactory
from tests.factories.documents import PaperFactory, RequirementFactory
from tests.factories.establishments import EstablishmentFactory, MachineFactory, SupportedItemFactory
from tests.factories.norms import ConditionFactory
from tests.factories.places import ProvinceFactory
from tests.factories.plans import ChangeRequestFactory
from tests.factories.projects import StepTakenFactory
from tests.projects.given import html, paper_fields

pytestmark = pytest.mark.django_db


# ---- steps ----


def test_the_director_signs_and_sends_with_a_new_paper(seen, sent, project):
    file = project()

    page = html(seen("director", "submit", file.pk))
    assert "Công văn đề nghị" in page
    answer = sent("director", "submit", file.pk, **paper_fields())

    file.refresh_from_db()
    taken = file.steps.get()
    assert (answer.status_code, file.state, taken.on, taken.paper.number) == (
        302,
        "submitted",
        dt.date(2026, 6, 1),
        "12/TTr-TTKC",
    )


def test_a_step_that_is_taken_asks_nothing_that_only_its_page_shows(sent, project, monkeypatch):
    asked = []
    judge = steps._judged
    monkeypatch.setattr(steps, "_judged", lambda user, project: asked.append(project.state) or judge(user, project))
    monkeypatch.setattr(steps.queries, "steps_open_to", lambda user, project: asked.append("steps") or [])
    file = project()

    refused, after_refusal = sent("director", "submit", file.pk), [*asked]
    asked.clear()
    taken = sent("director", "submit", file.pk, **paper_fields())

    assert (refused.status_code, after_refusal) == (422, ["draft", "steps"])
    assert (taken.status_code, asked) == (302, [])


def test_the_conditions_of_a_file_are_judged_once_for_its_page(seen, project, monkeypatch):
    ConditionFactory(kind="counterpart")
    asked = []
    gather = conditions.gather
    monkeypatch.setattr(conditions, "gather", lambda files: asked.append(len(files)) or gather(files))

    assert "Thiếu đối ứng" in html(seen("director", "submit", project(counterpart=0).pk))
    assert asked == [1]


def test_a_paper_recorded_before_serves_a_step(sent, project, land):
    file = project()
    paper = PaperFactory(kind="request_letter", province=land.province, signed_on=dt.date(2026, 6, 1), number="9/TTr")

    sent("director", "submit", file.pk, existing=paper.pk)

    assert file.steps.get().paper == paper


def test_a_step_without_its_paper_comes_back_with_a_sentence(sent, project, land):
    file = project()

    nothing = sent("director", "submit", file.pk)
    PaperFactory(kind="request_letter", province=land.province)
    neither = sent("director", "submit", file.pk)

    file.refresh_from_db()
    assert (nothing.status_code, neither.status_code, file.state) == (422, 422, "draft")
    assert "Bước này phải có văn bản" in html(neither)


def test_a_day_in_the_future_is_refused_on_its_field(sent, project):
    file = project()

    answer = sent("director", "submit", file.pk, **paper_fields(signed_on="23/11/2026"))

    assert (answer.status_code, file.steps.count()) == (422, 0)
    assert "ở tương lai" in html(answer)


def test_a_refusal_of_the_rules_is_shown_and_leaves_no_paper(sent, project):
    ConditionFactory(kind="counterpart")
    from khuyencong.documents.models import Paper

    file = project(counterpart=0)

    answer = sent("director", "submit", file.pk, **paper_fields())

    assert answer.status_code == 422
    assert "Thiếu đối ứng" in html(answer)
    assert not Paper.objects.exists()


def test_the_wrong_person_finds_a_refusal_and_no_form(seen, sent, project):
    file = project()

    assert seen("appraiser", "submit", file.pk).status_code == 403
    assert sent("appraiser", "submit", file.pk, **paper_fields()).status_code == 403
    assert seen("department", "register", file.pk).status_code == 404


def test_the_clerk_records_the_appraisal_that_another_signed(seen, sent, project):
    file = project(state="submitted")

    assert "Ghi nhận văn bản: Thẩm định cấp cơ sở: đạt" in html(seen("clerk", "page", file.pk))
    sent("clerk", "appraise", file.pk, **paper_fields(number="PTĐ-3", signer="Trần Văn Lâm"))

    file.refresh_from_db()
    assert (file.state, file.steps.get().paper.signer) == ("appraised", "Trần Văn Lâm")


@pytest.mark.parametrize(("name", "state"), [("return", "draft"), ("fail", "failed")])
def test_the_appraiser_sends_back_or_fails_with_the_reason(name, state, sent, project):
    file = project(state="submitted")

    assert sent("appraiser", name, file.pk, **paper_fields()).status_code == 422
    due = {"due_on": "20/12/2026"} if name == "return" else {}
    sent("appraiser", name, file.pk, reason="Thiếu báo giá", **due, **paper_fields(number="45/SCT"))

    file.refresh_from_db()
    assert (file.state, file.steps.get().note) == (state, "Thiếu báo giá")


@pytest.mark.parametrize(
    ("who", "state", "name"),
    [
        ("appraiser", "submitted", "appraise"),
        ("agency", "registered", "ministry_appraise"),
        ("agency", "registered", "ministry_return"),
    ],
)
def test_who_has_a_conflict_reads_it_before_he_writes(seen, people, project, who, state, name):
    level = "national" if who == "agency" else "provincial"
    file = project(state=state, level=level)
    member = MemberFactory(user=getattr(people, who))
    ConflictFactory(member=member, subject_uid=file.uid, reason="Em ruột chủ cơ sở")

    answer = seen(who, name, file.pk)
    here = seen(who, "page", file.pk)

    told = "Bạn có xung đột lợi ích với đề án này nên không được thẩm định: Em ruột chủ cơ sở"
    assert (answer.status_code, told in html(answer), told in html(here)) == (403, True, True)
    assert reverse(f"projects:{name}", args=[file.pk]) not in html(here)


def test_a_double_click_acts_once(sent, project):
    file = project()

    for _time in range(2):
        sent("director", "submit", file.pk, _once="abc", **paper_fields())

    assert file.steps.count() == 1


# ---- exceptions and the dossier ----


def test_an_exception_is_cleared_with_a_reason_on_the_page(seen, sent, project):
    ConditionFactory(kind="counterpart")
    file = project(counterpart=0)

    assert "Chấp nhận ngoại lệ" in html(seen("director", "checks", file.pk))
    assert "Chấp nhận ngoại lệ" not in html(seen("officer", "checks", file.pk))
    assert "Chấp nhận ngoại lệ" not in html(seen("agency", "checks", file.pk))  # the money is the province's
    assert seen("director", "clear_warning", file.pk, rule="counterpart").status_code == 200
    sent("director", "clear_warning", file.pk, rule="counterpart", reason="Đối ứng bằng nhà xưởng có sẵn")

    assert file.clearances.get().reason == "Đối ứng bằng nhà xưởng có sẵn"
    assert "Đối ứng bằng nhà xưởng có sẵn" in html(seen("officer", "history", file.pk))


def test_the_page_says_that_an_exception_was_made_for_other_evidence(seen, sent, project, people):
    ConditionFactory(kind="no_other_support")
    file = project(state="appraised", rules_on=dt.date(2026, 6, 1))
    who = file.beneficiaries.get()
    facts = {"establishment": who.establishment, "item": "Máy sấy trống quay", "on": dt.date(2024, 5, 1)}
    SupportedItemFactory(**facts)
    [known] = [f for f in queries.checks(file, on=dt.date(2026, 6, 1)) if f.rule == "supported_before"]
    reason = "Máy cũ đã thanh lý sau hỏa hoạn"
    sent("director", "clear_warning", file.pk, rule=known.rule, subject=known.subject, reason=reason)

    SupportedItemFactory(**facts | {"on": dt.date(2025, 5, 1)})

    told = (
        f"Ngoại lệ do {people.director} chấp nhận ngày {file.clearances.get().on:%d/%m/%Y} là cho căn cứ khác: {reason}"
    )
    assert told in html(seen("director", "checks", file.pk))
    assert told in html(seen("director", "conditions", file.pk))


def test_the_other_establishment_is_named_on_the_page_only_to_who_may_look_at_it(seen, project, land):
    file = project()
    machine = {"item": "Máy sấy", "serial": "DS-118"}
    MachineFactory(establishment=file.beneficiaries.get().establishment, serial="DS-118")
    near = EstablishmentFactory(name="Cơ sở Gần", commune=land.commune, province=land.province)
    SupportedItemFactory(establishment=near, **machine)
    SupportedItemFactory(establishment__name="Cơ sở Xa", establishment__province=ProvinceFactory(), **machine)

    page = html(seen("director", "checks", file.pk))

    assert page.count("Số máy “DS-118” đã được Nhà nước hỗ trợ năm 2024") == 2
    assert "Cơ sở Gần, “Máy sấy”" in page
    assert "Cơ sở Xa" not in page


def test_a_paper_of_the_checklist_is_added_or_said_not_to_apply(seen, client, people, project):
    asked, other = RequirementFactory(title="Báo giá"), RequirementFactory(title="Catalogue")
    file = project()
    address = reverse("projects:put_paper", args=[file.pk])

    assert "Báo giá" in html(seen("officer", "papers", file.pk))
    client.post(f"{address}?giay={asked.pk}", {"signed_on": "01/05/2026"})
    client.post(f"{reverse('projects:waive_paper', args=[file.pk])}?giay={other.pk}", {"reason": "Máy tự chế"})

    items = {item.requirement: item for item in file.dossier.items.all()}
    assert (items[asked].paper.abstract, items[other].reason) == ("Báo giá", "Máy tự chế")


# ---- the right paper ----


def test_a_step_offers_no_letter_of_another_matter(seen, project, land):
    file, other, same = project(), project(), project()
    facts = {"kind": "request_letter", "province": land.province, "signed_on": dt.date(2026, 5, 20)}
    free, asking, withdrawn, several = (PaperFactory(**facts) for _ in range(4))
    ChangeRequestFactory(project=other, paper=asking)
    StepTakenFactory(project=other, name="withdraw", paper=withdrawn)
    StepTakenFactory(project=same, name="submit", paper=several)

    offered = seen("director", "submit", file.pk).context["form"].fields["existing"].queryset

    assert set(offered) == {free, several}


def test_a_step_offers_no_letter_of_the_ministry_or_of_long_before(seen, project, land):
    file = project()
    facts = {"kind": "request_letter", "signed_on": dt.date(file.year, 3, 2)}
    free = PaperFactory(**facts, province=land.province)
    PaperFactory(**facts, province=None)
    PaperFactory(**facts | {"signed_on": dt.date(file.year - 3, 12, 31)}, province=land.province)

    assert list(seen("director", "submit", file.pk).context["form"].fields["existing"].queryset) == [free]


def test_sent_again_with_the_letter_of_the_first_time_it_is_refused(sent, project, land):
    file = project()
    first = PaperFactory(kind="request_letter", province=land.province, signed_on=dt.date(2026, 5, 20), number="9/TTr")
    StepTakenFactory(project=file, name="submit", paper=first, on=dt.date(2026, 5, 20))
    PaperFactory(kind="request_letter", province=land.province, signed_on=dt.date(2026, 5, 20))

    answer = sent("director", "submit", file.pk, existing=first.pk)
    typed = sent(
        "director", "submit", file.pk, number="9/TTr", signed_on="20/05/2026", signer="Lê Minh", signer_title="Giám đốc"
    )

    file.refresh_from_db()
    assert (answer.status_code, typed.status_code, file.state) == (422, 422, "draft")
    assert "đã được ghi nhận, không nhập lần nữa" in html(typed)
    assert "hãy chọn ở ô “Văn bản đã ghi nhận”; nếu không, xem lại số và ngày ký." in html(typed)


def test_a_year_typed_wrongly_is_refused(sent, project):
    file = project()

    answer = sent("director", "submit", file.pk, **paper_fields(signed_on="01/06/2016"))

    file.refresh_from_db()
    assert (answer.status_code, file.state) == (422, "draft")
    assert "Ngày 01/06/2016 quá xa năm kế hoạch 2026 của đề án." in html(answer)


def test_the_paper_of_the_step_itself_is_not_told_as_missing(seen, project, land):
    file = project()
    RequirementFactory(paper_kind="request_letter", title="Công văn của đơn vị thực hiện")
    RequirementFactory(paper_kind="commitment", title="Cam kết đối ứng")

    page = html(seen("director", "submit", file.pk))

    assert "Cam kết đối ứng" in page
    assert "Công văn của đơn vị thực hiện" not in page
    assert page.count("Cam kết đối ứng") == 1  # the list of papers tells it, the checks do not repeat it


def test_who_signs_is_not_yet_a_paper(seen, sent, project, land):
    PaperFactory(kind="request_letter", province=land.province)
    file = project()

    answer = html(sent("director", "submit", file.pk, signer="Lê Minh", signer_title="Giám đốc"))

    assert answer.count("Bước này phải có văn bản") == 1
    assert "Đã ghi văn bản thì phải ghi đủ" not in answer


def test_a_sheet_of_appraisal_of_another_project_is_not_offered(seen, project, land):
    file, other = project(state="submitted"), project()
    facts = {"kind": "appraisal", "province": land.province, "signed_on": dt.date(2026, 5, 20)}
    free, theirs = PaperFactory(**facts), PaperFactory(**facts)
    StepTakenFactory(project=other, name="appraise", paper=theirs)

    offered = seen("appraiser", "appraise", file.pk).context["form"].fields["existing"].queryset

    assert set(offered) == {free}


def test_on_a_phone_a_long_page_of_law_leads_to_the_form_of_its_step(seen, project):
    page = html(seen("director", "submit", project().pk))

    assert page.index('class="kc-to-form') < page.index('<form id="lam"')
    assert page.count('href="#lam"') == page.count('id="lam"') == 1


# ---- what is shut by the checks is told before the form ----


def helped_before(file):
    ConditionFactory(kind="no_other_support")
    who = file.beneficiaries.get()
    SupportedItemFactory(establishment=who.establishment, item="Máy sấy trống quay", on=dt.date(2026, 5, 1))


@pytest.mark.parametrize(
    ("user", "state", "name", "way"),
    [("director", "draft", "submit", "beneficiaries"), ("appraiser", "submitted", "appraise", "return")],
)
def test_a_step_that_the_checks_shut_says_what_mends_it_before_its_form(user, state, name, way, seen, project):
    whole = project(state=state)
    lead = f'btn-primary" href="{reverse(f"projects:{way}", args=[whole.pk])}"'
    before = html(seen(user, name, whole.pk))

    helped_before(whole)
    after = html(seen(user, name, whole.pk))

    assert ("Còn 1 điều chưa đạt" in before, lead in before) == (False, False)
    assert ("Còn 1 điều chưa đạt" in after, lead in after) == (True, True)
    assert after.index("Còn 1 điều chưa đạt") < after.index('name="number"')
    assert lead in html(seen(user, "checks", whole.pk))


def test_the_blue_button_gives_way_when_everything_checked_together_shuts_it(client, people, project):
    file = project()
    address, submit = (reverse(f"projects:{name}", args=[file.pk]) for name in ("conditions", "submit"))
    client.force_login(people.director)
    buttons = 'id="viec-duoc-lam" hx-swap-oob="true"'
    kept = html(client.get(address, headers={"HX-Request": "true"}))

    helped_before(file)
    shut = html(client.get(address, headers={"HX-Request": "true"}))
    client.force_login(people.officer)
    other = html(client.get(address, headers={"HX-Request": "true"}))

    assert [buttons in page for page in (kept, shut, other)] == [False, True, False]
    assert f'href="{submit}"' not in shut
    assert "Còn 1 điều chưa đạt" in shut
    assert f'href="{reverse("projects:checks", args=[file.pk])}"' in shut


def test_beside_the_paper_that_waits_for_a_signature_everything_is_checked_and_agreeing_gives_way(
    client, people, project
):
    file = project()
    checks, submit = (reverse(f"projects:{name}", args=[file.pk]) for name in ("checks", "submit"))
    client.force_login(people.director)
    home = html(client.get("/"))
    kept = html(client.get(checks, headers={"HX-Request": "true"}))

    helped_before(file)
    shut = html(client.get(checks, headers={"HX-Request": "true"}))

    assert (f'hx-get="{checks}" hx-trigger="load"' in home, f'href="{submit}"' in home) == (True, True)
    assert "Mới xét hồ sơ và giấy tờ." in home
    assert ('id="dong-y"' in kept, "chưa ký gửi được" in kept) == (False, False)
    assert 'id="dong-y" hx-swap-oob="true"' in shut
    assert "Còn 1 điều chưa đạt: hồ sơ chưa ký gửi được." in shut
    assert f'href="{submit}"' not in shut
