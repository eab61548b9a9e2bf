"""What people are told about needs: subject and words of each message."""

from django.utils.translation import gettext as _

from khuyencong.needs.models import Call, Link, Need
from khuyencong.notices.operations import write_to_body
from khuyencong.people.models import User


def tell_answer(need: Need, *, by: User) -> None:
    """The answer in writing, to the commune's committee and to the establishment."""
    subject = _("Trả lời nhu cầu: %(what)s") % {"what": need.what[:150]}
    body = _("Nhu cầu của %(name)s, %(place)s: %(answer)s. %(reason)s Văn bản: %(paper)s.") % {
        "name": need.name,
        "place": need.place_text,
        "answer": need.get_state_display(),
        "reason": need.proposal_reason,
        "paper": need.answer,
    }
    write_to_body(
        need,
        place=need.commune,
        organisation=need.establishment and need.establishment.organisation,
        subject=subject,
        body=body,
        by=by,
    )


def invitation(link: Link, *, url: str) -> str:
    """The text that the share button gives to Zalo, e-mail or a message."""
    call: Call = link.call
    return _(
        "%(holder)s, mời trả lời đăng ký nhu cầu khuyến công năm %(year)s của %(commune)s trước hết ngày %(day)s. "
        "Mở liên kết, không cần mật khẩu; không có nhu cầu cũng xin bấm trả lời: %(url)s"
    ) % {
        "holder": link.holder,
        "year": call.year,
        "commune": link.commune,
        "day": f"{call.commune_deadline:%d/%m/%Y}",
        "url": url,
    }
