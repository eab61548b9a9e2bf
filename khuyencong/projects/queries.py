"""Reading projects: lists with their sums, the life of one, what stands in the way of a step."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from khuyencong.authority.roles import RECORDABLE, ROLES, P
from khuyencong.base.errors import Invalid
from khuyencong.base.money import dong
from khuyencong.base.text import fold
from khuyencong.base.workflow import Step
from khuyencong.councils.models import Conflict
from khuyencong.councils.rules import Party, Subject
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import Fact, PaperKind, Stage
from khuyencong.establishments import queries as establishments
from khuyencong.norms import queries as norms
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.projects import rules
from khuyencong.projects.enums import (
    APPROVED_ON,
    HELPS_ESTABLISHMENTS,
    Form,
    Kind,
    Level,
    PartNumber,
    ProjectState,
    Rule,
    Severity,
    Source,
)
from khuyencong.projects.lifecycle import LIFECYCLES
from khuyencong.projects.models import Beneficiary, Clearance, CostLine, Project, StepTaken
from khuyencong.projects.rules import Finding

SOURCES = ("national", "local", "counterpart", "other")
MAIN_PATH = (
    "submit",
    "appraise",
    "register",
    "ministry_appraise",
    "approve",
    "assign",
    "begin",
    "accept",
    "settle",
    "liquidate",
)


# ---- lists ----


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of projects is narrowed to; empty means all."""

    text: str = ""
    years: Sequence[int] = ()
    province: int | None = None
    communes: Sequence[int] = ()
    states: Sequence[str] = ()
    activities: Sequence[int] = ()
    kinds: Sequence[str] = ()
    levels: Sequence[str] = ()
    forms: Sequence[str] = ()
    sources: Sequence[str] = ()
    implementers: Sequence[int] = ()
    historical: bool | None = None


ORDERS: dict[str, tuple[Any, ...]] = {
    "code": ("year", "code"),
    "title": ("sort_key", "pk"),
    "state": ("state", "year", "code"),
    "national": ("money_national", "pk"),
    "local": ("money_local", "pk"),
    "counterpart": ("money_counterpart", "pk"),
    "total": ("money_total", "pk"),
    "ends_on": (F("ends_on").asc(nulls_last=True), "pk"),
}


def board(user: User, *, narrowed: Filter = Filter()) -> QuerySet[Project]:
    """The projects that this person may see, with ``money_…`` (granted where decided, else asked), narrowed.

    Nothing is ordered, joined or fetched yet: ``sums`` counts over it, ``rows`` makes it ready to be shown.
    """
    found = Project.objects.visible_to(user).with_money()
    if text := fold(" ".join(narrowed.text.split())):
        found = found.filter(words__contains=text)
    for name, values in (
        ("year__in", narrowed.years),
        ("state__in", narrowed.states),
        ("kind__in", narrowed.kinds),
        ("level__in", narrowed.levels),
        ("form__in", narrowed.forms),
        ("implementer_id__in", narrowed.implementers),
        ("activity__in", narrowed.activities),
    ):
        if values:
            found = found.filter(**{name: list(values)})
    if narrowed.province:
        found = found.filter(province_id=narrowed.province)
    if narrowed.communes:
        here = Beneficiary.objects.filter(
            project=OuterRef("pk"), removed_on=None, establishment__commune_id__in=list(narrowed.communes)
        )
        found = found.filter(Q(commune_id__in=list(narrowed.communes)) | Exists(here))
    if narrowed.sources:
        any_of = Q()
        for source in narrowed.sources:
            if source in SOURCES:
                any_of |= Q(**{f"money_{source}__gt": 0})
        found = found.filter(any_of)
    if narrowed.historical is not None:
        found = found.filter(historical=narrowed.historical)
    return found


def sums(projects: QuerySet[Project]) -> dict[str, int]:
    """``count``, ``national``, ``local``, ``counterpart``, ``other``, ``total`` of exactly these projects, in đồng; one query."""
    told = projects.order_by().aggregate(
        count=Count("pk"), **{name: Sum(f"money_{name}") for name in (*SOURCES, "total")}
    )
    return {name: value or 0 for name, value in told.items()}


