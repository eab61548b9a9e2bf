"""What may be advanced now, why, and by which papers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from khuyencong.base.money import dong
from khuyencong.budgets.models import Envelope
from khuyencong.budgets.queries import positions
from khuyencong.budgets.rules import Balance, source_of
from khuyencong.contracts import rules
from khuyencong.contracts.enums import AdvanceKind
from khuyencong.contracts.models import Acceptance, Assignment, ProgressReport
from khuyencong.contracts.queries.deadlines import day_of_money
from khuyencong.contracts.queries.settlements import accepted_volumes, volume_done
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import Fact, LineState, Stage
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Deadline, Ground, Level
from khuyencong.projects import queries as projects
from khuyencong.projects.enums import ProjectState, Source
from khuyencong.projects.models import Beneficiary, Project


@dataclass(frozen=True, slots=True)
class Room:
    """What may be advanced now from one envelope: which kind, how much (đồng), why; ``refusal`` where nothing may."""

    kind: AdvanceKind
    amount: int
    sentence: str
    refusal: str = ""
    verified: bool = True


def _answer(project: Project, *, level: str, on: date, ceiling: bool) -> norms.AdvanceAnswer:
    kind = project.kind
    if level == Level.NATIONAL:
        return norms.advance_ratio(kind, on=on, ceiling=ceiling)
    return norms.advance_ratio(kind, on=on, level=Level.PROVINCIAL, province=project.province, ceiling=ceiling)


def room(
    project: Project,
    *,
    envelope: Envelope,
    on: date,
    report: ProgressReport | None = None,
    held: Mapping[Envelope, Balance] | None = None,
    assignment: Assignment | None = None,
    acceptances: Sequence[Acceptance] | None = None,
) -> Room:
    """The next advance of one source on a day.  TT 36/2013 Đ13 (first), Đ15 (further), Đ14 (remainder).

    Never more than the contract with the implementer gives (Đ12.2): after a decision that gave more its appendix comes first;
    once the work was accepted never more than the State's accepted volume, by all envelopes together (Đ12.6).
    ``held`` (what the project has in each envelope), ``assignment``, ``acceptances``: where the caller knows them already.
    """
    held = positions(project) if held is None else held
    own = held.get(envelope, Balance())
    assignment = assignment or Assignment.objects.filter(project=project).first()
    contracted = own.committed if assignment is None else _contracted(assignment, envelope=envelope, held=held)
    own_by_contract = replace(own, committed=min(own.committed, contracted))
    found = _by_law(project, envelope=envelope, on=on, report=report, own=own_by_contract)
    if not found.refusal and project.state == ProjectState.ACCEPTED:
        rows = list(Acceptance.objects.filter(project=project)) if acceptances is None else acceptances
        found = _within_volume(found, project, rows, paid=sum(one.advanced for one in held.values()), on=on)
    if assignment is None or contracted >= own.committed:
        return found
    told = _(
        "Hợp đồng thực hiện còn ghi %(contracted)s đồng, quyết định nay cho %(committed)s đồng: ghi phụ lục hợp đồng trước "
        "thì mới tạm ứng theo số mới."
    ) % {"contracted": dong(contracted), "committed": dong(own.committed)}
    told = norms.cited(told, Ground.TASK_BINDS, on=on, of=project)
    if contracted <= own.advanced:
        return replace(found, amount=0, refusal=told)
    return replace(found, sentence=f"{found.sentence} {told}".strip())


def _contracted(assignment: Assignment, *, envelope: Envelope, held: Mapping[Envelope, Balance]) -> int:
    """What the contract with the implementer leaves for this envelope, beside the others of its source; đồng."""
    source = source_of(envelope.level)
    whole = assignment.national if source == Source.NATIONAL else assignment.local
    others = sum(own.committed for one, own in held.items() if one != envelope and source_of(one.level) == source)
    return max(whole - others, 0)


def _by_law(project: Project, *, envelope: Envelope, on: date, report: ProgressReport | None, own: Balance) -> Room:
    accepted = project.state in (ProjectState.ACCEPTED, ProjectState.SETTLED)
    answer = _answer(project, level=envelope.level, on=on, ceiling=not accepted)
    kind = rules.kind_of_next(paid_before=own.advanced > 0, accepted=accepted, only_after=answer.after_acceptance)
    if own.committed <= 0:
        return Room(kind, 0, "", refusal=_("Nguồn này không cam kết kinh phí cho đề án."))
    if own.unpaid <= 0:
        return Room(kind, 0, "", refusal=_("Nguồn này đã chuyển hết số đã cam kết cho đề án."))
    if on.year < envelope.year:
        told = _("%(envelope)s là dự toán năm %(year)s: chỉ tạm ứng từ ngày 01/01/%(year)s.")
        told %= {"envelope": envelope, "year": envelope.year}
        return Room(kind, 0, "", refusal=norms.cited(told, Ground.BUDGET_YEAR, on=on, of=project))
    if accepted:
        if kind == AdvanceKind.FIRST:
            told = _("Tạm ứng một lần sau nghiệm thu: %(left)s đồng (%(citation)s).")
            citation, verified = answer.citation, answer.is_verified
        else:
            told = _("Phần còn lại sau nghiệm thu: %(left)s đồng (%(citation)s).")
            citation, verified = answer.remainder_citation, answer.is_verified
        citation = citation or _("chưa có quy định riêng cho dạng đề án này")
        told %= {"left": dong(own.unpaid), "citation": citation}
        doubt = after_its_year(project, envelope=envelope, on=on)
        return Room(kind, own.unpaid, f"{told} {doubt}".strip(), verified=verified and not doubt)
    if answer.after_acceptance:
        return Room(
            kind,
            0,
            "",
            refusal=_("Dạng đề án này chỉ tạm ứng sau nghiệm thu (%(citation)s).") % {"citation": answer.citation},
        )
    done = report.done if report is not None and report.confirmed_on is not None else None
    if lacking := rules.volume_missing(done, total=project.total, answer=answer):
        return Room(kind, 0, "", refusal=lacking)
    limit = (
        rules.first_limit(own.committed, answer=answer, source_label=str(envelope))
        if kind == AdvanceKind.FIRST or not rules.runs_several_years(project)
        else rules.ceiling_before_acceptance(own.committed, answer=answer)
    )
    most = own.unpaid if limit.amount is None else min(limit.amount - own.advanced, own.unpaid)
    if most <= 0:
        return Room(
            kind, 0, limit.sentence, refusal=_("Đã tạm ứng tới mức cho phép trước nghiệm thu. ") + limit.sentence
        )
    return Room(kind, most, limit.sentence, verified=limit.verified)


def after_its_year(project: Project, *, envelope: Envelope, on: date) -> str:
    """The doubt about money that is still asked of the envelope of a year whose contracts had to be liquidated by the row of
    ``on``: no text that was read says whether it may be paid then.  Empty while the year runs and until that day."""
    if on.year <= envelope.year:
        return ""
    due = day_of_money(project.level, project.province, Deadline.LIQUIDATION, on=on, year=envelope.year)
    if due.last_day is not None and on <= due.last_day:
        return ""
    facts = {"year": envelope.year, "day": f"{due.last_day:%d/%m/%Y}" if due.last_day else "", "article": due.citation}
    told = _(
        "Dự toán năm %(year)s đã qua hạn thanh lý ngày %(day)s (%(article)s): các văn bản đã đọc không nói còn được chuyển từ dự "
        "toán năm ấy hay phải chuyển nguồn trước; điều này chưa kiểm chứng, hãy hỏi kho bạc."
    )
    if due.last_day is None:
        told = _(
            "Năm ngân sách %(year)s đã hết: các văn bản đã đọc không nói còn được chuyển từ dự toán năm ấy hay phải chuyển nguồn "
            "trước; điều này chưa kiểm chứng, hãy hỏi kho bạc."
        )
    return told % facts


def _within_volume(found: Room, project: Project, acceptances: Sequence[Acceptance], *, paid: int, on: date) -> Room:
    """What was accepted bounds what may still be paid; after force majeure the settlement comes first."""
    if volume_done(project, acceptances=acceptances) is not None:
        told = _(
            "Đề án kết thúc vì bất khả kháng: quyết toán theo khối lượng đã làm trước, phần còn phải trả chuyển sau quyết toán."
        )
        return replace(found, amount=0, refusal=norms.cited(told, Ground.FORCE_MAJEURE, on=on, of=project))
    volumes = accepted_volumes(project, acceptances=acceptances)
    if volumes is None or found.amount <= volumes[0] - paid:
        return found
    told = _("Khối lượng nhà nước đã nghiệm thu %(volume)s đồng, đã tạm ứng %(paid)s đồng.")
    told = norms.cited(told % {"volume": dong(volumes[0]), "paid": dong(paid)}, Ground.PAY_BACK, on=on, of=project)
    left = max(volumes[0] - paid, 0)
    return replace(found, amount=left, sentence=told, refusal="" if left else told)


def papers_for(
    project: Project,
    *,
    stage: str,
    on: date,
    facts: Iterable[str] = (),
    beneficiaries: Sequence[Beneficiary] | None = None,
) -> list[documents.Line]:
    """The papers that the law asks for at a stage of the contract, missing ones first."""
    return projects.checklist(project, stage=stage, on=on, facts=facts, beneficiaries=beneficiaries)


def ready_with_invoice(lines: Sequence[documents.Line]) -> bool:
    """Whether by a settlement's checklist (made for one without an invoice) the papers of one with an invoice to who gave the
    task (TT 36/2013 Đ19.2) lie there, and nothing else lacks."""
    asked = Fact.INVOICES_AGENCY
    own = [line for line in lines if line.requirement.only_when == asked]
    others = [line for line in documents.missing(lines) if line.requirement.only_when != f"!{asked}"]
    lie_there = [line for line in own if line.state == LineState.PRESENT]
    return bool(lie_there) and not any(line.by_fact for line in own) and not others


def papers_by_stage(
    project: Project, *, on: date, facts: Iterable[str], beneficiaries: Sequence[Beneficiary]
) -> dict[str, list[documents.Line]]:
    """The same of every stage at which money moves, asked together."""
    stages = (Stage.FIRST_ADVANCE, Stage.SETTLEMENT, Stage.REMAINDER)
    return projects.checklists(project, stages=stages, on=on, facts=facts, beneficiaries=beneficiaries)


def papers_for_remainder(project: Project, *, on: date) -> list[documents.Line]:
    """TT 36/2013 Đ14, item by item for the kind of project."""
    return papers_for(project, stage=Stage.REMAINDER, on=on)


def papers_for_advance(project: Project, *, kind: str, on: date) -> list[documents.Line]:
    """What must lie in the dossier before this advance: Đ13 for the first, Đ14 for the remainder, nothing new between.  What is
    paid after force majeure rests on the settlement's own papers (Đ18.4)."""
    if project.state == ProjectState.SETTLED and volume_done(project) is not None:
        return []
    stage = STAGE_OF_ADVANCE.get(kind)
    return papers_for(project, stage=stage, on=on) if stage else []


STAGE_OF_ADVANCE: dict[str, str] = {AdvanceKind.FIRST: Stage.FIRST_ADVANCE, AdvanceKind.REMAINDER: Stage.REMAINDER}
