"""The write of a plan that was judged: everything in one short transaction, or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.bulk import pieces
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.money import dong
from khuyencong.base.sentences import counted
from khuyencong.budgets.models import Envelope
from khuyencong.budgets.queries import balances
from khuyencong.budgets.rules import same_number, source_of
from khuyencong.documents import operations as documents
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.establishments import operations as establishments
from khuyencong.establishments.enums import LegalForm
from khuyencong.establishments.imports import legal_form_of
from khuyencong.establishments.models import Establishment
from khuyencong.files import operations as files
from khuyencong.files.models import ImportRun
from khuyencong.norms.enums import Level, ProjectKind
from khuyencong.organisations import operations as organisations
from khuyencong.organisations import rules as bodies
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.plans import operations, queries
from khuyencong.plans.enums import DecisionState
from khuyencong.plans.imports import words
from khuyencong.plans.imports.columns import folded_words
from khuyencong.plans.imports.rows import Checked, Row
from khuyencong.plans.models import Decision, Plan
from khuyencong.projects import operations as projects
from khuyencong.projects.enums import Source
from khuyencong.projects.models import Project
from khuyencong.projects.queries import folded_title


def settle_kinds(rows: Sequence[Row], kind: str) -> None:
    """Give ``kind`` to the rows whose words name none.  Raises NotPossible naming them where no kind was chosen."""
    missing = [row for row in rows if row.kind is None]
    if missing and not kind:
        told = ", ".join(str(row.number) for row in missing[:10])
        raise NotPossible(
            counted(
                "Chưa rõ dạng của %(count)d đề án (dòng %(rows)s). Hãy chọn dạng cho các dòng này, hoặc thêm cột “Dạng đề án” vào tệp.",
                len(missing),
            )
            % {"count": len(missing), "rows": told + ("…" if len(missing) > 10 else "")}
        )
    for row in missing:
        row.kind = ProjectKind(kind)


def write(
    checked: Checked,
    *,
    by: User,
    number: str,
    signed_on: date,
    signer: str = "",
    signer_title: str = "",
    kind: str = "",
    envelopes: Mapping[str, Envelope] | None = None,
    run: ImportRun | None = None,
    accept: Iterable[tuple[str, int]] = (),
) -> dict[str, int]:
    """Enter the new rows as approved projects of the decision with this number and day, with their commitments; returns how
    many rows of each kind there were and how many were ``written``.

    Rows that are known already and faulty ones are left out; a corrected file adds what was left out to the same decision.
    ``kind`` is for rows whose words name none, ``envelopes`` (by source) where several could pay.  Raises NotPossible, in a
    sentence, without an envelope, without enough money, for a decision that cannot be; nothing is written then.
    """
    rows = checked.chosen(accept)
    counts = {**checked.counts, "written": len(rows)}
    if rows:
        settle_kinds(rows, kind)
    with transaction.atomic():
        authorise(by, Permission.IMPORT, place=checked.province)
        if rows:
            plan = _plan(checked, rows, by=by)
            chosen = _envelopes(plan, rows, named=envelopes or {})
            refuse_overtaken(checked, rows)
            paper = _paper(plan, number=number, signed_on=signed_on, signer=signer, signer_title=signer_title, by=by)
            members = _enter(checked, rows, plan=plan, by=by, paper=paper, counts=counts, run=run)
            decision = _recorded(plan, paper)
            if decision is not None:
                operations.extend_issued(decision, members=members, by=by, envelopes=chosen)
            else:
                operations.record_issued(plan, members=members, by=by, on=signed_on, paper=paper, envelopes=chosen)
        if run is not None:
            files.finish_import(run, counts=counts, digest=checked.digest)
    return counts


def source_of_run(run: ImportRun | None) -> str:
    """Where the rows came from, as each of their records keeps it: in Vietnamese, whoever brings them in."""
    with override("vi"):
        return _("Nhập từ Excel: %(file)s") % {"file": run.file.name} if run is not None else _("Nhập từ Excel")


def _enter(
    checked: Checked,
    rows: Sequence[Row],
    *,
    plan: Plan,
    by: User,
    paper: Paper,
    counts: Mapping[str, int],
    run: ImportRun | None,
) -> list[Project]:
    """The projects of these rows, approved, with the bodies and establishments that they bring along."""
    entries = entries_of(checked, rows, by=by)
    try:
        return projects.record_approved(
            entries,
            about=plan,
            by=by,
            on=paper.signed_on,
            paper=paper,
            source=source_of_run(run),
            digest=checked.digest,
            counts=counts,
        )
    except Invalid as refusal:
        raise NotPossible(in_rows(refusal, rows)) from None


def in_rows(refusal: Invalid, rows: Sequence[Row]) -> str:
    """What was refused of an entry, told of the row of the file."""
    for name, reason in refusal.fields.items():
        at = name.removeprefix("row_")
        if at.isdigit() and 0 < int(at) <= len(rows):
            row = rows[int(at) - 1]
            return _("Dòng %(row)d (%(sheet)s): %(reason)s") % {"row": row.number, "sheet": row.sheet, "reason": reason}
    return str(refusal)


def entries_of(checked: Checked, rows: Sequence[Row], *, by: User) -> list[projects.Entry]:
    """The rows as the projects they become; bodies and establishments that are not kept yet are registered first."""
    carried = _implementers(checked, rows, by=by)
    helped = _establishments(checked, rows, by=by)
    entries = []
    for row in rows:
        facts: dict[str, Any] = {**row.amounts, "unsplit": row.unsplit, **row.place, **row.facts}
        own = [
            projects.Helped(
                establishment=helped[id(one)],
                content="",
                total=sum(one.support.values()),
                **{source: one.support.get(source, 0) for source in ("national", "local", "counterpart")},
            )
            for one in row.helped
        ]
        facts.pop("item", None)
        entries.append(
            projects.Entry(
                title=row.name,
                level=row.level,
                kind=str(row.kind),
                year=row.year,
                implementer=carried[row.body],
                helped=_once(own),
                **facts,
            )
        )
    return entries


def _once(helped: Sequence[projects.Helped]) -> list[projects.Helped]:
    """Each establishment once, with the money of all its rows."""
    found: dict[int, projects.Helped] = {}
    for one in helped:
        first = found.setdefault(one.establishment.pk, one)
        if first is not one:
            for source in ("total", "national", "local", "counterpart"):
                setattr(first, source, getattr(first, source) + getattr(one, source))
    return list(found.values())


def _implementers(checked: Checked, rows: Sequence[Row], *, by: User) -> dict[tuple, Organisation]:
    kept = Organisation.objects.in_bulk({row.implementer for row in rows if row.implementer})
    found: dict[tuple, Organisation] = {(pk,): body for pk, body in kept.items()}
    fresh: dict[tuple, Organisation] = {}
    for row in rows:
        if row.body not in found and row.body not in fresh:
            form = legal_form_of("", row.implementer_name)
            kind = str(form or words.body_kind_of(row.implementer_name))
            fresh[row.body] = bodies.build(name=row.implementer_name, kind=kind, place=checked.province)
    if fresh:
        organisations.register_many(fresh.values(), by=by, place=checked.province)
    return found | fresh


def _establishments(checked: Checked, rows: Sequence[Row], *, by: User) -> dict[int, Establishment]:
    """The establishment of each beneficiary; those that are not kept yet, once each."""
    wanted = [one for row in rows for one in row.helped]
    kept = Establishment.objects.in_bulk({one.establishment for one in wanted if one.establishment})
    made: dict[tuple, Establishment] = {}
    found: dict[int, Establishment] = {}
    for row in rows:
        for one in row.helped:
            if one.establishment is not None:
                found[id(one)] = kept[one.establishment]
                continue
            key = (folded_words(one.name), getattr(one.commune, "pk", None))
            if key not in made:
                made[key] = _new_establishment(one.name, one.commune, one.place_text, checked.province)
            found[id(one)] = made[key]
    if made:
        batch = establishments.Batch(fresh=[_fresh(establishment) for establishment in made.values()])
        establishments.write_batch(
            batch,
            by=by,
            province=checked.province,
            action="establishment.import",
            digest=checked.digest,
            counts={"written": len(made)},
        )
        for establishment, fresh in zip(made.values(), batch.fresh, strict=True):
            establishment.pk = fresh.pk
    return found


def _fresh(establishment: Establishment) -> establishments.Fresh:
    values = tuple(getattr(establishment, name) for name in establishments.FRESH)
    return establishments.Fresh(establishment.organisation, values)


def _new_establishment(name: str, commune: Unit | None, place_text: str, province: Unit) -> Establishment:
    form = legal_form_of("", name) or LegalForm.HOUSEHOLD
    establishment = Establishment(
        name=name, legal_form=form, province=province, commune=commune, place_text=place_text, place_unit=commune
    )
    establishment.derive()
    establishment.organisation = bodies.build(name=name, kind=str(form), place=commune or province)
    return establishment


# --- plan, money, paper --------------------------------------------------------------------------------------------


def _plan(checked: Checked, rows: Sequence[Row], *, by: User) -> Plan:
    """The plan of this province (or commune), level and year, opened when it is not yet there; locked."""
    commune = None
    if checked.level == Level.COMMUNAL:
        communes = {row.place["commune"].pk: row.place["commune"] for row in rows if row.place.get("commune")}
        if len(communes) != 1:
            names = ", ".join(str(unit) for unit in list(communes.values())[:4])
            raise NotPossible(
                _("Kế hoạch cấp xã được ghi cho từng xã, phường; tệp có đề án ở nhiều nơi: %(names)s.")
                % {"names": names}
            )
        commune = next(iter(communes.values()))
    scope: dict[str, Any] = {
        "province": checked.province,
        "level": checked.level,
        "year": checked.year,
        "commune": commune,
    }
    plan = Plan.objects.select_for_update(of=("self",)).filter(**scope).first()
    return plan or operations.open_plan(by=by, **scope)


def _envelopes(plan: Plan, rows: Sequence[Row], *, named: Mapping[str, Envelope]) -> dict[Source, Envelope]:
    """The envelope that pays each State source; refused in one sentence where it is missing, unclear or short."""
    found: dict[Source, Envelope] = {}
    serving = queries.envelopes_of(plan)
    for source in (Source.NATIONAL, Source.LOCAL):
        needed = sum(row.amounts.get(source.value, 0) for row in rows)
        if not needed:
            continue
        fitting = [envelope for envelope in serving if source_of(envelope.level) == source]
        if source in named:
            fitting = [envelope for envelope in fitting if envelope.pk == named[source].pk]
        own = [
            envelope for envelope in fitting if (envelope.level, envelope.province_id) == (plan.level, plan.province_id)
        ]
        fitting = own or fitting
        facts = {"source": source.label, "year": plan.year, "place": plan.place, "needed": dong(needed)}
        if not fitting:
            raise NotPossible(
                _("Chưa có dự toán %(source)s năm %(year)s nào được giao cho %(place)s nên chưa cam kết được %(needed)s đồng. "
                  "Hãy ghi nhận quyết định giao dự toán trước, rồi nhập lại tệp.") % facts
            )  # fmt: skip
        if len(fitting) > 1:
            names = "; ".join(envelope.name for envelope in fitting[:5])
            raise NotPossible(
                _("Có nhiều dự toán %(source)s năm %(year)s: %(names)s. Hãy chọn dự toán chi trả.")
                % {**facts, "names": names}
            )
        left = balances(fitting)[fitting[0].pk].available
        if needed > left:
            raise NotPossible(
                _("Nguồn %(envelope)s chỉ còn %(left)s đồng; tệp cần %(needed)s đồng, thiếu %(missing)s đồng.")
                % {**facts, "envelope": fitting[0], "left": dong(left), "missing": dong(needed - left)}
            )
        found[source] = fitting[0]
    return found


def refuse_overtaken(checked: Checked, rows: Sequence[Row]) -> None:
    """While the file lay there somebody may have entered the same: inside the transaction it is asked once more."""
    known = [row.match for row in rows if row.match]
    fresh = {
        (row.year, row.level, folded_title(row.name), row.implementer)
        for row in rows
        if row.implementer and row.match is None
    }
    for titles in pieces(sorted({title for _year, _level, title, _body in fresh}), 500):
        there = Project.objects.filter(province=checked.province, folded__in=titles)
        for project in there.exclude(pk__in=known):
            if (project.year, project.level, project.folded, project.implementer_id) in fresh:
                raise NotPossible(
                    _("Trong lúc chờ, đề án %(project)s đã được ghi. Hãy gửi lại tệp.") % {"project": project}
                )


def _paper(plan: Plan, *, number: str, signed_on: date, signer: str, signer_title: str, by: User) -> Paper:
    """The decision as a paper: the one that is kept already, else it is recorded now.  Every commune counts its own numbers."""
    number = " ".join(number.split())
    if not number:
        raise Invalid(number=_("Hãy ghi số, ký hiệu của quyết định phê duyệt kế hoạch."))
    here = Q(province=None) | Q(province=plan.province) & (Q(commune=None) | Q(commune=plan.commune))
    for paper in Paper.objects.filter(here, kind=PaperKind.PLAN_DECISION, signed_on=signed_on):
        if same_number(paper.number, number):
            return paper
    with override("vi"):
        abstract = _("Phê duyệt %(plan)s") % {"plan": plan}
    return documents.record_paper(
        kind=PaperKind.PLAN_DECISION,
        number=number,
        signed_on=signed_on,
        signer=" ".join(signer.split()),
        signer_title=" ".join(signer_title.split()),
        abstract=abstract,
        province=plan.province,
        commune=plan.commune,
        by=by,
    )


def _recorded(plan: Plan, paper: Paper) -> Decision | None:
    """The decision of this plan that an earlier file has brought in under the same paper."""
    return (
        plan.decisions.filter(state=DecisionState.APPROVED, paper=paper, steps__name="record_issued")
        .select_related("paper")
        .first()
    )