def rows(projects: QuerySet[Project], *, order: str = "code", descending: bool = True) -> QuerySet[Project]:
    """Ordered, with places, implementer and beneficiaries at hand (two queries, however many rows)."""
    columns = ORDERS.get(order, ORDERS["code"])
    ordered = projects.order_by(*columns)
    if descending:
        ordered = ordered.reverse()
    return ordered.select_related("implementer", "province", "commune").prefetch_related(
        Prefetch(
            "beneficiaries",
            Beneficiary.objects.filter(removed_on=None).select_related("establishment__commune").order_by("pk"),
            to_attr="now_helped",
        )
    )


def record(user: User, pk: int) -> QuerySet[Project]:
    """One project that this person may see, with what its page needs at hand."""
    return (
        Project.objects.visible_to(user)
        .filter(pk=pk)
        .select_related("implementer", "province", "commune", "place_unit", "dossier")
        .with_money()
    )


def count_by_state(projects: QuerySet[Project]) -> dict[str, int]:
    """How many of these are in each state."""
    return dict(projects.order_by().values_list("state").annotate(n=Count("pk")))


def years_known(user: User) -> list[int]:
    """The plan years of which this person can see projects, newest first."""
    return list(Project.objects.visible_to(user).order_by("-year").values_list("year", flat=True).distinct())


def clearances(user: User) -> QuerySet[Clearance]:
    """Exceptions that a person let pass, in the projects that this person may see, newest first: the auditor's list."""
    mine = Project.objects.visible_to(user).order_by().values("pk")
    return Clearance.objects.filter(project__in=mine).select_related("project", "by", "paper").order_by("-on", "-pk")


def of_needs(needs: Iterable[int]) -> dict[int, list[Project]]:
    """The projects that came of each of these needs (by key), in one query; needs without one are not in it."""
    found: dict[int, list[Project]] = {}
    links = Project.needs.through.objects.filter(need_id__in=list(needs)).select_related("project").order_by("pk")
    for link in links:
        found.setdefault(link.need_id, []).append(link.project)
    return found


def search(user: User, *, text: str, limit: int = 10) -> list[Project]:
    """Projects whose code, title or parties hold ``text``, accents or not; newest year first."""
    found = board(user, narrowed=Filter(text=text)).select_related("implementer")
    return list(found.order_by("-year", "-code", "-pk")[:limit])


def known_again(
    *, province: Unit, year: int, level: str, title: str, implementer_id: int | None = None
) -> QuerySet[Project]:
    """Projects that an imported row may be: same province, year, level, folded title (and implementer, where told)."""
    found = Project.objects.filter(province=province, year=year, level=level, folded=folded_title(title))
    return found.filter(implementer_id=implementer_id) if implementer_id else found


def folded_title(title: str) -> str:
    """The title as rows are compared: one space between words, no accents, lower case."""
    return fold(" ".join(title.split()))[:420]


# ---- one project ----


@dataclass(frozen=True, slots=True)
class SourceSum:
    """One source of a project's money: asked, granted, and what its beneficiaries have of it, in đồng."""

    source: Source
    asked: int
    granted: int | None

    @property
    def now(self) -> int:
        return self.asked if self.granted is None else self.granted


def sums_by_source(project: Project) -> list[SourceSum]:
    """Asked and granted by source, in the order national, local, counterpart, other; no query."""
    return [SourceSum(Source(name), getattr(project, name), getattr(project, f"granted_{name}")) for name in SOURCES]


def helped(project: Project) -> list[Beneficiary]:
    """Those who are helped now, in the order in which they came."""
    return list(
        project.beneficiaries.filter(removed_on=None)
        .select_related("establishment__organisation", "establishment__commune", "establishment__province", "paper")
        .order_by("pk")
    )


def beneficiaries_ready(project: Project) -> bool:
    """Whether a first support contract may be signed: somebody on the list is approved (TT 36/2013 Đ21.2a, Đ23.3).  A group's
    list may be approved in several papers; who still waits for his stands in nobody's way."""
    return project.beneficiaries.filter(removed_on=None, approved_on__isnull=False).exists()


