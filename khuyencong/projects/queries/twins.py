"""The same machine or the same invoice, paid for by the State before: looked for in the whole country."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from khuyencong.establishments import queries as establishments
from khuyencong.establishments import rules as keys
from khuyencong.establishments.enums import Match
from khuyencong.establishments.models import Establishment, Machine, SupportedItem
from khuyencong.norms.enums import ConditionKind
from khuyencong.people.models import User
from khuyencong.projects import rules
from khuyencong.projects.enums import Rule
from khuyencong.projects.models import Beneficiary, Clearance, CostLine, Project, StepTaken
from khuyencong.projects.queries.conditions import condition_row
from khuyencong.projects.rules import Finding

# “số máy DS-118”, “S/N: 2024/0077”: a word that names a serial number, then the number.
_SERIAL = re.compile(
    r"(?:số máy|số seri|số khung|serial|s/n)\s*(?:no\.?|số)?\s*[:.]?\s*([A-Z0-9][A-Z0-9./-]{2,})", re.I
)


@dataclass(frozen=True, slots=True)
class Twin:
    """A machine or invoice of a project that the State has paid for before.

    ``sentence`` says only what anybody may know (province, year, amount, decision); ``detail`` more, for those who may look
    at the other establishment.  ``key`` names the evidence: an exception made for it lets no other pass.
    """

    rule: ClassVar[str] = Rule.SAME_SUPPORT
    project: Project
    item: SupportedItem
    key: str
    sentence: str
    detail: str = ""
    cleared: Clearance | None = None

    @property
    def told(self) -> str:
        """The sentence, which names its decision itself."""
        return self.sentence


def twins_by_codes(
    project: Project, *, serials: Iterable[str] = (), invoices: Mapping[str, str] | None = None
) -> list[Twin]:
    """What the State has paid for under these serial numbers or invoices in other projects, historical ones included;
    ``invoices``: each way to write one, with the name it is shown by.  One query, one more where something is found."""
    invoices = invoices or {}
    serials = list(serials)
    shown = {(Match.SERIAL, key): code.strip() for code in serials if (key := keys.serial_key(code))}
    shown |= {(Match.INVOICE, key): name for code, name in invoices.items() if (key := keys.invoice_key(code))}
    found = establishments.supported_before(
        serials=serials,
        invoices=invoices,
        except_project=project.uid,
    )
    decided = _decisions({e.item.project_uid for e in found if e.item.project_uid})
    told = []
    for evidence in found:
        item = evidence.item
        key = item.serial_key if evidence.why == Match.SERIAL else item.invoice_key
        mark = rules.mark_of(f"{item.uid} {key}")
        sentence = _told(evidence.why, shown[(evidence.why, key)], item, decided.get(item.project_uid, ""))
        told.append(Twin(project, item, mark, sentence))
    return told


def _told(why: Match, code: str, item: SupportedItem, decision: str) -> str:
    sentence = (
        _("Số máy “%(code)s” đã được Nhà nước hỗ trợ năm %(year)s %(where)s: %(amount)s, %(decision)s.")
        if why == Match.SERIAL
        else _("Hoá đơn “%(code)s” đã được Nhà nước hỗ trợ năm %(year)s %(where)s: %(amount)s, %(decision)s.")
    )
    province = item.establishment.province
    # its name of then may have been another, and not every old record says which
    where = _("tại %(province)s") if province.valid_from <= item.on else _("ở nơi nay thuộc %(province)s")
    return sentence % {
        "code": code,
        "year": item.on.year,
        "where": where % {"province": province.named_inside},
        "amount": item.amount_told,
        "decision": _("theo %(paper)s") % {"paper": decision} if decision else _("chưa rõ quyết định"),
    }


def _decisions(projects: set[UUID]) -> dict[UUID | None, str]:
    """The decision that approved each of these projects, by its identifier.  One query, none where there is nothing."""
    if not projects:
        return {}
    steps = StepTaken.objects.filter(project__uid__in=projects, paper__isnull=False, name__in=("approve", "history"))
    return {step.project.uid: str(step.paper) for step in steps.select_related("project", "paper").order_by("pk")}


def with_details(user: User, found: Sequence[Twin]) -> list[Twin]:
    """The same, each with what this person may see of the other establishment.  One query, none where there is nothing."""
    if not found:
        return []
    seen = visible_items(user, [twin.item.pk for twin in found])
    return [replace(twin, detail=seen.get(twin.item.pk, "")) for twin in found]


def visible_items(user: User, items: Iterable[int]) -> dict[int, str]:
    """Of these supported items those whose establishment this person may see, told in full.  One query."""
    wanted = list(items)
    if not wanted:
        return {}
    mine = Establishment.objects.visible_to(user).values("pk")
    rows = SupportedItem.objects.filter(pk__in=wanted, establishment__in=mine).select_related("establishment")
    return {
        row.pk: _("%(name)s, “%(item)s”, %(project)s.")
        % {"name": row.establishment.name, "item": row.item, "project": row.project_label or row.source}
        for row in rows
    }


def twin_findings(
    project: Project, *, beneficiaries: Sequence[Beneficiary], lines: Sequence[CostLine], on: date
) -> list[Finding]:
    """Machines named in the file, or standing at those who are helped, that the State has paid for before, for somebody else
    or elsewhere.  What was given to the same establishment for a machine that only stands there is no fault: it is its own.
    """
    texts = [line.content for line in lines] + [b.content for b in beneficiaries] + [project.machine_type]
    written = {code for text in texts for code in _SERIAL.findall(text) if any(mark.isdigit() for mark in code)}
    people = [b.establishment for b in beneficiaries]
    records = establishments.records_of(people) if people else {}
    own = set().union(*records.values()) if records else set()
    standing = (
        Machine.objects.filter(establishment__in=own).exclude(serial_key="").values_list("serial", flat=True)
        if own
        else ()
    )
    named = {keys.serial_key(code) for code in written}
    found = [
        twin
        for twin in twins_by_codes(project, serials=[*standing, *written])
        if twin.item.serial_key in named or twin.item.establishment_id not in own
    ]
    if not found:
        return []
    row = condition_row(project, ConditionKind.NO_OTHER_SUPPORT, on=on)
    article = rules.citation(row) if row else ""
    return [
        rules.refused(Rule.SAME_SUPPORT, twin.sentence, article, subject=twin.key, clearable=True, item=twin.item.pk)
        for twin in found
    ]
