"""From queries to what the components draw."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from khuyencong.authority.permissions import Permission
from khuyencong.base.money import dong
from khuyencong.budgets import queries as budgets
from khuyencong.contracts import queries as contracts
from khuyencong.documents.enums import LineState
from khuyencong.norms.enums import Level
from khuyencong.projects import queries
from khuyencong.projects.enums import APPROVED_ON, EXTENSION, ProjectState, Rule, Source
from khuyencong.web.common.lists.filters import FoldedFilter
from khuyencong.web.common.parts import Check, Event, Offer, Slice, Tab
from khuyencong.web.common.tags.values import citation

MARKS = {
    "draft": "draft",
    "submitted": "wait",
    "appraised": "run",
    "registered": "wait",
    "ministry_appraised": "run",
    "approved": "run",
    "assigned": "run",
    "running": "run",
    "accepted": "done",
    "settled": "done",
    "liquidated": "done",
    "failed": "stop",
    "withdrawn": "stop",
    "stopped": "stop",
}
HERE = frozenset(
    {
        "submit",
        "return",
        "appraise",
        "fail",
        "register",
        "ministry_return",
        "ministry_appraise",
        "ministry_fail",
        "withdraw",
    }
)
# Ways back: never the first that a person is offered.
BACK = frozenset({"return", "fail", "ministry_return", "ministry_fail", "withdraw", "stop"})
# Steps that other desks take: the page there, and whether it is asked by project; else its list.
ELSEWHERE = {
    "approve": ("plans:list", False, gettext_lazy("Phê duyệt ở trang Kế hoạch, theo quyết định của cả đợt.")),
    "stop": ("plans:list", False, gettext_lazy("Ngừng bằng quyết định điều chỉnh ở trang Kế hoạch.")),
    "assign": ("contracts:assign", True, gettext_lazy("Giao nhiệm vụ ở trang Hợp đồng.")),
    "begin": ("contracts:page", True, gettext_lazy("Bắt đầu khi ký hợp đồng hỗ trợ ở trang Hợp đồng.")),
    "accept": ("contracts:accept", True, gettext_lazy("Lập biên bản nghiệm thu ở trang Hợp đồng.")),
    "settle": ("contracts:settle", True, gettext_lazy("Quyết toán ở trang Hợp đồng.")),
    "liquidate": ("contracts:liquidate", True, gettext_lazy("Thanh lý ở trang Hợp đồng.")),
}
SETTLED = (ProjectState.SETTLED, ProjectState.LIQUIDATED)
TONES = {Source.NATIONAL: 1, Source.LOCAL: 2, Source.COUNTERPART: 3, Source.OTHER: 4, None: 4}


class PartiesFilter(FoldedFilter):
    """Words of a project's code, title and, for who sees them, parties."""

    def search(self, queryset, typed, *, everywhere):
        return queryset.naming(typed, user=self.parent.request.user, everywhere=everywhere)


def mark_of(project) -> str:
    return MARKS[project.state]


def tabs_of(project, current, *, beneficiaries=None, steps=None):
    rows = (
        ("page", _("Tổng quan"), None),
        ("money", _("Kinh phí"), None),
        ("papers", _("Hồ sơ, văn bản"), None),
        ("beneficiaries", _("Đơn vị thụ hưởng"), beneficiaries),
        ("history", _("Quá trình xử lý"), steps),
    )
    return [
        Tab(label, reverse(f"projects:{name}", args=[project.pk]), count, current=name == current)
        for name, label, count in rows
    ]