def parts_of(project: Project) -> list[tuple[PartNumber, str]]:
    """The eight parts with what is written in each."""
    written = dict(project.parts.values_list("number", "text"))
    return [(part, written.get(part.value, "")) for part in PartNumber]


def lines_of(project: Project) -> list[CostLine]:
    """The estimate in its order."""
    return list(project.cost_lines.select_related("beneficiary__establishment"))


@dataclass(frozen=True, slots=True)
class StepOffer:
    """A step as this person sees it: open to him, to be recorded from paper by him, or shut with the reason."""

    step: Step
    is_open: bool
    recorded: bool = False  # open only by recording a paper that another has signed
    why: str = ""
    ahead: bool = False  # not yet its turn


def steps_open_to(user: User, project: Project, *, findings: Sequence[Finding] | None = None) -> list[StepOffer]:
    """The steps of the table that start from here, open ones first, then the shut ones and the next two on the way, each
    with its reason and article.  ``findings`` (of ``checks``) shut the step that they stand in the way of.  No query
    beyond the person's mandates."""
    workflow = LIFECYCLES[project.level]
    place = project.place
    open_now, shut = [], []
    for step in workflow.open_to(project.state):
        blocked = (
            [f for f in findings or () if f.refuses] if step.name in ("submit", "appraise", "ministry_appraise") else []
        )
        permission = P(step.permission)
        recorded = False
        if not user.may(permission, place=place, body=project.implementer):
            recorded = bool(step.paper) and permission in RECORDABLE and user.may(P.PAPER_RECORD, place=place)
            if not recorded:
                shut.append(StepOffer(step, False, why=_holders(step)))
                continue
        if blocked:
            why = _("Còn %(count)s điều chưa đạt: %(first)s") % {"count": len(blocked), "first": blocked[0].told}
            shut.append(StepOffer(step, False, why=why))
        else:
            open_now.append(StepOffer(step, True, recorded))
    return [*open_now, *shut, *_ahead(project)]


def _holders(step: Step) -> str:
    holders = ", ".join(str(role.label) for role in ROLES.values() if step.permission in role.permissions)
    why = _("Thuộc thẩm quyền: %(holders)s.") % {"holders": holders}
    return f"{why} {step.article}" if step.article else why


def _ahead(project: Project) -> list[StepOffer]:
    workflow = LIFECYCLES[project.level]
    path = [workflow[name] for name in MAIN_PATH if name in workflow]
    reached = [index for index, step in enumerate(path) if project.state in step.sources]
    if not reached:
        return []
    offers = []
    for step in path[reached[0] + 1 : reached[0] + 3]:
        state = ProjectState(step.sources[0]).label
        why = _("Mở khi đề án ở trạng thái “%(state)s”.") % {"state": state}
        offers.append(StepOffer(step, False, why=f"{why} {step.article}" if step.article else why, ahead=True))
    return offers


def next_step(project: Project) -> Step | None:
    """The step that brings the project on from where it is; None at an end."""
    workflow = LIFECYCLES[project.level]
    return next((workflow[n] for n in MAIN_PATH if n in workflow and project.state in workflow[n].sources), None)


def timeline(project: Project) -> list[StepTaken]:
    """The steps taken, oldest first, with papers and people."""
    return list(project.steps.select_related("paper", "by").order_by("on", "pk"))


def label_of_step(taken: StepTaken) -> str:
    """The step's name in words."""
    workflow = LIFECYCLES[taken.project.level]
    if taken.name in workflow:
        return str(workflow[taken.name].label)
    return {
        "adjust": _("Điều chỉnh"),
        "beneficiaries": _("Duyệt danh sách thụ hưởng (Mẫu 11)"),
        "history": _("Nhập hồ sơ lịch sử"),
    }.get(taken.name, taken.name)


def last_step(project: Project, name: str) -> StepTaken | None:
    """When this step was last taken."""
    return project.steps.filter(name=name).select_related("paper").order_by("-on", "-pk").first()


