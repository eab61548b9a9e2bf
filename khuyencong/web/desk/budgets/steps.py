"""What the steps of an envelope say, and the recorded papers on which they may rest."""

from django.utils.translation import gettext as _

from khuyencong.base.money import dong
from khuyencong.budgets import queries
from khuyencong.budgets.models import Envelope
from khuyencong.budgets.rules import reversible
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import DossierItem


def papers_for(user, envelope, kind):
    """Recorded papers of this kind on which a step of this envelope may rest: of its territory and its time, and never one that
    belongs to a project."""
    papers = queries.papers_near(envelope, documents.choices_for(user, kind=kind))
    if kind == PaperKind.OTHER:
        papers = papers.exclude(pk__in=DossierItem.objects.exclude(paper=None).values("paper"))
    return papers


def left(envelope, sums=None) -> str:
    """What may still be promised, and of what it is left."""
    sums = sums or queries.balance(envelope)
    said = _("Được giao %(given)s − đã cam kết %(committed)s = còn %(left)s đồng chưa phân bổ.")
    if sums.moved:
        said = _(
            "Được giao %(given)s, chuyển nguồn và nộp trả %(moved)s − đã cam kết %(committed)s = còn %(left)s đồng chưa phân bổ."
        )
    return said % {
        "given": dong(sums.allocated),
        "moved": dong(sums.moved),
        "committed": dong(sums.committed + sums.management),
        "left": dong(sums.available),
    }


def next_of(envelope):
    """The envelopes into which what is left of this one may go."""
    same = {name: getattr(envelope, name) for name in ("level", "holder", "province", "commune")}
    return Envelope.objects.filter(year=envelope.year + 1, **same)


def nothing_left(envelope, sums=None) -> str:
    """Why nothing of an envelope can be spent or given back now."""
    sums = sums or queries.balance(envelope)
    return "" if sums.available > 0 else left(envelope, sums)


def carries_nothing(envelope, leftovers, sums=None) -> str:
    """Why nothing of an envelope goes on into the next year now."""
    if not next_of(envelope).exists():
        told = _("Chưa có dự toán năm %(year)s của %(holder)s: ghi quyết định giao dự toán của năm đó trước.")
        return told % {"year": envelope.year + 1, "holder": envelope.holder}
    return "" if leftovers else left(envelope, sums)


def shut_line(line) -> str:
    """Why this line of the ledger is not put right by its opposite."""
    if not reversible(line):
        return _("Bút toán này không đảo trực tiếp được; hãy lập lại ở bước đã sinh ra nó.")
    if line.followers.filter(kind=line.kind).exists():
        return _("Bút toán này đã được đảo trước đó.")
    return ""
