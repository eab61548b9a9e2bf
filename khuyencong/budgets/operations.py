"""Everything that moves money.  The ledger is only ever added to.

``record_budget_decision``, ``manage``, ``return_money``, ``carry_over`` and ``reverse`` are acts of the accountant (or of the
registry clerk, for a decision signed on paper) and ask for authority here.  ``commit``, ``commit_all``, ``release``,
``advance``, ``take_back``, ``settle``, ``return_surplus`` and ``recover`` are parts of acts of ``plans`` and ``contracts``:
the act that calls them has asked for its own authority, in the same transaction.  Whatever makes money scarcer locks the
envelope first; several envelopes are locked in the order of their keys.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.money import dong
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.queries import balance, balances, opened_on, position
from khuyencong.budgets.rules import same_decision
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.norms.queries import management_cost
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.projects.models import Project

# ---- what the accountant records ----


@transaction.atomic
def record_budget_decision(
    *,
    level: str,
    year: int,
    holder: Organisation,
    amount: int,
    name: str,
    by: User,
    on: date,
    paper: Paper,
    province: Unit | None = None,
    commune: Unit | None = None,
    chapter: str = "",
    category: str = "",
    clause: str = "",
    note: str = "",
    invented: bool = False,
) -> Envelope:
    """Quyết định giao dự toán: opens the envelope of this level, year, holder and name, or changes what it holds.

    ``amount`` in đồng; below zero where the decision takes money away.  ``province`` stays empty for national money that
    the agency itself holds.  Raises NotPossible for another kind of paper, for a decision that was typed before (it is
    named), and for a cut that reaches promised money; Invalid on the field that is wrong.
    """
    authorise(by, Permission.BUDGET_RECORD, place=commune or province, paper=paper)
    if paper.kind != PaperKind.BUDGET_DECISION:
        raise NotPossible(_("Dự toán chỉ được mở bằng quyết định giao dự toán."))
    if not paper.number.strip():
        raise Invalid(paper=_("Quyết định giao dự toán phải có số, ký hiệu."))
    if not amount:
        raise Invalid(amount=_("Số tiền phải khác 0."))
    if not 2000 <= year <= 2100:
        raise Invalid(year=_("Năm ngân sách không hợp lệ."))
    if not (name := " ".join(name.split())):
        raise Invalid(name=_("Hãy ghi tên nguồn."))
    if commune is not None and province is None:
        province = commune.province
    if commune is not None and commune.province_id != getattr(province, "pk", None):
        raise Invalid(commune=_("Xã, phường này không thuộc tỉnh đã chọn."))
    _refuse_future(on)
    Organisation.objects.select_for_update(no_key=True).get(pk=holder.pk)  # two clerks with one decision wait here
    _refuse_typed_twice(paper, level=level, year=year, holder=holder, name=name, codes=(chapter, category, clause))
    envelope = Envelope.objects.select_for_update().filter(level=level, year=year, holder=holder, name=name).first()
    if envelope is None:
        if amount < 0:
            raise Invalid(amount=_("Nguồn này chưa được giao dự toán nên không thể giảm."))
        envelope = Envelope(
            level=level,
            year=year,
            holder=holder,
            province=province,
            commune=commune,
            name=name,
            chapter=chapter,
            category=category,
            clause=clause,
            invented=invented,
        )
        checked(envelope).save()
    else:
        _refuse_other_place_or_code(envelope, province=province, commune=commune, codes=(chapter, category, clause))
        left = balance(envelope).available
        if amount < 0 and -amount > left:
            raise NotPossible(
                _("Nguồn %(envelope)s chỉ còn %(left)s đồng chưa phân bổ, không giảm được %(amount)s đồng.")
                % {"envelope": envelope, "left": dong(left), "amount": dong(-amount)}
            )
    _post(envelope, EntryKind.ALLOCATED, amount, by=by, on=on, paper=paper, note=note)
    record("budget.record_decision", envelope, by=by, on=on, paper=paper, amount=amount, level=level, year=year)
    return envelope


@transaction.atomic
def manage(
    envelope: Envelope,
    *,
    amount: int,
    by: User,
    on: date,
    paper: Paper,
    project: Project | None = None,
    note: str = "",
) -> Entry:
    """Set management cost aside, as a line of its own, in đồng: of the fund's holder, or with ``project`` of its implementer.

    Bound by the norm of the day: a share of what the envelope was given, or of what the project was granted (TTLT 26/2014
    Đ6 and what came after).  Raises NotPossible beyond it, where no norm is loaded, and beyond what is left.
    """
    authorise(by, Permission.BUDGET_RECORD, place=envelope.place, paper=paper)
    _positive(amount)
    envelope = _lock(envelope)
    _refuse_day(envelope, on)
    _refuse_over_norm(envelope, project=project, amount=amount, on=on)
    _refuse_over(envelope, amount)
    if project is not None:
        _refuse_misfit(envelope, project)
    entry = _post(envelope, EntryKind.MANAGEMENT, amount, project=project, by=by, on=on, paper=paper, note=note)
    record("budget.manage", project or envelope, by=by, on=on, paper=paper, amount=amount, envelope=envelope)
    return entry


@transaction.atomic
def return_money(envelope: Envelope, *, amount: int, by: User, on: date, paper: Paper, note: str = "") -> Entry:
    """Nộp trả ngân sách: money promised to nobody goes back to the State, in đồng; raises NotPossible beyond what is left.

    What a project did not use is given back by ``return_surplus``.
    """
    authorise(by, Permission.BUDGET_CARRY, place=envelope.place)
    _positive(amount)
    if paper.kind != PaperKind.RETURN_MONEY:
        raise NotPossible(_("Nộp trả ngân sách phải có chứng từ nộp trả."))
    envelope = _lock(envelope)
    _refuse_day(envelope, on)
    _refuse_over(envelope, amount)
    entry = _post(envelope, EntryKind.RETURNED, amount, by=by, on=on, paper=paper, note=note)
    record("budget.return_money", envelope, by=by, on=on, paper=paper, amount=amount)
    return entry


@transaction.atomic
def carry_over(
    envelope: Envelope,
    *,
    to: Envelope,
    by: User,
    on: date,
    paper: Paper,
    amount: int | None = None,
    project: Project | None = None,
) -> Entry:
    """Chuyển nguồn: money goes on into next year's envelope of the same holder; only with its paper.  Returns the line that
    arrives.

    With ``project`` what it was promised and has not settled (by default all of it) goes with its promise and with what
    was paid out on account; without, ``amount`` of what nobody was promised (by default all of it).  Raises NotPossible
    for another kind of paper, another year, level or holder, or more than there is.
    """
    authorise(by, Permission.BUDGET_CARRY, place=envelope.place)
    if paper.kind != PaperKind.CARRY_OVER:
        raise NotPossible(_("Chuyển nguồn phải có văn bản cho phép chuyển nguồn; không có thì nộp trả ngân sách."))
    if (to.level, to.holder_id, to.province_id, to.commune_id) != (
        envelope.level,
        envelope.holder_id,
        envelope.province_id,
        envelope.commune_id,
    ) or to.year != envelope.year + 1:
        raise NotPossible(
            _("Chỉ chuyển được sang dự toán năm %(year)s của cùng đơn vị, cùng cấp kinh phí.")
            % {"year": envelope.year + 1}
        )
    locked = _lock_all([envelope, to])
    envelope, to = locked[envelope.pk], locked[to.pk]
    _refuse_day(envelope, on)
    own = position(envelope, project=project) if project else None
    there = own.open if own else balance(envelope).available
    amount = there if amount is None else amount
    _positive(amount)
    if amount > there:
        raise NotPossible(
            _("Nguồn %(envelope)s chỉ còn %(left)s đồng chuyển được sang năm sau.")
            % {"envelope": envelope, "left": dong(there)}
        )
    note = _("chuyển nguồn sang %(envelope)s") % {"envelope": to}
    paid = 0
    if own is not None:
        paid = own.surplus
        if amount < paid:
            raise NotPossible(
                _("Đề án đã tạm ứng %(paid)s đồng chưa quyết toán; số chuyển nguồn không thể ít hơn.")
                % {"paid": dong(paid)}
            )
        _post(envelope, EntryKind.COMMITTED, -amount, project=project, by=by, on=on, paper=paper, note=note)
        if paid:
            _post(envelope, EntryKind.ADVANCED, -paid, project=project, by=by, on=on, paper=paper, note=note)
    out = _post(envelope, EntryKind.CARRIED_OUT, amount, project=project, by=by, on=on, paper=paper, note=note)
    note = _("nhận từ %(envelope)s") % {"envelope": envelope}
    arrived = _post(to, EntryKind.CARRIED_IN, amount, project=project, by=by, on=on, paper=paper, note=note, origin=out)
    if project is not None:
        _post(to, EntryKind.COMMITTED, amount, project=project, by=by, on=on, paper=paper, note=note)
        if paid:
            _post(to, EntryKind.ADVANCED, paid, project=project, by=by, on=on, paper=paper, note=note)
    record(
        "budget.carry_over", project or envelope, by=by, on=on, paper=paper, amount=amount, source=envelope, target=to
    )
    return arrived


REVERSIBLE = (EntryKind.ALLOCATED, EntryKind.MANAGEMENT, EntryKind.RETURNED)


@transaction.atomic
def reverse(entry: Entry, *, reason: str, by: User, on: date, paper: Paper) -> Entry:
    """Put right a line that was typed wrongly, by its opposite, with paper and reason; the right line is then recorded anew.

    Only for what is recorded here and stands for no project (given, management cost, given back).  Raises NotPossible
    where it was put right before or where the money has been promised meanwhile.
    """
    authorise(by, Permission.BUDGET_RECORD, place=entry.envelope.place)
    if not (reason := " ".join(reason.split())):
        raise Invalid(reason=_("Hãy ghi lý do."))
    if entry.kind not in REVERSIBLE or entry.project_id or entry.origin_id:
        raise NotPossible(_("Bút toán này không đảo trực tiếp được; hãy lập lại ở bước đã sinh ra nó."))
    envelope = _lock(entry.envelope)
    _refuse_day(envelope, on)
    if Entry.objects.filter(origin=entry, kind=entry.kind).exists():
        raise NotPossible(_("Bút toán này đã được đảo trước đó."))
    if entry.kind == EntryKind.ALLOCATED:
        _refuse_over(envelope, entry.amount)
    opposite = _post(
        envelope, EntryKind(entry.kind), -entry.amount, by=by, on=on, paper=paper, note=reason[:300], origin=entry
    )
    record("budget.reverse", envelope, by=by, on=on, paper=paper, amount=-entry.amount, reason=reason)
    return opposite


# ---- what plans and contracts do, under the authority of their own acts ----


@dataclass(frozen=True, slots=True)
class Promise:
    """One amount that a decision gives to one project from one envelope, in đồng."""

    envelope: Envelope
    project: Project
    amount: int


def commit(envelope: Envelope, *, project: Project, amount: int, by: User, on: date, paper: Paper) -> Entry:
    """Promise ``amount`` đồng of this envelope to a project; internal to the approving acts of ``plans`` and imports.

    Raises NotPossible with what is left and what is missing, or where the envelope may not serve this project.
    """
    return commit_all([Promise(envelope, project, amount)], by=by, on=on, paper=paper)[0]


@transaction.atomic
def commit_all(promises: Sequence[Promise], *, by: User, on: date, paper: Paper) -> list[Entry]:
    """Promise all of these or none; internal, as ``commit``.

    The envelopes are locked in the order of their keys before anything is counted, so two approvers who press at the same
    moment cannot promise the same đồng: the later one is refused, with the first project that finds no money named.
    """
    envelopes = _lock_all([promise.envelope for promise in promises])
    left = {key: sums.available for key, sums in balances(envelopes.values()).items()}
    opened = {key: opened_on(envelope) for key, envelope in envelopes.items()}
    _refuse_future(on)
    entries = []
    for promise in promises:
        envelope, project = envelopes[promise.envelope.pk], promise.project
        _positive(promise.amount)
        _refuse_misfit(envelope, project)
        _refuse_before(envelope, opened[envelope.pk], on)
        if promise.amount > left[envelope.pk]:
            raise NotPossible(
                _(
                    "Nguồn %(envelope)s chỉ còn %(left)s đồng; đề án %(project)s cần %(amount)s đồng, thiếu %(missing)s đồng."
                )
                % {
                    "envelope": envelope,
                    "left": dong(left[envelope.pk]),
                    "project": project.code,
                    "amount": dong(promise.amount),
                    "missing": dong(promise.amount - left[envelope.pk]),
                }
            )
        left[envelope.pk] -= promise.amount
        entries.append(
            Entry(
                envelope=envelope,
                kind=EntryKind.COMMITTED,
                amount=promise.amount,
                project=project,
                on=on,
                paper=paper,
                by=by,
            )
        )
    entries = Entry.objects.bulk_create(entries)
    for entry in entries:
        record("budget.commit", entry.project, by=by, on=on, paper=paper, amount=entry.amount, envelope=entry.envelope)
    return entries


@transaction.atomic
def release(envelope: Envelope, *, project: Project, amount: int, by: User, on: date, paper: Paper) -> Entry:
    """Give promised money back to the envelope (a project reduced or stopped); internal to ``plans``.

    Raises NotPossible where more was already paid out or settled than would stay promised.
    """
    _positive(amount)
    envelope = _lock(envelope)
    _refuse_day(envelope, on)
    own = position(envelope, project=project)
    free = own.committed - max(own.advanced, own.settled)
    if amount > free:
        raise NotPossible(
            _("Đề án %(project)s chỉ còn %(left)s đồng chưa tạm ứng, chưa quyết toán ở nguồn %(envelope)s.")
            % {"project": project.code, "left": dong(max(free, 0)), "envelope": envelope}
        )
    entry = _post(envelope, EntryKind.COMMITTED, -amount, project=project, by=by, on=on, paper=paper)
    record("budget.release", project, by=by, on=on, paper=paper, amount=amount, envelope=envelope)
    return entry


@transaction.atomic
def advance(
    envelope: Envelope, *, project: Project, amount: int, by: User, on: date, paper: Paper, note: str = ""
) -> Entry:
    """Money leaves the envelope for a project: a first or further advance, or the remainder; internal to ``contracts``,
    which knows the ceilings of the law.  Raises NotPossible beyond what this envelope has promised to the project."""
    _positive(amount)
    envelope = _lock(envelope)
    _refuse_day(envelope, on)
    own = position(envelope, project=project)
    if amount > own.unpaid:
        raise NotPossible(
            _("Nguồn %(envelope)s cam kết cho đề án %(project)s %(committed)s đồng, đã tạm ứng %(advanced)s đồng; chỉ còn "
              "%(left)s đồng.")
            % {
                "envelope": envelope,
                "project": project.code,
                "committed": dong(own.committed),
                "advanced": dong(own.advanced),
                "left": dong(max(own.unpaid, 0)),
            }
        )  # fmt: skip
    entry = _post(envelope, EntryKind.ADVANCED, amount, project=project, by=by, on=on, paper=paper, note=note)
    record("budget.advance", project, by=by, on=on, paper=paper, amount=amount, envelope=envelope)
    return entry


@transaction.atomic
def settle(
    envelope: Envelope, *, project: Project, amount: int, by: User, on: date, paper: Paper, final: bool = True
) -> Entry:
    """Recognise ``amount`` đồng as spent; internal to ``contracts``.

    With ``final`` the envelope gets back at once what was promised and not needed; an advance beyond the settled amount
    stays promised until it is given back (``return_surplus`` or ``take_back``).  Without, a part is settled (one
    beneficiary of several) and the promise stays.  Raises NotPossible beyond the promise.
    """
    _positive(amount)
    envelope = _lock(envelope)
    _refuse_day(envelope, on)
    own = position(envelope, project=project)
    if own.settled + amount > own.committed:
        raise NotPossible(
            _("Số quyết toán %(amount)s đồng vượt kinh phí còn được cam kết cho đề án %(project)s ở nguồn %(envelope)s "
              "(%(left)s đồng).")
            % {
                "amount": dong(amount),
                "project": project.code,
                "envelope": envelope,
                "left": dong(own.open),
            }
        )  # fmt: skip
    entry = _post(envelope, EntryKind.SETTLED, amount, project=project, by=by, on=on, paper=paper)
    unused = own.committed - max(own.settled + amount, own.advanced)
    if final and unused > 0:
        note = _("không dùng hết, trả lại nguồn")
        _post(
            envelope, EntryKind.COMMITTED, -unused, project=project, by=by, on=on, paper=paper, note=note, origin=entry
        )
    record(
        "budget.settle",
        project,
        by=by,
        on=on,
        paper=paper,
        amount=amount,
        envelope=envelope,
        unused=unused if final else 0,
    )
    return entry


def take_back(
    envelope: Envelope, *, project: Project, amount: int, by: User, on: date, paper: Paper, note: str = ""
) -> Entry:
    """An advance not used comes back within the year and can be promised again (khôi phục dự toán); internal to
    ``contracts``.  Raises NotPossible beyond what is paid out and not settled."""
    return _surplus(envelope, project=project, amount=amount, by=by, on=on, paper=paper, note=note, to_state=False)


def return_surplus(
    envelope: Envelope, *, project: Project, amount: int, by: User, on: date, paper: Paper, note: str = ""
) -> Entry:
    """An advance not used goes back to the State budget (nộp trả): it leaves the envelope; internal to ``contracts``.
    Raises NotPossible beyond what is paid out and not settled."""
    return _surplus(envelope, project=project, amount=amount, by=by, on=on, paper=paper, note=note, to_state=True)


@transaction.atomic
def _surplus(
    envelope: Envelope, *, project: Project, amount: int, by: User, on: date, paper: Paper, note: str, to_state: bool
) -> Entry:
    _positive(amount)
    envelope = _lock(envelope)
    _refuse_day(envelope, on)
    own = position(envelope, project=project)
    if amount > own.surplus:
        raise NotPossible(
            _("Đề án %(project)s chỉ còn %(left)s đồng tạm ứng chưa quyết toán ở nguồn %(envelope)s.")
            % {"project": project.code, "left": dong(own.surplus), "envelope": envelope}
        )
    back = _post(envelope, EntryKind.ADVANCED, -amount, project=project, by=by, on=on, paper=paper, note=note)
    _post(envelope, EntryKind.COMMITTED, -amount, project=project, by=by, on=on, paper=paper, note=note, origin=back)
    if to_state:
        back = _post(
            envelope, EntryKind.RETURNED, amount, project=project, by=by, on=on, paper=paper, note=note, origin=back
        )
    act = "budget.return_surplus" if to_state else "budget.take_back"
    record(act, project, by=by, on=on, paper=paper, amount=amount, envelope=envelope)
    return back


@transaction.atomic
def recover(
    envelope: Envelope, *, project: Project, amount: int, by: User, on: date, paper: Paper, note: str = ""
) -> Entry:
    """Thu hồi: settled support comes back later (recoverable support, or after a violation); internal to ``contracts``.

    It is not added to what can be promised: money is given only by a budget decision.  Raises NotPossible beyond what was
    settled and not yet recovered.
    """
    _positive(amount)
    envelope = _lock(envelope)
    _refuse_day(envelope, on)
    own = position(envelope, project=project)
    left = own.settled - own.recovered
    if amount > left:
        raise NotPossible(
            _("Đề án %(project)s chỉ còn %(left)s đồng có thể thu hồi ở nguồn %(envelope)s.")
            % {"project": project.code, "left": dong(max(left, 0)), "envelope": envelope}
        )
    entry = _post(envelope, EntryKind.RECOVERED, amount, project=project, by=by, on=on, paper=paper, note=note)
    record("budget.recover", project, by=by, on=on, paper=paper, amount=amount, envelope=envelope)
    return entry


# ---- inside ----


def _lock(envelope: Envelope) -> Envelope:
    return _lock_all([envelope])[envelope.pk]


def _lock_all(envelopes: Iterable[Envelope]) -> dict[int, Envelope]:
    """The rows as they are now, held until the transaction ends; always in the order of their keys."""
    keys = sorted({envelope.pk for envelope in envelopes})
    return {
        envelope.pk: envelope for envelope in Envelope.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    }


def _post(
    envelope: Envelope,
    kind: EntryKind,
    amount: int,
    *,
    by: User,
    on: date,
    paper: Paper,
    project: Project | None = None,
    note: str = "",
    origin: Entry | None = None,
) -> Entry:
    return Entry.objects.create(
        envelope=envelope,
        kind=kind,
        amount=amount,
        project=project,
        on=on,
        paper=paper,
        note=note,
        origin=origin,
        by=by,
    )


def _positive(amount: int) -> None:
    if amount <= 0:
        raise Invalid(amount=_("Số tiền phải lớn hơn 0."))


def _refuse_future(on: date) -> None:
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})


def _refuse_day(envelope: Envelope, on: date) -> None:
    _refuse_future(on)
    _refuse_before(envelope, opened_on(envelope), on)


def _refuse_before(envelope: Envelope, opened: date | None, on: date) -> None:
    if opened is None:
        raise NotPossible(_("Nguồn %(envelope)s chưa được giao dự toán.") % {"envelope": envelope})
    if on < opened:
        raise NotPossible(
            _("Ngày %(day)s trước ngày giao dự toán %(opened)s của nguồn %(envelope)s.")
            % {"day": f"{on:%d/%m/%Y}", "opened": f"{opened:%d/%m/%Y}", "envelope": envelope}
        )


def _refuse_over(envelope: Envelope, amount: int) -> None:
    left = balance(envelope).available
    if amount > left:
        raise NotPossible(
            _("Nguồn %(envelope)s chỉ còn %(left)s đồng, thiếu %(missing)s đồng.")
            % {"envelope": envelope, "left": dong(left), "missing": dong(amount - left)}
        )


def _refuse_over_norm(envelope: Envelope, *, project: Project | None, amount: int, on: date) -> None:
    if project is None:
        kind, base = "agency", balance(envelope).allocated
        spent = envelope.entries.filter(project=None).total(EntryKind.MANAGEMENT)
    else:
        kind, base = "implementer", project.granted or 0
        spent = Entry.objects.filter(project=project).total(EntryKind.MANAGEMENT)
    norm = management_cost(kind, on=on, base=base, level=envelope.level, province=envelope.province)
    if norm.maximum is None:
        raise NotPossible(_("Chưa có mức chi phí quản lý trong hệ thống cho ngày %(day)s.") % {"day": f"{on:%d/%m/%Y}"})
    if spent + amount > norm.maximum:
        raise NotPossible(
            _("Chi phí quản lý tối đa %(percent)s%% × %(base)s = %(maximum)s đồng (%(article)s); đã ghi %(spent)s đồng, "
              "không ghi thêm được %(amount)s đồng.")
            % {
                "percent": f"{norm.percent.normalize():f}".replace(".", ",") if norm.percent is not None else "",
                "base": dong(base),
                "maximum": dong(norm.maximum),
                "article": norm.citation,
                "spent": dong(spent),
                "amount": dong(amount),
            }
        )  # fmt: skip


def _refuse_misfit(envelope: Envelope, project: Project) -> None:
    """Local money stays in its province, a commune's in its commune; national money allotted to a province likewise."""
    if envelope.province_id not in (None, project.province_id) or envelope.commune_id not in (None, project.commune_id):
        raise NotPossible(
            _("Nguồn %(envelope)s không dùng được cho đề án %(project)s: khác địa bàn.")
            % {"envelope": envelope, "project": project.code}
        )


