"""Everything that changes a need.  One function, one act."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.text import fold
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.establishments.models import Establishment
from khuyencong.files.models import StoredFile
from khuyencong.needs import letters
from khuyencong.needs.enums import EntryChannel, NeedKind, NeedState, Proposal
from khuyencong.needs.lifecycle import LIFECYCLE, STEP_OF
from khuyencong.needs.models import Call, Link, Need, NeedPhoto, NeedStep, NoNeed, SurveyPlan, Visit
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit

MOST_BY_LINK = 40  # needs that one link may bring in a day: more is not a commune, it is a machine
PHOTOS = 6


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever holds a personal link.  He may answer for one commune and nothing else; he has no account."""

    link: Link
    pk: None = None
    is_active: bool = True

    def __str__(self) -> str:
        return f"{self.link.holder} ({_('liên kết riêng')}, {self.link.commune})"

    def may(self, permission: Permission, *, place: Unit | None = None, body: Any = None) -> bool:
        return permission == Permission.NEED_REGISTER and place is not None and place.pk == self.link.commune_id


Actor = User | Bearer


# ---- the call ----


@transaction.atomic
def open_call(
    *,
    province: Unit,
    year: int,
    opens_on: date,
    commune_deadline: date,
    paper: Paper,
    by: User,
    dossier_deadline: date | None = None,
    note: str = "",
    invented: bool = False,
) -> Call:
    """Open the registration of needs for ``year`` by its letter, whose dates win over the norms' defaults.

    Raises Invalid where the dates run backwards or the province has opened this year already, NotPossible where the paper
    is no call letter.
    """
    authorise(by, Permission.CALL_OPEN, place=province, paper=paper)
    _needs_paper(paper, PaperKind.CALL_LETTER)
    if dossier_deadline is not None and dossier_deadline < commune_deadline:
        raise Invalid(dossier_deadline=_("Hạn nộp hồ sơ đề án không được trước hạn của xã."))
    call = checked(
        Call(
            province=province,
            year=year,
            paper=paper,
            opens_on=opens_on,
            commune_deadline=commune_deadline,
            dossier_deadline=dossier_deadline,
            note=note.strip(),
            invented=invented,
        )
    )
    call.save()
    record("call.open", call, by=by, on=paper.signed_on, paper=paper, deadline=commune_deadline)
    return call


