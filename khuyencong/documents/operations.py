"""Recording papers, filling dossiers, loading the checklists of the law."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.text import fold
from khuyencong.documents.enums import OWN_NUMBERS, ItemState, PaperKind
from khuyencong.documents.models import Dossier, DossierItem, Paper, PaperFile, Requirement
from khuyencong.files.models import StoredFile
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit

REQUIREMENTS = Path(__file__).parent / "data" / "requirements.csv"


@transaction.atomic
def record_paper(
    *,
    kind: str,
    number: str,
    signed_on: date,
    by: User,
    signer: str = "",
    signer_title: str = "",
    issuer: Organisation | None = None,
    abstract: str = "",
    kept_at: str = "",
    province: Unit | None = None,
    commune: Unit | None = None,
    files: Iterable[StoredFile] = (),
) -> Paper:
    """Enter a paper as it was signed; nothing is decided by it until an act names it.

    Give ``signer`` when somebody else than ``by`` signed.  Where only the commune is given its province follows.  Raises
    Invalid(signed_on=…) for a day that has not come, Invalid(number=…) for a paper that was already entered (same kind,
    number, day and issuer; papers that private parties number themselves may repeat), NotAllowed for somebody without any
    mandate.  What the paper may be used for is asked by the act that uses it.
    """
    _refuse_without_mandate(by)
    number = " ".join(number.split())
    if signed_on > clock.today():
        raise Invalid(signed_on=_("Ngày ký %(day)s chưa tới.") % {"day": f"{signed_on:%d/%m/%Y}"})
    if commune is not None and province is None:
        province = commune.province
    paper = Paper(
        kind=kind,
        number=number,
        signed_on=signed_on,
        signer=" ".join(signer.split()),
        signer_title=" ".join(signer_title.split()),
        issuer=issuer,
        abstract=" ".join(abstract.split()),
        kept_at=" ".join(kept_at.split()),
        province=province,
        commune=commune,
        actor_id=by.pk,
    )
    paper.folded = fold(f"{paper.number} {paper.abstract} {paper.signer}")[:900]
    if (earlier := _the_same(paper)) is not None:
        raise Invalid(number=_already(earlier))
    checked(paper)
    try:
        with transaction.atomic():
            paper.save()
    except IntegrityError:  # the other clerk was faster
        raise Invalid(number=_already(paper)) from None
    for order, file in enumerate(files):
        PaperFile.objects.create(paper=paper, file=file, order=order)
    record("paper.record", paper, by=by, on=signed_on, paper=paper, kind=kind)
    return paper


def _refuse_without_mandate(by: User) -> None:
    if not by.is_active or not by.mandates_today:
        raise NotAllowed(_("Bạn chưa được giao nhiệm vụ nào trong hệ thống nên không ghi được văn bản."))


def _the_same(paper: Paper) -> Paper | None:
    if not paper.number or (paper.issuer_id is None and paper.kind in OWN_NUMBERS):
        return None
    same = Paper.objects.filter(kind=paper.kind, signed_on=paper.signed_on, issuer=paper.issuer)
    if paper.issuer_id is None:
        same = same.filter(province=paper.province, commune=paper.commune)
    wanted = fold(paper.number)  # qđ and QĐ are one; no database folds đ
    return next((earlier for earlier in same.order_by("pk") if fold(earlier.number) == wanted), None)


def _already(paper: Paper) -> str:
    return _("Văn bản số %(number)s ngày %(day)s đã được ghi nhận. Hãy chọn văn bản đã có, không nhập lần nữa.") % {
        "number": paper.number,
        "day": f"{paper.signed_on:%d/%m/%Y}",
    }


@transaction.atomic
def attach(paper: Paper, *, file: StoredFile, by: User) -> PaperFile:
    """Add a scan to a paper.  Raises NotAllowed where ``by`` cannot see the paper, NotPossible when it is there already."""
    if not Paper.objects.visible_to(by).filter(pk=paper.pk).exists():
        raise NotAllowed(_("Văn bản này không thuộc địa bàn của bạn."))
    if paper.attachments.filter(file__digest=file.digest).exists():
        raise NotPossible(_("Tệp này đã đính kèm văn bản %(paper)s.") % {"paper": paper})
    attachment = PaperFile.objects.create(paper=paper, file=file, order=paper.attachments.count())
    record("paper.attach", paper, by=by, file=file.name, digest=file.digest)
    return attachment


@transaction.atomic
def open_dossier(*, title: str, by: User) -> Dossier:
    """A new, empty dossier.  Authority is that of the act that owns it."""
    dossier = checked(Dossier(title=title[:300]))
    dossier.save()
    return dossier


@transaction.atomic
def put(
    dossier: Dossier,
    *,
    paper: Paper,
    by: User,
    requirement: Requirement | None = None,
    party: Organisation | None = None,
) -> DossierItem:
    """Lay a paper into a dossier, for one line of the checklist or beside it, for one party where each brings its own.

    Authority is that of the act or page which opened the dossier.  Laying the same paper twice for the same line changes
    nothing.  A line that was said not to apply is open again.
    """
    found = dossier.items.filter(requirement=requirement, paper=paper, party=party).first()
    if found is not None:
        return found
    if requirement is not None:
        dossier.items.filter(requirement=requirement, party=party, state=ItemState.NOT_APPLICABLE).delete()
    item = DossierItem(dossier=dossier, requirement=requirement, paper=paper, party=party, actor_id=by.pk)
    checked(item).save()
    record("dossier.put", dossier, by=by, paper=paper, requirement=str(requirement or ""), party=str(party or ""))
    return item


@transaction.atomic
def waive(
    dossier: Dossier, *, requirement: Requirement, reason: str, by: User, party: Organisation | None = None
) -> DossierItem:
    """State that a required paper does not apply here, with the reason; raises Invalid(reason=…) without one and
    NotPossible where the paper lies in the dossier."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(reason=_("Hãy ghi lý do không áp dụng."))
    lines = dossier.items.filter(requirement=requirement, party=party)
    if lines.filter(state=ItemState.PRESENT).exists():
        raise NotPossible(_("Giấy tờ “%(title)s” đã có trong hồ sơ.") % {"title": requirement.title})
    lines.delete()
    item = DossierItem(
        dossier=dossier,
        requirement=requirement,
        party=party,
        state=ItemState.NOT_APPLICABLE,
        reason=reason[:300],
        actor_id=by.pk,
    )
    checked(item).save()
    record("dossier.waive", dossier, by=by, requirement=requirement.title, reason=reason)
    return item