def _refuse_typed_twice(
    paper: Paper, *, level: str, year: int, holder: Organisation, name: str, codes: tuple[str, str, str]
) -> None:
    """One decision may give several lines to one holder, but the same line only once; a line put right does not count."""
    given = Entry.objects.filter(
        kind=EntryKind.ALLOCATED,
        origin=None,
        paper__signed_on=paper.signed_on,
        envelope__level=level,
        envelope__year=year,
        envelope__holder=holder,
    ).exclude(followers__kind=EntryKind.ALLOCATED)
    for entry in given.select_related("paper", "envelope"):
        envelope = entry.envelope
        same_line = envelope.name == name or (envelope.chapter, envelope.category, envelope.clause) == codes
        if same_line and same_decision(entry.paper, paper):
            raise NotPossible(
                _(
                    "Quyết định %(paper)s đã được ghi nhận cho nguồn %(envelope)s: %(amount)s đồng. Không nhập lần "
                    "nữa; nếu là dòng khác của quyết định, hãy ghi tên nguồn và mục lục riêng."
                )
                % {"paper": entry.paper, "envelope": envelope, "amount": dong(entry.amount)}
            )


def _refuse_other_place_or_code(
    envelope: Envelope, *, province: Unit | None, commune: Unit | None, codes: tuple[str, str, str]
) -> None:
    if (envelope.province_id, envelope.commune_id) != (getattr(province, "pk", None), getattr(commune, "pk", None)):
        raise Invalid(name=_("Nguồn mang tên này đã mở cho địa bàn khác; hãy đặt tên khác."))
    if any(codes) and (envelope.chapter, envelope.category, envelope.clause) != codes:
        raise Invalid(
            name=_("Nguồn mang tên này đã mở với mục lục %(code)s; hãy đặt tên khác cho mục lục mới.")
            % {"code": envelope.code or "–"}
        )
