"""What other bodies say of a file, as the desks of projects and councils show it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.councils.queries import may_answer
from khuyencong.projects import queries
from khuyencong.projects.enums import OPINION_OPEN
from khuyencong.web.common.tags.values import citation
from khuyencong.web.desk.projects.parts import basis_of_due, sentence


def opinions_of(user, project, opens=None) -> dict:
    """All opinions with the page of each answer, and the bodies that are still out, in a line; one query.  ``opens``: the papers
    that may be opened, None for all."""
    asked, today = queries.opinions_on(project), clock.today()
    out = [str(one.body) for one in asked if one.answered_on is None and not one.consents(today)]
    return {"opinions": [_row(user, project, one, opens) for one in asked], "out": ", ".join(out)}


def _row(user, project, one, opens):
    asks = user.may(Permission.OPINION_ASK, place=project.place)
    still = one.answered_on is None and project.state in OPINION_OPEN
    may = still and may_answer(user, one, place=project.place, asks=asks)
    paper = one.answer_paper
    shown = paper is not None and (opens is None or paper.pk in opens)
    return {
        "opinion": one,
        "url": reverse("projects:give_opinion", args=[project.pk, one.pk]) if may else "",
        "paper": reverse("documents:page", args=[paper.pk]) if shown else "",
        "extend": reverse("projects:extend_opinion", args=[project.pk, one.pk])
        if one.answered_on is None and queries.may_ask_opinion(user, project)
        else "",
        "note": " ".join(filter(None, (sentence(one.question), _until(one)))),
    }


def _until(one):
    """Of a question without an answer: on what its day rests, and whether the text takes silence for consent."""
    if one.answered_on is not None:
        return ""
    if one.consents(clock.today()):
        return _("Quá hạn không trả lời thì coi như đồng ý (%(basis)s).") % {"basis": citation(one.due_basis)}
    return "" if one.first_due_on else _("Hạn: %(basis)s.") % {"basis": basis_of_due(one)}