@transaction.atomic
def take_out(item: DossierItem, *, by: User, reason: str) -> None:
    """Take a paper that was laid wrongly out of a dossier; the paper itself stays.  Raises Invalid without a reason."""
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do bỏ giấy tờ này khỏi hồ sơ."))
    record("dossier.take_out", item.dossier, by=by, item=item, reason=reason.strip())
    item.delete()


@transaction.atomic
def load_requirements() -> int:
    """Bring the checklists of the law up to the data file; returns how many lines are new or changed.

    A line that the file no longer has is kept: dossiers point at it.  Safe to run again.
    """
    known = {
        (line.stage, line.project_kind, line.level, line.code, line.valid_from): line
        for line in Requirement.objects.all()
    }
    touched = 0
    for values in read_requirements():
        key = (values["stage"], values["project_kind"], values["level"], values["code"], values["valid_from"])
        line = known.get(key)
        if line is None:
            Requirement.objects.create(**values)
            touched += 1
        elif any(getattr(line, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(line, name, value)
            line.save()
            touched += 1
    return touched


def read_requirements(path: Path = REQUIREMENTS) -> Iterator[dict]:
    """The lines of the data file as values of ``Requirement``; one line may name several kinds of project (``a|b``)."""
    with path.open(encoding="utf-8", newline="") as file:
        for order, row in enumerate(csv.DictReader(file), start=1):
            for kind in row["project_kinds"].split("|"):
                valid_to = None
                with suppress(ValueError):
                    valid_to = date.fromisoformat(row["valid_to"])
                yield {
                    "stage": row["stage"],
                    "project_kind": kind,
                    "level": row["level"],
                    "code": row["code"],
                    "title": row["title"],
                    "article": row["article"],
                    "paper_kind": PaperKind(row["paper_kind"]).value,
                    "per_beneficiary": row["per_beneficiary"] == "1",
                    "only_when": row["only_when"],
                    "order": order,
                    "verified": row["verified"],
                    "valid_from": date.fromisoformat(row["valid_from"]),
                    "valid_to": valid_to,
                }
