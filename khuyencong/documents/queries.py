"""Reading papers and dossiers: what the law asks for, and what of it is there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from khuyencong.documents.enums import Fact, ItemState, LineState
from khuyencong.documents.models import (
    Dossier,
    DossierItem,
    Number,
    Paper,
    PaperFile,
    Print,
    Register,
    Requirement,
    Scan,
    Template,
)
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit

NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a checklist: what is asked, of whom, by which article, and what is there."""

    requirement: Requirement
    state: LineState
    paper: Paper | None = None
    papers: tuple[Paper, ...] = ()
    party: Organisation | None = None
    reason: str = ""
    by_analogy: bool = False  # a rule for national money, followed where the province has none of its own
    by_fact: bool = False  # not asked for because of what is true of the project; nobody has said so

    @property
    def cited(self) -> str:
        """Where the law asks for it."""
        article = self.requirement.article
        return (
            article if self.requirement.verified == "yes" else _("%(article)s (chưa kiểm chứng)") % {"article": article}
        )

    @property
    def article(self) -> str:
        """The same, and whether it binds or is followed by analogy: for a line that stands alone."""
        if not self.by_analogy:
            return self.cited
        return _("%(article)s, áp dụng tương tự khi tỉnh chưa có quy định riêng") % {"article": self.cited}

    @property
    def title(self) -> str:
        return self.requirement.title

    @property
    def binds(self) -> bool:
        """Whether the law itself demands it of this money: its text was read, and it is not followed by analogy."""
        return not self.by_analogy and self.requirement.verified in ("yes", "part")

    @property
    def named(self) -> str:
        """The paper, and whose it is where each party brings its own."""
        return f"{self.title} ({self.party})" if self.party else self.title


def requirements(*, stage: str, kind: str, level: str, on: date) -> tuple[list[Requirement], bool]:
    """The lines that hold on ``on`` for this stage, kind of project and level, in the order of the law; and whether they
    are the national ones followed by analogy because the level has none of its own."""
    return requirements_by_stage([stage], kind=kind, level=level, on=on)[stage]


def requirements_by_stage(
    stages: Collection[str], *, kind: str, level: str, on: date
) -> dict[str, tuple[list[Requirement], bool]]:
    """The same for several stages, in one query."""
    found: dict[str, list[Requirement]] = {stage: [] for stage in stages}
    rows = Requirement.objects.on(on).filter(
        stage__in=found, project_kind__in=["", kind], level__in=["", level, NATIONAL]
    )
    for row in rows:
        found[row.stage].append(row)
    return {stage: _own_or_by_analogy(lines, level) for stage, lines in found.items()}


def _own_or_by_analogy(lines: list[Requirement], level: str) -> tuple[list[Requirement], bool]:
    own = [line for line in lines if line.level in ("", level)]
    if own or level == NATIONAL:
        return own, False
    return lines, bool(lines)


def checklist(dossier: Dossier | None, *, stage: str, **facts: Any) -> list[Line]:
    """What the law asks for at one stage: see ``checklists``."""
    return checklists(dossier, stages=[stage], **facts)[stage]


def checklists(
    dossier: Dossier | None,
    *,
    stages: Collection[str],
    kind: str,
    level: str,
    on: date,
    parties: Sequence[Organisation] = (),
    facts: Collection[str] = (),
) -> dict[str, list[Line]]:
    """What the law asks for at each stage on ``on`` and what of it lies in ``dossier``: missing lines first, then those
    present, then those that do not apply.

    A line asked of each beneficiary is there once for each of ``parties`` (organisations).  ``facts`` are values of
    ``documents.enums.Fact`` that hold for this project.  Two queries, however long the lists.
    """
    items: dict[tuple[int | None, int | None], list[DossierItem]] = {}
    if dossier is not None:
        for item in dossier.items.select_related("paper", "party").order_by("pk"):
            items.setdefault((item.requirement_id, item.party_id), []).append(item)
    asked = requirements_by_stage(stages, kind=kind, level=level, on=on)
    return {
        stage: _lines(lines, items, parties=parties, facts=facts, by_analogy=by_analogy)
        for stage, (lines, by_analogy) in asked.items()
    }


def _lines(
    lines: Sequence[Requirement],
    items: Mapping[tuple[int | None, int | None], list[DossierItem]],
    *,
    parties: Sequence[Organisation],
    facts: Collection[str],
    by_analogy: bool,
) -> list[Line]:
    found: list[Line] = []
    for requirement in lines:
        of: Sequence[Organisation | None] = parties if requirement.per_beneficiary and parties else [None]
        for party in of:
            here = items.get((requirement.pk, party.pk if party else None), [])
            if party is not None and len(of) == 1:
                here = here or items.get((requirement.pk, None), [])
            found.append(_line(requirement, party=party, items=here, facts=facts, by_analogy=by_analogy))
    order = {LineState.MISSING: 0, LineState.PRESENT: 1, LineState.NOT_APPLICABLE: 2}
    return sorted(found, key=lambda line: order[line.state])


