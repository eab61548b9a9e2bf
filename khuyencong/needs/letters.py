"""What people are told about needs: subject and words of each message."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.needs.models import Link, Need
from khuyencong.notices.enums import Kind
from khuyencong.notices.operations import send
from khuyencong.organisations.models import Organisation
from khuyencong.organisations.queries import committee_of
from khuyencong.people.models import User
from khuyencong.people.queries import holders


def tell_answer(need: Need, *, by: User) -> None:
    """The answer in writing: to the people of the commune, to its committee, and to the establishment."""
    place = need.commune or need.province
    receivers: list[User | Organisation] = [*holders("commune_officer", place=place)]
    if committee := committee_of(place):
        receivers.append(committee)
    if need.establishment is not None:
        receivers.append(need.establishment.organisation)

    def subject() -> str:
        return _("Trả lời nhu cầu: %(what)s") % {"what": need.what[:150]}

    def body() -> str:
        why = need.proposal_reason.strip()
        told = _("Nhu cầu của %(name)s, %(place)s: %(answer)s. %(reason)s Văn bản trả lời: %(paper)s.") % {
            "name": need.name,
            "place": need.place_text,
            "answer": need.get_state_display(),
            "reason": f"{why}." if why and why[-1] not in ".!?…" else why,
            "paper": need.answer,
        }
        return " ".join(told.split())

    for receiver in receivers:
        send(
            receiver,
            subject=subject,
            body=body,
            kind=Kind.ANSWER,
            about=need,
            link=f"/nhu-cau/{need.pk}/" if isinstance(receiver, User) else "",
            by=by,
        )


@override(settings.LANGUAGE_CODE)
def invitation(link: Link) -> str:
    """The text that the share button gives to Zalo, e-mail or a message, before the link itself."""
    call = link.call
    return _(
        "%(holder)s, mời trả lời đăng ký nhu cầu khuyến công năm %(year)s của %(commune)s đến hết ngày %(day)s. "
        "Mở liên kết, không cần mật khẩu; không có nhu cầu cũng xin bấm trả lời."
    ) % {
        "holder": link.holder,
        "year": call.year,
        "commune": link.commune.named_inside,
        "day": f"{call.commune_deadline:%d/%m/%Y}",
    }
