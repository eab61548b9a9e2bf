"""Who acts, and the one path to a need's state."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.needs.lifecycle import LIFECYCLE
from khuyencong.needs.models import Link, Need, NeedStep
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever holds a personal link.  He may answer for one commune and nothing else; he has no account."""

    link: Link
    pk: None = None
    is_active: bool = True

    def __str__(self) -> str:
        return f"{self.link.holder} ({_('liên kết riêng')}, {self.link.commune.named_inside})"

    def holds(self, permission: Permission) -> bool:
        return permission == Permission.NEED_REGISTER

    def may(self, permission: Permission, *, place: Unit | None = None, body: Any = None, local: bool = False) -> bool:
        return self.holds(permission) and place is not None and place.pk == self.link.commune_id


Actor = User | Bearer


def take(
    name: str, need: Need, *, by: Actor, on: date, paper: Paper | None = None, note: str = "", **facts: Any
) -> Need:
    """Lock, authorise, check, change, remember: the one path to ``need.state``."""
    need = (
        Need.objects.select_for_update(of=("self",))
        .select_related("commune", "province", "call", "establishment__organisation")
        .get(pk=need.pk)
    )
    step = LIFECYCLE.check(name, need.state)
    authorise(by, Permission(step.permission), place=need.commune or need.province, body=body_of(need), paper=paper)
    if step.paper:
        refuse_paper(paper, step.paper)
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})
    last = need.steps.order_by("-on", "-pk").first()
    if last is not None and on < last.on:
        raise Invalid(
            on=_("Ngày %(day)s sớm hơn bước liền trước (%(last)s). Hãy ghi từ ngày %(last)s trở đi.")
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


def each(needs: Iterable[Need]) -> list[Need]:
    """Always in the same order, so that two people who act on the same needs cannot lock each other out."""
    chosen = sorted({need.pk: need for need in needs}.values(), key=lambda need: need.pk)
    if not chosen:
        raise Invalid(needs=_("Hãy chọn ít nhất một nhu cầu."))
    return chosen


def body_of(need: Need) -> Organisation | None:
    return need.establishment.organisation if need.establishment_id else None


def refuse_paper(paper: Paper | None, kind: str) -> None:
    if paper is None or paper.kind != kind:
        raise NotPossible(_("Bước này phải kèm văn bản loại “%(kind)s”.") % {"kind": PaperKind(kind).label})