def subject_of(project: Project, *, beneficiaries: Iterable[Beneficiary] | None = None) -> Subject:
    """The project as a council may know it: its name and the parties behind it."""
    parties = [_party(project.implementer)]
    for b in helped(project) if beneficiaries is None else beneficiaries:
        e = b.establishment
        parties.append(
            Party(
                name=e.name,
                organisation_id=e.organisation_id,
                tax_code=e.tax_code,
                representative=e.representative,
                addresses=(e.registered_address, e.place_text),
            )
        )
    return Subject(uid=project.uid, label=str(project), parties=tuple(parties))


def _party(organisation: Any) -> Party:
    return Party(organisation.name, organisation.pk, organisation.tax_code, "", (organisation.address,))


def conflict_of(user: User, uid: uuid.UUID) -> Conflict | None:
    """The conflict of interest that this person declared, or that was found in him, on one subject."""
    return Conflict.objects.filter(subject_uid=uid, member__user=user).select_related("member").first()


# ---- the checks ----


def facts_of(project: Project, beneficiaries: Sequence[Beneficiary]) -> set[str]:
    """The facts on which lines of the checklist depend (``documents.enums.Fact``)."""
    facts: set[str] = set()
    if any(b.establishment.organisation_id != project.implementer_id for b in beneficiaries) or (
        project.kind in HELPS_ESTABLISHMENTS
    ):
        facts.add(Fact.SEPARATE_BENEFICIARY)
    if project.form == Form.GROUP:
        facts.add(Fact.GROUP)
    if any(b.establishment.legal_form == "enterprise" for b in beneficiaries):
        facts.add(Fact.ENTERPRISE)
    if project.kind in (Kind.POLLUTION_CLUSTER, Kind.POLLUTION_ESTABLISHMENT):
        facts.add(Fact.POLLUTION)
    if project.counterpart > 0:
        facts.add(Fact.PERCENT)
    return facts


def checklist(
    project: Project,
    *,
    stage: str,
    on: date,
    beneficiaries: Sequence[Beneficiary] | None = None,
    facts: Iterable[str] = (),
) -> list[documents.Line]:
    """The papers that the law asks for at a stage, missing ones first; ``facts`` add to those the record tells."""
    now = helped(project) if beneficiaries is None else beneficiaries
    return documents.checklist(
        project.dossier,
        stage=stage,
        kind=project.kind,
        level=project.level,
        on=on,
        parties=[b.establishment.organisation for b in now],
        facts={*facts_of(project, now), *facts},
    )


def group_terms(project: Project, *, on: date) -> rules.GroupTerms:
    """What the norms of the day say of group projects of this kind."""
    level = Level.PROVINCIAL if project.level == Level.COMMUNAL else project.level
    province = None if project.level == Level.NATIONAL else project.province
    told = norms.group_rule(rules.NORM_KIND[project.kind], on=on, level=level, province=province)
    article = told.citation or _("Điều 3a TT 36/2013/TT-BCT (khoản 3 Điều 1 TT 17/2018/TT-BCT)")
    return rules.GroupTerms(told.allowed, told.beneficiaries_later, told.must_name, article)


def checks(
    project: Project,
    *,
    on: date,
    stage: str = Stage.APPRAISAL,
    beneficiaries: Sequence[Beneficiary] | None = None,
    deep: bool = True,
) -> list[Finding]:
    """Everything that the rules of ``on`` say of this file, refusals first; exceptions that a person let pass are marked.

    Asked before sending, and again by base and ministry appraisal.  Without ``deep`` only what the file itself tells is
    looked at (for a page that must stay quick): norms, places, earlier support and papers are left out.
    """
    now = helped(project) if beneficiaries is None else beneficiaries
    lines = lines_of(project)
    terms = group_terms(project, on=on) if project.form == Form.GROUP else None
    found: list[Finding | None] = [
        rules.parts_written(dict(project.parts.values_list("number", "text"))),
        *rules.estimate_sums(project, lines),
        rules.support_fits_level(project),
        rules.other_sources_named(project, project.other_sources.all()),
        rules.counterpart_committed(project, now),
        rules.period_of(project),
        *rules.beneficiaries_named(project, now, terms),
        rules.group_terms_kept(project, now, terms) if terms else None,
        *rules.flagship_terms_kept(project),
    ]
    if deep:
        found += norm_findings(project, beneficiaries=now, lines=lines, on=on)
        found += place_findings(project, beneficiaries=now, on=on)
        found.append(
            rules.sector_of(
                project, now, {row.code: row.text for row in norms.eligible_sectors(on=on) if not row.excluded}
            )
        )
        found += before_findings(project, beneficiaries=now, on=on)
        found.append(_dossier_finding(project, now, stage=stage, on=on))
    return with_clearances(project, [finding for finding in found if finding is not None])