@transaction.atomic
def move_deadline(call: Call, *, commune_deadline: date, paper: Paper, by: User) -> Call:
    """Another day for the communes, by another letter."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    authorise(by, Permission.CALL_OPEN, place=call.province, paper=paper)
    _needs_paper(paper, PaperKind.CALL_LETTER)
    before, call.commune_deadline = call.commune_deadline, commune_deadline
    checked(call).save(update_fields=["commune_deadline"])
    record("call.move_deadline", call, by=by, paper=paper, before=before, after=commune_deadline)
    return call


@transaction.atomic
def make_link(call: Call, *, commune: Unit, holder: str, by: User, holder_title: str = "") -> Link:
    """A personal link for one person of one commune, open until the end of the commune's last day.

    Raises Invalid for a commune of another province and for a call whose last day has passed.
    """
    authorise(by, Permission.SURVEY_PLAN, place=commune)
    if commune.province_id != call.province_id or not commune.is_current:
        raise Invalid(commune=_("%(commune)s không thuộc tỉnh của đợt đăng ký này.") % {"commune": commune})
    if call.commune_deadline < clock.today():
        raise Invalid(commune=_("Đợt đăng ký đã hết hạn ngày %(day)s.") % {"day": f"{call.commune_deadline:%d/%m/%Y}"})
    holder = " ".join(holder.split())
    if not holder:
        raise Invalid(holder=_("Hãy ghi tên người nhận liên kết."))
    ends = datetime.combine(call.commune_deadline + timedelta(days=1), time.min, timezone.get_default_timezone())
    link = checked(
        Link(call=call, commune=commune, holder=holder, holder_title=holder_title.strip(), expires_at=ends, by=by)
    )
    link.save()
    record("link.make", link, by=by, commune=str(commune))
    return link


@transaction.atomic
def revoke_link(link: Link, *, by: User) -> Link:
    """Close a link at once (lost phone, changed person).  What came through it stays."""
    link = Link.objects.select_for_update().get(pk=link.pk)
    authorise(by, Permission.SURVEY_PLAN, place=link.commune)
    if link.revoked_at is None:
        link.revoked_at = clock.now()
        link.save(update_fields=["revoked_at"])
        record("link.revoke", link, by=by)
    return link


# ---- answers ----


@transaction.atomic
def register(
    call: Call,
    *,
    commune: Unit,
    name: str,
    what: str,
    channel: str,
    by: Actor,
    on: date,
    phone: str = "",
    hamlet: str = "",
    about: int | None = None,
    kind: str = NeedKind.SUPPORT,
    photos: Iterable[StoredFile] = (),
    establishment: Establishment | None = None,
    uid: Any = None,
    invented: bool = False,
) -> Need:
    """One need of one establishment.  ``about`` is in đồng.  A client may supply ``uid``: the same sent twice is one need.

    A need after the deadline is taken and marked late in its first step; before the opening it is refused.  Raises
    Invalid on its fields, NotAllowed outside one's commune.
    """
    authorise(by, Permission.NEED_REGISTER, place=commune, body=establishment.organisation if establishment else None)
    if uid is not None and (same := Need.objects.filter(uid=uid).first()):
        return same
    _inside(call, commune, on)
    _not_too_many(call, by, on)
    name, what = " ".join(name.split()), " ".join(what.split())
    if not name:
        raise Invalid(name=_("Hãy ghi tên cơ sở hoặc người đề nghị."))
    if not what:
        raise Invalid(what=_("Hãy ghi cơ sở cần gì."))
    need = Need(
        call=call,
        kind=kind,
        establishment=establishment,
        name=name,
        folded=fold(f"{name} {what}")[:220],
        phone=phone.strip(),
        hamlet=" ".join(hamlet.split()),
        what=what,
        about=about,
        channel=channel,
        sent_on=on,
        province=commune.province,
        commune=commune,
        place_unit=commune,
        place_text=", ".join(part for part in (hamlet.strip(), commune.full_name, commune.province.full_name) if part),
        invented=invented,
    )
    if uid is not None:
        need.uid = uid
    checked(need).save()
    for photo in list(photos)[:PHOTOS]:
        NeedPhoto.objects.create(need=need, file=photo)
    NoNeed.objects.filter(call=call, commune=commune).delete()  # the commune has a need after all
    late = on > call.commune_deadline
    NeedStep.objects.create(
        need=need,
        name="register",
        target=NeedState.SENT,
        on=on,
        who=str(by),
        by_id=by.pk,
        note=_("Gửi sau hạn") if late else "",
    )
    record("need.register", need, by=by, on=on, channel=channel, late=late)
    return need


@transaction.atomic
def answer_none(call: Call, *, commune: Unit, channel: str, by: Actor, on: date) -> NoNeed:
    """“Không có nhu cầu” counts as answered.  Raises NotPossible where the commune has needs in this call."""
    authorise(by, Permission.NEED_REGISTER, place=commune)
    _inside(call, commune, on)
    if Need.objects.filter(call=call, commune=commune).exclude(state=NeedState.WITHDRAWN).exists():
        raise NotPossible(_("%(commune)s đã gửi nhu cầu trong đợt này.") % {"commune": commune})
    answer, new = NoNeed.objects.get_or_create(
        call=call,
        commune=commune,
        defaults={"channel": channel, "answered_on": on, "answered_by": str(by)[:120]},
    )
    if new:
        record("need.none", answer, by=by, on=on, channel=channel, commune=str(commune))
    return answer


@transaction.atomic
def correct(need: Need, *, by: Actor, **facts: Any) -> Need:
    """Change what was written while nobody has confirmed it: name, phone, hamlet, what, about, kind."""
    need = Need.objects.select_for_update(of=("self",)).select_related("commune", "province").get(pk=need.pk)
    authorise(by, Permission.NEED_REGISTER, place=need.commune or need.province, body=_body(need))
    if need.state != NeedState.SENT:
        raise NotPossible(_("Nhu cầu đã được xác nhận nên không sửa được nữa."))
    before = {}
    for field in ("name", "phone", "hamlet", "what", "about", "kind"):
        if field in facts and getattr(need, field) != facts[field]:
            before[field] = getattr(need, field)
            setattr(need, field, facts[field])
    if before:
        need.folded = fold(f"{need.name} {need.what}")[:220]
        checked(need).save()
        # a phone number is personal: that it changed is told, not what it was
        record("need.correct", need, by=by, fields=sorted(before))
    return need


@transaction.atomic
def name_establishment(need: Need, *, establishment: Establishment, by: User) -> Need:
    """Say which establishment of the database this need comes from."""
    need = Need.objects.select_for_update(of=("self",)).select_related("commune", "province").get(pk=need.pk)
    authorise(by, Permission.ESTABLISHMENT_EDIT, place=need.commune or need.province)
    need.establishment = establishment
    need.save(update_fields=["establishment"])
    record("need.name_establishment", need, by=by, establishment=str(establishment))
    return need


# ---- the commune, the survey, the proposal, the decision ----


@transaction.atomic
def confirm(needs: Iterable[Need], *, by: User, on: date, paper: Paper) -> list[Need]:
    """The commune confirms its needs by one letter (a photo of the signed letter is enough), all or none."""
    return [_take("confirm", need, by=by, on=on, paper=paper, confirmation=paper) for need in _each(needs)]


@transaction.atomic
def plan_survey(
    call: Call,
    *,
    name: str,
    starts_on: date,
    ends_on: date,
    needs: Iterable[Need],
    by: User,
    on: date,
    team: Iterable[User] = (),
    route: str = "",
    partners: str = "",
    invented: bool = False,
) -> SurveyPlan:
    """A tour: days, team, route, and the confirmed needs to be visited, spread over its working days in the given order."""
    authorise(by, Permission.SURVEY_PLAN, place=call.province)
    chosen = list(needs)
    if not chosen:
        raise Invalid(needs=_("Hãy chọn ít nhất một nhu cầu để khảo sát."))
    plan = checked(
        SurveyPlan(
            call=call,
            name=" ".join(name.split()),
            starts_on=starts_on,
            ends_on=ends_on,
            route=route.strip(),
            partners=partners.strip(),
            invented=invented,
        )
    )
    plan.save()
    plan.team.set(team)
    days = (ends_on - starts_on).days + 1
    for order, need in enumerate(_each(chosen)):
        if need.call_id != call.pk:
            raise Invalid(needs=_("Nhu cầu “%(need)s” thuộc đợt đăng ký khác.") % {"need": need})
        Visit.objects.create(
            plan=plan, need=need, order=order, planned_on=starts_on + timedelta(days=order * days // len(chosen))
        )
        _take("plan_survey", need, by=by, on=on, note=plan.name)
    record("survey.plan", plan, by=by, on=on, visits=len(chosen))
    return plan


@transaction.atomic
def survey(
    visit: Visit,
    *,
    by: User,
    on: date,
    paper: Paper,
    findings: str,
    investment: int | None = None,
    photos: Iterable[StoredFile] = (),
) -> Visit:
    """What was found on the spot, with the signed record.  ``investment`` in đồng."""
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    if visit.surveyed_on is not None:
        raise NotPossible(_("Điểm khảo sát này đã có kết quả."))
    if not findings.strip():
        raise Invalid(findings=_("Hãy ghi kết quả khảo sát."))
    if investment is not None and investment <= 0:
        raise Invalid(investment=_("Số tiền phải lớn hơn 0."))
    _take("survey", visit.need, by=by, on=on, paper=paper, note=findings.strip()[:300])
    visit.surveyed_on, visit.paper, visit.findings, visit.investment = on, paper, findings.strip(), investment
    visit.save()
    visit.photos.set(photos)
    return visit


@transaction.atomic
def unplan_survey(visit: Visit, *, by: User, on: date, reason: str) -> None:
    """Take a stop off the tour; the need waits for another one."""
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do bỏ khỏi lịch khảo sát."))
    need = visit.need
    _take("unplan_survey", need, by=by, on=on, note=reason.strip())
    visit.delete()


@transaction.atomic
def propose(need: Need, *, proposal: str, by: User, on: date, reason: str = "") -> Need:
    """The Centre *proposes*: to plan, not to plan (with the article), or next year.  The department decides."""
    reason = " ".join(reason.split())
    if proposal not in Proposal.values:
        raise Invalid(proposal=_("Hãy chọn một đề xuất."))
    if proposal != Proposal.PLAN and not reason:
        raise Invalid(reason=_("Hãy ghi lý do; nếu không đưa vào kế hoạch, ghi điều khoản."))
    return _take("propose", need, by=by, on=on, note=reason, proposal=proposal, proposal_reason=reason)


@transaction.atomic
def return_(need: Need, *, by: User, on: date, reason: str) -> Need:
    """The department does not follow the proposal and asks for another."""
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do yêu cầu đề xuất lại."))
    return _take("return", need, by=by, on=on, note=reason.strip(), proposal="", proposal_reason="")


@transaction.atomic
def decide(needs: Iterable[Need], *, by: User, on: date, paper: Paper) -> list[Need]:
    """The department confirms what the Centre proposed, by one letter, all or none; the answer goes to commune and
    establishment in writing.  Raises NotPossible for a need that waits for no decision."""
    decided = []
    for need in _each(needs):
        step = STEP_OF.get(need.proposal, "plan")
        need = _take(step, need, by=by, on=on, paper=paper, answer=paper)
        letters.tell_answer(need, by=by)
        decided.append(need)
    return decided


@transaction.atomic
def withdraw(need: Need, *, by: Actor, on: date, reason: str) -> Need:
    """Whoever asked does not ask any more."""
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do rút nhu cầu."))
    return _take("withdraw", need, by=by, on=on, note=reason.strip())


# ---- inside ----


def _take(
    name: str, need: Need, *, by: Actor, on: date, paper: Paper | None = None, note: str = "", **facts: Any
) -> Need:
    """Lock, authorise, check, change, remember: the one path to ``need.state``."""
    need = (
        Need.objects.select_for_update(of=("self",))
        .select_related("commune", "province", "call", "establishment__organisation")
        .get(pk=need.pk)
    )
    step = LIFECYCLE.check(name, need.state)
    authorise(by, Permission(step.permission), place=need.commune or need.province, body=_body(need), paper=paper)
    if step.paper:
        _needs_paper(paper, step.paper)
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})
    last = need.steps.order_by("-on", "-pk").first()
    if last is not None and on < last.on:
        raise Invalid(
            on=_("Ngày %(day)s trước bước liền trước (%(last)s).")
            % {"day": f"{on:%d/%m/%Y}", "last": f"{last.on:%d/%m/%Y}"}
        )
    source, need.state = need.state, step.target
    for field, value in facts.items():
        setattr(need, field, value)
    need.save(update_fields=["state", *facts])
    NeedStep.objects.create(
        need=need,
        name=name,
        source=source,
        target=step.target,
        on=on,
        paper=paper,
        note=note[:500],
        who=str(by)[:200],
        by_id=by.pk,
    )
    record(f"need.{name}", need, by=by, on=on, paper=paper)
    return need


def _each(needs: Iterable[Need]) -> list[Need]:
    """Always in the same order, so that two people who act on the same needs cannot lock each other out."""
    chosen = sorted({need.pk: need for need in needs}.values(), key=lambda need: need.pk)
    if not chosen:
        raise Invalid(needs=_("Hãy chọn ít nhất một nhu cầu."))
    return chosen


def _body(need: Need) -> Organisation | None:
    return need.establishment.organisation if need.establishment_id else None


def _needs_paper(paper: Paper | None, kind: str) -> None:
    if paper is None or paper.kind != kind:
        raise NotPossible(_("Bước này phải kèm văn bản loại “%(kind)s”.") % {"kind": PaperKind(kind).label})


def _inside(call: Call, commune: Unit, on: date) -> None:
    if commune.province_id != call.province_id:
        raise Invalid(commune=_("%(commune)s không thuộc tỉnh của đợt đăng ký này.") % {"commune": commune})
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})
    if on < call.opens_on:
        raise Invalid(on=_("Đợt đăng ký nhận từ ngày %(day)s.") % {"day": f"{call.opens_on:%d/%m/%Y}"})


def _not_too_many(call: Call, by: Actor, on: date) -> None:
    if by.pk is None and (
        Need.objects.filter(call=call, channel=EntryChannel.LINK, commune_id=by.link.commune_id, sent_on=on).count()
        >= MOST_BY_LINK
    ):
        raise NotPossible(_("Hôm nay liên kết này đã gửi quá nhiều nhu cầu. Hãy gọi cho Trung tâm."))


@transaction.atomic
def reassign(user: User, *, to: User, by: User, on: date) -> int:
    """Put ``to`` in the place of ``user`` in the teams of tours that are not over on ``on``; returns how many.

    Called by ``work.hand_over`` under its authority.
    """
    plans = list(SurveyPlan.objects.filter(team=user, ends_on__gte=on).order_by("pk"))
    for plan in plans:
        plan.team.remove(user)
        plan.team.add(to)
        record("survey.reassign", plan, by=by, on=on, leaving=str(user), coming=str(to))
    return len(plans)
