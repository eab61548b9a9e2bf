"""Reading needs: the board of communes, a need told in one row of words, what stands open."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.authority.roles import RECORDABLE, holders
from khuyencong.base import clock
from khuyencong.base.errors import NotPossible
from khuyencong.base.trigram import with_words
from khuyencong.base.workflow import Step
from khuyencong.establishments.models import Establishment
from khuyencong.needs.enums import NeedState
from khuyencong.needs.lifecycle import LIFECYCLE, STEP_OF
from khuyencong.needs.models import Call, Link, Need, NoNeed
from khuyencong.people.models import User
from khuyencong.places.models import Unit

DECIDED = (NeedState.PLANNED, NeedState.NEXT_YEAR, NeedState.REFUSED)


@dataclass(frozen=True, slots=True)
class CommuneAnswer:
    """One commune on the board: answered or not, by what, how many needs, how many it has confirmed."""

    commune: Unit
    needs: int = 0
    confirmed: int = 0
    none: NoNeed | None = None
    last_on: date | None = None
    links: tuple[Link, ...] = ()

    @property
    def answered(self) -> bool:
        return self.none is not None or self.needs > 0


@dataclass(frozen=True, slots=True)
class Board:
    call: Call
    rows: tuple[CommuneAnswer, ...]
    answered: int = field(init=False)
    missing: int = field(init=False)

    @property
    def needs(self) -> int:
        return sum(row.needs for row in self.rows)

    @property
    def silent(self) -> list[CommuneAnswer]:
        return [row for row in self.rows if not row.answered]

    @property
    def heard(self) -> list[CommuneAnswer]:
        return [row for row in self.rows if row.answered]

    def __post_init__(self) -> None:
        answered = sum(row.answered for row in self.rows)
        object.__setattr__(self, "answered", answered)
        object.__setattr__(self, "missing", len(self.rows) - answered)


def may_ask_for(user: User) -> QuerySet[Establishment]:
    """The establishments for which this person may ask because they are his own, and of which the commune is known."""
    bodies = user.scope(Permission.NEED_REGISTER).bodies
    found = Establishment.objects.active().filter(organisation_id__in=bodies).exclude(commune=None)
    return found.select_related("organisation", "commune", "province").order_by("sort_key", "pk")


def board(call: Call, *, communes: Iterable[int] | None = None) -> Board:
    """Every commune of the province (or those given) with its answer; the silent ones first.  Four queries, whatever the
    number of communes."""
    units = Unit.objects.current().communes().filter(province_id=call.province_id)
    if communes is not None:
        units = units.filter(pk__in=list(communes))
    sums = {
        row["commune"]: row
        for row in call.needs.exclude(state=NeedState.WITHDRAWN)
        .values("commune")
        .annotate(needs=Count("pk"), confirmed=Count("pk", filter=~Q(state=NeedState.SENT)), last_on=Max("sent_on"))
        .order_by()
    }
    none = {answer.commune_id: answer for answer in call.empty_answers.all()}
    links: dict[int, list[Link]] = {}
    for link in call.links.filter(revoked_at=None).order_by("pk"):
        links.setdefault(link.commune_id, []).append(link)
    rows = []
    for unit in units.order_by("sort_key"):
        found, empty = sums.get(unit.pk), none.get(unit.pk)
        rows.append(
            CommuneAnswer(
                commune=unit,
                needs=found["needs"] if found else 0,
                confirmed=found["confirmed"] if found else 0,
                none=empty,
                last_on=found["last_on"] if found else (empty.answered_on if empty else None),
                links=tuple(links.get(unit.pk, ())),
            )
        )
    rows.sort(key=lambda row: row.answered)  # stable: the silent first, each part in the order of the alphabet
    return Board(call, tuple(rows))


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the row đã gửi → khảo sát → kế hoạch → tiền."""

    text: str
    state: str  # done, now, ahead, stop
    on: date | None = None


