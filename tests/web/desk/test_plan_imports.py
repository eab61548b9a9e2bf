# ruff: noqa: F811
"""Plans and closed projects on their way in, as a person sees them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khuyencong.files.models import ImportRun
from khuyencong.plans.models import Decision
from khuyencong.projects.models import Project
from khuyencong.web.common import imports
from tests.factories.budgets import EnvelopeFactory
from tests.factories.organisations import ContactFactory
from tests.factories.people import person
from tests.plans.given import ISSUE, UNIT, M, book, centre, commune, project, province  # noqa: F401
from tests.plans.test_import_history import HEAD, old

pytestmark = pytest.mark.django_db

DECISION = {
    "number": "12/QĐ-UBND",
    "signed_on": "02/03/2026",
    "signer": "Nguyễn Văn An",
    "signer_title": "Phó Chủ tịch",
}


@pytest.fixture
def clerk(client, province, commune, centre):
    client.force_login(person("appraiser", place=province))
    return client


def _send(client, province, *rows, list_kind="plan", **answers):
    file = SimpleUploadedFile("kh.xlsx", book(*rows))
    asked = {"year": "2026", "level": "provincial"} | answers
    client.post(reverse("imports:upload", args=[list_kind]), {"file": file, "province": province.pk, **asked})
    return imports.read(ImportRun.objects.latest("pk"))


def _confirm(client, run, **answers):
    response = client.post(reverse("imports:confirm", args=[run.uid]), answers)
    run.refresh_from_db()
    return response


def _page(client, run):
    return client.get(reverse("imports:page", args=[run.uid])).content.decode()


def test_a_plan_is_looked_at_confirmed_under_its_decision_and_written(clerk, province):
    EnvelopeFactory(province=province, given=1_000 * M)
    run = _send(clerk, province, *UNIT, ISSUE, project(1), project(2, "Máy rang", total=1))
    preview = _page(clerk, run)

    _confirm(clerk, run, **DECISION)
    imports.write(run)

    words = (
        "G7",
        "lệch",
        "Kinh phí của mọi dòng không lỗi, gồm cả dòng đã có",
        "Ghi 1 đề án",
        "Số, ký hiệu quyết định",
    )
    assert [word in preview for word in words] == [True] * 5
    assert (run.state, Decision.objects.get().paper.signer, Project.objects.get().state) == (
        "written",
        "Nguyễn Văn An",
        "approved",
    )
    assert "Đã ghi 1 dòng" in _page(clerk, run)


def test_a_row_that_differs_from_what_is_kept_is_shown_with_its_difference_and_not_written(clerk, province):
    EnvelopeFactory(province=province, given=1_000 * M)
    first = _send(clerk, province, *UNIT, ISSUE, project(1))
    _confirm(clerk, first, **DECISION)
    imports.write(first)

    again = _page(clerk, _send(clerk, province, *UNIT, ISSUE, project(1, total=621, local=301)))

    assert "Khác với hồ sơ đã có" in again
    assert again.count("KCĐP 300.000.000 → 301.000.000 đồng") == 1
    assert "Không có dòng nào để ghi." in again
    assert 'name="number"' not in again  # nothing is asked where nothing is written


def test_a_plan_is_not_confirmed_without_its_decision(clerk, province):
    run = _send(clerk, province, *UNIT, ISSUE, project(1))

    response = _confirm(clerk, run, number="12/QĐ-UBND")

    assert (response.status_code, run.state) == (422, "checked")


def test_the_kind_of_rows_that_do_not_tell_is_asked_at_the_end(clerk, province):
    EnvelopeFactory(province=province, given=1_000 * M)
    run = _send(clerk, province, *UNIT, ISSUE, project(1, "Đề án số 1", content=None))

    first = _confirm(clerk, run, **DECISION)
    _confirm(clerk, run, **DECISION, kind="consulting")
    imports.write(run)

    assert (first.status_code, "1 đề án chưa rõ dạng" in first.content.decode()) == (422, True)
    assert Project.objects.get().kind == "consulting"


def test_of_several_envelopes_the_person_chooses_on_the_page(clerk, province):
    EnvelopeFactory(province=province, given=1_000 * M)
    second = EnvelopeFactory(province=province, given=1_000 * M)
    run = _send(clerk, province, *UNIT, ISSUE, project(1))

    first = _confirm(clerk, run, **DECISION)
    _confirm(clerk, run, **DECISION, envelope_local=str(second.pk))
    imports.write(run)

    assert (first.status_code, run.state) == (422, "written")
    assert second.entries.filter(kind="committed").count() == 1


def test_without_an_envelope_the_run_ends_with_a_sentence_and_nothing_is_written(clerk, province):
    run = _send(clerk, province, *UNIT, ISSUE, project(1))
    _confirm(clerk, run, **DECISION)

    imports.write(run)

    assert "Chưa có dự toán Khuyến công địa phương năm 2026" in _page(clerk, run)
    assert (run.state, Project.objects.count()) == ("failed", 0)


def test_what_differs_from_the_record_is_told_and_not_offered(clerk, province):
    EnvelopeFactory(province=province, given=1_000 * M)
    run = _send(clerk, province, *UNIT, ISSUE, project(1))
    _confirm(clerk, run, **DECISION)
    imports.write(run)

    again = _page(clerk, _send(clerk, province, *UNIT, ISSUE, project(1, total=640, local=320)))

    assert [word in again for word in ("không ghi đè", "Không có dòng nào để ghi")] == [True, True]


def test_closed_projects_are_brought_in(clerk, province):
    run = _send(clerk, province, ["ĐVT: triệu đồng"], HEAD, old(place="Xã Ea Kly"), list_kind="history", year="")

    _confirm(clerk, run)
    imports.write(run)

    assert (run.state, Project.objects.get().historical) == ("written", True)


def test_a_strange_year_or_unit_is_refused_when_sent(clerk, province):
    file = SimpleUploadedFile("kh.xlsx", book(ISSUE, project(1)))

    response = clerk.post(
        reverse("imports:upload", args=["history"]),
        {"file": file, "province": province.pk, "year": "2027", "level": "provincial", "unit": "pound"},
    )

    assert (response.status_code, ImportRun.objects.count()) == (422, 0)


def test_every_kind_of_list_stands_on_the_page(clerk):
    page = clerk.get(reverse("imports:list")).content.decode()

    assert [word in page for word in ("Danh sách cơ sở", "Bảng kế hoạch khuyến công năm", "Hồ sơ lịch sử")] == [
        True
    ] * 3


def test_collaborators_are_brought_in_and_their_telephones_shown_to_whom_they_may_be(client, clerk, province, commune):
    run = _send(
        clerk, province, ["Họ và tên", "Xã, phường", "Điện thoại"], ["Trần Thị Mai", "Xã Ea Kly", "0912345678"],
        list_kind="contacts", role="collaborator",
    )  # fmt: skip
    _confirm(clerk, run)
    imports.write(run)
    url = reverse("organisations:contacts")

    seen = clerk.get(url).content.decode()
    client.force_login(person("finance_officer", place=province))
    hidden = client.get(url).content.decode()
    client.force_login(person("appraiser"))
    elsewhere = client.get(url).content.decode()

    assert ["0912345678" in page for page in (seen, hidden, elsewhere)] == [True, False, False]
    assert ["Trần Thị Mai" in page for page in (seen, hidden, elsewhere)] == [True, True, False]


def test_the_list_of_contacts_costs_the_same_for_one_and_three(clerk, province, commune, django_assert_max_num_queries):
    counts = []
    for more in (1, 2):
        for _n in range(more):
            ContactFactory(commune=commune, province=province)
        with django_assert_max_num_queries(12) as seen:
            assert clerk.get(reverse("organisations:contacts")).status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]
