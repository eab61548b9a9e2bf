"""What beneficiaries tell month by month: their figures, photos and invoices, and which of these came before."""

from collections.abc import Collection
from dataclasses import dataclass, field

from khuyencong.contracts.models import BeneficiaryUpdate
from khuyencong.files.models import StoredFile
from khuyencong.projects.models import Beneficiary, Project


@dataclass(frozen=True, slots=True)
class ToldFile:
    """One photo or invoice of an update; ``before`` are earlier updates that brought the same content, of any project."""

    file: StoredFile
    before: tuple[BeneficiaryUpdate, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One update with its files."""

    update: BeneficiaryUpdate
    files: list[ToldFile] = field(default_factory=list)


def updates_of(
    project: Project, *, among: Collection[int] | None = None, until: tuple[int, int] | None = None
) -> list[Told]:
    """All that the beneficiaries of a project (``among``: these alone) told up to a month, newest first, with their files.

    Three queries, however many.  A file that came in an earlier update, of this project or another, is marked; ``among``: in
    an earlier one of the same establishments, for what another sent is nobody else's business.
    """
    rows = BeneficiaryUpdate.objects.filter(beneficiary__project=project).select_related(
        "beneficiary__establishment", "by"
    )
    if among is not None:
        rows = rows.filter(beneficiary__in=among)
    found = [
        row
        for row in rows.prefetch_related("files").order_by("-year", "-month", "-pk")
        if until is None or (row.year, row.month) <= until
    ]
    earlier = _brought({file.digest for row in found for file in row.files.all()}, among=among)
    return [
        Told(
            row,
            [
                ToldFile(file, tuple(other for other in earlier.get(file.digest, ()) if other.pk < row.pk))
                for file in sorted(row.files.all(), key=lambda one: one.pk)
            ],
        )
        for row in found
    ]


def _brought(digests: set[str], *, among: Collection[int] | None) -> dict[str, list[BeneficiaryUpdate]]:
    """Which updates brought these contents; ``among``: of the establishments of these beneficiaries alone."""
    if not digests:
        return {}
    links = BeneficiaryUpdate.files.through.objects.filter(storedfile__digest__in=digests)
    if among is not None:
        own = Beneficiary.objects.filter(pk__in=among).values("establishment")
        links = links.filter(beneficiaryupdate__beneficiary__establishment__in=own)
    found: dict[str, list[BeneficiaryUpdate]] = {}
    for link in links.select_related("storedfile", "beneficiaryupdate__beneficiary__project").order_by("pk"):
        found.setdefault(link.storedfile.digest, []).append(link.beneficiaryupdate)
    return found
