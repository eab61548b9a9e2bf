"""The letter that sends a file back: drafted from what is wanting, printed again as it was sent, by the tier that appraises."""

import datetime as dt

import pytest
from django.urls import reverse

from khuyencong.base.errors import NotPossible
from khuyencong.projects import operations
from khuyencong.projects.papers.returns import completion
from khuyencong.work import papers
from tests.factories.councils import SessionFactory, VoteFactory
from tests.factories.documents import RequirementFactory

pytestmark = pytest.mark.django_db
D = dt.date
ASKED, DUE, LATER = D(2026, 11, 10), D(2026, 11, 20), D(2026, 12, 4)
KEY = "cong-van-yeu-cau-bo-sung"


def test_before_it_is_sent_it_lists_what_the_council_said_and_what_is_missing(project):
    file = project(state="submitted")
    session = SessionFactory(council__province=file.province)
    VoteFactory(session=session, subject_uid=file.uid, conclusion="complete", opinion="Làm rõ  vốn đối ứng")
    RequirementFactory(level="provincial", title="báo giá của nhà cung cấp")

    told = completion(file, on=ASKED)

    assert [row["text"] for row in told["wanted"]] == ["Làm rõ vốn đối ứng", "Bổ sung: báo giá của nhà cung cấp."]
    assert (told["due"], told["number"], told["signer"]) == (None, "……/SCT", "")


def test_as_sent_it_bears_number_reason_signer_and_the_day_that_stands(project, people, paper):
    file, letter = project(state="submitted"), paper("return", signed_on=ASKED)
    operations.return_(file, reason="Thiếu báo giá", by=people.appraiser, on=ASKED, paper=letter, due_on=DUE)
    file.refresh_from_db()
    told = completion(file, on=D(2026, 11, 22))
    assert (told["wanted"], told["due"]) == ([{"n": 1, "text": "Thiếu báo giá"}], DUE)
    assert (told["number"], told["signer"]) == (letter.number, letter.signer)

    operations.extend_completion(file, due_on=LATER, reason="Chờ", by=people.appraiser, on=D(2026, 11, 22))
    assert completion(file, on=D(2026, 11, 22))["due"] == LATER


def test_the_agency_writes_about_what_is_registered_with_it(project):
    told = completion(project(state="registered", level="national", national=300_000_000, local=0), on=ASKED)

    assert told["body"].startswith("Cục Đổi mới sáng tạo")
    assert told["signer_title"] == "Cục trưởng"
    assert told["wanted"] == [{"n": 1, "text": None}]


@pytest.mark.parametrize(
    ("state", "offered"), [("submitted", True), ("registered", True), ("draft", False), ("approved", False)]
)
def test_it_is_offered_while_a_file_is_appraised(state, offered, project):
    file = project(state=state)
    form = papers.find(KEY)
    if offered:
        papers.demand(form, file)
    else:
        with pytest.raises(NotPossible, match="Chỉ lập khi hồ sơ đang chờ thẩm định hoặc đã được yêu cầu bổ sung"):
            papers.demand(form, file)


def test_the_step_leads_to_its_letter_and_that_page_offers_it(project, seen, client):
    file = project(state="submitted")
    forms = reverse("documents:record_forms", args=["project", file.uid])

    assert f'href="{forms}"' in seen("appraiser", "return", file.pk).content.decode()
    assert f'href="{forms}"' not in seen("appraiser", "fail", file.pk).content.decode()
    assert KEY in client.get(forms).content.decode()
