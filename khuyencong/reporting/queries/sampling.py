"""A random sample that anybody can draw again, and the dossiers that an auditor takes away."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from khuyencong.contracts.models import Voucher
from khuyencong.documents.models import DossierItem, Paper
from khuyencong.projects.enums import APPROVED_ON
from khuyencong.projects.models import Project, StepTaken
from khuyencong.reporting.queries.exceptions import Frame

PROJECTS, VOUCHERS = "projects", "vouchers"
LARGEST = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn, from how many, by which seed."""

    seed: str
    what: str
    population: int
    records: list[Any]


def draw(frame: Frame, *, seed: str, size: int, what: str = PROJECTS) -> Sample:
    """``size`` records in the order of SHA-256(seed + ":" + uid), smallest first: the same seed over the same records gives
    the same sample on any machine, and a record added later never reorders the others.  At most ``LARGEST``.  Two queries."""
    pool: QuerySet[Any] = frame.projects().filter(state__in=APPROVED_ON)
    beside = ("implementer", "commune", "province")
    if what == VOUCHERS:
        pool = Voucher.objects.filter(project__in=frame.projects(), removed_at=None)
        beside = ("project", "beneficiary__establishment", "by")
    keys = list(pool.order_by().values_list("uid", "pk"))
    drawn = sorted(keys, key=lambda pair: _rank(seed, str(pair[0])))[: max(0, min(size, LARGEST))]
    records = pool.select_related(*beside).in_bulk([key for _uid, key in drawn])
    return Sample(seed, what, len(keys), [records[key] for _uid, key in drawn])


def _rank(seed: str, uid: str) -> str:
    return hashlib.sha256(f"{seed}:{uid}".encode()).hexdigest()


# ---- dossiers to take away ----


def papers_of(project: Project) -> list[Paper]:
    """Every paper of a project's dossier and of its steps, once, oldest first, with its scans at hand.  Two queries."""
    keys = set(
        DossierItem.objects.filter(dossier_id=project.dossier_id, paper__isnull=False).values_list(
            "paper_id", flat=True
        )
    )
    keys |= set(StepTaken.objects.filter(project=project, paper__isnull=False).values_list("paper_id", flat=True))
    return list(
        Paper.objects.filter(pk__in=keys)
        .select_related("issuer")
        .prefetch_related("attachments__file")
        .order_by("signed_on", "pk")
    )