def with_clearances(project: Project, findings: Sequence[Finding]) -> list[Finding]:
    """The findings with those that a person let pass marked as such, refusals first."""
    cleared = {(c.rule, c.subject): c for c in project.clearances.select_related("by")}
    told = []
    for finding in findings:
        clearance = cleared.get((finding.rule, finding.subject))
        if clearance and finding.refuses and finding.clearable:
            finding = finding.let_pass(reason=clearance.reason, by=str(clearance.by))
        told.append(finding)
    order = {Severity.REFUSAL: 0, Severity.WARNING: 1, Severity.CLEARED: 2, Severity.PASSED: 3}
    return sorted(told, key=lambda finding: order[finding.severity])


def refusals(project: Project, *, on: date) -> list[Finding]:
    """Only what stands in the way."""
    return [finding for finding in checks(project, on=on) if finding.refuses]


def norm_findings(
    project: Project, *, beneficiaries: Sequence[Beneficiary], lines: Sequence[CostLine], on: date
) -> list[Finding]:
    """State money against the norms of the day: per beneficiary, per line of the estimate, or for the project as a whole;
    national money by national rows, local money by the province's."""
    asked: list[tuple[str, str, str, int, dict[str, int], Any]] = []
    if project.norm_line and beneficiaries:
        for b in beneficiaries:
            asked.append((str(b.uid), str(b.establishment), project.norm_line, b.total, _money(b), b))
    elif project.norm_line and project.kind in HELPS_ESTABLISHMENTS and project.form == Form.GROUP:
        return [
            rules.warned(Rule.NORM, _("Định mức được tính cho từng đơn vị thụ hưởng khi duyệt danh sách (Mẫu 11)."))
        ]
    elif project.norm_line:
        asked.append(("", project.title, project.norm_line, project.total, _money(project), None))
    for number, line in enumerate(lines, start=1):
        if line.norm_line and not (project.norm_line == line.norm_line and beneficiaries):
            subject = f"line-{number}"
            asked.append((subject, line.content, line.norm_line, line.total, _money(line), line.beneficiary))
    if not asked:
        return [rules.warned(Rule.NORM, _("Chưa chọn dòng định mức, hệ thống chưa so được mức hỗ trợ."))]
    found = []
    for subject, name, code, cost, money, b in asked:
        for source, level in (("national", Level.NATIONAL), ("local", Level.PROVINCIAL)):
            if money[source] > 0:
                found.append(
                    _norm_finding(
                        project,
                        subject=subject,
                        name=name,
                        code=code,
                        cost=cost,
                        amount=money[source],
                        level=level,
                        beneficiary=b,
                        on=on,
                    )
                )
    return found


def _money(thing: Project | Beneficiary | CostLine) -> dict[str, int]:
    return {"national": thing.national, "local": thing.local}


def norm_answer(
    project: Project, *, code: str, cost: int, level: str, on: date, beneficiary: Beneficiary | None = None
) -> norms.Answer | None:
    """What the norms of the day allow for one unit of a line (place is asked apart); None where the line is unknown or the
    cost is nothing."""
    province = None if level == Level.NATIONAL else project.province
    try:
        return norms.maximum(
            code,
            cost=cost,
            on=on,
            level=level,
            province=province,
            place=beneficiary.establishment.commune if beneficiary else project.commune,
            craft_village=bool(beneficiary) and establishments.in_craft_village(beneficiary.establishment, on=on),
            cleaner_production=bool(beneficiary) and beneficiary.establishment.cleaner_production,
            planning_year=project.year,
        )
    except Invalid:
        return None


