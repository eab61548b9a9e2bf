"""Lists of projects under contract, and what waits or is late among them."""

from dataclasses import dataclass

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.utils.translation import gettext as _

from khuyencong.base.trigram import with_words
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry
from khuyencong.contracts.enums import AssignmentForm, Verdict
from khuyencong.contracts.models import (
    Acceptance,
    Assignment,
    ProgressReport,
    Settlement,
    SupportContract,
)
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Deadline, ProjectKind
from khuyencong.people.models import User
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Project

AFTER_APPROVAL = (
    ProjectState.APPROVED,
    ProjectState.ASSIGNED,
    ProjectState.RUNNING,
    ProjectState.ACCEPTED,
    ProjectState.SETTLED,
    ProjectState.LIQUIDATED,
    ProjectState.STOPPED,
)
UNDER_WAY = tuple(state for state in AFTER_APPROVAL if state not in (ProjectState.LIQUIDATED, ProjectState.STOPPED))


NEWEST = 200  # papers among which a search over the whole country looks for contracts


def reports_missing(scope: QuerySet[Project], *, year: int, month: int) -> QuerySet[Project]:
    """Projects at work without the report of this month."""
    made = ProgressReport.objects.filter(year=year, month=month).values("project_id")
    return scope.filter(state=ProjectState.RUNNING, historical=False).exclude(pk__in=made)


def machines_awaited() -> Q:
    """Of a project: whether a contract of it that has not passed waits for its machine to be written down as bought, or as
    handed over.  A condition for a few projects, no query."""
    # the project too, by which SQLite finds them sooner than by a beneficiary that many do not name
    passed = Acceptance.objects.filter(project=OuterRef("assignment__project"), beneficiary=OuterRef("beneficiary"))
    passed = passed.exclude(verdict=Verdict.FAILED)
    waiting = SupportContract.objects.filter(
        ~Exists(passed), assignment__project=OuterRef("pk"), beneficiary__removed_on=None
    )
    nothing_bought = Q(Exists(waiting.filter(purchases=None)), kind=ProjectKind.MACHINERY)
    return nothing_bought | Q(Exists(waiting.filter(purchases__isnull=False, purchases__delivered_on=None)))


def board(user: User) -> QuerySet[Project]:
    """The projects with a contract or waiting for one, in a person's territory."""
    return Project.objects.visible_to(user).filter(state__in=AFTER_APPROVAL, historical=False)


def with_figures(scope: QuerySet[Project]) -> QuerySet[Project]:
    """Adds ``contracted``, ``advanced``, ``settled`` (state money, đồng; None where nothing yet), ``accepted_on`` and, of what
    is settled, ``carried``: whether its money was carried into the next year."""
    mine = {"project": OuterRef("pk")}
    paid = Entry.objects.filter(**mine, kind=EntryKind.ADVANCED).order_by().values("project")
    return scope.annotate(
        contracted=Subquery(Assignment.objects.filter(**mine).values_list(F("national") + F("local"))),
        advanced=Subquery(paid.annotate(amount=Sum("amount")).values("amount")),
        settled=Subquery(Settlement.objects.filter(**mine).values_list(F("national") + F("local"))),
        accepted_on=Subquery(
            Acceptance.objects.filter(**mine).exclude(verdict=Verdict.FAILED).order_by("-on").values("on")[:1]
        ),
        carried=Case(
            When(state=ProjectState.SETTLED, then=Exists(Entry.objects.filter(**mine, kind=EntryKind.CARRIED_OUT))),
            default=Value(False),
        ),
    )


def with_lateness(reports: QuerySet[ProgressReport]) -> QuerySet[ProgressReport]:
    """Adds ``late``: sent after its day, by the row of law of the day on which it was sent (TT 36/2013 Đ23.3a)."""
    by_law = norms.last_of_month(
        Deadline.MONTHLY_REPORT,
        on=OuterRef("sent_on"),
        level=OuterRef("project__level"),
        province=OuterRef("project__province__code"),
    )
    same_month = Q(sent_on__year=F("year"), sent_on__month=F("month"))
    later = Q(sent_on__year__gt=F("year")) | Q(sent_on__year=F("year"), sent_on__month__gt=F("month"))
    later |= same_month & Q(sent_on__day__gt=F("last"))
    return reports.alias(last=by_law).annotate(late=Case(When(later, then=Value(True)), default=Value(False)))


@dataclass(frozen=True, slots=True)
class Found:
    """A contract that a search found: what it is, its paper, its project."""

    kind: str
    paper: str
    project_id: int
    project: str


def search(user: User, *, folded: str, limit: int = 10) -> list[Found]:
    """The contracts whose paper holds these words, newest first; one query.  For the whole country the papers recorded
    last are looked for first: one province's projects are few, a country's are not."""
    own = user.scope()
    if own.whole_country:
        kinds = (PaperKind.ASSIGNMENT, PaperKind.SUPPORT_CONTRACT)
        papers = Paper.objects.filter(kind__in=kinds).search(folded, everywhere=True).order_by("-pk")
        keys = papers.values("pk")[:NEWEST]
        given, supports = Assignment.objects.filter(paper__in=keys), SupportContract.objects.filter(paper__in=keys)
    else:
        scope, of_body = board(user), bool(own.bodies) and not own.provinces and not own.communes
        given, supports = (
            with_words(contracts, "paper__folded", folded, everywhere=False, few=of_body)
            for contracts in (
                Assignment.objects.filter(project__in=scope),
                SupportContract.objects.filter(assignment__project__in=scope),
            )
        )
        if of_body:
            supports = supports.filter(
                Q(beneficiary__establishment__organisation_id__in=own.bodies)
                | Q(assignment__implementer_id__in=own.bodies)
            )
    of_paper = ("signed_on", "paper__kind", "paper__number", "paper__signed_on")
    tasks = given.values_list("form", *of_paper, "project_id", "project__code", "project__title")
    signed = supports.annotate(form=Value("")).values_list(
        "form", *of_paper, *(f"assignment__project{name}" for name in ("_id", "__code", "__title"))
    )
    return [
        Found(
            kind=str(AssignmentForm(form).label) if form else _("Hợp đồng hỗ trợ"),
            paper=str(Paper(kind=kind, number=number, signed_on=day)),
            project_id=key,
            project=f"{code} {title}",
        )
        for form, _on, kind, number, day, key, code, title in tasks.union(signed, all=True).order_by("-signed_on")[
            :limit
        ]
    ]
