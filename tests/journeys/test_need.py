"""From a letter that opens the registration to the written answer that each commune gets."""

import pytest

from khuyencong.needs.models import Call, Link, Need, NoNeed, SurveyPlan
from tests.journeys.conftest import MILLION, Hand, at, day, nothing_contradicts

pytestmark = pytest.mark.slow


def test_a_need_is_told_on_a_phone_surveyed_and_answered_in_writing(land, people):
    # the department opens the year by its letter
    opening = {
        "province": land.province.pk,
        "year": 2027,
        "opens_on": day(11, 2),
        "commune_deadline": day(12, 15),
        "dossier_deadline": day(12, 31),
        **people.appraiser.signed(10, 30, no="812/SCT-QLCN"),
    }
    people.centre_director.may_not(at("needs:open_call"), **opening)
    people.appraiser.is_refused(
        at("needs:open_call"), "Hạn nộp hồ sơ đề án không được trước hạn của xã.",
        **opening | {"dossier_deadline": day(12, 1)},
    )  # fmt: skip
    people.appraiser.is_refused(
        at("needs:open_call"), "Ngày này ở tương lai. Hãy kiểm tra lại.", **opening | {"signed_on": day(11, 23)}
    )
    people.appraiser.does(at("needs:open_call"), **opening)
    call = Call.objects.get()
    people.stranger.finds_nothing(at("needs:board", call.pk))

    # the Centre gives Ea Kly a personal link; somebody else's commune cannot be had
    linking = {"commune": land.kly.pk, "holder": "H'Linh Byă"}
    people.commune_officer.may_not(at("needs:make_link", call.pk), **linking)
    people.centre_officer.is_refused(at("needs:make_link", call.pk), **linking | {"commune": land.province.pk})
    people.centre_officer.does(at("needs:make_link", call.pk), **linking)
    link = Link.objects.get()
    assert link.code in people.centre_officer.page
    people.collaborator.reads(at("needs:link", link.pk), status=403)

    # on the phone, without an account: a need with six fields
    phone = people.nobody
    page = at("field:answer", link.code)
    assert "Ea Kly" in phone.reads(page)
    phone.is_refused(page, "Mục này phải điền.", name="", what="Máy sấy")
    phone.is_refused(page, "Nhập số tiền", name="HTX Thắng Lợi", what="Máy sấy", about="ba trăm")
    phone.does(page, name="HTX Cà phê Ea Kly Thắng Lợi", phone="0912 345 678", hamlet="Buôn Đrao", what="Máy sấy cà phê",
               about="620 triệu")  # fmt: skip
    need = Need.objects.get()
    assert (need.commune, need.about, need.channel, need.state) == (land.kly, 620 * MILLION, "link", "sent")
    assert "Máy sấy cà phê" in phone.page
    phone.finds_nothing(at("field:answer", "khong-co-that"))

    # Ea Kar has none: that is an answer too; the board knows both
    none = {"call": call.pk, "province": land.province.pk, "channel": "telephone", "on": day(11, 20)}
    people.auditor.may_not(at("needs:none"), **none, commune=land.kar.pk)
    people.centre_officer.is_refused(at("needs:none"), "Ngày này ở tương lai", **none | {"on": day(11, 23)},
                                     commune=land.kar.pk)  # fmt: skip
    people.collaborator.is_refused(at("needs:none"), commune=land.kly.pk, **none)  # his commune is Ea Kar
    people.collaborator.does(at("needs:none"), commune=land.kar.pk, **none)
    assert NoNeed.objects.get().commune == land.kar
    people.centre_officer.is_refused(
        at("needs:none"), "đã gửi nhu cầu trong đợt này", commune=land.kly.pk, **none
    )  # it has told a need

    # wrong order: neither surveyed nor proposed nor answered before the commune has confirmed
    proposing = {"proposal": "plan", "on": day(11, 21)}
    people.centre_officer.is_refused(
        at("needs:propose", need.pk), "Không thể “Đề xuất” ở trạng thái hiện tại.", **proposing
    )
    touring = {
        "call": call.pk,
        "name": "Krông Pắc",
        "starts_on": day(11, 22),
        "ends_on": day(11, 24),
        "team": people.centre_officer.user.pk,
        "needs": need.pk,
    }
    people.centre_officer.is_refused(at("surveys:plan"), **touring)

    # the commune's officer confirms by a signed letter
    letter = {"needs": need.pk, **people.commune_officer.signed(11, 22, no="45/UBND-KT")}
    people.collaborator.may_not(at("needs:confirm"), **letter)
    people.commune_officer.is_refused(at("needs:confirm"), "tương lai", **letter | {"signed_on": day(11, 30)})
    people.commune_officer.does(at("needs:confirm"), **letter)
    assert Need.objects.get().state == "confirmed"

    # survey: planned, and recorded with its findings
    people.centre_officer.is_refused(at("surveys:plan"), **touring | {"ends_on": day(11, 20)})
    people.centre_officer.does(at("surveys:plan"), **touring)
    visit = SurveyPlan.objects.get().visits.get()
    found = {"on": day(11, 22), "findings": "Xưởng 400 m², đang sấy thủ công.", "investment": "620 triệu"}
    paper = people.centre_officer.signed(11, 22, no="01/BB-KS")
    people.commune_officer.may_not(at("surveys:survey", visit.pk), **found, **paper)
    people.stranger.finds_nothing(at("surveys:survey", visit.pk))
    people.centre_officer.is_refused(
        at("surveys:survey", visit.pk), "tương lai", **found | {"on": day(11, 23)}, **paper
    )
    people.centre_officer.does(at("surveys:survey", visit.pk), **found, **paper)

    # the Centre proposes, the department decides, the answer goes out
    people.centre_officer.is_refused(at("needs:propose", need.pk), "Hãy ghi lý do", proposal="refuse", on=day(11, 22))
    people.centre_officer.does(at("needs:propose", need.pk), proposal="plan", on=day(11, 22))
    answer = {"needs": need.pk, **people.department_director.signed(11, 22, no="901/SCT-QLCN")}
    people.centre_director.may_not(at("needs:decide"), **answer)
    people.department_director.does(at("needs:decide"), **answer)
    need.refresh_from_db()
    assert need.state == "planned"
    assert need.answer.number == "901/SCT-QLCN"
    people.department_director.is_refused(at("needs:return", need.pk), reason="Xem lại", on=day(11, 22))

    # everybody of the commune reads it in one row of words, the phone too; the link can be closed
    assert "kế hoạch" in phone.reads(at("field:sent", link.code))
    assert "kế hoạch" in people.commune_officer.reads(at("needs:page", need.pk))
    people.stranger.finds_nothing(at("needs:page", need.pk))
    people.centre_officer.does(at("needs:revoke_link", link.pk))
    Hand().finds_nothing(page)
    nothing_contradicts()