def _norm_finding(
    project: Project,
    *,
    subject: str,
    name: str,
    code: str,
    cost: int,
    amount: int,
    level: str,
    beneficiary: Beneficiary | None,
    on: date,
) -> Finding:
    key = f"{subject}:{level}"
    answer = norm_answer(project, code=code, cost=cost, level=level, on=on, beneficiary=beneficiary)
    if answer is None:
        return rules.refused(
            Rule.NORM,
            _("%(name)s: chưa tính được định mức (thiếu chi phí hoặc dòng định mức).") % {"name": name},
            subject=key,
        )
    if not answer.lines or answer.maximum is None:
        return rules.warned(Rule.NORM, f"{name}: {answer.explanation}", subject=key)
    article = "; ".join(dict.fromkeys(f"{line.article} {line.instrument}".strip() for line in answer.lines))
    # where the place itself is refused the amounts are told by the rule of places, not twice
    ceiling = answer.maximum
    if ceiling == 0 and answer.eligible is False:
        return rules.warned(Rule.NORM, f"{name}: {answer.explanation}", article, subject=key)
    if amount > ceiling:
        sentence = _("%(name)s: đề nghị %(amount)s đồng, vượt mức tối đa %(ceiling)s đồng. %(explanation)s") % {
            "name": name,
            "amount": dong(amount),
            "ceiling": dong(ceiling),
            "explanation": answer.explanation,
        }
        return rules.refused(Rule.NORM, sentence, article, subject=key, clearable=not answer.is_verified)
    return rules.passed(Rule.NORM, f"{name}: {answer.explanation}", article)


def place_findings(project: Project, *, beneficiaries: Sequence[Beneficiary], on: date) -> list[Finding]:
    """Whether each beneficiary produces where it may be helped, on that day; a missing fact is named, never guessed."""
    if project.kind not in HELPS_ESTABLISHMENTS:
        return []
    found = []
    for b in beneficiaries:
        e = b.establishment
        told = norms.place_eligibility(
            e.commune,
            on=on,
            craft_village=establishments.in_craft_village(e, on=on),
            cleaner_production=e.cleaner_production or project.kind in (Kind.CLEANER_PRODUCTION, Kind.CLEANER_MODEL),
            planning_year=project.year,
        )
        sentence = f"{e.name}: {told.reason}"
        if told.result:
            found.append(rules.passed(Rule.PLACE, sentence, told.article))
        elif told.result is None:
            found.append(rules.warned(Rule.PLACE, sentence, told.article, subject=str(b.uid)))
        else:
            found.append(rules.refused(Rule.PLACE, sentence, told.article, subject=str(b.uid), clearable=True))
    return found


def before_findings(project: Project, *, beneficiaries: Sequence[Beneficiary], on: date) -> list[Finding]:
    """Whether the State paid for the same thing before, here or under another record of the establishment."""
    if not beneficiaries or project.kind not in HELPS_ESTABLISHMENTS:
        return []
    article = _("điều kiện chưa được ngân sách hỗ trợ cùng nội dung: Điều 7 TTLT 26/2014/TTLT-BTC-BCT")
    found = []
    for b in beneficiaries:
        e = b.establishment
        wanted = [text for text in (b.content, project.machine_type) if text.strip()] or [project.title]
        before = on + timedelta(days=1)
        same = establishments.supported_before(
            establishments=[e], items=wanted, before=before, except_project=project.uid
        )
        if same:
            item = same[0].item
            sentence = _("%(name)s đã được hỗ trợ “%(item)s” ngày %(day)s, %(amount)s đồng, %(source)s.") % {
                "name": e.name,
                "item": item.item,
                "day": f"{item.on:%d/%m/%Y}",
                "amount": dong(item.amount),
                "source": item.project_label or item.source,
            }
            found.append(rules.refused(Rule.SUPPORTED_BEFORE, sentence, article, subject=str(b.uid), clearable=True))
            continue
        other = establishments.supported_before(establishments=[e], before=before, except_project=project.uid)
        if other:
            item = other[0].item
            sentence = _("%(name)s đã được hỗ trợ %(count)s hạng mục khác, gần nhất “%(item)s” ngày %(day)s.") % {
                "name": e.name,
                "count": len(other),
                "item": item.item,
                "day": f"{item.on:%d/%m/%Y}",
            }
            found.append(rules.warned(Rule.SUPPORTED_BEFORE, sentence, article, subject=str(b.uid)))
    return found or [rules.passed(Rule.SUPPORTED_BEFORE, _("Chưa thấy hỗ trợ cùng nội dung trong hệ thống."), article)]