def offers_of(user, project, findings, *, clock=None):
    """What can be done now: editors first while the file is written, then the steps of the table."""
    from khuyencong.web.desk.projects.forms import may_edit

    offers = []
    steps = queries.steps_open_to(user, project, findings=findings)
    for offer in steps:
        name, label, quiet = offer.step.name, str(offer.step.label), offer.step.name in BACK
        if offer.is_open and name in HERE:
            if offer.recorded:
                label = _("Ghi nhận văn bản: %(step)s") % {"step": label}
            offers.append(Offer(label, url=reverse(f"projects:{name}", args=[project.pk]), quiet=quiet))
        elif offer.is_open:
            route, by_project, why = ELSEWHERE[name]
            url = address(route, project.pk) if by_project else address(route)
            offers.append(Offer(label, url=url, why="" if url else str(why), quiet=quiet))
        else:
            offers.append(Offer(label, why=offer.why))
    if any(offer.blocked for offer in steps):
        url = reverse("projects:checks", args=[project.pk])
        offers.append(Offer(_("Xem điều chưa đạt, cách xử lý"), url=url))
    if queries.may_ask_opinion(user, project):
        url = reverse("projects:ask_opinion", args=[project.pk])
        offers.append(Offer(_("Lấy ý kiến cơ quan khác"), url=url, quiet=True))
    if queries.may_extend(user, project, clock):
        url = reverse("projects:extend_completion", args=[project.pk])
        offers.append(Offer(_("Gia hạn bổ sung"), url=url, quiet=True))
    if project.state in ("approved", "assigned", "running") and not project.historical:
        url = address("plans:ask_change", project.pk)
        if url and user.may(Permission.PROJECT_SUBMIT, place=project.place, body=project.implementer):
            offers.append(Offer(_("Đề nghị điều chỉnh"), url=url, quiet=True))
    if project.state in APPROVED_ON and not project.historical:
        # what is done day by day: reports, advances, vouchers; one page, whoever may do what there
        offers.append(Offer(_("Mở hợp đồng, tiến độ, tạm ứng"), url=address("contracts:page", project.pk)))
    if may_edit(user, project):
        wanting = {finding.rule for finding in findings if finding.refuses}
        helped = Rule.BENEFICIARIES in wanting
        edit = [
            (
                "add_beneficiary" if helped else "beneficiaries",
                _("Ghi đơn vị thụ hưởng") if helped else _("Sửa đơn vị thụ hưởng"),
                Rule.BENEFICIARIES,
            ),
            ("estimate", _("Lập dự toán"), Rule.ESTIMATE),
            ("parts", _("Viết tám phần đề án"), Rule.PARTS),
            ("change", _("Sửa thông tin chung"), None),
        ]
        # what is still wanting leads; a file that is whole is signed
        writing = [
            (Offer(label, url=reverse(f"projects:{name}", args=[project.pk])), rule) for name, label, rule in edit
        ]
        first = [offer for offer, rule in writing if rule in wanting]
        again = [offer for offer, rule in writing if rule not in wanting]
        for offer in again:
            offer.quiet = True
        offers = [*first, *(o for o in offers if not o.quiet), *again, *(o for o in offers if o.quiet)]
    return sorted(offers, key=lambda offer: not offer.url)


# Where a writer mends what a rule does not let pass: the words of the button, and the page.
_MENDED_AT = {
    "parts": (gettext_lazy("Viết tám phần đề án"), (Rule.PARTS,)),
    "estimate": (
        gettext_lazy("Sửa dự toán"),
        (Rule.ESTIMATE, Rule.SUPPORT, Rule.COUNTERPART, Rule.NORM, Rule.NEW_MACHINERY),
    ),
    "other_sources": (gettext_lazy("Ghi nguồn khác"), (Rule.OTHER_SOURCES,)),
    "change": (
        gettext_lazy("Sửa thông tin chung"),
        (Rule.PERIOD, Rule.PLACE, Rule.SECTOR, Rule.GROUP, Rule.FLAGSHIP, Rule.SPLIT, Rule.FOREIGN_FAIRS),
    ),
    "beneficiaries": (
        gettext_lazy("Sửa đơn vị thụ hưởng"),
        (
            Rule.BENEFICIARIES,
            Rule.HOLDER,
            Rule.LOCAL_MATERIAL,
            Rule.LABOUR_INTENSIVE,
            Rule.SUPPORTED_BEFORE,
            Rule.SAME_SUPPORT,
        ),
    ),
    "papers": (gettext_lazy("Thêm giấy tờ vào hồ sơ"), (Rule.DOSSIER,)),
}
CHECKED = frozenset({"submit", "appraise", "ministry_appraise"})
SENDING_BACK = frozenset({"return", "ministry_return"})