def words(need: Need, *, money: Word | None = None, with_days: bool = True) -> list[Word]:
    """A need told in one row; without its days no survey is asked for.

    What lies above needs (the project and its money) is brought by the caller as ``money``.
    """
    steps = {step.name: step.on for step in need.steps.all()}
    if need.state == NeedState.WITHDRAWN:
        return [Word(_("đã gửi"), "done", need.sent_on), Word(_("đã rút"), "stop", steps.get("withdraw"))]
    row = [Word(_("đã gửi"), "done", need.sent_on)]
    row.append(
        Word(_("xã đã xác nhận"), "done", steps.get("confirm"))
        if "confirm" in steps
        else Word(_("chờ xã xác nhận"), "now")
    )
    if "survey" in steps:
        row.append(Word(_("đã khảo sát"), "done", steps["survey"]))
    elif need.state == NeedState.SURVEY_PLANNED:
        visit = max(need.visits.all(), key=lambda one: one.pk, default=None) if with_days else None
        row.append(Word(_("sắp khảo sát"), "now", visit.planned_on if visit else None))
    else:
        row.append(Word(_("khảo sát"), "now" if need.state == NeedState.CONFIRMED else "ahead"))
    if need.state == NeedState.PLANNED:
        row.append(Word(_("đưa vào kế hoạch"), "done", steps.get("plan")))
        row.append(money or Word(_("tiền"), "ahead"))
    elif need.state == NeedState.REFUSED:
        row.append(Word(_("không đưa vào kế hoạch"), "stop", steps.get("refuse")))
    elif need.state == NeedState.NEXT_YEAR:
        row.append(Word(_("chuyển năm sau"), "stop", steps.get("postpone")))
    else:
        waiting = need.state in (NeedState.SURVEYED, NeedState.PROPOSED)
        row += [Word(_("kế hoạch"), "now" if waiting else "ahead"), Word(_("tiền"), "ahead")]
    return row


@dataclass(frozen=True, slots=True)
class OpenStep:
    step: Step
    reason: str = ""  # why it is shut; empty when it is open

    @property
    def open(self) -> bool:
        return not self.reason


def steps_for(user: User, need: Need) -> list[OpenStep]:
    """The steps from here: those open to this person, and those that somebody else must take, with who."""
    found = []
    for step in LIFECYCLE.open_to(need.state):
        place = need.commune or need.province
        body = need.establishment.organisation if need.establishment_id else None
        if step.name in ("plan", "postpone", "refuse") and step.name != _step_of(need):
            continue
        permission = Permission(step.permission)
        recorded = (
            bool(step.paper) and permission in RECORDABLE
        )  # a letter signed on paper is entered by the registry too
        may = user.may(permission, place=place, body=body) or (
            recorded and user.may(Permission.PAPER_RECORD, place=place)
        )
        theirs = _("Thuộc thẩm quyền: %(holders)s.") % {"holders": holders(permission, national=False)}
        found.append(OpenStep(step, "" if may else theirs))
    return found


def _step_of(need: Need) -> str:
    return STEP_OF.get(need.proposal, "plan")


def search(user: User, *, text: str) -> QuerySet[Need]:
    """Needs that this person may see whose name or wish has these words, with or without accents; what was recorded
    last stands first."""
    found = with_words(Need.objects.visible_to(user), "folded", text, everywhere=user.scope().whole_country)
    return found.order_by("-pk")


def link_by_code(code: str, *, moment: datetime | None = None) -> Link:
    """The open link with this code.  Raises NotPossible with one sentence when it is unknown, expired or revoked."""
    link = Link.objects.select_related("call__province", "commune__province").filter(code=code).first()
    if link is None:
        raise NotPossible(_("Liên kết không đúng. Hãy xin Trung tâm gửi lại."))
    if link.revoked_at is not None:
        raise NotPossible(_("Liên kết đã được thu hồi. Hãy xin Trung tâm gửi liên kết mới."))
    if not link.open_at(moment or clock.now()):
        raise NotPossible(
            _("Liên kết đã hết hạn ngày %(day)s. Hãy gọi cho Trung tâm.")
            % {"day": f"{link.call.commune_deadline:%d/%m/%Y}"}
        )
    return link
