"""What people are told, on the day itself, of a question to another body: subject and words of each message."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.councils.models import AskedOpinion
from khuyencong.notices.enums import Kind
from khuyencong.notices.operations import Words, send
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.people.queries import who_may
from khuyencong.places.models import Unit


def tell_asked(
    opinion: AskedOpinion, *, about: models.Model, what: str, place: Unit | None, link: str, by: User
) -> None:
    """Those of the asked body who may answer; where none of them has an account, the body itself."""
    _tell_body(
        opinion,
        subject=lambda: _("Đề nghị cho ý kiến: %(what)s") % {"what": what},
        body=lambda: (
            _("Đề nghị %(body)s cho ý kiến chậm nhất ngày %(day)s. %(question)s")
            % {"body": opinion.body, "day": f"{opinion.due_on:%d/%m/%Y}", "question": opinion.question}
        ),
        place=place,
        about=about,
        link=link,
        by=by,
    )


def tell_extended(
    opinion: AskedOpinion, *, about: models.Model, what: str, place: Unit | None, link: str, by: User
) -> None:
    """More time to answer: to the same people."""
    _tell_body(
        opinion,
        subject=lambda: _("Gia hạn cho ý kiến: %(what)s") % {"what": what},
        body=lambda: (
            _("Hạn trả lời mới: ngày %(day)s. %(reason)s")
            % {"day": f"{opinion.due_on:%d/%m/%Y}", "reason": opinion.extension_reason}
        ),
        place=place,
        about=about,
        link=link,
        by=by,
    )


def tell_answered(
    opinion: AskedOpinion, *, to: Iterable[User], about: models.Model, what: str, link: str, by: User
) -> None:
    """Those who go on with the work once the answer is there."""
    send(
        [person for person in to if person.pk != by.pk],
        subject=lambda: _("%(body)s đã cho ý kiến: %(what)s") % {"body": opinion.body, "what": what},
        body=lambda: (
            _("%(agreement)s, ngày %(day)s. %(answer)s")
            % {
                "agreement": opinion.get_agreement_display(),
                "day": f"{opinion.answered_on:%d/%m/%Y}",
                "answer": opinion.answer,
            }
        ),
        kind=Kind.ANSWER,
        about=about,
        link=link,
        by=by,
    )


def _tell_body(
    opinion: AskedOpinion, *, subject: Words, body: Words, place: Unit | None, link: str, **more: Any
) -> None:
    people = who_may(Permission.OPINION_GIVE, place=place, employer=opinion.body)
    receivers: list[User] | Organisation = people or opinion.body
    send(
        receivers,
        subject=subject,
        body=body,
        kind=Kind.REQUEST,
        link=link if people else "",
        **more,
    )