def _dossier_finding(project: Project, beneficiaries: Sequence[Beneficiary], *, stage: str, on: date) -> Finding | None:
    lines = checklist(project, stage=stage, on=on, beneficiaries=beneficiaries)
    if not lines:
        return None
    lacking = documents.missing(lines)
    article = _("Điều 10 TT 36/2013/TT-BCT")
    if not lacking:
        return rules.passed(Rule.DOSSIER, _("Đủ giấy tờ kèm theo."), article)
    named = "; ".join(dict.fromkeys(line.title for line in lacking[:3]))
    return rules.warned(
        Rule.DOSSIER, _("Còn thiếu %(count)s giấy tờ: %(names)s.") % {"count": len(lacking), "names": named}, article
    )


# ---- consistency ----


def invariants() -> list[str]:
    """A sentence for each project whose rows contradict each other."""
    found = []
    drafts = Project.objects.annotate(
        **{f"line_{s}": Sum(f"cost_lines__{s}") for s in SOURCES}, line_count=Count("cost_lines")
    ).filter(line_count__gt=0)
    for project in drafts.order_by("pk").iterator(chunk_size=500):
        if any(getattr(project, f"line_{s}") != getattr(project, s) for s in SOURCES):
            found.append(_("%(project)s: dự toán không bằng kinh phí của đề án.") % {"project": project})
    for over in Project.objects.filter(state__in=APPROVED_ON, historical=False).filter(
        Q(granted_national__gt=F("national")) | Q(granted_local__gt=F("local"))
    ):
        if not over.steps.filter(name="adjust").exists():
            found.append(_("%(project)s: kinh phí được duyệt vượt kinh phí đề nghị.") % {"project": over})
    for taken in StepTaken.objects.filter(
        pk__in=StepTaken.objects.filter(
            Exists(StepTaken.objects.filter(project=OuterRef("project"), pk__lt=OuterRef("pk"), on__gt=OuterRef("on")))
        ).values("pk")
    ).select_related("project"):
        found.append(
            _("%(project)s: bước “%(step)s” ghi ngày trước bước liền trước.")
            % {"project": taken.project, "step": taken.name}
        )
    latest = StepTaken.objects.filter(project=OuterRef("pk")).order_by("-pk").values("target")[:1]
    for astray in Project.objects.annotate(told=latest).exclude(told=None).exclude(told=F("state")):
        found.append(_("%(project)s: trạng thái không khớp bước cuối cùng.") % {"project": astray})
    return found


def impossible_orders() -> list[str]:
    """Kept for the auditor: papers that are dated after the step that rests on them."""
    return [
        _("%(project)s: bước ngày %(on)s dựa trên văn bản ký ngày %(signed)s.")
        % {"project": taken.project, "on": f"{taken.on:%d/%m/%Y}", "signed": f"{taken.paper.signed_on:%d/%m/%Y}"}
        for taken in StepTaken.objects.filter(paper__signed_on__gt=F("on")).select_related("project", "paper")
        if taken.paper
    ]


def paper_kind_of(step: Step) -> str:
    """The kind of paper that a step demands, in words; blank where none."""
    return str(PaperKind(step.paper).label) if step.paper else ""