def ways_to_mend(user, project, standing) -> list[Offer]:
    """What this person can do about the findings that stand in the way of the next step: its writer mends the file, who judges
    it sends it back."""
    from khuyencong.web.desk.projects.forms import may_edit

    if may_edit(user, project):
        wanting = {finding.rule for finding in standing}
        return [
            Offer(str(label), url=reverse(f"projects:{route}", args=[project.pk]))
            for route, (label, rules) in _MENDED_AT.items()
            if wanting & {*rules}
        ]
    return [
        Offer(str(offer.step.label), url=reverse(f"projects:{offer.step.name}", args=[project.pk]))
        for offer in queries.steps_open_to(user, project)
        if offer.is_open and offer.step.name in SENDING_BACK
    ]


def wholly_checked(user, project, offers) -> bool:
    """Whether one of these steps is shown as open to who would find it shut once everything is checked."""
    return any(
        offer.url == reverse(f"projects:{name}", args=[project.pk]) for offer in offers for name in CHECKED
    ) and whole_file(user, project)


def address(route, *args) -> str:
    """The page of another desk, or nothing where it is not built into this system."""
    try:
        return reverse(route, args=args)
    except NoReverseMatch:
        return ""


def events_of(project, steps, opens=None, *, clock=None):
    """The life of a project, the future first, as the line is drawn; ``opens``: the papers that may be opened, None for
    all; ``clock``: what runs for it now."""
    events = []
    coming = queries.next_step(project)
    if coming is not None:
        due = clock.due if clock else None
        events.append(Event(what=str(coming.label), on=due, note=queries.article_of(coming, project), mark="next"))
    for taken in reversed(steps):
        taken.project = project
        events.append(
            Event(
                what=queries.label_of_step(taken),
                on=taken.on,
                note=" ".join(filter(None, (sentence(taken.note), until_of(taken, steps)))),
                who=str(taken.by),
                url=reverse("documents:page", args=[taken.paper_id])
                if taken.paper and _open(taken.paper, opens)
                else "",
                link=str(taken.paper) if taken.paper_id else "",
                mark="now" if taken is steps[-1] else "",
            )
        )
    return events


def sentence(words: str) -> str:
    """The words with a full stop, so that another sentence may follow."""
    return f"{words}." if words and words[-1] not in ".!?…" else words


def until_of(taken, steps):
    """Of a request for completion: by when, on what ground, and when the file came back; of an extension, until when."""
    if taken.due_on is None:
        return ""
    if taken.name == EXTENSION:
        return _("Hạn bổ sung mới: %(day)s.") % {"day": f"{taken.due_on:%d/%m/%Y}"}
    said = _("Hạn bổ sung %(day)s (%(basis)s).") % {"day": f"{taken.due_on:%d/%m/%Y}", "basis": basis_of_due(taken)}
    until = queries.until_at_last(taken, steps)
    if until != taken.due_on:
        said += " " + _("Được gia hạn đến %(day)s.") % {"day": f"{until:%d/%m/%Y}"}
    back = next((step.on for step in steps if step.name == "submit" and step.pk > taken.pk), None)
    if back is None:
        return said
    late = (back - until).days
    if late <= 0:
        return f"{said} " + _("Đã nộp lại đúng hạn.")
    return f"{said} " + ngettext("Nộp lại quá hạn %(n)s ngày.", "Nộp lại quá hạn %(n)s ngày.", late) % {"n": late}