def _line(
    requirement: Requirement,
    *,
    party: Organisation | None,
    items: list[DossierItem],
    facts: Collection[str],
    by_analogy: bool,
) -> Line:
    papers = tuple(item.paper for item in items if item.state == ItemState.PRESENT and item.paper)
    if papers:
        return Line(requirement, LineState.PRESENT, papers[-1], papers, party, by_analogy=by_analogy)
    for item in items:
        if item.state == ItemState.NOT_APPLICABLE:
            return Line(requirement, LineState.NOT_APPLICABLE, party=party, reason=item.reason, by_analogy=by_analogy)
    condition = requirement.only_when
    wanted = condition.removeprefix("!")
    if condition and (wanted in facts) == condition.startswith("!"):
        told = str(Fact(wanted).label) if wanted in Fact.values else wanted
        sentence = _("Không phải khi: %(fact)s.") if condition.startswith("!") else _("Chỉ khi: %(fact)s.")
        reason = sentence % {"fact": told}
        state = LineState.NOT_APPLICABLE
        return Line(requirement, state, party=party, reason=reason, by_analogy=by_analogy, by_fact=True)
    return Line(requirement, LineState.MISSING, party=party, by_analogy=by_analogy)


def missing(lines: Sequence[Line]) -> list[Line]:
    """The lines whose paper is not there."""
    return [line for line in lines if line.state == LineState.MISSING]


def papers_of(dossier: Dossier | None) -> QuerySet[DossierItem]:
    """Everything in a dossier, newest paper first, ready to be shown."""
    items = DossierItem.objects.filter(dossier=dossier) if dossier else DossierItem.objects.none()
    return (
        items.select_related("paper__issuer", "party", "requirement")
        .prefetch_related("paper__attachments__file")
        .order_by("-paper__signed_on", "-pk")
    )


def board(user: User) -> QuerySet[Paper]:
    """The papers that this person may see, newest first, with how many files each has (``file_count``)."""
    files = PaperFile.objects.filter(paper=OuterRef("pk")).order_by().values("paper").annotate(number=Count("pk"))
    return (
        Paper.objects.visible_to(user)
        .select_related("issuer", "province", "commune")
        .annotate(file_count=Coalesce(Subquery(files.values("number")), 0))
        .order_by("-signed_on", "-pk")
    )


def choices_for(user: User, *, kind: str) -> QuerySet[Paper]:
    """Papers already recorded that a step demanding ``kind`` may rest on, newest first; never a closed one."""
    return Paper.objects.visible_to(user).filter(kind=kind, closed=False).order_by("-signed_on", "-pk")


def search(user: User, *, text: str, limit: int = 10) -> list[Paper]:
    """Papers whose number, abstract or signer holds each word of ``text``, accents or not; what was recorded last stands first."""
    found = Paper.objects.visible_to(user).search(text, everywhere=user.scope().whole_country)
    return list(found.order_by("-pk")[:limit])


def prints_waiting(user: User) -> QuerySet[Print]:
    """“Đã in, chưa có bản ký”: the latest print of each form and record that has neither come back nor been given up."""
    later = Print.objects.filter(
        form=OuterRef("form"), subject_uid=OuterRef("subject_uid"), version__gt=OuterRef("version")
    )
    return (
        Print.objects.visible_to(user)
        .filter(paper=None, void_reason="")
        .exclude(Exists(later))
        .annotate(scan_count=Count("scans"))
        .order_by("-at", "-pk")
    )


def scans_unidentified(user: User) -> QuerySet[Scan]:
    """“Chưa nhận diện”: scans whose code could not be read, newest first."""
    return Scan.objects.visible_to(user).filter(print=None).select_related("file").order_by("-at", "-pk")


def template_of(form: str, *, province: Unit | None) -> Template | None:
    """The Word template in use: the province's own before one for all; None where the house's own is used."""
    wanted = Q(province=None) | Q(province=province) if province is not None else Q(province=None)
    found = Template.objects.filter(wanted, form=form, ended_at=None).select_related("file")
    return found.order_by(F("province").desc(nulls_last=True)).first()


def papers_bearing(number: Number, *, user: User) -> QuerySet[Paper]:
    """The papers of the register's year that bear this number, as written with or without a nought before it."""
    register = number.register
    told = Q(number__iexact=str(number)) | Q(number__iexact=f"{number.value}/{register.symbol}")
    return Paper.objects.visible_to(user).filter(told, signed_on__year=register.year).order_by("-pk")


def register_lines(register: Register) -> QuerySet[Number]:
    """Every number of a register in its order, the cancelled ones among them."""
    return register.numbers.select_related("paper", "register").order_by("value")


def invariants() -> list[str]:
    """A sentence for each paper or dossier line that no constraint could keep right."""
    later = Paper.objects.filter(at__date__lt=F("signed_on")).order_by("pk")
    said = [_("Văn bản %(paper)s được ghi trước ngày ký.") % {"paper": paper} for paper in later]
    for register in Register.objects.select_related("issuer").order_by("pk"):
        values = list(register.numbers.order_by("value").values_list("value", flat=True))
        if values and values != list(range(register.last - len(values) + 1, register.last + 1)):
            said.append(_("Sổ %(register)s có số bị thiếu.") % {"register": register})
    return said