def basis_of_due(taken) -> str:
    """On what the day of a request for completion rests; where the letter set another than the law, both."""
    if taken.lawful_on is None:
        return _("do cơ quan yêu cầu ấn định; các quy định đã ghi không nói số ngày")
    if taken.lawful_on == taken.due_on:
        return citation(taken.due_basis)
    return _("do cơ quan yêu cầu ấn định; theo quy định là %(day)s: %(basis)s") % {
        "day": f"{taken.lawful_on:%d/%m/%Y}",
        "basis": citation(taken.due_basis),
    }


def money_of(project, helped):
    """The table of sources with what the ledger has paid, and the bar over it: rows of dicts in đồng.  Who does not see the
    whole finds the share of ``helped``, his own; the ledger does not divide what was paid."""
    whole = project.seen_whole
    # a project of before has no ledger: its money is what it ended with
    ledger = budgets.positions_of([project]).get(project.pk, {}) if whole and not project.historical else {}
    beside = contracts.settled_beside(project) if ledger and project.state in SETTLED else {}
    sums = queries.sums_by_source(project) if whole else queries.sums_of_shares(helped)
    rows, slices = [], []
    for line in sums:
        label = line.source.label if line.source else _("Chưa tách nguồn")
        balance = ledger.get(line.source)
        paid = balance.advanced if balance else None
        rows.append(
            {
                "label": label,
                "tone": TONES[line.source],
                "asked": line.asked,
                "granted": line.granted,
                "now": line.now,
                "committed": balance.committed if balance else None,
                "advanced": paid,
                "settled": balance.settled if balance else beside.get(line.source),
                "left": balance.unpaid if balance else None,
                "ratio": paid / line.now if paid is not None and line.now else None,
            }
        )
        slices.append(Slice(str(label), line.now, TONES[line.source]))
    spoken = "; ".join(f"{row['label']} {dong(row['now'])} đồng" for row in rows if row["now"])
    total = {name: sum(row[name] or 0 for row in rows) for name in ("asked", "now", "committed", "advanced", "settled")}
    return {
        "rows": [row for row in rows if row["now"] or row["asked"]],
        "slices": slices,
        "spoken": spoken,
        "total": total,
        "granted": all(line.granted is not None for line in sums),
    }


def own_steps(steps, helped):
    """The life of a project as one of several who are helped sees it: its steps and days, and the lists that name him.  Notes
    are written about all."""
    mine = {one.paper_id for one in helped} - {None}
    seen = [taken for taken in steps if taken.name != "beneficiaries" or taken.paper_id in mine]
    for taken in seen:
        taken.note = ""
    return seen


def whole_file(user, project) -> bool:
    """Whether this person looks at the whole project: a beneficiary sees its own part only."""
    scope = user.scope()
    looks = scope.whole_country or project.province_id in scope.provinces or project.commune_id in scope.communes
    return looks or project.implementer_id in scope.bodies


CLEARING = (Permission.PROJECT_SUBMIT, Permission.PROJECT_APPRAISE, Permission.PROJECT_APPRAISE_MINISTRY)


def may_clear(user, project) -> bool:
    """Whether this person may let a finding of the checks pass, with his reason; no judge with a conflict of interest."""
    where = {"place": project.place, "body": project.implementer, "local": project.level != Level.NATIONAL}
    if any(user.may(permission, **where) for permission in queries.JUDGING):
        return queries.conflict_of(user, project.uid) is None
    return user.may(Permission.PROJECT_SUBMIT, **where)


def _open(paper, opens) -> bool:
    return opens is None or paper.pk in opens


def checks_of(lines, opens=None):
    """A checklist of papers as the component draws it; ``opens``: the papers that may be opened, None for all."""
    states = {LineState.MISSING: "missing", LineState.PRESENT: "ok", LineState.NOT_APPLICABLE: "none"}
    shown = []
    for line in lines:
        what = f"{line.title}, {line.party}" if line.party else line.title
        note = ". ".join(filter(None, [line.cited, line.reason]))
        url = reverse("documents:page", args=[line.paper.pk]) if line.paper and _open(line.paper, opens) else ""
        shown.append(Check(what, states[line.state], note, url, str(line.paper) if line.paper else "", line.by_analogy))
    return shown
